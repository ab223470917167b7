"""A question in plain words and its readings: saved queries with parameters, and what they leave out of it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import islice
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from solgraph.errors import ParameterError, WrongUse
from solgraph.graph.answer import Answer
from solgraph.graph.ask.examples import content, examples_of
from solgraph.graph.ask.meanings import meanings_of
from solgraph.graph.ask.mentions import Mentions, mentions
from solgraph.graph.ask.parts import half_left, split_question
from solgraph.graph.ask.ranking import Ranked, rank
from solgraph.graph.search.stored import index_of
from solgraph.graph.snapshot import Snapshot
from solgraph.queries.catalogue import find
from solgraph.queries.parameters import Verbatim, python_text
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import shorten, slug
from solgraph.rdf.terms import python_name

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge
    from solgraph.graph.search.hits import Hits

#: A question has so many readings at most, and is answered at once where the best fits so well, and so much better
#: than the second; found on the questions for tuning.
_MOST, _LEAST_SCORE, _LEAST_WITH_MARGIN, _LEAST_MARGIN = 3, 1.15, 1.85, 0.05
#: So many are tried, until there are three with rows; where the best has none, only those that are as near to it.
_MOST_TRIED, _NEAR = 8, 0.4
#: What a reading counts less than another without rows, when it leaves out a concept or year to have some.
_LOOSER = 0.3
_YEARS = frozenset(("year", "from", "to"))
#: For so many queries it is remembered whether they have rows, and for so many things how they are typed, which takes
#: most of the time of a question.
_MOST_CACHED = 10_000
#: Texts are searched for so many hits of each kind.
_HITS = 2


class Reading:
    """What a question may mean: a saved query and values for its parameters.

    >>> reading = kg.ask("Who was mayor of Palermo in 2014?")[0]
    >>> reading.query, reading.parameters
    ('mayors-in-year', {'year': '2014', 'city': 'Palermo'})
    >>> reading.unused, reading.unexplained
    ((), ())
    """

    def __init__(self, kg: "Knowledge", ranked: Ranked) -> None:
        self._kg, self._ranked = kg, ranked
        self.query, self.values, self.score = ranked.query, ranked.values, ranked.score
        self.unused, self.unexplained, self.misses = ranked.unused, ranked.unexplained, ranked.misses

    @cached_property
    def saved(self) -> SavedQuery:
        """The saved query."""
        return find(self.query, self._kg.folders)

    @cached_property
    def is_accepted(self) -> bool:
        """Whether the query takes the values: what is called an organisation may be of another class."""
        snapshot = self._kg.snapshot
        params = {param.name: param for param in examples_of(snapshot).queries[self.query].params}
        accepts = snapshot.cached("accepted", lambda: lru_cache(_MOST_CACHED)(partial(_accepts, snapshot)))
        given = [(params[name], iri) for name, value in self.values.items() for iri in _flat([value]) if _is_iri(iri)]
        return all(accepts(iri, param.type, param.scheme) for param, iri in given)

    @cached_property
    def is_empty(self) -> bool:
        """Whether the graph has no row for it."""
        return self.saved.form == "SELECT" and not self._has_rows(self.values)

    @cached_property
    def is_uncertain(self) -> bool:
        """Whether the graph has rows only that no source excludes for the years: who is mayor in 2030."""
        if "certain" not in self.saved.params or not _YEARS & self.values.keys():
            return False
        return not self._has_rows({**self.values, "certain": "true"})

    def _has_rows(self, values: Mapping[str, Any]) -> bool:
        snapshot = self._kg.snapshot
        has_rows = snapshot.cached("has-rows", lambda: lru_cache(_MOST_CACHED)(partial(_has_rows, snapshot)))
        return has_rows(self.saved.bind_ask(values, Verbatim()))

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Parameter → its value as a person reads and types it."""
        values = {name: self.values[name] for name in self.saved.params if name in self.values}
        return {
            name: "; ".join(self._typed(name, str(each)) for each in _flat([value])) for name, value in values.items()
        }

    def _typed(self, name: str, value: str) -> str:
        param, snapshot = self.saved.params[name], self._kg.snapshot
        if not _is_iri(value):
            return value
        typed = snapshot.cached("typed", lambda: lru_cache(_MOST_CACHED)(partial(_typed, snapshot)))
        return typed(value, param.type, param.scheme, tuple(self._kg.languages))

    @property
    def call(self) -> str:
        """The line of Python that asks it again.

        >>> kg.ask("Who was mayor of Palermo in 2014?")[0].call
        'kg.query("mayors-in-year", year=2014, city="Palermo")'
        """
        arguments = []
        for name, value in self.parameters.items():
            texts = [text if text.isdigit() else python_text(text) for text in value.split("; ")]
            listed = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
            arguments.append(f"{python_name(name)}={listed}")
        return f"kg.query({', '.join([python_text(self.query), *arguments])})"

    @property
    def text(self) -> str:
        """What was understood: the summary of the query and the parameters.

        >>> kg.ask("Who was mayor of Palermo in 2014?")[0].text
        'Who was mayor in a year: year 2014, city Palermo'
        """
        values = ", ".join(f"{name} {value}" for name, value in self.parameters.items())
        summary = self.saved.localised("summary", self._kg.languages)
        return f"{summary}: {values}" if values else summary

    @cached_property
    def corrected(self) -> dict[str, str]:
        """Name as the question has it, with a letter wrong → the name that it was taken for.

        >>> kg.ask("Which networks is Mxlan in?")[0].corrected
        {'Mxlan': 'Milan'}
        """
        labels = self._kg.snapshot.labels_of([iri for _, iri in self._ranked.corrected], self._kg.languages)
        return {text: labels.get(iri, "") or slug(iri) for text, iri in self._ranked.corrected}

    def lacks(self) -> Iterator[str]:
        """Sentences on what of the question it leaves out, or takes for something else.

        >>> list(kg.ask("Which quantum networks is Palermo in?")[0].lacks())
        ['not understood: quantum']
        """
        if self.unused:
            yield f"not used: {', '.join(self.unused)}"
        if self.unexplained:
            yield f"not understood: {', '.join(self.unexplained)}"
        yield from (f"read as: {name}, for {text}" for text, name in self.corrected.items())

    def looser(self) -> Iterator["Reading"]:
        """The same without its years or a concept that chooses among the rows, which is said to be unused.

        >>> [reading.unused for reading in kg.ask("Who was mayor of Palermo in 2014?")[1].looser()]
        [('2014',), ('2014',)]
        """
        for name, shown in self.parameters.items():
            param = self.saved.params[name]
            if param.required or not (param.scheme or name in _YEARS or param.type == "sg:Country"):
                continue
            *others, last = shown.split("; ")
            dropped = _YEARS if name in _YEARS else {name}
            left = {each: value for each, value in self.values.items() if each not in dropped}
            values = {**left, name: self.values[name][:-1]} if others else left
            unused, score = (*self.unused, last), self.score - _LOOSER
            yield Reading(self._kg, self._ranked._replace(values=values, score=score, unused=unused))

    def run(self) -> Answer[Any]:
        """The answer of the saved query.

        >>> answer = kg.ask("Who was mayor of Palermo in 2014?")[0].run()
        >>> answer.label(answer[0].mayor)
        'Leoluca Orlando'
        """
        return self._kg.query(self.query, **self.values)

    def as_dict(self) -> dict[str, Any]:
        """As ``solgraph ask -f json`` has it.

        >>> kg.ask("Who was mayor of Palermo in 2014?")[0].as_dict()["query"]
        'mayors-in-year'
        """
        return {
            "query": self.query, "parameters": self.parameters, "understood": self.text, "call": self.call,
            "score": round(self.score, 3), "unused": self.unused, "unexplained": self.unexplained,
            "corrected": self.corrected, "empty": self.is_empty,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"<Reading {self.call} {'; '.join(self.lacks())}".rstrip() + ">"


def _typed(snapshot: Snapshot, iri: str, type_: str, scheme: str, languages: Sequence[str]) -> str:
    """The label of a thing where that alone means it, else its short form."""
    label = snapshot.labels_of([iri], languages).get(iri, "")
    try:
        is_clear = snapshot.label_index.find(label, type_, scheme) == iri
    except ParameterError:
        is_clear = False
    return label if is_clear else slug(iri) if type_ or scheme else shorten(iri)


def _accepts(snapshot: Snapshot, iri: str, type_: str, scheme: str) -> bool:
    try:
        return snapshot.label_index.find(iri, type_, scheme) == iri
    except ParameterError:
        return False


def _has_rows(snapshot: Snapshot, query: str) -> bool:
    result = snapshot.ask(query)
    return bool(result.boolean or result.terms)


def _beside(readings: Sequence[Reading]) -> list[Reading]:
    """Readings, with a looser one for the best that has no rows; what leaves more out is no better for its rows."""
    best, without = readings[0], next((reading for reading in readings[:2] if reading.is_empty), None)
    is_near = without is not None and without.score >= best.score - _NEAR
    looser = [*islice((each for each in without.looser() if not each.is_empty), 1)] if without and is_near else []

    def order(reading: Reading) -> tuple[bool, float]:
        leaves_more_out = reading.score < best.score - _NEAR or len(reading.unused) > len(best.unused)
        return best.is_empty and leaves_more_out, -reading.score

    return sorted([*readings, *looser], key=order)


def _flat(values: Iterable[Any]) -> list[Any]:
    return [each for value in values for each in (value if isinstance(value, list) else [value])]


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and ":" in value


class Asked(Sequence[Reading]):
    """A question and its readings, the best first; those without rows come behind the others.

    ``is_sure`` says whether the first reading can be taken for the answer. ``parts`` are the questions of which it is
    made up, where there are several: then each of them has readings, and the whole has none.

    >>> asked = kg.ask("Who was mayor of Palermo in 2014?")
    >>> asked.is_sure, asked.answer.label(asked.answer[0].mayor)
    (True, 'Leoluca Orlando')
    """

    def __init__(self, kg: "Knowledge", question: str, before: "Asked | None" = None, *, is_part: bool = False) -> None:
        if not question.strip():
            raise WrongUse("There is no question.", hint='For example: kg.ask("Who was mayor of Milan in 2014?")')
        self._kg, self.question, self._before = kg, question.strip(), before
        self.parts: list[Asked] = []
        for part in () if is_part else split_question(self.question):
            self.parts.append(Asked(kg, part, self.parts[0] if self.parts else None, is_part=True))

    @cached_property
    def _mentions(self) -> Mentions:
        """What it mentions; where it says "it" or "the city", names of the part before it, of kinds that it has not."""
        own = mentions(self.question, index_of(self._kg.snapshot))
        if self._before and "that-thing" in meanings_of(self.question):
            kinds = {name.things[0][1] for name in own.names}
            before = (name for name in self._before._mentions.names if name.things[0][1] not in kinds)
            own = own._replace(things=(*before, *own.things))
        if self._before and not own.years and "that-time" in meanings_of(self.question):
            own = own._replace(years=self._before._mentions.years)
        return own

    @cached_property
    def readings(self) -> list[Reading]:
        """At most three readings."""
        if self.parts:
            return []
        ranked = (Reading(self._kg, each) for each in rank(self._mentions, examples_of(self._kg.snapshot)))
        readings = [*islice(filter(lambda reading: reading.is_accepted, ranked), _MOST_TRIED)]
        best = readings[:1] if readings and readings[0].is_empty else []
        readings = _beside(readings) if readings else []
        full: list[Reading] = []
        empty: list[Reading] = []
        for reading in readings:
            if len(full) < _MOST - len(best):  # what fits best is shown, though it has no rows
                (empty if reading.is_empty else full).append(reading)
        return [*full, *best, *(each for each in empty if each not in best)][:_MOST]

    @cached_property
    def is_sure(self) -> bool:
        """Whether the question is answered at once: all of it is understood, by one reading better than by others."""
        if self.parts:
            return all(part.is_sure for part in self.parts)
        if not self.readings or half_left(self.question) or self._names_nothing():
            return False
        best, *others = self.readings
        if any(other.score > best.score for other in others):
            return False
        margin = best.score - max((other.score for other in others), default=0.0)
        # what has a letter wrong may as well be the right name of what the graph does not hold: Budapest, not Bucharest
        is_whole = not (best.unused or best.unexplained or best.corrected or best.misses or best.is_empty)
        is_best = (
            best.score >= _LEAST_SCORE and best.score + 2 * margin >= _LEAST_WITH_MARGIN and margin > _LEAST_MARGIN
        )
        return is_whole and is_best and not best.is_uncertain

    def _names_nothing(self) -> bool:
        """Whether a later part names nothing, not even by a pronoun: it may be about what the first one is about."""
        asked = self._mentions
        return self._before is not None and not asked.years and all(mention.is_everyday for mention in asked.things)

    @property
    def answer(self) -> Answer[Any] | None:
        """The answer of the first reading, if it is sure; nothing for a question of several parts."""
        return self[0].run() if self.is_sure and self.readings else None

    @cached_property
    def hits(self) -> "Hits":
        """What the texts have on the words of the question."""
        return self._kg.search(" ".join(self._searched()) or self.question, each=_HITS)

    def _searched(self) -> list[str]:
        names = [mention.text for mention in self._mentions.things]
        spans = [(mention.start, mention.end) for mention in self._mentions.things]
        words = [word for word in content(self._mentions) if not any(a <= word.start < b for a, b in spans)]
        return names + [word.text for word in words if not word.is_soft]

    def __getitem__(self, place: Any) -> Any:
        return self.readings[place]

    def __len__(self) -> int:
        return len(self.readings)

    def pick(self, number: int) -> Reading:
        """The first, second or third reading. Raises :class:`WrongUse` for another number.

        >>> kg.ask("Who was mayor of Palermo in 2014?").pick(2).query
        'mayors'
        """
        if not 1 <= number <= len(self):
            hint = f"Numbers: 1 to {len(self)}" if len(self) else "Ask in other words, or for one thing at a time."
            raise WrongUse(f"The question has no reading {number}.", hint=hint)
        return self.readings[number - 1]

    def as_dict(self) -> dict[str, Any]:
        """The question and its readings as plain values, with the answer where it is sure.

        >>> list(kg.ask("Who was mayor of Palermo in 2014?").as_dict())
        ['question', 'sure', 'readings', 'answer', 'parts']
        """
        answer = self.answer
        return {
            "question": self.question,
            "sure": self.is_sure,
            "readings": [reading.as_dict() for reading in self],
            "answer": json.loads(answer.text("json")) if answer is not None and not answer.holds_triples else None,
            "parts": [part.as_dict() for part in self.parts],
        }

    def __repr__(self) -> str:
        lines = [f"<Asked {self.question!r}: {'sure' if self.is_sure else 'not sure'}>"]
        shown = (line for reading in self for line in wrap(repr(reading), 78))
        return "\n".join([*lines, *(f"  {line}" for line in shown)])
