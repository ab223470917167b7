"""Things, documents and passages as an assistant gets them: each with its name and its address."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode

from solgraph.graph.evidence import Passage, passages
from solgraph.graph.knowledge import Knowledge
from solgraph.rdf.namespaces import shorten
from solgraph.rdf.terms import Term, python_value

Json = dict[str, Any]

#: A text lists so many documents; each row names its own.
_MOST_DOCUMENTS = 10


class Sources:
    """Names and addresses of some IRIs; those of documents and passages come with the address of the document."""

    def __init__(self, kg: Knowledge, iris: Iterable[str], labels: Mapping[str, str] | None = None) -> None:
        """``labels`` may hold those of the IRIs; without, they are looked up."""
        wanted = set(iris) - {""}
        self.labels = kg.snapshot.labels_of(wanted, kg.languages) if labels is None else labels
        self.passages: dict[str, Passage] = passages(kg.snapshot, wanted, kg.languages)

    def thing(self, iri: str) -> Json:
        """The name of a thing, its IRI, and for a document or passage where the document is on the web."""
        passage = self.passages.get(iri)
        url = str(passage.item.get("URL", "")) if passage else ""
        return {"name": self.labels.get(iri) or shorten(iri), "iri": iri} | ({"url": url} if url else {})

    def things(self, iris: Iterable[str]) -> list[Json]:
        """Several of them, each once."""
        return [self.thing(iri) for iri in dict.fromkeys(iris)]

    def value(self, term: Term | None) -> Any:
        """A term as a value of JSON; a thing with its name and address."""
        if isinstance(term, NamedNode):
            return self.thing(term.value)
        value = python_value(term)
        return value if value is None or isinstance(value, str | int | float | bool) else str(value)

    def documents(self, iris: Iterable[str]) -> list[str]:
        """The documents on which some things rest, as lines of a text with their addresses."""
        items = {str(item["id"]): item for iri in iris if iri in self.passages for item in [self.passages[iri].item]}
        texts = [f"- {Passage(item)}{f': {url}' if (url := item.get('URL')) else ''}" for item in items.values()]
        more = [f"- and {len(texts) - _MOST_DOCUMENTS} more"] if len(texts) > _MOST_DOCUMENTS else []
        return ["Documents:", *texts[:_MOST_DOCUMENTS], *more] if texts else []


def linked(thing: Json) -> str:
    """A thing as a link in Markdown."""
    return f"[{thing['name']}]({thing['iri']})"


def iris_in(rows: Iterable[Iterable[Term | None]]) -> list[str]:
    """The IRIs in rows of terms, in their order."""
    return list(dict.fromkeys(term.value for row in rows for term in row if isinstance(term, NamedNode)))
