"""Years, months, days and spans of time, as people write them in cells.

A cell is read whole or kept as a note: "early 2018", "2018?" and a number that only Excel knows for a date are notes.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1800, 2100
LONGEST = 80
"""Signs; a longer cell is prose."""

_MONTHS = """
january jan janvier janv januar gennaio gen enero ene styczen stycznia styczniu sty
february feb fevrier fevr fev februar febbraio febrero luty lutego lutym lut
march mar mars marz maerz mrz marzo marzec marca marcu
april apr avril avr aprile abril abr kwiecien kwietnia kwietniu kwi
may mai maggio mag mayo maj maja maju
june jun juin juni giugno giu junio czerwiec czerwca czerwcu cze
july jul juillet juil juli luglio lug julio lipiec lipca lipcu lip
august aug aout agosto ago sierpien sierpnia sierpniu sie
september sep sept septembre settembre set sett septiembre setiembre wrzesien wrzesnia wrzesniu wrz
october oct octobre oktober okt ottobre ott octubre pazdziernik pazdziernika pazdzierniku paz
november nov novembre noviembre listopad listopada listopadzie lis
december dec decembre dezember dez dicembre dic diciembre grudzien grudnia grudniu gru
"""
_MONTH = {name: number for number, line in enumerate(_MONTHS.strip().splitlines(), 1) for name in line.split()}
_SMALL = set("the of in on de del della di du d le la l il nel en el im am den dem der zum w r roku rok".split())
_LEADING = re.compile(rf"^(?:(?:{'|'.join(sorted(_SMALL))}) )+")
_ORDINAL = set("st nd rd th er re o a".split())
_FROM = re.compile(
    r"(?:a partir de|a partir du|a partire dal?|a partire dall'|as of|beginning|poczawszy od|since|from|seit|ab|von|vom"
    r"|depuis|des|du|de|dal|dalla|dall'|desde|od)(?:\b|(?<='))\s*"
)
_UNTIL_WORDS = r"up to|until|till|to|bis|jusqu'(?:a|en|au)?|fino (?:al?|ad)|hasta|do"
_UNTIL = re.compile(rf"(?:{_UNTIL_WORDS})(?:\b|(?<='))\s*")
_BETWEEN = re.compile(rf"\s*-\s*|\s+(?:{_UNTIL_WORDS}|through|au|al|ad|a)(?:\s+|(?<='))")
_OPEN = set(
    "present|the present|now|today|date|ongoing|current|still|heute|jetzt|laufend|aktuell|andauernd|aujourd'hui|ce jour"
    "|en cours|present jour|maintenant|oggi|in corso|presente|ora|attuale|hoy|la actualidad|actualidad|presente"
    "|en curso|ahora|el presente|obecnie|dzis|dzisiaj|dzisiejszego dnia|teraz|nadal|chwili obecnej|w toku".split("|")
)
_NOTHING = set("n/a|na|n.a.|#n/a|none|null|nil|nan|k. a.|k.a.|n.d.|s.d.|b.d.|./.|/|.".split("|"))
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
    """What one cell says; ``bare`` is a date without a word that tells whether it is a beginning or an end."""

    since: str = ""
    until: str = ""
    bare: bool = False
    exact: bool = True
    open: bool = False


@lru_cache(4096)
def span(since: str, until: str = "") -> Span:
    """The time that one or two cells tell; what cannot be read is the note, never left out.

    A day that may be the European or the American one (``03/04/2018``) gives its year and a note; an end before its
    beginning gives a note only. An open end (``2018 – present``) is no end.
    """
    start, end = _as_start(_cell(since)), _as_end(_cell(until))
    found = _joined(start, end)
    if found is None or (found.since and found.until and _after(found.since, found.until)):
        return Span(note=_note(since, until))
    unread = [cell for cell, reading in ((since, start), (until, end)) if reading is None or not reading.exact]
    return found._replace(note=_note(*unread))


def _joined(start: _Reading | None, end: _Reading | None) -> Span | None:
    """Both cells together; None when each names an end, and not the same one."""
    first, last = start or _Reading(), end or _Reading()
    if first.until and (last.open or (last.until and last.until != first.until)):
        return None
    return Span(first.since, last.until or first.until)


def _as_start(reading: _Reading | None) -> _Reading | None:
    """A cell of the column of beginnings: that something goes on is none."""
    return None if reading and reading.open and not reading.since else reading


def _as_end(reading: _Reading | None) -> _Reading | None:
    """A cell of the column of ends: a bare date is one; a beginning has no place there."""
    if reading is None or (reading.since and not reading.bare):
        return None
    return reading._replace(since="", until=reading.since) if reading.bare else reading


def _after(since: str, until: str) -> bool:
    shared = min(len(since), len(until))
    return since[:shared] > until[:shared]


def _note(*cells: str) -> str:
    return "; ".join(cell.strip() for cell in cells if cell.strip())


def _cell(cell: str) -> _Reading | None:
    """What one cell says, or None when it cannot be read."""
    text = _plain(cell)
    if not text.strip("- ") or text in _NOTHING:
        return _Reading()
    if len(text) > LONGEST:
        return None
    if point := _point(text):
        return _Reading(since=point.value, bare=True, exact=point.exact)
    if re.sub(r"^(until|to|till|bis|jusqu'a|fino ad|a|hasta|do) ", "", text) in _OPEN:
        return _Reading(open=True)
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
    ranges = [found for gap in _BETWEEN.finditer(rest) if (found := _range(rest, gap))]
    return ranges[0] if len(ranges) == 1 else None


def _range(text: str, gap: re.Match[str]) -> _Reading | None:
    start, tail = _point(text[: gap.start()]), text[gap.end() :]
    if start is None:
        return None
    if tail in _OPEN or (not tail and "-" in gap[0]):
        return _Reading(start.value, exact=start.exact, open=True)
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
    found = _dated(year)
    return found and _dated(year, first, second) and _Point(found.value, exact=False)


def _named(text: str) -> _Point | None:
    """``June 2018``, ``30 czerwca 2018 r.``, ``1er juin 2018``, ``June 30th, 2018``, ``in 2018``."""
    if re.search(r"[^a-z0-9'., /°º-]", text) or not re.search(r"[a-z]", text):
        return None
    words = re.findall(r"[a-z]+|[0-9]+", text)
    telling = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not (word in _SMALL or (word in _ORDINAL and before.isdecimal()))
    ]
    shape = "".join(_sort(word) for word in telling)
    parts = {sort: _MONTH.get(word) or int(word) for sort, word in zip(shape, telling, strict=True) if sort != "?"}
    if shape in ("y", "my", "ym", "dmy", "mdy", "ymd"):
        return _dated(parts["y"], parts.get("m"), parts.get("d"))
    return None


def _sort(word: str) -> str:
    if word.isdecimal():
        return {1: "d", 2: "d", 4: "y"}.get(len(word), "?")
    return "m" if word in _MONTH else "?"


def _dated(year: int, month: int | None = None, day: int | None = None) -> _Point | None:
    """The lexical form of a real date in a year that can be meant."""
    try:
        real = date(year, 1 if month is None else month, 1 if day is None else day).isoformat()
    except ValueError:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return _Point(real[: 4 if month is None else 7 if day is None else 10])
