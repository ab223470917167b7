"""Where nodes stand: on a map of Europe, or by a force layout that gives the same picture on every computer."""

import cmath
import math
import random
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

import networkx

from solgraph.errors import WrongUse
from solgraph.networks.drawing.geometry import Point, coordinates, in_europe, project

Graph = networkx.Graph
Places = dict[str, Point]

#: On a map when at least this share of the nodes has coordinates.
_NEARLY_ALL = 0.9
_SAMPLE, _WORK = 50, 800_000
_GAP = 1.2
#: By what power of its distance from the middle a node is drawn nearer to it.
_LOOSENED = 0.3


def default_layout(graph: "Graph[str]") -> str:
    """The layout of ``auto``: ``map`` when nearly all nodes have coordinates, else ``force``.

    In a two-mode network one of the modes, such as networks, has no places: its links would all lead off the map.
    """
    placed = sum(coordinates(node) is not None for _, node in graph.nodes(data=True))
    is_map = placed and placed >= _NEARLY_ALL * len(graph) and graph.graph.get("mode") != "two-mode"
    return "map" if is_map else "force"


def positions(graph: "Graph[str]", layout: str = "auto") -> Places:
    """Node → (x, y), y upwards: ``map`` (kilometres), ``force`` (an edge is about 1 long), or what suits the graph.

    On the map, nodes without coordinates stand in rows below the others. The force layout draws each connected part
    by itself, the biggest first, and isolated nodes in rows below. Both depend on the graph alone: same graph, same
    numbers, in any process.
    """
    if layout not in ("auto", "map", "force"):
        raise WrongUse(f"There is no layout '{layout}'.", hint="Layouts: auto, map, force")
    return _on_map(graph) if (default_layout(graph) if layout == "auto" else layout) == "map" else _by_force(graph)


def _on_map(graph: "Graph[str]") -> Places:
    places = {node: project(*place) for node, data in graph.nodes(data=True) if (place := coordinates(data))}
    left, right, bottom = _extent(
        [*filter(in_europe, places.values())] or places.values(), empty=(-1000.0, 1000.0, 0.0)
    )
    width = max(right - left, 1500.0)
    unplaced = [node for node in graph if node not in places]
    columns = max(5, min(20, len(unplaced) // 4))
    rows = _rows(unplaced, columns, wide=width / columns, high=width / 16)
    top = bottom - width / 8
    return places | {node: (left + x, top + y) for node, (x, y) in rows.items()}


def _extent(points: Iterable[Point], empty: tuple[float, float, float]) -> tuple[float, float, float]:
    """Left, right and bottom of the points."""
    xs, ys = zip(*points, strict=True) if points else ((), ())
    return (min(xs), max(xs), min(ys)) if xs else empty


def _rows(nodes: Sequence[str], columns: int, wide: float, high: float) -> Places:
    """Nodes set like text: from left to right, then the next row below."""
    return {node: (number % columns * wide, -(number // columns) * high) for number, node in enumerate(nodes)}


def _by_force(graph: "Graph[str]") -> Places:
    simple: Graph[str] = networkx.Graph()
    simple.add_nodes_from(graph)
    simple.add_edges_from(graph.edges())  # to_undirected() would give them in the order of a set
    order = {node: number for number, node in enumerate(graph)}
    parts = [sorted(part, key=order.__getitem__) for part in networkx.connected_components(simple) if len(part) > 1]
    parts.sort(key=lambda part: (-len(part), order[part[0]]))
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    edges: list[list[tuple[str, str]]] = [[] for _ in parts]
    for start, end in simple.edges:
        if start != end:
            edges[part_of[start]].append((start, end))
    spread = [_spread(tuple(nodes), tuple(links)) for nodes, links in zip(parts, edges, strict=True)]
    isolates = [node for node in graph if not any(other != node for other in simple[node])]
    widths = list(accumulate(_size(part)[0] + _GAP for part in spread))[:60] or [0.0]
    tries = [_above_isolates(_side_by_side(spread, width), isolates) for width in widths]
    return min(tries, key=lambda places: max(_size(places)[0] / 1.35, _size(places)[1]) if places else 0)


def _above_isolates(places: Places, isolates: Sequence[str]) -> Places:
    """The linked nodes, and below them those without a link."""
    left, right, bottom = _extent([*filter(in_europe, places.values())] or places.values(), empty=(0.0, 6.0, 0.0))
    columns = max(4, round((right - left) / 1.7) + 1, math.ceil(math.sqrt(1.2 * len(isolates))))
    rows = _rows(isolates, columns, wide=1.7, high=0.5)
    return places | {node: (round(left + x, 3), round(bottom - 1 + y, 3)) for node, (x, y) in rows.items()}


def _side_by_side(parts: Sequence[Places], width: float) -> Places:
    """Parts side by side, in rows of about this width."""
    places: Places = {}
    x = y = height = 0.0
    for part in parts:
        wide, high = _size(part)
        if x and x + wide > width:
            x, y, height = 0.0, y - height - _GAP, 0.0
        left, top = min(px for px, _ in part.values()), max(py for _, py in part.values())
        places |= {node: (round(x + px - left, 3), round(y + py - top, 3)) for node, (px, py) in part.items()}
        x, height = x + wide + _GAP, max(height, high)
    return places


def _size(part: Places) -> Point:
    xs, ys = zip(*part.values(), strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


@lru_cache(maxsize=64)
def _spread(nodes: tuple[str, ...], links: tuple[tuple[str, str], ...]) -> Places:
    """Fruchterman and Reingold's layout of a connected graph (1991), kept for the same graph in another language.

    In graphs of more than 50 nodes, each is repelled by 50 others drawn anew at each step, with the weight of all: the
    time then grows with the edges, not with the square of the nodes. Numbers come from a seeded generator.
    """
    chance, count = random.Random(len(nodes)), len(nodes)
    index = {node: number for number, node in enumerate(nodes)}
    size = math.sqrt(count)
    points = [complex(chance.uniform(-size, size), chance.uniform(-size, size)) for _ in nodes]
    edges = [(index[start], index[end]) for start, end in links]
    steps = max(40, min(150, _WORK // (len(edges) + _SAMPLE * count)))
    for step in range(steps):
        reach = size * 0.3 * (1 - step / steps) ** 1.5 + 0.01
        forces = _repulsion(points, chance)
        for start, end in edges:
            away = points[start] - points[end]
            pull = away * abs(away)
            forces[start] -= pull
            forces[end] += pull
        points = [
            point + force * min(1, reach / (abs(force) or 1)) for point, force in zip(points, forces, strict=True)
        ]
    points = _turned(points)
    places = _filling(points) if count > _SAMPLE else points
    return {node: (point.real, point.imag) for node, point in zip(nodes, places, strict=True)}


def _filling(points: Sequence[complex]) -> list[complex]:
    """A large drawing with more room in its dense middle, and as high as a sheet, since its axes mean nothing."""
    loose = [point * abs(point) ** -_LOOSENED if point else point for point in points]
    wide, high = _size({str(number): (point.real, point.imag) for number, point in enumerate(loose)})
    grow = math.sqrt(len(points)) * 2 / (wide or 1)
    return [complex(point.real * grow, point.imag * grow * max(1, wide / 1.35 / (high or 1))) for point in loose]


def _turned(points: Sequence[complex]) -> list[complex]:
    """The same drawing with its longest side across."""
    middle = sum(points) / len(points)
    turn = cmath.phase(sum((point - middle) ** 2 for point in points)) / 2
    return [(point - middle) * cmath.exp(-1j * turn) for point in points]


def _repulsion(points: Sequence[complex], chance: random.Random) -> list[complex]:
    """The force of the other nodes on each node."""
    everyone = range(len(points))
    sampled = len(points) > _SAMPLE
    share = len(points) / _SAMPLE if sampled else 1.0
    forces = []
    for point in points:
        others = chance.choices(everyone, k=_SAMPLE) if sampled else everyone
        aways = (point - points[other] for other in others)
        forces.append(sum((away * share / (abs(away) ** 2 + 1e-4) for away in aways), 0j))
    return forces
