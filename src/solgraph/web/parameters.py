"""What a request asks: the values of parameters and options, read from its address and checked."""

import re
from collections.abc import Iterable, Sequence

from starlette.requests import Request

from solgraph.errors import did_you_mean
from solgraph.networks.model.selection import MAX_EDGES, argument, options_of
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.web.problems import Problem

#: Parameter → its texts in the address.
Values = dict[str, list[str]]


def read(request: Request, what: str, params: Iterable[str], options: Iterable[str]) -> Values:
    """The values of ``params`` and ``options`` in an address; empty ones, which browsers send too, are left out.

    Raises :class:`Problem` 400 for a name that is neither.
    """
    params, options = list(params), list(options)
    query = request.query_params
    for name in query:
        if name not in params and name not in options:
            raise _unknown(what, name, params, options)
    values = {name: [text for text in query.getlist(name) if text.strip()] for name in query}
    return {name: texts for name, texts in values.items() if texts}


def _unknown(what: str, name: str, params: Sequence[str], options: Sequence[str]) -> Problem:
    allowed = [*params, *options]
    listed = f"Its parameters: {', '.join(params) or 'none'}. Its options: {', '.join(options)}."
    detail = f"{what} has no parameter '{name[:100]}'."
    return Problem(
        400, detail=detail, hint=did_you_mean(name, allowed) or listed, parameter=name[:100], allowed=allowed
    )


def single(values: Values, name: str) -> str:
    """The only value of an option, empty when there is none."""
    texts = values.get(name, [])
    if len(texts) > 1:
        raise Problem(400, detail=f"{name} takes one value, not {len(texts)}.", parameter=name)
    return texts[0].strip() if texts else ""


def whole_number(values: Values, name: str, *, least: int = -9999, most: int = 10**9) -> int | None:
    """The whole number of an option. Raises :class:`Problem` 400 when it is not one, or out of bounds."""
    text = single(values, name)
    if text and not re.fullmatch(r"[+-]?\d{1,10}", text, re.ASCII):
        raise Problem(400, detail=f"{name} = {text[:100]!r} is not a whole number such as 20.", parameter=name)
    if text and not least <= int(text) <= most:
        raise Problem(400, detail=f"{name} = {text} is not between {least} and {most}.", parameter=name)
    return int(text) if text else None


def truth_value(values: Values, name: str) -> bool:
    """Whether an option is set. Raises :class:`Problem` 400 for anything but true and false."""
    text = single(values, name).lower()
    if text not in ("", "true", "false"):
        raise Problem(400, detail=f"{name} = {text[:100]!r} is neither true nor false.", parameter=name)
    return text == "true"


# Network views


def params_of_view(saved: SavedQuery) -> list[Parameter]:
    """The parameters of a view's query, then its options."""
    return [*saved.params.values(), *options_of(saved)]


def selection(saved: SavedQuery, values: Values, most_edges: int) -> dict[str, object]:
    """Parameters and options of a view as :meth:`Knowledge.network` takes them."""
    chosen: dict[str, object] = {name: values[name] for name in saved.params if name in values}
    for option in options_of(saved):
        if option.name in values and option.name != "compare":
            chosen[argument(option.name)] = option_value(option, values)
    chosen["max_edges"] = min(int(str(chosen.get("max_edges", MAX_EDGES))), most_edges)
    return chosen


def option_value(option: Parameter, values: Values) -> object:
    """The value of an option of a view in Python. Raises :class:`Problem` 400 when it is malformed."""
    if option.name == "compare":
        return years_compared(values)
    if option.multiple:
        return values[option.name]
    if option.is_flag:
        return truth_value(values, option.name)
    if option.kind == "integer":
        return whole_number(values, option.name)
    return float(single(values, option.name)) if option.kind == "number" else single(values, option.name)


def years_compared(values: Values) -> tuple[int, int] | None:
    """The two years of ``compare``."""
    text = single(values, "compare")
    years = re.fullmatch(r"\s*(-?\d{1,4})\s*[,–-]\s*(-?\d{1,4})\s*", text, re.ASCII)
    if text and not years:
        detail = f"compare = {text[:100]!r} is not two years."
        raise Problem(400, detail=detail, hint="For example: 2010,2020", parameter="compare")
    return (int(years[1]), int(years[2])) if years else None
