"""Columns of one's own tables, kept by the import, and identifiers on the nodes and edges of networks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import NamedNode

from solgraph.errors import ParameterError, did_you_mean
from solgraph.graph.reconciliation.properties import PROPERTIES
from solgraph.networks.model.projection import Projection
from solgraph.networks.model.rows import plain_value
from solgraph.rdf.namespaces import PREFIXES, expand
from solgraph.rdf.terms import Term
from solgraph.tables.statements.statements import slug_of

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

_COLUMN = PREFIXES["column"]
#: What stands on things, and what stands on a membership, which is between two of them.
_VALUES = """SELECT DISTINCT ?first ?other ?value {{
  ?thing <{column}> ?value
  OPTIONAL {{ ?thing org:member ?member ; org:organization ?other }}
  BIND(COALESCE(?member, ?thing) AS ?first)
}} ORDER BY ?first ?other ?value"""
#: What reconciliation adds to a table as a column, such as ``wikidata``; its things have no other end.
_PROPERTY = "SELECT DISTINCT ?thing ?other ?value {{ {pattern} }} ORDER BY ?thing ?value"
#: How much of a network is there: what its latest list claims, and the date of the latest that is complete.
_OF_LISTS = {
    "claimed": "sg:membersClaimed ?value",
    "complete": "sg:listIsComplete true ; dcterms:date ?value",
}
_LATEST = """SELECT ?thing ?other (MAX(?value) AS ?latest) {{
  ?list sg:listOf ?thing ; {pattern} OPTIONAL {{ ?list dcterms:date ?date }}
  FILTER NOT EXISTS {{
    ?later sg:listOf ?thing ; {of_later} ; dcterms:date ?after FILTER(STR(?after) > COALESCE(STR(?date), ""))
  }}
}} GROUP BY ?thing ?other ORDER BY ?thing"""
_ALL = f"SELECT DISTINCT ?column {{ ?thing ?column ?value FILTER(STRSTARTS(STR(?column), '{_COLUMN}')) }}"
Values = dict[tuple[str, ...], list[Term]]
#: The keys under which a value may stand for a node or an edge, and its attributes.
Place = tuple[list[tuple[str, ...]], dict[str, Any]]


class _Column(NamedTuple):
    """The values of a column by the thing or the two things that have them, and what a network calls it."""

    attribute: str
    values: Values
    is_imported: bool


def keep_columns(kg: "Knowledge", network: Any, names: Sequence[str]) -> None:
    """Put the columns of these names on the nodes and edges of a network, and say under ``columns`` what has no place.

    A name is that of a column which the import kept, or else of a property of reconciliation, such as ``wikidata``, or
    ``claimed`` (how many members the latest list of a network claims) or ``complete`` (the date of its latest complete
    list).

    What is stated of a membership stands on the edge between the city and the network, unless there are parallel edges,
    of which none is known to be meant. Raises :class:`ParameterError` for a column that nothing has.
    """
    notes = []
    for name in names:
        column = _column(kg, name)
        left = len(column.values) - _put(kg, column, _nodes(network)) - _put(kg, column, _edges(network))
        if left > 0 and column.is_imported:
            notes.append(f"Values of the column '{name}' without a node or a single edge to stand on: {left}.")
    if notes:
        network.graph["columns"] = " ".join(notes)


def _column(kg: "Knowledge", name: str) -> _Column:
    if values := _read(kg, _VALUES.format(column=expand(name) or _COLUMN + slug_of(name))):
        return _Column(slug_of(name).replace("-", "_"), values, True)
    if pattern := _OF_LISTS.get(name):
        query = _LATEST.format(pattern=pattern, of_later=pattern.replace("?value", "?of_later"))
        return _Column(name, _read(kg, query), False)
    if name in PROPERTIES:
        return _Column(name, _read(kg, _PROPERTY.format(pattern=PROPERTIES[name].pattern)), False)
    columns = [str(row.column).removeprefix(_COLUMN) for row in kg.sparql(_ALL)]
    others = [*_OF_LISTS, *PROPERTIES]
    near = did_you_mean(name, [*columns, *others])
    hint = near or f"Columns that were kept: {', '.join(columns) or 'none'}; others: {', '.join(others)}."
    raise ParameterError(f"Nothing in this graph has the column '{name}'.", hint=hint, parameter="keep", value=name)


def _read(kg: "Knowledge", query: str) -> Values:
    values: Values = {}
    for first, other, value in kg.sparql(query).terms:
        key = tuple(term.value for term in (first, other) if isinstance(term, NamedNode))
        values.setdefault(key, []).extend([value] if value else [])
    return values


def _nodes(network: Any) -> list[Place]:
    return [([(str(node.get("iri")),)], node) for _, node in network.nodes(data=True)]


def _edges(network: Any) -> list[Place]:
    """The edges between two nodes that have no other; a projection has none between a city and a network."""
    if isinstance(network, Projection):
        return []
    iris = {key: str(iri) for key, iri in network.nodes(data="iri")}
    return [
        ([(iris[start], iris[end]), (iris[end], iris[start])], edge)
        for start, end, edge in network.edges(data=True)
        if network.number_of_edges(start, end) == 1
    ]


def _put(kg: "Knowledge", column: _Column, places: list[Place]) -> int:
    """How many values found a place. An attribute whose name is taken is followed by a ``_``."""
    attribute, taken = column.attribute, {name for _, attributes in places for name in attributes}
    while attribute in taken:
        attribute += "_"
    found = [(key, attributes) for keys, attributes in places for key in keys if key in column.values]
    for key, attributes in found:
        attributes[attribute] = plain_value(
            column.values[key], lambda term: kg.label(getattr(term, "value", str(term)))
        )
    return len(found)
