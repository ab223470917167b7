"""Which cities a selection leaves, and how many each further choice would."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from solgraph.graph.exploration.records import CERTAINTIES, OF_TIES, OF_WORK, Record, countries_of_cities, records
from solgraph.graph.exploration.selection import Selection
from solgraph.graph.snapshot import Snapshot

_SORTS = (True, False)


class Explorer:
    """The cities of one state of the data, and the records that tie them to everything else."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.countries = countries_of_cities(snapshot)
        self.records = records(snapshot)
        self.ties_of_cities: dict[str, dict[str, Record]] = {}
        for record in self.records:
            for city in record.cities if record.is_tie else ():
                for network in record.values.get("network", ()):
                    ties = self.ties_of_cities.setdefault(city, {})
                    ties[network] = min(ties.get(network, record), record, key=_how_undated)

    @property
    def initiatives(self) -> list[Record]:
        """The records that are neither ties nor examples."""
        return [record for record in self.records if not record.is_tie and not record.is_example]

    def initiatives_of(self, cities: Container[str]) -> list[Record]:
        """The initiatives of any of some cities."""
        return [record for record in self.initiatives if any(city in cities for city in record.cities)]

    def explored(self, selection: Selection) -> "Explored":
        """What a selection leaves."""
        return Explored(self, selection)


class Explored:
    """The cities and records that a selection leaves, and what each further choice would leave."""

    def __init__(self, explorer: Explorer, selection: Selection) -> None:
        self.countries, self.selection = explorer.countries, selection
        self._by_failing: dict[tuple[bool, str], list[Record]] = {}
        for record in explorer.records:
            failing = selection.failing(record)
            if len(failing) < 2:
                self._by_failing.setdefault((record.is_tie, "".join(failing)), []).append(record)

    @cached_property
    def cities(self) -> set[str]:
        """The cities for which all that is chosen holds."""
        return self._left("")

    @cached_property
    def records(self) -> list[Record]:
        """The records of these cities that hold what is chosen, of the sorts about which anything is chosen."""
        cities = self.cities
        return [
            record
            for record in self._matching(self.selection.sorts or _SORTS, "")
            if not cities.isdisjoint(record.cities)
        ]

    def counts(self, facet: str) -> dict[str, int]:
        """How many cities each value of a facet leaves, with all that is chosen in the other facets."""
        left = self._left(facet)
        if facet == "country":
            return Counter(self.countries[city] for city in left)
        if facet in OF_TIES or facet in OF_WORK:
            return _numbers(self._by_value([facet in OF_TIES], facet, left))
        first, *second = (self._by_value(sorts, facet, left) for sorts in _groups(self.selection))
        for by_value in second:  # what is chosen of both sorts must stand in the same source
            first = {value: cities & by_value.get(value, set()) for value, cities in first.items()}
        return _numbers(first)

    def _by_value(self, sorts: Iterable[bool], facet: str, left: set[str]) -> dict[str, set[str]]:
        """Value of a facet → the cities among those left whose records have it."""
        cities: dict[str, set[str]] = {}
        for record in self._matching(sorts, facet):
            for value in record.values.get(facet, ()):
                cities.setdefault(value, set()).update(record.cities & left)
        return cities

    def _left(self, facet: str) -> set[str]:
        """The cities for which all that is chosen holds, with nothing chosen in one facet."""
        others = self.selection.without(facet)
        wanted = others.values.get("country")
        left = {city for city, country in self.countries.items() if not wanted or country in wanted}
        for sorts in _groups(others) if others.sorts or others.concerns_both else ():
            left &= {city for record in self._matching(sorts, facet) for city in record.cities}
        return left

    def _matching(self, sorts: Iterable[bool], facet: str) -> Iterator[Record]:
        """The records that hold all that is chosen, at least in the other facets."""
        for is_tie in sorts:
            for failing in dict.fromkeys(("", facet)):
                yield from self._by_failing.get((is_tie, failing), ())


def _how_undated(record: Record) -> int:
    return CERTAINTIES.index(record.certainty)


def _groups(selection: Selection) -> list[Sequence[bool]]:
    """The sorts of records in each of which something must hold, or both sorts where either will do."""
    return [[is_tie] for is_tie in selection.sorts] or [_SORTS]


def _numbers(cities: Mapping[str, set[str]]) -> dict[str, int]:
    return {value: len(of_value) for value, of_value in cities.items() if of_value}


def explorer(snapshot: Snapshot) -> Explorer:
    """The explorer of one state of the data."""
    return snapshot.cached("explorer", lambda: Explorer(snapshot))
