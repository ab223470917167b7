"""Stubs for type checkers: the saved queries as methods with their parameters, and their rows with typed columns."""

from collections.abc import Iterable
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from textwrap import indent
from typing import Literal

from solgraph.authoring.bound_columns import bound_columns
from solgraph.engines.endpoint import TRIPLE_COLUMNS, row_type
from solgraph.graph.signatures import GATHERED, documentation, gathers, row_name, signature
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.atomic_files import write_folder
from solgraph.rdf.terms import python_name

_HEAD = '''\
"""The saved queries as functions: ``kg.q.mayors(city="Palermo")``. Written by solgraph; changes are lost."""

import collections.abc
import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Optional, TypeAlias, overload

from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge
from solgraph.rdf.terms import IRI

#: A day, a year, or a year and a month as text, as precise as the source is.
Date: TypeAlias = datetime.date | int | str
'''
_CLASS = '''
class Questions:
    """The saved queries of a graph by name, hyphens written as underscores."""

    def __init__(self, kg: Knowledge) -> None: ...
'''
#: What a column holds → the type of its values; of a class it holds the IRIs of things.
_TYPES = {"text": "str", "year": "int", "date": "Date", "integer": "int", "decimal": "Decimal"} | {
    "boolean": "bool",
    "any": "Any",
    "": "Any",
}
_SELF = Argument("self", Argument.POSITIONAL_OR_KEYWORD)


def stub(queries: Iterable[SavedQuery]) -> str:
    """The text of ``solgraph/graph/questions.pyi`` for these saved queries, which type checkers read in its place."""
    named = {python_name(saved.name): saved for saved in queries}
    callable_ = [saved for name, saved in named.items() if name.isidentifier()]
    rows = [row for saved in callable_ for row in _rows(saved)]
    methods = [indent(_method(saved), "    ") for saved in callable_]
    return "".join([_HEAD, *rows, _CLASS, *methods])


def write_stubs(queries: Iterable[SavedQuery], folder: Path) -> Path:
    """Write the package ``solgraph-stubs`` into a folder, and give its path; type checkers prefer it to the module.

    It completes the types of solgraph. In the ``site-packages`` of an environment, mypy and pyright find it.
    """
    package = folder / "solgraph-stubs"
    write_folder(package, {"py.typed": "partial\n"})
    write_folder(package / "graph", {"questions.pyi": stub(queries)})
    return package


def _rows(saved: SavedQuery) -> list[str]:
    """The classes of the rows of a query: gathered, and ungathered where these differ."""
    if not _columns(saved):
        return []
    return [_row(saved, gathered=gathered) for gathered in ((True, False) if gathers(saved) else (True,))]


def _row(saved: SavedQuery, *, gathered: bool) -> str:
    bound = bound_columns(saved.text) if saved.form == "SELECT" else TRIPLE_COLUMNS
    lines = [f"class {row_name(saved, gathered=gathered)}(NamedTuple):", f'    """A row of {saved.name}."""\n']
    for name, held in _columns(saved).items():
        kind = _TYPES.get(held, "IRI")
        single = kind if name in bound or kind == "Any" else f"{kind} | None"
        is_several = gathered and name in saved.several
        lines.append(f"    {python_name(name)}: {f'tuple[{kind}, ...]' if is_several else single}")
    return "\n".join(["", *lines, ""])


def _columns(saved: SavedQuery) -> dict[str, str]:
    """The columns and what they hold; none where the names cannot be those of a class."""
    columns = dict.fromkeys(TRIPLE_COLUMNS, "any") if saved.form in ("CONSTRUCT", "DESCRIBE") else saved.column_types
    is_nameable = row_name(saved) != "Row" and row_type(tuple(columns))._fields == tuple(map(python_name, columns))
    return columns if is_nameable else {}


def _method(saved: SavedQuery) -> str:
    """The method, in two variants where ``gathered=False`` changes the rows."""
    text = _docstring(documentation(saved))
    if not gathers(saved):
        return f"\n{_definition(saved)}\n{text}"
    both = GATHERED.replace(annotation=Literal[True])
    neither = GATHERED.replace(annotation=Literal[False], default=Argument.empty)
    first, second = (_definition(saved, argument) for argument in (both, neither))
    return f"\n@overload\n{first}\n{text}@overload\n{second} ...\n"


def _definition(saved: SavedQuery, gathered: Argument = GATHERED) -> str:
    """The first line of a method, its parameters as at run time."""
    *arguments, _ = signature(saved).parameters.values()
    whole = Signature([_SELF, *arguments, gathered])
    is_gathered = gathered.default is not Argument.empty
    row = row_name(saved, gathered=is_gathered) if _columns(saved) else "Any"
    return f"def {python_name(saved.name)}{whole} -> Answer[{row}]:"


def _docstring(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', r"\"\"\"")
    return indent(f'"""{escaped}\n"""\n', "    ")
