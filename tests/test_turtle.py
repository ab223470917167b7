"""Turtle, TriG and JSON-LD: the same bytes for the same triples, and the same triples for every reader."""

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from programs import needs
from solgraph.rdf.json_ld import json_ld
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, SG, XSD
from solgraph.rdf.turtle import ordered, trig, turtle

SMALL = Path(__file__).parent / "small"
CITY = PREFIXES["city"]
NAME = PREFIXES["skos"] + "prefLabel"
READERS = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # rdflib's JSON-LD parser warns of itself
quick = settings(database=None, deadline=None, max_examples=60)


def say(subject: str, predicate: str, said: str | Literal | BlankNode) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(said) if isinstance(said, str) else said)


def about(*literals: Literal) -> list[Triple]:
    return [say("urn:s", "urn:p", one) for one in literals]


def typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


def read_turtle(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(text, format=RdfFormat.TURTLE)}


def read_json_ld(text: str) -> set[Triple]:
    return {quad.triple for quad in parse(text, format=RdfFormat.JSON_LD)}


Plain = tuple[str, str, str, str | None, str | None]


def plain(triples: Iterable[Triple]) -> set[Plain]:
    """Triples of pyoxigraph in a form that rdflib's can be held against."""
    found = set()
    for one in triples:
        said = one.object
        literal = isinstance(said, Literal)
        kind = said.datatype.value if literal and not said.language and said.datatype.value != XSD + "string" else None
        language = said.language if literal else None
        found.add((one.subject.value, one.predicate.value, said.value, language, kind))
    return found


def read_by_rdflib(text: str, form: str) -> set[Plain]:
    found = set()
    for subject, predicate, said in rdflib.Graph().parse(data=text, format=form):
        kind = str(said.datatype) if isinstance(said, rdflib.Literal) and said.datatype else None
        language = said.language if isinstance(said, rdflib.Literal) else None
        kind = None if kind == XSD + "string" else kind
        found.add((str(subject), str(predicate), str(said), language, kind))
    return found


@pytest.fixture(scope="module")
def graph() -> list[Triple]:
    """All triples of the small graph."""
    files = sorted(SMALL.rglob("*.ttl"))
    return [quad.triple for file in files for quad in parse(path=str(file), format=RdfFormat.TURTLE)]


# How it looks


def test_turtle_looks_like_this() -> None:
    triples = [
        say(CITY + "dorn", SG + "geonamesId", typed("1004", "integer")),
        say(CITY + "dorn", NAME, Literal("Dorn", language="en")),
        say(CITY + "dorn", PREFIXES["geo"] + "lat", typed("45.5", "decimal")),
        say(CITY + "dorn", RDF_TYPE, SG + "City"),
        say("http://example.org/x", "http://example.org/p", Literal("plain")),
        say(CITY + "dorn", NAME, Literal("Dornheim", language="de")),
    ]
    assert turtle(triples) == (
        "@prefix sg: <https://w3id.org/solgraph/ns#> .\n"
        "@prefix city: <https://w3id.org/solgraph/id/city/> .\n"
        "@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "\n"
        "<http://example.org/x>\n"
        '    <http://example.org/p> "plain" .\n'
        "\n"
        "city:dorn\n"
        "    a sg:City ;\n"
        '    skos:prefLabel "Dorn"@en , "Dornheim"@de ;\n'
        '    geo:lat "45.5"^^xsd:decimal ;\n'
        "    sg:geonamesId 1004 .\n"
    )


def test_trig_looks_like_this() -> None:
    named = [("https://w3id.org/solgraph/graph/alpha", [say(CITY + "dorn", RDF_TYPE, SG + "City")]), ("", [])]
    assert trig(named) == (
        "@prefix sg: <https://w3id.org/solgraph/ns#> .\n"
        "@prefix city: <https://w3id.org/solgraph/id/city/> .\n"
        "@prefix graph: <https://w3id.org/solgraph/graph/> .\n"
        "\n"
        "graph:alpha {\n"
        "    city:dorn\n"
        "        a sg:City .\n"
        "}\n"
        "\n"
        "{\n"
        "}\n"
    )


def test_json_ld_looks_like_this() -> None:
    document = json.loads(
        json_ld([say(CITY + "dorn", RDF_TYPE, SG + "City"), say(CITY + "dorn", NAME, Literal("Dorn", language="en"))])
    )
    assert document == {
        "@context": {
            "@version": 1.1,
            "id": "@id",
            "type": "@type",
            "sg": SG,
            "city": CITY,
            "skos": PREFIXES["skos"],
            "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
            "City": "sg:City",
        },
        "@graph": [{"id": "city:dorn", "type": "City", "prefLabel": {"en": "Dorn"}}],
    }


def test_nothing_is_written_as_nothing() -> None:
    assert read_turtle(turtle([])) == set()
    assert read_json_ld(json_ld([])) == set()
    assert list(parse(trig([]), format=RdfFormat.TRIG)) == []


# Order


def test_types_and_names_come_first() -> None:
    triples = [
        say("urn:s", "http://a/first", Literal("x")),
        say("urn:s", PREFIXES["dcterms"] + "title", Literal("x")),
        say("urn:s", PREFIXES["skos"] + "altLabel", Literal("x")),
        say("urn:s", NAME, Literal("x")),
        say("urn:s", RDF_TYPE, "urn:t"),
    ]
    assert ordered(triples) == list(reversed(triples))


def test_a_triple_that_is_told_twice_is_written_once() -> None:
    triple = say("urn:s", "urn:p", "urn:o")
    assert ordered([triple, triple]) == [triple]


@quick
@given(data=st.data())
def test_shuffled_triples_give_the_same_bytes(data: st.DataObject, graph: list[Triple]) -> None:
    some = graph[::9]
    shuffled = data.draw(st.permutations(some)) + some[:3]
    assert turtle(shuffled) == turtle(some)
    assert json_ld(shuffled) == json_ld(some)
    assert trig([("urn:g", shuffled)]) == trig([("urn:g", some)])


def test_what_is_read_back_is_written_the_same(graph: list[Triple]) -> None:
    assert turtle(read_turtle(turtle(graph))) == turtle(graph)


# Prefixes


def declared(text: str) -> dict[str, str]:
    return dict(re.findall(r"^@prefix ([\w-]*): <(.*)> \.$", text, re.MULTILINE))


def test_only_known_prefixes_are_declared(graph: list[Triple]) -> None:
    assert declared(turtle(graph)).items() <= PREFIXES.items()


def test_every_prefix_in_use_is_declared(graph: list[Triple]) -> None:
    body = turtle(graph).partition("\n\n")[2]
    used = set(re.findall(r"(?<![\w<:/\"-])([a-z][\w-]*):(?=\w)", re.sub(r'"[^"]*"|<[^>]*>', "", body)))
    assert used == set(declared(turtle(graph)))


def test_an_unknown_namespace_is_written_in_full() -> None:
    text = turtle([say("http://example.org/a", "http://example.org/b", "http://example.org/c")])
    assert text == "\n<http://example.org/a>\n    <http://example.org/b> <http://example.org/c> .\n"


def test_a_word_in_a_text_or_iri_does_not_declare_a_prefix() -> None:
    assert declared(turtle([say("city:x", "urn:sg:x", Literal("skos: and xsd:date"))])) == {}


@pytest.mark.parametrize("local", ["a/b", "a.", ".a", "-a", "é", "a%20b", "a,b", "", "a:b", "a'b", "a(b)"])
def test_an_iri_that_no_plain_name_can_hold_is_written_in_full(local: str) -> None:
    text = turtle([say(CITY + local, "urn:p", "urn:o")])
    assert f"<{CITY}{local}>\n" in text
    assert read_turtle(text) == {say(CITY + local, "urn:p", "urn:o")}


@pytest.mark.parametrize("local", ["a", "1", "a.b", "a-b", "1001", "_a", "dreher-2024-2.3"])
def test_an_iri_that_a_plain_name_can_hold_is_shortened(local: str) -> None:
    text = turtle([say(CITY + local, "urn:p", "urn:o")])
    assert f"\ncity:{local}\n" in text
    assert read_turtle(text) == {say(CITY + local, "urn:p", "urn:o")}


# Literals


@pytest.mark.parametrize(
    ("literal", "written"),
    [
        (typed("5", "integer"), "5"),
        (typed("-5", "integer"), "-5"),
        (typed("true", "boolean"), "true"),
        (typed("false", "boolean"), "false"),
        (typed("1.50", "decimal"), '"1.50"^^xsd:decimal'),
        (typed("1e5", "double"), '"1e5"^^xsd:double'),
        (typed("2018", "gYear"), '"2018"^^xsd:gYear'),
        (Literal("x", datatype=NamedNode("urn:t")), '"x"^^<urn:t>'),
        (Literal("x", language="pl"), '"x"@pl'),
        (Literal("5"), '"5"'),
        (Literal("true"), '"true"'),
        (Literal('a"b\\c\nd'), r'"a\"b\\c\nd"'),
        (Literal("^^<http://www.w3.org/2001/XMLSchema#integer>"), '"^^<http://www.w3.org/2001/XMLSchema#integer>"'),
    ],
)
def test_a_literal_is_written_as(literal: Literal, written: str) -> None:
    assert f"<urn:p> {written} .\n" in turtle(about(literal))


@pytest.mark.parametrize("value", ["abc", "--5", "5-", "٣", "²", "1_000", "+5", "", " 5", "1.0", "5\n"])
def test_what_is_no_integer_stays_what_it_was(value: str) -> None:
    triples = about(typed(value, "integer"))
    assert read_turtle(turtle(triples)) == set(triples)


@pytest.mark.parametrize("value", ["1", "0", "TRUE", "yes", "-true", "", "a"])
def test_what_is_not_true_or_false_stays_what_it_was(value: str) -> None:
    triples = about(typed(value, "boolean"))
    assert read_turtle(turtle(triples)) == set(triples)


def test_a_direction_of_text_is_kept() -> None:
    (quad,) = parse('<urn:s> <urn:p> "\u05e9"@he--rtl .', format=RdfFormat.TURTLE)
    assert read_turtle(turtle([quad.triple])) == {quad.triple}


# Any text and any IRI, read by rdflib


def possible(iri: str) -> bool:
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


LOCALS = st.text("abcz019_-.~/?#%:@!$&'()*+,;=éł中", max_size=8)
IRIS = st.builds(
    str.__add__, st.sampled_from([*PREFIXES.values(), "http://example.org/", "urn:x:", "mailto:a"]), LOCALS
).filter(possible)


@quick
@given(st.lists(st.tuples(IRIS, IRIS, IRIS), min_size=1, max_size=4))
def test_any_iri_is_read_by_rdflib_from_turtle(iris: list[tuple[str, str, str]]) -> None:
    triples = [say(*one) for one in iris]
    assert read_by_rdflib(turtle(triples), "turtle") == plain(triples)


RDFLIB_TEXTS = st.text() | st.sampled_from(["\\", '"', '"""', "a\r\nb\tc", "\u2028"])
RDFLIB_LITERALS = st.builds(Literal, RDFLIB_TEXTS) | st.builds(lambda text: Literal(text, language="pl"), RDFLIB_TEXTS)


@quick
@given(st.lists(RDFLIB_LITERALS, min_size=1, max_size=4))
@example([Literal("".join(map(chr, range(1, 0xA0))))])
def test_any_text_is_read_by_rdflib_from_turtle(literals: list[Literal]) -> None:
    assert read_by_rdflib(turtle(about(*literals)), "turtle") == plain(about(*literals))


@READERS
@quick
@given(st.lists(RDFLIB_LITERALS, min_size=1, max_size=4))
@example([Literal("".join(map(chr, range(1, 0xA0))))])
def test_any_text_is_read_by_rdflib_from_json_ld(literals: list[Literal]) -> None:
    assert read_by_rdflib(json_ld(about(*literals)), "json-ld") == plain(about(*literals))


# Every reader finds the same in the small graph


@READERS
def test_rdflib_reads_the_same_from_turtle_and_json_ld(graph: list[Triple]) -> None:
    assert read_by_rdflib(turtle(graph), "turtle") == plain(graph)
    assert read_by_rdflib(json_ld(graph), "json-ld") == plain(graph)


@READERS
def test_rdflib_reads_the_same_graphs_from_trig(graph: list[Triple]) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=trig([("urn:one", graph[:50]), ("urn:two", graph[50:])]), format="trig")
    assert {str(one.identifier): len(one) for one in dataset.graphs() if len(one)} == {
        "urn:one": len(set(graph[:50])),
        "urn:two": len(set(graph[50:])),
    }


def test_rapper_reads_the_same_from_turtle(graph: list[Triple], tmp_path: Path) -> None:
    extra = about(Literal('a"b\\c\nd\r\te\u00a0\U0001f3d9'), typed("5", "integer"), Literal("x", language="zh-hans"))
    path = tmp_path / "small.ttl"
    path.write_text(turtle([*graph, *extra]), encoding="utf-8")
    command = [needs("rapper"), "-q", "-i", "turtle", "-o", "ntriples", str(path)]
    done = subprocess.run(command, check=True, capture_output=True)
    assert done.stderr == b""
    assert {quad.triple for quad in parse(done.stdout, format=RdfFormat.N_TRIPLES)} == {*graph, *extra}
