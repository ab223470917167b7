"""A SPARQL server elsewhere, asked through SPARQLWrapper; each way to fail has its own sentence."""

import os
import re
import time
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, Triple

from solgraph.engines.endpoint import Result, result_of
from solgraph.engines.local import undeclared_prefix
from solgraph.errors import EndpointError, QueryError, WrongUse
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.sparql_safety import refuse_outside

if TYPE_CHECKING:
    import SPARQLWrapper

#: A query longer than this is sent by POST: servers and proxies cut long addresses.
LONGEST_GET = 2000
_RETRIED = (429, 503)
_LONGEST_WAIT = 60.0


class Reply(NamedTuple):
    """What a server sent: media type and body."""

    media_type: str
    body: bytes


class Remote:
    """A SPARQL 1.1 endpoint.

    ``timeout`` is in seconds, for each try; a busy server (429, 503) is asked again up to ``retries`` times, after the
    time it names or else with growing pauses. Credentials come from SOLGRAPH_TOKEN (bearer), from SOLGRAPH_USER and
    SOLGRAPH_PASSWORD (Basic) or from a netrc file, never from the address.
    """

    def __init__(self, url: str, *, timeout: int = 60, retries: int = 3) -> None:
        refuse_address(url, "an endpoint", "http://localhost:7878/query")
        self.url, self.timeout, self.retries = url, timeout, retries

    @property
    def name(self) -> str:
        """The address."""
        return self.url

    def ask(self, query: str) -> Result:
        """Answer one query, without labels. Raises :class:`EndpointError` and, for a refused query, `QueryError`."""
        form = sparql.form(query)
        refuse_outside(query, self._there(query))
        try:
            reply = self._send(sparql.with_prefixes(query), form)
        except QueryError as error:
            raise undeclared_prefix(query) or error from error
        try:
            return _read(form, reply)
        except (SyntaxError, ValueError, EOFError) as error:
            raise self._unreadable(reply, form) from error

    def _there(self, query: str) -> frozenset[str]:
        """Those of the graphs that a query asks by FROM which the server holds."""
        asked = {iri for iri, _ in sparql.asked_graphs(query) if iri.startswith(("http:", "https:", "urn:"))}
        return frozenset(iri for iri in asked if self.ask(f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}").boolean)

    def _send(self, query: str, form: str) -> Reply:
        for tried in range(self.retries + 1):
            try:
                return self._send_once(query, form)
            except HTTPError as error:
                if error.code not in _RETRIED or tried == self.retries:
                    raise self._refused(error.code, error.read()) from error
                time.sleep(_pause(error.headers.get("Retry-After"), tried))
        raise AssertionError("unreachable")

    def _send_once(self, query: str, form: str) -> Reply:
        from SPARQLWrapper import SPARQLExceptions

        try:
            response = self._wrapper(query, form).query().response
            return Reply(response.headers.get_content_type(), response.read())
        except SPARQLExceptions.SPARQLWrapperException as error:
            raise self._refused(_CODES[type(error).__name__], _said(error)) from error
        except HTTPError:
            raise
        except (OSError, HTTPException) as error:
            raise self._failed(error) from error

    def _wrapper(self, query: str, form: str) -> "SPARQLWrapper.SPARQLWrapper":
        import SPARQLWrapper

        wrapper = SPARQLWrapper.SPARQLWrapper(self.url, agent=_agent())
        wrapper.setQuery(query)
        wrapper.queryType = form
        wrapper.setReturnFormat(SPARQLWrapper.JSON if form in ("SELECT", "ASK") else SPARQLWrapper.TURTLE)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(SPARQLWrapper.POST if len(query) > LONGEST_GET else SPARQLWrapper.GET)
        wrapper.setTimeout(self.timeout)
        if header := authorisation(self.url):
            wrapper.addCustomHttpHeader("Authorization", header)
        return wrapper

    def _failed(self, error: Exception) -> EndpointError:
        import ssl

        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError) or "timed out" in str(reason):
            return EndpointError(f"{self.url} did not answer within {self.timeout} seconds.", hint=_TRY_TIMEOUT)
        if isinstance(reason, ssl.SSLError):
            told = getattr(reason, "verify_message", "") or reason.reason or reason
            return EndpointError(f"{self.url} has no trusted secure connection: {told}.", hint="Check the certificate.")
        if isinstance(reason, HTTPException):
            return EndpointError(f"{self.url} broke off its answer.", hint="Try again, or ask for less.")
        told = getattr(reason, "strerror", None) or reason
        return EndpointError(f"{self.url} cannot be reached: {told}.", hint="Check the address, and that it runs.")

    def _refused(self, code: int, body: bytes) -> EndpointError | QueryError:
        words = engine_words(body)
        if code == 400:
            return QueryError(f"{self.url} refuses the query: {words or 'no reason given'}")
        sentence = _SENTENCES.get(code, f"{{url}} answers with HTTP {code}.").format(url=self.url)
        return EndpointError(sentence, hint=_HINTS.get(code, f"It says: {words}" if words else ""))

    def _unreadable(self, reply: Reply, form: str) -> EndpointError:
        if reply.media_type in ("text/html", "application/xhtml+xml"):
            what = f"{self.url} answers with a web page and not with results."
            return EndpointError(what, hint="Is it the page of a query form? Endpoints often end in /query or /sparql.")
        if reply.media_type not in _RESULTS and reply.media_type not in _GRAPHS:
            expected = "SPARQL JSON" if form in ("SELECT", "ASK") else "Turtle"
            return EndpointError(f"{self.url} answers with {reply.media_type}, not with {expected}.")
        return EndpointError(f"{self.url} broke off its answer.", hint="Try again, or ask for less.")


_CODES = {
    "QueryBadFormed": 400,
    "Unauthorized": 401,
    "EndPointNotFound": 404,
    "URITooLong": 414,
    "EndPointInternalError": 500,
}
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
_TRY_TIMEOUT = "Give it more time with --timeout, or ask for less."
_RESULTS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/xml": QueryResultsFormat.XML,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
_GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/x-turtle": RdfFormat.TURTLE,
    "application/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/plain": RdfFormat.N_TRIPLES,
}


def refuse_address(url: str, of: str, example: str) -> None:
    """Refuse what is no address of a server, or holds a password."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise WrongUse("An address must not hold a password.", hint="Set SOLGRAPH_USER and SOLGRAPH_PASSWORD.")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WrongUse(f"'{url}' is no address of {of}.", hint=f"For example: {example}")


def _read(form: str, reply: Reply) -> Result:
    if form in ("CONSTRUCT", "DESCRIBE"):
        quads = pyoxigraph.parse(reply.body, format=_GRAPHS.get(reply.media_type, RdfFormat.TURTLE))
        return Result.of_triples(form, [Triple(one.subject, one.predicate, one.object) for one in quads])
    if reply.media_type not in _RESULTS:
        raise ValueError(reply.media_type)
    try:
        return _results(form, reply.body, _RESULTS[reply.media_type])
    except SyntaxError:
        return _results(form, _without_extras(reply.body), _RESULTS[reply.media_type])


def _results(form: str, body: bytes, media_type: QueryResultsFormat) -> Result:
    result = pyoxigraph.parse_query_results(body, format=media_type)
    if isinstance(result, QueryBoolean) != (form == "ASK"):
        raise ValueError(form)
    return result_of(form, result)


def _without_extras(body: bytes) -> bytes:
    """JSON results without what some servers (Comunica) add to them and the parser does not take."""
    import json

    found = json.loads(body)
    return json.dumps({key: found[key] for key in ("head", "results", "boolean") if key in found}).encode()


def _said(error: Exception) -> bytes:
    """The body that SPARQLWrapper puts into its exception's message, as the text of a bytes literal."""
    from ast import literal_eval

    match = re.search(r"Response:\n(b['\"].*)$", str(error), re.DOTALL)
    try:
        return bytes(literal_eval(match[1])) if match else b""
    except (SyntaxError, ValueError):
        return b""


def engine_words(body: bytes) -> str:
    """What a server says went wrong, as one line of plain text."""
    text = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", body.decode("utf-8", "replace"), flags=re.DOTALL)
    return " ".join(text.split())[:300]


def _pause(retry_after: str | None, tried: int) -> float:
    """Seconds to wait: what the server names in seconds or as a date, else 1, 2, 4 …"""
    from email.utils import parsedate_to_datetime

    if retry_after and retry_after.strip().isdigit():
        return min(float(retry_after), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(retry_after or "").timestamp()
    except (TypeError, ValueError):
        return float(min(2**tried, _LONGEST_WAIT))
    return min(max(moment - time.time(), 0.0), _LONGEST_WAIT)


def authorisation(url: str) -> str:
    """The Authorization header for an address, from the environment or a netrc file; empty when there is none."""
    from base64 import b64encode

    if token := os.environ.get("SOLGRAPH_TOKEN"):
        return f"Bearer {token}"
    user, password = os.environ.get("SOLGRAPH_USER"), os.environ.get("SOLGRAPH_PASSWORD", "")
    if not user and (found := _netrc(urlsplit(url).hostname or "")):
        user, _, password = found
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}" if user else ""


def _netrc(host: str) -> Any:
    import netrc

    try:
        return netrc.netrc(os.environ.get("NETRC")).authenticators(host)
    except (OSError, netrc.NetrcParseError):
        return None


def _agent() -> str:
    from importlib.metadata import version

    return f"solgraph/{version('solgraph')} (Python; SPARQL client)"
