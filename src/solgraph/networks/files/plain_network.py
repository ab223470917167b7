"""What every writer of network files reads: nodes and edges with plain values, the kinds of attributes, legal names."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from solgraph.networks.model.weights import Block

Value: TypeAlias = str | int | float | bool
Attributes: TypeAlias = Mapping[str, Value]
Kinds: TypeAlias = dict[str, type[Value]]

_PLAIN = frozenset((str, int, float, bool))
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class PlainNetwork:
    """A network with text as keys and text, numbers and truth values as attributes.

    It reads a networkx graph, or anything else with ``nodes``, ``edges``, ``graph``, ``is_directed`` and
    ``is_multigraph``; edges are never held, so that a network larger than memory can be written.
    """

    def __init__(self, network: Any) -> None:
        self._network = network
        self.directed, self.multigraph = bool(network.is_directed()), bool(network.is_multigraph())
        #: Of :class:`Weights`: the edges as columns of numbers, many at a time.
        self.blocks: Callable[[], Iterator[Block]] | None = getattr(network, "blocks", None)

    @property
    def attributes(self) -> Attributes:
        """The attributes of the network itself; those of a projection are complete once its edges have been read."""
        return plain(self._network.graph)

    @property
    def name(self) -> str:
        """The name of the network."""
        return text(self.attributes.get("name", "solgraph"))

    @cached_property
    def is_two_mode(self) -> bool:
        """Whether every node has a mode (``bipartite`` 0 or 1) and no edge stays within one; reads all edges."""
        modes = {key: node.get("bipartite") for key, node in self.nodes()}
        return set(modes.values()) == {0, 1} and all(modes[start] != modes[end] for start, end, _ in self.edges())

    def nodes(self) -> Iterator[tuple[str, Attributes]]:
        """Nodes by key with their attributes."""
        return ((str(key), plain(node)) for key, node in self._network.nodes(data=True))

    def edges(self) -> Iterator[tuple[str, str, Attributes]]:
        """Edges by the keys of their ends with their attributes; parallel edges one after the other."""
        return ((str(start), str(end), plain(edge)) for start, end, edge in self._network.edges(data=True))

    def number_of_edges(self) -> int:
        """How many edges; needs a reading of all edges where the network does not count them."""
        count = getattr(self._network, "number_of_edges", None)
        return int(count()) if count else sum(1 for _ in self.edges())

    def numbered_edges(self) -> Iterator[tuple[str, str, Attributes, int]]:
        """Edges, each with its number among the parallel edges: the first is 1."""
        seen = Counter[tuple[str, str]]()
        for start, end, edge in self.edges():
            if self.multigraph:
                ends = (start, end) if self.directed or start < end else (end, start)
                seen[ends] += 1
            yield start, end, edge, seen[ends] if self.multigraph else 1

    def weights(self, directed: bool = True) -> Iterator[tuple[str, str, float]]:
        """Linked pairs with a weight each: those of parallel edges are added up, an edge without a weight weighs 1.

        Not ``directed``, both directions are one pair.
        """
        weighed = ((start, end, _weight(edge)) for start, end, edge in self.edges())
        if not self.multigraph and (directed or not self.directed):
            yield from weighed
            return
        totals: dict[tuple[str, str], float] = {}
        for start, end, weight in weighed:
            turned = not (self.directed and directed) and (end, start) in totals
            pair = (end, start) if turned else (start, end)
            totals[pair] = totals.get(pair, 0) + weight
        yield from ((start, end, weight) for (start, end), weight in totals.items())

    @cached_property
    def node_kinds(self) -> Kinds:
        """The kinds of the attributes of nodes."""
        return kinds(node for _, node in self.nodes())

    @cached_property
    def edge_kinds(self) -> Kinds:
        """The kinds of the attributes of edges; needs a reading of all edges."""
        if self.blocks:
            self._network.number_of_edges()  # which also completes its attributes
            return dict(self._network.edge_kinds)
        return kinds(edge for *_, edge in self.edges())

    def labels(self) -> dict[str, str]:
        """Key of each node → its label, or the key."""
        return {key: text(node.get("label", key)) for key, node in self.nodes()}


def _weight(edge: Attributes) -> float:
    weight = edge.get("weight", 1)
    return weight if isinstance(weight, int | float) and math.isfinite(weight) else 1


def plain(attributes: Mapping[str, Any]) -> Attributes:
    """The attributes as text, numbers and truth values: None is left out, any other value becomes text."""
    if _PLAIN.issuperset(map(type, attributes.values())):
        return attributes
    return {str(name): _plain_value(value) for name, value in attributes.items() if value is not None}


def _plain_value(value: Any) -> Value:
    if isinstance(value, list | tuple | set | frozenset):
        texts = (text(_plain_value(item)) for item in value if item is not None)
        return "; ".join(texts if isinstance(value, list | tuple) else sorted(texts))
    value = value.item() if hasattr(value, "item") else value
    return next((kind(value) for kind in (bool, int, float) if isinstance(value, kind)), str(value))


def kinds(rows: Iterable[Attributes]) -> Kinds:
    """Attributes in order of appearance → the narrowest kind that holds all their values."""
    shapes = dict.fromkeys(tuple(zip(row, map(type, row.values()), strict=True)) for row in rows)
    kinds_of: dict[str, set[type[Value]]] = {}
    for shape in shapes:
        for name, kind in shape:
            kinds_of.setdefault(name, set()).add(kind)
    numbers = {int, float}
    return {
        name: next(iter(types)) if len(types) == 1 else float if types == numbers else str
        for name, types in kinds_of.items()
    }


def text(value: Value) -> str:
    """A value as XML, Java and JavaScript read it too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return str(value)


def clean(string: str) -> str:
    """The text without the characters that XML 1.0 forbids (NUL, U+FFFF, …): U+FFFD stands in their place."""
    return _FORBIDDEN.sub("\ufffd", string)


def file_names(
    names: Iterable[str], taken: Iterable[str] = (), legal: Callable[[str], str] = str, mark: str = "_"
) -> dict[str, str]:
    """Attributes → their names in a file where some are taken: a mark is added until no two differ only in case."""
    used, renamed = {name.casefold() for name in taken}, {}
    for name in names:
        new = legal(name)
        while new.casefold() in used:
            new += mark
        used.add(new.casefold())
        renamed[name] = new
    return renamed


def distinct(texts: Mapping[str, str]) -> dict[str, str]:
    """Keys → texts that are all different: a text that repeats is followed by its key."""
    counts = Counter(texts.values())
    used, unique = {string for string, count in counts.items() if count == 1}, {}
    for key, string in texts.items():
        new = string if counts[string] == 1 else f"{string} ({clean(key)})"
        while counts[string] > 1 and new in used:
            new += "'"
        used.add(new)
        unique[key] = new
    return unique


def finite(attributes: Attributes) -> dict[str, Value]:
    """The attributes without NaN and infinity, which JSON cannot express."""
    return {name: value for name, value in attributes.items() if not isinstance(value, float) or math.isfinite(value)}
