"""Nothing reaches out of a query, through any of the four doors; and no query outlives its time or ends the process."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import QueryBoolean, Store

import solgraph
from browser import wait_until_busy
from conftest import SMALL
from solgraph.cli.main import main as command_line
from solgraph.engines.local import Local, no_new_descriptors
from solgraph.errors import SolgraphError
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.sparql_safety import DEEPEST, refuse_too_deep

pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context")  # rdflib's own

#: Ways to hide a call from who reads the text; URL stands for the address.
HIDDEN = (
    'SELECT ?secret { BIND("""\n#""" AS ?x) SERVICE <URL> { ?a ?b ?secret } }',
    "SELECT ?secret {\n#c\rSERVICE <URL> { ?a ?b ?secret }\n}",
    "SELECT ?secret { BIND('''\n#''' AS ?x) SERVICE SILENT <URL> { ?a ?b ?secret } }",
    'SELECT * { BIND("a\\u0022 # " AS ?x) SERVICE <URL> { ?a ?b ?c } }',
    'SELECT * { BIND("\\"" AS ?x) SERVICE <URL> { ?a ?b ?c } }',
    'SELECT * { VALUES ?x { """a" "b""" } SERVICE <URL> { ?a ?b ?c } # """\n}',
    "SELECT * { SERVICESILENT <URL> { ?a ?b ?c } }",
    "SELECT * { VALUES ?x { trueSERVICE } } # no call",
    "SELECT * { BIND(1 AS ?n) BIND(<URL> AS ?s) SERVICE ?s { ?a ?b ?c } }",
    "SELECT * { BIND(<URL> AS ?e\u0301) SERVICE ?e\u0301 { ?a ?b ?c } }",
    "PREFIX : <URL> SELECT * { {} SERVICE: { ?a ?b ?c } }",
    "PREFIX : <URL> PREFIX service: <urn:> SELECT * { {} SERVICE:x { ?a ?b ?c } }",
    "PREFIX e: <urn:> SELECT * { OPTIONAL { ?s ?p e:a.b.SERVICE<URL>{ ?a ?b ?c } } }",
    "SELECT * { FILTER(1<2)SERVICE#>\n<URL> { ?a ?b ?c } }",
    'SELECT * { FILTER(1<2)#>"""\nSERVICE <URL> { ?a ?b ?c } #"""\n}',
    "SELECT * { FILTER(1<2)#>'\nSERVICE <URL> { ?a ?b ?c } #'\n}",
    "SELECT * { VALUES (?x ?y) { (1 <urn:#'>) } FILTER(1<2)#>'\nSERVICE <URL> { ?a ?b ?c } #'\n}",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <URL> { ?a ?b ?c } } } } }",
    "SELECT * { FILTER EXISTS { SERVICE <URL> { ?a ?b ?c } } }",
    "SELECT * { {} UNION { {} MINUS { SERVICE <URL> { } } } }",
    "CONSTRUCT { ?a ?b ?c } WHERE { SERVICE <URL> { ?a ?b ?c } }",
    "DESCRIBE ?a { SERVICE <URL> { ?a ?b ?c } }",
    "ASK { SERVICE <URL> { ?a ?b ?c } }",
    "SELECT * FROM <URL> { ?a ?b ?c }",
    "LOAD <URL>",
    "INSERT { ?a ?b ?c } WHERE { SERVICE <URL> { ?a ?b ?c } }",
)
MUTATIONS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: text.replace("SERVICE", "sErViCe"),
    lambda text: text.replace(" SERVICE", "\tSERVICE").replace("SERVICE <", "SERVICE # it's <x> {\r<"),
    lambda text: text.replace("SERVICE <", "SERVICE\r\n#\n<").replace("{ ?a", "#'\r{ ?a"),
    lambda text: text.replace("SERVICE", "\\u0053ERVICE"),
    lambda text: f"#'''\r{text}\n#'''",
)
PAYLOADS = list(dict.fromkeys(mutate(text) for text, mutate in product(HIDDEN, MUTATIONS)))

HONEST = (
    "SELECT ?service ?city { ?city sg:offersService ?service }",
    "SELECT ?SERVICE { ?city sg:offersService ?SERVICE }",
    "SELECT $service { ?city sg:offersService $service }",
    "SELECT ?service_name { ?service skos:prefLabel ?service_name } LIMIT 1",
    "SELECT ?x { ?x sg:offersService service:housing }",
    "PREFIX service: <https://w3id.org/solgraph/vocab/service/> SELECT ?x { ?x sg:offersService service:housing }",
    "PREFIX SERVICE: <urn:service:> SELECT ?x { ?x ?y SERVICE:a }",
    "PREFIX e: <urn:> SELECT ?x { ?x e:service e:SERVICE }",
    "SELECT ?x { ?x ?y 'SERVICE' }",
    'SELECT ?x { ?x ?y "SERVICE <http://127.0.0.1/> { ?a ?b ?c }" }',
    "SELECT ?x { ?x ?y '''SERVICE\n<http://127.0.0.1/> {''' }",
    'SELECT ?x { ?x ?y """a "SERVICE" <http://127.0.0.1/> {} """ }',
    "SELECT ?x { ?x ?y 'SERVICE'@en-GB }",
    "SELECT ?x { ?x ?y '\\'SERVICE' }",
    "SELECT ?x { ?x ?y 'caf\\u00e9 service' }",
    "SELECT ?x { ?x ?y ?z } LIMIT 1 # SERVICE <http://127.0.0.1/> {}",
    "# SERVICE <http://127.0.0.1/> {}\nSELECT ?x { ?x ?y ?z } LIMIT 1",
    "SELECT ?x { ?x ?y ?z # SERVICE\r} LIMIT 1",
    "#+ summary: which service?\nSELECT ?x { ?x ?y ?z } LIMIT 1",
    "SELECT ?x { ?x <http://example.org/SERVICE> ?y }",
    "SELECT ?x { ?x <http://example.org/#service> ?service }",
    "SELECT ?x { GRAPH ?service { ?x ?y ?z } } LIMIT 1",
    "PREFIX service: <urn:> SELECT ?x { GRAPH service:x { ?x ?y ?z } }",
    "SELECT ?x { ?x ?y ?service FILTER(?service = 'service') }",
    "SELECT ?x { ?x ?y ?service FILTER(CONTAINS(LCASE(STR(?service)), 'service')) } LIMIT 1",
    "SELECT (COUNT(?service) AS ?services) { ?x sg:offersService ?service }",
    "SELECT * { VALUES (?service ?city) { (<urn:#a> <urn:#b>) (1 <urn:#service>) } }",
    "CONSTRUCT { ?service a skos:Concept } WHERE { ?x sg:offersService ?service }",
    "ASK { ?city sg:offersService ?service }",
    "DESCRIBE ?service { ?x sg:offersService ?service } LIMIT 1",
    "SELECT ?x { _:service ?x ?y } LIMIT 1",
    "SELECT ?s { ?s sg:offersService|sg:service/sg:service ?service } LIMIT 1",
    "SELECT ?service { ?service ?y ?z FILTER(?z<5&&?z>1) } LIMIT 1",
)


class Listener:
    """A server on loopback that counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            caller, _ = self._socket.accept()
            with caller, contextlib.suppress(OSError):
                if caller.recv(4) == b"stop":
                    return
                self.calls += 1
                caller.sendall(b"HTTP/1.1 500 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def close(self) -> None:
        with socket.create_connection(self._socket.getsockname()) as caller:
            caller.sendall(b"stop")
        self._thread.join()
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with contextlib.closing(Listener()) as listener:
        yield listener


# The doors: each answers all queries, and tells which it has answered.

Door = Callable[[list[str]], list[bool]]


def by_the_server(queries: list[str]) -> list[bool]:
    pytest.importorskip("httpx")
    pytest.importorskip("starlette")
    from starlette.testclient import TestClient

    from solgraph.web.app import create

    with TestClient(create(solgraph.open(SMALL))) as client:
        statuses = [client.post("/sparql", data={"query": query}).status_code for query in queries]
    assert set(statuses) <= {200, 400, 403}
    return [status == 200 for status in statuses]


def by_the_command_line(queries: list[str]) -> list[bool]:
    knowledge = solgraph.open(SMALL)
    assert isinstance(knowledge.endpoint, Local)
    knowledge.endpoint.is_jailed = True
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys.modules["solgraph.cli.main"], "opened", lambda _, **__: knowledge)
        results = [CliRunner().invoke(command_line, ["sparql", query], catch_exceptions=False) for query in queries]
    assert {result.exit_code for result in results} <= {0, 1}
    return [result.exit_code == 0 for result in results]


def _is_answered(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (SolgraphError, SyntaxError):
        return False
    return True


def by_python(queries: list[str]) -> list[bool]:
    knowledge = solgraph.open(SMALL)
    return [_is_answered(partial(knowledge.sparql, query)) for query in queries]


def by_rdflib(queries: list[str]) -> list[bool]:
    graph = solgraph.open(SMALL).graph
    return [_is_answered(partial(graph.query, query)) for query in queries]


DOORS: dict[str, Door] = {
    "/sparql": by_the_server,
    "solgraph sparql": by_the_command_line,
    "kg.sparql": by_python,
    "kg.graph.query": by_rdflib,
}


def _ask(store: Store, query: str) -> None:
    with contextlib.suppress(SyntaxError, OSError, RuntimeError):
        result = store.query(query, prefixes=PREFIXES)
        if not isinstance(result, QueryBoolean):
            list(result)


def test_the_payloads_are_not_harmless(listener: Listener) -> None:
    before = listener.calls
    for payload in PAYLOADS:
        _ask(Store(), payload.replace("URL", listener.url))
    assert len(PAYLOADS) >= 100
    assert listener.calls - before >= 50


@pytest.mark.parametrize("door", DOORS)
def test_nothing_arrives(door: str, listener: Listener) -> None:
    before = listener.calls
    answered = DOORS[door]([payload.replace("URL", listener.url) for payload in PAYLOADS])
    assert listener.calls == before
    assert sum(answered) <= 6  # those that have "trueSERVICE" and nothing to call


@pytest.mark.parametrize("door", DOORS)
def test_honest_queries_are_answered(door: str) -> None:
    assert len(HONEST) >= 30
    answered = DOORS[door](list(HONEST))
    assert [query for query, has_answer in zip(HONEST, answered, strict=True) if not has_answer] == []


def test_a_jail_holds_without_a_look_at_the_text(listener: Listener) -> None:
    store, before = Store(), listener.calls
    for payload in PAYLOADS[::3]:
        with no_new_descriptors():
            _ask(store, payload.replace("URL", listener.url))
    assert listener.calls == before
    with socket.socket():
        pass  # and afterwards all is as it was


def test_a_prepared_query_of_rdflib_goes_no_other_way(listener: Listener) -> None:
    from rdflib.plugins.sparql import prepareQuery

    before = listener.calls
    graph = solgraph.open(SMALL).graph
    with pytest.raises(SolgraphError, match="SERVICE"):
        graph.query(prepareQuery(f"SELECT * {{ SERVICE <{listener.url}> {{ ?a ?b ?c }} }}"))
    assert len(list(graph.query(prepareQuery("SELECT ?s { ?s a sg:City }", initNs=PREFIXES)))) > 0
    assert listener.calls == before


# Nesting

NESTED: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: f"ASK {{ FILTER({'(' * n}1{')' * n}) }}",
    "braces": lambda n: f"ASK {{ {'{' * n}{'}' * n} }}",
    "functions": lambda n: f"ASK {{ FILTER({'ABS(' * n}1{')' * n}) }}",
    "exists": lambda n: f"ASK {{ {'FILTER EXISTS {' * n}{'}' * n} }}",
    "subqueries": lambda n: f"ASK {{ {'{ SELECT * {' * n}{'}}' * n} }}",
    "not": lambda n: f"ASK {{ FILTER({'!' * n}true) }}",
    "sums": lambda n: f"ASK {{ FILTER(1{' + 1' * n}) }}",
    "signed numbers": lambda n: f"ASK {{ FILTER(1{' -1' * n}) }}",
    "or": lambda n: f"ASK {{ FILTER(true{' || true' * n}) }}",
    "unions": lambda n: f"ASK {{ {{}}{' UNION {}' * n} }}",
    "optionals": lambda n: f"ASK {{ {'OPTIONAL {} ' * n} }}",
    "binds": lambda n: f"ASK {{ {' '.join(f'BIND(1 AS ?x{i})' for i in range(n))} }}",
    "paths": lambda n: f"ASK {{ ?s {'(' * n}<urn:p>{')*' * n} ?o }}",
    "alternatives": lambda n: f"ASK {{ ?s <urn:p>{'|<urn:p>' * n} ?o }}",
    "collections": lambda n: f"ASK {{ ?s ?p {'(' * n}1{')' * n} }}",
    "blank nodes": lambda n: f"ASK {{ ?s ?p {'[ ?p ' * n}1{']' * n} }}",
    "triple terms": lambda n: f"ASK {{ ?s ?p {'<<( ?s ?p ' * n}1{')>>' * n} }}",
    "reified triples": lambda n: f"ASK {{ ?s ?p {'<< ?s ?p ' * n}1{'>>' * n} }}",
}


@pytest.mark.parametrize("kind", NESTED)
def test_nesting_that_would_end_the_process_is_refused(kind: str) -> None:
    with pytest.raises(SolgraphError, match="nested too deeply"):
        refuse_too_deep(NESTED[kind](20_000))
    refuse_too_deep(NESTED[kind](DEEPEST // 2 - 2))


def test_the_bounds_hold_for_the_stack_of_the_engine() -> None:
    """The deepest of each kind that is let through is parsed, in a process that could die of it."""
    asked = []
    for kind, nest in NESTED.items():
        depths = (depth for depth in (1100, 1000, 501, 500, 499, 250, DEEPEST, DEEPEST - 1, DEEPEST // 2 - 1, 16))
        text = next(text for text in map(nest, depths) if _is_answered(partial(refuse_too_deep, text)))
        # To join what these make takes a minute: they are parsed, up to an error at their end.
        asked.append(f"{text} }}" if kind in ("collections", "blank nodes", "reified triples") else text)
    program = (
        f"import pyoxigraph\nfor text in {asked!r}:\n try: pyoxigraph.Store().query(text)\n except SyntaxError: pass"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_lists_of_values_may_be_long() -> None:
    refuse_too_deep(f"SELECT * {{ VALUES ?x {{ {'-1 ' * 5000} }} FILTER(?x IN ({'2, ' * 5000} -1)) }}")


# Time

CROSS_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"


def test_ctrl_c_ends_a_cross_product_at_once_with_130() -> None:
    command = [sys.executable, "-m", "solgraph", "sparql", CROSS_PRODUCT, "--data", str(SMALL)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_until_busy(process)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, complaint = process.communicate(timeout=60)
        assert time.monotonic() - began < 10
    assert (process.returncode, complaint.strip()) == (130, "Aborted!")


@pytest.mark.parametrize("query", [["sparql", CROSS_PRODUCT], ["query", "cross"]], ids=["sparql", "query"])
def test_a_timeout_ends_a_local_query_with_a_sentence(query: list[str], tmp_path: Path) -> None:
    (tmp_path / "cross.rq").write_text(f"#+ summary: all with all\n{CROSS_PRODUCT}")
    began = time.monotonic()
    options = ["--queries", str(tmp_path), *query, "--data", str(SMALL), "--timeout", "1"]
    result = subprocess.run(
        [sys.executable, "-m", "solgraph", *options], capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Error: The answer took longer than 1 s and was stopped.\n")
    assert time.monotonic() - began < 30
