"""The mapping of a table by the names of its columns and, where they say too little, by what the columns hold."""

from collections.abc import Mapping

from solgraph.errors import WrongUse
from solgraph.tables.recognise.columns import (
    TYPICAL,
    ColumnMapping,
    could_be,
    field_of,
    option,
    quoted,
    recognise,
    recognise_kind,
)
from solgraph.tables.recognise.contents import Contents

_BY_CONTENTS = ("geonames", "country", "city", "network")
_KEYS = {"networks": "network", "cities": "city"}


def recognise_by_contents(
    header: tuple[str, ...], kind: str | None, stated: Mapping[str, str], contents: Contents, rows: int
) -> ColumnMapping:
    """As :func:`columns.recognise`; columns with names that nobody knows are recognised by their values.

    Raises :class:`WrongUse` also when a column of cities would be left out, and when most rows of a table would be
    merged: those are the marks of a table of another kind.
    """
    by_name = kind or recognise_kind(header, stated)
    if by_name not in ("memberships", "cities") and (kind or by_name != "networks"):
        return recognise(header, kind, stated)
    columns = _with_contents(header, stated, contents)
    if not kind and "city" not in stated:
        _check_networks(header, columns, contents, rows)
    free = [name for name in _unknown(header) if name not in columns.values()]
    has_network = "network" in columns or any(field_of(name, "memberships")[0] == "network" for name in header)
    marks = [] if has_network or by_name == "cities" else contents.marks(free, are_networks=kind is not None)
    mapping = recognise(header, kind or ("memberships" if marks else None), columns, marks)
    _check_unused(mapping, contents, stated)
    key = _KEYS.get(mapping.kind)
    if key and not kind and contents.is_repetitive(mapping.columns[key], rows):
        what = f"Most rows repeat a {key}: this is hardly a table of {mapping.kind}."
        other = "city" if key == "network" else "network"
        hint = f"Say which column holds the {other}: map=…; or kinds=['{mapping.kind}']."
        raise WrongUse(what, hint=hint)
    return mapping


def _unknown(header: tuple[str, ...]) -> list[str]:
    return [name for name in header if name.strip() and not field_of(name, "memberships")[0]]


def _with_contents(header: tuple[str, ...], stated: Mapping[str, str], contents: Contents) -> dict[str, str]:
    """The stated columns and those that are found by their values, for fields that no column is named after."""
    columns = dict(stated)
    for field in _BY_CONTENTS:
        if field in stated or any(field_of(name, "memberships") == (field, False) for name in header):
            continue
        weak = [name for name in header if field_of(name, "memberships") == (field, True)]
        free = [name for name in (*weak, *_unknown(header)) if name not in columns.values()]
        matching = contents.columns(field, free)
        if set(matching) & set(weak):
            continue  # its name and its values agree
        if len(matching) > 1:
            raise could_be(field, matching)
        columns |= {field: matching[0]} if matching else {}
    return columns


def _check_networks(header: tuple[str, ...], columns: Mapping[str, str], contents: Contents, rows: int) -> None:
    """A table with one row for each network and a column of cities nobody knows may list seats, and not members."""
    networks = [name for name in header if field_of(name, "networks") == ("network", False)]
    is_typical = any(field_of(name, "networks")[0] in TYPICAL["networks"] for name in header)
    if "city" in columns and networks and is_typical and not contents.is_repetitive(networks[0], rows):
        what = f"The column {quoted(columns['city'])} holds cities: are they members, or the seats of the networks?"
        hint = f"For members say {option('city', columns['city'])}; otherwise kinds=['networks']."
        raise WrongUse(what, hint=hint)


def _check_unused(mapping: ColumnMapping, contents: Contents, stated: Mapping[str, str]) -> None:
    """No column of cities is left out, unless the column of the city holds cities or was stated."""
    free = [name for name in mapping.unused if name in _unknown(tuple(mapping.unused))]
    if "city" in stated or not free or contents.columns("city", filter(None, [mapping.columns.get("city")])):
        return
    for column in contents.columns("city", free):
        what = f"The column {quoted(column)} holds names of cities, and is not used."
        raise WrongUse(what, hint=f"Say which column holds the city: {option('city', column)}")
