"""Measures of the nodes of a network: a row for each node, values as networkx defines them (``docs/measures.md``)."""

from collections.abc import Mapping, Sequence
from typing import Any

import networkx
from networkx.algorithms import bipartite

from solgraph.networks.measures.backends import Values, is_large
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.measures.simple_graph import Graph, SimpleGraph

Columns = dict[str, Sequence[Any]]


class Measures(Sheet):
    """A row of measures for each node, and the modularity of the partition into communities.

    >>> table = solgraph.measures(kg.network("transfer"))
    >>> table.columns[:5], len(table)
    (('node', 'label', 'kind', 'degree', 'in_degree'), 5)
    >>> round(table.modularity, 2)
    0.44
    """

    title = "A table of measures"

    modularity: float | None = None

    def as_attributes(self) -> dict[Any, dict[str, int | float]]:
        """The measures of each node, for ``networkx.set_node_attributes``; those not defined are left out.

        >>> solgraph.measures(kg.network("transfer")).as_attributes()["programme:bologna-connettiamoci"]["degree"]
        1
        """
        names = [name for name in self.columns if name not in ("node", "label", "kind")]
        return {row["node"]: {name: row[name] for name in names if row[name] is not None} for row in self.rows}


def measures(graph: "Graph[Any]", *, seed: int = 1, runs: int | None = None) -> Measures:
    """The measures of every node of a network, of any kind of networkx graph, in the order of its nodes.

    They are taken on the simple graph: parallel edges are joined, their weights added up, and self-loops left out.
    Distances count steps: a weight (1 when missing) is a strength and never a length. Only degrees, centralities and
    clustering regard direction. Communities are those of :func:`summary`, by ``seed`` and ``runs``.

    >>> graph = kg.network("transfer")
    >>> table = solgraph.measures(graph)
    >>> [(row["label"], row["degree"], row["in_degree"]) for row in table][:2]
    [('Connettiamoci! Coltivare Comunità', 1, 0), ('Community Lab method, Emilia-Romagna', 1, 1)]
    """
    simple = SimpleGraph(graph, seed, runs)
    labels = [node.get("label", str(key)) for key, node in graph.nodes(data=True)]
    columns: Columns = {"node": simple.names, "label": labels, "kind": simple.kinds}
    columns |= _degrees(simple) | _centralities(simple) | _neighbourhoods(simple)
    if simple.two_mode:
        columns |= _two_mode(simple, columns)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    sheet = Measures(tuple(columns), rows, simple.notes)
    sheet.modularity = simple.modularity
    return sheet


def put_on_nodes(graph: "Graph[Any]", *, seed: int = 1, runs: int | None = None) -> "Graph[Any]":
    """The network with its measures as attributes of its nodes; the name of one that is taken is followed by a ``_``.

    The attribute ``measures`` of the network says how they were computed.
    """
    table = measures(graph, seed=seed, runs=runs)
    taken = {name for _, node in graph.nodes(data=True) for name in node}
    for key, values in table.as_attributes().items():
        graph.nodes[key].update({f"{name}_" if name in taken else name: value for name, value in values.items()})
    graph.graph["measures"] = " ".join([*table.notes, f"Seed {seed}."])
    return graph


def _degrees(simple: SimpleGraph) -> Columns:
    """Numbers of neighbours (Freeman 1978) and sums of weights (Barrat et al. 2004)."""
    graph: Any = simple.graph
    degrees = {"degree": graph.degree}
    if graph.is_directed():
        degrees |= {"in_degree": graph.in_degree, "out_degree": graph.out_degree}
    columns = {name: [degree(node) for node in graph] for name, degree in degrees.items()}
    return columns | {"weighted_degree": [graph.degree(node, weight="weight") for node in graph]}


def _centralities(simple: SimpleGraph) -> Columns:
    backend = simple.directed_backend
    directed = simple.graph.is_directed()
    return {
        "betweenness": backend.betweenness(),
        "closeness": backend.closeness(),
        "harmonic": backend.harmonic(),
        **({"pagerank": _pagerank(simple)} if directed else {"eigenvector": _eigenvector(simple)}),
    }


def _eigenvector(simple: SimpleGraph) -> Values:
    """Of the largest component alone: beside it the leading eigenvector is 0 or, when two are alike, arbitrary."""
    parts, values = simple.components(), Values()
    if not simple.linked:
        simple.notes.append("eigenvector: not defined, there is no edge.")
    elif len(parts) > 1 and len(parts[0]) == len(parts[1]):
        simple.notes.append("eigenvector: left out, no component is the largest.")
    else:
        values = type(simple.backend)(simple.part(parts[0])).eigenvector() or []
        scope = f"only in the largest component, {len(parts[0])} of {len(simple.names)} nodes"
        if not values or len(parts) > 1:
            simple.notes.append(f"eigenvector: {scope if values else 'left out, the iteration does not settle'}.")
    by_node = dict(zip(sorted(parts[0]), values, strict=True)) if values else {}
    return [by_node.get(node) for node in simple.undirected]


def _pagerank(simple: SimpleGraph) -> Values:
    ranks = simple.directed_backend.pagerank() if simple.names else []
    if ranks is None:
        simple.notes.append("pagerank: left out, it needs scipy or igraph: pip install 'solgraph[fast]'")
    return [None] * len(simple.names) if ranks is None else ranks


def _neighbourhoods(simple: SimpleGraph) -> Columns:
    cores = networkx.core_number(simple.undirected)  # Seidman 1983
    community = {node: number for number, nodes in enumerate(simple.communities, 1) for node in nodes}
    return {
        "clustering": simple.directed_backend.clustering(),
        "core_number": [cores[node] for node in simple.undirected],
        "community": [community[node] for node in simple.undirected],
        "constraint": simple.backend.constraint(),
        "effective_size": _effective_size(simple),
    }


def _effective_size(simple: SimpleGraph) -> Values:
    """Neighbours less the mean number of ties that each has to the others: Borgatti's form (1997) of Burt's measure.

    networkx.effective_size gives the same without direction and weights, but visits every pair of neighbours.
    """
    triangles: Any = networkx.triangles(simple.undirected)
    degrees: Any = simple.undirected.degree()
    return [degree - 2 * triangles[node] / degree if degree else None for node, degree in degrees]


def _two_mode(simple: SimpleGraph, columns: Mapping[str, Sequence[Any]]) -> Columns:
    """The measures scaled by the greatest value that a node of its mode can have (Borgatti & Everett 1997)."""
    sides = simple.sides()
    if not sides:
        simple.notes.append(
            "two-mode measures: not defined, `bipartite` of the nodes (0 and 1) does not make two modes."
        )
        names = ("two_mode_degree", "two_mode_betweenness", "two_mode_closeness", "redundancy")
        return {name: [None] * len(simple.names) for name in names}
    degree = bipartite.degree_centrality(simple.undirected, sides[0])
    same = simple.graph is simple.undirected
    between = columns["betweenness"] if same else simple.backend.betweenness()
    close = columns["closeness"] if same else simple.backend.closeness()
    return {
        "two_mode_degree": [degree[node] for node in simple.undirected],
        "two_mode_betweenness": _scaled_betweenness(between, sides),
        "two_mode_closeness": _scaled_closeness(close, sides, simple),
        "redundancy": _redundancy(simple),
    }


def _scaled_betweenness(values: Sequence[Any], sides: tuple[list[int], list[int]]) -> Values:
    """networkx.bipartite.betweenness_centrality, which divides by zero when a mode has a single node."""
    first = set(sides[0])
    pairs = (len(values) - 1) * (len(values) - 2) / 2
    own, other = map(len, sides)
    most = (_greatest_betweenness(own, other), _greatest_betweenness(other, own))
    greatest = [most[node not in first] for node in range(len(values))]
    return [value * pairs / limit if limit else None for value, limit in zip(values, greatest, strict=True)]


def _greatest_betweenness(own: int, other: int) -> float:
    """The most paths that can lead through a node of a mode of so many nodes (Borgatti & Everett 1997)."""
    s, t = divmod(own - 1, other)
    return (other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2


def _scaled_closeness(values: Sequence[Any], sides: tuple[list[int], list[int]], simple: SimpleGraph) -> Values:
    """networkx.bipartite.closeness_centrality, from the closeness that has been computed already."""
    first = set(sides[0])
    own, other = map(len, sides)
    least = (other + 2 * (own - 1), own + 2 * (other - 1))
    reached = {node: len(part) - 1 for part in simple.components() for node in part}
    return [
        value * least[node not in first] / reached[node] if reached[node] else 0.0 for node, value in enumerate(values)
    ]


def _redundancy(simple: SimpleGraph) -> Values:
    """Share of pairs of neighbours that stay linked without the node (Latapy et al. 2008)."""
    if is_large(simple.undirected):
        simple.notes.append("redundancy: left out of a network of this size.")
        return [None] * len(simple.names)
    brokers = [node for node in simple.undirected if len(simple.undirected[node]) > 1]
    values = bipartite.node_redundancy(simple.undirected, brokers)
    return [values.get(node) for node in simple.undirected]
