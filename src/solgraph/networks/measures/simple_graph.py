"""The simple graph on which measures are taken."""

from collections.abc import Iterator
from functools import cached_property
from math import inf
from numbers import Real
from typing import Any

import networkx

from solgraph.errors import DataError
from solgraph.networks.measures.backends import choose_backend
from solgraph.networks.measures.partitions import Partition, improved, most_central, two_mode_modularity

Graph = networkx.Graph
#: Times that communities are looked for, each with another seed; in a network with many edges it is once.
RUNS = 10
MANY_EDGES = 100_000


class SimpleGraph:
    """A graph with a single weighted edge for each linked pair, its nodes numbered in their order.

    Numbers for nodes make sums and partitions independent of Python's hash seed. ``undirected`` is the same without
    direction, the weights of both directions added up. Raises :class:`DataError` for an unusable weight.
    """

    def __init__(self, graph: "Graph[Any]", seed: int = 1, runs: int | None = None) -> None:
        self.names = list(graph)
        self.kinds = [node.get("kind") for _, node in graph.nodes(data=True)]
        self.modes = [node.get("bipartite") for _, node in graph.nodes(data=True)]
        self.countries = [node.get("country") for _, node in graph.nodes(data=True)]
        self.undirected = self._collapse(graph, networkx.Graph())
        self.graph = self._collapse(graph, networkx.DiGraph()) if graph.is_directed() else self.undirected
        self.backend = choose_backend(self.undirected)
        self.directed_backend = type(self.backend)(self.graph) if graph.is_directed() else self.backend
        self.two_mode = graph.graph.get("mode") == "two-mode"
        self.notes = [f"Computed by {self.backend}.", *self._left_out(graph)]
        self._seed, self.runs = seed, runs or (RUNS if self.undirected.number_of_edges() <= MANY_EDGES else 1)

    def _collapse(self, graph: "Graph[Any]", simple: "Graph[int]") -> "Graph[int]":
        number = {node: position for position, node in enumerate(self.names)}
        simple.add_nodes_from(range(len(self.names)))
        for first, second, edge in graph.edges(data=True):
            weight, ends = _weight(first, second, edge.get("weight", 1)), (number[first], number[second])
            if first != second:
                before = simple.edges[ends]["weight"] if simple.has_edge(*ends) else 0
                simple.add_edge(*ends, weight=before + weight)
        return simple

    def _left_out(self, graph: "Graph[Any]") -> Iterator[str]:
        loops = networkx.number_of_selfloops(graph)
        parallel = graph.number_of_edges() - loops - self.graph.number_of_edges()
        if loops:
            yield f"Self-loops left out: {loops}."
        if parallel:
            yield f"Parallel edges joined, their weights added up: {parallel} beyond the first."

    @property
    def linked(self) -> bool:
        """Whether there is an edge at all."""
        return self.undirected.number_of_edges() > 0

    def sides(self) -> tuple[list[int], list[int]] | None:
        """The nodes of the two modes, ``bipartite`` 0 and 1; None where an edge or a node does not fit that."""
        first, second = ([node for node in self.undirected if self.modes[node] == mode] for mode in (0, 1))
        within = any(self.modes[start] == self.modes[end] for start, end in self.undirected.edges())
        return None if within or set(self.modes) != {0, 1} else (first, second)

    def kinds_of(self, side: list[int]) -> str:
        """What the nodes of a mode are called."""
        return ", ".join(dict.fromkeys(str(self.kinds[node]) for node in side))

    def components(self) -> list[set[int]]:
        """The connected parts without regard to direction, the largest first."""
        return sorted(networkx.connected_components(self.undirected), key=len, reverse=True)

    def part(self, nodes: set[int]) -> "Graph[int]":
        """Some of the nodes as an undirected graph of their own, numbered anew in their order."""
        number = {node: position for position, node in enumerate(sorted(nodes))}
        part: Graph[int] = networkx.Graph()
        part.add_nodes_from(number.values())
        edges = self.undirected.edges(number, data=True)
        part.add_edges_from((number[start], number[end], edge) for start, end, edge in edges)
        return part

    @cached_property
    def communities(self) -> list[set[int]]:
        """The communities, the largest first, among equals that of the first node."""
        groups: dict[int, set[int]] = {}
        for node, label in enumerate(self._partition[0]):
            groups.setdefault(label, set()).add(node)
        return sorted(groups.values(), key=lambda nodes: (-len(nodes), min(nodes)))

    @property
    def agreement(self) -> float | None:
        """Mean adjusted Rand index of the runs, None for a single run."""
        return self._partition[1] if self.runs > 1 else None

    @property
    def modularity(self) -> float | None:
        """The modularity of the communities (Newman & Girvan 2004; two-mode: Barber 2007), None without an edge."""
        if not self.linked:
            return None
        if sides := self._sides:
            return two_mode_modularity(self.undirected, {*sides[0]}, self._partition[0])
        return float(networkx.community.modularity(self.undirected, self.communities, weight="weight"))

    @cached_property
    def _partition(self) -> tuple[Partition, float]:
        """The partition that agrees most with those of other seeds, and how far they agree."""
        return most_central([self._labels(self._seed + run) for run in range(self.runs)]) if self.names else ([], 1.0)

    def _labels(self, seed: int) -> Partition:
        by_node = {
            node: number for number, nodes in enumerate(self.backend.communities(seed)) for node in nodes
        }  # fmt: skip
        labels = [by_node[node] for node in self.undirected]
        return improved(self.undirected, {*self._sides[0]}, labels) if self._sides and self.linked else labels

    @cached_property
    def _sides(self) -> tuple[list[int], list[int]] | None:
        return self.sides() if self.two_mode and self.names else None


def _weight(first: object, second: object, weight: Any) -> Any:
    if isinstance(weight, Real) and 0 < float(weight) < inf:
        return weight
    raise DataError(f"the edge {first} – {second} has the weight {weight!r}.", hint="A weight is a number above zero.")
