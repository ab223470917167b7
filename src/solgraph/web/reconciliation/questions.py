"""JSON of a client → questions; what cannot be read is a problem 400 that says where."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from solgraph.errors import did_you_mean
from solgraph.graph.reconciliation.candidates import Condition, Question
from solgraph.graph.reconciliation.properties import PROPERTIES, TYPES, Property
from solgraph.rdf.namespaces import SG
from solgraph.web.problems import Problem

MOST_QUERIES, MOST_THINGS, MOST_CANDIDATES = 50, 1000, 100
#: Characters of a name or value; values of a property; properties of a query.
_MOST_LETTERS, _MOST_VALUES, MOST_CONDITIONS = 500, 20, 10
_STRICTNESS = ("any", "should", "all")
_KEYS = ("query", "type", "type_strict", "limit", "properties")


class Extension(NamedTuple):
    """The things and properties of which a client wants the values."""

    ids: list[str]
    properties: list[Property]


def batch(text: str) -> dict[str, Question]:
    """The queries of a batch, by their keys. Raises :class:`Problem` 400, and 413 for too many."""
    queries = object_in(read_json(text, "queries"), "queries")
    refuse_many(len(queries), MOST_QUERIES, "queries")
    return {key: question(query, f"queries, {key[:50]}") for key, query in queries.items()}


def single(text: str) -> Question:
    """One query: an object, or just a name."""
    return (
        question(read_json(text, "query"), "query") if text.lstrip().startswith("{") else question({"query": text}, "")
    )


def question(query: object, where: str) -> Question:
    """A query of API 0.2."""
    query = object_in(query, where)
    refuse_unknown(query, _KEYS, where)
    strictness = query.get("type_strict", "any")
    if strictness not in _STRICTNESS:
        raise wrong(where, "type_strict", f"is none of {', '.join(_STRICTNESS)}")
    name = text_in(query.get("query", ""), where, "query")
    rows = list_in(query.get("properties", []), where, "properties", MOST_CONDITIONS)
    if "query" not in query and not rows:
        raise Problem(400, detail=f"{where} has neither query nor properties.", hint='For example: {"query": "Milan"}')
    return Question(
        name,
        types(query.get("type", []), where),
        strictness == "all",
        tuple(_condition(row, where) for row in rows),
        limit_of(query.get("limit"), where),
    )


def extension(content: object) -> Extension:
    """A data extension query, from its JSON."""
    query = object_in(content, "extend")
    refuse_unknown(query, ("ids", "properties"), "extend")
    ids = list_in(query.get("ids"), "extend", "ids", MOST_THINGS)
    rows = list_in(query.get("properties"), "extend", "properties", len(PROPERTIES))
    properties = [property_of(object_in(row, "extend, properties").get("id"), "extend") for row in rows]
    return Extension([text_in(iri, "extend", "ids") for iri in ids], properties)


def types(value: object, where: str) -> tuple[str, ...]:
    """The types of a query, one or a list: names of classes, with or without their namespace."""
    listed = [value] if isinstance(value, str) else list_in(value, where, "type", len(TYPES))
    return tuple(type_of(kind, where) for kind in listed if kind != "")


def type_of(value: object, where: str = "") -> str:
    """The type of an identifier."""
    name = text_in(value, where, "type").removeprefix(SG).removeprefix("sg:")
    if name not in TYPES:
        raise _unknown(where, "type", name, TYPES)
    return name


def property_of(value: object, where: str) -> Property:
    """The property of an identifier."""
    name = text_in(value, where, "property")
    if name not in PROPERTIES:
        raise _unknown(where, "property", name, PROPERTIES)
    return PROPERTIES[name]


def refuse_many(count: int, most: int, what: str) -> None:
    """Raise :class:`Problem` 413 for more than a request may hold."""
    if count > most:
        raise Problem(413, detail=f"There are {count:,} {what}; a request has {most:,} at most.", hint="Ask in parts.")


def wrong(where: str, key: str, what: str) -> Problem:
    """A value that cannot be read: where it is, and why."""
    return Problem(400, detail=f"{where}: {key} {what}." if where else f"{key} {what}.", parameter=key)


def _condition(row: object, where: str) -> Condition:
    row = object_in(row, f"{where}, properties")
    if "v" not in row:
        raise wrong(where, "properties", "holds a property without a value v")
    return Condition(property_of(row.get("pid"), where), values_in(row["v"], where))


def values_in(value: object, where: str) -> tuple[str, ...]:
    """A value, or several in a list, as texts."""
    values = list_in(value if isinstance(value, list) else [value], where, "v", _MOST_VALUES)
    return tuple(_value(each, where) for each in values)


def _value(value: object, where: str) -> str:
    """A value as text: a number or truth value as JSON writes it, a thing by its identifier."""
    if isinstance(value, dict):
        return text_in(value.get("id"), where, "id")
    return json.dumps(value) if isinstance(value, bool | int | float) else text_in(value, where, "v")


def limit_of(value: object, where: str) -> int:
    """How many candidates are wanted; ten if nothing is said."""
    if value is None:
        return 10
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 1:
        raise wrong(where, "limit", "is not a number from 1 on")
    return int(min(value, MOST_CANDIDATES))


# JSON


def read_json(text: str | bytes, where: str) -> Any:
    """The value of a JSON text."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half a character could not be sent back
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem(400, detail=f"{where} is not JSON that can be read{place}.", parameter=where) from None
    return value


def object_in(value: object, where: str) -> Mapping[str, Any]:
    """The value, which is an object."""
    if not isinstance(value, dict):
        raise Problem(400, detail=f"{where} is not an object {{…}}.")
    return value


def list_in(value: object, where: str, key: str, most: int) -> Sequence[Any]:
    """The value, which is a list that is not too long."""
    if not isinstance(value, list):
        raise wrong(where, key, "is not a list […]")
    refuse_many(len(value), most, key)
    return value


def text_in(value: object, where: str, key: str) -> str:
    """The value, which is a text that is not too long."""
    if not isinstance(value, str):
        raise wrong(where, key, "is not a text")
    if len(value) > _MOST_LETTERS:
        raise wrong(where, key, f"has more than {_MOST_LETTERS} characters")
    return value.strip()


def refuse_unknown(value: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Raise :class:`Problem` 400 for a key of an object that nobody reads."""
    for key in value:
        if key not in keys:
            hint = did_you_mean(key, keys) or f"There is {', '.join(keys)}."
            raise Problem(400, detail=f"{where}: there is no '{key[:50]}'.", hint=hint)


def _unknown(where: str, what: str, name: str, known: Iterable[str]) -> Problem:
    detail = (
        f"{where}: there is no {what} '{name[:100]}' here." if where else f"There is no {what} '{name[:100]}' here."
    )
    hint = did_you_mean(name, known) or f"There is {', '.join(known)}."
    return Problem(400, detail=detail, hint=hint, parameter=what, allowed=list(known))
