"""Pages for people: home, cities, search, comparison, and the page of anything that has an IRI."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from solgraph.errors import ParameterError
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.snapshot import CLASS_RANKS
from solgraph.rdf.namespaces import BASE, GRAPH, ID, PREFIXES, SG, VOCAB, shorten, slug
from solgraph.rdf.terms import Term
from solgraph.web.pages import forms, panels
from solgraph.web.pages.drawings import locator, map_of, span_of
from solgraph.web.pages.shapes import rules
from solgraph.web.pages.things import Said, Shelf, shelf, thing, value
from solgraph.web.problems import Problem
from solgraph.web.rendering import LANGUAGES, chain, render

#: More mentions than this are told by name only.
_MANY = 150
#: Questions to try on the home page: a saved query and its values; their wording is ``question.<name>``.
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "networks-of-city": {"city": "milan"},
    "example-cities": {"theme": "1.3"},
    "mayors-in-year": {"year": "2018"},
    "services": {"city": "bologna"},
    "disagreements": {},
}
#: Facts that are told before the others, and those after them.
FIRST = (
    "title creator contributor publisher issued modified language classification sourceKind programmeKind "
    "collaborationKind advocacyKind findingKind placeKind networkScope hasFeatureOfInterest hasSimpleResult "
    "observedProperty populationGroup precision status startDate endDate ongoingAsOf date member organization role "
    "inCity takesPlaceIn locatedIn activeIn about theme beneficiary offersService"
).split()
LAST = "broader related closeMatch references acknowledges seeAlso url note inScheme isDefinedBy license".split()
#: Properties that are told below the others, when asked for.
IDENTIFIERS = "lat long sameAs geonamesId nutsCode subdivisionCode countryCode sha256".split()
SCHEME = PREFIXES["skos"] + "ConceptScheme"
#: As many cities can be compared at once.
_MOST = 6


class Notes:
    """Numbers for the places where something was read, in the order in which a page comes to them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, iri: str) -> int:
        """The number of a source, the same each time."""
        return self.numbers.setdefault(iri, len(self.numbers) + 1)

    def ordered(self, iris: Iterable[str]) -> list[str]:
        """Sources in the order of their numbers."""
        return sorted(iris, key=self.number)


def _known(request: Request) -> Shelf:
    return shelf(request.app.state.kg)


def _common(request: Request) -> dict[str, Any]:
    """What every template about the graph gets: labels, links and notes."""
    known = _known(request)
    labels = known.labels(chain(request))

    def label(iri: str) -> str:
        return labels.get(iri) or shorten(iri)

    def has_page(iri: str) -> bool:
        return iri in known.types and iri.startswith(BASE)

    return {
        "known": known, "labels": labels, "label": label, "has_page": has_page, "notes": Notes(), "value": value,
        "is_iri": lambda term: isinstance(term, NamedNode), "slug": slug, "SG": SG, "short": shorten,
        "shown": lambda term: panels.shown(term, labels), "span_of": span_of, "ID": ID, "GRAPH": GRAPH,
        "UNKNOWN": VOCAB + "status/unknown",
        "language_of": lambda term: term.language or "" if isinstance(term, Literal) else "",
    }  # fmt: skip


# The page of anything that has an IRI


def page(request: Request, iri: str, kind: str) -> Response:
    """The page of a thing, concept or scheme, of a named graph, the ontology, the shapes or the catalogue."""
    special = {"ontology": _ontology, "graph": _graph, "shapes": _shapes, "catalogue": _catalogue}
    return special[kind](request, iri) if kind in special else _thing(request, iri)


def _thing(request: Request, iri: str) -> Response:
    known, common = _known(request), _common(request)
    if iri not in known.types:
        raise Problem(404, detail=f"Nothing is known about {iri}.", nearest=known.kg.nearest(iri))
    one = thing(known, iri, chain(request))
    found = panels.panels(known, iri, common["labels"])
    shown = panels.covered(found)
    is_city = SG + "City" in one.classes
    mentions = {group: kept for group, all in one.mentions.items() if (kept := _left(all, shown))}
    lat, long = one.number("geo:lat"), one.number("geo:long")
    values: dict[str, Any] = {
        "one": one,
        "facts": _told([said for said in one.said if slug(said.property) not in IDENTIFIERS]),
        "identifiers": _told([said for said in one.said if slug(said.property) in IDENTIFIERS]),
        "profile": panels.profile(found),
        "panels": found,
        "early": [panel for panel in found if panel.place < panels.LATE],
        "late": [panel for panel in found if panel.place >= panels.LATE],
        "mentions": {group: _by_title(all, common) for group, all in mentions.items()},
        "brief": sum(map(len, mentions.values())) > _MANY,
        "sections": _sections(known, iri),
        "lines": {panel.name: panels.years(panel, common["labels"]) for panel in found},
        "texts": {
            m.iri: m.text for all in one.mentions.values() for m in all if m.text and SG + "Finding" not in m.kinds
        },
        "alliances": panels.alliances(known, iri, found, common["labels"]) if is_city else None,
        "differences": panels.differences(known, one),
        "map": locator(common["label"](iri), long, lat) if lat is not None and long is not None else None,
    }
    return render(request, "thing.html", **common, **values)


def _told(said: Iterable[Said]) -> list[tuple[str, list[Said]]]:
    """Property → what is said with it, in the order in which a reader asks."""
    order = {name: rank for rank, name in enumerate((*FIRST, "", *LAST))}
    found: dict[str, list[Said]] = {}
    for one in sorted(said, key=lambda one: order.get(slug(one.property), order[""])):
        found.setdefault(one.property, []).append(one)
    return list(found.items())


def _left(mentions: Sequence[Any], shown: set[str]) -> list[Any]:
    """The mentions that no panel shows; a membership or term counts as shown with its other end."""
    return [one for one in mentions if one.iri not in shown and not _shown_by_its_end(one, shown)]


def _shown_by_its_end(mention: Any, shown: set[str]) -> bool:
    is_tie = {SG + "Membership", SG + "OfficeTerm"} & set(mention.kinds)
    return bool(is_tie and mention.ends) and shown.issuperset(mention.ends)


def _by_title(mentions: Iterable[Any], common: Mapping[str, Any]) -> list[Any]:
    return sorted(mentions, key=lambda one: (common["label"](one.iri).casefold(), one.iri))


class Section(NamedTuple):
    """A section of a document, and what was taken from it: class → things."""

    passage: str
    name: str
    things: dict[str, list[str]]


_TAKEN = "SELECT DISTINCT ?s ?thing { ?s oa:hasSource %s . ?thing sg:evidence ?s }"
_PAGES = "SELECT ?s ?page { ?s oa:hasSource %s ; sg:page ?page }"


def _sections(known: Shelf, iri: str) -> list[Section]:
    """All that was taken from a document, by section; nothing for what is no document."""
    mine = {one: name for one, (document, name) in known.passages.items() if document == iri}
    if not mine:
        return []
    taken: dict[str, dict[str, list[str]]] = {}
    for passage, one in known.ask(_TAKEN % NamedNode(iri)).terms:
        kind = known.types.get(value(one), [""])[0]
        taken.setdefault(value(passage), {}).setdefault(kind, []).append(value(one))
    sections = [Section(one, name, _ranked(taken.get(one, {}))) for one, name in mine.items()]
    pages = {value(passage): _order(value(page)) for passage, page in known.ask(_PAGES % NamedNode(iri)).terms}
    return sorted(sections, key=lambda section: (pages.get(section.passage, []), _order(section.passage)))


def _ranked(found: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {kind: sorted(found[kind]) for kind in sorted(found, key=lambda one: CLASS_RANKS.get(one, len(CLASS_RANKS)))}


def _order(passage: str) -> list[tuple[int, str]]:
    """The order of sections and pages by their numbers: 1.2 before 1.10."""
    parts = slug(passage).replace("-", ".").split(".")
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


# Pages of the graph itself


def _ontology(request: Request, iri: str) -> Response:
    from solgraph.web.pages.reference import terms

    entries = terms(request.app.state.kg, chain(request)[0])
    kinds: dict[str, list[Any]] = {}
    for entry in entries:
        kinds.setdefault(entry.kind if entry.own else "reused", []).append(entry)
    return render(request, "ns.html", **_common(request), iri=iri, kinds=kinds)


def _graph(request: Request, iri: str) -> Response:
    known = _known(request)
    rows = known.ask(f"SELECT DISTINCT ?s ?c {{ GRAPH {NamedNode(iri)} {{ ?s a ?c }} }} ORDER BY ?s").terms
    found: dict[str, list[str]] = {}
    for one in dict.fromkeys(value(s) for s, _ in rows):
        found.setdefault(known.types[one][0], []).append(one)
    common = _common(request)
    things = {kind: _labelled(all, common) for kind, all in _ranked(found).items()}
    return render(request, "graph.html", **common, iri=iri, things=things)


def _labelled(iris: Iterable[str], common: Mapping[str, Any]) -> list[str]:
    return sorted(iris, key=lambda one: (common["label"](one).casefold(), one))


def _shapes(request: Request, iri: str) -> Response:
    return render(request, "shapes.html", **_common(request), iri=iri, rules=rules())


def _catalogue(request: Request, iri: str) -> Response:
    known, common = _known(request), _common(request)
    schemes = _labelled((one for one, kinds in known.types.items() if SCHEME in kinds), common)
    return render(request, "catalogue.html", **common, iri=iri, documents=known.documents, schemes=schemes)


# Pages with an address of their own


async def home(request: Request) -> Response:
    """``/``: what this is, search, the map, numbers, sources, questions to try."""
    known, common = _known(request), _common(request)
    questions = [(name, values) for name, values in QUESTIONS.items() if _can_be_asked(known, name, values)]
    places = _places(known, common["labels"])
    return render(request, "home.html", **common, map=map_of(places), places=places, questions=questions)


def _can_be_asked(known: Shelf, name: str, values: Mapping[str, str]) -> bool:
    """Whether there is such a query, and what it asks about is in these data."""
    saved, given = known.saved.get(name), {key: [text] for key, text in values.items()}
    return saved is not None and not forms.faults(known.kg, saved, saved.params.values(), given)


def _places(known: Shelf, labels: Mapping[str, str]) -> tuple[tuple[str, str, float, float, float], ...]:
    """The cities that have coordinates: IRI, name, longitude, latitude, and how much is known of them."""
    found = {}
    for city, lat, long in _cities(known):
        if isinstance(lat, Literal) and isinstance(long, Literal):
            iri = value(city)
            found[iri] = (iri, labels.get(iri, iri), float(long.value), float(lat.value), _weight(known, iri))
    return tuple(sorted(found.values(), key=lambda one: one[1].casefold()))


def _cities(known: Shelf) -> list[tuple[Term | None, ...]]:
    columns = known.cities.columns
    wanted = [columns.index(name) for name in ("city", "lat", "long")]
    return [tuple(row[place] for place in wanted) for row in known.cities.terms]


def _weight(known: Shelf, iri: str) -> float:
    return sum(float(value(number)) for number in known.contents.get(iri, [])[:4])


async def cities(request: Request) -> Response:
    """``/cities``: all cities by country, on a map and as a list from which some can be compared."""
    known, common = _known(request), _common(request)
    labels = common["labels"]
    countries: dict[str, dict[str, bool]] = {}
    columns = known.cities.columns
    city, country, profiled = (columns.index(name) for name in ("city", "country", "profiled"))
    for row in known.cities.terms:
        countries.setdefault(value(row[country]), {})[value(row[city])] = value(row[profiled]) == "true"
    listed = {
        one: sorted(found.items(), key=lambda pair: labels.get(pair[0], "").casefold())
        for one, found in sorted(countries.items(), key=lambda pair: labels.get(pair[0], "").casefold())
    }
    return render(request, "cities.html", **common, countries=listed, map=map_of(_places(known, labels)))


async def find(request: Request) -> Response:
    """``/search?q=``: things by name in any language, with or without accents."""
    asked = request.query_params.get("q", "")[:200]
    known = _known(request)
    found = known.kg.snapshot.label_index.search(asked)
    near = known.kg.nearest(asked) if asked and not found else []
    return render(request, "search.html", **_common(request), asked=asked, found=found, near=near)


async def about(request: Request) -> Response:
    """``/about``: what this is, how it is made, and how it may be used."""
    known = _known(request)
    return render(request, "about.html", **_common(request), documents=known.documents)


async def tongue(request: Request) -> Response:
    """``/language/de?to=/cities``: keep a language in a cookie, and go back."""
    code, to = request.path_params["code"], request.query_params.get("to", "/")
    if code not in LANGUAGES:
        raise Problem(404, detail=f"There is no interface in {code[:20]!r}; there is {', '.join(LANGUAGES)}.")
    inside = to.startswith("/") and not to.startswith(("//", "/\\")) and "\\" not in to and to.isprintable()
    back = request.scope.get("root_path", "") + (to if inside else "/")
    response = RedirectResponse(back, HTTPStatus.SEE_OTHER)
    response.set_cookie("lang", code, max_age=31_536_000, samesite="lax", httponly=True)
    return response


# Comparison


async def compare(request: Request) -> Response:
    """``/compare?city=milan&city=bologna``: two or more cities side by side."""
    known, common = _known(request), _common(request)
    index = known.kg.snapshot.label_index
    asked = [one for one in request.query_params.getlist("city") if one.strip()][:_MOST]
    chosen, faults = _found(asked, known.kg)
    choices = sorted(index.iris("sg:City"), key=lambda iri: common["label"](iri).casefold())
    tables = panels.compared(known, chosen, common["labels"]) if len(chosen) > 1 else {}
    status = 404 if faults else 200
    return render(
        request,
        "compare.html",
        status,
        **common,
        chosen=chosen,
        choices=choices,
        faults=faults,
        **tables,
        done=bool(tables),
    )


def _found(asked: Iterable[str], kg: Knowledge) -> tuple[list[str], list[ParameterError]]:
    chosen: dict[str, None] = {}
    faults = []
    for one in asked:
        try:
            chosen[kg.find(one[:200], "sg:City")] = None
        except ParameterError as error:
            faults.append(error)
    return list(chosen), faults


# Errors


def problem_page(request: Request, problem: Problem) -> Response:
    """An error as a page; one that says that nothing is there names what is called nearly so."""
    near = problem.members.get("nearest", [])
    if problem.status == HTTPStatus.NOT_FOUND and not near:
        near = _known(request).kg.nearest(slug(request.scope["path"]).partition(".")[0])
    common = _common(request) if near else {"labels": {}, "label": str}
    response = render(request, "problem.html", problem.status, **common, problem=problem, near=near)
    response.headers.update(problem.headers)
    return response


routes = [
    Route("/", home),
    Route("/cities", cities),
    Route("/search", find, name="search"),
    Route("/compare", compare),
    Route("/about", about),
    Route("/language/{code}", tongue, name="language"),
]
