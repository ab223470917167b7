"""SPARQL as tokens: nothing lost, nothing mistaken, nothing that reaches outside."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import solgraph
from solgraph.errors import QueryError
from solgraph.rdf.sparql_safety import refuse_outside
from solgraph.rdf.sparql_tokens import code, form, line_of, names_graphs, tokens

ALPHA = "https://w3id.org/solgraph/graph/alpha"
BITS = [
    *(
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        '\\"',
        "#",
        "\n",
        "\r",
        "<",
        ">",
        "?_city_iri",
        "$x",
        "city:",
        ":a",
        "ex:a.b",
        ".",
        "{",
        "}",
    ),
    *(
        "<http://a/#b>",
        "@en",
        "@en-GB",
        "%41",
        "SERVICE",
        "FROM",
        "1e5",
        "_:b",
        " ",
        "\u00e9",
        "\u0301",
        "\x00",
        "^^",
        "\\u0022",
    ),
]


def kinds(query: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in code(query)]


def variables(query: str) -> list[str]:
    return [token.text for token in code(query) if token.kind == "variable"]


def words(query: str) -> list[str]:
    return [token.text for token in code(query) if token.kind == "word"]


# Nothing is lost


@given(st.one_of(st.text(), st.lists(st.sampled_from(BITS)).map("".join)))
@example('"unfinished')
@example("'''unfinished")
@example("<unfinished ?x")
def test_tokens_joined_give_the_text_again(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert all(text.startswith(token.text, token.start) for token in found)


@given(st.lists(st.sampled_from(BITS)).map("".join))
def test_every_token_has_a_kind_that_is_known(text: str) -> None:
    known = {"space", "comment", "iri", "string", "variable", "blank", "name", "tag", "number", "word", "other"}
    assert {token.kind for token in tokens(text)} <= known


def test_an_empty_text_has_no_tokens() -> None:
    assert list(tokens("")) == []


def test_white_space_and_comments_mean_nothing() -> None:
    assert kinds(" # a comment\n\t?x # another") == [("variable", "?x")]


def test_a_very_long_text_is_read_in_moments() -> None:
    text = '"' + "a\\" * 50_000 + "<" * 50_000 + "'''" * 50_000
    assert "".join(token.text for token in tokens(text)) == text


def test_a_text_of_many_hyphens_is_read_in_moments() -> None:
    begun = time.perf_counter()
    assert len(list(tokens("a-" * 20_000))) == 40_000
    assert time.perf_counter() - begun < 2


# Strings


@pytest.mark.parametrize(
    "string",
    [
        '"a"',
        "'a'",
        '""',
        "''",
        '""""""',
        "''''''",
        '"""a"""',
        "'''a'''",
        r'"a \" b"',
        r"'a \' b'",
        r'"a \\"',
        r"'a \\'",
        r'"""a \""" b"""',
        r"'''a \''' b'''",
        '"""a "b" ""c"""',
        "'''a 'b' ''c'''",
        '"""two\nlines"""',
        "'''two\r\nlines'''",
        '"it\'s"',
        "'say \"a\"'",
        '"# no comment"',
        '"} ?_city_iri SELECT <a> @en"',
        r'"\u00e9\t\n"',
    ],
)
def test_a_string_is_one_token(string: str) -> None:
    query = f"ASK {{ ?s ?p {string} . ?_city_iri ?q ?o }}"
    assert ("string", string) in kinds(query)
    assert variables(query) == ["?s", "?p", "?_city_iri", "?q", "?o"]


def test_two_strings_side_by_side_are_two() -> None:
    assert kinds("'a' \"b\"''") == [("string", "'a'"), ("string", '"b"'), ("string", "''")]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_short_string_does_not_reach_over_a_line_end(quote: str) -> None:
    assert ("variable", "?x") in kinds(f"{quote}unfinished\n?x{quote}")


# Comments


def test_a_comment_hides_everything_to_the_end_of_its_line() -> None:
    assert variables("?a # ?b \"?c\" '''\n?d") == ["?a", "?d"]


def test_a_carriage_return_ends_a_comment() -> None:
    assert variables("?a # ?b\r?d") == ["?a", "?d"]


def test_a_comment_may_be_the_last_thing() -> None:
    assert variables("?a #?b") == ["?a"]


# IRIs


@pytest.mark.parametrize(
    "iri",
    [
        "<http://a/#b>",
        "<http://a/?_city_iri>",
        "<?_city_iri>",
        "<#>",
        "<>",
        "<http://a/'b'>",
        "<http://a/SELECT>",
        "<é>",
    ],
)
def test_an_iri_is_one_token(iri: str) -> None:
    assert kinds(f"?s {iri} ?o") == [("variable", "?s"), ("iri", iri), ("variable", "?o")]


@pytest.mark.parametrize("comparison", ["?a < ?b && ?c > ?d", "?a <= ?b && ?c >= ?d", "?a<?b && ?c>?d"])
def test_less_than_opens_no_iri(comparison: str) -> None:
    assert variables(comparison) == ["?a", "?b", "?c", "?d"]


# Names, variables, language tags


@pytest.mark.parametrize(
    "name",
    [
        "city:ardea",
        "city:halle-saale",
        "ex:a.b",
        ":",
        ":a",
        "ex:",
        "ex:1a",
        "ex:a:b",
        r"ex:a\,b\.c",
        "ex:%41b",
        "ex:é",
        "a.b:c",
    ],
)
def test_a_prefixed_name_is_one_token(name: str) -> None:
    assert kinds(f"?s {name} ?o") == [("variable", "?s"), ("name", name), ("variable", "?o")]


def test_a_full_stop_after_a_name_hides_no_variable() -> None:
    assert variables("?s a sg:City.?_city_iri ?p ?o.") == ["?s", "?_city_iri", "?p", "?o"]


def test_a_prefixed_name_that_reads_like_a_keyword_is_a_name() -> None:
    assert kinds("select:ask service:legal") == [("name", "select:ask"), ("name", "service:legal")]


@pytest.mark.parametrize("variable", ["?x", "$x", "?_city_iri", "?__city_multi_iri", "?1", "?é", "$_since_xsd_date"])
def test_a_variable_is_one_token(variable: str) -> None:
    assert kinds(f"({variable}+1)")[1] == ("variable", variable)


@pytest.mark.parametrize(
    "mark", ["\u0301", "\u00b7", "\u203f", "\u200d"], ids=["combining accent", "middle dot", "tie", "joiner"]
)
def test_a_variable_may_hold_every_sign_that_sparql_allows(mark: str) -> None:
    assert variables(f"?cite{mark}s ?x") == [f"?cite{mark}s", "?x"]


@pytest.mark.parametrize("tag", ["@en", "@en-GB", "@zh-Hans-CN", "@de-1996"])
def test_a_language_tag_belongs_to_its_string(tag: str) -> None:
    assert kinds(f'"a"{tag} ?x') == [("string", '"a"'), ("tag", tag), ("variable", "?x")]


def test_a_datatype_is_a_token_of_its_own() -> None:
    assert kinds('"1"^^xsd:int') == [("string", '"1"'), ("other", "^"), ("other", "^"), ("name", "xsd:int")]


@pytest.mark.parametrize(("offset", "line"), [(0, 1), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_a_line_is_counted_from_one(offset: int, line: int) -> None:
    assert line_of("a\n\nbc", offset) == line


# The form of a query


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("ASK { ?s ?p ?o }", "ASK"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <urn:x>", "DESCRIBE"),
        ("select * { ?s ?p ?o }", "SELECT"),
        ("BASE <http://a/> PREFIX x: <http://x/> aSk {}", "ASK"),
        ("SELECT*{}", "SELECT"),
        ("ASK { { SELECT * {} } }", "ASK"),
    ],
)
def test_a_query_has_a_form(query: str, found: str) -> None:
    assert form(query) == found


@pytest.mark.parametrize(
    "before",
    [
        "# SELECT or DELETE\n",
        "PREFIX select: <http://x/>\n",
        "PREFIX delete: <http://x/>\n",
        "BASE <http://x/SELECT>\n",
        "PREFIX x: <http://x/#INSERT>\n",
        "#+ summary: DROP and CONSTRUCT\n",
    ],
)
def test_a_word_in_the_prologue_is_not_mistaken_for_the_form(before: str) -> None:
    assert form(f"{before}ASK {{ ?s ?p 'CLEAR' }}") == "ASK"


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "DELETE WHERE { ?s ?p ?o }",
        "delete { ?s ?p ?o } where { ?s ?p ?o }",
        "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "CLEAR ALL",
        "DROP GRAPH <urn:g>",
        "CREATE GRAPH <urn:g>",
        "ADD <urn:a> TO <urn:b>",
        "MOVE <urn:a> TO <urn:b>",
        "COPY <urn:a> TO <urn:b>",
        "PREFIX select: <urn:s> INSERT { ?s ?p ?o } WHERE { SELECT * {} }",
    ],
)
def test_an_update_is_refused(update: str) -> None:
    with pytest.raises(QueryError, match=r"solgraph only answers queries\.\nA query is one of SELECT, ASK, "):
        form(update)


@pytest.mark.parametrize(
    "text", ["", "  ", "# SELECT", "'SELECT'", "<SELECT>", "?select", "SELECTED", "hello", "select:x"]
)
def test_a_text_without_a_form_is_no_query(text: str) -> None:
    with pytest.raises(QueryError, match=r"This is not a SPARQL query\.\nA query is one of"):
        form(text)


# What reaches outside is refused


@pytest.mark.parametrize("call", ["SERVICE <http://a/> {}", "sERVICE # x\n ?s {}", "SERVICESILENT<http://a/>{}"])
def test_service_is_refused_with_its_line(call: str) -> None:
    with pytest.raises(QueryError, match=r"SERVICE \(line 2\) is refused: a query must not reach other servers"):
        refuse_outside(f"SELECT * {{\n{call} }}", frozenset())


@pytest.mark.parametrize(
    "text",
    ["ASK { \x00 ?service }", "ASK { ' ?service }", "ASK { FILTER(1<2)#service>\n}", "ASK { ?s ?p \\ ?service }"],
)
def test_what_cannot_be_read_with_certainty_is_refused_when_it_says_service(text: str) -> None:
    with pytest.raises(QueryError, match="read with certainty"):
        refuse_outside(text, frozenset())
    refuse_outside(text.replace("service", "x"), frozenset())


@pytest.mark.parametrize(
    "clause",
    [
        "FROM <http://evil.example/x>",
        "FROM <file:///etc/passwd>",
        "from <file:///etc/passwd>",
        "FROM NAMED <http://evil.example/x>",
        "from named <http://evil.example/x>",
        "FROM # harmless\n<file:///etc/passwd>",
        "FROM NAMED # harmless\n<file:///etc/passwd>",
        f"FROM <{ALPHA}> FROM <{ALPHA}-2>",
        "FROM <>",
    ],
)
def test_from_of_a_graph_that_is_not_loaded_is_refused(clause: str) -> None:
    with pytest.raises(QueryError, match=r"is refused: only loaded graphs can be asked, and nothing is fetched"):
        refuse_outside(f"SELECT * {clause} {{ ?s ?p ?o }}", frozenset([ALPHA]))


def test_from_by_prefixed_name_of_a_graph_that_is_not_loaded_is_refused() -> None:
    with pytest.raises(QueryError, match="is refused"):
        refuse_outside("PREFIX etc: <file:///etc/> SELECT * FROM etc:passwd { ?s ?p ?o }", frozenset([ALPHA]))


def test_a_refused_graph_is_named_with_its_line() -> None:
    with pytest.raises(QueryError, match=r"FROM <http://a/x> \(line 3\) is refused"):
        refuse_outside("SELECT *\nFROM\n<http://a/x> { ?s ?p ?o }", frozenset())


@pytest.mark.parametrize("word", ["FROM", "FROM NAMED", "from", "from # comment\n named"])
def test_from_of_a_loaded_graph_is_allowed(word: str) -> None:
    refuse_outside(f"SELECT * {word} <{ALPHA}> {{ ?s ?p ?o }}", frozenset([ALPHA]))


@pytest.mark.parametrize("query", ["SELECT * FROM graph:alpha {}", f"PREFIX a: <{ALPHA}> SELECT * FROM a: {{}}"])
def test_from_by_prefixed_name_of_a_loaded_graph_is_allowed(query: str) -> None:
    refuse_outside(query, frozenset([ALPHA]))


def test_a_loaded_graph_answers_by_from(small: solgraph.Knowledge) -> None:
    answer = small.sparql("SELECT * FROM <https://w3id.org/solgraph/graph/beta> { ?source a sg:Source }")
    assert answer.to_dicts() == [{"source": "https://w3id.org/solgraph/id/source/beta"}]


@pytest.mark.parametrize(
    "query", [f"ASK {{ GRAPH <{ALPHA}> {{}} }}", "ASK { graph ?g {} }", f"ASK FROM <{ALPHA}> {{}}", "ASK { GRAPH?g{} }"]
)
def test_a_query_of_named_graphs_is_known(query: str) -> None:
    assert names_graphs(query)


@pytest.mark.parametrize(
    "query", ["ASK {}", "ASK { ?graph graph:from 'GRAPH' } # FROM", "ASK { ?s <http://a/GRAPH> ?o }"]
)
def test_a_query_of_no_named_graph_is_known(query: str) -> None:
    assert not names_graphs(query)


# What the engine says, in sentences


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }",
            "names a variable that is neither in GROUP BY nor in an aggregate",
        ),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", "SELECT names a variable twice"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "SELECT * cannot go with GROUP BY"),
        ("SELECT * { <city/milan> ?p ?o }", "an IRI is malformed or has no scheme"),
        ("SELECT ?x { ?s <a b> ?x }", "an IRI is malformed or has no scheme"),
        ("SELECT ?a { BIND(1 AS ?a) BIND(2 AS ?a) }", "error at 1:42."),
        ("SELECT ?x WHERE ?s ?p ?o", 'expected "{"'),
    ],
)
def test_a_fault_is_told_in_a_sentence(query: str, sentence: str, small: solgraph.Knowledge) -> None:
    with pytest.raises(QueryError) as error:
        small.sparql(query)
    assert sentence in error.value.what and "at 1:" in error.value.what
    assert "[_]" not in error.value.what and "expected one of The" not in error.value.what


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", "s p o"),
        ("PREFIX select: <urn:x> SELECT DISTINCT * { ?z a sg:City # ?a * \n ; ?b $a } LIMIT 1", "z b a"),
        ("SELECT * { { SELECT (COUNT(*) AS ?n) ?s { ?s ?p ?o } GROUP BY ?s } } LIMIT 1", "n s"),
        ("SELECT (2 * 3 AS ?x) {}", "x"),
        ("SELECT * {}", ""),
    ],
)
def test_the_columns_of_a_star_are_in_the_order_of_the_query(
    query: str, columns: str, small: solgraph.Knowledge
) -> None:
    assert small.sparql(query).columns == tuple(columns.split())
