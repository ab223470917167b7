"""Rows of a network view → a network whose attributes are plain values."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse
from solgraph.formats.rows import Table
from solgraph.networks.model.closest import without_weaker_ties
from solgraph.networks.model.projection import Projection
from solgraph.networks.model.rows import Tie, Value, ties
from solgraph.networks.model.selection import BY_ALL_EDGES, Selection, View, provenance, view
from solgraph.networks.model.spells import rule, text_of_ties
from solgraph.networks.model.years import DATES
from solgraph.rdf.namespaces import shorten

if TYPE_CHECKING:
    from solgraph.networks.model.selection import Graph

_ISOLATES_KEPT = re.compile(r"Nodes without an edge, kept: \d+\. ?")


def build(
    name: str,
    header: Mapping[str, str],
    table: Table,
    selection: Selection | None = None,
    texts: Mapping[str, str] | None = None,
) -> "Graph":
    """The network of a view as a networkx graph.

    Nodes are named by the short form of their IRI (``city:milan``) and carry ``label``, ``iri`` and ``kind``. A header
    ``{source, target}`` makes an edge of each row; ``{nodes, through}`` links nodes that share something, see
    :class:`Projection`; ``sum`` then adds them up by a column of the nodes. In a two-mode network the nodes of the
    first mode (``bipartite`` 0, ``type`` false) come first, in each edge too. Columns ``<end>_<x>`` become attributes
    of the node, further columns those of the edge. The graph attribute ``notes`` counts what was left out; ``texts``
    are the ``summary`` of the view and the parameters that were ``asked`` of its query.
    """
    network = _network(name, header, table, selection or Selection(), texts)
    return trimmed(network.to_graph(), network.selection) if isinstance(network, Projection) else network


def project(
    name: str,
    header: Mapping[str, str],
    table: Table,
    selection: Selection | None = None,
    texts: Mapping[str, str] | None = None,
) -> "Projection | Graph":
    """The same, but a projection makes its edges only when they are read: for networks larger than memory.

    Raises :class:`WrongUse` where nodes are to be left out by their edges, for which all of these must be there.
    """
    network = _network(name, header, table, selection or Selection(), texts)
    if isinstance(network, Projection) and any(getattr(network.selection, name) for name in BY_ALL_EDGES):
        hint = f"Leave out {', '.join(f'{name}=…' for name in BY_ALL_EDGES)}."
        raise WrongUse("Which nodes have few edges is only seen in the whole network.", hint=hint)
    return network


def _network(
    name: str, header: Mapping[str, str], table: Table, selection: Selection, texts: Mapping[str, str] | None
) -> "Projection | Graph":
    selection = selection.checked()
    shape, counts = view(name, header, table.columns, **(texts or {})), Counter[str]()
    shape = shape._replace(isolates=shape.isolates and not selection.drop_isolates)
    selected = ties(shape, table, selection, counts)
    if not shape.projected:
        graph = _connect(shape, selected, selection, counts)
        return trimmed(_simple(graph) if selection.simple and shape.parallel else graph, selection)
    projection = Projection(shape, selected, selection, counts)
    return trimmed(_sum(shape, projection), selection) if shape.sum else projection


def _connect(view: View, selected: Iterable[Tie], selection: Selection, counts: Counter[str]) -> "Graph":
    graph: Any = view.empty_graph()
    ties = list(selected)
    graph.add_nodes_from(_nodes(ties))
    for number, tie in enumerate(ties):
        if tie.second:
            ends = (tie.first.key, tie.second.key)
            counts["same edge"] += not view.parallel and graph.has_edge(*ends)
            graph.add_edge(*ends, *([str(number)] if view.parallel else []), **tie.attributes)
    isolates = [node for node, degree in graph.degree() if degree == 0]
    counts["isolates"] = len(isolates)
    if not view.isolates:
        graph.remove_nodes_from(isolates)
    counts["both modes"] = _in_both_modes(ties)
    if counts["both modes"]:
        graph.graph["mode"] = "multi-mode"
        for _, node in graph.nodes(data=True):
            del node["bipartite"], node["type"]
    graph.graph.update(provenance(view, selection, counts))
    return graph  # type: ignore[no-any-return]


def _simple(graph: "Graph") -> "Graph":
    """The network with parallel edges joined: ``parallel`` counts them, and what is not alike in all is left out.

    Edges whose years differ get ``spells``, so that nobody takes them for undated.
    """
    import networkx

    simple: Any = (networkx.DiGraph if graph.is_directed() else networkx.Graph)(**graph.graph)
    simple.add_nodes_from(graph.nodes(data=True))
    edges: dict[tuple[str, str], list[dict[str, Value]]] = {}
    for first, second, edge in graph.edges(data=True):
        edges.setdefault((first, second), []).append(edge)
    for ends, alike in edges.items():
        common = set.intersection(*(set(edge.items()) for edge in alike))
        kept = {key: value for key, value in alike[0].items() if (key, value) in common}
        differ = any(edge.get(name) != kept.get(name) for edge in alike for name in DATES)
        if differ and (spells := text_of_ties(alike, *rule(graph.graph))):
            kept["spells"] = spells
        simple.add_edge(*ends, **kept, parallel=len(alike))
    return simple  # type: ignore[no-any-return]


def _nodes(ties: Iterable[Tie]) -> list[tuple[str, dict[str, Value]]]:
    """The nodes with their attributes, of a two-mode network the first mode first: so networkx turns its edges too."""
    nodes: dict[str, dict[str, Value]] = {}
    for tie in ties:
        for node in (tie.first, tie.second):
            if node is not None and node.key:
                nodes[node.key] = nodes.get(node.key, {}) | node.attributes
    return sorted(nodes.items(), key=lambda node: bool(node[1].get("bipartite")))


def trimmed(graph: "Graph", selection: Selection) -> "Graph":
    """The network without nodes tied to few others, weaker ties and isolates, as far as is asked for."""
    import networkx

    neighbours = {node: {*networkx.all_neighbors(graph, node)} - {node} for node in graph}
    few = [node for node, others in neighbours.items() if len(others) < selection.min_degree]
    graph.remove_nodes_from(few)
    _note(graph, f"Nodes tied to fewer than {selection.min_degree} others, left out: {len(few)}.", len(few))
    if selection.closest:
        weaker = without_weaker_ties(graph, selection.closest, by_weight=bool(selection.weight))
        _note(graph, f"Ties to others than the {selection.closest} closest of each node, left out: {weaker}.", weaker)
    if selection.drop_isolates:
        alone = [*networkx.isolates(graph)]
        graph.remove_nodes_from(alone)
        graph.graph["notes"] = _ISOLATES_KEPT.sub("", graph.graph.get("notes", "")).strip()
        _note(graph, f"Nodes without an edge, left out: {len(alone)}.", len(alone))
    return graph


def _note(graph: "Graph", note: str, count: int) -> None:
    if count:
        graph.graph["notes"] = " ".join(filter(None, [graph.graph.get("notes"), note]))


def _in_both_modes(ties: Iterable[Tie]) -> int:
    """How many nodes are of both modes, so that there are no two modes."""
    modes = {(node.key, node.attributes.get("bipartite")) for tie in ties for node in tie[:2] if node and node.key}
    return len(modes) - len({key for key, _ in modes})


def _sum(view: View, projection: Projection) -> "Graph":
    """The projection, its nodes added up by an attribute; edges within one group become a loop."""
    attribute = view.sum.removeprefix(f"{view.first}_")
    graph, groups = view.empty_graph(), {}
    for key, node in projection.nodes(data=True):
        iri, label = str(node.get("sum", "")), str(node.get(attribute, "unknown"))
        groups[key] = group = shorten(iri) or label
        size = graph.nodes[group]["nodes"] + 1 if group in graph else 1
        graph.add_node(group, label=label, kind=attribute, **({"iri": iri} if iri else {}), nodes=size)
    for first, second, edge in projection.edges(data=True):
        ends = sorted((groups[first], groups[second]))
        total = graph.get_edge_data(ends[0], ends[1], default={"weight": 0, "pairs": 0})
        certain = _certain_sum(edge, total) if "certainty" in edge else {}
        graph.add_edge(*ends, weight=total["weight"] + edge["weight"], pairs=total["pairs"] + 1, **certain)
    graph.graph.update(projection.graph)
    return graph


def _certain_sum(edge: Mapping[str, Any], total: Mapping[str, Any]) -> dict[str, Any]:
    """What is certain of an edge, added to what is certain of those before it."""
    weight = total.get("weight_certain", 0) + edge["weight_certain"]
    return {"weight_certain": weight, "certainty": min(edge["certainty"], total.get("certainty", "not excluded"))}
