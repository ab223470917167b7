"""The pool of workers: a query is ended at its limits, what ends is replaced, and no query is in another's way."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import solgraph
from conftest import SMALL
from solgraph.engines.sandbox import worker_pool as pools
from solgraph.engines.sandbox.limits import Settings
from solgraph.engines.sandbox.worker import INLINE, Bounded, Limits, TooLarge
from solgraph.engines.sandbox.worker_pool import Pool, make_pool
from solgraph.errors import WrongUse
from solgraph.web.problems import Problem

TRIVIAL = "ASK {}"
QUICK = Settings(timeout=1, memory=200, workers=1)


def endless(number: int = 0) -> str:
    """A query that counts more combinations than anybody can wait for."""
    return f"SELECT (COUNT(*) AS ?n{number}) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p }}"


def run(test: Callable[[Pool], Awaitable[None]], settings: Settings = QUICK, **opened: Any) -> None:
    """Run a test with a pool on the small graph, and let no process of it live on."""

    async def whole() -> None:
        async with within(settings, **opened) as pool:
            await asyncio.wait_for(test(pool), 60)

    asyncio.run(whole())


@asynccontextmanager
async def within(settings: Settings, **opened: Any) -> AsyncIterator[Pool]:
    async with make_pool(solgraph.open(SMALL, **opened), settings) as pool:
        yield pool
        process = pool._forker._running
    assert process
    assert process[0].returncode is not None
    assert not Path(pool._spools.name).exists()


async def refused(asking: Awaitable[Any]) -> Problem:
    with pytest.raises(Problem) as raised:
        await asking
    return raised.value


def pids(pool: Pool) -> set[int]:
    return {worker.pid for worker in [*pool._idle, *pool._busy]}


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def gone(pid: int, seconds: float = 3) -> bool:
    end = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < end:
        await asyncio.sleep(0.02)
    return not is_running(pid)


def test_a_worker_answers_rows_and_triples() -> None:
    async def test(pool: Pool) -> None:
        rows = await pool.ask("SELECT ?city { ?city a sg:City } ORDER BY ?city LIMIT 1", rows="csv")
        assert rows.kind == "rows"
        assert rows.body.startswith(b"city\r\nhttps://w3id.org/solgraph/id/city/")
        triples = await pool.ask("CONSTRUCT { ?city a sg:City } { ?city a sg:City } LIMIT 1")
        assert triples.kind == "triples"
        assert triples.body.startswith(b"@prefix city: <")
        assert b"@prefix sg:" in triples.body
        assert b"@prefix law:" not in triples.body

    run(test)


def test_the_same_worker_answers_again() -> None:
    async def test(pool: Pool) -> None:
        before = pids(pool)
        for _ in range(50):
            await pool.ask(TRIVIAL)
        assert pids(pool) == before
        assert len(before) == 1

    run(test)


def test_a_pool_that_was_not_started_starts_when_asked() -> None:
    async def test() -> None:
        pool = make_pool(solgraph.open(SMALL), QUICK)
        assert (await pool.ask(TRIVIAL)).body == b'{"head":{},"boolean":true}'
        pool.close()

    asyncio.run(test())


def test_a_graph_at_a_server_cannot_be_served() -> None:
    with pytest.raises(WrongUse, match="not here"):
        make_pool(solgraph.open(endpoint="http://127.0.0.1:1/query"), QUICK)


def test_named_graphs_are_there() -> None:
    async def test(pool: Pool) -> None:
        answer = await pool.ask("SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }", rows="tsv")
        assert int(answer.body.split()[1]) == len(list(solgraph.rdf.store.graphs(solgraph.open(SMALL).store)))

    run(test)


def test_a_prepared_store_is_opened_by_each_worker(tmp_path: Path) -> None:
    async def test(pool: Pool) -> None:
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        first = await pool.ask(count, rows="csv")
        assert (await refused(pool.ask(endless()))).status == 504
        assert (await pool.ask(count, rows="csv")).body == first.body == expected

    expected = f"n\r\n{solgraph.open(SMALL).sparql('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')[0].n}\r\n".encode()
    run(test, store=tmp_path / "store")


# Limits


def test_an_endless_query_is_ended_at_its_time() -> None:
    async def test(pool: Pool) -> None:
        (pid,) = pids(pool)
        began = time.monotonic()
        problem = await refused(pool.ask(endless()))
        assert problem.status == 504
        assert "longer than 1 seconds" in problem.detail
        assert 0.9 < time.monotonic() - began < 2.5
        assert await gone(pid)
        assert (await pool.ask(TRIVIAL)).body

    run(test)


def test_a_worker_that_does_not_hear_the_alarm_is_ended_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "GRACE", 0.2)

    async def test(pool: Pool) -> None:
        (pid,) = pids(pool)
        os.kill(pid, signal.SIGSTOP)
        assert (await refused(pool.ask(TRIVIAL))).status == 504
        assert await gone(pid)
        assert (await pool.ask(TRIVIAL)).body

    run(test)


def test_a_query_that_hogs_memory_is_stopped() -> None:
    async def test(pool: Pool) -> None:
        hog = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
        problem = await refused(pool.ask(hog))
        assert problem.status == 503
        assert "64 megabytes of memory" in problem.detail
        assert (await pool.ask(TRIVIAL)).body

    run(test, QUICK._replace(timeout=20, memory=64))


@pytest.mark.parametrize("rows", ["json", "xml", "csv", "tsv"])
def test_rows_up_to_the_limit_are_sent_and_more_are_refused_whole(rows: str) -> None:
    async def test(pool: Pool) -> None:
        assert (await pool.ask("SELECT ?s { ?s ?p ?o } LIMIT 50", rows=rows)).body
        problem = await refused(pool.ask("SELECT ?s { ?s ?p ?o } LIMIT 51", rows=rows))
        assert (problem.status, problem.title) == (422, "Answer too large")
        assert "50 rows" in problem.detail
        assert "LIMIT 50" in problem.members["hint"]

    run(test, QUICK._replace(rows=50))


def test_triples_over_the_limit_are_refused() -> None:
    async def test(pool: Pool) -> None:
        assert (await pool.ask("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 50")).body
        assert "50 triples" in (await refused(pool.ask("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 51"))).detail

    run(test, QUICK._replace(rows=50))


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_bytes_over_the_limit_are_refused(query: str) -> None:
    async def test(pool: Pool) -> None:
        problem = await refused(pool.ask(query))
        assert problem.status == 422
        assert "10,000 bytes" in problem.detail

    run(test, QUICK._replace(answer_bytes=10_000))


def test_a_row_is_counted_wherever_the_writes_are_cut() -> None:
    text = b'[{"a":1},{"a":2},{"a":3}]'
    for size in range(1, len(text)):
        out = Bounded(Limits(1, 1, 10, 1000), b',{"')
        for start in range(0, len(text), size):
            out.write(text[start : start + size])
        assert (out.found, b"".join(out.parts)) == (2, text)


def test_what_a_text_holds_is_no_row() -> None:
    rows = "('},{\"a\":') ('<result>') ('\\t\\n') ('x')"

    async def test(pool: Pool) -> None:
        for format in ("json", "xml", "tsv"):
            assert (await pool.ask(f"SELECT ?x {{ VALUES (?x) {{ {rows} }} }}", rows=format)).body
        answer = await pool.ask(f"SELECT ?x {{ VALUES (?x) {{ {rows} }} }}")
        assert len(json.loads(answer.body)["results"]["bindings"]) == 4

    run(test, QUICK._replace(rows=5))


def test_a_bounded_file_says_what_was_too_much() -> None:
    out = Bounded(Limits(1, 1, 10, 3))
    with pytest.raises(TooLarge, match="3 bytes"):
        out.write(b"four")
    assert out.refused


def test_a_long_answer_comes_as_a_file_that_is_gone_afterwards() -> None:
    async def test(pool: Pool) -> None:
        result = await pool.ask("SELECT * { ?s ?p ?o }", rows="xml")
        assert result.file
        with result.file as file:
            body = file.read()
        assert len(body) > INLINE
        assert body.endswith(b"</sparql>")
        assert list(Path(pool._spools.name).iterdir()) == []

    run(test)


def test_a_query_that_breaks_the_parser_breaks_no_more_than_its_worker() -> None:
    async def test(pool: Pool) -> None:
        deep = f"SELECT * {{ {'{' * 100_000} ?s ?p ?o {'}' * 100_000} }}"
        assert (await refused(pool.ask(deep))).status in (400, 503)
        assert (await pool.ask(TRIVIAL)).body

    run(test, QUICK._replace(timeout=20))


# Faults


def test_a_worker_that_was_killed_is_replaced() -> None:
    async def test(pool: Pool) -> None:
        for _ in range(5):
            for pid in pids(pool):
                os.kill(pid, signal.SIGKILL)
            assert (await pool.ask(TRIVIAL)).body

    run(test, QUICK._replace(workers=2))


def test_a_worker_that_is_killed_at_work_is_told() -> None:
    async def test(pool: Pool) -> None:
        asking = asyncio.ensure_future(pool.ask(endless()))
        await asyncio.sleep(0.3)
        (busy,) = pool._busy
        os.kill(busy.pid, signal.SIGKILL)
        assert (await refused(asking)).status == 503
        assert (await pool.ask(TRIVIAL)).body

    run(test)


def test_when_the_process_that_forks_is_killed_another_is_started() -> None:
    async def test(pool: Pool) -> None:
        assert pool._forker._running
        for pid in [pool._forker._running[0].pid, *pids(pool)]:
            os.kill(pid, signal.SIGKILL)
        pool._forker._running[0].wait()
        assert (await pool.ask(TRIVIAL)).body

    run(test)


def test_an_abandoned_query_is_ended() -> None:
    async def test(pool: Pool) -> None:
        asking = asyncio.ensure_future(pool.ask(endless()))
        await asyncio.sleep(0.3)
        (busy,) = pool._busy
        asking.cancel()
        assert await gone(busy.pid, 2)
        assert not pool._busy
        assert (await pool.ask(TRIVIAL)).body

    run(test, QUICK._replace(timeout=30))


def test_abandoned_waiting_takes_no_worker() -> None:
    async def test(pool: Pool) -> None:
        asking = [asyncio.ensure_future(pool.ask(TRIVIAL)) for _ in range(20)]
        await asyncio.sleep(0)
        for one in asking[::2]:
            one.cancel()
        done = await asyncio.gather(*asking, return_exceptions=True)
        assert sum(not isinstance(one, BaseException) for one in done) == 10
        assert not pool._queue
        assert (await pool.ask(TRIVIAL)).body

    run(test)


def test_no_process_lives_longer_than_the_pool() -> None:
    async def test() -> None:
        pool = make_pool(solgraph.open(SMALL), QUICK._replace(timeout=30))
        asking = asyncio.ensure_future(pool.ask(endless()))
        await asyncio.sleep(0.7)
        (pid,) = pids(pool)
        assert is_running(pid)
        pool.close()
        assert await gone(pid)
        assert (await refused(asking)).status == 503

    asyncio.run(test())


# Side by side


def test_trivial_queries_are_answered_beside_ten_endless_ones() -> None:
    async def test(pool: Pool) -> None:
        heavy = [asyncio.ensure_future(pool.ask(endless(number))) for number in range(10)]
        await asyncio.sleep(0)
        waited = []
        while not any(one.done() for one in heavy) and len(waited) < 300:
            began = time.monotonic()
            await pool.ask(TRIVIAL)
            waited.append(time.monotonic() - began)
            await asyncio.sleep(0.005)
        assert len(waited) > 20
        assert sorted(waited)[int(len(waited) * 0.99)] < 0.5
        problems = await asyncio.gather(*heavy, return_exceptions=True)
        assert {one.status for one in problems if isinstance(one, Problem)} == {504}
        assert len(problems) == 10

    run(test, QUICK._replace(timeout=4, workers=2))


def test_a_long_query_gives_way_and_its_worker_is_replaced() -> None:
    async def test(pool: Pool) -> None:
        asking = asyncio.ensure_future(pool.ask(endless()))
        await asyncio.sleep(0.6)
        (busy,) = pool._busy
        assert os.getpriority(os.PRIO_PROCESS, busy.pid) == 10
        await refused(asking)
        await pool.ask(TRIVIAL)
        assert busy.pid not in pids(pool)

    run(test)


def test_a_full_queue_is_told_with_the_time_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST", 2)

    async def test(pool: Pool) -> None:
        heavy = []
        for number in range(4):
            heavy.append(asyncio.ensure_future(pool.ask(endless(number))))
            await asyncio.sleep(0.1)
        problem = await refused(pool.ask(TRIVIAL))
        assert problem.status == 429
        assert int(problem.headers["Retry-After"]) >= 1
        await asyncio.gather(*heavy, return_exceptions=True)
        assert (await pool.ask(TRIVIAL)).body

    run(test, QUICK._replace(timeout=2, waiting=2))


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST", 1)

    async def test(pool: Pool) -> None:
        heavy = [asyncio.ensure_future(pool.ask(endless(number))) for number in range(3)]
        problems = await asyncio.gather(*heavy, return_exceptions=True)
        assert {one.status for one in problems if isinstance(one, Problem)} == {504, 503}
        assert (await pool.ask(TRIVIAL)).body

    run(test)


def test_surplus_workers_are_let_go() -> None:
    async def test(pool: Pool) -> None:
        heavy = [asyncio.ensure_future(pool.ask(endless(number))) for number in range(5)]
        await asyncio.sleep(0.5)
        assert len(pids(pool)) >= 5
        await asyncio.gather(*heavy, return_exceptions=True)
        await pool.ask(TRIVIAL)
        assert len(pids(pool)) == 1

    run(test)


def test_many_at_once_are_all_answered() -> None:
    async def test(pool: Pool) -> None:
        asking = [pool.ask(f"SELECT ({n} AS ?n) {{}}", rows="csv") for n in range(200)]
        answers = await asyncio.gather(*asking)
        assert [one.body for one in answers] == [f"n\r\n{n}\r\n".encode() for n in range(200)]

    run(test, QUICK._replace(timeout=20, waiting=200, workers=2))
