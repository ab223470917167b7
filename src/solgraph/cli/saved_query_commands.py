"""One command per saved query: its options, help and completion are made from the query's header."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from solgraph.cli import options
from solgraph.cli.options import Friendly, folders
from solgraph.engines.local import Local
from solgraph.errors import SolgraphError
from solgraph.formats.media import COLUMNAR, RDF, ROWS, WITH_NOTES, WORKBOOKS
from solgraph.formats.text_table import notes_text
from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import languages
from solgraph.graph.shell import in_shell
from solgraph.queries import catalogue as queries
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import slug
from solgraph.rdf.store import ONTOLOGY_GRAPH, File, load
from solgraph.rdf.terms import fold
from solgraph.resources import ONTOLOGY
from solgraph.texts import interface

#: The names of the formats of an answer.
ANSWERS = tuple(dict.fromkeys(form.name for form in (*ROWS, *WORKBOOKS, *COLUMNAR, *RDF)))
bom_option = click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, so that Excel reads it.")


ungathered_option = click.option("--ungathered", is_flag=True, help="A row for each source, not one for each thing.")


def put_answer(answer: Answer, format_: str | None, output: Path | None, *, bom: bool = False) -> None:
    """Print an answer, or write it to a file whole."""
    if output:
        answer.write(output, format_, bom=bom)
    elif bom:
        click.echo(answer.marked_csv(format_), nl=False)
    else:
        click.echo(answer.text(format_, width=options.width(), language=_language(answer)), nl=False)
    _put_notes(answer, format_, output)


def _put_notes(answer: Answer, format_: str | None, output: Path | None) -> None:
    """Show beside CSV, XML and files the notes for which they have no place."""
    if not answer.holds_triples and (output or (format_ or "table") not in WITH_NOTES):
        lines = notes_text(answer.notes, options.width() or 80, language=_language(answer))
        click.echo("\n".join(lines[1:]), err=True, nl=bool(answer.notes))


def _language(answer: Answer) -> str:
    """The language of the words around an answer: that of its names, where the interface has it."""
    return interface(answer.knowledge.languages) if answer.knowledge else ""


class SavedQueries(Friendly):
    """One subcommand per saved query, its options made from its parameters."""

    #: The heading of the list in the help, and the formats that -f takes.
    heading = "Saved queries"
    formats: Sequence[str] = ANSWERS
    #: Headings in the help of a command → names of options; all others stand under "Options".
    sections: Mapping[str, Sequence[str]] = {}

    def output_options(self) -> Callable[[Any], Any]:
        """The options for the form of the output and the file to which it goes."""
        return options.output_options(self.formats)

    def queries(self, ctx: click.Context) -> list[SavedQuery]:
        """The saved queries that are commands of the group."""
        return queries.catalogue(folders(ctx))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(queries.paths(folders(ctx)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        try:
            return _command(queries.find(cmd_name, folders(ctx)), self)
        except SolgraphError:
            if ctx.resilient_parsing:  # the Tab key
                return None
            raise

    def options_of(self, saved: SavedQuery) -> list[Callable[[Any], Any]]:
        """The options of the command of a query besides its parameters and those of every query."""
        return [bom_option, ungathered_option]

    def run(self, saved: SavedQuery, format_: str | None, output: Path | None, values: dict[str, Any]) -> None:
        """Answer a saved query with the values of the command line."""
        bom, gathered = values.pop("bom"), not values.pop("ungathered")
        kg = options.opened(values, is_cached=True)
        _warn(kg, saved)
        answer = options.interruptible(lambda: kg.query(saved.name, gathered=gathered, **values))
        put_answer(answer, format_, output, bom=bom)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        chain = languages(None)
        with formatter.section(self.heading):
            formatter.write_dl([(saved.name, saved.localised("summary", chain)) for saved in self.queries(ctx)])


def _warn(kg: Knowledge, saved: SavedQuery) -> None:
    """Say what is known against a query on the engine of a server, if that says which engine it is."""
    if isinstance(kg.endpoint, Local):
        return
    from solgraph.engines import passport
    from solgraph.engines.remote import Remote

    if isinstance(kg.endpoint, Remote) and passport.may_fail(saved.name, saved.text):
        engine, _ = passport.name_and_version(kg.endpoint.engine)
        for warning in passport.warnings(engine, saved.name, saved.text):
            click.echo(f"Warning: {warning}", err=True)


class SavedQueryCommand(click.Command):
    """The command of one saved query; a parameter that it lacks is an error with the nearest match."""

    saved: SavedQuery
    chain: Sequence[str]
    sections: Mapping[str, Sequence[str]]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        heading_of = {name: heading for heading, names in self.sections.items() for name in names}
        records: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                records.setdefault(heading_of.get(param.name or "", "Options"), []).append(record)
        for heading, rows in sorted(records.items(), key=lambda section: section[0] == "Options"):
            with formatter.section(heading):
                formatter.write_dl(rows)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--lang" in args[:-1]:
            self.chain = languages(args[args.index("--lang") + 1])
            self.help = _help(self.saved, self.chain)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            names = [name.lstrip("-") for param in self.params for name in param.opts if name.startswith("--")]
            raise self.saved.unknown_parameter(error.option_name.lstrip("-"), names) from error
        except click.UsageError as error:
            if not error.message.startswith("Got unexpected extra"):
                raise
            raise click.UsageError(f"{error.message}.\nName each parameter: {self._example(ctx)}", ctx) from error

    def _example(self, ctx: click.Context) -> str:
        return in_shell(self.saved.call({}, (ctx.parent.info_name if ctx.parent else "") or "query"))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if questions := next(filter(None, map(self.saved.asks, (*self.chain, "en"))), []):
            with formatter.section("Answers"):
                for question in questions:
                    formatter.write_text(question)
        if self.saved.columns:
            with formatter.section("Columns"):
                formatter.write_dl(list(self.saved.localised_columns(self.chain).items()))
        with formatter.section("Example"):
            formatter.write_text(self._example(ctx))


def _command(saved: SavedQuery, group: SavedQueries) -> click.Command:
    @options.combined(*group.options_of(saved), group.output_options(), options.endpoint_options, options.data_options)
    def callback(format_: str | None, output: Path | None, **values: Any) -> None:
        for param in _positional(saved):
            texts = values.pop(f"positional_{param.name}")
            values[param.name] = (*values[param.name], *(texts if isinstance(texts, tuple) else filter(None, [texts])))
        group.run(saved, format_, output, values)

    params = [*map(ParameterOption, saved.params.values()), *map(_argument, _positional(saved))]
    chain = languages(None)
    decorate = click.command(saved.name, cls=SavedQueryCommand, params=params, help=_help(saved, chain))
    command: SavedQueryCommand = decorate(callback)
    command.saved, command.chain = saved, chain
    command.sections = {"Parameters": [*saved.params], **group.sections} if group.sections else {}
    return command


def _positional(saved: SavedQuery) -> list[Parameter]:
    """The parameters whose names may be left out: those that are required, or else the only one."""
    params = list(saved.params.values())
    return [param for param in params if param.required] or (params if len(params) == 1 else [])


def _argument(param: Parameter) -> click.Argument:
    return click.Argument(
        [f"positional_{param.name}"],
        required=False,
        nargs=-1 if param.multiple else 1,
        metavar=f"[{param.name.upper()}{'…' if param.multiple else ''}]",
        shell_complete=partial(_completed, param),
    )


def _help(saved: SavedQuery, chain: Sequence[str]) -> str:
    """Summary and description of a saved query, in the language of the reader."""
    summary, description = (saved.localised(key, chain) for key in ("summary", "description"))
    return f"{summary}{'' if summary.endswith('?') else '.'}\n\n{description}"


class ParameterOption(click.Option):
    """The option of a parameter; its help names the allowed concepts, which are read only when the help is shown.

    A truth value that may be left out is a flag.
    """

    def __init__(self, param: Parameter) -> None:
        description = f"{param.description[:1].upper()}{param.description[1:]}"
        names = [f"--{param.name}", param.name]
        if param.is_flag:
            super().__init__(names, is_flag=True, default=None, help=f"{description}.")
        else:
            default = f" (default: {param.shown_default})" if param.default else "" if param.required else " (optional)"
            text = f"{description} [{param.shown_type}]{default}"
            completed = partial(_completed, param)
            super().__init__(names, multiple=True, metavar="VALUE", help=text, shell_complete=completed)
        self.scheme = param.scheme

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        if self.scheme and "One of:" not in (self.help or ""):
            self.help = f"{self.help}. One of: {_concepts(self.scheme)}"
        return super().get_help_record(ctx)


def _concepts(scheme: str) -> str:
    """The English labels of a scheme's concepts, read from its file only."""
    store = load([File(ONTOLOGY / "vocab" / f"{scheme}.ttl", ONTOLOGY_GRAPH)], named=False)
    english = "?concept a skos:Concept ; skos:prefLabel ?label FILTER(LANG(?label) = 'en')"
    query = f"SELECT ?label {{ {english} }} ORDER BY ?concept"
    return ", ".join(row.label for row in Local(lambda _: store).ask(query))


def _completed(param: Parameter, ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Names that begin with what was typed, for completion in the shell."""
    try:
        data = Knowledge(ctx.params.get("data") or (), ctx.params.get("add") or ())
        pairs = data.names(param.type, param.scheme) if param.kind == "iri" else []
    except SolgraphError:
        return []
    names = {slug(iri) for iri, _ in pairs} | {name for _, name in pairs} | set(param.values)
    exact = [name for name in names if name.startswith(incomplete)]
    return sorted(exact or (name for name in names if fold(name).startswith(fold(incomplete))))
