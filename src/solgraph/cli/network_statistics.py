"""Options of ``network`` for statistics: the ties that mean something, figures against chance, two layers."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solgraph.errors import WrongUse
from solgraph.networks.statistics import CORRECTIONS, MODELS, TRIALS

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge
    from solgraph.networks.measures.sheet import Sheet
    from solgraph.networks.model.projection import Projection
    from solgraph.networks.model.selection import Graph

OPTIONS = (
    click.option("--measures", is_flag=True, help="Figures of every node; in a file of a network, on its nodes."),
    click.option("--summary", is_flag=True, help="Figures of the whole network instead of a file."),
    click.option("--chance", is_flag=True, help="Figures beside those of random networks of the same sizes."),
    click.option("--against", metavar="VIEW|FILE", help="How far another view or a table has the same ties."),
    click.option("--backbone", type=click.Choice([*MODELS]), help="Only ties that this null model does not explain."),
    click.option("--alpha", type=float, default=0.05, show_default=True, help="The highest p-value of such a tie."),
    click.option(
        "--correction", type=click.Choice([*CORRECTIONS]), default="bh", show_default=True, help="For many p-values."
    ),
    click.option("--trials", type=click.IntRange(1), default=TRIALS, show_default=True, help="Random networks."),
    click.option("--seed", type=int, default=1, show_default=True, help="Of all that is drawn at random."),
    click.option("--runs", type=click.IntRange(1), help="Times that communities are looked for.  [default: 10]"),
)


def options(values: dict[str, Any]) -> dict[str, Any]:
    """The values of these options, taken out of all values. Raises :class:`WrongUse` for two kinds of figures."""
    names = ("summary", "measures", "chance", "against", "backbone", "alpha", "correction", "trials", "seed", "runs")
    chosen = {name: values.pop(name) for name in names}
    figures = [name for name in names[:4] if chosen[name]]
    clash = [*figures[:1], "backbone"] if {*figures} & {"chance", "against"} and chosen["backbone"] else figures
    if len(clash) > 1:
        raise WrongUse(f"--{clash[0]} and --{clash[1]} cannot be combined.", hint="Give one of them.")
    return {**chosen, "figures": figures[0] if figures else ""}


def network_of(kg: "Knowledge", view: str, values: dict[str, Any], chosen: dict[str, Any]) -> "Graph | Projection":
    """The network of a view, or its backbone; with figures on its nodes where these are to be in its file."""
    if chosen.get("on nodes"):
        from solgraph.networks.measures.node_measures import put_on_nodes

        graph: Any = network_of(kg, view, values, chosen | {"on nodes": False, "edge by edge": False})
        return put_on_nodes(graph, seed=chosen["seed"], runs=chosen["runs"])
    trim = {name: values[name] for name in ("min_degree", "drop_isolates") if values.get(name)}
    if not chosen["backbone"]:
        edge_by_edge = chosen.get("edge by edge") and not trim
        return kg.projection(view, **values) if edge_by_edge else kg.network(view, **values)
    from solgraph.networks.model.build import trimmed
    from solgraph.networks.model.selection import Selection
    from solgraph.networks.statistics.backbone import backbone

    wanted = {name: chosen[name] for name in ("alpha", "correction", "trials", "seed")}
    network = kg.projection(view, **{name: value for name, value in values.items() if name not in trim})
    graph = backbone(network, model=chosen["backbone"], **wanted)  # type: ignore[arg-type]
    return trimmed(graph, Selection(**trim))


def sheet_of(kg: "Knowledge", view: str, values: dict[str, Any], chosen: dict[str, Any]) -> "Sheet":
    """The figures that are asked for, their notes with those of the network."""
    if chosen["figures"] in ("chance", "against"):
        network = kg.projection(view, **values)
        sheet = _tested(kg, network, chosen)
    else:
        import solgraph

        chosen["edge by edge"] = chosen["figures"] == "summary"  # a large one is never made whole
        network = network_of(kg, view, values, chosen)
        sheet = getattr(solgraph, chosen["figures"])(network, seed=chosen["seed"], runs=chosen["runs"])
    texts = network.graph.get("backbone"), network.graph.get("notes")
    sheet.notes = (*filter(None, texts), *sheet.notes)
    return sheet


def _tested(kg: "Knowledge", network: "Projection | Graph", chosen: dict[str, Any]) -> "Sheet":
    """Figures against chance, or against another network: a view, a table of pairs, a GraphML file."""
    drawn = {name: chosen[name] for name in ("trials", "seed")}
    if chosen["chance"]:
        from solgraph.networks.statistics.chance import against_chance

        return against_chance(network, **drawn)
    from solgraph.networks.statistics.layers import compare_layers

    other = _other(kg, chosen["against"])
    sheet = compare_layers(network, other, **drawn)
    sheet.notes = (*sheet.notes, *filter(None, [other.graph.get("notes")]))
    return sheet


def _other(kg: "Knowledge", name: str) -> "Projection | Graph":
    if name in (view.name for view in kg.views()):
        return kg.projection(name)
    if not Path(name).is_file():
        raise WrongUse(f"'{name}' is no view and no file.", hint="See the views: solgraph network")
    from solgraph.graph.ties_table import ties_of_table

    return ties_of_table(kg, name)
