"""The process that holds the store and forks SPARQL workers, and what a worker does: one query after the other.

``python -m solgraph.engines.sandbox.worker FD`` gets sockets over a socket and forks a worker for each. It has one
thread, so that a fork is safe. A store in memory is shared by all forks, copy-on-write; the engine of one on disk has
threads, so each worker opens it for itself. A worker that takes too long is ended by the kernel's alarm, whatever it is
doing and whoever still lives.
"""

import gc
import json
import os
import re
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph
from pyoxigraph import NamedNode, Quad, QueryBoolean, QueryResultsFormat, QueryTriples, RdfFormat, Store

from solgraph.engines.local import answer_of, reporting_errors
from solgraph.engines.sandbox import jail
from solgraph.engines.sandbox.limits import Limits
from solgraph.errors import NotAcceptable, Refused, SolgraphError, TooLarge
from solgraph.rdf.blank_nodes import relabelled
from solgraph.rdf.json_ld import json_ld
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.sparql_safety import refuse_outside, refuse_too_deep
from solgraph.rdf.store import data_files, graphs, load, ontology_files
from solgraph.rdf.store_on_disk import Prepared
from solgraph.resources import ONTOLOGY

#: Length of the JSON and of the bytes that follow it.
HEAD = struct.Struct("!II")
# Only a query that holds one of these words need be read token by token.
_TELLING = re.compile(r"\b(?:from|named)\b|service|\\u", re.IGNORECASE)


class Question(NamedTuple):
    """A query, and the media types in which rows and triples are wanted; an empty one if they are not acceptable.

    ``default`` and ``named`` are the graphs of the protocol's dataset.
    """

    query: str
    rows: str = "application/sparql-results+json"
    triples: str = "text/turtle"
    default: Sequence[str] = ()
    named: Sequence[str] = ()


def answer(store: Store, loaded: frozenset[str], question: Question, limits: Limits) -> tuple[str, bytes]:
    """``rows`` or ``triples``, and the answer as it is sent. Raises errors of :mod:`solgraph.errors`."""
    refuse_too_deep(question.query)
    if _TELLING.search(question.query):
        refuse_outside(question.query, loaded)
    _refuse_unknown_graphs(question, loaded)
    with reporting_errors(question.query):
        result = _result(store, question)
        kind = "triples" if isinstance(result, QueryTriples) else "rows"
        if not (question.triples if kind == "triples" else question.rows):
            raise NotAcceptable(kind)
        return kind, _written(result, question, limits)


def _refuse_unknown_graphs(question: Question, loaded: frozenset[str]) -> None:
    for name, iris in (("default-graph-uri", question.default), ("named-graph-uri", question.named)):
        for iri in set(iris) - loaded:
            what = f"{name} {iri[:200]} is refused: only loaded graphs can be asked, and nothing is fetched."
            raise Refused(what, hint="GET this address without a query lists the graphs.")


def _result(store: Store, question: Question) -> pyoxigraph.QuerySolutions | QueryBoolean | QueryTriples:
    if not (question.default or question.named):
        return answer_of(store, question.query)
    default, named = ([NamedNode(iri) for iri in iris] for iris in (question.default, question.named))
    if len(default) > 1:
        # The engine counts a triple of two graphs twice; a merge holds it once.
        return answer_of(_merged(store, default, named), question.query, named_graphs=list(named))
    return answer_of(store, question.query, default_graph=list(default), named_graphs=list(named))


def _merged(store: Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> Store:
    merged = Store()
    for graph in default:
        quads = store.quads_for_pattern(None, None, None, graph)
        merged.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged


class BoundedBytes:
    """A file in memory that takes so many bytes."""

    def __init__(self, most: int) -> None:
        self.most, self.size, self.parts = most, 0, list[bytes]()

    def write(self, data: bytes) -> int:
        """Take some bytes. Raises :class:`TooLarge`, which the engine wraps in an error of its own."""
        self.parts.append(bytes(data))
        self.size += len(data)
        if self.size > self.most:
            raise self.refusal
        return len(data)

    def flush(self) -> None:
        """Nothing to do; the engine asks for it."""

    @property
    def refusal(self) -> TooLarge:
        """The error for an answer that is longer than one may be."""
        hint = "Ask in parts: ORDER BY …, LIMIT and OFFSET; or take the whole data as a file."
        return TooLarge(f"The answer has more than {self.most:,} bytes, and no part of it is sent.", hint=hint)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Raise the refusal in place of the engine's error."""
        try:
            yield
        except (OSError, RuntimeError):
            if self.size > self.most:
                raise self.refusal from None
            raise


def _written(result: Any, question: Question, limits: Limits) -> bytes:
    out = BoundedBytes(limits.answer_bytes)
    rows = QueryResultsFormat.from_media_type(question.rows)
    if isinstance(result, QueryBoolean):
        return result.serialize(format=rows) or b""
    with out.refusing():
        if isinstance(result, QueryTriples):
            _write_triples(result, RdfFormat.from_media_type(question.triples), out)
        else:
            result.serialize(out, format=rows)
    return _without_unused_prefixes(b"".join(out.parts))


def _write_triples(result: QueryTriples, form: RdfFormat | None, out: BoundedBytes) -> None:
    """In the form as the engine writes it; JSON-LD as everywhere, in the words of our context."""
    if form == RdfFormat.JSON_LD:
        ((_, triples),) = relabelled([("", result)])
        out.write(json_ld(triples).encode())
    else:
        pyoxigraph.serialize(result, out, format=form, prefixes=PREFIXES)  # type: ignore[arg-type]


def _without_unused_prefixes(text: bytes) -> bytes:
    """Turtle or TriG that declares only prefixes that occur, in order; other forms as they are."""
    declared = re.match(rb"(?:@prefix [^\n]*\n)*", text)
    lines = declared[0].splitlines(keepends=True) if declared else []
    body = text[sum(map(len, lines)) :]
    return b"".join([*sorted(line for line in lines if line.split()[1] in body), body]) if lines else text


# The worker


def work(sock: socket.socket, store: Store, limits: Limits, *, files: bool = False) -> None:
    """Answer questions until the other side hangs up; the kernel ends what takes longer than it may."""
    loaded = frozenset(graphs(store))
    _limit_memory(limits.memory)
    jail.lock(files=files)
    _send(sock, {"pid": os.getpid()})
    with sock.makefile("rb") as stream:
        while head := stream.read(HEAD.size):
            question = Question(**json.loads(stream.read(HEAD.unpack(head)[0])))
            signal.setitimer(signal.ITIMER_REAL, limits.timeout)
            header, body = _outcome(store, loaded, question, limits)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(sock, header, body)


def _outcome(store: Store, loaded: frozenset[str], question: Question, limits: Limits) -> tuple[dict[str, Any], bytes]:
    try:
        kind, body = answer(store, loaded, question, limits)
        return {"kind": kind}, body
    except SolgraphError as error:
        cause = str(error.__cause__ or "").partition(": ")[0]  # where the parser stopped
        parts = {"what": error.what, "where": error.where, "hint": error.hint, "cause": cause}
        return {"error": type(error).__name__, **parts}, b""


def _send(sock: socket.socket, header: dict[str, Any], body: bytes = b"") -> None:
    head = json.dumps(header).encode()
    sock.sendall(HEAD.pack(len(head), len(body)) + head)
    sock.sendall(body)


def _limit_memory(megabytes: int) -> None:
    """So much beside what the store holds already, which the kernel of Linux alone makes known."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sizes = Path("/proc/self/statm")
    if sizes.exists():
        held = int(sizes.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + megabytes * 2**20,) * 2)


# The process that forks workers


def serve_forks(control: socket.socket, worker: Callable[[socket.socket], None]) -> None:
    """Fork a worker for each socket that comes, until the other side hangs up."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a worker ended
    while True:
        order, sockets, _, _ = socket.recv_fds(control, 1, 1)
        if not order:
            return
        with socket.socket(fileno=sockets[0]) as sock:
            if not os.fork():
                control.close()
                _work_and_end(sock, worker)


def _work_and_end(sock: socket.socket, worker: Callable[[socket.socket], None]) -> None:
    try:
        worker(sock)
    except (ConnectionError, MemoryError):
        pass  # whoever asked is gone, or there is no room to say so; both see that this process ends
    except Exception:  # noqa: BLE001  (reported as any other; but it must not go on as its parent)
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)


def _worker(paths: list[str], folder: str | None, limits: Limits) -> Callable[[socket.socket], None]:
    """What a worker does: with the store of the files in memory, or with the one on disk, opened anew."""

    def files() -> list[Any]:
        return [*ontology_files(), *(file for path in paths for file in data_files(Path(path)))]

    if not folder:
        store = load(files())
        return lambda sock: work(sock, store, limits)
    prepared = Prepared(Path(folder), [ONTOLOGY, *map(Path, paths)], files)
    if not os.fork():
        try:  # made, if need be, by a process that ends: the threads of the engine must not be forked
            prepared.current  # noqa: B018
        finally:
            os._exit(0)
    os.wait()
    return lambda sock: work(sock, prepared.store(), limits, files=prepared.opens_files_later())


def main(fd: int) -> None:
    """Open the data that the first message names, and serve forks of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's; it hangs up then
    control = socket.socket(fileno=fd)
    with control.makefile("rb", buffering=0) as stream:
        opened = json.loads(stream.readline())
    worker = _worker(opened["paths"], opened["store"], Limits(*opened["limits"]))
    json_ld([])  # reads its context while files can still be opened
    gc.collect()
    gc.freeze()
    serve_forks(control, worker)


if __name__ == "__main__":
    main(int(sys.argv[1]))
