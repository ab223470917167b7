"""What a single link between two nodes rests on, looked up when it is asked for."""

from collections import Counter
from collections.abc import Mapping

from pyoxigraph import NamedNode

from solgraph.formats.rows import Row, Table
from solgraph.networks.model.projection import Projection
from solgraph.networks.model.rows import ties
from solgraph.networks.model.selection import Selection, View, view


def shared_rows(
    name: str, header: Mapping[str, str], table: Table, selection: Selection, ends: tuple[str, str]
) -> list[Row]:
    """The selected rows of two nodes, given by IRI, for what links them; none if they are not linked."""
    shape = view(name, header, table.columns)
    node, thing = table.columns.index(shape.first), table.columns.index(shape.second)
    selection = selection._replace(least=1, min_weight=0).checked()
    by_thing: dict[object, list[Row]] = {}
    for rows in table.groups():
        of_either = isinstance(term := rows[0][node], NamedNode) and term.value in ends
        if of_either and any(tie.second for tie in ties(shape, table._replace(rows=rows), selection, Counter())):
            by_thing.setdefault(rows[0][thing], []).extend(rows)
    return [row for rows in by_thing.values() if _links(shape, table._replace(rows=rows), selection) for row in rows]


def _links(shape: View, table: Table, selection: Selection) -> bool:
    counts = Counter[str]()
    return Projection(shape, ties(shape, table, selection, counts), selection, counts).number_of_edges() > 0
