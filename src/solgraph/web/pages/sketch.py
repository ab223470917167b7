"""A network as a small still picture: beside its name in a list, and for readers without JavaScript."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

from solgraph.networks.drawing.geometry import Point
from solgraph.web.pages.drawings import Dot, Label, Window, country_paths, labels_beside

#: Width in proportion to the height; the share of nodes at each side of a map that may lie outside it.
_PROPORTION, _OUTSIDE = 1.6, 0.02
_MANY, _NAMED = 100, 30
#: More in common than so many makes a line darker.
_DEPTHS = (1, 2, 4, 7)


class Sketch(NamedTuple):
    """A drawing: outlines of countries, lines by depth and marks by look as paths, and the names of some nodes."""

    width: int
    height: int
    land: list[str]
    lines: dict[int, str]
    marks: dict[str, str]
    labels: list[Label]


def sketch(content: Mapping[str, Any]) -> Sketch:
    """The picture of what the script of a drawing reads, in the layout with which that begins."""
    points: list[Point] = [tuple(place) for place in content["layouts"][content["start"]]]
    on_map = content["start"] == "map"
    window = _window(points, _OUTSIDE if on_map and len(points) > _MANY else 0, least=900 if on_map else 4)
    dots = _dots(content, [window.shown(point) for point in points])
    order = sorted(dots, key=lambda dot: -dot.r)
    labels = labels_beside(dots, order[:_NAMED], window.height, 1)
    land = [*country_paths(window, detail=12)] if on_map else []
    return Sketch(1400, window.height, land, _lines(content, dots), _marks(content, dots), [*labels.values()])


def _window(points: Sequence[Point], outside: float, least: float) -> Window:
    """All points, but for a few far away, with room around them."""
    spans = []
    for numbers in zip(*(points or [(0.0, 0.0)]), strict=True):
        ordered = sorted(numbers)
        far = round(outside * (len(ordered) - 1))
        spans.append((ordered[far], ordered[len(ordered) - 1 - far]))
    (left, right), (bottom, top) = spans
    wide = max(1.15 * (right - left), 1.15 * _PROPORTION * (top - bottom), least)
    x, y = (left + right) / 2, (bottom + top) / 2
    return Window(x - wide / 2, y - wide / 2 / _PROPORTION, x + wide / 2, y + wide / 2 / _PROPORTION)


def _dots(content: Mapping[str, Any], places: Sequence[tuple[int, int]]) -> list[Dot]:
    """The nodes, larger where they are tied to more."""
    measure = "weighted_degree" if content["weighted"] and "weighted_degree" in content["measures"] else "degree"
    column = content["measures"].index(measure) if measure in content["measures"] else -1
    values = [(node["measures"][column] or 0) if column >= 0 else 0 for node in content["nodes"]]
    most, scale = max([*values, 1e-9]), max(0.3, min(1, sqrt(40 / max(len(values), 1))))
    return [
        Dot(node["id"], node["label"], *place, round(scale * (5 + 17 * sqrt(max(value, 0) / most))))
        for node, place, value in zip(content["nodes"], places, values, strict=True)
    ]


def _lines(content: Mapping[str, Any], dots: Sequence[Dot]) -> dict[int, str]:
    depths = [_depth(content, text) for _, _, _, text, *_ in content["ties"]]
    lines = dict.fromkeys(sorted(set(depths)), "")
    for first, second, tie in content["edges"]:
        lines[depths[tie]] += f"M{dots[first].x} {dots[first].y}L{dots[second].x} {dots[second].y}"
    return lines


def _depth(content: Mapping[str, Any], text: int) -> int:
    """How dark a line is: by how much its ends share, if they are linked by that."""
    shared = next((parts for name, parts in content["texts"][text] if name == "shared"), None)
    return sum(int(content["parts"][shared[0]]) > limit for limit in _DEPTHS) if shared else 1


def _marks(content: Mapping[str, Any], dots: Sequence[Dot]) -> dict[str, str]:
    """Look → all marks with it: that of a layer of networks, else the usual, which is plain beside layers."""
    layers = [content["layers"].get(dict(node["texts"]).get("layer", ""), "") for node in content["nodes"]]
    usual = "plain" if any(layers) else "usual"
    marks: dict[str, str] = {}
    for dot, layer in zip(dots, layers, strict=True):
        marks[layer or usual] = marks.get(layer or usual, "") + _mark(dot, layer)
    return marks


def _mark(dot: Dot, layer: str) -> str:
    x, y, r = dot.x, dot.y, dot.r
    shapes = {
        "declaration": f"M{x} {y - r}l{r} {r}l{-r} {r}l{-r} {-r}z",
        "project": f"M{x - r} {y - r}h{2 * r}v{2 * r}h{-2 * r}z",
        "scheme": f"M{x} {y - r}l{r} {2 * r}h{-2 * r}z",
    }
    return shapes.get(layer, f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z")
