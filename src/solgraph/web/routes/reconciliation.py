"""``/reconcile``: which things the cells of a table mean, for OpenRefine and other clients of the API."""

from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from solgraph.graph.description import Description
from solgraph.web.body import FORM, media_type_of, parameters_of, read_body, refuse_long
from solgraph.web.http import BY_LANGUAGE, READING, call, root_address, route
from solgraph.web.parameters import Values, single, whole_number
from solgraph.web.problems import Problem
from solgraph.web.reconciliation import draft, questions
from solgraph.web.reconciliation.answers import Writer, manifest
from solgraph.web.rendering import SECURITY, chain, render

_ASKING = ("queries", "query", "extend")
_MOST_SUGGESTED = 20
#: A client shows the preview in a frame of its own page.
_FRAMED = {name: text.replace("frame-ancestors 'none'", "frame-ancestors *") for name, text in SECURITY.items()}


async def _reconcile(request: Request) -> Response:
    """The manifest of the service, or the answer to queries in the address or in a form."""
    address = bytes(request.scope["query_string"])
    refuse_long(len(address))
    pairs = parameters_of(address)
    if request.method == "POST":
        pairs += await _form(request)
    return await call(partial(_answer, values=_values(pairs)), request)


async def _form(request: Request) -> list[tuple[str, str]]:
    content_type = request.headers.get("content-type", "")
    if media_type_of(content_type) != FORM:
        detail = f"Queries come as {FORM}, not as '{content_type[:100]}'."
        raise Problem(415, detail=detail, headers={"Accept-Post": FORM})
    return parameters_of(await read_body(request))


def _values(pairs: list[tuple[str, str]]) -> Values:
    """Parameter → its texts; what else clients put into an address, such as a time stamp, is passed over."""
    values: Values = {}
    for name, text in pairs:
        values.setdefault(name, []).append(text)
    if "callback" in values:
        raise Problem(400, detail="JSONP is not offered.", hint="Leave out callback: any page may read the answers.")
    if len(asked := [name for name in _ASKING if name in values]) > 1:
        raise Problem(400, detail=f"{' and '.join(asked)} are two requests.", hint="Send one at a time.")
    return values


def _answer(request: Request, values: Values) -> Response:
    if "queries" in values:
        batch = questions.batch(single(values, "queries"))
        writer = Writer(request)
        return _json({key: {"result": writer.candidates(question)} for key, question in batch.items()})
    if "query" in values:
        return _json({"result": Writer(request).candidates(questions.single(single(values, "query")))})
    if "extend" in values:
        wanted = questions.extension(questions.read_json(single(values, "extend"), "extend"))
        return _json(Writer(request).extension(*wanted))
    if request.method == "POST":
        raise Problem(400, detail="The form has neither queries nor extend.", hint='queries={"q0": {"query": "Milan"}}')
    return _json(_manifest(request))


def _manifest(request: Request) -> dict[str, Any]:
    return manifest(request, root_address(request), version("solgraph"))


def _json(content: Mapping[str, Any]) -> Response:
    return JSONResponse(content, headers=BY_LANGUAGE)


# The draft of version 1.0


def _draft(request: Request) -> Response:
    """The manifest of the draft."""
    return _json(draft.manifest(_manifest(request), root_address(request)))


async def _draft_match(request: Request) -> Response:
    """The candidates for a batch of queries."""
    body = await _posted(request)

    def answer(request: Request) -> Response:
        batch = draft.batch(questions.read_json(body, "The body"))
        return _json(draft.results(Writer(request), batch))

    return await call(answer, request)


async def _draft_extend(request: Request) -> Response:
    """The values of properties of things."""
    body = await _posted(request)

    def answer(request: Request) -> Response:
        wanted = questions.extension(questions.read_json(body, "The body"))
        return _json(draft.extension(Writer(request).extension(*wanted)))

    return await call(answer, request)


async def _posted(request: Request) -> bytes:
    content_type = request.headers.get("content-type", "")
    if media_type_of(content_type) != "application/json":
        detail = f"Queries come as application/json, not as '{content_type[:100]}'."
        raise Problem(415, detail=detail, headers={"Accept-Post": "application/json"})
    return await read_body(request)


# Suggestions


def _suggest_entity(request: Request) -> Response:
    """Things whose names hold what somebody types; of a type if one is named."""
    values = _values(request.query_params.multi_items())
    kinds = questions.types(_list(single(values, "type")), "")
    return _page(values, Writer(request).things(single(values, "prefix"), kinds))


def _suggest_type(request: Request) -> Response:
    """Types whose names hold what somebody types; all of them for nothing."""
    values = _values(request.query_params.multi_items())
    return _page(values, Writer(request).types(single(values, "prefix")))


def _suggest_property(request: Request) -> Response:
    """Properties whose names hold what somebody types; all of them for nothing."""
    values = _values(request.query_params.multi_items())
    return _page(values, Writer(request).properties(single(values, "prefix")))


def _page(values: Values, rows: list[dict[str, Any]]) -> Response:
    """The part that is asked for: how many, and after how many."""
    limit = whole_number(values, "limit", least=1, most=100) or _MOST_SUGGESTED
    start = whole_number(values, "offset" if "offset" in values else "cursor", least=0) or 0
    return _json({"result": rows[start : start + limit]})


def _propose(request: Request) -> Response:
    """The properties that things of a type have, which may become columns."""
    values = _values(request.query_params.multi_items())
    kinds = questions.types(_list(single(values, "type")), "")
    limit = whole_number(values, "limit", least=1)
    rows = Writer(request).properties("", kinds)[:limit]
    return _json({"properties": rows} | ({"type": kinds[0]} if kinds else {}) | ({"limit": limit} if limit else {}))


def _list(text: str) -> list[str]:
    return [text] if text else []


# Preview


def _preview(request: Request) -> Response:
    """A small page about a thing, for a frame."""
    writer = Writer(request)
    text = single(_values(request.query_params.multi_items()), "id")
    if not (iri := writer.known(text)):
        raise Problem(404, detail=f"'{text[:100]}' is not in this graph.", hint="An identifier looks like city/milan.")
    described = Description(writer.snapshot, iri, chain(request), writer.labels)
    facts = [
        (writer.property_name(row.id), [str(value.get("name", value.get("str"))) for value in writer.values(row, iri)])
        for row in writer.reconciler.properties.of([iri])
        if row.id in ("country", "city", "kind", "networks")
    ]
    response = render(request, "preview.html", thing=described, facts=facts, classes=writer.thing(iri)["description"])
    response.headers.update(_FRAMED)
    return response


#: What both versions have at the same place below their address.
_SHARED = {
    "/suggest/entity": _suggest_entity,
    "/suggest/type": _suggest_type,
    "/suggest/property": _suggest_property,
    "/extend/propose": _propose,
    "/preview": _preview,
}
routes = [
    route("/reconcile", _reconcile, methods=(*READING[:2], "POST", READING[2]), reads_queries=False),
    route("/reconcile/draft", _draft, reads_queries=False),
    route("/reconcile/draft/match", _draft_match, methods=("POST", "OPTIONS"), reads_queries=False),
    route("/reconcile/draft/extend", _draft_extend, methods=("POST", "OPTIONS"), reads_queries=False),
    *(
        route(f"{root}{path}", answer, reads_queries=False)
        for root in ("/reconcile", "/reconcile/draft")
        for path, answer in _SHARED.items()
    ),
]
