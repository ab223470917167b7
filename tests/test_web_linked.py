"""Linked data over HTTP: every address answers, every form says the same, and caches, links and errors are right."""

import csv
import gzip
import io
import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from pyoxigraph import CanonicalizationAlgorithm, DefaultGraph, RdfFormat, Triple, parse
from pyoxigraph import Dataset as CanonicalDataset
from rdflib import SH, Dataset, Graph, URIRef
from starlette.testclient import TestClient

import solgraph
from programs import needs, required
from solgraph.formats.media import RDF
from solgraph.rdf.json_ld import json_ld
from solgraph.rdf.namespaces import BASE, GRAPH, ID, PREFIXES, SG, VOCAB
from solgraph.rdf.store import ONTOLOGY_GRAPH, graphs
from solgraph.resources import ONTOLOGY, ROOT, shape_files
from solgraph.web import catalogue_rdf
from solgraph.web.pages.reference import terms
from solgraph.web.routes.linked_data import CSV
from web import application, client_of, running

# rdflib 7 reads JSON-LD and TriG by means of its own that it calls deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]

HERE = "http://testserver"
TURTLE = {"Accept": "text/turtle"}
TRIPLES = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
QUADS = {"trig": "trig", "nq": "nquads"}
DOCUMENTS = [
    "/doc/city/milan", "/doc/network/soli-city", "/doc/source/siforref-bologna", "/doc/passage/dreher-2024-2.3",
    "/doc/membership/milan-comuni-disobbedienti", "/vocab/status", "/vocab/status/running", "/ns", "/shapes",
    "/graph/moving-cities-milan", "/catalog",
]  # fmt: skip


@pytest.fixture(scope="module")
def client(frozen: solgraph.Knowledge) -> TestClient:
    return client_of(frozen)


def links(response: Any, relation: str) -> list[str]:
    """The addresses with that relation in the Link header."""
    return re.findall(rf'<([^>]*)>; rel="{relation}"', response.headers["link"])


def canonical(graph: Graph) -> CanonicalDataset:
    """The triples as a set that can be compared, whatever its blank nodes are called: rdflib takes a second for it."""
    triples = CanonicalDataset(parse(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES))
    triples.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return triples


# From a thing to its document


def addresses_in(kg: Any) -> dict[str, str]:
    """Address below the root → IRI, of all things, concepts, schemes and graphs that have a document."""
    iris = {*kg.snapshot.types, *graphs(kg.store)}
    return {iri.removeprefix(BASE): iri for iri in iris if iri.startswith((ID, VOCAB, GRAPH))}


def test_a_thing_leads_to_its_document(client: TestClient) -> None:
    response = client.get("/id/city/milan")
    assert (response.status_code, response.headers["location"]) == (303, f"{HERE}/doc/city/milan")
    assert response.headers["access-control-allow-origin"] == "*"
    assert client.get("/id/city/milan.ttl?x=1").headers["location"] == f"{HERE}/doc/city/milan.ttl?x=1"


def test_a_dot_in_a_name_is_no_ending(client: TestClient) -> None:
    assert client.get("/id/passage/dreher-2024-2.3").headers["location"] == f"{HERE}/doc/passage/dreher-2024-2.3"
    assert client.get("/doc/passage/dreher-2024-2.3.ttl").headers["content-type"].startswith("text/turtle")


@pytest.mark.parametrize("form", [*RDF, CSV], ids=lambda form: form.name)
def test_a_document_in_the_form_of_accept_ending_or_query(client: TestClient, form: Any) -> None:
    media_type = form.media_types[0]
    by_accept = client.get("/doc/city/milan", headers={"Accept": media_type})
    for response in (by_accept, client.get(f"/doc/city/milan.{form.endings[0]}")):
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == media_type
        assert response.headers["content-location"] == f"{HERE}/doc/city/milan.{form.endings[0]}"
        assert response.text == by_accept.text
    assert client.get(f"/doc/city/milan?format={form.name}").text == by_accept.text
    assert by_accept.headers["vary"].partition(",")[0] == "Accept"


def test_a_browser_gets_the_page(client: TestClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    for path in DOCUMENTS:
        page = client.get(path, headers=browser)
        assert page.headers["content-type"].startswith("text/html")
        assert page.headers["content-location"] == f"{HERE}{path}.html"
        assert "<h1>" in client.get(f"{path}.html").text


def test_a_form_that_there_is_not_is_refused(client: TestClient) -> None:
    response = client.get("/doc/city/milan", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert {one["format"] for one in response.json()["offers"]} == {"html", "csv", *(form.name for form in RDF)}


# A table of one thing


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.startswith(("/doc/", "/vocab/"))])
def test_a_table_is_what_the_command_line_shows(client: TestClient, path: str) -> None:
    shown = solgraph.open(lang="en").describe(BASE + path[1:].replace("doc/", "id/"))
    assert client.get(f"{path}.csv").text == shown.text(format="csv")


def test_a_table_says_what_the_document_says(client: TestClient) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/doc/city/milan.csv").text, newline=""))
    told = {(row["thing"], row["property"], row["value"]) for row in rows}
    document = Graph().parse(data=client.get("/doc/city/milan.ttl").text)
    milan = URIRef(f"{ID}city/milan")
    pointing = {milan, *document.subjects(None, milan)} - {URIRef(f"{HERE}/doc/city/milan")}
    assert {(str(s), str(p), str(o)) for one in pointing for s, p, o in document.triples((one, None, None))} == told


def test_a_table_is_in_the_language_of_the_reader(client: TestClient) -> None:
    german, polish = (client.get(f"/doc/city/milan.csv?lang={one}") for one in ("de", "pl"))
    by_browser = client.get("/doc/city/milan", headers={"Accept": "text/csv", "Accept-Language": "pl"})
    assert by_browser.text == polish.text
    assert by_browser.headers["vary"].startswith("Accept, Accept-Language, Cookie")
    assert by_browser.headers["etag"] == polish.headers["etag"] != german.headers["etag"]
    rows = csv.DictReader(io.StringIO(german.text, newline=""))
    told = {(row["thing_label"], row["property_label"], row["value_label"]) for row in rows}
    assert {("Mailand", "Art", "Stadt"), ("Mailand", "Liegt in", "Italien")} < told
    again = client.get("/doc/city/milan.csv?lang=de", headers={"If-None-Match": german.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/ns", "/shapes", "/catalog", "/graph/moving-cities-milan"])
def test_what_is_no_thing_has_no_table(client: TestClient, path: str) -> None:
    response = client.get(f"{path}.csv")
    assert response.status_code == 404
    assert "ttl" in response.json()["allowed"]
    assert client.get(path, headers={"Accept": "text/csv"}).status_code == 406
    assert all(not one.endswith(".csv") for one in links(client.get(f"{path}.ttl"), "alternate"))


# What a document says


@pytest.mark.parametrize("path", DOCUMENTS)
def test_all_forms_say_the_same(client: TestClient, path: str) -> None:
    graphs = {one: Graph().parse(data=client.get(f"{path}.{one}").text, format=TRIPLES[one]) for one in TRIPLES}
    for ending, name in QUADS.items():
        quads = Dataset().parse(data=client.get(f"{path}.{ending}").text, format=name)
        graphs[ending] = Graph()
        for subject, predicate, value, _ in quads.quads():  # type: ignore[misc]
            graphs[ending].add((subject, predicate, value))
    first = canonical(graphs.pop("nt"))
    assert len(first) > 5
    assert [ending for ending, graph in graphs.items() if canonical(graph) != first] == []


def test_a_client_that_prefers_quads_sees_every_triple_in_the_default_graph(client: TestClient) -> None:
    comunica = "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8"
    triples = {quad.triple for quad in parse(client.get("/doc/city/milan.nt").text, format=RdfFormat.N_TRIPLES)}
    for accept, form in ((comunica, RdfFormat.N_QUADS), ("application/trig", RdfFormat.TRIG)):
        quads = parse(client.get("/doc/city/milan", headers={"Accept": accept}).text, format=form)
        assert {quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)} == triples
    assert len(triples) > 1000


@pytest.mark.parametrize("path", DOCUMENTS)
def test_json_ld_speaks_the_words_of_the_context(client: TestClient, path: str) -> None:
    document = client.get(f"{path}.jsonld").json()
    whole = json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))["@context"]
    assert document["@context"].items() <= whole.items()
    with_whole = Graph().parse(data=json.dumps(document | {"@context": whole}), format="json-ld")
    assert canonical(with_whole) == canonical(Graph().parse(data=client.get(f"{path}.nt").text, format="nt"))


def test_json_ld_is_compact(client: TestClient) -> None:
    document = client.get("/doc/city/milan.jsonld").json()
    milan = next(one for one in document["@graph"] if one["id"] == "city:milan")
    assert milan["type"] == "City"
    assert milan["prefLabel"]["pl"] == "Mediolan"
    assert milan["lat"] == "45.46427"
    assert milan["locatedIn"] == "country:it"


def test_json_ld_of_what_the_context_cannot_say() -> None:
    odd = (
        '<https://x.org/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "bare", "tagged"@en ; '
        f'<{SG}page> "seven" ; <{SG}about> "text" ; <{SG}startDate> "1999"^^<{PREFIXES["xsd"]}gYear> ; '
        '<https://x.org/p> "x"^^<https://x.org/d>, <https://x.org/b> ; a "no class" .'
    )
    for text in (odd, f"{odd} <https://x.org/a> <{SG}about> <geo:1,2> ."):
        triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
        assert canonical(Graph().parse(data=json_ld(triples), format="json-ld")) == canonical(Graph().parse(data=text))


def test_a_document_holds_the_thing_what_points_to_it_and_names(client: TestClient, frozen: Any) -> None:
    found = Graph().parse(data=client.get("/doc/city/milan.ttl").text)
    milan = f"<{ID}city/milan>"
    wanted = frozen.sparql(
        f"CONSTRUCT {{ ?s ?p ?o }} {{ {{ BIND({milan} AS ?s) }} UNION {{ ?s ?by {milan} }} ?s ?p ?o }}"
    )
    expected = Graph().parse(data=wanted.text("nt"), format="nt")
    assert set(expected) <= set(found)
    named = frozen.sparql("SELECT ?s ?name { ?s a ?type ; skos:prefLabel ?name }")
    labels = {
        (str(subject), str(name)) for subject, name in found.subject_objects(URIRef(PREFIXES["skos"] + "prefLabel"))
    }
    mentioned = {str(end) for triple in found for end in triple}
    assert {(row.s, str(row.name)) for row in named if row.s in mentioned} <= labels


def test_every_triple_of_a_document_stands_with_its_source(client: TestClient, frozen: Any) -> None:
    quads = list(parse(client.get("/doc/city/bologna.nq").text, format=RdfFormat.N_QUADS))
    merge = {quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)}
    sourced = [quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph)]
    assert all(quad in frozen.store and quad.triple in merge for quad in sourced)
    unsourced = merge - {quad.triple for quad in sourced}
    assert {triple.subject.value for triple in unsourced} == {f"{HERE}/doc/city/bologna"}
    assert {f"{GRAPH}siforref-bologna", f"{GRAPH}register"} <= {quad.graph_name.value for quad in sourced}


def test_a_document_says_what_it_is(client: TestClient) -> None:
    found = Graph().parse(data=client.get("/doc/city/milan.ttl").text)
    said = {str(value) for value in found.objects(URIRef(f"{HERE}/doc/city/milan"))}
    assert {f"{ID}city/milan", catalogue_rdf.LICENCE, f"{BASE}catalog#dataset", PREFIXES["foaf"] + "Document"} == said


def test_a_concept_tells_where_it_is_used_and_no_more(client: TestClient) -> None:
    found = Graph().parse(data=client.get("/vocab/status/running.ttl").text)
    running, status = URIRef(f"{VOCAB}status/running"), URIRef(SG + "status")
    used = set(found.subjects(status, running))
    assert len(used) > 20
    assert not set(found.subject_objects(URIRef(SG + "evidence")))


def test_a_source_gives_all_its_triples(client: TestClient, frozen: Any) -> None:
    quads = parse(client.get("/graph/siforref-bologna.trig").text, format=RdfFormat.TRIG)
    assert {str(quad.graph_name) for quad in quads} == {"DEFAULT", f"<{GRAPH}siforref-bologna>"}
    assert client.get("/graph/siforref-bologna.ttl").text == frozen.exported("turtle", source="siforref-bologna")


def test_the_ontology_is_served_as_it_was_written(client: TestClient) -> None:
    assert (ONTOLOGY / "solgraph.ttl").read_text("utf-8") in client.get("/ns.ttl").text
    assert client.get("/vocab/status.ttl").text == (ONTOLOGY / "vocab" / "status.ttl").read_text("utf-8")
    shapes = Graph().parse(data=client.get("/shapes.ttl").text)
    files = Graph()
    for path in shape_files():
        files.parse(path)
    assert canonical(shapes) == canonical(files)
    assert client.get("/context.jsonld").content == (ONTOLOGY / "context.jsonld").read_bytes()


@pytest.mark.parametrize(("address", "is_found"), [("/shapes.ttl", True), ("/shapes/core.ttl", False)])
def test_other_engines_can_use_the_shapes_that_are_served(client: TestClient, address: str, is_found: bool) -> None:
    shapes = Graph().parse(data=client.get(address).text)
    head = "@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix city: <https://w3id.org/solgraph/id/city/> . "
    data = Graph().parse(data=head + "city:ardea a sg:City . city:cadria a sg:Person .")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inplace=True)
    found = {str(iri).partition("#")[2] for iri in report.objects(None, SH.sourceShape)}  # type: ignore[union-attr]
    assert "GeonamesIdMissing" in found
    assert ("TypeOfIri" in found) == is_found  # which needs SHACL-SPARQL
    assert client.get("/shapes/nothing.ttl").status_code == 404


def test_a_version_of_the_ontology(client: TestClient) -> None:
    assert client.get("/ns/0.1.0-draft").headers["location"] == f"{HERE}/ns"
    assert client.get("/ns/9.9.9").status_code == 404


def test_every_thing_concept_and_source_answers(client: TestClient, frozen: Any) -> None:
    addresses = {f"/{address.replace('id/', 'doc/', 1)}": iri for address, iri in addresses_in(frozen).items()}
    assert len(addresses) > 1200
    sample = list(addresses.items())[:: 1 if required() else 10]
    silent = [path for path, iri in sample if not says(client.get(path, headers=TURTLE), iri)]
    assert silent == []


def says(response: Any, iri: str) -> bool:
    if response.status_code != 200:
        return False
    triples = [quad.triple for quad in parse(response.text, format=RdfFormat.TURTLE)]
    return iri.startswith(GRAPH) or any(str(triple.subject) == f"<{iri}>" for triple in triples)


def test_nothing_of_ours_is_named_that_has_no_document(frozen: Any) -> None:
    known = set(addresses_in(frozen).values())
    named = {
        str(end)[1:-1] for quad in frozen.store for end in quad.triple if str(end).startswith((f"<{ID}", f"<{VOCAB}"))
    }
    assert named - known == set()


# Headers


def test_links_say_what_and_where_else(client: TestClient) -> None:
    response = client.get("/doc/city/milan.ttl")
    assert links(response, "canonical") == [f"{HERE}/doc/city/milan"]
    assert links(response, "describes") == [f"{ID}city/milan"]
    assert links(response, "type") == [SG + "City"]
    endings = ["html", *(form.endings[0] for form in (*RDF, CSV) if form.endings[0] != "ttl")]
    assert links(response, "alternate") == [f"{HERE}/doc/city/milan.{ending}" for ending in endings]
    for address in links(response, "alternate"):
        assert client.get(address).status_code == 200


def test_what_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    for path in (*(f"{path}.ttl" for path in DOCUMENTS), "/dump.ttl", "/context.jsonld", "/.well-known/void"):
        first = client.get(path)
        tag = first.headers["etag"]
        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            again = client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_tags_differ_with_forms_and_addresses(client: TestClient, frozen: Any) -> None:
    elsewhere = client_of(frozen, base_url="https://example.org/x/")
    tags = [client.get(f"/doc/city/bologna.{form.endings[0]}").headers["etag"] for form in RDF]
    tags.append(elsewhere.get("/doc/city/bologna.ttl").headers["etag"])
    assert len(set(tags)) == len(tags) == 7


def test_addresses_are_those_of_the_public_root(frozen: Any) -> None:
    client = client_of(frozen, base_url="https://example.org/x/")
    assert client.get("/id/city/milan").headers["location"] == "https://example.org/x/doc/city/milan"
    assert links(client.get("/doc/city/milan"), "canonical") == ["https://example.org/x/doc/city/milan"]
    assert "<https://example.org/x/dump.ttl>" in client.get("/catalog.ttl").text
    text = client.get("/doc/city/milan.ttl").text
    assert text.count("example.org") == 1


@pytest.mark.parametrize("path", ["/id/city/milan", *DOCUMENTS, "/dump.ttl", "/context.jsonld", "/.well-known/void"])
def test_head_and_options(client: TestClient, path: str) -> None:
    head, got = client.head(path), client.get(path)
    assert (head.status_code, head.headers) == (got.status_code, got.headers)
    asked = client.options(path)
    assert (asked.status_code, asked.headers["access-control-allow-methods"]) == (204, "GET, HEAD, OPTIONS")
    assert got.headers["access-control-allow-origin"] == asked.headers["access-control-allow-origin"] == "*"
    assert client.post(path).status_code == 405


# Errors


def test_a_slash_at_the_end_leads_to_what_is_there_without_it(client: TestClient) -> None:
    for path in ("/id/city/milan", "/doc/city/milan", "/vocab/status", "/vocab/status/running"):
        assert client.get(f"{path}/").headers["location"] == f"{HERE}{path}"
    for folder in ("/id", "/vocab", "/vocab/", "/graph", "/graph/"):
        assert client.get(folder).headers["location"] == f"{HERE}/catalog"


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/id/city/milann", "id/city/milan"),
        ("/doc/city/mediolan", "id/city/milan"),
        ("/doc/place/milan.ttl", "id/city/milan"),
        ("/vocab/status/runing", "vocab/status/running"),
        ("/vocab/statuses", "vocab/status"),
        ("/graph/dreher", "graph/dreher-2024"),
        ("/id/city/", "id/city/amsterdam"),
        ("/vocab/status/runing/", "vocab/status/running"),
    ],
)
def test_what_is_unknown_is_told_with_the_nearest(client: TestClient, path: str, nearest: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert BASE + nearest in response.json()["nearest"]
    assert BASE + nearest in response.json()["hint"]


@pytest.mark.parametrize(
    "path",
    ["/id/a b", "/doc/%3E%20%3Cx", "/doc/city/%F0%9F%8F%99", "/id/city/milan%0D%0AX:1",
     "/ns.foo", "/ns/%22", "/dump.zip", "/vocab/..%2f..%2fsolgraph", "/graph/%7D"],
)  # fmt: skip
def test_strange_addresses_are_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_very_long_address_is_not_found_soon(client: TestClient) -> None:
    began = time.perf_counter()
    assert client.get(f"/id/city/{'milan' * 10_000}").status_code == 404
    assert time.perf_counter() - began < 2


def test_a_host_that_is_none_is_refused(client: TestClient) -> None:
    response = client.get("/doc/city/milan.ttl", headers={"Host": 'x"><script>'})
    assert response.status_code == 400


# Dumps


def test_dumps_hold_the_data_in_every_form(slim: Any) -> None:
    client = client_of(slim)
    for form in RDF:
        plain, packed = (client.get(f"/dump.{form.endings[0]}{end}") for end in ("", ".gz"))
        assert plain.text == slim.exported(form.name)
        assert plain.headers["content-type"].partition(";")[0] == form.media_types[0]
        assert packed.headers["content-type"] == "application/gzip"
        assert packed.content[4:8] == bytes(4)  # no time in it
        assert gzip.decompress(packed.content) == plain.content
    assert client.get("/dump.zip").status_code == client.get("/dump.gz").status_code == 404


# The reference of the ontology


def test_terms_are_those_of_the_ontology(frozen: Any) -> None:
    found = {term.iri: term for term in terms(frozen)}
    graph = Graph().parse(ONTOLOGY / "solgraph.ttl")
    declared = {str(one) for one in graph.subjects(URIRef(PREFIXES["rdfs"] + "isDefinedBy"))}
    assert declared <= found.keys()
    assert {term.kind for term in found.values()} == {"class", "property", "scheme"}
    assert sum(term.kind == "scheme" for term in found.values()) == 16
    assert all(term.label for term in found.values())
    assert all(term.definition for term in found.values() if term.own)


def test_terms_tell_how_they_are_used(frozen: Any) -> None:
    found = {term.iri: term for term in terms(frozen)}
    for iri in (SG + "City", SG + "Finding", SG + "Actor"):
        (row,) = frozen.sparql(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a <{iri}> }}")
        assert found[iri].uses == row.n
    (row,) = frozen.sparql("SELECT (COUNT(*) AS ?n) { ?x sg:evidence ?y }")
    assert found[SG + "evidence"].uses == row.n
    (row,) = frozen.sparql("SELECT (COUNT(*) AS ?n) { ?x sg:status ?y }")
    assert found[VOCAB + "status"].uses == row.n
    assert found[SG + "City"].above == (SG + "Actor", SG + "Place")
    assert all(bool(term.uses) == bool(term.example) for term in found.values())


def test_terms_in_the_language_of_the_reader(frozen: Any) -> None:
    labels = {term.iri: term.label for term in terms(frozen, "pl")}
    assert labels[VOCAB + "status"] == "Status inicjatywy"


# The redirect of w3id.org


def redirected(path: str) -> str:
    """Where the .htaccess sends a path below https://w3id.org/solgraph/."""
    text = (ROOT / "docs" / "w3id" / ".htaccess").read_text("utf-8")
    for pattern, target in re.findall(r"^RewriteRule (\S+) (\S+) ", text, re.MULTILINE):
        if match := re.match(pattern, path):
            return re.sub(r"\$(\d)", lambda group: match[int(group[1])], target)
    return ""


def test_w3id_leads_every_iri_here(client: TestClient, frozen: Any) -> None:
    origin = redirected("")
    assert origin.endswith("/")
    paths = [*addresses_in(frozen), "ns", "ns/0.1.0-draft", "shapes", "catalog", ".well-known/void", "dump.nq.gz"]
    assert all(redirected(path) == origin + path for path in paths)
    asked = [path for path in paths if not path.startswith(("id/finding", "id/programme", "vocab/", "id/p", "id/a"))]
    assert {client.head(f"/{path}").status_code for path in asked} == {200, 303}


# A real server and a real client


@pytest.fixture(scope="module")
def address(frozen: solgraph.Knowledge) -> Iterator[str]:
    with running(application(frozen)) as address:
        yield address


def curl(*arguments: str) -> str:
    return subprocess.run(
        [needs("curl"), "-s", "-m", "20", *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_curl_gets_a_city_in_every_form(address: str) -> None:
    for form in (*RDF, CSV):
        got = curl("-L", "-H", f"Accept: {form.media_types[0]}", f"{address}/id/city/milan")
        assert got == curl(f"{address}/doc/city/milan.{form.endings[0]}")
    head = curl("-I", f"{address}/doc/city/milan.ttl")
    assert head.startswith("HTTP/1.1 200 OK")
    tag = re.search(r"etag: (\S+)", head, re.IGNORECASE)
    assert tag
    assert (
        curl("-o", "/dev/null", "-w", "%{http_code}", "-H", f"If-None-Match: {tag[1]}", f"{address}/doc/city/milan.ttl")
        == "304"
    )


def test_the_transcript_of_the_documentation_is_what_happens(address: str) -> None:
    needs("curl")
    text = (ROOT / "docs" / "linked-data.md").read_text("utf-8")
    (shown,) = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    happened = ""
    for command in re.findall(r"^\$ (.*)$", shown, re.MULTILINE):
        ran = subprocess.run(
            command.replace("http://localhost:8000", address), shell=True, capture_output=True, text=True, check=False
        )
        happened += f"$ {command}\n{ran.stdout.replace(address, 'http://localhost:8000')}"
    assert happened.replace("\r", "") == shown


def test_the_ontology_graph_is_a_source_too(client: TestClient) -> None:
    triples = {
        quad.triple
        for quad in parse(client.get(f"/graph/{ONTOLOGY_GRAPH.removeprefix(GRAPH)}.ttl").text, format=RdfFormat.TURTLE)
    }
    assert len(triples) > 3000
    assert all(isinstance(one, Triple) for one in triples)


PERCENT = r"""
@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <https://w3id.org/solgraph/id/city/> .
<K%C3%B6ln-x> a sg:City ; skos:prefLabel "Encoded"@en . <Köln-y> a sg:City ; skos:prefLabel "Plain"@en .
<a%20b> a sg:City ; skos:prefLabel "Space"@en . <a+b> a sg:City ; skos:prefLabel "Plus"@en .
<lodz~x> a sg:City ; skos:prefLabel "Tilde"@en . <o'neill;v=1,2(3)> a sg:City ; skos:prefLabel "Punctuation"@en .
<x.ttl> a sg:City ; skos:prefLabel "Ends as a form"@en .
"""


def test_iris_with_all_kinds_of_characters_answer_under_their_addresses(tmp_path: Path) -> None:
    (tmp_path / "percent.ttl").write_text(PERCENT, encoding="utf-8")
    client = client_of(solgraph.open(tmp_path / "percent.ttl"))
    for name in ("K%C3%B6ln-x", "Köln-y", "a%20b", "a+b", "lodz~x", "o'neill;v=1,2(3)", "x.ttl"):
        see = client.get(f"/id/city/{name}")
        assert see.status_code == 303, name
        for address in (see.headers["location"], see.headers["location"] + ".nt"):
            found = client.get(address, headers={"Accept": "application/n-triples"})
            assert found.status_code == 200, address
            assert f"<{ID}city/{name}> <{PREFIXES['skos']}prefLabel>" in found.text
        page = client.get(see.headers["location"], headers={"Accept": "text/html"})
        assert page.status_code == 200 and "<h1>" in page.text
        listed = re.findall(
            r'href="(/doc/city/[^"]+)"', client.get("/search?q=" + name, headers={"Accept": "text/html"}).text
        )
        assert all(client.get(address.replace("&#39;", "'")).status_code == 200 for address in listed)
