"""The SPARQL 1.1 Protocol, for reading only, at ``/sparql``: reads a request, has it answered, sends the answer."""

import asyncio
import re
import time
from collections.abc import Coroutine, Iterator, Sequence
from functools import partial
from typing import IO, Any, NamedTuple

from pyoxigraph import QueryResultsFormat, parse_query_results
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from solgraph.engines.endpoint import result_of
from solgraph.engines.sandbox.worker_pool import Result
from solgraph.errors import NotAcceptable, TooLarge
from solgraph.formats.media import RDF, WORKBOOKS, Form
from solgraph.graph.answer import Answer, Origin
from solgraph.web import catalogue_rdf
from solgraph.web.body import FORM, media_type_of, parameters_of, read_body, refuse_long
from solgraph.web.http import (
    BY_FORM_AND_LANGUAGE,
    PAGE,
    READING,
    Chosen,
    call,
    negotiate,
    of_query,
    root_address,
    route,
)
from solgraph.web.openapi import SPARQL_ANSWERS, SPARQL_ROWS
from solgraph.web.pages.reference import graph_sizes
from solgraph.web.problems import Problem
from solgraph.web.rendering import knowledge

_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
#: The form in which the engine writes the rows of which a workbook is made.
_JSON = "application/sparql-results+json"


class Question(NamedTuple):
    """A request: its query, empty if there is none, the graphs of its dataset, and a form that it names."""

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str = ""


async def _sparql(request: Request) -> Response:
    body = await read_body(request) if request.method == "POST" else b""
    question = _question(request, body)
    if question.query and not _prefers_page(request, question):
        return await _answer(request, question)
    return await call(partial(_without_results, question=question), request)


def _prefers_page(request: Request, question: Question) -> bool:
    """Whether who asks wants a page and no results, as a browser does in which the address of a query is opened."""
    if request.method == "POST":
        return False
    wanted = _preferred(request, [*SPARQL_ANSWERS, *RDF, PAGE], question.format)
    return not isinstance(wanted, Problem) and wanted.form is PAGE


async def _answer(request: Request, question: Question) -> Response:
    rows, triples = (_preferred(request, forms, question.format) for forms in (SPARQL_ANSWERS, RDF))
    if isinstance(rows, Problem) and isinstance(triples, Problem):
        detail = f"For SELECT and ASK: {rows.detail} For CONSTRUCT and DESCRIBE: {triples.detail}"
        raise Problem(406, detail=detail, offers=[*rows.members["offers"], *triples.members["offers"]])
    chosen = {"rows": rows, "triples": triples}
    media_types = {kind: "" if isinstance(form, Problem) else _written(form.form) for kind, form in chosen.items()}
    asking = request.app.state.pool.ask(question.query, default=question.default, named=question.named, **media_types)
    try:
        result = await _unless_gone(request, asking)
    except NotAcceptable as error:
        refusal = chosen[error.what]
        raise refusal if isinstance(refusal, Problem) else error from None
    form = chosen[result.kind]
    assert not isinstance(form, Problem)
    if form.form in WORKBOOKS:
        return await call(partial(_workbook, query=question.query, result=result), request)
    return of_query(question.query, _response(result, form.media_type))


def _preferred(request: Request, forms: Sequence[Form[Any]], name: str) -> Chosen | Problem:
    try:
        return negotiate(request, forms, name)
    except Problem as problem:
        return problem


def _written(form: Form[Any]) -> str:
    return _JSON if form in WORKBOOKS else form.media_types[0]


def _workbook(request: Request, query: str, result: Result) -> Response:
    """The rows with the names of things, their passages, and the query; there is none of yes or no."""
    body = result.body if result.file is None else b"".join(_chunks(result.file))
    answer = Answer.of(result_of("SELECT", parse_query_results(body, QueryResultsFormat.JSON)))
    if answer.boolean is not None:
        raise Problem(406, detail="Yes or no is not written as a workbook.", hint="Take it as JSON or CSV.")
    if len(answer) > (most := request.app.state.settings.rows):
        raise TooLarge(f"A workbook has at most {most:,} rows.", hint="Take the answer as CSV, or in parts.")
    answer.knowledge = kg = knowledge(request)
    answer.labels = kg.snapshot.labels_of(answer.iris(), kg.languages)
    answer.origin = Origin(kg.endpoint.name, query, time.time(), 0.0)
    written, media_type = answer.content("xlsx"), WORKBOOKS[0].media_types[0]
    return of_query(query, Response(written, media_type=media_type, headers=BY_FORM_AND_LANGUAGE))


async def _unless_gone(request: Request, asking: Coroutine[Any, Any, Result]) -> Result:
    """The result, unless the client hangs up first, which ends the query."""
    task = asyncio.ensure_future(asking)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        gone.cancel()
        task.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _response(result: Result, media_type: str) -> Response:
    if result.file is None:
        return Response(result.body, media_type=media_type, headers={"Vary": "Accept"})
    headers = {"Vary": "Accept", "Content-Length": str(result.file.seek(0, 2))}
    return StreamingResponse(_chunks(result.file), media_type=media_type, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk


# Reading a request


def _question(request: Request, body: bytes) -> Question:
    """The query and its dataset, from the address and the body. Raises :class:`Problem` 400, 403, 413 and 415."""
    address = bytes(request.scope["query_string"])
    refuse_long(len(address))
    pairs = parameters_of(address)
    if request.method == "POST":
        pairs += _posted(request.headers.get("content-type", ""), body)
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    _refuse_malformed(values, posted=request.method == "POST")
    default, named = (tuple(values.get(f"{kind}-graph-uri", ())) for kind in ("default", "named"))
    # SPARQLWrapper repeats a guess in three parameters for any kind of query; its Accept header is right.
    format = "" if {"format", "output", "results"} <= values.keys() else values.get("format", [""])[0]
    return Question(values.get("query", [""])[0], default, named, format)


def _refuse_malformed(values: dict[str, list[str]], *, posted: bool) -> None:
    if "update" in values:
        raise _no_updates()
    queries = values.get("query", [])
    if len(queries) > 1:
        raise Problem(400, detail=f"There are {len(queries)} queries; a request has one.")
    if (queries and not queries[0].strip()) or (posted and not queries):
        raise Problem(400, detail="The query is empty.", hint="Send it as the parameter query, or as the body.")


def _posted(content_type: str, body: bytes) -> list[tuple[str, str]]:
    media_type = media_type_of(content_type)
    if media_type == FORM:
        return parameters_of(body)
    if media_type == _UPDATE:
        raise _no_updates()
    charset = re.search(r"charset=\"?([\w-]+)", content_type, re.IGNORECASE)
    if media_type != _QUERY or (charset and charset[1].lower() != "utf-8"):
        what = f"A query comes as {_QUERY} or as {FORM}, in UTF-8, not as '{content_type[:100]}'."
        raise Problem(415, detail=what, headers={"Accept-Post": f"{_QUERY}, {FORM}"})
    try:
        return [("query", body.decode())]
    except UnicodeDecodeError as error:
        raise Problem(400, detail="The query is not in UTF-8.") from error


def _no_updates() -> Problem:
    return Problem(403, detail="Updates are refused: the graph is for reading only.", hint="Send a query instead.")


# Without results


def _without_results(request: Request, question: Question) -> Response:
    """The editor, with the query if there is one, where a page is wanted, else what the service can do."""
    form, media_type = negotiate(request, [*RDF, PAGE], question.format)
    if form is PAGE:
        response: Response = request.app.state.editor(request)
        response.headers["Vary"] = BY_FORM_AND_LANGUAGE["Vary"]
        response.headers["Cache-Control"] = "no-store"  # it lists the saved queries, on which nothing else here depends
        return response
    triples = catalogue_rdf.service(root_address(request), [*SPARQL_ROWS, *RDF], graph_sizes(request.app.state.kg))
    return Response(catalogue_rdf.write(triples, form), media_type=media_type, headers={"Vary": "Accept"})


routes = [route("/sparql", _sparql, methods=(*READING[:2], "POST", READING[2]), reads_queries=False)]
