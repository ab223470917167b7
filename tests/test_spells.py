"""Spells: when two cities share a network, and when they do not; counted by hand and year by year."""

import re
import shutil
import subprocess
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

import solgraph
from network_formats.readers import rows as csv_rows
from network_formats.readers import written
from solgraph.formats.rows import Table
from solgraph.networks.files.formats import save
from solgraph.networks.measures.series import series
from solgraph.networks.model.build import build
from solgraph.networks.model.comparison import compare
from solgraph.networks.model.selection import Selection
from solgraph.networks.model.spells import Spell, presence, spells_of

VIEW = {"nodes": "city", "through": "network", "weight": "newman"}
MEMBERSHIPS = {"source": "city", "target": "network", "kind": "multigraph", "mode": "two-mode"}
COLUMNS = ("city", "network", "since", "until", "asof", "not_before", "not_after", "active")
#: Bologna and Milan are together in A from 1990 to 1995, in B from 2010 to 2015, and in C from 2014 on.
MEMBERS: list[tuple[Any, ...]] = [
    ("bologna", "A", 1985, 1995),
    ("milan", "A", 1990, 2000),
    ("bologna", "B", 2010, 2015),
    ("milan", "B", 2005, 2015),
    ("bologna", "C", 2014),
    ("milan", "C", 2012, None, 2020),
    ("turin", "C", None, None, None, None, None, "2016; 2019"),
]


def network(members: list[tuple[Any, ...]] = MEMBERS, header: dict[str, str] = VIEW, **selection: Any) -> Any:
    terms = [
        [None if value is None else Literal(value) for value in (*member, *[None] * (len(COLUMNS) - len(member)))]
        for member in members
    ]
    return build("v", header, Table(COLUMNS, terms, {}), Selection(**selection))


def link(**selection: Any) -> dict[str, Any]:
    return dict(network(**selection).edges["bologna", "milan"])


# By hand.


def test_an_edge_has_spells_and_not_the_span_from_the_first_to_the_last_year() -> None:
    edge = link()
    assert edge["spells"] == (
        "1990–1995: 1 of 1 (1); 2010–2013: 1 of 1 (1); 2014: 2 of 2 (1.5); 2015: 1 of 2 (1.5); 2016–: 0 of 1 (0.5)"
    )
    assert (edge["since"], "until" in edge, edge["shared"], edge["weight"]) == (1990, False, 3, 2.5)
    assert presence(spells_of(edge)) == [(1990, 1995), (2010, 10**6)]


def test_a_year_says_how_much_of_a_link_is_certain() -> None:
    """By hand: a and b are both seen in x in 2018; in y, of three, and in z neither is excluded."""
    members = [("a", "x", None, None, None, None, None, "2018"), ("b", "x", None, None, None, None, None, "2018")]
    members += [(city, "y", 2010, None, None, None, None, None) for city in "abc"]
    members += [(city, "z", None, None, None, None, None, None) for city in "ab"]
    for weight, certain in (("shared", 1), ("newman", 1), ("jaccard", 1 / 3)):
        edge = network(members, year=2018, weight=weight).edges["a", "b"]
        assert (edge["shared"], edge["shared_certain"], edge["certainty"]) == (3, 1, "certain")
        assert edge["weight_certain"] == pytest.approx(certain)
        assert edge["weight"] == pytest.approx({"shared": 3, "newman": 1 + 1 / 2 + 1, "jaccard": 1}[weight])
        whole = network(members, weight=weight).edges["a", "b"]
        assert "shared_certain" not in whole and "weight_certain" not in whole
    header, *_ = written(network(members, year=2018), "csv")[1].splitlines()
    assert {"shared_certain", "weight_certain"} <= {*header.split(",")}


def test_years_between_spells_have_no_edge() -> None:
    for year in (1989, 1996, 2000, 2009):
        assert not network(year=year).has_edge("bologna", "milan"), year
    assert not network(from_year=1996, to_year=2009).has_edge("bologna", "milan")
    assert [link(year=year)["shared"] for year in (1995, 2010, 2014, 2020)] == [1, 1, 2, 1]


def test_who_left_and_joined_again_has_two_spells() -> None:
    again = [("a", "n", 1990, 1995), ("a", "n", 2005, 2010), ("b", "n", 1980, 2020)]
    edge = network(again).edges["a", "b"]
    assert edge["spells"] == "1990–1995: 1 of 1; 2005–2010: 1 of 1"
    assert (edge["since"], edge["until"]) == (1990, 2010)
    ties = network(again, MEMBERSHIPS).edges(data=True)
    assert [(tie["since"], tie["until"]) for first, _, tie in ties if first == "a"] == [(1990, 1995), (2005, 2010)]


def test_parallel_ties_that_are_joined_keep_their_spells() -> None:
    members = [
        ("a", "n", 1990, 1995),
        ("a", "n", 2005),
        ("b", "n", 2000),
        ("b", "n", 2000),
        ("c", "n"),
        ("c", "n", 2001),
    ]
    edges = network(members, MEMBERSHIPS, simple=True).edges
    assert edges["a", "n"]["spells"] == "1990–1995: 1 of 1; 2005: 1 of 1; 2006–: 0 of 1"
    assert (edges["b", "n"]["since"], "spells" in edges["b", "n"]) == (2000, False)
    assert "spells" not in edges["c", "n"], "an undated tie is never excluded"


def test_stated_seen_and_bounded_years_are_kept_apart() -> None:
    seen = network().edges["milan", "turin"]
    assert seen["spells"] == "(2012)–2015: 0 of 1; 2016: 1 of 1; 2017–2018: 0 of 1; 2019: 1 of 1; 2020–: 0 of 1"
    assert (seen["not_before"], seen["active"], "since" in seen) == (2012, "2016; 2019", False)
    bounded = network([("a", "n", 1990, 1995), ("b", "n", None, None, None, 1992, 1999)]).edges["a", "b"]
    assert bounded["spells"] == "(1992)–(1995): 0 of 1"
    assert (bounded["not_before"], bounded["not_after"], "active" in bounded) == (1992, 1995, False)


def test_an_end_that_is_not_stated_is_unknown_or_taken_to_go_on() -> None:
    unknown, ongoing = network(), network(open_ends="ongoing")
    assert ongoing.edges["bologna", "milan"]["spells"].endswith("2014–2015: 2 of 2 (1.5); 2016–: 1 of 1 (0.5)")
    assert ongoing.edges["milan", "turin"]["spells"] == "(2012)–2015: 0 of 1; 2016–: 1 of 1"
    assert [link(year=2018, open_ends=how)["certainty"] for how in ("unknown", "ongoing")] == [
        "not excluded",
        "certain",
    ]
    assert unknown.graph["open_ends"].startswith("unknown: a tie without an end is certain up to the last year")
    assert ongoing.graph["open_ends"].startswith("ongoing: a tie without an end is taken to go on")
    assert "Ties without a stated or bounded end, taken to go on: 3 of 7." in ongoing.graph["notes"]
    with pytest.raises(solgraph.WrongUse, match=r"open_ends = 'on'.*\n.*unknown, ongoing"):
        network(open_ends="on")


def test_what_is_certain_for_some_year_needs_no_year() -> None:
    certain = network(certain=True)
    assert certain.edges["bologna", "milan"]["spells"] == (
        "1990–1995: 1 of 1 (1); 2010–2013: 1 of 1 (1); 2014–(2014): 2 of 2 (1.5); 2015–(2015): 1 of 1 (1)"
    )
    assert certain.edges["milan", "turin"]["spells"] == "(2016): 1 of 1; (2019): 1 of 1"
    assert not certain.has_edge("bologna", "turin"), "Bologna is certain in C for 2014 alone"


UNDATED = [
    ("dated", "n", 2010),
    ("ongoing", "n", None, None, 2020),
    ("seen", "n", None, None, None, None, None, "2013"),
    ("bounded", "n", None, None, None, 2000, 2030),
    ("nothing", "n"),
]


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        ({}, {"dated", "ongoing", "seen", "bounded", "nothing"}),
        ({"undated": "exclude"}, {"dated", "ongoing", "seen"}),
        ({"undated": "exclude", "year": 2013}, {"dated", "ongoing", "seen"}),
        ({"undated": "exclude", "year": 2015}, {"dated", "ongoing"}),
        ({"undated": "exclude", "from_year": 2012, "to_year": 2014}, {"dated", "ongoing", "seen"}),
        ({"undated": "exclude", "year": 2013, "certain": True}, {"seen"}),
        ({"certain": True}, {"dated", "ongoing", "seen"}),
    ],
)
def test_undated_ties_are_left_out_with_a_year_and_without(selection: dict[str, Any], kept: set[str]) -> None:
    graph = network(UNDATED, MEMBERSHIPS, **selection)
    assert {first for first, _ in graph.edges()} == kept
    if selection.get("undated"):
        assert "Ties without a year, left out: " in graph.graph["notes"]


# Year by year.

years = st.none() | st.integers(2000, 2009)
ties = st.tuples(
    st.sampled_from("abcd"), st.sampled_from("xyz"), years, years, years, years, years,
    st.lists(st.integers(2000, 2009), max_size=2).map(lambda seen: "; ".join(map(str, sorted(seen))) or None),
)  # fmt: skip


def in_order(tie: tuple[Any, ...]) -> bool:
    _, _, since, until, asof, not_before, not_after, _ = tie
    starts, ends = [year for year in (since, not_before) if year], [year for year in (until, asof, not_after) if year]
    return not starts or not ends or max(starts) <= min(ends)


def is_in(tie: tuple[Any, ...], year: int, is_ongoing: bool) -> str:
    """By the words of the documentation, what a tie is in a year: certain, not excluded or nothing."""
    _, _, since, until, asof, not_before, not_after, active = tie
    begins, ends = since or not_before or 0, until or not_after or 9999
    seen = {int(seen) for seen in (active or "").split("; ") if seen}
    if since:
        seen |= set(range(since, (until or asof or since) + 1))
    elif until or asof:
        seen |= {until or asof}
    shown = {year for year in seen if begins <= year <= ends}
    if is_ongoing and shown and until is None and not_after is None:
        shown |= set(range(min(shown), 2020))
    if year in shown:
        return "certain"
    return "not excluded" if begins <= year <= ends or year in seen else ""


def expected(members: list[tuple[Any, ...]], year: int, is_ongoing: bool) -> dict[tuple[str, str], tuple[int, int]]:
    """Pairs → how many networks have both for certain in that year, and how many do not exclude it."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for name in {member[1] for member in members}:
        best: dict[str, str] = {}
        for member in members:
            certainty = is_in(member, year, is_ongoing) if member[1] == name else ""
            if certainty:
                best[member[0]] = min(best.get(member[0], "z"), certainty)
        for pair in combinations(sorted(best), 2):
            certain, shared = counts.get(pair, (0, 0))
            counts[pair] = certain + all(best[city] == "certain" for city in pair), shared + 1
    return counts


def in_year(spells: list[Spell], year: int) -> tuple[int, int] | None:
    return next(((spell.certain, spell.shared) for spell in spells if spell.start <= year <= spell.end), None)


@given(st.lists(ties.filter(in_order), min_size=2, max_size=9), st.booleans())
def test_an_edge_is_there_in_the_years_in_which_some_network_has_both(
    members: list[tuple[Any, ...]], is_ongoing: bool
) -> None:
    how = "ongoing" if is_ongoing else "unknown"
    whole = network(members, open_ends=how)
    for year in range(1998, 2012):
        counts = expected(members, year, is_ongoing)
        selected = network(members, open_ends=how, year=year)
        assert {pair: edge["shared"] for *pair, edge in selected.edges(data=True) for pair in [tuple(pair)]} == {
            pair: shared for pair, (_, shared) in counts.items()
        }
        for first, second, edge in selected.edges(data=True):
            assert (edge["certainty"] == "certain") == (counts[first, second][0] > 0)
        for first, second, edge in whole.edges(data=True):
            now = counts.get((first, second))
            if "spells" in edge:
                assert in_year(spells_of(edge), year) == now
            else:
                assert now is not None, "without spells it is not excluded in any year"
                assert (str(year) in edge.get("active", "")) == (now[0] > 0)


@given(st.lists(ties.filter(in_order), min_size=2, max_size=9))
def test_only_what_is_certain_is_there_if_that_is_asked_for(members: list[tuple[Any, ...]]) -> None:
    edges = network(members, certain=True).edges(data=True)
    for year in range(1998, 2012):
        now = {pair: (certain, certain) for pair, (certain, _) in expected(members, year, False).items() if certain}
        found = {(first, second): in_year(spells_of(edge), year) for first, second, edge in edges}
        assert {pair: numbers for pair, numbers in found.items() if numbers} == now


def test_the_shipped_alliances_agree_with_their_years(shipped: solgraph.Knowledge) -> None:
    whole = shipped.network("alliances")
    for year in (1995, 2012):
        counts = Counter(shipped.projection("alliances", year=year).edges())
        spells = {(first, second): spells_of(edge) for first, second, edge in whole.edges(data=True)}
        there = {pair for pair, of_pair in spells.items() if not of_pair or in_year(of_pair, year)}
        assert there == set(counts)
    assert counts


# In files.


def timeline(graph: Any, *ends: str) -> tuple[str, list[tuple[str, str]]]:
    """The element of an edge, and the spans in which Gephi shows it."""
    (edge,) = re.findall(rf'<edge [^>]*source="{ends[0]}" target="{ends[1]}".*', written(graph, "gexf")[0])
    inner = re.findall(r"<spell(.*?)/>", edge) or [edge[: edge.index(">")]]
    limits = [tuple((re.findall(rf'{name}="(\d+)', part) or [""])[0] for name in ("start", "end")) for part in inner]
    return edge, limits  # type: ignore[return-value]


def test_gexf_has_spells_and_weights_that_change() -> None:
    edge, spans = timeline(network(), "bologna", "milan")
    assert spans == [("1990", "1995"), ("2010", "")]
    assert re.findall(r'for="weight" value="([\d.]+)" start="(\d+)', edge) == [
        ("1.0", "1990"), ("1.0", "2010"), ("1.5", "2014"), ("0.5", "2016")
    ]  # fmt: skip
    assert re.findall(r'for="certain" value="(\w+)" start="(\d+)', edge) == [
        ("true", "1990"), ("true", "2010"), ("false", "2016")
    ]  # fmt: skip
    assert 'weight="2.5"' in edge
    _, spans = timeline(network(certain=True), "milan", "turin")
    assert spans == [("2016", "2016"), ("2019", "2019")]


def test_gexf_of_ties_follows_the_rule_for_open_ends_and_certainty() -> None:
    for selection, certain in (({}, ["true", "false"]), ({"open_ends": "ongoing"}, ["true"])):
        edge, spans = timeline(network(header=MEMBERSHIPS, **selection), "bologna", "C")
        assert spans == [("2014", "")]
        assert re.findall(r'for="certain" value="(\w+)"', edge) == certain
    _, spans = timeline(network(header=MEMBERSHIPS, certain=True), "bologna", "C")
    assert spans == [("2014", "2014")]


def test_csv_has_the_intervals_that_gephi_reads() -> None:
    _, edges = csv_rows(network())
    assert edges[0]["timeset"] == "<[1990, 1995]; [2010, Infinity]>"


def test_turtle_does_not_date_what_was_interrupted_from_its_first_to_its_last_year() -> None:
    (text,) = written(network(), "turtle")
    assert "sg:startDate" not in text.split("tie:1 a sg:Tie", 1)[1].split(" .\n", 1)[0]


def tables(**selection: Any) -> list[list[str]]:
    return [text.splitlines() for text in written(network(**selection), "networkdynamic")]


def test_networkdynamic_gets_intervals_with_what_is_censored() -> None:
    edges, weights, nodes, node_spells, about = tables()
    assert edges[:7] == [
        "onset,terminus,tail,head,onset.censored,terminus.censored,duration,edge.id,certainty",
        "1990,1996,1,2,FALSE,FALSE,6,1,certain",
        "2010,2016,1,2,FALSE,TRUE,6,1,certain",
        "2016,Inf,1,2,TRUE,TRUE,Inf,1,not excluded",
        "2014,Inf,1,3,TRUE,TRUE,Inf,2,not excluded",
        "2012,2016,2,3,TRUE,TRUE,4,3,not excluded",
        "2016,2017,2,3,TRUE,TRUE,1,3,certain",
    ]
    assert weights[:4] == [
        "onset,terminus,tail,head,weight,shared,certain,edge.id",
        "1990,1996,1,2,1.0,1,1,1",
        "2010,2014,1,2,1.0,1,1,1",
        "2014,2015,1,2,1.5,2,2,1",
    ]
    assert nodes[:2] == ["vertex.id,vertex.pid,label,kind", "1,bologna,bologna,city"]
    assert node_spells[:2] == [
        "onset,terminus,vertex.id,onset.censored,terminus.censored,duration",
        "-Inf,Inf,1,TRUE,TRUE,Inf",
    ]
    assert any(line.startswith("open_ends,") for line in about)


def test_the_rule_for_open_ends_decides_what_is_censored() -> None:
    assert tables(open_ends="ongoing")[0][2] == "2010,Inf,1,2,FALSE,TRUE,Inf,1,certain"
    assert tables(certain=True)[0][1:3] == [
        "1990,1996,1,2,FALSE,FALSE,6,1,certain",
        "2010,2016,1,2,FALSE,TRUE,6,1,certain",
    ]


def test_parallel_ties_are_one_edge_with_intervals_that_do_not_overlap() -> None:
    members = [("a", "n", 1990, 1995), ("a", "n", 1994, 1999), ("a", "n", 2005, 2010), ("b", "n", "2016-02", 2018)]
    (edges, weights, *_) = tables(members=members, header=MEMBERSHIPS)
    assert [line.split(",")[:4] for line in edges[1:]] == [
        ["1990", "2000", "1", "3"],
        ["2005", "2011", "1", "3"],
        ["2016", "2019", "2", "3"],
    ]
    assert [line.split(",")[4] for line in weights[1:]] == ["1", "2", "1", "1", "1"]


def test_r_reads_the_intervals_as_numbers(tmp_path: Path) -> None:
    if not (rscript := shutil.which("Rscript")):
        pytest.skip("R is not installed")
    paths = save(network(), tmp_path / "x.networkdynamic")
    assert [path.name for path in paths] == [
        *("x-edge-spells.csv", "x-edge-weights.csv", "x-vertices.csv", "x-vertex-spells.csv", "x-network.csv")
    ]
    code = "e <- read.csv('x-edge-spells.csv'); cat(sapply(e, class), sum(e$terminus - e$onset == e$duration), nrow(e))"
    told = subprocess.run([rscript, "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert told == "integer numeric integer integer logical logical numeric integer character 9 9"


# Two years, and many.


def test_a_comparison_has_the_spells_of_the_whole() -> None:
    whole, old, new = (network(weight="shared", **year) for year in ({}, {"year": 1992}, {"year": 2014}))
    edge = compare(old, new, whole).edges["bologna", "milan"]
    assert (edge["change"], edge["before"], edge["after"], edge["since"]) == ("grew", 1, 2, 1990)
    assert [spell[:5] for spell in spells_of(edge)] == [
        spell[:5] for spell in spells_of(whole.edges["bologna", "milan"])
    ]
    gone = compare(old, network(weight="shared", year=2000), whole).edges["bologna", "milan"]
    assert (gone["change"], gone["certainty"]) == ("went", "certain")


def test_a_series_counts_what_is_certain_and_what_is_not_excluded() -> None:
    def make(year: int, certain: bool) -> Any:
        return network(year=year, certain=certain)

    rows = {row["year"]: row for row in series(make, (1992, 2000, 2014, 2016))}
    assert [(row["nodes_certain"], row["nodes_not_excluded"]) for row in rows.values()] == [
        (2, 2),
        (0, 0),
        (2, 3),
        (2, 3),
    ]
    assert [(row["edges_certain"], row["edges_not_excluded"]) for row in rows.values()] == [
        (1, 1),
        (0, 0),
        (1, 3),
        (1, 3),
    ]
    assert [row["components_not_excluded"] for row in rows.values()] == [1, 0, 1, 1]
    assert (rows[2014]["density_certain"], rows[2014]["density_not_excluded"]) == (1, 1)
    assert (rows[2000]["mean_shared_certain"], rows[2014]["mean_shared_not_excluded"]) == (None, (2 + 1 + 1) / 3)
    with pytest.raises(solgraph.WrongUse, match="at least one year"):
        series(make, ())


def test_the_nodes_of_a_series_are_those_with_a_tie_in_the_year(small: solgraph.Knowledge) -> None:
    """A city that alone is in a network of the year is a node without a link; one that is in none is no node."""
    (row,) = small.series("alliances", [2019])
    for name, certain in (("certain", True), ("not_excluded", False)):
        cities = {
            city for city, *_ in small.network("memberships", layer="alliance", year=2019, certain=certain).edges()
        }
        graph = small.network("alliances", year=2019, certain=certain).subgraph(cities)
        assert row[f"nodes_{name}"] == len(cities) > 0
        assert row[f"isolates_{name}"] == sum(not degree for _, degree in graph.degree())
        assert row[f"density_{name}"] == (networkx.density(graph) if len(cities) > 1 else None)


def test_the_density_of_a_series_in_two_modes_counts_pairs_of_both() -> None:
    (row,) = series(lambda year, certain: network(header=MEMBERSHIPS, year=year, certain=certain), [2014])
    assert (row["nodes_not_excluded"], row["edges_not_excluded"], row["density_not_excluded"]) == (5, 5, 5 / 6)


def test_series_from_python_and_the_command_line(small: solgraph.Knowledge, run_small: Any, tmp_path: Path) -> None:
    rows = small.series("alliances", range(2010, 2020, 3), layer=["alliance", "declaration"]).to_dicts()
    for row in rows:
        for name, only_certain in (("certain", True), ("not_excluded", False)):
            values = {"layer": ["alliance", "declaration"], "year": row["year"], "certain": only_certain}
            assert row[f"edges_{name}"] == small.network("alliances", **values).number_of_edges()
    asked = ("network", "alliances", "--layer", "alliance", "--layer", "declaration", "--from", "2010", "--to", "2019")
    told = run_small(*asked, "--step", "3", "--summary", "-f", "csv")
    assert told.stdout.splitlines()[1].split(",")[:5] == [
        str(rows[0][name]) for name in told.stdout.splitlines()[0].split(",")[:5]
    ]
    assert "density is among them. Open ends: unknown" in told.stderr
    run_small(*asked, "--step", "1", "-o", str(tmp_path / "x.svg"))
    assert "Line: what is certain" in (tmp_path / "x.svg").read_text("utf-8")
    for wrong, sentence in (
        (("--step", "1"), "needs a first and a last year"),
        (("--step", "1", "--from", "2010", "--to", "2000"), "2010 is after 2000"),
        (("--step", "1", "--from", "2010", "--to", "2012", "--certain"), "--step and --certain cannot be combined"),
        (("--step", "1", "--from", "2010", "--to", "2012", "--compare", "2010", "2012"), "cannot be combined"),
    ):
        result = run_small("network", "alliances", *wrong)
        assert (result.exit_code, sentence in result.stderr) == (2, True), wrong
    with pytest.raises(solgraph.WrongUse, match="A series has no year"):
        small.series("alliances", [2010], year=2010)
