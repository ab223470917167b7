"""GEXF 1.3 that is valid against its schema, with the years of nodes and edges for Gephi's timeline."""

import math
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from solgraph.networks.files.graphml import TYPES, escaped, xml_ids, xml_value
from solgraph.networks.files.plain_network import Attributes, Kinds, PlainNetwork, Value, clean, file_names, text
from solgraph.networks.model.spells import Spell, joined, presence, rule, spells_of
from solgraph.networks.model.years import AFTER, BEFORE, DATES

_DATE = re.compile(r"(\d{1,4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
#: Names of attributes that Gephi takes for fields of its own.
_TAKEN = {
    "node": ("id", "label", "interval", "timeset", "timestamp", "spells"),
    "edge": (
        *("id", "label", "interval", "timeset", "timestamp", "spells"),
        *("source", "target", "type", "kind", "weight", "certain"),
    ),
}


def gexf(network: PlainNetwork) -> Iterator[str]:
    """The network; its timeline shows nodes and edges in the years in which they are not excluded.

    These are the spells of a projection, and otherwise what the dates and bounds of a tie leave open; the dynamic
    attribute ``certain`` says in which of them it is certain. The weight is dynamic where it changes. The n-th of
    parallel edges is of the kind n, without which Gephi adds them up. Positions are the attributes ``lat`` and ``long``
    alone: the schema of GEXF 1.3 has the element for them in another namespace than all programs.
    """
    time = _Time(network)
    weighted = network.edge_kinds.get("weight") in (int, float)
    node_keys, edge_keys = _keys(network.node_kinds), _keys(network.edge_kinds)
    if weighted:
        del edge_keys["weight"]
    mode = 'mode="dynamic" timeformat="date" timerepresentation="interval"' if time.is_dated else 'mode="static"'
    direction = "directed" if network.directed else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    description = "\n".join(f"{name}: {value}" for name, value in network.attributes.items())
    yield f"<meta><creator>solgraph</creator>{f'<description>{escaped(description)}</description>' * bool(description)}"
    yield f'</meta>\n<graph defaultedgetype="{direction}" idtype="string" {mode}>\n'
    yield _attributes("edge", time.declarations, "dynamic")
    yield _attributes("node", _declarations("node", network.node_kinds, node_keys))
    yield _attributes("edge", time.declarations + _declarations("edge", network.edge_kinds, edge_keys))
    yield from _nodes(network, node_keys, time)
    yield from _edges(network, edge_keys, weighted, time)
    yield "</graph>\n</gexf>\n"


class _Time:
    """When the nodes and edges of a network are there: spans, spells and values that change."""

    def __init__(self, network: PlainNetwork) -> None:
        self._rule = rule(network.attributes)
        kinds = network.edge_kinds
        self.is_dated = not {"spells", *DATES}.isdisjoint({*network.node_kinds, *kinds})
        self._has_certain = not {"spells", *DATES}.isdisjoint(kinds)
        self._weight_changes = "spells" in kinds and any(
            len({spell.weight for spell in self._spells(edge)}) > 1 for *_, edge in network.edges()
        )

    @property
    def declarations(self) -> str:
        """The attributes of edges whose values change.

        They are declared twice, as dynamic and as static, since Gephi goes by the first declaration of an attribute,
        and networkx and graphology by the last list of attributes, in which none may be missing.
        """
        lines = '<attribute id="certain" title="certain" type="boolean"/>\n' * self._has_certain
        return lines + '<attribute id="weight" title="weight" type="double"/>\n' * self._weight_changes

    def _spells(self, attributes: Attributes) -> list[Spell]:
        return spells_of(attributes, *self._rule)

    def values(self, edge: Attributes) -> str:
        """The values that change: each with the years in which it holds; a weight that does not change holds always."""
        spells = self._spells(edge)
        certain = [
            (start, end, "true" if is_certain else "false")
            for start, end, is_certain in joined((spell.start, spell.end, spell.certain > 0) for spell in spells)
        ]
        weights = [
            (*limits, text(weight)) for *limits, weight in joined((one.start, one.end, one.weight) for one in spells)
        ]
        if not weights and "weight" in edge:
            weights = [(BEFORE, AFTER, text(edge["weight"]))]
        changing = (("certain", certain), ("weight", weights if self._weight_changes else []))
        return "".join(
            f'<attvalue for="{name}" value="{value}"{_limits(start, end)}/>'
            for name, values in changing
            for start, end, value in values
        )

    def spans(self, attributes: Attributes) -> tuple[str, str]:
        """When it is there, as attributes of its element, or as an element of its own if that is more than one span."""
        spells = self._spells(attributes)
        if not spells:
            return _span(attributes), ""
        limits = [_limits(*years) for years in presence(spells)]
        if len(limits) == 1:
            return limits[0], ""
        return "", f"<spells>{''.join(f'<spell{years}/>' for years in limits if years)}</spells>"


def _keys(kinds: Kinds) -> dict[str, str]:
    """Attributes, without the label → their numbers."""
    return {name: str(number) for number, name in enumerate(name for name in kinds if name != "label")}


def _declarations(owner: str, kinds: Kinds, keys: Mapping[str, str]) -> str:
    return "".join(
        f'<attribute id="{keys[name]}" title="{escaped(title)}" type="{TYPES[kinds[name]]}"/>\n'
        for name, title in file_names(keys, taken=_TAKEN[owner], legal=clean).items()
    )


def _attributes(owner: str, declarations: str, mode: str = "static") -> str:
    return f'<attributes class="{owner}" mode="{mode}">\n{declarations}</attributes>\n' if declarations else ""


def _nodes(network: PlainNetwork, keys: Mapping[str, str], time: _Time) -> Iterator[str]:
    ids = xml_ids(network)
    yield "<nodes>\n"
    for key, node in network.nodes():
        span, spells = time.spans(node)
        yield f'<node id="{ids[key]}"{_label(node)}{span}>{_values(node, keys)}{spells}</node>\n'
    yield "</nodes>\n"


def _edges(network: PlainNetwork, keys: Mapping[str, str], weighted: bool, time: _Time) -> Iterator[str]:
    ids = xml_ids(network)
    yield "<edges>\n"
    for number, (start, end, edge, nth) in enumerate(network.numbered_edges()):
        kind = f' kind="{nth}"' if nth > 1 else ""
        value = edge.get("weight") if weighted else None
        weight = f' weight="{value}"' if isinstance(value, int | float) and math.isfinite(value) else ""
        head = f'<edge id="{number}" source="{ids[start]}" target="{ids[end]}"{weight}{kind}'
        span, spells = time.spans(edge)
        yield f"{head}{_label(edge)}{span}>{_values(edge, keys, time.values(edge))}{spells}</edge>\n"
    yield "</edges>\n"


def _label(attributes: Attributes) -> str:
    return f' label="{escaped(text(attributes["label"]))}"' if "label" in attributes else ""


def _values(attributes: Attributes, keys: Mapping[str, str], changing: str = "") -> str:
    values = [
        f'<attvalue for="{keys[name]}" value="{xml_value(value)}"/>'
        for name, value in attributes.items()
        if name in keys
    ]  # fmt: skip
    return f"<attvalues>{''.join(values)}{changing}</attvalues>" if values or changing else ""


def _span(attributes: Attributes) -> str:
    """Start and end of what has dates and no spells; one that ends before it starts has neither."""
    if "since" not in attributes and "until" not in attributes:
        return ""
    return _limits(attributes.get("since"), attributes.get("until"))


@lru_cache(maxsize=10_000)
def _limits(first: Value | None, last: Value | None) -> str:
    """Start and end for the timeline; an open end is left out, and so is a span that ends before it starts."""
    start, end = _day(first, last=False), _day(last, last=True)
    if start and end and start > end:
        return ""
    return "".join(f' {name}="{day.isoformat()}"' for name, day in (("start", start), ("end", end)) if day)


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
