"""Graphviz's DOT language."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from solgraph.networks.drawing.geometry import coordinates
from solgraph.networks.files.plain_network import Attributes, PlainNetwork, clean, file_names, text

#: Attributes by which Graphviz would draw or read files: their names in the file end with "_".
_RESERVED = Path(__file__).with_name("graphviz_attributes.txt").read_text("utf-8").split()
_ENTITY = re.compile(r"&(?=#?\w+;)")
_PIECE = 4000


def dot(network: PlainNetwork) -> Iterator[str]:
    """Attributes under their names; Graphviz lays out by ``weight``, and ``pos`` is for its program ``neato``."""
    # Graphviz lays out by whole weights of 0 and more; others would be an error.
    weights = {edge.get("weight", 1) for *_, edge in network.edges()}
    usable = all(type(weight) is int and weight >= 0 for weight in weights)
    node_names = file_names(network.node_kinds, _RESERVED, clean)
    reserved = [name for name in _RESERVED if name != "weight" or not usable]
    edge_names = file_names(network.edge_kinds, reserved, clean)
    kind, link = ("digraph", "->") if network.directed else ("graph", "--")
    yield f"{kind} {_quoted(network.name)} {{\n"
    for name, value in network.attributes.items():
        yield f"{_quoted(f'solgraph_{name}')}={_quoted(text(value))};\n"
    for key, node in network.nodes():
        place = coordinates(node)
        pos = [f'pos="{place[0] * 0.64:.4f},{place[1]:.4f}!"'] if place else []
        yield f"{_quoted(key)} [{', '.join([*_attributes(node, node_names), *pos])}];\n"
    for start, end, edge in network.edges():
        yield f"{_quoted(start)} {link} {_quoted(end)} [{', '.join(_attributes(edge, edge_names))}];\n"
    yield "}\n"


def _attributes(attributes: Attributes, names: Mapping[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        string = _ENTITY.sub("&amp;", text(value)) if name == "label" else text(value)
        yield f"{_quoted(names[name])}={_quoted(string)}"


def _quoted(string: str) -> str:
    """A string of Graphviz, in pieces since it reads no more than 16,384 bytes at a time."""
    string = clean(string)
    pieces = [string[start : start + _PIECE] for start in range(0, len(string) or 1, _PIECE)]
    return " + ".join('"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"' for piece in pieces)
