"""For those who write queries and programs: the editor, the words that it offers, the description of the API."""

import json
from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.errors import SolgraphError
from solgraph.graph.knowledge import Knowledge
from solgraph.queries import catalogue as queries
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import PREFIXES, shorten
from solgraph.web import openapi
from solgraph.web.negotiation import Offer
from solgraph.web.openapi import LIST
from solgraph.web.pages import forms
from solgraph.web.rendering import render
from solgraph.web.routes.queries import knowledge, route, tagged, told
from solgraph.web.settings import base

_FIRST = """SELECT ?city ?network
WHERE {
  ?membership org:member ?city ;
              org:organization ?network .
  ?city a sg:City .
}
ORDER BY ?city
LIMIT 20
"""
#: How the endpoint calls a format → how a reader does, and its media type.
FORMATS = {
    "json": ("JSON", "application/sparql-results+json"),
    "csv": ("CSV", "text/csv"),
    "tsv": ("TSV", "text/tab-separated-values"),
    "xml": ("XML", "application/sparql-results+xml"),
    "turtle": ("Turtle", "text/turtle"),
    "jsonld": ("JSON-LD", "application/ld+json"),
    "ntriples": ("N-Triples", "application/n-triples"),
}
_KINDS = {
    "class": "owl:Class rdfs:Class skos:ConceptScheme",
    "property": "owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdf:Property",
    "concept": "skos:Concept",
}


def editor(request: Request) -> Response:
    """The page: with the query of ``?query=``, else a saved one with ``?example=``, else one to begin with."""
    return told(_editor, request)


def _editor(request: Request) -> Response:
    kg = knowledge(request)
    asked = request.query_params.get("query", "")
    chosen = request.query_params.get("example", "")
    text, wrong = (asked, "") if asked or not chosen else _example(kg, chosen)
    catalogue = [one for one in kg.queries() if len(forms.examples(one)) == len(_required(one))]
    return render(
        request,
        "editor.html",
        404 if wrong else 200,
        text=text or _FIRST,
        wrong=wrong,
        chosen=chosen,
        catalogue=catalogue,
        kg=kg,
        formats=FORMATS,
    )


def _required(saved: SavedQuery) -> list[Parameter]:
    return [one for one in saved.params.values() if one.required]


def _example(kg: Knowledge, name: str) -> tuple[str, str]:
    """The text of a saved query with its example values, and what is wrong if there is none."""
    try:
        saved = queries.find(name, kg.folders)
        text = kg.bound(name, **forms.examples(saved))
    except SolgraphError as error:
        return "", str(error)
    lines = text.splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n", ""


def _terms(request: Request) -> Response:
    """Prefixes, and the classes, properties and concepts of the ontology with their labels."""
    kg = knowledge(request)

    def make() -> tuple[str, dict[str, str]]:
        return json.dumps({"prefixes": PREFIXES, "terms": terms(kg)}, ensure_ascii=False), {}

    return tagged(request, "terms", Offer("json", "application/json"), make)


def terms(kg: Knowledge) -> list[dict[str, Any]]:
    """The words of the ontology: each as it is written in a query, with its label and kind."""
    kinds = " ".join(f"({kind} '{name}')" for name, listed in _KINDS.items() for kind in listed.split())
    query = (
        f"SELECT DISTINCT ?term ?kind {{ VALUES (?type ?kind) {{ {kinds} }} ?term a ?type FILTER(isIRI(?term)) }} "
        "ORDER BY ?term"
    )
    answer = kg.sparql(query)
    return [
        {"term": shorten(term.value), "label": answer.label(term.value), "kind": kind.value}
        for term, kind in answer.terms
        if isinstance(term, NamedNode) and isinstance(kind, Literal)
    ]


# The API


def _openapi(request: Request) -> Response:
    """Its description."""
    kg = knowledge(request)

    def make() -> tuple[str, dict[str, str]]:
        return json.dumps(_document(request, kg), ensure_ascii=False, indent=1), {}

    return tagged(request, str([one.text for one in kg.queries()]), LIST[0], make)


def _document(request: Request, kg: Knowledge) -> dict[str, Any]:
    return openapi.document(kg, base(request), request.app.state.settings.rows)


def _openapi_page(request: Request) -> Response:
    return render(request, "openapi.html", api=_document(request, knowledge(request)), root=base(request))


routes: list[BaseRoute] = [
    route("/editor", _editor),
    route("/editor/terms.json", _terms),
    route("/openapi.json", _openapi),
    route("/api", _openapi_page),
]
