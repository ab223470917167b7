"""Which city a row means: by IRI, by GeoNames id, or by name and country; never by a guess."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from solgraph.rdf.namespaces import expand, shorten
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.gazetteer import (
    Gazetteer,
    Match,
    Place,
    country_named,
    is_beginning_of,
    is_short_for,
    state_of,
)
from solgraph.tables.recognise.graph_index import City, GraphIndex, kilometres
from solgraph.tables.recognise.missing import NAMIBIA
from solgraph.tables.rejection import Rejected
from solgraph.tables.words import words

LARGE = 15_000
"""Inhabitants from which on a town can be meant although smaller ones bear its name."""
TIMES_LARGER = 10
FAR = 50.0
"""Kilometres from which on coordinates contradict a place."""
MAX_HINTS = 300
"""Unknown names for which near ones are looked up: more of them come from a wrong column."""

_GEONAMES = re.compile(r"(?:geonames:|https?://(?:www\.|sws\.)?geonames\.org/)?(\d{1,9})(?:\.0)?(?:[/ ].*)?", re.I)
_AREA = re.compile(rf"\b({'|'.join(words('places')['area'])})\b")
_GOVERNMENT = re.compile(f"(?:{'|'.join(sorted(words('places')['government'], reverse=True))}) ", re.I)
_WITH_COUNTRY = re.compile(r"(.+?)\s*(?:,\s*([^,()]+)|\(([^()]+)\))\s*")


class Mention(NamedTuple):
    """What the cells of a row state about a city."""

    name: str
    country: str = ""
    geonames: str = ""
    lat: str = ""
    long: str = ""

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None where the cells hold no coordinates."""
        try:
            lat, long = (float(text.strip().replace(",", ".")) for text in (self.lat, self.long))
        except ValueError:
            return None
        return (lat, long) if abs(lat) <= 90 and abs(long) <= 180 else None


class Places:
    """Finds cities in the graph, then in the gazetteer, which is read when first needed."""

    def __init__(self, graph: GraphIndex, mentions: Iterable[Mention], imported: GraphIndex | None = None) -> None:
        """``mentions`` are all that will be looked up; ``imported`` holds cities that are found by their ids only."""
        self._graph, self._mentions = graph, set(mentions)
        self._by_id = (imported.cities_by_geonames if imported else {}) | graph.cities_by_geonames
        self._results: dict[Mention, City | Rejected] = {}
        self._new_by_id: dict[int, City] = {}
        self._unknown = 0

    def find(self, mention: Mention) -> City:
        """The city that is meant. Raises :class:`Rejected` when that cannot be decided."""
        if mention not in self._results:
            try:
                self._results[mention] = self._checked(self._identified(mention), mention)
            except Rejected as rejected:
                self._results[mention] = rejected
        result = self._results[mention]
        if isinstance(result, Rejected):
            raise result.with_traceback(None)
        return result

    def country(self, text: str) -> str | None:
        """The ISO code of a country by code or name; None when it is unknown."""
        code, name = text.strip().upper(), fold(text)
        return code if code in self._graph.countries else self._graph.country_codes.get(name) or country_named(text)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The gazetteer, with the names that the rows hold."""
        readings = [reading for mention in self._mentions for reading in self._readings(mention)]
        countries = {code for _, code in readings}
        identifiers = [number for mention in self._mentions if (number := _identifier(mention.geonames))]
        return Gazetteer({fold(name) for name, _ in readings}, () if "" in countries else countries, identifiers)

    def is_name(self, name: str, city: City) -> bool:
        """Whether the graph or the gazetteer calls a city so."""
        return city in self._graph.cities_named(name, "") or self.gazetteer.is_name(name, city.geonames)

    def _readings(self, mention: Mention) -> Iterator[tuple[str, str]]:
        """Name and code of country: as they stand, without "City of", and with the country behind the name.

        ``NA`` is Namibia for a town of Namibia only; for others it is R's missing value.
        """
        yield from self._readings_in(mention.name, self.country(mention.country) or "")
        if mention.country.strip() == NAMIBIA:
            yield from self._readings_in(mention.name, "")

    def _readings_in(self, name: str, code: str) -> Iterator[tuple[str, str]]:
        yield name, code
        if bare := without_government(name):
            yield bare, code
        if (parts := parted(name)) and (behind := self.country(parts[1])):
            yield from [(parts[0], behind)] if behind == (code or behind) else []

    def _identified(self, mention: Mention) -> City:
        if mention.geonames.strip():
            return self._by_geonames(mention)
        if not fold(mention.name):
            raise Rejected("no city", "the row names no city")
        if mention.name[0] in "=+@":
            raise Rejected("formula", "the cell is a formula and not a name")
        if (iri := expand(mention.name.strip())) and iri.startswith(("http", "geonames:")):
            return self._by_iri(iri, mention.country)
        if mention.country.strip() and self.country(mention.country) is None:
            raise Rejected("unknown country", f"no country is called '{mention.country}'")
        return self._named_in_graph(mention) or self._named_in_gazetteer(mention)

    def _by_iri(self, iri: str, country: str) -> City:
        if city := self._graph.cities.get(self._graph.city_by_link.get(iri, iri)):
            return city
        if "geonames" in iri:
            return self._by_geonames(Mention("", country, iri))
        raise Rejected("unknown city", f"the graph has no city {shorten(iri)}")

    def _by_geonames(self, mention: Mention) -> City:
        number = _identifier(mention.geonames)
        if not number:
            raise Rejected("unknown GeoNames id", f"'{mention.geonames}' is not a GeoNames id")
        place = self._by_id.get(number) or self.gazetteer.by_id.get(number)
        if not place:
            return self._provisional(number, mention)
        code = None if mention.country.strip() == NAMIBIA else self.country(mention.country)
        if code and state_of(code) != place.country:
            reason = f"the town with the GeoNames id {number} lies in {place.country}, not in {mention.country}"
            raise Rejected("contradiction", reason)
        city = self._city(place)
        self._check_name(mention, city)
        return city

    def _check_name(self, mention: Mention, city: City) -> None:
        """A name beside an id must be one of the town's, maybe with what tells namesakes apart: "Bergen (Celle)".

        It never becomes one by standing there.
        """
        names = [name for name, _ in self._readings(mention) if fold(name)]
        is_known = any(is_short_for(city.name, name) or self.is_name(name, city) for name in names)
        if names and not is_known and not expand(mention.name):
            reason = f"the GeoNames id {city.geonames} is that of {city.name}, which is not called '{mention.name}'"
            others = self.gazetteer.matches(mention.name, self.country(mention.country) or "")
            raise Rejected("contradiction", reason, [match.place for match in others])

    def _provisional(self, number: int, mention: Mention) -> City:
        """A city that no gazetteer knows, if the row describes it whole and no other row describes it otherwise."""
        code, point = self.country(mention.country), mention.point
        if not (code and point and fold(mention.name)):
            reason = f"the gazetteer has no town with the GeoNames id {number}"
            raise Rejected("unknown GeoNames id", f"{reason}, and the row does not give name, country and coordinates")
        new = City("", mention.name, state_of(code), number, *point, is_provisional=True)
        first = self._new_by_id.setdefault(number, new)
        if fold(first.name) != fold(new.name) or first.country != new.country:
            reason = f"another row calls the town with the GeoNames id {number} {first.name} ({first.country})"
            raise Rejected("contradiction", reason)
        return first

    def _named_in_graph(self, mention: Mention) -> City | None:
        for name, code in self._readings(mention):
            cities = self._graph.cities_named(name, code)
            if len(cities) == 1 and (code or self._is_unrivalled(cities[0], name)):
                return cities[0]
        return None

    def _is_unrivalled(self, city: City, name: str) -> bool:
        """Whether a name without a country can mean no other city than the one of the graph."""
        matches = meant_by(name, self.gazetteer.matches(name, ""))
        return not matches or getattr(dominant(matches), "geonames", 0) == city.geonames

    def _named_in_gazetteer(self, mention: Mention) -> City:
        code = self.country(mention.country) or ""
        if reason := self._area(mention.name):
            matches = self.gazetteer.matches(mention.name, code)
            raise Rejected("no city", reason, [match.place for match in matches])
        near: list[Place] = []
        for name, country in self._readings(mention):
            matches = self._around(self.gazetteer.matches(name, country), mention.point)
            if bearers := meant_by(name, matches):
                return self._only_city(bearers, matches, name)
            near += [match.place for match in matches]
        self._unknown += 1
        near += self.gazetteer.near(mention.name, code) if code and self._unknown <= MAX_HINTS else ()
        raise Rejected("unknown city", f"no town{f' in {code}' if code else ''} is called '{mention.name}'", near)

    def _area(self, name: str) -> str:
        """Why a name is that of a larger area or an association, or nothing."""
        plain = fold(name)
        if match := _AREA.search(plain):
            return f"'{match[0]}' is a word for a region or an association, not for a city"
        is_area = plain in self._graph.regions or plain in self._graph.country_codes
        return f"'{name}' is the name of a region or a country" if is_area else ""

    def _around(self, matches: list[Match], point: tuple[float, float] | None) -> list[Match]:
        """Of several towns of a name those near the coordinates of the row, where there are any."""
        near = [match for match in matches if point and kilometres(point, (match.place.lat, match.place.long)) <= FAR]
        return near if len(matches) > 1 and near else matches

    def _only_city(self, bearers: list[Match], matches: list[Match], name: str) -> City:
        if place := dominant(bearers):
            return self._city(place)
        countries = {match.place.country for match in matches}
        where = f" in {countries.pop()}" if len(countries) == 1 else ""
        reason = f"{len(matches)} towns{where} are called '{name}'"
        raise Rejected("ambiguous", reason, [match.place for match in matches])

    def _city(self, place: Place | City) -> City:
        new = City("", place.name, place.country, place.geonames, place.lat, place.long)
        return self._by_id.get(place.geonames, new)

    def _checked(self, city: City, mention: Mention) -> City:
        """The city, unless the coordinates of the row contradict it."""
        point = mention.point
        if (mention.lat or mention.long) and point is None:
            raise Rejected("contradiction", f"'{mention.lat} {mention.long}' are not coordinates")
        if point is None or city.lat is None or city.long is None:
            return city
        distance = kilometres(point, (city.lat, city.long))
        if distance > FAR:
            place = self.gazetteer.by_id.get(city.geonames) if city.geonames else None
            reason = f"the coordinates of the row lie {distance:,.0f} km from {city.name}"
            raise Rejected("contradiction", reason, [place] if place else ())
        return city


def without_government(name: str) -> str:
    """A name without "City of" and the like before it; nothing for a name that has no such words."""
    return _GOVERNMENT.sub("", name, count=1) if _GOVERNMENT.match(name) else ""


def parted(name: str) -> tuple[str, str] | None:
    """A name and what stands behind a comma or in brackets at its end, which may be a country."""
    match = _WITH_COUNTRY.fullmatch(name)
    return (match[1], match[2] or match[3]) if match else None


def meant_by(name: str, matches: Sequence[Match]) -> list[Match]:
    """Of the towns that bear a name those that it can mean.

    Not the mere beginning of a name ("Camden" for Camden Town); and where a town of a country has it as its main name,
    no other town there, unless it is a larger one that the name is short for ("Halle" for Halle (Saale)).
    """
    largest: dict[str, int] = {}
    for match in matches:
        if match.is_main:
            largest[match.place.country] = max(match.place.population, largest.get(match.place.country, 0))

    def is_meant(match: Match) -> bool:
        place = match.place
        is_short = is_short_for(name, place.name)
        if match.is_main:
            return True
        if place.country in largest:
            return is_short and place.population > largest[place.country]
        return is_short or not is_beginning_of(name, place.name)

    return [match for match in matches if is_meant(match)]


def _identifier(text: str) -> int:
    match = _GEONAMES.fullmatch(text.strip())
    return int(match[1]) if match else 0


def dominant(matches: Sequence[Match]) -> Place | None:
    """The town that a name means, of those that bear it, the largest first; None when that would be a guess.

    The only one; or a large one, more than ten times larger than the next; or the only one with that main name, ten
    times larger than those that are also called so.
    """
    first, *others = matches
    if not others:
        return first.place
    if first.place.population <= TIMES_LARGER * others[0].place.population:
        return None
    is_only_main = first.is_main and not any(match.is_main for match in others)
    return first.place if first.place.population >= LARGE or is_only_main else None
