"""The notes of an answer: unclear points, lists that say no, silence; and every form that shows them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

import solgraph

SMALL = Path(__file__).parent / "small"
UNCLEAR = """
@prefix sg: <https://w3id.org/solgraph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/solgraph/id/finding/hub> a sg:Finding ; skos:prefLabel "When the hub opened is not said"@en ;
    sg:findingKind <https://w3id.org/solgraph/vocab/finding-kind/unclear> ;
    sg:about <https://w3id.org/solgraph/id/programme/ardea-hub> ;
    sg:evidence <https://w3id.org/solgraph/id/passage/alpha-2> .
<https://w3id.org/solgraph/id/finding/dorn> a sg:Finding ; skos:prefLabel "Whether Dorn is a town is not said"@en ;
    sg:findingKind <https://w3id.org/solgraph/vocab/finding-kind/unclear> ;
    sg:about <https://w3id.org/solgraph/id/city/dorn> ; sg:evidence <https://w3id.org/solgraph/id/passage/alpha-1> .
"""
ABSENT = "No as of 2014: the complete list of Northern Harbours, 2 members, does not name Dorn (Alpha, 1)."


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> solgraph.Knowledge:
    added = tmp_path_factory.mktemp("unclear") / "unclear.ttl"
    added.write_text(UNCLEAR)
    return solgraph.open(SMALL, add=added, lang="en")


def texts(answer: solgraph.Answer) -> list[str]:
    return [note.text for note in answer.notes]


def test_no_row_is_silence_in_the_language_of_the_reader(kg: solgraph.Knowledge) -> None:
    (silence, *_) = kg.query("programmes-of-city", city="Dorn").notes
    assert silence.text == "The sources are silent: an empty answer does not mean no."
    polish = solgraph.open(SMALL, lang="pl").query("programmes-of-city", city="Dorn")
    assert texts(polish) == ["Źródła milczą: brak wierszy nie oznacza odpowiedzi przeczącej."]


def test_the_want_of_a_fault_in_the_graph_is_no_silence(kg: solgraph.Knowledge) -> None:
    assert not kg.query("possibly-the-same").notes


def test_a_complete_list_says_no_of_a_city_for_its_date_and_all_else_is_silence(kg: solgraph.Knowledge) -> None:
    notes = kg.query("networks-of-city", city="Dorn").notes
    assert [note.text for note in notes if note.kind == "absent"] == [ABSENT]
    assert [note.kind for note in notes if note.kind != "unclear"] == ["absent", "others"]
    for year, kinds in ((2014, ["absent", "others"]), (2005, ["others"])):
        notes = kg.query("networks-of-city", city="Dorn", year=year).notes
        assert [note.kind for note in notes if note.kind in ("absent", "others")] == kinds, "a list speaks of its year"
    named = kg.query("networks-of-city", city="Ardea")
    assert [note.kind for note in named.notes] == ["others"]


@pytest.mark.parametrize(
    ("network", "says"),
    [
        ("NH", "Complete list as of 2014, 2 members (Alpha, 1): a city that it does not name was not a member then."),
        (
            "Letters",
            "There is no complete list of Letters of Welcome here: a city that is missing may still be a member.",
        ),
    ],
)
def test_members_are_all_or_not_by_the_list_of_the_network(network: str, says: str, kg: solgraph.Knowledge) -> None:
    assert texts(kg.query("members-of-network", network=kg.find(network)))[0] == says


OUTGROWN = """
member-list:harbours-2016 a sg:MemberList ; sg:listOf network:harbours ; sg:membersClaimed 9 ;
    dcterms:date "2016"^^xsd:gYear ; sg:evidence passage:alpha-2 .
"""


@pytest.fixture
def outgrown(tmp_path: Path) -> solgraph.Knowledge:
    """The small graph with a later claim of more members than the complete list names."""
    shutil.copytree(SMALL, tmp_path / "data")
    with (tmp_path / "data" / "sources" / "alpha.ttl").open("a", encoding="utf-8") as alpha:
        alpha.write(OUTGROWN)
    return solgraph.open(tmp_path / "data", lang="en")


def test_the_largest_claim_leads_and_a_list_that_was_outgrown_counts_for_its_date(
    outgrown: solgraph.Knowledge,
) -> None:
    claimed, complete, *_ = texts(outgrown.query("members-of-network", network="NH"))
    assert claimed == "Members claimed as of 2016: 9 (Alpha, 2); in this graph: 2."
    assert complete.startswith("The list as of 2014, 2 members, was complete then (Alpha, 1)")
    notes = outgrown.query("networks-of-city", city="Dorn").notes
    assert [note.kind for note in notes] == ["unlisted", "others"]
    assert notes[0].text.startswith("Not on the list as of 2014: that of Northern Harbours, complete then")
    in_year = outgrown.query("networks-of-city", city="Dorn", year=2014).notes
    assert [note.text for note in in_year if note.kind == "absent"] == [ABSENT]


def test_what_is_unclear_about_the_city_comes_before_lists_and_other_countries_are_no_news(
    shipped: solgraph.Knowledge,
) -> None:
    notes = shipped.query("networks-of-city", city="Milan").notes
    kinds = [*dict.fromkeys(note.kind for note in notes)]
    assert kinds == ["unclear", "absent", "unlisted", "others"]
    named = {note.about.rpartition("/")[2] for note in notes if note.kind in ("absent", "unlisted")}
    assert "implementoring" not in named and "cities4refugees" in named
    assert not named & {"cities-network-for-integration", "union-of-polish-metropolises"}, (
        "Greek and Polish cities only"
    )


def test_unclear_points_are_noted_about_what_was_asked_and_about_rows(kg: solgraph.Knowledge) -> None:
    asked = kg.query("mayors", city="Dorn").notes
    assert [(note.kind, note.text, note.about) for note in asked if note.kind == "unclear"] == [
        ("unclear", "Unclear: Whether Dorn is a town is not said (Alpha, 1)", "https://w3id.org/solgraph/id/city/dorn")
    ]
    in_rows = kg.query("programmes-of-city", city="Ardea")
    assert "Unclear: When the hub opened is not said (Alpha, 2)" in texts(in_rows)
    assert not [note for note in kg.query("cities").notes if note.kind == "unclear"], "of many places nothing is noted"
    assert not kg.query("names", thing="Dorn").notes, "what is unclear about a town says nothing about its names"


def test_triples_and_free_sparql_have_no_notes(kg: solgraph.Knowledge) -> None:
    assert not kg.sparql("SELECT ?s { ?s a sg:Nothing }").notes
    assert not kg.query("everything-about-city", city="Dorn").notes


def test_each_form_with_a_place_for_notes_holds_them_and_the_others_stay_whole(kg: solgraph.Knowledge) -> None:
    answer = kg.query("networks-of-city", city="Dorn")
    assert ABSENT in answer.text("table") and ABSENT in answer.text("md") and ABSENT in answer.text("html")
    (listed,) = [note for note in json.loads(answer.text("json"))["notes"] if note["kind"] == "absent"]
    assert listed["sources"] == ["https://w3id.org/solgraph/id/passage/alpha-1"]
    parsed = parse_query_results(answer.text("json"), QueryResultsFormat.JSON)
    assert isinstance(parsed, QuerySolutions) and len(list(parsed)) == len(answer)
    assert "complete list" not in answer.text("csv") + answer.text("tsv") + answer.text("xml")


def test_a_table_shows_three_of_a_kind_and_how_many_more_there_are() -> None:
    from solgraph.formats.rows import Note, Table
    from solgraph.formats.text_table import text_table

    notes = [Note("absent", f"No: a list, number {number}, that is complete") for number in range(6)]
    lines = text_table(Table(("a",), (), {}, width=30, notes=notes)).splitlines()
    assert lines[-2:] == ["- … and 3 more; JSON and", "  Markdown hold all"]
    assert max(map(len, lines)) <= 30 and sum(line.startswith("- No") for line in lines) == 3


def test_beside_csv_the_notes_stand_in_the_other_stream(run_small: Callable[..., Result]) -> None:
    result = run_small("query", "networks-of-city", "Dorn", "-f", "csv")
    assert ABSENT in " ".join(result.stderr.split()) and "complete list" not in result.stdout
