"""When a tie holds: stated years, years in which it was seen, bounds; and what that says of a period."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

#: First and last year; an unknown year is before or after all others, so that spans compare without special cases.
Span = tuple[int, int]
BEFORE, AFTER = -(10**6), 10**6


class Years(NamedTuple):
    """The years of a tie. Only ``since`` and ``until`` are stated as its start and end; bounds are no dates."""

    since: int | None = None
    until: int | None = None
    asof: int | None = None
    not_before: int | None = None
    not_after: int | None = None
    active: tuple[int, ...] = ()

    @classmethod
    def of(cls, attributes: Mapping[str, Any]) -> "Years":
        """The years among the attributes of a tie; what is no whole number is unknown."""
        years = (year if type(year := attributes.get(name)) is int else None for name in cls._fields[:-1])
        active = str(attributes.get("active", "")).split("; ")
        return cls._make([*years, tuple(int(year) for year in active if year.isdigit())])

    @property
    def is_dated(self) -> bool:
        """Whether a source states its start, its end or how long it went on."""
        return (self.since, self.until, self.asof) != (None, None, None)

    @property
    def span(self) -> Span:
        """The earliest and the latest year that its dates and bounds leave open."""
        return _first(self.since, self.not_before, BEFORE), _first(self.until, self.not_after, AFTER)

    @property
    def certain(self) -> list[Span]:
        """The spans for which a source shows it: from start to end, or as long as it went on; when it was seen."""
        spans = [(year, year) for year in self.active]
        if self.is_dated:
            spans.append((_first(self.since, self.until, self.asof), _first(self.until, self.asof, self.since)))
        return spans

    def is_excluded(self, period: Span) -> bool:
        """Whether its dates or bounds lie outside the period."""
        return not overlap(self.span, period)


def _first(*years: int | None) -> int:
    return next(year for year in years if year is not None)


def overlap(*spans: Span) -> bool:
    """Whether some year lies in all the spans."""
    return max(start for start, _ in spans) <= min(end for _, end in spans)


def meet(first: Iterable[Span], second: Iterable[Span], period: Span) -> bool:
    """Whether a span of the first and one of the second have a year of the period in common."""
    second = list(second)
    return any(overlap(one, other, period) for one in first for other in second)
