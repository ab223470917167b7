"""The program."""

import gc

# What is imported stays: to search it for garbage, again and again, would take a seventh of the time of a saved query.
gc.disable()

from solgraph.cli.main import main as command_line  # noqa: E402

gc.freeze()
gc.enable()


def main() -> None:
    """Run the command line."""
    command_line(prog_name="solgraph")


if __name__ == "__main__":
    main()
