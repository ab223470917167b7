"""Rows of a table of memberships: one membership for all rows that state the same."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from solgraph.rdf.namespaces import ID, expand, slug
from solgraph.tables.recognise.dates import in_order, span
from solgraph.tables.recognise.graph_index import GraphIndex
from solgraph.tables.recognise.missing import without_missing
from solgraph.tables.recognise.network_names import NetworkNames
from solgraph.tables.recognise.qualifiers import MEMBER, Qualifiers, Tie, agreed
from solgraph.tables.rejection import Rejected
from solgraph.tables.statements.previous_import import PreviousImport
from solgraph.tables.statements.table import Table, TableRow

_PROPERTIES = [str(expand(name)) for name in "org:member org:organization org:role sg:startDate sg:endDate".split()]


class Ties:
    """What the rows of a table say about the ties of cities to networks."""

    def __init__(self, table: Table, graph: GraphIndex) -> None:
        self._table = table
        self._qualifiers = Qualifiers(graph, table.mapping.values)
        self._has_answers = any(self._qualifiers.is_answer(row.get("status")) for row in table.rows)

    def parts(self, row: TableRow, names: NetworkNames) -> list[TableRow]:
        """The row for each network that it names, in a list or by a mark in the column of the network."""
        if columns := self._table.mapping.networks:
            cells = dict(zip(self._table.header, row.cells, strict=False))
            marks = {name: without_missing("", cells[name].strip()) for name in columns}
            named = [(name, cell) for name, cell in marks.items() if not self._qualifiers.denies(cell)]
            fields = [{"network": name, **self._mark(cell)} for name, cell in named]
        else:
            fields = [{"network": name} for name in names.listed(row.get("network"))]
        if not fields:
            raise Rejected("no network", "the row marks no network")
        return [row._replace(fields=row.fields | changed) for changed in fields]

    @staticmethod
    def _mark(cell: str) -> dict[str, str]:
        """The field to which a mark in a column of a network belongs."""
        dates = span(cell)
        return {"since": cell} if dates.since and not dates.note else {"role": cell}

    def of_row(self, row: TableRow) -> Tie:
        """Role and dates of a row. Raises :class:`Rejected` when its cells do not say that there is a tie."""
        if self._has_answers and not row.get("status"):
            raise Rejected("no member", "the row does not say whether the city is a member, as others do")
        for field in ("since", "until"):
            _refuse_serial(row.get(field))
        tie, stated = self._qualifiers.tie(row.get("role"), row.get("status")), span(row.get("since"), row.get("until"))
        since, until = agreed(stated.since, tie.since), agreed(stated.until, tie.until)
        if since is None or until is None or not in_order(since, until):
            qualifier = " ".join(filter(None, (row.get("role"), row.get("status"))))
            raise Rejected("contradiction", f"the dates of the row contradict '{qualifier}'")
        return Tie(tie.role, since, until)


def _refuse_serial(cell: str) -> None:
    """A day as spreadsheet programs number it is no year, and may have been one before it became a day."""
    if re.fullmatch(r"[2-5][0-9]{4}(\.0+)?", cell):
        day = date(1899, 12, 30) + timedelta(int(float(cell)))
        reason = f"'{cell}' is the number by which a spreadsheet program stores {day}: write the date that is meant"
        raise Rejected("number for a date", reason)


class Membership(NamedTuple):
    """Who, in which network, in which role, over which span; the rows that state it; its IRI when it has one."""

    city: str
    network: str
    role: str
    since: str
    until: str
    rows: tuple[TableRow, ...] = ()
    iri: str = ""
    is_affiliation: bool = False

    def merged(self, claim: "Membership") -> "Membership":
        """With the rows of a claim; the dates of an earlier import stay."""
        since, until = self.since or claim.since, self.until or claim.until
        if not self.iri:
            since, until = max(self.since, claim.since), max(self.until, claim.until)
        return self._replace(since=since, until=until, rows=self.rows + claim.rows)

    def agrees(self, claim: "Membership") -> bool:
        """Whether the spans can be the same: equal as far as both are stated, and the start no later than the end."""
        bounds = ((self.since, claim.since), (self.until, claim.until))
        is_same = all(first.startswith(second) or second.startswith(first) for first, second in bounds)
        return is_same and in_order(self.since or claim.since, self.until or claim.until)


def merge_claims(claims: Iterable[Membership], previous: Iterable[Membership]) -> list[Membership]:
    """The memberships of the claims of single rows; those of a city, network and role whose spans agree are merged.

    The claims with the fuller dates come first, so that the order of the rows does not matter.
    """
    groups: dict[tuple[str, ...], list[Membership]] = {}
    for membership in previous:
        groups.setdefault(membership[:3], []).append(membership)
    for claim in sorted(claims, key=_fullness):
        group = groups.setdefault(claim[:3], [])
        at = next((at for at, membership in enumerate(group) if membership.agrees(claim)), len(group))
        group[at:] = [group[at].merged(claim) if at < len(group) else claim, *group[at + 1 :]]
    return [membership for group in groups.values() for membership in group]


def _fullness(claim: Membership) -> tuple[int, str, str, int]:
    return -len(claim.since) - len(claim.until), claim.since, claim.until, claim.rows[0].number


def with_iris(memberships: Iterable[Membership], name: str, taken: set[str]) -> list[Membership]:
    """The memberships with IRIs: file, city and network; where that is taken also the role, the start, a number."""
    complete = []
    for membership in sorted(memberships, key=lambda m: (not m.iri, m.city, m.network, m.since, m.until, m.role)):
        iri = membership.iri or next(iri for iri in _iris(membership, name) if iri not in taken)
        taken.add(iri)
        complete.append(membership._replace(iri=iri))
    return complete


def _iris(membership: Membership, name: str) -> Iterator[str]:
    kind = "affiliation" if membership.is_affiliation else "membership"
    base = f"{ID}{kind}/{name}-{slug(membership.city)}-{slug(membership.network)}"
    yield base
    role = slug(membership.role) if membership.role != MEMBER else ""
    yield (longer := "-".join(filter(None, (base, role, membership.since))))
    yield from (f"{longer}-{number}" for number in range(2, 100_000))


def earlier_memberships(previous: PreviousImport, graph: GraphIndex) -> list[Membership]:
    """The memberships of an earlier import, and those that the graph describes: a row may state one of them too."""
    stated = graph.ties() | {iri: [previous.value(iri, name) for name in _PROPERTIES] for iri in previous.memberships()}
    affiliations = set(graph.affiliate_roles().values())
    return [Membership._make([*cells, (), iri, cells[2] in affiliations]) for iri, cells in stated.items()]
