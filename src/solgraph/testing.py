"""Assertions about answers, for tests of one's own data and queries."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from solgraph.authoring.query_tests import compared
from solgraph.authoring.row_diff import Row, line_diff, row_diff
from solgraph.errors import WrongUse, did_you_mean
from solgraph.formats.rows import Things
from solgraph.graph.answer import Answer

if TYPE_CHECKING:
    from pandas import DataFrame as PandasFrame
    from polars import DataFrame as PolarsFrame

#: A failure shows the test, and not this module.
__tracebackhide__ = True

#: What an answer can be compared with.
Expected: TypeAlias = (
    "Answer | str | Path | Sequence[Mapping[str, Any]] | Sequence[Sequence[Any]] | PandasFrame | PolarsFrame"
)


class _Rows(NamedTuple):
    columns: tuple[str, ...]
    rows: list[Row]


def assert_answer(answer: Answer, expected: Expected, *, things: Things = "iri", in_any_order: bool = False) -> None:
    """Raise :class:`AssertionError` unless an answer has the expected rows; it shows which rows and cells differ.

    ``expected`` is a list of dictionaries or of tuples, a data frame of pandas, polars or Arrow, another answer, or a
    file that :meth:`Answer.write` has written in a format of text. Dictionaries and data frames need not hold all
    columns: only those that they hold are compared. Several values of a cell are a tuple or a list. ``things`` says how
    the expected rows write things. The order of rows counts, unless they are ``in_any_order``. A file is compared
    whole, so that neither of these applies. Raises :class:`solgraph.WrongUse` for rows that no answer can have.

    >>> from solgraph.testing import assert_answer
    >>> answer = kg.query("is-member", city="Palermo", network="Eurocities")
    >>> assert_answer(answer, [{"answer": "yes"}])
    >>> assert_answer(answer, [{"answer": "no"}])
    Traceback (most recent call last):
        ...
    AssertionError: 1 row missing, 1 row unexpected
    --- expected
    +++ answer
    @@ -1,2 +1,2 @@
     answer
    -'no'
    +'yes'
    """
    if isinstance(expected, str | Path):
        result = compared(answer.text(path=Path(expected)), Path(expected))
        lines = [] if result.state == "passed" else [result.detail]
    else:
        wanted = _expected_rows(answer, expected, things)
        lines = _difference(wanted, _rows_of(answer, wanted.columns, things, _is_frame(expected)), in_any_order)
    if lines:
        raise AssertionError("\n".join(lines))


def _is_frame(expected: Any) -> bool:
    return hasattr(expected, "__arrow_c_stream__") and not isinstance(expected, Answer)


def _expected_rows(answer: Answer, expected: Any, things: Things) -> _Rows:
    if isinstance(expected, Answer):
        return _rows_of(expected, (), things, as_frame=False)
    if _is_frame(expected):
        import pyarrow

        return _of_arrow(pyarrow.table(expected))
    rows = list(expected)
    if rows and all(isinstance(row, Mapping) for row in rows):
        return _of_mappings(rows)
    columns = _rows_of(answer, (), things, as_frame=False).columns
    for number, row in enumerate(rows, 1):
        if isinstance(row, str | Mapping) or len(row) != len(columns):
            what = f"row {number} of the expected rows must have {len(columns)} values: {', '.join(columns)}."
            raise WrongUse(what, hint="Give a dictionary for each row to compare some columns only.")
    return _Rows(columns, [tuple(map(_plain, row)) for row in rows])


def _of_mappings(rows: Sequence[Mapping[str, Any]]) -> _Rows:
    columns = tuple(rows[0])
    for number, row in enumerate(rows, 1):
        if set(row) != set(columns):
            raise WrongUse(f"row {number} of the expected rows has other keys than the first: {', '.join(row)}.")
    return _Rows(columns, [tuple(_plain(row[name]) for name in columns) for row in rows])


def _of_arrow(table: Any) -> _Rows:
    """The rows of a table of Arrow, without the row numbers of pandas."""
    columns = tuple(name for name in table.column_names if not name.startswith("__index_level_"))
    return _Rows(columns, [tuple(_plain(row[name]) for name in columns) for row in table.to_pylist()])


def _rows_of(answer: Answer, columns: tuple[str, ...], things: Things, as_frame: bool) -> _Rows:
    """The rows of an answer in these columns, or in all; an ASK has one cell."""
    if as_frame:
        every = _of_arrow(answer.to_arrow(things=things))
    else:
        dicts = [{"answer": answer.boolean}] if answer.boolean is not None else answer.to_dicts(things=things)
        every = _Rows(tuple(dicts[0]) if dicts else answer.columns, [tuple(row.values()) for row in dicts])
    if unknown := next((name for name in columns if name not in every.columns), None):
        raise WrongUse(f"the answer has no column '{unknown}'.", hint=did_you_mean(unknown, every.columns))
    places = [every.columns.index(name) for name in columns or every.columns]
    return _Rows(columns or every.columns, [tuple(row[place] for place in places) for row in every.rows])


def _plain(value: Any) -> Any:
    """A value as an answer holds it: tuples for lists, dates for midnights, None for what is not there."""
    from datetime import datetime, time

    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    return None if value != value else value  # noqa: PLR0124  (not a number)


def _difference(expected: _Rows, answer: _Rows, in_any_order: bool) -> list[str]:
    """How many rows differ, the lines and the cells; nothing where none does."""
    old, new = (sorted(rows, key=repr) if in_any_order else rows for rows in (expected.rows, answer.rows))
    if not (lines := row_diff(answer.columns, old, new)):
        return []
    heading = ", ".join(answer.columns)
    return [lines[-1], *line_diff([heading, *map(_line, old)], [heading, *map(_line, new)]), *lines[:-1]]


def _line(row: Row) -> str:
    return ", ".join(map(repr, row))
