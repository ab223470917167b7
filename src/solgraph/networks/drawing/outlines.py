"""Outlines of Europe's countries, as ``tools/europe.py`` drew them from Natural Earth (public domain)."""

import json
from functools import cache
from itertools import accumulate
from pathlib import Path

from solgraph.networks.drawing.layout import Point

CREDIT = "Outlines: Natural Earth"
_ASSET = Path(__file__).with_name("europe.json")


@cache
def outlines() -> dict[str, list[list[Point]]]:
    """Country → its rings, in the kilometres of :func:`solgraph.networks.drawing.layout.project`."""
    return {name: [_points(steps) for steps in rings] for name, rings in outline_steps().items()}


@cache
def outline_steps() -> dict[str, list[list[int]]]:
    """The same as it is stored: x and y of the first point, then steps to the next one."""
    countries: dict[str, list[list[int]]] = json.loads(_ASSET.read_text(encoding="utf-8"))["countries"]
    return countries


def _points(steps: list[int]) -> list[Point]:
    return list(zip(accumulate(steps[::2]), accumulate(steps[1::2]), strict=True))
