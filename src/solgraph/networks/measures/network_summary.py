"""A network in a handful of figures, each with a sentence on what it means (``docs/measures.md``)."""

from collections import Counter
from statistics import StatisticsError, correlation
from typing import TYPE_CHECKING, Any, NamedTuple

from solgraph.networks.measures.node_measures import Sheet, Simple, modularity

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[Any]


class Figure(NamedTuple):
    """What a figure means, and why it is not defined when it is not."""

    means: str
    missing: str = ""


FIGURES = {
    "nodes": Figure("Number of nodes."),
    "edges": Figure("Number of edges, parallel edges and self-loops included."),
    "linked pairs": Figure("Pairs of different nodes with at least one edge; all further figures rest on these."),
    "isolates": Figure("Nodes that are linked to no other node."),
    "density": Figure("Share of the possible pairs that are linked.", "no pair of nodes could be linked"),
    "components": Figure("Parts between which no path leads, direction disregarded; an isolate is one."),
    "largest component": Figure("Number of nodes in the largest of these parts."),
    "diameter": Figure("Steps between the two nodes of the largest part that lie furthest apart.", "there is no edge"),
    "average path length": Figure("Mean number of steps between two nodes of the largest part.", "there is no edge"),
    "average degree": Figure("Mean number of ties of a node to others.", "there is no node"),
    "transitivity": Figure(
        "Share of the paths of two steps whose ends are linked too: how often partners of partners are partners.",
        "no node has two neighbours",
    ),
    "degree assortativity": Figure(
        "Correlation of the degrees at the two ends of an edge: above 0, well-linked nodes link to one another.",
        "all ends of edges have the same degree, or there is no edge",
    ),
    "country assortativity": Figure(
        "1 when edges stay within countries, 0 when countries mix as by chance, below 0 when they link to others.",
        "no edges link nodes of known and not all the same countries",
    ),
    "communities": Figure("Number of parts that the Louvain method finds; an isolate is one."),
    "modularity": Figure(
        "How far edges lie within these communities beyond chance: 0 none, from about 0.3 a clear structure.",
        "there is no edge",
    ),
}


class Summary(Sheet):
    """A row for each figure: its name, its value and what it means."""

    what = "A summary"

    def __getitem__(self, name: str) -> int | float | None:
        """The value of a figure."""
        found: int | float | None = {row["name"]: row["value"] for row in self.rows}[name]
        return found


def summary(graph: "Graph", *, seed: int = 1) -> Summary:
    """The figures of a network, of any kind of networkx graph.

    As the measures of nodes they are taken on the simple graph. In a two-mode network, density counts the pairs of
    different modes, and the average degree has a row for each mode. ``seed`` is that of the communities.
    """
    simple = Simple(graph)
    values = {
        **_counts(graph, simple),
        **_distances(simple),
        **_average_degrees(simple),
        **_mixing(simple),
        "communities": len(simple.communities(seed)),
        "modularity": modularity(simple, seed),
    }
    rows = [{"name": name, "value": value, "meaning": _meaning(name, value)} for name, value in values.items()]
    return Summary(("name", "value", "meaning"), rows, simple.notes)


def _meaning(name: str, value: object) -> str:
    figure = FIGURES[name.partition(":")[0]]
    return figure.means if value is not None else f"Not defined: {figure.missing}."


def _counts(graph: "Graph", simple: Simple) -> dict[str, int | float | None]:
    parts = simple.components()
    return {
        "nodes": graph.number_of_nodes(),
        "edges": graph.number_of_edges(),
        "linked pairs": simple.flat.number_of_edges(),
        "isolates": sum(1 for node in simple.flat if not simple.flat[node]),
        "density": _density(simple),
        "components": len(parts),
        "largest component": len(parts[0]) if parts else 0,
    }


def _density(simple: Simple) -> float | None:
    import networkx
    from networkx.algorithms import bipartite

    sides = simple.sides() if simple.two_mode else None
    if sides:
        return float(bipartite.density(simple.flat, sides[0]))
    return float(networkx.density(simple.graph)) if len(simple.names) > 1 and not simple.two_mode else None


def _distances(simple: Simple) -> dict[str, int | float | None]:
    found: tuple[int | None, float | None] = (None, None)
    if simple.linked:
        found = type(simple.engine)(simple.part(simple.components()[0])).distances()
    return {"diameter": found[0], "average path length": found[1]}


def _average_degrees(simple: Simple) -> dict[str, float | None]:
    sides = simple.sides() if simple.two_mode else None
    groups = {f": {simple.types[side[0]]}": side for side in sides} if sides else {"": list(simple.graph)}
    degrees: Any = dict(simple.graph.degree())
    return {
        f"average degree{name}": sum(degrees[node] for node in nodes) / len(nodes) if nodes else None
        for name, nodes in groups.items()
    }


def _mixing(simple: Simple) -> dict[str, float | None]:
    paths = any(len(simple.flat[node]) > 1 for node in simple.flat)
    return {
        "transitivity": simple.engine.transitivity() if paths else None,
        "degree assortativity": _degree_assortativity(simple.graph),
        "country assortativity": _country_assortativity(simple),
    }


def _degree_assortativity(graph: "networkx.Graph[int]") -> float | None:
    """networkx.degree_assortativity_coefficient, which needs numpy and warns where it is not defined."""
    import networkx

    pairs = list(networkx.node_degree_xy(graph, x="out", y="in"))
    try:
        return float(correlation([one for one, _ in pairs], [other for _, other in pairs]))
    except StatisticsError:
        return None


def _country_assortativity(simple: Simple) -> float | None:
    """networkx.attribute_assortativity_coefficient of the nodes whose country is known, without numpy."""
    import networkx

    known = simple.graph.subgraph([node for node in simple.graph if simple.countries[node] is not None]).copy()
    networkx.set_node_attributes(known, dict(enumerate(simple.countries)), "country")
    pairs = list(networkx.node_attribute_xy(known, "country"))
    starts, ends = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance: int = sum(count * ends[country] for country, count in starts.items())
    if by_chance == len(pairs) ** 2:
        return None
    within = sum(1 for one, other in pairs if one == other)
    return (within * len(pairs) - by_chance) / (len(pairs) ** 2 - by_chance)
