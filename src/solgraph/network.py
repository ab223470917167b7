"""Answers → networks: rows of a network view become a networkx graph whose attributes are plain values."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.answers import Answer
from solgraph.errors import DataError, WrongUse, did_you_mean
from solgraph.files import write_all
from solgraph.terms import Term, python_value, shorten

if TYPE_CHECKING:
    import networkx

    Graph = networkx.Graph[str]

#: Names of columns that mean something else in network files.
_RENAMED = {"source": "evidence", "target": "target_", "key": "key_", "id": "id_"}
_KINDS = ("graph", "digraph", "multigraph", "multidigraph")


def build(view: str, header: Mapping[str, str], answer: Answer) -> "Graph":
    """The network of a view.

    Nodes are named by the short form of their IRI (``city:milan``) and carry ``label``, ``iri`` and ``type``. A header
    ``{source, target}`` makes an edge of each row, further columns its attributes; ``{nodes, through}`` links nodes
    that share something, with the number of shared things as ``weight`` and their names as an attribute. Columns
    ``<end>_<x>`` become attributes of the node, a column ``source`` the attribute ``evidence`` of the edge. A row
    without its second end keeps an isolated node.
    """
    import networkx

    ends = _ends(view, header, answer)
    kind = header.get("kind", "graph" if "nodes" in header else "multigraph")
    if kind not in _KINDS:
        raise DataError(f"the network view '{view}' has the kind '{kind}'.", hint=f"Known: {', '.join(_KINDS)}")
    makers = (networkx.Graph, networkx.DiGraph, networkx.MultiGraph, networkx.MultiDiGraph)
    graph: Graph = makers[_KINDS.index(kind)](name=view)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.terms]
    (_project if "nodes" in header else _connect)(graph, ends, rows, answer)
    return graph


def _ends(view: str, header: Mapping[str, str], answer: Answer) -> tuple[str, str]:
    keys = ("nodes", "through") if "nodes" in header else ("source", "target")
    for key in keys:
        if header.get(key) not in answer.columns:
            known = ", ".join(answer.columns)
            raise DataError(f"the network view '{view}' names no column as '{key}'.", hint=f"Its columns: {known}")
    return header[keys[0]], header[keys[1]]


def _connect(graph: "Graph", ends: tuple[str, str], rows: Sequence[Mapping[str, Term | None]], answer: Answer) -> None:
    sources, targets = ([_add_node(graph, end, row, answer) for row in rows] for end in ends)
    for number, (row, one, other) in enumerate(zip(rows, sources, targets, strict=True)):
        if one and other:
            told = _attributes(row, answer, lambda column: _owner(column, ends) is None)
            edge: tuple[Any, ...] = (one, other, str(number)) if graph.is_multigraph() else (one, other)
            graph.add_edges_from([(*edge, {_RENAMED.get(name, name): value for name, value in told.items()})])


def _project(graph: "Graph", ends: tuple[str, str], rows: Sequence[Mapping[str, Term | None]], answer: Answer) -> None:
    nodes, through = ends
    members: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        node, shared = _add_node(graph, nodes, row, answer), row[through]
        if shared is not None:
            key = shorten(getattr(shared, "value", str(shared)))
            names[key] = str(_plain(shared, answer))
            members.setdefault(key, set()).add(node)
    common: dict[tuple[str, str], list[str]] = {}
    for key in sorted(members):
        for pair in combinations(sorted(members[key]), 2):
            common.setdefault(pair, []).append(names[key])
    for (one, other), through_what in sorted(common.items()):
        graph.add_edge(one, other, weight=len(through_what), **{f"{through}s": "; ".join(sorted(through_what))})


def _owner(column: str, ends: tuple[str, str]) -> str | None:
    """The end of which a column is the node or an attribute."""
    return next((end for end in ends if column == end or column.startswith(f"{end}_")), None)


def _add_node(graph: "Graph", end: str, row: Mapping[str, Term | None], answer: Answer) -> str:
    term = row[end]
    if term is None:
        return ""
    key = shorten(term.value) if isinstance(term, NamedNode) else str(_plain(term, answer))
    told = _attributes(row, answer, lambda column: column.startswith(f"{end}_"))
    named = {name.removeprefix(f"{end}_"): value for name, value in told.items()}
    identity = {"iri": term.value} if isinstance(term, NamedNode) else {}
    graph.add_node(key, label=str(_plain(term, answer)), type=end, **identity, **named)
    return key


def _attributes(row: Mapping[str, Term | None], answer: Answer, wanted: Callable[[str], bool]) -> dict[str, Any]:
    return {name: _plain(term, answer) for name, term in row.items() if term is not None and wanted(name)}


def _plain(term: Term, answer: Answer) -> str | int | float | bool:
    """A term as a value that every network tool reads; an IRI becomes its label."""
    if not isinstance(term, Literal):
        return answer.label(term.value) if isinstance(term, NamedNode) else str(term)
    value = python_value(term)
    if isinstance(value, Decimal):
        return float(value)
    return value if type(value) in (int, float, bool) else str(term.value)


def graphml(graph: "Graph") -> str:
    """GraphML, as networkx writes it."""
    import networkx

    return "\n".join(networkx.generate_graphml(graph)) + "\n"


def node_link(graph: "Graph") -> str:
    """Node-link JSON, as networkx reads it back with ``node_link_graph(…, edges="edges")``."""
    import networkx

    data = networkx.node_link_data(graph, edges="edges")
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def nodes_csv(graph: "Graph") -> str:
    """One line per node, with the column names that Gephi expects."""
    rows = [
        {"Id": node, **{_gephi(key): value for key, value in told.items()}} for node, told in graph.nodes(data=True)
    ]
    return _csv(["Id"], rows)


def edges_csv(graph: "Graph") -> str:
    """One line per edge, with the column names that Gephi expects."""
    direction = "Directed" if graph.is_directed() else "Undirected"
    rows = [
        {"Source": one, "Target": other, "Type": direction, **{_gephi(key): value for key, value in told.items()}}
        for one, other, told in graph.edges(data=True)
    ]
    return _csv(["Source", "Target", "Type"], rows)


def _gephi(key: str) -> str:
    return key.capitalize() if key in ("label", "weight") else key


def _csv(first: list[str], rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys([*first, *(key for row in rows for key in row)]))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


class NetworkFormat(NamedTuple):
    """A network file format: its name, its ending, and the files that it makes (name suffix → text)."""

    name: str
    files: Mapping[str, Callable[["Graph"], str]]


FORMATS = (
    NetworkFormat("graphml", {".graphml": graphml}),
    NetworkFormat("json", {".json": node_link}),
    NetworkFormat("csv", {"-nodes.csv": nodes_csv, "-edges.csv": edges_csv}),
)


def choose(name: str | None, path: Path | None) -> NetworkFormat:
    """The format of that name, or of the file's ending, else GraphML. Raises :class:`WrongUse`."""
    wanted = name or (path.suffix[1:].lower() if path and path.suffix else FORMATS[0].name)
    for one in FORMATS:
        if wanted == one.name:
            return one
    known = [one.name for one in FORMATS]
    hint = did_you_mean(wanted, known) or f"Formats for it: {', '.join(known)}"
    raise WrongUse(f"A network cannot be written as '{wanted}'.", hint=hint)


def written(graph: "Graph", chosen: NetworkFormat) -> Iterator[tuple[str, str]]:
    """Pairs of name suffix and text of the files of a format."""
    for suffix, write in chosen.files.items():
        yield suffix, write(graph)


def save(graph: "Graph", path: Path, name: str | None = None) -> list[Path]:
    """Write the network, each file whole or not at all; ``x.csv`` becomes ``x-nodes.csv`` and ``x-edges.csv``."""
    texts = list(written(graph, choose(name, path)))
    paths = [path] if len(texts) == 1 else [path.with_name(path.stem + suffix) for suffix, _ in texts]
    write_all({target: text.encode() for target, (_, text) in zip(paths, texts, strict=True)})
    return paths
