"""What the cells of a column hold where its name does not say it: cities, countries, ids, networks, marks."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property

from solgraph.rdf.terms import fold
from solgraph.tables.recognise.dates import span
from solgraph.tables.recognise.gazetteer import Gazetteer, country_named, in_europe
from solgraph.tables.recognise.graph_index import GraphIndex
from solgraph.tables.recognise.missing import without_missing
from solgraph.tables.words import words

MAX_VALUES, LONGEST_NAME = 200, 60
_SHARES = {"geonames": 0.9, "network": 0.6, "country": 0.9, "city": 0.6}
"""The share of the values of a column that must be of a sort, the surest sort first."""
_SORTS = list(_SHARES)
LARGE = 15_000


class Contents:
    """The different values of the columns of a table, as far as the first rows show them."""

    def __init__(self, header: Sequence[str], rows: Iterable[Sequence[str]], graph: GraphIndex) -> None:
        self._graph = graph
        self._values: dict[str, dict[str, None]] = {name: {} for name in header}
        for row in rows:
            for name, cell in zip(header, row, strict=False):
                value = " ".join(cell.split())
                if len(self._values[name]) < MAX_VALUES and without_missing("", value):
                    self._values[name].setdefault(value)

    def columns(self, field: str, free: Iterable[str]) -> list[str]:
        """Of these columns those that hold values of that field, and of no surer one."""
        surer = _SORTS[: _SORTS.index(field)]
        return [
            name for name in free if self._holds(field, name) and not any(self._holds(sort, name) for sort in surer)
        ]

    def is_repetitive(self, column: str, rows: int) -> bool:
        """Whether most rows repeat a value of the column."""
        return 2 * len({fold(value) for value in self._values[column]}) < min(rows, MAX_VALUES)

    def marks(self, free: Iterable[str], *, are_networks: bool) -> list[str]:
        """The columns of a matrix: several that hold marks and dates, and at least one called by a known network.

        ``are_networks`` says that they are, whatever they are called. Only a known network has nothing but dates.
        """
        networks = {name for name in self._values if fold(name) in self._graph.networks}
        columns = [name for name in free if self._is_marked(name, dates_only=name in networks)]
        return columns if len(columns) > 1 and (are_networks or networks & set(columns)) else []

    def _is_marked(self, column: str, *, dates_only: bool) -> bool:
        """Whether most values of a column say yes or no, or when."""
        values = self._values[column]
        answers, dates = sum(map(_is_answer, values)), sum(map(_is_date, values))
        return answers + dates > len(values) / 2 and (answers > 0 or dates_only)

    def _holds(self, sort: str, column: str) -> bool:
        """Whether enough values of a column are of a sort; a column of prose or addresses holds none."""
        values = self._values[column]
        if not values or max(map(len, values)) > LONGEST_NAME:
            return False
        return sum(map(self._tests[sort], values)) >= _SHARES[sort] * len(values)

    @cached_property
    def _tests(self) -> dict[str, Callable[[str], bool]]:
        return {
            "geonames": self._is_id,
            "country": lambda value: country_named(value) is not None,
            "city": self._is_city,
            "network": lambda value: fold(value) in self._graph.networks,
        }

    def _is_id(self, value: str) -> bool:
        match = _ID.fullmatch(value)
        return match is not None and int(match[1]) in self._gazetteer.by_id

    def _is_city(self, value: str) -> bool:
        """Whether a value is a city of the graph, a large town, or the main name of a town of Europe."""
        if self._graph.cities_named(value, ""):
            return True
        if any(sign.isdigit() for sign in value):
            return False
        return any(
            match.place.population >= LARGE or (match.is_main and in_europe(match.place.country))
            for match in self._gazetteer.matches(value, "")
        )

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        names = {fold(value) for values in self._values.values() for value in values if len(value) <= LONGEST_NAME}
        return Gazetteer(names)


_ID = re.compile(r"(?:geonames:|https?://(?:www\.|sws\.)?geonames\.org/)?(\d{5,9})(?:\.0)?(?:[/ ].*)?", re.I)


@cache
def _answers() -> set[str]:
    return {fold(word) or word for meaning in ("active", "no") for word in words("roles")[meaning]}


def _is_answer(value: str) -> bool:
    return (fold(value) or value) in _answers()


def _is_date(value: str) -> bool:
    dates = span(value)
    return bool(dates.since and not dates.note)
