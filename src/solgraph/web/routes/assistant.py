"""``/mcp``: the graph for assistants, by the Model Context Protocol over HTTP."""

import ipaddress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from solgraph.errors import MissingExtra
from solgraph.web.body import MAX_BYTES, read_body
from solgraph.web.http import route
from solgraph.web.problems import Problem
from solgraph.web.settings import Settings

if TYPE_CHECKING:
    from mcp.server import Server


async def _mcp(request: Request) -> Response:
    """The answer to a message of the protocol; each message stands for itself, so that there are no sessions."""
    if not find_spec("mcp"):
        raise MissingExtra("Serving assistants", "mcp")
    _refuse_others(request)
    body = await read_body(request)
    return await _answered(await run_in_threadpool(_server, request), request, body)


def _refuse_others(request: Request) -> None:
    """Raise :class:`Problem` 403 for pages of other sites, also where a name of theirs leads to this machine."""
    settings: Settings = request.app.state.settings
    own = {"localhost", urlsplit(settings.base_url).hostname}
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if host not in own and not _is_address(host) and not settings.forwarded:
        hint = f"Use the address with numbers, or start the server with --base-url http://{host[:100]}."
        raise Problem(403, detail=f"This server is not known as '{host[:100]}'.", hint=hint)
    origin = request.headers.get("origin")
    page = urlsplit(origin).hostname if origin else host
    if page != host and page not in own and not _is_loopback(page or ""):
        raise Problem(403, detail="Pages of other sites may not ask as assistants do.")


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host).is_loopback


def _server(request: Request) -> "Server[Any]":
    """The server of the protocol, made when it is first asked, since its library takes a second to import."""
    state = request.app.state
    if not hasattr(state, "assistant"):
        from solgraph.assistant.server import server_of

        state.assistant = server_of(state.kg, state.settings.timeout)
    server: Server[Any] = state.assistant
    return server


async def _answered(server: "Server[Any]", request: Request, body: bytes) -> Response:
    """What the library of the protocol answers to a request whose body has been read."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        return unread.pop() if unread else await request.receive()

    async def send(message: Message) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=MAX_BYTES)
    async with manager.run():
        await manager.handle_request(request.scope, receive, send)
    response = Response(b"".join(message.get("body", b"") for message in sent[1:]), sent[0]["status"])
    response.raw_headers = list(sent[0]["headers"])
    return response


routes = [route("/mcp", _mcp, methods=("POST", "OPTIONS"), reads_queries=False)]
