"""The views of a selection of cities: cards, a map, a table, a network, a matrix of themes and a time line."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from solgraph.graph.exploration import Explorer, Record
from solgraph.graph.exploration.explorer import Explored
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import slug
from solgraph.web.pages import charts, panels
from solgraph.web.pages.drawings import Map, map_of
from solgraph.web.pages.memberships import LAYERS

Label = Callable[[str], str]
_THEMES = """SELECT ?theme ?number ?wider {
  ?theme skos:inScheme <https://w3id.org/solgraph/vocab/theme> ; skos:notation ?number OPTIONAL { ?theme skos:broader ?wider }
} ORDER BY ?number"""
_ALLIANCE = LAYERS[0]
_CLOSEST = 2


class Mark(NamedTuple):
    """A network of a city: its layer, and how certain its date is (``stated``, ``seen`` or ``undated``)."""

    network: str
    layer: str
    certainty: str


class Card(NamedTuple):
    """A city: a sentence about it, its networks, and how much is known."""

    city: str
    country: str
    text: str
    marks: list[Mark]
    initiatives: int
    findings: int


class Cities:
    """The cities of a selection, those of which most is known first, with what the views show of them."""

    def __init__(self, snapshot: Snapshot, explorer: Explorer, explored: Explored, label: Label) -> None:
        self._snapshot, self._explorer, self._explored, self._label = snapshot, explorer, explored, label
        self._contents = panels.contents(snapshot)
        self._ties = explorer.ties_of_cities
        self.iris = sorted(explored.cities, key=self._rank)

    def _rank(self, city: str) -> tuple[float, str]:
        initiatives, findings = self._known(city)
        return -(3 * initiatives + findings + 0.6 * len(self._networks(city))), self._label(city).casefold()

    def _known(self, city: str) -> tuple[int, int]:
        """How many initiatives and findings there are of a city that a report describes."""
        initiatives, _, _, findings, _ = self._contents.get(city) or [None] * 5
        return (int(value(initiatives)), int(value(findings))) if initiatives else (0, 0)

    def _networks(self, city: str) -> dict[str, Record]:
        return self._ties.get(city, {})

    def cards(self, cities: Sequence[str], texts: Mapping[str, str]) -> list[Card]:
        """The cards of some of the cities."""
        return [
            Card(city, self._explorer.countries[city], texts.get(city, ""), self.marks(city), *self._known(city))
            for city in cities
        ]

    def marks(self, city: str) -> list[Mark]:
        """The networks of a city, by layer."""
        marks = [
            Mark(network, slug(next(iter(tie.values["layer"]))), tie.certainty)
            for network, tie in self._networks(city).items()
        ]
        layers = [slug(layer) for layer in LAYERS]
        return sorted(marks, key=lambda mark: (layers.index(mark.layer), mark.certainty, self._label(mark.network)))

    def map(self) -> Map:
        """The cities that have coordinates."""
        return map_of(charts.places_of(self._snapshot, {city: self._label(city) for city in self.iris}, {}), "networks")

    def unlocated(self) -> int:
        """How many cities have no coordinates."""
        return len(set(self.iris) - charts.city_coordinates(self._snapshot).keys())

    def links(self) -> list[tuple[str, str, list[str]]]:
        """Each city with the two that share most alliances with it, if they share any, and what they share."""
        members: dict[str, list[str]] = defaultdict(list)
        for city in self.iris:
            for network, tie in self._networks(city).items():
                if _ALLIANCE in tie.values["layer"] and self._explored.selection.holds(tie):
                    members[network].append(city)
        shared: dict[str, Counter[str]] = defaultdict(Counter)
        of_pair: dict[tuple[str, str], list[str]] = defaultdict(list)
        for network, cities in members.items():
            for first, second in combinations(cities, 2):
                shared[first][second] += 1
                shared[second][first] += 1
                of_pair[first, second].append(network)
        closest = {
            tuple(sorted((city, other), key=self.iris.index))
            for city in shared
            for other, _ in shared[city].most_common(_CLOSEST)
        }
        return [(first, second, of_pair[first, second]) for first, second in sorted(closest)]


class Row(NamedTuple):
    """A city in the matrix: how many initiatives and examples it has of each theme, and of which it is an example."""

    city: str
    cells: list[int]
    examples: list[bool]
    covered: int


class Matrix(NamedTuple):
    """Cities by the themes below others: groups of themes, the themes, the rows, and how many cities each theme has."""

    groups: list[tuple[str, int]]
    themes: list[str]
    rows: list[Row]
    covered: list[int]


def matrix(snapshot: Snapshot, explored: Explored, label: Label) -> Matrix:
    """What the cities of a selection do, by theme; an empty cell says that the sources say nothing."""
    wider = {value(theme): value(above) for theme, _, above in snapshot.ask(_THEMES).terms if above}
    themes = [*wider]
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    examples: set[tuple[str, str]] = set()
    for record in explored.records:
        for theme in () if record.is_tie else record.values.get("theme", ()):
            for city in record.cities & explored.cities:
                counted[city][theme] += 1
                examples |= {(city, theme)} if record.is_example else set()
    rows = [
        Row(city, [numbers[theme] for theme in themes], [(city, theme) in examples for theme in themes], 0)
        for city, numbers in counted.items()
    ]
    rows = [row._replace(covered=sum(map(bool, row.cells))) for row in rows]
    rows.sort(key=lambda row: (-row.covered, label(row.city).casefold()))
    groups = Counter(wider[theme] for theme in themes)
    covered = [sum(bool(row.cells[place]) for row in rows) for place in range(len(themes))]
    return Matrix([*groups.items()], themes, rows, covered)


class Year(NamedTuple):
    """A year of the time line: how many ties began in it, by layer."""

    year: int
    begun: dict[str, int]


def timeline(explored: Explored) -> tuple[list[Year], int]:
    """The years in which memberships and signatures of the selection began, and of how many no source says when."""
    begun: dict[int, Counter[str]] = defaultdict(Counter)
    undated = 0
    for record in explored.records:
        if record.is_tie and record.years.since is None:
            undated += 1
        elif record.is_tie and record.years.since:
            begun[record.years.since].update(slug(layer) for layer in record.values["layer"])
    years = range(min(begun), max(begun) + 1) if begun else ()
    return [Year(year, dict(begun.get(year, {}))) for year in years], undated


def texts(snapshot: Snapshot, languages: Iterable[str]) -> dict[str, str]:
    """City → the sentences that introduce it, in the first of the languages that has any."""
    order = {tag: rank for rank, tag in enumerate(languages)}
    query = """SELECT ?city ?text { ?city a sg:City { ?city dcterms:description ?text } UNION
        { ?f sg:about ?city ; dcterms:description ?text
          ; sg:findingKind <https://w3id.org/solgraph/vocab/finding-kind/profile> } }"""
    found: dict[str, tuple[int, str]] = {}
    for city, text in snapshot.cached("introductions", lambda: snapshot.ask(query)).terms:
        candidate = (order.get(getattr(text, "language", "") or "", len(order)), value(text))
        found[value(city)] = min(found.get(value(city), candidate), candidate)
    return {city: text for city, (_, text) in found.items()}
