"""``assert_answer``: what an answer is compared with, and what it says where they differ."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import solgraph
from solgraph.authoring.row_diff import row_diff
from solgraph.errors import WrongUse
from solgraph.testing import assert_answer

CITY = "https://w3id.org/solgraph/id/city/"
VALUES = 'VALUES (?name ?year) { ("Ardea" 2018) ("Dorn" UNDEF) ("Dorn" 2001) }'
ROWS = [("Ardea", 2018), ("Dorn", None), ("Dorn", 2001)]


@pytest.fixture(scope="module")
def answer(small: solgraph.Knowledge) -> solgraph.Answer:
    return small.sparql(f"SELECT ?name ?year {{ {VALUES} }}")


def failure(answer: solgraph.Answer, expected: Any, **options: Any) -> list[str]:
    with pytest.raises(AssertionError) as caught:
        assert_answer(answer, expected, **options)
    return str(caught.value).split("\n")


FORMS: list[Callable[[solgraph.Answer], Any]] = [
    lambda answer: answer,
    lambda answer: [tuple(row) for row in answer],
    solgraph.Answer.to_dicts,
    solgraph.Answer.to_arrow,
    solgraph.Answer.to_pandas,
    solgraph.Answer.to_polars,
]


@pytest.mark.parametrize("name", ["accessions", "advocacy", "alliances", "count-by", "everything-about-city"])
def test_each_form_of_an_answer_equals_it(name: str, small: solgraph.Knowledge) -> None:
    """Of queries whose columns are of all types."""
    answer = small.query(name, **{"everything-about-city": {"city": "Ardea"}, "count-by": {"by": "kind"}}.get(name, {}))
    assert answer
    for form in FORMS:
        assert_answer(answer, form(answer))


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "txt"])
def test_a_file_that_an_answer_was_written_to_equals_it(ending: str, answer: solgraph.Answer, tmp_path: Path) -> None:
    path = tmp_path / f"answer.{ending}"
    answer.write(path)
    assert_answer(answer, path)
    path.write_text(path.read_text().replace("2018", "2019"))
    assert failure(answer, str(path))[0] == f"--- {path} (expected)"
    path.unlink()
    assert failure(answer, path)[0].startswith(f"There is no {path}.")


@pytest.mark.parametrize(
    "expected", [[{"name": "Ardea"}, {"name": "Dorn"}, {"name": "Dorn"}], [[*row] for row in ROWS]]
)
def test_some_columns_or_all_are_compared(expected: Any, answer: solgraph.Answer) -> None:
    assert_answer(answer, expected)


def test_what_differs_is_shown_by_rows_and_cells(answer: solgraph.Answer) -> None:
    assert failure(answer, [("Ardea", 1999), ("Nowhere", 1), *ROWS[1:], ("Dorn", 2001)]) == [
        "2 rows missing, 1 row changed",
        "--- expected",
        "+++ answer",
        "@@ -1,6 +1,4 @@",
        " name, year",
        "-'Ardea', 1999",
        "-'Nowhere', 1",
        "+'Ardea', 2018",
        " 'Dorn', None",
        " 'Dorn', 2001",
        "-'Dorn', 2001",
        "row 1, year: expected 1999, not 2018",
    ]


def test_the_order_counts_unless_it_does_not(answer: solgraph.Answer) -> None:
    assert failure(answer, ROWS[::-1])[0] == "the same rows in another order"
    assert_answer(answer, ROWS[::-1], in_any_order=True)
    assert failure(answer, ROWS[:2], in_any_order=True)[0] == "1 row unexpected"


def test_text_is_no_number_and_an_empty_list_expects_no_row(answer: solgraph.Answer) -> None:
    assert failure(answer, [("Ardea", "2018"), *ROWS[1:]])[-1] == "row 1, year: expected '2018', not 2018"
    assert failure(answer, [])[0] == "3 rows unexpected"


def test_things_are_compared_as_they_are_written(small: solgraph.Knowledge) -> None:
    answer = small.query("bridging-cities")
    for things, name in (("iri", f"{CITY}ardea"), ("curie", "city:ardea"), ("label", "Ardea")):
        assert_answer(answer, [{"city": name}], things=things)  # type: ignore[arg-type]
    assert failure(answer, [{"city": "Ardea"}])[0] == "1 row missing, 1 row unexpected"


def test_yes_is_not_no(small: solgraph.Knowledge) -> None:
    yes, no = small.sparql("ASK {}"), small.sparql("ASK { FILTER(false) }")
    assert_answer(yes, [(True,)])
    assert failure(yes, no)[0] == "1 row missing, 1 row unexpected"


@pytest.mark.parametrize(
    ("expected", "what"),
    [
        ([("Ardea",)], "row 1 of the expected rows must have 2 values: name, year"),
        (["Ardea"], "row 1 of the expected rows must have 2 values"),
        ([*ROWS, {"name": "x"}], "row 4 of the expected rows must have 2 values"),
        ([{"nam": "Ardea"}], r"the answer has no column 'nam'\.\nDid you mean 'name'\?"),
        ([{"name": "Ardea"}, {"year": 2018}], "row 2 of the expected rows has other keys than the first: year"),
    ],
)
def test_what_cannot_be_compared_is_wrong_use(expected: Any, what: str, answer: solgraph.Answer) -> None:
    with pytest.raises(WrongUse, match=what):
        assert_answer(answer, expected)


def test_rows_are_paired_by_the_values_that_they_share_and_not_by_empty_cells() -> None:
    expected = [("a", 1, 2, None), ("b", 1, 1, None), ("c", None, None, None)]
    rows = [("b", 1, 9, None), ("a", 1, 2, 3), ("d", None, None, None), ("short",)]
    assert row_diff("wxyz", expected, rows) == [
        "row 2, z: expected None, not 3",
        "row 1, y: expected 1, not 9",
        "1 row missing, 2 rows unexpected, 2 rows changed",
    ]
