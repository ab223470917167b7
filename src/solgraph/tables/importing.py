"""Tables of researchers → one source file of the graph, and for each table an account of its rows."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from solgraph.engines.endpoint import Endpoint
from solgraph.errors import WrongUse
from solgraph.rdf import turtle
from solgraph.rdf.namespaces import ID, PREFIXES, slug
from solgraph.rdf.store import graph_of
from solgraph.tables.read import text_files as reading
from solgraph.tables.read.sheet import Sheet
from solgraph.tables.recognise import columns
from solgraph.tables.recognise.columns import Stored
from solgraph.tables.recognise.places import Places, Said
from solgraph.tables.statements.drafting import Description, Draft, city_iris
from solgraph.tables.statements.entries import Table, own_header
from solgraph.tables.statements.existing import MARK, Held
from solgraph.tables.statements.known import City, Known
from solgraph.tables.statements.report import Account
from solgraph.tables.statements.rows import Rows, Whereabouts

ORDER = ("networks", "cities", "memberships", "programmes", "collaborations")
_DC, _SG = PREFIXES["dcterms"], PREFIXES["sg"]


class Options(NamedTuple):
    """What the user says about the tables; nothing of it is needed when they are plain."""

    map: str = ""
    mappings: Sequence[Path] = ()
    kinds: Sequence[str] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    country: str = ""


class Imported(NamedTuple):
    """The files to write, by path, and the account of each table; ``new`` is the number of new statements."""

    contents: dict[Path, bytes]
    accounts: list[Account]
    new: int

    @property
    def taken(self) -> int:
        """How many rows the file tells of."""
        return sum(account.taken for account in self.accounts)

    def text(self) -> str:
        """The accounts for a person."""
        return "".join(account.text() for account in self.accounts)


def read_tables(paths: Sequence[Path], options: Options) -> list[Table]:
    """The tables with their mappings. Raises :class:`WrongUse` when they cannot be joined."""
    stored = [columns.load(path) for path in options.mappings]
    for option, given in (("--mapping", options.mappings), ("--kind", options.kinds)):
        if given and len(given) != len(paths):
            hint = f"Give one {option} for each table, in the order of the tables."
            raise WrongUse(f"{len(paths)} tables, but {len(given)} × {option}.", hint=hint)
    pairs: list[tuple[Path, Stored | None]] = [(path, stored[at] if stored else None) for at, path in enumerate(paths)]
    sheets = [_read(path, one, options) for path, one in pairs]
    said = columns.given(options.map) if options.map else {}
    _refuse_unknown_headers(said, [own_header(sheet) for sheet in sheets], options.map)
    kinds = [*options.kinds, *[None] * len(paths)]
    tables = [_table(sheet, one, said, kind) for sheet, (_, one), kind in zip(sheets, pairs, kinds, strict=False)]
    return _joinable(tables)


def _read(path: Path, stored: Stored | None, options: Options) -> Sheet:
    dialect = {"encoding": options.encoding, "delimiter": options.delimiter, "sheet": options.sheet}
    given = {key: value for key, value in dialect.items() if value is not None}
    return reading.read(path, **((stored.dialect if stored else {}) | given))


def _table(sheet: Sheet, stored: Stored | None, said: Mapping[str, str], kind: str | None) -> Table:
    header = own_header(sheet)
    if stored:
        return Table(sheet, columns.fitted(stored.mapping, header))
    here = {field: name for field, name in said.items() if not name or name in header}
    return Table(sheet, columns.recognise(header, kind, here))


def _refuse_unknown_headers(said: Mapping[str, str], headers: Sequence[tuple[str, ...]], text: str) -> None:
    for name in said.values():
        if name and not any(name in header for header in headers):
            known = ", ".join(repr(one) for header in headers for one in header[:20])
            raise WrongUse(f"--map {text}: no table has a column {name!r}.", hint=f"Columns: {known}")


def _joinable(tables: list[Table]) -> list[Table]:
    kinds = [table.kind for table in tables]
    for kind in kinds:
        if kinds.count(kind) > 1:
            named = " and ".join(table.sheet.path.name for table in tables if table.kind == kind)
            hint = "Import them one after the other, each into a file of its own."
            raise WrongUse(f"{named} are both tables of {kind}.", hint=hint)
    if len([kind for kind in kinds if kind not in ("cities", "networks")]) > 1:
        raise WrongUse(f"Tables of {' and '.join(kinds)} cannot be joined.", hint="Import one after the other.")
    return sorted(tables, key=lambda table: ORDER.index(table.kind))


class Import:
    """Tables on their way into one file.

    Raises :class:`WrongUse` when the file is one of the tables, or holds something that no import made.
    """

    def __init__(self, endpoint: Endpoint, tables: Sequence[Table], output: Path, country: str = "") -> None:
        """``endpoint`` answers what the graph knows already; it must not hold the output itself."""
        for table in tables:
            if output.resolve() == table.sheet.path.resolve():
                raise WrongUse(f"{output} is the table itself.", hint="Give another file with -o, for example x.ttl.")
        if output.suffix != ".ttl":
            raise WrongUse(f"{output} is no Turtle file.", hint="Give a name that ends in .ttl, for example x.ttl.")
        self.tables, self.output, self._country = list(tables), output, country
        self.name = slug(graph_of(output))
        self.held = Held(output)
        self.known = Known(endpoint)
        self._check_name()
        self._check_states()

    @property
    def description(self) -> Description | None:
        """How an earlier import described the table."""
        source = self._source(self.tables[-1])
        if not self.held.value(source, _DC + "title"):
            return None
        title, date, licence = (self.held.value(source, _DC + name) for name in ("title", "created", "license"))
        return Description(title, tuple(self.held.values(source, _DC + "creator")), licence, date)

    def run(self, description: Description) -> Imported:
        """Take all rows of all tables."""
        draft = Draft(self.name, self.known, self.held)
        return self._imported(draft, self._drawn_up(draft, description))

    def _drawn_up(self, draft: Draft, description: Description) -> list[Account]:
        """The accounts of the tables; the gazetteer is let go with the end of it, for it is large."""
        where = self._whereabouts()
        iris = self._new_cities(where)
        accounts = []
        for table in self.tables:
            source = self._source(table)
            own = description._replace(title=description.title + self._suffix(table, " ({})"))
            draft.source(source, own, table.sheet.path.name, table.digest)
            accounts.append(Rows(table, draft, source, where, iris).draw_up())
        return accounts

    def _check_name(self) -> None:
        if self.known.holds(f"{ID}source/{self.name}"):
            what = f"The graph has a source '{self.name}' already, and {self.output.name} would be one of that name."
            raise WrongUse(what, hint="Choose another name with -o.")

    def _check_states(self) -> None:
        """An earlier import of another state of the table has other row numbers."""
        for table in self.tables:
            before = self.held.value(self._source(table), _SG + "sha256")
            if before and before != table.digest and not table.corrected:
                what = f"{self.output} was imported from another state of {table.sheet.path.name}."
                hint = "Import the corrected file of rejected rows; or choose another file with -o to begin anew."
                raise WrongUse(what, hint=hint)

    def _source(self, table: Table) -> str:
        return f"{ID}source/{self.name}{self._suffix(table, '-{}')}"

    def _suffix(self, table: Table, pattern: str) -> str:
        """Tables that are joined are sources of their own; the last of them bears the name of the file."""
        main = table is self.tables[-1]
        return "" if main else pattern.format(table.kind)

    def _of_kind(self, kind: str) -> Table | None:
        return next((table for table in self.tables if table.kind == kind), None)

    def _whereabouts(self) -> Whereabouts:
        said: list[Said] = []
        places = Places(self.known, [], self.held.cities())
        where = Whereabouts(places, self._of_kind("cities"), self._of_kind("networks"), self._country)
        for table in self.tables:
            if table.kind != "networks":
                said += map(where.said, table.entries)
        return where._replace(places=Places(self.known, said, self.held.cities()))

    def _new_cities(self, where: Whereabouts) -> dict[int, str]:
        found = (
            where.city(entry, joined=table.kind != "cities")
            for table in self.tables
            if table.kind != "networks"
            for entry in table.entries
            if not entry.flaw and (entry.get("city") or entry.get("geonames"))
        )
        new = {one for one in found if isinstance(one, City) and not one.iri}
        return city_iris(new, where.places.gazetteer, self.known) if new else {}

    def _imported(self, draft: Draft, accounts: list[Account]) -> Imported:
        triples = draft.finish()
        contents = {}
        for account in accounts:
            if account.rejections:
                path, text = self._rejected(account)
                contents[path] = text
        if any(account.taken for account in accounts):
            contents[self.output] = (
                f"{MARK}; what you change here, mend in the table.\n\n{turtle.turtle(triples)}".encode()
            )
        return Imported(contents, accounts, len(triples - self.held.triples))

    def _rejected(self, account: Account) -> tuple[Path, bytes]:
        """The file of the rejected rows: never one of the tables, and never one that somebody may have corrected."""
        content = b"\xef\xbb\xbf" + account.rejected_csv().encode()
        inputs = {table.sheet.path.resolve() for table in self.tables}
        stem = f"{self.output.stem}.rejected{self._suffix(account.table, '-{}')}"
        number = 1
        while True:
            path = self.output.with_name(f"{stem}{'' if number == 1 else f'-{number}'}.csv")
            if path.resolve() not in inputs and (not path.exists() or path.read_bytes() == content):
                return path, content
            number += 1
