"""Pajek's ``.net``, with the two modes of a two-mode network one after the other."""

import math
from collections.abc import Iterator, Mapping

from solgraph.networks.drawing.geometry import Point, coordinates
from solgraph.networks.files.plain_network import Attributes, PlainNetwork, clean, distinct


def pajek(network: PlainNetwork) -> Iterator[str]:
    """Vertex n is the n-th node, with a label of its own, its place and weighted lines.

    Pajek has no escapes: ``"`` becomes ``'`` and ``\\`` becomes ``/``. It recognises UTF-8 by the byte order mark.
    """
    nodes, first_mode = _nodes(network)
    labels = network.labels()
    labels = distinct({key: _unquoted(labels[key]) or _unquoted(key) for key in nodes})
    places = _in_unit_square({key: place for key, node in nodes.items() if (place := coordinates(node))})
    numbers = {key: number for number, key in enumerate(nodes, 1)}
    yield f"\ufeff*Network {_unquoted(network.name)}\r\n"
    yield f"*Vertices {len(nodes)}{f' {first_mode}' if first_mode else ''}\r\n"
    for key, number in numbers.items():
        yield f'{number} "{labels[key]}"{places.get(key, "")}\r\n'
    yield "*Arcs\r\n" if network.directed else "*Edges\r\n"
    for start, end, edge in network.edges():
        weight = edge.get("weight")
        finite = isinstance(weight, int | float) and math.isfinite(weight)
        yield f"{numbers[start]} {numbers[end]}{f' {float(weight or 0):g}' if finite else ''}\r\n"


def _nodes(network: PlainNetwork) -> tuple[dict[str, Attributes], int]:
    """The nodes; in a network of two types that link only to each other, the first type first, and its size."""
    nodes = dict(network.nodes())
    types = {key: node.get("type") for key, node in nodes.items()}
    modes = list(dict.fromkeys(types.values()))
    if network.attributes.get("mode") != "two-mode" or len(modes) != 2:
        return nodes, 0
    if any(types[start] == types[end] for start, end, _ in network.edges()):
        return nodes, 0
    order = sorted(nodes, key=lambda key: modes.index(types[key]))
    return {key: nodes[key] for key in order}, list(types.values()).count(modes[0])


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
