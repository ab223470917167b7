"""The one HTTP client: bounded in time and size, and credentials stay with the server for which they were given."""

import contextlib
import os
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from typing import IO, Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

from solgraph.errors import EndpointError, WrongUse

#: An answer, also after it is unpacked, may have so many bytes.
MOST_BYTES = 500_000_000
_CHUNK = 64 * 1024
_TRY_TIMEOUT = "Give it more time with timeout=…, or ask for less."


class Reply(NamedTuple):
    """What a server sent."""

    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get_content_type()


class HttpClient:
    """Sends requests to one server.

    ``timeout`` is in seconds, for the whole of a request. Credentials come from SOLGRAPH_TOKEN (bearer), from
    SOLGRAPH_USER and SOLGRAPH_PASSWORD (Basic, and Digest where the server asks for it) or from a netrc file; they are
    never sent to another origin, also when the server redirects there.
    """

    def __init__(self, url: str, timeout: float) -> None:
        self.url, self.timeout = url, timeout
        self._digest = _Digest(url)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled is where it sends; credentials stay here."""
        return HttpClient, (self.url, self.timeout)

    def send(self, request: Request) -> Reply:
        """The reply, whatever its status. Raises :class:`EndpointError` when there is none that is whole."""
        if header := self._digest.answer(request) or authorisation(self.url):
            request.add_unredirected_header("Authorization", header)
        with _Deadline(self.timeout) as deadline, self._reporting_errors(deadline):
            try:
                response = _opener(self._digest, deadline).open(request, timeout=self.timeout)
            except HTTPError as error:
                response = error
            with response:
                body = self._unpacked(response.headers, self._read(response))
            if deadline.has_expired:
                raise TimeoutError
            return Reply(response.status or 0, response.headers, body)

    def _read(self, response: IO[bytes] | HTTPError) -> bytes:
        parts, size = [], 0
        while part := response.read(_CHUNK):
            parts.append(part)
            size += len(part)
            self._refuse_too_long(size)
        if size < int(getattr(response, "headers", {}).get("Content-Length") or 0):
            raise HTTPException
        return b"".join(parts)

    def _unpacked(self, headers: Message, body: bytes) -> bytes:
        packing = (headers.get("Content-Encoding") or "identity").strip().lower()
        if packing == "identity":
            return body
        if packing not in ("gzip", "x-gzip", "deflate"):
            raise ValueError(f"it is packed as {packing}")
        unpacking = zlib.decompressobj(47)  # gzip or zlib, by its first bytes
        whole = unpacking.decompress(body, MOST_BYTES + 1)
        self._refuse_too_long(len(whole))
        if not unpacking.eof:
            raise HTTPException
        return whole

    def _refuse_too_long(self, size: int) -> None:
        if size > MOST_BYTES:
            what = f"{self.url} sends more than {MOST_BYTES // 10**6} megabytes."
            raise EndpointError(what, hint="Ask for less, with LIMIT.")

    @contextlib.contextmanager
    def _reporting_errors(self, deadline: "_Deadline") -> Iterator[None]:
        try:
            yield
        except (OSError, HTTPException, ValueError, zlib.error) as error:
            raise self._failure(error, has_expired=deadline.has_expired) from error

    def _failure(self, error: Exception, *, has_expired: bool) -> EndpointError:
        import ssl

        reason = error.reason if isinstance(error, URLError) else error
        if has_expired or isinstance(reason, TimeoutError) or "timed out" in str(reason):
            return EndpointError(f"{self.url} did not answer within {self.timeout:g} seconds.", hint=_TRY_TIMEOUT)
        if isinstance(reason, ssl.SSLError):
            complaint = getattr(reason, "verify_message", "") or reason.reason or reason
            what = f"{self.url} has no trusted secure connection: {complaint}."
            return EndpointError(what, hint="Check the certificate.")
        if isinstance(reason, HTTPException | zlib.error):
            return broken_off(self.url)
        if isinstance(reason, ValueError):
            return EndpointError(f"{self.url} answers in a way that cannot be followed: {reason}.")
        complaint = getattr(reason, "strerror", None) or reason
        return EndpointError(f"{self.url} cannot be reached: {complaint}.", hint="Check the address, and that it runs.")


def broken_off(url: str) -> EndpointError:
    """The error for an answer that is not whole."""
    return EndpointError(f"{url} broke off its answer.", hint="Try again, or ask for less.")


class _Deadline:
    """Shuts the connections that it watches at a moment, so that no server can draw a request out byte by byte."""

    def __init__(self, seconds: float) -> None:
        self.has_expired = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _expire(self) -> None:
        self.has_expired = True
        for watched in self._sockets:
            with contextlib.suppress(OSError):
                watched.shutdown(socket.SHUT_RDWR)

    def watching(self, kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        """What makes connections whose sockets are watched."""

        def connection(*args: Any, **options: Any) -> HTTPConnection:
            made = kind(*args, **options)
            connect = made.connect

            def connect_and_watch() -> None:
                connect()
                self._sockets.append(made.sock)

            made.connect = connect_and_watch  # type: ignore[method-assign]
            return made

        return connection


def _opener(digest: "_Digest", deadline: _Deadline) -> OpenerDirector:
    class Http(HTTPHandler):
        def http_open(self, req: Request) -> Any:
            return self.do_open(deadline.watching(HTTPConnection), req)

    class Https(HTTPSHandler):
        def https_open(self, req: Request) -> Any:
            return self.do_open(deadline.watching(HTTPSConnection), req)

    return build_opener(Http, Https, _Redirects, digest)


class _Redirects(HTTPRedirectHandler):
    """Follows a few redirects on the web: with credentials within an origin, without them elsewhere."""

    max_redirections = 5

    def redirect_request(  # noqa: PLR0917  (urllib's own)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme not in ("http", "https"):
            raise ValueError(f"a redirect to {newurl}")
        if req.get_method() == "POST" and code != 303:  # the query goes along
            redirected: Request | None = Request(newurl, req.data, req.headers, method="POST")
        else:
            redirected = super().redirect_request(req, fp, code, msg, headers, newurl)
        if redirected and _origin(newurl) == _origin(req.full_url) and req.has_header("Authorization"):
            redirected.add_unredirected_header("Authorization", req.get_header("Authorization") or "")
        return redirected


class _Digest(HTTPDigestAuthHandler):
    """Answers a server that asks for Digest, and no other server.

    What it asked once is answered in later requests at once, since it may hang up on a long one without an answer.
    """

    def __init__(self, url: str) -> None:
        self.challenge: dict[str, str] = {}
        self.url, self.account = url, _account(url)
        passwords = HTTPPasswordMgrWithDefaultRealm()
        if self.account:
            passwords.add_password(None, url, *self.account)
        super().__init__(passwords)

    def answer(self, req: Request) -> str:
        """The Authorization header that answers the last challenge; empty when there was none."""
        return f"Digest {self.get_authorization(req, self.challenge)}" if self.challenge else ""

    def retry_http_digest_auth(self, req: Request, auth: str) -> Any:
        self.challenge = parse_keqv_list(list(filter(None, parse_http_list(auth.partition(" ")[2]))))
        return super().retry_http_digest_auth(req, auth)

    def http_error_401(self, req: Request, fp: Any, code: int, msg: str, headers: HTTPMessage) -> Any:
        challenges = headers.get_all("WWW-Authenticate", [])
        asks = any(value.lower().startswith("digest ") for value in challenges)
        # Virtuoso turns Basic away without a challenge, and sends one to a request without credentials.
        is_silent = not challenges and req.has_header("Authorization")
        if not (asks or is_silent) or not self.account or _origin(req.full_url) != _origin(self.url):
            return None
        with contextlib.closing(fp):
            if asks:
                return super().http_error_401(req, fp, code, msg, headers)
            bare = Request(req.full_url, req.data, req.headers, method=req.get_method())
            return self.parent.open(bare, timeout=req.timeout)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)


# Who asks


def refuse_address(url: str, of: str, example: str) -> None:
    """Refuse what is not the address of a server, or holds a password."""
    try:
        parts = urlsplit(url)
        has_server = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True)
    except ValueError:
        has_server = False
    if has_server and (parts.username or parts.password):
        raise WrongUse("An address must not hold a password.", hint="Set SOLGRAPH_USER and SOLGRAPH_PASSWORD.")
    if not has_server:
        raise WrongUse(f"'{url}' is not the address of {of}.", hint=f"For example: {example}")


def authorisation(url: str) -> str:
    """The Authorization header for an address, from the environment or a netrc file; empty when there is none."""
    from base64 import b64encode

    if token := os.environ.get("SOLGRAPH_TOKEN"):
        return f"Bearer {token}"
    account = _account(url)
    return f"Basic {b64encode(':'.join(account).encode()).decode()}" if account else ""


def _account(url: str) -> tuple[str, str] | None:
    """User and password for an address."""
    import netrc

    if user := os.environ.get("SOLGRAPH_USER"):
        return user, os.environ.get("SOLGRAPH_PASSWORD", "")
    try:
        entry = netrc.netrc(os.environ.get("NETRC")).authenticators(urlsplit(url).hostname or "")
    except (OSError, netrc.NetrcParseError):
        return None
    return (entry[0], entry[2] or "") if entry else None
