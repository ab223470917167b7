"""The description of the API: valid, complete, and true when thousands of requests are made of it."""

import socket
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("starlette")
import solgraph
from programs import needs
from solgraph.networks.model.selection import WEIGHTS
from solgraph.web import openapi
from solgraph.web.documents import CSV, FORMS
from test_web_api import KG, PAGE, QUERIES, VIEWS, is_sound, make

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have httpx2; both do
    from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = TestClient(make(KG)).get("/openapi.json").json()
    return found


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    validator = pytest.importorskip("openapi_spec_validator")
    validator.validate(document)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://testserver"}]


def test_every_query_and_view_is_in_it(document: dict[str, Any]) -> None:
    paths = set(document["paths"])
    assert {f"/queries/{one.name}" for one in QUERIES} < paths
    assert {f"/networks/{one.name}" for one in VIEWS} < paths
    assert {"/sparql", "/id/{type}/{slug}", "/doc/{type}/{slug}", "/queries", "/networks", "/openapi.json"} < paths
    assert len(paths) == len(QUERIES) + 3 * len(VIEWS) + 6
    names = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert len(names) == len(set(names))


def test_parameters_are_typed_and_their_values_listed(document: dict[str, Any]) -> None:
    def of(path: str) -> dict[str, Any]:
        return {one["name"]: one for one in document["paths"][path]["get"]["parameters"]}

    assert of("/queries/mayors")["city"]["schema"] == {"$ref": "#/components/schemas/City"}
    assert of("/queries/mayors")["city"]["required"]
    assert "palermo" in document["components"]["schemas"]["City"]["enum"]
    assert "running" in document["components"]["schemas"]["status"]["enum"]
    assert "enum" not in document["components"]["schemas"]["thing"]
    assert of("/queries/busiest-actors")["least"]["schema"]["default"] == 2
    assert of("/networks/alliances")["weight"]["schema"]["enum"] == list(WEIGHTS)
    assert of("/networks/alliances")["exclude"]["schema"]["type"] == "array"
    for saved in QUERIES:
        listed = of(f"/queries/{saved.name}")
        assert list(listed) == [*saved.params, *openapi.options_of(saved)]


def test_documents_are_in_it_with_all_their_forms(document: dict[str, Any]) -> None:
    told = document["paths"]["/doc/{type}/{slug}"]["get"]
    assert [one["name"] for one in told["parameters"]] == ["type", "slug", "lang", "format"]
    assert told["parameters"][-1]["schema"]["enum"] == ["html", *(form.name for form in (*FORMS, CSV))]
    named = told["responses"]["200"]["$ref"].rpartition("/")[2]
    forms = set(document["components"]["responses"][named]["content"])
    assert {"text/csv", "text/turtle", "application/ld+json", "application/trig", "text/html"} < forms


def test_listed_values_are_understood() -> None:
    client = TestClient(make(KG))
    for city in openapi.document(KG, "", 10)["components"]["schemas"]["City"]["enum"]:
        assert client.get("/queries/networks-of-city.csv", params={"city": city}).status_code == 200


def test_the_page_is_made_of_it(document: dict[str, Any]) -> None:
    found = TestClient(make(KG)).get("/api", headers=PAGE)
    page = is_sound(found.text)
    assert all(where in page.text for where in document["paths"])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    uvicorn = pytest.importorskip("uvicorn")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(make(solgraph.open(lang="en")), port=port, log_level="critical", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def test_no_request_meets_a_fault_or_an_answer_that_is_not_declared(address: str, tmp_path: Any) -> None:
    checks = (
        "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
        "response_schema_conformance,unsupported_method"
    )
    bounds = ["--phases", "examples,fuzzing", "--max-examples", "5", "--max-time", "40", "--seed", "1", "--no-shrink"]
    which = ["--include-path-regex", "^/(queries|networks|openapi)", "--checks", checks, "--workers", "1"]
    done = subprocess.run(
        [needs("schemathesis"), "run", f"{address}/openapi.json", *which, *bounds],
        capture_output=True,
        text=True,
        timeout=150,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
