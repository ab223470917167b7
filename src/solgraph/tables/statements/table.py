"""The rows of a table by field, as the mapping says; also those of a file of rejected rows that was corrected."""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from solgraph.rdf.atomic_files import plain_cell
from solgraph.rdf.terms import fold
from solgraph.tables.read.sheet import Row, Sheet
from solgraph.tables.recognise.columns import ColumnMapping
from solgraph.tables.recognise.missing import NAMIBIA, without_missing
from solgraph.tables.recognise.network_names import NEW
from solgraph.tables.recognise.places import Mention

GEONAMES, _NUMBER = "GeoNames id", "row number"
MENTION_FIELDS = ("city", "country", "geonames", "lat", "long")
REPORT_COLUMNS = (GEONAMES, _NUMBER, "rejected because", "candidates", "further cells")
"""The columns that a file of rejected rows has behind those of the table."""


class TableRow(NamedTuple):
    """One row: its number in the table, its cells, the cells by field, and why it cannot be used."""

    number: int
    cells: tuple[str, ...]
    fields: dict[str, str]
    flaw: str = ""
    further: tuple[str, ...] = ()

    def get(self, field: str) -> str:
        """The cell of a field without blanks around; empty where the table has no such column."""
        return self.fields.get(field, "")

    @property
    def mention(self) -> Mention:
        """The cells about a city."""
        return Mention(*map(self.get, MENTION_FIELDS))


def table_header(sheet: Sheet) -> tuple[str, ...]:
    """The names of the columns without those of a file of rejected rows."""
    header = sheet.header
    start = len(header) - len(REPORT_COLUMNS)
    if "rejected because" not in header[-len(REPORT_COLUMNS) :]:
        return header
    return header[: min(at for at, name in enumerate(header) if name in REPORT_COLUMNS and at >= start)]


class Table:
    """A sheet with its mapping; ``part`` names a table that is joined to the main one, and is empty for that."""

    def __init__(self, sheet: Sheet, mapping: ColumnMapping, country: str = "", keep: Sequence[str] = ()) -> None:
        """``country`` is that of the rows that name none; ``keep`` names columns whose cells are taken as they are."""
        self.sheet, self.mapping, self.kind, self.part = sheet, mapping, mapping.kind, ""
        self.header = table_header(sheet)
        self._keep = {name: at for at, name in enumerate(self.header) if name in keep}
        self.is_corrected = len(self.header) < len(sheet.header)
        self._values = {
            (field, fold(cell) or cell): meaning
            for field, meanings in mapping.values.items()
            for cell, meaning in meanings.items()
        }
        self._country = "" if self.kind == "networks" else country

    @property
    def asks_for_geonames(self) -> bool:
        """Whether the rejected rows get a column for GeoNames ids."""
        return self.kind != "networks" and "geonames" not in self.mapping.columns

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file."""
        return sha256(self.sheet.path.read_bytes()).hexdigest()

    @cached_property
    def rows(self) -> list[TableRow]:
        """All rows."""
        columns = {field: self.header.index(name) for field, name in self.mapping.columns.items()}
        return [self._row(row, columns) for row in self.sheet.rows]

    def _row(self, row: Row, columns: dict[str, int]) -> TableRow:
        cells = tuple(map(plain_cell, row.cells)) if self.is_corrected else row.cells
        width = len(self.header)
        own = cells[:width] + ("",) * (width - len(cells))
        fields = {field: self._value(field, own[at]) for field, at in columns.items()}
        if fields.get("country", "") in ("", "" if "city" in fields and not self._country else NAMIBIA):
            fields["country"] = self._country
        if not self.is_corrected:
            return TableRow(row.number, own, fields, row.flaw, cells[width:])
        added = {name: cell.strip() for name, cell in zip(self.sheet.header[width:], cells[width:], strict=False)}
        if added.get(GEONAMES):
            fields |= {"geonames": added[GEONAMES], "city": ""}  # the curator says which town the name means
        number = added.get(_NUMBER, "")
        if number.isdecimal():
            return TableRow(int(number), own, fields, row.flaw)
        return TableRow(0, own, fields, row.flaw or f"'{number}' in '{_NUMBER}' is not the number of a row")

    def _value(self, field: str, cell: str) -> str:
        """A cell without superfluous blanks, or what the user says that it means; empty for a missing value."""
        cell = " ".join((cell.strip().replace("\n", "; ") if field == "network" else cell).split())
        meaning = self._values.get((field, fold(cell) or cell), cell) if self._values else cell
        return without_missing(field, cell if field == "network" and meaning == NEW else meaning)

    @property
    def new_networks(self) -> set[str]:
        """The folded names of networks of which the user says that they are new."""
        return {cell for (field, cell), meaning in self._values.items() if field == "network" and meaning == NEW}

    def own_cells(self, row: TableRow) -> dict[str, str]:
        """The cells of a row in the columns that are carried along, by column, without empty ones."""
        return {name: cell for name, at in self._keep.items() if (cell := " ".join(row.cells[at].split()))}

    def by_key(self, key: str) -> TableRow | None:
        """The row to which another table refers: by its key, or else by its name."""
        return self._rows_by_key.get(fold(key) or key)

    @cached_property
    def _rows_by_key(self) -> dict[str, TableRow]:
        name = {"cities": "city", "pages": "page"}.get(self.kind, "network")
        fields = ("key",) if "key" in self.mapping.columns else (name, "short")
        pairs = ((row.get(field), row) for row in reversed(self.rows) for field in fields if row.get(field))
        return {fold(key) or key: row for key, row in pairs}
