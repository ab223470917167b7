"""The shipped data, held against the rules of curation; its counts are the tables of docs/data.md."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

import solgraph
from solgraph.rdf.namespaces import ID, SG, slug
from solgraph.rdf.store import ONTOLOGY_GRAPH, graphs
from solgraph.rdf.terms import fold
from solgraph.resources import ROOT
from solgraph.tables.statements.statements import slug_of

#: The cities of the report dreher-2024 and of its city reports.
PROFILED = {
    *("amsterdam", "barcelona", "berlin", "bern", "bologna", "bremen", "cadiz", "gdansk", "ghent", "grenoble"),
    *("halle-saale", "lewisham", "livadia", "marseille", "milan", "montreuil", "naples", "palermo", "potsdam"),
    *("rottenburg", "swansea", "tilburg", "tilos", "utrecht", "valencia", "warsaw", "zaragoza", "zurich"),
}


@pytest.fixture(scope="module")
def kg(shipped: solgraph.Knowledge) -> solgraph.Knowledge:
    return shipped


def column(kg: solgraph.Knowledge, query: str) -> list[str]:
    return [str(row[0]) for row in kg.sparql(query)]


def test_the_graphs_are_the_register_and_a_graph_for_each_source(kg: solgraph.Knowledge) -> None:
    sources = {path.stem for path in (ROOT / "data" / "sources").iterdir()}
    with (ROOT / "data" / "alliances" / "pages.csv").open(encoding="utf-8", newline="") as pages:
        sources |= {slug_of(row["page"]) for row in csv.DictReader(pages)}
    assert {slug(graph) for graph in graphs(kg.store) if graph != ONTOLOGY_GRAPH} == sources | {"register"}


def test_the_28_cities_of_the_report_are_profiled(kg: solgraph.Knowledge) -> None:
    query = "SELECT DISTINCT ?city { ?report sg:about ?city ; sg:sourceKind source-kind:city-report }"
    assert {slug(iri) for iri in column(kg, query)} >= PROFILED


@pytest.mark.parametrize(
    "needed",
    [
        "sg:locatedIn+/a sg:Country".replace("/a ", "/rdf:type "),
        "geo:lat ?lat ; geo:long ?long",
        "sg:nutsCode ?nuts ; sg:subdivisionCode ?code",
        "^sg:about/dcterms:creator ?author",
        "^(sg:inCity|org:member|org:organization)/sg:evidence/oa:hasSource ?source",
        "^sg:about/sg:theme ?theme",
        "dcterms:description ?text ; sg:evidence ?passage",
    ],
    ids=[
        "a country",
        "coordinates",
        "codes",
        "a report with its author",
        "an initiative, membership or term",
        "a theme",
        "an introduction",
    ],
)
def test_every_profiled_city_has(needed: str, kg: solgraph.Knowledge) -> None:
    query = (
        f"SELECT DISTINCT ?city {{ ?report sg:about ?city ; sg:sourceKind source-kind:city-report . ?city {needed} }}"
    )
    assert PROFILED - {slug(iri) for iri in column(kg, query)} == set()


def test_introductions_are_two_sentences_each(kg: solgraph.Knowledge) -> None:
    texts = column(
        kg,
        "SELECT ?text { ?city a sg:City GRAPH ?document { ?city dcterms:description ?text ; sg:evidence ?passage } }",
    )
    assert len(set(texts)) >= 4 * len(PROFILED)
    assert {text for text in texts if len(re.findall(r"[.!?](?= |$)", text)) != 2} == set()


def test_everything_is_evidenced(kg: solgraph.Knowledge) -> None:
    assert kg.query("everything-evidenced").boolean is True


EXAMPLES = {
    "1.1": "barcelona bologna gdansk palermo potsdam rottenburg",
    "1.2": "rottenburg swansea",
    "1.3": "amsterdam gdansk grenoble valencia",
    "2.1": "ghent",
    "2.1a": "barcelona bremen",
    "2.1b": "berlin swansea",
    "2.1c": "amsterdam ghent naples rottenburg",
    "2.2": "bologna milan tilburg valencia",
    "2.3": "amsterdam barcelona berlin cadiz montreuil valencia",
    "2.4": "livadia palermo tilos valencia",
    "3.1": "amsterdam barcelona",
    "3.2": "bologna gdansk utrecht",
    "3.3": "berlin milan tilos zurich",
    "3.3a": "utrecht zaragoza",
    "3.4": "halle-saale milan montreuil utrecht",
    "4.1": "bremen halle-saale",
    "4.2": "gdansk warsaw",
    "4.3": "livadia tilos",
    "C1.1": "amsterdam bern valencia",
    "C1.2": "utrecht",
    "C1.3": "gdansk",
    "C1.4": "tilburg utrecht",
    "C2.1": "grenoble marseille milan",
    "C2.2": "amsterdam barcelona potsdam",
    "C2.3": "milan warsaw zaragoza zurich",
    "C3": "ghent grenoble lewisham valencia",
}


def test_each_sub_theme_has_the_example_cities_of_the_report(kg: solgraph.Knowledge) -> None:
    examples: dict[str, set[str]] = {}
    for row in kg.query("example-cities"):
        if any(slug(source).startswith("dreher-2024") for source in row.source):
            examples.setdefault(row.number, set()).add(slug(row.city))
    assert {number: " ".join(sorted(cities)) for number, cities in examples.items()} == EXAMPLES


def test_names_in_other_languages_lead_to_the_city(kg: solgraph.Knowledge) -> None:
    called = {
        "Mediolan": "milan",
        "Milano": "milan",
        "Warszawa": "warsaw",
        "Gent": "ghent",
        "cadiz": "cadiz",
        "Zürich": "zurich",
    }
    assert {name: slug(kg.find(name)) for name in called} == called


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("Salvini", "person/matteo-salvini"),
        ("Orlando", "person/leoluca-orlando"),
        ("Making Migrant Solidarity in Cities", "source/dreher-2024"),
    ],
)
def test_a_short_name_leads_to_the_thing(text: str, thing: str, kg: solgraph.Knowledge) -> None:
    assert kg.find(text).endswith(f"/{thing}")


@pytest.mark.parametrize(
    ("said", "concept"),
    [
        ("Flüchtlinge", "beneficiary/refugees"),
        ("irregular migrants", "beneficiary/undocumented"),
        ("healthcare", "service/health"),
        ("Ausländerbeirat", "theme/t1-3"),
        ("consulta degli stranieri", "theme/t1-3"),
        ("praca", "service/work"),
    ],
)
def test_a_synonym_leads_to_the_concept(said: str, concept: str, kg: solgraph.Knowledge) -> None:
    assert kg.find(said).endswith(f"/vocab/{concept}")


def test_a_common_word_is_the_name_of_no_single_thing(kg: solgraph.Knowledge) -> None:
    for word in ("reception", "integration", "central government"):
        with pytest.raises(solgraph.ParameterError):
            kg.find(word)


def test_28_city_reports_are_cited_with_author_year_title_and_url(kg: solgraph.Knowledge) -> None:
    rows = kg.sparql(
        "SELECT ?report (COUNT(DISTINCT ?author) AS ?authors) { <https://w3id.org/solgraph/id/source/dreher-2024> "
        "dcterms:references ?report . ?report sg:sourceKind source-kind:city-report ; dcterms:creator ?author ; "
        "dcterms:issued ?year ; dcterms:title ?title ; schema:url ?url } GROUP BY ?report"
    )
    assert len(rows) == 28
    assert max(row.authors for row in rows) == 3


def test_there_is_no_blank_node_in_the_data(kg: solgraph.Knowledge) -> None:
    quads = kg.store.quads_for_pattern(None, None, None, None)
    assert [quad for quad in quads if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)] == []


def test_the_default_graph_is_the_merge_of_all_graphs(kg: solgraph.Knowledge) -> None:
    merged = {quad.triple for quad in kg.store.quads_for_pattern(None, None, None, DefaultGraph())}
    named = {quad.triple for quad in kg.store.quads_for_pattern(None, None, None, None)}
    assert merged == named


def test_no_city_is_called_the_same_as_another_thing(kg: solgraph.Knowledge) -> None:
    rows = kg.sparql("SELECT ?city ?name { ?city a sg:City ; skos:prefLabel ?name FILTER(LANG(?name) = 'en') }")
    assert [name for name, count in Counter(fold(row.name) for row in rows).items() if count > 1] == []


def test_300_cities_are_linked_to_wikidata_and_all_links_to_geonames_name_the_number(kg: solgraph.Knowledge) -> None:
    rows = list(
        kg.sparql(
            "SELECT ?city ?link ?id { ?city a sg:City ; schema:sameAs ?link OPTIONAL { ?city sg:geonamesId ?id } }"
        )
    )
    wikidata = [str(row.city) for row in rows if str(row.link).startswith("http://www.wikidata.org/entity/Q")]
    assert len(set(wikidata)) == len(wikidata) == 300
    others = {str(row.link) for row in rows} - {str(row.link) for row in rows if "wikidata" in str(row.link)}
    assert others == {f"https://sws.geonames.org/{row.id}/" for row in rows if row.id}


def literals(kg: solgraph.Knowledge) -> Iterator[str]:
    return (
        quad.object.value
        for quad in kg.store.quads_for_pattern(None, None, None, DefaultGraph())
        if isinstance(quad.object, Literal)
    )


def test_no_text_is_empty_or_padded(kg: solgraph.Knowledge) -> None:
    assert [text for text in literals(kg) if not text.strip() or text != text.strip()] == []


def test_slugs_are_plain(kg: solgraph.Knowledge) -> None:
    things = {
        quad.subject.value
        for quad in kg.store.quads_for_pattern(None, None, None, DefaultGraph())
        if isinstance(quad.subject, NamedNode)
    }
    composed = tuple(f"{ID}{kind}/" for kind in ("affiliation", "member-list", "membership", "passage"))
    most = {iri: 130 if iri.startswith(composed) else 70 for iri in things if iri.startswith(ID)}
    assert [iri for iri in most if not re.fullmatch(rf"[a-z0-9.-]{{1,{most[iri]}}}", slug(iri))] == []


def test_every_statement_that_can_be_disputed_names_a_passage(kg: solgraph.Knowledge) -> None:
    for kind in ("Membership", "OfficeTerm", "Programme", "Collaboration", "AdvocacyAction", "Observation", "Finding"):
        query = (
            f"SELECT ?thing {{ ?thing a <{SG}{kind}> FILTER NOT EXISTS {{ ?thing sg:evidence/oa:hasSource ?source }} }}"
        )
        assert column(kg, query) == [], kind


def test_what_was_handed_over_went_to_civil_society(kg: solgraph.Knowledge) -> None:
    rows = kg.sparql("SELECT DISTINCT ?by ?to { ?initiative sg:handedOverBy ?by ; sg:handedOverTo ?to }")
    assert {slug(row.by) for row in rows} == {"amsterdam", "naples", "warsaw", "zaragoza"}
    assert column(kg, "SELECT ?to { ?s sg:handedOverTo ?to MINUS { ?to a sg:CivilSocietyOrganisation } }") == []


def test_networks_of_which_no_source_names_a_member_answer_with_who_takes_part(kg: solgraph.Knowledge) -> None:
    rows = kg.sparql(
        "SELECT ?network ?actor { GRAPH graph:dreher-2024 { "
        "?tie a sg:Affiliation ; org:organization ?network ; org:member ?actor } }"
    )
    parts: dict[str, set[str]] = {}
    for row in rows:
        parts.setdefault(slug(row.network), set()).add(slug(row.actor))
    assert parts == {
        "pangea": {"valencia", "valencian-regional-government", "valencia-civil-society"},
        "swansea-city-of-sanctuary": {"swansea", "swansea-civil-society"},
        "wales-city-of-sanctuary": {"swansea", "national-lottery"},
        "citizens-collective-human-rights": {"livadia-civil-society"},
        "reseau-hospitalite": {"marseille-civil-society"},
    }


#: Statements that no source makes, each of which was in the graph and must not come back.
NOT_SAID = {
    "whom Agermanament serves": "FILTER(CONTAINS(STR(?thing), 'agermanament')) ?thing sg:beneficiary ?value",
    "where the labs were held": "FILTER(CONTAINS(STR(?thing), 'bologna-lab-')) ?thing sg:inCity|sg:takesPlaceIn ?value",
    "the year of the decree": "?thing a sg:Law ; skos:prefLabel ?value FILTER(CONTAINS(?value, 'decree of 2018'))",
    "the agenda as a partnership": "?thing a sg:Network ; skos:altLabel ?value FILTER(STR(?value) = 'EU Urban Agenda')",
    "the city as a designer": "?thing sg:designer city:barcelona",
    "the web site of ASP": "actor:asp-citta-di-bologna schema:url ?thing",
    "in office, but called former": "?thing sg:notAfter ?value ; sg:ongoingAsOf ?date",
    "an obstacle as an example": "?thing sg:findingKind finding-kind:example , finding-kind:stumbling-block",
    "a theme for a bare mention": "?thing sg:findingKind finding-kind:mention ; sg:theme ?value",
    "years of a project": "programme:bologna-welcoming-bologna sg:startDate|sg:endDate ?thing",
}


@pytest.mark.parametrize("pattern", NOT_SAID.values(), ids=list(NOT_SAID))
def test_what_no_source_says_is_not_stated(pattern: str, kg: solgraph.Knowledge) -> None:
    assert column(kg, f"SELECT ?thing {{ {pattern} }}") == []


def test_a_disagreement_is_stated_by_who_finds_it_and_both_sides_are_described(kg: solgraph.Knowledge) -> None:
    sides = kg.sparql("SELECT ?one ?other { ?one sg:disagreesWith ?other . ?one a ?kind . ?other a ?kind }")
    assert len(sides) == len(column(kg, "SELECT ?one { ?one sg:disagreesWith ?other }"))
    assert {"dreher-cities-identified", "dreher-gdansk-iim-experts", "dreher-bologna-several-arrangements"} < {
        slug(row.one) for row in sides
    }


@pytest.mark.parametrize("against", ["Salvini", "Policies of Matteo Salvini as Minister of the Interior"])
def test_who_opposes_a_minister_opposes_what_he_made(against: str, kg: solgraph.Knowledge) -> None:
    rows = kg.query("opponents", gathered=False, against=against)
    assert "https://w3id.org/solgraph/id/city/milan" in {row.opponent for row in rows}


def test_a_renewal_is_no_start(kg: solgraph.Knowledge) -> None:
    (row,) = [row for row in kg.query("initiatives", city="Palermo") if "UNICEF" in kg.label(row.initiative)]
    assert row.since is None


@pytest.mark.parametrize(
    ("query", "values"), [("timeline", {"thing": "Valencia"}), ("changes-in-year", {"year": 2016})]
)
def test_what_is_programme_and_collaboration_begins_once(
    query: str, values: dict[str, Any], kg: solgraph.Knowledge
) -> None:
    rows = list(kg.query(query, **values).text("csv").splitlines())
    assert sum("Agermanament" in row for row in rows) == 1
