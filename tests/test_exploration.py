"""The explorer: what a selection leaves, and that each count is what the next click gives."""

import pytest

import solgraph
from solgraph.graph.exploration import FACETS, Selection, explorer
from solgraph.rdf.namespaces import SG, VOCAB
from solgraph.web.pages.exploration import Cities

ALLIANCE = f"{VOCAB}network-layer/alliance"
BLOCKED = f"{VOCAB}status/blocked"


def chosen(kg: solgraph.Knowledge, **names: str) -> dict[str, frozenset[str]]:
    return {facet: frozenset([name if name.startswith("https:") else kg.find(name)]) for facet, name in names.items()}


@pytest.mark.parametrize(
    ("values", "period"),
    [
        ({}, {}),
        ({"country": "Germany", "layer": ALLIANCE}, {"since": 2015}),
        ({"layer": ALLIANCE}, {"since": 2015, "until": 2016, "certain": True}),
        ({"theme": "Collaborative approaches", "network": "Eurocities"}, {}),
        ({"status": BLOCKED}, {}),
        ({"source": "source:dreher-2024", "beneficiary": "Refugees"}, {}),
    ],
)
def test_each_count_is_what_the_click_gives(
    values: dict[str, str], period: dict[str, int], shipped: solgraph.Knowledge
) -> None:
    graph, selection = explorer(shipped.snapshot), Selection(chosen(shipped, **values), **period)
    explored = graph.explored(selection)
    assert explored.cities
    for facet in FACETS:
        counts = explored.counts(facet)
        for value, number in [*counts.items()][:: max(1, len(counts) // 12)]:
            clicked = selection._replace(values={**selection.values, facet: frozenset([value])})
            assert len(graph.explored(clicked).cities) == number, (facet, value)


def test_counts_agree_with_the_saved_queries(shipped: solgraph.Knowledge) -> None:
    explored = explorer(shipped.snapshot).explored(Selection())
    themes = {row.theme: row.cities for row in shipped.query("cities-by-theme") if row.cities}
    assert explored.counts("theme") == themes
    networks = explored.counts("network")
    for name in ("Eurocities", "Solidarity Cities"):
        rows = shipped.query("members-of-network", network=name)
        assert networks[shipped.find(name)] == len({row.city for row in rows if row.city})
    countries = explored.counts("country")
    assert sum(countries.values()) == len(explored.cities) == shipped.snapshot.counts[f"{SG}City"]


def test_choices_hold_of_the_same_initiative(shipped: solgraph.Knowledge) -> None:
    """Both a running programme and one for refugees is no more than a running programme for refugees."""
    running, refugees = f"{VOCAB}status/running", shipped.find("Refugees")
    graph = explorer(shipped.snapshot)
    both = graph.explored(Selection({"status": frozenset([running]), "beneficiary": frozenset([refugees])}))
    assert all(
        {running} <= record.values["status"] and {refugees} <= record.values["beneficiary"] for record in both.records
    )
    apart = [
        graph.explored(Selection({facet: frozenset([value])})).cities
        for facet, value in (("status", running), ("beneficiary", refugees))
    ]
    assert both.cities <= apart[0] & apart[1]


def test_what_was_blocked_counts_only_where_it_is_asked_for(shipped: solgraph.Knowledge) -> None:
    graph = explorer(shipped.snapshot)
    blocked = graph.explored(Selection({"status": frozenset([BLOCKED])}))
    assert blocked.records and all(BLOCKED in record.values["status"] for record in blocked.records)
    assert not any(BLOCKED in record.values.get("status", ()) for record in graph.explored(Selection()).records)


def test_a_period_takes_what_no_date_excludes_unless_it_is_to_be_certain(shipped: solgraph.Knowledge) -> None:
    graph, layer = explorer(shipped.snapshot), {"layer": frozenset([ALLIANCE])}
    everything = graph.explored(Selection(layer)).cities
    left_open = graph.explored(Selection(layer, since=2019, until=2019)).cities
    certain = graph.explored(Selection(layer, since=2019, until=2019, certain=True)).cities
    assert certain < left_open < everything
    assert (
        not graph.explored(Selection(layer, until=1800)).cities
        & graph.explored(Selection(layer, until=1800, certain=True)).cities
    )


def test_the_drawing_has_the_links_that_the_network_of_alliances_has(shipped: solgraph.Knowledge) -> None:
    selection = Selection(chosen(shipped, country="Germany"))
    graph = explorer(shipped.snapshot)
    drawn = Cities(shipped.snapshot, graph, graph.explored(selection), str).network()
    expected = shipped.network("alliances", country="Germany", closest=2)
    iris = expected.nodes(data="iri")
    assert {frozenset((line.first, line.second)) for line in drawn.lines} == {
        frozenset((iris[first], iris[second])) for first, second in expected.edges()
    }
