"""Writing files whole or not at all."""

import os
from pathlib import Path

from solgraph.errors import WrongUse


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the file and rename, so that a reader sees the old file or the new one and never a part.

    A path that is no regular file (``/dev/stdout``, a pipe) is written to directly.
    Raises :class:`WrongUse` when the path is a folder or cannot be written.
    """
    if path.is_dir():
        raise WrongUse(f"{path} is a folder.", hint="Give the name of a file to write.")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WrongUse(f"{path} cannot be written: {reason}.", hint="Choose another file or folder.") from error


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        if path.exists():
            beside.chmod(path.stat().st_mode)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
