"""The column of facets: what can be chosen, how many cities it leaves, and the address that chooses it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.requests import Request

from solgraph.errors import ParameterError
from solgraph.graph.exploration import FACETS, Selection
from solgraph.graph.exploration.explorer import Explored
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import Label
from solgraph.rdf.namespaces import slug
from solgraph.rdf.terms import fold
from solgraph.web import parameters
from solgraph.web.problems import Problem
from solgraph.web.rendering import address

#: Facet → the class of its values, or the scheme of its concepts.
_CLASSES = {"city": "sg:City", "country": "sg:Country", "network": "sg:Network", "source": "sg:Source"}
_SCHEMES = {"kind": "programme-kind", "layer": "network-layer"}
_PERIOD = ("from", "to")
_OF_MATRIX = ("by", "sort", "city", "about")
VIEWS = ("cards", "map", "table", "network", "matrix", "timeline")
_SHOWN, _MOST = 8, 120
#: These are open from the beginning.
OPEN = ("country", "theme", "kind", "layer")


class FacetValue(NamedTuple):
    """A value of a facet, how many cities it leaves, and where it leads: it is chosen there, or no longer."""

    label: str
    number: int
    is_chosen: bool
    href: str


class Facet(NamedTuple):
    """A facet: its first values, the others (not all of very many), and whether it is open from the beginning."""

    name: str
    values: list[FacetValue]
    others: list[FacetValue]
    total: int
    is_open: bool


class Address(NamedTuple):
    """What an address of the explorer chooses: IRIs by facet, years, and the view.

    A matrix is ``by`` themes, or by networks, sorted by the column ``sort``; ``cell`` is the city and theme opened.
    """

    selection: Selection
    view: str = VIEWS[0]
    page: int = 1
    by: str = ""
    sort: str = ""
    cell: tuple[str, str] | None = None

    def query(self, **changed: object) -> dict[str, str | Sequence[str]]:
        """The words of the address; of those named, the values given in place of its own."""
        selection = self.selection
        words: dict[str, object] = {facet: sorted(map(slug, selection.values.get(facet, ()))) for facet in FACETS}
        words |= {"from": selection.since, "to": selection.until, "certain": "true" if selection.certain else ""}
        words |= {"view": "" if self.view == VIEWS[0] else self.view}
        if changed.get("view", self.view) == "matrix":
            words |= {"by": self.by, "sort": slug(self.sort) if self.sort else ""}
        words |= changed
        return {name: value if isinstance(value, list) else str(value) for name, value in words.items() if value}

    def toggled(self, facet: str, iri: str) -> dict[str, str | Sequence[str]]:
        """The words of the address that chooses a value more, or one less."""
        chosen = self.selection.values.get(facet, frozenset()) ^ {iri}
        return self.query(**{facet: sorted(map(slug, chosen))})

    @property
    def network(self) -> dict[str, str | Sequence[str]] | None:
        """The same selection of the network view ``alliances``; None where that view cannot choose so."""
        can = {facet for facet, chosen in self.selection.values.items() if chosen} <= {"country", "network", "layer"}
        return self.query(view="") if can and len(self.selection.values.get("country", ())) < 2 else None


def read(request: Request, kg: Knowledge) -> Address:
    """What an address chooses. Raises :class:`Problem` 400 or 404 for what it cannot mean."""
    options = (*_PERIOD, "certain", "view", "page", *_OF_MATRIX, "lang", "format")
    texts = parameters.read(request, "The explorer", FACETS, options)
    chosen = {facet: frozenset(_iri(kg, facet, text) for text in texts[facet]) for facet in FACETS if facet in texts}
    since, until = (parameters.whole_number(texts, name, least=1, most=9999) for name in _PERIOD)
    if since and until and since > until:
        raise Problem(400, detail=f"from = {since} is later than to = {until}.", parameter="from")
    view = parameters.single(texts, "view") or VIEWS[0]
    if view not in VIEWS:
        raise Problem(400, detail=f"There is no view {view[:50]!r}; there is {', '.join(VIEWS)}.", parameter="view")
    selection = Selection(chosen, since, until, parameters.truth_value(texts, "certain"))
    page = parameters.whole_number(texts, "page", least=1, most=10_000) or 1
    return Address(
        selection, view, page, *_of_matrix(kg, {name: parameters.single(texts, name) for name in _OF_MATRIX})
    )


def _of_matrix(kg: Knowledge, texts: Mapping[str, str | None]) -> tuple[str, str, tuple[str, str] | None]:
    """How a matrix is made and sorted, and the cell that is opened in it."""
    by, sort, city, about = (texts[name] or "" for name in _OF_MATRIX)
    if by not in ("", "networks"):
        raise Problem(400, detail=f"by = {by[:50]!r} is not known; leave it out, or say networks.", parameter="by")
    if bool(city) != bool(about):
        raise Problem(400, detail="A cell has a city and a theme: give both city and about.", parameter="city")
    column = _iri(kg, "network" if by else "theme", sort) if sort else ""
    return by, column, (_iri(kg, "city", city), _iri(kg, "theme", about)) if city else None


def _iri(kg: Knowledge, facet: str, text: str) -> str:
    of_class = _CLASSES.get(facet, "")
    try:
        return kg.find(text[:200], of_class, "" if of_class else _SCHEMES.get(facet, facet))
    except ParameterError as error:
        raise Problem(404, detail=f"{facet}: {error.what}", hint=error.hint, parameter=facet) from error


def facets(request: Request, wanted: Address, explored: Explored, label: Label) -> list[Facet]:
    """All facets, each with the values that leave any city, those that leave most first."""
    return [_facet(request, wanted, name, explored.counts(name), label) for name in FACETS]


def _facet(request: Request, wanted: Address, name: str, counts: Mapping[str, int], label: Label) -> Facet:
    chosen = wanted.selection.values.get(name, frozenset())
    values = [
        FacetValue(label(iri), counts.get(iri, 0), iri in chosen, _address(request, wanted.toggled(name, iri)))
        for iri in {*counts, *chosen}
    ]
    values.sort(key=lambda value: (not value.is_chosen, -value.number, fold(value.label)))
    return Facet(name, values[:_SHOWN], values[_SHOWN:_MOST], len(values), name in OPEN or bool(chosen))


def _address(request: Request, query: Mapping[str, str | Sequence[str]]) -> str:
    return address(request, "/explore", **query)


def chips(facets: Sequence[Facet]) -> list[FacetValue]:
    """What is chosen in the facets; each leads to where it is not."""
    return [value for facet in facets for value in (*facet.values, *facet.others) if value.is_chosen]
