"""The SHACL engine: pySHACL, which judges only what may break a shape.

The only part that knows the engine. pySHACL works on a plain rdflib graph in memory: over an Oxigraph-backed one it is
slow and misreads plain strings. Its ``focus_nodes`` is not used: with it, pySHACL 0.40.1 takes every nested shape for
satisfied.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from solgraph.graph.validation_identity import Identity, Row
from solgraph.graph.validation_report import Result
from solgraph.graph.validation_shapes import OwnShapes, rdflib_graph, rdflib_term, report_of
from solgraph.graph.validation_snapshots import Snapshots
from solgraph.graph.validation_suspects import OWN_TARGET, Suspects, declared_prefixes, term_of
from solgraph.rdf.namespaces import BASE, PREFIXES, RDF_TYPE, slug
from solgraph.rdf.store import File, load
from solgraph.rdf.terms import Term
from solgraph.resources import shape_files

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

SHAPES_GRAPH = BASE + "graph/shapes"
#: Marks a shape that is judged in what each source says, together with the register.
PER_SOURCE = BASE + "shapes#perSource"
_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"


def run_engine(store: Store, shapes: Sequence[Path] = ()) -> list[Result]:
    """The results for a store: those of the shipped shapes, and those of further files or folders of shapes.

    Shapes are judged in the merge of all graphs, those marked :data:`PER_SOURCE` in each source's snapshot. Further
    shapes see the merge alone, and pySHACL runs all of them.
    """
    results: list[Result] = []
    if shapes:
        own = OwnShapes(shapes)
        merge = rdflib_graph(quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph()))
        results += _results(own.report(store, merge), own.graph)
    shipped = _shapes_graph([File(path, SHAPES_GRAPH) for path in shape_files()])
    return [*_shipped_results(store, shipped), *results]


def _shapes_graph(files: Iterable[File]) -> "rdflib.Graph":
    return rdflib_graph(quad.triple for quad in load(files, named=False))


# The shipped shapes


def _shipped_results(store: Store, shapes: "rdflib.Graph") -> Iterator[Result]:
    """Oxigraph answers the queries of SHACL-SPARQL; pySHACL judges what may break a shape of SHACL core.

    It is imported only for that, since this takes as long as a tenth of a validation.
    """
    from rdflib import SH, URIRef

    snapshots = Snapshots(store)
    suspects = Suspects(store, shapes)
    own = _own_rows(store, suspects)
    core: dict[Node, set[Term]] = {}
    for shape in suspects.shapes():
        is_per_source = (shape, URIRef(PER_SOURCE), None) in shapes
        if (target := _own_target(shapes, shape)) in own:
            rule = _rule(shapes, shape, shapes.value(shape, SH.message))
            yield from (_answer(rule._replace(focus=row["this"]), row) for row in own[target])
        elif query := shapes.value(shape, SH.sparql):
            nodes = snapshots.judged(suspects.targets(shape), is_per_source)
            yield from map(snapshots.original, _answers(store, shapes, shape, query, nodes))
        else:
            lacking, core[shape] = (snapshots.judged(nodes, is_per_source) for nodes in suspects.of(shape))
            rule = _rule(shapes, shape, shapes.value(shape, SH.message), str(SH.MinCountConstraintComponent))
            yield from (snapshots.original(rule._replace(focus=node)) for node in lacking)
    if core := {shape: nodes for shape, nodes in core.items() if nodes}:
        data = rdflib_graph(_neighbourhood(store, shapes, {node for nodes in core.values() for node in nodes}))
        yield from map(snapshots.original, _judged(data, _aimed(shapes, core)))


def _answers(store: Store, shapes: "rdflib.Graph", shape: "Node", query: "Node", nodes: set[Term]) -> Iterator[Result]:
    """The results of a constraint of SHACL-SPARQL at some nodes."""
    from rdflib import SH

    if not nodes:
        return
    prefixes, text = PREFIXES | declared_prefixes(shapes), str(shapes.value(query, SH.select))
    rule = _rule(shapes, shape, shapes.value(query, SH.message))
    for node in sorted(nodes, key=str):
        solutions = store.query(text, prefixes=prefixes, substitutions={Variable("this"): node})
        if isinstance(solutions, QuerySolutions):
            names = [variable.value for variable in solutions.variables]
            for row in {tuple(solution): None for solution in solutions}:
                values = {name: term for name, term in zip(names, row, strict=True) if term is not None}
                yield _answer(rule._replace(focus=node), values)


def _rule(shapes: "rdflib.Graph", shape: "Node", message: "Node | None", component: str = "") -> Result:
    """What all results of a shape share."""
    from rdflib import SH, URIRef

    severity, path = slug(str(shapes.value(shape, SH.severity) or SH.Violation)), shapes.value(shape, SH.path)
    rule = Result(term_of(shape), severity, str(shape), component or str(SH.SPARQLConstraintComponent), str(message))
    return rule._replace(path=str(path)) if isinstance(path, URIRef) else rule


def _own_target(shapes: "rdflib.Graph", shape: "Node") -> str:
    """The name of the target of a shape, where it is none of SHACL but one of ours."""
    from rdflib import URIRef

    return slug(str(shapes.value(shape, URIRef(OWN_TARGET)) or ""))


def _own_rows(store: Store, suspects: Suspects) -> dict[str, list[Row]]:
    """The targets of ours, each with what it finds."""
    identity = Identity(store)
    return {
        "OutsideDomain": list(suspects.outside_domains()),
        "Duplicates": list(identity.duplicates()),
        "MisnamedCities": list(identity.misnamed()),
        "TitledAsActors": list(identity.titled_as_actors()),
    }


def _answer(rule: Result, values: Mapping[str, Term]) -> Result:
    """What a row of an answer says about the rule that it breaks."""
    texts = {name: str(getattr(term, "value", term)) for name, term in values.items()}
    return rule._replace(
        message=re.sub(r"\{[?$](\w+)\}", lambda match: texts.get(match[1], ""), rule.message),
        value=values.get("value", rule.focus),
        path=texts.get("path", ""),
        graph=texts.get("graph", ""),
        elsewhere=texts.get("elsewhere", ""),
        other=values.get("other"),
    )


def _aimed(shapes: "rdflib.Graph", suspects: "Mapping[Node, Iterable[Term]]") -> "rdflib.Graph":
    """The shapes that have suspects, aimed at these alone."""
    from rdflib import RDF, SH, Graph

    aimed = Graph()
    every = {shape for by in (SH.NodeShape, SH.PropertyShape) for shape in shapes.subjects(RDF.type, by)}
    for triple in shapes:
        if triple[0] not in every:
            aimed.add(triple)
    targets = (SH.target, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    for shape, nodes in suspects.items():
        for by, value in shapes.predicate_objects(shape):
            if by not in targets:
                aimed.add((shape, by, value))
        for node in nodes:
            aimed.add((shape, SH.targetNode, rdflib_term(node)))
    return aimed


def _neighbourhood(store: Store, shapes: "rdflib.Graph", nodes: set[Term]) -> Iterator[Triple]:
    """All that the paths of the shapes reach from some nodes: their statements, then those along longer paths."""
    from rdflib import SH

    merge = DefaultGraph()
    inverse = [NamedNode(str(path)) for path in shapes.objects(None, SH.inversePath)]
    along = {RDF_TYPE, _SUBCLASS, *_longer_paths(shapes)}
    reached, layer = set(nodes), nodes
    is_first = True
    while layer:
        further: set[Term] = set()
        for node in layer:
            if isinstance(node, Literal | Triple):
                continue
            for quad in store.quads_for_pattern(node, None, None, merge):
                if is_first or quad.predicate.value in along:
                    yield quad.triple
                    further.add(quad.object)
            for path in inverse if is_first else ():
                yield from (quad.triple for quad in store.quads_for_pattern(None, path, node, merge))
        layer, is_first = further - reached, False
        reached |= layer


def _longer_paths(shapes: "rdflib.Graph") -> Iterator[str]:
    """The properties within sequences and repeated paths."""
    from rdflib import RDF, SH, URIRef

    steps = [step for path in shapes.objects(None, SH.path) for step in shapes.items(path)]
    for by in (SH.zeroOrMorePath, SH.oneOrMorePath):
        steps += shapes.objects(None, by)
    yield from (str(step) for step in steps if isinstance(step, URIRef) and step != RDF.nil)


# pySHACL


def _judged(data: "rdflib.Graph", shapes: "rdflib.Graph") -> Iterator[Result]:
    return _results(report_of(data, shapes), shapes)


def _results(report: "rdflib.Graph", shapes: "rdflib.Graph") -> Iterator[Result]:
    from rdflib import RDF, SH, BNode, URIRef

    for node in report.objects(report.value(predicate=RDF.type, object=SH.ValidationReport), SH.result):
        keys = (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent, SH.value, SH.resultPath)
        focus, severity, shape, component, value, path = (report.value(node, key) for key in keys)
        while isinstance(shape, BNode) and (above := shapes.value(predicate=SH.property, object=shape)):
            shape = above
        yield Result(
            focus=term_of(focus),
            severity=slug(str(severity)),
            shape=str(shape) if isinstance(shape, URIRef) else "",
            component=str(component),
            message=min((str(text) for text in report.objects(node, SH.resultMessage)), default=""),
            value=None if value is None else term_of(value),
            path=str(path) if isinstance(path, URIRef) else "",
        )
