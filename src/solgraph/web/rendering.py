"""Templates → pages: the language of the reader, addresses that work on a server and as files, labels."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from solgraph.graph.names import LabelIndex, languages
from solgraph.rdf.namespaces import BASE, shorten

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "it", "pl")
#: Nothing from elsewhere, no script or style but our own files.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. Templates know ``t(key)``, ``href(path)``, ``path(iri)``, ``language`` and what is given here."""
    known = {"request": request, "language": language(request), "here": here(request)}
    text = _environment().get_template(template).render(**known | values)
    headers = {"Content-Language": language(request), "Vary": "Accept, Accept-Language, Cookie", **SECURITY}
    return HTMLResponse(text, status, headers)


def language(request: Request) -> str:
    """The language of the page: of ``?lang=``, of the cookie ``lang``, of the browser, else English."""
    asked = [request.query_params.get("lang", ""), request.cookies.get("lang", "")]
    asked += [one.partition(";")[0] for one in request.headers.get("accept-language", "").split(",")]
    known = (one.strip().lower().partition("-")[0] for one in asked)
    return next((one for one in known if one in LANGUAGES), "en")


def chain(request: Request) -> tuple[str, ...]:
    """The fallback chain of labels: the languages of ``?lang=pl,it``, else the language of the page, then English."""
    return languages(request.query_params.get("lang") or language(request))


def labelled(request: Request, iris: Iterable[str]) -> dict[str, str]:
    """The labels of IRIs in the reader's language, with one query; the short form of an IRI that has none."""
    index: LabelIndex = request.app.state.kg.snapshot.label_index
    wanted = set(iris)
    return {iri: shorten(iri) for iri in wanted} | index.labels(wanted, chain(request))


def path(iri: str) -> str:
    """Where the page of an IRI lies here: ``/doc/city/milan``, ``/vocab/status/running``; others stay as they are."""
    if not iri.startswith(BASE):
        return iri
    local = iri.removeprefix(BASE)
    return f"/doc/{local.removeprefix('id/')}" if local.startswith("id/") else f"/{local}"


def here(request: Request) -> str:
    """The path of the page, as ``address`` takes it."""
    whole: str = request.scope["path"]
    root: str = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    return whole.removeprefix(root) or "/"


def address(request: Request, where: str, **query: str | Sequence[str]) -> str:
    """The address of a path of this site, from wherever the page lies; of files when the site is written as such.

    A list gives a word of the query several times.
    """
    if not where.startswith("/"):
        return where
    if relative := request.scope.get("solgraph.relative"):
        return str(relative(where, query))
    words = urlencode(query, doseq=True, quote_via=quote)
    return f"{request.scope.get('root_path', '')}{quote(where, safe='/#:~')}{'?' if words else ''}{words}"


@pass_context
def _href(context: Context, where: str, **query: str) -> str:
    return address(context["request"], where, **query)


@pass_context
def _in_language(context: Context, code: str) -> str:
    """Where the same page is in another language: by a cookie, or as another file."""
    request: Request = context["request"]
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    if request.scope.get("solgraph.static"):
        return address(request, here(request), **dict(asked), lang=code)
    back = here(request) + ("?" + urlencode(asked, quote_via=quote) if asked else "")
    return address(request, f"/language/{code}", to=back)


@pass_context
def _translated(context: Context, key: str, **values: Any) -> str:
    """A text of the interface in the language of the page."""
    told = _texts(context["language"]).get(key) or _texts("en")[key]
    return told.format(**values) if values else told


def word(language: str, kind: str, name: str, otherwise: str = "") -> str:
    """A word of the interface in that language, else in English, else ``otherwise``."""
    key = f"{kind}.{name}"
    return _texts(language).get(key) or _texts("en").get(key) or otherwise or name


@pass_context
def _word(context: Context, kind: str, name: str, otherwise: str = "") -> str:
    """A word of the interface that need not be there, such as that for a property or a column."""
    return word(context["language"], kind, name, otherwise)


_MONTH = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])\b(?!-)")


@pass_context
def _dated(context: Context, text: str) -> str:
    """A date or span in words: of ``2016– (2017-06)`` the month has a name, and the brackets say as of when."""
    months = _translated(context, "date.months").split()
    told = _MONTH.sub(lambda found: f"{months[int(found[2]) - 1]} {found[1]}", text)
    return re.sub(r"\((.+)\)$", lambda found: f"({_translated(context, 'date.asof', date=found[1])})", told)


@cache
def spoken(language: str, *kinds: str) -> dict[str, str]:
    """English texts of these kinds, as the program has them outside the templates → the same in that language."""
    english = _texts("en")
    return {english[key]: told for key, told in _texts(language).items() if key.partition(".")[0] in kinds}


def words_of_drawing(language: str) -> dict[str, str]:
    """The words of the drawing of a network, those of its data among them; none in English, which it speaks."""
    columns = {key.partition(".")[2]: told for key, told in _texts(language).items() if key.startswith("column.")}
    named = {name.replace("_", " "): told for name, told in columns.items()}
    return {} if language == "en" else named | spoken(language, "class", "drawing", "measure")


@pass_context
def _say(context: Context, text: str) -> str:
    """A text of the program in the language of the page; one that is not of the interface stays as it is."""
    return spoken(context["language"], "class", "drawing", "figure", "help", "measure", "reads").get(text, text)


@cache
def _texts(language: str) -> Mapping[str, str]:
    found: dict[str, str] = yaml.safe_load((HERE / "languages" / f"{language}.yaml").read_text(encoding="utf-8"))
    return found


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"t": _translated, "href": _href, "path": path, "languages": LANGUAGES}
    environment.globals |= {"in_language": _in_language, "word": _word, "say": _say}
    environment.filters["dated"] = _dated
    return environment


def by_label(pairs: Iterable[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """Pairs of IRI and label in the order of the labels."""
    return sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0]))
