"""What whoever serves the graph decides, and the address under which it is served."""

from typing import NamedTuple

from starlette.requests import Request


class Settings(NamedTuple):
    """How the graph is served.

    ``base_url`` is the public address when the server cannot know it; ``forwarded`` trusts the headers of a proxy.
    ``timeout`` is in seconds; ``memory`` in megabytes for each worker; ``rows`` and ``answer_bytes`` bound an answer.
    """

    base_url: str = ""
    forwarded: bool = False
    timeout: float = 10
    memory: int = 1024
    rows: int = 100_000
    answer_bytes: int = 50_000_000
    workers: int = 2
    waiting: int = 64
    reload: bool = False


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
