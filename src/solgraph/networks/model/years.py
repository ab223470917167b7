"""When a tie holds: stated years, years in which it was seen, bounds; and what that says of a period."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

#: First and last year; an unknown year is before or after all others, so that spans compare without special cases.
Span = tuple[int, int]
BEFORE, AFTER = -(10**6), 10**6
ALWAYS: Span = (BEFORE, AFTER)

#: What a tie without a stated or bounded end is taken to do after the last year for which a source shows it.
OPEN_ENDS = {
    "unknown": "a tie without an end is certain up to the last year for which a source shows it, then not excluded",
    "ongoing": "a tie without an end is taken to go on from the first year for which a source shows it",
}
_NUMBERS = ("since", "until", "asof", "not_before", "not_after")
#: Attributes of a tie that say something of time.
DATES = (*_NUMBERS, "active")


class Limits(NamedTuple):
    """A span; whether its first and last year are stated as start and end; whether it is but a year of being seen."""

    start: int
    end: int
    starts: bool = False
    ends: bool = False
    is_seen: bool = False


class Years(NamedTuple):
    """The years of a tie. Only ``since`` and ``until`` are stated as its start and end; bounds are no dates.

    ``goes_on`` is the rule for open ends (:data:`OPEN_ENDS`): whether a tie that no source ends is taken to go on.
    """

    since: int | None = None
    until: int | None = None
    asof: int | None = None
    not_before: int | None = None
    not_after: int | None = None
    active: tuple[int, ...] = ()
    goes_on: bool = False

    @classmethod
    def of(cls, attributes: Mapping[str, Any], goes_on: bool = False) -> "Years":
        """The years among the attributes of a tie; what is no whole number is unknown."""
        years = (year if type(year := attributes.get(name)) is int else None for name in _NUMBERS)
        active = str(attributes.get("active", "")).split("; ")
        return cls._make([*years, tuple(int(year) for year in active if year.isdigit()), goes_on])

    @property
    def is_dated(self) -> bool:
        """Whether a source states its start, its end or how long it went on."""
        return (self.since, self.until, self.asof) != (None, None, None)

    @property
    def is_open(self) -> bool:
        """Whether a source shows it, and none states or bounds its end."""
        return bool(self.is_dated or self.active) and (self.until, self.not_after) == (None, None)

    @property
    def span(self) -> Span:
        """The earliest and the latest year that its dates and bounds leave open."""
        return _first(self.since, self.not_before, BEFORE), _first(self.until, self.not_after, AFTER)

    @property
    def seen(self) -> list[Limits]:
        """The spans for which a source shows it: from start to end, or as long as it went on; when it was seen."""
        spans = [Limits(year, year, is_seen=True) for year in self.active]
        asof = self.asof
        if asof is not None and self.since is not None and asof < self.since:  # said to go on before it started
            spans.append(Limits(asof, asof, is_seen=True))
            asof = None
        if self.is_dated:
            ends = _first(self.since, self.until, asof), _first(self.until, asof, self.since)
            spans.append(Limits(*ends, self.since is not None, self.until is not None))
        return spans

    @property
    def shown(self) -> list[Limits]:
        """These spans as far as its dates and bounds do not contradict them: in them it is certain."""
        span = self.span
        within = (limits for limits in self.seen if overlap(limits[:2], span))
        spans = [one._replace(start=max(one.start, span[0]), end=min(one.end, span[1])) for one in within]
        if not (self.goes_on and self.is_open and spans):
            return spans
        first = min(spans)
        return [Limits(first.start, AFTER, self.since == first.start, True)]

    @property
    def certain(self) -> list[Span]:
        """The same without what limits them."""
        return [(limits.start, limits.end) for limits in self.shown]

    @property
    def left_open(self) -> list[Limits]:
        """The spans that are not excluded: what its dates and bounds leave open, and whatever is seen outside.

        A city that one source shows as a member before the start that another states is a member neither for certain
        nor excluded then: both are heard.
        """
        start, end = self.span
        is_ended = self.until is not None or (self.goes_on and self.is_open)
        outside = (limits for limits in self.seen if limits.start < start or limits.end > end)
        return [Limits(start, end, self.since is not None, is_ended), *outside]

    def is_excluded(self, period: Span) -> bool:
        """Whether its dates or bounds lie outside the period, and no source shows it in the period."""
        return not any(overlap(limits[:2], period) for limits in self.left_open)


def _first(*years: int | None) -> int:
    return next(year for year in years if year is not None)


def overlap(*spans: Span) -> bool:
    """Whether some year lies in all the spans."""
    return max(start for start, _ in spans) <= min(end for _, end in spans)


def common(first: Iterable[Limits], second: Sequence[Limits]) -> tuple[Limits, ...]:
    """Where spans of the first and of the second overlap; a limit is stated where that of both is."""
    limits = []
    for start, end, starts, ends, is_seen in first:
        for other in second:
            latest = start if start > other[0] else other[0]
            earliest = end if end < other[1] else other[1]
            if latest <= earliest:
                limits.append(Limits(latest, earliest, starts and other[2], ends and other[3], is_seen or other[4]))
    return tuple(limits)
