"""Compare grlc with solgraph: ``python tests/interchange/run_grlc.py`` (needs PyPI; takes about a minute).

Installs grlc and the Oxigraph server into an environment of its own in a temporary folder, loads the shipped graph
into the server, serves ``queries/`` as it stands, and asks both grlc and solgraph.

Everything listens on 127.0.0.1 only and is stopped at the end.

Exit code 0 when all answers agree.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

import solgraph
from solgraph.queries.catalogue import catalogue
from solgraph.rdf.namespaces import ID, VOCAB
from solgraph.resources import QUERIES

PACKAGES = ("grlc", "setuptools<81", "oxigraph")
CASES: list[tuple[str, dict[str, str]]] = [
    ("networks-of-city", {"city": f"{ID}city/berlin"}),
    ("networks-of-city", {"city": f"{ID}city/berlin", "year": "2018"}),
    ("mayors-in-year", {"year": "2016"}),
    ("alliances", {"by": "city"}),
    ("busiest-actors", {"least": "3"}),
    ("initiatives", {"kind": f"{VOCAB}programme-kind/welcome-centre"}),
    ("contents", {}),
    ("everything-about-city", {"city": f"{ID}city/palermo"}),
]
ACCEPT = {"CONSTRUCT": "application/n-triples"}


def main() -> int:
    """Run everything in a temporary folder; how many answers differ decides the exit code."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scripts = _environment(folder / "env")
        listable = [saved for saved in catalogue(QUERIES) if saved.form in ("SELECT", "CONSTRUCT")]
        with _oxigraph(scripts, folder) as endpoint, _grlc(scripts, folder / "grlc", QUERIES, endpoint) as grlc:
            click.echo(f"grlc lists {_listed(grlc)} of {len(listable)} queries\n")
            return int(bool(len(listable) - _listed(grlc) + _differences(grlc)))


def _environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "-q", *PACKAGES], check=True, stderr=subprocess.DEVNULL)
    freeze = [scripts / "python", "-m", "pip", "list", "--format=freeze"]
    listed = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout.split()
    click.echo(", ".join(one for one in listed if one.startswith(("grlc=", "oxigraph=", "rdflib=", "Flask="))))
    return scripts


@contextmanager
def _serving(command: list[Any], folder: Path, url: str) -> Iterator[None]:
    """A server that runs for as long as it is needed, its output in a file of the folder."""
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
        try:
            _wait(url, process, folder)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(url: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    for _ in range(300):
        try:
            _ask(url)
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer:\n{(folder / 'output.txt').read_text()}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _oxigraph(scripts: Path, folder: Path) -> Iterator[str]:
    """The Oxigraph server with the shipped graph, by the address of its SPARQL endpoint."""
    address = f"127.0.0.1:{_free_port()}"
    command = [scripts / "oxigraph", "serve", "--location", folder / "store", "--bind", address]
    with _serving(command, folder, f"http://{address}/"):
        quads = solgraph.open().store.dump(format=RdfFormat.N_QUADS)
        _ask(f"http://{address}/store", quads, {"Content-Type": "application/n-quads"})
        yield f"http://{address}/query"


@contextmanager
def _grlc(scripts: Path, folder: Path, queries: Path, endpoint: str) -> Iterator[str]:
    """The server of grlc in local mode (its own start script listens on all interfaces, so flask starts it)."""
    folder.mkdir()
    config = f"[defaults]\nsparql_endpoint = {endpoint}\n[local]\nlocal_sparql_dir = {queries}\n"
    (folder / "config.ini").write_text(config)
    port = _free_port()
    command = [scripts / "python", "-m", "flask", "--app", "grlc.server", "run", "--host", "127.0.0.1"]
    with _serving([*command, "--port", str(port)], folder, f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}/api-local"


def _ask(url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, data, headers or {}), timeout=120) as reply:
        return bytes(reply.read())


def _listed(grlc: str) -> int:
    return len(json.loads(_ask(f"{grlc}/swagger"))["paths"])


def _differences(grlc: str) -> int:
    """Print one line for each question, and count those that grlc answers otherwise than solgraph."""
    knowledge, differing = solgraph.open(), 0
    click.echo(f"{'query':<24}{'solgraph':>9}{'grlc':>7}  same  parameters")
    for name, values in CASES:
        ours, theirs = _ours(knowledge, name, values), _theirs(grlc, name, values)
        differing += ours != theirs
        shown = ", ".join(f"{key}={value.removeprefix(ID)}" for key, value in values.items())
        click.echo(f"{name:<24}{len(ours):>9}{len(theirs):>7}  {'yes' if ours == theirs else 'NO ':<4}  {shown}")
    click.echo(f"\n{len(CASES) - differing} of {len(CASES)} answers are equal.")
    return differing


def _ours(knowledge: solgraph.Knowledge, name: str, values: dict[str, str]) -> list[str]:
    """The rows in their order, or the triples sorted; the yes or no of an ASK as one row."""
    answer = knowledge.query(name, **values)
    if answer.boolean is not None:
        return [str((pyoxigraph.Literal(answer.boolean),))]
    rows = [str(row) for row in answer.terms]
    return rows if answer.form == "SELECT" else sorted(rows)


def _theirs(grlc: str, name: str, values: dict[str, str]) -> list[str]:
    """The same of grlc. Its status is 200 also when the endpoint refuses a query: then parsing fails."""
    form = _form(name)
    accept = ACCEPT.get(form, "application/sparql-results+json")
    try:
        body = _ask(f"{grlc}/{name}?{urllib.parse.urlencode(values)}", headers={"Accept": accept})
        if form in ACCEPT:
            triples = pyoxigraph.parse(body, format=RdfFormat.N_TRIPLES)
            return sorted({str((one.subject, one.predicate, one.object)) for one in triples})
        return [str(tuple(row)) for row in pyoxigraph.parse_query_results(body, QueryResultsFormat.JSON)]
    except (urllib.error.HTTPError, SyntaxError) as error:
        return [f"{type(error).__name__}: {error}"]


def _form(name: str) -> str:
    return next(saved.form for saved in catalogue(QUERIES) if saved.name == name)


if __name__ == "__main__":
    raise SystemExit(main())
