"""The process that holds the store and forks workers, and what a worker does: one query after the other, in its limits.

``python -m solgraph.engines.sandbox.worker FD`` gets its orders over a socket. It has one thread, so that a fork is
safe. A store in memory is shared by all forks, copy-on-write; the engine of one on disk has threads, so each worker
opens it for itself. A worker that takes too long is ended by the kernel's alarm, whatever it is doing and whoever still
lives.
"""

import contextlib
import gc
import json
import os
import re
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pyoxigraph
from pyoxigraph import NamedNode, Quad, QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store, Triple

from solgraph.engines.local import invalid
from solgraph.errors import QueryError, Refused, SolgraphError
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.knowledge import open as open_
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.store import graphs, ontology_files
from solgraph.rdf.store_on_disk import Prepared
from solgraph.resources import ONTOLOGY

#: Length of the JSON and of the bytes that follow it.
HEAD = struct.Struct("!II")
#: An order to the process that forks: 0, with a socket, for a new worker; the number of one that is to be ended.
ORDER = struct.Struct("!i")
#: Longer answers go through a file, so that a slow client costs no memory.
INLINE = 256 * 1024

# Bytes that stand between rows, and never within one (CSV: nearly never); and how many rows there are before the first.
_ROWS = {
    "json": (QueryResultsFormat.JSON, b',{"', 1),
    "xml": (QueryResultsFormat.XML, b"<result>", 0),
    "csv": (QueryResultsFormat.CSV, b"\r\n", -1),
    "tsv": (QueryResultsFormat.TSV, b"\n", -1),
}
TRIPLES = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
_Result: TypeAlias = pyoxigraph.QuerySolutions | QueryBoolean | QueryTriples


class Limits(NamedTuple):
    """What one query may use: seconds, megabytes beside the data, rows or triples, and bytes of its answer."""

    timeout: float
    memory: int
    rows: int
    answer_bytes: int


class Question(NamedTuple):
    """A query, and the formats in which rows and triples are wanted; an empty name is for one that cannot be had.

    ``default`` and ``named`` are the graphs of the protocol's dataset. ``values_are_bound`` for a query of one's own
    whose values were put in place. A long answer goes to the file ``spool``.
    """

    query: str
    rows: str = "json"
    triples: str = "turtle"
    default: Sequence[str] = ()
    named: Sequence[str] = ()
    values_are_bound: bool = False
    spool: str = ""


class TooLarge(QueryError):
    """The answer has more rows or bytes than one may have."""


class NotAcceptable(QueryError):
    """The answer is of a kind for which no acceptable format was named."""


# Only a query that holds one of these words need be read token by token.
_DATASET = re.compile(r"\b(?:from|named)\b|\\u", re.IGNORECASE)


def answer(store: Store, known: frozenset[str], question: Question, limits: Limits) -> tuple[str, bytes]:
    """``rows`` or ``triples``, and the answer as it is sent. Raises :class:`QueryError` when it is wrong or refused."""
    query = sparql.Bound(question.query) if question.values_are_bound else question.query
    if not question.values_are_bound:
        sparql.refuse_service(query)
    if _DATASET.search(query):
        sparql.refuse_outside(query, known)
    _refuse_unknown(question, known)
    with _told(query):
        result = _asked(store, query, question)
        kind = "triples" if isinstance(result, QueryTriples) else "rows"
        if not (question.rows if kind == "rows" else question.triples):
            raise NotAcceptable(kind)
        return kind, _written(result, question, limits)


def _refuse_unknown(question: Question, known: frozenset[str]) -> None:
    for name, given in (("default-graph-uri", question.default), ("named-graph-uri", question.named)):
        for iri in given:
            if iri not in known:
                what = f"{name} {iri[:200]} is refused: only loaded graphs can be asked, and nothing is fetched."
                raise Refused(what, hint="GET this address without a query lists the graphs.")


@contextlib.contextmanager
def _told(query: str) -> Iterator[None]:
    try:
        yield
    except (SyntaxError, UnicodeEncodeError) as error:
        sparql.form(query)  # an update, or no query at all
        raise invalid(query, error) from error
    except RuntimeError as error:
        raise QueryError(f"The query cannot be answered: {error}.", hint="Use SPARQL 1.1's own functions.") from error
    except MemoryError as error:
        raise TooLarge("The query needs more memory than it may have.", hint="Ask for less, or add LIMIT.") from error


def _asked(store: Store, query: str, question: Question) -> _Result:
    if not (question.default or question.named):
        return store.query(query, prefixes=PREFIXES)
    default, named = _nodes(question.default), _nodes(question.named)
    if len(default) > 1:
        # The engine counts a triple of two graphs twice; a merge holds it once.
        store, default = _merged(store, default, named), []
        return store.query(query, prefixes=PREFIXES, named_graphs=named)
    return store.query(query, prefixes=PREFIXES, default_graph=default, named_graphs=named)


def _nodes(iris: Sequence[str]) -> list[Any]:
    return [NamedNode(iri) for iri in iris]


def _merged(store: Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
    merged = Store()
    for graph in default:
        quads = store.quads_for_pattern(None, None, None, graph)
        merged.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged


class Bounded:
    """A file in memory that takes so many bytes and, of a separator, so many occurrences."""

    def __init__(self, limits: Limits, separator: bytes = b"", found: int = 0) -> None:
        """Without a separator only bytes are counted; ``found`` is where the count of occurrences begins."""
        self.parts: list[bytes] = []
        self.limits, self.separator = limits, separator
        self.size, self.found = 0, found
        self.end = b""
        self.refused: TooLarge | None = None

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        self.size += len(data)
        if self.separator:
            # What a separator begins at the end of one write is found with the next one.
            seen = self.end + data
            self.found += seen.count(self.separator)
            self.end = seen[len(seen) - len(self.separator) + 1 :]
        if self.size > self.limits.answer_bytes:
            self._refuse(f"{self.limits.answer_bytes:,} bytes")
        if self.found > self.limits.rows:
            self._refuse(f"{self.limits.rows:,} rows")
        return len(data)

    def _refuse(self, what: str) -> None:
        self.refused = too_large(what, self.limits)
        raise self.refused

    def flush(self) -> None:
        pass


def too_large(what: str, limits: Limits) -> TooLarge:
    """The refusal of an answer that is longer than one may be."""
    hint = f"Ask in parts: ORDER BY …, LIMIT {limits.rows} and OFFSET; or take the whole data as a file."
    return TooLarge(f"The answer has more than {what}, and no part of it is sent.", hint=hint)


def _written(result: _Result, question: Question, limits: Limits) -> bytes:
    if isinstance(result, QueryTriples):
        out = Bounded(limits)
        with _refusing(out):
            return serialized(_counted(result, limits), question.triples, PREFIXES, out)
    chosen, separator, found = _ROWS[question.rows]
    if isinstance(result, QueryBoolean):
        return result.serialize(format=chosen) or b""
    out = Bounded(limits, separator, found)
    with _refusing(out):
        result.serialize(out, format=chosen)  # type: ignore[arg-type]
    return b"".join(out.parts)


def serialized(triples: Iterable[Triple], format: str, prefixes: dict[str, str], out: Bounded) -> bytes:
    """Triples in a format; Turtle and TriG declare only prefixes that occur, in order."""
    pyoxigraph.serialize(triples, out, format=TRIPLES[format], prefixes=prefixes)  # type: ignore[arg-type]
    whole = b"".join(out.parts)
    if format not in ("turtle", "trig"):
        return whole
    declared = re.match(rb"(?:@prefix [^\n]*\n)*", whole)
    lines = declared.group().splitlines(keepends=True) if declared else []
    body = whole[sum(map(len, lines)) :]
    return b"".join([*sorted(line for line in lines if line.split()[1] in body), body])


@contextlib.contextmanager
def _refusing(out: Bounded) -> Iterator[None]:
    """The engine wraps what a file raises in an error of its own."""
    try:
        yield
    except (OSError, RuntimeError, TooLarge):
        if out.refused:
            raise out.refused from None
        raise


def _counted(triples: QueryTriples, limits: Limits) -> Iterator[Triple]:
    for count, triple in enumerate(triples, 1):
        if count > limits.rows:
            raise too_large(f"{limits.rows:,} triples", limits)
        yield triple


# The worker


def work(sock: socket.socket, store: Store, limits: Limits) -> None:
    """Answer questions until the other side hangs up; the kernel ends what takes longer than it may."""
    known = frozenset(graphs(store))
    _limit_memory(limits.memory)
    _send(sock, {"pid": os.getpid()})
    with sock.makefile("rb") as stream:
        while head := stream.read(HEAD.size):
            question = Question(**json.loads(stream.read(HEAD.unpack(head)[0])))
            signal.setitimer(signal.ITIMER_REAL, limits.timeout)
            told, body = _outcome(store, known, question, limits)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(sock, told, body)


def _outcome(store: Store, known: frozenset[str], question: Question, limits: Limits) -> tuple[dict[str, Any], bytes]:
    try:
        kind, body = answer(store, known, question, limits)
    except SolgraphError as error:
        cause = str(error.__cause__ or "").partition(": ")[0]
        said = {"what": error.what, "where": error.where, "hint": error.hint, "cause": cause}
        return {"error": type(error).__name__, **said}, b""
    if len(body) > INLINE and question.spool:
        Path(question.spool).write_bytes(body)
        return {"kind": kind, "spooled": True}, b""
    return {"kind": kind}, body


def _send(sock: socket.socket, told: dict[str, Any], body: bytes = b"") -> None:
    head = json.dumps(told).encode()
    sock.sendall(HEAD.pack(len(head), len(body)) + head + body)


def _limit_memory(megabytes: int) -> None:
    """So much beside what the store holds already. Only where the kernel tells that: on Linux."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    told = Path("/proc/self/statm")
    if told.exists():
        held = int(told.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + megabytes * 2**20,) * 2)


# The process that forks workers


def serve_forks(control: socket.socket, worker: Callable[[socket.socket], None]) -> None:
    """Fork a worker for each socket that comes, and end the ones whose number comes, until the other side hangs up."""
    children: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: _reap(children))
    while True:
        order, sockets, _, _ = socket.recv_fds(control, ORDER.size, 1)
        if not order:
            break
        number = ORDER.unpack(order)[0]
        if number in children:
            os.kill(number, signal.SIGKILL)
        for fd in sockets:
            with socket.socket(fileno=fd) as sock:
                _fork(control, sock, worker, children)
    for child in list(children):
        with contextlib.suppress(ProcessLookupError):  # it ended just now
            os.kill(child, signal.SIGKILL)


def _reap(children: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            children.discard(pid)


def _fork(
    control: socket.socket, sock: socket.socket, worker: Callable[[socket.socket], None], children: set[int]
) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # a child is known before it can be reaped
    if pid := os.fork():
        children.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        return
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        control.close()
        worker(sock)
    except (OSError, MemoryError):
        pass  # whoever asked is gone, or there is no room to tell; both see that this process ends
    except Exception:  # noqa: BLE001  (told as any other; but it must not go on as its parent)
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _stores(kg: Knowledge) -> Callable[[], Store]:
    """What gives a worker its store: the one in memory, or the one on disk, opened anew."""
    if not kg.on_disk:
        store = kg.store
        return lambda: store
    prepared = Prepared(kg.on_disk, [ONTOLOGY, *kg.paths], lambda: [*ontology_files(), *kg.files])
    if not os.fork():
        try:  # made, if need be, by a process that ends: the threads of the engine must not be forked
            prepared.current  # noqa: B018
        finally:
            os._exit(0)
    os.wait()
    prepared.current  # noqa: B018  (it is there now; what files are later does not change it)
    return prepared.store


def main(fd: int) -> None:
    """Open the data that the first message names, and serve forks of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's; it hangs up then
    control = socket.socket(fileno=fd)
    with control.makefile("rb", buffering=0) as stream:
        said = json.loads(stream.readline())
    limits = Limits(*said.pop("limits"))
    store = _stores(open_(*said.pop("data"), **said))
    gc.collect()
    gc.freeze()
    serve_forks(control, lambda sock: work(sock, store(), limits))


if __name__ == "__main__":
    main(int(sys.argv[1]))
