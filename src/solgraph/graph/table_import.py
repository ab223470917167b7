"""A table of your own from Python: the import of the command line, for a file or a data frame."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse, did_you_mean
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.atomic_files import write_all
from solgraph.tables.importing import Options, import_tables
from solgraph.tables.statements.report import ImportReport
from solgraph.tables.statements.statements import SourceDescription

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge


def import_table(
    kg: "Knowledge", table: Any, output: Path, described: SourceDescription, **options: Any
) -> ImportReport:
    """Import a table into a file and write it, with the rejected rows beside it; the report accounts for each row.

    ``table`` is a path or a data frame of pandas or polars, which counts as a table of the name of the output;
    ``options`` are those of :class:`~solgraph.tables.importing.Options`. Raises :class:`WrongUse` for others, and as
    :func:`~solgraph.tables.importing.import_tables`.
    """
    if unknown := set(options) - set(Options._fields[1:]):
        name = min(unknown)
        raise WrongUse(f"An import has no option '{name}'.", hint=did_you_mean(name, Options._fields[1:]))
    others = [file for file in kg.files if file.path.resolve() != output.resolve()]
    endpoint = kg.endpoint if len(others) == len(kg.files) else Snapshot(lambda: others).endpoint
    with TemporaryDirectory() as folder:
        path = table if isinstance(table, str | Path) else _written(table, Path(folder, f"{output.stem}.csv"))
        report = import_tables([Path(path)], output, endpoint, Options(described, **options))
    write_all(report.files)
    return report


def _written(frame: Any, path: Path) -> Path:
    if hasattr(frame, "to_csv"):
        frame.to_csv(path, index=False)
    elif hasattr(frame, "write_csv"):
        frame.write_csv(path)
    else:
        raise WrongUse(f"{type(frame).__name__} is no table.", hint="Give a path, or a data frame of pandas or polars.")
    return path
