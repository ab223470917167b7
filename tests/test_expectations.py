"""Expected answers beside saved queries, and what changed between two versions of the data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import solgraph
from solgraph.authoring.differences import differences
from solgraph.authoring.query_tests import Results, cases, examples, run
from solgraph.errors import DataError
from solgraph.queries.catalogue import catalogue, read
from solgraph.queries.saved_query import SavedQuery
from solgraph.resources import QUERIES

SMALL = Path(__file__).parent / "small"
HEAD = "PREFIX sg: <https://w3id.org/solgraph/ns#>\nPREFIX city: <https://w3id.org/solgraph/id/city/>\n"
TWO = "VALUES ?city { city:ardea city:dorn } ?city a sg:City"
SELECT = f"#+ summary: x\n#+ columns: {{city: x}}\n{HEAD}SELECT ?city {{ {TWO} }} ORDER BY ?city\n"
ASK = f"#+ summary: x\n#+ params: {{city: {{type: sg:City, example: Ardea}}}}\n{HEAD}ASK {{ ?_city_iri a sg:City }}\n"
CONSTRUCT = f"#+ summary: x\n{HEAD}CONSTRUCT {{ ?city a sg:City }} WHERE {{ {TWO} }}\n"
CSV = "city,city_label\nhttps://w3id.org/solgraph/id/city/ardea,Ardea\nhttps://w3id.org/solgraph/id/city/dorn,Dorn\n"
CARDEA = "<https://w3id.org/solgraph/id/city/cardea> a <https://w3id.org/solgraph/ns#City> ."

Run = Callable[..., Results]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of queries: one of each form."""
    for name, text in (("two", SELECT), ("is-city", ASK), ("graph", CONSTRUCT)):
        (tmp_path / f"{name}.rq").write_text(text)
    return tmp_path


@pytest.fixture
def checked(folder: Path) -> Run:
    """The results on the small graph, with English labels."""

    def check(answers: Path = folder, **options: Any) -> Results:
        return run(solgraph.open(SMALL, lang="en"), catalogue(folder), answers, **options)

    return check


def states(results: Results) -> dict[str, str]:
    return {one.case: one.state for one in results}


# Passed, failed, missing


def test_without_expected_answers_all_are_missing(checked: Run) -> None:
    results = checked()
    assert states(results) == {"graph": "missing", "is-city": "missing", "two": "missing"}
    assert not results.ok


def test_a_missing_answer_is_told_with_the_file_that_it_would_be(checked: Run, folder: Path) -> None:
    assert f"There is no {folder}/two.csv. Write it, or accept the answer: solgraph test --accept" in checked().text()
    assert checked().text().endswith("\n3 missing\n")


def test_accepted_answers_pass_from_then_on(checked: Run) -> None:
    assert set(states(checked(accept=True)).values()) == {"accepted"}
    assert set(states(checked()).values()) == {"passed"}
    assert checked().ok
    assert checked().text() == "3 passed\n"


def test_each_form_of_query_has_its_format(checked: Run, folder: Path) -> None:
    checked(accept=True)
    assert (folder / "two.csv").read_text() == CSV
    assert (folder / "is-city.txt").read_text() == "yes\n"
    assert "city:ardea\n    a sg:City .\n" in (folder / "graph.ttl").read_text()


def test_accepting_what_passes_writes_nothing(checked: Run, folder: Path) -> None:
    checked(accept=True)
    before = (folder / "two.csv").stat()
    assert states(checked(accept=True))["two"] == "passed"
    assert (folder / "two.csv").stat().st_mtime_ns == before.st_mtime_ns
    assert (folder / "two.csv").stat().st_ino == before.st_ino


def test_another_answer_fails_with_a_diff(checked: Run, folder: Path) -> None:
    checked(accept=True)
    (folder / "two.csv").write_text(CSV.replace("Dorn", "Dorm"))
    (failed,) = checked().in_state("failed")
    assert failed.case == "two"
    assert failed.detail.splitlines() == [
        f"--- {folder}/two.csv (expected)",
        "+++ answer",
        "@@ -1,3 +1,3 @@",
        " city,city_label",
        " https://w3id.org/solgraph/id/city/ardea,Ardea",
        "-https://w3id.org/solgraph/id/city/dorn,Dorm",
        "+https://w3id.org/solgraph/id/city/dorn,Dorn",
        "row 2, city_label: expected 'Dorm', not 'Dorn'",
        "1 row changed",
    ]
    assert checked().text().endswith("\n2 passed, 1 failed\n")


@pytest.mark.parametrize("text", ["", "\n", 'city,"city', "city\nx", "city,city_label\nx", "a\0b"])
def test_an_expected_answer_that_is_no_such_table_fails_with_its_lines(text: str, checked: Run, folder: Path) -> None:
    checked(accept=True)
    (folder / "two.csv").write_text(text)
    assert "+https://w3id.org/solgraph/id/city/dorn,Dorn" in checked().in_state("failed")[0].detail


@pytest.mark.parametrize(
    "text",
    [CSV.replace("\n", "\r\n"), CSV.rstrip("\n"), "\ufeff" + CSV],
    ids=["spreadsheet", "no last line end", "BOM"],
)
def test_how_an_editor_saves_makes_no_difference(text: str, checked: Run, folder: Path) -> None:
    (folder / "two.csv").write_bytes(text.encode())
    assert states(checked())["two"] == "passed"


def test_the_order_of_rows_is_part_of_the_answer(checked: Run, folder: Path) -> None:
    head, ardea, dorn = CSV.splitlines(keepends=True)
    (folder / "two.csv").write_text(head + dorn + ardea)
    assert states(checked())["two"] == "failed"


def test_answers_may_lie_in_another_folder(checked: Run, folder: Path) -> None:
    (folder / "expected").mkdir()
    checked(answers=folder / "expected", accept=True)
    assert {one.name for one in (folder / "expected").iterdir()} == {"two.csv", "is-city.txt", "graph.ttl"}
    assert checked(answers=folder / "expected").ok


def test_an_expected_answer_that_is_no_utf_8_fails_alone(checked: Run, folder: Path) -> None:
    checked(accept=True)
    (folder / "two.csv").write_bytes(CSV.replace("Dorn", "Dörn").encode("latin-1"))
    results = checked()
    assert states(results) == {"graph": "passed", "is-city": "passed", "two": "failed"}
    assert "the expected answer is not UTF-8.\n  Save it as UTF-8." in results.text()


def test_a_query_that_cannot_be_asked_fails_alone_and_is_never_accepted(checked: Run, folder: Path) -> None:
    (folder / "is-city.rq").write_text(ASK.replace("Ardea", "Atlantis"))
    results = checked(accept=True)
    assert states(results) == {"graph": "accepted", "is-city": "failed", "two": "accepted"}
    assert "'Atlantis' names no City" in results.text()
    assert not (folder / "is-city.txt").exists()


def test_an_answer_that_cannot_be_written_fails_alone(checked: Run, folder: Path) -> None:
    (folder / "two.csv").mkdir()
    results = checked(accept=True)
    assert states(results)["two"] == "failed"
    assert "is a folder" in results.text()


def test_labels_are_in_the_language_of_the_graph(checked: Run, folder: Path) -> None:
    checked(accept=True)
    assert states(run(solgraph.open(SMALL, lang="fr"), catalogue(folder), folder))["two"] == "failed"


# Cases


def test_a_query_without_case_is_asked_with_its_examples(folder: Path) -> None:
    assert {one.name: one.values for one in cases(catalogue(folder), folder)}["is-city"] == {"city": "Ardea"}


def test_cases_have_their_values_in_one_file(checked: Run, folder: Path) -> None:
    (folder / "cases.yaml").write_text("is-city: {city: Ardée}\nis-city--other: {city: Dorn}\n")
    assert states(checked(accept=True)).keys() == {"graph", "is-city", "is-city--other", "two"}
    assert (folder / "is-city--other.txt").read_text() == "yes\n"
    assert checked().ok


def test_a_query_that_has_cases_needs_no_case_of_its_plain_name(folder: Path) -> None:
    (folder / "cases.yaml").write_text("is-city--other: {city: Dorn}\n")
    assert [one.name for one in cases(catalogue(folder), folder)] == ["graph", "is-city--other", "two"]


def test_a_query_that_has_cases_may_have_an_answer_of_its_plain_name_too(folder: Path) -> None:
    (folder / "cases.yaml").write_text("is-city--other: {city: Dorn}\n")
    (folder / "is-city.txt").write_text("yes\n")
    assert [one.name for one in cases(catalogue(folder), folder)] == ["graph", "is-city", "is-city--other", "two"]


def test_values_are_read_as_they_are_typed(folder: Path) -> None:
    (folder / "cases.yaml").write_text("is-city: {city: NO, year: 2018, kinds: [a, b]}\n")
    found = {one.name: one.values for one in cases(catalogue(folder), folder)}
    assert found["is-city"] == {"city": "NO", "year": "2018", "kinds": ["a", "b"]}


def test_a_value_of_no_parameter_fails(checked: Run, folder: Path) -> None:
    (folder / "cases.yaml").write_text("is-city: {town: Ardea}\n")
    assert "is-city has no parameter 'town'" in checked().text()


def test_a_case_of_no_query_is_an_error_with_the_nearest_name(checked: Run, folder: Path) -> None:
    (folder / "cases.yaml").write_text("is-citty--other: {city: Dorn}\n")
    with pytest.raises(
        DataError, match=r"cases\.yaml: there is no saved query for the case 'is-citty--other'"
    ) as error:
        checked()
    assert error.value.hint == "Did you mean 'is-city'?"


def test_an_answer_whose_case_has_no_values_is_an_error(checked: Run, folder: Path) -> None:
    (folder / "is-city--other.txt").write_text("yes\n")
    with pytest.raises(DataError, match=r"is-city--other\.txt: cases\.yaml has no values for the case"):
        checked()


@pytest.mark.parametrize("name", ["notes.csv", "two.md", "two--x.txt", "README.txt"])
def test_other_files_of_the_folder_are_left_alone(name: str, checked: Run, folder: Path) -> None:
    (folder / name).write_text("x")
    assert states(checked()).keys() == {"graph", "is-city", "two"}


def test_a_name_with_two_hyphens_is_a_name(folder: Path) -> None:
    (folder / "two--really.rq").write_text(SELECT)
    assert [one.name for one in cases(catalogue(folder), folder)] == ["graph", "is-city", "two", "two--really"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"is-city: {city: Dorn\n", r"cases\.yaml:2: the cases are not YAML"),
        (b"is-city: {city: D\xf6rn}\n", r"cases\.yaml: the cases are not YAML"),
        (b"is-city: Dorn\n", "each case must be a table"),
        (b"- is-city\n", "each case must be a table"),
    ],
)
def test_broken_cases_are_an_error_with_an_example(text: bytes, told: str, checked: Run, folder: Path) -> None:
    (folder / "cases.yaml").write_bytes(text)
    with pytest.raises(DataError, match=told) as error:
        checked()
    assert "mayors--open-end: {city: Cadria}" in error.value.hint


def test_an_empty_file_of_cases_is_none(checked: Run, folder: Path) -> None:
    (folder / "cases.yaml").write_text("# none yet\n")
    assert len(checked()) == 3


# Reports


def test_no_case_is_said_so() -> None:
    assert Results().text() == "no case\n"


# Differences


@pytest.fixture
def newer(tmp_path: Path) -> Callable[[str], solgraph.Knowledge]:
    """The small graph with further Turtle."""

    def add(turtle: str) -> solgraph.Knowledge:
        path = tmp_path / "newer.ttl"
        path.write_text(turtle, encoding="utf-8")
        return solgraph.open(SMALL, add=path)

    return add


def asked(folder: Path, text: str) -> list[SavedQuery]:
    (folder / "asked.rq").write_text(text)
    return [read(folder / "asked.rq")]


def test_the_same_data_has_no_difference(small: solgraph.Knowledge) -> None:
    found = differences(small, solgraph.open(SMALL), catalogue(QUERIES)[:5])
    assert not [one for one in found if one.removed or one.added]
    assert found.asked == 5


def test_rows_that_come_and_go_are_told(tmp_path: Path, small: solgraph.Knowledge, newer: Callable) -> None:
    queries = asked(tmp_path, f"#+ summary: x\n{HEAD}SELECT ?c {{ ?c a sg:City FILTER(?c = city:cardea) }}")
    new = newer(CARDEA)
    assert (
        differences(small, new, queries).text()
        == "asked\n  + city:cardea\n\n1 of 1 answers differ, 0 rows removed, 1 rows added\n"
    )
    assert differences(new, small, queries)[0].removed == ["city:cardea"]


@pytest.mark.parametrize("form", ["CONSTRUCT { ?c a sg:City } WHERE", "SELECT DISTINCT ?c ?none"])
def test_triples_and_unbound_values_are_rows(
    form: str, tmp_path: Path, small: solgraph.Knowledge, newer: Callable
) -> None:
    queries = asked(tmp_path, f"#+ summary: x\n{HEAD}{form} {{ ?c a sg:City FILTER(?c = city:cardea) }}")
    shown = "city:cardea | rdf:type | sg:City" if "CONSTRUCT" in form else "city:cardea | "
    assert differences(small, newer(CARDEA), queries)[0].added == [shown]


def test_yes_that_becomes_no_is_told(tmp_path: Path, small: solgraph.Knowledge, newer: Callable) -> None:
    queries = asked(tmp_path, f"#+ summary: x\n{HEAD}ASK {{ city:cardea a sg:City }}")
    assert differences(small, newer(CARDEA), queries)[0][1:] == (["no"], ["yes"], [])


def test_rows_count_as_often_as_they_come(tmp_path: Path, small: solgraph.Knowledge, newer: Callable) -> None:
    text = f"#+ summary: x\n{HEAD}SELECT ?k {{ ?c a sg:City BIND(1 AS ?k) }}"
    assert differences(small, newer(CARDEA), asked(tmp_path, text))[0][1:] == ([], ["1"], [])


def test_another_order_is_no_difference(tmp_path: Path, small: solgraph.Knowledge) -> None:
    backwards = solgraph.open(SMALL)
    backwards.files.reverse()
    queries = asked(tmp_path, f"#+ summary: x\n{HEAD}SELECT ?c {{ ?c a sg:City }}")
    found = differences(small, backwards, queries)
    assert (list(found), found.text()) == ([], "0 of 1 answers differ, 0 rows removed, 0 rows added\n")


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ('"1"', "1", ('"1"', "1")),
        ('"a"@en', '"a"@de', ('"a"@en', '"a"@de')),
        ('"2018"^^xsd:gYear', '"2018"', ('"2018"^^xsd:gYear', '"2018"')),
        (r'"a\nb"', '"a b"', (r'"a\nb"', '"a b"')),
    ],
)
def test_terms_that_differ_are_seen_to_differ(old: str, new: str, shown: tuple[str, str], tmp_path: Path) -> None:
    prefix = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    for name, value in (("old", old), ("new", new)):
        (tmp_path / f"{name}.ttl").write_text(f"{prefix}<urn:s> <urn:p> {value} .")
    queries = asked(tmp_path, "#+ summary: x\nSELECT ?o { <urn:s> <urn:p> ?o }")
    (change,) = differences(solgraph.open(tmp_path / "old.ttl"), solgraph.open(tmp_path / "new.ttl"), queries)
    assert (change.removed, change.added) == ([shown[0]], [shown[1]])


def test_blank_nodes_are_all_alike(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<urn:s> <urn:p> [] .")
    queries = asked(tmp_path, "#+ summary: x\nSELECT ?o { <urn:s> <urn:p> ?o }")
    assert not differences(solgraph.open(tmp_path / "a.ttl"), solgraph.open(tmp_path / "a.ttl"), queries)


def test_a_thing_that_only_the_new_data_knows_is_told(
    tmp_path: Path, small: solgraph.Knowledge, newer: Callable
) -> None:
    queries = asked(tmp_path, ASK.replace("Ardea", "cardea"))
    ((_, gone, come, (error,)),) = differences(small, newer(CARDEA), queries)
    assert (gone, come) == ([], ["yes"])
    assert error.startswith("old data: asked, parameter 'city': 'cardea' names no City")


def test_the_examples_of_a_header_are_those_of_required_parameters(tmp_path: Path) -> None:
    head = "#+ summary: x\n#+ params: {a: {values: [u, v]}, b: {example: w}, c: {example: x}, d: {description: y}}\n"
    (saved,) = asked(tmp_path, f"{head}SELECT ?s {{ ?s ?_a ?_b . ?s ?__c ?_d }}")
    assert examples(saved) == {"a": "u", "b": "w"}


def test_a_required_parameter_without_example_is_told(tmp_path: Path, small: solgraph.Knowledge) -> None:
    queries = asked(tmp_path, "#+ summary: x\nASK { ?s ?p ?_a }")
    (change,) = differences(small, small, queries)
    assert [one.partition(":")[0] for one in change.errors] == ["old data", "new data"]
    assert "asked needs the parameter 'a'" in differences(small, small, queries).text()
    assert differences(small, small, queries).text().endswith(" 0 rows added, 1 could not be asked of both\n")
    assert not differences(small, small, queries).changed
