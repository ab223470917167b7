"""Workbooks for spreadsheet programs: sheets that read, with numbers as numbers."""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from solgraph.errors import MissingExtra, WrongUse
from solgraph.formats.rows import Table
from solgraph.rdf.namespaces import XSD
from solgraph.rdf.terms import Term, python_value

#: What a spreadsheet program can hold.
_MOST_ROWS, _LONGEST_CELL = 1_048_575, 32_767
_CUT = " … (cut: the cell is full)"
#: As many rows may hold a link, and as long may it be.
_MOST_LINKS = 10_000
_LINK = re.compile(r"https?://\S{1,2000}")
_ADDRESS = NamedNode(f"{XSD}anyURI")
#: The day on which the calendar of spreadsheets begins.
_FIRST_DAY = date(1900, 3, 1)
#: Numbers below are kept to the last digit.
_MOST_EXACT = 10**15
#: A column in characters, a line and the highest row in points.
_WIDEST, _LINE, _HIGHEST = 60, 15, 409


class Link(str):
    """An address that opens when it is clicked."""

    __slots__ = ()


class Sheet(NamedTuple):
    """A sheet of a workbook: its name, and rows of which those that belong together become one."""

    name: str
    table: Table


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """An Excel workbook, written by XlsxWriter. Needs the extra ``sheets``."""
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise MissingExtra("A workbook", "sheets") from error
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    styles = (
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"text_wrap": True, "valign": "top", "align": "left"}),
    )
    for sheet in sheets:
        _fill(book.add_worksheet(sheet.name), sheet.table, *styles)
    book.close()
    return out.getvalue()


def _fill(page: Any, table: Table, bold: Any, wrapped: Any) -> None:
    rows = table.gathered()
    if len(rows) > _MOST_ROWS:
        raise WrongUse(
            f"A sheet holds {_MOST_ROWS:,} rows, not {len(rows):,}.", hint='Write CSV: answer.write("answer.csv")'
        )
    values = [[_value(table, *cell) for cell in zip(table.columns, row, strict=True)] for row in rows]
    widths = [
        min(max([len(name), *(len(str(row[column])) for row in values)]) + 2, _WIDEST)
        for column, name in enumerate(table.headings)
    ]
    for column, (name, width) in enumerate(zip(table.headings, widths, strict=True)):
        page.set_column(column, column, width, wrapped)
        page.write_string(0, column, name, bold)
    for number, row in enumerate(values, 1):
        page.set_row(number, _height(row, widths))
        for column, value in enumerate(row):
            _write(page, number, column, value)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    if rows and table.columns:
        page.autofilter(0, 0, len(rows), len(table.columns) - 1)


def _height(row: Sequence[Any], widths: Sequence[int]) -> float:
    """The height of a row that shows its wrapped cells; not every program finds it by itself."""
    lines = (
        sum(-(-max(len(line), 1) // (width - 2)) for line in str(value).split("\n"))
        for value, width in zip(row, widths, strict=True)
    )
    return float(min(_LINE * max(lines, default=1), _HIGHEST))


def _value(table: Table, column: str, terms: Sequence[Term]) -> Any:
    """A number, date or yes-or-no as such, everything else as text: labels of things, several values in a list."""
    value = python_value(terms[0]) if len(terms) == 1 else ""
    if not isinstance(value, str) and _is_exact(value):
        return value
    text = "; ".join(dict.fromkeys(table.said(column, term) for term in terms))
    if [getattr(term, "datatype", None) for term in terms] == [_ADDRESS] and _LINK.fullmatch(text):
        return Link(text)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT


def _is_exact(value: Any) -> bool:
    """Whether a spreadsheet program keeps a value as it is: not so early days, infinity and the 16th digit."""
    return value >= _FIRST_DAY if isinstance(value, date) else abs(value) < _MOST_EXACT


def _write(page: Any, row: int, column: int, value: Any) -> None:
    """Write a cell by the type of its value; no text is run as a formula, and only an address becomes a link."""
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, value)
    elif isinstance(value, Link) and row <= _MOST_LINKS:
        page.write_url(row, column, value, string=value)
    elif isinstance(value, str):
        page.write_string(row, column, value)
    else:
        page.write_number(row, column, value)
