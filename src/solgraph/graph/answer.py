"""The answer to a query: one type for the four forms."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, SupportsIndex, overload

from pyoxigraph import NamedNode

from solgraph import notebooks
from solgraph.engines.endpoint import Result, row_type
from solgraph.errors import WrongUse
from solgraph.formats import arrow, media
from solgraph.formats.rows import Note, Table, Things, html
from solgraph.graph.answer_networks import AnswerNetworks
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.namespaces import shorten
from solgraph.rdf.terms import IRI, Term, python_value

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from solgraph.formats.workbook import Sheet
    from solgraph.graph.knowledge import Knowledge

    Row_co = TypeVar("Row_co", covariant=True, default=Any)
else:
    from typing import TypeVar

    Row_co = TypeVar("Row_co", covariant=True)


class Origin(NamedTuple):
    """Where and how an answer came about.

    >>> origin = kg.query("handovers").origin
    >>> origin.endpoint, len(origin.query_sha256)
    ('this graph', 64)
    """

    endpoint: str
    query: str
    asked: float
    seconds: float

    @property
    def time(self) -> str:
        """When it was asked, in UTC."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.asked))

    @property
    def query_sha256(self) -> str:
        """The SHA-256 digest of the query as it was sent."""
        from hashlib import sha256

        return sha256(self.query.encode()).hexdigest()


#: A notebook shows so many rows, since it keeps what it shows.
_MOST_SHOWN = 300


class Answer(AnswerNetworks, Generic[Row_co]):
    """A result with the labels of its IRIs, how it came about, and the forms in which it can be had.

    One row is one thing: the values of columns in ``several``, such as its sources, are gathered in a tuple. Where
    there is no such column, as in answers to free SPARQL and with ``gathered=False``, each row is one of
    the engine. ``terms`` always holds those, and the result formats of SPARQL (JSON, XML, TSV) write them. ``labels``
    are the labels of the IRIs; ``saved`` is the saved query, ``values`` its parameters, ``knowledge`` the graph.

    For type checkers an answer is generic in its rows: ``Answer[MayorsRow]``.

    >>> answer = kg.query("mayors", city="Palermo")
    >>> len(answer), answer[0].since, answer.label(answer[0].mayor)
    (3, 1985, 'Leoluca Orlando')
    >>> answer.columns
    ('mayor', 'since', 'until', 'asof', 'not_before', 'not_after', 'certainty', 'source')
    >>> answer[0].source
    ('https://w3id.org/solgraph/id/passage/dreher-2024-1.1',)
    >>> len(answer[:2])
    2
    """

    def __init__(
        self,
        form: str,
        columns: Sequence[str] = (),
        terms: Sequence[Sequence[Term | None]] = (),
        boolean: bool | None = None,
    ) -> None:
        super().__init__(form, columns, terms, boolean)
        self.labels: dict[str, str] = {}
        self.several: tuple[str, ...] = ()
        self.saved: SavedQuery | None = None
        self.origin: Origin | None = None
        self.knowledge: Knowledge | None = None
        self.values: Mapping[str, Any] = {}

    @classmethod
    def of(cls, result: Result) -> "Answer[Any]":
        """The answer that a result is, so far without labels.

        >>> solgraph.Answer.of(kg.endpoint.ask("SELECT ?city { ?city a sg:City } LIMIT 2")).columns
        ('city',)
        """
        return cls(result.form, result.columns, result.terms, result.boolean)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What qualifies the answer: unclear points, complete lists that say no, and silence (see :func:`notes`)."""
        from solgraph.graph.notes import notes

        return notes(self)

    @property
    def table(self) -> Table:
        """What formats of rows get, so far without notes."""
        return Table(self.columns, self.terms, self.labels, self.several)

    @property
    def read_table(self) -> Table:
        """The table for the eye: where the query orders rows by a thing, in the order of the names that are shown.

        >>> table = solgraph.open(lang="it").query("shared-members", network="Eurocities").read_table
        >>> table.columns[0]
        'network'
        """
        table = self.table
        for order in self.saved.ordered_by if self.saved else ():
            table = table.by_name(order)
        return table

    @cached_property
    def _gathered(self) -> list[tuple[Any, ...]]:
        """The rows as Python values, a tuple in each column that gathers several."""
        several = [name in self.several for name in self.columns]
        return [
            tuple(
                tuple(map(python_value, cell)) if is_several else python_value(cell[0]) if cell else None
                for cell, is_several in zip(row, several, strict=True)
            )
            for row in self.table.gathered()
        ]

    @cached_property
    def _row_name(self) -> str:
        """What the class of its rows is called: after the saved query."""
        from solgraph.graph.signatures import row_name

        return row_name(self.saved, gathered=bool(self.several)) if self.saved else "Row"

    def __iter__(self) -> Iterator[Row_co]:
        return map(row_type(self.columns, self._row_name)._make, self._gathered)

    def __len__(self) -> int:
        return len(self._gathered)

    @overload
    def __getitem__(self, index: SupportsIndex) -> Row_co: ...

    @overload
    def __getitem__(self, index: slice) -> Self: ...

    def __getitem__(self, index: Any) -> Any:
        """A row, or for a slice an answer of these rows with the notes of the whole."""
        from copy import copy

        if not isinstance(index, slice):
            return row_type(self.columns, self._row_name)._make(self._gathered[index])
        part = copy(self)
        part.terms = [tuple(row) for group in self.table.groups()[index] for row in group]
        part.__dict__.pop("_gathered", None)
        part.__dict__["notes"] = self.notes
        return part

    def iris(self) -> set[str]:
        """All IRIs in the answer.

        >>> "https://w3id.org/solgraph/id/person/leoluca-orlando" in kg.query("mayors", city="Palermo").iris()
        True
        """
        return {term.value for row in self.terms for term in row if isinstance(term, NamedNode)}

    def label(self, iri: str) -> str:
        """The label of an IRI in the answer, or its short form.

        >>> kg.query("mayors", city="Palermo").label("https://w3id.org/solgraph/id/person/leoluca-orlando")
        'Leoluca Orlando'
        """
        return Table((), (), self.labels).shown(NamedNode(iri))

    def to_dicts(self, *, things: Things = "iri") -> list[dict[str, Any]]:
        """One dictionary of Python values per row; ``things`` are written as IRIs, labels or CURIEs.

        >>> row = kg.query("mayors", city="Palermo").to_dicts(things="label")[0]
        >>> row["mayor"], row["since"], row["source"]
        ('Leoluca Orlando', 1985, ('Dreher 2024, 1.1 Proactive leadership and mayors',))
        """
        rows = ([self._written(cell, things) for cell in row] for row in self._gathered)
        return [dict(zip(self.columns, row, strict=True)) for row in rows]

    def to_arrow(self, *, things: Things = "iri", extra: str = "arrow") -> Any:
        """A ``pyarrow.Table``, whose columns have the types that the header of the query declares.

        Those of free SPARQL follow from the values. A date comes with its precision in a column beside it; ``things``
        are written as IRIs, labels or CURIEs. Needs the ``extra``.

        >>> schema = kg.query("mayors", city="Palermo").to_arrow().schema
        >>> schema.field("since").type, schema.field("source").type
        (DataType(int64), ListType(list<item: string>))
        """
        if self.boolean is not None:
            return arrow.table(["answer"], [[self.boolean]], {}, (), extra)
        rows = [[self._written(cell, things) for cell in row] for row in self._gathered]
        return arrow.table(self.columns, rows, self.saved.column_types if self.saved else {}, self.several, extra)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The answer as polars, DuckDB and others read it: ``polars.DataFrame(answer)``."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _written(self, cell: Any, things: Things) -> Any:
        """A cell whose IRIs are written in the way that is wanted."""
        if isinstance(cell, tuple):
            return tuple(self._written(value, things) for value in cell)
        if things == "iri" or not isinstance(cell, IRI):
            return cell
        return self.label(cell) if things == "label" else shorten(cell)

    def to_pandas(self, *, things: Things = "iri", labels: bool = False) -> Any:
        """A pandas DataFrame with the columns of :meth:`to_arrow`, of nullable types. Needs the extra ``pandas``.

        ``labels`` is short for ``things="label"``.

        >>> frame = kg.query("mayors", city="Palermo").to_pandas(things="label")
        >>> frame[["mayor", "since", "until"]]
                     mayor  since  until
        0  Leoluca Orlando   1985   1990
        1  Leoluca Orlando   1993   2000
        2  Leoluca Orlando   2012   2022
        >>> str(frame["since"].dtype)
        'Int64'
        """
        return arrow.pandas(self.to_arrow(things="label" if labels else things, extra="pandas"))

    def to_polars(self, *, things: Things = "iri", labels: bool = False) -> Any:
        """A polars DataFrame with the columns of :meth:`to_arrow`. Needs the extra ``polars``.

        >>> frame = kg.query("mayors", city="Palermo").to_polars(things="curie")
        >>> frame["mayor"][0], frame.schema["since"]
        ('person:leoluca-orlando', Int64)
        """
        return arrow.polars(self.to_arrow(things="label" if labels else things, extra="polars"))

    def explain(self) -> str:
        """The SPARQL that was asked, values in place, ready to paste elsewhere.

        >>> "<https://w3id.org/solgraph/id/city/palermo>" in kg.query("mayors", city="Palermo").explain()
        True
        """
        return self.origin.query if self.origin else ""

    def text(
        self, name: str | None = None, *, path: Path | None = None, width: int | None = None, language: str = ""
    ) -> str:
        """The answer in a format (``table``, ``csv`` …, for triples ``turtle`` …), or that of the file's ending.

        A table has headings, codes and counts in the ``language`` of the interface, if one is given.

        >>> answer = kg.sparql("SELECT ?country { city:bologna sg:locatedIn+ ?country . ?country a sg:Country }")
        >>> print(answer.text("tsv"), end="")
        ?country
        <https://w3id.org/solgraph/id/country/it>
        """
        content = self.content(name, path, width, language)
        if isinstance(content, bytes):
            raise WrongUse(
                f"This format needs a file: {name or path}.", hint=f'Name it: answer.write("answer.{name or "xlsx"}")'
            )
        return content

    def content(
        self, name: str | None = None, path: Path | None = None, width: int | None = None, language: str = ""
    ) -> str | bytes:
        """What :meth:`write` puts into a file: the text of a format, or the bytes of a workbook.

        >>> kg.query("handovers").content("xlsx")[:2]
        b'PK'
        """
        if self.boolean is not None:
            return self._yes_or_no(name, path)
        if self.holds_triples:
            return media.choose(media.RDF, name, path, what=f"The answer to a {self.form}").write([("", self.triples)])
        forms: tuple[media.Form[Any], ...] = (*media.ROWS, *media.WORKBOOKS, *media.COLUMNAR)
        form = media.choose(forms, name, path, what="The answer to a SELECT")
        written: str | bytes = form.write(self._for(form, width, language))
        return written

    def _for(self, form: media.Form[Any], width: int | None, language: str) -> Any:
        """What a form of rows is written from."""
        if form in media.WORKBOOKS:
            return self._sheets()
        if form in media.COLUMNAR:
            return self.to_arrow()
        table = self.read_table if form.name in ("table", "markdown", "html") else self.table
        return table._replace(width=width, language=language, notes=self.notes if form.name in media.WITH_NOTES else ())

    def _sheets(self) -> "list[Sheet]":
        from solgraph.graph.answer_sheets import sheets

        return sheets(self)

    def _yes_or_no(self, name: str | None, path: Path | None) -> str:
        chosen = media.choose(media.ROWS, name, path, what="Yes or no").name
        word = str(self.boolean).lower()
        if chosen == "json":
            return f'{{"head": {{}}, "boolean": {word}}}\n'
        if chosen == "xml":
            space = "http://www.w3.org/2005/sparql-results#"
            return f'<?xml version="1.0"?>\n<sparql xmlns="{space}"><head/><boolean>{word}</boolean></sparql>\n'
        return f"{word}\n" if chosen in ("csv", "tsv") else f"{'yes' if self.boolean else 'no'}\n"

    def write(self, path: str | Path, name: str | None = None, *, bom: bool = False) -> None:
        """Write the answer to a file, whole or not at all; the format follows from the ending unless named.

        With ``bom`` CSV begins with a byte order mark, by which Excel knows that it is UTF-8.

        >>> kg.query("handovers").write("handovers.csv", bom=True)
        """
        target = Path(path)
        if not name and not target.suffix and not target.is_dir():
            raise WrongUse(f"{target} has no ending that gives the format.", hint="Write to a name such as answer.csv.")
        content = self.marked_csv(name, path=target) if bom else self.content(name, target)
        write_whole(target, media.encoded(content, target))

    def marked_csv(self, name: str | None = None, *, path: Path | None = None) -> str:
        """CSV that begins with a byte order mark. Raises :class:`WrongUse` for another format.

        >>> kg.query("handovers").marked_csv("csv").startswith(chr(0xFEFF))
        True
        """
        form = media.choose(media.ROWS, name, path, what="The answer")
        if form.name not in ("csv", "tsv"):
            raise WrongUse(
                f"A byte order mark is for CSV, not for {form.title}.",
                hint="Name the format csv, or leave out bom=True.",
            )
        return f"\ufeff{self.text(form.name)}"

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        if self.boolean is not None or self.holds_triples:
            from html import escape

            return f"<pre>{escape(self.text())}</pre>"
        part = self[:_MOST_SHOWN]
        left_out = f"<p>{len(part)} of {len(self):,} rows: <code>answer.to_pandas()</code> has all.</p>"
        table = html(part.table._replace(notes=self.notes), part._opened())
        return notebooks.framed(table, left_out if len(part) < len(self) else "")

    def _opened(self) -> Callable[[Sequence[Term]], str | None]:
        """How a notebook shows the sources of a row: a click opens them."""
        if self.knowledge is None:
            return lambda _: None
        from solgraph.graph.evidence import opened, passages

        return opened(passages(self.knowledge.snapshot, self.iris(), self.knowledge.languages), self.table.shown)
