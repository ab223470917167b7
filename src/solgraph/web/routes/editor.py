"""For those who write queries and programs: the editor, the words that it offers, the description of the API."""

from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from solgraph.errors import SolgraphError
from solgraph.formats.media import RDF
from solgraph.graph.knowledge import Knowledge
from solgraph.queries import catalogue
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import PREFIXES, shorten
from solgraph.web import openapi
from solgraph.web.http import root_address, route, script
from solgraph.web.openapi import SPARQL_ROWS, TABLES
from solgraph.web.pages import forms
from solgraph.web.rendering import knowledge, render

_FIRST_QUERY = """SELECT ?city ?network
WHERE {
  ?membership org:member ?city ;
              org:organization ?network .
  ?city a sg:City .
}
ORDER BY ?city
LIMIT 20
"""
_KINDS = {
    "class": "owl:Class rdfs:Class skos:ConceptScheme",
    "property": "owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdf:Property",
    "concept": "skos:Concept",
}


def editor(request: Request) -> Response:
    """The page: with the query of ``?query=``, else a saved one with ``?example=``, else one to begin with."""
    kg = knowledge(request)
    text, chosen, wrong = request.query_params.get("query", ""), request.query_params.get("example", ""), ""
    if chosen and not text:
        text, wrong = _example(kg, chosen)
    examples = [saved for saved in kg.queries() if len(forms.examples(saved)) == _required(saved)]
    return render(
        request,
        "editor.html",
        404 if wrong else 200,
        text=text or _FIRST_QUERY,
        wrong=wrong,
        chosen=chosen,
        examples=examples,
        kg=kg,
        formats={"rows": SPARQL_ROWS, "table": TABLES, "triples": RDF},
    )


def _required(saved: SavedQuery) -> int:
    return sum(param.required for param in saved.params.values())


def _example(kg: Knowledge, name: str) -> tuple[str, str]:
    """The text of a saved query with its example values, and what is wrong if there is none."""
    try:
        saved = catalogue.find(name, kg.folders)
        return kg.bound(name, **forms.examples(saved)), ""
    except SolgraphError as error:
        return "", str(error)


def _terms(request: Request) -> Response:
    """Prefixes, and the classes, properties and concepts of the ontology with their labels."""
    return script("solgraphTerms", {"prefixes": PREFIXES, "terms": terms(knowledge(request))})


def terms(kg: Knowledge) -> list[dict[str, Any]]:
    """The words of the ontology: each as it is written in a query, with its label and kind."""
    kinds = " ".join(f"({name} '{kind}')" for kind, names in _KINDS.items() for name in names.split())
    answer = kg.sparql(
        f"SELECT DISTINCT ?term ?kind {{ VALUES (?type ?kind) {{ {kinds} }} ?term a ?type FILTER(isIRI(?term)) }} "
        "ORDER BY ?term"
    )
    return [
        {"term": shorten(term.value), "label": answer.label(term.value), "kind": kind.value}
        for term, kind in answer.terms
        if isinstance(term, NamedNode) and isinstance(kind, Literal)
    ]


# The API


def _openapi(request: Request) -> Response:
    """Its description."""
    return JSONResponse(_document(request))


def _api(request: Request) -> Response:
    """Its description as a page."""
    return render(request, "openapi.html", api=_document(request), root=root_address(request))


def _document(request: Request) -> dict[str, Any]:
    return openapi.document(knowledge(request), root_address(request), request.app.state.settings.rows)


routes: list[BaseRoute] = [
    route("/editor", editor),
    route("/editor/terms.js", _terms),
    route("/openapi.json", _openapi),
    route("/api", _api),
]
