"""Rows of an answer as ties of a network: plain values, only what is wanted, and what was left out counted."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from solgraph.errors import WrongUse
from solgraph.formats.rows import Table
from solgraph.networks.model.selection import Selection, View
from solgraph.rdf.namespaces import shorten, slug
from solgraph.rdf.terms import Term, fold, python_value

Plain: TypeAlias = str | int | float | bool
Cells: TypeAlias = Mapping[str, list[Term]]

#: Names of columns that mean something else in network files.
_RENAMED = {"source": "evidence", "target": "target_", "key": "key_", "id": "id_"}


class Node(NamedTuple):
    """A node: its key, and its attributes."""

    key: str
    told: dict[str, Plain]


class Tie(NamedTuple):
    """One row: its two ends, None where there is none, and what is told of the tie."""

    one: Node
    other: Node | None
    told: dict[str, Plain]


def ties(view: View, table: Table, wanted: Selection, notes: Counter[str]) -> Iterator[Tie]:
    """The ties that are wanted; a node whose tie is not wanted comes alone. Counts in ``notes`` what is left out."""
    _refuse_what_is_not_told(view, table, wanted)
    reader = _Reader(view, table)
    for cells in reader.rows():
        if wanted.country and not all(_is_in(cells, end, wanted.country, table) for end in view.node_ends):
            notes["other country"] += 1
            continue
        tie = reader.tie(cells)
        notes["ties"] += tie.other is not None
        if tie.other and any(_is(term, one, table) for term in cells[view.other] for one in wanted.exclude):
            notes["excluded"] += 1
        elif tie.other is None or _within(tie.told, wanted, notes):
            yield tie
            continue
        yield Tie(tie.one, None, {})
        if not view.projected and tie.other:
            yield Tie(tie.other, None, {})


class _Reader:
    def __init__(self, view: View, table: Table) -> None:
        self.view, self.table = view, table
        mine = {name: _owner(name, view) for name in table.columns}
        self.of_tie = [(name, _RENAMED.get(name, name)) for name in table.columns if mine[name] is None]
        ends = (view.one, view.other)
        self.of_end = {
            end: [(name, name.removeprefix(f"{end}_")) for name in table.columns if mine[name] == end and name != end]
            for end in ends
        }

    def rows(self) -> Iterator[Cells]:
        """Rows by column; those that differ only in columns of several values are one."""
        for row in self.table.gathered():
            yield dict(zip(self.table.columns, row, strict=True))

    def tie(self, cells: Cells) -> Tie:
        one, other = (self.node(end, cells) for end in (self.view.one, self.view.other))
        if one is None:
            return Tie(other or Node("", {}), None, {})
        return Tie(one, other, {name: self.plain(cells[column]) for column, name in self.of_tie if cells[column]})

    def node(self, end: str, cells: Cells) -> Node | None:
        if not cells[end]:
            return None
        term = cells[end][0]
        label = self.table.shown(term)
        named = isinstance(term, NamedNode)
        told: dict[str, Plain] = {"label": label, "type": end}
        if isinstance(term, NamedNode):
            told["iri"] = term.value
        told |= {name: self.plain(cells[column]) for column, name in self.of_end[end] if cells[column]}
        if (sums := cells.get(self.view.sum)) and isinstance(sums[0], NamedNode):
            told["sum"] = sums[0].value
        return Node(shorten(term.value) if isinstance(term, NamedNode) and named else label, told)

    def plain(self, terms: list[Term]) -> Plain:
        """A value that every network tool reads: a number, a truth, or text; several values are one text."""
        if len(terms) == 1 and isinstance(terms[0], Literal):
            value = python_value(terms[0])
            if isinstance(value, Decimal):
                return float(value)
            return value if type(value) in (int, float, bool) else terms[0].value
        return "; ".join(sorted(self.table.shown(term) for term in terms))


def _owner(column: str, view: View) -> str | None:
    """The end of which a column is the node or an attribute."""
    return next((end for end in (view.one, view.other) if column == end or column.startswith(f"{end}_")), None)


def _is(term: Term, wanted: str, table: Table) -> bool:
    iri = term.value if isinstance(term, NamedNode) else ""
    return wanted in (iri, shorten(iri)) or fold(wanted) in (fold(table.shown(term)), fold(slug(iri)))


def _is_in(cells: Cells, end: str, country: str, table: Table) -> bool:
    column = f"{end}_country"
    return column not in cells or any(_is(term, country, table) for term in cells[column])


def _within(told: Mapping[str, Plain], wanted: Selection, notes: Counter[str]) -> bool:
    if not wanted.period:
        return True
    since, until = told.get("since"), told.get("until")
    if since is None and until is None:
        notes["undated"] += 1
        return wanted.undated == "include"
    first, last = wanted.period
    inside = not ((isinstance(since, int) and since > last) or (isinstance(until, int) and until < first))
    notes["outside"] += not inside
    return inside


def _refuse_what_is_not_told(view: View, table: Table, wanted: Selection) -> None:
    columns = set(table.columns)
    if wanted.period and not columns & {"since", "until"}:
        raise WrongUse(f"The view '{view.name}' tells no years.", hint="Leave out --year, --from and --to.")
    if wanted.country and not columns & {f"{end}_country" for end in view.node_ends}:
        raise WrongUse(f"The view '{view.name}' tells no countries.", hint="Leave out --country.")
    if not view.projected and wanted.weight != "shared":
        hint = "Weights are chosen for views that link things by what they share."
        raise WrongUse(f"The view '{view.name}' has no weight '{wanted.weight}'.", hint=hint)
