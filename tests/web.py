"""The whole application for tests: made once for a graph, called in this process."""

import gzip
import json
import re
import socket
import threading
import time
import warnings
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

pytest.importorskip("starlette")
pytest.importorskip("jinja2")

from starlette.applications import Starlette

import solgraph
from solgraph.web.app import create
from solgraph.web.settings import Settings
from solgraph.web.site import files as site

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have httpx2; both do
    from starlette.testclient import TestClient

PAGE = {"accept": "text/html"}
_LINK = re.compile(r'<link rel="(alternate|canonical)"(?: hreflang="([\w-]+)")? href="([^"]+)">')


def application(kg: solgraph.Knowledge, **settings: Any) -> Starlette:
    """The application on a graph, with settings of its own."""
    return create(kg, Settings(**settings))


def client_of(kg: solgraph.Knowledge, **settings: Any) -> TestClient:
    """A client of the application on a graph; without its SPARQL workers, and redirects are not followed."""
    return TestClient(application(kg, **settings), follow_redirects=False)


@contextmanager
def running(app: Starlette) -> Iterator[str]:
    """The application on a socket of loopback: its address."""
    uvicorn = pytest.importorskip("uvicorn")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def alternates(text: str) -> dict[str, str]:
    """What the head of a page names as its other languages, and as itself."""
    return {language or kind: where.replace("&amp;", "&") for kind, language, where in _LINK.findall(text)}


def locations(sitemap: str) -> list[str]:
    """The addresses in a sitemap."""
    return [element.text or "" for element in ElementTree.fromstring(sitemap).iter() if element.tag.endswith("}loc")]


def set_by(script: str) -> Any:
    """What a script of data sets its variable to; of a packed one in another language, what differs, and the words."""
    if not script.startswith("setPacked("):
        return json.loads(script.partition(" = ")[2].removesuffix(";\n"))
    packed = json.loads(f"[{script.removeprefix('setPacked(').removesuffix(');' + chr(10))}]")[1:]
    data = [json.loads(gzip.decompress(b64decode(text))) for text in packed]
    return data if len(data) > 1 else data[0]


def part_of_site(kg: solgraph.Knowledge, out: Path, read: str) -> Path:
    """The files of a site whose paths match; the whole site is made by others."""
    add = site.Crawl._await

    def await_(crawl: site.Crawl, address: site.Address, source: site.Address) -> None:
        if re.fullmatch(read, address.path):
            add(crawl, address, source)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(site.Crawl, "_await", await_)
        site.write(create, kg, Settings(), out)
    return out
