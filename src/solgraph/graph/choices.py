"""What can be chosen for a parameter, by label: its values, the things of its class, the concepts of its scheme."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from solgraph.queries.parameters import Parameter
from solgraph.rdf.namespaces import shorten, slug
from solgraph.rdf.terms import fold

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

#: More choices than this are suggested while somebody types, not listed.
MOST_LISTED = 150
_MOST_SUGGESTED = 3000


class Choice(NamedTuple):
    """A thing or value that can be chosen: what is sent, and what a reader sees."""

    value: str
    label: str


def choices(kg: "Knowledge", param: Parameter) -> list[Choice]:
    """All that a parameter takes, by label in the languages of the graph; nothing for texts, numbers, thousands."""
    if values := ("true",) if param.is_flag else param.values:
        return [Choice(value, value) for value in values]
    if param.kind != "iri":
        return []
    key = ("choices", param.type, param.scheme, kg.languages)
    return kg.snapshot.recent(key, lambda: _things(kg, param.type, param.scheme))


def _things(kg: "Knowledge", of_class: str, scheme: str) -> list[Choice]:
    bearers: dict[str, set[str]] = {}
    for iri, name in kg.names(of_class, scheme):
        bearers.setdefault(fold(name), set()).add(iri)
        bearers.setdefault(fold(slug(iri)), set()).add(iri)
    iris = {iri for things in bearers.values() for iri in things}
    if len(iris) > _MOST_SUGGESTED:
        return []
    titles = kg.snapshot.labels_of(iris, kg.languages)
    things = [Choice(_value(iri, bearers), titles.get(iri) or shorten(iri)) for iri in iris]
    return sorted(_distinct(things), key=lambda choice: (fold(choice.label), choice.value))


def _value(iri: str, bearers: Mapping[str, set[str]]) -> str:
    """How an address names a thing: by its slug if nothing else has that name."""
    return slug(iri) if bearers[fold(slug(iri))] == {iri} else shorten(iri)


def _distinct(things: Sequence[Choice]) -> list[Choice]:
    """Choices with the same label, each with its value behind it."""
    times = Counter(choice.label for choice in things)
    return [Choice(value, f"{label} ({value})" if times[label] > 1 else label) for value, label in things]
