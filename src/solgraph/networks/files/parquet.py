"""Networks as a pair of Parquet files, written in groups of rows so that millions of edges fit."""

from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, TypeAlias

from solgraph.errors import MissingExtra
from solgraph.networks.files.plain_network import Attributes, Kinds, PlainNetwork, file_names, text

if TYPE_CHECKING:
    import pyarrow

    from solgraph.networks.model.weights import Block

GROUP = 50_000
Row: TypeAlias = tuple[tuple[str, ...], Attributes]


def nodes_parquet(network: PlainNetwork) -> Iterator[bytes]:
    """A row for each node: ``id`` and its attributes; the attributes of the network are metadata of the schema."""
    rows: Iterator[Row] = (((key,), node) for key, node in network.nodes())
    schema = _schema(network, ("id",), network.node_kinds)
    return _parquet(schema, _tables(rows, network.node_kinds, schema))


def edges_parquet(network: PlainNetwork) -> Iterator[bytes]:
    """A row for each edge: ``source``, ``target`` and its attributes."""
    schema = _schema(network, ("source", "target"), network.edge_kinds)
    if network.blocks:
        return _parquet(_categories(schema), _block_tables(network, network.blocks(), schema))
    rows = (((start, end), edge) for start, end, edge in network.edges())
    return _parquet(schema, _tables(rows, network.edge_kinds, schema))


def _schema(network: PlainNetwork, fields: tuple[str, ...], kinds: Kinds) -> "pyarrow.Schema":
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtra("Parquet", "parquet") from error
    types = {str: pyarrow.string(), bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64()}
    names = file_names(kinds, taken=fields)
    columns = [(name, pyarrow.string()) for name in fields] + [
        (names[name], types[kind]) for name, kind in kinds.items()
    ]
    metadata = {**network.attributes, "directed": network.directed, "multigraph": network.multigraph}
    return pyarrow.schema(columns, metadata={name: text(value) for name, value in metadata.items()})


def _parquet(schema: "pyarrow.Schema", tables: "Iterator[pyarrow.Table]") -> Iterator[bytes]:
    from pyarrow.parquet import ParquetWriter

    start = 0
    with TemporaryFile() as file:
        with ParquetWriter(file, schema, compression="zstd", write_statistics=schema.names[2:]) as writer:
            for table in tables:
                writer.write_table(table)
                file.seek(start)
                yield file.read()
                start = file.tell()
        file.seek(start)
        yield file.read()


def _categories(schema: "pyarrow.Schema") -> "pyarrow.Schema":
    """The schema with the ends of an edge as categories: each key once, then numbers."""
    import pyarrow

    category = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    return pyarrow.schema([*((name, category) for name in schema.names[:2]), *list(schema)[2:]], schema.metadata)


def _block_tables(
    network: PlainNetwork, blocks: "Iterator[Block]", schema: "pyarrow.Schema"
) -> "Iterator[pyarrow.Table]":
    import pyarrow

    keys = pyarrow.array([_utf8(key) for key, _ in network.nodes()])
    for block in blocks:
        ends = [pyarrow.DictionaryArray.from_arrays(pyarrow.array(end), keys) for end in block[:2]]
        weights = [
            pyarrow.array(values).cast(field.type) for values, field in zip(block[2:], list(schema)[2:], strict=True)
        ]
        yield pyarrow.table([*ends, *weights], schema=_categories(schema))


def _tables(rows: Iterator[Row], kinds: Kinds, schema: "pyarrow.Schema") -> "Iterator[pyarrow.Table]":
    while group := list(islice(rows, GROUP)):
        yield _table(group, kinds, schema)


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
