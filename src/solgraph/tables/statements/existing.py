"""The file of an earlier import, to which a new one only adds."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from solgraph.errors import WrongUse
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.store import malformed
from solgraph.rdf.terms import Term, fold
from solgraph.tables.statements.known import City

MARK = "# Imported by solgraph import"
_SKOS, _SG = PREFIXES["skos"], PREFIXES["sg"]


class Held:
    """What the file at a path tells; nothing when there is none.

    Raises :class:`WrongUse` when the file was not made by an import, for it would be overwritten.
    """

    def __init__(self, path: Path) -> None:
        self.triples: set[Triple] = set(_read(path)) if path.exists() else set()
        self._of: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, value in self.triples:
            thing = str(getattr(subject, "value", ""))
            if not thing.startswith(PREFIXES["passage"]):  # most of the file, and never asked for
                self._of.setdefault(thing, {}).setdefault(predicate.value, []).append(value)
        self.evidence = {
            one.value
            for told in self._of.values()
            for one in told.get(_SG + "evidence", [])
            if isinstance(one, NamedNode)
        }

    def __bool__(self) -> bool:
        return bool(self.triples)

    def subjects(self) -> Iterator[str]:
        """The things that it tells of, without the passages."""
        return iter(self._of)

    def values(self, iri: str, predicate: str) -> list[str]:
        """The values of a property of a thing, in order."""
        terms = self._of.get(iri, {}).get(predicate, [])
        return sorted(one.value for one in terms if isinstance(one, Literal | NamedNode))

    def value(self, iri: str, predicate: str) -> str:
        """The one value, or nothing."""
        return next(iter(self.values(iri, predicate)), "")

    def of_class(self, name: str) -> Iterator[str]:
        """The things of one of our classes, in order."""
        wanted = NamedNode(_SG + name)
        return (iri for iri in sorted(self._of) if wanted in self._of[iri].get(PREFIXES["rdf"] + "type", []))

    def cities(self) -> list[City]:
        """The cities that have a GeoNames id."""
        ids = {iri: self.value(iri, _SG + "geonamesId") for iri in self.of_class("City")}
        return [self._city(iri, int(number)) for iri, number in ids.items() if number]

    def _city(self, iri: str, geonames: int) -> City:
        lat, long = (self.value(iri, PREFIXES["geo"] + name) for name in ("lat", "long"))
        country = self.value(iri, _SG + "locatedIn").rpartition("/")[2].upper()
        point = (float(lat), float(long)) if lat and long else (None, None)
        return City(iri, self.value(iri, _SKOS + "prefLabel"), country, geonames, *point)

    def named(self, name: str) -> dict[str, str]:
        """The things of a class by their names."""
        labels = (_SKOS + "prefLabel", _SKOS + "altLabel")
        return {fold(text): iri for iri in self.of_class(name) for label in labels for text in self.values(iri, label)}


def _read(path: Path) -> list[Triple]:
    try:
        content = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror or error}.") from error
    if not content.startswith(MARK.encode()):
        hint = "Choose another file with -o: what stands in this one would be lost."
        raise WrongUse(f"{path} exists and was not made by an import.", hint=hint)
    try:
        return [quad.triple for quad in parse(content, format=RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise malformed(path, error) from error
