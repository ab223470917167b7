"""Saved queries: plain ``.rq`` files with a header and typed parameters."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from solgraph.errors import ParameterError, QueryError, did_you_mean
from solgraph.notebooks import code, details, framed, heading, table
from solgraph.queries.parameters import Finder, Parameter, in_pieces, python_text, replace_tokens
from solgraph.rdf import sparql_tokens as sparql
from solgraph.rdf.namespaces import VOCAB
from solgraph.rdf.sparql_ask import as_ask
from solgraph.rdf.sparql_safety import Checked, refuse_service, refuse_too_deep
from solgraph.rdf.terms import python_name
from solgraph.resources import display

#: A line of a terminal.
_WIDEST = 80
_HEADER = re.compile(r"\A(?:#\+[^\n]*\n)+")
_VARIABLE = re.compile(
    r"[?$](?P<mark>__?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<multi>_multi)?"
    r"(?:_(?P<kind>iri|integer|number|xsd_(?P<xsd>[a-zA-Z]+)|(?P<lang>[a-z]{2,3})))?"
)
#: How the name of a parameter says what it takes.
SUFFIXES = (
    "A parameter ends in _iri, _integer, _number, a type as in _xsd_decimal or _xsd_date, a language as in _en, or in "
    "nothing for a text; before that _multi if it takes several values."
)


class SavedQuery:
    """One ``.rq`` file: a SPARQL query that runs as it stands, and what its header says of it.

    >>> saved = kg.q.mayors.saved
    >>> saved.name, saved.form, saved.several
    ('mayors', 'SELECT', ['asof', 'source'])
    >>> saved.columns["since"], saved.column_types["since"]
    ('first year of the term', 'year')
    """

    def __init__(self, path: Path, text: str, header: Mapping[str, Any]) -> None:
        self.name, self.path, self.text, self.header = path.stem, path, text, header

    def __repr__(self) -> str:
        text = f"<SavedQuery {self.name}({', '.join(self.params)}): {self.summary}"
        return f"{text if len(text) < _WIDEST else f'{text[: _WIDEST - 2]}…'}>"

    def _repr_html_(self) -> str:
        params = [
            (
                code(python_name(param.name)),
                escape(param.shown_type),
                "required" if param.required else "",
                escape(param.description),
            )
            for param in self.params.values()
        ]
        columns = [(code(name), escape(self.column_types[name]), escape(text)) for name, text in self.columns.items()]
        return framed(
            heading(self.summary, escape(self.description), code(self.call({}))),
            table(("parameter", "type", "", "meaning"), params) if params else "",
            table(("column", "type", "meaning"), columns) if columns else "",
            details("SPARQL", f"<pre>{escape(self.text)}</pre>"),
        )

    @property
    def summary(self) -> str:
        """One line: which question is answered."""
        return str(self.header["summary"])

    @property
    def description(self) -> str:
        """What the rows mean and what to beware of."""
        return str(self.header.get("description", ""))

    def localised(self, key: str, languages: Sequence[str]) -> str:
        """The summary or description in the first of the languages that the header has; English is always there.

        >>> kg.q.mayors.saved.localised("summary", ["de"])
        'Bürgermeister*innen einer Stadt und ihre Amtszeiten'
        """
        translated = {tag.lower(): texts for tag, texts in self.header.get("languages", {}).items()}
        own = {"en": {key: getattr(self, key)}}
        texts = (str((translated | own).get(tag, {}).get(key, "")) for tag in (*languages, "en"))
        return next(filter(None, texts), "")

    def asks(self, language: str = "en") -> list[str]:
        """Questions that it answers, in plain words of a language; none where the header has none in it.

        >>> kg.q.mayors.saved.asks()[0]
        'Who is or was mayor of Milan?'
        """
        own = self.header if language == "en" else self.header.get("languages", {}).get(language, {})
        return list(own.get("asks", ()))

    @property
    def columns(self) -> dict[str, str]:
        """Column names and what they mean."""
        return {
            name: entry if isinstance(entry, str) else entry["description"] for name, entry in self._columns.items()
        }

    @property
    def column_types(self) -> dict[str, str]:
        """Column names and what they hold: a class such as ``sg:City``, ``year``, ``text`` …; empty where not said."""
        return {name: "" if isinstance(entry, str) else entry["type"] for name, entry in self._columns.items()}

    @property
    def ordered_by(self) -> tuple[tuple[str, ...], ...]:
        """For each column of things, such as cities, by which the rows are ordered: those before it, and itself.

        >>> kg.q.cities.saved.ordered_by
        (('country',), ('country', 'city'))
        """
        types, order = self.column_types, self.text.rpartition("ORDER BY")[2]
        names = [name for name in re.findall(r"\?(\w+)", order) if name in types]
        things = (n for n, name in enumerate(names, 1) if types[name].startswith("sg:") and types[name] != "sg:Passage")
        return tuple(tuple(names[:number]) for number in things)

    def localised_columns(self, languages: Sequence[str]) -> dict[str, str]:
        """Column names and what they mean, each in the first of the languages that the header has.

        >>> kg.q.mayors.saved.localised_columns(["de"])["since"]
        'erstes Jahr der Amtszeit'
        """
        translated = {tag.lower(): texts.get("columns", {}) for tag, texts in self.header.get("languages", {}).items()}
        chain = [translated.get(tag, {}) if tag != "en" else self.columns for tag in (*languages, "en")]
        return {name: next(texts[name] for texts in chain if name in texts) for name in self.columns}

    @property
    def _columns(self) -> Mapping[str, Any]:
        columns: Mapping[str, Any] = self.header.get("columns", {})
        return columns

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
        panel = self.header.get("panel", {})
        return {panel: 0} if isinstance(panel, str) else {name: int(place) for name, place in panel.items()}

    def of_thing(self, of_class: str, iri: str) -> Parameter | None:
        """The parameter that a thing of a class fills: the one for that class, or else the one required IRI.

        >>> saved = kg.q.mayors.saved
        >>> saved.of_thing("sg:City", kg.find("Palermo")).name
        'city'
        """
        params = [param for param in self.params.values() if param.kind == "iri"]
        for param in params:
            if param.type == of_class or (param.scheme and iri.startswith(f"{VOCAB}{param.scheme}/")):
                return param
        required = [param for param in params if param.required and not param.scheme]
        return required[0] if len(required) == 1 else None

    @cached_property
    def form(self) -> str:
        """``SELECT``, ``ASK``, ``CONSTRUCT`` or ``DESCRIBE``."""
        return sparql.form(self._body)

    @cached_property
    def _body(self) -> str:
        """The text with empty lines for its header: to read that would take longer than many an answer."""
        return _HEADER.sub(lambda header: "\n" * header[0].count("\n"), self.text)

    @cached_property
    def _tokens(self) -> tuple[sparql.Token, ...]:
        return sparql.tokens(self._body)

    @cached_property
    def _clauses(self) -> list[tuple[int, str, int]]:
        return list(sparql.values_clauses(self._tokens))

    @cached_property
    def _checked_body(self) -> str:
        refuse_service(self._body)
        refuse_too_deep(self._body)
        return self._body

    @cached_property
    def _in_asking(self) -> tuple[tuple[sparql.Token, ...], list[tuple[int, str, int]]]:
        """Tokens and clauses of the ASK for whether it has rows; the same for all values, so it is made once."""
        tokens = sparql.tokens(as_ask(self._checked_body))
        return tokens, list(sparql.values_clauses(tokens))

    @cached_property
    def params(self) -> dict[str, Parameter]:
        """The parameters, in the order of the header, then of the text."""
        params = {}
        for token in self._tokens:
            match = _VARIABLE.fullmatch(token.text) if token.kind == "variable" else None
            if match and match["name"] not in params:
                params[match["name"]] = self._parameter(match)
        order = list(self.header.get("params", {}))
        return dict(sorted(params.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))

    def _parameter(self, match: re.Match[str]) -> Parameter:
        entry = self.header.get("params", {}).get(match["name"], {})
        defaults = {key: value for pair in self.header.get("defaults", []) for key, value in pair.items()}
        kind = f"@{match['lang']}" if match["lang"] else f"xsd:{match['xsd']}" if match["xsd"] else match["kind"]
        default = defaults.get(match["name"])
        return Parameter(
            name=match["name"],
            variable=match.group()[1:],
            kind=kind or "string",
            required=match["mark"] == "_" and default is None,
            multiple=bool(match["multi"]),
            type=entry.get("type", "") if kind == "iri" else "",
            scheme=entry.get("scheme", ""),
            description=entry.get("description", ""),
            example=entry.get("example", ""),
            values=tuple(entry.get("values", ())),
            default=default,
        )

    def as_dict(self) -> dict[str, Any]:
        """The query as ``solgraph queries -f json`` lists it.

        >>> sorted(kg.q.mayors.saved.as_dict())
        ['asks', 'column_types', 'columns', 'name', 'params', 'summary', 'tags']
        """
        params = [param.as_dict() for param in self.params.values()]
        return {
            "name": self.name,
            "summary": self.summary,
            "asks": self.asks(),
            "params": params,
            "columns": self.columns,
            "column_types": self.column_types,
            "tags": self.tags,
        }

    def unknown_parameter(self, name: str, options: Iterable[str] = (), value: Any = None) -> ParameterError:
        """The error for a parameter that this query does not have; ``options`` of its command may be meant too."""
        names = ", ".join(f"{python_name(param)}=…" for param in self.params) or "none"
        candidates = (*self.params, *options)
        hint = did_you_mean(name, candidates) or f"Its parameters: {names}"
        what = f"{self.name} has no parameter '{name}'."
        return ParameterError(what, hint=hint, parameter=name, value=value, candidates=candidates)

    def fault(self, error: QueryError) -> QueryError:
        """The error of an engine, with the file and line of this query."""
        line = re.search(r"(?:at |line )(\d+)", error.what)
        return type(error)(error.what, where=f"{display(self.path)}:{line[1] if line else 1}", hint=error.hint)

    def call(self, values: Mapping[str, Any], method: str = "query") -> str:
        """What a person types to ask it: its required parameters with their values, or else with examples.

        >>> print(kg.q.mayors.saved.call({"city": "Palermo"}))
        kg.query("mayors", city="Palermo")
        """
        arguments = [param.argument(values.get(param.name)) for param in self.params.values() if param.required]
        return f"kg.{method}({', '.join([python_text(self.name), *arguments])})"

    def _refuse_period_backwards(self, bound: Mapping[str, list[str]]) -> None:
        years = [bound[self.params[name].variable] for name in ("from", "to") if name in self.params]
        if len(years) == 2 and all(years) and int(years[0][0]) > int(years[1][0]):
            what = f"{self.name}: the period from {years[0][0]} to {years[1][0]} ends before it begins."
            raise ParameterError(what, parameter="from", value=int(years[0][0]))

    @property
    def pieces(self) -> list[str | dict[str, str]]:
        """The text in pieces, between them the places of the parameters: for programs that bind values themselves.

        >>> [piece["variable"] for piece in kg.q.programmes_of_city.saved.pieces if isinstance(piece, dict)][:2]
        ['_city_iri', '__kind_iri']
        """
        params = self.params.values()
        multiple = {param.variable for param in params if param.multiple}
        first, *others = in_pieces(self._tokens, self._clauses, {param.variable for param in params}, multiple)
        return [str(first).lstrip("\n"), *others]

    @property
    def strays(self) -> dict[str, int]:
        """The variables that look like parameters and are none, each with its line.

        >>> kg.q.mayors.saved.strays
        {}
        """
        taken = {param.variable for param in self.params.values()}
        variables = (token for token in self._tokens if token.kind == "variable" and token.text[1:2] == "_")
        lines: dict[str, int] = {}
        for token in variables:
            if token.text[1:] not in taken:
                lines.setdefault(token.text[1:], sparql.line_of(self._body, token.start))
        return lines

    def bind(self, values: Mapping[str, Any], finder: Finder, *, strict: bool = True) -> str:
        """The query with RDF terms in place of its parameter tokens, and empty lines in place of its header.

        Values are Python values or text as typed by a person; None and an empty list count as no value. A list gives
        several values to a parameter that takes them. ``from_`` is the parameter ``from``, a word of Python. Raises
        :class:`ParameterError`, and if ``strict`` :class:`QueryError` for what looks like a parameter and is none.
        """
        self._checked_body  # noqa: B018  (what is refused is an error)
        for variable, line in self.strays.items() if strict else ():
            what = f"?{variable} looks like a parameter, but is none or is spelt in two ways."
            raise QueryError(what, where=f"{display(self.path)}:{line}", hint=SUFFIXES)
        return self._bound(values, finder, self._tokens, self._clauses)

    def bind_ask(self, values: Mapping[str, Any], finder: Finder) -> str:
        """The query with these values as an ASK for whether it has rows, which an engine answers much sooner.

        >>> text = kg.q.mayors.saved.bind_ask({"city": "Palermo"}, kg.snapshot.label_index)
        >>> bool(kg.sparql(text))
        True
        """
        # again, for HAVING is read with its value
        return Checked(as_ask(self._bound(values, finder, *self._in_asking)))

    def _bound(
        self,
        values: Mapping[str, Any],
        finder: Finder,
        tokens: Sequence[sparql.Token],
        clauses: Iterable[tuple[int, str, int]],
    ) -> str:
        named = {name if name in self.params else name.removesuffix("_"): value for name, value in values.items()}
        values = {name: value for name, value in named.items() if value is not None and not _is_empty(value)}
        for name in values:
            if name not in self.params:
                raise self.unknown_parameter(name, value=values[name])
        params = self.params.values()
        call = self.call(values)
        bound = {param.variable: param.terms(values.get(param.name), finder, self.name, call) for param in params}
        self._refuse_period_backwards(bound)
        return Checked(replace_tokens(tokens, clauses, bound, {param.variable for param in params if param.multiple}))


def _is_empty(value: Any) -> bool:
    return isinstance(value, list | tuple | set) and not value
