"""The saved queries as functions: ``kg.q.mayors(city="Palermo")``, with their signatures where somebody types."""

import keyword
from inspect import Parameter as Argument
from inspect import Signature
from typing import TYPE_CHECKING, Any

from solgraph.errors import did_you_mean
from solgraph.queries.catalogue import catalogue, find, paths
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery

if TYPE_CHECKING:
    from solgraph.graph.answer import Answer
    from solgraph.graph.knowledge import Knowledge

_TYPES: dict[str, type] = {"integer": int, "number": float, "xsd:boolean": bool}


class Questions:
    """The saved queries of a graph by name, hyphens written as underscores."""

    def __init__(self, kg: "Knowledge") -> None:
        self._kg = kg

    def __dir__(self) -> list[str]:
        return [_python_name(name) for name in paths(self._kg.folders)]

    def __getattr__(self, name: str) -> "Question":
        names = {_python_name(query): query for query in paths(self._kg.folders)}
        if name not in names:
            hint = did_you_mean(name, names) or "See them all: kg.queries()"
            raise AttributeError(f"There is no saved query '{name}'. {hint}")
        return Question(self._kg, find(names[name], self._kg.folders))

    def __repr__(self) -> str:
        return "\n".join(repr(Question(self._kg, saved)) for saved in catalogue(self._kg.folders))


class Question:
    """A saved query as a function of its parameters; the required ones may be given by position."""

    def __init__(self, kg: "Knowledge", saved: SavedQuery) -> None:
        self._kg, self.saved = kg, saved
        self.__name__ = _python_name(saved.name)
        self.__doc__ = "\n".join([f"{saved.summary}.", "", saved.description, "", *_lines(saved)])
        params = sorted(saved.params.values(), key=lambda param: not param.required)
        self.__signature__ = Signature([*map(_argument, params), _GATHERED], return_annotation="Answer")

    def __call__(self, *args: Any, **values: Any) -> "Answer":
        """Raises :class:`TypeError` for more values than required parameters, else as :meth:`Knowledge.query`."""
        required = [param.name for param in self.saved.params.values() if param.required]
        if len(args) > len(required):
            raise TypeError(f"{self.__name__} takes {len(required)} values by position: {', '.join(required)}")
        return self._kg.query(self.saved.name, **dict(zip(required, args, strict=False)), **values)

    def __repr__(self) -> str:
        return f"{self.__name__}{self.__signature__}: {self.saved.summary}"


_GATHERED = Argument("gathered", Argument.KEYWORD_ONLY, default=True, annotation=bool)


def _python_name(name: str) -> str:
    return name.replace("-", "_")


def _argument(param: Parameter) -> Argument:
    kind = Argument.POSITIONAL_OR_KEYWORD if param.required else Argument.KEYWORD_ONLY
    default = Argument.empty if param.required else _default(param)
    name = f"{param.name}_" if keyword.iskeyword(param.name) else param.name
    return Argument(name, kind, default=default, annotation=_TYPES.get(param.kind, str))


def _default(param: Parameter) -> str | int | None:
    return int(param.default) if param.kind == "integer" and param.default else param.shown_default


def _lines(saved: SavedQuery) -> list[str]:
    """Parameters and columns with what they mean."""
    params = [f"{param.name}: {param.description} [{param.shown_type}]" for param in saved.params.values()]
    columns = [f"{name}: {meaning}" for name, meaning in saved.columns.items()]
    return [*(["Parameters:", *params, ""] if params else []), *(["Columns:", *columns] if columns else [])]
