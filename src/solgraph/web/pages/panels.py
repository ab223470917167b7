"""Panels: the answers of saved queries that stand on the pages of a class, as their headers say."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.formats.rows import Table
from solgraph.graph.answer import Answer
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import XSD, expand, shorten
from solgraph.rdf.terms import Term, fold
from solgraph.web.pages.drawings import TimeLine, time_line

#: Columns that say where something was read, and those that are long texts.
SOURCES, PROSE = ("source", "section"), "text"
_NUMERIC = {XSD + name for name in ("integer", "decimal", "double")}
#: From this place on a panel stands below what no panel shows.
LATE = 50

Cell = list[Term]


class Panel(NamedTuple):
    """The answer of one saved query about a thing, as a table, or as a list when it holds long texts.

    ``nil`` are the rows whose numbers are all zero; a list is grouped under its first kind.
    """

    saved: SavedQuery
    place: int
    values: Mapping[str, str]
    columns: list[str]
    rows: list[list[Cell]]
    nil: list[list[Cell]]
    answer: Answer

    @property
    def name(self) -> str:
        """The name of the query."""
        return self.saved.name

    @property
    def is_prose(self) -> bool:
        """Whether it reads as a list rather than a table."""
        return PROSE in self.columns

    def cell(self, row: Sequence[Cell], *names: str) -> Cell:
        """The values of the first of the columns that is there."""
        cells = (row[self.columns.index(name)] for name in names if name in self.columns)
        return next(cells, [])

    def groups(self) -> dict[str, list[list[Cell]]]:
        """The rows of a list under their first kind or theme."""
        groups: dict[str, list[list[Cell]]] = {}
        for row in self.rows:
            head = self.cell(row, "kind", "theme")
            groups.setdefault(value(head[0]) if head else "", []).append(row)
        return groups


def panels(snapshot: Snapshot, iri: str, labels: Mapping[str, str]) -> list[Panel]:
    """The panels of a thing that have rows, in the order of their places."""
    classes = snapshot.classes(iri)
    chosen = (_panel(snapshot, *choice, labels) for choice in _chosen(snapshot, classes, iri))
    return sorted((panel for panel in chosen if panel.rows), key=lambda panel: (panel.place, panel.name))


def _chosen(snapshot: Snapshot, classes: set[str], iri: str) -> Iterator[tuple[SavedQuery, int, dict[str, str]]]:
    for saved in snapshot.saved.values():
        for of_class, place in saved.panel.items():
            if expand(of_class) in classes and (param := saved.of_thing(of_class, iri)):
                yield saved, place, {param.name: iri}
                break


def _panel(
    snapshot: Snapshot, saved: SavedQuery, place: int, values: dict[str, str], labels: Mapping[str, str]
) -> Panel:
    (iri,) = values.values()
    answer = snapshot.run(saved.name, **values)
    columns = list(answer.columns)
    gathered = Table(columns, answer.terms, {}, answer.several).gathered()
    telling = [place for place, _ in enumerate(columns) if _says_something([row[place] for row in gathered], iri)]
    rows = [[row[place] for place in telling] for row in gathered]
    counts = [place for place, _ in enumerate(telling) if _all_counts([row[place] for row in rows])]
    nil = [row for row in rows if counts and all(value(row[place][0]) == "0" for place in counts)]
    shown_rows = [row for row in rows if row not in nil]
    if "asof" not in columns and not _numbered(shown_rows):
        shown_rows.sort(key=lambda row: [_sorting(term, labels) for cell in row[:1] for term in cell])
    return Panel(saved, place, values, [columns[place] for place in telling], shown_rows, nil, answer)


def _says_something(cells: Sequence[Cell], iri: str) -> bool:
    """Whether a column says anything: not empty, and not only the thing of the page."""
    return any(value(term) != iri for cell in cells for term in cell)


def _all_counts(cells: Sequence[Cell]) -> bool:
    return all(len(cell) == 1 and isinstance(cell[0], Literal) and cell[0].datatype.value in _NUMERIC for cell in cells)


def _numbered(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the rows begin with numbers (of themes, say), which are in order already."""
    return bool(rows) and all(row[0] and isinstance(row[0][0], Literal) for row in rows)


def _sorting(term: Term, labels: Mapping[str, str]) -> str:
    return fold(shown(term, labels))


def shown(term: Term | None, labels: Mapping[str, str]) -> str:
    """A term as a person reads it."""
    if isinstance(term, NamedNode):
        return labels.get(term.value) or shorten(term.value)
    return value(term) if term is not None else ""


def covered(panels: Sequence[Panel]) -> set[str]:
    """The IRIs that panels show, sources and concepts among them."""
    cells = (cell for panel in panels for row in panel.rows for cell in row)
    return {term.value for cell in cells for term in cell if isinstance(term, NamedNode)}


def years(panel: Panel, labels: Mapping[str, str]) -> TimeLine | None:
    """The time line of a panel of terms in office."""
    if "asof" not in panel.answer.columns:
        return None
    spans = []
    for row in panel.rows:
        person = row[0][0]
        since, until = (_year(panel.cell(row, name)) for name in ("since", "until"))
        asof = max(map(value, panel.cell(row, "asof")), default="")
        spans.append((value(person), shown(person, labels), since, until, asof))
    return time_line(sorted(spans, key=lambda span: span[2] or span[3] or 0))


def _year(cell: Cell) -> int | None:
    return int(value(cell[0])) if cell and value(cell[0]).isdigit() else None


class Difference(NamedTuple):
    """A property of which documents say different things: each value with the passages that say it."""

    thing: str
    property: str
    values: dict[Term | None, list[str]]


def differences(snapshot: Snapshot, about: Collection[str]) -> list[Difference]:
    """What documents say differently of some things."""
    if "disagreements" not in snapshot.saved:
        return []
    differing: dict[tuple[str, str, Term | None], dict[Term | None, list[str]]] = {}
    for thing, by, first, source, other, second in snapshot.run("disagreements").terms:
        if value(thing) in about:
            values = differing.setdefault((value(thing), value(by), first), {})
            for stated, passage in ((first, source), (other, second)):
                if value(passage) not in values.setdefault(stated, []):
                    values[stated].append(value(passage))
    return [Difference(thing, by, values) for (thing, by, _), values in differing.items()]


def contents(snapshot: Snapshot) -> dict[str, list[Term | None]]:
    """City → how much is known about it, in the order of the columns of the saved query."""
    return {value(city): numbers for city, *numbers in snapshot.run("contents-per-city").terms}
