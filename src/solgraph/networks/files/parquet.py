"""Networks as a pair of Parquet files, written in groups of rows so that millions of edges fit."""

import io
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from solgraph.errors import MissingExtra
from solgraph.networks.files.attributes import (
    Network,
    Told,
    Value,
    edge_kinds,
    edges,
    named,
    node_kinds,
    nodes,
    plain,
    text,
)

if TYPE_CHECKING:
    import pyarrow

GROUP = 50_000
Row: TypeAlias = tuple[tuple[str, ...], Told]


def nodes_parquet(network: Network) -> Iterator[bytes]:
    """A row for each node: ``id`` and its attributes; what the network says of itself is metadata of the schema."""
    return _written(network, ("id",), node_kinds(network), (((key,), told) for key, told in nodes(network)))


def edges_parquet(network: Network) -> Iterator[bytes]:
    """A row for each edge: ``source``, ``target`` and its attributes."""
    rows = (((one, other), told) for one, other, told in edges(network))
    return _written(network, ("source", "target"), edge_kinds(network), rows)


def _written(
    network: Network, first: tuple[str, ...], found: Mapping[str, type[Value]], rows: Iterator[Row]
) -> Iterator[bytes]:
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise MissingExtra("Parquet", "parquet") from error
    of_kind = {str: pyarrow.string(), bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64()}
    names = named(found, taken=first)
    fields = [(name, pyarrow.string()) for name in first] + [
        (names[name], of_kind[kind]) for name, kind in found.items()
    ]
    schema = pyarrow.schema(fields, metadata=_about(network))
    sink = _Sink()
    with ParquetWriter(sink, schema, compression="zstd") as writer:
        while group := list(islice(rows, GROUP)):
            writer.write_table(_table(group, found, schema), row_group_size=GROUP)
            yield sink.taken()
    yield sink.taken()


def _about(network: Network) -> dict[str, str]:
    told = {name: text(value) for name, value in plain(network.graph).items()}
    return {**told, "directed": text(network.is_directed()), "multigraph": text(network.is_multigraph())}


def _table(rows: list[Row], found: Mapping[str, type[Value]], schema: "pyarrow.Schema") -> "pyarrow.Table":
    import pyarrow

    columns: list[list[Any]] = [list(column) for column in zip(*(own for own, _ in rows), strict=True)]
    columns += [[told.get(name) for _, told in rows] for name in found]
    texts = (
        [None if one is None else text(one).encode("utf-8", "replace").decode() for one in values]
        if field.type == pyarrow.string()
        else values
        for values, field in zip(columns, schema, strict=True)
    )
    arrays = [pyarrow.array(values, type=field.type) for values, field in zip(texts, schema, strict=True)]
    return pyarrow.table(arrays, schema=schema)


class _Sink(io.RawIOBase):
    """A file that keeps what is written only until it is taken away."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        self._position += len(self._parts[-1])
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """What was written since this was last asked for."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
