"""Who belongs to what as a matrix, and the weights that its products give, against networkx."""

import csv
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import networkx
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite
from pyarrow import parquet
from pyoxigraph import Literal
from scipy.io import mmread

import solgraph
from solgraph.cli import watched
from solgraph.formats.rows import Table
from solgraph.graph.shell import in_shell
from solgraph.networks.files import formats as files
from solgraph.networks.files.incidence_files import save_incidence
from solgraph.networks.measures import igraph_summary
from solgraph.networks.model.build import project
from solgraph.networks.model.incidence import incidence
from solgraph.networks.model.selection import Selection
from solgraph.networks.model.weights import Weights
from solgraph.web.problems import in_address

#: scipy 1.18 warns that mmread will return another kind of matrix, which the tests do not mind.
OLD_MATRICES = pytest.mark.filterwarnings("ignore:.*spmatrix:DeprecationWarning")


def test_a_two_mode_view_and_a_projection_give_the_same_matrix(frozen: solgraph.Knowledge) -> None:
    chosen = {"layer": ["alliance"]}
    both, shared = frozen.incidence("memberships", **chosen), frozen.incidence("alliances", **chosen)
    graph = frozen.network("memberships", **chosen)
    degrees = Counter(graph.nodes[end]["label"] for end in set(both.columns) for _ in set(graph[end]))
    assert dict(zip(both.columns.values(), both.matrix.sum(axis=0).tolist(), strict=True)) == degrees
    assert both.columns == {key: shared.columns[key] for key in both.columns}
    rows = [list(shared.rows).index(key) for key in both.rows]
    assert (shared.matrix[rows].toarray() == both.matrix.toarray()).all()
    assert both.matrix.max() == 1 and both.rows["city:berlin"] == "Berlin"


def test_a_network_of_one_mode_has_no_matrix(frozen: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match="has not two modes"):
        incidence(frozen.network("people"))
    with pytest.raises(solgraph.WrongUse, match="has no pairs: least"):
        frozen.incidence("alliances", least=2)


def test_a_matrix_of_cities_and_networks_comes_back_by_import(
    run: Any, frozen: solgraph.Knowledge, tmp_path: Path
) -> None:
    both = frozen.incidence("memberships", layer=["alliance"])
    save_incidence(both, tmp_path / "m.csv")
    described = ("--title", "M", "--creator", "N", "--licence", "CC0")
    imported = run(
        "import", str(tmp_path / "m.csv"), "-o", str(tmp_path / "m.ttl"), "--kind", "memberships", *described
    )
    assert imported.exit_code == 0, imported.output
    back = solgraph.open(tmp_path / "m.ttl").incidence("memberships")
    assert list(back.rows) == list(both.rows)
    assert set(back.columns.values()) == set(both.columns.values())
    order = [list(back.columns.values()).index(label) for label in both.columns.values()]
    assert (back.matrix[:, order] != both.matrix).nnz == 0


@OLD_MATRICES
def test_an_incidence_matrix_is_read_by_scipy_and_its_sides_say_what_is_what(
    frozen: solgraph.Knowledge, tmp_path: Path
) -> None:
    both = frozen.incidence("memberships")
    paths = save_incidence(both, tmp_path / "m.mtx")
    assert [path.name for path in paths] == ["m.mtx", "m-rows.csv", "m-columns.csv"]
    assert (mmread(paths[0]).toarray() == both.matrix.toarray()).all()
    for path, labels in zip(paths[1:], (both.rows, both.columns), strict=True):
        listed = list(csv.DictReader(path.read_text("utf-8").splitlines()))
        assert [(row["id"], row["label"]) for row in listed] == list(labels.items())


NAMES = st.sampled_from("abcdefgh"), st.sampled_from("uvwxyz")
MEMBERSHIPS = st.lists(st.tuples(*NAMES), min_size=1, max_size=40)
YEAR = st.none() | st.integers(2000, 2009)
DATED = st.lists(st.tuples(*NAMES, YEAR, YEAR, YEAR, YEAR, YEAR), min_size=1, max_size=30)
HEADER = {"nodes": "city", "through": "network"}


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    years = sorted(filter(None, (draw(YEAR), draw(YEAR))))
    names = ("from_year", "to_year") if len(years) == 2 else ("year",)
    certain = bool(years) and draw(st.booleans())
    weight = draw(st.sampled_from(["shared", "newman", "jaccard"]))
    least, min_weight = draw(st.sampled_from([1, 2])), draw(st.sampled_from([0, 0.41]))
    chosen: dict[str, Any] = dict(zip(names, years, strict=False))
    return Selection(**chosen, certain=certain, weight=weight, least=least, min_weight=min_weight)


def edges(graph: Any) -> list[tuple[Any, ...]]:
    names = ("weight", "shared", "newman")
    listed = graph.edges(data=True)
    return [(first, second, *(round(edge[name], 9) for name in names)) for first, second, edge in listed]


@given(MEMBERSHIPS, st.integers(1, 50))
def test_products_of_blocks_are_the_projections_of_networkx(listed: list[tuple[str, str]], block: int) -> None:
    table = Table(("city", "network"), [[Literal(name) for name in row] for row in listed], {})
    weights = Weights(project("v", HEADER, table), block)
    graph = networkx.Graph(listed)
    cities = {city for city, _ in listed}
    shared = bipartite.weighted_projected_graph(graph, cities)
    newman = bipartite.collaboration_weighted_projected_graph(graph, cities)
    found = {(first, second): (edge["shared"], edge["newman"]) for first, second, edge in weights.edges(data=True)}
    assert list(found) == sorted(tuple(sorted(pair)) for pair in shared.edges)
    for pair, (count, weight) in found.items():
        assert count == shared.edges[pair]["weight"]
        assert weight == pytest.approx(newman.edges[pair]["weight"])
    expected = {node: (shared.degree(node), shared.degree(node, weight="weight")) for node in sorted(cities)}
    assert weights.degrees() == expected


@given(DATED, selections(), st.integers(1, 50))
def test_weights_alone_are_those_of_the_edges_with_their_years_and_notes(
    listed: list[Any], selection: Selection, block: int
) -> None:
    rows = [[None if value is None else Literal(value) for value in row] for row in listed]
    projection = project(
        "v", HEADER, Table(("city", "network", "since", "until", "asof", "not_before", "active"), rows, {}), selection
    )
    weights = Weights(projection, block)
    assert edges(weights) == edges(projection)
    assert weights.graph == projection.graph
    assert weights.number_of_edges() == projection.number_of_edges()


@OLD_MATRICES
@pytest.mark.parametrize("ending", ["csv", "parquet", "mtx"])
def test_files_of_weights_hold_what_those_of_edges_hold(
    frozen: solgraph.Knowledge, ending: str, tmp_path: Path
) -> None:
    network = frozen.projection("alliances", weight="newman")
    ours, theirs = (
        files.save(graph, tmp_path / f"{name}.{ending}")
        for name, graph in (("w", Weights(network, 50)), ("e", network))
    )
    if ending == "mtx":
        assert abs(mmread(ours[0]) - mmread(theirs[0])).max() < 1e-12
        assert ours[1].read_bytes() == theirs[1].read_bytes()
        return
    csv_file = lambda path: pandas.read_csv(path).rename(columns=str.lower)  # noqa: E731
    read = csv_file if ending == "csv" else pandas.read_parquet
    nodes, edges = (read(path) for path in ours[:2])
    assert nodes.equals(read(theirs[0]))
    pandas.testing.assert_frame_equal(
        edges, read(theirs[1])[list(edges.columns)], check_categorical=False, check_dtype=False
    )
    if ending == "parquet":
        assert parquet.read_schema(ours[1]).metadata == parquet.read_schema(theirs[1]).metadata


def test_the_summary_of_a_large_projection_is_that_of_its_graph(
    frozen: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = frozen.projection("alliances")
    monkeypatch.setattr(igraph_summary, "MANY_EDGES", 3)
    ours, theirs = solgraph.summary(network), solgraph.summary(network.to_graph(), runs=1)
    assert ours.notes == ("Computed by igraph.",)
    values = [{row["name"]: row["value"] for row in sheet} for sheet in (ours, theirs)]
    partition = {"communities", "modularity"}
    assert list(values[0]) == list(values[1])
    for name in values[0].keys() - partition:
        assert values[0][name] == pytest.approx(values[1][name]), name
    assert network.graph["notes"] == network.to_graph().graph["notes"]


STOPPED = """
import signal
import sys
from collections import Counter
from pathlib import Path
from pyoxigraph import Literal
from solgraph.formats.rows import Table
from solgraph.networks.files.formats import save
from solgraph.networks.model.build import project
from solgraph.networks.model.weights import Weights
from solgraph.web.problems import in_address
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell has its background jobs ignore
rows = [[Literal(f"{number:04}"), Literal("n")] for number in range(6000)]
network = Weights(project("v", {"nodes": "city", "through": "network"}, Table(("city", "network"), rows, {})))
save(network, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_stopped_leaves_nothing_half_written(number: signal.Signals, tmp_path: Path) -> None:
    writing = subprocess.Popen([sys.executable, "-c", STOPPED, str(tmp_path / "x.csv")], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not any(path.stat().st_size for path in tmp_path.glob(".*.part")) and time.monotonic() < end:
        time.sleep(0.01)
    writing.send_signal(number)
    assert writing.wait(30) != 0
    assert list(tmp_path.iterdir()) == []


def test_a_bar_follows_the_edges_on_a_terminal(frozen: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "PATIENCE", 0)
    for network in (frozen.projection("alliances"), Weights(frozen.projection("alliances"), 1)):
        with ExitStack() as bars:
            shown: Any = watched.Watched(network, bars)
            assert list(shown.edges(data=True)) == list(network.edges(data=True))
            if hasattr(shown, "blocks"):
                assert len(list(shown.blocks())) == len(list(network.blocks()))
            assert shown._bar.pos == shown._shown > 0


def test_a_refusal_of_many_edges_names_the_weights_alone_as_each_face_does(frozen: solgraph.Knowledge) -> None:
    with pytest.raises(
        solgraph.WrongUse, match=r"no limit: kg\.weights\('alliances'\); or allow it: max_edges="
    ) as refused:
        frozen.network("alliances", max_edges=1)
    assert "solgraph network alliances --weights-only -o alliances.parquet" in in_shell(refused.value.hint)
    assert "kg.weights('alliances') in Python" in in_address(refused.value.hint)
