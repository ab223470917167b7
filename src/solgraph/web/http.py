"""How every address answers: its methods, the form that a client prefers, validators and headers, in one helper."""

import json
import re
from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping, Sequence
from hashlib import sha256
from inspect import iscoroutinefunction
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from solgraph.errors import SolgraphError, did_you_mean
from solgraph.formats.media import Form
from solgraph.queries import catalogue
from solgraph.web.problems import HEADERS, Problem, from_error
from solgraph.web.settings import Settings

Answer = Callable[[Request], Response] | Callable[[Request], Awaitable[Response]]

#: The languages of pages.
LANGUAGES = ("en", "de", "it", "pl")
READING = ("GET", "HEAD", "OPTIONS")
#: Of what is written in the language of the reader, and of what is so in several forms.
BY_LANGUAGE = {"Vary": "Accept-Language, Cookie"}
BY_FORM_AND_LANGUAGE = {"Vary": "Accept, Accept-Language, Cookie"}
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
_HOST = re.compile(r"https?://[\w.:\[\]-]+(/[\w./~%-]*)?", re.ASCII)


# Routes


def route(address: str, answer: Answer, *, methods: Sequence[str] = READING, reads_queries: bool = True) -> Route:
    """A route with preflight, common headers, validators and the response cache; a plain function runs in a thread.

    Without ``reads_queries`` its answers do not depend on the files of the saved queries.
    """

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return _preflight(methods)
        try:
            return await _answered(request, answer, reads_queries)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it

    return Route(address, endpoint, methods=list(methods), name=answer.__name__.strip("_"))


async def _answered(request: Request, answer: Answer, reads_queries: bool) -> Response:
    if request.method == "POST" or "solgraph.static" in request.scope:
        return _with_headers(await call(answer, request))
    responses: ResponseCache = request.app.state.responses
    key = _key(request, reads_queries)
    if not (response := responses.get(key)):
        response = _with_headers(await call(answer, request))
        responses.add(key, response)
    return _unless_unchanged(request, response)


def _preflight(methods: Sequence[str]) -> Response:
    allowed = ", ".join(methods)
    own = {"Allow": allowed, "Access-Control-Allow-Methods": allowed}
    return Response(status_code=204, headers={**HEADERS, **_PREFLIGHT, **own})


async def call(answer: Answer, request: Request) -> Response:
    """The answer of a coroutine function, or of a plain function in a thread."""
    if iscoroutinefunction(answer):
        response: Response = await answer(request)
        return response
    if "solgraph.static" in request.scope:  # nobody else waits
        return _call_plain(answer, request)  # type: ignore[arg-type]
    return await run_in_threadpool(_call_plain, answer, request)  # type: ignore[arg-type]


def _call_plain(answer: Callable[[Request], Response], request: Request) -> Response:
    """The answer; its errors are problems without a traceback.

    A traceback would hold results of pyoxigraph, which only the thread that made them may let go.
    """
    try:
        return answer(request)
    except SolgraphError as error:
        problem = from_error(error)
    except Problem as error:
        problem = error.with_traceback(None)
    problem.__context__ = problem.__cause__ = None
    raise problem


def _with_headers(response: Response) -> Response:
    """The response with the common headers and a tag of its content; what is streamed has no tag.

    The tag is weak, since the content may be sent compressed.
    """
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code == 200 and hasattr(response, "body"):
        content_type = response.headers.get("content-type", "")
        tag = sha256(content_type.encode() + b"\n" + bytes(response.body)).hexdigest()[:24]
        response.headers["ETag"] = f'W/"{tag}"'
    return response


def _unless_unchanged(request: Request, response: Response) -> Response:
    """The response, or 304 for a client that has it already."""
    held = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    tag = response.headers.get("etag", "").removeprefix("W/")
    if not tag or (tag not in held and "*" not in held):
        return response
    headers = {name: value for name, value in response.headers.items() if not name.startswith("content-le")}
    return Response(status_code=304, headers=headers)


def script(variable: str, content: Any, headers: Mapping[str, str] | None = None) -> Response:
    """A script that sets a variable: a page that is opened from a disk may load scripts beside it, but no data."""
    body = f"var {variable} = {json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n"
    return Response(body, media_type="text/javascript", headers=headers)


# Response cache

#: What an answer may depend on in a request: parts of its address, and headers.
_ADDRESS = ("scheme", "root_path", "path", "raw_path", "query_string")
_NEGOTIATED = ("host", "accept", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix")
#: Bytes that headers and the like take beside each response.
_OVERHEAD = 4096
#: Functions whose value differs each time; the lines of a header are prose.
_VOLATILE = re.compile(r"^#\+.*$|(?<![a-z_])(rand|now|(?:str)?uuid|bnode)\s*[(#]", re.IGNORECASE | re.MULTILINE)


class ResponseCache:
    """Responses to the latest requests for one state of the data; the oldest make room, so that few bytes are held."""

    def __init__(self, most_bytes: int = 16 * 2**20) -> None:
        self._most, self._size = most_bytes, 0
        self._responses: dict[Hashable, tuple[bytes, list[tuple[bytes, bytes]]]] = {}

    def get(self, key: Hashable) -> Response | None:
        """A copy of the response, for what sends it changes its headers."""
        if key not in self._responses:
            return None
        body, headers = self._responses[key]
        response = Response(body)
        response.raw_headers = list(headers)
        return response

    def add(self, key: Hashable, response: Response) -> None:
        """Hold a response, unless it is an error, a stream, marked with ``no-store`` or too large."""
        volatile = response.headers.get("cache-control") == "no-store" or "etag" not in response.headers
        if volatile or key in self._responses or _size(key, response.body) > self._most // 16:
            return
        self._responses[key] = bytes(response.body), list(response.raw_headers)
        self._size += _size(key, response.body)
        while self._size > self._most:
            oldest = next(iter(self._responses))
            self._size -= _size(oldest, self._responses.pop(oldest)[0])


def _size(key: Hashable, body: bytes | memoryview) -> int:
    return len(body) + len(repr(key)) + _OVERHEAD


def of_query(query: str, response: Response) -> Response:
    """The response, marked with ``no-store`` if the query may have another answer each time."""
    if any(match[1] for match in _VOLATILE.finditer(query)):
        response.headers["Cache-Control"] = "no-store"
    return response


def _key(request: Request, reads_queries: bool) -> Hashable:
    negotiated = [tuple(request.headers.getlist(name)) for name in _NEGOTIATED]
    queries = hash(catalogue.state(request.app.state.kg.folders)) if reads_queries else 0
    return *map(request.scope.get, _ADDRESS), *negotiated, language(request), queries


# Addresses and languages


def root_address(request: Request) -> str:
    """The address of the root, without a slash at the end, as the client sees it.

    Raises :class:`Problem` 400 for a Host header that names no host, for links are made of it.
    """
    settings: Settings = request.app.state.settings
    if settings.base_url:
        return settings.base_url.rstrip("/")
    scheme, host, path = request.url.scheme, request.headers.get("host", ""), request.scope.get("root_path", "")
    if settings.forwarded:
        scheme = request.headers.get("x-forwarded-proto", scheme).split(",")[0].strip()
        host = request.headers.get("x-forwarded-host", host).split(",")[0].strip()
        path = request.headers.get("x-forwarded-prefix", path).split(",")[0].strip()
    root = f"{scheme}://{host}{path.rstrip('/')}"
    if not _HOST.fullmatch(root):
        raise Problem(400, detail="The Host header names no host.")
    return root


def path_on_site(request: Request) -> str:
    """The path below the root, such as ``/doc/city/milan``."""
    path: str = request.scope["path"]
    root: str = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    return path.removeprefix(root) or "/"


def header_safe(text: str) -> str:
    """A path or an IRI as it may stand in a header."""
    return quote(text, safe="/:?#[]@!$&'()*+,;=%~")


def links_header(links: Mapping[str, str]) -> dict[str, str]:
    """Relation → address as a header ``Link``; no header for no links."""
    return {"Link": ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())} if links else {}


def file_name(name: str) -> dict[str, str]:
    """The header with the name under which a browser saves an answer."""
    return {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}"}


def language(request: Request) -> str:
    """The language of the page: of ``?lang=``, of the cookie ``lang``, of the browser, else English."""
    wanted = [request.query_params.get("lang", ""), request.cookies.get("lang", "")]
    wanted += [tag.partition(";")[0] for tag in request.headers.get("accept-language", "").split(",")]
    tags = (tag.strip().lower().partition("-")[0] for tag in wanted)
    return next((tag for tag in tags if tag in LANGUAGES), "en")


# Forms


#: A page for people, in the place of a form of data.
PAGE: Form[Any] = Form("html", ("html",), ("text/html", "application/xhtml+xml"), str, title="HTML")


class Chosen(NamedTuple):
    """A form, and the media type under which it is sent."""

    form: Form[Any]
    media_type: str


class _Range(NamedTuple):
    """A media range of an Accept header, such as ``text/*;q=0.5``."""

    media_range: str
    quality: float

    def fit(self, media_type: str) -> int:
        """How closely it fits a media type: 3 exactly, 2 as ``text/*``, 1 as ``*/*``, 0 not at all."""
        main, _, sub = self.media_range.partition("/")
        if self.media_range == media_type:
            return 3
        return 0 if sub != "*" else 1 if main == "*" else 2 if media_type.startswith(f"{main}/") else 0


def negotiate(request: Request, forms: Sequence[Form[Any]], name: str | None = None) -> Chosen:
    """The form that a client prefers; of equals the earlier one, without a preference the first.

    A form asked for by name, ending or media type in ``?format=``, or in ``name`` instead, wins over the Accept header.
    Raises :class:`Problem` 406, which lists the forms.
    """
    if wanted := request.query_params.get("format", "") if name is None else name:
        return _called(wanted, forms)
    accept = ",".join(request.headers.getlist("accept"))
    ranges = list(_ranges(accept))
    if not ranges:
        return Chosen(forms[0], forms[0].media_types[0])
    quality, chosen = max(_qualities(ranges, forms), key=lambda pair: pair[0])
    if not quality:
        raise _not_acceptable("Accept", accept, forms)
    return chosen


def choose(request: Request, forms: Sequence[Form[Any]], *, page: bool = False) -> Chosen:
    """The form of the address's ending, or else the one that the client prefers.

    Without an ending there may be a page for people in the place of HTML among the data.
    """
    if ending := request.path_params.get("ending"):
        return with_ending(ending, forms)
    return negotiate(request, [*(form for form in forms if form.name != PAGE.name), PAGE] if page else forms)


def with_ending(ending: str, forms: Sequence[Form[Any]]) -> Chosen:
    """The form of an ending of an address. Raises :class:`Problem` 404, which lists the endings."""
    for form in forms:
        if ending.lower() in form.names:
            return Chosen(form, form.media_types[0])
    endings = [form.endings[0] for form in forms]
    hint = did_you_mean(ending, endings) or f"Endings: .{', .'.join(endings)}"
    raise Problem(404, detail=f"Nothing here ends in '.{ending[:100]}'.", hint=hint, allowed=endings)


def _called(wanted: str, forms: Sequence[Form[Any]]) -> Chosen:
    # An unescaped + of a media type in an address arrives as a space.
    name = wanted.partition(";")[0].strip().replace(" ", "+").lower()
    for form in forms:
        if name in form.media_types:
            return Chosen(form, name)
        if name in form.names:
            return Chosen(form, form.media_types[0])
    raise _not_acceptable("format", wanted, forms)


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.split(","):
        media_range, *parameters = (text.strip().lower() for text in part.split(";"))
        qualities = [text[2:].strip() for text in parameters if text.startswith("q=")]
        if "/" in media_range and all(map(_QUALITY.fullmatch, qualities)):
            yield _Range(media_range, float(qualities[0]) if qualities else 1.0)


def _qualities(ranges: Sequence[_Range], forms: Sequence[Form[Any]]) -> Iterator[tuple[float, Chosen]]:
    """Each form with the quality that the closest range gives it: all under their usual media type, then the others."""
    usual = [Chosen(form, form.media_types[0]) for form in forms]
    others = [Chosen(form, media_type) for form in forms for media_type in form.media_types[1:]]
    for chosen in (*usual, *others):
        closest = max(ranges, key=lambda part: (part.fit(chosen.media_type), part.quality))
        yield closest.quality if closest.fit(chosen.media_type) else 0, chosen


def _not_acceptable(by: str, wanted: str, forms: Sequence[Form[Any]]) -> Problem:
    listed = ", ".join(f"{form.name} ({form.media_types[0]})" for form in forms)
    offers = [{"format": form.name, "media_type": form.media_types[0]} for form in forms]
    return Problem(406, detail=f"No form fits {by}: {wanted[:200]}. There is {listed}.", offers=offers)
