"""Citations: of documents, passages, statements and answers, in three styles."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pybtex.database import parse_string

import solgraph
from solgraph.formats.citations import bibtex, text

Run = Callable[..., Result]
PAGE = """
@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix source: <https://w3id.org/solgraph/id/source/> .
source:page a sg:Source ; skos:prefLabel "Page"@en ; dcterms:title "Le città {e} il 5%"@it ; dcterms:language "it" ;
    sg:sourceKind <https://w3id.org/solgraph/vocab/source-kind/web-page> ;
    schema:url "https://example.org/a_b?c=1&d=%20"^^xsd:anyURI .
"""


@pytest.fixture
def page(tmp_path: Path) -> solgraph.Knowledge:
    path = tmp_path / "page.ttl"
    path.write_text(PAGE, encoding="utf-8")
    return solgraph.open(add=path)


def test_a_passage_is_cited_by_its_document_with_section_and_page(frozen: solgraph.Knowledge) -> None:
    (item,) = frozen.cite("passage:dreher-2024-2.2").items
    assert (item["id"], item["type"], item["section"], item["page"]) == ("dreher-2024", "report", "2.2", "12")
    assert item["author"] == [{"family": "Dreher", "given": "Nick"}]
    assert item["issued"] == {"date-parts": [[2024, 9]]}
    assert str(frozen.cite("passage:dreher-2024-2.2")).endswith("September 2024. Section: 2.2, p. 12.\n")


def test_a_statement_is_cited_by_its_passages_once_for_each_document(frozen: solgraph.Knowledge) -> None:
    passages = {"passage:dreher-2024-2.1", "passage:dreher-2024-3.1", "passage:dreher-2024-c2.2"}
    evidence = frozen.sparql("SELECT ?p { programme:barcelona-refuge-city-plan sg:evidence ?p }")
    assert {f"passage:{iri.rpartition('/')[2]}" for (iri,) in evidence} >= passages
    (item,) = frozen.cite("programme:barcelona-refuge-city-plan").items
    assert (item["section"], item["page"]) == ("2.1; 3.1; C2.2", "9, 15, 23")


def test_a_city_is_cited_by_the_documents_about_it_and_a_document_by_itself(frozen: solgraph.Knowledge) -> None:
    assert {"moving-cities-milan", "dreher-2024"} <= {item["id"] for item in frozen.cite("Milan").items}
    (item,) = frozen.cite("report-ghent").items
    assert len(item["author"]) == 3
    assert item["URL"] == "https://moving-cities.eu/ghent"


def test_a_web_page_keeps_its_address_and_language_and_gets_no_date_that_it_does_not_state(
    page: solgraph.Knowledge,
) -> None:
    citation = page.cite("source:page")
    assert str(citation) == "Le città {e} il 5% [it]. n.d. https://example.org/a_b?c=1&d=%20\n"
    assert "issued" not in citation.items[0]
    entry = parse_string(citation.text("bibtex"), "bibtex").entries["page"]
    assert entry.fields["url"] == "https://example.org/a_b?c=1&d=%20"
    assert entry.fields["title"] == r"{Le città (e) il 5\%}"
    assert "year" not in entry.fields


def test_the_citation_of_an_answer_names_data_query_parameters_version_and_date(
    frozen: solgraph.Knowledge, run: Run
) -> None:
    (item,) = json.loads(run("cite", "mayors", "--city", "Palermo", "--style", "csl-json").stdout)
    assert item["title"] == "Mayors of a city and their terms (city: Palermo)"
    assert "Saved query mayors" in item["note"]
    assert item["version"].endswith(f"data {frozen.snapshot.version[:12]}")
    assert datetime(*item["accessed"]["date-parts"][0], tzinfo=UTC).date() == datetime.now(UTC).date()
    assert "solidarity cities, with other data: frozen" in item["container-title"]
    assert "URL" not in item


def test_the_answer_of_the_shipped_data_has_an_address_and_the_same_version_from_a_prepared_store(
    run: Run, default_is_shipped: None, shipped: solgraph.Knowledge
) -> None:
    (item,) = json.loads(run("cite", "mayors", "Palermo", "--style", "csl-json").stdout)
    assert item["URL"] == "https://w3id.org/solgraph/queries/mayors?city=Palermo"
    assert item["container-title"] == "solgraph: a knowledge graph of European solidarity cities"
    assert item["version"].endswith(shipped.snapshot.version[:12])


@pytest.mark.usefixtures("default_is_shipped")
def test_a_network_is_cited_with_what_was_selected_and_made_of_it(run: Run) -> None:
    asked = ("cite", "alliances", "--year", "2018", "--certain", "--exclude", "ECCAR", "--backbone", "sdsm")
    told = run(*asked).stdout
    assert "(year: 2018, certain, exclude: ECCAR, backbone: sdsm, alpha: 0.05, correction: bh)" in told
    assert told.strip().endswith("/networks/alliances?year=2018&certain=true&exclude=ECCAR")
    told = run("cite", "alliances", "--layer", "declaration", "--chance", "--seed", "0").stdout
    assert "(layer: declaration, chance, trials: 1000, seed: 0)" in told
    for wrong in (["--yeer", "2018"], ["--weight", "heavy"], ["--min-degree", "-1"], ["--trials", "5"]):
        assert run("cite", "alliances", *wrong).exit_code == 2, wrong


def test_names_of_more_than_two_words_are_not_taken_apart(frozen: solgraph.Knowledge) -> None:
    authors = frozen.sparql("SELECT DISTINCT ?s { ?s a sg:Source ; dcterms:creator person:agnieszka-mikulska-jolles }")
    (author, *_) = frozen.cite(authors[0][0]).items[0]["author"]
    assert author == {"literal": "Agnieszka Mikulska Jolles"}
    assert 'author = "{Agnieszka Mikulska Jolles}"' in frozen.cite(authors[0][0]).text("bibtex")


def test_the_ending_of_the_file_sets_the_style(run: Run, tmp_path: Path) -> None:
    for ending, beginning in (("bib", "@techreport{dreher-2024,"), ("json", "["), ("txt", "Nick Dreher.")):
        path = tmp_path / f"dreher.{ending}"
        assert run("cite", "Dreher 2024", "-o", str(path)).exit_code == 0
        assert path.read_text("utf-8").startswith(beginning)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Dreher 2024", "--style", "apa"], "Formats for it: text, bibtex, csl-json"),
        (["mayrs", "--city", "Palermo"], "Did you mean 'mayors'?"),
        (["Atlantis"], "'Atlantis' names no thing"),
        (["theme:nothing-rests-on-this"], "names no thing"),
        (["service:legal-nonsense"], "names no thing"),
        (["sg:City"], "does not rest on a document"),
    ],
)
def test_what_cannot_be_cited_is_an_error_with_the_next_step(run: Run, arguments: list[str], message: str) -> None:
    result = run("cite", *arguments)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(("write", "library"), [(text, "citeproc"), (bibtex, "pybtex.database")])
def test_a_missing_library_is_an_error_that_names_the_extra(
    write: Callable[[list[Any]], str], library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(solgraph.MissingExtra, match=r"solgraph\[cite\]"):
        write([{"id": "x", "type": "report", "title": "X"}])
