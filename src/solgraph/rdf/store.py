"""RDF files → one pyoxigraph store: each source a named graph, the default graph the merge of all of them."""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain
from pathlib import Path, PurePath
from typing import IO, NamedTuple, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from solgraph.errors import DataError, WrongUse
from solgraph.rdf.namespaces import GRAPH
from solgraph.rdf.terms import fold
from solgraph.resources import DATA_VARIABLE, ONTOLOGY, default_data, display

ONTOLOGY_GRAPH = GRAPH + "ontology"
REGISTER_GRAPH = GRAPH + "register"
_GZIP = ".gz"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SIX = (
    RdfFormat.TURTLE,
    RdfFormat.TRIG,
    RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS,
    RdfFormat.JSON_LD,
    RdfFormat.RDF_XML,
)
_FORMATS = {f".{rdf_format.file_extension}": rdf_format for rdf_format in _SIX}
#: Endings of the files that are read in a folder.
ENDINGS = (*_FORMATS, *(ending + _GZIP for ending in _FORMATS))
_MERGE = "INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"


class File(NamedTuple):
    """An RDF file, the named graph into which it goes, and its bytes once it was read: decompressed, without a BOM."""

    path: Path
    graph: str
    content: bytes | None = None

    def read(self) -> "File":
        """The file with its bytes. Raises :class:`WrongUse` when it cannot be read."""
        if self.content is not None:
            return self
        with _opened(self.path) as stream:
            return self._replace(content=stream.read())


def ontology_files() -> list[File]:
    """The ontology, the stubs of reused terms and the vocabularies; not the shapes."""
    paths = [*sorted(ONTOLOGY.glob("*.ttl")), *sorted((ONTOLOGY / "vocab").glob("*.ttl"))]
    return [File(path, ONTOLOGY_GRAPH) for path in paths]


def data_files(path: Path) -> list[File]:
    """The files below a path, each with its graph.

    In a folder that holds ``sources/`` (the shipped layout) a file ``sources/<slug>.ttl``, or any file in
    ``sources/<slug>/``, goes to the graph of that slug and all others to the register. Elsewhere each file is a
    source of its own. Raises :class:`WrongUse` for a missing path, a folder without data and an unknown ending.
    """
    if path.is_file():
        return [File(path, graph_of(path))]
    if not path.exists():
        named = f" ({DATA_VARIABLE} names it)" if path == default_data() else ""
        hint = "Give an RDF file such as data.ttl, or a folder that holds some."
        raise WrongUse(f"{path} does not exist{named}.", hint=hint)
    files = sorted(file for file in path.rglob("*") if file.name.endswith(ENDINGS) and file.is_file())
    if not files:
        raise WrongUse(f"{path} holds no RDF file ({', '.join(_FORMATS)}).", hint="Give another folder, or a file.")
    register, above, own = (path / "sources").is_dir(), path.resolve().parts, len(path.parts)
    below = [(file, file.parts[own:]) for file in files]
    return [
        File(file, REGISTER_GRAPH if register and "sources" not in inner[:-1] else _graph((*above, *inner)))
        for file, inner in below
    ]


def graph_of(path: Path) -> str:
    """The IRI of the named graph of a source file: its name, or its folder's name below ``sources/``."""
    return _graph((*path.parent.resolve().parts, path.name))


def _graph(parts: tuple[str, ...]) -> str:
    """The graph of a file that lies at these parts of a path."""
    *folders, name = parts
    after = folders[folders.index("sources") + 1 :] if "sources" in folders else ()
    slug = fold(after[0] if after else PurePath(name.removesuffix(_GZIP)).stem).replace(" ", "-")
    return GRAPH + (slug or "unnamed")


def load(files: Iterable[File], *, named: bool = True) -> Store:
    """A store in memory that holds the files: each in its named graph, and all of them merged in the default graph.

    Without ``named`` only the merge, in half the time. Raises :class:`DataError` with file:line:column for a
    malformed file.
    """
    store = Store()
    for file in files:
        rdf_format = format_of(file.path)
        if rdf_format.supports_datasets:
            store.extend(named_quads(file) if named else map(_moved, _parsed(file, rdf_format)))
            continue
        graph, content = NamedNode(file.graph) if named else None, file.read().content or b""
        with _reporting_errors(file.path):
            content = _checked(content, rdf_format)
            store.load(input=content, format=rdf_format, base_iri=_base(file.path), to_graph=graph)
    if named:
        merge(store)
    return store


def merge(store: Store) -> None:
    """Fill the default graph with what the named graphs say."""
    store.update(_MERGE)


def quads(file: File) -> Iterator[Quad]:
    """Each triple of a file twice: for the merge of all, and for its named graph. Raises as :func:`load` does."""
    for quad in named_quads(file):
        yield _moved(quad)
        yield quad


def named_quads(file: File) -> Iterator[Quad]:
    """Each triple of a file in its named graph.

    What a file says in its default graph goes to the graph of the file, unless one of its named graphs says it too:
    in the quad forms written here the default graph is the merge.
    """
    rdf_format, graph = format_of(file.path), NamedNode(file.graph)
    parsed = _parsed(file, rdf_format)
    if not rdf_format.supports_datasets:
        return (_moved(quad, graph) for quad in parsed)
    named: list[Quad] = []
    others: list[Quad] = []
    for quad in parsed:
        (named if isinstance(quad.graph_name, NamedNode) else others).append(quad)
    in_graphs = {quad.triple for quad in named} if others else set()
    return chain(named, (_moved(quad, graph) for quad in others if quad.triple not in in_graphs))


def _moved(quad: Quad, graph: NamedNode | None = None) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _parsed(file: File, rdf_format: RdfFormat) -> Iterator[Quad]:
    with _opened(file.path) if file.content is None else BytesIO(file.content) as stream, _reporting_errors(file.path):
        is_read_whole = rdf_format in (RdfFormat.JSON_LD, RdfFormat.RDF_XML)
        content = _checked(stream.read(), rdf_format) if is_read_whole else stream
        yield from parse(content, format=rdf_format, base_iri=_base(file.path), rename_blank_nodes=True)


def _checked(content: bytes, rdf_format: RdfFormat) -> bytes:
    """The content with our JSON-LD context in place of its address; XML must be well-formed."""
    if rdf_format == RdfFormat.JSON_LD:
        from solgraph.rdf.json_ld import with_own_context

        return with_own_context(content)
    if rdf_format == RdfFormat.RDF_XML:
        check_xml(content)
    return content


def _base(path: Path) -> str:
    """The IRI against which relative IRIs of a file are resolved: its own."""
    return path.absolute().as_uri()


def format_of(path: Path) -> RdfFormat:
    """The RDF format of a file by its ending, before ``.gz`` if there is one. Raises :class:`WrongUse`."""
    name = PurePath(path.name.lower().removesuffix(_GZIP))
    rdf_format = _FORMATS.get(name.suffix) or RdfFormat.from_extension(name.suffix[1:])
    if rdf_format not in _SIX or name.suffix == ".txt":
        hint = f"Known endings: {', '.join(_FORMATS)}, each also with {_GZIP}"
        raise WrongUse(f"{display(path)} is not known as RDF by its ending.", hint=hint)
    return rdf_format


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, decompressed and without a byte order mark."""
    with _reporting_errors(path), _decompressed(path) as stream:
        if stream.read(3) != _BYTE_ORDER_MARK:
            stream.seek(0)
        yield stream


def _decompressed(path: Path) -> IO[bytes]:
    if not path.name.lower().endswith(_GZIP):
        return path.open("rb")
    import gzip

    return cast(IO[bytes], gzip.open(path))


@contextmanager
def _reporting_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise malformed(path, error) from error
    except (EOFError, zlib.error) as error:
        raise DataError(f"the compressed file is damaged: {error}.", where=display(path)) from error
    except OSError as error:
        raise WrongUse(f"{display(path)} cannot be read: {error.strerror or error}.") from error


def check_xml(content: bytes) -> None:
    """Raise :class:`SyntaxError` with line and column for what is not XML, or grows beyond bounds by its entities.

    pyoxigraph expands entities without bound, gives no place for some errors, and reads and writes what is not XML.
    """
    from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

    try:
        ParserCreate(namespace_separator=" ").Parse(content, True)
    except ExpatError as error:
        place = (None, error.lineno, error.offset + 1, None, error.lineno, error.offset + 1)
        raise SyntaxError(ErrorString(error.code), place) from error


def malformed(path: Path, error: SyntaxError) -> DataError:
    """A parser's complaint as an error with file:line:column and the line in question."""
    _, line, column, *_ = error.args[1] if len(error.args) > 1 else (None, 1, 1)
    message = str(error.args[0]).split(": ", 1)[-1].rstrip(".")
    if "LoadDocumentCallback" in message:
        hint = "Put the context into the file; nothing is fetched."
        return DataError("the file refers to an external JSON-LD context.", where=display(path), hint=hint)
    if line is None:
        return DataError(f"{message}.", where=display(path))
    rows = (File(path, "").read().content or b"").splitlines()
    text = rows[line - 1].decode("utf-8", "replace").rstrip() if 0 < line <= len(rows) else ""
    context = f"  {line} | {text[:200]}\n  {' ' * len(str(line))} | {' ' * (min(column, 200) - 1)}^" if text else ""
    return DataError(f"{message}.", where=f"{display(path)}:{line}:{column}", hint=context)


@contextmanager
def reporting_damage() -> Iterator[None]:
    """Raise what the engine says of a damaged store on disk, while it is read, as :class:`DataError`."""
    try:
        yield
    except RuntimeError as error:
        if "Corruption" not in str(error):
            raise
        hint = "Remove the folder of the store; it is made again."
        raise DataError(f"the prepared store is damaged: {error}", hint=hint) from error


@reporting_damage()
def graphs(store: Store) -> list[str]:
    """The IRIs of the named graphs, in order."""
    return sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
