"""Which saved queries a question may mean, the best first, each with what it leaves unused."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from solgraph.graph.ask.examples import Examples, Query, Word, content, features_of, scheme_of, variants
from solgraph.graph.ask.filling import Filled, fill
from solgraph.graph.ask.meanings import DECISIVE
from solgraph.graph.ask.mentions import Mention, Mentions

#: What the parts of a score count, as they came out best on the questions for tuning.
_NEAREST, _COVERED, _UNUSED, _FILLED, _YEAR, _DECISIVE = 1.0, 0.5, 0.3, 0.1, 0.05, 0.15
#: A concept may be an everyday word (``positions``, ``table``): less is lost when it fills nothing.
_UNUSED_CONCEPT = 0.15
#: Schools and the like belong to a service by name, but to ask for them is no question for programmes with it.
_NEVER = "facility"
#: Queries that are so much farther than the nearest are not read: nothing else would bring them to the front.
_FAR = 0.6


class Ranked(NamedTuple):
    """A saved query with values for its parameters, how well it fits, and what of the question it leaves out.

    ``unused`` are names, years and concepts that fill no parameter, ``unexplained`` words that the query does not have
    in any of its texts.
    """

    query: str
    values: dict[str, Any]
    score: float
    unused: tuple[str, ...]
    unexplained: tuple[str, ...]
    misses: bool


def rank(asked: Mentions, examples: Examples) -> list[Ranked]:
    """The saved queries whose required parameters a question fills, the best first."""
    words = content(asked)
    nearest = examples.nearest(*variants(asked))
    least = max(nearest.values(), default=0.0) - _FAR
    near_ones = ((examples.queries[name], near) for name, near in nearest.items() if near >= least)
    readings = (_ranked(examples, query, near, asked, words) for query, near in near_ones)
    return sorted(filter(None, readings), key=lambda reading: (-reading.score, reading.query))


def _ranked(examples: Examples, query: Query, near: float, asked: Mentions, words: Sequence[Word]) -> Ranked | None:
    filled = fill(query, asked, words)
    if not filled.is_whole:
        return None
    left = [word for word in words if not _is_covered(query, word, asked, filled)]
    unused = tuple(_unused(query, asked, filled))
    weights = {word: max(map(examples.weight, word.features)) for word in words}
    covered = 1 - sum(weights[word] for word in left) / (sum(weights.values()) or 1)
    misses = any(DECISIVE & set(word.features) for word in left)
    misses = misses or ("numbers" not in query.name and _counts_people(asked, words))
    concepts = sum(not mention.is_name and mention.text in unused for mention in asked.things)
    if "numbers" in query.name and _counts_people(asked, words):  # what is counted need be no parameter
        unused = tuple(text for text in unused if text not in {each.text for each in asked.things if not each.is_name})
        concepts = 0
    lost = _UNUSED * (len(unused) - concepts) + _UNUSED_CONCEPT * concepts
    score = _NEAREST * near + _COVERED * covered - lost - _DECISIVE * misses
    score += _FILLED * sum(not mention.is_everyday for mention in filled.used) + _YEAR * ("year" in filled.values)
    unexplained = tuple(word.text for word in left if not word.is_soft)
    return Ranked(query.name, filled.values, score, unused, unexplained, misses)


def _counts_people(asked: Mentions, words: Sequence[Word]) -> bool:
    """Whether a question wants a number of people (``how many refugees``), of whom hardly any query lists some."""
    ends = [word.start + len(word.text) for word in words if "count" in word.features]
    people = [mention.start for mention in asked.things if scheme_of(mention.things[0][0]) == "beneficiary"]
    people += [word.start for word in words if "person" in word.features]
    return any(0 <= start - end <= 3 for end in ends for start in people)


def _is_covered(query: Query, word: Word, asked: Mentions, filled: Filled) -> bool:
    """Whether a word stands in the texts of a query, or belongs to a concept that fills a parameter."""
    if _NEVER not in word.features and any(mention.start <= word.start < mention.end for mention in filled.used):
        return True
    if "least" in word.features:
        return filled.uses_number
    return any(feature in query.vocabulary for feature in word.features)


def _unused(query: Query, asked: Mentions, filled: Filled) -> Iterator[str]:
    """Names, concepts, years and numbers that fill no parameter; a concept may also stand in the query's own texts."""
    for mention in asked.things:
        if mention not in filled.used and (mention.is_name or not _is_said(query, mention)):
            yield mention.text
    if asked.years and not filled.uses_years:
        yield asked.years.text
    if asked.numbers and not filled.uses_number:
        yield from map(str, asked.numbers)


def _is_said(query: Query, mention: Mention) -> bool:
    """Whether a query is about a concept without taking it as a parameter."""
    return mention.is_everyday or all(feature in query.vocabulary for feature in features_of(mention.text))
