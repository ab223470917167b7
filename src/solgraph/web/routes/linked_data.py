"""Linked data over HTTP: every IRI of the graph leads to a document, every document has several forms."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from hashlib import sha256
from inspect import isawaitable
from typing import NamedTuple
from urllib.parse import quote

from pyoxigraph import NamedNode, Triple
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from solgraph.rdf.json_ld import CONTEXT
from solgraph.rdf.namespaces import BASE, GRAPH, ID, PREFIXES, RDF_TYPE, VOCAB, slug
from solgraph.rdf.terms import fold
from solgraph.web import catalogue_rdf
from solgraph.web.catalogue_rdf import DATASET, LICENCE
from solgraph.web.documents import CSV, DUMPS, FORMS, Form, Served, csv_about, of_files, ontology_paths, served
from solgraph.web.negotiation import Offer, preferred
from solgraph.web.problems import Problem
from solgraph.web.rendering import chain
from solgraph.web.settings import base

HTML = Offer("html", "text/html", ("application/xhtml+xml",))
ENDINGS = ("html", *(form.ending for form in (*FORMS, CSV)))
_METHODS = ["GET", "HEAD", "OPTIONS"]
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Location",
}
_PREFLIGHT = _OPEN | {
    "Allow": ", ".join(_METHODS),
    "Access-Control-Allow-Methods": ", ".join(_METHODS),
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Document(NamedTuple):
    """Something with an address here: what it tells of, what kind of page shows it, and how its forms are written."""

    path: str
    iri: str
    kind: str
    types: Sequence[str]
    write: Callable[[Form], str]

    @property
    def forms(self) -> Sequence[Form]:
        """In which forms it can be had besides a page; what is told of one thing is a table too."""
        return (*FORMS, CSV) if self.kind in ("thing", "concept", "scheme") else FORMS


# Addresses


async def _thing(request: Request) -> Response:
    """``/id/city/milan``: the thing itself cannot be sent, so its document is shown."""
    name, ending = _split(request.path_params["name"], ID, _served(request))
    if not _served(request).knows(ID + name):
        raise _unknown(request, f"id/{name}")
    query = f"?{request.url.query}" if request.url.query else ""
    return _see(f"{_root(request)}/doc/{_safe(name)}{f'.{ending}' if ending else ''}{query}")


async def _document(request: Request) -> Response:
    """``/doc/city/milan``: what is known about a thing."""
    name, ending = _split(request.path_params["name"], ID, _served(request))
    return await _about(request, ID + name, f"doc/{name}", "thing", ending)


async def _vocabulary(request: Request) -> Response:
    """``/vocab/status``, a scheme with its concepts, and ``/vocab/status/running``, a concept and where it is used."""
    name, ending = _split(request.path_params["name"], VOCAB, _served(request))
    if ontology_paths(f"vocab/{name}"):
        return await _of_ontology(request, f"vocab/{name}", "scheme", ending)
    return await _about(request, VOCAB + name, f"vocab/{name}", "concept", ending)


async def _about(request: Request, iri: str, path: str, kind: str, ending: str) -> Response:
    graph, root = _served(request), _root(request)
    if not graph.knows(iri):
        raise _unknown(request, iri.removeprefix(BASE))

    def write(form: Form) -> str:
        return form.write([*graph.about(iri), ("", list(_of_document(f"{root}/{_safe(path)}", iri)))])

    return await _answer(request, Document(path, iri, kind, graph.types(iri), write), ending)


async def _ontology(request: Request) -> Response:
    """``/ns``: what ``…/ns#City`` leads to, since a fragment is never sent."""
    return await _of_ontology(request, "ns", "ontology", _ending(request))


async def _shapes(request: Request) -> Response:
    """``/shapes``: the rules that the data keep."""
    return await _of_ontology(request, "shapes", "shapes", _ending(request))


async def _of_ontology(request: Request, path: str, kind: str, ending: str) -> Response:
    types = [PREFIXES["skos"] + "ConceptScheme" if kind == "scheme" else PREFIXES["owl"] + "Ontology"]
    document = Document(path, BASE + path, kind, types, lambda form: of_files(path, form))
    return await _answer(request, document, ending)


async def _version(request: Request) -> Response:
    """``/ns/0.1.0``: the version IRI, while it is the version that is served."""
    iri = f"{BASE}ns/{_safe(request.path_params['version'])}"
    current = NamedNode(BASE + "ns"), NamedNode(PREFIXES["owl"] + "versionIRI")
    if NamedNode(iri) not in {quad.object for quad in _served(request).store.quads_for_pattern(*current, None, None)}:
        raise Problem(404, detail="This version of the ontology is not served.", hint=f"See {_root(request)}/ns")
    return _see(f"{_root(request)}/ns")


async def _graph(request: Request) -> Response:
    """``/graph/dreher-2024``: all triples of one source."""
    graph = _served(request)
    name, ending = _split(request.path_params["name"], GRAPH, graph)
    iri = GRAPH + name
    if iri not in graph.addresses.values():
        raise _unknown(request, f"graph/{name}")
    void = catalogue_rdf.PREFIXES["void"] + "Dataset"
    document = Document(f"graph/{name}", iri, "graph", [void], lambda form: form.write(graph.graph(iri)))
    return await _answer(request, document, ending)


async def _catalogue(request: Request) -> Response:
    """``/catalog``: the dataset, its files and services (DCAT-AP 3), with numbers (VoID)."""
    graph, root = _served(request), _root(request)
    types = [PREFIXES["dcat"] + "Catalog"]

    def write(form: Form) -> str:
        return catalogue_rdf.write(catalogue_rdf.catalogue(graph, root), form)

    return await _answer(request, Document("catalog", BASE + "catalog", "catalogue", types, write), _ending(request))


async def _void(request: Request) -> Response:
    """``/.well-known/void``: the dataset in VoID alone; it has no page of its own."""
    graph, root = _served(request), _root(request)

    def write(form: Form) -> str:
        return catalogue_rdf.write(catalogue_rdf.void(graph, root), form)

    types = [catalogue_rdf.PREFIXES["void"] + "DatasetDescription"]
    document = Document(".well-known/void", DATASET, "", types, write)
    return await _answer(request, document, "")


async def _dump(request: Request) -> Response:
    """``/dump.ttl``: all of the data in one file."""
    ending = request.path_params["ending"]
    if ending not in DUMPS:
        raise Problem(
            404, detail=f"There is no dump in that form. There is {', '.join(f'/dump.{one}' for one in DUMPS)}."
        )
    body = await run_in_threadpool(_served(request).dump, ending)
    links = f'<{_root(request)}/catalog>; rel="describedby", <{LICENCE}>; rel="license"'
    headers = {"ETag": _tag(body), "Link": links, **_OPEN}
    if _unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'{"attachment" if ending == "nq.gz" else "inline"}; filename="solgraph.{ending}"'
    return Response(body, media_type=DUMPS[ending], headers=headers)


async def _jsonld_context(request: Request) -> Response:
    """``/context.jsonld``: the words in which JSON-LD is written here."""
    body = CONTEXT.read_bytes()
    headers = {"ETag": _tag(body), **_OPEN}
    if _unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/ld+json", headers=headers)


# Answers


def _see(address: str) -> Response:
    return Response(status_code=303, headers={"Location": address, **_OPEN})


def _ending(request: Request) -> str:
    """The ending of an address that is a route of its own, such as ``/ns.ttl``."""
    ending: str = request.path_params.get("ending", "")
    if ending and ending not in ENDINGS:
        raise Problem(404, detail=f"Nothing here ends in .{ending}; there is .{', .'.join(ENDINGS)}.")
    return ending


async def _answer(request: Request, document: Document, ending: str) -> Response:
    """The document in the form that its ending says, or else that the client prefers."""
    offers = [*([HTML] if document.kind else []), *(form.offer for form in document.forms)]
    offer = _asked(ending, offers) if ending else preferred(request, offers)
    headers = _headers(request, document, offer)
    if offer.name == "html":
        return await _page(request, document, headers)
    form = next(form for form in document.forms if form.name == offer.name)
    graph, languages = _served(request), chain(request) if form is CSV else ()
    state = await run_in_threadpool(lambda: graph.digest)
    headers["ETag"] = _tag(f"{state} {headers['Content-Location']} {offer.media_type} {languages}".encode())
    if _unchanged(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    write = partial(csv_about, graph.kg, document.iri, languages) if form is CSV else partial(document.write, form)
    return Response(await run_in_threadpool(write), media_type=offer.media_type, headers=headers)


def _asked(ending: str, offers: Sequence[Offer]) -> Offer:
    """The offer of an ending. Raises :class:`Problem` 404 for one that other documents have."""
    offer = HTML if ending == "html" else next((offer for offer in offers if ending in offer.also), None)
    if offer:
        return offer
    known = ["html", *(offer.also[0] for offer in offers if offer is not HTML)]
    raise Problem(404, detail=f"This does not end in .{ending}; there is .{', .'.join(known)}.")


async def _page(request: Request, document: Document, headers: Mapping[str, str]) -> Response:
    made: Response | Awaitable[Response] = request.app.state.page(request, document.iri, document.kind)
    response = await made if isawaitable(made) else made
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _headers(request: Request, document: Document, offer: Offer) -> dict[str, str]:
    endings = {form.name: form.ending for form in document.forms}
    address = f"{_root(request)}/{_safe(document.path)}"
    here = address if document.path.startswith(".") else f"{address}.{endings.get(offer.name, 'html')}"
    vary = "Accept, Accept-Language, Cookie" if offer.name == CSV.name else "Accept"
    return {"Vary": vary, "Content-Location": here, "Link": ", ".join(_links(document, address, here)), **_OPEN}


def _links(document: Document, address: str, here: str) -> Iterator[str]:
    yield f'<{address}>; rel="canonical"'
    if not document.path.startswith("."):
        forms = [("html", HTML.media_type), *((form.ending, form.offer.media_type) for form in document.forms)]
        for ending, media_type in forms:
            if f"{address}.{ending}" != here:
                yield f'<{address}.{ending}>; rel="alternate"; type="{media_type}"'
    yield f'<{_safe(document.iri)}>; rel="describes"'
    for one in document.types:
        yield f'<{_safe(one)}>; rel="type"'
    yield f'<{LICENCE}>; rel="license"'


def _of_document(address: str, iri: str) -> Iterator[Triple]:
    """What a document says of itself."""
    said = {
        RDF_TYPE: PREFIXES["foaf"] + "Document",
        PREFIXES["foaf"] + "primaryTopic": iri,
        PREFIXES["dcterms"] + "license": LICENCE,
        catalogue_rdf.PREFIXES["void"] + "inDataset": DATASET,
    }
    return (Triple(NamedNode(address), NamedNode(by), NamedNode(one)) for by, one in said.items())


def _tag(content: bytes) -> str:
    """A weak tag, since what it tags may be sent compressed."""
    return f'W/"{sha256(content).hexdigest()[:24]}"'


def _unchanged(request: Request, tag: str) -> bool:
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return "*" in known or tag.removeprefix("W/") in known


# Names


def _served(request: Request) -> Served:
    return served(request.app.state.kg)


def _root(request: Request) -> str:
    """The address of the root; a Host header that is none is refused, for addresses are made of it."""
    root = base(request)
    if not re.fullmatch(r"https?://[\w.:\[\]-]+(/[\w./~%-]*)?", root, re.ASCII):
        raise Problem(400, detail="The Host header names no host.")
    return root


def _split(name: str, above: str, graph: Served) -> tuple[str, str]:
    """Name and ending: ``city/milan`` and ``ttl`` of ``city/milan.ttl``; a dot that belongs to a name is kept."""
    bare, _, ending = name.rpartition(".")
    return (bare, ending) if bare and ending in ENDINGS and not graph.knows(above + name) else (name, "")


def _safe(text: str) -> str:
    """A path or an IRI as it may stand in a header."""
    return quote(text, safe="/:?#[]@!$&'()*+,;=%~")


def _unknown(request: Request, address: str) -> Problem:
    """404 with what is called so, or nearly so."""
    near = [_served(request).addresses[one] for one in _nearest(_served(request), address)]
    hint = f"Did you mean {' or '.join(near)}?" if near else f"See what there is: {_root(request)}/catalog"
    return Problem(404, detail=f"Nothing is known about {BASE}{address}.", hint=hint, nearest=near)


def _nearest(graph: Served, address: str, limit: int = 3) -> list[str]:
    """The addresses of the same name elsewhere, of the things that are called so, and of similar spelling."""
    known, wanted = graph.addresses, fold(slug(address))
    same = [one for one in known if slug(one) == slug(address)]
    called = [iri.removeprefix(BASE) for iri, name in graph.names if fold(name) == wanted]
    similar = get_close_matches(address[:100], known, n=limit, cutoff=0.75)
    return list(dict.fromkeys(one for one in [*same, *called, *similar] if one in known))[:limit]


def _route(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        return await answer(request)

    return Route(path, endpoint, methods=_METHODS, name=answer.__name__.strip("_"))


routes: list[BaseRoute] = [
    _route("/id/{name:path}", _thing),
    _route("/doc/{name:path}", _document),
    _route("/vocab/{name:path}", _vocabulary),
    _route("/graph/{name}", _graph),
    _route("/ns", _ontology),
    _route("/ns.{ending}", _ontology),
    _route("/ns/{version}", _version),
    _route("/shapes", _shapes),
    _route("/shapes.{ending}", _shapes),
    _route("/catalog", _catalogue),
    _route("/catalog.{ending}", _catalogue),
    _route("/.well-known/void", _void),
    _route("/context.jsonld", _jsonld_context),
    _route("/dump.{ending}", _dump),
]
