"""Which saved queries a question may mean, the best first, each with what it leaves unused."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from solgraph.graph.ask.examples import Examples, Query, Word, content, features_of, pairs, scheme_of, variants
from solgraph.graph.ask.filling import Filled, fill
from solgraph.graph.ask.meanings import DECISIVE, TURNING
from solgraph.graph.ask.mentions import ITS_CITY, Mention, Mentions


class Weights(NamedTuple):
    """What the parts of a score count, as they came out best on the questions for tuning.

    A concept may be an everyday word (``positions``, ``table``): less is lost when it fills nothing.
    """

    covered: float = 0.3
    unused: float = 0.3
    unused_concept: float = 0.15
    filled: float = 0.1
    year: float = 0.05
    decisive: float = 0.15


WEIGHTS = Weights()
#: What stands in the names of queries that list numbers of people.
_IN_NUMBERS = "numbers"
#: Schools and the like belong to a service by name, but to ask for them is no question for programmes with it.
_NEVER = "facility"
#: A query is about what turns the sense of a question if such a share of its examples has it, and about another meaning
#: if two have it, where it has more than so many: one may have it by chance.
_LEAST_TURNED, _FEW = 0.12, 20
#: Queries that are so much farther than the nearest are not read: nothing else would bring them to the front.
_FAR = 1.5


class Ranked(NamedTuple):
    """A saved query with values for its parameters, how well it fits, and what of the question it leaves out.

    ``unused`` are names, years and concepts that fill no parameter, ``unexplained`` words that the query does not have
    in any of its example questions, ``corrected`` names as the question has them that were taken for others. It
    ``misses`` what changes the question.
    """

    query: str
    values: dict[str, Any]
    score: float
    unused: tuple[str, ...]
    unexplained: tuple[str, ...]
    corrected: tuple[tuple[str, str], ...]
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
    counts_people = _counts_people(asked, words)
    if counts_people and _IN_NUMBERS in query.name:  # what is counted need be no parameter
        filled = filled._replace(used=filled.used.union(each for each in asked.things if not each.is_name))
    left = [word for word in words if not _is_covered(query, word, filled)]
    unused = tuple(_unused(query, asked, filled))
    weights = {word: max(map(examples.weight, word.features)) for word in words}
    covered = 1 - sum(weights[word] for word in left) / (sum(weights.values()) or 1)
    misses = any(DECISIVE & set(word.features) for word in left)
    misses = misses or (counts_people and _IN_NUMBERS not in query.name)
    score = near + WEIGHTS.covered * covered - _lost(unused, asked, filled) - WEIGHTS.decisive * misses
    score -= WEIGHTS.unused * _is_scattered(filled, asked, words)
    score += WEIGHTS.filled * sum(not mention.is_everyday for mention in filled.used)
    score += WEIGHTS.year * ("year" in filled.values)
    left += [word for word in words if word not in left and not _is_asked_for(examples, query, word, asked, filled)]
    unexplained = tuple(word.text for word in left if not word.is_soft)
    misses = misses or any(TURNING & set(word.features) for word in left) or _takes_one_of_several(asked, filled)
    misses = misses or any(not examples.times(pair)[query.name] for pair in pairs(asked))
    misses = misses or _counts_money(words) or any(_only_its_city(mention, filled) for mention in filled.used)
    return Ranked(query.name, filled.values, score, unused, unexplained, tuple(_corrected(filled)), misses)


def _is_asked_for(examples: Examples, query: Query, word: Word, asked: Mentions, filled: Filled) -> bool:
    """Whether questions for a query have a word: what its description alone has is no sign that it answers."""
    if _is_filled(word, filled) or "least" in word.features:
        return True
    times = {feature: examples.times(feature)[query.name] for feature in word.features}
    turned = (times[feature] < _LEAST_TURNED * query.examples for feature in TURNING.intersection(times))
    if any(turned):
        return False
    # examples have the schemes of concepts, not their words
    is_of_concept = any(each.start <= word.start < each.end for each in asked.things if not each.is_name)
    least = 1 + (query.examples > _FEW)
    return any(is_of_concept or times[each] if each[0] == "~" else times[each] >= least for each in times)


def _takes_one_of_several(asked: Mentions, filled: Filled) -> bool:
    """Whether of several concepts of one kind only some fill parameters: kids, where kids and women are meant."""
    concepts = [mention for mention in asked.things if not mention.is_name]
    used = {scheme_of(mention.things[0][0]) for mention in concepts if mention in filled.used}
    left = {scheme_of(each.things[0][0]) for each in concepts if not (each in filled.used or each.is_everyday)}
    return not used.isdisjoint(left)


def _corrected(filled: Filled) -> Iterator[tuple[str, str]]:
    """Of the names and concepts that fill a parameter those with a letter wrong, and what they were taken for."""
    several = (values if isinstance(values, list) else [values] for values in filled.values.values())
    given = [value for values in several for value in values]
    for mention in sorted(filled.used):
        if mention.is_corrected:
            yield from ((mention.text, iri) for iri, _ in mention.things if iri in given)


def _is_scattered(filled: Filled, asked: Mentions, words: Sequence[Word]) -> bool:
    """Whether concepts are taken together, though nothing says that cities are wanted that have all of them."""
    concepts = {scheme_of(mention.things[0][0]) for mention in filled.used if not mention.is_name}
    said = {feature for word in words for feature in word.features}
    is_of_cities = "share" in said or (len(concepts) < 2 and said & {"city", "where"})
    return "with" in filled.values and bool(concepts) and not is_of_cities


def _lost(unused: Collection[str], asked: Mentions, filled: Filled) -> float:
    """What is taken off for names, years and concepts that fill nothing."""
    concepts = sum(not mention.is_name and mention.text in unused for mention in asked.things)
    concepts_or_cities = concepts + sum(_only_its_city(mention, filled) for mention in filled.used)
    return WEIGHTS.unused * (len(unused) - concepts) + WEIGHTS.unused_concept * concepts_or_cities


def _only_its_city(mention: Mention, filled: Filled) -> bool:
    """Whether of an initiative that is named with its city only the city fills a parameter."""
    first, *others = mention.things
    return (
        bool(others)
        and others[0][1] in ("city", ITS_CITY)
        and first[1] != "city"
        and first[0] not in filled.values.values()
    )


def _counts_people(asked: Mentions, words: Sequence[Word]) -> bool:
    """Whether a question wants a number of people (``how many refugees``), of whom hardly any query lists some."""
    ends = [word.start + len(word.text) for word in words if "count" in word.features]
    people = [mention.start for mention in asked.things if scheme_of(mention.things[0][0]) == "beneficiary"]
    people += [word.start for word in words if "person" in word.features]
    return any(0 <= start - end <= 3 for end in ends for start in people)


def _counts_money(words: Collection[Word]) -> bool:
    """Whether a question wants a sum (``how much does it pay``), which no query has."""
    said = {feature for word in words for feature in word.features}
    return "count" in said and bool({"cost", "fund"} & said)


def _is_filled(word: Word, filled: Filled) -> bool:
    """Whether a word belongs to a name or concept that fills a parameter."""
    return _NEVER not in word.features and any(mention.start <= word.start < mention.end for mention in filled.used)


def _is_covered(query: Query, word: Word, filled: Filled) -> bool:
    """Whether a word stands in the texts of a query, or belongs to a concept that fills a parameter."""
    if _is_filled(word, filled):
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
