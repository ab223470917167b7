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
from solgraph.resources import cache_folder

#: So many files of a form are kept: for sets of saved queries beside one store, or also for states of the data.
_MOST_KEPT = 3
Derived = TypeVar("Derived")


def index_of(snapshot: Snapshot) -> Index:
    """The index of a state of the data and its saved queries."""
    form = Form("search", "sqlite", Index.in_file, Index.serialized)
    return snapshot.cached("search", lambda: stored(snapshot, form, lambda: Index.of(cards(snapshot))))


class Form(NamedTuple, Generic[Derived]):
    """How something is kept: the name and ending of its file, how that is read and written, what of the data it holds.

    What holds no texts of the data is also kept for data that have no prepared store.
    """

    name: str
    ending: str
    read: Callable[[Path], Derived]
    serialized: Callable[[Derived], bytes]
    holds_texts: bool = True


def stored(snapshot: Snapshot, form: Form[Derived], make: Callable[[], Derived]) -> Derived:
    """What is derived from a state of the data and its saved queries: made, or read from a file of an earlier run."""
    path = _path(snapshot, form)
    if not path:
        return make()
    with contextlib.suppress(sqlite3.Error, OSError, ValueError):  # not there, or damaged
        return form.read(path)
    made = make()
    with contextlib.suppress(WrongUse, OSError):  # a folder that may only be read
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, form.serialized(made))
        older = sorted(path.parent.glob(f"{form.name}-*.{form.ending}"), key=lambda file: file.stat().st_mtime_ns)
        for file in older[:-_MOST_KEPT]:
            file.unlink()
    return made


def _path(snapshot: Snapshot, form: Form[Derived]) -> Path | None:
    """The file beside the prepared store, whose folder changes with the data, or in the user's cache folder, if any.

    Its name changes with the saved queries and with this program, and where the folder does not, with the data.
    """
    program = [part for folder in _PROGRAM for part in state([folder]) if part[0].endswith((".py", ".json"))]
    try:
        if snapshot.prepared:
            folder, version = snapshot.prepared.current, ""
        elif form.holds_texts:
            return None
        else:
            folder, version = cache_folder(), snapshot.version
    except (WrongUse, RuntimeError):  # data on a server, a user without a home
        return None
    changing = checksum(repr([state(snapshot.queries), program, version]))
    return folder / f"{form.name}-{changing}.{form.ending}"


_PROGRAM = (Path(__file__).parent, Path(__file__).parents[1] / "ask")
