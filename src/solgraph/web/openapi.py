"""What the API offers: formats with their media types, and its description in OpenAPI 3.1, made from the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

from solgraph.formats import media
from solgraph.graph.knowledge import Knowledge
from solgraph.networks.files import formats as files
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.web.documents import CSV, FORMS
from solgraph.web.negotiation import Offer
from solgraph.web.pages.forms import MOST_LISTED, choices, params_of

Json = dict[str, Any]


def summarised(saved: SavedQuery, languages: Sequence[str], url: str) -> Json:
    """What the list of queries tells of one, in the first of the languages that its header has."""
    words = {key: saved.localised(key, languages) for key in ("summary", "description")}
    return {**saved.as_dict(), **words, "form": saved.form, "network": bool(saved.network), "url": url}


def _offers(forms: Sequence[media.Form[Any]]) -> list[Offer]:
    """The forms of answers as offers, those for a person last."""
    offers = [
        Offer(form.name, form.media_types[0], (*form.endings, *form.also, *form.media_types[1:])) for form in forms
    ]
    return sorted(offers, key=lambda offer: offer.name == "table")


ROWS = sorted(_offers(media.ROWS), key=lambda offer: offer.name != "json")
TRIPLES = _offers(media.RDF)
#: Cytoscape's JSON last: application/json is node-link JSON.
NETWORKS = sorted(_offers(files.FORMATS), key=lambda offer: offer.name == "cyjs")
PAGE = Offer("html", "text/html", ("application/xhtml+xml",))
LIST = (Offer("json", "application/json"), PAGE)
DOCUMENT = [PAGE, *(form.offer for form in (*FORMS, CSV))]


def offers_of(saved: SavedQuery) -> list[Offer]:
    """The data formats of a saved query."""
    return TRIPLES if saved.form in ("CONSTRUCT", "DESCRIBE") else ROWS


def media_types(offer: Offer) -> list[str]:
    """The media types by which an offer can be asked for."""
    return [offer.media_type, *(one for one in offer.also if "/" in one)]


def ending_of(offer: Offer) -> str:
    """The usual ending of a file in that format."""
    return {"table": "txt", "turtle": "ttl"}.get(offer.name, offer.name)


def options_of(saved: SavedQuery) -> list[str]:
    """What a request may say besides the parameters of the query."""
    paged = [] if saved.form == "ASK" else ["limit", "offset", "page"]
    return [one for one in ("lang", "format", *paged) if one not in saved.params]


# The description

_TYPES: Mapping[str, Json] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "xsd:date": {"type": "string", "format": "date"},
    "xsd:dateTime": {"type": "string", "format": "date-time"},
    "xsd:boolean": {"type": "boolean"},
    "xsd:gYear": {"type": "string", "pattern": "^[0-9]{4}$"},
    "xsd:gYearMonth": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
}
_LANG = "^ *[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*( *, *[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)* *$"
_NAMES = "Names in any language, slugs, CURIEs and IRIs are understood besides the listed values."
_PROBLEMS = {
    "NotValid": "A parameter is unknown, missing or not valid; the problem names it, what is allowed and the nearest.",
    "Refused": "The query is refused, such as an update or one that leaves this graph.",
    "NotFound": "There is nothing of that name; the problem names the nearest.",
    "NotAcceptable": "There is no such format; the problem lists those that there are.",
    "NotInstalled": "The server lacks the library for this format; the problem names it.",
    "TooLong": "The query is too long.",
    "NotUnderstood": "The body is neither a query nor a form.",
    "Busy": "The query took too long, or too many are waiting.",
}
_STATUS = {"Refused": "403", "NotFound": "404", "NotInstalled": "501", "TooLong": "413", "NotUnderstood": "415"} | {
    "Busy": "503"
}
_TAGS = {
    "queries": "Saved queries: each a question with typed parameters.",
    "networks": "Network views: files for Gephi, Cytoscape, igraph and others, and figures.",
    "sparql": "Queries of one's own.",
    "linked data": "Documents about things, in every form of RDF.",
    "about": "This description.",
}


def document(kg: Knowledge, root: str, rows: int) -> Json:
    """The description of the API at an address, in the languages of the graph; ``rows`` bounds an answer."""
    return _Description(kg, root, rows).whole()


class _Description:
    def __init__(self, kg: Knowledge, root: str, rows: int) -> None:
        self.kg, self.root, self.rows = kg, root, rows
        self.schemas: Json = {}

    @cached_property
    def catalogue(self) -> list[SavedQuery]:
        return self.kg.queries()

    def whole(self) -> Json:
        info = {
            "title": "solgraph",
            "version": version("solgraph"),
            "summary": "A knowledge graph of European solidarity cities.",
            "description": "Ask by `Accept`, by `?format=` or by an ending of the path, as in `/queries/cities.csv`.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        }
        paths = {**self._queries(), **self._networks(), **_protocols(), **_about()}
        return {
            "openapi": "3.1.0",
            "info": info,
            "servers": [{"url": self.root or "/"}],
            "tags": [{"name": name, "description": told} for name, told in _TAGS.items()],
            "paths": paths,
            "components": _components(self.schemas),
        }

    def _queries(self) -> Json:
        words = _query("q", {"type": "string"}, "only queries that hold these words")
        tags = sorted({tag for saved in self.catalogue for tag in saved.tags})
        tag = _query("tag", {"enum": tags}, "only queries with this tag")
        paths = {"/queries": {"get": _list("queries", "The saved queries", [words, tag])}}
        return paths | {f"/queries/{one.name}": {"get": self._of_query(one)} for one in self.catalogue}

    def _networks(self) -> Json:
        paths = {"/networks": {"get": _list("networks", "The network views", [])}}
        for saved in self.catalogue:
            if saved.network:
                paths[f"/networks/{saved.name}"] = {"get": self._of_view(saved)}
                for figure in ("summary", "measures"):
                    paths[f"/networks/{saved.name}/{figure}"] = {"get": self._of_figures(saved, figure)}
        return paths

    def _operation(self, saved: SavedQuery, name: str, tag: str, more: str = "") -> Json:
        words = {key: saved.localised(key, self.kg.languages) for key in ("summary", "description")}
        return {**words, "description": f"{words['description']}{more}", "operationId": name, "tags": [tag]}

    def _of_query(self, saved: SavedQuery) -> Json:
        columns = "".join(f"\n- `{name}`: {told}" for name, told in saved.columns.items())
        operation = self._operation(
            saved, _name("query", saved), "queries", f"\n\nColumns:\n{columns}" if columns else ""
        )
        options = [self._option(name, saved) for name in options_of(saved)]
        parameters = [self._parameter(one) for one in saved.params.values()] + options
        return operation | {
            "parameters": parameters,
            "responses": _responses("Triples" if offers_of(saved) is TRIPLES else "Rows"),
        }

    def _option(self, name: str, saved: SavedQuery) -> Json:
        if name == "format":
            return _formats(offers_of(saved))
        if name == "lang":
            return _query("lang", {"type": "string", "pattern": _LANG}, _LABELS)
        told, least, most = {
            "limit": ("at most so many rows", 1, self.rows),
            "offset": ("pass over so many rows", 0, 10**9),
            "page": ("the part with this number, from 1, instead of an offset", 1, 10**6),
        }[name]
        return _query(name, {"type": "integer", "minimum": least, "maximum": most}, told)

    def _of_view(self, saved: SavedQuery) -> Json:
        part = _query("part", {"enum": ["edges", "nodes"]}, "of CSV and Parquet: the list of edges, or that of nodes")
        parameters = [*self._of_selection(saved), part, _formats(NETWORKS)]
        operation = self._operation(saved, _name("network", saved), "networks")
        return operation | {"parameters": parameters, "responses": _responses("Network", "NotInstalled")}

    def _of_figures(self, saved: SavedQuery, figure: str) -> Json:
        parameters = [*self._of_selection(saved), _formats(ROWS)]
        operation = self._operation(saved, _name(figure, saved), "networks")
        operation["summary"] = f"{figure.capitalize()}: {operation['summary']}"
        return operation | {"parameters": parameters, "responses": _responses("Rows")}

    def _of_selection(self, saved: SavedQuery) -> list[Json]:
        return [*map(self._parameter, params_of(saved)), _query("lang", {"type": "string", "pattern": _LANG}, _LABELS)]

    def _parameter(self, param: Parameter) -> Json:
        schema = self._schema(param)
        found = _query(param.name, {"type": "array", "items": schema} if param.multiple else schema, param.description)
        example: Any = param.example or None
        if example and param.kind != "iri" and not param.values:
            example = int(example) if schema.get("type") == "integer" else example
            found["example"] = [example] if param.multiple else example
        return found | {"required": param.required}

    def _schema(self, param: Parameter) -> Json:
        if param.values:
            return {"type": "string", "enum": list(param.values)}
        if param.kind == "iri":
            return {"$ref": f"#/components/schemas/{self._things(param)}"}
        schema = dict(_TYPES.get(param.kind, {"type": "string"}))
        if param.kind == "integer":
            schema |= {"minimum": -9999, "maximum": 10**9}
        if param.default is not None:
            schema["default"] = int(param.default) if param.kind == "integer" else param.default
        return schema

    def _things(self, param: Parameter) -> str:
        """The name of the schema of the things that a parameter takes: their slugs, where they are few."""
        name = param.scheme or param.type.partition(":")[2] or "thing"
        if name not in self.schemas:
            allowed = [choice.value for choice in choices(self.kg, param)]
            few = 0 < len(allowed) <= MOST_LISTED * 2
            self.schemas[name] = {"type": "string", "description": _NAMES} | ({"enum": allowed} if few else {})
        return name


_LABELS = "languages of labels, the first that is there, such as pl,it,en"


def _name(kind: str, saved: SavedQuery) -> str:
    return f"{kind}_{saved.name.replace('-', '_')}"


def _query(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _formats(offers: Sequence[Offer]) -> Json:
    return _query("format", {"enum": [one.name for one in offers]}, "the format, instead of the Accept header")


def _list(name: str, summary: str, parameters: Sequence[Json]) -> Json:
    lang = _query("lang", {"type": "string", "pattern": _LANG}, "language of the texts")
    formats = _query("format", {"enum": ["json", "html"]}, "the format, instead of the Accept header")
    responses = _responses("List")
    return {
        "summary": summary,
        "operationId": name,
        "tags": [name],
        "parameters": [*parameters, lang, formats],
        "responses": responses,
    }


def _responses(name: str, *further: str) -> Json:
    """The answers of one operation: data in its formats, nothing new, and problems."""
    problems = {"400": "NotValid", "406": "NotAcceptable"} | {_STATUS[name]: name for name in further}
    found = {"200": name, "304": "Unchanged"} | problems
    return {code: {"$ref": f"#/components/responses/{name}"} for code, name in sorted(found.items())}


def _data(offers: Iterable[Offer]) -> Json:
    types = sorted({kind for offer in offers for kind in media_types(offer)} | {"text/html"})
    content = {kind: {"schema": _of_media(kind)} for kind in types}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Link")}
    return {"description": "The answer.", "headers": headers, "content": content}


def _of_media(kind: str) -> Json:
    return {"$ref": "#/components/schemas/Results"} if kind == "application/sparql-results+json" else {}


def _protocols() -> Json:
    """The endpoint and the linked data, as the standards have them."""
    name, slug = _path("type", "the type of the thing", "city"), _path("slug", "its name in addresses", "milan")
    of_graph = _responses("RowsOrTriples", "Refused", "TooLong", "NotUnderstood", "Busy")
    ask = {"summary": "Ask a SPARQL 1.1 query", "tags": ["sparql"], "responses": of_graph}
    query = _query("query", {"type": "string"}, "a SPARQL query; without it, the description of the service")
    graphs = [
        _query(f"{kind}-graph-uri", {"type": "array", "items": {"type": "string"}}, f"a {kind} graph of the dataset")
        for kind in ("default", "named")
    ]
    asked = [query | {"example": "SELECT ?city { ?city a sg:City } LIMIT 5"}, *graphs]
    bodies: Json = {"application/sparql-query": {"schema": {"type": "string"}}}
    bodies |= {"application/x-www-form-urlencoded": {"schema": {"type": "object", "required": ["query"]}}}
    body = {"required": True, "content": bodies}
    see = {
        "303": {"description": "The document about the thing.", "headers": {"Location": {"schema": {"type": "string"}}}}
    }
    missing = {"404": {"$ref": "#/components/responses/NotFound"}}
    thing = {"summary": "A thing: leads to its document", "operationId": "thing", "tags": ["linked data"]}
    about = {"summary": "The document about a thing", "operationId": "document", "tags": ["linked data"]}
    lang = _query("lang", {"type": "string", "pattern": _LANG}, f"{_LABELS}; of CSV and of the page")
    asked_so = [name, slug, lang, _formats(DOCUMENT)]
    documents = _responses("Document", "NotFound")
    return {
        "/sparql": {
            "get": ask | {"operationId": "sparql_get", "parameters": asked},
            "post": ask | {"operationId": "sparql_post", "requestBody": body},
        },
        "/id/{type}/{slug}": {"get": thing | {"parameters": [name, slug], "responses": see | missing}},
        "/doc/{type}/{slug}": {"get": about | {"parameters": asked_so, "responses": documents}},
    }


def _path(name: str, description: str, example: str) -> Json:
    schema = {"type": "string"}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
        "example": example,
    }


def _about() -> Json:
    own = {"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}}
    own |= {"304": {"description": "What the client has is still the description."}}
    return {
        "/openapi.json": {
            "get": {"summary": "This description", "operationId": "openapi", "tags": ["about"], "responses": own}
        }
    }


def _components(schemas: Json) -> Json:
    text, any_ = {"type": "string"}, {"$ref": "#/components/schemas/Problem"}
    properties = dict.fromkeys(("type", "title", "detail", "hint", "parameter"), text)
    allowed = {"status": {"type": "integer"}, "allowed": {"type": "array", "items": text}}
    problem = {"type": "object", "required": ["title", "status"], "properties": properties | allowed}
    results = {"type": "object", "required": ["head"], "properties": {"head": {"type": "object"}}}
    content = {"application/problem+json": {"schema": any_}, "text/plain": {}, "text/html": {}}
    answers = {"Rows": ROWS, "Triples": TRIPLES, "RowsOrTriples": [*ROWS, *TRIPLES], "Network": NETWORKS, "List": LIST}
    answers |= {"Document": DOCUMENT}
    responses = {name: _data(offers) for name, offers in answers.items()}
    responses["Unchanged"] = {"description": "What the client has is still the answer."}
    return {
        "schemas": {"Problem": problem, "Results": results, **schemas},
        "headers": {
            "ETag": {"description": "What changes when the answer may change.", "schema": text},
            "Link": {"description": "Where the other parts are: first, prev, next, last.", "schema": text},
        },
        "responses": responses | {name: {"description": told, "content": content} for name, told in _PROBLEMS.items()},
    }
