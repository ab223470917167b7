"""What is wrong with a saved query before anyone asks it: each problem with file and line."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from pyoxigraph import QuerySolutions, Store

from solgraph.authoring import portability
from solgraph.authoring.cartesian_products import products
from solgraph.authoring.portability import Fault
from solgraph.errors import ParameterError, QueryError, Refused, did_you_mean
from solgraph.queries.header import COLUMN_TYPES, header_line
from solgraph.queries.parameters import Parameter, Verbatim
from solgraph.queries.saved_query import SUFFIXES, SavedQuery
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import BASE, ID, PREFIXES, SG, VOCAB, expand, shorten
from solgraph.rdf.sparql_safety import refuse_unsafe
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

    Without ``terms``, only what prevents it from working here. With them (the IRIs that the ontology defines, see
    :func:`ontology_terms`), also what keeps it out of a catalogue: terms of ours that do not exist, what other engines
    do not know or read differently, rows without order, cartesian products.
    """
    faults = [*_parameters(saved), *_panels(saved), *_variables(saved)]
    invalid = list(_tests(saved)) or list(_grammar(saved))
    faults += [*invalid, *([] if invalid else _columns(saved))]
    if terms is not None:
        faults += [*_unknown_terms(saved, terms), *portability.prefixes(saved.text), *portability.order(saved.text)]
        dialect = list(portability.dialect(saved.text))
        faults += dialect or invalid or products(_bound(saved))
    return [Problem(f"{display(saved.path)}:{line}", what) for line, what in sorted(set(faults))]


def ontology_terms() -> frozenset[str]:
    """The IRIs of ours that the ontology defines: classes, properties, concepts and their schemes."""
    subjects = (getattr(quad.subject, "value", "") for quad in load(ontology_files(), named=False))
    return frozenset(iri for iri in subjects if iri.startswith(BASE))


# The header, held against the text.


def _parameters(saved: SavedQuery) -> Iterator[Fault]:
    lines = saved.text.splitlines()
    declared = saved.header.get("params", {})
    for name in declared:
        if name not in saved.params:
            yield header_line(lines, name, "params"), f"the parameter '{name}' is declared but not used (?_{name}…)."
    if (absence := saved.header.get("absence")) and absence not in saved.params:
        yield header_line(lines, "absence"), f"'absence' names no parameter '{absence}'."
    for name, param in saved.params.items():
        if name not in declared and param.default is None:
            line = _line_of(saved, param.variable)
            yield line, f"the parameter '{name}' (?{param.variable}) is not declared under params."
        elif name in declared and not param.description:
            yield header_line(lines, name, "params"), f"the parameter '{name}' has no description."
        elif param.required and not (param.example or param.values):
            yield header_line(lines, name, "params"), f"the required parameter '{name}' has no example."


def _panels(saved: SavedQuery) -> Iterator[Fault]:
    """Classes on whose pages the answer cannot be shown, because no parameter takes the thing."""
    for of_class in saved.panel:
        schemes = [f"{VOCAB}{param.scheme}/" for param in saved.params.values() if param.scheme]
        if not any(saved.of_thing(of_class, iri) for iri in ("", *schemes)):
            line = header_line(saved.text.splitlines(), "panel")
            yield line, f"no parameter takes a {of_class}: 'panel' needs one of that class, or one required IRI."


def _columns(saved: SavedQuery) -> Iterator[Fault]:
    lines = saved.text.splitlines()
    answer = Store().query(_bound(saved), prefixes=PREFIXES)
    projected = [variable.value for variable in answer.variables] if isinstance(answer, QuerySolutions) else []
    if saved.form == "SELECT" and projected != list(saved.columns):
        yield header_line(lines, "columns"), f"columns differ from the query's: {', '.join(projected)}."
    for name, held in saved.column_types.items():
        if held and held not in COLUMN_TYPES and not expand(held):
            what = f"the column '{name}' has an unknown type: '{held}'."
            yield header_line(lines, name, "columns"), f"{what} Known: {', '.join(COLUMN_TYPES)}, a class (sg:City)"
    view = saved.network or {}
    ends = [view[key] for key in ("nodes", "through", "source", "target") if key in view]
    for key, columns in (("several", saved.header.get("several", [])), ("network", ends)):
        for column in columns:
            if column not in projected:
                yield header_line(lines, key), f"'{key}' names no column '{column}'."


# The variables.


def _variables(saved: SavedQuery) -> Iterator[Fault]:
    """Variables that look like parameters but are none: misspelt, spelt in two ways, or several without VALUES."""
    for variable, line in saved.strays.items():
        yield line, f"?{variable} looks like a parameter, but is none or is spelt in two ways. {SUFFIXES}"
    params = {param.variable: param for param in saved.params.values()}
    filled = {variable for _, variable, _ in sparql.values_clauses(sparql.tokens(saved.text))}
    for variable in dict.fromkeys(token.text[1:] for token in sparql.code(saved.text) if token.kind == "variable"):
        if variable in params and params[variable].multiple and variable not in filled:
            yield _line_of(saved, variable), f"?{variable} takes several values: write VALUES ?{variable} {{}}."


def _line_of(saved: SavedQuery, variable: str) -> int:
    offsets = [token.start for token in sparql.code(saved.text) if token.text[1:] == variable]
    return sparql.line_of(saved.text, offsets[0]) if offsets else 1


def _tests(saved: SavedQuery) -> Iterator[Fault]:
    """BOUND of a parameter, which is not SPARQL once a value takes the variable's place."""
    code = sparql.code(saved.text)
    for token, argument in zip(code, code[2:], strict=False):
        if token.text.upper() == "BOUND" and argument.text[1:].startswith("__"):
            what = f"BOUND({argument.text}) breaks once a value takes the variable's place"
            yield sparql.line_of(saved.text, token.start), f"{what}: write ?x = COALESCE({argument.text}, ?x)."


# The text, with values in place of the parameters.

#: Kind of parameter → a value for one without example.
_ANY_VALUE = {"iri": f"{ID}city/x", "xsd:date": "2018-06-30", "xsd:dateTime": "2018-06-30T12:00:00Z"} | {
    "xsd:gYear": "2018",
    "xsd:gYearMonth": "2018-06",
    "xsd:boolean": "true",
}


def _bound(saved: SavedQuery, *, optional: bool = True) -> str:
    """The query with values for all parameters, or only for those that it needs."""
    needed = [param for param in saved.params.values() if optional or param.required]
    return saved.bind({param.name: _any_value(param) for param in needed}, _AnyThing(), strict=False)


def _any_value(param: Parameter) -> Any:
    return param.example or param.default or next(iter(param.values), _ANY_VALUE.get(param.kind, "1"))


class _AnyThing(Verbatim):
    """Whatever a value of a header calls a thing, it is a name of that thing."""

    def find(self, text: str, of_class: str = "", scheme: str = "", *, asked_by: str = "") -> str:
        return expand(text) or f"{ID}city/x"


def _grammar(saved: SavedQuery) -> Iterator[Fault]:
    """What keeps the text from being a query that may be asked, with its optional parameters and without."""
    filled = " with values in place of its parameters" if saved.params else ""
    for optional, condition in ((True, filled), (False, " without its optional parameters")):
        try:
            text = _bound(saved, optional=optional)
            sparql.form(text)
            refuse_unsafe(str(text), frozenset(iri for iri, _ in sparql.asked_graphs(text)))
            Store().query(text, prefixes=PREFIXES)
        except ParameterError as error:
            yield header_line(saved.text.splitlines(), "params"), error.what
        except Refused as error:
            yield _line_in(error.what, saved), error.what
        except (SyntaxError, QueryError, RuntimeError) as error:
            yield _line_in(str(error), saved), f"not valid SPARQL{condition}: {_reason(str(error))}"
        else:
            continue
        return


def _line_in(message: str, saved: SavedQuery) -> int:
    line = re.search(r"(?:at |line )(\d+)", message)
    return int(line[1]) if line else len(saved.text.splitlines())


def _reason(message: str) -> str:
    """The first line of a parser's message, without a long list of what it expected."""
    what = message.partition("\n")[0]
    place, _, expected = what.partition(": ")
    return what if len(expected) < 80 else f"{place}."


# The terms.


def _unknown_terms(saved: SavedQuery, terms: Collection[str]) -> Iterator[Fault]:
    """IRIs of our vocabulary, in the query and as types in its header, that the ontology does not define."""
    lines = saved.text.splitlines()
    places: list[tuple[int, str]] = []
    for name, param in saved.params.items():
        line = header_line(lines, name, "params")
        places += [(line, expand(param.type) or ""), (line, VOCAB + param.scheme if param.scheme else "")]
        places += [(header_line(lines, name, "defaults"), param.default or "")] if param.kind == "iri" else []
    places += [(header_line(lines, name, "columns"), expand(held) or "") for name, held in saved.column_types.items()]
    places += [(header_line(lines, "panel"), expand(of_class) or "") for of_class in saved.panel]
    places += [(sparql.line_of(saved.text, offset), iri) for offset, iri in _iris(saved.text)]
    for line, iri in places:
        if _is_unknown(iri, terms):
            yield line, _no_term(iri, terms)


def _is_unknown(iri: str, terms: Collection[str]) -> bool:
    """Whether an IRI of our namespaces is no term, and no scheme of one."""
    ours = iri.startswith((SG, VOCAB)) and iri not in (SG, VOCAB)
    return ours and iri not in terms and not any(term.startswith(iri.rstrip("/") + "/") for term in terms)


def _no_term(iri: str, terms: Collection[str]) -> str:
    space, _, name = iri.rpartition("#" if iri.startswith(SG) else "/")
    near = did_you_mean(name, (term[len(space) + 1 :] for term in terms if term.startswith(space)))
    return f"{shorten(iri)} is not a term of the ontology. {near}".rstrip()


def _iris(text: str) -> Iterator[tuple[int, str]]:
    """The IRIs of a query with their offsets, names written out; not those that only declare a prefix."""
    namespaces: Mapping[str, str] = PREFIXES | sparql.declared(text)
    for before, token in pairwise([sparql.Token("", "", 0), *sparql.code(text)]):
        prefix, _, local = token.text.partition(":")
        if token.kind == "iri" and not (before.kind == "name" and before.text.endswith(":")):
            yield token.start, token.text[1:-1]
        elif token.kind == "name" and local and prefix in namespaces:
            yield token.start, namespaces[prefix] + local.rstrip(".").replace("\\", "")
