"""The names and concepts that stand in a text: as they are written, in another form, or with typing errors."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Self

from solgraph.graph.search.cards import KINDS, Card
from solgraph.graph.search.tables import END, Tables, short, whole
from solgraph.graph.search.words import STOP, is_form, near, stem, tokens

#: A name that a text may hold has as many words; one that may be spelt wrong, as many.
_MOST_WORDS, _MOST_WRONG = 8, 3
_ORDER = list(KINDS)
#: The names that begin with a word are kept for so many words.
_MOST_CACHED = 10_000
#: The words of a name that holds the name of a city, that name, and what both are called; with a number before them.
WithCity = tuple[int, list[str], str, tuple[str, str], tuple[str, str]]
_NAMES_OF = "SELECT DISTINCT folded FROM text JOIN card ON card = card.id WHERE folded != '' AND kind = '{}'"


class Recognised(NamedTuple):
    """A part of a text that names a thing or concept: from ``start`` to ``end``, spelt with ``distance`` wrong letters.

    One part may name several things: each has an entry. ``name`` is the name that was recognised.
    """

    start: int
    end: int
    key: str
    kind: str
    name: str
    distance: int


class Recogniser(Tables):
    """The tables, and what they recognise in a text."""

    def recognise(self, text: str, kinds: Sequence[str] = ()) -> list[Recognised]:
        """The things and concepts that parts of a text name, in the order of the text.

        The longest names win, then those spelt as in the data, then other forms of a word (``refugee``), then, among
        words that stand nowhere in the data, those with typing errors. A text says by itself which of several things
        of one name is meant, or does not: all of them are given.
        """
        found: list[Recognised] = []
        places = list(tokens(text))
        for reader in (self._exactly, self._by_stems, self._nearly):
            for first, last, entries in reader(places, {i for i, place in enumerate(places) if _covered(place, found)}):
                start, end = places[first][0], places[last][1]
                if not any(_covered(place, found) for place in places[first : last + 1]):
                    fitting = [(*entry,) for entry in entries if not kinds or entry[1] in kinds]
                    found += [Recognised(start, end, *entry) for entry in fitting]
        return sorted(found, key=lambda part: (part.start, _ORDER.index(part.kind), part.key))

    def called(self, names: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """Folded name → key and kind of what is called so, for names of things and concepts."""
        spans = {(place, place): name for place, name in enumerate(dict.fromkeys(names))}
        return {
            spans[first, last]: [(key, kind) for key, kind, *_ in entries]
            for first, last, entries in self._looked_up(spans, "folded")
        }

    @cached_property
    def long_names(self) -> Callable[[str], Sequence[tuple[tuple[str, ...], str, str]]]:
        """Word → names of several words of networks, persons, laws and concepts that begin with it in any form.

        They come word by word, with key and kind; of those that are alike the best known stands first.
        """
        return lru_cache(maxsize=_MOST_CACHED)(self._beginning)

    def _beginning(self, word: str) -> list[tuple[tuple[str, ...], str, str]]:
        names = self._names_of_several_words(word[:2]) if len(word) > 1 else []
        return [(name, key, kind) for name, key, kind in names if is_form(name[0], word)]

    @cached_property
    def _names_of_several_words(self) -> Callable[[str], Sequence[tuple[tuple[str, ...], str, str]]]:
        """Two letters → the names that begin with them; the best known first takes an engine a while to say."""
        return lru_cache(maxsize=_MOST_CACHED)(self._begun_by)

    def _begun_by(self, letters: str) -> list[tuple[tuple[str, ...], str, str]]:
        rows = self.rows(
            "SELECT DISTINCT folded, key, kind FROM text JOIN card ON card = card.id"
            " WHERE folded >= ? AND folded < ? AND instr(folded, ' ')"
            " AND kind IN ('network', 'person', 'law', 'concept')"
            " ORDER BY (SELECT count(*) FROM tie WHERE other = card.id) DESC, key",
            letters,
            letters + END,
        )
        return [(tuple(name.split()), whole(key), kind) for name, key, kind in rows]

    @cached_property
    def short_names(self) -> Mapping[str, list[tuple[str, str]]]:
        """Names of one word of cities, places, networks and persons, with key and kind of what is called so."""
        rows = self.rows(
            "SELECT DISTINCT folded, key, kind FROM text JOIN card ON card = card.id WHERE folded IS NOT NULL"
            " AND NOT instr(folded, ' ') AND kind IN ('city', 'place', 'network', 'person')"
            " ORDER BY (SELECT count(*) FROM tie WHERE other = card.id) DESC, key"
        )
        names: dict[str, list[tuple[str, str]]] = {}
        for name, key, kind in rows:
            names.setdefault(name, []).append((whole(key), kind))
        return names

    @classmethod
    def of(cls, cards: Iterable[Card]) -> Self:
        """The index of some cards, in memory, with what would take long to derive from its tables at every start."""
        index = super().of(cards)
        index.keep("by_authors", index._derived_by_authors())
        index.keep("names_with_cities", index._derived_names_with_cities())
        index.keep("names_in_parts", [*index._derived_names_in_parts()])
        return index

    @cached_property
    def by_authors(self) -> Mapping[str, tuple[str, str]]:
        """Surname → key and kind of the only source that is called by an author and a year: ``Dreher 2024``."""
        return {author: (key, kind) for author, (key, kind) in self.kept("by_authors").items()}

    @cached_property
    def names_with_cities(self) -> Mapping[str, list[WithCity]]:
        """Two letters → the words of names of initiatives that hold the name of a city that begins with them.

        Each has a number, by which the shortest comes first, the name of the city, and what both are called.
        """
        names: dict[str, list[WithCity]] = {}
        for number, (rest, city, initiative, place) in enumerate(self.kept("names_with_cities")):
            names.setdefault(city[:2], []).append((number, rest, city, (*initiative,), (*place,)))
        return names

    def city_of(self, initiative: str) -> str:
        """The city by which the identifier of an initiative begins, if there is one."""
        parts = short(initiative).rpartition("/")[2].split("-")
        keys = [f"id/city/{'-'.join(parts[:length])}" for length in range(1, len(parts))]
        rows = self.rows("SELECT key FROM card WHERE key IN (SELECT value FROM json_each(?))", json.dumps(keys))
        return max((whole(key) for (key,) in rows), key=len, default="")

    @property
    def names_in_parts(self) -> Iterator[tuple[list[str], frozenset[str], tuple[str, str]]]:
        """The words of names of networks, laws and initiatives, their parts, and what is called so."""
        for telling, parts, key, kind in self.kept("names_in_parts"):
            yield telling, frozenset(parts), (whole(key), kind)

    def _derived_names_in_parts(self) -> Iterator[tuple[list[str], list[str], str, str]]:
        from solgraph.graph.ask.name_parts import parts_of, telling_words  # which asks an index

        rows = self.rows(
            "SELECT DISTINCT folded, key, kind FROM text JOIN card ON card = card.id WHERE folded IS NOT NULL"
            " AND kind IN ('network', 'law', 'programme', 'collaboration', 'advocacy') ORDER BY folded, key"
        )
        for name, key, kind in rows:
            telling = telling_words(name)
            yield telling, sorted({part for word in telling for part in parts_of(word)}), key, kind

    def _derived_by_authors(self) -> dict[str, tuple[str, str]]:
        people = {name.split()[-1] for (name,) in self.rows(_NAMES_OF.format("person"))}
        sources: dict[str, set[tuple[str, str]]] = {}
        for (name,) in self.rows(_NAMES_OF.format("source") + " AND folded GLOB '*[a-z] [12][0-9][0-9][0-9]*'"):
            author, year, *_ = name.split()
            if author in people and year.isdigit():
                sources.setdefault(author, set()).update(self.called([name])[name])
        return {author: found.pop() for author, found in sources.items() if len(found) == 1}

    def _derived_names_with_cities(self) -> list[tuple[list[str], str, tuple[str, str], tuple[str, str]]]:
        rows = self.rows(
            "SELECT DISTINCT folded, key, kind FROM text JOIN card ON card = card.id WHERE instr(folded, ' ')"
            " AND kind IN ('programme', 'collaboration', 'advocacy') ORDER BY length(folded), key"
        )
        cities = {
            name: thing for name, things in self.short_names.items() for thing in things[::-1] if thing[1] == "city"
        }
        names: list[tuple[list[str], str, tuple[str, str], tuple[str, str]]] = []
        for name, key, kind in rows:
            telling = [word for word in name.split() if word not in STOP]
            for place in filter(cities.__contains__, telling):
                rest = [word for word in telling if word != place]
                names += [(rest, place, (whole(key), kind), cities[place])] if len(rest) > 1 else []
        return names

    @cached_property
    def _names(self) -> Mapping[str, list[str]]:
        """Letter → the names that begin with it."""
        names: dict[str, list[str]] = {}
        for (name,) in self.rows("SELECT DISTINCT folded FROM text WHERE folded != ''"):
            names.setdefault(name[0], []).append(name)
        return names

    def holds(self, word: str) -> bool:
        """Whether the data have a folded word in any form."""
        return bool(self._forms(word))

    def _exactly(self, places: Sequence[tuple[int, int, str]], taken: set[int]) -> Iterator[tuple[int, int, Any]]:
        spans = {
            (first, last): " ".join(word for *_, word in places[first : last + 1]) for first, last in _spans(places)
        }
        yield from self._looked_up(spans, "folded")

    def _by_stems(self, places: Sequence[tuple[int, int, str]], taken: set[int]) -> Iterator[tuple[int, int, Any]]:
        stems = [stem(word) for *_, word in places]
        spans = {(first, last): " ".join(stems[first : last + 1]) for first, last in _spans(places)}
        yield from self._looked_up(spans, "stems")

    def _looked_up(self, spans: Mapping[tuple[int, int], str], column: str) -> Iterator[tuple[int, int, Any]]:
        """The spans of words that are names by a column of the table of texts, the longest first."""
        wanted = set(spans.values())
        query = (
            f"SELECT {column}, key, kind, text FROM text JOIN card ON card = card.id"
            f" WHERE kind != 'query' AND {column} IN ({', '.join('?' * len(wanted))})"
        )
        names: dict[str, dict[str, tuple[str, str, str, int]]] = {}
        for name, key, kind, text in self.rows(query, *wanted) if wanted else ():
            names.setdefault(name, {}).setdefault(key, (whole(key), kind, text, 0))
        named = (span for span, name in spans.items() if name in names)
        for first, last in sorted(named, key=lambda span: span[0] - span[1]):
            name = spans[first, last]
            if first != last or name not in STOP:
                entries = list(names[name].values())
                yield first, last, [entry for entry in entries if entry[1] != "source"] or entries

    def _nearly(self, places: Sequence[tuple[int, int, str]], taken: set[int]) -> Iterator[tuple[int, int, Any]]:
        known = [word in STOP or word in self._forms(word) for *_, word in places]
        for first, last in sorted(_spans(places, _MOST_WRONG), key=lambda span: span[0] - span[1]):
            span = set(range(first, last + 1))
            if span & taken or all(known[first : last + 1]):
                continue
            name = " ".join(word for *_, word in places[first : last + 1])
            begun = [other for letter in dict.fromkeys(name[:2]) for other in self._names.get(letter, ())]
            for close in near(name, begun)[:1]:
                entries = [entry for *_, some in self._looked_up({(0, 1): close}, "folded") for entry in some]
                yield first, last, [(key, kind, text, 1) for key, kind, text, _ in entries]


def _covered(place: tuple[int, int, str], found: Iterable[Recognised]) -> bool:
    return any(part.start <= place[0] < part.end for part in found)


def _spans(places: Sequence[Any], most: int = _MOST_WORDS) -> Iterator[tuple[int, int]]:
    """First and last of all sequences of words that may be a name."""
    for first in range(len(places)):
        yield from ((first, last) for last in range(first, min(first + most, len(places))))
