"""Who belongs to which network: each city and each network once, with all that the sources say together."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from pyoxigraph import NamedNode

from solgraph.graph.exploration.records import countries_of_cities
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, SG, VOCAB
from solgraph.rdf.terms import fold
from solgraph.web.pages.drawings import span_of

#: The layers of networks, those that bind most first; networks of which no layer is stated come last.
LAYERS = tuple(f"{VOCAB}network-layer/{name}" for name in ("alliance", "declaration", "project", "scheme"))
_MEMBER, _NETWORK, _ROLE = (PREFIXES["org"] + name for name in ("member", "organization", "role"))
_SIGNATORIES = {f"{VOCAB}role/signatory", f"{VOCAB}role/founding-signatory"}
_OFFICE = SG + "inCapacityOf"
_OF_ALL = """
SELECT DISTINCT ?city ?network {
  ?tie a sg:Membership ; org:organization ?network ; (org:member|(sg:inCapacityOf/org:organization)) ?city .
  ?city a sg:City .
}
"""
_LAYERS = "SELECT ?network ?layer { ?network a sg:Network OPTIONAL { ?network sg:networkLayer ?layer } }"
_OFFICES = "SELECT ?term ?city { ?tie sg:inCapacityOf ?term . ?term org:organization ?city . ?city a sg:City }"
_OF_NETWORK = "SELECT ?tie ?by ?value {{ ?tie org:organization {0} ; ?by ?value }}"
_OF_CITY = """
SELECT DISTINCT ?tie ?by ?value {{
  {{ ?tie org:member {0} }} UNION {{ ?term org:organization {0} . ?tie sg:inCapacityOf ?term }}
  ?tie ?by ?value
}}
"""
_LISTS = "SELECT ?list ?by ?value {{ ?list sg:listOf {0} ; ?by ?value }}"

#: What is stated about a thing: property → values.
Statements = Mapping[str, Sequence[str]]


class Tie(NamedTuple):
    """All that the sources say of a city or other actor in a network, together: ``iri`` is the other end.

    ``spans`` are years by role, since the years of a leader are not those of the member that it is too; ``active`` are
    years, ``persons`` those in office through whom a city is tied, ``documents`` those that say so, each with its first
    passage. ``things`` are the statements themselves.
    """

    iri: str
    roles: list[str]
    spans: dict[str, list[str]]
    active: list[str]
    persons: list[str]
    documents: dict[str, str]
    things: Sequence[str] = ()

    @property
    def certainty(self) -> str:
        """How sources date it: ``stated``, ``seen`` in some year, or ``undated``."""
        is_stated = any(span.strip("–")[:4].isdigit() for spans in self.spans.values() for span in spans)
        return "stated" if is_stated else "seen" if self.active else "undated"

    @property
    def is_over(self) -> bool:
        """Whether sources state an end in every role."""
        spans = [span.partition(" ")[0] for spans in self.spans.values() for span in spans]
        return len(self.spans) == len(self.roles) and not any(span.endswith("–") for span in spans)

    @staticmethod
    def is_signed(role: str) -> bool:
        """Whether the date of a role is that of a signature."""
        return role in _SIGNATORIES


class MemberList(NamedTuple):
    """How many members a source claims for a network, and whether it names all of them; empty where it is silent.

    ``found`` says how many stand here: of a complete list those that it names itself, else those of all sources.
    ``settles`` says whether absence from it means no; without that a complete list counts for its date alone.
    """

    claimed: str
    complete: str
    date: str
    found: int
    passages: list[str]
    settles: bool

    @property
    def says(self) -> str:
        """What it says of who is missing, in a word."""
        if self.complete == "true" and self.is_whole and not self.settles:
            return "then" if self.date else "undated"
        return "partly" if self.complete == "true" and not self.is_whole else self.complete or "unsaid"

    @property
    def rank(self) -> tuple[bool, int, str]:
        """What settles who belongs leads, then the largest claim, of equal ones the newest."""
        return self.settles, int(self.claimed or 0), self.date

    @property
    def is_whole(self) -> bool:
        """Whether all that a complete list claims stands here."""
        return self.complete == "true" and self.found >= int(self.claimed or 0)


class Ties(NamedTuple):
    """The members of a network by country, or the networks of a city by layer; affiliations are no memberships.

    ``shown`` are the IRIs of the memberships, affiliations and member lists that this tells of.
    """

    groups: dict[str, list[Tie]]
    affiliations: list[Tie]
    lists: list[MemberList]
    shown: set[str]

    @property
    def total(self) -> int:
        """How many members or networks."""
        return sum(map(len, self.groups.values()))


def of_network(snapshot: Snapshot, iri: str, label: Label) -> Ties:
    """The members of a network, by country; those that are no cities under an empty name."""
    stated, countries = _stated(snapshot, _OF_NETWORK, iri), countries_of_cities(snapshot)
    offices = snapshot.cached("cities of offices", lambda: dict(_pairs(snapshot, _OFFICES)))

    def end(tie: Statements) -> str:
        cities = [offices[term] for term in tie.get(_OFFICE, ()) if term in offices]
        return (cities or tie.get(_MEMBER) or [""])[0]

    lists = _stated(snapshot, _LISTS, iri)
    ties = _ties(snapshot, stated, end, label, "Membership")
    groups = _grouped(ties, lambda tie: countries.get(tie.iri, ""))
    ordered = sorted(groups, key=lambda country: (not country, -len(groups[country]), fold(label(country))))
    affiliations = _ties(snapshot, stated, end, label, "Affiliation")
    settling = settling_lists(snapshot).get(iri, {})
    member_lists = [_member_list(snapshot, stated_list, ties, settling) for stated_list in lists.values()]
    member_lists.sort(key=lambda member_list: member_list.rank, reverse=True)
    return Ties({country: groups[country] for country in ordered}, affiliations, member_lists, {*stated, *lists})


def of_city(snapshot: Snapshot, iri: str, label: Label) -> Ties:
    """The networks of a city, its own and those of its mayors in office, by layer."""
    stated, layers = _stated(snapshot, _OF_CITY, iri), layers_of_networks(snapshot)

    def end(tie: Statements) -> str:
        return (tie.get(_NETWORK) or [""])[0]

    ties = [tie for tie in _ties(snapshot, stated, end, label, "Membership") if tie.iri in layers]
    groups = _grouped(ties, lambda tie: layers[tie.iri])
    ordered = {layer: groups[layer] for layer in (*LAYERS, *sorted({*groups} - {*LAYERS})) if layer in groups}
    return Ties(ordered, _ties(snapshot, stated, end, label, "Affiliation"), [], set(stated))


def _stated(snapshot: Snapshot, query: str, iri: str) -> dict[str, dict[str, list[str]]]:
    """Membership, affiliation or list → what is stated about it."""
    stated: dict[str, dict[str, list[str]]] = {}
    for tie, by, text in snapshot.ask(query.format(NamedNode(iri))).terms:
        stated.setdefault(value(tie), {}).setdefault(value(by), []).append(value(text))
    return stated


def _ties(
    snapshot: Snapshot,
    stated: Mapping[str, Statements],
    end: Callable[[Statements], str],
    label: Label,
    kind: str,
) -> list[Tie]:
    """What is stated of each other end by memberships, or by affiliations."""
    by_end: dict[str, dict[str, Statements]] = {}
    for thing, tie in stated.items():
        if SG + kind in tie.get(RDF_TYPE, ()):
            by_end.setdefault(end(tie), {})[thing] = tie
    ties = [tie_of(snapshot, iri, listed.values(), sorted(listed)) for iri, listed in by_end.items()]
    return sorted(ties, key=lambda tie: (fold(label(tie.iri)), tie.iri))


def tie_of(snapshot: Snapshot, iri: str, stated: Iterable[Statements], things: Sequence[str] = ()) -> Tie:
    """What statements say together of a tie to ``iri``."""
    stated = list(stated)
    documents: dict[str, str] = {}
    for passage in _all(stated, SG + "evidence"):
        documents.setdefault(snapshot.passages.get(passage, (passage, ""))[0], passage)
    through = _all([tie for tie in stated if _OFFICE in tie], _MEMBER)
    roles = _all(stated, _ROLE)
    spans = {
        role: sorted({span for tie in stated if role in tie.get(_ROLE, ()) for span in _spans(tie)}) for role in roles
    }
    years = sorted({date[:4] for date in _all(stated, SG + "activeAt")})
    return Tie(iri, roles, {role: years for role, years in spans.items() if years}, years, through, documents, things)


def _all(stated: Iterable[Statements], by: str) -> list[str]:
    return sorted({text for tie in stated for text in tie.get(by, ())})


def _spans(tie: Statements) -> Iterator[str]:
    """The spans of a tie in years: several where sources differ."""
    dates = ({date[:4] for date in tie.get(SG + name, [""])} for name in ("startDate", "endDate", "ongoingAsOf"))
    return (span for years in product(*dates) if (span := span_of(*years)))


def _grouped(ties: Iterable[Tie], key: Callable[[Tie], str]) -> dict[str, list[Tie]]:
    groups: dict[str, list[Tie]] = {}
    for tie in ties:
        groups.setdefault(key(tie), []).append(tie)
    return groups


def _member_list(
    snapshot: Snapshot, stated: Statements, ties: Sequence[Tie], settling: Mapping[str, str]
) -> MemberList:
    names = SG + "membersClaimed", SG + "listIsComplete", PREFIXES["dcterms"] + "date"
    claimed, complete, date = (stated.get(name, [""])[0] for name in names)
    passages = sorted(stated.get(SG + "evidence", ()))
    own = {snapshot.passages.get(passage, (passage, ""))[0] for passage in passages}
    named = sum(not own.isdisjoint(tie.documents) for tie in ties)
    found = named if complete == "true" else len(ties)
    return MemberList(claimed, complete, date, found, passages, not settling.keys().isdisjoint(passages))


# What is the same on every page


def networks_of_cities(snapshot: Snapshot) -> dict[str, set[str]]:
    """City → the networks to which it belongs, itself or through its mayor in office."""
    return snapshot.cached("networks of cities", lambda: _sets(_pairs(snapshot, _OF_ALL)))


def layers_of_networks(snapshot: Snapshot) -> dict[str, str]:
    """Network → its layer, empty where none is stated."""
    return snapshot.cached("layers of networks", lambda: dict(_pairs(snapshot, _LAYERS)))


def settling_lists(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """Network → the passage and date of each list by which absence means no."""
    return snapshot.cached("settling lists", lambda: _settling_lists(snapshot))


def _settling_lists(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    answer = snapshot.run("completeness")
    for row in answer.terms:
        network, settles, date, passage = (
            value(row[answer.columns.index(name)]) for name in ("network", "settles", "date", "source")
        )
        if settles == "true":
            lists.setdefault(network, {})[passage] = date
    return lists


def _pairs(snapshot: Snapshot, query: str) -> list[tuple[str, str]]:
    return [(value(thing), value(other) if other else "") for thing, other in snapshot.ask(query).terms]


def _sets(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    sets: dict[str, set[str]] = {}
    for key, member in pairs:
        sets.setdefault(key, set()).add(member)
    return sets
