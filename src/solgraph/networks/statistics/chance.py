"""Figures of a projection beside those of random networks whose cities and networks have the same sizes."""

from typing import TYPE_CHECKING

from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.model.incidence import incidence
from solgraph.networks.model.projection import Projection
from solgraph.networks.statistics import TRIALS
from solgraph.networks.statistics.arrays import Array, numpy
from solgraph.networks.statistics.null_models import samples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solgraph.networks.model.selection import Graph


COLUMNS = ("figure", "observed", "expected", "deviation", "low", "high", "p", "meaning")
MEANINGS = {
    "linked pairs": "Pairs that share at least one thing.",
    "pairs that share several": "Pairs that share two things or more.",
    "most shared": "What the pair that shares most has in common.",
    "density": "Share of all pairs that share something.",
    "transitivity": "Share of the paths of two steps whose ends are linked too.",
    "degree assortativity": "Correlation of the degrees at the two ends of a link.",
    "links within a country": "Share of the links, where both countries are known, that stay within a country.",
}


def against_chance(network: "Projection | Graph", *, trials: int = TRIALS, seed: int = 1) -> Sheet:
    """Each figure as observed, its mean, standard deviation and middle 95 % in random networks, and how rare it is.

    The figures are those of the first mode: who is linked by what they share. The random networks
    (:func:`~solgraph.networks.statistics.null_models.samples`) keep how many things each node has and how many nodes
    each thing. ``p`` is two-sided, twice the smaller share of random networks that are as extreme, the observed counted
    in; it is empty where every random network has the same value.

    >>> from solgraph.networks.statistics.chance import against_chance
    >>> for row in against_chance(kg.projection("alliances", country="Poland"), trials=99):
    ...     print(row["figure"], row["observed"], row["p"])
    linked pairs ...
    """
    who = incidence(network)
    matrix = who.matrix.toarray()
    country_of = {key: node.get("country", "") for key, node in network.nodes(data=True)}
    countries = numpy.array([country_of[key] for key in who.rows])
    within = numpy.where(countries == "", -1, numpy.unique(countries, return_inverse=True)[1])
    observed = _figures(matrix, within)
    drawn = numpy.array([_figures(sample, within) for sample in samples(matrix, trials, seed)])
    rows = [_row(*pair) for pair in zip(MEANINGS, observed, drawn.T, strict=True)]
    notes = [f"Random networks with the sizes of these: {trials}, seed {seed} (curveball, Strona et al. 2014)."]
    return Sheet(COLUMNS, rows, notes)


def _figures(matrix: Array, countries: Array) -> "list[float]":
    wide = matrix.astype(numpy.float32)
    shared = wide @ wide.T
    numpy.fill_diagonal(shared, 0)
    linked = (shared > 0).astype(numpy.float32)
    degrees = linked.sum(axis=1)
    pairs, nodes = float(linked.sum()) / 2, len(linked)
    paths = float((degrees * (degrees - 1)).sum())
    triangles = float(((linked @ linked) * linked).sum())
    known = numpy.outer(countries >= 0, countries >= 0) * linked
    same = (countries[:, None] == countries[None, :]) * known
    return [
        pairs,
        float((shared > 1).sum()) / 2,
        float(shared.max(initial=0)),
        _share(pairs, nodes * (nodes - 1) / 2),
        _share(triangles, paths),
        _assortativity(linked, degrees, pairs),
        _share(float(same.sum()), float(known.sum())),
    ]


def _share(part: float, whole: float) -> float:
    return part / whole if whole else numpy.nan


def _assortativity(linked: Array, degrees: Array, pairs: float) -> float:
    """Newman 2002, from sums over the ends of links."""
    if not pairs:
        return float(numpy.nan)
    product = float(degrees.astype(float) @ (linked.astype(float) @ degrees)) / (2 * pairs)
    mean, square = (float((degrees.astype(float) ** power).sum()) / (2 * pairs) for power in (2, 3))
    return (product - mean**2) / (square - mean**2) if square > mean**2 else float(numpy.nan)


def _row(figure: str, observed: float, drawn: Array) -> dict[str, object]:
    values = drawn[~numpy.isnan(drawn)]
    row: dict[str, object] = dict.fromkeys(COLUMNS) | {"figure": figure, "meaning": MEANINGS[figure]}
    if numpy.isnan(observed) or not len(values):
        return row
    low, high = numpy.quantile(values, (0.025, 0.975))
    row |= {"observed": _plain(observed), "expected": float(values.mean()), "deviation": float(values.std())}
    return row | {"low": float(low), "high": float(high), "p": two_sided(observed, values)}


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) and value > 1 else value


def two_sided(observed: float, drawn: "Array | Sequence[float]") -> float | None:
    """Twice the smaller share of values as extreme as the observed, which counts in; None where all are the same."""
    values = numpy.asarray(drawn)
    if (values == observed).all():
        return None
    tails = [(1 + int(side.sum())) / (1 + len(values)) for side in (values >= observed, values <= observed)]
    return min(1.0, 2 * min(tails))
