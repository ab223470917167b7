"""A table of figures, as text in every format of answers or as a data frame."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from solgraph.errors import MissingExtra
from solgraph.formats import media
from solgraph.formats.rows import Table, Things
from solgraph.notebooks import framed
from solgraph.rdf.namespaces import XSD, expand

#: Formats for the eye, in which numbers are rounded to four significant digits.
_ROUNDED = ("table", "md", "html")


class Sheet:
    """Rows of plain values with named columns; a value that is not defined is None. Notes hold the caveats."""

    title = "A table of figures"

    def __init__(self, columns: Sequence[str], rows: Sequence[dict[str, Any]], notes: Sequence[str] = ()) -> None:
        self.columns, self.rows, self.notes = tuple(columns), list(rows), tuple(notes)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary per row.

        >>> solgraph.measures(kg.network("transfer")).to_dicts()[0]["node"]
        'programme:bologna-connettiamoci'
        """
        return [dict(row) for row in self.rows]

    def to_pandas(self, *, things: Things = "iri") -> Any:
        """A pandas DataFrame, whose nodes are written as those of :meth:`Answer.to_pandas`: IRIs, labels or CURIEs.

        It therefore joins with an answer. Needs the extra ``pandas``.

        >>> solgraph.measures(kg.network("transfer")).to_pandas(things="label")["node"].iloc[0]
        'Connettiamoci! Coltivare Comunità'
        """
        try:
            import pandas
        except ImportError as error:
            raise MissingExtra("A DataFrame", "pandas") from error
        return pandas.DataFrame([self._called(row, things) for row in self.rows], columns=list(self.columns))

    def _called(self, row: dict[str, Any], things: Things) -> dict[str, Any]:
        """A row whose node, a CURIE, is written in the way that is wanted."""
        if "node" not in row or things == "curie":
            return row
        return {**row, "node": row["label"] if things == "label" else expand(row["node"]) or row["node"]}

    def text(self, format: str | None = None, *, path: Path | None = None, width: int | None = None) -> str:
        """The rows in a format of answers (``table``, ``csv``, ``json``, ``md`` …), or that of the file's ending.

        Formats for the eye round to four significant digits, the others give every digit.

        >>> print(solgraph.measures(kg.network("transfer")).text("csv").partition(",")[0])
        node
        """
        chosen = media.choose(media.ROWS, format, path, what=self.title)
        rounded = chosen.name in _ROUNDED
        rows = [[_term(row[name], rounded) for name in self.columns] for row in self.rows]
        return chosen.write(Table(self.columns, rows, {}, (), width))

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return framed(self.text("html"))


def _term(value: object, rounded: bool) -> Literal | None:
    if isinstance(value, float):
        return Literal(f"{value:.4g}" if rounded else repr(value), datatype=NamedNode(XSD + "double"))
    return None if value is None else Literal(value if isinstance(value, int) else str(value))
