"""Files of networks: read back by programs that are not ours, valid, safe, complete, and the same bytes each time.

Where Node.js or Graphviz is missing, the tests that need it are skipped, unless ``SOLGRAPH_ENGINES=required``. The
schema of GEXF at gexf.net is checked too when ``SOLGRAPH_GEXF_XSD`` is the path of its ``gexf.xsd``.
"""

import csv
import gzip
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import networkx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

import solgraph
from network_formats.readers import GRAPHS, READERS, Lazy, Reader, written
from programs import required
from solgraph.networks.files import formats as files
from solgraph.networks.files.plain_network import PlainNetwork
from solgraph.networks.statistics.backbone import backbone
from test_network import VIEWS

DATA = files.DATA
of_every_format = pytest.mark.parametrize("chosen", DATA, ids=lambda one: one.name)
igraph_warns = pytest.mark.filterwarnings("ignore:One or more unknown entities:RuntimeWarning")


# Read back


def test_every_format_that_is_data_has_a_reader() -> None:
    assert {reader.format for reader in READERS} == {form.name for form in DATA}
    assert len(DATA) > 10


@pytest.fixture(scope="module")
def networks(frozen: solgraph.Knowledge) -> dict[str, Any]:
    """The made-up networks, and every view of the frozen data."""
    views = {view: frozen.network(view) for view in VIEWS}
    assert all(graph.number_of_edges() > 2 for graph in views.values())
    return {name: make() for name, make in GRAPHS.items()} | views


of_every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: f"{reader.format} by {reader.program}")


def read_back(reader: Reader, graph: Any, folder: Path) -> Any:
    ending = files.choose(reader.format, None).endings[0]
    paths = files.save(graph, folder / f"x.{ending}", reader.format)
    return reader.read(*(path for path in paths if path.stem != "x-about"))


@of_every_reader
@igraph_warns
def test_another_program_reads_the_same_network(reader: Reader, networks: dict[str, Any], tmp_path: Path) -> None:
    for name, graph in networks.items():
        if name in reader.not_read:
            with pytest.raises(ValueError, match="too many values"):
                read_back(reader, graph, tmp_path)
        else:
            assert read_back(reader, graph, tmp_path) == reader.expected(graph), name


@pytest.mark.parametrize(
    "reader",
    [reader for reader in READERS if reader.program in ("networkx", "pandas", "json", "rdflib")],
    ids=lambda reader: f"{reader.format} by {reader.program}",
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    labels=st.lists(st.text(min_size=1), min_size=2, max_size=4),
    text=st.text(),
    number=st.integers(-(2**31), 2**31 - 1) | st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_text_comes_back(reader: Reader, labels: list[str], text: str, number: float, tmp_path: Path) -> None:
    assume(all(label.strip() for label in labels))
    graph: Any = networkx.Graph(name="v")
    for place, label in enumerate(labels):
        iri = f"https://example.org/{place}"
        graph.add_node(f"n{place}", label=f"a{label}z", iri=iri, lat=place, long=1.5)
    graph.add_edge("n0", "n1", text=f"a{text}z", number=number)
    assert read_back(reader, graph, tmp_path) == reader.expected(graph)


# One table of formats


def test_the_table_has_what_everybody_asks_for() -> None:
    names = "graphml gexf cyjs json csv parquet pajek dl vosviewer dot gml geojson turtle svg png html"
    assert {form.name for form in files.FORMATS} >= set(names.split())
    endings = [ending for form in files.FORMATS for ending in form.endings]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize(
    ("name", "path", "chosen"),
    [
        (None, None, "graphml"),
        (None, "x", "graphml"),
        (None, "x.NET", "pajek"),
        (None, "x.gv", "dot"),
        ("ttl", "x.csv", "turtle"),
        ("GEXF", None, "gexf"),
    ],
)
def test_the_name_counts_before_the_ending(name: str | None, path: str | None, chosen: str) -> None:
    assert files.choose(name, Path(path) if path else None).name == chosen


@pytest.mark.parametrize(
    ("name", "path", "said"),
    [("graphlm", None, "'graphlm'.*Did you mean 'graphml'"), (None, "x.xlsx", r"'\.xlsx'.*Endings for it: \.graphml")],
)
def test_an_unknown_format_is_an_error_with_the_nearest(name: str | None, path: str | None, said: str) -> None:
    with pytest.raises(solgraph.WrongUse, match=f"(?s){said}"):
        files.choose(name, Path(path) if path else None)


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_pair_of_files_is_written_whole_or_not_at_all(name: str, tmp_path: Path) -> None:
    (tmp_path / f"x-edges.{name}").mkdir()
    with pytest.raises(solgraph.WrongUse, match="is a folder"):
        files.save(GRAPHS["graph"](), tmp_path / f"x.{name}")
    assert [path.name for path in tmp_path.iterdir()] == [f"x-edges.{name}"]


@pytest.mark.parametrize(("module", "name"), [("picture", "svg"), ("picture", "png"), ("page", "html")])
def test_pictures_and_pages_are_made_of_a_whole_graph(module: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = ModuleType(f"solgraph.networks.drawing.{module}")
    content = b"made" if name == "png" else "made"
    setattr(maker, name, lambda graph: content if isinstance(graph, networkx.Graph) else None)
    monkeypatch.setitem(sys.modules, f"solgraph.networks.drawing.{module}", maker)
    monkeypatch.setattr(solgraph.networks.drawing, module, maker, raising=False)
    assert written(Lazy(3), name) == ["made"]


def test_no_heavy_library_is_loaded_before_it_is_needed() -> None:
    code = "import sys; import solgraph.networks.files.formats; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
    assert not {"networkx", "numpy", "pyarrow", "matplotlib", "igraph", "rdflib"} & set(loaded)


EVERY_FILE = """
import sys
sys.path.insert(0, {here!r})
from network_formats.readers import GRAPHS
from solgraph.networks.files import formats as files
from solgraph.networks.files.plain_network import PlainNetwork
from solgraph.networks.statistics.backbone import backbone
from test_network import VIEWS
for name, make in GRAPHS.items():
    for chosen in files.FORMATS:
        if not files.is_picture(chosen):
            for ending, content in files.contents(make(), chosen):
                sys.stdout.buffer.write(name.encode() + ending.encode() + content)
"""


@pytest.mark.skipif(not required(), reason="programs are started for it where SOLGRAPH_ENGINES=required")
def test_the_same_bytes_come_whatever_the_hash_seed() -> None:
    def told(seed: str) -> bytes:
        code = EVERY_FILE.format(here=str(Path(__file__).parent))
        environment = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True).stdout

    first = told("0")
    assert first == told("4711")
    assert len(first) > 100_000


# Networks larger than memory


@pytest.mark.parametrize("name", ["graphml", "gexf", "cyjs", "json", "csv", "parquet", "dot", "gml", "turtle"])
def test_edges_are_written_while_they_are_made(name: str) -> None:
    count = 60_000 if name == "parquet" else 20_000
    network = Lazy(count)
    write = files.choose(name, None).write
    sizes = [(len(part), network.made) for part in files._encoded(write(PlainNetwork(network)))]
    assert max(size for size, _ in sizes) < 1_000_000
    assert len({made for _, made in sizes if made > count}) > 1


@of_every_format
def test_a_lazy_network_is_written_as_its_graph_would_be(chosen: files.NetworkFormat) -> None:
    graph: Any = networkx.MultiGraph(name="lazy")
    graph.add_nodes_from(Lazy(50).nodes(data=True))
    graph.add_edges_from(Lazy(5).edges(data=True))
    alone: Any = networkx.Graph(graph, name="lazy")
    lazy = Lazy(5)
    assert list(files.contents(lazy, chosen)) == list(files.contents(alone, chosen))


# What is no plain value


@of_every_format
@pytest.mark.filterwarnings("error")
def test_values_that_are_not_plain_stop_no_format(chosen: files.NetworkFormat) -> None:
    numpy = pytest.importorskip("numpy")
    graph: Any = networkx.Graph(name="v", odd=[1, "b"])
    graph.add_node("a", label="A", nothing=None, several=["x", None, 2], some={"b", "a"}, number=numpy.int64(3))
    graph.add_node("b", label="\ud800 lone", lat=numpy.float64(91), long=math.nan)
    graph.add_edge("a", "b", weight=math.inf, mixed=1)
    graph.add_edge("a", "a", weight=math.nan, mixed="text")
    assert all(content for _, content in files.contents(graph, chosen))


def test_lists_become_text_and_none_is_left_out(tmp_path: Path) -> None:
    graph: Any = networkx.Graph()
    graph.add_node("a", nothing=None, several=["x", None, 2, True], some={"b", "a"})
    (path,) = files.save(graph, tmp_path / "x.graphml")
    assert networkx.read_graphml(path).nodes["a"] == {"several": "x; 2; true", "some": "a; b"}


@pytest.mark.parametrize("name", ["cyjs", "json", "geojson"])
def test_json_leaves_out_numbers_that_are_none(name: str) -> None:
    graph: Any = networkx.Graph()
    graph.add_node("a", lat=1, long=2, bad=math.nan, worse=-math.inf, good=1.5)
    text = written(graph, name)[0]
    assert json.loads(text)
    assert '"good": 1.5' in text
    assert not [word for word in ("bad", "worse", "NaN", "Infinity") if word in text]


@of_every_format
def test_attributes_named_like_fields_of_the_format_are_kept(chosen: files.NetworkFormat) -> None:
    graph: Any = networkx.MultiGraph()
    names = ("id", "ID", "Id", "source", "target", "key", "label", "Label", "weight", "Weight", "type", "Kind", "2 nd")
    graph.add_node("a", **{name: f"node's {name}" for name in names}, lat=1, long=2)
    graph.add_edge("a", "a", **{name: f"edge's {name}" for name in names if name != "weight"})
    text = "".join(written(graph, chosen.name)) if chosen.name != "parquet" else str(parquet_values(graph))
    kept = [name for name in names if f"node's {name}" in text.replace("&#39;", "'")]
    assert kept == {"pajek": ["label"], "dl": []}.get(chosen.name, list(names))


def parquet_values(graph: Any) -> list[Any]:
    import io

    contents = [io.BytesIO(content) for _, content in files.contents(graph, files.choose("parquet", None))]
    return [parquet.read_table(content).to_pylist() for content in contents]


@pytest.mark.parametrize(("name", "files_written"), [("x.graphml.gz", 1), ("x.csv.gz", 3)])
def test_files_are_compressed_where_their_name_says_so(name: str, files_written: int, tmp_path: Path) -> None:
    paths = files.save(GRAPHS["graph"](), tmp_path / name)
    assert len(paths) == files_written and all(path.name.endswith(".gz") for path in paths)
    form = files.choose(None, Path(name))
    written = [gzip.decompress(path.read_bytes()) for path in paths if "-about" not in path.name]
    assert written == [content for _, content in files.contents(GRAPHS["graph"](), form)]


@pytest.mark.parametrize("chosen", files.DATA, ids=lambda form: form.name)
def test_what_a_network_says_of_itself_is_in_its_files_or_beside_them(
    chosen: files.NetworkFormat, small: solgraph.Knowledge, tmp_path: Path
) -> None:
    """A backbone of a year: its years, the rule for open ends, the model, and what was left out."""
    graph = backbone(small.projection("alliances", year=2019), model="fixedcol", correction="none", alpha=0.9)
    paths = files.save(graph, tmp_path / f"x.{chosen.endings[0]}", chosen.name)
    said = b"".join(path.read_bytes() for path in paths).decode("utf-8", "replace")
    for wanted in ("year 2019", "p at most 0.9, corrected by none", "without an end is certain", "Ties without a"):
        assert wanted in said, (chosen.name, wanted)
    if any(path.name == "x-about.csv" for path in paths):
        about = (tmp_path / "x-about.csv").read_text(encoding="utf-8")
        assert dict(csv.reader(about.splitlines()))["selection"] == "year 2019"
