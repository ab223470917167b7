"""Figures of a network year by year: of what is certain, and of all that is not excluded."""

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean
from typing import Any

import networkx

from solgraph.errors import WrongUse
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.model.projection import Projection

#: The figures of each year, in this order, with what they mean in a picture.
FIGURES = {
    "nodes": "Nodes",
    "isolates": "Nodes that are linked to no other",
    "edges": "Edges",
    "density": "Density",
    "components": "Components",
    "mean_shared": "Mean number of shared things per edge",
}
CERTAINTIES = ("certain", "not_excluded")


class Series(Sheet):
    """A row for each year; each figure of what is certain, and of that together with what is only not excluded."""

    title = "A series"

    def __init__(self, rows: Sequence[dict[str, Any]], network: dict[str, str], notes: Sequence[str] = ()) -> None:
        columns = ["year", *(f"{figure}_{certainty}" for figure in FIGURES for certainty in CERTAINTIES)]
        super().__init__(columns, rows, notes)
        self.network = network


def series(
    make: Callable[[int, bool], Any], years: Iterable[int], trim: Callable[[Any], Any] = lambda network: network
) -> Series:
    """The figures of each of the years; ``make`` gives the network of a year, with or without what is not certain.

    Nodes without a tie in the year are left out, then what ``trim`` leaves out of the rest.
    Raises :class:`WrongUse` when there are no years.
    """
    rows, network = [], {}
    for year in years:
        row: dict[str, Any] = {"year": year}
        for certainty in CERTAINTIES:
            network_of_year = trim(_with_ties(make(year, certainty == "certain")))
            row |= {f"{figure}_{certainty}": value for figure, value in _figures(network_of_year).items()}
            network = dict(network_of_year.graph)
        rows.append(row)
    if not rows:
        raise WrongUse("A series needs at least one year.", hint="For example: range(2005, 2021)")
    note = (
        "not_excluded counts what is certain too. Nodes are those with a tie in the year; density is among them. "
        f"Open ends: {network.get('open_ends', 'none')}."
    )
    return Series(rows, network, [note])


def _with_ties(network: Any) -> Any:
    """The network without the nodes that have no tie in its years, such as cities that then were in no network."""
    if isinstance(network, Projection):
        network.leave_out_untied()
    else:
        network.remove_nodes_from(list(networkx.isolates(network)))
    return network


def _figures(network: Any) -> dict[str, int | float | None]:
    """The figures of one network; parallel edges are counted as edges, and are one link for the others."""
    simple: Any = networkx.DiGraph() if network.is_directed() else networkx.Graph()
    nodes = dict(network.nodes(data=True))
    simple.add_nodes_from(nodes)
    edges, shared = 0, []
    for first, second, edge in network.edges(data=True):
        edges += 1
        shared += [edge["shared"]] if "shared" in edge else []
        if first != second:
            simple.add_edge(first, second)
    return {
        "nodes": len(simple),
        "isolates": networkx.number_of_isolates(simple),
        "edges": edges,
        "density": _density(simple, [node.get("bipartite") for node in nodes.values()]),
        "components": networkx.number_connected_components(simple.to_undirected(as_view=True)) if simple else 0,
        "mean_shared": fmean(shared) if shared else None,
    }


def _density(simple: "networkx.Graph[Any]", modes: list[Any]) -> float | None:
    """Share of the possible pairs that are linked; in a two-mode network of the pairs of different modes."""
    first, second = modes.count(0), modes.count(1)
    if first + second == len(modes) and first and second:
        return simple.number_of_edges() / (first * second)
    return float(networkx.density(simple)) if len(modes) > 1 else None
