"""Network views: hand-counted on the small graph, and the same network again in every program that reads the files."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import pytest
from click.testing import Result
from pyoxigraph import Literal, NamedNode

import solgraph
from solgraph.formats.rows import Table
from solgraph.networks.model.build import build
from solgraph.rdf.namespaces import XSD

SMALL = Path(__file__).parent / "small"
VIEWS = (
    "alliances",
    "collaborations",
    "countries",
    "funding",
    "memberships",
    "participants",
    "people",
    "shared-members",
    "themes",
    "transfer",
)
MORE_MEMBERSHIPS = """
@prefix sg: <https://w3id.org/solgraph/ns#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix city: <https://w3id.org/solgraph/id/city/> .
@prefix network: <https://w3id.org/solgraph/id/network/> .
@prefix membership: <https://w3id.org/solgraph/id/membership/> .
@prefix passage: <https://w3id.org/solgraph/id/passage/> .
@prefix role: <https://w3id.org/solgraph/vocab/role/> .

membership:belmonte-letters a sg:Membership ; org:member city:belmonte ; org:organization network:letters ;
    org:role role:member ; sg:evidence passage:alpha-2 .
membership:ardea-harbours-2018 a sg:Membership ; org:member city:ardea ; org:organization network:harbours ;
    org:role role:member ; sg:startDate "2018"^^xsd:gYear ; sg:evidence passage:alpha-2 .
"""


@pytest.fixture
def more(tmp_path: Path) -> solgraph.Knowledge:
    """The small graph; Belmonte joins the letters too, and Ardea returns to the harbours in 2018."""
    path = tmp_path / "more.ttl"
    path.write_text(MORE_MEMBERSHIPS)
    return solgraph.open(SMALL, add=path)


def edges(graph: Any) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in graph.edges()}


def pair(one: str, other: str) -> frozenset[str]:
    return frozenset((f"city:{one}", f"city:{other}"))


# Alliances: cities linked by what they share.


def test_every_profiled_or_member_city_is_a_node(small: solgraph.Knowledge) -> None:
    assert set(small.network("alliances")) == {"city:ardea", "city:belmonte", "city:cadria", "city:dorn"}


def test_two_pairs_of_cities_share_a_network(small: solgraph.Knowledge) -> None:
    assert edges(small.network("alliances")) == {pair("ardea", "belmonte"), pair("ardea", "cadria")}


def test_a_city_without_a_network_is_kept_as_an_isolate(small: solgraph.Knowledge) -> None:
    assert list(networkx.isolates(small.network("alliances"))) == ["city:dorn"]


def test_one_shared_network_weighs_one_and_is_named(small: solgraph.Knowledge) -> None:
    graph = small.network("alliances")
    assert graph.edges["city:ardea", "city:belmonte"] == {
        "weight": 1.0,
        "shared": 1,
        "newman": 1.0,
        "networks": "Northern Harbours",
        "not_before": 2010,
        "not_after": 2015,
        "spells": "(2010)–2012: 0 of 1; 2013: 1 of 1; 2014–(2015): 0 of 1",
        "active": "2013",
        "evidence": "Alpha, 1; Alpha, 2",
    }


def test_two_shared_networks_weigh_two_and_are_both_named(more: solgraph.Knowledge) -> None:
    graph = more.network("alliances")
    told = graph.edges["city:ardea", "city:belmonte"]
    assert (told["shared"], told["networks"]) == (2, "Letters of Welcome; Northern Harbours")
    assert told["weight"] == told["newman"] == 1.5, "the harbours have two members, the letters three"
    assert edges(graph) == {pair("ardea", "belmonte"), pair("ardea", "cadria"), pair("belmonte", "cadria")}


def test_a_network_joined_twice_counts_once(more: solgraph.Knowledge) -> None:
    assert more.network("alliances").edges["city:ardea", "city:belmonte"]["shared"] == 2


def test_names_of_networks_follow_the_language() -> None:
    graph = solgraph.open(SMALL, lang="de").network("alliances")
    assert graph.edges["city:ardea", "city:belmonte"]["networks"] == "Häfen des Nordens"


def test_a_node_carries_label_iri_type_country_and_place(small: solgraph.Knowledge) -> None:
    assert small.network("alliances").nodes["city:cadria"] == {
        "label": "Cádria",
        "iri": "https://w3id.org/solgraph/id/city/cadria",
        "kind": "city",
        "country": "Spain",
        "lat": 36.5,
        "long": -6.25,
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"year": 2012}, {pair("ardea", "belmonte")}),
        ({"year": 2016}, set()),
        ({"year": 2019}, {pair("ardea", "cadria")}),
        ({"by": "city"}, {pair("ardea", "belmonte")}),
        ({"by": "mayor"}, set()),
        ({"year": 2019, "by": "city"}, set()),
    ],
    ids=["in 2012", "in 2016", "in 2019", "by the city itself", "by its mayor", "in 2019 by the city itself"],
)
def test_year_and_by_choose_memberships(
    values: dict[str, Any], expected: set[frozenset[str]], small: solgraph.Knowledge
) -> None:
    assert edges(small.network("alliances", **values)) == expected


def test_all_profiled_cities_stay_whatever_is_chosen(small: solgraph.Knowledge) -> None:
    assert {"city:ardea", "city:cadria", "city:dorn"} <= set(small.network("alliances", year=1900, by="city"))


def test_only_alliances_link_cities_unless_other_layers_are_chosen(small: solgraph.Knowledge) -> None:
    signed = small.network("alliances", layer="declaration")
    assert {told["networks"] for *_, told in signed.edges(data=True)} == {"Charter of Open Towns"}
    both = small.network("alliances", layer=["alliance", "declaration"]).edges["city:ardea", "city:belmonte"]
    assert both["networks"] == "Charter of Open Towns; Northern Harbours"


def test_a_candidate_is_linked_with_nobody(small: solgraph.Knowledge) -> None:
    assert not small.network("alliances").degree("city:dorn")
    assert "city:dorn" not in small.network("memberships")


def test_pairs_that_share_too_little_are_left_out_and_counted(more: solgraph.Knowledge) -> None:
    graph = more.network("alliances", least=2)
    assert edges(graph) == {pair("ardea", "belmonte")}
    assert "Pairs that share fewer than 2 of 'network', left out: 2." in graph.graph["notes"]


def test_the_network_says_how_it_is_weighed(small: solgraph.Knowledge) -> None:
    assert small.network("alliances").graph["weighting"].startswith("newman: the sum of 1/(k−1) over the networks")
    assert small.network("alliances", weight="shared").graph["weighting"].startswith("shared: the number of networks")


def test_a_year_in_which_a_member_was_seen_counts_for_that_year_alone(small: solgraph.Knowledge) -> None:
    for year, members in ((2019, {"network:harbours"}), (2017, set())):
        graph = small.network("memberships", year=year, undated="exclude")
        assert ("city:belmonte" in graph and set(graph["city:belmonte"])) == members | {"network:charter"}
    (seen,) = small.network("memberships").get_edge_data("city:belmonte", "network:harbours").values()
    assert seen["active"] == "2013; 2019"
    assert "since" not in seen


def test_the_summary_of_two_modes_counts_the_nodes_of_each(small: solgraph.Knowledge) -> None:
    figures = solgraph.summary(small.network("memberships"))
    assert (figures["nodes: city"], figures["nodes: network"], figures["nodes"]) == (3, 3, 6)


# Networks linked by their cities.


def test_two_networks_are_linked_by_the_cities_of_both(small: solgraph.Knowledge) -> None:
    graph = small.network("shared-members")
    assert graph.edges["network:charter", "network:harbours"]["cities"] == "Ardea; Belmonte"
    assert graph.nodes["network:charter"]["layer"] == "Declaration"
    assert graph.nodes["network:harbours"]["members"] == 2


def test_networks_may_be_compared_by_the_cities_of_one_country(small: solgraph.Knowledge) -> None:
    assert list(small.network("shared-members", country="Spain").edges) == [("network:charter", "network:harbours")]


# Memberships: two modes, one edge per membership.


def test_cities_and_networks_are_nodes_of_two_types(small: solgraph.Knowledge) -> None:
    types = networkx.get_node_attributes(small.network("memberships"), "kind")
    assert types == {
        "city:ardea": "city",
        "city:belmonte": "city",
        "city:cadria": "city",
        "network:charter": "network",
        "network:harbours": "network",
        "network:letters": "network",
    }


def test_there_is_one_edge_for_each_membership(small: solgraph.Knowledge) -> None:
    graph = small.network("memberships")
    assert graph.number_of_edges() == 6
    assert networkx.is_bipartite(graph)


def test_an_edge_carries_role_years_and_where_it_was_read(small: solgraph.Knowledge) -> None:
    (told,) = small.network("memberships").get_edge_data("city:ardea", "network:harbours").values()
    assert {"role": "Member", "since": 2010, "until": 2015}.items() <= told.items()
    assert "Alpha, 1" in told.values()


def test_a_city_tied_through_its_mayor_tells_who(small: solgraph.Knowledge) -> None:
    (told,) = small.network("memberships").get_edge_data("city:cadria", "network:letters").values()
    assert told["through"] == "Cora Cedar"


def test_parallel_memberships_are_parallel_edges(more: solgraph.Knowledge) -> None:
    graph = more.network("memberships")
    assert graph.number_of_edges("city:ardea", "network:harbours") == 2
    assert graph.number_of_edges() == 8


def test_a_year_leaves_out_what_is_known_to_lie_outside(small: solgraph.Knowledge) -> None:
    graph = small.network("memberships", year=2017, layer="alliance")
    assert set(graph) == {"city:belmonte", "network:harbours", "city:cadria", "network:letters"}


# What every view keeps.


def values_of(graph: Any) -> list[Any]:
    held = [data for _, data in graph.nodes(data=True)] + [data for *_, data in graph.edges(data=True)]
    return [value for data in [graph.graph, *held] for value in data.values()]


def test_every_view_has_nodes_and_edges_and_plain_values_only(frozen: solgraph.Knowledge) -> None:
    for view in VIEWS:
        graph = frozen.network(view)
        assert {type(value) for value in values_of(graph)} <= {str, int, float, bool}, view
        assert graph.number_of_nodes() > 7 and graph.number_of_edges() > 2, view


def test_all_28_profiled_cities_are_nodes(frozen: solgraph.Knowledge) -> None:
    query = "SELECT DISTINCT ?city { ?report sg:about ?city ; sg:sourceKind source-kind:city-report }"
    profiled = {str(row.city).replace("https://w3id.org/solgraph/id/city/", "city:") for row in frozen.sparql(query)}
    assert len(profiled) == 28
    assert profiled <= set(frozen.network("alliances"))


def test_the_graph_is_named_after_the_view(small: solgraph.Knowledge) -> None:
    assert small.network("alliances").graph["name"] == "alliances"


def test_an_unknown_view_is_an_error_with_the_nearest_name(small: solgraph.Knowledge) -> None:
    with pytest.raises(solgraph.WrongUse, match=r"(?s)no network view 'aliances'.*Did you mean 'alliances'"):
        small.network("aliances")


def test_a_saved_query_that_is_no_view_is_an_error_with_the_views(small: solgraph.Knowledge) -> None:
    with pytest.raises(
        solgraph.WrongUse, match=r"(?s)no network view 'mayors'.*Views: memberships, shared-members, alliances"
    ):
        small.network("mayors")


# The command.


def test_graphml_is_what_comes_without_a_format(run_small: Callable[..., Result], small: solgraph.Knowledge) -> None:
    again = networkx.parse_graphml(run_small("network", "alliances").stdout)
    assert dict(again.nodes(data=True)) == dict(small.network("alliances").nodes(data=True))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_ending_tells_the_format(run_small: Callable[..., Result], tmp_path: Path) -> None:
    run_small("network", "alliances", "-o", str(tmp_path / "a.json"))
    assert json.loads((tmp_path / "a.json").read_text())["nodes"]


def test_csv_becomes_a_pair_of_files(run_small: Callable[..., Result], tmp_path: Path) -> None:
    result = run_small("network", "memberships", "-o", str(tmp_path / "m.csv"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m-about.csv", "m-edges.csv", "m-nodes.csv"]
    assert len(rows((tmp_path / "m-nodes.csv").read_text())) == 6
    assert len(rows((tmp_path / "m-edges.csv").read_text())) == 6
    assert "m-nodes.csv: 6 nodes, 6 edges" in result.stderr


def test_csv_by_name_keeps_the_given_stem(run_small: Callable[..., Result], tmp_path: Path) -> None:
    run_small("network", "alliances", "-f", "csv", "-o", str(tmp_path / "my.cities.csv"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"my.cities-{part}.csv" for part in ("about", "edges", "nodes")
    ]


def test_parameters_reach_the_view(run_small: Callable[..., Result]) -> None:
    result = run_small("network", "alliances", "--year", "2016", "-f", "json")
    assert json.loads(result.stdout)["edges"] == []


# Headers of views, and what they make of rows.


def answer(columns: tuple[str, ...], *given: tuple[Any, ...]) -> Table:
    def term(value: Any) -> Any:
        return Literal(value) if isinstance(value, str) else value

    return Table(columns, [tuple(map(term, row)) for row in given], {})


def test_an_end_that_is_no_column_is_an_error_with_the_columns() -> None:
    headers: list[tuple[dict[str, str], str]] = [
        ({"source": "a", "target": "nowhere"}, "target"),
        ({"source": "nowhere", "target": "b"}, "source"),
        ({"nodes": "nowhere", "through": "b"}, "nodes"),
        ({"nodes": "a", "through": "nowhere"}, "through"),
        ({"source": "a"}, "target"),
        ({}, "source"),
    ]
    for header, missing in headers:
        with pytest.raises(solgraph.DataError, match=rf"(?s)'v' names no column as '{missing}'.*Its columns: a, b"):
            build("v", header, answer(("a", "b"), ("x", "y")))


def test_an_unknown_kind_of_graph_is_an_error_with_the_kinds() -> None:
    header = {"source": "a", "target": "b", "kind": "hypergraph"}
    with pytest.raises(solgraph.DataError, match=r"(?s)'hypergraph'.*Known: graph, digraph, multigraph"):
        build("v", header, answer(("a", "b"), ("x", "y")))


def test_the_kind_of_graph_is_that_of_the_header() -> None:
    for kind in (networkx.Graph, networkx.DiGraph, networkx.MultiGraph, networkx.MultiDiGraph):
        header = {"source": "a", "target": "b", "kind": kind.__name__.lower()}
        assert type(build("v", header, answer(("a", "b"), ("x", "y")))) is kind


def test_rows_between_the_same_two_ends_are_not_lost() -> None:
    found = answer(("a", "b", "year"), ("x", "y", Literal(2001)), ("x", "y", Literal(2002)))
    graph = build("v", {"source": "a", "target": "b"}, found)
    assert graph.size(weight="weight") == 2


def test_a_row_without_its_second_end_keeps_an_isolate() -> None:
    graph = build("v", {"source": "a", "target": "b"}, answer(("a", "b"), ("x", "y"), ("z", None)))
    assert list(networkx.isolates(graph)) == ["z"]


def test_columns_of_an_end_become_attributes_of_its_node_and_others_of_the_edge() -> None:
    found = answer(("a", "a_size", "b", "since"), ("x", Literal(7), "y", Literal(2001)))
    graph = build("v", {"source": "a", "target": "b", "kind": "graph"}, found)
    assert graph.nodes["x"]["size"] == 7
    assert graph.edges["x", "y"] == {"since": 2001}


def test_a_direction_is_kept_in_a_directed_view() -> None:
    header = {"source": "a", "target": "b", "kind": "digraph"}
    graph = build("v", header, answer(("a", "b"), ("x", "y")))
    assert list(graph.edges()) == [("x", "y")]


def test_a_term_becomes_a_value_that_every_network_program_reads() -> None:
    terms: list[tuple[Any, Any]] = [
        (Literal("2.50", datatype=NamedNode(XSD + "decimal")), 2.5),
        (Literal("2019", datatype=NamedNode(XSD + "gYear")), 2019),
        (Literal("2019-05", datatype=NamedNode(XSD + "gYearMonth")), "2019-05"),
        (Literal("2019-05-01", datatype=NamedNode(XSD + "date")), "2019-05-01"),
        (Literal(True), True),
        (Literal("ciao", language="it"), "ciao"),
        (NamedNode("https://w3id.org/solgraph/id/city/x"), "city:x"),
    ]
    header = {"source": "a", "target": "b", "kind": "graph"}
    for term, expected in terms:
        value = build("v", header, answer(("a", "b", "x"), ("1", "2", term))).edges["1", "2"]["x"]
        assert (value, type(value)) == (expected, type(expected))


def test_networks_say_how_much_of_their_lists_is_there(shipped: solgraph.Knowledge) -> None:
    """Of the lists of a network the latest counts, undated ones only if no other has a number."""
    claims: dict[str, list[tuple[str, int]]] = {}
    complete: dict[str, list[str]] = {}
    for row in shipped.query("completeness"):
        if row.claimed is not None:
            claims.setdefault(str(row.network), []).append((str(row.date or ""), row.claimed))
        if row.complete and row.date:
            complete.setdefault(str(row.network), []).append(str(row.date))
    graph = shipped.network("memberships", keep=("claimed", "complete"))
    networks = [node for _, node in graph.nodes(data=True) if node["bipartite"]]
    assert {node["iri"]: node["claimed"] for node in networks if "claimed" in node} == {
        node["iri"]: max(claims[node["iri"]])[1] for node in networks if node["iri"] in claims
    }
    assert {node["iri"]: str(node["complete"]) for node in networks if "complete" in node} == {
        node["iri"]: max(complete[node["iri"]]) for node in networks if node["iri"] in complete
    }
    assert next(node["claimed"] for node in networks if node["label"] == "Eurocities") == 200
