"""The statements of an import, in the project's own form, as they are drawn up."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from hashlib import sha256
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from solgraph.rdf.namespaces import ID, PREFIXES, RDF_TYPE, VOCAB, XSD, expand
from solgraph.rdf.terms import fold
from solgraph.tables.recognise import gazetteer
from solgraph.tables.recognise.gazetteer import Gazetteer
from solgraph.tables.statements.existing import Held
from solgraph.tables.statements.known import City, Known

LONGEST_SLUG = 60
EUROPE = ID + "place/europe"
_LICENCES = {
    "cc0": "publicdomain/zero/1.0",
    "cc0 1 0": "publicdomain/zero/1.0",
    **{
        f"cc {kind} {version} 0": f"licenses/{kind.replace(' ', '-')}/{version}.0"
        for kind in ("by", "by sa", "by nc", "by nd", "by nc sa", "by nc nd")
        for version in ("3", "4")
    },
}


class Description(NamedTuple):
    """How the table is described as a source."""

    title: str
    creators: tuple[str, ...]
    licence: str
    date: str


class Draft:
    """The triples of one file, beginning with those of an earlier import."""

    def __init__(self, name: str, known: Known, held: Held) -> None:
        """``name`` is the slug of the file's named graph."""
        self.name, self.known, self.held = name, known, held
        self.triples: set[Triple] = set(held.triples)
        self.used: set[str] = set()
        self._spelled: dict[str, Counter[str]] = {}
        self._titles: dict[str, str] = {}
        self._concepts: dict[str, dict[str, str]] = {}
        label = PREFIXES["skos"] + "prefLabel"
        self._labels = {thing: set(held.values(thing, label)) for thing in held.subjects()}

    def say(self, subject: str, predicate: str, value: str | Literal) -> None:
        """One statement; a text without a type is the IRI of a thing."""
        term = NamedNode(value) if isinstance(value, str) else value
        if predicate == "skos:prefLabel":
            self._labels.setdefault(subject, set()).add(term.value)
        self.triples.add(Triple(NamedNode(subject), NamedNode(iri(predicate)), term))

    def note(self, subject: str, text: str, language: str = "en") -> None:
        """A remark on a thing."""
        self.say(subject, "skos:note", Literal(text, language=language))

    def date(self, subject: str, predicate: str, text: str) -> None:
        """A year, a month or a day, where there is one."""
        if text:
            kind = {4: "gYear", 7: "gYearMonth"}.get(len(text), "date")
            self.say(subject, predicate, Literal(text, datatype=NamedNode(XSD + kind)))

    # Sources

    def source(self, source: str, description: Description, file: str, digest: str) -> None:
        """The table as a source, unless an earlier import described it."""
        if source in self._labels:
            return
        self._titles[source] = description.title
        self.say(source, RDF_TYPE, iri("sg:Source"))
        self.say(source, "sg:sourceKind", VOCAB + "source-kind/data-table")
        self.say(source, "dcterms:title", Literal(description.title, language="en"))
        self.say(source, "dcterms:identifier", Literal(file))
        self.say(source, "sg:sha256", Literal(digest))
        self.say(source, "dcterms:license", licence(description.licence))
        self.date(source, "dcterms:created", description.date)
        for creator in description.creators:
            self.say(source, "dcterms:creator", self.actor(creator))

    def passage(self, passage: str, source: str, row: int, title: str, notes: Iterable[str]) -> None:
        """A row of a table as a passage."""
        self.say(passage, RDF_TYPE, iri("sg:Passage"))
        self.say(passage, "skos:prefLabel", Literal(f"{title}, row {row}", language="en"))
        self.say(passage, "oa:hasSource", source)
        self.say(passage, "sg:section", Literal(f"row {row}"))
        for text in notes:
            self.note(passage, text)

    def title(self, source: str) -> str:
        """The title of a source of this file."""
        return self._titles.get(source) or self.held.value(source, PREFIXES["dcterms"] + "title")

    # Things that several rows name

    def concepts(self, scheme: str) -> dict[str, str]:
        """The concepts of a scheme by name in any language."""
        if scheme not in self._concepts:
            self._concepts[scheme] = self.known.concepts(scheme)
        return self._concepts[scheme]

    @cached_property
    def programmes(self) -> dict[str, list[str]]:
        """The programmes of the graph and of the file by name."""
        return {name: [one] for name, one in self.held.named("Programme").items()} | self.known.programmes

    def called(self, thing: str, name: str) -> None:
        """Another name of a thing."""
        if name not in self._labels.get(thing, ()):
            self.say(thing, "skos:altLabel", Literal(name, language="und"))

    def actor(self, name: str) -> str:
        """The actor of that name, a new one if the graph has none: a person or an organisation, a name does not say."""
        found = self.known.actors.get(fold(name), ())
        if len(found) == 1:
            self.used.add(found[0])
            return found[0]
        actor = f"{ID}actor/{slug_of(name)}{f'-{self.name}' if found else ''}"
        self.say(actor, RDF_TYPE, iri("sg:Actor"))
        self.say(actor, "skos:prefLabel", Literal(name, language="en"))
        return actor

    def network(self, name: str) -> str:
        """The network of that name, in whatever case and accents; a new one if neither graph nor file has one."""
        said = expand(name)
        found = [said] if said in self.network_iris else self.known.networks.get(fold(name))
        if found:
            self.used.add(found[0])
            return found[0]
        network = self._held_networks.get(fold(name)) or f"{ID}network/{slug_of(name)}"
        self._spelled.setdefault(network, Counter())[name] += 1
        return network

    @cached_property
    def network_iris(self) -> set[str]:
        """The networks of the graph."""
        return {one for several in self.known.networks.values() for one in several}

    @cached_property
    def _held_networks(self) -> dict[str, str]:
        return self.held.named("Network")

    def city(self, city: City, iris: Mapping[int, str], spelled: str) -> str:
        """A city; one that the graph lacks is described as the gazetteer does."""
        if city.iri:
            self.used.add(city.iri)
            return city.iri
        new = iris[city.geonames]
        self._spelled.setdefault(new, Counter())[spelled] += 1
        if self._spelled[new].total() == 1:
            self._describe(new, city)
        return new

    def _describe(self, new: str, city: City) -> None:
        self.say(new, RDF_TYPE, iri("sg:City"))
        self.say(new, "skos:prefLabel", Literal(city.name, language="en"))
        self.say(new, "sg:locatedIn", self.country(city.country))
        for predicate, value in (("geo:lat", city.lat), ("geo:long", city.long)):
            self.say(
                new, predicate, Literal(f"{value:.5f}".rstrip("0").rstrip("."), datatype=NamedNode(XSD + "decimal"))
            )
        self.say(new, "sg:geonamesId", Literal(city.geonames))
        self.say(new, "schema:sameAs", f"https://sws.geonames.org/{city.geonames}/")

    def country(self, code: str) -> str:
        """The country with an ISO code."""
        if code in self.known.countries:
            self.used.add(self.known.countries[code])
            return self.known.countries[code]
        country = f"{ID}country/{code.lower()}"
        self.say(country, RDF_TYPE, iri("sg:Country"))
        self.say(country, "sg:countryCode", Literal(code))
        for language, name in gazetteer.names_of_country(code):
            self.say(country, "skos:prefLabel", Literal(name, language=language))
        if gazetteer.in_europe(code) and self.known.holds(EUROPE):
            self.used.add(EUROPE)
            self.say(country, "sg:locatedIn", EUROPE)
        return country

    def finish(self) -> set[Triple]:
        """All statements, with the names of the networks and what the graph tells of the things that are used."""
        for thing, spelled in self._spelled.items():
            if thing.startswith(ID + "network/"):
                self._name_network(thing, spelled)
            else:
                self._name_otherwise(thing, spelled)
        self.triples.update(self.known.described(self.used))
        return self.triples

    def _name_network(self, network: str, spelled: Counter[str]) -> None:
        """The most frequent spelling is the name, the first in the alphabet of equally frequent ones."""
        self.say(network, RDF_TYPE, iri("sg:Network"))
        if not self.held.value(network, PREFIXES["skos"] + "prefLabel"):
            name = min(spelled, key=lambda one: (-spelled[one], one))
            self.say(network, "skos:prefLabel", Literal(name, language="en"))
        self._name_otherwise(network, spelled)

    def _name_otherwise(self, thing: str, spelled: Counter[str]) -> None:
        for name in sorted(set(spelled) - {""}):
            self.called(thing, name)


@cache
def iri(short: str) -> str:
    """The IRI that a short form such as ``sg:City`` stands for."""
    return expand(short) or short


def slug_of(name: str) -> str:
    """A slug for a name: ASCII, lower case, hyphens; what it cannot tell apart, a digest does."""
    plain = fold(name)
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(made) <= LONGEST_SLUG and plain.isascii() and made:
        return made
    return f"{made[:LONGEST_SLUG].rstrip('-')}-{sha256(plain.encode()).hexdigest()[:8]}".lstrip("-")


def licence(text: str) -> str | Literal:
    """The address of a licence that is known by its name, or given by its address; else its name."""
    if path := _LICENCES.get(fold(text)):
        return f"https://creativecommons.org/{path}/"
    address = expand(text.strip())
    return address if address and address.startswith("http") else Literal(text)


def city_iris(cities: Iterable[City], gazetteer: Gazetteer, known: Known) -> dict[int, str]:
    """IRIs of cities that the graph lacks, by GeoNames id.

    They depend on the gazetteer and the graph only, so that two imports call one city the same: the slug is the name
    for the largest town of that name in the world, with the country for the largest in its country, and with the
    GeoNames id for any other.
    """
    taken = known.taken("city")
    iris = {}
    places = {one.geonames: gazetteer.by_id[one.geonames] for one in cities if not one.iri}
    for towns in gazetteer.namesakes(set(places.values())).values():
        for place in (one for one in towns if one.geonames in places):
            first = next(one for one in towns if one.country == place.country)
            base = f"{ID}city/{slug_of(place.name)}"
            free = [base] if place == towns[0] else []
            free += [f"{base}-{place.country.lower()}"] if place == first else []
            iris[place.geonames] = next((one for one in free if one not in taken), f"{base}-{place.geonames}")
    return iris
