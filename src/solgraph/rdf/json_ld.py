"""Compact JSON-LD in the words of ``ontology/context.jsonld``, the same bytes for the same triples."""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import pyoxigraph
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from solgraph.errors import WrongUse
from solgraph.rdf.namespaces import BASE, RDF_TYPE, XSD, shorten
from solgraph.rdf.terms import Term
from solgraph.rdf.turtle import ordered
from solgraph.resources import ONTOLOGY

CONTEXT = ONTOLOGY / "context.jsonld"
CONTEXT_IRI = BASE + "context.jsonld"


class _Word(NamedTuple):
    """A term of the context: its name, the type of its values, and how they are held."""

    name: str
    type: str
    container: str


class _Context(NamedTuple):
    """The context as it stands in the file, its namespaces by prefix, and its terms by IRI."""

    entries: dict[str, Any]
    prefixes: dict[str, str]
    words: dict[str, list[_Word]]


@cache
def _context() -> _Context:
    entries = json.loads(CONTEXT.read_text("utf-8"))["@context"]
    prefixes = {key: value for key, value in entries.items() if isinstance(value, str) and value.endswith(("/", "#"))}
    words: dict[str, list[_Word]] = defaultdict(list)
    for key, value in entries.items():
        definition = value if isinstance(value, dict) else {"@id": value}
        if key not in prefixes and ":" in str(definition.get("@id")):
            prefix, _, local = definition["@id"].partition(":")
            word = _Word(key, definition.get("@type", ""), definition.get("@container", ""))
            words[prefixes[prefix] + local].append(word)
    return _Context(entries, prefixes, words)


def json_ld(triples: Iterable[Triple]) -> str:
    """The triples as compact JSON-LD, with as much of ``ontology/context.jsonld`` as they need.

    The context stands in the document, so that nothing is fetched to read it. Triples that the context would change,
    such as those of an IRI ``<city:x>``, are written as pyoxigraph writes them, without a context.
    Raises :class:`WrongUse` for triples about triples, which JSON-LD 1.1 cannot hold.
    """
    listed = ordered(triples)
    if any(isinstance(triple.object, Triple) for triple in listed):
        raise WrongUse(
            "JSON-LD cannot hold statements about statements (RDF 1.2).", hint="Choose another format: turtle."
        )
    context, prefixes, _ = _context()
    schemes = {term.value.partition(":")[0] for triple in listed for term in triple if isinstance(term, NamedNode)}
    if schemes & prefixes.keys():
        return (pyoxigraph.serialize(listed, format=RdfFormat.JSON_LD) or b"").decode() + "\n"
    nodes = [_node(subject, about) for subject, about in groupby(listed, key=lambda triple: triple.subject)]
    used = {key: context[key] for key in _used(nodes)}
    needed = used.keys() | _prefixes_of(used)
    document = {
        "@context": {"@version": 1.1} | {key: value for key, value in context.items() if key in needed},
        "@graph": nodes,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _used(value: object) -> set[str]:
    """The terms and prefixes of the context that stand in a JSON value."""
    if isinstance(value, list):
        return set().union(*map(_used, value))
    if isinstance(value, dict):
        return set().union(*(_used(part) for pair in value.items() for part in pair))
    entries, prefixes, _ = _context()
    text = str(value)
    prefix = text.partition(":")[0]
    return {text} & entries.keys() | {prefix} & prefixes.keys()


def _prefixes_of(used: dict[str, Any]) -> set[str]:
    texts = [text for value in used.values() for text in (value.values() if isinstance(value, dict) else [value])]
    return {text.partition(":")[0] for text in texts} & _context().prefixes.keys()


def _node(subject: Term, about: Iterable[Triple]) -> dict[str, object]:
    node: dict[str, object] = {"id": _short(subject)}
    for predicate, group in groupby(about, key=lambda triple: triple.predicate.value):
        node |= _property(predicate, [triple.object for triple in group])
    return node


def _property(predicate: str, objects: list[Term]) -> dict[str, object]:
    """The values of a property under the best of its names."""
    if predicate == RDF_TYPE and all(isinstance(term, NamedNode) for term in objects):
        return {"type": _unwrapped([_class(term) for term in objects])}
    for word in _context().words.get(predicate, []):
        if word.container == "@language" and all(_has_language(term) for term in objects):
            return {word.name: _by_language(objects)}
        if not word.container:
            return {word.name: _unwrapped([_value(term, word.type) for term in objects])}
    return {_short(NamedNode(predicate)): _unwrapped([_value(term, "") for term in objects])}


def _unwrapped(values: list[Any]) -> object:
    return values[0] if len(values) == 1 else values


def _class(term: Term) -> str:
    words = _context().words.get(str(term)[1:-1])
    return words[0].name if words else _short(term)


def _has_language(term: Term) -> bool:
    """Whether a map from language to text can hold it, which has no place for a direction."""
    return isinstance(term, Literal) and bool(term.language) and not term.direction


def _by_language(objects: list[Term]) -> dict[str, object]:
    texts: dict[str, list[str]] = defaultdict(list)
    for term in objects:
        if isinstance(term, Literal):
            texts[term.language or ""].append(term.value)
    return {language: _unwrapped(values) for language, values in sorted(texts.items())}


def _value(term: Term, coerced: str) -> object:
    """A value as a word of that type takes it; written out where the type would say something else."""
    if not isinstance(term, Literal):
        return _short(term) if coerced == "@id" else {"@id": _short(term)}
    if term.language:
        direction = {"@direction": term.direction.value} if term.direction else {}
        return {"@value": term.value, "@language": term.language} | direction
    if term.datatype.value == XSD + "string":
        return {"@value": term.value} if coerced else term.value
    datatype = _short(term.datatype)
    return term.value if datatype == coerced else {"@value": term.value, "@type": datatype}


def _short(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)


def with_own_context(content: bytes) -> bytes:
    """A JSON-LD document in which our context stands itself where its address stood, so that it can be read."""
    if CONTEXT_IRI.encode() not in content:
        return content
    try:
        return json.dumps(_with_own_context(json.loads(content))).encode()
    except ValueError:  # the parser says where
        return content


def _with_own_context(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_own_context(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_own_context(part, key) for part in value]
    return _context().entries if key == "@context" and value == CONTEXT_IRI else value
