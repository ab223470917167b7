"""The commands that need the extra ``web``: the graph on the web, served or written as files."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from solgraph.cli.options import PATH, combined, data_options, folders, interruptible, progress
from solgraph.errors import MissingExtra, WrongUse
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.knowledge import open as open_

if TYPE_CHECKING:
    from solgraph.web.settings import Settings

_TOKEN = "SOLGRAPH_RELOAD_TOKEN"
_option = partial(click.option, show_default=True)
_server_options = combined(
    _option("--host", default="127.0.0.1", metavar="HOST", help="Address to listen on; 0.0.0.0 for all."),
    _option("--port", type=click.IntRange(0, 65535), default=8000, metavar="PORT", help="Port; 0 for any free one."),
    click.option("--base-url", default="", metavar="URL", help="The public address, if a proxy stands in front."),
    click.option("--forwarded", is_flag=True, help="Trust the X-Forwarded headers of a proxy."),
    _option(
        "--timeout", type=click.FloatRange(0, min_open=True), default=10, metavar="SECONDS", help="Time per query."
    ),
    _option("--memory", type=click.IntRange(64), default=1024, metavar="MB", help="Memory per query."),
    click.option("--reload", is_flag=True, help="Reload on POST /-/reload from this machine, as on SIGHUP."),
    click.option(
        "--reload-token",
        default="",
        metavar="TOKEN",
        envvar=_TOKEN,
        help=f"Reload on POST /-/reload with this token from anywhere; better set as {_TOKEN}.",
    ),
    click.option("--access-log", is_flag=True, help="Print a line for every request."),
)


@click.command("serve")
@_server_options
@data_options
def serve(host: str, port: int, reload_token: str, access_log: bool, **values: Any) -> None:
    """Serve the graph: pages, linked data, an API, a SPARQL endpoint."""
    _need("Serving")
    from solgraph.web.app import create
    from solgraph.web.libraries import missing
    from solgraph.web.server import Serving
    from solgraph.web.server import serve as run

    settings = _settings(values)
    serving = Serving(_opener(values), create, settings, reload_token, access_log)
    run(serving, host, port, lambda sentence: click.echo(f"{sentence}\n{missing('codemirror')}".strip()))


@click.command("site")
@click.argument("out", type=PATH, metavar="OUT")
@click.option("--base-url", default="", metavar="URL", help="Address of the site, for sitemap.xml and 404.html.")
@data_options
@click.pass_context
def site(ctx: click.Context, /, out: Path, **values: Any) -> None:
    """Write the pages, data and answers as files for any web host.

    Files that have not changed are left alone.
    """
    _need("Writing a site")
    from solgraph.web.app import create
    from solgraph.web.libraries import missing
    from solgraph.web.site.files import write

    settings = _settings(values)
    with progress(f"Writing the pages to {out}"):
        report = interruptible(lambda: write(create, _opener(values)(), settings, out))
    click.echo(f"{report.text(out)}\n{missing('oxigraph', 'codemirror')}".strip())
    ctx.exit(0 if report.ok else 1)


def _need(purpose: str) -> None:
    if not all(map(find_spec, ("starlette", "uvicorn", "jinja2"))):
        raise MissingExtra(purpose, "web")


def _settings(values: dict[str, Any]) -> "Settings":
    """The settings among the values, which are taken out."""
    from solgraph.web.settings import Settings

    _check_address(values["base_url"])
    return Settings(**{key: values.pop(key) for key in Settings._fields if key in values})


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise WrongUse(
            f"{url!r} is not the address of a site.", hint="For example: --base-url https://example.org/solgraph"
        )


def _opener(values: dict[str, Any]) -> Callable[[], Knowledge]:
    """Opens the data that the options choose, again and again, and from any thread."""
    chosen = {key: values[key] for key in ("add", "lang", "store")}
    return partial(open_, *values["data"], queries=folders()[:-1], **chosen)
