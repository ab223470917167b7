"""A table of text and its rows, and how large they may be."""

import re
from pathlib import Path
from typing import NamedTuple

MB = 1_000_000
MAX_BYTES = 200 * MB
MAX_CELLS = 5 * MB
MAX_CELL_CHARACTERS = MB
UNDECODABLE = "\udcff"
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Row(NamedTuple):
    """One row; ``number`` is as the spreadsheet program shows it, ``flaw`` says why the row cannot be used.

    In a CSV file the number is the line on which the row begins. The row has as many cells as the header, or more
    where that is its flaw.
    """

    number: int
    cells: tuple[str, ...]
    flaw: str = ""


class Sheet(NamedTuple):
    """A table of text; ``dialect`` is the encoding and delimiter of a text file, or the sheet of a workbook.

    ``title`` is what stands above the names of the columns.
    """

    path: Path
    header: tuple[str, ...]
    rows: list[Row]
    dialect: dict[str, str]
    title: str = ""


def row_of(number: int, cells: list[str]) -> Row:
    """A row of these cells, with its flaw if they cannot be used."""
    joined = "".join(cells)
    if len(joined) > MAX_CELL_CHARACTERS and (longest := max(map(len, cells))) > MAX_CELL_CHARACTERS:
        return Row(number, tuple(cell[:100] for cell in cells), f"a cell of {longest:,} characters")
    if UNDECODABLE in joined:
        readable = tuple(cell.replace(UNDECODABLE, "\ufffd") for cell in cells)
        return Row(number, readable, "bytes in another encoding than the rest of the file")
    if not joined.isprintable() and CONTROL.search(joined):
        return Row(number, tuple(cells), "a control character, such as NUL")
    return Row(number, tuple(cells))
