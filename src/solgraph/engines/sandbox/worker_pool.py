"""Worker processes that answer untrusted queries: ended at the limit, replaced, and never in each other's way.

A few stay warm. When all are busy with something that takes longer than :data:`PATIENCE`, one more is forked, up to
:data:`MOST`; beyond that a bounded queue waits. A worker whose query runs longer than :data:`NICE_AFTER` gives way to
the others, and is replaced afterwards.
"""

import asyncio
import contextlib
import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from solgraph import errors
from solgraph.engines.sandbox.limits import Settings
from solgraph.engines.sandbox.worker import HEAD, ORDER, Limits, NotAcceptable, Question, TooLarge
from solgraph.errors import QueryError, WrongUse
from solgraph.graph.knowledge import Knowledge
from solgraph.rdf.sparql_tokens import Bound
from solgraph.web.problems import Problem, from_error

MOST = 16
PATIENCE = 0.05
AT_A_TIME = 4
NICE_AFTER = 0.25
#: A worker has so many seconds to end by itself before it is ended from here.
GRACE = 2.0
#: A worker that ends within so many seconds had ended before it was asked.
AT_ONCE = 0.1


class Result(NamedTuple):
    """An answer, of ``rows`` or of ``triples``; its bytes, or for a long one the open file that holds them."""

    kind: str
    body: bytes
    file: IO[bytes] | None = None


class Worker:
    """This side of a worker process."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.pid, self.since, self.is_nice = 0, 0.0, False

    async def ask(self, question: Question) -> tuple[dict[str, Any], bytes]:
        """What the worker says, and the bytes of the answer. Raises EOFError or OSError when it has ended."""
        asked = json.dumps(question._asdict()).encode()
        self.writer.write(HEAD.pack(len(asked), 0) + asked)
        return await self.heard()

    async def heard(self) -> tuple[dict[str, Any], bytes]:
        """The next message of the worker; the first one tells its number."""
        head, body = HEAD.unpack(await self.reader.readexactly(HEAD.size))
        return json.loads(await self.reader.readexactly(head)), await self.reader.readexactly(body)

    @property
    def has_ended(self) -> bool:
        """Whether its end has been noticed."""
        return self.reader.at_eof() or self.writer.is_closing()

    def give_way(self) -> None:
        """Let other processes go first, from now on."""
        self.is_nice = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 10)


class Pool:
    """Answers queries in worker processes; made by :func:`make_pool`, used as an asynchronous context manager."""

    def __init__(self, settings: Settings, data: dict[str, Any]) -> None:
        self.settings = settings
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._coming = 0
        self._queue: deque[asyncio.Future[Worker]] = deque()
        self._forker = _Forker(settings, data)
        self._spools = tempfile.TemporaryDirectory(prefix="solgraph-")
        self._asked = 0

    async def ask(
        self,
        query: str,
        *,
        rows: str = "json",
        triples: str = "turtle",
        default: Sequence[str] = (),
        named: Sequence[str] = (),
    ) -> Result:
        """Answer a query, in the format for ``rows`` or for ``triples``; when it is cancelled its worker is ended.

        Raises :class:`Problem`: 400 and 403 for the query, 406 for a kind without format, 422 for too long an answer,
        429 when too many wait, 503 and 504 for the limits.
        """
        self._asked += 1
        spool = Path(self._spools.name) / str(self._asked)
        question = Question(query, rows, triples, default, named, isinstance(query, Bound), str(spool))
        try:
            told, body = await self._said(question)
            if "error" in told:
                raise _problem(told)
            return Result(told["kind"], body, spool.open("rb") if told.get("spooled") else None)
        finally:
            spool.unlink(missing_ok=True)  # an open file stays readable

    async def start(self) -> None:
        """Fork the workers that stay warm; without it the first queries wait for that."""
        for worker in await asyncio.gather(*(self._forked() for _ in range(self.settings.workers))):
            self._release(worker)

    def close(self) -> None:
        """End all workers and remove what they left."""
        for worker in [*self._idle, *self._busy]:
            worker.writer.close()
        self._idle.clear()
        self._forker.stop()
        self._spools.cleanup()

    async def __aenter__(self) -> "Pool":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def _said(self, question: Question) -> tuple[dict[str, Any], bytes]:
        """What a worker says to a question; one that ends at once was ended before, and another is asked."""
        for _ in range(len(self._idle) + 2):  # all that wait may have been ended
            worker = await self._free()
            began = time.monotonic()
            try:
                return await self._asked_of(worker, question)
            except (EOFError, OSError):
                took = time.monotonic() - began
                if took > AT_ONCE:
                    break
        raise self._stopped(took)

    async def _asked_of(self, worker: Worker, question: Question) -> tuple[dict[str, Any], bytes]:
        self._busy.add(worker)
        worker.since = time.monotonic()
        patience = asyncio.get_running_loop().call_later(NICE_AFTER, worker.give_way)
        try:
            async with asyncio.timeout(self.settings.timeout + GRACE):
                said = await worker.ask(question)
        except BaseException:
            self._end(worker)
            raise
        finally:
            patience.cancel()
            self._busy.discard(worker)
        self._release(worker)
        return said

    def _stopped(self, took: float) -> Problem:
        settings = self.settings
        if took >= settings.timeout:
            what = f"The query took longer than {settings.timeout:g} seconds and was stopped."
            return Problem(504, detail=what, hint="Ask for less: name more of what is looked for, or add LIMIT.")
        what = f"The query was stopped: most likely it needs more than {settings.memory} megabytes of memory."
        return Problem(503, detail=what, hint="Ask for less: fewer variables, no DISTINCT or ORDER BY over everything.")

    # Workers

    async def _free(self) -> Worker:
        """A worker to ask: a warm one, a new one, or one that waiting brings."""
        while self._idle:
            worker = self._idle.pop()
            if not worker.has_ended:
                return worker
            worker.writer.close()
        if self._may_grow():
            return await self._forked()
        if len(self._queue) >= self.settings.waiting:
            raise self._refusal(429, "Too many queries wait already.")
        return await self._waited_for()

    def _may_grow(self) -> bool:
        """Whether one more may be forked: few are coming, and all are at something long."""
        count = len(self._idle) + len(self._busy) + self._coming
        now = time.monotonic()
        at_length = self._coming < AT_A_TIME and all(now - worker.since > PATIENCE for worker in self._busy)
        return count < self.settings.workers or (count < MOST and at_length)

    async def _waited_for(self) -> Worker:
        ticket: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._queue.append(ticket)
        try:
            async with asyncio.timeout(self.settings.timeout):
                while not ticket.done():
                    await asyncio.wait({ticket}, timeout=PATIENCE)
                    if not ticket.done() and self._may_grow():
                        self._release(await self._forked())
        except TimeoutError:
            if not ticket.done():
                raise self._refusal(503, "All workers are busy with long queries.") from None
        except BaseException:
            if ticket.done():
                self._release(ticket.result())
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._queue.remove(ticket)
        return ticket.result()

    def _refusal(self, status: int, what: str) -> Problem:
        seconds = max(1, math.ceil(self.settings.timeout / 2))
        return Problem(
            status, detail=what, hint=f"Try again in {seconds} seconds.", headers={"Retry-After": str(seconds)}
        )

    def _release(self, worker: Worker) -> None:
        """Hand a worker to who waits first, or keep it warm; a slowed one and a surplus one hang up."""
        if worker.has_ended or worker.is_nice:
            worker.writer.close()
        elif self._queue:
            self._queue.popleft().set_result(worker)
        elif len(self._idle) < self.settings.workers:
            self._idle.append(worker)
        else:
            worker.writer.close()

    async def _forked(self) -> Worker:
        self._coming += 1
        try:
            mine = self._forker.fork()
            worker = Worker(*await asyncio.open_unix_connection(sock=mine))
            try:
                worker.pid = (await worker.heard())[0]["pid"]
            except BaseException:
                worker.writer.close()
                raise
            return worker
        except (EOFError, OSError) as error:
            raise self._refusal(503, "No worker can be had: the log of the server tells why.") from error
        finally:
            self._coming -= 1

    def _end(self, worker: Worker) -> None:
        if not worker.has_ended:
            self._forker.end(worker.pid)
        worker.writer.close()


class _Forker:
    """The process that holds the store and forks the workers; started when first needed, and again if it ended."""

    def __init__(self, settings: Settings, data: dict[str, Any]) -> None:
        self._said = json.dumps({**data, "limits": limits(settings)}).encode() + b"\n"
        self._running: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    def fork(self) -> socket.socket:
        """The socket of a new worker."""
        if not self._running or self._running[0].poll() is not None:
            self.stop()
            self._start()
        assert self._running
        mine, theirs = socket.socketpair()
        mine.setblocking(False)
        with theirs:
            socket.send_fds(self._running[1], [ORDER.pack(0)], [theirs.fileno()])
        return mine

    def end(self, pid: int) -> None:
        """End a worker whatever it is doing; it alone knows which number is still its child's."""
        if self._running:
            with contextlib.suppress(OSError):
                self._running[1].sendall(ORDER.pack(pid))

    def stop(self) -> None:
        """Hang up, upon which it ends its workers and itself."""
        if self._running:
            process, control = self._running
            control.close()
            process.wait()
            self._running = None

    def _start(self) -> None:
        control, theirs = socket.socketpair()
        command = [sys.executable, "-m", "solgraph.engines.sandbox.worker", str(theirs.fileno())]
        with theirs:
            process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        control.sendall(self._said)
        self._running = process, control


def limits(settings: Settings) -> Limits:
    """What one query may use, by the settings."""
    return Limits(settings.timeout, settings.memory, settings.rows, settings.answer_bytes)


def _problem(told: dict[str, Any]) -> Problem:
    """What a worker refused, as a problem."""
    kind = told["error"]
    if kind == NotAcceptable.__name__:
        return Problem(406, kind=told["what"])
    error = getattr(errors, kind, QueryError)(told["what"], where=told["where"], hint=told["hint"])
    error.__cause__ = Exception(told["cause"])  # where the parser stopped
    problem = from_error(error)
    if kind == TooLarge.__name__:
        return Problem(422, "Answer too large", problem.detail, **problem.members)
    return problem


def make_pool(kg: Knowledge, settings: Settings) -> Pool:
    """A pool of workers on the files of a graph, or on its prepared store; nothing runs before :meth:`Pool.start`."""
    if not kg.paths:
        raise WrongUse(f"The data lies at {kg.endpoint.name}, not here.", hint="Serve files: --data PATH")
    paths = [str(path) for path in kg.paths]
    return Pool(settings, {"data": paths, "store": str(kg.on_disk) if kg.on_disk else None})
