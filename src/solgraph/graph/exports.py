"""The text of an export: the graph, one source of it, or everything about one city."""

from pathlib import Path
from typing import TYPE_CHECKING

from solgraph.errors import WrongUse, did_you_mean
from solgraph.formats import media
from solgraph.formats.triples import named_graphs
from solgraph.rdf.namespaces import GRAPH, slug
from solgraph.rdf.store import ONTOLOGY_GRAPH, graphs
from solgraph.rdf.terms import fold

if TYPE_CHECKING:
    from pyoxigraph import Store

    from solgraph.graph.knowledge import Knowledge


def exported(kg: "Knowledge", format: str | None, path: Path | None, city: str | None, source: str | None) -> str:
    """As :meth:`Knowledge.exported` has it."""
    chosen = media.choose(media.RDF, format, path, what="The graph")
    if city and source:
        raise WrongUse("A city and a source cannot be combined.", hint="Give one of the two.")
    if city:
        return chosen.write(kg.describe(kg.find(city, "sg:City")).graphs)
    return chosen.write(named_graphs(kg.store, _source_slug(kg.store, source) if source else None))


def _source_slug(store: "Store", name: str) -> str:
    """The slug of a source by its slug, IRI or name. Raises :class:`WrongUse` for another."""
    sources = [slug(iri) for iri in graphs(store) if iri != ONTOLOGY_GRAPH]
    wanted = fold(name.removeprefix(GRAPH).removeprefix("graph:").removeprefix("source:")).replace(" ", "-")
    if wanted not in sources:
        hint = did_you_mean(wanted, sources) or f"Sources: {', '.join(sources)}"
        raise WrongUse(f"There is no source '{name}'.", hint=hint)
    return wanted
