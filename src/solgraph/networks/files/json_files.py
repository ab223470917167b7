"""Networks as JSON: node-link for networkx and D3, and Cytoscape's own."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from solgraph.networks.files.attributes import (
    Network,
    Told,
    Value,
    edge_kinds,
    edges,
    finite,
    named,
    node_kinds,
    nodes,
    place,
    plain,
    text,
)

#: Cytoscape counts pixels: this many for a degree of latitude, and fewer for one of longitude, as at 50° north.
_DEGREE = 100
_NARROWED = math.cos(math.radians(50))
_CYTOSCAPE = ("suid", "selected", "name", "shared name", "shared_name", "id")


def node_link(network: Network) -> Iterator[str]:
    """Node-link JSON, as networkx reads it with ``node_link_graph(…, edges="edges")``; one node or edge a line."""
    of_nodes = named(node_kinds(network), taken=("id",))
    of_edges = named(edge_kinds(network), taken=("source", "target", "key"))
    yield f'{{"directed": {_json(network.is_directed())}, "multigraph": {_json(network.is_multigraph())},\n'
    yield f'"graph": {_json(finite(plain(network.graph)))},\n'
    yield '"nodes": ['
    yield from _listed({**_as(told, of_nodes), "id": key} for key, told in nodes(network))
    yield '],\n"edges": ['
    yield from _listed(
        {**_as(told, of_edges), "source": one, "target": other, **({"key": number} if network.is_multigraph() else {})}
        for number, (one, other, told) in enumerate(edges(network))
    )
    yield "]}\n"


def cyjs(network: Network) -> Iterator[str]:
    """Cytoscape's JSON, for the desktop and for Cytoscape.js; nodes whose place is not known stand below the map.

    Numbers of one attribute are all whole or all not: Cytoscape makes a column of the first one.
    """
    told = plain(network.graph)
    name = {"name": text(told.get("name", "solgraph"))}
    about = {**finite(told), **name, "shared_name": name["name"], "directed": bool(network.is_directed())}
    yield '{"format_version": "1.0", "generated_by": "solgraph", "target_cytoscapejs_version": "~2.1",\n'
    yield f'"data": {_json(about)},\n"elements": {{"nodes": ['
    yield from _listed(_cytoscape_nodes(network))
    yield '],\n"edges": ['
    yield from _listed(_cytoscape_edges(network))
    yield "]}}\n"


def _cytoscape_nodes(network: Network) -> Iterator[Mapping[str, Any]]:
    found = node_kinds(network)
    names = named(found, taken=_CYTOSCAPE)
    south = min((spot[1] for _, told in nodes(network) if (spot := place(told))), default=0.0)
    below = 0
    for key, told in nodes(network):
        spot = place(told)
        long, lat = spot or (float(below), south - 2)
        below += spot is None
        label = text(told.get("label", key))
        data = {**_even(told, found, names), "id": key, "shared_name": label, "name": label}
        yield {"data": data, "position": {"x": round(long * _DEGREE * _NARROWED, 2), "y": round(-lat * _DEGREE, 2)}}


def _cytoscape_edges(network: Network) -> Iterator[Mapping[str, Any]]:
    found = edge_kinds(network)
    names = named(found, taken=(*_CYTOSCAPE, "source", "target", "interaction", "shared interaction"))
    labels = {key: text(told.get("label", key)) for key, told in nodes(network)}
    way, arrow = ("directed", "→") if network.is_directed() else ("undirected", "–")
    # Nodes and edges share their identifiers: no node has this one.
    mark = "e"
    while any(key.startswith(mark) for key in labels):
        mark += "-"
    for number, (one, other, told) in enumerate(edges(network)):
        label = f"{labels[one]} {arrow} {labels[other]}"
        ends = {"id": f"{mark}{number}", "source": one, "target": other, "interaction": way}
        yield {"data": {**_even(told, found, names), **ends, "shared_name": label, "name": label}}


def _even(told: Told, found: Mapping[str, type[Value]], names: Mapping[str, str]) -> dict[str, Value]:
    """The attributes under their names in the file, each of the kind that all its values have."""
    return {
        names[name]: text(value) if found[name] is str else found[name](value) for name, value in finite(told).items()
    }


def _as(told: Told, names: Mapping[str, str]) -> dict[str, Value]:
    return {names[name]: value for name, value in finite(told).items()}


def _listed(items: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    comma = "\n"
    for item in items:
        yield comma + _json(item)
        comma = ",\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
