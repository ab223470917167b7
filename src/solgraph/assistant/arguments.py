"""The arguments of tools, checked against their schemas; what is wrong is a sentence."""

import json
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from solgraph.errors import WrongUse, did_you_mean

Json = dict[str, Any]

#: Arguments of more characters are no question.
MOST_CHARACTERS = 2_000


def schema(properties: Mapping[str, Json], required: tuple[str, ...] = ()) -> Json:
    """The schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def check(what: str, schema: Json, values: Mapping[str, Any]) -> None:
    """Raise :class:`WrongUse` for the first argument that is unknown, missing, or not of its type."""
    _check_characters(what, values)
    names = schema["properties"]
    for name in values:
        if name not in names:
            hint = did_you_mean(name, names) or f"It takes: {', '.join(names)}."
            raise WrongUse(f"{what} takes no '{name}'.", hint=hint + _in_parameters(name, names))
    for name in schema["required"]:
        if name not in values:
            raise WrongUse(f"{what} needs '{name}': {names[name]['description']}.")
    for error in Draft202012Validator(schema).iter_errors(values):
        raise WrongUse(f"{what}: {_place(error)}{error.message}.")


def _check_characters(what: str, values: Mapping[str, Any]) -> None:
    text = json.dumps(values, ensure_ascii=False)
    if len(text) > MOST_CHARACTERS:
        raise WrongUse(
            f"The arguments of {what} have {len(text):,} characters.",
            hint=f"At most {MOST_CHARACTERS:,}: ask in fewer words.",
        )
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise WrongUse(f"The arguments of {what} hold a character that is not Unicode.")


def _place(error: ValidationError) -> str:
    """Where in the arguments the fault is, such as ``limit``."""
    return "".join(f"{part}: " for part in error.absolute_path)


def _in_parameters(name: str, names: Mapping[str, Json]) -> str:
    return f' Parameters of a saved query go into "parameters": {{"{name}": …}}.' if "parameters" in names else ""
