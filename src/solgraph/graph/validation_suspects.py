"""Which nodes may break a shape: targets and constraints of SHACL core, looked up in all statements at once.

A SHACL engine in Python looks at each node for each shape. It gets only the nodes that may break one, or all targets of
a shape that says something which is not understood here. A node without the value that it needs is known to break it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import reduce
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store

from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, XSD
from solgraph.rdf.terms import Term, python_value

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

_SH = PREFIXES["sh"]
#: What aims a shape at nodes.
TARGETS = ("target", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
#: Aims a rule at what is found here by other means than SHACL.
OWN_TARGET = PREFIXES["sgs"] + "target"
#: What a shape says beside its constraints.
_OTHER = {"path", "severity", "message", "name", "flags", "sparql", *TARGETS}
_TYPE, _BELOW = NamedNode(RDF_TYPE), NamedNode(PREFIXES["rdfs"] + "subClassOf")
_CLASS, _DOMAIN = NamedNode(PREFIXES["owl"] + "Class"), NamedNode(PREFIXES["schema"] + "domainIncludes")
_LANGUAGE_TEXT = PREFIXES["rdf"] + "langString"

_Path = Callable[[Term], Collection[Term]]
_Values = Mapping[Term, Collection[Term]]


class Suspects:
    """Finds the nodes of a store that may break shapes."""

    def __init__(self, store: Store, shapes: "rdflib.Graph") -> None:
        self._store, self._shapes = store, shapes
        self._prefixes = PREFIXES | declared_prefixes(shapes)
        #: Property → thing → values, and property → value → things.
        self._values: dict[Term, dict[Term, list[Term]]] = {}
        self._things: dict[Term, dict[Term, set[Term]]] = {}
        self._classes: dict[Term, set[Term]] = {}
        for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
            thing, path, value = quad.triple
            self._values.setdefault(path, {}).setdefault(thing, []).append(value)

    def shapes(self) -> "list[Node]":
        """The shapes that have targets."""
        from rdflib import URIRef

        targets = (*(URIRef(_SH + by) for by in TARGETS), URIRef(OWN_TARGET))
        return sorted({shape for by in targets for shape in self._shapes.subjects(by)}, key=str)

    def targets(self, shape: "Node") -> set[Term]:
        """The nodes at which a shape is aimed."""
        from rdflib import SH

        def arguments(by: "rdflib.URIRef") -> Iterator[NamedNode]:
            return (NamedNode(str(node)) for node in self._shapes.objects(shape, by))

        return set(arguments(SH.targetNode)).union(
            *map(self._instances, arguments(SH.targetClass)),
            *(self._values.get(path, {}) for path in arguments(SH.targetSubjectsOf)),
            *(self._inverse(path) for path in arguments(SH.targetObjectsOf)),
            *(self._selected(str(query)) for query in self._queries(shape)),
        )

    def _queries(self, shape: "Node") -> "Iterator[Node]":
        """The queries that select targets."""
        from rdflib import SH, URIRef

        targets = (target for by in (SH.target, URIRef(OWN_TARGET)) for target in self._shapes.objects(shape, by))
        return (query for target in targets for query in self._shapes.objects(target, SH.select))

    def _selected(self, query: str) -> Iterator[Term]:
        solutions = self._store.query(query, prefixes=self._prefixes)
        return (solution["this"] for solution in solutions) if isinstance(solutions, QuerySolutions) else iter(())

    def _inverse(self, path: Term) -> dict[Term, set[Term]]:
        """Value → the things that have it."""
        if path not in self._things:
            things = self._things[path] = {}
            for thing, values in self._values.get(path, {}).items():
                for value in values:
                    things.setdefault(value, set()).add(thing)
        return self._things[path]

    def _instances(self, top: Term) -> set[Term]:
        """The things of a class, or of one below it."""
        if top not in self._classes:
            below, things = self._inverse(_BELOW), self._inverse(_TYPE)
            classes = _reached([top], lambda above: below.get(above, ()))
            self._classes[top] = set[Term]().union(*(things.get(kind, ()) for kind in classes))
        return self._classes[top]

    def outside_domains(self) -> Iterator[dict[str, Term]]:
        """What has a declared class, and a property that ``schema:domainIncludes`` allows to none of its classes."""
        things = self._inverse(_TYPE)
        classed = {thing for kind in things.get(_CLASS, ()) for thing in things.get(kind, ())}
        for path, tops in self._values.get(_DOMAIN, {}).items():
            allowed = set[Term]().union(*map(self._instances, tops))
            names = Literal(" and ".join(sorted(map(value_of, tops))))
            for this, values in self._values.get(path, {}).items():
                if this in classed and this not in allowed:
                    yield from ({"this": this, "path": path, "value": value, "domains": names} for value in values)

    def of(self, shape: "Node") -> tuple[set[Term], set[Term]]:
        """The targets of a shape that break it since they have no value and need one, and others that may break it."""
        from rdflib import SH

        nodes = self.targets(shape)
        values = self._values_along(self._shapes.value(shape, SH.path), nodes)
        pairs = ((str(by).removeprefix(_SH), str(argument)) for by, argument in self._shapes.predicate_objects(shape))
        stated = [(by, argument) for by, argument in pairs if ":" not in by and by not in _OTHER]
        without = [by for by, argument in stated if by != "disjoint" and not self._constraint(by, argument)(())]
        lacking = nodes.difference(values) if without == ["minCount"] else set()
        breaking = (self._breaking(by, argument, nodes, values) for by, argument in stated)
        return lacking, nodes.intersection(chain.from_iterable(breaking)) - lacking

    def _breaking(self, by: str, argument: str, nodes: set[Term], values: _Values) -> Iterator[Term]:
        """The nodes that may break a constraint, and perhaps others that are no targets."""
        if compare := _WITH_OTHERS.get(by):
            others = self._values.get(NamedNode(argument), {})
            yield from (node for node in nodes if not compare(set(values.get(node, ())), others.get(node, ())))
            return
        keep = self._constraint(by, argument)
        yield from (node for node, each in values.items() if not keep(each))
        if not keep(()):
            yield from nodes.difference(values)

    def _constraint(self, by: str, argument: str) -> Callable[[Collection[Term]], bool]:
        """Whether values certainly keep a constraint; they never do when it is not understood here."""
        if by == "class":
            return self._instances(NamedNode(argument)).issuperset
        if by == "in":
            from rdflib import BNode

            return set(map(term_of, self._shapes.items(BNode(argument)))).issuperset
        if holds := _OF_ALL.get(by):
            return lambda values: holds(values, argument)
        if is_right := _OF_EACH.get(by):
            return lambda values: all(is_right(value, argument) for value in values)
        return lambda _: False

    def _values_along(self, path: "Node | None", nodes: set[Term]) -> _Values:
        """The values along a path of those nodes that have any, and perhaps of others."""
        from rdflib import URIRef

        if isinstance(path, URIRef):
            return self._values.get(NamedNode(path), {})
        along = self._along(path)
        return {node: values for node in nodes if (values := along(node))}

    def _along(self, path: "Node | None") -> _Path:
        """What a property path of SHACL reaches from a node: from none, the node itself."""
        from rdflib import RDF, SH, URIRef

        if path is None:
            return lambda node: (node,)
        if isinstance(path, URIRef):
            values = self._values.get(NamedNode(path), {})
            return lambda node: values.get(node, ())
        if (path, RDF.first, None) in self._shapes:
            return reduce(_then, map(self._along, self._shapes.items(path)))
        by, inner = next(self._shapes.predicate_objects(path))
        if by == SH.alternativePath:
            steps = [self._along(step) for step in self._shapes.items(inner)]
            return lambda node: {value for step in steps for value in step(node)}
        if by == SH.inversePath:
            things = self._inverse(NamedNode(str(inner)))
            return lambda node: things.get(node, ())
        return _REPEATED[str(by).removeprefix(_SH)](self._along(inner))


def declared_prefixes(shapes: "rdflib.Graph") -> dict[str, str]:
    """The prefixes that a graph of shapes declares for its queries."""
    from rdflib import SH

    nodes = shapes.objects(None, SH.declare)
    return {str(shapes.value(node, SH.prefix)): str(shapes.value(node, SH.namespace)) for node in nodes}


def term_of(node: "rdflib.term.Node | None") -> Term:
    """A term of rdflib as one of pyoxigraph."""
    from rdflib import BNode
    from rdflib import Literal as RdflibLiteral

    if isinstance(node, RdflibLiteral):
        datatype = None if node.language or node.datatype is None else NamedNode(str(node.datatype))
        return Literal(str(node), language=node.language, datatype=datatype)
    return BlankNode(str(node)) if isinstance(node, BNode) else NamedNode(str(node))


def _then(first: _Path, second: _Path) -> _Path:
    return lambda node: {value for between in first(node) for value in second(between)}


def _reached(nodes: Iterable[Term], step: _Path) -> set[Term]:
    """Some nodes and all that repeated steps reach from them."""
    reached = layer = set(nodes)
    while layer:
        layer = {value for node in layer for value in step(node)} - reached
        reached = reached | layer
    return reached


_REPEATED: dict[str, Callable[[_Path], _Path]] = {
    "zeroOrMorePath": lambda step: lambda node: _reached([node], step),
    "oneOrMorePath": lambda step: lambda node: _reached(step(node), step),
    "zeroOrOnePath": lambda step: lambda node: {node, *step(node)},
}


# What certainly keeps a constraint: each value, or all of them together, or beside those of another property.


def _is_of_type(value: Term, datatype: str) -> bool:
    if not isinstance(value, Literal) or value.language:
        return isinstance(value, Literal) and datatype == _LANGUAGE_TEXT
    is_type = value.datatype.value == datatype
    return is_type and (datatype == XSD + "string" or not isinstance(python_value(value), str))


def _is_at_least(value: Term, least: str, sign: int = 1) -> bool:
    is_number = _is_of_type(value, XSD + "integer") or _is_of_type(value, XSD + "decimal")
    return is_number and sign * Decimal(value_of(value)) >= sign * Decimal(least)


def _is_text(value: Term, holds: Callable[[str], object]) -> bool:
    return not isinstance(value, BlankNode) and bool(holds(value_of(value)))


_OF_EACH: dict[str, Callable[[Term, str], bool]] = {
    "datatype": _is_of_type,
    "minInclusive": _is_at_least,
    "maxInclusive": lambda value, most: _is_at_least(value, most, -1),
    "minLength": lambda value, least: _is_text(value, lambda text: len(text) >= int(least)),
    "maxLength": lambda value, most: _is_text(value, lambda text: len(text) <= int(most)),
    "pattern": lambda value, pattern: _is_text(value, re.compile(pattern).search),
}


def _are_of_several_languages(values: Iterable[Term]) -> bool:
    languages = [value.language.lower() for value in values if isinstance(value, Literal) and value.language]
    return len(languages) == len(set(languages))


_OF_ALL: dict[str, Callable[[Collection[Term], str], bool]] = {
    "minCount": lambda values, least: len(values) >= int(least),
    "maxCount": lambda values, most: len(values) <= int(most),
    "hasValue": lambda values, iri: NamedNode(iri) in values,
    "uniqueLang": lambda values, _: len(values) < 2 or _are_of_several_languages(values),
}

_WITH_OTHERS: dict[str, Callable[[set[Term], Collection[Term]], bool]] = {
    "disjoint": lambda values, others: values.isdisjoint(others),
    "equals": lambda values, others: values == set(others),
}
