"""The weights of a projection alone, block by block: sparse products in place of edges, so that fifty million fit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from solgraph.errors import WrongUse
from solgraph.networks.model.incidence import Incidence, incidence
from solgraph.networks.model.projection import Projection, SharedThing
from solgraph.networks.model.selection import provenance
from solgraph.networks.model.years import AFTER, ALWAYS, BEFORE, Span

if TYPE_CHECKING:
    from numpy import ndarray
    from scipy.sparse import csr_array

    from solgraph.networks.model.selection import Graph

    Array = ndarray[Any, Any]

#: Pairs in a block, which bound the memory: each takes some 100 bytes.
BLOCK = 250_000


class Block(NamedTuple):
    """Edges as columns: the positions of their ends among the nodes, in order, and what they weigh."""

    first: "Array"
    second: "Array"
    weight: "Array"
    shared: "Array"
    newman: "Array"


class Weights:
    """The edges of a projection without names, years and evidence; it reads like a networkx graph.

    The same pairs are linked, in the same order, with the same ``weight``, ``shared`` and ``newman``. ``blocks`` makes
    them some rows of the matrix at a time; nothing else of them is ever held. Needs the extra ``statistics``.

    >>> weights = kg.weights("alliances", network="Solidarity Cities")
    >>> weights.number_of_edges() == kg.network("alliances", network="Solidarity Cities").number_of_edges()
    True
    """

    is_directed = is_multigraph = staticmethod(lambda: False)

    def __init__(self, projection: "Projection | Graph", block: int = BLOCK) -> None:
        """``block`` is how many pairs are made at a time. Raises :class:`WrongUse` for a network of another kind."""
        if not isinstance(projection, Projection):
            problem = f"The view '{projection.graph.get('name')}' does not link things by what they share."
            raise WrongUse(problem, hint="Only such views have weights alone: alliances, shared-members.")
        self._projection, self._block, self.selection = projection, block, projection.selection
        self.graph = dict(projection.graph)
        self.weighting = self.selection.weight or projection.view.weight
        self.nodes, self.number_of_nodes, self.things = projection.nodes, projection.number_of_nodes, projection.things
        self._edge_count: int | None = None

    @property
    def edge_kinds(self) -> dict[str, type]:
        """The kinds of the three weights."""
        return {"weight": int if self.weighting == "shared" else float, "shared": int, "newman": float}

    @cached_property
    def incidence(self) -> Incidence:
        """Which node belongs to what."""
        return incidence(self._projection)

    def blocks(self) -> Iterator[Block]:
        """The edges in order, as many at a time as a block may have; those of one node are never divided.

        >>> block = next(kg.weights("alliances").blocks())
        >>> bool((block.first < block.second).all()), int(block.shared.min())
        (True, 1)
        """
        import numpy

        counts, matrix = Counter[str](), self.incidence.matrix
        linked = numpy.zeros(len(self.incidence.rows), dtype=bool)
        product = _Product(self._projection, self.incidence)
        of_nodes = matrix.sum(axis=1)
        for start, end in self._rows():
            block = self._weighed(*product.rows(start, end, counts), of_nodes)
            block = self._chosen(block, counts)
            counts["edges"] += len(block.first)
            self._check_size(counts["edges"])
            linked[block.first] = linked[block.second] = True
            yield block
        counts["alone"] = int((matrix.sum(axis=0) == 1).sum())
        self._edge_count, counts["isolates"] = counts["edges"], int((~linked).sum())
        self.graph |= provenance(self._projection.view, self.selection, self._projection.counts + counts)

    def _rows(self) -> Iterator[tuple[int, int]]:
        """First and last row of each block: as many rows as cannot have more pairs than a block may."""
        import numpy

        matrix = self.incidence.matrix
        pairs = numpy.cumsum(matrix @ matrix.sum(axis=0))
        start = 0
        while start < len(pairs):
            before = pairs[start - 1] if start else 0
            end = max(start + 1, int(numpy.searchsorted(pairs, before + self._block, side="right")))
            yield start, end
            start = end

    def _weighed(self, first: "Array", second: "Array", shared: "Array", newman: "Array", of_nodes: "Array") -> Block:
        if self.weighting == "jaccard":
            return Block(first, second, shared / (of_nodes[first] + of_nodes[second] - shared), shared, newman)
        return Block(first, second, newman if self.weighting == "newman" else shared, shared, newman)

    def _chosen(self, block: Block, counts: Counter[str]) -> Block:
        """Without the pairs that share too little or weigh too little, which are counted."""
        for name, values, least in (
            ("few", block.shared, self.selection.least),
            ("light", block.weight, self.selection.min_weight),
        ):
            if (wanted := values >= least).all():
                continue
            counts[name] += int((~wanted).sum())
            return self._chosen(Block(*(column[wanted] for column in block)), counts)
        return block

    def _check_size(self, edges: int) -> None:
        if self.selection.max_edges is not None and edges > self.selection.max_edges:
            problem = (
                f"The view '{self._projection.view.name}' would have more than {self.selection.max_edges:,} edges."
            )
            raise WrongUse(problem, hint="Leave out pairs that share little: least=2; or allow more: max_edges=…")

    def edges(self, data: bool = False) -> Iterator[tuple[Any, ...]]:
        """The edges one by one, with their three weights if asked for.

        >>> first, second, weights = next(kg.weights("alliances", weight="shared").edges(data=True))
        >>> first < second, weights["weight"] == weights["shared"]
        (True, True)
        """
        keys = list(self.nodes())
        for block in self.blocks():
            for first, second, *values in zip(*(column.tolist() for column in block), strict=True):
                ends = keys[first], keys[second]
                yield (*ends, dict(zip(Block._fields[2:], values, strict=True))) if data else ends

    def number_of_edges(self) -> int:
        """How many edges; makes them all, unless they have been read.

        >>> kg.weights("shared-members").number_of_edges() > 100
        True
        """
        return sum(len(block.first) for block in self.blocks()) if self._edge_count is None else self._edge_count

    def degrees(self) -> dict[str, tuple[int, float]]:
        """Number of neighbours and sum of weights of each node (its strength), straight from the blocks.

        >>> neighbours, strength = kg.weights("alliances", weight="shared").degrees()["city:athens"]
        >>> neighbours > 100, strength > neighbours
        (True, True)
        """
        import numpy

        keys = list(self.nodes())
        degree, strength = numpy.zeros(len(keys), dtype=int), numpy.zeros(len(keys))
        for block in self.blocks():
            for end in (block.first, block.second):
                degree += numpy.bincount(end, minlength=len(keys))
                strength += numpy.bincount(end, block.weight, minlength=len(keys))
        return dict(zip(keys, zip(degree.tolist(), strength.tolist(), strict=True), strict=True))


class _Product:
    """Which nodes share how much: the matrix times its transpose, but for pairs that were never there together.

    Both counts come from one product of complex numbers: the real part counts, the imaginary part is Newman's weight.
    """

    def __init__(self, projection: Projection, incidence: Incidence) -> None:
        import numpy

        things = [projection.things[key] for key in incidence.columns]
        self._newman = numpy.array([thing.newman if len(thing.nodes) > 1 else 0.0 for thing in things])
        timed = numpy.array([bool(thing.dated or projection.selection.certain) for thing in things], dtype=bool)
        undated = incidence.matrix.multiply(~timed).tocsr()
        undated.eliminate_zeros()
        undated.sort_indices()
        self._ones, self._size = undated.T.tocsr(), len(incidence.rows)
        self._both = undated.astype(complex)
        self._both.data += 1j * self._newman[undated.indices]
        number = {key: position for position, key in enumerate(incidence.rows)}
        self._timed = [
            (_Timed(thing, number, projection), self._newman[n]) for n, thing in enumerate(things) if timed[n]
        ]

    def rows(self, start: int, end: int, counts: Counter[str]) -> "tuple[Array, Array, Array, Array]":
        """The pairs whose first node is in these rows: both ends, how much they share, and Newman's weight."""
        import numpy

        product = self._both[start:end] @ self._ones[:, start:]
        for thing, newman in self._timed:
            product = product + thing.rows(start, end, self._size, 1 + 1j * newman, counts)
        product.sort_indices()
        first = numpy.repeat(numpy.arange(start, end, dtype=numpy.int32), numpy.diff(product.indptr))
        second = product.indices + numpy.int32(start)
        later = second > first
        values = product.data[later]
        return first[later], second[later], values.real.astype(numpy.int32), values.imag.copy()


class _Timed:
    """A thing to which nodes belonged at times: pairs of them that were never in it together do not share it."""

    def __init__(self, thing: SharedThing, number: Mapping[str, int], projection: Projection) -> None:
        import numpy

        selection = projection.selection
        nodes = [node for node in thing.nodes if node in number]
        self._places = numpy.array([number[node] for node in nodes], dtype=numpy.int32)
        spans = thing.certain if selection.certain else thing.spans
        self._spans = _table([spans[node] for node in nodes], selection.period or ALWAYS)

    def rows(self, start: int, end: int, size: int, value: complex, counts: Counter[str]) -> "csr_array":
        """The later nodes with which each node of these rows was in it; the others are counted as missed."""
        import numpy
        from scipy.sparse import csr_array

        low, high = (int(place) for place in numpy.searchsorted(self._places, [start, end]))
        later = numpy.triu(numpy.ones((high - low, len(self._places) - low), dtype=bool), 1)
        together = later & _overlap(self._spans[low:high], self._spans[low:])
        counts["missed"] += int(later.sum() - together.sum())
        rows, columns = numpy.nonzero(together)
        ends = self._places[low + rows] - start, self._places[low + columns] - start
        return csr_array((numpy.full(len(rows), value), ends), shape=(end - start, size - start))


def _table(spans: list[list[Span]], period: Span) -> "Array":
    """Nodes × spans × (since, until), within the period; where a node has fewer, a span that holds no year."""
    import numpy

    table = numpy.full((len(spans), max(map(len, spans), default=0), 2), (AFTER + 1, BEFORE - 1))
    for row, listed in zip(table, spans, strict=True):
        row[: len(listed)] = [(max(since, period[0]), min(until, period[1])) for since, until in listed] or row[:0]
    return table


def _overlap(some: "Array", others: "Array") -> "Array":
    """Whether some span of each of the ones has a year in common with some span of each of the others."""
    import numpy

    found = numpy.zeros((len(some), len(others)), dtype=bool)
    for first in some.transpose(1, 2, 0):
        for second in others.transpose(1, 2, 0):
            found |= numpy.maximum.outer(first[0], second[0]) <= numpy.minimum.outer(first[1], second[1])
    return found
