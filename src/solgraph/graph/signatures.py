"""How a saved query looks in Python: its name, its parameters, its rows. Functions at run time and stubs follow it."""

import re
from collections.abc import Sequence
from datetime import date
from inspect import Parameter as Argument
from inspect import Signature
from types import GenericAlias
from typing import Any, Literal

from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.terms import python_name

_TYPES: dict[str, Any] = {
    "integer": int,
    "number": float,
    "xsd:boolean": bool,
    "xsd:date": date | str,
    "xsd:gYear": int | str,
}
GATHERED = Argument("gathered", Argument.KEYWORD_ONLY, default=True, annotation=bool)


def signature(saved: SavedQuery) -> Signature:
    """The parameters of a saved query as those of a function: the required ones first, the others by name alone."""
    params = sorted(saved.params.values(), key=lambda param: not param.required)
    return Signature([*map(_argument, params), GATHERED], return_annotation=f"Answer[{row_name(saved)}]")


def documentation(saved: SavedQuery) -> str:
    """The docstring: what is answered, the parameters and the columns."""
    params = [f"{param.name}: {param.description} [{param.shown_type}]" for param in saved.params.values()]
    columns = [f"{name}: {meaning}" for name, meaning in saved.columns.items()]
    lines = [*(["Parameters:", *params, ""] if params else []), *(["Columns:", *columns] if columns else [])]
    end = "" if saved.summary.endswith("?") else "."
    return "\n".join([saved.summary + end, "", saved.description, "", *lines])


def row_name(saved: SavedQuery, *, gathered: bool = True) -> str:
    """The class of a row: ``MayorsRow``, or ``UngatheredMayorsRow`` where a column would gather several values."""
    prefix = "" if gathered or not gathers(saved) else "Ungathered"
    words = "".join(word.capitalize() for word in re.split(r"[\W_]+", saved.name))
    return f"{prefix}{words}Row" if words.isidentifier() else "Row"


def gathers(saved: SavedQuery) -> bool:
    """Whether a column gathers several values, unless they are asked for ungathered."""
    return any(name in saved.several for name in saved.columns)


def _argument(param: Parameter) -> Argument:
    kind = Argument.POSITIONAL_OR_KEYWORD if param.required else Argument.KEYWORD_ONLY
    default = Argument.empty if param.required else _default(param)
    return Argument(python_name(param.name), kind, default=default, annotation=_annotation(param))


def _annotation(param: Parameter) -> Any:
    """What a parameter takes; None, for one that is not required, stands for its default."""
    value: Any = Literal.__getitem__(param.values) if param.values else _TYPES.get(param.kind, str)
    several: Any = value | GenericAlias(Sequence, (value,)) if param.multiple else value
    return several if param.required else several | None


def _default(param: Parameter) -> str | int | None:
    return int(param.default) if param.kind == "integer" and param.default else param.shown_default
