"""A jail for queries: no new descriptors for sockets or files, and on Linux no calls of the kernel for them.

Closed descriptors are portable and enough for SERVICE; the seccomp filter is a second lock. Where the kernel or the
machine has no such filter, it is silently absent.
"""

import ctypes
import errno
import platform
import resource
import struct

_DENIED = {
    # socket, connect, bind, socketpair, execve, execveat, ptrace, io_uring_setup, open_by_handle_at,
    # and open, creat, openat, openat2
    "x86_64": (0xC000003E, (41, 42, 49, 53, 59, 322, 101, 425, 304), (2, 85, 257, 437)),
    "aarch64": (0xC00000B7, (198, 203, 200, 199, 221, 281, 117, 425, 265), (56, 437)),
}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NO_NEW_PRIVS, _SECCOMP, _FILTER = 38, 22, 2


def lock(*, files: bool = False) -> None:
    """Lock this process in for good: no sockets, no programs and, unless ``files`` are needed, no files."""
    machine = _DENIED.get(platform.machine())
    if platform.system() == "Linux" and machine:
        architecture, always, opening = machine
        _filter(architecture, always if files else always + opening)
    if not files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _filter(architecture: int, denied: tuple[int, ...]) -> None:
    """Have the kernel refuse some calls with EPERM, in this process and what it forks."""
    refuse = len(denied) + 1  # instructions from the first test to the refusal
    program = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, refuse + 1, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, refuse - 1, 0, 1 << 30),
    ]
    program += [(_EQUAL, len(denied) - place, 0, call) for place, call in enumerate(denied)]
    program += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in program))
    described = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        libc.prctl(_SECCOMP, _FILTER, ctypes.c_void_p(ctypes.addressof(described)), 0, 0)
