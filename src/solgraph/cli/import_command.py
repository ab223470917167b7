"""The command that imports tables."""

import sys
from pathlib import Path
from typing import Any

import click

from solgraph.cli.options import data_options, opened, progress
from solgraph.errors import WrongUse
from solgraph.rdf.atomic_files import write_all
from solgraph.tables.importing import Import, Options, read_tables
from solgraph.tables.recognise import columns
from solgraph.tables.statements.drafting import Description

_PATH = click.Path(path_type=Path)


@click.command("import")
@click.argument("tables", nargs=-1, required=True, type=_PATH, metavar="TABLE…")
@click.option("-o", "--output", required=True, type=_PATH, metavar="FILE", help="Turtle file to write, or to add to.")
@click.option("--map", "map_", default="", metavar="FIELD=COLUMN,…", help="Which column holds what: city=Ville.")
@click.option("--mapping", "mappings", type=_PATH, multiple=True, metavar="FILE", help="Mapping saved before.")
@click.option("--save-mapping", is_flag=True, help="Save the mapping beside the table.")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", help=f"What the table lists: {', '.join(columns.FIELDS)}."
)
@click.option("--country", default="", metavar="CODE", help="Country of the rows that name none.")
@click.option("--title", metavar="TEXT", help="Title of the table as a source.")
@click.option("--creator", multiple=True, metavar="NAME", help="Who made the table; may be repeated.")
@click.option("--licence", metavar="TEXT", help="Licence of the table, by name or address: CC BY 4.0.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Date of the import (default: today).")
@click.option("--encoding", metavar="NAME", help="Encoding of a text file, if it is not found out: cp1250.")
@click.option("--delimiter", metavar="SIGN", help="What separates its cells: , or ; or tab.")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")
@click.option("--dry-run", is_flag=True, help="Write nothing; only show the mapping and the account.")
@data_options
@click.pass_context
def import_(
    ctx: click.Context, /, tables: tuple[Path, ...], output: Path, save_mapping: bool, dry_run: bool, **values: Any
) -> None:
    """Import tables of memberships, cities, networks, programmes or collaborations into a file of the graph."""
    options = Options(values["map_"], values["mappings"], *(values[name] for name in Options._fields[2:]))
    with progress("Reading the tables"):
        read = read_tables(tables, options)
    for table in read:
        click.echo(f"{table.sheet.path.name}:\n{table.mapping.text().rstrip()}\n", err=True)
    kg = opened({key: values[key] for key in ("data", "add", "lang")})
    kg.files = [file for file in kg.files if file.path.resolve() != output.resolve()]
    job = Import(kg.endpoint, read, output, options.country)
    description = _described(job, values)
    with progress("Looking for the cities"):
        result = job.run(description)
    contents = dict(result.contents)
    if save_mapping:
        contents |= {_beside(table.sheet.path): columns.save(table.mapping, table.sheet).encode() for table in read}
    if not dry_run:
        write_all(contents)
    click.echo(result.text(), nl=False)
    for path in () if dry_run else contents:
        click.echo(f"written: {path}", err=True)
    ctx.exit(0 if result.taken else 1)


def _beside(table: Path) -> Path:
    return table.with_name(f"{table.name}-metadata.json")


def _described(job: Import, values: dict[str, Any]) -> Description:
    """The description of the table: of an earlier import, or from the options, or asked for in a terminal."""
    if job.description:
        _refuse_another(job, values)
        return job.description
    missing = [name for name in ("title", "creator", "licence") if not values[name]]
    if missing and not sys.stdin.isatty():
        told = " and ".join(f"--{name}" for name in missing)
        raise WrongUse("The table is to be described as a source.", hint=f"Say {told}.")
    for name in missing:
        asked = click.prompt(f"{name.capitalize()} of the table", err=True)
        values[name] = (asked,) if name == "creator" else asked
    from datetime import date

    day = values["date"].date() if values["date"] else date.today()
    return Description(values["title"], tuple(values["creator"]), values["licence"], day.isoformat())


def _refuse_another(job: Import, values: dict[str, Any]) -> None:
    before = job.description
    if before and values["title"] not in (None, before.title):
        raise WrongUse(f"{job.output} has the title '{before.title}' already.", hint="Leave out --title.")


# The command line looks a command up by its name, and Python allows no function of that name.
globals()["import"] = import_
