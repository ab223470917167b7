"""The reference: every public name is on a page of it and has an example, and what the examples show is true."""

import doctest
import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import solgraph
from programs import required
from solgraph.tables.recognise import gazetteer

PAGES = sorted((Path(__file__).parents[1] / "docs" / "reference").glob("*.md"))
ENTRY = re.compile(r"^\.\. auto(?:function|class|exception):: ([\w.]+).*\n((?:   :.*\n)*)", re.MULTILINE)
pytestmark = pytest.mark.usefixtures("default_is_shipped")


def entries() -> Iterator[tuple[str, str]]:
    """The names on the pages of the reference, each with the options of its directive."""
    for page in PAGES:
        yield from ENTRY.findall(page.read_text("utf-8"))


def named(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


def described(name: str, options: str) -> Iterator[tuple[str, Any]]:
    """What an entry describes: the function or class, and the public members of the class."""
    thing = named(name)
    yield name, thing
    excluded, special = (
        re.findall(r"\w+", *re.findall(f":{key}-members: (.*)", options) or [""]) for key in ("exclude", "special")
    )
    if inspect.isclass(thing) and ":no-members:" not in options:
        bases = thing.__mro__ if ":inherited-members:" in options else [thing]
        for base in (base for base in bases if base.__module__.startswith("solgraph")):
            for key, member in list(vars(base).items()):
                is_public = not key.startswith("_") or key in special
                if is_public and key not in excluded and key not in getattr(thing, "__annotations__", {}):
                    yield f"{name}.{key}", member


MEMBERS = {key: member for name, options in entries() for key, member in described(name, options)}
PROPERTIES = {key: member for key, member in MEMBERS.items() if isinstance(member, property | cached_property)}
ROUTINES = {key: member for key, member in MEMBERS.items() if hasattr(member, "__get__") or inspect.isclass(member)}


def test_every_public_name_is_in_the_reference() -> None:
    assert {f"solgraph.{name}" for name in solgraph.__all__} - {name for name, _ in entries()} == set()


def test_everything_in_the_reference_says_what_it_is() -> None:
    assert len(ROUTINES) > 150
    assert [name for name, thing in ROUTINES.items() if not thing.__doc__] == []


def test_every_function_class_and_method_has_an_example() -> None:
    assert [name for name, thing in ROUTINES.items() if name not in PROPERTIES and ">>>" not in thing.__doc__] == []


@pytest.mark.skipif(not required(), reason="examples are run where SOLGRAPH_ENGINES=required, as in .ci/run")
@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "index"], ids=lambda page: page.stem)
def test_the_examples_show_what_happens(
    page: Path, shipped: solgraph.Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(gazetteer, "_read_towns", lambda add: None)  # whose reading takes longer than all examples
    finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    for name, options in ENTRY.findall(page.read_text("utf-8")):
        for key, member in described(name, options):
            for test in finder.find(
                getattr(member, "__func__", member), key, globs={"solgraph": solgraph, "kg": shipped}
            ):
                runner.run(test, out=report.append)
    assert runner.tries > 0
    assert not runner.failures, "".join(report)
