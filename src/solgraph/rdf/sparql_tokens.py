"""SPARQL as tokens: enough to bind parameters, tell the query form and refuse what reaches outside."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from solgraph.errors import QueryError, Refused
from solgraph.rdf.namespaces import PREFIXES

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<comment>\#[^\n\r]*)
      | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
      | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                  | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$][\w\u00B7\u0300-\u036F\u200C\u200D\u203F\u2040]+)
      | (?P<name>[^\W\d_][\w.-]{0,255}+)?:(?P<local>(?:[\w:]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%])
                  (?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%])*)?
      | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<word>[^\W\d]\w*)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


class Bound(str):
    """A query that was checked before values were put in their places: what values say is text, and harmless."""

    __slots__ = ()


class Token(NamedTuple):
    """One token of a query: its kind, its text and the offset where it begins."""

    kind: str
    text: str
    start: int


@lru_cache(maxsize=2)  # the query at hand, of which all the functions below ask, and the one with its values in place
def tokens(query: str) -> tuple[Token, ...]:
    """All tokens of a query, white space and comments included: their texts joined give the query again."""
    return tuple(Token(_kind(match), match.group(), match.start()) for match in _TOKEN.finditer(query))


def _kind(match: re.Match[str]) -> str:
    kind = match.lastgroup
    return "name" if kind is None or kind == "local" else kind


def code(query: str) -> list[Token]:
    """The tokens that mean something to SPARQL."""
    return [token for token in tokens(query) if token.kind not in ("space", "comment")]


def values_clauses(every: Sequence[Token]) -> Iterator[tuple[int, str, int]]:
    """Of each ``VALUES ?x {}`` among the tokens of a query: where it begins, its variable, and where it ends."""
    places = [place for place, token in enumerate(every) if token.kind not in ("space", "comment")]
    for word, name, opening, closing in zip(places, places[1:], places[2:], places[3:], strict=False):
        braces = every[opening].text + every[closing].text
        if every[word].text.upper() == "VALUES" and every[name].kind == "variable" and braces == "{}":
            yield word, every[name].text[1:], closing


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
            raise Refused(f"{word} changes data or loads it; solgraph only answers queries.", hint=_ONE_OF)
    raise QueryError("This is no SPARQL query.", hint=_ONE_OF)


def declared(query: str) -> dict[str, str]:
    """The prefixes that a query declares."""
    meaningful = code(query)
    triples = zip(meaningful, meaningful[1:], meaningful[2:], strict=False)
    return {name.text.rstrip(":"): iri.text[1:-1] for word, name, iri in triples if word.text.upper() == "PREFIX"}


def undeclared(query: str) -> list[str]:
    """The prefixes that a query uses without declaring them."""
    used = [token.text.partition(":")[0] for token in code(query) if token.kind == "name"]
    return list(dict.fromkeys(prefix for prefix in used if prefix not in declared(query)))


def with_prefixes(query: str) -> str:
    """The query with a declaration for each known prefix that it uses without declaring it."""
    missing = [prefix for prefix in undeclared(query) if prefix in PREFIXES]
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}> " for prefix in missing) + query  # lines keep their numbers


def names_graphs(query: str) -> bool:
    """Whether a query speaks of named graphs."""
    return any(token.kind == "word" and token.text.upper() in ("GRAPH", "FROM") for token in code(query))


_ONE_OF = f"A query is one of {', '.join(_FORMS)}."


# Not by tokens: engines read some texts otherwise than any tokeniser, and a call must not slip through between.
_GAP = r"(?:\s|\#[^\n\r]*+)*+"
_SERVICE = re.compile(
    rf"service{_GAP}(?:silent{_GAP})?(?:<[^>]*>|[?$][^\s{{<#]*|[^\s{{<?$#]*:[^\s{{]*){_GAP}\{{", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def service_line(query: str) -> int | None:
    """The line of the first SERVICE of a query."""
    # A line that begins with # is a comment, or within a text, whatever the engine.
    bare = re.sub(r"^[ \t]*#.*$", "", query, flags=re.MULTILINE)
    plain = _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), bare)
    found = _SERVICE.search(plain)
    return line_of(plain, found.start()) if found else None


def refuse_service(query: str) -> None:
    """Refuse SERVICE, which reaches other servers."""
    if (line := service_line(query)) is not None:
        what = f"SERVICE (line {line}) is refused: a query must not reach other servers."
        raise Refused(what, hint="Ask the other endpoint by itself.")


def refuse_outside(query: str, known_graphs: frozenset[str]) -> None:
    """Refuse what could reach the network or the file system: SERVICE, and FROM of a graph that is not loaded."""
    if not isinstance(query, Bound):
        refuse_service(query)
    for iri, line in asked_graphs(query):
        if iri not in known_graphs:
            raise Refused(
                f"FROM <{iri}> (line {line}) is refused: only loaded graphs can be asked, and nothing is fetched.",
                hint="Load a file with --add FILE and ask its named graph.",
            )


def asked_graphs(query: str) -> list[tuple[str, int]]:
    """The graphs that a query asks by FROM and FROM NAMED, each with its line."""
    prefixes = PREFIXES | declared(query)
    found = []
    for token, following in pairwise(code(query)):
        if token.kind == "word" and token.text.upper() in ("FROM", "NAMED") and following.kind in ("iri", "name"):
            prefix, _, local = following.text.partition(":")
            iri = following.text[1:-1] if following.kind == "iri" else prefixes.get(prefix, "") + local
            found.append((iri, line_of(query, following.start)))
    return found
