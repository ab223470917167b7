"""What ties cities to themes, services, networks and sources: initiatives, examples and memberships, as records."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from solgraph.graph.snapshot import Snapshot, value_of
from solgraph.networks.model.years import Span, Years
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, SG, VOCAB

#: The facets of an initiative or an example, those of a membership, and those of both; a country is that of the city.
OF_WORK = ("theme", "kind", "service", "beneficiary", "status")
OF_TIES = ("layer", "network")
OF_BOTH = ("source",)
FACETS = ("country", *OF_WORK, *OF_TIES, *OF_BOTH)

#: How a source dates a record, from best to worst.
CERTAINTIES = ("stated", "seen", "undated")
ALLIANCE = f"{VOCAB}network-layer/alliance"
BLOCKED = f"{VOCAB}status/blocked"

_CITY, _EVIDENCE, _OFFICE, _ROLE = "city", "evidence", "office", "role"
_NETWORK = PREFIXES["org"] + "organization"
_NAMES = {
    SG + "inCity": _CITY,
    SG + "about": _CITY,
    PREFIXES["org"] + "member": _CITY,
    SG + "inCapacityOf": _OFFICE,
    SG + "theme": "theme",
    SG + "programmeKind": "kind",
    SG + "offersService": "service",
    SG + "beneficiary": "beneficiary",
    SG + "status": "status",
    _NETWORK: "network",
    PREFIXES["org"] + "role": _ROLE,
    SG + "evidence": _EVIDENCE,
    SG + "startDate": "since",
    SG + "endDate": "until",
    SG + "ongoingAsOf": "asof",
    SG + "notBefore": "not_before",
    SG + "notAfter": "not_after",
    SG + "activeAt": "active",
    RDF_TYPE: "class",
}
#: The things come first, by themselves: together with what is stated of them an engine takes thirty times as long.
_STATED = f"""SELECT ?thing ?by ?value {{
  {{
    SELECT DISTINCT ?thing {{
      {{ ?thing a/rdfs:subClassOf* sg:Initiative FILTER NOT EXISTS {{ ?thing sg:facetOf ?whole }} }}
      UNION {{ ?thing a sg:Finding ; sg:findingKind <https://w3id.org/solgraph/vocab/finding-kind/example> }}
      UNION {{ ?thing a sg:Membership }}
      UNION {{ ?tie sg:inCapacityOf ?thing }}
    }}
  }}
  VALUES ?by {{ {" ".join(f"<{iri}>" for iri in _NAMES)} }}
  ?thing ?by ?value
}}"""
_WIDER = "SELECT ?concept ?wider { ?concept skos:broader+ ?wider }"
_LAYERS = "SELECT ?network ?layer { ?network sg:networkLayer ?layer }"
_COUNTRIES = "SELECT ?city ?country { ?city a sg:City ; sg:locatedIn+ ?country . ?country a sg:Country }"

Stated = Mapping[str, set[str]]


class Record(NamedTuple):
    """An initiative, an example or a membership: the cities it concerns, its values by facet, its years.

    A member has ``roles``, and ``passages`` are those behind it.

    Concepts stand there with all that are wider.
    """

    thing: str
    is_tie: bool
    is_example: bool
    cities: frozenset[str]
    values: Mapping[str, frozenset[str]]
    years: Years
    certain: list[Span]
    roles: frozenset[str]
    passages: frozenset[str]

    @property
    def certainty(self) -> str:
        """How a source dates it: ``stated``, ``seen`` in some year, or ``undated``, of :data:`CERTAINTIES`."""
        return "stated" if self.years.is_dated else "seen" if self.years.active else "undated"


def countries_of_cities(snapshot: Snapshot) -> dict[str, str]:
    """City → its country, also where a region lies between."""
    return snapshot.cached("countries", lambda: dict(_pairs(snapshot, _COUNTRIES)))


def records(snapshot: Snapshot) -> list[Record]:
    """All records that concern a city, in the same order each time."""
    stated = _by_thing(snapshot)
    wider: dict[str, set[str]] = {}
    for concept, above in _pairs(snapshot, _WIDER):
        wider.setdefault(concept, set()).add(above)
    return sorted(_Reader(snapshot, stated, wider).records(), key=lambda record: record.thing)


class _Reader:
    def __init__(self, snapshot: Snapshot, stated: Mapping[str, Stated], wider: Mapping[str, set[str]]) -> None:
        self.stated, self.wider = stated, wider
        self.cities = countries_of_cities(snapshot).keys()
        self.layers = dict(_pairs(snapshot, _LAYERS))
        self.documents = {passage: document for passage, (document, _) in snapshot.passages.items()}

    def records(self) -> Iterator[Record]:
        for thing, stated in self.stated.items():
            is_tie = SG + "Membership" in stated["class"]
            offices = [self.stated[term] for term in stated.get(_OFFICE, ()) if is_tie]
            held_by = {city for office in offices for city in office.get("network", ())}  # an office is of the city
            cities = self.cities & (stated.get(_CITY, set()) | held_by)
            if cities and SG + "OfficeTerm" not in stated["class"]:
                years = _years(stated, offices)
                values = self.values(stated, is_tie)
                is_example = SG + "Finding" in stated["class"]
                roles, passages = (frozenset(stated.get(name, ())) for name in (_ROLE, _EVIDENCE))
                yield Record(
                    thing, is_tie, is_example, frozenset(cities), values, years, years.certain, roles, passages
                )

    def values(self, stated: Stated, is_tie: bool) -> dict[str, frozenset[str]]:
        values = {"source": {self.documents.get(passage, passage) for passage in stated.get(_EVIDENCE, ())}}
        if is_tie:
            values["network"] = set(stated.get("network", ()))
            values["layer"] = {self.layers.get(network, ALLIANCE) for network in values["network"]}
        else:
            values |= {facet: self.with_wider(stated.get(facet, ())) for facet in OF_WORK}
        return {facet: frozenset(found) for facet, found in values.items() if found}

    def with_wider(self, concepts: Iterable[str]) -> set[str]:
        return {above for concept in concepts for above in (concept, *self.wider.get(concept, ()))}


def _years(stated: Stated, offices: Iterable[Stated]) -> Years:
    """The years of a thing; where sources differ, none is excluded. An office bounds what is tied through it."""
    since, until, asof = _in(stated, "since"), _in(stated, "until"), _in(stated, "asof")
    began = [*_in(stated, "not_before"), *(year for office in offices for year in _in(office, "since"))]
    ended = [*_in(stated, "not_after"), *(year for office in offices for year in _in(office, "until"))]
    return Years(
        min(since, default=None),
        max(until, default=None),
        max(asof, default=None),
        None if since else min(began, default=None),
        None if until else max(ended, default=None),
        tuple(sorted(_in(stated, "active"))),
    )


def _in(stated: Stated, name: str) -> set[int]:
    return {int(date[:4]) for date in stated.get(name, ())}


def _by_thing(snapshot: Snapshot) -> dict[str, dict[str, set[str]]]:
    """Thing → what is stated about it, by the name of its property here."""
    stated: dict[str, dict[str, set[str]]] = {}
    for thing, by, value in snapshot.ask(_STATED).terms:
        if name := _NAMES.get(value_of(by)):
            stated.setdefault(value_of(thing), {}).setdefault(name, set()).add(value_of(value))
    return stated


def _pairs(snapshot: Snapshot, query: str) -> list[tuple[str, str]]:
    return [(value_of(thing), value_of(other)) for thing, other in snapshot.ask(query).terms]
