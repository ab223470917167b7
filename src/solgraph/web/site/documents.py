"""Documents of which no page of their own is made: those that tell of the same network, on one page."""

import re
from collections.abc import Sequence
from functools import partial
from itertools import filterfalse

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.rdf.namespaces import BASE
from solgraph.web.documents import served
from solgraph.web.http import language, route, script
from solgraph.web.pages.context import context
from solgraph.web.pages.drawings import country_paths, extent_of_outlines
from solgraph.web.rendering import drawing, knowledge, render
from solgraph.web.site.crawl import Address, ask
from solgraph.web.site.plan import Plan, moved, place_of

_MAIN = re.compile(rb"<main[^>]*>(.*)</main>", re.DOTALL)
_CONTENTS = re.compile(rb'<nav class="contents".*?</nav>', re.DOTALL)
#: Names of places on one page; what has a stroke in it is a place of the whole site.
_NAMES = re.compile(r'( (?:id|aria-labelledby|data-copy)="|href="#)(?![^"]*/)')


def routes(plan: Plan) -> list[BaseRoute]:
    """The routes of pages that exist in a site of files alone."""

    async def documents(request: Request) -> Response:
        """``/sources/eurocities``: the pages of documents, one below the other; as Turtle what they say."""
        name, _, ending = request.path_params["name"].partition(".")
        head, paths = plan.documents[f"/sources/{name}"]
        if ending:
            graphs = [f"graph/{path.rpartition('/')[2]}" for path in paths]
            has_graph = served(knowledge(request)).has_graph
            bodies = [await _body(request, f"/{graph}.ttl") for graph in graphs if has_graph(BASE + graph)]
            return Response(_turtle(bodies), media_type="text/turtle")
        articles = {
            place_of(path): _article(f"a{number}.", await _body(request, path)) for number, path in enumerate(paths, 1)
        }
        return render(request, "documents.html", **context(request), head=head, articles=articles)

    def places(request: Request) -> Response:
        """``/moved-data.js``: page → what has its place there."""
        return script("solgraphMoved", moved(plan.homes))

    return [
        route("/sources/{name}", documents),
        route("/moved-data.js", places),
        route("/outlines.svg", _outlines),
    ]


def _outlines(request: Request) -> Response:
    """``/outlines.svg``: the land of all maps, which would be a third of most pages."""
    whole = extent_of_outlines()
    text = drawing("outlines.svg", whole=whole, paths=country_paths(whole, detail=2))
    return Response(text, media_type="image/svg+xml")


async def _body(request: Request, path: str) -> bytes:
    link, plan = request.scope["solgraph.relative"], request.scope["solgraph.static"]
    answer = await ask(request.app, Address(path), language(request), link, plan)
    return answer.body if answer.status == 200 else b""


def _turtle(bodies: Sequence[bytes]) -> bytes:
    """Documents below one another: every prefix once, since it is the same in all."""
    lines = [line for body in bodies for line in body.splitlines(keepends=True)]
    is_prefix = partial(re.match, rb"@prefix ")
    return b"".join([*dict.fromkeys(filter(is_prefix, lines)), *filterfalse(is_prefix, lines)])


def _article(before: str, body: bytes) -> Markup:
    """What stands on the page of a document, its headings a step lower and its places named apart."""
    found = _MAIN.search(_CONTENTS.sub(b"", body))
    text = _NAMES.sub(rf"\g<1>{before}", found[1].decode() if found else "")
    for level in (5, 4, 3, 2, 1):
        text = re.sub(rf"(</?h){level}\b", rf"\g<1>{level + 1}", text)
    return Markup(text)
