"""What several test modules share: the small graph, the frozen one, the shipped one, the command line, golden files.

Tests of the program run on ``tests/frozen/``, a copy of the data that does not change when somebody adds a source;
``SOLGRAPH_DATA`` puts it in place of the shipped data, in programs that tests start too.
"""

import fcntl
import gc
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from pyoxigraph import Store

import solgraph
from browser import chromium
from solgraph.cli.main import main
from solgraph.engines.local import Local
from solgraph.graph import snapshot
from solgraph.graph.ask import examples
from solgraph.graph.names import LabelIndex
from solgraph.pytest_plugin import knowledge
from solgraph.queries.catalogue import state
from solgraph.rdf.store import File, ontology_files
from solgraph.resources import DATA_VARIABLE, ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SMALL = Path(__file__).parent / "small"
FROZEN = Path(__file__).parent / "frozen"
EXPECTED = Path(__file__).parent / "expected"

#: A busy machine is no failure, and no example is remembered.
settings.register_profile("solgraph", deadline=None, database=None)
settings.load_profile("solgraph")
os.environ.pop("SOLGRAPH_LANG", None)
os.environ[DATA_VARIABLE] = str(FROZEN)


#: What takes longest begins first, so that nobody waits for it alone at the end.
_LONGEST = "contributing docs web_pool web_linked web_api serve site browser import validation web_pages"
LONGEST = [f"test_{name}.py" for name in _LONGEST.split()]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and leave the others in their order."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_collection_finish() -> None:
    """Look for garbage seldom: to look at modules and graphs, which stay, took a quarter of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once what was missing, and how many tests were skipped for want of it."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.getreports("skipped"))
    for reason, tests in sorted(reasons.items()):
        terminalreporter.write_line(f"{tests} skipped: {reason.removeprefix('Skipped: ')}")


@pytest.fixture(scope="session", autouse=True)
def _equal_files_are_parsed_once() -> Iterator[None]:
    """Give one store to all who open files of the same bytes; nobody changes it."""
    load = snapshot.load

    @lru_cache(maxsize=8)
    def store(files: tuple[File, ...], named: bool) -> Store:
        return load(files, named=named)

    def load_once(files: Iterable[File], *, named: bool = True) -> Store:
        return store(tuple(file.read() for file in files), named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "load", load_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _equal_graphs_have_one_index() -> Iterator[None]:
    """Make the index of searches and the examples of questions once for equal data and saved queries, names as well."""
    cached, named, values = snapshot.Snapshot.cached, LabelIndex._table, dict[Hashable, Any]()

    def once(key: Hashable, make: Callable[[], Any]) -> Any:
        if key not in values:
            values[key] = make()
        return values[key]

    def cached_once(self: snapshot.Snapshot, key: Hashable, make: Callable[[], Any]) -> Any:
        if key not in ("search", "examples") or self.prepared or not isinstance(self.endpoint, Local):
            return cached(self, key, make)
        return once((key, self.version, state(self.queries)), make)

    def named_once(self: LabelIndex, of_class: str = "", scheme: str = "") -> Any:
        if self._prepared or not isinstance(self._endpoint, Local):
            return named(self, of_class, scheme)
        return once((self._endpoint._load(False), of_class, scheme), lambda: named(self, of_class, scheme))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot.Snapshot, "cached", cached_once)
        patch.setattr(LabelIndex, "_table", named_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _examples_are_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make the examples of questions, which takes seconds, once for all processes that run tests."""
    made, folder = examples._made, tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    def shared(kept: snapshot.Snapshot) -> examples.Examples:
        digest = sha256(repr((kept.version, state(kept.queries))).encode()).hexdigest()
        path = folder / f"{digest}.z"
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                path.write_bytes(examples._bytes(made(kept)))
        return examples._read(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setattr(examples, "_made", shared)
        yield


@pytest.fixture(scope="session")
def small(pytestconfig: pytest.Config) -> solgraph.Knowledge:
    """The graph that can be counted by hand, which also gives the answers expected in ``tests/expected/``."""
    return knowledge(pytestconfig)


def without_vocabularies() -> list[File]:
    """The files of the ontology that are no vocabularies: these would be most of what small tests write and read."""
    return [file for file in ontology_files() if file.path.parent.name != "vocab"]


@pytest.fixture(scope="session")
def slim() -> solgraph.Knowledge:
    """The small graph without vocabularies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("solgraph.graph.snapshot.ontology_files", without_vocabularies)
        kg = solgraph.open(SMALL)
        assert kg.snapshot.files
    return kg


@pytest.fixture(scope="session")
def frozen() -> solgraph.Knowledge:
    """The graph of ``tests/frozen/``, which programs get when no data are named."""
    return solgraph.open()


@pytest.fixture(scope="session")
def shipped() -> solgraph.Knowledge:
    """The graph that everybody gets: for tests of the data, not of the program."""
    return solgraph.open(ROOT / "data")


@pytest.fixture
def default_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command line open the shipped data when no data are named, as it does for everybody."""
    monkeypatch.delenv(DATA_VARIABLE)


@pytest.fixture
def run() -> Callable[..., Result]:
    """The command line in this process; an error that it does not handle fails the test."""

    def invoke(*args: str, **options: Any) -> Result:
        return CliRunner().invoke(main, args, prog_name="solgraph", catch_exceptions=False, **options)

    return invoke


@pytest.fixture
def run_small(run: Callable[..., Result]) -> Callable[..., Result]:
    """The command line in this process, on the small graph."""
    return lambda *args: run(*args, "--data", str(SMALL))


@pytest.fixture
def program() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """The command line as a program of its own, as a person runs it."""

    def execute(*args: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "solgraph", *args]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)

    return execute


@pytest.fixture(scope="session")
def _towns() -> list[dict[str, Any]]:
    """The large towns of the gazetteer, and the smaller ones that tests look for."""
    from solgraph.tables.recognise import gazetteer

    towns: list[dict[str, Any]] = []
    gazetteer._read_towns(lambda town: towns.append(town) if _is_needed(town) else None)
    return towns


def _is_needed(town: dict[str, Any]) -> bool:
    names = ("Halle", "Neustadt", "Valencia", "Atal")
    return "geonameid" in town and (town["population"] > 100_000 or any(name in town["name"] for name in names))


@pytest.fixture(scope="module")
def few_towns(_towns: list[dict[str, Any]]) -> Iterator[None]:
    """A gazetteer of the large towns instead of all, which is read forty times as fast."""
    from solgraph.tables.recognise import gazetteer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gazetteer, "_read_towns", lambda add: [add(town) for town in _towns])
        yield


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with the accepted one in tests/expected/, which tools/accept.py writes."""

    def compare(name: str, text: str) -> None:
        expected = (EXPECTED / name).read_text(encoding="utf-8")
        assert text == expected, "If the new text is right: python tools/accept.py"

    return compare


def imported_by(command: list[str]) -> set[str]:
    """The packages that a command imports in a process of its own."""
    code = (
        f"import sys; from solgraph.cli.main import main; main({command}, standalone_mode=False);"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return set(ran.stdout.splitlines()[-1].split())


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real browser, for one module: while it runs there is an event loop."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "Page":
    """A page of the browser, for one module."""
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(60_000)
    return page
