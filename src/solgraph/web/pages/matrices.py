"""Two matrices of a selection: cities by themes and cities by networks; and what stands behind a cell."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from solgraph.graph.exploration import Record
from solgraph.graph.exploration.explorer import Explored
from solgraph.graph.exploration.records import CERTAINTIES
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import slug
from solgraph.rdf.terms import fold
from solgraph.web.pages.evidence import Claim, claims
from solgraph.web.pages.memberships import LAYERS

_THEMES = """SELECT ?theme ?number {
  ?theme skos:inScheme <https://w3id.org/solgraph/vocab/theme> ; skos:notation ?number
} ORDER BY ?number"""
#: So many networks and cities stand in a matrix at most, that its page stays light.
_COLUMNS, ROWS = 30, 40


class Row(NamedTuple):
    """A city in the matrix: how many initiatives and examples it has of each theme, and of which it is an example."""

    city: str
    cells: list[int]
    examples: list[bool]

    @property
    def covered(self) -> int:
        """Of how many themes it has any."""
        return sum(map(bool, self.cells))


class Matrix(NamedTuple):
    """Cities by the themes below others: groups of themes, the themes, the rows, and how many cities each theme has."""

    groups: list[tuple[str, int]]
    themes: list[str]
    rows: list[Row]
    covered: list[int]


class TieRow(NamedTuple):
    """A city in the matrix of networks: its membership of each, and in how many of all networks it is."""

    city: str
    cells: list[Record | None]
    number: int


class TieMatrix(NamedTuple):
    """Some of the cities by the largest networks, which stand by layer: of how many cities and networks."""

    groups: list[tuple[str, int]]
    networks: list[str]
    rows: list[TieRow]
    members: list[int]
    cities: int
    of_networks: int


class Behind(NamedTuple):
    """An initiative or example behind a cell: whether it is an example, and the claim with its evidence."""

    is_example: bool
    claim: Claim


def themes(snapshot: Snapshot) -> dict[str, str]:
    """Sub-theme → the theme above it, in the order of their numbers."""
    heads = {value(number): value(theme) for theme, number in snapshot.ask(_THEMES).terms}
    return {theme: heads[number.partition(".")[0]] for number, theme in heads.items() if "." in number}


def of_themes(snapshot: Snapshot, explored: Explored, label: Label, sort: str) -> Matrix:
    """What the cities do, by theme; those of most themes first, or those with most of one theme."""
    cells, examples = _themes_of_cities(explored)
    covered_by_any = {theme for numbers in cells.values() for theme in numbers}
    heads = {theme: head for theme, head in themes(snapshot).items() if theme in covered_by_any}
    rows = [
        Row(city, [numbers[theme] for theme in heads], [(city, theme) in examples for theme in heads])
        for city, numbers in cells.items()
    ]
    rows.sort(key=lambda row: (-cells[row.city][sort], -row.covered, fold(label(row.city))))
    covered = [sum(bool(row.cells[place]) for row in rows) for place in range(len(heads))]
    return Matrix([*Counter(heads.values()).items()], [*heads], rows, covered)


def _themes_of_cities(explored: Explored) -> tuple[dict[str, Counter[str]], set[tuple[str, str]]]:
    """City → its themes with the number of initiatives and examples; and pairs of a city and theme with an example."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    examples = set()
    for record in explored.records:
        for theme in () if record.is_tie else record.values.get("theme", ()):
            for city in record.cities & explored.cities:
                counted[city][theme] += 1
                examples |= {(city, theme)} if record.is_example else set()
    return counted, examples


def of_networks(explored: Explored, label: Label, sort: str, page: int) -> TieMatrix:
    """Who is in which network; those in most networks first, or before them the members of one network."""
    ties = _ties_of_cities(explored)
    sizes = Counter(network for networks in ties.values() for network in networks)
    order = sorted(sizes, key=lambda network: (-sizes[network], fold(label(network))))[:_COLUMNS]
    layers = {network: _layer(tie) for networks in ties.values() for network, tie in networks.items()}
    networks = sorted(order, key=lambda network: LAYERS.index(layers[network]))
    cities = sorted(ties, key=lambda city: (sort not in ties[city], -len(ties[city]), fold(label(city))))
    rows = [
        TieRow(city, [ties[city].get(network) for network in networks], len(ties[city]))
        for city in cities[(page - 1) * ROWS : page * ROWS]
    ]
    groups = Counter(slug(layers[network]) for network in networks)
    return TieMatrix([*groups.items()], networks, rows, [sizes[network] for network in networks], len(ties), len(sizes))


def _ties_of_cities(explored: Explored) -> dict[str, dict[str, Record]]:
    """City → its networks in the selection, each with the membership that is dated best."""
    ties: dict[str, dict[str, Record]] = defaultdict(dict)
    for record in explored.records:
        for city in record.cities & explored.cities if record.is_tie else ():
            for network in record.values.get("network", ()):
                ties[city][network] = min(ties[city].get(network, record), record, key=_dated_worse)
    return ties


def _dated_worse(record: Record) -> int:
    return CERTAINTIES.index(record.certainty)


def _layer(tie: Record) -> str:
    return next(iter(tie.values["layer"]))


def behind(snapshot: Snapshot, explored: Explored, cell: tuple[str, str], languages: Sequence[str]) -> list[Behind]:
    """What a city does of a theme, the examples first, each with its evidence."""
    city, theme = cell
    found = {
        record.thing: record.is_example
        for record in explored.records
        if not record.is_tie and city in record.cities and theme in record.values.get("theme", ())
    }
    things = sorted(found, key=lambda thing: (not found[thing], thing))
    return [Behind(found[each.things[0]], each) for each in claims(snapshot, [[thing] for thing in things], languages)]
