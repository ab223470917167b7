"""The part of an answer that a page shows: its rows, and in a line what they are about."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from pyoxigraph import NamedNode
from starlette.requests import Request

from solgraph.formats.rows import Table, without_empty_columns
from solgraph.graph.answer import Answer
from solgraph.graph.citation import statement_of
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.notes import things_asked_for
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import ID
from solgraph.web.pages.evidence import tie_of_row
from solgraph.web.rendering import labelled

Cells = Sequence[Sequence[Any]]
_OUTSIDE = "SELECT ?role { ?role skos:broader* role:affiliate }"
#: A line names so many subjects at most.
_MOST_SUBJECTS = 2


class Part(NamedTuple):
    """Some rows of a table, of all of them; each cell holds its values."""

    table: Table
    rows: Sequence[Cells]
    every: Sequence[Cells]


def part(request: Request, answer: Answer[Any], offset: int, limit: int) -> Part:
    """The rows of an answer from a place on; triples are rows of three."""
    table = without_empty_columns(answer.read_table)
    if answer.holds_triples:
        table = table._replace(rows=sorted(answer.terms, key=str), several=())
    every = table.gathered()
    rows = every[offset : offset + limit]
    if answer.holds_triples:
        iris = {term.value for row in rows for cell in row for term in cell if isinstance(term, NamedNode)}
        table = table._replace(labels=labelled(request, iris))
    return Part(table, rows, every)


def claims(kg: Knowledge, answer: Answer[Any], rows: Iterable[Cells]) -> list[str]:
    """For each row the statement that it stands for: what it names that documents state, or a tie; else empty."""
    asked = [*chain.from_iterable(things_asked_for(kg, answer).values())]
    return [statement_of(row) or tie_of_row(kg.snapshot, row, asked) for row in rows]


def documents(snapshot: Snapshot, shown: Part) -> set[str]:
    """The documents that an answer names, also by their passages."""
    iris = {term.value for row in shown.every for cell in row for term in cell if isinstance(term, NamedNode)}
    named = {snapshot.passages.get(iri, (iri, ""))[0] for iri in iris}
    return {iri for iri in named if iri.startswith(f"{ID}source/")}


class Subject(NamedTuple):
    """What a column is about: its name, the class of its things, how many they are, and the label of a single one.

    A no is as old as the list that says it: ``date``.
    """

    column: str
    kind: str
    number: int
    label: str
    date: str = ""


#: Answers that rest on a list and hold for its date; the first says more.
_BY_LIST = ("no", "not listed")


def subjects(answer: Answer[Any], shown: Part, asked: Iterable[object]) -> Iterator[Subject]:
    """What an answer is about: the things of the first columns that all rows have, but for those ``asked`` about.

    Where there is no such column, it is the only value of the first one, such as yes.
    """
    types = answer.saved.column_types if answer.saved and not answer.holds_triples else {}
    known, left, counted = set(map(str, asked)), _MOST_SUBJECTS, _counted(answer, shown)
    for place, name in enumerate(shown.table.columns):
        things = {term for row in counted for term in row[place]}
        is_filled = bool(things) and all(row[place] for row in shown.every)
        if left and _is_subject(types.get(name, "")) and is_filled and {term.value for term in things} - known:
            left -= 1
            yield Subject(name, types[name].partition(":")[2], len(things), shown.table.shown(next(iter(things))))
    first = {shown.table.shown(term) for row in shown.every for term in row[0]} if types else set()
    label = next((answer for answer in _BY_LIST if answer in first and first.issubset(_BY_LIST)), "")
    if left == _MOST_SUBJECTS and (label or len(first) == 1):
        yield Subject(shown.table.columns[0], "", 1, label or first.pop(), _last_date(shown, label))


def _counted(answer: Answer[Any], shown: Part) -> Sequence[Cells]:
    """The rows without those of candidates and others who are no members, unless there are no others."""
    if not answer.knowledge or answer.holds_triples or "role" not in shown.table.columns:
        return shown.every
    place, snapshot = shown.table.columns.index("role"), answer.knowledge.snapshot
    outside = snapshot.cached("roles of no members", lambda: {term for (term,) in snapshot.ask(_OUTSIDE).terms})
    return [row for row in shown.every if not outside.issuperset(row[place])] or shown.every


def _last_date(shown: Part, label: str) -> str:
    """The newest date of the lists that give an answer."""
    if not label or "date" not in shown.table.columns:
        return ""
    place = shown.table.columns.index("date")
    rows = (row for row in shown.every if any(shown.table.shown(term) == label for term in row[0]))
    return max((shown.table.shown(term) for row in rows for term in row[place]), default="")


def _is_subject(kind: str) -> bool:
    return kind.startswith("sg:") and kind not in ("sg:Country", "sg:Passage", "sg:Source")
