"""The site as files for any web host: made by calling the application in this process, page by page.

Pages lie at the top in English, and in one folder for each further language. Their links are relative, so that the
files can be read from a disk or under any address.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from functools import lru_cache
from hashlib import sha256
from html import escape
from itertools import chain
from pathlib import Path, PurePosixPath
from posixpath import dirname, relpath
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from minify_html import minify
from starlette.applications import Starlette

from solgraph.engines.endpoint import Endpoint
from solgraph.engines.local import Local
from solgraph.formats.media import RDF, encoded
from solgraph.graph.knowledge import Knowledge
from solgraph.rdf.namespaces import BASE, ID
from solgraph.web.crawlers import robots_txt, sitemap_xml
from solgraph.web.libraries import LIBRARIES, library_address
from solgraph.web.openapi import LIST
from solgraph.web.rendering import HERE
from solgraph.web.rendering import path as page_of
from solgraph.web.settings import Settings
from solgraph.web.site import comparison, documents, explorer, folder, queries, questions, texts, translations
from solgraph.web.site.crawl import MARK, NOT_FOUND, Address, Crawl
from solgraph.web.site.plan import Plan, plan

_ANSWERS = 200
#: Tables and networks of more bytes are compressed, which Gephi, pandas and networkx read as they are; so is Turtle of
#: many documents.
_LARGE, _PACKED = 100_000, {".csv", ".gexf", ".graphml", ".json", ".net"}
#: Scripts of data that a page loads when they are needed.
_WHEN_NEEDED = {
    f"/{name}.js"
    for name in ("names", "questions", "moved-data", "texts", "explore-details", "compare-data", "engine-data")
}
_REDIRECTS = b"/id/* /doc/:splat 303\n"
Create = Callable[[Knowledge, Settings], Starlette]

_ANCHOR = re.compile(rb'<a (?![^>]*\bid=)(?=[^>]*\bhref="solgraph\.link\.([0-9a-f]{16})\.")')
#: Names of places for what has no page: others hold no stroke.
_PLACES = re.compile(rb' id="([^"/]+/[^"]+)"')
#: The endings of what has none in its address; JSON of a list before JSON-LD.
_ENDINGS = {media_type: form.endings[0] for form in (*RDF, *LIST) for media_type in form.media_types}


class Report(NamedTuple):
    """What was written, and which links lead nowhere."""

    files: int
    size: int
    written: int
    removed: int
    dead: Sequence[str]

    @property
    def ok(self) -> bool:
        return not self.dead

    def text(self, out: Path) -> str:
        """A sentence for a terminal, and a line for each link that leads nowhere."""
        changes = f"{self.written:,} written, {self.removed:,} removed"
        return "\n".join([f"{out}: {self.files:,} files, {self.size / 1e6:.1f} MB; {changes}", *self.dead])


def write(create: Create, kg: Knowledge, settings: Settings, out: Path) -> Report:
    """Write the site into a folder that is empty or holds an earlier one.

    Files that have not changed keep their time; those that are no longer made are removed. Raises :class:`WrongUse`
    when the folder holds something else.
    """
    earlier = folder.earlier_files(out)
    kg, planned = _remembering(kg), plan(kg, settings.base_url)
    app = create(kg, settings._replace(base_url=settings.base_url or BASE.rstrip("/")))
    app.router.routes[:0] = [
        *documents.routes(planned),
        *comparison.routes,
        *explorer.routes,
        *queries.routes,
        *questions.routes,
        *texts.routes,
    ]
    crawl = Crawl(app, planned)
    crawl.run(chain([NOT_FOUND, "/", "/moved-data.js"], _dumps(), _assets(), _things(kg, planned)))
    files = dict(Files(crawl, settings.base_url.rstrip("/")).all())
    written, removed = folder.put(out, files, earlier)
    return Report(len(files), sum(map(len, files.values())), written, removed, crawl.dead())


def _remembering(kg: Knowledge) -> Knowledge:
    """The same graph, which keeps its latest answers: several languages and forms ask the same."""
    kg = copy(kg)
    kg.snapshot = copy(kg.snapshot)
    kg.snapshot.endpoint = _Remembering(kg.snapshot.endpoint)
    return kg


class _Remembering(Local):
    def __init__(self, endpoint: Endpoint) -> None:
        assert isinstance(endpoint, Local)
        super().__init__(endpoint._load, endpoint._opens_files)
        self.ask = lru_cache(_ANSWERS)(super().ask)  # type: ignore[method-assign]


# What there is besides what pages link to


def _dumps() -> Iterator[str]:
    """The dumps, and beside them the catalogue with their sizes: what one process makes need not be made again."""
    yield from (f"/dump.{form.endings[0]}.gz" for form in RDF)
    yield "/catalog.ttl"


def _assets() -> Iterator[str]:
    """Scripts, styles and pictures, and the libraries that are there with their licences."""
    folder = HERE / "assets"
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield f"/assets/{file.relative_to(folder).as_posix()}"
    yield from (library_address(f"{each.name}/{name}") for each in LIBRARIES if each.is_there for name in each.contents)


def _things(kg: Knowledge, planned: Plan) -> Iterator[str]:
    """The page of every thing that has one, and its Turtle; further forms can be read from the dumps."""
    own = (page_of(iri) for iri in sorted(kg.snapshot.types) if iri.startswith(ID))
    for path in (*planned.documents, *(path for path in own if path not in planned.homes)):
        yield from (path, f"{path}.ttl")


# Files


class Files:
    """The files of a site: their names, their links filled in."""

    def __init__(self, crawl: Crawl, base_url: str) -> None:
        self.crawl, self.base_url = crawl, base_url
        self._places: dict[Address, set[str]] = {}
        self.names = {address: _file_name(address, page.media_type) for address, page in crawl.pages.items()}
        self.packed = {address for address, name in self.names.items() if self._is_packed(address, name)}
        self.names |= {address: f"{self.names[address]}.gz" for address in self.packed}

    def _is_packed(self, address: Address, name: str) -> bool:
        ending, page = PurePosixPath(name).suffix, address.path.removesuffix(".ttl")
        is_large = max(map(len, self.crawl.pages[address].bodies.values())) > _LARGE
        return (ending in _PACKED and is_large) or (ending == ".ttl" and page in self.crawl.plan.documents)

    def all(self) -> Iterator[tuple[str, bytes]]:
        """All files by name; with the address of the site also a sitemap and robots.txt."""
        bodies = [
            (address, language, self._with_places(body, address))
            for address, page in self.crawl.pages.items()
            for language, body in page.bodies.items()
        ]
        for address, _, body in bodies:
            self._places.setdefault(address, set()).update(name.decode() for name in _PLACES.findall(body))
        scripts: dict[str, bytes] = {}
        for address, language, body in bodies:
            for name, content in self._files(address, language, body):
                english = (
                    scripts.setdefault(name.removeprefix(f"{language}/"), content) if name.endswith(".js") else b""
                )
                is_packed = address.path in _WHEN_NEEDED
                yield name, translations.shortened(english, content, is_packed=is_packed) if english else content
        yield ".nojekyll", b""
        yield "_redirects", _REDIRECTS
        if self.base_url:
            pages = sorted(name for name in self._named() if name.endswith(".html") and not name.endswith("404.html"))
            yield "sitemap.xml", sitemap_xml(f"{self.base_url}/{quote(name, safe='/=')}" for name in pages).encode()
            yield "robots.txt", robots_txt(self.base_url).encode()

    def _files(self, address: Address, language: str, body: bytes) -> Iterator[tuple[str, bytes]]:
        """The file, and beside the page of a network the data of its drawing."""
        name, linked = self.name(address, language), self._linked(body, address, language)
        if not name.endswith(".html"):
            yield name, encoded(linked, Path(name)) if address in self.packed else linked
            return
        data = f"{name.removesuffix('.html')}-data.js"
        english = _relative(dirname(name), data.removeprefix(f"{language}/"))
        page, script = translations.apart(linked, PurePosixPath(data).name, english)
        yield name, minify(page.decode()).encode()
        if script:
            yield data, script

    def _named(self) -> Iterator[str]:
        return (self.name(address, language) for address, page in self.crawl.pages.items() for language in page.bodies)

    def name(self, address: Address, language: str) -> str:
        """The file in that language, or the one for all languages."""
        name = self.names[address]
        return f"{language}/{name}" if language != "en" and language in self.crawl.pages[address].bodies else name

    def _with_places(self, body: bytes, address: Address) -> bytes:
        """The page with a name at what has its place there: at the first link that leads to it."""
        seen = {name.decode() for name in _PLACES.findall(body)}

        def named(anchor: re.Match[bytes]) -> bytes:
            link = self.crawl.links[anchor[1].decode()]
            if link.target != address or f"/doc/{link.fragment}" not in self.crawl.plan.homes or link.fragment in seen:
                return anchor[0]
            seen.add(link.fragment)
            return b'<a id="%s" ' % link.fragment.encode()

        return _ANCHOR.sub(named, body)

    def _linked(self, body: bytes, address: Address, language: str) -> bytes:
        # A server shows 404.html under any address, so that nothing is relative to it.
        here, root = self.name(address, language), urlsplit(self.base_url).path
        top = f"{root}/" if address.path == NOT_FOUND and root else ""

        def filled(mark: re.Match[bytes]) -> bytes:
            link = self.crawl.links[mark[1].decode()]
            target = self.crawl.reached(link.target)
            name = self.name(target, link.language or language)
            place = link.fragment if "/" not in link.fragment or link.fragment in self._places[target] else ""
            before = f"{self.base_url}/" if self.base_url and mark[0].startswith(b"solgraph.page.") else top
            where = before + quote(name, safe="/=") if before else _relative(dirname(here), name)
            if name == here and place and not before:
                where = ""
            if place.startswith("?"):
                return (where + escape(place)).encode()
            return (where + (f"#{quote(place)}" if place else "")).encode()

        return MARK.sub(filled, body)


def _file_name(address: Address, media_type: str) -> str:
    """``doc/city/milan.html`` of the page ``/doc/city/milan``; of a path that ends in .html already, another name."""
    path = PurePosixPath("index" if address.path == "/" else unquote(address.path).strip("/"))
    ending = f".{_ENDINGS[media_type]}" if media_type in _ENDINGS else ""
    words = "&".join(f"{key}={value}" for key, value in address.query)
    if path.suffix == ending == ".html":
        words = f"file{words}"
    elif not path.suffix or ending == ".html":
        path = path.with_name(path.name + ending)
    return str(path.with_name(f"{path.stem}~{_plain(words)}{path.suffix}") if words else path)


def _plain(words: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9=.-]+", "-", words)
    return plain if plain == words else f"{plain[:60]}-{sha256(words.encode()).hexdigest()[:8]}"


@lru_cache(100_000)
def _relative(folder: str, name: str) -> str:
    return quote(relpath(f"/{name}", f"/{folder}"), safe="/=")
