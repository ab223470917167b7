"""What a single link between two nodes rests on, looked up when it is asked for."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.formats.rows import Row, Table
from solgraph.networks.model.projection import Projection
from solgraph.networks.model.rows import ties
from solgraph.networks.model.selection import Selection, View, view
from solgraph.networks.model.years import Span, Years, overlap
from solgraph.rdf.terms import Term


def rows_of_link(
    name: str, header: Mapping[str, str], table: Table, selection: Selection, ends: tuple[str, str]
) -> list[Row]:
    """The selected rows of two nodes, given by IRI, for what links them; none if they are not linked.

    Where rows are edges, those from the first node to the second, and without a direction also the other way round.
    """
    shape = view(name, header, table.columns)
    link = _Link(shape, table, selection._replace(least=1, min_weight=0).checked(), ends)
    return link.shared() if shape.projected else link.direct()


class _Link(NamedTuple):
    view: View
    table: Table
    selection: Selection
    ends: tuple[str, str]

    def direct(self) -> list[Row]:
        """The rows that are the edges of the two nodes."""
        ways = {self.ends} if self.view.kind.endswith("digraph") else {self.ends, self.ends[::-1]}
        return [row for rows in self._selected(ways, self.view.first, self.view.second) for row in rows]

    def shared(self) -> list[Row]:
        """The rows of the two, or of the nodes that are added up to them, for each thing that these share."""
        thing, by_thing = self.table.columns.index(self.view.second), dict[object, list[Row]]()
        for rows in self._selected({(end,) for end in self.ends}, self.view.sum or self.view.first):
            by_thing.setdefault(rows[0][thing], []).extend(rows)
        return [row for rows in by_thing.values() if self._is_shared(rows) for row in rows]

    def _selected(self, wanted: set[Any], *columns: str) -> Iterator[list[Row]]:
        """The rows with wanted values in the columns, if they are selected."""
        places = [self.table.columns.index(column) for column in columns]
        for rows in self.table.groups():
            if tuple(_iri(rows[0][place]) for place in places) in wanted:
                table = self.table._replace(rows=rows)
                found = [tie for tie in ties(self.view, table, self.selection, Counter()) if tie.second]
                if found:
                    is_dated = any(Years.of(tie.attributes).is_dated for tie in found)
                    yield rows if is_dated else self._of_period(rows)

    def _of_period(self, rows: list[Row]) -> list[Row]:
        """The rows without those that show an undated tie only in other years, unless there are no others."""
        period = self.selection.period
        if period is None or "active" not in self.table.columns:
            return rows
        place = self.table.columns.index("active")
        seen = [Years.of({"active": term.value if isinstance(term := row[place], Literal) else ""}) for row in rows]
        fitting = [row for row, years in zip(rows, seen, strict=True) if _fits(years, period)]
        return fitting or rows

    def _is_shared(self, rows: list[Row]) -> bool:
        """Whether nodes of both ends share the thing of these rows at the same time."""
        names = self.table.columns.index(self.view.first), self.table.columns.index(self.view.sum or self.view.first)
        end_of = {_iri(row[names[0]]): _iri(row[names[1]]) for row in rows}
        counts, table = Counter[str](), self.table._replace(rows=rows)
        projection = Projection(self.view, ties(self.view, table, self.selection, counts), self.selection, counts)
        iri_of = {key: str(node["iri"]) for key, node in projection.nodes(data=True)}
        return any({end_of[iri_of[node]] for node in edge} == {*self.ends} for edge in projection.edges())


def _fits(years: Years, period: Span) -> bool:
    return not years.active or any(overlap(span, period) for span in years.certain)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""
