"""Names that a question gives in another language, in another order or by the one word that tells."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from solgraph.graph.ask.meanings import countries, lexicon, name_words
from solgraph.graph.ask.names import Named, Place
from solgraph.graph.search.index import Index
from solgraph.graph.search.words import STOP, stem

#: Parts of names that may be left out.
_FREE = frozenset("city european international".split())
#: Parts by which alone nothing is named, and that must be there when but one other part is.
_COMMON = _FREE.union("network alliance coalition union association urban programme".split())
#: Parts that hardly tell: a city has many programmes for refugees.
_HARDLY = frozenset(("refugee", "migration"))
#: What may stand between the parts of a name.
_BETWEEN = frozenset(
    "of the for on in and against der die das des den dem von fur zur zum und gegen bei di del dei della delle degli "
    "dell per le la il i gli e contro per na z ze w we do dla oraz przeciw przeciwko rzecz".split()
)
#: One word stands for a whole name if it has so many letters; names are read by so many parts.
_LEAST, _FEWEST = 6, 2


class Name(NamedTuple):
    """A name by its parts, whatever the language, and what is called so."""

    parts: frozenset[str]
    thing: tuple[str, str]

    @property
    def telling(self) -> frozenset[str]:
        """The parts that tell it from others."""
        return self.parts - _COMMON

    def lacks(self, parts: frozenset[str]) -> frozenset[str]:
        """What a text must have to name it, and has not."""
        needed = self.telling if len(self.telling) > 1 else self.parts - _FREE
        return needed - parts


def parts_of(word: str) -> Sequence[str]:
    """What a folded word stands for in names: ``Städtekoalition`` for a city and a coalition."""
    return name_words().of(word) or countries().of(word)[:1] or (f"~{stem(word)}",)


def telling_words(name: str) -> list[str]:
    """The words of a folded name that have parts: neither small words nor numbers."""
    return [word for word in name.split() if not (word in STOP or word in _BETWEEN or word.isdigit())]


@lru_cache(maxsize=2)
def _names(index: Index) -> tuple[dict[str, list[Name]], dict[str, set[tuple[str, str]]]]:
    """The names by each telling part, and what is called by each word."""
    by_part: dict[str, list[Name]] = {}
    by_word: dict[str, set[tuple[str, str]]] = {}
    for words, parts, thing in index.names_in_parts:
        name = Name(parts, thing)
        for word in words:
            by_word.setdefault(word, set()).add(name.thing)
        if len(name.parts) >= _FEWEST:
            for part in name.telling:
                by_part.setdefault(part, []).append(name)
    return by_part, by_word


def in_parts(text: str, places: Sequence[Place], cities: Mapping[int, str], index: Index) -> Iterator[Named]:
    """Names whose telling parts stand together, in any order and language, those with most parts first.

    ``cities`` are the slugs of cities by the place of the word that names them.
    """
    by_part, _ = _names(index)
    held = [frozenset((*parts_of(word), *_city(cities.get(n, "")))) for n, (*_, word) in enumerate(places)]
    found: list[tuple[int, int, int, int, Name]] = []
    for name in {name for parts in held for part in parts for name in by_part.get(part, ())}:
        for first, last in _clusters(name, places, held):
            shared = name.parts & frozenset().union(*held[first : last + 1])
            if len(shared) >= _FEWEST and not name.lacks(shared):
                found.append((len(shared), -len(name.parts), first, last, name))
    for *_, first, last, name in sorted(found, key=lambda each: (*each[:4], each[4].thing), reverse=True):
        own = name.telling - _HARDLY.union(*(_city(each) for each in cities.values()))
        if own and _is_meant(text, places[first : last + 1], name, index):
            yield first, last, (name.thing,)


def _city(slug: str) -> Iterator[str]:
    yield from (part for word in slug.split("-") if word for part in parts_of(word))


def _clusters(name: Name, places: Sequence[Place], held: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Where parts of a name stand with nothing but small words between them."""
    first = last = -1
    for place, parts in enumerate(held):
        if parts & name.parts:
            first, last = (place if first < 0 else first), place
        elif places[place][2] not in _BETWEEN and first >= 0:
            yield first, last
            first = -1
    if first >= 0:
        yield first, last


def _is_meant(text: str, places: Sequence[Place], name: Name, index: Index) -> bool:
    """Whether words name something: by several that tell, or one that has a capital letter or means nothing else."""
    telling = [place for place in places if name.telling & set(parts_of(place[2]))]
    if len(places) > _FEWEST and len(telling) != 1:
        return True
    concepts = index.called(word for *_, word in telling)
    return (
        any(
            (text[start].isupper() and start) or not (lexicon().of(word) or concepts.get(word))
            for start, _, word in telling
        )
        or len(name.parts & {part for *_, word in places for part in parts_of(word)}) > _FEWEST
    )


@lru_cache(maxsize=2)
def telling_alone(index: Index) -> Mapping[str, tuple[str, str]]:
    """The uncommon words that alone name something, and what: ``connettiamoci``."""
    words = _names(index)[1].items()
    uncommon = ((word, things) for word, things in words if len(word) >= _LEAST and not name_words().of(word))
    return {word: next(iter(things)) for word, things in uncommon if len(things) == 1}


def by_one_word(text: str, place: Place, index: Index) -> tuple[tuple[str, str], ...]:
    """What is called by an uncommon word of its name alone: ``Connettiamoci``."""
    start, _, word = place
    thing = telling_alone(index).get(word)
    return (thing,) if thing and (text[start].isupper() or text.islower()) else ()
