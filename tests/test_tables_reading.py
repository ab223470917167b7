"""Files of all sorts become rows of text, or an error that says what to do; no row is lost."""

import csv
import io
import itertools
import os
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solgraph.errors import DataError, MissingExtra, SolgraphError, WrongUse
from solgraph.tables.read.sheet import Row, Sheet
from solgraph.tables.read.text_files import read

pytestmark = pytest.mark.usefixtures("few_towns")
Write = Callable[..., Path]
MEMBERS = [["Ville", "Réseau", "Depuis"], ["Liège", "Städte, sichere", "2018"], ["Cádiz", "Red", "2019"]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    numbers = itertools.count()

    def one(content: str | bytes, encoding: str = "utf-8", ending: str = "csv") -> Path:
        path = tmp_path / f"t{next(numbers)}.{ending}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return one


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def cells(sheet: Sheet) -> list[list[str]]:
    return [list(sheet.header), *(list(row.cells) for row in sheet.rows)]


# CSV: format found by itself


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_format_is_found(write: Write, delimiter: str, encoding: str) -> None:
    bom = "\ufeff" if encoding == "utf-16-be" else ""
    sheet = read(write(bom + as_csv(MEMBERS, delimiter), encoding))
    assert cells(sheet) == MEMBERS
    assert [row.number for row in sheet.rows] == [2, 3]
    detected = "utf-16" if bom else encoding
    assert sheet.dialect == {"encoding": detected, "delimiter": "tab" if delimiter == "\t" else delimiter}


POLISH = "Miasto;Kraj\nŁódź;Polska\nGdańsk;Polska\nPoznań;Polska\n"
FRENCH = "Ville;Pays\nOrléans;France\nNîmes;France\nAlençon;à vérifier\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(POLISH, "cp1250"), (POLISH, "iso8859-2"), (FRENCH, "cp1252"), (FRENCH, "macintosh"), ("Münster\nx\n", "cp1252")],
)
def test_eight_bit_encodings(write: Write, text: str, encoding: str) -> None:
    sheet = read(write(text, encoding))
    assert sheet.dialect["encoding"] == encoding
    assert cells(sheet) == [line.split(";") for line in text.splitlines()]


TURKISH = "Şehir;Ülke\nBeyoğlu;Türkiye\nKadıköy;Türkiye\nÇankaya;Türkiye\n"
ENCODINGS = {
    "cp1250": [POLISH, "Město;Země\nPlzeň;Česko\nDěčín;Česko\n", "Város;Ország\nGyőr;Magyarország\n"],
    "cp1251": ["Місто;Країна\nКиїв;Україна\nЛьвів;Україна\n"],
    "cp1252": [
        FRENCH,
        "Stadt;Land\nLiège;Belgien\nCádiz;Spanien\nMünchen;Deutschland\nMalmö;Schweden\n",
        "A\nCoruña\n",
    ],
    "cp1253": ["Δήμος;Χώρα\nΑθήνα;Ελλάδα\nΘεσσαλονίκη;Ελλάδα\n"],
    "cp1254": [TURKISH],
    "macintosh": [FRENCH, "Stadt;Land\nKöln;Deutschland\nGenève;Schweiz\n"],
    "utf-16-le": [POLISH, "Місто;Країна\nКиїв;Україна\nЛьвів;Україна\n"],
    "utf-16-be": [FRENCH],
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_are_found_by_what_they_make_of_the_bytes(write: Write, encoding: str) -> None:
    for text in ENCODINGS[encoding]:
        assert cells(read(write(text, encoding))) == [line.split(";") for line in text.splitlines()]


def test_an_encoding_that_cannot_be_decided_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match="encoding='cp1254'"):
        read(write("a;b\nxyzzyğ;1\n", "cp1254"))


@pytest.mark.parametrize("sign", [",", ";"])
def test_a_title_above_the_names_of_the_columns_is_left_out(write: Write, sign: str) -> None:
    sheet = read(write(f"Members of the network\n\nas of 2024\ncity{sign}network\nBern{sign}N\n"))
    assert cells(sheet) == [["city", "network"], ["Bern", "N"]] and sheet.rows[0].number == 5
    assert sheet.title == "Members of the network as of 2024"
    assert read(write("city\nBern\nBasel, Stadt\nx, 1\n")).header == ("city",)


def test_encoding_and_delimiter_given(write: Write) -> None:
    assert cells(read(write("a;b,c\nń;x\n", "cp1250"), encoding="cp1250", delimiter=",")) == [["a;b", "c"], ["ń;x", ""]]
    assert cells(read(write("a\tb\n1\t2\n"), delimiter="tab")) == [["a", "b"], ["1", "2"]]
    assert read(write("\ufeffa,b\n1,2\n"), encoding="UTF8").header == ("a", "b")


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2\r", "a,b\n1,2"])
def test_line_ends(write: Write, text: str) -> None:
    assert cells(read(write(text))) == [["a", "b"], ["1", "2"]]


def test_one_column(write: Write) -> None:
    assert cells(read(write("Stadt\nBern\nBasel, Stadt\n")))[:2] == [["Stadt"], ["Bern"]]


def test_semicolons_with_decimal_commas(write: Write) -> None:
    sheet = read(write("city;lat;long\nBern;46,95;7,45\nGent;51,05;3,72\n"))
    assert sheet.rows[0].cells == ("Bern", "46,95", "7,45")


def test_excel_hint_for_the_delimiter(write: Write) -> None:
    sheet = read(write("sep=|\na,x|b\n1|2\n"))
    assert cells(sheet) == [["a,x", "b"], ["1", "2"]] and sheet.rows[0].number == 3


# CSV: rows


def test_blank_lines_and_lines_in_cells_keep_the_numbers(write: Write) -> None:
    sheet = read(write('\n\na,b\n\n"one\ntwo",1\n , \n;,2\n'))
    assert sheet.rows == [Row(5, ("one\ntwo", "1")), Row(8, (";", "2"))]


def test_ragged_rows(write: Write) -> None:
    short, blank, long = read(write("a,b,c\n1\n1,2,3,,\n1,2,3,,5\n")).rows
    assert short == Row(2, ("1", "", "")) and blank == Row(3, ("1", "2", "3"))
    assert long == Row(4, ("1", "2", "3", "", "5"), "5 cells, but the header has 3")


def test_broken_quotes_spoil_one_row(write: Write) -> None:
    sheet = read(write('a,b\n1,2\n"Halle,2\n3,"x" y\n"4",5\n'))
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5]
    assert [bool(row.flaw) for row in sheet.rows] == [False, True, True, False]
    assert "Halle" in sheet.rows[1].cells[0] and "quotation" in sheet.rows[1].flaw


def test_quote_that_stays_open_spoils_one_row(write: Write) -> None:
    flawed, *others = read(write('a,b\n"open,1\n' + "x,1\n" * 5)).rows
    assert flawed.number == 2 and "not closed" in flawed.flaw
    assert others == [Row(number, ("x", "1")) for number in range(3, 8)]
    flawed, *others = read(write('a,b\n"open,1\n' + "x,1\n" * 900 + '"closed, here",2\n')).rows
    assert flawed.flaw and len(others) == 901 and not any(row.flaw for row in others)


def test_quotes_inside_a_cell_are_signs(write: Write) -> None:
    assert read(write('a,b\nThe "Hague",1\n')).rows == [Row(2, ('The "Hague"', "1"))]


def test_rows_in_another_encoding_are_flawed(write: Write) -> None:
    sheet = read(write("a,b\nZürich,1\nGenève,2\n".encode() + "Orléans,3\n".encode("cp1252") + "Łódź,4\n".encode()))
    assert sheet.dialect["encoding"] == "utf-8"
    assert [row.flaw[:5] for row in sheet.rows] == ["", "", "bytes", ""]
    assert sheet.rows[2][:2] == (4, ("Orl\ufffdans", "3"))
    other = read(write("a,b\nNîmes,1\nOrléans,2\nGenève,3\n".encode("cp1252") + "Zürich,4\n".encode()))
    assert other.dialect["encoding"] == "cp1252" and other.rows[0].cells[0] == "Nîmes"
    assert [row.flaw[:5] for row in other.rows] == ["", "", "", "bytes"]


def test_undecodable_with_a_given_encoding(write: Write) -> None:
    assert read(write("a,b\nOrléans,3\nx,4\n".encode("cp1252")), encoding="utf-8").rows[0].flaw
    assert read(write("a\nx\nzé\n".encode("utf-16") + b"\x00\xd8", ending="csv"), encoding="utf-16").rows[-1].flaw


def test_nul_in_a_row(write: Write) -> None:
    good, bad = read(write("city,note\nBern,x\nBasel,\0\n")).rows
    assert not good.flaw and "control" in bad.flaw


def test_a_huge_cell_spoils_its_row(write: Write) -> None:
    long, huge, after = read(write(f'a,b\n{"y" * 500_000},1\n"{"x" * 10_000_000}\n",1\n2,3\n')).rows
    assert not long.flaw and "10,000,001 characters" in huge.flaw and len(huge.cells[0]) < 1000
    assert after == Row(5, ("2", "3"))


def test_the_file_is_not_touched(write: Write) -> None:
    path = write(as_csv(MEMBERS))
    path.chmod(0o444)
    before = path.stat()
    read(path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns and path.read_text() == as_csv(MEMBERS).replace("\r\n", "\n")


def test_twenty_thousand_rows_in_a_second(write: Write) -> None:
    row = ["Sankt Pölten", "Österreich", "Sichere Häfen", "06/2018", "", "member", "https://example.org/1", "a, b"]
    path = write(as_csv([list("abcdefgh"), *[row] * 20_000], ";"))
    start = time.process_time()
    assert len(read(path).rows) == 20_000
    assert time.process_time() - start < 1


DIALECTS = st.tuples(
    st.sampled_from(",;\t|"),
    st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL)]),
)
"""The writer of Python does not quote a lone ``\\r`` where lines end in ``\\n``."""
CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n\r\t"), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6),
    DIALECTS,
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_round_trip(write: Write, rows: list[list[str]], dialect: tuple[str, tuple[str, int]], encoding: str) -> None:
    delimiter, (end, quoting) = dialect
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["a", "b", "c"], *rows])
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if filled:
        found = read(write(text.getvalue(), encoding), encoding=encoding, delimiter=delimiter)
        assert cells(found) == [["a", "b", "c"], *filled]
        assert not any(row.flaw for row in found.rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(st.binary(max_size=300), st.sampled_from(["csv", "xlsx", "ods"]))
def test_any_bytes_are_read_or_refused(write: Write, content: bytes, ending: str) -> None:
    path = write(content, ending=ending)
    try:
        sheet = read(path)
    except SolgraphError as error:
        assert str(path) in str(error)
    else:
        assert sheet.rows and all(len(row.cells) >= len(sheet.header) for row in sheet.rows)


# Files that are no tables


@pytest.mark.parametrize(
    ("content", "ending", "words"),
    [
        (b"", "csv", "is empty"),
        (b"\n \n", "csv", "is empty"),
        (b"\xef\xbb\xbf", "csv", "no rows"),
        (b",,\n,,\n", "csv", "no rows"),
        (b"a,b\n", "csv", "no rows below"),
        (b"a,b\n,\n\n", "csv", "no rows below"),
        (b"," * 49_999 + b"x\n1\n", "csv", "50,000 columns"),
        (bytes(range(256)) * 10, "csv", "not a text file"),
        (b"a\0b,c\n1,2\n", "csv", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "csv", "not a text file"),
        (b"%PDF-1.7\n1 0 obj\n", "csv", "is a PDF"),
        (b"<!DOCTYPE html><table>", "csv", "HTML"),
        (b'"a,b\n1,2\n', "csv", "names of the columns cannot be read"),
        (b"", "xlsx", "is empty"),
        (b"a,b\n1,2\n", "xlsx", "cannot be read as a workbook"),
        (b"PK\3\4 torn", "xlsx", "cannot be read as a workbook"),
        (b"PK\5\6" + bytes(18), "ods", "without a workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "xls", "before 2007"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "xlsx", "password"),
    ],
)
def test_no_table(write: Write, content: bytes, ending: str, words: str) -> None:
    path = write(content, ending=ending)
    with pytest.raises(DataError) as caught:
        read(path)
    assert words in str(caught.value) and str(caught.value).startswith(str(path))


def test_paths_and_options(write: Write, tmp_path: Path) -> None:
    good = write("a,b\n1,2\n")
    for path in (tmp_path, tmp_path / "missing.csv", Path("a\0b")):
        with pytest.raises(WrongUse, match="cannot be read"):
            read(path)
    for options, words in (
        ({"encoding": "utf-9"}, "utf-9"),
        ({"encoding": "base64"}, "base64"),
        ({"delimiter": "ab"}, "not a single character"),
        ({"delimiter": '"'}, "not a single character"),
        ({"sheet": "x"}, "no sheets"),
    ):
        with pytest.raises(WrongUse, match=words):
            read(good, **options)


def test_a_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    threading.Thread(target=pipe.write_text, args=["a,b\n1,2\n"]).start()
    assert cells(read(pipe)) == [["a", "b"], ["1", "2"]]


# Workbooks

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy;@"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="17"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>city</t></is></c><c r="B1" t="inlineStr"><is><t>since</t></is></c></row>'
)
BERN = '<row r="2"><c r="A2" t="inlineStr"><is><t>Bern</t></is></c><c r="B2"><v>2018</v></c></row>'


def zipped(members: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def xlsx(**sheets: str) -> bytes:
    """A workbook of sheets, each given by its rows in XML."""
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in enumerate(sheets, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    bodies = {
        f"xl/worksheets/sheet{i}.xml": f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
        for i, rows in enumerate(sheets.values(), 1)
    }
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{REL}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
            "xl/styles.xml": STYLES,
            **bodies,
        }
    )


def ods(rows: str, manifest: str = "") -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    urn = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>{manifest}'
    return zipped(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{urn}">{entry}</manifest:manifest>',
            "content.xml": f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="T">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_row(*values: str, repeated: int = 1, formula: str = "") -> str:
    inside = "".join(
        f'<table:table-cell office:value-type="string"{formula}><text:p>{value}</text:p></table:table-cell>'
        if value
        else "<table:table-cell/>"
        for value in values
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inside}</table:table-row>'


def test_xlsx_cells_become_text(write: Write) -> None:
    row = (
        '<row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" s="1"><v>43281</v></c></row>'
        '<row r="5"><c r="A5" s="1"><v>43281.5</v></c><c r="B5"><v>46.95</v></c></row>'
    )
    sheet = read(write(xlsx(Members=HEADER + BERN + row), ending="xlsx"))
    assert sheet.header == ("city", "since") and sheet.dialect == {"sheet": "Members"}
    assert sheet.rows == [
        Row(2, ("Bern", "2018")),
        Row(4, ("TRUE", "2018-06-30")),
        Row(5, ("2018-06-30T12:00:00", "46.95")),
    ]


def test_merged_cells_hold_for_all_their_rows(write: Write) -> None:
    rows = (
        '<row r="2"><c r="A2" t="str"><v>Bern</v></c><c r="B2"><v>2018</v></c></row>'
        '<row r="3"><c r="A3"/><c r="B3"><v>2019</v></c></row><row r="4"><c r="A4"/><c r="B4"><v>2020</v></c></row>'
    )
    merged = '</sheetData><mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A1:B1"/></mergeCells><sheetData>'
    sheet = read(write(xlsx(M=HEADER + rows + merged), ending="xlsx"))
    assert [row.cells for row in sheet.rows] == [("Bern", "2018"), ("Bern", "2019"), ("", "2020")]
    cell = '<table:table-cell{} office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = "<table:table-row>{}" + cell.format("", "x") + "</table:table-row>"
    spanned = cell.format(' table:number-rows-spanned="2"', "Bern")
    body = ods_row("city", "note") + row.format(spanned) + row.format("<table:covered-table-cell/>")
    assert [row.cells for row in read(write(ods(body), ending="ods")).rows] == [("Bern", "x"), ("Bern", "x")]


def test_xlsx_dates_are_no_finer_than_shown(write: Write) -> None:
    row = '<row r="2"><c r="A2" s="2"><v>43252</v></c><c r="B2" s="3"><v>43252</v></c></row>'
    assert read(write(xlsx(M=HEADER + row), ending="xlsx")).rows == [Row(2, ("2018-06", "2018"))]


def test_formulas_and_errors_are_flaws(write: Write) -> None:
    rows = (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row><row r="3"><c r="A3" t="e"><v>#N/A</v></c></row>'
        '<row><c><v>1</v></c><c><v>2</v></c></row><row r="9"><c r="B9"><f>1/0</f><v/></c></row>'
    )
    found = read(write(xlsx(M=HEADER + rows), ending="xlsx")).rows
    assert [(row.number, row.flaw) for row in found] == [
        (2, "cell A2 is a formula"),
        (3, "cell A3 holds an error of the spreadsheet program"),
        (4, ""),
        (9, "cell B9 is a formula"),
    ]


def test_sheets_are_chosen(write: Write) -> None:
    path = write(xlsx(Notes="", Members=HEADER + BERN, Other=HEADER + BERN * 2), ending="xlsx")
    assert read(path).dialect == {"sheet": "Members"}
    assert read(path, sheet="Other").dialect["sheet"] == "Other"
    with pytest.raises(WrongUse, match="Did you mean 'Members'"):
        read(path, sheet="members2")
    with pytest.raises(DataError, match="no rows"):
        read(path, sheet="Notes")
    with pytest.raises(DataError, match="no rows in any sheet"):
        read(write(xlsx(Empty=""), ending="xlsx"))
    with pytest.raises(WrongUse, match="Leave out encoding="):
        read(path, encoding="utf-8")


def test_workbook_is_known_by_its_content(write: Write) -> None:
    assert len(read(write(xlsx(M=HEADER + BERN), ending="csv")).rows) == 1


def test_ods(write: Write) -> None:
    wide = '<table:table-cell table:number-columns-repeated="16384"/>'
    blank = '<table:table-row table:number-rows-repeated="{}">' + wide + "</table:table-row>"
    rows = (
        ods_row("city", "since") + blank.format(2) + ods_row("Bern", "2018", repeated=2)
        + ods_row("", "x", formula=' table:formula="of:=1"') + blank.format(1_048_570)
    )  # fmt: skip
    sheet = read(write(ods(rows), ending="ods"))
    assert sheet.dialect == {"sheet": "T"}
    bern = ("Bern", "2018")
    assert sheet.rows == [Row(4, bern), Row(5, bern), Row(6, ("", "x"), "cell B6 is a formula")]


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (xlsx(M=HEADER + FAR), "XFD1048576"),
        (ods(ods_row("a", "b", repeated=2_000_000_000)), "has a cell as far away"),
        (xlsx(M=" " * 40_000_000), "would unpack to 40 MB"),
        (
            zipped({"xl/workbook.xml": f"{BOMB}<workbook>&b;</workbook>", "xl/_rels/workbook.xml.rels": "<x/>"}),
            "entities",
        ),
        (zipped({"content.xml": f"{BOMB}<x>&b;</x>"}), "entities"),
        (zipped({"a.txt": "x"}), "without a workbook"),
        (xlsx(M=HEADER + "<row>"), "cannot be read as a workbook"),
        (xlsx(M=HEADER + '<row r="x"/>'), "cannot be read as a workbook"),
        (ods("", '<manifest:encryption-data xmlns:manifest="m"/>'), "password"),
        (xlsx(M=HEADER)[:-200], "cannot be read as a workbook"),
    ],
)
def test_dangerous_and_damaged_workbooks(write: Write, content: bytes, words: str) -> None:
    path = write(content, ending="xlsx")
    with pytest.raises(DataError) as caught:
        read(path)
    assert words in str(caught.value) and str(caught.value).startswith(str(path))


def test_without_the_extra(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    with pytest.raises(MissingExtra, match=r"solgraph\[sheets\]"):
        read(write(xlsx(M=HEADER + BERN), ending="xlsx"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([xlsx(M=HEADER + BERN), ods(ods_row("a") * 2)]), st.data())
def test_damaged_workbooks_are_read_or_refused(write: Write, content: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:at] + bytes([data.draw(st.integers(0, 255))]) + content[at + 1 :]
    try:
        read(write(damaged, ending="xlsx"))
    except SolgraphError as error:
        assert str(error)
