"""What the user says that cells mean: ``--values 'role:"Lead Partner"=leader'``."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from solgraph.errors import WrongUse, did_you_mean

FIELDS_WITH_VALUES = ("role", "status", "network")
Values = Mapping[str, Mapping[str, str]]
"""By field: what its cells mean."""
NO_VALUES: Values = MappingProxyType({})

_CELL = r'"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^"]*?)'
_VALUE = re.compile(rf"\s*(?P<field>\w+)\s*:\s*(?:{_CELL})\s*=\s*(?P<meaning>[^=]*)")


def parse_values(texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """The meanings by field and cell; a quotation mark inside a cell is doubled. Raises :class:`WrongUse`."""
    values: dict[str, dict[str, str]] = {}
    for text in texts:
        match = _VALUE.fullmatch(text)
        cell = match and (match["quoted"].replace('""', '"') if match["quoted"] is not None else match["plain"])
        if not match or not cell or not match["meaning"].strip():
            hint = "Write field:cell=meaning, for example values=['role:\"Lead Partner\"=leader']"
            raise WrongUse(f"The meaning of a cell {text!r} cannot be read.", hint=hint)
        field = match["field"].lower()
        if field not in FIELDS_WITH_VALUES:
            hint = did_you_mean(field, FIELDS_WITH_VALUES) or f"Fields: {', '.join(FIELDS_WITH_VALUES)}"
            raise WrongUse(f"{text!r}: no meanings can be stated of cells of {field!r}.", hint=hint)
        values.setdefault(field, {})[cell] = match["meaning"].strip()
    return values


def merged_values(first: Values, second: Values) -> dict[str, dict[str, str]]:
    """Both; of two meanings of one cell the second counts."""
    return {field: {**first.get(field, {}), **second.get(field, {})} for field in {**first, **second}}
