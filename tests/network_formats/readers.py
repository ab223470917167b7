"""Networks of every kind with every sort of text, and programs that are not ours which read them back from files."""

import atexit
import csv
import json
import math
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import igraph
import networkx
import pandas
from pyarrow import parquet
from rdflib import Graph as RdfGraph
from rdflib import Namespace
from rdflib.namespace import PROV, RDF, RDFS
from scipy.io import mmread

from programs import needs, needs_packages
from solgraph.networks.files import formats as files
from solgraph.networks.model.spells import spells_of
from solgraph.rdf.atomic_files import plain_cell

HERE = Path(__file__).parent
SG = Namespace("https://w3id.org/solgraph/ns#")
HOSTILE = (
    "plain",
    'Gda\'ńsk "Ł" <&> ]]> 北 🏙 é',
    "two\nlines\tand a tab",
    "NUL \x00, U+FFFF \uffff, ESC \x1b",
    "=cmd|' /C calc'!A0",
    "\\ back\\slash\\",
    "&amp; &#322; &lt;",
    "x" * 20_000,
    "-- /* // # % ; , { } [ ] \\N",
)


def network(kind: Callable[..., Any], texts: tuple[str, ...] = ("plain",) * 5, mode: str = "one-mode") -> Any:
    """Nodes with and without a place and years, an isolate, a loop, and parallel edges where they are possible."""
    graph = kind(name="alliances", description=texts[-1], mode=mode, reads="two cities belong to the same network")
    where = ({"lat": 45.46, "long": 9.19}, {"lat": 38.1, "long": 13.36}, {"lat": 54, "long": 18}, {}, {})
    for number, spot in enumerate(where):
        iri = f"https://w3id.org/solgraph/id/city/c{number}"
        told = {"label": f"{number} {texts[number % len(texts)]}", "iri": iri, "kind": "city", "big": number > 1}
        graph.add_node(f"city:c{number}", **told, **spot)
    graph.nodes["city:c0"].update(since=1999, share=0.25, population=1_350_000)
    graph.add_edge(
        "city:c0", "city:c1", weight=2, networks=texts[1 % len(texts)], since=2010, until=2015, evidence="A, 1"
    )
    graph.add_edge("city:c2", "city:c1", weight=0.5, since=2012, sure=True)
    graph.add_edge("city:c3", "city:c2", evidence=texts[2 % len(texts)])
    if mode == "one-mode":
        graph.add_edge("city:c2", "city:c2", weight=1)
    if graph.is_multigraph():
        graph.add_edge("city:c0", "city:c1", weight=3, evidence="B, 2")
        graph.add_edge("city:c1", "city:c0", weight=4)
    return graph


def two_modes(kind: Callable[..., Any]) -> Any:
    """Cities and networks, in turn: a program that wants one mode first has to be given them in another order."""
    graph = network(kind, mode="two-mode")
    for key, node in graph.nodes(data=True):
        is_second = key in ("city:c1", "city:c3")
        node.update(kind="network" if is_second else "city", bipartite=int(is_second), type=is_second)
    return graph


def same_labels() -> Any:
    graph = network(networkx.Graph)
    for key in graph:
        graph.nodes[key]["label"] = "Milan"
    return graph


GRAPHS: dict[str, Callable[[], Any]] = {
    "graph": lambda: network(networkx.Graph),
    "digraph": lambda: network(networkx.DiGraph),
    "multigraph": lambda: network(networkx.MultiGraph),
    "multidigraph": lambda: network(networkx.MultiDiGraph),
    "two modes": lambda: two_modes(networkx.MultiGraph),
    "two modes, directed": lambda: two_modes(networkx.DiGraph),
    "hostile": lambda: network(networkx.MultiDiGraph, HOSTILE[1:4]),
    "more hostile": lambda: network(networkx.Graph, HOSTILE[4:]),
    "same labels": same_labels,
    "no edges": lambda: networkx.create_empty_copy(network(networkx.Graph)),
    "nothing": lambda: networkx.Graph(name="nothing"),
}


class Lazy:
    """A network whose edges are made when they are read, as a projection is."""

    def __init__(self, edges: int) -> None:
        self.graph, self.count, self.made = {"name": "lazy"}, edges, 0

    def is_directed(self) -> bool:
        return False

    def is_multigraph(self) -> bool:
        return False

    def nodes(self, data: bool) -> Iterator[Any]:
        return ((f"n{number}", {"label": f"N {number}"}) for number in range(10))

    def edges(self, data: bool) -> Iterator[Any]:
        for number in range(self.count):
            self.made += 1
            yield f"n{number % 10}", f"n{number % 7}", {"weight": number}

    def to_graph(self) -> Any:
        return networkx.Graph(self.edges(data=True))


def written(graph: Any, name: str) -> list[str]:
    """The texts of the files of a format."""
    return [content.decode() for _, content in files.contents(graph, files.choose(name, None))]


def rows(graph: Any) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    nodes, edges = (list(csv.DictReader(text.splitlines())) for text in written(graph, "csv"))
    return nodes, edges


class Seen(NamedTuple):
    """A network as it was given or read: direction, attributes by node, ends and attributes of the edges in order."""

    directed: bool
    nodes: dict[str, dict[str, Any]]
    edges: list[str]


def seen(directed: bool, nodes: Any, edges: Any) -> Seen:
    def ends(one: str, other: str) -> list[str]:
        return [one, other] if directed else sorted((one, other))

    listed = [str((ends(one, other), sorted(plain(told).items()))) for one, other, told in edges]
    return Seen(directed, {key: plain(told) for key, told in nodes}, sorted(listed))


def plain(told: Any) -> dict[str, Any]:
    """The attributes without such as a reader makes of nothing; a whole number is equal to the same floating one."""
    known = {key: one for key, one in told.items() if one is not None and one != "" and str(one) != "nan"}
    return {key: one if isinstance(one, bool | str) else float(one) for key, one in known.items()}


Attributes = Callable[[dict[str, Any]], dict[str, Any]]


def legal(text: str) -> str:
    """The text with the mark for an unknown character where XML forbids one."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def held(
    graph: Any, of_node: Attributes = dict, of_edge: Attributes = dict, clean: Callable[[str], str] = legal
) -> Seen:
    """What a file has to hold of a network."""

    def cleaned(told: dict[str, Any]) -> dict[str, Any]:
        return {key: clean(one) if isinstance(one, str) else one for key, one in told.items()}

    nodes = [(key, of_node(cleaned(told))) for key, told in graph.nodes(data=True)]
    edges = [(one, other, of_edge(cleaned(told))) for one, other, told in graph.edges(data=True)]
    return seen(graph.is_directed(), nodes, edges)


def dropped(told: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: one for key, one in told.items() if key not in names}


def renamed(told: dict[str, Any], **names: str) -> dict[str, Any]:
    return {names.get(key, key): one for key, one in told.items()}


# The readers: of the paths of the files of a format, what is in them.


def networkx_graph(graph: Any, *extra: str, of_edges: tuple[str, ...] = ()) -> Seen:
    nodes = [(key, dropped(told, *extra)) for key, told in graph.nodes(data=True)]
    edges = [(one, other, dropped(told, *extra, *of_edges)) for one, other, told in graph.edges(data=True)]
    return seen(graph.is_directed(), nodes, edges)


def igraph_graph(graph: Any, key: str, *extra: str) -> Seen:
    keys = graph.vs[key] if key in graph.vs.attributes() else []
    nodes = [(name, dropped(one.attributes(), *extra)) for name, one in zip(keys, graph.vs, strict=True)]
    edges = [(keys[one.source], keys[one.target], dropped(one.attributes(), *extra)) for one in graph.es]
    return seen(graph.is_directed(), nodes, edges)


@cache
def node() -> "subprocess.Popen[str]":
    """A process of Node.js that reads files for all tests; skips the test without Node.js or its libraries."""
    folder = needs_packages("readers", json.loads((HERE / "package.json").read_text())["dependencies"])
    command = [needs("node"), str(HERE / "read.cjs")]
    environment = os.environ | {"NODE_PATH": str(folder / "node_modules")}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    atexit.register(process.communicate)
    return process


def javascript(path: Path) -> Any:
    """What ``read.cjs`` reads from the file."""
    process = node()
    assert process.stdin and process.stdout
    process.stdin.write(f"{path.suffix[1:]}\t{path}\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    assert "error" not in answer, answer["error"]
    return answer["read"]


def javascript_graph(path: Path, *extra: str, of_edges: tuple[str, ...] = ()) -> Seen:
    read = javascript(path)
    nodes = [(key, dropped(told, *extra)) for key, told in read["nodes"]]
    edges = [(one, other, dropped(told, *extra, *of_edges)) for one, other, told in read["edges"]]
    return seen(read["directed"], nodes, edges)


def igraph_graphml(path: Path) -> Seen:
    """igraph tells a truth value that is not known as false."""
    read = igraph.Graph.Read_GraphML(str(path))
    for edge in read.es:
        edge.update_attributes(sure=edge.attributes().get("sure") or None)
    return igraph_graph(read, "id", "id")


def igraph_gml(path: Path) -> Seen:
    return igraph_graph(igraph.Graph.Read_GML(str(path)), "name", "id", "name")


def graphviz(path: Path) -> Seen:
    """Graphviz leaves a doubled backslash to whoever draws the text, and entities in labels too."""
    done = subprocess.run([needs("dot"), "-Tdot_json", str(path)], capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    read = json.loads(done.stdout.decode().replace("\\\\\\\\", "\\\\"), strict=False)
    named = {one["_gvid"]: one["name"] for one in read.get("objects", ())}
    nodes = [(one["name"], dropped(one, "_gvid", "name", "pos")) for one in read.get("objects", ())]
    for _, told in nodes:
        told["label"] = told["label"].replace("&amp;", "&")
    edges = [
        (named[one["tail"]], named[one["head"]], dropped(one, "_gvid", "tail", "head")) for one in read.get("edges", ())
    ]
    return seen(read["directed"], nodes, edges)


def csv_files(nodes: Path, edges: Path) -> Seen:
    def rows(path: Path) -> list[dict[str, str]]:
        read = pandas.read_csv(path, dtype=str, keep_default_na=False)
        return [{key: plain_cell(cell) for key, cell in row.items()} for row in read.to_dict("records")]

    extra = ("Id", "Source", "Target", "Type", "Kind", "timeset")
    listed = [(row["Id"], dropped(row, *extra)) for row in rows(nodes)]
    ties = [(row["Source"], row["Target"], dropped(row, *extra)) for row in rows(edges)]
    return seen({row["Type"] for row in rows(edges)} == {"Directed"}, listed, ties)


def parquet_files(nodes: Path, edges: Path) -> Seen:
    listed = [(row["id"], dropped(row, "id")) for row in parquet.read_table(nodes).to_pylist()]
    read = parquet.read_table(edges)
    ties = [(row["source"], row["target"], dropped(row, "source", "target")) for row in read.to_pylist()]
    return seen(read.schema.metadata[b"directed"] == b"true", listed, ties)


def matrix_files(matrix: Path, nodes: Path) -> Seen:
    with nodes.open(encoding="utf-8", newline="") as file:
        keys = [plain_cell(row["Id"]) for row in csv.DictReader(file)]
    read = mmread(matrix).tocsr().tocoo()  # adds up parallel edges
    directed = matrix.read_text("utf-8").partition("\n")[0].endswith(" general")
    entries = zip(*(column.tolist() for column in (*read.coords, read.data)), strict=True)
    ties = [(keys[row], keys[end], {"weight": weight}) for row, end, weight in entries if directed or row >= end]
    return seen(directed, [(key, {}) for key in keys], ties)


def intervals(edges: Path, weights: Path, nodes: Path, node_spells: Path, network: Path) -> Seen:
    """The network behind tables for networkDynamic, whose intervals have to be in order and must not overlap."""
    keys = {row["vertex.id"]: plain_cell(row["vertex.pid"]) for row in read_rows(nodes)}
    assert list(keys) == [str(number) for number in range(1, len(keys) + 1)]
    assert {row["vertex.id"] for row in read_rows(node_spells)} == set(keys)
    ties: dict[str, tuple[str, str]] = {}
    for path in (edges, weights):
        last: dict[str, float] = {}
        for row in read_rows(path):
            assert last.get(row["edge.id"], -math.inf) <= float(row["onset"]) < float(row["terminus"])
            last[row["edge.id"]] = float(row["terminus"])
            ties[row["edge.id"]] = keys[row["tail"]], keys[row["head"]]
    about = {row["attribute"]: row["value"] for row in read_rows(network)}
    return seen(
        about["directed"] == "TRUE", [(key, {}) for key in keys.values()], [(*ends, {}) for ends in ties.values()]
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def geojson(path: Path) -> Seen:
    read = json.loads(path.read_text("utf-8"))
    nodes, edges = [], []
    for feature in read["features"]:
        told, where = feature["properties"], feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "Point":
            assert where == [told["long"], told["lat"]]
            nodes.append((feature["id"], dropped(told, "id")))
        else:
            edges.append((told["source"], told["target"], dropped(told, "source", "target")))
    return seen(read["network"]["directed"], nodes, edges)


def igraph_dl(path: Path) -> Seen:
    """igraph knows no lists of two modes: the columns are numbered after the rows, and their labels follow."""
    lines = path.read_text("utf-8").splitlines()
    if lines[0] == "dl n=0":  # which ends igraph with an error of memory
        return Seen(True, {}, [])
    if sizes := re.fullmatch(r"dl nr=(\d+) nc=(\d+)", lines[0]):
        rows, columns = map(int, sizes.groups())
        assert [*lines[1:3], lines[rows + 3]] == ["format = edgelist2", "row labels:", "column labels:"]
        cells = [line.split() for line in lines[rows + columns + 5 :]]
        shifted = [f"{row} {int(column) + rows} {weight}" for row, column, weight in cells]
        labels = lines[3 : rows + 3] + lines[rows + 4 : rows + columns + 5]
        head = [f"dl n={rows + columns}", "format = edgelist1", "labels:"]
        path.write_text("\n".join([*head, *labels, *shifted, ""]), "utf-8")
    return igraph_graph(igraph.Graph.Read_DL(str(path)), "name", "name")


def vosviewer_files(items: Path, links: Path) -> Seen:
    table = pandas.read_csv(items, sep="\t", keep_default_na=False, dtype={"label": str, "url": str})
    assert table["id"].tolist() == [*range(1, len(table) + 1)]
    names = dict(zip(table["id"], table["url"], strict=True))
    nodes = [(row["url"], {"label": row["label"]}) for row in table.to_dict("records")]
    cells = [line.split("\t") for line in links.read_text("utf-8").splitlines()]
    return seen(False, nodes, [(names[int(one)], names[int(other)], {"weight": float(w)}) for one, other, w in cells])


YEARS = {"since": "startDate", "until": "endDate", "not_before": "notBefore", "not_after": "notAfter"}


def rdflib_graph(path: Path) -> Seen:
    read = RdfGraph().parse(path, format="turtle")
    (network,) = read.subjects(RDF.type, PROV.Collection)

    def told(one: Any) -> dict[str, Any]:
        known = {RDFS.label: "label", SG.weight: "weight"} | {getattr(SG, term): name for name, term in YEARS.items()}
        pairs = [
            (known.get(name) or unquote(str(name).partition("#attribute-")[2]), value) for name, value in read[one]
        ]
        values = [(name, int(str(value)) if name in YEARS else value.toPython()) for name, value in pairs if name]
        return {name: value if isinstance(value, bool | int | str) else float(value) for name, value in values}

    members = set(read.objects(network, PROV.hadMember))
    ties = sorted(one for one in members if (one, RDF.type, SG.Tie) in read)
    nodes = [(str(one), told(one)) for one in members - set(ties)]
    edges = []
    for tie in ties:
        ends = [*read.objects(tie, SG.connects)] * 2 or [read.value(tie, SG.tieFrom), read.value(tie, SG.tieTo)]
        edges.append((str(ends[0]), str(ends[1]), told(tie)))
    return seen(any(read.subject_objects(SG.tieFrom)), nodes, edges)


# What each format keeps, as docs/network-files.md says it.


def texts(told: dict[str, Any]) -> dict[str, Any]:
    """Every value as text, as in a format that knows nothing else."""
    words = {True: "true", False: "false"}
    return {key: words[one] if isinstance(one, bool) else str(one) for key, one in told.items()}


def _graphviz(graph: Any) -> Seen:
    """Weights are those by which Graphviz lays out where all are whole numbers; ``layer`` is a word of its own."""
    whole = all(isinstance(told.get("weight", 1), int) for *_, told in graph.edges(data=True))
    return held(
        graph,
        lambda told: renamed(texts(told), layer="layer_"),
        lambda told: texts(told) if whole else renamed(texts(told), weight="weight_"),
    )


def without_truth(told: dict[str, Any]) -> dict[str, Any]:
    return {key: int(one) if isinstance(one, bool) else one for key, one in told.items()}


def as_gephi(told: dict[str, Any]) -> dict[str, Any]:
    capitals = {key: str(one).upper() if isinstance(one, bool) else one for key, one in told.items()}
    return renamed(texts(capitals), label="Label", weight="Weight")


def as_gexf(told: dict[str, Any]) -> dict[str, Any]:
    return renamed(told, spells="spells_")


def as_graphology(told: dict[str, Any]) -> dict[str, Any]:
    """It knows no time: of a weight that changes it keeps the last."""
    weights = [spell.weight for spell in spells_of(told)]
    return as_gexf(told) | ({"weight": weights[-1]} if "spells" in told else {})


def only(*names: str) -> Attributes:
    return lambda told: {key: one for key, one in told.items() if key in names}


def located(graph: Any) -> Any:
    """The part of the network that has a place."""
    return graph.subgraph([key for key, told in graph.nodes(data=True) if "lat" in told])


def by_iri(graph: Any) -> Any:
    iris = {key: told["iri"] for key, told in graph.nodes(data=True)}
    told = networkx.relabel_nodes(graph, iris)
    for _, node in told.nodes(data=True):
        del node["iri"]
    return told


def by_label(graph: Any, clean: Callable[[str], str] = str) -> Any:
    """Nodes by a label that no other has: one that repeats is followed by the key."""
    labels = {key: clean(legal(told["label"])) for key, told in graph.nodes(data=True)}
    often = list(labels.values())
    names = {key: one if often.count(one) == 1 else f"{one} ({key})" for key, one in labels.items()}
    relabelled = networkx.relabel_nodes(graph, names)
    for name, told in relabelled.nodes(data=True):
        told["label"] = name
    return relabelled


def as_pajek(text: str) -> str:
    return " ".join(text.replace('"', "'").replace("\\", "/").split())


_CYTOSCAPE = ("id", "name", "shared_name", "x", "y", "source", "target", "interaction")
_PAJEK = ("name", "type", "x", "y", "z")


class Reader(NamedTuple):
    """A program that reads a format, and what of a network it has to find there."""

    format: str
    program: str
    read: Callable[..., Seen]
    expected: Callable[[Any], Seen]
    not_read: tuple[str, ...] = ()


def numbered_entities(text: str) -> str:
    """igraph reads the entities of XML and leaves those with numbers to whoever draws the text."""
    return re.sub("[^ -~]", lambda one: f"&#{ord(one[0])};", legal(text))


def _gml(graph: Any, clean: Callable[[str], str] = legal) -> Seen:
    labelled = by_label(graph)
    back = dict(zip(labelled, graph, strict=True))

    def as_gml(told: dict[str, Any]) -> dict[str, Any]:
        return renamed(without_truth(told), not_before="notBefore", not_after="notAfter")

    return held(networkx.relabel_nodes(labelled, back), as_gml, as_gml, clean)


def _simple(graph: Any) -> Any:
    return networkx.DiGraph(graph) if graph.is_directed() else networkx.Graph(graph)


def _matrix(graph: Any) -> Seen:
    simple = networkx.DiGraph() if graph.is_directed() else networkx.Graph()
    simple.add_nodes_from(graph)
    for start, end, weight in graph.edges(data="weight", default=1):
        before = simple.get_edge_data(start, end, default={"weight": 0})["weight"]
        simple.add_edge(start, end, weight=before + weight)
    return held(simple, only(), only("weight"))


def _pajek(graph: Any) -> Seen:
    return held(by_label(graph, as_pajek), only(), only("weight"))


def totals(graph: Any, cells: Callable[[str, str], set[tuple[str, str]]]) -> list[tuple[str, str, dict[str, float]]]:
    """The weights of parallel edges, added up by the cells in which each edge counts."""
    weights = Counter[tuple[str, str]]()
    for one, other, weight in graph.edges(data="weight", default=1):
        weights.update(dict.fromkeys(cells(one, other), weight))
    return [(one, other, {"weight": weight}) for (one, other), weight in weights.items()]


def _dl(graph: Any) -> Seen:
    """A matrix: both cells of a tie without direction; of two modes from the first to the second."""
    as_label = lambda text: re.sub(r'[\s,;:="]+', "_", text.strip())  # noqa: E731
    labelled = networkx.relabel_nodes(by_label(graph, as_label), as_label)
    modes = {name: node.get("bipartite") for name, node in labelled.nodes(data=True)}

    def cells(one: str, other: str) -> set[tuple[str, str]]:
        if modes[one] != modes[other]:
            return {(other, one) if modes[one] else (one, other)}
        return {(one, other)} if graph.is_directed() else {(one, other), (other, one)}

    return seen(True, [(name, {}) for name in labelled], totals(labelled, cells))


def _vosviewer(graph: Any) -> Seen:
    nodes = [
        (node["iri"], {"label": " ".join(legal(node["label"]).replace('"', "'").split())})
        for _, node in graph.nodes(data=True)
    ]
    named = networkx.relabel_nodes(graph, {key: node["iri"] for key, node in graph.nodes(data=True)})
    pairs = totals(named, lambda one, other: {(min(one, other), max(one, other))})
    return seen(False, nodes, [edge for edge in pairs if edge[0] != edge[1]])


READERS = (
    Reader("graphml", "networkx", lambda path: networkx_graph(networkx.read_graphml(path), "id"), held),
    Reader("graphml", "igraph", igraph_graphml, held),
    Reader("graphml", "graphology", javascript_graph, held),
    Reader(
        "gexf",
        "networkx",
        lambda path: networkx_graph(
            networkx.read_gexf(path, version="1.3"), "id", "start", "end", "spells", of_edges=("kind", "certain")
        ),
        lambda graph: held(graph, of_edge=as_gexf),
    ),
    Reader(
        "gexf",
        "graphology",
        lambda path: javascript_graph(path, of_edges=("kind", "certain")),
        lambda graph: held(graph, of_edge=as_graphology),
    ),
    Reader(
        "cyjs",
        "Cytoscape.js",
        lambda path: javascript_graph(path, "id", "name", "shared_name", "x", "y", "source", "target", "interaction"),
        lambda graph: held(graph, clean=str),
    ),
    Reader(
        "json",
        "networkx",
        lambda path: networkx_graph(networkx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges")),
        lambda graph: held(graph, clean=str),
    ),
    Reader("csv", "pandas", csv_files, lambda graph: held(graph, as_gephi, as_gephi)),
    Reader("parquet", "pyarrow", parquet_files, lambda graph: held(graph, clean=str)),
    Reader("networkdynamic", "csv", intervals, lambda graph: held(_simple(graph), only(), only())),
    Reader("matrix-market", "scipy", matrix_files, _matrix),
    Reader("pajek", "igraph", lambda path: igraph_graph(igraph.Graph.Read_Pajek(str(path)), "name", *_PAJEK), _pajek),
    Reader(
        "pajek",
        "networkx",
        lambda path: networkx_graph(networkx.read_pajek(path), "id", *_PAJEK, "shape"),
        _pajek,
        ("two modes", "two modes, directed", "memberships", "funding"),
    ),
    Reader("dl", "igraph", igraph_dl, _dl),
    Reader("vosviewer", "pandas", vosviewer_files, _vosviewer),
    Reader("dot", "Graphviz", graphviz, _graphviz),
    Reader("gml", "networkx", lambda path: networkx_graph(networkx.read_gml(path, label="name")), _gml),
    Reader("gml", "igraph", igraph_gml, lambda graph: _gml(graph, numbered_entities)),
    Reader("geojson", "json", geojson, lambda graph: held(located(graph), clean=str)),
    Reader("turtle", "rdflib", rdflib_graph, lambda graph: held(by_iri(graph))),
)
