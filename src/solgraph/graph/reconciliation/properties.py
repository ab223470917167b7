"""Properties of things as columns of a table hold them: identifiers, coordinates, country, city, networks."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.graph.names import NameTable
from solgraph.graph.snapshot import Snapshot, value_of
from solgraph.rdf.namespaces import ID, expand, slug
from solgraph.rdf.terms import Term, fold

#: What can be looked for; things of other classes are found through these, which take part in them.
TYPES = (
    "City Network Person Organisation Programme Country PublicBody CivilSocietyOrganisation "
    "InternationalOrganisation Collaboration Region Actor"
).split()
#: Degrees within which coordinates agree, some 50 km from north to south: what an import of a table allows too.
_NEAR = 0.5
_COORDINATES = ("lat", "long")
#: How a thing leads to a place: where it is, where it works, and for persons where they are in office.
_AT = "(sg:locatedIn|sg:inCity|sg:takesPlaceIn|sg:activeIn|(^org:member/org:organization))"


class Property(NamedTuple):
    """A property: the pattern that binds ``?thing`` and ``?value``, and the type of values that are things themselves.

    One that ``identifies`` has another value for each thing.
    """

    id: str
    pattern: str
    type: str = ""
    identifies: bool = False


PROPERTIES: Mapping[str, Property] = {
    row.id: row
    for row in (
        Property("iri", "?thing a ?class BIND(STR(?thing) AS ?value)", identifies=True),
        Property("geonamesId", "?thing sg:geonamesId ?value", identifies=True),
        Property(
            "wikidata",
            "?thing schema:sameAs ?item FILTER(CONTAINS(STR(?item), 'wikidata.org/entity/')) "
            "BIND(STRAFTER(STR(?item), '/entity/') AS ?value)",
            identifies=True,
        ),
        Property("lat", "?thing geo:lat ?value"),
        Property("long", "?thing geo:long ?value"),
        Property("country", f"?thing {_AT}/sg:locatedIn* ?value . ?value a sg:Country", "Country"),
        Property("countryCode", "?thing sg:countryCode ?value", identifies=True),
        Property("city", f"?thing {_AT} ?value . ?value a sg:City", "City"),
        Property(
            "networks", "?tie a sg:Membership ; org:member ?thing ; org:organization ?value . ?value a ?any", "Network"
        ),
        Property("kind", "?thing sg:placeKind|org:classification|sg:programmeKind|sg:collaborationKind ?value"),
        Property("startDate", "?thing sg:startDate ?value"),
        Property("endDate", "?thing sg:endDate ?value"),
        Property("nutsCode", "?thing sg:nutsCode ?value"),
        Property("url", "?thing schema:url ?value"),
        Property("names", "?thing skos:prefLabel|skos:altLabel ?value"),
    )
}


class Properties:
    """The values of all properties in one state of the data; each property is read when it is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def values(self, name: str) -> Mapping[str, list[Term]]:
        """Thing → its values of a property, each once and in order; what no source names is none."""
        return self._snapshot.cached(("property", name), lambda: self._read(PROPERTIES[name]))

    def _read(self, row: Property) -> dict[str, list[Term]]:
        named = " FILTER NOT EXISTS { ?value sg:unnamed true }" if row.type else ""
        query = f"SELECT DISTINCT ?thing ?value {{ {row.pattern}{named} }} ORDER BY ?thing ?value"
        values: dict[str, dict[Term, None]] = {}
        for thing, value in self._snapshot.ask(query).terms:
            if isinstance(thing, NamedNode) and value is not None:
                plain = Literal(value.value) if row.id == "names" and isinstance(value, Literal) else value
                values.setdefault(thing.value, {})[plain] = None
        return {thing: list(terms) for thing, terms in values.items()}

    def of(self, things: Iterable[str]) -> list[Property]:
        """The properties of which one of the things has a value."""
        among = set(things)
        return [row for name, row in PROPERTIES.items() if not among.isdisjoint(self.values(name))]

    def meant(self, row: Property, texts: Iterable[str]) -> list[set[str]]:
        """For each text the keys of the values that it means."""
        return [self._meant(row, text) for text in texts]

    def _meant(self, row: Property, text: str) -> set[str]:
        if row.type:
            return self.are_called(row.type, text)
        if row.id in _COORDINATES:
            return {key for key in self._bearers(row.id) if _are_near(text, key)}
        wanted = expand(from_id(text)) or text
        if row.identifies and row.id != "iri" and wanted.startswith("http"):
            wanted = slug(wanted.rstrip("/"))
        return {fold(wanted)}

    def agrees(self, row: Property, thing: str, meant: Iterable[set[str]], quantifier: str = "any") -> bool | None:
        """Whether any, all or none of what is meant are values of a thing; None where the data are silent."""
        if not (keys := self._keys(row.id).get(thing)):
            return None
        hits = (not wanted.isdisjoint(keys) for wanted in meant)
        return not any(hits) if quantifier == "none" else all(hits) if quantifier == "all" else any(hits)

    def bearing(self, row: Property, meant: Iterable[set[str]]) -> list[str]:
        """The things that have a value which is meant."""
        bearers = self._bearers(row.id)
        return sorted({thing for wanted in meant for key in wanted for thing in bearers.get(key, ())})

    def _keys(self, name: str) -> Mapping[str, set[str]]:
        """Thing → its values as they are compared: things by IRI, concepts by slug, all others as names are."""

        def read() -> dict[str, set[str]]:
            row = PROPERTIES[name]
            return {thing: {_key(row, value) for value in values} for thing, values in self.values(name).items()}

        return self._snapshot.cached(("keys of property", name), read)

    def _bearers(self, name: str) -> Mapping[str, list[str]]:
        """Key of a value → the things that have it."""

        def read() -> dict[str, list[str]]:
            bearers: dict[str, list[str]] = {}
            for thing, keys in self._keys(name).items():
                for key in keys:
                    bearers.setdefault(key, []).append(thing)
            return bearers

        return self._snapshot.cached(("bearers of property", name), read)

    def are_called(self, of_class: str, text: str) -> set[str]:
        """The things of a class that a text names; countries also by their codes."""
        coded = self._codes.get(fold(text)) if of_class == "Country" else None
        called = name_table(self._snapshot, of_class).exactly(from_id(text))
        return {coded} if coded else {name.iri for name in called}

    @property
    def _codes(self) -> Mapping[str, str]:
        def read() -> dict[str, str]:
            codes = self.values("countryCode").items()
            return {fold(value_of(code)): country for country, (code, *_) in codes}

        return self._snapshot.cached("countries by code", read)


def name_table(snapshot: Snapshot, kind: str = "") -> NameTable:
    """The names of all things of a type, or of all types."""

    def read() -> NameTable:
        names = (name for each in ([kind] if kind else TYPES) for name in snapshot.label_index.names(f"sg:{each}"))
        return NameTable([name for name in dict.fromkeys(names) if name.iri.startswith(ID)])

    return snapshot.cached(("names of type", kind), read)


def from_id(text: str) -> str:
    """The IRI of an identifier such as ``city/milan``; any other text as it is."""
    return f"{ID}{text.strip()}" if _IDENTIFIER.fullmatch(text.strip()) else text


_IDENTIFIER = re.compile("(?:city|country|region|person|actor|network|programme|collaboration)/[a-z0-9.-]+")


def _key(row: Property, value: Term) -> str:
    plain = value_of(value)
    if row.type or row.id in _COORDINATES:
        return plain
    return fold(slug(plain) if isinstance(value, NamedNode) else plain)


def _are_near(text: str, value: str) -> bool:
    try:
        return abs(float(text.replace(",", ".")) - float(value)) <= _NEAR
    except ValueError:
        return False
