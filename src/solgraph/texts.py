"""The words of the interface, in the languages of its readers: for pages, workbooks and the command line."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("web") / "languages"
#: The columns whose texts are words of a code, such as ``not excluded``.
_CODED = ("answer", "certainty", "first_answer", "second_answer")


@lru_cache(maxsize=16)  # a reader can ask for any
def texts(language: str) -> Mapping[str, str]:
    """Key → text in a language; none in one in which there is no interface.

    The files are YAML of the plainest kind, a text to a line: a command need not load a reader of YAML for them.
    """
    path = _FOLDER / f"{language}.yaml"
    if not (language.isalpha() and path.is_file()):
        return {}
    lines = (line.partition(": ") for line in path.read_text(encoding="utf-8").splitlines())
    return {key: _unquoted(text) for key, _, text in lines}


def _unquoted(text: str) -> str:
    if text[0] == '"':
        return str(json.loads(text))
    return text[1:-1].replace("''", "'") if text[0] == "'" else text


def interface(chain: Iterable[str]) -> str:
    """The language of the interface that comes first in a chain of languages; empty where that is English."""
    tags = (tag.partition("-")[0] for tag in chain)
    found = next((tag for tag in tags if texts(tag)), "en")
    return "" if found == "en" else found


def word(language: str, kind: str, name: str, otherwise: str = "") -> str:
    """A word of the interface in that language, else in English, else ``otherwise``."""
    key = f"{kind}.{name}"
    return texts(language).get(key) or texts("en").get(key) or otherwise or name


def sentence(language: str, key: str, **values: Any) -> str:
    """A text of the interface in that language, else in English, with these values."""
    text = texts(language).get(key) or texts("en")[key]
    return text.format(**values) if values else text


def coded(language: str, column: str, text: str) -> str:
    """The text of a cell, in words if it is of a column of codes."""
    return word(language, "value", text) if column in _CODED else text
