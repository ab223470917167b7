"""What the endpoint can do and what lies there: SPARQL 1.1 Service Description and VoID."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request

from solgraph.engines.sandbox.worker import BoundedBytes, serialized
from solgraph.errors import MemoryLimit, TimeLimit, TooBusy, TooLarge
from solgraph.rdf.namespaces import PREFIXES, RDF_TYPE, SG, slug
from solgraph.rdf.terms import Term
from solgraph.rdf.turtle import ordered
from solgraph.web.settings import base

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMES = {
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "turtle": "Turtle",
    "trig": "TriG",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
}
# The graphs are counted by a query like any other, so that a large store delays nobody.
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
_NAMES_ONLY = "SELECT ?g { GRAPH ?g {} } ORDER BY ?g"


async def description(request: Request, media_type: str, formats: Iterable[str]) -> bytes:
    """The description of the service under the address at which it was asked, in a form for triples."""
    address = f"{base(request)}/sparql"
    triples = ordered(_triples(address, formats, await _graphs(request)))
    prefixes = {**PREFIXES, "sd": SD, "void": VOID}
    return serialized(triples, media_type, prefixes, BoundedBytes(request.app.state.settings.answer_bytes))


async def _graphs(request: Request) -> dict[str, int | None]:
    """The named graphs with the number of their triples, where it can be had in time; an empty name for the merge."""
    for query in (_COUNTS, _NAMES_ONLY):
        try:
            result = await request.app.state.pool.ask(query, rows="text/csv")
        except (TooLarge, TimeLimit, MemoryLimit, TooBusy):
            continue
        with result.file or io.BytesIO(result.body) as file:
            rows = list(csv.reader(io.TextIOWrapper(file, newline="")))[1:]
        return {row[0]: int(row[1]) if len(row) > 1 else None for row in rows}
    return {}


def _triples(address: str, formats: Iterable[str], graphs: Mapping[str, int | None]) -> Iterator[Triple]:
    service, dataset, merge = (NamedNode(address + part) for part in ("", "#dataset", "#default-graph"))
    yield from _about(service, RDF_TYPE, NamedNode(f"{SD}Service"))
    yield from _about(service, f"{SD}endpoint", service)
    yield from _about(service, f"{SD}supportedLanguage", NamedNode(f"{SD}SPARQL11Query"))
    yield from _about(service, f"{SD}feature", NamedNode(f"{SD}UnionDefaultGraph"))
    yield from _about(service, f"{SD}resultFormat", *(NamedNode(_FORMATS + _NAMES[name]) for name in formats))
    yield from _about(service, f"{SD}defaultDataset", dataset)
    yield from _about(dataset, RDF_TYPE, NamedNode(f"{SD}Dataset"), NamedNode(f"{VOID}Dataset"))
    yield from _about(dataset, f"{VOID}sparqlEndpoint", service)
    yield from _about(dataset, f"{VOID}vocabulary", NamedNode(SG))
    yield from _about(dataset, f"{SD}defaultGraph", merge)
    yield from _graph(merge, graphs.get(""))
    yield from _about(dataset, f"{VOID}triples", *_number(graphs.get("")))
    for name, count in graphs.items():
        if name:
            yield from _named_graph(dataset, NamedNode(f"{address}#graph-{slug(name)}"), name, count)


def _named_graph(dataset: NamedNode, node: NamedNode, name: str, count: int | None) -> Iterator[Triple]:
    content = NamedNode(f"{node.value}-content")
    yield from _about(dataset, f"{SD}namedGraph", node)
    yield from _about(node, RDF_TYPE, NamedNode(f"{SD}NamedGraph"))
    yield from _about(node, f"{SD}name", NamedNode(name))
    yield from _about(node, f"{SD}graph", content)
    yield from _graph(content, count)


def _graph(node: NamedNode, count: int | None) -> Iterator[Triple]:
    yield from _about(node, RDF_TYPE, NamedNode(f"{SD}Graph"))
    yield from _about(node, f"{VOID}triples", *_number(count))


def _number(count: int | None) -> list[Literal]:
    return [] if count is None else [Literal(count)]


def _about(subject: NamedNode, predicate: str, *objects: Term) -> Iterator[Triple]:
    for one in objects:
        yield Triple(subject, NamedNode(predicate), one)
