"""Cartesian products in a query: parts of a pattern that share no variable, so that every row meets every row."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import PREFIXES


class Part(NamedTuple):
    """Variables that are joined; ``multiplies`` says whether they can bring more than one row."""

    variables: frozenset[str]
    multiplies: bool = True


def products(query: str) -> list[tuple[int, str]]:
    """Each part of a query that is joined with no other, as its line and a sentence.

    Raises no false alarm: a FILTER, a BIND and a shared graph join parts, and a part with a single row (a total, one
    row of VALUES) multiplies nothing. Patterns of an ASK, of EXISTS and of MINUS are not examined. Reads with rdflib: a
    query that rdflib does not read, though another engine may, is reported as such.
    """
    places = _places(query)
    if not places:
        return []
    from pyparsing import ParseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        algebra = translateQuery(parseQuery(query), initNs=PREFIXES).algebra
    except ParseException as error:
        return [(error.lineno, f"not plain SPARQL 1.1: another engine (rdflib) stops at '{error.line.strip()}'.")]
    if algebra.name == "AskQuery" or not algebra.p:
        return []
    walk = _Walk()
    walk.check(walk.parts(algebra.p))
    return [_fault(query, places, *pair) for pair in walk.products]


class _Walk:
    """A walk through rdflib's algebra: one method for each kind of node that joins or separates parts."""

    def __init__(self) -> None:
        self.products: list[tuple[frozenset[str], frozenset[str]]] = []

    def check(self, parts: Iterable[Part]) -> None:
        """Note the parts of one group that are not joined."""
        separate = [part.variables for part in _joined(parts) if part.multiplies and part.variables]
        self.products += [(separate[0], other) for other in separate[1:]]

    def parts(self, node: Any) -> list[Part]:
        """The parts of a node; a node without method (order, distinct) has those of its pattern."""
        method = getattr(self, f"_{node.name.lower()}", None)
        if method:
            return list(method(node))
        return self.parts(node.p) if node.p else []

    def _bgp(self, node: Any) -> Iterator[Part]:
        return (_part(triple) for triple in node.triples)

    def _join(self, node: Any) -> Iterator[Part]:
        yield from self.parts(node.p1)
        yield from self.parts(node.p2)

    def _leftjoin(self, node: Any) -> Iterator[Part]:
        yield from self.parts(node.p1)
        optional = _union(self.parts(node.p2))
        yield Part(optional | _part(node.expr).variables, multiplies=bool(optional))

    def _minus(self, node: Any) -> Iterator[Part]:
        yield from self.parts(node.p1)

    def _union(self, node: Any) -> Iterator[Part]:
        branches = [(branch, self.parts(branch)) for branch in (node.p1, node.p2)]
        for branch, parts in branches:
            if branch.name != "Union":
                self.check(parts)
        yield Part(_union(part for _, parts in branches for part in parts))

    def _graph(self, node: Any) -> Iterator[Part]:
        graph = _part(node.term).variables
        return (Part(part.variables | graph, part.multiplies) for part in self.parts(node.p))

    def _filter(self, node: Any) -> Iterator[Part]:
        yield from self.parts(node.p)
        yield from (_part(condition, multiplies=False) for condition in _conditions(node.expr))

    def _extend(self, node: Any) -> Iterator[Part]:
        yield from self.parts(node.p)
        yield _part(node.var, node.expr, multiplies=False)

    def _tomultiset(self, node: Any) -> Iterator[Part]:
        if not node.p:
            return
        if node.p.name == "values":
            yield _part([list(row) for row in node.p.res], multiplies=len(node.p.res) > 1)
            return
        parts = self.parts(node.p)
        self.check(parts)
        yield _part(_projected(node.p), multiplies=any(part.multiplies for part in parts))

    def _slice(self, node: Any) -> Iterator[Part]:
        return (Part(part.variables, part.multiplies and node.length != 1) for part in self.parts(node.p))

    def _aggregatejoin(self, node: Any) -> Iterator[Part]:
        group = node.p
        self.check(self.parts(group.p))
        yield _part([aggregate.res for aggregate in node.A], group.expr, multiplies=bool(group.expr))


def _part(*expressions: Any, multiplies: bool = True) -> Part:
    return Part(frozenset(_variables(expressions)), multiplies)


def _union(parts: Iterable[Part]) -> frozenset[str]:
    return frozenset[str]().union(*(part.variables for part in parts))


def _projected(node: Any) -> list[Any]:
    """The variables that a subquery projects."""
    while node.PV is None and node.p:
        node = node.p
    return list(node.PV or [])


def _conditions(expression: Any) -> Iterator[Any]:
    """The conditions of a FILTER that must all hold; rdflib joins the filters of a group with ``&&``."""
    if getattr(expression, "name", "") != "ConditionalAndExpression":
        yield expression
        return
    for condition in [expression.expr, *expression.other]:
        yield from _conditions(condition)


def _variables(expression: Any) -> Iterator[str]:
    """The names of variables and blank nodes anywhere in a part of the algebra."""
    from rdflib.term import BNode, Variable

    if isinstance(expression, Variable | BNode):
        yield str(expression)
    elif isinstance(expression, dict):
        yield from _variables([value for key, value in expression.items() if key != "_vars"])
    elif isinstance(expression, list | tuple | set):
        for inner in expression:
            yield from _variables(inner)


def _joined(parts: Iterable[Part]) -> list[Part]:
    """The parts, those that share a variable merged."""
    joined: list[Part] = []
    for part in parts:
        shared = [other for other in joined if other.variables & part.variables]
        joined = [other for other in joined if other not in shared]
        joined.append(Part(_union([part, *shared]), any(other.multiplies for other in [part, *shared])))
    return joined


def _fault(query: str, places: dict[str, int], *pair: frozenset[str]) -> tuple[int, str]:
    """The line at which the later of two parts begins, and what is wrong with it."""
    (_, before), (start, after) = sorted(_first(variables, places) for variables in pair)
    what = f"{after} shares nothing with {before}: every row of one meets every row of the other."
    return sparql.line_of(query, start), f"{what} Join them, or ask two queries."


def _first(variables: frozenset[str], places: dict[str, int]) -> tuple[int, str]:
    """The offset of a part, and the variable that stands there."""
    return min(((places[name], f"?{name}") for name in variables if name in places), default=(0, "a part without name"))


def _places(query: str) -> dict[str, int]:
    """The offset of each variable's first place in a pattern, not in a SELECT clause or a template."""
    places: dict[str, int] = {}
    ends: tuple[str, ...] = ()
    for token in sparql.code(query):
        word = token.text.upper()
        ends = {"SELECT": ("WHERE", "{"), "CONSTRUCT": ("WHERE",)}.get(word, () if word in ends else ends)
        if token.kind == "variable" and not ends:
            places.setdefault(token.text[1:], token.start)
    return places
