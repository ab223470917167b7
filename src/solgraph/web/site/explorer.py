"""The explorer of a site of files: its page, and the records of which the browser counts what each choice leaves."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.graph.exploration import FACETS, Selection, explorer
from solgraph.graph.exploration.records import BLOCKED, OF_BOTH, OF_TIES, OF_WORK, Record
from solgraph.graph.names import Label
from solgraph.rdf.namespaces import slug
from solgraph.web.http import language, route
from solgraph.web.pages.context import context, snapshot_of
from solgraph.web.pages.exploration import Card, Cities
from solgraph.web.pages.facets import OPEN
from solgraph.web.rendering import address, chain, path, render

Places = dict[str, dict[str, int]]


def _page(request: Request) -> Response:
    """``/explore``: facets and cities; the browser fills them."""
    return render(
        request, "explore_files.html", **context(request), total=len(explorer(snapshot_of(request)).countries)
    )


def _data(request: Request) -> Response:
    """``/explore-data.js``: a script, which pages that are opened from a disk may load, other than data."""
    snapshot, label = snapshot_of(request), context(request)["label"]
    graph = explorer(snapshot)
    cities = Cities(snapshot, graph, graph.explored(Selection()), label)
    places: Places = {facet: {} for facet in ("city", *FACETS)}
    cards = [_card(request, card, places, label) for card in cities.cards(cities.iris, chain(request))]
    records = [_record(record, places) for record in graph.records]
    content = {
        "language": language(request),
        "sorts": {"ties": [*OF_TIES, *OF_BOTH], "work": [*OF_WORK, *OF_BOTH]},
        "open": OPEN,
        "cities": cards,
        "records": records,
        "facets": {facet: [[slug(iri), label(iri)] for iri in places[facet]] for facet in FACETS},
        "blocked": places["status"].get(BLOCKED, -1),
    }
    body = f"var solgraphExplorer = {json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n"
    return Response(body, media_type="text/javascript", headers={"Vary": "Accept-Language, Cookie"})


def _place(places: Places, facet: str, iri: str) -> int:
    """The number of a value, the same each time."""
    return places[facet].setdefault(iri, len(places[facet]))


def _card(request: Request, card: Card, places: Places, label: Label) -> list[Any]:
    _place(places, "city", card.city)
    country = _place(places, "country", card.country)
    known = [card.initiatives, len(card.marks), card.findings]
    return [label(card.city), address(request, path(card.city)), country, card.text, *known]


def _record(record: Record, places: Places) -> list[Any]:
    """Whether it is a tie, its cities, and its values facet by facet."""
    facets = (*(OF_TIES if record.is_tie else OF_WORK), *OF_BOTH)
    values = [sorted(_place(places, facet, iri) for iri in record.values.get(facet, ())) for facet in facets]
    return [int(record.is_tie), sorted(places["city"][city] for city in record.cities), *values]


routes: list[BaseRoute] = [route("/explore", _page), route("/explore-data.js", _data)]
