"""What whoever serves the graph decides, and the address under which it is served."""

from typing import NamedTuple

from starlette.requests import Request

from solgraph.engines.sandbox.limits import Limits


class Settings(NamedTuple):
    """How the graph is served.

    ``base_url`` is the public address when the server cannot know it; ``forwarded`` trusts the headers of a proxy;
    ``rows`` bounds what saved queries answer and networks hold.
    The others are the limits of queries, :class:`~solgraph.engines.sandbox.limits.Limits`.
    """

    base_url: str = ""
    forwarded: bool = False
    reload: bool = False
    rows: int = 100_000
    timeout: float = Limits().timeout
    memory: int = Limits().memory
    answer_bytes: int = Limits().answer_bytes
    workers: int = Limits().workers
    waiting: int = Limits().waiting

    @property
    def limits(self) -> Limits:
        """What queries may use."""
        return Limits(self.timeout, self.memory, self.answer_bytes, self.workers, self.waiting)


def base(request: Request) -> str:
    """The address of the root, without a slash at the end, as the client sees it."""
    settings: Settings = request.app.state.settings
    if settings.base_url:
        return settings.base_url.rstrip("/")
    scheme, host, path = request.url.scheme, request.headers.get("host", ""), request.scope.get("root_path", "")
    if settings.forwarded:
        scheme = request.headers.get("x-forwarded-proto", scheme).split(",")[0].strip()
        host = request.headers.get("x-forwarded-host", host).split(",")[0].strip()
        path = request.headers.get("x-forwarded-prefix", path).split(",")[0].strip()
    return f"{scheme}://{host}{path.rstrip('/')}"
