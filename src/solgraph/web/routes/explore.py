"""``/explore``: cities narrowed down by facets, as cards, a map, a table, a network, a matrix and a time line."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solgraph.formats.media import RDF, WORKBOOKS, Form
from solgraph.graph.answer_sheets import sheets
from solgraph.graph.exploration import explorer
from solgraph.graph.exploration.answer import COLUMNS, answer, triples
from solgraph.graph.exploration.explorer import Explored
from solgraph.texts import sentence
from solgraph.web.http import BY_FORM_AND_LANGUAGE, PAGE, Chosen, choose, file_name, language, route
from solgraph.web.openapi import ANSWERS
from solgraph.web.pages import explorer_page, facets
from solgraph.web.pages.context import account, context
from solgraph.web.pages.drawings import span_of
from solgraph.web.rendering import SECURITY, knowledge, render

_FORMS: list[Form[Any]] = [*ANSWERS, *RDF]


def explore(request: Request) -> Response:
    """The cities that an address chooses; everything that is chosen stands in it."""
    kg = knowledge(request)
    chosen = choose(request, _FORMS, page=True)
    wanted = facets.read(request, kg)
    explored = explorer(kg.snapshot).explored(wanted.selection)
    return _page(request, wanted, explored) if chosen.form is PAGE else _data(request, wanted, explored, chosen)


def _data(request: Request, wanted: facets.Address, explored: Explored, chosen: Chosen) -> Response:
    kg, (form, media_type) = knowledge(request), chosen
    content: str | bytes
    if form in RDF:
        content = form.write(triples(kg, explored))
    elif form in WORKBOOKS:
        content = form.write(sheets(answer(kg, explored), _account(request, wanted, explored)))
    else:
        content = answer(kg, explored).content(form.name)
    headers = {**BY_FORM_AND_LANGUAGE, **file_name(f"explore.{form.endings[0]}")}
    return Response(content, headers=headers | (SECURITY if form.name == "html" else {}), media_type=media_type)


def _account(request: Request, wanted: facets.Address, explored: Explored) -> dict[str, str]:
    """What a workbook says of the selection: a line for each facet in which something is chosen."""
    code = language(request)
    listed = facets.facets(request, wanted, explored, context(request)["label"])
    chosen = {facet.name: ", ".join(value.label for value in facets.chips([facet])) for facet in listed}
    years = span_of(explored.selection.since, explored.selection.until)
    chosen["period"] = f"{years}, {sentence(code, 'explore.certain')}" if explored.selection.certain else years
    named = {sentence(code, f"explore.facet.{name}"): texts for name, texts in chosen.items()}
    return account(request, "explore.title", COLUMNS, {"cities": str(len(explored.cities)), **named})


def _page(request: Request, wanted: facets.Address, explored: Explored) -> Response:
    common = context(request)
    shown = explorer_page.shown(request, wanted, explored, common["label"])
    return render(request, "explore.html", **common, **shown)


routes = [
    route("/explore", explore, reads_queries=False),
    route("/explore.{ending}", explore, reads_queries=False),
]
