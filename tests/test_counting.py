"""One thing once: facets, repeated statements and what no source names, in counts, lists, views and search."""

import re
import shutil
from pathlib import Path

import pytest

import solgraph
from solgraph.errors import ParameterError
from solgraph.rdf.namespaces import slug

SMALL = Path(__file__).parent / "small"
#: A council whose arrangement is a facet of it, helpers without a name, and a Polish page that repeats a criticism.
MORE = """
collaboration:belmonte-council-help a sg:Collaboration ; skos:prefLabel "Help for the Council of Belmonte"@en ;
    sg:collaborationKind collaboration-kind:international ; sg:status status:unknown ; sg:inCity city:belmonte ;
    sg:facetOf programme:belmonte-council ; sg:partner actor:un-home , city:cadria , actor:helpers ;
    sg:theme theme:t1-3 ; sg:funder city:cadria ; sg:operator actor:quay-office ; sg:startDate "2019"^^xsd:gYear ;
    sg:evidence passage:delta-1 .
programme:belmonte-council a sg:Programme ; sg:startDate "2019"^^xsd:gYear ; sg:evidence passage:delta-1 .
actor:helpers a sg:Organisation ; sg:unnamed true ; skos:prefLabel "Helpers of Belmonte"@en ;
    sg:evidence passage:delta-1 .
observation:helpers a sg:Observation ; skos:prefLabel "helpers of the council"@en ; sosa:hasSimpleResult 7 ;
    sosa:hasFeatureOfInterest actor:helpers ; sosa:observedProperty measure:participants ;
    sg:precision precision:exact ;
    sg:evidence passage:delta-1 .
finding:delta-hub-criticism a sg:Finding ; skos:prefLabel "Too few come"@en ; sg:findingKind finding-kind:criticism ;
    dcterms:description "More people should come."@en ; sg:about programme:ardea-hub ; sg:attributedTo actor:open-door ;
    sg:sameStatementAs finding:beta-hub-criticism ; sg:evidence passage:delta-1 .
passage:delta-1 a sg:Passage ; skos:prefLabel "Delta, 1"@en ; oa:hasSource source:delta ; sg:section "1" .
source:delta a sg:Source ; dcterms:title "Delta"@pl ; dcterms:isVersionOf source:beta ;
    sg:sourceKind source-kind:web-page .
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("counting") / "data"))
    prefixes = re.findall("^@prefix.*\n", (SMALL / "sources" / "alpha.ttl").read_text("utf-8"), re.MULTILINE)
    (folder / "sources" / "delta.ttl").write_text("".join(prefixes) + MORE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def kg(data: Path) -> solgraph.Knowledge:
    return solgraph.open(data)


def counts(answer: solgraph.Answer) -> dict[str, tuple[object, ...]]:
    return {slug(row["actor" if "actor" in row else "class"]): tuple(row.values())[1:] for row in answer.to_dicts()}


def test_a_facet_is_not_counted_beside_its_programme(kg: solgraph.Knowledge, small: solgraph.Knowledge) -> None:
    actors = counts(kg.query("busiest-actors", least=1))
    assert (actors["un-home"][-1], actors["cadria"][-1]) == (1, 3), "the partner of the arrangement takes part too"
    assert counts(kg.query("contents"))["Collaboration"] == counts(small.query("contents"))["Collaboration"]
    assert {slug(row.initiative) for row in kg.query("international-organisations")} == {"belmonte-council"}
    assert {slug(row.initiative) for row in kg.query("participants", city="Belmonte")} == {"belmonte-council"}
    uses = {row.concept.partition("vocab/")[2]: row.uses for row in kg.query("concept-use")}
    assert (uses["theme/t1-3"], uses["collaboration-kind/international"]) == (2, 1)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("changes-in-year", {"year": 2019}),
        ("funding", {"funder": "Cadria"}),
        ("initiatives-of-theme", {"theme": "1.3"}),
        ("municipal-units", {"city": "Belmonte"}),
    ],
)
def test_a_list_names_the_programme_and_not_its_facet(
    name: str, values: dict[str, str], kg: solgraph.Knowledge
) -> None:
    cells = {slug(str(cell)) for row in kg.query(name, **values).to_dicts() for cell in row.values()}
    assert "belmonte-council" in cells and "belmonte-council-help" not in cells


def test_a_repeated_statement_is_one_with_the_sources_of_both(
    kg: solgraph.Knowledge, small: solgraph.Knowledge
) -> None:
    for query in (("findings-about", {"thing": "Ardea Hub"}), ("findings-by-kind", {"kind": "Criticism"})):
        rows = kg.query(query[0], **query[1]).to_dicts()
        assert {slug(row["finding"]) for row in rows} == {"beta-hub-criticism"}
        assert {slug(source) for row in rows for source in row["source"]} == {"beta-news", "delta-1"}
    assert counts(kg.query("contents"))["Finding"] == counts(small.query("contents"))["Finding"]
    single = [counts(graph.query("single-source"))["Finding"] for graph in (kg, small)]
    assert single[0] == single[1], "a translation is no second source"


def test_a_page_shows_a_repeated_statement_once_and_its_rdf_holds_both(kg: solgraph.Knowledge) -> None:
    hub = kg.describe("Ardea Hub")
    (criticism,) = (one for group in hub.mentions.values() for one in group if "criticism" in one.iri)
    assert {slug(passage) for passage in criticism.evidence} == {"beta-news", "delta-1"}
    assert "delta-hub-criticism" in hub.text(format="ttl")
    assert "delta-hub-criticism" in hub.text(format="csv")


def test_who_is_not_named_is_listed_and_not_counted(kg: solgraph.Knowledge) -> None:
    assert "helpers" in {slug(row.participant) for row in kg.query("participants-of", initiative="Council of Belmonte")}
    assert "helpers" not in counts(kg.query("busiest-actors", least=1))
    for view in ("collaborations", "participants"):
        assert not {node for node in kg.network(view) if slug(node) == "helpers"}


@pytest.mark.parametrize("thing", ["Council of Belmonte", "Belmonte", "Spain", "actor:helpers"])
def test_a_number_on_a_part_of_a_thing_is_a_number_about_it(thing: str, kg: solgraph.Knowledge) -> None:
    assert [row.number for row in kg.query("numbers-about", thing=thing)] == [7]


@pytest.mark.parametrize("is_on_disk", [False, True])
def test_what_is_not_named_is_found_by_its_iri_alone(is_on_disk: bool, data: Path, tmp_path: Path) -> None:
    kg = solgraph.open(data, store=tmp_path / "store") if is_on_disk else solgraph.open(data)
    iri = "https://w3id.org/solgraph/id/actor/helpers"
    assert kg.find("actor:helpers", "sg:Actor") == kg.find(iri) == iri
    with pytest.raises(ParameterError):
        kg.find("Helpers of Belmonte")
    assert iri not in kg.search("helpers").iris
    assert kg.label(iri) == "Helpers of Belmonte"


# The shipped data


def test_the_initiatives_of_unhcr_are_three(shipped: solgraph.Knowledge) -> None:
    (counted,) = (row.initiatives for row in shipped.query("busiest-actors") if slug(row.actor) == "unhcr")
    of_unhcr = {
        slug(row.initiative) for row in shipped.query("international-organisations") if "unhcr" in row.organisation
    }
    assert counted == len(of_unhcr) == 3
    (agermanament,) = shipped.sparql(
        "SELECT ?launch ?by { programme:valencia-agermanament-comunitari sg:startDate ?launch ; sg:initiator ?by ;"
        " sg:takesPlaceIn country:ca }"
    ).to_dicts()
    assert (str(agermanament["launch"]), slug(agermanament["by"])) == ("2016", "unhcr")


def test_what_the_data_call_unnamed_is_marked(shipped: solgraph.Knowledge) -> None:
    described = shipped.sparql(
        "SELECT DISTINCT ?thing ?text { VALUES ?kind { sg:Organisation sg:PublicBody sg:CivilSocietyOrganisation }"
        " ?thing a ?kind ; dcterms:description ?text FILTER NOT EXISTS { ?thing sg:unnamed true } }"
    )
    words = re.compile(r"\b(not named|none is named|does not name|names? (none|no))\b")
    assert [slug(row.thing) for row in described if words.search(str(row.text))] == []


def test_the_page_of_a_city_states_what_both_language_versions_say_once(shipped: solgraph.Knowledge) -> None:
    rows = shipped.query("findings-about", thing="Milan").to_dicts()
    sources = {slug(row["finding"]): {slug(source) for source in row["source"]} for row in rows}
    assert len(sources) == len(rows)
    repeats = shipped.sparql("SELECT ?repeat ?first { ?repeat sg:sameStatementAs ?first }").to_dicts()
    assert not {slug(row["repeat"]) for row in repeats} & set(sources)
    assert {"moving-cities-milan-milan", "moving-cities-milan-pl-mediolan"} <= sources["mc-milan-hotspot"]
    lines = [line for section in shipped.brief("Milan").page.sections for line in section.lines]
    assert len({line.text for line in lines}) == len(lines)
    assert not [line for line in lines if line.text.startswith("2 [") and "heads" in (line.lead or "")]


@pytest.mark.parametrize(
    ("thing", "numbers"),
    [("Undocumented Migrant Programme", {25, 60}), ("Rottenburg", {1, 10}), ("Amsterdam", {25, 60})],
)
def test_numbers_are_found_with_what_they_belong_to(thing: str, numbers: set[int], shipped: solgraph.Knowledge) -> None:
    assert {row.number for row in shipped.query("numbers-about", thing=thing)} == numbers


def test_a_measure_of_the_report_means_one_thing(shipped: solgraph.Knowledge) -> None:
    measures = [row.measure for row in shipped.query("numbers-about", thing="source:dreher-2024")]
    assert len(set(measures)) == len(measures) == 5


def test_what_has_the_participants_of_a_programme_and_is_no_facet_has_a_purpose_of_its_own(
    shipped: solgraph.Knowledge,
) -> None:
    rows = shipped.sparql(
        "SELECT DISTINCT ?one ?kind ?actor { VALUES ?kind { sg:Programme sg:Collaboration } ?one a ?kind"
        " FILTER NOT EXISTS { ?one sg:facetOf ?whole } ?one ?role ?actor . ?role rdfs:subPropertyOf* sg:involves }"
    )
    actors: dict[tuple[str, str], set[str]] = {}
    for one, kind, actor in map(tuple, rows):
        actors.setdefault((slug(one), slug(kind)), set()).add(actor)
    collaborations = {one: those for (one, kind), those in actors.items() if kind == "Collaboration"}
    programmes = {one: those for (one, kind), those in actors.items() if kind == "Programme"}
    assert {
        (one, other) for one, those in collaborations.items() for other in programmes if those == programmes[other]
    } - {(one, one) for one in programmes} == {
        ("bologna-inter-municipal-cooperation", "bologna-mondodonna"),
        ("montreuil-seine-saint-denis-networks", "montreuil-reception-workshops"),
        ("rottenburg-support-of-civil-society", "rottenburg-paten"),
    }
