"""Turtle files → one pyoxigraph store: each source a named graph, the default graph the merge of all of them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from solgraph.errors import DataError, WrongUse
from solgraph.rdf.namespaces import GRAPH
from solgraph.rdf.terms import fold
from solgraph.resources import DATA_VARIABLE, ONTOLOGY, default_data, display

ONTOLOGY_GRAPH = GRAPH + "ontology"
REGISTER_GRAPH = GRAPH + "register"
_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES}
ENDINGS = tuple(_FORMATS)


class File(NamedTuple):
    """A file of triples and the named graph into which it goes, and its bytes once it was read."""

    path: Path
    graph: str
    content: bytes | None = None

    def read(self) -> "File":
        """The file with its bytes. Raises :class:`WrongUse` when it cannot be read."""
        with _told(self):
            return self if self.content is not None else self._replace(content=self.path.read_bytes())


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
        raise WrongUse(f"{path} does not exist{named}.", hint="Give a Turtle file (.ttl), or a folder that holds some.")
    files = sorted(file for file in path.rglob("*") if file.suffix in _FORMATS and file.is_file())
    if not files:
        raise WrongUse(f"{path} holds no Turtle file (.ttl).", hint="Give another folder, or a file.")
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
    slug = fold(after[0] if after else PurePath(name).stem).replace(" ", "-")
    return GRAPH + (slug or "unnamed")


def load(files: Iterable[File], *, named: bool = True) -> Store:
    """A store in memory that holds the files: each in its named graph, and all of them merged in the default graph.

    Without ``named`` only the merge, in half the time. Raises :class:`DataError` with file:line:column for malformed
    Turtle.
    """
    store = Store()
    for file in files:
        add_file(store, file, named=named)
    return store


def add_file(store: Store, file: File, *, named: bool = True) -> None:
    """Load a file into the default graph, where plain queries see each triple once, and into its named graph."""
    rdf_format, content = _format_of(file), file.read().content
    with _told(file):
        for graph in (None, NamedNode(file.graph)) if named else (None,):
            store.load(input=content, format=rdf_format, to_graph=graph)


def parsed(file: File) -> Iterator[Quad]:
    """The triples of a file one after the other; raises as :func:`add_file` does."""
    rdf_format = _format_of(file)
    with _told(file):
        yield from parse(path=str(file.path), format=rdf_format)


def _format_of(file: File) -> RdfFormat:
    rdf_format = _FORMATS.get(file.path.suffix)
    if rdf_format is None:
        raise WrongUse(f"{display(file.path)} is not Turtle.", hint=f"Known endings: {', '.join(_FORMATS)}")
    return rdf_format


@contextmanager
def _told(file: File) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise malformed(file.path, error) from error
    except OSError as error:
        raise WrongUse(f"{display(file.path)} cannot be read: {error.strerror or error}.") from error


def malformed(path: Path, error: SyntaxError) -> DataError:
    """A parser's complaint as an error with file:line:column and the line in question."""
    _, line, column, *_ = error.args[1] if len(error.args) > 1 else (None, 1, 1)
    message = str(error.args[0]).split(": ", 1)[-1].rstrip(".")
    rows = path.read_bytes().splitlines()
    text = rows[line - 1].decode("utf-8", "replace").rstrip() if 0 < line <= len(rows) else ""
    context = f"  {line} | {text[:200]}\n  {' ' * len(str(line))} | {' ' * (min(column, 200) - 1)}^" if text else ""
    return DataError(f"{message}.", where=f"{display(path)}:{line}:{column}", hint=context)


def graphs(store: Store) -> Iterator[str]:
    """The IRIs of the named graphs, in order."""
    yield from sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
