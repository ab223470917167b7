"""The command ``search``: full text over everything, for who does not know what it is called."""

from pathlib import Path
from typing import Any

import click

from solgraph.cli import options
from solgraph.cli.options import opened
from solgraph.formats.media import ROWS
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.search.cards import KINDS
from solgraph.graph.search.hits import MOST_EACH
from solgraph.texts import interface, sentence


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--kind", default="", metavar="KIND", help=f"Only hits of one kind: {', '.join(KINDS)}.")
@click.option("--country", default="", metavar="NAME", help="Only what is in this country, or about a place there.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most N hits; without, a few of each kind.")
@options.output_options(["text", *(form.name for form in ROWS)])
@options.endpoint_options
@options.data_options
@click.pass_context
def search(
    ctx: click.Context, /, words: tuple[str, ...], format_: str | None, output: Path | None, **values: Any
) -> None:
    """Search names and texts in all languages.

    Cities, networks, programmes, findings, numbers, concepts, sources and saved queries are searched. Endings of words
    do not count, and typing errors are forgiven. The exit code is 1 if nothing is found.
    """
    asked, text = {key: values.pop(key) for key in ("kind", "country", "limit")}, " ".join(words)
    kg = opened(values, is_cached=True)
    language = interface(kg.languages)
    is_short = not (asked["kind"] or asked["limit"] or format_ or output)
    hits = options.interruptible(lambda: kg.search(text, **asked, each=MOST_EACH if is_short else None))
    if output:
        hits.write(output, format_)
    else:
        click.echo(hits.text(options.width(), format_, language=language), nl=False)
    if not hits:
        _put_nearest(kg, text, language)
        ctx.exit(1)
    if is_short and len(hits) < hits.total:
        click.echo(f"\n{sentence(language, 'cli.more', kind='--kind programme', all='--limit 100')}")


def _put_nearest(kg: Knowledge, text: str, language: str) -> None:
    either = f" {sentence(language, 'cli.either')} "
    names = either.join(repr(kg.label(iri)) for iri in kg.nearest(text, 3))
    click.echo(sentence(language, "cli.meant", names=names) if names else sentence(language, "cli.fewer"), err=True)
