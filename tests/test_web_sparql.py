"""The SPARQL endpoint: the protocol, forms of answers, refusals, limits; a few tests on a real socket."""

import csv
import io
import json
import socket
import subprocess
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, NamedNode, QueryResultsFormat, RdfFormat

pytest.importorskip("starlette")

from python_calamine import CalamineWorkbook
from starlette.applications import Starlette
from starlette.testclient import TestClient

import solgraph
from programs import needs, needs_packages
from solgraph.engines.sandbox import worker_pool as pools
from solgraph.errors import QueryError
from solgraph.formats.media import RDF, Form
from solgraph.rdf.namespaces import GRAPH
from solgraph.rdf.store import graphs
from solgraph.web.body import MAX_BYTES
from solgraph.web.openapi import SPARQL_ANSWERS, SPARQL_ROWS
from web import application, running

CITIES = "SELECT ?city { ?city a sg:City } ORDER BY ?city"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
DIRECT, FORM = "application/sparql-query", "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def app(small: solgraph.Knowledge) -> Starlette:
    return application(small, timeout=30)


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def ask(client: TestClient, query: str, **options: Any) -> Any:
    return client.get("/sparql", params={"query": query, **options.pop("params", {})}, **options)


@pytest.fixture(scope="module")
def expected(small: solgraph.Knowledge) -> list[str]:
    return [row.city for row in small.sparql(CITIES)]


def cities(response: Any) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["city"]["value"] for row in response.json()["results"]["bindings"]]


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem details of a response, which is an error of that status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    details: dict[str, Any] = response.json()
    assert details["status"] == status and details["title"] and details["detail"]
    return details


# Asking


def test_a_query_in_the_address_in_a_form_and_as_the_body(client: TestClient, expected: list[str]) -> None:
    assert cities(ask(client, CITIES)) == expected
    assert cities(client.post("/sparql", data={"query": CITIES})) == expected
    for kind in (DIRECT, f"{DIRECT}; charset=UTF-8", "Application/SPARQL-Query"):
        assert cities(client.post("/sparql", content=CITIES, headers={"Content-Type": kind})) == expected


def test_text_of_any_language_arrives(client: TestClient) -> None:
    query = "SELECT ('Zürich, Łódź, Αθήνα, 🏙 & +' AS ?x) {}"
    direct = client.post("/sparql", content=query.encode(), headers={"Content-Type": DIRECT})
    for response in (ask(client, query), client.post("/sparql", data={"query": query}), direct):
        assert response.json()["results"]["bindings"][0]["x"]["value"] == "Zürich, Łódź, Αθήνα, 🏙 & +"


@pytest.mark.parametrize("posted", [False, True])
def test_graphs_of_the_dataset(client: TestClient, small: solgraph.Knowledge, posted: bool) -> None:
    def count(query: str, **dataset: list[str]) -> int:
        params: dict[str, Any] = {name.replace("_", "-"): value for name, value in dataset.items()}
        if posted:
            response = client.post("/sparql", params=params, content=query, headers={"Content-Type": DIRECT})
        else:
            response = ask(client, query, params=params)
        return int(response.json()["results"]["bindings"][0]["n"]["value"])

    def size(*names: str) -> int:
        quads = (quad for name in names for quad in small.store.quads_for_pattern(None, None, None, NamedNode(name)))
        return len({quad.triple for quad in quads})

    first, second, *_ = [iri for iri in graphs(small.store) if iri.startswith(GRAPH)]
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(COUNT, default_graph_uri=[first]) == size(first)
    assert count(COUNT, default_graph_uri=[first, second]) == size(first, second)
    assert count(named, default_graph_uri=[first, second], named_graph_uri=[first]) == size(first)
    assert count(named, named_graph_uri=[first, second]) == size(first) + size(second)
    assert count(COUNT, named_graph_uri=[first]) == 0
    assert count(named, default_graph_uri=[first]) == 0
    every = list(graphs(small.store))
    merge = len(list(small.store.quads_for_pattern(None, None, None, DefaultGraph())))
    assert count(COUNT, default_graph_uri=every) == merge  # a triple of two graphs is counted once


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("iri", ["http://127.0.0.1:1/x.ttl", "file:///etc/passwd", "no iri at all"])
def test_graphs_that_are_not_loaded_are_refused(client: TestClient, name: str, iri: str) -> None:
    details = problem(ask(client, COUNT, params={name: iri}), 403)["detail"]
    assert iri in details and name in details


# Forms of answers


def ways(form: Form[Any]) -> list[dict[str, Any]]:
    """To ask for a form by header, by name and by media type."""
    names = ({"format": form.name}, {"format": form.media_types[0]})
    return [{"headers": {"Accept": form.media_types[0]}}, *({"params": params} for params in names)]


@pytest.mark.parametrize("form", SPARQL_ROWS, ids=lambda form: form.name)
def test_rows_in_every_form(client: TestClient, form: Form[Any], expected: list[str]) -> None:
    for way in ways(form):
        response = ask(client, CITIES, **way)
        assert response.headers["content-type"].partition(";")[0] == form.media_types[0]
        if form.name == "csv":
            rows = [row["city"] for row in csv.DictReader(io.StringIO(response.text))]
        else:
            results_format = QueryResultsFormat.from_media_type(form.media_types[0])
            rows = [row["city"].value for row in pyoxigraph.parse_query_results(response.content, results_format)]
        assert rows == expected
    assert "true" in ask(client, "ASK {}", params={"format": form.name}).text


def test_rows_as_a_workbook_with_the_names_of_things(client: TestClient, small: solgraph.Knowledge) -> None:
    response = ask(client, CITIES, params={"format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_name("Answer").to_python()
    assert rows[:2] == [["city"], ["Ardea"]]
    assert "Yes or no" in problem(ask(client, "ASK {}", params={"format": "xlsx"}), 406)["detail"]
    with TestClient(application(small, timeout=30, rows=2)) as few:
        assert "at most 2 rows" in problem(ask(few, CITIES, params={"format": "xlsx"}), 422)["detail"]


@pytest.mark.parametrize("form", RDF, ids=lambda form: form.name)
def test_triples_in_every_form(client: TestClient, small: solgraph.Knowledge, form: Form[Any]) -> None:
    query = "CONSTRUCT WHERE { ?s skos:prefLabel ?o }"
    for way in ways(form):
        response = ask(client, query, **way)
        assert response.headers["content-type"].partition(";")[0] == form.media_types[0]
        quads = pyoxigraph.parse(response.content, RdfFormat.from_media_type(form.media_types[0]))
        assert {quad.triple for quad in quads} == set(small.sparql(query).triples)


@pytest.mark.parametrize(
    ("query", "format", "forms"), [(CITIES, "trig", SPARQL_ANSWERS), ("DESCRIBE city:ardea", "csv", RDF)]
)
def test_a_form_for_another_kind_of_query(client: TestClient, query: str, format: str, forms: Any) -> None:
    details = problem(ask(client, query, params={"format": format}), 406)
    assert [offer["format"] for offer in details["offers"]] == [form.name for form in forms]


# What is wrong, and what is refused


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * { ?s ?p }", 1, 19),
        ("SELECT *\n{ ?s ?p ?o", 2, 12),
        ("SELECT * {\n  ?s nope:x ?o }", 2, 11),
    ],
)
def test_what_is_not_sparql(client: TestClient, query: str, line: int, column: int) -> None:
    details = problem(ask(client, query), 400)
    assert details["line"] == line and abs(details["column"] - column) <= 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * FROM <http://127.0.0.1:1/x.ttl> { ?s ?p ?o }",
        "SELECT * FROM NAMED <file:///etc/passwd> { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { city:ardea a city:ardea }",
    ],
)
def test_what_reaches_outside_or_changes_data(client: TestClient, query: str) -> None:
    problem(client.post("/sparql", data={"query": query}), 403)


def test_an_unknown_function(client: TestClient) -> None:
    assert "cannot be answered" in problem(ask(client, "ASK { FILTER(<urn:f>(1)) }"), 400)["detail"]


@pytest.mark.parametrize(
    ("status", "method", "params", "kind", "body"),
    [
        pytest.param(400, "GET", "query=ASK{}&query=SELECT*{}", "", b"", id="two queries"),
        pytest.param(400, "POST", "query=ASK{}", FORM, b"query=ASK{}", id="a query in both places"),
        pytest.param(400, "GET", "query=%20%0A", "", b"", id="blank"),
        pytest.param(400, "POST", "", FORM, b"other=1", id="a form without query"),
        pytest.param(400, "POST", "", DIRECT, b"", id="empty body"),
        pytest.param(400, "POST", "", DIRECT, "ASK { ?x ?y 'é' }".encode("latin-1"), id="not UTF-8"),
        pytest.param(400, "GET", "query=ASK%20%7B%7D%FF", "", b"", id="not UTF-8 in the address"),
        pytest.param(400, "GET", "query=no+query+at+all", "", b"", id="no SPARQL"),
        pytest.param(400, "POST", "", FORM, b"&".join([b"a=b"] * 2000), id="too many parameters"),
        pytest.param(403, "POST", "", FORM, b"update=DROP+ALL", id="update in a form"),
        pytest.param(403, "GET", "update=DROP+ALL", "", b"", id="update in the address"),
        pytest.param(403, "POST", "", "application/sparql-update", b"DROP ALL", id="update as the body"),
        pytest.param(413, "POST", "", DIRECT, b"ASK {} #" + b"x" * MAX_BYTES, id="too long"),
        pytest.param(415, "POST", "", "text/plain", b"ASK {}", id="wrong type"),
        pytest.param(415, "POST", "", "", b"ASK {}", id="no type"),
        pytest.param(415, "POST", "", f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16"), id="UTF-16"),
    ],
)
def test_requests_that_are_no_queries(  # noqa: PLR0917
    client: TestClient, status: int, method: str, params: str, kind: str, body: bytes
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    problem(client.request(method, f"/sparql?{params}", content=body, headers=headers), status)


def test_a_long_query_below_the_limit_is_answered(client: TestClient) -> None:
    query = f"ASK {{ VALUES ?x {{ {'1 ' * 100_000} }} }}"
    assert client.post("/sparql", data={"query": query}).json()["boolean"] is True


# What the service says about itself


def description(response: Any) -> pyoxigraph.Store:
    assert response.status_code == 200, response.text
    store = pyoxigraph.Store()
    store.load(response.content, RdfFormat.from_media_type(response.headers["content-type"]), to_graph=DefaultGraph())
    return store


def objects(store: pyoxigraph.Store, predicate: str) -> list[str]:
    return [quad.object.value for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None)]


def test_the_service_describes_itself(client: TestClient, small: solgraph.Knowledge) -> None:
    store = description(client.get("/sparql", headers={"Accept": "text/turtle"}))
    assert objects(store, f"{SD}endpoint") == objects(store, f"{VOID}sparqlEndpoint") == ["http://testserver/sparql"]
    formats = objects(store, f"{SD}resultFormat")
    assert len(formats) == len(SPARQL_ROWS) + len(RDF)
    names = ("SPARQL_Results_JSON", "SPARQL_Results_CSV", "RDF_XML", "N-Quads", "JSON-LD", "Turtle")
    assert {f"http://www.w3.org/ns/formats/{name}" for name in names} <= set(formats)
    counts = {
        row["name"].value: int(row["n"].value)
        for row in store.query(f"SELECT * {{ ?g <{SD}name> ?name ; <{SD}graph>/<{VOID}triples> ?n }}")  # type: ignore[union-attr]
    }
    for name in graphs(small.store):
        assert counts.pop(name) == len(list(small.store.quads_for_pattern(None, None, None, NamedNode(name))))
    assert not counts


def test_the_form_of_the_description(client: TestClient) -> None:
    for form in RDF:
        response = client.get("/sparql", headers={"Accept": form.media_types[0]})
        assert response.headers["content-type"].partition(";")[0] == form.media_types[0]
        assert len(description(response)) > 20
    assert client.get("/sparql").headers["content-type"] == "text/turtle; charset=utf-8"
    page = client.get("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8" and "<textarea" in page.text


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_a_browser_gets_the_editor_with_the_query_and_a_client_the_results(client: TestClient) -> None:
    query = "SELECT ?city { ?city a sg:City } LIMIT 3 # <&>"
    page = ask(client, query, headers={"Accept": BROWSER})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "LIMIT 3 # &lt;&amp;&gt;</textarea>" in page.text
    assert "Accept" in page.headers["vary"].replace("Accept-Language", "").split(", ")
    assert ask(client, query, headers={"Accept": "text/html"}).status_code == 200
    for accept in ("*/*", "application/json, text/html;q=0.5", "application/sparql-results+xml"):
        assert "html" not in ask(client, query, headers={"Accept": accept}).headers["content-type"]
    named = ask(client, query, params={"format": "csv"}, headers={"Accept": BROWSER})
    assert named.headers["content-type"].startswith("text/csv")
    posted = client.post("/sparql", data={"query": query}, headers={"Accept": BROWSER})
    assert posted.headers["content-type"].startswith("application/xml")


def test_the_columns_of_a_star_are_in_the_order_of_the_query(client: TestClient) -> None:
    assert ask(client, "SELECT * { ?s ?p ?o } LIMIT 1").json()["head"]["vars"] == ["s", "p", "o"]


@pytest.mark.parametrize(
    "query", ["SELECT * {" + "OPTIONAL { ?s ?p ?o } " * 600 + "}", "ASK " + "{" * 2000 + "}" * 2000]
)
def test_a_query_that_is_too_large_is_no_forbidden_one(client: TestClient, query: str) -> None:
    details = problem(ask(client, query), 400)
    assert "too many clauses" in details["detail"] and "500 clauses" in details["hint"]


PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "data.example.org", "X-Forwarded-Prefix": "/cities"}


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://testserver/sparql"),
        ({"forwarded": True}, "https://data.example.org/cities/sparql"),
        ({"base_url": "https://example.org/x/"}, "https://example.org/x/sparql"),
    ],
    ids=["headers of a proxy are not believed", "unless switched on", "or the address is given"],
)
def test_the_address_under_which_it_is_served(small: solgraph.Knowledge, settings: Any, address: str) -> None:
    with TestClient(application(small, **settings)) as client:
        assert objects(description(client.get("/sparql", headers=PROXY)), f"{SD}endpoint") == [address]


# Limits


def test_a_hog_and_too_long_an_answer(small: solgraph.Knowledge) -> None:
    with TestClient(application(small, timeout=20, memory=64, answer_bytes=50_000)) as client:
        hog = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
        assert "64 megabytes" in problem(ask(client, hog), 503)["detail"]
        details = problem(ask(client, "SELECT * { ?s ?p ?o }"), 422)
        assert details["title"] == "Answer too large" and "LIMIT and OFFSET" in details["hint"]
        assert ask(client, "SELECT * { ?s ?p ?o } LIMIT 100").status_code == 200


def test_an_endless_query_delays_nobody_and_is_ended(small: solgraph.Knowledge) -> None:
    with (
        running(application(small, timeout=3)) as address,
        ThreadPoolExecutor() as threads,
        httpx.Client(timeout=60) as http,
    ):
        url = f"{address}/sparql"
        heavy = [threads.submit(httpx.get, url, params={"query": f"{ENDLESS}#{n}"}, timeout=60) for n in range(3)]
        answered = 0
        while not any(task.done() for task in heavy):
            assert http.get(url, params={"query": f"SELECT ({answered} AS ?x) {{}}"}).status_code == 200
            answered += 1
        assert answered > 3
        assert [task.result().status_code for task in heavy] == [504] * 3
        assert "longer than 3 s" in problem(heavy[0].result(), 504)["detail"]


def test_a_full_queue(small: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST", 1)
    app = application(small, timeout=2, workers=1, waiting=0)
    with running(app) as address, ThreadPoolExecutor() as threads:
        heavy = threads.submit(httpx.get, f"{address}/sparql", params={"query": ENDLESS}, timeout=60)
        assert eventually(lambda: app.state.pool.busy)
        response = httpx.get(f"{address}/sparql", params={"query": "ASK { ?s ?p ?o }"}, timeout=60)
        problem(response, 429)
        assert int(response.headers["retry-after"]) >= 1
        assert heavy.result().status_code == 504


# Clients on a real socket


@pytest.fixture(scope="module")
def url(small: solgraph.Knowledge) -> Iterator[str]:
    with running(application(small)) as address:
        yield f"{address}/sparql"


def connection(url: str, text: str) -> socket.socket:
    """A connection on which a request was sent, whose answer was not read."""
    address = httpx.URL(url)
    connected = socket.create_connection((address.host, address.port or 80), timeout=60)
    connected.sendall(text.encode())
    return connected


def eventually(holds: Any, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(holds())


def test_the_query_of_a_client_that_hangs_up_is_ended(small: solgraph.Knowledge) -> None:
    app = application(small, timeout=30)
    with running(app) as address:
        query = httpx.QueryParams({"query": ENDLESS})
        with connection(address, f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n"):
            assert eventually(lambda: app.state.pool.busy)
        assert eventually(lambda: not app.state.pool.busy)
        assert httpx.get(f"{address}/sparql", params={"query": CITIES}).status_code == 200


def test_a_client_that_sends_half_a_query(url: str) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {DIRECT}\r\nContent-Length: 100\r\n\r\nASK"
    with connection(url, head):
        assert httpx.get(url, params={"query": CITIES}).status_code == 200
    assert httpx.get(url, params={"query": CITIES}).status_code == 200


def test_a_slow_client_holds_no_worker(small: solgraph.Knowledge) -> None:
    app = application(small, workers=1)
    with running(app) as address:
        query = httpx.QueryParams({"query": "SELECT * { ?s ?p ?o . ?a sg:startDate ?c } LIMIT 50000"})
        get = f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        with connection(address, get) as slow:
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
            assert not app.state.pool.busy
            assert httpx.get(f"{address}/sparql", params={"query": "ASK { ?s ?p 1 }"}).status_code == 200
            size = 0
            while part := slow.recv(65536):
                size += len(part)
            assert size > 5_000_000


def test_curl(url: str, expected: list[str]) -> None:
    needs("curl")

    def curl(*args: str) -> str:
        return subprocess.run(
            [needs("curl"), "-sS", *args], capture_output=True, text=True, timeout=120, check=True
        ).stdout

    assert curl("-H", "Accept: text/csv", "--data-urlencode", f"query={CITIES}", url).split()[1:] == expected
    assert curl("-G", "--data-urlencode", "query=ASK {}", "-d", "format=csv", url) == "true"
    refused = curl("-i", "--data-urlencode", "query=SELECT * {", url).replace("\r\n", "\n")
    assert refused.startswith("HTTP/1.1 400")
    assert "The query is not valid SPARQL, error at 1:11.\n  1 | SELECT * {\n" in refused


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_return_format_of_sparqlwrapper(url: str, method: str, expected: list[str]) -> None:
    from SPARQLWrapper import JSON, SPARQLWrapper, Wrapper

    triples = {"turtle": "text/turtle", "n3": "text/turtle", "rdf": "text/turtle", "rdf+xml": "application/rdf+xml"}
    triples |= {"xml": "application/rdf+xml", "json-ld": "application/ld+json"}
    rows = {"xml": "application/sparql-results+xml", "csv": "text/csv", "tsv": "text/tab-separated-values"}
    queries = {f"PREFIX sg: <https://w3id.org/solgraph/ns#> {CITIES}": rows, "ASK {}": rows}
    queries |= dict.fromkeys(("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "DESCRIBE <http://x/none>"), triples)
    client = SPARQLWrapper(url)
    client.setMethod(method)
    for query, media_types in queries.items():
        for format in Wrapper._allowedFormats:
            client.setQuery(query)
            client.setReturnFormat(format)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of formats that do not fit the kind of query
                result = client.query()
            usual = "text/turtle" if media_types is triples else "application/sparql-results+json"
            assert result.info()["content-type"].partition(";")[0] == media_types.get(format, usual), (query, format)
            result.response.read()
    client.setQuery(next(iter(queries)))
    client.setReturnFormat(JSON)
    found = client.queryAndConvert()
    assert [row["city"]["value"] for row in found["results"]["bindings"]] == expected


def test_solgraph_asks_itself(url: str, small: solgraph.Knowledge) -> None:
    there = solgraph.open(endpoint=url)
    assert there.query("networks-of-city", city="Ardea").terms == small.query("networks-of-city", city="Ardea").terms
    with pytest.raises(QueryError):
        there.sparql("SELECT * { ?s ?p }")


_SCRIPT = """
import ParsingClient from 'sparql-http-client/ParsingClient.js'
const [endpointUrl, query] = process.argv.slice(2)
for (const operation of ['get', 'postUrlencoded', 'postDirect']) {
  const rows = await new ParsingClient({ endpointUrl }).query.select(query, { operation })
  console.log(JSON.stringify(rows.map(row => row.city.value)))
}
const triples = await new ParsingClient({ endpointUrl }).query.construct('CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5')
console.log(triples.size)
"""


def test_a_client_in_javascript(url: str, tmp_path: Path, expected: list[str]) -> None:
    (tmp_path / "ask.mjs").write_text(_SCRIPT)
    folder = needs_packages("sparql-http-client", {"sparql-http-client": "^3.0.0"})
    (tmp_path / "node_modules").symlink_to(folder / "node_modules")
    command = [needs("node"), "ask.mjs", url, f"PREFIX sg: <https://w3id.org/solgraph/ns#> {CITIES}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    *rows, triples = map(json.loads, done.stdout.splitlines())
    assert rows == [expected] * 3
    assert triples == 5
