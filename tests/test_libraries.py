"""The libraries of the pages: where they are, and what is left without them."""

from pathlib import Path

import pytest

from solgraph.web import libraries


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation without libraries."""
    monkeypatch.setattr(libraries, "FOLDER", tmp_path)
    return tmp_path


def test_a_library_that_is_not_there_is_missed(folder: Path) -> None:
    assert libraries.library("codemirror/codemirror.js") is None
    assert libraries.library_address("codemirror/codemirror.js") == ""
    assert "codemirror" in libraries.missing("codemirror")
    assert "oxigraph" not in libraries.missing("codemirror")


def test_a_library_that_is_there_has_an_address(folder: Path) -> None:
    (codemirror,) = [library for library in libraries.LIBRARIES if library.name == "codemirror"]
    codemirror.folder.mkdir()
    for name in codemirror.contents:
        assert libraries.missing("codemirror")
        (codemirror.folder / name).write_text("")
    assert libraries.library("codemirror/codemirror.js") == codemirror.folder / "codemirror.js"
    assert libraries.library_address("codemirror/codemirror.js") == f"/libraries/{codemirror.folder.name}/codemirror.js"
    assert libraries.missing("codemirror") == ""


def test_another_version_has_another_address() -> None:
    library = libraries.LIBRARIES[0]
    assert library._replace(packages=library.packages | {"@codemirror/view": "7.0.0"}).folder != library.folder


def test_a_library_that_is_not_in_the_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        libraries.library("jquery/jquery.js")
