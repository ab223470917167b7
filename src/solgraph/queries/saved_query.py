"""Saved queries: plain ``.rq`` files with a header, their typed parameters, and how values are bound to them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode

from solgraph.errors import DataError, ParameterError, QueryError, WrongUse, did_you_mean
from solgraph.queries.header import header
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import VOCAB, XSD, slug
from solgraph.rdf.terms import python_value
from solgraph.resources import display


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
        """None is known."""
        return ()


_VARIABLE = re.compile(
    r"[?$](?P<mark>__?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<multi>_multi)?"
    r"(?:_(?P<kind>iri|integer|number|xsd_(?P<xsd>[a-zA-Z]+)|(?P<lang>[a-z]{2,3})))?"
)


#: As many things are listed when a value is missing.
_MOST_LISTED = 120


class Parameter(NamedTuple):
    """A parameter of a saved query.

    ``kind`` is ``iri``, ``integer``, ``number``, ``string``, an XSD type such as ``xsd:date``, or a language as in
    ``@en``. ``type`` (a class) or ``scheme`` (of concepts) say among which things an IRI is looked up by name.
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
    def shown_type(self) -> str:
        """The type as a reader sees it: ``sg:City``, ``concept of status``, ``integer`` …"""
        if self.kind == "iri":
            return f"concept of {self.scheme}" if self.scheme else self.type or "IRI"
        return " | ".join(self.values) if self.values else self.kind

    def as_dict(self) -> dict[str, Any]:
        """What ``solgraph queries -f json`` tells of a parameter."""
        keys = ("name", "required", "default", "description", "multiple", "example")
        return {"name": self.name, "type": self.shown_type, **{key: getattr(self, key) for key in keys[1:]}}


class SavedQuery:
    """One ``.rq`` file: a SPARQL query that runs as it stands, and what its header says of it."""

    def __init__(self, path: Path, text: str, header: Mapping[str, Any]) -> None:
        self.name, self.path, self.text, self.header = path.stem, path, text, header

    @property
    def summary(self) -> str:
        """One line: which question is answered."""
        return str(self.header["summary"])

    @property
    def description(self) -> str:
        """What the rows mean and what to beware of."""
        return str(self.header.get("description", ""))

    def localised(self, key: str, languages: Sequence[str]) -> str:
        """The summary or description in the first of the languages that the header has; English is always there."""
        translated = {tag.lower(): texts for tag, texts in self.header.get("languages", {}).items()}
        own = {"en": {key: getattr(self, key)}}
        texts = (str((translated | own).get(one, {}).get(key, "")) for one in (*languages, "en"))
        return next(filter(None, texts), "")

    @property
    def columns(self) -> dict[str, str]:
        """Column names and what they mean."""
        return dict(self.header.get("columns", {}))

    @property
    def tags(self) -> list[str]:
        """Words under which the query is grouped."""
        return list(self.header.get("tags", []))

    @property
    def several(self) -> list[str]:
        """Columns that may hold several values for one thing; readable formats gather them in one row."""
        return [*self.header.get("several", []), "source"]

    @property
    def network(self) -> dict[str, str] | None:
        """How the rows become a network, for a network view."""
        return self.header.get("network")

    @property
    def panel(self) -> dict[str, int]:
        """The classes on whose pages its answer stands, each with its place there: ``{"sg:City": 10}``."""
        told = self.header.get("panel", {})
        return {told: 0} if isinstance(told, str) else {name: int(place) for name, place in told.items()}

    def of_thing(self, of_class: str, iri: str) -> Parameter | None:
        """The parameter that a thing of a class fills: the one for that class, or else the one required IRI."""
        named = [one for one in self.params.values() if one.kind == "iri"]
        for one in named:
            if one.type == of_class or (one.scheme and iri.startswith(f"{VOCAB}{one.scheme}/")):
                return one
        required = [one for one in named if one.required and not one.scheme]
        return required[0] if len(required) == 1 else None

    @property
    def form(self) -> str:
        """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``."""
        return sparql.form(self.text)

    @cached_property
    def _tokens(self) -> tuple[sparql.Token, ...]:
        return sparql.tokens(self.text)

    @cached_property
    def params(self) -> dict[str, Parameter]:
        """The parameters, in the order of the header, then of the text."""
        found = {}
        for token in self._tokens:
            match = _VARIABLE.fullmatch(token.text) if token.kind == "variable" else None
            if match and match["name"] not in found:
                found[match["name"]] = self._parameter(match)
        told = list(self.header.get("params", {}))
        return dict(sorted(found.items(), key=lambda item: told.index(item[0]) if item[0] in told else len(told)))

    def _parameter(self, match: re.Match[str]) -> Parameter:
        told = self.header.get("params", {}).get(match["name"], {})
        defaults = {key: value for pair in self.header.get("defaults", []) for key, value in pair.items()}
        kind = f"@{match['lang']}" if match["lang"] else f"xsd:{match['xsd']}" if match["xsd"] else match["kind"]
        default = defaults.get(match["name"])
        return Parameter(
            name=match["name"],
            variable=match.group()[1:],
            kind=kind or "string",
            required=match["mark"] == "_" and default is None,
            multiple=bool(match["multi"]),
            type=told.get("type", "") if kind == "iri" else "",
            scheme=told.get("scheme", ""),
            description=told.get("description", ""),
            example=told.get("example", ""),
            values=tuple(told.get("values", ())),
            default=default,
        )

    def as_dict(self) -> dict[str, Any]:
        """What ``solgraph queries -f json`` tells of a query."""
        params = [param.as_dict() for param in self.params.values()]
        return {
            "name": self.name,
            "summary": self.summary,
            "params": params,
            "columns": self.columns,
            "tags": self.tags,
        }

    def unknown_parameter(self, name: str, options: Iterable[str] = ()) -> ParameterError:
        """The error for a parameter that this query does not have; ``options`` of its command may be meant too."""
        known = ", ".join(f"--{param}" for param in self.params) or "none"
        hint = did_you_mean(name, [*self.params, *options]) or f"Its parameters: {known}"
        return ParameterError(f"{self.name} has no parameter '{name}'.", hint=hint)

    def fault(self, error: QueryError) -> QueryError:
        """The error of an engine, told with the file and line of this query."""
        line = re.search(r"(?:at |line )(\d+)", error.what)
        return type(error)(error.what, where=f"{display(self.path)}:{line[1] if line else 1}", hint=error.hint)

    def bind(self, values: Mapping[str, Any], finder: Finder) -> str:
        """The query with RDF terms in place of its parameter tokens.

        Values are Python values or text as typed by a person; None counts as not given. A list gives several values
        to a parameter that takes them. Raises :class:`ParameterError`.
        """
        sparql.refuse_service(self.text)
        given = {
            name: value
            for name, value in values.items()
            if value is not None and not (isinstance(value, list | tuple | set) and not value)
        }
        for name in given:
            if name not in self.params:
                raise self.unknown_parameter(name)
        bound = {param.variable: self.terms(param, given.get(param.name), finder) for param in self.params.values()}
        return sparql.Bound(
            _replace_tokens(self._tokens, bound, {p.variable for p in self.params.values() if p.multiple})
        )

    def terms(self, param: Parameter, value: Any, finder: Finder) -> list[str]:
        """The value of one parameter, None for what is not given, as SPARQL; its default, or nothing if it has none.

        Raises :class:`ParameterError` for a value that is missing or not allowed.
        """
        value = param.default if value is None else value
        if value is None and param.required:
            raise self._missing(param, finder)
        several = list(value) if isinstance(value, list | tuple | set) else [] if value is None else [value]
        if len(several) > 1 and not param.multiple:
            raise ParameterError(f"{self.name}: '{param.name}' takes one value, not {len(several)}.")
        return [_written(self._term(param, one, finder)) for one in several]

    def _missing(self, param: Parameter, finder: Finder) -> ParameterError:
        example = param.example or next(iter(param.values), "VALUE")
        shown = f"For example: solgraph query {self.name} --{param.name} {_shell_word(example)}"
        what = f"{self.name} needs the parameter '{param.name}' ({param.shown_type}): {param.description}."
        among = finder.iris(param.type, param.scheme) if param.type or param.scheme else ()
        known = sorted({slug(iri) for iri in among})
        more = " …" if len(known) > _MOST_LISTED else ""
        return ParameterError(what, hint=f"{shown}\nKnown: {', '.join(known[:_MOST_LISTED])}{more}" if known else shown)

    def _term(self, param: Parameter, value: Any, finder: Finder) -> NamedNode | Literal:
        if param.kind == "iri":
            return self._named(param, value, finder)
        text = _text_of(value)
        if param.kind == "xsd:boolean" and text.lower() in ("true", "false"):
            text = text.lower()
        if param.values and text not in param.values:
            hint = did_you_mean(text, param.values) or f"Allowed: {', '.join(param.values)}"
            raise ParameterError(f"{self.name}: {param.name} = {text!r} is not allowed.", hint=hint)
        return _literal(self.name, param, text)

    def _named(self, param: Parameter, value: Any, finder: Finder) -> NamedNode:
        text = value.value if isinstance(value, NamedNode) else str(value)
        asked_by = f"{self.name}, parameter '{param.name}'"
        return NamedNode(finder.find(text, param.type, param.scheme, asked_by=asked_by))


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


def _text_of(value: Any) -> str:
    """A value as its type writes it in RDF."""
    if isinstance(value, float):
        from decimal import Decimal

        return format(Decimal(repr(value)), "f") if abs(value) < float("inf") else str(value)
    return str(value.value) if isinstance(value, Literal) else str(value)


def _written(term: NamedNode | Literal) -> str:
    """A term as it stands in a query; a whole number bare, as LIMIT needs it."""
    bare = isinstance(term, Literal) and term.datatype.value == XSD + "integer" and term.value.isdigit()
    return term.value if bare else str(term)


def _literal(query: str, param: Parameter, text: str) -> Literal:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ParameterError(f"{query}: {param.name} holds a character that is no Unicode.") from error
    if param.kind == "string":
        return Literal(text)
    if param.kind.startswith("@"):
        return Literal(text, language=param.kind[1:])
    datatype = "decimal" if param.kind == "number" else param.kind.removeprefix("xsd:")
    pattern, example = _FORMS.get(datatype, (r".*", ""))
    typed = Literal(text.strip(), datatype=NamedNode(XSD + datatype))
    if not re.fullmatch(pattern, typed.value, re.DOTALL | re.ASCII) or not _exists(typed):
        raise ParameterError(f"{query}: {param.name} = {text!r} is not {example}.")
    return typed


def _exists(typed: Literal) -> bool:
    """Whether a day is in the calendar; every other literal of the right form exists."""
    if typed.datatype.value not in (XSD + "date", XSD + "dateTime"):
        return True
    return not isinstance(python_value(Literal(typed.value[:10], datatype=NamedNode(XSD + "date"))), str)


def _replace_tokens(tokens: Sequence[sparql.Token], bound: Mapping[str, list[str]], multiple: set[str]) -> str:
    """Put terms in place of variable tokens; fill, or drop when there is no value, ``VALUES ?_x_multi_iri {}``."""
    parts = [token.text for token in tokens]
    for start, variable, end in sparql.values_clauses(tokens):
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


def _shell_word(text: str) -> str:
    return text if re.fullmatch(r"[\w./:-]+", text) else f'"{text}"'


def read(path: Path) -> SavedQuery:
    """Read one saved query, once as long as its file stays the same.

    Raises :class:`DataError` with file and line for a broken header.
    """
    try:
        told = path.stat()
        return _read(path, (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns))
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror}.", where=display(path)) from error


@lru_cache(maxsize=512)
def _read(path: Path, _: tuple[int, ...]) -> SavedQuery:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DataError("the file is not UTF-8.", where=f"{display(path)}:{line}", hint="Save it as UTF-8.") from error
    return SavedQuery(path, text, header(path, text))


def paths(folders: Path | Sequence[Path]) -> dict[str, Path]:
    """Name → file of the saved queries of folders, by name; an earlier folder wins.

    Raises :class:`DataError` when a folder holds none.
    """
    found: dict[str, Path] = {}
    for folder in [folders] if isinstance(folders, Path) else folders:
        listed = {path.stem: path for path in folder.glob("*.rq")}
        if not listed:
            raise DataError(f"{display(folder)} holds no saved query (.rq).")
        found = listed | found
    return dict(sorted(found.items()))


def catalogue(folders: Path | Sequence[Path]) -> list[SavedQuery]:
    """All saved queries of one or several folders, by name."""
    return [read(path) for path in paths(folders).values()]


def find(name: str, folders: Path | Sequence[Path]) -> SavedQuery:
    """The saved query of that name. Raises :class:`WrongUse` with the nearest names."""
    known = paths(folders)
    if name not in known:
        hint = did_you_mean(name, known) or "See them all: solgraph queries"
        raise WrongUse(f"There is no saved query '{name}'.", hint=hint)
    return read(known[name])
