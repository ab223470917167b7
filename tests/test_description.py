"""``solgraph show``: everything known about one thing of the small graph, and who says it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import solgraph
from solgraph.description import Description, Mention

SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="module")
def ardea(small: solgraph.Knowledge) -> Description:
    return small.describe("Ardea")


@pytest.fixture(scope="module")
def hub(small: solgraph.Knowledge) -> Description:
    return small.describe("Ardea Hub")


def sole(mentions: list[Mention]) -> Mention:
    (one,) = mentions
    return one


def test_it_is_headed_by_label_class_and_iri(ardea: Description) -> None:
    assert str(ardea).splitlines()[:2] == ["Ardea · City", "https://w3id.org/solgraph/id/city/ardea"]


def test_other_names_are_told_with_their_languages(ardea: Description) -> None:
    assert sorted(ardea.names) == ["Ardeja (pl)", "Ardée (fr)", "L'Ardea (it)", "Twinham (en)"]


def test_what_points_to_a_city_is_counted_by_class(ardea: Description) -> None:
    assert {group: len(found) for group, found in ardea.mentions.items()} == {
        "Network membership": 2,
        "Office term": 3,
        "Programme": 1,
        "Collaboration": 1,
        "Advocacy action": 1,
        "Finding": 1,
        "Civil society organisation": 1,
        "Source": 1,
    }


def test_memberships_come_first_and_sources_last(ardea: Description) -> None:
    assert next(iter(ardea.mentions)) == "Network membership"
    assert list(ardea.mentions)[-1] == "Source"


def test_a_membership_is_told_by_network_role_and_span(ardea: Description) -> None:
    told = [(one.title, one.details) for one in ardea.mentions["Network membership"]]
    assert told == [
        ("Letters of Welcome", ["Leader", "2018–"]),
        ("Northern Harbours", ["Member", "2010–2015-06"]),
    ]


def test_two_terms_of_one_person_are_two_lines(ardea: Description) -> None:
    told = [(one.title, one.details[-1]) for one in ardea.mentions["Office term"]]
    assert told == [("Ann Ash", "2000–2005"), ("Ann Ash", "2015–2019"), ("Ben Birch", "2005–2010")]


def test_an_open_end_tells_the_date_of_its_source(small: solgraph.Knowledge) -> None:
    term = sole(small.describe("Cora Cedar").mentions["Office term"])
    assert term.details[-1] == "2016-05– (as of 2020-05)"


def test_every_mention_with_evidence_names_its_section(ardea: Description) -> None:
    assert [one.evidence for one in ardea.mentions["Office term"]] == [["Alpha, 1"]] * 3


def test_a_mention_that_two_sources_evidence_names_both(ardea: Description) -> None:
    assert sole(ardea.mentions["Programme"]).evidence == ["Alpha, 2", "Beta, News"]


def test_a_mention_tells_how_it_points(ardea: Description) -> None:
    assert sole(ardea.mentions["Programme"]).details[:2] == ["funder", "handed over by"]


def test_a_description_is_told_in_full(hub: Description) -> None:
    assert hub.summary == ["A house in which newcomers and neighbours meet."]


def test_numbers_about_a_thing_are_told_with_their_precision(hub: Description) -> None:
    assert [one.details[:2] for one in hub.mentions["Observation"]] == [
        ["At least", "10"],
        ["Exact", "30"],
        ["About", "20"],
    ]


def test_a_finding_tells_whose_view_it_is(hub: Description) -> None:
    finding = sole(hub.mentions["Finding"])
    assert finding.details == ["Criticism", "Open Door"]
    assert finding.text == "Those who run the hub wish that more people came."


def test_a_statement_names_the_source_that_makes_it(hub: Description) -> None:
    assert [one.sources for one in hub.statements if one.property == "funder"] == [["alpha"]]


def test_a_value_is_not_attributed_to_a_source_that_says_otherwise(hub: Description) -> None:
    assert [one.sources for one in hub.statements if "Running" in one.values] == [["alpha"]]
    assert [one.sources for one in hub.statements if "Inactive" in one.values] == [["beta"]]


def test_a_value_that_only_one_source_gives_is_not_attributed_to_both(hub: Description) -> None:
    assert [one.sources for one in hub.statements if "Counselling" in one.values] == [["alpha"]]


def test_the_register_is_no_source(ardea: Description) -> None:
    assert {source for one in ardea.statements for source in one.sources} == set()


def test_an_event_of_one_day_is_not_told_as_an_open_span(ardea: Description) -> None:
    assert sole(ardea.mentions["Advocacy action"]).details[-1] == "2018-11"


@pytest.mark.parametrize(
    "name", ["Ardea", "ardea", "ARDÉE", "Ardeja", "L’Ardea", "city:ardea", "https://w3id.org/solgraph/id/city/ardea"]
)
def test_a_thing_is_found_by_any_of_its_names(name: str, small: solgraph.Knowledge) -> None:
    assert small.describe(name).iri == "https://w3id.org/solgraph/id/city/ardea"


def test_a_thing_without_a_name_is_found_by_its_curie(small: solgraph.Knowledge) -> None:
    assert small.describe("membership:ardea-letters").types == ["Network membership"]


def test_a_class_is_described_too(small: solgraph.Knowledge) -> None:
    assert small.describe("sg:City").label == "City"


def test_labels_come_in_the_language_asked_for() -> None:
    hub = solgraph.open(SMALL, lang="it").describe("Ardea Hub")
    assert hub.label == "Casa Ardea"
    assert "Porta Aperta" in str(hub)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_lines_fit_the_width(width: int, hub: Description) -> None:
    assert max(map(len, hub.text(width).splitlines()[2:])) <= width


def test_the_same_graph_gives_the_same_text(hub: Description) -> None:
    backwards = solgraph.open(SMALL)
    backwards.files.reverse()
    assert backwards.describe("Ardea Hub").text() == hub.text()


def test_the_whole_of_a_city_reads_as_accepted(ardea: Description, golden: Callable[[str, str], None]) -> None:
    golden("show-ardea.txt", ardea.text())


def test_the_command_prints_the_description(run_small: Callable[..., Result], ardea: Description) -> None:
    assert run_small("show", "Ardée").stdout == ardea.text()


def test_a_thing_that_nothing_points_to_is_only_described(small: solgraph.Knowledge) -> None:
    assert small.describe("Cádria Plan").mentions == {}


def test_a_city_is_not_said_to_point_to_itself(small: solgraph.Knowledge) -> None:
    for found in small.describe("Dorn").mentions.values():
        assert "https://w3id.org/solgraph/id/city/dorn" not in [one.iri for one in found]
