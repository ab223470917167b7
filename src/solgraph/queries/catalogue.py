"""The catalogue: folders of saved queries, and one of them by its name."""

import os
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from textwrap import fill

from solgraph.errors import DataError, WrongUse, did_you_mean
from solgraph.notebooks import code, details, framed, table
from solgraph.queries.header import header
from solgraph.queries.saved_query import SavedQuery
from solgraph.resources import display

#: A longer one can be no file.
_LONGEST_NAME = 200


class SavedQueries(list[SavedQuery]):
    """A list of saved queries that is short to look at: their names by subject, which is the first tag."""

    def by_subject(self) -> dict[str, list[SavedQuery]]:
        """Subject → its queries."""
        subjects: dict[str, list[SavedQuery]] = {}
        for query in self:
            subjects.setdefault(next(iter(query.tags), "other"), []).append(query)
        return dict(sorted(subjects.items()))

    def __repr__(self) -> str:
        return self.shown(str)

    def shown(self, name: Callable[[str], str]) -> str:
        """The names by subject as a function writes them."""
        names = (
            f"{subject}: {', '.join(name(query.name) for query in group)}"
            for subject, group in self.by_subject().items()
        )
        lines = (fill(text, 80, subsequent_indent="    ", break_on_hyphens=False) for text in names)
        return "\n".join([f"{len(self)} saved quer{'y' if len(self) == 1 else 'ies'}", *lines])

    def _repr_html_(self) -> str:
        return framed(*(
            details(f"{escape(subject)} ({len(group)})", table(("query", "answers", "parameters"), map(_cells, group)))
            for subject, group in self.by_subject().items()
        ))  # fmt: skip


def _cells(query: SavedQuery) -> list[str]:
    required = [code(param.name) for param in query.params.values() if param.required]
    further = [f"[{code(param.name)}]" for param in query.params.values() if not param.required]
    return [code(query.name), escape(query.summary), " ".join([*required, *further])]


def catalogue(folders: Path | Sequence[Path]) -> SavedQueries:
    """The saved queries of one or several folders, by name."""
    return SavedQueries(read(path) for path in paths(folders).values())


def views(folders: Path | Sequence[Path]) -> SavedQueries:
    """The saved queries that are network views: those to which the header gives a ``place`` first, then by name."""
    networks = [(saved.network, saved) for saved in catalogue(folders) if saved.network]
    return SavedQueries(saved for _, saved in sorted(networks, key=lambda pair: int(pair[0].get("place", 999))))


def find(name: str, folders: Path | Sequence[Path]) -> SavedQuery:
    """The saved query of that name. Raises :class:`WrongUse` with the nearest names."""
    for folder in [folders] if isinstance(folders, Path) else folders:
        file = folder / f"{name}.rq"
        if file.parent == folder and len(name) <= _LONGEST_NAME and file.is_file():
            return read(file)
    files = paths(folders)
    if name not in files:
        hint = did_you_mean(name, files) or "See them all: kg.queries()"
        raise WrongUse(f"There is no saved query '{name}'.", hint=hint)
    return read(files[name])


def paths(folders: Path | Sequence[Path]) -> dict[str, Path]:
    """Name → file of the saved queries of folders, by name; an earlier folder wins.

    Raises :class:`DataError` when a folder holds none.
    """
    files: dict[str, Path] = {}
    for folder in [folders] if isinstance(folders, Path) else folders:
        inside = {path.stem: path for path in folder.glob("*.rq")}
        if not inside:
            raise DataError(f"{display(folder)} holds no saved query (.rq).")
        files = inside | files
    return dict(sorted(files.items()))


def state(folders: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of the files in folders: equal as long as no saved query was edited."""
    files = ((file.path, file.stat()) for folder in folders for file in os.scandir(folder))
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in files)


def read(path: Path) -> SavedQuery:
    """Read one saved query, once as long as its file stays the same.

    Raises :class:`DataError` with file and line for a broken header.
    """
    try:
        stat = path.stat()
        return _read(path, (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror}.", where=display(path)) from error


@lru_cache(maxsize=512)
def _read(path: Path, _: tuple[int, ...]) -> SavedQuery:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DataError("the file is not UTF-8.", where=f"{display(path)}:{line}", hint="Save it as UTF-8.") from error
    return SavedQuery(path, text, header(path, text))
