"""An incidence matrix as a file: CSV with a column for each network, or Matrix Market with the keys beside it."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

from solgraph.errors import WrongUse
from solgraph.networks.files.matrix_market import entries
from solgraph.networks.files.plain_network import clean, distinct
from solgraph.networks.model.incidence import Incidence
from solgraph.rdf.atomic_files import spreadsheet_cell, write_all

_line: Callable[[Iterable[object]], str] = csv.writer(SimpleNamespace(write=str)).writerow  # gives what it writes


def save_incidence(incidence: Incidence, path: Path) -> list[Path]:
    """Write the matrix as its ending says, all its files or none.

    ``x.mtx`` comes with ``x-rows.csv`` and ``x-columns.csv``, which hold keys and labels.

    >>> from pathlib import Path
    >>> from solgraph.networks.files.incidence_files import save_incidence
    >>> [path.name for path in save_incidence(kg.incidence("memberships"), Path("members.mtx"))]
    ['members.mtx', 'members-rows.csv', 'members-columns.csv']
    """
    if path.suffix == ".csv":
        contents = {path: incidence_csv(incidence)}
    elif path.suffix == ".mtx":
        sides = {"rows": incidence.rows, "columns": incidence.columns}
        contents = {path: _matrix(incidence)}
        contents |= {path.with_name(f"{path.stem}-{side}.csv"): _keys(labels) for side, labels in sides.items()}
    else:
        raise WrongUse(f"An incidence matrix is not written as '{path.suffix or path.name}'.", hint="Use .csv or .mtx.")
    write_all(contents)
    return list(contents)


def incidence_csv(incidence: Incidence) -> Iterator[bytes]:
    """A line for each city and a column for each network, 1 or 0: a table that ``solgraph import`` reads again.

    A city stands by its key, since several may have its name.
    """
    yield _cells([incidence.modes[0], *distinct(incidence.columns).values()])
    for position, key in enumerate(incidence.rows):
        yield _cells([key, *incidence.matrix[[position]].toarray()[0].tolist()])


def _keys(labels: Mapping[str, str]) -> Iterator[bytes]:
    yield _cells(["position", "id", "label"])
    yield from (_cells([position, key, label]) for position, (key, label) in enumerate(labels.items(), 1))


def _matrix(incidence: Incidence) -> Iterator[bytes]:
    matrix = incidence.matrix.tocoo()
    yield b"%%MatrixMarket matrix coordinate integer general\n"
    yield "% a row for each {}, a column for each {}\n".format(*incidence.modes).encode()
    yield f"{matrix.shape[0]} {matrix.shape[1]} {matrix.nnz}\n".encode()
    yield entries(matrix.data, matrix.coords, matrix.shape)


def _cells(values: list[object]) -> bytes:
    cells = (spreadsheet_cell(clean(value)) if isinstance(value, str) else value for value in values)
    return _line(cells).encode("utf-8", "replace")
