"""The application: one set of routes, for the server and for the site that is written as files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from solgraph.errors import SolgraphError
from solgraph.knowledge import Knowledge
from solgraph.web import api, editor, linked, names, pages, sparql_protocol
from solgraph.web.kept import Kept
from solgraph.web.problems import Problem, problem_response
from solgraph.web.rendering import HERE
from solgraph.web.settings import Settings

_PACKED = {"application/gzip", "application/vnd.apache.parquet", "image/png"}


class Packing:
    """Compresses what gets smaller by it; what is packed already goes past GZipMiddleware.

    Which types that one leaves alone depends on the version of starlette.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def app(scope: Scope, receive: Receive, pack: Send) -> None:
            way = pack

            async def sent(message: Message) -> None:
                nonlocal way
                if message["type"] == "http.response.start" and _is_packed(message):
                    way = send
                await way(message)

            await self.app(scope, receive, sent)

        await GZipMiddleware(app)(scope, receive, send)


def _is_packed(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type", "").partition(";")[0] in _PACKED


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
        *linked.routes,
        *editor.routes,
        *pages.routes,
        *names.routes,
        Mount("/assets", StaticFiles(directory=HERE / "assets"), name="assets"),
    ]
    handlers = dict.fromkeys((Problem, SolgraphError, HTTPException, Exception), problem_response)
    app = Starlette(
        routes=routes, middleware=[Middleware(Kept), Middleware(Packing)], exception_handlers=handlers, lifespan=running
    )
    app.state.kg, app.state.settings = kg, settings
    app.state.page, app.state.problem_page, app.state.editor = pages.page, pages.problem_page, editor.editor
    return app
