"""Names: which thing is meant by a text, and what a thing is called, alike for every door."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import solgraph
from solgraph.errors import ParameterError
from solgraph.graph.names import Name, NameTable
from solgraph.rdf.namespaces import shorten

CITY = "https://w3id.org/solgraph/id/city/"
NAMES = [
    (f"{CITY}milan", "Milan"),
    (f"{CITY}milan", "Milano"),
    (f"{CITY}milan", "Mediolan"),
    (f"{CITY}cadiz", "Cádiz"),
    (f"{CITY}gdansk", "Gdańsk"),
    (f"{CITY}lodz", "Łódź"),
    (f"{CITY}tonder", "Tønder"),
    (f"{CITY}halle-saale", "Halle (Saale)"),
    (f"{CITY}laquila", "L'Aquila"),
    (f"{CITY}athens", "Αθήνα"),
    (f"{CITY}kyiv", "Київ"),
    (f"{CITY}frankfurt-main", "Frankfurt"),
    (f"{CITY}frankfurt-oder", "Frankfurt"),
]


def table(pairs: Sequence[tuple[str, str]]) -> NameTable:
    return NameTable([Name(iri, text, rank=0) for iri, text in pairs])


TABLE = table(NAMES)


def named(text: str) -> str:
    return shorten(TABLE.find(text, "City"))


def refusal(text: str, **options: str) -> str:
    with pytest.raises(ParameterError) as caught:
        TABLE.find(text, "City", **options)
    return str(caught.value)


# Names → IRIs


@pytest.mark.parametrize(
    "said",
    [f"{CITY}milan", f"<{CITY}milan>", "city:milan", "milan", "Milan", "Milano", "Mediolan", "  Milano  "],
    ids=["IRI", "IRI in brackets", "CURIE", "slug", "English", "Italian", "Polish", "white space around"],
)
def test_a_thing_is_found_by(said: str) -> None:
    assert named(said) == "city:milan"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("MILANO", "city:milan"),
        ("mediolan", "city:milan"),
        ("Cadiz", "city:cadiz"),
        ("CÁDIZ", "city:cadiz"),
        ("Ca\u0301diz", "city:cadiz"),
        ("gdansk", "city:gdansk"),
        ("Lodz", "city:lodz"),
        ("ŁÓDŹ", "city:lodz"),
        ("Tonder", "city:tonder"),
        ("TØNDER", "city:tonder"),
        ("αθηνα", "city:athens"),
        ("КИЇВ", "city:kyiv"),
    ],
)
def test_case_and_diacritics_do_not_count(said: str, meant: str) -> None:
    assert named(said) == meant


@pytest.mark.parametrize("said", ["halle-saale", "Halle Saale", "Halle (Saale)", "halle/saale"])
def test_punctuation_does_not_count(said: str) -> None:
    assert named(said) == "city:halle-saale"


@pytest.mark.parametrize("said", ["L'Aquila", "L’Aquila", "l'aquila", "laquila"])
def test_an_apostrophe_is_no_obstacle(said: str) -> None:
    assert named(said) == "city:laquila"


def test_a_name_of_two_things_lists_both() -> None:
    message = refusal("Frankfurt")
    assert "'Frankfurt' names 2 things." in message
    assert "Say which: city:frankfurt-main, city:frankfurt-oder" in message


def test_the_slug_settles_an_ambiguous_name() -> None:
    assert named("frankfurt-oder") == "city:frankfurt-oder"


def test_one_thing_of_one_name_in_two_languages_is_not_ambiguous() -> None:
    same = [(f"{CITY}bern", "Bern"), (f"{CITY}bern", "bern")]
    assert table(same).find("Bern") == f"{CITY}bern"


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    assert refusal("Gdanks") == "'Gdanks' names no City in this graph.\nDid you mean 'Gdańsk'?"


def test_an_iri_of_nothing_is_answered_with_things_of_its_type() -> None:
    other = f"{CITY}".replace("city/", "place/")
    mixed = table([*NAMES, (f"{other}gdansc", "Gdansc"), (f"{other}note", "Note")])
    assert [shorten(name.iri) for name in mixed.nearest(f"{CITY}gdansc")] == ["city:gdansk"]
    assert [shorten(name.iri) for name in mixed.nearest(f"{CITY}note")] == ["place:note"]  # of the same slug
    assert [shorten(name.iri) for name in mixed.nearest(f"{CITY}notes")] == ["city:athens"]  # the least unlike city


def test_a_named_graph_is_told_as_such(small: solgraph.Knowledge) -> None:
    with pytest.raises(
        ParameterError, match=r"is a named graph and not a thing.\n.*kg.exported\(source=\"register\"\)"
    ):
        small.find("graph:register")
    with pytest.raises(ParameterError, match=r"There is no named graph 'graph:registr'.\nDid you mean 'register'"):
        small.find("graph:registr")


def test_a_name_far_from_all_is_answered_with_known_ones() -> None:
    assert "\nKnown: Cádiz, Frankfurt, Gdańsk" in refusal("Xyzzyx")


def test_a_long_list_of_known_names_is_cut() -> None:
    with pytest.raises(ParameterError, match=r" …$"):
        table([*NAMES, (f"{CITY}zug", "Zug")]).find("Xyzzyx")


def test_known_names_are_listed_in_english_where_there_are_english_ones() -> None:
    names = [("milan", "Milan", "en"), ("milan", "Milano", "it"), ("cadiz", "Cadiz", ""), ("kyiv", "Київ", "uk")]
    mixed = NameTable([Name(f"{CITY}{name}", text, language, rank=0) for name, text, language in names])
    with pytest.raises(ParameterError, match=r"Known: Cadiz, Milan$"):
        mixed.find("Xyzzyx")


def test_nothing_known_is_said() -> None:
    with pytest.raises(ParameterError, match=r"'Milan' names no City in this graph\.\nThis graph has none\."):
        table([]).find("Milan", "City")


@pytest.mark.parametrize("empty", ["", "   ", "?!", "…"])
def test_a_text_without_letters_names_nothing(empty: str) -> None:
    assert f"{empty!r} names no City in this graph." in refusal(empty)


def test_a_text_without_letters_does_not_match_a_name_without_letters() -> None:
    with pytest.raises(ParameterError):
        table([(f"{CITY}odd", "!")]).find("?")


@pytest.mark.parametrize("said", [f"{CITY}nowhere", "city:nowhere", "<urn:x:nowhere>"])
def test_an_unknown_iri_is_refused(said: str) -> None:
    assert f"{said!r} names no City in this graph." in refusal(said)


def test_who_asked_stands_before_the_complaint() -> None:
    assert refusal("Frankfurt", asked_by="networks-of-city").startswith("networks-of-city: 'Frankfurt' names")


@given(st.text())
def test_any_text_names_one_thing_or_is_refused_politely(text: str) -> None:
    try:
        assert TABLE.find(text, "City") in dict(NAMES)
    except ParameterError as error:
        assert repr(text) in str(error)


def test_a_name_wins_over_a_slug_and_a_document_over_its_passages(shipped: solgraph.Knowledge) -> None:
    assert shipped.find("Moving Cities").endswith("/actor/moving-cities"), "not the programme of that slug"
    assert shipped.find("About ICORN").rpartition("/id/")[2].startswith("source/")
