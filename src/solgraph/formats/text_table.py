"""Tables for the eye: rows of terms in columns that fit a terminal, with their notes below."""

import re
from collections.abc import Iterable, Sequence
from unicodedata import combining, east_asian_width

from pyoxigraph import Literal

from solgraph.formats.rows import Note, Table, without_empty_columns
from solgraph.rdf.namespaces import XSD
from solgraph.rdf.terms import Term
from solgraph.texts import sentence

_NUMERIC = {XSD + name for name in ("integer", "decimal", "double", "float", "gYear", "nonNegativeInteger")}
#: Where a line may end within a word: between letters behind a hyphen, a dash, a slash or a low line.
_BREAK = re.compile(r"(?<=[^\W_][-–/_])(?=[^\W_])")


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


#: A column of a fitted table is no narrower, unless all its cells are.
_NARROWEST = 8
#: But headings of short cells may be broken down to so much; longer words than these are broken before shorter ones.
_LEAST, _WORD = 4, 16
#: A cell fitted to a terminal shows so many values, or one less and how many more there are.
_MOST_VALUES = 3


def text_table(table: Table) -> str:
    """A table for the eye, fitted to ``width``: long cells are wrapped, and of many values the rest is counted.

    Numbers stand to the right. A fitted table has no columns that are empty in all rows. Where the columns do not fit
    side by side, each row is a block with a line for each cell.
    """
    table = without_empty_columns(table) if table.width else table
    most = _MOST_VALUES if table.width else len(table.rows)
    rows = [
        [
            _joined([" ".join(table.said(name, term).split()) for term in cell], most, table.language)
            for name, cell in zip(table.columns, row, strict=True)
        ]
        for row in table.gathered()
    ]
    numeric = [
        any(row[i] is not None for row in table.rows) and all(_is_number(row[i]) for row in table.rows)
        for i in range(len(table.columns))
    ]
    longest, unbroken = [], []
    for name, *cells in zip(table.headings, *rows, strict=True):
        longest.append((_cells(name), max(map(_cells, cells), default=0)))
        unbroken.append(_unbroken([name, *cells]))
    widths = _fit(longest, unbroken, numeric, table.width)
    if table.width and rows and sum(widths) + 2 * (len(widths) - 1) > table.width:
        lines = [line for row in rows for line in ["", *_block(table.headings, row, table.width)]][1:]
    else:
        rule = ["─" * width for width in widths]
        lines = [*_wrapped(table.headings, widths, numeric), _line(rule, widths, numeric)]
        lines += [line for row in rows for line in _wrapped(row, widths, numeric)]
    notes = notes_text(table.notes, table.width, language=table.language)
    return "\n".join([*lines, "", _count(len(rows), table.language), *notes]) + "\n"


#: A table shows so many notes of a kind, and how many more there are.
_MOST_NOTES = 3


def notes_text(
    notes: Sequence[Note], width: int | None = None, most: int = _MOST_NOTES, language: str = ""
) -> list[str]:
    """Notes as lines of a list, after an empty line, fitted to ``width``; if there are many of a kind, ``most``."""
    items: list[str] = []
    for kind in dict.fromkeys(note.kind for note in notes):
        texts = [note.text for note in notes if note.kind == kind]
        left = len(texts) - most
        items += [*texts[:most], sentence(language, "notes.more", number=left)] if left > 1 else texts
    wrapped = [_lines_of(text, width - 2) if width else [text] for text in items]
    lines = [f"{'  ' if number else '- '}{line}" for item in wrapped for number, line in enumerate(item)]
    return ["", *lines] if lines else []


def _joined(values: list[str], most: int, language: str) -> str:
    values = list(dict.fromkeys(values))  # two passages of a document, or two ties of a city, may be called the same
    left = len(values) - most + 1
    return "; ".join([*values[: most - 1], sentence(language, "drawing.more", number=left)] if left > 1 else values)


def _is_number(term: Term | None) -> bool:
    return term is None or (isinstance(term, Literal) and term.datatype.value in _NUMERIC)


def _count(rows: int, language: str) -> str:
    if language:
        return sentence(language, "query.rows", count=rows) if rows else sentence(language, "ask.empty")
    return f"{rows or 'no'} row{'' if rows == 1 else 's'}"


def _block(columns: Sequence[str], row: list[str], width: int) -> list[str]:
    """A row as lines, a name and its cell each; empty cells have none."""
    names = max(map(_cells, columns))
    lines = []
    for name, cell in zip(columns, row, strict=True):
        wrapped = _lines_of(cell, max(width - names - 2, 8)) if cell else []
        lines += [
            f"{label}{' ' * (names - _cells(label) + 2)}{text}"
            for label, text in zip([name, *[""] * len(wrapped)], wrapped, strict=False)
        ]
    return lines


def _fit(longest: list[tuple[int, int]], unbroken: list[int], numeric: list[bool], width: int | None) -> list[int]:
    """Column widths that fit, if they can, from those of headings and cells.

    Headings give way first, then the widest columns, as far as words allow, or else but for long words. No number
    is broken.
    """
    widths = [max(pair) for pair in longest]
    room = width - 2 * (len(widths) - 1) if width else sum(widths)
    if sum(widths) > room:
        widths = [max(cells, least) for (_, cells), least in zip(longest, unbroken, strict=True)]
    for most in (max(unbroken, default=0), _WORD, _NARROWEST):
        while sum(widths) > room:
            least = [
                each if whole else max(min(each, most), _LEAST) for each, whole in zip(unbroken, numeric, strict=True)
            ]
            giving = [i for i, each in enumerate(widths) if each > least[i]]
            if not giving:
                break
            widths[max(giving, key=widths.__getitem__)] -= 1
    return widths


def _unbroken(texts: Iterable[str]) -> int:
    """How wide the widest part of some texts is that no line breaks."""
    return max((_cells(piece) for text in texts for part in text.split() for piece in _BREAK.split(part)), default=0)


def _line(cells: list[str], widths: list[int], numeric: list[bool]) -> str:
    padded = [
        " " * (width - _cells(cell)) + cell if right else cell + " " * (width - _cells(cell))
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _wrapped(row: list[str], widths: list[int], numeric: list[bool]) -> list[str]:
    columns = [_lines_of(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, columns), default=1)
    filled = [cells + [""] * (height - len(cells)) for cells in columns]
    return [_line(list(cells), widths, numeric) for cells in zip(*filled, strict=True)]


def _lines_of(text: str, width: int) -> list[str]:
    """The text in lines of so many cells, broken between words and behind hyphens, or within what is too long."""
    lines, filled = [""], 0
    for part in text.split():
        for number, piece in enumerate(_BREAK.split(part)):
            space, cells = " " if lines[-1] and not number else "", _cells(piece)
            if filled + len(space) + cells <= width:
                lines[-1] += space + piece
                filled += len(space) + cells
                continue
            lines += [""] if lines[-1] else []
            lines[-1:] = _pieces(piece, width) if cells > width else [piece]
            filled = _cells(lines[-1])
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """A long word in pieces of at most so many cells, but at least a character each."""
    pieces, filled = [""], 0
    for char in word:
        if pieces[-1] and filled + _cells(char) > width:
            pieces.append("")
            filled = 0
        pieces[-1] += char
        filled += _cells(char)
    return pieces
