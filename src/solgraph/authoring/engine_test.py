"""Saved queries tried on a SPARQL server against the answers that the same graph gives here."""

import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import Literal

from solgraph.authoring.query_tests import examples
from solgraph.engines.endpoint import Endpoint, Result
from solgraph.engines.passport import (
    DIFFERS,
    EQUAL,
    REFUSED,
    SERVERS,
    UNASKED,
    Passport,
    Verdict,
    digest,
    name_and_version,
)
from solgraph.engines.remote import Remote
from solgraph.errors import EndpointError, ParameterError, QueryError
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import XSD, shorten
from solgraph.rdf.terms import Term

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

Row: TypeAlias = tuple[Any, ...]

_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
_YES = {True: "yes", False: "no", None: "no truth value"}
_SIZES = "SELECT ?graph (COUNT(*) AS ?size) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
#: As many characters of a row or of the words of a server are shown.
_LONGEST = 160
#: For so many seconds a server that broke down may be started again.
_PATIENCE = 60.0


def verdicts(kg: "Knowledge", server: Remote, queries: Iterable[SavedQuery]) -> Iterator[Verdict]:
    """What a server makes of each query, asked with the examples of its header.

    A server that breaks down is waited for, so that no later query is held against it. Raises :class:`EndpointError`
    when it does not come back.
    """
    for saved in queries:
        state, detail = _tried(kg, server, saved)
        yield Verdict(saved.name, state, detail, digest(saved.text))
        if state == REFUSED:
            _wait_for(server, saved.name)


def _tried(kg: "Knowledge", server: Endpoint, saved: SavedQuery) -> tuple[str, str]:
    try:
        query = saved.bind(examples(saved), kg.snapshot.label_index)
        detail = difference(kg.endpoint.ask(query), server.ask(query))
    except ParameterError as error:  # an example that the data do not hold
        return UNASKED, error.what
    except (EndpointError, QueryError) as error:
        return REFUSED, _words(error, server.name)
    return (DIFFERS if detail else EQUAL), detail


def _words(error: EndpointError | QueryError, name: str) -> str:
    """A refusal without the address and without the query that some servers repeat."""
    said = f" {error.hint}" if error.hint.startswith("It says:") else ""
    return _short(f"{error.what.replace(name, '')}{said}".partition(" SPARQL query:")[0].strip())


def _wait_for(server: Remote, last: str) -> None:
    began = time.monotonic()
    while True:
        try:
            server.ask("ASK {}")
        except EndpointError as error:
            if time.monotonic() - began > _PATIENCE:
                what = f"{server.url} broke down over '{last}' and did not come back."
                raise EndpointError(what, hint="Start it again, and name the other queries with --query.") from error
            time.sleep(0.5)
        else:
            return


def difference(ours: Result, theirs: Result) -> str:
    """How an answer differs from ours: rows missing, rows more, another order; nothing where both say the same."""
    if ours.boolean is not None:
        return "" if theirs.boolean == ours.boolean else f"{_YES[theirs.boolean]} instead of {_YES[ours.boolean]}"
    if set(theirs.columns) != set(ours.columns):
        return f"the columns are {', '.join(theirs.columns)}"
    expected, rows = comparable(ours), comparable(theirs, ours.columns)
    counts = [("missing", Counter(expected) - Counter(rows)), ("more", Counter(rows) - Counter(expected))]
    parts = [f"{_rows(found.total())} {word}, first {_shown(next(iter(found)))}" for word, found in counts if found]
    ordered = ours.holds_triples or expected == rows
    return "; ".join(parts) or ("" if ordered else "the same rows in another order")


def _rows(number: int) -> str:
    return f"{number} row{'' if number == 1 else 's'}"


def comparable(result: Result, columns: Sequence[str] = ()) -> list[Row]:
    """The rows with their columns in this order; triples, which have no order, each once."""
    places = [result.columns.index(name) for name in columns or result.columns]
    rows = [tuple(_value(row[place]) for place in places) for row in result.terms]
    return list(dict.fromkeys(rows)) if result.holds_triples else rows


def _value(term: Term | None) -> Any:
    """What makes a term the same in every engine: 1.5 may be written 1.50, true may be written 1, and en-GB en-gb."""
    if not isinstance(term, Literal):
        return term
    datatype, value = term.datatype.value, term.value
    if datatype == XSD + "boolean":
        return datatype, "", {"1": "true", "0": "false"}.get(value, value)
    with contextlib.suppress(InvalidOperation):  # what a server calls a number need not be one
        return datatype, (term.language or "").lower(), Decimal(value) if datatype in _NUMBERS else value
    return datatype, "", value


def _shown(row: Row) -> str:
    cells = (str(cell[-1]) if isinstance(cell, tuple) else shorten(getattr(cell, "value", "")) for cell in row)
    return _short(f"({', '.join(cells)})")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()} …"


def recognised(name: str, server: Remote) -> str:
    """Which engine a server is, with its version: as it is named, or as the server says; empty where it does not."""
    engine, number = name_and_version(name or server.engine)
    return f"{engine} {number}".strip() if name or engine in SERVERS else ""


def passport_of(kg: "Knowledge", engine: str, tried: Iterable[Verdict]) -> Passport:
    """The passport of an engine that was tried on the data opened here."""
    today = datetime.now(UTC).date().isoformat()
    name, number = name_and_version(engine)
    return Passport(name, number, today, version("solgraph"), kg.snapshot.version[:12], tuple(tried))


def other_dataset(kg: "Knowledge", server: Endpoint) -> str:
    """In what the graphs of a server are not those loaded here; nothing where each has its triples there."""
    if not server.ask("ASK { ?s ?p ?o }").boolean:
        return "A plain query finds nothing on the server: its default graph is empty."
    ours, theirs = (_sizes(endpoint) for endpoint in (kg.endpoint, server))
    others = [graph for graph, size in ours.items() if theirs.get(graph, 0) != size]
    if not others:
        return ""
    first = f"{shorten(others[0])} has {theirs.get(others[0], 0)} triples there and {ours[others[0]]} here"
    return f"The server holds another dataset: {len(others)} of {len(ours)} graphs differ, {first}."


def _sizes(endpoint: Endpoint) -> dict[str, int]:
    return {str(row.graph): int(row.size) for row in endpoint.ask(_SIZES)}
