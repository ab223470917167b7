"""The backbone of a projection: the ties that a null model of its two-mode network does not explain."""

from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse, did_you_mean
from solgraph.networks.model.incidence import incidence
from solgraph.networks.model.projection import Projection
from solgraph.networks.statistics import CORRECTIONS, MODELS, TRIALS
from solgraph.networks.statistics.arrays import Array, numpy
from solgraph.networks.statistics.null_models import p_values

if TYPE_CHECKING:
    from solgraph.networks.model.selection import Graph


def backbone(
    network: Projection,
    *,
    model: str = "sdsm",
    alpha: float = 0.05,
    correction: str = "bh",
    trials: int = TRIALS,
    seed: int = 1,
) -> "Graph":
    """The ties of a projection whose p-value, corrected for the number of linked pairs, is at most ``alpha``.

    A tie says how likely two nodes share as many things or more if only sizes mattered (``p_value``, ``p_adjusted``).
    ``model`` is one of :data:`MODELS`, ``correction`` one of :data:`CORRECTIONS`. Nodes that shared something only at
    different times do not share it; the null models know no time, so that the test is then on the cautious side.
    Raises :class:`WrongUse` for a projection without its lighter ties, among which p-values would be too small.

    >>> from solgraph.networks.statistics.backbone import backbone
    >>> ties = backbone(kg.projection("alliances", country="Spain"), model="fixedcol", correction="none")
    >>> max(edge["p_value"] for *_, edge in ties.edges(data=True)) <= 0.05
    True
    """
    _check(network, model, correction, alpha)
    graph = network.to_graph()
    edges: list[tuple[Any, Any, dict[str, Any]]] = list(graph.edges(data=True))
    who = incidence(network)
    number = {key: row for row, key in enumerate(who.rows)}
    pairs = [(number[first], number[second], edge["shared"]) for first, second, edge in edges]
    values = p_values(who.matrix.toarray(), numpy.array(pairs, dtype=int).reshape(-1, 3), model, trials, seed)
    for (first, second, edge), value, adjusted in zip(edges, values, adjust(values, correction), strict=True):
        edge["p_value"], edge["p_adjusted"] = float(value), float(adjusted)
        if adjusted > alpha:
            graph.remove_edge(first, second)
    if not network.view.isolates:
        graph.remove_nodes_from([node for node, degree in graph.degree() if not degree])
    simulated = f", {trials} random networks, seed {seed}" if model == "fdsm" else ""
    graph.graph["backbone"] = (
        f"{graph.number_of_edges()} of {len(edges)} ties: {MODELS[model]}{simulated}; "
        f"p at most {alpha:g}, corrected by {correction}"
    )
    return graph


def adjust(values: Array, correction: str) -> Array:
    """p-values corrected for their number: R's ``p.adjust``."""
    from scipy.stats import false_discovery_control

    if correction == "bh" and len(values):
        controlled: Array = false_discovery_control(values)
        return controlled
    if correction == "holm":
        order = numpy.argsort(values)
        adjusted = numpy.empty_like(values)
        adjusted[order] = numpy.maximum.accumulate(values[order] * numpy.arange(len(values), 0, -1))
        return numpy.minimum(adjusted, 1)
    return numpy.minimum(values * len(values), 1) if correction == "bonferroni" else values


def _check(network: Projection, model: str, correction: str, alpha: float) -> None:
    if not isinstance(network, Projection):
        hint = "Take a view that links things by what they share, such as alliances."
        raise WrongUse("Only a projection has a backbone.", hint=hint)
    for name, value, allowed in (("model", model, MODELS), ("correction", correction, CORRECTIONS)):
        if value not in allowed:
            hint = did_you_mean(value, allowed) or f"Allowed: {', '.join(allowed)}"
            raise WrongUse(f"{name} = '{value}' is not known.", hint=hint)
    if not 0 < alpha < 1:
        raise WrongUse(f"alpha = {alpha:g} is no chance.", hint="It lies between 0 and 1, usually at 0.05.")
    if network.selection.least > 1 or network.selection.min_weight:
        hint = "Take the backbone of all ties, then leave out the lighter ones."
        raise WrongUse("A backbone tests all ties, and the lighter ones were left out.", hint=hint)
