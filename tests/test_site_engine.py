"""Saved queries and SPARQL asked in the browser, on a site of files: the answers are those of Python."""

import json
import re
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import yaml

import solgraph
from browser import axe, hosted, violations
from conftest import EXPECTED
from programs import missing
from solgraph.formats.rows import without_empty_columns
from solgraph.web.app import create
from solgraph.web.libraries import library
from solgraph.web.settings import Settings
from solgraph.web.site import files as site
from web import part_of_site, set_by

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: What these tests read.
READ = (
    r"/(404|assets/.*|libraries/.*|moved-data\.js|engine-data\.js|editor|editor/terms\.js|doc/city/ardea"
    r"|ask|questions\.js|queries/(networks-of-city|is-city|mayors))"
)
CASES: dict[str, dict[str, Any]] = yaml.safe_load((EXPECTED / "cases.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, small: solgraph.Knowledge) -> Path:
    if library("oxigraph/oxigraph.js") is None:
        missing("The library oxigraph is not built in: install Node.js, then solgraph again")
    return part_of_site(small, tmp_path_factory.mktemp("engine") / "out", READ)


@pytest.fixture(scope="module")
def host(folder: Path) -> Iterator[str]:
    with hosted(folder) as address:
        yield address


@pytest.fixture(scope="module", params=["http", "file"])
def root(request: pytest.FixtureRequest, folder: Path, host: str) -> str:
    """Where the site is: on a web host, and on a disk."""
    return host if request.param == "http" else folder.as_uri()


def test_pieces_give_what_binding_gives(small: solgraph.Knowledge) -> None:
    for saved in small.queries():
        pieces = saved.pieces
        bare = {param.variable for param in saved.params.values()}
        text = "".join(each if isinstance(each, str) else each.get("text", "") for each in pieces)
        required = {param.name for param in saved.params.values() if param.required or param.default is not None}
        if not required:
            assert text == small.bound(saved.name), saved.name
        assert {each["variable"] for each in pieces if isinstance(each, dict)} == bare


def test_without_the_library_pages_say_so(small: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    from solgraph.web import rendering

    monkeypatch.setitem(rendering._environment().globals, "library", lambda file: "")
    asked = Asked(small)
    assert "was written without the part" in asked("/editor") and "engine.js" not in asked("/editor")
    assert "solgraph serve" in asked("/queries/networks-of-city")


class Asked:
    """Asks the application as a site of files does."""

    def __init__(self, kg: solgraph.Knowledge) -> None:
        from solgraph.web.site.crawl import Asking
        from solgraph.web.site.plan import plan

        self.asking = Asking(create(kg, Settings(base_url="https://example.org")), plan(kg))

    def __call__(self, path: str) -> str:
        (made,) = self.asking.make([site.Address(path)])
        return made.bodies["en"].decode()


ANSWERS = """async (cases) => {
  const answers = [];
  for (const [name, values] of cases) {
    try {
      const text = await solgraphEngine.bind(name, values);
      const answer = await solgraphEngine.answer(text);
      answers.push(answer.type.includes("json") ? JSON.parse(answer.text) : answer.text.trim().split("\\n").sort());
    } catch (error) { answers.push(`${name}: ${error.message}`); }
  }
  return answers;
}"""


def typed(values: dict[str, Any]) -> dict[str, list[str]]:
    """The values as a form sends them."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return {
        name: [str(one).lower() if isinstance(one, bool) else str(one) for one in all_] for name, all_ in lists.items()
    }


def test_every_case_of_every_query_has_the_answer_of_python(root: str, tab: "Page", small: solgraph.Knowledge) -> None:
    tab.goto(f"{root}/editor.html")
    cases = [(case.partition("--")[0], values) for case, values in CASES.items()]
    answers = tab.evaluate(ANSWERS, [[name, typed(values)] for name, values in cases])
    assert len(answers) > 100
    for (name, values), answer in zip(cases, answers, strict=True):
        expected = small.sparql(small.bound(name, **values))
        if expected.holds_triples:
            assert len(answer) == len(expected.terms), name
            continue
        assert not isinstance(answer, str), answer
        assert answer == json.loads(expected.text("json")), (name, values)


SHOWN = """async (cases) => {
  const answers = [];
  for (const [name, values] of cases) {
    const { type, text } = await solgraphEngine.answer(await solgraphEngine.bind(name, values));
    const results = JSON.parse(text), none = { columns: [], rows: [] };
    const { columns, rows } = results.results ? await solgraphAnswer.gathered(name, results) : none;
    const table = rows.length ? await solgraphAnswer.table({ columns, rows }, { sort: "" }) : null;
    const lines = [...(table?.querySelectorAll("tbody tr") ?? [])];
    const cells = lines.map((row) => [...row.cells].map((cell) => cell.textContent));
    const notes = await solgraphAnswer.notes(name, values, results);
    answers.push([columns, cells, notes.map((note) => note.text)]);
  }
  return answers;
}"""


@pytest.mark.parametrize("language", ["en", "de"])
def test_rows_are_gathered_and_noted_as_by_python(
    language: str, host: str, tab: "Page", small: solgraph.Knowledge
) -> None:
    kg = copy(small)
    kg.languages = (language, "en")
    cases = [(case.partition("--")[0], values) for case, values in CASES.items()]
    cases = [(name, values) for name, values in cases if kg.snapshot.saved[name].form in ("SELECT", "ASK")]
    tab.goto(f"{host}/{'' if language == 'en' else f'{language}/'}queries/mayors.html")
    for (name, values), (columns, cells, notes) in zip(
        cases, tab.evaluate(SHOWN, [[name, typed(values)] for name, values in cases]), strict=True
    ):
        answer = kg.query(name, **values)
        table = without_empty_columns(answer.table)
        rows = [[shown([table.shown(term) for term in cell]) for cell in row] for row in table.gathered()]
        assert cells == rows, (name, values)
        assert columns == (list(table.columns) if rows else []), (name, values)
        assert notes == [note.text for note in answer.notes], (name, values)


def shown(texts: list[str]) -> str:
    """A cell as it is read: of many values the first, and how many more can be opened."""
    if len(texts) < 5:
        return "; ".join(texts)
    return f"{'; '.join(texts[:3])}+ {len(texts) - 3}{'; '.join(texts[3:])}"


def test_a_saved_query_is_asked_with_the_values_of_its_form(root: str, tab: "Page") -> None:
    tab.goto(f"{root}/queries/networks-of-city.html")
    tab.locator("select[name=city]").select_option("Ardea")
    tab.get_by_role("button", name="Ask").click()
    tab.locator("#asked table tbody tr").first.wait_for()
    assert {"Northern Harbours", "Charter of Open Towns"} <= {*tab.locator("#asked td a").all_inner_texts()}
    assert tab.url.endswith("?city=ardea")
    tab.goto(f"{root}/queries/networks-of-city.html?city=Atlantis")
    tab.locator("#asked-status.fault").wait_for()
    assert "Atlantis" in tab.locator("#asked-status").inner_text()


def test_the_editor_answers_with_names_and_says_where_a_fault_is(root: str, tab: "Page") -> None:
    tab.goto(f"{root}/editor.html?query=SELECT%20*%20%7B%20%3Fcity%20a%20sg%3ACity%20%7D")
    tab.get_by_role("button", name="Run").click()
    tab.get_by_role("link", name="Ardea").click()
    assert tab.locator("h1").inner_text() == "Ardea"
    tab.goto(f"{root}/editor.html?query=SELECT%20*%20%7B%0A%20%3Fcity%20a%20%7D")
    tab.get_by_role("button", name="Run").click()
    tab.locator("#fault:not([hidden])").wait_for()
    assert "2" in tab.locator("#fault").inner_text()


def test_a_question_has_readings_whose_answers_are_computed(root: str, tab: "Page") -> None:
    tab.goto(f"{root}/ask.html?q=Which+quantum+networks+is+Ardea+in+since+2012%3F")
    first = tab.locator(".readings > li").filter(has_text="Networks that a city belongs to")
    first.wait_for()
    assert 1 < tab.locator(".readings > li").count() <= 5
    assert first.locator(".chip input").input_value() == "Ardea"
    assert first.locator(".meta").inner_text() == "Not used: 2012. Not understood: quantum."
    first.locator(".chip input").fill("Belmonte")
    first.get_by_role("button").click()
    tab.locator("#asked tbody tr").first.wait_for()
    assert "?city=Belmonte" in tab.url


def test_from_a_disk_what_is_meant_is_said_in_the_language_of_the_page(folder: Path, tab: "Page") -> None:
    tab.goto((folder / "de/ask.html").as_uri() + "?q=" + quote("Wer ist seit 2010 bei den Northern Harbuors?"))
    assert tab.locator(".readings .chip input").first.input_value() == "Häfen des Nordens"
    assert "besteht aus Dateien" in tab.locator("#readings [role=status]").inner_text()
    tab.goto((folder / "ask.html").as_uri())
    assert tab.locator(".questions a").count() > 3 and not tab.locator(".in-texts").is_visible()


@pytest.mark.parametrize(
    ("page", "ready"),
    [
        ("ask.html?q=networks+of+Ardea+since+2012", ".readings li"),
        ("queries/networks-of-city.html?city=Ardea", "#asked td"),
    ],
)
def test_axe_finds_nothing(page: str, ready: str, host: str, tab: "Page") -> None:
    tab.goto(f"{host}/{page}")
    tab.locator(ready).first.wait_for()
    assert violations(tab, axe()) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, axe(), "color-contrast") == []
    tab.emulate_media(color_scheme="light")


def test_what_cannot_be_loaded_is_said_and_asked_for_again(folder: Path, tab: "Page") -> None:
    tab.route("**/engine-data.js", lambda route: route.abort())
    tab.goto((folder / "queries/networks-of-city.html").as_uri() + "?city=Ardea")
    tab.locator("#asked-status.fault").wait_for()
    assert "could not be loaded" in tab.locator("#asked-status").inner_text()
    tab.unroute("**/engine-data.js")
    tab.get_by_role("button", name="Ask").click()
    tab.locator("#asked tbody tr").first.wait_for()


def test_an_address_that_was_a_page_leads_to_its_place(folder: Path, tab: "Page", host: str) -> None:
    places = set_by((folder / "moved-data.js").read_text(encoding="utf-8"))["doc/city/ardea.html"]
    place = next(place for place in places if place.startswith("membership/"))

    def missing_page(route: Any) -> None:
        body = (folder / "404.html").read_text(encoding="utf-8")
        route.fulfill(status=404, body=re.sub('=("?)assets/', r"=\1/assets/", body))

    tab.route("**/doc/membership/**", missing_page)
    tab.goto(f"{host}/doc/{place}.html")
    tab.wait_for_url(f"{host}/doc/city/ardea.html#{place}")
