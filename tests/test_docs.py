"""Documentation is run: every command shown is executed, and what it shows is what the commands print."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import accept
from conftest import FROZEN
from programs import required
from solgraph.cli.main import main
from solgraph.resources import DATA_VARIABLE

ROOT = Path(__file__).parents[1]
PAGES = accept.PAGES
pytestmark = pytest.mark.usefixtures("default_is_shipped")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for match in BLOCK.finditer(page.read_text())]


def commands(block: str) -> list[str]:
    lines = block.replace("\\\n", " ").splitlines()
    return [match[1] for line in lines if (match := re.search(r"(?:^|/bin/)solgraph ([^#|&]+)", line))]


FILE = re.compile(r"`([\w.]+\.csv)`[^`]*$")


def write_tables(page: Path, upto: str) -> None:
    """Write the tables that a page shows before a command: a block of CSV below the name of its file."""
    before = page.read_text().partition(upto)[0]
    for match in BLOCK.finditer(before):
        if match[1] == "csv" and (named := FILE.search(before[: match.start()])):
            Path(named[1]).write_text(match[2], encoding="utf-8")


@pytest.mark.usefixtures("few_towns")
@pytest.mark.parametrize("page", [page for page in PAGES if "```sh" in page.read_text()], ids=lambda page: page.name)
def test_the_commands_of_a_page_do_what_it_says_one_after_the_other(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Networks are made of the frozen data, which are a tenth as large; tables are imported and validated there.

    Questions take seconds to make ready for the shipped data, and are asked where SOLGRAPH_ENGINES=required.
    """
    monkeypatch.chdir(tmp_path)
    for language, block in blocks(page):
        for command in commands(block) if language == "sh" else []:
            if command.startswith("ask ") and not required():
                continue
            write_tables(page, command.strip())
            data = {DATA_VARIABLE: str(FROZEN) if command.startswith(("network ", "import ", "validate")) else None}
            result = CliRunner().invoke(main, shlex.split(command), env=data, catch_exceptions=False)
            expected = 1 if f"{command}# exits with 1" in block else 0
            assert result.exit_code == expected, f"{command}\n{result.output}"


def test_what_is_derived_from_data_and_queries_is_up_to_date() -> None:
    difference = "".join(difference for _, _, difference in accept.changes())
    assert not difference, f"{difference}\nIf the new text is right: python tools/accept.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_of_the_documentation_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole networks are measured and drawn on the frozen data, whose networks are a tenth as large."""
    if page.name != "README.md" and not required():
        pytest.skip("Python of the pages is run where SOLGRAPH_ENGINES=required, as in .ci/run")
    monkeypatch.chdir(tmp_path)
    for language, code in blocks(page):
        if language == "python":
            if ".network(" in code:
                monkeypatch.setenv(DATA_VARIABLE, str(FROZEN))
            exec(compile(code, page.name, "exec"), {"print": lambda *_: None})  # the page's own words


def test_the_readme_shows_two_set_up_commands() -> None:
    shown = [line for language, code in blocks(ROOT / "README.md") if language == "sh" for line in code.splitlines()]
    assert sum(line.startswith("python3 -m venv") for line in shown) == 2


def test_the_readme_fits_a_narrow_terminal_and_shows_what_is_there() -> None:
    text = (ROOT / "README.md").read_text()
    shown = [line for language, code in blocks(ROOT / "README.md") if not language for line in code.splitlines()]
    assert shown and max(map(len, shown)) <= 80
    pictures = [ROOT / name for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)]
    assert len(pictures) == 2 and sum(picture.stat().st_size for picture in pictures) < 300_000


def test_every_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [page.name for page in PAGES[1:] if f"docs/{page.name}" not in readme] == []
