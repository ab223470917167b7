"""Tables of researchers → one source file of the graph, and a report on what became of each row."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from solgraph.engines.endpoint import Endpoint
from solgraph.errors import WrongUse
from solgraph.rdf import turtle
from solgraph.rdf.namespaces import ID, PREFIXES, slug
from solgraph.rdf.store import graph_of
from solgraph.tables.read import text_files
from solgraph.tables.read.sheet import Sheet
from solgraph.tables.recognise import columns
from solgraph.tables.recognise.by_contents import recognise_by_contents
from solgraph.tables.recognise.contents import Contents
from solgraph.tables.recognise.graph_index import GraphIndex
from solgraph.tables.recognise.mapping_file import (
    StoredMapping,
    mapping_beside,
    metadata_path,
    read_mapping,
    write_mapping,
)
from solgraph.tables.recognise.places import Places
from solgraph.tables.recognise.stated_values import merged_values, parse_values
from solgraph.tables.statements.kinds import JOINED, KINDS
from solgraph.tables.statements.pages import Pages
from solgraph.tables.statements.previous_import import MARK, TRIG, PreviousImport
from solgraph.tables.statements.report import ImportReport, TableReport
from solgraph.tables.statements.statements import SourceDescription, Statements
from solgraph.tables.statements.table import Table, table_header

_DC, _SG = PREFIXES["dcterms"], PREFIXES["sg"]


class Options(NamedTuple):
    """What the user states about the tables; plain tables need only the description."""

    description: SourceDescription = SourceDescription()
    map: str = ""
    mappings: Sequence[Path] = ()
    kinds: Sequence[str] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    country: str = ""
    save_mapping: bool = False
    values: Sequence[str] = ()
    keep: Sequence[str] = ()


def import_tables(paths: Sequence[Path], output: Path, endpoint: Endpoint, options: Options) -> ImportReport:
    """Import tables into one file; nothing is written: the report holds the contents of all files.

    ``endpoint`` answers what the graph describes already; it must not hold the output itself. Turtle that an earlier
    import made is added to; TriG, in which each web page has its named graph, is made anew. Raises
    :class:`WrongUse` when the tables cannot be joined, when a table is not described as a source, and when the output
    is one of the tables or was not made by an import.
    """
    _check_output(output, paths)
    previous, graph = PreviousImport(output), GraphIndex(endpoint)
    tables = read_tables(paths, options, graph)
    name = slug(graph_of(output))
    sources = {table.kind: f"{ID}source/{'-'.join(filter(None, (name, table.part)))}" for table in tables}
    _check_sources(graph, previous, output, {sources[table.kind]: table for table in tables})
    description = _description(previous, sources[tables[-1].kind], output, options.description, tables[-1])
    mentions = [row.mention for table in tables if "city" in table.mapping.columns for row in table.rows]
    statements = Statements(name, graph, previous, Places(graph, mentions, previous.index))
    pages = Pages(statements, next((table for table in tables if table.kind == "pages"), None))
    reports = []
    for table in tables:
        title = description.title and description.title + (f" ({table.part})" if table.part else "")
        source = sources[table.kind]
        if title:
            statements.add_source(source, description._replace(title=title), table.sheet.path.name, table.digest)
        joined = {other.kind: other for other in tables if other is not table}
        reports.append(KINDS[table.kind](table, source, title, joined, pages).run())
    pages.add_publishers()
    return ImportReport(reports, _files(reports, statements, output, options.save_mapping), statements.new_networks)


def read_tables(paths: Sequence[Path], options: Options, graph: GraphIndex) -> list[Table]:
    """The tables with their mappings, the main one last. Raises :class:`WrongUse` when they cannot be joined."""
    for option, values in (("mappings", options.mappings), ("kinds", options.kinds)):
        if values and len(values) != len(paths):
            hint = f"Give {option}=…, one for each table, in their order."
            raise WrongUse(f"{len(paths)} tables, but {len(values)} {option}.", hint=hint)
    stored: Sequence[StoredMapping | None] = [*map(read_mapping, options.mappings)] or [None] * len(paths)
    sheets = [_read(path, mapping, options) for path, mapping in zip(paths, stored, strict=True)]
    headers = [table_header(sheet) for sheet in sheets]
    _check_stated(columns.parse_map(options.map).values(), headers, f"The map of columns {options.map}")
    _check_stated(options.keep, headers, f"The columns to keep, {', '.join(options.keep)}")
    kinds: Sequence[str | None] = options.kinds or [None] * len(paths)
    return _joined([_table(*parts, options, graph) for parts in zip(sheets, stored, kinds, strict=True)])


def _read(path: Path, stored: StoredMapping | None, options: Options) -> Sheet:
    stated = {"encoding": options.encoding, "delimiter": options.delimiter, "sheet": options.sheet}
    dialect = {key: value for key, value in stated.items() if value is not None}
    return text_files.read(path, **((stored.dialect if stored else {}) | dialect))


def _table(sheet: Sheet, stored: StoredMapping | None, kind: str | None, options: Options, graph: GraphIndex) -> Table:
    header = table_header(sheet)
    stated = {} if stored else columns.parse_map(options.map)
    if not (stored or stated or kind) and len(header) < len(sheet.header):
        stored = mapping_beside(sheet.path)
    own = {field: name for field, name in stated.items() if not name or name in header}
    if stored:
        mapping = stored.fit(header)
    else:
        contents = Contents(header, (row.cells for row in sheet.rows if not row.flaw), graph)
        mapping = recognise_by_contents(header, kind, own, contents, len(sheet.rows))
    values = merged_values(mapping.values, parse_values(options.values))
    return Table(sheet, mapping._replace(values=values), options.country, options.keep)


def _check_stated(stated: Iterable[str], headers: Sequence[tuple[str, ...]], option: str) -> None:
    for name in filter(None, stated):
        if not any(name in header for header in headers):
            hint = f"Columns: {', '.join(repr(column) for header in headers for column in header[:20])}"
            raise WrongUse(f"{option}: no table has a column {name!r}.", hint=hint)


def _joined(tables: list[Table]) -> list[Table]:
    kinds = [table.kind for table in tables]
    for kind in kinds:
        if kinds.count(kind) > 1:
            names = " and ".join(table.sheet.path.name for table in tables if table.kind == kind)
            hint = "Import them one after the other, each into its own file."
            raise WrongUse(f"{names} are both tables of {kind}.", hint=hint)
    if len([kind for kind in kinds if kind not in JOINED]) > 1:
        raise WrongUse(f"Tables of {' and '.join(kinds)} cannot be joined.", hint="Import one after the other.")
    ordered = sorted(tables, key=lambda table: list(KINDS).index(table.kind))
    for table in ordered[:-1]:
        table.part = table.kind
    return ordered


def _check_output(output: Path, paths: Sequence[Path]) -> None:
    if output.resolve() in {path.resolve() for path in paths}:
        raise WrongUse(f"{output} is the table itself.", hint="Give another file, for example x.ttl.")
    if output.suffix not in (".ttl", TRIG):
        raise WrongUse(f"{output} is not a Turtle file.", hint="Give a name that ends in .ttl or .trig, such as x.ttl.")


def _check_sources(graph: GraphIndex, previous: PreviousImport, output: Path, tables: Mapping[str, Table]) -> None:
    """The sources are not in the graph, and an earlier import was of the same state: others have other row numbers."""
    main = list(tables)[-1]
    if graph.describes(main):
        what = f"The graph has a source '{slug(main)}' already, and {output.name} would be one of that name."
        raise WrongUse(what, hint="Choose another name for the file.")
    for source, table in tables.items():
        digest = previous.value(source, _SG + "sha256")
        if digest and digest != table.digest and not table.is_corrected:
            what = f"{output} was imported from another state of {table.sheet.path.name}."
            hint = "Import the corrected file of rejected rows; or choose another file to start again."
            raise WrongUse(what, hint=hint)


def _description(
    previous: PreviousImport, source: str, output: Path, description: SourceDescription, table: Table
) -> SourceDescription:
    """The description of an earlier import, or else the stated one; none is needed where rows name their pages."""
    if title := previous.value(source, _DC + "title"):
        if description.title not in ("", title):
            raise WrongUse(f"{output} has the title '{title}' already.", hint="Leave out title=….")
        creators = tuple(previous.values(source, _DC + "creator"))
        licence, date = (previous.value(source, _DC + name) for name in ("license", "created"))
        return SourceDescription(title, creators, licence, date)
    options = zip(("title=…", "creators=…", "licence=…"), description, strict=False)
    is_needed = description.title or "page" not in table.mapping.columns
    if is_needed and (missing := [option for option, value in options if not value]):
        raise WrongUse("The table must be described as a source.", hint=f"Say {' and '.join(missing)}.")
    return description


def _files(
    reports: Sequence[TableReport], statements: Statements, output: Path, save_mapping: bool
) -> dict[Path, bytes]:
    """The contents to write: the rejected rows of each table, the statements, the mappings."""
    tables = [report.table for report in reports]
    files: dict[Path, bytes] = {}
    for report in reports:
        files |= _rejected(report, output, tables) if report.rejections else {}
    if any(report.accepted for report in reports):
        graphs = statements.complete()
        is_trig = output.suffix == TRIG
        text = turtle.trig(sorted(graphs.items())) if is_trig else turtle.turtle(set().union(*graphs.values()))
        files[output] = f"{MARK}; make changes in the table, not here.\n\n{text}".encode()
    for table in tables if save_mapping else ():
        files[metadata_path(table.sheet.path)] = write_mapping(table.mapping, table.sheet).encode()
    return files


def _rejected(report: TableReport, output: Path, tables: Sequence[Table]) -> dict[Path, bytes]:
    """The file of the rejected rows and its mapping: never a table, and never one that somebody may have corrected."""
    content = b"\xef\xbb\xbf" + report.rejected_csv().encode()
    inputs = {table.sheet.path.resolve() for table in tables}
    stem, number = "-".join(filter(None, (f"{output.stem}.rejected", report.table.part))), 1
    while True:
        path = output.with_name(f"{stem}{'' if number == 1 else f'-{number}'}.csv")
        if path.resolve() not in inputs and (not path.exists() or path.read_bytes() == content):
            sheet = report.table.sheet._replace(path=path, header=report.table.header, dialect={})
            return {path: content, metadata_path(path): write_mapping(report.table.mapping, sheet).encode()}
        number += 1
