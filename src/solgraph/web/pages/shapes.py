"""The rules that data must keep, as their page tells them: read from the files of shapes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import Literal, RdfFormat, parse

from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.terms import Term
from solgraph.resources import ONTOLOGY
from solgraph.web.pages.things import value


class Shape(NamedTuple):
    """A rule: its name, the class it is about, and what it says when it is broken."""

    iri: str
    about: list[str]
    messages: list[str]


@lru_cache
def rules() -> dict[str, list[Shape]]:
    """The rules by the file in which they stand."""
    files = sorted((ONTOLOGY / "shapes").glob("*.ttl"))
    return {file.stem: shapes for file in files if (shapes := _shapes_of(file.read_text(encoding="utf-8")))}


def _shapes_of(text: str) -> list[Shape]:
    said: dict[str, dict[str, list[Term]]] = {}
    for quad in parse(text, format=RdfFormat.TURTLE):
        said.setdefault(value(quad.subject), {}).setdefault(quad.predicate.value, []).append(quad.object)
    sh = PREFIXES["sh"]
    named = {iri: about for iri, about in said.items() if iri.startswith(PREFIXES["sgs"])}
    return [
        Shape(iri, [value(one) for one in about.get(sh + "targetClass", [])], sorted(set(_messages(said, iri, set()))))
        for iri, about in named.items()
        if sh + "prefixes" not in about or sh + "targetClass" in about
    ]


def _messages(said: Mapping[str, Mapping[str, list[Term]]], one: str, seen: set[str]) -> list[str]:
    """What a shape and the parts of it say."""
    seen.add(one)
    own = [value(text) for text in said.get(one, {}).get(PREFIXES["sh"] + "message", []) if _is_english(text)]
    parts = [value(term) for terms in said.get(one, {}).values() for term in terms if not isinstance(term, Literal)]
    return own + [text for part in parts if part in said and part not in seen for text in _messages(said, part, seen)]


def _is_english(text: Term) -> bool:
    return isinstance(text, Literal) and (text.language or "en") == "en"
