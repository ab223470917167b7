"""UCINET's DL: a list of the cells of a matrix, from node to node or from the first mode to the second."""

import re
from collections.abc import Iterator

from solgraph.networks.files.plain_network import PlainNetwork, clean, distinct, text

#: What ends a label, or begins a part of the file.
_NOT_IN_LABELS = re.compile(r'[\s,;:="]+')


def dl(network: PlainNetwork) -> Iterator[str]:
    """A number for each pair of nodes: UCINET's networks are matrices, so that parallel edges are added up.

    A tie without direction has both its cells. Blanks in labels become ``_``, as not all programs know quotation marks.
    """
    modes = {key: bool(node.get("bipartite")) and network.is_two_mode for key, node in network.nodes()}
    sides = [[key for key, is_second in modes.items() if is_second is side] for side in (False, True)]
    numbers = {key: number for side in sides for number, key in enumerate(side, 1)}
    labels = {key: _label(label) or _label(key) for key, label in network.labels().items()}
    labels = {key: _label(label) for key, label in distinct(labels).items()}
    yield from _head(sides, labels)
    yield "data:\n"
    for start, end, weight in network.weights():
        first, second = (end, start) if modes[start] and not modes[end] else (start, end)
        yield f"{numbers[first]} {numbers[second]} {text(weight)}\n"
        if not network.directed and start != end and not network.is_two_mode:
            yield f"{numbers[end]} {numbers[start]} {text(weight)}\n"


def _head(sides: list[list[str]], labels: dict[str, str]) -> Iterator[str]:
    rows, columns = sides
    yield f"dl nr={len(rows)} nc={len(columns)}\n" if columns else f"dl n={len(rows)}\n"
    yield "format = edgelist2\n" if columns else "format = edgelist1\n"
    titles = ("row labels:\n", "column labels:\n") if columns else ("labels:\n",)
    for title, side in zip(titles, sides, strict=False):
        yield title
        yield from (f"{labels[key]}\n" for key in side)


def _label(text: str) -> str:
    return _NOT_IN_LABELS.sub("_", clean(text).strip())
