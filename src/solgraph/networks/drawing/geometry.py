"""The geometry of all drawings: Europe's projection, the outlines of its countries, and places for labels."""

import json
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

Point = tuple[float, float]
#: Centre and radius.
Disc = tuple[float, float, float]
#: From one point to another.
Line = tuple[float, float, float, float]

CREDIT = "Outlines: Natural Earth"
_OUTLINES = Path(__file__).with_name("europe.json")
_EARTH_KM, _CENTRE_LONG, _CENTRE_LAT = 6371.0072, math.radians(10), math.radians(52)
#: Where labels go, seen from their nodes: best first.
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_GAPS = (5, 13, 24, 38)
#: A label that no line joins to its node stands at the nearest gap, if need be shifted along the side of its node, and
#: is so much nearer to its node than to any other.
_BESIDE = (*_DIRECTIONS, (1, 0.5), (1, -0.5), (-1, 0.5), (-1, -0.5), (0.5, 1), (0.5, -1), (-0.5, 1), (-0.5, -1))
_CLEAR = 8
#: A label may cover nodes whose radius is at most this part of its own node's: in a crowd the big towns keep names.
_LESSER = 0.8


def coordinates(attributes: Mapping[str, Any]) -> Point | None:
    """Longitude and latitude in degrees, or None where they are missing or not on Earth."""
    long, lat = (attributes.get(name) for name in ("long", "lat"))
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (long, lat))
    return (long, lat) if numbers and abs(long) <= 180 and abs(lat) <= 90 else None  # type: ignore[arg-type, return-value]


def project(long: float, lat: float) -> Point:
    """Kilometres east and north of 10° E 52° N, in the equal-area projection that European agencies use.

    Lambert's azimuthal equal-area projection with the centre of ETRS89-LAEA, on a sphere: within 8 km of EPSG:3035.
    """
    east, north = math.radians(long) - _CENTRE_LONG, math.radians(lat)
    sin_lat, cos_lat, sin_0, cos_0 = math.sin(north), math.cos(north), math.sin(_CENTRE_LAT), math.cos(_CENTRE_LAT)
    scale = math.sqrt(2 / max(1 + sin_0 * sin_lat + cos_0 * cos_lat * math.cos(east), 1e-9))
    x = scale * cos_lat * math.sin(east)
    y = scale * (cos_0 * sin_lat - sin_0 * cos_lat * math.cos(east))
    return round(_EARTH_KM * x, 1), round(_EARTH_KM * y, 1)


@cache
def outlines() -> dict[str, list[list[Point]]]:
    """Country → its rings, in the kilometres of :func:`project`; drawn from Natural Earth by ``tools/europe.py``."""
    return {
        country: [list(zip(accumulate(steps[::2]), accumulate(steps[1::2]), strict=True)) for steps in rings]
        for country, rings in outline_steps().items()
    }


@cache
def outline_steps() -> dict[str, list[list[int]]]:
    """The outlines as they are stored: x and y of the first point, then the steps from point to point."""
    countries: dict[str, list[list[int]]] = json.loads(_OUTLINES.read_text(encoding="utf-8"))["countries"]
    return countries


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

    def holds(self, other: "Box") -> bool:
        """Whether the other lies inside."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.bottom <= other.bottom and other.top <= self.top

    def nearest(self, x: float, y: float) -> Point:
        """Its point that is nearest to another."""
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)

    def distance(self, disc: Disc) -> float:
        """How far it is from the rim of a disc; below zero when they meet."""
        return math.dist(self.nearest(disc[0], disc[1]), disc[:2]) - disc[2]

    def covers(self, disc: Disc) -> bool:
        """Whether it touches a disc: as :meth:`distance` below zero, but fast, since maps ask it a million times."""
        x, y, radius = disc
        across = self.left - x if x < self.left else x - self.right if x > self.right else 0.0
        up = self.bottom - y if y < self.bottom else y - self.top if y > self.top else 0.0
        return across * across + up * up < radius * radius

    def crossed_by(self, line: Line) -> bool:
        """Whether a line goes through it (Liang and Barsky 1984)."""
        x, y, along, up = line[0], line[1], line[2] - line[0], line[3] - line[1]
        first, last = 0.0, 1.0
        sides = ((-along, x - self.left), (along, self.right - x), (-up, y - self.bottom), (up, self.top - y))
        for step, room in sides:
            if step == 0 and room < 0:
                return False
            if step < 0:
                first = max(first, room / step)
            elif step > 0:
                last = min(last, room / step)
        return first < last


#: Europe in the kilometres of :func:`project`: maps of Europe leave out what lies beyond, and say so.
EUROPE = Box(-2900, -2300, 3100, 2400)


def in_europe(point: Point) -> bool:
    """Whether a projected point lies on a map of Europe."""
    return EUROPE.holds(Box(*point, *point))


def place_labels(
    sizes: Mapping[str, Point],
    discs: Mapping[str, Disc],
    lines: Sequence[Line],
    room: Box,
    *,
    joined: bool = True,
    most: float = math.inf,
) -> dict[str, Box]:
    """Where labels go, in order of priority: never on another label, nor on a node that is no lesser one.

    ``sizes`` are widths and heights of labels, ``discs`` all nodes. Lines and lesser nodes are covered only where all
    other places are worse. Far labels need to be joined to their nodes by lines; where the drawing has none (``joined``
    is false), each stands beside its node, clearly nearer to it than to any other of its size. A label without a free
    place is left out, and so are those after the first ``most``.
    """
    placed: dict[str, Box] = {}
    columns, widest = sorted(discs.values()), max((radius for _, _, radius in discs.values()), default=0.0)
    twice = {disc for disc, times in Counter(columns).items() if times > 1 and not joined}
    for node, (width, height) in sizes.items():
        own = x, y, radius = discs[node]
        if own in twice or len(placed) >= most:
            continue
        wide, high = radius + width + _GAPS[-1], radius + height + _GAPS[-1]
        region = Box(x - wide, y - high, x + wide, y + high)
        first = bisect_left(columns, (region.left - widest,))
        last = bisect_right(columns, (region.right + widest, math.inf))
        low, high = region.bottom - widest, region.top + widest
        around = _Surroundings(
            [disc for disc in columns[first:last] if low < disc[1] < high],
            [label for label in placed.values() if region.meets(label, gap=3)],
            [line for line in lines if region.crossed_by(line)],
            room,
        )
        if place := _best_place(own, (width, height), around, joined):
            placed[node] = place
    return placed


class _Surroundings(NamedTuple):
    """What is near a node: discs, labels that have their place, lines; and the room of the drawing."""

    discs: Sequence[Disc]
    taken: Sequence[Box]
    lines: Sequence[Line]
    room: Box

    def are_free(self, box: Box) -> bool:
        return self.room.holds(box) and not any(box.meets(label, gap=3) for label in self.taken)


def _best_place(own: Disc, size: Point, around: _Surroundings, joined: bool) -> Box | None:
    """The free place of a label that costs least; candidates are in the order of what they cost at least."""
    rivals = [disc for disc in around.discs if disc != own and disc[2] > _LESSER * own[2]]
    rivals.sort(key=lambda disc: math.dist(disc[:2], own[:2]))  # what is nearest forbids most places
    mistakable = _belongs_to_another if joined else _could_belong_to_another
    best, least = None, math.inf
    for cost, box in _candidates(own, size, joined):
        if cost >= least:
            break
        if around.are_free(box) and not mistakable(box, own, rivals):
            whole = cost + _penalty(box, own, around.discs, around.lines)
            best, least = (box, whole) if whole < least else (best, least)
    return best


def _belongs_to_another(box: Box, own: Disc, rivals: Sequence[Disc]) -> bool:
    """Whether a label covers a node that is no lesser one than its own, or is nearer to a larger one."""
    away = max(box.distance(own), 0)
    return any(box.covers((x, y, radius + (away if radius > own[2] else 0))) for x, y, radius in rivals)


def _could_belong_to_another(box: Box, own: Disc, rivals: Sequence[Disc]) -> bool:
    """Whether a label is not clearly nearer to its node than to another that is no lesser one."""
    away = max(box.distance(own), 0) + _CLEAR
    return any(box.covers((x, y, radius + away)) for x, y, radius in rivals)


def _penalty(box: Box, own: Disc, others: Sequence[Disc], lines: Sequence[Line]) -> float:
    """The cost of lines through a free place, and of nodes that it covers or to which the label could belong."""
    mistakable = sum(other != own and box.distance(other) < box.distance(own) + 6 for other in others)
    return 8 * sum(map(box.crossed_by, lines)) + 14 * mistakable


def _candidates(disc: Disc, size: Point, joined: bool) -> Iterator[tuple[float, Box]]:
    """Boxes around a node with their cost: first beside it, then, if lines join the two, farther away."""
    x, y, radius = disc
    for gap in _GAPS if joined else _GAPS[:1]:
        for number, (right, up) in enumerate(_DIRECTIONS if joined else _BESIDE):
            slanted = 0.8 if abs(right * up) == 1 else 1
            left = x + right * (radius + gap) * slanted - (1 - right) * size[0] / 2
            bottom = y + up * (radius + gap) * slanted - (1 - up) * size[1] / 2
            yield gap + number * 0.4, Box(left, bottom, left + size[0], bottom + size[1])
