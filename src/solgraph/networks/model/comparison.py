"""Two networks of the same things at two times: which nodes and edges came, went, grew and shrank."""

from collections.abc import Iterator
from typing import Any

import networkx
from pyoxigraph import Literal

from solgraph.formats import media
from solgraph.formats.rows import Table
from solgraph.networks.model.spells import with_total
from solgraph.networks.model.years import DATES

Graph = networkx.Graph
Ends = tuple[str, str]
_TIMES = ("spells", *DATES)
#: What an edge has of the one year or the other, and a comparison of both has not.
_OF_A_YEAR = (*_TIMES, "shared_certain", "weight_certain")


def compare(before: "Graph[str]", after: "Graph[str]", whole: "Graph[str] | None" = None) -> "Graph[str]":
    """One network with all nodes and edges of both; ``change`` is ``came``, ``went``, ``grew``, ``shrank`` or ``same``.

    Edges carry ``before`` and ``after``: their weights, or the number of parallel edges where there are no weights.
    ``weight`` is the larger of the two, so that edges that went remain visible. A change is ``certain`` if the edge is
    certain in each year in which it is there; in a year in which it is not, its dates or bounds exclude it. The years
    and spells of an edge are those of the ``whole``, the same network without a year; without it, there are none.
    """
    graph: Graph[str] = networkx.DiGraph() if after.is_directed() else networkx.Graph()
    graph.graph.update(after.graph)
    graph.graph["selection"] = f"{before.graph.get('selection')}, compared with {after.graph.get('selection')}"
    nodes = {**before.nodes, **after.nodes}
    for node in sorted(nodes, key=lambda node: (nodes[node].get("bipartite", 0), node)):
        attributes = {**before.nodes.get(node, {}), **after.nodes.get(node, {})}
        graph.add_node(node, **attributes, change=_change(node in before, node in after))
    old, new = _weights(before), _weights(after)
    for first, second in sorted({*old, *new}):
        was, now = old.get((first, second), 0), new.get((first, second), 0)
        weights = {"weight": max(was, now), "before": was, "after": now, "change": _change(was, now)}
        years = [_edges(year, first, second) for year in (before, after)]
        edge = {name: value for edges in years for attributes in edges[:1] for name, value in attributes.items()}
        edge = {name: value for name, value in edge.items() if name not in _OF_A_YEAR} | _times(
            whole, first, second, weights
        )
        graph.add_edge(first, second, **edge | weights | {"certainty": _certainty(years)})
    return graph


def _times(whole: "Graph[str] | None", first: str, second: str, weights: dict[str, Any]) -> dict[str, Any]:
    """The years and spells of an edge; those of parallel edges, of which each has its own, are left out."""
    edges = _edges(whole, first, second) if whole is not None else []
    times = {name: edges[0][name] for name in _TIMES if name in edges[0]} if len(edges) == 1 else {}
    if "spells" in times:
        times["spells"] = with_total(times["spells"], edges[0]["weight"], weights["weight"])
    return times


def changes(graph: "Graph[str]") -> Iterator[tuple[str, int, int]]:
    """How many edges came, went, grew, shrank and stayed the same, and how many of these changes are certain."""
    listed = [(edge["change"], edge["certainty"]) for *_, edge in graph.edges(data=True)]
    for change in ("came", "went", "grew", "shrank", "same"):
        certainties = [certainty for name, certainty in listed if name == change]
        yield change, len(certainties), certainties.count("certain")


def table(graph: "Graph[str]", format_: str = "table") -> str:
    """The edges that changed, and how, as text."""
    labels = {node: str(label) for node, label in graph.nodes(data="label", default="")}
    changed = sorted(
        (labels[first], labels[second], edge["change"], edge["before"], edge["after"], edge["certainty"])
        for first, second, edge in graph.edges(data=True)
        if edge["change"] != "same"
    )
    terms = [[Literal(value) for value in edge] for edge in changed]
    columns = ("one", "other", "change", "before", "after", "certainty")
    return media.choose(media.ROWS, format_, None, what="A comparison").write(Table(columns, terms, {}))


def _change(was: float, now: float) -> str:
    if not was or not now:
        return "came" if now else "went"
    return "same" if was == now else "grew" if now > was else "shrank"


def _weights(graph: "Graph[str]") -> dict[Ends, float]:
    weights: dict[Ends, float] = {}
    for first, second, weight in graph.edges(data="weight", default=1):
        ends = (first, second) if graph.is_directed() else (min(first, second), max(first, second))
        weights[ends] = weights.get(ends, 0) + weight
    return weights


def _edges(graph: "Graph[str]", first: str, second: str) -> list[dict[str, Any]]:
    """The attributes of the edges between two nodes, certain ones first."""
    edge = graph.get_edge_data(first, second, default={})
    edges = list(edge.values()) if graph.is_multigraph() else [edge] if edge else []
    return sorted(edges, key=lambda edge: str(edge.get("certainty", "")))


def _certainty(years: list[list[dict[str, Any]]]) -> str:
    """Whether the edge is certain in each year in which it is there."""
    return max(str(edges[0].get("certainty", "certain")) for edges in years if edges)
