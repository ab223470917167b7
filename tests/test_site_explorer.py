"""Explorer and comparison of a site of files, in a real browser: they show what the pages of the server show."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx
import pytest
from starlette.testclient import TestClient

import solgraph
from browser import hosted
from solgraph.web.app import create
from solgraph.web.settings import Settings
from web import part_of_site

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: What these tests read; the whole site is made by others.
READ = r"/(404|assets/.*|outlines\.svg|explore.*|compare.*|names\.js|doc/city/(milan|berlin))"
VIEWS = ("", "map", "table", "network", "matrix", "matrix&sort=t1-3", "matrix&by=networks", "timeline")
SELECTIONS = ("", "layer=alliance&country=de&from=2015")
FURTHER = (
    "theme=t2-3&status=running&view=matrix",
    "network=seebruecke&network=iash&view=matrix&by=networks&sort=iash",
    "from=2010&to=2016&certain=true&view=timeline",
    "source=dreher-2024&kind=service&view=table",
    "country=it&country=es&view=network",
    "country=at",
)
#: What a page of the explorer shows: numbers, names, rows, marks, dots, lines and bars; without spaces, which differ.
SHOWN = """() => {
  const all = (selector) => [...document.querySelectorAll(`#explorer ${selector}`)].filter((each) => !each.hidden);
  const texts = (selector) => all(selector).map((each) => each.textContent.replace(/\\s+/g, ""));
  const names = (selector) => all(selector).map((each) => each.getAttribute("class"));
  const parts = ["#count-h", ".chosen a", ".summary", ".note", ".card", "thead", "tbody tr", "tfoot", ".begun text"];
  const sizes = (bar) => ["x", "y", "width", "height"].map((name) => Math.round(bar.getAttribute(name)));
  return {
    ...Object.fromEntries(parts.map((part) => [part, texts(part)])),
    facets: texts(".facets li").sort(),
    marks: names(".mark-of"),
    cells: names(".matrix td .cell"),
    lines: texts(".ties title").map((line) => line.split(/–|:|[,;]/).sort().join()).sort(),
    dots: all(".dots circle").length,
    bars: all(".begun rect").map(sizes),
  };
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, frozen: solgraph.Knowledge) -> Path:
    return part_of_site(frozen, tmp_path_factory.mktemp("explorer") / "out", READ)


@pytest.fixture(scope="module")
def root(folder: Path) -> Iterator[str]:
    with hosted(folder) as address:
        yield address


def shown(tab: "Page", address: str) -> dict[str, Any]:
    tab.goto(address)
    tab.locator("#explorer .view > *").first.wait_for(state="attached")
    while tab.locator(".view .turn:not([hidden]) button").count():
        tab.locator(".view .turn button").click()
    found: dict[str, Any] = tab.evaluate(SHOWN)
    return found


def test_each_view_of_a_selection_holds_what_the_page_of_the_server_holds(
    folder: Path, tab: "Page", frozen: solgraph.Knowledge
) -> None:
    client = TestClient(create(frozen, Settings()))
    views = ["&".join(filter(None, (chosen, view and f"view={view}"))) for chosen, view in product(SELECTIONS, VIEWS)]
    for words in (*views, *FURTHER):
        page = client.get(f"/explore?{words}", headers={"accept": "text/html", "accept-language": "en"})
        assert page.status_code == 200
        assert shown(tab, f"{(folder / 'explore.html').as_uri()}?{words}") == served(tab, page.text), words


def served(tab: "Page", text: str) -> dict[str, Any]:
    """What a page of the server shows."""
    tab.set_content(re.sub("<script.*?</script>", "", text, flags=re.DOTALL))
    found: dict[str, Any] = tab.evaluate(SHOWN)
    return found


def test_a_choice_is_made_without_a_new_page_and_taken_back(folder: Path, tab: "Page") -> None:
    tab.goto((folder / "explore.html").as_uri())
    every = tab.locator("#count-h b").inner_text()
    tab.locator(".facet[data-name=country] a").first.click()
    assert "?country=" in tab.url and tab.locator("#count-h b").inner_text() != every
    tab.locator(".chosen a").click()
    assert "?" not in tab.url and tab.locator("#count-h b").inner_text() == every
    tab.go_back()
    assert tab.locator(".chosen a").count() == 1


def test_a_selection_is_kept_from_view_to_view_shared_by_its_address_and_taken_along(root: str, tab: "Page") -> None:
    tab.goto(f"{root}/explore.html?country=de")
    number = tab.locator("#count-h").inner_text()
    tab.get_by_label("from", exact=True).fill("2010")
    tab.get_by_role("button", name="Apply").click()
    tab.get_by_role("link", name="Network", exact=True).click()
    assert tab.url.endswith("?country=de&from=2010&view=network")
    tab.locator(".map .ties path").first.wait_for(state="attached")
    with tab.expect_download() as download:
        tab.get_by_role("button", name="CSV").click()
    head, *rows = download.value.path().read_text(encoding="utf-8").splitlines()
    assert head.startswith("source,target,shared,weight,networks,")
    assert len(rows) == tab.locator(".map .ties path").count()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="GEXF").click()
    graph = networkx.read_gexf(download.value.path())
    assert graph.number_of_edges() == len(rows) and f"{len(graph)} " in number
    assert "Germany, 2010–" in tab.locator(".take .meta").inner_text()
    tab.get_by_title("Deutsch").click()
    tab.wait_for_url("**/de/explore.html?country=de&from=2010&view=network")
    tab.locator(".map .ties path").first.wait_for(state="attached")
    for _ in range(3):
        tab.go_back()
    tab.locator(".card").first.wait_for()
    assert tab.locator("#count-h").inner_text() == number


def test_a_cell_opens_what_stands_behind_it_and_escape_closes_it(root: str, tab: "Page") -> None:
    tab.goto(f"{root}/explore.html?view=matrix")
    cell = tab.locator(".matrix .cell").first
    title, count = cell.get_attribute("title"), cell.inner_text()
    cell.click()
    tab.locator("#cell").wait_for()
    assert tab.locator("#cell h2").inner_text() == (title or "").partition(",")[0]
    assert tab.locator("#cell li").count() == int(count)
    tab.keyboard.press("Escape")
    tab.locator("#cell").wait_for(state="detached")
    assert tab.evaluate("document.activeElement.className").startswith("cell")


def test_what_cannot_be_meant_is_said(folder: Path, tab: "Page") -> None:
    for words, sentence in (("from=abc", "not a year"), ("from=2020&to=2010", "later"), ("view=pie", "no view")):
        tab.goto(f"{(folder / 'explore.html').as_uri()}?{words}")
        assert sentence in tab.get_by_role("alert").inner_text()
        assert not tab.locator(".card").count()


#: What a comparison shows, without spaces.
SIDES = """() => {
  const parts = ["h1", ".summary", "table tr", ".alone h3", ".alone li", ".programme", ".notes li", ".choose label"];
  const all = (part) => [...document.querySelectorAll(`main ${part}`)];
  return [...parts, "> .meta a"].map((part) => all(part).map((each) => each.textContent.replace(/\\s+/g, "")));
}"""


@pytest.mark.parametrize(
    "cities", [("berlin", "utrecht"), ("Milan", "barcelona", "Zurich"), ("ghent", "vienna"), ("potsdam", "cadiz")]
)
def test_cities_are_compared_as_on_the_server(
    cities: tuple[str, ...], folder: Path, root: str, tab: "Page", frozen: solgraph.Knowledge
) -> None:
    words = "&".join(f"city={city}" for city in cities)
    page = TestClient(create(frozen, Settings())).get(f"/compare?{words}", headers={"accept": "text/html"})
    tab.set_content(re.sub("<script.*?</script>", "", page.text, flags=re.DOTALL))
    expected = tab.evaluate(SIDES)
    assert len(expected[2]) > 5
    for place in (folder.as_uri(), root):
        tab.goto(f"{place}/compare.html?{words}")
        tab.locator("#files").wait_for()
        assert tab.evaluate(SIDES) == expected


def test_a_comparison_says_what_is_no_city_and_takes_a_third(root: str, tab: "Page") -> None:
    tab.goto(f"{root}/compare.html?city=Atlantis")
    assert "Atlantis" in tab.get_by_role("alert").inner_text()
    tab.get_by_label("City 1").fill("Berlino")
    tab.get_by_label("City 2").fill("potsdam")
    tab.get_by_role("button", name="Compare").click()
    tab.locator("#files").wait_for()
    with tab.expect_download() as download:
        tab.get_by_role("button", name="CSV").click()
    assert download.value.path().read_text(encoding="utf-8").startswith("aspect,concept,city,answer,things,dates")
    tab.locator("main > .meta a").first.click()
    tab.locator(".side.of-3").first.wait_for()
