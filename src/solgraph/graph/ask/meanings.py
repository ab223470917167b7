"""What words mean, whatever the language: ``burmistrz`` and ``Bürgermeisterin`` are one."""

import json
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path

from solgraph.graph.search.words import distance, words
from solgraph.rdf.terms import fold, plain

#: Meanings that change what is asked: an answer that does not take them up is no answer.
DECISIVE = frozenset("each not except lack why most largest single blocked planned similar compare least".split())
#: Meanings that turn the sense of a question, or ask for what hardly any query holds: one example that happens to have
#: such a word does not make a query one for it.
TURNING = frozenset("not except lack single most largest cost age spoken unheld".split())
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
#: The example questions of all saved queries hold so many words and beginnings of phrases, most of them often.
_MOST_CACHED = 50_000
#: Words of so many letters may have one wrong, and end in so many more than their beginning.
_LEAST_CORRECTED, _ENDING = 7, 3


class Lexicon:
    """Words and phrases, those of which only the beginning or end is given, and those that begin a question."""

    def __init__(self) -> None:
        self.whole: dict[str, list[str]] = {}
        self.beginnings: dict[str, list[str]] = {}
        self.ends: dict[str, list[str]] = {}
        self.first: dict[str, list[str]] = {}
        self._of = lru_cache(maxsize=_MOST_CACHED)(self._looked_up)

    @cached_property
    def begins_phrase(self) -> frozenset[str]:
        """The first words of phrases: there are few, and most words need not be looked up with those after them."""
        tables = (self.whole, self.beginnings, self.first)
        return frozenset(text.partition(" ")[0] for table in tables for text in table if " " in text)

    def table_of(self, word: str) -> dict[str, list[str]]:
        """The table of a word as the files write it: ``^`` begins a question, ``*`` stands for any letters."""
        if word[0] == "^":
            return self.first
        return self.ends if word[0] == "*" else self.beginnings if word[-1] == "*" else self.whole

    def of(self, word: str, *, is_first: bool = False) -> Sequence[str]:
        """The meanings of a folded word or phrase."""
        return self._of(word, is_first)

    def _looked_up(self, word: str, is_first: bool) -> Sequence[str]:
        found = [*self.whole.get(word, ()), *(self.first.get(word, ()) if is_first else ())]
        # a whole word is no other that begins like it: *find* is not *finito*, nor *entry* an *ente*
        for length in range(len(word), len(word) - 1 if found else 2, -1):
            if (meanings := self.beginnings.get(word[:length])) and " " not in word[length:]:
                found += meanings
                break
        if " " not in word:
            found += [meaning for end, meanings in self.ends.items() if word.endswith(end) for meaning in meanings]
        return tuple(dict.fromkeys(found))

    def corrected(self, word: str) -> str:
        """The word, or the beginning of it, that a folded one with a letter wrong means; nothing when there is none.

        Only long words are corrected: short ones are too often other words.
        """
        begins = (begin for begin in self.beginnings if word[:1] == begin[0] and len(word) <= len(begin) + _ENDING)
        others = (other for other in self.whole if word[:1] == other[0] and abs(len(word) - len(other)) < 2)
        for other in sorted((*begins, *others), key=len, reverse=True):
            parts = (word[:length] for length in range(len(other) - 1, len(other) + 2))
            if len(other) >= _LEAST_CORRECTED and any(distance(other, part, 1) <= 1 for part in parts):
                return other
        return ""


def lexicon() -> Lexicon:
    """The words of questions."""
    return _read("meanings.json")


def countries() -> Lexicon:
    """Adjectives and other forms of the names of countries, by the slug of the country."""
    return _read("countries.json")


def name_words() -> Lexicon:
    """Words of names, whatever the language: ``Häfen`` and ``porti`` are harbours."""
    return _read("name_words.json")


@cache
def _read(name: str) -> Lexicon:
    tables = Lexicon()
    for meaning, texts in written(name).items():
        for word in texts.split():
            bare = word.strip("^*")
            table = tables.whole if bare == word else tables.table_of(word)
            known = table.setdefault(bare if bare.isalnum() else fold(bare), [])
            if meaning not in known:
                known.append(meaning)
    return tables


def written(name: str) -> dict[str, str]:
    """Meaning → its words as the file has them, in plain letters."""
    # A whole file is folded at once, but for what parts the words of a phrase: word by word takes half as long again.
    content = json.loads(plain(Path(__file__).with_name(name).read_text("utf-8")))
    return {key: " ".join(texts.values() if isinstance(texts, dict) else [texts]) for key, texts in content.items()}


def meanings(tokens: Sequence[str], known: Lexicon | None = None) -> Iterator[tuple[int, int, Sequence[str]]]:
    """First and last of the words or phrases that mean something, and what; the longest phrases win."""
    known = known or lexicon()
    place = 0
    while place < len(tokens):
        longest = _LONGEST if tokens[place] in known.begins_phrase else 1
        for length in range(min(longest, len(tokens) - place), 0, -1):
            if found := known.of(" ".join(tokens[place : place + length]), is_first=place == 0):
                yield place, place + length - 1, found
                break
        place += length


def meanings_of(text: str) -> list[str]:
    """All that the words of a text mean."""
    return [meaning for *_, found in meanings(words(text)) for meaning in found]
