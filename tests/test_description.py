"""``solgraph show``: everything known about one thing of the small graph, and who says it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import solgraph
from solgraph.graph.description import Description, Mention

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


# As a table


COLUMNS = "thing thing_label property property_label value value_label language source source_label section".split()


def rows(told: Description) -> list[dict[str, str]]:
    """The rows of the CSV."""
    return list(csv.DictReader(io.StringIO(told.text(format="csv"), newline="")))


def test_the_table_of_a_city_reads_as_accepted(ardea: Description, golden: Callable[[str, str], None]) -> None:
    golden("show-ardea.csv", ardea.text(format="csv").replace("\r\n", "\n"))


def test_the_columns_are_always_the_same(small: solgraph.Knowledge) -> None:
    for name in ("Ardea", "Cádria Plan", "country:it", "status:running", "sg:City"):
        assert list(rows(small.describe(name))[0]) == COLUMNS


def test_a_statement_has_a_row_for_each_source_that_makes_it(
    hub: Description, ardea: Description, small: solgraph.Knowledge
) -> None:
    for told in (hub, ardea):
        found = [(row["thing"], row["property"], row["value"], row["language"], row["source"]) for row in rows(told)]
        assert len(set(found)) == len(found)
        about = " ".join(f"<{one}>" for one in {row["thing"] for row in rows(told)})
        said = small.sparql(f"SELECT DISTINCT ?s ?p ?o {{ VALUES ?s {{ {about} }} ?s ?p ?o }}")
        assert {row[:3] for row in found} == {tuple(str(term.value) for term in row) for row in said.terms}


def test_a_row_names_its_source_and_section(hub: Description) -> None:
    (row,) = (row for row in rows(hub) if row["thing"] == hub.iri and row["value_label"] == "Counselling")
    assert row["source"].endswith("/id/source/alpha")
    assert row["source_label"] == "Alpha report"
    assert row["section"] == "Alpha, 2"


def test_rows_of_the_register_have_no_source(ardea: Description) -> None:
    own = [row for row in rows(ardea) if row["thing"] == ardea.iri]
    assert own
    assert {(row["source"], row["source_label"], row["section"]) for row in own} == {("", "", "")}


def test_rows_stand_as_the_thing_is_told(ardea: Description) -> None:
    things = list(dict.fromkeys(row["thing"] for row in rows(ardea)))
    assert things == [ardea.iri, *(one.iri for found in ardea.mentions.values() for one in found)]
    assert [row["property_label"] for row in rows(ardea)][:2] == ["type", "preferred label"]


def test_a_membership_is_called_by_what_it_ties_together(ardea: Description) -> None:
    called = {row["thing"].rpartition("/")[2]: row["thing_label"] for row in rows(ardea)}
    assert called["ardea-letters"] == "Ardea – Letters of Welcome"


def test_of_what_points_to_a_concept_only_that_is_told(small: solgraph.Knowledge) -> None:
    running = small.describe("status:running")
    assert {row["value"] for row in rows(running) if row["thing"] != running.iri} == {running.iri}


def test_a_cell_is_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    city, name = "https://w3id.org/solgraph/id/city/x", "http://www.w3.org/2004/02/skos/core#prefLabel"
    path.write_text(f'<{city}> a <https://w3id.org/solgraph/ns#City> ; <{name}> "=1+1"@en .')
    assert [row["value"] for row in rows(solgraph.open(path).describe("city:x"))][1:] == ["'=1+1"]


def test_the_table_does_not_depend_on_the_order_of_the_files(hub: Description) -> None:
    backwards = solgraph.open(SMALL)
    backwards.files.reverse()
    assert backwards.describe("Ardea Hub").text(format="csv") == hub.text(format="csv")


def test_the_command_writes_the_table(run_small: Callable[..., Result], ardea: Description, tmp_path: Path) -> None:
    assert run_small("show", "Ardea", "-f", "csv").stdout.splitlines() == ardea.text(format="csv").splitlines()
    for name in ("a.csv", "a.md", "a.json", "a.txt"):
        assert run_small("show", "Ardea", "-o", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).read_bytes().decode() == ardea.text(path=tmp_path / name)
    assert (tmp_path / "a.txt").read_text() == ardea.text()
    with pytest.raises(solgraph.WrongUse, match="A description cannot be written as 'turtle'"):
        ardea.text(format="turtle")


def test_a_thing_that_nothing_points_to_is_only_described(small: solgraph.Knowledge) -> None:
    assert small.describe("Cádria Plan").mentions == {}


def test_a_city_is_not_said_to_point_to_itself(small: solgraph.Knowledge) -> None:
    for found in small.describe("Dorn").mentions.values():
        assert "https://w3id.org/solgraph/id/city/dorn" not in [one.iri for one in found]
