"""The program: begins to load the shipped data while the command line is still being imported."""

from solgraph.knowledge import Knowledge


def main() -> None:
    """Run the command line."""
    Knowledge.load_ahead()
    from solgraph.cli import main as command_line

    command_line(prog_name="solgraph")


if __name__ == "__main__":
    main()
