"""What a question mentions: things and concepts by name in any form, years and numbers, and the rest of its words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import NamedTuple

from solgraph.graph.ask.meanings import countries, lexicon, meanings
from solgraph.graph.ask.name_parts import by_one_word, in_parts
from solgraph.graph.ask.names import Named, Place, declined, long_forms, misspelt, with_cities
from solgraph.graph.search.index import Index
from solgraph.graph.search.recognition import Recognised
from solgraph.graph.search.words import STOP, tokens
from solgraph.rdf.namespaces import ID, VOCAB, slug
from solgraph.rdf.terms import fold

#: Things that may be meant by name. Some are called by everyday words, which count only with a capital letter.
INITIATIVE_KINDS = ("programme", "collaboration", "advocacy")
#: The kind of a city that is not named, but where a named initiative is.
ITS_CITY = "its-city"
EVERYDAY = (*INITIATIVE_KINDS, "organisation", "law", "source")
KINDS = ("city", "place", "network", "concept", "person", *EVERYDAY)
_COUNTRY, _HOW_EXACT = f"{ID}country/", f"{VOCAB}precision"
_YEAR = re.compile(r"(?<![\d.])(?:1[89]|20)\d\d(?![.,]?\d|s\b|er\b)")
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?![\w.]*\d)")
#: Shorter words are not taken for concepts with a letter wrong: ``foot`` is no ``food``.
_LEAST_CORRECTED = 6
#: Words for teaching and learning, by which the name of a country stands for its language.
_TEACHING = re.compile(
    r"kurs|unterricht|^(?:course|class|lesson|learn|teach|cors[oi]|lezion|impar|insegn|lern|lekc|nauk|ucz(?:y|a|en)|jezyk"
    r"|lingua|sprache|language)"
)
#: What may stand between both: not ``learn from Italian cities``.
_ARTICLES = frozenset("l il lo la di d the of der die das".split())
_LANGUAGE_COURSES = (f"{VOCAB}service/language", "concept")
SINCE, AFTER = "since from starting seit ab dal da od".split(), "after nach dopo po".split()
UNTIL, BEFORE = "until till up to bis fino al do".split(), "before vor prima del przed".split()

_NUMBERS = (
    "two zwei due dwa dwie dwoch", "three drei tre trzy trzech", "four vier quattro cztery czterech",
    "five funf cinque piec pieciu", "six sechs sei szesc", "seven sieben sette siedem", "eight acht otto osiem",
    "nine neun nove dziewiec", "ten zehn dieci dziesiec",
)  # fmt: skip


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
    things, places = _things(text, places, index)
    years = _years(text)
    spans = [(mention.start, mention.end) for mention in things if mention.is_name]
    spans += [(match.start(), match.end()) for match in _YEAR.finditer(text)]
    numbers = tuple(_numbers(text, places, spans))
    words = tuple(place for place in places if not _inside(place[0], spans) and not place[2].isdigit())
    return Mentions(tuple(_with_their_cities(things, index)), years, numbers, words)


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


def _things(text: str, places: list[Place], index: Index) -> tuple[list[Mention], list[Place]]:
    """What is named, as it stands, in other forms, and misspelt; and the words, with typing errors corrected."""
    exact, nearly = _recognised(text, index)
    other_forms = [*_mentions(text, places, declined(text, places, index))]
    cities = _cities(places, [*exact, *other_forms])
    in_other_words = (*long_forms(text, places, index), *in_parts(text, places, cities, index))
    longer = [
        mention
        for mention in sorted(_mentions(text, places, in_other_words), key=_length, reverse=True)
        if all(_is_within(other, mention) for other in exact if _overlap(mention, other))
    ]
    found: list[Mention] = []
    _add(found, list(_with_cities(text, places, exact, index))[-1:])
    _add(found, longer)
    _add(found, [other for other in exact if not any(_overlap(other, each) for each in found)])
    # *Corsi di italiano* and *Deutschkurse* name no country
    phrases = [(mention.start, mention.end) for mention in found if " " in mention.text]
    _add(found, [mention for mention in _of_countries(text, places) if not _inside(mention.start, phrases)])
    _add(found, other_forms)
    _add(found, _by_one_word(text, places, index))
    _add(found, _by_authors(text, places, index))
    unknown = {i: place for i, place in enumerate(places) if _is_unknown(place, found, index)}
    wrong, corrected = _corrected(text, unknown, index)
    _add(found, wrong)
    spans = [unknown[i][:2] for i in corrected]
    _add(found, [mention for mention in nearly if not _inside(mention.start, spans)])
    words = [(*place[:2], corrected.get(i, place[2])) for i, place in enumerate(places)]
    named = [*_courses(_no_languages(found, words), words)]
    states = [mention[:2] for mention in named if _is_state(mention, words)]
    words = [place for place in words if not _inside(place[0], states)]
    return _everyday([mention for mention in named if mention[:2] not in states], words), words


def _with_cities(text: str, places: list[Place], exact: Sequence[Mention], index: Index) -> Iterator[Mention]:
    """Initiatives that are named with their city, by a word at least that is neither everyday nor a concept."""
    spans = [other[:2] for other in exact]
    if any(other.is_name and len(other.text.split()) > 1 for other in exact):
        return
    telling = [place[0] for place in places if not lexicon().of(place[2]) and place[2] not in STOP]
    for mention in _mentions(text, places, with_cities(places, index)):
        if any(mention.start <= start < mention.end and not _inside(start, spans) for start in telling):
            yield mention


def _is_within(mention: Mention, longer: Mention) -> bool:
    return longer.start <= mention.start and mention.end <= longer.end and _length(mention) < _length(longer)


def _length(mention: Mention) -> int:
    return mention.end - mention.start


def _cities(places: Sequence[Place], named: Iterable[Mention]) -> dict[int, str]:
    """Place of a word → slug of the city that it names."""
    cities = {each.start: slug(each.things[0][0]) for each in named if each.things[0][1] == "city"}
    return {number: cities[start] for number, (start, *_) in enumerate(places) if start in cities}


def _by_one_word(text: str, places: Iterable[Place], index: Index) -> Iterator[Mention]:
    """Networks and initiatives by one word of their name that nothing else has."""
    for start, end, word in places:
        if word not in STOP and not lexicon().of(word) and (things := by_one_word(text, (start, end, word), index)):
            yield Mention(start, end, text[start:end], things)


def _by_authors(text: str, places: Iterable[Place], index: Index) -> Iterator[Mention]:
    """Sources of which only the author is named: ``what Dreher says of Potsdam``."""
    for start, end, word in places:
        if _may_be_name(text, start) and (source := index.by_authors.get(word)):
            yield Mention(start, end, text[start:end], (source,))


def _add(found: list[Mention], others: Iterable[Mention]) -> None:
    """Add what does not begin within what is there; a name takes the place of a concept."""
    for mention in others:
        spans = [(other.start, other.end) for other in found if other.is_name or not mention.is_name]
        if not _inside(mention.start, spans):
            found[:] = [other for other in found if other.is_name or other[:2] != mention[:2]] + [mention]


def _overlap(mention: Mention, other: Mention) -> bool:
    return mention.start < other.end and other.start < mention.end


def _recognised(text: str, index: Index) -> tuple[list[Mention], list[Mention]]:
    """What stands in the text as in the data, and what does so with a letter wrong."""
    groups: dict[tuple[int, int], list[Recognised]] = {}
    for part in index.recognise(text, KINDS):
        if _is_meant(text, part):
            groups.setdefault((part.start, part.end), []).append(part)
    every = [_city_alone(_mention(text, span, parts), index) for span, parts in groups.items()]
    return [each for each in every if not each.is_corrected], [each for each in every if each.is_corrected]


def _mentions(text: str, places: Sequence[Place], named: Iterable[Named]) -> Iterator[Mention]:
    for first, last, things in named:
        start, end = places[first][0], places[last][1]
        yield Mention(start, end, text[start:end], tuple((key, kind_of(key, kind)) for key, kind in things))


def _is_unknown(place: Place, found: Iterable[Mention], index: Index) -> bool:
    start, _, word = place
    is_known = word in STOP or word.isdigit() or lexicon().of(word) or countries().of(word) or index.holds(word)
    return not is_known and not _inside(start, [(other.start, other.end) for other in found])


def _corrected(text: str, unknown: Mapping[int, Place], index: Index) -> tuple[list[Mention], dict[int, str]]:
    """Names among unknown words that have a letter wrong, and other words with theirs corrected."""
    wrong: list[Mention] = []
    corrected: dict[int, str] = {}
    for i, (start, end, word) in unknown.items():
        other = lexicon().corrected(word)
        things = _countries_of(countries().corrected(word))
        if not things and _may_be_name(text, start):
            things = tuple((key, kind_of(key, kind)) for key, kind in misspelt(text, (start, end, word), index))
        if things:
            wrong.append(Mention(start, end, text[start:end], things, is_corrected=True))
        elif other:
            corrected[i] = other
    return wrong, corrected


def _may_be_name(text: str, start: int) -> bool:
    """Whether a word has a capital letter, or none has."""
    return text[start].isupper() or text.islower()


def _no_languages(found: Iterable[Mention], words: Sequence[Place]) -> list[Mention]:
    """Without ``German`` where a question is for the German name of something."""
    is_for_names = any("name" in meant for *_, meant in meanings([word for *_, word in words]))
    others = [mention for mention in found if not _is_adjective(mention)]
    return others if is_for_names and any(mention.is_name for mention in others) else list(found)


def _courses(found: Sequence[Mention], words: Sequence[Place]) -> Iterator[Mention]:
    """With courses of a language for the country after which it is called: ``imparare l'italiano``."""
    taught = {start for start, _, word in words if _TEACHING.search(word)}
    spoken = [start for start, _, word in words if word not in _ARTICLES]
    languages = set()
    for mention in filter(_is_adjective, found):
        place = spoken.index(mention.start) if mention.start in spoken else len(spoken)
        if taught.intersection(spoken[max(place - 1, 0) : place + 2]):
            languages.add(mention)
    for mention in found:
        if mention in languages:
            yield mention._replace(things=(_LANGUAGE_COURSES,))
        elif not languages or mention.start not in taught:
            yield mention


def _is_state(mention: Mention, words: Sequence[Place]) -> bool:
    """Whether a city stands for its government: ``the government in Madrid``, ``Rome's interior ministry``."""
    spoken = [place for place in words if place[2] not in STOP or place[0] == mention.start]
    place = next((n for n, (start, *_) in enumerate(spoken) if start == mention.start), 0)
    beside = (*spoken[max(place - 1, 0) : place], *spoken[place + 1 : place + 3])
    return mention.things[0][1] == "city" and any("government" in lexicon().of(word) for *_, word in beside)


def _is_adjective(mention: Mention) -> bool:
    return mention.things[0][1] == "country" and bool(countries().of(fold(mention.text)))


def _everyday(found: Iterable[Mention], places: Sequence[Place]) -> list[Mention]:
    """The mentions in their order, those marked that any question may have."""
    words = [word for *_, word in places]
    everyday = {places[n][0] for first, last, _ in meanings(words) for n in range(first, last + 1)}

    def is_everyday(mention: Mention) -> bool:
        held = [place for place in places if mention.start <= place[0] < mention.end]
        return not mention.is_name and all(place[0] in everyday or place[2] in STOP for place in held)

    return [each._replace(is_everyday=is_everyday(each)) for each in sorted(found, key=lambda each: each.start)]


def _city_alone(mention: Mention, index: Index) -> Mention:
    """The city that is meant by ``city of Berlin`` or ``in Gent``, though an organisation is called so."""
    words = list(tokens(mention.text))
    bare = list(dropwhile(lambda place: place[2] in STOP or "city" in lexicon().of(place[2]), words))
    if mention.things[0][1] == "city" or not 0 < len(bare) < len(words) or mention.text[:2].isupper():
        return mention
    name = " ".join(word for *_, word in bare)
    cities = tuple((key, kind) for key, kind in index.called([name]).get(name, ()) if kind == "city")
    return mention._replace(things=cities) if cities else mention


def _mention(text: str, span: tuple[int, int], parts: Sequence[Recognised]) -> Mention:
    called = [part for part in parts if part.kind not in EVERYDAY] or parts
    things = ((part.key, kind_of(part.key, part.kind)) for part in called)
    return Mention(*span, text[slice(*span)], tuple(dict.fromkeys(things)), any(part.distance for part in parts))


def kind_of(key: str, kind: str) -> str:
    """The kind of a thing; countries are places of their own kind, and so are schemes among concepts."""
    if kind == "concept" and "/" not in key.removeprefix(VOCAB):
        return "scheme"
    return "country" if key.startswith(_COUNTRY) else kind


def _is_meant(text: str, part: Recognised) -> bool:
    """Whether a name is meant: not the city of Essen by ``essen``, nor a programme by words that any question has."""
    shown = text[part.start : part.end]
    is_long = max(map(len, shown.split())) >= _LEAST_CORRECTED
    if part.distance and not (is_long if part.kind == "concept" else _may_be_name(text, part.start)):
        return False
    if part.kind == "concept":
        return not part.key.startswith(_HOW_EXACT) and (not shown.isdigit() or "them" in text.casefold())
    is_everyday = bool(lexicon().of(next(iter(tokens(shown)))[2])) and " " not in shown
    if part.kind == "law":
        return " " in shown or not shown.islower()
    if part.kind in EVERYDAY:
        return not is_everyday and (not shown.islower() or shown.count(" ") > 1)
    if " " in shown and shown.islower() and not text.islower() and all(map(lexicon().of, shown.split())):
        return False  # "share networks" is not the SHARE Network
    is_other_form = " " not in shown and fold(shown) != fold(part.name)  # "solid" is not the network Solida
    return not ((is_everyday or (is_other_form and not text.islower())) and shown.islower())


def _of_countries(text: str, places: Sequence[Place]) -> Iterator[Mention]:
    """Adjectives and other forms of the names of countries: ``italienische``, ``we Włoszech``."""
    for first, last, _ in meanings([word for *_, word in places], countries()):
        start, end = places[first][0], places[last][1]
        word = " ".join(word for *_, word in places[first : last + 1])
        yield Mention(start, end, text[start:end], _countries_of(word))


def _countries_of(word: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{_COUNTRY}{slug}", "country") for slug in countries().of(word))


def _with_their_cities(things: Sequence[Mention], index: Index) -> Iterator[Mention]:
    """The mentions; an initiative takes up the name of its city beside it: ``Celav in Milan`` names one thing."""
    taken: set[Mention] = set()
    joined: list[Mention] = []
    for mention in things:
        own = [each for each in things if _is_city_of(each, mention)]
        taken.update(own)
        cities = [own[0].things[0]] if own else [*_its_city(mention, index)]
        joined.append(mention._replace(things=(*mention.things, *cities)))
    yield from (mention for mention in joined if mention not in taken)


def _its_city(mention: Mention, index: Index) -> Iterator[tuple[str, str]]:
    """The city of an initiative that is named without it."""
    (first, kind), *others = mention.things
    if kind in INITIATIVE_KINDS and not others and (city := index.city_of(first)):
        yield city, ITS_CITY


def _is_city_of(mention: Mention, initiative: Mention) -> bool:
    """Whether a mention is the city by which the identifier of an initiative begins."""
    (first, kind), *others = initiative.things
    (city, kind_of_city), *_ = mention.things
    return (
        kind in INITIATIVE_KINDS and not others and kind_of_city == "city" and slug(first).startswith(f"{slug(city)}-")
    )


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
        (SINCE, year, None), (AFTER, year + 1, None), (UNTIL, None, year), (BEFORE, None, year - 1),
    ):  # fmt: skip
        if before and before[-1] in words:
            return Years(first, last, shown)
    return Years(year, year, shown)
