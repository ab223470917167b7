"""Saved queries in a second SPARQL engine, Comunica: it parses every one, and answers its cases as we do."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

import solgraph
from programs import needs, needs_packages, required
from solgraph.authoring.engine_test import difference
from solgraph.authoring.query_tests import cases
from solgraph.engines.endpoint import Result, result_of
from solgraph.graph.answer import Answer
from solgraph.queries.catalogue import catalogue
from solgraph.resources import QUERIES

HERE = Path(__file__).parent
SAVED = catalogue(QUERIES)
EVERY_CASE = cases(SAVED, HERE / "expected")
#: All where everything is required, elsewhere the last of each query, which takes half as long.
CASES = EVERY_CASE if required() else list({case.query.name: case for case in EVERY_CASE}.values())
BROKEN = {"name": "broken", "text": "SELECT ?x { ?x ?y }", "bound": "SELECT ?x { ?x ?y }"}


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


def read(report: dict[str, str], form: str) -> Result:
    """Comunica's answer."""
    if report["type"] == "quads":
        quads = pyoxigraph.parse(report["answer"], format=RdfFormat.N_TRIPLES)
        return Result.of_triples(form, [quad.triple for quad in quads])
    # Comunica adds a member "metadata", which the standard does not name and pyoxigraph refuses.
    standard = {key: member for key, member in json.loads(report["answer"]).items() if key != "metadata"}
    return result_of(form, pyoxigraph.parse_query_results(json.dumps(standard), format=QueryResultsFormat.JSON))


def test_it_parses_every_saved_query_as_it_stands_and_with_its_values(theirs: dict[str, Any]) -> None:
    assert {name for name, report in theirs.items() if report["refused"]} == {"broken"}
    assert len(theirs["broken"]["refused"]) == 2


def test_it_answers_every_case_as_we_do(ours: dict[str, Answer], theirs: dict[str, Any]) -> None:
    assert {case.query.name for case in CASES} == {saved.name for saved in SAVED}
    assert {name: report["failed"] for name, report in theirs.items() if "failed" in report}.keys() == {"broken"}
    reports = {name: difference(answer, read(theirs[name], answer.form)) for name, answer in ours.items()}
    assert {name: how for name, how in reports.items() if how} == {}
