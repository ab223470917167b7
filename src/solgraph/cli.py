"""The command line: reads arguments, calls one method of Knowledge, prints."""

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from solgraph import formats, queries
from solgraph.errors import SolgraphError, WrongUse, did_you_mean
from solgraph.export import FORMATS as EXPORTS
from solgraph.files import write_whole
from solgraph.knowledge import Knowledge
from solgraph.queries import SavedQuery
from solgraph.resources import QUERIES

Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., Any])
ANSWERS = [
    *dict.fromkeys(one for table in (formats.ROWS, formats.TRIPLES) for fmt in table for one in (fmt.name, *fmt.also))
]
EPILOG = """\b
For example:
  solgraph queries                                  which questions are ready
  solgraph query networks-of-city --city Mediolan   ask one of them
  solgraph show Bologna                             everything about one thing
  solgraph network alliances -o alliances.graphml   a network for Gephi
"""


class Friendly(click.Group):
    """A group whose errors are sentences: no traceback for anything that a person can mend."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SolgraphError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            click.echo(f"Error: the output cannot be written: {error.strerror}.", err=True)
            sys.stdout = None
            ctx.exit(1)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            hint = did_you_mean(args[0], self.list_commands(ctx)) or f"See them all: {ctx.command_path} --help"
            raise WrongUse(f"There is no command '{args[0]}'.", hint=hint)
        return super().resolve_command(ctx, args)


def data_options(command: Command) -> Command:
    """The options that choose the data; the command gets them as ``knowledge``."""
    path = click.Path(path_type=Path)
    for option in (
        click.option("--lang", metavar="LANGS", help="Languages of labels, the first that is there: pl,it,en."),
        click.option("--add", type=path, multiple=True, metavar="PATH", help="Turtle file or folder besides the data."),
        click.option(
            "--data",
            type=path,
            multiple=True,
            metavar="PATH",
            help="Turtle file or folder instead of the shipped data.",
        ),
    ):
        command = option(command)
    return command


def output_options(names: Sequence[str]) -> Callable[[Command], Command]:
    """-f and -o; an unknown format is left to the library, which knows what fits the answer."""

    def decorate(command: Command) -> Command:
        told = ", ".join(names)
        output = click.Path(path_type=Path)
        command = click.option(
            "-o", "--output", type=output, metavar="FILE", help="Write to a file; its ending tells the format."
        )(command)
        return click.option("-f", "--format", "format_", metavar="FORMAT", help=f"One of {told}.")(command)

    return decorate


def _opened(values: dict[str, Any]) -> Knowledge:
    return Knowledge(values.pop("data"), values.pop("add"), values.pop("lang"))


def _width() -> int | None:
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None


def _print(text: str, output: Path | None) -> None:
    if output:
        write_whole(output, text.encode())
    else:
        click.echo(text, nl=False)


def _interruptible(call: Callable[[], Result]) -> Result:
    """Call in a thread of its own, so that Ctrl-C stops the program even within one long step of the engine."""
    done: list[Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(call())
        except BaseException as error:  # noqa: BLE001  (raised again below, in the main thread)
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


@contextmanager
def _progress(doing: str) -> Iterator[None]:
    """Say on a terminal what takes longer than a second."""
    timer = threading.Timer(1.0, lambda: click.echo(f"{doing} …", err=True))
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


@click.group(
    cls=Friendly, epilog=EPILOG, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="solgraph", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Ask a knowledge graph of European solidarity cities, and take networks and linked data out of it."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command("queries")
@click.option("-f", "--format", "format_", type=click.Choice(["table", "json"]), default="table", help="table or json.")
def list_queries(format_: str) -> None:
    """List the saved queries: name, parameters and question."""
    saved = queries.catalogue(QUERIES)
    if format_ == "json":
        import json

        click.echo(json.dumps([one.as_dict() for one in saved], ensure_ascii=False, indent=1))
        return
    longest = max(len(one.name) for one in saved)
    for one in saved:
        params = " ".join(f"--{param.name}" if param.required else f"[--{param.name}]" for param in one.params.values())
        click.echo(f"{one.name:<{longest}}  {one.summary}{f'  ({params})' if params else ''}")
    click.echo("\nAsk one: solgraph query NAME    Its parameters and columns: solgraph query NAME --help")


class SavedQueries(Friendly):
    """One subcommand per saved query, its options made of its parameters."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(path.stem for path in QUERIES.glob("*.rq"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return _command_of(queries.find(cmd_name, QUERIES), _ask_saved, ANSWERS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Saved queries"):
            formatter.write_dl([(one.name, one.summary) for one in queries.catalogue(QUERIES)])


class SavedQueryCommand(click.Command):
    """The command of one saved query; a parameter that it lacks is an error with the nearest match."""

    saved: SavedQuery

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise self.saved.unknown_parameter(error.option_name.lstrip("-")) from error

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.saved.columns:
            with formatter.section("Columns"):
                formatter.write_dl(list(self.saved.columns.items()))
        shown = " ".join(
            f'--{one.name} "{one.example}"' for one in self.saved.params.values() if one.example and one.required
        )
        with formatter.section("Example"):
            group = ctx.parent.info_name if ctx.parent else "query"
            formatter.write_text(f"solgraph {group} {self.saved.name} {shown}".strip())


Run = Callable[[SavedQuery, str | None, Path | None, dict[str, Any]], None]


def _command_of(saved: SavedQuery, run: Run, names: Sequence[str]) -> click.Command:
    @output_options(names)
    @data_options
    def callback(format_: str | None, output: Path | None, **values: Any) -> None:
        run(saved, format_, output, values)

    for param in reversed(saved.params.values()):
        told = f"{param.description[:1].upper()}{param.description[1:]} [{param.shown_type}]"
        told += f" (default: {param.default})" if param.default else "" if param.required else " (optional)"
        option = click.option(f"--{param.name}", param.name, multiple=True, metavar="VALUE", help=told)
        callback = option(callback)
    help_ = f"{saved.summary}{'' if saved.summary.endswith('?') else '.'}\n\n{saved.description}"
    command = click.command(saved.name, cls=SavedQueryCommand, help=help_)(callback)
    command.saved = saved
    return command


def _ask_saved(saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
    _answer(_interruptible(lambda: _opened(values).query(saved.name, **values)), format_, output)


def _answer(answer: Any, format_: str | None, output: Path | None) -> None:
    if output and not format_:
        answer.write(output)
    else:
        _print(answer.text(format_, width=_width()), output)


@main.group("query", cls=SavedQueries, subcommand_metavar="NAME [--PARAM VALUE]…")
def query() -> None:
    """Answer a saved query: solgraph query NAME [--PARAM VALUE]…"""


@main.command("sparql")
@click.argument("text", required=False, metavar="[QUERY]")
@click.option("-q", "--query-file", type=click.Path(path_type=Path), metavar="FILE", help="Read the query from a file.")
@output_options(ANSWERS)
@data_options
def sparql(text: str | None, query_file: Path | None, format_: str | None, output: Path | None, **values: Any) -> None:
    """Answer a SPARQL query of your own; the prefixes of the data are known."""
    if (text is None) == (query_file is None):
        raise WrongUse("Give one query.", hint="For example: solgraph sparql 'SELECT ?city WHERE { ?city a sg:City }'")
    query = text if text is not None else _read(query_file)
    _answer(_interruptible(lambda: _opened(values).sparql(query)), format_, output)


def _read(path: Path | None) -> str:
    try:
        return Path(path or "").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise WrongUse(f"{path} cannot be read: {reason}.") from error


@main.command("show")
@click.argument("name")
@data_options
def show(name: str, **values: Any) -> None:
    """Show everything known about one thing, with where it was read."""
    click.echo(_opened(values).describe(name).text(_width() or 100), nl=False)


@main.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@click.option("-f", "--format", "format_", default="text", help="One of text, json, csv, md, github.", metavar="FORMAT")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to a file.")
@data_options
@click.pass_context
def validate(ctx: click.Context, /, paths: tuple[Path, ...], format_: str, output: Path | None, **values: Any) -> None:
    """Check the data, or the files given, against the shapes; exit 1 if there is a violation."""
    from solgraph.validation import FORMATS

    if format_ not in FORMATS:
        raise WrongUse(f"Findings cannot be written as '{format_}'.", hint=f"Formats for them: {', '.join(FORMATS)}")
    with _progress("Checking the data against the shapes"):
        report = _opened(values).validate(*paths)
    _print(report.text(format_), output)
    ctx.exit(0 if report.ok else 1)


@main.command("export")
@click.option("--city", metavar="NAME", help="Only everything about one city.")
@click.option("--source", metavar="SLUG", help="Only what one source says.")
@output_options([one.name for one in EXPORTS])
@data_options
def export(city: str | None, source: str | None, format_: str | None, output: Path | None, **values: Any) -> None:
    """Write the graph: all of it, one source, or everything about one city; by default as Turtle."""
    _print(_opened(values).exported(format_, path=output, city=city, source=source), output)


class Views(SavedQueries):
    """One subcommand per network view."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [one.name for one in queries.catalogue(QUERIES) if one.network]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        if cmd_name not in self.list_commands(ctx):
            hint = did_you_mean(cmd_name, self.list_commands(ctx)) or f"Views: {', '.join(self.list_commands(ctx))}"
            raise WrongUse(f"There is no network view '{cmd_name}'.", hint=hint)
        from solgraph import network

        return _command_of(queries.find(cmd_name, QUERIES), _build_view, [one.name for one in network.FORMATS])


def _build_view(saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
    from solgraph import network

    chosen = network.choose(format_, output)
    graph = _interruptible(lambda: _opened(values).network(saved.name, **values))
    if not output:
        click.echo("\n".join(text for _, text in network.written(graph, chosen)), nl=False)
        return
    for path in network.save(graph, output, chosen.name):
        click.echo(f"{path}: {graph.number_of_nodes()} nodes, {graph.number_of_edges()} edges", err=True)


@main.group("network", cls=Views, invoke_without_command=True, subcommand_metavar="[VIEW] [--PARAM VALUE]…")
@click.pass_context
def network_(ctx: click.Context) -> None:
    """Take a network out of the graph; without VIEW, list the views."""
    if ctx.invoked_subcommand is None:
        for one in queries.catalogue(QUERIES):
            if one.network:
                click.echo(f"{one.name:<14} {one.summary}")
        click.echo("\nFor example: solgraph network alliances -o alliances.graphml")
