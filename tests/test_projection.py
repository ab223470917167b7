"""Nodes linked by what they share: weights, times, what is left out; counted by hand and against networkx."""

from collections import Counter
from itertools import combinations
from typing import Any, get_args, get_type_hints

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite
from pyoxigraph import Literal, NamedNode

import solgraph
from solgraph.formats.rows import Table
from solgraph.networks.model.build import build, project
from solgraph.networks.model.comparison import changes, compare, table
from solgraph.networks.model.projection import Projection
from solgraph.networks.model.selection import WEIGHTS, Options, Selection
from solgraph.rdf.namespaces import ID

HEADER = {"nodes": "city", "through": "network"}
MEMBERS = [("a", "n"), ("b", "n"), ("c", "n"), ("a", "m"), ("b", "m"), ("d", None), ("e", "k")]
Spans = list[tuple[str, str, int | None, int | None]]


def rows(given_rows: list[tuple[Any, ...]], *columns: str) -> Table:
    terms = [[None if value is None else Literal(value) for value in row] for row in given_rows]
    return Table(columns or ("city", "network"), terms, {})


def network(header: dict[str, str] | None = None, **selection: Any) -> Any:
    return build("v", header or HEADER, rows(MEMBERS), Selection(**selection))


def weights(graph: Any) -> dict[tuple[str, str], float]:
    return {(one, other): weight for one, other, weight in graph.edges(data="weight")}


# Weights.


def test_the_weight_counts_what_two_nodes_share() -> None:
    assert weights(network()) == {("a", "b"): 2, ("a", "c"): 1, ("b", "c"): 1}


def test_newman_gives_each_shared_thing_one_over_its_other_members() -> None:
    found = network(weight="newman")
    assert weights(found) == {("a", "b"): 1 / 2 + 1, ("a", "c"): 1 / 2, ("b", "c"): 1 / 2}
    assert found.edges["a", "b"]["shared"] == 2


def test_jaccard_divides_by_all_that_either_has() -> None:
    assert weights(network(weight="jaccard")) == {("a", "b"): 1, ("a", "c"): 1 / 2, ("b", "c"): 1 / 2}


def test_light_edges_are_left_out_and_counted() -> None:
    found = network(min_weight=2)
    assert weights(found) == {("a", "b"): 2}
    assert "Edges lighter than 2, left out: 2." in found.graph["notes"]


def test_nodes_that_share_nothing_stay_unless_the_header_says_otherwise() -> None:
    assert set(network()) == set("abcde")
    assert set(network({**HEADER, "isolates": "dropped"})) == set("abc")


def test_what_links_nobody_is_counted() -> None:
    assert "Values of 'network' with a single city here, which make no link: 1." in network().graph["notes"]


memberships = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("uvwxyz")), min_size=1, max_size=40)


def two_mode(given_rows: list[tuple[str, str]]) -> tuple[Any, set[str]]:
    graph = networkx.Graph()
    graph.add_edges_from(given_rows)
    return graph, {one for one, _ in given_rows}


@given(memberships)
def test_the_weights_are_those_of_networkx(listed: list[tuple[str, str]]) -> None:
    both, cities = two_mode(listed)
    expected = {
        frozenset(pair[:2]): pair[2] for pair in bipartite.weighted_projected_graph(both, cities).edges(data="weight")
    }
    found = build("v", HEADER, rows(listed))
    assert {frozenset(pair): weight for pair, weight in weights(found).items()} == expected


@given(memberships)
def test_newman_and_jaccard_are_those_of_networkx(listed: list[tuple[str, str]]) -> None:
    both, cities = two_mode(listed)
    newman = bipartite.collaboration_weighted_projected_graph(both, cities)
    jaccard = bipartite.overlap_weighted_projected_graph(both, cities, jaccard=True)
    for how, expected in (("newman", newman), ("jaccard", jaccard)):
        for pair, weight in weights(build("v", HEADER, rows(listed), Selection(weight=how))).items():
            assert weight == pytest.approx(expected.edges[pair]["weight"])


@given(memberships)
def test_edges_come_in_order_and_none_twice(listed: list[tuple[str, str]]) -> None:
    edges = list(project("v", HEADER, rows(listed)).edges())
    assert edges == sorted(set(edges))
    assert all(one < other for one, other in edges)


# Time.


def dated(*spans: Any) -> Table:
    return rows(list(spans), "city", "network", "since", "until")


def test_an_edge_lasts_from_the_later_start_to_the_earlier_end() -> None:
    found = build("v", HEADER, dated(("a", "n", 2010, 2018), ("b", "n", 2012, None)))
    assert found.edges["a", "b"]["since"], found.edges["a", "b"]["until"] == (2012, 2018)


def test_two_that_were_in_it_at_different_times_are_not_linked_and_counted() -> None:
    found = build("v", HEADER, dated(("a", "n", 1990, 1995), ("b", "n", 2000, None)))
    assert not found.edges
    assert "only at different times, not linked by it: 1." in found.graph["notes"]


def test_who_came_back_meets_those_of_the_second_time() -> None:
    found = build("v", HEADER, dated(("a", "n", 1990, 1995), ("a", "n", 2005, None), ("b", "n", 2000, None)))
    assert found.edges["a", "b"]["since"] == 2005
    assert found.edges["a", "b"]["weight"] == 1


TIMES = [("a", "n", 2010, 2015), ("b", "n", 2012, None), ("c", "n", None, None)]


@pytest.mark.parametrize(
    ("selection", "edges"),
    [
        ({"year": 2013}, {("a", "b"), ("a", "c"), ("b", "c")}),
        ({"year": 2011}, {("a", "c")}),
        ({"year": 2016}, {("b", "c")}),
        ({"year": 2013, "undated": "exclude"}, {("a", "b")}),
        ({"from_year": 2016}, {("b", "c")}),
        ({"to_year": 2011}, {("a", "c")}),
        ({"from_year": 2011, "to_year": 2012}, {("a", "b"), ("a", "c"), ("b", "c")}),
    ],
)
def test_years_choose_ties(selection: dict[str, Any], edges: set[tuple[str, str]]) -> None:
    found = build("v", HEADER, dated(*TIMES), Selection(**selection))
    assert set(found.edges) == edges
    assert set(found) == set("abc")


def test_ties_without_a_year_are_counted_and_it_is_said_what_became_of_them() -> None:
    told = [
        build("v", HEADER, dated(*TIMES), Selection(year=2013, undated=how)).graph["notes"]
        for how in ("include", "exclude")
    ]
    assert "Ties without a year, counted in: 1 of 3." in told[0]
    assert "Ties without a year, left out: 1 of 3." in told[1]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"),
            st.sampled_from("xyz"),
            st.none() | st.integers(2000, 2004),
            st.none() | st.integers(2005, 2009),
        ),
        min_size=1,
        max_size=20,
    ),
    st.integers(2000, 2009),
)
def test_a_year_gives_the_pairs_that_were_in_something_together_that_year(listed: Spans, year: int) -> None:
    inside = [(city, of) for city, of, since, until in listed if (since or 0) <= year <= (until or 9999)]
    expected = Counter(
        pair for of in {of for _, of in inside} for pair in combinations(sorted({c for c, o in inside if o == of}), 2)
    )
    assert weights(build("v", HEADER, dated(*listed), Selection(year=year))) == expected


# Evidence, countries, exclusions.


def test_an_edge_carries_where_both_ties_were_read() -> None:
    told = rows([("a", "n", "p. 1"), ("b", "n", "p. 2"), ("b", "n", "p. 1")], "city", "network", "source")
    assert build("v", HEADER, told._replace(several=("source",))).edges["a", "b"]["evidence"] == "p. 1; p. 2"


def test_a_country_is_found_in_any_language_and_others_are_left_out(frozen: solgraph.Knowledge) -> None:
    graphs = [frozen.network("alliances", country=name) for name in ("Italia", "Włochy", "country:it", "it")]
    assert all(dict(one.nodes(data="country")) == dict(graphs[0].nodes(data="country")) for one in graphs)
    assert set(dict(graphs[0].nodes(data="country")).values()) == {"Italy"}
    assert "Rows of other countries, left out" in graphs[0].graph["notes"]


def test_a_network_may_be_excluded_by_any_of_its_names(frozen: solgraph.Knowledge) -> None:
    everything = frozen.network("alliances")
    without = frozen.network("alliances", exclude="Red de Ciudades Refugio")
    gone = set(everything.edges) - set(without.edges)
    assert {everything.edges[pair]["networks"] for pair in gone} == {"City of Refuge network"}


def test_countries_add_up_the_alliances_of_their_cities(frozen: solgraph.Knowledge) -> None:
    alliances, countries = frozen.network("alliances"), frozen.network("countries")
    assert countries.size(weight="weight") == alliances.size(weight="weight")
    assert sum(pairs for *_, pairs in countries.edges(data="pairs")) == alliances.number_of_edges()
    assert sum(size for _, size in countries.nodes(data="nodes")) == alliances.number_of_nodes()
    assert {label for _, label in countries.nodes(data="label")} == set(dict(alliances.nodes(data="country")).values())
    assert countries.nodes["country:it"]["iri"] == "https://w3id.org/solgraph/id/country/it"


# Refusals.


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        ({"weight": "newmann"}, r"(?s)weight = 'newmann' is not known.*Did you mean 'newman'"),
        ({"undated": "maybe"}, r"(?s)undated = 'maybe'.*Allowed: include, exclude"),
        ({"year": 2010, "to_year": 2012}, "cannot be combined"),
        ({"from_year": 2012, "to_year": 2010}, "2012 is after 2010"),
        ({"year": 2010}, "has no years"),
        ({"country": "Italy"}, "has no countries"),
    ],
)
def test_what_cannot_be_chosen_is_refused(selection: dict[str, Any], sentence: str) -> None:
    with pytest.raises(solgraph.WrongUse, match=sentence):
        network(**selection)


def test_a_view_of_rows_has_no_other_weight(frozen: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match="'memberships' has no weight 'newman'"):
        frozen.network("memberships", weight="newman")


def test_too_many_edges_stop_with_the_number_and_what_to_do() -> None:
    crowd = rows([(f"c{number:04}", "everyone") for number in range(1000)])
    with pytest.raises(solgraph.WrongUse, match=r"(?s)499,500 edges, more than 1,000.*exclude='everyone'.*least=2"):
        build("v", HEADER, crowd, Selection(max_edges=1000))


def test_too_many_heavy_edges_stop_too_and_few_do_not() -> None:
    crowd = rows([(f"c{number:03}", name) for number in range(100) for name in ("one", "two")] + [("x", "one")])
    with pytest.raises(solgraph.WrongUse, match="more than 1,000"):
        build("v", HEADER, crowd, Selection(max_edges=1000, min_weight=2))
    assert not build("v", HEADER, crowd, Selection(max_edges=1000, min_weight=3)).edges


def test_the_bound_counts_pairs_and_not_how_often_they_meet() -> None:
    twins = rows([(city, f"n{number}") for city in "ab" for number in range(9)])
    assert build("v", HEADER, twins, Selection(max_edges=1)).number_of_edges() == 1


# A projection is read as a graph is.


def test_a_projection_reads_as_its_graph_does(frozen: solgraph.Knowledge) -> None:
    lazy, graph = frozen.projection("alliances"), frozen.network("alliances")
    assert isinstance(lazy, Projection)
    assert list(lazy.edges(data=True)) == list(graph.edges(data=True))
    assert dict(lazy.nodes(data=True)) == dict(graph.nodes(data=True))
    assert (lazy.number_of_nodes(), lazy.number_of_edges()) == (len(graph), graph.number_of_edges())
    assert (lazy.is_directed(), lazy.is_multigraph()) == (False, False)


def test_two_long_lists_do_not_outweigh_all_others(shipped: solgraph.Knowledge) -> None:
    edges = [edge for *_, edge in shipped.projection("alliances").edges(data=True)]
    lists = Counter(name for edge in edges for name in edge["networks"].split("; "))
    longest = {name for name, _ in lists.most_common(2)}
    by_these = [edge for edge in edges if longest.issuperset(edge["networks"].split("; "))]
    counted, newman = (
        sum(edge[how] for edge in by_these) / sum(edge[how] for edge in edges) for how in ("shared", "newman")
    )
    assert counted > 1 / 2
    assert newman < 1 / 3


# Two times.


def test_what_came_went_grew_and_shrank() -> None:
    before = build(
        "v", HEADER, rows([("a", "n"), ("b", "n"), ("c", "n"), ("a", "m"), ("b", "m"), ("c", "k"), ("d", "k")])
    )
    after = build(
        "v",
        HEADER,
        rows([("a", "n"), ("b", "n"), ("a", "l"), ("e", "l"), ("c", "k"), ("d", "k"), ("c", "o"), ("d", "o")]),
    )
    found = compare(before, after)
    assert {pair: told["change"] for *pair, told in found.edges(data=True) for pair in ["".join(pair)]} == {
        "ab": "shrank",
        "ac": "went",
        "bc": "went",
        "ae": "came",
        "cd": "grew",
    }
    counted = [("came", 1, 1), ("went", 2, 2), ("grew", 1, 1), ("shrank", 1, 1), ("same", 0, 0)]
    assert list(changes(found)) == counted
    assert dict(found.nodes(data="change")) == {"a": "same", "b": "same", "c": "same", "d": "same", "e": "came"}
    assert "a    b      shrank       2      1" in table(found)


def test_alliances_of_two_years_are_compared(frozen: solgraph.Knowledge) -> None:
    found = frozen.compare("alliances", 2000, 2019, exclude="City of Refuge network")
    changes = {(told["change"], told["certainty"]) for *_, told in found.edges(data=True)}
    assert changes == {("came", "not excluded"), ("same", "not excluded")}, "mayors bound the ties and date none"
    assert found.graph["selection"].startswith("year 2000; exclude ")


def test_a_network_names_the_parameters_of_its_query(frozen: solgraph.Knowledge) -> None:
    found = frozen.network("alliances", layer=["declaration", "project"], network=(), by=None, least=2)
    assert found.graph["selection"] == "layer declaration, project; least 2"


# Answers that are no view.


def test_any_two_columns_of_an_answer_make_a_network(small: solgraph.Knowledge) -> None:
    answer = small.sparql("SELECT ?city ?country { ?city a sg:City ; sg:locatedIn ?country }")
    graph = answer.to_network(source="city", target="country")
    assert "city:ardea" in graph
    assert graph.nodes["city:ardea"]["label"] == "Ardea"


def test_triples_are_a_network_of_subjects_and_objects(small: solgraph.Knowledge) -> None:
    graph = small.sparql("CONSTRUCT { ?m org:member ?c } { ?m org:member ?c }").to_network()
    assert {told["predicate"] for *_, told in graph.edges(data=True)} == {"org:member"}


def test_a_view_makes_its_network_from_its_answer(small: solgraph.Knowledge) -> None:
    graph = small.query("alliances").to_network(year=2012)
    assert set(graph.edges) == {("city:ardea", "city:belmonte")}
    assert graph.graph["reads"] == "two cities belong to the same network"


def test_options_of_a_network_are_those_that_type_checkers_know(small: solgraph.Knowledge) -> None:
    kinds = get_type_hints(Options)
    assert list(kinds) == list(Selection._fields)
    assert get_args(kinds["weight"]) == ("", *WEIGHTS)
    answer = small.q.alliances()
    assert answer.to_network(country="spain").graph == small.network("alliances", country="Spain").graph
    with pytest.raises(solgraph.WrongUse, match=r"no option 'min_wieght'.\nDid you mean 'min_weight'"):
        answer.to_network(min_wieght=2)
    with pytest.raises(solgraph.ParameterError, match="Did you mean 'min_weight'"):
        small.network("alliances", min_wieght=2)
    with pytest.raises(solgraph.WrongUse, match="year = 'soon' is not a whole number"):
        answer.projection(year="soon")
    for wrong in ({"closest": -1}, {"least": -1}, {"min_weight": -0.5}, {"min_degree": -1}, {"max_edges": -1}):
        with pytest.raises(solgraph.ParameterError, match=r"is below [01]"):
            Selection(**wrong).checked()


def test_an_answer_that_names_no_ends_is_an_error_with_its_columns(small: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match=r"(?s)not from a network view.*mayor, since"):
        small.query("mayors", city="Cadria").to_network()


def test_a_node_that_is_a_thing_is_named_shortly_and_keeps_its_iri() -> None:
    milan = NamedNode(ID + "city/milan")
    graph = build(
        "v", {"source": "a", "target": "b"}, Table(("a", "b"), [[milan, Literal("x")]], {milan.value: "Milano"})
    )
    assert graph.nodes["city:milan"] == {
        "label": "Milano",
        "kind": "a",
        "bipartite": 0,
        "type": False,
        "iri": milan.value,
    }
