"""The views of a selection of cities: cards, a map, a table, a network and a time line."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from solgraph.graph.exploration import Explorer, Record
from solgraph.graph.exploration.explorer import Explored
from solgraph.graph.names import Label, best_texts
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.networks.model.closest import without_weaker_ties
from solgraph.rdf.namespaces import slug
from solgraph.rdf.terms import fold
from solgraph.web.pages import charts, panels
from solgraph.web.pages.drawings import Map, map_of
from solgraph.web.pages.memberships import LAYERS

_ALLIANCE = LAYERS[0]
_CLOSEST = 2
#: The size of the time line, in pixels.
_WIDE, _HIGH = 960, 320


class Mark(NamedTuple):
    """A network of a city: its layer, how certain its date is (``stated``, ``seen``, ``undated``), the membership."""

    network: str
    layer: str
    certainty: str
    tie: str


class Card(NamedTuple):
    """A city: a sentence about it, its networks, and how much is known."""

    city: str
    country: str
    text: str
    marks: list[Mark]
    initiatives: int
    findings: int


class Line(NamedTuple):
    """Two cities, where they lie on the map, and the alliances that they share."""

    first: str
    second: str
    x1: int
    y1: int
    x2: int
    y2: int
    shared: list[str]


class Network(NamedTuple):
    """Cities on a map, and lines between those that share most."""

    map: Map
    lines: list[Line]


class Bar(NamedTuple):
    """How many ties of a layer began in a year, as a rectangle."""

    year: int
    layer: str
    number: int
    x: float
    y: float
    width: float
    height: float


class TimeLine(NamedTuple):
    """How many ties began in each year, as stacked bars with ticks, and of how many no source says when."""

    bars: list[Bar]
    ticks: list[tuple[float, int]]
    years: list[tuple[float, int]]
    begun: dict[int, Counter[str]]
    dated: int
    undated: int
    width: int = _WIDE
    height: int = _HIGH


class Cities:
    """The cities of a selection, those of which most is known first, with what the views show of them."""

    def __init__(self, snapshot: Snapshot, explorer: Explorer, explored: Explored, label: Label) -> None:
        self._snapshot, self._explorer, self._explored, self._label = snapshot, explorer, explored, label
        self._contents = panels.contents(snapshot)
        self._ties = explorer.ties_of_cities
        self.iris = sorted(explored.cities, key=self._rank)

    def _rank(self, city: str) -> tuple[float, str]:
        initiatives, findings = self._known(city)
        return -(3 * initiatives + findings + 0.6 * len(self._networks(city))), fold(self._label(city))

    def _known(self, city: str) -> tuple[int, int]:
        """How many initiatives and findings there are of a city that a report describes."""
        initiatives, _, _, findings, _ = self._contents.get(city) or [None] * 5
        return (int(value(initiatives)), int(value(findings))) if initiatives else (0, 0)

    def _networks(self, city: str) -> dict[str, Record]:
        return self._ties.get(city, {})

    def cards(self, cities: Sequence[str], languages: Iterable[str]) -> list[Card]:
        """The cards of some of the cities."""
        texts = introductions(self._snapshot, languages)
        return [
            Card(city, self._explorer.countries[city], texts.get(city, ""), self.marks(city), *self._known(city))
            for city in cities
        ]

    def marks(self, city: str) -> list[Mark]:
        """The networks of a city, by layer."""
        marks = [
            Mark(network, slug(next(iter(tie.values["layer"]))), tie.certainty, tie.thing)
            for network, tie in self._networks(city).items()
        ]
        layers = [slug(layer) for layer in LAYERS]

        def rank(mark: Mark) -> tuple[int, str, str]:
            return layers.index(mark.layer), mark.certainty, fold(self._label(mark.network))

        return sorted(marks, key=rank)

    def map(self) -> Map:
        """The cities that have coordinates."""
        return map_of(charts.places_of(self._snapshot, {city: self._label(city) for city in self.iris}, {}), "networks")

    def unlocated(self) -> int:
        """How many cities have no coordinates."""
        return len(set(self.iris) - charts.city_coordinates(self._snapshot).keys())

    def network(self) -> Network:
        """The cities on the map, each joined to the two that are closest to it by shared alliances."""
        drawn = self.map()
        points = {dot.iri: (dot.x, dot.y) for dot in drawn.dots}
        lines = [
            Line(first, second, *points[first], *points[second], shared)
            for (first, second), shared in self._closest().items()
            if first in points and second in points
        ]
        return Network(drawn, lines)

    def _closest(self) -> dict[tuple[str, str], list[str]]:
        """Pairs of cities of which one is closest to the other → the alliances that they share."""
        graph = self._shared_alliances()
        without_weaker_ties(graph, _CLOSEST)
        return {(min(pair), max(pair)): networks for *pair, networks in graph.edges(data="networks")}

    def _shared_alliances(self) -> Any:
        """The graph of the cities, weighted as ``kg.network("alliances")``."""
        import networkx

        members, places = self._alliances(), charts.city_coordinates(self._snapshot)
        shared: dict[tuple[str, str], list[str]] = defaultdict(list)
        for network, cities in members.items():
            for pair in combinations(cities, 2):
                shared[pair].append(network)
        graph: Any = networkx.Graph()
        graph.add_nodes_from((city, dict(zip(("long", "lat"), places[city], strict=True))) for city in places)
        for (first, second), networks in shared.items():
            weight = sum(1 / (len(members[network]) - 1) for network in networks)
            graph.add_edge(first, second, networks=networks, shared=len(networks), weight=weight)
        return graph

    def _alliances(self) -> dict[str, list[str]]:
        """Alliance → the cities that are in it as the selection has it."""
        members: dict[str, set[str]] = defaultdict(set)
        for record in self._explorer.records:
            if record.is_tie and _ALLIANCE in record.values["layer"] and self._explored.selection.holds(record):
                for network in record.values.get("network", ()):
                    members[network] |= record.cities & self._explored.cities
        return {network: sorted(members[network]) for network in sorted(members)}

    def timeline(self) -> TimeLine:
        """When the memberships and signatures began."""
        return _timeline(self._explored)


def _timeline(explored: Explored) -> TimeLine:
    begun: dict[int, Counter[str]] = defaultdict(Counter)
    ties = [record for record in explored.records if record.is_tie]
    for tie in ties:
        if tie.years.since:
            begun[tie.years.since].update(map(slug, tie.values["layer"]))
    dated = sum(tie.years.since is not None for tie in ties)
    return timeline_of(begun, dated, len(ties) - dated)


def timeline_of(
    begun: Mapping[int, Counter[str]], dated: int, undated: int, width: int = _WIDE, height: int = _HIGH
) -> TimeLine:
    """The drawing of how many ties of each layer began in each year."""
    ordered = dict(sorted(begun.items()))
    drawn = _bars(ordered, width, height) if ordered else ([], [], [])
    return TimeLine(*drawn, ordered, dated, undated, width, height)


def _bars(
    begun: Mapping[int, Counter[str]], width: int, height: int
) -> tuple[list[Bar], list[tuple[float, int]], list[tuple[float, int]]]:
    """Bars, ticks of numbers and ticks of years."""
    first, last = min(begun), max(begun)
    per_year, most = (width - 44) / (last - first + 1), max(map(Counter.total, begun.values()))
    per_tie = (height - 40) / most
    bars = []
    for year, numbers in begun.items():
        y = height - 24.0
        for layer in map(slug, LAYERS):
            if number := numbers[layer]:
                y -= number * per_tie
                x = 40 + (year - first) * per_year
                bars.append(Bar(year, layer, number, *(round(n, 1) for n in (x, y, per_year * 0.8, number * per_tie))))
    step, leap = _step(most, 5), _step(last - first, 10)
    ticks = [(round(height - 24 - number * per_tie, 1), number) for number in range(0, most + 1, step)]
    years = [
        (round(40 + (year - first + 0.4) * per_year, 1), year)
        for year in range(-(-first // leap) * leap, last + 1, leap)
    ]
    return bars, ticks, years


def _step(span: int, most: int) -> int:
    """The step of a scale that has no more ticks than that."""
    return next(step for step in (1, 2, 5, 10, 20, 50, 100, 500, 1000) if span / step <= most)


def introductions(snapshot: Snapshot, languages: Iterable[str]) -> dict[str, str]:
    """City → the sentences that introduce it, in the first of the languages that has any, else in English."""
    query = "SELECT ?city ?text { ?city a sg:City ; dcterms:description ?text }"
    rows = snapshot.cached("introductions", lambda: snapshot.ask(query)).terms
    return best_texts(rows, (*languages, "en"))
