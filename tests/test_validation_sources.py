"""Validation across sources: what a newer document may say, what it may not, and where both stand in the files."""

from pathlib import Path

import pytest

import solgraph
from solgraph.graph.validation_report import Finding
from solgraph.rdf.namespaces import PREFIXES

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
#: What stands in every source here; the passage that proves what it says.
SOURCE = """source:notes-{0} a sg:Source ; skos:prefLabel "Notes {0}"@en ; sg:sourceKind source-kind:web-page .
passage:notes-{0}-1 a sg:Passage ; skos:prefLabel "Notes {0}, 1"@en ; oa:hasSource source:notes-{0} ; sg:section "1" .
"""
CITY = """city:porto a sg:City ; skos:prefLabel "Porto"@en ; sg:locatedIn country:pt ; sg:geonamesId 2735943 ;
    sg:placeKind place-kind:city .
country:pt a sg:Country ; skos:prefLabel "Portugal"@en ; sg:countryCode "PT" .
"""
PROGRAMME = """programme:porto-desk a sg:Programme ; skos:prefLabel "Help desk of Porto"@en ; sg:inCity city:porto ;
    sg:programmeKind programme-kind:service ; sg:theme theme:t2-1 ;
    sg:evidence passage:notes-{0}-1 ; """


def write(folder: Path, **sources: str) -> Path:
    """A folder of data in the shipped layout: a register with one city, and one source for each text."""
    (folder / "sources").mkdir(parents=True)
    (folder / "places.ttl").write_text(HEAD + CITY)
    for name, text in sources.items():
        (folder / "sources" / f"notes-{name}.ttl").write_text(HEAD + SOURCE.format(name) + text)
    return folder


def findings(folder: Path, *paths: Path) -> list[Finding]:
    """What is wrong, notes aside."""
    report = solgraph.open(folder).validate(*paths)
    return [finding for finding in report.findings if finding.severity != "Info"]


def dates(*values: str) -> str:
    """Dates and status of the programme, such as ``start 2016``."""
    names = {"start": "sg:startDate", "end": "sg:endDate", "ongoing": "sg:ongoingAsOf", "active": "sg:activeAt"}
    types = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
    pairs = [value.split() for value in values]
    dated = [f'{names[name]} "{date}"^^{types[len(date)]}' for name, date in pairs if name in names]
    return " ; ".join(dated + [f"sg:status status:{word}" for name, word in pairs if name == "status"])


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (("status running", "start 2016", "ongoing 2021-08"), ("status ended", "end 2022")),
        (("status planned", "start 2020"), ("status running", "start 2021", "ongoing 2024")),
        (("status running", "ongoing 2021"), ("status running", "ongoing 2024")),
        (("status running", "start 2016"), ("status running", "start 2016-05")),
        (("status running", "active 2019"), ("status ended", "end 2019-06")),
    ],
    ids=["ended later", "planned, then running", "still ongoing", "more exactly", "ended in that year"],
)
def test_a_newer_source_may_say_how_it_went_on(older: list[str], newer: list[str], tmp_path: Path) -> None:
    again = "programme:porto-desk sg:evidence passage:notes-b-1 ; "
    data = write(tmp_path / "data", a=f"{PROGRAMME.format('a')}{dates(*older)} .", b=f"{again}{dates(*newer)} .")
    assert findings(data) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("start 2016", "start 2017-03"),
        ("end 2016", "end 2017"),
        ("end 2019", "ongoing 2020"),
        ("end 2019", "active 2020-01"),
        ("start 2021", "active 2020"),
        ("start 2021", "end 2020-12"),
    ],
)
def test_what_cannot_both_be_true_is_a_warning_in_both_files(one: str, other: str, tmp_path: Path) -> None:
    texts = [f"{PROGRAMME.format('a')}sg:status status:unknown ;\n    {dates(one)} ."]
    texts += [f"programme:porto-desk sg:evidence passage:notes-b-1 ;\n    {dates(other)} ."]
    data = write(tmp_path / "data", a=texts[0], b=texts[1])
    found = findings(data)
    assert {(finding.severity, finding.shape) for finding in found} == {("Warning", "SourcesDisagree")}
    places = {Path(finding.file).stem: f"{finding.file}:{finding.line}" for finding in found}
    assert places.keys() == {"notes-a", "notes-b"}
    for finding, there in zip(found, ("notes-b", "notes-a"), strict=True):
        assert f"({places[there]})" in finding.message
        assert finding.value in finding.excerpt


def test_one_source_that_contradicts_itself_is_judged_although_another_mentions_the_thing(tmp_path: Path) -> None:
    contradiction = dates("status running", "status ended", "end 2020", "ongoing 2022")
    data = write(
        tmp_path / "data",
        a=f"{PROGRAMME.format('a')}{dates('status running', 'start 2019')} .",
        b=f"programme:porto-desk sg:evidence passage:notes-b-1 ; {contradiction} .",
    )
    found = findings(data)
    assert {Path(finding.file).stem for finding in found} == {"notes-b"}
    assert {finding.shape for finding in found} == {
        "EndedAndOngoing",
        "TwoStatuses",
        "RunningWithEnd",
        "EndedButOngoing",
    }


def test_a_mention_need_not_say_again_what_another_source_says(tmp_path: Path) -> None:
    data = write(
        tmp_path / "data",
        a=f"{PROGRAMME.format('a')}{dates('status running')} .",
        b=f"programme:porto-desk {dates('status ended', 'end 2023')} ; sg:evidence passage:notes-b-1 .",
    )
    assert findings(data, data / "sources" / "notes-b.ttl") == []


def test_the_register_counts_with_every_source(tmp_path: Path) -> None:
    data = write(
        tmp_path / "data",
        a=f"{PROGRAMME.format('a')}sg:status status:unknown ; {dates('start 2019')} .",
        b=f"programme:porto-desk sg:evidence passage:notes-b-1 ; {dates('start 2019')} .",
    )
    with (data / "places.ttl").open("a") as register:
        register.write(f"programme:porto-desk {dates('end 2018')} .")
    assert {finding.shape for finding in findings(data)} == {"StartAfterEnd"}


MEMBERSHIP = """membership:porto-harbours-{0} a sg:Membership ; org:member city:porto ;
    org:organization network:harbours ; org:role role:member ; {1} ; sg:evidence passage:notes-{0}-1 .
network:harbours a sg:Network ; skos:prefLabel "Harbours"@en ."""


def test_memberships_whose_dates_differ_are_two_voices_and_not_one_thing_twice(tmp_path: Path) -> None:
    texts = {name: MEMBERSHIP.format(name, dates(f"start {year}")) for name, year in (("a", 2017), ("b", 2019))}
    data = write(tmp_path / "data", **texts)
    assert findings(data) == []
    (row,) = solgraph.open(data).query("disagreements")
    assert (row.thing, row.one, row.other) == (PREFIXES["membership"] + "porto-harbours-a", 2017, 2019)
    passages = [passage.rpartition("/")[2] for column in (row.source, row.second) for passage in column]
    assert passages == ["notes-a-1", "notes-b-1"]
    same = write(tmp_path / "same", **{name: MEMBERSHIP.format(name, dates("start 2017")) for name in "ab"})
    assert {finding.shape for finding in findings(same)} == {"MembershipTwice"}


def test_a_date_that_is_only_more_exact_is_no_disagreement(tmp_path: Path) -> None:
    texts = {name: MEMBERSHIP.format(name, dates(f"start {date}")) for name, date in (("a", "2017"), ("b", "2017-05"))}
    assert not solgraph.open(write(tmp_path / "data", **texts)).query("disagreements")


def test_a_member_that_is_seen_before_it_joined_or_after_it_left_is_a_disagreement(tmp_path: Path) -> None:
    """A source of 2017, or one of the day before; but what is seen in the year of a start may well follow it."""
    said = {"before": ("start 2019-01", "active 2017"), "day": ("start 2019-02-10", "active 2019-02-09")}
    said |= {
        "after": ("end 2018", "active 2020"),
        "within": ("start 2019-05", "active 2019"),
        "later": ("start 2019", "active 2020"),
    }
    for name, (date, seen) in said.items():
        one, other = (MEMBERSHIP.format("a", dates(words)) for words in (date, seen))
        other = other.replace("notes-a-1", "notes-b-1")
        rows = solgraph.open(write(tmp_path / name, a=one, b=other)).query("disagreements")
        found = [(str(row.one)[:4], row.other) for row in rows]
        wanted = {"before": [("2019", "active at 2017")], "day": [("2019", "active at 2019-02-09")]}
        wanted |= {"after": [("2018", "active at 2020")]}
        assert found == wanted.get(name, []), name
