"""Which things have a page in the site of files, in which languages, and where all else is shown.

A page for each finding, passage or membership would be four of five files. They stand on the page of their thing, and
are places of it: ``doc/city/milan.html#finding/milan-1``. Documents stand together by the network of which they tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from solgraph.graph.knowledge import Knowledge
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import GRAPH, ID, SG, VOCAB, slug
from solgraph.web.http import LANGUAGES
from solgraph.web.pages import lists, panels
from solgraph.web.rendering import path as page_of

_EDGES = f"SELECT DISTINCT ?s ?o {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{ID}') && STRSTARTS(STR(?o), '{ID}')) }}"
_STATEMENTS = {"Membership", "Affiliation", "MemberList", "OfficeTerm", "Observation", "Finding"}
_ORGANISATIONS = {"Actor", "PublicBody", "CivilSocietyOrganisation", "InternationalOrganisation", "Organisation"}
#: On whose page a statement stands: the first of these that it concerns.
_HOSTS = "City Network Programme Collaboration AdvocacyAction Person Law Country".split()
#: Of these there are pages in every language, and of cities with a report; of others, names and dates, in English.
_TRANSLATED = {"Network", "Country", "Person"}
#: Titles of documents, and texts that are in English alone.
_IN_ENGLISH = {"/sources", "/api", "/shapes"}
#: Answers and networks in other forms are for programs: they are there once.
_PAGES = ("", ".html", ".js")
_DOCUMENTS_ON_PAGE = 30
#: An organisation with so many mentions has a page; others are publishers of a document or two, or single members.
_FEWEST = 3
Edges = Mapping[str, set[str]]


class Documents(NamedTuple):
    """Documents that stand on one page: what they tell of, if it is one network, and their paths."""

    head: str
    paths: list[str]


class Plan(NamedTuple):
    """Where everything is shown.

    ``homes`` leads from what has no page to the page that shows it, ``documents`` from a page of documents to these,
    and ``english`` holds the pages that are made in English alone; all are paths as on the server. ``base_url`` is the
    address of the site, empty where it is not known.
    """

    homes: Mapping[str, str]
    documents: Mapping[str, Documents]
    english: set[str]
    base_url: str = ""

    def languages(self, path: str) -> tuple[str, ...]:
        """The languages in which that page is made."""
        is_data = path.startswith(("/queries/", "/networks/")) and PurePosixPath(path).suffix not in _PAGES
        return LANGUAGES[:1] if is_data or path in self.english or path in self.documents else LANGUAGES

    def place(self, path: str) -> tuple[str, str]:
        """The page that shows something, and its place there, which is empty for what has a page."""
        home = self.homes.get(path)
        return (home, place_of(path)) if home else (path, "")


def place_of(path: str) -> str:
    """The name of a place on a page: ``finding/milan-1``; what a document says stands where the document does."""
    return path.replace("/graph/", "/doc/source/", 1).removeprefix("/doc/")


def plan(kg: Knowledge, base_url: str = "") -> Plan:
    """What is shown where, decided before the first page is made."""
    snapshot = kg.snapshot
    documents = dict(_documents(snapshot))
    homes = {path: page for page, group in documents.items() for path in group.paths}
    homes |= {_graph_of(path): page for path, page in homes.items()}
    homes |= {page_of(passage): homes[page_of(document)] for passage, (document, _) in snapshot.passages.items()}
    pages = [iri for iri in snapshot.types if iri.startswith(ID) and page_of(iri) not in homes]
    homes |= dict(_places(snapshot, pages, homes))
    turtle = {f"{path}.ttl": f"{page}.ttl" for path, page in homes.items()}
    concepts = [page_of(iri) for iri in snapshot.types if iri.startswith(VOCAB) and "/" in iri.removeprefix(VOCAB)]
    turtle |= {f"{path}.ttl": f"{path.rpartition('/')[0]}.ttl" for path in concepts}
    english = {page_of(iri) for iri in pages if not _is_translated(snapshot, iri)} - homes.keys()
    return Plan(homes | turtle, documents, english | {*concepts} | _IN_ENGLISH, base_url)


def _is_translated(snapshot: Snapshot, iri: str) -> bool:
    return slug(snapshot.types[iri][0]) in _TRANSLATED or iri in panels.contents(snapshot)


def _documents(snapshot: Snapshot) -> Iterator[tuple[str, Documents]]:
    """Page → the documents on it, which tell of the same network; a few pages where they are many."""
    labels, seen = snapshot.labels(LANGUAGES[:1]), set[str]()
    groups = lists.sources(snapshot, lambda iri: labels.get(iri, iri), "").groups
    named = [(group.head, [item.iri for item in group.items]) for group in groups]
    others = sorted(iri for iri, kinds in snapshot.types.items() if SG + "Source" in kinds and iri.startswith(ID))
    for head, iris in [*named, ("", others)]:
        listed = [page_of(iri) for iri in iris if iri not in seen]
        name = slug(head) or ("others" if iris is others else "whole")
        seen.update(iris)
        for start in range(0, len(listed), _DOCUMENTS_ON_PAGE):
            number = f"-{start // _DOCUMENTS_ON_PAGE + 1}" if start else ""
            yield f"/sources/{name}{number}", Documents(head, listed[start : start + _DOCUMENTS_ON_PAGE])


def _graph_of(path: str) -> str:
    return page_of(GRAPH + slug(path))


def _places(snapshot: Snapshot, iris: Iterable[str], homes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Statement, or organisation of which next to nothing is known → the page of what it concerns."""
    forward, back = _edges(snapshot)
    ranks = {SG + name: rank for rank, name in enumerate(_HOSTS)}

    def kind(iri: str) -> str:
        return snapshot.types.get(iri, [""])[0]

    for iri in iris:
        if slug(kind(iri)) in _STATEMENTS or (slug(kind(iri)) in _ORGANISATIONS and len(back[iri]) < _FEWEST):
            near = forward[iri] | back[iri]
            hosts = sorted((ranks[kind(other)], page_of(other)) for other in near if kind(other) in ranks)
            documents = sorted(homes[page_of(other)] for other in near if page_of(other) in homes)
            pages = [path for _, path in hosts] + documents
            if pages:
                yield page_of(iri), pages[0]


def _edges(snapshot: Snapshot) -> tuple[Edges, Edges]:
    forward, back = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for subject, other in snapshot.ask(_EDGES).terms:
        forward[value(subject)].add(value(other))
        back[value(other)].add(value(subject))
    return forward, back


# Addresses that were pages


def moved(homes: Mapping[str, str]) -> dict[str, list[str]]:
    """For the page 404: each page with the addresses that it answers for; hosts read too few redirects for all."""
    pages = defaultdict[str, list[str]](list)
    for path, home in sorted(homes.items()):
        if not path.endswith(".ttl"):
            pages[f"{home.strip('/')}.html"].append(place_of(path))
    return pages
