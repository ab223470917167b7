"""Everything known about one thing, readable, each statement with where it was read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import wrap
from typing import Any

from pyoxigraph import Literal, NamedNode

from solgraph.engines.endpoint import Endpoint
from solgraph.formats import media
from solgraph.formats.rows import Row, Table
from solgraph.graph.names import LabelIndex
from solgraph.rdf.namespaces import GRAPH, ID, PREFIXES, RDF_TYPE, SG, shorten
from solgraph.rdf.store import ONTOLOGY_GRAPH, REGISTER_GRAPH
from solgraph.rdf.terms import Term

_SKOS, _ORG = PREFIXES["skos"], PREFIXES["org"]
_EVIDENCE, _NAME, _OTHER_NAME = SG + "evidence", _SKOS + "prefLabel", _SKOS + "altLabel"
_SUMMARY = PREFIXES["dcterms"] + "description"
_SPAN = (SG + "startDate", SG + "endDate", SG + "ongoingAsOf")
_NUMBER = PREFIXES["sosa"] + "hasSimpleResult"
#: What tells of a thing in one line, in this order, when something else points to it.
_TELLING = [
    _ORG + "role",
    *(SG + name for name in ("findingKind", "programmeKind", "collaborationKind", "advocacyKind", "status")),
    SG + "precision", _NUMBER, SG + "attributedTo",
]  # fmt: skip

#: The order in which kinds of things are told, and the ways of pointing that need no word.
_CLASSES = "Membership OfficeTerm Programme Collaboration AdvocacyAction Law Observation Finding Network".split()
_MOMENTARY = {SG + "AdvocacyAction", SG + "Observation", SG + "Finding", SG + "Law"}
_PLAIN = {RDF_TYPE, *(SG + name for name in ("inCity", "about", "takesPlaceIn", "evidence"))} | {
    _ORG + "member",
    _ORG + "organization",
    PREFIXES["sosa"] + "hasFeatureOfInterest",
}

#: The columns of all statements: of which thing, and where each was read.
_COLUMNS = ("thing", "property", "value", "language", "source", "section")
_ENDS = (_ORG + "member", _ORG + "organization")
_FIRST = (RDF_TYPE, _NAME, _OTHER_NAME, _SUMMARY)


@dataclass
class Statement:
    """A property of the thing with its values, and the sources that say so (none for the register)."""

    property: str
    values: list[str]
    sources: list[str]


@dataclass
class Mention:
    """Something that points to the thing, told in one line."""

    iri: str
    title: str
    details: list[str]
    text: str
    evidence: list[str]


@dataclass
class Description:
    """One thing: its names, its own statements, and what points to it, grouped by how; all of it also as a table."""

    iri: str
    label: str
    types: list[str]
    names: list[str]
    summary: list[str]
    statements: list[Statement]
    mentions: dict[str, list[Mention]] = field(default_factory=dict)
    table: Table = field(default=Table(_COLUMNS, (), {}), repr=False)

    def text(self, width: int | None = None, format: str | None = None, *, path: Path | None = None) -> str:
        """The description for the eye, or its table in a format such as ``csv``, or that of the file's ending."""
        chosen = media.choose((_TEXT, *media.ROWS), format, path, what="A description")
        if chosen is not _TEXT:
            return chosen.write(self.table._replace(width=width))
        return "\n".join(_lines(self, max(width or 100, 40))).rstrip() + "\n"

    def __str__(self) -> str:
        return self.text()


_TEXT = media.Form("text", ("txt",), ("text/plain",), str)
Triples = dict[str, dict[str, list[Term]]]
#: Thing, property, value, and the source that says so: a document, or nothing for the register.
Said = tuple[str, str, Term, str]


def describe(endpoint: Endpoint, iri: str, chain: Sequence[str]) -> Description:
    """Collect what the graph says of a thing and what points to it, with labels in the chain of languages."""
    own = endpoint.ask(f"SELECT ?p ?o ?g WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }} ORDER BY ?p ?o ?g").terms
    around = endpoint.ask(
        f"SELECT DISTINCT ?by ?s ?p ?o ?g WHERE {{ ?s ?by <{iri}> . GRAPH ?g {{ ?s ?p ?o }} "
        f"FILTER(!isBlank(?s) && ?s != <{iri}>) }} ORDER BY ?s ?p ?o ?g"
    ).terms
    said = [_said(row) for row in (*((NamedNode(iri), *row) for row in own), *(row[1:] for row in around))]
    seen = {term.value for row in (*own, *around) for term in row if isinstance(term, NamedNode)} | {iri}
    seen |= {source for *_, source in said if source}
    known = LabelIndex(endpoint).labels(seen, chain)
    mentions = _mentions(iri, around, known)
    types = [_label(known, o) for p, o, _ in own if _value(p) == RDF_TYPE]
    return Description(
        iri=iri,
        label=known.get(iri, shorten(iri)),
        types=list(dict.fromkeys(types)),
        names=_names(own, known.get(iri, "")),
        summary=list(dict.fromkeys(_value(o) for p, o, _ in own if _value(p) == _SUMMARY)),
        statements=list(_statements(own, known)),
        mentions=mentions,
        table=_table(said, [iri, *(one.iri for found in mentions.values() for one in found)], known),
    )


def _value(term: Term | None) -> str:
    return getattr(term, "value", str(term))


def _said(row: Row) -> Said:
    thing, by, value, graph = row
    document = "" if _value(graph) in (REGISTER_GRAPH, ONTOLOGY_GRAPH) else _value(graph)
    return _value(thing), _value(by), value or Literal(""), document.replace(GRAPH, f"{ID}source/")


def _label(known: dict[str, str], term: Term | None) -> str:
    return known.get(_value(term), shorten(_value(term))) if isinstance(term, NamedNode) else _value(term)


def _names(own: list[tuple[Term | None, ...]], label: str) -> list[str]:
    called: dict[str, list[str]] = {}
    for predicate, name, _ in own:
        if _value(predicate) in (_NAME, _OTHER_NAME) and isinstance(name, Literal):
            tags = called.setdefault(name.value, [])
            if name.language and name.language not in tags:
                tags.append(name.language)
    return [f"{name} ({', '.join(tags)})" if tags else name for name, tags in called.items() if name != label]


def _statements(own: list[tuple[Term | None, ...]], known: dict[str, str]) -> Iterator[Statement]:
    said: dict[tuple[str, str], list[str]] = {}
    for predicate, value, graph in own:
        if _value(predicate) in _FIRST:
            continue
        key = (_label(known, predicate).partition(" (")[0], _label(known, value))
        sources = said.setdefault(key, [])
        if _value(graph) not in (REGISTER_GRAPH, ONTOLOGY_GRAPH):
            sources.append(_value(graph).removeprefix(GRAPH))
    together: dict[tuple[str, tuple[str, ...]], Statement] = {}
    for (name, text), sources in said.items():
        statement = together.setdefault((name, tuple(sources)), Statement(name, [], sources))
        statement.values.append(text)
    yield from sorted(together.values(), key=lambda statement: (statement.property, statement.sources))


def _mentions(iri: str, around: list[tuple[Term | None, ...]], known: dict[str, str]) -> dict[str, list[Mention]]:
    ways: dict[str, set[str]] = {}
    things: Triples = {}
    for by, subject, predicate, value, _ in around:
        ways.setdefault(_value(subject), set()).add(_value(by))
        if value is not None:
            values = things.setdefault(_value(subject), {}).setdefault(_value(predicate), [])
            values += [value] if value not in values else []
    groups: dict[str, list[Mention]] = {}
    for thing, about in sorted(things.items(), key=lambda item: _class_rank(item[1])):
        kinds = [_label(known, one) for one in about.get(RDF_TYPE, []) if _value(one).startswith(SG)]
        relations = [known.get(by, shorten(by)).partition(" (")[0] for by in sorted(ways[thing] - _PLAIN)]
        groups.setdefault(" / ".join(kinds) or "Term", []).append(_mention(iri, thing, about, known, relations))
    return {group: sorted(found, key=lambda one: (one.title, one.iri)) for group, found in groups.items()}


def _class_rank(about: dict[str, list[Term]]) -> tuple[int, str]:
    kinds = [_value(one).removeprefix(SG) for one in about.get(RDF_TYPE, [])]
    ranks = [_CLASSES.index(kind) for kind in kinds if kind in _CLASSES]
    return min(ranks, default=len(_CLASSES)), min(kinds, default="")


def _mention(
    iri: str, subject: str, about: dict[str, list[Term]], known: dict[str, str], relations: list[str]
) -> Mention:
    details = relations + [
        _label(known, value) for one in _TELLING for value in about.get(one, []) if _value(value) != iri
    ]
    if span := _span(about):
        details.append(span.rstrip("–") if _MOMENTARY & {_value(one) for one in about.get(RDF_TYPE, [])} else span)
    ends = [_label(known, end) for by in _ENDS for end in about.get(by, []) if _value(end) != iri]
    title = " – ".join(ends) or known.get(subject) or shorten(subject)
    return Mention(
        iri=subject,
        title=title,
        details=details,
        text=" ".join(_value(text) for text in about.get(_SUMMARY, [])),
        evidence=[_label(known, passage) for passage in about.get(_EVIDENCE, []) if _value(passage) != iri],
    )


def _span(about: dict[str, list[Term]]) -> str:
    start, end, ongoing = (min(map(_value, about.get(one, [])), default="") for one in _SPAN)
    return (
        (start if start == end else f"{start}–{end}") + (f" (as of {ongoing})" if ongoing else "")
        if start or end or ongoing
        else ""
    )


def _table(said: Sequence[Said], things: Sequence[str], known: dict[str, str]) -> Table:
    """A row for each statement and source of it: of the first of the things, then of those that point to it.

    Of what points to a concept, a scheme or a class only that it does.
    """
    sections: dict[tuple[str, str], set[str]] = defaultdict(set)
    sources: dict[tuple[str, str, Term], set[str]] = defaultdict(set)
    for thing, by, value, source in said:
        if by == _EVIDENCE:
            sections[thing, source].add(_label(known, value))
        if thing == things[0] or _value(value) == things[0] or things[0].startswith(ID):
            sources[thing, by, value].add(source)
    told = [(*one, source) for one, found in sources.items() for source in found - {""} or {""}]
    rows = [_row(one, sections[one[0], one[3]]) for one in sorted(told, key=_order(things))]
    terms = {by for _, by, *_ in told} | {_value(value) for _, by, value, _ in told if by == RDF_TYPE}
    plain = {term: known[term].partition(" (")[0] for term in terms if term in known} | {RDF_TYPE: "type"}
    labels = _ties(said, known) | known | plain
    return Table(_COLUMNS, rows, labels, labelled=("thing", "property", "value", "source"))


def _ties(said: Iterable[Said], known: dict[str, str]) -> dict[str, str]:
    """Memberships and terms, which have no names of their own, by what they tie together."""
    ends = {(thing, by): _label(known, value) for thing, by, value, _ in said if by in _ENDS}
    pairs = {thing: [ends.get((thing, by), "") for by in _ENDS] for thing, _ in ends}
    return {thing: " – ".join(pair) for thing, pair in pairs.items() if all(pair)}


def _order(things: Sequence[str]) -> Callable[[Said], Any]:
    """Things as they are told; of each its class and names, then the rest, the same in every language."""
    place = {iri: number for number, iri in enumerate(things)}
    return lambda one: (place[one[0]], _FIRST.index(one[1]) if one[1] in _FIRST else 9, one[1], str(one[2]), one[3])


def _row(said: Said, sections: Iterable[str]) -> Row:
    thing, by, value, source = said
    language = value.language if isinstance(value, Literal) else None
    told = "; ".join(sorted(sections))
    last = NamedNode(source) if source else None, Literal(told) if told else None
    return NamedNode(thing), NamedNode(by), value, Literal(language) if language else None, *last


def _lines(thing: Description, width: int) -> Iterator[str]:
    yield f"{thing.label} · {', '.join(thing.types) or 'thing'}"
    yield thing.iri
    if thing.names:
        yield from wrap(f"also called: {', '.join(thing.names)}", width, subsequent_indent="  ")
    for text in thing.summary:
        yield ""
        yield from wrap(text, width)
    if thing.statements:
        yield ""
        longest = min(max(len(one.property) for one in thing.statements), 28)
        for one in thing.statements:
            source = f"  [{', '.join(one.sources)}]" if one.sources else ""
            text = f"{one.property:<{longest}}  {', '.join(one.values)}{source}"
            yield from wrap(text, width, subsequent_indent=" " * (longest + 2))
    for group, mentions in thing.mentions.items():
        yield ""
        yield f"{group} ({len(mentions)})"
        for mention in mentions:
            yield from _mention_lines(mention, width)


def _mention_lines(mention: Mention, width: int) -> Iterator[str]:
    head = mention.title + (f" — {', '.join(mention.details)}" if mention.details else "")
    yield from wrap(head, width, initial_indent="  • ", subsequent_indent="    ")
    if mention.text:
        yield from wrap(mention.text, width, initial_indent="    ", subsequent_indent="    ")
    if mention.evidence:
        yield from wrap(f"[{'; '.join(mention.evidence)}]", width, initial_indent="    ", subsequent_indent="    ")
