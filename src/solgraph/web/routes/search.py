"""The page of results: what some words find, by kind, each with the text that shows why."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solgraph.graph.search.cards import KINDS
from solgraph.graph.search.hits import MOST_EACH, kind_of
from solgraph.graph.search.hits import search as find
from solgraph.web import parameters
from solgraph.web.http import route
from solgraph.web.pages.context import context
from solgraph.web.rendering import knowledge, render

_ON_PAGE, _LONGEST = 20, 200


def search(request: Request) -> Response:
    """``/search?q=``: a few hits of each kind, or with ``kind`` all of that kind, page by page."""
    values = parameters.read(request, "The search", (), ("q", "kind", "country", "page", "lang"))
    words, kind = parameters.single(values, "q")[:_LONGEST], parameters.single(values, "kind")
    kind = kind_of(kind) if kind else ""
    country, page = parameters.single(values, "country"), parameters.whole_number(values, "page", least=1) or 1
    kg = knowledge(request)
    place = kg.find(country, "sg:Country") if country else ""
    every = find(kg.snapshot, kg.languages, words, country=place, each=MOST_EACH)
    start = (page - 1) * _ON_PAGE
    hits = find(kg.snapshot, kg.languages, words, kind, place, limit=_ON_PAGE, start=start) if kind else every
    shown: dict[str, Any] = {
        "hits": hits,
        "kinds": every.counts,
        "kind": kind,
        "country": country,
        "page": page,
        "words": words,
    }
    near = kg.nearest(words) if words and not every.total else []
    last = -(-hits.total // _ON_PAGE)
    return render(request, "search.html", **context(request), **shown, near=near, last=last, heading=_heading)


def _heading(kind: str) -> str:
    """The class whose plural names a kind of hits; nothing for saved queries, which are no things."""
    return KINDS[kind].partition(" ")[0]


routes = [route("/search", search)]
