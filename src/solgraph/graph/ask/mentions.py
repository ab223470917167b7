"""What a question mentions: things and concepts by name in any form, years and numbers, and the rest of its words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from solgraph.graph.ask.meanings import countries, lexicon, meanings
from solgraph.graph.search.index import Index
from solgraph.graph.search.recognition import Recognised
from solgraph.graph.search.words import STOP, tokens
from solgraph.rdf.namespaces import ID, VOCAB

#: Things that may be meant by name. Some are called by everyday words, which count only with a capital letter.
_EVERYDAY = ("programme", "collaboration", "advocacy", "organisation", "law", "source")
_KINDS = ("city", "place", "network", "concept", "person", *_EVERYDAY)
_COUNTRY, _HOW_EXACT = f"{ID}country/", f"{VOCAB}precision"
_YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d(?![.,]?\d|s\b|er\b)")
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?![\w.]*\d)")
#: Endings of names in Polish, and of genitives, with those of the names themselves.
_ENDINGS: Sequence[tuple[str, Sequence[str]]] = (
    ("iem", ("", "ie")), ("ach", ("y", "e")), ("dzie", ("d", "da")), ("cie", ("t", "ta")), ("rze", ("r", "ra")),
    ("iego", ("ie",)), ("ie", ("", "a", "o", "e")), ("iu", ("", "ie", "y")), ("ii", ("ia",)), ("ji", ("ja",)),
    ("owi", ("",)), ("em", ("", "o")), ("a", ("", "o", "e")), ("u", ("", "o")), ("y", ("a",)), ("i", ("a", "ia")),
    ("ia", ("",)), ("e", ("a",)), ("s", ("",)), ("ow", ("",)),
)  # fmt: skip
_SINCE, _AFTER = "since from starting seit ab dal da od".split(), "after nach dopo po".split()
_UNTIL, _BEFORE = "until till up to bis fino al do".split(), "before vor prima del przed".split()

_NUMBERS = (
    "two zwei due dwa dwie dwoch", "three drei tre trzy trzech", "four vier quattro cztery czterech",
    "five funf cinque piec pieciu", "six sechs sei szesc", "seven sieben sette siedem", "eight acht otto osiem",
    "nine neun nove dziewiec", "ten zehn dieci dziesiec",
)  # fmt: skip

Place = tuple[int, int, str]


class Mention(NamedTuple):
    """A part of a question that names something; ``things`` are those that may be meant, by IRI and kind.

    It ``is_everyday`` when it is a concept by words that any question may have: ``cities``, ``mayor``.
    """

    start: int
    end: int
    text: str
    things: tuple[tuple[str, str], ...]
    is_corrected: bool = False
    is_everyday: bool = False

    @property
    def is_name(self) -> bool:
        """Whether it names a thing, and not a concept alone."""
        return any(kind not in ("concept", "scheme") for _, kind in self.things)


class Years(NamedTuple):
    """The years of a question, from a first to a last one; either may be open."""

    first: int | None
    last: int | None
    text: str


class Mentions(NamedTuple):
    """All that a question mentions, and its other words, each with the place where it begins and ends."""

    things: tuple[Mention, ...]
    years: Years | None
    numbers: tuple[int, ...]
    words: tuple[Place, ...]

    @property
    def names(self) -> list[Mention]:
        """The names of things."""
        return [mention for mention in self.things if mention.is_name]


def mentions(text: str, index: Index) -> Mentions:
    """What a text mentions, names also when they are declined or misspelt."""
    places = list(tokens(text))
    things = tuple(_things(text, places, index))
    years = _years(text)
    spans = [(mention.start, mention.end) for mention in things if mention.is_name]
    spans += [(match.start(), match.end()) for match in _YEAR.finditer(text)]
    numbers = tuple(_numbers(text, places, spans))
    words = tuple(place for place in places if not _inside(place[0], spans) and not place[2].isdigit())
    return Mentions(things, years, numbers, words)


def _numbers(text: str, places: Sequence[Place], spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The numbers of a text that are no years; those written as words only after "at least"."""
    yield from (int(match.group()) for match in _NUMBER.finditer(text) if not _inside(match.start(), spans))
    tokens = [word for *_, word in places]
    for _, last, meant in meanings(tokens):
        word = tokens[last + 1] if "least" in meant and last + 1 < len(tokens) else ""
        yield from (number for number, names in enumerate(_NUMBERS, 2) if word in names.split())


def _inside(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


# Names


def _things(text: str, places: Sequence[Place], index: Index) -> list[Mention]:
    """The names that stand as they are, then other forms of names, then those that are misspelt."""
    groups: dict[tuple[int, int], list[Recognised]] = {}
    for part in index.recognise(text, _KINDS):
        if _is_meant(text, part):
            groups.setdefault((part.start, part.end), []).append(part)
    found: list[Mention] = []
    recognised = [_mention(text, span, parts) for span, parts in groups.items()]
    exact = [mention for mention in recognised if not mention.is_corrected]
    readers = (exact, _of_countries(text, places), _declined(text, places, index), recognised)
    for mention in (mention for reader in readers for mention in reader):
        spans = [(other.start, other.end) for other in found if other.is_name or not mention.is_name]
        if not _inside(mention.start, spans):
            found = [other for other in found if other.is_name or other[:2] != mention[:2]]
            found.append(mention)
    everyday = {places[n][0] for first, last, _ in meanings([p[2] for p in places]) for n in range(first, last + 1)}
    return [
        mention._replace(
            is_everyday=not mention.is_name
            and all(
                place[0] in everyday or place[2] in STOP for place in places if mention.start <= place[0] < mention.end
            )
        )
        for mention in sorted(found, key=lambda mention: mention.start)
    ]


def _mention(text: str, span: tuple[int, int], parts: Sequence[Recognised]) -> Mention:
    called = [part for part in parts if part.kind not in _EVERYDAY] or parts
    things = ((part.key, _kind(part.key, part.kind)) for part in called)
    return Mention(*span, text[slice(*span)], tuple(dict.fromkeys(things)), any(part.distance for part in parts))


def _kind(key: str, kind: str) -> str:
    """The kind of a thing; countries are places of their own kind, and so are schemes among concepts."""
    if kind == "concept" and "/" not in key.removeprefix(VOCAB):
        return "scheme"
    return "country" if key.startswith(_COUNTRY) else kind


def _is_meant(text: str, part: Recognised) -> bool:
    """Whether a name is meant: not the city of Essen by ``essen``, nor a programme by words that any question has."""
    shown = text[part.start : part.end]
    if part.kind == "concept":
        return not part.key.startswith(_HOW_EXACT) and (not shown.isdigit() or "them" in text.casefold())
    is_everyday = bool(lexicon().of(next(iter(tokens(shown)))[2])) and " " not in shown
    if part.kind in _EVERYDAY:
        return not is_everyday and (not shown.islower() or shown.count(" ") > 1)
    return not (is_everyday and shown.islower())


def _of_countries(text: str, places: Sequence[Place]) -> Iterator[Mention]:
    """Adjectives and other forms of the names of countries: ``italienische``, ``we Włoszech``."""
    for first, last, slugs in meanings([word for *_, word in places], countries()):
        start, end = places[first][0], places[last][1]
        things = tuple((f"{_COUNTRY}{slug}", "country") for slug in slugs)
        yield Mention(start, end, text[start:end], things)


def _declined(text: str, places: Sequence[Place], index: Index) -> Iterator[Mention]:
    """Forms of the names of places: ``Mediolanu``, ``w Gdańsku``, ``Berlins``."""
    forms = {place: list(_nominatives(place[2])) for place in places if text[place[0]].isupper()}
    called = index.called({form for each in forms.values() for form in each})
    for (start, end, _), each in forms.items():
        for form in each:
            things = tuple((key, kind) for key, kind in called.get(form, ()) if kind in ("city", "place"))
            if things:
                yield Mention(start, end, text[start:end], tuple((key, _kind(key, kind)) for key, kind in things))
                break


def _nominatives(word: str) -> Iterator[str]:
    for ending, others in _ENDINGS:
        bare = word.removesuffix(ending)
        if bare != word and len(bare) > 2:
            yield from (bare + other for other in others)


# Years


def _years(text: str) -> Years | None:
    """The years of a text; of a single one the word before says whether it is the first or the last."""
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    years, shown = sorted(int(match.group()) for match in found), ", ".join(match.group() for match in found)
    if len(years) > 1:
        return Years(years[0], years[-1], shown)
    before = [word for *_, word in tokens(text[: found[0].start()])][-2:]
    year = years[0]
    for words, first, last in (
        (_SINCE, year, None), (_AFTER, year + 1, None), (_UNTIL, None, year), (_BEFORE, None, year - 1),
    ):  # fmt: skip
        if before and before[-1] in words:
            return Years(first, last, shown)
    return Years(year, year, shown)
