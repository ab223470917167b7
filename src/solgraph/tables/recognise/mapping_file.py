"""Mapping files: CSVW metadata (https://www.w3.org/TR/tabular-metadata/) in which a column's ``name`` is our field."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from solgraph.errors import DataError, WrongUse, did_you_mean
from solgraph.rdf.namespaces import SG
from solgraph.tables.read.sheet import Sheet
from solgraph.tables.recognise.columns import FIELDS, ColumnMapping, recognise_kind

_CONTEXT = "http://www.w3.org/ns/csvw"
_CLASSES = dict(zip(FIELDS, "Membership City Network Programme Collaboration".split(), strict=True))
_WEB_NAMES = {"cp1252": "windows-1252", "cp1250": "windows-1250", "iso8859-2": "iso-8859-2", "utf-8-sig": "utf-8"}
"""Encodings by the names of the web, where Python has others."""
_FIXED = {"quoteChar": '"', "doubleQuote": True, "header": True, "headerRowCount": 1, "skipRows": 0, "skipColumns": 0}


class StoredMapping(NamedTuple):
    """A mapping from a file, and in ``dialect`` the arguments of :func:`text_files.read` that it fixes."""

    mapping: ColumnMapping
    dialect: dict[str, str]


def write_mapping(mapping: ColumnMapping, sheet: Sheet) -> str:
    """The mapping as CSVW metadata, which other programs read too; the class of the rows names the kind of table."""
    fields = {column: field for field, column in mapping.columns.items()}
    columns = [_column(number, name, fields.get(name)) for number, name in enumerate(sheet.header, 1)]
    row = {"virtual": True, "propertyUrl": "rdf:type", "valueUrl": SG + _CLASSES[mapping.kind]}
    metadata: dict[str, Any] = {"@context": _CONTEXT, "url": sheet.path.name}
    if "sheet" in sheet.dialect:
        metadata["dc:title"] = sheet.dialect["sheet"]
    else:
        encoding, delimiter = sheet.dialect["encoding"], sheet.dialect["delimiter"]
        metadata["dialect"] = {
            "encoding": _WEB_NAMES.get(encoding, encoding),
            "delimiter": "\t" if delimiter == "tab" else delimiter,
            "commentPrefix": None,
        }
    metadata["tableSchema"] = {"columns": [*columns, row]}
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def _column(number: int, title: str, field: str | None) -> dict[str, Any]:
    titles = {"titles": title} if title else {}
    return {"name": field, **titles} if field else {"name": f"column_{number}", **titles, "suppressOutput": True}


def read_mapping(path: Path) -> StoredMapping:
    """The mapping of a file of CSVW metadata, written by :func:`write_mapping` or by hand.

    Raises :class:`WrongUse` when there is no such file and :class:`DataError` when it cannot be followed.
    """
    try:
        table = _table(json.loads(path.read_text("utf-8-sig")))
        columns, kind = _columns(table)
        return StoredMapping(ColumnMapping(kind, columns, []), _dialect(table))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.", hint="Give a mapping file.") from error
    except json.JSONDecodeError as error:
        raise DataError(f"is no JSON: {error.msg}.", where=f"{path}:{error.lineno}:{error.colno}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise DataError("is no JSON in UTF-8.", where=str(path)) from error
    except DataError as error:
        raise DataError(error.what, where=str(path), hint=error.hint) from error


def _table(metadata: Any) -> dict[str, Any]:
    context = _typed(metadata, dict, "the file").get("@context")
    if _CONTEXT not in (context, *(context if isinstance(context, list) else [])):
        raise DataError("is no CSVW metadata.", hint=f'It begins {{"@context": "{_CONTEXT}", …')
    tables = _typed(metadata.get("tables", [metadata]), list, "tables")
    if len(tables) != 1:
        raise DataError(f"describes {len(tables)} tables.", hint="Give each table a file of its own.")
    common = {key: metadata[key] for key in ("dialect", "tableSchema") if key in metadata}
    return common | dict(_typed(tables[0], dict, "the table"))


def _typed(value: Any, wanted: type, name: str) -> Any:
    if not isinstance(value, wanted):
        kind = {"dict": "an object", "list": "a list"}.get(wanted.__name__, "a text")
        raise DataError(f"{name} is not {kind}.")
    return value


def _columns(table: dict[str, Any]) -> tuple[dict[str, str], str]:
    schema = _typed(table.get("tableSchema"), dict, "tableSchema")
    described = _typed(schema.get("columns"), list, "tableSchema.columns")
    columns: dict[str, str] = {}
    for column in described:
        if _typed(column, dict, "a column").get("virtual") or column.get("suppressOutput"):
            continue
        name = _typed(column.get("name"), str, "the name of a column")
        if name in columns:
            raise DataError(f"has two columns of the name {name!r}.")
        columns[name] = _title(column.get("titles", name), name)
    kind = _kind_of_rows(described) or recognise_kind([], columns)
    for name in columns:
        if name not in FIELDS[kind]:
            hint = did_you_mean(name, FIELDS[kind]) or 'For a column that is not used say "suppressOutput": true.'
            raise DataError(f"names a column {name!r}, which no table of {kind} has.", hint=hint)
    return columns, kind


def _title(titles: Any, name: str) -> str:
    """The first title: CSVW allows a text, a list, or either by language."""
    while isinstance(titles, dict | list) and titles:
        titles = next(iter(titles.values())) if isinstance(titles, dict) else titles[0]
    return str(_typed(titles, str, f"titles of {name!r}"))


def _kind_of_rows(columns: Sequence[dict[str, Any]]) -> str:
    classes = [column.get("valueUrl") for column in columns if column.get("propertyUrl") == "rdf:type"]
    kinds = [kind for kind, name in _CLASSES.items() if classes and classes[0] in (SG + name, f"sg:{name}")]
    if classes and not kinds:
        raise DataError(f"says that the rows are {classes[0]!r}.", hint=f"Known: {SG}{{{','.join(_CLASSES.values())}}}")
    return kinds[0] if kinds else ""


def _dialect(table: dict[str, Any]) -> dict[str, str]:
    dialect = _typed(table.get("dialect", {}), dict, "dialect")
    for key, value in _FIXED.items():
        if dialect.get(key, value) != value:
            raise DataError(f"says {key} {dialect[key]!r}, which cannot be followed.", hint=f"Known: {value!r}")
    fixed = {key: _typed(dialect[key], str, key) for key in ("encoding", "delimiter") if key in dialect}
    title = table.get("dc:title")
    return fixed | ({"sheet": _typed(title, str, "dc:title")} if title and not fixed else {})
