"""Faults of a saved query, each found with its line."""

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from solgraph.authoring.lint import Problem, lint, ontology_terms
from solgraph.queries.catalogue import catalogue, read
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import VOCAB
from solgraph.resources import QUERIES

Faults = Callable[[str], list[tuple[int, str]]]
GOOD = """\
#+ summary: Cities
#+ params:
#+   country: {type: sg:Country, description: the country, example: Italy}
#+   year: {type: integer, description: the year}
#+ columns:
#+   city: the city
#+   kind: its kind
#+ several: [kind]
#+ network: {nodes: city, through: kind}
SELECT ?city ?kind {
  ?city sg:locatedIn ?_country_iri ; sg:placeKind ?kind
  FILTER(?since < COALESCE(?__year_integer, 9999))
}
"""


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    """The faults of a text as pairs of line and sentence."""

    def find(text: str) -> list[tuple[int, str]]:
        path = tmp_path / "asked.rq"
        path.write_text(text, encoding="utf-8")
        found = lint(read(path))
        assert all(one.where.startswith(f"{path}:") for one in found)
        return [(int(one.where.rpartition(":")[2]), one.what) for one in found]

    return find


def test_a_good_query_has_no_fault(faults: Faults) -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    "text", ["#+ summary: x\nASK {}", "#+ summary: x\nDESCRIBE <urn:x>", "#+ summary: x\nCONSTRUCT WHERE {}"]
)
def test_only_a_select_has_columns_to_name(text: str, faults: Faults) -> None:
    assert faults(text) == []


def test_a_declared_parameter_that_is_not_used_is_a_fault(faults: Faults) -> None:
    text = GOOD.replace("?_country_iri", "?country")
    assert faults(text) == [(3, "the parameter 'country' is declared but not used (?_country…).")]


def test_a_used_parameter_that_is_not_declared_is_a_fault(faults: Faults) -> None:
    text = GOOD.replace("#+   year: {type: integer, description: the year}\n", "")
    assert faults(text) == [(11, "the parameter 'year' (?__year_integer) is not declared under params.")]


def test_a_parameter_without_description_is_a_fault(faults: Faults) -> None:
    text = GOOD.replace(", description: the year", "")
    assert faults(text) == [(4, "the parameter 'year' has no description.")]


def test_a_required_parameter_without_example_is_a_fault(faults: Faults) -> None:
    text = GOOD.replace(", example: Italy", "")
    assert faults(text) == [(3, "the required parameter 'country' has no example.")]


def test_allowed_values_serve_as_examples(faults: Faults) -> None:
    text = "#+ summary: x\n#+ params:\n#+   kind: {description: which, values: [a, b]}\nASK { ?s ?p ?_kind }"
    assert faults(text) == []


@pytest.mark.parametrize("test", ["BOUND(?__year_integer)", "bound( ?__year_integer )", "!BOUND($__year_integer)"])
def test_bound_of_an_optional_parameter_is_a_fault(test: str, faults: Faults) -> None:
    ((line, what),) = faults(GOOD.replace("?since < COALESCE(?__year_integer, 9999)", f"\n{test}"))
    assert line == 13
    assert "breaks once a value takes the variable's place: write ?x = COALESCE(" in what


def test_bound_of_another_variable_is_no_fault(faults: Faults) -> None:
    assert faults(GOOD.replace("9999)", "BOUND(?since))")) == []


def test_what_is_not_sparql_is_a_fault_at_its_line(faults: Faults) -> None:
    ((line, what),) = faults(GOOD.replace("FILTER(", "FILTERED("))
    assert line == 12
    assert what.startswith("not valid SPARQL with values in place of its parameters: error at 12:")


def test_an_update_is_a_fault(faults: Faults) -> None:
    ((_, what),) = faults("#+ summary: x\nINSERT DATA { <a:a> <a:a> <a:a> }")
    assert "INSERT changes data" in what


def test_a_text_without_query_is_a_fault(faults: Faults) -> None:
    ((_, what),) = faults("#+ summary: x\n")
    assert "This is not a SPARQL query." in what


@pytest.mark.parametrize("select", ["?city ?kind ?_country_iri {", "?city ?kind { { SELECT ?_country_iri {"])
def test_a_projected_parameter_is_a_fault(select: str, faults: Faults) -> None:
    text = GOOD.replace("?city ?kind {", select) + ("} }" if "SELECT" in select else "")
    ((line, what),) = faults(text)
    assert line == 10
    assert what.startswith("not valid SPARQL with values in place of its parameters: error at 10:")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#+   kind: its kind\n", ""),
        ("#+   kind: its kind\n", "#+   kind: its kind\n#+   since: first year\n"),
        ("#+   city: the city\n#+   kind: its kind\n", "#+   kind: its kind\n#+   city: the city\n"),
    ],
    ids=["missing", "too many", "other order"],
)
def test_columns_other_than_those_of_the_query_are_a_fault(before: str, after: str, faults: Faults) -> None:
    assert faults(GOOD.replace(before, after)) == [(5, "columns differ from the query's: city, kind.")]


def test_columns_that_are_not_named_are_a_fault(faults: Faults) -> None:
    assert faults("#+ summary: x\nSELECT ?s { ?s ?p ?o }") == [(1, "columns differ from the query's: s.")]


def test_a_gathered_column_that_is_none_is_a_fault(faults: Faults) -> None:
    text = GOOD.replace("several: [kind]", "several: [kind, status]")
    assert faults(text) == [(8, "'several' names no column 'status'.")]


@pytest.mark.parametrize("key", ["source", "target", "nodes", "through"])
def test_an_end_of_a_network_that_is_no_column_is_a_fault(key: str, faults: Faults) -> None:
    text = GOOD.replace("{nodes: city, through: kind}", f"{{{key}: town}}")
    assert faults(text) == [(9, "'network' names no column 'town'.")]


def test_the_line_is_that_of_the_key_and_not_of_a_column_of_that_name(faults: Faults) -> None:
    text = GOOD.replace("city: the city", "network: x").replace("?city ?kind {", "?network ?kind {")
    assert faults(text) == [(9, "'network' names no column 'city'.")]


def test_the_line_is_that_of_the_parameter_and_not_of_a_column_of_that_name(faults: Faults) -> None:
    columns, params = "#+ columns:\n#+   country: its country\n", "#+ params:\n#+   country: {example: Italy}\n"
    text = f"#+ summary: x\n{columns}{params}SELECT ?country {{ ?country ?p ?_country_iri }}"
    assert faults(text) == [(5, "the parameter 'country' has no description.")]


def test_a_parameter_within_braces_has_its_line(faults: Faults) -> None:
    text = "#+ summary: x\n#+ params: {kind: {example: a}}\nASK { ?s ?p ?_kind }"
    assert faults(text) == [(2, "the parameter 'kind' has no description.")]


def test_all_faults_are_told_in_the_order_of_their_lines(faults: Faults) -> None:
    text = (
        GOOD.replace(", example: Italy", "")
        .replace("[kind]", "[status]")
        .replace("?kind\n  FIL", "?kind ; sg:status ?_new\n  FIL")
    )
    assert [line for line, _ in faults(text)] == [3, 8, 11]


def test_a_variable_that_only_looks_like_a_parameter_is_a_fault(faults: Faults) -> None:
    ((line, what),) = faults("#+ summary: x\nASK {\n?s ?p ?_opening_day_iri }")
    assert line == 3
    assert "?_opening_day_iri" in what


def test_a_parameter_that_is_spelt_in_two_ways_is_a_fault(faults: Faults) -> None:
    header = "#+ summary: x\n#+ params:\n#+   year: {description: which, example: 2018}\n"
    ((line, what),) = faults(header + "ASK {\n?s ?p ?_year_integer\nFILTER(?o < ?__year_integer) }")
    assert line == 6
    assert "?__year_integer" in what


def test_several_values_that_no_values_clause_takes_are_a_fault(faults: Faults) -> None:
    header = "#+ summary: x\n#+ params:\n#+   city: {description: which, example: Ardea}\n"
    ((line, what),) = faults(header + "ASK {\nVALUES (?_city_multi_iri) {} ?_city_multi_iri ?p ?o }")
    assert line == 5
    assert "?_city_multi_iri" in what


PLACES = {
    "LIMIT": "SELECT ?s { ?s ?p ?o } LIMIT ?_x_integer",
    "OFFSET": "SELECT ?s { ?s ?p ?o } OFFSET ?_x_integer",
    "VALUES": "SELECT ?s { ?s ?p ?o VALUES ?o { ?_x_integer 2 } }",
    "several values": "SELECT ?s { ?s ?p ?o VALUES ?_x_multi_integer {} }",
    "a column": "SELECT (COUNT(*) * ?_x_integer AS ?s) { ?s ?p ?o }",
    "FROM": "SELECT ?s FROM ?_x_iri { ?s ?p ?o }",
    "FROM NAMED": "SELECT ?s FROM NAMED ?_x_iri { GRAPH ?g { ?s ?p ?o } }",
    "GRAPH": "SELECT ?s { GRAPH ?_x_iri { ?s ?p ?o } }",
    "a property": "SELECT ?s { ?s ?_x_iri ?o }",
    "a path": "SELECT ?s { ?s ^?_x_iri/sg:partOf* ?o }",
    "a datatype": 'SELECT ?s { ?s ?p "1"^^?_x_iri }',
    "a separator": "SELECT (GROUP_CONCAT(?o; SEPARATOR=?_x) AS ?s) { ?z ?p ?o }",
}


def test_a_default_that_the_ontology_does_not_define_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "asked.rq"
    header = "#+ summary: x\n#+ params:\n#+   s: {scheme: status, description: x}\n#+ columns: {c: x}\n"
    default = f"#+ defaults:\n#+   - s: {VOCAB}status/runing\n"
    path.write_text(header + default + "SELECT ?c { ?c ?p ?__s_iri } ORDER BY ?c", encoding="utf-8")
    (problem,) = lint(read(path), ontology_terms())
    assert problem.where == f"{path}:6"
    assert problem.what == "status:runing is not a term of the ontology. Did you mean 'running'?"


@pytest.mark.parametrize("default", ["", "#+ defaults: [{x: '1'}]\n"], ids=["example", "default"])
@pytest.mark.parametrize("text", PLACES.values(), ids=list(PLACES))
def test_a_parameter_may_be_wherever_its_value_may_be(text: str, default: str, faults: Faults) -> None:
    header = "#+ summary: x\n#+ columns: {s: x}\n#+ params: {x: {description: x, example: 1}}\n"
    assert faults(f"{header}{default}{text}") == []


def test_a_default_alone_makes_a_parameter_complete(faults: Faults) -> None:
    assert (
        faults("#+ summary: x\n#+ defaults: [{n: '10'}]\n#+ columns: {s: x}\nSELECT ?s {?s ?p ?o} LIMIT ?_n_integer")
        == []
    )


def test_an_optional_parameter_may_only_be_where_a_variable_may_be(faults: Faults) -> None:
    text = (
        "#+ summary: x\n#+ columns: {s: x}\n#+ params: {n: {description: x}}\nSELECT ?s {?s ?p ?o}\nLIMIT ?__n_integer"
    )
    ((line, what),) = faults(text)
    assert line == 5
    assert what.startswith("not valid SPARQL without its optional parameters: error at 5:")


def test_an_example_of_another_type_is_a_fault(faults: Faults) -> None:
    text = "#+ summary: x\n#+ params:\n#+   n: {description: x, example: ten}\nASK { ?s ?p ?_n_integer }"
    assert faults(text) == [(2, "asked: n = 'ten' is not a whole number such as 2018.")]


def test_service_is_a_fault(faults: Faults) -> None:
    ((line, what),) = faults("#+ summary: x\nASK {\nSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert line == 3
    assert "SERVICE" in what


def test_lint_calls_no_other_server(tmp_path: Path) -> None:
    calls = []

    def answer() -> None:
        with contextlib.suppress(TimeoutError), server.accept()[0]:
            calls.append(1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        thread = threading.Thread(target=answer)
        thread.start()
        path = tmp_path / "x.rq"
        path.write_text(
            f"#+ summary: x\nASK {{ SERVICE <http://127.0.0.1:{server.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        )
        with contextlib.suppress(OSError):
            lint(read(path))
        thread.join()
    assert calls == []


def test_a_problem_reads_as_place_and_sentence() -> None:
    assert str(Problem("queries/x.rq:3", "it is wrong.")) == "queries/x.rq:3: it is wrong."


def test_a_shipped_query_is_named_from_the_top_of_the_project() -> None:
    shipped = catalogue(QUERIES)[0]
    wrong = SavedQuery(shipped.path, "ASK", shipped.header)
    assert lint(wrong)[-1].where.startswith("queries/")
