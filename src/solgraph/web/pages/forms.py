"""The form of a saved query or network view: fields, what can be chosen in them by label, and faults."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from solgraph.errors import ParameterError
from solgraph.graph.choices import MOST_LISTED, Choice, choices
from solgraph.graph.knowledge import Knowledge
from solgraph.networks.model.selection import SELECTION
from solgraph.queries.parameters import Parameter
from solgraph.queries.saved_query import SavedQuery
from solgraph.rdf.namespaces import shorten, slug
from solgraph.texts import word
from solgraph.web.parameters import Values, option_value
from solgraph.web.problems import Problem, in_address


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


def named(kg: Knowledge, params: Iterable[Parameter], values: Values, language: str) -> list[str]:
    """The values of an answer as a title names them, in the order of the parameters; a flag by its own name."""
    return [_named(kg, param, text, language) for param in params for text in values.get(param.name, []) if text]


def _named(kg: Knowledge, param: Parameter, text: str, language: str) -> str:
    if param.kind == "iri":
        return kg.label(kg.find(text, param.type, param.scheme))
    return word(language, "parameter", param.name) if param.is_flag else word(language, "value", text)


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
