"""Two networks over the same cities: how far their ties agree, and whether that is more than chance."""

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from solgraph.errors import DataError
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.model.incidence import incidence
from solgraph.networks.model.projection import Projection
from solgraph.networks.statistics import TRIALS
from solgraph.networks.statistics.arrays import Array, numpy
from solgraph.networks.statistics.chance import two_sided
from solgraph.networks.statistics.null_models import samples
from solgraph.networks.statistics.ties import Threshold, caveats

if TYPE_CHECKING:
    import networkx

    from solgraph.networks.model.selection import Graph

    Network = Projection | Graph

COLUMNS = ("figure", "value", "expected", "low", "high", "p", "meaning")
_ONLY = ("only in the first", "only in the second")
MEANINGS = {
    "nodes in both": "Nodes that both networks have; all that follows is about these.",
    "only in the first": "Nodes left out because the second network does not have them.",
    "only in the second": "Nodes left out because the first network does not have them.",
    "pairs": "Pairs of the nodes in both.",
    "ties in the first": "Pairs that the first network links.",
    "ties in the second": "Pairs that the second network links.",
    "ties in both": "Pairs that both link.",
    "Jaccard": "Pairs that both link, by those that at least one links.",
    "odds ratio": "How much higher the odds of a tie in the second are for pairs that are linked in the first.",
    "names shuffled": "Ties in both if the nodes of the first change places: its shape is kept (QAP, Krackhardt 1988).",
    "shuffled within countries": "The same, changing places only within countries: what geography does not explain.",
    "sizes kept": "Ties in both if the first is a random network in which every node has as many things or ties.",
}


def compare_layers(first: "Network", second: "Network", *, trials: int = TRIALS, seed: int = 1) -> Sheet:
    """Overlap of two networks, and three permutation tests of it, each with its mean and the middle 95 %.

    Only ties count, without weight and direction, and only nodes that both networks have. A ``p`` is two-sided, the
    observed counted in. Raises :class:`DataError` if the networks have fewer than three nodes in common.

    >>> from solgraph.networks.statistics.layers import compare_layers
    >>> alliances = kg.projection("alliances", country="Spain")
    >>> signed = kg.projection("alliances", layer="declaration", country="Spain")
    >>> [(row["figure"], row["value"]) for row in compare_layers(signed, alliances, trials=99)][:1]
    [('nodes in both', 25)]
    """
    sides: list[dict[str, Any]] = [dict(network.nodes(data=True)) for network in (first, second)]  # type: ignore[arg-type]
    nodes = sorted(sides[0].keys() & sides[1].keys())
    if len(nodes) < 3:
        hint = "Nodes are matched by their keys, such as city:milan."
        raise DataError(f"The two networks have {len(nodes)} nodes in common.", hint=hint)
    one, other = (_adjacency(network.edges(), nodes) for network in (first, second))
    upper = numpy.triu_indices(len(nodes), 1)
    values: dict[str, float | None] = {
        "nodes in both": len(nodes),
        **dict(zip(_ONLY, (len(side) - len(nodes) for side in sides), strict=True)),
    }
    values |= _counts(one[upper], other[upper])
    countries = [sides[0][node].get("country", sides[1][node].get("country")) for node in nodes]
    nulls = {
        "names shuffled": _shuffled(one, [0] * len(nodes), seed),
        "shuffled within countries": _shuffled(one, countries, seed),
        "sizes kept": _rewired(first, nodes, trials, seed),
    }
    both = int(values["ties in both"] or 0)
    tests = {
        name: _test(both, [int((sample & other)[upper].sum()) for sample in islice(samples_, trials)])
        for name, samples_ in nulls.items()
    }
    rows = [
        {**dict.fromkeys(COLUMNS), "figure": name, "value": values.get(name), **tests.get(name, {}), "meaning": meaning}
        for name, meaning in MEANINGS.items()
    ]
    return Sheet(COLUMNS, rows, [*_compared(first, second), f"Random networks in each test: {trials}, seed {seed}."])


def _compared(first: "Network", second: "Network") -> Iterator[str]:
    """What was compared, and in what random networks of the first differ from it."""
    for which, network in (("first", first), ("second", second)):
        name, selection = (network.graph.get(key) for key in ("name", "selection"))
        yield f"The {which}: {name or 'a network'}; {selection or 'all of it'}."
    if isinstance(first, Projection):
        for note in caveats(first, incidence(first), first.number_of_edges()):
            yield f"Sizes kept: {note}"


def _adjacency(edges: Any, nodes: list[str]) -> Array:
    number = {node: position for position, node in enumerate(nodes)}
    linked = numpy.zeros((len(nodes), len(nodes)), dtype=bool)
    for edge in edges:
        start, end = number.get(edge[0]), number.get(edge[1])
        if start is not None and end is not None and start != end:
            linked[start, end] = linked[end, start] = True
    return linked


def _counts(one: Array, other: Array) -> dict[str, float | None]:
    both, either = int((one & other).sum()), int((one | other).sum())
    first, second, pairs = int(one.sum()), int(other.sum()), len(one)
    against = (first - both) * (second - both)
    return {
        "pairs": pairs,
        "ties in the first": first,
        "ties in the second": second,
        "ties in both": both,
        "Jaccard": both / either if either else None,
        "odds ratio": both * (pairs - either) / against if against else None,
    }


def _shuffled(linked: Array, groups: list[Any], seed: int) -> Iterator[Array]:
    """The network with its nodes in each other's places, within groups; a node without a group keeps its place."""
    generator, places = Random(seed), numpy.arange(len(groups))
    members = [
        [place for place, own in enumerate(groups) if own == group] for group in sorted({*groups} - {None}, key=str)
    ]
    while True:
        for places_of_group in members:
            places[places_of_group] = generator.sample(places_of_group, len(places_of_group))
        yield linked[numpy.ix_(places, places)]


def _rewired(network: "Network", nodes: list[str], trials: int, seed: int) -> Iterator[Array]:
    """Random networks of the same sizes: of who has what where that is known, else of ties by swaps of their ends."""
    if isinstance(network, Projection):
        who = incidence(network)
        threshold, number = Threshold.of(network), {node: row for row, node in enumerate(who.rows)}
        for sample in samples(who.matrix.toarray(), trials, seed):
            yield threshold.ties(sample, [number[node] for node in nodes]).shared > 0
        return
    from networkx import NetworkXAlgorithmError, NetworkXError, double_edge_swap

    graph, generator = _simple(network), Random(seed)
    swaps = 10 * graph.number_of_edges()
    for _ in range(trials):
        try:
            double_edge_swap(graph, nswap=swaps, max_tries=100 * swaps + 100, seed=generator.getrandbits(32))
        except (NetworkXError, NetworkXAlgorithmError) as error:
            raise DataError("Too few ties to be swapped at random.", hint="Compare with larger networks.") from error
        swaps = graph.number_of_edges()
        yield _adjacency(graph.edges(), nodes)


def _simple(network: "Graph") -> "networkx.Graph[str]":
    import networkx

    simple: networkx.Graph[str] = networkx.Graph(network.to_undirected())
    simple.remove_edges_from(list(networkx.selfloop_edges(simple)))
    return simple


def _test(observed: float, drawn: list[int]) -> dict[str, float | None]:
    low, high = numpy.quantile(drawn, (0.025, 0.975))
    figures = {"value": observed, "expected": float(numpy.mean(drawn)), "low": float(low), "high": float(high)}
    return figures | {"p": two_sided(observed, drawn)}
