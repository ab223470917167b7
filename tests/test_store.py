"""Turtle files → one store: named graphs by source, their merge as default graph, and what a broken file is told."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

import solgraph
from solgraph.rdf.namespaces import GRAPH
from solgraph.rdf.store import ONTOLOGY_GRAPH, REGISTER_GRAPH, data_files, graph_of, graphs, load

SMALL = Path(__file__).parent / "small"
PREFIX = "@prefix city: <https://w3id.org/solgraph/id/city/> .\n"
TRIPLE = PREFIX + "city:a city:near city:b .\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file below the test's folder."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


Write = Callable[[str, str | bytes], Path]


def size(store: Store, graph: str | None = None) -> int:
    return len(list(store.quads_for_pattern(None, None, None, NamedNode(graph) if graph else DefaultGraph())))


def loaded(*paths: Path) -> Store:
    return load(file for path in paths for file in data_files(path))


# Which graph a file goes to.


def test_each_source_is_a_named_graph_and_the_rest_is_the_register(small: solgraph.Knowledge) -> None:
    assert list(graphs(small.store)) == [
        GRAPH + "alpha",
        GRAPH + "beta",
        GRAPH + "gamma",
        ONTOLOGY_GRAPH,
        REGISTER_GRAPH,
    ]


def test_all_files_in_a_folder_of_a_source_go_to_its_graph(write: Write, tmp_path: Path) -> None:
    write("sources/report-2024/one.ttl", TRIPLE)
    write("sources/report-2024/deep/two.ttl", PREFIX + "city:c city:near city:d .")
    store = loaded(tmp_path)
    assert list(graphs(store)) == [GRAPH + "report-2024"]
    assert size(store, GRAPH + "report-2024") == 2


def test_a_single_file_below_sources_goes_to_the_graph_of_its_source(write: Write) -> None:
    assert graph_of(write("sources/report-2024/one.ttl", TRIPLE)) == GRAPH + "report-2024"
    assert graph_of(write("sources/page.ttl", TRIPLE)) == GRAPH + "page"


def test_in_a_folder_without_sources_each_file_is_a_source_of_its_own(write: Write, tmp_path: Path) -> None:
    write("one.ttl", TRIPLE)
    write("two.ttl", TRIPLE)
    assert list(graphs(loaded(tmp_path))) == [GRAPH + "one", GRAPH + "two"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My Notes 2024.ttl", "my-notes-2024"),
        ("Gdańsk – łódź.ttl", "gdansk-lodz"),
        ("L'Aquila.ttl", "l-aquila"),
        ("a.b.ttl", "a-b"),
        ("¿?.ttl", "unnamed"),
    ],
)
def test_an_odd_file_name_becomes_a_plain_slug(name: str, slug: str, write: Write) -> None:
    store = loaded(write(name, TRIPLE))
    assert size(store, GRAPH + slug) == 1


def test_n_triples_are_read_too(write: Write) -> None:
    assert size(loaded(write("x.nt", "<urn:a> <urn:b> <urn:c> .\n")), GRAPH + "x") == 1


def test_other_files_in_a_folder_are_left_alone(write: Write, tmp_path: Path) -> None:
    write("one.ttl", TRIPLE)
    write("notes.txt", "no Turtle at all")
    write("table.csv", "a,b")
    assert [file.path.name for file in data_files(tmp_path)] == ["one.ttl"]


def test_a_folder_named_like_a_file_is_a_folder(write: Write, tmp_path: Path) -> None:
    write("x.ttl/inner.ttl", TRIPLE)
    assert list(graphs(loaded(tmp_path / "x.ttl"))) == [GRAPH + "inner"]
    assert [file.path.name for file in data_files(tmp_path)] == ["inner.ttl"]


def test_files_are_read_in_the_order_of_their_names(write: Write, tmp_path: Path) -> None:
    for name in ("c.ttl", "a.ttl", "b.ttl"):
        write(name, TRIPLE)
    assert [file.path.name for file in data_files(tmp_path)] == ["a.ttl", "b.ttl", "c.ttl"]


# The merge.


def test_the_default_graph_is_the_merge_of_the_named_graphs(small: solgraph.Knowledge) -> None:
    quads = list(small.store)
    merge = {quad.triple for quad in quads if quad.graph_name == DefaultGraph()}
    assert merge == {quad.triple for quad in quads if quad.graph_name != DefaultGraph()}


def test_a_triple_that_two_files_state_is_once_in_the_merge_and_in_both_graphs(write: Write, tmp_path: Path) -> None:
    write("one.ttl", TRIPLE)
    write("two.ttl", TRIPLE)
    store = loaded(tmp_path)
    assert (size(store), size(store, GRAPH + "one"), size(store, GRAPH + "two")) == (1, 1, 1)


def test_a_plain_query_counts_a_triple_of_two_sources_once(write: Write, tmp_path: Path) -> None:
    write("one.ttl", TRIPLE)
    write("two.ttl", TRIPLE)
    kg = solgraph.open(tmp_path)
    assert kg.sparql("SELECT (COUNT(*) AS ?n) { ?a city:near ?b }")[0].n == 1
    assert kg.sparql("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a city:near ?b } }")[0].n == 2


def test_the_answer_is_the_same_before_and_after_the_named_graphs_were_needed(write: Write) -> None:
    kg = solgraph.open(write("one.ttl", TRIPLE))
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = kg.sparql(query)[0].n
    assert kg.sparql("ASK { GRAPH graph:one { city:a city:near city:b } }")
    assert kg.sparql(query)[0].n == before


def test_a_file_given_twice_changes_nothing(small: solgraph.Knowledge) -> None:
    assert size(solgraph.open(SMALL, SMALL).store) == size(small.store)


def test_data_replaces_the_shipped_data(write: Write) -> None:
    kg = solgraph.open(write("one.ttl", TRIPLE))
    assert not kg.sparql("ASK { ?city a sg:City }")
    assert kg.sparql("ASK { sg:City a owl:Class }")


def test_the_environment_names_data_in_place_of_the_shipped(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    extra = write("x.ttl", "<urn:s> <urn:p> <urn:o> .")
    monkeypatch.setenv("SOLGRAPH_DATA", str(extra))
    assert [file.path for file in solgraph.open().files] == [extra]
    monkeypatch.setenv("SOLGRAPH_DATA", "nowhere.ttl")
    with pytest.raises(solgraph.WrongUse, match=r"nowhere\.ttl does not exist \(SOLGRAPH_DATA names it\)"):
        solgraph.open()


def test_add_comes_besides_the_shipped_data(write: Write, frozen: solgraph.Knowledge) -> None:
    extra = write("extra.ttl", PREFIX + "city:berlin city:near city:potsdam .")
    assert size(solgraph.open(add=extra).store) == size(frozen.store) + 1


def test_add_comes_besides_the_given_data(write: Write, small: solgraph.Knowledge) -> None:
    kg = solgraph.open(SMALL, add=[write("extra.ttl", TRIPLE)])
    assert size(kg.store) == size(small.store) + 1
    assert GRAPH + "extra" in graphs(kg.store)


def test_the_command_line_takes_several_data_and_add(write: Write, run: Callable[..., object]) -> None:
    one, two = write("one.ttl", TRIPLE), write("two.ttl", PREFIX + "city:b city:near city:c .")
    three = write("three.ttl", PREFIX + "city:c city:near city:d .")
    count = "SELECT (COUNT(*) AS ?n) { ?a city:near ?b }"
    options = ("--data", str(one), "--data", str(two), "--add", str(three))
    assert run("sparql", count, *options, "-f", "csv").stdout.split() == ["n", "3"]


def test_an_empty_file_holds_nothing_and_is_no_error(write: Write) -> None:
    assert size(loaded(write("empty.ttl", ""))) == 0


# What is told of a file that cannot be read.


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (TRIPLE + "city:c city:near city:d\ncity:e city:near city:f .\n", "4:1"),
        (PREFIX + 'city:a city:near "open .\n', "2:18"),
        (PREFIX + "city:a city:near <not an iri> .\n", "2:18"),
        (PREFIX + "town:a city:near city:b .\n", "2:1"),
    ],
    ids=["full stop missing", "open string", "space in an IRI", "undeclared prefix"],
)
def test_malformed_turtle_is_told_with_line_column_and_caret(content: str, place: str, write: Write) -> None:
    path = write("broken.ttl", content)
    with pytest.raises(solgraph.DataError) as caught:
        loaded(path)
    line = int(place.partition(":")[0])
    assert str(caught.value).startswith(f"{path}:{place}: ")
    source, caret = str(caught.value).splitlines()[1:]
    assert source == f"  {line} | {content.splitlines()[line - 1]}"
    assert caret.strip() == "| ^" or caret.endswith("^")


def test_the_caret_stands_below_the_column(write: Write) -> None:
    path = write("broken.ttl", PREFIX + "city:a city:near <not an iri> .\n")
    with pytest.raises(solgraph.DataError) as caught:
        loaded(path)
    source, caret = str(caught.value).splitlines()[1:]
    assert source[caret.index("^")] == "<"


def test_nothing_of_a_broken_file_is_loaded(write: Write, tmp_path: Path) -> None:
    write("broken.ttl", TRIPLE + "city:c city:near")
    with pytest.raises(solgraph.DataError, match=r"broken\.ttl:3:"):
        solgraph.open(tmp_path).sparql("ASK { ?s ?p ?o }")


@pytest.mark.parametrize(
    "content",
    [(PREFIX + 'city:a city:near "Cádiz" .\n').encode("latin-1"), TRIPLE.encode("utf-16")],
    ids=["Latin 1", "UTF-16"],
)
def test_a_wrong_encoding_is_told_with_the_line_and_the_word_utf_8(content: bytes, write: Write) -> None:
    with pytest.raises(solgraph.DataError, match=r"coded\.ttl:\d+:\d+: .*UTF-8"):
        loaded(write("coded.ttl", content))


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(solgraph.WrongUse, match=r"nowhere\.ttl does not exist"):
        solgraph.open(tmp_path / "nowhere.ttl")


def test_a_dangling_link_is_a_missing_path(tmp_path: Path) -> None:
    (tmp_path / "link.ttl").symlink_to("nowhere.ttl")
    with pytest.raises(solgraph.WrongUse, match=r"link\.ttl does not exist"):
        solgraph.open(tmp_path / "link.ttl")


def test_a_folder_without_turtle_is_an_error(write: Write, tmp_path: Path) -> None:
    write("notes.txt", "no Turtle at all")
    with pytest.raises(solgraph.WrongUse, match="holds no RDF file"):
        solgraph.open(tmp_path)


@pytest.mark.parametrize("name", ["data.csv", "data.txt", "data.n3", "data", "data.gz"])
def test_another_ending_is_refused_and_the_known_ones_are_named(name: str, write: Write) -> None:
    with pytest.raises(solgraph.WrongUse, match=rf"{name} is not known as RDF by its ending") as caught:
        loaded(write(name, TRIPLE))
    assert "Known endings: .ttl, .trig, .nt, .nq, .jsonld, .rdf, each also with .gz" in str(caught.value)


def test_an_unreadable_file_is_an_error(write: Write, tmp_path: Path) -> None:
    path = write("locked.ttl", TRIPLE)
    path.chmod(0)
    if os.access(path, os.R_OK):  # Root reads everything, but not this.
        path.unlink()
        path.symlink_to("/proc/self/mem")
    with pytest.raises(solgraph.WrongUse, match=r"locked\.ttl cannot be read: "):
        loaded(path)


def test_a_broken_file_among_added_ones_is_told_by_its_own_name(write: Write) -> None:
    kg = solgraph.open(SMALL, add=write("broken.ttl", "nonsense"))
    with pytest.raises(solgraph.DataError, match=r"broken\.ttl:1:"):
        kg.query("cities")
