"""Networks as Turtle: each edge a thing of its own, derived by a view, between two nodes under their IRIs."""

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from solgraph.networks.files.attributes import (
    Network,
    Told,
    Value,
    clean,
    edge_kinds,
    edges,
    node_kinds,
    nodes,
    plain,
    text,
)
from solgraph.rdf.namespaces import GRAPH, PREFIXES, expand, shorten

_PREFIXES = ("sg", "dcterms", "prov", "rdf", "rdfs", "xsd")
#: Attributes that are told in terms which everybody knows.
_ABOUT = {"name": "dcterms:title", "description": "dcterms:description"}
_DATES = {"since": "sg:startDate", "until": "sg:endDate"}
_DATE_TYPES = {r"\d{4}": "gYear", r"\d{4}-\d\d": "gYearMonth", r"\d{4}-\d\d-\d\d": "date"}


def turtle(network: Network) -> Iterator[str]:
    """The network as a collection of its nodes and of ties, each an ``sg:Tie`` between two nodes with its weight.

    Ties are derived and not stated by a source: the activity that made them carries what the network says of itself.
    Attributes are properties of this file, declared in it, so that nothing is said of a city in terms of others.
    """
    about = plain(network.graph)
    base = f"{GRAPH}network-{_part(text(about.get('name', 'solgraph')))}"
    names = {key: _node(key, told, base) for key, told in nodes(network)}
    prefixes = {name.partition(":")[0] for name in names.values() if not name.startswith("<")}
    yield from (f"@prefix {one}: <{PREFIXES[one]}> .\n" for one in PREFIXES if one in prefixes or one in _PREFIXES)
    yield f"@prefix tie: <{base}#tie-> .\n\n"
    yield from _about(about, base, network)
    for key, told in nodes(network):
        yield f"<{base}> prov:hadMember {names[key]} .\n"
        label = f"rdfs:label {_literal(text(told.get('label', key)))}"
        yield _block(names[key], [label, *_others(told, base, ("label", "iri"))])
    way = ("sg:tieFrom", "sg:tieTo") if network.is_directed() else ("sg:connects", "sg:connects")
    for number, (one, other, told) in enumerate(edges(network), 1):
        ends = [f"{way[0]} {names[one]}", f"{way[1]} {names[other]}"]
        yield f"<{base}> prov:hadMember tie:{number} .\n"
        yield _block(f"tie:{number}", ["a sg:Tie", *ends, *_strength(told), *_others(told, base, _held(told))])


def _about(about: Told, base: str, network: Network) -> Iterator[str]:
    known = [f"{_ABOUT[name]} {_literal(text(value))}" for name, value in about.items() if name in _ABOUT]
    yield _block(f"<{base}>", ["a prov:Collection", *known, f"prov:wasGeneratedBy <{base}#made>"])
    directed = {"directed": bool(network.is_directed()), "multigraph": bool(network.is_multigraph())}
    yield _block(f"<{base}#made>", ["a prov:Activity", *_others({**directed, **about}, base, tuple(_ABOUT))])
    declared = {**node_kinds(network), **edge_kinds(network), **about, **directed}
    for name in declared:
        yield _block(_attribute(name, base), ["a rdf:Property", f"rdfs:label {_literal(name)}"])


def _node(key: str, told: Told, base: str) -> str:
    """The node's own IRI, or one in this file."""
    iri = told.get("iri") or expand(key)
    if not isinstance(iri, str) or not _is_iri(iri):
        return f"<{base}#node-{_part(key)}>"
    short = shorten(iri)
    return f"<{iri}>" if short == iri else short


def _is_iri(said: str) -> bool:
    try:
        NamedNode(said)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1000)
def _attribute(name: str, base: str) -> str:
    return f"<{base}#attribute-{_part(name)}>"


def _part(said: str) -> str:
    return quote(said.encode("utf-8", "replace"), safe="")


def _block(subject: str, said: list[str]) -> str:
    lines = " ;\n    ".join(said)
    return f"{subject} {lines} .\n"


def _strength(told: Told) -> Iterator[str]:
    """Weight and years in terms of the ontology."""
    if _is_weight(told):
        number = format(Decimal(repr(told["weight"])), "f")
        yield f"sg:weight {number if '.' in number else f'{number}.0'}"
    for name, term in _DATES.items():
        if datatype := _date_type(told.get(name)):
            yield f'{term} "{told[name]}"^^xsd:{datatype}'


def _held(told: Told) -> tuple[str, ...]:
    dates = tuple(name for name in _DATES if _date_type(told.get(name)))
    return (*dates, "weight") if _is_weight(told) else dates


def _is_weight(told: Told) -> bool:
    weight = told.get("weight")
    return type(weight) is int or (type(weight) is float and math.isfinite(weight))


def _date_type(value: Value | None) -> str | None:
    if type(value) not in (int, str):
        return None
    return next((name for form, name in _DATE_TYPES.items() if re.fullmatch(form, str(value), re.ASCII)), None)


def _others(told: Told, base: str, skipped: tuple[str, ...]) -> Iterator[str]:
    return (f"{_attribute(name, base)} {_literal(value)}" for name, value in told.items() if name not in skipped)


@lru_cache(maxsize=10_000, typed=True)
def _literal(value: Value) -> str:
    return str(Literal(clean(value) if isinstance(value, str) else value))
