"""What the pages know of things: names and kinds, asked once for a state of the graph, and all about one thing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.graph.answer import Answer
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import language_rank
from solgraph.graph.snapshot import class_rank
from solgraph.rdf.namespaces import GRAPH, ID, PREFIXES, RDF_TYPE, SG
from solgraph.rdf.store import ONTOLOGY_GRAPH, REGISTER_GRAPH
from solgraph.rdf.terms import Term
from solgraph.web.pages.drawings import span_of

SKOS, ORG, DCTERMS = PREFIXES["skos"], PREFIXES["org"], PREFIXES["dcterms"]
_DATES = "SELECT ?s ?d { ?s a sg:Source OPTIONAL { ?s dcterms:issued|dcterms:modified ?d } }"
EVIDENCE, SUMMARY, NUMBER = SG + "evidence", DCTERMS + "description", PREFIXES["sosa"] + "hasSimpleResult"
_SPAN = (SG + "startDate", SG + "endDate", SG + "ongoingAsOf")
#: What tells of a thing in one line, in this order, when something else points to it.
_TELLING = [
    ORG + "role",
    *(SG + name for name in ("findingKind", "programmeKind", "collaborationKind", "advocacyKind", "sourceKind")),
    NUMBER,
    SG + "precision",
    *(SG + name for name in ("populationGroup", "status", "attributedTo")),
]
#: Ways of pointing that need no word.
_PLAIN = {
    RDF_TYPE,
    EVIDENCE,
    SKOS + "inScheme",
    PREFIXES["oa"] + "hasSource",
    PREFIXES["sosa"] + "hasFeatureOfInterest",
}
_ENDS = (ORG + "member", ORG + "organization")
_PLAIN |= {SG + name for name in ("inCity", "about", "locatedIn", "involves", "activeIn")}
_PLAIN |= {*_ENDS, *_TELLING}


class Shelf:
    """What is the same for all pages of one state of the graph; each part is asked when first needed."""

    def __init__(self, kg: Knowledge) -> None:
        self.kg, self.snapshot = kg, kg.snapshot
        self.ask, self.run, self.labels, self.all_classes = (
            self.snapshot.ask,
            self.snapshot.run,
            self.snapshot.labels,
            self.snapshot.classes,
        )
        self.types, self.passages, self.saved = self.snapshot.types, self.snapshot.passages, self.snapshot.saved

    @cached_property
    def counts(self) -> Counter[str]:
        """How many things there are of each class."""
        return Counter(kind for kinds in self.types.values() for kind in kinds)

    @cached_property
    def disagreements(self) -> list[tuple[Term | None, ...]]:
        """Rows of thing, property, what one source says, that source, what another says, the other source."""
        return self.run("disagreements").terms

    @cached_property
    def cities(self) -> Answer:
        """The cities with country and coordinates."""
        return self.run("cities")

    @cached_property
    def _contents(self) -> Answer:
        return self.run("contents-per-city")

    @property
    def content_columns(self) -> Sequence[str]:
        """What is counted per city."""
        return self._contents.columns[1:]

    @cached_property
    def contents(self) -> dict[str, list[Term | None]]:
        """City → how much is known of it, in the order of the columns."""
        return {value(city): numbers for city, *numbers in self._contents.terms}

    @cached_property
    def documents(self) -> list[tuple[str, str]]:
        """The documents from which statements were taken, each with its date, the newest first."""
        dated: dict[str, str] = {}
        for document, date in self.ask(_DATES).terms:
            dated[value(document)] = max(dated.get(value(document), ""), value(date) if date else "")
        used = {document for document, _ in self.passages.values()}
        return sorted(((one, dated.get(one, "")) for one in used), key=lambda pair: (pair[1], pair[0]), reverse=True)


def shelf(kg: Knowledge) -> Shelf:
    """The shelf of a graph."""
    return kg.snapshot.cached("shelf", lambda: Shelf(kg))


def value(term: Term | None) -> str:
    """IRI or text of a term."""
    return str(getattr(term, "value", term))


# One thing


class Said(NamedTuple):
    """A property with its values, and the documents that say so (none for the register)."""

    property: str
    values: list[Term]
    sources: list[str]


class Mention(NamedTuple):
    """Something that points to the thing: what it is, how it points, what it says and who has which part in it."""

    iri: str
    kinds: list[str]
    ways: list[str]
    ends: list[str]
    details: list[Term]
    span: str
    text: str
    roles: list[tuple[str, list[str]]]
    evidence: list[str]


class Thing(NamedTuple):
    """All about one thing; mentions are grouped by class."""

    iri: str
    classes: list[str]
    names: list[tuple[str, list[str]]]
    summary: list[tuple[str, str, list[str]]]
    said: list[Said]
    evidence: list[str]
    mentions: dict[str, list[Mention]]

    def number(self, name: str) -> float | None:
        """The number that a property such as ``geo:lat`` gives, if there is one."""
        prefix, _, local = name.partition(":")
        found = [value(one) for said in self.said if said.property == PREFIXES[prefix] + local for one in said.values]
        try:
            return float(found[0]) if found else None
        except ValueError:
            return None

    def iris(self) -> set[str]:
        """The thing and all that points to it."""
        return {self.iri, *(one.iri for all in self.mentions.values() for one in all)}


_HIDDEN = {RDF_TYPE, EVIDENCE, SUMMARY, SKOS + "prefLabel", SKOS + "altLabel", PREFIXES["rdfs"] + "label"}
Row = Sequence[Term | None]


def thing(known: Shelf, iri: str, chain: tuple[str, ...]) -> Thing:
    """All about a thing, with two queries: its own statements, and what points to it."""
    node = str(NamedNode(iri))
    own = known.ask(f"SELECT ?p ?o ?g {{ GRAPH ?g {{ {node} ?p ?o }} }} ORDER BY ?p ?o ?g").terms
    pointing = f"{{ ?s ?by {node} . ?s ?p ?o FILTER(!isBlank(?s) && ?s != {node}) }}"
    around = known.ask(f"SELECT DISTINCT ?by ?s ?p ?o {pointing} ORDER BY ?s ?p ?o").terms
    return Thing(
        iri=iri,
        classes=[one for one in known.types.get(iri, []) if one.startswith((SG, SKOS, PREFIXES["owl"]))],
        names=_names(own, known.labels(chain).get(iri, "")),
        summary=_summary(own, chain),
        said=_said(own),
        evidence=sorted({value(o) for p, o, _ in own if value(p) == EVIDENCE}),
        mentions=_mentions(known, iri, around, chain),
    )


def _names(own: Iterable[Row], label: str) -> list[tuple[str, list[str]]]:
    called: dict[str, list[str]] = {}
    for p, o, _ in own:
        if value(p) in (SKOS + "prefLabel", SKOS + "altLabel") and isinstance(o, Literal) and o.value != label:
            tags = called.setdefault(o.value, [])
            tags += [o.language] if o.language and o.language not in tags else []
    return list(called.items())


def _source(graph: str) -> list[str]:
    return [] if graph in (REGISTER_GRAPH, ONTOLOGY_GRAPH) else [graph.replace(GRAPH, f"{ID}source/")]


def _summary(own: Iterable[Row], chain: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """Texts in the best language there is, each with its language and the documents in whose graph it stands."""
    texts: dict[tuple[str, str], list[str]] = {}
    for p, o, g in own:
        if value(p) in (SUMMARY, SKOS + "definition") and isinstance(o, Literal):
            texts.setdefault((o.value, o.language or ""), []).extend(_source(value(g)))
    best = min((language_rank(tag, chain) for _, tag in texts), default=0)
    return [(text, tag, docs) for (text, tag), docs in texts.items() if language_rank(tag, chain) == best]


def _said(own: Iterable[Row]) -> list[Said]:
    sources: dict[tuple[str, Term], list[str]] = {}
    for p, o, g in own:
        if value(p) not in _HIDDEN and value(p) != SKOS + "definition" and o is not None:
            sources.setdefault((value(p), o), []).extend(_source(value(g)))
    together: dict[tuple[str, tuple[str, ...]], Said] = {}
    for (name, term), documents in sources.items():
        together.setdefault((name, tuple(documents)), Said(name, [], documents)).values.append(term)
    return sorted(together.values(), key=lambda one: (one.property, one.sources))


def _mentions(known: Shelf, iri: str, around: Iterable[Row], chain: Sequence[str]) -> dict[str, list[Mention]]:
    ways: dict[str, set[str]] = {}
    about: dict[str, dict[str, dict[Term, None]]] = {}
    for by, s, p, o in around:
        ways.setdefault(value(s), set()).add(value(by))
        if o is not None:
            about.setdefault(value(s), {}).setdefault(value(p), {})[o] = None
    groups: dict[str, list[Mention]] = {}
    for one, told in about.items():
        kinds = known.types.get(one) or [""]
        groups.setdefault(kinds[0], []).append(_mention(iri, one, told, ways[one], chain))
    return dict(sorted(groups.items(), key=lambda pair: class_rank(pair[0])))


def _mention(
    iri: str, one: str, told: Mapping[str, Mapping[Term, None]], ways: set[str], chain: Sequence[str]
) -> Mention:
    kinds = [value(kind) for kind in told.get(RDF_TYPE, {})]
    details = [term for name in _TELLING for term in told.get(name, {})]
    texts = [text for text in told.get(SUMMARY, {}) if isinstance(text, Literal)]
    best = min((language_rank(text.language or "", chain) for text in texts), default=0)
    return Mention(
        iri=one,
        kinds=kinds,
        ways=sorted(ways - _PLAIN - {SG + role for role in ROLES.split()}),
        ends=[value(end) for name in _ENDS for end in told.get(name, {}) if value(end) != iri],
        details=[term for term in details if value(term) != iri],
        span=span_of(*(min(map(value, told.get(name, {})), default="") for name in _SPAN)),
        text=" ".join(text.value for text in texts if language_rank(text.language or "", chain) == best),
        roles=list(_roles(iri, told)),
        evidence=[value(passage) for passage in told.get(EVIDENCE, {}) if value(passage) != iri],
    )


#: Who has which part, in the order in which it is told.
ROLES = (
    "initiator designer operator handedOverBy handedOverTo funder facilitator partner adviser addressee opponent "
    "involves opposes demands concerns partOf"
)


def _roles(iri: str, told: Mapping[str, Mapping[Term, None]]) -> Iterator[tuple[str, list[str]]]:
    for name in ROLES.split():
        found = [value(one) for one in told.get(SG + name, {})]
        if found and found != [iri]:
            yield SG + name, found
