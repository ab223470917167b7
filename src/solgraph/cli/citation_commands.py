"""The commands ``cite`` and ``brief``: what goes from the graph into a text, or onto a desk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from solgraph.cli import network_options, options
from solgraph.cli.options import PATH, folders, interruptible, opened, put_out
from solgraph.cli.saved_query_commands import SavedQueries
from solgraph.errors import WrongUse, did_you_mean
from solgraph.formats.media import CITATIONS, PAGES
from solgraph.queries import catalogue as queries
from solgraph.queries.saved_query import SavedQuery

_STYLES = ", ".join(form.name for form in CITATIONS)
_style_options = options.combined(
    click.option("--style", "-f", "--format", "format_", metavar="STYLE", help=f"One of {_STYLES}."),
    click.option("-o", "--output", type=PATH, metavar="FILE", help="Write to a file; its ending sets the style."),
)


class Citable(SavedQueries):
    """One subcommand per saved query; any other name is that of a thing."""

    heading = "Saved queries whose answers can be cited"
    sections = network_options.SECTIONS

    def output_options(self) -> Callable[[Any], Any]:
        return _style_options

    def options_of(self, saved: SavedQuery) -> list[Callable[[Any], Any]]:
        return network_options.options_of_view(saved) if saved.network else []

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        is_thing = cmd_name not in queries.paths(folders(ctx)) and not ctx.resilient_parsing
        return _of_thing(cmd_name) if is_thing else super().get_command(ctx, cmd_name)

    def run(self, saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
        """Cite the answer of a saved query, or what is made of a network."""
        if saved.network:
            outcome, value = network_options.outcome(values)
            statistics = network_options.statistics(values, outcome)
            values |= ({outcome: value} if outcome else {}) | network_options.used(statistics, outcome)
        _put(saved.name, format_, output, values)


def _of_thing(name: str) -> click.Command:
    accepting_anything = {"ignore_unknown_options": True, "allow_extra_args": True}

    @click.command(
        name,
        context_settings=accepting_anything,
        help="Cite a document, a passage, or the passages on which a statement rests.",
    )
    @_style_options
    @options.endpoint_options
    @options.data_options
    @click.pass_context
    def command(ctx: click.Context, /, format_: str | None, output: Path | None, **values: Any) -> None:
        if ctx.args:
            hint = did_you_mean(name, queries.paths(folders())) or "See them all: solgraph queries"
            raise WrongUse(f"'{name}' is not a saved query and takes no '{ctx.args[0]}'.", hint=hint)
        _put(name, format_, output, values)

    return command


def _put(name: str, style: str | None, output: Path | None, values: dict[str, Any]) -> None:
    kg = opened(values, is_cached=True)
    citation = interruptible(lambda: kg.cite(name, **values))
    put_out(citation.text(style, path=output), output)


@click.group("cite", cls=Citable, subcommand_metavar="THING|QUERY [--PARAM VALUE]…")
def cite() -> None:
    """Cite a document, a passage, a fact, or an answer to a query.

    A fact is cited by its evidence. Without --style the citation is a line of text.
    """


@click.command("brief")
@click.argument("city")
@options.output_options(form.name for form in PAGES)
@options.endpoint_options
@options.data_options
def brief(city: str, format_: str | None, output: Path | None, **values: Any) -> None:
    """Write one page about a city, with numbered sources."""
    kg = opened(values, is_cached=True)
    page = interruptible(lambda: kg.brief(city))
    if output:
        page.write(output, format_)
    else:
        click.echo(page.text(format_), nl=False)
