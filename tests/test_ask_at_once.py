"""Questions in plain words: what is answered at once must be right, so what is not sure is not."""

import pytest

import solgraph
from programs import required

#: The examples are made for one graph only where not everything is required.
shipped_only = pytest.mark.skipif(not required(), reason="asked of the shipped data where SOLGRAPH_ENGINES=required")


@pytest.mark.parametrize(
    ("question", "corrected"),
    [
        ("Which networks is Mxlan in?", {"Mxlan": "Milan"}),
        ("Welche Netzwerke hat Potsdan?", {"Potsdan": "Potsdam"}),
        ("Netxwerke von Potsdam", {}),
    ],
)
def test_a_corrected_name_is_said_and_forbids_an_answer(
    frozen: solgraph.Knowledge, question: str, corrected: dict[str, str]
) -> None:
    asked = frozen.ask(question)
    assert asked[0].query == "networks-of-city" and asked[0].corrected == corrected
    assert asked.is_sure == (not corrected)
    assert [f"read as: {name}, for {text}" for text, name in corrected.items()] == [*asked[0].lacks()]


@shipped_only
@pytest.mark.parametrize(
    "question",
    [
        "Which networks has Budapest joined?",
        "Welche Netzwerke hat Burgas?",
        "In quali reti si trova Angers?",
        "Do jakich sieci należy Kair?",
        "Is Angers in Eurocities?",
        "Which programmes for refugees are there in Budapest?",
        "Welche Programme gibt es in Linz für Geflüchtete?",
        "Quali programmi ci sono a Verona?",
        "Jakie sieci ma Toruń?",
        "Kto był burmistrzem Torunia w 2015?",
    ],
)
def test_a_city_that_the_graph_does_not_hold_is_no_other(shipped: solgraph.Knowledge, question: str) -> None:
    assert not shipped.ask(question).is_sure


@pytest.mark.parametrize(
    ("sure", "unsure"),
    [
        ("What does Swansea fund?", "What did Swansea never fund?"),
        ("Who leads Solidarity Cities?", "Which is the second largest city of Solidarity Cities?"),
        ("Ist Berlin in Eurocities?", "Welche Städte außer Berlin sind in Eurocities?"),
        ("Welche Netzwerke hat Mailand?", "Hat Mailand nur ein Netzwerk?"),
        ("Quali servizi offre Utrecht?", "Quali servizi non offre Utrecht?"),
        ("Jakie usługi oferuje Utrecht?", "Jakich usług nie oferuje Utrecht?"),
        ("Who are the mayors of Palermo?", "Who will be the next mayor of Palermo?"),
        ("Which networks is Milan in?", "What does each network of Milan charge as a fee?"),
        ("Who was mayor of Milan in 2014?", "What was the salary of the mayor of Milan in 2014?"),
        ("Which programmes does Utrecht run?", "What is the address of the programmes of Utrecht?"),
    ],
)
def test_a_word_that_turns_the_sense_forbids_an_answer(frozen: solgraph.Knowledge, sure: str, unsure: str) -> None:
    assert [frozen.ask(question).is_sure for question in (sure, unsure)] == [True, False]


def test_a_later_part_that_names_nothing_is_not_sure(frozen: solgraph.Knowledge) -> None:
    asked = frozen.ask("Which networks is Ghent in, and who pays for services in Swansea?")
    assert asked.parts[1].is_sure
    _, second = frozen.ask("Which networks is Ghent in, and which programmes run in them?").parts
    assert all("Ghent" in (*reading.unused, *reading.parameters.values()) for reading in second)


@shipped_only
def test_a_reading_has_values_that_its_query_takes(shipped: solgraph.Knowledge) -> None:
    """An actor of no class is no organisation for a query that wants one."""
    asked = shipped.ask("What does Rete Città del Dialogo do?")
    assert "international-organisations" not in {reading.query for reading in asked}
    assert all(len(reading.run()) for reading in asked if not reading.is_empty)
