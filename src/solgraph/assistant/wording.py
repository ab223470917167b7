"""The hints of errors, which speak Python, in the words of tools."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from solgraph.errors import SolgraphError, reworded

#: Method → the tool of the same use, and its argument for the first value of a call.
_TOOLS = {
    "ask": ("ask", "question"),
    "cite": ("cite", "name"),
    "describe": ("describe", "thing"),
    "network": ("network", "view"),
    "queries": ("queries", "words"),
    "query": ("query", "name"),
    "search": ("search", "words"),
}
#: Tools that take named values as the parameters of a saved query.
_WITH_PARAMETERS = ("cite", "network", "query")


def message(error: SolgraphError) -> str:
    """The whole message of an error."""
    where = f"{error.where}: " if error.where else ""
    return "\n".join(filter(None, (f"{where}{error.what}", in_tools(error.hint))))


def in_tools(hint: str) -> str:
    """A hint in calls of tools: ``query {"name": "mayors", "parameters": {"city": "Palermo"}}``."""
    return reworded(hint, call, _argument)


def call(method: str, values: Sequence[Any] = (), named: Mapping[str, Any] | None = None) -> str:
    """A call as an assistant makes it: the name of the tool and its arguments."""
    if method not in _TOOLS:
        return f"kg.{method}(…) in Python"
    tool, first = _TOOLS[method]
    arguments: dict[str, Any] = dict(zip([first], values, strict=False))
    if named:
        arguments |= {"parameters": dict(named)} if tool in _WITH_PARAMETERS else named
    return f"{tool} {json.dumps(arguments, ensure_ascii=False)}"


def _argument(name: str, value: Any) -> str:
    return f'"{name}": {"…" if value is None else json.dumps(value, ensure_ascii=False)}'
