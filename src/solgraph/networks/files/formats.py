"""Files of networks: one table of formats; each entry is a form of one file or several."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from solgraph.formats import media
from solgraph.formats.media import Form
from solgraph.networks.files import network_dynamic
from solgraph.networks.files.csv_files import edges_csv, nodes_csv
from solgraph.networks.files.gexf import gexf
from solgraph.networks.files.gml import gml
from solgraph.networks.files.graphml import graphml
from solgraph.networks.files.graphviz import dot
from solgraph.networks.files.json_files import cyjs, geojson, node_link
from solgraph.networks.files.matrix_market import matrix_market
from solgraph.networks.files.pajek import pajek
from solgraph.networks.files.parquet import edges_parquet, nodes_parquet
from solgraph.networks.files.plain_network import PlainNetwork
from solgraph.networks.files.turtle import turtle
from solgraph.networks.files.ucinet import dl
from solgraph.networks.files.vosviewer import vosviewer_map, vosviewer_network
from solgraph.rdf.atomic_files import write_all

Content: TypeAlias = Iterable[str] | Iterable[bytes]
Writer: TypeAlias = Callable[[Any], Content]
NetworkFormat: TypeAlias = Form[Content]


def _drawn(module: str, maker: str) -> Writer:
    """A writer whose module, which needs much time to import, is loaded when it draws."""
    return lambda graph: iter([getattr(import_module(f"solgraph.networks.drawing.{module}"), maker)(graph)])


def _form(
    name: str, media_type: str, write: Writer, *endings: str, beside: tuple[tuple[str, Writer], ...] = ()
) -> NetworkFormat:
    endings = endings or (name,)
    return Form(name, endings, (media_type,), write, files=((f".{endings[0]}", write), *beside))


def _vosviewer() -> NetworkFormat:
    files = ("-map.txt", vosviewer_map), ("-network.txt", vosviewer_network)
    return Form("vosviewer", ("txt",), ("text/tab-separated-values",), vosviewer_network, files=files)


def _pair(name: str, media_type: str, nodes: Writer, edges: Writer) -> NetworkFormat:
    return _files(name, media_type, edges, {f"-nodes.{name}": nodes, f"-edges.{name}": edges})


def _files(name: str, media_type: str, write: Writer, files: Mapping[str, Writer]) -> NetworkFormat:
    return Form(name, (name,), (media_type,), write, files=tuple(files.items()))


#: Formats that programs read again; their writers give the content in parts, so that any number of edges fits.
DATA = (
    _form("graphml", "application/graphml+xml", graphml),
    _form("gexf", "application/gexf+xml", gexf),
    _form("cyjs", "application/json", cyjs),
    _form("json", "application/json", node_link),
    _pair("csv", "text/csv", nodes_csv, edges_csv),
    _files("networkdynamic", "text/csv", network_dynamic.edge_spells, network_dynamic.FILES),
    _pair("parquet", "application/vnd.apache.parquet", nodes_parquet, edges_parquet),
    _form("pajek", "text/plain", pajek, "net"),
    _form("matrix-market", "text/plain", matrix_market, "mtx", beside=(("-nodes.csv", nodes_csv),)),
    _form("dl", "text/plain", dl),
    _vosviewer(),
    _form("dot", "text/vnd.graphviz", dot, "dot", "gv"),
    _form("gml", "text/plain", gml),
    _form("geojson", "application/geo+json", geojson),
    _form("turtle", "text/turtle", turtle, "ttl"),
)
#: Formats that hold nothing of the network itself, which therefore stands beside them.
_WITHOUT_ATTRIBUTES = ("csv", "pajek", "dl", "vosviewer")
#: Formats for the eye, made of a whole graph.
PICTURES = (
    _form("svg", "image/svg+xml", _drawn("picture", "svg")),
    _form("png", "image/png", _drawn("picture", "png")),
    _form("html", "text/html", _drawn("page", "html")),
)
FORMATS = DATA + PICTURES


def choose(name: str | None, path: Path | None) -> NetworkFormat:
    """The format of that name or ending, else that of the file's ending, else GraphML. Raises :class:`WrongUse`."""
    return media.choose(FORMATS, name, path, what="A network")


def is_of_networks_alone(name: str | None, path: Path | None) -> bool:
    """Whether what is asked for by that name or ending is a network, and never a table."""
    stem = path.with_suffix("") if path and path.suffix == media.GZIP else path
    asked = (name or (stem.suffix[1:] if stem else "")).lower()
    tables = {other for form in (*media.ROWS, *media.WORKBOOKS, *media.COLUMNAR) for other in form.names}
    return asked not in tables and any(asked in form.names for form in FORMATS)


def is_picture(form: NetworkFormat) -> bool:
    """Whether it is made for the eye, and not to be read by programs."""
    return any(form.name == picture.name for picture in PICTURES)


def contents(network: Any, form: NetworkFormat) -> Iterator[tuple[str, bytes]]:
    """The end of the name and the content of each file of a format."""
    return ((ending, b"".join(parts)) for ending, parts in _streams(network, form).items())


def save(network: Any, path: Path, name: str | None = None) -> list[Path]:
    """Write the network, all its files or none; ``x.csv`` becomes ``x-nodes.csv`` and ``x-edges.csv``.

    What the network says of itself, such as its selection, stands in ``x-about.csv`` where the format cannot hold it.

    >>> from pathlib import Path
    >>> from solgraph.networks.files.formats import save
    >>> [path.name for path in save(kg.network("transfer"), Path("transfer.csv"))]
    ['transfer-nodes.csv', 'transfer-edges.csv', 'transfer-about.csv']
    """
    form = choose(name, path)
    streams = _streams(network, form)
    zipped = path.suffix == media.GZIP
    stem = (path.with_suffix("") if zipped else path).stem
    paths = [path.with_name(f"{stem}{ending}{media.GZIP if zipped else ''}") for ending in streams]
    paths = [path] if len(streams) == 1 else paths
    if form.name in _WITHOUT_ATTRIBUTES:  # comes last: a projection is complete once its edges have been read
        streams["-about.csv"] = _encoded(network_dynamic.about(PlainNetwork(network)))
        paths.append(path.with_name(f"{stem}-about.csv{media.GZIP if zipped else ''}"))
    write_all(
        {target: _compressed(parts) if zipped else parts for target, parts in zip(paths, streams.values(), strict=True)}
    )
    return paths


def _streams(network: Any, form: NetworkFormat) -> dict[str, Iterator[bytes]]:
    """The end of each file's name → its content in parts; pictures need a whole graph, data is read edge by edge."""
    if not is_picture(form):
        network = PlainNetwork(network)
    elif hasattr(network, "to_graph"):
        network = network.to_graph()
    return {ending: _encoded(write(network)) for ending, write in form.files}


def _encoded(content: Iterable[str] | Iterable[bytes], size: int = 500) -> Iterator[bytes]:
    """The content as bytes, many small texts together; what cannot be UTF-8 becomes a question mark."""
    parts: Iterator[Any] = iter(content)
    for part in parts:
        if isinstance(part, bytes):
            yield part
        else:
            yield "".join([part, *islice(parts, size - 1)]).encode("utf-8", "replace")


def _compressed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts as gzip, without a date, so that the same network gives the same bytes."""
    compressor = zlib.compressobj(wbits=31)
    for part in parts:
        yield compressor.compress(part)
    yield compressor.flush()
