"""How an answer differs from the expected one, for a person to read: the lines, and the cells of rows alike."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher, unified_diff
from typing import Any, NamedTuple, TypeAlias

Row: TypeAlias = tuple[Any, ...]
Lines: TypeAlias = Sequence[str]


class _Pairs(NamedTuple):
    """Which rows lack a counterpart on the other side, and which have one that differs in some cells, by number."""

    missing: list[Row]
    unexpected: list[Row]
    changed: list[tuple[int, Row, Row]]


def line_diff(expected: Lines, answer: Lines, name: str = "") -> list[str]:
    """The lines of a unified diff; ``name`` is the file with the expected answer, if it is in one."""
    return list(unified_diff(expected, answer, f"{name} (expected)" if name else "expected", "answer", lineterm=""))


def row_diff(columns: Sequence[str], expected: Sequence[Row], rows: Sequence[Row]) -> list[str]:
    """The cells that differ in rows otherwise alike, and how many rows are missing, unexpected or changed.

    Rows are numbered as in the answer, from 1. There is nothing to say where all rows are equal.
    """
    if Counter(expected) == Counter(rows):
        return [] if list(expected) == list(rows) else ["the same rows in another order"]
    pairs = _paired(expected, rows)
    cells = [
        f"row {number}, {name}: expected {old!r}, not {new!r}"
        for number, before, after in pairs.changed
        for name, old, new in zip(columns, before, after, strict=True)
        if old != new
    ]
    counts = [(len(rows), word) for rows, word in zip(pairs, pairs._fields, strict=True) if rows]
    return [*cells, ", ".join(f"{count} {'row' if count == 1 else 'rows'} {word}" for count, word in counts)]


def _paired(expected: Sequence[Row], rows: Sequence[Row]) -> _Pairs:
    pairs = _Pairs([], [], [])
    for kind, start, end, first, last in SequenceMatcher(None, expected, rows, autojunk=False).get_opcodes():
        if kind != "equal":
            _pair_up(list(expected[start:end]), list(enumerate(rows[first:last], first + 1)), pairs)
    return pairs


def _pair_up(expected: list[Row], rows: list[tuple[int, Row]], pairs: _Pairs) -> None:
    """Sort the rows of a place where both sides differ into pairs and rows that have no counterpart."""
    for row in expected:
        nearest = max(rows, key=lambda other: _shared(row, other[1]), default=(0, ()))
        if 2 * _shared(row, nearest[1]) >= len(list(filter(_is_filled, row))) > 0:
            rows.remove(nearest)
            pairs.changed.append((nearest[0], row, nearest[1]))
        else:
            pairs.missing.append(row)
    pairs.unexpected.extend(row for _, row in rows)


def _shared(row: Row, other: Row) -> int:
    """How many values two rows have in common; none where they are not of the same length."""
    if len(row) != len(other):
        return 0
    return sum(_is_filled(cell) and cell == value for cell, value in zip(row, other, strict=True))


def _is_filled(cell: Any) -> bool:
    return cell not in (None, "", ())
