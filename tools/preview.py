"""Draw the picture that others show beside a link to a page: the alliances of cities on the map, 1200 × 630 pixels.

    python tools/preview.py

It is written to src/solgraph/web/assets/preview.png. Needs Chromium, the extra ``web``, playwright and Pillow.
"""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from starlette.testclient import TestClient

import solgraph
from solgraph.web.app import create

ASSETS = Path(__file__).parents[1] / "src" / "solgraph" / "web" / "assets"
_LOOK = """
body { display: block; width: 1200px; height: 630px; overflow: hidden; background: var(--sea); }
figure { position: absolute; margin: 0; left: 400px; top: -60px; width: 900px; }
figcaption { display: none; }
h1 { position: absolute; left: 56px; top: 190px; font-size: 60px; margin: 0; }
h1::first-letter { text-transform: none; }
b { color: var(--accent); }
p { position: absolute; left: 56px; top: 275px; width: 330px; font-size: 29px; line-height: 1.3; color: var(--soft); }
"""


def main() -> None:
    """Draw the picture and write it in few colours."""
    text = TestClient(create(solgraph.open())).get("/explore?view=network", headers={"Accept": "text/html"}).text
    drawing = text[text.index('<figure class="map net"') : text.index("</figure>")]
    look = "".join((ASSETS / name).read_text(encoding="utf-8") for name in ("site.css", "explore.css")) + _LOOK
    words = "<h1>sol<b>graph</b></h1><p>European cities of solidarity: who works with whom, with sources</p>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(f"<style>{look}</style>{drawing}</figure>{words}")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        browser.close()
    picture.quantize(24, dither=Image.Dither.NONE).save(ASSETS / "preview.png", optimize=True)


if __name__ == "__main__":
    main()
