"""Networks → a page: one HTML file with everything in it, for any browser, that asks no server for anything."""

import json
import math
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solgraph.errors import DataError
from solgraph.networks.drawing.layout import Point, is_placed, positions, suited
from solgraph.networks.drawing.outlines import CREDIT, outline_steps

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]

_ASSETS = Path(__file__).parent
SCRIPTS = ("page_graph.js", "page_drawing.js", "page_panel.js", "page_controls.js")
_MOST_ROWS = 2000
_APART = ("label", "type", "country", "iri", "lat", "long", "since", "until", "weight")


def html(graph: "Graph") -> str:
    """The network as a page that can be mailed, opened without a network, and put on any server.

    Its scripts and styles are allowed by their hashes alone, so that nothing in the data can run. The same graph gives
    the same bytes.
    """
    script, style = "\n".join(map(asset, SCRIPTS)), asset("page.css")
    listed = _edges(graph)
    parts = {
        "title": escape(_title(graph)),
        "reads": escape(_said(graph)),
        "notes": "".join(f"<p>{escape(line)}</p>" for line in _notes(graph)),
        "style": style,
        "script": script,
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "cut": f", the first {_MOST_ROWS:,} of {len(listed):,}" if len(listed) > _MOST_ROWS else "",
        "rows": "".join(_row(graph, *edge) for edge in listed[:_MOST_ROWS]),
        "data": embedded(content(graph)),
    }
    return re.sub(r"@(\w+)@", lambda match: parts[match[1]], asset("page.html"))


def asset(name: str) -> str:
    """The text of a script, a style or the page itself."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a content security policy calls the text of an element."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def embedded(data: object) -> str:
    """JSON that cannot end the element in which it stands."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _title(graph: "Graph") -> str:
    return str(graph.graph.get("description") or graph.graph.get("name") or "Network")


def _said(graph: "Graph") -> str:
    reads = str(graph.graph.get("reads", "")).rstrip(".")
    return f"A link says: {reads}." if reads else ""


def _notes(graph: "Graph") -> Iterator[str]:
    told = graph.graph
    if told.get("selection"):
        yield f"Chosen: {told['selection']}."
    if told.get("notes"):
        yield str(told["notes"])
    name = f"solgraph, network {told['name']}" if told.get("name") else "solgraph"
    yield f"Source: {name}. {CREDIT}." if _has_map(graph) else f"Source: {name}."


def _has_map(graph: "Graph") -> bool:
    return any(is_placed(told) for _, told in graph.nodes(data=True))


def _edges(graph: "Graph") -> list[tuple[str, str, dict[str, Any]]]:
    """Edges with their ends; without a direction in the order of their types and of the nodes: the city comes first."""
    kinds = [told.get("type") for _, told in graph.nodes(data=True)]
    rank = {node: (kinds.index(kind), n) for n, (node, kind) in enumerate(zip(graph, kinds, strict=True))}
    edges = []
    for one, other, told in graph.edges(data=True):
        turned = not graph.is_directed() and rank[other] < rank[one]
        edges.append((other, one, told) if turned else (one, other, told))
    return edges


def _row(graph: "Graph", one: str, other: str, told: dict[str, Any]) -> str:
    """An edge as a table row, for readers without JavaScript."""
    labels = [str(graph.nodes[end].get("label", end)) for end in (one, other)]
    years = "–".join(str(told.get(key, "")) for key in ("since", "until"))
    texts = "; ".join(f"{name}: {text}" for name, text in _texts(told))
    cells = [*labels, years if years != "–" else "", texts]
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _texts(told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), str(value)) for name, value in told.items() if name not in _APART]


def content(graph: "Graph") -> dict[str, Any]:
    number = {node: position for position, node in enumerate(graph)}
    texts: dict[tuple[tuple[str, str], ...], int] = {}
    edges = [
        [
            number[one],
            number[other],
            _number(told.get("weight", 1)),
            _year(told.get("since")),
            _year(told.get("until")),
            texts.setdefault(tuple(_texts(told)), len(texts)),
        ]
        for one, other, told in _edges(graph)
    ]
    measured = _measured(graph)
    names = list(dict.fromkeys(name for row in measured.values() for name in row))
    nodes = [_node(node, told, [measured[node].get(one) for one in names]) for node, told in graph.nodes(data=True)]
    return {
        "directed": graph.is_directed(),
        "weighted": any("weight" in told for *_, told in graph.edges(data=True)),
        "nodes": nodes,
        "edges": edges,
        "texts": list(texts),
        "measures": names,
        "start": suited(graph),
        "layouts": {how: _places(graph, how) for how in ("map", "force") if how == "force" or _has_map(graph)},
        "land": land() if _has_map(graph) else [],
    }


def land() -> list[list[int]]:
    """The outlines of countries, each as steps from where it begins."""
    return [ring for country in outline_steps().values() for ring in country]


def _places(graph: "Graph", how: str) -> list[Point]:
    places = positions(graph, how)
    return [places[node] for node in graph]


def _node(node: str, told: dict[str, Any], measured: list[int | float | None]) -> dict[str, Any]:
    known: dict[str, Any] = {key: str(told[key]) for key in ("type", "country", "iri") if key in told}
    years: dict[str, Any] = {key: _year(told[key]) for key in ("since", "until") if key in told}
    rounded = [None if value is None else _number(value) for value in measured]
    label = str(told.get("label", node))
    return {"id": node, "label": label, **known, **years, "texts": _texts(told), "measures": rounded}


def _number(value: object) -> float:
    """A number that JSON can say, rounded to what a drawing shows."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return value if isinstance(value, int) else float(f"{value:.6g}")


def _year(value: object) -> int | None:
    found = re.match(r"-?\d{4}", str(value))
    return int(found[0]) if found else None


def _measured(graph: "Graph") -> dict[str, dict[str, int | float]]:
    """Measures of all nodes; only degrees where the others would take minutes, or where weights allow no others."""
    from solgraph.networks.measures import engines as fast
    from solgraph.networks.measures.node_measures import measures

    if not fast.is_large(graph) or find_spec("igraph"):  # type: ignore[arg-type]
        try:
            return measures(graph).as_attributes()
        except DataError:
            pass
    return {node: {"degree": sum(other != node for other in graph[node])} for node in graph}
