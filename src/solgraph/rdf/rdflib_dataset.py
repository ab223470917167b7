"""rdflib's face of the store: a Dataset over the same pyoxigraph store, plain strings kept plain."""

from collections.abc import Generator
from typing import Any

import oxrdflib
from pyoxigraph import Store
from rdflib import Dataset, Literal
from rdflib.namespace import XSD

from solgraph.rdf.namespaces import PREFIXES
from solgraph.rdf.sparql_safety import refuse_unsafe
from solgraph.rdf.store import graphs


class PlainStore(oxrdflib.OxigraphStore):
    """oxrdflib's store, but a plain string comes back as ``Literal("x")`` and not typed ``xsd:string``.

    rdflib holds the two unequal, so a lookup with what was just read would find nothing. A query that would reach
    other servers is refused with :class:`solgraph.QueryError`.
    """

    def triples(self, *args: Any, **kwargs: Any) -> Generator[Any, None, None]:
        for (subject, predicate, value), contexts in super().triples(*args, **kwargs):
            yield (subject, predicate, _plain(value)), contexts

    def query(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(query, str):  # rdflib's own evaluator would follow SERVICE and FROM
            query = query._original_args[0]
        refuse_unsafe(query, frozenset(graphs(self._inner)))
        result = super().query(query, *args, **kwargs)
        if result.type == "SELECT":
            rows: Any = [{name: _plain(term) for name, term in row.items()} for row in result.bindings]
            result.bindings = rows
        return result


def _plain(term: Any) -> Any:
    return Literal(str(term)) if isinstance(term, Literal) and term.datatype == XSD.string else term


def dataset(store: Store) -> Dataset:
    """An rdflib Dataset over the store; its default graph is the merge of all sources."""
    face = Dataset(store=PlainStore(store=store))
    for prefix, namespace in PREFIXES.items():
        face.bind(prefix, namespace, override=True, replace=True)
    return face
