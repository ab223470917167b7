"""Hints and calls, which speak Python, as they are typed at a prompt."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from solgraph.errors import SolgraphError, reworded

#: What the command line calls otherwise than Python does.
_COMMANDS = {"describe": "show", "exported": "export", "import_table": "import"}
_OPTIONS = {"from_year": "from", "to_year": "to", "kinds": "kind", "mappings": "mapping", "creators": "creator"}


def message(error: SolgraphError) -> str:
    """The whole message of an error."""
    error.hint = in_shell(error.hint)
    name = getattr(error, "parameter", "")
    return str(error).replace(f"{name} = ", f"{_option(name, None)} = ") if "_" in name else str(error)


def in_shell(hint: str) -> str:
    """A hint as it is typed at a prompt: ``solgraph query mayors --city Palermo`` and ``--year``."""
    return reworded(hint, _command, _option)


def _command(method: str, values: Sequence[Any], named: Mapping[str, Any]) -> str:
    if method == "write":
        return f"-o {shlex.quote(str(values[0]))}"
    if method == "weights":
        return f"solgraph network {_word(values[0])} --weights-only -o {_word(values[0])}.parquet"
    options = (_option(name, "VALUE" if value is None else value) for name, value in named.items())
    return " ".join(["solgraph", _COMMANDS.get(method, method), *map(_word, values), *options])


def _option(name: str, value: Any) -> str:
    option = f"--{_OPTIONS.get(name, name.replace('_', '-'))}"
    if value is None or value is True:
        return option
    return " ".join(f"{option} {_word(item)}" for item in (value if isinstance(value, list) else [value]))


def _word(value: Any) -> str:
    """A value as one word of a shell, whatever its quotation marks."""
    text = str(value)
    return f'"{text}"' if text.replace(" ", "").isalnum() and " " in text else shlex.quote(text)
