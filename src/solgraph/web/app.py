"""The application: one set of routes, for the server and for the site that is written as files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from solgraph.errors import SolgraphError
from solgraph.graph.knowledge import Knowledge
from solgraph.web.kept import Kept
from solgraph.web.problems import Problem, problem_response
from solgraph.web.rendering import HERE
from solgraph.web.routes import editor, names, networks, pages
from solgraph.web.routes import linked_data as linked
from solgraph.web.routes import queries as api
from solgraph.web.routes import sparql as sparql_protocol
from solgraph.web.settings import Settings

#: What is compressed already, besides what starlette knows of.
_PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/vnd.apache.parquet")


def create(kg: Knowledge, settings: Settings = Settings()) -> Starlette:  # noqa: B008  (a tuple never changes)
    """The application that serves a graph; SPARQL queries of others run in processes that can be killed."""

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        app.state.pool = sparql_protocol.make_pool(kg, settings)
        try:
            yield
        finally:
            app.state.pool.close()

    routes = [
        *sparql_protocol.routes,
        *api.routes,
        *networks.routes,
        *linked.routes,
        *editor.routes,
        *pages.routes,
        *names.routes,
        Mount("/assets", StaticFiles(directory=HERE / "assets"), name="assets"),
    ]
    handlers = dict.fromkeys((Problem, SolgraphError, HTTPException, Exception), problem_response)
    middleware = [Middleware(Kept), Middleware(GZipMiddleware, exclude_content_types=_PACKED)]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=running)
    app.state.kg, app.state.settings = kg, settings
    app.state.page, app.state.problem_page, app.state.editor = pages.page, pages.problem_page, editor.editor
    return app
