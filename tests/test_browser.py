"""The pages in a real browser: search, forms, tables, networks, keyboard, print, dark, a phone, and accessibility."""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from browser import Served, axe, served, violations
from programs import missing, required
from solgraph.web.libraries import library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

#: One page of every kind.
PAGES = {
    "home": "/",
    "cities": "/cities",
    "explore": "/explore?theme=t2",
    **{view: f"/explore?view={view}" for view in ("map", "table", "network", "matrix", "timeline")},
    "country": "/doc/country/it",
    "sources": "/sources?q=dreher",
    "city": "/doc/city/milan",
    "finding": "/doc/finding/dreher-naples-siproimi-success",
    "source": "/doc/source/dreher-2024",
    "passage": "/doc/passage/moving-cities-bologna-political-activities-and-advocacy",
    "concept": "/vocab/status/running",
    "theme": "/vocab/theme/t1",
    "members": "/doc/network/cities-of-safe-harbour-alliance",
    "programme": "/doc/programme/bologna-connettiamoci",
    "person": "/doc/person/leoluca-orlando",
    "queries": "/queries",
    "query": "/queries/networks-of-city?city=milan",
    "fault": "/queries/networks-of-city?city=Atlantis",
    "networks": "/networks",
    "alliances": "/networks/alliances",
    "link": "/networks/alliances/evidence?ends=city:milan&ends=city:barcelona",
    "editor": "/editor",
    "compare": "/compare?city=milan&city=bologna",
    "search": "/search?q=mediolan",
    "ask": "/ask?q=Who+was+mayor+of+Milan+in+2014%3F",
    "unsure": "/ask?q=football+in+Milan",
    "ns": "/ns",
    "shapes": "/shapes",
    "catalogue": "/catalog",
    "about": "/about",
    "api": "/api",
    "nothing": "/doc/city/atlantis",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def visitor(browser: "Browser", server: Served) -> Iterator["BrowserContext"]:
    context = browser.new_context(base_url=server.url, locale="en-GB")
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def tab(visitor: "BrowserContext") -> "Page":
    return visitor.new_page()


@pytest.fixture
def page(visitor: "BrowserContext", tab: "Page", server: Served) -> Iterator["Page"]:
    """A tab as new, which takes a third of the time of a new one.

    At the end nothing was wrong in the browser, and nothing was asked of another host.
    """
    wrong: list[str] = []
    listeners: dict[Any, Any] = {
        "weberror": lambda error: wrong.append(str(error.error)),
        "console": lambda said: wrong.append(said.text) if is_wrong(said) else None,
        "request": lambda asked: wrong.append(asked.url) if is_elsewhere(asked.url, server.url) else None,
    }
    for event, listener in listeners.items():
        visitor.on(event, listener)
    tab.set_viewport_size({"width": 1200, "height": 800})
    tab.emulate_media(media="null", color_scheme="null", reduced_motion="null")
    yield tab
    visitor.clear_cookies()
    for event, listener in listeners.items():
        visitor.remove_listener(event, listener)
    tab.goto("about:blank")
    assert wrong == []


def is_wrong(said: Any) -> bool:
    """Whether the browser complains, other than of the status of the page, or of a query that is no SPARQL."""
    url = said.location["url"]
    meant = "/sparql" in url or (said.page and url == said.page.url)
    return said.type in ("error", "warning") and not (meant and said.text.startswith("Failed to load resource"))


def is_elsewhere(url: str, home: str) -> bool:
    return not url.startswith((f"{home}/", "data:", "blob:"))


# Finding and asking


def test_a_name_in_another_language_finds_the_city(page: "Page") -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("mediolan")
    page.locator("#suggestions [role=option]").first.wait_for()
    assert page.locator("#q").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/doc/city/milan")
    assert page.locator("h1").inner_text() == "Milan"


def test_without_a_choice_the_words_are_asked_and_lead_to_the_search(page: "Page") -> None:
    page.goto("/")
    page.locator("#q").fill("mediolan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?q=mediolan")
    page.locator("main").get_by_role("link", name="All hits for").click()
    page.wait_for_url("**/search?q=mediolan")
    page.locator("main").get_by_role("link", name="Milan", exact=True).first.click()
    page.wait_for_url("**/doc/city/milan")


def test_what_was_understood_can_be_changed(page: "Page") -> None:
    page.goto(PAGES["ask"])
    assert page.locator("h1").inner_text() == "Giuliano Pisapia"
    page.get_by_label("Year", exact=True).fill("2018")
    page.locator("details.chip summary").first.press("Enter")
    page.locator("details.chip select").first.select_option(index=1)
    page.locator(".chips [type=submit]").click()
    page.wait_for_url(re.compile(r"/queries/mayors-in-year\?year=2018&city=milan&certain=true"))
    assert page.get_by_role("link", name="Giuseppe Sala").count()


def test_names_are_loaded_when_somebody_searches(page: "Page") -> None:
    page.goto("/")
    assert not page.evaluate("'solgraphNames' in window")
    with page.expect_response("**/names.js") as asked:
        page.locator("#q").press_sequentially("gdansk")
    assert asked.value.ok
    page.locator("#suggestions [role=option]").first.click()
    page.wait_for_url("**/doc/city/gdansk")


def test_arrows_go_round(page: "Page") -> None:
    page.goto("/cities")
    page.locator("#q").press_sequentially("bern")
    options = page.locator("#suggestions [role=option]")
    options.first.wait_for()
    for key, place in (("ArrowUp", options.count() - 1), ("ArrowDown", 0), ("ArrowUp", options.count() - 1)):
        page.keyboard.press(key)
        assert page.locator("#q").get_attribute("aria-activedescendant") == f"suggestion-{place}"
        assert options.nth(place).get_attribute("aria-selected") == "true"
    assert page.locator("#suggestions [aria-selected=true]").count() == 1


def test_suggestions_can_be_left(page: "Page") -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("bolo")
    page.locator("#suggestions [role=option]").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#suggestions").is_hidden()
    page.keyboard.press("ArrowDown")
    page.locator("#suggestions [role=option]").first.wait_for()
    page.keyboard.press("Tab")
    assert page.locator("#suggestions").is_hidden()


def test_a_city_tells_its_networks_with_their_sources(page: "Page") -> None:
    page.goto("/doc/city/milan")
    section = page.locator("#networks-of-city")
    assert section.get_by_role("link", name="Comuni Disobbedienti").count()
    mark = section.locator("a.evidence-of").first
    mark.click()
    drawer = page.get_by_role("complementary", name="Evidence")
    drawer.wait_for()
    assert drawer.evaluate("one => one === document.activeElement")
    assert "Milan" in drawer.locator("h2").inner_text() and "Moving Cities" in drawer.inner_text()
    drawer.get_by_text("Cite", exact=True).click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    drawer.get_by_role("button", name="Copy", exact=True).click()
    drawer.get_by_role("button", name="Copied").wait_for()
    assert "Moving Cities" in page.evaluate("navigator.clipboard.readText()")
    drawer.focus()
    assert page.url.endswith("/doc/city/milan")
    page.keyboard.press("Escape")
    assert not drawer.count() and mark.evaluate("one => one === document.activeElement")
    page.locator("#findings-about a.mark").first.click()
    claim = page.locator("#findings-about li").first.locator("a").first.inner_text()
    assert drawer.locator("h2").inner_text() == claim and drawer.locator("article").count()


def test_a_row_of_an_answer_opens_its_evidence(page: "Page") -> None:
    page.goto("/queries/programmes-of-city?city=bologna")
    row = page.locator("table.answer tbody tr").first
    row.locator("a[href*='/doc/passage/']").first.click()
    page.locator("#evidence .evidence").wait_for()
    assert page.locator("#evidence :is(h2, h4)").all_inner_texts()[1:]  # the claim, and who says so
    assert row.locator("a").first.inner_text() in page.locator("#evidence").inner_text()


def test_a_wrong_value_is_a_sentence_beside_the_field(page: "Page") -> None:
    answer = page.goto("/queries/networks-of-city?city=Atlantis")
    assert answer and answer.status == 400
    field = page.locator("[aria-invalid=true]").first
    told = " ".join(
        page.locator(f"#{one}").inner_text() for one in str(field.get_attribute("aria-describedby")).split()
    )
    assert "Atlantis" in told
    page.locator("[name=city]").first.select_option(label="Milan")
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url("**/queries/networks-of-city?city=milan*")
    assert page.locator("table.answer tbody tr").count() == 2


def test_a_table_is_sorted_by_its_headers(page: "Page") -> None:
    page.goto("/queries/mayors-in-year?year=2018")
    header = page.locator("table.answer th").first

    def column() -> list[str]:
        return page.locator("table.answer tbody tr td:first-child").all_inner_texts()

    header.locator("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    upwards = column()
    header.locator("button").focus()
    page.keyboard.press("Enter")
    assert header.get_attribute("aria-sort") == "descending"
    assert len(set(upwards)) > 2 and column()[0] == upwards[-1] and sorted(column()) == sorted(upwards)


def test_a_network_can_be_narrowed_to_a_country_and_keeps_how_it_is_shown(page: "Page") -> None:
    page.goto("/networks/alliances?layout=force")
    before = page.locator(".panel .shown").inner_text()
    page.locator("details.choose > summary").click()
    page.locator("#p-country").select_option(label="Italy")
    page.locator("details.choose [type=submit]").click()
    page.wait_for_url("**country=it*layout=force*")
    assert page.locator(".panel .shown").inner_text() != before and page.locator(".chip").count() == 1
    assert page.locator("#canvas").bounding_box() and page.locator("#layout").input_value() == "force"


def edge_on_screen(page: "Page") -> tuple[float, float]:
    """A place on a link that no node covers."""
    frame = page.locator("#stage").bounding_box()
    assert frame
    x, y = page.evaluate("""() => {
      for (const edge of edges)
        for (const share of [0.5, 0.4, 0.6, 0.3]) {
          const [[x, y], [u, v]] = [toScreen(edge.from), toScreen(edge.to)];
          const [a, b] = [x + share * (u - x), y + share * (v - y)];
          if (a > 0 && b > 0 && a < stage.clientWidth && thingAt(a, b) === edge) return [a, b];
        }
    }""")
    return frame["x"] + 1 + x, frame["y"] + 1 + y


def test_a_link_of_a_network_opens_its_evidence_by_mouse(page: "Page") -> None:
    page.goto("/networks/alliances")
    page.mouse.click(*edge_on_screen(page))
    drawer = page.locator("#evidence")
    drawer.locator("h2").first.wait_for()
    assert " – " in drawer.locator("h2").first.inner_text() and drawer.locator("a[href*='/doc/passage/']").count()
    assert page.url.count("node=") == 2
    shown = page.locator("#details h2").text_content()
    page.reload()
    assert page.locator("#details h2").text_content() == shown


def test_a_link_of_a_network_opens_its_evidence_by_keyboard_and_back_leads_back(page: "Page") -> None:
    page.goto("/networks/alliances")
    page.locator("#stage").focus()
    page.evaluate("current = nodes.find((node) => node.links.length)")
    page.keyboard.press("Enter")
    node = page.locator("#details h2").inner_text()
    page.locator("#stage").focus()
    page.keyboard.press("e")
    assert page.url.count("node=") == 2 and node in page.locator("#live").inner_text()
    page.go_back()
    assert page.url.count("node=") == 1 and page.locator("#details h2").inner_text() == node
    page.locator("#stage").focus()
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    page.locator("#evidence h2").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#evidence").count() == 0


def test_a_year_is_asked_of_the_server(page: "Page") -> None:
    page.goto("/networks/memberships")
    page.locator("#year").focus()
    page.keyboard.press("ArrowRight")
    year = page.locator("#shown-year").inner_text()
    page.wait_for_url(f"**?year={year}")
    assert page.locator("#shown-year").inner_text() == year
    page.go_back()
    page.wait_for_url("**/networks/memberships")
    page.goto("/networks/themes")
    assert page.locator("#year").is_hidden()


def write(page: "Page", query: str) -> None:
    """Put a query into the editor as a user does: into CodeMirror's field, or without it into the text area."""
    page.locator("#query:visible, .cm-content").press("Control+A")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text(query)


def test_the_editor_answers_and_says_where_a_query_is_wrong(page: "Page") -> None:
    page.goto("/editor")
    write(page, "SELECT ?city { ?city a sg:City } ORDER BY ?city LIMIT 3")
    page.keyboard.press("Control+Enter")
    page.locator("#table tbody tr").nth(2).wait_for()
    assert page.locator("#table tbody tr").count() == 3
    page.reload()
    assert page.locator("#query").input_value().endswith("LIMIT 3")
    write(page, "SELECT ?city {\n ?city b }")
    page.locator("#editor [type=submit]").click()
    page.locator("#fault").wait_for()
    assert "2" in page.locator("#fault").inner_text()


def test_answers_of_the_editor_have_names_are_sorted_and_taken_as_files(page: "Page") -> None:
    page.goto("/editor?lang=it")
    write(page, "SELECT ?city ?n { VALUES (?city ?n) { (city:milan 2) (city:bologna 10) } }")
    page.keyboard.press("Control+Enter")
    cells = page.locator("#table tbody td:first-child a")
    page.get_by_role("link", name="Milano", exact=True).wait_for()
    assert cells.all_inner_texts() == ["Milano", "Bologna"] and cells.first.get_attribute("title") == "city:milan"
    page.locator("#table th button").nth(1).click()
    page.locator("#table th button").nth(1).click()
    assert cells.all_inner_texts() == ["Bologna", "Milano"]
    write(page, "ASK {}")  # what is taken is the answer that is shown
    with page.expect_download() as taken:
        page.locator("#files").get_by_role("button", name="CSV").click()
    assert taken.value.suggested_filename == "answer.csv"
    assert taken.value.path().read_text().split() == [
        "city,n",
        "https://w3id.org/solgraph/id/city/milan,2",
        "https://w3id.org/solgraph/id/city/bologna,10",
    ]
    with page.expect_download() as taken:
        page.locator("#files").get_by_role("button", name="Excel").click()
    assert taken.value.path().read_bytes()[:2] == b"PK"


def test_words_of_the_ontology_and_of_the_query_are_offered_in_the_editor(page: "Page") -> None:
    if not library("codemirror/codemirror.js"):
        missing("without npm there is no CodeMirror")
    with page.expect_response("**/terms.js"):
        page.goto("/editor")
    write(page, "")
    for typed, offered in {
        "SELECT ?town { ?town a sg:cit": "sg:City",
        " ; located": "sg:locatedIn",
        " ?to": "?town",
    }.items():
        page.keyboard.type(typed)
        page.get_by_role("option", name=offered).first.wait_for()
        page.wait_for_timeout(100)  # what is typed at once is not meant for the list
        page.keyboard.press("Tab")
    assert page.locator("#query").input_value() == "SELECT ?town { ?town a sg:City ; sg:locatedIn ?town"


def test_without_libraries_the_editor_is_a_text_area_that_answers(page: "Page") -> None:
    page.route("**/codemirror.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/editor")
    page.locator("#query").fill("ASK {}")
    page.locator("#query").press("Control+Enter")
    page.get_by_text("Yes", exact=True).wait_for()
    page.unroute_all()


def test_a_list_is_filtered_while_somebody_types(page: "Page") -> None:
    page.goto("/cities")
    rows = page.locator(".filtered li:visible")
    everything = rows.count()
    page.locator(".filter input").press_sequentially("berl")
    assert rows.all_inner_texts()[0].startswith("Berlin") and rows.count() < 5
    assert page.locator(".filter [role=status]").inner_text() == str(rows.count())
    page.locator(".filter input").fill("")
    assert rows.count() == everything


def test_two_cities_are_chosen_from_the_list_and_compared(page: "Page") -> None:
    page.goto("/cities")
    page.locator("#c-milan").check()
    page.locator("#c-bologna").check()
    page.locator(".stay [type=submit]").click()
    page.wait_for_url("**/compare?*")
    assert page.locator("main table").count()
    before = page.locator("main h1").inner_text()
    page.get_by_role("link", name="Swap").click()
    assert page.locator("main h1").inner_text() == " · ".join(reversed(before.split(" · "))) != before
    assert page.title().startswith(page.locator("main h1").inner_text())


def test_the_language_is_switched_on_the_same_page_and_kept(page: "Page") -> None:
    page.goto("/doc/city/milan")
    page.locator("a[hreflang=it]").click()
    page.wait_for_url("**/doc/city/milan")
    assert page.locator("html").get_attribute("lang") == "it"
    assert page.locator("h1").inner_text() == "Milano"
    page.goto("/cities")
    assert page.locator("html").get_attribute("lang") == "it"


# However it is read

FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return {tag: one.tagName, name: one.className, text: (one.textContent || one.name || '').trim().slice(0, 60),
    shown: outline || style.boxShadow !== 'none',
    inside: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    place: [...document.querySelectorAll('*')].indexOf(one)};
}"""


@pytest.mark.parametrize(
    "path", [PAGES[name] for name in ("home", "city", "query", "alliances", "editor", "ask", "explore")]
)
def test_with_the_keyboard_alone_every_stop_is_seen_and_in_order(path: str, page: "Page") -> None:
    page.emulate_media(reduced_motion="reduce")  # what scrolls smoothly is seen later
    page.goto(path)
    stops: list[dict[str, Any]] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY":
            break
        stops.append(stop)
    assert stops[0]["name"] == "skip"
    assert [one for one in stops if not (one["shown"] and one["inside"])] == []
    places = [one["place"] for one in stops]
    assert places == sorted(set(places))


def test_the_first_stop_leads_to_the_text(page: "Page") -> None:
    page.goto("/doc/city/milan")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", [PAGES[name] for name in ("city", "query", "alliances", "ns")])
def test_on_paper_there_is_the_text_and_no_control(path: str, page: "Page") -> None:
    page.goto(path)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("h1").is_visible()
    assert [one.get_attribute("class") for one in page.locator("nav, #q, .skip").all() if one.is_visible()] == []
    assert light(page) > 0.9
    assert page.pdf().startswith(b"%PDF")


def light(page: "Page") -> float:
    """How light the paper is: 0 is black, 1 is white."""
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return sum(float(one) for one in re.findall(r"[\d.]+", colour)[:3]) / (3 * 255)


def test_whoever_wants_it_dark_gets_it_dark(page: "Page") -> None:
    page.goto("/doc/city/milan")
    assert light(page) > 0.8
    page.emulate_media(color_scheme="dark")
    assert light(page) < 0.2


TOO_WIDE = """[...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > 321)
  .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""


def test_a_selection_is_made_without_a_new_page_shared_by_its_address_and_taken_back(page: "Page") -> None:
    page.goto("/explore")
    page.evaluate("window.same = true")
    every = page.locator("#count-h b").inner_text()
    country = page.locator(".facets").get_by_role("link", name="Italy")
    expected = country.locator(".n").inner_text()
    country.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore?country=it")
    assert page.locator("#count-h b").inner_text() == expected != every
    page.get_by_role("link", name="Table", exact=True).click()
    page.wait_for_url("**/explore?country=it&view=table")
    assert page.locator("table tbody tr").count() == int(expected)
    assert page.evaluate("window.same")
    shared = page.context.new_page()
    shared.goto(page.url)
    assert shared.locator("#count-h b").inner_text() == expected
    shared.close()
    page.go_back()
    page.locator(".card").first.wait_for()
    page.locator(".chosen a").click()
    page.wait_for_url("**/explore")
    assert page.locator("#count-h b").inner_text() == every


def test_on_a_phone_nothing_is_cut_off(page: "Page") -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    too_wide = {}
    for name, path in PAGES.items():
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            too_wide[name] = page.evaluate(TOO_WIDE)
    assert too_wide == {}


def test_the_evidence_of_the_page_itself_has_its_claim_as_heading(page: "Page") -> None:
    page.goto("/doc/programme/bologna-connettiamoci")
    page.locator("#participants-of a.evidence-of[href$='#read']").first.click()
    page.locator("#evidence .evidence").wait_for()
    headings = page.locator("#evidence h2, #evidence h3").all_inner_texts()
    assert headings[0] == page.locator("#read h3").first.inner_text()


def test_on_a_phone_a_drawing_comes_before_its_controls(page: "Page") -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/networks/alliances")
    box = page.locator("#stage").bounding_box()
    assert box and box["y"] + box["height"] < 844 and not page.locator("#search").is_visible()
    page.keyboard.press("/")
    assert page.locator("#search:focus").is_visible()


#: The visible names on a map, each with its box, how far its dot is from it (the largest beside it), and the nearest of
#: the others that are not much smaller.
NAMES_ON_MAP = """() => {
  const sides = [["left", "right", "x", "width"], ["top", "bottom", "y", "height"]];
  const away = (name, dot) => Math.hypot(...sides.map(([from, to, start, size]) => {
    const at = dot[start] + dot[size] / 2;
    return at - Math.min(Math.max(at, name[from]), name[to]);
  })) - dot.width / 2;
  const all = (selector) => [...document.querySelectorAll(`.dots ${selector}`)];
  const boxes = (selector) => all(selector).map((each) => each.getBoundingClientRect());
  const dots = boxes("circle");
  return boxes("text").filter(({ width }) => width).map((name) => {
    const near = dots.map((dot) => ({ far: away(name, dot), size: dot.width })).sort((one, two) => one.far - two.far);
    const own = near.filter(({ far }) => far < 10).sort((one, two) => two.size - one.size || one.far - two.far)[0];
    const rival = near.find((dot) => dot !== own && dot.size > 0.8 * own.size);
    return { x: name.x, y: name.y, width: name.width, height: name.height, own: own.far, rival: rival.far };
  });
}"""


@pytest.mark.parametrize("address", ["/cities", "/explore?view=map"])
@pytest.mark.parametrize("width", [1366, 390])
def test_names_on_a_map_do_not_overlap_and_each_stands_beside_one_dot(width: int, address: str, page: "Page") -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    names = page.evaluate(NAMES_ON_MAP)
    assert len(names) > 10 and "Berlin" in page.locator(".map .dots text:visible").all_text_contents()
    for one, other in combinations(names, 2):  # a box is a quarter higher than its letters
        beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        assert beside or abs(one["y"] - other["y"]) >= 0.75 * one["height"]
    for name in names:
        assert 0 < name["own"] < 10 and name["rival"] > name["own"] * 1.5, name


def test_without_scripts_the_pages_work(browser: "Browser", server: Served) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=mediolan")
    assert page.locator("main").get_by_role("link", name="Milan", exact=True).count()
    page.goto("/queries/networks-of-city?city=milan")
    assert page.locator("table.answer tbody tr").count() == 2
    context.close()


# Accessibility


@pytest.fixture(scope="module")
def source() -> str:
    return axe()


@pytest.fixture(scope="module")
def accessible(browser: "Browser", server: Served) -> Iterator["Page"]:
    """A tab in which axe-core may run."""
    context = browser.new_context(base_url=server.url, bypass_csp=True, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", list(PAGES.values()) if required() else list(PAGES.values())[::2])
def test_axe_finds_nothing(path: str, accessible: "Page", source: str) -> None:
    accessible.emulate_media(color_scheme="light")
    accessible.goto(path)
    assert violations(accessible, source) == []
    accessible.emulate_media(color_scheme="dark")
    assert violations(accessible, source, "color-contrast") == []


def test_axe_finds_nothing_in_an_editor_that_has_answered(accessible: "Page", source: str) -> None:
    accessible.goto("/editor")
    write(accessible, "SELECT ?city { ?city a sg:City } LIMIT 3")
    accessible.keyboard.press("Control+Enter")
    accessible.locator("#table tbody tr").nth(2).wait_for()
    assert violations(accessible, source) == []


def test_axe_finds_nothing_in_a_page_with_its_evidence(accessible: "Page", source: str) -> None:
    accessible.goto("/doc/city/milan")
    accessible.locator("main a.evidence-of").first.click()
    accessible.locator("#evidence h2").first.wait_for()
    assert violations(accessible, source) == []
