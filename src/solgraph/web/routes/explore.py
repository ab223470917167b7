"""``/explore``: cities narrowed down by facets, as cards, a map, a table, a network, a matrix and a time line."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solgraph.formats.media import RDF, Form
from solgraph.graph.exploration import explorer
from solgraph.graph.exploration.answer import answer, triples
from solgraph.graph.exploration.explorer import Explored
from solgraph.graph.knowledge import Knowledge
from solgraph.web.http import BY_FORM_AND_LANGUAGE, PAGE, choose, file_name, route
from solgraph.web.openapi import ANSWERS
from solgraph.web.pages import explorer_page, facets
from solgraph.web.pages.context import context
from solgraph.web.rendering import SECURITY, knowledge, render

_FORMS: list[Form[Any]] = [*ANSWERS, *RDF]


def explore(request: Request) -> Response:
    """The cities that an address chooses; everything that is chosen stands in it."""
    kg = knowledge(request)
    chosen = choose(request, _FORMS, page=True)
    wanted = facets.read(request, kg)
    explored = explorer(kg.snapshot).explored(wanted.selection)
    return _page(request, wanted, explored) if chosen.form is PAGE else _data(kg, explored, *chosen)


def _data(kg: Knowledge, explored: Explored, form: Form[Any], media_type: str) -> Response:
    content = form.write(triples(kg, explored)) if form in RDF else answer(kg, explored).content(form.name)
    headers = {**BY_FORM_AND_LANGUAGE, **file_name(f"explore.{form.endings[0]}")}
    return Response(content, headers=headers | (SECURITY if form.name == "html" else {}), media_type=media_type)


def _page(request: Request, wanted: facets.Address, explored: Explored) -> Response:
    common = context(request)
    shown = explorer_page.shown(request, wanted, explored, common["label"])
    return render(request, "explore.html", **common, **shown)


routes = [
    route("/explore", explore, reads_queries=False),
    route("/explore.{ending}", explore, reads_queries=False),
]
