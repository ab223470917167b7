"""RDF in six forms, each with the same bytes for the same graphs; pyoxigraph reads them all back."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from solgraph.rdf import json_ld as compact
from solgraph.rdf import turtle as layout
from solgraph.rdf.namespaces import GRAPH
from solgraph.rdf.store import graphs as names_of_graphs

#: Named graphs with their triples; an empty name is the default graph.
Graphs: TypeAlias = Sequence[tuple[str, Collection[Triple]]]


def named_graphs(store: Store, source: str | None = None) -> Graphs:
    """The named graphs of a store with their triples, the ontology included; only one when its slug is given."""
    names = [GRAPH + source] if source else names_of_graphs(store)
    return [
        (name, [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(name))]) for name in names
    ]


def merge(graphs: Graphs) -> set[Triple]:
    """The triples of all graphs, each once."""
    return {triple for _, triples in graphs for triple in triples}


def _with_merge(graphs: Graphs) -> Iterator[tuple[str, Collection[Triple]]]:
    """The graphs, with the merge of all of them as the default graph: what a plain query is to see."""
    yield "", merge(graphs)
    yield from sorted((name, triples) for name, triples in graphs if name)


def turtle(graphs: Graphs) -> str:
    """The merge as Turtle."""
    return layout.turtle(merge(graphs))


def trig(graphs: Graphs) -> str:
    """The graphs as TriG, and their merge as the default graph."""
    return layout.trig(_with_merge(graphs))


def json_ld(graphs: Graphs) -> str:
    """The merge as compact JSON-LD in the words of ``ontology/context.jsonld``."""
    return compact.json_ld(merge(graphs))


def n_triples(graphs: Graphs) -> str:
    """The merge as N-Triples, sorted."""
    return "".join(f"{triple} .\n" for triple in sorted(merge(graphs), key=str))


def n_quads(graphs: Graphs) -> str:
    """The graphs as N-Quads, and their merge as the default graph."""
    lines = [(name and f" <{name}>", triple) for name, triples in _with_merge(graphs) for triple in triples]
    return "".join(sorted(f"{triple}{name} .\n" for name, triple in lines))


def rdf_xml(graphs: Graphs) -> str:
    """The merge as RDF/XML."""
    return (pyoxigraph.serialize(layout.ordered(merge(graphs)), format=RdfFormat.RDF_XML) or b"").decode()
