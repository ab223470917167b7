"""The spells of a tie: the spans of years in which it is there, how many things it then rests on, and how surely."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from solgraph.networks.model.years import AFTER, ALWAYS, BEFORE, DATES, Limits, Span, Years, common, overlap

T = TypeVar("T")
_NUMBERS = DATES[:-1]
_DATE = re.compile(r"\d{4}\b", re.ASCII)
_YEAR = r"(\(?)(\d*)\)?"
_SPELL = re.compile(rf"{_YEAR}(?:(–){_YEAR})?: (\d+) of (\d+)(?: \((\S+)\))?")


class Spell(NamedTuple):
    """A span of years in which the same number of shared things links two nodes.

    ``shared`` counts the things that are not excluded, ``certain`` those of them that are certain in each of the years.
    ``starts`` and ``ends`` say whether its first and last year are stated as such, and no bounds or last traces.
    """

    start: int
    end: int
    certain: int
    shared: int
    weight: float
    starts: bool = True
    ends: bool = True


class Meeting:
    """When two nodes belonged to the same thing at the same time; ``period`` is that of the selection."""

    def __init__(self, spans: Sequence[Limits], certain: Sequence[Limits], period: Span, only_certain: bool) -> None:
        self.spans, self.certain = spans, certain
        self.is_certain = any(overlap(limits[:2], period) for limits in certain)
        self.shown = certain if only_certain else spans
        self.is_there = any(overlap(limits[:2], period) for limits in self.shown)
        #: What is never excluded, and certain only in the years in which it was seen, has no spells worth writing.
        self.has_spells = all(one[:2] != ALWAYS for one in self.shown) or any(not one.is_seen for one in certain)

    @cached_property
    def turns(self) -> tuple[list[int], list[int]]:
        """The years in which it begins or is over, in turn, and the same of what is certain of it."""
        return _turns(self.shown), _turns(self.certain)

    @cached_property
    def first(self) -> tuple[int, bool]:
        """The first year that is not excluded; False if that is stated as a start, so that stated years come first."""
        return min((limits.start, not limits.starts) for limits in self.spans)

    @cached_property
    def last(self) -> tuple[int, bool]:
        """The last year that is not excluded, and whether that is stated as an end."""
        return max((limits.end, limits.ends) for limits in self.spans)

    @cached_property
    def seen(self) -> set[int]:
        """The years in which one of the two was only seen."""
        return {limits.start for limits in self.certain if limits.is_seen}

    @cached_property
    def dates(self) -> dict[str, str | int]:
        """The attributes of an edge that rests on this alone."""
        return dates(((self, 1),))


#: The same dates meet in many pairs and in every projection of the same data.
_meeting = lru_cache(maxsize=50_000)(Meeting)


class Meetings(dict[tuple[int, int], Meeting | None]):
    """Numbers of two sets of dates → when their nodes met, None if never; worked out once, since few dates differ."""

    def __init__(self, period: Span | None, only_certain: bool) -> None:
        super().__init__()
        self._selected = period or ALWAYS, only_certain
        self._numbers: dict[tuple[Years, ...], int] = {}
        self._limits: list[tuple[list[Limits], list[Limits]]] = []

    def number(self, rows: tuple[Years, ...]) -> int:
        """The number of the dates of a node, of which each row has its own."""
        number = self._numbers.setdefault(rows, len(self._limits))
        if number == len(self._limits):
            left_open = [limits for years in rows for limits in years.left_open]
            self._limits.append((left_open, [limits for years in rows for limits in years.shown]))
        return number

    def __missing__(self, numbers: tuple[int, int]) -> Meeting | None:
        if numbers[::-1] in self:
            self[numbers] = self[numbers[::-1]]
            return self[numbers]
        first, second = (self._limits[number] for number in numbers)
        meeting = _meeting(common(first[0], second[0]), common(first[1], second[1]), *self._selected)
        self[numbers] = meeting if meeting.is_there else None
        return self[numbers]


#: What two nodes share: when they met in each thing, and what it adds to the weight.
Shared = tuple[tuple[Meeting, float], ...]


@lru_cache(maxsize=50_000)
def dates(shared: Shared) -> dict[str, str | int]:
    """The attributes of an edge that say when: stated start and end, else bounds; spells; years of being seen."""
    meetings = [meeting for meeting, _ in shared]
    first, is_bound = min([meeting.first for meeting in meetings])
    last, is_stated = max([meeting.last for meeting in meetings])
    attributes: dict[str, str | int] = {}
    if first != BEFORE:
        attributes["not_before" if is_bound else "since"] = first
    if last != AFTER:
        attributes["until" if is_stated else "not_after"] = last
    if any(meeting.has_spells for meeting in meetings):
        total = sum([weight for _, weight in shared])
        attributes["spells"] = "; ".join([_text(spell, total) for spell in _spells(shared)])
    if seen := set[int]().union(*[meeting.seen for meeting in meetings]):
        stated = [limits for meeting in meetings for limits in meeting.certain if not limits.is_seen]
        seen = {year for year in seen if not _covers(stated, year)}
    if seen:
        attributes["active"] = "; ".join(map(str, sorted(seen)))
    return attributes


def _spells(shared: Shared) -> list[Spell]:
    """The spells in order; neighbouring years with the same numbers and weight are one spell."""
    starts, ends = _not_stated(shared)
    return [
        Spell(start, end, *state, start not in starts, end not in ends) for start, end, state in joined(_states(shared))
    ]


def _states(shared: Shared) -> Iterator[tuple[int, int, tuple[int, int, float]]]:
    """Spans in which nothing changes, with the numbers of things that are certain and shared, and their weight."""
    changes = _changes(shared)
    there = certain = 0  # the things as bits
    for year, after in pairwise(sorted(changes)):
        came_or_went, turned = changes[year]
        there, certain = there ^ came_or_went, certain ^ turned
        if there:
            weight = sum([weight for bit, (_, weight) in enumerate(shared) if there >> bit & 1])
            yield year, after - 1, ((certain & there).bit_count(), there.bit_count(), weight)


def _changes(shared: Shared) -> dict[int, list[int]]:
    """Years → which things come or go, and which turn certain or no longer so, each as bits."""
    changes: dict[int, list[int]] = {}
    for number, (meeting, _) in enumerate(shared):
        for place, years in enumerate(meeting.turns):
            for year in years:
                changes.setdefault(year, [0, 0])[place] ^= 1 << number
    return changes


def _turns(spans: Iterable[Limits]) -> list[int]:
    """The years in which spans, those that touch joined, begin or are over, in turn."""
    turns: list[int] = []
    for start, end, *_ in sorted(spans):
        if not turns or start > turns[-1]:
            turns += (start, end + 1)
        elif end >= turns[-1]:
            turns[-1] = end + 1
    return turns


def _not_stated(shared: Shared) -> tuple[set[int], set[int]]:
    """The years in which something starts, and those in which something ends, without any of it being stated.

    Where only certain years are shown, nothing is stated to start or end that may have been there just before or after.
    """
    limits = [limits for meeting, _ in shared for limits in meeting.shown]
    starts, ends = {one.start for one in limits if not one.starts}, {one.end for one in limits if not one.ends}
    starts.difference_update([one.start for one in limits if one.starts])
    ends.difference_update([one.end for one in limits if one.ends and one.end != AFTER])
    hidden = [one for meeting, _ in shared if meeting.shown is not meeting.spans for one in meeting.spans]
    if hidden:
        starts |= {one.start for one in limits if _only_hidden(one.start - 1, hidden, limits)}
        ends |= {one.end for one in limits if _only_hidden(one.end + 1, hidden, limits)}
    return starts, ends | {AFTER}


def _only_hidden(year: int, hidden: Iterable[Limits], shown: Iterable[Limits]) -> bool:
    return _covers(hidden, year) and not _covers(shown, year)


def _covers(spans: Iterable[Limits], year: int) -> bool:
    return any(limits.start <= year <= limits.end for limits in spans)


def _text(spell: Spell, total: float) -> str:
    """``1990–1995: 1 of 2``, a year that is no stated start or end in brackets, and a weight that is not the total."""
    start, end = (
        "" if year in ALWAYS else str(year) if stated else f"({year})"
        for year, stated in ((spell.start, spell.starts), (spell.end, spell.ends))
    )
    weight = "" if spell.weight == total else f" ({spell.weight:.6g})"
    years = start if start == end and start else f"{start}–{end}"
    return f"{years}: {spell.certain} of {spell.shared}{weight}"


def spells_of(attributes: Mapping[str, Any], goes_on: bool = False, only_certain: bool = False) -> list[Spell]:
    """The spells of an edge: those of a projection from its text, those of a single tie from its dates.

    None are returned for what has no years, or dates that are no years (``2016-02``).
    """
    weight = _weight(attributes)
    if "spells" in attributes:
        return _read(str(attributes["spells"]), weight)
    dates = {name: attributes[name] for name in DATES if name in attributes}
    if not dates or any(type(dates.get(name, 0)) is not int for name in _NUMBERS):
        return []
    return _of_tie(Years.of(dates, goes_on), weight, only_certain)


def _weight(attributes: Mapping[str, Any]) -> float:
    return weight if type(weight := attributes.get("weight")) in (int, float) else 1  # type: ignore[return-value]


def spells_of_ties(ties: Sequence[Mapping[str, Any]], goes_on: bool, only_certain: bool) -> list[Spell]:
    """The spells of an edge or of parallel ones together; what has no years is never excluded.

    Of dates the years count.
    """
    if len(ties) == 1 and (spells := spells_of(ties[0], goes_on, only_certain)):
        return spells
    shared = []
    for tie in ties:
        dates = {name: int(year[0]) for name in _NUMBERS if (year := _DATE.match(str(tie.get(name, ""))))}
        years = Years.of({**dates, "active": tie.get("active", "")}, goes_on)
        shared.append((Meeting(years.left_open, years.shown, ALWAYS, only_certain), _weight(tie)))
    return _spells(tuple(shared))


@lru_cache(maxsize=50_000)
def _of_tie(years: Years, weight: float, only_certain: bool) -> list[Spell]:
    spells = _spells(((Meeting(years.left_open, years.shown, ALWAYS, only_certain), weight),))
    return [] if [spell[:2] for spell in spells] == [ALWAYS] else spells


@lru_cache(maxsize=50_000)
def _read(text: str, weight: float) -> list[Spell]:
    spells = []
    for bracket, start, dash, other, end, certain, shared, own in _SPELL.findall(text):
        bounds, years = ((bracket, other), (start, end)) if dash else ((bracket, bracket), (start, start))
        stated = [bool(year) and not bound for bound, year in zip(bounds, years, strict=True)]
        limits = int(years[0] or BEFORE), int(years[1] or AFTER)
        spells.append(Spell(*limits, int(certain), int(shared), float(own) if own else weight, *stated))
    return spells


def text_of_ties(ties: Sequence[Mapping[str, Any]], goes_on: bool, only_certain: bool) -> str:
    """The spells of parallel edges that are joined, as text; empty if no date or bound limits them."""
    spells = spells_of_ties(ties, goes_on, only_certain)
    return "" if presence(spells) == [ALWAYS] else "; ".join(_text(spell, spell.weight) for spell in spells)


def with_total(text: str, weight: float, total: float) -> str:
    """The text of the spells of an edge of some weight for an edge of another."""
    return "; ".join(_text(spell, total) for spell in _read(text, weight))


def presence(spells: Iterable[Spell]) -> list[Span]:
    """The years in which it is there at all: spells that follow one another as one span."""
    return [(start, end) for start, end, _ in joined((spell.start, spell.end, None) for spell in spells)]


def joined(values: Iterable[tuple[int, int, T]]) -> list[tuple[int, int, T]]:
    """Spans with values, in order: those that follow one another with the same value are one."""
    spans: list[tuple[int, int, T]] = []
    for start, end, value in values:
        follows = spans and spans[-1][1] == start - 1 and spans[-1][2] == value
        spans.append((spans.pop()[0] if follows else start, end, value))
    return spans


def rule(network: Mapping[str, Any]) -> tuple[bool, bool]:
    """What the attributes of a network say of its ties: whether open ends go on, whether only certain years count."""
    is_certain = "certain" in str(network.get("selection", "")).split("; ")
    return str(network.get("open_ends", "")).startswith("ongoing"), is_certain
