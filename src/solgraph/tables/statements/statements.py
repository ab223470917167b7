"""The statements of one file, in the project's own form, as rows of tables add to them."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from solgraph.rdf.namespaces import ID, PREFIXES, RDF_TYPE, VOCAB, XSD, expand, shorten
from solgraph.rdf.terms import fold, python_value
from solgraph.tables.recognise import gazetteer
from solgraph.tables.recognise.gazetteer import Gazetteer
from solgraph.tables.recognise.graph_index import City, GraphIndex
from solgraph.tables.recognise.places import Places
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.previous_import import PreviousImport

MAX_SLUG = 60
EUROPE = ID + "place/europe"


class SourceDescription(NamedTuple):
    """How a table is described as a source."""

    title: str = ""
    creators: tuple[str, ...] = ()
    licence: str = ""
    date: str = ""


class Statements:
    """The triples of one file, beginning with those of an earlier import.

    What a web page states is added within its named graph; cities, networks and the like belong to none.
    """

    def __init__(self, name: str, graph: GraphIndex, previous: PreviousImport, places: Places) -> None:
        """``name`` is the slug of the file's named graph."""
        self.name, self.graph, self.previous, self.places = name, graph, previous, places
        self.programmes = previous.index.programmes | graph.programmes
        self._graphs: dict[str, set[Triple]] = {"": set(previous.triples)}
        self._current = ""
        self._used: set[str] = set()
        self._spellings: dict[str, Counter[str]] = {}
        self._new_cities: dict[int, str] = {}
        self._city_names: dict[int, list[Literal]] = {}
        self._network_iris = {iri for networks in graph.networks.values() for iri in networks}
        self._city_iris = graph.iris_of_type("city")
        self._has_europe = graph.describes(EUROPE)

    def add(self, subject: str, predicate: str, value: str | Literal) -> None:
        """One statement; a text is the IRI of a thing, full or short."""
        term = NamedNode(full_iri(value)) if isinstance(value, str) else value
        triple = Triple(NamedNode(subject), NamedNode(full_iri(predicate)), term)
        self._graphs.setdefault(self._current, set()).add(triple)

    @contextmanager
    def within(self, graph: str) -> Iterator[None]:
        """Add what follows to a named graph; an empty name is none."""
        outer, self._current = self._current, graph
        try:
            yield
        finally:
            self._current = outer

    def describe(self, thing: str, type_: str, properties: Mapping[str, str | Literal]) -> None:
        """A thing with its class and properties."""
        self.add(thing, RDF_TYPE, type_)
        for predicate, value in properties.items():
            self.add(thing, predicate, value)

    def add_note(self, subject: str, text: str, language: str = "en") -> None:
        """A remark on a thing."""
        self.add(subject, "skos:note", Literal(text, language=language))

    def add_date(self, subject: str, predicate: str, text: str) -> None:
        """A year, a month or a day, where there is one."""
        if text:
            datatype = {4: "gYear", 7: "gYearMonth"}.get(len(text), "date")
            self.add(subject, predicate, Literal(text, datatype=NamedNode(XSD + datatype)))

    def add_source(self, source: str, description: SourceDescription, file: str, digest: str) -> None:
        """The table as a source, unless an earlier import described it."""
        if source in self.previous.subjects:
            return
        properties: dict[str, str | Literal] = {
            "sg:sourceKind": VOCAB + "source-kind/data-table",
            "dcterms:title": Literal(description.title, language="en"),
            "dcterms:identifier": Literal(file),
            "sg:sha256": Literal(digest),
            "dcterms:license": licence(description.licence),
        }
        self.describe(source, "sg:Source", properties)
        self.add_date(source, "dcterms:created", description.date)
        for creator in description.creators:
            self.add(source, "dcterms:creator", self.actor(creator))

    # Things that several rows name

    def is_in_graph(self, thing: str) -> bool:
        """Whether a thing that the rows name is described in the graph already."""
        return thing in self._used

    def actor(self, name: str) -> str:
        """The actor of that name, a new one if the graph has none: a name does not say whether it is a person."""
        actors = self.graph.actors.get(fold(name), ())
        if len(actors) == 1:
            return self._use(actors[0])
        actor = f"{ID}actor/{slug_of(name)}{f'-{self.name}' if actors else ''}"
        self.describe(actor, "sg:Actor", {"skos:prefLabel": Literal(name, language="en")})
        return actor

    def public_body(self, name: str) -> str:
        """The only public body of the graph with that name, such as a canton, which is not the city of that name."""
        bodies = self.graph.public_bodies.get(fold(name), ())
        return self._use(bodies[0]) if len(bodies) == 1 else ""

    def network(self, name: str) -> str:
        """The network of that IRI or name, whatever case and accents; a new one if neither graph nor file has one.

        Raises :class:`Rejected` when several of the graph have that name, or none that IRI.
        """
        iri, networks = expand(name) or "", self.graph.networks.get(fold(name), [])
        if iri in self._network_iris:
            return self._use(iri)
        if len(networks) > 1:
            reason = f"'{name}' may be {' or '.join(map(shorten, networks))}; write one of these"
            raise Rejected("ambiguous network", reason)
        if iri and name.startswith(("network:", "http")):
            raise Rejected("unknown network", f"the graph has no network {name}")
        if networks:
            return self._use(networks[0])
        network = next(iter(self.previous.index.networks.get(fold(name), ())), f"{ID}network/{slug_of(name)}")
        self._spellings.setdefault(network, Counter())[name] += 1
        return network

    def network_names(self) -> dict[str, str]:
        """The folded names of all networks that graph and file describe so far, with an IRI each."""
        names = {name: iris[0] for index in (self.previous.index, self.graph) for name, iris in index.networks.items()}
        label = NamedNode(full_iri("skos:altLabel"))
        for subject, predicate, name in self._graphs[""]:
            if predicate == label and isinstance(subject, NamedNode) and subject.value in self._spellings:
                names[fold(python_value(name))] = subject.value
        return names | {fold(name): iri for iri, spellings in self._spellings.items() for name in spellings}

    @property
    def new_networks(self) -> list[str]:
        """The names of the networks that neither graph nor file had."""
        return sorted(self.spelling(iri) for iri in self._spellings if iri not in self.previous.subjects)

    def add_short_name(self, network: str, name: str) -> None:
        """Another name of a new network, which never becomes its main one."""
        self._spellings[network][name] += 0

    def spelling(self, network: str) -> str:
        """A name of a network, for a label."""
        spellings = self._spellings.get(network)
        return min(spellings, key=lambda name: (-spellings[name], name)) if spellings else self.graph.name_of(network)

    def name_city(self, city: City, names: Iterable[Literal]) -> None:
        """Call a city that the graph lacks by these names, if there are any, and not as the gazetteer does."""
        self._city_names[city.geonames] = list(names)

    def city(self, city: City, spelling: str) -> str:
        """The IRI of a city; one that the graph lacks is described as in the gazetteer."""
        if city.iri:
            return self._use(city.iri)
        if city.geonames not in self._new_cities:
            self._new_cities[city.geonames] = city_iri(city, self.places.gazetteer, self._city_iris)
            self._describe_city(self._new_cities[city.geonames], city)
        new = self._new_cities[city.geonames]
        is_named = spelling in ("", city.name) or self._city_names.get(city.geonames)
        if not is_named and self.places.is_name(spelling, city):
            self.add(new, "skos:altLabel", Literal(spelling, language="und"))
        return new

    def _describe_city(self, iri: str, city: City) -> None:
        names = [Literal(name, language=tag) for name, tag in gazetteer.names_of_town(city.name, city.country)]
        for name in self._city_names.get(city.geonames) or names:
            self.add(iri, "skos:prefLabel", name)
        properties: dict[str, str | Literal] = {
            "sg:locatedIn": self.country(city.country),
            "sg:geonamesId": Literal(city.geonames),
            "schema:sameAs": f"https://sws.geonames.org/{city.geonames}/",
            "geo:lat": _degrees(city.lat),
            "geo:long": _degrees(city.long),
        }
        self.describe(iri, "sg:City", properties)
        if city.is_provisional:
            self.add(iri, "sg:provisional", Literal(True))

    def country(self, code: str) -> str:
        """The country with an ISO code."""
        if code in self.graph.countries:
            return self._use(self.graph.countries[code])
        country = f"{ID}country/{code.lower()}"
        self.describe(country, "sg:Country", {"sg:countryCode": Literal(code)})
        for language, name in gazetteer.names_of_country(code):
            self.add(country, "skos:prefLabel", Literal(name, language=language))
        if gazetteer.in_europe(code) and self._has_europe:
            self.add(country, "sg:locatedIn", self._use(EUROPE))
        return country

    def _use(self, thing: str) -> str:
        self._used.add(thing)
        return thing

    def complete(self) -> dict[str, set[Triple]]:
        """All statements by named graph, with the names of new networks and what identifies the things of the graph."""
        for network, spellings in self._spellings.items():
            self._name_network(network, spellings)
        self._graphs[""].update(self.graph.descriptions(self._used))
        return self._graphs

    def _name_network(self, network: str, spellings: Counter[str]) -> None:
        """The most frequent spelling is the name, of equally frequent ones the first in the alphabet."""
        names = self.previous.values(network, PREFIXES["skos"] + "prefLabel")
        if not names:
            names = [min(spellings, key=lambda name: (-spellings[name], name))]
            self.add(network, "skos:prefLabel", Literal(names[0], language="en"))
        self.add(network, RDF_TYPE, "sg:Network")
        for name in spellings.keys() - set(names):
            self.add(network, "skos:altLabel", Literal(name, language="und"))


@cache
def full_iri(short: str) -> str:
    """The IRI that a short form such as ``sg:City`` stands for."""
    return expand(short) or short


def _degrees(value: float | None) -> Literal:
    return Literal(f"{value:.5f}".rstrip("0").rstrip("."), datatype=NamedNode(XSD + "decimal"))


def slug_of(name: str) -> str:
    """A slug for a name: ASCII, lower case, hyphens; a digest distinguishes names that would have the same one."""
    plain = fold(name)
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(made) <= MAX_SLUG and plain.isascii() and made:
        return made
    return f"{made[:MAX_SLUG].rstrip('-')}-{sha256(plain.encode()).hexdigest()[:8]}".lstrip("-")


def licence(text: str) -> str | Literal:
    """The address of a licence that is named by its usual name or its address; else its name."""
    name = fold(text)
    if re.fullmatch(r"cc0( 1 0)?", name):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if match := re.fullmatch(r"cc (by(?: nc)?(?: sa| nd)?) ([34]) 0", name):
        return f"https://creativecommons.org/licenses/{match[1].replace(' ', '-')}/{match[2]}.0/"
    address = expand(text.strip())
    return address if address and address.startswith("http") else Literal(text)


def city_iri(city: City, gazetteer: Gazetteer, taken: Container[str]) -> str:
    """The IRI of a city that the graph lacks.

    It depends on the gazetteer and the graph only, so that two imports use one IRI for one city: the slug is the name
    for the largest town of that name in the world, with the country or territory for the largest there, and with the
    GeoNames id for any other.
    """
    if city.is_provisional:
        return f"{ID}city/{slug_of(city.name)}-{city.geonames}"
    place = gazetteer.by_id[city.geonames]
    namesakes = gazetteer.namesakes(place)
    code = place.territory or place.country
    compatriots = [namesake for namesake in namesakes if code == (namesake.territory or namesake.country)]
    base = f"{ID}city/{slug_of(city.name)}"
    iris = [base] if namesakes[0].geonames == city.geonames else []
    iris += [f"{base}-{code.lower()}"] if compatriots[0].geonames == city.geonames else []
    return next((iri for iri in iris if iri not in taken), f"{base}-{city.geonames}")
