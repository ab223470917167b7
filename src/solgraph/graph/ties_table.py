"""A network of your own over the things of a graph: twin towns, joint projects, whatever a table of pairs says."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from solgraph.errors import DataError, ParameterError
from solgraph.rdf.namespaces import shorten
from solgraph.tables.read.text_files import read

if TYPE_CHECKING:
    import networkx

    from solgraph.graph.knowledge import Knowledge


def ties_of_table(kg: "Knowledge", path: str | Path, of_class: str = "sg:City") -> "networkx.Graph[str]":
    """The network of a table whose first two columns name the ends of a tie, in any language; or of a GraphML file.

    Nodes have the keys of :meth:`Knowledge.network`. Rows with a name that means nothing here, or several things, are
    left out, and the graph attribute ``notes`` names them. Raises :class:`DataError` when no row is left.

    >>> from pathlib import Path
    >>> from solgraph.graph.ties_table import ties_of_table
    >>> _ = Path("twins.csv").write_text("town,twin\\nMilan,Krakau\\nMilan,Nowhere\\n", encoding="utf-8")
    >>> twins = ties_of_table(kg, "twins.csv")
    >>> twins.edges, twins.graph["notes"]
    (EdgeView([('city:milan', 'city:krakow')]), 'Names in twins.csv that are not clear here, ...: Nowhere.')
    """
    import networkx

    if Path(path).suffix == ".graphml":
        graph: networkx.Graph[str] = networkx.Graph(networkx.read_graphml(path))
        return graph
    graph, unknown = networkx.Graph(name=Path(path).stem), dict[str, None]()
    for row in read(Path(path)).rows:
        ends = [_key(kg, name, of_class) for name in row.cells[:2]]
        unknown |= {name: None for name, key in zip(row.cells, ends, strict=False) if not key}
        if len(ends) == 2 and all(ends):
            graph.add_edge(*ends)
    if not graph:
        hint = "Its first two columns name two cities."
        raise DataError(f"{path}: no row names two things of this graph.", hint=hint)
    if unknown:
        graph.graph["notes"] = f"Names in {path} that are not clear here, their rows left out: {', '.join(unknown)}."
    return graph


def _key(kg: "Knowledge", name: Any, of_class: str) -> str:
    try:
        return shorten(kg.find(name, of_class))
    except ParameterError:
        return ""
