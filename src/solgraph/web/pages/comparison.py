"""Two to four cities side by side: what they share, what only some of them have, and where the sources are silent."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.engines.endpoint import Result
from solgraph.graph.answer import Answer
from solgraph.graph.exploration import Record, explorer
from solgraph.graph.exploration.records import countries_of_cities
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import Label, best_texts
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import SG, slug
from solgraph.rdf.terms import Term, fold
from solgraph.web.pages.memberships import LAYERS, Tie, layers_of_networks, of_city, settling_lists
from solgraph.web.pages.panels import contents

MOST = 4
COLUMNS = ("aspect", "concept", "city", "answer", "thing", "dates", "source")
_TEXTS = "SELECT ?thing ?text {{ VALUES ?thing {{ {} }} ?thing dcterms:description ?text }}"
_SILENT, _NO = "not covered by the sources", "no"
_NETWORK, _THEME, _KIND = SG + "Network", SG + "theme", SG + "programmeKind"


class Listed(NamedTuple):
    """The last list by which absence from a network means no: its date, and the document."""

    date: str
    document: str


class Shared(NamedTuple):
    """A network of some of the cities: its layer, the membership of each, and a list of all its members.

    Who is not named there is no member; without such a list an empty place says nothing. ``others`` are ties that are
    no memberships, such as that of a candidate.
    """

    network: str
    layer: str
    ties: list[list[Tie]]
    others: list[list[Tie]]
    listed: Listed | None

    @property
    def number(self) -> int:
        """Of how many of the cities it is."""
        return sum(map(bool, self.ties))


class Doing(NamedTuple):
    """What each of the cities does of a theme, for a group or by a service, and where all of that was blocked."""

    concept: str
    things: list[list[str]]
    blocked: list[bool]

    @property
    def number(self) -> int:
        """How many of the cities do something."""
        return sum(map(bool, self.things))


class Programme(NamedTuple):
    """An initiative with its text, kinds and themes, and how many documents tell of it."""

    thing: str
    text: str
    kinds: list[str]
    themes: list[str]
    documents: int


class Comparison(NamedTuple):
    """All that stands side by side, a place for each of the cities."""

    cities: list[str]
    countries: list[str]
    columns: Sequence[str]
    contents: list[list[Term | None]]
    networks: list[Shared]
    aspects: dict[str, list[Doing]]
    programmes: list[list[Programme]]
    mayors: list[list[dict[str, Term | None]]]
    numbers: list[list[dict[str, Term | None]]]

    @property
    def numbers_of_networks(self) -> list[int]:
        """Of how many networks each is a member."""
        return [sum(bool(shared.ties[place]) for shared in self.networks) for place, _ in enumerate(self.cities)]

    @property
    def in_all(self) -> list[Shared]:
        """The networks of all the cities."""
        return [shared for shared in self.networks if shared.number == len(self.cities)]

    @property
    def in_some(self) -> list[Shared]:
        """The networks of several of them."""
        return [shared for shared in self.networks if 1 < shared.number < len(self.cities)]

    @property
    def in_none(self) -> list[Shared]:
        """The networks to which they are tied otherwise than as members, and which not several of them share."""
        return [shared for shared in self.networks if any(shared.others) and shared.number < 2]

    @property
    def listed_alone(self) -> bool:
        """Whether a complete list says of a network that it has one of them and not the others."""
        return any(shared.number == 1 and shared.listed is not None for shared in self.networks)

    def only(self, place: int) -> list[Shared]:
        """The networks of one of them alone."""
        return [shared for shared in self.networks if shared.number == 1 and shared.ties[place]]

    @property
    def themes(self) -> list[str]:
        """The themes that all of them share."""
        return [doing.concept for doing in self.aspects.get(_THEME, ()) if doing.number == len(self.cities)]


def compared(snapshot: Snapshot, cities: Sequence[str], label: Label, languages: Sequence[str]) -> Comparison:
    """What the sources say of some cities."""
    aspects = _aspects(snapshot, cities, label)
    return Comparison(
        [*cities],
        [countries_of_cities(snapshot).get(city, "") for city in cities],
        snapshot.run("contents-per-city").columns[1:],
        [contents(snapshot).get(city, []) for city in cities],
        shared_networks(snapshot, cities, label),
        aspects,
        _programmes(snapshot, cities, aspects, languages),
        [_rows(snapshot.run("mayors", city=city)) for city in cities],
        [_rows(snapshot.run("numbers-about", thing=city)) for city in cities],
    )


def _rows(answer: Answer) -> list[dict[str, Term | None]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.terms]


# Networks


def shared_networks(snapshot: Snapshot, cities: Sequence[str], label: Label) -> list[Shared]:
    """The networks of the cities, those of most of them first, then by layer."""
    layers = layers_of_networks(snapshot)
    networks: dict[str, Shared] = {}
    for place, city in enumerate(cities):
        its = of_city(snapshot, city, label)
        for tie in (*chain(*its.groups.values()), *its.affiliations):
            layer = slug(layers.get(tie.iri) or LAYERS[0])
            empty = Shared(tie.iri, layer, [[] for _ in cities], [[] for _ in cities], _latest(snapshot, tie.iri))
            shared = networks.setdefault(tie.iri, empty)
            (shared.others if tie in its.affiliations else shared.ties)[place].append(tie)
    order = [slug(layer) for layer in LAYERS]
    return sorted(
        networks.values(), key=lambda each: (-each.number, order.index(each.layer), fold(label(each.network)))
    )


def _latest(snapshot: Snapshot, network: str) -> Listed | None:
    """The last list by which absence means no."""
    lists = settling_lists(snapshot).get(network, {})
    return max(
        (Listed(date, snapshot.passages.get(passage, (passage, ""))[0]) for passage, date in lists.items()),
        default=None,
    )


# What they do


def _aspects(snapshot: Snapshot, cities: Sequence[str], label: Label) -> dict[str, list[Doing]]:
    """Aspect → concepts with what each city does; two cities at a time, as the saved query takes them."""
    aspects: dict[str, dict[str, Doing]] = defaultdict(dict)
    for first in range(0, len(cities), 2):
        places = first, first + 1 if first + 1 < len(cities) else 0
        answer = snapshot.run("compare-cities", city=cities[places[0]], other=cities[places[1]])
        for aspect, concept, *pairs, _date, _source in answer.terms:
            if value(aspect) != _NETWORK:
                empty = Doing(value(concept), [[] for _ in cities], [False for _ in cities])
                doing = aspects[value(aspect)].setdefault(value(concept), empty)
                for place, state, done in zip(places, pairs[::2], pairs[1::2], strict=True):
                    doing.blocked[place] = value(state) == "blocked"
                    if done is not None and value(done) not in doing.things[place]:
                        doing.things[place].append(value(done))
    return {
        aspect: sorted(aspects[aspect].values(), key=lambda doing: (-doing.number, fold(label(doing.concept))))
        for aspect in sorted(aspects, key=lambda aspect: (aspect != _THEME, aspect))
    }


def _programmes(
    snapshot: Snapshot, cities: Sequence[str], aspects: Mapping[str, Sequence[Doing]], languages: Sequence[str]
) -> list[list[Programme]]:
    """The initiatives of each city, those of shared themes first."""
    of_cities = [explorer(snapshot).initiatives_of((city,)) for city in cities]
    texts = _texts(snapshot, {record.thing for listed in of_cities for record in listed}, languages)
    themes, kinds = _concepts(aspects.get(_THEME, ())), _concepts(aspects.get(_KIND, ()))
    order = [doing.concept for doing in aspects.get(_THEME, ())]

    def rank(record: Record) -> tuple[int, str]:
        return min((order.index(theme) for theme in themes[record.thing]), default=len(order)), record.thing

    def programme(record: Record) -> Programme:
        thing = record.thing
        return Programme(thing, texts.get(thing, ""), kinds[thing], themes[thing], len(record.values.get("source", ())))

    return [[programme(record) for record in sorted(listed, key=rank)] for listed in of_cities]


def _concepts(doings: Iterable[Doing]) -> Mapping[str, list[str]]:
    """Thing → the concepts under which it stands, also where several of the cities do it."""
    concepts: dict[str, list[str]] = defaultdict(list)
    for doing in doings:
        for thing in dict.fromkeys(chain(*doing.things)):
            concepts[thing].append(doing.concept)
    return concepts


def _texts(snapshot: Snapshot, things: Iterable[str], languages: Sequence[str]) -> dict[str, str]:
    """Thing → its text in the best language there is."""
    asked = " ".join(str(NamedNode(thing)) for thing in sorted(things))
    return best_texts(snapshot.ask(_TEXTS.format(asked)).terms if asked else (), languages)


# As data


def answer(kg: Knowledge, comparison: Comparison) -> Answer[Any]:
    """A row for each network, concept and city, and whether the sources say yes, no or nothing."""
    passages = {record.thing: record.passages for record in explorer(kg.snapshot).records}
    terms = [*_network_rows(comparison), *_doing_rows(comparison, passages)]
    found: Answer[Any] = Answer.of(Result("SELECT", COLUMNS, terms))
    found.knowledge, found.several = kg, ("thing", "source")
    found.labels = kg.snapshot.labels_of(found.iris(), kg.languages)
    return found


def _network_rows(comparison: Comparison) -> Iterator[tuple[Term | None, ...]]:
    for shared in comparison.networks:
        for city, ties, others in zip(comparison.cities, shared.ties, shared.others, strict=True):
            head = NamedNode(_NETWORK), NamedNode(shared.network), NamedNode(city)
            if not ties and not others:
                yield (*head, *_silence(shared.listed))
            for tie in (*ties, *others):
                dates = Literal("; ".join([*chain(*tie.spans.values()), *tie.active]))
                for role in tie.roles:
                    state = Literal("yes" if tie in ties else slug(role).replace("-", " "))
                    for passage in tie.documents.values():
                        yield (*head, state, NamedNode(role), dates, NamedNode(passage))


def _silence(listed: Listed | None) -> tuple[Term | None, ...]:
    """What is said of a city that no source ties to a network: a no only with its list, date and source."""
    if listed is None:
        return Literal(_SILENT), None, None, None
    return Literal(_NO), None, Literal(listed.date), NamedNode(listed.document)


def _doing_rows(comparison: Comparison, passages: Mapping[str, Iterable[str]]) -> Iterator[tuple[Term | None, ...]]:
    for aspect, doings in comparison.aspects.items():
        for doing in doings:
            for city, things, is_blocked in zip(comparison.cities, doing.things, doing.blocked, strict=True):
                head = NamedNode(aspect), NamedNode(doing.concept), NamedNode(city)
                if not things:
                    yield (*head, Literal(_SILENT), None, None, None)
                for thing in things:
                    state = Literal("blocked" if is_blocked else "yes")
                    for passage in sorted(passages.get(thing, ())) or [""]:
                        yield (*head, state, NamedNode(thing), None, NamedNode(passage) if passage else None)
