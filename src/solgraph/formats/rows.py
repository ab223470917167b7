"""Rows of terms as text: tables for people, CSV for spreadsheets, and the result formats of SPARQL."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple, TypeGuard
from typing import Literal as OneOf
from unicodedata import combining, east_asian_width

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Triple

from solgraph import notebooks
from solgraph.rdf.atomic_files import spreadsheet_cell
from solgraph.rdf.namespaces import XSD, shorten
from solgraph.rdf.terms import Term, fold
from solgraph.texts import coded, sentence, word

Row = Sequence[Term | None]
#: How things are written where they are not terms of RDF.
Things = OneOf["iri", "label", "curie"]


class Note(NamedTuple):
    """A sentence that qualifies an answer, of a kind such as ``silence``; the thing concerned, and the passages.

    >>> answer = kg.query("mayors", city="Tromsø", to=1900)
    >>> [(note.kind, note.text) for note in answer.notes]
    [('silence', 'The sources are silent: an empty answer does not mean no.')]
    """

    kind: str
    text: str
    about: str = ""
    sources: tuple[str, ...] = ()


class Table(NamedTuple):
    """What a format of rows gets: columns, rows of terms, and labels of the IRIs among them.

    The columns of ``labelled`` are those of IRIs, even where no row holds one. What is for the eye has headings and
    codes in the words of the ``language``; without one they stay as they are.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    labels: Mapping[str, str]
    several: Sequence[str] = ()
    width: int | None = None
    labelled: Sequence[str] = ()
    notes: Sequence[Note] = ()
    language: str = ""

    @property
    def headings(self) -> list[str]:
        """What the columns are called."""
        return [word(self.language, "column", name, name) if self.language else name for name in self.columns]

    def said(self, column: str, term: Term | None) -> str:
        """A term as it is read in a column."""
        return coded(self.language, column, self.shown(term)) if self.language else self.shown(term)

    def shown(self, term: Term | None) -> str:
        """A term as a person reads it: a label for an IRI, the text of a literal, nothing for no value."""
        if isinstance(term, NamedNode):
            return self.labels.get(term.value) or shorten(term.value)
        return term.value if isinstance(term, Literal) else "" if term is None else str(term)

    def by_name(self, order: Sequence[str]) -> "Table":
        """The rows that are ordered by the last of some columns, in the order of the names there.

        They stay together that agree in the columns before, and that the engine has put in one order of IRIs.
        """
        if not set(order) <= set(self.columns) or not order:
            return self
        *within, place = (list(self.columns).index(name) for name in order)
        runs: list[list[Row]] = []
        for row in self.rows:
            before = runs[-1][-1] if runs else None
            if before and all(before[i] == row[i] for i in within) and _iri(before[place]) <= _iri(row[place]):
                runs[-1].append(row)
            else:
                runs.append([row])
        by_name = (sorted(run, key=lambda row: (fold(self.shown(row[place])), _iri(row[place]))) for run in runs)
        return self._replace(rows=[row for run in by_name for row in run])

    def groups(self) -> list[list[Row]]:
        """The rows, those together that differ only in the columns of ``several``."""
        keys = [i for i, name in enumerate(self.columns) if name not in self.several]
        if len(keys) == len(self.columns):
            return [[row] for row in self.rows]
        groups: dict[tuple[Term | None, ...], list[Row]] = {}
        for row in self.rows:
            groups.setdefault(tuple(row[i] for i in keys), []).append(row)
        return list(groups.values())

    def gathered(self) -> list[list[list[Term]]]:
        """Each group of rows as a row of cells, which hold each value once."""
        return [
            [list(dict.fromkeys(term for term in cell if term is not None)) for cell in zip(*group, strict=True)]
            for group in self.groups()
        ]


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
    return (
        "\n".join(
            [
                *lines,
                "",
                _count(len(rows), table.language),
                *notes_text(table.notes, table.width, language=table.language),
            ]
        )
        + "\n"
    )


#: A table shows so many notes of a kind, and how many more there are.
_MOST_NOTES = 3


def notes_text(
    notes: Sequence[Note], width: int | None = None, most: int = _MOST_NOTES, language: str = ""
) -> list[str]:
    """Notes as lines of a list, after an empty line, fitted to ``width``; if there are many of a kind, ``most``."""
    items = []
    for kind in dict.fromkeys(note.kind for note in notes):
        texts = [note.text for note in notes if note.kind == kind]
        shown = (
            texts
            if len(texts) <= most + 1
            else [*texts[:most], sentence(language, "notes.more", number=len(texts) - most)]
        )
        items += shown
    wrapped = [_lines_of(text, width - 2) if width else [text] for text in items]
    lines = [f"{'  ' if number else '- '}{line}" for item in wrapped for number, line in enumerate(item)]
    return ["", *lines] if lines else []


def without_empty_columns(table: Table) -> Table:
    """The table without the columns that are empty in all rows; all of them where there is no row."""
    filled = [i for i in range(len(table.columns)) if not table.rows or any(row[i] is not None for row in table.rows)]
    rows = [[row[i] for i in filled] for row in table.rows]
    return table._replace(columns=[table.columns[i] for i in filled], rows=rows)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _joined(values: list[str], most: int, language: str) -> str:
    values = list(dict.fromkeys(values))  # two passages of a document, or two ties of a city, may be called the same
    shown = (
        values
        if len(values) <= most
        else [*values[: most - 1], sentence(language, "drawing.more", number=len(values) - most + 1)]
    )
    return "; ".join(shown)


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


def csv_text(table: Table) -> str:
    """CSV after the SPARQL 1.1 results format, for spreadsheets: a column of IRIs is followed by one of their labels.

    Several values of a cell are separated by ``; ``. A text that a spreadsheet program would run as a formula gets an
    apostrophe before it.
    """
    import csv
    import io

    with_labels = [
        name in table.labelled or any(isinstance(row[i], NamedNode) for row in table.rows)
        for i, name in enumerate(table.columns)
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_interleaved(with_labels, table.columns, [f"{name}_label" for name in table.columns]))
    for row in table.gathered():
        texts = [
            "; ".join(term.value if isinstance(term, NamedNode) else table.shown(term) for term in cell) for cell in row
        ]
        cells = _interleaved(with_labels, texts, ["; ".join(map(table.shown, cell)) for cell in row])
        writer.writerow(map(spreadsheet_cell, cells))
    return out.getvalue()


def _interleaved(with_labels: list[bool], cells: Sequence[str], labels: Sequence[str]) -> list[str]:
    pairs = zip(with_labels, cells, labels, strict=True)
    return [text for labelled, cell, label in pairs for text in ([cell, label] if labelled else [cell])]


def _is_link(term: Term) -> TypeGuard[NamedNode]:
    """Whether an IRI leads somewhere; a link to javascript: or data: would run what the data says."""
    return isinstance(term, NamedNode) and term.value.lower().startswith(("http:", "https:", "mailto:"))


def markdown(table: Table) -> str:
    """A Markdown table, IRIs as links."""

    def value(term: Term) -> str:
        text = " ".join(table.shown(term).replace("\\", "\\\\").replace("|", "\\|").splitlines())
        return f"[{text}]({term.value})" if _is_link(term) else text

    cells = [["; ".join(dict.fromkeys(map(value, cell))) for cell in row] for row in table.gathered()]
    lines = [list(table.columns), ["---"] * len(table.columns), *cells]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "".join(
        f"{line}\n" for line in notes_text(table.notes, most=len(table.notes))
    )


def sparql_json(table: Table) -> str:
    """The SPARQL 1.1 Query Results JSON format; ``notes`` stand before the results, where parsers pass them over."""
    import json

    bindings = [
        {name: _binding(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]
    notes = {"notes": [note._asdict() for note in table.notes]} if table.notes else {}
    document = {"head": {"vars": list(table.columns)}, **notes, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _binding(term: Term) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _binding(part) for name, part in parts.items()}}
    if not isinstance(term, Literal):
        return {"type": "bnode", "value": str(term).removeprefix("_:")}
    kind = {"type": "literal", "value": term.value}
    if term.language:
        return kind | {"xml:lang": term.language}
    return kind if term.datatype.value == XSD + "string" else kind | {"datatype": term.datatype.value}


def sparql_xml(table: Table) -> str:
    """The SPARQL Query Results XML format."""
    return _converted(table, QueryResultsFormat.XML) + "\n"


def tsv(table: Table) -> str:
    """The SPARQL 1.1 Query Results TSV format: terms as they are written in Turtle."""
    return _converted(table, QueryResultsFormat.TSV)


def _converted(table: Table, results_format: QueryResultsFormat) -> str:
    parsed = pyoxigraph.parse_query_results(sparql_json(table._replace(notes=())), QueryResultsFormat.JSON)
    return (parsed.serialize(format=results_format) or b"").decode()


def html(table: Table, shown: Callable[[Sequence[Term]], str | None] = lambda _: None) -> str:
    """A table in HTML, IRIs as links and without columns that are empty in all rows.

    ``shown`` gives the HTML of cells that are shown in another way, such as those that open.
    """
    table = without_empty_columns(table)

    def value(term: Term) -> str:
        return notebooks.link(table.shown(term), term.value if isinstance(term, NamedNode) else "")

    rows = [[shown(cell) or "; ".join(map(value, cell)) for cell in row] for row in table.gathered()]
    return notebooks.table(table.columns, rows) + notebooks.bullets(escape(note.text) for note in table.notes)
