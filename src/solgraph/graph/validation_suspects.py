"""Which nodes may break a shape: targets and constraints of SHACL core as SPARQL, which Oxigraph answers at once.

A SHACL engine in Python looks at each node for each shape. It gets only those nodes here that can break one, or all
targets of a shape that says something which is not understood here. The engine's results stay the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from pyoxigraph import Literal, QuerySolutions, Store

from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, XSD
from solgraph.rdf.terms import Term

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

_SH = PREFIXES["sh"]
_TARGETS = [_SH + name for name in ("target", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")]
#: What a shape says beside its constraints.
_OTHER = {_SH + name for name in ("path", "severity", "message", "name", "flags", "sparql")} | {RDF_TYPE, *_TARGETS}
_CHECKED_TYPES = {XSD + name for name in ("integer", "decimal", "boolean", "string")}
_LANGUAGE_TEXT = PREFIXES["rdf"] + "langString"


class Suspects:
    """Finds the nodes of a store that may break shapes."""

    def __init__(self, store: Store, shapes: "rdflib.Graph") -> None:
        self._store, self._shapes = store, shapes
        self._prefixes = PREFIXES | declared_prefixes(shapes)
        self._subclasses: dict[str, set[str]] = {}
        for below, above in self._rows("SELECT ?below ?above { ?below rdfs:subClassOf+ ?above }"):
            self._subclasses.setdefault(str(above), {str(above)}).add(str(below))

    def shapes(self) -> "list[Node]":
        """The shapes that have targets."""
        from rdflib import URIRef

        return sorted({shape for by in _TARGETS for shape in self._shapes.subjects(URIRef(by))}, key=str)

    def targets(self, shape: "Node") -> set[Term]:
        """The nodes at which a shape is aimed."""
        return {this for (this,) in self._rows(f"SELECT DISTINCT ?this {{ {self._focus(shape)} }}")}

    @cached_property
    def _classed(self) -> set[Term]:
        """The things that have a declared class."""
        return {this for (this,) in self._rows("SELECT DISTINCT ?this { ?this a ?class . ?class a owl:Class }")}

    def outside_domains(self) -> Iterator[dict[str, Term]]:
        """What has a declared class, and a property that ``schema:domainIncludes`` allows to none of its classes."""
        domains: dict[Term, list[Term]] = {}
        for path, domain in self._rows("SELECT ?path ?domain { ?path schema:domainIncludes ?domain }"):
            domains.setdefault(path, []).append(domain)
        for path, tops in domains.items():
            classes = {below for top in tops for below in self._subclasses.get(str(top), {str(top)})}
            allowed = f"VALUES ?class {{ {' '.join(sorted(classes))} }} ?this a ?class"
            rows = self._rows(f"SELECT ?this ?value {{ ?this {path} ?value FILTER NOT EXISTS {{ {allowed} }} }}")
            names = Literal(" and ".join(sorted(value_of(top) for top in tops)))
            for this, value in rows:
                if this in self._classed:
                    yield {"this": this, "path": path, "value": value, "domains": names}

    def of(self, shape: "Node") -> set[Term]:
        """The targets of a shape that may break it."""
        from rdflib import URIRef

        constraints = [(str(by), value) for by, value in self._shapes.predicate_objects(shape) if str(by) not in _OTHER]
        stated = [pair for pair in constraints if pair[0].startswith(_SH)]
        if not all(by in _PATTERNS for by, _ in stated):
            return self.targets(shape)
        path = self._shapes.value(shape, URIRef(_SH + "path"))
        values = f"?this {path_text(self._shapes, path)} ?v" if path is not None else "BIND(?this AS ?v)"
        return {this for by, argument in stated for this in self._breaking(shape, values, by, argument)}

    def _breaking(self, shape: "Node", values: str, by: str, argument: "Node") -> Iterator[Term]:
        focus = self._focus(shape)
        if by == _SH + "pattern" and "(?" in str(argument):  # look-ahead, which Oxigraph's expressions do not have
            rows = self._rows(f"SELECT DISTINCT ?this ?v {{ {focus} {values} }}")
            yield from (this for this, value in rows if not re.search(str(argument), getattr(value, "value", "")))
        elif pattern := _PATTERNS[by](values, argument, self._subclasses):
            yield from (this for this, *_ in self._rows(f"SELECT DISTINCT ?this {{ {focus} {pattern} }}"))
        else:
            yield from self.targets(shape)

    def _focus(self, shape: "Node") -> str:
        """A pattern that binds ?this to each target of a shape."""
        from rdflib import SH, URIRef

        def objects(by: str) -> "Iterable[Node]":
            return self._shapes.objects(shape, URIRef(_SH + by))

        classes = {name for top in objects("targetClass") for name in self._subclasses.get(f"<{top}>", {f"<{top}>"})}
        parts = [f"VALUES ?class {{ {' '.join(sorted(classes))} }} ?this a ?class"] if classes else []
        parts += [f"?this {by.n3()} ?any" for by in objects("targetSubjectsOf")]
        parts += [f"?any {by.n3()} ?this" for by in objects("targetObjectsOf")]
        parts += [f"VALUES ?this {{ {node.n3()} }}" for node in objects("targetNode")]
        parts += [f"{{ {self._shapes.value(target, SH.select)} }}" for target in objects("target")]
        union = " UNION ".join(f"{{ {part} }}" for part in sorted(parts))
        return f"{{ SELECT DISTINCT ?this {{ {union} }} }}"

    def _rows(self, query: str) -> Iterator[tuple[Term, ...]]:
        solutions = self._store.query(query, prefixes=self._prefixes)
        for solution in solutions if isinstance(solutions, QuerySolutions) else ():
            if all(term is not None for term in solution):
                yield tuple(solution)


def declared_prefixes(shapes: "rdflib.Graph") -> dict[str, str]:
    """The prefixes that a graph of shapes declares for its queries."""
    from rdflib import SH

    nodes = shapes.objects(None, SH.declare)
    return {str(shapes.value(node, SH.prefix)): str(shapes.value(node, SH.namespace)) for node in nodes}


def path_text(shapes: "rdflib.Graph", path: "Node | None") -> str:
    """A property path of SHACL in the syntax of SPARQL."""
    from rdflib import RDF, SH, URIRef

    if path is None or isinstance(path, URIRef):
        return path.n3() if path else ""
    if (path, RDF.first, None) in shapes:
        return f"({'/'.join(path_text(shapes, step) for step in shapes.items(path))})"
    if (alternatives := shapes.value(path, SH.alternativePath)) is not None:
        return f"({'|'.join(path_text(shapes, step) for step in shapes.items(alternatives))})"
    signs = ((SH.inversePath, "^{}"), (SH.zeroOrMorePath, "{}*"), (SH.oneOrMorePath, "{}+"), (SH.zeroOrOnePath, "{}?"))
    by, sign = next((by, sign) for by, sign in signs if (path, by, None) in shapes)
    return f"({sign.format(path_text(shapes, shapes.value(path, by)))})"


# What breaks a constraint: a pattern for ?this, given the pattern of its values ?v. None: every target may break it.

_Pattern = Callable[[str, "Node", Mapping[str, set[str]]], str | None]


def _unless(condition: str) -> _Pattern:
    """A constraint on each value: broken when its condition is false or cannot be computed."""
    return lambda values, argument, _: f"{values} FILTER(!COALESCE({condition.format(argument.n3())}, false))"


def _too_few(values: str, argument: "Node", _: object) -> str | None:
    enough = {"1": values, "2": _several(values)}.get(str(argument))
    return f"FILTER NOT EXISTS {{ {enough} }}" if enough else None


def _too_many(values: str, argument: "Node", _: object) -> str | None:
    return {"0": values, "1": _several(values)}.get(str(argument))


def _several(values: str) -> str:
    return f"{values} . {values.removesuffix('?v')}?w FILTER(!sameTerm(?v, ?w))"


def _of_no_class(values: str, argument: "Node", subclasses: Mapping[str, set[str]]) -> str:
    classes = " ".join(sorted(subclasses.get(argument.n3(), {argument.n3()})))
    return f"{values} FILTER NOT EXISTS {{ VALUES ?k {{ {classes} }} ?v a ?k }}"


def _of_another_type(values: str, argument: "Node", _: object) -> str | None:
    if str(argument) == _LANGUAGE_TEXT:
        return f"{values} FILTER(!COALESCE(LANG(?v) != '', false))"
    cast = f"DATATYPE(?v) = {argument.n3()} && DATATYPE({argument.n3()}(STR(?v))) = {argument.n3()}"
    return f"{values} FILTER(!COALESCE({cast}, false))" if str(argument) in _CHECKED_TYPES else None


def _twice_in_a_language(values: str, argument: "Node", _: object) -> str:
    return f"{_several(values)} FILTER(LANG(?v) != '' && LCASE(LANG(?v)) = LCASE(LANG(?w)))"


def _shared(values: str, argument: "Node", _: object) -> str:
    return f"{values} . ?this {argument.n3()} ?v"


def _without(values: str, argument: "Node", _: object) -> str:
    return f"MINUS {{ {values.removesuffix('?v')}{argument.n3()} }}"


_PATTERNS: dict[str, _Pattern] = {
    _SH + "minCount": _too_few,
    _SH + "maxCount": _too_many,
    _SH + "class": _of_no_class,
    _SH + "datatype": _of_another_type,
    _SH + "uniqueLang": _twice_in_a_language,
    _SH + "disjoint": _shared,
    _SH + "hasValue": _without,
    _SH + "pattern": _unless("REGEX(STR(?v), {})"),
    _SH + "minInclusive": _unless("?v >= {}"),
    _SH + "maxInclusive": _unless("?v <= {}"),
    _SH + "minLength": _unless("STRLEN(STR(?v)) >= {}"),
    _SH + "maxLength": _unless("STRLEN(STR(?v)) <= {}"),
}
