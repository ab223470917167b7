"""What is wrong with a saved query before anyone asks it: each problem with file and line."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import QuerySolutions, Store

from solgraph import sparql
from solgraph.errors import QueryError
from solgraph.queries import SavedQuery, header_line
from solgraph.resources import display
from solgraph.terms import PREFIXES


class Problem(NamedTuple):
    """One fault of a saved query."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def lint(saved: SavedQuery) -> list[Problem]:
    """All faults of a saved query, in the order of its lines."""
    found = [*_parameters(saved), *_variables(saved), *_text(saved), *_columns(saved)]
    return [Problem(f"{display(saved.path)}:{line}", what) for line, what in sorted(found)]


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
    filled = {variable for _, variable, _ in sparql.values_clauses(list(sparql.tokens(saved.text)))}
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


def _columns(saved: SavedQuery) -> Iterator[Fault]:
    lines = saved.text.splitlines()
    if sparql.service_line(saved.text) is not None:
        return
    try:
        form = saved.form
        result = Store().query(saved.text, prefixes=PREFIXES)
    except (SyntaxError, QueryError) as error:
        place = re.search(r"at (\d+):", str(error))
        yield int(place[1]) if place else len(lines), f"not valid SPARQL: {error}"
        return
    projected = [one.value for one in result.variables] if isinstance(result, QuerySolutions) else []
    for name in projected:
        if any(name == param.variable for param in saved.params.values()):
            yield _line_of(saved, name), f"the parameter ?{name} is projected: project another variable."
    if form == "SELECT" and projected != list(saved.columns):
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
