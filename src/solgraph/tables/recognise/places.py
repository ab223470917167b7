"""Which city a row means: by IRI, by GeoNames id, or by name and country; never by a guess."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from solgraph.rdf.namespaces import expand, shorten
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.gazetteer import Called, Gazetteer, Place, country_names
from solgraph.tables.statements.known import City, Known

LARGE = 15_000
"""Inhabitants from which on a town can be meant without being told from a smaller one of its name."""
TIMES_LARGER = 10
FAR = 50.0
"""Kilometres from which on coordinates contradict a place."""
MOST_HINTS = 300
"""Unknown names for which near ones are looked up: more of them come from a wrong column."""

_GEONAMES = re.compile(r"(?:geonames:|https?://(?:www\.|sws\.)?geonames\.org/)?(\d{1,9})(?:\.0)?(?:[/ ].*)?", re.I)
_AREA = re.compile(
    r"\b(region|regione|regiao|regierungsbezirk|province|provincia|provinz|provincie|prowincja|landkreis|kreis|bezirk|"
    r"county|departement|departamento|dipartimento|metropole|citta metropolitana|metropolitan (city|area)|comarca|"
    r"unione (dei|di) comuni|union of municipalities|communaute|agglomeration|mancomunidad|diputacion|wojewodztwo|"
    r"voivodeship|powiat|association|associazione|asociacion|verband|stowarzyszenie|zwiazek|consorzio|consortium|"
    r"comunidad autonoma|freistaat|bundesland|kanton|prefecture|council of)\b"
)
_GOVERNMENT = re.compile(
    r"(?:city|town|municipality|commune|borough) of (?:the )?|(?:comune|citta|municipio) d[ei] |gmina |miasto |"
    r"(?:stadt|landeshauptstadt|hansestadt|gemeinde) |(?:ville|commune|mairie) d[eu] |"
    r"(?:ayuntamiento|ciudad|municipio|ajuntament) de ",
    re.IGNORECASE,
)
_WITH_COUNTRY = re.compile(r"(.+?)\s*(?:,\s*([^,()]+)|\(([^()]+)\))\s*")


class Said(NamedTuple):
    """What a row says of a place."""

    name: str
    country: str = ""
    geonames: str = ""
    lat: str = ""
    long: str = ""


class Refused(NamedTuple):
    """Why a place was not taken: a kind for counting, a sentence for the user, and what it may be."""

    kind: str
    reason: str
    candidates: Sequence[Place] = ()


class Places:
    """Finds cities among those of the graph, then among those of the gazetteer, which is read when first needed."""

    def __init__(self, known: Known, said: Iterable[Said], added: Iterable[City] = ()) -> None:
        """``said`` is all that will be asked for; ``added`` are cities that are known by their ids only."""
        self._known, self._said = known, set(said)
        self._ids = {one.geonames: one for one in added} | known.geonames
        self._found: dict[Said, City | Refused] = {}
        self._unknowns = 0

    def find(self, said: Said) -> City | Refused:
        """The one city that is meant, or why none can be told."""
        if said not in self._found:
            found = self._identified(said)
            self._found[said] = found if isinstance(found, Refused) else self._near(found, said)
        return self._found[said]

    def country(self, text: str) -> str | None:
        """The ISO code of a country by code or name; None when it is unknown."""
        name = fold(text)
        if text.strip().upper() in self._known.countries:
            return text.strip().upper()
        return self._known.country_names.get(name) or country_names().get(name)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The gazetteer, with the names that the rows hold."""
        names = {fold(name) for said in self._said for name, _ in self._readings(said)}
        countries = [code for said in self._said for _, code in self._readings(said)]
        return Gazetteer(names, () if "" in countries else set(countries))

    def _readings(self, said: Said) -> Iterator[tuple[str, str]]:
        """Name and code of country: as they stand, without "City of", and with the country behind the name."""
        code = self.country(said.country) or ""
        yield said.name, code
        bare = _GOVERNMENT.sub("", said.name, count=1) if _GOVERNMENT.match(said.name) else ""
        if bare:
            yield bare, code
        if (match := _WITH_COUNTRY.fullmatch(said.name)) and (behind := self.country(match[2] or match[3])):
            yield from [(match[1], behind)] if behind == (code or behind) else []

    def _identified(self, said: Said) -> City | Refused:
        if said.geonames.strip():
            return self._by_id(said.geonames, said)
        if not fold(said.name):
            return Refused("no city", "the row names no city")
        if said.name[0] in "=+@":
            return Refused("formula", "the cell is a formula and not a name")
        if (iri := expand(said.name.strip())) and iri.startswith(("http", "geonames:")):
            return self._by_iri(iri, said)
        if said.country.strip() and self.country(said.country) is None:
            return Refused("unknown country", f"no country is called '{said.country}'")
        return self._by_name(said)

    def _by_iri(self, iri: str, said: Said) -> City | Refused:
        if city := self._known.cities.get(self._known.links.get(iri, iri)):
            return city
        if "geonames" in iri:
            return self._by_id(iri, said)
        return Refused("unknown city", f"the graph has no city {shorten(iri)}")

    def _by_id(self, text: str, said: Said) -> City | Refused:
        match = _GEONAMES.fullmatch(text.strip())
        if not match:
            return Refused("unknown GeoNames id", f"'{text}' is no GeoNames id")
        place = self._ids.get(int(match[1])) or self.gazetteer.by_id.get(int(match[1]))
        if not place:
            return Refused("unknown GeoNames id", f"the gazetteer has no town with the GeoNames id {match[1]}")
        if self.country(said.country) not in (None, place.country):
            told = f"the town with the GeoNames id {match[1]} lies in {place.country}, not in {said.country}"
            return Refused("contradiction", told)
        return place if isinstance(place, City) else self._city(place)

    def _by_name(self, said: Said) -> City | Refused:
        for name, code in self._readings(said):
            known = self._known.cities_named(name, code)
            if len(known) == 1 and (code or self._means(name, known[0])):
                return known[0]
        if area := self._area(said.name):
            return Refused("no city", area, self._candidates(said))
        for name, code in self._readings(said):
            called = self._around(self.gazetteer.called(name, code), said)
            if called:
                return self._chosen(called, name, code)
        return self._unknown(said)

    def _means(self, name: str, city: City) -> bool:
        """Whether a name without a country can be no other city than the one of the graph."""
        called = self.gazetteer.called(name, "")
        return not called or getattr(_dominant(called), "geonames", 0) == city.geonames

    def _area(self, name: str) -> str:
        plain = fold(name)
        if match := _AREA.search(plain):
            return f"'{match[0]}' is the word of a region or an association, not of a city"
        if plain in self._known.areas or plain in self._known.country_names:
            return f"'{name}' is the name of a region or a country"
        return ""

    def _around(self, called: list[Called], said: Said) -> list[Called]:
        """Of several towns of one name those near the coordinates of the row, when there are any."""
        point = _point(said)
        near = [one for one in called if point and _distance(point, (one.place.lat, one.place.long)) <= FAR]
        return near if len(called) > 1 and near else called

    def _chosen(self, called: list[Called], name: str, code: str) -> City | Refused:
        place = _dominant(called)
        if place:
            return self._city(place)
        told = f"{len(called)} towns{f' in {code}' if code else ''} are called '{name}'"
        return Refused("ambiguous", told, [one.place for one in called])

    def _unknown(self, said: Said) -> Refused:
        code = self.country(said.country) or ""
        told = f"no town{f' in {code}' if code else ''} is called '{said.name}'"
        self._unknowns += 1
        near = self.gazetteer.near(said.name, code) if code and self._unknowns <= MOST_HINTS else ()
        return Refused("unknown city", told, near)

    def _candidates(self, said: Said) -> list[Place]:
        return [one.place for one in self.gazetteer.called(said.name, self.country(said.country) or "")]

    def _city(self, place: Place) -> City:
        return self._ids.get(place.geonames) or City(
            "", place.name, place.country, place.geonames, place.lat, place.long
        )

    def _near(self, city: City, said: Said) -> City | Refused:
        """The city, unless the row's coordinates say otherwise."""
        point = _point(said)
        if (said.lat or said.long) and point is None:
            return Refused("contradiction", f"'{said.lat} {said.long}' are no coordinates")
        if point is None or city.lat is None or city.long is None:
            return city
        distance = _distance(point, (city.lat, city.long))
        if distance <= FAR:
            return city
        told = f"the coordinates of the row lie {distance:,.0f} km from {city.name}"
        place = self.gazetteer.by_id.get(city.geonames) if city.geonames else None
        return Refused("contradiction", told, [place] if place else ())


def _dominant(called: Sequence[Called]) -> Place | None:
    """The town that a name means, of those that bear it, the largest first; None when that would be a guess.

    The only one; or a large one, more than ten times larger than the next; or the only one with that main name, ten
    times larger than those that are also called so.
    """
    first, *others = called
    if not others:
        return first.place
    if first.place.population >= LARGE and first.place.population > TIMES_LARGER * others[0].place.population:
        return first.place
    alone = first.main and not any(one.main for one in others)
    return first.place if alone and first.place.population > TIMES_LARGER * others[0].place.population else None


def _point(said: Said) -> tuple[float, float] | None:
    try:
        lat, long = (float(text.strip().replace(",", ".")) for text in (said.lat, said.long))
    except ValueError:
        return None
    return (lat, long) if abs(lat) <= 90 and abs(long) <= 180 else None


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres on a sphere, by the haversine formula."""
    lat1, long1, lat2, long2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((long2 - long1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))
