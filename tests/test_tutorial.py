"""The notebook of docs/ is run from top to bottom, by Jupyter itself, in a folder of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[1] / "docs" / "tutorial.ipynb"
# In a process of its own: a kernel brings warnings and event loops along that are none of ours.
RUN = """
import sys, nbformat, nbclient
notebook = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": sys.argv[2]}}).execute()
nbformat.write(notebook, sys.argv[2] + "/done.ipynb")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(NOTEBOOK), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def cells(folder: Path) -> list[dict[str, Any]]:
    return [cell for cell in json.loads((folder / "done.ipynb").read_text())["cells"] if cell["cell_type"] == "code"]


def test_every_cell_shows_something(folder: Path) -> None:
    assert len(cells(folder)) == 13
    assert ["".join(cell["source"]) for cell in cells(folder)[1:] if not cell["outputs"]] == []


def test_the_network_is_plotted_with_its_cities(folder: Path) -> None:
    (picture,) = [
        "".join(output["data"]["image/svg+xml"])
        for cell in cells(folder)
        for output in cell["outputs"]
        if "image/svg+xml" in output.get("data", {})
    ]
    assert all(city in picture for city in ("Berlin", "Potsdam", "Barcelona"))


def test_the_answers_are_tables_with_links(folder: Path) -> None:
    shown = str([output.get("data", {}).get("text/html") for cell in cells(folder) for output in cell["outputs"]])
    assert "Comuni Disobbedienti</a>" in shown


def test_the_file_for_gephi_is_there(folder: Path) -> None:
    assert "<gexf" in (folder / "alliances.gexf").read_text()


def test_no_output_is_kept_in_the_repository() -> None:
    kept = [cell for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell.get("outputs")]
    assert kept == []
