"""A series of figures as a picture: what is certain as a line, what is only not excluded as a band up to it."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from solgraph.errors import WrongUse
from solgraph.networks.drawing.picture import matplotlib_style
from solgraph.networks.measures.series import FIGURES, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("svg", "png")
_COLOUR = "#1f5a96"


def picture(series: Series, format: str) -> bytes:
    """The series as ``svg`` or ``png``; the same bytes each time with the same version of matplotlib.

    Raises :class:`WrongUse` for another format and :class:`MissingExtra` without matplotlib.
    """
    if format not in FORMATS:
        raise WrongUse(f"A series is not drawn as '{format}'.", hint=f"Use {' or '.join(FORMATS)}.")
    metadata = {"Date": None} if format == "svg" else {"Software": None}
    with matplotlib_style():
        out = io.BytesIO()
        figure(series).savefig(out, format=format, metadata=metadata)
        return out.getvalue()


def figure(series: Series) -> "Figure":
    """The series as a matplotlib figure: a panel for each figure that is defined in some year."""
    with matplotlib_style():
        from matplotlib.figure import Figure

        names = [name for name in FIGURES if any(row[f"{name}_not_excluded"] is not None for row in series)]
        sheet = Figure(figsize=(9, 2.1 * len(names) + 1.2), dpi=100, facecolor="white", layout="constrained")
        for axes, name in zip(sheet.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0], names, strict=True):
            _draw(axes, series, name)
        about = [series.network.get(key) for key in ("name", "selection")]
        sheet.suptitle(": ".join(filter(None, [about[0], series.network.get("reads")])), fontsize=13)
        caption = (
            "Line: what is certain. Band: from there to all that is not excluded. What no source lists is in neither."
        )
        sheet.supxlabel(f"{caption}\n{series.notes[0].partition('. ')[2]}", fontsize=8)
        return sheet


def _draw(axes: "Axes", series: Series, name: str) -> None:
    from matplotlib.ticker import MaxNLocator

    years: list[int] = [row["year"] for row in series]
    certain, most = (_values(series, f"{name}_{certainty}") for certainty in ("certain", "not_excluded"))
    axes.fill_between(years, certain, most, color=_COLOUR, alpha=0.2, linewidth=0)
    axes.plot(years, most, color=_COLOUR, alpha=0.4, linewidth=0.8)
    axes.plot(years, certain, color=_COLOUR, marker="o", markersize=3, linewidth=1.5)
    axes.set_title(FIGURES[name], loc="left", fontsize=10)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)


def _values(series: Series, column: str) -> Sequence[Any]:
    """The values of a column; what is not defined leaves a gap."""
    return [float("nan") if row[column] is None else row[column] for row in series]
