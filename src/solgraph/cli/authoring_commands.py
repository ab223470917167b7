"""The commands for those who write queries and data; imported only when asked for."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solgraph.cli.options import FOLDER, PATH, data_options, endpoint_options, folders, interruptible, opened
from solgraph.errors import DataError, WrongUse
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.knowledge import open as open_
from solgraph.queries.catalogue import catalogue, find, paths, read
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import GRAPH
from solgraph.resources import QUERIES

if TYPE_CHECKING:
    from solgraph.authoring.lint import Problem


@click.command("push")
@click.argument("store_url", metavar="STORE_URL")
@click.option("--graph", "graphs", multiple=True, metavar="SLUG", help="Only this named graph; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@data_options
def push(store_url: str, graphs: tuple[str, ...], dry_run: bool, **values: Any) -> None:
    """Load the graph into a SPARQL server through its graph store.

    STORE_URL is the address of the graph store, such as http://localhost:7878/store.
    """
    from solgraph.engines.push import push as load

    chosen = [GRAPH + name.removeprefix("graph:").removeprefix(GRAPH) for name in graphs]
    for name, outcome in load(opened(values).store, store_url, chosen, dry_run=dry_run):
        click.echo(f"{name}: {outcome}")


@click.command("check")
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check the saved queries, including those of --queries DIR.

    Checked are header, parameters, columns, terms of the ontology, and what other engines read differently.
    """
    from solgraph.authoring.lint import ontology_terms

    files, terms = paths(folders()).values(), ontology_terms()
    problems = [problem for path in files for problem in _problems(path, terms)]
    for problem in problems:
        click.echo(problem)
    click.echo(f"{len(files)} saved queries: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
    ctx.exit(1 if problems else 0)


def _problems(path: Path, terms: frozenset[str]) -> list[Any]:
    from solgraph.authoring.lint import Problem, lint

    try:
        return lint(read(path), terms)
    except DataError as error:
        return [Problem(error.where, error.what)]


@click.command("test")
@click.argument("expected", type=FOLDER, required=False)
@click.option("--accept", is_flag=True, help="Accept the current answers as the expected ones.")
@endpoint_options
@click.option("--query", "names", multiple=True, metavar="NAME", help="Try only this query there; may be repeated.")
@click.option("--engine", metavar="NAME", help='What the server is, if it does not say: "Comunica 5.4.1".')
@click.option(
    "--write-passport", "passport", type=PATH, metavar="FILE", help="Keep what the server made of each query."
)
@data_options
@click.pass_context
def test(ctx: click.Context, /, expected: Path | None, accept: bool, **values: Any) -> None:
    """Compare the answers of saved queries with EXPECTED ones.

    EXPECTED is a folder. The queries are those that it holds; if it holds none, those of --queries DIR, or else the
    shipped ones. With --endpoint all saved queries are asked there with the examples of their headers, and the answers
    are compared with those that the same data give here.
    """
    server = {name: values.pop(name) for name in ("endpoint", "timeout", "names", "engine", "passport")}
    if bool(expected) == bool(server["endpoint"]):
        raise WrongUse("Give a folder with the expected answers, or a server with --endpoint URL.")
    if any(server.values()) and (expected or accept):
        raise WrongUse(
            "--accept needs a folder; --query, --engine, --timeout and --write-passport need --endpoint URL."
        )
    if not expected:
        ctx.exit(0 if _tried(opened(values), **server) else 1)
    from solgraph.authoring.query_tests import run, tested

    results = run(opened(values), tested(expected, folders()[:-1]), expected, accept=accept)
    click.echo(results.text(), nl=False)
    ctx.exit(0 if results.ok else 1)


def _tried(
    kg: Knowledge,
    endpoint: str,
    *,
    timeout: int | None,
    names: Sequence[str],
    engine: str | None,
    passport: Path | None,
) -> bool:
    """Print what a server makes of saved queries, and keep it; whether it answers all of them as we do."""
    from solgraph.authoring.engine_test import other_dataset, passport_of, recognised, verdicts
    from solgraph.engines.passport import EQUAL
    from solgraph.engines.remote import Remote
    from solgraph.rdf.atomic_files import write_whole

    queries = [find(name, folders()) for name in names] or catalogue(folders())
    server = Remote(endpoint, timeout=timeout or 60)
    name = recognised(engine or "", server)
    if passport and not name:
        raise WrongUse(f"{endpoint} does not say what it is.", hint='Name it: --engine "Comunica 5.4.1"')
    if note := other_dataset(kg, server):
        if passport:
            raise DataError(note, hint="A passport is for the same data: load them there with solgraph push.")
        click.echo(f"Warning: {note}", err=True)
    tried = []
    for verdict in verdicts(kg, server, queries):
        click.echo(verdict)
        tried.append(verdict)
    equal = sum(verdict.state == EQUAL for verdict in tried)
    click.echo(f"{equal} of {len(tried)} saved queries answer alike{f' on {name}' if name else ''}")
    if passport:
        write_whole(passport, passport_of(kg, name, tried).text().encode())
    return equal == len(tried)


@click.command("engines")
@click.argument("name", required=False)
def engines(name: str | None) -> None:
    """List the SPARQL engines that were tried.

    With the NAME of one, list the queries that it does not answer as they are answered here.
    """
    from solgraph.engines import passport

    click.echo(passport.failures(name) if name else passport.summary(), nl=False)


@click.command("diff")
@click.argument("old", type=PATH)
@click.argument("new", type=PATH, required=False)
@click.pass_context
def diff(ctx: click.Context, old: Path, new: Path | None) -> None:
    """Compare the answers of all saved queries on OLD and NEW data.

    Without NEW, the shipped data are the new ones.
    """
    from solgraph.authoring.differences import differences

    if new is not None and old.resolve() == new.resolve():
        raise WrongUse("OLD and NEW are the same.", hint="Give two folders or files of data.")
    graphs, queries = (open_(old), open_(new) if new else open_()), catalogue(folders())
    changes = interruptible(lambda: differences(*graphs, queries))
    click.echo(changes.text(), nl=False)
    ctx.exit(1 if changes.changed else 0)


@click.command("stubs")
@click.argument("folder", type=FOLDER, required=False, metavar="[DIR]")
@click.option("-o", "--output", type=PATH, metavar="FOLDER", help="Write solgraph-stubs into this folder instead.")
def stubs(folder: Path | None, output: Path | None) -> None:
    """Write stubs with which mypy and pyright check kg.q.

    They hold the saved queries of the folder DIR and the shipped ones. Without -o they are put beside the packages of
    this Python environment, where both find them.
    """
    from sysconfig import get_path

    from solgraph.authoring.stubs import write_stubs

    queries = catalogue([*([folder] if folder else []), *folders()])
    if problem := next((problem for saved in queries for problem in _faults(saved)), None):
        own = f"--queries {shlex.quote(str(folder))} " if folder else ""
        raise DataError(problem.what, where=problem.where, hint=f"See all problems: solgraph {own}check")
    written = write_stubs(queries, output or Path(get_path("purelib")))
    click.echo(f"{written}: {len(queries)} saved queries", err=True)


def _faults(saved: SavedQuery) -> "list[Problem]":
    """What keeps a query from working, if it is not a shipped one."""
    from solgraph.authoring.lint import lint

    return lint(saved) if saved.path.parent != QUERIES else []
