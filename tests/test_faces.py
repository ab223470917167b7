"""What notebooks and prompts show of a graph, its queries, descriptions and reports."""

import pickle
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import solgraph
from solgraph import Knowledge

SMALL = Path(__file__).parent / "small"
SG, SKOS = "https://w3id.org/solgraph/ns#", "http://www.w3.org/2004/02/skos/core#"
HOSTILE = f"""<https://w3id.org/solgraph/id/city/x> a <{SG}City> ; <{SKOS}prefLabel> "<script>x</script>"@en ;
  <http://purl.org/dc/terms/description> "<b>&\\"'"@en ; <https://schema.org/sameAs> <javascript:x> ."""
FACES: dict[str, Callable[[Knowledge], Any]] = {
    "graph": lambda kg: kg,
    "queries": lambda kg: kg.queries(),
    "views": lambda kg: kg.views(),
    "query": lambda kg: kg.queries("mayor")[0],
    "longest query": lambda kg: max(kg.queries(), key=lambda saved: len(saved.summary)),
    "functions": lambda kg: kg.q,
    "function": lambda kg: kg.q.mayors,
    "description": lambda kg: kg.describe("Ardea"),
    "concept": lambda kg: kg.describe("role:member"),
    "report": lambda kg: kg.validate(),
}


class Balanced(HTMLParser):
    """Reads HTML in which every element is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [tag, *(value or "" for key, value in attrs if key == "href")]
        self.open += [] if tag == "br" else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def refused(html: str) -> list[str]:
    """What no output of a cell may hold."""
    parsed = Balanced(html)
    assert parsed.open == []
    return [tag for tag in parsed.seen if tag in ("script", "b>") or tag.startswith(("javascript", "data:"))]


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_it_is_short_and_html_in_which_nothing_runs(small: Knowledge, face: Callable[[Knowledge], Any]) -> None:
    thing = face(small)
    assert max(map(len, repr(thing).splitlines())) <= 80 and len(repr(thing).splitlines()) < 50
    shown = thing._repr_html_()
    assert len(shown) < 100_000 and "<style>" in shown and not refused(shown)


@pytest.mark.parametrize("face", ["graph", "queries", "query", "description", "concept", "report"])
def test_it_can_be_pickled_before_and_after_it_is_looked_at(small: Knowledge, face: str) -> None:
    thing = FACES[face](solgraph.open(SMALL))
    early = pickle.loads(pickle.dumps(thing))
    shown = thing._repr_html_()
    assert early._repr_html_() == pickle.loads(pickle.dumps(thing))._repr_html_() == shown


def test_a_pickled_description_is_still_all_of_it(small: Knowledge) -> None:
    about = small.describe("Ardea")
    again = pickle.loads(pickle.dumps(about))
    assert [again.text(None, form) for form in ("text", "csv", "ttl")] == [
        about.text(None, form) for form in ("text", "csv", "ttl")
    ]


def test_what_the_data_say_is_shown_as_text(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(HOSTILE)
    kg = solgraph.open(tmp_path / "x.ttl")
    for thing in (kg.describe("city:x"), kg.sparql("SELECT ?o { city:x ?p ?o }")):
        shown = thing._repr_html_()
        assert not refused(shown) and "&lt;script&gt;" in shown
    assert not refused(kg.validate()._repr_html_())


def test_queries_are_listed_once_under_names_that_can_be_typed(small: Knowledge) -> None:
    subjects = small.queries().by_subject()
    assert sorted(saved.name for group in subjects.values() for saved in group) == [
        saved.name for saved in small.queries()
    ]
    assert all(saved.name in repr(small.queries()) for saved in small.queries())
    assert "city_pairs" in repr(small.q) and "city-pairs" not in repr(small.q)
    assert small.q._repr_html_().count("<tr>") > len(small.queries())
    assert "kg.query(&quot;mayors&quot;, city=" in small.q.mayors._repr_html_()


def test_sources_of_a_description_open_with_a_click(small: Knowledge) -> None:
    shown = small.describe("Ardea")._repr_html_()
    assert "kg.cite(" in shown and shown.count("<details>") > len(small.describe("Ardea").mentions)


def test_a_report_shows_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(HOSTILE)
    report = solgraph.open(tmp_path / "x.ttl").validate()
    assert not report.ok and repr(report).startswith("<Report: 1 thing in 1 file: ")
    assert "Violation" in report._repr_html_() and "x.ttl:1" in report._repr_html_()
