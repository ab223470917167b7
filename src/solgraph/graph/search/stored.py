"""Where the index of a state of the data is: in memory, or beside the prepared store, made again when it is stale."""

import contextlib
import sqlite3
from hashlib import sha256
from pathlib import Path

from solgraph.errors import WrongUse
from solgraph.graph.search.cards import cards
from solgraph.graph.search.index import Index
from solgraph.graph.snapshot import Snapshot
from solgraph.queries.catalogue import state
from solgraph.rdf.atomic_files import write_whole

#: Indexes for as many sets of saved queries are kept beside one store.
_MOST_KEPT = 3


def index_of(snapshot: Snapshot) -> Index:
    """The index of a state of the data and its saved queries.

    Beside a prepared store it lies in a file whose name changes with the saved queries and with this program; that of
    the folder changes with the data.
    """
    return snapshot.cached("search", lambda: _kept(snapshot) if snapshot.prepared else Index.of(cards(snapshot)))


def _kept(snapshot: Snapshot) -> Index:
    assert snapshot.prepared
    program = [part for part in state([Path(__file__).parent]) if part[0].endswith(".py")]
    digest = sha256(repr([state(snapshot.queries), program]).encode()).hexdigest()[:24]
    path = snapshot.prepared.current / f"search-{digest}.sqlite"
    with contextlib.suppress(sqlite3.Error):  # not there, or damaged
        return Index.in_file(path)
    index = Index.of(cards(snapshot))
    with contextlib.suppress(WrongUse, OSError):  # a folder that may only be read
        write_whole(path, index.serialized())
        older = sorted(path.parent.glob("search-*.sqlite"), key=lambda file: file.stat().st_mtime_ns)
        for file in older[:-_MOST_KEPT]:
            file.unlink()
    return index
