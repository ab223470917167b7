"""The saved queries as functions: ``kg.q.mayors(city="Palermo")``, with their signatures where somebody types.

Type checkers read a stub in place of this module, where there is one: the wheel has it for the shipped queries, and
``solgraph stubs`` writes it for your own (see :mod:`solgraph.authoring.stubs`).
"""

from textwrap import fill
from typing import TYPE_CHECKING, Any

from solgraph.errors import did_you_mean
from solgraph.graph.signatures import documentation, signature
from solgraph.queries.catalogue import catalogue, find, paths
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.terms import python_name

if TYPE_CHECKING:
    from solgraph.graph.answer import Answer
    from solgraph.graph.knowledge import Knowledge


class Questions:
    """The saved queries of a graph by name, hyphens written as underscores.

    >>> "mayors" in dir(kg.q)
    True
    >>> kg.q.mayors("Palermo")[0].since
    1985
    >>> kg.q.mayor
    Traceback (most recent call last):
        ...
    AttributeError: There is no saved query 'mayor'. Did you mean 'mayors'?
    """

    def __init__(self, kg: "Knowledge") -> None:
        self._kg = kg

    def __dir__(self) -> list[str]:
        return [python_name(name) for name in paths(self._kg.folders)]

    def __getattr__(self, name: str) -> "Question":
        names = {python_name(query): query for query in paths(self._kg.folders)}
        if name not in names:
            hint = did_you_mean(name, names) or "See them all: kg.queries()"
            raise AttributeError(f"There is no saved query '{name}'. {hint}")
        return Question(self._kg, find(names[name], self._kg.folders))

    def __repr__(self) -> str:
        return catalogue(self._kg.folders).shown(python_name)

    def _repr_html_(self) -> str:
        return catalogue(self._kg.folders)._repr_html_()


class Question:
    """A saved query as a function of its parameters; the required ones may be given by position.

    >>> kg.q.mayors.__doc__.splitlines()[0]
    'Mayors of a city and their terms.'
    """

    def __init__(self, kg: "Knowledge", saved: SavedQuery) -> None:
        self._kg, self.saved = kg, saved
        self.__name__, self.__doc__, self.__signature__ = (
            python_name(saved.name),
            documentation(saved),
            signature(saved),
        )

    def __call__(self, *args: Any, **values: Any) -> "Answer[Any]":
        """Raises :class:`TypeError` for more values than required parameters, else as :meth:`Knowledge.query`.

        >>> len(kg.q.mayors("Palermo", from_=1993, to=2000, certain=True))
        1
        """
        required = [param.name for param in self.saved.params.values() if param.required]
        if len(args) > len(required):
            raise TypeError(f"{self.__name__} takes {len(required)} values by position: {', '.join(required)}")
        return self._kg.query(self.saved.name, **dict(zip(required, args, strict=False)), **values)

    def __repr__(self) -> str:
        return fill(f"{self.__name__}{self.__signature__}: {self.saved.summary}", 80, subsequent_indent="    ")

    def _repr_html_(self) -> str:
        return self.saved._repr_html_()
