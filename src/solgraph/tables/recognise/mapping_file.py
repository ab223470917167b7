"""Mapping files: CSVW metadata (https://www.w3.org/TR/tabular-metadata/) in which a column's ``name`` is our field."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from solgraph.errors import DataError, WrongUse, did_you_mean
from solgraph.rdf.namespaces import SG
from solgraph.tables.read.sheet import Sheet
from solgraph.tables.recognise.columns import FIELDS, ColumnMapping, recognise, recognise_kind

_CONTEXT = "http://www.w3.org/ns/csvw"
_CLASSES = dict(zip(FIELDS, "Membership City Network Source MemberList Programme Collaboration".split(), strict=True))
_WEB_NAMES = {"cp1252": "windows-1252", "cp1250": "windows-1250", "iso8859-2": "iso-8859-2", "utf-8-sig": "utf-8"}
"""Encodings by the names of the web, where Python has others."""
_FIXED = {"quoteChar": '"', "doubleQuote": True, "header": True, "headerRowCount": 1, "skipRows": 0, "skipColumns": 0}


class StoredMapping(NamedTuple):
    """The columns of a kind of table, and in ``dialect`` the arguments of :func:`text_files.read` that a file fixes."""

    kind: str
    columns: dict[str, str]
    dialect: dict[str, str]

    def fit(self, header: Sequence[str]) -> ColumnMapping:
        """The mapping, checked against the header of a table; no further columns are recognised."""
        return recognise(header, self.kind, {field: self.columns.get(field, "") for field in FIELDS[self.kind]})


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
    """The mapping of a file of CSVW metadata as :func:`write_mapping` makes it, also changed by hand.

    Raises :class:`WrongUse` when there is no such file and :class:`DataError` when it cannot be followed.
    """
    try:
        return _stored(json.loads(path.read_text("utf-8-sig")))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.", hint="Give a mapping file.") from error
    except json.JSONDecodeError as error:
        raise DataError(f"is no JSON: {error.msg}.", where=f"{path}:{error.lineno}:{error.colno}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise DataError("is no JSON in UTF-8.", where=str(path)) from error
    except (AttributeError, KeyError, TypeError) as error:
        hint = "Make one with --save-mapping and change that."
        raise DataError(f"is no CSVW metadata of one table ({error}).", where=str(path), hint=hint) from error
    except DataError as error:
        raise DataError(error.what, where=str(path), hint=error.hint) from error


def _stored(metadata: dict[str, Any]) -> StoredMapping:
    if metadata["@context"] != _CONTEXT:
        raise KeyError("@context")
    columns: dict[str, str] = {}
    kind = ""
    for column in metadata["tableSchema"]["columns"]:
        if column.get("propertyUrl") == "rdf:type":
            kind = _kind_of_rows(column["valueUrl"])
        elif not column.get("suppressOutput"):
            titles = column.get("titles", column["name"])
            columns[column["name"]] = titles[0] if isinstance(titles, list) else titles
    kind = kind or recognise_kind([], columns)
    for name in columns:
        if name not in FIELDS[kind]:
            hint = did_you_mean(name, FIELDS[kind]) or 'For a column that is not used say "suppressOutput": true.'
            raise DataError(f"names a column {name!r}, which no table of {kind} has.", hint=hint)
    return StoredMapping(kind, columns, _dialect(metadata))


def _kind_of_rows(iri: str) -> str:
    for kind, name in _CLASSES.items():
        if iri in (SG + name, f"sg:{name}"):
            return kind
    raise DataError(f"says that the rows are {iri!r}.", hint=f"Known: {SG}{{{','.join(_CLASSES.values())}}}")


def _dialect(metadata: dict[str, Any]) -> dict[str, str]:
    dialect = metadata.get("dialect", {})
    for key, value in _FIXED.items():
        if dialect.get(key, value) != value:
            raise DataError(f"says {key} {dialect[key]!r}, which cannot be followed.", hint=f"Known: {value!r}")
    stated = {key: dialect[key] for key in ("encoding", "delimiter") if key in dialect}
    return stated or ({"sheet": metadata["dc:title"]} if "dc:title" in metadata else {})
