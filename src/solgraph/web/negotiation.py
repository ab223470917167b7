"""Which of several forms of an answer a client wants: by ``?format=``, or by its Accept header with q-values."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from starlette.requests import Request

from solgraph.web.problems import Problem

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class Offer(NamedTuple):
    """A form in which something can be had: its name, its media type, and further names and media types for it."""

    name: str
    media_type: str
    also: tuple[str, ...] = ()


class _Range(NamedTuple):
    """One media range of an Accept header, such as ``text/*;q=0.5``."""

    kind: str
    quality: float

    def fit(self, media_type: str) -> int:
        """How closely it means a media type: 3 exactly, 2 for ``text/*``, 1 for ``*/*``, 0 not at all."""
        main, _, sub = self.kind.partition("/")
        if self.kind == media_type:
            return 3
        return 0 if sub != "*" else 1 if main == "*" else 2 if media_type.startswith(f"{main}/") else 0


def preferred(request: Request, offers: Sequence[Offer], asked: str = "") -> Offer:
    """The offer that a client prefers; between equals the earlier one, without a preference the first.

    A form asked for by name or media type in ``?format=`` (or in ``asked``, as in the body of a form) wins over the
    Accept header. A media type of ``also`` that is preferred takes the place of the offer's own. Raises
    :class:`Problem` 406, which lists the offers.
    """
    if wanted := asked or request.query_params.get("format", ""):
        return _named(wanted, offers)
    ranges = list(_ranges(",".join(request.headers.getlist("accept"))))
    if not ranges:
        return offers[0]
    found = max(_qualities(ranges, offers), key=lambda pair: pair[0])
    if not found[0]:
        raise _nothing_of("Accept", request.headers["accept"], offers)
    return found[1]


def _named(wanted: str, offers: Sequence[Offer]) -> Offer:
    # An unescaped + of a media type in an address arrives as a space.
    name = wanted.partition(";")[0].strip().replace(" ", "+").lower()
    for offer in offers:
        if name in (offer.name, offer.media_type, *offer.also):
            return offer._replace(media_type=name) if "/" in name else offer
    raise _nothing_of("format", wanted, offers)


def _ranges(accept: str) -> Iterator[_Range]:
    for part in accept.split(","):
        kind, *parameters = (one.strip().lower() for one in part.split(";"))
        qualities = [one[2:].strip() for one in parameters if one.startswith("q=")]
        if "/" in kind and all(map(_QUALITY.fullmatch, qualities)):
            yield _Range(kind, float(qualities[0]) if qualities else 1.0)


def _qualities(ranges: Sequence[_Range], offers: Sequence[Offer]) -> Iterator[tuple[float, Offer]]:
    """Each offer with the quality that the closest range gives it: all under their own media type, then all others."""
    others = [offer._replace(media_type=one) for offer in offers for one in offer.also if "/" in one]
    for offer in (*offers, *others):
        closest = max(ranges, key=lambda one: (one.fit(offer.media_type), one.quality))
        yield closest.quality if closest.fit(offer.media_type) else 0, offer


def _nothing_of(by: str, wanted: str, offers: Sequence[Offer]) -> Problem:
    listed = ", ".join(f"{one.name} ({one.media_type})" for one in offers)
    detail = f"Nothing here fits {by}: {wanted[:200]}. There is {listed}."
    members = [{"format": one.name, "media_type": one.media_type} for one in offers]
    return Problem(406, detail=detail, offers=members)
