"""Names that stand in a question in another form: declined, misspelt, or without their end."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from solgraph.graph.search.index import Index
from solgraph.graph.search.words import STOP, is_form, near

Place = tuple[int, int, str]
#: Where a name stands in the words of a question, from first to last, and what is called so.
Named = tuple[int, int, tuple[tuple[str, str], ...]]
#: Endings of names in Polish, and of genitives, with those of the names themselves.
ENDINGS: Sequence[tuple[str, Sequence[str]]] = (
    ("iem", ("", "ie")), ("ach", ("y", "e")), ("dzie", ("d", "da")), ("cie", ("t", "ta")), ("rze", ("r", "ra")),
    ("iego", ("ie",)), ("ie", ("", "a", "o", "e")), ("iu", ("", "ie", "y")), ("ii", ("ia",)), ("ji", ("ja",)),
    ("owi", ("",)), ("em", ("", "o")), ("a", ("", "o", "e")), ("u", ("", "o")), ("y", ("a",)), ("i", ("a", "ia")),
    ("ia", ("",)), ("e", ("a",)), ("s", ("",)), ("ow", ("",)), ("ego", ("",)), ("iemu", ("ie",)), ("emu", ("",)),
    ("nia", ("n",)), ("owa", ("ow",)), ("owie", ("ow", "owo")), ("wia", ("w",)), ("wiu", ("w",)), ("niu", ("n",)),
    ("szy", ("sza",)), ("ze", ("ga",)), ("dze", ("ga",)), ("ce", ("ka",)), ("le", ("l", "la")),
)  # fmt: skip
#: Endings of adjectives of cities in Polish, Italian and German, which have a small letter in the first two.
ADJECTIVES: Sequence[tuple[str, Sequence[str]]] = (
    *((f"sk{end}", ("sk", "", "a", "y", "o", "g")) for end in ("a", "i", "ie", "iego", "iej", "im", "ich", "imi")),
    ("ese", ("", "o", "a", "e")), ("esi", ("", "o", "a", "e")), ("er", ("",)),
)  # fmt: skip
#: Kinds of names that may be declined.
_DECLINED = ("city", "place", "person", "network")
#: Misspelt words are read from so many letters on.
_LEAST = 5
#: Between the words of a name that are in another order stand so many others at most.
_BETWEEN = 3
#: Of so many names that are near a misspelt one the best known is meant.
_NEAREST = 2


def declined(text: str, places: Sequence[Place], index: Index) -> Iterator[Named]:
    """Forms of names of one word: ``Mediolanu``, ``w Gdańsku``, ``Berlins``."""
    forms = {i: list(_nominatives(word)) for i, (start, _, word) in enumerate(places) if text[start].isupper()}
    adjectives = {i: list(_of_city(word)) for i, (*_, word) in enumerate(places) if word not in STOP}
    called = index.called({form for some in (forms, adjectives) for each in some.values() for form in each})
    for some, kinds in ((forms, _DECLINED), (adjectives, ("city",))):
        for i, each in some.items():
            for form in each:
                if things := tuple((key, kind) for key, kind in called.get(form, ()) if kind in kinds):
                    yield i, i, things
                    break


def _of_city(word: str) -> Iterator[str]:
    """The names of cities whose adjective a word may be: ``gdańska``, ``bolognese``, ``Potsdamer``."""
    for ending, others in ADJECTIVES:
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= _LEAST - 1:
            yield from (bare + other for other in others)


def misspelt(text: str, place: Place, index: Index) -> tuple[tuple[str, str], ...]:
    """What is called by a word with a letter wrong, in any form; of several names that are as near the best known."""
    start, _, word = place
    forms = [word, *(_nominatives(word) if text[start].isupper() else ())]
    close = {name for form in forms if len(form) >= _LEAST for name in near(form, index.short_names)[:_NEAREST]}
    return next((tuple(things) for name, things in index.short_names.items() if name in close), ())


def _nominatives(word: str) -> Iterator[str]:
    for ending, others in ENDINGS:
        bare = word.removesuffix(ending)
        if bare != word and len(bare) > 2:
            yield from (bare + other for other in others)


def long_forms(text: str, places: Sequence[Place], index: Index) -> Iterator[Named]:
    """Names of several words that are declined, misspelt, or without their end, the longest first."""
    found: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for first, ((*_, word), (*_, following)) in enumerate(pairwise(places)):
        for name, key, kind in index.long_names(word):
            if not is_form(name[1], following):
                continue
            last = _last(name, [other for *_, other in places[first : first + len(name)]], kind) + first
            is_proper = any(text[start].isupper() for start, *_ in places[first : last + 1])
            if last > first and (is_proper or kind in ("law", "concept")):
                found.setdefault((first, last), []).append((key, kind))
    for (first, last), things in sorted(found.items(), key=lambda pair: pair[0][0] - pair[0][1]):
        yield first, last, tuple(dict.fromkeys(things))


def with_cities(places: Sequence[Place], index: Index) -> Iterator[Named]:
    """Names of initiatives that hold the city's, in another order: ``the Warsaw multicultural centre``."""
    words = [word for *_, word in places]
    begins = {word[:2] for word in words}
    names = sorted(name for letters in begins for name in index.names_with_cities.get(letters, ()))
    for _, rest, city, initiative, place in names:
        if not all(name[:2] in begins for name in rest):
            continue
        held = [next((i for i, word in enumerate(words) if is_form(name, word)), -1) for name in (city, *rest)]
        first, last = min(held), max(held)
        if first >= 0 and len(set(held)) == len(held) and last - first < len(held) + _BETWEEN:
            yield first, last, (initiative, place)


def _last(name: Sequence[str], words: Sequence[str], kind: str) -> int:
    """How many words a text has of a name, less one; 0 when it has too few of them to mean it."""
    same = next((i for i, pair in enumerate(zip(name, words, strict=False)) if not is_form(*pair)), len(words))
    telling = sum(word not in STOP for word in name[:same])
    is_whole = same == len(name) or (kind != "concept" and all(word.isdigit() for word in name[same:]))
    is_begun = same > 2 and name[same - 1] not in STOP and kind != "concept"
    return same - 1 if telling > 1 and (is_whole or is_begun) else 0
