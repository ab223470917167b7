"""What is in the data, in numbers: totals, extent in time and space, and each term of the ontology with its use.

The numbers come from SPARQL, once for each state of the data.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph import Knowledge
from solgraph.rdf.namespaces import BASE, ID, PREFIXES, SG, VOCAB, expand
from solgraph.rdf.store import ONTOLOGY_GRAPH
from solgraph.rdf.terms import Term as Node
from solgraph.web.documents import Served, served

_DATA = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{ONTOLOGY_GRAPH}>)"
#: Each triple once, in however many sources it stands.
_ONCE = f"{{ SELECT DISTINCT ?s ?p ?o {{ {_DATA} }} }}"
#: What a dump holds: data and ontology, each triple once.
_ALL = "?s ?p ?o"
_TOTALS = f"""
SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
       (COUNT(DISTINCT ?entity) AS ?entities)
{{ %s BIND(IF(STRSTARTS(STR(?s), "{ID}"), ?s, ?nothing) AS ?entity) }}"""
_CLASSES = """
SELECT ?o (COUNT(DISTINCT ?s) AS ?n) (MIN(STR(?s)) AS ?example) { %s FILTER(?p = rdf:type) } GROUP BY ?o"""
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) (MIN(STR(?s)) AS ?example) { %s } GROUP BY ?p"
_CONCEPTS = f"""
SELECT ?scheme (COUNT(*) AS ?n) (MIN(STR(?s)) AS ?example)
{{
  {_ONCE} FILTER(STRSTARTS(STR(?o), "{VOCAB}"))
  GRAPH <{ONTOLOGY_GRAPH}> {{ ?o skos:inScheme ?scheme }}
}}
GROUP BY ?scheme"""
_SIZES = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
_YEARS = """
SELECT (MIN(?year) AS ?first) (MAX(?year) AS ?last)
{ ?s sg:startDate|sg:endDate|sg:ongoingAsOf ?date BIND(xsd:integer(SUBSTR(STR(?date), 1, 4)) AS ?year) }"""
#: When the ontology was issued, and the newest day at which it was changed or which the data name.
_DATES = f"""
SELECT ?issued (MAX(STR(?day)) AS ?modified)
{{ OPTIONAL {{ <{BASE}ns> dcterms:issued ?issued }}
  {{ <{BASE}ns> dcterms:modified ?day }} UNION {{ ?s sg:activeAt|sg:ongoingAsOf|dcterms:date ?day }}
  FILTER(DATATYPE(?day) = xsd:date) }}
GROUP BY ?issued"""
_BOX = """
SELECT (MIN(?long) AS ?west) (MIN(?lat) AS ?south) (MAX(?long) AS ?east) (MAX(?lat) AS ?north)
{ ?city a sg:City ; geo:lat ?lat ; geo:long ?long }"""
_COUNTRIES = """
SELECT ?country (SAMPLE(?name) AS ?called)
{ ?city a sg:City ; sg:locatedIn+ ?country . ?country a sg:Country ; skos:prefLabel ?name FILTER(LANG(?name) = "en") }
GROUP BY ?country ORDER BY ?country"""
_LANGUAGES = f"SELECT DISTINCT ?language {{ {_DATA} BIND(LANG(?o) AS ?language) FILTER(?p = skos:prefLabel) }}"
_LINKS = """
SELECT ?space (COUNT(*) AS ?n) (MIN(STR(?s)) AS ?example)
{
  { SELECT DISTINCT ?s ?o { ?s schema:sameAs ?o FILTER(ISIRI(?o)) } }
  BIND(REPLACE(STR(?o), "[^/]+/?$", "") AS ?space)
}
GROUP BY ?space"""


class Use(NamedTuple):
    """How often something is used in the data, and an example of what uses it."""

    iri: str
    uses: int
    example: str = ""


class Totals(NamedTuple):
    """How much there is; entities are the things that have an address."""

    triples: int
    subjects: int
    objects: int
    entities: int


class Counts(NamedTuple):
    """How much some triples say, and how often each class and property is used in them."""

    totals: Totals
    classes: list[Use]
    properties: list[Use]


class Statistics:
    """The numbers of one state of the data, without the ontology but for ``whole``."""

    def __init__(self, graph: Served) -> None:
        self._graph = graph
        self.totals, self.classes, self.properties = self._counts(_ONCE, _DATA)
        self.schemes, self.links = self._uses(_CONCEPTS), self._uses(_LINKS)
        sizes = graph_sizes(graph.kg)
        self.graphs = [Use(iri, size) for iri, size in sizes.items() if iri]
        self.years = [_text(term) for term in self._rows(_YEARS)[0] if term is not None]
        self.box = [_text(term) for term in self._rows(_BOX)[0] if term is not None]
        self.countries = [(_text(iri), _text(name)) for iri, name in self._rows(_COUNTRIES)]
        self.languages = sorted(_text(row[0]) for row in self._rows(_LANGUAGES) if _text(row[0]))

        self.issued, self.modified = map(_text, self._rows(_DATES)[0])

    @cached_property
    def whole(self) -> Counts:
        """The numbers with the ontology, as in the dumps."""
        return self._counts(_ALL, _ALL)

    def _counts(self, once: str, stated: str) -> Counts:
        totals = Totals(*map(_number, self._rows(_TOTALS % once)[0]))
        return Counts(totals, self._uses(_CLASSES % stated), self._uses(_PROPERTIES % once))

    def _rows(self, query: str) -> Sequence[Sequence[Node | None]]:
        return self._graph.kg.endpoint.ask(query).terms

    def _uses(self, query: str) -> list[Use]:
        return sorted(Use(_text(iri), _number(count), *map(_text, rest)) for iri, count, *rest in self._rows(query))


def graph_sizes(kg: Knowledge) -> dict[str, int]:
    """Named graph → how many triples it holds; the empty name stands for the merge of all."""
    snapshot = kg.snapshot

    def count() -> dict[str, int]:
        sizes = {_text(graph): _number(size) for graph, size in snapshot.ask(_SIZES).terms}
        return {"": _number(snapshot.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").terms[0][0]), **sizes}

    return snapshot.cached("graph sizes", count)


@lru_cache(maxsize=2)
def statistics(graph: Served) -> Statistics:
    """The numbers of one state of the data."""
    return Statistics(graph)


def _text(term: Node | None) -> str:
    return getattr(term, "value", "")


def _number(term: Node | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0


# The terms of the ontology

_KINDS = {
    PREFIXES["owl"] + "Class": "class",
    **{PREFIXES["owl"] + f"{name}Property": "property" for name in ("Object", "Datatype", "Annotation")},
    PREFIXES["skos"] + "ConceptScheme": "scheme",
}
_QUERY = f"""
SELECT ?term ?by ?value {{ GRAPH <{ONTOLOGY_GRAPH}> {{
  ?term a ?kind ; ?by ?value
  FILTER(?kind IN ({", ".join(f"<{kind}>" for kind in _KINDS)}))
}} }} ORDER BY ?term ?by ?value"""
Properties = dict[str, list[NamedNode | Literal]]


class Term(NamedTuple):
    """A class, property or scheme: what it means, how often the data use it, an example, and what it belongs to.

    ``uses`` counts the things of a class, the triples of a property, the triples with a concept of a scheme.
    ``near`` are terms of standards that mean something similar; ``own`` is false for a term of another vocabulary.
    """

    kind: str
    iri: str
    label: str
    definition: str
    note: str
    uses: int
    example: str
    above: tuple[str, ...]
    near: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    own: bool


def terms(kg: Knowledge, language: str = "en") -> list[Term]:
    """All classes, properties and schemes: those of solgraph first, each kind by IRI."""
    described: dict[str, Properties] = {}
    for term, by, value in kg.endpoint.ask(_QUERY).terms:
        if isinstance(term, NamedNode) and isinstance(by, NamedNode) and isinstance(value, NamedNode | Literal):
            described.setdefault(term.value, {}).setdefault(by.value, []).append(value)
    numbers = statistics(served(kg))
    uses = {use.iri: use for use in (*numbers.classes, *numbers.properties, *numbers.schemes)}
    order = list(dict.fromkeys(_KINDS.values()))
    entries = [_term(iri, facts, uses.get(iri, Use(iri, 0)), language) for iri, facts in described.items()]
    return sorted(entries, key=lambda entry: (not entry.own, order.index(entry.kind), entry.iri))


def _term(iri: str, facts: Properties, use: Use, language: str) -> Term:
    def text(*properties: str) -> str:
        return _best([value for name in properties for value in facts.get(expand(name) or "", [])], language)

    def iris(*properties: str) -> tuple[str, ...]:
        values = (value for name in properties for value in facts.get(expand(name) or "", []))
        return tuple(value.value for value in values if isinstance(value, NamedNode))

    return Term(
        kind=next(_KINDS[kind] for kind in iris("rdf:type") if kind in _KINDS),
        iri=iri,
        label=text("rdfs:label", "skos:prefLabel"),
        definition=text("skos:definition"),
        note=text("skos:scopeNote"),
        uses=use.uses,
        example=use.example,
        above=iris("rdfs:subClassOf", "rdfs:subPropertyOf"),
        near=iris("skos:closeMatch", "skos:relatedMatch"),
        domain=iris("schema:domainIncludes"),
        range=iris("schema:rangeIncludes"),
        own=iri.startswith((SG, VOCAB)) or iri == BASE + "ns",
    )


def _best(values: Iterable[NamedNode | Literal], language: str) -> str:
    """The text in the wanted language, else in English, else any."""
    texts = {value.language or "": value.value for value in values if isinstance(value, Literal)}
    return next((texts[tag] for tag in (language, "en") if tag in texts), next(iter(texts.values()), ""))
