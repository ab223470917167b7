"""Command line, Python and web answer the same question alike: one list, one thing, one title, one set of triples."""

import html
import json
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

import solgraph
from programs import required
from solgraph.rdf.namespaces import BASE, ID, shorten

pytest.importorskip("starlette")

from solgraph.web.app import create

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

Run = Callable[..., Result]

CITIES = ("Bologna", "Milan", "Gdańsk")
TEXTS = ("Bologna", "city:bologna", "bologna", "Mediolan", "Cadiz", f"{ID}city/berlin", "UNHCR", "status:running")
#: Kinds of things that have names of their own, and some that do not.
KINDS = ("city", "network", "membership", "term", "programme", "finding", "passage", "source", "actor", "person")


@pytest.fixture(scope="module")
def kg() -> solgraph.Knowledge:
    return solgraph.open(lang="en")


@pytest.fixture(scope="module")
def client(kg: solgraph.Knowledge) -> Iterator[TestClient]:
    with TestClient(create(kg), headers={"Accept-Language": "en"}) as started:
        yield started


def things(kg: solgraph.Knowledge, per_kind: int = 12) -> list[str]:
    """Things of every kind, from all over the alphabet."""
    found = []
    for kind in KINDS:
        query = f"SELECT DISTINCT ?x {{ ?x a ?c FILTER(STRSTARTS(STR(?x), '{ID}{kind}/')) }} ORDER BY ?x"
        iris = [str(row.x) for row in kg.sparql(query)]
        found += iris[:: max(1, len(iris) // per_kind)]
    return found


def graph_of(text: str | bytes, rdf_format: RdfFormat = RdfFormat.TURTLE) -> Dataset:
    """The triples of a text as a set that can be compared; of a quad format those of its default graph."""
    quads = Dataset(
        Quad(*quad.triple) for quad in parse(text, format=rdf_format) if "solgraph/graph/" not in str(quad.graph_name)
    )
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return quads


@pytest.mark.parametrize("words", ["cities network", "programme city", "mayors", "Bürgermeister", "zzzz"])
def test_the_same_queries_hold_some_words(words: str, kg: solgraph.Knowledge, run: Run, client: TestClient) -> None:
    python = [saved.name for saved in kg.queries(words)]
    listed = run("queries", *words.split(), "-f", "json")
    assert [query["name"] for query in json.loads(listed.stdout)] == python
    web = client.get("/queries", params={"q": words, "format": "json"}).json()["queries"]
    assert [query["name"] for query in web] == python
    assert bool(python) == (words != "zzzz")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_means_the_same_thing(text: str, kg: solgraph.Knowledge, run: Run, client: TestClient) -> None:
    iri = kg.find(text)
    assert run("show", text, "--lang", "en").stdout.splitlines()[1] == iri
    page = client.get("/search", params={"q": text}, headers={"Accept": "text/html"}).text
    first = re.search(r'<main.*?href="[^"]*?/((?:doc|vocab)/[^"#?]+)"', page, re.DOTALL)
    assert first, text
    assert first[1].replace("doc/", "id/") == iri.removeprefix(BASE)


def test_what_is_nearly_a_name_has_one_list_of_nearest(kg: solgraph.Knowledge, run: Run, client: TestClient) -> None:
    with pytest.raises(solgraph.ParameterError) as caught:
        kg.find("Mediolann")
    shown = run("show", "Mediolann")
    assert shown.exit_code == 2
    assert caught.value.hint in shown.output
    problem = client.get("/doc/city/mediolann", headers={"Accept": "application/json"}).json()
    assert f"{ID}city/milan" in problem["nearest"]


def test_a_thing_has_one_title(kg: solgraph.Knowledge, run: Run, client: TestClient) -> None:
    wrong = []
    for iri in things(kg)[:: 1 if required() else 16]:
        python = kg.describe(iri).label
        shown = run("show", iri, "--lang", "en").stdout.splitlines()[0].partition(" · ")[0]
        page = client.get(f"/doc/{iri.removeprefix(ID)}", headers={"Accept": "text/html"}).text
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        web = html.unescape(re.sub("<[^>]+>", "", heading[1])).strip() if heading else ""
        if not python == shown == web == kg.label(iri):
            wrong.append((shorten(iri), python, shown, web))
    assert not wrong


@pytest.mark.parametrize("city", CITIES)
def test_what_is_known_of_a_city_is_one_set_of_triples(
    city: str, kg: solgraph.Knowledge, run: Run, client: TestClient
) -> None:
    python = Dataset(Quad(*triple) for triple in kg.describe(city).triples)
    iri = kg.find(city)
    assert graph_of(run("show", city, "-f", "ttl").stdout) == python
    assert graph_of(run("export", "--city", city).stdout) == python
    assert graph_of(kg.query("everything-about-city", city=city).text("turtle")) == python
    document = graph_of(client.get(f"/doc/{iri.removeprefix(ID)}.ttl").text)
    about = {quad for quad in document if quad.subject == NamedNode(f"http://testserver/doc/{iri.removeprefix(ID)}")}
    assert len(about) in range(1, 8)
    assert Dataset(quad for quad in document if quad not in about) == python


def test_every_door_has_the_same_forms(run: Run, client: TestClient, tmp_path: Path) -> None:
    from solgraph.formats import media

    construct = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 5"
    for form in media.RDF:
        for name in (form.name, *form.endings):
            assert client.get("/sparql", params={"query": construct, "format": name}).status_code == 200, name
            assert client.get("/queries/everything-about-city", params={"city": "tilos", "format": name}).is_success
            assert run("sparql", construct, "-f", name).exit_code == 0, name
        assert run("export", "--city", "Tilos", "-f", form.name).exit_code == 0, form.name
        assert run("show", "Tilos", "-f", form.name).exit_code == 0, form.name
        for ending in form.endings[:1]:
            assert client.get(f"/doc/city/tilos.{ending}").status_code == 200, ending
            assert client.get(f"/graph/register.{ending}").status_code == 200, ending
        for media_type in form.media_types:
            for address in ("/doc/city/tilos", "/queries/everything-about-city?city=tilos"):
                assert client.get(address, headers={"Accept": media_type}).status_code == 200, (address, media_type)
            asked = client.get("/sparql", params={"query": construct}, headers={"Accept": media_type})
            assert asked.headers["content-type"].partition(";")[0] == media_type
    for form in media.ROWS:
        assert run("query", "mayors", "Palermo", "-f", form.name).exit_code == 0, form.name
        assert client.get("/queries/mayors", params={"city": "palermo", "format": form.name}).is_success, form.name


def test_json_ld_has_one_shape(kg: solgraph.Knowledge, run: Run, client: TestClient) -> None:
    shown = json.loads(run("show", "Tilos", "-f", "jsonld").stdout)
    document = json.loads(client.get("/doc/city/tilos.jsonld").text)
    nodes = {node["id"]: node for node in document["@graph"]}
    assert shown["@graph"] == [nodes[node["id"]] for node in shown["@graph"]]
    described = json.loads(
        client.get("/sparql", params={"query": f"DESCRIBE <{kg.find('Tilos')}>", "format": "jsonld"}).text
    )
    assert "id" in described["@graph"][0]


def test_every_route_is_headed_alike(client: TestClient) -> None:
    reading = (
        *(
            "/queries",
            "/queries/mayors.csv?city=palermo",
            "/networks",
            "/networks/alliances.csv",
            "/doc/city/milan.ttl",
        ),
        *("/graph/register.ttl", "/ns.ttl", "/dump.ttl", "/catalog.ttl", "/context.jsonld", "/openapi.json"),
        "/sparql?query=ASK+%7B%7D",
    )
    for address in reading:
        response = client.get(address)
        assert response.status_code == 200, address
        assert response.headers["access-control-allow-origin"] == "*", address
        assert response.headers["x-content-type-options"] == "nosniff", address
        preflight = client.options(address)
        assert preflight.status_code == 204, address
        assert {"Accept", "If-None-Match"} <= set(preflight.headers["access-control-allow-headers"].split(", ")), (
            address
        )
        assert client.head(address).status_code == 200, address
        if tag := response.headers.get("etag"):
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 304, address


@pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning")
def test_an_edit_is_refused_and_nobody_sees_it(kg: solgraph.Knowledge) -> None:
    from rdflib import RDF, URIRef

    city = URIRef(f"{ID}city/testville")
    with pytest.raises(solgraph.WrongUse, match="read"):
        kg.graph.add((city, RDF.type, URIRef("https://w3id.org/solgraph/ns#City")))
    with pytest.raises(solgraph.WrongUse, match="read"):
        kg.graph.remove((URIRef(f"{ID}city/palermo"), None, None))
    assert "testville" not in kg.exported("nq")
    assert kg.sparql("ASK { city:palermo a sg:City }")
