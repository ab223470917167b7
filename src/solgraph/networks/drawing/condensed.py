"""Networks too dense to read → the part to draw: the strongest nodes, and the heaviest ties of each."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from solgraph.networks.drawing.layout import Graph

#: More links than this are a hairball.
READABLE = 400
_MOST_NODES, _TIES = 80, 2

Measures = dict[str, dict[str, int | float]]


class _Tie(NamedTuple):
    """A tie as one of its nodes sees it: the other end, and the edge as networkx names it."""

    other: str
    weight: float
    edge: tuple[Any, ...]


class Condensed(NamedTuple):
    """A part of a network that can be read, and the degrees that its nodes have in all of the network."""

    graph: "Graph[str]"
    measured: Measures
    ties: int = _TIES


def condensed(graph: "Graph[str]") -> Condensed:
    """The nodes whose ties weigh most, as many of each kind, and the heaviest ties of each among them.

    Of ties that weigh the same, the one to the stronger node is kept.
    """
    ties = _ties(graph)
    measured: Measures = {
        node: {"degree": len({tie.other for tie in own}), "weighted_degree": sum(tie.weight for tie in own)}
        for node, own in ties.items()
    }
    strongest = _strongest(graph, sorted(graph, key=lambda node: (-measured[node]["weighted_degree"], node)))
    rank = {node: number for number, node in enumerate(strongest)}
    heaviest = [
        sorted((tie for tie in ties[node] if tie.other in rank), key=lambda tie: (-tie.weight, rank[tie.other]))[:_TIES]
        for node in strongest
    ]
    part: Any = graph.edge_subgraph({tie.edge for own in heaviest for tie in own}).copy()
    part.add_nodes_from((node, graph.nodes[node]) for node in strongest)
    return Condensed(part, {node: measured[node] for node in strongest})


def _ties(graph: Any) -> Mapping[str, list[_Tie]]:
    """Node → its ties, also those that lead to it; loops are none."""
    ties: dict[str, list[_Tie]] = {node: [] for node in graph}
    for start, end, *key, attributes in graph.edges(data=True, **({"keys": True} if graph.is_multigraph() else {})):
        weight = attributes.get("weight", 1)
        weight = weight if isinstance(weight, int | float) else 1
        if start != end:
            ties[start].append(_Tie(end, weight, (start, end, *key)))
            ties[end].append(_Tie(start, weight, (start, end, *key)))
    return ties


def _strongest(graph: "Graph[str]", order: Sequence[str]) -> list[str]:
    """The first nodes of an order, as many of each kind."""
    kinds = {node: str(graph.nodes[node].get("kind", "")) for node in order}
    by_kind = [[node for node in order if kinds[node] == kind] for kind in sorted(set(kinds.values()))]
    strongest = {node for nodes in by_kind for node in nodes[: _MOST_NODES // len(by_kind)]}
    return [node for node in order if node in strongest]
