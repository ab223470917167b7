"""Saved queries and network views over HTTP: the same answers as from Python, in every format, and errors that help."""

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

pytest.importorskip("starlette")
from starlette.testclient import TestClient

import solgraph
from conftest import SMALL
from programs import required
from solgraph.errors import MissingExtra, SolgraphError
from solgraph.formats.media import RDF, ROWS
from solgraph.formats.rows import Table
from solgraph.networks.drawing import page as page_module
from solgraph.networks.files import formats as files
from solgraph.web.http import LANGUAGES
from solgraph.web.libraries import library
from solgraph.web.openapi import NETWORKS, data_forms
from solgraph.web.pages import charts, network_view
from solgraph.web.site.plan import Plan
from web import PAGE, application, client_of, set_by

KG = solgraph.open(lang="en")
QUERIES, VIEWS = KG.queries(), KG.views()


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(KG)


def examples(saved: Any) -> dict[str, str]:
    return {one.name: one.example for one in saved.params.values() if one.required}


class Page(HTMLParser):
    """What is asserted of every page: its headings, ids, fields, labels and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open = "", [""]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in tags]


def is_sound(text: str) -> Page:
    page = Page(text)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(page.all("h1")) == 1
    assert len(ids) == len(set(ids))
    labelled = {one.get("for") for one in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        wrapped = field.get("id") in {"search", "layout", "colour", "size", "country", "year", "undated"}
        assert wrapped or field.get("type") == "hidden" or field.get("id") in labelled or field.get("aria-label"), field
    assert not any("style" in attrs or any(name.startswith("on") for name in attrs) for _, attrs in page.tags)
    assert all(one.get("src") or one.get("type") == "application/json" for one in page.all("script"))
    for _, attrs in page.tags:
        for described in (attrs.get("aria-describedby") or "").split():
            assert described in ids
    return page


# Saved queries


def test_every_query_answers_as_in_python(client: TestClient) -> None:
    differing = []
    for saved in QUERIES:
        values = examples(saved)
        answer = KG.query(saved.name, **values)
        form = "nt" if answer.holds_triples else "csv"
        found = client.get(f"/queries/{saved.name}.{form}", params=values)
        if (found.status_code, found.content.decode()) != (200, answer.text(form)):
            differing.append(saved.name)
    assert differing == []


@pytest.mark.parametrize("name", ["mayors-in-year", "are-allied", "describe", "everything-about-city"])
def test_a_query_of_each_kind_in_every_format(client: TestClient, name: str) -> None:
    saved = _saved(name)
    values = examples(saved)
    answer = KG.query(name, **values)
    table = RDF if answer.holds_triples else ROWS
    assert {form.name for form in table} == {form.name for form in data_forms(saved)} - {"xlsx"}
    for form in table:
        for ending in form.names:
            found = client.get(f"/queries/{name}.{ending}", params=values)
            assert (found.status_code, found.content.decode()) == (200, answer.text(form.name)), ending
            assert found.headers["access-control-allow-origin"] == "*"
        named = client.get(f"/queries/{name}", params={**values, "format": form.name})
        assert named.text == answer.text(form.name) or form.name == "html"


def test_a_query_as_a_workbook(client: TestClient) -> None:
    pytest.importorskip("xlsxwriter")
    found = client.get("/queries/mayors.xlsx?city=Palermo")
    assert (found.status_code, found.content[:2]) == (200, b"PK")
    assert found.headers["content-disposition"].endswith("mayors.xlsx")
    assert client.get("/networks/alliances/summary?format=xlsx").status_code == 406


def test_every_query_has_a_page(client: TestClient) -> None:
    for saved in QUERIES if required() else QUERIES[::3]:  # the tests of the site call all of them
        for values in ({}, examples(saved)) if examples(saved) else ({},):
            found = client.get(f"/queries/{saved.name}", params=values, headers=PAGE)
            assert found.status_code == 200, saved.name
            page = is_sound(found.text)
            assert saved.summary in page.text
            assert "script-src 'self'" in found.headers["content-security-policy"]
        assert ("<table" in found.text) == bool(len(KG.query(saved.name, **examples(saved)))), saved.name


def test_a_format_by_accept(client: TestClient) -> None:
    wanted = {
        "text/csv": "csv",
        "text/tab-separated-values": "tsv",
        "application/json": "json",
        "application/sparql-results+xml": "xml",
        "text/plain": "table",
        "text/csv;q=0.2, text/markdown": "md",
        "*/*": "json",
    }
    for accept, form in wanted.items():
        found = client.get("/queries/mayors?city=Palermo", headers={"accept": accept})
        assert found.text == KG.query("mayors", city="Palermo").text(form)
        assert "Accept" in found.headers["vary"]
    assert client.get("/queries/mayors?city=Palermo", headers={"accept": "application/pdf"}).status_code == 406
    triples = client.get("/queries/describe?thing=Bologna", headers={"accept": "application/ld+json"})
    assert triples.headers["content-type"] == "application/ld+json"


def test_labels_in_the_language_that_is_asked_for(client: TestClient) -> None:
    polish = client.get("/queries/mayors.csv?city=Mediolan&lang=pl")
    assert polish.text == solgraph.open(lang="pl").query("mayors", city="milano").text("csv")
    assert client.get("/queries/cities.csv", headers={"accept-language": "pl"}).text.count("Mediolan")
    assert client.get("/queries/cities.csv?lang=not a tag").status_code == 400


@pytest.mark.parametrize(("name", "limit"), [("memberships", 7), ("everything-about-city", 300), ("services", 100)])
def test_parts_hold_every_row_once(client: TestClient, name: str, limit: int) -> None:
    where, values = f"/queries/{name}.{'nt' if name.startswith('every') else 'tsv'}", examples(_saved(name))
    whole = client.get(where, params=values).text.splitlines()
    head = 0 if where.endswith("nt") else 1
    rows, following = [], f"{where}?{'&'.join(f'{key}={value}' for key, value in values.items())}&limit={limit}"
    while following:
        found = client.get(following)
        rows += found.text.splitlines()[head:]
        links = found.links
        assert ("prev" in links) == ("offset" in following and "offset=0" not in following)
        following = links["next"]["url"] if "next" in links else ""
    assert sorted(rows) == sorted(whole[head:])
    if head:
        assert rows == whole[1:]


def _saved(name: str) -> Any:
    return next(one for one in QUERIES if one.name == name)


def test_parts_of_an_answer_and_their_bounds(client: TestClient) -> None:
    assert "link" not in client.get("/queries/memberships").headers
    assert "link" not in client.get("/queries/memberships?limit=1000").headers
    beyond = client.get("/queries/memberships?limit=5&offset=1000")
    assert set(beyond.links) == {"first", "prev"}
    assert beyond.json()["results"]["bindings"] == []
    second = client.get("/queries/memberships.csv?limit=5&page=2").text
    assert second == client.get("/queries/memberships.csv?limit=5&offset=5").text
    for wrong in ("limit=0", "limit=x", "offset=-1", "limit=100001", "limit=1&limit=2", "page=2&offset=5", "limit=1e3"):
        assert client.get(f"/queries/memberships?{wrong}").status_code == 400, wrong


def test_a_server_bounds_the_rows() -> None:
    few = client_of(KG, rows=10)
    found = few.get("/queries/memberships")
    assert len(found.json()["results"]["bindings"]) == 10
    assert found.links["next"]["url"].endswith("limit=10&offset=10")


def test_pages_turn(client: TestClient) -> None:
    found = client.get("/queries/services?limit=20&page=2", headers=PAGE)
    page = is_sound(found.text)
    assert {one["rel"]: one["href"] for one in page.all("a") if one.get("rel") in ("prev", "next")} == {
        "prev": "/queries/services?page=1&limit=20",
        "next": "/queries/services?page=3&limit=20",
    }


def test_an_answer_that_the_client_has(client: TestClient) -> None:
    first = client.get("/queries/mayors.csv?city=Palermo")
    known = {"if-none-match": f'"other", {first.headers["etag"]}'}
    again = client.get("/queries/mayors.csv?city=Palermo", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    for other in ("city=Milano", "city=Palermo&limit=1"):
        assert client.get(f"/queries/mayors.csv?{other}", headers=known).status_code == 200
    assert client.get("/queries/mayors.tsv?city=Palermo", headers=known).status_code == 200
    small = client_of(solgraph.open(SMALL, lang="en"))
    assert small.get("/queries/cities.csv").headers["etag"] != client.get("/queries/cities.csv").headers["etag"]


def test_head_options_and_other_methods(client: TestClient) -> None:
    for where in (
        "/queries",
        "/queries/cities",
        "/queries/cities.csv",
        "/networks/alliances.gexf",
        "/editor/terms.js",
    ):
        got, head = client.get(where), client.head(where)
        assert (head.status_code, head.headers.get("etag")) == (200, got.headers.get("etag"))
        options = client.options(where)
        assert options.status_code == 204
        assert options.headers["access-control-allow-origin"] == "*"
        refused = client.post(where)
        assert refused.status_code == 405
        assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


# What is wrong


def problem(found: Any, status: int) -> dict[str, Any]:
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = found.json()
    assert told["status"] == status
    return told


def test_what_is_wrong_is_told(client: TestClient) -> None:
    assert problem(client.get("/queries/mayor"), 404)["hint"] == "Did you mean 'mayors'?"
    assert "/queries" in problem(client.get("/queries/zzzzz"), 404)["hint"]
    assert problem(client.get("/queries/mayors.cvs?city=Milano"), 404)["hint"] == "Did you mean 'csv'?"
    unknown = problem(client.get("/queries/mayors?ctiy=Milano"), 400)
    assert (unknown["parameter"], unknown["hint"]) == ("ctiy", "Did you mean 'city'?")
    missing = problem(client.get("/queries/mayors"), 400)
    assert missing["parameter"] == "city"
    assert {"milan", "palermo"} < set(missing["allowed"])
    assert missing["hint"] == "For example: ?city=Palermo"
    wrong = problem(client.get("/queries/mayors?city=Palrmo"), 400)
    assert (wrong["parameter"], "Palermo" in wrong["hint"]) == ("city", True)
    assert problem(client.get("/queries/mayors?city=Milano&city=Bologna"), 400)["parameter"] == "city"
    assert problem(client.get("/queries/mayors-in-year?year=soon"), 400)["parameter"] == "year"
    assert problem(client.get("/queries/alliances?by=nobody"), 400)["allowed"] == ["city", "mayor"]
    assert problem(client.get("/queries?tag=citis"), 400)["hint"] == "Did you mean 'cities'?"
    assert problem(client.get("/queries/cities.csv?format=tsv"), 400)["parameter"] == "format"


def test_a_wrong_value_stands_next_to_its_field(client: TestClient) -> None:
    try:
        KG.query("mayors", city="Palrmo")
    except SolgraphError as error:
        sentence = error.what
    found = client.get("/queries/mayors?city=Palrmo", headers=PAGE)
    page = is_sound(found.text)
    assert found.status_code == 400
    assert sentence in page.text
    field = next(one for one in page.all("select") if one.get("name") == "city")
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", "p-city-help p-city-wrong")
    empty = client.get("/queries/mayors?city=", headers=PAGE)
    assert empty.status_code == 400
    assert "needs the parameter" in empty.text


def test_a_name_in_any_language_is_chosen_in_the_list(client: TestClient) -> None:
    for name in ("Mediolan", "milano", "city:milan", "https://w3id.org/solgraph/id/city/milan"):
        page = client.get("/queries/mayors", params={"city": name}, headers=PAGE).text
        assert '<option value="milan" selected>Milan</option>' in page


HOSTILE = [
    "L'Aquila",
    '"><script>alert(1)</script>',
    "> . } LIMIT 1 #",
    '"@it } UNION { ?s ?p ?o',
    "\\",
    "\n\r\n\r",
    "\x00",
    "\x7f\u202e\ufffe",
    "𝕏" * 400,
    "%00%ff",
    "{{ 7*7 }}",
    "javascript:alert(1)",
]


#: Where each kind of value is read.
ASKED = [
    *(("/queries/mayors", name) for name in ("city", "lang", "limit", "<b>")),
    *(("/networks/alliances", name) for name in ("country", "year", "exclude", "compare")),
    *(("/queries", name) for name in ("q", "tag")),
    ("/queries/mayors-in-year", "year"),
    ("/queries/describe", "thing"),
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_values(client: TestClient, value: str) -> None:
    for where, name in ASKED:
        for headers in (PAGE, {}):
            found = client.get(where, params={name: value}, headers=headers)
            assert found.status_code in (200, 400, 404, 406)
            assert "<script>alert" not in found.text or headers != PAGE
            assert headers == PAGE or found.headers["content-type"].startswith("application/")
            assert "\n" not in found.headers.get("link", "")
    for where in (
        "/queries/{}",
        "/networks/{}",
        "/networks/alliances.{}",
        "/networks/alliances/{}",
        "/queries/cities.{}",
    ):
        assert client.get(where.format(quote(value, safe=""))).status_code in (200, 404)


def test_a_saved_query_of_ones_own_with_several_values(tmp_path: Path) -> None:
    (tmp_path / "some.rq").write_text(
        "#+ summary: Some cities\n#+ params:\n#+   city: {type: sg:City, example: Milano}\n"
        "SELECT ?city { VALUES ?_city_multi_iri {} ?city a sg:City FILTER(?city = ?_city_multi_iri) } ORDER BY ?city\n"
    )
    own = client_of(solgraph.open(lang="en", queries=tmp_path))
    found = own.get("/queries/some.csv?city=Milano&city=Bologna")
    assert [line.split(",")[-1] for line in found.text.splitlines()] == ["city_label", "Bologna", "Milan"]
    page = own.get("/queries/some?city=Milano&city=Bologna", headers=PAGE)
    assert is_sound(page.text)
    assert page.text.count("selected>") == 2
    assert " multiple " in page.text


def test_a_broken_query_of_ours_is_not_the_fault_of_the_client(tmp_path: Path) -> None:
    (tmp_path / "broken.rq").write_text("#+ summary: Broken\nSELECT ?x WHERE { ?x }\n")
    own = TestClient(application(solgraph.open(lang="en", queries=tmp_path)), raise_server_exceptions=False)
    assert "broken.rq:" in problem(own.get("/queries/broken"), 500)["detail"]


# The lists


def test_the_list_of_queries(client: TestClient) -> None:
    listed = client.get("/queries").json()["queries"]
    assert [one["name"] for one in listed] == [one.name for one in QUERIES]
    assert listed[0]["url"] == f"http://testserver/queries/{QUERIES[0].name}"
    tagged = client.get("/queries?tag=networks").json()["queries"]
    assert {one["name"] for one in tagged} == {one.name for one in QUERIES if "networks" in one.tags}
    found = client.get("/queries?q=bridge cities").json()["queries"]
    assert [one["name"] for one in found] == ["bridging-cities"]
    assert client.get("/queries?lang=de&q=Städte nach Land").json()["queries"][0]["name"] == "cities"
    page = is_sound(client.get("/queries", headers=PAGE).text)
    assert {f"/queries/{one.name}" for one in QUERIES} <= {one.get("href") for one in page.all("a")}


def test_the_list_of_networks(client: TestClient) -> None:
    listed = client.get("/networks").json()["networks"]
    assert [one["name"] for one in listed] == [one.name for one in VIEWS]
    assert listed[0]["formats"]
    page = is_sound(client.get("/networks", headers=PAGE).text)
    assert {f"/networks/{one.name}" for one in VIEWS} <= {one.get("href") for one in page.all("a")}


# Network views


@pytest.mark.parametrize("name", ["alliances", "transfer"])
def test_a_view_in_every_format(client: TestClient, name: str) -> None:
    network = KG.network(name)
    for form in NETWORKS:
        try:
            written = dict(files.contents(network, form))
        except MissingExtra as missing:
            refusal = problem(client.get(f"/networks/{name}.{form.name}"), 501)
            assert refusal["hint"] in str(missing)
            continue
        for end, content in written.items():
            found = client.get(f"/networks/{name}{end}")
            assert (found.status_code, found.content == content) == (200, True), end
            assert found.headers["content-type"].partition(";")[0] == files.choose(None, Path(f"x{end}")).media_types[0]
        if form.name not in ("html", "svg", "png"):  # which take longest
            assert client.get(f"/networks/{name}?format={form.name}").content in written.values()


@pytest.mark.parametrize("saved", VIEWS if required() else VIEWS[::3], ids=lambda saved: saved.name)
def test_every_view_has_a_page_and_figures(client: TestClient, saved: Any) -> None:
    found = client.get(f"/networks/{saved.name}", headers=PAGE)
    assert found.status_code == 200
    is_sound(found.text)
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', found.text, re.DOTALL)
    assert data
    network = KG.network(saved.name)
    assert len(json.loads(data[1])["nodes"]) == network.number_of_nodes()
    for name, figures in network_view.FIGURES.items():
        answer = client.get(f"/networks/{saved.name}/{name}.csv")
        assert answer.text == figures(network).text("csv")


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("year=2018", {"year": 2018}),
        ("from=2010&to=2015&undated=exclude", {"from_year": 2010, "to_year": 2015, "undated": "exclude"}),
        ("country=Niemcy&weight=newman", {"country": "Germany", "weight": "newman"}),
        ("min-weight=2", {"min_weight": 2.0}),
        ("by=mayor&max-edges=500", {"by": "mayor", "max_edges": 500}),
        ("exclude=Seebr%C3%BCcke&exclude=EUROCITIES", {"exclude": ["Seebrücke", "EUROCITIES"]}),
    ],
)
def test_a_part_of_a_view(client: TestClient, query: str, values: dict[str, Any]) -> None:
    try:
        network = KG.network("alliances", **values)
    except SolgraphError as error:
        assert client.get(f"/networks/alliances.graphml?{query}").status_code == 400, error
        return
    wanted = dict(files.contents(network, files.choose("graphml", None)))
    assert client.get(f"/networks/alliances.graphml?{query}").content == wanted[".graphml"]
    assert is_sound(client.get(f"/networks/alliances?{query}", headers=PAGE).text)


def test_two_years_compared(client: TestClient) -> None:
    wanted = dict(files.contents(KG.compare("alliances", 2010, 2020), files.choose("gexf", None)))
    assert client.get("/networks/alliances.gexf?compare=2010,2020").content == wanted[".gexf"]
    assert problem(client.get("/networks/alliances.gexf?compare=2010"), 400)["parameter"] == "compare"


def test_what_is_wrong_with_a_view(client: TestClient) -> None:
    assert problem(client.get("/networks/alliance"), 404)["hint"] == "Did you mean 'alliances'?"
    assert problem(client.get("/networks/mayors"), 404)
    assert problem(client.get("/networks/alliances.grpahml"), 404)["hint"].startswith("Did you mean 'graphml'")
    assert problem(client.get("/networks/alliances/figures"), 404)
    assert problem(client.get("/networks/alliances.csv?part=x"), 400)["allowed"] == ["edges", "nodes"]
    assert problem(client.get("/networks/alliances.gml?year=x"), 400)["parameter"] == "year"
    assert problem(client.get("/networks/alliances.gml?weight=heavy"), 400)["allowed"] == [
        "shared",
        "newman",
        "jaccard",
    ]
    assert problem(client.get("/networks/alliances.gml?year=2010&from=2000"), 400)
    assert problem(client.get("/networks/alliances.gml?max-edges=1"), 400)
    assert problem(client.get("/networks/alliances.gml?min-weight=nan"), 400)["parameter"] == "min-weight"
    assert problem(client.get("/networks/alliances.gml?yaer=2010"), 400)["hint"].startswith("Did you mean 'year'")
    page = client.get("/networks/alliances?year=x&country=Atlantis", headers=PAGE)
    assert page.status_code == 400
    assert {"p-year-wrong", "p-country-wrong"} <= {one.get("id") for one in is_sound(page.text).all("p")}
    both = client.get("/networks/alliances?year=2010&from=2000", headers=PAGE)
    assert (both.status_code, "cannot be combined" in both.text) == (400, True)


def test_a_picture_needs_its_extra(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any) -> Iterator[str]:
        raise MissingExtra("A picture", "plot")

    monkeypatch.setattr(files, "contents", missing)
    assert "plot" in problem(client.get("/networks/alliances.svg?year=1999"), 501)["hint"]


def test_the_script_of_the_drawing_is_that_of_the_page(client: TestClient) -> None:
    script = client.get("/networks/page.js")
    assert script.headers["content-type"].startswith("text/javascript")
    for name in ("page_graph.js", "page_controls.js"):
        assert (Path(page_module.__file__).parent / name).read_text("utf-8") in script.text
    page = is_sound(client.get("/networks/alliances", headers=PAGE).text)
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert set(re.findall(r'\$\("([\w-]+)"\)', script.text)) <= ids


# Drawings of answers


def test_bars_where_labels_and_one_number_allow(client: TestClient) -> None:
    assert 'class="bars"' in client.get("/queries/busiest-actors?least=5", headers=PAGE).text
    assert 'class="bars"' not in client.get("/queries/contents-per-city", headers=PAGE).text
    answer = KG.query("busiest-actors", least=5)
    table = Table(answer.columns, answer.terms, answer.labels, answer.several)
    bars = charts.bars(table, table.gathered())
    assert [bar.number for bar in bars] == [str(row.initiatives) for row in answer][: len(bars)]
    assert bars[0].share == 1


def test_a_map_where_there_are_cities(client: TestClient) -> None:
    assert '<figure class="map' in client.get("/queries/cities?country=Italy", headers=PAGE).text
    assert '<figure class="map' not in client.get("/queries/blocked", headers=PAGE).text


# Pages


def test_every_language_and_the_editor(client: TestClient) -> None:
    for language in LANGUAGES:
        for where in ("/queries", "/queries/mayors?city=Milano", "/networks", "/networks/funding", "/editor", "/api"):
            found = client.get(where, headers=PAGE | {"accept-language": language})
            assert found.headers["content-language"] == language
            is_sound(found.text)


def test_the_editor(client: TestClient) -> None:
    text = 'SELECT ?a { ?a ?b "</textarea><script>" }'
    found = client.get("/editor", params={"query": text}, headers=PAGE)
    assert "&lt;/textarea&gt;&lt;script&gt;" in found.text
    for saved in QUERIES:
        example = client.get("/editor", params={"example": saved.name}, headers=PAGE)
        assert example.status_code == 200
        assert "#+" not in example.text
    assert client.get("/editor?example=nothing", headers=PAGE).status_code == 404
    answer = client.get("/queries/mayors?city=Milano", headers=PAGE).text
    opened = next(unescape(link) for link in re.findall(r'href="(/editor[?]query=[^"]*)"', answer))
    filled = client.get(opened, headers=PAGE).text
    assert "id/city/milan&gt;" in filled and "#+" not in unquote(opened) + filled
    words = set_by(client.get("/editor/terms.js").text)
    assert words["prefixes"]["sg"] == "https://w3id.org/solgraph/ns#"
    terms = {one["term"]: one for one in words["terms"]}
    assert terms["sg:City"] == {"term": "sg:City", "label": "City", "kind": "class"}
    assert {"sg:evidence", "status:running"} <= set(terms)


def test_in_a_site_of_files_pages_show_the_example() -> None:
    app = application(KG)

    async def static(scope: Any, receive: Any, send: Any) -> None:
        files_ = {"solgraph.static": Plan({}, {}, set()), "solgraph.relative": lambda where, query: f"to:{where}"}
        await app(scope | files_, receive, send)

    client = TestClient(static)
    page = client.get("/queries/mayors", headers=PAGE).text
    assert "Leoluca Orlando" in page
    asks, needs_server = 'data-query="mayors"' in page, "solgraph serve" in page
    assert asks == bool(library("oxigraph/oxigraph.js")) != needs_server
    assert 'href="to:/queries/mayors.csv"' in page
    assert client.get("/queries/mayors.csv").text == KG.query("mayors", city="Palermo").text("csv")
    assert 'href="to:/networks/alliances.graphml"' in client.get("/networks/alliances", headers=PAGE).text
