"""One graph asked by many threads, and graphs, answers, rows and errors that go from process to process."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, URIRef

import solgraph
from solgraph.graph import snapshot

SMALL = Path(__file__).parent / "small"
THREADS = 10
NAMED = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"

#: What threads and processes ask; each reads something that a graph keeps once it was asked for.
QUESTIONS: dict[str, Callable[[solgraph.Knowledge], Any]] = {
    "saved": lambda kg: kg.query("mayors", city="Ardea").to_dicts(),
    "named": lambda kg: kg.sparql(NAMED).to_dicts(),
    "find": lambda kg: kg.find("Ardea"),
    "search": lambda kg: kg.search("dorn").text(),
    "describe": lambda kg: kg.describe("Ardea").text(),
    "network": lambda kg: sorted(kg.network("alliances").edges),
    "dataset": lambda kg: len(kg.default_graph),
    "version": lambda kg: kg.snapshot.version,
}


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads take turns after a few steps, so that what they could spoil for each other is spoiled."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def at_once(*asks: Callable[[], Any]) -> list[Any]:
    """What functions give that as many threads call at the same moment."""
    barrier = threading.Barrier(len(asks))

    def ask(function: Callable[[], Any]) -> Any:
        barrier.wait()
        return function()

    with ThreadPoolExecutor(len(asks)) as threads:
        return list(threads.map(ask, asks))


@pytest.mark.parametrize("read", [lambda of: of.types, lambda of: of.passages, lambda of: of.label_index.names()])
def test_who_derives_something_never_waits_for_one_who_waits_for_him(read: Callable[[Any], Any]) -> None:
    kg = solgraph.open(SMALL)
    kg.sparql(NAMED)

    def derive() -> Any:
        """Let another thread begin the same reading while this one holds the lock."""
        other = threading.Thread(target=read, args=[kg.snapshot], daemon=True)
        other.start()
        other.join(0.2)
        return read(kg.snapshot)

    deriving = threading.Thread(target=lambda: kg.snapshot.cached("derived", derive), daemon=True)
    deriving.start()
    deriving.join(20)
    assert not deriving.is_alive()


@pytest.mark.usefixtures("switching")
def test_threads_that_ask_first_load_the_data_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    load = snapshot.load
    monkeypatch.setattr(snapshot, "load", lambda *args, **options: loads.append(options) or load(*args, **options))
    kg = solgraph.open(SMALL)
    at_once(*[lambda: kg.query("mayors", city="Ardea")] * THREADS)
    graphs = at_once(*[lambda: kg.graph] * THREADS)
    assert loads == [{"named": False}, {}]
    assert all(graph is kg.graph for graph in graphs)


@pytest.mark.usefixtures("switching")
def test_threads_that_ask_a_new_graph_different_things_get_what_one_gets(small: solgraph.Knowledge) -> None:
    expected = [ask(small) for ask in QUESTIONS.values()]
    kg = solgraph.open(SMALL)
    assert at_once(*[lambda ask=ask: ask(kg) for ask in QUESTIONS.values()] * 2) == expected * 2


def test_an_edit_is_refused_in_every_thread() -> None:
    kg = solgraph.open(SMALL)

    def edit() -> str:
        with pytest.raises(solgraph.WrongUse, match=r"read-only.*\n.*add=PATH") as caught:
            kg.default_graph.add((URIRef("urn:new"), RDF.type, URIRef("urn:T")))
        return str(caught.value)

    assert len(set(at_once(*[edit] * THREADS))) == 1
    assert not kg.sparql("ASK { ?new a <urn:T> }").boolean


def begin(kg: solgraph.Knowledge) -> None:
    """Keep the graph that a process is started with: inherited where it is forked, else unpickled."""
    global inherited  # noqa: PLW0603
    inherited = kg


def ask() -> solgraph.Answer[Any]:
    """The answer of the graph that the process was started with."""
    return inherited.query("mayors", city="Ardea")


@pytest.mark.filterwarnings("ignore:.*use of fork.. may lead to deadlocks:DeprecationWarning")
@pytest.mark.parametrize("method", get_all_start_methods())
def test_processes_exchange_graphs_answers_rows_and_errors(method: str) -> None:
    kg = solgraph.open(SMALL)
    with ProcessPoolExecutor(1, get_context(method), begin, [kg]) as pool:
        unused = pool.submit(kg.query, "mayors", city="Ardea").result()
        answer = kg.query("mayors", city="Ardea")
        used = pool.submit(kg.query, "mayors", city="Ardea").result()
        assert list(answer) == list(unused) == list(used) == list(pool.submit(ask).result())
        assert used.text() == answer.text(), "labels, notes and saved query go along"
        assert pool.submit(list, answer).result() == list(answer) == pool.submit(list, list(answer)).result()
        error: Any = pool.submit(kg.query, "mayors", city="Ardaa").exception()
        assert isinstance(error, solgraph.ParameterError) and error.candidates[0] == "Ardea"
        assert "Did you mean" in str(error)


def test_a_process_that_is_killed_leaves_no_lock(tmp_path: Path) -> None:
    kg = solgraph.open(SMALL, store=tmp_path / "store")
    with ProcessPoolExecutor(1, get_context("spawn"), begin, [kg]) as pool:
        expected = list(pool.submit(ask).result())
        worker = next(iter(pool._processes))
        assert list(kg.query("mayors", city="Ardea")) == expected, "two processes share a store on disk"
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            pool.submit(ask).result()
    assert list(solgraph.open(SMALL, store=tmp_path / "store").query("mayors", city="Ardea")) == expected
