"""Mapping files: CSVW metadata (https://www.w3.org/TR/tabular-metadata/) in which a column's ``name`` is our field."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from solgraph.errors import DataError, WrongUse, did_you_mean
from solgraph.rdf.namespaces import SG
from solgraph.tables.read.sheet import Sheet
from solgraph.tables.recognise.columns import FIELDS, ColumnMapping, recognise, recognise_kind
from solgraph.tables.recognise.stated_values import NO_VALUES, Values, parse_values

_CONTEXT = "http://www.w3.org/ns/csvw"
_CLASSES = dict(zip(FIELDS, "Membership City Network Source MemberList Programme Collaboration".split(), strict=True))
_WEB_NAMES = {"cp1252": "windows-1252", "cp1250": "windows-1250", "iso8859-2": "iso-8859-2", "utf-8-sig": "utf-8"}
"""Encodings by the names of the web, where Python has others."""
_VALUES = SG + "values"
"""Property of a column: what its cells mean, as ``--values`` has it."""
_QUOTE = '"'
_NETWORK = "network_"
"""Beginning of the names of columns that are each called by a network."""
_FIXED = {"quoteChar": '"', "doubleQuote": True, "header": True, "headerRowCount": 1, "skipRows": 0, "skipColumns": 0}


class StoredMapping(NamedTuple):
    """The columns of a kind of table, and in ``dialect`` the arguments of :func:`text_files.read` that a file fixes."""

    kind: str
    columns: dict[str, str]
    dialect: dict[str, str]
    values: Values = NO_VALUES
    networks: Sequence[str] = ()

    def fit(self, header: Sequence[str]) -> ColumnMapping:
        """The mapping, checked against the header of a table; no further columns are recognised."""
        columns = {field: self.columns.get(field, "") for field in FIELDS[self.kind]}
        mapping = recognise(header, self.kind, columns, self.networks)
        return mapping._replace(values=self.values)


def write_mapping(mapping: ColumnMapping, sheet: Sheet) -> str:
    """The mapping as CSVW metadata, which other programs read too; the class of the rows names the kind of table.

    A sheet without a dialect is one that a spreadsheet program may save in another.
    """
    fields = {column: field for field, column in mapping.columns.items()}
    fields |= {name: f"{_NETWORK}{sheet.header.index(name) + 1}" for name in mapping.networks}
    columns = [_column(number, name, fields.get(name), mapping.values) for number, name in enumerate(sheet.header, 1)]
    row = {"virtual": True, "propertyUrl": "rdf:type", "valueUrl": SG + _CLASSES[mapping.kind]}
    metadata: dict[str, Any] = {"@context": _CONTEXT, "url": sheet.path.name}
    if "sheet" in sheet.dialect:
        metadata["dc:title"] = sheet.dialect["sheet"]
    elif sheet.dialect:
        encoding, delimiter = sheet.dialect["encoding"], sheet.dialect["delimiter"]
        metadata["dialect"] = {
            "encoding": _WEB_NAMES.get(encoding, encoding),
            "delimiter": "\t" if delimiter == "tab" else delimiter,
            "commentPrefix": None,
        }
    metadata["tableSchema"] = {"columns": [*columns, row]}
    return json.dumps(metadata, ensure_ascii=False, indent=2) + "\n"


def _column(number: int, title: str, field: str | None, values: Values) -> dict[str, Any]:
    titles = {"titles": title} if title else {}
    if not field:
        return {"name": f"column_{number}", **titles, "suppressOutput": True}
    meanings = values.get(field, {}).items()
    stated = [f'{field}:"{cell.replace(_QUOTE, 2 * _QUOTE)}"={meaning}' for cell, meaning in meanings]
    return {"name": field, **titles, **({_VALUES: stated} if stated else {})}


def metadata_path(table: Path) -> Path:
    """Where the metadata of a table stands by the rules of CSVW."""
    return table.with_name(f"{table.name}-metadata.json")


def mapping_beside(table: Path) -> StoredMapping | None:
    """The mapping of the metadata beside a table, if there are any."""
    path = metadata_path(table)
    return read_mapping(path) if path.exists() else None


def read_mapping(path: Path) -> StoredMapping:
    """The mapping of a file of CSVW metadata as :func:`write_mapping` makes it, also changed by hand.

    Raises :class:`WrongUse` when there is no such file and :class:`DataError` when it cannot be followed.
    """
    try:
        return _stored(json.loads(path.read_text("utf-8-sig")))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.", hint="Give a mapping file.") from error
    except json.JSONDecodeError as error:
        raise DataError(f"is not JSON: {error.msg}.", where=f"{path}:{error.lineno}:{error.colno}") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise DataError("is not JSON in UTF-8.", where=str(path)) from error
    except (AttributeError, KeyError, TypeError) as error:
        hint = "Make one with save_mapping=True and change that."
        raise DataError(f"is not CSVW metadata of one table ({error}).", where=str(path), hint=hint) from error
    except DataError as error:
        raise DataError(error.what, where=str(path), hint=error.hint) from error


def _stored(metadata: dict[str, Any]) -> StoredMapping:
    if metadata["@context"] != _CONTEXT:
        raise KeyError("@context")
    columns: dict[str, str] = {}
    values: list[str] = []
    networks: list[str] = []
    kind = ""
    for column in metadata["tableSchema"]["columns"]:
        if column.get("propertyUrl") == "rdf:type":
            kind = _kind_of_rows(column["valueUrl"])
        elif not column.get("suppressOutput"):
            titles = column.get("titles", column["name"])
            title = titles[0] if isinstance(titles, list) else titles
            if column["name"].startswith(_NETWORK):
                networks.append(title)
                continue
            columns[column["name"]] = title
            values += column.get(_VALUES, [])
    kind = kind or recognise_kind([], columns)
    for name in columns:
        if name not in FIELDS[kind]:
            hint = did_you_mean(name, FIELDS[kind]) or 'For a column that is not used say "suppressOutput": true.'
            raise DataError(f"names a column {name!r}, which no table of {kind} has.", hint=hint)
    return StoredMapping(kind, columns, _dialect(metadata), parse_values(values), tuple(networks))


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
