"""The page of a theme, or of a kind, service, beneficiary or status: the cities with it, and what they do."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from solgraph.graph.description import Description
from solgraph.graph.exploration import Record, explorer
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import PREFIXES, VOCAB
from solgraph.rdf.terms import fold
from solgraph.web.pages import charts, initiative
from solgraph.web.pages.drawings import Map, map_of

#: Scheme → the facet of the explorer whose values its concepts are.
FACETS = {
    f"{VOCAB}{scheme}": facet
    for scheme, facet in {
        "theme": "theme",
        "programme-kind": "kind",
        "service": "service",
        "beneficiary": "beneficiary",
        "status": "status",
    }.items()
}
_SKOS = PREFIXES["skos"]
_TREE = "SELECT ?concept ?broader { ?concept skos:broader ?broader }"
#: What needs no word beside an initiative.
_PLAIN = {f"{VOCAB}status/{name}" for name in ("running", "unknown")}


class Row(NamedTuple):
    """A city, its initiatives, and the findings that present it as an example; no city for what is of none."""

    city: str
    initiatives: list[Record]
    examples: list[Record]


def facet_of(described: Description) -> str:
    """The facet whose value a concept is; nothing for other concepts."""
    schemes = initiative.values(described, "inScheme", _SKOS)
    return next((FACETS[scheme] for scheme in schemes if scheme in FACETS), "")


def shown(snapshot: Snapshot, described: Description, label: Label) -> dict[str, Any]:
    """What the template shows."""
    iri, facet = described.iri, facet_of(described)
    every = [record for record in explorer(snapshot).records if not record.is_tie]
    records = [record for record in every if iri in record.values.get(facet, ())]
    times = Counter(concept for record in every if not record.is_example for concept in record.values.get(facet, ()))
    rows, broader = _rows(records, label), initiative.values(described, "broader", _SKOS)
    tree = snapshot.cached("broader concepts", lambda: _pairs(snapshot))
    below = [(concept, times[concept]) for concept, above in tree if above == iri]
    beside = [(concept, times[concept]) for concept, above in tree if above in broader and concept != iri]
    return {
        "facet": facet,
        "rows": rows,
        "initiatives": sum(not record.is_example for record in records),
        "cities": sum(bool(row.city) for row in rows),
        "statuses": {record.thing: _statuses(record, tree) for record in records},
        "broader": broader,
        "below": below,
        "beside": [] if below else beside,
        "cities_map": _map(snapshot, rows, label),
    }


def _statuses(record: Record, tree: Iterable[tuple[str, str]]) -> list[str]:
    """What is to be said of its status: the narrowest terms, if it does not run on."""
    statuses = record.values.get("status", frozenset()) - _PLAIN
    return sorted(statuses - {broader for concept, broader in tree if concept in statuses})


def _rows(records: Iterable[Record], label: Label) -> list[Row]:
    """Cities by name, then what is of no city."""
    rows: dict[str, Row] = {}
    for record in sorted(records, key=lambda record: fold(label(record.thing))):
        for city in record.cities or ("",):
            row = rows.setdefault(city, Row(city, [], []))
            (row.examples if record.is_example else row.initiatives).append(record)
    return sorted(rows.values(), key=lambda row: (not row.city, fold(label(row.city))))


def _pairs(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Concepts with those above them, in the order of their numbers and names."""
    return sorted((value(concept), value(broader)) for concept, broader in snapshot.ask(_TREE).terms)


def _map(snapshot: Snapshot, rows: Iterable[Row], label: Label) -> Map | None:
    """The cities that have coordinates, if there is more than one; a larger dot has more initiatives."""
    numbers = {row.city: len(row.initiatives) + len(row.examples) for row in rows if row.city}
    places = charts.places_of(snapshot, {city: label(city) for city in numbers}, numbers)
    return map_of(places, "initiatives") if len(places) > 1 else None
