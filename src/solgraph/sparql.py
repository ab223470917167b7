"""SPARQL as tokens: enough to bind parameters, tell the query form and refuse what reaches outside."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from solgraph.errors import QueryError
from solgraph.terms import PREFIXES

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<comment>\#[^\n\r]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                  | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$]\w+)
      | (?P<name>[^\W\d_][\w.-]*)?:(?P<local>(?:[\w:]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%])
                  (?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%])*)?
      | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<word>[^\W\d]\w*)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token of a query: its kind, its text and the offset where it begins."""

    kind: str
    text: str
    start: int


def tokens(query: str) -> Iterator[Token]:
    """All tokens of a query, white space and comments included: their texts joined give the query again."""
    for match in _TOKEN.finditer(query):
        kind = "name" if match.lastgroup in ("name", "local", None) else match.lastgroup
        yield Token(kind or "name", match.group(), match.start())


def code(query: str) -> list[Token]:
    """The tokens that mean something to SPARQL."""
    return [token for token in tokens(query) if token.kind not in ("space", "comment")]


def line_of(query: str, offset: int) -> int:
    """The line, from 1, in which an offset lies."""
    return query.count("\n", 0, offset) + 1


_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")


def form(query: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``. Raises :class:`QueryError` for updates and other texts."""
    for token in code(query):
        word = token.text.upper()
        if token.kind == "word" and word in _FORMS:
            return word
        if token.kind == "word" and word in _UPDATES:
            raise QueryError(f"{word} changes data or loads it; solgraph only answers queries.", hint=_ONE_OF)
    raise QueryError("This is no SPARQL query.", hint=_ONE_OF)


def with_prefixes(query: str) -> str:
    """The query with a declaration for each known prefix that it uses without declaring it."""
    meaningful = code(query)
    used = {token.text.partition(":")[0] for token in meaningful if token.kind == "name"}
    declared = {
        following.text.partition(":")[0] for token, following in pairwise(meaningful) if token.text.upper() == "PREFIX"
    }
    missing = [prefix for prefix in PREFIXES if prefix in used - declared]
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in missing) + query


def names_graphs(query: str) -> bool:
    """Whether a query speaks of named graphs."""
    return any(token.kind == "word" and token.text.upper() in ("GRAPH", "FROM") for token in code(query))


_ONE_OF = f"A query is one of {', '.join(_FORMS)}."


def refuse_outside(query: str, known_graphs: frozenset[str]) -> None:
    """Refuse what could reach the network or the file system: SERVICE, and FROM of a graph that is not loaded."""
    meaningful = code(query)
    for token, following in zip(meaningful, [*meaningful[1:], None], strict=True):
        word = token.text.upper() if token.kind == "word" else ""
        if word == "SERVICE":
            raise QueryError(
                f"SERVICE (line {line_of(query, token.start)}) is refused: a query must not reach other servers.",
                hint="Ask the other endpoint by itself.",
            )
        if word in ("FROM", "NAMED") and following and following.kind == "iri":
            _refuse_unknown_graph(following.text[1:-1], known_graphs, line_of(query, following.start))


def _refuse_unknown_graph(iri: str, known_graphs: frozenset[str], line: int) -> None:
    if iri not in known_graphs:
        raise QueryError(
            f"FROM <{iri}> (line {line}) is refused: only loaded graphs can be asked, and nothing is fetched.",
            hint="Load a file with --add FILE and ask its named graph.",
        )
