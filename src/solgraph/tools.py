"""The commands that are seldom used; the command line imports them when asked for."""

from typing import Any

import click

from solgraph.options import data_options, opened
from solgraph.terms import GRAPH


@click.command("push")
@click.argument("store_url", metavar="STORE_URL")
@click.option("--graph", "graphs", multiple=True, metavar="SLUG", help="Only this named graph; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@data_options
def push(store_url: str, graphs: tuple[str, ...], dry_run: bool, **values: Any) -> None:
    """Load the graph into a SPARQL server through its graph store, such as http://localhost:7878/store."""
    from solgraph.push import push as load

    only = [GRAPH + name.removeprefix("graph:").removeprefix(GRAPH) for name in graphs]
    for name, done in load(opened(values).store, store_url, only, dry_run=dry_run):
        click.echo(f"{name}: {done}")
