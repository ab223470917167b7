"""Refresh what is derived from the data and the saved queries, and show what changed.

    python tools/accept.py

Derived are the RDF that the import makes of the tables in ``data/alliances/``, the expected answers in
``tests/expected/``, the outputs that README.md shows, the tables of docs/*.md and the session of docs/mcp.md.
Read the difference before you commit it: it must be what you meant.
"""

import os
import pty
import re
import shlex
import subprocess
import sys
import termios
from collections.abc import Iterator
from difflib import unified_diff
from importlib.util import find_spec
from pathlib import Path

from click.testing import CliRunner

from solgraph.cli.main import main as command_line

ROOT = Path(__file__).parents[1]
EXPECTED = ROOT / "tests" / "expected"
SMALL = f"--data {ROOT / 'tests' / 'small'}"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ALLIANCES = ROOT / "data" / "alliances"
#: Makes the RDF of the tables in ``data/alliances/``.
IMPORT = "import " + " ".join(f"{table} --kind {table.stem}" for table in sorted(ALLIANCES.glob("*.csv")))
#: A block of output below a block whose last line asks a question, and a table between two comments.
_OUTPUT = re.compile(
    r"(^```sh\n(?:[^`]*\n)?[^`\n]*?\bsolgraph ([^`\n]+)\n```\n+```\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL
)
_TABLE = re.compile(r"(^<!-- solgraph ([^\n]+) -->\n)(.*?)(^<!-- end -->$)", re.MULTILINE | re.DOTALL)


def run(command: str) -> str:
    """What a command prints on the shipped data."""
    environment = {"SOLGRAPH_DATA": None, "SOLGRAPH_LANG": "en"}
    result = CliRunner(env=environment).invoke(command_line, shlex.split(command), prog_name="solgraph")
    if result.exit_code:
        raise SystemExit(f"solgraph {command}\n{result.output}")
    return result.stdout.replace("\r\n", "\n")


def run_in_terminal(command: str, columns: int = 80) -> str:
    """What a command prints on the shipped data in a terminal of that width; needs a Unix."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    environment = {name: value for name, value in os.environ.items() if name != "SOLGRAPH_DATA"}
    program = [sys.executable, "-m", "solgraph", *shlex.split(command)]
    with subprocess.Popen(
        program, stdin=theirs, stdout=theirs, stderr=theirs, env=environment | {"SOLGRAPH_LANG": "en"}
    ):
        os.close(theirs)
        text = b"".join(iter(lambda: _read(ours), b"")).decode()
    os.close(ours)
    return text.replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # the program has ended and nobody holds the other side
        return b""


def with_outputs(page: str) -> str:
    """The text of a page, each output and table in it replaced by what its command prints."""
    for pattern, run_it in ((_OUTPUT, run_in_terminal), (_TABLE, run)):
        parts = pattern.split(page)
        for place in range(2, len(parts), 5):
            parts[place : place + 2] = ["", _trimmed(run_it(parts[place]))]
        page = "".join(parts)
    return page


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def derived() -> Iterator[tuple[Path, str]]:
    """Each derived file, and what it should hold; the expected answers of saved queries are ``solgraph test``'s."""
    for page in PAGES:
        yield page, with_outputs(page.read_text(encoding="utf-8"))
    for ending in ("txt", "csv"):
        yield EXPECTED / f"show-ardea.{ending}", run(f"show Ardea {SMALL} -f {ending.replace('txt', 'text')}")


def changes() -> Iterator[tuple[Path, str, str]]:
    """The derived files that are out of date: each with its new text and the difference."""
    for path, text in derived():
        before = path.read_text(encoding="utf-8")
        if before != text:
            lines = (before.splitlines(keepends=True), text.splitlines(keepends=True))
            yield path, text, "".join(unified_diff(*lines, f"{path.relative_to(ROOT)} (before)", "now"))


def main() -> None:
    made = ALLIANCES / "alliances.trig"
    read = [*ALLIANCES.glob("*.csv"), *ALLIANCES.parent.glob("*.ttl")]
    if any(file.stat().st_mtime > made.stat().st_mtime for file in read):
        sys.stdout.write(run(f"{IMPORT} -o {made}"))
    sys.stdout.write(run(f"test {EXPECTED} {SMALL} --accept"))
    for path, text, difference in changes():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(difference)
    if find_spec("mcp"):
        import assistant_session

        assistant_session.main()


if __name__ == "__main__":
    main()
