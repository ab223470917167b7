"""The import report: what became of each row of a table, and the file of the rows that were rejected."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from solgraph.rdf.atomic_files import spreadsheet_cell
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.table import GEONAMES, REPORT_COLUMNS, Table, TableRow

MAX_REASONS, MAX_ROWS = 10, 6
"""How many reasons of one kind, and how many rows of one reason, the report shows."""


class TableReport:
    """The rows of one table: each is imported, merged into another, there already, or rejected.

    >>> import pandas
    >>> table = pandas.DataFrame({"city": ["Palermo", "Nowhere-on-Sea"], "network": ["Eurocities", "Eurocities"]})
    >>> report = kg.import_table(table, "three.ttl", title="My list", creators=["Ann Ash"], licence="CC BY 4.0")
    >>> [(row.number, rejected.kind) for row, rejected in report.tables[0].rejections]
    [(3, 'unknown city')]
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.there = self.noted = self.things = 0
        self._is_new: dict[int, bool] = {}
        self.rejections: list[tuple[TableRow, Rejected]] = []
        self.unknown: Counter[str] = Counter()
        self.roles: Counter[str] = Counter()

    def count(self, row: TableRow, is_new: bool) -> None:
        """Count a row with a thing that it states; of several things one that is new makes the row a new one."""
        self.things += is_new
        key = id(row.cells)  # which a row keeps while it is joined and split, and shares with no other
        self._is_new[key] = is_new or self._is_new.get(key, False)

    @property
    def imported(self) -> int:
        """How many rows state something new."""
        return sum(self._is_new.values())

    @property
    def merged(self) -> int:
        """How many rows state only what others state too."""
        return len(self._is_new) - self.imported

    @property
    def accepted(self) -> int:
        """How many rows the output covers."""
        return self.imported + self.merged + self.there

    def text(self) -> str:
        """The report for a person: the sum, and the reasons."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        rows, there = len(self.table.rows), f" + {self.there} already there" if self.there else ""
        sums = f"{self.imported} imported + {self.merged} merged as duplicates{there} + {len(self.rejections)} rejected"
        yield f"{self.table.sheet.path.name}: {rows} row{'' if rows == 1 else 's'} = {sums}"
        if self.things > self.imported:
            yield f"  {self.table.kind} in the imported rows: {self.things}"
        if self.roles.keys() - {"member"}:  # a row that is imported may say that its city is no member
            yield f"  roles: {', '.join(f'{role} ({count})' for role, count in sorted(self.roles.items()))}"
        kinds = Counter(rejected.kind for _, rejected in self.rejections)
        for kind, count in sorted(kinds.items()):
            yield f"  rejected, {kind}: {count}"
            yield from self._reasons(kind)
        yield from (f"  {what}: {count}" for what, count in sorted(self.unknown.items()))
        if self.noted:
            yield f"  with a note on dates: {self.noted}"

    def _reasons(self, kind: str) -> Iterator[str]:
        """The reasons of a kind with the rows that each holds for, as far as a screen has room."""
        rows: dict[str, list[int]] = {}
        for row, rejected in self.rejections:
            if rejected.kind == kind:
                rows.setdefault(rejected.reason, []).append(row.number)
        for reason, numbers in list(rows.items())[:MAX_REASONS]:
            further = f" and {len(numbers) - MAX_ROWS} more" if len(numbers) > MAX_ROWS else ""
            listed = ", ".join(map(str, numbers[:MAX_ROWS]))
            yield f"    row{'s' if len(numbers) > 1 else ''} {listed}{further}: {reason}"
        if len(rows) > MAX_REASONS:
            yield f"    and {len(rows) - MAX_REASONS} more reasons, in the file of the rejected rows"

    def rejected_csv(self) -> str:
        """The rejected rows for a spreadsheet program: their cells as they were, and why they were rejected."""
        has_further = any(row.further for row, _ in self.rejections)
        added = [name for name in REPORT_COLUMNS if name != GEONAMES or self.table.asks_for_geonames]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(map(spreadsheet_cell, [*self.table.header, *(added if has_further else added[:-1])]))
        for row, rejected in self.rejections:
            ids = [""] if self.table.asks_for_geonames else []
            candidates = "; ".join(map(str, rejected.candidates[:10]))
            reason = [str(row.number), f"{rejected.kind}: {rejected.reason}", candidates]
            further = [" | ".join(row.further)] if has_further else []
            writer.writerow(map(spreadsheet_cell, [*row.cells, *ids, *reason, *further]))
        return out.getvalue()


class ImportReport(NamedTuple):
    """The report on each table, and the files to write by path.

    >>> import pandas
    >>> table = pandas.DataFrame({"city": ["Palermo", "Nowhere-on-Sea"], "network": ["Eurocities", "Eurocities"]})
    >>> report = kg.import_table(table, "list.ttl", title="My list", creators=["Ann Ash"], licence="CC BY 4.0")
    >>> sorted(path.name for path in report.files)
    ['list.rejected.csv', 'list.rejected.csv-metadata.json', 'list.ttl']
    """

    tables: Sequence[TableReport]
    files: dict[Path, bytes]
    new_networks: Sequence[str] = ()

    @property
    def accepted(self) -> int:
        """How many rows the output covers."""
        return sum(report.accepted for report in self.tables)

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return sum(len(report.rejections) for report in self.tables)

    def text(self) -> str:
        """The reports for a person.

        >>> import pandas
        >>> table = pandas.DataFrame({"city": ["Palermo"], "network": ["Eurocities"]})
        >>> report = kg.import_table(table, "one.ttl", title="My list", creators=["Ann Ash"], licence="CC BY 4.0")
        >>> print(report.text(), end="")
        one.csv: 1 row = 1 imported + 0 merged as duplicates + 0 rejected
        """
        new = f"new networks: {'; '.join(self.new_networks)}\n" if self.new_networks else ""
        return "".join(report.text() for report in self.tables) + new

    def mappings(self) -> str:
        """Which column holds what, for each table.

        >>> import pandas
        >>> table = pandas.DataFrame({"Ville": ["Palermo"], "network": ["Eurocities"]})
        >>> report = kg.import_table(table, "two.ttl", title="My list", creators=["Ann Ash"], licence="CC BY 4.0")
        >>> print(report.mappings().strip())
        two.csv:
        A table of memberships:
          city     ← Ville
          network  ← network
        """
        return "".join(_mapping(report.table) for report in self.tables)


def _mapping(table: Table) -> str:
    """The mapping of a table, with what stands above the names of the columns."""
    title = f"Left out above the names of the columns: {table.sheet.title}\n" if table.sheet.title else ""
    return f"{table.sheet.path.name}:\n{title}{table.mapping.text().rstrip()}\n\n"
