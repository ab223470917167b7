"""Stubs for type checkers: the same as at run time, true of the answers, and read by mypy and pyright."""

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace, UnionType
from typing import Any, Literal, get_args, get_origin, get_overloads, get_type_hints

import pytest
from click.testing import Result

import solgraph
from programs import needs, required
from solgraph.authoring.bound_columns import bound_columns
from solgraph.authoring.stubs import stub
from solgraph.queries.saved_query import SavedQuery
from solgraph.resources import ROOT

OWN = """\
#+ summary: Cities by rank
#+ params: {least: {type: integer, description: the lowest rank, example: 1}}
#+ columns:
#+   city: {type: sg:City, description: a city}
#+   count: {type: integer, description: its rank}
#+   class: {type: iri, description: a class}
PREFIX sg: <https://w3id.org/solgraph/ns#>
SELECT ?city ?count ?class {
  ?city a sg:City , ?class OPTIONAL { ?city sg:rank ?count FILTER(?count > ?_least_integer) }
}
ORDER BY ?city ?class
"""


@pytest.fixture(scope="module")
def written(frozen: solgraph.Knowledge) -> dict[str, Any]:
    """The names that the stub of the shipped queries defines: a stub is Python too."""
    names: dict[str, Any] = {"__name__": "stub_of_questions"}
    exec(stub(frozen.queries()), names)
    return names


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of the type that a stub states."""
    if get_origin(kind) is tuple:
        return isinstance(value, tuple) and all(fits(part, get_args(kind)[0]) for part in value)
    return kind is Any or isinstance(value, get_args(kind) if isinstance(kind, UnionType) else kind)


def examples(saved: SavedQuery) -> dict[str, str]:
    return {name: param.example or param.values[0] for name, param in saved.params.items() if param.required}


def test_a_stub_has_the_signatures_of_run_time(written: dict[str, Any], frozen: solgraph.Knowledge) -> None:
    for name in dir(frozen.q):
        variants = get_overloads(SimpleNamespace(__module__=written["__name__"], __qualname__=f"Questions.{name}"))
        first, *others = variants or [getattr(written["Questions"], name)]
        _, *stubbed = inspect.signature(first).parameters.values()
        *params, gathered = inspect.signature(getattr(frozen.q, name)).parameters.values()
        assert stubbed[:-1] == params and stubbed[-1].default is gathered.default is True, name
        ungathered = [inspect.signature(other).parameters["gathered"].annotation for other in others]
        assert ungathered in ([], [Literal[False]]), name


def test_a_stub_states_what_the_rows_hold(written: dict[str, Any], frozen: solgraph.Knowledge) -> None:
    hints, rows = cache(lambda name: get_type_hints(written[name])), 0
    for saved in frozen.queries():
        for gathered in (True, False) if saved.form != "ASK" else ():
            for row in frozen.query(saved.name, gathered=gathered, **examples(saved)):
                kinds, rows = hints(type(row).__name__), rows + 1
                wrong = [name for name, kind in kinds.items() if not fits(getattr(row, name), kind)]
                assert not wrong and tuple(kinds) == row._fields, (saved.name, row)
    assert rows > 2000


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{ ?a ?b ?c OPTIONAL { ?a ?x ?d } MINUS { ?a ?y ?e } FILTER NOT EXISTS { ?a ?z ?f } }", "abc"),
        ("{ { ?a ?x ?b } UNION { ?a ?y ?c } UNION { GRAPH ?d { ?a ?z ?b } } ?e ?x 1 }", "ae"),
        ("{ ?a ?x 1 BIND(?a AS ?b) BIND(?d AS ?c) BIND('x' AS ?d) BIND(1 + ?a AS ?e) }", "abd"),
        ("{ BIND(COALESCE(?x, 0) AS ?a) BIND(IF(BOUND(?x), 1, ?a) AS ?b) BIND(IF(?x, 1, 2) AS ?c) }", "ab"),
        ("{ BIND(STRDT(IF(EXISTS { ?x ?y 1 }, 'a', 'b'), x:y) AS ?a) BIND(STRDT(?a, x:y) AS ?b) ?c ?x ?y }", "ac"),
        ("{ VALUES ?a { 1 } VALUES (?b ?c) { (1 UNDEF) } VALUES ?d {} FILTER(?e IN (1)) ?f ?x ?y }", "af"),
        ("{ { SELECT ?a (COUNT(?b) AS ?c) (SUM(?b) AS ?d) { ?a ?x ?b } GROUP BY ?a } }", "ac"),
        ("{ BIND(?_a_iri AS ?a) BIND(?__b_iri AS ?b) BIND(EXISTS { ?x ?y ?d } AS ?c) }", "ac"),
    ],
)
def test_which_columns_surely_have_a_value(pattern: str, expected: str) -> None:
    assert bound_columns(f"PREFIX x: <x:>\nSELECT ?a ?b ?c ?d ?e ?f WHERE {pattern}") & set("abcdef") == set(expected)


RIGHT = """\
from typing import TYPE_CHECKING

import solgraph

if TYPE_CHECKING:
    from solgraph.graph.questions import MayorsRow

kg = solgraph.open(queries="mine")
answer = kg.q.mayors("Palermo", from_=1990)
part: "solgraph.Answer[MayorsRow]" = answer[:2]
first: "MayorsRow" = part[0]
print((first.since or 0) + 1, kg.describe(first.mayor).label, first.source[0].upper())
print([row.source.upper() for row in kg.q.mayors("Palermo", gathered=False)])
print([(row.city.upper(), row.class_) for row in kg.q.ranked_cities(1)])
kg.q.alliances(layer=["project"], by="city").to_network(year=2018, min_weight=2, weight="newman")
def show(any: solgraph.Answer) -> None: print(any[0], any.to_dicts())
"""
WRONG = """\
import solgraph
kg = solgraph.open(queries="mine")
kg.q.mayor("Palermo")
kg.q.rank_cities(1)
kg.q.mayors("Palermo", form=1990)
kg.q.ranked_cities("first")
print(kg.q.mayors("Palermo")[0].sinse)
print([row.source.upper() for row in kg.q.mayors("Palermo")])
kg.q.alliances().to_network(min_wieght=2)
kg.q.alliances().to_network(year="2018")
"""


@pytest.mark.skipif(not required(), reason="mypy and pyright check the stubs in .ci/run")
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_find_each_mistake_and_no_other(
    checker: str, run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    for name, text in (("mine/ranked-cities.rq", OWN), ("right.py", RIGHT), ("wrong.py", WRONG)):
        (tmp_path / name).write_text(text)
    assert run("stubs", "mine", "-o", "stubs").exit_code == 0
    option = {"mypy": ["--python-executable"], "pyright": ["--pythonpath"]}[checker]
    command = [needs(checker), *option, sys.executable, "right.py", "wrong.py"]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(["stubs", str(ROOT / "src")])}
    printed = subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout
    errors = {(file, int(line)) for file, line in re.findall(r"(\w+\.py):(\d+)[:\d -]* error", printed)}
    assert errors == {("wrong.py", line) for line in range(3, 11)}, printed


def test_stubs_hold_own_and_shipped_queries_and_none_that_cannot_work(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "ranked-cities.rq").write_text(OWN)
    assert run("stubs", str(tmp_path), "-o", str(tmp_path)).exit_code == 0
    package = tmp_path / "solgraph-stubs"
    text = (package / "graph" / "questions.pyi").read_text()
    assert "def ranked_cities(self, least: int, *, gathered: bool = True) -> Answer[RankedCitiesRow]:" in text
    assert "def mayors(" in text and (package / "py.typed").read_text() == "partial\n"
    (tmp_path / "broken.rq").write_text("#+ summary: Broken\nSELECT ?x { ?x a ")
    result = run("stubs", str(tmp_path), "-o", str(tmp_path))
    assert (
        result.exit_code == 1
        and "broken.rq:" in result.stderr
        and "See all problems: solgraph --queries" in result.stderr
    )
