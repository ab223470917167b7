"""Drawings that the server makes: the map, a time line, and the neighbourhood of a city in the alliance network."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from math import inf, sqrt
from typing import NamedTuple

from solgraph.networks.drawing.geometry import Box, Point, in_europe, outlines, place_labels, project
from solgraph.rdf.terms import fold

#: Units of the map's width; it is about half as many pixels wide.
_WIDE = 1400
#: The height of a line of a name, and the widths of narrow, wide and all other letters, in the same units; broad fonts
#: (DejaVu Sans, Verdana) need no more.
_LINE, _NARROW, _BROAD, _LETTER = 30, 9.0, 25.0, 15.5
#: More dots are smaller; a narrow screen shows only so many names, in letters of twice the size.
_CROWD, _MOST_LARGE, _MOST_LINKED = 60, 36, 100
#: The neighbourhood of a city: on every page of a city, so that it stays small.
_DRAWN_CITIES, _DRAWN_NETWORKS = 8, 16
_NARROW_LETTERS, _BROAD_LETTERS = frozenset("iIjlftr.,'-() "), frozenset("mMwW@")


class Place(NamedTuple):
    """A city that can be drawn, and how much it weighs."""

    iri: str
    name: str
    long: float
    lat: float
    weight: float


class Label(NamedTuple):
    """A name on the map: where it begins, ends or has its middle, as ``anchor`` says."""

    name: str
    x: int
    y: int
    anchor: str


class Dot(NamedTuple):
    """A city on the map, its name, if there is room for it, and whether the dot is a link."""

    iri: str
    name: str
    x: int
    y: int
    r: int
    label: Label | None = None
    is_link: bool = False


class Window(Box):
    """The part of the plane that is seen, in kilometres, with y upwards."""

    @property
    def scale(self) -> float:
        """How many units of the drawing a kilometre is wide."""
        return _WIDE / (self.right - self.left)

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return round((self.top - self.bottom) * self.scale)

    def shown(self, point: Point) -> tuple[int, int]:
        """A point in units of the drawing; a point far outside is brought near, so that paths stay short."""
        near = (self.right - self.left) / 15
        x = min(max(point[0], self.left - near), self.right + near)
        y = min(max(point[1], self.bottom - near), self.top + near)
        return round((x - self.left) * self.scale), round((self.top - y) * self.scale)


class Map(NamedTuple):
    """A map: its size, what part of the plane is seen, dots, and the names for a screen half as wide.

    ``measure`` is what the size of a dot shows: ``networks`` or ``rows``; nothing where all are alike. ``outside`` says
    how many cities lie beyond Europe.
    """

    width: int
    height: int
    window: Window
    dots: list[Dot]
    large_labels: list[Label]
    measure: str = ""
    outside: int = 0
    detail: int = 7

    @property
    def paths(self) -> list[str]:
        """The outlines of countries, one path each."""
        return country_paths(self.window, self.detail)

    @property
    def outlines(self) -> dict[str, float]:
        """Where a picture of all outlines lies, of which the map shows a part."""
        every, scale = extent_of_outlines(), self.window.scale
        x, y = (every.left - self.window.left) * scale, (self.window.top - every.top) * scale
        size = (every.right - every.left) * scale, (every.top - every.bottom) * scale
        return dict(zip(("x", "y", "width", "height"), (round(number, 1) for number in (x, y, *size)), strict=True))


@lru_cache(maxsize=128)
def map_of(places: tuple[Place, ...], measure: str = "", margin: float = 130, least: float = 0.55) -> Map:
    """A map of cities, with names where there is room.

    The first names find room first. No two overlap, and since all of the drawing grows and shrinks with its window,
    they do so at no size. It is at least ``least`` as high as wide.
    """
    points = {iri: project(long, lat) for iri, _, long, lat, _ in places}
    within = {iri: point for iri, point in points.items() if in_europe(point)}
    outside = len(points) - len(within) if within else 0
    points = within or points or {"": (0.0, 0.0)}
    xs, ys = zip(*points.values(), strict=True)
    window = _proportioned(Box(min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin), least)
    crowded = len(places) > _CROWD
    dots = [
        Dot(iri, name, *window.shown(points[iri]), round((4 if crowded else 8) + 4.5 * sqrt(min(weight, 16))))
        for iri, name, _, _, weight in reversed(places)  # so that the first lie on top
        if iri in points
    ]
    labels = labels_beside(dots, dots[::-1], window.height, 1)
    large = [*labels_beside(dots, dots[::-1], window.height, 2, _MOST_LARGE).values()]
    linked = {place.iri for place in places[:_MOST_LINKED] if not crowded or place.weight > 1} | labels.keys()
    labelled = [dot._replace(label=labels.get(dot.iri), is_link=dot.iri in linked) for dot in dots]
    return Map(_WIDE, window.height, window, labelled, large, measure, outside)


@lru_cache(maxsize=256)
def locator(name: str, long: float, lat: float, around: float = 620) -> Map:
    """A small map of where one city lies."""
    x, y = project(long, lat)
    window = Window(x - around, y - around * 0.62, x + around, y + around * 0.62)
    return Map(_WIDE, window.height, window, [Dot("", name, *window.shown((x, y)), 26)], [], detail=5)


def _proportioned(box: Box, least: float) -> Window:
    """The box as a window that is neither too small nor too flat nor too high."""
    wide = max(box.right - box.left, 900, (box.top - box.bottom) / 0.8)
    high = max(box.top - box.bottom, wide * least)
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return Window(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


@lru_cache(maxsize=256)
def country_paths(window: Window, detail: int = 7) -> list[str]:
    """The outline of each country that is seen."""
    drawn = (
        "".join(_path(ring, window, detail) for extent, ring in rings if window.meets(extent)) for rings in _rings()
    )
    return list(filter(None, drawn))


@cache
def _rings() -> list[list[tuple[Box, Sequence[Point]]]]:
    """The rings of each country, each with the box around it."""
    return [[(_extent(ring), ring) for ring in rings] for rings in outlines().values()]


class _Kilometres(Window):
    """A window whose drawing has a unit for each kilometre."""

    scale = 1.0


@cache
def extent_of_outlines() -> Window:
    """The box around all outlines."""
    boxes = [box for rings in _rings() for box, _ in rings]
    lowest, highest = (Box(*map(choose, zip(*boxes, strict=True))) for choose in (min, max))
    return _Kilometres(lowest.left, lowest.bottom, highest.right, highest.top)


def _extent(ring: Sequence[Point]) -> Box:
    xs, ys = zip(*ring, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _path(ring: Sequence[Point], window: Window, detail: int) -> str:
    """A ring as a path with relative steps, without points nearer to each other than the detail."""
    (start_x, start_y), *points = map(window.shown, ring)
    x, y, steps = start_x, start_y, []
    for next_x, next_y in points:
        if abs(next_x - x) + abs(next_y - y) >= detail:
            steps.append(f"{next_x - x} {next_y - y}")
            x, y = next_x, next_y
    return f"M{start_x} {start_y}l{' '.join(steps).replace(' -', '-')}z" if len(steps) > 2 else ""


def labels_beside(
    dots: Sequence[Dot], named: Sequence[Dot], height: int, size: int, most: float = inf
) -> dict[str, Label]:
    """IRI → name, of the first to be named for which there is room in letters of that size."""
    sizes = {dot.iri: (_width(dot.name) * size, float(_LINE * size)) for dot in named}
    discs = {dot.iri: (float(dot.x), float(dot.y), float(dot.r)) for dot in dots}
    boxes = place_labels(sizes, discs, [], Box(4, 4, _WIDE - 4, height - 4), joined=False, most=most)
    return {dot.iri: _label(dot, boxes[dot.iri], size) for dot in named if dot.iri in boxes}


def _width(name: str) -> float:
    return 6 + sum(
        _NARROW if letter in _NARROW_LETTERS else _BROAD if letter in _BROAD_LETTERS else _LETTER for letter in name
    )


def _label(dot: Dot, box: Box, size: int) -> Label:
    """A name at the side of its box that is next to the dot."""
    y = round(box.top - 8 * size)
    if box.left >= dot.x:
        return Label(dot.name, round(box.left), y, "start")
    if box.right <= dot.x:
        return Label(dot.name, round(box.right), y, "end")
    return Label(dot.name, round((box.left + box.right) / 2), y, "middle")


class Bar(NamedTuple):
    """A span on the time line; an open span fades out."""

    iri: str
    name: str
    x: float
    y: float
    width: float
    open: bool
    span: str


class TimeLine(NamedTuple):
    """Bars under a scale of years."""

    width: int
    height: int
    ticks: list[tuple[int, float]]
    bars: list[Bar]


def time_line(spans: Iterable[tuple[str, str, int | None, int | None, str]], this_year: int = 0) -> TimeLine | None:
    """A time line of IRI, name, first and last year and the date as of which it ran on; None when no year is known."""
    now = this_year or date.today().year
    dated = [span for span in spans if span[2] is not None or span[3] is not None]
    if not dated:
        return None
    ends = [_ends(since, until, asof, now) for _, _, since, until, asof in dated]
    first, last = min(start for start, _ in ends), max(end for _, end in ends)
    per_year = 600 / max(last - first, 1)
    bars = [
        Bar(iri, name, round(20 + (start - first) * per_year, 1), 44.0 + 46 * row,
            round(max((end - start) * per_year, 6), 1), until is None, span_of(since, until, asof))
        for row, ((iri, name, since, until, asof), (start, end)) in enumerate(zip(dated, ends, strict=True))
    ]  # fmt: skip
    step = next(years for years in (1, 2, 5, 10, 20, 50, 100, 500) if (last - first) / years <= 10)
    ticks = [
        (year, round(20 + (year - first) * per_year, 1)) for year in range(-(-first // step) * step, last + 1, step)
    ]
    return TimeLine(640, 44 + 46 * len(bars) + 6, ticks, bars)


def _ends(since: int | None, until: int | None, asof: str, now: int) -> tuple[int, int]:
    ran_on = int(asof[:4]) if asof[:4].isdigit() else now
    start = since if since is not None else (until or now) - 1
    return start, max(until if until is not None else ran_on, start)


def span_of(since: int | str | None, until: int | str | None, asof: str = "") -> str:
    """``2011–2016``, ``2016– (2023)``, and ``2018`` for what began and ended in the same year."""
    if since == until and not (asof and not until):
        return str(since or "")
    span = f"{since or ''}–{until or ''}" if since or until else ""
    return f"{span} ({asof})".strip() if asof and not until else span


class Node(NamedTuple):
    """A city or network of the drawing, with the place of its name."""

    iri: str
    name: str
    x: float
    y: float


class Neighbourhood(NamedTuple):
    """A city, the networks to which it belongs, and other cities in them; lines as paths.

    ``sharing`` says how many cities share a network with it, drawn or not.
    """

    width: int
    height: int
    city: Node
    networks: list[Node]
    others: list[Node]
    lines: list[str]
    sharing: int


def neighbourhood(city: str, members: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> Neighbourhood | None:
    """Drawn in three columns: the city, its networks, and the cities that share most of them; None without a network.

    Of more networks than fit, only those that the drawn cities share are drawn.
    """
    if not members:
        return None
    times = Counter(member for cities in members.values() for member in cities)
    others = sorted(times, key=lambda member: (-times[member], fold(labels.get(member, member))))[:_DRAWN_CITIES]
    drawn = {network for network, cities in members.items() if len(members) <= _DRAWN_NETWORKS or {*cities} & {*others}}
    height = 36 * max(len(drawn), len(others), 1) + 16
    networks = _column([network for network in members if network in drawn], 300, height, labels)
    right = _column(others, 560, height, labels)
    centre, places = Node(city, labels.get(city, city), 84.0, height / 2), {node.iri: node for node in right}
    lines = [_curve(centre, network) for network in networks]
    lines += [_curve(node, places[member]) for node in networks for member in members[node.iri] if member in places]
    return Neighbourhood(720, height, centre, networks, right, lines, len(times))


def _column(iris: Sequence[str], x: float, height: float, labels: Mapping[str, str]) -> list[Node]:
    step = height / max(len(iris), 1)
    return [Node(iri, labels.get(iri, iri), x, round(step * (row + 0.5), 1)) for row, iri in enumerate(iris)]


def _curve(start: Node, end: Node) -> str:
    middle = start.x + 0.4 * (end.x - start.x)
    return f"M{start.x:g} {start.y:g}C{middle:g} {start.y:g} {middle:g} {end.y:g} {end.x:g} {end.y:g}"
