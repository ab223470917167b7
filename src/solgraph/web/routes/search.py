"""The page of results: what some words find, by kind, each with the text that shows why; and the same as JSON."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from solgraph.graph.search.cards import KINDS
from solgraph.graph.search.hits import MOST_EACH, Hit, Hits, kind_of
from solgraph.graph.search.hits import search as find
from solgraph.web import parameters
from solgraph.web.http import PAGE, negotiate, root_address, route
from solgraph.web.openapi import LIST
from solgraph.web.pages.context import context
from solgraph.web.pages.lists import by_letter
from solgraph.web.problems import Problem
from solgraph.web.rendering import knowledge, path, render

_ON_PAGE, _LONGEST = 20, 300


def search(request: Request) -> Response:
    """``/search?q=``: a few hits of each kind, or with ``kind`` all of that kind, page by page."""
    form, _ = negotiate(request, LIST)
    values = parameters.read(request, "The search", (), ("q", "kind", "country", "page", "lang", "format"))
    words, kind = parameters.single(values, "q"), parameters.single(values, "kind")
    if len(words) > _LONGEST:
        raise Problem(400, detail=f"A search has at most {_LONGEST} letters.", parameter="q")
    kind = kind_of(kind) if kind else ""
    country, page = parameters.single(values, "country"), parameters.whole_number(values, "page", least=1) or 1
    kg = knowledge(request)
    place = kg.find(country, "sg:Country") if country else ""
    every = find(kg.snapshot, kg.languages, words, country=place, each=MOST_EACH)
    start = (page - 1) * _ON_PAGE
    hits = find(kg.snapshot, kg.languages, words, kind, place, limit=_ON_PAGE, start=start) if kind else every
    shown: dict[str, Any] = {"kinds": every.counts, "kind": kind, "page": page, "last": -(-hits.total // _ON_PAGE)}
    if form is not PAGE:
        return JSONResponse(_as_dict(request, words, hits, shown))
    near = kg.nearest(words) if words and not every.total else []
    shown |= {"hits": hits, "country": country, "words": words, "near": near, "heading": _heading}
    common, plan = context(request), request.scope.get("solgraph.static")
    letters = by_letter(kg.snapshot, common["label"], lambda iri: path(iri) not in plan.homes) if plan else {}
    return render(request, "search.html", **common, **shown, letters=letters)


def _as_dict(request: Request, words: str, hits: Hits, shown: dict[str, Any]) -> dict[str, Any]:
    """The hits as plain values; without a kind there is one part, with a few of each."""
    return {
        "words": words, "total": shown["kinds"].total(), "kinds": dict(shown["kinds"].most_common()),
        "partial": hits.is_partial, "corrections": hits.corrections, "kind": shown["kind"],
        "page": shown["page"] if shown["kind"] else 1, "pages": shown["last"] if shown["kind"] else 1,
        "hits": [_hit_as_dict(root_address(request), hit) for hit in hits],
    }  # fmt: skip


def _hit_as_dict(root: str, hit: Hit) -> dict[str, str]:
    """A hit as plain values; a saved query is named, all else has an IRI. Empty is what comes from no passage."""
    is_query = hit.kind == "query"
    return {
        "kind": hit.kind, "label": hit.label, "name" if is_query else "iri": hit.key,
        "url": root + (f"/queries/{hit.key}" if is_query else path(hit.key)), "snippet": hit.text,
        "source": hit.source, "source_url": root + path(hit.passage) if hit.passage else "",
    }  # fmt: skip


def _heading(kind: str) -> str:
    """The class whose plural names a kind of hits; nothing for saved queries, which are no things."""
    return KINDS[kind].partition(" ")[0]


routes = [route("/search", search)]
