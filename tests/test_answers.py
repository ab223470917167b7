"""Answers of the four query forms, and every format in which they are written."""

import csv
import io
import json
import re
import subprocess
import sys
import unicodedata
from datetime import date
from decimal import Decimal
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

import solgraph
from solgraph import Answer, Knowledge, MissingExtra, WrongUse
from solgraph.formats.media import RDF, ROWS, choose
from solgraph.formats.rows import Table
from solgraph.formats.text_table import text_table
from solgraph.graph.evidence import passages
from solgraph.rdf.atomic_files import plain_cell
from solgraph.rdf.namespaces import XSD, shorten
from solgraph.rdf.terms import Term

SMALL = Path(__file__).parent / "small"
CITY = "https://w3id.org/solgraph/id/city/"
CITIES = "SELECT ?city ?id ?lat { ?city sg:geonamesId ?id ; geo:lat ?lat } ORDER BY ?id"
NETWORKS = (
    "SELECT ?city ?network ?role { ?m org:member ?city ; org:organization ?network ; org:role ?role . ?city a sg:City }"
)
NOTHING = "SELECT ?city ?mayor { ?city a sg:Nothing ; sg:nothing ?mayor }"
PARSERS = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}


@pytest.fixture
def cities(small: solgraph.Knowledge) -> Answer:
    return small.sparql(CITIES)


@pytest.fixture
def nothing(small: solgraph.Knowledge) -> Answer:
    return small.sparql(NOTHING)


@pytest.fixture
def yes(small: solgraph.Knowledge) -> Answer:
    return small.sparql("ASK { ?city a sg:City }")


@pytest.fixture
def no(small: solgraph.Knowledge) -> Answer:
    return small.sparql("ASK { ?city a sg:Nothing }")


@pytest.fixture
def built(small: solgraph.Knowledge) -> Answer:
    return small.sparql(
        "CONSTRUCT { ?city a sg:City ; skos:prefLabel ?name } WHERE { ?city a sg:City ; skos:prefLabel ?name }"
    )


def typed(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


def answer(*rows: tuple[Term | None, ...], columns: str = "v w x", several: str = "") -> Answer:
    """An answer of given terms."""
    one = Answer("SELECT", columns.split()[: len(rows[0]) if rows else None], rows)
    one.several = tuple(several.split())
    return one


def cells(text: str) -> int:
    """The width of a text on a terminal."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def parsed_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


# The four forms


def test_a_select_answers_with_rows(cities: Answer) -> None:
    assert (cities.form, cities.columns, len(cities), cities.boolean) == ("SELECT", ("city", "id", "lat"), 4, None)
    assert not cities.holds_triples


def test_an_ask_answers_with_yes_or_no(yes: Answer, no: Answer) -> None:
    assert (yes.form, yes.boolean, no.boolean) == ("ASK", True, False)
    assert (bool(yes), bool(no)) == (True, False)


def test_a_construct_answers_with_triples(built: Answer) -> None:
    assert (built.form, built.holds_triples, len(built)) == ("CONSTRUCT", True, 4 + 7)
    assert set(built.triples) == {Triple(*row) for row in built.terms}


def test_a_describe_answers_with_triples(small: solgraph.Knowledge) -> None:
    described = small.sparql("DESCRIBE city:dorn")
    assert (described.form, described.holds_triples) == ("DESCRIBE", True)
    assert {str(row.predicate).rpartition("#")[2] for row in described} >= {"prefLabel", "locatedIn", "geonamesId"}


def test_an_answer_is_true_when_it_has_rows(cities: Answer, nothing: Answer) -> None:
    assert (bool(cities), bool(nothing)) == (True, False)


# Rows


def test_rows_are_named_and_typed(cities: Answer) -> None:
    first = next(iter(cities))
    assert (first.city, first.id, first.lat) == (f"{CITY}ardea", 1001, Decimal("44.5"))
    assert (type(first.city), type(first.id), type(first.lat)) == (solgraph.IRI, int, Decimal)


def test_a_row_is_got_by_number(cities: Answer) -> None:
    assert (cities[0].id, cities[-1].id) == (1001, 1004)


def test_a_text_keeps_its_language(small: solgraph.Knowledge) -> None:
    name = small.sparql("SELECT ?name { city:ardea skos:prefLabel ?name FILTER(LANG(?name) = 'pl') }")[0].name
    assert (name, name.language) == ("Ardeja", "pl")


def test_what_is_not_bound_is_none(small: solgraph.Knowledge) -> None:
    assert small.sparql("SELECT ?v ?w { BIND(1 AS ?w) }").to_dicts() == [{"v": None, "w": 1}]


def test_dates_and_years_are_typed(small: solgraph.Knowledge) -> None:
    values = 'VALUES (?day ?year ?month) { ("2018-06-30"^^xsd:date "2018"^^xsd:gYear "2018-06"^^xsd:gYearMonth) }'
    assert tuple(small.sparql(f"SELECT ?day ?year ?month {{ {values} }}")[0]) == (date(2018, 6, 30), 2018, "2018-06")


def test_triples_are_rows_of_subject_predicate_and_object(built: Answer) -> None:
    assert built.columns == ("subject", "predicate", "object")
    assert {row.subject for row in built} == {CITY + name for name in ("ardea", "belmonte", "cadria", "dorn")}


def test_an_empty_answer_keeps_its_columns(nothing: Answer) -> None:
    assert (nothing.columns, len(nothing), list(nothing), nothing.to_dicts()) == (("city", "mayor"), 0, [], [])


def test_a_column_may_be_called_like_a_word_of_python(small: solgraph.Knowledge) -> None:
    found = small.sparql("SELECT ?class ?def { city:dorn a ?class BIND(1 AS ?def) }")
    assert found.to_dicts()[0]["def"] == 1
    assert found.columns == ("class", "def")


def test_dictionaries_hold_python_values(cities: Answer) -> None:
    assert cities.to_dicts()[3] == {"city": f"{CITY}dorn", "id": 1004, "lat": Decimal("45.5")}


def test_all_iris_of_an_answer_are_known(cities: Answer) -> None:
    assert cities.iris() == {CITY + name for name in ("ardea", "belmonte", "cadria", "dorn")}


# Labels


def test_a_label_is_told_in_english_by_default(cities: Answer) -> None:
    assert cities.label(f"{CITY}ardea") == "Ardea"


def test_labels_follow_the_chain_of_languages() -> None:
    found = solgraph.open(SMALL, lang="fr,ca").sparql(CITIES)
    assert [found.label(row.city) for row in found] == ["Ardée", "Bèlmont", "Cádria", "Dorn"]


def test_an_iri_without_label_is_shortened(cities: Answer) -> None:
    assert cities.label(f"{CITY}unknown") == "city:unknown"
    assert cities.label("urn:x") == "urn:x"


# Python's own forms


def test_an_answer_shows_itself_as_a_table(cities: Answer) -> None:
    assert repr(cities) == cities.text("table")


def test_a_data_frame_has_typed_columns(cities: Answer) -> None:
    frame = cities.to_pandas()
    assert list(frame.columns) == ["city", "id", "lat"]
    assert frame["id"].dtype == "Int64"
    assert frame["city"].tolist() == [CITY + name for name in ("ardea", "belmonte", "cadria", "dorn")]


def test_an_empty_data_frame_keeps_its_columns(nothing: Answer) -> None:
    assert (list(nothing.to_pandas().columns), len(nothing.to_pandas())) == (["city", "mayor"], 0)


def test_triples_make_a_data_frame_too(built: Answer) -> None:
    assert built.to_pandas().shape == (11, 3)


def test_missing_pandas_names_the_extra(cities: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match=r"needs the extra 'pandas'\.\nInstall it: pip install 'solgraph\[pandas\]'"):
        cities.to_pandas()


def test_pandas_is_not_imported_until_it_is_needed() -> None:
    code = "import sys, solgraph; assert not {'pandas', 'rdflib', 'networkx'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_notebook_shows_rows_as_a_table(cities: Answer) -> None:
    shown = cities._repr_html_()
    assert cities.text("html") in shown and "<script" not in shown and "rows:" not in shown


def test_the_sources_of_a_row_open_with_a_click(small: Knowledge) -> None:
    answer = small.query("mayors", city="Ardea")
    shown = answer._repr_html_()
    assert shown.count("<details>") == len([row for row in answer if row.source]) > 0
    iri = answer[0].source[0]
    passage = passages(small.snapshot, [iri], ["en"])[iri]
    assert passage.section and str(passage).startswith(str(passage.item["title"]))
    assert f"<summary>{escape(answer.label(iri))}" in shown and escape(str(passage)) in shown
    assert escape(f'kg.cite("{shorten(iri)}")') in shown
    assert "<details>" not in answer.text("html")


def test_a_notebook_keeps_no_more_rows_than_one_reads() -> None:
    answer = Answer("SELECT", ["n"], [(Literal(number),) for number in range(301)])
    shown = answer._repr_html_()
    assert shown.count("<tr>") == 301 and "300 of 301 rows" in shown


def test_what_the_data_say_is_no_html() -> None:
    answer = Answer("SELECT", ["<b>"], [(Literal("<script>"),), (NamedNode("javascript:alert(1)"),)])
    shown = answer._repr_html_()
    assert "<script" not in shown and "<b>" not in shown and "href" not in shown


def test_a_notebook_shows_yes_or_no(yes: Answer) -> None:
    assert yes._repr_html_() == "<pre>yes\n</pre>"


def test_a_notebook_shows_triples_as_turtle(built: Answer) -> None:
    shown = built._repr_html_()
    assert shown.startswith("<pre>@prefix sg: &lt;https:")
    assert "<http" not in shown


# Which format


def test_rows_have_seven_forms_and_triples_six() -> None:
    assert [form.name for form in ROWS] == ["table", "csv", "tsv", "json", "xml", "md", "html"]
    assert [form.name for form in RDF] == ["turtle", "jsonld", "nt", "trig", "nq", "xml"]


@pytest.mark.parametrize("asked", [name for form in ROWS for name in form.names])
def test_every_format_writes_rows_and_no_rows(asked: str, cities: Answer, nothing: Answer) -> None:
    assert "Ardea" in cities.text(asked) or f"{CITY}ardea" in cities.text(asked)
    assert "mayor" in nothing.text(asked)


@pytest.mark.parametrize("asked", [name for form in RDF for name in form.names])
def test_every_format_writes_triples(asked: str, built: Answer) -> None:
    assert "Ardeja" in built.text(asked)


@pytest.mark.parametrize("asked", ["CSV", "Csv", "csv"])
def test_a_format_is_asked_for_in_any_case(asked: str, cities: Answer) -> None:
    assert cities.text(asked) == cities.text("csv")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("jsn", "The answer to a SELECT cannot be written as 'jsn'.\nDid you mean 'json'?"),
        (
            "pdf",
            "The answer to a SELECT cannot be written as 'pdf'.\nFormats for it: table, csv, tsv, json, xml, md, html",
        ),
        ("turtle", "The answer to a SELECT cannot be written as 'turtle'.\n"),
    ],
)
def test_an_unknown_format_is_refused(asked: str, message: str, cities: Answer) -> None:
    with pytest.raises(WrongUse) as caught:
        cities.text(asked)
    assert str(caught.value).startswith(message)


def test_a_format_of_rows_is_refused_for_triples(built: Answer) -> None:
    with pytest.raises(WrongUse, match=r"The answer to a CONSTRUCT cannot be written as 'csv'\."):
        built.text("csv")


def test_a_name_wins_over_an_ending(cities: Answer) -> None:
    assert cities.text("csv", path=Path("x.json")) == cities.text("csv")


def test_the_first_format_is_chosen_when_nothing_is_asked() -> None:
    assert choose(ROWS, None, None, what="It").name == "table"


# Writing to a file


@pytest.mark.parametrize(
    ("ending", "name"),
    [
        ("csv", "csv"),
        ("CSV", "csv"),
        ("tsv", "tsv"),
        ("json", "json"),
        ("srj", "json"),
        ("xml", "xml"),
        ("srx", "xml"),
        ("md", "md"),
        ("markdown", "md"),
        ("html", "html"),
        ("txt", "table"),
    ],
)
def test_the_ending_tells_the_format_of_rows(ending: str, name: str, cities: Answer, tmp_path: Path) -> None:
    cities.write(tmp_path / f"answer.{ending}")
    assert (tmp_path / f"answer.{ending}").read_bytes() == cities.text(name).encode()


@pytest.mark.parametrize(
    ("ending", "name"), [("ttl", "turtle"), ("nt", "nt"), ("jsonld", "jsonld"), ("rdf", "xml"), ("xml", "xml")]
)
def test_the_ending_tells_the_format_of_triples(ending: str, name: str, built: Answer, tmp_path: Path) -> None:
    built.write(str(tmp_path / f"answer.{ending}"))
    assert (tmp_path / f"answer.{ending}").read_bytes() == built.text(name).encode()


def test_a_named_format_needs_no_ending(cities: Answer, tmp_path: Path) -> None:
    cities.write(tmp_path / "answer", "csv")
    assert (tmp_path / "answer").read_bytes() == cities.text("csv").encode()


def test_no_ending_is_refused(cities: Answer, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"answer has no ending that gives the format\.\nWrite to a name such as answer"):
        cities.write(tmp_path / "answer")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["pdf", "ttl", "docx"])
def test_an_ending_that_tells_no_format_of_rows_is_refused(ending: str, cities: Answer, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=ending):
        cities.write(tmp_path / f"answer.{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "md"])
def test_an_ending_that_tells_no_format_of_triples_is_refused(ending: str, built: Answer, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=ending):
        built.write(tmp_path / f"answer.{ending}")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_as_target_is_refused(cities: Answer, tmp_path: Path) -> None:
    (tmp_path / "answer.csv").mkdir()
    with pytest.raises(WrongUse, match=r"answer\.csv is a folder"):
        cities.write(tmp_path / "answer.csv")


def test_a_refused_format_leaves_the_file_as_it_was(cities: Answer, tmp_path: Path) -> None:
    (tmp_path / "answer.csv").write_text("old")
    with pytest.raises(WrongUse):
        cities.write(tmp_path / "answer.csv", "pdf")
    assert (tmp_path / "answer.csv").read_text() == "old"


# Yes or no


@pytest.mark.parametrize(
    ("name", "word"), [(None, "yes\n"), ("table", "yes\n"), ("md", "yes\n"), ("csv", "true\n"), ("tsv", "true\n")]
)
def test_yes_is_written_as(name: str | None, word: str, yes: Answer) -> None:
    assert yes.text(name) == word


def test_no_is_no(no: Answer) -> None:
    assert (no.text(), no.text("csv")) == ("no\n", "false\n")


@pytest.mark.parametrize("name", ["json", "xml"])
def test_yes_and_no_are_read_back(name: str, yes: Answer, no: Answer) -> None:
    assert bool(parse_query_results(yes.text(name), PARSERS[name])) is True
    assert bool(parse_query_results(no.text(name), PARSERS[name])) is False


def test_yes_in_an_unknown_format_is_refused(yes: Answer) -> None:
    with pytest.raises(WrongUse, match=r"Yes or no cannot be written as 'pdf'"):
        yes.text("pdf")


# JSON, XML and TSV: read back as the same terms

TERMS = [
    NamedNode("http://example.org/é?a=b&c=<d>".replace("<d>", "d")),
    Literal("plain"),
    Literal(""),
    Literal(" white  space\n\tand\r\nlines "),
    Literal("quotes \" and ' and \\ and <tags> & ]]>"),
    Literal("Łódź 東京 \U0001f3d9", language="pl"),
    typed("5", "integer"),
    typed("1.50", "decimal"),
    typed("2018", "gYear"),
    typed("2018-06-30", "date"),
    typed("true", "boolean"),
    typed("not a number", "integer"),
    Literal("x", datatype=NamedNode("http://example.org/type")),
    None,
]


def read_back(text: str, name: str) -> list[tuple[Term | None, ...]]:
    solutions = parse_query_results(text, PARSERS[name])
    assert isinstance(solutions, QuerySolutions)
    return [tuple(one) for one in solutions]


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("term", TERMS, ids=lambda term: ascii(str(term))[1:30])
def test_a_term_is_read_back_as_it_was(term: Term | None, name: str) -> None:
    assert read_back(answer((term, Literal("next"))).text(name), name) == [(term, Literal("next"))]


@pytest.mark.parametrize("name", PARSERS)
def test_a_blank_node_is_read_back_as_one(name: str) -> None:
    ((one, two, three),) = read_back(answer((BlankNode("a"), BlankNode("a"), BlankNode("b"))).text(name), name)
    assert isinstance(one, BlankNode)
    assert one == two != three


@pytest.mark.parametrize("name", ["json", "xml"])
def test_a_triple_as_a_value_is_read_back(name: str) -> None:
    triple = Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o"))
    assert read_back(answer((triple,)).text(name), name) == [(triple,)]


@given(st.text(), st.sampled_from(["json", "tsv"]))
def test_any_text_is_read_back_as_it_was(text: str, name: str) -> None:
    assert read_back(answer((Literal(text), Literal(text, language="en"))).text(name), name) == [
        (Literal(text), Literal(text, language="en"))
    ]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_any_text_without_control_characters_is_read_back_from_xml(text: str) -> None:
    assert read_back(answer((Literal(text),)).text("xml"), "xml") == [(Literal(text),)]


@pytest.mark.parametrize("name", PARSERS)
def test_columns_are_kept_without_rows(name: str, nothing: Answer) -> None:
    solutions = parse_query_results(nothing.text(name), PARSERS[name])
    assert isinstance(solutions, QuerySolutions)
    assert [variable.value for variable in solutions.variables] == ["city", "mayor"]


def test_json_is_what_w3c_describes(cities: Answer) -> None:
    document = json.loads(cities.text("json"))
    assert document["head"] == {"vars": ["city", "id", "lat"]}
    assert document["results"]["bindings"][0] == {
        "city": {"type": "uri", "value": f"{CITY}ardea"},
        "id": {"type": "literal", "value": "1001", "datatype": XSD + "integer"},
        "lat": {"type": "literal", "value": "44.5", "datatype": XSD + "decimal"},
    }


@pytest.mark.parametrize("name", [form.name for form in ROWS])
def test_every_format_of_rows_ends_with_one_line_end(name: str, cities: Answer) -> None:
    assert re.search(r"[^\n]\n\Z", cities.text(name).replace("\r\n", "\n"))


# CSV


def test_csv_has_a_column_of_labels_for_each_column_of_iris(cities: Answer) -> None:
    rows = parsed_csv(cities.text("csv"))
    assert rows[0] == ["city", "city_label", "id", "lat"]
    assert rows[1] == [f"{CITY}ardea", "Ardea", "1001", "44.5"]
    assert len(rows) == 5


def test_csv_without_rows_has_its_columns(nothing: Answer) -> None:
    assert parsed_csv(nothing.text("csv")) == [["city", "mayor"]]


def test_csv_lines_end_as_the_standard_asks(cities: Answer) -> None:
    assert cities.text("csv").count("\r\n") == 5


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_holds_nothing_that_a_spreadsheet_would_run(text: str) -> None:
    answer = Answer("SELECT", ("x",), [(Literal(text),)])
    assert parsed_csv(answer.text("csv"))[1] == [f"'{text}"]


def test_csv_leaves_negative_numbers_as_they_are() -> None:
    assert parsed_csv(Answer("SELECT", ("x",), [(Literal(-3.5),)]).text("csv"))[1] == ["-3.5"]


def test_csv_leaves_empty_what_has_no_value() -> None:
    assert parsed_csv(answer((None, Literal("a"))).text("csv"))[1] == ["", "a"]


def test_csv_marks_a_blank_node() -> None:
    assert parsed_csv(answer((BlankNode("b1"), Literal("a"))).text("csv"))[1] == ["_:b1", "a"]


def test_a_column_of_iris_and_texts_keeps_both_in_csv() -> None:
    rows = parsed_csv(answer((NamedNode("urn:x"),), (Literal("a"),)).text("csv"))
    assert rows == [["v", "v_label"], ["urn:x", "urn:x"], ["a", "a"]]


def test_csv_survives_being_written_to_a_file(tmp_path: Path) -> None:
    text = "a,b;c\t\"d\"\nline\r\n'e' Łódź"
    answer((Literal(text),)).write(tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["v"], [text]]


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_any_text_survives_csv(rows: list[tuple[str, str]]) -> None:
    written = answer(*((Literal(a), Literal(b)) for a, b in rows)).text("csv")
    assert [[plain_cell(cell) for cell in row] for row in parsed_csv(written)[1:]] == [list(row) for row in rows]


# Several values gathered in one row

KINDS = [
    (NamedNode("urn:a"), Literal("plan"), Literal("p. 1")),
    (NamedNode("urn:a"), Literal("hub"), Literal("p. 1")),
    (NamedNode("urn:b"), Literal("hub"), None),
    (NamedNode("urn:a"), Literal("hub"), Literal("p. 2")),
]


def test_rows_that_differ_only_in_gathered_columns_become_one() -> None:
    table = answer(*KINDS, columns="thing kind source", several="kind source").text("table").splitlines()
    assert [re.split(r"\s{2,}", line) for line in table[2:4]] == [
        ["urn:a", "plan; hub", "p. 1; p. 2"],
        ["urn:b", "hub"],
    ]
    assert table[-1] == "2 rows"


@pytest.mark.parametrize("name", ["table", "md", "html"])
def test_readable_formats_gather(name: str) -> None:
    assert "plan; hub" in answer(*KINDS, columns="thing kind source", several="kind source").text(name)


@pytest.mark.parametrize("name", ["json", "tsv", "xml"])
def test_the_result_formats_of_sparql_keep_every_row(name: str) -> None:
    gathered = answer(*KINDS, columns="thing kind source", several="kind source")
    assert gathered.text(name) == answer(*KINDS, columns="thing kind source").text(name)
    assert gathered.text(name).count("hub") == 3


def test_a_row_is_a_thing_in_python_csv_and_print_alike(small: solgraph.Knowledge) -> None:
    found = small.query("networks-of-city", city="Belmonte")
    assert (len(found), found.text().splitlines()[-3]) == (2, "2 rows")
    assert len(found.to_dicts()) == len(found.to_pandas()) == len(parsed_csv(found.text("csv"))) - 1 == 2
    sources = {tuple(source.rpartition("/")[2] for source in row.source) for row in found}
    assert sources == {("gamma-1",), ("alpha-1", "alpha-2")} and "Alpha, 1; Alpha, 2" in found.text() + found.text(
        "csv"
    )
    flat = small.query("networks-of-city", city="Belmonte", gathered=False)
    assert len(flat) == len(parsed_csv(flat.text("csv"))) - 1 == 5 and isinstance(flat[0].source, solgraph.IRI)


def test_a_slice_of_an_answer_is_an_answer(small: solgraph.Knowledge) -> None:
    found = small.query("networks-of-city", city="Belmonte")
    part = found[1:2]
    assert (list(part), part.labels, part.notes) == ([found[1]], found.labels, found.notes)
    assert len(found) == 2, "the whole stays as it is"


@pytest.mark.parametrize("name", ["table", "md", "html"])
def test_equal_rows_stay_separate_when_nothing_is_gathered(name: str) -> None:
    assert answer((Literal("twin"),), (Literal("twin"),)).text(name).count("twin") == 2


# Tables for the eye


def test_a_table_looks_like_this(cities: Answer) -> None:
    assert cities.text("table") == (
        "city        id   lat\n"
        "────────  ────  ────\n"
        "Ardea     1001  44.5\n"
        "Belmonte  1002  39.5\n"
        "Cádria    1003  36.5\n"
        "Dorn      1004  45.5\n"
        "\n"
        "4 rows\n"
    )


@pytest.mark.parametrize(("rows", "told"), [(0, "no rows"), (1, "1 row"), (2, "2 rows")])
def test_a_table_counts_its_rows(rows: int, told: str) -> None:
    text = answer(*((Literal(str(n)),) for n in range(rows)), columns="v").text("table")
    assert text.splitlines()[-1] == told


def test_a_table_without_rows_shows_its_columns(nothing: Answer) -> None:
    assert nothing.text("table") == "city  mayor\n────  ─────\n\nno rows\n"


def test_numbers_stand_to_the_right_and_texts_to_the_left() -> None:
    lines = (
        answer((typed("5", "integer"), Literal("5")), (typed("-123", "integer"), Literal("123"))).text().splitlines()
    )
    assert lines[2:4] == ["   5  5", "-123  123"]


def test_a_column_of_numbers_may_have_gaps() -> None:
    lines = answer(
        (typed("5", "integer"), Literal("a")), (None, Literal("b")), (typed("10", "gYear"), Literal("c"))
    ).text()
    assert lines.splitlines()[2:5] == [" 5  a", "    b", "10  c"]


def test_a_column_of_numbers_and_texts_stands_to_the_left() -> None:
    lines = answer((typed("5", "integer"), Literal("a")), (Literal("many"), Literal("b"))).text().splitlines()
    assert lines[2:4] == ["5     a", "many  b"]


def test_line_ends_and_tabs_do_not_break_a_table() -> None:
    assert answer((Literal("a\nb\t\r\nc  d"),)).text().splitlines()[2] == "a b c d"


LONG = "A house in which newcomers and neighbours meet, eat, learn and argue about what comes next"


@pytest.mark.parametrize("width", [30, 40, 60, 80])
@pytest.mark.parametrize(
    "text", [LONG, "x" * 90, "東京都渋谷区" * 12, "é" * 90, "e\u0301" * 90], ids=["words", "word", "wide", "é", "e + ´"]
)
def test_a_table_fits_a_width(text: str, width: int) -> None:
    lines = answer((Literal("short"), Literal(text), Literal(LONG))).text(width=width).splitlines()
    assert max(map(cells, lines)) <= width


def test_a_long_text_is_wrapped_and_not_cut() -> None:
    text = answer((Literal(LONG),)).text(width=30)
    assert " ".join(text.splitlines()[2:-2]).split() == LONG.split()


def test_a_wrapped_word_is_not_cut_either() -> None:
    assert "".join(answer((Literal("東京都渋谷区" * 12),)).text(width=30).splitlines()[2:-2]) == "東京都渋谷区" * 12


def test_a_table_without_width_is_not_wrapped() -> None:
    assert LONG in answer((Literal(LONG),)).text()


def test_columns_stay_aligned_beside_wide_and_combined_characters() -> None:
    rows = [(Literal(text), Literal("|")) for text in ("東京", "Łódź", "Ca\u0301diz", "plain")]
    lines = answer(*rows).text().splitlines()[2:6]
    assert {cells(line.partition("|")[0]) for line in lines} == {7}


def test_very_many_columns_are_shown_even_if_they_do_not_fit() -> None:
    wide = Answer("SELECT", [f"c{n}" for n in range(20)], [[Literal("some text here")] * 20])
    assert wide.text(width=40).count("some text here") == 20


def test_where_columns_do_not_fit_each_row_is_a_block_without_its_empty_cells() -> None:
    rows = [[Literal(f"some text {row}"), None, *[Literal(LONG)] * 8] for row in (1, 2)]
    rows[1][1] = Literal("only here")
    text = Answer("SELECT", [f"c{n}" for n in range(10)], rows).text(width=60)
    first, second, count = text.split("\n\n")
    assert max(map(len, text.splitlines())) <= 60
    assert first.splitlines()[0] == "c0  some text 1"
    assert "c1" not in first and "c1  only here" in second
    assert " ".join(first.split()).count(" ".join(LONG.split())) == 8
    assert count == "2 rows\n"


# Markdown


def pieces(line: str) -> list[str]:
    """The cells of a line of a Markdown table."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_a_markdown_table_looks_like_this(small: solgraph.Knowledge) -> None:
    assert small.sparql("SELECT ?city ?id { ?city sg:geonamesId ?id FILTER(?id = 1001) }").text("md") == (
        f"| city | id |\n| --- | --- |\n| [Ardea]({CITY}ardea) | 1001 |\n"
    )


@pytest.mark.parametrize("text", ["a|b", "|", "||", "a | b"])
def test_pipes_are_escaped_in_markdown(text: str) -> None:
    lines = answer((Literal(text), Literal("next"))).text("md").splitlines()
    assert pieces(lines[2]) == [text.replace("|", r"\|").strip(), "next"]


def test_a_backslash_before_a_pipe_is_escaped_in_markdown() -> None:
    line = answer((Literal("a\\|b"), Literal("next"))).text("md").splitlines()[2]
    assert line == r"| a\\\|b | next |"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_line_ends_do_not_break_a_markdown_table(end: str) -> None:
    text = answer((Literal(f"a{end}b"), Literal("next"))).text("md")
    assert [len(pieces(line)) for line in text.splitlines()] == [2, 2, 2]


def test_no_value_is_an_empty_cell_in_markdown() -> None:
    assert pieces(answer((None, Literal("a"))).text("md").splitlines()[2]) == ["", "a"]


# HTML


class Seen(HTMLParser):
    """The tags and the texts that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_an_html_table_has_a_head_rows_and_links(cities: Answer) -> None:
    seen = Seen(cities.text("html"))
    assert (seen.tags.count("th"), seen.tags.count("tr"), seen.tags.count("td")) == (3, 5, 12)
    assert seen.links[0] == f"{CITY}ardea"
    assert {"city", "Ardea", "1001"} <= set(seen.texts)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</td></table>", 'a & b "c"', "&lt;", "<!--"])
def test_a_text_is_escaped_in_html(text: str) -> None:
    seen = Seen(answer((Literal(text),)).text("html"))
    assert seen.tags == ["table", "thead", "tr", "th", "tbody", "tr", "td"]
    assert text in "".join(seen.texts)


def test_a_label_is_escaped_in_html() -> None:
    labelled = answer((NamedNode("http://x/"),))
    labelled.labels = {"http://x/": "<b>&"}
    assert '<a href="http://x/">&lt;b&gt;&amp;</a>' in labelled.text("html")


def test_an_iri_is_escaped_in_html() -> None:
    assert Seen(answer((NamedNode("http://x/?a=1&lt=2'"),)).text("html")).links == ["http://x/?a=1&lt=2'"]


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "JavaScript:alert(1)"])
@pytest.mark.parametrize("name", ["html", "md"])
def test_an_iri_that_would_run_is_no_link(iri: str, name: str) -> None:
    text = answer((NamedNode(iri),)).text(name)
    assert iri in text
    assert "href" not in text
    assert f"]({iri})" not in text


# Formats of triples


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("xml", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
    ],
)
def test_triples_are_read_back_by_pyoxigraph(name: str, form: RdfFormat, built: Answer) -> None:
    assert {quad.triple for quad in parse(built.text(name), format=form)} == set(built.triples)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize(("name", "form"), [("turtle", "turtle"), ("nt", "nt"), ("xml", "xml"), ("jsonld", "json-ld")])
def test_triples_are_read_back_by_rdflib(name: str, form: str, built: Answer) -> None:
    graph = rdflib.Graph().parse(data=built.text(name), format=form)
    assert {(str(s), str(p), str(o)) for s, p, o in graph} == {tuple(map(str, row)) for row in built}


@pytest.mark.parametrize("name", [form.name for form in RDF])
def test_triples_are_written_the_same_in_any_order(name: str, built: Answer) -> None:
    turned = Answer.of_triples("CONSTRUCT", [*reversed(built.triples), built.triples[0]])
    assert turned.text(name) == built.text(name)


@pytest.mark.parametrize("name", [form.name for form in RDF])
def test_no_triples_are_written_too(name: str) -> None:
    assert isinstance(Answer.of_triples("CONSTRUCT", []).text(name), str)


def test_a_table_shows_any_term() -> None:
    shown: list[Any] = [Table((), (), {}).shown(term) for term in (None, Literal("a", language="en"), BlankNode("b"))]
    assert shown == ["", "a", "_:b"]


def test_a_table_that_fits_breaks_lines_between_words_and_narrows_short_columns_first() -> None:
    sources = ["KommunalWiki (Heinrich-Böll-Stiftung): Städtebündnis Sicherer Häfen", "Landeshauptstadt Potsdam"]
    rows = [[Literal("Cities of Safe Harbour Alliance"), Literal("2019"), Literal(text)] for text in sources]
    text = text_table(Table(("network", "not_before", "source"), rows, {}, width=44))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 44
    assert lines[0].split() == ["network", "not_", "source"] and lines[1].split() == ["before"]
    for whole in ("KommunalWiki", "(Heinrich-Böll-", "Stiftung):", "Landeshauptstadt", "Alliance"):
        assert re.search(rf"(^| ){re.escape(whole)}( |$)", text, re.MULTILINE), whole
