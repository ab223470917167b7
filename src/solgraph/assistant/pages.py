"""Answers in parts that an assistant can read: so many rows and characters, and a sentence on how to get the rest."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Json = dict[str, Any]

#: So many rows where nothing else is asked for, and at most.
USUAL, MOST = 20, 100
#: Rows after so many characters are left for the next part.
MOST_CHARACTERS = 16_000


class Reply(NamedTuple):
    """What a tool answers: values of JSON, and a text that says the same to who reads no JSON."""

    values: Json
    text: str


class Page(NamedTuple):
    """The part of an answer that is asked for."""

    limit: int = USUAL
    offset: int = 0

    @property
    def slice(self) -> slice:
        """The place of its rows among all."""
        return slice(self.offset, self.offset + self.limit)

    def described(self, shown: int, total: int, what: str = "rows") -> Json:
        """How many there are, which of them are shown and how to get the next ones."""
        described: Json = {"total": total, "offset": self.offset}
        return described | ({"rest": rest} if (rest := self._rest(shown, total, what)) else {})

    def _rest(self, shown: int, total: int, what: str) -> str:
        if shown == total:
            return ""
        if not shown:
            return f"There are {total} {what}, and none behind the first {self.offset}."
        first, last = self.offset + 1, self.offset + shown
        several = f"These are {what} {first} to {last} of {total}"
        part = several if shown > 1 else f"This is number {first} of {total} {what}"
        following = f' The next ones: "offset": {last}.' if last < total else ""
        return f"{part}.{following}"


def fitting(rows: Sequence[Json], most: int = MOST_CHARACTERS) -> list[Json]:
    """The rows, at least one, that have no more characters than that."""
    size, shown = 0, list[Json]()
    for row in rows:
        size += len(json.dumps(row, ensure_ascii=False))
        if shown and size > most:
            break
        shown.append(row)
    return shown


def lines(*parts: str | Iterable[str]) -> str:
    """Paragraphs, of which a list of lines is one; empty ones are left out."""
    paragraphs = (part if isinstance(part, str) else "\n".join(part) for part in parts)
    return "\n\n".join(filter(None, (paragraph.strip("\n") for paragraph in paragraphs))) + "\n"
