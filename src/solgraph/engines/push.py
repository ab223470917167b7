"""Loading the graph into a server: SPARQL 1.1 Graph Store Protocol, named graph by named graph."""

from collections.abc import Iterator, Sequence
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from solgraph.engines.remote import authorisation, engine_words, refuse_address
from solgraph.errors import EndpointError, WrongUse, did_you_mean
from solgraph.rdf import turtle
from solgraph.rdf.namespaces import shorten, slug
from solgraph.rdf.store import graphs

DEFAULT = "default graph"


def push(
    store: Store, url: str, only: Sequence[str] = (), *, dry_run: bool = False, timeout: int = 120
) -> Iterator[tuple[str, str]]:
    """Load a store into a server: each named graph replaced whole, and their merge into the default graph.

    Yields pairs of graph and what was done with it. A graph that is there already as it should be is left alone, so an
    interrupted run is continued by the next one. Of the default graph only triples that named graphs of ours put there
    are taken away; what somebody else put there stays. Raises :class:`EndpointError`.
    """
    refuse_address(url, "a graph store", "http://localhost:7878/store")
    known = list(graphs(store))
    for name in only:
        if name not in known:
            here = [slug(one) for one in known]
            hint = did_you_mean(slug(name), here) or f"Graphs: {', '.join(here)}"
            raise WrongUse(f"There is no graph '{slug(name)}'.", hint=hint)
    server = _Server(url, timeout)
    before: set[Triple] = set()
    after: set[Triple] = set()
    for name in [one for one in graphs(store) if not only or one in only]:
        wanted = {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(name))}
        there = server.get(name)
        before, after = before | there, after | wanted
        yield shorten(name), _replace(server, name, there, wanted, dry_run)
    there = server.get(None)
    stays = (there - before) | after
    yield DEFAULT, _replace(server, None, there, there | after if only else stays, dry_run)


def _replace(server: "_Server", name: str | None, there: set[Triple], wanted: set[Triple], dry_run: bool) -> str:
    if there == wanted:
        return f"is there, {len(wanted)} triples"
    if not dry_run:
        server.put(name, wanted)
    verb = "would be loaded" if dry_run else "loaded"
    return f"{verb}, {len(wanted)} triples (+{len(wanted - there)}, -{len(there - wanted)})"


class _Server:
    """The graph store of a server, such as ``http://localhost:7878/store`` of Oxigraph."""

    def __init__(self, url: str, timeout: int) -> None:
        self.url, self.timeout = url, timeout

    def get(self, name: str | None) -> set[Triple]:
        """The triples of a graph; none when the server has no such graph."""
        try:
            body = self._send("GET", name, None)
        except HTTPError as error:
            if error.code == 404:
                return set()
            raise self._refused(error) from error
        quads = pyoxigraph.parse(body, format=RdfFormat.N_TRIPLES)
        return {Triple(one.subject, one.predicate, one.object) for one in quads}

    def put(self, name: str | None, triples: set[Triple]) -> None:
        """Replace a graph whole."""
        body = "".join(f"{one} .\n" for one in turtle.ordered(triples)).encode()
        try:
            self._send("PUT", name, body)
        except HTTPError as error:
            raise self._refused(error) from error

    def _send(self, method: str, name: str | None, body: bytes | None) -> bytes:
        address = f"{self.url}?default" if name is None else f"{self.url}?graph={quote(name, safe='')}"
        request = Request(address, body, {"Accept": "application/n-triples"}, method=method)
        if body is not None:
            request.add_header("Content-Type", "application/n-triples")
        if header := authorisation(self.url):
            request.add_unredirected_header("Authorization", header)
        try:
            with urlopen(request, timeout=self.timeout) as response:
                return bytes(response.read())
        except HTTPError:
            raise
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            told = getattr(reason, "strerror", None) or reason
            raise EndpointError(
                f"{self.url} cannot be reached: {told}.", hint="Check the address, and that it runs."
            ) from error

    def _refused(self, error: HTTPError) -> EndpointError:
        words = engine_words(error.read())
        hint = {401: "Set SOLGRAPH_TOKEN, or SOLGRAPH_USER and SOLGRAPH_PASSWORD.", 404: "Oxigraph's is at /store."}
        return EndpointError(
            f"{self.url} refuses with HTTP {error.code}{f': {words}' if words else '.'}", hint=hint.get(error.code, "")
        )
