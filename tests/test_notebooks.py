"""The notebooks of docs/notebooks/ are run, and show what is kept in them."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import notebooks
from programs import required

TOOL = Path(notebooks.__file__)


@pytest.mark.skipif(not required(), reason="notebooks are run where SOLGRAPH_ENGINES=required, as in .ci/run")
def test_the_cells_show_what_is_kept_in_the_notebooks() -> None:
    """In a process of its own, since a shell of IPython takes over what prints and displays."""
    done = subprocess.run([sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nIf the new text is right: python tools/notebooks.py"


def test_each_notebook_is_short_and_shows_something() -> None:
    assert len(notebooks.NOTEBOOKS) >= 5
    for path in notebooks.NOTEBOOKS:
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        assert len(cells) <= 15, path.name
        assert sum(bool(cell.outputs) for cell in cells) >= len(cells) / 2, path.name
