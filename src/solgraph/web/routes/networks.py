"""Network views over HTTP: as pages with a drawing, and as files and figures."""

from importlib.util import find_spec
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.knowledge import Knowledge
from solgraph.networks.drawing import page
from solgraph.networks.files import formats as files
from solgraph.networks.model.selection import MAX_EDGES
from solgraph.queries.saved_query import SavedQuery
from solgraph.web import openapi, parameters
from solgraph.web.http import (
    BY_FORM_AND_LANGUAGE,
    PAGE,
    Chosen,
    choose,
    file_name,
    language,
    negotiate,
    of_query,
    route,
)
from solgraph.web.openapi import DATA_ROWS, LIST, NETWORKS
from solgraph.web.pages import forms, links, lists, network_view
from solgraph.web.pages.context import context, snapshot_of
from solgraph.web.pages.sketch import sketch
from solgraph.web.parameters import Values
from solgraph.web.problems import Problem, in_address
from solgraph.web.rendering import SECURITY, address, drawing, knowledge, render, words_of_drawing

PARTS = ("edges", "nodes")
_ENDS = 2
#: What follows the name of a network in that of a file → the part that is in it.
_PART_OF = {"": "edges", "edges": "edges", "network": "edges", "nodes": "nodes", "map": "nodes"}
#: What the script of the drawing puts into the address of the page, and reads from it.
LOOK = ("layout", "colour", "size", "node", "cluster")
#: What is shown by browsers themselves: a page brings its own policy, a picture its styles.
_POLICIES = {"html": "frame-ancestors 'none'", "svg": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}
#: The library that a format needs; a page names only what is installed.
_LIBRARIES = {"svg": "matplotlib", "png": "matplotlib", "parquet": "pyarrow"}


def _networks(request: Request) -> Response:
    """The networks by layer and the views of them as a page; the views alone as data."""
    form, _ = negotiate(request, LIST)
    words = parameters.single(parameters.read(request, "The list of networks", (), ("lang", "format", "q")), "q")[:200]
    kg = knowledge(request)
    if form is PAGE:
        common = context(request)
        listed = lists.networks(snapshot_of(request), common["label"], words)
        return render(request, "network_list.html", **common, views=kg.views(), kg=kg, list=listed, words=words)
    formats = {"formats": [form.name for form in NETWORKS]}
    return JSONResponse({"networks": [openapi.listed(request, "networks", view) | formats for view in kg.views()]})


def _view(request: Request, kg: Knowledge) -> tuple[SavedQuery, str]:
    """The view and its part: of ``alliances-nodes.csv`` the view alliances, and ``nodes``."""
    name, views = request.path_params["name"], {view.name: view for view in kg.views()}
    whole, _, part = name.rpartition("-")
    if name not in views and whole in views and part in _PART_OF and "ending" in request.path_params:
        return views[whole], _PART_OF[part]
    if name not in views:
        hint = did_you_mean(name, views) or "See them all: /networks"
        raise Problem(404, detail=f"There is no network view '{name}'.", hint=hint)
    return views[name], PARTS[0]


def _network(request: Request) -> Response:
    """A network view: its page, or a file of it."""
    kg = knowledge(request)
    saved, part = _view(request, kg)
    chosen = choose(request, NETWORKS, page=True)
    response = _page(request, kg, saved) if chosen.form is PAGE else _file(request, kg, (saved, part), chosen)
    return of_query(saved.text, response)


def _values(request: Request, saved: SavedQuery, *options: str) -> Values:
    """The values of parameters and options of a view."""
    by_name = () if "ending" in request.path_params else ("format",)
    names = [param.name for param in parameters.params_of_view(saved)]
    return parameters.read(request, saved.name, names, ("lang", *by_name, *options))


def _file(request: Request, kg: Knowledge, view: tuple[SavedQuery, str], chosen: Chosen) -> Response:
    """A file; of a format that has two of them the edges, or the nodes with ``part=nodes``."""
    saved, usual_part = view
    format = files.choose(chosen.form.name, None)
    values = _values(request, saved, "part")
    part = parameters.single(values, "part") or usual_part
    if part not in PARTS:
        raise Problem(400, detail=f"part = {part[:100]!r} is not known.", allowed=PARTS, parameter="part")
    values.pop("part", None)
    parts = [_PART_OF[end.removeprefix("-").partition(".")[0]] for end, _ in format.files]
    wanted = (format.files[parts.index(part)],) if part in parts else format.files
    graph = network_view.network(kg, saved, values, request.app.state.settings.rows)
    ((end, content),) = files.contents(graph, format._replace(files=wanted))
    policy = {"Content-Security-Policy": _POLICIES.get(format.name, "default-src 'none'")}
    headers = {**BY_FORM_AND_LANGUAGE, **file_name(f"{saved.name}{end}"), **policy}
    return Response(content, headers=headers, media_type=chosen.media_type)


def _figures(request: Request) -> Response:
    """The figures of a network, or of each of its nodes."""
    kg = knowledge(request)
    (saved, _), name = _view(request, kg), request.path_params["figure"]
    if name not in network_view.FIGURES:
        raise Problem(404, detail=f"A network has no '{name}'.", hint=f"It has {' and '.join(network_view.FIGURES)}.")
    form, media_type = choose(request, DATA_ROWS)
    graph = network_view.network(kg, saved, _values(request, saved), request.app.state.settings.rows)
    sheet = network_view.FIGURES[name](graph)
    headers = BY_FORM_AND_LANGUAGE | (SECURITY if form.name == "html" else {})
    return of_query(saved.text, Response(sheet.text(form.name), headers=headers, media_type=media_type))


def _evidence(request: Request) -> Response:
    """What a link of a network rests on: a page of its own, and the content of a drawer."""
    kg = knowledge(request)
    saved, _ = _view(request, kg)
    values = _values(request, saved, "ends")
    ends = values.pop("ends", [])
    if len(ends) != _ENDS:
        raise Problem(400, detail=f"A link has two ends, not {len(ends)}.", hint="?ends=…&ends=…", parameter="ends")
    answer = kg.evidence(saved.name, *ends, **network_view.chosen(kg, saved, values, MAX_EDGES))
    if not answer.terms:
        raise Problem(404, detail=f"No link joins {ends[0][:100]} and {ends[1][:100]} here.", parameter="ends")
    common = context(request) | {"saved": saved, "kg": kg, "values": values}
    shown = links.shown(snapshot_of(request), answer, saved.network or {}, [kg.find(end) for end in ends])
    return of_query(saved.text, render(request, "network_link.html", **common, **shown))


# The page of a view


def _page(request: Request, kg: Knowledge, saved: SavedQuery) -> Response:
    """The drawing, what can be chosen of it, its figures and its files."""
    values, params = _values(request, saved, "show", *LOOK), parameters.params_of_view(saved)
    look = {name: values.pop(name) for name in LOOK if name in values}
    show_all, static = _shows_all(values), bool(request.scope.get("solgraph.static"))
    faults = forms.faults(kg, saved, [param for param in params if param.name in values], values)
    drawn: network_view.Drawn | None = None
    wrong = ""
    if not faults:
        try:
            asked = values | ({"show": ["all"]} if show_all else {})
            drawn = network_view.drawn(kg, saved, asked, alone=static)
        except WrongUse as error:
            wrong = in_address(str(error))
    form = network_view.form(params)
    fields = forms.fields(kg, form.params, drawn.values if drawn else values, faults)
    return render(
        request,
        "network.html",
        400 if faults or wrong else 200,
        saved=saved,
        kg=kg,
        faults=faults,
        wrong=wrong,
        values=values,
        show_all=show_all,
        drawn=drawn,
        **network_view.addresses(values, look, show_all=show_all),
        data=page.embedded(drawn.content | _served(request, saved, drawn, static=static)) if drawn else "",
        fields=network_view.suggested(fields, drawn) if drawn else fields,
        main=form.main,
        chosen=form.chosen(values),
        files=[form for form in NETWORKS if form.name not in _LIBRARIES or find_spec(_LIBRARIES[form.name])],
    )


def _shows_all(values: Values) -> bool:
    """Whether all is to be drawn, as ``show=all`` says; it is no value of the view."""
    show = parameters.single(values, "show")
    if show not in ("", "all"):
        raise Problem(400, detail=f"show = {show[:100]!r} is not known.", allowed=["all"], parameter="show")
    values.pop("show", None)
    return bool(show)


def _served(request: Request, saved: SavedQuery, drawn: network_view.Drawn, *, static: bool) -> dict[str, Any]:
    """What the script of the drawing reads of a page on a server, besides the network: words, years, addresses."""
    words = {"words": words_of_drawing(language(request)), "partial": drawn.links < drawn.all_links}
    if static:
        return words
    selected = network_view.without_strength(drawn.values)
    year = parameters.whole_number(drawn.values, "year")
    excludes = parameters.single(drawn.values, "undated") == "exclude"
    evidence, things = address(request, f"/networks/{saved.name}/evidence", **selected), address(request, "/doc/")
    return words | {"served": True, "evidence": evidence, "things": things, "year": year, "excludes": excludes}


def _sketch(request: Request) -> Response:
    """A still picture of what the page draws: small beside its name in a list, large without JavaScript."""
    kg = knowledge(request)
    saved, _ = _view(request, kg)
    values = _values(request, saved, "show")
    asked = values | ({"show": ["all"]} if _shows_all(values) else {})
    drawn = network_view.drawn(kg, saved, asked, alone=bool(request.scope.get("solgraph.static")))
    text = drawing("network_sketch.svg", **sketch(drawn.content)._asdict())
    headers = BY_FORM_AND_LANGUAGE | {
        "Content-Security-Policy": _POLICIES["svg"],
        "Content-Language": language(request),
    }
    return of_query(saved.text, Response(text, headers=headers, media_type="image/svg+xml"))


def _script(request: Request) -> Response:
    """The script of the drawing: that of the page which stands alone, and the outlines of countries."""
    outlines = f'"use strict";\nconst outlines = {page.embedded(page.land())};'
    return Response("\n".join([outlines, *map(page.asset, page.SCRIPTS)]), media_type="text/javascript")


routes: list[BaseRoute] = [
    route("/networks", _networks),
    route("/networks/page.js", _script),
    route("/networks/{name}.{ending}", _network),
    route("/networks/{name}", _network),
    route("/networks/{name}/evidence", _evidence),
    route("/networks/{name}/sketch.svg", _sketch),
    route("/networks/{name}/{figure}.{ending}", _figures),
    route("/networks/{name}/{figure}", _figures),
]
