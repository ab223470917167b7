"""A network in a handful of figures, each with a sentence on what it means (``docs/measures.md``)."""

import json
from collections import Counter
from pathlib import Path
from statistics import StatisticsError, correlation
from typing import Any, NamedTuple

import networkx
from networkx.algorithms import bipartite

from solgraph.networks.measures.igraph_summary import Figures, figures_by_igraph, is_for_igraph
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.measures.simple_graph import Graph, SimpleGraph
from solgraph.networks.model.projection import Projection


class Figure(NamedTuple):
    """What a figure means, and why it is not defined when it is not."""

    means: str
    missing: str = ""


_FIGURES = Path(__file__).with_name("figures.json").read_text("utf-8")
FIGURES = {name: Figure(*texts) for name, texts in json.loads(_FIGURES).items()}


class Summary(Sheet):
    """A row for each figure: its name, its value and what it means.

    >>> figures = solgraph.summary(kg.network("transfer"))
    >>> figures.columns
    ('name', 'value', 'meaning')
    """

    title = "A summary"

    def __getitem__(self, name: str) -> int | float | None:
        """The value of a figure.

        >>> solgraph.summary(kg.network("transfer"))["edges"]
        3
        """
        value: int | float | None = {row["name"]: row["value"] for row in self.rows}[name]
        return value


def summary(graph: "Graph[Any] | Projection", *, seed: int = 1, runs: int | None = None) -> Summary:
    """The figures of a network, of any kind of networkx graph, or of a projection, which if large is never made whole.

    Like the measures of nodes they are taken on the simple graph. In a two-mode network, density counts the pairs of
    different modes, the average degree has a row for each mode, and modularity is Barber's. Communities are looked for
    ``runs`` times, from ``seed`` on (by default ten times, in a large network once); those that agree most with the
    others are counted.

    >>> figures = solgraph.summary(kg.network("transfer"))
    >>> figures["nodes"], figures["components"]
    (5, 2)
    """
    if isinstance(graph, Projection):
        figures = figures_by_igraph(graph, seed) if is_for_igraph(graph, runs) else None
        if figures:
            return _sheet(figures, ["Computed by igraph."])
        graph = graph.to_graph()
    simple = SimpleGraph(graph, seed, runs)
    values: Figures = {
        **_counts(graph, simple),
        **_distances(simple),
        **_average_degrees(simple),
        "transitivity": _transitivity(simple),
        "degree assortativity": _degree_assortativity(simple.graph),
        "country assortativity": _country_assortativity(simple),
        "communities": len(simple.communities),
        "modularity": simple.modularity,
        "agreement of runs": simple.agreement,
    }
    return _sheet(values, simple.notes)


def _sheet(values: Figures, notes: list[str]) -> Summary:
    rows = [{"name": name, "value": value, "meaning": _meaning(name, value)} for name, value in values.items()]
    return Summary(("name", "value", "meaning"), rows, notes)


def _meaning(name: str, value: object) -> str:
    figure = FIGURES[name.partition(":")[0]]
    return figure.means if value is not None else f"Not defined: {figure.missing}."


def _counts(graph: "Graph[Any]", simple: SimpleGraph) -> dict[str, int | float | None]:
    parts = simple.components()
    return {
        "nodes": graph.number_of_nodes(),
        **{f"nodes: {mode}": count for mode, count in Counter(simple.kinds).items() if simple.two_mode},
        "edges": graph.number_of_edges(),
        "linked pairs": simple.undirected.number_of_edges(),
        "isolates": networkx.number_of_isolates(simple.undirected),
        "density": _density(simple),
        "components": len(parts),
        "largest component": len(parts[0]) if parts else 0,
    }


def _density(simple: SimpleGraph) -> float | None:
    """Share of the possible pairs that are linked, from 0 to 1 (Wasserman & Faust 1994)."""
    sides = simple.sides() if simple.two_mode else None
    if sides:
        return float(bipartite.density(simple.undirected, sides[0]))
    return float(networkx.density(simple.graph)) if len(simple.names) > 1 and not simple.two_mode else None


def _distances(simple: SimpleGraph) -> dict[str, int | float | None]:
    """Diameter and mean distance of the largest component, in steps."""
    longest, mean = None, None
    if simple.linked:
        longest, mean = type(simple.backend)(simple.part(simple.components()[0])).distances()
    return {"diameter": longest, "average path length": mean}


def _average_degrees(simple: SimpleGraph) -> dict[str, float | None]:
    sides = simple.sides() if simple.two_mode else None
    groups = {f": {simple.kinds_of(side)}": side for side in sides} if sides else {"": list(simple.graph)}
    degrees: Any = dict(simple.graph.degree())
    return {
        f"average degree{name}": sum(degrees[node] for node in nodes) / len(nodes) if nodes else None
        for name, nodes in groups.items()
    }


def _transitivity(simple: SimpleGraph) -> float | None:
    paths = any(len(simple.undirected[node]) > 1 for node in simple.undirected)
    return simple.backend.transitivity() if paths else None


def _degree_assortativity(graph: "Graph[int]") -> float | None:
    """networkx.degree_assortativity_coefficient (Newman 2003), which needs numpy and warns where it is not defined."""
    pairs = list(networkx.node_degree_xy(graph, x="out", y="in"))
    try:
        return float(correlation([start for start, _ in pairs], [end for _, end in pairs]))
    except StatisticsError:
        return None


def _country_assortativity(simple: SimpleGraph) -> float | None:
    """networkx.attribute_assortativity_coefficient (Newman 2003) of the nodes with a country, without numpy."""
    located = simple.graph.subgraph([node for node in simple.graph if simple.countries[node] is not None]).copy()
    networkx.set_node_attributes(located, dict(enumerate(simple.countries)), "country")
    pairs = list(networkx.node_attribute_xy(located, "country"))
    starts, ends = Counter(start for start, _ in pairs), Counter(end for _, end in pairs)
    by_chance: int = sum(count * ends[country] for country, count in starts.items())
    if by_chance == len(pairs) ** 2:
        return None
    within: int = sum(start == end for start, end in pairs)
    return (within * len(pairs) - by_chance) / (len(pairs) ** 2 - by_chance)
