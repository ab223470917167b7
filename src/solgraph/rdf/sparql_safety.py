"""What a query may not do: reach other servers or files, or nest so deeply that the engine's stack overflows."""

import re

from solgraph.errors import QueryError, Refused
from solgraph.rdf.sparql_tokens import Token, asked_graphs, code, line_of


def refuse_unsafe(query: str, loaded: frozenset[str]) -> None:
    """Refuse what could reach outside the process or end it. Raises :class:`Refused`."""
    refuse_too_deep(query)
    refuse_outside(query, loaded)


def refuse_outside(query: str, loaded: frozenset[str]) -> None:
    """Refuse what could reach the network or the file system: SERVICE, and FROM of a graph that is not loaded."""
    refuse_service(query)
    for iri, line in asked_graphs(query):
        if iri not in loaded:
            raise Refused(
                f"FROM <{iri}> (line {line}) is refused: only loaded graphs can be asked, and nothing is fetched.",
                hint="Load a file with add=… and ask its named graph.",
            )


def refuse_service(query: str) -> None:
    r"""Refuse SERVICE, and a text that holds this word and cannot be read with certainty.

    Read as it stands and, as the grammar wants it, with ``\u`` escapes replaced first: engines do one or the other.
    """
    for text in {query, _unescaped(query)}:
        if "service" not in text.lower():
            continue
        if line := service_line(text):
            what = f"SERVICE (line {line}) is refused: a query must not reach other servers."
            raise Refused(what, hint="Ask the other endpoint by itself.")
        if line := _unreadable_line(text):
            what = f"The query holds the word 'service' and cannot be read with certainty (line {line}); it is refused."
            raise Refused(what, hint="Put spaces between words and signs, and close strings and brackets.")


_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def _unescaped(query: str) -> str:
    return _ESCAPE.sub(lambda match: chr(min(int(match[1] or match[2], 16), 0x10FFFF)), query)


def service_line(query: str) -> int | None:
    """The line of the first SERVICE of a query."""
    end = Token("", "", len(query))
    meaningful = [end, *code(query), end]
    for before, token, after in zip(meaningful, meaningful[1:], meaningful[2:], strict=False):
        if _calls(before.text.upper(), token, after.text):
            return line_of(query, token.start)
    return None


def _calls(before: str, token: Token, after: str) -> bool:
    """Whether an engine may read SERVICE in a token: it needs no space around words, and ends some names at a dot."""
    text = token.text.upper()
    if token.kind == "word":
        return "SERVICE" in text
    prefix, _, local = text.partition(":")
    called = "SERVICE" in prefix and after == "{" and before != "GRAPH"
    return token.kind == "name" and (called or ".SERVICE" in local)


_SIGNS = frozenset("{}()[];,.+-*/<>=!^|&~?")


def _unreadable_line(query: str) -> int | None:
    """The line of a character that SPARQL cannot have, or of an IRI that some engines may read as less-than."""
    before, values = Token("", "", 0), False
    brackets = [""]
    for token in code(query):
        is_compared = brackets[-1] == "(" and (before.kind != "other" or before.text in ")]}")
        hides = token.kind == "iri" and is_compared and re.search("[#']|service", token.text, re.IGNORECASE)
        if hides or (token.kind == "other" and token.text not in _SIGNS):
            return line_of(query, token.start)
        values = token.text.upper() == "VALUES" or (values and before.text != "{")
        if token.text in "([{":
            brackets.append("VALUES" if brackets[-1] == "VALUES" or (values and token.text == "{") else token.text)
        elif token.text in ")]}" and len(brackets) > 1:
            brackets.pop()
        before = token
    return None


#: Engines recurse: pyoxigraph 0.5.13 overflows a stack of 8 MB at 600 nested functions, 2,100 BINDs or 4,100 signs.
DEEPEST, MOST_CLAUSES, MOST_SIGNS = 64, 500, 1000
_CLAUSES = frozenset(("AS", "BIND", "EXISTS", "FILTER", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "UNION"))
_OPERATORS = "+-*/<>=!^|&"


class Checked(str):
    """A query made of a text that was found not too deep by putting values in place, which make it no deeper."""

    __slots__ = ()


def refuse_too_deep(query: str) -> None:
    """Refuse nesting, and chains of clauses or operators, that could overflow the stack of the engine."""
    if isinstance(query, Checked) or _is_shallow(query):
        return
    opened, signs, clauses = [""], [0], 0
    for token in code(query):
        kind, text, _ = token
        if kind == "word":
            clauses += text.upper() in _CLAUSES
        elif text in "([{":
            opened.append(text)
            signs.append(0)
        elif text in ")]}" and len(opened) > 1:
            opened.pop()
            signs.pop()
        elif kind == "other" or (kind == "number" and opened[-1] == "("):
            signs[-1] += text[0] in _OPERATORS
        if len(opened) > DEEPEST + 1 or clauses > MOST_CLAUSES or signs[-1] > MOST_SIGNS:
            what = f"The query is nested too deeply or has too many clauses (line {line_of(query, token.start)})."
            bounds = f"{DEEPEST} brackets in each other and {MOST_CLAUSES} clauses"
            raise QueryError(what, hint=f"It may have {bounds}; put lists in VALUES or IN.")


def _is_shallow(query: str) -> bool:
    """Whether a query has too few brackets, operators and clauses for that: to count them is faster than to read it."""
    held = query.upper()
    bounds = (("([{", DEEPEST), (_OPERATORS, MOST_SIGNS), (_CLAUSES, MOST_CLAUSES))
    return all(sum(map(held.count, each)) <= most for each, most in bounds)
