"""Where the index of a state of the data is: in memory, or beside the prepared store, made again when it is stale."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from solgraph.errors import WrongUse
from solgraph.graph.search.cards import cards
from solgraph.graph.search.index import Index
from solgraph.graph.snapshot import Snapshot
from solgraph.queries.catalogue import state
from solgraph.queries.header import checksum
from solgraph.rdf.atomic_files import write_whole

#: Files for as many sets of saved queries are kept beside one store.
_MOST_KEPT = 3
Derived = TypeVar("Derived")


def index_of(snapshot: Snapshot) -> Index:
    """The index of a state of the data and its saved queries."""
    form = Form("search", "sqlite", Index.in_file, Index.serialized)
    return snapshot.cached("search", lambda: stored(snapshot, form, lambda: Index.of(cards(snapshot))))


class Form(NamedTuple, Generic[Derived]):
    """How something is kept: the name and ending of its file, and how that is read and written."""

    name: str
    ending: str
    read: Callable[[Path], Derived]
    serialized: Callable[[Derived], bytes]


def stored(snapshot: Snapshot, form: Form[Derived], make: Callable[[], Derived]) -> Derived:
    """What is derived from a state of the data and its saved queries: made, or read from a file of an earlier run.

    Beside a prepared store it lies in a file whose name changes with the saved queries and with this program; that of
    the folder changes with the data.
    """
    if not snapshot.prepared:
        return make()
    program = [part for folder in _PROGRAM for part in state([folder]) if part[0].endswith((".py", ".json"))]
    changing = checksum(repr([state(snapshot.queries), program]))
    path = snapshot.prepared.current / f"{form.name}-{changing}.{form.ending}"
    with contextlib.suppress(sqlite3.Error, OSError, ValueError):  # not there, or damaged
        return form.read(path)
    made = make()
    with contextlib.suppress(WrongUse, OSError):  # a folder that may only be read
        write_whole(path, form.serialized(made))
        older = sorted(path.parent.glob(f"{form.name}-*.{form.ending}"), key=lambda file: file.stat().st_mtime_ns)
        for file in older[:-_MOST_KEPT]:
            file.unlink()
    return made


_PROGRAM = (Path(__file__).parent, Path(__file__).parents[1] / "ask")
