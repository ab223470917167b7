"""Pajek's ``.net``, with the two modes of a two-mode network one after the other."""

import math
from collections.abc import Iterator, Mapping

from solgraph.networks.drawing.geometry import Point, coordinates
from solgraph.networks.files.plain_network import Attributes, PlainNetwork, clean, distinct, text


def pajek(network: PlainNetwork) -> Iterator[str]:
    """Vertex n is the n-th node, with a label of its own, its place and weighted lines.

    Pajek has no escapes: ``"`` becomes ``'`` and ``\\`` becomes ``/``. It recognises UTF-8 by a byte order mark,
    which igraph takes for an error and which is therefore left out.
    """
    nodes, first_mode = _nodes(network)
    labels = network.labels()
    labels = distinct({key: _unquoted(labels[key]) or _unquoted(key) for key in nodes})
    places = _in_unit_square({key: place for key, node in nodes.items() if (place := coordinates(node))})
    numbers = {key: number for number, key in enumerate(nodes, 1)}
    yield f"*Network {_unquoted(network.name)}\r\n"
    yield f"*Vertices {len(nodes)}{f' {first_mode}' if first_mode else ''}\r\n"
    for key, number in numbers.items():
        yield f'{number} "{labels[key]}"{places.get(key, "")}\r\n'
    yield "*Arcs\r\n" if network.directed else "*Edges\r\n"
    for start, end, edge in network.edges():
        weight = edge.get("weight")
        finite = isinstance(weight, int | float) and math.isfinite(weight)
        yield f"{numbers[start]} {numbers[end]}{f' {text(weight)}' if finite and weight is not None else ''}\r\n"


def _nodes(network: PlainNetwork) -> tuple[dict[str, Attributes], int]:
    """The nodes; in a two-mode network those of the first mode first, and how many they are."""
    nodes = dict(network.nodes())
    if not network.is_two_mode:
        return nodes, 0
    order = sorted(nodes, key=lambda key: bool(nodes[key]["bipartite"]))
    return {key: nodes[key] for key in order}, sum(not node["bipartite"] for node in nodes.values())


def _unquoted(string: str) -> str:
    return " ".join(clean(string).replace('"', "'").replace("\\", "/").split())


def _in_unit_square(places: Mapping[str, Point]) -> dict[str, str]:
    """Places within a square of side 1 with north at the top, as Pajek draws them."""
    if not places:
        return {}
    longs, lats = zip(*places.values(), strict=True)
    west, north = min(longs), max(lats)
    side = max(max(longs) - west, north - min(lats)) or 1
    return {
        key: f" {(long - west) / side:.4f} {(north - lat) / side:.4f} 0.5000" for key, (long, lat) in places.items()
    }
