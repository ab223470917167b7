"""The command ``mcp``: the graph for an assistant that starts this program."""

import sys
from importlib.util import find_spec
from typing import Any

import click

from solgraph.cli import options
from solgraph.cli.options import opened
from solgraph.errors import MissingExtra

_SECONDS = 60


@click.command("mcp")
@options.endpoint_options
@options.data_options
def mcp(**values: Any) -> None:
    """Serve an assistant that starts this program (MCP).

    Claude, VS Code, Cursor and other assistants talk to it over standard input and output; docs/mcp.md shows their
    settings. It only reads. Over HTTP assistants find the same at /mcp of solgraph serve.
    """
    if not find_spec("mcp"):
        raise MissingExtra("Serving assistants", "mcp")
    from solgraph.assistant.server import serve_stdio

    if sys.stdin.isatty():
        click.echo("Waiting for an assistant on standard input. Ctrl-C stops it.", err=True)
    seconds = values["timeout"] or _SECONDS
    serve_stdio(opened(values, is_cached=True, is_alone=False), seconds)
