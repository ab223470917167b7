"""The documents and passages behind a page: what was taken from each section, its address, how to cite it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from solgraph.errors import WrongUse
from solgraph.graph.citation import ENTITIES, cite_thing
from solgraph.graph.snapshot import Snapshot, class_rank
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import ID, SG, slug


class Section(NamedTuple):
    """A section of a document, and what was taken from it: class → things, and class and network → what ties to it."""

    passage: str
    name: str
    things: dict[str, list[str]]
    ties: dict[tuple[str, str], list[str]]

    @property
    def numbers(self) -> Counter[str]:
        """Class → how many things, those that tie to networks first."""
        numbers: Counter[str] = Counter()
        for kind, things in (*((kind, ties) for (kind, _), ties in self.ties.items()), *self.things.items()):
            numbers[kind] += len(things)
        return numbers


_TIES = {SG + "Membership", SG + "Affiliation"}
_TAKEN = """
SELECT DISTINCT ?s ?thing ?of {
  ?s oa:hasSource %s . ?thing sg:evidence ?s OPTIONAL { ?thing org:organization ?of }
}
"""
_PAGES = "SELECT ?s ?page { ?s oa:hasSource %s ; sg:page ?page }"


def sections(snapshot: Snapshot, iri: str) -> list[Section]:
    """All that was taken from a document, by section; nothing for what is no document."""
    names = {passage: name for passage, (document, name) in snapshot.passages.items() if document == iri}
    if not names:
        return []
    taken: dict[str, dict[str, list[str]]] = {passage: {} for passage in names}
    ties: dict[str, dict[tuple[str, str], list[str]]] = {passage: {} for passage in names}
    for passage, term, of in snapshot.ask(_TAKEN % NamedNode(iri)).terms:
        kind = snapshot.types.get(value(term), [""])[0]
        if kind in _TIES:
            ties[value(passage)].setdefault((kind, value(of)), []).append(value(term))
        else:
            taken[value(passage)].setdefault(kind, []).append(value(term))
    listed = [Section(passage, name, ranked(taken[passage]), ties[passage]) for passage, name in names.items()]
    pages = {value(passage): _order(value(page)) for passage, page in snapshot.ask(_PAGES % NamedNode(iri)).terms}
    return sorted(listed, key=lambda section: (pages.get(section.passage, []), _order(section.passage)))


def ranked(things: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {kind: sorted(things[kind]) for kind in sorted(things, key=class_rank)}


def _order(passage: str) -> list[tuple[int, str]]:
    """The order of sections and pages by their numbers: 1.2 before 1.10."""
    parts = slug(passage).replace("-", ".").split(".")
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def addresses(snapshot: Snapshot, iris: Iterable[str]) -> dict[str, str]:
    """Document or passage → where the document is on the web, if it is."""
    known = snapshot.cached("addresses of documents", lambda: _web_addresses(snapshot))
    documents = {iri: snapshot.passages.get(iri, (iri, ""))[0] for iri in iris}
    return {iri: known[document] for iri, document in documents.items() if document in known}


def _web_addresses(snapshot: Snapshot) -> dict[str, str]:
    rows = snapshot.ask("SELECT ?document ?url { ?document a sg:Source ; schema:url ?url }").terms
    pairs = ((value(document), value(url)) for document, url in rows)
    return {document: url for document, url in pairs if url.startswith(("http://", "https://"))}


def citation(snapshot: Snapshot, iri: str, languages: Sequence[str]) -> str:
    """How to cite a document, a passage, or a statement by the passages on which it rests; nothing for other things."""
    if not iri.startswith(ID) or iri.startswith(ENTITIES):
        return ""
    try:
        return cite_thing(snapshot, iri, languages).text().strip()
    except WrongUse:
        return ""
