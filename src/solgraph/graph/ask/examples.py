"""The example questions of saved queries in the form in which they are compared with a question, and their parameters.

A question is a set of features: the meanings of its words, stems of other words, and the kinds of what it mentions.
"""

import marshal
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from heapq import nlargest
from math import log, sqrt
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from zlib import compress, decompress, error

from solgraph.graph.ask.meanings import SOFT, meanings
from solgraph.graph.ask.mentions import Mention, Mentions, mentions
from solgraph.graph.search.index import Index
from solgraph.graph.search.stored import Form, index_of, stored
from solgraph.graph.search.words import STOP, stem, words
from solgraph.graph.snapshot import Snapshot
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import VOCAB

#: What summaries count beside example questions, and meanings that hardly say what is asked for beside others.
_SUMMARY, _SOFT = 0.8, 0.85
#: How many of a query's examples are looked at, and what their mean counts beside the nearest.
SOME, OTHERS = 4, 0.5
#: What the odds of a query count beside its nearest examples, and how many examples more it is taken to have, which are
#: like those of all queries: what none of its own holds is not impossible.
ODDS, PRIOR = 0.2, 4
IGNORED = frozenset(("-", "that-thing", "that-time"))
#: Kinds of findings, of which none is the largest by number.
_FINDINGS = frozenset("success obstacle outcome criticism learn idea".split())
#: Words that ask for what stands behind them.
WHICH = frozenset("which what welche welcher welches welchen quali quale che jakie jaki ktore ktory".split())
#: What is counted.
COUNTED = frozenset("network member city country actor initiative programme service theme example finding".split())


class Word(NamedTuple):
    """Words of a question that mean one thing, and the features by which a query may hold them."""

    text: str
    start: int
    features: tuple[str, ...]

    @property
    def is_soft(self) -> bool:
        """Whether a query that does not hold it may still be meant."""
        return any(feature in SOFT for feature in self.features)


def content(asked: Mentions) -> list[Word]:
    """The words of a question that say something, phrases as one."""
    found: list[Word] = []
    taken: set[int] = set()
    tokens = [word for *_, word in asked.words]
    for first, last, meant in meanings(tokens):
        taken |= set(range(first, last + 1))
        if said := tuple(meaning for meaning in meant if meaning not in IGNORED):
            found.append(Word(" ".join(tokens[first : last + 1]), asked.words[first][0], said))
    found = [word for place, word in enumerate(found) if not _is_of_findings(word, found[place + 1 : place + 2])]
    rest = [place for number, place in enumerate(asked.words) if number not in taken]
    found += [Word(word, start, (f"~{stem(word)}",)) for start, _, word in rest if word not in STOP]
    return sorted(found, key=lambda word: word.start)


def _is_of_findings(word: Word, following: Iterable[Word]) -> bool:
    """Whether a word for the most says no more than that findings matter: ``the greatest success``."""
    return bool({"most", "largest"} & set(word.features)) and any(_FINDINGS & set(each.features) for each in following)


def variants(asked: Mentions) -> list[set[str]]:
    """The features of a question for each of the schemes to which what it mentions may belong."""
    most = max((len(_kinds(mention)) for mention in asked.things), default=1)
    return [features(asked, choice) for choice in range(most)]


def features(asked: Mentions, choice: int = 0) -> set[str]:
    """The features by which a question is compared: of a concept that it mentions the scheme, not the words."""
    spans = [(mention.start, mention.end) for mention in asked.things]
    found = {
        feature
        for word in content(asked)
        for feature in word.features
        if feature[0] != "~" or not any(start <= word.start < end for start, end in spans)
    }
    return found.union(slots(asked, choice), pairs(asked))


def pairs(asked: Mentions) -> Iterator[str]:
    """What a question wants the most of, or for each of which: ``most network``, ``each city``."""
    phrases = list(meanings([word for *_, word in asked.words]))
    for (*_, meant), *following in (phrases[place : place + 3] for place in range(len(phrases))):
        for first in {"most", "each"} & set(meant):
            nouns = (meaning for *_, others in following for meaning in others if meaning in COUNTED)
            yield from (f"{first} {noun}" for noun in [*nouns][:1])
    before = {start: asked.words[place - 1][2] for place, (start, *_) in enumerate(asked.words) if place}
    if any("source" in meant and before.get(asked.words[first][0]) in WHICH for first, _, meant in phrases):
        yield "which source"


def slots(asked: Mentions, choice: int = 0) -> list[str]:
    """The kinds of what a question mentions: ``<city>``, ``<city 2>``, ``<year>``, ``<beneficiary>``."""
    different = {mention.things: mention for mention in asked.things if not mention.is_everyday}
    choices = [_kinds(mention) for mention in different.values()]
    kinds = Counter(each[min(choice, len(each) - 1)] for each in choices)
    found = [f"<{kind}{f' {n}' if n > 1 else ''}>" for kind, times in kinds.items() for n in range(1, times + 1)]
    return found + (["<year>"] if asked.years else [])


def _kinds(mention: Mention) -> list[str]:
    """The kind of what is named, or else the schemes of the concepts that may be meant."""
    named = [kind for _, kind in mention.things if kind not in ("concept", "scheme")]
    if named[1:] == ["city"]:  # an initiative that is named with its city
        return named
    return named[:1] or list(dict.fromkeys(scheme_of(iri) for iri, _ in mention.things))


def scheme_of(concept: str) -> str:
    """The name of the scheme of a concept."""
    return concept.removeprefix(VOCAB).partition("/")[0]


class Parameter(NamedTuple):
    """What filling a parameter needs to know of it."""

    name: str
    kind: str
    type: str
    scheme: str
    required: bool
    multiple: bool
    values: tuple[str, ...]


class Query(NamedTuple):
    """A saved query as questions are compared with it: its parameters, its examples, and all features of its texts.

    ``silence`` is the logarithm of how likely a question for it is to hold no feature of its examples.
    """

    name: str
    params: tuple[Parameter, ...]
    examples: int
    silence: float
    vocabulary: frozenset[str]


class Example(NamedTuple):
    """An example question, or a summary, by the features that it holds; summaries count less."""

    query: str
    features: frozenset[str]
    counts: float


class Examples:
    """The saved queries of a graph, as questions are compared with them.

    ``held`` has for each feature the numbers of the examples that hold it, and ``shares`` for each example its query,
    and what it counts by its length.
    """

    def __init__(
        self, queries: Iterable[Query], held: Mapping[str, Sequence[int]], shares: Sequence[tuple[str, float]]
    ) -> None:
        self.queries = {query.name: query for query in queries}
        self.held, self.shares = held, shares
        self.weight, self.times = cache(self._weight), cache(self._counted)

    @classmethod
    def of(cls, queries: Iterable[Query], examples: Sequence[Example]) -> "Examples":
        """The examples, each with its share."""
        held: dict[str, list[int]] = {}
        for number, example in enumerate(examples):
            for feature in sorted(example.features):
                held.setdefault(feature, []).append(number)
        made = cls(queries, held, [(example.query, 0.0) for example in examples])
        lengths = [sum(made.weight(feature) ** 2 for feature in sorted(each.features)) ** 0.5 for each in examples]
        shares = (round(each.counts / (own or 1), 4) for each, own in zip(examples, lengths, strict=True))
        made.shares = [(each.query, share) for each, share in zip(examples, shares, strict=True)]
        return made

    def _weight(self, feature: str) -> float:
        """What a feature counts: much, if few queries have it in their questions, and most if none has."""
        return log(1 + len(self.queries) / (len(self.times(feature)) or 1)) * (_SOFT if feature in SOFT else 1.0)

    def _counted(self, feature: str) -> Counter[str]:
        """Query → how many of its examples hold a feature."""
        return Counter(self.shares[number][0] for number in self.held.get(feature, ()))

    def nearest(self, *variants: Collection[str]) -> dict[str, float]:
        """Query → how near its nearest examples are to a question, and how likely all of them make it."""
        every = [self._nearest(features) for features in variants]
        return {name: max(each.get(name, 0.0) for each in every) for name in {name for each in every for name in each}}

    def _nearest(self, features: Collection[str]) -> dict[str, float]:
        asked = {feature: self.weight(feature) ** 2 for feature in features}
        length = sum(asked.values()) ** 0.5 or 1.0
        products: Counter[int] = Counter()
        for feature, weight in asked.items():
            for number in self.held.get(feature, ()):
                products[number] += weight  # type: ignore[assignment]
        found: dict[str, list[float]] = {}
        for number, product in products.items():
            name, share = self.shares[number]
            found.setdefault(name, []).append(share * product / length)
        return {name: _near(near) + ODDS * self._odds(self.queries[name], features) for name, near in found.items()}

    def _odds(self, query: Query, features: Collection[str]) -> float:
        """The logarithm of the odds that a question with these features, and no others, is for a query and not for any.

        This is naive Bayes with what is absent, so a query whose questions all name a city loses where none is named;
        long questions, whose features say much the same, count little more than short ones.
        """
        odds = query.silence
        for feature in features:
            times = self.times(feature)
            share = (times.total() + 1) / (len(self.shares) + 1)
            odds += log((times[query.name] / share + PRIOR) / (query.examples - times[query.name] + PRIOR))
        return odds / sqrt(len(features) or 1)


def _near(every: list[float]) -> float:
    """How near the nearest example is and some more: one alone may be so by chance."""
    best = nlargest(SOME, every)
    return (1 - OTHERS) * best[0] + OTHERS * sum(best) / SOME


# Where they are kept


def examples_of(snapshot: Snapshot) -> Examples:
    """The examples for a state of the data and its saved queries, made once or read from the file of an earlier run.

    To make them takes seconds, in which others may ask the snapshot: only who wants the examples waits for them.
    """
    form = Form("questions", "z", _read, _bytes, holds_texts=False)
    lock, kept = snapshot.cached("examples", lambda: (Lock(), list[Examples]()))
    with lock:
        kept += [] if kept else [stored(snapshot, form, lambda: _made(snapshot))]
        return kept[0]


def _made(snapshot: Snapshot) -> Examples:
    index = index_of(snapshot)
    every = [(saved, [*_examples(saved, index)]) for saved in snapshot.saved.values()]
    queries = [_query(saved, examples) for saved, examples in every]
    return Examples.of(queries, [example for _, examples in every for example in examples])


def _headers(saved: SavedQuery) -> dict[str, Any]:
    return {"en": saved.header, **saved.header.get("languages", {})}


def _examples(saved: SavedQuery, index: Index) -> Iterator[Example]:
    examples: dict[frozenset[str], float] = {}
    for header in _headers(saved).values():
        texts = [(question, 1.0) for question in header.get("asks", ())] + [(header.get("summary", ""), _SUMMARY)]
        for text, counts in texts:
            held = frozenset(features(mentions(text, index)))
            examples[held] = max(examples.get(held, 0.0), counts)
    yield from (Example(saved.name, held, counts) for held, counts in examples.items())


def _query(saved: SavedQuery, examples: Sequence[Example]) -> Query:
    vocabulary = {feature for example in examples for feature in example.features}
    vocabulary |= {feature for text in _texts(saved, _headers(saved)) for feature in features_of(text)}
    times = Counter(feature for example in examples for feature in sorted(example.features))
    number = len(examples)
    silence = round(sum(log(1 - held / (number + PRIOR)) for held in times.values()), 3)
    return Query(saved.name, tuple(_parameters(saved)), number, silence, frozenset(vocabulary))


def _parameters(saved: SavedQuery) -> Iterator[Parameter]:
    for param in saved.params.values():
        yield Parameter(
            param.name, param.kind, param.type, param.scheme, param.required, param.multiple, tuple(param.values)
        )


def _texts(saved: SavedQuery, headers: Mapping[str, Any]) -> Iterator[str]:
    yield from (*saved.tags, *saved.columns.values(), saved.name)
    for header in headers.values():
        yield header.get("description", "")
        yield from header.get("asks", ())
        yield from () if header is saved.header else header.get("columns", {}).values()


def features_of(text: str) -> Iterator[str]:
    """The features of all words of a text."""
    tokens = words(text)
    yield from (meaning for *_, meant in meanings(tokens) for meaning in meant)
    yield from (f"~{stem(word)}" for word in tokens if word not in STOP)


def _bytes(examples: Examples) -> bytes:
    """As compressed values of Python, in which features are written once and then numbered."""
    numbers = {feature: number for number, feature in enumerate(examples.held)}
    for query in examples.queries.values():
        for feature in sorted(query.vocabulary):
            numbers.setdefault(feature, len(numbers))
    queries = [
        (
            query.name,
            [*map(tuple, query.params)],
            query.examples,
            query.silence,
            _packed(numbers[each] for each in sorted(query.vocabulary)),
        )
        for query in examples.queries.values()
    ]
    content = ([*numbers], queries, [*map(_packed, examples.held.values())], [*map(tuple, examples.shares)])
    return compress(marshal.dumps(content))


def _packed(numbers: Iterable[int]) -> bytes:
    return array("H", numbers).tobytes()


def _read(path: Path) -> Examples:
    """Raises :class:`ValueError` when the file is damaged."""
    try:
        names, queries, held, shares = marshal.loads(decompress(path.read_bytes()))
    except error as damage:
        raise ValueError(str(damage)) from damage
    return Examples(
        (
            Query(
                name,
                tuple(map(Parameter._make, params)),
                examples,
                silence,
                frozenset(map(names.__getitem__, array("H", vocabulary))),
            )
            for name, params, examples, silence, vocabulary in queries
        ),
        {name: array("H", numbers) for name, numbers in zip(names, held, strict=False)},
        shares,
    )
