"""Processes that hold a graph, by solgraph or by rdflib, and answer what they are asked; each can be killed."""

import resource
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

LIMIT = 60.0
LOADING_LIMIT = 1800.0


class Timed(NamedTuple):
    """Seconds that an answer took and its number of rows, or why there is none."""

    seconds: float
    rows: int
    missed: str = ""


TOO_SLOW = Timed(LIMIT, 0, f"over {LIMIT:.0f} s")
FAILED = Timed(LIMIT, 0, "failed")


class NoAnswer(Exception):
    """The process was stopped, or ended by itself, without an answer; ``args[0]`` is what to report."""


def solgraph_side(conn: Connection, files: list[tuple[Path, str]], folder: Path) -> None:
    """Open a folder with solgraph, tell the seconds, then answer."""
    import solgraph

    start = time.perf_counter()
    knowledge = solgraph.open(folder)
    knowledge.sparql("ASK {}")  # The files are loaded with the first query.
    conn.send(time.perf_counter() - start)
    answers: dict[str, Callable[..., Any]] = {
        "name graphs": lambda: len(knowledge.store),
        "bind": lambda name, values: knowledge.bound(name, **values),
        "ask": lambda query: _timed(lambda: len(knowledge.endpoint.ask(query))),
        "query": lambda name, values: _timed(lambda: len(knowledge.query(name, **values))),
        "peak": _peak,
    }
    _serve(conn, answers)


def rdflib_side(conn: Connection, files: list[tuple[Path, str]], folder: Path) -> None:
    """Parse files into rdflib's own store in memory, tell the seconds, then answer."""
    from rdflib import Dataset, Graph, URIRef

    graph, dataset = Graph(), Dataset()
    start = time.perf_counter()
    for path, _ in files:
        graph.parse(path)
    conn.send(time.perf_counter() - start)

    def name_graphs() -> int:
        if len(dataset):
            return len(dataset)
        for path, name in files:
            dataset.graph(URIRef(name)).parse(path)
        for triple in graph:
            dataset.add(triple)
        return len(dataset)

    def ask(query: str) -> int:
        return len(list((dataset if names_graphs(query) else graph).query(query)))

    _serve(conn, {"name graphs": name_graphs, "ask": lambda query: _timed(lambda: ask(query)), "peak": _peak})


def names_graphs(query: str) -> bool:
    """Whether a query asks named graphs; plain ones need only the merge of all."""
    return "GRAPH ?" in query


def _serve(conn: Connection, answers: dict[str, Callable[..., Any]]) -> None:
    while True:
        name, values = conn.recv()
        conn.send(answers[name](*values))


def _timed(ask: Callable[[], int]) -> Timed:
    start = time.perf_counter()
    rows = ask()
    return Timed(time.perf_counter() - start, rows)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class Worker:
    """One such process, started anew when it had to be killed."""

    def __init__(self, side: Callable[..., None], files: list[tuple[Path, str]], folder: Path) -> None:
        self._side, self._given = side, (files, folder)
        self.loading = self._start()

    def _start(self) -> float:
        context = get_context("spawn")
        self._conn, theirs = context.Pipe()
        self._process = context.Process(target=self._side, args=(theirs, *self._given), daemon=True)
        self._process.start()
        theirs.close()
        return float(self._received(LOADING_LIMIT))

    def ask(self, name: str, *values: Any, limit: float = LIMIT) -> Any:
        """The answer to one request. Raises :class:`NoAnswer`."""
        if not self._process.is_alive():
            self._start()
        self._conn.send((name, values))
        return self._received(limit)

    def timed(self, name: str, *values: Any) -> Timed:
        """The answer to a request that is timed, or why there is none."""
        try:
            return Timed(*self.ask(name, *values))
        except NoAnswer as error:
            return Timed(*error.args[0])

    def _received(self, limit: float) -> Any:
        try:
            if self._conn.poll(limit):
                return self._conn.recv()
        except EOFError as error:
            self.stop()
            raise NoAnswer(FAILED) from error
        self.stop()
        raise NoAnswer(TOO_SLOW)

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
