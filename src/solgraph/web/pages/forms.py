"""The form of a saved query or network view: fields, what can be chosen in them by label, and faults."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from solgraph.errors import ParameterError
from solgraph.graph.knowledge import Knowledge
from solgraph.networks.model.selection import SELECTION
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import shorten, slug
from solgraph.rdf.terms import fold
from solgraph.web.parameters import Values, option_value
from solgraph.web.problems import Problem, in_address

#: More choices than this are suggested while somebody types, not listed.
MOST_LISTED = 150
_MOST_SUGGESTED = 3000


class Choice(NamedTuple):
    """A thing or value that can be chosen: what is sent, and what a reader sees."""

    value: str
    label: str


class Fault(NamedTuple):
    """What is wrong with the value of a parameter, and what next."""

    what: str
    hint: str


class Field(NamedTuple):
    """A field of a form: its parameter, the texts in it, what can be chosen, and what is wrong."""

    param: Parameter
    texts: Sequence[str]
    choices: Sequence[Choice]
    fault: Fault | None

    @property
    def listed(self) -> bool:
        """Whether the choices are few enough for a list."""
        return 0 < len(self.choices) <= MOST_LISTED

    @property
    def title(self) -> str:
        """The name as a reader sees it."""
        return self.param.name.replace("-", " ").capitalize()


def examples(saved: SavedQuery) -> Values:
    """The example of each parameter that is required."""
    return {param.name: [param.example] for param in saved.params.values() if param.required and param.example}


def fields(kg: Knowledge, params: Iterable[Parameter], values: Values, faults: Mapping[str, Fault]) -> list[Field]:
    """The fields of a form; a name in any language is shown as the choice that it is."""
    return [_field(kg, param, values, faults) for param in params]


def _field(kg: Knowledge, param: Parameter, values: Values, faults: Mapping[str, Fault]) -> Field:
    texts = values.get(param.name, []) or [param.default or ""]
    field = Field(param, texts, choices(kg, param), faults.get(param.name))
    return field._replace(texts=[_chosen(kg, field, text) for text in texts if text]) if field.listed else field


def _chosen(kg: Knowledge, field: Field, text: str) -> str:
    param = field.param
    if param.values or param.is_flag:
        return text
    try:
        iri = kg.find(text, param.type, param.scheme)
    except ParameterError:
        return text
    values = {choice.value for choice in field.choices}
    return next((name for name in (slug(iri), shorten(iri)) if name in values), text)


# Choices


def choices(kg: Knowledge, param: Parameter) -> list[Choice]:
    """All that a parameter takes, by label in the languages of the graph; nothing for texts, numbers, thousands."""
    if values := ("true",) if param.is_flag else param.values:
        return [Choice(value, value) for value in values]
    if param.kind != "iri":
        return []
    key = ("choices", param.type, param.scheme, kg.languages)
    return kg.snapshot.recent(key, lambda: _things(kg, param.type, param.scheme))


def _things(kg: Knowledge, of_class: str, scheme: str) -> list[Choice]:
    bearers: dict[str, set[str]] = {}
    for iri, name in kg.names(of_class, scheme):
        bearers.setdefault(fold(name), set()).add(iri)
        bearers.setdefault(fold(slug(iri)), set()).add(iri)
    iris = {iri for things in bearers.values() for iri in things}
    if len(iris) > _MOST_SUGGESTED:
        return []
    titles = kg.snapshot.label_index.labels(iris, kg.languages)
    things = [Choice(_value(iri, bearers), titles.get(iri) or shorten(iri)) for iri in iris]
    return sorted(_distinct(things), key=lambda choice: (fold(choice.label), choice.value))


def _value(iri: str, bearers: Mapping[str, set[str]]) -> str:
    """How an address names a thing: by its slug if nothing else has that name."""
    return slug(iri) if bearers[fold(slug(iri))] == {iri} else shorten(iri)


def _distinct(things: Sequence[Choice]) -> list[Choice]:
    """Choices with the same label, each with its value behind it."""
    times = Counter(choice.label for choice in things)
    return [Choice(value, f"{label} ({value})" if times[label] > 1 else label) for value, label in things]


# Faults


def faults(kg: Knowledge, saved: SavedQuery, params: Iterable[Parameter], values: Values) -> dict[str, Fault]:
    """What is wrong with each parameter, in the words of the command line."""
    wrong = {}
    for param in params:
        try:
            _check(kg, saved, param, values.get(param.name))
        except ParameterError as error:
            hint = (
                f"For example: {param.example}"
                if param.name not in values and param.example
                else in_address(error.hint)
            )
            wrong[param.name] = Fault(error.what, hint)
        except Problem as problem:
            wrong[param.name] = Fault(problem.detail, str(problem.members.get("hint", "")))
    return wrong


def _check(kg: Knowledge, saved: SavedQuery, param: Parameter, texts: list[str] | None) -> None:
    param.terms(texts, kg.snapshot.label_index, saved.name)
    if texts and param in SELECTION:
        option_value(param, {param.name: texts})


def problem_of(kg: Knowledge, saved: SavedQuery, params: Iterable[Parameter], values: Values) -> Problem | None:
    """The first fault of a request as a problem that names what is allowed."""
    by_name = {param.name: param for param in params}
    for name, fault in faults(kg, saved, by_name.values(), values).items():
        param = by_name[name]
        allowed = [choice.value for choice in choices(kg, param)][: MOST_LISTED * 2]
        members: dict[str, Any] = {"allowed": allowed} if allowed else {}
        missing = param.required and name not in values and param.example
        if hint := f"For example: ?{name}={param.example}" if missing else fault.hint:
            members["hint"] = hint
        return Problem(400, detail=fault.what, parameter=name, **members)
    return None
