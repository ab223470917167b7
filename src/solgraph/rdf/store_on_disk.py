"""A store on disk, made once from the files and opened in a moment: for data that take long to read.

A folder holds ``manifest.txt`` (which store it is, made of which files, by which engine) and the store itself, in a
folder that is named by the content of the files. Beside the store lies an index of names, so that a thing is found by
its name without reading all names. Modules that only the making of a store needs are imported there: to open one
takes less time than to import them.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store, serialize

from solgraph.errors import DataError, WrongUse
from solgraph.rdf.atomic_files import is_running, write_whole
from solgraph.rdf.namespaces import FURTHER_NAMES, NAMING, RDF_TYPE, SG, slug
from solgraph.rdf.store import ENDINGS, File, quads
from solgraph.rdf.terms import fold
from solgraph.resources import cache_folder

Result = TypeVar("Result")

_ENGINE = f"pyoxigraph {pyoxigraph.__version__}, layout 2"
_TRIPLES, _NAMES = "triples", "names.sqlite"
#: How many names on either side of a wrong name are compared with it, and how many of the nearest are given.
_BESIDE, _NEAR = 5_000, 300
#: The engine opens as many tables of a store at once, and further ones only when a query needs them.
_OPENED_AT_ONCE = 16


class Manifest(NamedTuple):
    """Which store is current, and the state of everything that it depends on when it was made."""

    store: str = ""
    engine: str = ""
    tables: str = ""
    stamp: str = ""


def cached(paths: Sequence[Path], files: Callable[[], list[File]]) -> "Prepared | None":
    """The store of these files in the user's cache folder; None when it cannot be made there."""
    try:
        prepared = Prepared(cache_folder() / "shipped", paths, files)
        prepared.current  # noqa: B018  (made, if need be)
    except (WrongUse, OSError, RuntimeError):
        return None
    return prepared


class Prepared:
    """The store of a folder, made or made again when the files, or the engine, differ from those it was made with."""

    def __init__(self, folder: Path, paths: Sequence[Path], files: Callable[[], list[File]]) -> None:
        """``paths`` are the files and folders that are read; ``files`` lists them with their graphs, if need be."""
        self.folder, self.paths, self.files = folder, paths, files

    @cached_property
    def current(self) -> Path:
        """The folder of the store for the files as they are; made first when it is not there or out of date."""
        self._refuse_other_folders()
        stamp, manifest = _stamp(self.paths), self._read()
        if not self._has_a_store(manifest) or manifest.stamp != stamp:
            manifest = self._renewed(manifest, stamp)
        return self.folder / manifest.store

    def opens_files_later(self) -> bool:
        """Whether the store has so many tables that some are opened only while a query runs."""
        return _number_of_tables(self.current) > _OPENED_AT_ONCE

    def store(self) -> Store:
        """The store, opened for reading only; a damaged one is made again."""
        return self._mended(lambda: Store.read_only(str(self.current / _TRIPLES)))

    def _mended(self, read: Callable[[], Result]) -> Result:
        """What is read from the store, if need be after it was made again. Raises :class:`DataError`."""
        damages = (OSError, RuntimeError, sqlite3.Error)
        try:
            return read()
        except damages:
            _remove(self.current)
            del self.current
        try:
            return read()
        except damages as error:
            hint = f"Remove the folder {self.folder}; it is made again."
            what = f"the prepared store cannot be opened: {error}."
            raise DataError(what, where=str(self.folder), hint=hint) from error

    def called(self, name: str) -> list[str]:
        """The IRIs of what is called so, in any language, or has this slug."""
        return [iri for _, iri in self._names("SELECT name, iri FROM names WHERE name = ? ORDER BY iri", fold(name))]

    def near(self, name: str) -> list[str]:
        """The IRIs of what is called nearly so, among its neighbours in the alphabet, or has it in a name."""
        from difflib import get_close_matches

        iris: dict[str, list[str]] = {}
        for sign, order in (("<", "DESC"), (">=", "ASC")):
            query = f"SELECT name, iri FROM names WHERE name {sign} ? ORDER BY name {order} LIMIT {_BESIDE}"
            for neighbour, iri in self._names(query, fold(name)):
                iris.setdefault(neighbour, []).append(iri)
        close = get_close_matches(fold(name), iris, n=_NEAR)
        holding = f"SELECT name, iri FROM names WHERE instr(name, ?) ORDER BY length(name), name LIMIT {_NEAR}"
        held = [iri for _, iri in self._names(holding, fold(name))]
        return list(dict.fromkeys([*(iri for neighbour in close for iri in iris[neighbour]), *held]))

    def _names(self, query: str, name: str) -> list[tuple[str, str]]:
        def rows() -> list[tuple[str, str]]:
            index = f"{(self.current / _NAMES).resolve().as_uri()}?mode=ro"
            with contextlib.closing(sqlite3.connect(index, uri=True)) as names:
                return names.execute(query, [name]).fetchall()

        return self._mended(rows)

    def _refuse_other_folders(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise WrongUse(f"{self.folder} is a file.", hint="Give a folder for the prepared store.")
        mine = self._manifest.exists() or not self.folder.exists()
        if not mine and any(not path.name.startswith("store-") for path in self.folder.iterdir()):
            raise WrongUse(f"{self.folder} holds other things.", hint="Give a new folder for the prepared store.")

    @property
    def _manifest(self) -> Path:
        return self.folder / "manifest.txt"

    def _read(self) -> Manifest:
        try:
            manifest = Manifest(*self._manifest.read_text(encoding="utf-8").split("\n", 3))
        except (OSError, ValueError, TypeError):
            return Manifest()
        return manifest if manifest.store.startswith("store-") and "/" not in manifest.store else Manifest()

    def _has_a_store(self, manifest: Manifest) -> bool:
        """Whether the store of the manifest is there, and its tables are as they were when it was made."""
        store = self.folder / manifest.store
        return manifest.engine == _ENGINE and store.is_dir() and manifest.tables == _tables(store)

    def _renewed(self, manifest: Manifest, stamp: str) -> Manifest:
        """The manifest for these files: files that only look newer keep their store, changed files get a new one."""
        files = self.files()
        key = _key(files)
        if not self._has_a_store(manifest) or manifest.store != key:
            if manifest.store == key:  # damaged
                _remove(self.folder / key)
            self._make(key, files, manifest.store)
        manifest = Manifest(key, _ENGINE, _tables(self.folder / key), stamp)
        with contextlib.suppress(WrongUse):  # a folder that may only be read serves as well
            write_whole(self._manifest, "\n".join(manifest).encode())
            self._clear(key)
        return manifest

    def _make(self, key: str, files: Sequence[File], older: str) -> None:
        """Make the store beside and rename it, so that a run that is stopped leaves no half of a store."""
        beside = self.folder / f"store-being-made-{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._clear(older)
            _fill(beside, files)
            with contextlib.suppress(OSError):  # another run was faster
                beside.rename(self.folder / key)
        except OSError as error:
            reason = error.strerror or error
            what = f"the prepared store cannot be made in {self.folder}: {reason}."
            raise WrongUse(what, hint="Give another folder.") from error
        finally:
            _remove(beside)

    def _clear(self, current: str) -> None:
        """Remove older stores, and what a run left that was stopped while it made a store."""
        for path in self.folder.glob("store-*"):
            pid = path.name.removeprefix("store-being-made-")
            if path.name != current and not (pid.isdigit() and int(pid) != os.getpid() and is_running(int(pid))):
                _remove(path)


@lru_cache(maxsize=8)  # every query asks for it, and a store that was made does not change
def _number_of_tables(store: Path) -> int:
    return len(list(store.rglob("*.sst")))


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _stamp(paths: Sequence[Path]) -> str:
    """The names, sizes and times of change of all files below the paths; nothing of them is read."""
    return "".join(line for path in paths for line in _below(os.path.realpath(path)))


def _below(path: str) -> Iterator[str]:
    try:
        if not os.path.isdir(path):  # noqa: PTH112  (pathlib is ten times slower for twenty thousand files)
            yield _changing_with(path, os.stat(path))  # noqa: PTH116
            return
        files, folders = [], []
        for entry in os.scandir(path):
            if entry.is_dir():
                folders.append(entry.path)
            elif entry.name.endswith(ENDINGS):
                files.append(_changing_with(entry.name, entry.stat()))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read: {error.strerror}.") from error
    yield f"{path}\n{''.join(sorted(files))}"
    for folder in sorted(folders):
        yield from _below(folder)


def _changing_with(name: str, status: os.stat_result) -> str:
    """A line that changes with the file, also where an installer gives every version the same time."""
    return f"{name}|{status.st_size}|{status.st_mtime_ns}|{status.st_ctime_ns}\n"


def _tables(store: Path) -> str:
    """The names, sizes and times of change of a store's tables: an open reads only parts of them."""
    tables = ((path.name, path.stat()) for path in sorted((store / _TRIPLES).glob("*.sst")))
    return " ".join(f"{name}|{status.st_size}|{status.st_mtime_ns}" for name, status in tables)


def _key(files: Sequence[File]) -> str:
    """A name for the content of the files and the graphs into which they go."""
    from hashlib import file_digest, sha256

    every = sha256(_ENGINE.encode())
    for file in files:
        with file.path.open("rb") as content:
            every.update(f"{file.graph} {file_digest(content, 'sha256').hexdigest()}\n".encode())
    return f"store-{every.hexdigest()[:24]}"


def _fill(folder: Path, files: Sequence[File]) -> None:
    """One bulk load of everything: a load for each of many files would sort the whole store as often."""
    folder.mkdir()
    dump = folder / "all.nq"
    with dump.open("wb") as out:
        for file in files:
            serialize(quads(file), out, RdfFormat.N_QUADS)
    store = Store(str(folder / _TRIPLES))
    store.bulk_load(path=str(dump), format=RdfFormat.N_QUADS)
    dump.unlink()
    store.flush()
    _index_names(store, folder / _NAMES)


def _index_names(store: Store, index: Path) -> None:
    with contextlib.closing(sqlite3.connect(index)) as names:
        names.execute("CREATE TABLE names (name TEXT, iri TEXT, PRIMARY KEY (name, iri)) WITHOUT ROWID")
        names.executemany("INSERT OR IGNORE INTO names VALUES (?, ?)", _called(store))
        names.commit()


def _called(store: Store) -> Iterator[tuple[str, str]]:
    """Folded names and slugs of all things, each with its IRI; none of what no source names."""
    unnamed = {quad[0] for quad in store.quads_for_pattern(None, NamedNode(SG + "unnamed"), None, DefaultGraph())}
    for predicate in (RDF_TYPE, *NAMING, *FURTHER_NAMES):
        for thing, _, name, _ in store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph()):
            if isinstance(thing, NamedNode) and thing not in unnamed:
                yield fold(name.value if isinstance(name, Literal) else slug(thing.value)), thing.value
                yield fold(slug(thing.value)), thing.value
