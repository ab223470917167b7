"""One rule for years: what is certain comes first, then what is not excluded; bounds are no dates."""

import re
from collections.abc import Callable
from typing import Any

import pytest

import solgraph
from conftest import SMALL
from solgraph.networks.files.formats import save
from solgraph.networks.model.years import Years
from solgraph.queries.catalogue import read
from solgraph.resources import QUERIES

# The rule.


@pytest.mark.parametrize(
    ("years", "certain", "excluded"),
    [
        (Years(), [], []),
        (Years(since=2016), [2016], [2015]),
        (Years(until=2018), [2018], [2019]),
        (Years(since=2016, until=2018), [2016, 2017, 2018], [2015, 2019]),
        (Years(since=2016, asof=2018), [2016, 2017, 2018], [2015]),
        (Years(active=(2016, 2018)), [2016, 2018], []),
        (Years(not_before=2016, not_after=2018), [], [2015, 2019]),
        (Years(since=2017, not_after=2018), [2017], [2015, 2016, 2019]),
        # what is seen outside the stated dates is neither certain nor excluded
        (Years(since=2018, active=(2016, 2018)), [2018], [2015, 2017]),
        (Years(since=2018, active=(2016,), goes_on=True), [2018, 2019], [2015, 2017]),
        (Years(until=2016, active=(2018,)), [2016], [2017, 2019]),
        (Years(since=2018, asof=2016), [2018], [2015, 2017]),
        (Years(not_before=2018, active=(2016,)), [], [2015, 2017]),
    ],
)
def test_a_year_is_certain_excluded_or_neither(years: Years, certain: list[int], excluded: list[int]) -> None:
    around = range(2015, 2020)
    assert [year for year in around if any(first <= year <= last for first, last in years.certain)] == certain
    assert [year for year in around if years.is_excluded((year, year))] == excluded


def rule(name: str) -> str:
    """The part of a query that holds the rule, with the same name for what is dated."""
    text = read(QUERIES / f"{name}.rq").text
    part = re.search(r"  # First what is certain for the year:.*?AS \?certainty\)\n", text, re.DOTALL)
    assert part, name
    bare = part[0].replace("org:member|(sg:inCapacityOf/org:organization) ?_city_iri ; ", "")  # which is but faster
    return re.sub(r"\?(tie|action|term)\b", "?tie", bare).replace("?_year", "?__year")


def test_the_rule_is_the_same_in_all_queries() -> None:
    assert len({rule(name) for name in ("members-of-network", "networks-of-city", "advocacy", "mayors-in-year")}) == 1


def test_every_query_of_a_year_says_what_is_certain() -> None:
    for saved in solgraph.open(SMALL).queries():
        if {"year", "from"} & set(saved.params):
            assert "certain" in saved.params, saved.name
            assert "certainty" in saved.columns, saved.name


@pytest.mark.parametrize(
    ("network", "year"),
    [
        *(("ECCAR", 1999), ("ECCAR", 2008), ("ECCAR", 2019)),
        # what is seen outside the stated dates is not certain
        *(("Seebrücke", 2019), ("Solidarity Cities", 2017), ("ICORN", 2007), ("ANVITA", 2020)),
    ],
)
def test_queries_and_views_agree_on_a_year(network: str, year: int, shipped: solgraph.Knowledge) -> None:
    rows = shipped.query("members-of-network", network=network, year=year)
    listed = {(rows.label(row.city), rows.label(row.role), row.certainty) for row in rows if row.city}
    view = shipped.query("memberships", network=network)
    memberships = {view.label(row.role) for row in view}
    graph = view.to_network(year=year)
    edges = {
        (graph.nodes[end]["label"], edge["role"], edge["certainty"])
        for *ends, edge in graph.edges(data=True)
        for end in ends
        if end.startswith("city:")
    }
    assert edges == {tie for tie in listed if tie[1] in memberships}
    assert edges


# Bounds are no dates.


def edge(graph: Any, first: str, second: str) -> dict[str, Any]:
    return dict(graph.get_edge_data(f"city:{first}", f"city:{second}"))


def test_a_mayors_term_bounds_a_link_and_does_not_date_it(frozen: solgraph.Knowledge, tmp_path: Any) -> None:
    graph = frozen.network("alliances")
    for first, second, bounds in (
        ("berlin", "rottenburg", {"not_before": 2008}),
        ("berlin", "potsdam", {"not_before": 2018}),
        ("barcelona", "cadiz", {"not_before": 2015, "not_after": 2023}),
    ):
        link = edge(graph, first, second)
        dates = {name: link[name] for name in ("since", "until", "not_before", "not_after") if name in link}
        assert dates.items() <= bounds.items(), (first, second)
    save(graph, tmp_path / "x.gexf")
    text = (tmp_path / "x.gexf").read_text("utf-8")
    assert 'title="not_before"' in text
    (tie,) = re.findall(r'<edge [^>]*source="city:berlin" target="city:rottenburg".*', text)
    assert 'start="2008' in tie, "it is excluded before"
    assert set(re.findall(r'for="certain" value="(\w+)"', tie)) == {"false"}
    assert "(2008)–: 0 of 1" in tie, "a bound is marked as such"


def test_no_link_of_the_shipped_data_has_the_years_of_a_mayor(shipped: solgraph.Knowledge) -> None:
    graph = shipped.network("alliances")
    assert "since" not in edge(graph, "berlin", "rottenburg")
    assert not {"since", "until"} & {*edge(graph, "barcelona", "cadiz")}
    compared = shipped.compare("alliances", 2010, 2019)
    assert edge(compared, "berlin", "rottenburg")["certainty"] == "not excluded"
    assert {link["certainty"] for *_, link in compared.edges(data=True) if link["change"] == "came"} == {
        "certain",
        "not excluded",
    }


def test_a_link_is_dated_only_where_both_ends_are(small: solgraph.Knowledge) -> None:
    link = edge(small.network("alliances", layer="declaration"), "ardea", "belmonte")
    assert link["since"] == 2015
    link = edge(small.network("alliances"), "ardea", "cadria")
    assert ("since" in link, link["not_before"]) == (False, 2018)


def test_an_inferred_tie_is_marked(small: solgraph.Knowledge, shipped: solgraph.Knowledge) -> None:
    assert [row.inferred for row in small.query("networks-of-city", city="Dorn")] == [True]
    assert [row.inferred for row in shipped.query("members-of-network", network="Network Hospitality")] == [True]
    assert {row.inferred for row in shipped.query("members-of-network", network="Seebrücke")} == {None}


# What the report and the pages say of time.


def test_a_former_mayor_is_not_shown_in_office(shipped: solgraph.Knowledge) -> None:
    (row,) = shipped.query("mayors", city="Tilos")
    assert not (row.since or row.until or row.asof)
    assert row.not_after == 2024
    (row,) = shipped.query("mayors-in-year", year=2016, city="Tilos")
    assert row.certainty == "not excluded"
    assert not shipped.query("mayors-in-year", year=2025, city="Tilos")


def changes(kg: solgraph.Knowledge, year: int) -> set[tuple[str, str, str]]:
    rows = kg.query("changes-in-year", year=year)
    return {(rows.label(row.thing), row.role and rows.label(row.role), row.change) for row in rows}


def test_a_date_says_what_it_dates(shipped: solgraph.Knowledge) -> None:
    assert ("Berlin – Seebrücke", "Leader", "begins") in changes(shipped, 2018)
    years = {str(row.how) for row in shipped.query("timeline", thing="Welcoming Bologna") if "programme" in row.thing}
    assert years == {"was seen"}
    events = {change for _, role, change in changes(shipped, 2007) if role is None}
    assert "happens" in events, "the Greens join the government of Bremen"
    assert "is expected" in {change for *_, change in changes(shipped, 2026)}
    bounded = shipped.query("changes-in-year", year=1995)
    assert (1994, 1996, "not excluded") in {(row.not_before, row.not_after, row.certainty) for row in bounded}


def test_the_same_ties_lie_before_a_mayor_in_all_queries(shipped: solgraph.Knowledge) -> None:
    potsdam = shipped.query("networks-of-city", city="Potsdam", year=2005)
    assert potsdam, "what is undated is not excluded"
    assert not [row for row in potsdam if row.through]
    refuge = shipped.query("members-of-network", network="City of Refuge network", year=2005)
    assert refuge
    assert not [row for row in refuge if "/person/" in row.member]
    later = shipped.query("networks-of-city", city="Potsdam", year=2019)
    assert {(row.not_before, row.certainty) for row in later if row.through} == {(2018, "not excluded")}


def test_undated_advocacy_stays_behind_what_is_certain(shipped: solgraph.Knowledge) -> None:
    rows = shipped.query("advocacy", year=2018)
    certainties = [row.certainty for row in rows]
    assert certainties == sorted(certainties)
    assert {row.certainty for row in rows if "milan" in row.action} == {"not excluded"}
    assert {row.certainty for row in shipped.query("advocacy", year=2018, certain=True)} == {"certain"}


# The flag on the command line and over HTTP.


def test_certain_is_a_flag_of_queries_and_views(run_small: Callable[..., Any]) -> None:
    result = run_small("query", "networks-of-city", "Belmonte", "--year", "2019", "--certain", "-f", "csv")
    assert result.stdout.count(",certain,") == 1
    assert "not excluded" not in result.stdout
    result = run_small("network", "memberships", "--year", "2019", "--certain", "-f", "json")
    assert '"certainty": "not excluded"' not in result.stdout
    assert "left out" in result.stderr
    result = run_small("network", "memberships", "--certain", "-f", "json")
    assert "certain for no year, left out" in result.stderr


def test_certain_over_http(small: solgraph.Knowledge) -> None:
    client = pytest.importorskip("web").client_of(small)
    asked = "/queries/networks-of-city?city=belmonte&year=2019&format=csv"
    assert client.get(f"{asked}&certain=true").text.count(",certain,") == 1
    assert client.get(f"{asked}&certain=maybe").status_code == 400
    assert client.get("/networks/memberships?year=2019&certain=maybe").status_code == 400
    page = client.get("/queries/networks-of-city?city=belmonte&year=2019&certain=true", headers={"accept": "text/html"})
    assert '<option value="true" selected>yes</option>' in page.text
    graph = client.get("/networks/memberships?year=2019&certain=true&format=json").json()
    assert {link["certainty"] for link in graph["edges"]} == {"certain"}
    parameters = client.get("/openapi.json").json()["paths"]["/queries/networks-of-city"]["get"]["parameters"]
    assert {"type": "boolean"} in [parameter.get("schema") for parameter in parameters]


def test_a_table_on_a_terminal_has_no_empty_columns(small: solgraph.Knowledge) -> None:
    answer = small.query("networks-of-city", city="Cadria")
    assert answer.text("table", width=80).split()[:5] == ["network", "role", "through", "not_before", "source"]
    assert max(map(len, answer.text("table", width=80).splitlines())) <= 80
