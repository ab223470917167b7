"""GEXF 1.3 that is valid against its schema, with the years of nodes and edges for Gephi's timeline."""

import math
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date

from solgraph.networks.files.attributes import (
    Network,
    Told,
    Value,
    clean,
    edge_kinds,
    named,
    node_kinds,
    nodes,
    numbered,
    plain,
    text,
)
from solgraph.networks.files.graphml import TYPES, escaped, xml_ids

_DATE = re.compile(r"(\d{1,4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
#: Names of attributes that Gephi takes for fields of its own.
_TAKEN = {
    "node": ("id", "label", "interval", "timeset", "timestamp"),
    "edge": ("id", "label", "interval", "timeset", "timestamp", "source", "target", "type", "kind", "weight"),
}


def gexf(network: Network) -> Iterator[str]:
    """The network; ``since`` and ``until`` are attributes and also the span in which a node or edge is shown.

    The n-th of parallel edges is of the kind n, without which Gephi adds them up. Positions are the attributes ``lat``
    and ``long`` alone: the schema of GEXF 1.3 has the element for them in another namespace than all programs.
    """
    of_nodes, of_edges = node_kinds(network), edge_kinds(network)
    weighed = of_edges.get("weight") in (int, float)
    of_nodes.pop("label", None), of_edges.pop("label", None)
    node_keys = {name: str(number) for number, name in enumerate(of_nodes)}
    edge_keys = {name: str(number) for number, name in enumerate(of_edges) if name != "weight" or not weighed}
    direction = "directed" if network.is_directed() else "undirected"
    dated = {"since", "until"} & {*of_nodes, *of_edges}
    mode = 'mode="dynamic" timeformat="date" timerepresentation="interval"' if dated else 'mode="static"'
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield f"<meta><creator>solgraph</creator>{_described(plain(network.graph))}</meta>\n"
    yield f'<graph defaultedgetype="{direction}" idtype="string" {mode}>\n'
    yield _declared("node", of_nodes, node_keys)
    yield _declared("edge", of_edges, edge_keys)
    yield from _nodes(network, node_keys)
    yield from _edges(network, edge_keys, weighed)
    yield "</graph>\n</gexf>\n"


def _described(told: Told) -> str:
    said = "\n".join(f"{name}: {value}" for name, value in told.items())
    return f"<description>{escaped(said)}</description>" if said else ""


def _declared(owner: str, found: Mapping[str, type[Value]], keys: Mapping[str, str]) -> str:
    names = named(keys, taken=_TAKEN[owner], legal=clean)
    lines = [
        f'<attribute id="{key}" title="{escaped(names[name])}" type="{TYPES[found[name]]}"/>\n'
        for name, key in keys.items()
    ]
    return f'<attributes class="{owner}">\n{"".join(lines)}</attributes>\n' if lines else ""


def _nodes(network: Network, keys: Mapping[str, str]) -> Iterator[str]:
    ids = xml_ids(network)
    yield "<nodes>\n"
    for key, told in nodes(network):
        yield f'<node id="{ids[key]}"{_label(told)}{_span(told)}>{_values(told, keys)}</node>\n'
    yield "</nodes>\n"


def _edges(network: Network, keys: Mapping[str, str], weighed: bool) -> Iterator[str]:
    ids = xml_ids(network)
    yield "<edges>\n"
    for number, (one, other, told, nth) in enumerate(numbered(network)):
        kind = f' kind="{nth}"' if nth > 1 else ""
        weight = told.get("weight") if weighed else None
        weight = f' weight="{weight}"' if weight is not None and math.isfinite(weight) else ""  # type: ignore[arg-type]
        head = f'<edge id="{number}" source="{ids[one]}" target="{ids[other]}"{weight}{kind}'
        yield f"{head}{_label(told)}{_span(told)}>{_values(told, keys)}</edge>\n"
    yield "</edges>\n"


def _label(told: Told) -> str:
    return f' label="{escaped(text(told["label"]))}"' if "label" in told else ""


def _values(told: Told, keys: Mapping[str, str]) -> str:
    values = [
        f'<attvalue for="{keys[name]}" value="{escaped(value) if type(value) is str else text(value)}"/>'
        for name, value in told.items()
        if name in keys
    ]
    return f"<attvalues>{''.join(values)}</attvalues>" if values else ""


def _span(told: Told) -> str:
    """Start and end for the timeline; an open end has none, and a span that ends before it starts is none."""
    if "since" not in told and "until" not in told:
        return ""
    start, end = _day(told.get("since"), last=False), _day(told.get("until"), last=True)
    if start and end and start > end:
        return ""
    ends = (("start", start), ("end", end))
    return "".join(f' {name}="{day.isoformat()}"' for name, day in ends if day)


def _day(value: Value | None, last: bool) -> date | None:
    """The first or last day of a year, month or day; None for what is none of these."""
    match = _DATE.fullmatch(str(value))
    if not match or isinstance(value, bool | float):
        return None
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    try:
        return date(year, month, int(match[3] or (monthrange(year, month)[1] if last else 1)))
    except ValueError:
        return None
