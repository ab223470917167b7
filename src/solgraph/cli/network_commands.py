"""The command ``network``: views as files, figures and comparisons."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solgraph.cli import network_matrices, network_series, network_statistics
from solgraph.cli.options import Command, folders, interruptible, opened, put_out, width
from solgraph.cli.saved_query_commands import SavedQueries, put_answer
from solgraph.cli.watched import watched
from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.names import languages
from solgraph.networks.files import formats as files
from solgraph.networks.model.selection import MAX_EDGES, argument, options_of
from solgraph.queries import catalogue as queries
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]


def _selection_option(param: Parameter, view: Mapping[str, str]) -> Callable[[Command], Command]:
    """An option that chooses a part of a view, whose header says how it is weighed."""
    text = f"{param.description[:1].upper()}{param.description[1:]}."
    if param.name == "compare":
        return click.option("--compare", type=int, nargs=2, metavar="YEAR YEAR", help=text)
    if param.is_flag:
        return click.option(f"--{param.name}", is_flag=True, help=text)
    if param.values:
        text = f"{text[:-1]}: {', '.join(param.values)}."
    if param.name == "weight" and "nodes" in view:
        text += f"  [default: {view.get('weight', 'shared')}]"
    if param.name == "max-edges":
        text = f"{text}  [default: {MAX_EDGES}; with --weights-only none]"
        return click.option("--max-edges", "max_edges", type=int, help=text)
    types = {"integer": int, "number": float}
    metavar = "YEAR" if param.name in ("from", "to") else "HOW" if param.values else "NAME" if param.type else None
    return click.option(
        f"--{param.name}",
        argument(param.name),
        type=types.get(param.kind),
        multiple=param.multiple,
        metavar=metavar,
        help=text,
    )


def _with_second_names(command: click.Command | None) -> click.Command | None:
    """``--network`` of a query or a selection may be called ``--only-network``, as what it is."""
    for option in command.params if command else ():
        if option.name == "network":
            option.opts.append("--only-network")
    return command


class Views(SavedQueries):
    """One subcommand per network view."""

    heading = "Network views"
    formats = (*(form.name for form in files.FORMATS), "table", "md")

    def queries(self, ctx: click.Context) -> list[SavedQuery]:
        return queries.views(folders(ctx))

    def options_of(self, saved: SavedQuery) -> list[Callable[[Command], Command]]:
        return [
            *(_selection_option(param, saved.network or {}) for param in options_of(saved)),
            *network_statistics.OPTIONS,
            network_series.STEP,
            network_matrices.INCIDENCE,
            *(network_matrices.OF_SHARED_THINGS if "nodes" in (saved.network or {}) else ()),
        ]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [saved.name for saved in self.queries(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        views = self.list_commands(ctx)
        if cmd_name in views:
            return _with_second_names(super().get_command(ctx, cmd_name))
        if ctx.resilient_parsing:  # the Tab key
            return None
        hint = did_you_mean(cmd_name, views) or f"Views: {', '.join(views)}"
        raise WrongUse(f"There is no network view '{cmd_name}'.", hint=hint)

    def run(self, saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
        """Write a view as a file, or its figures, or what changed between two years."""
        years, chosen = values.pop("compare"), network_statistics.options(values)
        others = {"compare": years, chosen["figures"]: chosen["figures"], "backbone": chosen["backbone"]}
        matrix, ends = network_matrices.option(values, others)
        others |= {"summary": "", matrix: matrix}  # a series is a summary of each year
        if series := network_series.years(values, others):
            chosen["figures"] = ""
        if not (chosen["figures"] or series or years or matrix or format_ or output) and width():
            chosen["figures"] = "summary"  # nobody reads megabytes of XML in a terminal
            click.echo(f"In figures; as a file: -o {saved.name}.graphml, and with -f graphml it stands here.", err=True)
        if chosen["figures"] == "measures" and files.is_of_networks_alone(format_, output):
            chosen |= {"figures": "", "on nodes": True}
        kg = opened(values, is_cached=True)
        values = {name: value for name, value in values.items() if value is not None}
        if series:
            make = lambda: kg.series(saved.name, series, **values)  # noqa: E731
            _put_notes(*network_series.put_series(make, format_, output))
        elif chosen["figures"]:
            sheet = interruptible(lambda: network_statistics.sheet_of(kg, saved.name, values, chosen))
            put_out(sheet.text(format_, path=output, width=width()), output)
            _put_notes(*sheet.notes)
        elif years:
            _put_comparison(interruptible(lambda: kg.compare(saved.name, *years, **values)), format_, output)
        elif matrix == "evidence":
            put_answer(interruptible(lambda: kg.evidence(saved.name, *ends, **values)), format_, output)
        elif matrix == "incidence":
            network_matrices.put_incidence(kg, saved.name, values, output)
        else:
            form = files.choose(format_, output)
            chosen["edge by edge"] = len(form.files) > 1  # several files are written so
            whole = lambda: network_statistics.network_of(kg, saved.name, values, chosen)  # noqa: E731
            network = interruptible((lambda: kg.weights(saved.name, **values)) if matrix else whole)
            _put_network(network, form, output)


def _put_network(graph: Any, form: files.NetworkFormat, output: Path | None) -> None:
    if output:
        with ExitStack() as bars:
            paths = files.save(watched(graph, bars), output, form.name)
        for path in paths:
            click.echo(f"{path}: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges", err=True)
    else:
        for _, content in files.contents(graph, form):
            click.echo(content, nl=False)
    _put_notes(*map(graph.graph.get, ("backbone", "measures", "columns", "notes")))


def _put_comparison(graph: "Graph", format_: str | None, output: Path | None) -> None:
    from solgraph.networks.model.comparison import changes, table

    if output or format_ not in (None, "table", "md"):
        _put_network(graph, files.choose(format_, output), output)
    else:
        click.echo(table(graph, format_ or "table"), nl=False)
    counts = (f"{n} {change} ({certain} certain)" if n else f"0 {change}" for change, n, certain in changes(graph))
    click.echo(", ".join(counts), err=True)


def _put_notes(*notes: str | None) -> None:
    for note in filter(None, notes):
        click.echo(note, err=True)


@click.group("network", cls=Views, invoke_without_command=True, subcommand_metavar="[VIEW] [--PARAM VALUE]…")
@click.pass_context
def network(ctx: click.Context) -> None:
    """Take a network out of the graph; without VIEW, list the views."""
    if ctx.invoked_subcommand is None:
        for saved in queries.views(folders()):
            click.echo(f"{saved.name:<15} {saved.localised('summary', languages(None))}")
        click.echo("\nFor example: solgraph network memberships -o memberships.graphml")
