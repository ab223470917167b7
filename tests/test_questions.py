"""The questions by which plain words are tried: what is expected of each is what the shipped data answer."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

import solgraph

LANGUAGES = ("en", "de", "it", "pl")
HALVES: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text("utf-8"))
ALL = [one for half in HALVES.values() for one in half]


def order(question: dict[str, Any]) -> tuple[str, str]:
    return question["answer"], sha256(question["text"].encode()).hexdigest()


def in_order(questions: list[dict[str, Any]], language: str, whole: bool) -> list[str]:
    some = [one for one in questions if one["lang"] == language and (one["answer"] == "whole") == whole]
    return [one["text"] for one in sorted(some, key=order)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("whole", [True, False])
def test_every_other_question_is_held_back(language: str, whole: bool) -> None:
    asked = in_order(ALL, language, whole)
    assert in_order(HALVES["tune"], language, whole) == asked[::2]
    assert in_order(HALVES["hold"], language, whole) == asked[1::2]


def test_there_are_enough_and_a_third_has_no_whole_answer() -> None:
    texts = [one["text"] for one in ALL]
    assert len(texts) == len(set(texts))
    for language, least in {"en": 60, "de": 20, "it": 20, "pl": 20}.items():
        answers = [one["answer"] for one in ALL if one["lang"] == language]
        assert len(answers) >= least
        assert answers.count("whole") <= len(answers) * 0.7


def is_answered(kg: solgraph.Knowledge, expected: dict[str, Any]) -> bool:
    answer = kg.query(expected["query"], **expected.get("params", {}))
    return bool(len(answer)) if answer.boolean is None else answer.boolean


@pytest.mark.parametrize("question", ALL, ids=[one["text"] for one in ALL])
def test_the_expected_query_answers(question: dict[str, Any], shipped: solgraph.Knowledge) -> None:
    fits = [question] if "query" in question else []
    fits += [*question.get("also", ()), *question.get("queries", ())]
    assert fits or question["answer"] == "none"
    assert ("reason" in question) == (question["answer"] in ("none", "partly"))
    assert [is_answered(shipped, one) for one in fits] == [question["answer"] != "none"] * len(fits)


def test_no_question_is_one_of_the_headers(shipped: solgraph.Knowledge) -> None:
    headers = {text for query in shipped.queries() for one in LANGUAGES for text in query.asks(one)}
    assert [one["text"] for one in ALL if one["text"] in headers] == []
