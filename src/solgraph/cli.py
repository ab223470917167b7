"""The command line: reads arguments, calls one method of Knowledge, prints."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from solgraph import formats, queries
from solgraph.endpoints import Local
from solgraph.errors import WrongUse, did_you_mean
from solgraph.export import FORMATS as EXPORTS
from solgraph.files import write_folder
from solgraph.knowledge import Knowledge
from solgraph.labels import languages
from solgraph.options import (
    Friendly,
    data_options,
    endpoint_options,
    folders,
    interruptible,
    opened,
    output_options,
    progress,
    put_out,
    width,
)
from solgraph.queries import SavedQuery
from solgraph.resources import ONTOLOGY
from solgraph.store import ONTOLOGY_GRAPH, File, load
from solgraph.terms import fold, slug

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


class Main(Friendly):
    """The program's group; tools that are seldom used are imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *TOOLS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in TOOLS:
            from solgraph import tools

            command: click.Command = getattr(tools, cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


TOOLS = ("check", "diff", "push", "test")


@click.group(
    cls=Main, epilog=EPILOG, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="solgraph", message="%(prog)s %(version)s")
@click.option(
    "--queries",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    metavar="DIR",
    help="Folder of saved queries besides the shipped ones.",
)
@click.pass_context
def main(ctx: click.Context, queries: tuple[Path, ...]) -> None:
    """Ask a knowledge graph of European solidarity cities, and take networks and linked data out of it."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command("queries")
@click.argument("word", required=False)
@click.option("-f", "--format", "format_", type=click.Choice(["table", "json"]), default="table", help="table or json.")
@click.option("--lang", metavar="LANGS", help="Languages of the questions, the first that is there: pl,it,en.")
@click.option("--export", nargs=2, metavar="KIND DIR", help="Write them for other tools: KIND is sib or grlc.")
def list_queries(word: str | None, format_: str, lang: str | None, export: tuple[str, str] | None) -> None:
    """List the saved queries by subject, or those that speak of a WORD."""
    if export:
        _export_queries(*export)
        return
    saved = [one for one in queries.catalogue(folders()) if not word or _speaks_of(one, word)]
    if format_ == "json":
        import json

        click.echo(json.dumps([one.as_dict() for one in saved], ensure_ascii=False, indent=1))
        return
    if not saved:
        raise WrongUse(f"No saved query speaks of '{word}'.", hint="See them all: solgraph queries")
    for subject, group in _by_subject(saved):
        click.echo(f"{subject.upper()}")
        for one in group:
            click.echo(f"  {_usage(one)}")
            click.echo(f"      {one.told('summary', languages(lang))}")
        click.echo("")
    click.echo("Ask one: solgraph query NAME    Its parameters and columns: solgraph query NAME --help")


def _export_queries(kind: str, folder: str) -> None:
    from solgraph import interchange

    kinds = {"sib": interchange.sib, "grlc": interchange.grlc}
    if kind not in kinds:
        raise WrongUse(f"Queries cannot be exported as '{kind}'.", hint=f"Known: {', '.join(kinds)}")
    texts = kinds[kind](queries.catalogue(folders()))
    write_folder(Path(folder), texts)
    click.echo(f"{folder}: {len(texts)} files", err=True)


def _speaks_of(saved: SavedQuery, word: str) -> bool:
    params = " ".join(f"{one.name} {one.description} {one.scheme}" for one in saved.params.values())
    told = " ".join(text for texts in saved.header.get("languages", {}).values() for text in texts.values())
    said = (saved.name, saved.summary, saved.description, *saved.tags, *saved.columns.values(), params, told)
    return fold(word) in fold(" ".join(said))


def _by_subject(saved: Sequence[SavedQuery]) -> list[tuple[str, list[SavedQuery]]]:
    """The queries grouped by their first tag."""
    subjects: dict[str, list[SavedQuery]] = {}
    for one in saved:
        subjects.setdefault(next(iter(one.tags), "other"), []).append(one)
    return sorted(subjects.items())


def _usage(saved: SavedQuery) -> str:
    params = [f"--{one.name}" if one.required else f"[--{one.name}]" for one in saved.params.values()]
    return " ".join([saved.name, *params])


class SavedQueries(Friendly):
    """One subcommand per saved query, its options made of its parameters."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(queries.paths(folders()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        return _command_of(queries.find(cmd_name, folders()), _ask_saved, ANSWERS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Saved queries"):
            formatter.write_dl([(one.name, one.summary) for one in queries.catalogue(folders())])


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
    @endpoint_options
    @data_options
    def callback(format_: str | None, output: Path | None, **values: Any) -> None:
        if position and (given := values.pop("by_position")) is not None:
            values[position] = (*values[position], given)
        run(saved, format_, output, values)

    position = _by_position(saved)
    if position:
        callback = click.argument("by_position", required=False, metavar=f"[{position.upper()}]")(callback)
    for param in reversed(saved.params.values()):
        callback = click.option(
            f"--{param.name}",
            param.name,
            cls=ParameterOption,
            multiple=True,
            metavar="VALUE",
            help=_told(param),
            shell_complete=partial(_completed, param),
            scheme=param.scheme,
        )(callback)
    summary, description = (saved.told(key, languages(None)) for key in ("summary", "description"))
    help_ = f"{summary}{'' if summary.endswith('?') else '.'}\n\n{description}"
    command = click.command(saved.name, cls=SavedQueryCommand, help=help_)(callback)
    command.saved = saved
    return command


class ParameterOption(click.Option):
    """The option of a parameter; its help names the concepts that are allowed, read only when somebody asks."""

    def __init__(self, *args: Any, scheme: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = scheme

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        if self.scheme and "One of:" not in (self.help or ""):
            self.help = f"{self.help}. One of: {_concepts(self.scheme)}"
        return super().get_help_record(ctx)


def _told(param: queries.Parameter) -> str:
    told = f"{param.description[:1].upper()}{param.description[1:]} [{param.shown_type}]"
    return told + (f" (default: {param.default})" if param.default else "" if param.required else " (optional)")


def _by_position(saved: SavedQuery) -> str:
    """The parameter that may be given without its name: the only required one, else the only one."""
    required = [one.name for one in saved.params.values() if one.required]
    candidates = required or list(saved.params)
    return candidates[0] if len(candidates) == 1 else ""


def _concepts(scheme: str) -> str:
    """The English labels of a scheme's concepts, read from its file only."""
    store = load([File(ONTOLOGY / "vocab" / f"{scheme}.ttl", ONTOLOGY_GRAPH)], named=False)
    english = "?concept a skos:Concept ; skos:prefLabel ?label FILTER(LANG(?label) = 'en')"
    query = f"SELECT ?label {{ {english} }} ORDER BY ?concept"
    return ", ".join(row.label for row in Local(lambda _: store).ask(query))


def _completed(param: queries.Parameter, ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Names that begin like what was typed, for completion in the shell."""
    pairs = Knowledge().names(param.type, param.scheme) if param.kind == "iri" else []
    known = {slug(iri) for iri, _ in pairs} | {name for _, name in pairs} | set(param.values)
    return sorted(name for name in known if fold(name).startswith(fold(incomplete)))


def _ask_saved(saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
    _answer(interruptible(lambda: opened(values).query(saved.name, **values)), format_, output)


def _answer(answer: Any, format_: str | None, output: Path | None) -> None:
    if output and not format_:
        answer.write(output)
    else:
        put_out(answer.text(format_, width=width()), output)


@main.group("query", cls=SavedQueries, subcommand_metavar="NAME [--PARAM VALUE]…")
def query() -> None:
    """Answer a saved query: solgraph query NAME [--PARAM VALUE]…"""


@main.command("sparql")
@click.argument("text", required=False, metavar="[QUERY]")
@click.option("-q", "--query-file", type=click.Path(path_type=Path), metavar="FILE", help="Read the query from a file.")
@output_options(ANSWERS)
@endpoint_options
@data_options
def sparql(text: str | None, query_file: Path | None, format_: str | None, output: Path | None, **values: Any) -> None:
    """Answer a SPARQL query of your own; the prefixes of the data are known."""
    if (text is None) == (query_file is None):
        raise WrongUse("Give one query.", hint="For example: solgraph sparql 'SELECT ?city WHERE { ?city a sg:City }'")
    query = text if text is not None else _read(query_file)
    _answer(interruptible(lambda: opened(values).sparql(query)), format_, output)


def _read(path: Path | None) -> str:
    try:
        return Path(path or "").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise WrongUse(f"{path} cannot be read: {reason}.") from error


@main.command("show")
@click.argument("name")
@endpoint_options
@data_options
def show(name: str, **values: Any) -> None:
    """Show everything known about one thing, with where it was read."""
    click.echo(opened(values).describe(name).text(width() or 100), nl=False)


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
    with progress("Checking the data against the shapes"):
        report = opened(values).validate(*paths)
    put_out(report.text(format_), output)
    ctx.exit(0 if report.ok else 1)


@main.command("export")
@click.option("--city", metavar="NAME", help="Only everything about one city.")
@click.option("--source", metavar="SLUG", help="Only what one source says.")
@output_options([one.name for one in EXPORTS])
@data_options
def export(city: str | None, source: str | None, format_: str | None, output: Path | None, **values: Any) -> None:
    """Write the graph: all of it, one source, or everything about one city; by default as Turtle."""
    put_out(opened(values).exported(format_, path=output, city=city, source=source), output)


class Views(SavedQueries):
    """One subcommand per network view."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [one.name for one in queries.catalogue(folders()) if one.network]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        if cmd_name not in self.list_commands(ctx):
            hint = did_you_mean(cmd_name, self.list_commands(ctx)) or f"Views: {', '.join(self.list_commands(ctx))}"
            raise WrongUse(f"There is no network view '{cmd_name}'.", hint=hint)
        from solgraph import network

        return _command_of(queries.find(cmd_name, folders()), _build_view, [one.name for one in network.FORMATS])


def _build_view(saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
    from solgraph import network

    chosen = network.choose(format_, output)
    graph = interruptible(lambda: opened(values).network(saved.name, **values))
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
        for one in queries.catalogue(folders()):
            if one.network:
                click.echo(f"{one.name:<14} {one.summary}")
        click.echo("\nFor example: solgraph network alliances -o alliances.graphml")
