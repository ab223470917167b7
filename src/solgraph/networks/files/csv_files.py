"""Networks as a pair of CSV files for spreadsheets and Gephi."""

import csv
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING

from solgraph.networks.files.plain_network import Attributes, Kinds, PlainNetwork, Value, clean, file_names, text
from solgraph.networks.model.spells import presence, rule, spells_of
from solgraph.networks.model.years import AFTER, ALWAYS, BEFORE, DATES
from solgraph.rdf.atomic_files import spreadsheet_cell

if TYPE_CHECKING:
    from solgraph.networks.model.weights import Array, Block

_GEPHI = ("label", "weight")
csv_line: Callable[[Iterable[str]], str] = csv.writer(SimpleNamespace(write=str)).writerow  # gives what it writes


def nodes_csv(network: PlainNetwork) -> Iterator[str]:
    """One line per node under the names that Gephi expects; ``timeset`` is for its timeline."""
    return _csv(["Id"], network.node_kinds, (([key], node) for key, node in network.nodes()))


def edges_csv(network: PlainNetwork) -> Iterator[str] | Iterator[bytes]:
    """One line per edge under the names that Gephi expects; ``Kind`` keeps it from adding up parallel edges."""
    direction = "Directed" if network.directed else "Undirected"
    fields = ["Source", "Target", "Type", "Kind"][: 4 if network.multigraph else 3]
    if network.blocks:
        return _of_blocks(network, network.blocks(), fields)
    rows = (
        ([start, end, direction, str(nth) if nth > 1 else ""][: len(fields)], edge)
        for start, end, edge, nth in network.numbered_edges()
    )
    _, only_certain = rule(network.attributes)
    return _csv(fields, network.edge_kinds, rows, only_certain)


def _of_blocks(network: PlainNetwork, blocks: "Iterator[Block]", fields: list[str]) -> Iterator[bytes]:
    """The same of blocks: a key and a number that repeat become text once."""
    cells = [csv_line([csv_cell(key)]).rstrip("\r\n") for key, _ in network.nodes()]
    starts, ends = [f"{cell}," for cell in cells], [f"{cell},Undirected," for cell in cells]
    yield csv_line([*fields, "Weight", "shared", "newman"]).encode()
    for block in blocks:
        rows = zip(block.first.tolist(), block.second.tolist(), *map(_texts, block[2:]), strict=True)
        lines = [f"{starts[i]}{ends[j]}{weight},{shared},{newman}\r\n" for i, j, weight, shared, newman in rows]
        yield "".join(lines).encode("utf-8", "replace")


def _texts(values: "Array") -> list[str]:
    import numpy

    distinct, places = numpy.unique(values, return_inverse=True)
    texts = [text(value) for value in distinct.tolist()]
    return [texts[place] for place in places.tolist()]


def _csv(
    fields: list[str], kinds: Kinds, rows: Iterator[tuple[list[str], Attributes]], only_certain: bool = False
) -> Iterator[str]:
    timed = ["timeset"] if {"spells", *DATES} & set(kinds) else []
    legal = lambda name: name.capitalize() if name in _GEPHI else name  # noqa: E731
    titles = file_names(kinds, taken=[*fields, *timed], legal=legal)
    names = sorted(titles, key=_GEPHI.__contains__, reverse=True)
    yield csv_line(map(csv_cell, [*fields, *(titles[name] for name in names), *timed]))
    for values, attributes in rows:
        span = [_timeset(attributes, only_certain)] if timed else []
        yield csv_line(map(csv_cell, [*values, *(attributes.get(name, "") for name in names), *span]))


@lru_cache(maxsize=1 << 16, typed=True)
def csv_cell(value: Value) -> str:
    """A cell; truth values in capitals, as R reads them and spreadsheets write them.

    Text that a spreadsheet program would run is preceded by an apostrophe.
    """
    if isinstance(value, bool):
        return str(value).upper()
    return spreadsheet_cell(clean(value)) if isinstance(value, str) else text(value)


def _timeset(attributes: Attributes, only_certain: bool) -> str:
    """The years in which it is not excluded as Gephi reads intervals; an open end is infinite."""
    spans = presence(spells_of(attributes, only_certain=only_certain))
    limits = [
        f"[{'-Infinity' if start == BEFORE else start}, {'Infinity' if end == AFTER else end}]" for start, end in spans
    ]
    return f"<{'; '.join(limits)}>" if limits and spans != [ALWAYS] else ""
