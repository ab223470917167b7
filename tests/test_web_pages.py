"""The pages: each thing has one, in four languages, small, quick, escaped, labelled and linked to what is there."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml

pytest.importorskip("starlette")
pytest.importorskip("jinja2")

from starlette.testclient import TestClient

import solgraph
from programs import required
from solgraph.authoring.lint import lint
from solgraph.errors import DataError
from solgraph.queries.catalogue import read
from solgraph.rdf.namespaces import GRAPH, ID, SG, VOCAB
from solgraph.web.http import LANGUAGES
from solgraph.web.pages import drawings as europe
from solgraph.web.pages import panels, preview
from solgraph.web.rendering import HERE, path
from solgraph.web.routes import pages
from solgraph.web.site.plan import Plan
from web import PAGE, application, set_by

#: Paths that other modules serve.
ELSEWHERE = re.compile(r"/(queries|networks|compare\.|sparql|dump\.|assets/|language/)")
FORMS = re.compile(r"\.(ttl|jsonld|nt|rdf|csv)$")


@pytest.fixture(scope="module")
def kg() -> solgraph.Knowledge:
    return solgraph.open()


@pytest.fixture(scope="module")
def client(kg: solgraph.Knowledge) -> TestClient:
    return TestClient(application(kg), headers=PAGE)


class Seen(HTMLParser):
    """What a page holds, and what is wrong with it."""

    VOID = frozenset("meta link input br img circle path rect line".split())

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.count: dict[str, int] = {}
        self._labelled: set[str] = set()
        self._fields: list[dict[str, str | None]] = []
        self._open: list[str] = []
        self.feed(text)
        self._check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.count[tag] = self.count.get(tag, 0) + 1
        self.ids += [told["id"] or ""] if "id" in told else []
        self.links += [told["href"] or ""] if tag in ("a", "link") and "href" in told else []
        if "style" in told or any(name.startswith("on") for name in told) or tag == "style":
            self.faults.append(f"inline style or script in <{tag}>")
        if tag == "script" and not told.get("src") and told.get("type") != "application/ld+json":
            self.faults.append("inline script")
        if tag == "img" and "alt" not in told:
            self.faults.append("image without alt")
        if tag == "label":
            self._labelled.add(told.get("for") or "")
        if tag in ("input", "select", "textarea") and told.get("type") != "hidden":
            self._fields.append(told)
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def _check(self) -> None:
        self.faults += [f"<{tag}> is not closed" for tag in self._open]
        for one in self._fields:
            if not one.get("aria-label") and one.get("id") not in self._labelled:
                self.faults.append(f"field without a label: {one}")
        self.faults += [f"{self.count.get(tag, 0)} × <{tag}>" for tag in ("h1", "main") if self.count.get(tag) != 1]
        self.faults += [f"id {one} twice" for one in {one for one in self.ids if self.ids.count(one) > 1}]


def iris(kg: solgraph.Knowledge) -> list[str]:
    known = kg.snapshot
    return sorted(one for one in known.types if one.startswith((ID, VOCAB)))


SAMPLE = [
    "/", "/cities", "/sources", "/sources?q=moving", "/search", "/search?q=bolonia", "/search?q=xqzzy", "/compare",
    "/compare?city=milan&city=bologna", "/ask", "/ask?q=Who+was+mayor+of+Palermo+in+2014%3F",
    "/ask?q=football+in+Milan",
    "/compare?city=milan&city=bologna&city=gent", "/about", "/doc/city/milan", "/doc/city/berlin", "/doc/city/palermo",
    "/doc/network/cities-of-safe-harbour-alliance", "/doc/source/dreher-2024", "/doc/passage/dreher-2024-2.3",
    "/doc/person/leoluca-orlando", "/vocab/theme", "/vocab/theme/t1-3", "/vocab/status/running", "/ns", "/shapes",
    "/catalog", "/graph/dreher-2024", "/doc/programme/bologna-connettiamoci",
]  # fmt: skip


#: Every page in every language where everything is required, elsewhere in two.
IN_LANGUAGES = [pair for n, pair in enumerate(product(SAMPLE, LANGUAGES)) if required() or n % 2 == n // 4 % 2]


@pytest.mark.parametrize(("where", "language"), IN_LANGUAGES)
def test_pages_in_every_language(client: TestClient, where: str, language: str) -> None:
    answer = client.get(where, headers={"Accept-Language": f"{language}-XX,fr;q=0.5"})
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert Seen(answer.text).faults == []
    assert len(answer.content) < 150_000


def test_the_four_catalogues_have_the_same_keys_in_order_and_no_gaps() -> None:
    told = {one: yaml.safe_load((HERE / "languages" / f"{one}.yaml").read_text("utf-8")) for one in LANGUAGES}
    for language, texts in told.items():
        assert list(texts) == sorted(told["en"]), language
        assert all(isinstance(text, str) and text for text in texts.values()), language
        for key, text in texts.items():
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", told["en"][key])), (
                language,
                key,
            )


def test_every_text_that_a_template_asks_for_is_there() -> None:
    texts = yaml.safe_load((HERE / "languages" / "en.yaml").read_text("utf-8"))
    mine = [
        one for one in (HERE / "templates").glob("*.html") if not one.name.startswith(("query", "network", "editor"))
    ]
    asked = {key for one in mine for key in re.findall(r"\bt\('([\w.-]+)'[,)]", one.read_text("utf-8"))}
    assert len(asked) > 60
    assert asked <= set(texts)


def test_every_property_and_class_of_the_data_is_translated(kg: solgraph.Knowledge) -> None:
    texts = yaml.safe_load((HERE / "languages" / "en.yaml").read_text("utf-8"))
    used = {
        row[0]
        for row in kg.sparql(
            "SELECT DISTINCT ?p { ?s a ?c ; ?p ?o FILTER(STRSTARTS(STR(?s), STR(id:))) }".replace("id:", f"<{ID}>")
        )
    }
    shown = {pages.slug(one) for one in used} - {"type", "prefLabel", "altLabel", "description", "name", "designation"}
    assert {one for one in shown if f"property.{one}" not in texts} == set()
    classes = {one for kinds in kg.snapshot.types.values() for one in kinds if one.startswith(SG)}
    assert {one for one in classes if f"class.{pages.slug(one)}" not in texts} == set()


def test_titles_of_panels_are_translated(kg: solgraph.Knowledge) -> None:
    texts = yaml.safe_load((HERE / "languages" / "en.yaml").read_text("utf-8"))
    found = [saved for saved in kg.queries() if saved.panel]
    assert len(found) == 12
    for saved in found:
        assert f"panel.{saved.name}" in texts


def test_columns_parameters_and_values_of_queries_are_translated(kg: solgraph.Knowledge) -> None:
    texts = yaml.safe_load((HERE / "languages" / "en.yaml").read_text("utf-8"))
    columns = {f"column.{name}" for saved in kg.queries() for name in saved.columns}
    params = {f"parameter.{name}" for saved in kg.queries() for name in saved.params}
    values = {f"value.{value}" for saved in kg.queries() for param in saved.params.values() for value in param.values}
    assert (columns | params | values) - set(texts) == set()


# Numbers


class Counted:
    def __init__(self, endpoint: Any) -> None:
        self.endpoint, self.name, self.asked = endpoint, endpoint.name, 0

    def ask(self, query: str) -> Any:
        self.asked += 1
        return self.endpoint.ask(query)


def test_everything_has_a_sound_page_of_a_handful_of_queries(
    kg: solgraph.Knowledge, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/doc/city/milan")
    counted = Counted(kg.endpoint)
    monkeypatch.setattr(kg.snapshot, "endpoint", counted)
    every = iris(kg)
    assert len(every) > 900
    for iri in every if required() else every[::10]:
        before = counted.asked
        answer = client.get(path(iri))
        assert (answer.status_code, Seen(answer.text).faults) == (200, []), iri
        assert len(answer.content) < 150_000, iri
        assert counted.asked - before <= (15 if "/id/city/" in iri else 6), iri


def test_the_names_for_suggestions(client: TestClient) -> None:
    answer = client.get("/names.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    told = set_by(answer.text)
    milan = next(one for one in told["things"] if one[0] == "/doc/city/milan")
    assert told["kinds"][milan[1]] == "City"
    assert {"Milan", "Mailand", "Mediolan", "Milano"} <= set(milan[2:])
    assert len(answer.content) < 150_000
    german = set_by(client.get("/names.js", headers={"Accept-Language": "de"}).text)
    assert german["kinds"][milan[1]] == "Stadt"
    questions = {row[0]: row[2] for row in german["things"] if row[0].startswith("/queries/")}
    assert questions["/queries/cities"] == "Städte, nach Land" and german["groups"][milan[1]] == "Städte"
    assert german["things"][: -len(questions)] == told["things"][: -len(questions)]


# Links


def _inside(client: TestClient, start: list[str]) -> Iterator[tuple[str, str]]:
    for where in start:
        for link in Seen(client.get(where).text).links:
            if link.startswith("/"):
                yield where, unquote(urlsplit(link).path)


def test_links_lead_to_pages_or_to_what_other_modules_serve(kg: solgraph.Knowledge, client: TestClient) -> None:
    links = {link: where for where, link in _inside(client, SAMPLE)}
    assert len(links) > 500
    pages = set(map(path, iris(kg)))
    for link, where in links.items():
        if link not in pages and not ELSEWHERE.match(link) and not FORMS.search(link):
            assert client.get(link).status_code == 200, (where, link)


def test_fragments_on_a_page_are_there(client: TestClient) -> None:
    for where in SAMPLE:
        seen = Seen(client.get(where).text)
        assert {one for one in seen.links if one.startswith("#")} <= {f"#{one}" for one in seen.ids}, where


def test_assets_are_served_and_load_nothing_from_elsewhere(client: TestClient) -> None:
    for one in ("site.css", "site.js", "icon.svg"):
        text = client.get(f"/assets/{one}").text
        assert not re.search(r"https?://(?!www\.w3\.org/)", text), one


# What stands on them


def test_a_city_tells_what_is_known_with_sources(client: TestClient) -> None:
    text = client.get("/doc/city/milan").text
    for what in (
        "Mediolan",
        "Comuni Disobbedienti",
        "WeMi",
        "Giuseppe Sala",
        "Where sources differ",
        'class="timeline"',
    ):
        assert what in text
    assert re.search(r'class="mark" href="/doc/passage/moving-cities-milan-[\w.-]+" data-claim="/doc/finding/', text)
    assert "/queries/mayors?city=https" in text


@pytest.mark.parametrize("asked", ["networks-of-city?city=Mediolan", "members-of-network?network=comuni-disobbedienti"])
def test_a_row_of_an_answer_leads_to_the_membership_for_which_it_stands(asked: str, client: TestClient) -> None:
    rows = re.findall(r"<tr( data-claim=[^>]*)?><td", client.get(f"/queries/{asked}").text)
    assert rows and all("/doc/membership/" in row or "/doc/affiliation/" in row for row in rows)


def test_facts_are_in_the_order_of_questions_with_months_in_words(client: TestClient) -> None:
    text = client.get("/doc/programme/bologna-connettiamoci").text
    told = [text.index(f"<dt>{one}</dt>") for one in ("Status", "Since", "Until", "For whom", "Part of")]
    assert told == sorted(told)
    assert all(one in text for one in ("April 2021", "September 2021")) and "2021-04" not in text
    assert "(Stand Juni 2017)" in client.get("/doc/person/leoluca-orlando?lang=de").text


def test_sections_are_in_the_order_of_pages(client: TestClient) -> None:
    text = client.get("/doc/source/dreher-2024").text.partition('id="taken"')[2]
    told = [text.index(f"/doc/passage/dreher-2024-{one}") for one in ("introduction", "1.1", "c1", "bibliography")]
    assert told == sorted(told)


def test_no_two_sections_of_a_page_are_called_the_same(client: TestClient) -> None:
    text = client.get("/doc/city/barcelona").text
    called = re.findall(r'<h2 id="[^"]+">([^<]+)', text)
    assert "Programmes (others) " in called
    assert len(called) == len(set(called))


def test_the_neighbourhood_of_a_city(client: TestClient) -> None:
    text = client.get("/doc/city/berlin").text
    assert 'class="alliances"' in text
    assert all(one in text for one in ("Potsdam", "Rottenburg", "Amsterdam", "Seebrücke"))


def test_a_source_shows_all_that_was_taken_from_it(kg: solgraph.Knowledge, client: TestClient) -> None:
    text = client.get("/doc/source/moving-cities-bologna").text
    query = "SELECT DISTINCT ?t { ?s oa:hasSource source:moving-cities-bologna . ?t sg:evidence ?s }"
    for row in kg.sparql(query):
        assert f'href="{path(row.t)}"' in text


def test_comparing_names_cities_in_any_language_and_tells_unknown_ones(client: TestClient) -> None:
    assert "Milan · Bologna" in client.get("/compare?city=Mediolan&city=bolonia").text
    answer = client.get("/compare?city=milan&city=bolonja")
    assert answer.status_code == 404
    assert "Did you mean" in answer.text


def test_more_cities_than_stand_side_by_side_are_an_error_that_says_so(client: TestClient) -> None:
    five = "&".join(f"city={city}" for city in ("milan", "bologna", "berlin", "ghent", "utrecht"))
    answer = client.get(f"/compare?{five}")
    assert (answer.status_code, "these are 5" in answer.text) == (400, True)
    assert "Leave out Ghent" in answer.text and "<table" not in answer.text
    assert (client.get(f"/compare.csv?{five}").status_code, client.get("/compare.csv").status_code) == (400, 400)


def test_what_is_compared_is_said_of_each_city_and_silence_is_no_no(shipped: solgraph.Knowledge) -> None:
    reader = TestClient(application(shipped), headers=PAGE)
    cities = {"ghent": "utrecht", "utrecht": "ghent"}
    rows = reader.get("/compare.json?city=ghent&city=utrecht").json()["results"]["bindings"]
    said: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        key = row["concept"]["value"], row["city"]["value"].rpartition("/")[2]
        said.setdefault(key, set()).add(row["answer"]["value"])
    for city, other in cities.items():
        for found in shipped.query("compare-cities", city=city, other=other):
            assert found.first_answer in said[found.concept, city], found
    assert {"yes", "no", "not covered by the sources", "participant"} <= set().union(*said.values())
    thin = reader.get("/compare?city=karlsruhe&city=heidelberg").text
    assert re.search(r"<td>[1-9]\d*</td><th[^>]*>Networks</th><td>[1-9]\d*</td>", thin)  # on both sides
    text = reader.get("/compare?city=ghent&city=utrecht").text
    assert "Networks in common: 5." in text and "Complete list: at its date the others were not on it." in text
    assert re.search(
        r'For example: +<a href="/compare\?city=milan&amp;city=[a-z]+">Milan · ', reader.get("/compare").text
    )
    assert text.count(">Eurocities</a></th>") == 1  # not once more among those of which they are no members
    assert {f'hreflang="{code}" title' in text for code in ("en", "de", "it", "pl")} == {True}
    assert re.search(r'href="/compare\?city=ghent&amp;city=utrecht&amp;city=[a-z]+">', text)  # a third
    assert "A forum held twice a year" in text and 'class="evidence-of sign"' in text


def test_a_no_is_as_old_as_its_list_which_stands_beside_it(shipped: solgraph.Knowledge) -> None:
    reader = TestClient(application(shipped), headers=PAGE)
    heading = reader.get("/ask", params={"q": "Is Bologna in the Union of Polish Metropolises?"}).text
    assert re.search(r'<h1 id="answer-1">\s*no, as of 2019-01-20\s*</h1>', heading)
    heading = reader.get("/ask", params={"q": "Is Bologna in the Human Rights Cities Network?", "lang": "de"}).text
    assert re.search(r'<h1 id="answer-1">\s*nicht auf der Liste, Stand 2023-11-29\s*</h1>', heading)
    rows = reader.get("/compare.json?city=milan&city=bologna").json()["results"]["bindings"]
    said = [row for row in rows if row["answer"]["value"] == "no"]
    assert said and all(row["dates"]["value"] and "/source/" in row["source"]["value"] for row in said)
    text = reader.get("/compare?city=milan&city=bologna").text
    assert re.search(r'<a class="role" href="/doc/source/[^"]+">complete list \(2012-12-17\)</a>', text)
    safe = reader.get("/compare?city=bremen&city=munich").text
    assert "complete list" not in safe and "Complete list" not in safe


def test_candidates_are_not_counted_as_members_in_a_heading(shipped: solgraph.Knowledge) -> None:
    reader = TestClient(application(shipped), headers=PAGE)
    question = "Welche Städte sind Mitglied im Bündnis Städte Sicherer Häfen?"
    text = reader.get("/ask", params={"q": question, "lang": "de"}).text
    rows = shipped.query("members-of-network", network="Cities of Safe Harbour Alliance")
    members = {row.city for row in rows if row.city and not row.role.endswith("/candidate")}
    candidates = {row.city for row in rows if row.role.endswith("/candidate")} - members
    assert candidates and re.search(rf'<h1 id="answer-1">\s*[^<]*: {len(members)}\b', text)


def test_the_largest_claim_leads_the_page_of_a_network(shipped: solgraph.Knowledge) -> None:
    text = TestClient(application(shipped), headers=PAGE).get("/doc/network/cities-of-safe-harbour-alliance").text
    (lead,) = re.findall(r'<div class="whole">.*?<p>(.*?)</p>', text, re.DOTALL)
    assert re.match(r"4\d of 120 claimed: no source says whether the list is complete", lead)


def test_comparing_dates_a_tie_as_the_pages_of_the_cities_do(client: TestClient) -> None:
    compared, page = (client.get(path).text for path in ("/compare?city=milan&city=bologna", "/doc/city/milan"))
    dates = re.search(r"Partnership on Inclusion.{,300}?</th>.{,300}?(since \d{4})", page, re.DOTALL)
    assert dates and dates[1] in compared
    assert "2020–," not in compared


def test_the_years_of_a_leader_do_not_end_its_membership(shipped: solgraph.Knowledge) -> None:
    text = TestClient(application(shipped), headers=PAGE).get("/compare?city=ghent&city=milan").text
    assert "Leader: until 2018; seen" in text and "Founding member: since 1986; seen" in text


def test_the_page_of_a_city_opens_with_its_introduction(client: TestClient, shipped: solgraph.Knowledge) -> None:
    assert 'class="summary"' not in client.get("/doc/city/gdansk").text  # not a finding in its place
    reader = TestClient(application(shipped), headers=PAGE)
    for language in LANGUAGES:
        select = f'SELECT ?text {{ city:gdansk dcterms:description ?text FILTER(LANG(?text) = "{language}") }}'
        page = reader.get(f"/doc/city/gdansk?lang={language}").text
        (opening,) = re.findall(r'<p class="summary">([^<]+)<a class="mark"', page)
        assert [(unescape(opening),)] == [tuple(row) for row in shipped.sparql(select)]


def test_search_without_accents_and_in_any_language(client: TestClient) -> None:
    assert "/doc/city/zurich" in client.get("/search?q=zuri").text
    assert "/doc/city/cadiz" in client.get("/search?q=CADIZ").text
    assert "/doc/city/milan" in client.get("/search?q=mediolan&lang=it").text
    assert "/doc/city/gdansk" in client.get("/search?q=gdnask").text


def test_search_shows_why_and_where_it_was_read_and_turns_pages(client: TestClient) -> None:
    text = client.get("/search?q=clinic&kind=finding").text
    assert "<mark>clinic</mark>" in text and 'href="/doc/passage/moving-cities-bologna' in text
    every = client.get("/search?q=Bologna").text
    assert "kind=finding" in every and every.index("/doc/city/bologna") < every.index("/doc/finding/")
    pages = [client.get(f"/search?q=cities&kind=finding&page={page}").text for page in (1, 2)]
    assert 'rel="next"' in pages[0] and 'rel="prev"' in pages[1]
    hits = [set(re.findall(r"/doc/finding/[\w-]+", page)) for page in pages]
    assert len(hits[0]) == 20 and not hits[0] & hits[1]
    assert client.get("/search?q=a&kind=citi").status_code == client.get(f"/search?q={'a' * 301}").status_code == 400
    german = client.get("/search?q=Gesundheit&country=Schweiz&lang=de").text
    assert "Programme" in german and "/doc/programme/zurich-meditrina" in german and "bologna" not in german


def test_what_is_unknown_is_404_with_the_nearest_names(client: TestClient) -> None:
    answer = client.get("/doc/city/bolgona")
    assert answer.status_code == 404
    assert "/doc/city/bologna" in answer.text
    assert Seen(answer.text).faults == []
    assert client.get("/nowhere").status_code == 404


def test_language_is_kept_in_a_cookie_and_leads_back_inside_only(kg: solgraph.Knowledge) -> None:
    client = TestClient(application(kg), headers=PAGE, follow_redirects=False)
    answer = client.get("/language/de?to=/cities")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cities")
    assert '<html lang="de">' in client.get("/cities").text
    for hostile in ("//evil.example/", "https://evil.example/", "/\\evil.example", "/%0d%0aX: y"):
        assert client.get(f"/language/de?to={hostile}").headers["location"] == "/"
    assert client.get("/language/xx").status_code == 404


HOSTILE = """
@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix city: <https://w3id.org/solgraph/id/city/> . @prefix schema: <https://schema.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix finding: <https://w3id.org/solgraph/id/finding/> .
city:evil a sg:City ; skos:prefLabel "<script>alert(1)</script>"@en ; skos:altLabel "\\"><img src=x onerror=alert(2)>" ;
  dcterms:description "{{ 7*7 }} & <b>bold</b>"@en ; schema:url <javascript:alert(3)> .
finding:evil a sg:Finding ; sg:about city:evil ; skos:prefLabel "</title><svg onload=alert(4)>"@en .
"""


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    (tmp_path / "evil.ttl").write_text(HOSTILE, encoding="utf-8")
    client = TestClient(application(solgraph.open(add=tmp_path / "evil.ttl")), headers=PAGE)
    for where in ("/doc/city/evil", "/doc/finding/evil", "/search?q=script", "/search?q=%3Cscript%3E"):
        text = client.get(where).text
        assert Seen(text).faults == [], where
        assert not any(one in text for one in ("<script>alert", "<img", "<svg onload", 'href="javascript'))
    assert "{{ 7*7 }} &amp;" in client.get("/doc/city/evil").text


def test_a_static_page_says_what_needs_a_server(kg: solgraph.Knowledge) -> None:
    app = application(kg)

    async def static(scope: Any, receive: Any, send: Any) -> None:
        relative = lambda where, query: "." + where + (".html" if "." not in where else "")  # noqa: E731
        await app(scope | {"solgraph.static": Plan({}, {}, set()), "solgraph.relative": relative}, receive, send)

    client = TestClient(static, headers=PAGE)
    for where in ("/", "/cities", "/sources", "/networks", "/compare", "/search", "/doc/city/milan"):
        text = client.get(where).text
        assert Seen(text).faults == []
        assert not re.search(r'(href|src|action)="/', text), where
        assert 'name="description"' in text and "og:" not in text and "hreflang=" not in text.split("</head>")[0]
    assert "made of files" in client.get("/compare").text


def test_pages_of_a_small_graph(tmp_path: Path) -> None:
    client = TestClient(application(solgraph.open(Path(__file__).parent / "small")), headers=PAGE)
    for where in (
        "/",
        "/cities",
        "/search?q=a",
        "/about",
        "/catalog",
        "/doc/city/ardea",
        "/compare?city=ardea&city=belmonte",
    ):
        answer = client.get(where)
        assert (answer.status_code, Seen(answer.text).faults) == (200, []), where


# Drawings and parts


def test_a_map_is_never_high_and_narrow() -> None:
    drawn = europe.map_of((europe.Place("a", "Gdansk", 18.6, 54.4, 9.0), europe.Place("b", "Palermo", 13.4, 38.1, 0.0)))
    assert 0.5 < drawn.height / drawn.width <= 0.81


def test_a_map_without_cities_and_names_beside_dots() -> None:
    assert europe.map_of(()).dots == []
    drawn = europe.map_of((europe.Place("a", "Gdansk", 18.6, 54.4, 9.0), europe.Place("b", "Cadiz", -6.3, 36.5, 0.0)))
    assert [dot.label is not None for dot in drawn.dots] == [True, True]
    assert sum(map(len, drawn.paths)) < 60_000


def test_the_weightiest_city_has_a_name_unless_equals_crowd_around_it() -> None:
    towns = [europe.Place(f"t{n}", f"Mönchengladbach {n}", 9 + n % 20 / 4, 50 + n // 20 / 4, 1) for n in range(200)]
    beside = europe.map_of((europe.Place("big", "Metropolis", 14.5, 51.0, 12.0), *towns))
    names = {dot.iri for dot in beside.dots if dot.label}
    assert "big" in names and 5 < len(names) < 100
    assert beside.large_labels[0].name == "Metropolis" and len(beside.large_labels) <= 36
    for weight, is_named in ((12.0, True), (1.0, False)):  # it may cover towns that are much smaller
        amid = europe.map_of((europe.Place("big", "Metropolis", 11.0, 51.0, weight), *towns))
        assert ("big" in {dot.iri for dot in amid.dots if dot.label}) == is_named


def test_a_time_line_of_open_and_undated_terms() -> None:
    assert europe.time_line([("a", "A", None, None, "")]) is None
    line = europe.time_line([("a", "A", 2011, 2016, ""), ("b", "B", 2016, None, "2023")])
    assert line is not None
    assert [(bar.open, bar.span) for bar in line.bars] == [(False, "2011–2016"), (True, "2016– (2023)")]
    assert line.bars[0].x < line.bars[1].x


def test_spans() -> None:
    assert [europe.span_of("", ""), europe.span_of("2011", "2016"), europe.span_of("2016", "", "2023")] == [
        "",
        "2011–2016",
        "2016– (2023)",
    ]
    assert europe.span_of("", "", "2017-06") == "(2017-06)"
    assert [europe.span_of(None, None), europe.span_of(2018, 2018), europe.span_of(None, 2016)] == ["", "2018", "–2016"]


def test_panels_come_from_headers(kg: solgraph.Knowledge) -> None:
    found = panels.panels(kg.snapshot, f"{ID}city/milan", {})
    assert [one.name for one in found][:3] == ["networks-of-city", "programmes-of-city", "services"]
    assert {saved.name: saved.panel for saved in kg.queries()}["mayors"] == {"sg:City": 60}


def test_graph_pages_lead_to_their_source(client: TestClient) -> None:
    assert "/doc/source/dreher-2024" in client.get("/graph/dreher-2024").text
    assert GRAPH + "dreher-2024" in client.get("/graph/dreher-2024").text


@pytest.mark.parametrize(
    ("panel", "fault"),
    [
        ("sg:Person", "no parameter takes a sg:Person"),
        ("{sg:City: first}", "'panel' must be a class, or a table of classes and places"),
        ("{sg:City: 10}", ""),
    ],
)
def test_a_panel_needs_a_parameter_that_takes_the_thing(tmp_path: Path, panel: str, fault: str) -> None:
    file = tmp_path / "own.rq"
    file.write_text(
        f"#+ summary: x\n#+ params:\n#+   city: {{type: sg:City, description: a city, example: Milan}}\n"
        f"#+ panel: {panel}\n"
        "#+ columns: {p: a property}\n"
        "SELECT DISTINCT ?p { ?__city_iri ?p ?o } ORDER BY ?p\n",
        encoding="utf-8",
    )
    try:
        told = [one.what for one in lint(read(file))]
    except DataError as error:
        told = [error.what]
    assert [one[: len(fault)] for one in told] == ([fault] if fault else [])


def test_home_counts_profiled_cities_apart_and_one_thing_once(client: TestClient) -> None:
    kg = client.app.state.kg  # type: ignore[attr-defined]
    page = client.get("/", headers=PAGE).text
    counted = {row["class"].rpartition("#")[2]: row["things"] for row in kg.query("contents").to_dicts()}
    profiled = sum(row.profiled for row in kg.query("cities"))
    initiatives = sum(counted[kind] for kind in ("Programme", "Collaboration", "AdvocacyAction"))
    assert re.search(rf"<b>{len(kg.query('cities'))}</b> cities in \d+ countries, {profiled} of them", page)
    assert f"<b>{initiatives}</b> programmes, " in page and f"with {counted['Finding']} findings" in page


def test_a_city_a_network_and_a_country_have_pictures_of_their_own(shipped: solgraph.Knowledge) -> None:
    pytest.importorskip("matplotlib")
    from PIL import Image

    reader = TestClient(application(shipped), headers=PAGE, follow_redirects=False)
    for where in ("city/ghent", "network/eccar", "country/es"):
        text = reader.get(f"/doc/{where}?lang=de").text
        (address,) = re.findall(r'property="og:image" content="http://testserver([^"]+)"', text)
        picture = reader.get(address)
        assert address == f"/preview/de/{where}.png" and picture.headers["content-type"] == "image/png", where
        assert Image.open(BytesIO(picture.content)).size == (1200, 630) and len(picture.content) < 80_000
    assert "/assets/preview.png" in reader.get("/doc/person/giuseppe-sala").text
    assert reader.get("/preview/en/person/giuseppe-sala.png").headers["location"] == "/assets/preview.png"
    assert reader.get("/preview/en/city/atlantis.png").status_code == 404


def test_without_the_library_that_draws_all_pages_have_one_picture(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "can_draw", lambda: False)
    assert '/assets/preview.png">' in client.get("/doc/city/bologna?lang=it").text


def test_what_leads_nowhere_leads_on(client: TestClient) -> None:
    lost = client.get("/ask?q=xqzzy").text
    assert "Nothing here has this name." in lost and lost.count('href="/ask?q=') > 2
    assert 'href="/search?q=new%20atlantis"' in client.get("/doc/city/new-atlantis").text


def test_questions_to_try_say_what_their_answers_are_about(shipped: solgraph.Knowledge) -> None:
    page = TestClient(application(shipped), headers=PAGE).get("/?lang=de").text
    hubs = len({row.hub for row in shipped.query("hubs-of-city-and-civil-society")})
    assert "Was haben Gent und Utrecht gemeinsam?" in page and re.search(rf"<b>[^<]*: {hubs}\b", page)


def test_a_claim_leads_to_its_documents_and_says_how_to_cite_it(shipped: solgraph.Knowledge) -> None:
    reader = TestClient(application(shipped), headers=PAGE)
    address = 'rel="external" href="https://moving-cities.eu/milan"'
    for where in ("passage/moving-cities-milan-what-are-the-key-factors", "source/moving-cities-milan"):
        text = reader.get(f"/doc/{where}").text
        assert address in text and "Open the document" in text and "Moving Cities, n.d." in text, where
    claim = reader.get("/doc/membership/alliances-berlin-solidarity-cities").text.partition('class="evidence"')[2]
    assert claim.count("<article>") > 5 and 'data-copy="cite-' in claim and "data-copy-link=" in claim
    assert 'class="cite"' not in reader.get("/doc/person/giuseppe-sala").text


def test_evidence_is_that_of_all_statements_that_tie_the_same_ends(shipped: solgraph.Knowledge) -> None:
    reader = TestClient(application(shipped), headers=PAGE)
    select = "SELECT ?t ?document { ?t a sg:Membership ; org:member city:ghent ; org:organization ?n ; "
    select += 'sg:evidence/oa:hasSource ?document . ?n skos:prefLabel "ECCAR"@en }'
    rows = [(row.t, row.document) for row in shipped.sparql(select)]
    assert len({tie for tie, _ in rows}) > 1
    for tie in {tie for tie, _ in rows}:
        text = reader.get(path(tie)).text.partition('class="evidence"')[2].partition("</section>")[0]
        assert "Ghent is a member of ECCAR" in text and "date stated" in text
        assert {iri for _, iri in rows} == {iri for _, iri in rows if f'<h3><a href="{path(iri)}">' in text}
        assert text.count("<article>") == len({iri for _, iri in rows})
        first = text.partition("</article>")[0]
        assert "Since</b>: 2007" in first and "Other statements from this passage" in first
    (participant,) = shipped.sparql(
        "SELECT ?t { ?t a sg:Affiliation ; org:member city:botkyrka ; org:organization network:intercultural-cities ; "
        "sg:activeAt ?year } LIMIT 1"
    )
    text = reader.get(path(participant.t)).text.partition('class="evidence"')[2].partition("</section>")[0]
    assert "Botkyrka: Participant" in text and "member" not in text.partition("</h2>")[2].partition("</p>")[0]
    repeated = reader.get("/doc/finding/mc-milan-public-image").text.partition('class="evidence"')[2]
    assert repeated.partition("</section>")[0].count("<article>") == 2  # the page in English and that in Polish
    contradicted = reader.get("/doc/membership/alliances-valencia-reci").text.partition('class="evidence"')[2]
    assert "Sources disagree." in contradicted and "Where sources differ" not in contradicted


def test_a_link_to_a_question_shows_its_answer(client: TestClient) -> None:
    asked = client.get("/ask?q=Who was mayor of Milan in 2014?").text
    assert 'name="description" content="Giuliano Pisapia – Who was mayor in a year: Year 2014, City Milan.' in asked


def test_a_link_shows_what_is_on_the_page(shipped: solgraph.Knowledge) -> None:
    reader = TestClient(application(shipped), headers=PAGE)
    titles = {"en": "Networks: Milan", "de": "Netzwerke: Mailand", "it": "Reti: Milano", "pl": "Sieci: Mediolan"}
    for language, title in titles.items():
        text = reader.get(f"/queries/networks-of-city?city=milan&lang={language}").text
        assert (
            f"<title>{title} · solgraph" in text and f'og:title" content="{title}"' in text and f"<h1>{title}" in text
        )
    described = re.search(
        r'name="description" content="Rows: (\d+). Documents: (\d+)',
        reader.get("/queries/networks-of-city?city=milan").text,
    )
    assert described and int(described[1]) > 5 and int(described[2]) > 5
    assert (
        "<title>Does a city belong to a network? Milan, ECCAR"
        in reader.get("/queries/is-member?city=milan&network=eccar").text
    )
    picture = re.search(r'og:image" content="http://testserver(/[^"]+)"', reader.get("/doc/city/milan").text)
    assert picture
    content = reader.get(picture[1]).content
    assert (content[1:4], content[16:24]) == (b"PNG", (1200).to_bytes(4) + (630).to_bytes(4))
