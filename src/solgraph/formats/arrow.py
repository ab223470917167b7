"""Rows as columns of Apache Arrow, each of one type whatever the rows are; data frames and Parquet follow from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from solgraph.errors import MissingExtra

if TYPE_CHECKING:
    from datetime import date


def table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], types: Mapping[str, str], several: Sequence[str], extra: str
) -> Any:
    """A ``pyarrow.Table`` of rows of Python values. Raises :class:`MissingExtra`, which names the ``extra``.

    A type is one of the header of a saved query (``year``, ``date``, ``sg:City`` …); that of a column without follows
    from its values. A date is its first day, with its precision in a column beside it (``since_precision``: year, month
    or day). The columns of ``several`` hold lists. A column with a value that its type does not allow is text.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra("A table of Arrow", extra) from error
    made: dict[str, Any] = {}
    for place, name in enumerate(columns):
        cells = [row[place] for row in rows]
        kind = types.get(name) or _kind_of(_values(cells, name in several))
        try:
            made |= _column(name, cells, kind, name in several)
        except (ValueError, TypeError, OverflowError):  # a value that its type does not allow stays as it is written
            made |= _column(name, cells, "text", name in several)
    return pyarrow.table(made)


def _column(name: str, cells: Sequence[Any], kind: str, is_several: bool) -> dict[str, Any]:
    """The column of that name; for dates also the column of their precision."""
    import pyarrow

    if is_several:
        listed = pyarrow.list_(_arrow_type("text" if kind == "date" else kind))
        return {name: pyarrow.array([[_plain(value, kind) for value in cell] for cell in cells], listed)}
    if kind != "date":
        return {name: pyarrow.array([_plain(cell, kind) for cell in cells], _arrow_type(kind))}
    days = [_day(cell) for cell in cells]
    return {
        name: pyarrow.array([day for day, _ in days], _arrow_type(kind)),
        f"{name}_precision": pyarrow.array([precision for _, precision in days], pyarrow.string()),
    }


def _arrow_type(kind: str) -> Any:
    import pyarrow

    types = {"integer": pyarrow.int64(), "year": pyarrow.int64(), "decimal": pyarrow.float64()}
    days = dict.fromkeys(("date", "day"), pyarrow.date32())
    return (types | days | {"boolean": pyarrow.bool_()}).get(kind, pyarrow.string())


def _values(cells: Iterable[Any], is_several: bool) -> list[Any]:
    flat = (value for cell in cells for value in cell) if is_several else cells
    return [value for value in flat if value is not None]


def _kind_of(values: Sequence[Any]) -> str:
    """The narrowest kind that holds all values; text when there is none. Days are dates of full precision."""
    from datetime import date
    from decimal import Decimal

    types = set(map(type, values))
    for kind, allowed in (
        ("boolean", {bool}),
        ("integer", {int}),
        ("decimal", {int, float, Decimal}),
        ("day", {date}),
    ):
        if types and types <= allowed:
            return kind
    return "text"


def _plain(value: Any, kind: str) -> Any:
    """A value as Arrow takes it for a kind; text of IRIs and of what else a column of text holds."""
    if value is None or kind in ("boolean", "integer", "year", "day"):
        return value
    return float(value) if kind == "decimal" else str(value)


def _day(value: Any) -> "tuple[date | None, str | None]":
    """The first day of a year, month or day as :func:`~solgraph.rdf.terms.python_value` gives it, and which it is."""
    from datetime import date

    if value is None:
        return None, None
    if isinstance(value, date):
        return value, "day"
    year, _, month = str(value).partition("-")
    return date(int(year), int(month or 1), 1), "month" if month else "year"


def pandas(arrow: Any) -> Any:
    """A table of Arrow as a pandas DataFrame of nullable types, the same for every answer. Needs ``pandas``."""
    try:
        import pandas as library
    except ImportError as error:
        raise MissingExtra("A DataFrame", "pandas") from error
    nullable = {"int64": library.Int64Dtype(), "bool": library.BooleanDtype(), "string": library.StringDtype()}
    return arrow.to_pandas(types_mapper=lambda kind: nullable.get(str(kind)), date_as_object=False)


def polars(arrow: Any) -> Any:
    """A table of Arrow as a polars DataFrame. Needs ``polars``."""
    try:
        import polars as library
    except ImportError as error:
        raise MissingExtra("A polars DataFrame", "polars") from error
    return library.from_arrow(arrow)


def parquet(arrow: Any) -> bytes:
    """A table of Arrow as a Parquet file."""
    import io

    from pyarrow import parquet as library

    out = io.BytesIO()
    library.write_table(arrow, out)
    return out.getvalue()
