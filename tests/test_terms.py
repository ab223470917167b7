"""Names → IRIs, text ↔ IRIs, terms → Python values, and what an error says."""

import copy
import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from solgraph.errors import DataError, MissingExtra, ParameterError, QueryError, SolgraphError, WrongUse, did_you_mean
from solgraph.rdf.namespaces import PREFIXES, SG, XSD, expand, shorten, slug
from solgraph.rdf.terms import IRI, Text, fold, python_value

CITY = "https://w3id.org/solgraph/id/city/"

# How names are compared


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Łódź", "lodz"),
        ("Tønder", "tonder"),
        ("Đakovo", "dakovo"),
        ("Ærø", "aero"),
        ("Œuvre", "oeuvre"),
        ("Gießen", "giessen"),
        ("İzmir", "izmir"),
        ("Bèlmont", "belmont"),
        ("Halle (Saale)", "halle saale"),
        ("  a \t b\u00a0c ", "a b c"),
        ("東京", "東京"),
        ("", ""),
    ],
)
def test_a_name_folds_to(name: str, folded: str) -> None:
    assert fold(name) == folded


@pytest.mark.parametrize(
    ("name", "folded"), [("Diyarbakır", "diyarbakir"), ("Ǿ", "o"), ("Ǽ", "ae"), ("Borðoy", "bordoy")]
)
def test_letters_with_strokes_and_accents_fold_too(name: str, folded: str) -> None:
    assert fold(name) == folded


# Text ↔ IRIs


def test_a_known_iri_is_shortened() -> None:
    assert shorten(f"{CITY}halle-saale") == "city:halle-saale"


def test_the_longest_namespace_wins() -> None:
    assert shorten(SG + "City") == "sg:City"


@pytest.mark.parametrize(
    "iri", ["http://example.org/x", CITY, f"{CITY}a/b", f"{CITY}a.", f"{CITY}a b", f"{CITY}é", f"{CITY}K%C3%B6ln-x", ""]
)
def test_what_cannot_be_shortened_stays(iri: str) -> None:
    assert shorten(iri) == iri


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_goes_there_and_back(prefix: str) -> None:
    assert expand(f"{prefix}:x1") == PREFIXES[prefix] + "x1"
    assert shorten(PREFIXES[prefix] + "x1") == f"{prefix}:x1"


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("city:milan", f"{CITY}milan"),
        ("<city:milan>", f"{CITY}milan"),
        ("http://example.org/x", "http://example.org/x"),
        ("<http://example.org/x>", "http://example.org/x"),
        ("urn:isbn:1", "urn:isbn:1"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("city:K%C3%B6ln-x", f"{CITY}K%C3%B6ln-x"),
        (f"<{CITY}a%20b>", f"{CITY}a%20b"),
    ],
)
def test_an_iri_or_curie_expands(text: str, iri: str) -> None:
    assert expand(text) == iri


WORDS = ["Milan", "", "a: b", "http://a b", 'x:"', "x:>", "1x:y", ":x", "Note: this"]


@pytest.mark.parametrize("text", [*WORDS, "city:a b", "city:x> } #", "http://["])
def test_a_plain_word_is_no_iri(text: str) -> None:
    assert expand(text) is None


@pytest.mark.parametrize(
    ("iri", "last"), [(f"{CITY}milan", "milan"), (SG + "City", "City"), ("urn:x", "urn:x"), (CITY, "")]
)
def test_the_slug_is_the_last_part(iri: str, last: str) -> None:
    assert slug(iri) == last


# Terms → Python values


def typed(value: str, datatype: str) -> Any:
    return python_value(Literal(value, datatype=NamedNode(XSD + datatype)))


@pytest.mark.parametrize(
    ("value", "datatype", "plain"),
    [
        ("12", "integer", 12),
        ("-3", "int", -3),
        ("9000000000", "long", 9_000_000_000),
        ("0", "nonNegativeInteger", 0),
        ("1", "positiveInteger", 1),
        ("2018", "gYear", 2018),
        ("1.50", "decimal", Decimal("1.50")),
        ("2.5", "double", 2.5),
        ("INF", "float", float("inf")),
        ("true", "boolean", True),
        ("1", "boolean", True),
        ("false", "boolean", False),
        ("0", "boolean", False),
        ("2018-06-30", "date", date(2018, 6, 30)),
        ("2018-06", "gYearMonth", "2018-06"),
        ("text", "string", "text"),
        ("P1D", "duration", "P1D"),
    ],
)
def test_a_literal_becomes_a_plain_value(value: str, datatype: str, plain: Any) -> None:
    assert typed(value, datatype) == plain
    assert type(typed(value, datatype)) is type(plain)


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("twelve", "integer"),
        ("", "integer"),
        ("1.5", "integer"),
        ("1_000", "integer"),
        ("٣", "integer"),
        ("20x1", "gYear"),
        ("much", "decimal"),
        ("1e5", "decimal"),
        ("NaN", "decimal"),
        ("1_0.5", "double"),
        ("wide", "double"),
        ("maybe", "boolean"),
        ("", "boolean"),
        ("2018-02-31", "date"),
        ("20180630", "date"),
        ("yesterday", "date"),
    ],
)
def test_a_literal_that_its_type_does_not_allow_stays_text(value: str, datatype: str) -> None:
    assert typed(value, datatype) == value
    assert type(typed(value, datatype)) is str


@pytest.mark.parametrize("datatype", ["short", "byte", "unsignedInt", "unsignedByte", "unsignedShort", "unsignedLong"])
def test_every_kind_of_integer_is_an_integer(datatype: str) -> None:
    assert typed("5", datatype) == 5


def test_a_number_of_very_many_digits_stays_text() -> None:
    assert typed("9" * 5000, "integer") == "9" * 5000


def test_an_unknown_datatype_stays_text() -> None:
    assert python_value(Literal("x", datatype=NamedNode("urn:type"))) == "x"


def test_no_value_stays_none() -> None:
    assert python_value(None) is None


def test_an_iri_stays_an_iri() -> None:
    value = python_value(NamedNode(f"{CITY}milan"))
    assert value == f"{CITY}milan"
    assert isinstance(value, IRI)


def test_a_text_keeps_its_language() -> None:
    value = python_value(Literal("Mediolan", language="pl"))
    assert value == "Mediolan"
    assert isinstance(value, Text)
    assert value.language == "pl"


def test_a_blank_node_becomes_its_label() -> None:
    assert python_value(BlankNode("b1")) == "_:b1"


def test_a_triple_becomes_text() -> None:
    node = NamedNode("urn:x")
    assert "<urn:x>" in python_value(Triple(node, node, node))


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_text_with_language_survives(again: Any) -> None:
    value = again(Text("Mediolan", "pl"))
    assert (value, value.language) == ("Mediolan", "pl")


def test_an_iri_survives_pickling() -> None:
    value = pickle.loads(pickle.dumps(IRI("urn:x")))
    assert value == "urn:x"
    assert isinstance(value, IRI)


# Errors


def test_an_error_says_what_where_and_what_next() -> None:
    assert str(SolgraphError("Bad.", where="x.ttl:1:2", hint="Mend it.")) == "x.ttl:1:2: Bad.\nMend it."


def test_an_error_without_place_and_hint_is_one_sentence() -> None:
    assert str(SolgraphError("Bad.")) == "Bad."


@pytest.mark.parametrize(
    ("kind", "code"), [(DataError, 1), (QueryError, 1), (WrongUse, 2), (ParameterError, 2), (SolgraphError, 1)]
)
def test_an_error_has_its_exit_code(kind: type[SolgraphError], code: int) -> None:
    assert kind("Bad.").exit_code == code


def test_a_missing_extra_names_the_command_that_brings_it() -> None:
    assert str(MissingExtra("A DataFrame", "pandas")) == (
        "A DataFrame needs the extra 'pandas'.\nInstall it: pip install 'solgraph[pandas]'"
    )


def test_the_nearest_word_is_suggested_as_it_is_written() -> None:
    assert did_you_mean("YAER", ["Year", "city"]) == "Did you mean 'Year'?"


def test_at_most_three_words_are_suggested() -> None:
    assert did_you_mean("abc", ["abcd", "abce", "abcf", "abcg"]).count("'") == 6


def test_nothing_near_suggests_nothing() -> None:
    assert did_you_mean("xyz", ["city"]) == ""
