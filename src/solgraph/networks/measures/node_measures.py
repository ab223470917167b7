"""Measures of the nodes of a network: a row for each node, values as networkx defines them (``docs/measures.md``)."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from solgraph.errors import DataError, MissingExtra
from solgraph.formats import rows as formats
from solgraph.networks.measures import engines as fast
from solgraph.networks.measures.engines import Values
from solgraph.rdf.namespaces import XSD

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[Any]

#: Formats for the eye, in which numbers are rounded to four significant digits.
_ROUNDED = ("table", "md", "html")


class Sheet:
    """Rows of plain values with named columns; a value that is not defined is None. Notes say what to bear in mind."""

    what = "A table of figures"

    def __init__(self, columns: Sequence[str], rows: Sequence[dict[str, Any]], notes: Sequence[str] = ()) -> None:
        self.columns, self.rows, self.notes = tuple(columns), list(rows), tuple(notes)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary per row."""
        return [dict(row) for row in self.rows]

    def to_pandas(self) -> Any:
        """A pandas DataFrame. Needs the extra ``pandas``."""
        try:
            import pandas
        except ImportError as error:
            raise MissingExtra("A DataFrame", "pandas") from error
        return pandas.DataFrame(self.rows, columns=list(self.columns))

    def text(self, format: str | None = None, *, path: Path | None = None, width: int | None = None) -> str:
        """The rows in a format of answers (``table``, ``csv``, ``json``, ``md`` …), or that of the file's ending.

        Formats for the eye round to four significant digits, the others give every digit.
        """
        chosen = formats.choose(formats.ROWS, format, path, what=self.what)
        rounded = chosen.name in _ROUNDED
        rows = [[_term(row[name], rounded) for name in self.columns] for row in self.rows]
        return chosen.write(formats.Table(self.columns, rows, {}, (), width))

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return self.text("html")


def _term(value: object, rounded: bool) -> Literal | None:
    if isinstance(value, float):
        return Literal(f"{value:.4g}" if rounded else repr(value), datatype=NamedNode(XSD + "double"))
    return None if value is None else Literal(value if isinstance(value, int) else str(value))


class Measures(Sheet):
    """A row of measures for each node, and the modularity of the partition into communities."""

    what = "A table of measures"

    def __init__(
        self, columns: Sequence[str], rows: Sequence[dict[str, Any]], notes: Sequence[str], modularity: float | None
    ) -> None:
        super().__init__(columns, rows, notes)
        self.modularity = modularity

    def as_attributes(self) -> dict[Any, dict[str, int | float]]:
        """The measures of each node, for ``networkx.set_node_attributes``; those not defined are left out."""
        names = [name for name in self.columns if name not in ("node", "label", "type")]
        return {row["node"]: {name: row[name] for name in names if row[name] is not None} for row in self.rows}


def measures(graph: "Graph", *, seed: int = 1) -> Measures:
    """The measures of every node of a network, of any kind of networkx graph, in the order of its nodes.

    They are taken on the simple graph: parallel edges are one, with the sum of their weights, self-loops are left out.
    Distances count steps: a weight (1 when missing) is a strength and never a length. Core number, communities,
    constraint, effective size and the two-mode measures disregard direction. ``seed`` orders the nodes for the Louvain
    method, which finds a good partition and not the only one.
    """
    simple = Simple(graph)
    found: dict[str, Sequence[Any]] = {
        "node": simple.names,
        "label": [told.get("label", str(node)) for node, told in graph.nodes(data=True)],
        "type": simple.types,
    }
    found |= _ties(simple)
    found |= _positions(simple)
    found |= _surroundings(simple, seed)
    if simple.two_mode:
        found |= _two_mode(simple, found)
    rows = [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
    return Measures(tuple(found), rows, simple.notes, modularity(simple, seed))


class Simple:
    """The graph on which measures are taken: one weighted edge for each linked pair, nodes numbered in their order.

    Numbers for nodes make sums and partitions independent of Python's hash seed. ``flat`` is the same without
    direction, the weights of both directions added up. Raises :class:`DataError` for a weight that is none.
    """

    def __init__(self, graph: "Graph") -> None:
        import networkx

        self.names = list(graph)
        self.types = [told.get("type") for _, told in graph.nodes(data=True)]
        self.countries = [told.get("country") for _, told in graph.nodes(data=True)]
        self.flat = self._collapsed(graph, networkx.Graph())
        self.graph = self._collapsed(graph, networkx.DiGraph()) if graph.is_directed() else self.flat
        self.engine = fast.engine(self.flat)
        self.directed = type(self.engine)(self.graph) if graph.is_directed() else self.engine
        self.two_mode = graph.graph.get("mode") == "two-mode"
        self.notes = [f"Computed by {self.engine}.", *self._left_out(graph)]
        self._partition: dict[int, list[set[int]]] = {}

    def _collapsed(self, graph: "Graph", simple: "networkx.Graph[int]") -> "networkx.Graph[int]":
        number = {node: position for position, node in enumerate(self.names)}
        simple.add_nodes_from(range(len(self.names)))
        for one, other, told in graph.edges(data=True):
            weight = _weight(one, other, told)
            ends = (number[one], number[other])
            if one != other:
                before = simple.edges[ends]["weight"] if simple.has_edge(*ends) else 0
                simple.add_edge(*ends, weight=before + weight)
        return simple

    def _left_out(self, graph: "Graph") -> Iterator[str]:
        import networkx

        loops = networkx.number_of_selfloops(graph)
        parallel = graph.number_of_edges() - loops - self.graph.number_of_edges()
        if loops:
            yield f"Self-loops left out: {loops}."
        if parallel:
            yield f"Parallel edges joined, their weights added up: {parallel} beyond the first."

    @property
    def linked(self) -> bool:
        """Whether there is an edge at all."""
        return self.flat.number_of_edges() > 0

    def sides(self) -> tuple[list[int], list[int]] | None:
        """The nodes of the two modes, that of the first node first; nothing when the graph has no two modes."""
        first = [node for node in self.flat if self.types[node] == self.types[0]]
        second = [node for node in self.flat if self.types[node] != self.types[0]]
        within = any(self.types[one] == self.types[other] for one, other in self.flat.edges())
        return None if within or not second or len(set(self.types)) != 2 else (first, second)

    def components(self) -> list[set[int]]:
        """The connected parts without regard to direction, the largest first."""
        import networkx

        return sorted(networkx.connected_components(self.flat), key=len, reverse=True)

    def part(self, nodes: set[int]) -> "networkx.Graph[int]":
        """Some of the nodes as an undirected graph of their own, numbered anew in their order."""
        number = {node: position for position, node in enumerate(sorted(nodes))}
        part = self.flat.__class__()
        part.add_nodes_from(number.values())
        part.add_edges_from((number[u], number[v], told) for u, v, told in self.flat.edges(number, data=True))
        return part

    def communities(self, seed: int) -> list[set[int]]:
        """The communities, the largest first, among equals that of the first node."""
        if seed not in self._partition:
            found = self.engine.communities(seed)
            self._partition[seed] = sorted(found, key=lambda nodes: (-len(nodes), min(nodes)))
        return self._partition[seed]


def _weight(one: object, other: object, told: Mapping[str, Any]) -> Any:
    weight = told.get("weight", 1)
    if isinstance(weight, Real) and 0 < float(weight) < inf:
        return weight
    raise DataError(f"the edge {one} – {other} has the weight {weight!r}.", hint="A weight is a number above zero.")


def _ties(simple: Simple) -> dict[str, Sequence[Any]]:
    graph: Any = simple.graph
    found = {"degree": [graph.degree(node) for node in graph]}
    if graph.is_directed():
        found |= {"in_degree": [graph.in_degree(node) for node in graph]}
        found |= {"out_degree": [graph.out_degree(node) for node in graph]}
    return found | {"weighted_degree": [graph.degree(node, weight="weight") for node in graph]}


def _positions(simple: Simple) -> dict[str, Sequence[Any]]:
    by = simple.directed
    prestige = {"pagerank": _pagerank(simple)} if simple.graph.is_directed() else {"eigenvector": _eigenvector(simple)}
    return {"betweenness": by.betweenness(), "closeness": by.closeness(), "harmonic": by.harmonic(), **prestige}


def _eigenvector(simple: Simple) -> Values:
    """Of the largest component alone: beside it the leading eigenvector is 0 or, when two are alike, arbitrary."""
    parts, values = simple.components(), Values()
    if not simple.linked:
        simple.notes.append("eigenvector: not defined, there is no edge.")
    elif len(parts) > 1 and len(parts[0]) == len(parts[1]):
        simple.notes.append("eigenvector: left out, no component is the largest.")
    else:
        values = type(simple.engine)(simple.part(parts[0])).eigenvector() or []
        said = f"only in the largest component, {len(parts[0])} of {len(simple.names)} nodes"
        if not values or len(parts) > 1:
            simple.notes.append(f"eigenvector: {said if values else 'left out, the iteration does not settle'}.")
    by_node = dict(zip(sorted(parts[0]), values, strict=True)) if values else {}
    return [by_node.get(node) for node in simple.flat]


def _pagerank(simple: Simple) -> Values:
    values = simple.directed.pagerank() if simple.names else []
    if values is None:
        simple.notes.append("pagerank: left out, it needs scipy or igraph: pip install 'solgraph[fast]'")
    return [None] * len(simple.names) if values is None else values


def _surroundings(simple: Simple, seed: int) -> dict[str, Sequence[Any]]:
    import networkx

    cores = networkx.core_number(simple.flat)
    community = {node: i for i, nodes in enumerate(simple.communities(seed), 1) for node in nodes}
    return {
        "clustering": simple.directed.clustering(),
        "core_number": [cores[node] for node in simple.flat],
        "community": [community[node] for node in simple.flat],
        "constraint": simple.engine.constraint(),
        "effective_size": _effective_size(simple),
    }


def _effective_size(simple: Simple) -> Values:
    """Neighbours less the mean number of ties that one of them has to the others: Borgatti's form of Burt's measure.

    networkx.effective_size gives the same without direction and weights, but walks over every pair of neighbours.
    """
    import networkx

    triangles: Any = networkx.triangles(simple.flat)
    degrees: list[Any] = [simple.flat.degree(node) for node in simple.flat]
    return [
        degree - 2 * triangles[node] / degree if degree else None
        for node, degree in zip(simple.flat, degrees, strict=True)
    ]


def modularity(simple: Simple, seed: int) -> float | None:
    """The modularity of the communities, nothing without an edge."""
    import networkx

    if not simple.linked:
        return None
    return float(networkx.community.modularity(simple.flat, simple.communities(seed), weight="weight"))


def _two_mode(simple: Simple, found: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The measures again, scaled by the greatest value that a node of its mode can have."""
    from networkx.algorithms import bipartite

    sides = simple.sides()
    names = ("two_mode_degree", "two_mode_betweenness", "two_mode_closeness", "redundancy")
    if not sides:
        simple.notes.append("two-mode measures: not defined, the types of the nodes do not make two modes.")
        return {name: [None] * len(simple.names) for name in names}
    degree = bipartite.degree_centrality(simple.flat, sides[0])
    same = simple.graph is simple.flat
    between = found["betweenness"] if same else simple.engine.betweenness()
    close = found["closeness"] if same else simple.engine.closeness()
    values = (
        [degree[node] for node in simple.flat],
        _scaled_betweenness(between, sides),
        _scaled_closeness(close, sides, simple),
        _redundancy(simple),
    )
    return dict(zip(names, values, strict=True))


def _scaled_betweenness(values: Sequence[Any], sides: tuple[list[int], list[int]]) -> Values:
    """networkx.bipartite.betweenness_centrality, which divides by zero when a mode has a single node."""
    first, second = set(sides[0]), set(sides[1])
    pairs = (len(values) - 1) * (len(values) - 2) / 2
    most = (_greatest_betweenness(len(first), len(second)), _greatest_betweenness(len(second), len(first)))
    found: Values = []
    for node, value in enumerate(values):
        greatest = most[node not in first]
        found.append(value * pairs / greatest if greatest else None)
    return found


def _greatest_betweenness(own: int, other: int) -> float:
    """The most paths that can lead through a node of a mode of so many nodes (Borgatti & Everett 1997)."""
    s, t = divmod(own - 1, other)
    return (other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2


def _scaled_closeness(values: Sequence[Any], sides: tuple[list[int], list[int]], simple: Simple) -> Values:
    """networkx.bipartite.closeness_centrality, from the closeness that is there already."""
    first = set(sides[0])
    own, other = len(sides[0]), len(sides[1])
    least = (other + 2 * (own - 1), own + 2 * (other - 1))
    reached = {node: len(part) - 1 for part in simple.components() for node in part}
    return [
        value * least[node not in first] / reached[node] if reached[node] else 0.0 for node, value in enumerate(values)
    ]


def _redundancy(simple: Simple) -> Values:
    from networkx.algorithms import bipartite

    if fast.is_large(simple.flat):
        simple.notes.append("redundancy: left out of a network of this size.")
        return [None] * len(simple.names)
    several = [node for node in simple.flat if len(simple.flat[node]) > 1]
    values = bipartite.node_redundancy(simple.flat, several)
    return [values.get(node) for node in simple.flat]
