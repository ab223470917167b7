"""The description of the dataset: DCAT-AP 3 by the official shapes, and numbers that are those of the data."""

import gzip
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from starlette.testclient import TestClient

import solgraph
from solgraph.rdf.namespaces import BASE, ID, PREFIXES, SG
from solgraph.rdf.store import graphs
from web import client_of

DCAT, DCTERMS = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://purl.org/dc/terms/")
VOID, SPDX = Namespace("http://rdfs.org/ns/void#"), Namespace("http://spdx.org/rdf/terms#")
PROV, SH = Namespace("http://www.w3.org/ns/prov#"), Namespace("http://www.w3.org/ns/shacl#")
DATASET, CATALOGUE = URIRef(BASE + "catalog#dataset"), URIRef(BASE + "catalog")
SHAPES = Path(__file__).parent / "dcat" / "dcat-ap-3.0.0.ttl"


@pytest.fixture(scope="module")
def client(frozen: solgraph.Knowledge) -> TestClient:
    return client_of(frozen, base_url="https://solgraph.example.org")


@pytest.fixture(scope="module")
def catalogue(client: TestClient) -> Graph:
    return Graph().parse(data=client.get("/catalog.ttl").text)


@pytest.fixture(scope="module")
def shapes() -> Graph:
    """The shapes of DCAT-AP 3.0.0 with what 3.0.1 relaxes."""
    found = Graph().parse(SHAPES)
    for path in (DCTERMS.rights, DCAT.spatialResolutionInMeters):
        for shape in list(found.subjects(SH.path, path)):
            found.remove((shape, SH.maxCount, None))
    return found


def conforms(graph: Graph, shapes: Graph) -> bool:
    return bool(pyshacl.validate(graph, shacl_graph=shapes)[0])


def without(graph: Graph, *pattern: Any) -> Graph:
    copy = Graph()
    for triple in graph:
        copy.add(triple)
    copy.remove(pattern)  # type: ignore[arg-type]
    return copy


# DCAT-AP


def test_the_shapes_are_all_there(shapes: Graph) -> None:
    assert len(set(shapes.subjects(SH.targetClass))) == 42
    assert len(set(shapes.subjects(SH.path))) == 300


def test_the_catalogue_conforms_to_dcat_ap(catalogue: Graph, shapes: Graph) -> None:
    conforming, _, report = pyshacl.validate(catalogue, shacl_graph=shapes)
    assert conforming, report


def test_it_conforms_under_the_stricter_release_before(catalogue: Graph) -> None:
    assert conforms(catalogue, Graph().parse(SHAPES))


@pytest.mark.parametrize(
    "lost",
    [(CATALOGUE, DCTERMS.title, None), (CATALOGUE, DCTERMS.publisher, None), (DATASET, DCTERMS.description, None),
     (None, DCAT.accessURL, None), (None, SPDX.checksumValue, None), (None, DCAT.endpointURL, None),
     (None, RDF.type, DCTERMS.LinguisticSystem), (None, RDF.type, DCTERMS.MediaType), (None, RDF.type, DCAT.Dataset)],
)  # fmt: skip
def test_the_shapes_see_what_is_lost(catalogue: Graph, shapes: Graph, lost: Any) -> None:
    assert not conforms(without(catalogue, *lost), shapes)


def test_what_dcat_ap_recommends_is_told(catalogue: Graph) -> None:
    wanted = [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCTERMS.spatial, DCTERMS.temporal,
              DCTERMS.language, DCTERMS.accessRights, DCTERMS.provenance, DCAT.theme, DCAT.keyword, DCAT.contactPoint,
              DCAT.distribution, DCAT.landingPage, DCAT.version]  # fmt: skip
    assert [one for one in wanted if (DATASET, one, None) not in catalogue] == []
    assert not [term for triple in catalogue for term in triple if isinstance(term, BNode)]


def test_it_covers_the_years_and_places_of_the_data(catalogue: Graph) -> None:
    years = (
        catalogue.value(URIRef(BASE + "catalog#years"), DCAT.startDate),
        catalogue.value(URIRef(BASE + "catalog#years"), DCAT.endDate),
    )
    assert tuple(map(str, years)) == ("1985", "2024")
    places = {str(one) for one in catalogue.objects(DATASET, DCTERMS.spatial)}
    assert {ID + "country/it", ID + "country/pl"} <= places
    assert ID + "country/ca" not in places
    box = str(catalogue.value(URIRef(BASE + "catalog#cities"), DCAT.bbox))
    assert box.startswith("POLYGON((-6.2891 36.45505, 27.34563 36.45505,")


def test_it_names_the_documents_behind_the_data(catalogue: Graph) -> None:
    sources = {str(one).removeprefix(ID + "source/") for one in catalogue.objects(DATASET, PROV.wasDerivedFrom)}
    assert sources == {
        "dreher-2024",
        "moving-cities-bologna",
        "moving-cities-milan",
        "moving-cities-milan-pl",
        "siforref-bologna",
    }
    assert all(catalogue.value(URIRef(f"{ID}source/{one}"), DCTERMS.title) for one in sources)


def test_files_have_the_size_and_checksum_that_are_told(catalogue: Graph, client: TestClient) -> None:
    files = list(catalogue.objects(DATASET, DCAT.distribution))
    assert len(files) == 12 == len(set(catalogue.objects(DATASET, VOID.dataDump)))
    for file in files:
        address = str(catalogue.value(file, DCAT.downloadURL)).removeprefix("https://solgraph.example.org")
        content = client.get(address).content
        checksum = catalogue.value(file, SPDX.checksum)
        assert int(str(catalogue.value(file, DCAT.byteSize))) == len(content)
        assert str(catalogue.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()


def test_the_same_bytes_each_time(client: TestClient, frozen: solgraph.Knowledge) -> None:
    assert client.get("/catalog.ttl").text == client.get("/catalog.ttl").text
    assert client.get("/catalog.ttl").text.startswith("@prefix actor: ")


# VoID


@pytest.fixture(scope="module")
def void(client: TestClient) -> Graph:
    response = client.get("/.well-known/void")
    assert response.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=response.text)


@pytest.fixture(scope="module")
def triples(client: TestClient) -> set[Any]:
    """The triples in the dump, counted without SPARQL."""
    return dump_triples(client)


def dump_triples(client: TestClient) -> set[Any]:
    quads = parse(gzip.decompress(client.get("/dump.nt.gz").content), format=RdfFormat.N_TRIPLES)
    return {quad.triple for quad in quads}


def number(graph: Graph, subject: Any, of: URIRef) -> int:
    value = graph.value(subject, of)
    assert isinstance(value, Literal)
    return int(value)


def test_totals_are_those_of_the_dump(void: Graph, triples: set[Any]) -> None:
    subjects = {str(one.subject) for one in triples}
    assert number(void, DATASET, VOID.triples) == len(triples)
    assert number(void, DATASET, VOID.distinctSubjects) == len(subjects)
    assert number(void, DATASET, VOID.distinctObjects) == len({str(one.object) for one in triples})
    assert number(void, DATASET, VOID.entities) == sum(one.startswith(f"<{ID}") for one in subjects)


def test_partitions_are_those_of_the_dump(void: Graph, triples: set[Any]) -> None:
    told = {str(void.value(part, VOID.property)): number(void, part, VOID.triples)
            for part in void.objects(DATASET, VOID.propertyPartition)}  # fmt: skip
    assert told == Counter(one.predicate.value for one in triples)
    classes = {str(void.value(part, VOID["class"])): number(void, part, VOID.entities)
               for part in void.objects(DATASET, VOID.classPartition)}  # fmt: skip
    assert classes == Counter(one.object.value for one in triples if one.predicate.value == str(RDF.type))
    assert classes[SG + "City"] == 35


def test_subsets_are_the_graphs(void: Graph, client: TestClient, frozen: solgraph.Knowledge) -> None:
    linksets = set(void.subjects(RDF.type, VOID.Linkset))
    subsets = set(void.objects(DATASET, VOID.subset)) - linksets
    assert {str(subset) for subset in subsets} == set(graphs(frozen.store))
    for subset in subsets:
        address = str(void.value(subset, VOID.dataDump)).removeprefix("https://solgraph.example.org")
        found = sum(1 for _ in parse(client.get(address).text, format=RdfFormat.TURTLE))
        assert number(void, subset, VOID.triples) == found


def test_vocabularies_are_those_whose_terms_are_used(void: Graph, triples: set[Any]) -> None:
    vocabularies = {str(iri) for iri in void.objects(DATASET, VOID.vocabulary)}
    assert {SG, PREFIXES["schema"], PREFIXES["geo"], PREFIXES["org"]} <= vocabularies
    assert all(one.predicate.value.startswith(tuple(vocabularies)) for one in triples)


def test_the_dataset_has_the_dates_that_the_data_name(catalogue: Graph, triples: set[Any]) -> None:
    told = {by: catalogue.value(DATASET, by) for by in (DCTERMS.issued, DCTERMS.modified)}
    stated = {one.predicate.value: one.object.value for one in triples if one.subject == NamedNode(BASE + "ns")}
    assert str(told[DCTERMS.issued]) == stated[str(DCTERMS.issued)]
    assert str(told[DCTERMS.modified]) >= stated[str(DCTERMS.modified)]
    assert str(told[DCTERMS.modified]) in {getattr(one.object, "value", "") for one in triples}


def test_linksets_count_the_links_to_other_datasets(shipped: solgraph.Knowledge) -> None:
    client = client_of(shipped, base_url="https://solgraph.example.org")
    void = Graph().parse(data=client.get("/.well-known/void").text)
    same = [triple for triple in dump_triples(client) if triple.predicate.value == "https://schema.org/sameAs"]
    counts = {}
    for linkset in void.objects(DATASET, VOID.subset):
        if (linkset, RDF.type, VOID.Linkset) in void:
            assert void.value(linkset, VOID.subjectsTarget) == DATASET
            assert str(void.value(linkset, VOID.linkPredicate)) == "https://schema.org/sameAs"
            space = str(void.value(void.value(linkset, VOID.objectsTarget), VOID.uriSpace))
            counts[space] = number(void, linkset, VOID.triples)
    assert counts == {space: sum(link.object.value.startswith(space) for link in same) for space in counts}
    assert counts["http://www.wikidata.org/entity/"] == 300
    assert sum(counts.values()) == len(same) and len(counts) == 3


def test_void_is_part_of_the_catalogue(void: Graph, catalogue: Graph) -> None:
    assert set(void) <= set(catalogue)


def test_examples_have_documents(void: Graph, client: TestClient) -> None:
    examples = [str(one).removeprefix(BASE) for one in void.objects(DATASET, VOID.exampleResource)]
    assert len(examples) > 10
    assert {client.get(f"/{one}").status_code for one in examples} == {303}


def test_other_data_have_other_numbers(small: solgraph.Knowledge) -> None:
    client = client_of(small, base_url="https://solgraph.example.org")
    found = Graph().parse(data=client.get("/catalog.ttl").text)
    assert number(found, DATASET, VOID.triples) == len(dump_triples(client))
    assert conforms(found, Graph().parse(SHAPES))
