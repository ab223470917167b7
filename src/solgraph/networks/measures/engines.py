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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[int]

Values = list[float | None]

#: Nodes × (nodes + edges) above which networkx needs more than some two seconds for betweenness alone.
WORK = 5_000_000


def is_large(graph: "Graph") -> bool:
    """Whether networkx would be slow on it."""
    return len(graph) * (len(graph) + graph.number_of_edges()) > WORK


def engine(graph: "Graph") -> "Networkx":
    """What computes: igraph when the graph is large and igraph is there, unless networkx was given a backend."""
    use_igraph = is_large(graph) and find_spec("igraph") and not _backends()
    return Igraph(graph) if use_igraph else Networkx(graph)


def _backends() -> list[str]:
    """The backends to which networkx was told to give its algorithms first."""
    import networkx

    config: Any = networkx.config
    return list(config.backend_priority.algos)


class Networkx:
    """Every measure as networkx defines it."""

    def __init__(self, graph: "Graph") -> None:
        self.graph = graph

    def __str__(self) -> str:
        return f"networkx, by its backend {' or '.join(_backends())} where that can" if _backends() else "networkx"

    def betweenness(self) -> Values:
        """Shortest paths through the node, as a share of those that could lead through it."""
        import networkx

        return _listed(networkx.betweenness_centrality(self.graph, normalized=True, weight=None))

    def closeness(self) -> Values:
        """Inverse mean distance to the node, times the share of nodes that reach it."""
        import networkx

        return _listed(networkx.closeness_centrality(self.graph, distance=None, wf_improved=True))

    def harmonic(self) -> Values:
        """Sum of the inverse distances to the node."""
        import networkx

        return _listed(networkx.harmonic_centrality(self.graph, distance=None))

    def clustering(self) -> Values:
        """Share of pairs of neighbours that are linked."""
        import networkx

        shares: Any = networkx.clustering(self.graph, weight=None)
        return _listed(shares)

    def eigenvector(self) -> Values | None:
        """The leading eigenvector of a connected graph, its length 1; nothing when the iteration does not settle."""
        import networkx

        try:
            return _listed(networkx.eigenvector_centrality(self.graph, max_iter=10_000, tol=1e-9, weight="weight"))
        except networkx.PowerIterationFailedConvergence:
            return None

    def pagerank(self) -> Values | None:
        """PageRank; networkx needs scipy for it, so igraph steps in, and nothing is said when both are missing."""
        import networkx

        try:
            ranks = networkx.pagerank(self.graph, alpha=0.85, max_iter=1000, tol=1e-12, weight="weight")
        except ImportError:
            return Igraph(self.graph).pagerank() if find_spec("igraph") else None
        return _listed(ranks)

    def constraint(self) -> Values:
        """Burt's constraint of an undirected graph, as networkx.constraint gives it at a cost of nodes × degree³."""
        shares: dict[int, dict[int, float]] = {}
        for node, near in self.graph.adjacency():
            total = sum(told["weight"] for told in near.values())
            shares[node] = {other: told["weight"] / total for other, told in near.items()}
        return [_constraint(node, shares) if shares[node] else None for node in range(len(shares))]

    def communities(self, seed: int) -> list[set[int]]:
        """The Louvain partition."""
        import networkx

        return [set(one) for one in networkx.community.louvain_communities(self.graph, weight="weight", seed=seed)]

    def transitivity(self) -> float:
        """Three times the triangles by the paths of two edges."""
        import networkx

        return float(networkx.transitivity(self.graph))

    def distances(self) -> tuple[int, float]:
        """The longest and the mean distance of a connected graph."""
        import networkx

        return networkx.diameter(self.graph), float(networkx.average_shortest_path_length(self.graph))


class Igraph(Networkx):
    """The same by igraph, which scales some of them otherwise."""

    def __str__(self) -> str:
        return "igraph"

    @cached_property
    def _copy(self) -> Any:
        copy = _igraph().Graph(len(self.graph), list(self.graph.edges()), directed=self.graph.is_directed())
        copy.es["weight"] = [told["weight"] for _, _, told in self.graph.edges(data=True)]
        return copy

    def betweenness(self) -> Values:
        others = len(self.graph) - 1
        pairs = others * (others - 1) / (1 if self.graph.is_directed() else 2)
        return [value / pairs if pairs else 0.0 for value in self._copy.betweenness()]

    def closeness(self) -> Values:
        others, near = len(self.graph) - 1, self._copy.closeness(mode="in", normalized=True)
        return [
            0.0 if isnan(one) else one * (size - 1) / others for one, size in zip(near, self._reached(), strict=True)
        ]

    def _reached(self) -> list[int]:
        """How many nodes reach each one, itself included."""
        if self.graph.is_directed():
            return list(self._copy.neighborhood_size(order=len(self.graph), mode="in"))
        parts = self._copy.connected_components()
        return [parts.size(number) for number in parts.membership]

    def harmonic(self) -> Values:
        others = len(self.graph) - 1
        return [value * others if others else 0.0 for value in self._copy.harmonic_centrality(mode="in")]

    def clustering(self) -> Values:
        directed = self.graph.is_directed()
        return super().clustering() if directed else _told(self._copy.transitivity_local_undirected(mode="zero"))

    def eigenvector(self) -> Values | None:
        with _seeded(1):  # the iteration starts beside the degrees, by chance
            values = self._copy.eigenvector_centrality(weights="weight")
        length = sum(value * value for value in values) ** 0.5
        return [value / length for value in values]

    def pagerank(self) -> Values | None:
        return _told(self._copy.pagerank(damping=0.85, weights="weight"))

    def constraint(self) -> Values:
        return _told(self._copy.constraint(weights="weight"))

    def communities(self, seed: int) -> list[set[int]]:
        with _seeded(seed):
            return [set(one) for one in self._copy.community_multilevel(weights="weight")]

    def transitivity(self) -> float:
        return float(self._copy.transitivity_undirected(mode="zero"))

    def distances(self) -> tuple[int, float]:
        return self._copy.diameter(directed=False), self._copy.average_path_length(directed=False)


def _constraint(node: int, shares: Mapping[int, Mapping[int, float]]) -> float:
    """The sum over neighbours of the squared share of the node's ties that lead to them, straight or round a corner."""
    own = shares[node]
    around = (
        (share, sum(own[via] * shares[via][other] for via in own if other in shares[via]))
        for other, share in own.items()
    )
    return sum((straight + round_a_corner) ** 2 for straight, round_a_corner in around)


def _igraph() -> Any:
    """The library igraph, which tells mypy nothing about itself."""
    return import_module("igraph")


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Let igraph draw from a generator of its own, and from Python's, as it is wont to, afterwards."""
    _igraph().set_random_number_generator(random.Random(seed))
    try:
        yield
    finally:
        _igraph().set_random_number_generator(random)


def _listed(values: Mapping[int, float]) -> Values:
    return _told(values[node] for node in range(len(values)))


def _told(values: Iterable[float]) -> Values:
    return [None if isnan(value) else float(value) for value in values]
