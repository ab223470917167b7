"""What ten pages of the shipped data cost: bytes, requests, first paint, and time of the server.

Each page is opened with an empty cache in Debian's Chromium; kB are compressed, scripts and styles included. The time
of the server, until the last byte of the page on loopback, is given when it is asked for the page the first time, and
when it is asked again; the latter and first paint are medians of five. First paint is given as a ratio too, to that
of a page which says only that nothing is there.

python benchmarks/pages.py
"""

import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import Served, chromium, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = {
    "home": "/",
    "explorer, cards": "/explore?country=de",
    "explorer, matrix": "/explore?view=matrix",
    "explorer, map": "/explore?view=map",
    "city": "/doc/city/milan",
    "network": "/doc/network/eurocities",
    "drawing of the alliances": "/networks/alliances",
    "comparison": "/compare?city=ghent&city=utrecht",
    "question": "/ask?q=Who+was+mayor+of+Milan+in+2014%3F",
    "saved query": "/queries/networks-of-city?city=milan",
}
NOTHING = "/doc/city/nowhere"
TIMES = 5
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SIZES = "() => ['navigation', 'resource'].flatMap(performance.getEntriesByType, performance).map(e => e.transferSize)"


class Cost(NamedTuple):
    """Bytes and requests of a page; milliseconds until something is seen, and until the server has answered."""

    transferred: int
    requests: int
    paint: float
    first: float
    again: float


def cost(browser: "Browser", server: Served, path: str) -> Cost:
    """Open a page several times, each time as somebody who has never been here."""
    first, paints, answers, sizes = seconds(server, path), [], [], []
    for _ in range(TIMES):
        context = browser.new_context(base_url=server.url, locale="en-GB")
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        page.wait_for_function(PAINT)
        paints.append(page.evaluate(PAINT))
        sizes = page.evaluate(SIZES)
        context.close()
        answers.append(seconds(server, path))
    return Cost(sum(sizes), len(sizes), statistics.median(paints), first * 1000, statistics.median(answers) * 1000)


def seconds(server: Served, path: str) -> float:
    start = time.perf_counter()
    server.ask(path, accept="text/html")
    return time.perf_counter() - start


def main() -> None:
    with chromium() as browser, served(SOLGRAPH_DATA="") as server:
        cost(browser, server, NOTHING)  # the browser and the server have started, names are loaded
        least = cost(browser, server, NOTHING)
        print("page                       kB   requests   first paint     server: first   again")
        for name, path in PAGES.items():
            of = cost(browser, server, path)
            print(
                f"{name:24} {of.transferred / 1000:5.0f} {of.requests:10} {of.paint:7.0f} ms "
                f"{of.paint / least.paint:4.1f}x {of.first:12.0f} ms {of.again:5.0f} ms"
            )


if __name__ == "__main__":
    main()
