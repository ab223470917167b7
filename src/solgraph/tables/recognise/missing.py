"""Cells that say that nothing is known: NA, n/a, ?, keine Angabe."""

from functools import cache

from solgraph.tables.words import words

NAMIBIA = "NA"
"""The code of Namibia, and what R writes for a missing value: only a city of Namibia tells them apart."""
_SIGNS = " -–—‒―−?.…/_*~"
_NAMES = ("city", "network", "country", "name", "since", "until")


def without_missing(field: str, cell: str) -> str:
    """The cell, or nothing where it stands for a missing value; in names and dates 0 does too."""
    if field == "country" and cell == NAMIBIA:
        return cell
    is_missing = not cell.strip(_SIGNS) or cell.casefold() in _missing() or (cell == "0" and field in _NAMES)
    return "" if is_missing else cell


@cache
def _missing() -> frozenset[str]:
    return frozenset(word.casefold() for word in words("missing")["cell"])
