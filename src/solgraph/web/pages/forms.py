"""The page of a question: what a request asks, fields with choices by label, faults; rows as bars and on a map."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request

from solgraph.errors import ParameterError, did_you_mean
from solgraph.formats.rows import Table
from solgraph.graph.knowledge import Knowledge
from solgraph.networks.drawing.geometry import coordinates
from solgraph.networks.model.selection import MAX_EDGES, WEIGHTS
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import ID, PREFIXES, XSD, shorten, slug
from solgraph.rdf.terms import Term, fold, python_value
from solgraph.web.negotiation import Offer
from solgraph.web.pages import drawings as europe
from solgraph.web.pages.drawings import Map
from solgraph.web.problems import Problem
from solgraph.web.rendering import here
from solgraph.web.settings import base

#: More things than this are typed with suggestions, not chosen from a list.
MOST_LISTED = 150
_MOST_SUGGESTED = 3000

Values = dict[str, list[str]]


class Choice(NamedTuple):
    """A thing or value that can be chosen: what is sent, and what a reader sees."""

    value: str
    label: str


class Fault(NamedTuple):
    """What is wrong with the value of a parameter, and what next."""

    what: str
    hint: str


class Field(NamedTuple):
    """A field of a form: its parameter, what was given, what can be chosen, and what is wrong."""

    param: Parameter
    given: Sequence[str]
    choices: Sequence[Choice]
    fault: Fault | None

    @property
    def listed(self) -> bool:
        """Whether all that can be chosen is few enough for a list."""
        return 0 < len(self.choices) <= MOST_LISTED

    @property
    def title(self) -> str:
        """The name as a reader sees it."""
        return self.param.name.replace("-", " ").capitalize()

    @property
    def shown(self) -> Sequence[str]:
        """The values to show: what was given, else the default, else one that is empty."""
        return self.given or [self.param.default or ""]


# What a request says


def given(request: Request, what: str, params: Iterable[str], options: Iterable[str]) -> Values:
    """The values of a request, of ``params`` and of ``options``; empty ones, as forms send them, are not given.

    Raises :class:`Problem` 400 for a name that is neither.
    """
    params, options = list(params), list(options)
    for name in request.query_params:
        if name not in params and name not in options:
            raise _unknown(what, name, params, options)
    texts = {name: [one for one in request.query_params.getlist(name) if one.strip()] for name in request.query_params}
    return {name: found for name, found in texts.items() if found}


def _unknown(what: str, name: str, params: list[str], options: list[str]) -> Problem:
    known = f"Its parameters: {', '.join(params) or 'none'}. Besides: {', '.join(options)}."
    hint = did_you_mean(name, [*params, *options]) or known
    detail = f"{what} has no parameter '{name[:100]}'."
    return Problem(400, detail=detail, hint=hint, parameter=name[:100], allowed=[*params, *options])


def one(values: Values, name: str) -> str:
    """The only value of an option, empty when it is not given."""
    texts = values.get(name, [])
    if len(texts) > 1:
        raise Problem(400, detail=f"{name} takes one value, not {len(texts)}.", parameter=name)
    return texts[0].strip() if texts else ""


def whole(values: Values, name: str, *, least: int = -9999, most: int = 10**9) -> int | None:
    """The whole number of an option. Raises :class:`Problem` 400 for what is none, or out of bounds."""
    text = one(values, name)
    if text and not re.fullmatch(r"[+-]?\d{1,10}", text, re.ASCII):
        raise Problem(400, detail=f"{name} = {text[:100]!r} is not a whole number such as 20.", parameter=name)
    if text and not least <= int(text) <= most:
        raise Problem(400, detail=f"{name} = {text} is not between {least} and {most}.", parameter=name)
    return int(text) if text else None


def by_ending(ending: str, offers: Sequence[Offer]) -> Offer:
    """The offer of that ending. Raises :class:`Problem` 404 with those that there are."""
    for offer in offers:
        if ending.lower() in (offer.name, *offer.also):
            return offer
    known = [name for offer in offers for name in (offer.name, *offer.also) if "/" not in name]
    hint = did_you_mean(ending, known) or f"Endings: {', '.join(known)}"
    raise Problem(404, detail=f"Nothing here ends in '.{ending[:100]}'.", hint=hint, allowed=known)


# Network views


def _option(name: str, kind: str, description: str, **more: str | bool | tuple[str, ...]) -> Parameter:
    return Parameter(name, "", kind, False, description=description, **{"multiple": False, **more})  # type: ignore[arg-type]


#: What every network view takes besides the parameters of its query, named as on the command line.
SELECTION = (
    _option("year", "integer", "only ties not known to lie outside this year", example="2018"),
    _option("from", "integer", "only ties not known to end earlier", example="2010"),
    _option("to", "integer", "only ties not known to begin later", example="2020"),
    _option("undated", "string", "ties without a year, when years are asked for", values=("include", "exclude")),
    _option("country", "iri", "only nodes of this country, by name in any language", type="sg:Country"),
    _option("exclude", "iri", "leave out this network or other end", type="sg:Actor", multiple=True),
    _option("weight", "string", "how edges of shared things are weighed", values=WEIGHTS),
    _option("min-weight", "number", "leave out lighter edges", example="2"),
    _option("max-edges", "integer", "stop before more edges than this", example="10000"),
    _option("compare", "string", "two years, such as 2010,2020: what came, went, grew or shrank", example="2010,2020"),
)
_PYTHON = {"from": "from_year", "to": "to_year", "min-weight": "min_weight", "max-edges": "max_edges"}


def selection_of(saved: SavedQuery) -> list[Parameter]:
    """The options of a view; a parameter of its query with the same name takes the place of an option."""
    return [one for one in SELECTION if one.name not in saved.params]


def params_of(saved: SavedQuery) -> list[Parameter]:
    """The parameters of a view's query, then its options."""
    return [*saved.params.values(), *selection_of(saved)]


def examples(saved: SavedQuery) -> Values:
    """The example of each parameter that is required."""
    return {one.name: [one.example] for one in saved.params.values() if one.required and one.example}


def selected(saved: SavedQuery, values: Values, most_edges: int) -> dict[str, object]:
    """Parameters and options of a view as :meth:`Knowledge.network` takes them."""
    said: dict[str, object] = {name: values[name] for name in saved.params if name in values}
    for option in selection_of(saved):
        if option.name in values and option.name != "compare":
            said[_PYTHON.get(option.name, option.name)] = _read(option, values)
    said["max_edges"] = min(int(str(said.get("max_edges", MAX_EDGES))), most_edges)
    return said


def _read(option: Parameter, values: Values) -> object:
    if option.name == "compare":
        return compared(values)
    if option.multiple:
        return values[option.name]
    if option.kind == "integer":
        return whole(values, option.name)
    return float(one(values, option.name)) if option.kind == "number" else one(values, option.name)


def compared(values: Values) -> tuple[int, int] | None:
    """The two years of ``compare``."""
    text = one(values, "compare")
    found = re.fullmatch(r"\s*(-?\d{1,4})\s*[,–-]\s*(-?\d{1,4})\s*", text, re.ASCII)
    if text and not found:
        detail = f"compare = {text[:100]!r} is not two years."
        raise Problem(400, detail=detail, hint="Write it so: 2010,2020", parameter="compare")
    return (int(found[1]), int(found[2])) if found else None


# Choices


def choices(kg: Knowledge, param: Parameter) -> list[Choice]:
    """All that a parameter takes, by label in the languages of the graph; nothing for texts, numbers, thousands."""
    if param.values:
        return [Choice(value, value) for value in param.values]
    if param.kind != "iri":
        return []
    key = ("choices", param.type, param.scheme, kg.languages)
    return kg.snapshot.cached(key, lambda: _of_things(kg, param.type, param.scheme))


def _of_things(kg: Knowledge, of_class: str, scheme: str) -> list[Choice]:
    called: dict[str, set[str]] = {}
    for iri, name in kg.names(of_class, scheme):
        called.setdefault(fold(name), set()).add(iri)
        called.setdefault(fold(slug(iri)), set()).add(iri)
    iris = {iri for things in called.values() for iri in things}
    if len(iris) > _MOST_SUGGESTED:
        return []
    shown = kg.snapshot.label_index.labels(iris, kg.languages)
    found = [Choice(_value(iri, called), shown.get(iri) or shorten(iri)) for iri in iris]
    return sorted(_told_apart(found), key=lambda choice: (fold(choice.label), choice.value))


def _value(iri: str, called: Mapping[str, set[str]]) -> str:
    """How a thing is called in an address: by its slug if nothing else is called so."""
    return slug(iri) if called[fold(slug(iri))] == {iri} else shorten(iri)


def _told_apart(found: Sequence[Choice]) -> list[Choice]:
    """Choices with the same label, each with its value behind it."""
    times = Counter(choice.label for choice in found)
    return [Choice(value, f"{label} ({value})" if times[label] > 1 else label) for value, label in found]


def fields(kg: Knowledge, params: Iterable[Parameter], values: Values, faults: Mapping[str, Fault]) -> list[Field]:
    """The fields of a form; a name that was given in any language is shown as the choice that it is."""
    found = []
    for param in params:
        all_ = choices(kg, param)
        field = Field(param, values.get(param.name, []), all_, faults.get(param.name))
        shown = [_chosen(kg, param, all_, text) for text in field.shown if text] if field.listed else field.shown
        found.append(field._replace(given=shown))
    return found


def _chosen(kg: Knowledge, param: Parameter, all_: Sequence[Choice], text: str) -> str:
    if param.values:
        return text
    try:
        iri = kg.find(text, param.type, param.scheme)
    except ParameterError:
        return text
    values = [choice.value for choice in all_]
    return next((one for one in (slug(iri), shorten(iri)) if one in values), text)


# Faults


def faults(kg: Knowledge, saved: SavedQuery, params: Iterable[Parameter], values: Values) -> dict[str, Fault]:
    """What is wrong with each parameter, in the words of the command line."""
    found = {}
    for param in params:
        try:
            _check(kg, saved, param, values.get(param.name))
        except ParameterError as error:
            hint = f"For example: {param.example}" if param.name not in values and param.example else error.hint
            found[param.name] = Fault(error.what, hint)
        except Problem as problem:
            found[param.name] = Fault(problem.detail, str(problem.members.get("hint", "")))
    return found


def _check(kg: Knowledge, saved: SavedQuery, param: Parameter, texts: list[str] | None) -> None:
    param.terms(texts, kg.snapshot.label_index, saved.name)
    if texts and param in SELECTION:
        _read(param, {param.name: texts})


def problem_of(kg: Knowledge, saved: SavedQuery, params: Iterable[Parameter], values: Values) -> Problem | None:
    """The first fault of a request as a problem that names what is allowed."""
    params = list(params)
    for name, fault in faults(kg, saved, params, values).items():
        param = next(one for one in params if one.name == name)
        allowed = [choice.value for choice in choices(kg, param)][: MOST_LISTED * 2]
        members: dict[str, Any] = {"allowed": allowed} if allowed else {}
        missing = param.required and name not in values and param.example
        if hint := f"For example: ?{name}={param.example}" if missing else fault.hint:
            members["hint"] = hint
        return Problem(400, detail=fault.what, parameter=name, **members)
    return None


# Rows as bars

_NOT_COUNTED = {"lat", "long", "since", "until", "year", "page", "when", "date"}
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
_MOST_BARS = 40


class Bar(NamedTuple):
    """A bar: what it stands for, its number, and its length as a part of the longest."""

    label: str
    number: str
    share: float


def bars(table: Table, rows: Sequence[Sequence[Sequence[Term]]]) -> list[Bar]:
    """A bar for each row, where one column of labels and one of numbers allow; else none."""
    numeric = [i for i in range(len(table.columns)) if _is_counted(table.columns[i], [row[i] for row in rows])]
    worded = [i for i in range(len(table.columns)) if i not in numeric]
    if len(numeric) != 1 or not worded or not 2 <= len(rows) <= _MOST_BARS:
        return []
    shown = ["; ".join(map(table.shown, row[worded[0]])) for row in rows]
    texts = [row[numeric[0]][0].value for row in rows]  # type: ignore[union-attr]
    numbers = [float(text) for text in texts]
    if len(set(shown)) < len(shown) or min(numbers) < 0 or not max(numbers):
        return []
    return [Bar(label, text, number / max(numbers)) for label, text, number in zip(shown, texts, numbers, strict=True)]


def _is_counted(name: str, cells: Sequence[Sequence[Term]]) -> bool:
    if name.rpartition("_")[2] in _NOT_COUNTED:
        return False
    return all(len(cell) == 1 and isinstance(cell[0], Literal) and cell[0].datatype.value in _NUMBERS for cell in cells)


# Rows on a map


def map_of(kg: Knowledge, table: Table) -> Map | None:
    """The cities of the first column that holds only cities, where the graph tells their coordinates."""
    for column in zip(*table.rows, strict=True):
        times = Counter(term.value for term in column if isinstance(term, NamedNode))
        if times and all(term is None or _is_city(term) for term in column):
            places = [
                (iri, table.shown(NamedNode(iri)), *at, times[iri]) for iri, at in _coordinates(kg, times).items()
            ]
            return europe.map_of(tuple(places)) if places else None
    return None


def _is_city(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(ID + "city/")


def _coordinates(kg: Knowledge, iris: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude."""
    values = " ".join(f"<{iri}>" for iri in sorted(iris))
    geo = PREFIXES["geo"]
    query = f"SELECT ?city ?lat ?long {{ VALUES ?city {{ {values} }} ?city <{geo}lat> ?lat ; <{geo}long> ?long }}"
    found = {}
    for city, *place in kg.endpoint.ask(query).terms:
        lat, long = map(python_value, place)
        if isinstance(city, NamedNode) and coordinates({"lat": _plain(lat), "long": _plain(long)}):
            found[city.value] = (float(long), float(lat))
    return found


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


# Parts of an answer


def links(request: Request, total: int, limit: int, offset: int) -> dict[str, str]:
    """The addresses of the other parts of an answer; none when it is whole."""
    if offset == 0 and total <= limit:
        return {}
    places = {"first": 0, "prev": max(0, offset - limit), "next": offset + limit}
    places["last"] = offset + (total - 1 - offset) // limit * limit
    missing = {"prev"} if offset == 0 else {"next"} if offset + limit >= total else set()
    missing |= {"next", "last"} if offset >= total else set()
    rest = [pair for pair in request.query_params.multi_items() if pair[0] not in ("limit", "offset", "page")]
    here_ = f"{base(request)}{quote(here(request))}?"
    wanted = {name: place for name, place in places.items() if name not in missing}
    return {
        name: here_ + urlencode([*rest, ("limit", limit), ("offset", place)], quote_via=quote)
        for name, place in wanted.items()
    }


def saved_as(file: str) -> dict[str, str]:
    """Under which name a browser saves it."""
    return {"Content-Disposition": f"inline; filename*=UTF-8''{quote(file)}"}


def link_header(links: Mapping[str, str]) -> dict[str, str]:
    """The header that names them."""
    return {"Link": ", ".join(f'<{where}>; rel="{name}"' for name, where in links.items())} if links else {}
