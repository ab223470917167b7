"""Loading the graph into a server: SPARQL 1.1 Graph Store Protocol, named graph by named graph."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote
from urllib.request import Request

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from solgraph.engines.http_client import HttpClient, Reply, refuse_address
from solgraph.engines.remote import engine_words
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
    are taken away; what somebody else put there stays. A server without default graph gets the named graphs alone: in a
    graph of its own the merge would double each triple. Raises :class:`EndpointError`.
    """
    refuse_address(url, "a graph store", "http://localhost:7878/store")
    held = graphs(store)
    for name in only:
        if name not in held:
            slugs = [slug(iri) for iri in held]
            hint = did_you_mean(slug(name), slugs) or f"Graphs: {', '.join(slugs)}"
            raise WrongUse(f"There is no graph '{slug(name)}'.", hint=hint)
    server = _Server(url, timeout)
    before: set[Triple] = set()
    after: set[Triple] = set()
    for name in [iri for iri in held if not only or iri in only]:
        wanted = {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(name))}
        there = server.get(name)
        before, after = before | there, after | wanted
        yield shorten(name), _replace(server, name, there, wanted, dry_run)
    default = server.get_default()
    if default is None:
        yield DEFAULT, "this server has none: plain queries see a triple once for each graph that holds it"
        return
    stays = (default - before) | after
    yield DEFAULT, _replace(server, None, default, default | after if only else stays, dry_run)


def _replace(server: "_Server", name: str | None, there: set[Triple], wanted: set[Triple], dry_run: bool) -> str:
    if there == wanted:
        return f"is there, {len(wanted)} triples"
    if not dry_run:
        server.put(name, wanted)
    verb = "would be loaded" if dry_run else "loaded"
    return f"{verb}, {len(wanted)} triples (+{len(wanted - there)}, -{len(there - wanted)})"


class _Server:
    """The graph store of a server, such as ``http://localhost:7878/store`` of Oxigraph."""

    def __init__(self, url: str, timeout: float) -> None:
        self.url, self._client = url, HttpClient(url, timeout)

    def get(self, name: str | None) -> set[Triple]:
        """The triples of a graph; none when the server has no such graph."""
        return self._triples(self._send("GET", name, None))

    def get_default(self) -> set[Triple] | None:
        """The triples of the default graph; None where there is no such graph, to Virtuoso an internal error."""
        reply = self._send("GET", None, None)
        has_none = reply.status >= 400 and "default graph" in engine_words(reply.body)
        return None if has_none else self._triples(reply)

    def _triples(self, reply: Reply) -> set[Triple]:
        if reply.status == 404:
            return set()
        format = RdfFormat.from_media_type(reply.media_type)
        if reply.status != 200:
            raise self._refusal(reply)
        try:
            quads = pyoxigraph.parse(reply.body, format=format or RdfFormat.N_TRIPLES)
            return {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}
        except (SyntaxError, ValueError) as error:
            what = f"{self.url} answers with {reply.media_type} that cannot be read, not with N-Triples."
            raise EndpointError(what, hint="Is it a graph store? Oxigraph's is at /store.") from error

    def put(self, name: str | None, triples: set[Triple]) -> None:
        """Replace a graph whole."""
        body = "".join(f"{triple} .\n" for triple in turtle.ordered(triples)).encode()
        reply = self._send("PUT", name, body)
        if not 200 <= reply.status < 300:
            raise self._refusal(reply)

    def _send(self, method: str, name: str | None, body: bytes | None) -> Reply:
        address = f"{self.url}?default" if name is None else f"{self.url}?graph={quote(name, safe='')}"
        headers = {"Accept": "application/n-triples"} | (
            {"Content-Type": "application/n-triples"} if body is not None else {}
        )
        return self._client.send(Request(address, body, headers, method=method))

    def _refusal(self, reply: Reply) -> EndpointError:
        words = engine_words(reply.body)
        hint = {401: "Set SOLGRAPH_TOKEN, or SOLGRAPH_USER and SOLGRAPH_PASSWORD.", 404: "Oxigraph's is at /store."}
        what = f"{self.url} refuses with HTTP {reply.status}{f': {words}' if words else '.'}"
        return EndpointError(what, hint=hint.get(reply.status, ""))
