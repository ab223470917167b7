"""The questions of which a question is made up."""

import re
from collections.abc import Iterator

from solgraph.graph.ask.examples import content
from solgraph.graph.ask.meanings import SOFT, countries, meanings_of
from solgraph.graph.ask.mentions import Mentions
from solgraph.graph.search.words import STOP, tokens
from solgraph.rdf.terms import fold

_JOINS = re.compile(r"[?;.]\s+|,?\s+(?:and|plus|as well as|und|sowie|e|ed|nonché|oraz|i|a|a także)\s+", re.IGNORECASE)
_ASKS = frozenset(
    (
        "who whom which what when where how why wer wen welche welcher welches welchen was wann wo wie warum chi quale "
        "quali che cosa quando dove quanti quante quanto quanta come kto kogo ktory ktora ktore ktorych co kiedy gdzie "
        "ile jak jaki jaka jakie everything list tell show alles nenne sag zeig zeige tutto elenca dimmi mostra "
        "wszystko wymien powiedz pokaz"
    ).split()
)
#: Words by which those who ask begin to speak of themselves.
_SPEAKERS = frozenset("we our i my wir unser unsere ich mein meine noi siamo io sono nasz nasza jestesmy".split())
#: A question for yes or no that begins a later part: ``is Bergamo in it``.
_YES_NO = re.compile(r"(?:is|was|does|did|has|ist|war|hat|czy|è|fa|ha)\s+([^\W\d_][\w-]+)", re.I)


def split_question(question: str) -> list[str]:
    """The questions of which one is made up; none where it is one question."""
    for first, second in _halves(question):
        if _says(first) and _is_of_something(second) and not _leads(first):
            return [part for half in (first, second) for part in (split_question(half) or [half])]
    return []


def _halves(question: str) -> Iterator[tuple[str, str]]:
    """A question in two, wherever the second half asks for something."""
    for match in _JOINS.finditer(question):
        first, second = question[: match.start()], question[match.end() :]
        if (_ASKS & set(_begins(second)) or _asks_whether(second)) and _says(second):
            yield first, second


def half_left(question: str) -> bool:
    """Whether a second half of a question asks for something, but is no question by itself: ``and what they cost``."""
    return any(_says(first) for first, _ in _halves(question))


def _asks_whether(text: str) -> bool:
    """Whether a later part asks for yes or no of something named, and is not what another is said to be as well."""
    match = _YES_NO.match(text)
    return bool(match and match[1][0].isupper() and not meanings_of(match[1]) and not countries().of(fold(match[1])))


def _begins(text: str) -> list[str]:
    """The first word of a question, and the second where the first is but a preposition: ``in which``."""
    begins = [word for *_, word in tokens(text)][:2]
    return begins if begins[:1] and begins[0] in STOP else begins[:1]


def _is_of_something(text: str) -> bool:
    """Whether a later part of a question has a name, a year or a pronoun, and so is a question by itself."""
    shown = re.search(r"\s(?:[^\W\d_a-z][^\W\d_]|\d{4})", text)
    return bool(shown) or not {"that-thing", "cost"}.isdisjoint(meanings_of(text))


def _says(text: str) -> bool:
    """Whether words are a question by themselves: not ``and when`` or ``and in which year``."""
    asked = Mentions((), None, (), tuple(place for place in tokens(text) if not place[2].isdigit()))
    said = {feature for word in content(asked) for feature in word.features}
    return bool(said - SOFT - {"count"}) or said >= {"everything", "happen"}


def _leads(sentence: str) -> bool:
    """Whether a sentence only says who asks, and why: ``We are Leipzig``."""
    return not _is_asked(sentence) and bool(_SPEAKERS & {word for *_, word in [*tokens(sentence)][:1]})


def _is_asked(sentence: str) -> bool:
    """Whether a sentence asks for something."""
    return sentence.rstrip().endswith("?") or bool(_ASKS & set(_begins(sentence)))
