"""A read-only rdflib Dataset over the pyoxigraph store; plain strings stay plain."""

import re
from collections.abc import Generator, Mapping
from typing import Any, NoReturn

import oxrdflib
from oxrdflib._converter import to_ox
from pyoxigraph import BlankNode, Store
from rdflib import Dataset, Literal
from rdflib.namespace import XSD

from solgraph.errors import QueryError, WrongUse
from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.sparql_safety import refuse_unsafe
from solgraph.rdf.sparql_tokens import tokens
from solgraph.rdf.store import graphs, reporting_damage

_NOT_PROJECTED = re.compile(r"variable \?(\S+) in its SELECT projection")


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise WrongUse(
        "This graph is read-only: what is added here would be missing from queries, exports and validation.",
        hint="Open the graph with the data: solgraph.open(add=PATH).",
    )


class _Reader:
    """What oxrdflib may call of a pyoxigraph store."""

    def __init__(self, store: Store) -> None:
        self.query, self.quads_for_pattern = store.query, store.quads_for_pattern
        self.named_graphs, self.contains_named_graph = store.named_graphs, store.contains_named_graph

    add = extend = bulk_extend = load = bulk_load = update = remove = add_graph = remove_graph = clear_graph = _refuse


class PlainStore(oxrdflib.OxigraphStore):
    """oxrdflib's store, but read-only, and a plain string comes back as ``Literal("x")`` and not typed ``xsd:string``.

    rdflib holds the two unequal, so a lookup with what was just read would find nothing. What would change data is
    refused with :class:`solgraph.WrongUse`, and a query that would reach other servers with
    :class:`solgraph.QueryError`.
    """

    add = addN = remove = remove_graph = update = open = destroy = _refuse  # noqa: N815

    def __init__(self, store: Store) -> None:
        self._reader = _Reader(store)
        super().__init__(store=store)

    @property
    def _inner(self) -> Any:
        return self._reader

    def add_graph(self, graph: Any) -> None:
        """Nothing: rdflib calls it for each look at a named graph."""

    def close(self, commit_pending_transaction: bool = False) -> None:
        """Nothing: the store belongs to the opened graph."""

    def triples(self, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        with reporting_damage():
            for (subject, predicate, value), contexts in super().triples(*args, **kwargs):
                yield (subject, predicate, _plain(value)), contexts

    @reporting_damage()
    def query(self, query: Any, initNs: Any, initBindings: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N803
        if not isinstance(query, str):  # rdflib's own evaluator would follow SERVICE and FROM
            query = query._original_args[0]
        refuse_unsafe(query, frozenset(graphs(self._inner)))
        try:
            result = super().query(query, initNs, initBindings, *args, **kwargs)
        except RuntimeError as error:
            match = _NOT_PROJECTED.search(str(error))
            if not match:
                raise
            return self._query_with(match[1], query, initNs, dict(initBindings), *args, **kwargs)
        if result.type == "SELECT":
            rows: Any = [{name: _plain(term) for name, term in row.items()} for row in result.bindings]
            result.bindings = rows
        return result

    def _query_with(self, name: str, query: str, initNs: Any, values: dict[str, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: N803
        """The result with a value in place of a variable that the engine does not bind: it is not projected."""
        value = to_ox(values.pop(name))
        bound = [
            str(value) if token.kind == "variable" and token.text[1:] == name else token.text for token in tokens(query)
        ]
        try:
            if isinstance(value, BlankNode):  # in a query it is a variable
                raise SyntaxError("a blank node")
            return self.query("".join(bound), initNs, values, *args, **kwargs)
        except SyntaxError as error:
            hint = f"Write a saved query with a parameter ?_{name} and ask it: kg.query(NAME, {name}=…)."
            raise QueryError(f"initBindings cannot bind ?{name} in this query.", hint=hint) from error


def _plain(term: Any) -> Any:
    return Literal(str(term)) if isinstance(term, Literal) and term.datatype == XSD.string else term


def dataset(store: Store) -> Dataset:
    """An rdflib Dataset over the store; its default graph is the merge of all sources."""
    face = Dataset(store=PlainStore(store))
    for prefix, namespace in PREFIXES.items():
        face.bind(prefix, namespace, override=True, replace=True)
    return face
