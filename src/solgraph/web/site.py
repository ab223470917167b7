"""The site as files for any web host: made by calling the application in this process, page by page.

Pages lie at the top in English, and in one folder for each further language. Their links are relative, so that the
files can be read from a disk or under any address. While pages are made a link is only a number; it becomes an address
when everything that can be linked to is known.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePosixPath
from posixpath import dirname, relpath
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pyoxigraph import NamedNode
from starlette.applications import Starlette
from starlette.types import Message

from solgraph.errors import SolgraphError
from solgraph.formats.media import RDF
from solgraph.graph.knowledge import Knowledge
from solgraph.rdf.namespaces import BASE, ID
from solgraph.web import site_folder
from solgraph.web.crawlers import robots_txt, sitemap_xml
from solgraph.web.http import LANGUAGES
from solgraph.web.openapi import LIST
from solgraph.web.rendering import HERE
from solgraph.web.rendering import path as page_of
from solgraph.web.settings import Settings

Words = tuple[tuple[str, str], ...]
Create = Callable[[Knowledge, Settings], Starlette]

NOT_FOUND = "/404"
_MARK = re.compile(rb"solgraph\.(?:link|page)\.(\d+)\.")
#: The endings of what has none in its address; JSON of a list before JSON-LD.
_ENDINGS = {media_type: form.endings[0] for form in (*RDF, *LIST) for media_type in form.media_types}
#: Words in the address of a link that make another file, besides the values of a saved query; others are left out.
_DISTINCT_WORDS = {"page", "part"}


class Address(NamedTuple):
    """Where something is on the server: a path as it stands in an address, and the words of a query."""

    path: str
    query: Words = ()

    @property
    def is_safe(self) -> bool:
        """Whether the path can be the name of a file within a folder."""
        root, *names = unquote(self.path.removesuffix("/")).split("/")
        return root == "" and all(name.strip(". ") and name.isprintable() and "\\" not in name for name in names)

    def __str__(self) -> str:
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")


class Link(NamedTuple):
    """Where a link on a page leads to, before it is known whether there is a file."""

    target: Address
    language: str
    fragment: str


class Answer(NamedTuple):
    """What the application answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def depends_on_language(self) -> bool:
        return "content-language" in self.headers or "accept-language" in self.headers.get("vary", "").lower()


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
    earlier = site_folder.earlier_files(out)
    app = create(kg, settings._replace(base_url=settings.base_url or BASE.rstrip("/")))
    crawl = asyncio.run(_crawl(app, kg))
    files = crawl.files(settings.base_url.rstrip("/"))
    written, removed = site_folder.put(out, files, earlier)
    return Report(len(files), sum(map(len, files.values())), written, removed, crawl.dead())


# Asking the application


async def _crawl(app: Starlette, kg: Knowledge) -> "Crawl":
    async with app.router.lifespan_context(app):
        crawl = Crawl(app)
        await crawl.run(chain([NOT_FOUND, "/"], _assets(), _things(kg)))
    return crawl


class Crawl:
    """Everything that can be reached, in every language, with numbers for links."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.bodies: dict[Address, dict[str, bytes]] = {}
        self.names: dict[Address, str] = {}
        self.redirects: dict[Address, Address] = {}
        self.links: list[Link] = []
        self._numbers: dict[Link, int] = {}
        self._linked_from: dict[Address, Address] = {}
        self._waiting: deque[Address] = deque()
        self._here = Address("/")

    async def run(self, paths: Iterable[str]) -> None:
        """Make what these paths lead to, and what can be reached from there."""
        for path in paths:
            self._await(Address(path))
        while self._waiting:
            self._here = self._waiting.popleft()
            await self._make(self._here)

    def _await(self, address: Address) -> None:
        if address not in self._linked_from:
            self._linked_from[address] = self._here
            self._waiting.append(address)

    async def _make(self, address: Address) -> None:
        answer = await self._ask(address, "en")
        if location := answer.headers.get("location"):
            self.redirects[address] = self._address(location)
            self._await(self.redirects[address])
        elif answer.status == 200 or address.path == NOT_FOUND:
            self.names[address] = _file_name(address, answer.media_type)
            self.bodies[address] = {"en": answer.body}
            for language in LANGUAGES[1:] if answer.depends_on_language else ():
                body = (await self._ask(address, language)).body
                if body != answer.body:
                    self.bodies[address][language] = body
            for number in dict.fromkeys(_MARK.findall(b"".join(self.bodies[address].values()))):
                self._await(self.links[int(number)].target)
        elif answer.status >= 500:
            raise SolgraphError(f"{address.path} cannot be made: {answer.body.decode(errors='replace')}")

    async def _ask(self, address: Address, language: str) -> Answer:
        return await ask(self.app, address, language, self.link) if address.is_safe else Answer(404, {}, b"")

    def _address(self, location: str) -> Address:
        parts = urlsplit(location.removeprefix(self.app.state.settings.base_url))
        return Address(parts.path or "/", tuple(parse_qsl(parts.query)))

    def link(self, where: str, query: Mapping[str, Any]) -> str:
        """The number of a link, in place of its address; what templates call as ``solgraph.relative``."""
        path, _, fragment = where.partition("#")
        path = re.sub("^/id/", "/doc/", path)
        if re.match("/(doc|vocab|graph|ns|shapes|catalog)[/.]", path):
            path = path.removesuffix(".html")
        link = Link(Address(path, _words(path, query)), str(query.get("lang", "")), fragment)
        if link not in self._numbers:
            self._numbers[link] = len(self.links)
            self.links.append(link)
        return f"solgraph.link.{self._numbers[link]}."

    # Files

    def files(self, base_url: str) -> dict[str, bytes]:
        """All files by name, their links filled in; with the address of the site also a sitemap and robots.txt."""
        files = {
            self._name(address, language): self._linked(body, address, language, base_url)
            for address, bodies in self.bodies.items()
            for language, body in bodies.items()
        }
        files[".nojekyll"] = b""
        if base_url:
            pages = sorted(name for name in files if name.endswith(".html") and not name.endswith("404.html"))
            files["sitemap.xml"] = sitemap_xml(f"{base_url}/{quote(name, safe='/=')}" for name in pages).encode()
            files["robots.txt"] = robots_txt(base_url).encode()
        return files

    def _name(self, address: Address, language: str) -> str:
        """The file in that language, or the one for all languages."""
        name = self.names[address]
        return f"{language}/{name}" if language != "en" and language in self.bodies[address] else name

    def _linked(self, body: bytes, address: Address, language: str, base_url: str) -> bytes:
        # A server shows 404.html under any address, so that nothing is relative to it.
        here, root = self._name(address, language), urlsplit(base_url).path
        top = f"{root}/" if address.path == NOT_FOUND and root else ""

        def filled(mark: re.Match[bytes]) -> bytes:
            link = self.links[int(mark[1])]
            name = self._name(self._reached(link.target), link.language or language)
            before = f"{base_url}/" if base_url and mark[0].startswith(b"solgraph.page.") else top
            where = before + quote(name, safe="/=") if before else _relative(dirname(here), name)
            return (where + (f"#{quote(link.fragment)}" if link.fragment else "")).encode()

        return _MARK.sub(filled, body)

    def _reached(self, address: Address) -> Address:
        """What a link leads to: redirects are followed; the page 404 takes the place of what does not exist."""
        for _ in range(5):
            address = self.redirects.get(address, address)
        return address if address in self.bodies else Address(NOT_FOUND)

    def dead(self) -> list[str]:
        """A line for each link that leads nowhere."""
        targets = {link.target for link in self.links} & set(self._linked_from)
        lost = sorted(target for target in targets if self._reached(target).path == NOT_FOUND != target.path)
        return [f"{target} does not exist; {self._linked_from[target]} links to it" for target in lost]


async def ask(app: Starlette, address: Address, language: str, link: Callable[[str, Mapping[str, Any]], str]) -> Answer:
    """Call the application with one GET request, as a browser in that language asks it."""
    headers = {"accept": "text/html, */*;q=0.5", "accept-language": language, "host": "localhost"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(address.path),
        "raw_path": quote(address.path, safe="/%:@!$&'()*+,;=~").encode(),
        "query_string": urlencode(address.query).encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": None,
        "server": ("localhost", 80),
        "solgraph.static": True,
        "solgraph.relative": link,
    }
    messages: list[Message] = []

    async def receive() -> Message:
        if messages:
            await asyncio.Event().wait()  # this client never hangs up
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, send)
    start, *bodies = messages
    answered = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], answered, b"".join(message.get("body", b"") for message in bodies))


# What there is besides what pages link to


def _assets() -> Iterator[str]:
    folder = HERE / "assets"
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield f"/assets/{file.relative_to(folder).as_posix()}"


def _things(kg: Knowledge) -> Iterator[str]:
    """The page of every thing, and its Turtle; further forms can be read from the dumps."""
    query = f"SELECT DISTINCT ?thing {{ ?thing a ?class FILTER(STRSTARTS(STR(?thing), '{ID}')) }} ORDER BY ?thing"
    for (thing,) in kg.endpoint.ask(query).terms:
        if isinstance(thing, NamedNode):
            where = page_of(thing.value)
            yield from (where, f"{where}.ttl")


# Names and addresses of files


def _words(path: str, query: Mapping[str, Any]) -> Words:
    """The words that make another file; those of the first page do not."""
    words = {key: value for key, value in query.items() if key in _DISTINCT_WORDS or path.startswith("/queries/")}
    lists = {key: value if isinstance(value, list) else [value] for key, value in words.items() if key != "lang"}
    pairs = ((key, str(value)) for key, values in lists.items() for value in values)
    return tuple(pair for pair in pairs if pair != ("page", "1"))


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
