"""What in a query only some SPARQL engines know, or what engines read differently."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import PREFIXES, XSD

#: A line and a sentence.
Fault = tuple[int, str]

_NO_TOKEN = sparql.Token("", "", 0)
_AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))


def prefixes(text: str) -> Iterator[Fault]:
    """Prefixes that only solgraph knows, each where it is first used."""
    reported = set(sparql.declared(text))
    for before, token in pairwise([_NO_TOKEN, *sparql.code(text)]):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and before.text != "_" and prefix not in reported:
            reported.add(prefix)
            line = f"PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"
            yield sparql.line_of(text, token.start), f"the prefix '{prefix}:' is not declared: write {line}"


def dialect(text: str) -> Iterator[Fault]:
    """What not every SPARQL 1.1 engine knows, or what engines read differently."""
    namespaces = PREFIXES | sparql.declared(text)
    code = [*sparql.code(text), _NO_TOKEN, _NO_TOKEN]
    for place, (token, after) in enumerate(pairwise(code)):
        rest = code[place + 1 :]
        faults = [_function(token, after, namespaces), _star(code[place : place + 3])]
        faults += [_branches(token, rest), _outside(token, rest), _excused(token, rest)]
        yield from ((sparql.line_of(text, token.start), what) for what in faults if what)
    yield from _names_in_group_by(text)


def _function(token: sparql.Token, after: sparql.Token, namespaces: Mapping[str, str]) -> str:
    """What is wrong with a function that has an IRI: only the casts of XSD are in every engine."""
    called = after.text == "(" and after.start == token.start + len(token.text)
    prefix = token.text.partition(":")[0]
    iri = namespaces.get(prefix, "") if token.kind == "name" else token.text[1:] if token.kind == "iri" else XSD
    return f"{token.text}(…) is a function of some engines only." if called and not iri.startswith(XSD) else ""


def _star(tokens: list[sparql.Token]) -> str:
    """What is wrong with ``SELECT *``."""
    words = [token.text.upper() for token in tokens if token.text.upper() not in ("DISTINCT", "REDUCED")]
    what = "SELECT * gives the columns in an order that depends on the engine: name them."
    return what if words[:2] == ["SELECT", "*"] else ""


def _branches(token: sparql.Token, rest: list[sparql.Token]) -> str:
    """What is wrong with EXISTS or MINUS of several branches: where none has a match, Comunica 5.4 never ends."""
    word = token.text.upper()
    group = [inner.text.upper() for inner in sparql.enclosed(rest)] if word in ("EXISTS", "MINUS") else []
    path = any(sign == "|" not in around for *around, sign in zip(group, group[2:], group[1:], strict=False))
    what = f"{word} of a UNION or of a path with | may never end in some engines: write one {word} for each branch."
    return what if path or "UNION" in group else ""


def _outside(token: sparql.Token, rest: list[sparql.Token]) -> str:
    """What is wrong with an OPTIONAL that computes and looks outside: Comunica 5.4 does not join it."""
    group = sparql.enclosed(rest) if token.text.upper() == "OPTIONAL" else []
    tests = [sparql.enclosed(group[place + 1 :]) for place, inner in enumerate(group) if inner.text.upper() == "FILTER"]
    tested = Counter(inner.text for test in tests for inner in test if inner.text.startswith("?"))
    everywhere = Counter(inner.text for inner in group)
    outside = [name for name in tested if tested[name] == everywhere[name] and name[1] != "_"]
    computes = {"BIND", "MINUS", "SELECT"}.intersection(inner.text.upper() for inner in group)
    what = f"an OPTIONAL with {min(computes, default='')} cannot test {' '.join(outside)} of the pattern around it"
    return f"{what} in some engines: test it after the OPTIONAL." if outside and computes else ""


def _excused(token: sparql.Token, rest: list[sparql.Token]) -> str:
    """What is wrong with COALESCE(…, true) of an optional parameter: where it has no value, Virtuoso 7 gives no row."""
    group = sparql.enclosed(rest) if token.text.upper() == "COALESCE" else []
    optional = next((inner.text for inner in group if inner.kind == "variable" and inner.text[1:3] == "__"), "")
    ends = [inner.text for inner in group[-3:]] == [",", "true", ")"]
    what = f"COALESCE(…, true) of {optional} gives no row in some engines when there is no value"
    return f"{what}: write ?x = COALESCE({optional}, ?x)." if optional and ends else ""


def _names_in_group_by(text: str) -> Iterator[Fault]:
    """``GROUP BY (… AS ?x)``, which engines treat differently."""
    grouping = depth = 0
    for before, token in pairwise(sparql.code(text)):
        word = token.text.upper()
        if (before.text.upper(), word) == ("GROUP", "BY"):
            grouping, depth = 1, 0
        elif word in ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "{", "}"):
            grouping = 0
        depth += {"(": 1, ")": -1}.get(word, 0)
        if grouping and depth and word == "AS":
            what = "engines read GROUP BY (… AS ?name) differently: BIND the name in the pattern and group by it."
            yield sparql.line_of(text, token.start), what


def order(text: str) -> Iterator[Fault]:
    """A SELECT without ORDER BY, unless it is a single total."""
    words = list(_words_outside_braces(text))
    if "SELECT" not in words:
        return
    pairs = set(pairwise(words))
    total = ("GROUP", "BY") not in pairs and _AGGREGATES.intersection(words)
    if ("ORDER", "BY") not in pairs and not total:
        start = next(token.start for token in sparql.code(text) if token.text.upper() == "SELECT")
        what = "no ORDER BY: the order of the rows differs from run to run and engine to engine."
        yield sparql.line_of(text, start), what


def _words_outside_braces(text: str) -> Iterator[str]:
    depth = 0
    for token in sparql.code(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if token.kind == "word" and not depth:
            yield token.text.upper()
