"""Saved queries over HTTP: as pages, and as data in every form, part by part."""

from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from solgraph.errors import ParameterError, QueryError, WrongUse, did_you_mean
from solgraph.formats.media import Form
from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge
from solgraph.queries import catalogue as queries
from solgraph.queries.saved_query import SavedQuery
from solgraph.web import openapi, parameters
from solgraph.web.http import (
    BY_FORM_AND_LANGUAGE,
    PAGE,
    choose,
    file_name,
    language,
    links_header,
    negotiate,
    of_query,
    path_on_site,
    root_address,
    route,
)
from solgraph.web.openapi import LIST, data_forms, options_of
from solgraph.web.pages import answers, charts, forms
from solgraph.web.parameters import Values
from solgraph.web.problems import Problem, in_address
from solgraph.web.rendering import SECURITY, knowledge, render

#: In a site of files an answer has one page, and all of it is in the files beside it.
_ROWS_ON_PAGE, _ROWS_IN_FILE = 100, 10


def _queries(request: Request) -> Response:
    """The catalogue: all saved queries, those with a tag, or those that hold some words."""
    form, _ = negotiate(request, LIST)
    values = parameters.read(request, "The list of queries", (), ("q", "tag", "lang", "format"))
    kg, words, tag = knowledge(request), parameters.single(values, "q"), parameters.single(values, "tag")
    catalogue = kg.queries()
    tags = sorted({tag for saved in catalogue for tag in saved.tags})
    if tag and tag not in tags:
        hint = did_you_mean(tag, tags) or f"Tags: {', '.join(tags)}"
        raise Problem(400, detail=f"No query has the tag '{tag[:100]}'.", hint=hint, parameter="tag", allowed=tags)
    listed = [saved for saved in kg.queries(words) if not tag or tag in saved.tags]
    if form is not PAGE:
        return JSONResponse({"queries": [openapi.listed(request, "queries", saved) for saved in listed]})
    groups = {name: [saved for saved in listed if name in saved.tags] for name in ([tag] if tag else tags)}
    groups = {name: group for name, group in groups.items() if group}
    return render(request, "query_list.html", groups=groups, tags=tags, tag=tag, words=words, count=len(listed), kg=kg)


def _query(request: Request) -> Response:
    """A saved query: its page, or its answer in some form."""
    kg = knowledge(request)
    saved = _saved_query(request, kg)
    chosen = choose(request, data_forms(saved), page=True)
    response = _page(request, kg, saved) if chosen.form is PAGE else _data(request, kg, saved, *chosen)
    return of_query(saved.text, response)


def _saved_query(request: Request, kg: Knowledge) -> SavedQuery:
    try:
        return queries.find(request.path_params["name"], kg.folders)
    except WrongUse as error:
        raise Problem(404, detail=error.what, hint=in_address(error.hint)) from error


def _read(request: Request, saved: SavedQuery, usual_limit: int) -> tuple[Values, int, int]:
    """The values of the parameters (in a site of files, of the example), the number of rows, and of those before."""
    options = [name for name in options_of(saved) if name != "format" or "ending" not in request.path_params]
    values = parameters.read(request, saved.name, saved.params, options)
    chosen = {name: values.pop(name) for name in options if name in values}
    if request.scope.get("solgraph.static"):
        values = values or forms.examples(saved)
    limit = parameters.whole_number(chosen, "limit", least=1, most=request.app.state.settings.rows) or usual_limit
    page = parameters.whole_number(chosen, "page", least=1, most=10**6) or 1
    if "page" in chosen and "offset" in chosen:
        raise Problem(400, detail="A page and an offset cannot be combined.", hint="Give only one of them.")
    return values, limit, parameters.whole_number(chosen, "offset", least=0) or (page - 1) * limit


def _answer(kg: Knowledge, saved: SavedQuery, values: Values) -> Answer:
    """The answer. Raises :class:`Problem` 400 for a wrong value, 500 for a saved query that is broken."""
    try:
        return kg.query(saved.name, **dict[str, Any](values))
    except QueryError as error:
        raise Problem(500, detail=f"{error.where}: {error.what}") from error
    except ParameterError as error:
        problem = forms.problem_of(kg, saved, saved.params.values(), values)
        raise problem or Problem(400, detail=error.what, hint=in_address(error.hint)) from error


def _data(request: Request, kg: Knowledge, saved: SavedQuery, form: Form[Any], media_type: str) -> Response:
    values, limit, offset = _read(request, saved, request.app.state.settings.rows)
    answer = _answer(kg, saved, values)
    links = _links(request, len(answer), limit, offset) if answer.boolean is None else {}
    if answer.holds_triples:
        answer.terms.sort(key=str)
    answer = answer[offset : offset + limit]
    headers = SECURITY if form.name == "html" else file_name(f"{saved.name}.{form.endings[0]}")
    content = answer.content(form.name)
    return Response(content, headers={**BY_FORM_AND_LANGUAGE, **headers, **links_header(links)}, media_type=media_type)


def _links(request: Request, total: int, limit: int, offset: int) -> dict[str, str]:
    """Relation → address of the other parts of an answer; none when it is whole."""
    if offset == 0 and total <= limit:
        return {}
    offsets = {"first": 0, "prev": max(0, offset - limit), "next": offset + limit}
    offsets["last"] = offset + (total - 1 - offset) // limit * limit
    missing = {"prev"} if offset == 0 else {"next"} if offset + limit >= total else set()
    missing |= {"next", "last"} if offset >= total else set()
    others = [pair for pair in request.query_params.multi_items() if pair[0] not in ("limit", "offset", "page")]
    here = f"{root_address(request)}{quote(path_on_site(request))}?"
    return {
        relation: here + urlencode([*others, ("limit", limit), ("offset", start)], quote_via=quote)
        for relation, start in offsets.items()
        if relation not in missing
    }


# The page of a query


def _page(request: Request, kg: Knowledge, saved: SavedQuery) -> Response:
    """The form, and the answer when there are values enough."""
    values, limit, offset = _read(
        request, saved, _ROWS_IN_FILE if "solgraph.static" in request.scope else _ROWS_ON_PAGE
    )
    params = saved.params.values()
    submitted = values or any(name in request.query_params for name in saved.params)
    if request.scope.get("solgraph.static") and forms.faults(kg, saved, params, values):
        values, submitted = {}, False  # the example is of other data, and nobody has asked for it
    ready = submitted or not any(param.required for param in params)
    faults = forms.faults(kg, saved, params, values) if ready else {}
    answer = _answer(kg, saved, values) if ready and not faults else None
    shown = _shown(request, kg, answer, limit, offset) if answer is not None else {"links": {}}
    response = render(
        request,
        "query.html",
        400 if faults else 200,
        saved=saved,
        kg=kg,
        faults=faults,
        answer=answer,
        sparql=answer.explain() if answer is not None else "",
        values=values,
        fields=forms.fields(kg, params, values, faults),
        named=forms.named(kg, params, values, language(request)) if answer is not None else [],
        example=forms.examples(saved),
        forms=[form for form in data_forms(saved) if form.name != PAGE.name],
        **shown,
    )
    response.headers.update(links_header(shown["links"]))
    return response


def _shown(request: Request, kg: Knowledge, answer: Answer, limit: int, offset: int) -> dict[str, Any]:
    """The part of an answer that a page shows: rows of cells, and charts of the whole."""
    part = answers.part(request, answer, offset, limit)
    has_charts = not answer.holds_triples and answer.boolean is None
    return {
        "rows": part.rows,
        "table": part.table,
        "claims": [] if "solgraph.static" in request.scope else answers.claims(kg, answer, part.rows),
        "total": len(part.every),
        "documents": answers.documents(kg.snapshot, part),
        "first": offset + 1,
        "page": offset // limit + 1,
        "pages": -(-len(part.every) // limit),
        "bars": charts.bars(part.table, part.every) if has_charts else [],
        "map": charts.map_of(kg, part.table) if has_charts else None,
        "links": _links(request, len(part.every), limit, offset) if answer.boolean is None else {},
    }


routes: list[BaseRoute] = [
    route("/queries", _queries),
    route("/queries/{name}.{ending}", _query),
    route("/queries/{name}", _query),
]
