"""What cells hold: missing values, lists and matrices of networks, columns whose names nobody knows."""

from pathlib import Path

import pytest

import solgraph
from solgraph.errors import WrongUse
from solgraph.tables.read.sheet import Sheet
from solgraph.tables.recognise.by_contents import recognise_by_contents
from solgraph.tables.recognise.columns import ColumnMapping
from solgraph.tables.recognise.contents import Contents
from solgraph.tables.recognise.graph_index import GraphIndex
from solgraph.tables.recognise.mapping_file import read_mapping, write_mapping
from solgraph.tables.recognise.missing import without_missing
from solgraph.tables.recognise.network_names import NetworkNames
from solgraph.tables.rejection import Rejected

MISSING = "NA,N/A,#N/A,#NV,-,–,—,?,??,.,…,./.,none,NULL,nan,TBD,unknown,Unbekannt,k. A.,inconnu,brak danych,onbekend"

pytestmark = pytest.mark.usefixtures("few_towns")


@pytest.fixture(scope="module")
def graph() -> GraphIndex:
    return GraphIndex(solgraph.open().endpoint)


@pytest.mark.parametrize("cell", MISSING.split(","))
def test_missing_values_are_empty_cells(cell: str) -> None:
    assert [without_missing(field, cell) for field in ("city", "network", "since", "role", "lat")] == [""] * 5


def test_what_only_looks_like_a_missing_value() -> None:
    kept = {"country": "NA", "lat": "0", "note": "0", "role": "✓", "city": "Nador", "network": "None of Us"}
    assert {field: without_missing(field, cell) for field, cell in kept.items()} == kept
    assert without_missing("network", "0") == "" == without_missing("since", "0")


# Names of networks

NAMES = {
    "eurocities": "https://w3id.org/solgraph/id/network/eurocities",
    "european coalition of cities against racism": "https://w3id.org/solgraph/id/network/eccar",
    "solidarity cities": "https://w3id.org/solgraph/id/network/solidarity-cities",
    "icc": "https://w3id.org/solgraph/id/network/intercultural-cities",
    "declaration of barcelona 2017": "https://w3id.org/solgraph/id/network/declaration-2017",
    "net 2019": "https://w3id.org/solgraph/id/network/net-2019",
    "stadte sichere hafen": "https://w3id.org/solgraph/id/network/safe-harbours",
}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Eurocities", ["Eurocities"]),
        ("Eurocities; ICC", ["Eurocities", "ICC"]),
        ("Eurocities, ICC", ["Eurocities", "ICC"]),
        ("EUROCITIES / Solidarity Cities | ICC", ["EUROCITIES", "Solidarity Cities", "ICC"]),
        ("Städte, sichere Häfen", ["Städte, sichere Häfen"]),
        ("Rest, und Recht", ["Rest, und Recht"]),
        ("network:eurocities", ["network:eurocities"]),
        ("https://w3id.org/solgraph/id/network/eurocities", ["https://w3id.org/solgraph/id/network/eurocities"]),
    ],
)
def test_a_list_is_one_of_known_networks(cell: str, expected: list[str]) -> None:
    assert NetworkNames(NAMES, {"rest und recht"}).listed(cell) == expected


@pytest.mark.parametrize("cell", ["Eurocities; Other", "Other, Another", "Other/Eurocities"])
def test_a_list_with_an_unknown_network_is_rejected(cell: str) -> None:
    with pytest.raises(Rejected) as caught:
        NetworkNames(NAMES).listed(cell)
    assert "no network is known as 'Other'" in caught.value.reason


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Euro Cities", "eurocities"),
        ("Eurocites", "eurocities"),
        ("The Eurocities Network", "eurocities"),
        ("Solidarity City", "solidarity-cities"),
        ("Barcelona Declaration", "declaration-2017"),
        ("ECCAR", "eccar"),
        ("Intercultural Cities (ICC)", "intercultural-cities"),
        ("Intercultural Cities Club", "intercultural-cities"),
    ],
)
def test_a_spelling_near_a_known_one_is_asked_about(name: str, near: str) -> None:
    with pytest.raises(Rejected) as caught:
        NetworkNames(NAMES).checked(name)
    assert caught.value.kind == "nearly a known network" and caught.value.candidates == [f"network:{near}"]
    assert NetworkNames(NAMES, {name.casefold().replace("(", "").replace(")", "")}).checked(name) == name


@pytest.mark.parametrize(
    "name", ["Eurocities", "EUROCITIES", "Sanctuary Cities", "Net A", "ECAR", "ICORN", "network:x"]
)
def test_other_names_are_taken_as_they_are(name: str) -> None:
    assert NetworkNames(NAMES).checked(name) == name


# Columns by their values

TOWNS = ("Milano", "Bologna", "Leipzig", "Praha", "Łódź")


def mapped(
    graph: GraphIndex,
    header: str,
    *rows: tuple[str, ...],
    kind: str | None = None,
    stated: dict[str, str] | None = None,
) -> ColumnMapping:
    names = tuple(header.split(";"))
    return recognise_by_contents(names, kind, stated or {}, Contents(names, rows, graph), len(rows))


@pytest.mark.parametrize("heading", ["Teilgebiet", "Actor", "Name of the thing", "Member", "X1"])
def test_a_column_of_cities_is_recognised(heading: str, graph: GraphIndex) -> None:
    mapping = mapped(graph, f"{heading};network;website", *((town, "N", "https://x.org/") for town in TOWNS))
    assert (mapping.kind, mapping.columns["city"]) == ("memberships", heading)


def test_countries_ids_and_networks_are_recognised(graph: GraphIndex) -> None:
    ids = ("3173435", "3181928", "2879139", "3067696", "3093133")
    nations = ("Italia", "IT", "Deutschland", "Tchéquie", "Polska")
    rows = zip(TOWNS, nations, ids, ["Eurocities"] * 5, ["one", "two", "three", "four", "five"], strict=True)
    mapping = mapped(graph, "a;b;c;d;e", *rows)
    assert mapping.columns == {"city": "a", "country": "b", "geonames": "c", "network": "d"}
    assert mapping.unused == ["e"]


HEADINGS = (
    "nom_ville, Locality, asciiName, Local authority, Partner, Gemeente, Kommun, Concelho, Kommune, Gemeinde, "
    "Município, Město, Obec, Város, Oraș, Grad, Δήμος, Місто, Stad, Kunta, Municipality name, Member city, Ciudad, "
    "Comune, Miasto, Ville"
)


@pytest.mark.parametrize("heading", HEADINGS.split(", "))
def test_usual_headings_of_a_city_column(heading: str, graph: GraphIndex) -> None:
    mapping = mapped(graph, f"{heading};Country;Network;Website", ("Xy", "DE", "N", ""))
    assert (mapping.kind, mapping.columns["city"]) == ("memberships", heading)


@pytest.mark.parametrize(
    ("header", "rows", "words"),
    [
        ("a;b;network", [(town, town, "N") for town in TOWNS], "2 columns could be the city: a and b"),
        ("City;Q;network", [(f"C{at}", town, "N") for at, town in enumerate(TOWNS)], "map='city=Q'"),
        ("network;website;main office", [(f"N{at}", "", town) for at, town in enumerate(TOWNS)], "kinds=['networks']"),
        ("network;website;x", [("N", "", f"{at}") for at in range(9)], "Most rows repeat a network"),
        ("City;Country;Population;y", [("Milano", "IT", "1", f"{at}") for at in range(9)], "Most rows repeat a city"),
    ],
)
def test_a_table_that_may_be_another_is_refused(
    header: str, rows: list[tuple[str, ...]], words: str, graph: GraphIndex
) -> None:
    with pytest.raises(WrongUse) as caught:
        mapped(graph, header, *rows)
    assert words in str(caught.value)


def test_what_is_stated_counts(graph: GraphIndex) -> None:
    rows = [(f"N{at}", "", town) for at, town in enumerate(TOWNS)]
    assert mapped(graph, "network;website;hq", *rows, kind="networks").unused == ["hq"]
    assert mapped(graph, "network;website;hq", *rows, stated={"city": "hq"}).kind == "memberships"


def test_a_matrix_is_recognised_and_its_mapping_kept(graph: GraphIndex, tmp_path: Path) -> None:
    rows = [
        ("Milano", "IT", "x", "", "2018", "1"),
        ("Praha", "CZ", "", "yes", "", "2"),
        ("Leipzig", "DE", "x", "", "no", "3"),
    ]
    names = tuple("City;Country;Eurocities;Other net;Third;Phase".split(";"))
    mapping = mapped(graph, ";".join(names), *rows)
    assert (mapping.kind, mapping.networks, mapping.unused) == (
        "memberships", ("Eurocities", "Other net", "Third"), ["Phase"]
    )  # fmt: skip
    sheet = Sheet(tmp_path / "t.csv", names, [], {})
    (tmp_path / "m.json").write_text(write_mapping(mapping, sheet), "utf-8")
    assert read_mapping(tmp_path / "m.json").fit(names) == mapping


def test_columns_of_marks_are_networks_only_if_one_is_known(graph: GraphIndex) -> None:
    rows = [("Milano", "yes", "x"), ("Praha", "no", "")]
    with pytest.raises(WrongUse, match="known as the network"):
        mapped(graph, "City;Capital;Coast", *rows)
    assert mapped(graph, "City;Net A;Net B", *rows, kind="memberships").networks == ("Net A", "Net B")
