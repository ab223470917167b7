"""Pages for people: home, cities, sources, and the page of anything that has an IRI."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from markupsafe import Markup
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from solgraph.formats.media import RDF
from solgraph.graph.citation import is_statement
from solgraph.graph.description import Description
from solgraph.graph.exploration import Selection, explorer
from solgraph.graph.exploration.records import countries_of_cities
from solgraph.graph.facts import Fact
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import PREFIXES, SG, slug
from solgraph.rdf.terms import fold
from solgraph.texts import word
from solgraph.web.http import LANGUAGES, language, route
from solgraph.web.pages import (
    actor,
    answers,
    charts,
    city,
    concept,
    country,
    document,
    evidence,
    explorer_page,
    findings,
    forms,
    initiative,
    lists,
    memberships,
    network,
    panels,
    passages,
    preview,
    structured_data,
)
from solgraph.web.pages.context import context, snapshot_of
from solgraph.web.pages.drawings import locator, map_of
from solgraph.web.pages.facets import Address
from solgraph.web.pages.reference import terms
from solgraph.web.pages.shapes import rules
from solgraph.web.problems import Problem
from solgraph.web.rendering import absolute, chain, knowledge, path, render

#: Of more mentions than this only the names are shown.
_MOST_MENTIONS = 150
#: Questions to try on the home page: a saved query and its values; their wording is ``question.<name>``.
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "initiatives": {"beneficiary": "undocumented"},
    "shared-networks": {"city": "ghent", "other": "utrecht"},
    "hubs-of-city-and-civil-society": {},
    "mayors-in-year": {"year": "2018"},
    "example-cities": {"theme": "1.3"},
}
#: Facts that are shown before the others, and those after them.
FIRST = (
    "title creator contributor publisher issued modified language classification sourceKind programmeKind "
    "collaborationKind advocacyKind findingKind placeKind networkScope hasFeatureOfInterest hasSimpleResult "
    "observedProperty populationGroup precision status startDate endDate ongoingAsOf date member organization role "
    "inCity takesPlaceIn locatedIn activeIn about theme beneficiary offersService"
).split()
LAST = "broader related closeMatch references acknowledges seeAlso url note inScheme isDefinedBy license".split()
#: Properties that are shown below the others, on demand.
IDENTIFIERS = "lat long sameAs geonamesId nutsCode subdivisionCode countryCode sha256".split()
SCHEME = PREFIXES["skos"] + "ConceptScheme"


# The page of anything that has an IRI


def page(request: Request, iri: str, kind: str) -> Response:
    """The page of a thing, concept or scheme, of a named graph, the ontology, the shapes or the catalogue."""
    special = {"ontology": _ontology, "graph": _graph, "shapes": _shapes, "catalogue": _catalogue}
    return special.get(kind, _thing)(request, iri)


def _thing(request: Request, iri: str) -> Response:
    snapshot, common = snapshot_of(request), context(request)
    if iri not in snapshot.types:
        raise Problem(404, detail=f"Nothing is known about {iri}.", nearest=request.app.state.kg.nearest(iri))
    read_otherwise = network.MEMBERS if SG + "Network" in snapshot.types[iri] else ()
    described = Description(snapshot, iri, chain(request), common["labels"], read_otherwise)
    shown_panels = panels.panels(snapshot, iri, common["labels"])
    ties, sections = _ties(snapshot, described, common), passages.sections(snapshot, iri)
    covered = panels.covered(shown_panels) | (ties.shown if ties else set()) | {section.passage for section in sections}
    is_city = SG + "City" in described.classes
    covered |= country.cities_of(snapshot, iri, common["label"]).keys()
    mentions = {group: left for group, listed in described.mentions.items() if (left := _left(listed, covered))}
    static = "solgraph.static" in request.scope
    lat, long = described.number("geo:lat"), described.number("geo:long")
    shown = {
        **common,
        "thing": described,
        "structured": structured_data.thing(described, absolute(request, path(iri))),
        "facts": _by_property(fact for fact in described.facts if slug(fact.property) not in IDENTIFIERS),
        "identifiers": _by_property(fact for fact in described.facts if slug(fact.property) in IDENTIFIERS),
        "panels": shown_panels,
        "mentions": {group: _by_title(listed, common) for group, listed in mentions.items()},
        "brief": sum(map(len, mentions.values())) > _MOST_MENTIONS,
        "sections": sections,
        "lines_of": {panel.name: panels.years(panel, common["labels"]) for panel in shown_panels},
        "texts": _texts(described.mentions),
        "ties": ties,
        "differences": panels.differences(
            snapshot, {*(described.things() if is_city else evidence.alike(snapshot, iri))}
        ),
        "picture": "" if static else preview.path_of(iri, described.classes, language(request)),
        "map": locator(common["label"](iri), long, lat) if lat is not None and long is not None else None,
    }
    return _city(request, shown) if is_city else _other(request, shown)


def _other(request: Request, shown: Mapping[str, Any]) -> Response:
    """What is no city: a page of its own kind for some classes, and for all others what there is."""
    snapshot, described = shown["snapshot"], shown["thing"]
    kind = slug(described.classes[0]) if described.classes else ""
    if kind == "Network":
        own, template = network.shown(snapshot, described.iri, shown["ties"], shown["label"]), "thing_network.html"
    elif kind in initiative.CLASSES:
        own, template = initiative.shown(snapshot, described, shown["label"]), "thing_initiative.html"
    elif kind in actor.CLASSES:
        own, template = actor.shown(snapshot, described, shown["label"]), "thing_actor.html"
    elif kind == "Country":
        own, template = country.shown(snapshot, described, shown["label"]), "thing_country.html"
    elif kind == "Source":
        own, template = document.shown(snapshot, described.iri, shown["sections"], shown["label"]), "thing_source.html"
    elif concept.facet_of(described):
        own, template = concept.shown(snapshot, described, shown["label"]), "thing_concept.html"
    else:
        return _any(request, shown)
    apart = own.get("facts_apart")
    folded = [fact for fact in shown["facts"] if apart is None or fact[0] in apart]
    return render(request, template, **_for_readers(request, shown) | own, folded=folded)


def _for_readers(request: Request, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the pages for readers have in common: findings by kind, what is unclear, and evidence."""
    snapshot, described = shown["snapshot"], shown["thing"]
    grouped, unclear = findings.findings(described.mentions.get(SG + "Finding", ()))
    claim = _claim(snapshot, described, chain(request))
    return {
        **shown,
        "opens": passages.addresses(snapshot, {described.iri, *described.evidence}),
        "claim": claim,
        "citation": "" if claim else passages.citation(snapshot, described.iri, chain(request)),
        "findings": grouped,
        "unclear": unclear,
    }


def _any(request: Request, shown: Mapping[str, Any]) -> Response:
    """What has no page of its own kind: its panels, the documents behind it, and what mentions it."""
    snapshot, iri = shown["snapshot"], shown["thing"].iri
    panels_, claim = shown["panels"], _claim(snapshot, shown["thing"], chain(request))
    return render(
        request,
        "thing.html",
        **shown,
        claim=claim,
        opens=passages.addresses(snapshot, {iri, *shown["thing"].evidence}),
        citation="" if claim else passages.citation(snapshot, iri, chain(request)),
        early=[panel for panel in panels_ if panel.place < panels.LATE],
        late=[panel for panel in panels_ if panel.place >= panels.LATE],
    )


def _claim(snapshot: Snapshot, described: Description, languages: Sequence[str]) -> evidence.Claim | None:
    """The claim of a statement; what is no statement, such as a network, only rests on passages."""
    rests = described.evidence and is_statement(described.iri)
    return evidence.claim(snapshot, described.iri, languages) if rests else None


def _city(request: Request, shown: Mapping[str, Any]) -> Response:
    """A city: figures, networks on one axis of years, the cities around it, and what it does; all else is folded."""
    snapshot, iri, ties = shown["snapshot"], shown["thing"].iri, shown["ties"]
    axis, lines = city.lines(ties) if ties else (None, [])
    return render(
        request,
        "city.html",
        **shown,
        figures=city.figures(shown["thing"], ties),
        axis=axis,
        lines=lines,
        width=city.WIDTH,
        around=city.around(snapshot, iri, shown["label"]),
        alliances=city.alliances(snapshot, iri, shown["labels"]),
        countries=[country for town, country in countries_of_cities(snapshot).items() if town == iri],
    )


def _ties(snapshot: Snapshot, described: Description, common: Mapping[str, Any]) -> memberships.Ties | None:
    """The members of a network, or the networks of a city that is in any."""
    if SG + "Network" in described.classes:
        return memberships.of_network(snapshot, described.iri, common["label"])
    ties = memberships.of_city(snapshot, described.iri, common["label"]) if SG + "City" in described.classes else None
    return ties if ties and ties.shown else None


def _by_property(facts: Iterable[Fact]) -> list[tuple[str, list[Fact]]]:
    """Property → the facts with it, in the order in which a reader asks."""
    order = {name: rank for rank, name in enumerate((*FIRST, "", *LAST))}
    groups: dict[str, list[Fact]] = {}
    for fact in sorted(facts, key=lambda fact: order.get(slug(fact.property), order[""])):
        groups.setdefault(fact.property, []).append(fact)
    return list(groups.items())


def _texts(mentions: Mapping[str, Sequence[Any]]) -> dict[str, str]:
    """The texts of what is mentioned; those of findings are in panels."""
    every = (mention for listed in mentions.values() for mention in listed)
    return {mention.iri: mention.text for mention in every if mention.text and SG + "Finding" not in mention.classes}


def _left(mentions: Sequence[Any], covered: set[str]) -> list[Any]:
    """The mentions that no panel shows; a membership or term counts as shown with its other end."""
    ties = {SG + "Membership", SG + "Affiliation", SG + "OfficeTerm"}
    return [
        mention
        for mention in mentions
        if mention.iri not in covered
        and not (ties & set(mention.classes) and mention.ends and covered.issuperset(mention.ends))
    ]


def _by_title(mentions: Iterable[Any], common: Mapping[str, Any]) -> list[Any]:
    return sorted(mentions, key=lambda mention: (fold(common["label"](mention.iri)), mention.iri))


# Pages of the graph itself


def _ontology(request: Request, iri: str) -> Response:
    kinds: dict[str, list[Any]] = {}
    for entry in terms(request.app.state.kg, chain(request)[0]):
        kinds.setdefault(entry.kind if entry.own else "reused", []).append(entry)
    return render(request, "ns.html", **context(request), iri=iri, kinds=kinds)


def _graph(request: Request, iri: str) -> Response:
    snapshot, common = snapshot_of(request), context(request)
    rows = snapshot.ask(f"SELECT DISTINCT ?s {{ GRAPH {NamedNode(iri)} {{ ?s a ?c }} }} ORDER BY ?s").terms
    groups: dict[str, list[str]] = {}
    for (term,) in rows:
        groups.setdefault(snapshot.types[value(term)][0], []).append(value(term))
    things = {kind: _by_label(iris, common) for kind, iris in passages.ranked(groups).items()}
    return render(request, "graph.html", **common, iri=iri, things=things)


def _by_label(iris: Iterable[str], common: Mapping[str, Any]) -> list[str]:
    return sorted(iris, key=lambda iri: (fold(common["label"](iri)), iri))


def _shapes(request: Request, iri: str) -> Response:
    return render(request, "shapes.html", **context(request), iri=iri, rules=rules())


def _catalogue(request: Request, iri: str) -> Response:
    snapshot, common = snapshot_of(request), context(request)
    schemes = _by_label((iri for iri, kinds in snapshot.types.items() if SCHEME in kinds), common)
    return render(request, "catalogue.html", **common, iri=iri, schemes=schemes, dumps=RDF)


# Pages with an address of their own


def _home(request: Request) -> Response:
    """``/``: a question, numbers, and the explorer."""
    snapshot, common = snapshot_of(request), context(request)
    cities = snapshot.cached("profiled", lambda: {row.city: row.profiled for row in snapshot.run("cities")})
    shown = common | {"questions": _questions(request), "profiled": cities}
    shown |= {"countries": {*countries_of_cities(snapshot).values()}}
    everything = explorer(snapshot).explored(Selection())
    shown |= explorer_page.shown(request, Address(Selection()), everything, common["label"]) | {"heading": "h2"}
    return render(request, "home.html", **shown, structured=_dataset(request))


def _questions(request: Request) -> list[tuple[str, Mapping[str, str], list[answers.Subject]]]:
    """Questions to try that have an answer in these data: query, values, and what the answer is about in a line."""
    kg, asked = knowledge(request), []
    for name, values in QUESTIONS.items():
        if _has_answer(kg, name, values):
            subjects = kg.snapshot.recent(("home", name, kg.languages), partial(_subjects, request, kg, name, values))
            asked += [(name, values, subjects)] if subjects else []
    return asked


def _subjects(request: Request, kg: Knowledge, name: str, values: Mapping[str, Any]) -> list[answers.Subject]:
    answer = kg.query(name, **values)
    return list(answers.subjects(answer, answers.part(request, answer, 0, 1), [])) if len(answer) else []


def _dataset(request: Request) -> Markup:
    """The whole graph in the words of schema.org."""
    dumps = {ending: absolute(request, f"/dump.{ending}") for ending in ("ttl", "trig", "nq")}
    text = word(language(request), "site", "description")
    return structured_data.dataset(absolute(request, "/"), text, version("solgraph"), dumps)


def _has_answer(kg: Knowledge, name: str, values: Mapping[str, str]) -> bool:
    """Whether there is such a query, and what it asks about is in these data."""
    saved, texts = kg.snapshot.saved.get(name), {key: [text] for key, text in values.items()}
    return saved is not None and not forms.faults(kg, saved, saved.params.values(), texts)


def _cities(request: Request) -> Response:
    """``/cities``: all cities by country, on a map and as a list from which some can be compared."""
    snapshot, common = snapshot_of(request), context(request)
    named = {iri: common["label"](iri) for iri in charts.city_coordinates(snapshot)}
    places, words = charts.places_of(snapshot, named, {}), _words(request)
    listed = lists.cities(snapshot, common["label"], words)
    return render(request, "cities.html", **common, list=listed, words=words, map=map_of(places, "networks"))


def _sources(request: Request) -> Response:
    """``/sources``: all documents from which anything was taken, by the network of which they tell."""
    common, words = context(request), _words(request)
    listed = lists.sources(snapshot_of(request), common["label"], words)
    return render(request, "sources.html", **common, list=listed, words=words)


def _words(request: Request) -> str:
    """What somebody looks for."""
    return request.query_params.get("q", "").strip()[:200]


def _about(request: Request) -> Response:
    """``/about``: what this is, how it is made, and how it may be used."""
    return render(request, "about.html", **context(request))


def _language(request: Request) -> Response:
    """``/language/de?to=/cities``: keep a language in a cookie, and go back."""
    code, to = request.path_params["code"], request.query_params.get("to", "/")
    if code not in LANGUAGES:
        raise Problem(404, detail=f"There is no interface in {code[:20]!r}; there is {', '.join(LANGUAGES)}.")
    inside = to.startswith("/") and not to.startswith(("//", "/\\")) and "\\" not in to and to.isprintable()
    back = request.scope.get("root_path", "") + (to if inside else "/")
    response = RedirectResponse(back, HTTPStatus.SEE_OTHER)
    response.set_cookie("lang", code, max_age=31_536_000, samesite="lax", httponly=True)
    return response


# Errors


def problem_page(request: Request, problem: Problem) -> Response:
    """An error as a page; 404 names what has nearly the same name."""
    near = problem.members.get("nearest", [])
    if problem.status == HTTPStatus.NOT_FOUND and not near:
        near = request.app.state.kg.nearest(slug(request.scope["path"]).partition(".")[0])
    common = context(request) if near else {"labels": {}, "label": str}
    response = render(request, "problem.html", problem.status, **common, problem=problem, near=near)
    response.headers.update(problem.headers)
    return response


routes: list[BaseRoute] = [
    route("/", _home),
    route("/cities", _cities),
    route("/sources", _sources),
    route("/about", _about),
    route("/language/{code}", _language),
]
