"""The one table of forms: what each is called, its endings and media types, and what writes it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from solgraph.errors import WrongUse, did_you_mean
from solgraph.formats import arrow, citations, pages, rows, triples, workbook
from solgraph.formats.text_table import text_table

GZIP = ".gz"
Content = TypeVar("Content")


class Form(NamedTuple, Generic[Content]):
    """A form in which something is written.

    ``name`` is what ``-f`` takes; ``also`` are further names for it. The usual one of ``endings`` (without dot) and of
    ``media_types`` comes first. ``title`` is its name in prose. A form of several files has in ``files`` the end of
    each file's name with its writer.
    """

    name: str
    endings: tuple[str, ...]
    media_types: tuple[str, ...]
    write: Callable[[Any], Content]
    also: tuple[str, ...] = ()
    title: str = ""
    files: tuple[tuple[str, Callable[[Any], Content]], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which it can be asked for, endings included."""
        return tuple(dict.fromkeys((self.name, *self.endings, *self.also)))


_OFFICE = "application/vnd.openxmlformats-officedocument"
_XML = ("application/xml", "text/xml")

#: The rows of a SELECT, as a :class:`~solgraph.formats.rows.Table`.
ROWS = (
    Form("table", ("txt",), ("text/plain",), text_table, title="Text"),
    Form("csv", ("csv",), ("text/csv",), rows.csv_text, title="CSV"),
    Form("tsv", ("tsv",), ("text/tab-separated-values", "text/tsv"), rows.tsv, title="TSV"),
    Form(
        "json", ("json", "srj"), ("application/sparql-results+json", "application/json"), rows.sparql_json, title="JSON"
    ),
    Form("xml", ("xml", "srx"), ("application/sparql-results+xml", *_XML), rows.sparql_xml, title="XML"),
    Form("md", ("md", "markdown"), ("text/markdown",), rows.markdown, title="Markdown"),
    Form("html", ("html",), ("text/html",), rows.html, title="HTML"),
)

#: The forms of rows that have a place for notes; in the others they would be taken for rows, or break the form.
WITH_NOTES = ("table", "json", "md", "html")

#: RDF, written from :data:`~solgraph.formats.triples.Graphs` and read by :mod:`solgraph.rdf.store`.
RDF = (
    Form(
        "turtle",
        ("ttl",),
        ("text/turtle", "application/x-turtle", "application/turtle", "text/n3", "application/n3", "text/rdf+n3"),
        triples.turtle,
        ("n3",),
        "Turtle",
    ),
    Form(
        "jsonld",
        ("jsonld", "json"),
        ("application/ld+json", "application/json", "application/x-json+ld"),
        triples.json_ld,
        ("json-ld",),
        "JSON-LD",
    ),
    Form("nt", ("nt",), ("application/n-triples", "text/plain"), triples.n_triples, ("ntriples",), "N-Triples"),
    Form("trig", ("trig",), ("application/trig", "application/x-trig"), triples.trig, (), "TriG"),
    Form("nq", ("nq",), ("application/n-quads",), triples.n_quads, ("nquads",), "N-Quads"),
    Form("xml", ("rdf", "xml"), ("application/rdf+xml", *_XML), triples.rdf_xml, ("rdfxml", "rdf+xml"), "RDF/XML"),
)

#: Workbooks, written from :class:`~solgraph.formats.workbook.Sheet`.
WORKBOOKS = (Form("xlsx", ("xlsx",), (f"{_OFFICE}.spreadsheetml.sheet",), workbook.xlsx, title="Excel"),)

#: Columns, written from a table of Arrow.
COLUMNAR = (Form("parquet", ("parquet",), ("application/vnd.apache.parquet",), arrow.parquet, title="Parquet"),)

#: Citations, written from items of CSL-JSON.
CITATIONS = (
    Form("text", ("txt",), ("text/plain",), citations.text, title="Text"),
    Form("bibtex", ("bib",), ("application/x-bibtex",), citations.bibtex, title="BibTeX"),
    Form("csl-json", ("json",), ("application/vnd.citationstyles.csl+json",), citations.csl_json, title="CSL-JSON"),
)

#: Pages for the hand, written from a :class:`~solgraph.formats.pages.Page`.
PAGES: tuple[Form[str | bytes], ...] = (
    Form("md", ("md", "markdown"), ("text/markdown",), pages.markdown, title="Markdown"),
    Form("html", ("html",), ("text/html",), pages.html, title="HTML"),
    Form("docx", ("docx",), (f"{_OFFICE}.wordprocessingml.document",), pages.docx, title="Word"),
)


def choose(forms: Sequence[Form[Content]], name: str | None, path: Path | None, *, what: str) -> Form[Content]:
    """The form of that name, else the one of the file's ending, else the first. Raises :class:`WrongUse`.

    ``what`` is the subject of the error: "The graph". An ending ``.gz`` after another one does not count.
    """
    ending = path.with_suffix("").suffix if path and path.suffix == GZIP else path.suffix if path else ""
    wanted = (name or ending[1:]).lower()
    if not wanted:
        return forms[0]
    for form in forms:
        if wanted in form.names:
            return form
    choices = [form.name for form in forms] if name else [f".{form.endings[0]}" for form in forms]
    hint = did_you_mean(wanted, choices) or f"{'Formats' if name else 'Endings'} for it: {', '.join(choices)}"
    raise WrongUse(f"{what} cannot be written as '{wanted if name else f'.{wanted}'}'.", hint=hint)


def encoded(content: str | bytes, path: Path) -> bytes:
    """The bytes of a file that holds a text or what is bytes already; compressed where its name ends in ``.gz``."""
    whole = content if isinstance(content, bytes) else content.encode()
    if path.suffix != GZIP:
        return whole
    import gzip

    return gzip.compress(whole, mtime=0)
