"""How far partitions of the same nodes agree, and partitions of two-mode networks."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx

Partition = Sequence[int]


def rand_index(first: Partition, second: Partition) -> float:
    """The adjusted Rand index of two partitions (Hubert & Arabie 1985): 1 the same, 0 as alike as by chance.

    A partition gives the community of each node, in the order of the nodes.
    """
    both, one, other = (_pairs(labels) for labels in (zip(first, second, strict=True), first, second))
    by_chance = one * other / max(comb(len(first), 2), 1)
    most = (one + other) / 2
    return 1.0 if most == by_chance else (both - by_chance) / (most - by_chance)


def _pairs(labels: Iterable[Any]) -> int:
    return sum(comb(count, 2) for count in Counter(labels).values())


def most_central(partitions: Sequence[Partition]) -> tuple[Partition, float]:
    """The partition that agrees most with the others, and the mean agreement of all pairs (1 if there is one)."""
    agreement = [0.0] * len(partitions)
    for first, second in combinations(range(len(partitions)), 2):
        index = rand_index(partitions[first], partitions[second])
        agreement[first] += index
        agreement[second] += index
    pairs = len(partitions) * (len(partitions) - 1)
    best = max(range(len(partitions)), key=lambda number: agreement[number])
    return partitions[best], sum(agreement) / pairs if pairs else 1.0


def two_mode_modularity(graph: "networkx.Graph[int]", first_mode: set[int], labels: Partition) -> float:
    """Barber's modularity (2007): how far ties lie within communities beyond chance, which links only the two modes."""
    strength: Any = graph.degree(weight="weight")
    total = sum(strength[node] for node in first_mode)
    inside = sum(edge["weight"] for start, end, edge in graph.edges(data=True) if labels[start] == labels[end])
    own, other = Counter[int](), Counter[int]()
    for node, label in enumerate(labels):
        (own if node in first_mode else other)[label] += strength[node]
    return float((inside - sum(own[label] * other[label] for label in own) / total) / total)


def improved(graph: "networkx.Graph[int]", first_mode: set[int], labels: Partition) -> Partition:
    """The partition after moves of single nodes that raise Barber's modularity, until none does (BRIM, Barber 2007).

    The two modes move in turn; a node goes to the community with which it is tied most beyond chance, and stays where
    it is unless another is better.
    """
    strength: Any = graph.degree(weight="weight")
    labels, total = list(labels), sum(strength[node] for node in first_mode)
    second_mode = set(graph) - first_mode
    best, before = two_mode_modularity(graph, first_mode, labels), float("-inf")
    while best > before + 1e-12:
        for moving, others in ((first_mode, second_mode), (second_mode, first_mode)):
            weight_of = Counter[int]()
            for node in others:
                weight_of[labels[node]] += strength[node]
            for node in sorted(moving):
                labels[node] = _best(graph, node, labels, weight_of, strength[node] / total)
        before, best = best, two_mode_modularity(graph, first_mode, labels)
    return labels


def _best(graph: "networkx.Graph[int]", node: int, labels: Partition, weight_of: Counter[int], share: float) -> int:
    ties = Counter[int]()
    for neighbour, edge in graph[node].items():
        ties[labels[neighbour]] += edge["weight"]
    gain = {label: ties[label] - share * weight_of[label] for label in {*ties, labels[node]}}
    return max(sorted(gain), key=lambda label: (gain[label], label == labels[node]))
