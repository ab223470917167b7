"""Documentation is run: every command shown is executed, and its output compared where it is shown."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from solgraph.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str]]:
    return [(match[1], match[2]) for match in BLOCK.finditer(page.read_text())]


def commands(block: str) -> list[str]:
    lines = block.replace("\\\n", " ").splitlines()
    return [match[1] for line in lines if (match := re.search(r"(?:^|/bin/)solgraph ([^#|&]+)", line))]


SHOWN = [
    pytest.param(command, following[1] if following[0] == "" else None, id=f"{page.name}: {command[:60]}")
    for page in PAGES
    for block, following in zip(blocks(page), [*blocks(page)[1:], ("-", "")], strict=False)
    if block[0] == "sh"
    for command in commands(block[1])
]


@pytest.mark.parametrize(("command", "output"), SHOWN)
def test_a_command_of_the_documentation_does_what_it_says(
    command: str, output: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(command), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    if output is not None:
        assert result.stdout.split() == output.split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_of_the_documentation_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for language, code in blocks(page):
        if language == "python":
            exec(compile(code, page.name, "exec"), {"print": lambda *_: None})  # the page's own words


def test_the_readme_shows_two_set_up_commands() -> None:
    shown = [line for language, code in blocks(ROOT / "README.md") if language == "sh" for line in code.splitlines()]
    assert sum(line.startswith("python -m venv") for line in shown) == 2


def test_every_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [page.name for page in PAGES[1:] if f"docs/{page.name}" not in readme] == []
