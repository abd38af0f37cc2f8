"""The figure of docs/performance.md: a small panel for each thing that grows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bench.page import seconds
from bench.results import Curve

_INK, _PALE, _LINE, _DOT = "#24292f", "#8c959f", "#0969da", "#0a3069"
_COLUMNS = 3
_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "svg.hashsalt": "xbackup-lint",  # names in the file do not change from run to run
    "axes.edgecolor": _PALE,
    "axes.labelcolor": _INK,
    "axes.linewidth": 0.8,
    "text.color": _INK,
    "xtick.color": _PALE,
    "ytick.color": _PALE,
    "xtick.labelcolor": _INK,
    "ytick.labelcolor": _INK,
}


def figure(curves: Sequence[Curve]) -> str:
    """The figure as SVG."""
    out = io.StringIO()
    with mpl.rc_context(_STYLE):
        drawn(curves).savefig(out, format="svg", metadata={"Date": None, "Creator": None}, facecolor="white")
    return out.getvalue()


def drawn(curves: Sequence[Curve]) -> Figure:
    rows = -(-len(curves) // _COLUMNS)
    whole = Figure(figsize=(10.5, 3.1 * rows), layout="constrained")
    whole.get_layout_engine().set(w_pad=0.12, h_pad=0.12, hspace=0.04, wspace=0.02)
    panels = whole.subplots(rows, _COLUMNS, squeeze=False).flat
    for panel, curve in zip(panels, curves, strict=False):
        _draw(panel, curve)
    for panel in list(panels):
        panel.set_axis_off()
    return whole


def _words(curve: Curve) -> Iterator[str]:
    yield f"{seconds(max(curve.line[0], 0))} for each {curve.each}"
    if curve.exponent is not None:
        yield f"exponent {curve.exponent:.2f}"


def _draw(panel, curve: Curve) -> None:  # type: ignore[no-untyped-def]
    """Medians with the range of their runs, and the straight line that fits them best."""
    slope, start = curve.line
    sizes = [point.size for point in curve.points]
    medians = [point.cpu for point in curve.points]
    below = [point.cpu - min(run.cpu for run in point.runs) for point in curve.points]
    above = [max(run.cpu for run in point.runs) - point.cpu for point in curve.points]
    right = sizes[-1] * 1.06
    panel.plot([0, right], [start, start + slope * right], color=_LINE, linewidth=1.4, alpha=0.75, zorder=2)
    panel.errorbar(
        sizes,
        medians,
        yerr=[below, above],
        fmt="o",
        markersize=4.5,
        color=_DOT,
        elinewidth=1,
        capsize=2,
        zorder=3,
    )
    panel.set_xlim(0, right)
    panel.set_ylim(0, max(medians) * 1.22)
    panel.set_title(curve.thing.capitalize(), loc="left", fontweight="bold", fontsize=10)
    panel.set_xlabel(f"number of {curve.thing}")
    panel.set_ylabel("CPU seconds")
    panel.text(
        0.04, 0.95, "\n".join(_words(curve)),
        transform=panel.transAxes, va="top", fontsize=8.5, linespacing=1.4,
    )  # fmt: skip
    panel.spines[["top", "right"]].set_visible(False)
    panel.grid(axis="y", color="#eaeef2", linewidth=0.8, zorder=0)
    panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    panel.yaxis.set_major_locator(MaxNLocator(5))
