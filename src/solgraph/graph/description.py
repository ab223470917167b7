"""All that is said about one thing, as one model from which text, table, page and RDF are made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Triple

from solgraph.errors import WrongUse
from solgraph.formats import media
from solgraph.formats.rows import Row, Table
from solgraph.formats.triples import Graphs
from solgraph.graph import description_text
from solgraph.graph.facts import Fact, Mention, Span, Statement
from solgraph.graph.names import language_rank
from solgraph.graph.snapshot import Snapshot, class_rank, value_of
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.namespaces import NAMING, PREFIXES, RDF_TYPE, SG, VOCAB, shorten
from solgraph.rdf.terms import Term

SKOS, ORG = PREFIXES["skos"], PREFIXES["org"]
EVIDENCE, SUMMARIES = SG + "evidence", (PREFIXES["dcterms"] + "description", SKOS + "definition")
_NAMES = (SKOS + "prefLabel", SKOS + "altLabel")
_SCOPE_NOTE = SKOS + "scopeNote"
_SPAN = (SG + "startDate", SG + "endDate", SG + "ongoingAsOf")
_MOMENTARY = {SG + name for name in ("AdvocacyAction", "Observation", "Finding", "Law")}
_ENDS = (ORG + "member", ORG + "organization")
#: The values of these properties, in this order, say in one line what a thing is that points to another.
_DETAILS = [
    ORG + "role",
    *(SG + name for name in ("findingKind", "programmeKind", "collaborationKind", "advocacyKind", "sourceKind")),
    PREFIXES["sosa"] + "hasSimpleResult",
    *(SG + name for name in ("precision", "populationGroup", "status", "attributedTo")),
]
#: Who has which part in an undertaking, the first parts first.
ROLES = [
    SG + name
    for name in (
        "initiator designer operator handedOverBy handedOverTo funder facilitator partner adviser addressee opponent "
        "involves opposes demands concerns partOf"
    ).split()
]
#: Ways of pointing that need no word.
_SILENT = {RDF_TYPE, EVIDENCE, SKOS + "inScheme", *_ENDS, *_DETAILS} | {
    *(PREFIXES["oa"] + "hasSource", PREFIXES["sosa"] + "hasFeatureOfInterest"),
    *(SG + name for name in ("inCity", "about", "takesPlaceIn", "locatedIn", "involves", "activeIn")),
}
#: Hidden labels are spellings to search by, not to show.
_NOT_FACTS = {RDF_TYPE, EVIDENCE, *SUMMARIES, *_NAMES, PREFIXES["rdfs"] + "label", SKOS + "hiddenLabel"}
#: The columns of the table, and the order in which the statements about a thing begin.
_COLUMNS = ("thing", "property", "value", "language", "source", "section")
_FIRST = (RDF_TYPE, *_NAMES, SUMMARIES[0])


if TYPE_CHECKING:
    from solgraph.graph.evidence import Passage


def _merge_repeats(things: dict[str, dict[str, dict[Term, None]]]) -> None:
    """A statement that another language version repeats is shown once, with the evidence of both."""
    for iri, about in list(things.items()):
        for first in map(value_of, about.get(SG + "sameStatementAs", {})):
            if first in things:
                things[first].setdefault(EVIDENCE, {}).update(about.get(EVIDENCE, {}))
                things.pop(iri, None)


class Description:
    """All that is said about one thing: its names, facts about it, and what points to it, grouped by class.

    ``names`` are pairs of a further name and its languages; ``summary`` holds texts in the best language there is, each
    with its language and sources. ``triples`` is the concise bounded description, and so is every RDF form.

    >>> bologna = kg.describe("Bologna")
    >>> bologna.label, bologna.classes
    ('Bologna', ['https://w3id.org/solgraph/ns#City'])
    >>> dict(bologna.names)["Bologne"]
    ['fr']
    >>> [mention.ends for mention in bologna.mentions["https://w3id.org/solgraph/ns#OfficeTerm"]][:1]
    [['https://w3id.org/solgraph/id/person/virginio-merola']]
    """

    def __init__(
        self,
        snapshot: Snapshot,
        iri: str,
        chain: Sequence[str],
        labels: Mapping[str, str] | None = None,
        without: Iterable[str] = (),
    ) -> None:
        """``labels`` may hold those of everything; without, the labels that are needed are looked up.

        What points to the thing by a property in ``without`` is left out; of a large network that is nearly everything.
        """
        self.iri, self.snapshot, self.languages = iri, snapshot, tuple(chain)
        node = str(NamedNode(iri))
        self._own = self._statements(f"BIND({node} AS ?s) GRAPH ?g {{ ?s ?p ?o }}")
        skipped = f" FILTER(?by NOT IN ({', '.join(map(str, map(NamedNode, without)))}))" if without else ""
        pointing = f"?s ?by {node} GRAPH ?g {{ ?s ?p ?o }} FILTER(?s != {node}){skipped}"
        self._around = self._statements(pointing)
        iris = {value_of(term) for row in (*self._own, *self._around) for term in row if isinstance(term, NamedNode)}
        graphs = {text for row in (*self._own, *self._around) for text in (row.predicate, row.source)}
        wanted = iris | graphs | {iri}
        self.labels = labels if labels is not None else snapshot.labels_of(wanted - {""}, chain)
        self.mentions = self._mentions()

    def _statements(self, where: str) -> list[Statement]:
        rows = self.snapshot.ask(f"SELECT DISTINCT ?s ?p ?o ?g {{ {where} }} ORDER BY ?s ?p ?o ?g").terms
        return [Statement(s, value_of(p), o, value_of(g)) for s, p, o, g in rows if s is not None and o is not None]

    @property
    def label(self) -> str:
        """What the thing is called."""
        return self._label(self.iri)

    def _label(self, iri: str) -> str:
        return self.labels.get(iri) or shorten(iri)

    def shown(self, term: Term) -> str:
        """A term as a person reads it.

        >>> from pyoxigraph import NamedNode
        >>> kg.describe("Palermo").shown(NamedNode("https://w3id.org/solgraph/id/country/it"))
        'Italy'
        """
        return self._label(term.value) if isinstance(term, NamedNode) else value_of(term)

    def word(self, iri: str) -> str:
        """The label of a property or class without what stands in brackets behind it.

        >>> kg.describe("Palermo").word("https://w3id.org/solgraph/ns#City")
        'City'
        """
        return self._label(iri).partition(" (")[0]

    # What is said about the thing itself

    @cached_property
    def classes(self) -> list[str]:
        """The classes of the thing, the most telling one first; those from elsewhere where it has no other."""
        classes = {value_of(row.value) for row in self._own if row.predicate == RDF_TYPE}
        here = {iri for iri in classes if iri.startswith((SG, SKOS, PREFIXES["owl"]))}
        return sorted(here or classes, key=class_rank)

    @cached_property
    def names(self) -> list[tuple[str, list[str]]]:
        """Its further names, each with the languages in which it is called so."""
        names: dict[str, list[str]] = {}
        for _, by, name, _ in self._own:
            if by in _NAMES and isinstance(name, Literal) and name.value != self.label:
                languages = names.setdefault(name.value, [])
                languages += [name.language] if name.language and name.language not in languages else []
        return list(names.items())

    @cached_property
    def summary(self) -> list[tuple[str, str, list[str]]]:
        """Texts that describe it, in the best language there is, each with its language and sources."""
        texts: dict[Literal, list[str]] = {}
        for row in self._own:
            if row.predicate in SUMMARIES and isinstance(row.value, Literal):
                texts.setdefault(row.value, []).extend([row.source] if row.source else [])
        return [(text.value, text.language or "", texts[text]) for text in self._best(texts)]

    def _best(self, texts: Iterable[Literal]) -> list[Literal]:
        """The texts in the language that comes first in the chain."""
        ranked = [(language_rank(text.language or "", self.languages), text) for text in texts]
        best = min((rank for rank, _ in ranked), default=0)
        return [text for rank, text in ranked if rank == best]

    @cached_property
    def facts(self) -> list[Fact]:
        """What is said about it besides its class, names, summary and evidence; a scope note in the best language."""
        notes = self._best(
            row.value for row in self._own if row.predicate == _SCOPE_NOTE and isinstance(row.value, Literal)
        )
        sources: dict[tuple[str, Term], list[str]] = {}
        for row in self._own:
            if row.predicate not in _NOT_FACTS and (row.predicate != _SCOPE_NOTE or row.value in notes):
                sources.setdefault((row.predicate, row.value), []).extend([row.source] if row.source else [])
        facts: dict[tuple[str, tuple[str, ...]], Fact] = {}
        for (by, term), documents in sources.items():
            facts.setdefault((by, tuple(documents)), Fact(by, [], documents)).values.append(term)
        return sorted(facts.values(), key=lambda fact: (fact.property, fact.sources))

    @cached_property
    def evidence(self) -> list[str]:
        """The passages where it was read."""
        return sorted({value_of(row.value) for row in self._own if row.predicate == EVIDENCE})

    @cached_property
    def passages(self) -> "dict[str, Passage]":
        """The documents and passages on which the thing and its mentions rest."""
        from solgraph.graph.evidence import passages

        rests_on = {iri for group in self.mentions.values() for mention in group for iri in mention.evidence}
        documents = {iri for fact in self.facts for iri in fact.sources}
        return passages(self.snapshot, {*rests_on, *documents, *self.evidence}, self.languages)

    def number(self, name: str) -> float | None:
        """The number that a property such as ``geo:lat`` gives, if there is one.

        >>> round(kg.describe("Bologna").number("geo:lat"), 1), kg.describe("Bologna").number("geo:alt")
        (44.5, None)
        """
        prefix, _, local = name.partition(":")
        by = PREFIXES[prefix] + local
        try:
            return next((float(value_of(row.value)) for row in self._own if row.predicate == by), None)
        except ValueError:
            return None

    # What points to it

    def _mentions(self) -> dict[str, list[Mention]]:
        """Class → what points to the thing; the class of a term of the ontology is nothing."""
        things: dict[str, dict[str, dict[Term, None]]] = {}
        for subject, by, term, _ in self._around:
            if isinstance(subject, NamedNode):
                things.setdefault(subject.value, {}).setdefault(by, {})[term] = None
        _merge_repeats(things)
        mentions = [self._mention(iri, about) for iri, about in things.items()]
        groups: dict[str, list[Mention]] = defaultdict(list)
        for mention in sorted(mentions, key=lambda mention: (self.title(mention), mention.iri)):
            groups[mention.classes[0] if mention.classes else ""].append(mention)
        return dict(sorted(groups.items(), key=lambda group: class_rank(group[0])))

    def _mention(self, iri: str, about: Mapping[str, Mapping[Term, None]]) -> Mention:
        values = {by: [value_of(term) for term in terms if value_of(term) != self.iri] for by, terms in about.items()}
        classes = sorted(map(value_of, about.get(RDF_TYPE, {})), key=class_rank)
        texts = self._best(text for text in about.get(SUMMARIES[0], {}) if isinstance(text, Literal))
        start, end, asof = (min(values.get(by, []), default="") for by in _SPAN)
        return Mention(
            iri=iri,
            classes=classes,
            relations=sorted(by for by in about.keys() - _SILENT if NamedNode(self.iri) in about[by]),
            ends=[other for by in _ENDS for other in values.get(by, [])],
            details=[term for by in _DETAILS for term in about.get(by, {}) if value_of(term) != self.iri],
            span=Span(start, end or start, asof) if _MOMENTARY & set(classes) else Span(start, end, asof),
            text=" ".join(text.value for text in texts),
            roles=[(by, list(map(value_of, about[by]))) for by in ROLES if values.get(by)],
            evidence=values.get(EVIDENCE, []),
        )

    def title(self, mention: Mention) -> str:
        """What a mention is called: what it ties together with the thing, or its own name.

        >>> about = kg.describe("person:leoluca-orlando")
        >>> {about.title(mention) for mention in about.mentions["https://w3id.org/solgraph/ns#OfficeTerm"]}
        {'Palermo'}
        """
        return " – ".join(map(self._label, mention.ends)) or self._label(mention.iri)

    def things(self) -> list[str]:
        """The thing and all that points to it, in the order of the groups.

        >>> kg.describe("Bologna").things()[0]
        'https://w3id.org/solgraph/id/city/bologna'
        """
        return [self.iri, *(mention.iri for group in self.mentions.values() for mention in group)]

    # As RDF

    @cached_property
    def graphs(self) -> Graphs:
        """The concise bounded description, each triple in the graph of its source.

        All that is said about the thing; of what points to it (memberships, findings, programmes …) everything too,
        but of what points to a concept only that; and names and classes of everything that is named there.
        """
        rows = [*self._own, *filter(self._is_included, self._around)]
        named = {str(term) for row in rows for term in (row.subject, row.value) if isinstance(term, NamedNode)}
        naming = ", ".join(f"<{by}>" for by in (RDF_TYPE, *NAMING))
        names = f"VALUES ?s {{ {' '.join(sorted(named))} }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({naming}))"
        graphs: dict[str, set[Triple]] = defaultdict(set)
        for row in (*rows, *self._statements(names)):
            graphs[row.graph].add(Triple(row.subject, NamedNode(row.predicate), row.value))  # type: ignore[arg-type]
        return sorted(graphs.items())

    def _is_included(self, row: Statement) -> bool:
        return not self.iri.startswith(VOCAB) or value_of(row.value) == self.iri

    @property
    def triples(self) -> list[Triple]:
        """The triples of the concise bounded description, each once, in order."""
        return sorted({triple for _, triples in self.graphs for triple in triples}, key=str)

    # As a table

    @cached_property
    def table(self) -> Table:
        """A row for each statement and source of it: of the thing, then of what points to it."""
        sections: dict[tuple[str, str], set[str]] = defaultdict(set)
        sources: dict[tuple[str, str, Term], set[str]] = defaultdict(set)
        for row in (*self._own, *filter(self._is_included, self._around)):
            if isinstance(row.subject, NamedNode):
                sources[row.subject.value, row.predicate, row.value].add(row.source)
        for row in (*self._own, *self._around):
            if row.predicate == EVIDENCE:
                sections[value_of(row.subject), row.source].add(self.shown(row.value))
        places: dict[str, int] = defaultdict(lambda: len(self._around))
        places |= {iri: place for place, iri in enumerate(self.things())}
        statements = [(*key, source) for key, all_ in sources.items() for source in all_ - {""} or {""}]
        statements.sort(key=lambda row: (places[row[0]], _first(row[1]), row[1], str(row[2]), row[3]))
        rows = [_table_row(*row, sections[row[0], row[3]]) for row in statements]
        classes = {value_of(term) for _, by, term, _ in statements if by == RDF_TYPE}
        words = {iri: self.word(iri) for iri in (*classes, *(by for _, by, *_ in statements)) if iri in self.labels}
        labels = {**self.labels, **words, RDF_TYPE: "type"}
        return Table(_COLUMNS, rows, labels, labelled=("thing", "property", "value", "source"))

    # As a text or file

    def text(self, width: int | None = None, format: str | None = None, *, path: Path | None = None) -> str:
        """For the eye, or in a form of rows (``csv`` …) or of RDF (``ttl`` …), or that of the file's ending.

        >>> print(kg.describe("person:leoluca-orlando").text().splitlines()[0])
        Leoluca Orlando · Person
        """
        forms: tuple[media.Form[str], ...] = (_TEXT, *media.ROWS, *media.RDF)
        form = media.choose(forms, format, path, what="A description")
        if form is _TEXT:
            return description_text.text(self, width or _WIDTH)
        return form.write(self.graphs if form in media.RDF else self.table._replace(width=width))

    def write(self, path: str | Path, format: str | None = None) -> None:
        """Write it to a file, whole or not at all; the form follows from the ending unless named.

        >>> kg.describe("Bologna").write("bologna.ttl")
        """
        target = Path(path)
        if not format and not target.suffix:
            raise WrongUse(f"{target} has no ending that names a form.", hint="Write to a name such as bologna.ttl.")
        write_whole(target, media.encoded(self.text(None, format, path=target), target))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        mentions = sum(map(len, self.mentions.values()))
        return f"<Description of {self.label[:40]}: {len(self.facts)} facts, {mentions} mentions>"

    def __getstate__(self) -> dict[str, Any]:
        """Pickled is what it says, without the graph."""
        state = {"graphs": self.graphs, "passages": self.passages}
        return {key: value for key, value in (self.__dict__ | state).items() if key != "snapshot"}

    def _repr_html_(self) -> str:
        from solgraph.graph.description_html import html

        return html(self)


_TEXT: media.Form[Any] = media.Form("text", ("txt",), ("text/plain",), str)
_WIDTH = 100


def _first(by: str) -> int:
    return _FIRST.index(by) if by in _FIRST else len(_FIRST)


def _table_row(thing: str, by: str, value: Term, source: str, sections: Iterable[str]) -> Row:
    language = value.language if isinstance(value, Literal) else None
    section = "; ".join(sorted(sections))
    place = NamedNode(source) if source else None, Literal(section) if section else None
    return NamedNode(thing), NamedNode(by), value, Literal(language) if language else None, *place
