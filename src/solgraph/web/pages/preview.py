"""The picture that others show beside a link to a city, a network or a country: its name, key figures and a map."""

import io
import textwrap
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from solgraph.graph.exploration import explorer
from solgraph.graph.exploration.records import countries_of_cities
from solgraph.graph.names import Label
from solgraph.graph.snapshot import Snapshot
from solgraph.networks.drawing.geometry import outlines
from solgraph.networks.drawing.picture import matplotlib_style
from solgraph.rdf.namespaces import ID, SG
from solgraph.texts import word
from solgraph.web.pages import charts
from solgraph.web.pages.city import around
from solgraph.web.pages.drawings import Label as NameOnMap
from solgraph.web.pages.drawings import Map, map_of
from solgraph.web.pages.memberships import networks_of_cities
from solgraph.web.pages.network import layer_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Pixels, and the share of the width that the map takes at the right; the height of the map by its width.
_SIZE, _MAP = (1200, 630), 0.58
_TALL = _SIZE[1] / (_SIZE[0] * _MAP)
#: The colours of a light page.
_INK, _SOFT, _ACCENT, _LAND, _SEA, _PAPER = "#14201d", "#45524e", "#0b6b60", "#e9ece8", "#fafbfa", "#ffffff"
#: Of more colours a picture is no better, and much larger.
_COLOURS = 32
_DRAWN = {SG + "City", SG + "Network", SG + "Country"}
#: Letters of a name in large type, on a line of smaller type, and lines of it at most.
_SHORT, _LINE, _LINES = 12, 17, 4


class Preview(NamedTuple):
    """A name, what it is, numbers with what they count, and a map on which lines lead from ``centre`` to all dots."""

    title: str
    about: str
    figures: list[tuple[int, str]]
    map: Map
    centre: str


@cache
def can_draw() -> bool:
    """Whether the library that draws is there: that of the extra ``plot``."""
    return find_spec("matplotlib") is not None


def path_of(iri: str, classes: Iterable[str], language: str) -> str:
    """Where the picture of a thing is; empty for what has none, and without the library that draws."""
    return f"/preview/{language}/{iri.removeprefix(ID)}.png" if can_draw() and not _DRAWN.isdisjoint(classes) else ""


def preview(snapshot: Snapshot, iri: str, label: Label, language: str) -> Preview | None:
    """What the picture shows; nothing for what is not on a map."""
    kinds = snapshot.types.get(iri, ())
    if SG + "City" in kinds:
        about, weights = label(countries_of_cities(snapshot).get(iri, "")), {iri: 99}
        cities, counted = _of_city(snapshot, iri, label)
    elif SG + "Network" in kinds:
        about, weights = word(language, "explore.layer", layer_of(snapshot, iri)), {}
        cities, counted = _of_network(snapshot, iri)
    elif SG + "Country" in kinds:
        about, weights = "", {}
        cities, counted = _of_country(snapshot, iri)
    else:
        return None
    places = charts.places_of(snapshot, {city: label(city) for city in cities}, weights)
    if not places or not weights.keys() <= {place.iri for place in places}:
        return None
    figures = [(number, word(language, "group", kind)) for kind, number in counted.items() if number]
    return Preview(label(iri), about, figures, map_of(places, least=_TALL), next(iter(weights), ""))


def _of_city(snapshot: Snapshot, iri: str, label: Label) -> tuple[set[str], dict[str, int]]:
    """The cities on the map, and what is counted by class."""
    initiatives = explorer(snapshot).initiatives_of((iri,))
    counted = {"Network": len(networks_of_cities(snapshot).get(iri, ())), "Initiative": len(initiatives)}
    return {iri, *(city for city, _ in around(snapshot, iri, label))}, counted


def _of_network(snapshot: Snapshot, iri: str) -> tuple[set[str], dict[str, int]]:
    countries = countries_of_cities(snapshot)
    cities = {city for city, joined in networks_of_cities(snapshot).items() if iri in joined}
    return cities, {"City": len(cities), "Country": len({countries[city] for city in cities & countries.keys()})}


def _of_country(snapshot: Snapshot, iri: str) -> tuple[set[str], dict[str, int]]:
    cities = {city for city, country in countries_of_cities(snapshot).items() if country == iri}
    joined = {network for city in cities for network in networks_of_cities(snapshot).get(city, ())}
    initiatives = explorer(snapshot).initiatives_of(cities)
    return cities, {"City": len(cities), "Network": len(joined), "Initiative": len(initiatives)}


# The picture


def png(preview: Preview) -> bytes:
    """The picture as PNG of 1200 × 630 pixels in few colours. Raises :class:`MissingExtra` without matplotlib."""
    with matplotlib_style():
        from matplotlib.figure import Figure
        from PIL import Image

        sheet, drawn, out = Figure(figsize=(_SIZE[0] / 100, _SIZE[1] / 100), dpi=100), io.BytesIO(), io.BytesIO()
        sheet.set_facecolor(_PAPER)
        _write(sheet, preview)
        _draw_map(sheet.add_axes((1 - _MAP, 0, _MAP, 1)), preview)
        sheet.savefig(drawn, format="png")
        Image.open(drawn).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "png", optimize=True)
        return out.getvalue()


def _write(sheet: "Figure", preview: Preview) -> None:
    is_short = len(preview.title) <= _SHORT
    lines = [preview.title] if is_short else textwrap.wrap(preview.title, _LINE, max_lines=_LINES, placeholder=" …")
    size, x = 44 if is_short else 29, 0.047
    sheet.text(x, 0.9, "solgraph", size=20, color=_ACCENT, weight="bold", va="center")
    sheet.text(x, 0.74, "\n".join(lines), size=size, color=_INK, weight="bold", va="top", linespacing=1.15)
    sheet.text(x, 0.78, preview.about, size=17, color=_SOFT, va="bottom")
    for place, (number, what) in enumerate(preview.figures):
        sheet.text(x + 0.13 * place, 0.16, f"{number}", size=30, color=_INK, weight="bold", va="bottom")
        sheet.text(x + 0.13 * place, 0.14, what, size=14, color=_SOFT, va="top")


def _draw_map(axes: "Axes", preview: Preview) -> None:
    from matplotlib.collections import LineCollection, PolyCollection

    drawing, dots = preview.map, preview.map.dots
    axes.set(xlim=(0, drawing.width), ylim=(drawing.height, 0), facecolor=_SEA, xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    rings = [[*map(drawing.window.shown, ring)] for country in outlines().values() for ring in country]
    axes.add_collection(PolyCollection(rings, facecolors=_LAND, edgecolors=_PAPER))
    centres = [(dot.x, dot.y) for dot in dots if dot.iri == preview.centre]
    ties = [[centre, (dot.x, dot.y)] for centre in centres for dot in dots]
    axes.add_collection(LineCollection(ties, colors=_ACCENT, alpha=0.45, linewidths=1.6))
    places, sizes = [(dot.x, dot.y) for dot in dots], [dot.r * 3.2 for dot in dots]
    xs, ys = zip(*places, strict=True)
    axes.scatter(xs, ys, s=sizes, color=_ACCENT, edgecolors=_PAPER, zorder=3)
    _write_names(axes, drawing.large_labels)


def _write_names(axes: "Axes", names: Sequence[NameOnMap]) -> None:
    from matplotlib.patheffects import withStroke

    for name in names:
        side = {"start": "left", "middle": "center", "end": "right"}[name.anchor]
        text = axes.text(name.x, name.y, name.name, size=15, color=_INK, ha=side, clip_on=True)
        text.set_path_effects([withStroke(linewidth=3, foreground=_SEA)])
