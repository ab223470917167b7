"""The questions by which plain words are tried: what is expected of each is what the shipped data answer."""

from pathlib import Path
from typing import Any

import pytest
import yaml

import solgraph
from programs import required

LANGUAGES = ("en", "de", "it", "pl")
HALVES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text("utf-8"))
ALL = [one for half in HALVES.values() for one in half]
#: All of them take a quarter of a minute.
ASKED = ALL if required() else ALL[::12]


@pytest.mark.parametrize("part", HALVES)
def test_there_are_enough_in_each_part_and_a_fifth_has_no_whole_answer(part: str) -> None:
    texts = [one["text"].casefold() for one in ALL]
    assert len(texts) == len(set(texts))
    for language, least in {"en": 44, "de": 19, "it": 19, "pl": 18}.items():
        answers = [one["answer"] for one in HALVES[part] if one["lang"] == language]
        assert len(answers) >= least
        assert answers.count("whole") <= len(answers) * 0.8


def is_answered(kg: solgraph.Knowledge, expected: dict[str, Any]) -> bool:
    answer = kg.query(expected["query"], **expected.get("params", {}))
    return bool(len(answer)) if answer.boolean is None else answer.boolean


@pytest.mark.parametrize("question", ASKED, ids=[one["text"] for one in ASKED])
def test_the_expected_query_answers(question: dict[str, Any], shipped: solgraph.Knowledge) -> None:
    fits = [question] if "query" in question else []
    fits += [*question.get("also", ()), *question.get("queries", ())]
    assert fits or question["answer"] == "none"
    assert ("reason" in question) == (question["answer"] in ("none", "partly"))
    assert [is_answered(shipped, one) for one in fits] == [question["answer"] != "none"] * len(fits)


def test_no_question_is_one_of_the_headers(shipped: solgraph.Knowledge) -> None:
    headers = {text for query in shipped.queries() for one in LANGUAGES for text in query.asks(one)}
    assert [one["text"] for one in ALL if one["text"] in headers] == []
