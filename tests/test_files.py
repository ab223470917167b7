"""Files are written whole or not at all."""

import contextlib
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from solgraph.errors import WrongUse
from solgraph.rdf.atomic_files import write_all, write_whole

NOBODY = 65534


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder that holds a file, and in which this process may not write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "old.csv").write_text("old")
        folder.chmod(0o555)
        with nobody():
            yield folder
        folder.chmod(0o755)


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Without the rights of root, which may write anywhere."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file may grow beyond 20 MB: more than the log of the tests will ever be."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "new.csv", b"a\r\n\x00\xff")
    assert (tmp_path / "new.csv").read_bytes() == b"a\r\n\x00\xff"
    assert names(tmp_path) == ["new.csv"]


def test_an_existing_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("something longer than the new")
    write_whole(tmp_path / "old.csv", b"new")
    assert (tmp_path / "old.csv").read_bytes() == b"new"
    assert names(tmp_path) == ["old.csv"]


def test_nothing_may_be_written_too(tmp_path: Path) -> None:
    write_whole(tmp_path / "empty.csv", b"")
    assert (tmp_path / "empty.csv").read_bytes() == b""


def test_a_reader_of_the_old_file_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("old")
    with (tmp_path / "old.csv").open() as reader:
        write_whole(tmp_path / "old.csv", b"new")
        assert reader.read() == "old"


def test_a_path_without_folder_is_written_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_whole(Path("new.csv"), b"new")
    assert names(tmp_path) == ["new.csv"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_the_mode_of_a_file_is_kept(mode: int, tmp_path: Path) -> None:
    (tmp_path / "old.csv").touch()
    (tmp_path / "old.csv").chmod(mode)
    write_whole(tmp_path / "old.csv", b"new")
    assert stat.S_IMODE((tmp_path / "old.csv").stat().st_mode) == mode


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_gets_the_mode_that_the_user_wants(umask: int, mode: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "new.csv", b"new")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.csv").stat().st_mode) == mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "old.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real" / "old.csv")
    write_whole(tmp_path / "link.csv", b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real" / "old.csv").read_bytes() == b"new"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"is a folder\.\nGive the name of a file to write\."):
        write_whole(tmp_path, b"new")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"new\.csv cannot be written: No such file or directory\.\nChoose another"):
        write_whole(tmp_path / "missing" / "new.csv", b"new")
    assert names(tmp_path) == []


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongUse, match="cannot be written: Not a directory"):
        write_whole(tmp_path / "file" / "new.csv", b"new")


def test_a_folder_without_the_right_to_write_is_refused(locked: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be written: Permission denied"):
        write_whole(locked / "new.csv", b"new")
    assert names(locked) == ["old.csv"]


def test_a_file_in_a_folder_without_the_right_to_write_keeps_its_content(locked: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be written: Permission denied"):
        write_whole(locked / "old.csv", b"new")
    assert (locked / "old.csv").read_text() == "old"


def test_a_folder_without_the_right_to_look_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o000)
    try:
        with nobody(), pytest.raises(WrongUse, match="cannot be written: Permission denied"):
            write_whole(tmp_path / "new.csv", b"new")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_leaves_the_old_file_as_it_was(tmp_path: Path, full_disk: None) -> None:
    (tmp_path / "old.csv").write_text("old")
    with pytest.raises(WrongUse, match="cannot be written: File too large"):
        write_whole(tmp_path / "old.csv", b"x" * 20_000_001)
    assert (tmp_path / "old.csv").read_text() == "old"


def test_a_full_disk_leaves_no_part_behind(tmp_path: Path, full_disk: None) -> None:
    with pytest.raises(WrongUse):
        write_whole(tmp_path / "new.csv", b"x" * 20_000_001)
    assert names(tmp_path) == []


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be written: File name too long"):
        write_whole(tmp_path / ("x" * 300), b"new")


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("x" * 255), b"new")
    assert names(tmp_path) == ["x" * 255]


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_whole(Path("/dev/null"), b"new")
    assert Path("/dev/null").is_char_device()


def test_a_full_device_is_an_error_of_one_sentence() -> None:
    with pytest.raises(WrongUse, match="/dev/full cannot be written: No space left on device"):
        write_whole(Path("/dev/full"), b"new")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"new")
    reader.join()
    assert read == [b"new"]
    assert pipe.is_fifo()


def test_a_file_of_somebody_else_beside_it_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f".new.csv.{os.getpid()}"
    other.write_text("mine")
    write_whole(tmp_path / "new.csv", b"new")
    assert other.read_text() == "mine"


def test_two_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    contents = [bytes([letter]) * 200_000 for letter in b"abcdefgh"]
    failed: list[BaseException] = []

    def write(content: bytes) -> None:
        try:
            for _ in range(20):
                write_whole(tmp_path / "new.csv", content)
        except WrongUse as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    assert (tmp_path / "new.csv").read_bytes() in contents


def test_several_files_are_written_together(tmp_path: Path) -> None:
    write_all({tmp_path / "nodes.csv": b"nodes", tmp_path / "edges.csv": b"edges"})
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == {
        "edges.csv": b"edges",
        "nodes.csv": b"nodes",
    }


@pytest.mark.parametrize("wrong", ["missing/edges.csv", "folder"])
def test_none_of_several_files_is_written_when_one_cannot_be(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "nodes.csv").write_text("old")
    with pytest.raises(WrongUse):
        write_all({tmp_path / "nodes.csv": b"new", tmp_path / "new.csv": b"new", tmp_path / wrong: b"new"})
    assert (tmp_path / "nodes.csv").read_text() == "old"
    assert names(tmp_path) == ["folder", "nodes.csv"]


def test_several_files_of_long_names_do_not_get_mixed_up(tmp_path: Path) -> None:
    long = "x" * 120
    write_all({tmp_path / f"{long}.nodes.csv": b"nodes", tmp_path / f"{long}.edges.csv": b"edges"})
    assert (tmp_path / f"{long}.nodes.csv").read_bytes() == b"nodes"
    assert (tmp_path / f"{long}.edges.csv").read_bytes() == b"edges"


SLOW = """
import sys, time, threading
from pathlib import Path
from solgraph.cli.options import interruptible
from solgraph.rdf.atomic_files import write_all

def slow():
    yield b"first"
    print("writing", flush=True)
    time.sleep(60)

write = lambda: write_all({Path(sys.argv[1]) / "old.csv": slow()})
interruptible(write) if sys.argv[2:] else write()
"""


def killed(folder: Path, number: signal.Signals, *thread: str) -> int:
    process = subprocess.Popen([sys.executable, "-c", SLOW, str(folder), *thread], stdout=subprocess.PIPE, stderr=-3)
    assert process.stdout
    assert process.stdout.readline() == b"writing\n"
    process.send_signal(number)
    process.stdout.close()
    return process.wait(60)


@pytest.mark.parametrize("thread", [(), ("thread",)], ids=["main", "thread"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_that_is_ended_leaves_no_part(
    number: signal.Signals, thread: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "old.csv").write_text("old")
    assert killed(tmp_path, number, *thread) != 0
    assert names(tmp_path) == ["old.csv"]
    assert (tmp_path / "old.csv").read_text() == "old"


def test_what_a_killed_process_left_is_removed_by_the_next_write(tmp_path: Path) -> None:
    killed(tmp_path, signal.SIGKILL)
    (left,) = tmp_path.iterdir()
    mine = left.with_name(left.name.replace(left.name.split("-")[-2], str(os.getpid())))
    mine.touch()
    (tmp_path / ".download-1-2.part").touch()
    write_whole(tmp_path / "new.csv", b"new")
    assert names(tmp_path) == sorted([".download-1-2.part", mine.name, "new.csv"])
