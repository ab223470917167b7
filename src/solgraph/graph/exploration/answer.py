"""What a selection holds, as the rows of an answer and as triples."""

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from solgraph.engines.endpoint import Result
from solgraph.formats.triples import Graphs
from solgraph.graph.answer import Answer
from solgraph.graph.exploration.records import Record
from solgraph.rdf.namespaces import SG
from solgraph.rdf.terms import Term

if TYPE_CHECKING:
    from solgraph.graph.exploration.explorer import Explored
    from solgraph.graph.knowledge import Knowledge

COLUMNS = ("city", "country", "class", "thing", "role", "since", "until", "asof", "active", "source")


def answer(kg: "Knowledge", explored: "Explored") -> Answer[Any]:
    """The cities with what is selected of each: a network and its role in it, an initiative or a finding, its years.

    ``active`` are the years in which a source names it so, ``source`` the passages.
    """
    terms = sorted(_rows(explored), key=lambda row: [str(term) for term in row])
    found: Answer[Any] = Answer.of(Result("SELECT", COLUMNS, terms))
    found.knowledge, found.several = kg, ("active", "source")
    found.labels = kg.snapshot.labels_of(found.iris(), kg.languages)
    return found


def _rows(explored: "Explored") -> Iterator[tuple[Term | None, ...]]:
    cities = explored.cities
    for record in explored.records:
        years = [_number(getattr(record.years, name)) for name in ("since", "until", "asof")]
        things = record.values["network"] if record.is_tie else [record.thing]
        seen = product(map(_number, record.years.active or [None]), map(_thing, record.passages or [""]))
        roles = map(_thing, record.roles or [""])
        for city, thing, role, (active, passage) in product(record.cities & cities, things, roles, seen):
            place = NamedNode(city), NamedNode(explored.countries[city]), NamedNode(_class(record))
            yield (*place, NamedNode(thing), role, *years, active, passage)


def _thing(iri: str) -> NamedNode | None:
    return NamedNode(iri) if iri else None


def _class(record: Record) -> str:
    return SG + ("Membership" if record.is_tie else "Finding" if record.is_example else "Initiative")


def _number(year: int | None) -> Literal | None:
    return None if year is None else Literal(year)


def triples(kg: "Knowledge", explored: "Explored") -> Graphs:
    """All that is stated of the cities and of what is selected of them, each triple in the graph of its source."""
    graphs: dict[str, list[Any]] = {}
    for thing in sorted({*explored.cities, *(record.thing for record in explored.records)}):
        for quad in kg.store.quads_for_pattern(NamedNode(thing), None, None, None):
            if isinstance(quad.graph_name, NamedNode):
                graphs.setdefault(quad.graph_name.value, []).append(quad.triple)
    return list(graphs.items())
