"""What a link of a network rests on: by what links the two, who says it of each of them, and when."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from solgraph.graph.answer import Answer
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import SG, slug
from solgraph.rdf.terms import Term
from solgraph.web.pages.drawings import span_of
from solgraph.web.pages.memberships import Tie

#: Columns that are shown as roles, dates and sources.
_APART = {"since", "until", "asof", "active", "source", "role", "through"}


class Statement(NamedTuple):
    """What ties an end to what links the two, or to the other end: roles, dates and sources, and all else by column."""

    tie: Tie
    facts: dict[str, Term]


class Reason(NamedTuple):
    """What links the two (the rows of an edge are a reason without a name), and what is stated of it."""

    thing: Term | None
    statements: list[Statement]


def shown(snapshot: Snapshot, answer: Answer, header: Mapping[str, str], ends: Sequence[str]) -> dict[str, Any]:
    """What the page of a link shows; two cities can be compared."""
    cities = [slug(end) for end in ends if SG + "City" in snapshot.types.get(end, ())]
    return {
        "ends": ends,
        "reasons": reasons(snapshot, answer, header),
        "is_shared": "nodes" in header,
        "cities": cities if len({*cities}) == len(ends) else [],
    }


def reasons(snapshot: Snapshot, answer: Answer, header: Mapping[str, str]) -> list[Reason]:
    """The rows of a link by what links its ends; rows that differ in dates and sources alone are one statement."""
    node, thing = (header["nodes"], header["through"]) if "nodes" in header else (header["source"], "")
    ends = (node, thing or header["target"])
    further = [name for name in answer.columns if name not in _APART and not name.startswith(ends)]
    grouped: dict[Term | None, dict[tuple[Term | None, ...], list[Mapping[str, Term | None]]]] = {}
    for row in answer.terms:
        cells: Mapping[str, Term | None] = dict(zip(answer.columns, row, strict=True))
        key = (cells[node], *(cells.get(name) for name in ("role", "through", *further)))
        grouped.setdefault(cells[thing] if thing else None, {}).setdefault(key, []).append(cells)
    return [
        Reason(shared, [Statement(_tie(snapshot, rows, node), _facts(rows[0], further)) for rows in alike.values()])
        for shared, alike in grouped.items()
    ]


def _facts(cells: Mapping[str, Term | None], names: Sequence[str]) -> dict[str, Term]:
    return {name: term for name in names if (term := cells[name]) is not None}


def _tie(snapshot: Snapshot, rows: Sequence[Mapping[str, Term | None]], node: str) -> Tie:
    """The rows of a statement as a tie: its spans, the years in which it was seen, and its documents."""
    role, through = (_text(rows[0].get(name)) for name in ("role", "through"))
    spans = {span_of(*(_text(cells.get(name))[:4] for name in ("since", "until", "asof"))) for cells in rows}
    active = {_text(cells.get("active"))[:4] for cells in rows}
    documents: dict[str, str] = {}
    for cells in rows:
        if passage := _text(cells.get("source")):
            documents.setdefault(snapshot.passages.get(passage, (passage, ""))[0], passage)
    dated = sorted(filter(None, spans))
    by_role = {role: dated} if dated else {}
    roles, persons = [role] if role else [], [through] if through else []
    return Tie(_text(rows[0][node]), roles, by_role, sorted(filter(None, active)), persons, documents)


def _text(term: Term | None) -> str:
    return "" if term is None else term.value if isinstance(term, NamedNode) else value(term)
