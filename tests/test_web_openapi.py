"""The description of the API: valid, complete, and true when requests are made of it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("starlette")
from starlette.testclient import TestClient

import solgraph
from conftest import EXPECTED
from programs import needs
from solgraph.formats.media import RDF
from solgraph.graph.search.cards import KINDS
from solgraph.networks.model.selection import SELECTION, WEIGHTS
from solgraph.web import openapi
from web import PAGE, application, client_of, running


@pytest.fixture(scope="module")
def client(small: solgraph.Knowledge) -> TestClient:
    return client_of(small)


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(document)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://testserver"}]


def test_every_query_and_view_is_in_it(document: dict[str, Any], small: solgraph.Knowledge) -> None:
    paths = document["paths"]
    assert {f"/queries/{saved.name}" for saved in small.queries()} < paths.keys()
    assert {f"/networks/{saved.name}" for saved in small.views()} < paths.keys()
    assert {"/sparql", "/id/{type}/{slug}", "/doc/{type}/{slug}", "/queries", "/openapi.json"} < paths.keys()
    assert len(paths) == len(small.queries()) + 3 * len(small.views()) + 23
    names = [path[method]["operationId"] for path in paths.values() for method in path.keys() & {"get", "post"}]
    assert len(names) == len(set(names))


def parameters(document: dict[str, Any], path: str) -> dict[str, Any]:
    shared = document["components"]["parameters"]
    listed = document["paths"][path]["get"]["parameters"]
    resolved = [shared[param["$ref"].rpartition("/")[2]] if "$ref" in param else param for param in listed]
    return {param["name"]: param for param in resolved}


def test_parameters_are_typed_and_their_values_listed(document: dict[str, Any], small: solgraph.Knowledge) -> None:
    schemas = document["components"]["schemas"]
    assert parameters(document, "/queries/mayors")["city"]["schema"] == {"$ref": "#/components/schemas/City"}
    assert parameters(document, "/queries/mayors")["city"]["required"]
    assert "ardea" in schemas["City"]["enum"] and "running" in schemas["status"]["enum"]
    assert parameters(document, "/queries/busiest-actors")["least"]["schema"]["default"] == 2
    assert parameters(document, "/networks/alliances")["layer"]["schema"]["default"] == ["alliance"]
    assert "alliance" in schemas["network-layer"]["enum"]
    alliances = parameters(document, "/networks/alliances")
    assert {option.name for option in SELECTION} < alliances.keys()
    assert alliances["weight"]["schema"]["enum"] == list(WEIGHTS)
    assert alliances["exclude"]["schema"]["type"] == "array"
    for saved in small.queries():
        assert list(parameters(document, f"/queries/{saved.name}")) == [*saved.params, *openapi.options_of(saved)]


def test_documents_are_in_it_with_all_their_forms(document: dict[str, Any]) -> None:
    listed = parameters(document, "/doc/{type}/{slug}")
    assert listed["format"]["schema"]["enum"] == ["html", *(form.name for form in RDF), "csv"]
    forms = document["components"]["responses"]["Document"]["content"]
    assert {"text/csv", "text/turtle", "application/ld+json", "application/trig", "text/html"} < forms.keys()


def test_listed_values_are_understood(client: TestClient, document: dict[str, Any]) -> None:
    for city in document["components"]["schemas"]["City"]["enum"]:
        assert client.get("/queries/networks-of-city.csv", params={"city": city}).status_code == 200


def test_answers_are_as_declared(document: dict[str, Any], small: solgraph.Knowledge) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    forms = {saved.name: saved.form for saved in small.queries()}
    tested = set()
    for case, values in yaml.safe_load((EXPECTED / "cases.yaml").read_text("utf-8")).items():
        name = case.partition("--")[0]
        if forms[name] in ("SELECT", "ASK"):
            content = document["paths"][f"/queries/{name}"]["get"]["responses"]["200"]["content"]
            schema = {**content["application/sparql-results+json"]["schema"], "components": document["components"]}
            jsonschema.validate(json.loads(small.query(name, **values).text("json")), schema)
            tested.add(name)
    assert tested == {name for name, form in forms.items() if form in ("SELECT", "ASK")}
    columns = document["components"]["schemas"]["Answer_mayors"]["properties"]["results"]["properties"]["bindings"]
    kinds = {name: column["$ref"].rpartition("/")[2] for name, column in columns["items"]["properties"].items()}
    assert (kinds["mayor"], kinds["since"], kinds["asof"], kinds["certainty"]) == ("Iri", "Year", "Date", "Text")
    assert columns["items"]["description"] == "Rows that differ only in asof, source are about one thing."


def test_an_answer_of_other_types_is_not_as_declared(client: TestClient, document: dict[str, Any]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    answer = client.get("/queries/cities.json").json()
    schema = {"$ref": "#/components/schemas/Answer_cities", "components": document["components"]}
    row = answer["results"]["bindings"][0]
    for name, text in (("lat", "north"), ("city", "Ardea"), ("profiled", "perhaps")):
        answer["results"]["bindings"] = [row | {name: {"type": "literal", "value": text}}]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(answer, schema)


def test_words_are_answered_as_declared(
    client: TestClient, document: dict[str, Any], frozen: solgraph.Knowledge
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    assert parameters(document, "/search")["kind"]["schema"]["enum"] == list(KINDS)
    hits = [client.get(f"/search?q={words}") for words in ("Ardea", "city&kind=query")]
    for answer, schema in (*((each, "Hits") for each in hits), (client_of(frozen).get("/ask?q=Milan"), "Asked")):
        assert answer.headers["content-type"] == "application/json"
        whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        jsonschema.validate(answer.json(), whole)
    found = client.get("/search?q=Ardea").json()
    first = found["hits"][0]
    assert first["iri"].endswith("/id/city/ardea") and first["url"] == "http://testserver/doc/city/ardea"
    assert found["total"] == sum(found["kinds"].values()) and found["pages"] == 1
    queries = client.get("/search?q=city&kind=query&page=2").json()
    assert queries["hits"][0]["url"] == f"http://testserver/queries/{queries['hits'][0]['name']}"
    assert (queries["page"], queries["kind"]) == (2, "query") and queries["pages"] >= 2


def test_the_page_is_made_of_it(client: TestClient, document: dict[str, Any]) -> None:
    page = client.get("/api", headers=PAGE)
    assert page.status_code == 200 and all(path in page.text for path in document["paths"])


def test_no_request_meets_a_fault_or_an_answer_that_is_not_declared(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    checks = (
        "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
        "response_schema_conformance,unsupported_method"
    )
    paths = "^/(queries|queries/(cities|mayors|describe)|networks/alliances|ask|search|openapi.json|reconcile(/.*)?)$"
    which = ["--include-path-regex", paths, "--checks", checks, "--workers", "1"]
    bounds = ["--phases", "fuzzing", "--max-examples", "2", "--max-time", "3", "--seed", "1", "--no-shrink"]
    with running(application(frozen)) as address:
        done = subprocess.run(
            [needs("schemathesis"), "run", f"{address}/openapi.json", *which, *bounds],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-5000:]
