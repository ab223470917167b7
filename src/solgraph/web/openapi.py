"""What the API offers, and its description in OpenAPI 3.1, made from the saved queries and ``openapi.yaml``."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import yaml
from starlette.requests import Request

from solgraph.formats.media import RDF, ROWS, WORKBOOKS, Form
from solgraph.graph.choices import MOST_LISTED, choices
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.parameter_schema import example_of, schema_of
from solgraph.networks.files import formats as files
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.web.http import PAGE, root_address
from solgraph.web.parameters import params_of_view
from solgraph.web.rendering import HERE, chain

Json = dict[str, Any]

#: The rows of an answer; JSON for who does not care.
DATA_ROWS = sorted(ROWS, key=lambda form: (form.name != "json", form.name == "table"))
#: A workbook, where the package that writes it is installed.
TABLES: Sequence[Form[Any]] = WORKBOOKS if find_spec("xlsxwriter") else ()
#: Those of the answer to a saved query.
ANSWERS: list[Form[Any]] = [*DATA_ROWS, *TABLES]
SPARQL_ROWS = [form for form in DATA_ROWS if form.name in ("json", "csv", "tsv", "xml")]
SPARQL_ANSWERS: list[Form[Any]] = [*SPARQL_ROWS, *TABLES]
TABLE = next(form for form in ROWS if form.name == "csv")
FIGURES = ("summary", "measures")


LIST: Sequence[Form[Any]] = (Form("json", ("json",), ("application/json",), str, title="JSON"), PAGE)
#: Cytoscape's JSON last: application/json is node-link JSON.
NETWORKS: Sequence[Form[Any]] = sorted(
    (form for form in files.FORMATS if len(form.files) < 3),  # an address is a file, or one of a pair
    key=lambda form: form.name == "cyjs",
)


def data_forms(saved: SavedQuery) -> Sequence[Form[Any]]:
    """The forms of the answer to a saved query."""
    return RDF if saved.form in ("CONSTRUCT", "DESCRIBE") else DATA_ROWS if saved.form == "ASK" else ANSWERS


def options_of(saved: SavedQuery) -> list[str]:
    """What a request may say besides the parameters of the query."""
    paged = [] if saved.form == "ASK" else ["limit", "offset", "page"]
    return [name for name in ("lang", "format", *paged) if name not in saved.params]


def listed(request: Request, folder: str, saved: SavedQuery) -> Json:
    """The entry of a saved query or view in a list, in the reader's language."""
    texts = {key: saved.localised(key, chain(request)) for key in ("summary", "description")}
    url = f"{root_address(request)}/{folder}/{saved.name}"
    return {**saved.as_dict(), **texts, "form": saved.form, "network": bool(saved.network), "url": url}


# The description

#: Type of a column → the schema of its values in SPARQL JSON, and what they look like; all others are IRIs.
_TERMS: Mapping[str, tuple[str, Json]] = {
    "text": ("Text", {}),
    "year": ("Year", {"pattern": "^-?[0-9]{4,}$"}),
    "date": (
        "Date",
        {"pattern": "^-?[0-9]{4}(-[0-9]{2}){0,2}$", "description": "a day, month or year, as the source gives it"},
    ),
    "integer": ("Integer", {"pattern": "^[+-]?[0-9]+$"}),
    "decimal": ("Decimal", {"pattern": "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$"}),
    "boolean": ("Boolean", {"enum": ["true", "false"]}),
    "any": ("Term", {}),
    "": ("Term", {}),
}
_TERM = {"$ref": "#/components/schemas/Term"}
_RESULTS = ("application/json", "application/sparql-results+json")
_FORMS: Mapping[str, Sequence[Form[Any]]] = {
    "Rows": DATA_ROWS,
    "Answer": ANSWERS,
    "Triples": RDF,
    "RowsOrTriples": [*ANSWERS, *RDF],
    "Network": NETWORKS,
    "List": LIST,
    "Document": [PAGE, *RDF, TABLE],
}


@cache
def _skeleton() -> str:
    return (HERE / "openapi.yaml").read_text(encoding="utf-8")


def document(kg: Knowledge, root: str, rows: int) -> Json:
    """The description of the API at an address, in the languages of the graph; ``rows`` bounds an answer."""
    return _Description(kg, rows).document(root)


class _Description:
    """The skeleton of ``openapi.yaml``, to which paths, parameters and media types are added."""

    def __init__(self, kg: Knowledge, rows: int) -> None:
        self.kg, self.catalogue = kg, kg.queries()
        self.skeleton: Json = yaml.safe_load(_skeleton())
        self.parameters: Json = self.skeleton["components"]["parameters"]
        self.schemas: Json = self.skeleton["components"]["schemas"]
        self.schemas.update({name: _term("literal", value) for name, value in _TERMS.values() if name != "Term"})
        self.parameters["limit"]["schema"]["maximum"] = rows

    def document(self, root: str) -> Json:
        self.skeleton["info"]["version"] = version("solgraph")
        self.skeleton["servers"] = [{"url": root or "/"}]
        tags = sorted({tag for saved in self.catalogue for tag in saved.tags})
        self.parameters["tag"]["schema"]["enum"] = tags
        self._add_forms()
        for saved in self.catalogue:
            self._add(f"/queries/{saved.name}", self._query(saved))
            if saved.network:
                self._add(f"/networks/{saved.name}", self._view(saved))
                for figure in FIGURES:
                    self._add(f"/networks/{saved.name}/{figure}", self._figures(saved, figure))
        return self.skeleton

    def _add(self, path: str, operation: Json) -> None:
        self.skeleton["paths"][path] = {"get": operation}

    def _add_forms(self) -> None:
        for name, forms in _FORMS.items():
            types = sorted({media_type for form in (*forms, PAGE) for media_type in form.media_types})
            self.skeleton["components"]["responses"][name] = _data(types)
            self.parameters[f"format{name}"] = _parameter(
                "format", {"enum": [form.name for form in forms]}, "the form, instead of the Accept header"
            )

    def _query(self, saved: SavedQuery) -> Json:
        columns = "".join(f"\n- `{name}`: {meaning}" for name, meaning in saved.columns.items())
        forms = data_forms(saved)
        kind = "Triples" if forms is RDF else "Answer" if forms is ANSWERS else "Rows"
        operation = self._operation(saved, "query", "queries", _responses(kind))
        operation["description"] += f"\n\nColumns:\n{columns}" if columns else ""
        if forms is not RDF:
            operation["responses"]["200"] = self._answer(saved, kind)
        options = [f"format{kind}" if name == "format" else name for name in options_of(saved)]
        return operation | {"parameters": [*map(self._parameter, saved.params.values()), *map(_shared, options)]}

    def _answer(self, saved: SavedQuery, kind: str) -> Json:
        """The answer of a query, whose JSON has the columns of its header."""
        name = f"Answer_{saved.name}"
        self.schemas[name] = _results(saved)
        shared: Json = self.skeleton["components"]["responses"][kind]
        own = {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}} for media_type in _RESULTS}
        return {**shared, "content": {**shared["content"], **own}}

    def _view(self, saved: SavedQuery) -> Json:
        operation = self._operation(saved, "network", "networks", _responses("Network", "501", "NotInstalled"))
        return operation | {"parameters": [*self._selection(saved), _shared("part"), _shared("formatNetwork")]}

    def _figures(self, saved: SavedQuery, figure: str) -> Json:
        operation = self._operation(saved, figure, "networks", _responses("Rows"))
        operation["summary"] = f"{figure.capitalize()}: {operation['summary']}"
        return operation | {"parameters": [*self._selection(saved), _shared("formatRows")]}

    def _operation(self, saved: SavedQuery, kind: str, tag: str, responses: Json) -> Json:
        texts = {key: saved.localised(key, self.kg.languages) for key in ("summary", "description")}
        operation_id = f"{kind}_{saved.name.replace('-', '_')}"
        return {**texts, "operationId": operation_id, "tags": [tag], "responses": responses}

    def _selection(self, saved: SavedQuery) -> list[Json]:
        return [*map(self._parameter, params_of_view(saved)), _shared("lang")]

    def _parameter(self, param: Parameter) -> Json:
        schema = schema_of(param, lambda param: {"$ref": f"#/components/schemas/{self._things(param)}"})
        example = example_of(param)
        parameter = _parameter(param.name, schema, param.description) | {"required": param.required}
        return parameter if example is None else parameter | {"example": example}

    def _things(self, param: Parameter) -> str:
        """The name of the schema of the things that a parameter takes: their slugs, if there are few."""
        name = param.scheme or param.type.partition(":")[2] or "thing"
        if name not in self.schemas:
            allowed = [choice.value for choice in choices(self.kg, param)]
            listed = {"enum": allowed} if 0 < len(allowed) <= MOST_LISTED * 2 else {}
            self.schemas[name] = {"type": "string", "description": self.schemas["Name"]["description"], **listed}
        return name


def _term(kind: str, value: Json) -> Json:
    """A term of SPARQL JSON of that kind, whose value is a text of that form."""
    texts = {name: {"type": "string"} for name in ("datatype", "xml:lang")}
    properties = {"type": {"const": kind}, "value": {"type": "string", **value}, **texts}
    return {"type": "object", "required": ["type", "value"], "properties": properties}


def _results(saved: SavedQuery) -> Json:
    """SPARQL JSON of the columns that a header declares; a column without a value is left out."""
    head, notes = {"type": "object"}, {"type": "array", "items": {"type": "object"}}
    if saved.form == "ASK":
        properties: Json = {"head": head, "boolean": {"type": "boolean"}}
        return {"type": "object", "required": list(properties), "properties": properties}
    columns = {
        name: {"$ref": f"#/components/schemas/{_TERMS.get(kind, ('Iri',))[0]}", "description": saved.columns[name]}
        for name, kind in saved.column_types.items()
    }
    row: Json = {"type": "object", "properties": columns, "additionalProperties": _TERM}
    if several := [name for name in columns if name in saved.several]:
        row["description"] = f"Rows that differ only in {', '.join(several)} are about one thing."
    bindings = {"type": "object", "required": ["bindings"], "properties": {"bindings": {"type": "array", "items": row}}}
    properties = {"head": head, "notes": notes, "results": bindings}
    return {"type": "object", "required": ["head", "results"], "properties": properties}


def _shared(name: str) -> Json:
    return {"$ref": f"#/components/parameters/{name}"}


def _parameter(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _responses(name: str, *further: str) -> Json:
    """The answers of an operation: data in its forms, nothing new, and problems."""
    names = {"200": name, "304": "Unchanged", "400": "NotValid", "406": "NotAcceptable"}
    names |= dict(zip(further[::2], further[1::2], strict=True))
    return {code: {"$ref": f"#/components/responses/{name}"} for code, name in names.items()}


def _data(media_types: Iterable[str]) -> Json:
    results = {"application/sparql-results+json": {"schema": {"$ref": "#/components/schemas/Results"}}}
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Link")}
    content = {media_type: results.get(media_type, {}) for media_type in media_types}
    return {"description": "The answer.", "headers": headers, "content": content}
