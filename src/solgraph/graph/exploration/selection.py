"""What is chosen in the explorer: values by facet, a period, and whether what no source excludes counts."""

from collections.abc import Mapping
from typing import NamedTuple

from solgraph.graph.exploration.records import BLOCKED, OF_BOTH, OF_TIES, OF_WORK, Record
from solgraph.networks.model.years import AFTER, BEFORE, Span, overlap


class Selection(NamedTuple):
    """Values by facet: one of them within a facet, all of the facets together.

    What is chosen of the work of a city holds of one and the same initiative or example, what is chosen of networks of
    one membership; sources and years of both. A period takes what is certain for it and what no date excludes, unless
    ``certain``.
    """

    values: Mapping[str, frozenset[str]] = {}
    since: int | None = None
    until: int | None = None
    certain: bool = False

    @property
    def period(self) -> Span | None:
        """First and last year, or None for all years."""
        if self.since is None and self.until is None:
            return None
        return (BEFORE if self.since is None else self.since, AFTER if self.until is None else self.until)

    @property
    def sorts(self) -> list[bool]:
        """Of which sorts anything is chosen that the other does not have: memberships (True), or the work of a city."""
        return [is_tie for is_tie in (True, False) if any(map(self.values.get, OF_TIES if is_tie else OF_WORK))]

    @property
    def concerns_both(self) -> bool:
        """Whether a source or a period is chosen."""
        return any(self.values.get(facet) for facet in OF_BOTH) or self.period is not None

    def without(self, facet: str) -> "Selection":
        """The selection as if nothing were chosen in a facet."""
        return self._replace(values={name: chosen for name, chosen in self.values.items() if name != facet})

    def failing(self, record: Record) -> list[str]:
        """The facets of its sort of which a record has no chosen value; ``period`` if it lies outside.

        What was blocked fails unless a status is chosen.
        """
        facets = (*(OF_TIES if record.is_tie else OF_WORK), *OF_BOTH)
        chosen = {facet: values for facet in facets if (values := self.values.get(facet))}
        failing = [facet for facet, values in chosen.items() if values.isdisjoint(record.values.get(facet, ()))]
        if "status" not in chosen and BLOCKED in record.values.get("status", ()):
            failing.append("status")
        return failing if self._covers(record) else [*failing, "period"]

    def holds(self, record: Record) -> bool:
        """Whether a record has one of the values of each facet of its sort, and lies in the period."""
        return not self.failing(record)

    def _covers(self, record: Record) -> bool:
        if self.period is None or any(overlap(span, self.period) for span in record.certain):
            return True
        return not self.certain and not record.years.is_excluded(self.period)
