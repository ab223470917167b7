"""The rules of the data as their page shows them: read from the files of shapes."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from pyoxigraph import Literal, RdfFormat, parse

from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.terms import Term
from solgraph.resources import shape_files

_SH = PREFIXES["sh"]
Properties = Mapping[str, list[Term]]


class Shape(NamedTuple):
    """A rule: its name, the classes to which it applies, and its messages."""

    iri: str
    classes: list[str]
    messages: list[str]


@cache
def rules() -> dict[str, list[Shape]]:
    """The rules by subject: the name of the files in which they stand."""
    shapes: dict[str, list[Shape]] = {}
    for file in shape_files():
        shapes.setdefault(file.stem, []).extend(_shapes(file.read_text(encoding="utf-8")))
    return {subject: shapes[subject] for subject in sorted(shapes) if shapes[subject]}


def _shapes(text: str) -> list[Shape]:
    subjects: dict[str, dict[str, list[Term]]] = {}
    for quad in parse(text, format=RdfFormat.TURTLE):
        subjects.setdefault(value(quad.subject), {}).setdefault(quad.predicate.value, []).append(quad.object)
    return [
        Shape(
            iri, [value(term) for term in shape.get(_SH + "targetClass", [])], sorted(_messages(subjects, iri, set()))
        )
        for iri, shape in subjects.items()
        if iri.startswith(PREFIXES["sgs"]) and (_SH + "prefixes" not in shape or _SH + "targetClass" in shape)
    ]


def _messages(subjects: Mapping[str, Properties], iri: str, seen: set[str]) -> set[str]:
    """The English messages of a shape and of its parts."""
    seen.add(iri)
    shape = subjects[iri]
    messages = {value(text) for text in shape.get(_SH + "message", []) if _is_english(text)}
    parts = {value(term) for terms in shape.values() for term in terms if not isinstance(term, Literal)}
    for part in parts & subjects.keys() - seen:
        messages |= _messages(subjects, part, seen)
    return messages


def _is_english(text: Term) -> bool:
    return isinstance(text, Literal) and (text.language or "en") == "en"
