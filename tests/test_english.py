"""English texts: no phrase of the list of stilted ones, and names that begin as names do.

The list is ``stilted_phrases.txt``, a regular expression to a line: add what you would not say aloud.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from pyoxigraph import Literal, RdfFormat, parse

from solgraph.cli.main import main
from solgraph.queries.catalogue import catalogue

ROOT = Path(__file__).parents[1]
STILTED = re.compile("|".join((ROOT / "tests" / "stilted_phrases.txt").read_text("utf-8").split("\n")[:-1]))
#: Titles are those of documents, other names and examples those that somebody else chose.
NOT_OURS = ("http://purl.org/dc/terms/title", "http://www.w3.org/2004/02/skos/core#altLabel")
NAMES = tuple(f"http://www.w3.org/2004/02/skos/core#{name}" for name in ("prefLabel", "altLabel"))
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def english(folder: str) -> Iterator[tuple[str, Any]]:
    """The statements of Turtle files whose value is an English text, each with the name of its file."""
    for path in sorted((ROOT / folder).rglob("*.ttl")):
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            if isinstance(quad.object, Literal) and quad.object.language == "en":
                yield path.name, quad


def of_turtle() -> Iterator[tuple[str, str]]:
    for folder in ("data", "ontology"):
        yield from ((name, quad.object.value) for name, quad in english(folder) if quad.predicate.value not in NOT_OURS)


def of_queries() -> Iterator[tuple[str, str]]:
    return ((query.name, text) for query in catalogue(ROOT / "queries") for text in strings(query.header))


def strings(value: Any) -> Iterator[str]:
    """The texts of a header, without the values of examples and the other languages."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for key in value.keys() - {"languages", "example"} for text in strings(value[key]))
    elif isinstance(value, list):
        yield from (text for part in value for text in strings(part))


def of_pages() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))):
        yield path.name, CODE.sub("", path.read_text("utf-8"))
    words = yaml.safe_load((ROOT / "src/solgraph/web/languages/en.yaml").read_text("utf-8"))
    yield from ((key, str(text)) for key, text in words.items())


def of_help() -> Iterator[tuple[str, str]]:
    context = click.Context(main)
    commands = [command for name in main.list_commands(context) if (command := main.get_command(context, name))]
    for command in (main, *commands):
        yield str(command.name), command.help or ""
        yield from ((str(command.name), getattr(param, "help", None) or "") for param in command.params)


def of_messages() -> Iterator[tuple[str, str]]:
    """What stands in quotation marks in the code, without docstrings."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                yield f"{path.name}:{node.lineno}", node.value


@pytest.mark.parametrize("texts", [of_turtle, of_queries, of_pages, of_help, of_messages])
def test_no_text_has_a_stilted_phrase(texts: Any) -> None:
    read = list(texts())
    assert len(read) > 15
    assert [f"{where}: {found[0]}" for where, text in read if (found := STILTED.search(text))] == []


def test_each_stilted_phrase_is_an_expression_that_matches_no_empty_text() -> None:
    assert not STILTED.search("") and not STILTED.search("A plain sentence on Ghent and its networks.")
    assert STILTED.search("Other than elsewhere") and STILTED.search("which is not told")


def test_names_of_things_begin_with_a_capital_a_digit_or_a_mark() -> None:
    unnamed = {quad.subject for quad in unnamed_things()}
    names = [quad for _, quad in english("data") if quad.predicate.value in NAMES and quad.subject not in unnamed]
    assert len(names) > 1000
    assert [quad.object.value for quad in names if quad.object.value[0].islower()] == []


def unnamed_things() -> Iterator[Any]:
    for path in sorted((ROOT / "data").rglob("*.ttl")):
        quads = parse(path=str(path), format=RdfFormat.TURTLE)
        yield from (quad for quad in quads if quad.predicate.value == "https://w3id.org/solgraph/ns#unnamed")
