"""Two-mode networks: the first mode first, and marked so that networkx and igraph project them at once."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import igraph
import networkx
import pytest
from click.testing import Result
from networkx.algorithms import bipartite
from pyoxigraph import Literal, NamedNode

import solgraph
from solgraph.formats.rows import Table
from solgraph.networks.files import formats as files
from solgraph.networks.measures.node_measures import put_on_nodes
from solgraph.networks.model.build import build
from solgraph.networks.model.closest import without_weaker_ties
from solgraph.networks.model.evidence import rows_of_link
from solgraph.networks.model.selection import Selection
from test_network import SMALL, VIEWS, rows
from test_projection import rows as table

TWO_MODE = {"memberships": ("city", "network"), "funding": ("funder", "initiative")}


@pytest.mark.parametrize("view", VIEWS)
def test_only_two_mode_networks_have_modes_and_the_first_comes_first(view: str, frozen: solgraph.Knowledge) -> None:
    graph = frozen.network(view)
    modes = {(node.get("bipartite"), node.get("type")) for _, node in graph.nodes(data=True)}
    assert modes == ({(0, False), (1, True)} if view in TWO_MODE else {(None, None)})
    if view in TWO_MODE:
        kinds = [(graph.nodes[first]["kind"], graph.nodes[second]["kind"]) for first, second in graph.edges()]
        assert set(kinds) == {TWO_MODE[view]}
        assert [kind for _, kind in graph.nodes(data="kind")] == sorted(dict(graph.nodes(data="kind")).values())


def test_networkx_finds_the_modes_and_projects(frozen: solgraph.Knowledge) -> None:
    graph = frozen.network("memberships", simple=True)
    cities, networks = bipartite.sets(graph, [key for key, mode in graph.nodes(data="bipartite") if mode == 0])
    assert {key.partition(":")[0] for key in cities} == {"city"}
    projected = bipartite.weighted_projected_graph(graph, networks)
    ours = frozen.network("shared-members")
    assert {frozenset(edge): edge_weight for *edge, edge_weight in projected.edges(data="weight")} == {
        frozenset(edge): weight for *edge, weight in ours.edges(data="shared")
    }


def test_igraph_projects_what_it_reads(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    (path,) = files.save(frozen.network("memberships", simple=True), tmp_path / "m.graphml")
    for graph in (igraph.Graph.Read_GraphML(str(path)), frozen.igraph("memberships", simple=True)):
        cities, networks = graph.bipartite_projection()
        assert cities.vcount() == graph.vs["kind"].count("city")
        assert networks.ecount() == frozen.network("shared-members").number_of_edges()


def test_igraph_has_every_attribute(frozen: solgraph.Knowledge) -> None:
    graph, made = frozen.network("transfer"), frozen.igraph("transfer")
    assert made.is_directed() and made["name"] == "transfer"
    assert {node["name"]: node["label"] for node in made.vs} == dict(graph.nodes(data="label"))
    read = [(made.vs[edge.source]["name"], made.vs[edge.target]["name"], edge["evidence"]) for edge in made.es]
    assert sorted(read) == sorted(graph.edges(data="evidence"))


def test_igraph_without_its_library_says_what_to_install(
    frozen: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "igraph", None)
    with pytest.raises(solgraph.WrongUse, match=r"pip install 'solgraph\[fast\]'"):
        frozen.igraph("transfer")


def test_the_edges_of_every_file_lead_from_city_to_network(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    _, edges, _ = files.save(frozen.network("memberships"), tmp_path / "m.csv")
    ends = [(row["Source"].partition(":")[0], row["Target"].partition(":")[0]) for row in rows(edges.read_text())]
    assert set(ends) == {("city", "network")}
    net, _ = files.save(frozen.network("memberships"), tmp_path / "m.net")
    head, lines = net.read_bytes().decode().split("*Edges\r\n")
    assert head.startswith("*Network memberships\r\n*Vertices "), "without a byte order mark"
    first = int(head.split("\r\n")[1].split()[2])
    assert all(int(line.split()[0]) <= first < int(line.split()[1]) for line in lines.splitlines())


def test_a_comparison_of_two_years_has_the_modes_too(frozen: solgraph.Knowledge) -> None:
    graph = frozen.compare("memberships", 2016, 2019)
    assert {(graph.nodes[first]["bipartite"], graph.nodes[second]["bipartite"]) for first, second in graph.edges()} == {
        (0, 1)
    }


def test_a_node_of_both_modes_leaves_no_modes_and_is_counted() -> None:
    graph = build("v", {"source": "a", "target": "b"}, table([("x", "y"), ("y", "z")], "a", "b"))
    assert graph.graph["mode"] == "multi-mode"
    assert graph.graph["notes"] == "Nodes of both modes, so that the network has no two modes: 1."
    assert not {"bipartite", "type"} & {name for _, node in graph.nodes(data=True) for name in node}


def test_columns_of_a_view_that_are_called_like_the_modes_keep_their_values() -> None:
    columns = ("a", "b", "a_type", "a_bipartite")
    node = build("v", {"source": "a", "target": "b"}, table([("x", "y", "town", "no")], *columns)).nodes["x"]
    assert node == {"label": "x", "kind": "town", "bipartite": 0, "type": False, "bipartite_": "no"}


# What is left out.


def test_parallel_edges_are_joined_without_what_is_not_alike() -> None:
    columns, header = ("a", "b", "since", "role"), {"source": "a", "target": "b"}
    read = table([("x", "y", 1990, "member"), ("x", "y", 2014, "member"), ("x", "z", 1999, "leader")], *columns)
    graph = build("v", header, read, Selection(simple=True))
    assert not graph.is_multigraph() and graph.graph["selection"] == "simple"
    spells = "1990: 1 of 1; 1991–2013: 0 of 1; 2014: 1 of 2; 2015–: 0 of 2"
    assert graph.edges["x", "y"] == {"role": "member", "parallel": 2, "spells": spells}
    assert graph.edges["x", "z"] == {"since": 1999, "role": "leader", "parallel": 1}


def test_only_ties_of_some_networks(frozen: solgraph.Knowledge, run: Callable[..., Result]) -> None:
    graph = frozen.network("people", network="network:city-of-refuge")
    assert all("network:city-of-refuge" in edge for edge in graph.edges()) and graph.number_of_edges()
    assert "Ties of other networks, left out:" in graph.graph["notes"]
    by_either_name = [
        run("network", "memberships", name, "network:city-of-refuge", "-f", "csv").stdout
        for name in ("--network", "--only-network")
    ]
    assert by_either_name[0] == by_either_name[1] != ""


def test_nodes_with_few_neighbours_are_left_out_and_counted(frozen: solgraph.Knowledge) -> None:
    whole = networkx.Graph(frozen.network("memberships"))
    few = [node for node, degree in whole.degree() if degree < 2]
    graph = frozen.network("memberships", min_degree=2)
    assert set(graph) == set(whole) - set(few)
    assert f"Nodes tied to fewer than 2 others, left out: {len(few)}." in graph.graph["notes"]
    assert graph.graph["selection"] == "min degree 2"


def test_of_each_node_only_the_closest_are_kept(frozen: solgraph.Knowledge) -> None:
    whole, graph = frozen.network("themes"), frozen.network("themes", closest=2)
    assert set(graph) == set(whole) and 0 < graph.number_of_edges() <= 2 * len(graph) < whole.number_of_edges()
    for node in graph:
        most = sorted((edge["shared"] for edge in whole[node].values()), reverse=True)[:2]
        assert sorted((edge["shared"] for edge in graph[node].values()), reverse=True)[:2] == most
    left = whole.number_of_edges() - graph.number_of_edges()
    assert f"Ties to others than the 2 closest of each node, left out: {left}." in graph.graph["notes"]
    assert graph.graph["selection"] == "closest 2"


def test_a_chosen_weight_says_who_is_closest_and_parallel_ties_count_together() -> None:
    graph = networkx.MultiDiGraph()
    graph.add_edge("a", "b", shared=2, weight=0.1)
    graph.add_edge("a", "c", shared=1, weight=0.9)
    graph.add_edge("b", "c", shared=1, weight=0.2)
    graph.add_edge("c", "b", shared=1, weight=0.2)
    graph.add_edge("a", "a", shared=9)
    assert {*map(frozenset, graph.edges())} == {*map(frozenset, ("ab", "ac", "bc", "a"))}
    by_weight = graph.copy()
    assert without_weaker_ties(by_weight, 1, by_weight=True) == 1
    assert {*map(frozenset, by_weight.edges())} == {*map(frozenset, ("ac", "bc", "a"))}
    assert without_weaker_ties(graph, 1) == 1
    assert {*map(frozenset, graph.edges())} == {*map(frozenset, ("ab", "bc", "a"))} and graph.number_of_edges("b", "c")


@pytest.mark.parametrize("view", ["alliances", "countries", "collaborations"])
def test_isolates_are_dropped_on_request(view: str, frozen: solgraph.Knowledge) -> None:
    assert [*networkx.isolates(frozen.network(view, network="network:city-of-refuge"))]
    assert not [*networkx.isolates(frozen.network(view, network="network:city-of-refuge", drop_isolates=True))]


def test_what_needs_the_whole_network_is_not_read_edge_by_edge(
    frozen: solgraph.Knowledge, run: Callable[..., Result], tmp_path: Path
) -> None:
    with pytest.raises(solgraph.WrongUse, match=r"(?s)only seen in the whole network.*Leave out min_degree"):
        frozen.projection("alliances", min_degree=2)
    run("network", "alliances", "--min-degree", "2", "--drop-isolates", "-o", str(tmp_path / "a.csv"))
    graph = frozen.network("alliances", min_degree=2, drop_isolates=True)
    assert {row["Id"] for row in rows((tmp_path / "a-nodes.csv").read_text())} == set(graph)


@pytest.mark.parametrize("view", ["alliances", "countries", "memberships", "collaborations", "people", "transfer"])
def test_every_link_has_evidence_and_other_pairs_have_none(view: str, frozen: solgraph.Knowledge) -> None:
    graph = frozen.network(view)
    first, second = next(edge for edge in graph.edges() if edge[0] != edge[1])
    rows = frozen.evidence(view, first, second)
    assert len(rows) and all(row.source for row in rows)
    alike = (node for node in graph if graph.nodes[node]["kind"] == graph.nodes[second]["kind"])
    apart = next(node for node in alike if node != first and node not in graph[first])
    assert len(frozen.evidence(view, first, apart)) == 0


def test_evidence_of_a_year_is_that_of_the_year() -> None:
    """Of an undated tie, the sources of 2018 and those that name no year; of a dated one all: one states the start."""
    said = [("a", None, 2012, "p1"), ("a", None, 2018, "p2"), ("a", None, None, "p3"), ("b", 2010, 2012, "p4")]
    names = ("city", "network", "since", "active", "source")
    iri = "https://w3id.org/solgraph/id/{}".format
    listed = [
        [NamedNode(iri(city)), NamedNode(iri("n")), *(year and Literal(year) for year in years), Literal(source)]
        for city, *years, source in said
    ]
    held, ends = Table(names, listed, {}, ("active", "source")), (iri("a"), iri("b"))
    for selection, sources in (({}, "p1 p2 p3 p4"), ({"year": 2018}, "p2 p3 p4"), ({"year": 2012}, "p1 p3 p4")):
        found = rows_of_link("test", {"nodes": "city", "through": "network"}, held, Selection(**selection), ends)
        assert [row[-1].value for row in found] == sources.split(), selection  # type: ignore[union-attr]


def test_the_evidence_of_a_direction_is_not_that_of_the_other(frozen: solgraph.Knowledge) -> None:
    first, second, _ = next(iter(frozen.network("transfer").edges))
    assert len(frozen.evidence("transfer", first, second)) and not len(frozen.evidence("transfer", second, first))


def test_a_backbone_is_made_of_all_ties_and_then_trimmed(run: Callable[..., Result], tmp_path: Path) -> None:
    for name in ("whole", "trimmed"):
        options = ["--drop-isolates"] if name == "trimmed" else []
        run("network", "alliances", "--backbone", "sdsm", *options, "-o", str(tmp_path / f"{name}.graphml"))
    whole, trimmed = (networkx.read_graphml(tmp_path / f"{name}.graphml") for name in ("whole", "trimmed"))
    assert set(trimmed) == set(whole) - {*networkx.isolates(whole)} != set(whole)
    assert f"Nodes without an edge, left out: {len(whole) - len(trimmed)}." in trimmed.graph["notes"]
    assert "edge, kept" not in trimmed.graph["notes"]
    assert trimmed.number_of_edges() == whole.number_of_edges()


# Figures on the nodes.


@pytest.mark.parametrize("ending", ["gexf", "graphml", "cyjs"])
def test_measures_stand_on_the_nodes_of_a_file(
    ending: str, frozen: solgraph.Knowledge, run: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / f"x.{ending}"
    run("network", "shared-members", "--measures", "--seed", "4", "-o", str(path))
    readers = {"gexf": lambda path: networkx.read_gexf(path, version="1.3"), "graphml": networkx.read_graphml}
    if ending == "cyjs":
        nodes = {node["data"]["id"]: node["data"] for node in json.loads(path.read_text())["elements"]["nodes"]}
    else:
        nodes = dict(readers[ending](path).nodes(data=True))
    table = solgraph.measures(frozen.network("shared-members"), seed=4)
    for key, values in table.as_attributes().items():
        assert {name: nodes[key][name] for name in values} == pytest.approx(values)
    assert "community" in table.columns and "Seed 4." in path.read_text()


def test_measures_without_a_format_of_networks_are_a_table(run: Callable[..., Result], tmp_path: Path) -> None:
    for name in ("x.csv", "x.json", "x.txt"):
        run("network", "transfer", "--measures", "-o", str(tmp_path / name))
    assert (tmp_path / "x.csv").read_text().startswith("node,label,kind,degree")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.csv", "x.json", "x.txt"]
    run("network", "transfer", "--measures", "-f", "vosviewer", "-o", str(tmp_path / "y.txt"))
    assert "weight<degree>" in (tmp_path / "y-map.txt").read_text()


def test_an_attribute_that_is_called_like_a_measure_stays() -> None:
    graph: networkx.Graph[str] = networkx.path_graph(["a", "b", "c"])
    graph.nodes["a"]["degree"] = "doctor"
    put_on_nodes(graph)
    assert (graph.nodes["a"]["degree"], graph.nodes["a"]["degree_"], graph.nodes["b"]["degree_"]) == ("doctor", 1, 2)


# Columns of one's own.

OWN = """
@prefix sg: <https://w3id.org/solgraph/ns#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix city: <https://w3id.org/solgraph/id/city/> .
@prefix membership: <https://w3id.org/solgraph/id/membership/> .
@prefix column: <https://w3id.org/solgraph/column/> .

city:ardea column:kind "capital" ; column:inhabitants 1200 .
city:belmonte column:inhabitants 800 .
membership:ardea-harbours column:phase "first" .
"""


@pytest.fixture
def own(tmp_path: Path) -> solgraph.Knowledge:
    """The small graph with columns that an import kept."""
    path = tmp_path / "own.ttl"
    path.write_text(OWN)
    return solgraph.open(SMALL, add=path)


def test_columns_that_the_import_kept_stand_on_nodes_and_edges(own: solgraph.Knowledge) -> None:
    graph = own.network("memberships", keep=["Inhabitants", "kind", "phase"])
    assert dict(graph.nodes(data="inhabitants"))["city:ardea"] == 1200
    assert (graph.nodes["city:ardea"]["kind"], graph.nodes["city:ardea"]["kind_"]) == ("city", "capital")
    (edge,) = graph.get_edge_data("city:ardea", "network:harbours").values()
    assert edge["phase"] == "first"
    assert "columns" not in graph.graph


def test_identifiers_stand_on_nodes_unless_a_column_has_that_name(shipped: solgraph.Knowledge) -> None:
    graph = shipped.network("memberships", keep=["wikidata", "geonamesId"])
    assert (graph.nodes["city:bologna"]["wikidata"], graph.nodes["city:bologna"]["geonamesId"]) == ("Q1891", 3181928)
    assert "columns" not in graph.graph
    with pytest.raises(solgraph.ParameterError, match="Did you mean 'wikidata'"):
        shipped.network("memberships", keep="wikidate")


def test_a_value_without_a_place_is_counted(own: solgraph.Knowledge) -> None:
    projection = own.projection("alliances", keep="phase")
    assert "Values of the column 'phase' without a node or a single edge to stand on: 1." in projection.graph["columns"]
    with pytest.raises(solgraph.ParameterError, match=r"(?s)has the column 'fase'.*Did you mean 'phase'"):
        own.network("memberships", keep="fase")


def test_every_file_has_the_columns(own: solgraph.Knowledge, tmp_path: Path) -> None:
    graph = own.network("memberships", keep="inhabitants")
    for form in files.DATA:
        if form.name not in ("pajek", "dl"):
            ending = form.endings[0]
            written = b"".join(path.read_bytes() for path in files.save(graph, tmp_path / f"x.{ending}", form.name))
            assert b"inhabitants" in written, form.name
