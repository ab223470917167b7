"""Measures and summaries: counted by hand on small graphs, and the same as networkx and igraph on the shipped ones."""

import csv
import io
import json
import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import igraph
import networkx as nx
import pandas
import pytest
from networkx.algorithms import bipartite

import solgraph
from solgraph.formats.media import ROWS
from solgraph.networks.measures import backends
from solgraph.networks.measures.network_summary import FIGURES, Summary, summary
from solgraph.networks.measures.node_measures import Measures, measures
from solgraph.networks.measures.partitions import improved, most_central, rand_index, two_mode_modularity
from solgraph.networks.measures.sheet import Sheet
from solgraph.networks.measures.simple_graph import SimpleGraph

ROOT = Path(__file__).parents[1]
VIEWS = ("alliances", "memberships")


def column(graph: Any, name: str) -> dict[Any, Any]:
    return {row["node"]: row[name] for row in measures(graph)}


def close(one: Any, other: Any) -> bool:
    """Equal to 1e-9; None stands for what networkx calls nan."""
    none = one is None or other is None or math.isnan(other)
    return (one is None and (other is None or math.isnan(other))) if none else math.isclose(one, other, abs_tol=1e-9)


def same(found: dict[Any, Any], expected: dict[Any, Any]) -> bool:
    return list(found) == list(expected) and all(close(found[node], expected[node]) for node in found)


def two_mode() -> nx.Graph:
    """Cities A and B in the network x, B and C in y."""
    graph = nx.Graph(mode="two-mode")
    graph.add_nodes_from("ABC", kind="city", bipartite=0)
    graph.add_nodes_from("xy", kind="network", bipartite=1)
    graph.add_edges_from(["Ax", "Bx", "By", "Cy"])
    return graph


def weighted(directed: bool = False, nodes: int = 40, edges: int = 110) -> nx.Graph:
    """A connected-enough random graph with weights, two self-loops and an isolate, always the same."""
    graph = nx.gnm_random_graph(nodes, edges, seed=3, directed=directed)
    chance = random.Random(5)
    for _, _, told in graph.edges(data=True):
        told["weight"] = chance.randint(1, 5)
    graph.add_edges_from([(0, 0), (7, 7)], weight=2)
    graph.add_node(nodes)
    nx.set_node_attributes(graph, {node: "AB"[node % 3 == 0] for node in graph}, "country")
    return graph


# Counted by hand.


def test_a_path_of_three() -> None:
    graph = nx.path_graph(["a", "b", "c"])
    assert column(graph, "degree") == {"a": 1, "b": 2, "c": 1}
    assert column(graph, "betweenness") == {"a": 0, "b": 1, "c": 0}
    assert same(column(graph, "closeness"), {"a": 2 / 3, "b": 1, "c": 2 / 3})
    assert same(column(graph, "harmonic"), {"a": 1.5, "b": 2, "c": 1.5})
    assert column(graph, "effective_size") == {"a": 1, "b": 2, "c": 1}
    assert column(graph, "constraint") == {"a": 1, "b": 0.5, "c": 1}
    near = column(graph, "eigenvector")
    assert near["b"] == pytest.approx(0.5**0.5, abs=1e-6)
    assert near["a"] == near["c"] == pytest.approx(0.5, abs=1e-6)


def test_a_star() -> None:
    graph = nx.star_graph(4)
    told = {row["name"]: row["value"] for row in summary(graph)}
    assert [row["core_number"] for row in measures(graph)] == [1] * 5
    assert column(graph, "betweenness") == {0: 1, 1: 0, 2: 0, 3: 0, 4: 0}
    assert (told["diameter"], told["average path length"], told["average degree"]) == (2, 1.6, 1.6)
    assert (told["transitivity"], told["degree assortativity"], told["density"]) == (0, -1, 0.4)


def test_a_triangle_and_an_isolate() -> None:
    graph = nx.Graph(["ab", "bc", "ca"])
    graph.add_node("d", label="Dee", kind="city")
    nx.set_node_attributes(graph, {"a": "X", "b": "X", "c": "Y"}, "country")
    rows = {row["node"]: row for row in measures(graph)}
    alone = {"degree": 0, "betweenness": 0, "closeness": 0, "harmonic": 0, "core_number": 0, "community": 2}
    assert {name: rows["d"][name] for name in alone} == alone
    assert (rows["d"]["label"], rows["d"]["kind"], rows["a"]["label"], rows["a"]["kind"]) == ("Dee", "city", "a", None)
    assert [rows["d"][name] for name in ("constraint", "effective_size", "eigenvector")] == [None] * 3
    assert (rows["a"]["clustering"], rows["a"]["core_number"], rows["a"]["effective_size"]) == (1, 2, 1)
    # Half of a's ties leads to b, and half of the other half.
    assert rows["a"]["constraint"] == pytest.approx(2 * (1 / 2 + 1 / 4) ** 2)
    assert rows["a"]["closeness"] == pytest.approx(2 / 3)
    told = summary(graph)
    assert [told[name] for name in ("nodes", "edges", "isolates", "components", "largest component")] == [4, 3, 1, 2, 3]
    assert (told["density"], told["diameter"], told["transitivity"]) == (0.5, 1, 1)
    assert told["degree assortativity"] is None
    # One of three edges within X; by chance (4/6)² + (2/6)² = 5/9.
    assert told["country assortativity"] == pytest.approx((1 / 3 - 5 / 9) / (1 - 5 / 9))


def test_two_cliques_and_a_bridge() -> None:
    graph = nx.barbell_graph(4, 0)
    found = measures(graph)
    assert [row["community"] for row in found] == [1, 1, 1, 1, 2, 2, 2, 2]
    # 13 edges: 6 within each clique, whose ends add up to half of all.
    assert found.modularity == pytest.approx(12 / 13 - 0.5)
    assert summary(graph)["modularity"] == found.modularity
    assert summary(graph)["communities"] == 2
    # Through a bridgehead lead the 3 × 4 paths of its clique to the other one, of 21 pairs of others.
    assert found.rows[3]["betweenness"] == pytest.approx(12 / 21)
    assert [row["core_number"] for row in found] == [3] * 8


def test_a_two_mode_network() -> None:
    graph = two_mode()
    assert same(column(graph, "two_mode_degree"), {"A": 1 / 2, "B": 1, "C": 1 / 2, "x": 2 / 3, "y": 2 / 3})
    # B lies on the paths A–C, A–y, x–C and x–y.
    assert column(graph, "betweenness")["B"] == pytest.approx(4 / 6)
    assert column(graph, "redundancy") == {"A": None, "B": 0, "C": None, "x": 0, "y": 0}
    told = summary(graph)
    assert told["density"] == pytest.approx(4 / 6)
    assert (told["average degree: city"], told["average degree: network"]) == (pytest.approx(4 / 3), 2)


def test_a_square_in_two_modes_is_redundant() -> None:
    graph = nx.Graph(["Ax", "Ay", "Bx", "By"], mode="two-mode")
    nx.set_node_attributes(graph, {"A": 0, "B": 0, "x": 1, "y": 1}, "bipartite")
    assert set(column(graph, "redundancy").values()) == {1}


def test_a_directed_path() -> None:
    graph = nx.DiGraph(["ab", "bc"])
    rows = {row["node"]: row for row in measures(graph)}
    assert [(row["degree"], row["in_degree"], row["out_degree"]) for row in rows.values()] == [
        (1, 0, 1),
        (2, 1, 1),
        (1, 1, 0),
    ]
    assert [row["harmonic"] for row in rows.values()] == [0, 1, 1.5]
    assert rows["b"]["betweenness"] == 0.5
    assert rows["c"]["constraint"] == 1  # networkx calls it undefined for those whom ties only lead to
    assert rows["c"]["pagerank"] > rows["b"]["pagerank"] > rows["a"]["pagerank"]
    assert sum(row["pagerank"] for row in rows.values()) == pytest.approx(1)
    assert "eigenvector" not in rows["a"]


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph])
def test_parallel_edges_are_joined_and_self_loops_left_out(kind: Any) -> None:
    graph = kind([("a", "b"), ("a", "b", {"weight": 2}), ("b", "b"), ("b", "c")])
    found = measures(graph)
    assert [(row["degree"], row["weighted_degree"]) for row in found] == [(1, 3), (2, 4), (1, 1)]
    assert found.notes[1:3] == (
        "Self-loops left out: 1.",
        "Parallel edges joined, their weights added up: 1 beyond the first.",
    )
    assert (summary(graph)["edges"], summary(graph)["linked pairs"]) == (4, 2)


def test_both_directions_are_one_tie_of_both_weights() -> None:
    graph = nx.DiGraph([("a", "b", {"weight": 2}), ("b", "a", {"weight": 3}), ("b", "c", {"weight": 5})])
    assert [row["constraint"] for row in measures(graph)] == [1, 0.5, 1]
    assert summary(graph)["linked pairs"] == 2


# The same as networkx and igraph, called by hand.


class Real(NamedTuple):
    """A network with what is computed of it once for all tests."""

    graph: Any
    measures: Measures
    summary: Summary

    def column(self, name: str) -> dict[Any, Any]:
        return {row["node"]: row[name] for row in self.measures}


@pytest.fixture(scope="module", params=[*VIEWS, "weighted", "directed"])
def real(request: pytest.FixtureRequest, frozen: solgraph.Knowledge) -> Real:
    """Views of the data and two random graphs."""
    graph = frozen.network(request.param) if request.param in VIEWS else weighted(request.param == "directed")
    return Real(graph, measures(graph), summary(graph))


def simple(graph: Any) -> Any:
    """The simple graph, made in another way."""
    plain = (nx.DiGraph if graph.is_directed() else nx.Graph)()
    plain.add_nodes_from(graph)
    for one, other, weight in graph.edges(data="weight", default=1):
        if one != other:
            before = plain.get_edge_data(one, other, {"weight": 0})["weight"]
            plain.add_edge(one, other, weight=weight + before)
    return plain


def flat(graph: Any) -> Any:
    """The same without direction."""
    both = nx.MultiGraph()
    both.add_nodes_from(graph)
    both.add_edges_from((one, other, told) for one, other, told in graph.edges(data=True))
    return simple(both)


def in_order(graph: Any, values: dict[Any, Any]) -> dict[Any, Any]:
    return {node: values[node] for node in graph}


def test_measures_are_those_of_networkx(real: Real) -> None:
    one, two = simple(real.graph), flat(real.graph)
    expected = {
        "degree": dict(one.degree()),
        "weighted_degree": dict(one.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(one),
        "closeness": nx.closeness_centrality(one),
        "harmonic": in_order(one, nx.harmonic_centrality(one)),
        "clustering": nx.clustering(one),
        "core_number": in_order(two, nx.core_number(two)),
        "constraint": nx.constraint(two, nodes=list(two), weight="weight"),
        "effective_size": nx.effective_size(two, nodes=list(two)),
    }
    for name, values in expected.items():
        assert same(real.column(name), values), name


def test_the_eigenvector_is_that_of_the_largest_component(real: Real) -> None:
    if real.graph.is_directed():  # which have PageRank
        return
    part = simple(real.graph).subgraph(max(nx.connected_components(real.graph), key=len))
    expected = nx.eigenvector_centrality(part, max_iter=10_000, tol=1e-9, weight="weight")
    found = real.column("eigenvector")
    assert all(found[node] == pytest.approx(expected.get(node), abs=1e-6) for node in part)
    assert {node for node, value in found.items() if value is not None} == set(part)


def test_communities_of_a_run_are_those_of_networkx(real: Real) -> None:
    numbered = nx.convert_node_labels_to_integers(flat(real.graph))
    expected = nx.community.louvain_communities(numbered, seed=1)
    once = measures(real.graph, runs=1)
    numbers = [row["community"] for row in once]
    if real.graph.graph.get("mode") == "two-mode":  # whose partition is improved for two modes, see below
        assert once.modularity >= two_mode_modularity(numbered, first_mode(real.graph), labels(expected))
        return
    assert {frozenset(nodes) for nodes in expected} == {
        frozenset(i for i, one in enumerate(numbers) if one == number) for number in set(numbers)
    }
    assert close(once.modularity, nx.community.modularity(numbered, expected))
    sizes = [numbers.count(number) for number in range(1, max(numbers) + 1)]
    assert sizes == sorted(sizes, reverse=True)


def labels(communities: Iterable[set[int]]) -> list[int]:
    by_node = {node: number for number, nodes in enumerate(communities) for node in nodes}
    return [by_node[node] for node in sorted(by_node)]


def first_mode(graph: nx.Graph) -> set[int]:
    types = [node["type"] for _, node in graph.nodes(data=True)]
    return {number for number, mode in enumerate(types) if mode == types[0]}


def test_partitions_are_compared_as_by_hubert_and_arabie() -> None:
    """The value of the example in the documentation of R's mclust and scikit-learn, and the two extremes."""
    assert rand_index([0, 0, 1, 1], [0, 0, 1, 2]) == pytest.approx(4 / 7)
    assert rand_index([0, 0, 1, 1], [1, 1, 0, 0]) == 1
    assert rand_index([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(-0.5)
    assert most_central([[0, 0, 1, 1], [0, 0, 1, 2], [0, 1, 0, 1]])[0] == [0, 0, 1, 2]


def test_the_modularity_of_two_modes_is_barbers() -> None:
    """Two cliques of two and two nodes: 1/m · Σ (A − k·d/m) by hand; all in one community gives 0."""
    graph = nx.Graph([(0, 2), (0, 3), (1, 2), (1, 3), (4, 6), (4, 7), (5, 6), (5, 7)], weight=1)
    nx.set_edge_attributes(graph, 1, "weight")
    modes = {0, 1, 4, 5}
    assert two_mode_modularity(graph, modes, [0, 0, 0, 0, 1, 1, 1, 1]) == pytest.approx(0.5)
    assert two_mode_modularity(graph, modes, [0] * 8) == pytest.approx(0)
    assert improved(graph, modes, [0, 0, 0, 1, 1, 1, 1, 1]) == [0, 0, 0, 0, 1, 1, 1, 1]


def test_runs_that_disagree_are_reported() -> None:
    ring = nx.cycle_graph(60)
    assert 0 < summary(ring)["agreement of runs"] < 0.9
    assert summary(nx.barbell_graph(8, 0))["agreement of runs"] == 1
    assert summary(ring, runs=1)["agreement of runs"] is None


def test_two_mode_measures_are_those_of_networkx(frozen: solgraph.Knowledge) -> None:
    for graph in (two_mode(), frozen.network("memberships")):
        one = simple(graph)
        top = [node for node, told in graph.nodes(data=True) if told["bipartite"] == 0]
        for name, values in {
            "two_mode_degree": bipartite.degree_centrality(one, top),
            "two_mode_betweenness": bipartite.betweenness_centrality(one, top),
            "two_mode_closeness": bipartite.closeness_centrality(one, top),
            "redundancy": bipartite.node_redundancy(one, [node for node in one if one.degree(node) > 1]),
        }.items():
            assert same(column(graph, name), {node: values.get(node) for node in one}), name
        assert summary(graph)["density"] == bipartite.density(one, top)


def test_direction_of_a_two_mode_network_does_not_matter_to_its_measures() -> None:
    graph = two_mode()
    directed = nx.DiGraph(graph.edges(), mode="two-mode")
    nx.set_node_attributes(directed, nx.get_node_attributes(graph, "bipartite"), "bipartite")
    for name in ("two_mode_degree", "two_mode_betweenness", "two_mode_closeness", "redundancy"):
        assert column(directed, name) == {node: column(graph, name)[node] for node in directed}


def test_figures_are_those_of_networkx(real: Real) -> None:
    one, two, told = simple(real.graph), flat(real.graph), real.summary
    part = two.subgraph(max(nx.connected_components(two), key=len))
    assert told["isolates"] == nx.number_of_isolates(two)
    assert told["components"] == nx.number_connected_components(two)
    assert (told["diameter"], told["largest component"]) == (nx.diameter(part), len(part))
    assert close(told["average path length"], nx.average_shortest_path_length(part))
    assert close(told["transitivity"], nx.transitivity(two))
    assert close(told["degree assortativity"], nx.degree_assortativity_coefficient(one))
    if real.graph.graph.get("mode") != "two-mode":
        assert close(told["density"], nx.density(one))
        nx.set_node_attributes(one, nx.get_node_attributes(real.graph, "country"), "country")
        assert close(told["country assortativity"], nx.attribute_assortativity_coefficient(one, "country"))


def test_igraph_gives_the_same(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, slow_summary = real.measures, real.summary
    monkeypatch.setattr(backends, "WORK", 0)
    quick, quick_summary = measures(real.graph), summary(real.graph)
    assert (slow.notes[0], quick.notes[0]) == ("Computed by networkx.", "Computed by igraph.")
    for name in slow.columns:
        if name in ("node", "label", "kind", "community", "redundancy"):
            continue
        wide = 1e-6 if name in ("eigenvector", "pagerank") else 1e-9
        for before, after in zip(slow, quick, strict=True):
            assert (before[name] is None) == (after[name] is None)
            assert before[name] is None or math.isclose(before[name], after[name], abs_tol=wide), name
    for before, after in zip(slow_summary, quick_summary, strict=True):
        if before["name"] not in ("communities", "modularity", "agreement of runs"):
            assert close(before["value"], after["value"] if after["value"] is not None else math.nan), before["name"]


def test_igraph_by_hand_gives_the_same_core_and_pagerank() -> None:
    graph = simple(weighted())
    other = igraph.Graph(len(graph), list(graph.edges()))
    assert [row["core_number"] for row in measures(graph)] == other.coreness()
    arrows = simple(weighted(directed=True))
    other = igraph.Graph(len(arrows), list(arrows.edges()), directed=True)
    ranks = other.pagerank(weights=[weight for *_, weight in arrows.edges(data="weight")])
    assert [row["pagerank"] for row in measures(arrows)] == pytest.approx(ranks, abs=1e-9)


def test_communities_of_igraph_are_seeded_and_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.connected_watts_strogatz_graph(200, 6, 0.1, seed=2)
    slow = measures(graph)
    monkeypatch.setattr(backends, "WORK", 0)
    quick = measures(graph)
    assert quick.modularity is not None and slow.modularity is not None
    assert quick.modularity >= slow.modularity - 0.02
    random.seed(99)
    before = random.getstate()
    assert measures(graph).rows == quick.rows
    assert random.getstate() == before


def test_which_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    large = nx.path_graph(2500)
    assert str(backends.choose_backend(nx.path_graph(2))) == "networkx"
    assert str(backends.choose_backend(large)) == "igraph"
    monkeypatch.setattr(backends, "find_spec", lambda name: None)
    assert str(backends.choose_backend(large)) == "networkx"


def test_redundancy_of_a_large_network_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "WORK", 0)
    found = measures(two_mode())
    assert {row["redundancy"] for row in found} == {None}
    assert "redundancy: left out of a network of this size." in found.notes


# Whatever comes.

DEGENERATE = {
    "nothing": [],
    "one node": [("a", None)],
    "no edges": [("a", None), ("b", None), ("c", None)],
    "a self-loop": [("a", "a")],
    "self-loops": [("a", "a"), ("b", "b")],
    "one edge": [("a", "b")],
    "two parts alike": [("a", "b"), ("c", "d")],
    "an edge and a self-loop": [("a", "b"), ("b", "b")],
    "there and back": [("a", "b"), ("b", "a")],
    "a star": [("a", "b"), ("a", "c"), ("a", "d")],
    "a triangle": [("a", "b"), ("b", "c"), ("c", "a")],
}


@pytest.mark.parametrize("work", [0, backends.WORK], ids=["igraph", "networkx"])
@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_no_graph_is_too_poor(kind: Any, work: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "WORK", work)
    for edges, mode in product(DEGENERATE.values(), ("one-mode", "two-mode", None)):
        graph = kind(mode=mode)
        graph.add_nodes_from((node, {"bipartite": int(node != "a")}) for ends in edges for node in ends if node)
        graph.add_edges_from(ends for ends in edges if ends[1])
        for sheet in (measures(graph), summary(graph)):
            values = [value for row in sheet for value in row.values()]
            assert all(math.isfinite(value) for value in values if isinstance(value, float))
            assert all(tuple(row) == sheet.columns for row in sheet)
        assert len(measures(graph)) == len(graph)


def test_a_sheet_without_rows_is_written_in_every_format() -> None:
    assert all(measures(nx.Graph()).text(form.name) for form in ROWS)


@pytest.mark.parametrize("work", [0, backends.WORK], ids=["igraph", "networkx"])
def test_a_star_in_two_modes_has_no_betweenness_for_its_points(work: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "WORK", work)
    graph = nx.Graph(["xA", "xB", "xC"], mode="two-mode")
    nx.set_node_attributes(graph, {"x": 1, "A": 0, "B": 0, "C": 0}, "bipartite")
    assert column(graph, "two_mode_betweenness") == {"x": 1, "A": None, "B": None, "C": None}


def test_edges_within_a_mode_make_no_two_modes() -> None:
    graph = two_mode()
    graph.add_edge("A", "B")
    found = measures(graph)
    assert {row["two_mode_degree"] for row in found} == {None}
    assert any(note.startswith("two-mode measures: not defined") for note in found.notes)


def test_the_eigenvector_says_why_it_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert any("no edge" in note for note in measures(nx.empty_graph(2)).notes)
    assert any("no component is the largest" in note for note in measures(nx.Graph(["ab", "cd"])).notes)
    iterate = nx.eigenvector_centrality
    monkeypatch.setattr(nx, "eigenvector_centrality", lambda graph, **how: iterate(graph, **how | {"max_iter": 9}))
    assert any("does not settle" in note for note in measures(nx.path_graph(20)).notes)


def test_a_weight_is_a_number_above_zero() -> None:
    for weight in (0, -1, math.nan, math.inf, "heavy", None):
        with pytest.raises(solgraph.SolgraphError, match="the edge a – b has the weight"):
            measures(nx.Graph([("a", "b", {"weight": weight})]))


def test_what_is_not_defined_says_why() -> None:
    missing = {row["name"]: row["meaning"] for row in summary(nx.Graph(), runs=1) if row["value"] is None}
    assert set(missing) == {name for name, figure in FIGURES.items() if figure.missing}
    assert all(sentence.startswith("Not defined: ") for sentence in missing.values())
    assert all(row["meaning"].endswith(".") for row in summary(nx.path_graph(3)))


def test_the_network_itself_stays_as_it_was() -> None:
    graph = weighted()
    before = nx.node_link_data(graph, edges="edges")
    measures(graph), summary(graph)
    assert nx.node_link_data(graph, edges="edges") == before


# The same again.

PROGRAM = """
import solgraph
from solgraph.networks.measures.node_measures import measures
from solgraph.networks.measures.network_summary import summary
for name in ("alliances", "memberships"):
    graph = solgraph.open().network(name)
    print(measures(graph).text("csv"), measures(graph).notes, summary(graph).text("csv"))
"""


@cache
def outcome(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_runs_agree_to_the_last_digit_whatever_the_hash_seed() -> None:
    assert len({outcome(PROGRAM, PYTHONHASHSEED=seed) for seed in ("0", "42")}) == 1


def test_without_numpy_scipy_and_igraph_the_same_comes_out() -> None:
    hide = "import sys\nfor name in ('numpy', 'scipy', 'igraph', 'pandas'): sys.modules[name] = None\n"
    assert outcome(hide + PROGRAM) == outcome(PROGRAM, PYTHONHASHSEED="0")


def test_pagerank_without_scipy_and_igraph_is_left_out_and_said() -> None:
    program = """
import sys
for name in ("numpy", "scipy"): sys.modules[name] = None
import networkx
from solgraph.networks.measures import backends
from solgraph.networks.measures.node_measures import measures
backends.find_spec = lambda name: None
found = measures(networkx.DiGraph(["ab"]))
print([row["pagerank"] for row in found], found.notes)
"""
    assert outcome(program).startswith("[None, None]")
    assert "pip install 'solgraph[fast]'" in outcome(program)


BACKEND = """
class backend:
    @staticmethod
    def convert_from_nx(graph, **told): return graph
    @staticmethod
    def convert_to_nx(result, **told): return result
    @staticmethod
    def betweenness_centrality(graph, *given, **told): return dict.fromkeys(graph, 0.125)
"""


def test_a_backend_of_networkx_takes_over(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text(BACKEND)
    (tmp_path / "elsewhere-1.dist-info").mkdir()
    (tmp_path / "elsewhere-1.dist-info" / "METADATA").write_text("Name: elsewhere\nVersion: 1\n")
    entry = "[networkx.backends]\nelsewhere = elsewhere:backend\n"
    (tmp_path / "elsewhere-1.dist-info" / "entry_points.txt").write_text(entry)
    program = """
import networkx
from solgraph.networks.measures import backends
from solgraph.networks.measures.node_measures import measures
backends.WORK = 0
found = measures(networkx.path_graph(30))
print({row["betweenness"] for row in found}, found.rows[0]["degree"], found.notes[0])
"""
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    told = outcome(program, PYTHONPATH=path, NETWORKX_BACKEND_PRIORITY="elsewhere")
    assert told == "{0.125} 1 Computed by networkx, by its backend elsewhere where that can.\n"


# As text, as attributes, in pandas.


@pytest.fixture(scope="module", params=[measures, summary])
def sheet(request: pytest.FixtureRequest, frozen: solgraph.Knowledge) -> Sheet:
    """Both kinds of tables."""
    found: Sheet = request.param(frozen.network("memberships"))
    return found


def read(text: str, value: object) -> object:
    """A cell as a value of the same kind as the expected one."""
    return None if text == "" else type(value)(text) if isinstance(value, int | float) else text


def rounded(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def test_csv_and_tsv_give_every_digit(sheet: Sheet) -> None:
    rows = list(csv.DictReader(io.StringIO(sheet.text("csv"))))
    assert [
        {name: read(row[name], one[name]) for name in row} for row, one in zip(rows, sheet, strict=True)
    ] == sheet.rows
    assert len(sheet.text("tsv").splitlines()) == len(sheet) + 1


def test_json_is_that_of_sparql_results(sheet: Sheet) -> None:
    document = json.loads(sheet.text("json"))
    assert document["head"]["vars"] == list(sheet.columns)
    for binding, row in zip(document["results"]["bindings"], sheet, strict=True):
        assert {name: read(told["value"], row[name]) for name, told in binding.items()} == {
            name: value for name, value in row.items() if value is not None
        }


def test_markdown_and_tables_are_rounded(sheet: Sheet) -> None:
    lines = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in sheet.text("md").splitlines()]
    assert lines[0] == list(sheet.columns)
    for cells, row in zip(lines[2:], sheet, strict=True):
        assert [read(cell, row[name]) for cell, name in zip(cells, sheet.columns, strict=True)] == [
            rounded(row[name]) for name in sheet.columns
        ]
    table = sheet.text("table").splitlines()
    widths = [len(rule) for rule in table[1].split("  ")]
    for line, row in zip(table[2:], sheet, strict=False):
        starts = [sum(widths[:i]) + 2 * i for i in range(len(widths))]
        cells = [line[start : start + width].strip() for start, width in zip(starts, widths, strict=True)]
        assert [read(cell, row[name]) for cell, name in zip(cells, sheet.columns, strict=True)] == [
            rounded(row[name]) for name in sheet.columns
        ]


def test_html_and_xml_are_read_by_their_readers(sheet: Sheet) -> None:
    from xml.etree import ElementTree

    assert len(ElementTree.fromstring(sheet.text("html")).findall("tbody/tr")) == len(sheet)
    assert sheet.text("html") in sheet._repr_html_()
    results = ElementTree.fromstring(sheet.text("xml"))[1]
    assert [len(one) for one in results] == [sum(value is not None for value in row.values()) for row in sheet]


def test_an_unknown_format_is_said(sheet: Sheet) -> None:
    with pytest.raises(solgraph.SolgraphError, match="cannot be written as 'excel'"):
        sheet.text("excel")
    assert sheet.text(path=Path("x.csv")) == sheet.text("csv")
    assert repr(sheet) == sheet.text() == sheet.text("table")


def test_pandas_reads_both_ways(sheet: Sheet) -> None:
    frame = sheet.to_pandas()
    assert list(frame.columns) == list(sheet.columns)
    pandas.testing.assert_frame_equal(sheet.to_pandas(things="curie"), pandas.DataFrame(sheet))
    if "node" in sheet.columns:
        assert frame["node"].str.startswith("https://").all()
        assert sheet.to_pandas(things="label")["node"].tolist() == frame["label"].tolist()
    assert sheet.to_dicts() == sheet.rows


def test_without_pandas_the_extra_is_named(sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(solgraph.errors.MissingExtra, match="pandas"):
        sheet.to_pandas()


def test_attributes_can_be_written_to_files() -> None:
    graph = two_mode()
    graph.add_node("alone", kind="city", bipartite=0)
    attributes = measures(graph).as_attributes()
    assert "constraint" not in attributes["alone"]
    assert not {"node", "label", "kind"} & set(attributes["A"])
    nx.set_node_attributes(graph, attributes)
    del graph.graph["mode"]
    again = nx.parse_graphml("\n".join(nx.generate_graphml(graph)))
    assert {
        node: {name: told[name] for name in attributes[node]} for node, told in again.nodes(data=True)
    } == attributes


# The page.


def listed(heading: str) -> list[str]:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([^`]+)` \|", page.partition(f"## {heading}")[2].partition("\n## ")[0], re.MULTILINE)


def test_every_measure_and_figure_stands_in_the_page_and_no_other() -> None:
    directed, sides = nx.DiGraph(["ab"]), measures(two_mode())
    columns = {*measures(directed).columns, *sides.columns}
    assert set(listed("Of each node")) == columns
    assert len(listed("Of each node")) == len(columns) == 21
    figures = [row["name"] for row in summary(nx.path_graph(3))]
    assert listed("Of the whole") == figures == list(FIGURES)
    assert {row["name"].partition(":")[0] for row in summary(two_mode())} == set(figures)


def test_every_source_that_is_cited_is_listed_and_no_other() -> None:
    page = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
    tables, _, sources = page.partition("## Sources")
    cells = [line.rsplit("|", 2)[1] for line in tables.splitlines() if re.match(r"\| `", line)]
    cited = {(one[0], one[1]) for cell in cells for one in re.findall(r"([A-Z]\w+)[^;|]*? (\d{4})", cell)}
    assert cited == set(re.findall(r"^- (\w+),.*?\((\d{4})\)", sources, re.MULTILINE))


def test_types() -> None:
    assert isinstance(measures(nx.Graph()), Measures)
    assert isinstance(summary(nx.Graph()), Summary)
    assert SimpleGraph(nx.Graph()).components() == []
