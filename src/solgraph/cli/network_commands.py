"""The command ``network``: views as files, figures and comparisons."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solgraph.cli.options import folders, interruptible, opened, put_out, width
from solgraph.cli.saved_query_commands import SavedQueries
from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.names import languages
from solgraph.networks.files import formats as files
from solgraph.networks.model.selection import MAX_EDGES, WEIGHTS
from solgraph.queries import catalogue as queries
from solgraph.queries.saved_query import SavedQuery

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]


class Views(SavedQueries):
    """One subcommand per network view."""

    formats = (*(one.name for one in files.FORMATS), "table", "md")
    options = (
        click.option("--summary", is_flag=True, help="Figures of the whole network instead of a file."),
        click.option("--measures", is_flag=True, help="Figures of every node instead of a file."),
        click.option(
            "--compare",
            type=int,
            nargs=2,
            metavar="YEAR YEAR",
            help="What came, went, grew or shrank between two years.",
        ),
        click.option("--max-edges", type=int, default=MAX_EDGES, show_default=True, help="Stop before more edges."),
        click.option("--min-weight", type=float, help="Leave out lighter edges."),
        click.option("--weight", metavar="HOW", help=f"How edges of shared things are weighed: {', '.join(WEIGHTS)}."),
        click.option(
            "--exclude", multiple=True, metavar="NAME", help="Leave out this network or other end; may be repeated."
        ),
        click.option("--country", metavar="NAME", help="Only nodes of this country, by name in any language."),
        click.option(
            "--undated",
            metavar="HOW",
            help="Ties without a year when years are asked for: include (default) or exclude.",
        ),
        click.option("--to", "to_year", type=int, metavar="YEAR", help="Only ties not known to begin later."),
        click.option("--from", "from_year", type=int, metavar="YEAR", help="Only ties not known to end earlier."),
        click.option("--year", type=int, help="Only ties not known to lie outside this year."),
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [one.name for one in queries.catalogue(folders(ctx)) if one.network]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            if ctx.resilient_parsing:
                return None
            hint = did_you_mean(cmd_name, self.list_commands(ctx)) or f"Views: {', '.join(self.list_commands(ctx))}"
            raise WrongUse(f"There is no network view '{cmd_name}'.", hint=hint)
        return super().get_command(ctx, cmd_name)

    def run(self, saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
        """Write a view as a file, or its figures."""
        figures = {name: values.pop(name) for name in ("summary", "measures")}
        years = values.pop("compare")
        if sum(map(bool, figures.values())) > 1:
            raise WrongUse("--summary and --measures are two answers.", hint="Ask for one of them.")
        kg = opened(values)
        values = {name: value for name, value in values.items() if value is not None}
        if any(figures.values()):
            graph = interruptible(lambda: kg.network(saved.name, **values))
            _put_figures(graph, next(name for name in figures if figures[name]), format_, output)
        elif years:
            _put_comparison(interruptible(lambda: kg.compare(saved.name, *years, **values)), format_, output)
        else:
            chosen = files.choose(format_, output)
            make = kg.projection if len(chosen.files) > 1 else kg.network  # a pair of files is written edge by edge
            _put_network(interruptible(lambda: make(saved.name, **values)), chosen, output)


def _put_network(graph: Any, chosen: files.NetworkFormat, output: Path | None) -> None:
    if output:
        for path in files.save(graph, output, chosen.name):
            click.echo(f"{path}: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges", err=True)
    else:
        for _, content in files.contents(graph, chosen):
            click.echo(content, nl=False)
    if notes := graph.graph.get("notes"):
        click.echo(notes, err=True)


def _put_figures(graph: "Graph", name: str, format_: str | None, output: Path | None) -> None:
    import solgraph

    told = getattr(solgraph, name)(graph)
    put_out(told.text(format_, path=output, width=width()), output)
    for note in (graph.graph.get("notes"), *told.notes):
        click.echo(note, err=True)


def _put_comparison(graph: "Graph", format_: str | None, output: Path | None) -> None:
    from solgraph.networks.model.comparison import changes, table

    if output or format_ not in (None, "table", "md"):
        _put_network(graph, files.choose(format_, output), output)
    else:
        click.echo(table(graph, format_ or "table"), nl=False)
    click.echo(", ".join(f"{count} {change}" for change, count in changes(graph)), err=True)


@click.group("network", cls=Views, invoke_without_command=True, subcommand_metavar="[VIEW] [--PARAM VALUE]…")
@click.pass_context
def network(ctx: click.Context) -> None:
    """Take a network out of the graph; without VIEW, list the views."""
    if ctx.invoked_subcommand is None:
        for one in queries.catalogue(folders()):
            if one.network:
                click.echo(f"{one.name:<14} {one.localised('summary', languages(None))}")
        click.echo("\nFor example: solgraph network alliances -o alliances.graphml")
