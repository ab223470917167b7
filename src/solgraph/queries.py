"""Saved queries: plain ``.rq`` files with a header, their typed parameters, and how values are bound to them."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode

from solgraph import sparql
from solgraph.errors import DataError, ParameterError, WrongUse, did_you_mean
from solgraph.resources import display
from solgraph.terms import VOCAB, XSD, expand, find_named

#: Gives the pairs of IRI and name among which a value is looked up: (class or None, concept scheme or None).
Names = Callable[[str | None, str | None], Iterable[tuple[str, str]]]

HEADER_KEYS = ("summary", "description", "params", "columns", "several", "defaults", "network", "tags")
_GRLC_KEYS = ("endpoint", "endpoint_in_url", "method", "pagination", "enumerate")
PARAM_KEYS = ("type", "scheme", "description", "example", "values")
_VARIABLE = re.compile(
    r"[?$](?P<mark>__?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<multi>_multi)?"
    r"(?:_(?P<kind>iri|integer|number|xsd_(?P<xsd>[a-zA-Z]+)|(?P<lang>[a-z]{2,3})))?"
)


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
    def form(self) -> str:
        """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``."""
        return sparql.form(self.text)

    @cached_property
    def params(self) -> dict[str, Parameter]:
        """The parameters, in the order of the header, then of the text."""
        found = {}
        for token in sparql.tokens(self.text):
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

    def unknown_parameter(self, name: str) -> ParameterError:
        """The error for a parameter that this query does not have."""
        known = ", ".join(f"--{param}" for param in self.params) or "none"
        hint = did_you_mean(name, self.params) or f"Its parameters: {known}"
        return ParameterError(f"{self.name} has no parameter '{name}'.", hint=hint)

    def bind(self, values: Mapping[str, Any], names: Names) -> str:
        """The query with RDF terms in place of its parameter tokens.

        Values are Python values or text as typed by a person; None counts as not given. A list gives several values
        to a parameter that takes them. Raises :class:`ParameterError`.
        """
        given = {name: value for name, value in values.items() if value is not None and value not in ((), [])}
        for name in given:
            if name not in self.params:
                raise self.unknown_parameter(name)
        bound: dict[str, list[str]] = {}
        for param in self.params.values():
            value = given.get(param.name, param.default)
            if value is None and param.required:
                raise self._missing(param)
            bound[param.variable] = [] if value is None else self._terms(param, value, names)
        return _replace_tokens(self.text, bound, {p.variable for p in self.params.values() if p.multiple})

    def _missing(self, param: Parameter) -> ParameterError:
        example = param.example or next(iter(param.values), "VALUE")
        shown = f"solgraph query {self.name} --{param.name} {_shell_word(example)}"
        what = f"{self.name} needs the parameter '{param.name}' ({param.shown_type}): {param.description}."
        return ParameterError(what, hint=f"For example: {shown}")

    def _terms(self, param: Parameter, value: Any, names: Names) -> list[str]:
        several = list(value) if isinstance(value, list | tuple | set) else [value]
        if len(several) > 1 and not param.multiple:
            raise ParameterError(f"{self.name}: '{param.name}' takes one value, not {len(several)}.")
        return [str(self._term(param, one, names)) for one in several]

    def _term(self, param: Parameter, value: Any, names: Names) -> NamedNode | Literal:
        if param.kind == "iri":
            return self._named(param, value, names)
        text = value.value if isinstance(value, Literal) else str(value)
        if param.values and text not in param.values:
            hint = did_you_mean(text, param.values) or f"Allowed: {', '.join(param.values)}"
            raise ParameterError(f"{self.name}: {param.name} = {text!r} is not allowed.", hint=hint)
        return _literal(self.name, param, text)

    def _named(self, param: Parameter, value: Any, names: Names) -> NamedNode:
        text = value.value if isinstance(value, NamedNode) else str(value)
        among = names(expand(param.type) if param.type else None, VOCAB + param.scheme if param.scheme else None)
        what = f"{param.scheme.replace('-', ' ')} concept" if param.scheme else param.type.partition(":")[2] or "thing"
        return find_named(text, among, what=what, asked_by=f"{self.name}, parameter '{param.name}'")


_FORMS_OF_NUMBERS = {
    "integer": (r"[+-]?\d+", "integer", "a whole number such as 2018"),
    "number": (r"[+-]?\d+(\.\d+)?", "decimal", "a number such as 2.5"),
    "xsd:date": (r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "date", "a date such as 2018-06-30"),
    "xsd:gYear": (r"\d{4}", "gYear", "a year such as 2018"),
    "xsd:boolean": (r"true|false", "boolean", "true or false"),
}


def _literal(query: str, param: Parameter, text: str) -> Literal:
    if param.kind == "string":
        return Literal(text)
    if param.kind.startswith("@"):
        return Literal(text, language=param.kind[1:])
    pattern, datatype, example = _FORMS_OF_NUMBERS.get(param.kind, (r".*", param.kind.removeprefix("xsd:"), ""))
    if not re.fullmatch(pattern, text.strip(), re.DOTALL | re.ASCII):
        raise ParameterError(f"{query}: {param.name} = {text!r} is not {example}.")
    return Literal(text.strip(), datatype=NamedNode(XSD + datatype))


def _replace_tokens(text: str, bound: Mapping[str, list[str]], multiple: set[str]) -> str:
    """Put terms in place of variable tokens; fill, or drop when there is no value, ``VALUES ?_x_multi_iri {}``."""
    parts: list[str] = []
    clause = ""
    for token in sparql.tokens(text):
        variable = token.text[1:] if token.kind == "variable" else ""
        if clause and token.text == "}":
            parts.append(f"{' '.join(bound[clause])} }}")
            clause = ""
        elif variable in multiple and _after_values(parts):
            clause = variable if bound[variable] else _drop_values(parts)
            parts.append(token.text if clause else "")
        elif variable in bound and variable not in multiple and bound[variable]:
            parts.append(bound[variable][0])
        else:
            parts.append(token.text)
    return "".join(parts)


def _after_values(parts: list[str]) -> bool:
    return next((part.upper() for part in reversed(parts) if part.strip()), "") == "VALUES"


def _drop_values(parts: list[str]) -> str:
    """Take the last VALUES away; the empty braces that follow are a group without effect."""
    while parts.pop().upper() != "VALUES":
        pass
    return ""


def _shell_word(text: str) -> str:
    return text if re.fullmatch(r"[\w./:-]+", text) else f'"{text}"'


def read(path: Path) -> SavedQuery:
    """Read one saved query. Raises :class:`DataError` with file and line for a broken header."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DataError("the file is not UTF-8.", where=f"{display(path)}:{line}", hint="Save it as UTF-8.") from error
    return SavedQuery(path, text, _header(path, text))


def _header(path: Path, text: str) -> dict[str, Any]:
    import yaml

    lines = text.splitlines()
    body = "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in lines)
    try:
        header = yaml.load(body, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{display(path)}:{mark.line + 1}:{mark.column + 4}" if mark else display(path)
        raise DataError(f"the header is not YAML: {error.problem}.", where=where, hint=_HEADER_HINT) from error
    return _checked(path, lines, header)


_HEADER_HINT = "A header line looks like this:  #+ summary: Networks of a city   (quote a text that holds ': ')"


def _checked(path: Path, lines: list[str], header: Any) -> dict[str, Any]:
    if not isinstance(header, dict) or not isinstance(header.get("summary"), str) or not header["summary"]:
        raise DataError("the header has no summary.", where=f"{display(path)}:1", hint=_HEADER_HINT)
    for key, kind in (
        ("params", dict),
        ("columns", dict),
        ("network", dict),
        ("several", list),
        ("defaults", list),
        ("tags", list),
    ):
        if key in header and not isinstance(header[key], kind):
            shape = "a list" if kind is list else "a table of names and texts"
            raise DataError(f"'{key}' must be {shape}.", where=f"{display(path)}:{header_line(lines, key)}")
    for key in header:
        if key not in HEADER_KEYS + _GRLC_KEYS:
            where = f"{display(path)}:{header_line(lines, key)}"
            hint = did_you_mean(key, HEADER_KEYS) or f"Known: {', '.join(HEADER_KEYS)}"
            raise DataError(f"'{key}' is no key of a header.", where=where, hint=hint)
    for name, told in header.get("params", {}).items():
        wrong = [key for key in told if key not in PARAM_KEYS] if isinstance(told, dict) else [name]
        if wrong:
            where = f"{display(path)}:{header_line(lines, name)}"
            raise DataError(
                f"'{wrong[0]}' is no key of a parameter.", where=where, hint=f"Known: {', '.join(PARAM_KEYS)}"
            )
    return header


def header_line(lines: list[str], key: str) -> int:
    """The line, from 1, of a header in which a key stands."""
    for number, line in enumerate(lines, 1):
        if line.startswith("#+") and re.match(rf"#\+[\s-]*{re.escape(key)}\s*:", line):
            return number
    return 1


def catalogue(folder: Path) -> list[SavedQuery]:
    """All saved queries of a folder, by name."""
    return [read(path) for path in sorted(folder.glob("*.rq"))]


def find(name: str, folder: Path) -> SavedQuery:
    """The saved query of that name. Raises :class:`WrongUse` with the nearest names."""
    known = sorted(path.stem for path in folder.glob("*.rq"))
    if name not in known:
        hint = did_you_mean(name, known) or "See them all: solgraph queries"
        raise WrongUse(f"There is no saved query '{name}'.", hint=hint)
    return read(folder / f"{name}.rq")
