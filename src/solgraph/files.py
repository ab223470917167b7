"""Writing files whole or not at all."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from solgraph.errors import WrongUse


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the file and rename, so that a reader sees the old file or the new one and never a part.

    A path that is no regular file (``/dev/stdout``, a pipe) is written to directly.
    Raises :class:`WrongUse` when the path is a folder or cannot be written.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all of them or none; as :func:`write_whole` does."""
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            with _told(path):
                if path.exists() and not path.is_file():
                    path.write_bytes(content)
                else:
                    written.append((_new_beside(path.resolve()), path.resolve()))
                    written[-1][0].write_bytes(content)
        for beside, path in written:
            with _told(path):
                if path.exists():
                    beside.chmod(path.stat().st_mode)
                beside.replace(path)
    finally:
        for beside, _ in written:
            with contextlib.suppress(OSError):
                beside.unlink()


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a folder, which is made when it is not there; all of them or none."""
    with _told(folder / "…"):
        folder.mkdir(parents=True, exist_ok=True)
    write_all({folder / name: text.encode() for name, text in texts.items()})


def _new_beside(path: Path) -> Path:
    """An empty file of our own beside the path, under a name that nobody can guess."""
    from secrets import token_hex

    beside = path.with_name(f".{token_hex(8)}.part")
    beside.touch(exist_ok=False)
    return beside


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        if path.is_dir():
            raise WrongUse(f"{path} is a folder.", hint="Give the name of a file to write.")
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WrongUse(f"{path} cannot be written: {reason}.", hint="Choose another file or folder.") from error
