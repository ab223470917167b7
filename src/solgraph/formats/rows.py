"""Rows of terms as text: tables for people, CSV for spreadsheets, and the result formats of SPARQL."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple, TypeGuard
from typing import Literal as OneOf

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, Triple

from solgraph import notebooks
from solgraph.rdf.atomic_files import spreadsheet_cell
from solgraph.rdf.namespaces import XSD, shorten
from solgraph.rdf.terms import Term, fold
from solgraph.texts import coded, word

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


def without_empty_columns(table: Table) -> Table:
    """The table without the columns that are empty in all rows; all of them where there is no row."""
    filled = [i for i in range(len(table.columns)) if not table.rows or any(row[i] is not None for row in table.rows)]
    rows = [[row[i] for i in filled] for row in table.rows]
    return table._replace(columns=[table.columns[i] for i in filled], rows=rows)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


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
    notes = ["\n", *(f"- {note.text}\n" for note in table.notes)] if table.notes else []
    return "".join([*(f"| {' | '.join(line)} |\n" for line in lines), *notes])


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
