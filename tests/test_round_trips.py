"""Every form in is every form out: what is exported is read back as the same graph, blank node names aside."""

import gzip
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

import solgraph
from conftest import without_vocabularies
from solgraph.errors import DataError, WrongUse
from solgraph.formats.media import RDF, Form
from solgraph.formats.triples import named_graphs
from solgraph.rdf.blank_nodes import relabelled
from solgraph.rdf.namespaces import GRAPH, PREFIXES, RDF_TYPE, SG, XSD
from solgraph.rdf.store import data_files, graphs, load

SMALL = Path(__file__).parent / "small"
QUADS = ("trig", "nq")
FORMATS = {form.name: RdfFormat.from_extension(form.endings[0]) for form in RDF}
each_form = pytest.mark.parametrize("form", RDF, ids=lambda form: form.name)

Graphs = list[tuple[str, list[Triple]]]


def canonical(graphs: Iterable[tuple[str, Iterable[Triple]]]) -> set[tuple[str, str]]:
    """What graphs say, blank nodes named by what is said of them."""
    return {(name, str(Quad(*triple))) for name, triples in relabelled(graphs) for triple in triples}


def read(text: str, form: Form[str]) -> set[tuple[str, str]]:
    found: dict[str, list[Triple]] = {"": []}
    for quad in parse(text.encode(), format=FORMATS[form.name], rename_blank_nodes=True):
        found.setdefault(str(quad.graph_name)[1:-1] if quad.graph_name != DefaultGraph() else "", []).append(
            quad.triple
        )
    return canonical(found.items())


def expected(given_graphs: Graphs, form: Form[str]) -> set[tuple[str, str]]:
    merge = ("", [triple for _, triples in given_graphs for triple in triples])
    return canonical([merge, *(pair for pair in given_graphs if pair[0] and form.name in QUADS)])


# Generated graphs


def possible(iri: str) -> bool:
    try:
        return bool(NamedNode(iri))
    except ValueError:
        return False


LOCALS = st.text("abz019_-.~/?#%:@!$&'()*+,;=é中", max_size=6) | st.just("K%C3%B6ln-x")
BASES = st.sampled_from([*PREFIXES.values(), "http://e/", "urn:x:", "city:", "sg:", "schema:", "geo:"])
IRIS = st.builds(str.__add__, BASES, LOCALS).filter(possible).map(NamedNode)
#: RDF/XML writes a property, and the class of a thing of which nothing else is said, as the name of an element.
PROPERTIES = st.builds(str.__add__, BASES, st.sampled_from(["p", "prefLabel", "country", "é-1", "_x.y"])).map(NamedNode)
NODES = IRIS | st.sampled_from([BlankNode("a"), BlankNode("b"), BlankNode("c")])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.sampled_from(
    ["\\", '"""', "\t\r\n", " a  b ", "\u0085\u2028", "\ufeff", "true", "5", "<x>&amp;", "a'b"]
)
DATATYPES = st.sampled_from(
    [XSD + name for name in ("integer", "boolean", "decimal", "double", "gYear", "date", "string")]
    + ["urn:t", SG + "t", PREFIXES["rdf"] + "JSON", PREFIXES["rdf"] + "XMLLiteral"]
).map(NamedNode)
LANGUAGES = st.sampled_from(["en", "pl", "zh-hans-cn", "none"])
LITERALS = (
    st.builds(Literal, TEXTS)
    | st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, LANGUAGES)
    | st.builds(lambda text, datatype: Literal(text, datatype=datatype), TEXTS, DATATYPES)
    | st.builds(lambda text: Literal(text, language="he", direction=BaseDirection.RTL), TEXTS)
)
TRIPLES = st.builds(Triple, NODES, PROPERTIES, NODES | LITERALS) | st.builds(
    Triple, NODES, st.just(NamedNode(RDF_TYPE)), PROPERTIES
)
REIFIES = NamedNode(PREFIXES["rdf"] + "reifies")
STATEMENTS = TRIPLES | st.builds(Triple, NODES, st.just(REIFIES), TRIPLES)


def datasets(triples: st.SearchStrategy[Triple]) -> st.SearchStrategy[Graphs]:
    some = st.lists(triples, max_size=5)
    return st.builds(lambda first, second: [(GRAPH + "one", first), (GRAPH + "two", second)], some, some)


def graph(text: str) -> Graphs:
    return [(GRAPH + "case", [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)])]


PERCENT = """<https://w3id.org/solgraph/id/city/K%C3%B6ln-x> a <urn:City> . <https://w3id.org/solgraph/id/city/a%20b>
<urn:p> <https://w3id.org/solgraph/id/city/a+b>, <https://w3id.org/solgraph/id/city/o'neill;v=1,2(3)> ."""
CLASSES = "<urn:s> a <http://e/1>, <urn:a>; <urn:p> 1 . <urn:t> a <http://e/>; <urn:p> [ a 5 ] ."
LISTS = "<urn:s> <urn:p> (1 [ <urn:q> () ] (2.5 true)) ."
ANNOTATED = """PREFIX e: <http://e/>
e:a e:p e:b {| e:since 2012 |} . << e:c e:p e:d >> e:q 1 . e:x e:q <<( e:a e:p <<( _:b e:p "x"@en )>> )>> ."""


@settings(max_examples=40)
@given(datasets(TRIPLES))
@example(graph(PERCENT))
@example(graph(LISTS))
@example(graph(CLASSES))
@example([])
def test_any_graphs_are_read_back_from_every_form(dataset: Graphs) -> None:
    for form in RDF:
        assert read(form.write(dataset), form) == expected(dataset, form), form.name


@settings(max_examples=40)
@given(datasets(STATEMENTS))
@example(graph(ANNOTATED))
def test_statements_about_statements_are_read_back_or_refused(dataset: Graphs) -> None:
    about = any(isinstance(triple.object, Triple) for _, triples in dataset for triple in triples)
    for form in RDF:
        if form.name == "jsonld" and about:
            with pytest.raises(WrongUse, match="JSON-LD cannot hold statements about statements"):
                form.write(dataset)
        else:
            assert read(form.write(dataset), form) == expected(dataset, form), form.name


@pytest.mark.parametrize(
    ("predicate", "value"),
    [("http://e/p", "\x01"), ("http://e/p", "".join(map(chr, range(0xA0)))), ("http://e/1", "x")],
)
def test_what_xml_cannot_hold_is_refused_and_the_other_forms_hold_it(predicate: str, value: str) -> None:
    dataset: Graphs = [("", [Triple(NamedNode("urn:s"), NamedNode(predicate), Literal(value))])]
    for form in RDF:
        if form.name == "xml":
            with pytest.raises(WrongUse, match="RDF/XML cannot hold"):
                form.write(dataset)
        else:
            assert read(form.write(dataset), form) == expected(dataset, form)


@each_form
def test_equal_graphs_are_written_alike_whatever_blank_nodes_are_called(form: Form[str]) -> None:
    text = f"{LISTS} _:x <urn:p> _:y . _:y <urn:p> _:x . _:z <urn:p> [] ; <urn:q> [], [ <urn:r> _:z ] ."
    assert len({form.write(graph(text)) for _ in range(5)}) == 1


# Files


def written(folder: Path, form: Form[str], suffix: str = "") -> Path:
    path = folder / f"dump.{form.endings[0]}{suffix}"
    solgraph.open(SMALL).export(path)
    return path


@each_form
def test_an_exported_file_is_opened_as_the_same_graph(
    form: Form[str], tmp_path: Path, slim: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solgraph.graph.snapshot.ontology_files", without_vocabularies)
    for suffix in ("", ".gz"):
        kg = solgraph.open(written(tmp_path, form, suffix))
        if form.name in QUADS:
            assert set(kg.store) == set(slim.store)
        else:
            count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
            assert kg.sparql(count)[0].n == slim.sparql(count)[0].n
            assert GRAPH + "dump" in graphs(kg.store)
    assert kg.exported("nt") == slim.exported("nt")


CONTENT = {
    "turtle": '<x#a> <urn:p> "Łódź"@pl .\n<x#a> <urn:q> <> .\n',
    "trig": '{ <x#a> <urn:p> "Łódź"@pl }\n<urn:g> { <x#a> <urn:q> <> }\n',
    "jsonld": '{"@id": "x#a",\n"urn:p": {"@value": "Łódź", "@language": "pl"},\n"urn:q": {"@id": ""}}',
    "xml": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">\n'
    '<rdf:Description rdf:about="x#a"><u:p xml:lang="pl">Łódź</u:p>\n<u:q rdf:resource=""/>'
    "</rdf:Description></rdf:RDF>",
}


@pytest.mark.parametrize("name", CONTENT)
def test_a_file_may_have_a_byte_order_mark_crlf_compression_and_relative_iris(name: str, tmp_path: Path) -> None:
    ending = f"{FORMATS[name].file_extension}"
    content = CONTENT[name].replace("\n", "\r\n").encode("utf-8-sig")
    (tmp_path / f"x.{ending}").write_bytes(content)
    (tmp_path / f"x.{ending}.gz").write_bytes(gzip.compress(content))
    for path in tmp_path.iterdir():
        subject = f"<{(tmp_path / 'x').as_uri()}#a>"
        store = load(data_files(path))
        assert {str(quad) for quad in store if quad.graph_name == DefaultGraph()} == {
            f'{subject} <urn:p> "Łódź"@pl',
            f"{subject} <urn:q> <{path.as_uri()}>",
        }


def test_n_triples_and_n_quads_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_bytes(b"\xef\xbb\xbf<urn:a> <urn:b> <urn:c> .\r\n")
    (tmp_path / "x.nq").write_bytes(b"\xef\xbb\xbf<urn:a> <urn:b> <urn:c> <urn:g> .\r\n")
    assert len(load(data_files(tmp_path))) == 3


def test_named_graphs_of_a_file_stay_and_the_rest_goes_to_the_graph_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.trig"
    path.write_text("<urn:a> <urn:p> _:x . <urn:a> <urn:p> <urn:c> . <urn:g> { <urn:a> <urn:p> <urn:c> }")
    store = load(data_files(path))
    assert sorted(graphs(store)) == [f"{GRAPH}mine", "urn:g"]
    in_graphs = [quad.triple for quad in store if quad.graph_name != DefaultGraph()]
    assert len(in_graphs) == len(set(in_graphs)) == 2
    assert {quad.triple for quad in store if quad.graph_name == DefaultGraph()} == set(in_graphs)


def test_blank_nodes_are_the_same_in_the_merge_and_in_the_graph_and_differ_between_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text("_:x <urn:p> [] .")
    store = load(data_files(tmp_path))
    merge = {quad.triple for quad in store if quad.graph_name == DefaultGraph()}
    assert merge == {quad.triple for quad in store if quad.graph_name != DefaultGraph()}
    assert len(merge) == 2


def test_json_ld_fetches_nothing_but_knows_our_context(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonld"
    document = {"@context": "https://w3id.org/solgraph/context.jsonld", "id": "city:milan", "type": "City"}
    path.write_text(json.dumps(document))
    assert solgraph.open(path).sparql("ASK { city:milan a sg:City }")
    path.write_text(json.dumps(document | {"@context": "https://schema.org/"}))
    with pytest.raises(DataError, match=r"x\.jsonld: the file refers to an external JSON-LD context"):
        load(data_files(path))


@pytest.mark.parametrize("form", [form for form in RDF if form.name != "turtle"], ids=lambda form: form.name)
def test_a_broken_file_is_an_error_with_line_and_column(form: Form[str], tmp_path: Path) -> None:
    text = form.write(named_graphs(solgraph.open(SMALL).store, "beta"))
    path = tmp_path / f"x.{form.endings[0]}"
    path.write_text(text[: len(text) // 2] + "<")
    with pytest.raises(DataError, match=rf"x\.{form.endings[0]}:\d+:\d+: "):
        load(data_files(path))


def test_entities_that_refer_to_entities_do_not_fill_the_memory(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE r [<!ENTITY e0 "aaaaaaaaaa">{entities}]>'
    (tmp_path / "x.rdf").write_text(head + CONTENT["xml"].replace("Łódź", "&e9;"))
    with pytest.raises(DataError, match=r"x\.rdf:\d+:\d+: limit on input amplification"):
        load(data_files(tmp_path))


@pytest.mark.parametrize(
    "content", [b"no gzip", gzip.compress(b"<urn:a> <urn:b> <urn:c> ." * 99)[:-9]], ids=["no gzip", "cut off"]
)
def test_a_damaged_compressed_file_is_an_error(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ttl.gz").write_bytes(content)
    with pytest.raises(solgraph.SolgraphError, match=r"x\.ttl\.gz"):
        load(data_files(tmp_path))


def test_one_source_is_exported_as_one_graph_and_its_merge(small: solgraph.Knowledge) -> None:
    quads = list(parse(small.exported("nq", source="beta"), format=RdfFormat.N_QUADS))
    assert {str(quad.graph_name) for quad in quads} == {"DEFAULT", f"<{GRAPH}beta>"}
    assert len(quads) == 2 * len({quad.triple for quad in quads})


def test_the_command_line_writes_compressed_files(run: Callable[..., Result], tmp_path: Path) -> None:
    for arguments in (
        ("export", "-o", "x.ttl.gz"),
        ("query", "cities", "-o", "x.csv.gz"),
        ("sparql", "DESCRIBE city:dorn", "-o", "x.nq.gz"),
    ):
        path = tmp_path / arguments[-1]
        result = run(*arguments[:-1], str(path), "--data", str(SMALL))
        assert result.exit_code == 0, result.output
        assert "Dorn" in gzip.decompress(path.read_bytes()).decode()
