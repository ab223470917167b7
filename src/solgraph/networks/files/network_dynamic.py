"""Networks as tables of intervals for R's networkDynamic: spells of edges and vertices, with their censoring."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from solgraph.networks.files.csv_files import csv_cell, csv_line
from solgraph.networks.files.plain_network import Attributes, PlainNetwork
from solgraph.networks.model.spells import Spell, joined, rule, spells_of_ties
from solgraph.networks.model.years import AFTER, BEFORE

_SPELL = ("onset", "terminus")
_CENSORING = ("onset.censored", "terminus.censored", "duration")


class _Interval(NamedTuple):
    """Years from ``onset`` until before ``terminus``, as networkDynamic counts them."""

    onset: str
    terminus: str
    censoring: tuple[str, str, str]
    certainty: str


def edge_spells(network: PlainNetwork) -> Iterator[str]:
    """When each edge is there; years for which it is certain and years for which it is not excluded are apart."""
    yield csv_line([*_SPELL, "tail", "head", *_CENSORING, "edge.id", "certainty"])
    for edge_id, ends, spells in _edges(network):
        for interval in _intervals(spells):
            cells = [interval.onset, interval.terminus, *ends, *interval.censoring, str(edge_id), interval.certainty]
            yield csv_line(cells)


def edge_weights(network: PlainNetwork) -> Iterator[str]:
    """The weight of each edge, and the numbers of ties on which it rests, from change to change."""
    yield csv_line([*_SPELL, "tail", "head", "weight", "shared", "certain", "edge.id"])
    for edge_id, ends, spells in _edges(network):
        for spell in spells:
            numbers = (spell.weight, spell.shared, spell.certain, edge_id)
            yield csv_line([*_limits(spell.start, spell.end), *ends, *map(str, numbers)])


def vertices(network: PlainNetwork) -> Iterator[str]:
    """The number of each vertex, its key and its attributes."""
    names = list(network.node_kinds)
    yield csv_line(["vertex.id", "vertex.pid", *map(csv_cell, names)])
    for number, key, node in _numbered(network):
        yield csv_line(map(csv_cell, [str(number), key, *(node.get(name, "") for name in names)]))


def vertex_spells(network: PlainNetwork) -> Iterator[str]:
    """When each vertex is there: in the years of its own, otherwise always."""
    yield csv_line([*_SPELL, "vertex.id", *_CENSORING])
    for number, _, node in _numbered(network):
        for interval in _intervals(spells_of_ties([node], *rule(network.attributes)), by_certainty=False):
            yield csv_line([interval.onset, interval.terminus, str(number), *interval.censoring])


def about(network: PlainNetwork) -> Iterator[str]:
    """What the network says of itself: how it was selected, the rule for open ends, what was left out."""
    yield csv_line(["attribute", "value"])
    for name, value in {"directed": network.directed, **network.attributes}.items():
        yield csv_line(map(csv_cell, [name, value]))


#: The end of the name of each file → its writer.
FILES = {
    "-edge-spells.csv": edge_spells,
    "-edge-weights.csv": edge_weights,
    "-vertices.csv": vertices,
    "-vertex-spells.csv": vertex_spells,
    "-network.csv": about,
}


def _numbered(network: PlainNetwork) -> Iterator[tuple[int, str, Attributes]]:
    return ((number, key, node) for number, (key, node) in enumerate(network.nodes(), 1))


def _edges(network: PlainNetwork) -> Iterator[tuple[int, list[str], list[Spell]]]:
    """The number of each edge, those of its tail and head, and its spells; parallel edges are one."""
    numbers, of_ties = {key: number for number, key, _ in _numbered(network)}, rule(network.attributes)
    for edge_id, (tail, head, ties) in enumerate(_pairs(network), 1):
        ends = [numbers[tail], numbers[head]]
        ends = ends if network.directed else sorted(ends)
        yield edge_id, [str(end) for end in ends], spells_of_ties(ties, *of_ties)


def _pairs(network: PlainNetwork) -> Iterable[tuple[str, str, list[Attributes]]]:
    if not network.multigraph:
        return ((start, end, [edge]) for start, end, edge in network.edges())
    pairs: dict[tuple[str, str], list[Attributes]] = {}
    for start, end, edge in network.edges():
        turned = not network.directed and (end, start) in pairs
        pairs.setdefault((end, start) if turned else (start, end), []).append(edge)
    return ((start, end, ties) for (start, end), ties in pairs.items())


def _intervals(spells: list[Spell], by_certainty: bool = True) -> Iterator[_Interval]:
    """The spells, those that follow one another joined if they are equally certain.

    A limit is censored if it is not stated, and where something that is certain passes into what is only not excluded.
    """
    starts, ends = {spell.start: spell.starts for spell in spells}, {spell.end: spell.ends for spell in spells}
    runs = joined((spell.start, spell.end, spell.certain > 0 or not by_certainty) for spell in spells)
    before = {end + 1 for _, end, _ in runs}
    after = {start - 1 for start, _, _ in runs}
    for start, end, is_certain in runs:
        censored = [not starts[start] or start in before, not ends[end] or end in after]
        onset, terminus = _limits(start, end)
        duration = "Inf" if "Inf" in (onset[-3:], terminus) else str(end + 1 - start)
        censoring = (_logical(censored[0]), _logical(censored[1]), duration)
        yield _Interval(onset, terminus, censoring, "certain" if is_certain else "not excluded")


def _limits(start: int, end: int) -> tuple[str, str]:
    return "-Inf" if start == BEFORE else str(start), "Inf" if end == AFTER else str(end + 1)


def _logical(value: bool) -> str:
    return "TRUE" if value else "FALSE"
