"""Files of networks: one table of formats; each entry is a name, endings, a media type and what it writes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from solgraph.errors import WrongUse, did_you_mean
from solgraph.networks.files.attributes import Network
from solgraph.networks.files.geojson import geojson
from solgraph.networks.files.gexf import gexf
from solgraph.networks.files.graphml import graphml
from solgraph.networks.files.json_files import cyjs, node_link
from solgraph.networks.files.parquet import edges_parquet, nodes_parquet
from solgraph.networks.files.plain import dot, edges_csv, gml, nodes_csv, pajek
from solgraph.networks.files.rdf import turtle
from solgraph.rdf.atomic_files import write_all

Writer: TypeAlias = Callable[[Network], Iterable[str] | Iterable[bytes]]


class NetworkFormat(NamedTuple):
    """One format: its name, its endings, its media type, and what it writes: the end of a file's name → a writer.

    A writer gives the content in parts, so that a network larger than memory can be written. ``data`` tells whether a
    program can read the network again; a picture is only looked at.
    """

    name: str
    endings: tuple[str, ...]
    media_type: str
    files: Mapping[str, Writer]
    data: bool = True


def _svg(network: Network) -> Iterator[str]:
    from solgraph.networks.drawing import picture

    yield picture.svg(_whole(network))


def _png(network: Network) -> Iterator[bytes]:
    from solgraph.networks.drawing import picture

    yield picture.png(_whole(network))


def _html(network: Network) -> Iterator[str]:
    from solgraph.networks.drawing import page

    yield page.html(_whole(network))


def _whole(network: Network) -> Network:
    """A networkx graph, also of a projection whose edges are made when they are read."""
    return network.to_graph() if hasattr(network, "to_graph") else network


def _one(name: str, endings: tuple[str, ...], media_type: str, write: Writer, data: bool = True) -> NetworkFormat:
    return NetworkFormat(name, endings, media_type, {endings[0]: write}, data)


_CSV: Mapping[str, Writer] = {"-nodes.csv": nodes_csv, "-edges.csv": edges_csv}
_PARQUET: Mapping[str, Writer] = {"-nodes.parquet": nodes_parquet, "-edges.parquet": edges_parquet}

FORMATS = (
    _one("graphml", (".graphml",), "application/graphml+xml", graphml),
    _one("gexf", (".gexf",), "application/gexf+xml", gexf),
    _one("cyjs", (".cyjs",), "application/json", cyjs),
    _one("json", (".json",), "application/json", node_link),
    NetworkFormat("csv", (".csv",), "text/csv", _CSV),
    NetworkFormat("parquet", (".parquet",), "application/vnd.apache.parquet", _PARQUET),
    _one("pajek", (".net",), "text/plain", pajek),
    _one("dot", (".dot", ".gv"), "text/vnd.graphviz", dot),
    _one("gml", (".gml",), "text/plain", gml),
    _one("geojson", (".geojson",), "application/geo+json", geojson),
    _one("turtle", (".ttl",), "text/turtle", turtle),
    _one("svg", (".svg",), "image/svg+xml", _svg, data=False),
    _one("png", (".png",), "image/png", _png, data=False),
    _one("html", (".html",), "text/html", _html, data=False),
)


def choose(name: str | None, path: Path | None) -> NetworkFormat:
    """The format of that name or ending, else that of the file's ending, else GraphML. Raises :class:`WrongUse`."""
    wanted = (name or (path.suffix if path else "") or FORMATS[0].name).lower()
    for one in FORMATS:
        if wanted.removeprefix(".") in (one.name, *(ending[1:] for ending in one.endings)):
            return one
    known = [one.name for one in FORMATS] if name else [ending for one in FORMATS for ending in one.endings]
    hint = did_you_mean(wanted, known) or f"{'Formats' if name else 'Endings'} for it: {', '.join(known)}"
    raise WrongUse(f"A network cannot be written as '{wanted}'.", hint=hint)


def written(network: Network, chosen: NetworkFormat) -> Iterator[tuple[str, bytes]]:
    """Pairs of the end of a name and the content of the files of a format."""
    for ending, write in chosen.files.items():
        yield ending, b"".join(_parts(write(network)))


def save(network: Network, path: Path, name: str | None = None) -> list[Path]:
    """Write the network, all its files or none; ``x.csv`` becomes ``x-nodes.csv`` and ``x-edges.csv``."""
    files = choose(name, path).files
    paths = [path] if len(files) == 1 else [path.with_name(path.stem + ending) for ending in files]
    write_all({target: _parts(write(network)) for target, write in zip(paths, files.values(), strict=True)})
    return paths


def _parts(content: Iterable[str] | Iterable[bytes], size: int = 500) -> Iterator[bytes]:
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
