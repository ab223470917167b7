"""``/robots.txt`` and ``/sitemap.xml`` of a served graph."""

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import SG
from solgraph.web.crawlers import CLOSED, robots_txt, sitemap_xml
from solgraph.web.http import root_address, route
from solgraph.web.rendering import path

_PAGES = ("/", "/explore", "/cities", "/networks", "/queries", "/sources", "/about", "/ns", "/catalog")
#: What people look for by name; pages of statements and passages are linked from theirs.
_CLASSES = {
    SG + name
    for name in (
        *("City", "Country", "Region", "Network", "Person", "Organisation", "PublicBody", "CivilSocietyOrganisation"),
        *("InternationalOrganisation", "Programme", "Collaboration", "AdvocacyAction", "Law"),
    )
}


def _robots(request: Request) -> Response:
    """``/robots.txt``: what is closed to crawlers, and where the sitemap lies."""
    root = root_address(request)
    closed = [urlsplit(root).path + path for path in CLOSED]
    return Response(robots_txt(root, closed), media_type="text/plain")


def _sitemap(request: Request) -> Response:
    """``/sitemap.xml``: the pages that people look for, each once; which language they are in, the reader decides."""
    snapshot: Snapshot = request.app.state.kg.snapshot
    things = dict.fromkeys(name.iri for name in snapshot.label_index.searched)
    named = sorted(path(iri) for iri in things if _CLASSES.intersection(snapshot.types[iri]))
    paths = [*_PAGES, *(f"/queries/{name}" for name in snapshot.saved), *named]
    root = root_address(request)
    return Response(sitemap_xml(root + quote(where, safe="/") for where in paths), media_type="application/xml")


routes: list[BaseRoute] = [route("/robots.txt", _robots), route("/sitemap.xml", _sitemap)]
