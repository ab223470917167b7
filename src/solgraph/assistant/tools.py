"""The tools of an assistant: one table of what each is for, what it takes and what it gives."""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, NamedTuple

from solgraph.assistant import answers, descriptions, figures, finding
from solgraph.assistant.answers import USUAL_NOTES
from solgraph.assistant.arguments import check, schema
from solgraph.assistant.pages import MOST, USUAL, Page, Reply
from solgraph.assistant.sources import Json
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import languages
from solgraph.graph.search.cards import KINDS


class Tool(NamedTuple):
    """A tool: what it is called and what for, the schemas of what it takes and gives, and the function that answers.

    The function gets the graph, the part of the answer that is wanted, and the other arguments by name.
    """

    name: str
    title: str
    description: str
    takes: Json
    gives: Json
    answer: Callable[..., Reply]


def _text(description: str, **further: Any) -> Json:
    return {"type": "string", "description": description, **further}


def _needed(description: str) -> Json:
    return _text(description, minLength=1)


def _number(description: str, least: int, **further: Any) -> Json:
    return {"type": "integer", "description": description, "minimum": least, **further}


def _list(of: str, description: str) -> Json:
    return {"type": "array", "items": {"type": of}, "description": description}


def _gives(required: str, **properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": required.split()}


_LANG = _text("language of names and texts: en, de, it, pl, or several in order of preference, such as pl,en")
_PARAMETERS = {
    "type": "object",
    "description": "parameters by name, as the tool queries lists them; things by name in any language",
}
_PAGED: Mapping[str, Json] = {
    "limit": _number("how many at most", 1, maximum=MOST, default=USUAL),
    "offset": _number("how many to leave out, for the following part", 0, default=0),
    "lang": _LANG,
}
_TOTAL: Mapping[str, Json] = {
    "total": {"type": "integer"},
    "offset": {"type": "integer"},
    "rest": _text("which part this is, and how to get the next; missing where it is the whole"),
}
_ROWS = _list("object", "values by column; a thing has name, iri, and url where its document is on the web")
_NOTES = _list("object", "what qualifies the answer: unclear points, complete lists that say no, silence")
_ANSWER: Mapping[str, Json] = {
    "query": _text("the saved query"),
    "question": _text("what it answers"),
    "parameters": {"type": "object", "description": "the parameters as they were understood"},
    "columns": {"type": "object", "description": "what each column means"},
    "rows": _ROWS,
    "sources": _text("where the statements were read, if the rows do not name that"),
    "answer": {"type": "boolean", "description": "for a question that is answered by yes or no"},
    "turtle": _text("for a query whose answer is RDF"),
    "notes": _NOTES,
    "more_notes": _text("how many more notes there are, and how to get them"),
    "address": _text("where the answer is on the web"),
    "data": _text("version of program and data"),
    **_TOTAL,
}


_TABLE = (
    Tool(
        "search",
        "Search names and texts",
        "Find cities, networks, programmes, findings, numbers, concepts, documents and saved queries by words in any "
        "language; endings and typing errors do not matter. Each hit has its address and the text that shows why.",
        schema(
            {
                "words": _needed("what to look for, such as health care or Mediolan"),
                "kind": _text("only hits of this kind", enum=list(KINDS)),
                "country": _text("only what is in this country, or about a place there; a name in any language"),
                **_PAGED,
            },
            ("words",),
        ),
        _gives(
            "hits total", words=_text("what was looked for"), hits=_ROWS, notes=_list("string", "sentences"), **_TOTAL
        ),
        finding.searched,
    ),
    Tool(
        "queries",
        "Find saved queries",
        "List the saved queries that match some words, best first; with a name, everything about that query: the JSON "
        "Schema of its parameters with allowed values, its columns, questions that it answers, an example.",
        schema(
            {
                "words": _text("words in any language, such as mayor year; none for all queries"),
                "name": _text("a saved query, to learn its parameters and columns"),
                **_PAGED,
            }
        ),
        _gives("", queries=_list("object", "name, summary, parameters (? for optional ones)"), **_TOTAL),
        finding.catalogue,
    ),
    Tool(
        "query",
        "Answer a saved query",
        "Answer a saved query. Each row names its sources with their addresses. The notes belong to the answer: what "
        "the sources leave unclear, where a complete list says no, and that an empty answer otherwise means silence.",
        schema(
            {
                "name": _needed("a saved query, such as networks-of-city"),
                "parameters": _PARAMETERS,
                "notes": _number("how many notes at most", 0, maximum=MOST, default=USUAL_NOTES),
                **_PAGED,
            },
            ("name",),
        ),
        _gives("query question parameters", **_ANSWER),
        answers.queried,
    ),
    Tool(
        "ask",
        "Ask in plain words",
        "Find the saved query that a question in plain English, German, Italian or Polish means, and answer it if that "
        "is clear; else its readings, one of which can be picked. No language model is used: nothing is guessed.",
        schema(
            {
                "question": _needed("such as: Who was mayor of Milan in 2014?"),
                "pick": _number("answer this reading of the question", 1, maximum=3),
                **_PAGED,
            },
            ("question",),
        ),
        _gives(
            "question sure answers readings",
            question=_text("the question"),
            sure={"type": "boolean", "description": "whether it is clear what is meant"},
            answers=_list("object", "as of the tool query, with what was understood and what was left out"),
            readings=_list("object", "what the question may mean"),
            hits=_list("object", "what the texts have on it, where it is not answered"),
        ),
        finding.asked,
    ),
    Tool(
        "describe",
        "Describe a thing",
        "Everything known about a city, network, person, programme, document, passage or concept, with the sources: "
        "facts, and what points to it (memberships, terms of office, findings …) in groups, of which the first are "
        "shown; with a group, that group part by part.",
        schema(
            {
                "thing": _needed("a name in any language, a short form such as city:milan, or an IRI"),
                "group": _text("one of the groups of the description, such as Membership or Finding"),
                **_PAGED,
            },
            ("thing",),
        ),
        _gives(
            "name iri groups",
            name=_text("what it is called"),
            iri=_text("its address"),
            kinds=_list("string", "its classes"),
            summary=_list("object", "texts with their sources"),
            facts=_list("object", "property, values, sources"),
            groups={"type": "object", "description": "what points to it, by class: total, and the things shown"},
        ),
        descriptions.described,
    ),
    Tool(
        "network",
        "Measure a network",
        "Figures of a network of cities and what they share (density, components, communities …), each with what it "
        "means; with a measure, its nodes ranked by that. Views: the saved queries whose is_network is true.",
        schema(
            {
                "view": _needed("a network view, such as alliances, memberships or shared-members"),
                "parameters": _PARAMETERS
                | {"description": "parameters and network options, as the tool queries has them"},
                "by": _text("rank the nodes by this measure, such as degree, betweenness or community"),
                **_PAGED,
            },
            ("view",),
        ),
        _gives("view rows", view=_text("the view"), rows=_ROWS, notes=_list("string", "what was left out"), **_TOTAL),
        figures.measured,
    ),
    Tool(
        "cite",
        "Cite",
        "The citation of a document, a passage, a fact (by the passages on which it rests), or the answer to a saved "
        "query with its parameters, the version of the data and the date.",
        schema(
            {
                "name": _needed("a document, passage or fact (a name, source:dreher-2024, an IRI), or a saved query"),
                "parameters": _PARAMETERS,
                "style": _text("how it is written", enum=figures.STYLES, default="text"),
                "lang": _LANG,
            },
            ("name",),
        ),
        _gives("citation items", citation=_text("the citation"), items=_list("object", "as CSL-JSON")),
        figures.cited,
    ),
)
TOOLS = {tool.name: tool for tool in _TABLE}


def call(kg: Knowledge, tool: Tool, arguments: Mapping[str, Any]) -> Reply:
    """The reply of a tool in the language that is asked for. Raises :class:`SolgraphError`."""
    values = {name: value for name, value in arguments.items() if value is not None}
    check(tool.name, tool.takes, values)
    page = Page(values.pop("limit", USUAL), values.pop("offset", 0))
    return tool.answer(in_language(kg, values.pop("lang", "")), page, **values)


def in_language(kg: Knowledge, lang: str) -> Knowledge:
    """The same graph with labels in these languages; in its own where none are named."""
    if not lang:
        return kg
    other = copy(kg)
    other.languages = languages(lang)
    return other
