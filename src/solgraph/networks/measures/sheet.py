"""A table of figures, as text in every format of answers or as a data frame."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from pyoxigraph import Literal, NamedNode

from solgraph.errors import MissingExtra
from solgraph.formats import media
from solgraph.formats.rows import Table, Things
from solgraph.notebooks import framed
from solgraph.rdf.namespaces import XSD, expand

#: Formats for the eye, in which numbers are rounded to four significant digits.
_ROUNDED = ("table", "md", "html")
#: What a figure means stands beside it where there is so much room, and otherwise below all figures.
_MEANING, _LEAST_ROOM = "meaning", 30


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
        text = chosen.write(self._table(self.columns, rounded, width))
        if chosen.name != "table" or not width or _MEANING not in self.columns:
            return text
        figures = chosen.write(self._table([name for name in self.columns if name != _MEANING], rounded, width))
        if max(map(len, figures.splitlines())) + _LEAST_ROOM <= width:
            return text
        return f"{figures}\n{self._meanings(width)}\n"  # beside the figures they would be columns of single words

    def _table(self, columns: Sequence[str], rounded: bool, width: int | None) -> Table:
        return Table(columns, [[_term(row[name], rounded) for name in columns] for row in self.rows], {}, (), width)

    def _meanings(self, width: int) -> str:
        return "\n".join(fill(f"{row[self.columns[0]]}: {row[_MEANING]}", width) for row in self.rows)

    def __repr__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return framed(self.text("html"))


def _term(value: object, rounded: bool) -> Literal | None:
    if isinstance(value, float):
        return Literal(f"{value:.4g}" if rounded else repr(value), datatype=NamedNode(XSD + "double"))
    return None if value is None else Literal(value if isinstance(value, int) else str(value))
