"""The index of an existing graph: cities, countries, networks, actors, programmes and concepts by their names."""

import math
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Triple

from solgraph.engines.endpoint import Endpoint
from solgraph.rdf.namespaces import ID, PREFIXES, VOCAB, slug
from solgraph.rdf.terms import fold

_PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
_CITIES = Path(__file__).with_name("cities.rq").read_text("utf-8")
_LABEL = "(skos:prefLabel|skos:altLabel|rdfs:label|dcterms:title)"
_IDENTIFYING = (
    "rdf:type, skos:prefLabel, skos:altLabel, sg:locatedIn, sg:placeKind, sg:countryCode, "
    "sg:geonamesId, geo:lat, geo:long, schema:sameAs"
)


class City(NamedTuple):
    """A city as one node; ``iri`` is empty for one that the graph lacks.

    A provisional one is known to no gazetteer either: a row describes it.
    """

    iri: str
    name: str
    country: str
    geonames: int = 0
    lat: float | None = None
    long: float | None = None
    is_provisional: bool = False


class ActorIndex:
    """The cities and other actors of a graph by their names in any language, folded by :func:`fold`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.cities = {city.iri: city for city in self._cities()}
        self.cities_by_name = _by_name(self._names("?thing a sg:City"))
        self.actors = _by_name(self._names_and_slugs("?thing a/rdfs:subClassOf* sg:Actor"))

    def _cities(self) -> Iterator[City]:
        for iri, name, country, geonames, lat, long in self._endpoint.ask(_PROLOGUE + _CITIES):
            point = (_number(lat), _number(long))
            point = (None, None) if None in point else point
            yield City(str(iri), str(name or slug(iri)), str(country or ""), int(_number(geonames) or 0), *point)

    def _names(self, pattern: str) -> list[tuple[str, str]]:
        return self._pairs(f"{pattern} . ?thing {_LABEL} ?name")

    def _names_and_slugs(self, pattern: str) -> list[tuple[str, str]]:
        names = self._names(pattern)
        return [*((iri, slug(iri)) for iri, _ in names), *names]

    def _pairs(self, pattern: str) -> list[tuple[str, str]]:
        query = f"SELECT DISTINCT ?thing ?name {{ {pattern} }} ORDER BY ?thing ?name"
        return [(str(thing), str(name)) for thing, name in self._endpoint.ask(_PROLOGUE + query)]


class GraphIndex(ActorIndex):
    """The things of a graph by their names, as :class:`ActorIndex` has them, and by their identifiers."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self._concepts: dict[str, dict[str, str]] = {}
        self.cities_by_geonames = {city.geonames: city for city in self.cities.values() if city.geonames}
        self.city_by_link = {link: iri for iri, link in self._pairs("?thing a sg:City ; schema:sameAs ?name")}
        self.networks = _by_name(self._names_and_slugs("?thing a sg:Network"))
        self.public_bodies = _by_name(self._names("?thing a sg:PublicBody"))
        self.programmes = _by_name(self._names("?thing a sg:Programme"))
        self.countries = {code: iri for iri, code in self._pairs("?thing sg:countryCode ?name")}
        codes = {iri: code for code, iri in self.countries.items()}
        self.country_codes = {fold(name): codes[iri] for iri, name in self._names("?thing a sg:Country")}
        self.regions = {fold(name) for _, name in self._names("?thing a sg:Region")}

    def name_of(self, network: str) -> str:
        """A name of a network of the graph."""
        return next((str(name) for _, name in self._names(f"VALUES ?thing {{ <{network}> }}")), slug(network))

    def ties(self) -> dict[str, list[str]]:
        """The memberships and affiliations of the graph: member, network, role, start and end of each."""
        query = """SELECT ?tie ?member ?network ?role (MIN(STR(?start)) AS ?since) (MIN(STR(?end)) AS ?until) {
            VALUES ?class { sg:Membership sg:Affiliation } ?tie a ?class ; org:member ?member ; org:role ?role ;
            org:organization ?network OPTIONAL { ?tie sg:startDate ?start } OPTIONAL { ?tie sg:endDate ?end }
            } GROUP BY ?tie ?member ?network ?role ORDER BY ?tie"""
        return {str(tie): [str(cell or "") for cell in cells] for tie, *cells in self._endpoint.ask(_PROLOGUE + query)}

    def cities_named(self, name: str, country: str) -> list[City]:
        """The cities of that name, in the country where its code is not empty."""
        cities = [self.cities[iri] for iri in self.cities_by_name.get(fold(name), ())]
        return [city for city in cities if country in ("", city.country)]

    def concepts(self, scheme: str) -> dict[str, str]:
        """The concepts of a scheme by name and by slug."""
        return self._concepts_like(f"?thing skos:inScheme <{VOCAB}{scheme}>")

    def member_roles(self) -> dict[str, str]:
        """The roles that a member of a network can have, by name and by slug."""
        return self._concepts_like("?thing skos:broader* role:member")

    def affiliate_roles(self) -> dict[str, str]:
        """The roles of those that are tied to a network without being members, by name and by slug."""
        return self._concepts_like("?thing skos:broader* role:affiliate")

    def _concepts_like(self, pattern: str) -> dict[str, str]:
        if pattern not in self._concepts:
            self._concepts[pattern] = {fold(name): iri for iri, name in self._names_and_slugs(pattern)}
        return self._concepts[pattern]

    def describes(self, iri: str) -> bool:
        """Whether the graph describes something under that IRI."""
        return bool(self._endpoint.ask(f"ASK {{ <{iri}> ?p ?o }}"))

    def iris_of_type(self, kind: str) -> set[str]:
        """The IRIs of one of our types, such as ``city``, that stand for something already."""
        query = f"SELECT DISTINCT ?thing {{ ?thing a ?class FILTER(STRSTARTS(STR(?thing), '{ID}{kind}/')) }}"
        return {str(row.thing) for row in self._endpoint.ask(_PROLOGUE + query)}

    def descriptions(self, iris: Iterable[str]) -> list[Triple]:
        """What identifies and names those things and the places in which they lie."""
        values = " ".join(f"<{iri}>" for iri in sorted(iris))
        query = (
            f"CONSTRUCT {{ ?s ?p ?o }} {{ {{ SELECT DISTINCT ?s {{ VALUES ?used {{ {values} }} "
            f"?used sg:locatedIn* ?s }} }} ?s ?p ?o FILTER(?p IN ({_IDENTIFYING})) }}"
        )
        return self._endpoint.ask(_PROLOGUE + query).triples if values else []


def _number(value: object) -> float | None:
    """A number, or None for what is none, since a graph may be asked before it was validated."""
    return float(value) if isinstance(value, int | float | Decimal) else None


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The IRIs of each name, without repetition."""
    iris: dict[str, dict[str, None]] = {}
    for iri, name in pairs:
        iris.setdefault(fold(name), {})[iri] = None
    return {name: list(things) for name, things in iris.items()}


def kilometres(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Kilometres on a sphere, by the haversine formula."""
    lat1, long1, lat2, long2 = map(math.radians, (*start, *end))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((long2 - long1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))
