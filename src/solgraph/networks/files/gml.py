"""GML, the Graph Modelling Language."""

import math
import re
from collections.abc import Iterator, Mapping

from solgraph.networks.files.plain_network import Attributes, PlainNetwork, Value, clean, distinct, file_names, text


def gml(network: PlainNetwork) -> Iterator[str]:
    """Labels are all different and ``name`` is the key; characters beyond ASCII are entities, as GML requires."""
    labels = distinct({key: clean(label) or clean(key) for key, label in network.labels().items()})
    numbers = {key: number for number, key in enumerate(labels)}
    node_kinds = [name for name in network.node_kinds if name != "label"]
    node_names = file_names(node_kinds, ("id", "label", "name"), _key, "x")
    edge_names = file_names(network.edge_kinds, ("source", "target", "key"), _key, "x")
    graph_names = file_names(network.attributes, ("directed", "multigraph", "node", "edge"), _key, "x")
    yield f"graph [\n directed {int(network.directed)}\n multigraph {int(network.multigraph)}\n"
    yield _lines(network.attributes, graph_names)
    for key, node in network.nodes():
        head = f"id {numbers[key]}\n  label {_quoted(labels[key])}\n  name {_quoted(key)}"
        yield f" node [\n  {head}\n{_lines(node, node_names)} ]\n"
    for start, end, edge in network.edges():
        head = f"source {numbers[start]}\n  target {numbers[end]}"
        yield f" edge [\n  {head}\n{_lines(edge, edge_names)} ]\n"
    yield "]\n"


def _key(name: str) -> str:
    """Letters and digits of a name, the first a letter: ``first_year`` becomes ``firstYear``."""
    first, *more = re.findall("[A-Za-z0-9]+", name) or ["x"]
    key = first + "".join(part[0].upper() + part[1:] for part in more)
    return key if key[0].isalpha() else f"x{key}"


def _lines(attributes: Attributes, names: Mapping[str, str]) -> str:
    return "".join([f"  {names[name]} {_value(value)}\n" for name, value in attributes.items() if name in names])


def _value(value: Value) -> str:
    """Truth values are 1 and 0; a whole number beyond 32 bits is text, and so are NaN and infinity."""
    if isinstance(value, str) or (isinstance(value, int) and not -(2**31) <= value < 2**31):
        return _quoted(str(value))
    if isinstance(value, int):
        return str(int(value))
    if not math.isfinite(value):
        return _quoted(text(value))
    digits, e, power = repr(value).upper().partition("E")
    return f"{digits if '.' in digits else f'{digits}.0'}{e}{power}"


_ENTITIES = {'"': "&quot;", "&": "&amp;"}


def _quoted(string: str) -> str:
    return '"' + re.sub('[^ -~]|["&]', lambda char: _ENTITIES.get(char[0], f"&#{ord(char[0])};"), clean(string)) + '"'
