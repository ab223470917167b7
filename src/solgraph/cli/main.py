"""The command line: reads arguments, calls one method of Knowledge, prints."""

import os
import shlex
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from solgraph.cli import options
from solgraph.cli.options import FOLDER, PATH, Friendly, opened, put_out
from solgraph.cli.saved_query_commands import ANSWERS, SavedQueries, bom_option, put_answer
from solgraph.errors import WrongUse
from solgraph.formats.media import RDF, ROWS
from solgraph.queries import catalogue as queries
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.atomic_files import write_folder

EPILOG = """\b
For example:
  solgraph ask "Who was mayor of Milan in 2014?"    a question in plain words
  solgraph queries                                  which questions are ready
  solgraph search health                            what the texts say of it
  solgraph query networks-of-city --city Mediolan   ask one of them
  solgraph show Bologna                             everything about one thing
  solgraph network memberships -o members.graphml   a network for Gephi
"""

#: Command → the module that holds it under the same name and is imported only when it is called.
TOOLS = {
    **dict.fromkeys(("check", "diff", "engines", "push", "stubs", "test"), "solgraph.cli.authoring_commands"),
    **dict.fromkeys(("brief", "cite"), "solgraph.cli.citation_commands"),
    "ask": "solgraph.cli.ask_command",
    "import": "solgraph.cli.import_command",
    "mcp": "solgraph.cli.assistant_command",
    "network": "solgraph.cli.network_commands",
    "search": "solgraph.cli.search_command",
    **dict.fromkeys(("serve", "site"), "solgraph.cli.web_commands"),
}

if "_SOLGRAPH_COMPLETE" in os.environ:
    import_module("solgraph.cli.completion")


class Main(Friendly):
    """The program's group, with the commands of :data:`TOOLS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *TOOLS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in TOOLS:
            command: click.Command = getattr(import_module(TOOLS[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=Main, epilog=EPILOG, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="solgraph", message="%(prog)s %(version)s")
@click.option("--queries", type=FOLDER, multiple=True, metavar="DIR", help="Folder with your own saved queries.")
@click.pass_context
def main(ctx: click.Context, queries: tuple[Path, ...]) -> None:
    """Ask a knowledge graph of European solidarity cities, and take networks and linked data out of it."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@main.command("queries")
@click.argument("words", nargs=-1)
@click.option(
    "-f", "--format", "format_", type=click.Choice(["table", "json"]), default="table", help="Form of the list."
)
@click.option("--lang", metavar="LANGS", help="Languages of the list, in order of preference: pl,it,en.")
@click.option("--export", nargs=2, metavar="KIND DIR", help="Write them for other tools; KIND is sib.")
def list_queries(words: tuple[str, ...], format_: str, lang: str | None, export: tuple[str, str] | None) -> None:
    """List the saved queries, or those that match WORDS, best first.

    The words are searched as by solgraph search --kind query, in all languages. Where no query holds all of them,
    those that hold most are listed.
    """
    kg, text = opened({"data": (), "lang": lang}, is_cached=True), " ".join(words)
    saved = kg.queries(text)
    if export:
        _export_queries(saved, *export)
    elif format_ == "json":
        import json

        click.echo(json.dumps([query.as_dict() for query in saved], ensure_ascii=False, indent=1))
    elif saved:
        notes = kg.search(text, kind="query").notes() if words else []
        click.echo("\n".join([*notes, *[""] * bool(notes), _listed(saved, kg.languages, by_subject=not words)]))
    else:
        hint = f"See them all: solgraph queries\nIf it names a thing: solgraph show {shlex.quote(text)}"
        raise WrongUse(f"No saved query matches '{text}'.", hint=hint)


def _listed(saved: list[SavedQuery], chain: Sequence[str], *, by_subject: bool) -> str:
    """The queries with their parameters and summaries, in this order or by subject."""
    groups = []
    for subject, group in (queries.SavedQueries(saved).by_subject() if by_subject else {"": saved}).items():
        lines = [subject.upper()] if subject else []
        for query in group:
            params = [f"--{param.name}" if param.required else f"[--{param.name}]" for param in query.params.values()]
            lines += [f"  {' '.join([query.name, *params])}", f"      {query.localised('summary', chain)}"]
        groups.append("\n".join([*lines, ""]))
    return "\n".join(
        [*groups, "Ask one: solgraph query NAME    Its parameters and columns: solgraph query NAME --help"]
    )


def _export_queries(saved: list[SavedQuery], kind: str, folder: str) -> None:
    from solgraph.authoring.interchange import sib

    if kind != "sib":
        raise WrongUse(f"Queries cannot be exported as '{kind}'.", hint="Kinds: sib")
    texts = sib(saved)
    write_folder(Path(folder), texts)
    click.echo(f"{folder}: {len(texts)} files", err=True)


@main.group("query", cls=SavedQueries, subcommand_metavar="NAME [--PARAM VALUE]…")
def query() -> None:
    """Answer a saved query: solgraph query NAME [--PARAM VALUE]…"""


@main.command("sparql")
@click.argument("text", required=False, metavar="[QUERY]")
@click.option("-q", "--query-file", type=PATH, metavar="FILE", help="Read the query from a file, or - for the input.")
@options.output_options(ANSWERS)
@bom_option
@options.endpoint_options
@options.data_options
def sparql(
    text: str | None, query_file: Path | None, format_: str | None, output: Path | None, bom: bool, **values: Any
) -> None:
    """Answer your own SPARQL query; the prefixes are known.

    In place of the query, - reads it from the standard input.
    """
    if (text is None) == (query_file is None):
        raise WrongUse("Give one query.", hint="For example: solgraph sparql 'SELECT ?city WHERE { ?city a sg:City }'")
    if text is not None and text != "-" and text.lower().endswith((".rq", ".sparql")) and len(text.split()) == 1:
        hint = f"Read the query from it: solgraph sparql -q {text}"
        raise WrongUse(f"'{text}' is the name of a file and not a query.", hint=hint)
    query = text if text not in (None, "-") else _read(query_file or Path("-"))
    put_answer(options.interruptible(lambda: opened(values, is_cached=True).sparql(query)), format_, output, bom=bom)


def _read(path: Path) -> str:
    """The text of a file, or of the standard input for ``-``."""
    if path == Path("-"):
        return sys.stdin.read()
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise WrongUse(f"{path} cannot be read: {reason}.") from error


@main.command("show")
@click.argument("name")
@options.output_options(["text", *(form.name for form in (*ROWS, *RDF))])
@options.endpoint_options
@options.data_options
def show(name: str, format_: str | None, output: Path | None, **values: Any) -> None:
    """Show everything known about one thing, and where it was read.

    A table has a row for each statement; Turtle and the other RDF forms hold the same statements.
    """
    description = opened(values, is_cached=True).describe(name)
    if output:
        description.write(output, format_)
    else:
        click.echo(description.text(options.width(), format_), nl=False)


@main.command("validate")
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]…")
@click.option(
    "-f", "--format", "format_", default="text", metavar="FORMAT", help="One of text, json, csv, md, github, ttl."
)
@click.option("--shapes", type=PATH, multiple=True, metavar="PATH", help="Your own SHACL, a file or folder, as well.")
@click.option("-o", "--output", type=PATH, metavar="FILE", help="Write to a file.")
@options.data_options
@click.pass_context
def validate(ctx: click.Context, /, paths: tuple[Path, ...], format_: str, output: Path | None, **values: Any) -> None:
    """Check the data, or the files given, against the shapes.

    The exit code is 1 if there is a violation.
    """
    from solgraph.graph.validation_report import check_format

    check_format(format_)
    with options.progress("Checking the data against the shapes"):
        knowledge = opened(values)
        report = options.interruptible(lambda: knowledge.validate(*paths, shapes=values["shapes"]))
    put_out(report.text(format_), output)
    ctx.exit(0 if report.ok else 1)


@main.command("export")
@click.option("--city", metavar="NAME", help="Only everything about one city.")
@click.option("--source", metavar="SLUG", help="Only what one source says.")
@options.output_options([form.name for form in RDF])
@options.data_options
def export(city: str | None, source: str | None, format_: str | None, output: Path | None, **values: Any) -> None:
    """Write the graph, one of its sources, or everything about a city."""
    put_out(opened(values).exported(format_, path=output, city=city, source=source), output)
