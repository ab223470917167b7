"""Networks → a page: one HTML file with everything in it, for any browser, that makes no request to any server."""

import json
import math
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from solgraph.errors import DataError
from solgraph.networks.drawing.geometry import CREDIT, Point, coordinates, outline_steps
from solgraph.networks.drawing.layout import Graph, default_layout, positions
from solgraph.networks.model.spells import presence, rule, spells_of
from solgraph.networks.model.years import ALWAYS

Attributes = dict[str, Any]

_ASSETS = Path(__file__).parent
SCRIPTS = ("page_graph.js", "page_drawing.js", "page_labels.js", "page_panel.js", "page_controls.js", "page_address.js")
_MOST_ROWS = 500
#: More links than this are not laid out by force where there is a map.
_MOST_BY_FORCE = 5000
#: Bounds that hide an edge in years which they exclude.
_BOUNDS = ("not_before", "not_after")
#: Attributes that the page shows in places of their own.
_FIELDS = ("label", "kind", "bipartite", "type", "country", "iri", "lat", "long", "since", "until", "weight")


def html(graph: "Graph[str]") -> str:
    """The network as a page that can be mailed, opened without a network, and put on any server.

    Its scripts and styles are allowed by their hashes alone, so that nothing in the data can run. The same graph gives
    the same bytes.

    >>> from solgraph.networks.drawing import page
    >>> page.html(kg.network("transfer"))[:15]
    '<!doctype html>'
    """
    script, style = "\n".join(map(asset, SCRIPTS)), asset("page.css")
    listed, about = _edges(graph), graph.graph
    reads = str(about.get("reads", "")).rstrip(".")
    parts = {
        "title": escape(str(about.get("description") or about.get("name") or "Network")),
        "reads": escape(f"A link means: {reads}." if reads else ""),
        "notes": "".join(f"<p>{escape(line)}</p>" for line in _notes(graph)),
        "style": style,
        "script": script,
        "style_hash": _csp_hash(style),
        "script_hash": _csp_hash(script),
        "cut": f", the first {_MOST_ROWS:,} of {len(listed):,}" if len(listed) > _MOST_ROWS else "",
        "rows": "".join(_row(graph, *edge) for edge in listed[:_MOST_ROWS]),
        "data": embedded(content(graph)),
    }
    return re.sub(r"@(\w+)@", lambda match: parts[match[1]], asset("page.html"))


def asset(name: str) -> str:
    """The text of a script, a style or the page itself."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def _csp_hash(text: str) -> str:
    """The name of an inline script or style in a content security policy."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def embedded(data: object) -> str:
    """JSON that cannot end the element in which it stands."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


def _notes(graph: "Graph[str]") -> Iterator[str]:
    about = graph.graph
    if about.get("selection"):
        yield f"Chosen: {about['selection']}."
    if about.get("notes"):
        yield str(about["notes"])
    name = f"solgraph, network {about['name']}" if about.get("name") else "solgraph"
    yield f"Source: {name}. {CREDIT}." if _has_map(graph) else f"Source: {name}."


def _has_map(graph: "Graph[str]") -> bool:
    return any(coordinates(node) for _, node in graph.nodes(data=True))


def _edges(graph: "Graph[str]") -> list[tuple[str, str, Attributes]]:
    """Edges with their ends; without a direction in the order of their kinds and of the nodes: the city comes first."""
    kinds = [node.get("kind") for _, node in graph.nodes(data=True)]
    rank = {key: (kinds.index(kind), number) for number, (key, kind) in enumerate(zip(graph, kinds, strict=True))}
    edges = []
    for start, end, edge in graph.edges(data=True):
        turned = not graph.is_directed() and rank[end] < rank[start]
        edges.append((end, start, edge) if turned else (start, end, edge))
    return edges


def _row(graph: "Graph[str]", start: str, end: str, edge: Attributes) -> str:
    """An edge as a table row, for readers without JavaScript."""
    labels = [str(graph.nodes[key].get("label", key)) for key in (start, end)]
    spans = _spans(edge, rule(graph.graph))
    spans = spans if len(spans) > 1 else ((edge.get("since"), edge.get("until")),)
    years = ", ".join("–".join("" if year is None else str(year) for year in span) for span in spans)
    texts = "; ".join(f"{name}: {text}" for name, text in _texts(edge))
    cells = [*labels, years if years != "–" else "", texts]
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _texts(attributes: Attributes, without: Sequence[str] = ()) -> list[tuple[str, str]]:
    left = {*_FIELDS, *without}
    return [(name.replace("_", " "), str(value)) for name, value in attributes.items() if name not in left]


def content(
    graph: "Graph[str]",
    measured: Mapping[str, Mapping[str, int | float]] | None = None,
    without: Sequence[str] = (),
    places: Mapping[str, Mapping[str, Point]] | None = None,
) -> dict[str, Any]:
    """What the scripts read: nodes with measures, edges as lists, layouts and outlines; texts of edges only once.

    An edge is its ends and the number of its ``ties``: weight, years, number of its texts, bounds and spans, which many
    edges have alike. Lists in texts, such as evidence, are numbers of their ``parts`` for the same reason.
    ``measured`` are measures to show, of a network of which the graph is a part; without, all are taken of the graph.
    ``without`` names attributes that are not shown; ``places`` are layouts that need not be made.
    """
    number = {node: position for position, node in enumerate(graph)}
    texts: dict[tuple[tuple[str, str], ...], int] = {}
    parts: dict[str, int] = {}
    ties: dict[tuple[Any, ...], int] = {}
    of_ties = rule(graph.graph)
    edges = [
        [
            number[start],
            number[end],
            ties.setdefault(_tie(edge, texts.setdefault(tuple(_texts(edge, without)), len(texts)), of_ties), len(ties)),
        ]
        for start, end, edge in _edges(graph)
    ]
    measured, on_map = measured or _measures(graph), _has_map(graph)
    names = list(dict.fromkeys(name for row in measured.values() for name in row))
    offered = ["map"] * on_map + ["force"] * (not on_map or graph.number_of_edges() <= _MOST_BY_FORCE)
    layouts = {layout: (places or {}).get(layout) or positions(graph, layout) for layout in offered}
    return {
        "directed": graph.is_directed(),
        "weighted": any("weight" in edge for *_, edge in graph.edges(data=True)),
        "nodes": [
            _node(key, node, [measured.get(key, {}).get(name) for name in names], without)
            for key, node in graph.nodes(data=True)
        ],
        "edges": edges,
        "ties": list(ties),
        "texts": [
            [[name, [parts.setdefault(part, len(parts)) for part in text.split("; ")]] for name, text in listed]
            for listed in texts
        ],
        "parts": list(parts),
        "measures": names,
        "start": default_layout(graph) if default_layout(graph) in layouts else "map",
        "layouts": {layout: [points[node] for node in graph] for layout, points in layouts.items()},
        "land": land() if on_map else [],
    }


def land() -> list[list[int]]:
    """The outlines of countries, each as steps from its first point."""
    return [ring for country in outline_steps().values() for ring in country]


def _node(key: str, node: Attributes, measured: list[int | float | None], without: Sequence[str]) -> dict[str, Any]:
    shown = [name for name in ("kind", "country", "iri") if name in node and name not in without]
    fields: Attributes = {name: str(node[name]) for name in shown}
    years: Attributes = {name: _year(node[name]) for name in ("since", "until") if name in node}
    rounded = [None if value is None else _number(value) for value in measured]
    label = str(node.get("label", key))
    return {"id": key, "label": label, **fields, **years, "texts": _texts(node), "measures": rounded}


def _tie(edge: Attributes, text: int, of_ties: tuple[bool, bool]) -> tuple[Any, ...]:
    """What an edge has besides its ends: bounds, and spans if these say less, as far as there are any."""
    spans = _spans(edge, of_ties)
    bounds = [edge.get("since", edge.get("not_before")), edge.get("until", edge.get("not_after"))]
    spans = () if spans == (tuple(map(_year, bounds)),) else spans
    is_bounded = spans or any(key in edge for key in _BOUNDS)
    bounds = [*(_year(edge.get(key)) for key in _BOUNDS), *([spans] if spans else [])] if is_bounded else []
    return (_number(edge.get("weight", 1)), _year(edge.get("since")), _year(edge.get("until")), text, *bounds)


def _spans(edge: Attributes, of_ties: tuple[bool, bool]) -> tuple[tuple[int | None, ...], ...]:
    """First and last year of each span in which an edge is there, as in a year that is chosen; None for an open end."""
    spans = presence(spells_of(edge, *of_ties))
    return tuple(tuple(None if year in ALWAYS else year for year in span) for span in spans)


def _number(value: object) -> float:
    """A number that JSON can express, rounded to what a drawing shows."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return value if isinstance(value, int) else float(f"{value:.6g}")


def _year(value: object) -> int | None:
    year = re.match(r"-?\d{4}", str(value))
    return int(year[0]) if year else None


def _measures(graph: "Graph[str]") -> dict[str, dict[str, int | float]]:
    """Measures of all nodes; only degrees where the others would take minutes, or where weights allow no others."""
    from solgraph.networks.measures.backends import is_large
    from solgraph.networks.measures.node_measures import measures

    if not is_large(graph) or find_spec("igraph"):
        try:
            return measures(graph).as_attributes()
        except DataError:
            pass
    return {node: {"degree": sum(other != node for other in graph[node])} for node in graph}
