"""One command per saved query: its options, help and completion are made of the query's header."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from solgraph.cli.options import (
    Friendly,
    data_options,
    endpoint_options,
    folders,
    interruptible,
    opened,
    output_options,
    put_out,
    width,
)
from solgraph.engines.local import Local
from solgraph.errors import SolgraphError
from solgraph.formats.media import RDF, ROWS
from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import languages
from solgraph.queries import catalogue as queries
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import slug
from solgraph.rdf.store import ONTOLOGY_GRAPH, File, load
from solgraph.rdf.terms import fold
from solgraph.resources import ONTOLOGY

ANSWERS = [*dict.fromkeys(name for form in (*ROWS, *RDF) for name in form.names)]


def put_answer(answer: Answer, format_: str | None, output: Path | None) -> None:
    """Print an answer, or write it to a file whole."""
    if output and not format_:
        answer.write(output)
    else:
        put_out(answer.text(format_, width=width()), output)


class SavedQueries(Friendly):
    """One subcommand per saved query, its options made of its parameters."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(queries.paths(folders(ctx)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        try:
            return command_of(queries.find(cmd_name, folders(ctx)), self.run, self.formats, self.options)
        except SolgraphError:
            if ctx.resilient_parsing:  # the Tab key
                return None
            raise

    def run(self, saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
        """Answer a saved query with the values given on the command line."""
        kg = opened(values)
        put_answer(interruptible(lambda: kg.query(saved.name, **values)), format_, output)

    #: The names of the formats that -f takes, and the options besides those of every query.
    formats: Sequence[str] = ANSWERS
    options: Sequence[Callable[[Any], Any]] = ()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Saved queries"):
            formatter.write_dl(
                [(one.name, one.localised("summary", languages(None))) for one in queries.catalogue(folders(ctx))]
            )


class SavedQueryCommand(click.Command):
    """The command of one saved query; a parameter that it lacks is an error with the nearest match."""

    saved: SavedQuery

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--lang" in args[:-1]:
            self.help = help_of(self.saved, args[args.index("--lang") + 1])
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            options = [name.lstrip("-") for param in self.params for name in param.opts if name.startswith("--")]
            raise self.saved.unknown_parameter(error.option_name.lstrip("-"), options) from error

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


def command_of(
    saved: SavedQuery, run: Run, formats: Sequence[str], options: Sequence[Callable[[Any], Any]] = ()
) -> click.Command:
    """The command of a saved query: ``run`` is called with the query, the format, the output and all other values."""

    @output_options(formats)
    @endpoint_options
    @data_options
    def callback(format_: str | None, output: Path | None, **values: Any) -> None:
        if position and (given := values.pop("by_position")) is not None:
            values[position] = (*values[position], given)
        run(saved, format_, output, values)

    for option in options:
        callback = option(callback)
    position = _by_position(saved)
    if position:
        completed = partial(_completed, saved.params[position])
        metavar = f"[{position.upper()}]"
        callback = click.argument("by_position", required=False, metavar=metavar, shell_complete=completed)(callback)
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
    command = click.command(saved.name, cls=SavedQueryCommand, help=help_of(saved, None))(callback)
    command.saved = saved
    return command


def help_of(saved: SavedQuery, lang: str | None) -> str:
    """Summary and description of a saved query, in the language of the reader."""
    summary, description = (saved.localised(key, languages(lang)) for key in ("summary", "description"))
    return f"{summary}{'' if summary.endswith('?') else '.'}\n\n{description}"


class ParameterOption(click.Option):
    """The option of a parameter; its help names the concepts that are allowed, read only when somebody asks."""

    def __init__(self, *args: Any, scheme: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = scheme

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        if self.scheme and "One of:" not in (self.help or ""):
            self.help = f"{self.help}. One of: {_concepts(self.scheme)}"
        return super().get_help_record(ctx)


def _told(param: Parameter) -> str:
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


def _completed(param: Parameter, ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Names that begin like what was typed, for completion in the shell."""
    try:
        data = Knowledge(ctx.params.get("data") or (), ctx.params.get("add") or ())
        pairs = data.names(param.type, param.scheme) if param.kind == "iri" else []
    except SolgraphError:
        return []
    known = {slug(iri) for iri, _ in pairs} | {name for _, name in pairs} | set(param.values)
    begun = [name for name in known if name.startswith(incomplete)]
    return sorted(begun or (name for name in known if fold(name).startswith(fold(incomplete))))
