"""The page of a document: how much rests on it, the cities and networks that it names, and its sections."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from solgraph.graph.exploration import explorer
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import PREFIXES, SG
from solgraph.rdf.terms import fold
from solgraph.web.pages import charts
from solgraph.web.pages.drawings import map_of
from solgraph.web.pages.network import by_number
from solgraph.web.pages.passages import Section

#: What is counted at the top, in this order; all else stands in the sections.
_COUNTED = [
    SG + name for name in "Membership Affiliation Programme Collaboration AdvocacyAction Finding Observation".split()
]
#: Facts that stand elsewhere on the page, or would fill it.
_APART = {SG + "sourceKind", SG + "acknowledges", SG + "sha256", PREFIXES["dcterms"] + "references"}
_MOST_OPEN, _MOST_NETWORKS = 3, 10


def shown(snapshot: Snapshot, iri: str, sections: Sequence[Section], label: Label) -> dict[str, Any]:
    """What the template shows. Cities are those to which anything is tied that rests on the document."""
    records = [record for record in explorer(snapshot).records if iri in record.values.get("source", ())]
    cities = {city: label(city) for record in records for city in record.cities}
    networks = Counter(network for record in records if record.is_tie for network in record.values["network"])
    things: dict[str, set[str]] = {kind: set() for kind in _COUNTED}
    for section in sections:
        for kind, listed in (*section.things.items(), *((kind, ties) for (kind, _), ties in section.ties.items())):
            things.setdefault(kind, set()).update(listed)
    places = charts.places_of(snapshot, cities, {})
    return {
        "claim": None,
        "facts_apart": _APART,
        "numbers": [(kind, len(things[kind])) for kind in _COUNTED if things[kind]],
        "cities": sorted(cities, key=lambda city: fold(label(city))),
        "networks": by_number(snapshot, networks, label)[:_MOST_NETWORKS],
        "cities_map": map_of(places, "networks") if len(places) > 1 else None,
        "are_open": len(sections) <= _MOST_OPEN,
    }
