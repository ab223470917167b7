"""Running the application: a socket, signals, a log of lines, and new data in place of the old without a pause."""

import asyncio
import hmac
import ipaddress
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from threading import Timer
from traceback import extract_tb
from typing import NamedTuple
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from solgraph.engines.local import Local
from solgraph.errors import SolgraphError, WrongUse
from solgraph.graph.ask.examples import examples_of
from solgraph.graph.knowledge import Knowledge
from solgraph.web.problems import Problem, from_error, problem_response
from solgraph.web.settings import Settings

RELOAD = "/-/reload"
#: So many seconds are left for answers under way when the server is stopped.
GRACE = 5
#: Seconds in which the first pages have the machine to themselves, before questions are made ready.
_FIRST_PAGES = 3.0
_log = logging.getLogger("solgraph")


class Serving(NamedTuple):
    """What is served where: how the graph is opened, how the application is made of it, and who may reload it."""

    open: Callable[[], Knowledge]
    create: Callable[[Knowledge, Settings], Starlette]
    settings: Settings
    token: str = ""
    access_log: bool = False


class Generation:
    """An application with one state of the data; its lifespan ends with its last request once it is retired."""

    def __init__(self, app: Starlette, kg: Knowledge, description: str) -> None:
        self.app, self.description = app, description
        self._stack, self._requests, self._retired = AsyncExitStack(), 0, False
        self._warming = Timer(_FIRST_PAGES, _warm, (kg,))
        self._warming.daemon = True

    async def start(self) -> None:
        await self._stack.enter_async_context(self.app.router.lifespan_context(self.app))
        self._warming.start()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._requests += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._requests -= 1
            await self._end_if_unused()

    async def retire(self) -> None:
        self._retired = True
        await self._end_if_unused()

    async def end(self) -> None:
        self._warming.cancel()
        await self._stack.aclose()

    async def _end_if_unused(self) -> None:
        if self._retired and not self._requests:
            await self.end()


def _warm(kg: Knowledge) -> None:
    """Make what the first question in plain words would wait for; who asks it sees the error."""
    if isinstance(kg.endpoint, Local):
        with suppress(SolgraphError):
            examples_of(kg.snapshot)


class Server:
    """The ASGI application that passes requests on to the current generation, and makes the next one on demand."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.current = self._next()
        self._prefix = urlsplit(serving.settings.base_url).path.rstrip("/")
        self._reloading = asyncio.Lock()

    def _next(self) -> Generation:
        started = time.perf_counter()
        kg = self.serving.open()
        if isinstance(kg.endpoint, Local):
            kg.store  # noqa: B018  (read once, with its named graphs: the first page asks them)
        (counted,) = kg.endpoint.ask("SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }")
        queries = len(kg.queries())
        app = self.serving.create(kg, self.serving.settings)
        seconds = f"{time.perf_counter() - started:.1f} s"
        return Generation(app, kg, f"{counted.triples:,} triples and {queries} saved queries, read in {seconds}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._put_prefix(scope)
            if scope["path"] == scope.get("root_path", "") + RELOAD and self._can_be_reloaded:
                response = await self._answer_reload(Request({**scope, "app": self.current.app}))
                await response(scope, receive, send)
            else:
                await self.current.answer(scope, receive, send)
        except Exception as error:  # noqa: BLE001  (the last place to log it)
            _log.error("%s %s", scope["method"], scope["path"], exc_info=error)

    def _put_prefix(self, scope: Scope) -> None:
        """Under the address ``https://example.org/graph`` all links begin with ``/graph``; the proxy may strip it."""
        prefix = self._prefix
        if self.serving.settings.forwarded and not self.serving.settings.base_url:
            prefix = Request(scope).headers.get("x-forwarded-prefix", "").split(",")[0].strip().rstrip("/")
        if prefix.startswith("/") and not prefix.startswith("//"):
            scope["root_path"] = prefix
            if not f"{scope['path']}/".startswith(f"{prefix}/"):
                scope["path"] = prefix + scope["path"]

    # New data

    @property
    def _can_be_reloaded(self) -> bool:
        return self.serving.settings.reload or bool(self.serving.token)

    async def _answer_reload(self, request: Request) -> Response:
        try:
            self._check(request)
            return JSONResponse({"loaded": await self.reload()})
        except Problem as problem:
            return await problem_response(request, problem)
        except SolgraphError as error:
            reason = from_error(error)
            return await problem_response(request, Problem(500, "The old data stay", reason.detail, **reason.members))

    def _check(self, request: Request) -> None:
        """Only a POST with the token, or without one from a program on this machine and not through a proxy."""
        if request.method != "POST":
            raise Problem(405, detail=f"{RELOAD} takes POST.", headers={"Allow": "POST"})
        if self.serving.token:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if not hmac.compare_digest(token.encode(), self.serving.token.encode()):
                raise Problem(403, detail="The token is missing or wrong: Authorization: Bearer TOKEN.")
        elif not _is_local(request):
            raise Problem(403, detail="Without a token only a program on the same machine may reload the data.")

    async def reload(self) -> str:
        """Load the data anew and describe them; when that fails, the old data stay and the error is raised."""
        async with self._reloading:
            try:
                fresh = await asyncio.to_thread(self._next)
                await fresh.start()
            except SolgraphError as error:
                _log.error("The old data stay: %s", str(error).splitlines()[0])
                raise
            old, self.current = self.current, fresh
            await old.retire()
            _log.info("Reloaded: %s.", fresh.description)
            return fresh.description


def _is_local(request: Request) -> bool:
    """Whether a program on this machine asks: not a page in its browser, and not a proxy for somebody else."""
    through = {"origin", "via", "forwarded", "x-forwarded-for", "x-real-ip"} & set(request.headers)
    host = request.client.host if request.client else ""
    try:
        return not through and ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# The process


def serve(serving: Serving, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``announce`` gets the sentence with the address once everything is ready.

    Raises :class:`WrongUse` when the address cannot be had, and the error of the data when they are broken.
    """
    with _listening(host, port) as listening, _logged(serving.access_log):
        server = Server(serving)
        config = uvicorn.Config(
            server,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=serving.access_log,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            ready = _sentence(server, listening)
            runner.run(_run(server, uvicorn.Server(config), listening, lambda: announce(ready)))


async def _run(server: Server, program: uvicorn.Server, listening: socket.socket, announce: Callable[[], None]) -> None:
    await server.current.start()
    try:
        tasks = _obey_signals(server, program)
        announce()
        await program.serve(sockets=[listening])
        await asyncio.gather(*tasks)
    finally:
        await server.current.end()


def _obey_signals(server: Server, program: uvicorn.Server) -> set["asyncio.Task[None]"]:
    """SIGHUP reloads, unless the terminal was closed; SIGINT and SIGTERM are uvicorn's to handle.

    uvicorn raises those two again at its end, for whoever had them before: nobody, so that the program ends well.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    tasks: set[asyncio.Task[None]] = set()
    at_terminal = os.isatty(0)

    def hung_up() -> None:
        if at_terminal and not os.isatty(0):
            program.should_exit = True
        else:
            task = asyncio.ensure_future(_reload_and_go_on(server))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    if hasattr(signal, "SIGHUP"):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hung_up)
    return tasks


async def _reload_and_go_on(server: Server) -> None:
    try:
        await server.reload()
    except SolgraphError:
        return  # it is in the log
    except Exception as error:  # noqa: BLE001  (nobody waits for the answer to a signal)
        _log.error("The old data stay", exc_info=error)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens; its errors are sentences."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        what = f"{_url(host, port)} cannot be served: {str(reason).lower()}."
        raise WrongUse(what, hint="Choose another --host or --port; --port 0 takes a free one.") from error
    with listening:
        yield listening


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _sentence(server: Server, listening: socket.socket) -> str:
    host, port, *_ = listening.getsockname()
    public = server.serving.settings.base_url
    also = f", known as {public}" if public else ""
    return f"{_url(host, port)} serves {server.current.description}{also}. Ctrl-C stops it."


class Lines(logging.Formatter):
    """Every record is one line: time, level, what happened; of an exception its name, message and place."""

    def format(self, record: logging.LogRecord) -> str:
        moment = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        line = f"{moment} {record.levelname.lower()}: {record.getMessage().strip()}"
        if record.exc_info and (error := record.exc_info[1]):
            line += f": {type(error).__name__}: {error}{_place(error)}"
        return "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)


def _place(error: BaseException) -> str:
    frames = extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""


@contextmanager
def _logged(access: bool) -> Iterator[None]:
    """Log to the terminal while the server runs: what goes wrong, reloads, and each access if wanted."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    _log.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").setLevel(logging.INFO if access else logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
