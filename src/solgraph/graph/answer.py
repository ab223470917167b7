"""The answer to a query: one type for the four forms."""

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import NamedNode

from solgraph.engines.endpoint import Result
from solgraph.errors import MissingExtra, WrongUse
from solgraph.formats import media
from solgraph.formats.rows import Note, Table, html
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.terms import IRI, Term

if TYPE_CHECKING:
    import networkx

    from solgraph.formats.workbook import Sheet
    from solgraph.graph.knowledge import Knowledge
    from solgraph.networks.model.projection import Projection


class Origin(NamedTuple):
    """Where and how an answer came about."""

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


class Answer(Result):
    """A result with the labels of its IRIs, how it came about, and the forms in which it can be had.

    ``labels`` holds the labels of the IRIs in the answer; ``several`` names the columns whose values readable formats
    gather in one row. ``saved`` is the saved query that was asked, ``values`` its parameters, ``knowledge`` the graph.
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
    def of(cls, result: Result) -> "Answer":
        """The answer that a result is, so far without labels."""
        return cls(result.form, result.columns, result.terms, result.boolean)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """What qualifies the answer: unclear points, complete lists that say no, and silence (see :func:`notes`)."""
        from solgraph.graph.notes import notes

        return notes(self)

    def iris(self) -> set[str]:
        """All IRIs in the answer."""
        return {term.value for row in self.terms for term in row if isinstance(term, NamedNode)}

    def label(self, iri: str) -> str:
        """The label of an IRI in the answer, or its short form."""
        return Table((), (), self.labels).shown(NamedNode(iri))

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary of Python values per row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self]

    def to_pandas(self, *, labels: bool = False) -> Any:
        """A pandas DataFrame; columns stay when there is no row. Needs the extra ``pandas``.

        With ``labels`` things are called by their labels and not by their IRIs.
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtra("A DataFrame", "pandas") from error
        values = self._by_column(labels)
        whole = {name for name, cells in values.items() if set(map(type, cells)) == {int, type(None)}}
        columns = {name: pandas.array(cells, "Int64") if name in whole else cells for name, cells in values.items()}
        return pandas.DataFrame(columns, columns=list(self.columns))

    def to_polars(self, *, labels: bool = False) -> Any:
        """A polars DataFrame, as :meth:`to_pandas` gives one. Needs the extra ``polars``."""
        try:
            import polars
        except ImportError as error:
            raise MissingExtra("A polars DataFrame", "polars") from error
        return polars.DataFrame(self._by_column(labels), strict=False)

    def _by_column(self, labels: bool) -> dict[str, list[Any]]:
        def bare(value: Any) -> Any:
            """A value as data frames know it: plain text for an IRI and a text with language."""
            if labels and isinstance(value, IRI):
                return self.label(value)
            return str(value) if isinstance(value, str) else value

        return {name: [bare(row[i]) for row in self] for i, name in enumerate(self.columns)}

    def to_network(self, *, source: str = "", target: str = "", **selection: Any) -> "networkx.Graph[str]":
        """The answer as a networkx graph: of a network view as its header says, of triples, or between two columns.

        ``selection`` takes the fields of :class:`~solgraph.networks.model.selection.Selection`. Raises
        :class:`WrongUse` when nothing says what the ends of an edge are.
        """
        from solgraph.networks.model.build import build
        from solgraph.networks.model.selection import Selection

        return build(*self._as_network(source, target), selection=Selection(**selection), summary=self._summary)

    def projection(self, **selection: Any) -> "Projection | networkx.Graph[str]":
        """The network of a view, its edges made only when they are read: for networks larger than memory."""
        from solgraph.networks.model.build import project
        from solgraph.networks.model.selection import Selection

        return project(*self._as_network("", ""), selection=Selection(**selection), summary=self._summary)

    @property
    def _summary(self) -> str:
        return self.saved.summary if self.saved else ""

    def _as_network(self, source: str, target: str) -> tuple[str, dict[str, str], Table]:
        """Name, header and rows of the network."""
        name, header = (self.saved.name, self.saved.network) if self.saved else ("answer", None)
        if source or target:
            header = {"source": source, "target": target, "mode": "multi-mode"}
        elif self.holds_triples:
            header = {"source": "subject", "target": "object", "kind": "multidigraph", "mode": "multi-mode"}
        if not header:
            hint = f"Name the columns of its ends, to_network(source=…, target=…): {', '.join(self.columns)}"
            raise WrongUse("This answer is not from a network view.", hint=hint)
        return name, header, Table(self.columns, self.terms, self.labels, self.several)

    def explain(self) -> str:
        """The SPARQL that was asked, values in place, ready to paste elsewhere."""
        return self.origin.query if self.origin else ""

    def text(self, name: str | None = None, *, path: Path | None = None, width: int | None = None) -> str:
        """The answer in a format (``table``, ``csv`` …, for triples ``turtle`` …), or that of the file's ending."""
        content = self.content(name, path, width)
        if isinstance(content, bytes):
            raise WrongUse("A workbook needs a file.", hint="Name it: -o answer.xlsx")
        return content

    def content(self, name: str | None = None, path: Path | None = None, width: int | None = None) -> str | bytes:
        """What :meth:`write` puts into a file: the text of a format, or the bytes of a workbook."""
        if self.boolean is not None:
            return self._yes_or_no(name, path)
        if self.holds_triples:
            return media.choose(media.RDF, name, path, what=f"The answer to a {self.form}").write([("", self.triples)])
        forms: tuple[media.Form[Any], ...] = (*media.ROWS, *media.WORKBOOKS)
        form = media.choose(forms, name, path, what="The answer to a SELECT")
        notes = self.notes if form.name in media.WITH_NOTES else ()
        table = Table(self.columns, self.terms, self.labels, self.several, width, notes=notes)
        written: str | bytes = form.write(self._sheets() if form in media.WORKBOOKS else table)
        return written

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
        """
        target = Path(path)
        if not name and not target.suffix and not target.is_dir():
            raise WrongUse(f"{target} has no ending that gives the format.", hint="Write to a name such as answer.csv.")
        content = self.marked_csv(name, path=target) if bom else self.content(name, target)
        write_whole(target, media.encoded(content, target))

    def marked_csv(self, name: str | None = None, *, path: Path | None = None) -> str:
        """CSV that begins with a byte order mark. Raises :class:`WrongUse` for another format."""
        form = media.choose(media.ROWS, name, path, what="The answer")
        if form.name not in ("csv", "tsv"):
            raise WrongUse(
                f"A byte order mark is for CSV, not for {form.title}.", hint="Add -f csv, or leave out --bom."
            )
        return f"\ufeff{self.text(form.name)}"

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        if self.boolean is not None or self.holds_triples:
            from html import escape

            return f"<pre>{escape(self.text())}</pre>"
        return html(Table(self.columns, self.terms, self.labels, self.several, notes=self.notes))
