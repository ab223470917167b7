"""Questions in plain words on a site of files of the shipped data: how often what is meant stands first."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import solgraph
from browser import hosted
from programs import required
from question_rates import LANGUAGES, iris_of, questions
from solgraph.rdf.namespaces import BASE
from solgraph.web.libraries import library
from test_site_engine import typed
from web import part_of_site

if TYPE_CHECKING:
    from playwright.sync_api import Page

READ = r"/(404|assets/.*|libraries/.*|moved-data\.js|engine-data\.js|ask|questions\.js|queries/networks-of-city)"
READINGS = """(texts) => {
  const read = solgraphUnderstand(solgraphQuestions, "en");
  return texts.map((text) => read(text).map(({ query, values, unused, unexplained }) => ({
    query, unused, unexplained,
    values: Object.fromEntries(
      Object.entries(values).map(([name, all]) => [name, all.map((value) => value.key ?? value)])),
  })));
}"""
NOTES = """async (cases) => {
  const found = [];
  for (const [name, values] of cases) {
    const { text } = await solgraphEngine.answer(await solgraphEngine.bind(name, values));
    found.push((await solgraphAnswer.notes(name, values, JSON.parse(text))).map((note) => note.text));
  }
  return found;
}"""
#: Answers that have something unclear in what is asked for or in their rows.
NOTED: list[tuple[str, dict[str, Any]]] = [
    ("networks-of-city", {"city": "Bologna"}),
    ("programmes-of-city", {"city": "Barcelona"}),
    ("mayors", {"city": "Palermo"}),
    ("is-member", {"city": "Milan", "network": "Eurocities"}),
]

pytestmark = pytest.mark.skipif(not required(), reason="asked of the shipped data where SOLGRAPH_ENGINES=required")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shipped: solgraph.Knowledge) -> Path:
    return part_of_site(shipped, tmp_path_factory.mktemp("questions") / "out", READ)


def place(kg: solgraph.Knowledge, question: Mapping[str, Any], readings: list[dict[str, Any]]) -> int | None:
    """The place of the right reading, from 1."""
    wanted = [
        (each["query"], iris_of(kg, each["query"], each.get("params", {})))
        for each in [question, *question.get("also", ())]
    ]
    for number, reading in enumerate(readings, 1):
        values = {
            name: sorted(BASE + value if "/" in value else value for value in values)
            for name, values in reading["values"].items()
        }
        if (reading["query"], values) in wanted:
            return number
    return None


@pytest.mark.parametrize("scheme", ["file", "http"])
def test_questions_are_read_nearly_as_well_as_by_the_server(
    scheme: str, folder: Path, tab: "Page", shipped: solgraph.Knowledge, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = [each for each in questions("tune") if each["answer"] == "whole"]
    with hosted(folder) as root:
        tab.goto((folder.as_uri() if scheme == "file" else root) + "/ask.html?q=Bologna")
        tab.locator(".readings li").first.wait_for()
        read = tab.evaluate(READINGS, [each["text"] for each in whole])
    places = [(each["lang"], place(shipped, each, readings)) for each, readings in zip(whole, read, strict=True)]
    for language in (*LANGUAGES, ""):
        own = [found for lang, found in places if lang == (language or lang)]
        first, three = (sum(found in right for found in own) / len(own) for right in ((1,), (1, 2, 3)))
        with capsys.disabled():
            sys.stdout.write(
                f"\n{language or 'all'}: {len(own)} questions, {first:.0%} first, {three:.0%} within three"
            )
        assert first >= (0.78 if not language else 0.72) and three >= (0.87 if not language else 0.78), language


def test_what_is_named_and_not_used_is_said(folder: Path, tab: "Page") -> None:
    tab.goto(f"{folder.as_uri()}/ask.html?q=Bologna")
    tab.locator(".readings li").first.wait_for()
    texts = ["Who was mayor of Palermo in 2014 and in Spain?", "Welche Quantennetze hat Palermo 2014, und Spanien?"]
    mayors, networks = tab.evaluate(READINGS, texts)
    assert (mayors[0]["query"], mayors[0]["unexplained"]) == ("mayors-in-year", [])
    for reading in (*mayors, *networks):
        used = {value for values in reading["values"].values() for value in values}
        assert "2014" in {*used, *reading["unused"]} and (
            {*used, *reading["unused"]} & {"id/country/es", "Spain", "Spanien"}
        )
        assert "id/city/palermo" in used or "Palermo" in reading["unused"]
    assert all("Quantennetze" in reading["unexplained"] for reading in networks)


@pytest.mark.skipif(library("oxigraph/oxigraph.js") is None, reason="The library oxigraph is not built in")
def test_unclear_points_are_those_of_python(folder: Path, tab: "Page", shipped: solgraph.Knowledge) -> None:
    with hosted(folder) as root:
        tab.goto(f"{root}/queries/networks-of-city.html")
        found = tab.evaluate(NOTES, [(name, typed(values)) for name, values in NOTED])
    expected = [[note.text for note in shipped.query(name, **values).notes] for name, values in NOTED]
    assert found == expected and sum(text.startswith("Unclear") for texts in found for text in texts) > 5
