"""Matrix Market's ``.mtx``: a network as the sparse matrix of its weights."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from solgraph.errors import DataError
from solgraph.networks.files.plain_network import PlainNetwork, Value, text


def matrix_market(network: PlainNetwork) -> Iterator[bytes]:
    """Row and column n are the n-th node of the file of nodes; of a network without direction one triangle is written.

    An edge without a weight counts 1; programs add up parallel edges.
    """
    kind = network.edge_kinds.get("weight", int)
    if kind not in (int, float):
        raise DataError(
            f"'{network.name}' has weights that are no numbers.", hint="A matrix holds numbers: use GraphML."
        )
    numbers = {key: number for number, (key, _) in enumerate(network.nodes(), 1)}
    symmetry = "general" if network.directed else "symmetric"
    head = f"%%MatrixMarket matrix coordinate {'integer' if kind is int else 'real'} {symmetry}\n"
    size = f"{len(numbers)} {len(numbers)} {network.number_of_edges()}\n"
    yield f"{head}{_comments(network.attributes)}{size}".encode("utf-8", "replace")
    yield from _of_blocks(network, len(numbers)) if network.blocks else _of_edges(network, numbers)


def _comments(attributes: Mapping[str, Value]) -> str:
    """What is known of the network itself, a line for each."""
    return "".join(f"% {name}: {' '.join(text(value).split())}\n" for name, value in attributes.items())


def _of_edges(network: PlainNetwork, numbers: Mapping[str, int]) -> Iterator[bytes]:
    for start, end, edge in network.edges():
        row, column = numbers[start], numbers[end]
        if not network.directed and row < column:
            row, column = column, row
        yield f"{row} {column} {text(edge.get('weight', 1))}\n".encode()


def _of_blocks(network: PlainNetwork, size: int) -> Iterator[bytes]:
    for block in network.blocks() if network.blocks else ():
        yield entries(block.weight, (block.second, block.first), (size, size))


def entries(values: Any, ends: tuple[Any, Any], shape: tuple[int, int]) -> bytes:
    """The lines of the entries alone, as scipy writes them, which is quick."""
    from scipy.io import mmwrite
    from scipy.sparse import coo_array

    file = BytesIO()
    mmwrite(file, coo_array((values, ends), shape=shape), symmetry="general")
    return file.getvalue().split(b"\n", 3)[3]  # below the banner, a comment and the size
