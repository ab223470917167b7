"""The saved queries in the form of other catalogues: SIB sparql-examples, in Turtle."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from solgraph.errors import WrongUse
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf import turtle
from solgraph.rdf.namespaces import BASE, PREFIXES, RDF_TYPE, XSD, expand
from solgraph.rdf.terms import Term

QUERY = BASE + "query/"
PREFIX_SET = BASE + "prefixes"
TARGET = BASE + "sparql"

_RDF, _RDFS, _SH, _SCHEMA = (PREFIXES[name] for name in ("rdf", "rdfs", "sh", "schema"))
_SPEX = "https://purl.expasy.org/sparql-examples/ontology#"
#: Query form → its class and the property that holds the text.
_SIB_TERMS = {
    "SELECT": (_SH + "SPARQLSelectExecutable", _SH + "select"),
    "ASK": (_SH + "SPARQLAskExecutable", _SH + "ask"),
    "CONSTRUCT": (_SH + "SPARQLConstructExecutable", _SH + "construct"),
    "DESCRIBE": (_SPEX + "SPARQLDescribeExecutable", _SPEX + "describe"),
}


def sib(queries: Sequence[SavedQuery]) -> dict[str, str]:
    """The queries as SIB sparql-examples: file name → Turtle, one file for each and ``prefixes.ttl``.

    Nothing is a blank node, so the files say the same one by one and loaded together. The text of a query is the
    whole file with its header.
    """
    listed = sorted(queries, key=lambda saved: saved.name)
    files = {f"{saved.name}.ttl": _sib_file(saved) for saved in listed}
    if "prefixes.ttl" in files:
        raise WrongUse("Two files would be called prefixes.ttl.", hint="Rename the saved query 'prefixes'.")
    return {"prefixes.ttl": turtle.turtle(_prefix_triples(listed)), **files}


def _triple(subject: str, predicate: str, value: Term | str) -> Triple:
    """A triple; a text that is no literal is an IRI."""
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value) if isinstance(value, str) else value)


def _sib_file(saved: SavedQuery) -> str:
    """One query as Turtle, its text as a long string that people can read."""
    triples = [*_query_triples(saved)]
    for param in saved.params.values():
        triples += _parameter_triples(saved, param)
    return turtle.turtle(triples).replace(str(Literal(saved.text)), _long_string(saved.text), 1)


def _query_triples(saved: SavedQuery) -> Iterator[Triple]:
    iri = QUERY + quote(saved.name, safe="")
    form, text = _SIB_TERMS[saved.form]
    yield _triple(iri, RDF_TYPE, _SH + "SPARQLExecutable")
    yield _triple(iri, RDF_TYPE, form)
    yield _triple(iri, text, Literal(saved.text))
    yield _triple(iri, _SH + "prefixes", PREFIX_SET)
    yield _triple(iri, _SCHEMA + "target", TARGET)
    for tag in saved.tags:
        yield _triple(iri, _SCHEMA + "keywords", Literal(tag.strip()))
    for language, (summary, description) in _texts(saved).items():
        yield _triple(iri, _RDFS + "comment", Literal(_comment(summary, description), language=language))
        if summary:
            yield _triple(iri, _RDFS + "label", Literal(summary, language=language))


def _texts(saved: SavedQuery) -> dict[str, tuple[str, str]]:
    """Summary and description by language: English, and the translations in the header."""
    translations = {
        language: (texts.get("summary", ""), texts.get("description", ""))
        for language, texts in saved.header.get("languages", {}).items()
    }
    return {tag: texts for tag, texts in translations.items() if any(texts)} | {
        "en": (saved.summary, saved.description)
    }


def _comment(summary: str, description: str) -> str:
    """Summary and description as one text: tools for these examples show and search only the comment."""
    sentence = summary if summary.endswith((".", "?", "!")) or not summary else f"{summary}."
    return f"{sentence} {description}".strip()


def _long_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\r", "\\r")
    return '"""' + re.sub(r'"(?="|\Z)', r"\"", escaped) + '"""'


def _parameter_triples(saved: SavedQuery, param: Parameter) -> Iterator[Triple]:
    """A parameter under the name that callers use; its variable in the text follows the convention of grlc."""
    query = QUERY + quote(saved.name, safe="")
    iri = f"{query}#parameter-{param.name}"
    yield _triple(query, _SH + "parameter", iri)
    yield _triple(iri, RDF_TYPE, _SH + "Parameter")
    yield _triple(iri, _SH + "path", f"{query}#{param.name}")
    yield _triple(iri, _SH + "name", Literal(param.name))
    yield _triple(iri, _SH + "optional", Literal(not param.required))
    if param.description:
        yield _triple(iri, _SH + "description", Literal(param.description, language="en"))
    if param.default is not None:
        yield _triple(iri, _SH + "defaultValue", _default(param, param.default))
    if param.kind != "iri":
        yield _triple(iri, _SH + "datatype", _datatype(param))
        return
    yield _triple(iri, _SH + "nodeKind", _SH + "IRI")
    of_class = PREFIXES["skos"] + "Concept" if param.scheme else expand(param.type) if param.type else None
    if of_class:
        yield _triple(iri, _SH + "class", of_class)


def _datatype(param: Parameter) -> str:
    if param.kind.startswith("@"):
        return _RDF + "langString"
    return XSD + ("decimal" if param.kind == "number" else param.kind.removeprefix("xsd:"))


def _default(param: Parameter, text: str) -> NamedNode | Literal:
    """The default as a term; a thing that the header names stays a text, as only the data say which thing it is."""
    if param.kind == "iri":
        iri = expand(text)
        return NamedNode(iri) if iri else Literal(text)
    if param.kind.startswith("@"):
        return Literal(text, language=param.kind[1:])
    return Literal(text, datatype=NamedNode(_datatype(param)))


def _prefix_triples(queries: Iterable[SavedQuery]) -> Iterator[Triple]:
    """The prefixes that the queries use; each query declares its own too, and its declaration counts for it."""
    namespaces: dict[str, str] = {}
    for saved in queries:
        undeclared = {prefix: PREFIXES[prefix] for prefix in sparql.undeclared(saved.text) if prefix in PREFIXES}
        namespaces = sparql.declared(saved.text) | namespaces | undeclared
    for prefix, namespace in namespaces.items():
        iri = f"{PREFIX_SET}#{quote(prefix, safe='')}"
        yield _triple(PREFIX_SET, _SH + "declare", iri)
        yield _triple(iri, RDF_TYPE, _SH + "PrefixDeclaration")
        yield _triple(iri, _SH + "prefix", Literal(prefix))
        yield _triple(iri, _SH + "namespace", Literal(namespace, datatype=NamedNode(XSD + "anyURI")))
