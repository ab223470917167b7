"""What the documents of linked data hold: about one thing, one source, the ontology; and the dumps of everything."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from gzip import compress
from hashlib import sha256
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Triple as PlainTriple

from solgraph import Knowledge
from solgraph.formats import export
from solgraph.formats import rows as formats
from solgraph.graph.description import describe
from solgraph.rdf import turtle
from solgraph.rdf.namespaces import BASE, GRAPH, ID, NAMING, RDF_TYPE, VOCAB, XSD, shorten, slug
from solgraph.rdf.store import ONTOLOGY_GRAPH
from solgraph.rdf.terms import Term
from solgraph.resources import ONTOLOGY
from solgraph.web.negotiation import Offer
from solgraph.web.rendering import LANGUAGES, word

Triples = Iterable[PlainTriple]
Graphs = Sequence[tuple[str, list[PlainTriple]]]

CONTEXT = ONTOLOGY / "context.jsonld"
_TELLING = [RDF_TYPE, *NAMING]
_WRITERS = {one.name: one.write for one in export.FORMATS}


class Form(NamedTuple):
    """A form of linked data: what it is called, its ending, how it is offered and written."""

    name: str
    ending: str
    offer: Offer

    def write(self, graphs: Graphs) -> str:
        """The graphs in this form; the forms of triples merge them."""
        if self.name == "jsonld":
            return json_ld({triple for _, triples in graphs for triple in triples})
        return _WRITERS[self.name](graphs)


FORMS = tuple(
    Form(name, ending, Offer(name, media_type, (ending, *also)))
    for name, ending, media_type, also in (
        ("turtle", "ttl", "text/turtle", ("application/x-turtle",)),
        ("jsonld", "jsonld", "application/ld+json", ("json-ld", "json", "application/json")),
        ("nt", "nt", "application/n-triples", ("ntriples", "text/plain")),
        ("trig", "trig", "application/trig", ()),
        ("nq", "nq", "application/n-quads", ("nquads",)),
        ("xml", "rdf", "application/rdf+xml", ("rdfxml", "application/xml")),
    )
)

#: What is told of one thing, as a table.
CSV = Form("csv", "csv", Offer("csv", "text/csv", ("csv",)))

DUMPS = {"ttl": "text/turtle", "trig": "application/trig", "nq.gz": "application/gzip"}


class Served:
    """One state of the graph as it is served; what takes long is made once."""

    def __init__(self, kg: Knowledge) -> None:
        self.kg, self.store = kg, kg.store
        self._dumps: dict[str, bytes] = {}

    @cached_property
    def digest(self) -> str:
        """What changes when any document may change: data, ontology, shapes or the program that writes them."""
        parts = [version("solgraph"), *sorted(str(quad) for quad in self._quads())]
        shapes = [path.read_text("utf-8") for path in sorted((ONTOLOGY / "shapes").glob("*.ttl"))]
        return sha256("\n".join(parts + shapes).encode()).hexdigest()

    def dump(self, ending: str) -> bytes:
        """All of the data, without the ontology: the bytes of the dump with that ending."""
        if ending not in self._dumps:
            name = ending.removesuffix(".gz")
            text = self.kg.exported({"ttl": "turtle"}.get(name, name)).encode()
            self._dumps[ending] = compress(text, mtime=0) if ending.endswith(".gz") else text
        return self._dumps[ending]

    def knows(self, iri: str) -> bool:
        """Whether anything is said about it."""
        return any(True for _ in self._quads(node(iri)))

    def types(self, iri: str) -> list[str]:
        """The IRIs of its classes."""
        found = (quad.object for quad in self._quads(node(iri), NamedNode(RDF_TYPE)))
        return sorted({one.value for one in found if isinstance(one, NamedNode)})

    def about(self, iri: str) -> Graphs:
        """A concise bounded description, each triple in the graph of its source.

        All that is said of the thing; of what points to it (memberships, findings, programmes …) everything too, but
        of what points to a concept only that; and names and types of all that is named there.
        """
        thing = node(iri)
        pointing = list(self._quads(None, None, thing))
        told = {*self._quads(thing), *pointing}
        if not iri.startswith(VOCAB):
            told.update(quad for one in {quad.subject for quad in pointing} for quad in self._quads(one))
        neighbours = {end for quad in told for end in (quad.subject, quad.object) if _is_iri(end)}
        told.update(quad for one in neighbours for by in _TELLING for quad in self._quads(one, NamedNode(by)))
        return _by_graph(told)

    def graph(self, iri: str) -> Graphs:
        """All triples of one source."""
        return _by_graph(self._quads(None, None, None, node(iri)))

    def _quads(self, *pattern: Any) -> Iterator[Quad]:
        """The quads of the named graphs: the default graph only repeats them."""
        found = self.store.quads_for_pattern(*(*pattern, None, None, None)[:3], *pattern[3:])
        return (quad for quad in found if not isinstance(quad.graph_name, DefaultGraph))

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Address below the root → IRI, of all things, concepts, schemes and graphs that have a document."""
        subjects = {quad.subject.value for quad in self._quads() if isinstance(quad.subject, NamedNode)}
        graphs = {graph.value for graph in self.store.named_graphs() if isinstance(graph, NamedNode)}
        return {iri.removeprefix(BASE): iri for iri in subjects | graphs if iri.startswith((ID, VOCAB, GRAPH))}

    @cached_property
    def names(self) -> list[tuple[str, str]]:
        """Pairs of IRI and name, in all languages."""
        return self.kg.names()


def csv_about(kg: Knowledge, iri: str, languages: Sequence[str]) -> str:
    """What ``solgraph show -f csv`` tells of a thing; classes and properties are called as on its page.

    The ontology has names for them in English alone.
    """
    table = describe(kg.endpoint, iri, languages).table
    language = next((one for one in languages if one in LANGUAGES), "en")
    terms = {("property", one) for _, one, *_ in table.rows}
    terms |= {("class", value) for _, by, value, *_ in table.rows if by == NamedNode(RDF_TYPE)}
    words = {
        one.value: word(language, kind, slug(one.value), table.shown(one))
        for kind, one in terms
        if isinstance(one, NamedNode) and language != "en"
    }
    return formats.csv_text(table._replace(labels={**table.labels, **words}))


@lru_cache(maxsize=2)
def served(kg: Knowledge) -> Served:
    """What is served of an opened graph; kept for the last two, so that a reload may happen under way."""
    return Served(kg)


def node(iri: str) -> NamedNode:
    """The IRI as a term; what cannot be an IRI becomes one that nothing is said about."""
    try:
        return NamedNode(iri)
    except ValueError:
        return NamedNode("urn:x-solgraph:nothing")


def _is_iri(term: object) -> bool:
    return isinstance(term, NamedNode)


def _by_graph(quads: Iterable[Quad]) -> Graphs:
    graphs: dict[str, list[PlainTriple]] = defaultdict(list)
    for quad in quads:
        graphs[str(quad.graph_name)[1:-1]].append(quad.triple)
    return sorted(graphs.items())


# The ontology, its vocabularies and shapes are files


def ontology_paths(address: str) -> list[Path]:
    """The files behind ``ns``, ``shapes`` or ``vocab/{scheme}``; none when there is no such document."""
    if address == "ns":
        return [ONTOLOGY / "solgraph.ttl", ONTOLOGY / "external.ttl"]
    if address == "shapes":
        return sorted((ONTOLOGY / "shapes").glob("*.ttl"))
    wanted = [ONTOLOGY / "vocab" / f"{address.removeprefix('vocab/')}.ttl"]
    return [one for one in wanted if address.startswith("vocab/") and one in set(one.parent.glob("*.ttl"))]


@lru_cache(maxsize=128)
def of_files(address: str, form: Form) -> str:
    """A document of the ontology: in Turtle the files as they were written, comments and all."""
    if form.name == "turtle":
        return "\n".join(path.read_text("utf-8") for path in ontology_paths(address))
    quads = Dataset(quad for path in ontology_paths(address) for quad in parse(path=str(path), format=RdfFormat.TURTLE))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    graph = "" if address == "shapes" else ONTOLOGY_GRAPH
    return form.write([(graph, [quad.triple for quad in quads])])


# JSON-LD in the words of ontology/context.jsonld


class _Word(NamedTuple):
    """A term of the context: the type that its values have, or how they are held."""

    name: str
    type: str
    container: str


@lru_cache(maxsize=1)
def _context() -> tuple[dict[str, Any], dict[str, str], dict[str, list[_Word]]]:
    """The context, its namespaces by prefix, and its terms by IRI."""
    context = json.loads(CONTEXT.read_text("utf-8"))["@context"]
    prefixes = {key: one for key, one in context.items() if isinstance(one, str) and one.endswith(("/", "#"))}
    words: dict[str, list[_Word]] = defaultdict(list)
    for key, one in context.items():
        said = one if isinstance(one, dict) else {"@id": one}
        if key not in prefixes and ":" in str(said.get("@id")):
            prefix, _, local = said["@id"].partition(":")
            words[prefixes[prefix] + local].append(_Word(key, said.get("@type", ""), said.get("@container", "")))
    return context, prefixes, words


def json_ld(triples: Triples) -> str:
    """The triples as compact JSON-LD, with as much of ``ontology/context.jsonld`` as they need.

    The context stands in the document, so that nothing is fetched to read it.
    """
    listed = turtle.ordered(triples)
    context, prefixes, _ = _context()
    schemes = {end.value.partition(":")[0] for triple in listed for end in triple if isinstance(end, NamedNode)}
    if schemes & prefixes.keys():  # the IRI <city:x> would be taken for a prefixed name
        return turtle.json_ld(listed)
    nodes = [_node(subject, about) for subject, about in groupby(listed, key=lambda triple: triple.subject)]
    used = {key: context[key] for key in _used(nodes)}
    known = {key: one for key, one in context.items() if key in used or key in _prefixes_of(used, prefixes)}
    document = {"@context": {"@version": 1.1} | known, "@graph": nodes}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _used(value: object) -> set[str]:
    """The terms and prefixes of the context that stand in a JSON value."""
    context, prefixes, _ = _context()
    if isinstance(value, list):
        return set().union(*map(_used, value))
    if isinstance(value, dict):
        return set().union(*(_used(one) for pair in value.items() for one in pair))
    text = str(value)
    return {one for one in (text, text.partition(":")[0]) if one in context and (one == text or one in prefixes)}


def _prefixes_of(used: dict[str, Any], prefixes: dict[str, str]) -> set[str]:
    texts = [text for one in used.values() for text in (one.values() if isinstance(one, dict) else [one])]
    return {text.partition(":")[0] for text in texts} & prefixes.keys()


def _node(subject: Term, about: Triples) -> dict[str, object]:
    node: dict[str, object] = {"id": _short(subject)}
    for predicate, said in groupby(about, key=lambda triple: triple.predicate.value):
        node |= _property(predicate, [triple.object for triple in said])
    return node


def _property(predicate: str, objects: list[Term]) -> dict[str, object]:
    """The values of a property under the best of its names."""
    words = _context()[2]
    if predicate == RDF_TYPE and all(map(_is_iri, objects)):
        return {"type": _one([_class(one) for one in objects])}
    for known in words.get(predicate, []):
        if known.container == "@language" and all(isinstance(one, Literal) and one.language for one in objects):
            return {known.name: _by_language(objects)}
        if not known.container:
            return {known.name: _one([_value(one, known.type) for one in objects])}
    return {_short(NamedNode(predicate)): _one([_value(one, "") for one in objects])}


def _one(values: list[Any]) -> object:
    return values[0] if len(values) == 1 else values


def _class(term: Term) -> str:
    known = _context()[2].get(str(term)[1:-1])
    return known[0].name if known else _short(term)


def _by_language(objects: list[Term]) -> dict[str, object]:
    languages: dict[str, list[str]] = defaultdict(list)
    for one in objects:
        if isinstance(one, Literal):
            languages[one.language or ""].append(one.value)
    return {language: _one(texts) for language, texts in sorted(languages.items())}


def _value(term: Term, coerced: str) -> object:
    """A value as a term of that type takes it; written out where the type would say something else."""
    if not isinstance(term, Literal):
        return _short(term) if coerced == "@id" else {"@id": _short(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD + "string":
        return {"@value": term.value} if coerced else term.value
    datatype = _short(term.datatype)
    if datatype == coerced:
        return term.value
    return {"@value": term.value, "@type": datatype}


def _short(term: Term) -> str:
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)
