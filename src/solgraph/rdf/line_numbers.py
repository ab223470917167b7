"""Where in Turtle files things are described: the line at which each subject's block begins."""

from collections.abc import Iterator
from pathlib import Path

from solgraph.rdf.sparql_tokens import Token, code, line_of


def subject_lines(path: Path) -> dict[str, int]:
    """IRI → line of the first block that describes it, for a file that is known to be well-formed Turtle."""
    text = path.read_text(encoding="utf-8")
    prefixes: dict[str, str] = {}
    lines: dict[str, int] = {}
    for statement in _statements(text):
        head = statement[0].text
        if head.upper() in ("@PREFIX", "PREFIX") and len(statement) > 2:
            prefixes[statement[1].text.rstrip(":")] = statement[2].text[1:-1]
        elif iri := _resolve(head, prefixes):
            lines.setdefault(iri, line_of(text, statement[0].start))
    return lines


def _resolve(token: str, prefixes: dict[str, str]) -> str:
    if token.startswith("<"):
        return token[1:-1]
    prefix, colon, local = token.partition(":")
    return prefixes.get(prefix, "") + local.replace("\\", "") if colon else ""


def _statements(text: str) -> Iterator[list[Token]]:
    """The tokens of each statement; a full stop within a number does not end one, nor one within brackets."""
    statement: list[Token] = []
    depth = 0
    for token in code(text):
        statement.append(token)
        depth += (token.text in "[(") - (token.text in "])")
        sparql_style = len(statement) == 3 and statement[0].text.upper() == "PREFIX"
        if sparql_style or (depth == 0 and token.text == "."):
            yield statement
            statement = []
