"""The saved queries as other tools keep theirs: SIB sparql-examples (Turtle) and a folder for grlc."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any
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
#: Of each query form: its class and the property that holds the text.
_SIB_TERMS = {
    "SELECT": (_SH + "SPARQLSelectExecutable", _SH + "select"),
    "ASK": (_SH + "SPARQLAskExecutable", _SH + "ask"),
    "CONSTRUCT": (_SH + "SPARQLConstructExecutable", _SH + "construct"),
    "DESCRIBE": (_SPEX + "SPARQLDescribeExecutable", _SPEX + "describe"),
}


def sib(queries: Sequence[SavedQuery], target: str = TARGET) -> dict[str, str]:
    """The queries as SIB sparql-examples: file name → Turtle, one file for each and ``prefixes.ttl``.

    Nothing is a blank node, so the files say the same one by one and loaded together. The text of a query is the
    whole file with its header. ``target`` is the endpoint that the examples are said to be for.
    """
    listed = sorted(queries, key=lambda saved: saved.name)
    _refuse_same(["prefixes.ttl", *(f"{saved.name}.ttl" for saved in listed)])
    endpoint = _endpoint(target)
    files = {f"{saved.name}.ttl": _sib_file(saved, endpoint) for saved in listed}
    return {"prefixes.ttl": turtle.turtle(_prefixes(listed)), **files}


def _refuse_same(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise WrongUse(f"Two files would be called {name}.", hint="Rename a saved query.")


def _endpoint(target: str) -> NamedNode:
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", target):
        raise WrongUse(f"'{target}' is no address of an endpoint.", hint=f"For example: {TARGET}")
    return NamedNode(target)


def _triple(subject: str, predicate: str, value: Term | str) -> Triple:
    """A triple; a text that is no literal is an IRI."""
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value) if isinstance(value, str) else value)


def _sib_file(saved: SavedQuery, endpoint: NamedNode) -> str:
    """One query as Turtle, its text as a long string that people can read."""
    triples = [*_about(saved, endpoint)]
    for param in saved.params.values():
        triples += _parameter(saved, param)
    return turtle.turtle(triples).replace(str(Literal(saved.text)), _long_string(saved.text), 1)


def _about(saved: SavedQuery, endpoint: NamedNode) -> Iterator[Triple]:
    iri = _query_iri(saved)
    kind, holds = _SIB_TERMS[saved.form]
    yield _triple(iri, RDF_TYPE, _SH + "SPARQLExecutable")
    yield _triple(iri, RDF_TYPE, kind)
    yield _triple(iri, holds, Literal(saved.text))
    yield _triple(iri, _SH + "prefixes", PREFIX_SET)
    yield _triple(iri, _SCHEMA + "target", endpoint)
    for tag in saved.tags:
        yield _triple(iri, _SCHEMA + "keywords", Literal(tag.strip()))
    for language, told in _texts(saved).items():
        yield _triple(iri, _RDFS + "comment", Literal(_comment(*told), language=language))
        if told[0]:
            yield _triple(iri, _RDFS + "label", Literal(told[0], language=language))


def _query_iri(saved: SavedQuery) -> str:
    return QUERY + quote(saved.name, safe="")


def _texts(saved: SavedQuery) -> dict[str, tuple[str, str]]:
    """Summary and description by language: English, and those that the header has."""
    translated = {
        language: (told.get("summary", ""), told.get("description", ""))
        for language, told in saved.header.get("languages", {}).items()
    }
    return {key: told for key, told in translated.items() if any(told)} | {"en": (saved.summary, saved.description)}


def _comment(summary: str, description: str) -> str:
    """Summary and description as one text: tools for these examples show and search only the comment."""
    ended = summary if summary.endswith((".", "?", "!")) or not summary else f"{summary}."
    return f"{ended} {description}".strip()


def _long_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\r", "\\r")
    return '"""' + re.sub(r'"(?="|\Z)', r"\"", escaped) + '"""'


def _parameter(saved: SavedQuery, param: Parameter) -> Iterator[Triple]:
    """A parameter under the name that callers give; its variable in the text follows the convention of grlc."""
    iri = f"{_query_iri(saved)}#parameter-{param.name}"
    yield _triple(_query_iri(saved), _SH + "parameter", iri)
    yield _triple(iri, RDF_TYPE, _SH + "Parameter")
    yield _triple(iri, _SH + "path", f"{_query_iri(saved)}#{param.name}")
    yield _triple(iri, _SH + "name", Literal(param.name))
    yield _triple(iri, _SH + "optional", Literal(not param.required))
    if param.description:
        yield _triple(iri, _SH + "description", Literal(param.description, language="en"))
    if param.default is not None:
        yield _triple(iri, _SH + "defaultValue", _default(param, param.default))
    yield from (_triple(iri, _SH + key, value) for key, value in _range(param).items())


def _range(param: Parameter) -> dict[str, str]:
    """What a value of the parameter is, in terms of SHACL."""
    if param.kind != "iri":
        return {"datatype": _datatype(param)}
    of_class = PREFIXES["skos"] + "Concept" if param.scheme else expand(param.type) if param.type else None
    return {"nodeKind": _SH + "IRI"} | ({"class": of_class} if of_class else {})


def _datatype(param: Parameter) -> str:
    if param.kind.startswith("@"):
        return _RDF + "langString"
    return XSD + ("decimal" if param.kind == "number" else param.kind.removeprefix("xsd:"))


def _default(param: Parameter, text: str) -> NamedNode | Literal:
    """The default as a term; a thing that the header gives by name stays a text, as only the data tell which it is."""
    if param.kind == "iri":
        iri = expand(text)
        return NamedNode(iri) if iri else Literal(text)
    if param.kind.startswith("@"):
        return Literal(text, language=param.kind[1:])
    return Literal(text, datatype=NamedNode(_datatype(param)))


def _prefixes(queries: Iterable[SavedQuery]) -> Iterator[Triple]:
    """The prefixes that the queries use; each query declares its own too, and what it declares counts for it."""
    found: dict[str, str] = {}
    for saved in queries:
        found = sparql.declared(saved.text) | found
        found |= {prefix: PREFIXES[prefix] for prefix in sparql.undeclared(saved.text) if prefix in PREFIXES}
    for prefix, namespace in found.items():
        iri = f"{PREFIX_SET}#{quote(prefix, safe='')}"
        yield _triple(PREFIX_SET, _SH + "declare", iri)
        yield _triple(iri, RDF_TYPE, _SH + "PrefixDeclaration")
        yield _triple(iri, _SH + "prefix", Literal(prefix))
        yield _triple(iri, _SH + "namespace", Literal(namespace, datatype=NamedNode(XSD + "anyURI")))


def grlc(queries: Sequence[SavedQuery]) -> dict[str, str]:
    """The queries as a folder that grlc lists and runs: file name → text, as it stands wherever grlc can read it.

    Otherwise: ASK becomes a SELECT of ``?answer``, DESCRIBE a CONSTRUCT, several values one value, ``$_x`` becomes
    ``?_x``, dots leave the names, and prefixes that grlc would add in the wrong places are declared.
    grlc takes IRIs only in full, and wants a value even where the header has a default.
    """
    files = [(f"{saved.name.replace('.', '-')}.rq", saved) for saved in sorted(queries, key=lambda saved: saved.name)]
    _refuse_same([name for name, _ in files])
    return {name: _for_grlc(saved) for name, saved in files}


def _for_grlc(saved: SavedQuery) -> str:
    text = _with_prefixes(_with_texts(saved.text, saved.header), saved.params.values())
    text = _with_single_values(text, saved.params.values())
    return _AS_KNOWN_FORM.get(saved.form, str)(text)


#: Header values that YAML 1.1 reads as something else than text, which makes grlc drop the query or show ``False``.
_TYPED = re.compile(r"|~|null|true|false|yes|no|on|off|y|n|[-+.\d][-+.:_\dTZe ]*|[-+]?\.inf|\.nan", re.IGNORECASE)


def _with_texts(text: str, header: Any) -> str:
    """The query with every text of its header in quotes, if one that grlc shows could be taken for a number or so."""
    shown = [header[key] for key in ("summary", "description") if key in header]
    if not any(map(_TYPED.fullmatch, [*shown, *header.get("tags", [])])):
        return text
    quoted = [f"#+ {key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in header.items()]
    return "".join(quoted + [line for line in text.splitlines(keepends=True) if not line.startswith("#+")])


_XSD_DECLARED = f"PREFIX xsd: <{XSD}>"


def _with_prefixes(text: str, params: Iterable[Parameter]) -> str:
    """The query with the declarations that it lacks; grlc would put that of xsd before each SELECT, also inner ones."""
    lines = [f"PREFIX {name}: <{PREFIXES[name]}>" for name in sparql.undeclared(text) if name in PREFIXES]
    typed = any(param.kind == "integer" or param.kind.startswith("xsd:") for param in params)
    if typed and _XSD_DECLARED not in lines and _XSD_DECLARED not in text:
        lines.append(_XSD_DECLARED)
    start = sparql.code(text)[0].start
    return text[:start] + "".join(f"{line}\n" for line in lines) + text[start:]


def _with_single_values(text: str, params: Iterable[Parameter]) -> str:
    """The query with ``?_x_iri`` for ``$_x_iri`` and for ``?_x_multi_iri``, whose empty VALUES goes."""
    single = {param.variable: param.variable.replace("_multi", "", 1) for param in params}
    tokens = sparql.tokens(text)
    parts = [token.text for token in tokens]
    for place, token in enumerate(tokens):
        if token.kind == "variable" and token.text[1:] in single:
            parts[place] = f"?{single[token.text[1:]]}"
    for start, variable, end in sparql.values_clauses(tokens):
        if single.get(variable, variable) != variable:
            parts[start : end + 1] = [""] * (end + 1 - start)
    return "".join(parts)


def _ask_as_select(text: str) -> str:
    """The ASK as a SELECT of one row; grlc lists no ASK and runs it without its parameters."""
    word = _form_word(text)
    select = f"SELECT (COUNT(*) > 0 AS ?{_free('answer', text)})"
    return text[: word.start] + select + text[word.start + len(word.text) :]


def _describe_as_construct(text: str) -> str:
    """The DESCRIBE as a CONSTRUCT of all triples of the things; ``DESCRIBE *`` and one with FROM stay."""
    word = _form_word(text)
    after = [token for token in sparql.code(text) if token.start > word.start]
    things = [one.text for one in takewhile(lambda token: not _ends(token), after)]
    rest = after[len(things) :]
    if "*" in things or (rest and rest[0].text.upper() == "FROM"):
        return text
    chosen = f"{{ SELECT DISTINCT {_variables(things)} {text[rest[0].start :].rstrip()}\n}} " if rest else ""
    triples = [
        f"{thing} ?{_free(f'property{n}', text)} ?{_free(f'value{n}', text)}" for n, thing in enumerate(things, 1)
    ]
    found = " UNION ".join(f"{{ {triple} }}" for triple in triples)
    return f"{text[: word.start]}CONSTRUCT {{ {' . '.join(triples)} }}\nWHERE {{ {chosen}{found} }}\n"


def _form_word(text: str) -> sparql.Token:
    form = sparql.form(text)
    return next(one for one in sparql.code(text) if one.kind == "word" and one.text.upper() == form)


def _ends(token: sparql.Token) -> bool:
    return token.text == "{" or (token.kind == "word" and token.text.upper() in ("FROM", "WHERE"))


def _variables(things: list[str]) -> str:
    """What a subquery selects for the things: their variables but no parameters, which grlc replaces by terms."""
    return " ".join(dict.fromkeys(one for one in things if one[0] in "?$" and one[1] != "_")) or "*"


def _free(name: str, text: str) -> str:
    """A variable name that the query does not use."""
    used = {token.text[1:] for token in sparql.code(text) if token.kind == "variable"}
    return next(one for one in (name + "_" * n for n in range(len(used) + 1)) if one not in used)


_AS_KNOWN_FORM: dict[str, Callable[[str], str]] = {"ASK": _ask_as_select, "DESCRIBE": _describe_as_construct}
