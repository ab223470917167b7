"""Saved queries tried on a server, what is kept of that, and the warning before a query that is known to fail."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result as Run
from pyoxigraph import Literal, NamedNode, Triple

import solgraph
from servers import Misbehaving, Reply, oxigraph
from solgraph.authoring import engine_test
from solgraph.authoring.engine_test import difference, verdicts
from solgraph.engines import passport as passports
from solgraph.engines.endpoint import Result
from solgraph.engines.passport import Passport, Verdict, digest, name_and_version
from solgraph.engines.push import push
from solgraph.engines.remote import Remote
from solgraph.queries.catalogue import find
from solgraph.rdf.namespaces import XSD
from solgraph.resources import QUERIES

A, B = NamedNode("urn:a"), NamedNode("urn:b")
Command = Callable[..., Run]


@pytest.fixture(scope="module")
def server(small: solgraph.Knowledge) -> Iterator[str]:
    with oxigraph() as address:
        list(push(small.store, f"{address}/store"))
        yield f"{address}/query"


@pytest.fixture
def wrong() -> Iterator[Misbehaving]:
    server = Misbehaving()
    yield server
    server.server.shutdown()
    server.server.server_close()


def typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


def rows(*values: object, columns: tuple[str, ...] = ("x",)) -> Result:
    return Result("SELECT", columns, [value if isinstance(value, tuple) else (value,) for value in values])


@pytest.mark.parametrize(
    ("theirs", "how"),
    [
        (rows(A, B), ""),
        (rows(B, A), "the same rows in another order"),
        (rows(A), "1 row missing, first (urn:b)"),
        (rows(A, B, B, A), "2 rows more, first (urn:a)"),
        (rows(A, None), "1 row missing, first (urn:b); 1 row more, first ()"),
        (rows(A, B, columns=("y",)), "the columns are y"),
    ],
)
def test_how_rows_differ(theirs: Result, how: str) -> None:
    assert difference(rows(A, B), theirs) == how


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (typed("1.5", "decimal"), typed("1.50", "decimal"), True),
        (typed("1", "integer"), typed("1", "decimal"), False),
        (typed("true", "boolean"), typed("1", "boolean"), True),
        (typed("true", "boolean"), typed("1", "integer"), False),
        (Literal("a", language="en-gb"), Literal("a", language="en-GB"), True),
        (Literal("a", language="en"), Literal("a"), False),
        (typed("many", "integer"), typed("many", "integer"), True),
    ],
)
def test_what_makes_two_terms_the_same(one: Literal, other: Literal, alike: bool) -> None:
    assert (difference(rows(one), rows(other)) == "") is alike


def test_triples_have_no_order_and_truth_values_are_compared() -> None:
    triples = [Triple(A, A, A), Triple(A, A, B)]
    ours = Result.of_triples("CONSTRUCT", triples)
    assert difference(ours, Result.of_triples("CONSTRUCT", [*triples[::-1], *triples])) == ""
    assert difference(ours, Result.of_triples("CONSTRUCT", triples[:1])) == "1 row missing, first (urn:a, urn:a, urn:b)"
    assert difference(Result("ASK", boolean=True), Result("ASK", boolean=False)) == "no instead of yes"


def test_columns_may_come_in_another_order() -> None:
    ours, theirs = rows((A, B), columns=("x", "y")), rows((B, A), columns=("y", "x"))
    assert difference(ours, theirs) == ""


def test_a_refusal_is_told_without_address_and_query(small: solgraph.Knowledge, wrong: Misbehaving) -> None:
    wrong.replies = [Reply(400, "text/plain", b"SP031: no.\n SPARQL query: SELECT"), Reply(body=b'{"boolean": true}')]
    (verdict,) = verdicts(small, Remote(wrong.url, retries=0), [find("cities", QUERIES)])
    assert (verdict.state, verdict.detail) == ("refused", "refuses the query: SP031: no.")


def test_an_example_that_the_data_do_not_hold_is_not_asked(small: solgraph.Knowledge, server: str) -> None:
    (verdict,) = verdicts(small, Remote(server), [find("absent-from", QUERIES)])
    assert str(verdict).startswith("not asked absent-from: absent-from, parameter 'city': 'Berlin' names no City")


def test_a_server_that_does_not_come_back_ends_it(
    small: solgraph.Knowledge, wrong: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_test, "_PATIENCE", 0)
    wrong.replies = [Reply(cut=9)]
    with pytest.raises(solgraph.EndpointError, match="broke down over 'cities' and did not come back"):
        list(verdicts(small, Remote(wrong.url, retries=0), [find("cities", QUERIES)]))


def test_the_command_tries_queries_and_keeps_a_passport(run_small: Command, server: str, tmp_path: Path) -> None:
    kept = tmp_path / "oxigraph.json"
    ran = run_small("test", "--endpoint", server, "--query", "cities", "--write-passport", str(kept))
    assert ran.exit_code == 0, ran.output
    assert ran.stdout.splitlines()[0] == "equal     cities"
    assert ran.stdout.splitlines()[1].startswith("1 of 1 saved queries answer alike on Oxigraph 0.")
    passport = Passport.read(kept)
    assert (passport.engine, passport.verdicts[0][:3]) == ("Oxigraph", ("cities", "equal", ""))
    assert passport.text() == kept.read_text()
    assert json.loads(kept.read_text())["dataset"] == passport.dataset


def test_another_dataset_is_named_and_gets_no_passport(run: Command, server: str, tmp_path: Path) -> None:
    ran = run("test", "--endpoint", server, "--query", "cities")
    assert ran.exit_code == 1
    assert "Warning: The server holds another dataset: " in ran.stderr
    assert ran.stdout.startswith("differs   cities: ")
    kept = tmp_path / "x.json"
    ran = run("test", "--endpoint", server, "--query", "cities", "--write-passport", str(kept))
    assert ran.exit_code == 1
    assert not kept.exists()


def test_an_unnamed_server_needs_a_name_for_its_passport(
    run_small: Command, wrong: Misbehaving, tmp_path: Path
) -> None:
    wrong.replies = [Reply(body=b'{"boolean": true}')]
    ran = run_small("test", "--endpoint", wrong.url, "--write-passport", str(tmp_path / "x.json"))
    assert ran.exit_code == 2
    assert "does not say what it is." in ran.stderr


@pytest.mark.parametrize(
    "args", [(), ("tests/expected", "--endpoint", "http://x/"), ("tests/expected", "--query", "cities")]
)
def test_a_folder_or_a_server_is_needed(args: tuple[str, ...], run_small: Command) -> None:
    assert run_small("test", *args).exit_code == 2


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu  ", ("Virtuoso", "07.20.3229")),
        ("Oxigraph/0.5.13", ("Oxigraph", "0.5.13")),
        ("Apache Jena Fuseki (5.6.0)", ("Apache Jena Fuseki", "5.6.0")),
        ("Comunica", ("Comunica", "")),
        ("", ("", "")),
    ],
)
def test_name_and_version_of_an_engine(words: str, parts: tuple[str, str]) -> None:
    assert name_and_version(words) == parts


def test_a_query_that_is_known_to_fail_is_warned_of_before(
    run: Command, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = find("cities", QUERIES)
    verdict = Verdict("cities", "differs", "2 rows missing, first (city:x)", digest(saved.text))
    bad = Passport("Oxigraph", "0.1", "2026-01-01", "0.1.0", "0", (verdict,))
    monkeypatch.setattr(passports, "shipped", lambda: (bad,))
    told = "Warning: 'cities' gave another answer when it was tried on Oxigraph 0.1: 2 rows missing\n"
    assert run("query", "cities", "--endpoint", server).stderr.startswith(told)
    assert "Warning" not in run("query", "mayors", "Ardea", "--endpoint", server).stderr
    for other in (bad._replace(engine="Virtuoso"), bad._replace(verdicts=(verdict._replace(digest="another text"),))):
        monkeypatch.setattr(passports, "shipped", lambda other=other: (other,))
        assert "Warning" not in run("query", "cities", "--endpoint", server).stderr


def test_comments_do_not_change_what_a_passport_says() -> None:
    assert digest("#+ summary: x\nASK { ?s  ?p ?o } # all") == digest("ASK {?s ?p ?o}") != digest("ASK { ?s ?p ?s }")


def test_every_shipped_passport_can_be_read() -> None:
    assert {passport.engine for passport in passports.shipped()} == {"Apache Jena", "Comunica", "Oxigraph", "Virtuoso"}
    assert all(passport.verdicts and passport.version for passport in passports.shipped())


def test_what_is_no_passport_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for text in ("", "[]", "{}", '{"queries": {"a": ["equal"]}}'):
        path.write_text(text)
        with pytest.raises(solgraph.DataError, match="this is no passport of an engine"):
            Passport.read(path)


def test_the_engines_are_listed_with_what_they_do_not_answer(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = (Verdict("a", "equal", "", "0"), Verdict("b", "differs", "1 row | missing", "0"))
    monkeypatch.setattr(passports, "shipped", lambda: (Passport("X", "1", "2026-01-01", "0.1.0", "0", verdicts),))
    assert run("engines").stdout.splitlines()[2] == "| X | 1 | 2026-01-01 | 1 of 2 | 1 | 0 |"
    assert run("engines", "x").stdout.splitlines()[2:] == ["| b | differs | 1 row ¦ missing |"]
    assert run("engines", "y").exit_code == 2
