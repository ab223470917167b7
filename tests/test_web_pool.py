"""The pool of SPARQL workers: queries end at their limits, workers are replaced, no query is in another's way."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest

import solgraph
from conftest import SMALL
from solgraph.engines.sandbox import jail
from solgraph.engines.sandbox import worker_pool as pools
from solgraph.engines.sandbox.limits import Limits
from solgraph.engines.sandbox.worker_pool import INLINE, Pool
from solgraph.errors import MemoryLimit, QueryError, QueueFull, SolgraphError, TimeLimit, TooLarge, WrongUse
from solgraph.web.app import make_pool
from solgraph.web.settings import Settings

TRIVIAL = "ASK {}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LIMITS = Limits(timeout=60, memory=200, workers=1)
BRIEF = LIMITS._replace(timeout=1)
Test = Callable[[Pool], Awaitable[None]]


def endless(number: int = 0) -> str:
    """A query that counts more combinations than anybody can wait for."""
    return f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }}"


def within(test: Test, limits: Limits = LIMITS, store: Path | None = None) -> None:
    """Run a test with a pool on the small graph, and let no process of it live on."""

    async def whole() -> None:
        async with Pool(limits, [str(SMALL)], str(store) if store else None) as pool:
            await asyncio.wait_for(test(pool), 60)
            process = pool._forker._running
        assert process
        assert process[0].returncode is not None

    asyncio.run(whole())


async def refused(asking: Awaitable[Any]) -> SolgraphError:
    with pytest.raises(SolgraphError) as raised:
        await asking
    return raised.value


def pids(pool: Pool) -> set[int]:
    return {worker.pid for worker in pool._workers}


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(pid: int, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return not is_running(pid)


def test_a_worker_answers_rows_and_triples_again_and_again() -> None:
    async def test(pool: Pool) -> None:
        before = pids(pool)
        rows = await pool.ask("SELECT ?city { ?city a sg:City } ORDER BY ?city LIMIT 1", rows="text/csv")
        assert rows.kind == "rows"
        assert rows.body.startswith(b"city\r\nhttps://w3id.org/solgraph/id/city/")
        triples = await pool.ask("CONSTRUCT { ?city a sg:City } { ?city a sg:City } LIMIT 1")
        assert triples.kind == "triples"
        assert triples.body.startswith(b"@prefix city: <")
        assert b"@prefix sg:" in triples.body
        assert b"@prefix law:" not in triples.body
        graphs = await pool.ask("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g {} }", rows="text/csv")
        assert int(graphs.body.split()[1]) == len(list(solgraph.open(SMALL).store.named_graphs()))
        assert pids(pool) == before

    within(test)


def test_a_pool_that_was_not_started_starts_when_asked() -> None:
    async def test() -> None:
        pool = make_pool(solgraph.open(SMALL), Settings())
        assert (await pool.ask(TRIVIAL)).body == b'{"head":{},"boolean":true}'
        pool.close()

    asyncio.run(test())


def test_a_graph_at_a_server_cannot_be_served() -> None:
    with pytest.raises(WrongUse, match="not here"):
        make_pool(solgraph.open(endpoint="http://127.0.0.1:1/query"), Settings())


def test_a_prepared_store_is_opened_by_each_worker_and_answers_in_its_jail(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        first = await pool.ask(COUNT, rows="text/csv")
        assert isinstance(await refused(pool.ask(endless())), TimeLimit)
        assert (await pool.ask(COUNT, rows="text/csv")).body == first.body == expected
        assert "Seccomp:\t2" in Path(f"/proc/{next(iter(pids(pool)))}/status").read_text()

    expected = f"n\r\n{solgraph.open(SMALL).sparql(COUNT)[0].n}\r\n".encode()
    within(test, BRIEF, store=tmp_path / "store")


# The jail


def in_a_jail(action: Callable[[], object], *, files: bool) -> int:
    """The error number with which an action ends in a locked process; 0 if it succeeds."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        jail.lock(files=files)
        action()
        os._exit(0)
    except OSError as error:
        os._exit(error.errno or 255)
    finally:
        os._exit(254)


ESCAPES: dict[str, Callable[[], object]] = {
    "a socket": lambda: __import__("_socket").socket(),
    "a file": lambda: os.open("/dev/null", os.O_RDONLY),
    "a program": lambda: os.execv("/bin/true", ["true"]),
}


@pytest.mark.parametrize("what", ESCAPES)
def test_nothing_can_be_opened_from_a_jail(what: str) -> None:
    assert in_a_jail(ESCAPES[what], files=False) != 0
    needs_files = what == "a file"
    assert (in_a_jail(ESCAPES[what], files=True) == 0) is needs_files


def test_a_worker_has_no_descriptor_left_and_a_filter_of_system_calls() -> None:
    async def test(pool: Pool) -> None:
        (pid,) = pids(pool)
        limit = next(line for line in Path(f"/proc/{pid}/limits").read_text().splitlines() if "open files" in line)
        assert limit.split()[3:5] == ["0", "0"]
        assert "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text()

    within(test)


# Limits


def test_an_endless_query_is_ended_at_its_time() -> None:
    async def test(pool: Pool) -> None:
        (pid,) = pids(pool)
        began = time.monotonic()
        error = await refused(pool.ask(endless()))
        assert isinstance(error, TimeLimit)
        assert "longer than 1 s" in error.what
        assert 0.9 < time.monotonic() - began < 20
        assert await gone(pid)
        assert (await pool.ask(TRIVIAL)).body

    within(test, BRIEF)


def test_a_worker_that_does_not_hear_the_alarm_is_ended_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "GRACE", 0.2)

    async def test(pool: Pool) -> None:
        (pid,) = pids(pool)
        os.kill(pid, signal.SIGSTOP)
        assert isinstance(await refused(pool.ask(TRIVIAL)), TimeLimit)
        assert await gone(pid)
        assert (await pool.ask(TRIVIAL)).body

    within(test, BRIEF)


def test_a_query_that_hogs_memory_is_stopped() -> None:
    async def test(pool: Pool) -> None:
        error = await refused(
            pool.ask("SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }")
        )
        assert isinstance(error, MemoryLimit)
        assert "64 megabytes of memory" in error.what
        assert (await pool.ask(TRIVIAL)).body

    within(test, LIMITS._replace(memory=64))


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_an_answer_over_the_limit_is_refused_whole(query: str) -> None:
    async def test(pool: Pool) -> None:
        error = await refused(pool.ask(query))
        assert isinstance(error, TooLarge)
        assert "10,000 bytes" in error.what
        assert (await pool.ask(f"{query} LIMIT 3")).body

    within(test, LIMITS._replace(answer_bytes=10_000))


def test_a_long_answer_comes_as_a_file() -> None:
    async def test(pool: Pool) -> None:
        result = await pool.ask("SELECT * { ?s ?p ?o }", rows="application/sparql-results+xml")
        assert result.file
        with result.file as file:
            file.seek(0)
            body = file.read()
        assert len(body) > INLINE
        assert body.endswith(b"</sparql>")

    within(test)


def test_nesting_is_refused_and_what_breaks_the_parser_breaks_no_more_than_its_worker() -> None:
    async def test(pool: Pool) -> None:
        deep = f"SELECT * {{ {'{' * 100_000} ?s ?p ?o {'}' * 100_000} }}"
        assert "nested too deeply" in (await refused(pool.ask(deep))).what
        assert (await pool.ask(TRIVIAL)).body

    within(test)


# Faults


def test_workers_that_were_killed_are_replaced() -> None:
    async def test(pool: Pool) -> None:
        for _ in range(5):
            for pid in pids(pool):
                os.kill(pid, signal.SIGKILL)
            assert (await pool.ask(TRIVIAL)).body

    within(test, LIMITS._replace(workers=2))


def test_the_end_of_a_worker_at_work_is_reported() -> None:
    async def test(pool: Pool) -> None:
        (pid,) = pids(pool)
        asking = asyncio.ensure_future(pool.ask(endless()))
        await asyncio.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        assert isinstance(await refused(asking), MemoryLimit)
        assert (await pool.ask(TRIVIAL)).body

    within(test)


def test_when_the_process_that_forks_is_killed_another_is_started() -> None:
    async def test(pool: Pool) -> None:
        assert pool._forker._running
        for pid in [pool._forker._running[0].pid, *pids(pool)]:
            os.kill(pid, signal.SIGKILL)
        pool._forker._running[0].wait()
        assert (await pool.ask(TRIVIAL)).body

    within(test)


def test_an_abandoned_query_is_ended() -> None:
    async def test(pool: Pool) -> None:
        (pid,) = pids(pool)
        asking = asyncio.ensure_future(pool.ask(endless()))
        await asyncio.sleep(0.3)
        asking.cancel()
        assert await gone(pid)
        assert not pool._workers
        assert (await pool.ask(TRIVIAL)).body

    within(test)


def test_abandoned_waiting_takes_no_worker() -> None:
    async def test(pool: Pool) -> None:
        asking = [asyncio.ensure_future(pool.ask(TRIVIAL)) for _ in range(20)]
        await asyncio.sleep(0)
        for abandoned in asking[::2]:
            abandoned.cancel()
        done = await asyncio.gather(*asking, return_exceptions=True)
        assert sum(not isinstance(result, BaseException) for result in done) == 10
        assert not pool._waiting
        assert (await pool.ask(TRIVIAL)).body

    within(test)


def test_no_process_lives_longer_than_the_pool() -> None:
    async def test() -> None:
        pool = Pool(LIMITS, [str(SMALL)])
        await pool.start()
        (pid,) = pids(pool)
        asking = asyncio.ensure_future(pool.ask(endless()))
        await asyncio.sleep(0.3)
        assert is_running(pid)
        pool.close()
        assert await gone(pid)
        assert isinstance(await refused(asking), MemoryLimit)

    asyncio.run(test())


# Side by side


def test_trivial_queries_are_answered_beside_ten_endless_ones_whose_workers_give_way() -> None:
    async def test(pool: Pool) -> None:
        heavy = [asyncio.ensure_future(pool.ask(endless(number))) for number in range(10)]
        await asyncio.sleep(0.7)
        slowed = [worker for worker in pool._workers if worker.is_slow]
        assert {os.getpriority(os.PRIO_PROCESS, worker.pid) for worker in slowed} == {10}
        waited = []
        while not any(asking.done() for asking in heavy) and len(waited) < 200:
            began = time.monotonic()
            await pool.ask(TRIVIAL)
            waited.append(time.monotonic() - began)
            await asyncio.sleep(0.005)
        assert len(waited) > 10
        assert median(waited) < 0.5
        errors = await asyncio.gather(*heavy, return_exceptions=True)
        assert {type(error) for error in errors} == {TimeLimit}
        await pool.ask(TRIVIAL)
        assert len(pool._workers) <= 2
        assert not pids(pool) & {worker.pid for worker in slowed}

    within(test, LIMITS._replace(timeout=2, workers=2))


def test_a_full_queue_is_refused_with_the_time_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST", 2)

    async def test(pool: Pool) -> None:
        heavy = []
        for number in range(4):
            heavy.append(asyncio.ensure_future(pool.ask(endless(number))))
            await asyncio.sleep(0.1)
        error = await refused(pool.ask(TRIVIAL))
        assert isinstance(error, QueueFull)
        assert error.seconds == 30
        for asking in heavy:
            asking.cancel()
        await asyncio.gather(*heavy, return_exceptions=True)
        assert (await pool.ask(TRIVIAL)).body

    within(test, LIMITS._replace(waiting=2))


def test_many_at_once_are_all_answered() -> None:
    async def test(pool: Pool) -> None:
        asking = [pool.ask(f"SELECT ({n} AS ?n) {{}}", rows="text/csv") for n in range(200)]
        answers = await asyncio.gather(*asking)
        assert [answer.body for answer in answers] == [f"n\r\n{n}\r\n".encode() for n in range(200)]

    within(test, LIMITS._replace(waiting=200, workers=2))


def test_an_error_keeps_its_class_and_its_place() -> None:
    async def test(pool: Pool) -> None:
        error = await refused(pool.ask("SELECT * {\n ?s ?p }"))
        assert isinstance(error, QueryError)
        assert "at 2:" in error.what
        assert json.loads((await pool.ask("SELECT ?x { VALUES ?x { '},{' } }")).body)["results"]["bindings"]

    within(test)
