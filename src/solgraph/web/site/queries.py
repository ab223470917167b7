"""What the browser asks on a site of files: all of the data, and the texts of saved queries in pieces."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.formats.triples import named_graphs
from solgraph.graph import notes
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.blank_nodes import relabelled
from solgraph.rdf.namespaces import FURTHER_NAMES, ID, NAMING, PREFIXES, VOCAB, expand
from solgraph.rdf.turtle import trig
from solgraph.web.http import route, script
from solgraph.web.pages.context import snapshot_of
from solgraph.web.rendering import knowledge


def _engine(request: Request) -> Response:
    """``/engine-data.js``: what ``engine.js`` and ``answer.js`` need besides the library.

    In the default graph is what the documents say together, which the browser adds: the file is half as large.
    """
    queries = {name: _query(saved) for name, saved in snapshot_of(request).saved.items()}
    names = {"shown": NAMING, "further": FURTHER_NAMES}
    noting = {"sentences": notes.SENTENCES, "unclear": notes.UNCLEAR.format(things="{things}")}
    noting |= {"places": notes.PLACES, "never": notes.NEVER_UNCLEAR}
    graphs = trig(relabelled(named_graphs(knowledge(request).store)))
    content = {"id": ID, "prefixes": PREFIXES, "names": names, "notes": noting, "queries": queries}
    return script("solgraphData", {**content, "graphs": graphs})


def _query(saved: SavedQuery) -> dict[str, Any]:
    return {
        "pieces": saved.pieces,
        "params": [_param(param) for param in saved.params.values()],
        "several": saved.several,
        "order": saved.ordered_by,
        "absence": saved.header.get("absence", ""),
        "silent": "quality" not in saved.tags,
        "unclear": "linked data" not in saved.tags,
    }


def _param(param: Parameter) -> dict[str, Any]:
    pattern, meaning = param.lexical_form
    kept = ("name", "variable", "kind", "required", "multiple", "values", "default")
    among = {"type": expand(param.type) if param.type else "", "scheme": VOCAB + param.scheme if param.scheme else ""}
    return {**{key: getattr(param, key) for key in kept}, **among, "pattern": pattern, "meaning": meaning}


routes: list[BaseRoute] = [route("/engine-data.js", _engine)]
