"""Rows of an answer as ties of a network: plain values, only those selected, and what was left out counted."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from pyoxigraph import Literal, NamedNode

from solgraph.errors import WrongUse
from solgraph.formats.rows import Table
from solgraph.networks.model.selection import Selection, View
from solgraph.networks.model.years import ALWAYS, DATES, Years, overlap
from solgraph.rdf.namespaces import shorten, slug
from solgraph.rdf.terms import Term, fold, python_value

Value: TypeAlias = str | int | float | bool
Cells: TypeAlias = Mapping[str, list[Term]]

#: Names of columns that mean something else in network files, of ties and of nodes.
_RENAMED = {"source": "evidence", "target": "target_", "key": "key_", "id": "id_"}
_RENAMED_OF_NODES = {"type": "kind", "bipartite": "bipartite_"}


class Node(NamedTuple):
    """A node: its key, and its attributes."""

    key: str
    attributes: dict[str, Value]


class Tie(NamedTuple):
    """One row: its two ends (the second may be missing) and the attributes of the tie."""

    first: Node
    second: Node | None
    attributes: dict[str, Value]


def ties(view: View, table: Table, selection: Selection, counts: Counter[str]) -> Iterator[Tie]:
    """The selected ties; a node whose tie is left out comes alone. ``counts`` receives what is left out, by reason."""
    _refuse_missing_columns(view, table, selection)
    reader = _RowReader(view, table)
    for cells in reader.rows():
        if selection.country and not all(_lies_in(cells, end, selection.country, table) for end in view.node_columns):
            counts["other country"] += 1
            continue
        tie = reader.tie(cells)
        counts["ties"] += tie.second is not None
        if tie.second and selection.network and not _is_of(cells, (view.first, view.second), selection.network, table):
            counts["other network"] += 1
        elif tie.second and _is_of(cells, (view.second,), selection.exclude, table):
            counts["excluded"] += 1
        elif tie.second is None or _is_selected(tie.attributes, selection, counts):
            yield tie
            continue
        yield Tie(tie.first, None, {})
        if not view.projected and tie.second:
            yield Tie(tie.second, None, {})


class _RowReader:
    """Reads rows as ties: columns ``<end>_<x>`` are attributes of that end, all others of the tie."""

    def __init__(self, view: View, table: Table) -> None:
        self.view, self.table = view, table
        ends = (view.first, view.second)
        self.node_columns = {
            end: [
                (name, _RENAMED_OF_NODES.get(short := name.removeprefix(f"{end}_"), short))
                for name in table.columns
                if name.startswith(f"{end}_")
            ]
            for end in ends
        }
        of_nodes = {*ends, *(name for columns in self.node_columns.values() for name, _ in columns)}
        self.tie_columns = [(name, _RENAMED.get(name, name)) for name in table.columns if name not in of_nodes]

    def rows(self) -> Iterator[Cells]:
        """Rows by column; those that differ only in columns with several values are joined."""
        return (dict(zip(self.table.columns, row, strict=True)) for row in self.table.gathered())

    def tie(self, cells: Cells) -> Tie:
        first, second = (self.node(end, cells) for end in (self.view.first, self.view.second))
        if first is None:
            return Tie(second or Node("", {}), None, {})
        return Tie(first, second, self.attributes(cells, self.tie_columns))

    def node(self, end: str, cells: Cells) -> Node | None:
        if not cells[end]:
            return None
        term = cells[end][0]
        key = label = self.table.shown(term)
        attributes: dict[str, Value] = {"label": label, "kind": end, **self.mode(end)}
        if isinstance(term, NamedNode):
            key, attributes["iri"] = shorten(term.value), term.value
        attributes |= self.attributes(cells, self.node_columns[end])
        if (groups := cells.get(self.view.sum)) and isinstance(groups[0], NamedNode):
            attributes["sum"] = groups[0].value
        return Node(key, attributes)

    def mode(self, end: str) -> dict[str, Value]:
        """To which mode of a two-mode network an end belongs, as networkx asks (0, 1) and as igraph does."""
        is_second = end == self.view.second
        return {"bipartite": int(is_second), "type": is_second} if self.view.mode == "two-mode" else {}

    def attributes(self, cells: Cells, columns: list[tuple[str, str]]) -> dict[str, Value]:
        several = self.table.several
        return {name: self.value(cells[column], column in several) for column, name in columns if cells[column]}

    def value(self, terms: list[Term], is_list: bool) -> Value:
        return plain_value(terms, self.table.shown, is_list)


def plain_value(terms: list[Term], shown: Callable[[Term], str], is_list: bool = False) -> Value:
    """A value that every network program reads: a number, a truth value or text; a list becomes one text."""
    if len(terms) == 1 and isinstance(terms[0], Literal) and not is_list:
        value = python_value(terms[0])
        if isinstance(value, Decimal):
            return float(value)
        return value if type(value) in (int, float, bool) else terms[0].value
    return "; ".join(sorted(map(shown, terms)))


def _names(term: Term, name: str, table: Table) -> bool:
    """Whether the name is the IRI, its short form, the label or the slug of the term."""
    iri = term.value if isinstance(term, NamedNode) else ""
    return name in (iri, shorten(iri)) or fold(name) in (fold(table.shown(term)), fold(slug(iri)))


def _is_of(cells: Cells, ends: tuple[str, ...], names: tuple[str, ...], table: Table) -> bool:
    """Whether an end of the tie is called by one of the names."""
    return any(_names(term, name, table) for end in ends for term in cells[end] for name in names)


def _lies_in(cells: Cells, end: str, country: str, table: Table) -> bool:
    column = f"{end}_country"
    return column not in cells or any(_names(term, country, table) for term in cells[column])


def _is_selected(tie: dict[str, Value], selection: Selection, counts: Counter[str]) -> bool:
    """Whether the years of a tie are those that are wanted; if years are asked for, it is marked how certain it is."""
    years = Years.of(tie, selection.goes_on)
    certainty = _certainty(years, selection, counts) if selection.is_timed else "certain"
    counts["open"] += years.is_open and bool(certainty)
    if certainty and selection.period:
        tie["certainty"] = certainty
    return bool(certainty)


def _certainty(years: Years, selection: Selection, counts: Counter[str]) -> str:
    """Whether a tie is certain for the selected period or not excluded by its years; empty if it is left out."""
    period = selection.period or ALWAYS
    if any(overlap(span, period) for span in years.certain):
        return "certain"
    if years.is_excluded(period):
        counts["outside"] += 1
        return ""
    counts["uncertain"] += 1
    counts["undated"] += not years.is_dated
    wanted = not selection.certain and (years.is_dated or selection.undated == "include")
    return "not excluded" if wanted else ""


def _refuse_missing_columns(view: View, table: Table, selection: Selection) -> None:
    columns = set(table.columns)
    if selection.is_timed and not columns & set(DATES):
        hint = "Leave out year=…, from_year=…, to_year=…, certain=… and undated=…."
        raise WrongUse(f"The view '{view.name}' has no years.", hint=hint)
    if selection.country and not columns & {f"{end}_country" for end in view.node_columns}:
        raise WrongUse(f"The view '{view.name}' has no countries.", hint="Leave out country=….")
    of_pairs = selection.weight not in ("", "shared") or selection.least > 1 or selection.min_weight
    if not view.projected and of_pairs:
        what = f"no weight '{selection.weight}'" if selection.weight else "nothing that pairs share"
        hint = "Only views that link things by what they share have weight=…, least=… and min_weight=…."
        raise WrongUse(f"The view '{view.name}' has {what}.", hint=hint)
