"""The folder of a site: changed files are written, files of an earlier site removed, other files left alone."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from solgraph.errors import WrongUse
from solgraph.rdf.atomic_files import write_all

MANIFEST = ".solgraph-site"
_HINT = "Give a folder that is new, empty or holds an earlier site."


def earlier_files(out: Path) -> set[str]:
    """The names of the files of an earlier site; hidden files such as .git may lie there besides.

    Raises :class:`WrongUse` when the folder holds something else.
    """
    if not out.exists():
        return set()
    if not out.is_dir():
        raise WrongUse(f"{out} is a file.", hint=_HINT)
    if (out / MANIFEST).is_file():
        return set(filter(None, (out / MANIFEST).read_text(encoding="utf-8").split("\n")))
    if any(not path.name.startswith(".") for path in out.iterdir()):
        raise WrongUse(f"{out} holds other files.", hint=_HINT)
    return set()


def put(out: Path, files: Mapping[str, bytes], earlier: set[str]) -> tuple[int, int]:
    """Write what has changed and remove what is no longer made; how many files that were.

    The manifest names all files of both sites before the first is written, so that nothing of ours is ever forgotten.
    """
    foreign = [name for name in files if name not in earlier and (out / name).exists()]
    if foreign:
        raise WrongUse(f"{out / foreign[0]} is not of an earlier site.", hint="Move it, or choose another folder.")
    changed = {out / name: body for name, body in files.items() if not _holds(out / name, body)}
    out.mkdir(parents=True, exist_ok=True)
    _list(out, earlier | set(files))
    for folder in {path.parent for path in changed}:
        folder.mkdir(parents=True, exist_ok=True)
    write_all(changed)
    removed = sum(_remove(out, name) for name in earlier - set(files))
    _list(out, set(files))
    return len(changed), removed


def _holds(path: Path, body: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body


def _list(out: Path, names: set[str]) -> None:
    text = "".join(f"{name}\n" for name in sorted(names)).encode()
    if not _holds(out / MANIFEST, text):
        write_all({out / MANIFEST: text})


def _remove(out: Path, name: str) -> bool:
    """Remove a file of an earlier site, and the folders that are empty without it; never anything outside."""
    path = out / name
    inside = path.parent.resolve().is_relative_to(out.resolve()) and not {"..", ""} & set(name.split("/"))
    if not inside or not path.is_file():
        return False
    path.unlink()
    for folder in path.parents[: len(PurePosixPath(name).parents) - 1]:
        if any(folder.iterdir()):
            break
        folder.rmdir()
    return True
