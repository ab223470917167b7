"""The program."""

import gc
import os
import sys

# What is imported stays, and looking through it for garbage would take a tenth of the time of a saved query.
gc.disable()

from solgraph.cli.main import main as command_line  # noqa: E402

gc.freeze()
gc.enable()


def main() -> None:
    """Run the command line."""
    try:
        command_line(prog_name="solgraph")
    except SystemExit as done:
        _leave(done.code if isinstance(done.code, int) else 0)


def _leave(code: int) -> None:
    """End at once: taking a store apart, piece by piece, takes longer than answering from it."""
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        code = code or 1
    os._exit(code)


if __name__ == "__main__":
    main()
