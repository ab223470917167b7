"""Columns are found by their names in six languages, never by a guess; a mapping can be stated, saved and loaded."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solgraph.errors import DataError, SolgraphError, WrongUse
from solgraph.tables.read.text_files import read
from solgraph.tables.recognise.columns import FIELDS, ColumnMapping, parse_map, recognise
from solgraph.tables.recognise.mapping_file import read_mapping, write_mapping

pytestmark = pytest.mark.usefixtures("few_towns")

HEADERS = {
    "City;Country;Network;Start year;End year;Role;Source;Notes": "city country network since until role source note",
    "Ville;Pays;Réseau;Date d'adhésion;Fin;Rôle;Source;Remarques": "city country network since until role source note",
    "Stadt;Land;Netzwerk;Beitritt;Austritt;Rolle;Quelle;Bemerkung": "city country network since until role source note",
    "Città;Paese;Rete;dal;al;Ruolo;Fonte;Note": "city country network since until role source note",
    "Ciudad;País;Red;Desde;Hasta;Rol;Fuente;Notas": "city country network since until role source note",
    "Miasto;Kraj;Sieć;Od;Do;Rola;Źródło;Uwagi": "city country network since until role source note",
    "Commune;Réseau;Depuis;Latitude;Longitude": "city network since lat long",
    "Gemeinde;Bündnis;seit;bis;Breitengrad;Längengrad": "city network since until lat long",
    "Comune;Alleanza;Anno": "city network since",
    "Municipality;Alliance;Year;GeoNames ID;Region": "city network since geonames region",
    "Państwo;Nazwa miasta;Nazwa sieci;Rok przystąpienia": "country city network since",
    "\ufeffCITY;  network ;since_year;Member-Since": "city network - since",
    "ville;re\u0301seau": "city network",
    "cityName;networkName;startYear": "city network since",
    "Ville / City;Network (name);Since (if known)": "city network since",
    "City (country);Stadt;Netzwerk": "- city network",
    "Member;Network;Year;Since": "city network - since",
    "Mitglied;Mitglied seit;Netzwerk": "city since network",
}


@pytest.mark.parametrize("text", HEADERS)
def test_names_in_six_languages(text: str) -> None:
    header = text.split(";")
    expected = {field: name for field, name in zip(HEADERS[text].split(), header, strict=True) if field != "-"}
    mapping = recognise(header)
    assert mapping.kind == "memberships" and mapping.columns == expected
    assert mapping.unused == [name for name in header if name not in expected.values()]


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        ("City;Country;Population;Lat;Lon", "cities", "city country population lat long"),
        ("id;Ville;Habitants", "cities", "key city population"),
        ("Network;Acronym;Scope;Website;Founded", "networks", "network short scope website founded"),
        ("Netzwerk;Kürzel;Reichweite;Gründungsjahr", "networks", "network short scope founded"),
        ("Programme;City;Type;Status;Since", "programmes", "name city kind status since"),
        ("Progetto;Comune;Descrizione", "programmes", "name city description"),
        ("City;Partner;Type", "collaborations", "city partner kind"),
        ("Name;City;Partner;Project", "collaborations", "name city partner programme"),
    ],
)
def test_kinds_are_found(text: str, kind: str, fields: str) -> None:
    mapping = recognise(text.split(";"))
    assert (mapping.kind, mapping.columns) == (kind, dict(zip(fields.split(), text.split(";"), strict=True)))


def test_name_in_a_table_of_a_given_kind() -> None:
    assert recognise(["Name", "Land"], "cities").columns == {"city": "Name", "country": "Land"}
    assert recognise(["Name", "Stadt"], "cities").columns == {"city": "Stadt"}
    assert recognise(["Nazwa", "Skrót"], "networks").columns == {"network": "Nazwa", "short": "Skrót"}


def test_every_field_is_known_by_its_own_name() -> None:
    assert list(FIELDS) == ["memberships", "cities", "networks", "pages", "lists", "programmes", "collaborations"]
    for kind, fields in FIELDS.items():
        assert recognise(fields, kind).columns == {field: field for field in fields}


def test_two_candidates_are_named() -> None:
    with pytest.raises(WrongUse) as caught:
        recognise(["Ville", "City name", "Network"])
    assert 'Ville and "City name"' in str(caught.value)
    assert "map='city=Ville'\nor map='city=\"City name\"'" in str(caught.value)
    stated = parse_map('city="City name"')
    assert recognise(["Ville", "City name", "Network"], stated=stated).unused == ["Ville"]


def test_what_the_error_says_to_write_can_be_written() -> None:
    header = ['L"ieu, commun', "Réseau", "x"]
    with pytest.raises(WrongUse) as caught:
        recognise(header)
    assert 'Columns: "L""ieu, commun", Réseau, x' in str(caught.value) and "the city" in str(caught.value)
    written = ast.literal_eval(caught.value.hint.splitlines()[0].split("map=")[1])
    assert recognise(header, "memberships", parse_map(written)).columns["city"] == header[0]


@pytest.mark.parametrize(
    ("header", "kind", "stated", "words"),
    [
        ("City;Year", "memberships", "", "known as the network"),
        ("a;b;c", None, "", "known as the city. Columns: a, b, c"),
        ("City;Network", "member", "", "Did you mean 'memberships'"),
        ("City;Network", "memberships", "city=Citty", "Did you mean 'City'"),
        ("City;Network", "memberships", "city=zzz", "Columns: City, Network"),
        ("City;Network", "memberships", "population=City", "no field 'population'"),
        ("City;Network", "memberships", "city=City,network=City", "cannot be both"),
        ("City;City;Network", "memberships", "", "Two columns are called 'City'"),
        (";" * 3, None, "", "known as the city"),
    ],
)
def test_wrong_use(header: str, kind: str | None, stated: str, words: str) -> None:
    with pytest.raises(WrongUse) as caught:
        recognise(header.split(";"), kind, parse_map(stated))
    assert words in str(caught.value)


def test_a_column_is_given_without_regard_to_accents_and_a_field_can_be_left_out() -> None:
    header = ["Cité", "Network", "Since"]
    assert recognise(header, stated=parse_map("city=cite,since=")).columns == {"city": "Cité", "network": "Network"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("city=Ville", {"city": "Ville"}),
        (' City = Ville , since="Start year" ', {"city": "Ville", "since": "Start year"}),
        ('city="a, ""b"" = c",network=Réseau', {"city": 'a, "b" = c', "network": "Réseau"}),
        ("city=Ville,", {"city": "Ville"}),
        ("city=Ville de France,since=", {"city": "Ville de France", "since": ""}),
    ],
)
def test_map_option(text: str, expected: dict[str, str]) -> None:
    assert parse_map(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ville", "cannot be read"),
        ("city=Ville;network=R,x", "cannot be read from 'x'"),
        ('city="Ville', "cannot be read"),
        ('city="Ville"s', "cannot be read"),
        ("citty=Ville", "Did you mean 'city'"),
        ("qqq=Ville", "Fields: city, country"),
        ("city=a,city=b", "twice"),
        (",", "cannot be read"),
    ],
)
def test_map_option_wrong(text: str, words: str) -> None:
    with pytest.raises(WrongUse) as caught:
        parse_map(text)
    assert words in str(caught.value)


def test_text() -> None:
    mapping = ColumnMapping("memberships", {"city": "Ville", "network": "Réseau"}, ["x", ""])
    assert mapping.text() == (
        "A table of memberships:\n  city     ← Ville\n  network  ← Réseau\nNot used: x, (no name)"
    )


# Mapping files


def saved(
    tmp_path: Path, content: bytes = "Ville;Réseau;x\nNîmes;R;1\n".encode("cp1252")
) -> tuple[Path, ColumnMapping]:
    table = tmp_path / "table.csv"
    table.write_bytes(content)
    sheet = read(table)
    mapping = recognise(sheet.header, stated={"city": sheet.header[0], "network": sheet.header[1]})
    (tmp_path / "m.json").write_text(write_mapping(mapping, sheet), "utf-8")
    return tmp_path / "m.json", mapping


def test_a_mapping_file_is_csvw(tmp_path: Path) -> None:
    path, _ = saved(tmp_path)
    assert json.loads(path.read_text("utf-8")) == {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "table.csv",
        "dialect": {"encoding": "windows-1252", "delimiter": ";", "commentPrefix": None},
        "tableSchema": {
            "columns": [
                {"name": "city", "titles": "Ville"},
                {"name": "network", "titles": "Réseau"},
                {"name": "column_3", "titles": "x", "suppressOutput": True},
                {
                    "virtual": True,
                    "propertyUrl": "rdf:type",
                    "valueUrl": "https://w3id.org/solgraph/ns#Membership",
                },
            ]
        },
    }


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", "\t"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";"), ("iso8859-2", ";"), ("macintosh", "\t")],
)
def test_a_saved_mapping_comes_back(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path, mapping = saved(tmp_path, "Ort;Netz;ł\nNîmes;R;1\n".replace(";", delimiter).encode(encoding, "replace"))
    stored = read_mapping(path)
    again = read(tmp_path / "table.csv", **stored.dialect)  # type: ignore[arg-type]
    assert stored.fit(again.header) == mapping
    assert again.rows == read(tmp_path / "table.csv").rows


def test_a_mapping_that_does_not_fit_the_table(tmp_path: Path) -> None:
    stored = read_mapping(saved(tmp_path)[0])
    with pytest.raises(WrongUse, match="Did you mean 'Villes'"):
        stored.fit(["Villes", "Réseau"])


def metadata(**changes: Any) -> dict[str, Any]:
    columns = [{"name": "city", "titles": "Ville"}, {"name": "network", "titles": ["Réseau", "Rete"]}]
    return {"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": {"columns": columns}, **changes}


def test_mapping_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(json.dumps(metadata()))
    assert read_mapping(path) == ("memberships", {"city": "Ville", "network": "Réseau"}, {}, {}, ())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "m.json:1:2: is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is not CSVW metadata of one table"),
        ("{}", "is not CSVW metadata of one table ('@context')"),
        (metadata(tableSchema=[]), "is not CSVW metadata"),
        (metadata(tableSchema={"columns": [{"titles": "x"}]}), "('name')"),
        (metadata(tableSchema={"columns": [{"name": "citty"}]}), "Did you mean 'city'"),
        (metadata(tableSchema={"columns": [{"name": "zzz"}]}), '"suppressOutput": true'),
        (
            metadata(tableSchema={"columns": [{"virtual": True, "propertyUrl": "rdf:type", "valueUrl": "x"}]}),
            "rows are",
        ),
        (metadata(dialect={"quoteChar": "'"}), "quoteChar"),
    ],
)
def test_wrong_mapping_files(tmp_path: Path, content: Any, words: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(DataError) as caught:
        read_mapping(path)
    assert words in str(caught.value) and str(caught.value).startswith(str(path))


def test_missing_and_binary_mapping_files(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="No such file"):
        read_mapping(tmp_path / "m.json")
    (tmp_path / "m.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not JSON in UTF-8"):
        read_mapping(tmp_path / "m.json")


@given(st.lists(st.text(max_size=12), max_size=8), st.sampled_from([None, *FIELDS]))
def test_any_header_is_mapped_or_refused(header: list[str], kind: str | None) -> None:
    try:
        mapping = recognise(header, kind)
    except SolgraphError as error:
        assert error.exit_code == 2
    else:
        assert sorted([*mapping.columns.values(), *mapping.unused]) == sorted(header)
