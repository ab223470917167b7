"""GraphML, written as a stream; unlike networkx's own it takes every text."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from solgraph.networks.files.attributes import (
    Network,
    Told,
    Value,
    clean,
    distinct,
    edge_kinds,
    edges,
    kinds,
    named,
    node_kinds,
    nodes,
    plain,
    text,
)

_MARKS = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("\t", "&#9;"),
    ("\n", "&#10;"),
    ("\r", "&#13;"),
)
_BARE = re.compile('[^&<>"\t\n\r\ud800-\udfff\ufffe\uffff\x00-\x1f]*')
#: Kinds of values as GraphML and GEXF call them.
TYPES: dict[type[Value], str] = {str: "string", bool: "boolean", int: "long", float: "double"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


@lru_cache(maxsize=10_000)
def escaped(said: str) -> str:
    """A text for XML, in an element or an attribute."""
    if _BARE.fullmatch(said):
        return said
    said = clean(said)
    for mark, entity in _MARKS:
        said = said.replace(mark, entity)
    return said


def xml_ids(network: Network) -> dict[str, str]:
    """Keys of nodes → their identifiers in XML, escaped and all different."""
    return {key: escaped(said) for key, said in distinct({key: clean(key) for key, _ in nodes(network)}).items()}


def graphml(network: Network) -> Iterator[str]:
    """The network; edges have ids only where there may be parallel ones, since readers make an attribute of them."""
    of = {"graph": kinds([plain(network.graph)]), "node": node_kinds(network), "edge": edge_kinds(network)}
    keys: dict[str, dict[str, str]] = {}
    number = 0
    yield _HEAD
    for owner, found in of.items():
        names, keys[owner] = named(found, taken=("id",), legal=clean), {}
        for attribute, kind in found.items():
            keys[owner][attribute] = f'<data key="d{number}">'
            name = escaped(names[attribute])
            yield f'<key id="d{number}" for="{owner}" attr.name="{name}" attr.type="{TYPES[kind]}"/>\n'
            number += 1
    yield f'<graph edgedefault="{"directed" if network.is_directed() else "undirected"}">\n'
    yield _data(plain(network.graph), keys["graph"])
    yield from _elements(network, keys)
    yield "</graph>\n</graphml>\n"


def _elements(network: Network, keys: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    ids, several = xml_ids(network), network.is_multigraph()
    of_nodes, of_edges = keys["node"], keys["edge"]
    for key, told in nodes(network):
        yield f'<node id="{ids[key]}">{_data(told, of_nodes)}</node>\n'
    for number, (one, other, told) in enumerate(edges(network)):
        own = f' id="e{number}"' if several else ""
        yield f'<edge{own} source="{ids[one]}" target="{ids[other]}">{_data(told, of_edges)}</edge>\n'


def _data(told: Told, keys: Mapping[str, str]) -> str:
    return "".join(
        [f"{keys[name]}{escaped(value) if type(value) is str else text(value)}</data>" for name, value in told.items()]
    )
