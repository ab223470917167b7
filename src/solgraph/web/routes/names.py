"""What the search field suggests: all names in one script, which a page loads when somebody types."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solgraph.graph.snapshot import Snapshot, class_rank
from solgraph.rdf.namespaces import SG, slug
from solgraph.texts import word
from solgraph.web.http import BY_LANGUAGE, language, route, script
from solgraph.web.rendering import address, chain, path


def names(request: Request) -> Response:
    """``/names.js``: names, addresses and classes of all that the search suggests, saved queries too."""
    snapshot: Snapshot = request.app.state.kg.snapshot
    code, labels = language(request), snapshot.labels(chain(request))
    kinds: dict[str, int] = {}
    things: dict[str, list[Any]] = {}
    for name in snapshot.label_index.searched:
        if (kind := snapshot.types[name.iri][0]) != SG + "Finding":
            row = things.setdefault(name.iri, [address(request, path(name.iri)), kinds.setdefault(kind, len(kinds))])
            row += [name.text] if name.text not in row else []
    ordered = sorted(things.items(), key=lambda pair: (class_rank(snapshot.types[pair[0]][0]), pair[0]))
    words = [word(code, "class", slug(kind), labels.get(kind, "").partition(" (")[0]) for kind in kinds]
    groups = [word(code, "group", slug(kind), singular) for kind, singular in zip(kinds, words, strict=True)]
    queries, place = word(code, "nav", "queries"), len(kinds)
    rows = [row for _, row in ordered] + [
        [address(request, f"/queries/{saved.name}"), place, saved.localised("summary", chain(request))]
        for saved in snapshot.saved.values()
    ]
    # With the language no two files are the same, so that each leads to pages in its own.
    content = {"language": code, "kinds": [*words, queries], "groups": [*groups, queries], "things": rows}
    return script("solgraphNames", content, {"Cache-Control": "max-age=600", **BY_LANGUAGE})


routes = [route("/names.js", names)]
