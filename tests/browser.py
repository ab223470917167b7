"""For the tests: the served graph as a program of its own, plain requests to it, and a real browser."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from programs import needs, needs_packages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class Reply(NamedTuple):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    text: str


class Served:
    """A running ``solgraph serve``: its address, the sentence it said, and what it logged so far."""

    def __init__(self, process: "subprocess.Popen[str]", said: str, log: Path) -> None:
        self.process, self.said, self._log = process, said, log
        self.url = said.partition("/ serves ")[0]

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def ask(self, path: str, method: str = "GET", timeout: float = 60, **headers: str) -> Reply:
        """One request on a connection of its own; headers with _ for -."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, path, headers={name.replace("_", "-"): one for name, one in headers.items()})
            answer = connection.getresponse()
            told = {name.lower(): one for name, one in answer.getheaders()}
            return Reply(answer.status, told, answer.read().decode("utf-8", "replace"))

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal to the server and its workers, as Ctrl-C in a terminal does; gives the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(60)


#: Questions are not made ready, which takes seconds in which tests ask other things: who asks one waits.
SERVE = """
from solgraph.web import server
server._FIRST_PAGES = 3600
from solgraph.__main__ import main
main()
"""


@contextlib.contextmanager
def served(*args: str | Path, **environment: str) -> Iterator[Served]:
    """Start ``solgraph serve`` on a free port."""
    command = [sys.executable, "-c", SERVE, "serve", "--port", "0", *map(str, args)]
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            env={**os.environ, **environment},
        )
        assert process.stdout
        try:
            said = process.stdout.readline()
            assert said, Path(log.name).read_text()
            yield Served(process, said.rstrip("\n"), Path(log.name))
        finally:
            process.terminate()
            process.wait(60)
            process.stdout.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextlib.contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """A web host that knows nothing but files."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium, driven by Playwright."""
    program = needs("chromium", "chromium-browser", "google-chrome")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def axe() -> str:
    """The source of axe-core, which finds what keeps people with disabilities out."""
    folder = needs_packages("axe", {"axe-core": "^4.10"})
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(page: "Page", source: str, *rules: str) -> list[tuple[str, list[str]]]:
    """What axe-core finds: the rule, and the first elements that break it."""
    page.evaluate(source)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = page.evaluate("options => axe.run(document, options)", options)
    assert found["passes"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]][:3]) for rule in found["violations"]]


def children(pid: int) -> list[int]:
    """The processes below a process, read from /proc."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields: Any = stat.read_text().rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    below = parents.get(pid, [])
    return [pid for child in below for pid in (child, *_below(child, parents))]


def wait_until_busy(process: "subprocess.Popen[Any]", seconds: float = 1.0) -> None:
    """Wait until a program and what it started have used the processor for so long: it is past its imports then."""
    while process.poll() is None and sum(map(_processor_time, [process.pid, *children(process.pid)])) < seconds:
        time.sleep(0.05)


def _processor_time(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _below(pid: int, parents: Mapping[int, list[int]]) -> Iterator[int]:
    for child in parents.get(pid, []):
        yield child
        yield from _below(child, parents)
