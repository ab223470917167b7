"""The site as files: complete, the same every time, and without a dead link."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pyoxigraph
import pytest
from click.testing import CliRunner
from minify_html import minify
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

import solgraph
from browser import hosted
from conftest import SMALL
from programs import required
from solgraph.cli.main import main
from solgraph.errors import SolgraphError, WrongUse
from solgraph.web.rendering import path as page_of
from solgraph.web.settings import Settings
from solgraph.web.site import files as site
from solgraph.web.site import folder, plan, translations
from solgraph.web.site.folder import MANIFEST
from solgraph.web.site.processes import in_processes
from web import alternates, locations, set_by

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as BrowserPage

# A small application


def href(request: Request, where: str, **query: str) -> str:
    return str(request.scope["solgraph.relative"](where, query))


async def page(request: Request) -> Response:
    """A page that links to whatever the tests want, and says its language."""
    links = [f'<a href="{href(request, where, **query)}">{where}</a>' for where, query in request.app.state.links]
    status = 404 if request.url.path == "/404" else 200
    language = request.headers["accept-language"]
    text = f'<html lang="{language}"><h1 id="top">{request.url.path} {dict(request.query_params)}</h1>{links}</html>'
    return HTMLResponse(text, status, {"Vary": "Accept, Accept-Language"})


async def broken(request: Request) -> Response:
    return PlainTextResponse("the data are bad", 500)


async def streamed(request: Request) -> Response:
    return StreamingResponse(iter(["a\n", "1\n"]), media_type="text/csv")


def application(kg: solgraph.Knowledge, settings: Settings, *links: tuple[str, dict[str, str]]) -> Starlette:
    routes = [
        *(
            Route(path, page)
            for path in ("/", "/404", "/doc/city/milan", "/doc/passage/a-2.3", "/list", "/queries/list")
        ),
        Route("/rows.csv", streamed),
        Route("/large.csv", lambda request: PlainTextResponse("a\n" + "1\n" * site._LARGE, media_type="text/csv")),
        Route("/vocab", lambda request: Response("<a> <b> <c> .", media_type="text/turtle")),
        Route("/old", lambda request: RedirectResponse(f"{settings.base_url}/list?page=2")),
        Route("/broken", broken),
    ]
    app = Starlette(routes=routes)
    app.state.settings, app.state.links = settings, links
    return app


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: solgraph.Knowledge) -> Callable[..., Any]:
    """Writes the site of an application whose pages have these links; gives the report."""
    monkeypatch.setattr(site, "_things", lambda kg, planned: ())
    monkeypatch.setattr(site, "_assets", lambda: ())
    monkeypatch.setattr(site, "minify", str)

    def make(*links: str | tuple[str, dict[str, str]], base_url: str = "") -> site.Report:
        told = [(one, {}) if isinstance(one, str) else one for one in links]
        create = lambda kg, settings: application(kg, settings, *told)  # noqa: E731
        return site.write(create, small, Settings(base_url=base_url), tmp_path / "out")

    return make


def links_of(path: Path) -> dict[str, str]:
    """What is written → where it leads."""
    return {text: where for where, text in re.findall('<a href="([^"]*)">([^<]*)<', path.read_text(encoding="utf-8"))}


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_page_becomes_a_file_in_every_language(made: Callable[..., Any], tmp_path: Path) -> None:
    report = made("/doc/city/milan")
    pages = {"index.html", "404.html", "doc/city/milan.html"}
    trees = {f"{language}/{name}" for language in ("de", "it", "pl") for name in pages}
    assert names(tmp_path / "out") == pages | trees | {".nojekyll", "moved-data.js", "_redirects", MANIFEST}
    assert 'lang="pl"' in (tmp_path / "out/pl/doc/city/milan.html").read_text()
    assert report.ok and (report.files, report.written, report.removed) == (15, 15, 0)


def test_what_is_the_same_in_all_languages_is_written_once(made: Callable[..., Any], tmp_path: Path) -> None:
    made("/rows.csv", "/vocab")
    assert {"rows.csv", "vocab.ttl"} < names(tmp_path / "out")
    assert (tmp_path / "out/rows.csv").read_text() == "a\n1\n"
    assert links_of(tmp_path / "out/de/index.html") == {"/rows.csv": "../rows.csv", "/vocab": "../vocab.ttl"}


def test_a_large_table_is_compressed(made: Callable[..., Any], tmp_path: Path) -> None:
    made("/large.csv")
    assert links_of(tmp_path / "out/pl/index.html") == {"/large.csv": "../large.csv.gz"}
    assert gzip.decompress((tmp_path / "out/large.csv.gz").read_bytes()).startswith(b"a\n1\n1\n")
    assert "large.csv" not in names(tmp_path / "out")


def test_a_shorter_page_says_the_same(whole: Path) -> None:
    for name in ("doc/city/ardea.html", "networks/alliances.html", "queries/cities.html"):
        text = (whole / name).read_text(encoding="utf-8")
        shorter = minify(text)
        assert len(shorter.encode()) < 0.97 * len(text.encode())
        assert (Page(shorter).targets, Page(shorter).ids) == (Page(text).targets, Page(text).ids)
        queries = [re.findall("(?s)<pre[^>]*>(.*?)</pre>", each) for each in (shorter, text)]
        assert [*map(unescape, queries[0])] == [*map(unescape, queries[1])]


def test_scripts_of_another_language_change_the_english_one() -> None:
    english = {"a": [1, ["b", "c"]], "d": "e", "g": ["l", "l", "e", "e"]}
    german = {"a": [1, ["b", "x"]], "d": "../e", "g": ["r", "r", "e", "../e"], "f": [2]}
    words, changes = {"l": "r"}, {"a": {1: {1: ["x"]}}, "d": 1, "g": {3: 1}, "f": [[2]]}
    assert translations.repeated(english, german) == words
    assert translations.difference(english, german, words) == changes
    assert (
        translations.difference([1], [1, 2], {}) == [[1, 2]] and translations.difference(english, english, {}) is None
    )
    scripts = [f"var a = {json.dumps(each)};\n".encode() for each in (english, german)]
    text = translations.shortened(*scripts).decode()
    assert text.startswith('var a = changed(a, {"a":') and text.endswith(',"f":[[2]]}, {"l":"r"});\n')
    assert set_by(translations.shortened(*scripts, is_packed=True).decode()) == [json.loads(json.dumps(changes)), words]
    assert set_by(translations.shortened(scripts[0], scripts[0], is_packed=True).decode()) == english
    assert translations.shortened(b"var a = {b: 1};\n", b"var a = {b: 2};\n") == b"var a = {b: 2};\n"


def test_links_are_relative(made: Callable[..., Any], tmp_path: Path) -> None:
    made("/", "/doc/city/milan", "/doc/passage/a-2.3#top")
    assert links_of(tmp_path / "out/it/doc/city/milan.html") == {
        "/": "../../index.html",
        "/doc/city/milan": "milan.html",
        "/doc/passage/a-2.3#top": "../passage/a-2.3.html#top",
    }
    made("/doc/city/milan#top")
    assert links_of(tmp_path / "out/doc/city/milan.html") == {"/doc/city/milan#top": "#top"}


def test_a_thing_is_linked_to_by_its_document(made: Callable[..., Any], tmp_path: Path) -> None:
    made("/id/city/milan")
    assert links_of(tmp_path / "out/index.html") == {"/id/city/milan": "doc/city/milan.html"}


def test_a_redirect_is_followed(made: Callable[..., Any], tmp_path: Path) -> None:
    for base_url in ("", "https://example.org/graph"):
        assert made("/old", base_url=base_url).ok
        assert links_of(tmp_path / "out/de/index.html") == {"/old": "list~page=2.html"}


def test_the_switch_of_languages_leads_to_another_tree(made: Callable[..., Any], tmp_path: Path) -> None:
    made(("/list", {"lang": "de"}))
    assert links_of(tmp_path / "out/list.html") == {"/list": "de/list.html"}
    assert links_of(tmp_path / "out/de/list.html") == {"/list": "list.html"}
    made(("/list", {"lang": "en"}))
    assert links_of(tmp_path / "out/de/list.html") == {"/list": "../list.html"}


def test_words_of_a_query_are_left_out_unless_they_turn_a_page(made: Callable[..., Any], tmp_path: Path) -> None:
    made(("/list", {"city": "x"}), ("/doc/city/milan", {"page": "2"}))
    assert links_of(tmp_path / "out/index.html") == {
        "/list": "list.html",
        "/doc/city/milan": "doc/city/milan~page=2.html",
    }
    assert "{'page': '2'}" in (tmp_path / "out/doc/city/milan~page=2.html").read_text()
    made(("/list", {"page": "../ä"}))
    (name,) = (one for one in names(tmp_path / "out") if one.startswith("list~"))
    assert re.fullmatch(r"list~page=..--[0-9a-f]{8}\.html", name)


def test_values_of_a_saved_query_make_a_page_of_their_own(made: Callable[..., Any], tmp_path: Path) -> None:
    made(("/queries/list", {"city": ["x", "y"], "page": 2, "lang": "de"}))
    assert links_of(tmp_path / "out/index.html") == {
        "/queries/list": "de/queries/list~city=x-city=y-page=2-f8f0ff55.html"
    }
    assert (
        "{'city': 'y', 'page': '2'}" in (tmp_path / "out/queries/list~city=x-city=y-page=2-f8f0ff55.html").read_text()
    )


def test_the_first_page_is_the_page(made: Callable[..., Any], tmp_path: Path) -> None:
    made(("/list", {"page": "1"}))
    assert links_of(tmp_path / "out/index.html") == {"/list": "list.html"}


def test_a_dead_link_is_reported_with_the_page_that_has_it(made: Callable[..., Any], tmp_path: Path) -> None:
    report = made("/nothing", "/../up", "/a//b", "/a\\b")
    assert not report.ok
    assert report.text(Path("out")).splitlines()[1:] == [
        f"{path} does not exist; /404 links to it" for path in ("/../up", "/a//b", "/a\\b", "/nothing")
    ]
    assert set(links_of(tmp_path / "out/de/index.html").values()) == {"404.html"}
    assert names(tmp_path) == {f"out/{name}" for name in names(tmp_path / "out")}


def test_an_error_of_the_server_ends_it_and_nothing_is_written(made: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(SolgraphError, match="/broken cannot be made: the data are bad"):
        made("/broken")
    assert not (tmp_path / "out").exists()


def test_the_address_of_the_site_gives_a_sitemap_and_a_404_page_for_any_depth(
    made: Callable[..., Any], tmp_path: Path
) -> None:
    made("/list#top", base_url="https://example.org/graph/")
    sitemap = (tmp_path / "out/sitemap.xml").read_text()
    assert "<loc>https://example.org/graph/de/list.html</loc>" in sitemap
    assert "404" not in sitemap and sitemap.count("<loc>") == 8
    assert links_of(tmp_path / "out/404.html") == {"/list#top": "/graph/list.html#top"}
    assert links_of(tmp_path / "out/de/404.html") == {"/list#top": "/graph/de/list.html#top"}


# The folder


def test_what_has_not_changed_is_left_alone(made: Callable[..., Any], tmp_path: Path) -> None:
    made("/list")
    for name in names(tmp_path / "out"):
        os.utime(tmp_path / "out" / name, (1, 1))
    assert made("/list").text(Path("out")).endswith("0 written, 0 removed")
    assert {(tmp_path / "out" / name).stat().st_mtime for name in names(tmp_path / "out")} == {1}
    assert made("/list", "/vocab").written == 13
    assert (tmp_path / "out/.nojekyll").stat().st_mtime == 1


def test_what_is_no_longer_made_is_removed_and_nothing_else(made: Callable[..., Any], tmp_path: Path) -> None:
    made("/doc/city/milan", "/list")
    for mine in ("doc/mine.txt", ".git/config", "CNAME"):
        (tmp_path / "out" / mine).parent.mkdir(exist_ok=True)
        (tmp_path / "out" / mine).write_text("mine")
    assert made("/list").removed == 4
    left = names(tmp_path / "out")
    assert {"doc/mine.txt", ".git/config", "CNAME"} < left and not (tmp_path / "out/doc/city").exists()
    assert not (tmp_path / "out/de/doc").exists()


def test_a_folder_with_other_things_is_refused(made: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.doc").write_text("mine")
    with pytest.raises(WrongUse, match="holds other files"):
        made("/list")
    assert names(tmp_path / "out") == {"thesis.doc"}
    (tmp_path / "out/thesis.doc").rename(tmp_path / "out/.git")
    assert made("/list").ok


def test_a_file_in_the_place_of_the_folder_is_refused(made: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(WrongUse, match="is a file"):
        made("/list")


def test_a_file_of_somebody_else_is_not_overwritten(made: Callable[..., Any], tmp_path: Path) -> None:
    made("/")
    (tmp_path / "out/list.html").write_text("mine")
    with pytest.raises(WrongUse, match="is not of an earlier site"):
        made("/list")
    assert (tmp_path / "out/list.html").read_text() == "mine"


@pytest.mark.parametrize("name", ["../mine", "link/mine", "/mine", "a/../../mine", ".."])
def test_a_manifest_that_was_tampered_with_removes_nothing_outside(
    name: str, made: Callable[..., Any], tmp_path: Path
) -> None:
    made("/")
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "out/link").symlink_to(tmp_path)
    with (tmp_path / "out" / MANIFEST).open("a") as file:
        file.write(f"{tmp_path if name == '/mine' else ''}{name}\n")
    assert made("/").removed == 0
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_site_that_was_interrupted_forgets_no_file_of_its_own(
    made: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made("/list")
    with monkeypatch.context() as patched:
        patched.setattr(folder, "_remove", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            made("/doc/city/milan")
    assert made("/").removed == 8
    assert names(tmp_path / "out") == set((tmp_path / "out" / MANIFEST).read_text().split()) | {MANIFEST}


INTERRUPTED = """
import sys, time
from pathlib import Path
from solgraph.cli.main import main
from solgraph.web.site import files as site

def replace(beside, path):
    print("writing", flush=True)
    time.sleep(60)

everything, Path.replace = site.Crawl._await, replace
site.Crawl._await = lambda crawl, address, by: everything(crawl, address, by) if address.path in ("/", "/404") else None
main(["site", "--data", *sys.argv[1:]])
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_site_that_is_ended_leaves_no_part(number: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, SMALL, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout and process.stdout.readline() == b"writing\n"
        assert len(list(tmp_path.rglob("*.part"))) == 1
        process.send_signal(number)
        assert process.wait(60) != 0
    assert not list(tmp_path.rglob("*.part"))
    assert folder.earlier_files(tmp_path) == set()


# The real site


class Page(HTMLParser):
    """What a page links to, and what can be linked to on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.ids: set[str] = set()
        self.repeated: set[str] = set()
        self.language = ""
        self.feed(text)
        self.targets |= set(styled(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.repeated |= {told["id"]} & self.ids if "id" in told else set()
        self.ids |= {told[name] for name in ("id", "name") if name in told}
        self.targets |= {told[name] for name in ("href", "src", "action", "poster") if name in told} | {
            *told.get("data-names", "").split()
        }
        self.targets |= {one.split()[0] for one in told.get("srcset", "").split(",") if one.strip()}
        if tag == "html":
            self.language = told.get("lang", "")


def styled(text: str) -> list[str]:
    """What style sheets name."""
    return [found.strip("'\" ") for found in re.findall(r"url\(([^)]*)\)", text)]


def dead_links(out: Path) -> list[str]:
    """Every link of all pages and style sheets that leads to no file, or to no place on its page."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in out.rglob("*.html")}
    dead = []
    for path, page in pages.items():
        dead += [
            f"{path.relative_to(out)}: {one}" for one in page.targets if not leads_somewhere(one, path, out, pages)
        ]
    for path in out.rglob("*.css"):
        named = styled(path.read_text(encoding="utf-8"))
        dead += [f"{path.relative_to(out)}: {one}" for one in named if not leads_somewhere(one, path, out, pages)]
    return sorted(dead)


def leads_somewhere(target: str, path: Path, out: Path, pages: Mapping[Path, Page]) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return parts.scheme in ("http", "https", "data", "mailto")
    if target.startswith("/"):
        return path.name == "404.html" and is_there(out / parts.path.removeprefix("/solgraph/"))
    file = path if not parts.path else Path(os.path.normpath(path.parent / unquote(parts.path)))
    return is_there(file) and (not parts.fragment or file not in pages or unquote(parts.fragment) in pages[file].ids)


@cache
def is_there(path: Path) -> bool:
    return path.is_file()


#: What takes long and shows no more than the rest: most concepts, queries and networks.
LEFT_OUT = re.compile(
    r"/(vocab/(?!status$)|queries/(?!cities|concept-use|mayors-in-year|networks-of-city)|networks/(?!alliances|page))"
)


def await_(crawl: site.Crawl, address: site.Address, source: site.Address, add: Any = site.Crawl._await) -> None:
    if required() or not LEFT_OUT.match(address.path):
        add(crawl, address, source)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small graph as the command line writes it, but for what is left out of pages to shorten them.

    In two languages, which take half as long as four.
    """
    out = tmp_path_factory.mktemp("site") / "out"
    command = ["site", "--data", str(SMALL), "--base-url", "https://example.org/solgraph", str(out)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plan, "LANGUAGES", ("en", "de"))
        patched.setattr(site.Crawl, "_await", await_)
        patched.setattr(site, "minify", str)
        result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return out


def test_files_name_their_languages_under_the_address_of_the_site(whole: Path) -> None:
    german = (whole / "de/doc/city/ardea.html").read_text(encoding="utf-8")
    root = "https://example.org/solgraph"
    named = alternates(german)
    assert {language: named[language] for language in ("en", "de", "x-default", "canonical")} == {
        "en": f"{root}/doc/city/ardea.html",
        "de": f"{root}/de/doc/city/ardea.html",
        "x-default": f"{root}/doc/city/ardea.html",
        "canonical": f"{root}/de/doc/city/ardea.html",
    }
    assert f'"mainEntityOfPage":"{root}/de/doc/city/ardea.html"' in german
    assert f"Sitemap: {root}/sitemap.xml" in (whole / "robots.txt").read_text("utf-8")
    assert {named["en"], named["de"]} <= set(locations((whole / "sitemap.xml").read_text("utf-8")))


def test_what_stands_on_every_page_is_short(whole: Path) -> None:
    frames = {}
    for path in whole.rglob("*.html"):
        around = re.sub("(?s)<main.*</main>|<script type=.*?</script>", "", path.read_text(encoding="utf-8"))
        frames[path.relative_to(whole)] = len(around.encode())
    longest = max(frames, key=lambda path: frames[path])
    assert frames[longest] < 5_500, longest


def test_documents_on_one_page_keep_their_places_apart(whole: Path) -> None:
    text = max((whole / "sources").glob("*.html"), key=lambda path: path.stat().st_size).read_text(encoding="utf-8")
    assert text.count('<article class="document"') > 1
    copied = set(re.findall('data-copy="([^"]*)"', text))
    assert copied and copied <= Page(text).ids and not Page(text).repeated
    turtle = max(
        (gzip.decompress(file.read_bytes()).decode() for file in (whole / "sources").glob("*.ttl.gz")), key=len
    )
    prefixes = re.findall("^@prefix .*", turtle, re.MULTILINE)
    assert turtle.startswith("\n".join(prefixes)) and len(prefixes) == len({*prefixes})


def test_a_footnote_leads_to_a_list_of_sources_that_leads_to_them(whole: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in (whole / "doc/network").glob("*.html")]
    texts = [text for text in pages if 'class="spells members"' in text]
    assert texts
    for text in texts:
        marks = set(re.findall(r'<td class="src">.*?<a class="mark" href="#(s\d+)">', text))
        listed = dict(re.findall(r'<li id="(s\d+)"><a href="([^"]+)"', text))
        assert marks and all(listed[mark].startswith("../../sources/") for mark in marks)


def test_in_other_languages_members_are_a_list_that_leads_to_the_evidence(whole: Path) -> None:
    english, german = ((whole / f"{tree}doc/network/harbours.html").read_text("utf-8") for tree in ("", "de/"))
    assert "spells members" in english and "spells members" not in german
    assert 'href="../../../doc/network/harbours.html#members"' in german
    members = german.partition('<section id="members"')[2].partition("</section>")[0]
    assert {"../city/ardea.html", "../../../doc/city/ardea.html"} & set(re.findall('href="([^"]*)"', members))
    assert "<dt>" in members and re.search(r"<span class=\"meta\">[^<]*20\d\d", members)


def test_what_is_said_of_a_thing_leaves_out_vocabulary_and_passages(whole: Path) -> None:
    turtle = (whole / "doc/city/ardea.ttl").read_text(encoding="utf-8")
    assert "a sg:City" in turtle and "owl:Class" not in turtle and "skos:Concept" not in turtle
    assert "sg:evidence passage:" in turtle and "a sg:Passage" not in turtle
    assert "sg:City" in (whole / "ns.ttl").read_text(encoding="utf-8")


def test_no_link_of_the_site_is_dead(whole: Path) -> None:
    assert dead_links(whole) == []


#: Asks for pages and files, and prints a checksum of each.
CHECKSUMS = """
import asyncio, hashlib, sys, solgraph
from solgraph.web.settings import Settings
from solgraph.web.app import create
from solgraph.web.site.crawl import Address, ask
from solgraph.web.site.plan import plan

async def print_checksums(app, planned):
    async with app.router.lifespan_context(app):
        for path in sys.argv[2:]:
            link = lambda where, query: f"{where}{sorted(query.items())}"
            answer = await ask(app, Address(path), "pl", link, planned)
            print(path, answer.status, hashlib.sha256(answer.body).hexdigest())

kg = solgraph.open(sys.argv[1])
asyncio.run(print_checksums(create(kg, Settings(base_url="https://example.org")), plan(kg)))
"""


@pytest.mark.skipif(not required(), reason="a site is written twice where SOLGRAPH_ENGINES=required")
def test_pages_and_files_are_the_same_in_every_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = "/ /cities /doc/city/ardea /vocab/status /queries /queries/people /networks/alliances /ns /shapes /catalog"
    files = "/doc/city/ardea.ttl /doc/city/ardea.jsonld /dump.nq.gz /names.js /networks/alliances.graphml /openapi.json"
    paths = [*pages.split(), *files.split()]
    environment = {**os.environ, "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"}
    command = [sys.executable, "-c", CHECKSUMS, SMALL, *paths]
    other = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, timeout=300, check=True).stdout
    monkeypatch.setattr(sys, "argv", ["", SMALL, *paths])
    exec(CHECKSUMS, {})
    assert capsys.readouterr().out == other
    assert [line.split()[:2] for line in other.splitlines()] == [[path, "200"] for path in paths]


def test_the_site_holds_everything(whole: Path, small: solgraph.Knowledge) -> None:
    made = names(whole)
    things, homes = {page_of(iri) for (iri,) in small.sparql(THINGS)}, plan.plan(small).homes
    documents = {path[1:] for path in things - homes.keys()}
    assert len(documents) > 20 < len(things & homes.keys())
    for ending in (".html", ".ttl"):
        assert {f"{one}{ending}" for one in documents} <= made
        assert not {f"{path[1:]}{ending}" for path in homes} & made
    others = {f"{one}{ending}" for one in documents for ending in (".jsonld", ".nt", ".rdf", ".csv")}
    assert not others & {name.removeprefix("de/") for name in made}
    files = [f"networks/{view.name}.graphml" for view in small.views()]
    files += [f"queries/{saved.name}.html" for saved in small.queries()]
    assert {file for file in files if required() or not LEFT_OUT.match(f"/{file}")} <= made
    assert {"queries/cities.csv", "dump.ttl.gz", "dump.nq.gz", "catalog.ttl", "ns.ttl", "assets/site.css"} <= made
    assert "dump.nq" not in made
    assert {"index.html", "de/index.html", "404.html", "sitemap.xml"} <= made


THINGS = "SELECT DISTINCT ?thing { ?thing a ?class FILTER(STRSTARTS(STR(?thing), 'https://w3id.org/solgraph/id/')) }"


def test_every_tree_is_in_its_language(whole: Path) -> None:
    for path in (whole / "de").rglob("*.html"):
        if "~file" not in path.name:
            assert Page(path.read_text(encoding="utf-8")).language == "de", path
    page = Page((whole / "de/doc/city/ardea.html").read_text(encoding="utf-8"))
    assert {"../../../doc/city/ardea.html", "ardea.html"} <= page.targets


def test_a_query_whose_example_is_not_in_these_data_has_a_page_and_no_answer(whole: Path) -> None:
    assert "Milan" not in (SMALL / "places.ttl").read_text(encoding="utf-8")
    text = (whole / "queries/networks-of-city.html").read_text(encoding="utf-8")
    assert "A city by name in any language" in text
    assert not any(one in text for one in ("Milan", "This answer is for", 'class="fault"', 'id="answer"'))
    assert not (whole / "queries/networks-of-city.csv").exists()


def test_only_an_answer_to_values_says_so(whole: Path) -> None:
    for path in whole.glob("queries/*.html"):
        said = re.search("<p>This answer is for(.*)</p>", path.read_text(encoding="utf-8"))
        assert said is None or "</b>: " in said[1], path


def test_a_question_of_the_home_page_leads_to_its_answer(whole: Path) -> None:
    home = Page((whole / "index.html").read_text(encoding="utf-8"))
    assert "queries/mayors-in-year~year=2018.html" in home.targets
    assert not [one for one in home.targets if one.startswith(("queries/networks-of-city", "queries/services"))]
    answer = (whole / "queries/mayors-in-year~year=2018.html").read_text(encoding="utf-8")
    assert re.search("This answer is for <b>[Yy]ear</b>: 2018", answer)
    assert "mayors-in-year~year=2018.csv" in Page(answer).targets


def test_a_long_answer_has_one_page_and_is_whole_in_a_file(whole: Path) -> None:
    page = Page((whole / "queries/concept-use.html").read_text(encoding="utf-8"))
    assert "concept-use.csv" in page.targets and not [one for one in page.targets if "page=" in one]
    assert len((whole / "queries/concept-use.csv").read_text(encoding="utf-8").splitlines()) > 100
    assert not list(whole.glob("*/queries/*.csv"))


def test_what_has_no_page_has_a_place_on_another(whole: Path, small: solgraph.Knowledge) -> None:
    """So has every passage and finding; other statements are at least on the page of what they concern."""
    homes = {path: home for path, home in plan.plan(small).homes.items() if not path.endswith(".ttl")}
    pages = {home: Page((whole / f"{home[1:]}.html").read_text(encoding="utf-8")) for home in {*homes.values()}}
    missing = {path for path, home in homes.items() if plan.place_of(path) not in pages[home].ids}
    assert {path.split("/")[2] for path in missing if path.startswith("/doc/")} <= STATEMENTS
    moved = set_by((whole / "moved-data.js").read_text(encoding="utf-8"))
    assert {f"/doc/{place}" for places in moved.values() for place in places if "graph/" not in place} <= homes.keys()
    assert sum(map(len, moved.values())) == len(homes)


STATEMENTS = {"membership", "affiliation", "member-list", "term", "observation", "actor"}


def test_every_place_of_a_page_has_a_name_of_its_own(whole: Path) -> None:
    pages = {path.name: Page(path.read_text(encoding="utf-8")).repeated for path in whole.rglob("*.html")}
    assert {name: repeated for name, repeated in pages.items() if repeated} == {}


def test_things_of_which_little_is_known_are_there_in_english(whole: Path) -> None:
    made = names(whole)
    assert "de/sources/whole.html" not in made and "sources/whole.html" in made
    page = Page((whole / "sources/whole.html").read_text(encoding="utf-8"))
    assert page.language == "en" and "../de/index.html" in page.targets
    assert "de" not in alternates((whole / "sources/whole.html").read_text(encoding="utf-8"))


def test_names_do_not_differ_only_in_case(whole: Path) -> None:
    assert len({name.casefold() for name in names(whole)}) == len(names(whole))


def test_no_two_pages_share_a_file(small: solgraph.Knowledge) -> None:
    network = site._file_name(site.Address("/networks/alliances"), "text/html")
    alone = site._file_name(site.Address("/networks/alliances.html"), "text/html")
    assert (network, alone) == ("networks/alliances.html", "networks/alliances~file.html")


def test_what_is_there_says_what_it_is(whole: Path) -> None:
    assert list(pyoxigraph.parse(path=whole / "doc/city/ardea.ttl", format=pyoxigraph.RdfFormat.TURTLE))
    english = set_by((whole / "names.js").read_text(encoding="utf-8"))
    kind = next(one for one in english["things"] if one[0] == "doc/city/ardea.html")[1]
    german, words = set_by((whole / "de/names.js").read_text("utf-8"))
    assert english["kinds"][kind] == "City"
    assert german["kinds"].get(str(kind), [words.get("City")]) == ["Stadt"]
    assert b"solgraph.link." not in b"".join(path.read_bytes() for path in whole.rglob("*.*"))


# Read from a disk


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "BrowserPage":
    page = browser.new_page()
    page.set_default_timeout(60_000)
    return page


@pytest.fixture
def disk(tab: "BrowserPage", whole: Path, tmp_path: Path) -> Iterator[Callable[[str], "BrowserPage"]]:
    """Opens a file of the site, in a folder whose name is not plain; at the end nothing was wrong in the browser."""
    (tmp_path / "kopia ł").symlink_to(whole)
    wrong: list[str] = []
    listeners: dict[Any, Any] = {
        "pageerror": lambda error: wrong.append(str(error)),
        "requestfailed": lambda asked: wrong.append(asked.url),
        "console": lambda said: wrong.append(said.text) if said.type == "error" else None,
    }
    for event, listener in listeners.items():
        tab.on(event, listener)

    def opened(name: str) -> "BrowserPage":
        tab.goto((tmp_path / "kopia ł" / name).as_uri())
        return tab

    yield opened
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    tab.goto("about:blank")
    assert wrong == []


def test_search_from_a_disk_leads_to_the_page(disk: Callable[[str], "BrowserPage"]) -> None:
    page = disk("doc/person/ann.html")
    assert not page.evaluate("'solgraphNames' in window")  # most readers never need the names
    page.locator("#q").press_sequentially("cadria")
    page.locator("#suggestions [role=option]").first.wait_for()
    assert "Cádria" in page.locator("#suggestions [role=option]").first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("file:///**/doc/city/cadria.html")
    assert page.locator("h1").inner_text() == "Cádria"


def test_a_footnote_from_a_disk_leads_to_the_list(disk: Callable[[str], "BrowserPage"]) -> None:
    page = disk("doc/network/harbours.html")
    page.locator("td.src .mark").first.click()
    page.wait_for_url("**#s*")
    page.locator(".notes li:target a").click()
    page.wait_for_url("**/sources/**")


def test_a_footnote_on_a_host_opens_its_source_beside_the_page(tab: "BrowserPage", whole: Path) -> None:
    with hosted(whole) as root:
        tab.goto(f"{root}/doc/network/harbours.html")
        tab.locator("td.src .mark").first.click()
        tab.locator(".drawer article h2").wait_for()
        assert tab.url.endswith("/harbours.html")
        tab.goto("about:blank")


def test_search_from_a_disk_stays_in_the_language_and_obeys_keys(disk: Callable[[str], "BrowserPage"]) -> None:
    page = disk("de/networks/alliances.html")
    assert page.evaluate("[typeof solgraphNetwork.words, solgraphNetwork.nodes.length > 2]") == ["object", True]
    page.locator("#q").press_sequentially("hafen")
    page.locator("#suggestions [role=option]").first.wait_for()
    page.keyboard.press("ArrowUp")
    last = page.locator("#suggestions [role=option]").last
    assert page.locator("#q").get_attribute("aria-activedescendant") == last.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert page.locator("#suggestions [aria-selected=true]").inner_text().startswith("Hafen")
    page.locator("#q").press_sequentially(" des")
    page.get_by_role("option", name="Häfen des Nordens Netzwerk").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("file:///**/de/doc/network/harbours.html")


def test_words_from_a_disk_have_a_page_of_hits_by_kind(disk: Callable[[str], "BrowserPage"]) -> None:
    page = disk("index.html")
    page.locator("#q").fill("cities networks")
    page.wait_for_function("'solgraphNames' in window")  # else leaving breaks the loading off
    page.keyboard.press("Enter")
    page.wait_for_url("file:///**/ask.html?q=cities+networks")
    page.locator("#hits").get_by_role("heading", name="Queries").wait_for()
    page.locator("#hits").get_by_role("link", name="Cities that belong to most networks").wait_for()
    assert page.locator("#q").input_value() == "cities networks" and page.locator("#q").count() == 1
    page.locator("#q").fill("atlantis")
    page.keyboard.press("Enter")
    page.get_by_text("No saved query answers this.").wait_for()


def test_words_of_a_text_from_a_disk_lead_to_its_place(disk: Callable[[str], "BrowserPage"], whole: Path) -> None:
    texts = set_by((whole / "texts.js").read_text("utf-8"))
    where, _, title, text = next(row for row in texts["things"] if "#finding/" in row[0])
    page = disk("search.html")
    page.locator("#q").fill(text)
    page.wait_for_function("'solgraphNames' in window")  # else leaving breaks the loading off
    page.keyboard.press("Enter")
    page.locator("#hits").get_by_role("link", name=title).click()
    page.wait_for_url(f"file:///**/{where}")
    assert page.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null")


def test_without_scripts_the_page_of_hits_lists_everything_by_letter(whole: Path) -> None:
    text = (whole / "de/search.html").read_text(encoding="utf-8")
    letter = re.search(r"<summary><b>C</b>.*?</details>", text, re.DOTALL)
    assert letter and '<a href="doc/city/cadria.html">Cádria</a>' in letter[0]
    assert 'href="search.html"' in (whole / "de/ask.html").read_text(encoding="utf-8")


def test_a_suggestion_can_be_clicked(disk: Callable[[str], "BrowserPage"]) -> None:
    page = disk("queries/cities.html")
    page.locator("#q").press_sequentially("wlochy")
    page.locator("#suggestions [role=option]").first.click()
    page.wait_for_url("file:///**/doc/country/it.html")


# Processes


def _doubled(batch: Sequence[int]) -> list[tuple[int, int]]:
    return [(2 * number, os.getpid()) for number in batch]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("tasks", [3, 600])
def test_tasks_are_done_in_their_order_in_as_many_processes_as_there_are(tasks: int) -> None:
    with in_processes(_doubled, tasks) as work:
        done = list(work(range(tasks)))
    assert [number for number, _ in done] == list(range(0, 2 * tasks, 2))
    is_copied = tasks > 300 and sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
    assert ({process for _, process in done} == {os.getpid()}) is not is_copied


SLEEPING = """
import os, time
from solgraph.web.site.processes import in_processes

def work(batch):
    print(os.getpid(), flush=True)
    time.sleep(60)
    return []

with in_processes(work, 600) as make:
    list(make(range(600)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Processes are copied on Linux alone")
def test_processes_end_with_the_one_that_began_them() -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEPING], stdout=subprocess.PIPE) as process:
        assert process.stdout
        copy = int(process.stdout.readline())
        process.kill()
    status = Path(f"/proc/{copy}/stat")
    deadline = time.monotonic() + 20
    while status.exists() and ") Z " not in status.read_text() and copy != process.pid and time.monotonic() < deadline:
        time.sleep(0.02)
    assert time.monotonic() < deadline
