"""Options of ``network`` for matrices: who belongs to what, weights alone, and what a single link rests on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solgraph.cli.options import interruptible
from solgraph.errors import WrongUse

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

INCIDENCE = click.option("--incidence", is_flag=True, help="Who belongs to what as a matrix: .csv or .mtx.")
#: What only views have that link things by what they share.
OF_SHARED_THINGS = (
    click.option("--weights-only", is_flag=True, help="Only the weights of the edges: for tens of millions."),
    click.option("--evidence", nargs=2, metavar="NAME NAME", help="What two nodes share, with sources, and no file."),
)


def option(values: dict[str, Any], others: dict[str, Any]) -> tuple[str, Any]:
    """The one of these options that is given, and its value, all being taken out of the values.

    Raises :class:`WrongUse` if it comes with another or with one of the ``others``.
    """
    own = {name: values.pop(name, None) for name in ("incidence", "weights_only", "evidence")}
    chosen = [name for name, value in own.items() if value]
    clash = [*chosen, *(name for name, value in others.items() if chosen and value)]
    if len(clash) > 1:
        first, second = (f"--{name.replace('_', '-')}" for name in clash[:2])
        raise WrongUse(f"{first} and {second} cannot be combined.", hint="Give one of them.")
    return (chosen[0], own[chosen[0]]) if chosen else ("", None)


def put_incidence(kg: "Knowledge", view: str, values: dict[str, Any], output: Path | None) -> None:
    """Print or write the incidence matrix of a view."""
    from solgraph.networks.files.incidence_files import incidence_csv, save_incidence

    matrix = interruptible(lambda: kg.incidence(view, **values))
    if output:
        click.echo(f"{', '.join(map(str, save_incidence(matrix, output)))}: {matrix}", err=True)
    else:
        for line in incidence_csv(matrix):
            click.echo(line, nl=False)
