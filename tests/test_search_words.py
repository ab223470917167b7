"""What words should find, looked up by plain comparison in names, texts and concepts, against what the search finds.

``python tests/test_search_words.py`` prints the table that docs/search.md shows.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import yaml

import solgraph
from solgraph.graph.search.stored import index_of
from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import ID, VOCAB
from solgraph.rdf.terms import fold
from solgraph.resources import QUERIES, ROOT

WORDS: dict[str, str] = yaml.safe_load((Path(__file__).parent / "search_words.yaml").read_text("utf-8"))
_OWN = """SELECT DISTINCT ?thing ?text {
  ?thing skos:prefLabel|skos:altLabel|skos:hiddenLabel|dcterms:title|dcterms:description|skos:definition|skos:note ?text
  FILTER NOT EXISTS { ?thing a sg:Passage } FILTER NOT EXISTS { ?thing a sg:MemberList }
  FILTER NOT EXISTS { ?thing a sg:Affiliation } FILTER NOT EXISTS { ?thing sg:unnamed true }
  FILTER NOT EXISTS { ?thing sg:sameStatementAs ?first } }"""
_CONCEPTS = """SELECT DISTINCT ?thing ?text {
  { ?thing ?by ?concept } UNION { ?term a sg:OfficeTerm ; org:member ?thing ; ?by ?concept }
  ?concept a skos:Concept ; skos:broader* ?broader .
  ?broader skos:prefLabel|skos:altLabel|skos:hiddenLabel ?text
  FILTER(?by NOT IN (skos:narrower, sg:status, sg:precision, sg:sourceKind))
  FILTER NOT EXISTS { ?thing a sg:Membership } FILTER NOT EXISTS { ?thing a sg:OfficeTerm }
  FILTER NOT EXISTS { ?thing a sg:Affiliation } FILTER NOT EXISTS { ?thing sg:unnamed true }
  FILTER NOT EXISTS { ?thing sg:sameStatementAs ?first } }"""
_SECTIONS = "SELECT ?thing ?text { ?thing sg:section ?text }"


class Line(NamedTuple):
    """A word with the number of things that it should find, of those that it finds, and of the first five right."""

    word: str
    expected: int
    found: int
    right: int
    first: int


def texts(kg: solgraph.Knowledge) -> list[tuple[str, str]]:
    """All names and texts, folded, each with the thing or saved query on which they stand."""
    rows = [row for query in (_OWN, _CONCEPTS, _SECTIONS) for row in kg.snapshot.ask(query).terms]
    folded = {text: fold(text) for text in {value_of(text) for _, text in rows}}
    pairs = [(value_of(thing), folded[value_of(text)]) for thing, text in rows]
    pairs = [pair for pair in pairs if pair[0].startswith((ID, VOCAB))]
    return pairs + [(path.stem, fold(path.read_text("utf-8"))) for path in QUERIES.glob("*.rq")]


def table(kg: solgraph.Knowledge) -> list[Line]:
    """A line for each word."""
    pairs, lines = texts(kg), []
    unique = {text for _, text in pairs}
    for word, pattern in WORDS.items():
        matching = {text for text in unique if re.search(pattern, text)}
        expected = {thing for thing, text in pairs if text in matching}
        hits = [ranked.key for ranked in index_of(kg.snapshot).search(word).cards]
        right = sum(key in expected for key in hits[:5])
        lines.append(Line(word, len(expected), len(expected & set(hits)), right, len(hits[:5])))
    return lines


def means(lines: list[Line]) -> tuple[float, float]:
    """Recall and precision at five, each word counting alike."""
    recall = sum(line.found / line.expected for line in lines) / len(lines)
    return recall, sum(line.right / max(1, line.first) for line in lines) / len(lines)


def test_the_search_finds_what_stands_in_the_texts(shipped: solgraph.Knowledge) -> None:
    lines = table(shipped)
    assert len(lines) == 20 and all(line.expected for line in lines)
    recall, precision = means(lines)
    assert recall >= 0.9, lines
    assert precision >= 0.85, lines


if __name__ == "__main__":
    measured = table(solgraph.open(ROOT / "data", lang="en"))
    rows = [f"| {line.word} | {line.expected} | {line.found} | {line.right} of {line.first} |" for line in measured]
    total = "recall {:.2f}, precision at five {:.2f}".format(*means(measured))
    heading = ["| word | expected | found | right of the first five |", "|---|---:|---:|---:|"]
    sys.stdout.write("\n".join([*heading, *rows, "", total, ""]))
