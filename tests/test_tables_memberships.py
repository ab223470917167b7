"""Claims of rows are merged into memberships, whatever the order of the rows; names become slugs and addresses."""

import re
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solgraph.rdf.atomic_files import plain_cell, spreadsheet_cell
from solgraph.tables.statements.memberships import MEMBER, Membership, merge_claims, with_iris
from solgraph.tables.statements.statements import licence, slug_of
from solgraph.tables.statements.table import TableRow


def claim(span: str, number: int = 2) -> Membership:
    since, _, until = span.partition("/")
    return Membership("city/a", "network/n", MEMBER, since, until, (TableRow(number, (), {}),))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        (["/", "2018/"], ["2018/"]),
        (["2018/", "2018-06/2020"], ["2018-06/2020"]),
        (["2015/2019", "2021/"], ["2015/2019", "2021/"]),
        (["2020/", "/2015"], ["/2015", "2020/"]),
        (["2018/", "2018-06/", "2018-09/"], ["2018-06/", "2018-09/"]),
        (["/", "2015/2019", "2021/", "/"], ["2015/2019", "2021/"]),
    ],
)
def test_spans_that_agree_are_merged_in_any_order(spans: list[str], expected: list[str]) -> None:
    for order in permutations(spans):
        merged = merge_claims([claim(span, number) for number, span in enumerate(order, 2)], [])
        assert sorted(f"{membership.since}/{membership.until}" for membership in merged) == expected


def test_an_earlier_import_keeps_its_dates() -> None:
    previous = Membership("city/a", "network/n", MEMBER, "2018", "", (), "membership/x")
    new = claim("2018-06/2020", 9)
    assert merge_claims([new], [previous]) == [previous._replace(until="2020", rows=new.rows)]


def test_each_membership_has_an_iri_of_its_own() -> None:
    memberships = merge_claims([claim("2015/2019"), claim("2021/2022"), claim("2021-05/2023")], [])
    iris = [membership.iri.rpartition("/")[2] for membership in with_iris(memberships, "x", set())]
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
def test_a_licence_is_recognised_by_name_or_address(text: str, expected: str) -> None:
    assert licence(text) == expected
