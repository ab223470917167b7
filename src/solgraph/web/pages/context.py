"""What every template about the graph gets: labels, links, and numbers for sources."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request

from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import BASE, GRAPH, ID, SG, VOCAB, shorten, slug
from solgraph.texts import sentence
from solgraph.web.http import language, path_on_site
from solgraph.web.pages import panels
from solgraph.web.pages.drawings import span_of
from solgraph.web.rendering import absolute, chain


class Notes:
    """Numbers for sources, in the order in which a page comes to them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, iri: str) -> int:
        """The number of a source, the same each time."""
        return self.numbers.setdefault(iri, len(self.numbers) + 1)

    def ordered(self, iris: Iterable[str]) -> list[str]:
        """Sources in the order of their numbers."""
        return sorted(iris, key=self.number)


def snapshot_of(request: Request) -> Snapshot:
    """The state of the data when the request came."""
    snapshot: Snapshot = request.app.state.kg.snapshot
    return snapshot


def account(request: Request, title: str, columns: Iterable[str], asked: Mapping[str, str]) -> dict[str, str]:
    """What a workbook says of an answer of a page: its title, what was ``asked``, the day, columns, and where it is."""
    code = language(request)
    meanings = {f"column {name}": sentence(code, f"means.{name}") for name in columns}
    day = {"asked": date.today().isoformat()}
    words = {key: request.query_params.getlist(key) for key in request.query_params}
    where = absolute(request, path_on_site(request).partition(".")[0], **words)
    return {"title": sentence(code, title), **asked, **day, **meanings, "address": where}


def context(request: Request) -> dict[str, Any]:
    """The values of a template that shows things of the graph."""
    snapshot = snapshot_of(request)
    labels = snapshot.labels(chain(request))

    def label(iri: str) -> str:
        return labels.get(iri) or shorten(iri)

    def has_page(iri: str) -> bool:
        return iri in snapshot.types and iri.startswith(BASE)

    return {
        "snapshot": snapshot, "labels": labels, "label": label, "has_page": has_page, "notes": Notes(), "value": value,
        "is_iri": lambda term: isinstance(term, NamedNode), "slug": slug, "SG": SG, "short": shorten,
        "shown": lambda term: panels.shown(term, labels), "span_of": span_of, "ID": ID, "GRAPH": GRAPH,
        "UNKNOWN": VOCAB + "status/unknown",
        "language_of": lambda term: term.language or "" if isinstance(term, Literal) else "",
    }  # fmt: skip
