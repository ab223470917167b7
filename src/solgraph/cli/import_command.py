"""The command that imports tables."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from solgraph.cli.options import PATH, data_options, opened, progress
from solgraph.graph.shell import in_shell
from solgraph.rdf.atomic_files import write_all
from solgraph.tables.importing import Options, import_tables
from solgraph.tables.recognise.columns import FIELDS
from solgraph.tables.statements.statements import SourceDescription


@click.command("import")
@click.argument("tables", nargs=-1, required=True, type=PATH, metavar="TABLE…")
@click.option("-o", "--output", required=True, type=PATH, metavar="FILE", help="Turtle file to write, or to add to.")
@click.option("--map", default="", metavar="FIELD=COLUMN,…", help="Which column holds what: city=Ville.")
@click.option("--values", multiple=True, metavar="FIELD:CELL=MEANING", help="What a cell means: role:Lead=leader.")
@click.option("--mapping", "mappings", type=PATH, multiple=True, metavar="FILE", help="Mapping that was saved before.")
@click.option("--save-mapping", is_flag=True, help="Save the mapping beside the table.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help=f"What the table lists: {', '.join(FIELDS)}.")
@click.option("--country", default="", metavar="CODE", help="Country of the rows that name none.")
@click.option("--keep", multiple=True, metavar="COLUMN", help="Extra column to keep; may be repeated.")
@click.option("--title", default="", metavar="TEXT", help="Title of the table as a source.")
@click.option("--creator", multiple=True, metavar="NAME", help="Who made the table; may be repeated.")
@click.option("--licence", default="", metavar="TEXT", help="Licence of the table, by name or address: CC BY 4.0.")
@click.option(
    "--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Date of the import (default: today)."
)
@click.option("--encoding", metavar="NAME", help="Encoding of a text file, if it is not recognised: cp1250.")
@click.option("--delimiter", metavar="SIGN", help="What separates its cells: , or ; or tab.")
@click.option("--sheet", metavar="NAME", help="Sheet of a workbook.")
@click.option("--dry-run", is_flag=True, help="Write nothing; show the mapping and the report.")
@data_options
@click.pass_context
def import_(ctx: click.Context, /, tables: tuple[Path, ...], output: Path, dry_run: bool, **values: Any) -> None:
    """Import tables into a Turtle file for the graph.

    They list memberships, cities, networks, programmes or collaborations, one to a row.
    """
    description = _description(values, ask=sys.stdin.isatty() and not output.exists())
    options = Options(description, *(values[name] for name in Options._fields[1:]))
    kg = opened({key: values[key] for key in ("data", "add", "lang")})
    kg.files = [file for file in kg.files if file.path.resolve() != output.resolve()]
    with progress("Importing the tables"):
        report = import_tables(tables, output, kg.endpoint, options)
    click.echo(report.mappings(), err=True, nl=False)
    files = {} if dry_run else report.files
    write_all(files)
    click.echo(in_shell(report.text()), nl=False)
    click.echo("".join(f"written: {path}\n" for path in files), err=True, nl=False)
    ctx.exit(1 if report.rejected or not report.accepted else 0)


def _description(values: dict[str, Any], *, ask: bool) -> SourceDescription:
    """The description of the table as a source; what no option states is asked for."""
    title, creators, licence = values["title"], values["creator"], values["licence"]
    if ask:
        title = title or click.prompt("Title of the table", err=True)
        creators = creators or (click.prompt("Creator of the table", err=True),)
        licence = licence or click.prompt("Licence of the table", err=True)
    day = values["date"].date() if values["date"] else date.today()
    return SourceDescription(title, tuple(creators), licence, day.isoformat())


# The command line looks a command up by its name, and Python allows no function of that name.
globals()["import"] = import_
