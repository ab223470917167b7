"""A SPARQL server elsewhere: SPARQLWrapper describes the request, and each way to fail has its own sentence."""

import json
import re
import time
from functools import cache
from urllib.request import Request

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from solgraph.engines.endpoint import Result, result_of
from solgraph.engines.http_client import HttpClient, Reply, broken_off, refuse_address
from solgraph.engines.local import undeclared_prefix
from solgraph.errors import EndpointError, QueryError
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.sparql_safety import refuse_outside

#: A query longer than this is sent by POST: servers and proxies cut long addresses.
LONGEST_GET = 2000
_RETRIED = (429, 503)
#: The column in which Virtuoso 7 answers an ASK.
_VIRTUOSO = "__ASK_RETVAL"
_LONGEST_WAIT = 60.0


class Remote:
    """A SPARQL 1.1 endpoint.

    ``timeout`` is in seconds, for each try; a busy server (429, 503) is asked again up to ``retries`` times, after the
    time it names or else with growing pauses. For credentials see :class:`HttpClient`.
    """

    def __init__(self, url: str, *, timeout: float = 60, retries: int = 3) -> None:
        refuse_address(url, "an endpoint", "http://localhost:7878/query")
        self.url, self.retries = url, retries
        self._client = HttpClient(url, timeout)
        self._engine: str | None = None

    @property
    def engine(self) -> str:
        """What the server calls itself, such as ``Oxigraph/0.5.13``; empty where it does not say."""
        if self._engine is None:
            self.ask("ASK {}")
        return self._engine or ""

    @property
    def name(self) -> str:
        """The address."""
        return self.url

    def ask(self, query: str) -> Result:
        """Answer one query, without labels. Raises :class:`EndpointError` and, for a refused query, `QueryError`."""
        form = sparql.form(query)
        refuse_outside(query, self._held(query))
        reply = self._send(self._request(sparql.with_prefixes(query), form))
        if reply.status != 200:
            error = self._refusal(reply)
            raise (undeclared_prefix(query) if isinstance(error, QueryError) else None) or error
        try:
            return _read(form, reply)
        except (SyntaxError, ValueError, TypeError, EOFError, RecursionError) as error:
            raise self._unreadable(reply, form) from error

    def _held(self, query: str) -> frozenset[str]:
        """Those of the graphs that a query asks by FROM which the server holds."""
        asked = {iri for iri, _ in sparql.asked_graphs(query) if iri.startswith(("http:", "https:", "urn:"))}
        return frozenset(iri for iri in asked if self.ask(f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}").boolean)

    def _send(self, request: Request) -> Reply:
        for pauses in range(self.retries):
            reply = self._sent(request)
            if reply.status not in _RETRIED:
                return reply
            time.sleep(_pause(reply.headers.get("Retry-After"), pauses))
        return self._sent(request)

    def _sent(self, request: Request) -> Reply:
        reply = self._client.send(request)
        self._engine = reply.headers.get("Server", "")
        return reply

    def _request(self, query: str, form: str) -> Request:
        import SPARQLWrapper

        wrapper = SPARQLWrapper.SPARQLWrapper(self.url, agent=_agent())
        wrapper.setQuery(query)
        wrapper.queryType = form
        wrapper.setReturnFormat(SPARQLWrapper.JSON if form in ("SELECT", "ASK") else SPARQLWrapper.TURTLE)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(SPARQLWrapper.POST if len(query) > LONGEST_GET else SPARQLWrapper.GET)
        # What sends it is ours: SPARQLWrapper's own way has no bounds and takes credentials along on redirects.
        request: Request = wrapper._createRequest()
        if form in ("SELECT", "ASK"):  # to Comunica application/json is a form of its own
            request.add_header("Accept", "application/sparql-results+json, application/json;q=0.5")
        return request

    def _refusal(self, reply: Reply) -> EndpointError | QueryError:
        words = engine_words(reply.body)
        if reply.status == 400:
            return QueryError(f"{self.url} refuses the query: {words or 'no reason given'}")
        sentence = _SENTENCES.get(reply.status, f"{{url}} answers with HTTP {reply.status}.").format(url=self.url)
        return EndpointError(sentence, hint=_HINTS.get(reply.status, f"It says: {words}" if words else ""))

    def _unreadable(self, reply: Reply, form: str) -> EndpointError:
        if reply.media_type in ("text/html", "application/xhtml+xml"):
            what = f"{self.url} answers with a web page and not with results."
            return EndpointError(what, hint="Is it the page of a query form? Endpoints often end in /query or /sparql.")
        formats = QueryResultsFormat if form in ("SELECT", "ASK") else RdfFormat
        if formats.from_media_type(reply.media_type):
            return broken_off(self.url)
        expected = "SPARQL JSON" if form in ("SELECT", "ASK") else "Turtle"
        return EndpointError(f"{self.url} answers with {reply.media_type}, not with {expected}.")


_SENTENCES = {
    401: "{url} asks who you are.",
    403: "{url} does not let you in.",
    404: "There is no endpoint at {url}.",
    429: "{url} is asked too often.",
    503: "{url} is too busy.",
    504: "{url} gave up on the query: it took the server too long.",
}
_HINTS = {
    401: "Set SOLGRAPH_TOKEN, or SOLGRAPH_USER and SOLGRAPH_PASSWORD.",
    404: "Endpoints often end in /query or /sparql.",
    429: "Wait a while.",
    503: "Try again later.",
}


def _read(form: str, reply: Reply) -> Result:
    if form in ("CONSTRUCT", "DESCRIBE"):
        format = RdfFormat.from_media_type(reply.media_type)
        if not format:
            raise ValueError(reply.media_type)
        quads = pyoxigraph.parse(reply.body, format=format)
        return Result.of_triples(form, [Triple(quad.subject, quad.predicate, quad.object) for quad in quads])
    results = QueryResultsFormat.from_media_type(reply.media_type)
    if not results or results == QueryResultsFormat.CSV:
        raise ValueError(reply.media_type)
    try:
        return _results(form, reply.body, results)
    except SyntaxError:
        return _results(form, _without_extras(reply.body), results)


def _results(form: str, body: bytes, format: QueryResultsFormat) -> Result:
    result = pyoxigraph.parse_query_results(body, format=format)
    if form == "ASK" and isinstance(result, QuerySolutions) and _names(result) == [_VIRTUOSO]:
        return Result(form, boolean=any(getattr(row[0], "value", "0") != "0" for row in result))
    if isinstance(result, QueryBoolean) != (form == "ASK"):
        raise ValueError(form)
    return result_of(form, result)


def _names(solutions: QuerySolutions) -> list[str]:
    return [variable.value for variable in solutions.variables]


def _without_extras(body: bytes) -> bytes:
    """JSON results without what some servers (Comunica) add to them and the parser does not take."""
    results = dict(json.loads(body))
    return json.dumps({key: results[key] for key in ("head", "results", "boolean") if key in results}).encode()


def engine_words(body: bytes) -> str:
    """What a server says went wrong, as one line of plain text; of problem details (RFC 9457) the sentences."""
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    if isinstance(problem, dict) and (what := problem.get("detail") or problem.get("title") or problem.get("message")):
        return " ".join(f"{what} {problem.get('hint', '')}".split())[:600]
    start = body[:10_000].decode("utf-8", "replace")
    text = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", start, flags=re.DOTALL)
    return " ".join(text.split())[:300]


def _pause(retry_after: str | None, pauses: int) -> float:
    """Seconds to wait: what the server names in seconds or as a date, else 1, 2, 4 …"""
    from email.utils import parsedate_to_datetime

    if retry_after and retry_after.strip().isdecimal():
        return min(float(retry_after), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(retry_after or "").timestamp()
    except (TypeError, ValueError):
        return float(min(2**pauses, _LONGEST_WAIT))
    return min(max(moment - time.time(), 0.0), _LONGEST_WAIT)


@cache
def _agent() -> str:
    from importlib.metadata import version

    return f"solgraph/{version('solgraph')} (Python; SPARQL client)"
