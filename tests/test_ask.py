"""Questions in plain words: how often they are read rightly, and when they are not answered."""

import json
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from math import log
from pathlib import Path

import pytest
import yaml
from click.testing import Result

import solgraph
from conftest import EXPECTED, imported_by
from programs import required
from question_rates import LANGUAGES, Outcome, misspelt, outcome, questions, rates
from solgraph.graph.ask import examples
from solgraph.graph.ask.meanings import lexicon
from solgraph.graph.ask.mentions import mentions
from solgraph.graph.search.stored import Form, index_of, stored
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.sparql_ask import as_ask
from solgraph.rdf.store import File
from web import client_of

Run = Callable[..., Result]
PAGE = Path(__file__).parents[1] / "docs" / "asking.md"
_BEGIN, _END = "<!-- rates -->\n", "<!-- end -->"


#: The examples are made for one graph only where not everything is required.
shipped_only = pytest.mark.skipif(not required(), reason="asked of the shipped data where SOLGRAPH_ENGINES=required")


@pytest.fixture(scope="module")
def held(shipped: solgraph.Knowledge) -> list[Outcome]:
    """The outcomes of the half that was not tuned on, which take longest of all tests."""
    if not required():
        pytest.skip("all questions are asked where SOLGRAPH_ENGINES=required, as in .ci/run")
    return [outcome(shipped, question) for question in questions("hold")]


def share(text: str) -> float:
    part, whole = text.partition(" (")[0].split(" of ")
    return int(part) / int(whole)


def table(figures: dict[str, dict[str, str]]) -> str:
    head = ["", *figures]
    rows = [[name, *(figures[language][name] for language in figures)] for name in next(iter(figures.values()))]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rows))


def test_the_page_shows_the_rates(held: list[Outcome]) -> None:
    """With ACCEPT=1 the page gets them."""
    text, found = PAGE.read_text("utf-8"), table(rates(held))
    before, _, rest = text.partition(_BEGIN)
    if os.environ.get("ACCEPT"):
        PAGE.write_text(f"{before}{_BEGIN}{found}{_END}{rest.partition(_END)[2]}", "utf-8")
    assert found == PAGE.read_text("utf-8").partition(_BEGIN)[2].partition(_END)[0], "ACCEPT=1 pytest tests/test_ask.py"


def test_questions_are_read_rightly(held: list[Outcome]) -> None:
    figures = rates(held)
    for language, first, within in zip(LANGUAGES, (0.7, 0.85, 0.65, 0.8), (0.85, 0.9, 0.8, 0.85), strict=True):
        assert share(figures[language]["first reading right"]) >= first, language
        assert share(figures[language]["within three"]) >= within, language


def test_what_is_answered_at_once_is_right(held: list[Outcome]) -> None:
    assert share(rates(held)["all"]["right of those"]) >= 0.9
    assert share(rates(held)["all"]["answered without an answer"]) <= 1 / 20


def test_a_wrong_letter_in_a_name_costs_little(shipped: solgraph.Knowledge, held: list[Outcome]) -> None:
    pairs = [(each, text) for each in held if each.place and (text := misspelt(each.question["text"]))]
    wrong = [outcome(shipped, each.question, text).place != 1 for each, text in pairs if each.place == 1]
    assert sum(wrong) <= 0.1 * len(held)


# What is understood


def test_forms_of_names_years_and_countries(frozen: solgraph.Knowledge) -> None:
    asked = mentions("Sieci Mediolanu i włoskich miast od 2015 roku", index_of(frozen.snapshot))
    assert [mention.things[0][0].rpartition("/id/")[2] for mention in asked.names] == ["city/milan", "country/it"]
    assert asked.years and (asked.years.first, asked.years.last) == (2015, None)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Kto należy do Nieposłusznych Gmin?", "network/comuni-disobbedienti"),
        ("Who is in the Cities of Safe Harbuor?", "network/cities-of-safe-harbour-alliance"),
        ("Mayors of the Dutch Coalition of the Willing", "network/dutch-coalition-of-the-willing"),
        ("Networks of the city of Berlin", "city/berlin"),
        ("Welche Projekte laufen in Gent?", "city/ghent"),
        ("Kto był przed Leolucą Orlandem?", "person/leoluca-orlando"),
        ("What is the German name of Palermo?", "city/palermo"),
        ("Sieci Gdaxska", "city/gdansk"),
        ("Jakie sieci ma gdański samorząd?", "city/gdansk"),
        ("Che cosa fa l'amministrazione milanese?", "city/milan"),
        ("Who is in the migration forum in Lewisham?", "programme/lewisham-migration-forum"),
        ("Netxwerke in Polxnd", "country/pl"),
        ("What does the Celav centre in Milan offer?", "programme/milan-celav"),
        ("What does Dreher write?", "source/dreher-2024"),
    ],
)
def test_names_in_another_form_or_misspelt(frozen: solgraph.Knowledge, question: str, named: str) -> None:
    names = mentions(question, index_of(frozen.snapshot)).names
    assert names[-1].things[0][0].rpartition("/id/")[2] == named
    assert len(names) == 1


def test_a_network_without_the_first_word_of_its_name(shipped: solgraph.Knowledge) -> None:
    _, network = mentions("Ist Wien in der Städtekoalition gegen Rassismus?", index_of(shipped.snapshot)).names
    assert network.things == (("https://w3id.org/solgraph/id/network/eccar", "network"),)
    network, *_ = mentions("ICORN, Norway: which towns?", index_of(shipped.snapshot)).names
    assert network.text == "ICORN"


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Które miasta należą do Koalicji Miast przeciwko Rasizmowi?", "network/eccar"),
        ("Schweizer Allianz zur Aufnahme von Flüchtlingen", "network/swiss-alliance-for-the-reception-of-refugees"),
        ("Palermo ha firmato la Carta di Palermo?", "network/charter-of-palermo-2015"),
        ("Kto podpisał Deklarację Poczdamską?", "network/potsdam-declaration-2019"),
        ("Who runs the migrant council in Gdansk?", "programme/gdansk-immigrants-council"),
        ("Chi sono i partner di Connettiamoci?", "programme/bologna-connettiamoci"),
        ("Programy dla uchodźców w Utrechcie", "city/utrecht"),
        ("Was tun Städte gegen Rassismus?", ""),
        ("Which cities share networks?", ""),
    ],
)
def test_names_in_other_words(shipped: solgraph.Knowledge, question: str, named: str) -> None:
    names = mentions(question, index_of(shipped.snapshot)).names
    assert [name.things[0][0].rpartition("/id/")[2] for name in names[-1:]] == ([named] if named else [])


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Dove si può imparare l'italiano?", "vocab/service/language"),
        ("Gdzie są kursy języka polskiego?", "vocab/service/language"),
        ("What can one learn from Italian cities?", "id/country/it"),
        ("Welche deutsche Stadt macht mit?", "id/country/de"),
        ("Which Italian cities asked the ministry in Milan?", "id/country/it"),
    ],
)
def test_a_language_is_no_country_and_a_government_no_city(
    frozen: solgraph.Knowledge, question: str, meant: str
) -> None:
    things = [each for each in mentions(question, index_of(frozen.snapshot)).things if not each.is_everyday]
    assert [each.things[0][0].rpartition("solgraph/")[2] for each in things] == [meant]


@shipped_only
def test_who_pays_is_not_answered_by_who_takes_part(shipped: solgraph.Knowledge) -> None:
    asked = shipped.ask("Chi finanzia Welcome to Swansea?")
    assert asked[0].query == "funding" and not asked.is_sure


@shipped_only
def test_where_nothing_fits_wholly_less_is_asked_for(shipped: solgraph.Knowledge) -> None:
    asked = shipped.ask("Free legal help for newcomers - who offers it?")
    assert asked[0].query == "services" and not asked[0].is_empty and asked[0].unused and not asked.is_sure


@pytest.mark.parametrize("word", ["quantum", "singers", "beach", "offnet", "pogoda"])
def test_a_short_or_strange_word_is_not_taken_for_another(word: str) -> None:
    assert lexicon().corrected(word) == ""
    assert [lexicon().corrected(other) for other in ("netxwerken", "mitxlied")] == ["netzwerk", "mitglied"]


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("Which stumbling blocks stood in the way in Bologna?", 'kind="Stumbling block"'),
        ("Which German cities are in Eurocities?", 'kg.query("members-of-network", network="Eurocities", country='),
        ("Wer finanziert etwas in Swansea?", 'kg.query("funding", city="Swansea")'),
        ("What does Swansea fund?", 'kg.query("funding", funder="Swansea")'),
        ("Who works with UNHCR?", 'kg.query("international-organisations", organisation="UN Refugee Agency")'),
        ("Which network has the most members?", 'kg.query("rank", of="network", by="cities")'),
    ],
)
def test_words_choose_the_parameters(frozen: solgraph.Knowledge, question: str, call: str) -> None:
    assert any(call in reading.call for reading in frozen.ask(question))


@pytest.mark.parametrize(
    ("question", "call"),
    [
        ("Who was mayor of Palermo in 2014?", 'kg.query("mayors-in-year", year=2014, city="Palermo")'),
        ("In welchen Netzwerken ist Mailand?", 'kg.query("networks-of-city", city="Milan")'),
        ("Quali servizi offre Utrecht?", 'kg.query("services", city="Utrecht")'),
        ("Jakie usługi oferuje Utrecht?", 'kg.query("services", city="Utrecht")'),
    ],
)
def test_four_languages(frozen: solgraph.Knowledge, question: str, call: str) -> None:
    asked = frozen.ask(question)
    assert asked[0].call == call and asked.is_sure


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who leads Solidarity Cities, and is Ghent in Eurocities?", 2),
        ("Kto był burmistrzem Palermo w 2014 i czy Gandawa jest w Eurocities?", 2),
        ("Which city is in Eurocities and is German?", 0),
        ("Wer ist in Eurocities und ist Mitglied in ECCAR?", 0),
    ],
)
def test_a_later_part_may_ask_for_yes_or_no(frozen: solgraph.Knowledge, question: str, parts: int) -> None:
    assert len(frozen.ask(question).parts) == parts


def test_a_later_part_takes_up_the_network_of_the_first(frozen: solgraph.Knowledge) -> None:
    _, second = frozen.ask("Who leads Eurocities, and is Ghent in it?").parts
    assert second[0].call == 'kg.query("is-member", city="Ghent", network="Eurocities")'


def test_a_later_part_takes_up_the_year_of_the_first(frozen: solgraph.Knowledge) -> None:
    _, second = frozen.ask("What began or ended in 2016, and who was mayor of Ghent at that time?").parts
    assert second[0].parameters == {"year": "2016", "city": "Ghent"}


def test_a_half_that_is_no_question_by_itself_forbids_an_answer(frozen: solgraph.Knowledge) -> None:
    assert not frozen.ask("Which networks is Ghent in, and how many euros do they cost?").is_sure


@shipped_only
def test_two_networks_whose_names_share_a_word(shipped: solgraph.Knowledge) -> None:
    asked = shipped.ask("Cities belonging to both Solidarity Cities and Intercultural Cities")
    assert asked[0].call == 'kg.query("cities-in-all", with_=["Solidarity Cities", "Intercultural Cities"])'


def test_what_is_recognised_and_not_used_forbids_an_answer(frozen: solgraph.Knowledge) -> None:
    asked = frozen.ask("Who was mayor of Palermo in Spain?")
    assert not asked.is_sure and asked.answer is None
    assert all("Spain" in (*reading.unused, *reading.parameters.values()) for reading in asked)


@pytest.mark.parametrize(
    "question",
    [
        "Which football clubs play in Palermo?",
        "Why does Palermo belong to Solidarity Cities?",
        "How many refugees in Milan?",
        "Which hospitals are in Bologna?",
        "Welche Sprachen spricht man in Palermo?",
        "Quanto paga Milano di quota a Eurocities?",
        "Who will be mayor of Milan in 2090?",
    ],
)
def test_what_the_graph_cannot_answer_is_not_answered(frozen: solgraph.Knowledge, question: str) -> None:
    assert not frozen.ask(question).is_sure


def test_an_everyday_word_is_no_misspelt_concept(frozen: solgraph.Knowledge) -> None:
    named = mentions("French towns with a foot in Eurocities", index_of(frozen.snapshot)).things
    assert [mention.text for mention in named if not mention.is_everyday] == ["French", "Eurocities"]


def test_an_initiative_by_its_city_and_everyday_words_is_not_named(frozen: solgraph.Knowledge) -> None:
    names = mentions("Which refugee programmes does Utrecht have?", index_of(frozen.snapshot)).names
    assert [name.things[0][1] for name in names] == ["city"]


def test_how_many_people_is_a_question_for_numbers(frozen: solgraph.Knowledge) -> None:
    assert frozen.ask("How many refugees found a flat in Livadia?")[0].query in ("numbers-about", "largest-numbers")


def test_a_joined_question_is_two_only_if_each_names_something(frozen: solgraph.Knowledge) -> None:
    assert not frozen.ask("Berlin and Ghent: which networks are both in?").parts
    assert not frozen.ask("2017: what began and what ended?").parts
    who_asks = frozen.ask("We are Ghent. What networks do we have in common with Berlin?")
    assert not who_asks.parts and {"shared-networks", "are-allied"} <= {reading.query for reading in who_asks}


def test_words_that_nothing_explains_are_named(frozen: solgraph.Knowledge) -> None:
    assert "quantum" in frozen.ask("Which quantum networks is Milan in?")[0].unexplained


def test_two_questions_are_two(frozen: solgraph.Knowledge) -> None:
    asked = frozen.ask("Who was mayor of Milan, and which networks does the city belong to?")
    assert [part[0].query for part in asked.parts] == ["mayors", "networks-of-city"] and not len(asked)
    assert not frozen.ask("Who signed Solidarity Cities, and when?").parts
    assert len(frozen.ask("List the cities that lead ECCAR, plus everything that happened in 2010").parts) == 2


def test_no_empty_answer_stands_before_a_full_one(frozen: solgraph.Knowledge) -> None:
    for question in ("Who was mayor of Tilos in 1800?", "Networks of Ghent in 1950"):
        empty = [reading.is_empty for reading in frozen.ask(question)]
        assert empty == sorted(empty)
        assert not frozen.ask(question).is_sure or not empty[0]


def test_a_question_asked_again_tests_no_readings_for_rows(
    frozen: solgraph.Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings = [reading.call for reading in frozen.ask("Which networks has Ghent joined since 2015?")]
    monkeypatch.setattr(Snapshot, "ask", lambda *_: pytest.fail("asked the graph"))
    assert [reading.call for reading in frozen.ask("Which networks has Ghent joined since 2015?")] == readings


def test_a_select_becomes_the_ask_that_is_true_when_it_has_rows() -> None:
    assert as_ask("SELECT (MAX(?y) AS ?x) { { ?s ?p ?y } } GROUP BY ?s ORDER BY ?x") == "ASK { { ?s ?p ?y } }"
    assert as_ask("SELECT ?s { ?s ?p ?y } GROUP BY ?s HAVING (COUNT(*) > 1)").startswith("SELECT")


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ("{ ?s ?p ?y OPTIONAL { ?s :a ?a BIND(STR(?a) AS ?b) } BIND(?b AS ?c) }", "{ ?s ?p ?y }"),
        ("{ GRAPH ?g { ?s ?p ?y OPTIONAL { ?s :a ?a } } ?y :b ?z }", "{ GRAPH ?g { ?s ?p ?y } ?y :b ?z }"),
        ("{ ?s ?p ?y OPTIONAL { ?s :a ?a } FILTER(!BOUND(?a)) }", None),  # used by a filter
        ("{ ?s ?p ?y OPTIONAL { ?s :a ?a } { ?s :b ?b } }", None),  # what follows would be joined in another order
        # what the first gives the second may take, which then gives no row and takes none either
        ("{ ?s ?p ?y OPTIONAL { ?t :a ?t } OPTIONAL { ?s :b ?t } }", "{ ?s ?p ?y }"),
        ("{ ?s ?p ?y OPTIONAL { ?s :a ?a } OPTIONAL { ?s :b ?a } FILTER(?a > 1) }", None),
        (
            "{ ?s ?p ?y OPTIONAL { ?s :a ?a } VALUES ?v { 1 } FILTER(?y = ?v) }",
            "{ ?s ?p ?y VALUES ?v { 1 } FILTER(?y = ?v) }",
        ),
        ("{ ?s ?p ?y OPTIONAL { ?s :a ?a } VALUES ?a { 1 } }", None),
        ("{ { SELECT (COUNT(?a) AS ?n) { ?s ?p ?y OPTIONAL { ?s :a ?a } } } FILTER(?n > 1) }", None),
        ("{ VALUES ?x { UNDEF 1 } OPTIONAL { ?a :b ?x } FILTER(BOUND(?x)) }", None),
        # what is counted for each, and then what it is counted from; ?b is another outside
        (
            "{ { SELECT ?s (COUNT(?b) AS ?n) { ?s ?p ?y OPTIONAL { ?s :a ?b } } GROUP BY ?s }"
            " ?s :t ?t OPTIONAL { ?s :c ?b } }",
            "{ { SELECT ?s { ?s ?p ?y } GROUP BY ?s } ?s :t ?t }",
        ),
        ("{ { SELECT ?s (COUNT(?b) AS ?n) { ?s ?p ?b } GROUP BY ?s } FILTER(?n > 1) }", None),
        ("{ { SELECT (COUNT(?b) AS ?n) { ?s ?p ?b } } }", None),
        ("{ { SELECT ?s { ?s ?p ?y OPTIONAL { ?s :a ?b } } LIMIT 1 OFFSET 1 } }", None),
    ],
)
def test_whether_there_are_rows_is_asked_without_what_cannot_change_it(where: str, asked: str | None) -> None:
    assert as_ask(f"SELECT * {where}") == f"ASK {asked or where}"


def test_having_any_is_asked_as_well() -> None:
    asked = as_ask("SELECT ?s (COUNT(DISTINCT ?y) AS ?n) { ?s ?p ?y } GROUP BY ?s HAVING (COUNT(DISTINCT ?y) >= 1)")
    assert asked == "ASK { { ?s ?p ?y } FILTER(BOUND(?y)) }"
    assert as_ask("SELECT ?s { ?s ?p ?y } GROUP BY ?s HAVING (COUNT(?y) >= 10)").startswith("SELECT")


def test_every_saved_query_has_rows_when_its_ask_is_true(small: solgraph.Knowledge) -> None:
    cases = yaml.load((EXPECTED / "cases.yaml").read_text("utf-8"), yaml.BaseLoader)
    queries = {case: (small.snapshot.saved[case.partition("--")[0]], values or {}) for case, values in cases.items()}
    names = small.snapshot.label_index
    asked = {case: small.endpoint.ask(saved.bind_ask(values, names)) for case, (saved, values) in queries.items()}
    had = {case: small.endpoint.ask(saved.bind(values, names)) for case, (saved, values) in queries.items()}
    wrong = [case for case in asked if bool(asked[case]) != bool(had[case])]
    assert sum(result.form == "ASK" for result in asked.values()) > 200 and not wrong


# The command


def test_the_command_prints_what_was_understood(run: Run) -> None:
    result = run("ask", "Who was mayor of Palermo in 2014?")
    assert result.exit_code == 0
    assert "Understood as: Who was mayor in a year: year 2014, city Palermo" in result.stdout
    assert "Leoluca Orlando" in result.stdout and "--pick 2" in result.stdout
    assert "Again: solgraph query mayors-in-year --year 2014 --city Palermo" in result.stdout
    assert "Mayors of a city" in run("ask", "Who was mayor of Palermo in 2014?", "--pick", "2").stdout.splitlines()[0]


def test_the_command_is_not_sure(run: Run) -> None:
    result = run("ask", "Which football clubs play in Palermo?")
    assert result.exit_code == 3 and "Not used" not in result.stdout and "not understood: " in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json_has_readings_and_answer(run: Run) -> None:
    asked = json.loads(run("ask", "Who was mayor of Palermo in 2014?", "-f", "json").stdout)
    assert asked["sure"] and asked["readings"][0]["parameters"] == {"year": "2014", "city": "Palermo"}
    assert asked["answer"]["results"]["bindings"]


def test_a_file_gets_the_answer_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "answer.csv"
    assert run("ask", "Who was mayor of Palermo in 2014?", "-o", str(file)).exit_code == 0
    assert file.read_text("utf-8").startswith("city,")


@pytest.mark.skipif(not required(), reason="the examples of a new store are made where SOLGRAPH_ENGINES=required")
def test_a_warm_ask_imports_nothing_heavy(run: Run, tmp_path: Path) -> None:
    command = ["ask", "Who was mayor of Palermo in 2014?", "--store", str(tmp_path / "store")]
    assert run(*command).exit_code == 0
    assert not {"rdflib", "networkx", "pyshacl"} & imported_by(command)


# The page


def test_the_page_shows_what_was_understood_with_values_that_can_be_changed(frozen: solgraph.Knowledge) -> None:
    client = client_of(frozen)
    page = client.get("/ask?q=Chi+era+sindaco+di+Palermo+nel+2014%3F&lang=it", headers={"Accept": "text/html"}).text
    assert "Inteso come" in page and '<option value="palermo" selected>' in page
    assert 'action="/queries/mayors-in-year"' in page
    assert "Leoluca Orlando" in page and "/ask?q=" in page and "pick=2" in page
    asked = client.get("/ask?q=Who+was+mayor+of+Palermo+in+2014%3F", headers={"Accept": "application/json"}).json()
    assert asked["sure"] and asked["readings"][0]["query"] == "mayors-in-year"
    unsure = client.get("/ask?q=quantum+networks+of+Palermo", headers={"Accept": "text/html"}).text
    assert "Not understood" in unsure and "Leoluca Orlando" not in unsure
    nothing = client.get(
        "/ask?q=Qui%C3%A9n", headers={"Accept": "text/html"}
    ).text  # no reading, which is no blank page
    assert "No saved query answers this." in nothing
    assert client.get("/ask?q=Qui%C3%A9n", headers={"Accept": "application/json"}).json()["question"] == "Quién"
    assert client.get("/ask?q=Palermo&pick=9", headers={"Accept": "text/html"}).status_code == 400


def test_the_page_leads_on_to_rows_files_texts_and_commands(frozen: solgraph.Knowledge) -> None:
    client = client_of(frozen)

    def page(**values: str) -> str:
        return str(client.get("/ask", params=values, headers={"Accept": "text/html"}).text)

    answered = page(q="Who was mayor of Palermo in 2014?")
    assert re.search(r"<h1[^>]*>Leoluca Orlando\s*</h1>", answered)
    assert "solgraph query mayors-in-year --year 2014 --city Palermo" in answered
    assert 'href="/queries/mayors-in-year.csv?year=2014&amp;city=Palermo"' in answered
    assert re.search(r'<details class="chip"><summary>\+ Country</summary>', answered)
    assert 'href="/search?q=' in answered and "<mark>" in answered and answered.count('id="q"') == 1
    many = page(q="Which services are there?", pick="1")
    assert re.search(r"<h1[^>]*>\w+: \d+", many) and "Shown: 1–50." in many and ">All " in many
    assert re.search(
        r"<h1[^>]*>die Quellen schweigen\s*</h1>", page(q="Is Berlin a member of Eurocities?", pick="1", lang="de")
    )
    assert 'href="/doc/city/palermo">About: Palermo<' in page(q="palermo")
    both = page(q="Who was mayor of Palermo, and which networks is Palermo in?")
    assert both.count('class="reading"') == 2 and both.count("<h1") == 1
    assert client.get("/ask", params={"q": "x" * 301}).status_code == 400
    picked = client.get("/ask?q=Palermo&pick=1").json()
    assert not picked["sure"] and picked["answer"]["results"]["bindings"]
    assert "?q=Who%20is" in page() and "?q=Wer" in page(lang="de")


def test_examples_beside_a_store_are_the_same_and_small(frozen: solgraph.Knowledge, tmp_path: Path) -> None:
    made = examples.examples_of(frozen.snapshot)
    file = tmp_path / "questions"
    file.write_bytes(examples._bytes(made))
    read = examples._read(file)
    asked = ("mayor", "<city>", "<year>")
    assert read.nearest(asked) == made.nearest(asked) and read.queries == made.queries
    assert file.stat().st_size <= 140_000
    file.write_bytes(b"damaged")
    with pytest.raises(ValueError, match="header"):
        examples._read(file)


def test_a_query_whose_questions_all_name_a_city_loses_where_none_is_named() -> None:
    texts = [{"lead", "<city>"}, {"mayor", "<city>"}, {"lead", "network"}, {"lead", "count"}]
    every = [examples.Example(name, frozenset(text), 1) for name, text in zip("aabb", texts, strict=True)]
    silence = 2 * log(1 - 1 / 6) + log(1 - 2 / 6)
    made = examples.Examples.of([examples.Query(name, (), 2, silence, frozenset()) for name in "ab"], every)
    near, named = made.nearest({"lead"}), made.nearest({"lead", "<city>"})
    assert near["b"] > near["a"] and named["a"] > named["b"]


def test_two_words_for_one_group_are_one_in_the_comparison(frozen: solgraph.Knowledge) -> None:
    asked = mentions("Anything for gay or queer women in Italy?", index_of(frozen.snapshot))
    assert sorted(examples.slots(asked)) == ["<beneficiary 2>", "<beneficiary>", "<country>"]


def test_who_wants_no_examples_does_not_wait_while_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(snapshot: Snapshot) -> examples.Examples:
        with ThreadPoolExecutor() as others:
            return others.submit(snapshot.cached, "another", lambda: examples.Examples([], {}, [])).result(timeout=5)

    monkeypatch.setattr(examples, "_made", made)
    assert not examples.examples_of(Snapshot()).queries


def test_what_is_derived_of_data_in_memory_is_made_once_unless_it_holds_their_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    numbers = map(str, count())
    form = Form("derived", "txt", Path.read_text, str.encode, holds_texts=False)

    def derived(form: Form[str], *files: File) -> str:
        return stored(Snapshot(lambda: [*files]), form, numbers.__next__)

    other = File(tmp_path / "other.ttl", "", b"")
    assert [derived(form), derived(form), derived(form, other), derived(form)] == ["0", "0", "1", "0"]
    assert [derived(form._replace(holds_texts=True)) for _ in range(2)] == ["2", "3"]
