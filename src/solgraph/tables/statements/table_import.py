"""How the rows of a table become statements: what all kinds of tables have in common."""

from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, TypeVar

from pyoxigraph import Literal

from solgraph.rdf.namespaces import GRAPH, ID, PREFIXES, expand, slug
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.dates import span
from solgraph.tables.recognise.graph_index import City
from solgraph.tables.recognise.network_names import NetworkNames
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.cell_readers import Property, number_or_text
from solgraph.tables.statements.pages import Pages
from solgraph.tables.statements.report import TableReport
from solgraph.tables.statements.statements import slug_of
from solgraph.tables.statements.table import MENTION_FIELDS, Table, TableRow

MAX_DESCRIPTION = 400
JOINED_FIELDS = {"cities": MENTION_FIELDS, "networks": ("network",)}
"""The fields that a row takes from the row of another table to whose key the first of them refers."""
Value = TypeVar("Value")


class TableImport:
    """Adds the statements of the rows of one table; a subclass for each kind of table."""

    properties: ClassVar[dict[str, Property]] = {}
    needs_evidence = True

    def __init__(self, table: Table, source: str, title: str, joined: Mapping[str, Table], pages: Pages) -> None:
        """``source`` is the IRI of the table, ``joined`` the tables to whose keys it refers, by their kinds.

        A table without a ``title`` is no source: the web pages that its rows name are.
        """
        self.table, self.pages, self.statements, self.report = table, pages, pages.statements, TableReport(table)
        self._source, self._title, self._others = source, title, joined
        self._imported = set(self.statements.previous.subjects)
        self.network_names = NetworkNames(self.statements.network_names(), table.new_networks)

    def run(self) -> TableReport:
        """Add the statements of all rows; each row is counted once."""
        for row, thing in self.things():
            self.report.count(row, self.is_new(thing))
            self._imported.add(thing)
            with self.statements.within(self.graph(row)):
                self.add_evidence(thing, row)
                self.add_remarks(thing, row)
        return self.report

    def graph(self, row: TableRow) -> str:
        """The named graph of the page that a row names; empty for a row that names none."""
        return GRAPH + self.pages.add(row) if row.get("page") else ""

    def things(self) -> Iterator[tuple[TableRow, str]]:
        """The rows and the IRIs of the things that they are about, which are added to the statements."""
        return self.read_rows(self.add_thing)

    def add_thing(self, row: TableRow) -> str:
        """Add the thing of a row; its IRI. Raises :class:`Rejected`."""
        raise NotImplementedError

    def add_remarks(self, thing: str, row: TableRow) -> None:
        """Add what every row may remark on its thing."""
        if row.get("note"):
            self.statements.add_note(thing, row.get("note"), "und")
        for name, cell in self.table.own_cells(row).items():
            self.statements.add(thing, PREFIXES["column"] + slug_of(name), number_or_text(cell))

    def read_rows(self, read: Callable[[TableRow], Value]) -> Iterator[tuple[TableRow, Value]]:
        """The usable rows and what is read from them; the others are reported."""
        for row in self.table.rows:
            if self._title and self._passage(row) in self.statements.previous.passages:
                self.report.there += 1
                continue
            try:
                value = read(self.joined(row))
            except Rejected as rejected:
                self.report.rejections.append((row, rejected))
            else:
                yield row, value

    def is_new(self, thing: str) -> bool:
        """Whether no row was about the thing before."""
        return thing not in self._imported

    def city(self, row: TableRow) -> City:
        """The city of a row. Raises :class:`Rejected`."""
        return self.statements.places.find(row.mention)

    def network_name(self, row: TableRow) -> str:
        """The name of the network of a row. Raises :class:`Rejected`."""
        return self.network_names.checked(checked_name(row.get("network"), "network"))

    def network(self, row: TableRow) -> str:
        """The IRI of the network of a row. Raises :class:`Rejected`."""
        return self.statements.network(self.network_name(row))

    def add_city(self, row: TableRow, city: City) -> str:
        """The IRI of the city of a row; another spelling than that of the gazetteer is a name of a new city."""
        return self.statements.city(city, "" if expand(row.get("city")) else row.get("city"))

    def joined(self, row: TableRow) -> TableRow:
        """A usable row, with the city and network of the rows to which it refers. Raises :class:`Rejected`."""
        if row.flaw:
            raise Rejected("unreadable row", row.flaw)
        if self.needs_evidence and not self._title and not row.get("page"):
            raise Rejected("no page", "the row names no page as its evidence, and the table has no title of its own")
        for kind, (key, *others) in JOINED_FIELDS.items():
            table = None if key == "city" and row.get("geonames") else self._others.get(kind)
            if not table or not row.get(key) or (key == "city" and self.statements.public_body(row.get(key))):
                continue
            entry = table.by_key(row.get(key))
            if not entry:
                raise Rejected("no such key", f"{table.sheet.path.name} has no row '{row.get(key)}'")
            if key == "city":
                self._check_city(table, entry)
            row = row._replace(fields=row.fields | {field: entry.get(field) for field in (key, *others)})
        return row

    def _check_city(self, table: Table, entry: TableRow) -> None:
        try:
            if entry.flaw:
                raise Rejected("unreadable row", entry.flaw)
            self.city(entry)
        except Rejected as rejected:
            reason = f"{table.sheet.path.name}, row {entry.number}: {rejected.reason}"
            raise Rejected("its city was rejected", reason, rejected.candidates) from rejected

    def add_properties(self, thing: str, row: TableRow) -> None:
        """Add the properties of the fields of this kind of table, and the description."""
        for field, (predicate, read, default) in self.properties.items():
            cell = row.get(field)
            value = read(self.statements, cell) if cell else None
            if cell and value is None:
                self.add_unread(thing, field, cell, f"unknown {field} '{cell}', noted")
            if value or default:
                self.statements.add(thing, predicate, value or default)
        text = row.get("description")
        if len(text) > MAX_DESCRIPTION:
            self.statements.add_note(thing, text, "und")
        elif text:
            self.statements.add(thing, "dcterms:description", Literal(text, language="und"))

    def add_unread(self, thing: str, field: str, cell: str, line: str = "") -> None:
        """Keep a cell as a note on its thing; ``line`` is counted in the report."""
        self.statements.add_note(thing, f"{field.capitalize()} in the table: {cell}")
        self.report.unknown.update([line] if line else [])

    def add_dates(self, thing: str, since: str, until: str = "") -> None:
        """Add the dates of two cells; those that cannot be read become a note."""
        dates = span(since, until)
        self.statements.add_date(thing, "sg:startDate", dates.since)
        self.statements.add_date(thing, "sg:endDate", dates.until)
        self.add_date_note(thing, dates.note)

    def add_date_note(self, thing: str, note: str) -> None:
        """Keep dates that cannot be read as a note, where there are any."""
        if note:
            self.report.noted += 1
            self.statements.add_note(thing, f"Dates in the table: {note}")

    def _passage(self, row: TableRow) -> str:
        return f"{ID}passage/{slug(self._source)}-row-{row.number}"

    def add_evidence(self, thing: str, row: TableRow) -> None:
        """Name the web page of the row, or else the row itself, as the evidence of a thing."""
        if page := self.pages.of(row):
            self.statements.add(thing, "sg:evidence", page.passage)
        elif self._title:
            self._add_row(thing, row)

    def _add_row(self, thing: str, row: TableRow) -> None:
        passage = self._passage(row)
        self.statements.describe(passage, "sg:Passage", {"oa:hasSource": self._source})
        self.statements.add(passage, "skos:prefLabel", Literal(f"{self._title}, row {row.number}", language="en"))
        self.statements.add(passage, "sg:section", Literal(f"row {row.number}"))
        self.statements.add(thing, "sg:evidence", passage)
        if row.get("source"):
            self.statements.add_note(passage, f"The row names its source: {row.get('source')}")
        if self.table.is_corrected:
            self.statements.add_note(passage, f"As corrected in {self.table.sheet.path.name}")


def checked_name(text: str, what: str) -> str:
    """A cell as a name. Raises :class:`Rejected` when it is none."""
    if not fold(text):
        raise Rejected(f"no {what}", f"the row names no {what}")
    if text[0] in "=+@":
        raise Rejected("formula", f"the cell of the {what} is a formula and not a name")
    return text
