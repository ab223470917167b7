"""Languages: translated questions, labels of concepts, the choice of language, and names in all of them."""

import csv
import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result

import solgraph
from solgraph import texts as interface
from solgraph.graph import names as labels
from solgraph.graph.description import Description
from solgraph.networks.drawing import page
from solgraph.networks.measures.network_summary import FIGURES
from solgraph.queries.catalogue import catalogue, read
from solgraph.rdf.namespaces import SG
from solgraph.resources import ONTOLOGY, QUERIES

Run = Callable[..., Result]
SAVED = {one.name: one for one in catalogue(QUERIES)}
SCHEMES = sorted(path.stem for path in (ONTOLOGY / "vocab").glob("*.ttl"))
LANGUAGES = ["de", "it", "pl"]
#: A query has so many example questions in each of them at least; in English there may be more.
LEAST_ASKS = 9
#: Each saved query with its texts in each further language.
TRANSLATED = [
    (saved, language, saved.header["languages"][language]) for saved in SAVED.values() for language in LANGUAGES
]
each_language = pytest.mark.parametrize("language", LANGUAGES)
VARIABLES = ("SOLGRAPH_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
MAYORS = {
    "de": "Bürgermeister*innen einer Stadt und ihre Amtszeiten",
    "it": "Sindaci di una città e loro mandati",
    "pl": "Burmistrzowie miasta i ich kadencje",
}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """No language in the environment unless a test sets one."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def words(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


# Translated questions.


def test_each_column_of_a_query_has_a_type() -> None:
    columns = {(saved.name, name): kind for saved in SAVED.values() for name, kind in saved.column_types.items()}
    assert [column for column, kind in columns.items() if not kind] == []


def test_a_query_says_which_questions_it_answers_and_in_three_languages() -> None:
    for saved in SAVED.values():
        assert len(set(saved.asks())) >= 2, saved.name
        assert sorted(saved.header["languages"]) == LANGUAGES, saved.name


def test_a_translation_has_summary_and_description_of_its_own() -> None:
    for saved, language, texts in TRANSLATED:
        assert texts["summary"].strip() not in ("", saved.summary), (saved.name, language)
        assert texts["description"].strip() not in ("", saved.description, texts["summary"]), (saved.name, language)


def test_a_translation_has_a_text_for_each_question_and_column() -> None:
    for saved, language, texts in TRANSLATED:
        assert texts.keys() <= {"summary", "description", "asks", "columns"}, (saved.name, language)
        assert len(set(texts["asks"])) == len(texts["asks"]) <= len(saved.asks()), (saved.name, language)
        assert len(texts["asks"]) >= LEAST_ASKS, (saved.name, language)
        assert not set(texts["asks"]) & set(saved.asks()), (saved.name, language)
        assert list(texts.get("columns", {})) == list(saved.columns), (saved.name, language)
        assert all(texts.get("columns", {}).values()), (saved.name, language)


def test_no_two_translations_are_the_same() -> None:
    for saved in SAVED.values():
        for text in ("summary", "description"):
            assert len({texts[text] for texts in saved.header["languages"].values()}) == len(LANGUAGES), saved.name


@each_language
@pytest.mark.parametrize("args", [["queries"], ["query", "--help"], ["network"]], ids=" ".join)
def test_every_list_of_queries_is_in_the_language_of_the_reader(
    args: list[str], language: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", language)
    told = words(run(*args).stdout)
    listed = ["alliances"] if args == ["network"] else SAVED
    assert [name for name in listed if SAVED[name].localised("summary", [language]) not in told] == []


@each_language
def test_the_list_of_queries_is_in_the_language_asked_for(language: str, run: Run) -> None:
    lines = run("queries", "--lang", language).stdout.splitlines()
    for saved in SAVED.values():
        assert f"      {saved.localised('summary', [language])}" in lines


@each_language
def test_help_is_in_the_language_of_the_reader(language: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", language)
    told = run("query", "mayors", "--help").stdout
    assert f"\n  {MAYORS[language]}.\n" in told
    assert words(SAVED["mayors"].header["languages"][language]["description"]) in words(told)


@each_language
def test_help_is_in_the_language_asked_for(language: str, run: Run) -> None:
    assert MAYORS[language] in run("query", "mayors", "--lang", language, "--help").stdout


def test_a_query_is_found_by_a_word_of_its_translation(run: Run) -> None:
    told = run("queries", "kadencje").stdout
    assert "  mayors --city [" in told
    assert "cities-without-ids" not in told


def test_a_translation_is_asked_for_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text("#+ summary: Cities\n#+ languages:\n#+   pt-BR: {summary: Cidades}\nASK {}")
    assert read(path).localised("summary", labels.languages("PT-br")) == "Cidades"


# The choice of language.


@pytest.mark.parametrize(
    ("environment", "country"),
    [
        ({}, "Italy"),
        ({"LANG": "it_IT.UTF-8"}, "Italia"),
        ({"LANG": "pl"}, "Włochy"),
        ({"LC_MESSAGES": "pl_PL.UTF-8", "LANG": "it_IT.UTF-8"}, "Włochy"),
        ({"LC_ALL": "it_IT", "LC_MESSAGES": "pl_PL", "LANG": "pl_PL"}, "Italia"),
        ({"LC_ALL": "", "LANG": "pl_PL.UTF-8"}, "Włochy"),
        ({"LC_ALL": "C.UTF-8", "LANG": "pl_PL.UTF-8"}, "Italy"),
        ({"LC_ALL": "POSIX"}, "Italy"),
        ({"LANG": "fi_FI.UTF-8"}, "Italy"),
        ({"SOLGRAPH_LANG": "it", "LC_ALL": "pl_PL.UTF-8"}, "Italia"),
        ({"SOLGRAPH_LANG": "", "LC_ALL": "pl_PL.UTF-8"}, "Włochy"),
        ({"SOLGRAPH_LANG": "fi,pl,it"}, "Włochy"),
    ],
    ids=lambda value: " ".join(f"{key}={one}" for key, one in value.items()) if isinstance(value, dict) else None,
)
def test_the_environment_tells_the_language_of_labels(
    environment: dict[str, str], country: str, run_small: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    rows = csv.DictReader(io.StringIO(run_small("query", "cities", "--country", "Italy", "-f", "csv").stdout))
    assert {row["country_label"] for row in rows} == {country}


@pytest.mark.parametrize("command", [["query", "cities"], ["show", "Ardea"]], ids=" ".join)
def test_the_language_that_is_named_wins(command: list[str], run_small: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", "it")
    monkeypatch.setenv("LC_ALL", "it_IT.UTF-8")
    assert "Ardeja" in run_small(*command, "--lang", "pl").stdout


def test_the_language_that_is_named_wins_in_the_list_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", "it")
    told = run("queries", "--lang", "pl").stdout
    assert MAYORS["pl"] in told
    assert MAYORS["it"] not in told


@pytest.mark.parametrize(
    ("chain", "told"),
    [("pl,it,en", "pl"), ("it,pl", "it"), ("fi,de", "de"), ("fi", ""), ("en,pl", ""), (" PL , ", "pl"), ("", "")],
)
def test_a_question_is_told_in_the_first_language_that_is_there(chain: str, told: str, run: Run) -> None:
    assert MAYORS.get(told, SAVED["mayors"].summary) in run("queries", "--lang", chain).stdout


@pytest.mark.parametrize("tag", ["pl!", "pl_PL", "deutsch!", "p", "123", "pl-", "łó", "verylongtag"])
def test_a_bad_language_tag_is_refused(tag: str, run_small: Run) -> None:
    result = run_small("query", "cities", "--lang", f"it,{tag}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"Error: {tag.lower()!r} is not a language tag.\nGive tags such as pl,it,en.\n"


@pytest.mark.parametrize(
    "command", ["show Ardea", "sparql ASK{}", "network alliances", "validate", "query mayors Dorn"]
)
def test_every_command_refuses_a_bad_language_tag(command: str, run_small: Run) -> None:
    result = run_small(*command.split(), "--lang", "pl!")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: 'pl!' is not a language tag.\nGive tags such as pl,it,en.\n"


def test_a_bad_language_tag_is_refused_before_anything_is_listed(run: Run) -> None:
    result = run("queries", "--lang", "pl!")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: 'pl!' is not a language tag.")


def test_a_bad_language_tag_in_the_environment_is_refused_by_the_program(
    program: Callable[..., "subprocess.CompletedProcess[str]"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLGRAPH_LANG", "pl!")
    done = program("query", "cities")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: 'pl!' is not a language tag.")


# Language tags in the header of a saved query.


@pytest.mark.parametrize(
    ("lines", "line", "tag"),
    [
        (["languages:", "  pl: {summary: Tak}", "  deutsch!: {summary: Ja}"], 4, "deutsch!"),
        (["languages:", "  pl_PL:", "    summary: Tak"], 3, "pl_PL"),
        (["tags: [x]", "languages: {pl: {summary: Tak}, p: {summary: So}}"], 3, "p"),
        (["languages:", "  123: {summary: So}"], 3, "123"),
        (["languages:", '  "": {summary: So}'], 3, ""),
        (["languages:", "  'de at': {summary: So}"], 3, "de at"),
        (["languages:", "  łó: {summary: So}"], 3, "łó"),
        (["languages:", "  en-: {summary: So}", "columns: {en-: x}"], 3, "en-"),
    ],
    ids=lambda value: "" if isinstance(value, list) else None,
)
def test_an_ill_formed_language_in_a_header_is_told_with_its_line(
    lines: list[str], line: int, tag: str, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "q.rq"
    path.write_text("".join(f"#+ {one}\n" for one in ("summary: So", *lines)) + "ASK {}")
    with pytest.raises(solgraph.DataError) as caught:
        read(path)
    assert str(caught.value) == f"{path}:{line}: '{tag}' is not a language tag.\nFor example: pl, pt-BR"
    result = run("--queries", str(tmp_path), "queries")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {caught.value}\n")


@pytest.mark.parametrize("tag", ["no", "pl", "PL", "pt-BR", "zh-Hant-TW", "sr-Latn", "de-1996", "on", "yes"])
def test_a_well_formed_language_is_taken_as_it_is_written(tag: str, tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_text(f"#+ summary: So\n#+ languages:\n#+   {tag}: {{summary: Slik}}\nASK {{}}")
    assert read(path).header["languages"] == {tag: {"summary": "Slik"}}


# Concepts.


def test_each_vocabulary_is_among_those_looked_at() -> None:
    assert len(SCHEMES) == 16


EXPLAINED = """
SELECT ?term (GROUP_CONCAT(DISTINCT LANG(?text); separator=" ") AS ?languages) {
  GRAPH <https://w3id.org/solgraph/graph/ontology> { ?term a ?kind ; %s ?text }
  FILTER(?kind IN (%s)) FILTER(STRLEN(?text) > 0)
} GROUP BY ?term"""
TERMS, CONCEPTS = (
    "owl:Class, owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty",
    "skos:Concept, skos:ConceptScheme",
)


@pytest.mark.parametrize(
    ("by", "kinds", "least"),
    [
        ("rdfs:label", TERMS, 160),
        ("skos:prefLabel", CONCEPTS, 340),
        ("skos:definition", f"{TERMS}, {CONCEPTS}", 440),
        ("skos:scopeNote", TERMS, 26),
    ],
)
def test_what_the_ontology_calls_and_explains_it_does_in_each_language(
    by: str, kinds: str, least: int, frozen: solgraph.Knowledge
) -> None:
    languages = {row.term: set(row.languages.split()) for row in frozen.sparql(EXPLAINED % (by, kinds))}
    assert len(languages) >= least
    assert {term: used for term, used in languages.items() if used != {"en", *LANGUAGES}} == {}


@each_language
def test_a_term_is_described_in_the_language_of_the_reader(language: str, frozen: solgraph.Knowledge) -> None:
    described = Description(frozen.snapshot, SG + "Region", labels.languages(language))
    ((text, tag, _),) = described.summary
    (note,) = [value for fact in described.facts if fact.property.endswith("#scopeNote") for value in fact.values]
    assert (tag, getattr(note, "language", "")) == (language, language), text


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_concept_of_a_scheme_has_a_label_in_each_language(scheme: str, frozen: solgraph.Knowledge) -> None:
    found = frozen.sparql(
        "SELECT ?concept (GROUP_CONCAT(LANG(?label); separator=' ') AS ?languages) "
        f"{{ ?concept skos:inScheme <https://w3id.org/solgraph/vocab/{scheme}> ; skos:prefLabel ?label "
        "FILTER(STRLEN(?label) > 0) } GROUP BY ?concept"
    )
    every = frozen.sparql(f"SELECT ?concept {{ ?concept skos:inScheme <https://w3id.org/solgraph/vocab/{scheme}> }}")
    assert {row.concept for row in found} == {row.concept for row in every} != set()
    lacking = {row.concept: row.languages for row in found if not {"en", *LANGUAGES} <= set(row.languages.split())}
    assert lacking == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_name_of_a_concept_in_any_language_leads_to_it_alone(scheme: str, frozen: solgraph.Knowledge) -> None:
    pairs = frozen.names(scheme=scheme)
    assert [name for iri, name in pairs if frozen.find(name, scheme=scheme) != iri] == []


# Names in all languages.


@pytest.mark.parametrize("name", ["Milan", "Milano", "Mailand", "Mediolan", "Milán", "mediolan", "MAILAND"])
def test_a_city_is_found_by_its_name_in_any_language(name: str, frozen: solgraph.Knowledge) -> None:
    assert frozen.query("mayors", city=name).terms == frozen.query("mayors", city="city:milan").terms != []


@pytest.mark.parametrize("name", ["Running", "Laufend", "In corso", "W toku", "w toku", "running"])
def test_a_concept_is_found_by_its_name_in_any_language(name: str, frozen: solgraph.Knowledge) -> None:
    asked = {"city": "Milano", "status": name}
    expected = frozen.query("programmes-of-city", city="Milano", status="status:running").terms
    assert frozen.query("programmes-of-city", **asked).terms == expected != []


@pytest.mark.parametrize("name", ["Włochy", "Italia", "Italien", "Italy"])
def test_a_country_is_found_by_its_name_in_any_language(name: str, frozen: solgraph.Knowledge) -> None:
    assert len(frozen.query("cities", country=name)) == len(frozen.query("cities", country="country:it")) > 0


def test_the_name_asked_with_and_the_language_of_labels_have_nothing_to_do_with_each_other(run: Run) -> None:
    for language, country, city in (
        ("it", "Włochy", "Milano"),
        ("pl", "Italien", "Mediolan"),
        ("de", "Italia", "Mailand"),
    ):
        assert f"\n{city} " in run("query", "cities", "--country", country, "--lang", language).stdout


# What the program says in English outside the templates.


def english(*kinds: str) -> set[str]:
    """The English texts of these kinds in the catalogue of the interface."""
    text = (Path(solgraph.__file__).parent / "web/languages/en.yaml").read_text("utf-8")
    return {told for key, told in yaml.safe_load(text).items() if key.startswith(kinds)}


def test_what_is_translated_of_queries_is_still_said_so() -> None:
    pytest.importorskip("starlette")
    from solgraph.web.pages.forms import SELECTION

    params = [param for one in SAVED.values() for param in one.params.values()]
    assert english("help.") == {param.description for param in (*params, *SELECTION)}
    assert english("reads.") == {one.network["reads"] for one in SAVED.values() if one.network}


def test_what_is_translated_of_figures_is_still_said_so() -> None:
    undefined = {f"Not defined: {one.missing}." for one in FIGURES.values() if one.missing}
    said = {*FIGURES, *(one.means for one in FIGURES.values()), *undefined, "value", "meaning"}
    assert english("figure.") == said


def test_every_text_of_the_drawing_is_translated() -> None:
    script = "".join(map(page.asset, page.SCRIPTS))
    said = set(re.findall(r'\b(?:say|filled|count)\((?:\w+, )?"(.+?)"', script))
    assert len(said) > 10
    assert said - english("drawing.") == set()


@pytest.mark.parametrize("language", ["en", "de", "it", "pl"])
def test_the_files_of_words_are_read_as_the_yaml_that_they_are(language: str) -> None:
    text = (Path(solgraph.__file__).parent / f"web/languages/{language}.yaml").read_text("utf-8")
    assert interface.texts(language) == yaml.safe_load(text)
    assert not interface.texts("../de") and not interface.texts("xx")
