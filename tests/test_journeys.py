"""What somebody comes for, on the shipped data: with a mouse, with the keyboard alone, and with a thumb on a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from python_calamine import CalamineWorkbook

import solgraph
from browser import Served, served
from solgraph.resources import DATA_VARIABLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

#: Presses of Tab after which something counts as out of reach.
_FAR = 400
_IS_FOCUSED = "element => element === document.activeElement"
_CLOSED = "xpath=ancestor::details[not(@open)]/summary"


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(**{DATA_VARIABLE: ""}) as running:
        yield running


class Visitor(NamedTuple):
    """Somebody with a page before her, and one way to press what is on it."""

    page: "Page"
    way: str

    def press(self, target: "Locator") -> None:
        """Press a link or a button, and what is folded above it before."""
        while target.locator(_CLOSED).count():
            self._press(target.locator(_CLOSED).first)
        self._press(target)

    def _press(self, target: "Locator") -> None:
        if self.way == "keyboard":
            self._reach(target)
            self.page.keyboard.press("Enter")
        elif self.way == "phone":
            target.tap()
        else:
            target.click()

    def _reach(self, target: "Locator") -> None:
        """Go there with Tab from where the focus is, once round the page at most."""
        for _ in range(_FAR):
            if target.evaluate(_IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is out of reach of the Tab key")

    def write(self, field: "Locator", text: str) -> None:
        if self.way == "keyboard":
            self._reach(field)
        else:
            field.click()
        self.page.keyboard.type(text)

    def link(self, name: str, within: str = "main") -> "Locator":
        return self.page.locator(within).get_by_role("link", name=name, include_hidden=True).first


@pytest.fixture(params=["mouse", "keyboard", "phone"])
def visitor(request: pytest.FixtureRequest, browser: "Browser", server: Served) -> Iterator[Visitor]:
    is_phone = request.param == "phone"
    context = browser.new_context(
        base_url=server.url,
        locale="en-GB",
        reduced_motion="reduce",
        has_touch=is_phone,
        viewport={"width": 390, "height": 844} if is_phone else {"width": 1366, "height": 768},
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield Visitor(context.new_page(), request.param)
    context.close()


def cities(answer: solgraph.Answer) -> set[str]:
    """The addresses of the pages of the cities in an answer."""
    iris = answer.to_pandas()["city"].explode().dropna()
    return {f"/doc/city/{iri.rpartition('/')[2]}" for iri in iris}


def addresses(links: "Locator") -> set[str]:
    return {str(link.get_attribute("href")) for link in links.all()}


def test_cities_with_an_immigrant_council_in_spain(visitor: Visitor, shipped: solgraph.Knowledge) -> None:
    visitor.page.goto("/")
    visitor.press(visitor.link("Spain", ".facets"))
    visitor.page.wait_for_url("**/explore?country=es")
    visitor.press(visitor.link("Immigrant councils", ".facets"))
    visitor.page.wait_for_url("**/explore?country=es&theme=*")
    expected = cities(shipped.query("cities-by-theme", theme="Immigrant councils", country="Spain"))
    assert addresses(visitor.page.locator(".card h2 a")) == expected != set()


def test_ghent_and_utrecht_are_compared(visitor: Visitor) -> None:
    visitor.page.goto("/explore")
    visitor.press(visitor.link("Compare cities"))
    for number, city in enumerate(("Ghent", "Utrecht"), start=1):
        visitor.write(visitor.page.get_by_label(f"City {number}"), city)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/compare?*")
    assert visitor.page.locator("main h1").inner_text() == "Ghent · Utrecht"
    assert "C-MISE" in visitor.page.locator("main").inner_text()


def test_who_works_with_unhcr_as_a_spreadsheet(visitor: Visitor, shipped: solgraph.Knowledge, tmp_path: Path) -> None:
    visitor.page.goto("/")
    visitor.write(visitor.page.locator("#q"), "Who works with UNHCR?")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/ask?q=*")
    expected = shipped.query("international-organisations", organisation="UNHCR")
    assert addresses(visitor.page.locator("main a")) >= cities(expected) != set()
    with visitor.page.expect_download() as download:
        visitor.press(visitor.link("Excel"))
    download.value.save_as(tmp_path / "answer.xlsx")
    assert len(CalamineWorkbook.from_path(str(tmp_path / "answer.xlsx")).get_sheet_by_index(0).to_python()) == 1 + len(
        expected
    )


def test_a_claim_is_followed_to_its_page_and_cited(visitor: Visitor) -> None:
    visitor.page.goto("/doc/city/ghent")
    visitor.press(visitor.page.locator("#networks-of-city a.evidence-of").first)
    evidence = visitor.page.get_by_role("complementary", name="Evidence")
    evidence.wait_for()
    visitor.press(evidence.locator("h2 a").first)
    visitor.page.wait_for_url("**/doc/**")
    document = visitor.page.locator("main a[href^='https://']").first.get_attribute("href")
    visitor.press(visitor.page.locator("main [data-copy]").first)
    assert str(document) in visitor.page.evaluate("navigator.clipboard.readText()")


def test_a_selection_in_every_view_is_shared_by_its_address(
    visitor: Visitor, browser: "Browser", shipped: solgraph.Knowledge
) -> None:
    visitor.page.goto("/explore")
    visitor.press(visitor.link("Germany", ".facets"))
    visitor.page.wait_for_url("**/explore?country=de")
    visitor.press(visitor.link("Alliance", ".facets"))
    visitor.page.wait_for_url("**/explore?country=de&layer=alliance")
    visitor.write(visitor.page.get_by_label("from", exact=False).first, "2015")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**&from=2015*")
    count = visitor.page.locator("#count-h b").inner_text()
    assert int(count) > 0
    for view, drawn in VIEWS.items():
        visitor.press(visitor.link(view, ".tabs"))
        visitor.page.wait_for_url(f"**&view={view.lower()}")
        visitor.page.locator(drawn).first.wait_for()
        elsewhere = browser.new_context(locale="it-IT")
        shared = elsewhere.new_page()
        shared.goto(visitor.page.url)
        assert shared.locator("#count-h b").inner_text() == count
        assert shared.locator(drawn).count() == visitor.page.locator(drawn).count()
        elsewhere.close()


VIEWS = {"Table": "tbody tr", "Map": ".map .dots circle", "Network": ".ties path", "Timeline": ".begun rect"}
