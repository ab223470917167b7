"""Networks → pictures: SVG and PNG with a map, labels that do not overlap, a legend and a source line."""

import io
import math
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx

from solgraph.errors import MissingExtra, WrongUse, did_you_mean
from solgraph.networks.drawing.geometry import (
    CREDIT,
    Box,
    Disc,
    Point,
    coordinates,
    in_europe,
    outlines,
    place_labels,
)
from solgraph.networks.drawing.layout import Graph, default_layout, positions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Colours that people with any kind of colour vision can distinguish (Okabe and Ito 2008), without yellow and black.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c6d31")
OTHER, UNKNOWN = "other", "unknown"
_GREY, _LAND, _BORDER, _SEA, _INK, _SOFT = "#9a9a9a", "#fbfaf6", "#c9c7bd", "#e8eef3", "#1a1a1a", "#555555"
_CAPTIONS = {"reads": "A link means: ", "selection": "Chosen: ", "backbone": "Drawn: ", "notes": ""}
_MARKERS = ("o", "s", "^", "D")
_MOST_KINDS = 14
_MOST_NAMED, _MOST_LABELS = 150, 100
#: More edges become an image inside the SVG, and arrows become lines.
_MOST_VECTORS = 5000
_LABEL: dict[str, Any] = {"fontsize": 12, "color": _INK, "ha": "center", "va": "center"}
_AXES = (0.012, 0.125, 0.80, 0.80)
#: DejaVu Sans comes with matplotlib; the others have its widths, or stand in for it where an SVG is opened.
_STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "svg.fonttype": "none",
    "svg.hashsalt": "solgraph",
    "text.parse_math": False,
    "path.simplify": False,
}
_FONTS = "'DejaVu Sans', Verdana, Geneva, sans-serif"


class Drawing(NamedTuple):
    """A graph with everything that is decided about its picture; ``kinds`` gives each node its place in the legend.

    ``strengths`` give each node its size, and the order in which names find room.
    """

    graph: "Graph[str]"
    places: Mapping[str, Point]
    on_map: bool
    colour: str
    kinds: Mapping[str, str]
    strengths: Mapping[str, float]
    lines: Mapping[tuple[str, str], float]
    loops: int


def svg(graph: "Graph[str]", *, layout: str = "auto", colour: str = "auto") -> str:
    """The network as SVG of 1600 × 1200; the same bytes each time with the same version of matplotlib.

    Text stays text. The edges of a network with more than 5,000 of them are an image inside it. Raises
    :class:`MissingExtra` without matplotlib.

    >>> from solgraph.networks.drawing import picture
    >>> "Barcelona" in picture.svg(kg.network("transfer"))
    True
    """
    with matplotlib_style():
        out = io.StringIO()
        figure(graph, layout=layout, colour=colour).savefig(out, format="svg", metadata={"Date": None})
        return out.getvalue().replace("'DejaVu Sans'", _FONTS)


def png(graph: "Graph[str]", *, layout: str = "auto", colour: str = "auto") -> bytes:
    """The network as PNG of 1600 × 1200 pixels; see :func:`svg`.

    >>> from solgraph.networks.drawing import picture
    >>> picture.png(kg.network("transfer"))[1:4]
    b'PNG'
    """
    with matplotlib_style():
        out = io.BytesIO()
        figure(graph, layout=layout, colour=colour).savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()


#: Matplotlib has one style for all threads.
_one_at_a_time = RLock()


@contextmanager
def matplotlib_style() -> Iterator[None]:
    """Matplotlib in our style for a while, whatever the style of the caller; for one thread at a time."""
    try:
        import matplotlib
    except ImportError as error:
        raise MissingExtra("A picture", "plot") from error
    style: dict[Any, Any] = {**matplotlib.rcParamsDefault, **_STYLE, "backend": matplotlib.rcParams["backend"]}
    with _one_at_a_time, matplotlib.rc_context(style):
        yield


def figure(graph: "Graph[str]", *, layout: str = "auto", colour: str = "auto") -> "Figure":
    """The network as a matplotlib figure, for notebooks and further drawing.

    ``colour`` is an attribute of nodes, or ``community``; ``auto`` takes the kind where there are several kinds, else
    the country, else the layer of networks.

    >>> from solgraph.networks.drawing import picture
    >>> picture.figure(kg.network("transfer"), layout="force").get_size_inches().tolist()
    [16.0, 12.0]
    """
    with matplotlib_style():
        from matplotlib.figure import Figure

        drawing = plan(graph, layout, colour)
        sheet = Figure(figsize=(16, 12), dpi=100, facecolor="white")
        axes = sheet.add_axes(_AXES)
        _set_frame(axes, drawing)
        _draw_land(axes, drawing)
        _draw_edges(axes, drawing)
        _draw_nodes(axes, drawing)
        unnamed = _draw_labels(axes, drawing)
        _draw_legend(sheet, drawing)
        _write_caption(sheet, drawing, unnamed)
        return sheet


def plan(graph: "Graph[str]", layout: str, colour: str) -> Drawing:
    """Layout, colours and sizes of a picture. Raises :class:`WrongUse` for a colour that no node has."""
    layout = default_layout(graph) if layout == "auto" else layout
    colour = _colour_attribute(graph) if colour == "auto" else colour
    graph = _with_communities(graph) if colour == "community" else graph
    attributes = {name for _, node in graph.nodes(data=True) for name in node}
    if colour and colour not in attributes:
        hint = did_you_mean(colour, attributes) or f"Attributes of its nodes: {', '.join(sorted(attributes))}"
        raise WrongUse(f"No node has the attribute '{colour}'.", hint=hint)
    weights = _weights(graph)
    lines = {ends: weight for ends, weight in weights.items() if ends[0] != ends[1]}
    places, kinds, strengths = positions(graph, layout), _kinds(graph, colour), _strengths(graph, lines)
    return Drawing(graph, places, layout == "map", colour, kinds, strengths, lines, len(weights) - len(lines))


def _is_weighted(graph: "Graph[str]") -> bool:
    return any("weight" in edge for *_, edge in graph.edges(data=True))


def _strengths(graph: "Graph[str]", lines: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Node → the weight of all its links; without weights the number of others with which it is linked.

    By the number of others alone, every member of a big network would be as large as a city that is in ten of them.
    """
    if not _is_weighted(graph):
        return {node: sum(other != node for other in graph[node]) for node in graph}
    strengths = dict.fromkeys(graph, 0.0)
    for ends, weight in lines.items():
        for node in ends:
            strengths[node] += max(weight, 0)
    return strengths


def _with_communities(graph: "Graph[str]") -> "Graph[str]":
    from solgraph.networks.measures.node_measures import measures

    copy = graph.copy()
    networkx.set_node_attributes(copy, {row["node"]: row["community"] for row in measures(graph)}, "community")
    return copy


def _colour_attribute(graph: "Graph[str]") -> str:
    for attribute, least in (("kind", 2), ("country", 1), ("layer", 1)):
        if len({node[attribute] for _, node in graph.nodes(data=True) if attribute in node}) >= least:
            return attribute
    return ""


def _kinds(graph: "Graph[str]", attribute: str) -> dict[str, str]:
    """Node → the value that decides its colour; beyond fourteen values the rarest are 'other'."""
    values = {key: str(node.get(attribute, UNKNOWN)) for key, node in graph.nodes(data=True)}
    frequent = [kind for kind, _ in _by_frequency(values) if kind != UNKNOWN]
    shown = {*frequent[: _MOST_KINDS if len(frequent) <= _MOST_KINDS else _MOST_KINDS - 1], UNKNOWN}
    return {node: kind if kind in shown else OTHER for node, kind in values.items()}


def _by_frequency(kinds: Mapping[str, str]) -> list[tuple[str, int]]:
    return sorted(Counter(kinds.values()).items(), key=lambda item: (item[0] in (OTHER, UNKNOWN), -item[1], item[0]))


def looks(kinds: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Kind → colour and marker; no two kinds share both."""
    named = [kind for kind, _ in _by_frequency(kinds) if kind not in (OTHER, UNKNOWN)]
    named = sorted(named) if set(named) == {"city", "network"} else named  # which look alike in all pictures
    per_marker = 1 if len(named) <= len(_MARKERS) else len(PALETTE)
    styles = {
        kind: (PALETTE[number % len(PALETTE)], _MARKERS[number // per_marker]) for number, kind in enumerate(named)
    }
    return {**styles, OTHER: (_GREY, "o"), UNKNOWN: (_GREY, "X")}


def _weights(graph: "Graph[str]") -> dict[tuple[str, str], float]:
    """Pair of nodes → weight; parallel edges are joined."""
    weights: dict[tuple[str, str], float] = {}
    for start, end, weight in graph.edges(data="weight", default=1):
        ends = (start, end) if graph.is_directed() or (end, start) not in weights else (end, start)
        weights[ends] = weights.get(ends, 0) + (weight if isinstance(weight, int | float) else 1)
    return weights


def _set_frame(axes: "Axes", drawing: Drawing) -> None:
    """All nodes with room around them, in the proportions of the sheet."""
    axes.set(xticks=[], yticks=[], facecolor=_SEA if drawing.on_map else "white")
    axes.spines[:].set_visible(False)
    xs, ys = zip(*_framed(drawing), strict=True)
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    least, margin = (900, 1.16) if drawing.on_map else (4, 1.32)
    proportion = (16 * _AXES[2]) / (12 * _AXES[3])
    height = max(high * 1.12, wide * margin / proportion, least)
    width, middle = height * proportion, ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    axes.set_xlim(middle[0] - width / 2, middle[0] + width / 2)
    axes.set_ylim(middle[1] - height / 2, middle[1] + height / 2)


def _framed(drawing: Drawing) -> list[Point]:
    """The places that the frame holds: all but those beyond the map."""
    beyond = _beyond(drawing)
    return [place for node, place in drawing.places.items() if node not in beyond] or [(0.0, 0.0)]


def _beyond(drawing: Drawing) -> set[str]:
    """The nodes of a map that lie beyond Europe, unless all do."""
    located = {node for node in drawing.places if drawing.on_map and coordinates(drawing.graph.nodes[node])}
    beyond = {node for node in located if not in_europe(drawing.places[node])}
    return beyond if beyond < located else set()


def _draw_land(axes: "Axes", drawing: Drawing) -> None:
    from matplotlib.collections import PolyCollection

    if drawing.on_map:
        rings = [ring for country in outlines().values() for ring in country]
        land = PolyCollection(rings, facecolor=_LAND, edgecolor=_BORDER, linewidth=0.8, zorder=0)
        axes.add_collection(land, autolim=False)
        _draw_strip(axes, drawing)


def _draw_strip(axes: "Axes", drawing: Drawing) -> None:
    """A white strip below the map for nodes without coordinates, which would seem to lie in Africa."""
    apart = [y for node, (_, y) in drawing.places.items() if coordinates(drawing.graph.nodes[node]) is None]
    if apart:
        (left, right), (bottom, _) = axes.get_xlim(), axes.get_ylim()
        top = max(apart) + (right - left) / 45
        axes.fill_between((left, right), bottom, top, facecolor="white", edgecolor="none", zorder=1)


def _draw_edges(axes: "Axes", drawing: Drawing) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patches import FancyArrowPatch

    pairs = [(drawing.places[start], drawing.places[end]) for start, end in drawing.lines]
    widths = _widths(list(drawing.lines.values()))
    style: dict[str, Any] = {"color": "#3d4a57", "alpha": max(0.02, min(0.7, 80 / max(len(pairs), 1))), "zorder": 2}
    if drawing.graph.is_directed() and len(pairs) <= _MOST_VECTORS:
        style |= {"arrowstyle": "-|>", "mutation_scale": 14, "shrinkA": 4, "shrinkB": 9}
        for (start, end), width in zip(pairs, widths, strict=True):
            axes.add_patch(FancyArrowPatch(start, end, connectionstyle="arc3,rad=0.08", linewidth=width, **style))
    else:
        lines = LineCollection([list(pair) for pair in pairs], linewidths=widths, **style)
        lines.set_rasterized(len(pairs) > _MOST_VECTORS)
        axes.add_collection(lines, autolim=False)


def _widths(weights: Sequence[float]) -> list[float]:
    """In points: thicker for heavier lines, thinner for dense networks."""
    scale = max(0.12, min(1, math.sqrt(300 / max(len(weights), 1))))
    if len(set(weights)) < 2:
        return [1.5 * scale] * len(weights)
    heaviest = max(weights)
    return [scale * (0.8 + 4.2 * math.sqrt(max(weight, 0) / heaviest)) for weight in weights]


def _areas(drawing: Drawing) -> dict[str, float]:
    """The areas of nodes, in the square points of matplotlib's scatter; in a crowd the least shrink most."""
    scale = max(0.06, min(1, 60 / max(len(drawing.graph), 1)))
    most = max([*drawing.strengths.values(), 1])
    return {node: scale * 55 + math.sqrt(scale) * 345 * strength / most for node, strength in drawing.strengths.items()}


def _draw_nodes(axes: "Axes", drawing: Drawing) -> None:
    areas = _areas(drawing)
    for kind, (colour, marker) in looks(drawing.kinds).items():
        nodes = [node for node in drawing.places if drawing.kinds[node] == kind]
        xs, ys = zip(*(drawing.places[node] for node in nodes), strict=True) if nodes else ((), ())
        sizes = [areas[node] for node in nodes]
        axes.scatter(xs, ys, s=sizes, c=colour, marker=marker, edgecolors="white", linewidths=0.9, zorder=3)


def _draw_labels(axes: "Axes", drawing: Drawing) -> int:
    """Names beside their nodes where there is room, the biggest nodes first; the number of nodes left without."""
    order = sorted(drawing.places, key=lambda node: (-drawing.strengths[node], node))
    named = order if len(order) <= _MOST_NAMED else order[:_MOST_LABELS]
    names = {node: _wrapped(str(drawing.graph.nodes[node].get("label", node))) for node in named}
    areas = _areas(drawing)
    pixels = {node: axes.transData.transform(place) for node, place in drawing.places.items()}
    discs = {node: (x, y, 0.72 * math.sqrt(areas[node])) for node, (x, y) in pixels.items()}
    dense = len(drawing.lines) > 500
    lines = [] if dense else [discs[start][:2] + discs[end][:2] for start, end in drawing.lines]
    sizes = {node: _written_size(axes, name) for node, name in names.items()}
    placed = place_labels(sizes, discs, lines, Box(*axes.bbox.extents))
    for node, box in placed.items():
        _write_label(axes, names[node], box, discs[node], backed=dense)
    return len(order) - len(placed)


def _written_size(axes: "Axes", name: str) -> Point:
    """Width and height of a written name, in pixels."""
    probe = axes.text(0, 0, name, **_LABEL)
    box = probe.get_window_extent()
    probe.remove()
    return box.width, box.height


def _write_label(axes: "Axes", name: str, box: Box, disc: Disc, backed: bool) -> None:
    """``backed`` by a patch of its own over many lines; joined to its node by a line when far away."""
    patch = {"facecolor": "white", "alpha": 0.78, "edgecolor": "none", "pad": 1.2} if backed else None
    back = axes.transData.inverted().transform
    middle = back(((box.left + box.right) / 2, (box.bottom + box.top) / 2))
    axes.text(middle[0], middle[1], name, **_LABEL, zorder=5, bbox=patch)
    near = box.nearest(disc[0], disc[1])
    if math.dist(near, disc[:2]) > disc[2] + 9:
        xs, ys = zip(back(disc[:2]), back(near), strict=True)
        axes.plot(xs, ys, color="#777777", linewidth=0.7, zorder=2.5)


def _wrapped(label: str) -> str:
    """The label in lines of about the same length, of 26 letters or fewer if words allow it."""
    text = textwrap.shorten(label, 64, placeholder=" …")
    lines = math.ceil(len(text) / 26)
    return textwrap.fill(text, math.ceil(len(text) / max(lines, 1)) + 4)


def _draw_legend(sheet: "Figure", drawing: Drawing) -> None:
    from matplotlib.lines import Line2D

    if not drawing.colour:
        return
    styles = looks(drawing.kinds)
    marks = []
    for kind, count in _by_frequency(drawing.kinds):
        colour, marker = styles[kind]
        label = textwrap.fill(f"{kind} ({count:,})", 22)
        marks.append(Line2D([], [], linestyle="", marker=marker, color=colour, markersize=11, label=label))
    left, bottom, wide, high = _AXES
    place: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (left + wide + 0.005, bottom + high)}
    fonts: dict[str, Any] = {"title_fontsize": 14, "fontsize": 12.5, "labelspacing": 0.7, "alignment": "left"}
    legend = sheet.legend(handles=marks, title=drawing.colour.capitalize(), frameon=False, **place, **fonts)
    legend.get_title().set_fontweight("bold")


def _write_caption(sheet: "Figure", drawing: Drawing, unnamed: int) -> None:
    about = drawing.graph.graph
    title = str(about.get("description") or about.get("name") or "Network")
    title = textwrap.shorten(title, 95, placeholder=" …")
    sheet.text(0.016, 0.978, title, fontsize=23, fontweight="bold", va="top", color=_INK)
    lines = [line for sentence in _caption(drawing, unnamed) for line in textwrap.wrap(sentence, 175)]
    text = "\n".join(lines if len(lines) <= 5 else [*lines[:4], "…"])
    sheet.text(0.016, 0.112, text, fontsize=11.5, va="top", color=_SOFT, linespacing=1.5)


def _caption(drawing: Drawing, unnamed: int) -> Sequence[str]:
    graph, about = drawing.graph, drawing.graph.graph
    unlocated = sum(coordinates(node) is None for _, node in graph.nodes(data=True)) if drawing.on_map else 0
    weighted, beyond, communities = _is_weighted(graph), len(_beyond(drawing)), drawing.colour == "community"
    width = "weight" if weighted else "number of links"
    size = "the weight of its links" if weighted else "the number of nodes linked to it"
    remarks = {
        f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} links.": True,
        f"Size of a node: {size}.": drawing.lines,
        f"Width of a line: {width}.": len(set(drawing.lines.values())) > 1,
        f"Nodes without a name, because there was no room: {unnamed}.": unnamed,
        f"Nodes without coordinates, below the map: {unlocated}.": unlocated,
        "Communities: those of ten runs of the Louvain method, from seed 1, that agree most.": communities,
        f"Nodes outside the map: {beyond}.": beyond,
        f"Links of a node with itself, not drawn: {drawing.loops}.": drawing.loops,
    }
    name = f"{about.get('data', 'solgraph')}, network {about['name']}" if about.get("name") else "solgraph"
    source = f"Source: {name}{'. ' + CREDIT if drawing.on_map else ''}."
    notes = [f"{prefix}{about[key]}".rstrip(".") + "." for key, prefix in _CAPTIONS.items() if about.get(key)]
    return [" ".join(text for text, applies in remarks.items() if applies), " ".join(notes), source]
