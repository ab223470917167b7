"""Tables whose rows name the web pages on which they rest."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import solgraph
from solgraph.cli.main import main

PAGES = """page,url,title,publisher,language,as of
welcome-2019,https://welcome.example/members,Who belongs,Cities of Welcome,en,2019-05
news-2021,https://news.example/a,Stadt tritt bei,Tagblatt,de,
"""
NETWORKS = """network,names,layer,kind,scope,founded,seat,website,page
Cities of Welcome,Willkommensstädte@de | CoW@en,alliance,city network,European,2015,Ardea,https://welcome.example,welcome-2019
Charter of Doors,,declaration,,,,,,
"""
LISTS = """network,page,claimed,as of,complete,locator
Cities of Welcome,welcome-2019,3,2019-05,yes,our three members
"""
MEMBERSHIPS = """network,city,country,role,since,active,page,locator
Cities of Welcome,Ardea,IT,member,2016,,welcome-2019,Ardea Belmonte
Cities of Welcome,Ardea,IT,member,,2021,news-2021,Ardea dabei
Cities of Welcome,Brno,CZ,founding member,2015,,welcome-2019,Ardea Belmonte
Charter of Doors,Ardea,IT,signatory,,2021,https://doors.example/list?x=1,
"""


SMALL = Path(__file__).parent / "small"
pytestmark = pytest.mark.usefixtures("few_towns")


def import_into(folder: Path, output: str = "x.trig", **other: str) -> Result:
    """Import the tables, some of them with other contents."""
    tables = {"memberships": MEMBERSHIPS, "pages": PAGES, "networks": NETWORKS, "lists": LISTS} | other
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    stated = [part for name in tables for part in (str(folder / f"{name}.csv"), "--kind", name)]
    return CliRunner().invoke(main, ["import", *stated, "-o", str(folder / output), "--data", str(SMALL)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, few_towns: None) -> Path:
    """Where the tables were imported as they stand."""
    folder = tmp_path_factory.mktemp("imported")
    assert import_into(folder).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def imported(folder: Path) -> solgraph.Knowledge:
    return solgraph.open(folder / "x.trig", SMALL)


def test_each_page_is_a_source_with_a_graph_that_holds_what_it_states(imported: solgraph.Knowledge) -> None:
    query = """SELECT ?graph ?date ?active ?section {
        GRAPH ?graph { ?m org:member city:ardea ; sg:evidence ?passage .
            ?passage sg:section ?section ; oa:hasSource ?page
            OPTIONAL { ?m sg:startDate ?date } OPTIONAL { ?m sg:activeAt ?active } }
        ?page sg:sourceKind source-kind:web-page FILTER(?graph != graph:gamma) } ORDER BY ?graph"""
    assert [tuple(map(str, row)) for row in imported.sparql(query)] == [
        ("https://w3id.org/solgraph/graph/doors-example-list-x-1", "None", "2021", "whole page"),
        ("https://w3id.org/solgraph/graph/news-2021", "None", "2021", "Ardea dabei"),
        ("https://w3id.org/solgraph/graph/welcome-2019", "2016", "None", "Ardea Belmonte"),
    ]
    pages = imported.sparql("SELECT ?t ?d { ?s schema:url ?u ; dcterms:title ?t OPTIONAL { ?s dcterms:date ?d } }")
    assert {str(row.t) for row in pages} >= {"Who belongs", "Stadt tritt bei", "https://doors.example/list?x=1"}
    assert {str(row.l) for row in imported.sparql("SELECT ?l { ?s schema:url ?u ; skos:prefLabel ?l }")} >= {
        "doors.example: list"
    }, "a page without a title is not called by its whole address"


def test_a_membership_that_two_pages_state_has_two_passages(imported: solgraph.Knowledge) -> None:
    query = """SELECT (COUNT(?e) AS ?n) { ?m org:organization network:cities-of-welcome ; org:member city:ardea ;
        sg:evidence ?e } GROUP BY ?m"""
    assert [int(row.n) for row in imported.sparql(query)] == [2]


def test_seen_active_is_no_beginning(imported: solgraph.Knowledge) -> None:
    assert not imported.sparql("ASK { GRAPH graph:news-2021 { ?m sg:startDate ?any } }")


def test_networks_and_lists_say_what_they_are(imported: solgraph.Knowledge) -> None:
    (row,) = imported.sparql("""SELECT * { ?network skos:altLabel "CoW"@en ; sg:networkLayer ?layer ; sg:seat ?seat
        . GRAPH graph:welcome-2019 { ?network sg:startDate ?founded . ?list sg:listOf ?network ; sg:membersClaimed ?n ;
        sg:listIsComplete true ; dcterms:date ?date } }""")
    assert (str(row.layer)[-8:], str(row.seat)[-5:], str(row.founded), int(row.n)) == ("alliance", "ardea", "2015", 3)


def test_the_result_passes_validation(imported: solgraph.Knowledge) -> None:
    assert [str(one) for one in imported.validate().findings if one.severity == "Violation"] == []


def test_the_same_tables_give_the_same_bytes_in_place_of_the_old(folder: Path) -> None:
    before = (folder / "x.trig").read_bytes()
    assert "4 rows = 3 imported + 1 merged" in import_into(folder, memberships=MEMBERSHIPS + "\n").stdout
    assert (folder / "x.trig").read_bytes() == before


def test_turtle_holds_all_in_one_graph(tmp_path: Path) -> None:
    assert import_into(tmp_path, "x.ttl").exit_code == 0
    assert not solgraph.open(tmp_path / "x.ttl").sparql("ASK { GRAPH graph:news-2021 { ?s ?p ?o } }")


def test_rows_without_a_page_that_can_be_cited_are_rejected(tmp_path: Path) -> None:
    reasons = {
        "Cities of Welcome,Ardea,IT,member,,,nowhere,": "no page 'nowhere'",
        "Cities of Welcome,Ardea,IT,member,,,,": "names no page",
        "Cities of Welcome,Ardea,IT,member,,,news-2021,one two three four five six": "keep the locator to 5 words",
    }
    assert "3 rejected" in import_into(tmp_path, memberships=MEMBERSHIPS + "\n".join(reasons)).stdout
    with (tmp_path / "x.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    for row, reason in zip(rejected, reasons.values(), strict=True):
        assert reason in row["rejected because"]


def test_columns_of_ones_own_are_carried_along(run: Callable[..., Result], tmp_path: Path) -> None:
    table, output = tmp_path / "m.csv", tmp_path / "m.ttl"
    table.write_text("network,city,country,phase,page\nCities of Welcome,Ardea,IT,2,https://welcome.example/m\n")
    options = [str(table), "-o", str(output), "--data", str(SMALL)]
    assert run("import", *options, "--keep", "phase").exit_code == 0
    assert solgraph.open(output).sparql("ASK { ?m a sg:Membership ; column:phase 2 }")
    assert "no table has a column 'stage'" in run("import", *options, "--keep", "stage").stderr
