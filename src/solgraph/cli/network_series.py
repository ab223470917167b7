"""The option ``--step`` of ``network``: figures year by year, as a table or as a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solgraph.cli.options import interruptible, put_out, width
from solgraph.errors import WrongUse
from solgraph.rdf.atomic_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from solgraph.networks.measures.series import Series

STEP = click.option(
    "--step",
    type=click.IntRange(1),
    metavar="YEARS",
    help="Figures of every so many years, --from the first --to the last.",
)


def years(values: dict[str, Any], others: Mapping[str, Any]) -> range | None:
    """The years of the series that is asked for, taken out of the values; None if none is.

    Raises :class:`WrongUse` without a first and a last year, and with an option that asks for something else.
    """
    if not (step := values.pop("step")):
        return None
    asked = {**others, "year": values["year"], "certain": values["certain"]}
    if clash := next((name for name, value in asked.items() if name and value), ""):
        raise WrongUse(f"--step and --{clash} cannot be combined.", hint="Give one of them.")
    first, last = values.pop("from_year"), values.pop("to_year")
    if first is None or last is None:
        raise WrongUse("--step needs a first and a last year.", hint="For example: --from 2005 --to 2020 --step 1")
    if first > last:
        raise WrongUse(f"{first} is after {last}.", hint="Give the earlier year first.")
    return range(first, last + 1, step)


def put_series(make: "Callable[[], Series]", format_: str | None, output: Path | None) -> tuple[str, ...]:
    """Write a series as a table or a picture; its notes are returned."""
    series, drawn = interruptible(make), format_ or (output.suffix[1:].lower() if output else "")
    if drawn not in ("svg", "png"):
        put_out(series.text(format_, path=output, width=width()), output)
        return series.notes
    from solgraph.networks.drawing.series_picture import picture

    content = picture(series, drawn)
    if output:
        write_whole(output, content)
    else:
        click.echo(content, nl=False)
    return series.notes
