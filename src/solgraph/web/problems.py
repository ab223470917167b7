"""Errors as answers: problem details (RFC 9457), sentences for a terminal, a page for a browser."""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from solgraph.errors import (
    DataError,
    EndpointError,
    MemoryLimit,
    MissingExtra,
    NotAcceptable,
    QueryError,
    QueueFull,
    Refused,
    SolgraphError,
    TimeLimit,
    TooBusy,
    TooLarge,
    reworded,
)
from solgraph.networks.model.selection import SELECTION, argument


class Problem(Exception):
    """An answer that is an error: its HTTP status, a title, what happened and what next, further members and headers.

    The usual title is the phrase of the status.
    """

    def __init__(
        self,
        status: int,
        title: str = "",
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        self.status, self.title, self.detail = status, title or HTTPStatus(status).phrase, detail
        self.headers, self.members = dict(headers or {}), members
        super().__init__(f"{self.title}: {detail}" if detail else self.title)


#: What every answer carries: any page may read it, and no browser guesses what it is.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Location, Retry-After",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STATUS: tuple[tuple[type[SolgraphError], int], ...] = (
    (NotAcceptable, 406),
    (TooLarge, 422),
    (QueueFull, 429),
    (TooBusy, 503),
    (MemoryLimit, 503),
    (TimeLimit, 504),
    (MissingExtra, 501),
    (DataError, 500),
    (EndpointError, 502),
    (Refused, 403),
    (SolgraphError, 400),
)


def from_error(error: SolgraphError) -> Problem:
    """The problem that an error of the library is: 400, or the status of its class.

    A fault in the query comes with its ``line`` and ``column``, both from 1.
    """
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    members: dict[str, Any] = {"hint": in_address(error.hint)} if error.hint else {}
    if isinstance(error, QueryError):
        members |= _place(error.what) or _place(str(error.__cause__))
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooBusy) else None
    title = "Answer too large" if isinstance(error, TooLarge) else ""
    detail = f"{error.where}: {error.what}" if error.where else error.what
    return Problem(status, title, detail, headers=headers, **members)


def in_address(hint: str) -> str:
    """A hint of the library in the words of an address: ``/queries/mayors?city=Palermo`` and ``?year=2018``."""
    return reworded(hint, _path, lambda name, value: f"?{_asked({name: value})}" if value is not None else _name(name))


def _path(method: str, values: Sequence[Any], named: Mapping[str, Any]) -> str:
    if method == "weights":  # too much for a server
        return f"kg.weights({values[0]!r}) in Python"
    if method == "exported":
        return f"/graph/{named['source']}"
    folder = {"query": "queries", "network": "networks"}.get(method, method)
    return "/".join(["", folder, *map(str, values)]) + ("?" if named else "") + _asked(named)


def _asked(named: Mapping[str, Any]) -> str:
    return urlencode({_name(name): value for name, value in named.items()}, doseq=True)


def _name(name: str) -> str:
    return next((option.name for option in SELECTION if argument(option.name) == name), name)


def _place(message: str) -> dict[str, int]:
    if place := re.search(r"\bat (\d+):(\d+)", message):
        return {"line": int(place[1]), "column": int(place[2])}
    place = re.search(r"\(line (\d+)\)", message)
    return {"line": int(place[1])} if place else {}


async def problem_response(request: Request, exc: Exception) -> Response:
    """The handler of Starlette for :class:`Problem`, errors of the library, its own HTTP errors and unexpected ones.

    ``app.state.problem_page``, a function of request and problem, gives the page for browsers.
    """
    problem = _as_problem(exc)
    kind = _kind(request)
    if kind == "text/html":
        response: Response = request.app.state.problem_page(request, problem)
    else:
        response = Response(_WRITERS[kind](problem), problem.status, media_type=kind)
    response.headers.update({**HEADERS, "Vary": "Accept", **problem.headers})
    return response


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, SolgraphError):
        return from_error(error)
    if isinstance(error, HTTPException):
        detail = "" if error.detail == HTTPStatus(error.status_code).phrase else error.detail
        return Problem(error.status_code, detail=detail, headers=error.headers)
    return Problem(500, detail="Something unexpected happened; see the log of the server.")


def _kind(request: Request) -> str:
    """The media type of an error: a page if one is asked for, text for curl and the like, else problem details."""
    accept = ",".join(request.headers.getlist("accept")).lower()
    agent = request.headers.get("user-agent", "").lower()
    if "text/html" in accept or "application/xhtml" in accept:
        return "text/html"
    at_terminal = agent.startswith(("curl/", "wget/")) and "json" not in accept
    return "text/plain" if at_terminal or accept.startswith("text/plain") else "application/problem+json"


def _text(problem: Problem) -> str:
    lines = [problem.detail or f"{problem.title}.", str(problem.members.get("hint", ""))]
    return "".join(f"{line}\n" for line in lines if line)


def _json(problem: Problem) -> str:
    own = {"title": problem.title, "status": problem.status, "detail": problem.detail}
    return json.dumps({key: value for key, value in own.items() if value} | problem.members, ensure_ascii=False)


_WRITERS = {"text/plain": _text, "application/problem+json": _json}
