"""Cells with dates, as people write them."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solgraph.tables.recognise.dates import Span, span
from solgraph.tables.recognise.missing import without_missing

READ = {
    # years
    "2018": ("2018", ""),
    " 2018 ": ("2018", ""),
    "2018.0": ("2018", ""),
    "2018,0": ("2018", ""),
    "in 2018": ("2018", ""),
    "2018 r.": ("2018", ""),
    # months
    "2018-06": ("2018-06", ""),
    "2018/06": ("2018-06", ""),
    "06/2018": ("2018-06", ""),
    "6.2018": ("2018-06", ""),
    "June 2018": ("2018-06", ""),
    "Jun. 2018": ("2018-06", ""),
    "juin 2018": ("2018-06", ""),
    "août 2018": ("2018-08", ""),
    "März 2018": ("2018-03", ""),
    "im Juni 2018": ("2018-06", ""),
    "giugno 2018": ("2018-06", ""),
    "junio de 2018": ("2018-06", ""),
    "czerwiec 2018": ("2018-06", ""),
    "październik 2018": ("2018-10", ""),
    "2018 June": ("2018-06", ""),
    "SEPTEMBRE 2018": ("2018-09", ""),
    # days
    "2018-06-30": ("2018-06-30", ""),
    "2018-06-30 00:00:00": ("2018-06-30", ""),
    "2018-06-30T00:00:00Z": ("2018-06-30", ""),
    "2018/6/3": ("2018-06-03", ""),
    "30.06.2018": ("2018-06-30", ""),
    "03.04.2018": ("2018-04-03", ""),
    "3. 4. 2018": ("2018-04-03", ""),
    "30/06/2018": ("2018-06-30", ""),
    "06/30/2018": ("2018-06-30", ""),
    "30-06-2018": ("2018-06-30", ""),
    "04/04/2018": ("2018-04-04", ""),
    "30 June 2018": ("2018-06-30", ""),
    "June 30th, 2018": ("2018-06-30", ""),
    "30th of June 2018": ("2018-06-30", ""),
    "1er juin 2018": ("2018-06-01", ""),
    "le 3 février 2018": ("2018-02-03", ""),
    "30. Juni 2018": ("2018-06-30", ""),
    "1° giugno 2018": ("2018-06-01", ""),
    "1º de junio de 2018": ("2018-06-01", ""),
    "30 czerwca 2018 r.": ("2018-06-30", ""),
    "29.02.2020": ("2020-02-29", ""),
    # ranges
    "2015-2019": ("2015", "2019"),
    "2015–2019": ("2015", "2019"),
    "2015 — 2019": ("2015", "2019"),
    "2015 to 2019": ("2015", "2019"),
    "from 2015 until 2019": ("2015", "2019"),
    "dal 2015 al 2019": ("2015", "2019"),
    "de 2015 à 2019": ("2015", "2019"),
    "de 2015 a 2019": ("2015", "2019"),
    "desde 2015 hasta 2019": ("2015", "2019"),
    "von 2015 bis 2019": ("2015", "2019"),
    "od 2015 do 2019": ("2015", "2019"),
    "2018-06 - 2019-01": ("2018-06", "2019-01"),
    "06/2018-06/2019": ("2018-06", "2019-06"),
    "2018-06-30 – 2019-01-31": ("2018-06-30", "2019-01-31"),
    "du 1er juin 2015 au 3 mars 2019": ("2015-06-01", "2019-03-03"),
    "June 2018 to May 2019": ("2018-06", "2019-05"),
    "2018-2018": ("2018", "2018"),
    # beginnings
    "since 2018": ("2018", ""),
    "Since June 2018": ("2018-06", ""),
    "seit 2018": ("2018", ""),
    "ab 2018": ("2018", ""),
    "depuis 2018": ("2018", ""),
    "à partir de 2018": ("2018", ""),
    "dal 2018": ("2018", ""),
    "dall'1 giugno 2018": ("2018-06-01", ""),
    "desde 2018": ("2018", ""),
    "desde el 3 de junio de 2018": ("2018-06-03", ""),
    "od 2018": ("2018", ""),
    "od czerwca 2018": ("2018-06", ""),
    # open ends
    "2018-": ("2018", ""),
    "2018 –": ("2018", ""),
    "2018 – present": ("2018", ""),
    "2018 to date": ("2018", ""),
    "2018 - heute": ("2018", ""),
    "seit 2018 bis heute": ("2018", ""),
    "2018-aujourd'hui": ("2018", ""),
    "2018 à aujourd’hui": ("2018", ""),
    "dal 2018 ad oggi": ("2018", ""),
    "2018 - hoy": ("2018", ""),
    "2018 hasta la actualidad": ("2018", ""),
    "2018 – obecnie": ("2018", ""),
    # ends
    "until 2019": ("", "2019"),
    "bis 2019": ("", "2019"),
    "bis zum 30.06.2019": ("", "2019-06-30"),
    "jusqu'en 2019": ("", "2019"),
    "jusqu’à 2019": ("", "2019"),
    "jusqu'au 3 mars 2019": ("", "2019-03-03"),
    "fino al 2019": ("", "2019"),
    "hasta 2019": ("", "2019"),
    "do 2019": ("", "2019"),
    # nothing
    "": ("", ""),
    "  ": ("", ""),
    "-": ("", ""),
    "–": ("", ""),
    "---": ("", ""),
    "n/a": ("", ""),
    "N/A": ("", ""),
    "NaN": ("", ""),
}
NOTED = [
    "?",
    "unknown",
    "unbekannt",
    "43252",  # an Excel serial number
    "43252.0",
    "18",
    "early 2018",
    "ca. 2018",
    "2018?",
    "circa 2018",
    "spring 2018",
    "Jun-18",
    "2010–12",  # two years, or a month
    "2018-19",
    "2018/19",
    "2018-06-2019",  # 2018 to June 2019, or June 2018 to 2019
    "30.02.2018",
    "31 June 2018",
    "29.02.2019",
    "13/13/2018",
    "2018-13",
    "00/2018",
    "2018-00-01",
    "0000",
    "1799",
    "2101",
    "-2019",
    "2019-2015",
    "2018-06-30 - 2018-06-29",
    "since",
    "present",
    "since present",
    "between 2015 and 2019",
    "2015, 2019",
    "yes",
    "２０１８年",
    "2018 " * 100,
    "\0",
]
AMBIGUOUS = {"03/04/2018": ("2018", ""), "3-4-2018": ("2018", ""), "since 03/04/2018": ("2018", "")}
PAIRS = {
    ("2015", "2019"): Span("2015", "2019"),
    ("2015", ""): Span("2015"),
    ("", "2019"): Span("", "2019"),
    ("2015", "present"): Span("2015"),
    ("2015", "bis heute"): Span("2015"),
    ("2015", "until 2019"): Span("2015", "2019"),
    ("since 2015", "30.06.2019"): Span("2015", "2019-06-30"),
    ("2015-", "2019"): Span("2015", "2019"),
    ("2015-2019", "2019"): Span("2015", "2019"),
    ("2015-2019", "2020"): Span(note="2015-2019; 2020"),
    ("2015-2019", "today"): Span(note="2015-2019; today"),
    ("2019", "2015"): Span(note="2019; 2015"),
    ("2019-06", "2019"): Span("2019-06", "2019"),
    ("2019", "2019-06"): Span("2019", "2019-06"),
    ("2019-06", "2019-05-31"): Span(note="2019-06; 2019-05-31"),
    ("2015", "soon"): Span("2015", "", "soon"),
    ("soon", "2019"): Span("", "2019", "soon"),
    ("long ago", "soon"): Span(note="long ago; soon"),
    ("2015", "since 2019"): Span("2015", "", "since 2019"),
    ("2015", "2018-2019"): Span("2015", "", "2018-2019"),
    ("2015", "03/04/2018"): Span("2015", "2018", "03/04/2018"),
    ("2015", "?"): Span("2015", "", "?"),
}


@pytest.mark.parametrize("cell", READ)
def test_read(cell: str) -> None:
    assert span(cell) == Span(*READ[cell])


@pytest.mark.parametrize("cell", NOTED)
def test_noted_and_nothing_read(cell: str) -> None:
    assert span(cell) == Span(note=cell.strip())


@pytest.mark.parametrize("cell", AMBIGUOUS)
def test_day_or_month_is_not_guessed(cell: str) -> None:
    assert span(cell) == Span(*AMBIGUOUS[cell], note=cell)


@pytest.mark.parametrize("cells", PAIRS)
def test_two_cells(cells: tuple[str, str]) -> None:
    assert span(*cells) == PAIRS[cells]


DAYS = st.dates(date(1800, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_day_is_read(day: date) -> None:
    for cell in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day} {day:%B} {day.year}", f"{day:%Y/%m/%d}"):
        assert span(cell) == Span(day.isoformat())


@given(DAYS, DAYS)
def test_every_range_of_days_is_read(one: date, other: date) -> None:
    first, last = sorted([one, other])
    assert span(f"{first} – {last}") == Span(first.isoformat(), last.isoformat())


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,4}([-/. ][0-9]{1,4})?", fullmatch=True))
def test_what_is_read_is_a_date_and_what_is_not_is_kept(cell: str) -> None:
    found = span(cell)
    for part in found[:2]:
        assert not part or re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", part)
    if not any(found):
        assert not any(sign.isalnum() for sign in cell) or not without_missing("since", cell.strip())
