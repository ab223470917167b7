"""Shapes of one's own: read file by file, and refused with a sentence where no SHACL engine could use them.

SHACL describes its own shapes by shapes (shacl-shacl), which pySHACL brings along; they look neither into queries nor
into regular expressions, so that both are tried here.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, Store, Triple

from solgraph.errors import DataError, SolgraphError
from solgraph.graph.validation_suspects import TARGETS, declared_prefixes, term_of
from solgraph.rdf.line_numbers import LineNumbers
from solgraph.rdf.namespaces import PREFIXES, shorten, slug
from solgraph.rdf.sparql_safety import refuse_unsafe
from solgraph.rdf.store import File, data_files, load
from solgraph.rdf.terms import Term
from solgraph.resources import display

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

_SH = PREFIXES["sh"]
_HINT = "See docs/validation.md for shapes of your own."


class OwnShapes:
    """The shapes of some files and folders. Raises :class:`solgraph.errors.DataError` for what cannot be used."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._files: list[tuple[File, rdflib.Graph]] = []
        self.graph = rdflib_graph(())
        for path in paths:
            files = [(file, rdflib_graph(_triples(file))) for file in data_files(path)]
            if not any(_holds_shapes(graph) for _, graph in files):
                what = "the file holds no shape of SHACL." if path.is_file() else "the folder holds no shape of SHACL."
                raise DataError(what, where=display(path), hint=_HINT)
            self._files += files
            for _, graph in files:
                self.graph += graph
        if self.graph:
            self._refuse_malformed()

    def report(self, store: Store, data: "rdflib.Graph") -> "rdflib.Graph":
        """pySHACL's report on the merge of a store."""
        self._find_targets(store)
        return report_of(data, self.graph, ", ".join(map(display, self._paths)))

    def _find_targets(self, store: Store) -> None:
        """Put the nodes that SPARQL targets (SHACL-AF) select in their place: Oxigraph finds them at once."""
        from rdflib import SH

        for shape, target in list(self.graph.subject_objects(SH.target)):
            if select := self.graph.value(target, SH.select):
                nodes = self._selected(store, target, str(select))
                self.graph.remove((shape, SH.target, target))
                for node in nodes:
                    self.graph.add((shape, SH.targetNode, rdflib_term(node)))

    def _selected(self, store: Store, target: "Node", select: str) -> list[Term]:
        from solgraph.engines.local import Local

        prefixes = declared_prefixes(self.graph)
        heads = "".join(f"PREFIX {name}: <{iri}> " for name, iri in prefixes.items())
        try:
            result = Local(lambda _: store).ask(heads + select)
        except SolgraphError as error:
            complaint = error.what.rstrip(".")
            raise self._fault(target, "select", select, f"is not a query that can be asked: {complaint}") from error
        if "this" not in result.columns:
            raise self._fault(target, "select", select, "does not select ?this")
        place = result.columns.index("this")
        return [node for row in result.terms if (node := row[place]) is not None]

    # What no engine could use

    def _refuse_malformed(self) -> None:
        from rdflib import SH

        for by in (SH.select, SH.ask, SH.construct):
            for node, query in self.graph.subject_objects(by):
                refuse_unsafe(str(query), frozenset())
                if (None, SH.target, node) not in self.graph:
                    self._refuse_query(node, slug(str(by)), str(query))
        for node, pattern in self.graph.subject_objects(SH.pattern):
            try:
                re.compile(str(pattern))
            except re.error as error:
                raise self._fault(node, "pattern", str(pattern), f"is no regular expression: {error}") from error
        self._refuse_against_shacl()

    def _refuse_query(self, node: "Node", by: str, query: str) -> None:
        """Refuse a query that rdflib, with which pySHACL answers it, cannot read."""
        from rdflib import SH, Graph
        from rdflib.plugins.sparql import prepareQuery

        declared = {
            str(self.graph.value(each, SH.prefix)): str(self.graph.value(each, SH.namespace))
            for scheme in self.graph.objects(node, SH.prefixes)
            for each in self.graph.objects(scheme, SH.declare)
        }
        try:
            prepareQuery(query.replace("$PATH", "<urn:x:path>"), initNs=dict(Graph().namespaces()) | declared)
        except Exception as error:  # rdflib raises plain exceptions too
            complaint = re.sub(r"\s*\(at char \d+\), \(line:(\d+), col:\d+\)", r" (line \1)", str(error))
            raise self._fault(node, by, query, f"is not SPARQL: {complaint}") from error

    def _refuse_against_shacl(self) -> None:
        """Refuse what the shapes of SHACL itself find wrong; they name a property of the shape where they can."""
        from pyshacl.entrypoints import meta_validate
        from rdflib import RDF, SH

        _, report, _ = meta_validate(self.graph)
        found = sorted(
            (not str(path).startswith(_SH), str(path), str(report.value(result, SH.resultMessage)), result)
            for result in report.subjects(RDF.type, SH.ValidationResult)
            for path in [report.value(result, SH.resultPath)]
        )
        for is_elsewhere, path, message, result in found:
            node, value = report.value(result, SH.focusNode), report.value(result, SH.value)
            if is_elsewhere:
                raise self._fault(node, "", "", "is not as SHACL wants it")
            component = slug(str(report.value(result, SH.sourceConstraintComponent)))
            is_value = value is not None and isinstance(term_of(value), Literal)
            raise self._fault(
                node,
                slug(path),
                str(value) if is_value else "",
                _WRONG.get(component, f"is wrong: {message.rstrip('.')}"),
            )

    def _fault(self, node: Any, by: str, value: str, wrong: str) -> DataError:
        """The error for a property of a shape, or of what stands within it."""
        shape, path = self._shape_of(node)
        named = f"the shape {shorten(str(shape))}" if shape is not None else "a shape"
        named += f" (for {shorten(str(path))})" if path is not None else ""
        shown = f" {value!r}" if value and len(value) <= 40 and "\n" not in value else ""
        what = f"{named} cannot be used: its sh:{by}{shown} {wrong}." if by else f"{named} cannot be used: it {wrong}."
        return DataError(what, where=self._place(node, shape, by, value), hint=_HINT)

    def _shape_of(self, node: "Node") -> "tuple[Node | None, Node | None]":
        """The named shape within which a node stands, and the property at which that looks on the way."""
        from rdflib import SH, BNode, URIRef

        path, seen = None, set[Any]()
        while isinstance(node, BNode) and node not in seen:
            seen.add(node)
            looks_at = self.graph.value(node, SH.path)
            path = path or (looks_at if isinstance(looks_at, URIRef) else None)
            node = next(self.graph.subjects(None, node), node)
        return (node if isinstance(node, URIRef) else None), path

    def _place(self, node: "Node", shape: "Node | None", by: str, value: str) -> str:
        """The file that says it, with the line if the shape has a name."""
        files = [file for file, graph in self._files if (node, None, None) in graph]
        if not files:
            return ", ".join(map(display, self._paths))
        if shape is None:
            return display(files[0].path)
        lines, path = LineNumbers(files[0]), _SH + by if by else ""
        tries = [("", path, Literal(value)), ("", path, None), ("", "", None)]
        line = next((line for each in tries if (line := lines.line(str(shape), *each))), 0)
        return f"{display(files[0].path)}:{line}" if line else display(files[0].path)


#: What is wrong, for the components of SHACL that say it too technically of a shape.
_WRONG = {
    "InConstraintComponent": "is none of the values that SHACL allows there",
    "MinCountConstraintComponent": "is missing",
    "MaxCountConstraintComponent": "stands there more than once",
    "NodeConstraintComponent": "is not a list, or its end is missing",
    "OrConstraintComponent": "is not of a kind that SHACL allows there",
}


def _triples(file: File) -> Iterator[Triple]:
    return (quad.triple for quad in load([file], named=False))


def _holds_shapes(graph: "rdflib.Graph") -> bool:
    from rdflib import RDF, SH, URIRef

    by = (*(URIRef(_SH + target) for target in TARGETS), SH.property)
    kinds = (SH.NodeShape, SH.PropertyShape)
    return any((None, each, None) in graph for each in by) or any((None, RDF.type, kind) in graph for kind in kinds)


def report_of(data: "rdflib.Graph", shapes: "rdflib.Graph", where: str = "") -> "rdflib.Graph":
    """pySHACL's report on data; whatever stops it is an error about the shapes."""
    import pyshacl

    with _silent():
        try:
            _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
        except Exception as error:  # pySHACL and rdflib raise what their parts raise
            raise _unusable(str(getattr(error, "message", error)), where) from error
    if isinstance(report, Exception):
        raise _unusable(text, where) from report
    graph: rdflib.Graph = report
    return graph


def _unusable(complaint: str, where: str) -> DataError:
    sentence = " ".join(complaint.split()).rstrip(".")
    return DataError(f"the shapes cannot be used: {sentence}.", where=where, hint=_HINT)


class _silent:  # noqa: N801  (used as a word)
    """Keeps pySHACL from writing itself what is raised anyway."""

    def __enter__(self) -> None:
        logging.getLogger("pyshacl-validate").addFilter(self.filter)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("pyshacl-validate").removeFilter(self.filter)

    @staticmethod
    def filter(record: logging.LogRecord) -> bool:
        """Whether a record is written: warnings are."""
        return record.levelno < logging.ERROR


# Terms for rdflib


def rdflib_graph(triples: Iterable[Triple]) -> "rdflib.Graph":
    """Triples as a graph of rdflib."""
    from rdflib import Graph

    graph = Graph()
    terms: dict[Any, Any] = {}
    for triple in triples:
        graph.add(tuple(terms.get(term) or terms.setdefault(term, rdflib_term(term)) for term in triple))
    return graph


def rdflib_term(term: object) -> "Node":
    """A term of pyoxigraph as one of rdflib."""
    from rdflib import BNode, URIRef
    from rdflib import Literal as RdflibLiteral

    if isinstance(term, Triple):  # rdflib has no term for a statement about a statement
        return BNode(f"t{str(term).encode().hex()}")
    if isinstance(term, Literal):
        plain = term.language or term.datatype.value.endswith("#string")
        return RdflibLiteral(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    return BNode(term.value) if isinstance(term, BlankNode) else URIRef(getattr(term, "value", str(term)))
