"""Dense networks → networks that can be read: of each node only the ties to the others that are closest to it."""

from collections.abc import Callable
from math import hypot, inf
from typing import Any

from solgraph.networks.drawing.geometry import coordinates

#: What two nodes share, and the weight of their tie, or the other way round.
Closeness = tuple[float, float]


def without_weaker_ties(graph: Any, count: int, *, by_weight: bool = False) -> int:
    """Remove the ties that are for neither of their ends among the ``count`` strongest; how many were removed.

    A tie is as strong as what both share, then as its weight, or the other way round. Of ties that are equally strong
    the one to the node counts that is tied least to others, and so is most alike, then the one to the nearest: a hub to
    which all are tied alike says nothing of any of them. Loops stay.
    """
    ties = _ties(graph, by_weight)
    strength = {node: sum(weight for weight, _ in own.values()) for node, own in ties.items()}
    kept: set[frozenset[str]] = set()
    for node, own in ties.items():
        away = _distances(graph, node)
        order = sorted(own, key=lambda other: (-own[other][0], -own[other][1], strength[other], away(other), other))
        kept |= {frozenset((node, other)) for other in order[:count]}
    edges = graph.edges(keys=True) if graph.is_multigraph() else graph.edges()
    weaker = [edge for edge in edges if edge[0] != edge[1] and frozenset(edge[:2]) not in kept]
    graph.remove_edges_from(weaker)
    return len(weaker)


def _distances(graph: Any, node: str) -> Callable[[str], float]:
    """How far others are from a node, roughly, in degrees; what has no coordinates is farthest."""
    here = coordinates(graph.nodes[node])

    def away(other: str) -> float:
        there = coordinates(graph.nodes[other])
        return hypot(0.6 * (here[0] - there[0]), here[1] - there[1]) if here and there else inf

    return away


def _ties(graph: Any, by_weight: bool) -> dict[str, dict[str, Closeness]]:
    """Node → the others to which it is tied in either direction → how closely; parallel ties together."""
    ties: dict[str, dict[str, Closeness]] = {node: {} for node in graph}
    for first, second, edge in graph.edges(data=True):
        if first != second:
            parts = edge.get("shared", 1), edge.get("weight", 1)
            strength, further = parts[::-1] if by_weight else parts
            for node, other in ((first, second), (second, first)):
                before = ties[node].get(other, (0, 0))
                ties[node][other] = before[0] + strength, before[1] + further
    return ties
