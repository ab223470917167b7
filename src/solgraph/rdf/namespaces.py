"""Namespaces of the data and of the vocabularies it uses: prefixes, short and full forms of IRIs."""

import re
from functools import cache

from pyoxigraph import NamedNode

BASE = "https://w3id.org/solgraph/"
SG = BASE + "ns#"
ID = BASE + "id/"
VOCAB = BASE + "vocab/"
GRAPH = BASE + "graph/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_TYPES = (
    "city country region neighbourhood place person actor network membership affiliation member-list term programme "
    "collaboration advocacy law observation finding source passage"
).split()
_SCHEMES = (
    "theme programme-kind collaboration-kind advocacy-kind status role beneficiary service network-scope network-layer "
    "actor-kind finding-kind measure precision place-kind source-kind"
).split()
PREFIXES: dict[str, str] = {
    "sg": SG,
    **{name: f"{ID}{name}/" for name in _TYPES},
    **{name: f"{VOCAB}{name}/" for name in _SCHEMES},
    "column": BASE + "column/",
    "graph": GRAPH,
    "sgs": BASE + "shapes#",
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "xsd": XSD,
}
#: The properties that name a thing, the best first; then those that give further names.
NAMING = [PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title"]
FURTHER_NAMES = [PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "notation"]
_NAMESPACES = sorted(((namespace, prefix) for prefix, namespace in PREFIXES.items()), key=lambda pair: -len(pair[0]))
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w.-]*[\w-])?", re.ASCII)


@cache
def shorten(iri: str) -> str:
    """``city:milan`` for an IRI of a known namespace, else the IRI itself."""
    for namespace, prefix in _NAMESPACES:
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(text: str) -> str | None:
    """The IRI that a text is (``https://…``, ``<https://…>``, ``city:milan``), or None when it is a plain word."""
    bare = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    prefix, colon, local = bare.partition(":")
    iri = PREFIXES[prefix] + local if prefix in PREFIXES else bare
    return iri if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:.+", iri) and _is_iri(iri) else None


def _is_iri(text: str) -> bool:
    try:
        return bool(NamedNode(text))
    except ValueError:
        return False


def slug(iri: str) -> str:
    """The last part of an IRI."""
    return re.split(r"[/#]", iri)[-1]
