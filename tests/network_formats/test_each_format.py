"""What each format of networks has of its own: valid GEXF, columns for Gephi, two modes of Pajek, places on maps."""

import csv
import json
import math
import os
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx
import pandas
import pytest
from lxml import etree
from pyarrow import parquet
from rdflib import Graph as RdfGraph

import solgraph
from network_formats.readers import GRAPHS, Lazy, javascript, rows, written
from solgraph.networks.files import formats as files
from solgraph.resources import ONTOLOGY

XSD = Path(__file__).parent / "gexf-1.3-written.xsd"
GEXF = "{http://gexf.net/1.3}"


# GraphML


def test_parallel_edges_of_graphml_have_ids_of_their_own_and_others_none() -> None:
    def ids(name: str) -> list[str | None]:
        tree = ElementTree.fromstring(written(GRAPHS[name](), "graphml")[0])
        return [one.get("id") for one in tree.iter() if one.tag.endswith("edge")]

    assert ids("multigraph") == [f"e{number}" for number in range(6)]
    assert set(ids("graph")) == {None}


def test_nodes_whose_keys_xml_cannot_tell_apart_stay_apart(tmp_path: Path) -> None:
    graph: Any = networkx.Graph([("a\x00", "a\x01"), ("a\x01", "b")])
    (path,) = files.save(graph, tmp_path / "x.graphml")
    assert sorted(degree for _, degree in networkx.read_graphml(path).degree()) == [1, 1, 2]


# GEXF


def test_gexf_is_valid() -> None:
    schemas = [XSD, *filter(None, [os.environ.get("SOLGRAPH_GEXF_XSD")])]
    for make in GRAPHS.values():
        (text,) = written(make(), "gexf")
        document = etree.fromstring(text.encode(), etree.XMLParser(huge_tree=True))
        for schema in schemas:
            etree.XMLSchema(etree.parse(schema)).assertValid(document)


def test_what_is_not_valid_is_found() -> None:
    schema = etree.XMLSchema(etree.parse(XSD))
    text = written(GRAPHS["graph"](), "gexf")[0].encode()
    for right, wrong in ((b'start="2010-01-01"', b'start="2010"'), (b'target="city:c1"', b'target="city:c9"')):
        assert schema.validate(etree.fromstring(text))
        assert right in text
        assert not schema.validate(etree.fromstring(text.replace(right, wrong, 1)))


def test_networkx_itself_writes_no_valid_gexf() -> None:
    text = "\n".join(networkx.generate_gexf(GRAPHS["graph"](), version="1.3"))
    assert not etree.XMLSchema(etree.parse(XSD)).validate(etree.fromstring(text.encode()))


def test_years_are_spans_of_the_timeline() -> None:
    spans: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"since": 2010, "until": 2015}, {"start": "2010-01-01", "end": "2015-12-31"}),
        ({"since": 2010}, {"start": "2010-01-01"}),
        ({"until": "2016-02"}, {"end": "2016-02-29"}),
        ({"since": "2010-05-03"}, {"start": "2010-05-03"}),
        ({"since": 2016, "until": 2015}, {}),
        ({"since": "spring", "until": 2010.5}, {}),
        ({"since": "2010-13", "until": 0}, {}),
        ({"since": 2010, "until": 99999}, {"start": "2010-01-01"}),
        ({}, {}),
    ]
    for years, span in spans:
        edge = ElementTree.fromstring(written(networkx.Graph([("a", "b", years)]), "gexf")[0]).find(f".//{GEXF}edge")
        assert edge is not None
        assert {key: value for key, value in edge.attrib.items() if key in ("start", "end")} == span, years


def test_a_network_without_years_is_static_and_no_date_is_stamped() -> None:
    (text,) = written(networkx.Graph([("a", "b")]), "gexf")
    assert 'mode="static"' in text
    assert "lastmodifieddate" not in text


def test_parallel_edges_are_of_different_kinds_for_gephi() -> None:
    tree = ElementTree.fromstring(written(GRAPHS["multigraph"](), "gexf")[0])
    assert [one.get("kind") for one in tree.iter(f"{GEXF}edge")] == [None, "2", "3", None, None, None]
    assert [row["Kind"] for row in rows(GRAPHS["multigraph"]())[1]] == ["", "2", "3", "", "", ""]
    assert "Kind" not in rows(GRAPHS["graph"]())[1][0]


# CSV


def test_csv_has_the_columns_that_gephi_reads() -> None:
    nodes, edges = rows(GRAPHS["digraph"]())
    assert list(nodes[0])[:2] == ["Id", "Label"]
    assert list(edges[0])[:4] == ["Source", "Target", "Type", "Weight"]
    assert {row["Type"] for row in edges} == {"Directed"}
    assert [row["timeset"] for row in edges] == ["<[2010, 2015]>", "<[2012, Infinity]>", "", ""]
    assert nodes[0]["timeset"] == "<[1999, Infinity]>"


def test_no_cell_of_csv_is_a_formula(tmp_path: Path) -> None:
    for bad in ("=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\r=x"):
        graph: Any = networkx.Graph()
        graph.add_node(bad, label=bad, number=-1.5)
        graph.add_edge(bad, bad, text=bad, **{bad: bad}, weight=-2)
        for path in files.save(graph, tmp_path / "x.csv")[:2]:
            with path.open(newline="") as file:
                cells = [cell for row in csv.reader(file) for cell in row]
            assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] in (["-1.5"], ["-2"])
            assert f"'{bad}" in cells


def test_pandas_reads_numbers_as_numbers(tmp_path: Path) -> None:
    nodes, edges, _ = files.save(GRAPHS["graph"](), tmp_path / "x.csv")
    assert pandas.read_csv(nodes)["lat"].max() == 54
    assert pandas.read_csv(edges)["Weight"].sum() == 3.5


# The others


def test_pajek_puts_the_first_mode_first_and_tells_its_size() -> None:
    lines = written(GRAPHS["two modes"](), "pajek")[0].splitlines()
    assert lines[1] == "*Vertices 5 3"
    assert [line.split('"')[1][0] for line in lines[2:7]] == ["0", "2", "4", "1", "3"]


def test_a_network_with_ties_within_a_mode_is_not_written_as_two_modes() -> None:
    graph = GRAPHS["two modes"]()
    graph.add_edge("city:c0", "city:c2")
    assert written(graph, "pajek")[0].splitlines()[1] == "*Vertices 5"


def test_keys_of_gml_are_letters_and_digits() -> None:
    graph: Any = networkx.Graph()
    graph.add_node("a", **{"first_year": 1, "firstYear": 2, "2nd": 3, "größe": 4, "": 5, "id": 6})
    assert networkx.parse_gml(written(graph, "gml")[0]).nodes["a"] == {
        "name": "a", "firstYear": 1, "firstYearx": 2, "x2nd": 3, "grE": 4, "x": 5, "idx": 6
    }  # fmt: skip


def test_gml_is_ascii_and_its_numbers_fit() -> None:
    graph: Any = networkx.Graph()
    graph.add_node("a", label="Łódź", large=2**40, small=1e-300, none=math.inf)
    (text,) = written(graph, "gml")
    assert text.isascii()
    assert networkx.parse_gml(text).nodes["Łódź"] == {
        "name": "a",
        "large": str(2**40),
        "small": 1e-300,
        "none": "Infinity",
    }


def test_geojson_is_valid_for_a_checker_in_javascript(tmp_path: Path) -> None:
    for make in GRAPHS.values():
        (path,) = files.save(make(), tmp_path / "x.geojson")
        assert javascript(path) == len(json.loads(path.read_text())["features"])


def test_geojson_has_longitude_first_and_counts_what_has_no_place() -> None:
    read = json.loads(written(GRAPHS["graph"](), "geojson")[0])
    assert read["features"][0]["geometry"] == {"type": "Point", "coordinates": [9.19, 45.46]}
    assert read["features"][3]["geometry"] == {"type": "LineString", "coordinates": [[9.19, 45.46], [13.36, 38.1]]}
    assert (read["unlocated_nodes"], read["unlocated_edges"]) == (2, 1)


def test_a_place_that_is_not_on_earth_is_none() -> None:
    graph: Any = networkx.Graph()
    for lat in (91, -90.01, math.nan, "45", True, None):
        graph.add_node(str(lat), lat=lat, long=9)
    assert json.loads(written(graph, "geojson")[0])["unlocated_nodes"] == 6


def test_cytoscape_draws_the_map_and_puts_the_rest_below_it() -> None:
    read = json.loads(written(GRAPHS["graph"](), "cyjs")[0])["elements"]["nodes"]
    spots = {one["data"]["id"]: one["position"] for one in read}
    assert spots["city:c0"]["x"] < spots["city:c1"]["x"]
    assert spots["city:c2"]["y"] < spots["city:c0"]["y"] < spots["city:c1"]["y"] < spots["city:c3"]["y"]
    assert spots["city:c3"] != spots["city:c4"]


def test_no_edge_of_cytoscape_has_the_identifier_of_a_node() -> None:
    read = json.loads(written(networkx.Graph([("e0", "e-1")]), "cyjs")[0])["elements"]
    ids = [one["data"]["id"] for one in (*read["nodes"], *read["edges"])]
    assert len(ids) == len(set(ids)) == 3


def test_turtle_uses_only_declared_terms_and_no_blank_nodes() -> None:
    graph = RdfGraph().parse(data=written(GRAPHS["more hostile"](), "turtle")[0], format="turtle")
    declared = RdfGraph().parse(ONTOLOGY / "solgraph.ttl")
    ours = {one for triple in graph for one in triple[1:] if str(one).startswith("https://w3id.org/solgraph/ns#")}
    assert ours
    assert ours <= set(declared.subjects())
    assert "_:" not in {str(one)[:2] for triple in graph for one in triple}


def test_turtle_tells_how_the_network_was_made() -> None:
    graph = RdfGraph().parse(data=written(GRAPHS["graph"](), "turtle")[0], format="turtle")
    made = (
        "SELECT ?reads { ?network a prov:Collection ; dcterms:title 'alliances' ; prov:wasGeneratedBy ?made ."
        " ?made a prov:Activity ; ?property ?reads . ?property a rdf:Property ; rdfs:label 'reads' }"
    )
    assert [str(row.reads) for row in graph.query(made)] == ["two cities belong to the same network"]  # type: ignore[union-attr]


def test_parquet_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(solgraph.WrongUse, match=r"pip install 'solgraph\[parquet\]'"):
        written(GRAPHS["graph"](), "parquet")


def test_parquet_keeps_kinds_and_what_the_network_says_of_itself(tmp_path: Path) -> None:
    nodes, edges = files.save(GRAPHS["multigraph"](), tmp_path / "x.parquet")
    schema = parquet.read_schema(edges)
    assert {name: str(schema.field(name).type) for name in ("weight", "since", "sure", "evidence")} == {
        "weight": "double", "since": "int64", "sure": "bool", "evidence": "string"
    }  # fmt: skip
    assert {b"name": b"alliances", b"multigraph": b"true"}.items() <= parquet.read_schema(nodes).metadata.items()


def test_large_networks_come_in_row_groups(tmp_path: Path) -> None:
    _, edges = files.save(Lazy(120_000), tmp_path / "x.parquet")
    read = parquet.ParquetFile(edges)
    assert (read.num_row_groups, read.metadata.num_rows) == (3, 120_000)
