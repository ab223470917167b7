"""Which pairs are tied, in a network and in random ones beside it: by the same threshold in both."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from solgraph.networks.model.incidence import Incidence
from solgraph.networks.model.projection import Projection
from solgraph.networks.model.weights import Weights
from solgraph.networks.statistics.arrays import Array, numpy

if TYPE_CHECKING:
    from solgraph.networks.model.selection import Graph

#: So much may be lost where fractions are added up in another order.
_ROUNDING = 1e-9


class Ties(NamedTuple):
    """How many things each two nodes share and how much that weighs, as square arrays; 0 where they are not tied."""

    shared: Array
    weight: Array


class Threshold(NamedTuple):
    """What a pair must share and weigh to be tied, and how it is weighed."""

    least: int = 1
    min_weight: float = 0
    weighting: str = "shared"

    @classmethod
    def of(cls, network: "Projection | Graph") -> "Threshold":
        """That of a projection; without two modes in the background nothing is left out."""
        if not isinstance(network, Projection):
            return cls()
        selection = network.selection
        return cls(selection.least, selection.min_weight, selection.weight or network.view.weight)

    def ties(self, matrix: Array, rows: "list[int] | None" = None) -> Ties:
        """The ties among the rows of an array of 0 and 1, or among some of them, by the columns that they share."""
        wide = (matrix if rows is None else matrix[rows]).astype(numpy.float32)
        shared = wide @ wide.T
        weight = self._weighed(wide, shared, matrix.sum(axis=0))
        tied = (shared >= max(self.least, 1)) & (weight >= self.min_weight - _ROUNDING)
        numpy.fill_diagonal(tied, val=False)
        return Ties(shared * tied, weight * tied)

    def _weighed(self, wide: Array, shared: Array, sizes: Array) -> Array:
        if self.weighting == "newman":
            weighed: Array = (wide / numpy.maximum(sizes - 1, 1)) @ wide.T
            return weighed
        if self.weighting == "jaccard":
            of_rows = wide.sum(axis=1)
            either: Array = of_rows[:, None] + of_rows[None, :] - shared
            return shared / numpy.maximum(either, 1)
        return shared


def observed(network: "Projection | Graph", who: Incidence) -> Ties:
    """The ties of the network itself; of a two-mode network those of the projection of its first mode."""
    if not isinstance(network, Projection):
        return Threshold().ties(who.matrix.toarray())
    weights = Weights(network)
    shared, weight = numpy.zeros((2, len(who.rows), len(who.rows)))
    for block in weights.blocks():
        for ends in ((block.first, block.second), (block.second, block.first)):
            shared[ends], weight[ends] = block.shared, block.weight
    network.graph |= weights.graph
    return Ties(shared, weight)


def caveats(network: "Projection | Graph", who: Incidence, tied: int) -> Iterator[str]:
    """What the random networks cannot hold: that there are no two modes, and that members were there at times."""
    if not isinstance(network, Projection):
        one, other = who.modes
        yield f"The figures are of the projection: nodes of the kind '{one}', linked by the '{other}' that they share."
        return
    at_any_time = int((Threshold.of(network).ties(who.matrix.toarray()).shared > 0).sum()) // 2
    if at_any_time > tied:
        yield (
            f"Tied only if years are ignored: {at_any_time - tied} pairs beside the {tied} of the network. Random "
            "networks know no years and tie such pairs, so that they have somewhat too many ties."
        )
