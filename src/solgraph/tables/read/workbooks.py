"""Workbooks, XLSX and ODS, as rows of text: python-calamine reads the values, and a look at the XML finds the rest.

Calamine ends the process when a cell lies too far away, gives old values for formulas and nothing for errors, and does
not know that a date is shown as a month.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import cache, reduce
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError

from solgraph.errors import DataError, MissingExtra, WrongUse, did_you_mean
from solgraph.tables.read.sheet import MAX_BYTES, MAX_CELLS, MB, Row, row_of

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_OLE = b"\xd0\xcf\x11\xe0"
_DAMAGES = (ParseError, zipfile.BadZipFile, zlib.error, LookupError, EOFError, OSError, ValueError, RuntimeError)


class _Area:
    """What the XML of a sheet states: extent, cells that are formulas or errors, dates shown without a day.

    ``merged`` are row, column and height of cells that are merged with those below.
    """

    def __init__(self) -> None:
        self.bottom = self.right = self.row = self.column = 0
        self.flaws: dict[int, str] = {}
        self.date_lengths: dict[tuple[int, int], int] = {}
        self.merged: list[tuple[int, int, int]] = []

    def fill(self, rows: int = 1, columns: int = 1, flaw: str = "") -> None:
        self.bottom, self.right = max(self.bottom, self.row + rows - 1), max(self.right, self.column + columns - 1)
        if self.bottom * self.right > MAX_CELLS:  # calamine takes memory for every cell up to the last
            raise DataError(f"has a cell as far away as {_reference(self.bottom, self.right)}.")
        for row in range(self.row, self.row + rows) if flaw else ():
            self.flaws.setdefault(row, f"cell {_reference(row, self.column)} {flaw}")


def is_workbook(path: Path, content: bytes) -> bool:
    """Whether a file is a workbook, by its first bytes or its ending."""
    return content.startswith((b"PK\3\4", b"PK\5\6", _OLE)) or path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods")


def workbook_rows(path: Path, content: bytes, wanted: str | None) -> tuple[Iterator[Row], dict[str, str]]:
    """The rows of a sheet, by default the first that has any, and its name. Needs the extra ``sheets``."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise MissingExtra("Reading a workbook (XLSX, ODS)", "sheets") from error
    try:
        members = _members(content)
        areas = _ods_areas(members) if "content.xml" in members else _xlsx_areas(members)
        name = _chosen(areas, wanted)
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except DataError as error:
        raise DataError(error.what, where=str(path), hint=error.hint or "Save the table as CSV.") from error
    except (CalamineError, *_DAMAGES) as error:
        hint = "Open it in a spreadsheet program and save it again, or as CSV."
        raise DataError(f"cannot be read as a workbook ({error}).", where=str(path), hint=hint) from error
    _fill_merged(cells, areas[name])
    last = max([len(cells), *areas[name].flaws])  # calamine ends at the last value
    rows = (
        _row(number, cells[number - 1] if number <= len(cells) else (), areas[name]) for number in range(1, last + 1)
    )
    return rows, {"sheet": name}


def _fill_merged(cells: list[list[Any]], area: _Area) -> None:
    """Repeat the value of a merged cell in the rows below, of each of which it holds."""
    for row, column, height in area.merged:
        for below in range(row + 1, min(row + height, len(cells) + 1)):
            if column <= len(cells[below - 1]) and cells[below - 1][column - 1] in ("", None):
                cells[below - 1][column - 1] = cells[row - 1][column - 1]


def _members(content: bytes) -> dict[str, bytes]:
    """The XML parts of the archive, none larger than it says."""
    if content.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        what = "is protected by a password." if locked else "is in the format of Excel before 2007."
        raise DataError(what, hint="Save it without a password." if locked else "Save it as XLSX or CSV.")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
        size = sum(part.file_size for part in parts)
        if size > MAX_BYTES or size > max(20 * MB, 100 * len(content)):
            raise DataError(f"would unpack to {size // MB:,} MB, which no table needs.")
        members = {part.filename: archive.read(part) for part in parts}
    if any(b"<!DOCTYPE" in part for part in members.values()):
        raise DataError("declares XML entities, which no spreadsheet program does.")
    if b"encryption-data" in members.get("META-INF/manifest.xml", b""):
        raise DataError("is protected by a password.", hint="Save it without a password.")
    return members


def _xlsx_areas(members: dict[str, bytes]) -> dict[str, _Area]:
    if "xl/workbook.xml" not in members:
        raise DataError("is an archive without a workbook.", hint="Give a CSV, XLSX or ODS file.")
    links = [_attributes(link) for link in ElementTree.fromstring(members["xl/_rels/workbook.xml.rels"])]
    targets = {link["Id"]: link["Target"] for link in links if link["Type"].endswith("/worksheet")}
    sheets = map(_attributes, ElementTree.fromstring(members["xl/workbook.xml"]).iterfind("{*}sheets/{*}sheet"))
    lengths = _date_lengths(members.get("xl/styles.xml", b"<none/>"))
    return {
        sheet["name"]: _xlsx_area(members[posixpath.join("xl", targets[sheet["id"]]).lstrip("/")], lengths)
        for sheet in sheets
        if sheet.get("id") in targets
    }


def _xlsx_area(xml: bytes, lengths: dict[str, int]) -> _Area:
    area = _Area()
    for row in _elements(xml, "row"):
        area.row, area.column = int(row.get("r", area.row + 1)), 0
        for cell in row:
            area.column = _column(cell.get("r", "")) or area.column + 1
            if cell.get("s") in lengths:
                area.date_lengths[area.row, area.column] = lengths[cell.get("s", "")]
            if cell.get("t") == "e":
                area.fill(flaw="holds an error of the spreadsheet program")
            elif cell.find("{*}f") is not None:
                area.fill(flaw="is a formula")
            elif len(cell):
                area.fill()
    for merged in _elements(xml, "mergeCell"):
        first, _, last = merged.get("ref", "").partition(":")
        top, bottom = (int(reference.lstrip(_LETTERS) or 0) for reference in (first, last or first))
        if top < bottom:
            area.merged.append((top, _column(first), bottom - top + 1))
    return area


def _ods_areas(members: dict[str, bytes]) -> dict[str, _Area]:
    areas: dict[str, _Area] = {}
    for table in _elements(members["content.xml"], "table"):
        area = areas[_attributes(table)["name"]] = _Area()
        area.row = 1
        for row in table.iterfind(".//{*}table-row"):
            rows, area.column = int(_attributes(row).get("number-rows-repeated", 1)), 1
            for cell in map(_attributes, row):
                columns = int(cell.get("number-columns-repeated", 1))
                if (height := int(cell.get("number-rows-spanned", 1))) > 1:
                    area.merged.append((area.row, area.column, height))
                if "formula" in cell or "value-type" in cell:
                    area.fill(rows, columns, "is a formula" if "formula" in cell else "")
                area.column += columns
            area.row += rows
    return areas


def _elements(xml: bytes, name: str) -> Iterator[Element]:
    """The elements of that name, each let go after it was looked at."""
    for _, element in ElementTree.iterparse(BytesIO(xml)):
        if element.tag.endswith(f"}}{name}"):
            yield element
            element.clear()


def _attributes(element: Element) -> dict[str, str]:
    """Attributes by their names without namespaces."""
    return {name.rpartition("}")[2]: value for name, value in element.items()}


def _date_lengths(xml: bytes) -> dict[str, int]:
    """Styles that show a date as a month (7 characters) or a year (4): Excel makes a day of a typed "June 2018"."""
    styles = ElementTree.fromstring(xml)
    codes = {format_.get("numFmtId"): format_.get("formatCode", "") for format_ in styles.iterfind(".//{*}numFmt")}
    lengths = {}
    for index, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        code = ({"17": "mmm-yy"} | codes).get(style.get("numFmtId"), "").lower()
        signs = re.sub(r'"[^"]*"|\[[^\]]*\]|[\\_*].|;.*', "", code)
        if "y" in signs and "d" not in signs:
            lengths[str(index)] = 7 if "m" in signs else 4
    return lengths


def _chosen(areas: dict[str, _Area], wanted: str | None) -> str:
    """The wanted sheet, or the first one with rows."""
    if wanted is not None and wanted not in areas:
        hint = did_you_mean(wanted, areas) or f"Sheets: {', '.join(areas)}"
        raise WrongUse(f"There is no sheet {wanted!r}.", hint=hint)
    name = wanted or next((name for name, area in areas.items() if area.bottom), None)
    if name is None:
        raise DataError("has no rows in any sheet.")
    return name


def _row(number: int, values: Sequence[object], area: _Area) -> Row:
    lengths = area.date_lengths if any(isinstance(value, date) for value in values) else {}
    cells = [
        _cell_text(value)[: lengths.get((number, column)) if isinstance(value, date) else None]
        for column, value in enumerate(values, 1)
    ]
    row = row_of(number, cells)
    return row._replace(flaw=row.flaw or area.flaws.get(number, ""))


def _cell_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


@cache
def _column(reference: str) -> int:
    return reduce(lambda number, letter: number * 26 + ord(letter.upper()) - 64, reference.rstrip("0123456789"), 0)


def _reference(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
