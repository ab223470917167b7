"""Where in the files a result of the SHACL engine belongs."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from solgraph.graph.snapshot import value_of
from solgraph.graph.validation_report import Result
from solgraph.rdf.line_numbers import LineNumbers
from solgraph.rdf.namespaces import slug
from solgraph.rdf.store import File, named_quads
from solgraph.rdf.terms import Term


class Places:
    """Where the checked files describe things, and by what those are referred to that have no line of their own."""

    def __init__(self, store: Store, context: Sequence[File]) -> None:
        """``store`` holds what the files of the ``context`` describe, which are not checked."""
        self._store, self._files = store, list(context)
        self._elsewhere = {quad.subject for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
        self.described: dict[Term, dict[tuple[Path, str], None]] = {}
        self._numbers: dict[Path, LineNumbers] = {}

    def read(self, file: File) -> list[Quad]:
        """The quads of a checked file in its named graphs; what they describe is noted in passing."""
        file = file.read()
        self._files.append(file)
        quads = list(named_quads(file))
        for subject, graph in dict.fromkeys((quad.subject, quad.graph_name) for quad in quads):
            if isinstance(graph, NamedNode):
                self.described.setdefault(subject, {})[file.path, graph.value] = None
        return quads

    def of(self, result: Result, reported: set[tuple[Term, str]]) -> tuple[Path, int] | None:
        """File and line for a result, or nothing when it is about another file alone.

        A rule about two things that a checked and another file describe is ``reported`` of both, or else stands at the
        one that is the value.
        """
        if result.focus in self.described or result.focus not in self._elsewhere:
            return self._place(result.focus, result)
        is_partner = result.value in self.described and (result.value, result.shape) not in reported
        return self._place(result.value, result) if is_partner and result.value else None

    def _place(self, node: Term, result: Result) -> tuple[Path, int] | None:
        """The place of the value, property or node, else of the first thing that refers to it, else the file's top."""
        homes = self.described.get(node, {})
        if result.graph:
            homes = dict.fromkeys(home for home in homes if home[1] == result.graph)
        if place := self._line(homes, value_of(node), result.path, result.value):
            return place
        path = next((path for path, _ in homes), None)
        nodes, seen = [node], {node}
        while nodes:
            referring = sorted({by for each in nodes for by in self._referring(each)} - seen, key=str)
            paths = {home[0] for by in referring for home in self.described[by]}
            path = path or min(paths, default=None)
            places = (self._line(self.described[by], value_of(by), "", node) for by in referring)
            if place := min(filter(None, places), default=None):
                return place
            nodes, seen = referring, seen | set(referring)
        return (path, 1) if path else None

    def _line(
        self, homes: Iterable[tuple[Path, str]], iri: str, path: str, value: Term | None
    ) -> tuple[Path, int] | None:
        """The best line for a value: its own, else that of its property, else that of the thing."""
        for sought in ((path, value), (path, None), ("", None)):
            for file, graph in homes:
                if line := self._lines(file).line(iri, graph, *sought):
                    return file, line
        return None

    def _referring(self, node: Term) -> Iterator[Term]:
        if not isinstance(node, Triple):
            subjects = (quad.subject for quad in self._store.quads_for_pattern(None, None, node, DefaultGraph()))
            yield from (subject for subject in subjects if subject in self.described)

    def anywhere(self, iri: str, graph: str = "", value: Term | None = None) -> tuple[Path, int] | None:
        """The first place in any file that describes a thing, in any graph or a certain one; at a ``value`` of it."""
        name = slug(iri).encode()
        for file in self._files:
            if name in (file.read().content or b"") and iri in (numbers := self._lines(file.path, file)).blocks:
                in_graph = (
                    not graph or graph == file.graph or any(block.graph == graph for block in numbers.blocks[iri])
                )
                line = in_graph and (numbers.line(iri, graph, "", value) or numbers.line(iri, graph))
                if line:
                    return file.path, line
        return None

    def excerpt(self, path: Path, line: int) -> str:
        """What stands in a line of a file."""
        return self._lines(path).line_text(line)

    def _lines(self, path: Path, file: File | None = None) -> LineNumbers:
        if path not in self._numbers:
            file = file or next((file for file in self._files if file.path == path), File(path, ""))
            self._numbers[path] = LineNumbers(file)
        return self._numbers[path]
