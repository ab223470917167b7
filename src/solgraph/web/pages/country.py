"""The page of a country: its cities, those with a report first, and the networks to which most of them belong."""

from collections import Counter
from typing import Any

from solgraph.graph.description import Description
from solgraph.graph.exploration import explorer
from solgraph.graph.exploration.records import countries_of_cities
from solgraph.graph.facts import Mention
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.rdf.namespaces import SG
from solgraph.rdf.terms import fold
from solgraph.web.pages import charts, panels
from solgraph.web.pages.drawings import map_of
from solgraph.web.pages.memberships import networks_of_cities
from solgraph.web.pages.network import by_number, layer_of

_MOST_NETWORKS = 12


def cities_of(snapshot: Snapshot, iri: str, label: Label) -> dict[str, str]:
    """All cities of a country, also those in its regions, with their names, by name; nothing for what is no country."""
    cities = {city: label(city) for city, country in countries_of_cities(snapshot).items() if country == iri}
    return dict(sorted(cities.items(), key=lambda pair: (fold(pair[1]), pair[0])))


def shown(snapshot: Snapshot, described: Description, label: Label) -> dict[str, Any]:
    """What the template shows."""
    cities, belonging = cities_of(snapshot, described.iri, label), networks_of_cities(snapshot)
    times = Counter(network for city in cities for network in belonging.get(city, ()))
    profiled = panels.contents(snapshot)
    national: list[Mention] = described.mentions.get(SG + "Network", [])
    return {
        "cities": cities,
        "profiled": [city for city in cities if city in profiled],
        "numbers": {city: len(belonging.get(city, ())) for city in cities},
        "initiatives": len(explorer(snapshot).initiatives_of(cities)),
        "networks": by_number(snapshot, times, label),
        "most": _MOST_NETWORKS,
        "national": sorted((mention.iri for mention in national), key=lambda network: fold(label(network))),
        "layers": {mention.iri: layer_of(snapshot, mention.iri) for mention in national},
        "cities_map": map_of(charts.places_of(snapshot, cities, {}), "networks") if cities else None,
    }
