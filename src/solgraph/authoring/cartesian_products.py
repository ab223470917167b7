"""Cartesian products in a query: parts of a pattern that share no variable, so that every row meets every row."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import PREFIXES


class Link(NamedTuple):
    """Variables that belong together; ``many`` says whether they can bring more than one row."""

    variables: frozenset[Any]
    many: bool


def products(query: str, constants: Iterable[str] = ()) -> list[tuple[int, str]]:
    """Each part of a query that hangs together with no other, as its line and a sentence.

    Meant to raise no false alarm: a FILTER, a BIND and a shared graph tie parts together, and a part that has one row
    (a total, a single row of VALUES) multiplies nothing. ``constants`` are variables that a value will replace.
    Patterns of an ASK, of EXISTS and of MINUS are not looked into. Reads with rdflib: a query that rdflib does not
    read, though it may be valid elsewhere, is told as that.
    """
    if not _places(query):
        return []
    from pyparsing import ParseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        algebra = translateQuery(parseQuery(query), initNs=PREFIXES).algebra
    except ParseException as error:
        return [(error.lineno, "another engine (rdflib) does not read this: it is no plain SPARQL 1.1.")]
    if algebra.name == "AskQuery" or not algebra.p:
        return []
    search = _Search(frozenset(constants))
    search.tell(search.links(algebra.p))
    return [_fault(query, one, other) for one, other in search.found]


class _Search:
    """A walk through rdflib's algebra that gathers parts without tie."""

    def __init__(self, constants: frozenset[str]) -> None:
        self.constants = constants
        self.found: list[tuple[frozenset[str], frozenset[str]]] = []

    def tell(self, links: list[Link]) -> None:
        """Note the parts into which the links of one group fall."""
        first, *others = [one.variables for one in _joined(links) if one.many and one.variables] or [frozenset()]
        self.found += [(first, one) for one in others]

    def links(self, node: Any) -> list[Link]:
        """What is tied together within a node; unknown nodes (order, distinct) are seen through."""
        named = getattr(self, f"_{node.name.lower()}", None)
        if named:
            return list(named(node))
        return self.links(node.p) if node.p else []

    def _link(self, parts: Iterable[Any], many: bool = True) -> Link:
        return Link(frozenset(one for part in parts for one in _variables(part)) - self.constants, many)

    def _bgp(self, node: Any) -> Iterator[Link]:
        for triple in node.triples:
            yield self._link([triple])

    def _join(self, node: Any) -> Iterator[Link]:
        yield from self.links(node.p1)
        yield from self.links(node.p2)

    def _leftjoin(self, node: Any) -> Iterator[Link]:
        yield from self.links(node.p1)
        inner = frozenset[Any]().union(*(one.variables for one in self.links(node.p2)))
        tie = self._link([node.expr]).variables
        yield Link(inner | tie, many=bool(inner))

    def _minus(self, node: Any) -> Iterator[Link]:
        yield from self.links(node.p1)

    def _union(self, node: Any) -> Iterator[Link]:
        variables: frozenset[Any] = frozenset()
        for branch in (node.p1, node.p2):
            links = self.links(branch)
            if branch.name != "Union":
                self.tell(links)
            variables = variables.union(*(one.variables for one in links))
        yield Link(variables, many=True)

    def _graph(self, node: Any) -> Iterator[Link]:
        shared = self._link([node.term]).variables
        for one in self.links(node.p):
            yield Link(one.variables | shared, one.many)

    def _filter(self, node: Any) -> Iterator[Link]:
        yield from self.links(node.p)
        for condition in _conditions(node.expr):
            yield self._link([condition], many=False)

    def _extend(self, node: Any) -> Iterator[Link]:
        yield from self.links(node.p)
        yield self._link([node.var, node.expr], many=False)

    def _tomultiset(self, node: Any) -> Iterator[Link]:
        if not node.p:
            return
        if node.p.name == "values":
            yield self._link([one for row in node.p.res for one in row], many=len(node.p.res) > 1)
            return
        links = self.links(node.p)
        self.tell(links)
        yield self._link(_shown(node.p), many=any(one.many for one in links))

    def _slice(self, node: Any) -> Iterator[Link]:
        for one in self.links(node.p):
            yield Link(one.variables, one.many and node.length != 1)

    def _aggregatejoin(self, node: Any) -> Iterator[Link]:
        group = node.p
        self.tell(self.links(group.p))
        yield self._link([one.res for one in node.A] + list(group.expr or []), many=bool(group.expr))


def _shown(node: Any) -> list[Any]:
    """The variables that a subquery hands on."""
    while node.PV is None and node.p:
        node = node.p
    return list(node.PV or [])


def _conditions(expression: Any) -> Iterator[Any]:
    """The parts of a FILTER that must all hold: filters of one group stand joined by ``&&``."""
    if getattr(expression, "name", "") != "ConditionalAndExpression":
        yield expression
        return
    for one in [expression.expr, *expression.other]:
        yield from _conditions(one)


def _variables(part: Any) -> Iterator[str]:
    """The names of variables and blank nodes anywhere in a part of the algebra."""
    from rdflib.term import BNode, Variable

    if isinstance(part, Variable | BNode):
        yield str(part)
    elif isinstance(part, dict):
        for key, one in part.items():
            if key != "_vars":
                yield from _variables(one)
    elif isinstance(part, list | tuple | set):
        for one in part:
            yield from _variables(one)


def _joined(links: Iterable[Link]) -> list[Link]:
    """The links, those that share a variable made one."""
    parts: list[Link] = []
    for link in links:
        near = [one for one in parts if one.variables & link.variables]
        variables = link.variables.union(*(one.variables for one in near))
        parts = [one for one in parts if one not in near]
        parts.append(Link(variables, link.many or any(one.many for one in near)))
    return parts


def _fault(query: str, one: frozenset[str], other: frozenset[str]) -> tuple[int, str]:
    """Where the later of two parts begins, and what is wrong with it."""
    places = _places(query)
    (_, before), (start, after) = sorted(_first(part, places) for part in (one, other))
    what = f"{after} shares nothing with {before}: every row of the one meets every row of the other."
    return sparql.line_of(query, start), f"{what} Tie them together, or ask two queries."


def _first(part: frozenset[str], places: dict[str, int]) -> tuple[int, str]:
    """Where a part is first spoken of, and by which variable."""
    return min(((places[name], f"?{name}") for name in part if name in places), default=(0, "a part without name"))


def _places(query: str) -> dict[str, int]:
    """The offset at which each variable first stands in a pattern, and not in a SELECT clause or a template."""
    places: dict[str, int] = {}
    ends: tuple[str, ...] = ()
    for token in sparql.code(query):
        word = token.text.upper()
        ends = {"SELECT": ("WHERE", "{"), "CONSTRUCT": ("WHERE",)}.get(word, () if word in ends else ends)
        if token.kind == "variable" and not ends:
            places.setdefault(token.text[1:], token.start)
    return places
