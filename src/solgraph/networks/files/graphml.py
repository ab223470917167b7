"""GraphML, written as a stream; unlike networkx's own writer it takes every text."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from solgraph.networks.files.plain_network import (
    Attributes,
    PlainNetwork,
    Value,
    clean,
    distinct,
    file_names,
    kinds,
    text,
)

_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
_BARE = re.compile('[^&<>"\t\n\r\ud800-\udfff\ufffe\uffff\x00-\x1f]*')
#: Kinds of values as GraphML and GEXF name them.
TYPES: dict[type[Value], str] = {str: "string", bool: "boolean", int: "long", float: "double"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


@lru_cache(maxsize=10_000)
def escaped(string: str) -> str:
    """A text for XML, in an element or an attribute."""
    if _BARE.fullmatch(string):
        return string
    return clean(string).translate(_ESCAPES)


def xml_value(value: Value) -> str:
    """A value for XML."""
    return escaped(value) if type(value) is str else text(value)


def xml_ids(network: PlainNetwork) -> dict[str, str]:
    """Keys of nodes → their identifiers in XML, escaped and all different."""
    return {key: escaped(name) for key, name in distinct({key: clean(key) for key, _ in network.nodes()}).items()}


def graphml(network: PlainNetwork) -> Iterator[str]:
    """The network; edges have ids only where there may be parallel edges, since readers make an attribute of them."""
    kinds_of = {"node": network.node_kinds, "edge": network.edge_kinds}
    kinds_of = {"graph": kinds([network.attributes]), **kinds_of}
    tags: dict[str, dict[str, str]] = {owner: {} for owner in kinds_of}
    number = 0
    yield _HEAD
    for owner, attributes in kinds_of.items():
        for name, title in file_names(attributes, taken=("id",), legal=clean).items():
            tags[owner][name] = f'<data key="d{number}">'
            kind = TYPES[attributes[name]]
            yield f'<key id="d{number}" for="{owner}" attr.name="{escaped(title)}" attr.type="{kind}"/>\n'
            number += 1
    yield f'<graph edgedefault="{"directed" if network.directed else "undirected"}">\n'
    yield _data(network.attributes, tags["graph"])
    yield from _elements(network, tags["node"], tags["edge"])
    yield "</graph>\n</graphml>\n"


def _elements(network: PlainNetwork, node_tags: Mapping[str, str], edge_tags: Mapping[str, str]) -> Iterator[str]:
    ids = xml_ids(network)
    for key, node in network.nodes():
        yield f'<node id="{ids[key]}">{_data(node, node_tags)}</node>\n'
    for number, (start, end, edge) in enumerate(network.edges()):
        own_id = f' id="e{number}"' if network.multigraph else ""
        yield f'<edge{own_id} source="{ids[start]}" target="{ids[end]}">{_data(edge, edge_tags)}</edge>\n'


def _data(attributes: Attributes, tags: Mapping[str, str]) -> str:
    return "".join([f"{tags[name]}{xml_value(value)}</data>" for name, value in attributes.items()])
