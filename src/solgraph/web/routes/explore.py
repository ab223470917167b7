"""``/explore``: cities narrowed down by facets, as cards, a map, a table, a network, a matrix and a time line."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solgraph.graph.exploration import explorer
from solgraph.web.http import route
from solgraph.web.pages import exploration, facets
from solgraph.web.pages.context import context
from solgraph.web.rendering import chain, knowledge, render

_ON_PAGE = 60


def explore(request: Request) -> Response:
    """The cities that an address chooses; everything that is chosen stands in it."""
    kg, common = knowledge(request), context(request)
    wanted, label = facets.read(request, kg), common["label"]
    graph = explorer(kg.snapshot)
    explored = graph.explored(wanted.selection)
    cities = exploration.Cities(kg.snapshot, graph, explored, label)
    listed = facets.facets(request, wanted, explored, label)
    shown: dict[str, Any] = {
        "wanted": wanted,
        "facets": listed,
        "chips": facets.chips(listed),
        "cities": cities,
        "views": facets.VIEWS,
    }
    shown |= {"total": len(graph.countries), "countries": graph.countries, **_view(wanted, cities, chain(request))}
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


routes = [route("/explore", explore, reads_queries=False)]
