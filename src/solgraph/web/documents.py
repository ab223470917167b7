"""What the documents of linked data hold: about one thing, one source, the ontology; and the dumps of everything."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Triple as PlainTriple

from solgraph import Knowledge
from solgraph.formats import media
from solgraph.formats.rows import csv_text
from solgraph.formats.triples import Graphs
from solgraph.graph.description import Description
from solgraph.rdf.namespaces import BASE, GRAPH, ID, RDF_TYPE, VOCAB, slug
from solgraph.rdf.store import ONTOLOGY_GRAPH
from solgraph.resources import ONTOLOGY, shape_files
from solgraph.web.rendering import LANGUAGES, word


class Served:
    """One state of the graph as it is served; what takes long is made once."""

    def __init__(self, kg: Knowledge) -> None:
        self.kg, self.store = kg, kg.store
        self._dumps: dict[str, bytes] = {}

    def dump(self, ending: str) -> bytes:
        """All of the data in one file: the bytes of the dump with that ending, such as ``ttl`` or ``nq.gz``."""
        if ending not in self._dumps:
            name = ending.removesuffix(media.GZIP)
            form = next(form for form in media.RDF if name == form.endings[0])
            self._dumps[ending] = media.encoded(self.kg.exported(form.name), Path(f"dump.{ending}"))
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
        return Description(self.kg.snapshot, iri, (), {}).graphs

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
    table = Description(kg.snapshot, iri, languages).table
    language = next((one for one in languages if one in LANGUAGES), "en")
    terms = {("property", one) for _, one, *_ in table.rows}
    terms |= {("class", value) for _, by, value, *_ in table.rows if by == NamedNode(RDF_TYPE)}
    words = {
        one.value: word(language, kind, slug(one.value), table.shown(one))
        for kind, one in terms
        if isinstance(one, NamedNode) and language != "en"
    }
    return csv_text(table._replace(labels={**table.labels, **words}))


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
        return shape_files()
    wanted = [ONTOLOGY / "vocab" / f"{address.removeprefix('vocab/')}.ttl"]
    return [one for one in wanted if address.startswith("vocab/") and one in set(one.parent.glob("*.ttl"))]


@lru_cache(maxsize=128)
def of_files(address: str, form: media.Form[str]) -> str:
    """A document of the ontology: in Turtle the files as they were written, comments and all."""
    if form.name == "turtle":
        return "\n".join(path.read_text("utf-8") for path in ontology_paths(address))
    quads = Dataset(quad for path in ontology_paths(address) for quad in parse(path=str(path), format=RdfFormat.TURTLE))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    graph = "" if address == "shapes" else ONTOLOGY_GRAPH
    return form.write([(graph, [quad.triple for quad in quads])])
