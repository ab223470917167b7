"""A question in plain words: the page with what was understood and the answer, and the same as JSON."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from solgraph.formats.rows import without_empty_columns
from solgraph.graph.ask.readings import Asked, Reading
from solgraph.graph.knowledge import Knowledge
from solgraph.web import parameters
from solgraph.web.http import PAGE, negotiate, route
from solgraph.web.openapi import LIST
from solgraph.web.pages.context import context
from solgraph.web.rendering import knowledge, render

_LONGEST, _MOST_ROWS = 300, 50


def ask(request: Request) -> Response:
    """``/ask?q=``: the answer where it is clear what is meant, else the readings; ``pick`` answers another one."""
    form, _ = negotiate(request, LIST)
    values = parameters.read(request, "A question", (), ("q", "pick", "lang", "format"))
    question = parameters.single(values, "q").strip()[:_LONGEST]
    pick = parameters.whole_number(values, "pick", least=1)
    kg = knowledge(request)
    asked = kg.ask(question) if question else None
    if form is not PAGE:
        return JSONResponse(asked.as_dict() if asked is not None else {"question": "", "readings": []})
    parts = [_shown(kg, part, pick) for part in (asked.parts or [asked])] if asked is not None else []
    return render(request, "ask.html", **context(request), question=question, asked=asked, parts=parts, kg=kg)


def _shown(kg: Knowledge, asked: Asked, pick: int | None) -> dict[str, Any]:
    """A question, the reading that is answered if there is one, and the first rows of its answer."""
    reading: Reading | None = asked.pick(pick) if pick else asked[0] if asked.is_sure else None
    answer = reading.run() if reading else None
    shown: dict[str, Any] = {"asked": asked, "reading": reading, "answer": answer, "table": None, "rows": []}
    if answer is not None and answer.boolean is None and not answer.holds_triples:
        shown["table"] = without_empty_columns(answer.table)
        shown["rows"] = shown["table"].gathered()[:_MOST_ROWS]
    return shown


routes = [route("/ask", ask)]
