"""A network as igraph knows it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from solgraph.errors import MissingExtra

if TYPE_CHECKING:
    from solgraph.networks.model.selection import Graph


def to_igraph(graph: "Graph") -> Any:
    """The network as an ``igraph.Graph`` with all attributes; ``name`` is the key of a node.

    What a node or an edge lacks is None. Needs the extra ``fast``.
    """
    try:
        igraph = import_module("igraph")
    except ImportError as error:
        raise MissingExtra("A graph of igraph", "fast") from error
    made = igraph.Graph.from_networkx(graph, vertex_attr_hashable="name")
    if "_nx_multiedge_key" in made.es.attributes():
        del made.es["_nx_multiedge_key"]
    return made
