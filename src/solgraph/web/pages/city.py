"""The page of a city: key figures, its networks on one axis of years, and the cities that share most with it."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from solgraph.graph.description import Description
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import SG, slug
from solgraph.rdf.terms import fold
from solgraph.web.pages.drawings import Neighbourhood, neighbourhood
from solgraph.web.pages.memberships import LAYERS, Tie, Ties, layers_of_networks, networks_of_cities

#: The width of a row of years, in units of its drawing.
WIDTH = 360
_INITIATIVES = ("Programme", "Collaboration", "AdvocacyAction")
#: So many cities are named as those that share most.
MOST_AROUND = 16


class Spell(NamedTuple):
    """A bar from its first to its last year; pale and open where no end is stated."""

    x: float
    width: float
    is_open: bool


class Line(NamedTuple):
    """A network of the city as a line of years: its layer, spells, stated years, and years in which it was seen."""

    tie: Tie
    layer: str
    certainty: str
    spells: list[Spell]
    stated: list[float]
    seen: list[float]


class Axis(NamedTuple):
    """The years of all lines: the first, the last, and ticks as pairs of place and year."""

    first: int
    last: int
    ticks: list[tuple[float, int]]

    def place(self, year: int) -> float:
        """Where a year lies."""
        return round(8 + (year - self.first) / max(self.last - self.first, 1) * (WIDTH - 16), 1)


class Figure(NamedTuple):
    """A key figure: how many there are of a class or, with a layer, of networks."""

    number: int
    what: str
    layer: str = ""


def figures(described: Description, ties: Ties | None) -> list[Figure]:
    """How much is known about a city, without what there is none of."""
    counted = {kind: len(described.mentions.get(SG + kind, ())) for kind in _INITIATIVES}
    listed = [Figure(number, kind) for kind, number in counted.items()]
    layers = {slug(layer): len(group) for layer, group in (ties.groups if ties else {}).items()}
    listed += [Figure(number, "Network", layer or slug(LAYERS[0])) for layer, number in layers.items()]
    listed.append(Figure(len(described.mentions.get(SG + "Finding", ())), "Finding"))
    return [figure for figure in listed if figure.number]


def lines(ties: Ties) -> tuple[Axis, list[Line]]:
    """The networks of a city, by layer, and the axis of their years."""
    years = [year for group in ties.groups.values() for tie in group for year in _years(tie)]
    this_year = date.today().year
    first, last = min([*years, this_year - 10]), max([*years, this_year])
    step = next(step for step in (5, 10, 20, 50, 100) if (last - first) / step <= 6)
    axis = Axis(first, last, [])
    ticks = [(axis.place(year), year) for year in range(-(-first // step) * step, last + 1, step)]
    axis = axis._replace(ticks=ticks)
    return axis, [
        _line(tie, slug(layer) or slug(LAYERS[0]), axis) for layer, group in ties.groups.items() for tie in group
    ]


def _years(tie: Tie) -> list[int]:
    texts = [year for spans in tie.spans.values() for span in spans for year in span.partition(" ")[0].split("–")]
    return [int(year) for year in (*texts, *tie.active) if year.isdigit()]


def _line(tie: Tie, layer: str, axis: Axis) -> Line:
    spells, stated = [], []
    for role, spans in tie.spans.items():
        for span in spans:
            start, dash, end = span.partition(" ")[0].partition("–")
            stated += [axis.place(int(year)) for year in (start, end) if year.isdigit()]
            if start.isdigit() and dash and not tie.is_signed(role):
                last = axis.place(int(end) if end.isdigit() else axis.last)
                spells.append(Spell(axis.place(int(start)), round(last - axis.place(int(start)), 1), not end.isdigit()))
    seen = [axis.place(int(year)) for year in tie.active if year.isdigit()]
    return Line(tie, layer, tie.certainty, spells, sorted({*stated}), seen)


def around(snapshot: Snapshot, iri: str, label: Label) -> list[tuple[str, int]]:
    """The cities that share most alliances with a city (without any, most networks), and how many they share."""
    shared = _shared(snapshot, iri, _own(snapshot, iri), label)
    return [(city, len(networks)) for city, networks in shared.items()][:MOST_AROUND]


def alliances(snapshot: Snapshot, iri: str, labels: Mapping[str, str]) -> Neighbourhood | None:
    """The same as a drawing, with the alliances between the city and the others; None where there are no others."""
    own = _own(snapshot, iri)
    shared = _shared(snapshot, iri, own, lambda city: labels.get(city, city))
    if not shared:
        return None
    ordered = sorted(own, key=lambda network: fold(labels.get(network, network)))
    members = {network: [city for city, networks in shared.items() if network in networks] for network in ordered}
    return neighbourhood(iri, members, labels)


def _own(snapshot: Snapshot, iri: str) -> set[str]:
    """The alliances of a city; without any, all its networks."""
    networks, layers = networks_of_cities(snapshot).get(iri, set()), layers_of_networks(snapshot)
    return {network for network in networks if layers.get(network, "") in ("", LAYERS[0])} or networks


def _shared(snapshot: Snapshot, iri: str, own: set[str], label: Label) -> dict[str, set[str]]:
    """The other cities in some networks, those first that are in most of them, with these networks.

    None where more cities share a network than can be shown, and each only one: those first by name are no nearer.
    """
    shared = {city: theirs & own for city, theirs in networks_of_cities(snapshot).items() if city != iri}
    found = [(city, networks) for city, networks in shared.items() if networks]
    if len(found) > MOST_AROUND and all(len(networks) == 1 for _, networks in found):
        return {}
    return dict(sorted(found, key=lambda pair: (-len(pair[1]), fold(label(pair[0])))))
