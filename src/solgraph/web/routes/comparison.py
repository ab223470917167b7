"""``/compare``: two to four cities side by side."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from solgraph.errors import ParameterError
from solgraph.formats.media import WORKBOOKS, Form
from solgraph.formats.workbook import Sheet
from solgraph.graph.answer import Answer
from solgraph.graph.answer_sheets import sheets
from solgraph.graph.knowledge import Knowledge
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.graph.snapshot import value_of as value
from solgraph.rdf.namespaces import slug
from solgraph.rdf.terms import fold
from solgraph.web.http import BY_FORM_AND_LANGUAGE, choose, file_name, route
from solgraph.web.openapi import ANSWERS
from solgraph.web.pages.city import around
from solgraph.web.pages.comparison import COLUMNS, MOST, answer, compared
from solgraph.web.pages.context import account, context, snapshot_of
from solgraph.web.pages.panels import contents
from solgraph.web.problems import Problem
from solgraph.web.rendering import SECURITY, chain, knowledge, render

#: More names than these are not even looked up.
_MOST_NAMES = 20
_MOST_EXAMPLES = 4
_TAKEN = [form for form in ANSWERS if form.name in ("csv", "xlsx", "json")]


def compare(request: Request) -> Response:
    """``/compare?city=milan&city=bologna`` is a page, ``/compare.csv?…`` are rows."""
    wanted = [text for text in request.query_params.getlist("city") if text.strip()][:_MOST_NAMES]
    cities, faults = _cities(wanted, request.app.state.kg)
    if "ending" in request.path_params:
        return _data(request, cities, faults, *choose(request, ANSWERS))
    return _page(request, cities, faults)


def _cities(wanted: Iterable[str], kg: Knowledge) -> tuple[list[str], list[ParameterError]]:
    cities: dict[str, None] = {}
    faults = []
    for text in wanted:
        try:
            cities[kg.find(text[:200], "sg:City")] = None
        except ParameterError as error:
            faults.append(error)
    return list(cities), faults


def _data(
    request: Request, cities: Sequence[str], faults: Sequence[ParameterError], form: Form[Any], media_type: str
) -> Response:
    if faults or not 1 < len(cities) <= MOST:
        what = faults[0].what if faults else f"Two to {MOST} cities can be compared, not {len(cities)}."
        hint = "Name each of them, as in /compare.csv?city=milan&city=bologna."
        raise Problem(404 if faults else 400, detail=what, hint=faults[0].hint if faults else hint, parameter="city")
    kg = knowledge(request)
    found = answer(kg, compared(kg.snapshot, cities, context(request)["label"], chain(request)))
    headers = {**BY_FORM_AND_LANGUAGE, **file_name(f"compare.{form.endings[0]}")}
    headers |= SECURITY if form.name == "html" else {}
    content = form.write(_sheets(request, found, cities)) if form in WORKBOOKS else found.content(form.name)
    return Response(content, headers=headers, media_type=media_type)


def _sheets(request: Request, found: Answer[Any], cities: Sequence[str]) -> list[Sheet]:
    label = context(request)["label"]
    return sheets(found, account(request, "compare.title", COLUMNS, {"cities": ", ".join(map(label, cities))}))


def _page(request: Request, cities: Sequence[str], faults: Sequence[ParameterError]) -> Response:
    snapshot, common = snapshot_of(request), context(request)
    is_many = len(cities) > MOST
    done = not is_many and len(cities) > 1
    status = HTTPStatus.NOT_FOUND if faults else HTTPStatus.BAD_REQUEST if is_many else HTTPStatus.OK
    return render(
        request,
        "compare.html",
        status,
        **common,
        chosen=cities,
        most=MOST,
        is_many=is_many,
        names=_names(sorted(snapshot.label_index.iris("sg:City")), common),
        faults=faults,
        forms=_TAKEN,
        chain=chain(request),
        near=[city for city, _ in around(snapshot, cities[0], common["label"]) if city not in cities] if done else [],
        compared=compared(snapshot, cities, common["label"], chain(request)) if done else None,
        examples=[] if cities else _examples(snapshot, common["label"]),
    )


def _examples(snapshot: Snapshot, label: Label) -> list[tuple[str, str]]:
    """The cities of which most is known, each with that other city with a report with which it shares most."""
    described = contents(snapshot).items()
    known = {city: sum(int(value(number)) for number in numbers if number) for city, numbers in described}
    pairs: dict[frozenset[str], tuple[str, str]] = {}
    for city in sorted(known, key=lambda city: (-known[city], city))[:_MOST_EXAMPLES]:
        other = next((other for other, _ in around(snapshot, city, label) if other in known), "")
        pairs |= {frozenset((city, other)): (city, other)} if other else {}
    return [*pairs.values()]


def _names(cities: Sequence[str], common: Mapping[str, Any]) -> dict[str, str]:
    """City → a text that names it alone: its name, or its slug where others have that name too; by name."""
    names = sorted(((common["label"](city), city) for city in cities), key=lambda pair: (fold(pair[0]), pair[1]))
    times = Counter(name for name, _ in names)
    return {city: slug(city) if times[name] > 1 else name for name, city in names}


routes = [
    route("/compare", compare),
    route("/compare.{ending}", compare),
]
