"""Servers for the tests, on loopback: a real Oxigraph, and one that misbehaves as it is told."""

import contextlib
import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def oxigraph() -> Iterator[str]:
    """An empty Oxigraph server; gives its address."""
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [binary, "serve", "--bind", address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://{address}/")
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), urlopen(url, timeout=10):
            return
        time.sleep(0.05)
    raise TimeoutError(url)


class Reply(NamedTuple):
    """What the misbehaving server sends."""

    status: int = 200
    media_type: str = "application/sparql-results+json"
    body: bytes = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0
    cut: int = 0
    endless: bytes = b""


class Misbehaving:
    """A server that sends the replies it is given, one after the other, the last again and again."""

    def __init__(self) -> None:
        self.replies = [Reply()]
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.requests.append((self.command, self.path, headers, self.rfile.read(length)))
                reply = outer.replies.pop(0) if len(outer.replies) > 1 else outer.replies[0]
                time.sleep(reply.wait)
                with contextlib.suppress(OSError):
                    self.send_response(reply.status)
                    for name, value in (("Content-Type", reply.media_type), *reply.headers):
                        self.send_header(name, value)
                    if not reply.endless:
                        self.send_header("Content-Length", str(len(reply.body) + reply.cut))
                    self.end_headers()
                    self.wfile.write(reply.body)
                    while reply.endless:
                        self.wfile.write(reply.endless)
                        time.sleep(0 if len(reply.endless) > 1 else 0.05)

            do_POST = do_PUT = do_GET

            def log_message(self, *args: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/query"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        """Serve on when poll(2) fails: the command line in this process may open nothing while it answers."""
        while self.server.socket.fileno() >= 0:
            with contextlib.suppress(OSError):
                self.server.serve_forever(poll_interval=0.02)
                return
