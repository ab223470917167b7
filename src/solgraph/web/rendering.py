"""Templates → pages: the language of the reader, addresses that work on a server and as files, labels."""

import re
from collections.abc import Iterable, Sequence
from copy import copy
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from solgraph.graph.citation import is_statement, statement_of
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import languages
from solgraph.rdf.namespaces import BASE, shorten
from solgraph.texts import coded, sentence, texts, word
from solgraph.web.http import BY_FORM_AND_LANGUAGE, LANGUAGES, language, path_on_site, root_address
from solgraph.web.libraries import library_address
from solgraph.web.problems import Problem

HERE = Path(__file__).parent
#: Nothing from elsewhere, no script or style but our own files.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
#: Pages that no word of the query changes but the language.
_DOCUMENTS = ("/doc/", "/vocab/", "/graph/")
_MONTH = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])\b(?!-)")


def render(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. Templates have ``t(key)``, ``href(path)``, ``path(iri)``, ``at(iri)``, ``language`` and ``values``."""
    shared = {"request": request, "language": language(request), "here": path_on_site(request), "structured": ""}
    shared["picture"] = picture = values.get("picture", "")
    shared["preview"] = absolute(request, picture or "/assets/preview.png") if _has_address(request) else ""
    shared["alternates"] = _alternates(request) if shared["preview"] and status == HTTPStatus.OK else {}
    text = _environment().get_template(name).render(**shared | values)
    headers = {"Content-Language": language(request), **BY_FORM_AND_LANGUAGE, **SECURITY}
    return HTMLResponse(text, status, headers)


def drawing(name: str, **values: Any) -> str:
    """A template that is no page, such as a picture."""
    return _environment().get_template(name).render(**values)


# Languages and labels


def chain(request: Request) -> tuple[str, ...]:
    """The fallback chain of labels: the languages of ``?lang=pl,it``, else the language of the page, then English."""
    return languages(request.query_params.get("lang") or language(request))


def knowledge(request: Request) -> Knowledge:
    """The graph, with labels in the reader's languages."""
    kg: Knowledge = copy(request.app.state.kg)
    kg.languages = chain(request)
    return kg


def labelled(request: Request, iris: Iterable[str]) -> dict[str, str]:
    """The labels of IRIs in the reader's language, with one query; the short form of an IRI that has none."""
    wanted = set(iris)
    return {iri: shorten(iri) for iri in wanted} | knowledge(request).snapshot.labels_of(wanted, chain(request))


# Addresses


def path(iri: str) -> str:
    """Where the page of an IRI lies here: ``/doc/city/milan``, ``/vocab/status/running``; others stay as they are."""
    if not iri.startswith(BASE):
        return iri
    local = iri.removeprefix(BASE)
    return f"/doc/{local.removeprefix('id/')}" if local.startswith("id/") else f"/{local}"


def address(request: Request, where: str, /, **query: str | Sequence[str]) -> str:
    """The address of a path of this site, from wherever the page lies; of files when the site is written as such.

    A list gives a word of the query several times.
    """
    if not where.startswith("/"):
        return where
    if relative := request.scope.get("solgraph.relative"):
        return str(relative(where, query))
    words = urlencode(query, doseq=True, quote_via=quote)
    return f"{request.scope.get('root_path', '')}{quote(where, safe='/#:~%')}{'?' if words else ''}{words}"


def absolute(request: Request, where: str, /, **query: str | Sequence[str]) -> str:
    """The same address with scheme and host; without them where a client or the files do not say what they are."""
    here = address(request, where, **query)
    if request.scope.get("solgraph.relative"):
        return here.replace("solgraph.link.", "solgraph.page.", 1)
    try:
        return root_address(request) + here.removeprefix(request.scope.get("root_path", ""))
    except Problem:
        return here


def _has_address(request: Request) -> bool:
    """Whether others can be told where the page is: of files it may be unknown, and nobody takes a relative address."""
    plan = request.scope.get("solgraph.static")
    return plan is None or bool(plan.base_url)


def _alternates(request: Request) -> dict[str, str]:
    """Language → where the same page is in it, ``x-default`` for that of the reader, ``canonical`` for this one."""
    where = path_on_site(request).removesuffix(".html")
    words: dict[str, list[str]] = {}
    for key, value in request.query_params.multi_items():
        if key != "lang" and not where.startswith(_DOCUMENTS):
            words.setdefault(key, []).append(value)
    found = {code: absolute(request, where, **words, lang=code) for code in _made_in(request)}
    plain = absolute(request, where, **words)
    if request.scope.get("solgraph.static"):
        return {**found, "x-default": found["en"], "canonical": plain}
    return {**found, "x-default": plain, "canonical": found.get(request.query_params.get("lang", ""), plain)}


def _made_in(request: Request) -> Sequence[str]:
    """The languages in which there is this page: all but for some pages of a site of files."""
    plan = request.scope.get("solgraph.static")
    return plan.languages(path_on_site(request).removesuffix(".html")) if plan else LANGUAGES


@pass_context
def _href(context: Context, where: str, **query: str) -> str:
    return address(context["request"], where, **query)


@pass_context
def _scripts(context: Context, where: str) -> list[str]:
    """The addresses of a script with data: on a site of files first the English one, which others change."""
    request: Request = context["request"]
    is_whole = language(request) == LANGUAGES[0] or not request.scope.get("solgraph.static")
    return [*([] if is_whole else [address(request, where, lang=LANGUAGES[0])]), address(request, where)]


@pass_context
def _at(context: Context, iri: str) -> str:
    """The address of the page of an IRI."""
    return address(context["request"], path(iri))


@pass_context
def _in_language(context: Context, code: str) -> str:
    """Where the same page is in another language: by a cookie, or as another file."""
    request: Request = context["request"]
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    if request.scope.get("solgraph.static"):
        where = path_on_site(request) if code in _made_in(request) else "/"
        return address(request, where, **dict(query), lang=code)
    back = path_on_site(request) + ("?" + urlencode(query, quote_via=quote) if query else "")
    return address(request, f"/language/{code}", to=back)


# The words of the interface


@pass_context
def _translated(context: Context, key: str, **values: Any) -> str:
    """A text of the interface in the language of the page."""
    return sentence(context["language"], key, **values)


@pass_context
def _word(context: Context, kind: str, name: str, otherwise: str = "") -> str:
    """A word of the interface that may be missing, such as that for a property or a column."""
    return word(context["language"], kind, name, otherwise)


@pass_context
def _coded(context: Context, text: str, column: str) -> str:
    """The text of a cell, in words if it is of a column of codes."""
    return coded(context["language"], column, text)


@pass_context
def _dated(context: Context, text: str) -> str:
    """A date or span in words: of ``2016– (2017-06)`` the month has a name, and the brackets say as of when."""
    months = _translated(context, "date.months").split()
    dated = _MONTH.sub(lambda month: f"{months[int(month[2]) - 1]} {month[1]}", text)
    return re.sub(r"\((.+)\)$", lambda span: f"({_translated(context, 'date.asof', date=span[1])})", dated)


@cache
def translations(language: str, *kinds: str) -> dict[str, str]:
    """English texts of these kinds, as the program has them outside the templates → the same in that language."""
    english = texts("en")
    return {english[key]: text for key, text in texts(language).items() if key.partition(".")[0] in kinds}


def words_of_drawing(language: str) -> dict[str, str]:
    """English word → translation for the drawing of a network, those of its data among them; none for English."""
    columns = {key.partition(".")[2]: text for key, text in texts(language).items() if key.startswith("column.")}
    headings = {name.replace("_", " "): text for name, text in columns.items()}
    return {} if language == "en" else headings | translations(language, "class", "drawing", "measure")


@pass_context
def _say(context: Context, text: str) -> str:
    """A text of the program in the language of the page; one that is not of the interface stays as it is."""
    kinds = ("class", "drawing", "figure", "help", "measure", "reads")
    return translations(context["language"], *kinds).get(text, text)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"t": _translated, "href": _href, "path": path, "at": _at, "languages": LANGUAGES}
    environment.globals |= {"in_language": _in_language, "word": _word, "say": _say, "library": library_address}
    environment.globals |= {"scripts": _scripts, "is_statement": is_statement, "statement_of": statement_of}
    environment.filters |= {"dated": _dated, "coded": _coded}
    return environment
