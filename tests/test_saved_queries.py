"""The saved queries: each has cases, and answers with rows on the shipped data.

The cases themselves are tests, which the plugin for pytest collects from ``tests/expected/``.
"""

import re
import shutil
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import NamedNode

import solgraph
from solgraph.authoring.query_tests import cases, examples
from solgraph.queries.catalogue import catalogue
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf import sparql_tokens as sparql
from solgraph.resources import QUERIES
from solgraph.testing import assert_answer

SAVED = catalogue(QUERIES)
SMALL = Path(__file__).parent / "small"
EXPECTED = Path(__file__).parent / "expected"
CASES = cases(SAVED, EXPECTED)
#: Expected texts in the same folder that are no answers of saved queries.
OTHERS = {"cases.yaml", "show-ardea.txt", "show-ardea.csv"}


def test_all_four_query_forms_are_among_them() -> None:
    assert {saved.form for saved in SAVED} == {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}


def test_every_parameter_has_a_value_in_some_case() -> None:
    tested = {(case.query.name, param) for case in CASES for param in case.values}
    assert tested == {(saved.name, param) for saved in SAVED for param in saved.params}


def test_no_expected_answer_is_left_over() -> None:
    assert {path.name for path in EXPECTED.iterdir()} - OTHERS == {case.file for case in CASES}


def test_each_runs_as_it_stands() -> None:
    for saved in SAVED:
        pyoxigraph.Store().query(saved.text)


def test_the_text_with_values_in_place_needs_no_help_elsewhere(small: solgraph.Knowledge) -> None:
    for case in {case.query.name: case for case in CASES}.values():
        bound = small.bound(case.query.name, **case.values)
        pyoxigraph.Store().query(bound)
        several = {f"?{param.variable}" for param in case.query.params.values() if param.multiple}
        left = {token.text for token in sparql.code(bound) if re.match(r"\?_[a-z]", token.text)}
        assert not left - several, "several values stand in VALUES, below the variable"


def test_each_header_has_summary_description_and_tags() -> None:
    for saved in SAVED:
        assert not saved.summary.endswith("."), saved.name
        assert saved.description.endswith("."), saved.name
        assert saved.tags, saved.name


def values_of(saved: SavedQuery) -> dict[str, str]:
    """The required examples; for a thing of any kind one that has everything, whatever the header names."""
    values = dict(examples(saved))
    return values | ({"thing": "programme:bologna-connettiamoci"} if "thing" in values else {})


def test_order_and_columns_do_not_depend_on_the_order_of_loading(frozen: solgraph.Knowledge) -> None:
    backwards = solgraph.open()
    backwards.files.reverse()
    for saved in SAVED:
        if saved.form == "SELECT":
            answer = frozen.query(saved.name, **values_of(saved))
            assert backwards.query(saved.name, **values_of(saved)).terms == answer.terms, saved.name
            assert answer.columns == tuple(saved.columns), saved.name


#: The datatypes of a type; a class and ``iri`` hold IRIs, and the others are called after their datatype.
DATATYPES = {"year": {"integer"}, "text": {"string", "langString", "anyURI"}, "date": {"gYear", "gYearMonth", "date"}}


def of_another_type(answer: solgraph.Answer, saved: SavedQuery) -> set[tuple[str, str, str]]:
    """The cells that are not of the type of their column."""
    wrong = set()
    for row in answer.terms:
        for (name, held), term in zip(saved.column_types.items(), row, strict=True):
            if held not in ("", "any") and term is not None:
                kind = getattr(term, "datatype", NamedNode("x:#iri")).value.rpartition("#")[2]
                if kind not in DATATYPES.get(held, {"iri" if ":" in held else held}):
                    wrong.add((name, held, str(term)))
    return wrong


@pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)
def test_the_shipped_data_answers_each_example_with_cells_of_the_stated_types(
    saved: SavedQuery, shipped: solgraph.Knowledge
) -> None:
    required = examples(saved)
    optional = {name: param.example for name, param in saved.params.items() if param.example and name not in required}
    for values in (required, *({**required, name: example} for name, example in optional.items())):
        answer = shipped.query(saved.name, **values)
        assert answer, values
        assert not any(saved.column_types.values()) or not of_another_type(answer, saved)


# What no count shows: who says what, and when.


def pairs(answer: solgraph.Answer, first: str, second: str) -> set[tuple[str, str]]:
    """The labels in two columns, of each row as the engine gave it."""
    places = [answer.columns.index(name) for name in (first, second)]
    return {tuple(answer.label(getattr(row[place], "value", "")) for place in places) for row in answer.terms}


def test_each_status_of_a_programme_is_attributed_to_the_source_that_says_so(small: solgraph.Knowledge) -> None:
    answer = small.query("programmes-of-city", city="Ardea")
    assert pairs(answer, "status", "source") == {("Running", "Alpha, 2"), ("Inactive", "Beta, News")}


def test_each_kind_of_a_programme_is_attributed_to_the_source_that_says_so(small: solgraph.Knowledge) -> None:
    answer = small.query("programmes-of-city", city="Ardea")
    assert ("Counselling", "Beta, News") not in pairs(answer, "kind", "source")


def test_a_funder_is_attributed_to_the_source_that_names_it(small: solgraph.Knowledge) -> None:
    assert {source for _, source in pairs(small.query("funding"), "funder", "source")} == {"Alpha, 2"}


def test_a_source_is_not_said_to_speak_of_a_city_of_which_only_another_source_speaks(
    small: solgraph.Knowledge,
) -> None:
    assert not small.query("source-on-city", city="Belmonte", source="beta")


def test_a_source_is_not_credited_with_the_words_of_another(small: solgraph.Knowledge) -> None:
    assert_answer(small.query("source-on-city", city="Ardea", source="beta"), [{"text": None}])


@pytest.mark.parametrize(("name", "values"), [("networks-of-city", {"city": "Cadria"})])
def test_a_mayor_ties_a_city_to_a_network_not_before_the_term_begins(
    name: str, values: dict[str, str], small: solgraph.Knowledge
) -> None:
    rows = small.query(name, **values, year=2000).to_dicts()
    assert not [row for row in rows if str(row.get("network")).endswith("letters")]


@pytest.mark.parametrize("view", ["alliances", "memberships"])
def test_no_view_ties_a_city_to_a_network_before_its_mayor_s_term(view: str, small: solgraph.Knowledge) -> None:
    (cadria,) = [row for row in small.query(view) if row.city.endswith("cadria")]
    assert (cadria.since, cadria.not_before) == (None, 2016), "a bound is no start"


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ("sg:membersClaimed 2 ;", "sg:membersClaimed 2 ;", "no"),
        ("sg:membersClaimed 2 ;", "", "no"),
        ("sg:membersClaimed 2 ;", "sg:membersClaimed 3 ;", "silent"),
        ("sg:listIsComplete true ;", "", "silent"),
        ("sg:listIsComplete true ;", "sg:listIsComplete false ;", "silent"),
    ],
)
def test_absence_means_no_only_where_the_graph_has_all_members_of_a_complete_list(
    before: str, after: str, answer: str, tmp_path: Path
) -> None:
    shutil.copytree(SMALL, tmp_path / "data")
    alpha = tmp_path / "data" / "sources" / "alpha.ttl"
    alpha.write_text(alpha.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    kg = solgraph.open(tmp_path / "data")
    assert_answer(kg.query("is-member", city="Cadria", network="NH"), [{"answer": answer}])
    allied = kg.query(
        "are-allied",
        city="Belmonte",
        other="Cadria",
    )
    assert [row.answer for row in allied if row.network.endswith("harbours")] == [answer]


LIST = "member-list:{0} a sg:MemberList ; sg:listOf network:harbours ; sg:evidence passage:alpha-2 ; {1} ."
NEWER = 'sg:membersClaimed 3 ; dcterms:date "2014-05"^^xsd:gYearMonth'


@pytest.mark.parametrize(
    ("removed", "added", "answer"),
    [
        ('dcterms:date "2014"^^xsd:gYear ;', "", "not listed"),
        ("", LIST.format("newer", NEWER), "not listed"),
        ("", LIST.format("undated", "sg:membersClaimed 3"), "not listed"),
        ("", LIST.format("older", NEWER.replace("2014", "2013")), "no"),
        ("", LIST.format("smaller", NEWER.replace("3", "2")), "no"),
        (
            "",
            "membership:dorn-harbours a sg:Membership ; org:member city:dorn ; org:organization network:harbours ; "
            "org:role role:member ; sg:evidence passage:beta-1 .",
            "not listed",
        ),
    ],
    ids=["undated", "newer claim", "undated claim", "older claim", "smaller claim", "another member"],
)
def test_a_list_says_no_of_today_only_with_a_date_and_while_no_other_source_knows_more(
    removed: str, added: str, answer: str, tmp_path: Path
) -> None:
    shutil.copytree(SMALL, tmp_path / "data")
    alpha = tmp_path / "data" / "sources" / "alpha.ttl"
    text = alpha.read_text(encoding="utf-8")
    assert removed in text
    alpha.write_text(f"{text.replace(removed, '')}\n{added}\n", encoding="utf-8")
    kg = solgraph.open(tmp_path / "data")
    is_no = answer == "no"
    (member,) = kg.query("is-member", city="Cadria", network="NH")
    assert (member.answer, bool(member.date)) == (answer, not removed)
    (absent,) = (row for row in kg.query("absent-from", city="Cadria") if row.network.endswith("harbours"))
    assert (absent.answer, absent.date) == (answer, member.date)
    (settled,) = (row.settles for row in kg.query("completeness", network="NH") if row.settles is not None)
    assert settled is is_no
    allied = kg.query("are-allied", city="Belmonte", other="Cadria")
    assert {row.answer for row in allied if row.network.endswith("harbours")} == {"no" if is_no else "silent"}
    (compared,) = (
        row
        for row in kg.query("compare-cities", city="Ardea", other="Cadria")
        if row.concept.endswith("network/harbours")
    )
    assert compared.second_answer == ("no" if is_no else "not covered by the sources")
    assert (compared.date, bool(compared.source)) == (member.date if is_no else None, is_no)


@pytest.mark.parametrize("city", ["Bremen", "Dortmund", "Zurich"])
def test_founders_are_no_complete_list_of_the_members(city: str, shipped: solgraph.Knowledge) -> None:
    network = "Cities of Safe Harbour Alliance"
    answers = {row.answer for row in shipped.query("is-member", city=city, network=network)}
    assert answers <= {"silent", "yes"}
    founder = shipped.query("is-member", city="Hamburg", network=network)
    assert [(row.answer, row.role.rpartition("/")[2]) for row in founder] == [("yes", "founding-member")]


def test_who_leads_is_dated_and_leading_is_not_founding(shipped: solgraph.Knowledge) -> None:
    bologna = [
        (row.since, row.until, row.active)
        for row in shipped.query("leaders-of-networks", network="ECCAR")
        if row.leader.endswith("/bologna")
    ]
    assert bologna == [(None, None, (2011, 2012, 2015)), (None, 2019, (2017,)), (None, 2023, (2015,))]
    founders = shipped.query("leaders-of-networks", network="Solidarity Cities", role="Founding member")
    assert not founders and founders.notes[0].kind == "silence"


@pytest.mark.parametrize("query", ["memberships", "shared-members", "alliances", "countries"])
def test_whatever_role_is_asked_for_is_answered(query: str, shipped: solgraph.Knowledge) -> None:
    rows = shipped.query(query, role="Former member")
    former = {row.city for row in rows if row.network and row.network.endswith("/icorn")}
    members = shipped.query("members-of-network", network="ICORN", role="Former member")
    assert former == {row.city for row in members} and len(former) == 6
    assert former - {row.city for row in shipped.query(query, network="ICORN") if row.network}, "unless asked for"


def test_the_number_of_networks_says_which_of_how_many_count(shipped: solgraph.Knowledge) -> None:
    (berlin,) = (row for row in shipped.query("cities-in-most-networks", country="Germany", least=7))
    assert (berlin.networks, [layer.rpartition("/")[2] for layer in berlin.layer]) == (7, ["alliance"])
    networks = {row.network for row in shipped.query("memberships") if row.city == berlin.city}
    assert berlin.all == len(networks) and berlin.documents > berlin.networks


@pytest.mark.parametrize("query", ["programmes-of-city", "initiatives"])
def test_a_status_is_as_old_as_its_source(query: str, shipped: solgraph.Knowledge) -> None:
    rows = shipped.query(query, city="Bologna", status="Running")
    dates = {str(row[0]).rpartition("/")[2]: str(row.asof or "") for row in rows}
    assert dates["siforref"] == "", "an undated leaflet"
    assert dates["bologna-mondodonna"] == "2024-09"


def test_a_year_in_which_a_member_was_seen_is_no_accession(small: solgraph.Knowledge) -> None:
    (seen,) = {row.active for row in small.query("members-of-network", network="NH", role="Founding member")}
    assert set(seen) == {2013, 2019}
    assert not [row for row in small.query("accessions", network="NH") if row.member.endswith("belmonte")]


def test_a_city_is_no_pair_with_itself(small: solgraph.Knowledge) -> None:
    assert not [row for row in small.query("city-pairs", city="Ardea") if row.city == row.other]


def test_a_triple_that_two_sources_state_counts_once_in_a_plain_query(small: solgraph.Knowledge) -> None:
    assert small.sparql("SELECT (COUNT(*) AS ?n) { ?programme a sg:Programme }")[0].n == 4


def test_a_thing_that_two_sources_describe_counts_once_and_in_both(small: solgraph.Knowledge) -> None:
    def programmes(**values: str) -> list[int]:
        rows = small.query("contents", **values).to_dicts()
        return [row["things"] for row in rows if row["class"].endswith("Programme")]

    assert programmes() == [4]
    assert [programmes(source=name) for name in ("alpha", "beta", "gamma")] == [[2], [1], [2]]


def test_what_a_unit_does_is_attributed_to_the_section_that_says_so(small: solgraph.Knowledge) -> None:
    assert pairs(small.query("municipal-units", city="Belmonte"), "initiative", "source") == {
        ("Council of Belmonte", "Gamma, 2")
    }


def test_a_date_is_attributed_to_the_source_that_gives_it(small: solgraph.Knowledge) -> None:
    answer = small.query("changes-in-year", year=2012, certain=True)
    assert pairs(answer, "thing", "source") == {("Ardea Hub", "Alpha, 2")}


@pytest.mark.parametrize("values", [{"kind": "Council"}, {"beneficiary": "minors"}])
def test_a_programme_in_no_city_is_in_no_country(values: dict[str, str], small: solgraph.Knowledge) -> None:
    answer = small.query("initiatives", **values, country="Spain")
    assert_answer(answer, [{"initiative": "Council of Belmonte"}], things="label")


def test_a_profiled_city_of_which_nothing_is_told_counts_zero(small: solgraph.Knowledge) -> None:
    told = {row.city.rpartition("/")[2]: tuple(row)[1:] for row in small.query("contents-per-city")}
    assert told["dorn"] == (0, 0, 0, 0, 0)


def test_what_nobody_is_known_to_have_handed_over_was_handed_over_by_no_city_asked_for(tmp_path: Path) -> None:
    shutil.copytree(SMALL, tmp_path / "data")
    told = (SMALL / "sources" / "gamma.ttl").read_text(encoding="utf-8").partition("source:gamma")[0]
    told += "programme:belmonte-council sg:handedOverTo actor:open-door ; sg:evidence passage:gamma-2 ."
    told += "programme:upland-council sg:handedOverTo actor:quay-office ; sg:evidence passage:gamma-2 ."
    (tmp_path / "data" / "sources" / "delta.ttl").write_text(told, encoding="utf-8")
    kg = solgraph.open(tmp_path / "data")
    assert not kg.query("handovers", city="Belmonte")
    assert pairs(kg.query("handovers"), "initiative", "to") == {
        ("Ardea Hub", "Open Door"),
        ("Council of Belmonte", "Open Door"),
    }, "a public body is no civil society"


def test_what_two_networks_share_only_in_one_city_is_a_bridge(small: solgraph.Knowledge) -> None:
    assert_answer(small.query("bridging-cities"), [{"city": "city:ardea"}], things="curie")


def test_a_programme_that_two_sources_describe_rests_on_more_than_one(small: solgraph.Knowledge) -> None:
    counted = {
        row["class"].rpartition("#")[2]: (row["things"], row["single"])
        for row in small.query("single-source").to_dicts()
    }
    assert counted["Programme"] == (4, 3)


def test_a_year_keeps_memberships_without_dates() -> None:
    """Undated ones lie in no year for certain and outside none: 1950 loses only what is known to begin later."""
    kg = solgraph.open()
    assert len(kg.query("networks-of-city", city="Amsterdam", year=1950)) == 3
    dated = {row.network for row in kg.query("networks-of-city", city="Berlin") if row.since}
    undated = {row.network for row in kg.query("networks-of-city", city="Berlin", year=1950)}
    assert dated
    assert not dated & undated
    assert undated
    assert set(kg.network("alliances", year=1950, by="city").edges) == set(kg.network("alliances", by="city").edges)


def test_what_serves_two_groups_serves_both(small: solgraph.Knowledge) -> None:
    names = {
        row.initiative.rpartition("/")[2] for row in small.query("initiatives", beneficiary=["Migrants", "Locals"])
    }
    both = {row.initiative.rpartition("/")[2] for row in small.query("initiatives", beneficiary=["Migrants", "Minors"])}
    assert (names, both) == (set(), {"belmonte-council", "upland-council"}), "minors who are alone are migrants too"


def test_a_city_in_all_has_each_and_nobody_is_in_an_impossible_pair(small: solgraph.Knowledge) -> None:
    cities = {row.city.rpartition("/")[2] for row in small.query("cities-in-all", **{"with": ["NH", "letters"]})}
    assert cities == {"ardea"}
    assert not small.query("cities-in-all", **{"with": ["charter", "letters", "1.1"]})


def test_complete_lists_say_no_and_silence_is_no_answer(small: solgraph.Knowledge) -> None:
    answers = {
        row.concept.rpartition("/")[2]: row.second_answer
        for row in small.query("compare-cities", city="Ardea", other="Cadria")
    }
    assert (answers["harbours"], answers["charter"], answers["plan"]) == ("no", "not covered by the sources", "blocked")
