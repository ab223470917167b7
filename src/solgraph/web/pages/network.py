"""The page of a network: its members by country and by year, its offices, and the networks that share most with it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from solgraph.graph.exploration.records import countries_of_cities
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import PREFIXES, SG, VOCAB, slug
from solgraph.rdf.terms import fold
from solgraph.web.pages import charts
from solgraph.web.pages.drawings import Map, map_of
from solgraph.web.pages.exploration import TimeLine, timeline_of
from solgraph.web.pages.memberships import LAYERS, Tie, Ties, layers_of_networks, networks_of_cities

#: By what memberships, affiliations and member lists point to a network.
MEMBERS = (PREFIXES["org"] + "organization", SG + "listOf")
#: Roles that only say that somebody belongs, and one whose beginning is not when a member joined.
_BELONGING = {f"{VOCAB}role/{name}" for name in ("member", "signatory", "partner-in-network")}
_LEADER = f"{VOCAB}role/leader"
_MOST_NEIGHBOURS = 10
#: Of fewer years no drawing is made.
_FEWEST_YEARS = 4
#: The size of the drawing of years, in pixels.
_SIZE = 600, 240


class Neighbour(NamedTuple):
    """A network, its layer, and how many of the cities in question belong to it."""

    iri: str
    layer: str
    number: int


class Role(NamedTuple):
    """Those that have a role; ``are_alike`` says whether their dates are the same."""

    iri: str
    ties: list[Tie]
    are_alike: bool


def shown(snapshot: Snapshot, iri: str, ties: Ties, label: Label) -> dict[str, Any]:
    """What the template shows."""
    layer, neighbours = layer_of(snapshot, iri), _neighbours(snapshot, iri, ties, label)
    return {
        "layer": layer,
        "countries": [(country, len(group)) for country, group in ties.groups.items() if country],
        "others": len(ties.groups.get("", ())),
        "neighbours": neighbours[:_MOST_NEIGHBOURS],
        "sharing": len(neighbours),
        "growth": _growth(ties, layer),
        "seen": sum(bool(tie.active) and not joined(tie) for tie in _all(ties)),
        "roles": _roles(ties, label),
        "networks": {city: len(networks) for city, networks in networks_of_cities(snapshot).items()},
        "home": countries_of_cities(snapshot),
        "members_map": _map(snapshot, ties, label),
    }


def layer_of(snapshot: Snapshot, iri: str) -> str:
    """The last part of the layer of a network; without any, it counts as an alliance."""
    return slug(layers_of_networks(snapshot).get(iri, "") or LAYERS[0])


def joined(tie: Tie) -> int | None:
    """The first year that a source states for belonging; one who leads may have belonged before."""
    spans = (span for role, spans in tie.spans.items() if role != _LEADER for span in spans)
    years = [int(span[:4]) for span in spans if span[:4].isdigit()]
    return min(years, default=None)


def _all(ties: Ties) -> list[Tie]:
    return [tie for group in ties.groups.values() for tie in group]


def _growth(ties: Ties, layer: str) -> TimeLine:
    years = Counter(year for tie in _all(ties) if (year := joined(tie)))
    begun, dated = {year: Counter({layer: number}) for year, number in sorted(years.items())}, years.total()
    if len(begun) < _FEWEST_YEARS:
        return TimeLine([], [], [], begun, dated, ties.total - dated)
    return timeline_of(begun, dated, ties.total - dated, *_SIZE)


def _neighbours(snapshot: Snapshot, iri: str, ties: Ties, label: Label) -> list[Neighbour]:
    """The other networks of the members, those of most of them first."""
    networks = networks_of_cities(snapshot)
    times = Counter(network for tie in _all(ties) for network in networks.get(tie.iri, ()) if network != iri)
    return by_number(snapshot, times, label)


def by_number(snapshot: Snapshot, numbers: Mapping[str, int], label: Label) -> list[Neighbour]:
    """Networks with a number of cities, the largest first, then by name."""
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], fold(label(pair[0]))))
    return [Neighbour(network, layer_of(snapshot, network), number) for network, number in ordered]


def _roles(ties: Ties, label: Label) -> list[Role]:
    """The roles that say more than that somebody belongs, the rarest first."""
    roles: dict[str, list[Tie]] = defaultdict(list)
    for tie in sorted(_all(ties), key=lambda tie: fold(label(tie.iri))):
        for role in tie.roles:
            if role not in _BELONGING:
                roles[role].append(tie)
    listed = [Role(role, having, len({*_dates(role, having)}) == 1) for role, having in roles.items()]
    return sorted(listed, key=lambda role: (len(role.ties), role.iri))


def _dates(role: str, having: list[Tie]) -> list[tuple[str, ...]]:
    return [tuple(tie.spans.get(role, ())) for tie in having]


def _map(snapshot: Snapshot, ties: Ties, label: Label) -> Map | None:
    """The members that are cities with coordinates, if there is more than one."""
    places = charts.places_of(snapshot, {tie.iri: label(tie.iri) for tie in _all(ties)}, {})
    return map_of(places, "networks") if len(places) > 1 else None
