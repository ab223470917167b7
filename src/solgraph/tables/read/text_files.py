"""A spreadsheet file, CSV, XLSX or ODS, as rows of text; every row is kept, also one that cannot be used.

The file itself is only read. What cannot be decided makes the row flawed: a guess would put a wrong name into the
graph, where nobody looks for it.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, dropwhile, islice
from pathlib import Path

from solgraph.errors import DataError, WrongUse
from solgraph.tables.read.encodings import (
    EIGHT_BIT,
    checked_encoding,
    detected_encoding,
    is_utf8,
    lines_beyond_ascii,
)
from solgraph.tables.read.sheet import CONTROL, MAX_BYTES, MAX_CELL_CHARACTERS, MB, UNDECODABLE, Row, Sheet, row_of
from solgraph.tables.read.workbooks import is_workbook, workbook_rows

MAX_COLUMNS = 1_000
MAX_RECORD_LINES = 500
"""Lines; a record of more is a quote that was never closed, not a note."""

MAX_TITLE_LINES = 5
"""Lines above the names of the columns that can be a title."""
DELIMITERS = {",": ",", ";": ";", "\t": "tab", "|": "|"}


def read(path: Path, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None) -> Sheet:
    """The rows of a file, whose format, encoding, delimiter and sheet are detected unless they are stated.

    Blank rows are left out, but counted. Raises :class:`WrongUse` when the file is not there or an option does not
    fit it, and :class:`DataError` when it holds no table.
    """
    content = _content(path)
    if is_workbook(path, content):
        _refuse({"encoding": encoding, "delimiter": delimiter}, f"{path} is a workbook, not a text file.")
        rows, dialect = workbook_rows(path, content, sheet)
    else:
        _refuse({"sheet": sheet}, f"{path} is a text file: it has no sheets.")
        rows, dialect = _text_rows(path, content, encoding, delimiter)
    return _with_header(path, rows, dialect)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WrongUse(f"{path} cannot be read: {reason}.", hint="Give a CSV, XLSX or ODS file.") from error
    if len(content) > MAX_BYTES:
        raise DataError(f"is larger than {MAX_BYTES // MB} MB.", where=str(path), hint="Split it into several files.")
    if not content.strip():
        raise DataError("is empty.", where=str(path), hint="Save the table again and try once more.")
    return content


def _refuse(options: dict[str, str | None], reason: str) -> None:
    for option, value in options.items():
        if value is not None:
            raise WrongUse(reason, hint=f"Leave out {option}=….")


def _with_header(path: Path, rows: Iterable[Row], dialect: dict[str, str]) -> Sheet:
    """The first row that is not blank and no title is the header; the others are made as wide."""
    filled = (row for row in rows if row.flaw or any(cell.strip() for cell in row.cells))
    start = list(islice(filled, MAX_TITLE_LINES + 1))
    titles = _titles(start)
    if len(start) == len(titles):
        raise DataError("has no rows.", where=str(path), hint="The first row must hold the names of the columns.")
    first, *rest = start[len(titles) :]
    where = f"{path}:{first.number}"
    if first.flaw:
        raise DataError(f"the names of the columns cannot be read: {first.flaw}.", where=where)
    if len(first.cells) > MAX_COLUMNS:
        what = f"has {len(first.cells):,} columns; {MAX_COLUMNS:,} is the most."
        raise DataError(what, where=where, hint="Is this the right delimiter? delimiter=… sets another one.")
    body = [_fitted(row, len(first.cells)) for row in chain(rest, filled)]
    if not body:
        raise DataError("has names of columns and no rows below.", where=where)
    return Sheet(path, first.cells, body, dialect, " ".join(titles))


def _titles(start: Sequence[Row]) -> list[str]:
    """The lines above the names of the columns: one cell of several words each, above a first row of several cells."""
    cells = [[cell.strip() for cell in row.cells if cell.strip()] for row in start]
    at = next((at for at, texts in enumerate(cells) if len(texts) > 1), 0)
    if not at or any(row.flaw for row in start[: at + 1]) or " " not in cells[0][0] or at + 1 == len(start):
        return []
    is_header = all(any(sign.isalpha() for sign in text) for text in cells[at])
    return [texts[0] for texts in cells[:at]] if is_header else []


def _fitted(row: Row, width: int) -> Row:
    """The row in the width of the header; a row of more cells keeps them, with a flaw."""
    number, cells, flaw = row
    if len(cells) < width:
        return Row(number, cells + ("",) * (width - len(cells)), flaw)
    if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        return Row(number, cells[:width], flaw)
    if len(cells) > width and not flaw:
        return Row(number, cells, f"{len(cells)} cells, but the header has {width}")
    return row


def _text_rows(
    path: Path, content: bytes, encoding: str | None, delimiter: str | None
) -> tuple[Iterator[Row], dict[str, str]]:
    _refuse_other_formats(path, content)
    codec = checked_encoding(encoding) if encoding else _detected(path, content)
    if codec == "utf-8" and content.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    text = _decoded(content, codec, mixed=encoding is None)
    _refuse_binary(path, text)
    lines = list(StringIO(text, newline=""))
    # Excel writes and reads the delimiter as a first line.
    hint = re.fullmatch(r'"?sep=(.)"?\s*', lines[0] if lines else "")
    delimiter = delimiter or (hint[1] if hint else None)
    sign = _checked_delimiter(delimiter) if delimiter else _detected_delimiter(lines)
    return _records(lines, sign, 1 if hint else 0), {"encoding": codec, "delimiter": DELIMITERS.get(sign, sign)}


def _refuse_other_formats(path: Path, content: bytes) -> None:
    start = content[:200].lstrip(codecs.BOM_UTF8 + b" \r\n\t").lower()
    for mark, name in ((b"%pdf", "a PDF"), (b"<", "HTML or XML"), (b"{\\rtf", "an RTF document")):
        if start.startswith(mark):
            raise DataError(f"is {name}, not a table.", where=str(path), hint="Save it as CSV, XLSX or ODS.")


def _refuse_binary(path: Path, text: str) -> None:
    """Control characters in the names of columns, or many of them, are the mark of a file that is no text."""
    start = text[:2000]
    names = start.lstrip("\r\n").splitlines()[:1]
    if len(CONTROL.findall(start)) > max(3, len(start) // 50) or (names and CONTROL.search(names[0])):
        hint = "Save the table as CSV, XLSX or ODS."
        raise DataError("is not a text file.", where=str(path), hint=hint)


# Encoding


def _detected(path: Path, content: bytes) -> str:
    try:
        return detected_encoding(content)
    except DataError as error:
        raise DataError(error.what, where=str(path), hint=error.hint) from error


def _decoded(content: bytes, encoding: str, *, mixed: bool) -> str:
    """The text, with a mark where bytes could not be read, or are UTF-8 in a file that otherwise is not."""
    if mixed and encoding in EIGHT_BIT and any(map(is_utf8, lines_beyond_ascii(content))):
        lines = content.splitlines(keepends=True)
        return "".join(line.decode("ascii" if is_utf8(line) else encoding, "solgraph.undecodable") for line in lines)
    return content.decode(encoding, "solgraph.undecodable")


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODABLE, error.end


codecs.register_error("solgraph.undecodable", _marked)


# Delimiter and records


def _checked_delimiter(text: str) -> str:
    sign = {"tab": "\t", "\\t": "\t"}.get(text.lower(), text)
    if len(sign) != 1 or sign.isalnum() or sign in '"\r\n \0':
        raise WrongUse(f"The delimiter {text!r} is not a single character.", hint="Give , or ; or | or tab.")
    return sign


def _detected_delimiter(lines: Sequence[str]) -> str:
    """The sign that splits the first rows into the same number of cells, at least two, as the header below a title."""
    sample = lines[:200]
    return max(DELIMITERS, key=lambda sign: _regularity(_records(sample, sign)))


def _regularity(rows: Iterable[Row]) -> tuple[float, int, int]:
    """The share of rows as wide as the first of several cells, how few stand above it, and the width."""
    widths = [len(row.cells) for row in rows if any(row.cells)]
    body = list(dropwhile(lambda width: width < 2, widths))
    if not body or len(widths) - len(body) > MAX_TITLE_LINES:
        return 0.0, 0, 0
    return body.count(body[0]) / len(body), len(body) - len(widths), body[0]


def _records(lines: Sequence[str], delimiter: str, start: int = 0) -> Iterator[Row]:
    """The records of a text; where one is broken, it is flawed and reading goes on in its second line."""
    csv.field_size_limit(MAX_BYTES)  # of the whole process; one long cell is to spoil its row only
    at = start
    while at < len(lines):
        offset, flaw = at, ""
        reader = csv.reader((lines[index] for index in range(at, len(lines))), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if offset + reader.line_num - at > MAX_RECORD_LINES:
                    flaw = f"a quotation mark is not closed within {MAX_RECORD_LINES} lines"
                    break
                yield row_of(at + 1, cells)
                at = offset + reader.line_num
        except csv.Error as error:
            is_open = "unexpected end" in str(error)
            flaw = "a quotation mark is not closed" if is_open else f"quotation marks do not match ({error})"
        if flaw:
            line = lines[at].rstrip("\r\n")[:MAX_CELL_CHARACTERS].replace(UNDECODABLE, "\ufffd")
            yield Row(at + 1, (line,), flaw)
            at += 1
