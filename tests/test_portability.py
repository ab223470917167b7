"""What keeps a saved query out of a catalogue: unknown terms, dialect, missing order, cartesian products."""

from collections.abc import Callable
from pathlib import Path

import pytest

from solgraph.authoring.cartesian_products import products
from solgraph.authoring.lint import lint, ontology_terms
from solgraph.queries.catalogue import read

Faults = Callable[..., list[tuple[int, str]]]
TERMS = ontology_terms()
PREFIX = "PREFIX sg: <https://w3id.org/solgraph/ns#>\n"
#: Three lines of header and prefix, so that the text that a test gives begins at line 4.
HEAD = "#+ summary: x\n#+ columns: {a: x}\n" + PREFIX
#: The same with an optional parameter, in four lines.
OPTIONAL_HEAD = "#+ summary: x\n#+ params: {b: {description: x, example: bologna}}\n#+ columns: {a: x}\n" + PREFIX


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    """The faults of a text below the usual head, as pairs of line and sentence."""

    def find(text: str, head: str = HEAD) -> list[tuple[int, str]]:
        path = tmp_path / "asked.rq"
        path.write_text(head + text, encoding="utf-8")
        return [(int(one.where.rpartition(":")[2]), one.what) for one in lint(read(path), TERMS)]

    return find


def test_without_terms_only_what_keeps_a_query_from_working_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_text("#+ summary: x\n#+ columns: {a: x}\nSELECT ?a { ?a a sg:Cty . ?b a sg:City }")
    assert lint(read(path)) == []
    assert len(lint(read(path), TERMS)) == 4


# Terms


def test_the_terms_are_those_of_the_ontology_and_no_others() -> None:
    ours = "https://w3id.org/solgraph/"
    assert {f"{ours}ns#City", f"{ours}ns#inCity", f"{ours}vocab/role/mayor", f"{ours}vocab/role"} <= TERMS
    assert all(iri.startswith(ours) for iri in TERMS)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("?a a sg:Citty", "sg:Citty is not a term of the ontology. Did you mean 'City'"),
        ("?a a sg:Citty.", "sg:Citty is not a term of the ontology. Did you mean 'City'"),
        ("?a a sg:Cit\\-ty", "https://w3id.org/solgraph/ns#Cit-ty is not a term"),
        ("?a a <https://w3id.org/solgraph/ns#Citty>", "sg:Citty is not a term of the ontology. Did you mean 'City'"),
        (
            "?a ?b <https://w3id.org/solgraph/vocab/role/mayr>",
            "role:mayr is not a term of the ontology. Did you mean 'mayor'",
        ),
        ("?a ?b <https://w3id.org/solgraph/vocab/rolle>", "is not a term of the ontology. Did you mean 'role'"),
        ("?a sg:locatedIn+/sg:xyzzy ?c", "sg:xyzzy is not a term of the ontology."),
    ],
)
def test_a_term_of_ours_that_does_not_exist_is_a_fault(pattern: str, told: str, faults: Faults) -> None:
    ((line, what),) = faults(f"SELECT ?a {{\n{pattern} }} ORDER BY ?a")
    assert line == 5
    assert told.replace("https://w3id.org/solgraph/ns#Cit-ty", "") in what


def test_a_prefix_of_ones_own_is_followed(faults: Faults) -> None:
    text = "PREFIX r: <https://w3id.org/solgraph/vocab/role/>\nSELECT ?a { ?a ?b r:mayor, r:mayr } ORDER BY ?a"
    assert faults(text) == [(5, "role:mayr is not a term of the ontology. Did you mean 'mayor'?")]


@pytest.mark.parametrize(
    "pattern",
    [
        "?a a sg:City.",
        "?a ?b <https://w3id.org/solgraph/vocab/role>",
        "?a ?b <https://w3id.org/solgraph/vocab/role/>",
        "?a ?b <https://w3id.org/solgraph/id/city/nowhere>",
        "?a a <https://schema.org/Nothing>",
        '?a ?b "sg:Citty" # sg:Citty',
    ],
)
def test_known_terms_things_and_terms_of_others_are_no_fault(pattern: str, faults: Faults) -> None:
    assert faults(f"SELECT ?a {{ {pattern}\n}} ORDER BY ?a") == []


def test_terms_may_come_from_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "x.rq"
    path.write_text(HEAD + "SELECT ?a { ?a a sg:Mine } ORDER BY ?a")
    assert lint(read(path), ["https://w3id.org/solgraph/ns#Mine"]) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("type: sg:Citty", "sg:Citty is not a term of the ontology. Did you mean 'City'"),
        ("scheme: stattus", "'status'"),
    ],
)
def test_an_unknown_type_of_a_parameter_is_a_fault_of_the_header(said: str, told: str, faults: Faults) -> None:
    head = f"#+ summary: x\n#+ params:\n#+   b: {{{said}, description: x, example: y}}\n"
    ((line, what),) = faults("ASK { ?a ?p ?_b_iri }", head)
    assert line == 3
    assert told in what


# Dialect


def test_a_prefix_that_only_solgraph_knows_is_told_once_where_it_is_first_used(faults: Faults) -> None:
    text = "SELECT ?a {\n?a a skos:Concept ; skos:broader ?b } ORDER BY ?a"
    assert faults(text) == [
        (5, "the prefix 'skos:' is not declared: write PREFIX skos: <http://www.w3.org/2004/02/skos/core#>")
    ]


def test_a_blank_node_is_no_prefix(faults: Faults) -> None:
    assert faults("SELECT ?a { ?a ?p _:one . _:one ?q 1.5e3 } ORDER BY ?a") == []


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("LATERAL { SELECT ?b { ?a ?p ?b } LIMIT 1 }", "stops at 'LATERAL {"),
        ("BIND(LANGDIR(?a) AS ?b)", "stops at 'BIND(LANGDIR"),
        ("<< ?a ?p ?b >> ?q ?c", "stops at '<< ?a ?p ?b >>"),
        ("?a ?p ?b {| ?q ?c |}", "stops at '?a ?p ?b {|"),
        ("FILTER(<http://jena.apache.org/fn#f>(?a))", "is a function of some engines only"),
        ("FILTER(sg:near(?a))", "sg:near(…) is a function of some engines only"),
    ],
)
def test_what_is_not_sparql_1_1_is_a_fault_at_its_line(pattern: str, told: str, faults: Faults) -> None:
    found = faults(f"SELECT ?a {{\n?a a sg:City .\n{pattern} }} ORDER BY ?a")
    assert any(line == 6 and told in what for line, what in found)


def test_what_another_engine_does_not_read_is_a_fault(faults: Faults) -> None:
    ((line, what),) = faults('SELECT ?a {\n?a ?b "x"@en--ltr } ORDER BY ?a')
    assert line == 5
    assert "rdflib" in what


@pytest.mark.parametrize("word", ["", "DISTINCT ", "reduced "])
def test_select_star_is_a_fault(word: str, faults: Faults) -> None:
    assert faults(f"SELECT\n{word}* {{ ?a a sg:City }} ORDER BY ?a") == [
        (4, "SELECT * gives the columns in an order that depends on the engine: name them.")
    ]


def test_count_star_is_no_fault(faults: Faults) -> None:
    assert faults("SELECT (COUNT(*) AS ?a) { ?b a sg:City }") == []


def test_a_name_within_group_by_is_a_fault(faults: Faults) -> None:
    ((line, what),) = faults("SELECT ?a {\n?b a ?c }\nGROUP BY ?c (STR(?c) AS ?a)\nHAVING(COUNT(?b) > 1) ORDER BY ?a")
    assert line == 6
    assert "BIND the name" in what


def test_names_before_and_after_group_by_are_no_fault(faults: Faults) -> None:
    assert faults("SELECT (STR(?c) AS ?a) { { SELECT ?c { ?b a ?c } GROUP BY ?c } BIND(1 AS ?d) } ORDER BY ?a") == []


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("FILTER NOT EXISTS { ?a sg:facetOf|sg:theme ?b }", "EXISTS"),
        ("FILTER(?a = 1 || EXISTS { ?a (sg:inCity|^sg:about)/sg:theme ?b })", "EXISTS"),
        ("MINUS { { ?a sg:theme ?b } UNION { ?a sg:about ?b } }", "MINUS"),
    ],
)
def test_a_test_of_several_branches_is_a_fault(pattern: str, word: str, faults: Faults) -> None:
    ((line, what),) = faults(f"SELECT ?a {{\n?a a sg:City\n{pattern} }} ORDER BY ?a")
    assert line == 6
    assert f"write one {word} for each branch" in what


def test_an_optional_that_computes_and_looks_outside_is_a_fault(faults: Faults) -> None:
    ((line, what),) = faults(
        "SELECT ?a { ?a a ?c\nOPTIONAL { ?a sg:theme ?d BIND(?d AS ?e) FILTER(?c != ?d) } } ORDER BY ?a"
    )
    assert line == 5
    assert "an OPTIONAL with BIND cannot test ?c" in what


@pytest.mark.parametrize("test", ["COALESCE(?c = ?__b_iri, true)", "coalesce(?c = 1 || ?c = ?__b_iri, true)"])
def test_an_optional_parameter_that_is_excused_is_a_fault(test: str, faults: Faults) -> None:
    ((line, what),) = faults(f"SELECT ?a {{ ?a a ?c\nFILTER({test}) }} ORDER BY ?a", OPTIONAL_HEAD)
    assert line == 6
    assert "gives no row in some engines when there is no value: write ?x = COALESCE(" in what


@pytest.mark.parametrize("test", ["?c = COALESCE(?__b_iri, ?c)", "!COALESCE(?__b_iri = ?c, false)"])
def test_an_optional_parameter_that_falls_back_is_no_fault(test: str, faults: Faults) -> None:
    assert faults(f"SELECT ?a {{ ?a a ?c FILTER({test}) }} ORDER BY ?a", OPTIONAL_HEAD) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "FILTER NOT EXISTS { ?a sg:theme ?b FILTER(?b = 1 || ?b = 2) } ?a sg:about|sg:inCity ?c",
        "OPTIONAL { ?a sg:theme ?d BIND(?d AS ?e) FILTER(?e != ?a) }",
        "OPTIONAL { ?a sg:theme ?d FILTER(?c != ?d) } BIND(?d AS ?e)",
    ],
)
def test_one_branch_and_an_optional_on_its_own_are_no_fault(pattern: str, faults: Faults) -> None:
    assert faults(f"SELECT ?a {{ ?a a ?c . {pattern} }} ORDER BY ?a") == []


def test_words_within_texts_and_comments_are_no_fault(faults: Faults) -> None:
    assert faults('SELECT ?a { ?a ?p "LATERAL {" # ADJUST(\n} ORDER BY ?a') == []


@pytest.mark.parametrize("cast", ["xsd:integer(?p)", "<http://www.w3.org/2001/XMLSchema#integer>(?p)"])
def test_a_cast_of_xsd_is_no_fault(cast: str, faults: Faults) -> None:
    declared = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
    assert faults(f"{declared}SELECT ?a {{ ?a ?p ?c FILTER({cast} > 1) }} ORDER BY ?a") == []


# Order


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?a { ?a a sg:City }",
        "SELECT ?a { ?a a sg:City } LIMIT 1",
        "SELECT ?a { { SELECT ?a { ?a a sg:City } ORDER BY ?a } }",
        "SELECT (COUNT(?b) AS ?a) { ?b a ?c } GROUP BY ?c",
    ],
)
def test_rows_in_no_order_are_a_fault(text: str, faults: Faults) -> None:
    assert faults("\n" + text) == [
        (5, "no ORDER BY: the order of the rows differs from run to run and engine to engine.")
    ]


@pytest.mark.parametrize(
    "text", ["ASK { ?a ?b ?c }", "DESCRIBE ?a { ?a a sg:City }", "SELECT (MAX(?b) AS ?a) {?c ?d ?b}"]
)
def test_what_has_no_rows_to_order_needs_no_order(text: str, faults: Faults) -> None:
    assert faults(text) == []


# Cartesian products


def test_parts_without_tie_are_a_fault_where_the_second_begins(faults: Faults) -> None:
    assert faults("SELECT ?a\n{\n?a a sg:City .\n?b a sg:Network\n} ORDER BY ?a") == [
        (7, "?b shares nothing with ?a: every row of one meets every row of the other. "
            "Join them, or ask two queries.")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    [
        "?a a :A . ?b a :B",
        "?a a :A . ?a :p ?x . ?b a :B ; :p ?y",
        "?a a :A . { ?b a :B }",
        "?a a :A . { ?b a :B } UNION { ?b a :C }",
        "{ ?a a :A . ?b a :B } UNION { ?a :p ?b }",
        "VALUES ?b { 1 2 } ?a a :A",
        "?a a :A OPTIONAL { ?b a :B }",
        "?a a :A . GRAPH ?g { ?b a :B }",
        "GRAPH :g { ?a a :A . ?b a :B }",
        "?a a :A . { SELECT ?b { ?b a :B } }",
        "{ SELECT ?a { ?a a :A . ?x a :B } }",
        "{ SELECT ?a (COUNT(?x) AS ?n) { ?a a :A . ?x a :B } GROUP BY ?a }",
        "?a :p :k . ?b :p :k",
        "?a :p ?x . ?b :p ?y FILTER(?x > 1) FILTER(?y > 1)",
        "?a :p ?x . ?b :p ?y FILTER(?x > 1 && ?y > 1)",
        "?a a :A . [] a :B",
        "?a a :A . ?b :p [ :q ?c ]",
        "?a a :A . ?b a :B MINUS { ?a :p ?b }",
    ],
)
def test_a_cartesian_product_is_found(pattern: str) -> None:
    assert len(products(f"PREFIX : <urn:x:>\nSELECT ?a {{ {pattern} }}")) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "?a a :A ; :p ?b . ?b :q/:r+ ?c",
        "?a ?p ?x . ?b ?p ?y",
        "?a :p ?x . ?b :p ?y FILTER(?x < ?y)",
        "?a a :A . ?b a :B FILTER NOT EXISTS { ?a :p ?b }",
        "?a a :A . BIND(?a AS ?k) ?b :p ?k",
        "?a a :A BIND(COALESCE(:k, 1) AS ?t)",
        "?a a :A VALUES ?b { 1 }",
        "VALUES (?a ?b) { (1 2) (3 4) } ?a a :A . ?b a :B",
        "?a a :A OPTIONAL { ?a :p ?x . ?y :q ?x }",
        "OPTIONAL { ?a a :A }",
        "?a a :A OPTIONAL { ?b a :B FILTER(?b > ?a) }",
        "?a a :A . :k a :B . :c a :B",
        "GRAPH ?g { ?a a :A . ?b a :B }",
        "?a a :A . GRAPH ?g { ?a a :A }",
        "{ ?a a :A } UNION { ?b a :B } UNION { ?c a :C }",
        "?a :p _:x . _:x :q ?b",
        "?a :p [ :q ?b ]",
        "?a a :A { SELECT (COUNT(?x) AS ?all) { ?x a :A } }",
        "?a a :A { SELECT ?x { ?x a :A } ORDER BY ?x LIMIT 1 }",
        "?a a :A MINUS { ?b a :B }",
        "?a a :A FILTER EXISTS { ?b a :B . ?c a :C }",
    ],
)
def test_what_hangs_together_or_has_one_row_is_no_product(pattern: str) -> None:
    assert products(f"PREFIX : <urn:x:>\nSELECT ?a {{ {pattern} }}") == []


@pytest.mark.parametrize("query", ["ASK { ?a a <x:A> . ?b a <x:B> }", "DESCRIBE <x:a>", "CONSTRUCT WHERE {}"])
def test_forms_that_multiply_nothing_are_no_product(query: str) -> None:
    assert products(query) == []


def test_each_further_part_is_told_once() -> None:
    found = products("SELECT ?a {\n?a a <x:A> .\n?b a <x:B> .\n?c a <x:C> }")
    assert [line for line, _ in found] == [3, 4]


def test_the_line_is_that_of_the_pattern_and_not_of_a_template() -> None:
    ((line, what),) = products("CONSTRUCT { ?b a ?a }\nWHERE {\n?a a <x:A> .\n?b a <x:B> }")
    assert line == 4
    assert what.startswith("?b shares nothing with ?a")
