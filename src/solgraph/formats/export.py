"""The graph as a file: all of it, one source, or everything about one city."""

from collections.abc import Callable, Iterable, Sequence

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple

from solgraph.formats import rows as formats
from solgraph.formats.rows import Format
from solgraph.rdf import turtle
from solgraph.rdf.namespaces import GRAPH
from solgraph.rdf.store import ONTOLOGY_GRAPH, graphs

Graphs = Sequence[tuple[str, list[Triple]]]


def named_graphs(store: Store, source: str | None = None) -> Graphs:
    """The data graphs (not the ontology) with their triples; only that of one source when its slug is given."""
    wanted = [GRAPH + source] if source else [one for one in graphs(store) if one != ONTOLOGY_GRAPH]
    return [
        (one, [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(one))]) for one in wanted
    ]


def _merged(graphs_: Graphs) -> set[Triple]:
    return {triple for _, triples in graphs_ for triple in triples}


def _of_triples(write: Callable[[Iterable[Triple]], str]) -> Callable[[Graphs], str]:
    return lambda graphs_: write(_merged(graphs_))


def _n_quads(graphs_: Graphs) -> str:
    quads = [
        Quad(one.subject, one.predicate, one.object, NamedNode(name) if name else DefaultGraph())
        for name, triples in graphs_
        for one in turtle.ordered(triples)
    ]
    return (pyoxigraph.serialize(quads, format=RdfFormat.N_QUADS) or b"").decode()


FORMATS = (
    *(Format(one.name, one.also, _of_triples(one.write)) for one in formats.TRIPLES),
    Format("trig", (), turtle.trig),
    Format("nq", ("nquads",), _n_quads),
)
