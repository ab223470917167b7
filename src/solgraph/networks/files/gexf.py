"""GEXF 1.3 that is valid against its schema, with the years of nodes and edges for Gephi's timeline."""

import math
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date

from solgraph.networks.files.graphml import TYPES, escaped, xml_ids, xml_value
from solgraph.networks.files.plain_network import Attributes, Kinds, PlainNetwork, Value, clean, file_names, text

_DATE = re.compile(r"(\d{1,4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
#: Names of attributes that Gephi takes for fields of its own.
_TAKEN = {
    "node": ("id", "label", "interval", "timeset", "timestamp"),
    "edge": ("id", "label", "interval", "timeset", "timestamp", "source", "target", "type", "kind", "weight"),
}


def gexf(network: PlainNetwork) -> Iterator[str]:
    """The network; ``since`` and ``until`` are attributes and also the span in which a node or edge is shown.

    The n-th of parallel edges is of the kind n, without which Gephi adds them up. Positions are the attributes ``lat``
    and ``long`` alone: the schema of GEXF 1.3 has the element for them in another namespace than all programs.
    """
    weighted = network.edge_kinds.get("weight") in (int, float)
    node_keys, edge_keys = _keys(network.node_kinds), _keys(network.edge_kinds)
    if weighted:
        del edge_keys["weight"]
    dated = {"since", "until"} & {*network.node_kinds, *network.edge_kinds}
    mode = 'mode="dynamic" timeformat="date" timerepresentation="interval"' if dated else 'mode="static"'
    direction = "directed" if network.directed else "undirected"
    lines = "\n".join(f"{name}: {value}" for name, value in network.attributes.items())
    description = f"<description>{escaped(lines)}</description>" if lines else ""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield f"<meta><creator>solgraph</creator>{description}</meta>\n"
    yield f'<graph defaultedgetype="{direction}" idtype="string" {mode}>\n'
    yield _declarations("node", network.node_kinds, node_keys)
    yield _declarations("edge", network.edge_kinds, edge_keys)
    yield from _nodes(network, node_keys)
    yield from _edges(network, edge_keys, weighted)
    yield "</graph>\n</gexf>\n"


def _keys(kinds: Kinds) -> dict[str, str]:
    """Attributes, without the label → their numbers."""
    return {name: str(number) for number, name in enumerate(name for name in kinds if name != "label")}


def _declarations(owner: str, kinds: Kinds, keys: Mapping[str, str]) -> str:
    lines = [
        f'<attribute id="{keys[name]}" title="{escaped(title)}" type="{TYPES[kinds[name]]}"/>\n'
        for name, title in file_names(keys, taken=_TAKEN[owner], legal=clean).items()
    ]
    return f'<attributes class="{owner}">\n{"".join(lines)}</attributes>\n' if lines else ""


def _nodes(network: PlainNetwork, keys: Mapping[str, str]) -> Iterator[str]:
    ids = xml_ids(network)
    yield "<nodes>\n"
    for key, node in network.nodes():
        yield f'<node id="{ids[key]}"{_label(node)}{_span(node)}>{_values(node, keys)}</node>\n'
    yield "</nodes>\n"


def _edges(network: PlainNetwork, keys: Mapping[str, str], weighted: bool) -> Iterator[str]:
    ids = xml_ids(network)
    yield "<edges>\n"
    for number, (start, end, edge, nth) in enumerate(network.numbered_edges()):
        kind = f' kind="{nth}"' if nth > 1 else ""
        value = edge.get("weight") if weighted else None
        weight = f' weight="{value}"' if isinstance(value, int | float) and math.isfinite(value) else ""
        head = f'<edge id="{number}" source="{ids[start]}" target="{ids[end]}"{weight}{kind}'
        yield f"{head}{_label(edge)}{_span(edge)}>{_values(edge, keys)}</edge>\n"
    yield "</edges>\n"


def _label(attributes: Attributes) -> str:
    return f' label="{escaped(text(attributes["label"]))}"' if "label" in attributes else ""


def _values(attributes: Attributes, keys: Mapping[str, str]) -> str:
    values = [
        f'<attvalue for="{keys[name]}" value="{xml_value(value)}"/>'
        for name, value in attributes.items()
        if name in keys
    ]  # fmt: skip
    return f"<attvalues>{''.join(values)}</attvalues>" if values else ""


def _span(attributes: Attributes) -> str:
    """Start and end for the timeline; an open end is left out, and so is a span that ends before it starts."""
    if "since" not in attributes and "until" not in attributes:
        return ""
    start, end = _day(attributes.get("since"), last=False), _day(attributes.get("until"), last=True)
    if start and end and start > end:
        return ""
    ends = (("start", start), ("end", end))
    return "".join(f' {name}="{day.isoformat()}"' for name, day in ends if day)


def _day(value: Value | None, last: bool) -> date | None:
    """The first or last day of a year, month or day; None for any other value."""
    match = _DATE.fullmatch(str(value))
    if not match or isinstance(value, bool | float):
        return None
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    try:
        return date(year, month, int(match[3] or (monthrange(year, month)[1] if last else 1)))
    except ValueError:
        return None
