"""Answers in spreadsheets: workbooks that read, CSV that Excel opens, labels in place of IRIs."""

import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pyoxigraph import Literal, NamedNode
from python_calamine import CalamineWorkbook

import solgraph
from solgraph.formats import workbook
from solgraph.formats.rows import Table
from solgraph.formats.workbook import Sheet
from solgraph.rdf.namespaces import XSD

Run = Callable[..., Result]
ODD = """
@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/solgraph/id/person/pawel> a sg:Person ; skos:prefLabel "Paweł"@en .
"""


def rows(path: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()


def written(path: Path, *terms: Any, several: tuple[str, ...] = ()) -> list[list[Any]]:
    """The rows that a spreadsheet program reads of one column with these terms."""
    table = Table(("value",), [(term,) for term in terms], {"urn:a": "A"}, several)
    path.write_bytes(workbook.xlsx([Sheet("S", table)]))
    return rows(path, "S")


@pytest.fixture
def palermo(frozen: solgraph.Knowledge, tmp_path: Path) -> Path:
    path = tmp_path / "palermo.xlsx"
    frozen.query("mayors", city="Palermo").write(path)
    return path


def test_the_first_sheet_reads_labels_and_years_as_numbers(palermo: Path) -> None:
    heading, first, *others = rows(palermo, "Answer")
    assert heading == ["mayor", "since", "until", "source"], "columns that are empty in all rows are left out"
    assert first == ["Leoluca Orlando", 1985, 1990, "Dreher 2024, 1.1 Proactive leadership and mayors"]
    assert len(others) == 2


def test_the_second_sheet_gives_the_evidence_of_each_row(palermo: Path) -> None:
    heading, *evidence = rows(palermo, "Evidence")
    assert heading == ["row", "source", "section", "page", "address"]
    assert [(row[0], *row[2:4]) for row in evidence] == [(number, "1.1", 6) for number in (2, 3, 4)]
    assert evidence[0][1].startswith("Making Migrant Solidarity in Cities")


def test_the_third_sheet_says_what_was_asked_of_which_data(palermo: Path, frozen: solgraph.Knowledge) -> None:
    about = dict(rows(palermo, "Query")[1:])
    assert about["title"] == "Mayors of a city and their terms"
    assert (about["saved query"], about["parameter city"]) == ("mayors", "Palermo")
    assert about["column since"] == "first year of the term"
    assert frozen.snapshot.version[:12] in about["version"]
    assert {"description", "asked", "SPARQL"} <= about.keys()


def test_several_values_of_one_thing_stand_in_one_cell(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    frozen.query("findings-about", thing="Ghent").write(tmp_path / "ghent.xlsx")
    answer = rows(tmp_path / "ghent.xlsx", "Answer")
    labels = [row[0] for row in answer[1:]]
    assert len(labels) == len(set(labels)) > 5
    assert any(row[1].count("; ") == 2 for row in answer[1:])
    evidence = rows(tmp_path / "ghent.xlsx", "Evidence")[1:]
    assert {row[0] for row in evidence} == {float(number) for number in range(2, len(answer) + 1)}


def test_cells_are_typed_and_nothing_is_run(tmp_path: Path) -> None:
    assert written(
        tmp_path / "typed.xlsx",
        Literal("=1+1"),
        Literal("2018", datatype=NamedNode(f"{XSD}gYear")),
        Literal("2.5", datatype=NamedNode(f"{XSD}decimal")),
        Literal("true", datatype=NamedNode(f"{XSD}boolean")),
        Literal("1815-06-18", datatype=NamedNode(f"{XSD}date")),
        Literal("12345678901234567890", datatype=NamedNode(f"{XSD}integer")),
        Literal("INF", datatype=NamedNode(f"{XSD}double")),
        Literal("2018-05", datatype=NamedNode(f"{XSD}gYearMonth")),
        Literal("https://example.org/"),
        NamedNode("urn:a"),
        None,
        Literal("Paweł", language="pl"),
    )[1:] == [
        ["=1+1"],
        [2018],
        [2.5],
        [True],
        ["1815-06-18"],
        ["12345678901234567890"],
        ["INF"],
        ["2018-05"],
        ["https://example.org/"],
        ["A"],
        [""],
        ["Paweł"],
    ]


def test_an_address_is_a_link_and_what_runs_is_none(tmp_path: Path) -> None:
    address = NamedNode(f"{XSD}anyURI")
    texts = ["https://example.org/a?b=1&c=2", "javascript:alert(1)", f"https://example.org/{'x' * 3000}"]
    path = tmp_path / "links.xlsx"
    assert written(path, *(Literal(text, datatype=address) for text in texts))[1:] == [[text] for text in texts]
    with zipfile.ZipFile(path) as parts:
        links = parts.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert re.findall('Target="([^"]+)"', links) == ["https://example.org/a?b=1&amp;c=2"]


def test_a_date_is_a_date(tmp_path: Path) -> None:
    ((_,), (day,)) = written(tmp_path / "date.xlsx", Literal("2019-11-25", datatype=NamedNode(f"{XSD}date")))
    assert str(day)[:10] == "2019-11-25"


def test_a_cell_that_is_too_long_says_that_it_was_cut(tmp_path: Path) -> None:
    ((_,), (cell,)) = written(tmp_path / "long.xlsx", Literal("x" * 40_000))
    assert len(cell) == 32_767
    assert cell.endswith("(cut: the cell is full)")


def test_an_answer_without_rows_and_one_of_sparql_have_their_sheets(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "none.xlsx"
    assert run("sparql", "SELECT ?a { ?a a sg:Nothing }", "-o", str(path)).exit_code == 0
    assert rows(path, "Answer") == [["a"]]
    assert rows(path, "Evidence") == [["row", "source", "section", "page", "address"]]
    assert "sg:Nothing" in dict(rows(path, "Query"))["SPARQL"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-f", "xlsx"), "-o answer.xlsx"),
        (("--bom",), "Name the format csv"),
        (("--bom", "-f", "json"), "for CSV, not for JSON"),
        (("--bom", "-o", "{folder}/a.xlsx"), "cannot be written as '.xlsx'"),
    ],
)
def test_what_a_terminal_or_a_mark_cannot_do_is_an_error(
    run: Run, arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    result = run("query", "mayors", "Palermo", *(text.format(folder=tmp_path) for text in arguments))
    assert (result.exit_code, message in result.stderr, list(tmp_path.iterdir())) == (2, True, []), result.stderr


def test_csv_for_excel_begins_with_a_mark_and_other_csv_does_not(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "odd.ttl"
    data.write_text(ODD, encoding="utf-8")
    question = ["sparql", "SELECT ?who { ?who a sg:Person }", "--data", str(data), "-f", "csv"]
    marked, plain = run(*question, "--bom").stdout_bytes, run(*question).stdout_bytes
    assert marked == b"\xef\xbb\xbf" + plain
    assert "Paweł" in marked.decode("utf-8-sig")
    assert run(*question, "--bom", "-o", str(tmp_path / "odd.csv")).exit_code == 0
    assert (tmp_path / "odd.csv").read_bytes() == marked


def test_terms_in_office_graphs_and_sources_are_called_by_labels(frozen: solgraph.Knowledge, run: Run) -> None:
    shown = run(
        "sparql", "SELECT DISTINCT ?g ?t { GRAPH ?g { ?t a sg:OfficeTerm ; org:member person:giuliano-pisapia } }"
    ).stdout
    assert "Giuliano Pisapia – Milan" in shown
    assert "Moving Cities: Milan" in shown
    assert "term:" not in shown
    assert "graph:" not in shown
    graph = "https://w3id.org/solgraph/graph/dreher-2024"
    assert frozen.label(graph) == frozen.snapshot.labels(("en",))[graph] == "Dreher 2024"


def test_a_missing_library_is_an_error_that_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(solgraph.MissingExtra, match=r"solgraph\[sheets\]"):
        workbook.xlsx([])
