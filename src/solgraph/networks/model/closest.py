"""Dense networks → networks that can be read: of each node only the ties to the others that are closest to it."""

from typing import Any

Closeness = tuple[float, float]


def without_weaker_ties(graph: Any, count: int, *, by_weight: bool = False) -> int:
    """Remove the ties that are for neither of their ends among the ``count`` strongest; how many were removed.

    A tie is as strong as what both share, then as its weight, or the other way round. Of ties that are equally strong
    the one to the stronger node counts. Loops stay.
    """
    ties = _ties(graph, by_weight)
    strength = {node: sum(weight for weight, _ in own.values()) for node, own in ties.items()}
    kept = {frozenset((node, other)) for node, own in ties.items() for other in _closest(own, strength)[:count]}
    edges = graph.edges(keys=True) if graph.is_multigraph() else graph.edges()
    weaker = [edge for edge in edges if edge[0] != edge[1] and frozenset(edge[:2]) not in kept]
    graph.remove_edges_from(weaker)
    return len(weaker)


def _closest(own: dict[str, Closeness], strength: dict[str, float]) -> list[str]:
    return sorted(own, key=lambda other: (*(-part for part in own[other]), -strength[other], other))


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
