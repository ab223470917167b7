"""Networks as JSON: node-link for networkx and D3, Cytoscape's own, and GeoJSON (RFC 7946) for maps."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solgraph.networks.drawing.geometry import Point, coordinates
from solgraph.networks.files.plain_network import Attributes, Kinds, PlainNetwork, Value, file_names, finite, text

#: Cytoscape counts pixels: this many for a degree of latitude, and fewer for a degree of longitude, as at 50° north.
_DEGREE = 100
_NARROWED = math.cos(math.radians(50))
_CYTOSCAPE = ("suid", "selected", "name", "shared name", "shared_name", "id")


def node_link(network: PlainNetwork) -> Iterator[str]:
    """Node-link JSON, as networkx reads it with ``node_link_graph(…, edges="edges")``; a node or edge on each line."""
    node_names = file_names(network.node_kinds, taken=("id",))
    edge_names = file_names(network.edge_kinds, taken=("source", "target", "key"))
    yield f'{{"directed": {_json(network.directed)}, "multigraph": {_json(network.multigraph)},\n'
    yield f'"graph": {_json(finite(network.attributes))},\n'
    yield '"nodes": ['
    yield from _lines({**_renamed(node, node_names), "id": key} for key, node in network.nodes())
    yield '],\n"edges": ['
    yield from _lines(
        {
            **_renamed(edge, edge_names),
            "source": start,
            "target": end,
            **({"key": number} if network.multigraph else {}),
        }
        for number, (start, end, edge) in enumerate(network.edges())
    )
    yield "]}\n"


def cyjs(network: PlainNetwork) -> Iterator[str]:
    """Cytoscape's JSON, for the desktop and for Cytoscape.js; nodes without coordinates stand below the map.

    Numbers of an attribute are all whole or all not: Cytoscape decides the column by the first.
    """
    names = {"name": network.name, "shared_name": network.name}
    yield '{"format_version": "1.0", "generated_by": "solgraph", "target_cytoscapejs_version": "~2.1",\n'
    yield f'"data": {_json({**finite(network.attributes), **names, "directed": network.directed})},\n'
    yield '"elements": {"nodes": ['
    yield from _lines(_cytoscape_nodes(network))
    yield '],\n"edges": ['
    yield from _lines(_cytoscape_edges(network))
    yield "]}}\n"


def _cytoscape_nodes(network: PlainNetwork) -> Iterator[Mapping[str, Any]]:
    names = file_names(network.node_kinds, taken=_CYTOSCAPE)
    south = min((place[1] for _, node in network.nodes() if (place := coordinates(node))), default=0.0)
    below = 0
    for key, node in network.nodes():
        place = coordinates(node)
        long, lat = place or (float(below), south - 2)
        below += place is None
        label = text(node.get("label", key))
        data = {**_renamed(node, names, network.node_kinds), "id": key, "shared_name": label, "name": label}
        yield {"data": data, "position": {"x": round(long * _DEGREE * _NARROWED, 2), "y": round(-lat * _DEGREE, 2)}}


def _cytoscape_edges(network: PlainNetwork) -> Iterator[Mapping[str, Any]]:
    names = file_names(network.edge_kinds, taken=(*_CYTOSCAPE, "source", "target", "interaction", "shared interaction"))
    labels = network.labels()
    direction, arrow = ("directed", "→") if network.directed else ("undirected", "–")
    prefix = "e"  # nodes and edges share their identifiers: no node begins with this prefix
    while any(key.startswith(prefix) for key in labels):
        prefix += "-"
    for number, (start, end, edge) in enumerate(network.edges()):
        label = f"{labels[start]} {arrow} {labels[end]}"
        ends = {"id": f"{prefix}{number}", "source": start, "target": end, "interaction": direction}
        yield {"data": {**_renamed(edge, names, network.edge_kinds), **ends, "shared_name": label, "name": label}}


def geojson(network: PlainNetwork) -> Iterator[str]:
    """A point for each node, a line for each edge, longitude first; counts what has no coordinates at the end."""
    node_names = file_names(network.node_kinds, taken=("id",))
    edge_names = file_names(network.edge_kinds, taken=("source", "target"))
    places = {key: place for key, node in network.nodes() if (place := coordinates(node))}
    about = {"directed": network.directed, **finite(network.attributes)}
    yield f'{{"type": "FeatureCollection", "network": {_json(about)},\n"features": ['
    yield from _lines(
        _feature("Point", places[key], {"id": key, **_renamed(node, node_names)}, id=key)
        for key, node in network.nodes()
        if key in places
    )
    comma, edges_without_place = ",\n" if places else "\n", 0
    for start, end, edge in network.edges():
        if start in places and end in places:
            properties = {"source": start, "target": end, **_renamed(edge, edge_names)}
            yield comma + _json(_feature("LineString", (places[start], places[end]), properties))
            comma = ",\n"
        else:
            edges_without_place += 1
    nodes_without_place = sum(key not in places for key, _ in network.nodes())
    yield f'],\n"unlocated_nodes": {nodes_without_place}, "unlocated_edges": {edges_without_place}}}\n'


def _feature(kind: str, place: Point | tuple[Point, Point], properties: dict[str, Any], **identity: str) -> Any:
    return {"type": "Feature", **identity, "geometry": {"type": kind, "coordinates": place}, "properties": properties}


def _renamed(attributes: Attributes, names: Mapping[str, str], kinds: Kinds | None = None) -> dict[str, Value]:
    """The attributes under their names in the file; with ``kinds`` each of the kind that all its values have."""
    if kinds is None:
        return {names[name]: value for name, value in finite(attributes).items()}
    return {
        names[name]: text(value) if kinds[name] is str else kinds[name](value)
        for name, value in finite(attributes).items()
    }


def _lines(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    comma = "\n"
    for item in items:
        yield comma + _json(item)
        comma = ",\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
