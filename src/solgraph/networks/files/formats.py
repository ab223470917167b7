"""Files of networks: one table of formats; each entry is a name, endings, a media type and its writers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from solgraph.errors import WrongUse, did_you_mean
from solgraph.networks.files.csv_files import edges_csv, nodes_csv
from solgraph.networks.files.gexf import gexf
from solgraph.networks.files.gml import gml
from solgraph.networks.files.graphml import graphml
from solgraph.networks.files.graphviz import dot
from solgraph.networks.files.json_files import cyjs, geojson, node_link
from solgraph.networks.files.pajek import pajek
from solgraph.networks.files.parquet import edges_parquet, nodes_parquet
from solgraph.networks.files.plain_network import PlainNetwork
from solgraph.networks.files.turtle import turtle
from solgraph.rdf.atomic_files import write_all

Writer: TypeAlias = Callable[[Any], Iterable[str] | Iterable[bytes]]


class NetworkFormat(NamedTuple):
    """A format: its name, endings, media type, and its files: the end of a file's name → a writer.

    A writer gives the content in parts, so that a network larger than memory can be written. ``data`` is whether a
    program can read the network again; a picture is only looked at.
    """

    name: str
    endings: tuple[str, ...]
    media_type: str
    files: Mapping[str, Writer]
    data: bool = True


def _svg(graph: Any) -> Iterator[str]:
    from solgraph.networks.drawing import picture

    yield picture.svg(graph)


def _png(graph: Any) -> Iterator[bytes]:
    from solgraph.networks.drawing import picture

    yield picture.png(graph)


def _html(graph: Any) -> Iterator[str]:
    from solgraph.networks.drawing import page

    yield page.html(graph)


def _single(name: str, endings: tuple[str, ...], media_type: str, write: Writer, data: bool = True) -> NetworkFormat:
    return NetworkFormat(name, endings, media_type, {endings[0]: write}, data)


_CSV: Mapping[str, Writer] = {"-nodes.csv": nodes_csv, "-edges.csv": edges_csv}
_PARQUET: Mapping[str, Writer] = {"-nodes.parquet": nodes_parquet, "-edges.parquet": edges_parquet}

FORMATS = (
    _single("graphml", (".graphml",), "application/graphml+xml", graphml),
    _single("gexf", (".gexf",), "application/gexf+xml", gexf),
    _single("cyjs", (".cyjs",), "application/json", cyjs),
    _single("json", (".json",), "application/json", node_link),
    NetworkFormat("csv", (".csv",), "text/csv", _CSV),
    NetworkFormat("parquet", (".parquet",), "application/vnd.apache.parquet", _PARQUET),
    _single("pajek", (".net",), "text/plain", pajek),
    _single("dot", (".dot", ".gv"), "text/vnd.graphviz", dot),
    _single("gml", (".gml",), "text/plain", gml),
    _single("geojson", (".geojson",), "application/geo+json", geojson),
    _single("turtle", (".ttl",), "text/turtle", turtle),
    _single("svg", (".svg",), "image/svg+xml", _svg, data=False),
    _single("png", (".png",), "image/png", _png, data=False),
    _single("html", (".html",), "text/html", _html, data=False),
)


def choose(name: str | None, path: Path | None) -> NetworkFormat:
    """The format of that name or ending, else that of the file's ending, else GraphML. Raises :class:`WrongUse`."""
    wanted = (name or (path.suffix if path else "") or FORMATS[0].name).lower()
    for form in FORMATS:
        if wanted.removeprefix(".") in (form.name, *(ending[1:] for ending in form.endings)):
            return form
    known = [form.name for form in FORMATS] if name else [ending for form in FORMATS for ending in form.endings]
    hint = did_you_mean(wanted, known) or f"{'Formats' if name else 'Endings'} for it: {', '.join(known)}"
    raise WrongUse(f"A network cannot be written as '{wanted}'.", hint=hint)


def contents(network: Any, form: NetworkFormat) -> Iterator[tuple[str, bytes]]:
    """The end of the name and the content of each file of a format."""
    return ((ending, b"".join(parts)) for ending, parts in _streams(network, form).items())


def save(network: Any, path: Path, name: str | None = None) -> list[Path]:
    """Write the network, all its files or none; ``x.csv`` becomes ``x-nodes.csv`` and ``x-edges.csv``."""
    streams = _streams(network, choose(name, path))
    paths = [path] if len(streams) == 1 else [path.with_name(path.stem + ending) for ending in streams]
    write_all(dict(zip(paths, streams.values(), strict=True)))
    return paths


def _streams(network: Any, form: NetworkFormat) -> dict[str, Iterator[bytes]]:
    """The end of each file's name → its content in parts; pictures need a whole graph, data is read edge by edge."""
    if form.data:
        network = PlainNetwork(network)
    elif hasattr(network, "to_graph"):
        network = network.to_graph()
    return {ending: _encoded(write(network)) for ending, write in form.files.items()}


def _encoded(content: Iterable[str] | Iterable[bytes], size: int = 500) -> Iterator[bytes]:
    """The content as bytes, many small texts together; what cannot be UTF-8 becomes a question mark."""
    waiting: list[str] = []
    for part in content:
        if isinstance(part, bytes):
            yield part
        else:
            waiting.append(part)
            if len(waiting) == size:
                yield "".join(waiting).encode("utf-8", "replace")
                waiting.clear()
    yield "".join(waiting).encode("utf-8", "replace")
