"""A pool of SPARQL workers: ended at the time limit, replaced, and never in each other's way.

A few stay warm. When none gets free within :data:`PATIENCE`, one more is forked, up to :data:`MOST`; beyond that a
bounded queue waits. A worker whose query runs longer than :data:`SLOW_AFTER` gives way to the others, and is replaced
afterwards.
"""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import IO, Any, NamedTuple

from solgraph import errors
from solgraph.engines.sandbox.limits import Limits
from solgraph.engines.sandbox.worker import HEAD, Question
from solgraph.errors import MemoryLimit, QueueFull, SolgraphError, TimeLimit, TooBusy

MOST = 16
PATIENCE = 0.05
FORKED_AT_A_TIME = 4
SLOW_AFTER = 0.25
#: A worker has so many seconds to end by itself before it is ended from here.
GRACE = 2.0
#: A warm worker that ends within so many seconds had ended before it was asked.
AT_ONCE = 0.1
#: A longer answer goes to a file, so that a slow client costs no memory.
INLINE = 256 * 1024


class Result(NamedTuple):
    """An answer, of ``rows`` or of ``triples``; its bytes, or for a long one the open file that holds them."""

    kind: str
    body: bytes
    file: IO[bytes] | None = None


class Worker:
    """This side of a worker process."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.pid, self.is_slow, self.is_warm = 0, False, False

    async def ask(self, message: bytes) -> tuple[dict[str, Any], bytes, IO[bytes] | None]:
        """Header and body of the answer. Raises EOFError or OSError when the worker has ended."""
        self.writer.write(HEAD.pack(len(message), 0) + message)
        return await self.receive()

    async def receive(self) -> tuple[dict[str, Any], bytes, IO[bytes] | None]:
        """The next message; the first one holds the number of the process."""
        head, size = HEAD.unpack(await self.reader.readexactly(HEAD.size))
        header = json.loads(await self.reader.readexactly(head))
        if size <= INLINE:
            return header, await self.reader.readexactly(size), None
        return header, b"", await self._spooled(size)

    async def _spooled(self, size: int) -> IO[bytes]:
        file = tempfile.TemporaryFile(prefix="solgraph-")  # noqa: SIM115  (whoever gets it closes it)
        try:
            while size:
                part = await self.reader.readexactly(min(size, 64 * 1024))
                file.write(part)
                size -= len(part)
        except BaseException:
            file.close()
            raise
        return file

    @property
    def has_ended(self) -> bool:
        """Whether its end has been noticed."""
        return self.reader.at_eof() or self.writer.is_closing()

    def give_way(self) -> None:
        """Let other processes go first, from now on."""
        self.is_slow = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 10)

    def end(self) -> None:
        """End the process whatever it is doing."""
        if not self.has_ended and self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.writer.close()


class Pool:
    """Answers queries on some files in worker processes; used as an asynchronous context manager.

    ``store`` is the folder of a prepared store of the files. Nothing runs before :meth:`start` or the first question.
    """

    def __init__(self, limits: Limits, paths: Sequence[str], store: str | None = None) -> None:
        self.limits = limits
        self._workers: set[Worker] = set()
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._coming = self._waiting = 0
        self._forker = _Forker({"paths": list(paths), "store": store, "limits": limits})

    async def ask(
        self,
        query: str,
        *,
        rows: str = Question._field_defaults["rows"],
        triples: str = Question._field_defaults["triples"],
        default: Sequence[str] = (),
        named: Sequence[str] = (),
    ) -> Result:
        """Answer a query, in the media type for ``rows`` or for ``triples``; when cancelled, its worker is ended.

        Raises :class:`QueryError` for the query, :class:`NotAcceptable` for a kind without media type, and
        :class:`TooLarge`, :class:`TimeLimit`, :class:`MemoryLimit` or :class:`TooBusy` at the limits.
        """
        message = json.dumps(Question(query, rows, triples, default, named)._asdict()).encode()
        header, body, file = await self._ask(message)
        if "error" in header:
            raise _error(header)
        return Result(header["kind"], body, file)

    async def start(self) -> None:
        """Fork the workers that stay warm; without it the first queries wait for that."""
        for worker in await asyncio.gather(*(self._fork() for _ in range(self.limits.workers))):
            self._release(worker)

    def close(self) -> None:
        """End all workers."""
        for worker in [*self._workers]:
            self._end(worker)
        self._forker.stop()

    @property
    def busy(self) -> int:
        """How many workers are at a query."""
        return len(self._workers) - self._idle.qsize()

    async def __aenter__(self) -> "Pool":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    async def _ask(self, message: bytes) -> tuple[dict[str, Any], bytes, IO[bytes] | None]:
        while True:
            worker = await self._take()
            began, was_warm = time.monotonic(), worker.is_warm
            try:
                return await self._ask_worker(worker, message)
            except (EOFError, OSError) as error:
                took = time.monotonic() - began
                if took > AT_ONCE or not was_warm:
                    raise self._stopped(took) from error

    async def _ask_worker(self, worker: Worker, message: bytes) -> tuple[dict[str, Any], bytes, IO[bytes] | None]:
        slow = asyncio.get_running_loop().call_later(SLOW_AFTER, worker.give_way)
        try:
            async with asyncio.timeout(self.limits.timeout + GRACE):
                reply = await worker.ask(message)
        except BaseException:
            self._end(worker)
            raise
        finally:
            slow.cancel()
        self._release(worker)
        return reply

    def _stopped(self, took: float) -> SolgraphError:
        if took >= self.limits.timeout:
            what = f"The query took longer than {self.limits.timeout:g} s and was stopped."
            return TimeLimit(what, hint="Ask for less: name more of what is looked for, or add LIMIT.")
        what = f"The query was stopped: most likely it needs more than {self.limits.memory} megabytes of memory."
        return MemoryLimit(what, hint="Ask for less: fewer variables, no DISTINCT or ORDER BY over everything.")

    # Workers

    async def _take(self) -> Worker:
        """A worker to ask: a warm one, a new one, or one that waiting brings."""
        while not self._waiting and not self._idle.empty():
            worker = self._idle.get_nowait()
            if not worker.has_ended:
                return worker
            self._end(worker)
        if len(self._workers) + self._coming < self.limits.workers:
            return await self._fork()
        if self._waiting >= self.limits.waiting:
            raise QueueFull("Too many queries wait already.", seconds=self.limits.timeout / 2)
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.timeout):
                return await self._wait()
        except TimeoutError:
            raise TooBusy("All workers are busy with long queries.", seconds=self.limits.timeout / 2) from None
        finally:
            self._waiting -= 1

    async def _wait(self) -> Worker:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    worker = await self._idle.get()
                if not worker.has_ended:
                    return worker
                self._end(worker)
            if self._coming < FORKED_AT_A_TIME and len(self._workers) + self._coming < MOST:
                return await self._fork()

    def _release(self, worker: Worker) -> None:
        """Keep a worker warm for who asks next; a slow one and a surplus one are ended."""
        is_surplus = self._idle.qsize() >= self.limits.workers and not self._waiting
        if worker.has_ended or worker.is_slow or is_surplus:
            self._end(worker)
        else:
            worker.is_warm = True
            self._idle.put_nowait(worker)

    def _end(self, worker: Worker) -> None:
        self._workers.discard(worker)
        worker.end()

    async def _fork(self) -> Worker:
        self._coming += 1
        try:
            worker = Worker(*await asyncio.open_unix_connection(sock=self._forker.fork()))
            self._workers.add(worker)
            try:
                worker.pid = (await worker.receive())[0]["pid"]
            except BaseException:
                self._end(worker)
                raise
            return worker
        except (EOFError, OSError) as error:
            what = "No worker can be had: the log of the server says why."
            raise TooBusy(what, seconds=self.limits.timeout / 2) from error
        finally:
            self._coming -= 1


class _Forker:
    """The process that holds the store and forks the workers; started when first needed, and again if it ended."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._data = json.dumps(data).encode() + b"\n"
        self._running: tuple[subprocess.Popen[bytes], socket.socket] | None = None

    def fork(self) -> socket.socket:
        """The socket of a new worker."""
        if not self._running or self._running[0].poll() is not None:
            self.stop()
            self._running = self._start()
        mine, theirs = socket.socketpair()
        mine.setblocking(False)
        with theirs:
            socket.send_fds(self._running[1], [b"+"], [theirs.fileno()])
        return mine

    def stop(self) -> None:
        """Hang up, upon which it ends."""
        if self._running:
            process, control = self._running
            control.close()
            process.wait()
            self._running = None

    def _start(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        control, theirs = socket.socketpair()
        command = [sys.executable, "-m", "solgraph.engines.sandbox.worker", str(theirs.fileno())]
        with theirs:
            process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        control.sendall(self._data)
        return process, control


def _error(header: dict[str, Any]) -> SolgraphError:
    """What a worker refused, as the error that it raised."""
    error: SolgraphError = getattr(errors, header["error"])(header["what"], where=header["where"], hint=header["hint"])
    error.__cause__ = Exception(header["cause"])
    return error
