"""The slow measures, by networkx or, where networkx would take minutes, by igraph; the values are the same.

Graphs here are simple, without self-loops, their nodes are 0, 1, 2 …, and every edge has a ``weight`` above zero. A
list of values has one for each node. Distances count steps: a weight is a strength and never a length.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from math import isnan
from typing import Any

import networkx

Graph = networkx.Graph
Values = list[float | None]

#: Nodes × (nodes + edges) above which networkx needs more than about two seconds for betweenness alone.
WORK = 5_000_000


def is_large(graph: "Graph[Any]") -> bool:
    """Whether networkx would be slow on it."""
    return len(graph) * (len(graph) + graph.number_of_edges()) > WORK


def choose_backend(graph: "Graph[int]") -> "NetworkxBackend":
    """igraph when the graph is large and igraph is installed, unless networkx has a backend of its own configured."""
    use_igraph = is_large(graph) and find_spec("igraph") and not _configured_backends()
    return IgraphBackend(graph) if use_igraph else NetworkxBackend(graph)


def is_forwarded() -> bool:
    """Whether networkx passes its algorithms to a backend, and igraph is therefore not used."""
    return bool(_configured_backends())


def _configured_backends() -> list[str]:
    """The backends to which networkx passes its algorithms first."""
    config: Any = networkx.config
    return list(config.backend_priority.algos)


class NetworkxBackend:
    """Every measure as networkx defines it."""

    def __init__(self, graph: "Graph[int]") -> None:
        self.graph = graph

    def __str__(self) -> str:
        names = " or ".join(_configured_backends())
        return f"networkx, by its backend {names} where that can" if names else "networkx"

    def betweenness(self) -> Values:
        """Share, from 0 to 1, of the shortest paths between others that pass through the node (Freeman 1978)."""
        return _in_order(networkx.betweenness_centrality(self.graph, normalized=True, weight=None))

    def closeness(self) -> Values:
        """Inverse mean distance to the node, times the share of nodes that reach it (Wasserman & Faust 1994)."""
        return _in_order(networkx.closeness_centrality(self.graph, distance=None, wf_improved=True))

    def harmonic(self) -> Values:
        """Sum of the inverse distances to the node, not normalised (Rochat 2009)."""
        return _in_order(networkx.harmonic_centrality(self.graph, distance=None))

    def clustering(self) -> Values:
        """Share of pairs of neighbours that are linked (Watts & Strogatz 1998; directed: Fagiolo 2007)."""
        return _in_order(networkx.clustering(self.graph, weight=None))  # type: ignore[arg-type]

    def eigenvector(self) -> Values | None:
        """The leading eigenvector of a connected graph (Bonacich 1987), of length 1; None if it does not converge."""
        try:
            return _in_order(networkx.eigenvector_centrality(self.graph, max_iter=10_000, tol=1e-9, weight="weight"))
        except networkx.PowerIterationFailedConvergence:
            return None

    def pagerank(self) -> Values | None:
        """PageRank (Brin & Page 1998), which sums to 1; None when neither scipy nor igraph is installed."""
        try:
            ranks = networkx.pagerank(self.graph, alpha=0.85, max_iter=1000, tol=1e-12, weight="weight")
        except ImportError:
            return IgraphBackend(self.graph).pagerank() if find_spec("igraph") else None
        return _in_order(ranks)

    def constraint(self) -> Values:
        """Burt's constraint (1992) of an undirected graph; networkx.constraint takes nodes × degree³ steps for it."""
        shares: dict[int, dict[int, float]] = {}
        for node, neighbours in self.graph.adjacency():
            total = sum(edge["weight"] for edge in neighbours.values())
            shares[node] = {neighbour: edge["weight"] / total for neighbour, edge in neighbours.items()}
        return [_constraint(node, shares) if shares[node] else None for node in range(len(shares))]

    def communities(self, seed: int) -> list[set[int]]:
        """The Louvain partition (Blondel et al. 2008)."""
        return list(networkx.community.louvain_communities(self.graph, weight="weight", seed=seed))

    def transitivity(self) -> float:
        """Three times the triangles by the paths of two edges (Newman et al. 2001)."""
        return float(networkx.transitivity(self.graph))

    def distances(self) -> tuple[int, float]:
        """The longest and the mean distance of a connected graph, in steps."""
        return networkx.diameter(self.graph), float(networkx.average_shortest_path_length(self.graph))


class IgraphBackend(NetworkxBackend):
    """The same by igraph, which scales some of the values differently."""

    def __str__(self) -> str:
        return "igraph"

    @cached_property
    def _copy(self) -> Any:
        copy = import_module("igraph").Graph(
            len(self.graph), list(self.graph.edges()), directed=self.graph.is_directed()
        )
        copy.es["weight"] = [edge["weight"] for *_, edge in self.graph.edges(data=True)]
        return copy

    def betweenness(self) -> Values:
        others = len(self.graph) - 1
        pairs = others * (others - 1) / (1 if self.graph.is_directed() else 2)
        return [value / pairs if pairs else 0.0 for value in self._copy.betweenness()]

    def closeness(self) -> Values:
        others, near = len(self.graph) - 1, self._copy.closeness(mode="in", normalized=True)
        reached = zip(near, self._reached(), strict=True)
        return [0.0 if isnan(value) else value * (size - 1) / others for value, size in reached]

    def _reached(self) -> list[int]:
        """How many nodes reach each node, itself included."""
        if self.graph.is_directed():
            return list(self._copy.neighborhood_size(order=len(self.graph), mode="in"))
        parts = self._copy.connected_components()
        return [parts.size(number) for number in parts.membership]

    def harmonic(self) -> Values:
        others = len(self.graph) - 1
        return [value * others if others else 0.0 for value in self._copy.harmonic_centrality(mode="in")]

    def clustering(self) -> Values:
        if self.graph.is_directed():
            return super().clustering()
        return _defined(self._copy.transitivity_local_undirected(mode="zero"))

    def eigenvector(self) -> Values | None:
        with seeded(1):  # the iteration starts near the degrees, at random
            values = self._copy.eigenvector_centrality(weights="weight")
        length = sum(value * value for value in values) ** 0.5
        return [value / length for value in values]

    def pagerank(self) -> Values | None:
        return _defined(self._copy.pagerank(damping=0.85, weights="weight"))

    def constraint(self) -> Values:
        return _defined(self._copy.constraint(weights="weight"))

    def communities(self, seed: int) -> list[set[int]]:
        with seeded(seed):
            return list(map(set, self._copy.community_multilevel(weights="weight")))

    def transitivity(self) -> float:
        return float(self._copy.transitivity_undirected(mode="zero"))

    def distances(self) -> tuple[int, float]:
        return self._copy.diameter(directed=False), self._copy.average_path_length(directed=False)


def _constraint(node: int, shares: Mapping[int, Mapping[int, float]]) -> float:
    """The sum over neighbours of the squared share of the node's ties that lead to them, directly or through others."""
    own = shares[node]
    through = {
        neighbour: sum(own[via] * shares[via][neighbour] for via in own if neighbour in shares[via])
        for neighbour in own
    }  # fmt: skip
    return sum((share + through[neighbour]) ** 2 for neighbour, share in own.items())


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let igraph draw from a generator of its own, and afterwards from Python's, which is its default."""
    igraph = import_module("igraph")
    igraph.set_random_number_generator(random.Random(seed))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _in_order(values: Mapping[int, float]) -> Values:
    return _defined(values[node] for node in range(len(values)))


def _defined(values: Iterable[float]) -> Values:
    return [None if isnan(value) else float(value) for value in values]
