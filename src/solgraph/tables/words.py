"""The words that an import understands: names of columns, months and countries, words around dates and places."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def words(section: str) -> dict[str, list[str]]:
    """The words of a section of ``words.yaml``, by what they mean."""
    return {meaning: [word.strip() for word in text.split(",")] for meaning, text in _sections()[section].items()}


@cache
def _sections() -> dict[str, dict[str, str]]:
    text = files("solgraph.tables").joinpath("words.yaml").read_text("utf-8")
    sections: Any = yaml.load(text, Loader=yaml.BaseLoader)
    return dict(sections)
