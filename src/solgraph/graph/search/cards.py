"""A card for each thing and saved query: all texts in which it is found, each with the place that it has there."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.graph.snapshot import Snapshot, value_of
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import FURTHER_NAMES, ID, NAMING, PREFIXES, SG, VOCAB, slug

#: Where a text stands on a card, what says most first: its names, further names, the concepts that describe it with
#: their broader ones, what is said about it, and the names of what it is tied to.
NAME, FURTHER, CONCEPT, TEXT, CONTEXT = range(5)
#: The kinds of hits, in the order in which equally good ones stand, with the classes of each.
KINDS: Mapping[str, str] = {
    "city": "City",
    "place": "Place Country Region Neighbourhood",
    "network": "Network",
    "query": "",
    "concept": "Concept ConceptScheme",
    "programme": "Programme",
    "collaboration": "Collaboration",
    "advocacy": "AdvocacyAction",
    "organisation": "Organisation PublicBody CivilSocietyOrganisation InternationalOrganisation Actor",
    "person": "Person",
    "law": "Law",
    "finding": "Finding",
    "number": "Observation",
    "source": "Source",
    "passage": "Passage",
}
#: So many example questions of a query are searched: the words of further ones hardly find it better, but take room.
_MOST_QUESTIONS = 24
_KIND_OF_CLASS = {name: kind for kind, names in KINDS.items() for name in names.split()}
_SKOS, _DCTERMS, _ORG = PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["org"]
_SECTION, _HIDDEN = SG + "section", _SKOS + "hiddenLabel"
_FIELDS = {
    **dict.fromkeys(NAMING, NAME),
    **dict.fromkeys((*FURTHER_NAMES, _HIDDEN), FURTHER),
    **dict.fromkeys((_DCTERMS + "description", _SKOS + "definition", _SKOS + "note", _SKOS + "scopeNote"), TEXT),
    _SECTION: NAME,
}
#: What a thing has in common with too many others to be found by it.
_UNTELLING = {_SKOS + "inScheme", _SKOS + "topConceptOf", _SKOS + "broader", _SKOS + "narrower"} | {
    *(SG + name for name in ("status", "precision", "sourceKind")),
}
_EVIDENCE, _DOCUMENT, _BROADER = SG + "evidence", PREFIXES["oa"] + "hasSource", _SKOS + "broader"
_SAME = SG + "sameStatementAs"
_NO_CONTEXT = {_EVIDENCE, _DOCUMENT, _SAME, SG + "possiblySameAs", _DCTERMS + "references", SG + "disagreesWith"}
#: The ways from a thing to the country where it is.
_PLACED = [SG + name for name in "inCity takesPlaceIn locatedIn activeIn about".split()] + [
    PREFIXES["sosa"] + "hasFeatureOfInterest"
]
_TIED = (_ORG + "organization", _ORG + "role")
_LITERALS = f"SELECT ?s ?p ?o {{ VALUES ?p {{ {' '.join(f'<{by}>' for by in _FIELDS)} }} ?s ?p ?o }}"
_LINKS = f"SELECT ?s ?p ?o {{ ?s ?p ?o FILTER(STRSTARTS(STR(?o), '{ID}') || STRSTARTS(STR(?o), '{VOCAB}')) }}"


class Text(NamedTuple):
    """A text of a card."""

    field: int
    text: str
    language: str = ""


class Tie(NamedTuple):
    """A concept that describes the thing of a card (``CONCEPT``), or what the thing is tied to (``CONTEXT``)."""

    field: int
    key: str


class Card(NamedTuple):
    """All by which a thing, or a saved query by its name, is found: texts of its own, and the names of its ties.

    ``passage`` is where it was read.
    """

    key: str
    kind: str
    texts: Sequence[Text]
    ties: Sequence[Tie] = ()
    countries: Sequence[str] = ()
    passage: str = ""
    document: str = ""


def cards(snapshot: Snapshot) -> Iterator[Card]:
    """The cards of all things that have a page and a text of their own, and of all saved queries."""
    yield from _Things(snapshot).cards()
    for saved in snapshot.saved.values():
        yield Card(saved.name, "query", list(_of_query(saved)))


def _of_query(saved: SavedQuery) -> Iterator[Text]:
    """The texts of a saved query: summaries before questions, those before all others, in each of its languages."""
    yield Text(NAME, saved.name.replace("-", " "), "en")
    for language, header in {"en": saved.header, **saved.header.get("languages", {})}.items():
        yield Text(NAME, header.get("summary", ""), language)
        yield from (Text(FURTHER, question, language) for question in header.get("asks", ())[:_MOST_QUESTIONS])
        yield Text(TEXT, header.get("description", ""), language)
        columns = saved.columns if language == "en" else header.get("columns", {})
        yield Text(CONTEXT, " ".join(columns.values()), language)
    parameters = (f"{param.name} {param.description} {param.scheme}" for param in saved.params.values())
    yield Text(CONTEXT, " ".join((*parameters, *saved.columns)), "en")
    yield Text(CONCEPT, " ".join(saved.tags), "en")


class _Things:
    """What the graph says about things, read in a few questions that any endpoint answers."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.kinds = {iri: _kind(classes) for iri, classes in snapshot.types.items() if iri.startswith((ID, VOCAB))}
        self._countries: dict[str, frozenset[str]] = {}

    @cached_property
    def links(self) -> dict[str, list[tuple[str, str]]]:
        """Thing → properties and the things and concepts to which they lead."""
        links: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for subject, by, value in self.snapshot.ask(_LINKS).terms:
            links[value_of(subject)].append((value_of(by), value_of(value)))
        return {iri: sorted(pairs) for iri, pairs in links.items()}

    @cached_property
    def own(self) -> dict[str, list[Text]]:
        """Thing → its own names and texts."""
        own: dict[str, set[Text]] = defaultdict(set)
        for subject, by, value in self.snapshot.ask(_LITERALS).terms:
            if isinstance(subject, NamedNode) and isinstance(value, Literal) and value.value:
                field, iri = _FIELDS[value_of(by)], subject.value
                own[iri].add(Text(field, value.value, value.language or ""))
        return {iri: sorted(texts) for iri, texts in own.items()}

    @cached_property
    def ties(self) -> dict[str, list[tuple[str, str]]]:
        """Person → the offices that she holds or held: where, and as what."""
        ties: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for pairs in self.links.values():
            for by, member in pairs:
                if by == _ORG + "member" and self.kinds.get(member) == "person":
                    ties[member] += [pair for pair in pairs if pair[0] in _TIED]
        return ties

    def cards(self) -> Iterator[Card]:
        """A card for each thing; what repeats the statement of another in a second language is on the other's card."""
        unnamed = {value_of(thing) for (thing,) in self.snapshot.ask("SELECT ?s { ?s sg:unnamed true }").terms}
        repeats: dict[str, list[str]] = defaultdict(list)
        for iri, pairs in self.links.items():
            for by, first in pairs:
                if by == _SAME:
                    repeats[first].append(iri)
        left_out = unnamed.union(*repeats.values())
        for iri, kind in self.kinds.items():
            card = self._card(iri, kind, repeats.get(iri, [])) if kind and iri not in left_out else None
            if card and card.texts:
                yield card

    def _card(self, iri: str, kind: str, repeats: Iterable[str]) -> Card:
        pairs = [*self.links.get(iri, ()), *self.ties.get(iri, ())]
        passage = iri if kind == "passage" else next((other for by, other in pairs if by == _EVIDENCE), "")
        texts = [text for thing in (iri, *repeats) for text in self.own.get(thing, [])]
        document = next((other for by, other in self.links.get(passage, ()) if by == _DOCUMENT), "")
        if kind == "passage":
            texts = self._headings(texts, document)
        elif not any(text.field == NAME for text in texts):
            texts.append(Text(NAME, slug(iri)))
        concepts = self._above(_concepts(pairs), [iri] if kind == "concept" else [])
        around = {other for by, other in pairs if other.startswith(ID) and by not in _NO_CONTEXT}
        around |= {country for place in around & self._places for country in self.countries(place)}
        ties = [Tie(CONCEPT, concept) for concept in concepts] + [
            Tie(CONTEXT, other) for other in sorted(around - {iri})
        ]
        passage, document = (passage, document) if kind != "source" else ("", "")
        countries = self.countries(iri).union(*(self.countries(other) for _, other in self.ties.get(iri, ())))
        return Card(iri, kind, texts, ties, sorted(countries), passage, document)

    def _headings(self, texts: Iterable[Text], document: str) -> list[Text]:
        """The texts of a passage without the title of its document, with which its label begins."""
        from solgraph.graph.citation import WHOLE

        titles = sorted((text.text for text in self.own.get(document, []) if text.field == NAME), key=len, reverse=True)
        headings = []
        for text in texts:
            rest = next((text.text.removeprefix(title) for title in titles if text.text.startswith(title)), text.text)
            if rest.strip(" ,:") and text.text != WHOLE:
                headings.append(text._replace(text=rest.strip(" ,:")))
        return headings

    @cached_property
    def _places(self) -> set[str]:
        return {iri for iri, kind in self.kinds.items() if kind in ("city", "place")}

    def _above(self, concepts: Iterable[str], below: Iterable[str]) -> list[str]:
        """Some concepts, and the broader ones of these and of those ``below``, from the nearest to the farthest."""
        above = dict.fromkeys(concepts)
        queue = [*above, *below]
        while queue:
            broader = [other for by, other in self.links.get(queue.pop(0), ()) if by == _BROADER and other not in above]
            above |= dict.fromkeys(broader)
            queue += broader
        return list(above)

    def countries(self, iri: str) -> frozenset[str]:
        """The countries where a thing is, or where that is which it is about."""
        if iri not in self._countries:
            self._countries[iri] = frozenset([iri] if iri.startswith(f"{ID}country/") else [])
            leading = [other for by, other in self.links.get(iri, ()) if by in _PLACED]
            self._countries[iri] = self._countries[iri].union(*map(self.countries, leading))
        return self._countries[iri]


def _kind(classes: Iterable[str]) -> str:
    """The kind of hits to which a thing belongs by its classes, the most telling one first; nothing for a tie."""
    return next(filter(None, (_KIND_OF_CLASS.get(slug(iri), "") for iri in classes)), "")


def _concepts(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [other for by, other in pairs if other.startswith(VOCAB) and by not in _UNTELLING]
