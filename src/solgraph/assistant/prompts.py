"""Prompts that a person chooses: a brief about a city, a comparison of two, each with all that it may be made of."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from solgraph.assistant.answers import queried
from solgraph.assistant.arguments import check, schema
from solgraph.assistant.pages import MOST, Page, lines
from solgraph.assistant.tools import in_language
from solgraph.graph.knowledge import Knowledge

#: Language → what a text is to be written in.
_WRITTEN_IN = {"en": "English", "de": "German", "it": "Italian", "pl": "Polish"}
_RULES = (
    "Use only what stands below. Give each statement its source, with the link or number that it has there. Say what "
    "the sources leave unclear, and that a missing statement means that they are silent, not that something is not so."
)
#: The saved queries that compare two cities; the briefs have the sources of what the first counts.
_COMPARED = ("compare-cities", "shared-networks")
_LANG = "language of the text: en, de, it or pl"


class Prompt(NamedTuple):
    """A prompt: what it is called, what for, its arguments with what they mean, and the function that writes it."""

    name: str
    title: str
    description: str
    arguments: Mapping[str, str]
    write: Callable[..., str]

    @property
    def required(self) -> tuple[str, ...]:
        """The arguments that must be there."""
        return tuple(name for name in self.arguments if name != "lang")


def _brief(kg: Knowledge, written_in: str, *, city: str) -> str:
    task = f"Write a brief of one page in {written_in} about {city} as a solidarity city, for its mayor. {_RULES}"
    return lines(task, kg.brief(city).text())


def _comparison(kg: Knowledge, written_in: str, *, city: str, other: str) -> str:
    task = (
        f"Compare in {written_in} what {city} and {other} do for migrants and refugees: what both do, what only one "
        f"of them does as far as the sources say, and what they share. {_RULES}"
    )
    values = {"city": city, "other": other}
    tables = [queried(kg, Page(MOST), name=name, parameters=values, notes=0).text for name in _COMPARED]
    return lines(task, *tables, kg.brief(city).text(), kg.brief(other).text())


_TABLE = (
    Prompt(
        "city-brief",
        "A brief about a city",
        "One page about a city for its mayor, with numbered sources",
        {"city": "the city, by name in any language", "lang": _LANG},
        _brief,
    ),
    Prompt(
        "comparison",
        "Two cities compared",
        "What two cities do, side by side, and the networks that they share",
        {"city": "a city, by name in any language", "other": "another city", "lang": _LANG},
        _comparison,
    ),
)
PROMPTS = {prompt.name: prompt for prompt in _TABLE}


def written(kg: Knowledge, prompt: Prompt, arguments: Mapping[str, str]) -> str:
    """The text of a prompt. Raises :class:`SolgraphError`, for an argument or a city that there is not."""
    properties = {name: {"type": "string", "description": meaning} for name, meaning in prompt.arguments.items()}
    values = {name: value for name, value in arguments.items() if value.strip()}
    check(prompt.name, schema(properties, prompt.required), values)
    chosen = in_language(kg, values.pop("lang", ""))
    return prompt.write(chosen, _WRITTEN_IN.get(chosen.languages[0], "English"), **values)
