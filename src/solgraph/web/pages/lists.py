"""Long lists in groups: cities by country, networks by layer, sources by network."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from solgraph.graph.exploration.records import countries_of_cities
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.terms import fold
from solgraph.web.pages import panels
from solgraph.web.pages.memberships import LAYERS, layers_of_networks, networks_of_cities

#: So many things are shown at once; of more, each group is closed until somebody opens it.
_MOST_OPEN = 100
_FIRST = 5
#: More than this are not found by a filter.
_MOST_MATCHES = 5000
_NETWORKS_OF_SOURCES = """
SELECT DISTINCT ?network ?document {
  ?network a sg:Network . ?tie (org:organization|sg:listOf) ?network ; sg:evidence/oa:hasSource ?document
}
"""
_READ_WHOLE = "SELECT DISTINCT ?document { ?finding a sg:Finding ; sg:evidence/oa:hasSource ?document }"


class Item(NamedTuple):
    """A thing of a list; ``note`` stands behind its name, ``leads`` says whether more is known of it than of others."""

    iri: str
    note: str = ""
    leads: bool = False


class Group(NamedTuple):
    """Things under a heading, which is a thing too or empty; ``first`` are the most important of them."""

    head: str
    items: list[Item]
    first: list[Item]


class Groups(NamedTuple):
    """A list in groups, of which a filter may have left a part."""

    groups: list[Group]
    total: int
    is_open: bool


def cities(snapshot: Snapshot, label: Label, words: str) -> Groups:
    """Cities by country, each with the number of its networks; those with a report lead."""
    networks, profiled = networks_of_cities(snapshot), panels.contents(snapshot).keys()
    countries: dict[str, list[Item]] = {}
    for city, country in countries_of_cities(snapshot).items():
        note = str(len(networks.get(city, ())) or "")
        countries.setdefault(country, []).append(Item(city, note, city in profiled))
    return _list(
        snapshot,
        label,
        words,
        [(country, countries[country]) for country in sorted(countries, key=lambda country: fold(label(country)))],
    )


def networks(snapshot: Snapshot, label: Label, words: str) -> Groups:
    """Networks by layer, each with the number of its cities."""
    members = Counter(network for belonging in networks_of_cities(snapshot).values() for network in belonging)
    layers: dict[str, list[Item]] = {layer: [] for layer in LAYERS}
    for network, layer in layers_of_networks(snapshot).items():
        layers.setdefault(layer, []).append(Item(network, str(members[network] or "")))
    return _list(snapshot, label, words, [*layers.items()])


def sources(snapshot: Snapshot, label: Label, words: str) -> Groups:
    """Sources by the network of whose members they tell, those read as a whole first; each with its date."""
    dates = dict(snapshot.documents)
    whole = {value(document) for (document,) in snapshot.ask(_READ_WHOLE).terms}
    groups: dict[str, list[Item]] = {}
    for network, document in snapshot.ask(_NETWORKS_OF_SOURCES).terms:
        if value(document) not in whole:
            groups.setdefault(value(network), []).append(_dated(value(document), dates))
    grouped = {item.iri for items in groups.values() for item in items}
    rest = [_dated(document, dates) for document in dates if document not in grouped]
    ordered = sorted(groups, key=lambda network: (-len(groups[network]), fold(label(network))))
    return _list(snapshot, label, words, [("", rest), *((network, groups[network]) for network in ordered)])


def by_letter(snapshot: Snapshot, label: Label, has_page: Callable[[str], bool]) -> dict[str, list[str]]:
    """What has a name and a page of its own, from A to Z; # for what begins otherwise."""
    letters: dict[str, list[str]] = {}
    things = filter(has_page, {name.iri for name in snapshot.label_index.searched})
    for iri in sorted(things, key=lambda iri: (fold(label(iri)), iri)):
        first = fold(label(iri))[:1].upper()
        letters.setdefault(first if first.isalpha() else "#", []).append(iri)
    return letters


def _dated(document: str, dates: Mapping[str, str]) -> Item:
    return Item(document, dates.get(document, "")[:7])


def _list(snapshot: Snapshot, label: Label, words: str, groups: Iterable[tuple[str, list[Item]]]) -> Groups:
    """The groups that hold anything, or what a filter leaves of them: by the name of a thing or of its group."""
    matches = {name.iri for name in snapshot.label_index.holding(words, _MOST_MATCHES)} if words else set()
    filtered = [
        (head, [item for item in items if not words or item.iri in matches or head in matches])
        for head, items in groups
    ]
    listed = [_group(head, items, label) for head, items in filtered if items]
    total = len({item.iri for group in listed for item in group.items})
    return Groups(listed, total, bool(words) or total <= _MOST_OPEN)


def _group(head: str, items: list[Item], label: Label) -> Group:
    by_name = sorted(items, key=lambda item: (fold(label(item.iri)), item.iri))
    numbers = {item.iri: int(item.note) if item.note.isdigit() else 0 for item in items}
    return Group(head, by_name, sorted(by_name, key=lambda item: -numbers[item.iri])[:_FIRST])
