"""Pages of long lists: cities, networks, sources, the members of a network and the networks of a city."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import solgraph
from solgraph.web.pages import city, drawings
from web import PAGE, TestClient, client_of

COUNTRIES, CITIES = 6, 120
HEAD = """
@prefix sg: <https://w3id.org/solgraph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix id: <https://w3id.org/solgraph/id/> .
@prefix vocab: <https://w3id.org/solgraph/vocab/> .
@prefix graph: <https://w3id.org/solgraph/graph/> .
"""


def things() -> Iterator[str]:
    """Cities of some countries, an alliance of all of them, and a charter that every third has signed."""
    for n in range(COUNTRIES):
        yield f'<{ID}country/land-{n}> a sg:Country ; skos:prefLabel "Land {n}"@en .'
    for n in range(CITIES):
        place = f"geo:lat {40 + n % 10} ; geo:long {n // 10}"
        country = f"<{ID}country/land-{n % COUNTRIES}>"
        yield f'<{ID}city/town-{n}> a sg:City ; skos:prefLabel "Tówn {n}"@en ; sg:locatedIn {country} ; {place} .'
    for name, layer in (("league", "alliance"), ("charter", "declaration"), ("pact", "declaration")):
        layers = f"sg:networkLayer <{VOCAB}network-layer/{layer}>"
        yield f'<{ID}network/{name}> a sg:Network ; skos:prefLabel "The {name}"@en ; {layers} .'


def page(name: str, *statements: str) -> Iterator[str]:
    """A web page as a source with its graph."""
    yield f"graph:{name} {{"
    kind = f"sg:sourceKind <{VOCAB}source-kind/web-page>"
    yield f'<{ID}source/{name}> a sg:Source ; skos:prefLabel "Page {name}"@en ; {kind} ; dcterms:issued "2022" .'
    source = f"oa:hasSource <{ID}source/{name}>"
    label = f'skos:prefLabel "Page {name}"@en'
    yield f'<{ID}passage/{name}-list> a sg:Passage ; {label} ; sg:section "the list" ; {source} .'
    yield from statements
    yield "}"


def tie(town: int, network: str, page: str, role: str = "member", *, more: str = "", kind: str = "Membership") -> str:
    return (
        f"<{ID}{kind.lower()}/town-{town}-{network}-{role}> a sg:{kind} ; org:member <{ID}city/town-{town}> ; "
        f"org:organization <{ID}network/{network}> ; org:role <{VOCAB}role/{role}> ; "
        f"sg:evidence <{ID}passage/{page}-list> {more} ."
    )


ID, VOCAB = "https://w3id.org/solgraph/id/", "https://w3id.org/solgraph/vocab/"
YEAR = '; sg:{} "{}"^^xsd:gYear'


def trig() -> str:
    league = [tie(n, "league", "one") for n in range(1, CITIES)]
    claimed = f"<{ID}list/league> a sg:MemberList ; sg:listOf <{ID}network/league> ; sg:membersClaimed 120 ; "
    claimed += (
        f'dcterms:date "2025-11"^^xsd:gYearMonth ; sg:listIsComplete false ; sg:evidence <{ID}passage/one-list> .'
    )
    first = tie(1, "league", "two", more=YEAR.format("activeAt", 2019))
    leader = tie(1, "league", "two", "leader", more=YEAR.format("startDate", 2015))
    dated = [
        tie(2, "league", name, more=YEAR.format("startDate", year)) for name, year in (("one", 2016), ("two", 2017))
    ]
    candidate = tie(0, "league", "two", "candidate", kind="Affiliation")
    signed = [tie(n, "charter", "two", "signatory", more=YEAR.format("startDate", 2010)) for n in range(0, CITIES, 3)]
    founders = f"<{ID}list/founders> a sg:MemberList ; sg:listOf <{ID}network/pact> ; sg:membersClaimed 2 ; "
    founders += f"sg:listIsComplete true ; sg:evidence <{ID}passage/two-list> ."
    pact = [tie(n, "pact", "two") for n in (5, 6)]
    third = [*page("three", tie(7, "pact", "three"))]
    pages = [
        *third,
        *page("one", *league, claimed, dated[0]),
        *page("two", dated[1], first, leader, candidate, *signed, *pact, founders),
    ]
    return "\n".join([HEAD, *things(), *pages])


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> solgraph.Knowledge:
    file = tmp_path_factory.mktemp("lists") / "lists.trig"
    file.write_text(trig(), encoding="utf-8")
    return solgraph.open(file)


@pytest.fixture(scope="module")
def client(kg: solgraph.Knowledge) -> TestClient:
    client = client_of(kg)
    client.headers.update(PAGE)
    return client


def rows(text: str, section: str) -> list[str]:
    """The rows of the tables of a section, as text."""
    part = text.split(f'<section id="{section}"')[1].partition("</section>")[0]
    bare = [unescape(re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr.*?</tr>", part, re.DOTALL)]
    return [" ".join(row.split()) for row in bare]


def test_a_network_has_each_city_once_with_all_that_its_pages_say(client: TestClient) -> None:
    listed = rows(client.get("/doc/network/league").text, "members")
    assert [row for row in listed if row.startswith("Tówn 1 ")] == [
        "Tówn 1 Leader Land 1 Leader: since 2015; seen 2019 0 2"  # in no other network; two documents
    ]
    assert sum(row.startswith("Tówn ") for row in listed) == CITIES  # one of them only as a candidate
    assert listed[-1] == "Tówn 0 Candidate Land 0 undated 1 1"
    drawn = client.get("/doc/network/league").text.split('class="dots"')[1].partition("</figure>")[0]
    assert drawn.count("<circle ") == CITIES - 1


def test_a_network_says_where_its_members_are_when_they_joined_and_what_else_they_belong_to(client: TestClient) -> None:
    league, charter = (client.get(f"/doc/network/{name}").text for name in ("league", "charter"))
    assert len(re.findall("<li>.*?</li>", league.split('id="countries"')[1].partition("</section>")[0])) == COUNTRIES
    assert (
        "A source states a first year for 1 of 119. Named by a source for some year: 1. Of 117 no source says when."
        in league
    )
    assert "A source states a first year for 40 of 40." in charter
    assert "When they joined" in league and "All members" in league
    assert "When they signed" in charter and "ember cities" not in charter  # who signs does not belong
    near = league.split('id="neighbours"')[1].partition("</section>")[0]
    assert re.search(r'class="declaration".*?The charter</a>.*?<b>39</b>', near)  # one signatory is no member


def test_what_pages_say_differently_is_shown_once_with_all_of_them(client: TestClient) -> None:
    text = client.get("/doc/city/town-2").text
    assert "since 2016, since 2017" in " ".join(rows(text, "networks-of-city"))
    differing = rows(text, "differences")
    assert len(differing) == 2 and re.search(r"Since 2016 \d+ 2017 \d+$", differing[1])


def test_a_network_says_how_complete_its_list_is(client: TestClient) -> None:
    text = client.get("/doc/network/league").text
    assert "119 of 120 claimed (November 2025): the list is not complete" in text
    assert "Not members: candidates" in text
    assert "No source here says how many members there are" in client.get("/doc/network/charter").text
    complete = client.get("/doc/network/pact").text  # three members in all, of whom the list names its two
    assert "2 of 2 claimed: complete, but the list has no date" in complete
    assert "In all sources together: 3." in complete
    assert "Member lists" not in text and "Network memberships" not in text


def test_a_city_has_each_network_once_by_layer(client: TestClient) -> None:
    listed = rows(client.get("/doc/city/town-3").text, "networks-of-city")
    assert listed[1:] == [
        "Alliance: The league no date undated 1",
        "Declaration: The charter signed 2010 1",
    ]
    assert "The league Candidate" in " ".join(rows(client.get("/doc/city/town-0").text, "networks-of-city"))


def test_of_many_cities_in_the_same_networks_only_the_nearest_are_drawn(
    kg: solgraph.Knowledge, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = client.get("/doc/city/town-3").text
    assert 'class="alliances"' not in text and 'class="around"' not in text  # all of 118 are as near
    monkeypatch.setattr(city, "_own", lambda snapshot, iri: {f"{ID}network/league", f"{ID}network/charter"})
    drawn = city.alliances(kg.snapshot, f"{ID}city/town-3", {})
    assert drawn and (len(drawn.others), drawn.sharing) == (8, 119)
    text = client.get("/doc/city/town-6").text
    assert "the 8 cities that share most of them with it, of 119 that share one." in text
    assert text.count('<circle class="city"') == 8
    nearest = re.findall(r"<li><a [^>]*>([^<]*)", text.partition('<ul class="around">')[2].partition("</ul>")[0])
    assert set(nearest) > set(re.findall(r'<circle class="city" .*?<text[^>]*>([^<]*)', text))


def drawn(text: str) -> Any:
    """What the drawing of a network reads."""
    return json.loads(text.split('<script id="data" type="application/json">')[1].partition("</script>")[0])


def test_a_network_too_dense_to_read_begins_with_the_closest_of_each(
    kg: solgraph.Knowledge, client: TestClient
) -> None:
    text, network = client.get("/networks/alliances").text, kg.network("alliances")
    links, part = network.number_of_edges(), kg.network("alliances", closest=2)
    data = drawn(text)
    assert len(data["nodes"]) == len(network) and len(data["edges"]) == part.number_of_edges() < 2 * CITIES < links
    assert (
        f"Links: {part.number_of_edges()} of {links // 1000}\u202f{links % 1000:03}." in text
        and "2 others with which it shares most" in text
    )
    degree = data["measures"].index("degree")
    assert max(node["measures"][degree] for node in data["nodes"]) == max(dict(network.degree).values())
    assert 'aria-current="true">The 2 closest of each</a>' in text
    assert 'href="/networks/alliances?least=2&amp;drop-isolates=true"' in text
    assert 'href="/networks/alliances.gexf?closest=2"' in text and 'href="/networks/alliances/measures"' in text
    whole = client.get("/networks/alliances?show=all").text
    assert len(drawn(whole)["edges"]) == links and 'href="/networks/alliances.gexf"' in whole
    assert len(whole) - len(text) < 20 * links  # what links have alike is there once
    suggested = text[text.index('id="p-exclude"') :].partition('id="p-exclude-help"')[0]
    names = {node["label"] for node in data["nodes"]} | {name for name, *_ in data["groups"]}
    assert set(re.findall(r"([^<>]+)</option>", suggested)) - names <= {"any"}  # only what can be left out
    assert "The league" in suggested


def test_files_and_links_keep_what_is_chosen(client: TestClient) -> None:
    text = client.get("/networks/memberships?layer=alliance&year=2019&layout=force&node=city:town-1").text
    assert 'href="/networks/memberships.gexf?layer=alliance&amp;year=2019"' in text
    assert drawn(text)["evidence"] == "/networks/memberships/evidence?layer=alliance&year=2019"
    assert drawn(text)["year"] == 2019 and drawn(text)["span"] == [2010, 2017]
    chips = re.findall(r'<a class="chip on" data-keeps href="([^"]*)">(\S+): (\S+)', text)
    assert chips[0] == ("/networks/memberships?year=2019&amp;layout=force&amp;node=city%3Atown-1", "Layer", "Alliance")
    assert [name for _, name, _ in chips] == ["Layer", "Year"]
    assert client.get("/networks/memberships?shape=x").status_code == 400


@pytest.mark.parametrize("chosen", ["", "closest=1", "compare=2015,2017", "least=1&year=2016", "certain=true"])
def test_what_is_drawn_is_what_a_file_holds(client: TestClient, chosen: str) -> None:
    text = client.get(f"/networks/alliances?{chosen}").text
    where = re.search(r'href="(/networks/alliances\.json[^"]*)"', text)
    assert where
    held, data = client.get(where[1].replace("&amp;", "&")).json(), drawn(text)
    keys = [node["id"] for node in data["nodes"]]
    assert keys == [node["id"] for node in held["nodes"]]
    links = {frozenset((keys[first], keys[second])) for first, second, *_ in data["edges"]}
    assert links == {frozenset((edge["source"], edge["target"])) for edge in held["edges"]}


def test_years_can_be_moved_only_where_there_are_dates(client: TestClient) -> None:
    assert drawn(client.get("/networks/themes").text)["span"] == []
    assert drawn(client.get("/networks/memberships").text)["span"] == [2010, 2017]


def test_links_are_listed_with_their_evidence(client: TestClient) -> None:
    text = client.get("/networks/alliances?country=land-1").text
    town = r"<td>Tówn (\d+)</td>"
    listed = re.findall(rf'<tr>{town}{town}<td><a class="evidence-of" href="([^"]*)">([^<]*)<', text)
    assert len(listed) == 100 and {shared for *_, shared in listed} == {"The league"}
    first, second, where, _ = listed[0]
    page = client.get(where.replace("&amp;", "&")).text
    assert f"<h1>Tówn {first} – Tówn {second}</h1>" in page


def test_a_network_has_a_still_picture(client: TestClient) -> None:
    picture = client.get("/networks/memberships/sketch.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    root = ElementTree.fromstring(picture.text)
    assert {path.get("class") for path in root.iter() if path.get("class")} >= {"plain", "alliance", "declaration"}
    assert "The league" in picture.text
    assert 'src="/networks/memberships/sketch.svg"' in client.get("/networks").text


def test_a_part_of_a_network_is_drawn_whole_when_it_can_be_read(client: TestClient) -> None:
    text = client.get("/networks/alliances?country=land-1").text
    assert len(drawn(text)["edges"]) == 20 * 19 // 2 and "closest of each" not in text
    assert client.get("/networks/alliances?show=most").status_code == 400


def test_a_link_has_a_page_that_says_why(client: TestClient) -> None:
    text = client.get("/networks/alliances/evidence?ends=city:town-1&ends=city:town-2").text
    assert "<h1>Tówn 1 – Tówn 2</h1>" in text and "Shared: 1." in text and ">The league</a></h2>" in text
    told = re.findall(r"<b><a [^>]*>(Tówn \d)</a></b>: ([^<]*)", text)
    assert told == [("Tówn 1", "since 2015, seen 2019"), ("Tówn 2", "since 2016, since 2017")]
    assert 'href="/compare?city=town-1&amp;city=town-2"' in text and 'href="/doc/passage/two-list"' in text
    text = client.get("/networks/memberships/evidence?ends=city:town-1&ends=network:league").text
    assert re.findall(r"<li>(\w+, [^<]*)", text) == ["Leader, since 2015", "Member, seen 2019"]
    for ends, status in (("city:town-1", 400), ("city:town-0&ends=city:town-1", 404), ("city:x&ends=city:y", 400)):
        assert client.get(f"/networks/alliances/evidence?ends={ends}").status_code == status


def groups(text: str) -> dict[str, tuple[bool, int]]:
    """The groups of a list: heading → whether it is open, and how many things it holds."""
    parts = re.findall(r"<details( open)?><summary><b>([^<]+)</b>.*?</summary>(.*?)</details>", text, re.DOTALL)
    return {head: (bool(is_open), listed.count("<li>")) for is_open, head, listed in parts}


def test_many_cities_are_closed_by_country_and_a_filter_leaves_some(client: TestClient) -> None:
    text = client.get("/cities").text
    assert groups(text) == {f"Land {n}": (False, CITIES // COUNTRIES) for n in range(COUNTRIES)}
    assert '<a href="/doc/city/town-3">Tówn 3</a> <small>2</small>' in text
    assert groups(client.get("/cities?q=town+11").text) == {
        "Land 0": (True, 1),  # Tówn 114
        "Land 1": (True, 1),
        "Land 2": (True, 2),
        "Land 3": (True, 2),
        "Land 4": (True, 2),
        "Land 5": (True, 3),
    }
    assert groups(client.get("/cities?q=LAND+2").text) == {"Land 2": (True, CITIES // COUNTRIES)}
    assert groups(client.get("/cities?q=atlantis").text) == {}


def test_networks_are_listed_by_layer_with_their_cities(client: TestClient) -> None:
    text = client.get("/networks").text
    assert groups(text) == {"Alliance": (True, 1), "Declaration": (True, 2)}
    assert ">The league</a> <small>119</small>" in text and 'href="/networks/alliances"' in text
    assert groups(client.get("/networks?q=charter").text) == {"Declaration": (True, 1)}
    assert {view["name"] for view in client.get("/networks?format=json").json()["networks"]} >= {"alliances"}


def test_sources_are_listed_by_the_networks_of_which_they_tell(client: TestClient) -> None:
    text = client.get("/sources").text
    assert groups(text) == {"The charter": (True, 1), "The league": (True, 2), "The pact": (True, 2)}
    assert ">Page one</a> <small>2022</small>" in text
    assert 'href="/sources"' in client.get("/").text and 'href="/sources"' in client.get("/about").text


def test_a_web_page_names_its_sections_once(client: TestClient) -> None:
    text = client.get("/doc/source/three").text
    assert "<b>the list</b>" in text and text.count('href="/doc/passage/three-list"') == 1
    assert "Tówn 7" in text


def test_a_map_of_europe_counts_what_lies_beyond(client: TestClient) -> None:
    places = (drawings.Place("a", "Tunis", 10.2, 36.8, 1), drawings.Place("b", "Melton", 144.6, -37.7, 1))
    drawn = drawings.map_of(places)
    assert ([dot.name for dot in drawn.dots], drawn.outside) == (["Tunis"], 1)
    assert drawings.map_of(places[1:]).outside == 0  # there is nothing else to show
    assert "Cities beyond the map" not in client.get("/cities").text


def test_on_a_crowded_map_the_first_and_those_with_a_name_are_links() -> None:
    places = [drawings.Place(f"c{number}", "x" * 30, number % 40 / 2, 40 + number / 40, 2) for number in range(400)]
    drawn = drawings.map_of(tuple(places))
    assert all(dot.is_link for dot in drawn.dots if dot.label)
    assert {dot.iri for dot in drawn.dots if dot.is_link and not dot.label} <= {place.iri for place in places[:100]}
    assert len(drawn.dots) == 400


def test_a_thing_with_hundreds_of_mentions_shows_some_and_says_where_all_are(tmp_path: Path) -> None:
    names = [f"<{ID}country/t{n}> a sg:Country ; sg:locatedIn <{ID}region/big> ." for n in range(420)]
    file = tmp_path / "big.ttl"
    file.write_text("\n".join([HEAD, f"<{ID}region/big> a sg:Region .", *names]), encoding="utf-8")
    text = client_of(solgraph.open(file)).get("/doc/region/big", headers=PAGE).text
    assert text.count('<li><a href="/doc/country/t') == 300
    assert "And 120 more" in text and 'href="/doc/region/big.csv?lang=en"' in text


def test_web_addresses_are_links_also_where_they_are_texts(tmp_path: Path) -> None:
    file = tmp_path / "web.ttl"
    schema = "<https://schema.org/url>"
    file.write_text(f'{HEAD} <{ID}network/n> a sg:Network ; {schema} "https://example.org/" .', encoding="utf-8")
    text = client_of(solgraph.open(file)).get("/doc/network/n", headers=PAGE).text
    assert '<a rel="external" href="https://example.org/">' in text
