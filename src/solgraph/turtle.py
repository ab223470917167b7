"""Turtle, TriG and JSON-LD with the same bytes for the same triples: ordered, grouped by subject, known prefixes."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Triple

from solgraph.terms import PREFIXES, RDF_TYPE, XSD, Term, shorten

_FIRST = [RDF_TYPE, PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "altLabel", PREFIXES["dcterms"] + "title"]
_RANK = {iri: rank for rank, iri in enumerate(_FIRST)}
_BARE = {XSD + "integer", XSD + "boolean"}


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
    text = "".join(blocks)
    for prefix, namespace in PREFIXES.items():
        if f"{prefix}:" in text:
            yield f"@prefix {prefix}: <{namespace}> .\n"


def _blocks(triples: list[Triple], indent: str) -> Iterator[str]:
    for subject, about in groupby(triples, key=lambda triple: str(triple.subject)):
        rows = [
            f"{_predicate(predicate)} {' , '.join(_text(triple.object) for triple in said)}"
            for predicate, said in groupby(about, key=lambda triple: triple.predicate.value)
        ]
        lines = f" ;\n{indent}    ".join(rows)
        yield f"{indent}{_iri(subject[1:-1]) if subject.startswith('<') else subject}\n{indent}    {lines} .\n"


def _predicate(iri: str) -> str:
    return "a" if iri == RDF_TYPE else _iri(iri)


def _iri(iri: str) -> str:
    short = shorten(iri)
    return f"<{iri}>" if short == iri else short


def _text(term: Term) -> str:
    if isinstance(term, NamedNode):
        return _iri(term.value)
    if not isinstance(term, Literal):
        return str(term)
    if term.datatype.value in _BARE and term.value.lstrip("-").isalnum():
        return term.value
    plain = str(term)
    datatype = f"^^<{term.datatype.value}>"
    return plain.removesuffix(datatype) + f"^^{_iri(term.datatype.value)}" if plain.endswith(datatype) else plain


def json_ld(triples: Iterable[Triple]) -> str:
    """The triples as JSON-LD with a context of prefixes, one node object per subject."""
    import json

    nodes = []
    for subject, about in groupby(ordered(triples), key=lambda triple: triple.subject):
        node: dict[str, object] = {"@id": shorten(subject.value) if isinstance(subject, NamedNode) else str(subject)}
        for predicate, said in groupby(about, key=lambda triple: triple.predicate.value):
            values = [_json_value(triple.object, predicate) for triple in said]
            key = "@type" if predicate == RDF_TYPE else shorten(predicate)
            node[key] = values[0] if len(values) == 1 else values
        nodes.append(node)
    used = json.dumps(nodes)
    context = {prefix: namespace for prefix, namespace in PREFIXES.items() if f'"{prefix}:' in used}
    return json.dumps({"@context": context, "@graph": nodes}, ensure_ascii=False, indent=2) + "\n"


def _json_value(term: Term, predicate: str) -> object:
    if isinstance(term, NamedNode):
        short = shorten(term.value)
        return short if predicate == RDF_TYPE else {"@id": short}
    if not isinstance(term, Literal):
        return {"@id": str(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD + "string":
        return term.value
    return {"@value": term.value, "@type": shorten(term.datatype.value)}
