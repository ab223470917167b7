"""The JSON Schema of what a parameter takes, for the description of the API and for assistants."""

from collections.abc import Callable, Mapping
from typing import Any

from solgraph.queries.parameters import Parameter

Json = dict[str, Any]

_SCHEMAS: Mapping[str, Json] = {
    "integer": {"type": "integer", "minimum": -9999, "maximum": 10**9},
    "number": {"type": "number"},
    "xsd:date": {"type": "string", "format": "date"},
    "xsd:dateTime": {"type": "string", "format": "date-time"},
    "xsd:boolean": {"type": "boolean"},
    "xsd:gYear": {"type": "string", "pattern": "^[0-9]{4}$"},
    "xsd:gYearMonth": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
}


def schema_of(param: Parameter, things: Callable[[Parameter], Json]) -> Json:
    """The schema of the values of a parameter; ``things`` gives that of the things among which an IRI is looked up."""
    schema = _of_value(param, things)
    whole: Json = {"type": "array", "items": schema} if param.multiple else schema
    if param.default is None:
        return whole
    default = int(param.default) if param.kind == "integer" else param.shown_default
    return whole | {"default": [default] if param.multiple else default}


def _of_value(param: Parameter, things: Callable[[Parameter], Json]) -> Json:
    if param.values:
        return {"type": "string", "enum": list(param.values)}
    return things(param) if param.kind == "iri" else dict(_SCHEMAS.get(param.kind, {"type": "string"}))


def example_of(param: Parameter) -> Any:
    """The example of a text or number as JSON; None for a thing, for which those of its class are examples."""
    if not param.example or param.kind == "iri" or param.values:
        return None
    example = int(param.example) if param.kind == "integer" else param.example
    return [example] if param.multiple else example
