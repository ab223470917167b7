"""Who belongs to what, as a sparse matrix of 0 and 1: the two-mode network before anything is inferred from it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from solgraph.errors import MissingExtra, WrongUse
from solgraph.networks.model.projection import Projection

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from solgraph.networks.model.selection import Graph


class Incidence(NamedTuple):
    """A row for each city, a column for each network (or whatever the modes are), and 1 where the one is in the other.

    ``rows`` and ``columns`` are the keys in the order of the matrix, each with its label; ``matrix`` is a
    :class:`scipy.sparse.csr_array` of whole numbers, so that its products count what is shared. ``modes`` are what rows
    and columns are.

    >>> incidence = kg.incidence("memberships")
    >>> shared = incidence.matrix @ incidence.matrix.T
    >>> athens, berlin = map(list(incidence.rows).index, ("city:athens", "city:berlin"))
    >>> int(shared[athens, berlin]) >= 2
    True
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    matrix: "csr_array"
    modes: tuple[str, str] = ("city", "network")

    def __repr__(self) -> str:
        return f"<Incidence of {len(self.rows)} rows and {len(self.columns)} columns, {self.matrix.nnz} ones>"


def incidence(network: "Projection | Graph") -> Incidence:
    """The matrix of a two-mode network, or of what the nodes of a projection share.

    Parallel edges are one 1. The rows of a graph are the nodes whose ``bipartite`` is 0, its columns those with 1.
    Raises :class:`WrongUse` when there are not two modes.
    """
    if isinstance(network, Projection):
        modes = network.view.first, network.view.second
        rows = {key: str(node["label"]) for key, node in network.nodes(data=True)}
        columns = {key: network.things[key].name for key in sorted(network.things)}
        ones = ((node, key) for key in columns for node in network.things[key].nodes if node in rows)
    else:
        rows, columns = _modes(network)
        ones = ((first, second) if first in rows else (second, first) for first, second in network.edges())
        modes = _mode(network, rows), _mode(network, columns)
    return Incidence(rows, columns, _matrix(rows, columns, ones), modes)


def _mode(graph: "Graph", keys: Mapping[str, str]) -> str:
    return str(graph.nodes[next(iter(keys))].get("kind", "")) if keys else ""


def _modes(graph: "Graph") -> tuple[dict[str, str], dict[str, str]]:
    modes: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for key in sorted(graph):
        node = graph.nodes[key]
        if (side := node.get("bipartite")) in (0, 1):
            modes[side][key] = str(node.get("label", key))
    rows, columns = modes
    if len(rows) + len(columns) < len(graph) or any(
        (first in rows) == (second in rows) for first, second in graph.edges()
    ):
        name = graph.graph.get("name", "this network")
        raise WrongUse(f"'{name}' has not two modes, so there is no incidence matrix.", hint="Try: memberships")
    return modes


def _matrix(rows: Mapping[str, str], columns: Mapping[str, str], ones: Iterable[tuple[str, str]]) -> "csr_array":
    try:
        import numpy
        from scipy.sparse import csr_array
    except ImportError as error:
        raise MissingExtra("An incidence matrix", "statistics") from error
    places: tuple[dict[str, int], ...] = tuple({key: n for n, key in enumerate(keys)} for keys in (rows, columns))
    pairs = sorted({(places[0][row], places[1][column]) for row, column in ones})
    indices: Any = numpy.array(pairs, dtype=numpy.int32).reshape(-1, 2).T
    values = numpy.ones(len(pairs), dtype=numpy.int64)
    return csr_array((values, tuple(indices)), shape=(len(rows), len(columns)))
