"""What is in the data, in numbers: totals, extent in time and space, and each term of the ontology with its use.

The numbers are asked in SPARQL, once for each state of the data.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph import Knowledge
from solgraph.graph.answer import Answer
from solgraph.rdf.namespaces import BASE, ID, PREFIXES, SG, VOCAB
from solgraph.rdf.store import ONTOLOGY_GRAPH
from solgraph.rdf.terms import Term as Node
from solgraph.web.documents import Served, served

_DATA = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{ONTOLOGY_GRAPH}>)"
#: Each triple once, however many sources say it.
_ONCE = f"{{ SELECT DISTINCT ?s ?p ?o {{ {_DATA} }} }}"
_TOTALS = f"""
SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
       (COUNT(DISTINCT ?entity) AS ?entities)
{{ {_ONCE} BIND(IF(STRSTARTS(STR(?s), "{ID}"), ?s, ?nothing) AS ?entity) }}"""
_CLASSES = f"""
SELECT ?o (COUNT(DISTINCT ?s) AS ?n) (MIN(STR(?s)) AS ?example) {{ {_DATA} FILTER(?p = rdf:type) }} GROUP BY ?o"""
_PROPERTIES = f"SELECT ?p (COUNT(*) AS ?n) (MIN(STR(?s)) AS ?example) {{ {_ONCE} }} GROUP BY ?p"
_CONCEPTS = f"""
SELECT ?scheme (COUNT(*) AS ?n) (MIN(STR(?s)) AS ?example)
{{
  {_ONCE} FILTER(STRSTARTS(STR(?o), "{VOCAB}"))
  GRAPH <{ONTOLOGY_GRAPH}> {{ ?o skos:inScheme ?scheme }}
}}
GROUP BY ?scheme"""
_SOURCES = f"SELECT ?g (COUNT(*) AS ?n) {{ {_DATA} }} GROUP BY ?g"
_YEARS = """
SELECT (MIN(?year) AS ?first) (MAX(?year) AS ?last)
{ ?s sg:startDate|sg:endDate|sg:ongoingAsOf ?date BIND(xsd:integer(SUBSTR(STR(?date), 1, 4)) AS ?year) }"""
_BOX = """
SELECT (MIN(?long) AS ?west) (MIN(?lat) AS ?south) (MAX(?long) AS ?east) (MAX(?lat) AS ?north)
{ ?city a sg:City ; geo:lat ?lat ; geo:long ?long }"""
_COUNTRIES = """
SELECT ?country (SAMPLE(?name) AS ?called)
{ ?city a sg:City ; sg:locatedIn+ ?country . ?country a sg:Country ; skos:prefLabel ?name FILTER(LANG(?name) = "en") }
GROUP BY ?country ORDER BY ?country"""
_LANGUAGES = f"SELECT DISTINCT ?language {{ {_DATA} BIND(LANG(?o) AS ?language) FILTER(?p = skos:prefLabel) }}"


class Use(NamedTuple):
    """How often something is used in the data, and by what, for example."""

    iri: str
    uses: int
    example: str = ""


class Totals(NamedTuple):
    """How much there is in the data; entities are the things that have an address."""

    triples: int
    subjects: int
    objects: int
    entities: int


class Statistics:
    """The numbers of one state of the data, without the ontology."""

    def __init__(self, graph: Served) -> None:
        self._graph = graph
        self.totals = Totals(*(_number(term) for term in self._ask(_TOTALS).terms[0]))
        self.classes = self._uses(_CLASSES)
        self.properties = self._uses(_PROPERTIES)
        self.schemes = self._uses(_CONCEPTS)
        self.sources = self._uses(_SOURCES)
        self.years = [_text(term) for term in self._ask(_YEARS).terms[0] if term is not None]
        self.box = [_text(term) for term in self._ask(_BOX).terms[0] if term is not None]
        self.countries = [(_text(iri), _text(name)) for iri, name in self._ask(_COUNTRIES).terms]
        self.languages = sorted(_text(row[0]) for row in self._ask(_LANGUAGES).terms if _text(row[0]))

    def _ask(self, query: str) -> Answer:
        return Answer.of(self._graph.kg.endpoint.ask(query))

    def _uses(self, query: str) -> list[Use]:
        rows = self._ask(query).terms
        return sorted(Use(_text(iri), _number(count), *map(_text, example)) for iri, count, *example in rows)


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
    **{PREFIXES["owl"] + f"{one}Property": "property" for one in ("Object", "Datatype", "Annotation")},
    PREFIXES["skos"] + "ConceptScheme": "scheme",
}
_QUERY = f"""
SELECT ?term ?by ?value {{ GRAPH <{ONTOLOGY_GRAPH}> {{
  ?term a ?kind ; ?by ?value
  FILTER(?kind IN ({", ".join(f"<{kind}>" for kind in _KINDS)}))
}} }} ORDER BY ?term ?by ?value"""


class Term(NamedTuple):
    """A class, property or scheme: what it means, how often the data use it and by what, and what it belongs to.

    ``uses`` counts the things of a class, the triples of a property, the triples that name a concept of a scheme.
    ``own`` is false for what is reused from another vocabulary.
    """

    kind: str
    iri: str
    label: str
    definition: str
    note: str
    uses: int
    example: str
    above: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]
    own: bool


def terms(kg: Knowledge, language: str = "en") -> list[Term]:
    """All classes, properties and schemes: those of solgraph first, each kind by IRI."""
    said: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for term, by, value in kg.endpoint.ask(_QUERY).terms:
        if isinstance(term, NamedNode) and isinstance(by, NamedNode) and isinstance(value, NamedNode | Literal):
            said.setdefault(term.value, {}).setdefault(by.value, []).append(value)
    uses = _uses(kg)
    found = [_term(iri, about, uses.get(iri, Use(iri, 0)), language) for iri, about in said.items()]
    order = list(dict.fromkeys(_KINDS.values()))
    return sorted(found, key=lambda one: (not one.own, order.index(one.kind), one.iri))


def _uses(kg: Knowledge) -> dict[str, Use]:
    numbers = statistics(served(kg))
    return {use.iri: use for use in (*numbers.classes, *numbers.properties, *numbers.schemes)}


def _term(iri: str, about: dict[str, list[NamedNode | Literal]], use: Use, language: str) -> Term:
    def text(*properties: str) -> str:
        return _best([value for one in properties for value in about.get(_full(one), [])], language)

    def iris(*properties: str) -> tuple[str, ...]:
        return tuple(value.value for one in properties for value in about.get(_full(one), []) if _is_iri(value))

    return Term(
        kind=next(_KINDS[one] for one in iris("rdf:type") if one in _KINDS),
        iri=iri,
        label=text("rdfs:label", "skos:prefLabel"),
        definition=text("skos:definition"),
        note=text("skos:scopeNote"),
        uses=use.uses,
        example=use.example,
        above=iris("rdfs:subClassOf", "rdfs:subPropertyOf"),
        domain=iris("schema:domainIncludes"),
        range=iris("schema:rangeIncludes"),
        own=iri.startswith((SG, VOCAB)) or iri == BASE + "ns",
    )


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _is_iri(value: object) -> bool:
    return isinstance(value, NamedNode)


def _best(values: Iterable[NamedNode | Literal], language: str) -> str:
    """The text in the wanted language, else in English, else any."""
    texts = {value.language or "": value.value for value in values if isinstance(value, Literal)}
    return next((texts[one] for one in (language, "en") if one in texts), next(iter(texts.values()), ""))
