"""A network of your own over the things of a graph: twin towns, joint projects, whatever a table of pairs says."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from solgraph.errors import DataError, ParameterError
from solgraph.rdf.namespaces import shorten
from solgraph.tables.read.text_files import read

if TYPE_CHECKING:
    import networkx

    from solgraph.graph.knowledge import Knowledge

_COLUMNS = "Its first two columns name two cities."
_MOST_NAMED = 20


def ties_of_table(kg: "Knowledge", path: str | Path, of_class: str = "sg:City") -> "networkx.Graph[str]":
    """The network of a table whose first two columns name the ends of a tie, in any language; or of a GraphML file.

    Nodes have the keys of :meth:`Knowledge.network`. Rows with a name that means nothing here, or several things, are
    left out, and the graph attribute ``notes`` names them. Raises :class:`DataError` when no row is left, and for
    GraphML that cannot be read.

    >>> from pathlib import Path
    >>> from solgraph.graph.ties_table import ties_of_table
    >>> _ = Path("twins.csv").write_text("town,twin\\nMilan,Krakau\\nMilan,Nowhere\\n", encoding="utf-8")
    >>> twins = ties_of_table(kg, "twins.csv")
    >>> twins.edges, twins.graph["notes"]
    (EdgeView([('city:milan', 'city:krakow')]), 'Names in twins.csv that are not clear here, ... 1: Nowhere.')
    """
    import networkx

    if Path(path).suffix == ".graphml":
        return _graphml(Path(path))
    graph: networkx.Graph[str] = networkx.Graph(name=Path(path).stem)
    unknown: dict[str, None] = {}
    for row in read(Path(path)).rows:
        ends = [_key(kg, name, of_class) for name in row.cells[:2]]
        unknown |= {name: None for name, key in zip(row.cells, ends, strict=False) if not key}
        if len(ends) == 2 and all(ends):
            graph.add_edge(*ends)
    if not graph:
        raise DataError("no row names two things of this graph.", where=str(path), hint=_COLUMNS)
    if unknown:
        first = ", ".join(list(unknown)[:_MOST_NAMED]) + (" …" if len(unknown) > _MOST_NAMED else "")
        graph.graph["notes"] = f"Names in {path} that are not clear here, their rows left out, {len(unknown)}: {first}."
    return graph


def _graphml(path: Path) -> "networkx.Graph[str]":
    import networkx

    try:
        graph: networkx.Graph[str] = networkx.Graph(networkx.read_graphml(path))
    except (SyntaxError, networkx.NetworkXError, KeyError, ValueError) as error:  # XML that is broken is a SyntaxError
        raise DataError(f"this is no GraphML: {error}.", where=str(path), hint="Write it anew.") from error
    return graph


def _key(kg: "Knowledge", name: Any, of_class: str) -> str:
    try:
        return shorten(kg.find(name, of_class))
    except ParameterError:
        return ""
