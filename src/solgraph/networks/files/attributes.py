"""What every writer of network files needs: nodes and edges with plain values, the kinds of attributes, legal names."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

#: A networkx graph, or whatever else has ``nodes``, ``edges``, ``graph``, ``is_directed`` and ``is_multigraph``.
Network: TypeAlias = Any
Value: TypeAlias = str | int | float | bool
Told: TypeAlias = Mapping[str, Value]

_PLAIN = frozenset((str, int, float, bool))
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def nodes(network: Network) -> Iterator[tuple[str, Told]]:
    """Nodes by key with plain attributes."""
    return ((str(key), plain(told)) for key, told in network.nodes(data=True))


def edges(network: Network) -> Iterator[tuple[str, str, Told]]:
    """Edges by the keys of their ends with plain attributes; parallel edges one after the other."""
    return ((str(one), str(other), plain(told)) for one, other, told in network.edges(data=True))


def numbered(network: Network) -> Iterator[tuple[str, str, Told, int]]:
    """Edges, each with its number among the parallel ones: the first is 1."""
    several, directed, met = network.is_multigraph(), network.is_directed(), Counter[tuple[str, str]]()
    for one, other, told in edges(network):
        if several:
            ends = (one, other) if directed or one < other else (other, one)
            met[ends] += 1
        yield one, other, told, met[ends] if several else 1


def plain(told: Mapping[str, Any]) -> Told:
    """The attributes as text, numbers and truth values: None is left out, what is no such value becomes text."""
    if _PLAIN.issuperset(map(type, told.values())):
        return told
    return {str(name): _plain(value) for name, value in told.items() if value is not None}


def _plain(value: Any) -> Value:
    if isinstance(value, list | tuple | set | frozenset):
        told = (text(_plain(one)) for one in value if one is not None)
        return "; ".join(told if isinstance(value, list | tuple) else sorted(told))
    value = value.item() if hasattr(value, "item") else value
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return str(value)


def kinds(rows: Iterable[Told]) -> dict[str, type[Value]]:
    """Attributes in the order in which they come → the narrowest kind that holds all their values."""
    shapes = dict.fromkeys(tuple(zip(told, map(type, told.values()), strict=True)) for told in rows)
    found: dict[str, set[type[Value]]] = {}
    for shape in shapes:
        for name, kind in shape:
            found.setdefault(name, set()).add(kind)
    return {name: _holding(several) for name, several in found.items()}


def node_kinds(network: Network) -> dict[str, type[Value]]:
    """The kinds of the attributes of nodes."""
    return kinds(told for _, told in nodes(network))


def edge_kinds(network: Network) -> dict[str, type[Value]]:
    """The kinds of the attributes of edges; one more reading of the edges."""
    return kinds(told for _, _, told in edges(network))


def _holding(several: set[type[Value]]) -> type[Value]:
    if len(several) == 1:
        return next(iter(several))
    return float if several == {int, float} else str


def text(value: Value) -> str:
    """A value as XML, Java and JavaScript read it too."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return str(value)


def clean(said: str) -> str:
    """The text without the characters that XML 1.0 forbids (NUL, U+FFFF, …): U+FFFD stands in their place."""
    return _FORBIDDEN.sub("\ufffd", said)


def named(
    names: Iterable[str], taken: Iterable[str] = (), legal: Callable[[str], str] = str, mark: str = "_"
) -> dict[str, str]:
    """Attributes → their names in a file where some are taken: a mark is added until no two differ only in case."""
    used, found = {name.casefold() for name in taken}, {}
    for name in names:
        new = legal(name)
        while new.casefold() in used:
            new += mark
        used.add(new.casefold())
        found[name] = new
    return found


def distinct(texts: Mapping[str, str]) -> dict[str, str]:
    """Keys → texts that are all different: one that repeats is followed by its key."""
    often = Counter(texts.values())
    used, found = {said for said, count in often.items() if count == 1}, {}
    for key, said in texts.items():
        new = said
        if often[said] > 1:
            new = f"{said} ({clean(key)})"
            while new in used:
                new += "'"
            used.add(new)
        found[key] = new
    return found


def place(told: Told) -> tuple[float, float] | None:
    """Longitude and latitude, or None where they are not known or not on Earth."""
    long, lat = (_number(told.get(name)) for name in ("long", "lat"))
    return (long, lat) if abs(long) <= 180 and abs(lat) <= 90 else None


def _number(value: Value | None) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def finite(told: Told) -> dict[str, Value]:
    """The attributes without numbers that are none, which JSON cannot say."""
    return {name: value for name, value in told.items() if not isinstance(value, float) or math.isfinite(value)}
