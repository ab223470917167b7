"""Saved queries in a second SPARQL engine, Comunica: it parses every one, and answers as we do."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import Literal, QueryResultsFormat, RdfFormat

import solgraph
from programs import needs, needs_packages
from solgraph.graph.answer import Answer
from solgraph.queries.catalogue import catalogue
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import XSD
from solgraph.rdf.terms import Term
from solgraph.resources import QUERIES

ENGINES = Path(__file__).parent / "engines"
SAVED = catalogue(QUERIES)
BROKEN = {"name": "broken", "text": "SELECT ?x { ?x ?y }", "bound": "SELECT ?x { ?x ?y }"}
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}

each_query = pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)


@pytest.fixture(scope="module")
def engine() -> Path:
    """The folder in which Comunica is installed."""
    return needs_packages("comunica", json.loads((ENGINES / "package.json").read_text())["dependencies"])


@pytest.fixture(scope="module")
def mine(frozen: solgraph.Knowledge) -> dict[str, Answer]:
    """Our answers, by the name of the query."""
    return {saved.name: frozen.query(saved.name, **examples(saved)) for saved in SAVED}


def examples(saved: SavedQuery) -> dict[str, str]:
    return {one.name: one.example for one in saved.params.values() if one.required}


@pytest.fixture(scope="module")
def theirs(
    engine: Path, frozen: solgraph.Knowledge, mine: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What ask.mjs tells of each query."""
    folder = tmp_path_factory.mktemp("asked")
    graph, asked = folder / "graph.nq", folder / "queries.json"
    frozen.store.dump(graph, format=RdfFormat.N_QUADS)
    queries = [{"name": one.name, "text": one.text, "bound": mine[one.name].explain()} for one in SAVED]
    asked.write_text(json.dumps([*queries, BROKEN]))
    command = [needs("node"), ENGINES / "ask.mjs", graph, asked]
    told = subprocess.run(command, cwd=engine, check=True, stdout=subprocess.PIPE, timeout=300).stdout
    return dict(json.loads(told))


def read(told: dict[str, str], columns: Sequence[str]) -> Any:
    """Comunica's answer: yes or no, rows in their order, or a set of triples."""
    if told["type"] == "quads":
        quads = pyoxigraph.parse(told["answer"], format=RdfFormat.N_TRIPLES)
        return {values((one.subject, one.predicate, one.object)) for one in quads}
    # Comunica adds a member "metadata", which the standard does not name and pyoxigraph refuses.
    standard = {key: member for key, member in json.loads(told["answer"]).items() if key != "metadata"}
    result = pyoxigraph.parse_query_results(json.dumps(standard), format=QueryResultsFormat.JSON)
    if isinstance(result, pyoxigraph.QueryBoolean):
        return bool(result)
    assert {one.value for one in result.variables} == set(columns)
    return [values(row[name] for name in columns) for row in result]


def own(answer: Answer) -> Any:
    """Our answer, in the same form."""
    if answer.boolean is not None:
        return answer.boolean
    rows = list(map(values, answer.terms))
    return set(rows) if answer.holds_triples else rows


def values(terms: Iterable[Term | None]) -> tuple[Any, ...]:
    return tuple(map(value, terms))


def value(term: Term | None) -> Any:
    """What makes a term the same in both engines: a number may be written 1.5 or 1.50, a language en-GB or en-gb."""
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value
    return datatype, (term.language or "").lower(), Decimal(term.value) if datatype in NUMBERS else term.value


@each_query
def test_it_parses_a_saved_query_as_it_stands_and_with_its_values(saved: SavedQuery, theirs: dict[str, Any]) -> None:
    assert theirs[saved.name]["refused"] == []


@each_query
def test_it_answers_a_saved_query_as_we_do(saved: SavedQuery, mine: dict[str, Answer], theirs: dict[str, Any]) -> None:
    ours, told = mine[saved.name], theirs[saved.name]
    assert "failed" not in told
    assert read(told, ours.columns) == own(ours)


def test_every_saved_query_was_asked(theirs: dict[str, Any]) -> None:
    assert set(theirs) == {saved.name for saved in SAVED} | {"broken"}
    assert len(SAVED) == 55


def test_its_parser_refuses_what_is_no_sparql(theirs: dict[str, Any]) -> None:
    assert len(theirs["broken"]["refused"]) == 2
