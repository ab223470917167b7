"""The texts of a site of files, for its page of results: what findings and initiatives say."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.graph.names import best_texts
from solgraph.rdf.namespaces import slug
from solgraph.texts import word
from solgraph.web.http import BY_LANGUAGE, language, route, script
from solgraph.web.pages.context import context, snapshot_of
from solgraph.web.rendering import address, chain, path

_TEXTS = """SELECT DISTINCT ?thing ?text {
  { ?thing a sg:Finding } UNION { ?thing a/rdfs:subClassOf* sg:Initiative } UNION { ?thing a sg:City }
  ?thing dcterms:description ?text
} ORDER BY ?thing ?text"""


def _texts(request: Request) -> Response:
    """``/texts.js``: what is said of each, by kind."""
    snapshot, label, code = snapshot_of(request), context(request)["label"], language(request)
    kinds: dict[str, int] = {}
    rows: list[list[Any]] = []
    for thing, text in best_texts(snapshot.ask(_TEXTS).terms, chain(request)).items():
        kind = kinds.setdefault(snapshot.types[thing][0], len(kinds))
        rows.append([address(request, path(thing)), kind, label(thing), text])
    groups = [word(code, "group", slug(kind), label(kind)) for kind in kinds]
    content = {"language": code, "groups": groups, "things": rows}
    return script("solgraphTexts", content, BY_LANGUAGE)


routes: list[BaseRoute] = [route("/texts.js", _texts)]
