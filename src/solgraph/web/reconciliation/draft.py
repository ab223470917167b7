"""The draft of version 1.0 of the API: the same questions and answers in other JSON."""

from collections.abc import Sequence

from solgraph.graph.reconciliation.candidates import Condition, Question
from solgraph.graph.reconciliation.properties import PROPERTIES, from_id
from solgraph.web.reconciliation.answers import Json, Writer
from solgraph.web.reconciliation.questions import (
    MOST_CONDITIONS,
    MOST_QUERIES,
    limit_of,
    list_in,
    object_in,
    property_of,
    refuse_unknown,
    text_in,
    types,
    values_in,
    wrong,
)

_QUERY = ("conditions", "type", "limit", "lang", "dir")
_CONDITION = ("matchType", "propertyId", "propertyValue", "required", "matchQuantifier")
#: What stands in both manifests alike.
_SAME = ("name", "documentation", "logo", "serviceVersion", "defaultTypes", "batchSize")
_KINDS, _QUANTIFIERS = ("name", "id", "property"), ("any", "all", "none")


def batch(content: object) -> list[Question]:
    """The queries of a batch, in their order. Raises :class:`~solgraph.web.problems.Problem` 400 and 413."""
    body = object_in(content, "The body")
    refuse_unknown(body, ("queries",), "The body")
    queries = list_in(body.get("queries"), "The body", "queries", MOST_QUERIES)
    return [_question(query, f"Query {number}") for number, query in enumerate(queries, 1)]


def _question(query: object, where: str) -> Question:
    query = object_in(query, where)
    refuse_unknown(query, _QUERY, where)
    rows = list_in(query.get("conditions"), where, "conditions", MOST_CONDITIONS)
    if not rows:
        raise wrong(where, "conditions", "is empty")
    names = [name for row in rows for name in _names(row, where)]
    if len(names) > 1:
        raise wrong(where, "conditions", f"hold {len(names)} names; a query has one")
    kind = (text_in(query["type"], where, "type"),) if "type" in query else ()
    conditions = tuple(_condition(row, where) for row in rows if row["matchType"] != "name")
    return Question(
        names[0] if names else "", types(list(kind), where), False, conditions, limit_of(query.get("limit"), where)
    )


def _names(row: object, where: str) -> Sequence[str]:
    """The names of a condition; none for one about an identifier or a property."""
    row = object_in(row, f"{where}, conditions")
    refuse_unknown(row, _CONDITION, where)
    if row.get("matchType") not in _KINDS:
        raise wrong(where, "matchType", f"is none of {', '.join(_KINDS)}")
    if "propertyValue" not in row:
        raise wrong(where, "conditions", "holds a condition without a propertyValue")
    if row["matchType"] == "name" and row.get("matchQuantifier", "any") == "none":
        raise wrong(where, "matchQuantifier", "none is not understood for a name")
    return values_in(row["propertyValue"], where) if row["matchType"] == "name" else ()


def _condition(row: Json, where: str) -> Condition:
    quantifier, required = row.get("matchQuantifier", "any"), row.get("required", False)
    if quantifier not in _QUANTIFIERS:
        raise wrong(where, "matchQuantifier", f"is none of {', '.join(_QUANTIFIERS)}")
    if not isinstance(required, bool):
        raise wrong(where, "required", "is neither true nor false")
    values = values_in(row["propertyValue"], where)
    if row["matchType"] == "id":
        return Condition(PROPERTIES["iri"], tuple(map(from_id, values)), quantifier, required)
    return Condition(property_of(row.get("propertyId"), where), values, quantifier, required)


def results(writer: Writer, questions: Sequence[Question]) -> Json:
    """The candidates for each question, in their order."""
    return {"results": [{"candidates": writer.candidates(question)} for question in questions]}


def extension(answer: Json) -> Json:
    """The values of properties of things, as lists in place of objects."""
    rows = [
        {"id": thing, "properties": [{"id": name, "values": values} for name, values in row.items()]}
        for thing, row in answer["rows"].items()
    ]
    return {"meta": answer["meta"], "rows": rows}


def manifest(current: Json, root: str) -> Json:
    """The manifest of the draft, from that of version 0.2."""
    preview = {name: current["preview"][name] for name in ("width", "height")}
    kept = {
        name: current[name] for name in ("name", "documentation", "logo", "serviceVersion", "defaultTypes", "batchSize")
    }
    return {
        "versions": ["1.0-draft"],
        **kept,
        "view": {"url": f"{root}/doc/{{+id}}"},
        "preview": preview,
        "suggest": dict.fromkeys(current["suggest"], True),
        "extend": {"proposeProperties": True},
        "standardizedScore": True,
    }
