"""Claims of rows come to memberships, whatever the order of the rows; cells are safe in a spreadsheet and come back."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solgraph.rdf.atomic_files import plain_cell, spreadsheet_cell
from solgraph.tables.statements.drafting import licence, slug_of
from solgraph.tables.statements.memberships import MEMBER, Claim, Membership, gathered, with_iris


def claim(span: str, row: int = 2) -> Claim:
    since, _, until = span.partition("/")
    return Claim("city/a", "network/n", MEMBER, since, until, row)


def spans(*given: str) -> list[str]:
    claims = [claim(one, row) for row, one in enumerate(given, 2)]
    return sorted(f"{one.since}/{one.until}" for one in gathered(claims, []))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["/", "2018/"], ["2018/"]),
        (["2018/", "2018-06/2020"], ["2018-06/2020"]),
        (["2015/2019", "2021/"], ["2015/2019", "2021/"]),
        (["2020/", "/2015"], ["/2015", "2020/"]),
        (["2018/", "2018-06/", "2018-09/"], ["2018-06/", "2018-09/"]),
        (["/", "2015/2019", "2021/", "/"], ["2015/2019", "2021/"]),
    ],
)
def test_spans_that_agree_are_one_in_any_order(given: list[str], expected: list[str]) -> None:
    assert {tuple(spans(*order)) for order in permutations(given)} == {tuple(expected)}


def test_what_was_imported_keeps_its_dates() -> None:
    held = Membership("city/a", "network/n", MEMBER, "2018", "", (), "membership/x")
    (one,) = gathered([claim("2018-06/2020", 9)], [held])
    assert (one.since, one.until, one.rows, one.iri) == ("2018", "2020", (9,), "membership/x")


def test_each_membership_has_an_iri_of_its_own() -> None:
    several = gathered([claim("2015/2019"), claim("2021/2022"), claim("2021-05/2023")], [])
    iris = [one.iri.rpartition("/")[2] for one in with_iris(several, "x", set())]
    assert iris == ["x-a-n", "x-a-n-2021", "x-a-n-2021-05"]


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "'=x", "-1+2"])
def test_what_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert spreadsheet_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "x", "-3.7", "+12", "'s-Hertogenbosch", "a=b"])
def test_other_cells_stay(text: str) -> None:
    assert spreadsheet_cell(text) == text


@given(st.text("'=+-@\t\rx1."))
def test_a_quoted_cell_comes_back(text: str) -> None:
    assert plain_cell(spreadsheet_cell(text)) == text


@given(st.text(min_size=1))
def test_a_slug_is_ascii(name: str) -> None:
    import re

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(name))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc-by-nc-sa 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("https://example.org/l", "https://example.org/l"),
    ],
)
def test_a_licence_is_known_by_name_or_address(text: str, expected: str) -> None:
    assert licence(text) == expected
