"""What the documents of linked data hold: about one thing, one source, the ontology; and the dumps of everything."""

from collections.abc import Sequence
from functools import lru_cache
from gzip import decompress
from hashlib import sha256
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse

from solgraph import Knowledge
from solgraph.formats import media
from solgraph.formats.rows import csv_text
from solgraph.formats.triples import Graphs
from solgraph.graph.description import Description
from solgraph.rdf.namespaces import RDF_TYPE, slug
from solgraph.rdf.store import ONTOLOGY_GRAPH
from solgraph.resources import ontology_paths
from solgraph.texts import word
from solgraph.web.http import LANGUAGES


class Served:
    """The documents of one state of the graph; what takes long is made once."""

    def __init__(self, kg: Knowledge) -> None:
        self.kg, self.snapshot, self.store = kg, kg.snapshot, kg.store

    def dump(self, ending: str) -> bytes:
        """All of the data in one file: the bytes of the dump with that ending, such as ``ttl`` or ``nq.gz``."""
        plain = ending.removesuffix(media.GZIP)
        packed = self.snapshot.cached(("dump", plain), lambda: self._packed_dump(plain))
        return packed if ending != plain else decompress(packed)

    def _packed_dump(self, ending: str) -> bytes:
        form = next(form for form in media.RDF if ending == form.endings[0])
        return media.encoded(self.kg.exported(form.name), Path(f"dump.{ending}{media.GZIP}"))

    def dump_facts(self, ending: str) -> tuple[int, str]:
        """How many bytes a dump has, and their SHA-256."""
        return self.snapshot.cached(("dump facts", ending), lambda: _facts(self.dump(ending)))

    def knows(self, iri: str) -> bool:
        """Whether anything is said about it."""
        return any(True for _ in self.store.quads_for_pattern(node(iri), None, None, None))

    def types(self, iri: str) -> list[str]:
        """The IRIs of its classes."""
        return sorted(self.snapshot.types.get(iri, []))

    def about(self, iri: str) -> Graphs:
        """The concise bounded description of a thing, each triple in the graph of its source."""
        return Description(self.snapshot, iri, (), {}).graphs

    def graph(self, iri: str) -> Graphs:
        """All triples of one source."""
        return [(iri, [quad.triple for quad in self.store.quads_for_pattern(None, None, None, node(iri))])]

    def has_graph(self, iri: str) -> bool:
        """Whether there is a named graph of that IRI."""
        return self.store.contains_named_graph(node(iri))


def csv_about(kg: Knowledge, iri: str, languages: Sequence[str]) -> str:
    """The table of ``solgraph show -f csv``; classes and properties are called as on the page of the thing."""
    table = Description(kg.snapshot, iri, languages).table
    language = next((code for code in languages if code in LANGUAGES), "en")
    terms = {("property", by) for _, by, *_ in table.rows}
    terms |= {("class", value) for _, by, value, *_ in table.rows if by == NamedNode(RDF_TYPE)}
    words = {
        term.value: word(language, kind, slug(term.value), table.shown(term))
        for kind, term in terms
        if isinstance(term, NamedNode) and language != "en"
    }
    return csv_text(table._replace(labels={**table.labels, **words}))


def _facts(content: bytes) -> tuple[int, str]:
    return len(content), sha256(content).hexdigest()


def served(kg: Knowledge) -> Served:
    """The documents of a graph."""
    return kg.snapshot.cached("served", lambda: Served(kg))


def node(iri: str) -> NamedNode:
    """The IRI as a term; what cannot be an IRI becomes one that nothing is said about."""
    try:
        return NamedNode(iri)
    except ValueError:
        return NamedNode("urn:x-solgraph:nothing")


# The ontology, its vocabularies and shapes are files


@lru_cache(maxsize=128)
def of_files(address: str, form: media.Form[str]) -> str:
    """A document of the ontology: in Turtle the files as they were written, comments and all."""
    if form.name == "turtle":
        return "\n".join(path.read_text("utf-8") for path in ontology_paths(address))
    quads = Dataset(quad for path in ontology_paths(address) for quad in parse(path=str(path), format=RdfFormat.TURTLE))
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    graph = "" if address.startswith("shapes") else ONTOLOGY_GRAPH
    return form.write([(graph, [quad.triple for quad in quads])])
