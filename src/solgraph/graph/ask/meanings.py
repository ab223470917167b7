"""What words mean, whatever the language: ``burmistrz`` and ``Bürgermeisterin`` are one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from solgraph.graph.search.words import words
from solgraph.rdf.terms import fold

#: Meanings that change what is asked: an answer that does not take them up is no answer.
DECISIVE = frozenset("each not lack why most largest single blocked planned similar compare least".split())
#: Meanings that hardly say what is asked for; a query that does not hold them may answer all the same.
SOFT = frozenset(
    "who when where yes-no say everything count city country person work concern list cover date kind "
    "support beneficiary initiative actor figure status connect happen name".split()
)
#: Meanings of words for what is asked for, by which nothing is chosen among them.
GENERIC = SOFT.union(
    "- network initiative programme service actor member theme source collaborate join law".split(),
    ("run", "participate", "share"),
)
#: A phrase has at most so many words.
_LONGEST = 3


class Lexicon(NamedTuple):
    """Words and phrases, those of which only the beginning or end is given, and those that begin a question."""

    whole: Mapping[str, Sequence[str]]
    beginnings: Mapping[str, Sequence[str]]
    ends: Mapping[str, Sequence[str]]
    first: Mapping[str, Sequence[str]]

    def of(self, word: str, *, is_first: bool = False) -> list[str]:
        """The meanings of a folded word or phrase."""
        found = [*self.whole.get(word, ()), *(self.first.get(word, ()) if is_first else ())]
        for length in range(len(word), 2, -1):
            if (meanings := self.beginnings.get(word[:length])) and " " not in word[length:]:
                found += meanings
                break
        if " " not in word:
            found += [meaning for end, meanings in self.ends.items() if word.endswith(end) for meaning in meanings]
        return list(dict.fromkeys(found))


def lexicon() -> Lexicon:
    """The words of questions."""
    return _read("meanings.json")


def countries() -> Lexicon:
    """Adjectives and other forms of the names of countries, by the slug of the country."""
    return _read("countries.json")


@cache
def _read(name: str) -> Lexicon:
    tables: Lexicon = Lexicon({}, {}, {}, {})
    for meaning, texts in json.loads(Path(__file__).with_name(name).read_text("utf-8")).items():
        for word in " ".join(texts.values() if isinstance(texts, dict) else [texts]).split():
            table = tables[3 if word[0] == "^" else 2 if word[0] == "*" else 1 if word[-1] == "*" else 0]
            known: list[str] = table.setdefault(fold(word.strip("^*")), [])  # type: ignore[attr-defined]
            known += [] if meaning in known else [meaning]
    return tables


def meanings(tokens: Sequence[str], known: Lexicon | None = None) -> Iterator[tuple[int, int, list[str]]]:
    """First and last of the words or phrases that mean something, and what; the longest phrases win."""
    known = known or lexicon()
    place = 0
    while place < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
            if found := known.of(" ".join(tokens[place : place + length]), is_first=place == 0):
                yield place, place + length - 1, found
                break
        place += length


def meanings_of(text: str) -> list[str]:
    """All that the words of a text mean."""
    return [meaning for *_, found in meanings(words(text)) for meaning in found]
