"""Turtle and TriG with the same bytes for the same triples: ordered, grouped by subject, known prefixes."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Triple

from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, XSD, shorten
from solgraph.rdf.terms import Term

_FIRST = [RDF_TYPE, PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "altLabel", PREFIXES["dcterms"] + "title"]
_RANK = {iri: rank for rank, iri in enumerate(_FIRST)}
_BARE = {XSD + "integer": re.compile(r"-?[0-9]+"), XSD + "boolean": re.compile("true|false")}
_NEVER = re.compile(r"(?!)")
#: Tokens of what is written here: strings and whole IRIs are passed over, so that only prefixed names are left.
_PREFIX = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|<[^<>\s]*>|(?<![\w-])([A-Za-z][\w-]*):')


def ordered(triples: Iterable[Triple]) -> list[Triple]:
    """The triples without repetition: by subject, then types and names first, then by predicate and object."""
    return sorted(set(triples), key=_key)


def _key(triple: Triple) -> tuple[str, int, str, str]:
    predicate = triple.predicate.value
    return str(triple.subject), _RANK.get(predicate, len(_RANK)), predicate, str(triple.object)


def turtle(triples: Iterable[Triple]) -> str:
    """The triples as Turtle."""
    blocks = list(_blocks(ordered(triples), ""))
    return "\n".join(["".join(_declarations(blocks)), *blocks])


def trig(graphs: Iterable[tuple[str, Iterable[Triple]]]) -> str:
    """Named graphs as TriG; an empty name is the default graph."""
    blocks = [_graph(name, triples) for name, triples in graphs]
    return "\n".join(["".join(_declarations(blocks)), *blocks])


def _graph(name: str, triples: Iterable[Triple]) -> str:
    body = "\n".join(_blocks(ordered(triples), "    "))
    return f"{_iri(name)} {{\n{body}}}\n" if name else f"{{\n{body}}}\n"


def _declarations(blocks: list[str]) -> Iterator[str]:
    used = {*_PREFIX.findall("".join(blocks))}
    for prefix, namespace in PREFIXES.items():
        if prefix in used:
            yield f"@prefix {prefix}: <{namespace}> .\n"


def _blocks(triples: list[Triple], indent: str) -> Iterator[str]:
    for subject, about in groupby(triples, key=lambda triple: str(triple.subject)):
        rows = [
            f"{_predicate(predicate)} {' , '.join(term_text(triple.object) for triple in group)}"
            for predicate, group in groupby(about, key=lambda triple: triple.predicate.value)
        ]
        lines = f" ;\n{indent}    ".join(rows)
        yield f"{indent}{_iri(subject[1:-1]) if subject.startswith('<') else subject}\n{indent}    {lines} .\n"


def _predicate(iri: str) -> str:
    return "a" if iri == RDF_TYPE else _iri(iri)


def _iri(iri: str) -> str:
    short = shorten(iri)
    return f"<{iri}>" if short == iri else short


def term_text(term: Term) -> str:
    """A term as Turtle writes it, in short where there is a prefix."""
    if isinstance(term, NamedNode):
        return _iri(term.value)
    if isinstance(term, Triple):
        return f"<<( {term_text(term.subject)} {_predicate(term.predicate.value)} {term_text(term.object)} )>>"
    if not isinstance(term, Literal):
        return str(term)
    if _BARE.get(term.datatype.value, _NEVER).fullmatch(term.value):
        return term.value
    plain = str(term)
    datatype = f"^^<{term.datatype.value}>"
    return plain.removesuffix(datatype) + f"^^{_iri(term.datatype.value)}" if plain.endswith(datatype) else plain
