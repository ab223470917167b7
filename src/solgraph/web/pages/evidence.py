"""Evidence: a claim, and document by document who says so, where, and what else rests on the same passage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph.errors import MissingExtra
from solgraph.formats.citations import Item
from solgraph.graph.citation import WHOLE, Citation, locator, source_items
from solgraph.graph.names import language_rank
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import GRAPH, ID, PREFIXES, SG, slug
from solgraph.rdf.terms import Term
from solgraph.web.pages.memberships import Tie, tie_of

_MEMBER, _ORGANISATION = PREFIXES["org"] + "member", PREFIXES["org"] + "organization"
_TEXT, _EVIDENCE = PREFIXES["dcterms"] + "description", SG + "evidence"
_VIEW, _RESULT = SG + "attributedTo", PREFIXES["sosa"] + "hasSimpleResult"
_STATED = """SELECT ?g ?thing ?by ?value {{ VALUES ?thing {{ {} }} GRAPH ?g {{ ?thing ?by ?value }} }}"""
_ENDS = "SELECT ?tie ?class ?member ?of { ?tie a ?class ; org:member ?member ; org:organization ?of }"
_READ = "SELECT ?passage ?tie ?member ?of { ?tie org:member ?member ; org:organization ?of ; sg:evidence ?passage }"
_REPEATS = "SELECT ?repeat ?statement { ?repeat sg:sameStatementAs ?statement }"
_SUPPORT = "SELECT ?passage (COUNT(DISTINCT ?thing) AS ?n) { ?thing sg:evidence ?passage } GROUP BY ?passage"
_PAGES = "SELECT ?passage ?page { ?passage sg:page ?page }"
#: What a document says of a claim, in this order; what the claim itself says is left out.
_SAID = [
    PREFIXES["org"] + "role",
    _RESULT,
    *(
        SG + name
        for name in (
            "precision populationGroup startDate endDate ongoingAsOf activeAt notBefore notAfter expectedBy status "
            "inferred programmeKind collaborationKind advocacyKind findingKind attributedTo membersClaimed "
            "listIsComplete"
        ).split()
    ),
    PREFIXES["dcterms"] + "date",
]

_DATES = (SG + "startDate", SG + "endDate")


class Place(NamedTuple):
    """A passage: its section and page where they are known, and how many other statements rest on it."""

    passage: str
    section: str
    page: str
    others: int


class Witness(NamedTuple):
    """A document that makes a claim: its date and address if known, the passages, what it says, and that in words."""

    document: str
    date: str
    url: str
    places: list[Place]
    says: list[tuple[str, list[Term]]]
    texts: list[Literal]


class Claim(NamedTuple):
    """Statements that say the same, and their documents, those first that say most; ``tie`` is what ties two ends."""

    things: list[str]
    kind: str
    member: str
    tie: Tie | None
    witnesses: list[Witness]
    citation: str

    @property
    def views(self) -> list[str]:
        """Whose view it is, where sources attribute it."""
        return self._said(_VIEW)

    @property
    def results(self) -> list[str]:
        """The number of an observation; several where sources differ."""
        return self._said(_RESULT)

    @property
    def precision(self) -> list[str]:
        """How exact that number is, where it is not exact."""
        return [precision for precision in self._said(SG + "precision") if slug(precision) != "exact"]

    def _said(self, by: str) -> list[str]:
        said = (dict(witness.says).get(by, []) for witness in self.witnesses)
        return list(dict.fromkeys(value(term) for terms in said for term in terms))

    @property
    def is_of_member(self) -> bool:
        """Whether it says that somebody is a member, and not a signatory, a candidate or a mayor."""
        roles = self.tie.roles if self.tie and self.kind == SG + "Membership" else []
        return any(slug(role) in ("member", "founding-member") for role in roles)

    @property
    def number(self) -> int:
        """Of how many passages it was taken."""
        return sum(len(witness.places) for witness in self.witnesses)


def claim(snapshot: Snapshot, iri: str, languages: Sequence[str]) -> Claim | None:
    """The claim of a statement, with all that tie the same ends; nothing for what rests on no passage."""
    others = [other for other in alike(snapshot, iri) if other != iri]
    return next(iter(claims(snapshot, [[iri, *others]], languages)), None)


def alike(snapshot: Snapshot, iri: str) -> list[str]:
    """The statements that say the same: memberships, affiliations or terms of office with the same ends, and repeats.

    A repeat is what the page of a document in another language says once more.
    """
    groups = snapshot.cached("statements that say the same", lambda: _groups(snapshot))
    return groups.get(iri, [iri])


def _groups(snapshot: Snapshot) -> dict[str, list[str]]:
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for tie, *ends in snapshot.ask(_ENDS).terms:
        groups[tuple(map(value, ends))].append(value(tie))
    alike = {tie: sorted(ties) for ties in groups.values() for tie in ties}
    for repeat in snapshot.ask(_REPEATS).terms:
        both = sorted({each for thing in map(value, repeat) for each in alike.get(thing, [thing])})
        alike |= dict.fromkeys(both, both)
    return alike


def tie_of_row(snapshot: Snapshot, row: Iterable[Iterable[Term]], asked: Iterable[str]) -> str:
    """The tie for which a row of an answer stands: its ends are in the row or asked about, and it rests on its passage.

    Empty where there are several such pairs of ends, unless both ends of a single pair are in the row.
    """
    read = snapshot.cached("ties by passage", lambda: _ties_by_passage(snapshot))
    inside = {term.value for cell in row for term in cell if isinstance(term, NamedNode)}
    ends = inside.union(asked)
    pairs: dict[tuple[str, str], str] = {}
    for passage in inside & read.keys():
        for tie, *pair in read[passage]:
            if ends.issuperset(pair):
                pairs[pair[0], pair[1]] = min(tie, pairs.get((pair[0], pair[1]), tie))
    within = [pair for pair in pairs if inside.issuperset(pair)] or [*pairs]
    return pairs[within[0]] if len(within) == 1 else ""


def _ties_by_passage(snapshot: Snapshot) -> dict[str, list[list[str]]]:
    """Passage → the ties that rest on it, each with its two ends."""
    ties: dict[str, list[list[str]]] = defaultdict(list)
    for passage, *tie in snapshot.ask(_READ).terms:
        ties[value(passage)].append([*map(value, tie)])
    return ties


def claims(snapshot: Snapshot, groups: Iterable[Sequence[str]], languages: Sequence[str]) -> list[Claim]:
    """A claim for each group of statements that rests on any passage; a handful of questions for all."""
    groups = list(groups)
    rows: dict[str, list[tuple[str, str, Term]]] = defaultdict(list)
    things = " ".join(str(NamedNode(iri)) for group in groups for iri in group)
    for graph, thing, by, term in snapshot.ask(_STATED.format(things)).terms if things else ():
        if term is not None:
            rows[value(thing)].append((value(graph).replace(GRAPH, f"{ID}source/"), value(by), term))
    documents = {document for stated in rows.values() for document, by, _ in stated if by == _EVIDENCE}
    items = source_items(snapshot, sorted(documents), languages) if documents else {}
    made = (_claim(snapshot, group, rows, items, languages) for group in groups)
    return [each for each in made if each.witnesses]


def _claim(
    snapshot: Snapshot,
    things: Sequence[str],
    rows: Mapping[str, Sequence[tuple[str, str, Term]]],
    items: Mapping[str, Item],
    languages: Sequence[str],
) -> Claim:
    by_document: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for document, by, term in (row for thing in things for row in rows[thing]):
        if term not in by_document[document][by]:
            by_document[document][by].append(term)
    witnesses = [
        _witness(snapshot, document, said, items.get(document, {}), languages)
        for document, said in by_document.items()
        if _EVIDENCE in said
    ]
    witnesses.sort(key=_strength)
    stated = [
        {by: [value(term) for _, of, term in rows[thing] if of == by] for _, by, _ in rows[thing]} for thing in things
    ]
    member, organisation = (stated[0].get(by, [""])[0] for by in (_MEMBER, _ORGANISATION))
    tie = tie_of(snapshot, organisation, stated, things) if member and organisation else None
    kind = next((kind for kind in snapshot.types.get(things[0], ()) if kind.startswith(SG)), "")
    return Claim([*things], kind, member, tie, witnesses, _citation(witnesses, items))


def _witness(
    snapshot: Snapshot, document: str, said: Mapping[str, Sequence[Term]], item: Item, languages: Sequence[str]
) -> Witness:
    texts = [term for term in said.get(_TEXT, ()) if isinstance(term, Literal)]
    ranks = [language_rank(text.language or "", languages) for text in texts]
    best = [text for text, rank in zip(texts, ranks, strict=True) if rank == min(ranks)]
    dates = "-".join(f"{part:02}" for part in item.get("issued", {}).get("date-parts", [[]])[0])
    url = str(item.get("URL", ""))
    return Witness(
        document,
        dates,
        url if url.startswith(("http://", "https://")) else "",
        sorted(_place(snapshot, value(passage)) for passage in said[_EVIDENCE]),
        [(by, [*said[by]]) for by in _SAID if by in said],
        best,
    )


def _strength(witness: Witness) -> tuple[bool, int, int, str]:
    """A document that dates a claim comes before others, then what says most."""
    is_dated = any(by in _DATES for by, _ in witness.says)
    return not is_dated, -len(witness.texts), -len(witness.says), witness.document


def _place(snapshot: Snapshot, passage: str) -> Place:
    pages = snapshot.cached("pages of passages", lambda: _pairs(snapshot, _PAGES))
    support = snapshot.cached("statements of passages", lambda: _pairs(snapshot, _SUPPORT))
    section = snapshot.passages.get(passage, ("", ""))[1]
    others = int(support.get(passage, "1")) - 1
    return Place(passage, "" if section == WHOLE else section, pages.get(passage, ""), others)


def _pairs(snapshot: Snapshot, query: str) -> dict[str, str]:
    return {value(thing): value(other) for thing, other in snapshot.ask(query).terms}


def _citation(witnesses: Iterable[Witness], items: Mapping[str, Item]) -> str:
    """How to cite the passages of a claim; nothing without the library that writes citations."""
    cited = [
        items[witness.document] | locator((place.section, place.page) for place in witness.places)
        for witness in witnesses
        if witness.document in items
    ]
    try:
        return Citation(cited).text().strip()
    except MissingExtra:
        return ""
