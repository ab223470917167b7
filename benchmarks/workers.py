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
    """Seconds that an answer took and its number of rows."""

    seconds: float
    rows: int


class TooSlow(Exception):
    """No answer within the limit; the process is gone."""


class Failed(Exception):
    """The process ended without an answer."""


def solgraph_side(conn: Connection, folder: Path) -> None:
    """Open a folder with solgraph, tell the seconds, then answer."""
    import solgraph

    start = time.perf_counter()
    knowledge = solgraph.open(folder)
    knowledge.sparql("ASK {}")  # The files are loaded with the first query.
    conn.send(time.perf_counter() - start)
    answers: dict[str, Callable[..., Any]] = {
        "bind": lambda name, values: knowledge.bound(name, **values),
        "ask": lambda query: _timed(lambda: len(knowledge.endpoint.ask(query))),
        "query": lambda name, values: _timed(lambda: len(knowledge.query(name, **values))),
        "peak": _peak,
    }
    _serve(conn, answers)


def rdflib_side(conn: Connection, paths: list[Path]) -> None:
    """Parse files into rdflib's own store in memory, tell the seconds, then answer."""
    from rdflib import Graph

    graph = Graph()
    start = time.perf_counter()
    for path in paths:
        graph.parse(path)
    conn.send(time.perf_counter() - start)
    _serve(conn, {"ask": lambda query: _timed(lambda: len(list(graph.query(query)))), "peak": _peak})


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

    def __init__(self, side: Callable[[Connection, Any], None], what: Path | list[Path]) -> None:
        self._side, self._what = side, what
        self.loading = self._start()

    def _start(self) -> float:
        context = get_context("spawn")
        self._conn, theirs = context.Pipe()
        self._process = context.Process(target=self._side, args=(theirs, self._what), daemon=True)
        self._process.start()
        theirs.close()
        return float(self._received(LOADING_LIMIT))

    def ask(self, name: str, *values: Any, limit: float = LIMIT) -> Any:
        """The answer to one request. Raises :class:`TooSlow` and :class:`Failed`."""
        if not self._process.is_alive():
            self._start()
        self._conn.send((name, values))
        return self._received(limit)

    def _received(self, limit: float) -> Any:
        try:
            if self._conn.poll(limit):
                return self._conn.recv()
        except EOFError as error:
            self.stop()
            raise Failed from error
        self.stop()
        raise TooSlow

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
