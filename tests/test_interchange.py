"""Interchange: SIB sparql-examples that its shapes accept."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple
from rdflib.plugins.sparql import prepareQuery

import solgraph
from programs import needs
from solgraph.authoring import interchange
from solgraph.queries.catalogue import catalogue, read
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import PREFIXES, SG, XSD
from solgraph.resources import QUERIES

SAVED = catalogue(QUERIES)
SIB = interchange.sib(SAVED)
SHAPES = Path(__file__).parent / "interchange" / "sib-shapes.ttl"
SH, RDFS = PREFIXES["sh"], PREFIXES["rdfs"]
HOLDS = {"SELECT": SH + "select", "ASK": SH + "ask", "CONSTRUCT": SH + "construct"} | {
    "DESCRIBE": "https://purl.expasy.org/sparql-examples/ontology#describe"
}

# rdflib warns of what pyshacl does.
shacl = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")
each_query = pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)
Make = Callable[..., SavedQuery]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A saved query from its text; the header is a summary unless it is given."""

    def write(text: str, name: str = "some", header: str = "#+ summary: Some things\n") -> SavedQuery:
        path = tmp_path / f"{name}.rq"
        path.write_text(header + text, encoding="utf-8")
        return read(path)

    return write


def triples(text: str) -> list[Triple]:
    return [quad.triple for quad in pyoxigraph.parse(text, format=RdfFormat.TURTLE)]


def objects(text: str, subject: str, predicate: str) -> list[Any]:
    found = [one for one in triples(text) if (one.subject.value, one.predicate.value) == (subject, predicate)]
    return sorted((one.object for one in found), key=str)


def parameter(text: str, query: str, name: str) -> dict[str, str]:
    subject = f"{interchange.QUERY}{query}#parameter-{name}"
    about = [one for one in triples(text) if one.subject == NamedNode(subject)]
    return {one.predicate.value.removeprefix(SH): str(one.object) for one in about}


def test_there_is_one_file_for_each_query_and_one_of_prefixes() -> None:
    assert len(SIB) == len(SAVED) + 1
    assert set(SIB) == {"prefixes.ttl", *(f"{saved.name}.ttl" for saved in SAVED)}


@each_query
def test_a_query_is_held_once_as_it_stands_and_parses(saved: SavedQuery) -> None:
    held = [one for one in triples(SIB[f"{saved.name}.ttl"]) if one.predicate.value in HOLDS.values()]
    assert [(one.subject.value, one.predicate.value) for one in held] == [
        (interchange.QUERY + saved.name, HOLDS[saved.form])
    ]
    assert held[0].object == Literal(saved.path.read_text(encoding="utf-8"))
    if SAVED.index(saved) % 8 == 0:  # rdflib takes a tenth of a second for each; `solgraph check` reads all with it
        prepareQuery(held[0].object.value)
    Store().query(held[0].object.value)


def test_a_second_parser_reads_every_file() -> None:
    for name, text in SIB.items():
        command = [needs("rapper"), "-q", "-c", "-i", "turtle", "-", "https://example.org/"]
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b""), name


def test_the_files_hold_no_blank_node_so_they_say_the_same_together() -> None:
    every = [one for text in SIB.values() for one in triples(text)]
    assert not [one for one in every if isinstance(one.subject, BlankNode) or isinstance(one.object, BlankNode)]
    assert len(every) == len(set(every))


def test_the_same_queries_in_any_order_give_the_same_bytes() -> None:
    assert list(interchange.sib(SAVED[::-1]).items()) == list(SIB.items())


def violations(text: str) -> int:
    import pyshacl
    from rdflib import SH as SHACL
    from rdflib import Graph

    data = Graph().parse(data=text, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return len(list(report.subjects(predicate=SHACL.resultSeverity)))


@shacl
@each_query
def test_the_shapes_of_sib_accept_each_file_by_itself(saved: SavedQuery) -> None:
    text = SIB["prefixes.ttl"] + SIB[f"{saved.name}.ttl"]
    assert violations(text) == 0


@shacl
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rdfs:comment", "rdfs:seeAlso"),
        ('"@en', '"'),
        ("schema:target", "schema:url"),
        ("schema:keywords", "schema:keyword"),
        ("sh:select", 'sh:ask "ASK {}" ;\n    sh:select'),
        ("sh:SPARQLSelectExecutable", "sh:SPARQLSelectExecutables"),
        ("sh:class", "sh:datatype"),
        ("sh:optional", "sh:order"),
    ],
)
def test_the_shapes_refuse_what_sib_refuses(old: str, new: str) -> None:
    text = SIB["networks-of-city.ttl"]
    assert old in text
    assert violations(text.replace(old, new)) > 0


def test_a_parameter_tells_name_type_and_whether_it_is_needed() -> None:
    city = parameter(SIB["networks-of-city.ttl"], "networks-of-city", "city")
    assert city["path"] == f"<{interchange.QUERY}networks-of-city#city>"
    assert (city["name"], city["class"]) == ('"city"', f"<{SG}City>")
    assert city["optional"] == str(Literal(False))
    assert city["description"].endswith('"@en')
    year = parameter(SIB["networks-of-city.ttl"], "networks-of-city", "year")
    assert (year["datatype"], year["optional"]) == (f"<{XSD}integer>", str(Literal(True)))


def test_every_parameter_of_every_query_is_told() -> None:
    told = sum(len(objects(SIB[f"{one.name}.ttl"], interchange.QUERY + one.name, SH + "parameter")) for one in SAVED)
    assert told == sum(len(one.params) for one in SAVED) > 50


@pytest.mark.parametrize(
    ("variable", "told", "default", "expected"),
    [
        ("?_x_integer", "", "2", {"datatype": f"<{XSD}integer>", "defaultValue": f'"2"^^<{XSD}integer>'}),
        ("?_x_number", "", "2.5", {"datatype": f"<{XSD}decimal>", "defaultValue": f'"2.5"^^<{XSD}decimal>'}),
        ("?_x_xsd_date", "", "2018-06-30", {"datatype": f"<{XSD}date>"}),
        ("?_x_pl", "", "miasto", {"defaultValue": '"miasto"@pl'}),
        ("?_x", "", "so", {"datatype": f"<{XSD}string>", "defaultValue": '"so"'}),
        ("?_x_iri", "type: sg:City", "city:milan", {"defaultValue": "<https://w3id.org/solgraph/id/city/milan>"}),
        ("?_x_iri", "scheme: theme", "Housing", {"class": f"<{PREFIXES['skos']}Concept>", "defaultValue": '"Housing"'}),
        ("?_x_iri", "", "city:milan", {"nodeKind": f"<{SH}IRI>", "optional": str(Literal(True))}),
    ],
)
def test_a_default_is_a_term_of_the_type(
    variable: str, told: str, default: str, expected: dict[str, str], make: Make
) -> None:
    header = f"#+ summary: So\n#+ params:\n#+   x: {{{told}}}\n#+ defaults:\n#+   - x: {default}\n"
    text = interchange.sib([make(f"SELECT ?a WHERE {{ ?a ?b {variable} }}\n", header=header)])["some.ttl"]
    assert parameter(text, "some", "x").items() >= expected.items()


def test_titles_are_in_every_language_of_the_header(make: Make) -> None:
    header = '#+ summary: Two\n#+ languages:\n#+   pl: {summary: Dwa}\n#+   it: {summary: "Due?", description: Una.}\n'
    text = interchange.sib([make("ASK {}", header=header)])["some.ttl"]
    labels = objects(text, interchange.QUERY + "some", RDFS + "label")
    comments = objects(text, interchange.QUERY + "some", RDFS + "comment")
    assert list(map(str, labels)) == ['"Due?"@it', '"Dwa"@pl', '"Two"@en']
    assert list(map(str, comments)) == ['"Due? Una."@it', '"Dwa."@pl', '"Two."@en']


def test_a_language_that_is_none_is_refused(make: Make) -> None:
    with pytest.raises(solgraph.DataError, match=r"some\.rq:3: 'pl_PL' is not a language tag"):
        make("ASK {}", header="#+ summary: So\n#+ languages:\n#+   pl_PL: {summary: Tak}\n")


@pytest.mark.parametrize(
    "body",
    [
        r'"\\d+\"" ',
        '"""long "text" here"""',
        "'''it's'''",
        '""""quoted" """',
        '"a" # ends with "',
        '"Łódź 🏙"',
        '""',
        r'"\u0141"',
    ],
)
def test_a_text_comes_back_as_it_was_whatever_its_quotes(body: str, make: Make) -> None:
    saved = make(f"SELECT ?a WHERE {{ ?a ?b ?c }} # {body}")
    text = interchange.sib([saved])["some.ttl"]
    assert objects(text, interchange.QUERY + "some", SH + "select") == [Literal(saved.text)]


def test_prefixes_are_told_once_and_also_those_that_a_query_only_uses(make: Make) -> None:
    declared, using = make("PREFIX x: <urn:x#> ASK { ?a a x:B }"), make("ASK { ?a a sg:City }", "other")
    text = interchange.sib([declared, using])["prefixes.ttl"]
    listed = objects(text, interchange.PREFIX_SET, SH + "declare")
    assert [one.value.removeprefix(interchange.PREFIX_SET) for one in listed] == ["#sg", "#x"]
    assert objects(text, interchange.PREFIX_SET + "#x", SH + "namespace") == [
        Literal("urn:x#", datatype=NamedNode(XSD + "anyURI"))
    ]
    of_shipped = {prefix for saved in SAVED for prefix in sparql.declared(saved.text)}
    assert len(objects(SIB["prefixes.ttl"], interchange.PREFIX_SET, SH + "declare")) == len(of_shipped)


def test_a_query_called_like_the_file_of_prefixes_is_refused(make: Make) -> None:
    with pytest.raises(solgraph.WrongUse, match=r"prefixes\.ttl"):
        interchange.sib([make("ASK {}", "prefixes")])


def test_a_name_with_spaces_makes_an_iri(make: Make) -> None:
    assert objects(interchange.sib([make("ASK {}", "a b")])["a b.ttl"], interchange.QUERY + "a%20b", SH + "ask")
