"""Saved queries in a second SPARQL engine, Comunica: it parses every one, and answers its cases as we do."""

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
from programs import needs, needs_packages, required
from solgraph.authoring.query_tests import cases
from solgraph.graph.answer import Answer
from solgraph.queries.catalogue import catalogue
from solgraph.rdf.namespaces import XSD
from solgraph.rdf.terms import Term
from solgraph.resources import QUERIES

HERE = Path(__file__).parent
SAVED = catalogue(QUERIES)
EVERY_CASE = cases(SAVED, HERE / "expected")
#: All where everything is required, elsewhere the last of each query, which takes half as long.
CASES = EVERY_CASE if required() else list({case.query.name: case for case in EVERY_CASE}.values())
BROKEN = {"name": "broken", "text": "SELECT ?x { ?x ?y }", "bound": "SELECT ?x { ?x ?y }"}
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}


@pytest.fixture(scope="module")
def ours(small: solgraph.Knowledge) -> dict[str, Answer]:
    """Our answers, by the name of the case."""
    return {case.name: small.query(case.query.name, **case.values) for case in CASES}


@pytest.fixture(scope="module")
def theirs(
    small: solgraph.Knowledge, ours: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What ask.mjs reports of each case."""
    engine = needs_packages("comunica", json.loads((HERE / "engines/package.json").read_text())["dependencies"])
    folder = tmp_path_factory.mktemp("asked")
    graph, asked = folder / "graph.nq", folder / "queries.json"
    small.store.dump(graph, format=RdfFormat.N_QUADS)
    queries = [{"name": case.name, "text": case.query.text, "bound": ours[case.name].explain()} for case in CASES]
    asked.write_text(json.dumps([*queries, BROKEN]))
    command = [needs("node"), HERE / "engines/ask.mjs", graph, asked]
    report = subprocess.run(command, cwd=engine, check=True, stdout=subprocess.PIPE, timeout=300).stdout
    return dict(json.loads(report))


def read(report: dict[str, str], columns: Sequence[str]) -> Any:
    """Comunica's answer: yes or no, rows in their order, or a set of triples."""
    if report["type"] == "quads":
        quads = pyoxigraph.parse(report["answer"], format=RdfFormat.N_TRIPLES)
        return {values((quad.subject, quad.predicate, quad.object)) for quad in quads}
    # Comunica adds a member "metadata", which the standard does not name and pyoxigraph refuses.
    standard = {key: member for key, member in json.loads(report["answer"]).items() if key != "metadata"}
    result = pyoxigraph.parse_query_results(json.dumps(standard), format=QueryResultsFormat.JSON)
    if isinstance(result, pyoxigraph.QueryBoolean):
        return bool(result)
    assert {variable.value for variable in result.variables} == set(columns)
    return [values(row[name] for name in columns) for row in result]


def comparable(answer: Answer) -> Any:
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


def test_it_parses_every_saved_query_as_it_stands_and_with_its_values(theirs: dict[str, Any]) -> None:
    assert {name for name, report in theirs.items() if report["refused"]} == {"broken"}
    assert len(theirs["broken"]["refused"]) == 2


def test_it_answers_every_case_as_we_do(ours: dict[str, Answer], theirs: dict[str, Any]) -> None:
    assert {case.query.name for case in CASES} == {saved.name for saved in SAVED}
    assert {name: report["failed"] for name, report in theirs.items() if "failed" in report}.keys() == {"broken"}
    differing = {
        name: (theirs_read, comparable(answer))
        for name, answer in ours.items()
        if (theirs_read := read(theirs[name], answer.columns)) != comparable(answer)
    }
    assert differing == {}
