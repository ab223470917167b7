"""Networks → pictures: SVG and PNG with a map, labels that keep clear of each other, a legend and a source line."""

import io
import math
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from solgraph.errors import MissingExtra, WrongUse, did_you_mean
from solgraph.networks.drawing.layout import Box, Point, is_placed, place_labels, positions, suited
from solgraph.networks.drawing.outlines import CREDIT, outlines

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Graph = networkx.Graph[str]

#: Colours that people with any kind of colour vision tell apart (Okabe and Ito 2008), without yellow and black.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c6d31")
OTHER, NONE = "other", "not told"
_GREY, _LAND, _BORDER, _SEA, _INK, _SOFT = "#9a9a9a", "#fbfaf6", "#c9c7bd", "#e8eef3", "#1a1a1a", "#555555"
_SAID = {"reads": "A link says: ", "selection": "Chosen: ", "notes": ""}
_MARKERS = ("o", "s", "^", "D")
_MOST_KINDS = 14
_MANY_NODES, _MANY_EDGES, _MOST_LABELS = 150, 5000, 60
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


class Drawing(NamedTuple):
    """A graph with everything that is decided about its picture."""

    graph: "Graph"
    places: Mapping[str, Point]
    on_map: bool
    colour: str
    kinds: Mapping[str, str]
    degrees: Mapping[str, int]
    ties: Mapping[tuple[str, str], float]

    @property
    def loops(self) -> int:
        """Nodes that are linked with themselves, which is not drawn."""
        return sum(one == other for one, other in self.ties)

    @property
    def lines(self) -> dict[tuple[str, str], float]:
        """Edges that are drawn."""
        return {ends: weight for ends, weight in self.ties.items() if ends[0] != ends[1]}


def svg(graph: "Graph", *, layout: str = "auto", colour: str = "auto") -> str:
    """The network as SVG of 1600 × 1200; the same bytes each time with one version of matplotlib.

    Text stays text. The edges of a network with more than 5,000 of them are an image inside it. Raises
    :class:`MissingExtra` without matplotlib.
    """
    with _matplotlib():
        out = io.StringIO()
        figure(graph, layout=layout, colour=colour).savefig(out, format="svg", metadata={"Date": None})
        return _with_stand_in_fonts(out.getvalue())


def png(graph: "Graph", *, layout: str = "auto", colour: str = "auto") -> bytes:
    """The network as PNG of 1600 × 1200 pixels; see :func:`svg`."""
    with _matplotlib():
        out = io.BytesIO()
        figure(graph, layout=layout, colour=colour).savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()


@contextmanager
def _matplotlib() -> Iterator[None]:
    """Matplotlib with our style for a while, whatever the caller's style is."""
    try:
        import matplotlib
    except ImportError as missing:
        raise MissingExtra("A picture", "plot") from missing
    style: dict[Any, Any] = {**matplotlib.rcParamsDefault, **_STYLE, "backend": matplotlib.rcParams["backend"]}
    with matplotlib.rc_context(style):
        yield


def _with_stand_in_fonts(text: str) -> str:
    return text.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, Geneva, sans-serif")


def figure(graph: "Graph", *, layout: str = "auto", colour: str = "auto") -> "Figure":
    """The network as a matplotlib figure, for notebooks and further drawing.

    ``colour`` is an attribute of nodes, or ``community``; ``auto`` takes the type where there are several types, else
    the country.
    """
    with _matplotlib():
        from matplotlib.figure import Figure

        drawing = _decided(graph, layout, colour)
        sheet = Figure(figsize=(16, 12), dpi=100, facecolor="white")
        axes = sheet.add_axes(_AXES)
        _frame(axes, drawing)
        _draw_land(axes, drawing)
        _draw_edges(axes, drawing)
        _draw_nodes(axes, drawing)
        missing = _draw_labels(axes, drawing)
        _draw_legend(sheet, drawing)
        _write_around(sheet, drawing, missing)
        return sheet


def _decided(graph: "Graph", layout: str, colour: str) -> Drawing:
    how = suited(graph) if layout == "auto" else layout
    chosen = _colour_attribute(graph) if colour == "auto" else colour
    graph = _with_communities(graph) if chosen == "community" else graph
    known = {key for _, told in graph.nodes(data=True) for key in told}
    if chosen and chosen not in known:
        hint = did_you_mean(chosen, known) or f"Attributes of its nodes: {', '.join(sorted(known))}"
        raise WrongUse(f"No node has the attribute '{chosen}'.", hint=hint)
    degrees = {node: sum(other != node for other in graph[node]) for node in graph}
    return Drawing(graph, positions(graph, how), how == "map", chosen, _kinds(graph, chosen), degrees, _ties(graph))


def _with_communities(graph: "Graph") -> "Graph":
    from solgraph.networks.measures.node_measures import measures

    found, copy = measures(graph).as_attributes(), graph.copy()
    for node, told in copy.nodes(data=True):
        told["community"] = found[node].get("community", NONE)
    return copy


def _colour_attribute(graph: "Graph") -> str:
    for attribute, least in (("type", 2), ("country", 1)):
        if len({told[attribute] for _, told in graph.nodes(data=True) if attribute in told}) >= least:
            return attribute
    return ""


def _kinds(graph: "Graph", attribute: str) -> dict[str, str]:
    """Node → what its colour says; beyond fourteen kinds the rarest are 'other'."""
    said = {node: str(told.get(attribute, NONE)) for node, told in graph.nodes(data=True)}
    often = [kind for kind, _ in _by_frequency(said) if kind != NONE]
    kept = {*often[: _MOST_KINDS if len(often) <= _MOST_KINDS else _MOST_KINDS - 1], NONE}
    return {node: kind if kind in kept else OTHER for node, kind in said.items()}


def _by_frequency(kinds: Mapping[str, str]) -> list[tuple[str, int]]:
    return sorted(Counter(kinds.values()).items(), key=lambda item: (item[0] in (OTHER, NONE), -item[1], item[0]))


def looks(kinds: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Kind → colour and marker; no two kinds have both in common."""
    named = [kind for kind, _ in _by_frequency(kinds) if kind not in (OTHER, NONE)]
    few = len(named) <= len(_MARKERS)
    chosen = {
        kind: (PALETTE[number % len(PALETTE)], _MARKERS[number if few else number // len(PALETTE)])
        for number, kind in enumerate(named)
    }
    return {**chosen, OTHER: (_GREY, "o"), NONE: (_GREY, "X")}


def _ties(graph: "Graph") -> dict[tuple[str, str], float]:
    """Pair of nodes → weight; parallel edges are one line."""
    ties: dict[tuple[str, str], float] = {}
    for one, other, told in graph.edges(data=True):
        ends = (one, other) if graph.is_directed() or (other, one) not in ties else (other, one)
        weight = told.get("weight", 1)
        ties[ends] = ties.get(ends, 0) + (weight if isinstance(weight, int | float) else 1)
    return ties


def _frame(axes: "Axes", drawing: Drawing) -> None:
    """All nodes with room around them, in the proportions of the sheet."""
    axes.set(xticks=[], yticks=[], facecolor=_SEA if drawing.on_map else "white")
    axes.spines[:].set_visible(False)
    xs, ys = zip(*drawing.places.values(), strict=True) if drawing.places else ((0.0,), (0.0,))
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    least = 900 if drawing.on_map else 4
    proportion = (16 * _AXES[2]) / (12 * _AXES[3])
    height = max(high * 1.12, wide * (1.16 if drawing.on_map else 1.32) / proportion, least)
    width, middle = height * proportion, ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    axes.set_xlim(middle[0] - width / 2, middle[0] + width / 2)
    axes.set_ylim(middle[1] - height / 2, middle[1] + height / 2)


def _draw_land(axes: "Axes", drawing: Drawing) -> None:
    from matplotlib.collections import PolyCollection

    if drawing.on_map:
        rings = [ring for country in outlines().values() for ring in country]
        land = PolyCollection(rings, facecolor=_LAND, edgecolor=_BORDER, linewidth=0.8, zorder=0)
        axes.add_collection(land, autolim=False)


def _draw_edges(axes: "Axes", drawing: Drawing) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patches import FancyArrowPatch

    lines, places = drawing.lines, drawing.places
    widths = _widths(list(lines.values()))
    alpha = max(0.02, min(0.7, 80 / max(len(lines), 1)))
    look: dict[str, Any] = {"color": "#3d4a57", "alpha": alpha, "zorder": 2}
    if drawing.graph.is_directed() and len(lines) <= _MANY_EDGES:
        for (one, other), width in zip(lines, widths, strict=True):
            shape: dict[str, Any] = {
                "arrowstyle": "-|>",
                "mutation_scale": 14,
                "shrinkA": 4,
                "shrinkB": 9,
                "linewidth": width,
            }
            axes.add_patch(
                FancyArrowPatch(places[one], places[other], connectionstyle="arc3,rad=0.08", **shape, **look)
            )
        return
    drawn = LineCollection([[places[one], places[other]] for one, other in lines], linewidths=widths, **look)
    drawn.set_rasterized(len(lines) > _MANY_EDGES)
    axes.add_collection(drawn, autolim=False)


def _widths(weights: Sequence[float]) -> list[float]:
    """In points: thicker for heavier ones, thinner where there are many."""
    scale = max(0.12, min(1, math.sqrt(300 / max(len(weights), 1))))
    if len(set(weights)) < 2:
        return [1.5 * scale] * len(weights)
    heaviest = max(weights)
    return [scale * (0.8 + 4.2 * math.sqrt(max(weight, 0) / heaviest)) for weight in weights]


def _area(drawing: Drawing, degree: int) -> float:
    """Of a node, in the square points of matplotlib's scatter."""
    scale = max(0.06, min(1, 60 / max(len(drawing.graph), 1)))
    return scale * (55 + 345 * degree / max([*drawing.degrees.values(), 1]))


def _draw_nodes(axes: "Axes", drawing: Drawing) -> None:
    for kind, (colour, marker) in looks(drawing.kinds).items():
        nodes = [node for node in drawing.places if drawing.kinds[node] == kind]
        xs, ys = zip(*(drawing.places[node] for node in nodes), strict=True) if nodes else ((), ())
        sizes = [_area(drawing, drawing.degrees[node]) for node in nodes]
        axes.scatter(xs, ys, s=sizes, c=colour, marker=marker, edgecolors="white", linewidths=0.9, zorder=3)


def _draw_labels(axes: "Axes", drawing: Drawing) -> int:
    """Names beside their nodes where there is room, the biggest nodes first; how many nodes stay without."""
    order = sorted(drawing.places, key=lambda node: (-drawing.degrees[node], node))
    named = order if len(order) <= _MANY_NODES else order[:_MOST_LABELS]
    names = {node: _short(str(drawing.graph.nodes[node].get("label", node))) for node in named}
    spots = {node: axes.transData.transform(place) for node, place in drawing.places.items()}
    discs = {node: (x, y, 0.72 * math.sqrt(_area(drawing, drawing.degrees[node]))) for node, (x, y) in spots.items()}
    lines = [discs[one][:2] + discs[other][:2] for one, other in drawing.lines] if len(drawing.lines) <= 500 else []
    room = Box(*axes.bbox.extents)
    found = place_labels({node: _extent(axes, name) for node, name in names.items()}, discs, lines, room)
    for node, box in found.items():
        _write_label(axes, names[node], box, discs[node], over=len(drawing.lines) > 500)
    return len(order) - len(found)


def _extent(axes: "Axes", name: str) -> Point:
    """Width and height of a written name, in pixels."""
    probe = axes.text(0, 0, name, **_LABEL)
    box = probe.get_window_extent()
    probe.remove()
    return box.width, box.height


def _write_label(axes: "Axes", name: str, box: Box, disc: tuple[float, float, float], over: bool) -> None:
    """``over`` many lines, on a patch of its own."""
    patch = {"facecolor": "white", "alpha": 0.78, "edgecolor": "none", "pad": 1.2} if over else None
    back = axes.transData.inverted().transform
    middle = back(((box.left + box.right) / 2, (box.bottom + box.top) / 2))
    axes.text(middle[0], middle[1], name, **_LABEL, zorder=5, bbox=patch)
    near = box.nearest(disc[0], disc[1])
    if math.dist(near, disc[:2]) > disc[2] + 9:
        xs, ys = zip(back(disc[:2]), back(near), strict=True)
        axes.plot(xs, ys, color="#777777", linewidth=0.7, zorder=2.5)


def _short(label: str) -> str:
    """The label in lines of about the same length, of 26 letters or fewer if words allow it."""
    text = textwrap.shorten(label, 64, placeholder=" …")
    lines = math.ceil(len(text) / 26)
    return textwrap.fill(text, math.ceil(len(text) / max(lines, 1)) + 4)


def _draw_legend(sheet: "Figure", drawing: Drawing) -> None:
    from matplotlib.lines import Line2D

    if not drawing.colour:
        return
    counts, shapes = dict(_by_frequency(drawing.kinds)), looks(drawing.kinds)
    marks = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=shapes[kind][1],
            color=shapes[kind][0],
            markersize=11,
            label=f"{kind} ({count})",
        )
        for kind, count in counts.items()
    ]
    left, bottom, wide, high = _AXES
    corner = (left + wide + 0.005, bottom + high)
    told: dict[str, Any] = {"title": drawing.colour.capitalize(), "title_fontsize": 14, "fontsize": 12.5}
    box = sheet.legend(
        handles=marks,
        loc="upper left",
        bbox_to_anchor=corner,
        frameon=False,
        labelspacing=0.7,
        alignment="left",
        **told,
    )
    box.get_title().set_fontweight("bold")


def _write_around(sheet: "Figure", drawing: Drawing, missing: int) -> None:
    told = drawing.graph.graph
    title = str(told.get("description") or told.get("name") or "Network")
    sheet.text(
        0.016,
        0.978,
        textwrap.shorten(title, 95, placeholder=" …"),
        fontsize=23,
        fontweight="bold",
        va="top",
        color=_INK,
    )
    lines = [line for sentence in _caption(drawing, missing) for line in textwrap.wrap(sentence, 175)]
    text = "\n".join(lines if len(lines) <= 5 else [*lines[:4], "…"])
    sheet.text(0.016, 0.112, text, fontsize=11.5, va="top", color=_SOFT, linespacing=1.5)


def _caption(drawing: Drawing, missing: int) -> Sequence[str]:
    told, graph = drawing.graph.graph, drawing.graph
    nowhere = sum(not is_placed(node) for _, node in graph.nodes(data=True)) if drawing.on_map else 0
    remarks = {
        f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} links.": 1,
        "Size of a node: with how many others it is linked.": bool(drawing.lines),
        f"Width of a line: {_meaning_of_width(graph)}.": len(set(drawing.lines.values())) > 1,
        f"Nodes without their name, for want of room: {missing}.": missing,
        f"Nodes without coordinates, below the map: {nowhere}.": nowhere,
        f"Links of a node with itself, not drawn: {drawing.loops}.": drawing.loops,
    }
    name = f"solgraph, network {told['name']}" if told.get("name") else "solgraph"
    source = f"Source: {name}{'. ' + CREDIT if drawing.on_map else ''}."
    said = [f"{name}{told[key]}".rstrip(".") + "." for key, name in _SAID.items() if told.get(key)]
    return [" ".join(text for text, wanted in remarks.items() if wanted), " ".join(said), source]


def _meaning_of_width(graph: "Graph") -> str:
    return "weight" if any("weight" in told for *_, told in graph.edges(data=True)) else "number of links"
