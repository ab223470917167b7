"""The figures of a large projection by igraph, its edges from sparse products: no graph of dictionaries is made."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from solgraph.networks.measures.backends import is_forwarded, seeded
from solgraph.networks.measures.simple_graph import MANY_EDGES
from solgraph.networks.model.projection import Projection

Figures = dict[str, int | float | None]


def is_for_igraph(projection: Projection, runs: int | None) -> bool:
    """Whether it may have so many edges that communities are looked for once, and all that is needed is installed."""
    pairs = sum(len(thing.nodes) * (len(thing.nodes) - 1) // 2 for thing in projection.things.values())
    installed = all(map(find_spec, ("igraph", "numpy", "scipy")))
    return pairs > MANY_EDGES and (runs or 1) == 1 and installed and not is_forwarded()


def figures_by_igraph(projection: Projection, seed: int) -> Figures | None:
    """The figures under their names, in order; None if there are fewer edges than it seemed.

    Raises :class:`WrongUse` for more edges than may be. The notes of the projection are complete afterwards.
    """
    graph = _graph(projection)
    if graph.ecount() <= MANY_EDGES:
        return None
    degrees, parts = graph.degree(), graph.connected_components()
    largest = parts.giant()
    with seeded(seed):
        communities = graph.community_multilevel(weights="weight")
    return {
        "nodes": graph.vcount(),
        "edges": graph.ecount(),
        "linked pairs": graph.ecount(),
        "isolates": degrees.count(0),
        "density": graph.density(),
        "components": len(parts),
        "largest component": largest.vcount(),
        "diameter": largest.diameter(directed=False),
        "average path length": largest.average_path_length(directed=False),
        "average degree": sum(degrees) / len(degrees),
        "transitivity": graph.transitivity_undirected(mode="zero"),
        "degree assortativity": _defined(graph.assortativity_degree(directed=False)),
        "country assortativity": _country_assortativity(graph),
        "communities": len(communities),
        "modularity": graph.modularity(communities.membership, weights="weight"),
        "agreement of runs": None,
    }


def _graph(projection: Projection) -> Any:
    """The projection as an igraph graph: numbered nodes with their countries, and weights."""
    import numpy

    from solgraph.networks.model.weights import Weights

    weights = Weights(projection)
    if (size := weights.number_of_edges()) > projection.selection.most_edges:
        next(projection.edges(), None)  # which refuses, with advice
    ends, values, start = numpy.empty((size, 2), dtype=numpy.int32), numpy.empty(size), 0
    for block in weights.blocks():
        part = slice(start, start := start + len(block.first))
        ends[part, 0], ends[part, 1], values[part] = block.first, block.second, block.weight
    graph = import_module("igraph").Graph(projection.number_of_nodes(), ends)
    distinct, places = numpy.unique(values, return_inverse=True)
    numbers = distinct.tolist()  # igraph holds Python's numbers: each once
    graph.es["weight"] = [numbers[place] for place in places]
    graph.vs["country"] = list(_countries(projection))
    projection.graph |= weights.graph
    if not projection.view.isolates:
        graph.delete_vertices([node for node, degree in enumerate(graph.degree()) if not degree])
    return graph


def _countries(projection: Projection) -> Iterator[Any]:
    return (node.get("country") for _, node in projection.nodes(data=True))


def _country_assortativity(graph: Any) -> float | None:
    located = graph.induced_subgraph([node.index for node in graph.vs if node["country"] is not None])
    numbers = {country: number for number, country in enumerate(dict.fromkeys(located.vs["country"]))}
    types = [numbers[country] for country in located.vs["country"]]
    return _defined(located.assortativity_nominal(types, directed=False)) if located.ecount() else None


def _defined(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124  (not a number)
