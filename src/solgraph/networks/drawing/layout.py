"""Where nodes stand: on a map of Europe, or by a force layout that gives the same picture on every computer."""

import cmath
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from solgraph.errors import WrongUse

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]

Point = tuple[float, float]

#: On a map when at least this part of the nodes has coordinates.
_NEARLY_ALL = 0.9
_EARTH_KM, _CENTRE_LONG, _CENTRE_LAT = 6371.0072, math.radians(10), math.radians(52)
_SAMPLE, _WORK = 50, 2_000_000
#: Where labels go, seen from their nodes: best first.
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_FARTHEST, _GAP = 38, 1.2


def project(long: float, lat: float) -> Point:
    """Kilometres east and north of 10° E 52° N, in the equal-area projection that Europe's offices use.

    Lambert's azimuthal equal-area projection with the centre of ETRS89-LAEA, on a sphere: within 8 km of EPSG:3035.
    """
    east, north = math.radians(long) - _CENTRE_LONG, math.radians(lat)
    sin_lat, cos_lat, sin_0, cos_0 = math.sin(north), math.cos(north), math.sin(_CENTRE_LAT), math.cos(_CENTRE_LAT)
    scale = math.sqrt(2 / max(1 + sin_0 * sin_lat + cos_0 * cos_lat * math.cos(east), 1e-9))
    x = scale * cos_lat * math.sin(east)
    y = scale * (cos_0 * sin_lat - sin_0 * cos_lat * math.cos(east))
    return round(_EARTH_KM * x, 1), round(_EARTH_KM * y, 1)


def is_placed(told: dict[str, object]) -> bool:
    """Whether a node's attributes hold usable coordinates."""
    lat, long = told.get("lat"), told.get("long")
    numbers = isinstance(lat, int | float) and isinstance(long, int | float)
    return numbers and abs(lat) <= 90 and abs(long) <= 180  # type: ignore[arg-type]


def suited(graph: "Graph") -> str:
    """The layout of ``auto``: ``map`` when nearly all nodes have coordinates, else ``force``."""
    placed = sum(is_placed(told) for _, told in graph.nodes(data=True))
    return "map" if placed and placed >= _NEARLY_ALL * len(graph) else "force"


def positions(graph: "Graph", how: str = "auto") -> dict[str, Point]:
    """Node → (x, y), y upwards: ``map`` (kilometres), ``force`` (an edge is about 1 long), or what suits the graph.

    On the map, nodes without coordinates stand in rows below the others. The force layout draws each connected part
    by itself, the biggest first, and isolated nodes in rows below. Both depend on the graph alone: same graph, same
    numbers, in any process.
    """
    if how not in ("auto", "map", "force"):
        raise WrongUse(f"There is no layout '{how}'.", hint="Layouts: auto, map, force")
    return _on_map(graph) if (suited(graph) if how == "auto" else how) == "map" else _by_force(graph)


def _on_map(graph: "Graph") -> dict[str, Point]:
    told = {node: told for node, told in graph.nodes(data=True) if is_placed(told)}
    places = {node: project(told["long"], told["lat"]) for node, told in told.items()}
    left, right, bottom = _frame(places.values(), empty=(-1000.0, 1000.0, 0.0))
    width = max(right - left, 1500.0)
    rows = _rows([node for node in graph if node not in places], columns=5, wide=width / 5, high=width / 16)
    top = bottom - width / 8
    return places | {node: (left + x, top + y) for node, (x, y) in rows.items()}


def _frame(points: Iterable[Point], empty: tuple[float, float, float]) -> tuple[float, float, float]:
    """Left, right and bottom of the points."""
    known = list(points)
    if not known:
        return empty
    return min(x for x, _ in known), max(x for x, _ in known), min(y for _, y in known)


def _rows(nodes: Sequence[str], columns: int, wide: float, high: float) -> dict[str, Point]:
    """Nodes set like text: from left to right, then the next row below."""
    return {node: (number % columns * wide, -(number // columns) * high) for number, node in enumerate(nodes)}


def _by_force(graph: "Graph") -> dict[str, Point]:
    import networkx

    plain: Graph = networkx.Graph()
    plain.add_nodes_from(graph)
    plain.add_edges_from(graph.edges())  # to_undirected() would give them in the order of a set
    order = {node: number for number, node in enumerate(graph)}
    parts = [sorted(part, key=order.__getitem__) for part in networkx.connected_components(plain) if len(part) > 1]
    parts.sort(key=lambda part: (-len(part), order[part[0]]))
    home = {node: number for number, part in enumerate(parts) for node in part}
    edges: list[list[tuple[str, str]]] = [[] for _ in parts]
    for one, other in plain.edges:
        if one != other:
            edges[home[one]].append((one, other))
    spread = [_spread(*part) for part in zip(parts, edges, strict=True)]
    alone = [node for node in graph if not any(other != node for other in plain[node])]
    widths = list(accumulate(_box(part)[0] + _GAP for part in spread))[:60] or [0.0]
    tries = [_above_rows(_in_rows(spread, width), alone) for width in widths]
    return min(tries, key=lambda places: max(_box(places)[0] / 1.35, _box(places)[1]) if places else 0)


def _above_rows(places: dict[str, Point], alone: Sequence[str]) -> dict[str, Point]:
    """The linked nodes, and below them those without a link."""
    left, right, bottom = _frame(places.values(), empty=(0.0, 6.0, 0.0))
    columns = max(4, round((right - left) / 1.7) + 1, math.ceil(math.sqrt(1.2 * len(alone))))
    rows = _rows(alone, columns, wide=1.7, high=0.5)
    return places | {node: (round(left + x, 3), round(bottom - 1 + y, 3)) for node, (x, y) in rows.items()}


def _in_rows(parts: Sequence[dict[str, Point]], width: float) -> dict[str, Point]:
    """Parts side by side, in rows of about this width."""
    places: dict[str, Point] = {}
    x = y = height = 0.0
    for part in parts:
        wide, high = _box(part)
        if x and x + wide > width:
            x, y, height = 0.0, y - height - _GAP, 0.0
        left, top = min(p[0] for p in part.values()), max(p[1] for p in part.values())
        places |= {node: (round(x + px - left, 3), round(y + py - top, 3)) for node, (px, py) in part.items()}
        x, height = x + wide + _GAP, max(height, high)
    return places


def _box(part: dict[str, Point]) -> Point:
    xs, ys = zip(*part.values(), strict=True)
    return max(xs) - min(xs), max(ys) - min(ys)


def _spread(nodes: Sequence[str], links: Sequence[tuple[str, str]]) -> dict[str, Point]:
    """Fruchterman and Reingold's layout of a connected graph (1991).

    In graphs of more than 50 nodes, each is pushed away by 50 others drawn anew at each step, with the weight of all:
    the time then grows with the edges, not with the square of the nodes. Numbers come from a seeded generator.
    """
    chance, count = random.Random(len(nodes)), len(nodes)
    index = {node: number for number, node in enumerate(nodes)}
    size = math.sqrt(count)
    at = [complex(chance.uniform(-size, size), chance.uniform(-size, size)) for _ in nodes]
    edges = [(index[one], index[other]) for one, other in links]
    steps = max(40, min(250, _WORK // (len(edges) + _SAMPLE * count)))
    for step in range(steps):
        reach = size * 0.3 * (1 - step / steps) ** 1.5 + 0.01
        push = _pushed(at, chance)
        for one, other in edges:
            away = at[one] - at[other]
            pull = away * abs(away)
            push[one] -= pull
            push[other] += pull
        at = [here + force * min(1, reach / (abs(force) or 1)) for here, force in zip(at, push, strict=True)]
    return {node: (spot.real, spot.imag) for node, spot in zip(nodes, _lying(at), strict=True)}


def _lying(at: Sequence[complex]) -> list[complex]:
    """The same drawing with its longest side across."""
    middle = sum(at) / len(at)
    turn = cmath.phase(sum((spot - middle) ** 2 for spot in at)) / 2
    return [(spot - middle) * cmath.exp(-1j * turn) for spot in at]


def _pushed(at: Sequence[complex], chance: random.Random) -> list[complex]:
    """What the other nodes do to each node."""
    everyone = range(len(at))
    sampled = len(at) > _SAMPLE
    share = len(at) / _SAMPLE if sampled else 1.0
    forces = []
    for here in at:
        others = chance.choices(everyone, k=_SAMPLE) if sampled else everyone
        aways = (here - at[other] for other in others)
        forces.append(sum((away * share / (abs(away) ** 2 + 1e-4) for away in aways), 0j))
    return forces


class Box(NamedTuple):
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: "Box", gap: float = 0) -> bool:
        """Whether the other is nearer than the gap."""
        beside = self.right + gap <= other.left or other.right + gap <= self.left
        return not beside and self.bottom < other.top + gap and other.bottom < self.top + gap

    def nearest(self, x: float, y: float) -> Point:
        """Its point that is nearest to another."""
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)

    def away(self, disc: tuple[float, float, float]) -> float:
        """How far it is from the rim of a disc (x, y, radius); below zero when they meet."""
        return math.dist(self.nearest(disc[0], disc[1]), disc[:2]) - disc[2]

    def covers(self, disc: tuple[float, float, float]) -> bool:
        """Whether it touches a disc."""
        return self.away(disc) < 0

    def crossed_by(self, line: tuple[float, float, float, float]) -> bool:
        """Whether a stretch (x, y, x, y) goes through it (Liang and Barsky 1984)."""
        x, y, along, up = line[0], line[1], line[2] - line[0], line[3] - line[1]
        first, last = 0.0, 1.0
        for step, room in (
            (-along, x - self.left),
            (along, self.right - x),
            (-up, y - self.bottom),
            (up, self.top - y),
        ):
            if step == 0 and room < 0:
                return False
            if step < 0:
                first = max(first, room / step)
            elif step > 0:
                last = min(last, room / step)
        return first < last


Disc = tuple[float, float, float]
Line = tuple[float, float, float, float]


def place_labels(
    sizes: Mapping[str, Point], discs: Mapping[str, Disc], lines: Sequence[Line], room: Box
) -> dict[str, Box]:
    """Where labels go, the first ones first: never on another label or a node, if possible not on a line.

    ``sizes`` are widths and heights of labels, ``discs`` all nodes. A label without a free spot is not in the answer.
    """
    found: dict[str, Box] = {}
    for node, size in sizes.items():
        wide, reach = size[0] + _FARTHEST, size[1] + _FARTHEST
        x, y, radius = discs[node]
        region = Box(x - radius - wide, y - radius - reach, x + radius + wide, y + radius + reach)
        blocked = [disc for disc in discs.values() if region.covers(disc)]
        near = [line for line in lines if region.crossed_by(line)]
        spots = [(cost, box) for cost, box in _spots(discs[node], size) if _free(box, room, blocked, found)]
        if spots:
            found[node] = min(spots, key=lambda spot: spot[0] + _against(spot[1], discs[node], blocked, near))[1]
    return found


def _against(box: Box, own: Disc, others: Sequence[Disc], lines: Sequence[Line]) -> float:
    """What speaks against a free spot: lines through it, and other nodes to which the label could belong."""
    mistaken = sum(other != own and box.away(other) < box.away(own) + 6 for other in others)
    return 8 * sum(map(box.crossed_by, lines)) + 14 * mistaken


def _free(box: Box, room: Box, blocked: Sequence[Disc], found: Mapping[str, Box]) -> bool:
    inside = room.left <= box.left and box.right <= room.right and room.bottom <= box.bottom and box.top <= room.top
    return inside and not any(map(box.covers, blocked)) and not any(box.meets(other, gap=3) for other in found.values())


def _spots(disc: Disc, size: Point) -> Iterator[tuple[float, Box]]:
    """Boxes around a node with what is to be said against them: first beside it, then farther away."""
    x, y, radius = disc
    for gap in (5, 13, 24, _FARTHEST):
        for number, (right, up) in enumerate(_DIRECTIONS):
            slanted = 0.8 if right and up else 1
            left = x + right * (radius + gap) * slanted - (1 - right) * size[0] / 2
            bottom = y + up * (radius + gap) * slanted - (1 - up) * size[1] / 2
            yield gap + number * 0.4, Box(left, bottom, left + size[0], bottom + size[1])
