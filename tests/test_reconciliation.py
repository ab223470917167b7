"""The reconciliation service, asked as OpenRefine asks it, and held against the schemas of the specification."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette")
from starlette.testclient import TestClient

import solgraph
from solgraph.graph.reconciliation.candidates import similarity
from solgraph.graph.reconciliation.properties import PROPERTIES
from solgraph.resources import ROOT
from solgraph.web.reconciliation.questions import MOST_QUERIES
from web import PAGE, client_of

#: A clone of https://github.com/reconciliation-api/specs, which has no licence and so is not copied here.
SPECIFICATION = os.environ.get("SOLGRAPH_RECONCILIATION", "")
ORGANISATIONS = {"Organisation", "CivilSocietyOrganisation", "InternationalOrganisation"}


class OpenRefine:
    """What OpenRefine sends: forms with JSON, and the addresses of the manifest with the identifier put in."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.manifest = client, client.get("/reconcile").json()

    def reconcile(self, *cells: str, kind: str = "", **columns: str) -> list[list[dict[str, Any]]]:
        """The candidates for each cell of a column."""
        columns_sent = [{"pid": name, "p": name, "v": value} for name, value in columns.items()]
        query = {"type": kind, "type_strict": "should", "limit": 5, "properties": columns_sent}
        batch = {f"q{row}": {"query": cell, **query} for row, cell in enumerate(cells)}
        answer = self.client.post("/reconcile", data={"queries": json.dumps(batch)})
        assert answer.status_code == 200 and answer.headers["access-control-allow-origin"] == "*", answer.text
        return [answer.json()[key]["result"] for key in batch]

    def extend(self, ids: list[str], *properties: str) -> dict[str, Any]:
        """New columns from matched cells."""
        query = {"ids": ids, "properties": [{"id": name} for name in properties]}
        answer: dict[str, Any] = self.client.post("/reconcile", data={"extend": json.dumps(query)}).json()
        return answer

    def suggest(self, kind: str, prefix: str, **others: str) -> list[str]:
        """What the field suggests while somebody types."""
        service = self.manifest["suggest"][kind]
        address = (service["service_url"] + service["service_path"]).removeprefix("http://testserver")
        answer = self.client.get(address, params={"prefix": prefix, "_": "1700000000", **others})
        return [row["id"] for row in answer.json()["result"]]


@pytest.fixture(scope="module")
def refine(shipped: solgraph.Knowledge) -> OpenRefine:
    return OpenRefine(client_of(shipped))


@pytest.fixture(scope="module")
def frozen_refine(frozen: solgraph.Knowledge) -> OpenRefine:
    return OpenRefine(client_of(frozen))


def best(candidates: list[dict[str, Any]]) -> tuple[str, float, bool]:
    return candidates[0]["id"], candidates[0]["score"], candidates[0]["match"]


# Scores and matches


def test_a_name_in_any_language_is_a_match(frozen_refine: OpenRefine) -> None:
    for cell in ("Mediolan", "MILANO", "milán", "city/milan", "city:milan", "City of Milan", "Milano, Italia"):
        (candidates,) = frozen_refine.reconcile(cell)
        assert best(candidates) == ("city/milan", 100, True), cell
    (candidates,) = frozen_refine.reconcile("Mediolan")
    assert candidates[0]["name"] == "Milan" and candidates[0]["description"] == "Mediolan · City · Italy"
    assert candidates[0]["type"] == [{"id": "City", "name": "City"}]


def rows_of_the_page() -> list[list[str]]:
    """The table of cells with their answers in the documentation."""
    page = (ROOT / "docs" / "reconciliation.md").read_text("utf-8")
    table = page.partition("| cell | country |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


@pytest.mark.parametrize("row", rows_of_the_page(), ids=lambda row: " ".join(row[:2]).strip())
def test_the_page_says_what_the_shipped_data_answer(row: list[str], refine: OpenRefine) -> None:
    cell, country, identifier, score, match = row
    (candidates,) = refine.reconcile(cell, **({"country": country} if country else {}))
    assert best(candidates) == (identifier, float(score), match == "yes")


def test_namesakes_are_all_candidates_and_none_is_a_match(refine: OpenRefine) -> None:
    assert len(rows_of_the_page()) == 8
    (bergen,) = refine.reconcile("Bergen")
    assert {row["id"] for row in bergen[:3]} == {"city/bergen", "city/bergen-nl", "city/mons"}
    assert [row["score"] for row in bergen[:3]] == [100] * 3 and not any(row["match"] for row in bergen)


def test_a_country_decides_between_namesakes(refine: OpenRefine) -> None:
    (bergen,) = refine.reconcile("Bergen", kind="City", country="NO")
    assert best(bergen) == ("city/bergen", 100, True) and best(bergen[1:]) == ("city/bergen-nl", 50, False)
    (halle,) = refine.reconcile("Halle", country="Germany")
    assert best(halle) == ("city/halle-saale", 100, False), "Germany has two"
    (halle,) = refine.reconcile("Halle", country="Belgien")
    assert {"id": "country", "name": "Country", "value": False} in halle[0]["features"]


def test_an_identifier_decides_but_not_against_the_name(frozen_refine: OpenRefine) -> None:
    for number in ("2911522", "https://sws.geonames.org/2911522/"):
        (halle,) = frozen_refine.reconcile("Halle", geonamesId=number)
        assert best(halle) == ("city/halle-saale", 100, True)
    (other,) = frozen_refine.reconcile("Palermo", geonamesId="2911522")
    assert not any(candidate["match"] for candidate in other)
    without_name = {"q": {"properties": [{"pid": "geonamesId", "v": 2911522}]}}
    answer = frozen_refine.client.get("/reconcile", params={"queries": json.dumps(without_name)}).json()
    assert best(answer["q"]["result"]) == ("city/halle-saale", 100, True)


def test_what_is_no_identifier_finds_things_and_makes_no_match(frozen_refine: OpenRefine) -> None:
    query = {"type": "City", "properties": [{"pid": "country", "v": "PL"}]}
    answer = frozen_refine.client.get("/reconcile", params={"query": json.dumps(query)}).json()
    assert best(answer["result"]) == ("city/gdansk", 50, False)


def test_typing_errors_are_forgiven_and_never_a_match(frozen_refine: OpenRefine) -> None:
    for cell in ("Milann", "Mialno", "Mediolann"):
        (candidates,) = frozen_refine.reconcile(cell, kind="City")
        identifier, score, match = best(candidates)
        assert identifier == "city/milan" and 75 < score < 100 and not match, cell
    assert frozen_refine.reconcile("Xyzzyq", "", kind="City") == [[], []]


def test_a_surname_alone_is_no_match_and_the_order_of_names_no_matter(refine: OpenRefine) -> None:
    surname, turned, whole = refine.reconcile("Orlando", "Orlando, Leoluca", "Leoluca Orlando", kind="Person")
    assert best(surname) == ("person/leoluca-orlando", 100, False)
    assert best(turned) == ("person/leoluca-orlando", 95, False)
    assert best(whole) == ("person/leoluca-orlando", 100, True)


def test_types_limit_what_is_found(frozen_refine: OpenRefine) -> None:
    (country,), (city,) = (frozen_refine.reconcile("Germany", kind=kind) for kind in ("Country", "City"))
    assert best(country) == ("country/de", 100, True) and all(row["id"].startswith("city/") for row in city)
    query = {"query": "UNHCR", "type": ["sg:InternationalOrganisation", "Country"], "type_strict": "all"}
    answer = frozen_refine.client.get("/reconcile", params={"query": json.dumps(query)}).json()
    assert answer == {"result": []}
    query["type_strict"] = "any"
    answer = frozen_refine.client.get("/reconcile", params={"query": json.dumps(query)}).json()
    assert best(answer["result"]) == ("actor/unhcr", 100, True)


@pytest.mark.parametrize(
    ("text", "name", "score"),
    [("Milann", "Milan", 90.9), ("Halle", "Halle (Saale)", 62.5), ("Orlando Leoluca", "Leoluca Orlando", 95)],
)
def test_scores_are_shares_of_letters(text: str, name: str, score: float) -> None:
    assert similarity(text, name) == score


def test_a_single_query_may_be_just_a_name(frozen_refine: OpenRefine) -> None:
    assert best(frozen_refine.client.get("/reconcile?query=Gdańsk").json()["result"]) == ("city/gdansk", 100, True)


# Columns, suggestions, previews


def test_matched_cells_give_new_columns(frozen_refine: OpenRefine) -> None:
    names = ("geonamesId", "lat", "country", "networks", "kind", "iri")
    answer = frozen_refine.extend(["city/milan", "network/eurocities"], *names)
    assert [row["id"] for row in answer["meta"]] == list(names)
    assert answer["meta"][2] == {"id": "country", "name": "Country", "type": {"id": "Country", "name": "Country"}}
    milan, eurocities = answer["rows"].values()
    assert milan["geonamesId"] == [{"str": "3173435"}] and round(milan["lat"][0]["float"], 1) == 45.5
    assert milan["country"] == [{"id": "country/it", "name": "Italy"}] and eurocities["lat"] == []
    assert {"id": "network/comuni-disobbedienti", "name": "Comuni Disobbedienti"} in milan["networks"]
    assert milan["iri"] == [{"str": "https://w3id.org/solgraph/id/city/milan"}]
    assert eurocities["kind"] == [{"str": "City network"}]


def test_wikidata_items_are_columns_and_found_by(refine: OpenRefine) -> None:
    assert refine.extend(["city/athens"], "wikidata")["rows"] == {"city/athens": {"wikidata": [{"str": "Q1524"}]}}
    (athens,) = refine.reconcile("Athen", wikidata="http://www.wikidata.org/entity/Q1524")
    assert best(athens) == ("city/athens", 100, True)


def test_every_property_has_values_in_the_shipped_data_and_a_name(refine: OpenRefine) -> None:
    assert set(refine.suggest("property", "")) == set(PROPERTIES)
    proposed = refine.client.get("/reconcile/extend/propose?type=City&limit=3").json()
    assert (len(proposed["properties"]), proposed["type"], proposed["limit"]) == (3, "City", 3)
    german = refine.client.get("/reconcile/suggest/property?prefix=land&lang=de").json()["result"]
    assert {"id": "country", "name": "Land"} in german


def test_fields_suggest_while_somebody_types(frozen_refine: OpenRefine) -> None:
    assert frozen_refine.suggest("entity", "mediol")[0] == "city/milan"
    assert frozen_refine.suggest("entity", "city/milan") == ["city/milan"]
    assert frozen_refine.suggest("entity", "germ", type="Country") == ["country/de"]
    assert set(frozen_refine.suggest("type", "organ")) == ORGANISATIONS
    assert frozen_refine.suggest("type", "")[:2] == ["City", "Network"]
    assert frozen_refine.suggest("type", "", limit="1", cursor="1") == ["Network"]


def test_the_addresses_of_the_manifest_lead_to_pages_that_may_be_framed(frozen_refine: OpenRefine) -> None:
    view, preview = (frozen_refine.manifest[name]["url"] for name in ("view", "preview"))
    whole = frozen_refine.client.get(view.replace("{{id}}", "city%2Fmilan"), headers=PAGE)
    assert whole.status_code == 200 and "<h1>Milan</h1>" in whole.text
    small = frozen_refine.client.get(preview.replace("{{id}}", "city%2Fmilan") + "&lang=it")
    assert "frame-ancestors *" in small.headers["content-security-policy"]
    assert ">Milano</a></h1>" in small.text and "Comuni Disobbedienti" in small.text and "http" not in small.text
    assert "frame-ancestors 'none'" in whole.headers["content-security-policy"]


# What is wrong gets a sentence


@pytest.mark.parametrize(
    ("parameter", "text", "sentence"),
    [
        ("queries", "[", "is not JSON"),
        ("queries", "[" * 5000, "is not JSON"),
        ("queries", '{"q0": {"query": "\\ud800"}}', "is not JSON"),
        ("queries", "[]", "is not an object"),
        ("queries", '{"q0": 1}', "q0 is not an object"),
        ("queries", '{"q0": {"limit": 1}}', "neither query nor properties"),
        ("queries", '{"q0": {"query": 1}}', "query is not a text"),
        ("queries", '{"q0": {"query": "x", "props": []}}', "no 'props'"),
        ("queries", '{"q0": {"query": "x", "type": "Town"}}', "no type 'Town'"),
        ("queries", '{"q0": {"query": "x", "limit": 0}}', "limit is not a number"),
        ("queries", '{"q0": {"query": "x", "limit": NaN}}', "limit is not a number"),
        ("queries", '{"q0": {"query": "x", "type_strict": "no"}}', "type_strict is none of"),
        ("queries", '{"q0": {"query": "x", "properties": [{"pid": "contry", "v": 1}]}}', "no property 'contry'"),
        ("queries", '{"q0": {"query": "x", "properties": [{"pid": "country"}]}}', "without a value v"),
        ("queries", json.dumps({"q0": {"query": "x" * 501}}), "more than 500 characters"),
        ("extend", "{}", "ids is not a list"),
        ("extend", '{"ids": [], "properties": [{"id": "mayor"}]}', "no property 'mayor'"),
    ],
)
def test_what_cannot_be_read_is_said(parameter: str, text: str, sentence: str, frozen_refine: OpenRefine) -> None:
    for answer in (
        frozen_refine.client.post("/reconcile", data={parameter: text}),
        frozen_refine.client.get("/reconcile", params={parameter: text}),
    ):
        assert answer.status_code == 400 and sentence in answer.json()["detail"], answer.text


def test_an_unknown_identifier_has_an_empty_row_among_the_others(frozen_refine: OpenRefine) -> None:
    rows = frozen_refine.extend(["city/milan", "Q1", "city/nowhere"], "country", "wikidata")["rows"]
    assert rows["Q1"] == rows["city/nowhere"] == {"country": [], "wikidata": []}
    assert rows["city/milan"]["country"][0]["id"] == "country/it"


def test_requests_have_limits(frozen_refine: OpenRefine) -> None:
    post: Callable[..., Any] = frozen_refine.client.post
    many = {f"q{number}": {"query": "x"} for number in range(MOST_QUERIES + 1)}
    assert frozen_refine.manifest["batchSize"] == MOST_QUERIES
    assert post("/reconcile", data={"queries": json.dumps(many)}).status_code == 413
    assert post("/reconcile", data={"queries": "x" * 2**20}).status_code == 413
    assert post("/reconcile", json={"q0": {"query": "x"}}).status_code == 415
    assert post("/reconcile", data={"other": "x"}).status_code == 400
    assert post("/reconcile", data={"queries": "{}", "extend": "{}"}).status_code == 400
    assert frozen_refine.client.get("/reconcile?callback=f").status_code == 400
    assert frozen_refine.client.get("/reconcile/preview?id=city/atlantis").status_code == 404


# The draft of version 1.0


def matched(refine: OpenRefine, *conditions: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    """The candidates for one query of the draft."""
    body = {"queries": [{"conditions": list(conditions), **query}]}
    answer = refine.client.post("/reconcile/draft/match", json=body)
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    candidates: list[dict[str, Any]] = result["candidates"]
    return candidates


def named(name: str) -> dict[str, Any]:
    return {"matchType": "name", "propertyValue": name}


def about(name: str, value: object, **others: Any) -> dict[str, Any]:
    return {"matchType": "property", "propertyId": name, "propertyValue": value, **others}


def test_the_draft_gives_the_same_candidates(refine: OpenRefine) -> None:
    assert best(matched(refine, named("Mediolan"), type="City")) == ("city/milan", 100, True)
    assert best(matched(refine, {"matchType": "id", "propertyValue": "city/milan"})) == ("city/milan", 100, True)
    norway = matched(refine, named("Bergen"), about("country", "Norge or Norway"), type="City")
    assert [row["match"] for row in norway] == [False] * len(norway), "no country is called so"
    required = about("country", ["NO", "SE"], required=True)
    assert {row["id"] for row in matched(refine, named("Bergen"), required, type="City")} >= {"city/bergen"}
    assert "city/mons" not in {row["id"] for row in matched(refine, named("Bergen"), required, type="City")}
    but = about("country", ["Norway", "Belgium"], matchQuantifier="none")
    assert best(matched(refine, named("Bergen"), but, type="City"))[0] == "city/bergen-nl"
    both = about("networks", ["Eurocities", "ECCAR"], matchQuantifier="all", required=True)
    one = about("networks", ["Eurocities", "ECCAR"], required=True)
    assert matched(refine, both, type="City", limit=100) and len(matched(refine, one, type="City", limit=100)) == 100


def test_the_draft_has_the_same_values_and_suggestions(frozen_refine: OpenRefine) -> None:
    query = {"ids": ["city/milan"], "properties": [{"id": "country"}]}
    answer = frozen_refine.client.post("/reconcile/draft/extend", json=query).json()
    values = [{"id": "country/it", "name": "Italy"}]
    assert answer["rows"] == [{"id": "city/milan", "properties": [{"id": "country", "values": values}]}]
    for path in ("suggest/type?prefix=", "extend/propose?type=City", "preview?id=city/milan"):
        old, new = (frozen_refine.client.get(f"{root}/{path}").text for root in ("/reconcile", "/reconcile/draft"))
        assert old == new and old
    assert frozen_refine.client.get("/reconcile/draft/suggest/type?prefix=&offset=1&limit=1").json() == {
        "result": [{"id": "Network", "name": "Network"}]
    }


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "conditions is not a list"),
        ({"conditions": []}, "conditions is empty"),
        ({"conditions": [{"propertyValue": "x"}]}, "matchType is none of"),
        ({"conditions": [{"matchType": "name"}]}, "without a propertyValue"),
        ({"conditions": [named("x"), named("y")]}, "hold 2 names"),
        ({"conditions": [about("mayor", "x")]}, "no property 'mayor'"),
        ({"conditions": [about("country", "x", required="yes")]}, "required is neither"),
        ({"conditions": [about("country", "x", matchQuantifier="some")]}, "matchQuantifier is none of"),
        ({"conditions": [about("country", "x", matchQualifier="near")]}, "no 'matchQualifier'"),
        ({"conditions": [named("x")], "type": ["City"]}, "type is not a text"),
    ],
)
def test_what_the_draft_cannot_read_is_said(query: object, sentence: str, frozen_refine: OpenRefine) -> None:
    answer = frozen_refine.client.post("/reconcile/draft/match", json={"queries": [query]})
    assert answer.status_code == 400 and sentence in answer.json()["detail"], answer.text
    assert frozen_refine.client.post("/reconcile/draft/match", data={"queries": "[]"}).status_code == 415


# The specification


def schema(name: str, version: str = "0.2") -> Callable[[Any], None]:
    """A validator of a schema of the specification."""
    if not SPECIFICATION:
        pytest.skip("SOLGRAPH_RECONCILIATION names no clone of https://github.com/reconciliation-api/specs")
    jsonschema, referencing = pytest.importorskip("jsonschema"), pytest.importorskip("referencing")
    folder = Path(SPECIFICATION, version, "schemas")
    schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    draft = referencing.jsonschema.DRAFT7
    resources = [(text["$id"].rstrip("#"), draft.create_resource(text)) for text in schemas.values()]
    registry = referencing.Registry().with_resources(resources)
    validator: Callable[[Any], None] = jsonschema.Draft7Validator(schemas[name], registry=registry).validate
    return validator


def test_answers_are_as_the_specification_says(refine: OpenRefine) -> None:
    schema("manifest")(refine.manifest)
    batch = {"q0": {"query": "Bergen", "type": ["City"], "properties": [{"pid": "country", "v": {"id": "country/no"}}]}}
    schema("reconciliation-query-batch")(batch)
    answer = refine.client.post("/reconcile", data={"queries": json.dumps(batch)}).json()
    schema("reconciliation-result-batch")(answer)
    assert best(answer["q0"]["result"]) == ("city/bergen", 100, True)
    schema("data-extension-response")(refine.extend(["city/milan", "person/leoluca-orlando"], *PROPERTIES))
    schema("data-extension-property-proposal")(refine.client.get("/reconcile/extend/propose?type=Network").json())
    for kind, named in (("entity", "entities"), ("property", "properties"), ("type", "types")):
        rows = refine.client.get(f"/reconcile/suggest/{kind}?prefix=a").json()
        assert rows["result"]
        schema(f"suggest-{named}-response")(rows)


def test_examples_of_the_specification_are_read_or_refused(refine: OpenRefine) -> None:
    schema("manifest")
    examples = Path(SPECIFICATION, "0.2", "examples", "reconciliation-query-batch")
    assert len(list(examples.glob("*/*.json"))) == 7
    for path in examples.glob("*/*.json"):
        batch = json.loads(path.read_text("utf-8"))
        for query in batch.values():  # our types and properties in place of those of another service
            query.update({"type": "Person"} if "type" in query else {})
            for row in query.get("properties", []):
                row["pid"] = "country"
        answer = refine.client.post("/reconcile", data={"queries": json.dumps(batch)})
        assert answer.status_code == (200 if path.parent.name == "valid" else 400), (path, answer.text)


def test_answers_of_the_draft_are_as_it_says(refine: OpenRefine) -> None:
    schema("manifest", "1.0-draft")(refine.client.get("/reconcile/draft").json())
    query = {"conditions": [named("Bergen"), about("country", [{"id": "country/no"}])], "type": "City"}
    schema("reconciliation-query-batch", "1.0-draft")({"queries": [query]})
    answer = refine.client.post("/reconcile/draft/match", json={"queries": [query]}).json()
    schema("reconciliation-result-batch", "1.0-draft")(answer)
    assert best(answer["results"][0]["candidates"]) == ("city/bergen", 100, True)
    wanted = {"ids": ["city/milan"], "properties": [{"id": name} for name in PROPERTIES]}
    schema("data-extension-query", "1.0-draft")(wanted)
    schema("data-extension-response", "1.0-draft")(refine.client.post("/reconcile/draft/extend", json=wanted).json())
