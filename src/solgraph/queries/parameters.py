"""Parameters of saved queries: what they take, and how values become RDF terms in the text of a query."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode

from solgraph.errors import ParameterError, did_you_mean
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import XSD, slug
from solgraph.rdf.terms import python_name, python_value

#: As many things are listed when a value is missing.
_MOST_LISTED = 24


class Finder(Protocol):
    """Knows which thing is meant by a text, among those of a class (``sg:City``) or scheme (``status``), or all."""

    def find(self, text: str, of_class: str = "", scheme: str = "", *, asked_by: str = "") -> str:
        """The IRI of the one thing that is called so. Raises :class:`ParameterError`, beginning with who asked."""

    def iris(self, of_class: str = "", scheme: str = "") -> Iterable[str]:
        """The IRIs of all things that may be meant."""


class Verbatim:
    """A finder that takes each text for the IRI it is."""

    def find(self, text: str, of_class: str = "", scheme: str = "", *, asked_by: str = "") -> str:
        """The text itself."""
        return text

    def iris(self, of_class: str = "", scheme: str = "") -> Iterable[str]:
        """Nothing, since any IRI may be meant."""
        return ()


class Parameter(NamedTuple):
    """A parameter of a saved query.

    ``kind`` is ``iri``, ``integer``, ``number``, ``string``, an XSD type such as ``xsd:date``, or a language as in
    ``@en``. ``type`` (a class) or ``scheme`` (of concepts) say among which things an IRI is looked up by name.

    >>> city = kg.q.mayors.saved.params["city"]
    >>> city.shown_type, city.required, city.multiple
    ('sg:City', True, False)
    """

    name: str
    variable: str
    kind: str
    required: bool
    multiple: bool
    type: str = ""
    scheme: str = ""
    description: str = ""
    example: str = ""
    values: tuple[str, ...] = ()
    default: str | None = None

    @property
    def is_flag(self) -> bool:
        """Whether it is either asked for or not: a truth value that may be left out."""
        return self.kind == "xsd:boolean" and not self.required

    @property
    def shown_type(self) -> str:
        """The type as a reader sees it: ``sg:City``, ``concept of status``, ``integer`` …"""
        if self.kind == "iri":
            return f"concept of {self.scheme}" if self.scheme else self.type or "IRI"
        return " | ".join(self.values) if self.values else "boolean" if self.is_flag else self.kind

    @property
    def shown_default(self) -> str | None:
        """The default as a person types it: the slug of a thing."""
        return slug(self.default) if self.kind == "iri" and self.default else self.default

    def as_dict(self) -> dict[str, Any]:
        """The parameter as ``solgraph queries -f json`` lists it.

        >>> kg.q.mayors.saved.params["from"].as_dict()["type"]
        'integer'
        """
        keys = ("required", "default", "description", "multiple", "example")
        return {"name": self.name, "type": self.shown_type, **{key: getattr(self, key) for key in keys}}

    def argument(self, value: Any = None) -> str:
        """The argument with a value as a person types them in Python, with the example where there is no such value.

        >>> kg.q.mayors.saved.params["city"].argument("Halle (Saale)")
        'city="Halle (Saale)"'
        """
        first = next(iter(value), None) if isinstance(value, list | tuple) else value
        text = first if isinstance(first, str) else self.example or next(iter(self.values), "")
        shown = text if self.kind == "integer" and text.isdecimal() else python_text(text) if text else "…"
        return f"{python_name(self.name)}={shown}"

    @property
    def lexical_form(self) -> tuple[str, str]:
        """The pattern of a value that is no IRI, and what it is called; empty where anything goes."""
        return _FORMS.get("decimal" if self.kind == "number" else self.kind.removeprefix("xsd:"), ("", ""))

    def terms(self, value: Any, finder: Finder, query: str, call: str = "") -> list[str]:
        """A value as SPARQL terms: None stands for the default, and without one there is no term.

        Raises :class:`ParameterError`, which names the query, for a value that is missing or not allowed; for a
        missing one it shows the call that asks the query.
        """
        value = self.default if value is None else value
        if value is None and self.required:
            raise self._missing(finder, query, call or f"kg.query({python_text(query)}, {self.argument()})")
        values = list(value) if isinstance(value, list | tuple | set) else [] if value is None else [value]
        if len(values) > 1 and not self.multiple:
            what = f"{query}: '{self.name}' takes one value, not {len(values)}."
            raise ParameterError(what, parameter=self.name, value=value)
        return [_written(self._term(value, finder, query)) for value in values]

    def _missing(self, finder: Finder, query: str, call: str) -> ParameterError:
        what = f"{query} needs the parameter '{self.name}' ({self.shown_type}): {self.description}."
        iris = finder.iris(self.type, self.scheme) if self.type or self.scheme else ()
        slugs = sorted({slug(iri) for iri in iris})
        more = " …" if len(slugs) > _MOST_LISTED else ""
        known = f"\nKnown: {', '.join(slugs[:_MOST_LISTED])}{more}" if slugs else ""
        return ParameterError(what, hint=f"For example: {call}{known}", parameter=self.name, candidates=tuple(slugs))

    def _term(self, value: Any, finder: Finder, query: str) -> NamedNode | Literal:
        if self.kind == "iri":
            text = value.value if isinstance(value, NamedNode) else str(value)
            asked_by = f"{query}, parameter '{self.name}'"
            try:
                return NamedNode(finder.find(text, self.type, self.scheme, asked_by=asked_by))
            except ParameterError as error:
                error.parameter = self.name
                raise
        text = _lexical_form(value)
        if self.kind == "xsd:boolean" and text.lower() in ("true", "false"):
            text = text.lower()
        if self.values and text not in self.values:
            hint = did_you_mean(text, self.values) or f"Allowed: {', '.join(self.values)}"
            what = f"{query}: {self.name} = {text!r} is not allowed."
            raise ParameterError(what, hint=hint, parameter=self.name, value=text, candidates=self.values)
        return self._literal(text, query)

    def _literal(self, text: str, query: str) -> Literal:
        try:
            text.encode()
        except UnicodeEncodeError as error:
            what = f"{query}: {self.name} contains a character that is not Unicode."
            raise ParameterError(what, parameter=self.name, value=text) from error
        if self.kind == "string":
            return Literal(text)
        if self.kind.startswith("@"):
            return Literal(text, language=self.kind[1:])
        datatype = "decimal" if self.kind == "number" else self.kind.removeprefix("xsd:")
        pattern, example = _FORMS.get(datatype, (r".*", ""))
        typed = Literal(text.strip(), datatype=NamedNode(XSD + datatype))
        if not re.fullmatch(pattern, typed.value, re.DOTALL | re.ASCII) or not _exists(typed):
            what = f"{query}: {self.name} = {text!r} is not {example}."
            raise ParameterError(what, parameter=self.name, value=text)
        return typed


_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_WHOLE = (r"[+-]?\d+", "a whole number such as 2018")
_DECIMAL = (r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number such as 2.5")
_DOUBLE = (r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", "a number such as 2.5e3")
_FORMS = {
    "integer": _WHOLE,
    "int": _WHOLE,
    "long": _WHOLE,
    "decimal": _DECIMAL,
    "double": _DOUBLE,
    "float": _DOUBLE,
    "date": (_DAY, "a date such as 2018-06-30"),
    "dateTime": (f"{_DAY}T{_TIME}", "a moment such as 2018-06-30T12:00:00Z"),
    "gYear": (r"\d{4}", "a year such as 2018"),
    "gYearMonth": (r"\d{4}-(0[1-9]|1[0-2])", "a month such as 2018-06"),
    "boolean": (r"true|false", "true or false"),
}


def _lexical_form(value: Any) -> str:
    """A value as its type writes it in RDF."""
    if isinstance(value, float):
        from decimal import Decimal

        return format(Decimal(repr(value)), "f") if abs(value) < float("inf") else str(value)
    return str(value.value) if isinstance(value, Literal) else str(value)


def _written(term: NamedNode | Literal) -> str:
    """A term as it stands in a query; a whole number bare, as LIMIT needs it."""
    bare = isinstance(term, Literal) and term.datatype.value == XSD + "integer" and term.value.isdigit()
    return term.value if bare else str(term)


def _exists(typed: Literal) -> bool:
    """Whether a day is in the calendar; every other literal of the right form exists."""
    if typed.datatype.value not in (XSD + "date", XSD + "dateTime"):
        return True
    return not isinstance(python_value(Literal(typed.value[:10], datatype=NamedNode(XSD + "date"))), str)


def replace_tokens(
    tokens: Sequence[sparql.Token],
    clauses: Iterable[tuple[int, str, int]],
    bound: Mapping[str, list[str]],
    multiple: set[str],
) -> str:
    """Put terms in place of variable tokens; fill, or drop when there is no value, ``VALUES ?_x_multi_iri {}``.

    ``clauses`` are those of VALUES, as :func:`~solgraph.rdf.sparql_tokens.values_clauses` finds them.
    """
    parts = [token.text for token in tokens]
    for start, variable, end in clauses:
        if variable not in multiple:
            continue
        if bound[variable]:
            parts[end] = f"{' '.join(bound[variable])} }}"
        else:
            parts[start : end + 1] = [""] * (end + 1 - start)
    for place, token in enumerate(tokens):
        terms = bound.get(token.text[1:], []) if token.kind == "variable" else []
        if terms and token.text[1:] not in multiple:
            parts[place] = terms[0]
    return "".join(parts)


def in_pieces(
    tokens: Sequence[sparql.Token], clauses: Iterable[tuple[int, str, int]], variables: set[str], multiple: set[str]
) -> list[str | dict[str, str]]:
    """The same text for a program that puts terms in itself: text, and between it the places of variables.

    ``{"variable": …, "text": …}`` is replaced by a term where there is one, else by its text. ``{"variable": …,
    "before": …}`` is replaced by what stands before, all terms and a closing bracket, or else by nothing.
    """
    blocks = {start: (variable, end) for start, variable, end in clauses if variable in multiple}
    pieces: list[str | dict[str, str]] = [""]
    after = 0
    for place, token in enumerate(tokens):
        name = token.text[1:] if token.kind == "variable" else ""
        if place in blocks:
            variable, end = blocks[place]
            pieces += [{"variable": variable, "before": "".join(each.text for each in tokens[place:end])}, ""]
            after = end + 1
        elif place >= after and name in variables - multiple:
            pieces += [{"variable": name, "text": token.text}, ""]
        elif place >= after:
            pieces[-1] = f"{pieces[-1]}{token.text}"
    return pieces


def python_text(text: str) -> str:
    """A text as it is typed in Python, in the quotation marks that most people type."""
    return f'"{text}"' if text.isprintable() and not set('"\\') & set(text) else repr(text)
