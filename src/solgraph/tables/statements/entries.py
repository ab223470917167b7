"""The rows of a table by field, as the mapping says; also those of a file of rejected rows that was corrected."""

from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from solgraph.rdf.atomic_files import plain_cell
from solgraph.rdf.terms import fold
from solgraph.tables.read.sheet import Row, Sheet
from solgraph.tables.recognise.columns import Mapping

GEONAMES, _NUMBER = "GeoNames id", "row number"
OURS = (GEONAMES, _NUMBER, "rejected because", "candidates", "further cells")
"""The columns that a file of rejected rows has behind those of the table."""


class Entry(NamedTuple):
    """One row: its number in the table, its cells, what they say by field, and why it cannot be used."""

    number: int
    cells: tuple[str, ...]
    fields: dict[str, str]
    flaw: str = ""
    further: tuple[str, ...] = ()

    def get(self, field: str) -> str:
        """The cell of a field without blanks around; empty where the table has no such column."""
        return self.fields.get(field, "")


def own_header(sheet: Sheet) -> tuple[str, ...]:
    """The names of the columns without those of ours."""
    return sheet.header[: _own_width(sheet.header)]


def _own_width(header: tuple[str, ...]) -> int:
    if "rejected because" not in header[-len(OURS) :]:
        return len(header)
    return min(at for at, name in enumerate(header) if name in OURS and at >= len(header) - len(OURS))


class Table:
    """A sheet with its mapping."""

    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.sheet, self.mapping, self.kind = sheet, mapping, mapping.kind
        self.header = own_header(sheet)
        self.corrected = len(self.header) < len(sheet.header)

    @property
    def asks_for_geonames(self) -> bool:
        """Whether the rejected rows get a column for GeoNames ids."""
        return self.kind != "networks" and "geonames" not in self.mapping.columns

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return sha256(self.sheet.path.read_bytes()).hexdigest()

    @cached_property
    def entries(self) -> list[Entry]:
        """All rows."""
        columns = {field: self.header.index(name) for field, name in self.mapping.columns.items()}
        return [self._entry(row, columns) for row in self.sheet.rows]

    def _entry(self, row: Row, columns: dict[str, int]) -> Entry:
        cells = tuple(map(plain_cell, row.cells)) if self.corrected else row.cells
        width = len(self.header)
        own = cells[:width] + ("",) * (width - len(cells))
        fields = {field: " ".join(own[at].split()) for field, at in columns.items()}
        if not self.corrected:
            return Entry(row.number, own, fields, row.flaw, cells[width:])
        ours = dict(zip(self.sheet.header[width:], cells[width:], strict=False))
        if ours.get(GEONAMES, "").strip():
            fields["geonames"] = ours[GEONAMES].strip()
        number = ours.get(_NUMBER, "").strip()
        flaw = row.flaw or ("" if number.isdecimal() else f"'{number}' in '{_NUMBER}' is not the number of a row")
        return Entry(int(number) if number.isdecimal() else 0, own, fields, flaw)

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        """The rows by what other tables call them: their key, or else their name."""
        name = "city" if self.kind == "cities" else "network"
        keys = ("key",) if "key" in self.mapping.columns else (name, "short")
        return {
            fold(one.get(key)) or one.get(key): one for one in reversed(self.entries) for key in keys if one.get(key)
        }
