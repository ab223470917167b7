"""What became of each row of a table, and the file of the rows that could not be taken."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from solgraph.rdf.atomic_files import spreadsheet_cell
from solgraph.tables.statements.entries import GEONAMES, OURS, Entry, Table


class Rejection(NamedTuple):
    """A row that was not taken: a kind for counting, a sentence that says why, and what it may mean."""

    entry: Entry
    kind: str
    reason: str
    candidates: str = ""


class Account:
    """The rows of one table: each is imported, merged into another, there already, or rejected."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.imported = self.merged = self.there = self.noted = 0
        self.rejections: list[Rejection] = []
        self.unknown: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many rows the file tells of."""
        return self.imported + self.merged + self.there

    def reject(self, entry: Entry, kind: str, reason: str, candidates: Sequence[object] = ()) -> None:
        """Leave a row out, and say why."""
        self.rejections.append(Rejection(entry, kind, reason, "; ".join(map(str, candidates[:10]))))

    def text(self) -> str:
        """The account for a person: the sum, and the reasons."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        rows, there = len(self.table.entries), f" + {self.there} already there" if self.there else ""
        told = f"{self.imported} imported + {self.merged} merged as duplicates{there} + {len(self.rejections)} rejected"
        yield f"{self.table.sheet.path.name}: {rows} row{'' if rows == 1 else 's'} = {told}"
        kinds = Counter(one.kind for one in self.rejections)
        yield from (f"  rejected, {kind}: {count}" for kind, count in sorted(kinds.items()))
        yield from (f"  {what}: {count}" for what, count in sorted(self.unknown.items()))
        if self.noted:
            yield f"  with a note on dates: {self.noted}"

    def rejected_csv(self) -> str:
        """The rejected rows for a spreadsheet program: their cells as they were, and why they were rejected."""
        further = any(one.entry.further for one in self.rejections)
        ours = [name for name in OURS if name != GEONAMES or self.table.asks_for_geonames]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(map(spreadsheet_cell, [*self.table.header, *(ours if further else ours[:-1])]))
        for one in self.rejections:
            writer.writerow(map(spreadsheet_cell, self._cells(one, further)))
        return out.getvalue()

    def _cells(self, one: Rejection, further: bool) -> list[str]:
        ids = [""] if self.table.asks_for_geonames else []
        told = [str(one.entry.number), f"{one.kind}: {one.reason}", one.candidates]
        return [*one.entry.cells, *ids, *told, *([" | ".join(one.entry.further)] if further else [])]
