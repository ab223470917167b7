"""Which column of a table holds what: recognised by its name in six languages, or named by the user."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple

from solgraph.errors import WrongUse, did_you_mean
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.stated_values import NO_VALUES, Values
from solgraph.tables.words import words

FIELDS = words("fields")
TYPICAL = words("typical fields")


class ColumnMapping(NamedTuple):
    """The column of each field, by its name in the header; ``unused`` columns hold no field.

    ``values`` are what cells mean, as the user says; ``networks`` the columns of a matrix, each called by a network.
    """

    kind: str
    columns: dict[str, str]
    unused: list[str]
    values: Values = NO_VALUES
    networks: Sequence[str] = ()

    def text(self) -> str:
        """For showing it to the user."""
        width = max(map(len, self.columns), default=0)
        lines = [f"  {field:<{width}}  ← {column}" for field, column in self.columns.items()]
        lines += [f"  each a network: {', '.join(map(quoted, self.networks))}"] if self.networks else []
        lines += [
            f"  {field} '{cell}' means {meaning}"
            for field in self.values
            for cell, meaning in self.values[field].items()
        ]
        unused = ", ".join(column or "(no name)" for column in self.unused)
        return "\n".join([f"A table of {self.kind}:", *lines, *([f"Not used: {unused}"] if unused else [])])


def recognise(
    header: Sequence[str],
    kind: str | None = None,
    stated: Mapping[str, str] | None = None,
    networks: Sequence[str] = (),
) -> ColumnMapping:
    """The mapping of a header; ``stated`` (of :func:`parse_map`) overrules the names of the columns.

    ``networks`` are the columns of a matrix of cities and networks, which then needs no column of networks. A field
    that is stated to have no column (``since=``) gets none. Raises :class:`WrongUse` when two columns could be one
    field and when a required field has no column.
    """
    chosen = {field: column and _spelled_in_header(column, header) for field, column in (stated or {}).items()}
    kind = kind or recognise_kind(header, chosen)
    if kind not in FIELDS:
        raise WrongUse(
            f"There are no tables of {kind!r}.", hint=did_you_mean(kind, FIELDS) or f"Kinds: {', '.join(FIELDS)}"
        )
    if wrong := [field for field in chosen if field not in FIELDS[kind]]:
        raise WrongUse(f"A table of {kind} has no field {wrong[0]!r}.", hint=f"Fields: {', '.join(FIELDS[kind])}")
    free = [column for column in header if column not in chosen.values() and column not in networks]
    columns = {field: chosen[field] if field in chosen else _column_of(field, free, kind) for field in FIELDS[kind]}
    return _checked(kind, {field: column for field, column in columns.items() if column}, header, networks)


def _checked(kind: str, columns: dict[str, str], header: Sequence[str], networks: Sequence[str]) -> ColumnMapping:
    unused = [column for column in header if column not in columns.values() and column not in networks]
    present = {*columns, *(["network"] if networks else [])}
    if missing := [field for field in words("required fields")[kind] if field not in present]:
        raise _missing(missing[0], kind, header, unused)
    fields: dict[str, str] = {}
    for field, column in columns.items():
        if header.count(column) > 1:
            what = f"Two columns are called {column!r}, which is the {field}."
            raise WrongUse(what, hint="Give one of them another name in the table.")
        if column in fields:
            raise WrongUse(f"The column {column!r} cannot be both the {fields[column]} and the {field}.")
        fields[column] = field
    return ColumnMapping(kind, columns, unused, networks=tuple(networks))


def _missing(field: str, kind: str, header: Sequence[str], unused: Sequence[str]) -> WrongUse:
    example = next((column for column in unused if column.strip()), "COLUMN")
    columns = ", ".join(map(quoted, header[:40])) + (" …" if len(header) > 40 else "")
    others = ", ".join(other for other in FIELDS if other != kind)
    return WrongUse(
        f"No column of this table of {kind} is known as the {field}. Columns: {columns}",
        hint=f"Say which one it is: {option(field, example)}\nFor another kind of table say kinds=… ({others}).",
    )


def _column_of(field: str, header: Sequence[str], kind: str) -> str:
    """The only column with a name of the field, or nothing; weak names only where there is no other."""
    for is_weak in (False, True):
        columns = [column for column in header if field_of(column, kind) == (field, is_weak)]
        if len(set(columns)) > 1:
            raise could_be(field, columns)
        if columns:
            return columns[0]
    return ""


def could_be(field: str, columns: Sequence[str]) -> WrongUse:
    """The error that several columns could be one field."""
    options = "\nor ".join(option(field, column) for column in columns)
    what = f"{len(columns)} columns could be the {field}: {' and '.join(map(quoted, columns))}."
    return WrongUse(what, hint=f"Say which one: {options}")


@cache
def field_of(column: str, kind: str) -> tuple[str, bool]:
    """The field that the name of a column means, and whether it is a weak name; ``("", False)`` for none.

    ``Ville / City`` and ``Since (if known)`` are understood by their parts, ``cityName`` by its words.
    """
    fields = _dictionary(kind)
    for name in (column, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)):
        if fold(name) in fields:
            return fields[fold(name)]
    parts = [fields[fold(part)] for part in re.split(r"[/|()\[\],;:\n]", column) if fold(part) in fields]
    return parts[0] if len({field for field, _ in parts}) == 1 else ("", False)


@cache
def _dictionary(kind: str) -> dict[str, tuple[str, bool]]:
    """Folded name → field and whether the name is weak."""
    weak = dict(words("weak columns"))
    if kind == "memberships":
        weak["city"] = [*weak["city"], *words("weak columns of memberships")["city"]]
    names = weak.pop("name")
    weak |= dict.fromkeys(words("field called name").get(kind, ()), names)
    fields = {fold(name): (field, True) for field, names in weak.items() for name in names}
    for field in FIELDS[kind]:
        names = words("columns")[f"name of {kind}" if field == "name" else field]
        fields |= {fold(name): (field, False) for name in names}
    return fields


def recognise_kind(header: Sequence[str], stated: Mapping[str, str]) -> str:
    """The kind of table that has those columns; memberships when that is open, so that they are asked for."""

    def has(kind: str, *fields: str, weakly: bool = False) -> bool:
        recognised = {field for field, is_weak in (field_of(name, kind) for name in header) if weakly or not is_weak}
        return {*recognised, *stated}.issuperset(fields)

    has_span = any(has("memberships", field, weakly=True) for field in ("since", "until", "role"))
    rules = {
        "collaborations": has("collaborations", "partner", "city"),
        "pages": has("pages", "page", "url"),
        "lists": has("lists", "network", "page", "claimed"),
        "memberships": has("memberships", "network") and has("memberships", "city", weakly=True),
        "programmes": has("programmes", "name", "city"),
        "networks": has("networks", "network") and any(map(partial(has, "networks"), TYPICAL["networks"])),
        "cities": not has_span and has("cities", "city") and any(map(partial(has, "cities"), TYPICAL["cities"])),
    }
    return next((kind for kind, holds in rules.items() if holds), "memberships")


def _spelled_in_header(column: str, header: Sequence[str]) -> str:
    """The column as the header spells it."""
    if column in header:
        return column
    alike = [name for name in header if fold(name) == fold(column) and fold(column)]
    if len(alike) == 1:
        return alike[0]
    hint = did_you_mean(column, header) or f"Columns: {', '.join(map(quoted, header[:40]))}"
    raise WrongUse(f"The table has no column {column!r}.", hint=hint)


# --map on the command line

_PAIR = re.compile(r"""\s*(?P<field>[^=,"]*?)\s*=\s*(?P<column>"(?:[^"]|"")*"|[^,"]*)\s*(?:,|$)""")


def parse_map(text: str) -> dict[str, str]:
    """The columns of ``--map 'city=Ville,network=Réseau,since="Start year"'``; a quotation mark inside is doubled."""
    fields = dict.fromkeys(field for fields in FIELDS.values() for field in fields)
    columns: dict[str, str] = {}
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        if not pair:
            hint = "Write field=column with commas between: map='city=Ville,since=\"Start year\"'"
            raise WrongUse(f"The map of columns cannot be read from {text[at : at + 60]!r} on.", hint=hint)
        field, column, at = pair["field"].lower(), pair["column"], pair.end()
        if field not in fields:
            hint = did_you_mean(field, fields) or f"Fields: {', '.join(fields)}"
            raise WrongUse(f"There is no field {field!r}.", hint=hint)
        if field in columns:
            raise WrongUse(f"The map of columns names {field!r} twice.")
        columns[field] = column[1:-1].replace('""', '"') if column.startswith('"') else column.strip()
    return columns


def quoted(column: str) -> str:
    """A column as ``--map`` has it."""
    return column if re.fullmatch(r"[\w.-]+", column) else '"' + column.replace('"', '""') + '"'


def option(field: str, column: str) -> str:
    """The argument to write."""
    return f"map={f'{field}={quoted(column)}'!r}"
