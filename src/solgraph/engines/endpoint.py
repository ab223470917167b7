"""Where a query is asked: an object with one method, so that a store here and a server elsewhere answer alike."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol, Self

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple

from solgraph.rdf.terms import Term, python_name, python_value

TRIPLE_COLUMNS = ("subject", "predicate", "object")


class Result:
    """Rows of a SELECT, yes or no of an ASK, triples of a CONSTRUCT or DESCRIBE.

    Iterates as named tuples of Python values (for triples: subject, predicate, object). ``bool`` of an ASK is its
    answer, of the others whether there is any row.
    """

    def __init__(
        self,
        form: str,
        columns: Sequence[str] = (),
        terms: Sequence[Sequence[Term | None]] = (),
        boolean: bool | None = None,
    ) -> None:
        self.form, self.columns, self.boolean = form, tuple(columns), boolean
        self.terms = [tuple(row) for row in terms]

    @classmethod
    def of_triples(cls, form: str, triples: list[Triple]) -> Self:
        """The result of a CONSTRUCT or DESCRIBE.

        >>> from pyoxigraph import NamedNode, Triple
        >>> city = NamedNode("https://w3id.org/solgraph/id/city/bologna")
        >>> solgraph.Answer.of_triples("CONSTRUCT", [Triple(city, city, city)]).columns
        ('subject', 'predicate', 'object')
        """
        rows = [(triple.subject, triple.predicate, triple.object) for triple in triples]
        return cls(form, TRIPLE_COLUMNS, rows)

    @property
    def triples(self) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""
        return [Triple(*row) for row in self.terms]  # type: ignore[arg-type]

    @property
    def holds_triples(self) -> bool:
        """Whether the answer is a graph and not rows."""
        return self.form in ("CONSTRUCT", "DESCRIBE")

    def __iter__(self) -> Iterator[Any]:
        row_class = row_type(self.columns)
        return (row_class(*map(python_value, row)) for row in self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __bool__(self) -> bool:
        return self.boolean if self.boolean is not None else bool(self.terms)

    def __getitem__(self, index: int) -> Any:
        return row_type(self.columns)(*map(python_value, self.terms[index]))


@lru_cache(maxsize=512)
def row_type(columns: tuple[str, ...], name: str = "Row") -> Any:
    """The named tuple of a row. A column called like a word of Python is an attribute with an underscore behind it.

    The class is made again where a row is unpickled: no module holds it under its name.
    """
    from collections import namedtuple

    def parts_of(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return _row, (columns, name, tuple(row))

    made = namedtuple(name, map(python_name, columns), rename=True)  # type: ignore[misc]
    made.__reduce__ = parts_of  # type: ignore[method-assign, assignment]
    return made


def _row(columns: tuple[str, ...], name: str, values: tuple[Any, ...]) -> Any:
    return row_type(columns, name)._make(values)


class Endpoint(Protocol):
    """Anything that answers a SPARQL query."""

    @property
    def name(self) -> str:
        """What to call it: an address, or where the data lies."""

    def ask(self, query: str) -> Result:
        """Answer one query, without labels."""


def result_of(form: str, answer: QuerySolutions | QueryBoolean | QueryTriples) -> Result:
    """pyoxigraph's answer as a result."""
    if isinstance(answer, QueryBoolean):
        return Result(form, boolean=bool(answer))
    if isinstance(answer, QueryTriples):
        return Result.of_triples(form, list(answer))
    columns = tuple(variable.value for variable in answer.variables)
    return Result(form, columns, [tuple(solution) for solution in answer])
