"""The command ``ask``: a question in plain words, and what was understood."""

import json
import shlex
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

import click

from solgraph.cli import options
from solgraph.cli.options import opened
from solgraph.cli.saved_query_commands import ANSWERS, bom_option, put_answer
from solgraph.errors import WrongUse
from solgraph.graph.ask.readings import Asked, Reading
from solgraph.graph.shell import in_shell
from solgraph.texts import interface, sentence

#: The exit code for a question that is not answered, since it is not clear what is meant.
NOT_SURE = 3


class Form(NamedTuple):
    """The form of an answer, the file to which it goes, and the language of the words around it."""

    name: str | None
    output: Path | None
    bom: bool
    language: str

    @property
    def is_plain(self) -> bool:
        """Whether it is for the eye, so that what was understood stands around it."""
        return not (self.name or self.output)


@click.command("ask")
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@click.option("--pick", type=click.IntRange(1), metavar="N", help="Answer another reading of the question.")
@options.output_options(ANSWERS)
@bom_option
@options.endpoint_options
@options.data_options
@click.pass_context
def ask(ctx: click.Context, /, words: tuple[str, ...], pick: int | None, **values: Any) -> None:
    """Answer a question in plain words.

    It may be in English, German, Italian or Polish. It becomes a saved query with parameters, which are shown; where it
    is not clear which one is meant, the readings are shown and the exit code is 3. With -f json readings and answer are
    one object.
    """
    chosen = values.pop("format_"), values.pop("output"), values.pop("bom")
    kg = opened(values, is_cached=True)
    form = Form(*chosen, interface(kg.languages) or "en")
    asked = options.interruptible(lambda: _understood(kg.ask(" ".join(words))))
    if form.name == "json" and not form.output:
        click.echo(json.dumps(asked.as_dict(), ensure_ascii=False, indent=1))
        ctx.exit(0 if asked.is_sure else NOT_SURE)
    if asked.parts and pick:
        raise WrongUse("The question has several parts.", hint="Pick a reading of one of them: ask that part alone.")
    for part in asked.parts if asked.is_sure and asked.parts else [asked]:
        if pick or part.is_sure:
            _put(part, part.pick(pick or 1), form)
        else:
            click.echo("\n".join(_doubts(part, form.language)), err=not form.is_plain)
    ctx.exit(0 if pick or asked.is_sure else NOT_SURE)


def _understood(asked: Asked) -> Asked:
    """A question whose readings have been found, so that Ctrl-C stops that."""
    _ = asked.is_sure
    return asked


def _put(asked: Asked, reading: Reading, form: Form) -> None:
    """Print what was understood, the answer, how to ask again, and other readings; beside files the first alone."""
    say = partial(sentence, form.language)
    _echo([f"{say('ask.understood')}: {reading.text}", *_lacks(reading, form.language), ""], form.is_plain)
    put_answer(options.interruptible(reading.run), form.name, form.output, bom=form.bom)
    if form.is_plain:
        click.echo(f"\n{say('cli.again')}: {in_shell(reading.call)}")  # in one line, to be copied
        others = [(number, other) for number, other in enumerate(asked, 1) if other is not reading]
        _echo([f"{say('cli.or')}, --pick {number}: {_other(other, form.language)}" for number, other in others])


def _lacks(reading: Reading, language: str) -> list[str]:
    """Sentences on what of the question a reading leaves out, or takes for something else."""
    left = {"ask.unused": reading.unused, "ask.unexplained": reading.unexplained}
    lacks = [sentence(language, key, words=", ".join(words)) for key, words in left.items() if words]
    return lacks + [sentence(language, "cli.taken", word=text, name=name) for text, name in reading.corrected.items()]


def _other(reading: Reading, language: str) -> str:
    lacks = "; ".join(text[0].lower() + text[1:].rstrip(".") for text in _lacks(reading, language))
    empty = f" – {sentence(language, 'cli.empty')}" if reading.is_empty else ""
    return f"{reading.text}{f' ({lacks})' if lacks else ''}{empty}"


def _doubts(asked: Asked, language: str) -> Iterator[str]:
    """The readings of a question that is not answered, part by part, and what the texts have on its words."""
    say = partial(sentence, language)
    if asked.parts:
        yield say("cli.parts", number=len(asked.parts))
        for part in asked.parts:
            yield from ("", f"  solgraph ask {shlex.quote(part.question)}")
            yield from (f"    {line}" for reading in part.readings[:1] for line in wrap(reading.text, 74))
        return
    yield say("ask.unsure") if len(asked) else say("ask.none")
    for number, reading in enumerate(asked, 1):
        yield from _wrapped(f"{number}  {_other(reading, language)}")
    if len(asked):
        yield f"{say('cli.pick')}: --pick {'1' if len(asked) == 1 else say('cli.to', last=len(asked))}"
    if asked.hits:
        yield from ("", f"{say('ask.texts')}:")
        for hit in asked.hits:
            yield from _wrapped(f"{hit.label} · {hit.short}")


def _wrapped(text: str) -> list[str]:
    width = max(options.width() or 80, 40)
    return wrap(text, width, initial_indent="  ", subsequent_indent="     ", break_on_hyphens=False)


def _echo(lines: list[str], is_plain: bool = True) -> None:
    width = max(options.width() or 80, 40)
    for line in lines:
        click.echo("\n".join(wrap(line, width, subsequent_indent="  ") or [""]), err=not is_plain)
