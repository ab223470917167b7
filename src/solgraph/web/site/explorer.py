"""The explorer of a site of files: its page, and the records of which the browser makes what the server shows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.graph.citation import DATA_SET, data_version
from solgraph.graph.exploration import FACETS, Selection, explorer
from solgraph.graph.exploration.records import BLOCKED, CERTAINTIES, OF_BOTH, OF_TIES, OF_WORK, Record
from solgraph.graph.names import Label, best_texts
from solgraph.graph.snapshot import Snapshot
from solgraph.networks.drawing.geometry import EUROPE, project
from solgraph.networks.model.years import AFTER, BEFORE, Span
from solgraph.rdf.namespaces import ID, slug
from solgraph.web.http import BY_LANGUAGE, language, route, script
from solgraph.web.pages import charts, matrices
from solgraph.web.pages.context import context, snapshot_of
from solgraph.web.pages.drawings import extent_of_outlines
from solgraph.web.pages.exploration import Card, Cities
from solgraph.web.pages.facets import OPEN, VIEWS
from solgraph.web.pages.memberships import LAYERS
from solgraph.web.rendering import address, chain, knowledge, path, render

Places = dict[str, dict[str, int]]
#: What stands for a year that is not known, before or after all others.
_FIRST, _LAST = 0, 9999
_TEXTS = "SELECT ?thing ?text { ?thing dcterms:description ?text }"


def _page(request: Request) -> Response:
    """``/explore``: facets, and an empty form of each view; the browser fills them."""
    kg = knowledge(request)
    known: dict[str, Any] = {"data_set": DATA_SET, "version": data_version(kg), "today": date.today(), "views": VIEWS}
    known |= {"layers": [slug(layer) for layer in LAYERS], "certainties": CERTAINTIES}
    known |= {"total": len(explorer(kg.snapshot).countries)}
    return render(request, "explore_files.html", **context(request), **known)


def _data(request: Request) -> Response:
    """``/explore-data.js``: all that decides what a selection leaves, and what the first view shows."""
    snapshot, label = snapshot_of(request), context(request)["label"]
    graph = explorer(snapshot)
    cities = Cities(snapshot, graph, graph.explored(Selection()), label)
    places: Places = {facet: {} for facet in ("city", *FACETS)}
    points = charts.city_coordinates(snapshot)
    cards = [_card(request, card, places, points, label) for card in cities.cards(cities.iris, chain(request))]
    records = [_record(record, places) for record in graph.records]
    content = {
        "language": language(request),
        "id": ID,
        "sorts": {"ties": [*OF_TIES, *OF_BOTH], "work": [*OF_WORK, *OF_BOTH]},
        "open": OPEN,
        "layers": [places["layer"].get(layer, -1) for layer in LAYERS],
        "certainties": CERTAINTIES,
        "cities": cards,
        "records": records,
        "themes": [[_place(places, "theme", theme) for theme in pair] for pair in _themes(snapshot, places)],
        "facets": {facet: [[slug(iri), label(iri)] for iri in places[facet]] for facet in FACETS},
        "blocked": places["status"].get(BLOCKED, -1),
        "europe": _flipped(EUROPE),
        "outlines": _flipped(extent_of_outlines()),
    }
    return script("solgraphExplorer", content, BY_LANGUAGE)


def _details(request: Request) -> Response:
    """``/explore-details.js``: where each record is shown, and names and texts of what is no membership."""
    snapshot, label = snapshot_of(request), context(request)["label"]
    texts = best_texts(snapshot.ask(_TEXTS).terms, chain(request))
    details = [
        [address(request, path(each.thing)), *(() if each.is_tie else (label(each.thing), texts.get(each.thing, "")))]
        for each in explorer(snapshot).records
    ]
    return script("solgraphDetails", {"language": language(request), "details": details}, BY_LANGUAGE)


def _place(places: Places, facet: str, iri: str) -> int:
    """The number of a value, the same each time."""
    return places[facet].setdefault(iri, len(places[facet]))


def _card(
    request: Request, card: Card, places: Places, points: dict[str, tuple[float, float]], label: Label
) -> list[Any]:
    _place(places, "city", card.city)
    country, point = _place(places, "country", card.country), points.get(card.city)
    known = [card.text, card.initiatives, card.findings, [*point, *_flipped(project(*point))] if point else 0]
    return [slug(card.city), label(card.city), address(request, path(card.city)), country, *known]


def _record(record: Record, places: Places) -> list[Any]:
    """Its sort (1 is a tie, 2 an example, 0 another initiative), its cities, its values facet by facet, its dates."""
    facets = (*(OF_TIES if record.is_tie else OF_WORK), *OF_BOTH)
    values = [[_place(places, facet, iri) for iri in sorted(record.values.get(facet, ()))] for facet in facets]
    cities = sorted(places["city"][city] for city in record.cities)
    spans = [_limited(record.years.span), *map(_limited, record.certain)]
    certainty = CERTAINTIES.index(record.certainty)
    return [1 if record.is_tie else 2 * record.is_example, cities, values, certainty, record.years.since or 0, *spans]


def _limited(span: Span) -> list[int]:
    return [_FIRST if year == BEFORE else _LAST if year == AFTER else year for year in span]


def _themes(snapshot: Snapshot, places: Places) -> list[tuple[str, str]]:
    """Sub-themes that records have, in their order, each with its theme."""
    return [pair for pair in matrices.themes(snapshot).items() if pair[0] in places["theme"]]


def _flipped(numbers: Sequence[float]) -> list[float]:
    """Points one after another in kilometres, with y downwards as in drawings."""
    return [-number if place % 2 else number for place, number in enumerate(numbers)]


routes: list[BaseRoute] = [
    route("/explore", _page),
    route("/explore-data.js", _data),
    route("/explore-details.js", _details),
]
