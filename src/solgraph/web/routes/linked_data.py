"""Linked data over HTTP: every IRI of the graph leads to a document, every document has several forms."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, Triple
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from solgraph.formats.media import GZIP, RDF, ROWS, Form
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.snapshot import value_of
from solgraph.rdf.json_ld import CONTEXT
from solgraph.rdf.namespaces import BASE, GRAPH, ID, PREFIXES, RDF_TYPE, SG, VOCAB
from solgraph.resources import ontology_paths
from solgraph.web import catalogue_rdf
from solgraph.web.catalogue_rdf import DATASET, LICENCE
from solgraph.web.documents import Served, csv_about, of_files, served
from solgraph.web.http import (
    BY_FORM_AND_LANGUAGE,
    LANGUAGES,
    PAGE,
    header_safe,
    negotiate,
    root_address,
    route,
    with_ending,
)
from solgraph.web.problems import Problem
from solgraph.web.rendering import chain

CSV = next(form for form in ROWS if form.name == "csv")


class Document(NamedTuple):
    """Something with an address here: what it describes, the kind of page that shows it, and how it is written."""

    path: str
    iri: str
    kind: str
    types: Sequence[str]
    write: Callable[[Form[str]], str]

    @property
    def forms(self) -> Sequence[Form[Any]]:
        """In which forms it can be had; what describes one thing is a table too."""
        page = [PAGE] if self.kind else []
        return [*page, *RDF, *([CSV] if self.kind in ("thing", "concept", "scheme") else [])]


# Addresses


def _everything(request: Request) -> Response:
    """``/id``, ``/vocab``, ``/graph``: the catalogue lists what is there."""
    return _see(f"{root_address(request)}/catalog")


def _without_slash(request: Request, folder: str, name: str) -> Response | None:
    """A redirect for a slash after what has an address without it."""
    bare = name.rstrip("/")
    iri = f"{VOCAB if folder == 'vocab' else ID}{bare}"
    if bare == name or not (_served(request).knows(iri) or ontology_paths(f"{folder}/{bare}")):
        return None
    return _see(f"{root_address(request)}/{folder}/{header_safe(bare)}")


def _thing(request: Request) -> Response:
    """``/id/city/milan``: the thing itself cannot be sent, so its document is shown."""
    name, ending = _name(request, "/id/", ID)
    if without := _without_slash(request, "id", name):
        return without
    if not _served(request).knows(ID + name):
        raise _unknown(request, f"id/{name}")
    query = f"?{request.url.query}" if request.url.query else ""
    return _see(f"{root_address(request)}/doc/{header_safe(name)}{f'.{ending}' if ending else ''}{query}")


def _document(request: Request) -> Response:
    """``/doc/city/milan``: what is known about a thing."""
    name, ending = _name(request, "/doc/", ID)
    if without := _without_slash(request, "doc", name):
        return without
    return _about(request, ID + name, f"doc/{name}", "thing", ending)


def _vocabulary(request: Request) -> Response:
    """``/vocab/status``, a scheme with its concepts, and ``/vocab/status/running``, a concept and where it is used."""
    name, ending = _name(request, "/vocab/", VOCAB)
    if without := _without_slash(request, "vocab", name):
        return without
    if ontology_paths(f"vocab/{name}"):
        return _of_ontology(request, f"vocab/{name}", "scheme", ending)
    return _about(request, VOCAB + name, f"vocab/{name}", "concept", ending)


def _about(request: Request, iri: str, path: str, kind: str, ending: str) -> Response:
    graph, root = _served(request), root_address(request)
    if not graph.knows(iri):
        raise _unknown(request, iri.removeprefix(BASE))

    def write(form: Form[str]) -> str:
        about = graph.about(iri)
        if request.scope.get("solgraph.static"):
            about = [(name, [each for each in triples if not _is_elsewhere(each, iri)]) for name, triples in about]
        return form.write([*about, ("", list(_of_document(f"{root}/{header_safe(path)}", iri)))])

    return _answer(request, Document(path, iri, kind, graph.types(iri), write), ending)


def _is_elsewhere(triple: Triple, about: str) -> bool:
    """Whether it names a class, concept or passage: on a site of files these are with their vocabulary or document."""
    iri = value_of(triple.subject)
    return iri.startswith((SG, VOCAB, f"{ID}passage/")) and iri != about


def _ontology(request: Request) -> Response:
    """``/ns``: what ``…/ns#City`` leads to, since a fragment is never sent."""
    return _of_ontology(request, "ns", "ontology", request.path_params.get("ending", ""))


def _shapes(request: Request) -> Response:
    """``/shapes``: the rules that the data keep."""
    return _of_ontology(request, "shapes", "shapes", request.path_params.get("ending", ""))


def _shapes_of(request: Request) -> Response:
    """``/shapes/core.ttl``: the rules of one folder of shapes, as those that any SHACL engine can use."""
    path = f"shapes/{request.path_params['part']}"
    if not ontology_paths(path):
        raise Problem(404, detail=f"There are no shapes at /{path}.", hint="There is /shapes/core.ttl and /shapes.ttl.")
    return _of_ontology(request, path, "", request.path_params["ending"])


def _of_ontology(request: Request, path: str, kind: str, ending: str) -> Response:
    types = [PREFIXES["skos"] + "ConceptScheme" if kind == "scheme" else PREFIXES["owl"] + "Ontology"]
    document = Document(path, BASE + path, kind, types, lambda form: of_files(path, form))
    return _answer(request, document, ending)


def _version(request: Request) -> Response:
    """``/ns/0.1.0-draft``: the version IRI, while it is the version that is served."""
    iri = f"{BASE}ns/{header_safe(request.path_params['version'])}"
    pattern = NamedNode(BASE + "ns"), NamedNode(PREFIXES["owl"] + "versionIRI"), None, None
    if NamedNode(iri) not in {quad.object for quad in _served(request).store.quads_for_pattern(*pattern)}:
        raise Problem(404, detail="This version of the ontology is not served.", hint=f"See {root_address(request)}/ns")
    return _see(f"{root_address(request)}/ns")


def _graph(request: Request) -> Response:
    """``/graph/dreher-2024``: all triples of one source."""
    graph = _served(request)
    name, ending = _name(request, "/graph/", GRAPH)
    iri = GRAPH + name
    if not graph.has_graph(iri):
        raise _unknown(request, f"graph/{name}")
    types = [catalogue_rdf.PREFIXES["void"] + "Dataset"]
    document = Document(f"graph/{name}", iri, "graph", types, lambda form: form.write(graph.graph(iri)))
    return _answer(request, document, ending)


def _catalogue(request: Request) -> Response:
    """``/catalog``: the dataset, its files and services (DCAT-AP 3), with numbers (VoID)."""
    graph, root = _served(request), root_address(request)

    def write(form: Form[str]) -> str:
        return catalogue_rdf.write(catalogue_rdf.catalogue(graph, root, _packings(request)), form)

    document = Document("catalog", BASE + "catalog", "catalogue", [PREFIXES["dcat"] + "Catalog"], write)
    return _answer(request, document, request.path_params.get("ending", ""))


def _packings(request: Request) -> Sequence[str]:
    """The ends of the names of dumps; a site of files holds only the compressed ones."""
    return (GZIP,) if request.scope.get("solgraph.static") else catalogue_rdf.PACKINGS


def _void(request: Request) -> Response:
    """``/.well-known/void``: the dataset in VoID alone; it has no page of its own."""
    graph, root = _served(request), root_address(request)

    def write(form: Form[str]) -> str:
        return catalogue_rdf.write(catalogue_rdf.void(graph, root, _packings(request)), form)

    types = [catalogue_rdf.PREFIXES["void"] + "DatasetDescription"]
    return _answer(request, Document(".well-known/void", DATASET, "", types, write), "")


def _dump(request: Request) -> Response:
    """``/dump.ttl``, ``/dump.nq.gz``: all of the data in one file."""
    ending = request.path_params["ending"]
    form = next((form for form in RDF if form.endings[0] == ending.removesuffix(GZIP)), None)
    if not form:
        endings = ", ".join(f"/dump.{form.endings[0]}" for form in RDF)
        raise Problem(404, detail=f"There is no dump in that form. There is {endings}, each also with .gz.")
    packed = ending.endswith(GZIP)
    headers = {
        "Content-Disposition": f'{"attachment" if packed else "inline"}; filename="solgraph.{ending}"',
        "Link": f'<{root_address(request)}/catalog>; rel="describedby", <{LICENCE}>; rel="license"',
    }
    body = _served(request).dump(ending)
    return Response(body, media_type="application/gzip" if packed else form.media_types[0], headers=headers)


def _jsonld_context(request: Request) -> Response:
    """``/context.jsonld``: the words in which JSON-LD is written here."""
    return Response(CONTEXT.read_bytes(), media_type="application/ld+json")


# Answers


def _see(address: str) -> Response:
    return Response(status_code=303, headers={"Location": address})


def _answer(request: Request, document: Document, ending: str) -> Response:
    """The document in the form of its ending, or else the one that the client prefers."""
    form, media_type = with_ending(ending, document.forms) if ending else negotiate(request, document.forms)
    headers = _headers(request, document, form)
    if form is PAGE:
        response: Response = request.app.state.page(request, document.iri, document.kind)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response
    kg = _served(request).kg
    text = csv_about(kg, document.iri, chain(request)) if form is CSV else document.write(form)
    return Response(text, media_type=media_type, headers=headers)


def _headers(request: Request, document: Document, form: Form[str]) -> dict[str, str]:
    address = f"{root_address(request)}/{header_safe(document.path)}"
    here = address if document.path.startswith(".") else f"{address}.{form.endings[0]}"
    vary = BY_FORM_AND_LANGUAGE["Vary"] if form is CSV else "Accept"
    code = request.query_params.get("lang", "")
    canonical = f"{address}?lang={code}" if form is PAGE and code in LANGUAGES else address
    return {"Vary": vary, "Content-Location": here, "Link": ", ".join(_links(document, address, here, canonical))}


def _links(document: Document, address: str, here: str, canonical: str) -> Iterator[str]:
    yield f'<{canonical}>; rel="canonical"'
    for form in () if document.path.startswith(".") else document.forms:
        if f"{address}.{form.endings[0]}" != here:
            yield f'<{address}.{form.endings[0]}>; rel="alternate"; type="{form.media_types[0]}"'
    yield f'<{header_safe(document.iri)}>; rel="describes"'
    for iri in document.types:
        yield f'<{header_safe(iri)}>; rel="type"'
    yield f'<{LICENCE}>; rel="license"'


def _of_document(address: str, iri: str) -> Iterator[Triple]:
    """The triples about a document itself."""
    facts = {
        RDF_TYPE: PREFIXES["foaf"] + "Document",
        PREFIXES["foaf"] + "primaryTopic": iri,
        PREFIXES["dcterms"] + "license": LICENCE,
        catalogue_rdf.PREFIXES["void"] + "inDataset": DATASET,
    }
    return (Triple(NamedNode(address), NamedNode(by), NamedNode(value)) for by, value in facts.items())


# Names


def _served(request: Request) -> Served:
    return served(request.app.state.kg)


def _name(request: Request, prefix: str, namespace: str) -> tuple[str, str]:
    """Name and ending: ``city/milan`` and ``ttl`` of ``/doc/city/milan.ttl``; a dot that belongs to a name is kept.

    An IRI may be percent-encoded or not, and its address looks the same; the encoded one is tried first.
    """
    decoded: str = request.path_params["name"]
    raw: str = request.scope.get("raw_path", b"").decode("ascii", "replace").partition(prefix)[2]
    endings = {form.endings[0] for form in (PAGE, *RDF, CSV)}
    splits = []
    for name in dict.fromkeys((raw, decoded)):
        bare, _, ending = name.rpartition(".")
        splits += [(name, "")] + ([(bare, ending)] if bare and ending in endings else [])
    graph = _served(request)
    return next((split for split in splits if graph.knows(namespace + split[0])), splits[-1])


def _unknown(request: Request, address: str) -> Problem:
    """404 with the IRIs of the same or a similar name."""
    kg: Knowledge = request.app.state.kg
    folder = f"{BASE}{address.rstrip('/')}/"
    if below := sorted(iri for iri in kg.snapshot.types if iri.startswith(folder)):
        hint = f"There are {len(below):,} below it, such as {', '.join(below[:3])}"
        return Problem(404, detail=f"Nothing is known about {BASE}{address}.", hint=hint, nearest=below[:3])
    near = kg.nearest((BASE + address.rstrip("/")).replace(GRAPH, f"{ID}source/"), 3)
    near = [iri.replace(f"{ID}source/", GRAPH) if address.startswith("graph/") else iri for iri in near]
    hint = f"Did you mean {' or '.join(near)}?" if near else f"See what there is: {root_address(request)}/catalog"
    return Problem(404, detail=f"Nothing is known about {BASE}{address}.", hint=hint, nearest=near)


routes: list[BaseRoute] = [
    *(route(f"/{folder}{slash}", _everything) for folder in ("id", "doc", "vocab", "graph") for slash in ("", "/")),
    route("/id/{name:path}", _thing),
    route("/doc/{name:path}", _document),
    route("/vocab/{name:path}", _vocabulary),
    route("/graph/{name}", _graph),
    route("/ns", _ontology),
    route("/ns.{ending}", _ontology),
    route("/ns/{version}", _version),
    route("/shapes", _shapes),
    route("/shapes.{ending}", _shapes),
    route("/shapes/{part}.{ending}", _shapes_of),
    route("/catalog", _catalogue),
    route("/catalog.{ending}", _catalogue),
    route("/.well-known/void", _void),
    route("/context.jsonld", _jsonld_context),
    route("/dump.{ending}", _dump),
]
