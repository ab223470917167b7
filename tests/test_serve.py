"""``solgraph serve``: how it starts and stops, loads data anew, and stands what clients do to it."""

import asyncio
import logging
import os
import re
import shutil
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import Result
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import solgraph
from browser import Served, children, served
from conftest import SMALL
from solgraph.cli import web_commands
from solgraph.errors import DataError
from solgraph.graph import snapshot
from solgraph.rdf import store
from solgraph.web import server as serving
from solgraph.web.server import Lines, Server, Serving
from solgraph.web.settings import Settings

NEW = "<https://w3id.org/solgraph/id/city/newtown> a <https://w3id.org/solgraph/ns#City> .\n"
ASK = "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the small graph, to be changed."""
    return Path(shutil.copytree(SMALL, tmp_path / "data"))


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A server that several tests share."""
    with served("--data", SMALL) as running:
        yield running


def wait_for(true: Callable[[], Any], seconds: float = 60) -> Any:
    """What ``true`` gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


# Starting and stopping


def test_it_says_the_address_and_how_to_stop(server: Served) -> None:
    sentence = (
        r"http://127\.0\.0\.1:\d+/ serves [\d,]+ triples and \d+ saved queries, read in \d\.\d s\. Ctrl-C stops it\."
    )
    assert re.fullmatch(sentence, server.said)
    assert server.ask("/").status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_no_process(number: int) -> None:
    with served("--data", SMALL) as running:
        assert running.ask(ASK, accept="application/sparql-results+json").status == 200
        below = children(running.process.pid)
        assert below
        assert running.stop(number) == 0
        assert running.log == ""
        assert wait_for(lambda: not any(map(is_there, below)))


def test_an_address_in_use_is_a_sentence(server: Served, run: Callable[..., Result]) -> None:
    port = str(urlsplit(server.url).port)
    told = run("serve", "--port", port, "--data", str(SMALL))
    assert told.exit_code == 2
    assert told.output == (
        f"Error: http://127.0.0.1:{port}/ cannot be served: address already in use.\n"
        "Choose another --host or --port; --port 0 takes a free one.\n"
    )


def test_a_host_that_is_none_is_a_sentence(run: Callable[..., Result]) -> None:
    told = run("serve", "--host", "host.invalid", "--data", str(SMALL))
    assert told.exit_code == 2
    assert told.output.startswith("Error: http://host.invalid:8000/ cannot be served: ")


def test_broken_data_are_not_served(data: Path, run: Callable[..., Result]) -> None:
    (data / "new.ttl").write_text("\nbroken .\n")
    told = run("serve", "--port", "0", "--data", str(data))
    assert told.exit_code == 1
    assert f"{data}/new.ttl:2:1: " in told.output


def test_a_broken_saved_query_is_not_served(tmp_path: Path, run: Callable[..., Result]) -> None:
    (tmp_path / "mine.rq").write_text("SELECT ?x { ?x a ?y }\n")
    told = run("--queries", str(tmp_path), "serve", "--port", "0", "--data", str(SMALL))
    assert told.exit_code == 1
    assert f"{tmp_path}/mine.rq" in told.output


@pytest.mark.parametrize("args", [["serve"], ["site", "out"]])
def test_without_the_extra_it_says_what_to_install(
    args: list[str], run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_commands, "find_spec", lambda name: None)
    told = run(*args)
    assert told.exit_code == 2
    assert "needs the extra 'web'.\nInstall it: pip install 'solgraph[web]'" in told.output


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org", "https://", "https://example.org/?a=b"])
def test_a_public_address_that_is_none_is_refused(url: str, run: Callable[..., Result]) -> None:
    told = run("serve", "--base-url", url)
    assert told.exit_code == 2
    assert "is not the address of a site" in told.output


def test_options_begin_as_the_settings_do() -> None:
    options = web_commands.serve.make_context("serve", []).params
    common = set(options) & set(Settings._fields)
    assert common == {"base_url", "forwarded", "timeout", "memory", "reload"}
    assert {name: options[name] for name in common} == {name: getattr(Settings(), name) for name in common}


# New data


def test_a_signal_loads_new_data_and_keeps_the_old_when_they_are_broken(data: Path) -> None:
    with served("--data", data) as running:
        before = running.ask("/dump.ttl").headers["etag"]
        assert running.ask("/doc/city/newtown.ttl").status == 404
        (data / "new.ttl").write_text("broken .\n")
        os.kill(running.process.pid, signal.SIGHUP)
        assert wait_for(lambda: "The old data stay" in running.log)
        assert f"{data}/new.ttl:1:1: " in running.log and running.log.count("\n") == 1
        assert running.ask("/dump.ttl").headers["etag"] == before
        (data / "new.ttl").write_text(NEW)
        os.kill(running.process.pid, signal.SIGHUP)
        assert wait_for(lambda: "Reloaded" in running.log)
        assert running.ask("/doc/city/newtown.ttl").status == 200
        assert running.ask("/dump.ttl").headers["etag"] != before
        assert "true" in running.ask(f"/sparql?query=ASK%7B{NEW.partition(' ')[0]}%20a%20%3Fclass%7D").text
        assert running.stop() == 0


def test_a_post_from_this_machine_loads_new_data_if_that_is_switched_on(data: Path) -> None:
    with served("--data", data, "--reload") as running:
        (data / "new.ttl").write_text(NEW)
        told = running.ask("/-/reload", "POST")
        assert told.status == 200 and "triples" in told.text
        assert running.ask("/doc/city/newtown.ttl").status == 200
        (data / "new.ttl").write_text("broken .\n")
        told = running.ask("/-/reload", "POST", accept="application/json")
        assert told.status == 500
        assert "The old data stay" in told.text and f"{data}/new.ttl:1:1: " in told.text
        assert running.ask("/doc/city/newtown.ttl").status == 200
        assert running.ask("/-/reload").status == 405


@pytest.mark.parametrize("header", ["origin", "x_forwarded_for", "via", "forwarded"])
def test_a_page_in_a_browser_or_somebody_behind_a_proxy_may_not_reload(header: str, reloading: Served) -> None:
    assert reloading.ask("/-/reload", "POST", **{header: "http://example.org"}).status == 403


@pytest.fixture(scope="module")
def reloading() -> Iterator[Served]:
    with served("--data", SMALL, "--reload") as running:
        yield running


def test_without_the_switch_nothing_reloads(server: Served) -> None:
    assert server.ask("/-/reload", "POST").status in (404, 405)
    assert server.log == ""


def test_with_a_token_only_the_token_reloads() -> None:
    with served("--data", SMALL, SOLGRAPH_RELOAD_TOKEN="sesame") as running:
        assert running.ask("/-/reload", "POST").status == 403
        assert running.ask("/-/reload", "POST", authorization="Bearer Sesam").status == 403
        assert running.ask("/-/reload", "POST", authorization="Bearer sésame".encode().decode("latin-1")).status == 403
        allowed = running.ask("/-/reload", "POST", authorization="Bearer sesame", x_forwarded_for="192.0.2.1")
        assert allowed.status == 200
        assert "sesame" not in running.log


# Under another address


def test_behind_a_proxy_links_begin_with_the_prefix() -> None:
    with served("--data", SMALL, "--base-url", "https://example.org/graph/") as running:
        assert running.said.endswith(", known as https://example.org/graph/. Ctrl-C stops it.")
        pages = [running.ask(path, accept="text/html").text for path in ("/graph/cities", "/cities")]
        links, others = (re.findall(r'(?:href|src)="(/[^"]*)"', page) for page in pages)
        assert links and all(link.startswith("/graph/") for link in (*links, *others))
        assets = [one for one in links if "/assets/" in one]
        assert assets and all(running.ask(one).status == 200 for one in assets)
        assert all(running.ask(one.removeprefix("/graph")).status == 200 for one in assets)
        assert "https://example.org/graph/doc/city/ardea" in running.ask("/doc/city/ardea.ttl").text


def test_headers_of_a_proxy_are_trusted_only_if_told_so(server: Served) -> None:
    headers = {"x_forwarded_prefix": "/graph", "x_forwarded_host": "example.org", "x_forwarded_proto": "https"}
    with served("--data", SMALL, "--forwarded") as running:
        assert 'href="/graph/explore"' in running.ask("/", accept="text/html", **headers).text
        assert "https://example.org/graph/" in running.ask("/doc/city/ardea.ttl", **headers).text
        odd = running.ask("/", accept="text/html", x_forwarded_prefix='//evil.example"')
        assert "evil" not in odd.text
    assert 'href="/explore"' in server.ask("/", accept="text/html", **headers).text


# The log


def test_accesses_are_logged_only_if_wanted(server: Served) -> None:
    server.ask("/cities")
    assert server.log == ""
    with served("--data", SMALL, "--access-log") as running:
        running.ask("/cities?a=%0Ab")
        assert wait_for(
            lambda: re.search(r'info: 127\.0\.0\.1:\d+ - "GET /cities\?a=%0Ab HTTP/1.1" 200\n', running.log)
        )


def test_an_error_is_one_line_with_its_place() -> None:
    try:
        raise KeyError("two\nlines\x1b[31m")
    except KeyError as error:
        happened = (KeyError, error, error.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "", 0, "GET %s", ("/a\nb",), happened)
    told = Lines().format(record)
    assert re.fullmatch(r"[-\d]+ [:\d]+ error: GET /a\\nb: KeyError: .*two.*lines.* \(test_serve\.py:\d+\)", told)
    assert told.isprintable()


# A small application, asked in this process


class Small:
    """Makes applications that tell in which generation they are, and notes when each ends."""

    def __init__(self) -> None:
        self.made, self.ended = 0, list[int]()
        self.go_on = asyncio.Event()
        self.fails: Exception | None = None

    def create(self, kg: solgraph.Knowledge, settings: Settings) -> Starlette:
        if self.fails:
            raise self.fails
        self.made += 1
        number = self.made

        async def slow(request: Request) -> PlainTextResponse:
            await self.go_on.wait()
            return PlainTextResponse(str(number))

        async def bug(request: Request) -> PlainTextResponse:
            raise ZeroDivisionError("a bug")

        @asynccontextmanager
        async def running(app: Starlette) -> AsyncIterator[None]:
            yield
            self.ended.append(number)

        return Starlette(routes=[Route("/slow", slow), Route("/bug", bug)], lifespan=running)


async def ask(server: Server, path: str) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    await server({"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}, receive, send)
    return sent


def test_a_request_under_way_is_answered_from_the_old_data(small: solgraph.Knowledge) -> None:
    async def scene() -> None:
        world = Small()
        server = Server(Serving(lambda: small, world.create, Settings()))
        await server.current.start()
        asked = asyncio.create_task(ask(server, "/slow"))
        await asyncio.sleep(0)
        await server.reload()
        assert (world.made, world.ended) == (2, [])
        world.go_on.set()
        assert (await asked)[1]["body"] == b"1"
        assert world.ended == [1]
        assert (await ask(server, "/slow"))[1]["body"] == b"2"
        world.fails = DataError("bad")
        with pytest.raises(DataError):
            await server.reload()
        assert (await ask(server, "/slow"))[1]["body"] == b"2"
        await server.current.end()
        assert world.ended == [1, 2]

    asyncio.run(scene())


def test_the_data_are_read_once_before_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bool] = []
    monkeypatch.setattr(
        snapshot, "load", lambda files, named=True: read.append(named) or store.load(files, named=named)
    )
    kg = solgraph.open(SMALL)
    Server(Serving(lambda: kg, Small().create, Settings()))
    kg.query("mayors-in-year", year=2014)  # asks named graphs
    assert read == [True]


def test_a_bug_is_an_answer_and_a_line_in_the_log(small: solgraph.Knowledge, caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        server = Server(Serving(lambda: small, Small().create, Settings()))
        assert (await ask(server, "/bug"))[0]["status"] == 500

    asyncio.run(scene())
    (record,) = caplog.records
    told = Lines().format(record)
    assert re.search(r"error: GET /bug: ZeroDivisionError: a bug \(test_serve\.py:\d+\)$", told)


def test_a_reload_that_fails_after_a_signal_is_a_line(
    small: solgraph.Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        world = Small()
        server = Server(Serving(lambda: small, world.create, Settings()))
        for world.fails in (DataError("bad", where="x.ttl:1:2"), OSError(5, "Input/output error")):
            await serving._reload_and_go_on(server)

    asyncio.run(scene())
    told = [Lines().format(record).partition("error: ")[2] for record in caplog.records]
    assert told[0] == "The old data stay: x.ttl:1:2: bad"
    assert told[1].startswith("The old data stay: OSError: [Errno 5] Input/output error (")


# What clients do


def connect(server: Served) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60)


def test_a_client_that_hangs_up_disturbs_nobody(server: Served) -> None:
    for path in ("/", "/dump.ttl", ASK, "/networks/alliances.graphml"):
        with connect(server) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert server.ask("/cities").status == 200
    assert server.log == ""


def test_slow_clients_do_not_keep_others_waiting(server: Served) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connect(server)).sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        for _ in range(5):
            reader = stack.enter_context(connect(server))  # asks for much and reads nothing
            reader.sendall(b"GET /dump.trig HTTP/1.1\r\nHost: x\r\n\r\n")
        began = time.monotonic()
        assert server.ask("/cities").status == 200
        assert time.monotonic() - began < 30
    assert server.log == ""


@pytest.mark.parametrize(
    "sent", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET " + b"/a" * 80_000]
)
def test_what_is_no_request_is_refused(sent: bytes, server: Served) -> None:
    with connect(server) as client:
        client.sendall(sent + b"\r\n\r\n")
        assert client.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.1 200"))
    assert server.ask("/cities").status == 200


def test_workers_that_are_killed_from_outside_are_replaced() -> None:
    with served("--data", SMALL) as running:
        for _ in range(2):
            assert running.ask(ASK).status == 200
            below = children(running.process.pid)
            for pid in below:
                os.kill(pid, signal.SIGKILL)
            assert wait_for(lambda: running.ask(ASK).status == 200)
        assert running.stop() == 0
