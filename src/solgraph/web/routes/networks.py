"""Network views over HTTP: as pages with a drawing, and as files and figures, with validators."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.knowledge import Knowledge
from solgraph.networks.drawing import page
from solgraph.networks.files import formats as files
from solgraph.networks.measures.network_summary import summary
from solgraph.networks.measures.node_measures import measures
from solgraph.networks.measures.sheet import Sheet
from solgraph.queries.saved_query import SavedQuery
from solgraph.web.negotiation import Offer, preferred
from solgraph.web.openapi import LIST, NETWORKS, PAGE, ROWS
from solgraph.web.pages import forms
from solgraph.web.pages.forms import Values, by_ending
from solgraph.web.problems import Problem
from solgraph.web.rendering import SECURITY, language, render, words_of_drawing
from solgraph.web.routes.queries import OPEN, knowledge, listed, route, speaking, tagged

if TYPE_CHECKING:
    import networkx

PARTS = ("edges", "nodes")
FIGURES: dict[str, Callable[[Any], Sheet]] = {"summary": summary, "measures": measures}
_EDGES_ON_PAGE = 20_000
#: So many drawings of whole views are kept: nine views in four languages.
_MOST_KEPT = 36
#: The library that a format needs; a page names only what is installed.
_NEEDS = {"svg": "matplotlib", "png": "matplotlib", "parquet": "pyarrow"}
_drawing = Lock()  # matplotlib has one style for all threads


def _networks(request: Request) -> Response:
    """The network views."""
    offer = preferred(request, LIST)
    forms.given(request, "The list of networks", (), ("lang", "format"))
    kg = knowledge(request)
    if offer.name == PAGE.name:
        return render(request, "network_list.html", views=kg.views(), kg=kg)
    offered = {"formats": [form.name for form in NETWORKS]}
    views = [listed(request, "networks", one) | offered for one in kg.views()]
    return JSONResponse({"networks": views}, headers=OPEN)


def _view(request: Request, kg: Knowledge) -> SavedQuery:
    """The view; of ``alliances-nodes.csv`` it is alliances, and ``nodes`` the part of it that is wanted."""
    name, views = request.path_params["name"], {one.name: one for one in kg.views()}
    view, _, part = name.rpartition("-")
    if name not in views and view in views and part in PARTS and "ending" in request.path_params:
        request.state.part, name = part, view
    if name not in views:
        hint = did_you_mean(name, views) or "See them all: /networks"
        raise Problem(404, detail=f"There is no network view '{name}'.", hint=hint)
    return views[name]


def _network(request: Request) -> Response:
    """A network view: its page, or a file of it."""
    kg = knowledge(request)
    saved = _view(request, kg)
    ending = request.path_params.get("ending")
    if ending is not None:
        return _file(request, kg, saved, by_ending(ending, NETWORKS))
    offer = preferred(request, [*(one for one in NETWORKS if one.name != PAGE.name), PAGE])
    return _network_page(request, kg, saved) if offer.name == PAGE.name else _file(request, kg, saved, offer)


def _chosen(request: Request, saved: SavedQuery, *options: str) -> Values:
    """The values of parameters and options of a view."""
    named = () if "ending" in request.path_params else ("format",)
    return forms.given(request, saved.name, [one.name for one in forms.params_of(saved)], ("lang", *named, *options))


def _made(kg: Knowledge, saved: SavedQuery, values: Values, most: int) -> Any:
    """The network as a graph, if it has no more edges than that."""
    problem = forms.problem_of(kg, saved, [one for one in forms.params_of(saved) if one.name in values], values)
    if problem:
        raise problem
    selection, years = forms.selected(saved, values, most), forms.compared(values)
    return kg.compare(saved.name, *years, **selection) if years else kg.network(saved.name, **selection)


def _file(request: Request, kg: Knowledge, saved: SavedQuery, offer: Offer) -> Response:
    """A file; of a format that has two of them the edges, or the nodes with ``part=nodes``."""
    chosen = files.choose(offer.name, None)
    values = _chosen(request, saved, "part")
    part = forms.one(values, "part") or getattr(request.state, "part", PARTS[0])
    if part not in PARTS:
        raise Problem(400, detail=f"part = {part[:100]!r} is not known.", allowed=PARTS, parameter="part")
    values.pop("part", None)
    wanted = tuple((end, write) for end, write in chosen.files if end[0] != "-" or end.startswith(f"-{part}"))

    def make() -> tuple[bytes, dict[str, str]]:
        network = _made(kg, saved, values, request.app.state.settings.rows)
        with _drawing if files.is_picture(chosen) else nullcontext():
            ((end, content),) = files.contents(network, chosen._replace(files=wanted))
        return content, {
            **forms.saved_as(f"{saved.name}{end}"),
            "Content-Security-Policy": _ALONE.get(chosen.name, "default-src 'none'"),
        }

    return tagged(request, saved.text, offer, make)


#: What a file may do that a browser shows by itself: a page brings its own policy, a picture its styles.
_ALONE = {"html": "frame-ancestors 'none'", "svg": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}


def _figures(request: Request) -> Response:
    """The figures of a network, or of each of its nodes."""
    kg = knowledge(request)
    saved, name = _view(request, kg), request.path_params["figure"]
    if name not in FIGURES:
        raise Problem(404, detail=f"A network has no '{name}'.", hint=f"It has {' and '.join(FIGURES)}.")
    ending = request.path_params.get("ending")
    offer = preferred(request, ROWS) if ending is None else by_ending(ending, ROWS)
    values = _chosen(request, saved)

    def make() -> tuple[str, dict[str, str]]:
        sheet = FIGURES[name](_made(kg, saved, values, request.app.state.settings.rows))
        return sheet.text(offer.name), SECURITY if offer.name == "html" else {}

    return tagged(request, saved.text, offer, make)


def _network_page(request: Request, kg: Knowledge, saved: SavedQuery) -> Response:
    """The drawing, what can be chosen of it, its figures and its files."""
    values = _chosen(request, saved)
    params = forms.params_of(saved)
    faults = forms.faults(kg, saved, [one for one in params if one.name in values], values)
    drawn: Drawn | None = None
    wrong = ""
    if not faults:
        try:
            whole = _whole(request.app.state.kg)
            drawn = _drawn(kg, saved, values) if values else whole(kg.languages, saved)
        except WrongUse as error:
            wrong = str(error)
    shown = {
        "graph": drawn and drawn.graph,
        "data": page.embedded(drawn.content | {"words": words_of_drawing(language(request))}) if drawn else "",
        "figures": drawn.figures if drawn else {},
        "fields": forms.fields(kg, params, values, faults),
        "files": [one for one in files.FORMATS if _NEEDS.get(one.name) is None or find_spec(_NEEDS[one.name])],
    }
    told = {"saved": saved, "kg": kg, "faults": faults, "wrong": wrong, "asked": values}
    return render(request, "network.html", 400 if faults or wrong else 200, **told, **shown)


class Drawn(NamedTuple):
    """A network, what its drawing reads (but the outlines of countries, which are in the script), and its figures."""

    graph: "networkx.Graph[str]"
    content: dict[str, Any]
    figures: dict[str, Sheet]


@lru_cache(maxsize=2)
def _whole(kg: Knowledge) -> Callable[[tuple[str, ...], SavedQuery], Drawn]:
    """Draws whole views, and keeps them as long as the graph: where nodes lie and what is measured takes long."""
    return lru_cache(maxsize=_MOST_KEPT)(lambda languages, saved: _drawn(speaking(kg, languages), saved, {}))


def _drawn(kg: Knowledge, saved: SavedQuery, values: Values) -> Drawn:
    graph = _made(kg, saved, values, _EDGES_ON_PAGE)
    content = page.content(graph)
    figures = {name: make(graph) for name, make in FIGURES.items()}
    return Drawn(graph, content | {"land": None if content["land"] else []}, figures)


def _script(request: Request) -> Response:
    """The script of the drawing: that of the page which stands alone, and the outlines of countries."""
    outlines = f'"use strict";\nconst outlines = {page.embedded(page.land())};'
    text = "\n".join([outlines, *map(page.asset, page.SCRIPTS)])
    return tagged(request, text, Offer("js", "text/javascript"), lambda: (text, {}))


routes: list[BaseRoute] = [
    route("/networks", _networks),
    route("/networks/page.js", _script),
    route("/networks/{name}.{ending}", _network),
    route("/networks/{name}", _network),
    route("/networks/{name}/{figure}.{ending}", _figures),
    route("/networks/{name}/{figure}", _figures),
]
