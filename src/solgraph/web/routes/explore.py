"""``/explore``: cities narrowed down by facets, as cards, a map, a table, a network, a matrix and a time line."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solgraph.formats.media import RDF, Form
from solgraph.graph.citation import DATA_SET, data_version
from solgraph.graph.exploration import Explorer, explorer
from solgraph.graph.exploration.answer import answer, triples
from solgraph.graph.exploration.explorer import Explored
from solgraph.graph.knowledge import Knowledge
from solgraph.web.http import PAGE, choose, file_name, route
from solgraph.web.openapi import ANSWERS
from solgraph.web.pages import exploration, facets
from solgraph.web.pages.context import context
from solgraph.web.rendering import SECURITY, chain, knowledge, render

_ON_PAGE = 60


_FORMS: list[Form[Any]] = [*ANSWERS, *RDF]
_TAKEN = [form for form in _FORMS if form.name in ("csv", "xlsx", "json", "turtle")]


def explore(request: Request) -> Response:
    """The cities that an address chooses; everything that is chosen stands in it."""
    kg = knowledge(request)
    chosen = choose(request, _FORMS, page=True)
    wanted, graph = facets.read(request, kg), explorer(kg.snapshot)
    explored = graph.explored(wanted.selection)
    return _page(request, kg, wanted, graph, explored) if chosen.form is PAGE else _data(kg, explored, *chosen)


def _data(kg: Knowledge, explored: Explored, form: Form[Any], media_type: str) -> Response:
    content = form.write(triples(kg, explored)) if form in RDF else answer(kg, explored).content(form.name)
    headers = {"Vary": "Accept, Accept-Language, Cookie", **file_name(f"explore.{form.endings[0]}")}
    return Response(content, headers=headers | (SECURITY if form.name == "html" else {}), media_type=media_type)


def _page(request: Request, kg: Knowledge, wanted: facets.Address, graph: Explorer, explored: Explored) -> Response:
    common = context(request)
    label = common["label"]
    cities = exploration.Cities(kg.snapshot, graph, explored, label)
    listed = facets.facets(request, wanted, explored, label)
    shown: dict[str, Any] = {
        "wanted": wanted,
        "facets": listed,
        "chips": facets.chips(listed),
        "cities": cities,
        "views": facets.VIEWS,
    }
    shown |= {"total": len(graph.countries), "countries": graph.countries, "forms": _TAKEN, "today": date.today()}
    shown |= {"data_set": DATA_SET, "version": data_version(kg), **_view(wanted, cities, chain(request))}
    return render(request, "explore.html", **common, **shown)


def _view(wanted: facets.Address, cities: exploration.Cities, languages: tuple[str, ...]) -> dict[str, Any]:
    """What the view shows."""
    if wanted.view == "map":
        return {"map": cities.map()}
    if wanted.view == "network":
        return {"network": cities.network()}
    if wanted.view == "matrix":
        return {"matrix": cities.matrix()}
    if wanted.view == "timeline":
        return {"timeline": cities.timeline()}
    start = (wanted.page - 1) * _ON_PAGE
    part = cities.iris[start : start + _ON_PAGE]
    return {"cards": cities.cards(part, languages), "pages": -(-len(cities.iris) // _ON_PAGE)}


routes = [
    route("/explore", explore, reads_queries=False),
    route("/explore.{ending}", explore, reads_queries=False),
]
