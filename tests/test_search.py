"""Search: what words find in names, texts, concepts and saved queries, and in which order."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import solgraph
from conftest import imported_by
from solgraph.graph.search.cards import CONCEPT
from solgraph.graph.search.hits import HEADINGS, kind_of
from solgraph.graph.search.stored import index_of
from solgraph.graph.search.words import distance, near, stem, words

Run = Callable[..., Result]

TOWN = """@prefix city: <https://w3id.org/solgraph/id/city/> .
@prefix sg: <https://w3id.org/solgraph/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
city:xa a sg:City ; skos:prefLabel "Xanten"@de .
"""


@pytest.mark.parametrize(
    "forms",
    [
        "migrants migrant Migranten migranti migrantów",
        "house houses housing",
        "Flüchtlinge Flüchtlingen",
        "city cities",
        "job jobs",
        "zdrowie zdrowia",
        "uchodźcy uchodźców",
        "child children",
    ],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(word) for word in words(forms)}) == 1


def test_words_that_only_begin_alike_have_different_stems() -> None:
    assert len({stem(word) for word in words("police policy polity")}) == 3


@pytest.mark.parametrize(("word", "other", "number"), [("gdnask", "gdansk", 1), ("rom", "rome", 1), ("a", "abcd", 3)])
def test_typing_errors_are_counted(word: str, other: str, number: int) -> None:
    assert distance(word, other, 2) == number
    assert near(word, [other]) == ([other] if word == "gdnask" else [])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        *(("Bologna", "city:bologna"), ("mediolan", "city:milan"), ("gdnask", "city:gdansk"), ("UNHCR", "actor:unhcr")),
        *(("city:bologna", "city:bologna"), ("mayors-in-year", "mayors-in-year"), ("Italy", "country:it")),
        *(("zdrowie", "service:health"), ("zuri", "city:zurich"), ("Moving Cities", "actor:moving-cities")),
        ("Städte nach Land", "cities"),
    ],
)
def test_what_a_text_names_is_first(frozen: solgraph.Knowledge, text: str, first: str) -> None:
    assert frozen.search(text)[0].short == first


def test_a_concept_finds_what_has_a_narrower_one(frozen: solgraph.Knowledge) -> None:
    narrower = "SELECT ?p { ?p a sg:Programme ; sg:offersService/skos:broader+ service:health }"
    hits = frozen.search("Gesundheit", kind="programme", limit=None)
    assert {row.p for row in frozen.sparql(narrower)} <= set(hits.iris)
    snippet = hits[0].snippet
    assert snippet and snippet.field == CONCEPT and "Gesundheit" in hits[0].text


def test_words_may_stand_on_the_card_and_on_that_of_its_city(frozen: solgraph.Knowledge) -> None:
    hits = frozen.search("clinic Bologna Italien")
    assert hits[0].short == "programme:bologna-civic-led-medical-clinic" and not hits.is_partial
    assert not set(frozen.search("Hiszpania", kind="programme").iris), "that it is there says nothing about it"


def test_where_nothing_holds_all_words_most_of_them_count(frozen: solgraph.Knowledge) -> None:
    hits = frozen.search("mayor of Palermo on submarines")
    assert hits.is_partial and "person:leoluca-orlando" in [hit.short for hit in hits]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("irregular migrants", "finding:dreher-utrecht-t3-3-diverse-example"),  # "undocumented migrants"
        ("Asyl", "beneficiary:asylum-seekers"),  # "Asylsuchende"
    ],
)
def test_other_names_of_a_concept_and_longer_words_come_last(frozen: solgraph.Knowledge, text: str, short: str) -> None:
    found = [hit.short for hit in frozen.search(text, limit=None)]
    assert short in found[3:]


def test_kind_and_country_leave_out_the_rest(frozen: solgraph.Knowledge) -> None:
    hits = frozen.search("health", kind="Programmes", country="Schweiz")
    assert {hit.kind for hit in hits} == {"programme"}
    assert all("zurich" in hit.key for hit in hits) and hits
    assert frozen.search("health").counts["programme"] > hits.total


def test_a_hit_says_why_and_where_it_was_read(frozen: solgraph.Knowledge) -> None:
    hit = next(hit for hit in frozen.search("clinic") if hit.kind == "finding")
    assert next(part for part, is_word in hit.parts() if is_word) == "clinic"
    assert hit.passage.endswith("/moving-cities-bologna-unique") or hit.source.startswith("Moving Cities: Bologna")
    assert hit.document.endswith("/source/moving-cities-bologna")


def test_an_unknown_kind_is_refused() -> None:
    assert [kind_of(heading) for heading in HEADINGS.values()] == list(HEADINGS)
    with pytest.raises(solgraph.WrongUse, match="Did you mean 'programme'"):
        kind_of("progamme")


# What asking in plain words rests on


def test_the_index_recognises_names_concepts_and_typing_errors(frozen: solgraph.Knowledge) -> None:
    text = "Which programmes help Undocumented Migrants with health care in Blogna?"
    found = index_of(frozen.snapshot).recognise(text, ("city", "concept"))
    named = {text[part.start : part.end]: (part.key.rpartition("/")[2], part.distance) for part in found}
    assert named["Undocumented Migrants"] == ("undocumented", 0)
    assert named["health care"] == ("health", 0)
    assert named["Blogna"] == ("bologna", 1)


# Where it is kept


def test_an_index_beside_the_store_is_read_again_and_made_again_when_stale(tmp_path: Path) -> None:
    data, queries = tmp_path / "data.ttl", tmp_path / "queries"
    data.write_text(TOWN)
    queries.mkdir()
    (queries / "towns.rq").write_text("#+ summary: Towns\nSELECT ?x { ?x a sg:City }")

    def found(text: str) -> list[str]:
        kg = solgraph.open(data, store=tmp_path / "store", queries=queries)
        return [hit.short for hit in kg.search(text)]

    assert found("xanten") == ["city:xa"]
    (index,) = tmp_path.glob("store/store-*/search-*.sqlite")
    with sqlite3.connect(index) as connection:
        connection.execute("UPDATE card SET key = 'id/city/kept' WHERE key = 'id/city/xa'")
    connection.close()
    assert found("xanten") == ["city:kept"], "read from the file"
    (queries / "towns.rq").write_text("#+ summary: Towns and xylophones\nSELECT ?x { ?x a sg:City }")
    assert found("xylophone") == ["towns"] and found("xanten") == ["city:xa"], "made again"
    for file in tmp_path.glob("store/store-*/search-*.sqlite"):
        file.write_bytes(b"SQLite format 3\0 and no more")
    assert found("xanten") == ["city:xa"], "damaged"


# The command


def test_the_command_groups_hits_in_80_columns(run: Run) -> None:
    shown = run("search", "health", "--lang", "de").stdout
    assert "\nABFRAGEN" in shown and "Programmangebote" not in shown and max(map(len, shown.splitlines())) <= 80
    rows = json.loads(run("search", "health", "--kind", "programme", "-f", "json").stdout)["results"]["bindings"]
    assert {row["kind"]["value"] for row in rows} == {"programme"} and rows[0]["source"]["type"] == "uri"


def test_nothing_found_is_exit_1_with_the_nearest_names(run: Run) -> None:
    result = run("search", "Gdanskk", "--kind", "law")
    assert result.exit_code == 1 and "Gdansk" in result.stderr
    assert run("search", "qqqqxy").exit_code == 1


def test_a_warm_search_imports_nothing_heavy(run: Run, tmp_path: Path) -> None:
    command = ["search", "health", "--store", str(tmp_path / "store")]
    assert run(*command).exit_code == 0
    assert not {"rdflib", "networkx", "pyshacl", "yaml"} & imported_by(command)
