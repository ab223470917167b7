"""Figures of a projection beside those of random networks whose cities and networks have the same sizes."""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from solgraph.networks.measures.backends import seeded
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.model.incidence import incidence
from solgraph.networks.model.projection import Projection
from solgraph.networks.statistics import TRIALS
from solgraph.networks.statistics.arrays import Array, numpy
from solgraph.networks.statistics.null_models import samples
from solgraph.networks.statistics.ties import Threshold, Ties, caveats, observed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from solgraph.networks.model.selection import Graph


COLUMNS = ("figure", "observed", "expected", "deviation", "low", "high", "p", "meaning")
MEANINGS = {
    "linked pairs": "Pairs that are tied: that share at least one thing, or as many as were asked for.",
    "pairs that share several": "Those of them that share two things or more.",
    "most shared": "What the pair that shares most has in common.",
    "density": "Share of all pairs that are tied.",
    "transitivity": "Share of the paths of two steps whose ends are linked too.",
    "degree assortativity": "Correlation of the degrees at the two ends of a link.",
    "links within a country": "Share of the links, where both countries are known, that stay within a country.",
    "country assortativity": "Links within countries beyond chance: 1 all, 0 as many as the degrees make likely.",
    "modularity": "How far links lie within communities beyond chance, of one run of Louvain's method (Blondel 2008).",
}
_BY_IGRAPH = "modularity"


def against_chance(network: "Projection | Graph", *, trials: int = TRIALS, seed: int = 1) -> Sheet:
    """Each figure as observed, its mean, standard deviation and middle 95 % in random networks, and how rare it is.

    The figures are those of the network; of a two-mode network, those of its first mode: who is linked by what they
    share. The random networks (:func:`~solgraph.networks.statistics.null_models.samples`) keep how many things each
    node has and how many nodes each thing, and their pairs are tied if they share and weigh as much as was asked of the
    network. ``p`` is two-sided, twice the smaller share of random networks that are as extreme, the observed counted
    in; it is empty where every random network has the same value. Modularity needs the extra ``fast``.

    >>> from solgraph.networks.statistics.chance import against_chance
    >>> for row in against_chance(kg.projection("alliances", country="Poland"), trials=99):
    ...     print(row["figure"], row["observed"], row["p"])
    linked pairs ...
    """
    who, threshold = incidence(network), Threshold.of(network)
    matrix, seen = who.matrix.toarray(), observed(network, who)
    country_of = {key: node.get("country", "") for key, node in network.nodes(data=True)}
    countries = numpy.array([country_of[key] for key in who.rows])
    within = numpy.where(countries == "", -1, numpy.unique(countries, return_inverse=True)[1])
    names = [name for name in MEANINGS if name != _BY_IGRAPH or find_spec("igraph")]
    run_seed = seed if _BY_IGRAPH in names else None
    drawn = numpy.array(
        [_figures(threshold.ties(sample), within, run_seed) for sample in samples(matrix, trials, seed)]
    )
    rows = [_row(*three) for three in zip(names, _figures(seen, within, run_seed), drawn.T, strict=True)]
    notes = [f"Random networks with the sizes of these: {trials}, seed {seed} (curveball, Strona et al. 2014)."]
    missing = [] if _BY_IGRAPH in names else [f"{_BY_IGRAPH}: left out, it needs igraph: pip install 'solgraph[fast]'"]
    return Sheet(COLUMNS, rows, [*notes, *caveats(network, who, int((seen.shared > 0).sum()) // 2), *missing])


def _figures(ties: Ties, countries: Array, seed: int | None) -> "list[float]":
    """The figures in the order of their meanings; modularity only with a seed."""
    linked = (ties.shared > 0).astype(numpy.float32)
    degrees = linked.sum(axis=1)
    pairs, nodes = float(linked.sum()) / 2, len(linked)
    paths = float((degrees * (degrees - 1)).sum())
    triangles = float(((linked @ linked) * linked).sum())
    return [
        pairs,
        float((ties.shared > 1).sum()) / 2,
        float(ties.shared.max(initial=0)),
        _share(pairs, nodes * (nodes - 1) / 2),
        _share(triangles, paths),
        _assortativity(linked, degrees, pairs),
        *_by_country(linked, countries),
        *([] if seed is None else [_modularity(ties.weight, seed)]),
    ]


def _by_country(linked: Array, countries: Array) -> tuple[float, float]:
    """The share of links within a country, and Newman's assortativity (2003); of nodes whose country is known."""
    known = linked[numpy.ix_(countries >= 0, countries >= 0)]
    own = countries[countries >= 0]
    within, links = float(known[own[:, None] == own[None, :]].sum()), float(known.sum())
    ends = numpy.bincount(own, known.sum(axis=1)) if len(own) else numpy.zeros(1)
    by_chance = float((ends**2).sum())
    return _share(within, links), _share(within * links - by_chance, links**2 - by_chance)


def _modularity(weights: Array, seed: int) -> float:
    """That of the partition of one run (Blondel et al. 2008), as igraph finds it."""
    first, second = numpy.nonzero(numpy.triu(weights))
    if not len(first):
        return float(numpy.nan)
    graph = import_module("igraph").Graph(len(weights), zip(first.tolist(), second.tolist(), strict=True))
    with seeded(seed):
        return float(graph.community_multilevel(weights=weights[first, second]).modularity)


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
