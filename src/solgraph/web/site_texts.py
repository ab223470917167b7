"""The texts of a site of files, for its page of results: what findings and initiatives say."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from pyoxigraph import Literal
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.graph.names import language_rank
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import slug
from solgraph.web.http import language, route
from solgraph.web.pages.context import context, snapshot_of
from solgraph.web.rendering import address, chain, path, word

_TEXTS = """SELECT DISTINCT ?thing ?text {
  { ?thing a sg:Finding } UNION { ?thing a/rdfs:subClassOf* sg:Initiative } UNION { ?thing a sg:City }
  ?thing dcterms:description ?text
} ORDER BY ?thing ?text"""


def _texts(request: Request) -> Response:
    """``/texts.js``: a script, which pages that are opened from a disk may load."""
    snapshot, label, code = snapshot_of(request), context(request)["label"], language(request)
    kinds: dict[str, int] = {}
    rows: list[list[Any]] = []
    for thing, text in _best(snapshot, chain(request)):
        kind = kinds.setdefault(snapshot.types[thing][0], len(kinds))
        rows.append([address(request, path(thing)), kind, label(thing), text])
    groups = [word(code, "group", slug(kind), label(kind)) for kind in kinds]
    content = {"language": code, "groups": groups, "things": rows}
    body = f"var solgraphTexts = {json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n"
    return Response(body, media_type="text/javascript", headers={"Vary": "Accept-Language, Cookie"})


def _best(snapshot: Snapshot, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each thing with its text in the first of the languages in which it has one."""
    texts: dict[str, list[Literal]] = {}
    for thing, text in snapshot.ask(_TEXTS).terms:
        if isinstance(text, Literal):
            texts.setdefault(value(thing), []).append(text)
    for iri, every in texts.items():
        yield iri, min(every, key=lambda text: language_rank(text.language or "", languages)).value


routes: list[BaseRoute] = [route("/texts.js", _texts)]
