"""Years, months, days and spans of time, as people write them in cells.

A cell is read whole or kept as a note: "early 2018", "2018?" and the serial number of a date in Excel are notes.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from solgraph.tables.words import words

FIRST_YEAR, LAST_YEAR = 1800, 2100
MAX_CHARACTERS = 80
"""A longer cell is prose."""

_MONTHS = {name: int(number) for number, names in words("months").items() for name in names}
_DATES = words("dates")
_FILLERS, _ORDINALS = set(_DATES["filler"]), set(_DATES["ordinal"])


def _any_of(phrases: list[str]) -> str:
    return f"(?:{'|'.join(sorted(phrases, key=len, reverse=True))})"


_APART = r"(?:\b|(?<='))\s*"
_FROM = re.compile(_any_of(_DATES["beginning"]) + _APART)
_UNTIL = re.compile(_any_of(_DATES["end"]) + _APART)
_TO = _any_of(_DATES["end"] + _DATES["between"])
_BETWEEN = re.compile(rf"\s*-\s*|\s+{_TO}(?:\s+|(?<='))")
_UP_TO = re.compile(rf"^{_TO}(?:\s+|(?<='))")
_LEADING = re.compile(rf"^(?:{_any_of(_DATES['filler'])} )+")
_CLOCK = re.compile(r"[ t][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.0+)?)?z?$")


class Span(NamedTuple):
    """``2018``, ``2018-06`` or ``2018-06-30`` each; ``note`` is the cell itself when it could not be read whole."""

    since: str = ""
    until: str = ""
    note: str = ""


class _Point(NamedTuple):
    value: str
    exact: bool = True


class _Reading(NamedTuple):
    """One cell; ``is_bare`` is a date without a word that makes it a beginning or an end."""

    since: str = ""
    until: str = ""
    is_bare: bool = False
    exact: bool = True
    is_open: bool = False


@lru_cache(4096)
def span(since: str, until: str = "") -> Span:
    """The time that one or two cells state; what cannot be read is the note, never left out.

    A day that may be the European or the American one (``03/04/2018``) gives its year and a note; an end before its
    beginning gives a note only. An open end (``2018 – present``) is no end.
    """
    start, end = _reading(since), _as_end(_reading(until))
    if start and start.is_open and not start.since:
        start = None  # "ongoing" alone is no beginning
    joined = _joined(start or _Reading(), end or _Reading())
    if joined is None or not in_order(joined.since, joined.until):
        return Span(note=_note(since, until))
    unread = [cell for cell, reading in ((since, start), (until, end)) if reading is None or not reading.exact]
    return joined._replace(note=_note(*unread))


def in_order(since: str, until: str) -> bool:
    """Whether a start does not lie after an end, as far as both are stated."""
    return since[: len(until)] <= until[: len(since)]


def _joined(first: _Reading, last: _Reading) -> Span | None:
    """Both cells together; None when each names an end, and not the same one."""
    if first.until and (last.is_open or (last.until and last.until != first.until)):
        return None
    return Span(first.since, last.until or first.until)


def _as_end(reading: _Reading | None) -> _Reading | None:
    """A cell of the column of ends: a bare date is one; a beginning has no place there."""
    if reading is None or (reading.since and not reading.is_bare):
        return None
    return reading._replace(since="", until=reading.since) if reading.is_bare else reading


def _note(*cells: str) -> str:
    return "; ".join(cell.strip() for cell in cells if cell.strip())


def _reading(cell: str) -> _Reading | None:
    """What one cell states, or None when it cannot be read."""
    text = _plain(cell)
    if not text.strip("- ") or text in _DATES["missing"]:
        return _Reading()
    if len(text) > MAX_CHARACTERS:
        return None
    if point := _point(text):
        return _Reading(since=point.value, is_bare=True, exact=point.exact)
    if _UP_TO.sub("", text, count=1) in _DATES["ongoing"]:
        return _Reading(is_open=True)
    return _worded(text)


def _plain(cell: str) -> str:
    """Lower case without accents, with plain spaces, hyphens and apostrophes."""
    apart = unicodedata.normalize("NFKD", cell.casefold().replace("ł", "l"))
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    shortened = re.sub(r"([0-9]{4})\s*[‒–—―−]\s*([0-9]{2})$", r"\1 ? \2", bare)  # 2010–12: years or a month?
    return " ".join(re.sub(r"[’‘`´]", "'", re.sub(r"[‐‑‒–—―−]", "-", shortened)).split())


def _worded(text: str) -> _Reading | None:
    """``since 2018``, ``until 2019`` and ranges."""
    if (word := _UNTIL.match(text)) and (point := _point(text[word.end() :])):
        return _Reading(until=point.value, exact=point.exact)
    word = _FROM.match(text)
    rest = text[word.end() :] if word else text
    if word and (point := _point(rest)):
        return _Reading(since=point.value, exact=point.exact)
    ranges = [reading for gap in _BETWEEN.finditer(rest) if (reading := _range(rest, gap))]
    return ranges[0] if len(ranges) == 1 else None


def _range(text: str, gap: re.Match[str]) -> _Reading | None:
    start, tail = _point(text[: gap.start()]), text[gap.end() :]
    if start is None:
        return None
    if tail in _DATES["ongoing"] or (not tail and "-" in gap[0]):
        return _Reading(start.value, exact=start.exact, is_open=True)
    end = _point(tail)
    return _Reading(start.value, end.value, exact=start.exact and end.exact) if end else None


# Points in time


def _point(text: str) -> _Point | None:
    """One year, month or day of a text that holds nothing else."""
    text = _LEADING.sub("", _CLOCK.sub("", text.strip()))
    if match := re.fullmatch(r"([0-9]{4})(?:[.,]0+)?", text):  # 2018.0 and 2018,0 are what programs make of a year
        return _dated(int(match[1]))
    if match := re.fullmatch(r"([0-9]{4})[-/]([0-9]{2})", text):
        return _dated(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"([0-9]{1,2})[-/.] ?([0-9]{4})", text):
        return _dated(int(match[2]), int(match[1]))
    if match := re.fullmatch(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", text):
        return _dated(int(match[1]), int(match[3]), int(match[4]))
    if match := re.fullmatch(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4})", text):
        return _numeric_day(int(match[1]), int(match[3]), int(match[4]), dotted=match[2] == ".")
    return _named(text)


def _numeric_day(first: int, second: int, year: int, *, dotted: bool) -> _Point | None:
    """Dots are European; with other signs a day of the first twelve could be a month."""
    if dotted or first == second or first > 12:
        return _dated(year, second, first)
    if second > 12:
        return _dated(year, first, second)
    return _Point(str(year), exact=False) if _dated(year, first, second) else None


def _named(text: str) -> _Point | None:
    """``June 2018``, ``30 czerwca 2018 r.``, ``1er juin 2018``, ``June 30th, 2018``, ``in 2018``."""
    if re.search(r"[^a-z0-9'., /°º-]", text) or not re.search(r"[a-z]", text):
        return None
    tokens = re.findall(r"[a-z]+|[0-9]+", text)
    parts: dict[str, int] = {}
    shape = ""
    for before, token in zip(["", *tokens], tokens, strict=False):
        if token in _FILLERS or (token in _ORDINALS and before.isdecimal()):
            continue
        sort = _sort(token)
        shape += sort
        parts[sort] = _MONTHS.get(token) or (int(token) if token.isdecimal() else 0)
    return _dated(parts["y"], parts.get("m"), parts.get("d")) if shape in _SHAPES else None


_SHAPES = ("y", "my", "ym", "dmy", "mdy", "ymd")


def _sort(token: str) -> str:
    if token.isdecimal():
        return {1: "d", 2: "d", 4: "y"}.get(len(token), "?")
    return "m" if token in _MONTHS else "?"


def _dated(year: int, month: int | None = None, day: int | None = None) -> _Point | None:
    """The lexical form of a real date in a year that can be meant."""
    try:
        real = date(year, 1 if month is None else month, 1 if day is None else day).isoformat()
    except ValueError:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return _Point(real[: 4 if month is None else 7 if day is None else 10])
