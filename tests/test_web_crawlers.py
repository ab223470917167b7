"""What search engines are given: the same page in each language, schema.org in its head, a sitemap and robots.txt."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, URIRef
from starlette.testclient import TestClient

import solgraph
from solgraph.graph.description import Description
from solgraph.rdf.namespaces import ID, SG
from solgraph.web.http import LANGUAGES
from solgraph.web.pages import structured_data
from web import PAGE, alternates, client_of, locations

ROOT = "https://solgraph.example.org"
SCHEMA = "https://schema.org/"
# rdflib 7.6 warns of a class that its own JSON-LD parser uses.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is:DeprecationWarning")


@pytest.fixture(scope="module")
def client(frozen: solgraph.Knowledge) -> TestClient:
    client = client_of(frozen, base_url=ROOT)
    client.headers.update(PAGE)
    return client


# Languages


@pytest.mark.parametrize(
    "path", ["/", "/cities", "/doc/city/milan", "/vocab/status", "/ns", "/queries/mayors?city=Palermo"]
)
def test_each_page_names_itself_in_every_language(path: str, client: TestClient) -> None:
    found = alternates(client.get(path).text)
    assert list(found) == [*LANGUAGES, "x-default", "canonical"]
    assert found["canonical"] == found["x-default"] == ROOT + path
    for code in LANGUAGES:
        answer = client.get(found[code].removeprefix(ROOT))
        assert (answer.status_code, answer.headers["content-language"]) == (200, code)
        assert alternates(answer.text) == found | {"canonical": found[code]}


def test_the_header_names_the_same_canonical_address_as_the_page(client: TestClient) -> None:
    for path in ("/doc/city/milan", "/doc/city/milan?lang=de", "/doc/city/milan.html?lang=xx"):
        answer = client.get(path)
        assert f'<{alternates(answer.text)["canonical"]}>; rel="canonical"' in answer.headers["link"]


def test_an_error_has_no_other_languages_and_words_that_change_nothing_are_left_out(client: TestClient) -> None:
    assert alternates(client.get("/doc/city/atlantis").text) == {}
    assert alternates(client.get("/doc/city/milan?from=mail").text)["canonical"] == f"{ROOT}/doc/city/milan"


def test_no_word_of_a_query_upsets_them(client: TestClient) -> None:
    words = "where=a&request=b&a%20b=%22%3E%3Cscript%3E&where=c"
    answer = client.get(f"/cities?{words}")
    assert answer.status_code == 200 and "<script>" not in answer.text
    found = alternates(answer.text)
    assert found["canonical"] == f"{ROOT}/cities?where=a&where=c&request=b&a%20b=%22%3E%3Cscript%3E"
    assert client.get(found["de"].removeprefix(ROOT)).headers["content-language"] == "de"


# schema.org


def structured(text: str) -> Graph:
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert len(script.encode()) <= 4096
    return Graph().parse(data=script, format="json-ld")


def test_a_city_in_the_words_of_schema_org(client: TestClient) -> None:
    city = URIRef(ID + "city/milan")
    graph = structured(client.get("/doc/city/milan?lang=pl").text)
    assert (city, RDF.type, URIRef(SCHEMA + "City")) in graph
    assert (city, URIRef(SCHEMA + "sameAs"), URIRef("https://sws.geonames.org/3173435/")) in graph
    assert (city, URIRef(SCHEMA + "mainEntityOfPage"), URIRef(ROOT + "/doc/city/milan")) in graph
    assert str(graph.value(city, URIRef(SCHEMA + "name"))) == "Mediolan"
    point = graph.value(city, URIRef(SCHEMA + "geo"))
    assert round(float(str(graph.value(point, URIRef(SCHEMA + "latitude")))), 1) == 45.5
    assert (URIRef(ID + "country/it"), RDF.type, URIRef(SCHEMA + "Country")) in graph


def test_terms_in_office_are_roles_with_their_dates(client: TestClient) -> None:
    graph = structured(client.get("/doc/person/leoluca-orlando").text)
    query = """PREFIX s: <https://schema.org/> SELECT ?from ?until ?name ?where {
      ?person a s:Person ; s:hasOccupation ?role .
      ?role a s:Role ; s:startDate ?from ; s:endDate ?until ; s:hasOccupation ?job .
      ?job a s:Occupation ; s:name ?name ; s:occupationLocation ?where } ORDER BY ?from"""
    palermo = ("Mayor", ID + "city/palermo")
    rows: Iterable[Any] = graph.query(query)
    assert [tuple(map(str, row)) for row in rows] == [
        ("1985", "1990", *palermo),
        ("1993", "2000", *palermo),
        ("2012", "2022", *palermo),
    ]


def test_the_whole_graph_is_a_dataset_on_the_home_page(client: TestClient) -> None:
    graph = structured(client.get("/").text)
    (dataset,) = graph.subjects(RDF.type, URIRef(SCHEMA + "Dataset"))
    files = {
        str(graph.value(file, URIRef(SCHEMA + "contentUrl")))
        for file in graph.objects(dataset, URIRef(SCHEMA + "distribution"))
    }
    assert {client.get(file.removeprefix(ROOT)).status_code for file in files} == {200} and len(files) == 3


def test_what_schema_org_has_no_class_for_is_not_forced_into_one(client: TestClient) -> None:
    for path in ("/doc/programme/milan-model", "/vocab/status", "/cities"):
        answer = client.get(path)
        assert answer.status_code == 200 and "<script type" not in answer.text


def test_the_descriptions_of_all_things_are_short(shipped: solgraph.Knowledge) -> None:
    snapshot, things = shipped.snapshot, ("City", "Network", "Person", "PublicBody", "CivilSocietyOrganisation")
    iris = [iri for kind in things for iri in sorted(snapshot.label_index.iris(SG + kind))[:12]]
    scripts = {iri: structured_data.thing(Description(snapshot, iri, ("de", "en")), ROOT) for iri in iris}
    assert len(scripts) > 50
    assert [iri for iri, script in scripts.items() if not 150 < len(script.encode()) <= 4096] == []
    assert {json.loads(script)["@type"] for script in scripts.values()} == {
        *("City", "Organization", "Person", "GovernmentOrganization", "NGO"),
    }


def test_no_text_ends_the_script(tmp_path: Path) -> None:
    (tmp_path / "evil.ttl").write_text(
        f'<{ID}city/evil> a <{SG}City> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "</script><!--"@en .'
    )
    text = client_of(solgraph.open(tmp_path / "evil.ttl")).get("/doc/city/evil", headers=PAGE).text
    graph = structured(text)
    assert [str(name) for name in graph.objects(predicate=URIRef(SCHEMA + "name"))] == ["</script><!--"]


# Sitemap and robots


def test_the_sitemap_names_pages_that_there_are_and_robots_names_the_sitemap(client: TestClient) -> None:
    robots = client.get("/robots.txt")
    assert robots.headers["content-type"] == "text/plain; charset=utf-8"
    (sitemap,) = re.findall(r"^Sitemap: (.*)$", robots.text, re.MULTILINE)
    answer = client.get(sitemap.removeprefix(ROOT))
    listed = locations(answer.text)
    assert answer.headers["content-type"] == "application/xml"
    assert len(listed) == len(set(listed)) > 200
    assert {f"{ROOT}/", f"{ROOT}/doc/city/milan", f"{ROOT}/queries/mayors"} <= set(listed)
    assert not any(part in address for address in listed for part in ("/membership/", "/passage/", "?"))
    assert {client.get(address.removeprefix(ROOT)).status_code for address in [*listed[:8], *listed[8::40]]} == {200}


def test_what_is_closed_to_crawlers_is_closed_below_a_prefix_too(frozen: solgraph.Knowledge) -> None:
    text = client_of(frozen, base_url="https://example.org/graph").get("/robots.txt").text
    assert "Disallow: /graph/sparql\n" in text and "Sitemap: https://example.org/graph/sitemap.xml\n" in text
