"""Which columns of a query have a value in every row, whatever the data and the values of its parameters are."""

from collections.abc import Iterator, Sequence

from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.sparql_tokens import Token

_CONSTANTS = ("string", "number", "iri", "name")


def bound_columns(query: str) -> frozenset[str]:
    """The variables of a SELECT that surely have a value; where this cannot be decided, the variable is not among them.

    Sure are those of a pattern that each row matches (not within OPTIONAL, MINUS and FILTER; of a UNION those of all
    branches), and counts, constants and choices that cannot fail.
    """
    code = sparql.code(query)
    words = [token.text.upper() for token in code]
    return frozenset(_select(code[words.index("SELECT") + 1 :])) if "SELECT" in words else frozenset()


def _select(tokens: Sequence[Token]) -> set[str]:
    """The sure variables that a SELECT projects; the tokens follow the word."""
    items = list(_items(tokens))
    where = next(place for place, item in enumerate(items) if item[0].text == "{")
    inside = _group(items[where][1:-1])
    if any(item[0].text == "*" for item in items[:where]):
        return inside
    plain = {item[0].text[1:] for item in items[:where] if item[0].kind == "variable"}
    return plain & inside | set().union(*(_named(item, inside) for item in items[:where] if item[0].text == "("))


def _group(tokens: Sequence[Token]) -> set[str]:
    """The sure variables of a group; the tokens are those between its braces."""
    if tokens and tokens[0].text.upper() == "SELECT":
        return _select(tokens[1:])
    bound: set[str] = set()
    branches: set[str] = set()
    items = _items(tokens)
    for item in items:
        word = item[0].text.upper()
        if word == "UNION":
            branches &= _group(next(items)[1:-1])
            continue
        bound |= branches
        branches = _group(item[1:-1]) if word == "{" else set()
        if word in ("OPTIONAL", "MINUS", "FILTER"):
            next(skipped for skipped in items if skipped[0].text in ("(", "{"))
        elif word == "BIND":
            bound |= _named(next(items), bound)
        elif word == "VALUES":
            bound |= _values(next(items), next(items))
        elif item[0].kind == "variable":
            bound.add(item[0].text[1:])
    return bound | branches


def _items(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens one by one, but what stands in brackets as a whole."""
    place = 0
    while place < len(tokens):
        item = sparql.enclosed(tokens[place:])
        yield item
        place += len(item)


def _values(names: Sequence[Token], rows: Sequence[Token]) -> set[str]:
    """The variables of VALUES, unless a row leaves out a value or the rows are those of a parameter."""
    is_sure = len(rows) > 2 and all(token.text.upper() != "UNDEF" for token in rows)
    return {token.text[1:] for token in names if token.kind == "variable"} if is_sure else set()


def _named(item: Sequence[Token], bound: set[str]) -> set[str]:
    """The variable of ``(… AS ?x)``, if the expression surely has a value."""
    *expression, _, name, _ = item[1:]
    return {name.text[1:]} if _has_value(expression, bound) else set()


def _has_value(expression: Sequence[Token], bound: set[str]) -> bool:
    """Whether an expression has a value in each row in which the variables have that are sure."""
    first, *rest = _items(expression)
    if not rest:
        word = first[0].text
        is_parameter = word.startswith("?_") and not word.startswith("?__") and "_multi" not in word
        return first[0].kind in _CONSTANTS or word in ("true", "false") or is_parameter or word[1:] in bound
    word = first[0].text.upper()
    if len(rest) == 1 and word in ("COALESCE", "IF"):
        arguments = [_has_value(argument, bound) for argument in _arguments(rest[0][1:-1])]
        return any(arguments) if word == "COALESCE" else all(arguments)
    if len(rest) == 1 and word == "STRDT":
        text, datatype = _arguments(rest[0][1:-1])
        return _is_string(text) and _has_value(text, bound) and _has_value(datatype, bound)
    return len(rest) == 1 and word in ("BOUND", "COUNT", "EXISTS")


def _is_string(expression: Sequence[Token]) -> bool:
    """Whether an expression is a string or a choice between strings, of which STRDT makes a literal in each row."""
    first, *rest = _items(expression)
    if rest and first[0].text.upper() == "IF":
        return all(map(_is_string, _arguments(rest[0][1:-1])[1:]))
    return not rest and first[0].kind == "string"


def _arguments(tokens: Sequence[Token]) -> list[list[Token]]:
    """The arguments of a function, whose tokens stand between commas."""
    arguments: list[list[Token]] = [[]]
    for item in _items(tokens):
        if item[0].text == ",":
            arguments.append([])
        else:
            arguments[-1] += item
    return arguments
