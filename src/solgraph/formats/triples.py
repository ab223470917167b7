"""RDF in six forms, each with the same bytes for the same graphs; pyoxigraph reads them all back."""

from collections.abc import Collection, Sequence
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from solgraph.errors import WrongUse
from solgraph.rdf.namespaces import GRAPH, RDF_TYPE, slug
from solgraph.rdf.store import check_xml, reporting_damage
from solgraph.rdf.store import graphs as names_of_graphs

#: Named graphs with their triples; an empty name is the default graph.
Graphs: TypeAlias = Sequence[tuple[str, Collection[Triple]]]


@reporting_damage()
def named_graphs(store: Store, source: str | None = None) -> Graphs:
    """The named graphs of a store with their triples, the ontology included; only one when its slug is given."""
    names = [GRAPH + source] if source else names_of_graphs(store)
    return [
        (name, [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(name))]) for name in names
    ]


def _merge(graphs: Graphs) -> set[Triple]:
    """The triples of all graphs, each once; blank nodes with names that follow from what is said of them."""
    return _with_merge([("", triples) for _, triples in graphs])[0][1]


def _with_merge(graphs: Graphs) -> list[tuple[str, set[Triple]]]:
    """The graphs, with the merge of all of them as the default graph: what a plain query is to see."""
    from solgraph.rdf.blank_nodes import relabelled

    named = sorted((name, triples) for name, triples in graphs if name)
    return relabelled([("", (triple for _, triples in graphs for triple in triples)), *named])


def turtle(graphs: Graphs) -> str:
    """The merge as Turtle."""
    from solgraph.rdf.turtle import turtle

    return turtle(_merge(graphs))


def trig(graphs: Graphs) -> str:
    """The graphs as TriG, and their merge as the default graph."""
    from solgraph.rdf.turtle import trig

    return trig(_with_merge(graphs))


def json_ld(graphs: Graphs) -> str:
    """The merge as compact JSON-LD in the words of ``ontology/context.jsonld``."""
    from solgraph.rdf.json_ld import json_ld

    return json_ld(_merge(graphs))


def n_triples(graphs: Graphs) -> str:
    """The merge as N-Triples, sorted."""
    return "".join(f"{triple} .\n" for triple in sorted(_merge(graphs), key=str))


def n_quads(graphs: Graphs) -> str:
    """The graphs as N-Quads, and their merge as the default graph."""
    lines = [(name and f" <{name}>", triple) for name, triples in _with_merge(graphs) for triple in triples]
    return "".join(sorted(f"{triple}{name} .\n" for name, triple in lines))


def rdf_xml(graphs: Graphs) -> str:
    """The merge as RDF/XML. Raises :class:`WrongUse` for what XML cannot hold, such as control characters."""
    from solgraph.rdf.turtle import ordered

    # The first triple of a subject names its element if it gives a class, and not every IRI can be the name of one.
    listed = sorted(ordered(_merge(graphs)), key=lambda triple: (str(triple.subject), _is_no_element(triple)))
    content = pyoxigraph.serialize(listed, format=RdfFormat.RDF_XML) or b""
    try:
        check_xml(content)
    except SyntaxError as error:
        line = content.decode().split("\n")[(error.lineno or 1) - 1].strip()
        hint = "Choose another format, such as turtle."
        raise WrongUse(f"RDF/XML cannot hold all of these triples: {line[:200]!r} is not XML.", hint=hint) from error
    return content.decode()


def _is_no_element(triple: Triple) -> bool:
    """Whether it gives a class whose IRI does not end as the name of an element does."""
    iri = getattr(triple.object, "value", "")
    return triple.predicate.value == RDF_TYPE and not (iri[-1:].isalnum() and slug(iri)[:1].isalpha())
