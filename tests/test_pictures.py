"""Pictures of networks: where nodes stand, what the map shows, labels that keep clear of each other, the same bytes."""

import math
import os
import random
import struct
import subprocess
import sys
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import solgraph
from solgraph.errors import MissingExtra, WrongUse
from solgraph.networks.drawing import geometry, picture
from solgraph.networks.drawing.geometry import Box, place_labels, project
from solgraph.networks.drawing.layout import default_layout, positions

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = ("alliances", "memberships")


def cities(*, without: int = 0) -> Any:
    """Five cities in a row of links, and some nodes without coordinates."""
    graph = networkx.Graph(name="row", description="Five cities in a row")
    told = {"milan": (45.46, 9.19), "palermo": (38.12, 13.36), "berlin": (52.52, 13.41), "cadiz": (36.53, -6.29)}
    for slug, (lat, long) in {**told, "oslo": (59.91, 10.75)}.items():
        graph.add_node(f"city:{slug}", label=slug.title(), kind="city", country="Somewhere", lat=lat, long=long)
    networkx.add_path(graph, list(graph), weight=1)
    graph.add_nodes_from((f"network:{n}", {"label": f"Network {n}", "kind": "network"}) for n in range(without))
    return graph


def dense(nodes: int = 300, edges: int = 8000) -> Any:
    chance, graph = random.Random(1), networkx.Graph(name="dense")
    for n in range(nodes):
        place = {"lat": chance.uniform(37, 60), "long": chance.uniform(-8, 28)}
        graph.add_node(f"city:{n}", label=f"City {n}", kind="city", country=f"Country {n % 20}", **place)
    while graph.number_of_edges() < edges:
        graph.add_edge(*chance.sample(list(graph), 2), weight=chance.randrange(1, 6))
    return graph


def inside(ring: list[tuple[float, float]], x: float, y: float) -> bool:
    """Whether a point lies in a ring, by the number of sides to its right."""
    sides = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum((b > y) != (d > y) and x < a + (y - b) / (d - b) * (c - a) for (a, b), (c, d) in sides) % 2 == 1


def texts(svg: str) -> str:
    return " ".join("".join(one.itertext()) for one in ElementTree.fromstring(svg).iter(f"{SVG}text"))


# Kilometres from 10° E 52° N in EPSG:3035, as PROJ 9 computes them on the ellipsoid.
@pytest.mark.parametrize(
    ("lat", "long", "east", "north"),
    [
        (52, 10, 0, 0),
        (38.72, -9.14, -1656, -1263),
        (60.17, 24.94, 824, 996),
        (35.9, 14.51, 411, -1771),
        (64.15, -21.94, -1499, 1702),
    ],
)
def test_the_projection_is_that_of_europe(lat: float, long: float, east: float, north: float) -> None:
    assert math.dist(project(long, lat), (east, north)) < 8


def test_every_shipped_city_lies_in_the_outline_of_its_country(frozen: solgraph.Knowledge) -> None:
    placed = 0
    for _, told in frozen.network("alliances").nodes(data=True):
        rings, (x, y) = geometry.outlines()[told["country"]], project(told["long"], told["lat"])
        shore = min(math.dist(point, (x, y)) for ring in rings for point in ring)
        assert any(inside(ring, x, y) for ring in rings) or shore < 25, told
        placed += 1
    assert placed >= 28


def test_outlines_are_small_and_whole() -> None:
    assert geometry._OUTLINES.stat().st_size < 80_000
    assert {"Germany", "Italy", "Malta", "Cyprus", "Iceland", "Poland"} <= set(geometry.outlines())
    assert all(len(ring) > 2 for rings in geometry.outlines().values() for ring in rings)


def test_a_map_is_drawn_when_nearly_all_nodes_have_coordinates() -> None:
    assert [default_layout(cities(without=count)) for count in (0, 1, 7)] == ["map", "force", "force"]


def test_unusable_coordinates_are_none() -> None:
    graph = networkx.Graph()
    graph.add_node("a", lat=95.0, long=3.0)
    graph.add_node("b", lat="52", long="13")
    graph.add_node("c", lat=float("nan"), long=3.0)
    assert default_layout(graph) == "force"


def test_nodes_without_coordinates_stand_below_the_map() -> None:
    places = positions(cities(without=7), "map")
    south = min(y for node, (_, y) in places.items() if node.startswith("city:"))
    rows = [place for node, place in places.items() if node.startswith("network:")]
    assert len(set(rows)) == 7 and max(y for _, y in rows) < south
    assert len({y for _, y in rows}) == 2


def test_isolated_nodes_stand_in_rows_below_the_others() -> None:
    graph = networkx.path_graph(6)
    graph = networkx.relabel_nodes(graph, str)
    graph.add_nodes_from(f"alone {n}" for n in range(9))
    graph.add_edge("alone 8", "alone 8")
    places = positions(graph, "force")
    alone = [places[f"alone {n}"] for n in range(9)]
    assert max(y for _, y in alone) < min(places[str(n)][1] for n in range(6))
    assert max(map(math.hypot, *zip(*alone, strict=True))) < 20


@pytest.mark.parametrize("nodes", [2, 40, 200])
def test_linked_nodes_come_together_and_others_keep_apart(nodes: int) -> None:
    graph = networkx.relabel_nodes(networkx.cycle_graph(nodes), str)
    places = positions(graph, "force")
    links = [math.dist(places[one], places[other]) for one, other in graph.edges]
    assert min(links) > 0.3 and max(links) < 6
    assert all(math.dist(places[one], places[other]) > 0.05 for one, other in combinations(graph, 2))


def test_next_to_nothing_has_places_too() -> None:
    for graph in (networkx.Graph(), networkx.MultiDiGraph(), networkx.empty_graph(["a"])):
        assert all(set(positions(graph, layout)) == set(graph) for layout in ("auto", "map", "force"))
        assert picture.svg(graph).startswith("<?xml")


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(WrongUse, match="no layout 'circle'"):
        positions(cities(), "circle")


DRAWN = """
import hashlib, solgraph
from solgraph.networks.drawing import layout, page, picture
graph = solgraph.open().network("memberships")
print(layout.positions(graph, "force"), layout.positions(graph, "map"))
for made in (picture.svg(graph).encode(), picture.png(graph), page.html(graph).encode()):
    print(hashlib.sha256(made).hexdigest())
"""


def test_layouts_and_pictures_are_the_same_in_every_process(capsys: pytest.CaptureFixture[str]) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"}
    other = subprocess.run([sys.executable, "-c", DRAWN], env=environment, capture_output=True, text=True, check=True)
    exec(DRAWN, {})
    assert capsys.readouterr().out == other.stdout


boxes = st.tuples(st.integers(0, 400), st.integers(0, 300), st.integers(5, 120), st.integers(8, 40), st.integers(1, 12))


@given(st.lists(boxes, max_size=25))
def test_placed_labels_never_meet(drawn: list[tuple[int, int, int, int, int]]) -> None:
    discs = {str(n): (float(x), float(y), float(r)) for n, (x, y, _, _, r) in enumerate(drawn)}
    sizes = {str(n): (float(wide), float(high)) for n, (_, _, wide, high, _) in enumerate(drawn)}
    room = Box(0, 0, 400, 300)
    found = place_labels(sizes, discs, [(0, 0, 400, 300)], room)
    for name, box in found.items():
        assert room.left <= box.left and box.right <= room.right and room.bottom <= box.bottom and box.top <= room.top
        assert not any(box.covers(disc) for disc in discs.values() if disc[2] > 0.8 * discs[name][2])
    assert not any(one.meets(other) for one, other in combinations(found.values(), 2))


@given(st.lists(boxes, max_size=25))
def test_a_label_that_no_line_joins_to_its_node_is_clearly_nearest_to_it(
    drawn: list[tuple[int, int, int, int, int]],
) -> None:
    discs = {str(n): (float(x), float(y), float(r)) for n, (x, y, _, _, r) in enumerate(drawn)}
    sizes = {str(n): (float(wide), float(high)) for n, (_, _, wide, high, _) in enumerate(drawn)}
    for name, box in place_labels(sizes, discs, [], Box(0, 0, 400, 300), joined=False).items():
        rivals = [disc for other, disc in discs.items() if other != name and disc[2] > 0.8 * discs[name][2]]
        assert 0 < box.distance(discs[name]) < 12
        assert all(box.distance(rival) > box.distance(discs[name]) + 7 for rival in rivals)


def test_in_a_crowd_the_big_town_keeps_its_name() -> None:
    suburbs = {str(n): (90 + 20.0 * (n % 12), 40 + 20.0 * (n // 12), 4.0) for n in range(144)}
    crowd = {"big": (200.0, 150.0, 12.0), **suburbs}
    placed = place_labels(dict.fromkeys(crowd, (60, 20)), crowd, [], Box(0, 0, 400, 300))
    assert next(iter(placed)) == "big"
    equals = crowd | {"big": (200.0, 150.0, 4.0)}
    assert "big" not in place_labels({"big": (60, 20)}, equals, [], Box(0, 0, 400, 300))


def test_names_go_to_what_is_tied_most_not_to_members_of_one_big_network() -> None:
    members = networkx.complete_graph([f"city:m{n}" for n in range(160)])
    networkx.set_edge_attributes(members, 1, "weight")
    networkx.set_node_attributes(members, {node: node.title() for node in members}, "label")
    members.add_node("city:hub", label="Hub")
    members.add_weighted_edges_from(("city:hub", f"city:m{n}", 9) for n in range(40))
    strengths = picture.plan(members, "force", "").strengths
    assert max(strengths, key=strengths.__getitem__) == "city:hub"
    drawn = texts(picture.svg(members, layout="force"))
    assert "Hub" in drawn and "Size of a node: the weight of its links." in drawn


def test_a_label_shuns_lines_and_nodes_that_it_could_be_taken_for() -> None:
    room, own = Box(0, 0, 400, 300), (200.0, 150.0, 5.0)
    assert place_labels({"a": (50, 12)}, {"a": own}, [], room)["a"].left > 200
    assert place_labels({"a": (50, 12)}, {"a": own}, [(200, 150, 400, 150)], room)["a"].right < 200
    assert place_labels({"a": (50, 12)}, {"a": own, "b": (266, 150, 5)}, [], room)["a"].right < 200


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("layout", ["map", "force"])
def test_labels_in_the_picture_do_not_overlap(frozen: solgraph.Knowledge, view: str, layout: str) -> None:
    graph = frozen.network(view)
    sheet = picture.figure(graph, layout=layout)
    labels = [text.get_window_extent() for text in sheet.axes[0].texts]
    assert len(labels) >= len(graph) - (2 if (view, layout) == ("memberships", "map") else 0)
    assert [1 for one, other in combinations(labels, 2) if one.overlaps(other)] == []
    caption = " ".join(text.get_text() for text in sheet.texts)
    left_out = len(graph) - len(labels)
    assert (f"there was no room: {left_out}" in caption) == bool(left_out)
    for box in [*labels, *(text.get_window_extent() for text in sheet.texts)]:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= 1600 and box.y1 <= 1200


def test_the_picture_tells_what_it_shows(frozen: solgraph.Knowledge) -> None:
    graph = cities(without=2)
    graph.graph["notes"] = "3 of 9 ties tell no year and are counted in."
    graph.add_edge("city:milan", "city:milan")
    said = texts(picture.svg(graph, layout="map"))
    for words in (
        "Five cities in a row",
        "7 nodes, 5 links",
        "Source: solgraph, network row",
        "Natural Earth",
        "tell no",
    ):
        assert words in said
    assert "Nodes without coordinates, below the map: 2." in said
    assert "Links of a node with itself, not drawn: 1." in said
    assert "Natural Earth" not in texts(picture.svg(graph, layout="force"))


def test_svg_keeps_text_as_text_and_has_no_date(frozen: solgraph.Knowledge) -> None:
    written = picture.svg(frozen.network("alliances"))
    assert written == picture.svg(frozen.network("alliances"))
    assert "Rottenburg" in texts(written) and "dc:date" not in written and "Verdana" in written


def test_png_is_1600_by_1200_and_the_same_each_time() -> None:
    drawn = picture.png(cities())
    assert struct.unpack(">II", drawn[16:24]) == (1600, 1200)
    assert drawn == picture.png(cities())


def test_labels_are_neither_markup_nor_formulas() -> None:
    graph = networkx.Graph(description="<b>Bold</b> & $x^2$")
    graph.add_edge("a", "b")
    graph.add_node("a", label="</text><script>alert(1)</script>", kind="$\\frac{1}")
    graph.add_node("b", label="$\\undefined{", kind="_<")
    written = picture.svg(graph)
    assert "<script" not in written
    said = "".join(texts(written).split())
    assert "</text><script>alert(1)</script>" in said and "$x^2$" in said and "$\\undefined{" in said


def test_directed_links_end_in_arrows() -> None:
    graph = networkx.DiGraph([("a", "b"), ("b", "a"), ("b", "c")])
    assert len(picture.figure(graph).axes[0].patches) == 3
    assert len(picture.figure(graph.to_undirected()).axes[0].patches) == 0


def test_parallel_links_are_one_wider_line(frozen: solgraph.Knowledge) -> None:
    graph = networkx.MultiGraph([("a", "b"), ("a", "b"), ("b", "a"), ("b", "c")])
    drawing = picture.plan(graph, "auto", "auto")
    assert drawing.lines == {("a", "b"): 3, ("b", "c"): 1}
    assert "Width of a line: number of links." in texts(picture.svg(graph))


def test_kinds_differ_in_colour_or_shape() -> None:
    for count in (1, 4, 5, 14, 15, 40):
        graph = networkx.Graph()
        graph.add_nodes_from((str(n), {"country": f"Country {n % count}"}) for n in range(80))
        kinds = picture.plan(graph, "force", "country").kinds
        shown = {picture.looks(kinds)[kind] for kind in set(kinds.values())}
        assert len(shown) == len(set(kinds.values())) == min(count, 14)


def test_colours_are_the_type_where_there_are_several_else_the_country(frozen: solgraph.Knowledge) -> None:
    assert picture.plan(frozen.network("memberships"), "auto", "auto").colour == "kind"
    assert picture.plan(frozen.network("alliances"), "auto", "auto").colour == "country"
    assert "Community" in texts(picture.svg(frozen.network("alliances"), colour="community"))
    with pytest.raises(WrongUse, match="No node has the attribute 'contry'"):
        picture.svg(frozen.network("alliances"), colour="contry")


def test_many_links_are_an_image_in_the_svg_and_only_big_nodes_are_named() -> None:
    graph = dense()
    written = picture.svg(graph)
    assert len(written) < 3_000_000 and "data:image/png" in written
    assert "Nodes without a name, because there was no room:" in texts(written)


def test_the_callers_matplotlib_stays_as_it_is() -> None:
    import matplotlib

    before = picture.png(cities())
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path"}):
        assert picture.png(cities()) == before
        assert matplotlib.rcParams["font.size"] == 30


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"solgraph\[plot\]"):
        picture.png(cities())
