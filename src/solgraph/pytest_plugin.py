"""The plugin for pytest: the graph as fixture ``kg``, and folders of expected answers as tests.

It does nothing until a project uses it, and imports nothing of solgraph before.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from solgraph.errors import SolgraphError

if TYPE_CHECKING:
    from solgraph.authoring.query_tests import Case
    from solgraph.graph.knowledge import Knowledge

#: Options of the configuration that hold paths, seen from the folder of its file.
_PATHS = {
    "solgraph_data": "files and folders of data, instead of the shipped ones",
    "solgraph_add": "files and folders of data that are added",
    "solgraph_queries": "folders of saved queries",
    "solgraph_expected": "folders of expected answers, each of which is a test",
}
_KNOWLEDGE = pytest.StashKey["Knowledge"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the configuration, and the data on the command line."""
    for name, text in _PATHS.items():
        parser.addini(name, f"solgraph: {text}", type="paths", default=[])
    parser.addini("solgraph_lang", "solgraph: languages of labels, such as pl,en", default="en")
    parser.getgroup("solgraph").addoption(
        "--solgraph-data", action="append", default=[], metavar="PATH", help="Test these data; may be repeated."
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse paths that do not exist, and collect the folders of expected answers."""
    for name in _PATHS:
        for path in _paths(config, name):
            _check(path, name, is_folder=name in ("solgraph_queries", "solgraph_expected"))
    if folders := _paths(config, "solgraph_expected"):
        config.pluginmanager.register(_Collector(folders), "solgraph expected answers")
        if config.args_source is config.ArgsSource.TESTPATHS:
            tested = _seen_from_here(config, config.args)
            config.args += [str(path) for path in folders if not any(map(path.is_relative_to, tested))]


def _paths(config: pytest.Config, name: str) -> list[Path]:
    typed = config.getoption("--solgraph-data") if name == "solgraph_data" else []
    return _seen_from_here(config, typed or config.getini(name))


def _seen_from_here(config: pytest.Config, paths: Iterable[str | Path]) -> list[Path]:
    return [Path(os.path.normpath(config.invocation_params.dir / path)) for path in paths]


def _check(path: Path, name: str, *, is_folder: bool) -> None:
    if not (path.is_dir() if is_folder else path.exists()):
        what = "folder" if is_folder else "file or folder"
        raise pytest.UsageError(f"{name}: there is no {what} {path}\nPaths start from the folder of the configuration.")


def knowledge(config: pytest.Config) -> "Knowledge":
    """The graph that the configuration names, opened once."""
    from solgraph.graph.knowledge import open

    if _KNOWLEDGE not in config.stash:
        data, add, queries = (_paths(config, f"solgraph_{name}") for name in ("data", "add", "queries"))
        try:
            config.stash[_KNOWLEDGE] = open(*data, add=add, queries=queries, lang=config.getini("solgraph_lang"))
        except SolgraphError as error:
            pytest.fail(str(error), pytrace=False)
    return config.stash[_KNOWLEDGE]


@pytest.fixture(scope="session")
def kg(pytestconfig: pytest.Config) -> "Knowledge":
    """The graph of the data and queries that the configuration names, or else the shipped ones."""
    return knowledge(pytestconfig)


class _Collector:
    """Collects the folders of expected answers as such."""

    def __init__(self, folders: list[Path]) -> None:
        self.folders = {folder.resolve() for folder in folders}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> "pytest.Directory | None":
        """A folder that holds expected answers; other folders are for others."""
        if path.resolve() not in self.folders:
            return None
        kind = ExpectedPackage if (path / "__init__.py").is_file() else ExpectedFolder
        return kind.from_parent(parent, path=path)


class ExpectedFolder(pytest.Dir):  # type: ignore[misc]  # the tests that pytest finds in a folder, and more
    """A folder of expected answers, each of which is a test, beside other tests."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """All that pytest finds, and the answers."""
        yield from super().collect()
        yield from _answers(self)


class ExpectedPackage(pytest.Package):
    """A folder of expected answers that is also a Python package."""

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """All that pytest finds, and the answers."""
        yield from super().collect()
        yield from _answers(self)


def _answers(folder: pytest.Directory) -> "Iterator[ExpectedAnswer]":
    from solgraph.authoring.query_tests import cases, tested

    try:
        named = cases(tested(folder.path, _paths(folder.config, "solgraph_queries")), folder.path)
    except SolgraphError as error:
        raise folder.CollectError(str(error)) from error
    for case in named:
        nodeid = f"{folder.nodeid}/{case.file}".removeprefix("./")
        yield ExpectedAnswer.from_parent(folder, name=case.file, path=folder.path / case.file, nodeid=nodeid, case=case)


class ExpectedAnswer(pytest.Item):
    """A case of a saved query, called after the file with its expected answer, which need not exist."""

    def __init__(self, *, case: "Case", **options: Any) -> None:
        super().__init__(**options)
        self.case = case

    def runtest(self) -> None:
        """Fail with the rows that differ, or as ``solgraph test`` does where there is no expected answer."""
        from solgraph.authoring.query_tests import outcome

        result = outcome(knowledge(self.config), self.case, self.path.parent)
        if result.state != "passed":
            pytest.fail(result.detail, pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The file with the expected answer."""
        return self.path, None, self.name
