"""Rows of a table of memberships: one membership for all rows that say the same, with a passage for each."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from solgraph.rdf.namespaces import ID, PREFIXES, VOCAB, slug
from solgraph.tables.statements.existing import Held

MEMBER = VOCAB + "role/member"
_ORG, _SG = PREFIXES["org"], PREFIXES["sg"]


class Claim(NamedTuple):
    """What one row says: who, in which network, in which role, over which span."""

    city: str
    network: str
    role: str
    since: str
    until: str
    row: int


class Membership(NamedTuple):
    """One membership, and the rows that say it; ``iri`` and ``held`` when an earlier import has it."""

    city: str
    network: str
    role: str
    since: str
    until: str
    rows: tuple[int, ...]
    iri: str = ""

    def joined(self, claim: Claim) -> "Membership":
        """With a row more; what an earlier import says of the dates stays."""
        since, until = (self.since or claim.since, self.until or claim.until)
        if not self.iri:
            since, until = max(self.since, claim.since), max(self.until, claim.until)
        return self._replace(since=since, until=until, rows=(*self.rows, claim.row))


def gathered(claims: Iterable[Claim], held: Iterable[Membership]) -> list[Membership]:
    """The memberships that the claims come to; claims of one city, network and role whose spans agree are one.

    The claims with the fuller dates come first, so that the order of the rows does not matter.
    """
    found: dict[tuple[str, str, str], list[Membership]] = {}
    for one in held:
        found.setdefault((one.city, one.network, one.role), []).append(one)
    for claim in sorted(claims, key=_fullness):
        several = found.setdefault((claim.city, claim.network, claim.role), [])
        at = next((at for at, one in enumerate(several) if _agree(one, claim)), None)
        if at is None:
            several.append(Membership(*claim[:5], (claim.row,)))
        else:
            several[at] = several[at].joined(claim)
    return [one for several in found.values() for one in several]


def _fullness(claim: Claim) -> tuple[int, str, str, int]:
    return -len(claim.since) - len(claim.until), claim.since, claim.until, claim.row


def _agree(one: Membership, claim: Claim) -> bool:
    """Whether two spans can be the same: their bounds are equal as far as both are told, and the start is no later."""
    same = all(a.startswith(b) or b.startswith(a) for a, b in ((one.since, claim.since), (one.until, claim.until)))
    return same and in_order(one.since or claim.since, one.until or claim.until)


def in_order(since: str, until: str) -> bool:
    """Whether a start does not lie after an end, as far as both are told."""
    return not (since and until) or since[: len(until)] <= until[: len(since)]


def with_iris(memberships: Iterable[Membership], name: str, taken: set[str]) -> list[Membership]:
    """The memberships with IRIs: file, city and network; where that is taken also the role, the start, a number."""
    done = []
    for one in sorted(
        memberships, key=lambda one: (not one.iri, one.city, one.network, one.since, one.until, one.role)
    ):
        new = one.iri or next(iri for iri in _iris(one, name) if iri not in taken)
        taken.add(new)
        done.append(one._replace(iri=new))
    return done


def _iris(one: Membership, name: str) -> Iterator[str]:
    base = f"{ID}membership/{name}-{slug(one.city)}-{slug(one.network)}"
    yield base
    told = [base] + ([slug(one.role)] if one.role != MEMBER else []) + ([one.since] if one.since else [])
    yield "-".join(told)
    yield from ("-".join([*told, str(number)]) for number in range(2, 100_000))


def held_memberships(held: Held) -> list[Membership]:
    """The memberships of an earlier import."""
    return [_held(held, iri) for iri in held.of_class("Membership")]


def _held(held: Held, iri: str) -> Membership:
    city, network, role = (held.value(iri, _ORG + name) for name in ("member", "organization", "role"))
    since, until = (held.value(iri, _SG + name) for name in ("startDate", "endDate"))
    return Membership(city, network, role, since, until, (), iri)
