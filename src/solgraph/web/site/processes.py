"""Many small tasks in all processors of this machine: in processes that begin as copies of this one."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from ctypes import CDLL
from multiprocessing import get_context
from typing import Any, TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")
#: Of fewer tasks a copy of this process is not worth its time.
_FEWEST, _AT_ONCE = 300, 12
_PR_SET_PDEATHSIG = 1

_work: Callable[[Any], Any] | None = None


@contextmanager
def in_processes(
    work: Callable[[Sequence[Task]], list[Done]], tasks: int
) -> Iterator[Callable[[Sequence[Task]], Iterator[Done]]]:
    """Give a function that does tasks, in their order; for few, or where processes cannot be copied, right here."""
    global _work  # noqa: PLW0603  (what a copy of this process begins with)
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if tasks < _FEWEST or processors < 2:
        yield lambda batch: iter(work(batch))
        return
    _work = work
    gc.collect()
    gc.freeze()  # so that copies share what is there
    with get_context("fork").Pool(processors, _begin) as pool:
        yield lambda batch: (done for part in pool.imap(_do, _parts(batch)) for done in part)
    gc.unfreeze()


def _parts(batch: Sequence[Task]) -> Iterator[Sequence[Task]]:
    return (batch[start : start + _AT_ONCE] for start in range(0, len(batch), _AT_ONCE))


def _begin() -> None:
    """In a copy: the process that began it decides when it ends, and takes it along where it ends itself."""
    CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _do(part: Sequence[Any]) -> Any:
    assert _work is not None
    return _work(part)
