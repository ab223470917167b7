"""Things that are described twice: the same name in any language, or the same place, found as the import finds them."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import combinations, permutations

from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Store

from solgraph.engines.local import Local
from solgraph.rdf.namespaces import ID, PREFIXES, slug
from solgraph.rdf.terms import Term, fold
from solgraph.tables.recognise.graph_index import ActorIndex, City, kilometres

#: Kilometres within which two cities are one, unless each has its own GeoNames identifier.
_SAME_PLACE = 1.0
#: Kilometres beyond which two GeoNames identifiers of one name are two cities.
_NAMESAKE = 10.0
_ACTIVE_IN = NamedNode(PREFIXES["sg"] + "activeIn")

Row = dict[str, Term]


class Identity:
    """Finds things of a store that are one and are described as two."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = ActorIndex(Local(lambda _: store))

    def duplicates(self) -> Iterator[Row]:
        """Pairs of cities and other actors, each both ways, that are called the same or lie at the same place."""
        pairs = {*self._namesakes(), *self._neighbours()}
        for thing, other in sorted(pairs):
            if not self._are_linked(thing, other):
                for this, value in permutations((thing, other)):
                    yield {"this": NamedNode(this), "value": NamedNode(value)}

    def _namesakes(self) -> Iterator[tuple[str, str]]:
        cities = self._index.cities
        for things in (*self._index.cities_by_name.values(), *self._index.actors.values()):
            for thing, other in combinations(sorted(things), 2):
                if thing in cities and other in cities:
                    if _may_be_one(cities[thing], cities[other]):
                        yield thing, other
                elif not self._are_apart(thing, other):
                    yield thing, other

    def _neighbours(self) -> Iterator[tuple[str, str]]:
        """Pairs of cities at one place; of cities in a band of latitude, so that few distances are computed."""
        cities = sorted((city for city in self._index.cities.values() if city.lat is not None), key=_latitude)
        band = _SAME_PLACE / 111
        for place, city in enumerate(cities):
            for other in cities[place + 1 :]:
                if _latitude(other) - _latitude(city) > band:
                    break
                if not (city.geonames and other.geonames) and _apart(city, other) <= _SAME_PLACE:
                    yield min(city.iri, other.iri), max(city.iri, other.iri)

    def _are_linked(self, thing: str, other: str) -> bool:
        """Whether the data relate the two, as possibly the same or as part and whole, and so know that they are two."""
        ends = NamedNode(thing), NamedNode(other)
        merge = DefaultGraph()
        return any(next(self._store.quads_for_pattern(a, None, b, merge), None) for a, b in permutations(ends))

    def _are_apart(self, thing: str, other: str) -> bool:
        """Whether two organisations work in different places, as two city councils do."""
        places = [
            {quad.object for quad in self._store.quads_for_pattern(NamedNode(iri), _ACTIVE_IN, None, DefaultGraph())}
            for iri in (thing, other)
        ]
        return all(places) and not places[0] & places[1]

    def misnamed(self) -> Iterator[Row]:
        """Cities without a GeoNames identifier whose IRI holds no word of their names, nor one that is like it."""
        names: dict[str, set[str]] = {}
        for name, things in self._index.cities_by_name.items():
            for iri in things:
                names.setdefault(iri, set()).add(name)
        for iri, called in sorted(names.items()):
            words = fold(slug(iri)).split()
            is_alike = any(
                word in name or get_close_matches(name, words, cutoff=0.6) for word in words for name in called
            )
            if iri.startswith(ID) and not self._index.cities[iri].geonames and not is_alike:
                yield {"this": NamedNode(iri), "value": NamedNode(iri)}

    def titled_as_actors(self) -> Iterator[Row]:
        """Sources that have no name of their own and are titled as a city or another actor is called."""
        query = (
            "SELECT ?this ?title { ?this a sg:Source ; dcterms:title ?title "
            "FILTER NOT EXISTS { ?this skos:prefLabel ?name } } ORDER BY ?this ?title"
        )
        solutions = self._store.query(query, prefixes=PREFIXES)
        for this, title in solutions if isinstance(solutions, QuerySolutions) else ():
            for iri in self._index.actors.get(fold(title.value), ()):
                yield {"this": this, "value": NamedNode(iri), "path": NamedNode(PREFIXES["dcterms"] + "title")}


def _may_be_one(city: City, other: City) -> bool:
    """Whether two cities of one name may be the same: not in two countries, nor far apart with an identifier each."""
    if city.country and other.country and city.country != other.country:
        return False
    has_points = city.lat is not None and other.lat is not None
    are_identified = bool(city.geonames and other.geonames)
    return not are_identified or (has_points and _apart(city, other) <= _NAMESAKE)


def _latitude(city: City) -> float:
    return city.lat or 0.0


def _apart(city: City, other: City) -> float:
    return kilometres((city.lat or 0.0, city.long or 0.0), (other.lat or 0.0, other.long or 0.0))
