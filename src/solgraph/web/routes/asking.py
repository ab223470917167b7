"""A question in plain words: the page with what was understood and the answer, and the same as JSON."""

import json
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from solgraph.graph.ask.readings import Asked, Reading
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.search.stored import index_of
from solgraph.graph.shell import in_shell
from solgraph.web import parameters
from solgraph.web.http import PAGE, negotiate, route
from solgraph.web.openapi import LIST, data_forms
from solgraph.web.pages import answers, forms
from solgraph.web.pages.context import context
from solgraph.web.problems import Problem
from solgraph.web.rendering import knowledge, render

_LONGEST, _MOST_ROWS = 300, 50
#: Beside an answer so many hits are shown.
_HITS_BESIDE = 4
#: The saved queries whose first question is an example.
_EXAMPLES = ("mayors", "networks-of-city", "civil-society-programmes", "funding", "changes-in-year", "cities-by-theme")


def ask(request: Request) -> Response:
    """``/ask?q=``: the answer where it is clear what is meant, else the readings; ``pick`` answers another one."""
    form, _ = negotiate(request, LIST)
    values = parameters.read(request, "A question", (), ("q", "pick", "lang", "format"))
    question = parameters.single(values, "q")
    if len(question) > _LONGEST:
        raise Problem(400, detail=f"A question has at most {_LONGEST} letters.", parameter="q")
    pick = parameters.whole_number(values, "pick", least=1)
    kg = knowledge(request)
    asked = kg.ask(question) if question else None
    if form is not PAGE:
        return JSONResponse(_as_dict(asked, pick))
    parts = [_shown(request, kg, part, pick) for part in (asked.parts or [asked])] if asked is not None else []
    is_answered = bool(parts) and all(part["reading"] for part in parts)
    shown: dict[str, Any] = {
        "question": question,
        "asked": asked,
        "parts": parts,
        "kg": kg,
        "thing": _named(kg, question),
    }
    is_lost = asked is None or not (asked.parts or len(asked) or asked.hits.total)
    shown |= {"most_hits": _HITS_BESIDE if is_answered else None, "examples": example_questions(kg) if is_lost else []}
    return render(request, "ask.html", **context(request), **shown)


def _as_dict(asked: Asked | None, pick: int | None) -> dict[str, Any]:
    """Readings and answer as plain values; the answer is that of the reading that was picked."""
    if asked is None:
        return {"question": "", "readings": []}
    if not pick:
        return asked.as_dict()
    answer = asked.pick(pick).run()
    content = None if answer.holds_triples else json.loads(answer.text("json"))
    return asked.as_dict() | {"answer": content}


def _shown(request: Request, kg: Knowledge, asked: Asked, pick: int | None) -> dict[str, Any]:
    """A question, the reading that is answered if there is one, and the first rows of its answer."""
    reading: Reading | None = asked.pick(pick) if pick else asked[0] if asked.is_sure else None
    if reading is None:
        return {"asked": asked, "reading": None}
    answer, texts = reading.run(), {name: value.split("; ") for name, value in reading.parameters.items()}
    shown: dict[str, Any] = {"asked": asked, "reading": reading, "answer": answer, "texts": texts}
    if answer.boolean is None:
        part = answers.part(request, answer, 0, _MOST_ROWS)
        shown |= {"claims": answers.claims(kg, answer, part.rows)}
        shown |= {"part": part, "subjects": list(answers.subjects(answer, part, _flat(reading)))}
    shown["fields"] = forms.fields(kg, reading.saved.params.values(), texts, {})
    shown["forms"] = [form for form in data_forms(reading.saved) if form.name != PAGE.name]
    return shown | {"command": in_shell(reading.call)}


def _flat(reading: Reading) -> Iterator[object]:
    for value in reading.values.values():
        yield from value if isinstance(value, list) else [value]


def _named(kg: Knowledge, question: str) -> str:
    """The thing whose name is all that was asked, if there is only one."""
    parts = index_of(kg.snapshot).recognise(question) if question else []
    things = [part.key for part in parts if part.end - part.start == len(question)]
    return things[0] if len(things) == 1 else ""


def example_questions(kg: Knowledge) -> list[str]:
    """Questions to try, in the reader's language."""
    saved = [kg.snapshot.saved[name] for name in _EXAMPLES if name in kg.snapshot.saved]
    return [question for query in saved for question in _in_language(kg, query)[:1]]


def _in_language(kg: Knowledge, query: Any) -> list[str]:
    return next(filter(None, map(query.asks, (*kg.languages, "en"))), [])


routes = [route("/ask", ask)]
