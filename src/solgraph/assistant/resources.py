"""What an assistant can read: things, passages and concepts by their addresses, the ontology and its vocabularies."""

from typing import NamedTuple

from solgraph.assistant.descriptions import described
from solgraph.assistant.pages import MOST, Page
from solgraph.assistant.wording import call
from solgraph.errors import ParameterError, WrongUse
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import BASE, GRAPH, ID, SG, VOCAB, shorten, slug
from solgraph.resources import ONTOLOGY, ontology_paths

CATALOGUE = f"{BASE}catalog"
_SIZES = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
TURTLE, MARKDOWN = "text/turtle", "text/markdown"
#: So many names complete what somebody has typed.
MOST_NAMES = 20


class Resource(NamedTuple):
    """A document, or with braces in its address many of the same form."""

    address: str
    name: str
    title: str
    description: str
    media_type: str


TEMPLATES = (
    Resource(
        f"{ID}{{class}}/{{slug}}",
        "thing",
        "Thing",
        "Everything known about a city, network, person, programme, document …: such as id/city/milan",
        MARKDOWN,
    ),
    Resource(
        f"{ID}passage/{{slug}}",
        "passage",
        "Passage",
        "A section of a document, and all statements that rest on it: such as id/passage/dreher-2024-1.1",
        MARKDOWN,
    ),
    Resource(
        f"{VOCAB}{{scheme}}/{{slug}}",
        "concept",
        "Concept",
        "A concept, and the things to which it applies: such as vocab/status/running",
        MARKDOWN,
    ),
)


def documents(kg: Knowledge) -> list[Resource]:
    """The ontology, its vocabularies and the shapes."""
    ontology = Resource(f"{BASE}ns", "ontology", "Ontology", "Classes and properties of the graph", TURTLE)
    shapes = Resource(f"{BASE}shapes", "shapes", "Shapes", "The rules that the data obey, in SHACL", TURTLE)
    schemes = [f"{VOCAB}{path.stem}" for path in sorted((ONTOLOGY / "vocab").glob("*.ttl"))]
    labels = kg.snapshot.labels_of(schemes, kg.languages)
    graphs = Resource(CATALOGUE, "catalog", "Named graphs", "The sources of the graph, each a named graph", MARKDOWN)
    return [ontology, shapes, graphs, *(_vocabulary(iri, labels.get(iri, slug(iri))) for iri in schemes)]


def _vocabulary(iri: str, label: str) -> Resource:
    return Resource(iri, f"vocab-{slug(iri)}", label, f"Concepts with their names and definitions: {label}", TURTLE)


def read(kg: Knowledge, address: str) -> tuple[str, str]:
    """Text and media type of a resource. Raises :class:`WrongUse` for an address at which there is none."""
    if address.startswith(BASE) and (paths := ontology_paths(address.removeprefix(BASE))):
        return "\n".join(path.read_text("utf-8") for path in paths), TURTLE
    if address.startswith(GRAPH) or address.partition("#")[0] == CATALOGUE:
        return _graphs(kg, address), MARKDOWN
    try:
        iri = kg.find(address) if address.startswith((ID, VOCAB, SG)) else ""
    except ParameterError as error:
        raise WrongUse(f"There is nothing at {address}.", hint=error.hint) from error
    if iri != address:
        raise WrongUse(f"There is nothing at {address}.", hint=f"Find addresses: {call('search', ['Milan'])}")
    return described(kg, Page(), thing=iri, each=MOST).text, MARKDOWN


def _graphs(kg: Knowledge, address: str) -> str:
    """A named graph, or for the catalogue all of them: how much it holds, and of which document."""
    sizes = {value_of(graph): value_of(size) for graph, size in kg.snapshot.ask(_SIZES).terms}
    if address in sizes:
        sizes = {address: sizes[address]}
    elif address.startswith(GRAPH):
        raise WrongUse(f"There is nothing at {address}.", hint=f"Named graphs: {', '.join(map(shorten, sizes))}")
    labels = kg.snapshot.labels_of(sizes, kg.languages)
    lines = (f"- {labels.get(iri, slug(iri))}: {iri}, {int(size):,} triples" for iri, size in sizes.items())
    document = next((f"source:{slug(iri)}" for iri in sizes if iri in labels), "")
    hint = [f"What a document is and says: {call('describe', [document])}", ""] if document else []
    return "\n".join(["# Named graphs, one for each source", "", *lines, "", *hint])


def completed(kg: Knowledge, argument: str, text: str, beginning: str) -> list[str]:
    """What may complete an argument of a template or prompt: slugs, or names of things whose IRIs begin so."""
    names = kg.snapshot.label_index.holding(text, MOST_NAMES * 5) if text else []
    names = [name for name in names if name.iri.startswith(beginning)]
    if argument in ("class", "scheme"):
        texts = [shorten(name.iri).partition(":")[0] for name in names]
    else:
        texts = [slug(name.iri) if argument == "slug" else name.text for name in names]
    return list(dict.fromkeys(texts))[:MOST_NAMES]
