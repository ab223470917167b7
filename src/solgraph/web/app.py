"""The application: one set of routes, for the server and for the site that is written as files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from solgraph.engines.sandbox.worker_pool import Pool
from solgraph.errors import SolgraphError, WrongUse
from solgraph.graph.knowledge import Knowledge
from solgraph.web.http import ResponseCache
from solgraph.web.libraries import FOLDER
from solgraph.web.problems import HEADERS, Problem, problem_response
from solgraph.web.rendering import HERE
from solgraph.web.routes import (
    asking,
    assistant,
    comparison,
    crawlers,
    editor,
    explore,
    linked_data,
    names,
    networks,
    pages,
    previews,
    queries,
    reconciliation,
    search,
    sparql,
)
from solgraph.web.settings import Settings

#: What is compressed already, besides what starlette knows of.
_COMPRESSED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/vnd.apache.parquet")


class Assets(StaticFiles):
    """Scripts, styles and pictures, with the headers of all answers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        return response


def create(kg: Knowledge, settings: Settings = Settings()) -> Starlette:  # noqa: B008  (a tuple never changes)
    """The application that serves a graph; SPARQL queries of others run in processes that can be killed."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.pool = make_pool(kg, settings)
        try:
            yield
        finally:
            app.state.pool.close()

    data = (sparql, queries, networks, linked_data, reconciliation, assistant)
    modules = (*data, editor, explore, comparison, pages, search, asking, names, previews, crawlers)
    routes = [route for module in modules for route in module.routes]
    folders = {"assets": HERE / "assets"} | ({"libraries": FOLDER} if FOLDER.is_dir() else {})
    handlers = dict.fromkeys((Problem, SolgraphError, HTTPException, Exception), problem_response)
    app = Starlette(
        routes=[*routes, *(Mount(f"/{name}", Assets(directory=folder), name=name) for name, folder in folders.items())],
        middleware=[Middleware(GZipMiddleware, exclude_content_types=_COMPRESSED)],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    app.state.kg, app.state.settings, app.state.responses = kg, settings, ResponseCache()
    app.state.page, app.state.problem_page, app.state.editor = pages.page, pages.problem_page, editor.editor
    return app


def make_pool(kg: Knowledge, settings: Settings) -> Pool:
    """SPARQL workers on the files of a graph, or on its prepared store; started when they are first asked."""
    if not kg.paths:
        raise WrongUse(f"The data lies at {kg.endpoint.name}, not here.", hint="Serve files: --data PATH")
    return Pool(settings.limits, [str(path) for path in kg.paths], str(kg.on_disk) if kg.on_disk else None)
