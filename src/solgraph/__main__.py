"""The program."""

import gc
import os
import sys

# What is imported stays, and looking through it for garbage would take a twentieth of the time of a saved query.
gc.disable()

from solgraph.cli.main import main as command_line  # noqa: E402

gc.freeze()
gc.enable()


def main() -> None:
    """Run the command line, and end at once.

    Python is not taken down: a thread that still asks the engine, after Ctrl-C or a time limit, would crash; and the
    store, piece by piece, would take a seventh of the time of a saved query.
    """
    try:
        command_line(prog_name="solgraph")
    except SystemExit as ended:
        _leave(ended.code if isinstance(ended.code, int) else 0)


def _leave(code: int) -> None:
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        code = code or 1
    os._exit(code)


if __name__ == "__main__":
    main()
