"""How often the readings of the questions in ``questions.yaml`` are right, by language."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import solgraph
from solgraph.graph.ask.readings import Asked, Reading

LANGUAGES = ("en", "de", "it", "pl")


class Outcome(NamedTuple):
    """What came of a question: the place of the right reading, from 1, and whether it was answered at once, rightly."""

    question: Mapping[str, Any]
    place: int | None
    is_answered: bool
    is_right: bool


def questions(half: str) -> list[dict[str, Any]]:
    """One half of the questions."""
    text = Path(__file__).with_name("questions.yaml").read_text("utf-8")
    every: list[dict[str, Any]] = yaml.safe_load(text)[half]
    return every


def outcome(kg: solgraph.Knowledge, question: Mapping[str, Any], text: str = "") -> Outcome:
    """Ask one question, perhaps in other words, and compare its readings with those that are right."""
    asked = kg.ask(text or question["text"])
    is_answered = asked.is_sure
    place = _place(kg, question, asked)
    return Outcome(question, place, is_answered, question["answer"] in ("whole", "halves") and place == 1)


def _place(kg: solgraph.Knowledge, question: Mapping[str, Any], asked: Asked) -> int | None:
    if question["answer"] == "halves":
        wanted = [{**half, "also": half.get("also", [])} for half in question["queries"]]
        found = [_place_of(kg, [half, *half["also"]], part) for half, part in zip(wanted, asked.parts, strict=False)]
        return max(found) if len(found) == len(wanted) and all(found) else None  # type: ignore[type-var]
    if "query" not in question:
        return None
    right = [question, *question.get("also", ())]
    return min(filter(None, (_place_of(kg, right, part) for part in asked.parts or [asked])), default=None)


def _place_of(kg: solgraph.Knowledge, right: Iterable[Mapping[str, Any]], readings: Iterable[Reading]) -> int | None:
    wanted = [(each["query"], iris_of(kg, each["query"], each.get("params", {}))) for each in right]
    for place, reading in enumerate(readings, 1):
        if (reading.query, iris_of(kg, reading.query, reading.values)) in wanted:
            return place
    return None


def iris_of(kg: solgraph.Knowledge, query: str, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """The values of parameters as IRIs and texts."""
    params = kg.snapshot.saved[query].params
    found = {}
    for name, value in values.items():
        texts = [str(each) for each in (value if isinstance(value, list) else [value])]
        param = params[name]
        if param.kind == "iri":
            texts = [kg.snapshot.label_index.find(text, param.type, param.scheme) for text in texts]
        found[name] = sorted(texts)
    return found


def misspelt(text: str) -> str:
    """A question with one wrong letter in its first name: of the last long word with a capital letter."""
    words = text.split()
    for place in range(len(words) - 1, 0, -1):
        word = words[place]
        if word[:1].isupper() and len(word) >= 6 and word[:6].isalpha():
            words[place] = f"{word[:3]}{'x' if word[3] != 'x' else 'y'}{word[4:]}"
            return " ".join(words)
    return ""


def rates(outcomes: Iterable[Outcome]) -> dict[str, dict[str, str]]:
    """Language → the rates of its questions as texts."""
    groups: dict[str, list[Outcome]] = {}
    for each in outcomes:
        groups.setdefault(each.question["lang"], []).append(each)
        groups.setdefault("all", []).append(each)
    return {language: _rates(groups[language]) for language in (*LANGUAGES, "all") if language in groups}


def _rates(outcomes: list[Outcome]) -> dict[str, str]:
    answerable = [each for each in outcomes if each.question["answer"] != "none"]
    hopeless = [each for each in outcomes if each.question["answer"] in ("none", "partly")]
    at_once = [each for each in outcomes if each.is_answered]
    return {
        "questions": str(len(outcomes)),
        "first reading right": _share(sum(each.place == 1 for each in answerable), len(answerable)),
        "within three": _share(sum(each.place is not None for each in answerable), len(answerable)),
        "answered at once": _share(sum(each.is_answered for each in answerable), len(answerable)),
        "right of those": _share(sum(each.is_right for each in at_once), len(at_once)),
        "answered without an answer": _share(sum(each.is_answered for each in hopeless), len(hopeless)),
    }


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "–"
