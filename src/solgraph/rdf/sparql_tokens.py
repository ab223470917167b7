"""SPARQL as tokens, by the letter of its grammar: enough to bind parameters and to refuse what reaches outside."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import dropwhile, islice, pairwise
from typing import NamedTuple

from solgraph.errors import QueryError, Refused
from solgraph.rdf.namespaces import PREFIXES

# The terminals of SPARQL 1.1, section 19.8. Beyond ASCII every character is taken for a letter of a name, as no other
# token may hold one: a class of the exact Unicode ranges would take 40 ms to compile.
_LETTER = r"[^\x00-@\[-`{-\x7f]"
_WORD = r"[^\x00-/:-@\[-^`{-\x7f]"
_CHAR = r"[^\x00-,./:-@\[-^`{-\x7f]"
_PLX = r"%[0-9A-Fa-f]{2}|\\[-_~.!$&'()*+,;=/?\#@%]"
_ESCAPED = r"\\[tbnrf\\\"']|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"

_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
      | (?P<comment>\#[^\n\r]*(?:[\n\r]+\#[^\n\r]*)*+)
      | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
      | (?P<string>\"{{3}}(?:\"{{0,2}}(?:[^"\\]|{_ESCAPED}))*\"{{3}} | '{{3}}(?:'{{0,2}}(?:[^'\\]|{_ESCAPED}))*'{{3}}
                  | "(?:[^"\\\n\r]|{_ESCAPED})*" | '(?:[^'\\\n\r]|{_ESCAPED})*')
      | (?P<variable>[?$]{_WORD}+)
      | (?P<blank>_:{_WORD}(?:{_CHAR}|\.+(?={_CHAR}))*)
      | (?P<name>(?:{_LETTER}(?:{_CHAR}|\.+(?={_CHAR})){{0,255}}+)?:
                 (?:(?:{_WORD}|:|{_PLX})(?:{_CHAR}|:|{_PLX}|\.+(?={_CHAR}|[:%\\]))*)?)
      | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
      | (?P<number>[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
      | (?P<word>[A-Za-z][A-Za-z0-9_]*)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token of a query: its kind, its text and the offset where it begins."""

    kind: str
    text: str
    start: int


@lru_cache(maxsize=2)  # the query at hand, of which all the functions below ask, and the one with its values in place
def tokens(query: str) -> tuple[Token, ...]:
    """All tokens of a query, white space and comments included: their texts joined give the query again.

    The kind is the name of a group in the pattern above; ``other`` is a sign, or a character that SPARQL cannot have.
    """
    return tuple(_each(query))


def _each(query: str) -> Iterator[Token]:
    return (Token(match.lastgroup or "", match.group(), match.start()) for match in _TOKEN.finditer(query))


@lru_cache(maxsize=2)
def code(query: str) -> tuple[Token, ...]:
    """The tokens that mean something to SPARQL."""
    return tuple(token for token in tokens(query) if token.kind not in ("space", "comment"))


def values_clauses(every: Sequence[Token]) -> Iterator[tuple[int, str, int]]:
    """Of each ``VALUES ?x {}`` among the tokens of a query: where it begins, its variable, and where it ends."""
    places = [place for place, token in enumerate(every) if token.kind not in ("space", "comment")]
    for word, name, opening, closing in zip(places, places[1:], places[2:], places[3:], strict=False):
        braces = every[opening].text + every[closing].text
        if every[word].text.upper() == "VALUES" and every[name].kind == "variable" and braces == "{}":
            yield word, every[name].text[1:], closing


def enclosed(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens from an opening bracket to the one that closes it; the first alone if it is no bracket."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(token.text, 0)
        if not depth:
            return tokens[: place + 1]
    return tokens


def line_of(query: str, offset: int) -> int:
    """The line, from 1, in which an offset lies."""
    return query.count("\n", 0, offset) + 1


_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY")
_ALLOWED = f"A query is one of {', '.join(_FORMS)}."


def form(query: str) -> str:
    """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``. Raises :class:`QueryError` for updates and other texts."""
    for token in _each(query):
        word = token.text.upper()
        if token.kind == "word" and word in _FORMS:
            return word
        if token.kind == "word" and word in _UPDATES:
            raise Refused(f"{word} changes data or loads it; solgraph only answers queries.", hint=_ALLOWED)
    raise QueryError("This is not a SPARQL query.", hint=_ALLOWED)


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


def star(query: str) -> int | None:
    """The offset of the ``*`` in the projection of a query, if it has one."""
    if "*" not in query:
        return None
    meaningful = (token for token in _each(query) if token.kind not in ("space", "comment"))
    after = dropwhile(lambda token: token.kind != "word" or token.text.upper() not in _FORMS, meaningful)
    words = [token for token in islice(after, 3) if token.text.upper() not in ("DISTINCT", "REDUCED")]
    is_star = len(words) > 1 and words[0].text.upper() == "SELECT" and words[1].text == "*"
    return words[1].start if is_star else None


def with_columns(query: str, star: int, names: Iterable[str]) -> str:
    """The query with these variables in place of its ``*``, in the order in which it names them."""
    order: dict[str, None] = dict.fromkeys(token.text[1:] for token in code(query) if token.kind == "variable")
    wanted = set(names)
    columns = [name for name in order if name in wanted]
    return f"{query[:star]}{' '.join(f'?{name}' for name in columns)}{query[star + 1 :]}" if columns else query


def names_graphs(query: str) -> bool:
    """Whether a query asks named graphs."""
    return any(_words_among(query, ("GRAPH", "FROM")))


def _words_among(query: str, words: Collection[str]) -> Iterator[Token]:
    """The words of a query that are among these; a look at its text, which is faster, finds that most have none."""
    text = query.upper()
    if any(re.search(rf"(?<![A-Z_?$]){word}(?![A-Z0-9_])", text) for word in words if word in text):
        yield from (token for token in _each(query) if token.kind == "word" and token.text.upper() in words)


def asked_graphs(query: str) -> list[tuple[str, int]]:
    """The graphs that a query asks by FROM and FROM NAMED, each with its line."""
    words = ("FROM", "NAMED")
    if not any(_words_among(query, words)):
        return []
    graphs = [
        following
        for token, following in pairwise(code(query))
        if token.kind == "word" and token.text.upper() in words and following.kind in ("iri", "name")
    ]
    prefixes = PREFIXES | declared(query) if graphs else {}
    asked = []
    for graph in graphs:
        prefix, _, local = graph.text.partition(":")
        iri = graph.text[1:-1] if graph.kind == "iri" else prefixes.get(prefix, "") + local
        asked.append((iri, line_of(query, graph.start)))
    return asked
