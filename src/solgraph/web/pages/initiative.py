"""The page of an initiative: where it is, what belongs to it, its numbers, and others of the same themes."""

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from solgraph.graph.description import ROLES, Description
from solgraph.graph.exploration import Record, explorer
from solgraph.graph.facts import Mention
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import SG
from solgraph.rdf.terms import fold
from solgraph.web.pages import charts
from solgraph.web.pages.drawings import Map, locator

CLASSES = ("Programme", "Collaboration", "AdvocacyAction")
#: By what others are alike: the theme or, without any, the kind.
_ALIKE = {"theme": ("theme",), "kind": ("programmeKind",)}
_MOST_ALIKE = 8
_PART_OF = SG + "partOf"
_SILENT = {_PART_OF, SG + "facetOf"}
#: What dates a status; without any of these it is as of the documents that state it.
_DATED = {SG + "ongoingAsOf", SG + "endDate"}
#: Properties that stand elsewhere on the page: kinds above the name, and who takes part.
APART = {SG + name for name in ("programmeKind", "collaborationKind", "advocacyKind")} | {
    role for role in ROLES if role not in {SG + name for name in ("opposes", "demands", "concerns", "partOf")}
}


class Alike(NamedTuple):
    """Other initiatives of a theme or kind, each with its cities, and how many there are."""

    concept: str
    listed: list[Record]
    total: int


def shown(snapshot: Snapshot, described: Description, label: Label) -> dict[str, Any]:
    """What the template shows."""
    linked = [mention for name in CLASSES for mention in described.mentions.get(SG + name, ())]
    linked.sort(key=lambda mention: fold(label(mention.iri)))
    return {
        "parts_of_it": [_unrelated(mention) for mention in linked if _PART_OF in mention.relations],
        "linked": [_unrelated(mention) for mention in linked if _PART_OF not in mention.relations],
        "facts_apart": APART,
        "as_of": None if any(fact.property in _DATED for fact in described.facts) else partial(_as_of, snapshot),
        "observations": described.mentions.get(SG + "Observation", []),
        "alike": _alike(snapshot, described, {mention.iri for mention in linked}, label),
        "map": where(snapshot, described, ["inCity"], label),
    }


def _as_of(snapshot: Snapshot, documents: Collection[str]) -> str:
    """The date of the newest of some documents, as far as they have any."""
    return max((date for iri, date in snapshot.documents if iri in documents), default="")


def _unrelated(mention: Mention) -> Mention:
    """A part or facet without the words that say so."""
    return mention._replace(relations=[by for by in mention.relations if by not in _SILENT])


def values(described: Description, name: str, namespace: str = SG) -> list[str]:
    """The things that a property names."""
    terms = [term for fact in described.facts if fact.property == namespace + name for term in fact.values]
    return list(dict.fromkeys(term.value for term in terms if isinstance(term, NamedNode)))


def _alike(snapshot: Snapshot, described: Description, linked: set[str], label: Label) -> list[Alike]:
    own = {described.iri, *linked, *values(described, "partOf")}
    others = explorer(snapshot).initiatives
    for facet, names in _ALIKE.items():
        concepts = [concept for name in names for concept in values(described, name)]
        groups = [
            (
                concept,
                [record for record in others if concept in record.values.get(facet, ()) and record.thing not in own],
            )
            for concept in concepts
        ]
        if any(records for _, records in groups):
            return [_group(concept, records, label) for concept, records in groups if records]
    return []


def _group(concept: str, records: list[Record], label: Label) -> Alike:
    ordered = sorted(records, key=lambda record: fold(label(record.thing)))
    return Alike(concept, ordered[:_MOST_ALIKE], len(ordered))


def where(snapshot: Snapshot, described: Description, names: Iterable[str], label: Label) -> Map | None:
    """Where it is, if these properties name one city."""
    places = charts.city_coordinates(snapshot)
    cities = {place for name in names for place in values(described, name) if place in places}
    return locator(label(min(cities)), *places[min(cities)]) if len(cities) == 1 else None
