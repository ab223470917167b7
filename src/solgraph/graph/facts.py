"""What is said about a thing: statements, facts with their sources, and what points to it."""

from typing import NamedTuple

from solgraph.rdf.namespaces import GRAPH, ID
from solgraph.rdf.store import ONTOLOGY_GRAPH, REGISTER_GRAPH
from solgraph.rdf.terms import Term


class Statement(NamedTuple):
    """A triple, and the named graph that holds it."""

    subject: Term
    predicate: str
    value: Term
    graph: str

    @property
    def source(self) -> str:
        """The IRI of the document that says so; nothing for the register and the ontology."""
        return "" if self.graph in (REGISTER_GRAPH, ONTOLOGY_GRAPH) else self.graph.replace(GRAPH, f"{ID}source/")


class Fact(NamedTuple):
    """A property with its values, and the documents that say so; none for the register.

    >>> fact = kg.describe("passage:dreher-2024-1.1").facts[0]
    >>> fact.property, fact.sources
    ('http://www.w3.org/ns/oa#hasSource', ['https://w3id.org/solgraph/id/source/dreher-2024'])
    """

    property: str
    values: list[Term]
    sources: list[str]


class Span(NamedTuple):
    """Dates as the source gives them; ``asof`` is the date of a source that says it goes on.

    >>> from solgraph.graph.facts import Span
    >>> str(Span("2012", "2022", "")), str(Span("2019", "", "2024-09"))
    ('2012–2022', '2019– (as of 2024-09)')
    """

    start: str
    end: str
    asof: str

    def __str__(self) -> str:
        years = self.start if self.start == self.end else f"{self.start}–{self.end}"
        return f"{years or '–'} (as of {self.asof})" if self.asof else years


class Mention(NamedTuple):
    """Something that points to the thing: how it points, what it is, and who has which part in it.

    ``ends`` are what a membership or term in office ties together with the thing; ``roles`` are properties with those
    who hold them.

    >>> terms = kg.describe("Palermo").mentions["https://w3id.org/solgraph/ns#OfficeTerm"]
    >>> sorted(str(term.span) for term in terms)
    ['1985–1990', '1993–2000', '2012–2022']
    """

    iri: str
    classes: list[str]
    relations: list[str]
    ends: list[str]
    details: list[Term]
    span: Span
    text: str
    roles: list[tuple[str, list[str]]]
    evidence: list[str]
