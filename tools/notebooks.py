"""Run the notebooks of docs/notebooks/ and keep their outputs.

    python tools/notebooks.py [--check]

Prints the difference of what the cells show, and writes it into the notebooks; with ``--check`` nothing is written,
and the exit code is 1 when something differs. Pictures are compared by being there, since their bytes depend on the
version of matplotlib, and digests of the data are not compared. All run in this process and share one graph in memory,
which saves most of the time.
"""

import copy
import os
import re
import sys
from collections.abc import Iterator
from contextlib import chdir
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from IPython.display import display
from IPython.utils.capture import capture_output

import solgraph

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))
_DIGEST = re.compile(r"data [0-9a-f]{12}")
_PICTURES = ("image/png", "image/svg+xml")


def run(shell: InteractiveShell, notebook: Any) -> None:
    """Give each cell of a notebook its outputs, in an empty folder. Raises what a cell raises."""
    shell.reset(new_session=True)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            with capture_output() as captured:
                shell.run_cell(cell.source, store_history=True).raise_error()
            cell.execution_count = None
            cell.outputs = list(_outputs(captured))


def _outputs(captured: Any) -> Iterator[Any]:
    if captured.stderr:
        raise SystemExit(f"A cell wrote to standard error:\n{captured.stderr}")
    if captured.stdout:
        yield nbformat.v4.new_output("stream", text=captured.stdout)
    for shown in captured.outputs:
        yield nbformat.v4.new_output("display_data", shown._repr_mimebundle_()[0])


def shown(notebook: Any) -> list[str]:
    """The lines that the cells show, a picture by its kind."""
    lines: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data") or {"text": output.get("text", "")}
            texts = [kind for kind in _PICTURES if kind in data] or [data[kind] for kind in sorted(data)]
            lines += [line for text in texts for line in f"{text}\n".splitlines(keepends=True)]
    return [_DIGEST.sub("data …", line) for line in lines]


def difference(shell: InteractiveShell, path: Path) -> tuple[Any, str]:
    """A notebook as it runs now, and how its outputs differ from those in its file."""
    notebook = nbformat.read(path, 4)
    before = shown(notebook)
    run(shell, notebook)
    return notebook, "".join(unified_diff(before, shown(notebook), f"{path.name} (before)", "now"))


def _share_one_graph() -> None:
    """Let ``solgraph.open()`` be instant after the first time; a graph with arguments is opened as ever."""
    open_graph, graph = solgraph.open, solgraph.open(lang="en")

    def opened(*args: Any, **options: Any) -> solgraph.Knowledge:
        return open_graph(*args, **options) if args or options else copy.copy(graph)

    solgraph.open = opened


def main(arguments: list[str]) -> int:
    """The exit code: 1 when outputs differ and are only checked."""
    os.environ.pop("SOLGRAPH_DATA", None)
    _share_one_graph()
    shell, differs = InteractiveShell.instance(), False
    shell.display_trap.hook = lambda value: None if value is None else display(value)  # which is captured
    select_figure_formats(shell, {"png"}, dpi=64)
    for path in NOTEBOOKS:
        with TemporaryDirectory() as folder, chdir(folder):
            notebook, lines = difference(shell, path)
        sys.stdout.write(lines)
        differs = differs or bool(lines)
        if lines and "--check" not in arguments:
            nbformat.write(notebook, path)
    return int(differs and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
