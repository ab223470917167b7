"""Where in RDF files things are described: the line at which each subject's block begins."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

from pyoxigraph import RdfFormat

from solgraph.rdf.namespaces import expand
from solgraph.rdf.sparql_tokens import Token, code, line_of
from solgraph.rdf.store import File, format_of

#: A node that is described, in the forms that are not of the Turtle family.
_NODES = {
    RdfFormat.JSON_LD: re.compile(r'"@?id"\s*:\s*"([^"]+)"\s*,'),
    RdfFormat.RDF_XML: re.compile(r"""\babout\s*=\s*["']([^"']+)["']"""),
}


def subject_lines(path: Path) -> dict[str, int]:
    """IRI → line of the first block that describes it, for a well-formed RDF file.

    Of JSON-LD and RDF/XML, of the first node with that identifier.
    """
    text = (File(path, "").read().content or b"").decode(errors="replace")
    lines: dict[str, int] = {}
    nodes = _NODES.get(format_of(path))
    subjects = _subjects(text) if nodes is None else ((expand(m[1]) or m[1], m.start()) for m in nodes.finditer(text))
    for iri, start in subjects:
        lines.setdefault(iri if ":" in iri else urljoin(path.absolute().as_uri(), iri), line_of(text, start))
    return lines


def _subjects(text: str) -> Iterator[tuple[str, int]]:
    """Each subject of a text of the Turtle family, and the offset at which its statement begins."""
    prefixes: dict[str, str] = {}
    base = ""
    for statement in _statements(text):
        head = statement[0].text
        if head.upper() in ("@PREFIX", "PREFIX") and len(statement) > 2:
            prefixes[statement[1].text.rstrip(":")] = statement[2].text[1:-1]
        elif head.upper() in ("@BASE", "BASE") and len(statement) > 1:
            base = urljoin(base, statement[1].text[1:-1])
        elif iri := _resolve(head, prefixes):
            yield urljoin(base, iri), statement[0].start


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
        if _is_brace(token, text):  # of a graph in TriG
            yield from [statement] if token.text == "}" and statement else []
            statement = []
            continue
        statement.append(token)
        depth += (token.text in "[(") - (token.text in "])")
        sparql_style = statement[0].text.upper() == {2: "BASE", 3: "PREFIX"}.get(len(statement))
        if sparql_style or (depth == 0 and token.text == "."):
            yield statement
            statement = []


def _is_brace(token: Token, text: str) -> bool:
    """Whether a brace stands alone, and not in ``{|`` or ``|}``."""
    if token.text == "{":
        return text[token.start + 1 : token.start + 2] != "|"
    return token.text == "}" and text[token.start - 1 : token.start] != "|"
