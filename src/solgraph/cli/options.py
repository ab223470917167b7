"""What the commands share: options, errors as sentences, output, Ctrl-C."""

import errno
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from solgraph.engines.local import Local
from solgraph.errors import SolgraphError, TimeLimit, WrongUse, did_you_mean
from solgraph.formats.media import RDF, encoded
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.knowledge import open as open_
from solgraph.graph.shell import message
from solgraph.rdf.atomic_files import leaving_no_parts, write_whole
from solgraph.resources import QUERIES, default_data, is_shipped

Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., Any])


class Friendly(click.Group):
    """A group whose errors are sentences: no traceback for anything that a person can mend."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SolgraphError as error:
            click.echo(f"Error: {message(error)}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("\nAborted!", err=True)
            ctx.exit(130)
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            click.echo(f"Error: the output cannot be written: {error.strerror}.", err=True)
            sys.stdout = None
            ctx.exit(1)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        command = self.get_command(ctx, args[0])
        if command is None and args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        if command is None and not ctx.resilient_parsing:  # resilient: the Tab key
            hint = did_you_mean(args[0], self.list_commands(ctx)) or f"See them all: {ctx.command_path} --help"
            raise WrongUse(f"There is no command '{args[0]}'.", hint=hint)
        return args[0] if command else None, command, args[1:]


def combined(*decorators: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Several options as one decorator; the help shows them in this order."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


PATH = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_FILES = f"RDF file ({', '.join(f'.{form.endings[0]}' for form in RDF)}) or folder"

#: The options that choose the data, for :func:`opened`.
data_options = combined(
    click.option("--data", type=PATH, multiple=True, metavar="PATH", help=f"{_FILES}, in place of the shipped data."),
    click.option("--add", type=PATH, multiple=True, metavar="PATH", help=f"{_FILES}, in addition to the data."),
    click.option("--lang", metavar="LANGS", help="Languages of labels, in order of preference: pl,it,en."),
    click.option("--store", type=PATH, metavar="DIR", help="Keep large data in this folder, to read them only once."),
)

#: The options that send the question to a server instead.
endpoint_options = combined(
    click.option("--endpoint", metavar="URL", help="Ask a SPARQL server instead of files."),
    click.option(
        "--timeout", type=click.IntRange(1), metavar="SECONDS", help="How long the answer may take; for a server 60."
    ),
)


def output_options(names: Iterable[str]) -> Callable[[Command], Command]:
    """-f and -o; an unknown format is left to the library, which knows what fits the answer."""
    return combined(
        click.option("-f", "--format", "format_", metavar="FORMAT", help=f"One of {', '.join(names)}."),
        click.option("-o", "--output", type=PATH, metavar="FILE", help="Write to a file; its ending sets the format."),
    )


def opened(values: dict[str, Any], *, is_cached: bool = False, is_alone: bool = True) -> Knowledge:
    """The graph that the options choose; takes them out of the values, so that parameters are left.

    Unless a large store on disk needs it, or the query is not ``is_alone`` in the program, the program can open nothing
    while a query runs. With ``is_cached`` the shipped data are answered from a store in the user's cache folder, which
    pays for one question.
    """
    chosen = {key: values.pop(key) for key in ("add", "lang", "endpoint", "timeout", "store") if key in values}
    data, queries = values.pop("data"), folders()[:-1]
    others = any(chosen.get(key) for key in ("add", "endpoint", "store"))
    if is_cached and not others and is_shipped(data or [default_data()]):
        knowledge = Knowledge(lang=chosen["lang"], queries=queries, is_cached=True)
    else:
        knowledge = open_(*data, queries=queries, **{**chosen, "timeout": chosen.get("timeout") or 60})
    if isinstance(knowledge.endpoint, Local):
        knowledge.endpoint.is_jailed = is_alone
    return knowledge


def folders(ctx: click.Context | None = None) -> list[Path]:
    """The folders of saved queries: those of --queries and the shipped one."""
    context = ctx or click.get_current_context(silent=True)
    own = (context.find_root().params.get("queries") or ()) if context else ()
    return [*own, QUERIES]


def width() -> int | None:
    """The width of the terminal; None for output that goes elsewhere, which is not fitted."""
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None


def put_out(text: str, output: Path | None) -> None:
    """Print a text, or write it to a file whole."""
    if output:
        write_whole(output, encoded(text, output))
    else:
        click.echo(text, nl=False)


def interruptible(call: Callable[[], Result]) -> Result:
    """Call in a thread of its own, so that Ctrl-C stops the program even within one long step of the engine.

    So does the time that --timeout gives, when the data are here. Raises :class:`TimeLimit`.
    """
    done: list[Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(call())
        except BaseException as error:  # noqa: BLE001  (raised again below, in the main thread)
            failed.append(error)

    # A result of pyoxigraph must be let go by the thread that made it, so the other one collects no garbage meanwhile.
    collecting = gc.isenabled()
    gc.disable()
    thread = threading.Thread(target=run, daemon=True)
    with leaving_no_parts():
        thread.start()
        thread.join(seconds := _time_limit())
    if thread.is_alive():
        what = f"The answer took longer than {seconds} s and was stopped."
        raise TimeLimit(what, hint="Give it more time with --timeout, or ask for less.")
    if collecting:
        gc.enable()
    if failed:
        raise failed[0]
    return done[0]


def _time_limit() -> int | None:
    """The seconds that --timeout gives to a command whose data are here; a server is timed by its client."""
    context = click.get_current_context(silent=True)
    params = context.params if context else {}
    return params.get("timeout") if params.get("endpoint", "") is None else None


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Say on a terminal what takes longer than a second."""
    timer = threading.Timer(1.0, lambda: click.echo(f"{doing} …", err=True))
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
