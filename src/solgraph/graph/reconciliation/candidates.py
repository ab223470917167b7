"""The things that a name may mean, with scores; a match only where it can mean no other thing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from solgraph.graph.names import Name, NameTable
from solgraph.graph.reconciliation.properties import PROPERTIES, TYPES, Properties, Property, from_id, name_table
from solgraph.graph.snapshot import Snapshot, value_of
from solgraph.rdf.namespaces import ID, NAMING, expand, slug
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.gazetteer import is_short_for
from solgraph.tables.recognise.places import parted, without_government

EXACT = 100.0
#: The best score of a name that is not the same, and the least of a candidate.
_NEARLY, _LEAST = 99.0, 50.0
#: A name that stands in a longer one word by word is this near at least, one in another order at most.
_PART, _REORDERED = 60.0, 95.0
#: So near is the name that stands beside an identifier, with typing errors.
_SPELT_NEARLY = 75.0
#: A property that contradicts the data leaves so much of a score.
_CONTRADICTED = 0.5
#: So many things near to a name are scored.
_MOST_NEAR = 25


class Condition(NamedTuple):
    """A property, and the values of which a thing has any, all or none; one that is required leaves out all others."""

    about: Property
    values: tuple[str, ...]
    quantifier: str = "any"
    required: bool = False

    @property
    def identifies(self) -> bool:
        """Whether only one thing can agree with it."""
        return self.about.identifies and self.quantifier != "none"


class Question(NamedTuple):
    """What a cell of a table says: a name, types of which the thing has one (or all), and conditions."""

    text: str
    types: tuple[str, ...] = ()
    has_all_types: bool = False
    conditions: tuple[Condition, ...] = ()
    limit: int = 10


class Candidate(NamedTuple):
    """A thing, the name by which it was found, and how well it fits: 100 for an exact name without contradiction.

    ``name_score`` is the name's alone; ``agreeing`` holds the properties about which the data are not silent.
    """

    iri: str
    name: Name | None
    score: float
    match: bool
    name_score: float
    agreeing: Mapping[str, bool]


class Reconciler:
    """Answers questions from one state of the data."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot, self.properties = snapshot, Properties(snapshot)

    def candidates(self, question: Question) -> list[Candidate]:
        """The things that may be meant, best first; ``match`` is true of one at most."""
        question = self._understood(question)
        scored = list(self._scored(question))
        eligible = [place for place, candidate in enumerate(scored) if self._is_eligible(candidate, question)]
        if len(eligible) == 1 and self._is_conclusive(scored[eligible[0]], question):
            scored[eligible[0]] = scored[eligible[0]]._replace(match=True)
        scored.sort(key=lambda candidate: (-candidate.score, not candidate.match, candidate.iri))
        return scored[: question.limit]

    def _understood(self, question: Question) -> Question:
        """The question without what the cell holds beside a name: "City of Milan", "Halle, Belgium"."""
        table, text = self.table(question.types), from_id(question.text)
        if (parts := parted(text)) and not table.exactly(text) and self.properties.are_called("Country", parts[1]):
            text = parts[0]
            condition = Condition(PROPERTIES["country"], (parts[1],))
            question = question._replace(conditions=(*question.conditions, condition))
        bare = without_government(text)
        return question._replace(text=bare if bare and not table.exactly(text) else text)

    def table(self, types: Sequence[str] = ()) -> NameTable:
        """The names of things of a type, or of all that can be looked for."""
        return name_table(self._snapshot, types[0] if len(types) == 1 else "")

    def types(self, iri: str) -> list[str]:
        """The types of a thing, the most telling one first."""
        return [kind for kind in map(slug, self._snapshot.types.get(iri, [])) if kind in TYPES]

    def _scored(self, question: Question) -> Iterator[Candidate]:
        best: dict[str, tuple[float, Name | None]] = dict.fromkeys(self._identified(question), (0.0, None))
        best |= {name.iri: (score, name) for name, score in self._named(question)}
        meant = [(row, self._meant(row)) for row in question.conditions]
        for iri, (name_score, name) in best.items():
            agreeing = self._agreeing(iri, meant)
            if not all(agreeing.get(row.about.id) for row in question.conditions if row.required):
                continue
            by_identifier = not question.text and _is_identified(agreeing, question)
            whole = name_score or (EXACT if by_identifier else _LEAST)
            contradictions = sum(not agrees for agrees in agreeing.values())
            yield Candidate(iri, name, whole * _CONTRADICTED**contradictions, False, name_score, agreeing)

    def _named(self, question: Question) -> Iterator[tuple[Name, float]]:
        """Things with names that are the text or resemble it, of the types that are wanted."""
        text = question.text
        if not fold(text):
            return
        table, names = self.table(question.types), self._names(question)
        exact = {name.iri: name for name in table.exactly(text) if name.iri in names}
        yield from ((name, EXACT) for name in exact.values())
        near = dict.fromkeys(name.iri for name in (*table.nearest(text, _MOST_NEAR), *table.holding(text, _MOST_NEAR)))
        for iri in near.keys() & names.keys() - exact.keys():
            name, score = max(((name, similarity(text, name.text)) for name in names[iri]), key=lambda pair: pair[1])
            if score >= _LEAST:
                yield name, score

    def _names(self, question: Question) -> Mapping[str, list[Name]]:
        """Thing → its names, of the types that are wanted."""
        names = self._snapshot.cached("names by thing", self._read_names)
        if not question.types:
            return names
        tables = [self.table((kind,)).iris for kind in question.types]
        wanted = set[str].intersection if question.has_all_types else set[str].union
        return {iri: names[iri] for iri in wanted(*map(set, tables))}

    def _read_names(self) -> dict[str, list[Name]]:
        names: dict[str, list[Name]] = {}
        for name in self.table().names:
            names.setdefault(name.iri, []).append(name)
        return names

    def _identified(self, question: Question) -> list[str]:
        """The things that the conditions name by an identifier; without a name, all that agree with the first one."""
        names = self._names(question)
        conditions = [condition for condition in question.conditions if condition.identifies]
        if not question.text:
            conditions = conditions or [row for row in question.conditions if row.quantifier != "none"][:1]
        things = (iri for row in conditions for iri in self.properties.bearing(row.about, self._meant(row)))
        return [iri for iri in dict.fromkeys(things) if iri in names]

    def _meant(self, condition: Condition) -> list[set[str]]:
        return self.properties.meant(condition.about, condition.values)

    def _agreeing(self, iri: str, meant: Iterable[tuple[Condition, list[set[str]]]]) -> dict[str, bool]:
        """Property → whether the thing agrees with all conditions about it, as far as the data are not silent."""
        agreeing: dict[str, bool] = {}
        for row, wanted in meant:
            if (agrees := self.properties.agrees(row.about, iri, wanted, row.quantifier)) is not None:
                agreeing[row.about.id] = agrees and agreeing.get(row.about.id, True)
        return agreeing

    # Matches

    def _is_eligible(self, candidate: Candidate, question: Question) -> bool:
        """Whether it could be the one: without a contradiction, by its exact name or by an identifier."""
        if not all(candidate.agreeing.values()):
            return False
        if not question.text:
            return bool(candidate.agreeing)
        is_near = candidate.name_score >= _SPELT_NEARLY
        return candidate.name_score == EXACT or (is_near and _is_identified(candidate.agreeing, question))

    def _is_conclusive(self, candidate: Candidate, question: Question) -> bool:
        """Whether nothing else in the world is likely to be meant.

        A name that leaves out what tells the thing from its namesakes means it only with an identifier: Halle is not
        only Halle (Saale), Orlando not only Leoluca Orlando. The slug of a city with a larger namesake ends in its
        country; then the country has to be named.
        """
        if _is_identified(candidate.agreeing, question) or expand(question.text) == candidate.iri:
            return True
        if not candidate.name:
            return False
        names = self._names(question)[candidate.iri]
        if any(_leaves_out(candidate.name, longer) for longer in names):
            return False
        return not self._has_larger_namesake(candidate)

    def _has_larger_namesake(self, candidate: Candidate) -> bool:
        """Whether the slug ends in the country, which is not named, or in an identifier."""
        if not candidate.iri.startswith(f"{ID}city/"):
            return False
        ending = slug(candidate.iri).rpartition("-")[2]
        countries = {slug(value_of(country)) for country in self.properties.values("country").get(candidate.iri, ())}
        if ending in countries:
            return not candidate.agreeing.get("country")
        return bool(re.fullmatch(r"\d{5,}", ending))


def _is_identified(agreeing: Mapping[str, bool], question: Question) -> bool:
    return any(row.identifies and agreeing.get(row.about.id) for row in question.conditions)


def _leaves_out(name: Name, longer: Name) -> bool:
    """Whether a name is short for another one of the thing; a further name also as any part of a main one."""
    short, whole = fold(name.text), fold(longer.text)
    is_part = short != whole and f" {short} " in f" {whole} "
    is_further, is_main = name.rank >= len(NAMING), longer.rank < len(NAMING)
    return is_part and ((is_further and is_main) or is_short_for(name.text, longer.text))


def similarity(text: str, name: str) -> float:
    """How near two names are that are not the same, from 0 to 99: the share of letters that agree, in their order."""
    wanted, folded = fold(text), fold(name)
    matcher = SequenceMatcher(None, wanted, folded, autojunk=False)
    score = matcher.ratio() * EXACT
    if set(wanted.split()) <= set(folded.split()):
        score = max(score, _PART)
    if sorted(wanted.split()) == sorted(folded.split()):
        score = max(score, _REORDERED)
    return round(min(score, _NEARLY), 1)
