"""Where the rows of an answer were read: the documents and passages that they name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from pyoxigraph import NamedNode

from solgraph import notebooks
from solgraph.formats.citations import Item
from solgraph.graph.citation import WHOLE, source_items
from solgraph.graph.snapshot import Snapshot, value_of
from solgraph.rdf.namespaces import ID, shorten
from solgraph.rdf.terms import Term

_PASSAGES = """SELECT ?passage ?source ?section ?page {{ VALUES ?passage {{ {passages} }}
  ?passage oa:hasSource ?source OPTIONAL {{ ?passage sg:section ?section }} OPTIONAL {{ ?passage sg:page ?page }} }}"""
#: A closed cell names so many documents.
_MOST_NAMED = 2


class Passage(NamedTuple):
    """A document as its citation describes it, and the place in it."""

    item: Item
    section: Term | None = None
    page: Term | None = None

    def __str__(self) -> str:
        """The place in words: title, publisher and date of the document, then section and page."""
        dates = ["-".join(f"{part:02}" for part in self.item.get("issued", {}).get("date-parts", [[]])[0])]
        where = [value_of(self.section)] if self.section and value_of(self.section) != WHOLE else []
        where += [f"p. {value_of(self.page)}"] if self.page else []
        described = [str(self.item["title"]), str(self.item.get("publisher", "")), *dates, *where]
        return ", ".join(filter(None, described))


def passages(snapshot: Snapshot, iris: Iterable[str], languages: Sequence[str]) -> dict[str, Passage]:
    """The documents and passages among some IRIs."""
    named = sorted(iri for iri in iris if iri.startswith(f"{ID}passage/"))
    query = _PASSAGES.format(passages=" ".join(map(str, map(NamedNode, named))))
    places = {value_of(passage): place for passage, *place in snapshot.ask(query).terms} if named else {}
    documents = {iri for iri in iris if iri.startswith(f"{ID}source/")}
    wanted = documents | {value_of(source) for source, *_ in places.values()}
    items = source_items(snapshot, wanted, languages) if wanted else {}
    whole = {iri: Passage(items[iri]) for iri in documents & items.keys()}
    return whole | {iri: Passage(items[value_of(source)], *place) for iri, (source, *place) in places.items()}


def opened(found: Mapping[str, Passage], shown: Callable[[Term], str]) -> Callable[[Sequence[Term]], str | None]:
    """How a notebook shows a cell of documents and passages: their names, which open with a click; else nothing."""
    lines = {iri: _line(iri, passage) for iri, passage in found.items()}

    def cell(terms: Sequence[Term]) -> str | None:
        iris = [value_of(term) for term in terms]
        if not iris or not all(iri in lines for iri in iris):
            return None
        names = list(dict.fromkeys(map(shown, terms)))
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        summary = escape("; ".join(names[:_MOST_NAMED]) + more)
        return notebooks.details(summary, notebooks.bullets(lines[iri] for iri in iris))

    return cell


def _line(iri: str, passage: Passage) -> str:
    """The place, a link to the document, and how to cite it."""
    cite = notebooks.code(f'kg.cite("{shorten(iri)}")')
    return f"{notebooks.link(str(passage), str(passage.item.get('URL', '')))} · {cite}"
