"""What the template of the explorer shows, on its own page and on the home page."""

from datetime import date
from typing import Any

from starlette.requests import Request

from solgraph.formats.media import RDF
from solgraph.graph.citation import DATA_SET, data_version
from solgraph.graph.exploration import explorer
from solgraph.graph.exploration.explorer import Explored
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import Label
from solgraph.web.openapi import ANSWERS
from solgraph.web.pages import exploration, facets, matrices
from solgraph.web.rendering import chain, knowledge

_ON_PAGE = 60
_TAKEN = [form for form in (*ANSWERS, *RDF) if form.name in ("csv", "xlsx", "json", "turtle")]


def shown(request: Request, wanted: facets.Address, explored: Explored, label: Label) -> dict[str, Any]:
    """The words of the template."""
    kg = knowledge(request)
    graph = explorer(kg.snapshot)
    cities = exploration.Cities(kg.snapshot, graph, explored, label)
    listed = facets.facets(request, wanted, explored, label)
    page: dict[str, Any] = {
        "wanted": wanted,
        "facets": listed,
        "chips": facets.chips(listed),
        "cities": cities,
        "views": facets.VIEWS,
        "heading": "h1",
        "behind": [],
    }
    page |= {"total": len(graph.countries), "forms": _TAKEN, "today": date.today()}
    page |= {"data_set": DATA_SET, "version": data_version(kg)}
    if wanted.view == "matrix":
        return page | _matrix(kg, wanted, explored, label, chain(request))
    return page | _view(wanted, cities, chain(request))


def _matrix(
    kg: Knowledge, wanted: facets.Address, explored: Explored, label: Label, languages: tuple[str, ...]
) -> dict[str, Any]:
    """The matrix of themes or of networks, and what stands behind the cell that is opened."""
    if wanted.by:
        ties = matrices.of_networks(explored, label, wanted.sort, wanted.page)
        return {"matrix": ties, "pages": -(-ties.cities // matrices.ROWS)}
    behind = matrices.behind(kg.snapshot, explored, wanted.cell, languages) if wanted.cell else []
    return {"matrix": matrices.of_themes(kg.snapshot, explored, label, wanted.sort), "behind": behind}


def _view(wanted: facets.Address, cities: exploration.Cities, languages: tuple[str, ...]) -> dict[str, Any]:
    """What the view shows."""
    if wanted.view == "map":
        return {"map": cities.map()}
    if wanted.view == "network":
        return {"network": cities.network()}
    if wanted.view == "timeline":
        return {"timeline": cities.timeline()}
    start = (wanted.page - 1) * _ON_PAGE
    part = cities.iris[start : start + _ON_PAGE]
    return {"cards": cities.cards(part, languages), "pages": -(-len(cities.iris) // _ON_PAGE)}
