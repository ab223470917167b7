"""Two networks of the same things at two times: what came, went, grew and shrank."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal

from solgraph.formats import rows as formats

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]

Ends = tuple[str, str]


def compare(before: "Graph", after: "Graph") -> "Graph":
    """One network with all nodes and edges of both; ``change`` tells of each ``came``, ``went``, ``grew`` …

    Edges carry ``before`` and ``after``: their weights, or the number of parallel edges where there are no weights.
    ``weight`` is the one of them that is larger, so that nothing that went is invisible.
    """
    import networkx

    graph: Graph = networkx.DiGraph() if after.is_directed() else networkx.Graph()
    graph.graph.update(after.graph)
    graph.graph["selection"] = f"{before.graph.get('selection')}, compared with {after.graph.get('selection')}"
    for node in sorted(set(before) | set(after)):
        told = {**before.nodes.get(node, {}), **after.nodes.get(node, {})}
        graph.add_node(node, **told, change=_change(node in before, node in after))
    old, new = _weights(before), _weights(after)
    for one, other in sorted({*old, *new}):
        was, now = old.get((one, other), 0), new.get((one, other), 0)
        told = {**_edge(before, one, other), **_edge(after, one, other)}
        found = {"weight": max(was, now), "before": was, "after": now, "change": _change(was, now)}
        graph.add_edge(one, other, **told | found)
    return graph


def changes(graph: "Graph") -> Iterator[tuple[str, int]]:
    """How many edges came, went, grew, shrank and stayed."""
    said = [told["change"] for _, _, told in graph.edges(data=True)]
    return ((change, said.count(change)) for change in ("came", "went", "grew", "shrank", "same"))


def table(graph: "Graph", format_: str = "table") -> str:
    """The edges that changed, and how, as text."""
    labels = {node: str(label) for node, label in graph.nodes(data="label", default="")}
    rows = [
        (labels[one], labels[other], told["change"], told["before"], told["after"])
        for one, other, told in graph.edges(data=True)
        if told["change"] != "same"
    ]
    columns = ("one", "other", "change", "before", "after")
    terms = [[Literal(value) for value in row] for row in sorted(rows)]
    return formats.choose(formats.ROWS, format_, None, what="A comparison").write(formats.Table(columns, terms, {}))


def _change(was: float, now: float) -> str:
    if not was or not now:
        return "came" if now else "went"
    return "same" if was == now else "grew" if now > was else "shrank"


def _weights(graph: "Graph") -> dict[Ends, float]:
    found: dict[Ends, float] = {}
    for one, other, weight in graph.edges(data="weight", default=1):
        ends = (one, other) if graph.is_directed() else (min(one, other), max(one, other))
        found[ends] = found.get(ends, 0) + weight
    return found


def _edge(graph: "Graph", one: str, other: str) -> dict[str, Any]:
    """What is told of an edge; of parallel ones, what the first tells."""
    told = graph.get_edge_data(one, other, default={})
    return dict(next(iter(told.values()), {})) if graph.is_multigraph() else dict(told)
