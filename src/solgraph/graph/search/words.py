"""Words as the search compares them: folded, without endings, and with a letter wrong."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from solgraph.rdf.terms import fold

#: Endings of English, German, Italian and Polish, without diacritics; the longest that leaves a stem is taken off.
ENDINGS = (
    "s es ed ing ings e en er ern em n in innen ung ungen i a o y ow om ami ach owi ego emu ych ymi ich imi ej ie iem "
    "u ia iu"
).split()
#: Plurals that no ending explains, and words that would be taken for others without theirs.
IRREGULAR = {
    **{"children": "child", "women": "woman", "men": "man", "people": "person", "citta": "city", "cities": "city"},
    **{"policy": "policy", "policies": "policy", "police": "police"},
}
#: The stems of these: longer words that begin so are others.
AMBIGUOUS = frozenset(IRREGULAR.values())
_SHORTEST = 4
#: A stem of so many letters stands also for the words that begin with it: ``gesundheit`` for ``gesundheitsversorgung``.
PREFIX = 5
#: So many letters of a declined word differ at most; misspelt ones are read from so many letters on.
_DECLINED, _LEAST_MISSPELT = 3, 5
_WORD = re.compile(r"[^\W_]+")
#: Endings that a mark keeps apart from a name: ``Milan's``, ``ICORN-u``.
_POSSESSIVE = re.compile(r"['’]s\b|(?<=[A-Z]{2})-(?:u|em|owi|ie|y|ów|om|ami|ach|a|ą)\b")
#: Words of four languages that stand in any sentence and say nothing about what is looked for.
STOP = frozenset(
    (
        "a about all also an and any are as at be been by can do does each every for from had has have how i in "
        "is it its me more most much many of on or our some than that the their them there these they this those "
        "to was we were what when where which who whom whose why will with would you your aber alle als am an "
        "auch auf aus bei bis das dass dem den der des die doch ein eine einem einen einer eines er es fur hat "
        "haben ihr im in ist mit nach nicht noch oder sich sie sind so uber um und uns vom von vor war was welche "
        "welchem welchen welcher welches wenn wer werden wie wir wird wo zu zum zur gibt ad ai al alla alle agli "
        "allo anche c che chi ci come con cosa d da dal dalla dalle dei del della delle degli dello di dove e ed "
        "gli ha hanno i il in l la le lo ma ne nei nel nella nelle negli non o per piu qual quale quali quando "
        "quanti quante si sono su sul sulla sui sugli tra fra un una uno ale co czy dla do gdzie i ich ile jak "
        "jaka jaki jakie jest kiedy kto ktora ktore ktory ktorych lub ma maja na nie o od oraz po przez przy sa "
        "sie sposob tego ten to tym w we wszyscy z za ze"
    ).split()
)


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text, folded, each with the place where it begins and ends there."""
    for match in _WORD.finditer(_POSSESSIVE.sub(_blank, text)):
        for word in fold(match.group()).split():
            yield match.start(), match.end(), word


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return fold(_POSSESSIVE.sub(" ", text)).split()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A folded word without the ending of any of the four languages: of ``migrants``, ``Migranten``, ``migranti`` one.

    It is rough by intent: no text has a language that could be relied on, and names have forms in all of them.
    """
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        word = f"{word[:-3]}y"
    endings = (ending for ending in ENDINGS if word.endswith(ending) and len(word) - len(ending) >= _least(ending))
    bare = word.removesuffix(max(endings, key=len, default=""))
    return bare[:-1] if len(bare) > _SHORTEST and bare[-1] == bare[-2] else bare


def _least(ending: str) -> int:
    """How many letters an ending must leave; that of a plural leaves ``job`` of ``jobs``."""
    return _SHORTEST - 1 if ending == "s" else _SHORTEST


def is_near(word: str, other: str) -> bool:
    """Whether two folded words differ by typing errors: one in words from four letters on, two from eight on."""
    allowed = 0 if len(word) < _SHORTEST else 1 if len(word) < 2 * _SHORTEST else 2
    # An error changes two letters at most, and a look at the letters is faster than at their order.
    if abs(len(word) - len(other)) > allowed or len(set(word).symmetric_difference(other)) > 2 * allowed:
        return False
    return distance(word, other, allowed) <= allowed


def is_form(name: str, word: str) -> bool:
    """Whether a word is a name in another form, or with a letter wrong."""
    return word == name or (word[0] == name[0] and _is_form(name, word))


@lru_cache(maxsize=100_000)
def _is_form(name: str, word: str) -> bool:
    if word in STOP or name in STOP:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(name, word, strict=False)) if a != b), min(len(name), len(word)))
    if shared >= max(min(3, len(name)), len(name) - 2) and len(word) - shared <= _DECLINED:
        return True
    return stem(name) == stem(word) or (len(word) >= _LEAST_MISSPELT and is_near(word, name))


def distance(word: str, other: str, most: int) -> int:
    """How many letters are missing, added, wrong, or changed places with the next; ``most + 1`` when there are more."""
    if abs(len(word) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        above, before = before, row
        row = [i]
        for j, against in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against)))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == against:
                row[j] = min(row[j], above[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]


def near(word: str, others: Iterable[str]) -> list[str]:
    """Those of some words that differ from one by typing errors only, the nearest first.

    The first letter is right, or the first two have changed places or the first is missing: few people err there.
    """
    begins = {word[:1], word[1:2]}
    candidates = (other for other in others if other[:1] in begins and is_near(word, other))
    return sorted(candidates, key=lambda other: (distance(word, other, 2), other))
