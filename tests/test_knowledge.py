"""The façade: what is opened, asked, described and exported, from Python, and rdflib's face of the same store."""

import inspect
import pickle
import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from copy import copy as shallow_copy
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple
from rdflib import RDF, SKOS, Dataset, Graph, Literal, Namespace, URIRef

import solgraph
from conftest import without_vocabularies
from programs import needs
from solgraph.rdf.namespaces import GRAPH, ID, PREFIXES, SG
from solgraph.rdf.store import graphs

SMALL = Path(__file__).parent / "small"
NOBODY = "http://127.0.0.1:9/"
NS, CITY, COUNTRY = Namespace(SG), Namespace(ID + "city/"), Namespace(ID + "country/")
FORMATS = {
    "turtle": ("ttl", RdfFormat.TURTLE, "turtle", "turtle"),
    "nt": ("nt", RdfFormat.N_TRIPLES, "nt", "ntriples"),
    "xml": ("rdf", RdfFormat.RDF_XML, "xml", "rdfxml"),
    "jsonld": ("jsonld", RdfFormat.JSON_LD, "json-ld", None),
    "trig": ("trig", RdfFormat.TRIG, "trig", "trig"),
    "nq": ("nq", RdfFormat.N_QUADS, "nquads", "nquads"),
}

# rdflib itself uses what it calls deprecated.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
each_format = pytest.mark.parametrize("format", FORMATS)


# Opening.


def test_without_data_the_shipped_graph_is_opened(frozen: solgraph.Knowledge) -> None:
    assert frozen.sparql("ASK { city:bologna a sg:City }")


def test_paths_are_taken_as_text_too() -> None:
    assert len(solgraph.open(str(SMALL)).query("cities")) == 4


def test_several_paths_are_opened_together() -> None:
    kg = solgraph.open(SMALL / "places.ttl", SMALL / "networks.ttl")
    assert kg.sparql("ASK { city:ardea a sg:City . network:letters a sg:Network }")


@pytest.mark.parametrize("add", [SMALL, str(SMALL), [SMALL], [str(SMALL)]], ids=["path", "text", "paths", "texts"])
def test_add_is_a_path_or_a_list_of_them(add: Any) -> None:
    kg = solgraph.open(add=add)
    assert kg.sparql("ASK { city:ardea a sg:City . city:bologna a sg:City }")


def test_nothing_is_loaded_before_a_question() -> None:
    endpoint = solgraph.open(SMALL).endpoint
    assert not {"store", "_merge_alone"} & set(vars(endpoint))


def test_its_repr_tells_how_many_files_it_holds(small: solgraph.Knowledge) -> None:
    assert repr(small) == "<Knowledge of 5 files>"


# Asking.


def test_a_saved_query_answers_with_typed_rows(small: solgraph.Knowledge) -> None:
    _, first, second = small.query("networks-of-city", city="Ardea")
    assert (first.network, first.since, first.until) == (ID + "network/harbours", 2010, 2015)
    assert (second.since, second.until) == (2018, None)


def test_a_value_may_be_text_number_or_iri(small: solgraph.Knowledge) -> None:
    for year in (2012, "2012"):
        assert len(small.query("networks-of-city", city=solgraph.IRI(ID + "city/ardea"), year=year)) == 1


def test_none_counts_as_not_given(small: solgraph.Knowledge) -> None:
    assert len(small.query("networks-of-city", city="Ardea", year=None)) == 3


def test_a_parameter_may_be_called_name_or_self(small: solgraph.Knowledge) -> None:
    for word in ("name", "self"):
        with pytest.raises(solgraph.ParameterError, match=f"no parameter '{word}'"):
            small.query("cities", **{word: "x"})


def test_an_answer_to_a_saved_query_knows_the_labels_of_its_iris(small: solgraph.Knowledge) -> None:
    answer = small.query("mayors", city="Cadria")
    assert answer.label(answer[0].mayor) == "Cora Cedar"


def test_queries_are_listed_by_name(small: solgraph.Knowledge) -> None:
    names = [one.name for one in small.queries()]
    assert names == sorted(names)
    assert "mayors" in names


def test_views_are_the_queries_that_make_a_network(small: solgraph.Knowledge) -> None:
    assert " ".join(one.name for one in small.views()) == (
        "memberships shared-members alliances countries collaborations funding participants people themes transfer"
    )


def test_a_query_of_ones_own_knows_the_prefixes(small: solgraph.Knowledge) -> None:
    assert len(small.sparql("SELECT ?city { ?city a sg:City ; sg:locatedIn country:es }")) == 2


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT ?city { ?city a sg:City }", "SELECT"),
        ("ASK { ?city a sg:City }", "ASK"),
        ("CONSTRUCT WHERE { ?city a sg:City }", "CONSTRUCT"),
        ("DESCRIBE city:ardea", "DESCRIBE"),
    ],
)
def test_all_four_query_forms_are_answered(text: str, form: str, small: solgraph.Knowledge) -> None:
    answer = small.sparql(text)
    assert answer.form == form
    assert answer


def test_graph_asks_who_says_it(small: solgraph.Knowledge) -> None:
    rows = small.sparql("SELECT ?g ?s { GRAPH ?g { programme:ardea-hub sg:status ?s } } ORDER BY ?g")
    assert [(row.g.rpartition("/")[2], row.s.rpartition("/")[2]) for row in rows] == [
        ("alpha", "running"),
        ("beta", "inactive"),
    ]


def test_bound_is_the_query_with_its_values_in_place(small: solgraph.Knowledge) -> None:
    bound = small.bound("networks-of-city", city="Ardeja", year=2012)
    assert f"<{ID}city/ardea>" in bound
    assert "?_city_iri" not in bound
    assert len(list(small.store.query(bound))) == 1


def test_find_gives_the_iri_of_a_name(small: solgraph.Knowledge) -> None:
    assert small.find("häfen des nordens") == ID + "network/harbours"


def test_an_ambiguous_name_is_an_error_with_the_candidates(small: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.ParameterError, match=r"(?s)'Twinham' names 2 things.*city:ardea, city:belmonte"):
        small.query("networks-of-city", city="Twinham")


def test_the_small_graph_is_valid(small: solgraph.Knowledge) -> None:
    report = small.validate()
    assert report.ok
    assert (report.files, report.things) == (5, 58)


def test_only_the_given_files_are_reported_on(small: solgraph.Knowledge) -> None:
    assert small.validate(SMALL / "sources" / "beta.ttl").files == 1


# One state of the data.


def test_named_graphs_follow_from_the_bytes_that_the_merge_was_made_of(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<urn:a> <urn:p> 1 .")
    kg = solgraph.open(path)
    version, before = kg.snapshot.version, len(kg.sparql("SELECT * { <urn:a> <urn:p> ?o }"))
    path.write_text("<urn:a> <urn:p> 1 , 2 .")
    assert (before, len(kg.sparql("SELECT * { GRAPH ?g { <urn:a> <urn:p> ?o } }"))) == (1, 1)
    assert kg.snapshot.version == version != solgraph.open(path).snapshot.version


def test_a_graph_can_be_pickled_at_any_time(small: solgraph.Knowledge) -> None:
    copy = pickle.loads(pickle.dumps(small))
    assert copy.find("Ardea") == small.find("Ardea")
    answer = small.query("mayors", city="Ardea")
    assert list(pickle.loads(pickle.dumps(answer))) == list(answer) == list(pickle.loads(pickle.dumps(answer)))


def test_a_copy_has_the_same_data_in_memory_and_languages_of_its_own(small: solgraph.Knowledge) -> None:
    twin = shallow_copy(small)
    twin.languages = ("pl", "en")
    assert twin.snapshot is small.snapshot and small.languages != twin.languages


# Languages.


def first_labels(lang: Any) -> set[str]:
    answer = solgraph.open(SMALL, lang=lang).query("cities")
    return {answer.label(row.city) for row in answer} | {answer.label(row.country) for row in answer}


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("pl,it,en", {"Ardeja", "Belmonte", "Cádria", "Dorn", "Włochy", "Spain"}),
        ("it,pl", {"Ardeja", "Belmonte", "Cádria", "Dorn", "Italia", "Spain"}),
        (["es"], {"Ardea", "Belmonte", "Cádria", "Dorn", "Italy", "España"}),
        (" PL , ", {"Ardeja", "Belmonte", "Cádria", "Dorn", "Włochy", "Spain"}),
        ("fi", {"Ardea", "Belmonte", "Cádria", "Dorn", "Italy", "Spain"}),
        ("", {"Ardea", "Belmonte", "Cádria", "Dorn", "Italy", "Spain"}),
    ],
)
def test_the_first_language_that_is_there_is_taken(lang: Any, told: set[str]) -> None:
    assert first_labels(lang) == told


def test_the_environment_tells_the_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", "pl,it")
    assert "Włochy" in first_labels(None)


def test_a_given_language_counts_more_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", "pl")
    assert "Italia" in first_labels("it")


def test_a_language_covers_its_regional_tags(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(f'<{CITY}dorn> <{SKOS.prefLabel}> "Dornstadt"@de-AT .')
    kg = solgraph.open(SMALL, add=path, lang="de")
    assert kg.describe("city:dorn").label == "Dornstadt"


def test_a_label_without_language_comes_before_one_in_a_language_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text(f'<{CITY}x> <{SKOS.prefLabel}> "Iks"@pl , "X" .')
    assert solgraph.open(path).describe("city:x").label == "X"


@pytest.mark.parametrize("lang", ["!!", "pl;it", "en us", ["pl", "i t"]])
def test_a_bad_language_tag_is_an_error_that_names_it(lang: Any) -> None:
    with pytest.raises(solgraph.WrongUse, match=r"is not a language tag\.\nGive tags such as pl,it,en"):
        solgraph.open(SMALL, lang=lang)


def test_a_bad_language_tag_in_the_environment_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", "??")
    with pytest.raises(solgraph.WrongUse, match=r"'\?\?' is not a language tag"):
        solgraph.open(SMALL)


# rdflib's face.


@pytest.fixture(scope="module")
def face(small: solgraph.Knowledge) -> Dataset:
    return small.graph


def test_it_is_an_rdflib_dataset(face: Dataset) -> None:
    assert isinstance(face, Dataset)


def test_its_default_graph_is_the_merge(face: Dataset, small: solgraph.Knowledge) -> None:
    merge = list(small.store.quads_for_pattern(None, None, None, DefaultGraph()))
    assert len(face) == len(merge) == len(set(face.triples((None, None, None))))


def test_a_triple_of_two_sources_is_there_once(face: Dataset) -> None:
    hub = URIRef(ID + "programme/ardea-hub")
    assert list(face.triples((hub, RDF.type, None))) == [(hub, RDF.type, NS.Programme)]


def test_each_named_graph_has_its_own_length(face: Dataset, small: solgraph.Knowledge) -> None:
    told = {str(one.identifier): len(one) for one in face.graphs() if str(one.identifier).startswith(GRAPH)}
    assert told == {
        name: len(list(small.store.quads_for_pattern(None, None, None, NamedNode(name))))
        for name in graphs(small.store)
    }


def test_a_named_graph_holds_what_its_source_says(face: Dataset) -> None:
    hub = URIRef(ID + "programme/ardea-hub")
    beta = face.graph(URIRef(GRAPH + "beta"))
    assert [str(one).rpartition("/")[2] for one in beta.objects(hub, NS.status)] == ["inactive"]


def test_a_plain_string_is_found_as_a_plain_literal(face: Dataset) -> None:
    assert list(face.subjects(NS.countryCode, Literal("IT"))) == [COUNTRY.it]
    assert (COUNTRY.it, NS.countryCode, Literal("IT")) in face


def test_a_plain_string_that_is_read_equals_a_plain_literal(face: Dataset) -> None:
    assert face.value(COUNTRY.it, NS.countryCode) == Literal("IT")


def test_what_was_read_is_found_again(face: Dataset) -> None:
    for triple in face.triples((CITY.ardea, None, None)):
        assert triple in face


def test_a_language_tag_is_kept(face: Dataset) -> None:
    assert Literal("Ardeja", lang="pl") in set(face.objects(CITY.ardea, SKOS.prefLabel))


def test_a_number_is_a_number(face: Dataset) -> None:
    assert face.value(CITY.ardea, NS.geonamesId).toPython() == 1001


def test_rdflib_answers_sparql_with_the_prefixes_known(face: Dataset) -> None:
    assert {str(row.c) for row in face.query("SELECT ?c { ?c a sg:City }")} == {
        str(CITY[name]) for name in ("ardea", "belmonte", "cadria", "dorn")
    }


def test_a_plain_string_in_an_answer_equals_a_plain_literal(face: Dataset) -> None:
    (row,) = face.query("SELECT ?code { country:it sg:countryCode ?code }")
    assert row.code == Literal("IT")


def test_rdflib_asks_a_named_graph(face: Dataset) -> None:
    assert face.query("ASK { GRAPH graph:beta { ?s sg:status ?o } }").askAnswer


def test_rdflib_constructs(face: Dataset) -> None:
    assert len(face.query("CONSTRUCT WHERE { ?c a sg:City }").graph) == 4


def test_rdflib_shortens_iris_with_our_prefixes(face: Dataset) -> None:
    assert CITY.ardea.n3(face.namespace_manager) == "city:ardea"


def test_the_face_is_made_once(small: solgraph.Knowledge) -> None:
    assert small.graph is small.graph


TRIPLE = (CITY.ardea, NS.twinnedWith, CITY.dorn)
NEW = "<urn:a> <urn:b> <urn:c> ."
EDITS: dict[str, Callable[[Dataset], object]] = {
    "add": lambda face: face.add(TRIPLE),
    "addN": lambda face: face.addN([(*TRIPLE, face.graph(URIRef("urn:g")))]),
    "add to a named graph": lambda face: face.graph(URIRef(GRAPH + "beta")).add(TRIPLE),
    "+=": lambda face: face.graph(URIRef(GRAPH + "beta")).__iadd__([TRIPLE]),
    "-=": lambda face: face.graph(URIRef(GRAPH + "beta")).__isub__([TRIPLE]),
    "set": lambda face: face.set(TRIPLE),
    "remove": lambda face: face.remove((None, None, None)),
    "remove_graph": lambda face: face.remove_graph(URIRef(GRAPH + "beta")),
    "update": lambda face: face.update(f"INSERT DATA {{ {NEW} }}"),
    "update of a named graph": lambda face: face.graph(URIRef(GRAPH + "beta")).update("CLEAR ALL"),
    "parse": lambda face: face.parse(data=NEW, format="turtle"),
    "parse by the store": lambda face: face.parse(data=NEW, format="ox-turtle"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_rdflib_only_reads_and_an_edit_says_how_data_are_added(edit: str, small: solgraph.Knowledge) -> None:
    before = len(small.store)
    with pytest.raises(solgraph.WrongUse, match=r"(?s)read-only.*solgraph\.open\(add="):
        EDITS[edit](small.graph)
    assert len(small.store) == before


def test_rdflib_reads_on_after_it_was_closed_and_makes_no_graphs(small: solgraph.Knowledge) -> None:
    small.graph.close()
    assert len(small.graph.graph(URIRef("urn:new"))) == 0
    assert "urn:new" not in graphs(small.store)
    assert "city:ardea" in small.graph.graph(URIRef(GRAPH + "alpha")).serialize(format="turtle")


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT ?city ?name { ?city skos:prefLabel ?name }", 3),
        ("SELECT ?name { ?city skos:prefLabel ?name }", 3),
        ("SELECT (COUNT(*) AS ?n) { ?city skos:prefLabel ?name }", 1),
        ("SELECT ?name { ?thing skos:prefLabel ?name FILTER(?thing = $city) }", 3),
        ("ASK { ?city a sg:City }", 1),
        ("SELECT ?name { VALUES ?city { city:dorn } ?city skos:prefLabel ?name }", None),
        ("SELECT ?name { { SELECT ?city { ?city a sg:City } } ?city skos:prefLabel ?name }", None),
    ],
)
def test_rdflib_binds_any_variable_or_names_the_saved_query(query: str, rows: int | None, face: Dataset) -> None:
    if rows is None:
        with pytest.raises(solgraph.QueryError, match=r"(?s)cannot bind \?city.*saved query with a parameter"):
            face.query(query, initBindings={"city": CITY.ardea})
    else:
        assert len(list(face.query(query, initBindings={"city": CITY.ardea}))) == rows


def test_rdflib_takes_no_blank_node_for_a_value(face: Dataset) -> None:
    with pytest.raises(solgraph.QueryError, match="cannot bind"):
        face.query("SELECT ?name { ?city skos:prefLabel ?name }", initBindings={"city": rdflib.BNode()})


@pytest.mark.parametrize(
    "query", [f"SELECT * {{ SERVICE <{NOBODY}> {{ ?s ?p ?o }} }}", f"SELECT * FROM <{NOBODY}> {{ ?s ?p ?o }}"]
)
def test_a_query_of_ones_own_that_would_reach_a_server_is_refused(query: str, small: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.QueryError, match="is refused"):
        small.sparql(query)


def test_a_query_through_rdflib_that_would_reach_a_server_is_refused(face: Dataset) -> None:
    with pytest.raises(solgraph.QueryError, match=r"SERVICE .* is refused"):
        list(face.query(f"SELECT * {{ SERVICE <{NOBODY}> {{ ?s ?p ?o }} }}"))


# Export.


def all_triples(kg: solgraph.Knowledge) -> set[Triple]:
    return {quad.triple for quad in kg.store}


def read(text: str | bytes, format: RdfFormat) -> set[Triple]:
    data = text if isinstance(text, bytes) else text.encode()
    return {quad.triple for quad in pyoxigraph.parse(data, format=format)}


@each_format
def test_pyoxigraph_reads_the_same_graph_back(format: str, slim: solgraph.Knowledge) -> None:
    assert read(slim.exported(format), FORMATS[format][1]) == all_triples(slim)


def read_by_rdflib(text: str, format: str) -> set[Triple]:
    graph = rdflib.Graph() if format not in ("trig", "nquads") else Dataset(default_union=True)
    graph.parse(data=text, format=format)
    lines = [f"{' '.join(term.n3() for term in triple)} .\n" for triple in graph.triples((None, None, None))]
    return read("".join(lines), RdfFormat.N_TRIPLES)


@each_format
def test_rdflib_reads_the_same_graph_back(format: str, slim: solgraph.Knowledge) -> None:
    assert read_by_rdflib(slim.exported(format), FORMATS[format][2]) == all_triples(slim)


def read_by_rapper(path: Path, format: str) -> set[Triple]:
    command = [needs("rapper"), "-q", "-i", format, "-o", "ntriples", str(path)]
    return read(subprocess.run(command, capture_output=True, check=True).stdout, RdfFormat.N_TRIPLES)


@pytest.mark.parametrize("format", [name for name, told in FORMATS.items() if told[3]])
def test_rapper_reads_the_same_graph_back(format: str, slim: solgraph.Knowledge, tmp_path: Path) -> None:
    path = tmp_path / f"x.{FORMATS[format][0]}"
    slim.export(path)
    assert read_by_rapper(path, str(FORMATS[format][3])) == all_triples(slim)


def test_other_readers_get_the_whole_graph_back_from_turtle(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    path = tmp_path / "all.ttl"
    frozen.export(path)
    text, whole = path.read_text(), all_triples(frozen)
    assert read(text, RdfFormat.TURTLE) == whole
    assert read_by_rdflib(text, "turtle") == whole
    assert read_by_rapper(path, "turtle") == whole


@each_format
def test_the_same_graph_gives_the_same_bytes(
    format: str, slim: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solgraph.graph.snapshot.ontology_files", without_vocabularies)
    backwards = solgraph.open(SMALL)
    backwards.files.reverse()
    assert backwards.exported(format) == slim.exported(format)


def test_turtle_declares_only_the_prefixes_that_it_uses(small: solgraph.Knowledge) -> None:
    text = small.exported(source="beta")
    declared = re.findall(r"^@prefix ([\w-]+):", text, re.MULTILINE)
    body = text.partition("\n\n")[2]
    assert [one for one in declared if not re.search(rf"(?<![\w-]){one}:", body)] == []
    assert "city" in declared
    assert "network" not in declared


def test_turtle_groups_by_subject_in_order(small: solgraph.Knowledge) -> None:
    subjects = re.findall(r"^([\w-]+:[\w.-]+)$", small.exported(source="beta"), re.MULTILINE)
    expanded = [PREFIXES[name.partition(":")[0]] + name.partition(":")[2] for name in subjects]
    assert expanded == sorted(set(expanded))
    assert len(expanded) == 4


def test_the_shipped_graph_has_no_blank_node(frozen: solgraph.Knowledge) -> None:
    assert "_:" not in frozen.exported("nt")


@pytest.mark.parametrize("format", ["trig", "nq"])
def test_formats_with_graphs_keep_them_apart_and_hold_the_merge(format: str, slim: solgraph.Knowledge) -> None:
    quads = list(pyoxigraph.parse(slim.exported(format).encode(), format=FORMATS[format][1]))
    assert set(quads) == set(slim.store)
    assert len(quads) == len(set(quads))


@each_format
def test_the_ending_tells_the_format(format: str, slim: solgraph.Knowledge, tmp_path: Path) -> None:
    path = tmp_path / f"x.{FORMATS[format][0]}"
    slim.export(path)
    assert path.read_text() == slim.exported(format)


def test_a_named_format_counts_more_than_the_ending(small: solgraph.Knowledge, tmp_path: Path) -> None:
    small.export(tmp_path / "x.txt", "nt")
    assert (tmp_path / "x.txt").read_text() == small.exported("nt")


def test_an_ending_that_tells_no_format_is_an_error(small: solgraph.Knowledge, tmp_path: Path) -> None:
    with pytest.raises(solgraph.WrongUse, match="xlsx"):
        small.export(tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["alpha", "Alpha", "graph:alpha", "source:alpha", GRAPH + "alpha"])
def test_a_source_is_cut_out_whole_and_alone(name: str, small: solgraph.Knowledge) -> None:
    alone = read((SMALL / "sources" / "alpha.ttl").read_bytes(), RdfFormat.TURTLE)
    assert read(small.exported(source=name), RdfFormat.TURTLE) == alone


def test_an_unknown_source_is_an_error_with_the_nearest_one(small: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match=r"(?s)no source 'alpah'.*Did you mean 'alpha'"):
        small.exported(source="alpah")


def test_a_city_and_a_source_together_are_refused(small: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match="cannot be combined"):
        small.exported(city="Ardea", source="alpha")


def cut(kg: solgraph.Knowledge, city: str) -> set[Triple]:
    return read(kg.exported(city=city), RdfFormat.TURTLE)


def about(kg: solgraph.Knowledge, subject: Any) -> set[Triple]:
    return {quad.triple for quad in kg.store.quads_for_pattern(subject, None, None, DefaultGraph())}


def test_everything_that_mentions_a_city_is_in_its_cut(small: solgraph.Knowledge) -> None:
    city = NamedNode(ID + "city/ardea")
    mentions = {quad.subject for quad in small.store.quads_for_pattern(None, None, city, DefaultGraph())}
    assert len(mentions) == 12
    assert {triple for subject in [city, *mentions] for triple in about(small, subject)} <= cut(small, "Ardea")


def test_what_has_nothing_to_do_with_the_city_is_not_in_its_cut(small: solgraph.Knowledge) -> None:
    subjects = {triple.subject.value for triple in cut(small, "Dorn")}
    assert not {ID + "city/ardea", ID + "city/cadria", ID + "network/letters", ID + "person/ann"} & subjects


def test_a_thing_two_steps_away_is_only_named(small: solgraph.Knowledge) -> None:
    named = {triple for triple in cut(small, "Ardea") if triple.subject == NamedNode(ID + "city/belmonte")}
    assert {triple.predicate.value for triple in named} == {RDF.type.toPython(), SKOS.prefLabel.toPython()}


@pytest.mark.parametrize("city", ["Berlin", "Palermo", "Zürich"])
def test_a_cut_is_a_small_part_of_the_whole(city: str, frozen: solgraph.Knowledge) -> None:
    assert 50 < len(cut(frozen, city)) < len(all_triples(frozen)) / 4


def test_a_cut_holds_nothing_that_the_graph_does_not_hold(frozen: solgraph.Knowledge) -> None:
    whole = {quad.triple for quad in frozen.store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert cut(frozen, "Milan") <= whole


def test_the_merge_is_a_graph_for_those_who_expect_one(slim: solgraph.Knowledge) -> None:
    merge = slim.default_graph
    assert {len(statement) for statement in merge} == {3} and len(merge) == len(Graph() + merge)
    lines = merge.serialize(format="nt").splitlines()
    assert len(lines) == len(set(lines)) == len(merge), "each triple once"
    assert (CITY["ardea"], RDF.type, NS.City) in merge and "@prefix city:" in merge.serialize()
    with pytest.raises(solgraph.WrongUse, match="read-only"):
        merge.add((CITY["ardea"], RDF.type, NS.Region))


# Help where one types


def test_saved_queries_are_functions_with_signatures(small: solgraph.Knowledge) -> None:
    assert small.q.mayors("Ardea").to_dicts() == small.query("mayors", city="Ardea").to_dicts()
    signature = inspect.signature(small.q.mayors)
    assert signature.parameters["city"].default is inspect.Parameter.empty
    assert signature.parameters["from_"].annotation == int | None, "from is a word of Python"
    defaults = inspect.signature(small.q.city_pairs).parameters
    assert (defaults["least"].default, defaults["layer"].default) == (1, "alliance"), "as one types them"
    assert (
        small.q.mayors("Ardea", from_=2016).to_dicts()
        == small.query("mayors", city="Ardea", **{"from": 2016}).to_dicts()
    )
    assert "a city by name" in (small.q.mayors.__doc__ or "") and "networks_of_city" in dir(small.q)
    with pytest.raises(AttributeError, match=r"There is no saved query 'mayor'\. Did you mean 'mayors'\?"):
        small.q.mayor  # noqa: B018
    with pytest.raises(TypeError, match="takes 1 values by position: city"):
        small.q.mayors("Ardea", "Dorn")


def test_a_row_is_of_a_class_named_after_its_query_in_every_process(small: solgraph.Knowledge) -> None:
    free = small.sparql("SELECT ?class { city:ardea a ?class }")
    rows = [small.q.mayors("Ardea")[0], small.q.mayors("Ardea", gathered=False)[0], free[0]]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        texts, again = list(pool.map(repr, rows)), list(pool.map(shallow_copy, rows))
    assert [text.partition("(")[0] for text in texts] == ["MayorsRow", "UngatheredMayorsRow", "Row"]
    assert again == rows and [type(row) for row in again] == [type(row) for row in rows]
    assert again[2].class_ == SG + "City", "class is a word of Python"


def test_errors_say_which_parameter_and_survive_another_process(small: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.ParameterError) as caught:
        small.query("mayors", city="Ardaa")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.parameter, again.value, again.candidates[0]) == ("city", "Ardaa", "Ardea")
    assert str(again) == str(caught.value)
    extra = pickle.loads(pickle.dumps(solgraph.MissingExtra("A frame", "pandas")))
    assert str(extra) == str(solgraph.MissingExtra("A frame", "pandas"))


def test_the_package_says_what_it_offers() -> None:
    assert solgraph.__version__ and {"measures", "summary", "open"} <= set(dir(solgraph))


def test_labels_are_the_same_once_those_of_everything_were_read() -> None:
    snapshot, chain = solgraph.open(SMALL).snapshot, ("de", "en")
    iris = [*snapshot.types, ID + "nothing"]
    asked = snapshot.labels_of(iris, chain)
    assert snapshot.labels(chain)
    assert snapshot.labels_of(iris, chain) == asked
