"""Makes src/solgraph/networks/drawing/europe.json: country outlines of Natural Earth for the pictures of networks.

Natural Earth is in the public domain; npm's world-atlas 2.0.2 carries it as TopoJSON:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/europe.py package/countries-10m.json

The outlines are projected as ``geometry.project`` does, clipped to a rectangle around Europe and simplified along
shared borders, so that neighbours still fit. Numbers are kilometres; each ring is its first point, then steps. The
scale 1:10m knows islands that 1:50m leaves out (Tilos).
"""

import json
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from solgraph.networks.drawing.geometry import Point, project

ASSET = Path(__file__).parents[1] / "src" / "solgraph" / "networks" / "drawing" / "europe.json"
WEST, EAST, SOUTH, NORTH = -4200, 4200, -3600, 3400
DETAIL_KM, FAR_DETAIL_KM, NEAR_KM = 3, 15, 2300
SMALLEST_KM2, FAR_SMALLEST_KM2 = 60, 1000
Ring = list[Point]


def main(path: Path) -> None:
    topology = json.loads(path.read_text())
    arcs = [simplified(list(decoded(arc, topology["transform"]))) for arc in topology["arcs"]]
    countries: dict[str, list[list[int]]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        rings = [clipped(joined(ring, arcs)) for ring in rings_of(country)]
        kept = worth_drawing([whole for ring in rings if len(whole := rounded(ring)) > 2])
        if kept:
            countries[country["properties"]["name"]] = [steps(ring) for ring in kept]
    asset = {"source": "Natural Earth 4.1, 1:10m, public domain", "countries": dict(sorted(countries.items()))}
    ASSET.write_text(json.dumps(asset, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Point]:
    """The points of a TopoJSON arc (delta-coded whole numbers), projected."""
    x = y = 0
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield project(x * scale_x + left, y * scale_y + bottom)


def simplified(line: Ring) -> Ring:
    """Douglas and Peucker's line: points nearer to the chord than the detail are left out; far from Europe more."""
    if len(line) < 3:
        return line
    first, last = line[0], line[-1]
    far = max(range(1, len(line) - 1), key=lambda number: distance(line[number], first, last))
    if distance(line[far], first, last) < (DETAIL_KM if is_near(line[far]) else FAR_DETAIL_KM):
        return [first, last]
    return simplified(line[: far + 1])[:-1] + simplified(line[far:])


def is_near(point: Point) -> bool:
    return math.hypot(*point) < NEAR_KM


def distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a stretch; ``start`` may be ``end`` (a closed line)."""
    along, up = end[0] - start[0], end[1] - start[1]
    square = along**2 + up**2
    share = ((point[0] - start[0]) * along + (point[1] - start[1]) * up) / square if square else 0
    share = min(1, max(0, share))
    return math.hypot(point[0] - start[0] - share * along, point[1] - start[1] - share * up)


def rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        yield from polygon


def joined(numbers: list[int], arcs: list[Ring]) -> Ring:
    """The ring of these arcs; ``~n`` is arc n backwards."""
    points: Ring = []
    for number in numbers:
        points += (arcs[number] if number >= 0 else arcs[~number][::-1])[:-1]
    return points


def clipped(ring: Ring) -> Ring:
    """Sutherland and Hodgman's part of the ring inside the rectangle."""
    for axis, limit, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        ring = list(cut(ring, axis, lambda value, limit=limit, sign=sign: sign * (value - limit)))
    return ring


def cut(ring: Ring, axis: int, inside: Callable[[float], float]) -> Iterator[Point]:
    for before, after in zip(ring[-1:] + ring[:-1], ring, strict=True):
        one, other = inside(before[axis]), inside(after[axis])
        if (one < 0) != (other < 0):
            share = one / (one - other)
            yield before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1])
        if other >= 0:
            yield after


def rounded(ring: Ring) -> Ring:
    whole = [(float(round(x)), float(round(y))) for x, y in ring]
    return [point for before, point in zip(whole[-1:] + whole[:-1], whole, strict=True) if point != before]


def worth_drawing(rings: list[Ring]) -> list[Ring]:
    """Without islets; of a country that has nothing else, its biggest."""
    by_size = sorted(rings, key=area, reverse=True)
    return by_size[:1] + [ring for ring in by_size[1:] if area(ring) >= smallest(ring)]


def smallest(ring: Ring) -> float:
    return SMALLEST_KM2 if is_near(ring[0]) else FAR_SMALLEST_KM2


def area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def steps(ring: Ring) -> list[int]:
    before = [(0.0, 0.0), *ring[:-1]]
    return [int(value - past) for pair in zip(ring, before, strict=True) for value, past in zip(*pair, strict=True)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
