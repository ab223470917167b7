"""Data against the shapes: the SHACL engine, and where in the files each of its results belongs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple

from solgraph.engines.local import Local
from solgraph.errors import DataError, did_you_mean
from solgraph.graph.names import LabelIndex
from solgraph.graph.snapshot import value_of
from solgraph.graph.validation_report import Finding, Report, Result
from solgraph.rdf.line_numbers import subject_lines
from solgraph.rdf.namespaces import BASE, PREFIXES, shorten, slug
from solgraph.rdf.sparql_safety import refuse_unsafe
from solgraph.rdf.store import File, data_files, load, ontology_files, quads
from solgraph.rdf.terms import Term
from solgraph.resources import display, shape_files

if TYPE_CHECKING:
    import rdflib

SHAPES_GRAPH = BASE + "graph/shapes"


def validate(files: Sequence[File], context: Sequence[File] = (), shapes: Sequence[Path] = ()) -> Report:
    """Check files against the shipped shapes, and against your own ``shapes``.

    ``context`` are files to which the checked ones may refer; what is wrong with those alone is only counted. A result
    whose node has no line in a checked file stands at the line of what refers to it, or at the top of the file. Raises
    :class:`solgraph.errors.DataError` for a malformed file and for shapes that the engine cannot use.
    """
    store = load([*ontology_files(), *context], named=False)
    places = _Places({quad.subject for quad in store})
    for file in files:
        store.extend(places.read(file))
    results = run_engine(store, shapes)
    reported = {(result.focus, result.shape) for result in results}
    placed = {result: place for result in results if (place := places.of(result, reported))}
    iris = {result.focus.value for result in placed if isinstance(result.focus, NamedNode)}
    labels = LabelIndex(Local(lambda _: store)).labels(iris, ("en",))
    findings = [_finding(store, result, place, labels) for result, place in placed.items()]
    elsewhere = sum(result not in placed for result in results)
    repeated = len(results) - elsewhere - len(findings)
    return Report(sorted(findings, key=Finding.order), len(files), len(places.described), elsewhere, repeated)


class _Places:
    """Where the checked files describe things, and by what those are referred to that have no line of their own."""

    def __init__(self, elsewhere: set[Term]) -> None:
        """``elsewhere`` is what other files describe."""
        self._elsewhere = elsewhere
        self.described: dict[Term, tuple[Path, int]] = {}
        self._lines: dict[Path, Mapping[str, int]] = {}
        self._referring: dict[Term, list[Term]] = {}

    def read(self, file: File) -> Iterator[Any]:
        """The triples of a file for the merge of all; what they describe is noted in passing."""
        lines = subject_lines(file.path)
        for quad in quads(file):
            if isinstance(quad.graph_name, DefaultGraph):
                self.described.setdefault(quad.subject, (file.path, lines.get(value_of(quad.subject), 0)))
                self._referring.setdefault(quad.object, []).append(quad.subject)
                yield quad

    def of(self, result: Result, reported: set[tuple[Term, str]]) -> tuple[Path, int] | None:
        """File and line for a result, or nothing when it is about another file alone.

        A rule about two things that a checked and another file describe is ``reported`` of both, or else stands at the
        one that is the value.
        """
        if result.focus in self.described or result.focus not in self._elsewhere:
            return self._place(result.focus)
        is_partner = result.value in self.described and (result.value, result.shape) not in reported
        return self._place(result.value) if is_partner and result.value else None

    def _place(self, node: Term) -> tuple[Path, int] | None:
        """The place of a node, else of the first thing that refers to it, else the top of its file."""
        path, line = self.described.get(node, (None, 0))
        nodes, seen = [node], {node}
        while not line and nodes:
            referring = sorted({by for each in nodes for by in self._referring.get(each, [])} - seen, key=str)
            places = [self.described[by] for by in referring]
            path, line = next(((path, line) for path, line in sorted(places) if line), (path, 0))
            nodes, seen = referring, seen | set(referring)
        return (path, line or 1) if path else None


def _finding(store: Store, result: Result, place: tuple[Path, int], labels: Mapping[str, str]) -> Finding:
    path, line = place
    message = re.sub(r"<?https?://[^ >]*[^ >.,;:]>?", lambda match: shorten(match.group().strip("<>")), result.message)
    value = value_of(result.value) if result.value is not None else ""
    return Finding(
        severity=result.severity,
        file=display(path),
        line=line,
        thing="a blank node" if isinstance(result.focus, BlankNode) else shorten(value_of(result.focus)),
        label=labels.get(value_of(result.focus), ""),
        message=f"{message} {_nearest(store, result.value)}".strip(),
        shape=slug(result.shape),
        value="a blank node" if isinstance(result.value, BlankNode) else shorten(value),
        result=result,
    )


def _nearest(store: Store, value: Term | None) -> str:
    """A hint for an IRI of ours that nothing describes: the nearest one of the same namespace that is described."""
    if not isinstance(value, NamedNode) or not value.value.startswith(BASE):
        return ""
    if any(store.quads_for_pattern(value, None, None, None)):
        return ""
    namespace = value.value.removesuffix(slug(value.value))
    subjects = {quad.subject.value for quad in store if isinstance(quad.subject, NamedNode)}
    return did_you_mean(shorten(value.value), (shorten(iri) for iri in subjects if iri.startswith(namespace)))


# The engine


def run_engine(store: Store, shapes: Sequence[Path] = ()) -> list[Result]:
    """Run pySHACL over the merge of all graphs, with the shipped shapes and those of further files or folders.

    The one place that knows the engine. It works on a plain rdflib graph in memory: over an Oxigraph-backed one
    pySHACL is slow and misreads plain strings. Its ``focus_nodes`` is not used: with it, pySHACL 0.40.1 takes every
    nested shape for satisfied.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    own = [file for path in shapes for file in data_files(path)]
    graph = _rdflib_graph(load([*(File(path, SHAPES_GRAPH) for path in shape_files()), *own], named=False))
    _refuse_unsafe(graph)
    _find_targets(graph, store)
    try:
        _, report, text = pyshacl.validate(_rdflib_graph(store), shacl_graph=graph, inplace=True)
    except ReportableRuntimeError as error:
        report, text = error, str(error.message)
    if isinstance(report, Exception):
        where = ", ".join(display(path) for path in shapes)
        raise DataError(f"the shapes cannot be used: {text.strip()}", where=where)
    return list(_results(report, graph))


def _refuse_unsafe(shapes: "rdflib.Graph") -> None:
    """Raise :class:`solgraph.errors.Refused` for a rule whose query would reach another server or a file."""
    from rdflib import SH

    for by in (SH.select, SH.ask, SH.construct):
        for query in shapes.objects(None, by):
            refuse_unsafe(str(query), frozenset())


def _find_targets(shapes: "rdflib.Graph", store: Store) -> None:
    """Put the nodes that SPARQL targets (SHACL-AF) select in their place: Oxigraph finds them at once."""
    from rdflib import SH

    declared = {str(shapes.value(node, SH.prefix)): str(shapes.value(node, SH.namespace)) for node in _declared(shapes)}
    for shape, target in list(shapes.subject_objects(SH.target)):
        if not (select := shapes.value(target, SH.select)):
            continue
        shapes.remove((shape, SH.target, target))
        solutions = store.query(str(select), prefixes=PREFIXES | declared)
        for solution in solutions if isinstance(solutions, QuerySolutions) else ():
            if (node := solution["this"]) is not None:
                shapes.add((shape, SH.targetNode, _rdflib_term(node)))


def _declared(shapes: "rdflib.Graph") -> "Iterable[rdflib.term.Node]":
    from rdflib import SH

    return shapes.objects(None, SH.declare)


def _results(report: "rdflib.Graph", shapes: "rdflib.Graph") -> Iterator[Result]:
    from rdflib import RDF, SH, BNode, URIRef

    for node in report.objects(report.value(predicate=RDF.type, object=SH.ValidationReport), SH.result):
        keys = (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent, SH.value, SH.resultPath)
        focus, severity, shape, component, value, path = (report.value(node, key) for key in keys)
        while isinstance(shape, BNode) and (above := shapes.value(predicate=SH.property, object=shape)):
            shape = above
        yield Result(
            focus=_term(focus),
            severity=slug(str(severity)),
            shape=str(shape) if isinstance(shape, URIRef) else "",
            component=str(component),
            message=min((str(text) for text in report.objects(node, SH.resultMessage)), default=""),
            value=None if value is None else _term(value),
            path=str(path) if isinstance(path, URIRef) else "",
        )


def _rdflib_graph(store: Store) -> "rdflib.Graph":
    from rdflib import Graph

    graph = Graph()
    terms: dict[Any, Any] = {}
    for quad in store:
        triple = (quad.subject, quad.predicate, quad.object)
        graph.add(tuple(terms.get(term) or terms.setdefault(term, _rdflib_term(term)) for term in triple))
    return graph


def _rdflib_term(term: object) -> "rdflib.term.Node":
    from rdflib import BNode, URIRef
    from rdflib import Literal as RdflibLiteral

    if isinstance(term, Triple):  # rdflib has no term for a statement about a statement
        return BNode(f"t{str(term).encode().hex()}")
    if isinstance(term, Literal):
        plain = term.language or term.datatype.value.endswith("#string")
        return RdflibLiteral(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    return BNode(term.value) if isinstance(term, BlankNode) else URIRef(getattr(term, "value", str(term)))


def _term(node: "rdflib.term.Node | None") -> Term:
    from rdflib import BNode
    from rdflib import Literal as RdflibLiteral

    if isinstance(node, RdflibLiteral):
        datatype = None if node.language or node.datatype is None else NamedNode(str(node.datatype))
        return Literal(str(node), language=node.language, datatype=datatype)
    return BlankNode(str(node)) if isinstance(node, BNode) else NamedNode(str(node))
