"""Saved queries: their headers, their typed parameters, and values that stay values."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

import solgraph
from solgraph.engines.local import Local
from solgraph.errors import DataError, ParameterError, QueryError, SolgraphError, WrongUse
from solgraph.graph.names import LabelIndex
from solgraph.queries.catalogue import catalogue, find, read
from solgraph.queries.parameters import Finder, Verbatim
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.sparql_tokens import tokens

XSD = "http://www.w3.org/2001/XMLSchema#"
ARDEA, BELMONTE = (f"https://w3id.org/solgraph/id/city/{name}" for name in ("ardea", "belmonte"))
HOSTILE = [
    "> . } LIMIT 1 #",
    '"@it } UNION { ?s ?p ?o } #',
    '" } SERVICE <http://evil.example/> { ?a ?b ?c } #',
    "} SERVICE <http://evil.example/> { ?a ?b ?c } { #",
    "1) FILTER(false",
    "1 UNION { ?s ?p ?o }",
    "L'Aquila",
    'say "hello"',
    '"""',
    "'''",
    "\\",
    "\\\\",
    '\\"',
    "\\u0022 } #",
    "\\U00000022",
    "a\nb\r\nc\td",
    "\x00",
    "\x1b[2J",
    "\u2028\u2029\u0085\ufeff\ufffe\uffff",
    "?_text",
    "$_text",
    "<http://evil.example/>",
    "city:ardea",
    "; DROP ALL",
    "# comment",
    "",
    " ",
    "\U0001f3d9\ufe0f Łódź",
    "x" * 1_000_000,
]
hostile = pytest.mark.parametrize("value", HOSTILE, ids=[ascii(value)[1:25] for value in HOSTILE])


Make = Callable[..., SavedQuery]


@pytest.fixture
def saved(tmp_path: Path) -> Make:
    """A saved query of a text and of further header lines."""

    def make(text: str, *header: str) -> SavedQuery:
        path = tmp_path / "asked.rq"
        path.write_text("".join(f"#+ {line}\n" for line in ("summary: A question", *header)) + text, encoding="utf-8")
        return read(path)

    return make


@pytest.fixture(scope="module")
def names(small: solgraph.Knowledge) -> Finder:
    return small.snapshot.label_index


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> SavedQuery:
    """A query that answers with its own string parameter."""
    path = tmp_path_factory.mktemp("queries") / "echo.rq"
    path.write_text("#+ summary: Echo\nSELECT ?v { BIND(?_text AS ?v) } # ?_text '?_text' <?_text>")
    return read(path)


no_names = LabelIndex(Local(lambda _: Store()))


def bound(query: SavedQuery, names: Finder = no_names, **values: Any) -> str:
    """The text of a bound query, without the empty lines of its header."""
    return query.bind(values, names, strict=False).lstrip("\n")


def refusal(query: SavedQuery, names: Finder = no_names, **values: Any) -> str:
    with pytest.raises(ParameterError) as caught:
        query.bind(values, names)
    return str(caught.value)


def broken(path: Path, content: str | bytes) -> str:
    """The message with which a file is refused, from the file's name on."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataError) as caught:
        read(path)
    return str(caught.value).replace(f"{path.parent}/", "")


# Reading a header


def test_a_header_is_read(saved: Make) -> None:
    query = saved("ASK {}", "description: What it means", "columns: {a: b}", "tags: [x, y]", "network: {source: a}")
    assert (query.name, query.summary, query.description) == ("asked", "A question", "What it means")
    assert (query.columns, query.tags, query.network) == ({"a": "b"}, ["x", "y"], {"source": "a"})


def test_a_header_may_be_no_more_than_a_summary(saved: Make) -> None:
    query = saved("ASK {}")
    assert (query.description, query.columns, query.tags, query.network) == ("", {}, [], None)
    assert query.params == {}


def test_a_source_is_always_gathered(saved: Make) -> None:
    assert saved("ASK {}").several == ["source"]
    assert saved("ASK {}", "several: [kind]").several == ["kind", "source"]


def test_header_lines_may_stand_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_text("ASK {}\n#+ summary: Below\n#+tags: [x]\n")
    assert (read(path).summary, read(path).tags) == ("Below", ["x"])


def test_no_stays_a_word(saved: Make) -> None:
    query = saved(
        "ASK { ?s ?p ?_country }", "params:", "  country: {values: [NO, SE, 1e5, 07]}", "defaults: [country: NO]"
    )
    assert query.params["country"].values == ("NO", "SE", "1e5", "07")
    assert query.params["country"].default == "NO"


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_bytes(b"#+ summary: Windows\r\n#+ tags: [x]\r\nASK {}\r\n")
    assert (read(path).summary, read(path).tags, read(path).form) == ("Windows", ["x"], "ASK")


def test_keys_of_grlc_are_no_fault(saved: Make) -> None:
    saved("ASK {}", "endpoint: http://x/", "method: GET", "pagination: 100", "enumerate: [a]", "endpoint_in_url: False")


@pytest.mark.parametrize("query", ["SELECT * {}", "ASK {}", "CONSTRUCT WHERE {}", "DESCRIBE <urn:x>"])
def test_a_saved_query_has_a_form(query: str, saved: Make) -> None:
    assert saved(query).form == query.split(maxsplit=1)[0]


@pytest.mark.parametrize(
    "content", ["", "ASK {}", "#+ tags: [x]\nASK {}", "#+ summary:\nASK {}", "#+ - a\n", "#+ text\n", "#+\n"]
)
def test_a_missing_summary_is_a_fault(content: str, tmp_path: Path) -> None:
    assert broken(tmp_path / "x.rq", content).startswith("x.rq:1: the header has no summary.\nA header line looks")


def test_a_header_that_is_not_yaml_is_a_fault_with_line_and_column(tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", "#+ summary: fine\n#+ description: one: two\nASK {}")
    assert message.startswith("x.rq:2:20: the header is not YAML: mapping values are not allowed")
    assert "quote a text that holds ': '" in message


def test_a_bracket_left_open_is_a_fault_with_line(tmp_path: Path) -> None:
    assert re.match(
        r"x\.rq:\d+:\d+: the header is not YAML", broken(tmp_path / "x.rq", "#+ summary: x\n#+ tags: [a\nASK {}")
    )


@pytest.mark.parametrize("sign", ["\x07", "\x00", "\x1b"])
def test_a_control_character_in_a_header_is_a_fault(sign: str, tmp_path: Path) -> None:
    assert "x.rq" in broken(tmp_path / "x.rq", f"#+ summary: a{sign}b\nASK {{}}")


def test_an_unknown_key_is_a_fault_with_line_and_nearest_match(tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", "#+ summary: x\n#+ colunms: {a: b}\nASK {}")
    assert message == "x.rq:2: 'colunms' is not a key of a header.\nDid you mean 'columns'?"


def test_an_unknown_key_far_from_all_lists_the_known(tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", "#+ summary: x\n#+ zzz: y\nASK {}")
    assert message.endswith(
        "Known: summary, description, asks, languages, params, columns, several, defaults, network, absence, panel, "
        "tags"
    )


def test_an_unknown_key_of_a_parameter_is_a_fault(tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", "#+ summary: x\n#+ params:\n#+   city: {typ: sg:City}\nASK {}")
    assert message.startswith("x.rq:3: 'typ' is not a key of a parameter.\nKnown: type, scheme, description,")


@pytest.mark.parametrize(
    "value", ["text", "[a]", "", "{a: [b]}", "{a: {type: year}}", "{a: {typ: year, description: b}}"]
)
def test_a_column_is_a_text_or_has_type_and_description(value: str, tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", f"#+ summary: x\n#+ columns: {value}\nASK {{}}")
    assert message == "x.rq:2: 'columns' must be a table of names and texts, or of names, types and descriptions."


def test_columns_and_questions_are_had_in_the_language_of_the_reader(saved: Make) -> None:
    query = saved(
        "SELECT ?city ?since {}",
        "columns: {city: {type: sg:City, description: the city}, since: first year}",
        "asks: [Which cities?]",
        "languages: {pl: {columns: {city: miasto}, asks: [Jakie miasta?]}}",
    )
    assert query.column_types == {"city": "sg:City", "since": ""}
    assert query.localised_columns(("pl", "en")) == {"city": "miasto", "since": "first year"}
    assert [query.asks("pl"), query.asks("it"), query.asks()] == [["Jakie miasta?"], [], ["Which cities?"]]


@pytest.mark.parametrize("key", ["params", "network"])
@pytest.mark.parametrize("value", ["text", "[a]", ""])
def test_a_table_of_wrong_shape_is_a_fault(key: str, value: str, tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", f"#+ summary: x\n#+ {key}: {value}\nASK {{}}")
    assert message == f"x.rq:2: '{key}' must be a table of names and texts."


def test_the_place_of_a_view_is_a_number(tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", "#+ summary: x\n#+ network: {place: first}\nASK {}")
    assert message == "x.rq:2: 'place' of a network must be a number."


@pytest.mark.parametrize("key", ["several", "defaults", "tags"])
@pytest.mark.parametrize("value", ["text", "{a: b}", ""])
def test_a_list_of_wrong_shape_is_a_fault(key: str, value: str, tmp_path: Path) -> None:
    message = broken(tmp_path / "x.rq", f"#+ summary: x\n#+ {key}: {value}\nASK {{}}")
    assert message == f"x.rq:2: '{key}' must be a list."


@pytest.mark.parametrize(
    "line",
    [
        "defaults: [berlin]",
        "params: {a: {values: abc}}",
        "params: {a: {description: [x]}}",
        "columns: {a: [x]}",
        "tags: [{a: b}]",
    ],
)
def test_a_wrong_shape_further_inside_is_a_fault(line: str, tmp_path: Path) -> None:
    assert broken(tmp_path / "x.rq", f"#+ summary: x\n#+ {line}\nASK {{ ?s ?p ?_a }}").startswith("x.rq:2: ")


def test_a_parameter_that_is_no_table_is_a_fault(tmp_path: Path) -> None:
    assert broken(tmp_path / "x.rq", "#+ summary: x\n#+ params: {city: a city}\nASK {}").startswith("x.rq:")


@pytest.mark.parametrize(
    ("content", "line"), [(b"\xff", 1), (b"#+ summary: x\n# caf\xe9\nASK {}", 2), (b"#+ summary: x\nASK {}\n\xc3", 3)]
)
def test_a_file_that_is_not_utf_8_is_a_fault_with_line(content: bytes, line: int, tmp_path: Path) -> None:
    assert broken(tmp_path / "x.rq", content) == f"x.rq:{line}: the file is not UTF-8.\nSave it as UTF-8."


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_text("#+ summary: From Windows\nASK {}", encoding="utf-8-sig")
    assert read(path).summary == "From Windows"


# Finding saved queries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("networks-of-city", "mayors"):
        (tmp_path / f"{name}.rq").write_text(f"#+ summary: {name}\nASK {{}}")
    shutil.copy(tmp_path / "mayors.rq", tmp_path / "mayors.txt")
    return tmp_path


def test_a_folder_of_queries_is_listed_by_name(folder: Path) -> None:
    assert [one.name for one in catalogue(folder)] == ["mayors", "networks-of-city"]


def test_a_broken_query_does_not_vanish_from_the_list(folder: Path) -> None:
    (folder / "broken.rq").write_text("ASK {}")
    with pytest.raises(DataError, match=r"broken\.rq:1"):
        catalogue(folder)


def test_a_query_is_found_by_name(folder: Path) -> None:
    assert find("mayors", folder).summary == "mayors"


def test_an_unknown_query_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(WrongUse, match=r"There is no saved query 'mayor'\.\nDid you mean 'mayors'\?"):
        find("mayor", folder)


@pytest.mark.parametrize("name", ["zzz", "", "../mayors", "mayors.rq", "\x00"])
def test_an_unknown_query_far_from_all_points_to_the_list(name: str, folder: Path) -> None:
    with pytest.raises(WrongUse, match="There is no saved query"):
        find(name, folder)


# Parameters as declared


@pytest.mark.parametrize(
    ("variable", "name", "kind"),
    [
        ("?_word", "word", "string"),
        ("$_word", "word", "string"),
        ("?_city_iri", "city", "iri"),
        ("?_year_integer", "year", "integer"),
        ("?_share_number", "share", "number"),
        ("?_since_xsd_date", "since", "xsd:date"),
        ("?_since_xsd_gYear", "since", "xsd:gYear"),
        ("?_open_xsd_boolean", "open", "xsd:boolean"),
        ("?_name_en", "name", "@en"),
        ("?_name_fil", "name", "@fil"),
        ("?_name_multi", "name", "string"),
        ("?_name_multi_iri", "name", "iri"),
        ("?__name_multi_en", "name", "@en"),
        ("?_a1_iri", "a1", "iri"),
    ],
)
def test_the_kind_of_a_parameter_follows_from_its_variable(variable: str, name: str, kind: str, saved: Make) -> None:
    (param,) = saved(f"ASK {{ ?s ?p {variable} }}").params.values()
    assert (param.name, param.kind, param.multiple) == (name, kind, "_multi" in variable)


@pytest.mark.parametrize("variable", ["?city", "?_", "?1", "?city_iri", "?x_y"])
def test_other_variables_are_no_parameters(variable: str, saved: Make) -> None:
    assert saved(f"ASK {{ ?s ?p {variable} }}").params == {}


def test_one_underscore_is_required_and_two_are_optional(saved: Make) -> None:
    params = saved("ASK { ?s ?_a_iri ?__b_iri }").params
    assert (params["a"].required, params["b"].required) == (True, False)


def test_a_default_makes_a_parameter_optional(saved: Make) -> None:
    param = saved("ASK { ?s ?p ?_year_integer }", "defaults:", "  - year: 2018").params["year"]
    assert (param.required, param.default) == (False, "2018")


def test_a_header_adds_what_a_variable_cannot_say(saved: Make) -> None:
    told = "params: {city: {type: sg:City, description: which city, example: Milano}, kind: {values: [a, b]}}"
    params = saved("ASK { ?_city_iri ?p ?_kind }", told).params
    assert (params["city"].type, params["city"].description, params["city"].example) == (
        "sg:City",
        "which city",
        "Milano",
    )
    assert params["kind"].values == ("a", "b")


def test_parameters_stand_in_the_order_of_the_header_then_of_the_text(saved: Make) -> None:
    query = saved("ASK { ?_d ?_c ?_b ?_a }", "params: {a: {description: x}, b: {description: x}}")
    assert list(query.params) == ["a", "b", "d", "c"]


def test_words_in_strings_comments_and_iris_are_no_parameters(saved: Make) -> None:
    assert saved("ASK { ?s <?_a> '?_b', '''?_c''' } # ?_d").params == {}


@pytest.mark.parametrize(
    ("variable", "told", "shown"),
    [
        ("?_x_iri", "type: sg:City", "sg:City"),
        ("?_x_iri", "scheme: status", "concept of status"),
        ("?_x_iri", "description: x", "IRI"),
        ("?_x_integer", "description: x", "integer"),
        ("?_x", "values: [a, b]", "a | b"),
        ("?_x_en", "description: x", "@en"),
    ],
)
def test_a_reader_sees_the_type(variable: str, told: str, shown: str, saved: Make) -> None:
    assert saved(f"ASK {{ ?s ?p {variable} }}", f"params: {{x: {{{told}}}}}").params["x"].shown_type == shown


def test_a_query_tells_of_itself_in_plain_data(saved: Make) -> None:
    query = saved("ASK { ?s ?p ?_x_integer }", "params: {x: {description: which, example: 7}}", "tags: [t]")
    assert query.as_dict() == {
        "name": "asked",
        "summary": "A question",
        "asks": [],
        "params": [
            {
                "name": "x",
                "type": "integer",
                "required": True,
                "default": None,
                "description": "which",
                "multiple": False,
                "example": "7",
            }
        ],
        "columns": {},
        "column_types": {},
        "tags": ["t"],
    }


# A value of each kind


@pytest.mark.parametrize(
    ("variable", "value", "term"),
    [
        ("?_x", "a b", '"a b"'),
        ("?_x", 12, '"12"'),
        ("?_x_en", "town", '"town"@en'),
        ("?_x_integer", "2018", 2018),
        ("?_x_integer", " 2018 ", 2018),
        ("?_x_integer", 2018, 2018),
        ("?_x_integer", -3, -3),
        ("?_x_integer", Literal(7), 7),
        ("?_x_number", "2.5", Decimal("2.5")),
        ("?_x_number", 2, Decimal(2)),
        ("?_x_number", -0.5, Decimal("-0.5")),
        ("?_x_number", Decimal("1.25"), Decimal("1.25")),
        ("?_x_xsd_date", "2018-06-30", date(2018, 6, 30)),
        ("?_x_xsd_date", date(2018, 6, 30), date(2018, 6, 30)),
        ("?_x_xsd_gYear", "2018", 2018),
        ("?_x_xsd_boolean", "true", True),
    ],
)
def test_a_value_is_bound(variable: str, value: Any, term: Any, saved: Make, small: solgraph.Knowledge) -> None:
    query = saved(f"SELECT ?v {{ BIND({variable} AS ?v) }}")
    answer = small.sparql(query.bind({"x": value}, no_names))
    assert (str(answer.terms[0][0]) if isinstance(term, str) else answer[0].v) == term


@pytest.mark.parametrize(
    ("variable", "datatype"),
    [("?_x_integer", "integer"), ("?_x_number", "decimal"), ("?_x_xsd_gYear", "gYear")],
)
def test_a_bound_number_has_its_datatype(variable: str, datatype: str, saved: Make, small: solgraph.Knowledge) -> None:
    query = saved(f"SELECT ?v {{ BIND(DATATYPE({variable}) AS ?v) }}")
    assert small.sparql(query.bind({"x": "2018"}, no_names))[0].v == XSD + datatype


@pytest.mark.parametrize("value", [True, False])
def test_a_python_boolean_is_bound(value: bool, saved: Make, small: solgraph.Knowledge) -> None:
    query = saved("SELECT ?v { BIND(?_x_xsd_boolean AS ?v) }")
    assert small.sparql(query.bind({"x": value}, no_names))[0].v is value


def test_a_very_small_float_is_bound(saved: Make, small: solgraph.Knowledge) -> None:
    query = saved("SELECT ?v { BIND(?_x_number AS ?v) }")
    assert small.sparql(query.bind({"x": 0.00001}, no_names))[0].v == Decimal("0.00001")


@pytest.mark.parametrize(
    "said",
    [
        "Ardea",
        "ardea",
        "ARDÉE",
        "Ardeja",
        "L'Ardea",
        "city:ardea",
        ARDEA,
        f"<{ARDEA}>",
        NamedNode(ARDEA),
        solgraph.IRI(ARDEA),
    ],
)
def test_an_iri_is_found_by_any_name(said: Any, saved: Make, names: Finder) -> None:
    query = saved("ASK { ?_city_iri ?p ?o }", "params: {city: {type: sg:City}}")
    assert bound(query, names, city=said) == f"ASK {{ <{ARDEA}> ?p ?o }}"


def test_an_iri_is_looked_up_only_among_its_class(saved: Make, names: Finder) -> None:
    query = saved("ASK { ?_city_iri ?p ?o }", "params: {city: {type: sg:City}}")
    assert "asked, parameter 'city': 'Italy' names no City in this graph." in refusal(query, names, city="Italy")


def test_a_concept_is_looked_up_only_in_its_scheme(saved: Make, names: Finder) -> None:
    query = saved("ASK { ?s ?p ?_status_iri }", "params: {status: {scheme: status}}")
    assert bound(query, names, status="running") == "ASK { ?s ?p <https://w3id.org/solgraph/vocab/status/running> }"
    assert "'Ardea' names no status concept in this graph" in refusal(query, names, status="Ardea")


def test_an_ambiguous_name_lists_the_candidates(saved: Make, names: Finder) -> None:
    query = saved("ASK { ?_city_iri ?p ?o }", "params: {city: {type: sg:City}}")
    message = refusal(query, names, city="Twinham")
    assert message == "asked, parameter 'city': 'Twinham' names 2 things.\nSay which: city:ardea, city:belmonte"


def test_a_misspelt_name_is_answered_with_the_nearest(saved: Make, names: Finder) -> None:
    query = saved("ASK { ?_city_iri ?p ?o }", "params: {city: {type: sg:City}}")
    assert "Did you mean 'Bèlmont'?" in refusal(query, names, city="Belmonto")


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("?_x_integer", "many", "a whole number such as 2018"),
        ("?_x_integer", "2.5", "a whole number such as 2018"),
        ("?_x_integer", "", "a whole number such as 2018"),
        ("?_x_integer", "1_000", "a whole number such as 2018"),
        ("?_x_integer", "٣", "a whole number such as 2018"),
        ("?_x_integer", True, "a whole number such as 2018"),
        ("?_x_integer", "1) FILTER(false", "a whole number such as 2018"),
        ("?_x_integer", "1\n2", "a whole number such as 2018"),
        ("?_x_number", "two", "a number such as 2.5"),
        ("?_x_number", "1,5", "a number such as 2.5"),
        ("?_x_number", float("nan"), "a number such as 2.5"),
        ("?_x_xsd_date", "June 2018", "a date such as 2018-06-30"),
        ("?_x_xsd_date", "2018-13-01", "a date such as 2018-06-30"),
        ("?_x_xsd_date", "2018-02-31", "a date such as 2018-06-30"),
        ("?_x_xsd_gYear", "18", "a year such as 2018"),
        ("?_x_xsd_boolean", "yes", "true or false"),
    ],
)
def test_an_ill_typed_value_is_refused(variable: str, value: Any, expected: str, saved: Make) -> None:
    message = refusal(saved(f"ASK {{ ?s ?p {variable} }}"), x=value)
    assert message == f"asked: x = {str(value)!r} is not {expected}."


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("?_x_xsd_dateTime", "yesterday"),
        ("?_x_xsd_gYearMonth", "2018-13"),
        ("?_x_xsd_int", "many"),
        ("?_x_xsd_double", "wide"),
    ],
)
def test_an_ill_typed_value_of_any_xsd_type_is_refused(variable: str, value: str, saved: Make) -> None:
    assert f"x = {value!r} is not" in refusal(saved(f"ASK {{ ?s ?p {variable} }}"), x=value)


def test_a_lone_surrogate_is_refused(saved: Make) -> None:
    assert "x" in refusal(saved("ASK { ?s ?p ?_x }"), x="\ud800")


# Which values are allowed, missing, unknown


def test_an_allowed_value_is_bound(saved: Make) -> None:
    assert (
        bound(saved("ASK { ?s ?p ?_kind }", "params: {kind: {values: [plan, hub]}}"), kind="hub")
        == 'ASK { ?s ?p "hub" }'
    )


def test_a_value_that_is_not_allowed_is_refused_with_the_allowed(saved: Make) -> None:
    query = saved("ASK { ?s ?p ?_kind }", "params: {kind: {values: [plan, hub]}}")
    assert refusal(query, kind="zzz") == "asked: kind = 'zzz' is not allowed.\nAllowed: plan, hub"


def test_a_value_near_an_allowed_one_is_refused_with_it(saved: Make) -> None:
    query = saved("ASK { ?s ?p ?_kind }", "params: {kind: {values: [plan, hub]}}")
    assert refusal(query, kind="plans") == "asked: kind = 'plans' is not allowed.\nDid you mean 'plan'?"


def test_a_missing_parameter_is_named_with_an_example(saved: Make) -> None:
    query = saved(
        "ASK { ?_city_iri ?p ?o }", "params: {city: {type: sg:City, description: which city, example: La Paz}}"
    )
    assert refusal(query) == (
        'asked needs the parameter \'city\' (sg:City): which city.\nFor example: kg.query("asked", city="La Paz")'
    )


def test_what_is_missing_among_thousands_is_not_listed_whole(saved: Make) -> None:
    query = saved("SELECT * { ?_city_iri ?p ?o }", "params: {city: {type: sg:City}}")

    class Thousands(Verbatim):
        def iris(self, of_class: str = "", scheme: str = "") -> list[str]:
            return [f"https://w3id.org/solgraph/id/city/c{number:04}" for number in range(2000)]

    known = refusal(query, Thousands()).partition("Known: ")[2]
    assert known.startswith("c0000, c0001, ")
    assert known.endswith(", c0023 …")


def test_one_parameter_can_be_checked_alone(saved: Make, names: Finder) -> None:
    header = "params: {city: {type: sg:City}}", "defaults: [{n: 3}]"
    query = saved("SELECT * { ?_city_iri ?p ?_text } LIMIT ?_n_integer", *header)
    city, text, number = query.params.values()
    assert city.terms("Ardée", names, "asked") == [f"<{ARDEA}>"]
    assert text.terms(["a"], names, "asked") == ['"a"']
    assert number.terms(None, names, "asked") == ["3"]
    for param, value in ((city, None), (city, "Nowhere"), (text, ["a", "b"]), (number, "many")):
        with pytest.raises(ParameterError, match=param.name):
            param.terms(value, names, "asked")


def test_the_example_of_a_missing_parameter_may_be_its_first_allowed_value(saved: Make) -> None:
    query = saved("ASK { ?s ?p ?_kind }", "params: {kind: {description: which kind, values: [plan, hub]}}")
    assert refusal(query).endswith('(plan | hub): which kind.\nFor example: kg.query("asked", kind="plan")')


@pytest.mark.parametrize("nothing", [None, (), [], set()], ids=["None", "tuple", "list", "set"])
def test_nothing_counts_as_not_given(nothing: Any, saved: Make) -> None:
    assert "needs the parameter 'city'" in refusal(saved("ASK { ?_city_iri ?p ?o }"), city=nothing)


def test_an_unknown_parameter_is_answered_with_the_nearest(saved: Make) -> None:
    message = refusal(saved("ASK { ?_city_iri ?p ?o }"), town="x", citty="Ardea")
    assert message == "asked has no parameter 'town'.\nIts parameters: city=…"
    assert refusal(saved("ASK { ?_city_iri ?p ?o }"), citty="x").endswith("\nDid you mean 'city'?")


def test_an_unknown_parameter_of_a_query_without_any_says_so(saved: Make) -> None:
    assert refusal(saved("ASK {}"), city="x") == "asked has no parameter 'city'.\nIts parameters: none"


def test_several_values_for_one_are_refused(saved: Make) -> None:
    message = refusal(saved("ASK { ?s ?p ?_word }"), word=["a", "b"])
    assert message == "asked: 'word' takes one value, not 2."


def test_a_list_of_one_value_is_that_value(saved: Make) -> None:
    assert bound(saved("ASK { ?s ?p ?_word }"), word=["a"]) == 'ASK { ?s ?p "a" }'


def test_an_optional_parameter_without_value_stays_a_variable(saved: Make) -> None:
    assert bound(saved("ASK { ?s ?p ?__word }")) == "ASK { ?s ?p ?__word }"


def test_an_optional_parameter_is_bound_when_given(saved: Make) -> None:
    assert bound(saved("ASK { ?s ?p ?__word }"), word="a") == 'ASK { ?s ?p "a" }'


def test_an_optional_filter_lets_everything_pass_until_it_is_given(
    saved: Make, small: solgraph.Knowledge, names: Finder
) -> None:
    query = saved(
        "SELECT ?city { ?city a sg:City FILTER(?city = COALESCE(?__city_iri, ?city)) }",
        "params: {city: {type: sg:City}}",
    )
    assert len(small.sparql(query.bind({}, names))) == 4
    assert small.sparql(query.bind({"city": "Dorn"}, names)).to_dicts() == [
        {"city": "https://w3id.org/solgraph/id/city/dorn"}
    ]


def test_a_default_is_applied(saved: Make) -> None:
    query = saved("ASK { ?s ?p ?_word, ?_word }", "defaults:", "  - word: fine")
    assert bound(query) == 'ASK { ?s ?p "fine", "fine" }'


def test_a_given_value_wins_over_the_default(saved: Make) -> None:
    assert bound(saved("ASK { ?s ?p ?_word }", "defaults: [word: fine]"), word="better") == 'ASK { ?s ?p "better" }'


def test_a_default_is_looked_up_like_any_value(saved: Make, names: Finder) -> None:
    query = saved("ASK { ?_city_iri ?p ?o }", "params: {city: {type: sg:City}}", "defaults: [city: Ardée]")
    assert bound(query, names) == f"ASK {{ <{ARDEA}> ?p ?o }}"


def test_an_ill_typed_default_is_refused(saved: Make) -> None:
    assert "year = 'soon' is not a whole number" in refusal(
        saved("ASK { ?s ?p ?_year_integer }", "defaults: [year: soon]")
    )


# The catalogue


@pytest.mark.parametrize(
    ("words", "matches"),
    [
        ("cities network", "networks-of-city"),
        ("NETWORK citi", "networks-of-city"),
        ("Burgermeister", "mayors"),
        ("sindaci", "mayors"),
        ("where it was read", "memberships"),
        ("mayors zzzz", "mayors"),
        ("xyzzy zzzz", None),
    ],
)
def test_words_find_queries_in_all_languages(words: str, matches: str | None, frozen: solgraph.Knowledge) -> None:
    names = [query.name for query in frozen.queries(words)]
    assert matches in names if matches else not names


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("who funds", "funding"),
        ("mayor", "mayors"),
        ("burmistrz", "mayors"),
        ("allied", "are-allied"),
        ("city networks", "networks-of-city"),
    ],
)
def test_the_query_that_is_about_the_words_comes_first(words: str, name: str, frozen: solgraph.Knowledge) -> None:
    assert frozen.queries(words)[0].name == name
    assert [query.name for query in frozen.queries(words)] == [hit.key for hit in frozen.search(words, kind="query")]


def test_where_no_query_holds_all_words_those_with_the_rare_ones_come_first(run: Callable[..., Result]) -> None:
    result = run("queries", "which", "cities", "signed", "in", "1999")
    listed = [line.split()[0] for line in result.stdout.splitlines() if re.match("  [a-z]", line)]
    assert result.exit_code == 0 and result.stdout.startswith("Nothing holds all of the words;")
    assert listed[0] == "accessions"
    refused = run("queries", "xyzzy", "zzzz")
    assert refused.exit_code == 2 and "solgraph show 'xyzzy zzzz'" in refused.stderr


def test_the_example_for_a_missing_value_asks_the_whole_query(run: Callable[..., Result]) -> None:
    assert (
        "\nFor example: solgraph query are-allied --city Ghent --other " in run("query", "are-allied", "Ghent").stderr
    )


def test_a_period_that_ends_before_it_begins_is_refused(run: Callable[..., Result]) -> None:
    refused = run("query", "initiatives", "--from", "2019", "--to", "2010")
    assert refused.exit_code == 2 and "from 2019 to 2010 ends before it begins" in refused.stderr
    assert run("query", "initiatives", "--from", "2019", "--to", "2019").exit_code == 0


def test_no_words_match_everything(frozen: solgraph.Knowledge) -> None:
    assert frozen.queries("  ") == frozen.queries()


# Several values


def test_several_values_fill_values(saved: Make, names: Finder) -> None:
    query = saved("ASK { VALUES ?_city_multi_iri {} ?_city_multi_iri ?p ?o }")
    text = bound(query, names, city=["Ardea", "Belmonte"])
    assert (
        re.sub(r"\s+", " ", text)
        == f"ASK {{ VALUES ?_city_multi_iri {{<{ARDEA}> <{BELMONTE}> }} ?_city_multi_iri ?p ?o }}"
    )


def test_values_without_value_is_dropped(saved: Make, small: solgraph.Knowledge) -> None:
    query = saved("SELECT ?__city_multi_iri { VALUES ?__city_multi_iri { } ?__city_multi_iri a sg:City }")
    assert "VALUES" not in bound(query)
    assert len(small.sparql(query.bind({}, no_names))) == 4


@pytest.mark.parametrize(
    "clause",
    [
        "VALUES ?_city_multi_iri {}",
        "values ?_city_multi_iri\n{ }",
        "VALUES $_city_multi_iri{}",
        "VALUES # which\n ?_city_multi_iri {}",
    ],
)
def test_several_values_answer_with_several_things(
    clause: str, saved: Make, small: solgraph.Knowledge, names: Finder
) -> None:
    query = saved(f"SELECT ?city {{ {clause} ?city a sg:City FILTER(?city = ?_city_multi_iri) }}")
    assert len(small.sparql(query.bind({"city": ("Ardea", "dorn")}, names))) == 2


def test_one_value_suffices_for_several(saved: Make) -> None:
    assert '{"a" }' in bound(saved("ASK { VALUES ?_word_multi {} ?s ?p ?_word_multi }"), word="a")


def test_several_values_behind_the_pattern_are_dropped_too(saved: Make, small: solgraph.Knowledge) -> None:
    query = saved("SELECT ?__c_multi_iri { ?__c_multi_iri a sg:City } VALUES ?__c_multi_iri {}")
    assert len(small.sparql(query.bind({}, no_names))) == 4


def test_each_of_several_values_is_checked(saved: Make) -> None:
    query = saved("ASK { VALUES ?_year_multi_integer {} ?s ?p ?_year_multi_integer }")
    assert "year = 'soon' is not a whole number" in refusal(query, year=["2018", "soon"])


def test_a_word_values_elsewhere_does_not_matter(saved: Make) -> None:
    query = saved("ASK { ?s ?p 'VALUES' . VALUES ?v { 1 } VALUES ?_w_multi {} ?s ?q ?_w_multi . { } }")
    assert (
        bound(query, w=["a", "b"])
        == 'ASK { ?s ?p \'VALUES\' . VALUES ?v { 1 } VALUES ?_w_multi {"a" "b" } ?s ?q ?_w_multi . { } }'
    )


# Binding touches tokens and nothing else


@pytest.mark.parametrize(
    "untouched",
    [
        '"?_word"',
        "'?_word'",
        '"""\n?_word"""',
        "'''?_word'''",
        "<http://a/?_word>",
        "?__words",
        "?__word1_iri",
        "?x_word",
        "?_word_",
        "?word",
        "# ?_word\n",
        "ex:_word",
    ],
)
def test_binding_leaves_alone(untouched: str, saved: Make) -> None:
    assert bound(saved(f"ASK {{ ?_word ?p {untouched} }}"), word="a") == f'ASK {{ "a" ?p {untouched} }}'


@pytest.mark.parametrize("stray", ["?_lat_decimal", "?__word"])
def test_a_query_with_what_only_looks_like_a_parameter_is_not_asked(stray: str, saved: Make) -> None:
    query = saved(f"ASK {{ ?_word ?p\n{stray} }}")
    with pytest.raises(QueryError, match=r"looks like a parameter, but is none[^\n]*\n.*_xsd_decimal") as error:
        query.bind({"word": "a"}, no_names)
    assert error.value.where.endswith(":3")


def test_a_longer_name_with_an_accent_is_left_alone(saved: Make) -> None:
    assert bound(saved("ASK { ?_cite ?p ?_cite\u0301 }"), cite="a") == 'ASK { "a" ?p ?_cite\u0301 }'


def test_both_marks_of_a_variable_are_bound(saved: Make) -> None:
    assert bound(saved("ASK { $_word ?p ?_word }"), word="a") == 'ASK { "a" ?p "a" }'


def test_a_parameter_works_inside_values(saved: Make, small: solgraph.Knowledge, names: Finder) -> None:
    query = saved("SELECT ?city { VALUES ?city { ?_city_iri } ?city a sg:City }")
    assert len(small.sparql(query.bind({"city": "Dorn"}, names))) == 1


@pytest.mark.parametrize(
    "clause", ["LIMIT ?_n_integer", "limit $_n_integer", "LIMIT 9 OFFSET ?_n_integer", "LIMIT?_n_integer"]
)
def test_a_parameter_works_as_limit_and_offset(clause: str, saved: Make, small: solgraph.Knowledge) -> None:
    query = saved(f"SELECT ?city {{ ?city a sg:City }} {clause}")
    assert len(small.sparql(query.bind({"n": 2}, no_names))) == 2


def test_a_limit_that_is_no_limit_is_refused(saved: Make, small: solgraph.Knowledge) -> None:
    query = saved("SELECT ?city { ?city a sg:City } LIMIT ?_n_integer")
    with pytest.raises(QueryError):
        small.sparql(query.bind({"n": -1}, no_names))


def test_a_parameter_works_inside_filter(saved: Make, small: solgraph.Knowledge) -> None:
    query = saved("SELECT ?city { ?city sg:geonamesId ?id FILTER(?id > ?_id_integer && ?id<?_id_integer+3) }")
    assert len(small.sparql(query.bind({"id": 1001}, no_names))) == 2


def test_a_parameter_works_inside_a_subquery(saved: Make, small: solgraph.Knowledge, names: Finder) -> None:
    query = saved("SELECT ?n { { SELECT (COUNT(?city) AS ?n) { ?city sg:locatedIn ?_place_iri } } }")
    assert small.sparql(query.bind({"place": "Spain"}, names))[0].n == 2


def test_a_parameter_works_in_a_template(saved: Make, small: solgraph.Knowledge, names: Finder) -> None:
    query = saved("CONSTRUCT { ?_city_iri a ?class } WHERE { ?_city_iri a ?class }")
    assert len(small.sparql(query.bind({"city": "Dorn"}, names))) == 1


def test_a_parameter_works_in_describe(saved: Make, small: solgraph.Knowledge, names: Finder) -> None:
    assert small.sparql(saved("DESCRIBE ?_city_iri").bind({"city": "Dorn"}, names))


# Hostile values


@hostile
def test_a_hostile_string_stays_a_value_or_is_refused(value: str, echo: SavedQuery, small: solgraph.Knowledge) -> None:
    try:
        answer = small.sparql(echo.bind({"text": value}, no_names))
    except SolgraphError:
        return
    assert [row.v for row in answer] == [value]


@hostile
def test_a_hostile_text_with_language_stays_a_value_or_is_refused(
    value: str, saved: Make, small: solgraph.Knowledge
) -> None:
    try:
        answer = small.sparql(saved("SELECT ?v { BIND(?_text_it AS ?v) }").bind({"text": value}, no_names))
    except SolgraphError:
        return
    assert [row.v for row in answer] == [value]


@pytest.mark.parametrize("variable", ["?_x_integer", "?_x_number", "?_x_xsd_date", "?_x_xsd_boolean", "?_x_iri"])
def test_a_hostile_value_of_another_kind_is_refused(variable: str, saved: Make, names: Finder) -> None:
    query = saved(f"ASK {{ ?s ?p {variable} }}")
    for value in HOSTILE:
        if (variable, value) != ("?_x_iri", "city:ardea"):
            assert "x" in refusal(query, names, x=value), value


@hostile
def test_a_hostile_name_of_a_parameter_is_refused(value: str, echo: SavedQuery) -> None:
    assert "has no parameter" in refusal(echo, **{value: "x"})


@pytest.mark.parametrize(
    "value", ["L'Aquila", 'say "hello"', "back\\slash", "two\nlines", "nul\x00", "\\u0022", "}{", "#"]
)
def test_an_awkward_string_is_no_reason_to_refuse(value: str, echo: SavedQuery, small: solgraph.Knowledge) -> None:
    assert small.sparql(echo.bind({"text": value}, no_names))[0].v == value


@given(
    text=st.text()
    | st.lists(st.sampled_from(["\\", '"', "'", "\n", "\r", "u0022", "}", "#", "?_text", "\x00"])).map("".join)
)
@example(text='\\"')
def test_any_text_comes_back_as_it_was(text: str, echo: SavedQuery, small: solgraph.Knowledge) -> None:
    ((term,),) = small.sparql(echo.bind({"text": text}, no_names)).terms
    assert term == Literal(text)


LITERAL = (["string"], ["string", "tag"], ["string", "iri"])
PATTERN = "SELECT ?v {{ BIND({} AS ?v) FILTER(1 < 2) ?s ?p '?_x', <?_x> }} # ?_x"


@given(
    variable=st.sampled_from(["?_x", "?_x_en", "?_x_integer", "?_x_number", "?_x_xsd_date", "?_x_iri"]),
    value=st.text() | st.integers(),
)
def test_any_value_leaves_all_other_tokens_as_they_were(
    variable: str, value: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.rq"
    path.write_text("#+ summary: x\n" + PATTERN.format(variable))
    before, after = ([token.text for token in tokens(part)] for part in PATTERN.format(variable).split(variable, 1))
    try:
        text = read(path).bind({"x": value}, no_names).removeprefix("\n")
    except ParameterError:
        return
    found = [token.text for token in tokens(text)]
    assert found[: len(before)] == before
    assert found[-len(after) :] == after
    middle = "".join(found[len(before) : -len(after)])
    assert middle.isdigit() or [token.kind for token in tokens(middle) if token.text != "^"] in LITERAL
