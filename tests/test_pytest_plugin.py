"""The plugin for pytest, as somebody uses it in a project with data and queries of her own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = Path(__file__).parent / "small"
QUERY = "#+ summary: x\nPREFIX sg: <https://w3id.org/solgraph/ns#>\nSELECT ?city { ?city a sg:City } ORDER BY ?city\n"
LABELS = ("Ardea", "Belmonte", "Cádria", "Dorn")
INI = "solgraph_data = data\nsolgraph_queries = mine\nsolgraph_expected = answers"
ANSWER = "city,city_label\n" + "".join(
    f"https://w3id.org/solgraph/id/city/{label.lower().replace('á', 'a')},{label}\n" for label in LABELS
)
TESTS = """
from solgraph.testing import assert_answer

def test_rows(kg):
    assert_answer(kg.query("cities")[:1], [{"city": "city:ardea"}], things="curie")

def test_added(kg):
    assert kg.sparql("ASK { <urn:s> <urn:p> 1 }")

def test_language(kg):
    assert kg.languages[0] == "pl"
"""
Project = Callable[..., pytest.RunResult]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with data, two queries of its own, and an expected answer to one."""
    shutil.copytree(SMALL, tmp_path / "data")
    write(tmp_path, {"mine/cities.rq": QUERY, "mine/towns.rq": QUERY, "answers/cities.csv": ANSWER})
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def project(folder: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    """Run pytest in the project; ``pytester`` would make this process import again what a run imports."""

    def run(*args: str, ini: str = INI) -> pytest.RunResult:
        write(folder, {"pytest.ini": f"[pytest]\n{ini}\n"})
        plugins = ["-p", "solgraph.pytest_plugin", "-p", "no:unraisableexception"]  # which would look for all garbage
        code = pytest.main([*plugins, "--import-mode", "importlib", *args])
        return pytest.RunResult(code, *(text.splitlines() for text in capsys.readouterr()), duration=0)

    return run


def test_each_case_is_a_test_called_after_its_file(project: Project) -> None:
    result = project("-rA")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "There is no answers/towns.csv. Write it, or accept the answer: solgraph test --accept",
            "PASSED answers/cities.csv",
            "FAILED answers/towns.csv - *",
        ]
    )


def test_a_failure_shows_rows_and_cells_and_no_traceback(project: Project, folder: Path) -> None:
    write(folder, {"answers/cities.csv": ANSWER.replace("ea,Ardea", "ea,Ardée")})
    result = project("-k", "cities")
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(
        ["--- answers/cities.csv (expected)", "row 1, city_label: expected 'Ardée', not 'Ardea'"]
    )
    result.stdout.no_fnmatch_line("*.py:*")


def test_what_failed_last_is_run_again_even_where_its_file_is_missing(project: Project, folder: Path) -> None:
    write(folder, {"answers/cities.csv": "city\n", "test_lf.py": "def test_fails(): assert 0\ndef test_passes(): pass"})
    project().assert_outcomes(failed=3, passed=1)
    project("--lf").assert_outcomes(failed=3)
    project("answers/cities.csv").assert_outcomes(failed=1)


def test_tests_in_the_same_folder_and_its_values_count_too(project: Project, folder: Path) -> None:
    texts = {
        "answers/__init__.py": "",
        "answers/test_beside.py": "def test_it(kg): assert kg.queries()",
        "mine/towns.rq": QUERY.replace("?city a", "?_town_iri a ?c . ?city a"),
        "answers/cases.yaml": "towns--ardea: {town: Ardea}\n",
        "answers/towns--ardea.csv": ANSWER,
    }
    write(folder, texts)
    project().assert_outcomes(passed=3)


def test_the_folder_may_lie_outside_of_the_other_tests_or_be_the_whole_project(project: Project, folder: Path) -> None:
    write(folder, {"tests/test_elsewhere.py": "def test_it(): pass", "cities.csv": ANSWER})
    project("--co", "-q", ini=f"{INI}\ntestpaths = tests").stdout.fnmatch_lines(
        ["answers/cities.csv", "answers/towns.csv", "", "3 tests*"]
    )
    ini = INI.replace("answers", ".")
    project("-rA", "-k", "csv", ini=ini).stdout.fnmatch_lines(["PASSED cities.csv", "FAILED towns.csv*"])


def test_the_fixture_is_the_graph_that_is_named(project: Project, folder: Path) -> None:
    write(folder, {"more.ttl": "<urn:s> <urn:p> 1 .", "test_fixture.py": TESTS})
    ini = "solgraph_data = data\nsolgraph_queries = mine\nsolgraph_add = more.ttl\nsolgraph_lang = pl"
    project(ini=ini).assert_outcomes(passed=3)
    project("--solgraph-data", "more.ttl", ini=ini).assert_outcomes(passed=2, failed=1)


def test_a_failed_assertion_ends_in_the_test_itself(project: Project, folder: Path) -> None:
    write(folder, {"test_rows.py": TESTS.replace('[{"city": "city:ardea"}]', "[]")})
    result = project(ini=INI.replace("solgraph_expected", "\n#"))
    result.stdout.fnmatch_lines(["E*AssertionError: 1 row unexpected", "test_rows.py:5: AssertionError"])
    result.stdout.no_fnmatch_line("*testing.py*")


def test_the_example_in_the_documentation_passes(project: Project, folder: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "queries.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(from solgraph\.testing .*?)^```$", text, re.MULTILINE | re.DOTALL)
    write(folder, {"test_documentation.py": code})
    project(ini="").assert_outcomes(passed=2)


@pytest.mark.parametrize("name", ["solgraph_data", "solgraph_queries", "solgraph_expected"])
def test_a_path_that_does_not_exist_is_wrong_use(name: str, project: Project) -> None:
    result = project(ini=f"{name} = nowhere")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {name}: there is no *folder */nowhere"])


def test_faults_in_data_and_cases_are_sentences(project: Project, folder: Path) -> None:
    write(folder, {"data/broken.ttl": "<urn:s> <urn:p>"})
    result = project("-k", "cities")
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(["data/broken.ttl:1:*"])
    write(folder, {"answers/cases.yaml": "citties: {}\n"})
    result = project()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["answers/cases.yaml: there is no saved query for the case 'citties'.", "Did you mean*"]
    )
    result.stdout.no_fnmatch_line("*.py:*")


def test_what_is_not_used_imports_next_to_nothing_and_warns_of_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, pytest; code = pytest.main(['-p', 'solgraph.pytest_plugin', '-W', 'error']); "
        "heavy = {'rdflib', 'networkx', 'pyshacl', 'pyoxigraph', 'yaml', 'solgraph.graph'} & set(sys.modules); "
        "assert (int(code), heavy) == (5, set()), (code, heavy)"
    )
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=tmp_path, env=environment)
