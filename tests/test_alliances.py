"""The member lists of the alliances: the Turtle is what the tables say, and the tables are what a curator may edit."""

import csv
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import accept
import solgraph
from programs import required
from solgraph.resources import ROOT

ALLIANCES = accept.ALLIANCES


def rows(table: str) -> list[dict[str, str]]:
    with (ALLIANCES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not required(), reason="the alliances are imported where SOLGRAPH_ENGINES=required, as in .ci/run")
@pytest.mark.usefixtures("default_is_shipped")
def test_the_turtle_is_what_the_import_makes_of_the_tables(run: Callable[..., Result], tmp_path: Path) -> None:
    made = tmp_path / "alliances.trig"
    data = [part for path in without_alliances() for part in ("--data", str(path))]
    result = run(*shlex.split(accept.IMPORT), *data, "-o", str(made))
    assert result.exit_code == 0, result.output
    assert made.read_bytes() == (ALLIANCES / "alliances.trig").read_bytes(), "python tools/accept.py makes it anew"


def without_alliances() -> list[Path]:
    return [path for path in (ROOT / "data").iterdir() if path != ALLIANCES and path.suffix != ".csv"]


def test_every_row_names_a_page_and_a_network_of_the_other_tables() -> None:
    pages, networks = {row["page"] for row in rows("pages")}, {row["key"] for row in rows("networks")}
    for table in ("memberships", "lists"):
        assert {row["page"] for row in rows(table)} <= pages
        assert {row["network"] for row in rows(table)} <= networks


def test_no_locator_is_a_sentence() -> None:
    assert max(len(row["locator"].split()) for row in rows("memberships")) <= 5


def test_the_shipped_data_has_no_violation_and_warns_only_of_sources_that_disagree(
    shipped: solgraph.Knowledge,
) -> None:
    serious = {finding.shape for finding in shipped.validate().findings if finding.severity != "Info"}
    assert serious <= {"SourcesDisagree"}
