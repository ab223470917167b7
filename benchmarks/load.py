"""How much the SPARQL endpoint bears, beside ``oxigraph serve-read-only`` and rdflib-endpoint on the same data.

All in one run, in turn, on loopback: requests per second by wrk (Debian: ``apt-get install wrk``) as medians of three,
and their ratio to solgraph. "again" is the same request each time; "new" is another query
each time. Then a trivial query beside ten endless ones, and 10,000 requests, 50
at a time, with the memory before and after. rdflib-endpoint is installed in a virtual environment in the cache.

python benchmarks/load.py [--seconds 5] [--without-rdflib]
"""

import argparse
import contextlib
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import urlopen

import httpx
from pyoxigraph import DefaultGraph, RdfFormat

import solgraph
from solgraph.rdf.sparql_tokens import with_prefixes

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "solgraph-benchmarks"
PORT = 8470
TRIVIAL = "ASK {}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }"
# Another query each time: wrk asks its script for each request.
VARYING = """
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", PATH .. "?query=" .. string.gsub(QUERY, "NUMBER", tostring(n)))
end
"""


class Measured(NamedTuple):
    """One measurement of wrk: requests per second, the 99th percentile in milliseconds, and errors."""

    rate: float
    p99: float
    errors: int


@contextlib.contextmanager
def running(command: Sequence[str], address: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from when it answers."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urlopen(f"{address}?{urlencode({'query': TRIVIAL})}", timeout=5).close()
                break
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def wrk(address: str, query: str, seconds: int, connections: int, folder: Path) -> Measured:
    """Ask for some seconds; ``NUMBER`` in the query is another number each time."""
    encoded = urlencode({"query": query}).removeprefix("query=")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "20s"]
    if "NUMBER" in query:
        script = folder / "varying.lua"
        path = "/" + address.split("/", 3)[3]
        script.write_text(f'PATH = "{path}"\nQUERY = "{encoded}"\n{VARYING}')
        command += ["-s", str(script), address]
    else:
        command += [f"{address}?query={encoded}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    errors = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", told)))
    errors += sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", told)))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]
    return Measured(rate, float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]] if p99 else 0, errors)


def servers(folder: Path, with_rdflib: bool) -> list[tuple[str, list[str], str]]:
    """Name, command and address of each server, on the same data."""
    solgraph.open().store.dump(str(folder / "all.nq"), RdfFormat.N_QUADS)
    oxigraph = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    subprocess.run(
        [oxigraph, "load", "--location", "store", "--file", "all.nq"], cwd=folder, check=True, capture_output=True
    )
    ours = [str(Path(sys.executable).with_name("solgraph")), "serve", "--port", str(PORT)]
    theirs = [oxigraph, "serve-read-only", "--location", "store", "--bind", f"127.0.0.1:{PORT + 1}"]
    every = [
        ("solgraph", ours, f"http://127.0.0.1:{PORT}/sparql"),
        ("oxigraph", theirs, f"http://127.0.0.1:{PORT + 1}/query"),
    ]
    if with_rdflib:
        merge = folder / "all.ttl"
        solgraph.open().store.dump(str(merge), RdfFormat.TURTLE, from_graph=DefaultGraph())
        serve = [str(rdflib_endpoint()), "serve", str(merge), "--port", str(PORT + 2)]
        every.append(("rdflib-endpoint", serve, f"http://127.0.0.1:{PORT + 2}/"))
    return every


def rdflib_endpoint() -> Path:
    """Its command, installed if need be."""
    venv = CACHE / "rdflib-endpoint"
    command = venv / "bin" / "rdflib-endpoint"
    if not command.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        wanted = ["rdflib-endpoint[web]", "uvicorn"]
        subprocess.run([str(venv / "bin" / "pip"), "install", "-q", *wanted], check=True)
    return command


def queries() -> list[tuple[str, str]]:
    """What is asked, by name."""
    saved = with_prefixes(solgraph.open().bound("networks-of-city", city="Bologna"))
    varied = f"{saved}\n# NUMBER"
    return [
        ("ASK {}, again", TRIVIAL),
        ("ASK {}, new", "ASK { BIND(NUMBER AS ?n) }"),
        ("saved query, again", saved),
        ("saved query, new", varied),
    ]


def throughput(every: Sequence[tuple[str, list[str], str]], seconds: int, folder: Path) -> None:
    """The table of requests per second: each server by itself, in turn, three times."""
    rates: dict[str, dict[str, list[Measured]]] = {what: {} for what, _ in queries()}
    for turn in range(3):
        for name, command, address in every:
            print(f"{turn + 1}/3 {name} …", file=sys.stderr, flush=True)
            with running(command, address, folder):
                for what, query in queries():
                    rates[what].setdefault(name, []).append(wrk(address, query, seconds, 20, folder))
    print(f"{'requests per second':24}" + "".join(f"{name:>18}" for name, *_ in every) + "   solgraph is")
    for what, found in rates.items():
        medians = {name: statistics.median(one.rate for one in some) for name, some in found.items()}
        errors = {name: sum(one.errors for one in some) for name, some in found.items()}
        cells = [f"{medians[name]:,.0f}" + (f" ({errors[name]} errors)" if errors[name] else "") for name in medians]
        ratios = [f"{medians['solgraph'] / medians[name]:.2f} × {name}" for name in medians if name != "solgraph"]
        print(f"{what:24}" + "".join(f"{cell:>18}" for cell in cells) + f"   {', '.join(ratios)}")


def beside_heavy(command: list[str], address: str, seconds: int, folder: Path) -> None:
    """A trivial query, another each time, while ten endless ones run."""
    with running(command, address, folder):
        for number in range(10):
            threading.Thread(target=_ask_endless, args=(address, number), daemon=True).start()
        time.sleep(0.3)
        found = wrk(address, "ASK { BIND(NUMBER AS ?n) }", seconds, 1, folder)
    print("\na trivial query, another each time, beside ten that run to their limit of 10 s: ", end="")
    print(f"p99 {found.p99:,.1f} ms, {found.rate:,.0f} a second, {found.errors} errors")


def _ask_endless(address: str, number: int) -> None:
    with contextlib.suppress(httpx.HTTPError):
        httpx.get(address, params={"query": f"{ENDLESS}#{number}"}, timeout=20)


def endurance(command: list[str], address: str, folder: Path) -> None:
    """10,000 requests, 50 at a time, half of them new; the memory of the server and its processes."""
    with running(command, address, folder) as process:
        _many(address, 1000)
        before = memory(process.pid)
        wrong = _many(address, 10_000)
        after = memory(process.pid)
    print(f"\n10,000 requests, 50 at a time: {wrong} errors; memory {before:.0f} MB before, {after:.0f} MB after")


def _many(address: str, count: int) -> int:
    def ask(start: int) -> int:
        with httpx.Client(timeout=30) as client:
            return sum(_is_answered(client, address, number) for number in range(start, count, 50))

    with ThreadPoolExecutor(50) as threads:
        return count - sum(threads.map(ask, range(50)))


def _is_answered(client: httpx.Client, address: str, number: int) -> bool:
    query = f"ASK {{ BIND({number} AS ?n) }}" if number % 2 else TRIVIAL
    with contextlib.suppress(httpx.HTTPError):
        return client.get(address, params={"query": query}).json()["boolean"] is True
    return False


def memory(pid: int) -> float:
    """Megabytes of a process and all below it, shared pages counted in parts."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = int(re.search(r"^Pss:\s+(\d+)", told, re.MULTILINE)[1]) / 1024  # type: ignore[index]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(memory(int(child)) for child in children)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=int, default=5, help="how long each measurement takes")
    parser.add_argument("--without-rdflib", action="store_true", help="leave rdflib-endpoint out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        every = servers(folder, not options.without_rdflib)
        throughput(every, options.seconds, folder)
        beside_heavy(every[0][1], every[0][2], options.seconds, folder)
        endurance(every[0][1], every[0][2], folder)


if __name__ == "__main__":
    main()
