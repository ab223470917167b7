"""The command ``network``: views as files, figures and comparisons."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from solgraph.cli import network_options
from solgraph.cli.network_outcomes import PUT, Request
from solgraph.cli.options import folders, opened, width
from solgraph.cli.saved_query_commands import SavedQueries
from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.names import languages
from solgraph.networks.files import formats as files
from solgraph.queries import catalogue as queries
from solgraph.queries.saved_query import SavedQuery


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
    sections = network_options.SECTIONS

    def queries(self, ctx: click.Context) -> list[SavedQuery]:
        return queries.views(folders(ctx))

    def options_of(self, saved: SavedQuery) -> list[Callable[[Any], Any]]:
        return network_options.options_of_view(saved)

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
        """Write a view as a file, or what is asked for in its place."""
        outcome, value = network_options.outcome(values)
        if not (outcome or format_ or output) and width():
            outcome = "summary"  # nobody reads megabytes of XML in a terminal
            click.echo(f"In figures; as a file: -o {saved.name}.graphml, and with -f graphml it stands here.", err=True)
        statistics = network_options.statistics(values, outcome)
        kg = opened(values, is_cached=True)
        values = {name: given for name, given in values.items() if given is not None}
        PUT[outcome](Request(kg, saved.name, values, statistics, format_, output), value)


@click.group("network", cls=Views, invoke_without_command=True, subcommand_metavar="[VIEW] [--PARAM VALUE]…")
@click.pass_context
def network(ctx: click.Context) -> None:
    """Take a network out of the graph; without VIEW, list the views."""
    if ctx.invoked_subcommand is None:
        for saved in queries.views(folders()):
            click.echo(f"{saved.name:<15} {saved.localised('summary', languages(None))}")
        click.echo("\nFor example: solgraph network memberships -o memberships.graphml")
