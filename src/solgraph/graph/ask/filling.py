"""What a question mentions as the values of the parameters of a saved query."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from solgraph.graph.ask.examples import Parameter, Query, Word, scheme_of
from solgraph.graph.ask.meanings import GENERIC, meanings_of
from solgraph.graph.ask.mentions import INITIATIVE_KINDS, ITS_CITY, Mention, Mentions, Years
from solgraph.rdf.namespaces import VOCAB

#: Kind of a thing → the classes of parameters that take it.
_INITIATIVES = "Initiative Programme Collaboration AdvocacyAction"
CLASSES = {
    "city": "City Place Actor", ITS_CITY: "City Place", "country": "Country Place",
    "place": "Place Region Neighbourhood",
    "network": "Network Organisation Actor", "person": "Person Actor", "law": "Law", "source": "Source",
    "organisation": "Actor Organisation PublicBody CivilSocietyOrganisation",
} | dict.fromkeys(INITIATIVE_KINDS, _INITIATIVES)  # fmt: skip
#: Value of a parameter → the meanings of words for it, where they differ.
MEANINGS = {"sort": {"kind"}, "year": {"when"}, "cities": {"member", "largest"}}
#: Scheme → the meanings of words that stand for one of its concepts.
CONCEPTS = {
    "finding-kind": {
        "obstacle": "stumbling-block", "success": "success-factor", "criticism": "criticism", "outcome": "outcome",
        "unclear": "unclear", "example": "example", "learn": "learning", "idea": "innovative-idea",
    },
    "collaboration-kind": {"neighbour": "inter-municipal"},
    "programme-kind": {"council": "council"},
    "status": {status: status for status in ("running", "ended", "planned", "blocked")},
}  # fmt: skip
#: Meanings of words that choose no concept by name; a status is chosen by its meaning.
NO_CHOICE = GENERIC.union(CONCEPTS["status"])
#: Words before a city that is a place, and does not act.
PLACED = frozenset("in im w we a ad at about on uber su o na bei for fur per dla".split())
#: What may be asked for together.
COMBINED = "network organisation theme programme-kind collaboration-kind beneficiary service".split()


class Filled(NamedTuple):
    """Parameters with their values, the mentions that they use up, and whether all that are required have one."""

    values: dict[str, Any]
    used: frozenset[Mention]
    uses_years: bool
    uses_number: bool
    is_whole: bool


def fill(query: Query, asked: Mentions, words: Sequence[Word]) -> Filled:
    """The parameters of a query that a question fills: things by class or scheme first, then those that take any."""
    values: dict[str, Any] = {}
    used: set[Mention] = set()
    said = {feature for word in words for feature in word.features}
    params = [param for param in query.params if param.type != "sg:Actor" or said & set(meanings_of(param.name))]
    for takes in (_takes_typed, _takes_any):
        for mention in asked.things:
            acts = _is_actor(mention, asked, said)
            taking = [param for param in params if acts or param.type != "sg:Actor"]
            if mention.things[0][1] == "person" and not _is_place(mention, asked):  # *reports by Ann Ash*
                taking += [param for param in query.params if param.name == "author" and param not in taking]
            if mention not in used and _put(taking, mention, values, takes):
                used.add(mention)
    uses_years = asked.years is not None and _fill_years(query.params, asked.years, values)
    uses_number = _fill_number(query.params, asked.numbers, values)
    spans = [(mention.start, mention.end) for mention in used]
    left = [word for word in words if not any(start <= word.start < end for start, end in spans)]
    _fill_concepts(query.params, {feature for word in left for feature in word.features}, values)
    _fill_words(query.params, words, values)
    is_whole = all(param.name in values for param in query.params if param.required)
    is_whole = is_whole and not ("with" in values and len(values["with"]) < 2)
    is_whole = is_whole and not ("of" in values and values["by"].startswith(values["of"][:-1]))
    return Filled(values, frozenset(used), uses_years, uses_number, is_whole)


# Things


def _is_actor(mention: Mention, asked: Mentions, said: Collection[str]) -> bool:
    """Whether a mention may name who acts: a city does not where it is asked who, nor with its initiative."""
    kinds = [kind for _, kind in mention.things]
    if kinds[0] != "city":
        return kinds[0] not in INITIATIVE_KINDS or "city" not in kinds
    return "who" not in said and not _is_place(mention, asked)


def _is_place(mention: Mention, asked: Mentions) -> bool:
    """Whether a mention stands behind "in", "about" or the like."""
    before = [word for _, end, word in asked.words if end <= mention.start]
    return bool(before) and before[-1] in PLACED


def _put(params: Iterable[Parameter], mention: Mention, values: dict[str, Any], takes: Any) -> bool:
    """Put what a mention names into the first parameter that takes it and is free."""
    for param in params:
        if param.kind != "iri" or (param.name in values and not param.multiple):
            continue
        for iri, kind in mention.things:
            if any(iri == value or (isinstance(value, list) and iri in value) for value in values.values()):
                return True
            if takes(param, iri, kind, mention):
                values[param.name] = [*values.get(param.name, []), iri] if param.multiple else iri
                return True
    return False


def _takes_typed(param: Parameter, iri: str, kind: str, mention: Mention) -> bool:
    if kind == "concept":
        return bool(param.scheme) and param.scheme == scheme_of(iri) and not _is_generic(mention)
    if kind == "scheme":
        return param.type == "skos:ConceptScheme"
    return param.type.startswith("sg:") and param.type[3:] in CLASSES.get(kind, "").split()


def _is_generic(mention: Mention) -> bool:
    """Whether it says what is asked for, and not which of them: ``cities``, ``projects``."""
    return mention.is_everyday and all(meaning in NO_CHOICE for meaning in meanings_of(mention.text))


def _takes_any(param: Parameter, iri: str, kind: str, mention: Mention) -> bool:
    if param.type or param.scheme:
        return False
    if not param.multiple:
        return kind not in ("concept", "scheme")
    if kind == "concept" and _is_generic(mention):
        return False
    return scheme_of(iri) in COMBINED if kind == "concept" else kind in COMBINED


# Years and numbers


def _fill_years(params: Iterable[Parameter], years: Years, values: dict[str, Any]) -> bool:
    names = {param.name for param in params}
    if "year" in names and years.first == years.last:
        values["year"] = years.first
    elif {"from", "to"} <= names:
        values |= {name: year for name, year in (("from", years.first), ("to", years.last)) if year is not None}
    else:
        return False
    return True


def _fill_number(params: Iterable[Parameter], numbers: Sequence[int], values: dict[str, Any]) -> bool:
    if not numbers or not any(param.name == "least" for param in params):
        return False
    values["least"] = numbers[0]
    return len(numbers) == 1


# Values that words stand for


def _fill_concepts(params: Iterable[Parameter], said: Iterable[str], values: dict[str, Any]) -> None:
    for param in params:
        meant = [concept for word, concept in CONCEPTS.get(param.scheme, {}).items() if word in said]
        if param.name not in values and len(meant) == 1 and not param.multiple:
            values[param.name] = f"{VOCAB}{param.scheme}/{meant[0]}"


def _fill_words(params: Sequence[Parameter], words: Sequence[Word], values: dict[str, Any]) -> None:
    """Values from a list: of two such parameters the first word fills the first; a single one prefers a late word."""
    chosen = [param for param in params if param.values and param.required]
    first = next((word.start for word in words if {"most", "each"} & set(word.features)), 0)
    by_each = any("each" in word.features for word in words)
    spoken = [word for word in words if not {"most", "each"} & set(word.features)]
    late = [word for word in spoken if word.start > first]
    late = [word for word in spoken if "kind" in word.features] + late  # "what sort of project", whatever follows
    orders = [spoken, [*late, *spoken]] if len(chosen) > 1 and not by_each else [[*late, *spoken], spoken]
    taken: set[int] = set()
    for param, order in zip(chosen, orders, strict=False):
        for word in order:
            value = next((value for value in param.values if _stands_for(word, value)), None)
            if value and word.start not in taken:
                taken.add(word.start)
                values[param.name] = value
                break


def _stands_for(word: Word, value: str) -> bool:
    singular = f"{value[:-3]}y" if value.endswith("ies") else value.removesuffix("s")
    return bool({value, singular, *MEANINGS.get(value, ())} & set(word.features))
