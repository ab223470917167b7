"""Candidates, suggestions and values of properties as the JSON of the API, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request

from solgraph.graph.names import Name
from solgraph.graph.reconciliation.candidates import Candidate, Question, Reconciler
from solgraph.graph.reconciliation.properties import TYPES, Property, from_id
from solgraph.graph.snapshot import value_of
from solgraph.rdf.namespaces import ID, PREFIXES, SG, VOCAB, expand, shorten
from solgraph.rdf.terms import Term, fold
from solgraph.texts import word
from solgraph.web.http import language
from solgraph.web.reconciliation.questions import MOST_QUERIES
from solgraph.web.rendering import chain

Json = dict[str, Any]
_DECIMAL = PREFIXES["xsd"] + "decimal"


class Writer:
    """Writes answers about one state of the data in the language of a request."""

    def __init__(self, request: Request) -> None:
        self.snapshot = request.app.state.kg.snapshot
        self.code, self.labels = language(request), self.snapshot.labels(chain(request))
        self.reconciler = Reconciler(self.snapshot)

    # Reconciliation

    def candidates(self, question: Question) -> list[Json]:
        """The candidates for a question."""
        return [self._candidate(candidate) for candidate in self.reconciler.candidates(question)]

    def _candidate(self, candidate: Candidate) -> Json:
        features = [{"id": "name", "name": self.property_name("names"), "value": candidate.name_score}]
        features += [
            {"id": name, "name": self.property_name(name), "value": agrees}
            for name, agrees in candidate.agreeing.items()
        ]
        return {
            **self.thing(candidate.iri, candidate.name),
            "type": [self.type(kind) for kind in self.reconciler.types(candidate.iri)],
            "score": round(candidate.score, 1),
            "match": candidate.match,
            "features": features,
        }

    def thing(self, iri: str, name: Name | None = None) -> Json:
        """A thing with its label, and what tells it from others: the name that was found, its place, its class."""
        label = self.label(iri)
        found = [name.text] if name and fold(name.text) != fold(label) else []
        where = self.reconciler.properties.values("country").get(iri, [])
        places = dict.fromkeys(self.label(value_of(country)) for country in where)
        classes = [self.type(kind)["name"] for kind in self.reconciler.types(iri)[:1]]
        return {"id": identifier(iri), "name": label, "description": " · ".join([*found, *classes, *places])}

    # Suggestions

    def things(self, prefix: str, types: Sequence[str]) -> list[Json]:
        """The things whose names hold the words, best first."""
        names = self.reconciler.table(types).holding(from_id(prefix), 200)
        return [
            {**self.thing(name.iri, name), "notable": [self.type(kind) for kind in self.reconciler.types(name.iri)]}
            for name in names
        ]

    def types(self, prefix: str) -> list[Json]:
        """The types whose names or identifiers hold the words."""
        return [kind for kind in map(self.type, TYPES) if _holds(kind, prefix)]

    def properties(self, prefix: str, types: Sequence[str] = ()) -> list[Json]:
        """The properties that things of a type have, whose names or identifiers hold the words."""
        among = self.reconciler.properties.of(self.reconciler.table(types).iris)
        return [row for row in map(self.property, among) if _holds(row, prefix)]

    def type(self, kind: str) -> Json:
        """A type with its name."""
        return {"id": kind, "name": word(self.code, "class", kind, self.labels.get(SG + kind, kind))}

    def property(self, row: Property) -> Json:
        """A property with its name."""
        return {"id": row.id, "name": self.property_name(row.id)}

    def property_name(self, name: str) -> str:
        """What a property is called."""
        return word(self.code, "property", name, word(self.code, "column", name, name))

    # Values

    def extension(self, ids: Iterable[str], properties: Sequence[Property]) -> Json:
        """The values of properties of things; an empty row for an identifier that is not in this graph."""
        rows = {
            text: {row.id: self.values(row, iri) if iri else [] for row in properties}
            for text in ids
            for iri in [self.known(text)]
        }
        return {"meta": [self._meta(row) for row in properties], "rows": rows}

    def _meta(self, row: Property) -> Json:
        return self.property(row) | ({"type": self.type(row.type)} if row.type else {})

    def known(self, text: str) -> str:
        """The IRI of a thing by its identifier, CURIE or IRI; nothing if there is no such thing."""
        iri = expand(from_id(text)) or ""
        return iri if iri.startswith(ID) and iri in self.snapshot.types else ""

    def values(self, row: Property, iri: str) -> list[Json]:
        """The values of a property of a thing."""
        return [self._value(row, value) for value in self.reconciler.properties.values(row.id).get(iri, [])]

    def _value(self, row: Property, value: Term) -> Json:
        text = value_of(value)
        if isinstance(value, NamedNode):
            if row.type:
                return {"id": identifier(text), "name": self.label(text)}
            return {"str": self.label(text) if text.startswith((ID, VOCAB)) else text}
        is_decimal = isinstance(value, Literal) and value.datatype.value == _DECIMAL
        return {"float": float(text)} if is_decimal else {"str": text}

    def label(self, iri: str) -> str:
        """What a thing is called."""
        return self.labels.get(iri) or shorten(iri)


def identifier(iri: str) -> str:
    """``city/milan``: the IRI without the identifier space."""
    return iri.removeprefix(ID)


def _holds(row: Mapping[str, str], prefix: str) -> bool:
    return all(part in fold(f"{row['id']} {row['name']}") for part in fold(prefix).split())


def manifest(request: Request, root: str, version: str) -> Json:
    """What the service offers, and where."""
    writer = Writer(request)
    here = f"{root}/reconcile"
    suggest = {
        kind: {"service_url": here, "service_path": f"/suggest/{kind}"} for kind in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        "name": "solgraph",
        "identifierSpace": ID,
        "schemaSpace": SG,
        "documentation": f"{root}/api",
        "logo": f"{root}/assets/icon.svg",
        "serviceVersion": version,
        "defaultTypes": [writer.type(kind) for kind in TYPES[:6]],
        "view": {"url": f"{root}/doc/{{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": 400, "height": 240},
        "suggest": suggest,
        "extend": {"propose_properties": {"service_url": here, "service_path": "/extend/propose"}},
        "batchSize": MOST_QUERIES,
    }
