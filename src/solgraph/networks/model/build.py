"""Rows of a network view → a network whose attributes are plain values."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from solgraph.formats.rows import Table
from solgraph.networks.model.notes import said
from solgraph.networks.model.projection import Projection
from solgraph.networks.model.rows import Tie, ties
from solgraph.networks.model.selection import Selection, View, view
from solgraph.rdf.namespaces import shorten

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]


def build(
    name: str, header: Mapping[str, str], table: Table, wanted: Selection | None = None, summary: str = ""
) -> "Graph":
    """The network of a view as a networkx graph.

    Nodes are named by the short form of their IRI (``city:milan``) and carry ``label``, ``iri`` and ``type``. A header
    ``{source, target}`` makes an edge of each row, further columns its attributes; ``{nodes, through}`` links nodes
    that share something, see :class:`Projection`; with ``sum`` those are added up by a column of the nodes. Columns
    ``<end>_<x>`` become attributes of the node, a column ``source`` the attribute ``evidence`` of the edge. A row
    without its second end keeps an isolated node. What was left out is told in the graph attribute ``notes``.
    """
    wanted = (wanted or Selection()).checked()
    told, counts = view(name, header, table.columns, summary), Counter[str]()
    found = ties(told, table, wanted, counts)
    if not told.projected:
        return _connected(told, found, wanted, counts)
    projection = Projection(told, found, wanted, counts)
    return _summed(told, projection) if told.sum else projection.to_graph()


def project(
    name: str, header: Mapping[str, str], table: Table, wanted: Selection | None = None, summary: str = ""
) -> "Projection | Graph":
    """The same, but the edges of a projection are made only when they are read: for networks larger than memory."""
    wanted = (wanted or Selection()).checked()
    told = view(name, header, table.columns, summary)
    if not told.projected or told.sum:
        return build(name, header, table, wanted, summary)
    counts = Counter[str]()
    return Projection(told, ties(told, table, wanted, counts), wanted, counts)


def _connected(told: View, found: Iterable[Tie], wanted: Selection, counts: Counter[str]) -> "Graph":
    graph: Any = told.empty()
    for number, tie in enumerate(found):
        for end in (tie.one, tie.other):
            if end is not None and end.key:
                graph.add_node(end.key, **end.told)
        if tie.other:
            ends = (tie.one.key, tie.other.key)
            counts["same edge"] += not told.parallel and graph.has_edge(*ends)
            graph.add_edge(*ends, *([str(number)] if told.parallel else []), **tie.told)
    alone = [node for node, degree in graph.degree() if degree == 0]
    counts["isolates"] = len(alone)
    if not told.isolates:
        graph.remove_nodes_from(alone)
    graph.graph.update(said(told, wanted, counts))
    return graph  # type: ignore[no-any-return]


def _summed(told: View, projection: Projection) -> "Graph":
    """The projection, its nodes added up by an attribute; within one group an edge is a loop."""
    attribute = told.sum.removeprefix(f"{told.one}_")
    graph, groups = told.empty(), {}
    for key, node in projection.nodes(data=True):
        iri, label = str(node.get("sum", "")), str(node.get(attribute, "unknown"))
        groups[key] = group = shorten(iri) or label
        size = graph.nodes[group]["nodes"] + 1 if group in graph else 1
        graph.add_node(group, label=label, type=attribute, **({"iri": iri} if iri else {}), nodes=size)
    for one, other, edge in projection.edges(data=True):
        ends = sorted((groups[one], groups[other]))
        so_far = graph.get_edge_data(ends[0], ends[1], default={"weight": 0, "pairs": 0})
        graph.add_edge(*ends, weight=so_far["weight"] + edge["weight"], pairs=so_far["pairs"] + 1)
    graph.graph.update(projection.graph)
    return graph
