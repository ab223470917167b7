"""Networks as Turtle: each edge a thing of its own, derived by a view, between two nodes under their IRIs."""

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

from pyoxigraph import Literal

from solgraph.networks.files.plain_network import Attributes, PlainNetwork, Value, clean, text
from solgraph.networks.model.spells import presence, spells_of
from solgraph.rdf.namespaces import GRAPH, PREFIXES, expand, shorten

_PREFIXES = ("sg", "dcterms", "prov", "rdf", "rdfs", "xsd")
#: Attributes with a term in a standard vocabulary or in the ontology.
_TERMS = {"name": "dcterms:title", "description": "dcterms:description"}
_DATES = {
    "since": "sg:startDate",
    "until": "sg:endDate",
    "not_before": "sg:notBefore",
    "not_after": "sg:notAfter",
}
_DATE_TYPES = {r"\d{4}": "gYear", r"\d{4}-\d\d": "gYearMonth", r"\d{4}-\d\d-\d\d": "date"}


def turtle(network: PlainNetwork) -> Iterator[str]:
    """The network as a collection of its nodes and of ties, each an ``sg:Tie`` between two nodes with its weight.

    Ties are derived and not stated by a source: the activity that made them carries the attributes of the network.
    Other attributes are properties of this file, declared in it, so that no term of the ontology is overloaded.
    """
    base = f"{GRAPH}network-{_encoded(network.name)}"
    names = {key: _node(key, node, base) for key, node in network.nodes()}
    used = {*_PREFIXES, *(name.partition(":")[0] for name in names.values() if not name.startswith("<"))}
    yield from (f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in PREFIXES if prefix in used)
    yield f"@prefix tie: <{base}#tie-> .\n\n"
    yield from _collection(network, base)
    for key, node in network.nodes():
        yield f"<{base}> prov:hadMember {names[key]} .\n"
        label = f"rdfs:label {_literal(text(node.get('label', key)))}"
        yield _block(names[key], [label, *_properties(node, base, ("label", "iri"))])
    first, second = ("sg:tieFrom", "sg:tieTo") if network.directed else ("sg:connects", "sg:connects")
    for number, (start, end, edge) in enumerate(network.edges(), 1):
        ends = [f"{first} {names[start]}", f"{second} {names[end]}"]
        standard = _standard(edge)
        yield f"<{base}> prov:hadMember tie:{number} .\n"
        yield _block(
            f"tie:{number}", ["a sg:Tie", *ends, *standard.values(), *_properties(edge, base, tuple(standard))]
        )


def _collection(network: PlainNetwork, base: str) -> Iterator[str]:
    about = network.attributes
    terms = [f"{_TERMS[name]} {_literal(text(value))}" for name, value in about.items() if name in _TERMS]
    yield _block(f"<{base}>", ["a prov:Collection", *terms, f"prov:wasGeneratedBy <{base}#made>"])
    shape = {"directed": network.directed, "multigraph": network.multigraph}
    yield _block(f"<{base}#made>", ["a prov:Activity", *_properties({**shape, **about}, base, tuple(_TERMS))])
    for name in {**network.node_kinds, **network.edge_kinds, **about, **shape}:
        yield _block(_property(name, base), ["a rdf:Property", f"rdfs:label {_literal(name)}"])


def _node(key: str, attributes: Attributes, base: str) -> str:
    """The node's own IRI, or an IRI within this file."""
    iri = expand(str(attributes.get("iri") or key))
    if not iri:
        return f"<{base}#node-{_encoded(key)}>"
    short = shorten(iri)
    return f"<{iri}>" if short == iri else short


@lru_cache(maxsize=1000)
def _property(name: str, base: str) -> str:
    return f"<{base}#attribute-{_encoded(name)}>"


def _encoded(string: str) -> str:
    return quote(string.encode("utf-8", "replace"), safe="")


def _block(subject: str, statements: list[str]) -> str:
    lines = " ;\n    ".join(statements)
    return f"{subject} {lines} .\n"


def _standard(attributes: Attributes) -> dict[str, str]:
    """Weight and years as statements in terms of the ontology, by attribute; what was interrupted has no such years."""
    statements = {}
    weight = attributes.get("weight")
    if type(weight) is int or (type(weight) is float and math.isfinite(weight)):
        number = format(Decimal(repr(weight)), "f")
        statements["weight"] = f"sg:weight {number if '.' in number else f'{number}.0'}"
    for name, term in _DATES.items() if len(presence(spells_of(attributes))) < 2 else ():
        if datatype := _date_type(attributes.get(name)):
            statements[name] = f'{term} "{attributes[name]}"^^xsd:{datatype}'
    return statements


def _date_type(value: Value | None) -> str | None:
    if type(value) not in (int, str):
        return None
    return next((name for form, name in _DATE_TYPES.items() if re.fullmatch(form, str(value), re.ASCII)), None)


def _properties(attributes: Attributes, base: str, skipped: tuple[str, ...]) -> Iterator[str]:
    return (f"{_property(name, base)} {_literal(value)}" for name, value in attributes.items() if name not in skipped)


@lru_cache(maxsize=10_000, typed=True)
def _literal(value: Value) -> str:
    return str(Literal(clean(value) if isinstance(value, str) else value))
