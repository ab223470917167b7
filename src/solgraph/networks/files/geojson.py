"""Networks on the map: GeoJSON (RFC 7946) with a point for each node and a line for each edge."""

import json
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
)


def geojson(network: Network) -> Iterator[str]:
    """A feature collection, longitude first; what has no place is counted in ``unlocated_nodes`` and ``…_edges``."""
    spots = {key: spot for key, told in nodes(network) if (spot := place(told))}
    left_out = dict.fromkeys(("nodes", "edges"), 0)
    about = {"directed": bool(network.is_directed()), **finite(plain(network.graph))}
    yield f'{{"type": "FeatureCollection", "network": {_json(about)},\n"features": ['
    comma = "\n"
    for feature in _features(network, spots, left_out):
        yield comma + _json(feature)
        comma = ",\n"
    yield f'],\n"unlocated_nodes": {left_out["nodes"]}, "unlocated_edges": {left_out["edges"]}}}\n'


def _features(
    network: Network, spots: dict[str, tuple[float, float]], left_out: dict[str, int]
) -> Iterator[dict[str, Any]]:
    of_nodes, of_edges = (
        named(node_kinds(network), taken=("id",)),
        named(edge_kinds(network), taken=("source", "target")),
    )
    for key, told in nodes(network):
        if key in spots:
            yield _feature({"id": key}, "Point", spots[key], {"id": key, **_as(told, of_nodes)})
        left_out["nodes"] += key not in spots
    for one, other, told in edges(network):
        if one in spots and other in spots:
            ends = {"source": one, "target": other}
            yield _feature({}, "LineString", (spots[one], spots[other]), {**ends, **_as(told, of_edges)})
        left_out["edges"] += one not in spots or other not in spots


def _as(told: Told, names: Mapping[str, str]) -> dict[str, Value]:
    return {names[name]: value for name, value in finite(told).items()}


def _feature(identity: dict[str, str], kind: str, where: object, told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", **identity, "geometry": {"type": kind, "coordinates": where}, "properties": told}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
