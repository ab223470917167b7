"""The project as a whole: public names, what the wheel carries, what must not be in the tree."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import solgraph
from programs import missing, needs, required
from solgraph.authoring.stubs import stub
from solgraph.queries.catalogue import catalogue
from solgraph.web.libraries import FOLDER, LIBRARIES

ROOT = Path(__file__).parents[1]
CARRIED = ("ontology", "data", "queries")


def test_the_public_names_are_these() -> None:
    public = {name for name in dir(solgraph) if not name.startswith("_")}
    modules = {name for name in public if type(getattr(solgraph, name)).__name__ == "module"}
    assert public - modules - {"TYPE_CHECKING", "Any"} == set(solgraph.__all__)


def test_every_public_name_tells_what_it_is() -> None:
    assert [name for name in solgraph.__all__ if not getattr(solgraph, name).__doc__] == []


def test_core_dependencies_are_the_eight_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[<>=!~\[ ]", one)[0] for one in project["dependencies"]}
    assert names == {"click", "networkx", "oxrdflib", "pyoxigraph", "pyshacl", "PyYAML", "rdflib", "SPARQLWrapper"}


def test_the_version_stands_in_one_file() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    sources = [path for path in (ROOT / "src").rglob("*.py") if f'"{version}"' in path.read_text()]
    assert sources == []


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    with build(ROOT, folder) as archive:
        yield archive


@pytest.fixture(scope="module")
def wheel(archive: zipfile.ZipFile) -> set[str]:
    return set(archive.namelist())


built_in_gate = pytest.mark.skipif(not required(), reason="more wheels are built where SOLGRAPH_ENGINES=required")


@built_in_gate
def test_the_wheel_carries_the_headers_of_all_saved_queries_parsed(archive: zipfile.ZipFile, tmp_path: Path) -> None:
    archive.extractall(tmp_path)
    folder, here = tmp_path / "solgraph" / "queries" / "parsed_headers", catalogue(ROOT / "queries")
    assert {path.stem for path in folder.iterdir()} == {saved.name for saved in here}
    for saved in here:
        assert json.loads((folder / f"{saved.name}.json").read_text("utf-8"))["header"] == saved.header
    command = [sys.executable, "-X", "importtime", "-m", "solgraph", "queries"]
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    listed = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert "yaml" not in listed.stderr
    assert here[0].name in listed.stdout


def test_the_wheel_carries_the_types_of_the_saved_queries(archive: zipfile.ZipFile) -> None:
    assert archive.read("solgraph/graph/questions.pyi").decode() == stub(catalogue(ROOT / "queries"))


@pytest.mark.parametrize("folder", CARRIED)
def test_the_wheel_carries_the_folder_without_tables_of_the_import(folder: str, wheel: set[str]) -> None:
    paths = [path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file()]
    files = {f"solgraph/{path.as_posix()}": path.suffix == ".csv" for path in paths}
    assert files
    assert {name for name in files if name in wheel} == {name for name, is_table in files.items() if not is_table}


def test_the_wheel_carries_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"solgraph"}


def build(checkout: Path, folder: Path, **environment: str) -> zipfile.ZipFile:
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(checkout)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_carries_the_libraries_of_the_pages_with_their_licences(archive: zipfile.ZipFile) -> None:
    needs("npm")
    if not all(library.is_there for library in LIBRARIES):
        missing("npm cannot reach a registry")
    for library in LIBRARIES:
        folder = f"solgraph/web/from_npm/{library.folder.name}"
        *files, _ = (archive.read(f"{folder}/{file}") for file in library.contents)
        size = sum(min(len(file), len(gzip.compress(file))) for file in files)
        assert abs(size / 1000 - library.kilobytes) < 0.05 * library.kilobytes
        licences = archive.read(f"{folder}/LICENCES.txt").decode()
        shipped = re.findall(r"^(\S+) (\d+\.\d+\.\d+) \(.+\)$", licences, re.MULTILINE)
        assert set(library.packages.items()) <= set(shipped)
        assert licences.count("WARRANTY OF") == len(shipped)


@built_in_gate
def test_without_npm_the_wheel_is_whole_but_for_the_libraries(wheel: set[str], tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns(".*", "build", "dist", "tests", "docs", FOLDER.name)
    shutil.copytree(ROOT, tmp_path / "checkout", ignore=ignored)
    with build(tmp_path / "checkout", tmp_path, PATH="") as archive:
        carried = set(archive.namelist())
    assert {name for name in wheel - carried if not name.startswith("solgraph/web/from_npm/")} == set()


def test_both_licences_are_said_in_both_places() -> None:
    assert "MIT" in (ROOT / "LICENSE").read_text()
    assert "CC BY 4.0" in (ROOT / "LICENSE").read_text()
    readme = (ROOT / "README.md").read_text()
    assert "MIT" in readme
    assert "CC BY 4.0" in readme


def test_no_file_of_the_package_is_long_and_no_function_either() -> None:
    """The examples in docstrings are not counted."""
    import ast
    from doctest import DocTestParser

    long = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        text = path.read_text()
        lines = text.count("\n")
        if lines > 420:
            lines -= sum(f"\n{shown.source}{shown.want}".count("\n") for shown in DocTestParser().get_examples(text))
        if lines > 420:
            long.append(path.name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60:
                long.append(f"{path.name}:{node.name}")
    assert long == []
