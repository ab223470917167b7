"""The saved queries: each has its answer on the small graph, counted by hand, and answers with rows on real data."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph
import pytest
from rdflib.plugins.sparql import prepareQuery

import solgraph
from solgraph.authoring.lint import lint
from solgraph.queries.saved_query import SavedQuery, catalogue
from solgraph.rdf import sparql_tokens as sparql
from solgraph.resources import QUERIES

SAVED = catalogue(QUERIES)
SMALL = Path(__file__).parent / "small"
EXPECTED = Path(__file__).parent / "expected"
ENDINGS = {"SELECT": "csv", "ASK": "txt", "CONSTRUCT": "ttl", "DESCRIBE": "ttl"}

each_query = pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)
each_select = pytest.mark.parametrize(
    "saved", [one for one in SAVED if one.form == "SELECT"], ids=lambda saved: saved.name
)


class Case(NamedTuple):
    """A question to the small graph; ``rows`` (for RDF: triples) are counted by hand in tests/small."""

    query: str
    case: str
    rows: int
    values: dict[str, Any]


CASES = [
    Case("advocacy", "", 2, {}),
    Case("advocacy", "city", 2, {"city": "Cádria"}),
    Case("advocacy", "other-city", 0, {"city": "Belmonte"}),
    Case("advocacy", "other-year", 0, {"year": 2017}),
    Case("advocacy", "year", 2, {"year": 2018}),
    Case("alliances", "", 6, {}),
    Case("alliances", "city", 6, {"by": "city"}),
    Case("alliances", "mayor", 3, {"by": "mayor"}),
    Case("are-allied", "no", 0, {"city": "Ardea", "other": "Dorn"}),
    Case("are-allied", "through-mayor", 0, {"city": "Ardea", "other": "Cadria"}),
    Case("are-allied", "yes", 0, {"city": "Ardée", "other": "Bèlmont"}),
    Case("blocked", "", 1, {}),
    Case("bridging-cities", "", 1, {}),
    Case("busiest-actors", "", 3, {}),
    Case("busiest-actors", "least", 1, {"least": 3}),
    Case("changes-in-year", "", 2, {"year": 2005}),
    Case("changes-in-year", "two-sources", 1, {"year": 2012}),
    Case("cities", "", 4, {}),
    Case("cities", "country", 2, {"country": "Włochy"}),
    Case("cities-without-ids", "", 8, {}),
    Case("city-pairs", "", 2, {}),
    Case("city-pairs", "city", 1, {"city": "Belmonte"}),
    Case("civil-society-programmes", "", 1, {}),
    Case("civil-society-programmes", "city", 1, {"city": "Ardea"}),
    Case("civil-society-programmes", "other-city", 0, {"city": "Cadria"}),
    Case("collaborations", "", 2, {}),
    Case("collaborations", "kind", 2, {"kind": "handover"}),
    Case("countries", "", 6, {}),
    Case("countries", "by", 3, {"by": "mayor"}),
    Case("participants", "", 10, {}),
    Case("participants", "city", 7, {"city": "Ardea"}),
    Case("people", "", 9, {}),
    Case("themes", "", 2, {}),
    Case("themes", "theme", 1, {"theme": "1"}),
    Case("collaborations-by-kind", "", 2, {}),
    Case("collaborations-by-kind", "city", 2, {"city": "Ardea"}),
    Case("collaborations-by-kind", "kind", 2, {"kind": "handover"}),
    Case("collaborations-by-kind", "other-kind", 0, {"kind": "Multi-level"}),
    Case("compare-cities", "", 9, {"city": "Ardea", "other": "Cadria"}),
    Case("concept-use", "", 6, {"scheme": "Network scopes"}),
    Case("concept-use", "ambiguous-name", 4, {"scheme": "Precision"}),
    Case("contents", "", 25, {}),
    Case("contents-per-city", "", 3, {}),
    Case("describe", "", 11, {"thing": "Cádria Plan"}),
    Case("disagreements", "", 1, {}),
    Case("everything-about-city", "", 33, {"city": "Dorn"}),
    Case("everything-evidenced", "", 0, {}),
    Case("evidence-of", "", 2, {"thing": "Ardea Hub"}),
    Case("evidence-of", "unnamed", 2, {"thing": "membership:belmonte-harbours"}),
    Case("example-cities", "", 2, {}),
    Case("example-cities", "city", 1, {"city": "cadria"}),
    Case("example-cities", "theme", 1, {"theme": "2"}),
    Case("findings-about", "", 1, {"thing": "Casa Ardea"}),
    Case("findings-about", "city", 1, {"thing": "Ardea"}),
    Case("findings-about", "kind", 1, {"thing": "Ardea Hub", "kind": "Criticism"}),
    Case("findings-about", "other-kind", 0, {"thing": "Ardea Hub", "kind": "Example"}),
    Case("findings-by-kind", "", 2, {"kind": "Example"}),
    Case("findings-by-kind", "theme", 1, {"kind": "Example", "theme": "2"}),
    Case("findings-for-programme-kind", "", 1, {"kind": "Hub space"}),
    Case("findings-for-programme-kind", "said", 1, {"kind": "Meeting place", "said": "Criticism"}),
    Case("findings-for-programme-kind", "other-finding", 0, {"kind": "Hub space", "said": "Example"}),
    Case("funding", "", 2, {}),
    Case("funding", "city", 2, {"city": "Ardea"}),
    Case("funding", "funder", 1, {"funder": "Belmonte"}),
    Case("handovers", "", 2, {}),
    Case("handovers", "city", 2, {"city": "Ardea"}),
    Case("handovers", "other-city", 0, {"city": "Belmonte"}),
    Case("hubs-of-city-and-civil-society", "", 3, {}),
    Case("initiatives-by-status", "", 3, {"status": "Ended"}),
    Case("initiatives-by-status", "city", 1, {"status": "Inactive", "city": "Ardea"}),
    Case("initiatives-by-status", "no-city", 2, {"status": "Planned"}),
    Case("initiatives-of-theme", "", 4, {"theme": "2"}),
    Case("international-organisations", "", 1, {}),
    Case("leaders-of-networks", "", 4, {}),
    Case("leaders-of-networks", "network", 2, {"network": "NH"}),
    Case("mayors", "", 3, {"city": "Ardeja"}),
    Case("mayors", "open-end", 1, {"city": "Cadria"}),
    Case("mayors-in-year", "2005", 2, {"year": 2005}),
    Case("mayors-in-year", "2018", 2, {"year": 2018}),
    Case("mayors-in-year", "city", 1, {"year": 2018, "city": "Cádria"}),
    Case("mayors-in-year", "none", 0, {"year": 2012}),
    Case("members-of-network", "", 3, {"network": "Häfen des Nordens"}),
    Case("members-of-network", "narrower-role", 3, {"network": "NH", "role": "Member"}),
    Case("members-of-network", "person", 2, {"network": "letters"}),
    Case("members-of-network", "role", 2, {"network": "NH", "role": "Founding member"}),
    Case("members-of-network", "year", 2, {"network": "NH", "year": 2016}),
    Case("memberships", "", 5, {}),
    Case("municipal-units", "", 2, {}),
    Case("municipal-units", "city", 1, {"city": "Belmonte"}),
    Case("networks-of-city", "", 2, {"city": "L'Ardea"}),
    Case("networks-of-city", "through-mayor", 1, {"city": "Cadria"}),
    Case("networks-of-city", "year", 1, {"city": "Ardea", "year": 2012}),
    Case("numbers-about", "", 3, {"thing": "Ardea Hub"}),
    Case("participants-of", "", 6, {"initiative": "Ardea Hub"}),
    Case("possibly-the-same", "", 1, {}),
    Case("programmes-for-beneficiary", "", 3, {"beneficiary": "Migrants"}),
    Case("programmes-for-beneficiary", "country", 1, {"beneficiary": "Migrants", "country": "Spain"}),
    Case("programmes-of-city", "", 1, {"city": "Cádria"}),
    Case("programmes-of-city", "kind", 3, {"city": "Ardea", "kind": "Hub space"}),
    Case("programmes-of-city", "status", 1, {"city": "Ardea", "status": "Inactive"}),
    Case("programmes-of-city", "two-sources", 3, {"city": "Ardea"}),
    Case("programmes-of-kind", "", 2, {"kind": "Council"}),
    Case("programmes-of-kind", "country", 1, {"kind": "Council", "country": "España"}),
    Case("programmes-of-kind", "two-sources", 3, {"kind": "Hub space"}),
    Case("services", "", 2, {}),
    Case("services", "beneficiary", 2, {"beneficiary": "Migrants"}),
    Case("services", "city", 2, {"city": "Ardea"}),
    Case("services", "other-beneficiary", 0, {"beneficiary": "Locals"}),
    Case("services", "service", 1, {"service": "Legal aid"}),
    Case("single-source", "", 13, {}),
    Case("source-on-city", "", 11, {"city": "Ardea", "source": "alpha"}),
    Case("source-on-city", "other", 1, {"city": "Ardea", "source": "The beta page"}),
    Case("terms-of-person", "", 2, {"person": "Ann Ash"}),
    Case("terms-of-person", "open-end", 1, {"person": "cora"}),
    Case("themes-of-city", "", 32, {"city": "Ardea"}),
    Case("transfer", "", 1, {}),
    Case("transfer", "city", 1, {"city": "Ardea"}),
    Case("transfer", "other-city", 0, {"city": "Belmonte"}),
]


def file_of(case: Case) -> str:
    form = next(one.form for one in SAVED if one.name == case.query)
    return f"{case.query}{'--' if case.case else ''}{case.case}.{ENDINGS[form]}"


each_case = pytest.mark.parametrize("case", CASES, ids=file_of)


def test_there_are_55_saved_queries() -> None:
    assert len(SAVED) == 55


def test_all_four_query_forms_are_among_them() -> None:
    assert {one.form for one in SAVED} == set(ENDINGS)


def test_every_query_has_a_case_on_the_small_graph() -> None:
    assert {case.query for case in CASES} == {one.name for one in SAVED}


def test_every_parameter_is_given_in_some_case() -> None:
    given = {(case.query, name) for case in CASES for name in case.values}
    assert given == {(one.name, name) for one in SAVED for name in one.params}


def test_no_accepted_answer_is_left_over() -> None:
    kept = {path.name for path in EXPECTED.iterdir() if path.stem.partition("--")[0] in {one.name for one in SAVED}}
    assert kept == {file_of(case) for case in CASES}


@each_case
def test_the_small_graph_answers_as_accepted(
    case: Case, small: solgraph.Knowledge, golden: Callable[[str, str], None]
) -> None:
    answer = small.query(case.query, **case.values)
    text = answer.text("csv") if answer.form == "SELECT" else answer.text()
    golden(file_of(case), text.replace("\r\n", "\n"))


@each_case
def test_the_small_graph_answers_with_the_rows_counted_by_hand(case: Case, small: solgraph.Knowledge) -> None:
    answer = small.query(case.query, **case.values)
    assert len(answer.terms) == case.rows, answer.text("csv" if answer.form == "SELECT" else None)


@each_query
def test_it_has_no_fault(saved: SavedQuery) -> None:
    assert lint(saved) == []


@each_query
def test_it_runs_as_it_stands_in_pyoxigraph(saved: SavedQuery) -> None:
    pyoxigraph.Store().query(saved.text)


@each_query
def test_it_runs_as_it_stands_in_rdflib(saved: SavedQuery) -> None:
    prepareQuery(saved.text)


@each_query
def test_its_bound_text_runs_elsewhere_without_help(saved: SavedQuery, small: solgraph.Knowledge) -> None:
    case = next(one for one in CASES if one.query == saved.name)
    bound = small.bound(saved.name, **case.values)
    pyoxigraph.Store().query(bound)
    assert not [token.text for token in sparql.code(bound) if re.match(r"\?_[a-z]", token.text)]


@each_query
def test_its_header_tells_summary_description_and_tags(saved: SavedQuery) -> None:
    assert saved.summary
    assert not saved.summary.endswith(".")
    assert saved.description.endswith(".")
    assert saved.tags


@each_select
def test_it_is_ordered(saved: SavedQuery) -> None:
    assert "ORDER BY" in saved.text.rpartition("}")[2]


@each_select
def test_its_order_does_not_hang_on_the_order_of_loading(saved: SavedQuery, frozen: solgraph.Knowledge) -> None:
    backwards = solgraph.open()
    backwards.files.reverse()
    values = unambiguous_examples(saved)
    assert backwards.query(saved.name, **values).terms == frozen.query(saved.name, **values).terms


def unambiguous_examples(saved: SavedQuery) -> dict[str, str]:
    """The required examples; a thing of any kind by its IRI, whatever the header calls it."""
    told = {name: param.example for name, param in saved.params.items() if param.required}
    return told | ({"thing": "programme:bologna-connettiamoci"} if "thing" in told else {})


@each_select
def test_two_runs_give_the_same_order(saved: SavedQuery, frozen: solgraph.Knowledge) -> None:
    values = unambiguous_examples(saved)
    assert frozen.query(saved.name, **values).terms == frozen.query(saved.name, **values).terms


REQUIRED = {one.name: {key: param.example for key, param in one.params.items() if param.required} for one in SAVED}


@each_query
def test_the_shipped_data_answers_its_example(saved: SavedQuery, frozen: solgraph.Knowledge) -> None:
    assert frozen.query(saved.name, **REQUIRED[saved.name])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        pytest.param(one.name, REQUIRED[one.name] | {key: param.example}, id=f"{one.name} --{key}")
        for one in SAVED
        for key, param in one.params.items()
        if not param.required
    ],
)
def test_the_shipped_data_answers_the_example_of_an_optional_parameter(
    name: str, values: dict[str, str], frozen: solgraph.Knowledge
) -> None:
    assert frozen.query(name, **values)


@each_select
def test_its_columns_are_those_of_its_header(saved: SavedQuery, frozen: solgraph.Knowledge) -> None:
    assert frozen.query(saved.name, **unambiguous_examples(saved)).columns == tuple(saved.columns)


# What no count shows: who says what, and when.


def pairs(answer: solgraph.Answer, one: str, other: str) -> set[tuple[str, str]]:
    return {(answer.label(row[one]), answer.label(row[other])) for row in answer.to_dicts()}


def test_each_status_of_a_programme_is_attributed_to_the_source_that_says_so(small: solgraph.Knowledge) -> None:
    answer = small.query("programmes-of-city", city="Ardea")
    assert pairs(answer, "status", "source") == {("Running", "Alpha, 2"), ("Inactive", "Beta, News")}


def test_each_kind_of_a_programme_is_attributed_to_the_source_that_says_so(small: solgraph.Knowledge) -> None:
    answer = small.query("programmes-of-city", city="Ardea")
    assert ("Counselling", "Beta, News") not in pairs(answer, "kind", "source")


def test_a_funder_is_attributed_to_the_source_that_names_it(small: solgraph.Knowledge) -> None:
    assert {source for _, source in pairs(small.query("funding"), "funder", "source")} == {"Alpha, 2"}


def test_a_source_is_not_said_to_speak_of_a_city_of_which_only_another_source_speaks(
    small: solgraph.Knowledge,
) -> None:
    assert not small.query("source-on-city", city="Belmonte", source="beta")


def test_a_source_is_not_credited_with_the_words_of_another(small: solgraph.Knowledge) -> None:
    assert [row.text for row in small.query("source-on-city", city="Ardea", source="beta")] == [None]


@pytest.mark.parametrize(("name", "values"), [("networks-of-city", {"city": "Cadria"})])
def test_a_mayor_ties_a_city_to_a_network_not_before_the_term_begins(
    name: str, values: dict[str, str], small: solgraph.Knowledge
) -> None:
    rows = small.query(name, **values, year=2000).to_dicts()
    assert not [row for row in rows if str(row.get("network")).endswith("letters")]


@pytest.mark.parametrize("view", ["alliances", "memberships"])
def test_no_view_ties_a_city_to_a_network_before_its_mayor_s_term(view: str, small: solgraph.Knowledge) -> None:
    (cadria,) = [row for row in small.query(view) if row.city.endswith("cadria")]
    assert cadria.since == 2016


def test_a_city_is_no_pair_with_itself(small: solgraph.Knowledge) -> None:
    assert not [row for row in small.query("city-pairs") if row.city == row.other]


def test_a_triple_that_two_sources_state_counts_once_in_a_plain_query(small: solgraph.Knowledge) -> None:
    assert small.sparql("SELECT (COUNT(*) AS ?n) { ?programme a sg:Programme }")[0].n == 4


def test_a_thing_that_two_sources_describe_counts_in_both(small: solgraph.Knowledge) -> None:
    counted = {(row["class"], row["graph"]): row["things"] for row in small.query("contents").to_dicts()}
    programmes = {graph.rpartition("/")[2]: n for (class_, graph), n in counted.items() if class_.endswith("Programme")}
    assert programmes == {"alpha": 2, "beta": 1, "gamma": 2}


def test_what_a_unit_does_is_attributed_to_the_section_that_says_so(small: solgraph.Knowledge) -> None:
    assert pairs(small.query("municipal-units", city="Belmonte"), "initiative", "source") == {
        ("Council of Belmonte", "Gamma, 2")
    }


def test_a_date_is_attributed_to_the_source_that_gives_it(small: solgraph.Knowledge) -> None:
    assert pairs(small.query("changes-in-year", year=2012), "thing", "source") == {("Ardea Hub", "Alpha, 2")}


@pytest.mark.parametrize(
    ("name", "values"),
    [("programmes-of-kind", {"kind": "Council"}), ("programmes-for-beneficiary", {"beneficiary": "minors"})],
)
def test_a_programme_in_no_city_is_in_no_country(name: str, values: dict[str, str], small: solgraph.Knowledge) -> None:
    rows = small.query(name, **values, country="Spain")
    assert [rows.label(row.programme) for row in rows] == ["Council of Belmonte"]


def test_a_profiled_city_of_which_nothing_is_told_counts_zero(small: solgraph.Knowledge) -> None:
    told = {row.city.rpartition("/")[2]: tuple(row)[1:] for row in small.query("contents-per-city")}
    assert told["dorn"] == (0, 0, 0, 0, 0)


def test_what_nobody_is_known_to_have_handed_over_was_handed_over_by_no_city_asked_for(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "data")
    told = (SMALL / "sources" / "gamma.ttl").read_text(encoding="utf-8").partition("source:gamma")[0]
    told += "programme:belmonte-council sg:handedOverTo actor:open-door ; sg:evidence passage:gamma-2 ."
    (tmp_path / "data" / "sources" / "delta.ttl").write_text(told, encoding="utf-8")
    assert not solgraph.open(tmp_path / "data").query("handovers", city="Belmonte")


def test_what_two_networks_share_only_in_one_city_is_a_bridge(small: solgraph.Knowledge) -> None:
    assert [row.city.rpartition("/")[2] for row in small.query("bridging-cities")] == ["ardea"]


def test_a_programme_that_two_sources_describe_rests_on_more_than_one(small: solgraph.Knowledge) -> None:
    counted = {
        row["class"].rpartition("#")[2]: (row["things"], row["single"])
        for row in small.query("single-source").to_dicts()
    }
    assert counted["Programme"] == (4, 3)


def test_a_year_keeps_memberships_without_dates() -> None:
    """Undated ones lie in no year for certain and outside none: 1950 loses only what is known to begin later."""
    kg = solgraph.open()
    assert len(kg.query("networks-of-city", city="Amsterdam", year=1950)) == 3
    dated = {row.network for row in kg.query("networks-of-city", city="Berlin") if row.since}
    undated = {row.network for row in kg.query("networks-of-city", city="Berlin", year=1950)}
    assert dated
    assert not dated & undated
    assert undated
    assert set(kg.network("alliances", year=1950, by="city").edges) == set(kg.network("alliances", by="city").edges)
