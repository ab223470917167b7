"""The SPARQL endpoint over HTTP: the protocol, forms of answers, errors, limits and real clients, on a real server."""

import asyncio
import csv
import gzip
import io
import json
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph
import pytest
from pyoxigraph import NamedNode, QueryResultsFormat, RdfFormat

import solgraph
from conftest import SMALL
from programs import needs, needs_packages
from servers import free_port
from solgraph.engines.sandbox import worker_pool as pools
from solgraph.errors import (
    DataError,
    EndpointError,
    MissingExtra,
    ParameterError,
    QueryError,
    Refused,
    SolgraphError,
    WrongUse,
)
from solgraph.rdf.namespaces import GRAPH
from solgraph.rdf.store import graphs
from solgraph.web.kept import Kept
from solgraph.web.negotiation import Offer, preferred
from solgraph.web.problems import Problem, from_error, problem_response
from solgraph.web.routes.sparql import MOST_BYTES, ROWS, TRIPLES, make_pool, routes
from solgraph.web.settings import Settings

starlette = pytest.importorskip("starlette")
uvicorn = pytest.importorskip("uvicorn")

from starlette.applications import Starlette  # noqa: E402
from starlette.exceptions import HTTPException  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.middleware.gzip import GZipMiddleware  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.responses import HTMLResponse  # noqa: E402

CITIES = "SELECT ?city { ?city a sg:City } ORDER BY ?city"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "solgraph-tests"


def application(settings: Settings) -> Starlette:
    """The endpoint by itself, as the application puts it together."""

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        async with make_pool(app.state.kg, settings) as app.state.pool:
            yield

    handlers = dict.fromkeys((Problem, SolgraphError, HTTPException), problem_response)
    middleware = [Middleware(Kept), Middleware(GZipMiddleware)]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=running)
    app.state.kg, app.state.settings = solgraph.open(SMALL), settings
    return app


@contextmanager
def served(settings: Settings = Settings(), **options: Any) -> Iterator[tuple[str, Starlette]]:  # noqa: B008
    """The endpoint on a free port of loopback: its address, and the application."""
    app = application(settings)
    port = free_port()
    config = uvicorn.Config(
        app, port=port, log_level="error", ws="none", proxy_headers=False, timeout_graceful_shutdown=1, **options
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}/sparql", app
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Starlette]]:
    with served(Settings(timeout=5)) as both:
        yield both


@pytest.fixture
def url(server: tuple[str, Starlette]) -> str:
    return server[0]


@pytest.fixture
def app(server: tuple[str, Starlette]) -> Starlette:
    return server[1]


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, headers={"User-Agent": "test"}) as client:
        yield client


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """The problem details of a response, which is an error of that status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["access-control-allow-origin"] == "*"
    told: dict[str, Any] = response.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


# Asking


def expected_cities() -> list[str]:
    return [row.city for row in solgraph.open(SMALL).sparql(CITIES)]


def cities(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [row["city"]["value"] for row in response.json()["results"]["bindings"]]


def test_a_query_in_the_address(http: httpx.Client, url: str) -> None:
    response = http.get(url, params={"query": CITIES})
    assert cities(response) == expected_cities()
    assert response.headers["content-type"] == "application/sparql-results+json"


def test_a_query_in_a_form(http: httpx.Client, url: str) -> None:
    assert cities(http.post(url, data={"query": CITIES})) == expected_cities()


def test_a_query_as_the_body(http: httpx.Client, url: str) -> None:
    for kind in ("application/sparql-query", "application/sparql-query; charset=UTF-8", "Application/SPARQL-Query"):
        assert cities(http.post(url, content=CITIES, headers={"Content-Type": kind})) == expected_cities()


def test_text_of_any_language_arrives(http: httpx.Client, url: str) -> None:
    query = "SELECT ('Zürich, Łódź, Αθήνα, 🏙 & +' AS ?x) {}"
    asked = [
        http.get(url, params={"query": query}),
        http.post(url, data={"query": query}),
        http.post(url, content=query.encode(), headers={"Content-Type": "application/sparql-query"}),
    ]
    for response in asked:
        assert response.json()["results"]["bindings"][0]["x"]["value"] == "Zürich, Łódź, Αθήνα, 🏙 & +"


def test_the_prefixes_of_the_data_are_known(http: httpx.Client, url: str) -> None:
    assert http.get(url, params={"query": "ASK { ?city a sg:City }"}).json()["boolean"] is True


@pytest.mark.parametrize("form", ["ASK { ?s ?p ?o }", CITIES, "CONSTRUCT WHERE { ?s a ?o }", "DESCRIBE city:ardea"])
def test_all_forms_of_queries(http: httpx.Client, url: str, form: str) -> None:
    assert http.get(url, params={"query": form}).status_code == 200


@pytest.mark.parametrize("posted", [False, True])
def test_graphs_of_the_dataset(http: httpx.Client, url: str, posted: bool) -> None:
    store = solgraph.open(SMALL).store

    def count(query: str, **dataset: list[str]) -> int:
        params: dict[str, Any] = {name.replace("_", "-"): value for name, value in dataset.items()}
        if posted:
            kind = {"Content-Type": "application/sparql-query"}
            response = http.post(url, params=params, content=query, headers=kind)
        else:
            response = http.get(url, params={"query": query, **params})
        return int(response.json()["results"]["bindings"][0]["n"]["value"])

    def size(*names: str) -> int:
        return len({quad.triple for one in names for quad in store.quads_for_pattern(None, None, None, NamedNode(one))})

    one, two, *_ = [iri for iri in graphs(store) if iri.startswith(GRAPH)]
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(COUNT, default_graph_uri=[one]) == size(one)
    assert count(COUNT, default_graph_uri=[one, two]) == size(one, two)
    assert count(COUNT, default_graph_uri=[one, two], named_graph_uri=[one]) == size(one, two)
    assert count(named, default_graph_uri=[one, two], named_graph_uri=[one]) == size(one)
    assert count(named, named_graph_uri=[one, two]) == size(one) + size(two)
    assert count(COUNT, named_graph_uri=[one]) == 0
    assert count(named, default_graph_uri=[one]) == 0


def test_a_triple_of_two_graphs_is_counted_once(http: httpx.Client, url: str) -> None:
    store = solgraph.open(SMALL).store
    iris = list(graphs(store))
    response = http.get(url, params={"query": COUNT, "default-graph-uri": iris, "format": "csv"})
    assert int(response.text.split()[1]) == len(
        list(store.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph()))
    )


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("iri", ["http://127.0.0.1:1/x.ttl", "file:///etc/passwd", "no iri at all"])
def test_graphs_that_are_not_loaded_are_refused(http: httpx.Client, url: str, name: str, iri: str) -> None:
    told = problem(http.get(url, params={"query": COUNT, name: iri}), 403)
    assert iri in told["detail"]
    assert name in told["detail"]


# Forms of answers


@pytest.mark.parametrize("offer", ROWS, ids=lambda offer: offer.name)
@pytest.mark.parametrize("by", ["header", "name", "media type"])
def test_rows_in_every_format(http: httpx.Client, url: str, offer: Offer, by: str) -> None:
    params = {"query": CITIES} | (
        {} if by == "header" else {"format": offer.name if by == "name" else offer.media_type}
    )
    headers = {"Accept": offer.media_type} if by == "header" else {}
    response = http.get(url, params=params, headers=headers)
    assert response.headers["content-type"].partition(";")[0] == offer.media_type
    if offer.name == "csv":
        found = [row["city"] for row in csv.DictReader(io.StringIO(response.text))]
    else:
        solutions = pyoxigraph.parse_query_results(
            response.content, QueryResultsFormat.from_media_type(offer.media_type)
        )
        found = [solution["city"].value for solution in solutions]
    assert found == expected_cities()


@pytest.mark.parametrize("offer", TRIPLES, ids=lambda offer: offer.name)
@pytest.mark.parametrize("by", ["header", "name", "media type"])
def test_triples_in_every_format(http: httpx.Client, url: str, offer: Offer, by: str) -> None:
    query = "CONSTRUCT WHERE { ?s skos:prefLabel ?o }"
    params = {"query": query} | ({} if by == "header" else {"format": offer.name if by == "name" else offer.media_type})
    headers = {"Accept": offer.media_type} if by == "header" else {}
    response = http.get(url, params=params, headers=headers)
    assert response.headers["content-type"].partition(";")[0] == offer.media_type
    found = {quad.triple for quad in pyoxigraph.parse(response.content, RdfFormat.from_media_type(offer.media_type))}
    assert found == set(solgraph.open(SMALL).sparql(query).triples)


def test_the_count_of_formats() -> None:
    assert (len(ROWS), len(TRIPLES)) == (4, 6)


@pytest.mark.parametrize(
    ("format", "content"),
    [("json", '"boolean":true'), ("xml", "<boolean>true</boolean>"), ("csv", "true"), ("tsv", "true")],
)
def test_yes_or_no_in_every_format(http: httpx.Client, url: str, format: str, content: str) -> None:
    assert content in http.get(url, params={"query": "ASK {}", "format": format}).text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.8", "application/sparql-results+xml"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.4, */*;q=0", "text/csv"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        (
            "application/*;q=0.1, application/sparql-results+xml;q=0, application/sparql-results+json;q=0",
            "application/json",
        ),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;header=present;q=0.9, application/json;q=0.8", "text/csv"),
        ("text/turtle, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/xml"),
        ("nonsense, text/csv", "text/csv"),
        ("application/json;q=many, text/csv;q=0.1", "text/csv"),
    ],
)
def test_the_preferred_form(http: httpx.Client, url: str, accept: str | None, media_type: str) -> None:
    request = http.build_request("GET", url, params={"query": "SELECT ?x {}"})
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    response = http.send(request)
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert "Accept" in response.headers["vary"]


def test_a_named_format_wins_over_the_header(http: httpx.Client, url: str) -> None:
    response = http.get(url, params={"query": CITIES, "format": "csv"}, headers={"Accept": "application/json"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    response = http.post(url, data={"query": CITIES, "format": "tsv"}, headers={"Accept": "application/json"})
    assert response.headers["content-type"] == "text/tab-separated-values; charset=utf-8"


def test_a_plus_in_a_media_type_may_be_left_as_it_is(http: httpx.Client, url: str) -> None:
    response = http.get(f"{url}?query=ASK%7B%7D&format=application/sparql-results+xml")
    assert response.headers["content-type"] == "application/sparql-results+xml"


@pytest.mark.parametrize("asked", [{"headers": {"Accept": "image/png"}}, {"params": {"format": "png"}}])
def test_nothing_acceptable_lists_what_there_is(http: httpx.Client, url: str, asked: dict[str, Any]) -> None:
    params = {"query": CITIES, **asked.get("params", {})}
    told = problem(http.get(url, params=params, headers=asked.get("headers")), 406)
    assert {"csv", "turtle"} <= {one["format"] for one in told["offers"]}
    assert "text/csv" in told["detail"]


@pytest.mark.parametrize(
    ("query", "format", "offers"), [(CITIES, "trig", ROWS), ("DESCRIBE city:ardea", "csv", TRIPLES)]
)
def test_a_form_for_another_kind_of_query(
    http: httpx.Client, url: str, query: str, format: str, offers: tuple[Offer, ...]
) -> None:
    told = problem(http.get(url, params={"query": query, "format": format}), 406)
    assert [one["format"] for one in told["offers"]] == [one.name for one in offers]


def request_with(query: str = "", **headers: str) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "query_string": query.encode(), "headers": raw, "path": "/"})


def test_the_first_offer_is_for_those_who_do_not_care() -> None:
    offers = [Offer("a", "text/a"), Offer("b", "text/b")]
    assert preferred(request_with(), offers).name == "a"
    assert preferred(request_with(accept="text/b"), offers).name == "b"
    assert preferred(request_with("format=b", accept="text/a"), offers).name == "b"
    with pytest.raises(Problem, match="Not Acceptable"):
        preferred(request_with(accept="text/c"), offers)


# The methods, and other origins


@pytest.mark.parametrize("query", [CITIES, "SELECT * { ?s ?p ?o }"])
def test_head_has_the_headers_and_no_body(http: httpx.Client, url: str, query: str) -> None:
    for encoding in ("identity", "gzip"):
        got, head = (
            http.request(method, url, params={"query": query}, headers={"Accept-Encoding": encoding})
            for method in ("GET", "HEAD")
        )
        assert head.status_code == 200
        assert head.content == b""
        # How a body is cut into pieces is no matter of one that is not sent.
        headers = [{**one.headers, "date": "", "transfer-encoding": ""} for one in (got, head)]
        assert headers[0] == headers[1]


def test_head_of_an_error(http: httpx.Client, url: str) -> None:
    response = http.head(url, params={"query": "SELECT"})
    assert (response.status_code, response.content) == (400, b"")


def test_options_and_preflight(http: httpx.Client, url: str) -> None:
    asking = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    response = http.options(url, headers=asking)
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "POST" in response.headers["access-control-allow-methods"]
    assert "Content-Type" in response.headers["access-control-allow-headers"]


def test_other_origins_may_read_answers(http: httpx.Client, url: str) -> None:
    for _ in range(2):
        response = http.get(url, params={"query": CITIES}, headers={"Origin": "https://example.org"})
        assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(http: httpx.Client, url: str, method: str) -> None:
    response = http.request(method, url)
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(re.split(r",\s*", response.headers["allow"]))


def test_gzip_on_short_long_and_kept_answers(http: httpx.Client, url: str) -> None:
    for query in ("SELECT * { ?s ?p ?o } LIMIT 50", "SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
        plain = http.get(url, params={"query": query}, headers={"Accept-Encoding": "identity"}).content
        for encoding in ("gzip", "identity", "gzip"):
            request = http.build_request("GET", url, params={"query": query}, headers={"Accept-Encoding": encoding})
            response = http.send(request, stream=True)
            raw = b"".join(response.iter_raw())
            assert ("content-encoding" in response.headers) == (encoding == "gzip")
            assert (gzip.decompress(raw) if encoding == "gzip" else raw) == plain


def test_an_answer_is_kept_and_the_form_is_not_mixed_up(
    http: httpx.Client, url: str, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT ('kept' AS ?x) {}"
    first = http.get(url, params={"query": query})
    with monkeypatch.context() as patched:
        patched.setattr(app.state.pool, "ask", None)
        assert http.get(url, params={"query": query}).content == first.content
    assert http.get(url, params={"query": query}, headers={"Accept": "text/csv"}).text == "x\r\nkept\r\n"
    assert http.post(url, data={"query": query}).content == first.content


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "UUID()", "struuid()"])
def test_what_changes_is_asked_each_time(http: httpx.Client, url: str, function: str) -> None:
    query = {"query": f"SELECT ({function} AS ?x) {{}}"}
    assert http.get(url, params=query).text != (time.sleep(0.01), http.get(url, params=query).text)[1]


# What is wrong, and what is refused


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT * { ?s ?p }", 1, 19),
        ("SELECT *\n{ ?s ?p ?o", 2, 12),
        ("SELECT * {\n  ?s nope:x ?o }", 2, 11),
    ],
)
def test_what_is_not_sparql(http: httpx.Client, url: str, query: str, line: int, column: int) -> None:
    told = problem(http.get(url, params={"query": query}), 400)
    assert told["line"] == line
    assert abs(told["column"] - column) <= 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * FROM <http://127.0.0.1:1/x.ttl> { ?s ?p ?o }",
        "SELECT * FROM NAMED <file:///etc/passwd> { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { city:ardea a city:ardea }",
        "DROP ALL",
    ],
)
def test_what_reaches_outside_or_changes_data(http: httpx.Client, url: str, query: str) -> None:
    problem(http.post(url, data={"query": query}), 403)


def test_an_unknown_function(http: httpx.Client, url: str) -> None:
    assert "cannot be answered" in problem(http.get(url, params={"query": "ASK { FILTER(<urn:f>(1)) }"}), 400)["detail"]


DIRECT, FORM = "application/sparql-query", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("status", "method", "params", "kind", "body"),
    [
        pytest.param(400, "GET", "query=ASK{}&query=SELECT*{}", "", b"", id="two queries"),
        pytest.param(400, "POST", "query=ASK{}", FORM, b"query=ASK{}", id="a query in both places"),
        pytest.param(400, "POST", "query=ASK{}", DIRECT, b"ASK {}", id="a query in both places, direct"),
        pytest.param(400, "GET", "query=", "", b"", id="empty"),
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
        pytest.param(413, "POST", "", DIRECT, b"ASK {} #" + b"x" * MOST_BYTES, id="too long"),
        pytest.param(413, "POST", "", FORM, b"query=" + b"x" * MOST_BYTES, id="too long a form"),
        pytest.param(415, "POST", "", "text/plain", b"ASK {}", id="wrong type"),
        pytest.param(415, "POST", "", "", b"ASK {}", id="no type"),
        pytest.param(415, "POST", "", "multipart/form-data; boundary=x", b"ASK {}", id="multipart"),
        pytest.param(415, "POST", "", f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16"), id="UTF-16"),
    ],
)
def test_requests_that_are_no_queries(  # noqa: PLR0917
    http: httpx.Client, url: str, status: int, method: str, params: str, kind: str, body: bytes
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    problem(http.request(method, f"{url}?{params}", content=body, headers=headers), status)


def test_a_long_query_below_the_limit_is_answered(http: httpx.Client, url: str) -> None:
    query = f"ASK {{ VALUES ?x {{ {'1 ' * 100_000} }} }}"
    assert http.post(url, data={"query": query}).json()["boolean"] is True


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"User-Agent": "curl/8.5.0", "Accept": "*/*"}, "text/plain; charset=utf-8"),
        ({"User-Agent": "Wget/1.21", "Accept": "*/*"}, "text/plain; charset=utf-8"),
        ({"User-Agent": "curl/8.5.0", "Accept": "application/json"}, "application/problem+json"),
        ({"User-Agent": "x", "Accept": "text/plain, */*;q=0.1"}, "text/plain; charset=utf-8"),
        ({"User-Agent": "x", "Accept": "text/html, */*;q=0.8"}, "text/html; charset=utf-8"),
        ({"User-Agent": "x", "Accept": "*/*"}, "application/problem+json"),
        ({"User-Agent": "x", "Accept": "text/csv"}, "application/problem+json"),
    ],
)
def test_an_error_in_the_form_that_fits(http: httpx.Client, url: str, headers: dict[str, str], kind: str) -> None:
    response = http.get(url, params={"query": "SELECT * { <script> }"}, headers=headers)
    assert response.status_code == 400
    assert response.headers["content-type"] == kind
    assert "not valid SPARQL" in response.text
    assert "<script>" not in response.text or "html" not in kind


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ParameterError("x"), 400),
        (WrongUse("x"), 400),
        (MissingExtra("x", "web"), 501),
        (QueryError("x"), 400),
        (Refused("SERVICE (line 3) is refused: x"), 403),
        (DataError("x"), 500),
        (EndpointError("x"), 502),
    ],
)
def test_errors_of_the_library_as_problems(error: Exception, status: int) -> None:
    assert isinstance(error, solgraph.SolgraphError)
    assert from_error(error).status == status


def test_the_place_of_a_refusal_and_the_next_step() -> None:
    told = from_error(QueryError("SERVICE (line 3) is refused: x", hint="Do y.", where="a.rq:1"))
    assert told.members == {"hint": "Do y.", "line": 3}
    assert told.detail == "a.rq:1: SERVICE (line 3) is refused: x"


def answer_to(error: Exception, app: Starlette | None = None, **headers: str) -> Any:
    request = request_with(**headers)
    request.scope["app"] = app or Starlette()
    return asyncio.run(problem_response(request, error))


def test_a_page_of_the_application_for_errors() -> None:
    app = Starlette()
    app.state.problem_page = lambda _, told: HTMLResponse(f"<p>{told.detail}", told.status)
    response = answer_to(Problem(404, detail="Nobody."), app, accept="text/html")
    assert (response.status_code, response.body) == (404, b"<p>Nobody.")
    assert answer_to(Problem(404, detail="Nobody."), app).media_type == "application/problem+json"


def test_errors_that_nobody_expected_tell_nothing_of_themselves() -> None:
    told = json.loads(answer_to(RuntimeError("secret")).body)
    assert told["status"] == 500
    assert "secret" not in str(told)


def test_errors_of_starlette_and_of_the_library() -> None:
    assert json.loads(answer_to(HTTPException(404)).body) == {"title": "Not Found", "status": 404}
    assert json.loads(answer_to(WrongUse("No.", hint="Do.")).body)["hint"] == "Do."


# What the service says about itself


def described(response: httpx.Response) -> pyoxigraph.Store:
    assert response.status_code == 200, response.text
    store = pyoxigraph.Store()
    store.load(response.content, RdfFormat.from_media_type(response.headers["content-type"]))
    return store


def objects(store: pyoxigraph.Store, predicate: str) -> list[str]:
    return [quad.object.value for quad in store.quads_for_pattern(None, NamedNode(predicate), None, None)]


@pytest.mark.parametrize("offer", TRIPLES, ids=lambda offer: offer.name)
def test_the_service_describes_itself(http: httpx.Client, url: str, offer: Offer) -> None:
    store = described(http.get(url, headers={"Accept": offer.media_type}))
    assert objects(store, f"{SD}endpoint") == objects(store, f"{VOID}sparqlEndpoint") == [url]
    assert len(objects(store, f"{SD}resultFormat")) == len(ROWS) + len(TRIPLES)
    small = solgraph.open(SMALL).store
    assert sorted(objects(store, f"{SD}name")) == list(graphs(small))
    counts = {
        row["name"].value: int(row["n"].value)
        for row in store.query(f"SELECT * {{ ?g <{SD}name> ?name ; <{SD}graph>/<{VOID}triples> ?n }}")  # type: ignore[union-attr]
    }
    for name in graphs(small):
        assert counts[name] == len(list(small.quads_for_pattern(None, None, None, NamedNode(name))))


def test_the_description_in_turtle_is_the_default(http: httpx.Client, url: str) -> None:
    for headers in ({}, {"Accept": "text/html"}, {"Accept": "*/*"}):
        assert http.get(url, headers=headers).headers["content-type"] == "text/turtle; charset=utf-8"
    response = http.get(url, params={"format": "nt"})
    assert response.headers["content-type"].partition(";")[0] == "application/n-triples"


def test_a_page_for_browsers(http: httpx.Client, url: str, app: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    async def later(_: Request) -> HTMLResponse:
        return HTMLResponse("<title>later")

    at_once = (lambda _: HTMLResponse("<title>editor"), "<title>editor", "text/html,*/*;q=0.8")
    for editor, text, accept in (at_once, (later, "<title>later", "text/html,*/*;q=0.7")):
        monkeypatch.setitem(app.state._state, "editor", editor)
        response = http.get(url, headers={"Accept": accept})
        assert (response.text, response.headers["vary"]) == (text, "Accept")
        assert http.get(url).headers["content-type"] == "text/turtle; charset=utf-8"


PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "data.example.org", "X-Forwarded-Prefix": "/cities"}


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(), None),
        (Settings(forwarded=True), "https://data.example.org/cities/sparql"),
        (Settings(base_url="https://example.org/x/"), "https://example.org/x/sparql"),
    ],
    ids=["headers of a proxy are not believed", "unless switched on", "or the address is given"],
)
def test_the_address_under_which_it_is_served(http: httpx.Client, settings: Settings, address: str | None) -> None:
    with served(settings) as (url, _):
        assert objects(described(http.get(url, headers=PROXY)), f"{SD}endpoint") == [address or url]


# Limits and faults


def test_an_endless_query_delays_nobody_and_is_ended(http: httpx.Client) -> None:
    with served(Settings(timeout=1)) as (url, _), ThreadPoolExecutor() as threads:
        heavy = [threads.submit(httpx.get, url, params={"query": f"{ENDLESS}#{n}"}, timeout=20) for n in range(3)]
        waited = []
        while not any(one.done() for one in heavy):
            began = time.monotonic()
            assert http.get(url, params={"query": f"SELECT ({len(waited)} AS ?x) {{}}"}).status_code == 200
            waited.append(time.monotonic() - began)
        assert len(waited) > 10
        assert sorted(waited)[len(waited) // 2] < 0.2
        assert [one.result().status_code for one in heavy] == [504] * 3
        assert "1 seconds" in problem(heavy[0].result(), 504)["detail"]


def test_a_hog_and_too_long_an_answer(http: httpx.Client) -> None:
    with served(Settings(timeout=20, memory=64, answer_bytes=50_000)) as (url, _):
        hog = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
        assert "64 megabytes" in problem(http.get(url, params={"query": hog}), 503)["detail"]
        too_large = problem(http.get(url, params={"query": "SELECT * { ?s ?p ?o }"}), 422)
        assert too_large["title"] == "Answer too large"
        assert "LIMIT and OFFSET" in too_large["hint"]
        assert http.get(url, params={"query": "SELECT * { ?s ?p ?o } LIMIT 100"}).status_code == 200


def test_a_full_queue(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST", 1)
    settings = Settings(timeout=2, workers=1, waiting=0)
    with served(settings) as (url, app), ThreadPoolExecutor() as threads:
        heavy = threads.submit(httpx.get, url, params={"query": ENDLESS}, timeout=20)
        while not app.state.pool.busy:
            time.sleep(0.01)
        response = http.get(url, params={"query": "ASK { ?s ?p ?o }"})
        problem(response, 429)
        assert int(response.headers["retry-after"]) >= 1
        assert heavy.result().status_code == 504
        assert http.get(url, params={"query": "ASK { ?s ?p ?o }"}).status_code == 200


def sent(url: str, text: str) -> socket.socket:
    """A connection on which a request was sent, whose answer was not read."""
    address = httpx.URL(url)
    connection = socket.create_connection((address.host, address.port or 80), timeout=10)
    connection.sendall(text.encode())
    return connection


def eventually(holds: Any, seconds: float = 4) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(holds())


def test_the_query_of_a_client_that_hangs_up_is_ended(http: httpx.Client) -> None:
    with served(Settings(timeout=30)) as (url, app):
        query = httpx.QueryParams({"query": ENDLESS})
        with sent(url, f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n"):
            assert eventually(lambda: app.state.pool.busy)
        assert eventually(lambda: not app.state.pool.busy)
        assert http.get(url, params={"query": CITIES}).status_code == 200


def test_a_client_that_sends_half_a_query(http: httpx.Client, url: str) -> None:
    head = (
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"
    )
    with sent(url, head):
        assert http.get(url, params={"query": CITIES}).status_code == 200
    assert http.get(url, params={"query": CITIES}).status_code == 200


def test_a_slow_client_holds_no_worker(http: httpx.Client) -> None:
    with served(Settings(workers=1)) as (url, app):
        query = httpx.QueryParams({"query": "SELECT * { ?s ?p ?o . ?a sg:startDate ?c }"})
        http.get(url, params={"query": COUNT})
        with sent(url, f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as slow:
            assert slow.recv(15) == b"HTTP/1.1 200 OK"
            assert not app.state.pool.busy
            assert http.get(url, params={"query": "ASK { ?s ?p 1 }"}).status_code == 200
            size = 0
            while part := slow.recv(65536):
                size += len(part)
            assert size > 5_000_000


def test_many_requests_at_once_and_no_growth(http: httpx.Client, url: str) -> None:
    def ask(number: int) -> int:
        return clients[number % 8].get(url, params={"query": f"SELECT ({number % 50} AS ?x) {{}}"}).status_code

    clients = [httpx.Client(timeout=30) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(400))) == {200}
    for client in clients:
        client.close()


# Real clients


def test_curl(url: str) -> None:
    def curl(*args: str) -> str:
        return subprocess.run(["curl", "-sS", *args], capture_output=True, text=True, timeout=30, check=True).stdout

    assert curl("-H", "Accept: text/csv", "--data-urlencode", f"query={CITIES}", url).split()[1:] == expected_cities()
    assert curl("-G", "--data-urlencode", "query=ASK {}", "-d", "format=csv", url) == "true"
    told = curl("-i", "--data-urlencode", "query=SELECT * {", url)
    assert told.startswith("HTTP/1.1 400")
    assert "The query is not valid SPARQL, error at 1:11.\n  1 | SELECT * {\n" in told.replace("\r\n", "\n")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("form", ["urlencoded", "postdirectly"])
def test_sparqlwrapper(url: str, method: str, form: str) -> None:
    from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

    client = SPARQLWrapper(url)
    client.setMethod(method)
    client.setRequestMethod(form)
    client.setQuery(f"PREFIX sg: <https://w3id.org/solgraph/ns#> {CITIES}")
    client.setReturnFormat(JSON)
    found = client.queryAndConvert()
    assert [row["city"]["value"] for row in found["results"]["bindings"]] == expected_cities()
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == len(expected_cities())
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode().split()[1:] == expected_cities()
    client.setQuery("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5")
    client.setReturnFormat(TURTLE)
    assert len(list(pyoxigraph.parse(client.queryAndConvert(), RdfFormat.TURTLE))) == 5


def test_solgraph_asks_itself(url: str) -> None:
    here, there = solgraph.open(SMALL), solgraph.open(endpoint=url)
    assert there.query("networks-of-city", city="Ardea").terms == here.query("networks-of-city", city="Ardea").terms
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


def test_a_client_in_javascript(url: str, tmp_path: Path) -> None:
    (tmp_path / "ask.mjs").write_text(_SCRIPT)
    folder = needs_packages("sparql-http-client", {"sparql-http-client": "^3.0.0"})
    (tmp_path / "node_modules").symlink_to(folder / "node_modules")
    command = [needs("node"), "ask.mjs", url, f"PREFIX sg: <https://w3id.org/solgraph/ns#> {CITIES}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    *rows, triples = map(json.loads, done.stdout.splitlines())
    assert rows == [expected_cities()] * 3
    assert triples == 5
