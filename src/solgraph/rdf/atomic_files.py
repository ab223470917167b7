"""Writing files whole or not at all."""

import contextlib
import os
import re
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from solgraph.errors import WrongUse


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the file and rename, so that a reader sees the old file or the new one and never a part.

    A path that is no regular file (``/dev/stdout``, a pipe) is written to directly.
    Raises :class:`WrongUse` when the path is a folder or cannot be written.
    """
    write_all({path: content})


def write_all(contents: Mapping[Path, bytes | Iterable[bytes]]) -> None:
    """Write several files, all of them or none; as :func:`write_whole` does. Content may come in parts.

    Files that a killed process left half written in these folders are removed.
    """
    with contextlib.suppress(OSError):
        for folder in {path.resolve().parent for path in contents}:
            _remove(part for part in folder.glob(f".{_HOST}-*-*.part") if not is_running(_pid(part)))
    with leaving_no_parts():
        _write_all(contents)


def _write_all(contents: Mapping[Path, bytes | Iterable[bytes]]) -> None:
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            with _reporting_errors(path):
                if path.exists() and not path.is_file():
                    _pour(content, path)
                else:
                    written.append((_new_beside(path.resolve()), path.resolve()))
                    _pour(content, written[-1][0])
        for beside, path in written:
            with _reporting_errors(path):
                if path.exists():
                    beside.chmod(path.stat().st_mode)
                beside.replace(path)
    finally:
        _remove({beside for beside, _ in written})


def _pour(content: bytes | Iterable[bytes], path: Path) -> None:
    with path.open("wb") as file:
        file.writelines([content] if isinstance(content, bytes) else content)


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a folder, which is made when it is not there; all of them or none."""
    with _reporting_errors(folder / "…"):
        folder.mkdir(parents=True, exist_ok=True)
    write_all({folder / name: text.encode() for name, text in texts.items()})


#: The half-written files of this process.
_parts: set[Path] = set()
#: Names of parts begin with it, as processes of another machine may write to the same folder.
_HOST = re.sub(r"\W", "", "" if sys.platform == "win32" else os.uname().nodename, flags=re.ASCII)[:40]

_RUNS = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def spreadsheet_cell(text: str) -> str:
    """The text of a cell that a spreadsheet program takes for text and not for a formula: with an apostrophe before it.

    Where nothing could be run, numbers such as ``-3.7`` among it, nothing changes. :func:`plain_cell` takes it back.
    """
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def plain_cell(text: str) -> str:
    """The text of which :func:`spreadsheet_cell` made a cell."""
    return text[1:] if _QUOTED.match(text) else text


def _new_beside(path: Path) -> Path:
    """An empty file of our own beside the path, under a name that nobody can guess."""
    from secrets import token_hex

    beside = path.with_name(f".{_HOST}-{os.getpid()}-{token_hex(8)}.part")
    _parts.add(beside)
    beside.touch(exist_ok=False)
    return beside


def _pid(part: Path) -> int:
    """The process that writes a part; 0, the group of this one, for a file of another kind."""
    pid = part.name.split("-")[-2]
    return int(pid) if pid.isdigit() else 0


def _remove(parts: Iterable[Path]) -> None:
    for part in list(parts):
        _parts.discard(part)
        with contextlib.suppress(OSError):
            part.unlink()


def is_running(pid: int) -> bool:
    """Whether a process of this machine runs; on Windows, where asking would end it, always."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@contextlib.contextmanager
def _reporting_errors(path: Path) -> Iterator[None]:
    try:
        if path.is_dir():
            raise WrongUse(f"{path} is a folder.", hint="Give the name of a file to write.")
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WrongUse(f"{path} cannot be written: {reason}.", hint="Choose another file or folder.") from error


def _leave(number: int, _: object) -> None:
    """End at once: what a signal handler raises gets lost if it comes in a destructor."""
    _remove(_parts)
    os._exit(128 + number)


@contextlib.contextmanager
def leaving_no_parts() -> Iterator[None]:
    """Meanwhile Ctrl-C and SIGTERM end the program without half-written files, also of other threads."""
    in_main = threading.current_thread() is threading.main_thread()
    replaced = in_main and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if replaced:
        signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    except KeyboardInterrupt:
        _remove(_parts)
        raise
    finally:
        if replaced:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
