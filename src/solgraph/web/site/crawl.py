"""What the application answers for a site of files: page after page, as a browser asks in each language.

While pages are made a link is only a mark; it becomes an address when everything that can be linked to is known.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.types import Message

from solgraph.errors import SolgraphError
from solgraph.web.site.plan import Plan
from solgraph.web.site.processes import in_processes

Words = tuple[tuple[str, str], ...]
LinkWriter = Callable[[str, Mapping[str, Any]], str]

NOT_FOUND = "/404"
MARK = re.compile(rb"solgraph\.(?:link|page)\.([0-9a-f]{16})\.")
#: Words in the address of a link that make another file, besides the values of a saved query; others are left out.
_DISTINCT_WORDS = {"page", "part"}
#: Of these one file answers with whatever words: scripts read them.
_READ_BY_SCRIPTS = {"/explore", "/compare"}


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
    """Where a link on a page leads to, before it is known whether there is a file.

    The fragment is a place on the page, or the words of a query that its script reads.
    """

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


class Made(NamedTuple):
    """What an address answers in each language, or where it leads; ``links`` are those that its marks stand for."""

    address: Address
    media_type: str
    bodies: Mapping[str, bytes]
    location: str
    links: Mapping[str, Link]


class Crawl:
    """Everything that can be reached: pages, redirects, what marks stand for, and what first links to each address."""

    def __init__(self, app: Starlette, plan: Plan) -> None:
        self.app, self.plan = app, plan
        self.pages: dict[Address, Made] = {}
        self.redirects: dict[Address, Address] = {}
        self.links: dict[str, Link] = {}
        self.linked_from: dict[Address, Address] = {}
        self._waiting: list[Address] = []

    def run(self, paths: Iterable[str]) -> None:
        """Make what these paths lead to, and what can be reached from there."""
        for path in paths:
            self._await(Address(path), Address("/"))
        with in_processes(Asking(self.app, self.plan).make, len(self._waiting)) as make:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                for page in make(batch):
                    self._add(page)

    def _await(self, address: Address, source: Address) -> None:
        if address not in self.linked_from:
            self.linked_from[address] = source
            self._waiting.append(address)

    def _add(self, page: Made) -> None:
        self.links |= page.links
        if page.location:
            parts = urlsplit(page.location.removeprefix(self.app.state.settings.base_url))
            self.redirects[page.address] = Address(parts.path or "/", tuple(parse_qsl(parts.query)))
            self._await(self.redirects[page.address], page.address)
        elif page.bodies:
            self.pages[page.address] = page
            for link in page.links.values():
                self._await(link.target, page.address)

    def reached(self, address: Address) -> Address:
        """What a link leads to: redirects are followed; the page 404 takes the place of what does not exist."""
        for _ in range(5):
            address = self.redirects.get(address, address)
        return address if address in self.pages else Address(NOT_FOUND)

    def dead(self) -> list[str]:
        """A line for each link that leads nowhere."""
        targets = {link.target for link in self.links.values()} & self.linked_from.keys()
        lost = sorted(target for target in targets if self.reached(target).path == NOT_FOUND != target.path)
        return [f"{target} does not exist; {self.linked_from[target]} links to it" for target in lost]


class Asking:
    """Asks the application for pages, in this process or in one that was forked from it."""

    def __init__(self, app: Starlette, plan: Plan) -> None:
        self.app, self.plan = app, plan
        self.links: dict[str, Link] = {}

    def make(self, addresses: Sequence[Address]) -> list[Made]:
        """What is at these addresses."""
        return asyncio.run(self._make_all(addresses))

    async def _make_all(self, addresses: Sequence[Address]) -> list[Made]:
        async with self.app.router.lifespan_context(self.app):
            return [await self._make(address) for address in addresses]

    async def _make(self, address: Address) -> Made:
        self.links, bodies = {}, {}
        first, *others = self.plan.languages(address.path)
        answer = await self._ask(address, first)
        if answer.status >= 500:
            raise SolgraphError(f"{address.path} cannot be made: {answer.body.decode(errors='replace')}")
        if answer.status == 200 or address.path == NOT_FOUND:
            bodies[first] = answer.body
            for language in others if answer.depends_on_language else ():
                bodies[language] = (await self._ask(address, language)).body
        different = {language: body for language, body in bodies.items() if language == first or body != answer.body}
        return Made(address, answer.media_type, different, answer.headers.get("location", ""), self.links)

    async def _ask(self, address: Address, language: str) -> Answer:
        return await ask(self.app, address, language, self.link, self.plan) if address.is_safe else Answer(404, {}, b"")

    def link(self, where: str, query: Mapping[str, Any]) -> str:
        """The mark of a link, in place of its address; what templates call as ``solgraph.relative``."""
        path, _, fragment = where.partition("#")
        path = re.sub("^/id/", "/doc/", path)
        if re.match("/(doc|vocab|graph|ns|shapes|catalog)[/.]", path):
            path = path.removesuffix(".html")
        elif path.startswith("/dump."):
            path = path.removesuffix(".gz") + ".gz"  # what is large and for programs
        path, place = self.plan.place(path)
        asked = {key: value for key, value in query.items() if key != "lang" and path in _READ_BY_SCRIPTS}
        target = Address(path) if asked else Address(path, _words(path, query))
        words = f"?{urlencode(asked, doseq=True)}" if asked else ""
        link = Link(target, str(query.get("lang", "")), place or words or fragment)
        mark = _mark(link)
        self.links[mark] = link
        return f"solgraph.link.{mark}."


@lru_cache(100_000)
def _mark(link: Link) -> str:
    """The same text for the same link in every process."""
    return sha256(repr(link).encode()).hexdigest()[:16]


def _words(path: str, query: Mapping[str, Any]) -> Words:
    """The words that make another file; those of the first page do not."""
    words = {key: value for key, value in query.items() if key in _DISTINCT_WORDS or path.startswith("/queries/")}
    lists = {key: value if isinstance(value, list) else [value] for key, value in words.items() if key != "lang"}
    pairs = ((key, str(value)) for key, values in lists.items() for value in values)
    return tuple(pair for pair in pairs if pair != ("page", "1"))


async def ask(app: Starlette, address: Address, language: str, link: LinkWriter, plan: Plan) -> Answer:
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
        "solgraph.static": plan,
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
