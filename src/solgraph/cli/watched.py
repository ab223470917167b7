"""A progress bar with an estimate, on a terminal, while the edges of a large network are made and written."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import click

#: Seconds before the bar is shown: what is done sooner needs none.
PATIENCE = 1.5


class Watched:
    """A projection or its weights, whose edges move the bar as they are read.

    The bar is as long as there are pairs in the same thing. Edges are read twice, blocks once.
    """

    def __init__(self, network: Any, bars: ExitStack) -> None:
        self._network, self._bars = network, bars
        self._bar: Any = None
        self._done, self._shown, self._start = 0, 0, time.monotonic()
        pairs = sum(len(thing.nodes) * (len(thing.nodes) - 1) // 2 for thing in network.things.values())
        self._length = pairs * (1 if hasattr(network, "blocks") else 2)
        if hasattr(network, "blocks"):
            self.blocks = self._blocks

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def edges(self, data: bool = False) -> Iterator[Any]:
        """The edges one by one."""
        for edge in self._network.edges(data=True):
            self._advance(edge[2]["shared"])
            yield edge if data else edge[:2]

    def _blocks(self) -> Iterator[Any]:
        for block in self._network.blocks():
            yield block
            self._advance(int(block.shared.sum()))

    def _advance(self, pairs: int) -> None:
        self._done += pairs
        if self._done - self._shown < self._length // 500 or time.monotonic() - self._start < PATIENCE:
            return
        if self._bar is None:
            bar: Any = click.progressbar(length=self._length, label="Edges", file=sys.stderr)
            self._bar = self._bars.enter_context(bar)
        self._bar.update(self._done - self._shown)
        self._shown = self._done


def watched(network: Any, bars: ExitStack) -> Any:
    """The network, watched where its edges are made while they are written and someone looks on."""
    return Watched(network, bars) if hasattr(network, "things") and sys.stderr.isatty() else network
