"""Answers kept: the data stay the same while an application lives, so the same request gets what it got before."""

from collections import OrderedDict
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 2**20
MOST_OF_ONE = 2**20
#: The headers of a request by which answers differ.
_TELLING = {
    *(b"accept", b"accept-encoding", b"accept-language", b"cookie", b"host"),
    *(b"x-forwarded-host", b"x-forwarded-prefix", b"x-forwarded-proto"),
}
#: With these an answer depends on what the client holds already.
_CONDITIONS = {b"if-none-match", b"if-modified-since", b"if-match", b"range", b"authorization"}

Key = tuple[object, ...]


class Sent(NamedTuple):
    """The two messages of an answer that was sent whole."""

    start: Message
    body: Message


class Kept:
    """Middleware that keeps answers to GET, so many bytes of them; the one not asked for longest makes room.

    Kept are whole answers with status 200 that are not streamed, not large and not marked ``no-store``.
    """

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES) -> None:
        self.app, self.most, self.size = app, most, 0
        self._sent: OrderedDict[Key, Sent] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self.app(scope, receive, send)
        elif found := self._sent.get(key):
            self._sent.move_to_end(key)
            for message in found:
                await send(message)
        else:
            await self.app(scope, receive, self._listening(key, send))

    def _listening(self, key: Key, send: Send) -> Send:
        """A way to send that keeps what passes."""
        start: Message | None = None

        async def pass_on(message: Message) -> None:
            nonlocal start
            if start and not message.get("more_body") and _may_be_kept(start):
                self._keep(key, Sent(start, message))
            start = message if message["type"] == "http.response.start" else None
            await send(message)

        return pass_on

    def _keep(self, key: Key, sent: Sent) -> None:
        size = _size(key, sent)
        if size > MOST_OF_ONE or key in self._sent:
            return
        self._sent[key] = sent
        self.size += size
        while self.size > self.most:
            self.size -= _size(*self._sent.popitem(last=False))


def _key(scope: Scope) -> Key | None:
    """What an answer depends on; None when it depends on more."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    headers = scope["headers"]
    if any(name in _CONDITIONS for name, _ in headers):
        return None
    address = (scope["scheme"], scope.get("root_path", ""), scope["path"], scope["query_string"])
    return (*address, *(value for pair in headers if pair[0] in _TELLING for value in pair))


def _may_be_kept(start: Message) -> bool:
    marked = any(name.lower() == b"cache-control" and b"no-store" in value for name, value in start["headers"])
    return start["status"] == 200 and not marked


def _size(key: Key, sent: Sent) -> int:
    """Bytes, roughly."""
    told = sum(len(part) if isinstance(part, bytes | str) else 100 for part in key)
    return 1000 + told + len(sent.body.get("body", b""))
