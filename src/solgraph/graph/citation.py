"""How to cite a document, a passage, what was read there, or the answer to a saved query."""

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode

from solgraph.engines.local import Local
from solgraph.errors import WrongUse
from solgraph.formats import media
from solgraph.formats.citations import Item
from solgraph.graph.snapshot import Snapshot, value_of
from solgraph.queries.catalogue import find as find_query
from solgraph.rdf.atomic_files import write_whole
from solgraph.rdf.namespaces import BASE, ID, PREFIXES, SG, VOCAB, slug
from solgraph.rdf.terms import Term
from solgraph.resources import is_shipped

if TYPE_CHECKING:
    from solgraph.graph.knowledge import Knowledge

DATA_SET = "solgraph: a knowledge graph of European solidarity cities"
_DCTERMS = PREFIXES["dcterms"]
_KINDS = {
    "web-page": "webpage", "web-site": "webpage", "report": "report", "city-report": "report", "leaflet": "pamphlet",
    "data-set": "dataset", "agreement": "treaty",
}  # fmt: skip
#: The section of a passage that is its whole document.
WHOLE = "whole page"
_RESTS_ON = """SELECT DISTINCT ?source ?section ?page {{
  {{ {thing} sg:evidence ?passage }} UNION {{ VALUES ?passage {{ {thing} }} }}
  ?passage oa:hasSource ?source ; sg:section ?section OPTIONAL {{ ?passage sg:page ?page }}
}} ORDER BY ?source ?page ?section"""
_SOURCES_ABOUT = """SELECT DISTINCT ?source {{
  {{ ?fact ?by {thing} ; sg:evidence/oa:hasSource ?source }} UNION {{ {thing} sg:evidence/oa:hasSource ?source }}
}} ORDER BY ?source"""
#: What is no statement of one document.
ENTITIES = tuple(f"{ID}{name}/" for name in "city country region neighbourhood place person actor network".split())
_STATED_NOWHERE = (*ENTITIES, f"{ID}source/", f"{ID}passage/")
_ABOUT_SOURCES = """SELECT ?source ?by ?value {{ VALUES ?source {{ {sources} }} ?source ?by ?value
  FILTER(?by IN (dcterms:creator, dcterms:date, dcterms:issued, dcterms:language, dcterms:modified, dcterms:publisher,
    dcterms:title, schema:url, sg:sourceKind)) }} ORDER BY ?by ?value"""


def is_statement(iri: str) -> bool:
    """Whether an IRI is that of something that documents state, and not of what they are about, nor of a document."""
    return iri.startswith(ID) and not iri.startswith(_STATED_NOWHERE)


def statement_of(row: Iterable[Iterable[Term]]) -> str:
    """The IRI of the first thing in a row of cells that documents state; empty where there is none, or several."""
    cells = ([value_of(term) for term in cell if is_statement(value_of(term))] for cell in row)
    first = next(filter(None, cells), [])
    return first[0] if len(first) == 1 else ""


class Citation:
    """Items of CSL-JSON, one for each document or answer, and the styles in which they are written.

    >>> (item,) = kg.cite("dreher-2024").items
    >>> item["type"], item["issued"]
    ('report', {'date-parts': [[2024, 9]]})
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = list(items)

    def text(self, style: str | None = None, *, path: Path | None = None) -> str:
        """The items as ``text``, ``bibtex`` or ``csl-json``, or in the style of the file's ending.

        >>> print(kg.cite("passage:dreher-2024-1.1").text().strip()[-19:])
        Section: 1.1, p. 6.
        """
        return media.choose(media.CITATIONS, style, path, what="A citation").write(self.items)

    def write(self, path: str | Path, style: str | None = None) -> None:
        """Write it to a file, whole or not at all; the style follows from the ending unless named.

        >>> kg.cite("dreher-2024").write("dreher.bib")
        """
        write_whole(Path(path), self.text(style, path=Path(path)).encode())

    def __str__(self) -> str:
        return self.text()


def cite_thing(snapshot: Snapshot, iri: str, languages: Sequence[str]) -> Citation:
    """The citation of a document or passage, or of the passages on which a statement rests.

    What is no statement, such as a city or a concept, is cited by the documents that say something about it. Raises
    :class:`WrongUse` when there are none.
    """
    thing = NamedNode(iri)
    if iri.startswith(f"{ID}source/"):
        return Citation([*source_items(snapshot, [iri], languages).values()])
    passages = snapshot.ask(_RESTS_ON.format(thing=thing)).terms if not iri.startswith(ENTITIES) else []
    rows = passages or [(*row, None, None) for row in snapshot.ask(_SOURCES_ABOUT.format(thing=thing)).terms]
    if not rows or not iri.startswith((ID, VOCAB)):
        raise WrongUse(
            f"{iri} does not rest on a document.", hint="Cite a document, a passage, a fact or a saved query."
        )
    places: dict[str, list[tuple[str, str]]] = {}
    for source, section, page in rows:
        places.setdefault(value_of(source), []).append((_text(section), _text(page)))
    documents = source_items(snapshot, places, languages)
    return Citation([documents[source] | locator(place) for source, place in places.items()])


def _text(term: Term | None) -> str:
    return value_of(term) if term else ""


def locator(places: Iterable[tuple[str, str]]) -> Item:
    """Where in the document: its sections, and its pages where it has pages."""
    sections = dict.fromkeys(section for section, _ in places if section not in ("", WHOLE))
    pages = dict.fromkeys(page for _, page in places if page)
    return _filled({"section": "; ".join(sections), "page": ", ".join(pages)})


def _filled(item: Item) -> Item:
    return {name: value for name, value in item.items() if value}


def source_items(snapshot: Snapshot, sources: Iterable[str], languages: Sequence[str]) -> dict[str, Item]:
    """The item of each document, as far as the data describe it."""
    query = _ABOUT_SOURCES.format(sources=" ".join(str(NamedNode(iri)) for iri in sources))
    about: dict[str, dict[str, list[Term]]] = {}
    for source, by, value in snapshot.ask(query).terms:
        if value is not None:
            about.setdefault(value_of(source), {}).setdefault(value_of(by), []).append(value)
    named = {
        value_of(term)
        for facts in about.values()
        for by in ("creator", "publisher")
        for term in facts.get(_DCTERMS + by, [])
    }
    labels = snapshot.labels_of({*named, *about}, languages)
    return {iri: _item(iri, facts, labels) for iri, facts in about.items()}


def _item(iri: str, facts: Mapping[str, Sequence[Term]], labels: Mapping[str, str]) -> Item:
    def first(*names: str) -> str:
        return next((value_of(term) for name in names for term in facts.get(name, [])), "")

    language = first(_DCTERMS + "language")
    publishers = [labels.get(value_of(term), value_of(term)) for term in facts.get(_DCTERMS + "publisher", [])]
    return _filled({
        "id": slug(iri),
        "type": _KINDS.get(first(SG + "sourceKind").removeprefix(f"{VOCAB}source-kind/"), "document"),
        "author": [_name(value_of(term), labels) for term in facts.get(_DCTERMS + "creator", [])],
        "title": _title(facts.get(_DCTERMS + "title", []), language) or labels.get(iri, slug(iri)),
        "publisher": " and ".join(publishers),
        "issued": _date(first(_DCTERMS + "issued", _DCTERMS + "date", _DCTERMS + "modified")),
        "language": language,
        "URL": first(PREFIXES["schema"] + "url"),
    })  # fmt: skip


def _title(titles: Sequence[Term], language: str) -> str:
    """The title in the language of the document, or else the first."""
    fitting = [term for term in titles if isinstance(term, Literal) and term.language == language]
    return next(map(value_of, [*fitting, *titles]), "")


def _name(iri: str, labels: Mapping[str, str]) -> dict[str, str]:
    """The name of an author; a name of more than two words, initials apart, is not taken apart."""
    name = labels.get(iri, slug(iri))
    first, *middle, last = name.split() if " " in name else ("", name)
    if not iri.startswith(f"{ID}person/") or not first or not all(word.endswith(".") for word in middle):
        return {"literal": name}
    return {"family": last, "given": " ".join([first, *middle])}


def _date(text: str) -> Item:
    """A year, month or day in the form of CSL-JSON."""
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text)
    return {"date-parts": [[int(part) for part in match.groups() if part]]} if match else {}


def cite_query(kg: "Knowledge", name: str, values: Mapping[str, Any]) -> Citation:
    """The citation of a saved query's answer: data set, query, parameters, version of the data, and date."""
    chosen = {key: value for key, value in values.items() if value is not False and value not in (None, "", (), [])}
    of_network = _of_network(kg, name, chosen)
    answer = kg.query(name, **{key: value for key, value in chosen.items() if key not in of_network})
    if answer.saved is None or answer.origin is None:
        raise WrongUse(f"{name} has no answer that can be cited.")
    shown = ", ".join(_written(key, value) for key, value in chosen.items())
    title = answer.saved.localised("summary", kg.languages)
    item = {
        "id": "-".join(["solgraph", name, *(re.sub(r"\W+", "-", listed(value).lower()) for value in chosen.values())]),
        "type": "dataset",
        "author": [{"literal": "solgraph project"}],
        "title": f"{title} ({shown})" if shown else title,
        "container-title": DATA_SET if is_shipped(kg.paths) else f"{DATA_SET}, with other data: {_data(kg)}",
        "version": data_version(kg),
        "issued": _date(answer.origin.time),
        "accessed": _date(answer.origin.time),
        "note": f"Saved query {name}; SHA-256 of its SPARQL {answer.origin.query_sha256[:12]}",
        "URL": _network_address(kg, name, chosen) if of_network else query_address(kg, name, chosen),
    }
    return Citation([_filled(item)])


#: What is made of a network besides what is selected of it, as the command line calls it.
_ANALYSIS = (
    *("summary", "measures", "compare", "step", "chance", "against", "incidence", "weights_only"),
    *("backbone", "alpha", "correction", "trials", "seed", "runs"),
)


def _of_network(kg: "Knowledge", name: str, chosen: Mapping[str, Any]) -> list[str]:
    """Those of the values that choose a part of a network or say what is made of it; the part is tried out."""
    from solgraph.networks.model.selection import BY_ALL_EDGES, Selection, selected

    saved = find_query(name, kg.folders)
    known = {*Selection._fields, *_ANALYSIS} - {*saved.params} if saved.network else set()
    found = [key for key in chosen if key in known]
    if found:
        selected({key: chosen[key] for key in found if key in BY_ALL_EDGES}).checked()
        kg.projection(name, **{key: value for key, value in chosen.items() if key not in (*BY_ALL_EDGES, *_ANALYSIS)})
    return found


def _written(key: str, value: Any) -> str:
    key = key.replace("_", " ")
    return key if value is True else f"{key}: {listed(value)}"


def _network_address(kg: "Knowledge", name: str, chosen: Mapping[str, Any]) -> str:
    """The address of the selected part of a network, which has no name for what is made of it besides a comparison."""
    from solgraph.networks.model.selection import SELECTION, argument

    named = {argument(option.name): option.name for option in SELECTION}
    asked = {named.get(key, key): value for key, value in chosen.items() if key in named or key not in _ANALYSIS}
    texts = {
        key: "true" if value is True else ",".join(map(str, value)) if key == "compare" else value
        for key, value in asked.items()
    }
    return query_address(kg, name, texts).replace("/queries/", "/networks/", 1)


def query_address(kg: "Knowledge", name: str, values: Mapping[str, Any]) -> str:
    """The address of an answer on the web; none when the data are other than the shipped ones."""
    from urllib.parse import urlencode

    chosen = {key: value for key, value in values.items() if value}
    return f"{BASE}queries/{name}{'?' if chosen else ''}{urlencode(chosen, doseq=True)}" if is_shipped(kg.paths) else ""


def listed(value: Any) -> str:
    """The values of a parameter as they are read."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _data(kg: "Knowledge") -> str:
    return ", ".join(path.name for path in kg.paths) or kg.endpoint.name


def data_version(kg: "Knowledge") -> str:
    """The version of the program, and the beginning of the digest of ontology and data; a server has none."""
    return f"{version('solgraph')}{f', data {kg.snapshot.version[:12]}' if isinstance(kg.endpoint, Local) else ''}"
