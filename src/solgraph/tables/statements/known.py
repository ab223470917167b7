"""What the graph knows already, by the names that tables use: cities, countries, networks, concepts."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import Triple

from solgraph.engines.endpoint import Endpoint
from solgraph.rdf.namespaces import ID, PREFIXES, VOCAB, slug
from solgraph.rdf.terms import fold, python_value

_PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in PREFIXES.items())
_NAMED = "(skos:prefLabel|skos:altLabel|rdfs:label|dcterms:title)"
_DESCRIBING = (
    "rdf:type, skos:prefLabel, skos:altLabel, sg:locatedIn, sg:placeKind, sg:countryCode, "
    "sg:geonamesId, geo:lat, geo:long, schema:sameAs"
)


class City(NamedTuple):
    """A city as one node: its IRI, and what tells it from others."""

    iri: str
    name: str
    country: str
    geonames: int = 0
    lat: float | None = None
    long: float | None = None


class Known:
    """The things that an endpoint knows, each by its names without case and diacritics."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.cities = {one.iri: one for one in self._cities()}
        self.links = {str(link): city for city, link in self._pairs("?thing a sg:City ; schema:sameAs ?name")}
        self.geonames = {one.geonames: one for one in self.cities.values() if one.geonames}
        self._cities_named = _by_name(self._called("?thing a sg:City"))
        networks = list(self._called("?thing a sg:Network"))
        self.networks = _by_name([*networks, *((iri, slug(iri)) for iri, _ in networks)])
        actors = list(self._called("?thing a/rdfs:subClassOf* sg:Actor"))
        self.actors = _by_name([*actors, *((iri, slug(iri)) for iri, _ in actors)])
        self.programmes = _by_name(self._called("?thing a sg:Programme"))
        self.countries = {code: iri for iri, code in self._pairs("?thing sg:countryCode ?name")}
        codes = {iri: code for code, iri in self.countries.items()}
        self.country_names = {fold(name): codes[iri] for iri, name in self._called("?thing a sg:Country")}
        self.areas = {fold(name): name for _, name in self._called("?thing a sg:Region")}

    def cities_named(self, name: str, country: str) -> list[City]:
        """The cities of that name, in the country where one is given."""
        found = [self.cities[iri] for iri in self._cities_named.get(fold(name), ())]
        return [one for one in found if country in ("", one.country)]

    def concepts(self, scheme: str) -> dict[str, str]:
        """The concepts of a scheme by name in any language, and by slug."""
        pairs = list(self._called(f"?thing skos:inScheme <{VOCAB}{scheme}>"))
        return {fold(name): iri for iri, name in [*((iri, slug(iri)) for iri, _ in pairs), *pairs]}

    def roles(self) -> dict[str, str]:
        """The roles that a member of a network can have, by name in any language."""
        pairs = list(self._called("?thing skos:broader* role:member"))
        return {fold(name): iri for iri, name in [*((iri, slug(iri)) for iri, _ in pairs), *pairs]}

    def holds(self, iri: str) -> bool:
        """Whether the graph describes something under that IRI."""
        return bool(self._endpoint.ask(f"ASK {{ <{iri}> ?p ?o }}"))

    def taken(self, kind: str) -> set[str]:
        """The IRIs of one of our types, such as ``city``, that stand for something already."""
        query = f"SELECT DISTINCT ?thing {{ ?thing a ?class FILTER(STRSTARTS(STR(?thing), '{ID}{kind}/')) }}"
        return {str(python_value(row[0])) for row in self._endpoint.ask(_PROLOGUE + query).terms}

    def described(self, iris: Iterable[str]) -> list[Triple]:
        """What identifies and names those things, and the places in which they lie."""
        wanted = " ".join(f"<{iri}>" for iri in sorted(iris))
        query = (
            f"CONSTRUCT {{ ?s ?p ?o }} {{ {{ SELECT DISTINCT ?s {{ VALUES ?used {{ {wanted} }} "
            f"?used sg:locatedIn* ?s }} }} ?s ?p ?o FILTER(?p IN ({_DESCRIBING})) }}"
        )
        return self._endpoint.ask(_PROLOGUE + query).triples if wanted else []

    def _cities(self) -> Iterator[City]:
        query = (
            "SELECT ?city (SAMPLE(?label) AS ?name) (SAMPLE(?code) AS ?country) ?id ?lat ?long { ?city a sg:City . "
            "OPTIONAL { ?city skos:prefLabel ?label FILTER(LANG(?label) = 'en') } "
            "OPTIONAL { ?city sg:locatedIn+/sg:countryCode ?code } OPTIONAL { ?city sg:geonamesId ?id } "
            "OPTIONAL { ?city geo:lat ?lat ; geo:long ?long } } GROUP BY ?city ?id ?lat ?long ORDER BY ?city"
        )
        for row in self._endpoint.ask(_PROLOGUE + query).terms:
            iri, name, country, geonames, lat, long = map(python_value, row)
            place = (float(lat), float(long)) if lat is not None and long is not None else (None, None)
            yield City(str(iri), str(name or slug(iri)), str(country or ""), int(geonames or 0), *place)

    def _called(self, pattern: str) -> list[tuple[str, str]]:
        return list(self._pairs(f"{pattern} . ?thing {_NAMED} ?name"))

    def _pairs(self, pattern: str) -> Iterator[tuple[str, str]]:
        query = f"SELECT DISTINCT ?thing ?name {{ {pattern} }} ORDER BY ?thing ?name"
        for thing, name in self._endpoint.ask(_PROLOGUE + query).terms:
            yield str(python_value(thing)), str(python_value(name))


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for iri, name in pairs:
        if iri not in found.setdefault(fold(name), []):
            found[fold(name)].append(iri)
    return found
