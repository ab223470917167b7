"""The SPARQL 1.1 Protocol, for reading only, at ``/sparql``: what is asked, in which form it is answered."""

import asyncio
import inspect
import re
from collections.abc import Iterator
from typing import IO, Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from solgraph.engines.sandbox.worker_pool import Pool, Result
from solgraph.errors import NotAcceptable, WrongUse
from solgraph.graph.knowledge import Knowledge
from solgraph.web.negotiation import Offer, preferred
from solgraph.web.problems import Problem
from solgraph.web.service_description import description
from solgraph.web.settings import Settings

__all__ = ["ROWS", "TRIPLES", "make_pool", "routes"]

ROWS = (
    Offer("json", "application/sparql-results+json", ("srj", "application/json")),
    Offer("xml", "application/sparql-results+xml", ("srx", "application/xml", "text/xml")),
    Offer("csv", "text/csv"),
    Offer("tsv", "text/tab-separated-values", ("text/tsv",)),
)
TRIPLES = (
    Offer("turtle", "text/turtle", ("ttl", "application/x-turtle")),
    Offer("trig", "application/trig"),
    Offer("ntriples", "application/n-triples", ("nt",)),
    Offer("nquads", "application/n-quads", ("nq",)),
    Offer("jsonld", "application/ld+json", ("json-ld", "json", "application/json")),
    Offer("rdfxml", "application/rdf+xml", ("rdf", "xml", "application/xml", "text/xml")),
)
PAGE = Offer("html", "text/html", ("application/xhtml+xml",))
MOST_BYTES = 2**20
CORS = {"Access-Control-Allow-Origin": "*"}
PREFLIGHT = {
    **CORS,
    "Allow": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, Authorization",
    "Access-Control-Max-Age": "86400",
}
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
# What gives another answer each time is asked each time.
_CHANGING = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE)\b|\\[uU]", re.IGNORECASE)


def make_pool(kg: Knowledge, settings: Settings) -> Pool:
    """A pool of workers on the files of a graph, or on its prepared store; nothing runs before :meth:`Pool.start`."""
    if not kg.paths:
        raise WrongUse(f"The data lies at {kg.endpoint.name}, not here.", hint="Serve files: --data PATH")
    return Pool(settings.limits, [str(path) for path in kg.paths], str(kg.on_disk) if kg.on_disk else None)


class Asked(NamedTuple):
    """What a request says: its query, empty if none, the graphs of its dataset, and a format that it names."""

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str = ""


class Protocol:
    """The endpoint, an ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await _response(request)
        except ClientDisconnect:
            response = Response(status_code=499)  # nobody reads it
        await response(scope, receive, send)


async def _response(request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=PREFLIGHT)
    body = await _body(request) if request.method == "POST" else b""
    asked = _asked(request, body)
    if not asked.query:
        return await _without_query(request, asked)
    response = await _answered(request, request.app.state.pool, asked)
    if _CHANGING.search(asked.query):
        response.headers["Cache-Control"] = "no-store"
    return response


async def _answered(request: Request, pool: Pool, asked: Asked) -> Response:
    rows, triples = (_preferred(request, offers, asked.format) for offers in (ROWS, TRIPLES))
    if isinstance(rows, Problem) and isinstance(triples, Problem):
        raise _of_both(rows, triples)
    chosen = {"rows": rows, "triples": triples}
    media_types = {kind: offer.media_type if isinstance(offer, Offer) else "" for kind, offer in chosen.items()}
    asking = pool.ask(asked.query, default=asked.default, named=asked.named, **media_types)
    try:
        result = await _unless_gone(request, asking)
    except NotAcceptable as error:
        refused = chosen[error.what]
        raise refused if isinstance(refused, Problem) else error from None
    offer = chosen[result.kind]
    assert isinstance(offer, Offer)
    return _sent(result, offer.media_type)


def _preferred(request: Request, offers: tuple[Offer, ...], format: str) -> Offer | Problem:
    try:
        return preferred(request, offers, format)
    except Problem as problem:
        return problem


def _of_both(rows: Problem, triples: Problem) -> Problem:
    detail = f"For SELECT and ASK: {rows.detail} For CONSTRUCT and DESCRIBE: {triples.detail}"
    return Problem(406, detail=detail, offers=[*rows.members["offers"], *triples.members["offers"]])


async def _unless_gone(request: Request, asking: Any) -> Result:
    """The result, unless the client hangs up before: then the query is ended, too."""
    task = asyncio.ensure_future(asking)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        result: Result = task.result()
        return result
    finally:
        gone.cancel()
        task.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _sent(result: Result, media_type: str) -> Response:
    headers = {**CORS, "Vary": "Accept"}
    if result.file is None:
        return Response(result.body, media_type=media_type, headers=headers)
    size = result.file.seek(0, 2)
    headers["Content-Length"] = str(size)
    return StreamingResponse(_chunks(result.file), media_type=media_type, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk


# What a request says


async def _body(request: Request) -> bytes:
    """The body, or 413 as soon as it is longer than one may be."""
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        _refuse_long(size)
    return b"".join(parts)


def _refuse_long(size: int) -> None:
    if size > MOST_BYTES:
        raise Problem(413, detail=f"A query may have {MOST_BYTES:,} bytes.", hint="Ask in parts.")


def _asked(request: Request, body: bytes) -> Asked:
    """The query and its dataset, wherever they stand. Raises :class:`Problem` 400, 403, 413 and 415."""
    address = bytes(request.scope["query_string"])
    _refuse_long(len(address))
    said = _pairs(address)
    if request.method == "POST":
        said += _posted(request.headers.get("content-type", ""), body)
    values: dict[str, list[str]] = {}
    for name, value in said:
        values.setdefault(name, []).append(value)
    _refuse_ill_formed(values, posted=request.method == "POST")
    default, named = (tuple(values.get(f"{kind}-graph-uri", ())) for kind in ("default", "named"))
    return Asked(values.get("query", [""])[0], default, named, values.get("format", [""])[0])


def _refuse_ill_formed(values: dict[str, list[str]], *, posted: bool) -> None:
    if "update" in values:
        raise _no_updates()
    queries = values.get("query", [])
    if len(queries) > 1:
        raise Problem(400, detail=f"There are {len(queries)} queries; a request has one.")
    if (queries and not queries[0].strip()) or (posted and not queries):
        raise Problem(400, detail="The query is empty.", hint="Send it as the parameter query, or as the body.")


def _pairs(text: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise Problem(400, detail="The parameters are not in UTF-8.") from error
    except ValueError as error:
        raise Problem(400, detail="There are more than 1,000 parameters.") from error


def _posted(content_type: str, body: bytes) -> list[tuple[str, str]]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _FORM:
        return _pairs(body)
    if kind == _UPDATE:
        raise _no_updates()
    charset = re.search(r"charset=\"?([\w-]+)", content_type, re.IGNORECASE)
    if kind != _QUERY or (charset and charset[1].lower() != "utf-8"):
        what = f"A query comes as {_QUERY} or as {_FORM}, in UTF-8, not as '{content_type[:100]}'."
        raise Problem(415, detail=what, headers={"Accept-Post": f"{_QUERY}, {_FORM}"})
    try:
        return [("query", body.decode())]
    except UnicodeDecodeError as error:
        raise Problem(400, detail="The query is not in UTF-8.") from error


def _no_updates() -> Problem:
    return Problem(403, detail="Updates are refused: the graph is for reading only.", hint="Send a query instead.")


# Without a query


async def _without_query(request: Request, asked: Asked) -> Response:
    """The page of the app for writing queries if a page is wanted and there is one, else what the service can do."""
    editor = getattr(request.app.state, "editor", None)
    offer = preferred(request, [*TRIPLES, PAGE], asked.format)
    if offer.name == PAGE.name and editor:
        page = editor(request)
        response: Response = await page if inspect.isawaitable(page) else page
        response.headers.update({"Vary": "Accept"})
        return response
    if offer.name == PAGE.name:
        offer = TRIPLES[0]
    text = await description(request, offer.media_type, [one.name for one in (*ROWS, *TRIPLES)])
    return Response(text, media_type=offer.media_type, headers={**CORS, "Vary": "Accept"})


routes = [Route("/sparql", Protocol(), methods=["GET", "HEAD", "POST", "OPTIONS"], name="sparql")]
