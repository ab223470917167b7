"""The rows of an answer as bars, and on a map."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.formats.rows import Table
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.networks.drawing.geometry import coordinates
from solgraph.rdf.namespaces import ID, XSD
from solgraph.rdf.terms import Term, python_value
from solgraph.web.pages import drawings, panels
from solgraph.web.pages.drawings import Map, Place
from solgraph.web.pages.memberships import networks_of_cities

_NOT_COUNTED = {"lat", "long", "since", "until", "year", "page", "when", "date"}
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
_MOST_BARS = 40


class Bar(NamedTuple):
    """A bar: what it stands for, its number, and its length as a part of the longest."""

    label: str
    number: str
    share: float


def bars(table: Table, rows: Sequence[Sequence[Sequence[Term]]]) -> list[Bar]:
    """A bar for each row, if the answer has one column of numbers beside labels; else none."""
    numeric = [i for i in range(len(table.columns)) if _is_counted(table.columns[i], [row[i] for row in rows])]
    worded = [i for i in range(len(table.columns)) if i not in numeric]
    if len(numeric) != 1 or not worded or not 2 <= len(rows) <= _MOST_BARS:
        return []
    labels = ["; ".join(map(table.shown, row[worded[0]])) for row in rows]
    texts = [row[numeric[0]][0].value for row in rows]  # type: ignore[union-attr]
    numbers = [float(text) for text in texts]
    if len(set(labels)) < len(labels) or min(numbers) < 0 or not max(numbers):
        return []
    return [Bar(label, text, number / max(numbers)) for label, text, number in zip(labels, texts, numbers, strict=True)]


def _is_counted(name: str, cells: Sequence[Sequence[Term]]) -> bool:
    if name.rpartition("_")[2] in _NOT_COUNTED:
        return False
    return all(len(cell) == 1 and isinstance(cell[0], Literal) and cell[0].datatype.value in _NUMBERS for cell in cells)


def map_of(kg: Knowledge, table: Table) -> Map | None:
    """The cities of the first column that holds only cities, where the graph has their coordinates.

    A dot is as large as its city has rows; where all have as many, as it has networks.
    """
    for column in zip(*table.rows, strict=True):
        times = Counter(term.value for term in column if isinstance(term, NamedNode))
        if times and all(term is None or _is_city(term) for term in column):
            names = {iri: table.shown(NamedNode(iri)) for iri in times}
            counted = len(set(times.values())) > 1
            places = places_of(kg.snapshot, names, times if counted else {})
            return drawings.map_of(places, "rows" if counted else "networks") if places else None
    return None


def places_of(snapshot: Snapshot, names: Mapping[str, str], weights: Mapping[str, int]) -> tuple[Place, ...]:
    """The cities that have coordinates, the weightiest first; a city without a weight weighs its networks.

    Where two weigh the same, the city in more networks comes first, then the one of which more passages tell.
    """
    points, networks = city_coordinates(snapshot), networks_of_cities(snapshot)
    sizes = {iri: len(networks.get(iri, ())) for iri in names}
    cited = {iri: int(value(passages)) for iri, (*_, passages) in panels.contents(snapshot).items()}
    places = [Place(iri, names[iri], *points[iri], weights.get(iri, sizes[iri])) for iri in names if iri in points]
    return tuple(sorted(places, key=lambda place: (-place.weight, -sizes[place.iri], -cited.get(place.iri, 0), place)))


def _is_city(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(ID + "city/")


def city_coordinates(snapshot: Snapshot) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the cities that have both."""
    query = "SELECT ?city ?lat ?long { ?city a sg:City ; geo:lat ?lat ; geo:long ?long }"
    return snapshot.cached("coordinates", lambda: dict(_points(snapshot.ask(query).terms)))


def _points(rows: Iterable[Sequence[Term | None]]) -> Iterator[tuple[str, tuple[float, float]]]:
    for city, *place in rows:
        lat, long = (float(value) if isinstance(value, Decimal) else value for value in map(python_value, place))
        if isinstance(city, NamedNode) and coordinates({"lat": lat, "long": long}):
            yield city.value, (float(long), float(lat))
