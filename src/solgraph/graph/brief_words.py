"""The words of a brief in the language of its reader: headings, phrases, dates and numbers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

_WORDS: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


class Words:
    """What a brief says beside the data, in the first of some languages that it has.

    >>> Words(["it", "en"]).date([2018, 12, 7]), Words(["en"]).span({"start": "2012-05", "asof": "2024"})
    ('7 dicembre 2018', 'since 2012, as of 2024')
    """

    def __init__(self, languages: Iterable[str]) -> None:
        self.language = next(tag for tag in languages if tag in _WORDS)
        self._words = _WORDS[self.language]

    def __call__(self, key: str, **values: object) -> str:
        return self._words[key].format(**values)

    def within(self, label: str) -> str:
        """A label in the middle of a line; nouns of German stay capital."""
        return label if self.language == "de" else label.lower()

    def listed(self, names: Sequence[str]) -> str:
        """Names as a sentence lists them: A, B and C."""
        return self._words["and"].join(filter(None, [", ".join(names[:-1]), *names[-1:]]))

    def number(self, number: float) -> str:
        """A number whose thousands are set apart."""
        return f"{number:,}".replace(",", self._words["group"])

    def date(self, parts: Sequence[int]) -> str:
        """Year, month and day, or as much of them as there is: 7 December 2018."""
        year, *rest = parts
        if not rest:
            return str(year)
        months = self._words.get("months-with-day", self._words["months"]) if rest[1:] else self._words["months"]
        month = months.split()[rest[0] - 1]
        return self("date", day=rest[1], month=month, year=year) if rest[1:] else f"{month} {year}"

    def span(self, row: Mapping[str, Any]) -> str:
        """Dates in words, none stronger than the source gives it."""
        start, end, asof, before, after = (_year(row.get(name)) for name in ("start", "end", "asof", "before", "after"))
        if start and end:
            return self("in", year=start) if start == end else f"{start}–{end}"
        beginning = "since" if asof or not after else "from"
        bounds = {
            beginning if start else "until": start or end,
            "as-of": asof,
            "not-before": before,
            "not-after": after,
        }
        return ", ".join(self(key, year=year) for key, year in bounds.items() if year)

    def source(self, item: Mapping[str, Any]) -> str:
        """A document in words: authors, title, publisher, date."""
        authors = [name.get("literal") or f"{name['given']} {name['family']}" for name in item.get("author", [])]
        date = self.date(item["issued"]["date-parts"][0]) if "issued" in item else self("no-date")
        published = ", ".join(filter(None, [item.get("publisher"), date]))
        return ". ".join(filter(None, [self.listed(authors), item["title"].rstrip("."), published]))


def _year(value: Any) -> str:
    return str(value)[:4] if value else ""
