"""Cities side by side in a site of files: what stands of all of them, of which the browser shows two to four."""

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.graph.exploration import explorer
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.web.http import BY_LANGUAGE, language, route, script
from solgraph.web.pages.city import MOST_AROUND
from solgraph.web.pages.comparison import Comparison, Shared, compared, shared_networks
from solgraph.web.pages.context import context, snapshot_of
from solgraph.web.rendering import chain, drawing

#: Cities of which more is known than in which networks they are.
_DESCRIBED = """SELECT DISTINCT ?city {
  { ?city a sg:City . ?thing ?by ?city . ?thing a ?class FILTER(?class NOT IN (sg:Membership, sg:Affiliation)) }
  UNION { ?thing sg:unnamed true . ?city ?by ?thing ; a sg:City }
} ORDER BY ?city"""
#: The commas after which nothing comes, but for those in texts; the template writes them in loops that leave out much.
_COMMAS = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[]}])')


def _data(request: Request) -> Response:
    """``/compare-data.js``: networks of all cities, and what is known of some; records as in the explorer."""
    snapshot = snapshot_of(request)
    graph = explorer(snapshot)
    described, networks = snapshot.cached("all compared", lambda: _all(snapshot))
    values: dict[str, Any] = {"request": request, "language": language(request), "chain": chain(request)}
    values |= {"all": [*graph.countries], "described": described, "networks": networks}
    values |= {"places": {record.thing: place for place, record in enumerate(graph.records)}}
    values |= {"around": MOST_AROUND}
    text = _COMMAS.sub(r"\1", drawing("compare_data.json", **context(request), **values))
    return script("solgraphComparison", json.loads(text), BY_LANGUAGE)


def _all(snapshot: Snapshot) -> tuple[Comparison, list[Shared]]:
    """The described cities side by side, and the networks of all cities; the browser sorts them by name."""
    described = [value(city) for (city,) in snapshot.ask(_DESCRIBED).terms]
    return compared(snapshot, described, str, ()), shared_networks(snapshot, [*explorer(snapshot).countries], str)


routes: list[BaseRoute] = [route("/compare-data.js", _data)]
