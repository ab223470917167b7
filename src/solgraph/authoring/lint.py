"""What is wrong with a saved query before anyone asks it: each problem with file and line."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import QuerySolutions, Store

from solgraph.authoring.cartesian_products import products
from solgraph.errors import QueryError, did_you_mean
from solgraph.queries.header import header_line
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import BASE, PREFIXES, SG, VOCAB, XSD, expand, shorten
from solgraph.rdf.store import load, ontology_files
from solgraph.resources import display


class Problem(NamedTuple):
    """One fault of a saved query."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def lint(saved: SavedQuery, terms: Collection[str] | None = None) -> list[Problem]:
    """All faults of a saved query, in the order of its lines.

    Without ``terms`` only what keeps it from working here. With them (the IRIs that the ontology defines, see
    :func:`ontology_terms`) also what keeps it out of a catalogue: terms of ours that do not exist, what other engines
    do not know or read differently, rows in no order, cartesian products.
    """
    found = [
        *_parameters(saved),
        *_panels(saved),
        *_variables(saved),
        *_text(saved),
        *(invalid := list(_grammar(saved))),
    ]
    valid = not invalid and sparql.service_line(saved.text) is None
    if valid:
        found += _columns(saved)
    if terms is not None:
        found += [*_unknown_terms(saved, terms), *_prefixes(saved), *(dialect := list(_dialect(saved))), *_order(saved)]
        if valid and not dialect:
            found += products(saved.text, [param.variable for param in saved.params.values()])
    return [Problem(f"{display(saved.path)}:{line}", what) for line, what in sorted(found)]


def ontology_terms() -> frozenset[str]:
    """The IRIs of ours that the ontology defines: classes, properties, concepts and their schemes."""
    subjects = {
        str(quad.subject.value) for quad in load(ontology_files(), named=False) if hasattr(quad.subject, "value")
    }
    return frozenset(iri for iri in subjects if iri.startswith(BASE))


Fault = tuple[int, str]


def _parameters(saved: SavedQuery) -> Iterator[Fault]:
    lines = saved.text.splitlines()
    told = saved.header.get("params", {})
    for name in told:
        if name not in saved.params:
            yield header_line(lines, name, "params"), f"the parameter '{name}' is declared but not used (?_{name}…)."
    for name, param in saved.params.items():
        if name not in told:
            line = _line_of(saved, param.variable)
            yield line, f"the parameter '{name}' (?{param.variable}) is not declared under params."
        elif not param.description:
            yield header_line(lines, name, "params"), f"the parameter '{name}' has no description."
        elif param.required and not (param.example or param.values):
            yield header_line(lines, name, "params"), f"the required parameter '{name}' has no example."


def _variables(saved: SavedQuery) -> Iterator[Fault]:
    """Variables that look like parameters and are none: misspelt, spelt in two ways, or several without VALUES."""
    known = {param.variable: param for param in saved.params.values()}
    filled = {variable for _, variable, _ in sparql.values_clauses(sparql.tokens(saved.text))}
    for variable in dict.fromkeys(token.text[1:] for token in sparql.code(saved.text) if token.kind == "variable"):
        if variable.startswith("_") and variable not in known:
            yield _line_of(saved, variable), f"?{variable} looks like a parameter, but is none or is spelt in two ways."
        elif variable in known and known[variable].multiple and variable not in filled:
            yield _line_of(saved, variable), f"?{variable} takes several values: write VALUES ?{variable} {{}}."


def _line_of(saved: SavedQuery, variable: str) -> int:
    offsets = [token.start for token in sparql.code(saved.text) if token.text[1:] == variable]
    return sparql.line_of(saved.text, offsets[0]) if offsets else 1


def _text(saved: SavedQuery) -> Iterator[Fault]:
    if (line := sparql.service_line(saved.text)) is not None:
        yield line, "SERVICE is refused: a saved query must not reach other servers."
    code = sparql.code(saved.text)
    for token, follows in zip(code, code[2:], strict=False):
        if token.text.upper() == "BOUND" and follows.text[1:].startswith("__"):
            yield (
                sparql.line_of(saved.text, token.start),
                f"BOUND({follows.text}) breaks once a value takes the variable's place: write COALESCE(…, true).",
            )


def _grammar(saved: SavedQuery) -> Iterator[Fault]:
    """What keeps the text from being a query; one that holds SERVICE is not tried."""
    if sparql.service_line(saved.text) is not None:
        return
    try:
        sparql.form(saved.text)
        Store().query(saved.text, prefixes=PREFIXES)
    except (SyntaxError, QueryError, RuntimeError) as error:
        said = error.what if isinstance(error, QueryError) else str(error)
        place, _, expected = said.partition(": ")  # a parser's character classes help nobody
        what = said if len(expected) < 80 else f"{place}."
        line = re.search(r"at (\d+):", said)
        yield int(line[1]) if line else len(saved.text.splitlines()), f"not valid SPARQL: {what}"


def _columns(saved: SavedQuery) -> Iterator[Fault]:
    lines = saved.text.splitlines()
    result = Store().query(saved.text, prefixes=PREFIXES)
    projected = [one.value for one in result.variables] if isinstance(result, QuerySolutions) else []
    for name in projected:
        if any(name == param.variable for param in saved.params.values()):
            yield _line_of(saved, name), f"the parameter ?{name} is projected: project another variable."
    if saved.form == "SELECT" and projected != list(saved.columns):
        yield header_line(lines, "columns"), f"columns differ from the query's: {', '.join(projected)}."
    ends = (
        [saved.network[key] for key in ("nodes", "through", "source", "target") if key in saved.network]
        if saved.network
        else []
    )
    for key, named in (("several", saved.header.get("several", [])), ("network", ends)):
        for name in named:
            if name not in projected:
                yield header_line(lines, key), f"'{key}' names no column '{name}'."


def _panels(saved: SavedQuery) -> Iterator[Fault]:
    """Classes on whose pages the answer cannot stand, because no parameter takes the thing."""
    for of_class in saved.panel:
        schemes = [f"{VOCAB}{param.scheme}/" for param in saved.params.values() if param.scheme]
        if not any(saved.of_thing(of_class, iri) for iri in ("", *schemes)):
            line = header_line(saved.text.splitlines(), "panel")
            yield line, f"no parameter takes a {of_class}: 'panel' needs one of that class, or one required IRI."


# What a catalogue asks beyond that.


def _unknown_terms(saved: SavedQuery, terms: Collection[str]) -> Iterator[Fault]:
    """IRIs of our vocabulary, in the query and as types in its header, that are none of the terms."""
    lines = saved.text.splitlines()
    for name, param in saved.params.items():
        asked = [expand(param.type) or "" if param.type else "", VOCAB + param.scheme if param.scheme else ""]
        for iri in filter(lambda iri: _is_unknown(iri, terms), asked):
            yield header_line(lines, name, "params"), _no_term(iri, terms)
    for iri in filter(lambda iri: _is_unknown(iri, terms), (expand(one) or "" for one in saved.panel)):
        yield header_line(lines, "panel"), _no_term(iri, terms)
    for offset, iri in _iris(saved.text):
        if _is_unknown(iri, terms):
            yield sparql.line_of(saved.text, offset), _no_term(iri, terms)


def _is_unknown(iri: str, terms: Collection[str]) -> bool:
    """Whether an IRI of our namespaces is no term, and no scheme of one."""
    ours = iri.startswith((SG, VOCAB)) and iri not in (SG, VOCAB)
    return ours and iri not in terms and not any(term.startswith(iri.rstrip("/") + "/") for term in terms)


def _no_term(iri: str, terms: Collection[str]) -> str:
    space, _, name = iri.rpartition("#" if iri.startswith(SG) else "/")
    near = did_you_mean(name, (one[len(space) + 1 :] for one in terms if one.startswith(space)))
    return f"{shorten(iri)} is no term of the ontology. {near}".rstrip()


def _iris(text: str) -> Iterator[tuple[int, str]]:
    """The IRIs of a query with their offsets, names written out; not those that only declare a prefix."""
    known: Mapping[str, str] = PREFIXES | sparql.declared(text)
    for before, token in pairwise([sparql.Token("", "", 0), *sparql.code(text)]):
        prefix, colon, local = token.text.partition(":")
        if token.kind == "iri" and not (before.kind == "name" and before.text.endswith(":")):
            yield token.start, token.text[1:-1]
        elif token.kind == "name" and local and prefix in known and colon:
            yield token.start, known[prefix] + local.rstrip(".").replace("\\", "")


def _prefixes(saved: SavedQuery) -> Iterator[Fault]:
    """Prefixes that only solgraph knows."""
    declared = sparql.declared(saved.text)
    told: set[str] = set()
    for before, token in pairwise([sparql.Token("", "", 0), *sparql.code(saved.text)]):
        prefix = token.text.partition(":")[0]
        if token.kind != "name" or before.text == "_" or prefix in {*declared, *told}:
            continue
        told.add(prefix)
        line = f"PREFIX {prefix}: <{PREFIXES.get(prefix, '…')}>"
        yield sparql.line_of(saved.text, token.start), f"the prefix '{prefix}:' is not declared: write {line}"


_WORDS = frozenset(
    (
        "BASE PREFIX SELECT DISTINCT REDUCED AS CONSTRUCT DESCRIBE ASK FROM NAMED WHERE GROUP BY HAVING ORDER ASC DESC "
        "LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH SERVICE SILENT BIND MINUS UNION FILTER IN NOT EXISTS A TRUE FALSE "
        "STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE SUBSTR "
        "ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ "
        "NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK "
        "ISLITERAL ISNUMERIC REGEX REPLACE COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR"
    ).split()
)
_SAY_OTHERWISE = {
    "LATERAL": "LATERAL is no SPARQL 1.1: write a subquery that is grouped and joined.",
    "VERSION": "VERSION is no SPARQL 1.1: leave it out.",
}
_SIGNS = {"<<": "triple terms are no SPARQL 1.1.", "{|": "annotations of triples are no SPARQL 1.1."}


def _dialect(saved: SavedQuery) -> Iterator[Fault]:
    """What not every SPARQL 1.1 engine knows, or what engines read differently."""
    known = PREFIXES | sparql.declared(saved.text)
    code = [*sparql.code(saved.text), *[sparql.Token("", "", 0)] * 2]
    for place, (token, after) in enumerate(pairwise(code)):
        for what in (_said_otherwise(token, after), _foreign(token, after, known), _loose(code[place : place + 3])):
            if what:
                yield sparql.line_of(saved.text, token.start), what
    yield from _grouped_under_a_name(saved.text)


def _said_otherwise(token: sparql.Token, after: sparql.Token) -> str:
    """What is wrong with a word or sign that SPARQL 1.1 does not have."""
    word = token.text.upper()
    if token.kind == "word" and (word == "VERSION" or (word not in _WORDS and after.text in ("(", "{"))):
        return _SAY_OTHERWISE.get(word, f"{token.text} is no SPARQL 1.1: other engines do not know it.")
    return _SIGNS.get(token.text + after.text, "") if after.start == token.start + 1 else ""


def _foreign(token: sparql.Token, after: sparql.Token, known: Mapping[str, str]) -> str:
    """What is wrong with a function that has an IRI: only the casts of XSD are in every engine."""
    called = after.text == "(" and after.start == token.start + len(token.text)
    prefix = token.text.partition(":")[0]
    iri = known.get(prefix, "") if token.kind == "name" else token.text[1:] if token.kind == "iri" else XSD
    return f"{token.text}(…) is a function of some engines only." if called and not iri.startswith(XSD) else ""


def _loose(tokens: list[sparql.Token]) -> str:
    """What is wrong with ``SELECT *``."""
    words = [token.text.upper() for token in tokens if token.text.upper() not in ("DISTINCT", "REDUCED")]
    return "SELECT * gives columns in an order of the engine's own: name them." if words[:2] == ["SELECT", "*"] else ""


def _grouped_under_a_name(text: str) -> Iterator[Fault]:
    """``GROUP BY (… AS ?x)``, which engines treat differently."""
    grouping = depth = 0
    for before, token in pairwise(sparql.code(text)):
        word = token.text.upper()
        if (before.text.upper(), word) == ("GROUP", "BY"):
            grouping, depth = 1, 0
        elif (token.kind == "word" and word in ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")) or word in "{}":
            grouping = 0
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if grouping and word == "AS" and depth:
            what = "GROUP BY (… AS ?name) is not read alike everywhere: BIND the name in the pattern and group by it."
            yield sparql.line_of(text, token.start), what


def _order(saved: SavedQuery) -> Iterator[Fault]:
    """A SELECT without ORDER BY, unless it is one total."""
    code = sparql.code(saved.text)
    words = [token.text.upper() for token in _outside_braces(code)]
    if "SELECT" not in words:
        return
    pairs = set(pairwise(words))
    total = ("GROUP", "BY") not in pairs and _AGGREGATES.intersection(words)
    if ("ORDER", "BY") not in pairs and not total:
        start = next(token.start for token in code if token.text.upper() == "SELECT")
        yield sparql.line_of(saved.text, start), "no ORDER BY: rows come in another order each time or elsewhere."


_AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))


def _outside_braces(code: list[sparql.Token]) -> Iterator[sparql.Token]:
    """The words of a query that stand in no pattern."""
    depth = 0
    for token in code:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if token.kind == "word" and not depth:
            yield token
