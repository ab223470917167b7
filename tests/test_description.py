"""``solgraph show``: everything known about one thing of the small graph, and who says it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from pyoxigraph import DefaultGraph, NamedNode, parse

import solgraph
from solgraph.formats import media
from solgraph.graph.description import Description
from solgraph.graph.facts import Mention
from solgraph.rdf.namespaces import SG, slug

SMALL = Path(__file__).parent / "small"


@pytest.fixture(scope="module")
def ardea(small: solgraph.Knowledge) -> Description:
    return small.describe("Ardea")


@pytest.fixture(scope="module")
def hub(small: solgraph.Knowledge) -> Description:
    return small.describe("Ardea Hub")


def labelled(described: Description, group: str) -> list[tuple[str, list[str]]]:
    """Title and details of what points to the thing and is of a class, as the text shows them."""
    lines = [line for line in described.text(1000).splitlines() if line.startswith(("  • ", "  ")) or line]
    start = next(place for place, line in enumerate(lines) if line.startswith(f"{group} ("))
    shown = []
    for line in lines[start + 1 :]:
        if not line.startswith(" "):
            break
        if line.startswith("  • "):
            title, _, details = line[4:].partition(" — ")
            shown.append((title, details.split(", ") if details else []))
    return shown


def sole(described: Description, group: str) -> Mention:
    (mention,) = described.mentions[SG + group]
    return mention


def slugs(iris: list[str]) -> list[str]:
    return [slug(iri) for iri in iris]


def test_it_is_headed_by_label_class_and_iri(ardea: Description) -> None:
    assert str(ardea).splitlines()[:2] == ["Ardea · City", "https://w3id.org/solgraph/id/city/ardea"]


def test_other_names_have_their_languages(ardea: Description) -> None:
    assert sorted(ardea.names) == [("Ardeja", ["pl"]), ("Ardée", ["fr"]), ("L'Ardea", ["it"]), ("Twinham", ["en"])]


def test_what_points_to_a_city_is_grouped_by_class_memberships_first_and_sources_last(ardea: Description) -> None:
    assert [(slug(group), len(mentions)) for group, mentions in ardea.mentions.items()] == [
        ("Membership", 3),
        ("OfficeTerm", 3),
        ("Programme", 1),
        ("Collaboration", 1),
        ("AdvocacyAction", 1),
        ("CivilSocietyOrganisation", 1),
        ("Finding", 1),
        ("Source", 1),
    ]


@pytest.mark.parametrize(
    ("name", "group", "lines"),
    [
        (
            "Ardea",
            "Network membership",
            [
                ("Charter of Open Towns", ["Signatory", "2015-09-13–"]),
                ("Letters of Welcome", ["Leader", "2018–"]),
                ("Northern Harbours", ["Member", "2010–2015-06"]),
            ],
        ),
        (
            "Ardea",
            "Office term",
            [
                ("Ann Ash", ["Mayor", "2000–2005"]),
                ("Ann Ash", ["Mayor", "2015–2019"]),
                ("Ben Birch", ["Mayor", "2005–2010"]),
            ],
        ),
        ("Cora Cedar", "Office term", [("Cádria", ["Mayor", "2016-05– (as of 2020-05)"])]),
        (
            "Ardea",
            "Advocacy action",
            [("Letter of Ardea and Cádria", ["initiator", "Letter", "Carried out", "2018-11"])],
        ),
    ],
    ids=["memberships", "two terms of one person", "an open end", "an event of one day"],
)
def test_what_points_to_a_thing_is_one_line(
    name: str, group: str, lines: list[tuple[str, list[str]]], small: solgraph.Knowledge
) -> None:
    assert labelled(small.describe(name), group) == lines


def test_a_mention_names_the_sections_where_it_was_read(ardea: Description) -> None:
    assert [slugs(mention.evidence) for mention in ardea.mentions[SG + "OfficeTerm"]] == [["alpha-1"]] * 3
    assert slugs(sole(ardea, "Programme").evidence) == ["alpha-2", "beta-news"]


def test_a_mention_says_how_it_points_and_who_else_has_a_part(ardea: Description) -> None:
    programme = sole(ardea, "Programme")
    assert slugs(programme.relations) == ["funder", "handedOverBy"]
    assert [(slug(role), slugs(holders)) for role, holders in programme.roles] == [
        ("handedOverTo", ["open-door"]),
        ("funder", ["ardea", "belmonte"]),
    ]


def test_a_finding_says_whose_view_it_is(hub: Description) -> None:
    finding = sole(hub, "Finding")
    assert slugs([term.value for term in finding.details]) == ["criticism", "open-door"]  # type: ignore[union-attr]
    assert finding.text == "Those who run the hub wish that more people came."


def test_a_description_is_told_in_full(hub: Description) -> None:
    assert [text for text, *_ in hub.summary] == ["A house in which newcomers and neighbours meet."]


@pytest.mark.parametrize(
    ("predicate", "value", "sources"),
    [
        ("funder", "ardea", ["alpha"]),
        ("status", "running", ["alpha"]),
        ("status", "inactive", ["beta"]),
        ("offersService", "legal", ["alpha"]),
    ],
)
def test_a_fact_names_the_sources_that_say_so(predicate: str, value: str, sources: list[str], hub: Description) -> None:
    facts = [fact for fact in hub.facts if fact.property == SG + predicate]
    assert [slugs(fact.sources) for fact in facts if value in slugs([str(term)[1:-1] for term in fact.values])] == [
        sources
    ]


def test_the_register_is_no_source(ardea: Description) -> None:
    assert {source for fact in ardea.facts for source in fact.sources} == set()


@pytest.mark.parametrize(
    "name", ["Ardea", "ardea", "ARDÉE", "Ardeja", "L’Ardea", "city:ardea", "https://w3id.org/solgraph/id/city/ardea"]
)
def test_a_thing_is_found_by_any_of_its_names(name: str, small: solgraph.Knowledge) -> None:
    assert small.describe(name).iri == "https://w3id.org/solgraph/id/city/ardea"


def test_a_thing_without_a_name_is_found_by_its_curie(small: solgraph.Knowledge) -> None:
    described = small.describe("membership:ardea-letters")
    assert (described.label, described.classes) == ("Ardea – Letters of Welcome", [SG + "Membership"])


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


def rows(described: Description) -> list[dict[str, str]]:
    """The rows of the CSV."""
    return list(csv.DictReader(io.StringIO(described.text(format="csv"), newline="")))


def test_the_table_of_a_city_reads_as_accepted(ardea: Description, golden: Callable[[str, str], None]) -> None:
    golden("show-ardea.csv", ardea.text(format="csv").replace("\r\n", "\n"))


def test_the_columns_are_always_the_same(small: solgraph.Knowledge) -> None:
    for name in ("Ardea", "Cádria Plan", "country:it", "status:running", "sg:City"):
        assert list(rows(small.describe(name))[0]) == COLUMNS


def test_a_statement_has_a_row_for_each_source_that_makes_it(
    hub: Description, ardea: Description, small: solgraph.Knowledge
) -> None:
    for described in (hub, ardea):
        listed = rows(described)
        statements = [(row["thing"], row["property"], row["value"], row["language"], row["source"]) for row in listed]
        assert len(set(statements)) == len(statements)
        things = " ".join(f"<{iri}>" for iri in {row["thing"] for row in listed})
        answer = small.sparql(f"SELECT DISTINCT ?s ?p ?o {{ VALUES ?s {{ {things} }} ?s ?p ?o }}")
        assert {row[:3] for row in statements} == {tuple(str(term.value) for term in row) for row in answer.terms}


def test_a_row_names_its_source_and_section(hub: Description) -> None:
    (row,) = (row for row in rows(hub) if row["thing"] == hub.iri and row["value_label"] == "Counselling")
    assert row["source"].endswith("/id/source/alpha")
    assert row["source_label"] == "Alpha report"
    assert row["section"] == "Alpha, 2"


def test_rows_of_the_register_have_no_source(ardea: Description) -> None:
    own = [row for row in rows(ardea) if row["thing"] == ardea.iri]
    assert own
    assert {(row["source"], row["source_label"], row["section"]) for row in own} == {("", "", "")}


def test_rows_stand_in_the_order_of_the_text(ardea: Description) -> None:
    assert list(dict.fromkeys(row["thing"] for row in rows(ardea))) == ardea.things()
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
    with pytest.raises(solgraph.WrongUse, match="A description cannot be written as 'gexf'"):
        ardea.text(format="gexf")


def test_a_thing_that_nothing_points_to_is_only_described(small: solgraph.Knowledge) -> None:
    assert small.describe("Cádria Plan").mentions == {}


def test_a_city_is_not_said_to_point_to_itself(small: solgraph.Knowledge) -> None:
    dorn = small.describe("Dorn")
    assert dorn.iri not in dorn.things()[1:]


# As RDF


CITIES = ("Bologna", "Milan", "Gdańsk", "Tilos", "Palermo")


@pytest.mark.parametrize("city", CITIES)
def test_the_saved_query_about_a_city_gives_the_same_triples(city: str, frozen: solgraph.Knowledge) -> None:
    described = frozen.describe(city)
    assert set(described.triples) == set(frozen.query("everything-about-city", city=city).triples)
    assert frozen.exported("nt", city=city) == described.text(format="nt")


def test_each_triple_stands_in_the_graph_of_its_source(frozen: solgraph.Knowledge) -> None:
    described = frozen.describe("Bologna")
    for graph, triples in described.graphs:
        held = {quad.triple for quad in frozen.store.quads_for_pattern(None, None, None, NamedNode(graph))}
        assert set(triples) <= held
    assert described.text(format="trig").count("graph:") > 2


def test_all_about_what_points_to_a_thing_is_there_but_of_a_concept_only_that(frozen: solgraph.Knowledge) -> None:
    for name, whole in (("Bologna", True), ("status:running", False)):
        described = frozen.describe(name)
        subjects = {quad.subject for quad in frozen.store.quads_for_pattern(None, None, NamedNode(described.iri), None)}
        merge = DefaultGraph()
        about = {quad.triple for node in subjects for quad in frozen.store.quads_for_pattern(node, None, None, merge)}
        assert about <= set(described.triples) if whole else not about <= set(described.triples)


@pytest.mark.parametrize("name", ["Ardea", "status:running", "membership:ardea-letters", "network:letters"])
def test_every_form_holds_the_triples(name: str, small: solgraph.Knowledge, tmp_path: Path) -> None:
    described = small.describe(name)
    for form in media.RDF:
        path = tmp_path / f"x.{form.endings[0]}"
        described.write(path)
        assert {quad.triple for quad in parse(path=str(path))} == set(described.triples), form.name
    with pytest.raises(solgraph.WrongUse, match="no ending"):
        described.write(tmp_path / "x")
