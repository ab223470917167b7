"""``/preview/LANGUAGE/CLASS/NAME.png``: the picture beside a link to a city, a network or a country elsewhere."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from solgraph.graph.names import languages
from solgraph.rdf.namespaces import ID
from solgraph.web.http import LANGUAGES, route
from solgraph.web.pages import preview
from solgraph.web.pages.context import snapshot_of
from solgraph.web.problems import Problem
from solgraph.web.rendering import address


def _preview(request: Request) -> Response:
    """The picture; the usual one for what is on no map, and where the library that draws is missing."""
    snapshot, language = snapshot_of(request), request.path_params["language"]
    iri = f"{ID}{request.path_params['kind']}/{request.path_params['name']}"
    if iri not in snapshot.types or language not in LANGUAGES:
        detail = f"There is no picture of {iri[:200]} in '{language[:20]}'."
        raise Problem(404, detail=detail, hint=f"Languages: {', '.join(LANGUAGES)}")
    labels = snapshot.labels(languages(language))
    drawn = preview.preview(snapshot, iri, lambda thing: labels.get(thing, thing), language)
    if drawn is None or not preview.can_draw():
        return RedirectResponse(address(request, "/assets/preview.png"), 303)
    return Response(preview.png(drawn), media_type="image/png")


routes = [route("/preview/{language}/{kind}/{name}.png", _preview)]
