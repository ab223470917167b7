"""What is answered once is answered again from what was kept, and nothing is mixed up by it."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from solgraph.web.kept import MOST_OF_ONE, Kept

calls: list[str] = []


def answer(request: Request) -> Response:
    calls.append(request.url.path)
    told = f"{request.url} {request.headers.get('accept-language')} {request.cookies}"
    what = request.query_params.get("what")
    if what == "streamed":
        return StreamingResponse(iter(["one", "two"]))
    headers = {"Cache-Control": "no-store"} if what == "changing" else {"X-Told": "yes"}
    text = "x" * MOST_OF_ONE if what == "large" else f"{told} {'long ' * 300}"
    return PlainTextResponse(text, 404 if what == "missing" else 200, headers)


@pytest.fixture
def client() -> Iterator[TestClient]:
    calls.clear()
    middleware = [Middleware(Kept), Middleware(GZipMiddleware)]
    route = Route("/{path:path}", answer, methods=["GET", "HEAD", "POST"])
    with TestClient(Starlette(routes=[route], middleware=middleware)) as client:
        yield client


def test_the_same_request_gets_the_same_answer_without_asking_again(client: TestClient) -> None:
    first, again = client.get("/a"), client.get("/a")
    assert (first.text, first.headers) == (again.text, again.headers)
    assert again.headers["x-told"] == "yes"
    assert again.headers["content-encoding"] == "gzip"
    assert calls == ["/a"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "text/turtle"},
        {"Accept-Language": "pl"},
        {"Accept-Encoding": "identity"},
        {"Cookie": "lang=de"},
        {"Host": "elsewhere.example.org"},
        {"X-Forwarded-Prefix": "/graph"},
    ],
)
def test_a_request_that_says_something_else_is_asked(client: TestClient, headers: dict[str, str]) -> None:
    plain, other = client.get("/a"), client.get("/a", headers=headers)
    assert calls == ["/a", "/a"]
    assert client.get("/a", headers=headers).text == other.text
    assert client.get("/a").text == plain.text
    assert len(calls) == 2


@pytest.mark.parametrize("what", ["changing", "large", "missing", "streamed"])
def test_what_changes_is_large_missing_or_streamed_is_asked_each_time(client: TestClient, what: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    texts = {client.get("/a", params={"what": what}, headers=plain).text for _ in range(3)}
    assert len(calls) == 3
    assert len(texts) == 1


@pytest.mark.parametrize("headers", [{"If-None-Match": "x"}, {"Range": "bytes=0-1"}, {"Authorization": "Bearer x"}])
def test_a_request_with_a_condition_is_asked_each_time(client: TestClient, headers: dict[str, str]) -> None:
    for _ in range(2):
        client.get("/a", headers=headers)
    assert len(calls) == 2


def test_only_get_is_kept(client: TestClient) -> None:
    client.get("/a")
    assert client.head("/a").text == ""
    client.post("/a", content=b"one")
    client.post("/a", content=b"two")
    assert len(calls) == 4


def test_the_one_not_asked_for_longest_makes_room() -> None:
    kept = Kept(Starlette(routes=[Route("/{path:path}", answer)]), most=6000)
    calls.clear()
    client = TestClient(kept)
    for path in ("/a", "/b", "/a", "/c"):
        client.get(path)
    assert kept.size <= 6000
    calls.clear()
    client.get("/a")
    assert calls == []
    client.get("/b")
    assert calls == ["/b"]
