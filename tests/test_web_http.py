"""How every address answers: headers, methods, validators, the form that fits, errors; the same on all routes."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

import solgraph
from conftest import SMALL
from solgraph.errors import DataError, EndpointError, MissingExtra, ParameterError, QueryError, Refused, WrongUse
from solgraph.formats.media import Form
from solgraph.web.http import ResponseCache, negotiate
from solgraph.web.libraries import library_address
from solgraph.web.problems import Problem, from_error, problem_response
from web import PAGE, application, client_of

#: Route → an address of it, for those with parameters.
ADDRESSES = {
    "/explore.{ending}": "/explore.csv",
    "/compare.{ending}": "/compare.csv?city=ardea&city=cadria",
    "/queries/{name}": "/queries/cities",
    "/queries/{name}.{ending}": "/queries/cities.csv",
    "/networks/{name}": "/networks/alliances",
    "/networks/{name}.{ending}": "/networks/alliances.gexf",
    "/networks/{name}/evidence": "/networks/memberships/evidence?ends=city:ardea&ends=network:harbours",
    "/networks/{name}/sketch.svg": "/networks/alliances/sketch.svg",
    "/networks/{name}/{figure}": "/networks/alliances/summary",
    "/networks/{name}/{figure}.{ending}": "/networks/alliances/measures.csv",
    "/preview/{language}/{kind}/{name}.png": "/preview/en/city/ardea.png",
    "/id/{name:path}": "/id/city/ardea",
    "/doc/{name:path}": "/doc/city/ardea",
    "/vocab/{name:path}": "/vocab/status/running",
    "/graph/{name}": "/graph/register",
    "/ns/{version}": "/ns/0.1.0-draft",
    "/shapes/{part}.{ending}": "/shapes/core.ttl",
    "/language/{code}": "/language/de",
    **{f"{root}/preview": f"{root}/preview?id=city/ardea" for root in ("/reconcile", "/reconcile/draft")},
    **{f"/{name}.{{ending}}": f"/{name}.ttl" for name in ("ns", "shapes", "catalog", "dump")},
    "/assets": "/assets/site.css",
    "/libraries": library_address("codemirror/codemirror.js"),
}

#: What takes a body alone.
POSTED = {"/mcp", "/reconcile/draft/match", "/reconcile/draft/extend"}


@pytest.fixture(scope="module")
def app(small: solgraph.Knowledge) -> Starlette:
    return application(small)


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False) as client:
        yield client


def test_every_route_answers_alike(app: Starlette, client: TestClient) -> None:
    paths = [ADDRESSES.get(route.path, route.path) for route in app.routes]  # type: ignore[attr-defined]
    assert len(paths) == len(app.routes) > 35 and not any("{" in path for path in paths)
    for path in paths:
        if path in POSTED:
            preflight = client.options(path)
            assert (preflight.status_code, preflight.headers["access-control-allow-methods"]) == (204, "POST, OPTIONS")
            continue
        got, head = client.get(path), client.head(path)
        assert got.status_code in (200, 303), path
        assert got.headers["access-control-allow-origin"] == "*", path
        assert (got.headers["x-content-type-options"], got.headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert (head.status_code, head.content, head.headers.get("etag")) == (
            got.status_code,
            b"",
            got.headers.get("etag"),
        )
        refused = client.put(path)
        assert refused.status_code == 405 and refused.headers["access-control-allow-origin"] == "*", path
        if got.status_code == 200:
            again = client.get(path, headers={"If-None-Match": f'"other", {got.headers["etag"]}'})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", got.headers["etag"]), path
            assert client.get(path, headers={"If-None-Match": '"other"'}).content == got.content
        if path.startswith(("/assets", "/libraries")):
            continue
        preflight = client.options(path)
        methods = "GET, HEAD, POST, OPTIONS" if path in ("/sparql", "/reconcile") else "GET, HEAD, OPTIONS"
        assert (preflight.status_code, preflight.headers["allow"]) == (204, methods)
        assert preflight.headers["access-control-allow-methods"] == methods
        assert "If-None-Match" in preflight.headers["access-control-allow-headers"]
        assert set(refused.headers["allow"].split(", ")) == set(methods.split(", "))


# The response cache


def test_a_saved_query_that_was_edited_is_answered_anew(small: solgraph.Knowledge, tmp_path: Path) -> None:
    mine = tmp_path / "mine.rq"
    mine.write_text("#+ summary: Mine\n#+ description: As it is now\n#+ tags: [own]\nSELECT (1 AS ?n) {}\n")
    with client_of(solgraph.open(SMALL, queries=tmp_path)) as client:
        assert "cache-control" not in client.get("/queries/mine").headers
        addresses = ("/queries/mine.csv", "/queries", "/editor", "/sparql", "/openapi.json")
        before = [client.get(address, headers=PAGE).text for address in addresses]
        mine.write_text("#+ summary: Edited\n#+ tags: [own]\nSELECT (22 AS ?n) {}\n")
        after = [client.get(address, headers=PAGE).text for address in addresses]
    assert (before[0], after[0]) == ("n\r\n1\r\n", "n\r\n22\r\n")
    for old, new in zip(before[1:], after[1:], strict=True):
        assert ("Mine" in old, "Mine" in new, "Edited" in new) == (True, False, True)


@pytest.mark.parametrize("function", ["NOW()", "rand()", "STRUUID ()", "STR(UUID())"])
def test_what_differs_each_time_is_asked_each_time(function: str, client: TestClient, tmp_path: Path) -> None:
    query = f"SELECT ({function} AS ?n) {{}}"
    first, second = (client.get("/sparql", params={"query": query}) for _ in "12")
    assert first.status_code == 200 and first.content != second.content
    (tmp_path / "mine.rq").write_text(f"#+ summary: Mine\n{query}\n")
    mine = client_of(solgraph.open(SMALL, queries=tmp_path))
    assert mine.get("/queries/mine.csv").content != mine.get("/queries/mine.csv").content


def test_the_same_request_is_answered_from_memory_and_another_is_not(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(app)
    first = client.get("/doc/city/ardea", headers=PAGE)
    monkeypatch.setattr(app.state, "page", lambda *_: Response("made anew"))
    assert client.get("/doc/city/ardea", headers=PAGE).text == first.text
    others: list[dict[str, Any]] = [
        {"headers": PAGE | {"accept-language": "pl"}},
        {"headers": PAGE | {"cookie": "lang=it"}},
        {"headers": PAGE | {"host": "example.org"}},
        {"headers": PAGE, "params": {"lang": "it"}},
        {"headers": {"accept": "application/xhtml+xml"}},
    ]
    assert {client.get("/doc/city/ardea", **other).text for other in others} == {"made anew"}


def test_the_response_cache_holds_so_many_bytes() -> None:
    responses = ResponseCache(100_000)
    for number in range(40):
        responses.add(number, Response(b"x" * 100, headers={"ETag": "1"}))
    responses.add(39, Response(b"again", headers={"ETag": "1"}))
    responses.add("large", Response(b"x" * 3000, headers={"ETag": "1"}))
    responses.add("error", Response(b"x", 404))
    assert [key for key in (*range(40), "large", "error") if responses.get(key)] == list(range(17, 40))


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/queries/cities", "/doc/city/ardea", "/networks/alliances"])
def test_a_form_that_does_not_exist_is_406_and_the_problem_lists_the_forms(client: TestClient, path: str) -> None:
    for found in (
        client.get(path, headers={"Accept": "image/x-none"}),
        client.get(f"{path}{'&' if '?' in path else '?'}format=none"),
    ):
        assert found.status_code == 406
        assert found.headers["content-type"] == "application/problem+json"
        assert {"csv"} <= {offer["format"] for offer in found.json()["offers"]}
        assert found.headers["x-content-type-options"] == "nosniff"


def test_an_ending_or_a_page_that_does_not_exist_is_404(client: TestClient) -> None:
    for path in ("/queries/cities.none", "/networks/alliances.none", "/ns.none", "/dump.none", "/none", "/doc/none"):
        found = client.get(path)
        assert (found.status_code, found.headers["content-type"]) == (404, "application/problem+json")
        assert found.headers["access-control-allow-origin"] == "*"
    page = client.get("/none", headers={"Accept": "text/html"})
    assert page.status_code == 404 and page.headers["content-type"].startswith("text/html")


def request_with(query: str = "", **headers: str) -> Request:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "query_string": query.encode(), "headers": raw, "path": "/"})


JSON = Form("json", ("json", "srj"), ("application/sparql-results+json", "application/json"), str)
FORMS = [JSON, Form("csv", ("csv",), ("text/csv",), str), Form("xml", ("xml",), ("application/x+xml", "text/xml"), str)]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/*", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.5, application/x+xml;q=0.8", "application/x+xml"),
        ("text/csv;q=0.5, application/x+xml;q=0.4, */*;q=0", "text/csv"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "text/csv"),
        ("application/*;q=0.1, application/x+xml;q=0, application/sparql-results+json;q=0", "application/json"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;header=present;q=0.9, application/json;q=0.8", "text/csv"),
        ("text/html, application/xhtml+xml, text/xml;q=0.9, */*;q=0.8", "text/xml"),
        ("nonsense, text/csv", "text/csv"),
        ("application/json;q=many, text/csv;q=0.1", "text/csv"),
    ],
)
def test_the_preferred_form(accept: str | None, media_type: str) -> None:
    request = request_with(**({} if accept is None else {"accept": accept}))
    assert negotiate(request, FORMS).media_type == media_type


def test_a_named_form_wins_over_the_header() -> None:
    for name, media_type in (
        ("csv", "text/csv"),
        ("srj", JSON.media_types[0]),
        ("text/xml", "text/xml"),
        ("application/sparql-results+json", JSON.media_types[0]),  # the + arrives as a space
    ):
        assert negotiate(request_with(f"format={name}", accept="text/csv"), FORMS).media_type == media_type
    assert negotiate(request_with("format=csv", accept="text/xml"), FORMS, "").media_type == "text/xml"


# Errors


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
def test_errors_of_the_library_as_problems(error: solgraph.SolgraphError, status: int) -> None:
    assert from_error(error).status == status


def test_the_place_of_a_refusal_and_the_next_step() -> None:
    problem = from_error(QueryError("SERVICE (line 3) is refused: x", hint="Do y.", where="a.rq:1"))
    assert problem.members == {"hint": "Do y.", "line": 3}
    assert problem.detail == "a.rq:1: SERVICE (line 3) is refused: x"


def answer_to(error: Exception, **headers: str) -> Any:
    request = request_with(**headers)
    request.scope["app"] = Starlette()
    return asyncio.run(problem_response(request, error))


def test_errors_of_others() -> None:
    unexpected = json.loads(answer_to(RuntimeError("secret")).body)
    assert unexpected["status"] == 500 and "secret" not in str(unexpected)
    assert json.loads(answer_to(HTTPException(404)).body) == {"title": "Not Found", "status": 404}
    assert json.loads(answer_to(WrongUse("No.", hint="Do.")).body)["hint"] == "Do."


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"user-agent": "curl/8.5.0", "accept": "*/*"}, "text/plain; charset=utf-8"),
        ({"user-agent": "curl/8.5.0", "accept": "application/json"}, "application/problem+json"),
        ({"user-agent": "x", "accept": "text/plain, */*;q=0.1"}, "text/plain; charset=utf-8"),
        ({"user-agent": "x", "accept": "*/*"}, "application/problem+json"),
        ({"user-agent": "x", "accept": "text/csv"}, "application/problem+json"),
    ],
)
def test_an_error_in_the_form_that_fits(headers: dict[str, str], kind: str) -> None:
    assert answer_to(Problem(400, detail="No."), **headers).headers["content-type"] == kind


def test_a_host_that_names_no_host_is_refused(small: solgraph.Knowledge) -> None:
    assert client_of(small).get("/doc/city/ardea.ttl", headers={"Host": 'x"><script>'}).status_code == 400
