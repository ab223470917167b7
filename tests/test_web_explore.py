"""The page of the explorer: every choice is a link, every view has its address, and errors are sentences."""

import re
from copy import copy
from datetime import date
from html import unescape
from io import BytesIO

import pytest
import rdflib
from python_calamine import CalamineWorkbook

import solgraph
from solgraph.networks.drawing.geometry import Box
from solgraph.rdf.namespaces import slug
from solgraph.rdf.terms import fold
from solgraph.web.pages.charts import places_of
from solgraph.web.pages.drawings import Label, map_of
from web import PAGE, TestClient, client_of


@pytest.fixture(scope="module")
def client(shipped: solgraph.Knowledge) -> TestClient:
    return client_of(shipped)


def page(client: TestClient, words: str = "") -> str:
    response = client.get(f"/explore{words}", headers=PAGE)
    assert response.status_code == 200, response.text
    return response.text


def number(text: str) -> int:
    match = re.search(r'id="count-h"[^>]*><b>(\d+)</b>', text)
    assert match
    return int(match[1])


def choices(text: str) -> dict[str, tuple[str, int]]:
    """Label → address and number of each value of the facets."""
    found = re.findall(r'<li><a href="([^"]+)" rel="nofollow"[^>]*><span>([^<]+)</span> <span class="n">(\d+)', text)
    return {unescape(label): (unescape(address), int(count)) for address, label, count in found}


def test_a_choice_is_a_link_whose_number_is_what_it_gives_and_can_be_taken_back(client: TestClient) -> None:
    start = page(client)
    address, count = choices(start)["Germany"]
    germany = page(client, address.removeprefix("/explore"))
    assert number(germany) == count < number(start)
    further, fewer = choices(germany)["Alliance"]
    both = page(client, further.removeprefix("/explore"))
    assert number(both) == fewer
    chips = dict(re.findall(r'class="chip" href="([^"]+)"><span class="hidden">[^<]*</span>([^<]+) <span', both))
    assert {label.strip() for label in chips.values()} == {"Germany", "Alliance"}
    back = next(address for address, label in chips.items() if label.strip() == "Alliance")
    assert number(page(client, unescape(back).removeprefix("/explore"))) == count


@pytest.mark.parametrize(
    ("view", "shows"),
    [
        ("cards", 'class="card"'),
        ("map", "<circle"),
        ("table", "Eurocities"),
        ("network", 'class="w'),
        ("matrix", 'class="cell s'),
        ("timeline", '<rect class="alliance"'),
    ],
)
def test_each_view_keeps_the_selection_and_stays_light(client: TestClient, view: str, shows: str) -> None:
    text = page(client, f"?view={view}&country=Italien&country=pl")
    assert shows in text
    assert len(text) < 200_000
    assert set(re.findall(r'href="(/explore[^"]*view=\w+[^"]*)"', text))
    tabs = re.search(r'<nav class="tabs".*?</nav>', text, re.S)
    assert tabs and tabs[0].count("country=it&amp;country=pl") == 6
    assert re.search(r"\?\?|w3id\.org/solgraph/(?!ns)[a-z]+/[^\"<]*</", text) is None


def test_a_cell_opens_what_the_city_does_of_the_theme_with_its_passages(client: TestClient) -> None:
    text = page(client, "?view=matrix&country=es")
    cell = next(unescape(one) for one in re.findall(r'href="/explore([^"]*city=valencia[^"]*about=t1-3[^"]*)"', text))
    opened = page(client, cell.removesuffix("#cell"))
    panel = opened.partition('id="cell"')[2].partition('class="matrix"')[0]
    count = re.search(r'aria-current="true" title="Valencia[^>]*>(\d+)<', opened)
    assert count and panel.count('class="evidence"') == int(count[1])
    assert "presented as an example" in panel and "/doc/passage/" in panel
    assert "country=es" in panel


def test_the_matrix_of_networks_is_sorted_and_turned_by_links(client: TestClient, shipped: solgraph.Knowledge) -> None:
    text = page(client, "?view=matrix&by=networks")
    assert len(text) < 200_000
    assert re.search(r'aria-label="Barcelona, Eurocities: date stated"', text)
    assert "by=networks&amp;page=2" in text and re.search(r'class="cell evidence-of" href="/doc/membership/', text)
    numbers = [int(one) for one in re.findall(r'</a></th><td class="n">(\d+)</td>', text)]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == 40
    members = {row.city for row in shipped.query("members-of-network", network="Solidarity Cities") if row.city}
    few = page(client, "?view=matrix&by=networks&sort=solidarity-cities")
    rows = re.findall(r'<th scope="row"><a href="/doc/(city/[^"]+)"', few)
    first = [f"https://w3id.org/solgraph/id/{one}" in members for one in rows]
    assert first == sorted(first, reverse=True) and any(first)


def test_the_home_page_holds_the_explorer_and_one_field(client: TestClient) -> None:
    text = client.get("/", headers=PAGE).text
    assert number(text) == number(page(client)) and choices(text).keys() == choices(page(client)).keys()
    assert "Milan, Italy" in text and "Mailand in Italien" not in text
    assert text.count('type="search"') == 1 and text.count("<h1") == 1
    assert len(text) < 200_000


def test_yes_and_no_are_words_of_the_reader(client: TestClient) -> None:
    text = client.get("/queries/is-member?city=berlin&network=eurocities&lang=de", headers=PAGE).text
    assert re.search(r'<td data-column="[^"]*">\s*ja\s*<', text)


def test_everything_on_the_page_is_in_the_language_of_the_reader(client: TestClient) -> None:
    text = page(client, "?lang=pl&country=de&from=2015&view=matrix")
    assert {"Niemcy", "Zawęź", "Macierz", "2015–"} <= set(re.findall(r">\s*([^<>]+?)\s*<", text))
    assert not re.search(r">(?:Cards|Narrow down|Country|All \d+)<", text)


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        ("?country=Atlantis", 404, "Atlantis"),
        ("?views=map", 400, "view"),
        ("?view=globe", 400, "cards, map, table"),
        ("?from=2020&to=2010", 400, "later"),
        ("?view=matrix&by=mayors", 400, "networks"),
        ("?view=matrix&city=valencia", 400, "both city and about"),
        ("?from=soon", 400, "whole number"),
    ],
)
def test_what_cannot_be_meant_is_an_error_that_says_so(
    client: TestClient, words: str, status: int, sentence: str
) -> None:
    response = client.get(f"/explore{words}", headers=PAGE)
    assert (response.status_code, sentence in response.text) == (status, True)


def test_a_selection_without_a_city_says_what_to_do(client: TestClient) -> None:
    text = page(client, "?country=mt&theme=t1-3")
    assert number(text) == 0
    assert "Take away one of the choices" in text


def test_a_selection_is_taken_away_as_a_table_a_workbook_and_turtle(client: TestClient) -> None:
    rows = client.get("/explore.csv?country=de&layer=alliance&from=2015").text.splitlines()
    text = page(client, "?country=de&layer=alliance&from=2015&view=network")
    assert rows[0].startswith("city,")
    assert len({row.split(",")[0] for row in rows[1:]}) == number(text)
    assert client.get("/explore.xlsx?country=mt").content[:2] == b"PK"
    turtle = client.get("/explore?country=mt", headers={"accept": "text/turtle"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert (
        not rdflib.Graph()
        .parse(data=turtle.text)
        .query("ASK { ?city a <https://w3id.org/solgraph/ns#Country> }")
        .askAnswer
    )
    gexf = re.search(r'href="(/networks/alliances.gexf[^"]*)"', text)
    assert gexf
    assert client.get(unescape(gexf[1])).status_code == 200
    assert "Cite as:" in text


def sheets(client: TestClient, address: str) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(address).content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_of_a_selection_has_roles_years_evidence_and_what_was_chosen(client: TestClient) -> None:
    book = sheets(client, "/explore.xlsx?country=it&network=eurocities&from=2015")
    heading, *rows = book["Answer"]
    arezzo = next(dict(zip(heading, row, strict=True)) for row in rows if row[0] == "Arezzo")
    assert (arezzo["thing"], arezzo["role"], arezzo["active"]) == ("Eurocities", "Member", 2017)
    assert {row[0] for row in book["Evidence"][1:]} == set(range(2, len(rows) + 2))
    asked = dict(book["Query"])
    assert (asked["Country"], asked["Network"], asked["Period"]) == ("Italy", "Eurocities", "2015–")
    assert {f"column {name}" for name in heading} <= asked.keys()
    assert asked["asked"] == date.today().isoformat()
    assert asked["address"].endswith("/explore?country=it&network=eurocities&from=2015")


def test_the_workbook_of_a_comparison_speaks_the_language_of_the_reader(client: TestClient) -> None:
    book = sheets(client, "/compare.xlsx?city=bologna&city=milan&lang=it")
    heading, *rows = book["Answer"]
    assert heading == ["Aspetto", "Concetto", "Città", "Risposta", "Oggetto", "Anni", "Fonte"]
    assert {row[3] for row in rows} <= {
        *("sì", "no", "bloccato", "candidata", "ex membro", "osservatrice", "partecipante", "le fonti non ne parlano")
    }
    said = {number for number, row in enumerate(rows, 2) if row[-1]}
    assert said and {row[0] for row in book["Evidence"][1:]} == said
    asked = dict(book["Query"])
    assert asked["città"] == "Bologna, Milano" and asked["colonna Anni"]


def test_a_country_shows_all_its_cities_also_those_in_its_regions(
    client: TestClient, shipped: solgraph.Knowledge
) -> None:
    text = client.get("/doc/country/es", headers=PAGE).text
    listed = text[text.index('<section id="cities"') : text.index("</section>", text.index('<section id="cities"'))]
    expected = {row.city for row in shipped.query("cities", country="Spain")}
    assert {city for city in expected if f"/doc/city/{city.rpartition('/')[2]}" in listed} == expected
    assert shipped.find("Valencia", "sg:City") in expected
    assert number(page(client, "?country=es")) == len(expected)


def test_names_are_in_order_whatever_their_accents_on_pages_and_in_answers(
    client: TestClient, shipped: solgraph.Knowledge
) -> None:
    network = slug(shipped.find("Cities of Safe Harbour Alliance"))
    text = client.get(f"/doc/network/{network}?lang=de", headers=PAGE).text
    listed = re.findall(r"/doc/city/[^>]*>([^<]+)</a>", text)
    wanted = [*dict.fromkeys(name for name in listed[::-1] if name.startswith("K"))][::-1]
    assert {"Köln", "Konstanz"} <= {*wanted} and wanted == sorted(wanted, key=fold) != sorted(wanted)
    italian = copy(shipped)
    italian.languages = ("it", "en")
    answer = italian.query("cities", country="Germany")
    table = answer.read_table
    shown = [table.shown(row[table.columns.index("city")]) for row in table.rows]
    assert shown == sorted(shown, key=fold) and {"Colonia", "Düsseldorf"} <= {*shown}


@pytest.mark.parametrize(("west", "south", "east", "north"), [(6, 47, 15, 55), (7, 36, 19, 47), (-25, 34, 45, 72)])
def test_a_name_on_a_map_stands_beside_its_own_dot(
    shipped: solgraph.Knowledge, west: float, south: float, east: float, north: float
) -> None:
    cities = {str(row.city): slug(row.city) for row in shipped.sparql("SELECT ?city { ?city a sg:City }")}
    places = places_of(shipped.snapshot, cities, {})
    drawn = map_of(tuple(place for place in places if west < place.long < east and south < place.lat < north))
    labels = {dot.iri: dot.label for dot in drawn.dots if dot.label}
    assert len(labels) > 20
    discs = {dot.iri: (dot.x, dot.y, dot.r) for dot in drawn.dots}
    for iri, label in labels.items():
        away = {other: _written(label).distance(disc) for other, disc in discs.items()}
        assert label.name == slug(iri) and away[iri] < 20
        rivals = [other for other, (*_, r) in discs.items() if other != iri and r > 0.8 * discs[iri][2]]
        assert all(away[iri] < away[rival] for rival in rivals)


def _written(label: Label) -> Box:
    """About where a name is written: letters are at least 10 units wide."""
    wide = 10 * len(label.name)
    left = label.x - {"start": 0, "middle": wide / 2, "end": wide}[label.anchor]
    return Box(left, label.y - 20, left + wide, label.y + 6)
