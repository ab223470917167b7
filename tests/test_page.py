"""The page of a network, driven in a real browser: Playwright with Debian's Chromium.

Where either is missing these tests are skipped, unless ``SOLGRAPH_ENGINES=required``.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx
import pytest

import solgraph
from solgraph.networks.drawing import page

HOSTILE = "</script><img src=x onerror='window.hacked=1'><!-- \u2028 @data@ &lt;"
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def network() -> Any:
    """Four cities and two networks, with dated and undated links."""
    graph = networkx.MultiGraph(name="test", description="Cities and networks", reads="the city belongs to the network")
    for slug, label, country, lat, long in (
        ("milan", "Milano", "Italy", 45.46, 9.19),
        ("bologna", "Bologna", "Italy", 44.49, 11.34),
        ("cadiz", "Cádiz", "Spain", 36.53, -6.29),
        ("berlin", "Berlin", "Germany", 52.52, 13.41),
    ):
        graph.add_node(f"city:{slug}", label=label, kind="City", country=country, lat=lat, long=long)
    graph.add_node(
        "network:harbours", label="Safe Harbours", kind="Network", iri="https://w3id.org/solgraph/id/network/h"
    )
    graph.add_node("network:letters", label="Letters", kind="Network", iri="javascript:alert(1)")
    graph.add_edge("city:milan", "network:harbours", since=2015, until=2018, evidence="Report A, section 2")
    graph.add_edge("city:cadiz", "network:harbours", since=2019, evidence="Report B, page 7")
    graph.add_edge("city:berlin", "network:harbours", not_before=2016, evidence="Report C")
    graph.add_edge("city:bologna", "network:letters", until=2016, evidence="Report D")
    graph.add_edge("city:bologna", "network:letters", since=2020, evidence="Report E")
    return graph


@pytest.fixture(scope="module")
def tab_with(browser: Any) -> Iterator[Callable[..., Any]]:
    """A tab with settings, made once, which takes a third of the time of a new one."""

    @cache
    def make(settings: str) -> Any:
        return browser.new_context(**{"viewport": {"width": 1300, "height": 850}, **json.loads(settings)}).new_page()

    yield lambda settings: make(json.dumps(settings))


@pytest.fixture
def opened(tab_with: Callable[..., Any], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a network as a page; at the end no page has complained or asked anybody for anything."""
    complaints: list[str] = []
    tabs: list[Any] = []

    def asked(request: Any) -> None:
        if not request.url.startswith(tmp_path.as_uri()):
            complaints.append(f"asked for {request.url}")

    listeners: dict[str, Callable[[Any], None]] = {
        "console": lambda message: complaints.append(message.text),
        "pageerror": lambda error: complaints.append(str(error)),
        "request": asked,
    }

    def open(graph: Any, **settings: Any) -> Any:
        file = tmp_path / f"{len(tabs)}.html"
        file.write_text(page.html(graph), encoding="utf-8")
        tab = tab_with(settings)
        tabs.append(tab)
        for event, listener in listeners.items():
            tab.on(event, listener)
        tab.goto(file.as_uri())
        if settings.get("java_script_enabled", True):
            tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return tab

    yield open
    for tab in tabs:
        for event, listener in listeners.items():
            tab.remove_listener(event, listener)
        tab.goto("about:blank")
        tab.mouse.move(0, 0)
    assert complaints == []


def status(tab: Any) -> str:
    return str(tab.inner_text("#status"))


def spot(tab: Any, node: int) -> tuple[float, float]:
    """Where a node is on the screen."""
    frame = tab.locator("#stage").bounding_box()
    x, y = tab.evaluate(f"toScreen(nodes[{node}])")
    return frame["x"] + 1 + x, frame["y"] + 1 + y


def unfold(tab: Any, which: str) -> None:
    """Open one of the lists and wait for its rows."""
    tab.click(f"{which} summary")
    tab.locator(f"{which} tbody tr").first.wait_for()


def middle(tab: Any, one: int, other: int) -> tuple[float, float]:
    (x, y), (u, v) = spot(tab, one), spot(tab, other)
    return (x + u) / 2, (y + v) / 2


def test_search_finds_milano(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    tab.keyboard.press("/")
    tab.keyboard.type("milano")
    assert tab.locator("#matches li").all_inner_texts() == ["Milano"]
    tab.keyboard.press("Enter")
    assert tab.inner_text("#details h2") == "Milano"
    assert "Report A, section 2" in tab.inner_text("#details") and "Years: 2015–2018" in tab.inner_text("#details")
    assert tab.evaluate("document.activeElement.id") == "stage"
    for wanted in ("MILÁN", "ilan"):
        tab.fill("#search", wanted)
        assert tab.locator("#matches li").all_inner_texts() == ["Milano"]


def test_search_takes_the_best_name_first_and_says_when_there_is_none(opened: Callable[..., Any]) -> None:
    graph = networkx.Graph()
    graph.add_nodes_from((name, {"label": name}) for name in ("New Bath", "Bath Spa", "Bath", "Milan"))
    tab = opened(graph)
    tab.fill("#search", "bath")
    assert tab.locator("#matches li").all_inner_texts() == ["Bath", "Bath Spa", "New Bath"]
    tab.fill("#search", "milano")
    assert tab.locator("#matches li").all_inner_texts() == ["Milan"]
    tab.fill("#search", "xyz")
    assert tab.locator("#matches li").all_inner_texts() == ["Nothing has this name."]


def test_a_year_hides_links_and_undated_ones_can_be_left_out(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    assert status(tab) == "6 of 6 nodes, 5 of 5 links."
    assert tab.inner_text("#shown-year") == "all years"
    tab.focus("#year")
    tab.keyboard.press("ArrowRight")
    assert status(tab) == "6 of 6 nodes, 2 of 5 links.", "2015: before the bound of the third"
    for _ in range(2):
        tab.keyboard.press("ArrowRight")
    assert tab.get_attribute("#year", "aria-valuetext") == tab.inner_text("#shown-year") == "2017"
    assert status(tab) == "6 of 6 nodes, 2 of 5 links."
    tab.uncheck("#undated")
    assert status(tab) == "6 of 6 nodes, 1 of 5 links."
    unfold(tab, "#links")
    assert tab.locator("#links tbody tr").all_inner_texts()[0].split("\t")[:3] == [
        "Milano",
        "Safe Harbours",
        "2015–2018",
    ]


def tops(tab: Any) -> dict[str, str]:
    """The nodes with most ties, and how many."""
    items = (item.inner_text().split() for item in tab.locator("#tops li").all())
    return {words[0]: words[-1] for words in items}


def test_most_ties_are_those_that_are_shown(opened: Callable[..., Any]) -> None:
    """By hand: Harbours has three cities, in 2017 two; two ties of Bologna with Letters are one neighbour."""
    graph = network()
    for *_, edge in graph.edges(data=True):
        edge["weight"] = 5
    tab = opened(graph)
    assert (tops(tab)["Safe"], tops(tab)["Letters"]) == ("3", "1")
    tab.evaluate("document.getElementById('year').value = 2017; filter()")
    assert tops(tab) == {"Safe": "2", "Milano": "1", "Berlin": "1"}


@pytest.mark.parametrize("is_certain", [True, False])
def test_a_year_shows_what_the_same_year_selects(is_certain: bool, opened: Callable[..., Any]) -> None:
    """A member since 2019 that was seen in 2017 and 2018: not excluded then, and never certain."""
    graph = networkx.Graph(name="test", **({"selection": "certain"} if is_certain else {}))
    graph.add_edge("city:berlin", "network:cities", since=2019, active="2017; 2018")
    graph.add_edge("city:milan", "network:cities", since=2016, until=2018)
    tab = opened(graph)
    for year, links in ((2016, 1), (2017, 1 if is_certain else 2), (2018, 1 if is_certain else 2), (2019, 1)):
        tab.evaluate(f"document.getElementById('year').value = {year}; filter()")
        assert status(tab).endswith(f", {links} of 2 links."), year


def test_what_was_seen_is_dated_in_the_year_in_which_it_was_seen(opened: Callable[..., Any]) -> None:
    graph = networkx.Graph(name="test")
    graph.add_edge("city:berlin", "network:cities", active="2015; 2017")
    graph.add_edge("city:milan", "network:cities", since=2014, until=2018)
    graph.add_edge("city:cadiz", "network:cities")
    tab = opened(graph)
    tab.uncheck("#undated")
    for year, links in ((2015, 2), (2016, 1), (2017, 2)):
        tab.evaluate(f"document.getElementById('year').value = {year}; filter()")
        assert status(tab).endswith(f", {links} of 3 links."), year


def test_nodes_have_years_too(opened: Callable[..., Any]) -> None:
    graph = network()
    graph.nodes["network:harbours"]["since"] = "2018-05"
    tab = opened(graph)
    tab.evaluate("document.getElementById('year').value = 2016; filter()")
    assert status(tab) == "5 of 6 nodes, 1 of 5 links."


def test_a_country_shows_its_nodes_and_those_linked_with_them(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    assert tab.locator("#country option").all_inner_texts() == ["all countries", "Germany", "Italy", "Spain"]
    tab.select_option("#country", "Italy")
    assert status(tab) == "4 of 6 nodes, 3 of 5 links; Italy and those linked with it."


def test_the_keyboard_is_enough(opened: Callable[..., Any]) -> None:
    tab = opened(network(), viewport={"width": 1300, "height": 850})
    for _ in range(20):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.id") == "stage":
            break
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.keyboard.press("ArrowRight")
    first = tab.inner_text("#live")
    assert first.startswith("Safe Harbours, Network, 3 links")
    said = set()
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowUp"):
        tab.keyboard.press(key)
        said.add(tab.inner_text("#live"))
    assert len(said) > 1
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "details"
    tab.keyboard.press("Escape")
    assert tab.evaluate("document.activeElement.id") == "stage" and tab.inner_text("#details") == ""


def test_every_node_is_reached_by_arrows(opened: Callable[..., Any], frozen: solgraph.Knowledge) -> None:
    tab = opened(frozen.network("alliances"))
    count = tab.evaluate("""() => {
      const seen = new Set(), walk = (node) => {
        if (seen.has(node)) return;
        seen.add(node);
        for (const way of [[1, 0], [-1, 0], [0, 1], [0, -1]]) { current = node; step(...way); walk(current); }
      };
      step(1, 0);
      walk(current);
      return seen.size;
    }""")
    assert count == 28


def test_keys_and_buttons_zoom(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    whole = tab.evaluate("view.scale")
    tab.focus("#stage")
    tab.keyboard.press("+")
    tab.click("#in")
    assert tab.evaluate("view.scale") == pytest.approx(whole * 1.69)
    tab.focus("#stage")
    tab.keyboard.press("-")
    assert tab.evaluate("view.scale") == pytest.approx(whole * 1.3)
    tab.keyboard.press("0")
    assert tab.evaluate("view.scale") == pytest.approx(whole)
    tab.mouse.move(*spot(tab, 0))
    tab.mouse.wheel(0, -300)
    tab.wait_for_function(f"view.scale > {whole * 1.2}")


def test_hovering_tells_the_evidence_and_clicking_opens_it(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    tab.mouse.move(*middle(tab, 2, 4))
    assert tab.inner_text("#tip").splitlines() == [
        "Cádiz – Safe Harbours",
        "Years: 2019–",
        "Evidence: Report B, page 7",
    ]
    tab.mouse.move(*spot(tab, 0))
    assert tab.inner_text("#tip").splitlines() == ["Milano", "City, Italy", "1 link"]
    tab.mouse.click(*middle(tab, 2, 4))
    assert "Report B, page 7" in tab.inner_text("#details")
    tab.click("#details dd button >> nth=1")
    assert tab.inner_text("#details h2") == "Safe Harbours"
    assert tab.locator("#details a").get_attribute("href").startswith("https://w3id.org/")


def test_nodes_and_the_whole_can_be_dragged(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    (x, y), (u, v) = spot(tab, 0), spot(tab, 3)
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x + 30, y + 40, steps=4)
    tab.mouse.up()
    assert spot(tab, 0) == pytest.approx((x + 30, y + 40), abs=1)
    assert spot(tab, 3) == pytest.approx((u, v), abs=1)
    frame = tab.locator("#stage").bounding_box()
    tab.mouse.move(frame["x"] + 10, frame["y"] + 10)
    tab.mouse.down()
    tab.mouse.move(frame["x"] + 60, frame["y"] + 30, steps=4)
    tab.mouse.up()
    assert spot(tab, 3) == pytest.approx((u + 50, v + 20), abs=1)


def test_layout_colour_and_size_are_chosen(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    assert tab.input_value("#layout") == "force" and tab.input_value("#colour") == "kind"
    assert tab.locator("#legend li").all_inner_texts() == ["City (4)", "Network (2)"]
    tab.select_option("#colour", "country")
    assert tab.locator("#legend li").all_inner_texts() == [
        "Italy (2)",
        "Germany (1)",
        "Spain (1)",
        "other or unknown (2)",
    ]
    tab.select_option("#colour", "community")
    assert tab.locator("#legend li").count() == 2
    tab.select_option("#size", "betweenness")
    sizes = tab.evaluate("nodes.map((node) => node.r)")
    assert max(sizes) == sizes[4] and sizes[0] == min(sizes)
    before = spot(tab, 0)
    tab.select_option("#layout", "map")
    assert spot(tab, 0) != before
    south = [spot(tab, n)[1] for n in range(6)]
    assert min(south) == south[3] and min(south[4:]) > max(south[:4])


def test_lists_say_the_same_as_the_drawing(opened: Callable[..., Any]) -> None:
    tab = opened(network())
    unfold(tab, "#nodes")
    rows = [row.split("\t") for row in tab.locator("#nodes tbody tr").all_inner_texts()]
    assert [row[0] for row in rows] == ["Milano", "Bologna", "Cádiz", "Berlin", "Safe Harbours", "Letters"]
    assert rows[4][1:] == ["Network", "", "3"]
    unfold(tab, "#links")
    assert tab.locator("#links tbody tr").count() == 5
    assert "Report E" in tab.inner_text("#links tbody")
    tab.click("#nodes tbody button >> nth=2")
    assert tab.inner_text("#details h2") == "Cádiz" and tab.evaluate("document.activeElement.id") == "details"


def test_the_city_comes_first_in_a_link_without_direction() -> None:
    graph = networkx.Graph()
    graph.add_node("city:a", kind="city")
    graph.add_node("network:n", kind="network")
    graph.add_node("city:b", kind="city")
    graph.add_edges_from([("city:b", "network:n"), ("network:n", "city:a")])
    assert [ends for *ends, _ in page._edges(graph)] == [["city:a", "network:n"], ["city:b", "network:n"]]
    assert [ends for *ends, _ in page._edges(graph.to_directed())][1] == ["network:n", "city:b"]


def test_long_lists_come_in_parts(opened: Callable[..., Any]) -> None:
    tab = opened(networkx.relabel_nodes(networkx.complete_graph(30), str))
    unfold(tab, "#links")
    assert tab.locator("#links tbody tr").count() == 200
    tab.click("#links > button")
    tab.click("#links > button")
    assert tab.locator("#links tbody tr").count() == 435 and tab.locator("#links > button").is_hidden()


def hostile() -> Any:
    graph = networkx.DiGraph(name=HOSTILE, description=HOSTILE, reads=HOSTILE, notes=HOSTILE, selection=HOSTILE)
    graph.add_node(
        "a", label=HOSTILE, kind=HOSTILE, country=HOSTILE, iri="javascript:window.hacked=1", **{"x<b>": HOSTILE}
    )
    graph.add_node("b", label="__proto__", kind="constructor", country="toString")
    graph.add_edge("a", "b", evidence=HOSTILE, since=HOSTILE, weight="heavy")
    graph.add_edge("b", "b", weight=float("nan"))
    return graph


def test_hostile_text_stays_text(opened: Callable[..., Any]) -> None:
    tab = opened(hostile())
    tab.fill("#search", "script")
    tab.press("#search", "Enter")
    assert tab.inner_text("#details h2").split() == HOSTILE.split()
    unfold(tab, "#nodes")
    unfold(tab, "#links")
    tab.mouse.move(*middle(tab, 0, 1))
    assert tab.locator("img").count() == 0 and tab.locator("#details a").count() == 0
    assert tab.evaluate("window.hacked") is None
    assert tab.inner_text("h1").split() == HOSTILE.split()


def test_what_slips_in_cannot_run(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page.html(network()), encoding="utf-8")
    tab = browser.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(file.as_uri())
    tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked=1\">')")
    tab.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.hacked=1'}))"
    )
    tab.evaluate("fetch('https://example.org/').catch(() => 0)")
    tab.wait_for_timeout(200)
    assert tab.evaluate("window.hacked") is None
    assert sum("Content Security Policy" in line for line in said) >= 3
    tab.close()


@pytest.mark.parametrize("view", ["alliances", "memberships"])
@pytest.mark.parametrize("settings", [{}, PHONE, {"color_scheme": "dark"}], ids=["desktop", "phone", "dark"])
def test_shipped_networks_fit_every_screen(
    opened: Callable[..., Any], frozen: solgraph.Knowledge, view: str, settings: dict[str, Any]
) -> None:
    tab = opened(frozen.network(view), **settings)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame = tab.locator("#stage").bounding_box()
    for x, y in tab.evaluate("nodes.map(toScreen)"):
        assert 0 < x < frame["width"] and 0 < y < frame["height"]
    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(20, 24, 29)" if settings.get("color_scheme") == "dark" else "rgb(255, 255, 255)")
    assert (
        tab.evaluate("new Set(new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size")
        > 20
    )


@pytest.mark.parametrize(
    "graph",
    [
        networkx.Graph(),
        networkx.empty_graph(["a"]),
        networkx.MultiDiGraph([("a", "b"), ("a", "b"), ("b", "a"), ("a", "a")]),
        networkx.Graph([("a", "b", {"weight": -1})]),
        networkx.Graph([("a", "b", {"weight": 0.25}), ("b", "c", {"weight": 0.5})]),
    ],
    ids=["empty", "one", "loops", "negative", "fractions"],
)
def test_odd_networks_have_pages(opened: Callable[..., Any], graph: Any) -> None:
    tab = opened(graph)
    assert status(tab).startswith(f"{len(graph)} of {len(graph)} nodes, ")
    assert tab.locator("#year").is_hidden()
    tab.focus("#stage")
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        tab.keyboard.press(key)


def test_dense_networks_stay_quick(opened: Callable[..., Any]) -> None:
    graph = networkx.relabel_nodes(networkx.gnm_random_graph(300, 20_000, seed=1), str)
    tab = opened(graph)
    assert status(tab) == "300 of 300 nodes, 20,000 of 20,000 links."
    assert (
        tab.evaluate("(() => { const start = performance.now(); draw(); return performance.now() - start; })()") < 3000
    )


def test_without_javascript_the_links_are_a_table(opened: Callable[..., Any]) -> None:
    tab = opened(network(), java_script_enabled=False)
    assert tab.locator("noscript tbody tr").count() == 5
    assert "Report A, section 2" in tab.inner_text("noscript") and "2015–2018" in tab.inner_text("noscript")
    assert not tab.is_visible("#app")


def test_the_table_without_javascript_has_an_end() -> None:
    written = page.html(networkx.relabel_nodes(networkx.complete_graph(70), str))
    assert written.count("<tr><td>") == 500 and "the first 500 of 2,415" in written


class Elements(HTMLParser):
    """The elements of a page and the data in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs), (tag, attrs)


def test_the_page_is_one_file_with_two_scripts() -> None:
    written = page.html(hostile())
    assert Elements(written).tags.count("script") == 2
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', written, re.DOTALL)
    assert data and json.loads(data[1])["nodes"][0]["label"] == HOSTILE
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg|w3id\.org)", written)


def test_the_same_network_is_the_same_page() -> None:
    assert page.html(network()) == page.html(network())
