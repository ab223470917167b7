"""CONTRIBUTING is true: its examples, followed to the letter in a copy of the checkout, leave the tests green."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from programs import required
from solgraph.authoring.lint import lint
from solgraph.queries.catalogue import read

ROOT = Path(__file__).parents[1]
COPIED = ("CHANGELOG.md", "CONTRIBUTING.md", "README.md", "pyproject.toml")
FOLDERS = ("data", "docs", "ontology", "queries", "src", "tests", "tools")
#: A sentence that ends in a colon, and the block below it.
STEP = re.compile(r"^([^\n`#][^#]*?):\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: The tests that could notice what the examples add; `solgraph check` and the import of the alliances are steps.
NOTICING = [
    "tests/expected",
    "tests/test_saved_queries.py",
    "tests/test_alliances.py::test_every_row_names_a_page_and_a_network_of_the_other_tables",
    "tests/test_data.py",
    "tests/test_docs.py::test_what_is_derived_from_data_and_queries_is_up_to_date",
    "tests/test_network_files.py::test_every_format_that_is_data_has_a_reader",
    "tests/test_network_files.py::test_another_program_reads_the_same_network",
    "tests/test_network_files.py::test_the_table_has_what_everybody_asks_for",
    "tests/test_network_files.py::test_the_name_counts_before_the_ending",
    "tests/test_validation.py::test_every_shape_has_one_file_that_makes_it_fire",
    "tests/test_validation.py::test_every_shape_says_what_to_do_and_how_grave_it_is",
    "tests/test_validation.py::test_each_broken_file_makes_its_shape_fire",
]
CHOSEN = "(d3 or not another_program) and (cities-of-country or not answers_each_example)"


def write(path: Path, mode: str, text: str) -> None:
    with path.open(mode, encoding="utf-8") as file:
        file.write(text)


def insert(path: Path, line: str, text: str) -> None:
    before, found, after = path.read_text(encoding="utf-8").partition(f"{line}\n")
    assert found, f"{path} has no line {line!r}"
    write(path, "w", f"{before}{found}{text}{after}")


def follow(sentence: str, language: str, block: str, checkout: Path, environment: dict[str, str]) -> None:
    """Do what one step says: write a file, add to it, put lines below another one, or run commands."""
    words = sentence.replace("\n", " ")
    if step := re.search(r"In `([^`]+)`, below `([^`]+)`$", words):
        insert(checkout / step[1], step[2], block)
    elif step := re.search(r"(Write|Add to) `([^`]+)`", words):
        write(checkout / step[2], "w" if step[1] == "Write" else "a", block)
    else:
        assert language == "sh", sentence
        subprocess.run(["bash", "-euc", block], cwd=checkout, env=environment, check=True, timeout=120)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout, what is compiled too, with ``python`` and ``solgraph`` of this environment in ``bin``."""
    ignored = shutil.ignore_patterns("node_modules", ".*")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for name in COPIED:
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "data" / "alliances" / "alliances.trig").touch()  # younger than its tables, until a step changes them
    (tmp_path / "bin").mkdir()
    for name, module in (("python", ""), ("solgraph", "-m solgraph")):
        write(tmp_path / "bin" / name, "w", f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


def steps(checkout: Path) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = STEP.findall((checkout / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(found) == 14
    return found


def test_the_query_and_the_source_of_the_examples_have_no_fault(run: Callable[..., Result], tmp_path: Path) -> None:
    """What most changes would break, without a copy of the checkout."""
    for sentence, language, block in steps(ROOT):
        if language in ("sparql", "turtle") and (path := re.search(r"Write `([^`]+)`", sentence)):
            (tmp_path / path[1]).parent.mkdir(parents=True, exist_ok=True)
            follow(sentence, language, block, tmp_path, {})
    assert lint(read(tmp_path / "queries" / "cities-of-country.rq")) == []
    validated = run("validate", str(tmp_path / "data" / "sources" / "harbour-notes.ttl"))
    assert validated.exit_code == 0, validated.output


@pytest.mark.skipif(not required(), reason="CONTRIBUTING is followed where SOLGRAPH_ENGINES=required, as in .ci/run")
@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_the_examples_followed_to_the_letter_leave_the_tests_green(checkout: Path) -> None:
    variables = {
        "PATH": f"{checkout / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(checkout / "src"),
        "XDG_CACHE_HOME": str(checkout / "cache"),  # the store of these data does not take the place of that of ours
    }
    environment = {name: value for name, value in os.environ.items() if name != "SOLGRAPH_DATA"} | variables
    for sentence, language, block in steps(checkout):
        follow(sentence, language, block, checkout, environment)
    assert "harbours-2026" in (checkout / "data" / "alliances" / "alliances.trig").read_text(encoding="utf-8")
    options = ["-n", "0", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:schemathesis"]
    command = [sys.executable, "-m", "pytest", *options, *NOTICING, "-k", CHOSEN]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
