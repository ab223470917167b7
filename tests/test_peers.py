"""Probes on which the nearest tools break: solgraph passes each of them, on files here and on a server."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pyoxigraph import Literal, NamedNode

import solgraph
from servers import Misbehaving, oxigraph
from solgraph.engines.push import push

SMALL = Path(__file__).parent / "small"
CITY = "https://w3id.org/solgraph/id/city/"
ARDEA, BELMONTE, CADRIA, DORN = (CITY + name for name in ("ardea", "belmonte", "cadria", "dorn"))
Save = Callable[..., Path]


@pytest.fixture(scope="module", params=["local", "remote"])
def opened(request: pytest.FixtureRequest) -> Iterator[tuple[solgraph.Knowledge, list[str]]]:
    """The small graph, from its files or on a server, and the options of the command line that say so."""
    small = solgraph.open(SMALL)
    if request.param == "local":
        yield small, ["--data", str(SMALL)]
        return
    with oxigraph() as address:
        list(push(small.store, f"{address}/store"))
        yield solgraph.open(endpoint=f"{address}/query"), ["--endpoint", f"{address}/query"]


@pytest.fixture
def knowledge(opened: tuple[solgraph.Knowledge, list[str]], tmp_path: Path) -> solgraph.Knowledge:
    """The small graph with a folder of saved queries of one's own."""
    return solgraph.Knowledge(queries=[tmp_path], endpoint=opened[0].endpoint)


@pytest.fixture
def line(
    run: Callable[..., Result], opened: tuple[solgraph.Knowledge, list[str]], tmp_path: Path
) -> Callable[..., Result]:
    """The command line on the same graph, with the same folder of saved queries."""
    return lambda command, *args: run("--queries", str(tmp_path), command, *args, *opened[1])


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a saved query, named q unless another name is given, with further lines for its header."""

    def write(text: str, *header: str, name: str = "q") -> Path:
        path = tmp_path / f"{name}.rq"
        lines = "".join(f"#+ {one}\n" for one in ("summary: A question", *header))
        path.write_text(lines + text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Misbehaving]:
    server = Misbehaving()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def listener(elsewhere: Misbehaving) -> Misbehaving:
    """A server that nobody should call; it keeps the requests that come."""
    elsewhere.requests.clear()
    return elsewhere


# Values.

AWKWARD = [
    "L'Aquila",
    'say "ciao"',
    "back\\slash",
    "at the end\\",
    "new\nline",
    "return\r\ntab\t",
    '"""',
    "'''",
    "\\u0022 \\n",
    "%s ${x} {{x}}",
    "Łódź Λειβαδιά 🏙",
    "",
    "x" * 5000,
]
HOSTILE = [
    "> . } LIMIT 1 #",
    '"@it } UNION { ?s ?p ?o } #',
    "} SERVICE <http://127.0.0.1:9/> { ?s ?p ?o",
    "1) FILTER(false",
    "?__city_iri",
    "<http://127.0.0.1:9/>",
    "'; DROP ALL; --",
]


def named(value: str) -> str:
    return ascii(value)[1:25]


each_value = pytest.mark.parametrize("value", AWKWARD + HOSTILE, ids=named)
each_hostile = pytest.mark.parametrize("value", HOSTILE, ids=named)


@each_value
def test_a_text_comes_back_as_it_is(value: str, save: Save, knowledge: solgraph.Knowledge) -> None:
    save("SELECT ?said ?length { BIND(?_text AS ?said) BIND(STRLEN(?_text) AS ?length) }")
    assert [tuple(row) for row in knowledge.query("q", text=value)] == [(value, len(value))]


@each_value
def test_a_text_with_language_comes_back_with_it(value: str, save: Save, knowledge: solgraph.Knowledge) -> None:
    save("SELECT ?said { BIND(?_text_it AS ?said) }")
    assert knowledge.query("q", text=value).terms == [(Literal(value, language="it"),)]


@each_hostile
def test_a_hostile_text_in_a_filter_finds_nothing_more(value: str, save: Save, knowledge: solgraph.Knowledge) -> None:
    save("SELECT ?city { ?city skos:prefLabel ?label FILTER(STR(?label) = ?_name) }")
    assert len(knowledge.query("q", name=value)) == 0


@pytest.mark.parametrize("variable", ["city_iri", "integer", "number", "xsd_date", "xsd_boolean", "xsd_gYear"])
def test_a_hostile_value_that_is_no_text_is_refused(variable: str, save: Save, knowledge: solgraph.Knowledge) -> None:
    save(f"ASK {{ ?s ?p ?_x_{variable.removeprefix('city_')} }}")
    for value in HOSTILE:
        with pytest.raises(solgraph.ParameterError) as caught:
            knowledge.query("q", x=value)
        assert repr(value) in caught.value.what


def test_a_server_that_a_value_names_is_not_called(
    save: Save, knowledge: solgraph.Knowledge, listener: Misbehaving
) -> None:
    save("SELECT ?s { ?s skos:prefLabel ?label FILTER(STR(?label) = ?_text) }")
    for value in ("} SERVICE <{}> {{ ?s ?p ?o", '" ) }} SERVICE <{}> {{ ?s ?p ?o }} #', "> }} SERVICE <{}> {{"):
        assert len(knowledge.query("q", text=value.replace("{}", listener.url))) == 0
    assert listener.requests == []


def test_a_name_with_an_apostrophe_is_found(opened: tuple[solgraph.Knowledge, list[str]]) -> None:
    assert len(opened[0].query("mayors", city="L'Ardea")) == 3


# Parameters that are missing, unknown or wrong.

EVERY_KIND = (
    "params:",
    "  city: {type: sg:City, description: a city, example: Ardea}",
    "  by: {values: [city, mayor], description: through whom}",
)
EVERY_KIND_TEXT = (
    "ASK { ?_city_iri ?p ?o FILTER(COALESCE(?__by != '', ?__year_integer > 0, ?__day_xsd_date > ?o, true)) }"
)


@pytest.mark.parametrize(
    ("values", "what", "hint"),
    [
        ({}, "q needs the parameter 'city' (sg:City): a city.", 'For example: kg.query("q", city="Ardea")\n'),
        ({"ctiy": "Ardea"}, "q has no parameter 'ctiy'.", "Did you mean 'city'?"),
        ({"frob": "x"}, "q has no parameter 'frob'.", "Its parameters: city=…, by=…, year=…, day=…"),
        ({"city": "Ardae"}, "q, parameter 'city': 'Ardae' names no City in this graph.", "Did you mean 'Ardée'"),
        ({"city": "Spain"}, "q, parameter 'city': 'Spain' names no City in this graph.", "Known: Ardea, "),
        ({"city": "Twinham"}, "q, parameter 'city': 'Twinham' names 2 things.", "Say which: city:ardea, city:belmonte"),
        ({"city": ["Ardea", "Dorn"]}, "q: 'city' takes one value, not 2.", ""),
        ({"city": "Dorn", "by": "citty"}, "q: by = 'citty' is not allowed.", "Did you mean 'city'?"),
        ({"city": "Dorn", "by": "region"}, "q: by = 'region' is not allowed.", "Allowed: city, mayor"),
        ({"city": "Dorn", "year": "soon"}, "q: year = 'soon' is not a whole number such as 2018.", ""),
        ({"city": "Dorn", "year": "2018.5"}, "q: year = '2018.5' is not a whole number such as 2018.", ""),
        ({"city": "Dorn", "day": "2018-02-30"}, "q: day = '2018-02-30' is not a date such as 2018-06-30.", ""),
    ],
    ids=lambda value: " ".join(f"{key}={one}" for key, one in value.items()) if isinstance(value, dict) else None,
)
def test_a_wrong_parameter_is_one_precise_sentence(
    values: dict[str, Any], what: str, hint: str, save: Save, knowledge: solgraph.Knowledge
) -> None:
    save(EVERY_KIND_TEXT, *EVERY_KIND)
    with pytest.raises(solgraph.ParameterError) as caught:
        knowledge.query("q", **values)
    assert caught.value.what == what
    assert caught.value.hint.startswith(hint)
    assert hint or not caught.value.hint


@pytest.mark.parametrize("args", [[], ["--ctiy", "Dorn"], ["--city", "Dron"], ["--city", "Dorn", "--year", "soon"]])
def test_a_wrong_parameter_is_never_an_empty_answer_with_exit_code_0(
    args: list[str], save: Save, line: Callable[..., Result]
) -> None:
    save(EVERY_KIND_TEXT, *EVERY_KIND)
    result = line("query", "q", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: q")


# Binding.


def test_a_parameter_is_not_touched_inside_other_tokens(save: Save, knowledge: solgraph.Knowledge) -> None:
    parts = ["?_city", "?_cityname", '"?_city"', "'''?_city'''", "STR(<urn:x?_city>)", '"""a\n?_city"""']
    binds = " ".join(f"BIND({part} AS ?v{number})" for number, part in enumerate(parts))
    save(f"SELECT {' '.join(f'?v{number}' for number in range(6))} {{ {binds} }} # ?_city")
    (row,) = knowledge.query("q", city="one", cityname="two")
    assert tuple(row) == ("one", "two", "?_city", "?_city", "urn:x?_city", "a\n?_city")


def test_a_default_is_applied_and_not_only_shown(save: Save, knowledge: solgraph.Knowledge) -> None:
    save("SELECT ?city { ?city a sg:City } ORDER BY ?city LIMIT ?_most_integer", "defaults:", "  - most: 2")
    assert [row.city for row in knowledge.query("q")] == [ARDEA, BELMONTE]
    assert len(knowledge.query("q", most=3)) == 3


def test_an_optional_parameter_may_be_left_out(save: Save, knowledge: solgraph.Knowledge) -> None:
    save("SELECT ?city { ?city a sg:City FILTER(?city = COALESCE(?__which_iri, ?city)) } ORDER BY ?city")
    assert [row.city for row in knowledge.query("q")] == [ARDEA, BELMONTE, CADRIA, DORN]
    assert [row.city for row in knowledge.query("q", which="Dorn")] == [DORN]


@pytest.mark.parametrize(
    ("given", "found"),
    [([], [ARDEA, BELMONTE, CADRIA, DORN]), (["Dorn"], [DORN]), (["Cádria", "Ardeja"], [ARDEA, CADRIA])],
    ids=["none", "one", "two"],
)
def test_a_parameter_may_take_several_values(
    given: list[str], found: list[str], save: Save, knowledge: solgraph.Knowledge, line: Callable[..., Result]
) -> None:
    save("SELECT ?city { VALUES ?__c_multi_iri {} ?__c_multi_iri a sg:City BIND(?__c_multi_iri AS ?city) }")
    assert sorted(row.city for row in knowledge.query("q", c=given)) == found
    told = line("query", "q", *(word for value in given for word in ("--c", value)), "-f", "tsv").stdout
    assert sorted(told.splitlines()[1:]) == [f"<{one}>" for one in found]


# Answers.

FORMS = {
    "SELECT": "SELECT ?kind { ?_city_iri a ?kind }",
    "ASK": "ASK { ?_city_iri a sg:City }",
    "CONSTRUCT": "CONSTRUCT { ?_city_iri a ?kind } WHERE { ?_city_iri a ?kind }",
    "DESCRIBE": "DESCRIBE ?_city_iri",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_query_form_is_answered_with_its_parameter(
    form: str, save: Save, knowledge: solgraph.Knowledge, line: Callable[..., Result]
) -> None:
    save(FORMS[form])
    answer = knowledge.query("q", city="Dorn")
    assert (answer.form, bool(answer)) == (form, True)
    assert all(one.subject == NamedNode(DORN) for one in (answer.triples if answer.holds_triples else ()))
    result = line("query", "q", "--city", "Dorn")
    assert (result.exit_code, result.stdout, result.stderr) == (0, answer.text(), "")


@pytest.mark.parametrize("form", ["ASK", "CONSTRUCT", "DESCRIBE"])
def test_nothing_found_is_an_answer_too(form: str, save: Save, knowledge: solgraph.Knowledge) -> None:
    texts = {"ASK": "ASK { ?s sg:nothing ?o }", "DESCRIBE": "DESCRIBE <urn:nothing>"}
    save(texts.get(form, "CONSTRUCT { ?s a ?o } WHERE { ?s sg:nothing ?o }"))
    answer = knowledge.query("q")
    assert (answer.form, bool(answer), len(answer)) == (form, False, 0)
    assert answer.boolean is (False if form == "ASK" else None)


def test_an_empty_answer_keeps_its_columns(save: Save, knowledge: solgraph.Knowledge) -> None:
    save("SELECT ?city ?mayor { ?city sg:nothing ?mayor }")
    answer = knowledge.query("q")
    assert (answer.columns, len(answer)) == (("city", "mayor"), 0)
    assert answer.text("csv") == "city,mayor\r\n"
    assert list(answer.to_pandas().columns) == list(answer.to_polars().columns) == ["city", "mayor"]


TYPED = {
    "1": 1,
    "-7": -7,
    "2.50": Decimal("2.50"),
    "2.5e3": 2500.0,
    "true": True,
    '"2018-06-30"^^xsd:date': date(2018, 6, 30),
    '"2018"^^xsd:gYear': 2018,
    '"2018"': "2018",
    '"true"': "true",
    "<urn:x>": solgraph.IRI("urn:x"),
}


@pytest.mark.parametrize("written", TYPED)
def test_a_value_keeps_its_type(written: str, knowledge: solgraph.Knowledge) -> None:
    ((value,),) = knowledge.sparql(f"SELECT ?v {{ VALUES ?v {{ {written} }} }}")
    assert (type(value), value) == (type(TYPED[written]), TYPED[written])


@pytest.mark.parametrize("language", ["fr", "pl", "zh-hant"])
def test_a_text_keeps_its_language(language: str, knowledge: solgraph.Knowledge) -> None:
    ((value,),) = knowledge.sparql(f'SELECT ?v {{ VALUES ?v {{ "Ardée"@{language} }} }}')
    assert isinstance(value, solgraph.rdf.terms.Text)
    assert (value, value.language) == ("Ardée", language)


def test_the_languages_of_names_are_kept_in_triples(knowledge: solgraph.Knowledge) -> None:
    answer = knowledge.sparql(
        "CONSTRUCT { ?s skos:prefLabel ?l } WHERE { VALUES ?s { city:ardea } ?s skos:prefLabel ?l }"
    )
    assert sorted((one.object.value, one.object.language) for one in answer.triples) == [
        ("Ardea", "en"),
        ("Ardeja", "pl"),
        ("Ardée", "fr"),
    ]


@pytest.mark.parametrize(
    ("lang", "told"), [("pl,it", "Włochy"), ("it,pl", "Italia"), ("fi,es,it", "Italia"), ("fi", "Italy")]
)
def test_labels_follow_the_chain_of_languages(
    lang: str, told: str, opened: tuple[solgraph.Knowledge, list[str]]
) -> None:
    answer = solgraph.Knowledge(lang=lang, endpoint=opened[0].endpoint).query("cities", country="Italy")
    assert {answer.label(row.country) for row in answer} == {told}


# Saved queries that are broken.


def test_a_broken_header_is_told_with_its_line_and_the_others_answer(
    save: Save, knowledge: solgraph.Knowledge, line: Callable[..., Result]
) -> None:
    path = save("ASK {}", "tags: [x]", "sumary: y", name="broken")
    save("ASK { ?city a sg:City }", name="sound")
    with pytest.raises(solgraph.DataError) as caught:
        knowledge.query("broken")
    assert str(caught.value).startswith(f"{path}:3: 'sumary' is not a key of a header.")
    assert knowledge.query("sound")
    assert len(knowledge.query("cities")) == 4
    assert line("query", "sound").stdout == "yes\n"


def test_a_broken_query_does_not_vanish_from_the_list(save: Save, knowledge: solgraph.Knowledge) -> None:
    path = save("ASK {}", "tags: x", name="broken")
    save("ASK {}", name="sound")
    with pytest.raises(solgraph.DataError, match=f"{path}:2"):
        knowledge.queries()
    path.write_text("#+ summary: mended\nASK {}")
    assert {"broken", "sound"} <= {one.name for one in knowledge.queries()}


@pytest.mark.parametrize("declared", ["", "PREFIX sg: <https://w3id.org/solgraph/ns#> "], ids=["known", "declared"])
def test_bad_sparql_is_told_with_the_line_of_the_file(
    declared: str, save: Save, knowledge: solgraph.Knowledge, line: Callable[..., Result]
) -> None:
    path = save(f"{declared}SELECT ?city\nWHERE {{\n  ?city sg:placeKind }}\n", name="broken")
    with pytest.raises(solgraph.QueryError) as caught:
        knowledge.query("broken")
    assert str(caught.value).startswith(f"{path}:4: ")
    assert line("query", "broken").exit_code == 1


def test_an_undeclared_prefix_is_called_that(knowledge: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.QueryError, match="town") as caught:
        knowledge.sparql("SELECT ?x { ?x town:y 1 }")
    assert "203F" not in str(caught.value), "a parser's character classes help nobody"


# What reaches outside.

OUTSIDE = {
    "FROM file": "SELECT ?s FROM <file:///etc/passwd> { ?s ?p ?o }",
    "FROM NAMED file": "SELECT ?s FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "FROM http": "SELECT ?s FROM <URL> { ?s ?p ?o }",
    "FROM NAMED http": "ASK FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "LOAD file": "LOAD <file:///etc/passwd>",
    "LOAD http": "LOAD <URL>",
    "SERVICE": "SELECT ?x { SERVICE <URL> { ?s ?p ?o } }",
    "SERVICE SILENT": "SELECT ?x { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "INSERT": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
}


@pytest.mark.parametrize("query", OUTSIDE.values(), ids=OUTSIDE)
def test_a_query_of_ones_own_that_reaches_outside_is_refused(
    query: str, knowledge: solgraph.Knowledge, listener: Misbehaving
) -> None:
    with pytest.raises(solgraph.QueryError):
        knowledge.sparql(query.replace("URL", listener.url))
    assert listener.requests == []
    assert not knowledge.sparql("ASK { <urn:a> <urn:b> <urn:c> }")


@pytest.mark.parametrize("query", OUTSIDE.values(), ids=OUTSIDE)
def test_a_saved_query_that_reaches_outside_is_refused(
    query: str, save: Save, knowledge: solgraph.Knowledge, listener: Misbehaving
) -> None:
    save(query.replace("URL", listener.url))
    with pytest.raises(solgraph.QueryError):
        knowledge.query("q")
    assert listener.requests == []


def test_a_graph_that_is_there_may_be_asked_alone(knowledge: solgraph.Knowledge) -> None:
    graph = "<https://w3id.org/solgraph/graph/alpha>"
    assert knowledge.sparql(f"ASK FROM {graph} {{ network:harbours a sg:Network }}").boolean is False
    assert knowledge.sparql(f"ASK FROM {graph} {{ membership:ardea-harbours a sg:Membership }}").boolean is True
    assert knowledge.sparql(f"ASK {{ GRAPH {graph} {{ membership:ardea-harbours a sg:Membership }} }}").boolean is True
