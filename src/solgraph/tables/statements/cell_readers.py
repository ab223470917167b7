"""How the cell of a field becomes the value of a property."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.queries.header import LANGUAGE
from solgraph.rdf.namespaces import XSD
from solgraph.rdf.terms import fold
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.statements import Statements
from solgraph.tables.words import words

Reader = Callable[[Statements, str], str | Literal | None]


class Property(NamedTuple):
    """The property of a field and how a cell is read; a cell of which nothing can be made becomes a note."""

    iri: str
    read: Reader
    default: str = ""


def concept(scheme: str) -> Reader:
    """Reads a concept of a scheme by name or slug."""
    return lambda statements, cell: statements.graph.concepts(scheme).get(fold(cell))


def country(statements: Statements, cell: str) -> str | None:
    """Reads a country by code or name."""
    code = statements.places.country(cell)
    return statements.country(code) if code else None


def programme(statements: Statements, cell: str) -> str | None:
    """Reads a programme by its name, unless several bear it."""
    programmes = statements.programmes.get(fold(cell), [])
    return programmes[0] if len(programmes) == 1 else None


def place(statements: Statements, cell: str) -> str | None:
    """Reads a city of the graph by its name, if it is the only one."""
    cities = statements.graph.cities_named(cell, "")
    return statements.city(cities[0], "") if len(cities) == 1 else None


def address(_: Statements, cell: str) -> Literal | None:
    """Reads the address of a web site."""
    is_address = re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", cell)
    return Literal(cell, datatype=NamedNode(XSD + "anyURI")) if is_address else None


def wikidata(_: Statements, cell: str) -> str | None:
    """Reads the identifier of a thing in Wikidata."""
    match = re.fullmatch(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]*)", cell)
    return f"http://www.wikidata.org/entity/{match[1]}" if match else None


def whole_number(_: Statements, cell: str) -> Literal | None:
    """Reads a whole number."""
    return Literal(int(cell)) if re.fullmatch(r"[0-9]{1,9}", cell) else None


def yes_or_no(_: Statements, cell: str) -> Literal | None:
    """Reads yes or no in any language of the data; a word between them is neither."""
    answers = {word: answer == "yes" for answer in ("yes", "no") for word in words("answers")[answer]}
    answer = answers.get(fold(cell))
    return None if answer is None else Literal(answer)


def number_or_text(cell: str) -> Literal:
    """A cell of a column of one's own: a number where it is written as one, else a text."""
    if re.fullmatch(r"-?[0-9]{1,15}", cell):
        return Literal(int(cell))
    is_decimal = re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}", cell)
    return Literal(cell, datatype=NamedNode(XSD + "decimal")) if is_decimal else Literal(cell)


def names(cell: str) -> Iterator[Literal]:
    """Names with their languages: ``Köln@de | Cologne@en``. Raises :class:`Rejected` for one without a language."""
    for part in filter(None, map(str.strip, cell.split("|"))):
        name, _, language = part.rpartition("@")
        if not name or not LANGUAGE.fullmatch(language):
            raise Rejected("no language", f"write '{part}' with its language, such as {name or part}@en")
        yield Literal(name, language=language)
