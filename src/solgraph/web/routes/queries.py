"""Saved queries over HTTP: as pages, and as data in every format, part by part, with validators."""

from collections.abc import Callable
from copy import copy
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from solgraph.errors import ParameterError, QueryError, SolgraphError, WrongUse, did_you_mean
from solgraph.formats.rows import Table
from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge
from solgraph.queries import catalogue as queries
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.store import ontology_files
from solgraph.web import openapi
from solgraph.web.negotiation import Offer, preferred
from solgraph.web.openapi import LIST, PAGE, ending_of, offers_of, options_of
from solgraph.web.pages import forms
from solgraph.web.pages.forms import Values, by_ending
from solgraph.web.problems import Problem, from_error
from solgraph.web.rendering import SECURITY, chain, here, labelled, render
from solgraph.web.settings import base

_METHODS = ["GET", "HEAD", "OPTIONS"]
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
    "Vary": "Accept, Accept-Language, Cookie",
    "X-Content-Type-Options": "nosniff",
}
_PREFLIGHT = {
    **OPEN,
    "Allow": ", ".join(_METHODS),
    "Access-Control-Allow-Methods": ", ".join(_METHODS),
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_ON_PAGE = 100


def knowledge(request: Request) -> Knowledge:
    """The graph, with labels in the reader's languages."""
    return speaking(request.app.state.kg, chain(request))


def speaking(kg: Knowledge, languages: tuple[str, ...]) -> Knowledge:
    """The same graph, with labels in other languages."""
    kg = copy(kg)
    kg.languages = languages
    return kg


# Answers of HTTP


def told(answer: Callable[[Request], Response], request: Request) -> Response:
    """The answer of a function; its errors are problems without a traceback.

    A traceback would hold results of pyoxigraph, which only the thread that made them may let go.
    """
    try:
        return answer(request)
    except SolgraphError as error:
        problem = from_error(error)
    except Problem as error:
        problem = error.with_traceback(None)
    problem.__context__ = None
    raise problem


def route(address: str, answer: Callable[[Request], Response]) -> Route:
    """A route for reading; the function is called in a thread, so that it may take its time."""

    def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        return told(answer, request)

    return Route(address, endpoint, methods=_METHODS, name=answer.__name__.strip("_"))


def tagged(
    request: Request, what: str, offer: Offer, make: Callable[[], tuple[str | bytes, dict[str, str]]]
) -> Response:
    """Data with a validator: what ``make`` gives, content and headers, is made only if the client has it not yet."""
    headers = {**OPEN, **_tag(request, what, offer)}
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if headers.get("ETag", "none").removeprefix("W/") in known:
        return Response(status_code=304, headers=headers)
    content, further = make()
    return Response(content, headers={**headers, **further}, media_type=offer.media_type)


def _tag(request: Request, what: str, offer: Offer) -> dict[str, str]:
    """A weak tag, since what it tags may be sent compressed; none for a graph that a server holds."""
    state = _state(request.app.state.kg)
    asked = sorted(request.query_params.multi_items())
    parts = (state, what, here(request), asked, offer.media_type, offer.name, chain(request), base(request))
    return {"ETag": f'W/"{sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:24]}"'} if state else {}


@lru_cache(maxsize=2)
def _state(kg: Knowledge) -> str:
    """The program and the files of a graph as they were when first asked about; empty if there are none."""
    stats = [(str(file.path), file.path.stat()) for file in (*ontology_files(), *kg.files)] if kg.paths else []
    told = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return f"{version('solgraph')} {told}" if told else ""


# Saved queries


def _queries(request: Request) -> Response:
    """The catalogue: all saved queries, those with a tag, or those that hold some words."""
    offer = preferred(request, LIST)
    asked = forms.given(request, "The list of queries", (), ("q", "tag", "lang", "format"))
    kg, words, tag = knowledge(request), forms.one(asked, "q"), forms.one(asked, "tag")
    every = kg.queries()
    tags = sorted({tag for saved in every for tag in saved.tags})
    if tag and tag not in tags:
        hint = did_you_mean(tag, tags) or f"Tags: {', '.join(tags)}"
        raise Problem(400, detail=f"No query has the tag '{tag[:100]}'.", hint=hint, parameter="tag", allowed=tags)
    found = [one for one in kg.queries(words) if not tag or tag in one.tags]
    if offer.media_type != PAGE.media_type:
        return JSONResponse({"queries": [listed(request, "queries", one) for one in found]}, headers=OPEN)
    groups = {tag: [one for one in found if tag in one.tags] for tag in ([tag] if tag else tags)}
    shown = {name: group for name, group in groups.items() if group}
    return render(request, "query_list.html", groups=shown, tags=tags, tag=tag, words=words, count=len(found), kg=kg)


def listed(request: Request, folder: str, saved: SavedQuery) -> dict[str, Any]:
    """What a list tells of a saved query or view."""
    return openapi.summarised(saved, chain(request), f"{base(request)}/{folder}/{saved.name}")


def _found(request: Request, kg: Knowledge) -> SavedQuery:
    name = request.path_params["name"]
    try:
        return queries.find(name, kg.folders)
    except WrongUse as error:
        problem = Problem(404, detail=error.what, hint=error.hint.replace("solgraph queries", "/queries"))
    raise problem


def _query(request: Request) -> Response:
    """A saved query: its page, or its answer in some format."""
    kg = knowledge(request)
    saved = _found(request, kg)
    ending = request.path_params.get("ending")
    if ending is not None:
        return _answer(request, kg, saved, by_ending(ending, offers_of(saved)))
    offer = preferred(request, [*(one for one in offers_of(saved) if one.name != PAGE.name), PAGE])
    return _query_page(request, kg, saved) if offer.name == PAGE.name else _answer(request, kg, saved, offer)


def _asked(request: Request, saved: SavedQuery, usual: int) -> tuple[Values, int, int]:
    """The values of the parameters (in a site of files, of the example), how many rows, how many to pass over."""
    options = [one for one in options_of(saved) if one != "format" or "ending" not in request.path_params]
    values = forms.given(request, saved.name, saved.params, options)
    said = {name: values.pop(name) for name in options if name in values}
    if request.scope.get("solgraph.static"):
        values = values or forms.examples(saved)
    limit = forms.whole(said, "limit", least=1, most=request.app.state.settings.rows) or usual
    number = forms.whole(said, "page", least=1, most=10**6) or 1
    if "page" in said and "offset" in said:
        raise Problem(400, detail="A page and an offset cannot be combined.", hint="Give one of the two.")
    return values, limit, forms.whole(said, "offset", least=0) or (number - 1) * limit


def _answered(kg: Knowledge, saved: SavedQuery, values: Values) -> Answer:
    """The answer, or what is wrong with the values as a problem; a query of ours that is broken is our fault."""
    problem: Problem | None = None
    try:
        return kg.query(saved.name, **values)
    except QueryError as error:
        problem = Problem(500, detail=f"{error.where}: {error.what}")
    except ParameterError as error:
        problem = Problem(400, detail=error.what, hint=error.hint)
    raise forms.problem_of(kg, saved, saved.params.values(), values) or problem


def _answer(request: Request, kg: Knowledge, saved: SavedQuery, offer: Offer) -> Response:
    values, limit, offset = _asked(request, saved, request.app.state.settings.rows)

    def make() -> tuple[str, dict[str, str]]:
        answer = _answered(kg, saved, values)
        links = forms.links(request, len(answer), limit, offset) if answer.boolean is None else {}
        if answer.holds_triples:
            answer.terms.sort(key=str)
        answer.terms = answer.terms[offset : offset + limit]
        further = SECURITY if offer.name == "html" else forms.saved_as(f"{saved.name}.{ending_of(offer)}")
        return answer.text(offer.name), {**further, **forms.link_header(links)}

    return tagged(request, saved.text, offer, make)


# The page of a query


def _query_page(request: Request, kg: Knowledge, saved: SavedQuery) -> Response:
    """The form, and the answer when there are values enough."""
    values, limit, offset = _asked(request, saved, _ON_PAGE)
    params = saved.params.values()
    submitted = values or any(name in request.query_params for name in saved.params)
    if request.scope.get("solgraph.static") and forms.faults(kg, saved, params, values):
        values, submitted = {}, False  # the example is of other data, and nobody has asked for it
    ready = submitted or not any(one.required for one in params)
    faults = forms.faults(kg, saved, params, values) if ready else {}
    answer = _answered(kg, saved, values) if ready and not faults else None
    shown = _shown(request, kg, answer, limit, offset) if answer is not None else {"links": {}}
    told: dict[str, Any] = {
        "fields": forms.fields(kg, params, values, faults),
        "example": forms.examples(saved),
        "endings": [(one.name, ending_of(one)) for one in offers_of(saved) if one.name != PAGE.name],
    }
    told |= {"saved": saved, "kg": kg, "faults": faults, "answer": answer, "asked": values, **shown}
    response = render(request, "query.html", 400 if faults else 200, **told)
    response.headers.update(forms.link_header(shown["links"]))
    return response


def _shown(request: Request, kg: Knowledge, answer: Answer, limit: int, offset: int) -> dict[str, Any]:
    """The part of an answer that a page shows: rows of cells, and drawings of the whole."""
    table = Table(answer.columns, answer.terms, answer.labels, answer.several)
    if answer.holds_triples:
        table = table._replace(rows=sorted(answer.terms, key=str), several=())
    rows = table.gathered()
    part = rows[offset : offset + limit]
    if answer.holds_triples:
        iris = {term.value for row in part for cell in row for term in cell if isinstance(term, NamedNode)}
        table = table._replace(labels=labelled(request, iris))
    drawn = not answer.holds_triples and answer.boolean is None
    return {
        "rows": part,
        "table": table,
        "total": len(rows),
        "first": offset + 1,
        "page": offset // limit + 1,
        "pages": -(-len(rows) // limit),
        "bars": forms.bars(table, rows) if drawn else [],
        "map": forms.map_of(kg, table) if drawn else None,
        "links": forms.links(request, len(rows), limit, offset) if answer.boolean is None else {},
    }


routes: list[BaseRoute] = [
    route("/queries", _queries),
    route("/queries/{name}.{ending}", _query),
    route("/queries/{name}", _query),
]
