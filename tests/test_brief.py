"""The brief: one page about a city in sentences with numbered sources, as Markdown, HTML and Word."""

import json
import re
import sys
from collections.abc import Callable
from copy import copy
from importlib.resources import files
from pathlib import Path

import docx
import pytest
from click.testing import Result

import solgraph
from solgraph.formats import pages
from solgraph.formats.pages import Line, Page, Section
from solgraph.graph.brief import _last_span
from solgraph.graph.brief_words import Words
from solgraph.graph.names import languages

Run = Callable[..., Result]
HOSTILE = Page(
    title="<script>",
    sections=[Section("A & B", [Line("x <b> [1, p. 2]", "*lead*")])],
    sources=[("<i>", "javascript:x")],
    footer="$foot",
    opening="<p> [1]",
)
TIES = """
@prefix sg: <https://w3id.org/solgraph/ns#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix city: <https://w3id.org/solgraph/id/city/> . @prefix network: <https://w3id.org/solgraph/id/network/> .
@prefix role: <https://w3id.org/solgraph/vocab/role/> . @prefix id: <https://w3id.org/solgraph/id/> .
@prefix passage: <https://w3id.org/solgraph/id/passage/> .
network:aaa a sg:Network ; skos:prefLabel "Aaa"@en . network:bbb a sg:Network ; skos:prefLabel "Bbb"@en .
network:ccc a sg:Network ; skos:prefLabel "Ccc"@en .
<https://w3id.org/solgraph/id/membership/a1> a sg:Membership ; org:member city:ghent ; org:organization network:aaa ;
    org:role role:member ; sg:startDate "2001"^^xsd:gYear ; sg:evidence passage:dreher-2024-2.1 .
<https://w3id.org/solgraph/id/membership/a2> a sg:Membership ; org:member city:ghent ; org:organization network:aaa ;
    org:role role:member ; sg:evidence passage:dreher-2024-2.3 .
<https://w3id.org/solgraph/id/affiliation/b1> a sg:Affiliation ; org:member city:ghent ; org:organization network:bbb ;
    org:role role:candidate ; sg:activeAt "2019"^^xsd:gYear ; sg:evidence passage:dreher-2024-2.1 .
<https://w3id.org/solgraph/id/membership/c1> a sg:Membership ; org:member city:ghent ; org:organization network:ccc ;
    org:role role:member ; sg:evidence passage:dreher-2024-2.1 .
<https://w3id.org/solgraph/id/affiliation/c2> a sg:Affiliation ; org:member city:ghent ; org:organization network:ccc ;
    org:role role:former-member ; sg:evidence passage:dreher-2024-2.3 .
"""


def section(page: Page, heading: str) -> Section:
    return next(section for section in page.sections if section.heading == heading)


def test_every_statement_has_a_source_and_every_source_a_statement(frozen: solgraph.Knowledge) -> None:
    page = frozen.brief("Bologna").page
    lines = [line for section in page.sections[:-1] for line in section.lines]
    assert len(lines) > 8
    assert [line for line in lines if not re.search(r"\[\d+(, p\. \d+)*\]\)?$", line.text)] == []
    text = frozen.brief("Bologna").text()
    assert {int(number) for number in re.findall(r"\[(\d+)[],]", text)} == set(range(1, len(page.sources) + 1))
    assert {address for _, address in page.sources if address} <= set(re.findall(r"<(http[^>]+)>", text))


@pytest.mark.parametrize("city", ["Ghent", "Palermo", "Berlin", "Milan", "Barcelona"])
def test_it_is_one_page_of_plain_words(shipped: solgraph.Knowledge, city: str) -> None:
    text = shipped.brief(city).text()
    statements, _, sources = text.partition("## Sources")
    assert len(statements) < 4_600
    assert len(sources) < 4_800
    assert re.findall(r"\b(?:city|network|term|passage|graph|source|role|status):[a-z]|w3id\.org", text) == []


def test_the_opening_names_no_other_document_that_speaks_of_the_city(shipped: solgraph.Knowledge) -> None:
    page = shipped.brief("Milan").page
    assert re.findall(r"\[(\d+)", page.opening) == ["1"]
    assert "Polish" not in page.sources[0][0]
    assert any("milan-pl" in passage for passage in shipped.describe("Milan").evidence)


def test_the_terms_of_a_mayor_stand_together(frozen: solgraph.Knowledge) -> None:
    lines = section(frozen.brief("Palermo").page, "Who governs").lines
    assert lines == [Line("mayor, 1985–1990, 1993–2000 and 2012–2022 [1, p. 6]", "Leoluca Orlando,")]


def test_a_network_stands_once_with_what_a_source_says_and_candidates_and_former_members_apart(tmp_path: Path) -> None:
    path = tmp_path / "ties.ttl"
    path.write_text(TIES, encoding="utf-8")
    page = solgraph.open(add=path).brief("Ghent").page
    networks = {line.lead: line.text for line in section(page, "Networks").lines}
    assert networks["Member of:"].startswith("Aaa (since 2001) [1, p. 9]")
    assert networks["Without membership:"] == (
        "Ccc (member [1, p. 9], former member [1, p. 13]); Bbb (candidate in 2019) [1, p. 9]"
    )
    assert not re.search("Bbb|Ccc", networks["Member of:"])


def test_all_roles_stand_with_their_latest_years(shipped: solgraph.Knowledge) -> None:
    networks = {line.lead: line.text for line in section(shipped.brief("Bologna").page, "Networks").lines}
    said = re.sub(r" \[[^]]+\]", "", networks["Member of:"])
    assert said.startswith(
        "ECCAR (leader until 2023, member in 2025, founding signatory 2004); Eurocities (since 1991)"
    )
    assert "Integrating Cities Charter (2024)" in re.sub(r" \[[^]]+\]", "", networks["Signed:"]), (
        "no candidate any more"
    )


@pytest.mark.parametrize(
    ("spans", "last"),
    [
        ([(None, 2019), (None, 2023)], (None, 2023)),
        ([(2012, 2014), (2016, 2018)], (2016, 2018)),
        ([(2012, None), (None, 2018)], (2012, 2018)),
        ([(2012, 2014), (2016, None)], (2016, None)),
        ([(1991, None), (1989, None)], (1989, None)),
        ([(None, None)], (None, None)),
    ],
)
def test_the_last_span_of_a_role_is_what_sources_state_together(
    spans: list[tuple[int | None, int | None]], last: tuple[int | None, int | None]
) -> None:
    assert _last_span([{"since": since, "until": until} for since, until in spans]) == last


def test_what_runs_does_so_as_of_its_source(shipped: solgraph.Knowledge) -> None:
    lines = {line.lead: line.text for line in section(shipped.brief("Bologna").page, "Main programmes by theme").lines}
    assert lines["Social Innovation for Refugees"].startswith("(running, as of an undated source)")
    assert "running, as of 2024)" in lines["Inter-municipal cooperation around Bologna"]


def test_views_are_attributed_and_the_status_is_said(frozen: solgraph.Knowledge) -> None:
    page = frozen.brief("Ghent").page
    found = next(line for line in section(page, "What was found").lines if "Ghent approach" in line.lead)
    assert "In the view of Rudy Coddens. [1, p. 9]" in found.text
    assert "running" in section(page, "Main programmes by theme").lines[0].text


def test_a_city_that_is_only_an_example_has_something_that_was_found(shipped: solgraph.Knowledge) -> None:
    page = shipped.brief("Potsdam").page
    assert section(page, "What was found").lines[0].text.startswith("Potsdam is an example")
    assert not any("what was found" in line.text for line in page.sections[-1].lines)


def test_what_the_sources_do_not_cover_is_said(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    texts = [line.text for line in frozen.brief("Ghent").page.sections[-1].lines]
    assert "The sources name no mayor of the city." in texts
    assert any(text.startswith("Who belongs to Eurocities is not said. [") for text in texts)
    path = tmp_path / "silent.ttl"
    path.write_text(f'{TIES} city:silent a sg:City ; skos:prefLabel "Silent"@en .', encoding="utf-8")
    page = solgraph.open(add=path).brief("Silent").page
    assert [section.heading for section in page.sections] == ["What the sources leave unclear"]
    assert "They say nothing about: networks, main programmes" in page.sections[0].lines[1].text


def test_labels_are_in_the_language_of_the_reader() -> None:
    kg = solgraph.open(lang="pl")
    assert kg.brief("Mediolan").page.title.startswith("Mediolan (Włochy)")
    page = kg.brief("Mediolan").page
    assert section(page, "Kto rządzi").lines[0].text.startswith("burmistrz")
    assert "Źródła nie wymieniają burmistrza ani prezydenta miasta." not in [
        line.text for line in page.sections[-1].lines
    ]


@pytest.mark.parametrize(
    ("lang", "heading", "tie", "foot"),
    [
        ("de", "Netzwerke", "Mitglied von: seit 20", "Erstellt am"),
        ("it", "Reti", "Membro di: dal 20", "Prodotto il"),
        ("pl", "Sieci", "Członkostwo: od 20", "Utworzono"),
    ],
)
def test_headings_dates_and_numbers_are_in_the_language_of_the_reader(
    shipped: solgraph.Knowledge, lang: str, heading: str, tie: str, foot: str
) -> None:
    kg = copy(shipped)
    kg.languages = languages(lang)
    brief = kg.brief("Palermo")
    ties = {line.lead: line.text for line in section(brief.page, heading).lines}
    lead, since = tie.split(": ")
    assert since in ties[f"{lead}:"]
    assert brief.page.footer.startswith(foot)
    assert f'<html lang="{lang}">' in brief.text("html")
    select = f'SELECT ?text {{ city:palermo dcterms:description ?text FILTER(LANG(?text) = "{lang}") }}'
    ((text,),) = kg.sparql(select)
    assert re.fullmatch(rf"{re.escape(text)}( \[\d[^]]+\])+", brief.page.opening)
    assert brief.text().splitlines()[2] == brief.page.opening
    assert not re.search(r"\b(?:since|as of|In the view|Sources|no date|Made on)\b", brief.text())
    words = Words([lang])
    assert (
        words.date([2018, 12, 7]).casefold()
        == {"de": "7. dezember 2018", "it": "7 dicembre 2018", "pl": "7 grudnia 2018"}[lang]
    )
    assert words.number(12500) == {"de": "12.500", "it": "12.500", "pl": "12\N{NO-BREAK SPACE}500"}[lang]


def test_every_language_has_every_word() -> None:
    texts = json.loads(files("solgraph.graph").joinpath("brief_words.json").read_text("utf-8"))
    assert set(texts) == {"en", "de", "it", "pl"}
    for language, words in texts.items():
        assert set(words) - {"months-with-day"} == set(texts["en"]), language
        assert {key: sorted(set(re.findall(r"{\w+}", text))) for key, text in words.items() if key in texts["en"]} == {
            key: sorted(set(re.findall(r"{\w+}", text))) for key, text in texts["en"].items()
        }, language


def test_html_says_what_the_data_say_and_runs_nothing() -> None:
    text = pages.html(HOSTILE)
    assert "<script>" not in text
    assert "javascript:x" not in text
    assert 'x &lt;b&gt; [<a href="#source-1">1</a>, p. 2]' in text
    assert "$foot" in text
    assert '<p>&lt;p&gt; [<a href="#source-1">1</a>]</p>' in text
    assert "\\<script\\>" in pages.markdown(HOSTILE)
    assert "\n\\<p\\> [1]\n" in pages.markdown(HOSTILE)


def test_the_word_document_holds_the_same_and_its_addresses_open(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    brief = frozen.brief("Bologna")
    sources = [*brief.page.sources, ("A page.", "https://example.org/a?b=1&c=2")]
    brief.page = brief.page._replace(sources=sources, opening="A city of labs.")
    brief.write(tmp_path / "bologna.docx")
    document = docx.Document(str(tmp_path / "bologna.docx"))
    texts = [paragraph.text for paragraph in document.paragraphs]
    shown = [line for section in brief.page.sections for line in section.lines]
    expected = [f"{line.lead} {line.text}".strip() for line in shown]
    assert texts[:2] == [brief.page.title, "A city of labs."]
    assert [text for text in expected if text not in texts] == []
    links = [link.address for paragraph in document.paragraphs for link in paragraph.hyperlinks]
    assert links == [address for _, address in brief.page.sources if address]
    assert links[-1] == "https://example.org/a?b=1&c=2"


def test_the_command_writes_by_ending_and_refuses_what_does_not_fit(run: Run, tmp_path: Path) -> None:
    for ending, beginning in (("md", "# Ghent (Belgium)"), ("html", "<!DOCTYPE html>")):
        assert run("brief", "Gent", "-o", str(tmp_path / f"ghent.{ending}")).exit_code == 0
        assert (tmp_path / f"ghent.{ending}").read_text("utf-8").startswith(beginning)
    assert run("brief", "Gent").stdout == (tmp_path / "ghent.md").read_text("utf-8")
    for arguments, message in (
        (["Gent", "-f", "docx"], "-o brief.docx"),
        (["Gent", "-f", "pdf"], "Formats for it: md, html, docx"),
        (["Eurocities"], "names no City"),
    ):
        result = run("brief", *arguments)
        assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


def test_a_missing_library_is_an_error_that_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(solgraph.MissingExtra, match=r"solgraph\[brief\]"):
        pages.docx(HOSTILE)
