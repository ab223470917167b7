"""Networks as plain text: CSV for spreadsheets and Gephi, Pajek, Graphviz and GML."""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping

from solgraph.networks.files.attributes import (
    Network,
    Told,
    Value,
    clean,
    distinct,
    edge_kinds,
    edges,
    named,
    node_kinds,
    nodes,
    numbered,
    place,
    plain,
    text,
)
from solgraph.rdf.atomic_files import spreadsheet_cell


def nodes_csv(network: Network) -> Iterator[str]:
    """One line per node under the names that Gephi expects; ``timeset`` is for its timeline."""
    return _csv(["Id"], node_kinds(network), (([key], told) for key, told in nodes(network)))


def edges_csv(network: Network) -> Iterator[str]:
    """One line per edge under the names that Gephi expects; ``Kind`` keeps it from adding up parallel edges."""
    way = "Directed" if network.is_directed() else "Undirected"
    if not network.is_multigraph():
        rows = (([one, other, way], told) for one, other, told in edges(network))
        return _csv(["Source", "Target", "Type"], edge_kinds(network), rows)
    several = (([one, other, way, str(nth) * (nth > 1)], told) for one, other, told, nth in numbered(network))
    return _csv(["Source", "Target", "Type", "Kind"], edge_kinds(network), several)


def _csv(first: list[str], found: Mapping[str, type[Value]], rows: Iterator[tuple[list[str], Told]]) -> Iterator[str]:
    timed = ["timeset"] if {"since", "until"} & set(found) else []
    names = named(found, taken=[*first, *timed], legal=lambda name: name.capitalize() if name in _GEPHI else name)
    out = io.StringIO()
    writer = csv.writer(out)
    columns = sorted(names, key=_GEPHI.__contains__, reverse=True)
    writer.writerow(map(_cell, [*first, *(names[name] for name in columns), *timed]))
    for own, told in rows:
        span = [_timeset(told)] if timed else []
        writer.writerow(map(_cell, [*own, *(told.get(name, "") for name in columns), *span]))
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _cell(value: Value) -> str:
    return spreadsheet_cell(clean(value)) if isinstance(value, str) else text(value)


_GEPHI = ("label", "weight")


def _timeset(told: Told) -> str:
    """The years as Gephi reads an interval; an open end is infinite."""
    since, until = told.get("since"), told.get("until")
    years = [year if type(year) is int else None for year in (since, until)]
    if years == [None, None] or (None not in years and years[0] > years[1]):  # type: ignore[operator]
        return ""
    return f"<[{'-Infinity' if years[0] is None else years[0]}, {'Infinity' if years[1] is None else years[1]}]>"


def pajek(network: Network) -> Iterator[str]:
    """Pajek's ``.net``: vertex n is the n-th node, with a label that no other has, its place and weighted lines.

    Pajek has no escapes: ``"`` becomes ``'`` and ``\\`` becomes ``/``. It tells UTF-8 by the mark at the start.
    """
    listed, first = _two_modes(network)
    labels = distinct({key: _unquoted(text(told.get("label", key))) or _unquoted(key) for key, told in listed})
    spots = _squared({key: spot for key, told in listed if (spot := place(told))})
    numbers = {key: number for number, (key, _) in enumerate(listed, 1)}
    yield f"\ufeff*Network {_unquoted(text(plain(network.graph).get('name', 'solgraph')))}\r\n"
    yield f"*Vertices {len(listed)}{f' {first}' if first else ''}\r\n"
    for key, number in numbers.items():
        yield f'{number} "{labels[key]}"{spots.get(key, "")}\r\n'
    yield "*Arcs\r\n" if network.is_directed() else "*Edges\r\n"
    for one, other, told in edges(network):
        weight = told.get("weight")
        number = isinstance(weight, int | float) and math.isfinite(weight)
        yield f"{numbers[one]} {numbers[other]}{f' {float(weight or 0):g}' if number else ''}\r\n"


def _two_modes(network: Network) -> tuple[list[tuple[str, Told]], int]:
    """The nodes, and when they are of two types that only link to each other those of the first first, and how many."""
    listed = list(nodes(network))
    types = {key: told.get("type") for key, told in listed}
    both = list(dict.fromkeys(types.values()))
    if network.graph.get("mode") != "two-mode" or len(both) != 2:
        return listed, 0
    if any(types[one] == types[other] for one, other, _ in edges(network)):
        return listed, 0
    listed.sort(key=lambda node: both.index(types[node[0]]))
    return listed, sum(one == both[0] for one in types.values())


def _unquoted(said: str) -> str:
    return " ".join(clean(said).replace('"', "'").replace("\\", "/").split())


def _squared(spots: Mapping[str, tuple[float, float]]) -> dict[str, str]:
    """Places within a square of side 1 with north above, as Pajek draws them."""
    if not spots:
        return {}
    west, north = min(long for long, _ in spots.values()), max(lat for _, lat in spots.values())
    wide = max(max(long for long, _ in spots.values()) - west, north - min(lat for _, lat in spots.values())) or 1
    return {key: f" {(long - west) / wide:.4f} {(north - lat) / wide:.4f} 0.5000" for key, (long, lat) in spots.items()}


#: Attributes by which Graphviz would draw or read files: they come with a "_" behind their name.
_GRAPHVIZ = (
    "arrowhead arrowsize arrowtail class color colorscheme comment constraint decorate dir distortion edgehref "
    "edgetarget edgetooltip edgeURL fillcolor fixedsize fontcolor fontname fontsize gradientangle group headclip "
    "headhref headlabel headport headtarget headtooltip headURL height href id image imagepos imagescale K key "
    "labelangle labeldistance labelfloat labelfontcolor labelfontname labelfontsize labelhref labelloc "
    "labeltarget labeltooltip labelURL layer len lhead lp ltail margin minlen name nojustify ordering orientation "
    "penwidth peripheries pin pos rank rects regular root samehead sametail samplepoints shape shapefile "
    "showboxes sides size skew sortv style tailclip tailhref taillabel tailport tailtarget tailtooltip tailURL "
    "target tooltip URL vertices weight width xlabel xlp z"
).split()
_ENTITY = re.compile(r"&(?=#?\w+;)")


def dot(network: Network) -> Iterator[str]:
    """Graphviz: attributes are kept under their names, weights are ``weight``, ``pos`` is for ``neato``."""
    of_nodes, of_edges = node_kinds(network), edge_kinds(network)
    # Graphviz lays out by whole weights of 0 and more; others would be an error.
    weights = {told.get("weight", 1) for _, _, told in edges(network)}
    own = [name for name in _GRAPHVIZ if name != "weight" or not all(type(one) is int and one >= 0 for one in weights)]
    node_names, edge_names = named(of_nodes, _GRAPHVIZ, clean), named(of_edges, own, clean)
    kind, link = ("digraph", "->") if network.is_directed() else ("graph", "--")
    about = plain(network.graph)
    yield f"{kind} {_quoted(text(about.get('name', 'solgraph')))} {{\n"
    for name, value in about.items():
        yield f"{_quoted(f'solgraph_{name}')}={_quoted(text(value))};\n"
    for key, told in nodes(network):
        spot = place(told)
        pos = [f'pos="{spot[0] * 0.64:.4f},{spot[1]:.4f}!"'] if spot else []
        yield f"{_quoted(key)} [{', '.join([*_dot_attributes(told, node_names), *pos])}];\n"
    for one, other, told in edges(network):
        yield f"{_quoted(one)} {link} {_quoted(other)} [{', '.join(_dot_attributes(told, edge_names))}];\n"
    yield "}\n"


def _dot_attributes(told: Told, names: Mapping[str, str]) -> Iterator[str]:
    for name, value in told.items():
        said = text(value)
        yield f"{_quoted(names[name])}={_quoted(_ENTITY.sub('&amp;', said) if name == 'label' else said)}"


def _quoted(said: str) -> str:
    """A string of Graphviz, in pieces since it reads no more than 16,384 bytes at once."""
    said = clean(said)
    pieces = [said[start : start + _PIECE] for start in range(0, len(said) or 1, _PIECE)]
    return " + ".join(f'"{_escaped(piece)}"' for piece in pieces)


_PIECE = 4000


def _escaped(said: str) -> str:
    return said.replace("\\", "\\\\").replace('"', '\\"')


def gml(network: Network) -> Iterator[str]:
    """GML: labels are all different and ``name`` is the key; what is not ASCII is an entity, as the format wants it."""
    labels = distinct({key: clean(text(told.get("label", key))) or clean(key) for key, told in nodes(network)})
    numbers = {key: number for number, key in enumerate(labels)}
    of_nodes = named((one for one in node_kinds(network) if one != "label"), ("id", "label", "name"), _gml_key, "x")
    of_edges = named(edge_kinds(network), ("source", "target", "key"), _gml_key, "x")
    about = plain(network.graph)
    of_graph = named(about, ("directed", "multigraph", "node", "edge"), _gml_key, "x")
    yield f"graph [\n directed {int(network.is_directed())}\n multigraph {int(network.is_multigraph())}\n"
    yield "".join(_gml_lines(about, of_graph))
    for key, told in nodes(network):
        head = f"id {numbers[key]}\n  label {_gml_text(labels[key])}\n  name {_gml_text(key)}"
        yield f" node [\n  {head}\n{''.join(_gml_lines(told, of_nodes))} ]\n"
    for one, other, told in edges(network):
        head = f"source {numbers[one]}\n  target {numbers[other]}"
        yield f" edge [\n  {head}\n{''.join(_gml_lines(told, of_edges))} ]\n"
    yield "]\n"


def _gml_key(name: str) -> str:
    """Letters and digits of a name, the first a letter: ``first_year`` becomes ``firstYear``."""
    first, *more = re.findall("[A-Za-z0-9]+", name) or ["x"]
    key = first + "".join(part[0].upper() + part[1:] for part in more)
    return key if key[0].isalpha() else f"x{key}"


def _gml_lines(told: Told, names: Mapping[str, str]) -> Iterator[str]:
    return (f"  {names[name]} {_gml_value(value)}\n" for name, value in told.items() if name in names)


def _gml_value(value: Value) -> str:
    """Truth values are 1 and 0; a whole number beyond 32 bits is text, and so is a number that is none."""
    if isinstance(value, str) or (isinstance(value, int) and not -(2**31) <= value < 2**31):
        return _gml_text(str(value))
    if isinstance(value, int):
        return str(int(value))
    if not math.isfinite(value):
        return _gml_text(text(value))
    digits, e, power = repr(value).upper().partition("E")
    return f"{digits if '.' in digits else f'{digits}.0'}{e}{power}"


_GML_MARKS = {'"': "&quot;", "&": "&amp;"}


def _gml_text(said: str) -> str:
    return '"' + re.sub('[^ -~]|["&]', lambda one: _GML_MARKS.get(one[0], f"&#{ord(one[0])};"), clean(said)) + '"'
