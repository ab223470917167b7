"""Web pages that rows name as their evidence: each a source of its own, with a named graph of its own."""

import re
from textwrap import shorten
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pyoxigraph import Literal, NamedNode

from solgraph.queries.header import LANGUAGE
from solgraph.rdf.namespaces import GRAPH, ID, VOCAB, XSD, slug
from solgraph.rdf.terms import fold
from solgraph.tables.recognise.dates import span
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.statements import Statements, slug_of
from solgraph.tables.statements.table import Table, TableRow

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_MOST_WORDS = 5
_LABEL = 70
"""Characters of a title in a label."""


class Page(NamedTuple):
    """A web page as a source, and the place on it where a row was read."""

    source: str
    graph: str
    passage: str


class Pages:
    """The web pages of a table of pages, and those that rows describe themselves by their addresses."""

    def __init__(self, statements: Statements, table: Table | None) -> None:
        self.statements, self._table = statements, table
        self._titles: dict[str, str] = {}
        self._passages: set[str] = set()
        self._publishers: dict[str, str] = {}

    def of(self, row: TableRow) -> Page | None:
        """The page that a row names, described with the place; None when it names none. Raises :class:`Rejected`."""
        if not row.get("page"):
            return None
        key = self.add(row)
        page = Page(f"{ID}source/{key}", GRAPH + key, _passage(key, row.get("locator")))
        if page.passage not in self._passages:  # places that differ in signs alone are one
            self._passages.add(page.passage)
            self._describe_passage(page, row.get("locator"))
        return page

    def add(self, row: TableRow) -> str:
        """Describe the page of a row as a source, once; its slug. Raises :class:`Rejected`."""
        entry = self._entry(row)
        key = slug_of(_name_of(entry.get("page")) if _ADDRESS.fullmatch(entry.get("page")) else entry.get("page"))
        source = f"{ID}source/{key}"
        if source not in self._titles:
            with self.statements.within(GRAPH + key):
                self._titles[source] = self._describe(source, entry)
        return key

    def _entry(self, row: TableRow) -> TableRow:
        """The row that describes the page: in the table of pages, or the row itself."""
        entry = self._table.by_key(row.get("page")) if self._table else None
        if entry is None and not _ADDRESS.fullmatch(row.get("page")):
            where = f"{self._table.sheet.path.name} has no page" if self._table else "no table of pages describes"
            raise Rejected("no such page", f"{where} '{row.get('page')}'; write its address")
        return entry or row

    def _describe(self, source: str, entry: TableRow) -> str:
        """Describe a page as a source; its label."""
        address = entry.get("url") or entry.get("page")
        if not _ADDRESS.fullmatch(address):
            raise Rejected("no address", f"the page '{entry.get('page')}' has no address: '{address}'")
        language = entry.get("language").lower()
        title = Literal(entry.get("title") or address, language=language if LANGUAGE.fullmatch(language) else "und")
        label = _label(entry, title.value)
        properties: dict[str, str | Literal] = {
            "sg:sourceKind": VOCAB + "source-kind/web-page",
            "skos:prefLabel": Literal(label, language="en"),
            "dcterms:title": title,
            "schema:url": Literal(address, datatype=NamedNode(XSD + "anyURI")),
        }
        self.statements.describe(source, "sg:Source", properties)
        if publisher := entry.get("publisher"):
            self._publishers[source] = publisher
        if language:
            self.statements.add(source, "dcterms:language", Literal(language))
        self.statements.add_date(source, "dcterms:date", _as_of(entry))
        return label

    def add_publishers(self) -> None:
        """Add who publishes each page, once all networks are there: a network of that name, or else an actor."""
        networks = self.statements.network_names()
        for source, name in self._publishers.items():
            publisher = networks.get(fold(name)) or self.statements.actor(name)
            with self.statements.within(GRAPH + slug(source)):
                self.statements.add(source, "dcterms:publisher", publisher)

    def _describe_passage(self, page: Page, locator: str) -> None:
        properties: dict[str, str | Literal] = {
            "oa:hasSource": page.source,
            "skos:prefLabel": Literal(self._titles[page.source], language="en"),
            "sg:section": Literal(locator or "whole page"),
        }
        with self.statements.within(page.graph):
            self.statements.describe(page.passage, "sg:Passage", properties)


def _label(entry: TableRow, title: str) -> str:
    """Who publishes the page, and the beginning of its title; for a page without one the end of its address."""
    publisher = entry.get("publisher")
    if _ADDRESS.fullmatch(title):
        parts = urlsplit(title)
        publisher, title = publisher or parts.netloc.removeprefix("www."), _words_of(parts.path) or "start page"
    brief = shorten(title, _LABEL, placeholder=" …")
    return brief if fold(publisher) in fold(title) else f"{publisher}: {brief}"


def _words_of(path: str) -> str:
    """The last part of an address that holds words: a whole address would be cut to nothing."""
    parts = [re.sub(r"\.[a-z]{3,5}$", "", part) for part in unquote(path).split("/")]
    last = next((part for part in reversed(parts) if re.search(r"[^\W\d_]{3}", part)), "")
    return re.sub(r"[-_+ ]+", " ", last.partition("&")[0]).strip()


def _passage(key: str, locator: str) -> str:
    if len(locator.split()) > _MOST_WORDS:
        hint = f"keep the locator to {_MOST_WORDS} words, because it is not a quotation: '{locator}'"
        raise Rejected("long locator", hint)
    return f"{ID}passage/{key}-{slug_of(locator) if fold(locator) else 'page'}"


def _name_of(address: str) -> str:
    """A name for a page by its address, without what all addresses share."""
    parts = urlsplit(address)
    return f"{parts.netloc.removeprefix('www.')} {parts.path} {parts.query}"


def _as_of(entry: TableRow) -> str:
    date = span(entry.get("as_of"), "")
    if date.note:
        raise Rejected("no date", f"the page states '{entry.get('as_of')}', which is not a date")
    return date.since
