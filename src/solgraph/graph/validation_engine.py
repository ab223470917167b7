"""The SHACL engine: pySHACL, which judges only what may break a shape.

The only part that knows the engine. pySHACL works on a plain rdflib graph in memory: over an Oxigraph-backed one it is
slow and misreads plain strings. Its ``focus_nodes`` is not used: with it, pySHACL 0.40.1 takes every nested shape for
satisfied.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from solgraph.errors import DataError
from solgraph.graph.validation_identity import Identity, Row
from solgraph.graph.validation_report import Result
from solgraph.graph.validation_snapshots import Snapshots
from solgraph.graph.validation_suspects import Suspects, declared_prefixes, term_of
from solgraph.rdf.namespaces import BASE, PREFIXES, RDF_TYPE, slug
from solgraph.rdf.sparql_safety import refuse_unsafe
from solgraph.rdf.store import File, data_files, load
from solgraph.rdf.terms import Term
from solgraph.resources import display, shape_files

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
    further = _shapes_graph([file for path in shapes for file in data_files(path)])
    _refuse_unsafe(further)
    results: list[Result] = []
    if further:
        _find_targets(further, store)
        merge = _rdflib_graph(quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph()))
        results += _pyshacl(merge, further, ", ".join(display(path) for path in shapes))
    shipped = _shapes_graph([File(path, SHAPES_GRAPH) for path in shape_files()])
    return [*_shipped_results(store, shipped), *results]


def _shapes_graph(files: Iterable[File]) -> "rdflib.Graph":
    return _rdflib_graph(quad.triple for quad in load(files, named=False))


def _refuse_unsafe(shapes: "rdflib.Graph") -> None:
    """Raise :class:`solgraph.errors.Refused` for a rule whose query would reach another server or a file."""
    from rdflib import SH

    for by in (SH.select, SH.ask, SH.construct):
        for query in shapes.objects(None, by):
            refuse_unsafe(str(query), frozenset())


def _find_targets(shapes: "rdflib.Graph", store: Store) -> None:
    """Put the nodes that SPARQL targets (SHACL-AF) select in their place: Oxigraph finds them at once."""
    from rdflib import SH

    for shape, target in list(shapes.subject_objects(SH.target)):
        if not (select := shapes.value(target, SH.select)):
            continue
        shapes.remove((shape, SH.target, target))
        solutions = store.query(str(select), prefixes=PREFIXES | declared_prefixes(shapes))
        for solution in solutions if isinstance(solutions, QuerySolutions) else ():
            if (node := solution["this"]) is not None:
                shapes.add((shape, SH.targetNode, _rdflib_term(node)))


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
        data = _rdflib_graph(_neighbourhood(store, shapes, {node for nodes in core.values() for node in nodes}))
        yield from map(snapshots.original, _pyshacl(data, _aimed(shapes, core)))


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
    from rdflib import RDF, SH

    types = (str(kind) for target in shapes.objects(shape, SH.target) for kind in shapes.objects(target, RDF.type))
    return next((slug(kind) for kind in types if kind.startswith(PREFIXES["sgs"])), "")


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
            aimed.add((shape, SH.targetNode, _rdflib_term(node)))
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


def _pyshacl(data: "rdflib.Graph", shapes: "rdflib.Graph", where: str = "") -> Iterator[Result]:
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    try:
        _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    except ReportableRuntimeError as error:
        report, text = error, str(error.message)
    if isinstance(report, Exception):
        raise DataError(f"the shapes cannot be used: {text.strip()}", where=where)
    return _results(report, shapes)


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


def _rdflib_graph(triples: Iterable[Triple]) -> "rdflib.Graph":
    from rdflib import Graph

    graph = Graph()
    terms: dict[Any, Any] = {}
    for triple in triples:
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
