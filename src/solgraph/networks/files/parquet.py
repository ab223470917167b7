"""Networks as a pair of Parquet files, written in groups of rows so that millions of edges fit."""

from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, TypeAlias

from solgraph.errors import MissingExtra
from solgraph.networks.files.plain_network import Attributes, Kinds, PlainNetwork, file_names, text

if TYPE_CHECKING:
    import pyarrow

GROUP = 50_000
Row: TypeAlias = tuple[tuple[str, ...], Attributes]


def nodes_parquet(network: PlainNetwork) -> Iterator[bytes]:
    """A row for each node: ``id`` and its attributes; the attributes of the network are metadata of the schema."""
    return _parquet(network, ("id",), network.node_kinds, (((key,), node) for key, node in network.nodes()))


def edges_parquet(network: PlainNetwork) -> Iterator[bytes]:
    """A row for each edge: ``source``, ``target`` and its attributes."""
    rows = (((start, end), edge) for start, end, edge in network.edges())
    return _parquet(network, ("source", "target"), network.edge_kinds, rows)


def _parquet(network: PlainNetwork, fields: tuple[str, ...], kinds: Kinds, rows: Iterator[Row]) -> Iterator[bytes]:
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise MissingExtra("Parquet", "parquet") from error
    types = {str: pyarrow.string(), bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64()}
    names = file_names(kinds, taken=fields)
    columns = [(name, pyarrow.string()) for name in fields] + [
        (names[name], types[kind]) for name, kind in kinds.items()
    ]
    metadata = {**network.attributes, "directed": network.directed, "multigraph": network.multigraph}
    schema = pyarrow.schema(columns, metadata={name: text(value) for name, value in metadata.items()})
    start = 0
    with TemporaryFile() as file:
        with ParquetWriter(file, schema, compression="zstd") as writer:
            while group := list(islice(rows, GROUP)):
                writer.write_table(_table(group, kinds, schema), row_group_size=GROUP)
                file.seek(start)
                yield file.read()
                start = file.tell()
        file.seek(start)
        yield file.read()


def _table(rows: list[Row], kinds: Kinds, schema: "pyarrow.Schema") -> "pyarrow.Table":
    import pyarrow

    columns: list[list[Any]] = [list(column) for column in zip(*(fields for fields, _ in rows), strict=True)]
    columns += [[attributes.get(name) for _, attributes in rows] for name in kinds]
    arrays = [
        pyarrow.array(map(_utf8, column) if field.type == pyarrow.string() else column, type=field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pyarrow.table(arrays, schema=schema)


def _utf8(value: Any) -> str | None:
    return None if value is None else text(value).encode("utf-8", "replace").decode()
