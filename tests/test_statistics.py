"""Null models, backbones and layers: published values, values by hand, and what holds for every network."""

from itertools import product
from pathlib import Path
from statistics import NormalDist
from typing import Any

import networkx as nx
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import solgraph
from solgraph.errors import DataError, WrongUse
from solgraph.formats.rows import Table
from solgraph.graph.ties_table import ties_of_table
from solgraph.networks.model.build import project
from solgraph.networks.model.selection import Selection
from solgraph.networks.statistics import MODELS
from solgraph.networks.statistics.backbone import adjust, backbone
from solgraph.networks.statistics.chance import against_chance
from solgraph.networks.statistics.layers import compare_layers
from solgraph.networks.statistics.null_models import bicm, p_values, samples
from solgraph.rdf.terms import Literal

#: The matrix of the unit tests of R's package backbone 2.1, whose published values stand below.
PUBLISHED = numpy.array([[1, 0, 1, 1], [0, 1, 0, 0], [1, 0, 0, 1]])
PAIRS = numpy.array([(0, 1, 0), (0, 2, 2), (1, 2, 0)])
NORMAL = NormalDist()
BINARY = arrays(numpy.int64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.integers(0, 1))


def projection(matrix: Any, selection: Selection | None = None, **columns: list[str]) -> Any:
    """The cities a, b … linked by the networks 0, 1 … of an array of 0 and 1."""
    rows = [
        [Literal("abcdefghij"[row]), *(Literal(columns[name][row]) for name in columns), Literal(str(column))]
        for row, column in zip(*numpy.nonzero(matrix), strict=True)
    ]
    header = {"nodes": "city", "through": "network"}
    return project("test", header, Table(("city", *columns, "network"), rows, {}, ()), selection)


# Null models.


def test_the_configuration_model_has_the_published_chances() -> None:
    chances = bicm(numpy.array([[0, 0, 1], [0, 1, 0], [1, 0, 1]])).round(3)
    assert chances.tolist() == [[0.216, 0.216, 0.568], [0.216, 0.216, 0.568], [0.568, 0.568, 0.863]]


@settings(max_examples=40)
@given(BINARY)
def test_the_configuration_model_keeps_the_sums_on_average(matrix: Any) -> None:
    chances = bicm(matrix)
    assert chances.sum(axis=0) == pytest.approx(matrix.sum(axis=0), abs=1e-6)
    assert chances.sum(axis=1) == pytest.approx(matrix.sum(axis=1), abs=1e-6)


def test_the_fixed_row_model_has_the_published_values() -> None:
    assert p_values(PUBLISHED, PAIRS, "fixedrow").round(3).tolist() == [1, 0.5, 1]


def test_the_stochastic_models_are_exact_where_the_published_values_are_approximate() -> None:
    """R's values .549 (sdsm) and .114 (fixedcol) come from an approximation; with it, ours are the same."""
    row, other = bicm(PUBLISHED)[[0, 2]]
    sizes = PUBLISHED.sum(axis=0)
    for model, chances, published in (
        ("sdsm", row * other, 0.549),
        ("fixedcol", sizes * (sizes - 1) / 6, 0.114),
    ):
        assert round(approximate(2, chances), 3) == published
        assert p_values(PUBLISHED, PAIRS, model)[1] == pytest.approx(enumerated(2, chances))


def approximate(count: int, chances: Any) -> float:
    """The refined normal approximation of the Poisson-binomial distribution that R's backbone uses."""
    sigma = numpy.sqrt((chances * (1 - chances)).sum())
    gamma = (chances * (1 - chances) * (1 - 2 * chances)).sum()
    x = (count - 0.5 - chances.sum()) / sigma
    return NORMAL.cdf(-x) - gamma / (6 * sigma**3) * (1 - x * x) * NORMAL.pdf(x)


def enumerated(count: int, chances: Any) -> float:
    """The chance of at least so many, over all outcomes."""
    outcomes = (outcome for outcome in product((0, 1), repeat=len(chances)) if sum(outcome) >= count)
    return float(sum(numpy.where(outcome, chances, 1 - chances).prod() for outcome in outcomes))


def test_the_fixed_degree_sequence_model_nears_the_published_value() -> None:
    """0.265 of 1,000 random networks in R, which draws others."""
    assert p_values(PUBLISHED, PAIRS, "fdsm", 1000)[1] == pytest.approx(0.265, abs=0.04)


@settings(max_examples=30)
@given(BINARY)
def test_random_networks_keep_all_sums(matrix: Any) -> None:
    for sample in samples(matrix, 3, seed=1):
        assert (sample.sum(axis=0) == matrix.sum(axis=0)).all()
        assert (sample.sum(axis=1) == matrix.sum(axis=1)).all()


def test_random_networks_are_uniform() -> None:
    """The five arrays of 0 and 1 with sums 2, 1, 1 in rows and 2, 1, 1 in columns come up equally often."""
    drawn = [sample.tobytes() for sample in samples(numpy.array([[1, 1, 0], [1, 0, 0], [0, 0, 1]]), 2000, 1)]
    counts = [drawn.count(one) for one in set(drawn)]
    assert len(counts) == 5
    assert min(counts) > 330 and max(counts) < 470


# Backbones.


def two_groups() -> Any:
    """Eight cities: the first four share networks 0–9, the others 10–19; two networks hold everybody."""
    matrix = numpy.zeros((8, 22), dtype=int)
    matrix[:4, :10] = matrix[4:, 10:20] = matrix[:, 20:] = 1
    return matrix


@pytest.mark.parametrize("model", MODELS)
def test_a_backbone_leaves_what_sizes_do_not_explain(model: str) -> None:
    graph = backbone(projection(two_groups()), model=model, trials=400)
    expected = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4))
    assert {tuple(sorted(edge)) for edge in graph.edges()} == {
        tuple("abcdefgh"[node] for node in edge) for edge in expected.edges()
    }
    assert all(edge["p_value"] <= edge["p_adjusted"] <= 0.05 for *_, edge in graph.edges(data=True))
    assert graph.graph["backbone"].startswith("12 of 28 ties: ")


def test_p_values_are_adjusted_as_by_r() -> None:
    """R: p.adjust(c(0.01, 0.02, 0.03, 0.04), method)."""
    values = numpy.array([0.03, 0.01, 0.04, 0.02])
    assert adjust(values, "bh").round(4).tolist() == [0.04] * 4
    assert adjust(values, "holm").round(4).tolist() == [0.06, 0.04, 0.06, 0.06]
    assert adjust(values, "bonferroni").round(4).tolist() == [0.12, 0.04, 0.16, 0.08]
    assert adjust(values, "none").tolist() == values.tolist()
    assert not len(adjust(numpy.array([]), "bh"))


def test_a_backbone_refuses_what_would_mislead(small: solgraph.Knowledge) -> None:
    with pytest.raises(WrongUse, match="the lighter ones were left out"):
        backbone(small.projection("alliances", least=2))
    with pytest.raises(WrongUse, match="Only a projection"):
        backbone(small.projection("memberships"))
    for options in ({"model": "smds"}, {"correction": "fdr"}, {"alpha": 5}):
        with pytest.raises(WrongUse):
            backbone(small.projection("alliances"), **options)  # type: ignore[arg-type]


# Figures against chance.


def test_figures_are_those_of_networkx_and_stand_beside_chance(frozen: solgraph.Knowledge) -> None:
    network, graph = frozen.projection("alliances"), frozen.network("alliances")
    sheet = against_chance(network, trials=20)
    rows = {row["figure"]: row for row in sheet}
    assert rows["linked pairs"]["observed"] == graph.number_of_edges()
    assert rows["density"]["observed"] == pytest.approx(nx.density(graph))
    assert rows["transitivity"]["observed"] == pytest.approx(nx.transitivity(graph), abs=1e-6)
    assert rows["degree assortativity"]["observed"] == pytest.approx(
        nx.degree_assortativity_coefficient(graph), abs=1e-6
    )
    assert all(row["p"] is None or row["p"] >= 2 / 21 for row in sheet)
    assert [*sheet] == [*against_chance(network, trials=20)]


def test_two_groups_share_more_than_chance() -> None:
    rows = {row["figure"]: row for row in against_chance(projection(two_groups(), city_country=["x"] * 4 + ["y"] * 4))}
    pairs = rows["pairs that share several"]
    assert pairs["observed"] == 28
    assert rows["most shared"]["observed"] == 12 and rows["most shared"]["p"] < 0.05
    assert rows["links within a country"]["observed"] == pytest.approx(12 / 28)
    assert rows["links within a country"]["p"] is None  # everybody is linked in every random network


#: No other array has these sums: a has the networks 0, 1 and 2, b 0 and 1, c 0.
NESTED = numpy.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]])


@pytest.mark.parametrize(
    "selection",
    [
        Selection(least=2),  # ab shares 2, ac and bc 1
        Selection(weight="jaccard", min_weight=0.6),  # ab 2/3, ac 1/3, bc 1/2
        Selection(weight="newman", min_weight=1.5),  # ab 1/2 + 1, ac and bc 1/2
    ],
)
def test_random_networks_leave_out_what_the_network_leaves_out(selection: Selection) -> None:
    network = projection(NESTED, selection)
    (linked,) = (row for row in against_chance(network, trials=5) if row["figure"] == "linked pairs")
    assert (linked["observed"], linked["expected"], linked["p"]) == (1, 1, None)
    (kept,) = (row for row in compare_layers(network, projection(NESTED), trials=5) if row["figure"] == "sizes kept")
    assert (kept["value"], kept["expected"], kept["p"]) == (1, 1, None)


def test_what_is_observed_is_the_network_with_its_years() -> None:
    """The cities a and b were in the network 0 at the same time, and c before that; all three are in 1."""
    years = [("a", "0", 2010, 2015), ("b", "0", 2012, 2015), ("c", "0", 2000, 2005), ("c", "1", 2000, 2005)]
    rows = [[*map(Literal, tie)] for tie in years]
    table = Table(("city", "network", "since", "until"), rows, {}, ())
    network = project("test", {"nodes": "city", "through": "network"}, table)
    sheet = against_chance(network, trials=5)
    assert next(iter(sheet))["observed"] == network.number_of_edges() == 1
    assert any("2 pairs beside the 1 of the network" in note for note in sheet.notes)


def test_figures_against_chance_are_those_of_the_summary(frozen: solgraph.Knowledge) -> None:
    pytest.importorskip("igraph")
    network = frozen.projection("alliances", least=2)
    rows = {row["figure"]: row for row in against_chance(network, trials=5)}
    figures = solgraph.summary(frozen.network("alliances", least=2))
    for name in ("linked pairs", "density", "transitivity", "degree assortativity", "country assortativity"):
        assert rows[name]["observed"] == pytest.approx(figures[name], abs=1e-5), name
    assert rows["modularity"]["observed"] == pytest.approx(figures["modularity"], abs=0.05)


def test_no_number_is_broken_at_any_width(small: solgraph.Knowledge) -> None:
    sheet = against_chance(small.projection("alliances"), trials=9)
    numbers = [f"{value:.4g}" for row in sheet for value in row.values() if isinstance(value, float)]
    for width in (40, 60, 80, 100, 200):
        lines = sheet.text(width=width).splitlines()
        assert max(map(len, lines)) <= width
        assert {*numbers} <= {word for line in lines for word in line.split()}, width
        assert width > 100 or "density: Share of all pairs that are tied." in " ".join(lines)


def test_two_modes_are_tested_as_a_projection(small: solgraph.Knowledge) -> None:
    sheet = against_chance(small.network("memberships"), trials=2)
    assert any("of the projection" in note and "'city'" in note for note in sheet.notes)


# Layers.


def layer(edges: str, **countries: str) -> Any:
    graph = nx.Graph([tuple(edge) for edge in edges.split()])
    nx.set_node_attributes(graph, {node: {"country": countries[node]} for node in graph if node in countries})
    return graph


def test_overlap_is_counted_over_the_nodes_of_both() -> None:
    first, second = layer("ab bc cd de"), layer("ab bc ad xa")
    found = {row["figure"]: row["value"] for row in compare_layers(first, second, trials=50)}
    assert (found["nodes in both"], found["only in the first"], found["only in the second"]) == (4, 1, 1)
    assert (found["pairs"], found["ties in the first"], found["ties in the second"]) == (6, 3, 3)
    assert (found["ties in both"], found["Jaccard"], found["odds ratio"]) == (2, 0.5, 2 * 2 / (1 * 1))


def test_an_overlap_that_countries_explain_is_not_more_than_chance_within_them() -> None:
    """Cliques of countries in both layers: every shuffle within countries gives the same ties."""
    nodes = "abcdefghijkl"
    countries = {node: str(number // 4) for number, node in enumerate(nodes)}
    cliques = " ".join(x + y for x, y in product(nodes, repeat=2) if x < y and countries[x] == countries[y])
    graph = layer(cliques, **countries)
    rows = {row["figure"]: row for row in compare_layers(graph, graph, trials=200)}
    assert rows["names shuffled"]["p"] < 0.05
    within = rows["shuffled within countries"]
    assert (within["value"], within["expected"], within["p"]) == (18, 18, None)


def test_a_test_of_two_unrelated_layers_finds_nothing() -> None:
    first, second = nx.gnm_random_graph(40, 150, seed=1), nx.gnm_random_graph(40, 150, seed=2)
    for row in compare_layers(first, second, trials=200):
        assert row["p"] is None or row["p"] > 0.05, row
        if row["figure"] == "names shuffled":
            assert row["expected"] == pytest.approx(150 * 150 / 780, rel=0.05)


def test_layers_without_nodes_in_common_are_refused() -> None:
    with pytest.raises(DataError, match="0 nodes in common"):
        compare_layers(layer("ab"), layer("xy"))


def test_a_table_of_twin_towns_becomes_a_network(small: solgraph.Knowledge, tmp_path: Path) -> None:
    table = tmp_path / "twins.csv"
    table.write_text("town;twin\nArdea;Belmonte\nArdée;Dorn\nArdea;Nowhere\n", encoding="utf-8")
    graph = ties_of_table(small, table)
    assert sorted(graph.edges()) == [("city:ardea", "city:belmonte"), ("city:ardea", "city:dorn")]
    assert "Nowhere" in graph.graph["notes"]
    broken = tmp_path / "broken.graphml"
    broken.write_text("<graph", encoding="utf-8")
    with pytest.raises(DataError, match=r"broken.graphml: this is no GraphML"):
        ties_of_table(small, broken)
    table.write_text("town;twin\nNowhere;Elsewhere\n", encoding="utf-8")
    with pytest.raises(DataError, match="no row names two things"):
        ties_of_table(small, table)


# The command line.


def test_the_command_line_asks_for_all_three(run: Any, tmp_path: Path) -> None:
    table = tmp_path / "twins.csv"
    table.write_text("town,twin\nMilan,Barcelona\nMilan,Nowhere\nBerlin,Milan\nBarcelona,Berlin\n", encoding="utf-8")
    command = ["network", "alliances", "--trials", "9", "-f", "csv"]
    chance, against = run(*command, "--chance"), run(*command, "--against", str(table))
    assert "linked pairs," in chance.stdout and "seed 1" in chance.stderr
    assert "nodes in both,3," in against.stdout and "Nowhere" in against.stderr
    kept = run(*command, "--backbone", "fixedcol", "--correction", "none", "-o", str(tmp_path / "kept.csv"))
    assert "p at most 0.05, corrected by none" in kept.stderr
    assert "p_adjusted" in (tmp_path / "kept-edges.csv").read_text(encoding="utf-8").partition("\n")[0]
    same = run(*command, "--against", "alliances", "--layer", "declaration", "--year", "2018", "--certain")
    assert "The first: alliances; layer declaration; year 2018; certain." in same.stderr
    assert "The second: alliances; year 2018; certain." in same.stderr
    for wrong, told in (
        (["-f", "json"], "--trials would have no effect here"),
        (["--chance", "--min-degree", "2"], "--min-degree"),
        (["--chance", "--min-weight", "nan"], "--min-weight = nan"),
        (["--chance", "--year", "-5"], "year = -5"),
        (["--chance", "--closest", "0"], "--closest"),
    ):
        result = run(*command, *wrong)
        assert (result.exit_code, told in result.stderr) == (2, True), result.stderr
    assert "No tie is of what was asked (role candidate)" in run("network", "alliances", "--role", "candidate").stderr
    for wrong in (["--against", "nothing"], ["--chance", "--backbone", "sdsm"], ["--backbone", "smds"]):
        assert run(*command, *wrong).exit_code == 2
