"""Who sees it when: lags by layer as a heat map, and how many are seen by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.style import (
    BLUE,
    FAINT,
    HATCH,
    INK,
    NORMAL,
    PAPER,
    RULE,
    SERIES,
    SMALL,
    bare,
    dressed,
    fitted,
    say,
    spread,
    width_pt,
)
from reports.words import duration
from sim.clock import DAY_US, HOUR_US, MINUTE_US, SECOND_US, WEEK_US

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    from reports.measures import Incident

LAYERS = ("input", "output", "performance", "business", "review")
NEVER_WATCHED, MISSED = "nobody", "missed"
_STEPS_US = (SECOND_US, MINUTE_US, HOUR_US, 6 * HOUR_US, DAY_US, WEEK_US, 4 * WEEK_US, 26 * WEEK_US)


@dataclass(frozen=True)
class Spot:
    """One field of a heat map: a lag, or None with the reason in *words*."""

    lag_us: float | None
    words: str = ""

    @property
    def told(self) -> str:
        """The field in words."""
        return self.words or (MISSED if self.lag_us is None else duration(round(self.lag_us)))


def seen(incident: Incident, layer: str) -> Spot:
    """Return when a *layer* first saw an incident."""
    mine = [one for one in incident.detections if one.layer == layer]
    if not mine:
        return Spot(None, NEVER_WATCHED)
    lags = [one.lag_us for one in mine if one.lag_us is not None and not one.missed]
    return Spot(min(lags)) if lags else Spot(None, MISSED)


def usual(lags_s: Sequence[float | None]) -> Spot:
    """Return the median lag, a missed one longer than all; missed if that is the median."""
    known = sorted(lag for lag in lags_s if lag is not None)
    middle = (len(lags_s) - 1) // 2
    return Spot(known[middle] * SECOND_US) if middle < len(known) else Spot(None, MISSED)


def heat(
    title: str, rows: Sequence[str], columns: Sequence[str], spots: Sequence[Sequence[Spot]]
) -> Figure:
    """Draw lags, darker the later, on a logarithmic scale; call it inside `styled()`."""
    from matplotlib.figure import Figure

    left_in = min(2.3, max([1.0, *(width_pt(row) / 72 + 0.25 for row in rows)]))
    wide_in, row_in, top_in = max(5.6, left_in + 0.95 * len(columns) + 0.1), 0.42, 0.78
    high_in = top_in + row_in * len(rows) + 0.34
    figure = Figure(figsize=(wide_in, high_in), facecolor=PAPER)
    axes = figure.add_axes(
        (left_in / wide_in, 0.34 / high_in, (wide_in - left_in - 0.1) / wide_in,
         row_in * len(rows) / high_in)
    )  # fmt: skip
    bare(axes)
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(rows), 0)
    for y, (name, row) in enumerate(zip(rows, spots, strict=True)):
        axes.annotate(fitted(name, (left_in - 0.15) * 72), (-0.01, y + 0.5),
                      xycoords=("axes fraction", "data"), ha="right", va="center",
                      fontsize=NORMAL, color=INK, annotation_clip=False)  # fmt: skip
        for x, spot in enumerate(row):
            _spot(axes, x, y, spot)
    for x, column in enumerate(columns):
        axes.annotate(column, (x + 0.5, 1.0), (0, 6), xycoords=("data", "axes fraction"),
                      textcoords="offset points", ha="center", fontsize=NORMAL, color=FAINT,
                      annotation_clip=False)  # fmt: skip
    say(figure, 0.02, 1 - 0.2 / high_in, title, fontsize=10, fontweight="bold", va="center")
    say(figure, 0.02, 0.14 / high_in, "darker: later; hatched: missed; –: nobody watches",
        fontsize=SMALL, color=FAINT, va="center")  # fmt: skip
    return figure


def _spot(axes: Axes, x: int, y: int, spot: Spot) -> None:
    missed = spot.lag_us is None and spot.words != NEVER_WATCHED
    depth = 0.0
    if spot.lag_us is not None:
        hours = max(spot.lag_us / HOUR_US, 0.1)
        depth = min(1.0, (log10(hours) + 1) / 4.3)  # from six minutes to three months
    axes.add_patch(_box(x, y, BLUE, 0.10 + 0.62 * depth if spot.lag_us is not None else 0.0))
    if missed:
        axes.add_patch(_box(x, y, HATCH, 1.0, hatch="////"))
    words = "–" if spot.words == NEVER_WATCHED else spot.told
    axes.annotate(words, (x + 0.5, y + 0.5), ha="center", va="center", fontsize=NORMAL,
                  color=FAINT if words == "–" else PAPER if depth > 0.72 else INK)  # fmt: skip


def _box(x: int, y: int, colour: str, alpha: float, hatch: str = "") -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle(
        (x + 0.03, y + 0.06), 0.94, 0.88, facecolor=colour, alpha=alpha, linewidth=0,
        edgecolor=RULE if hatch else "none", hatch=hatch or None,
    )  # fmt: skip


def ecdf(title: str, curves: Mapping[str, Sequence[float | None]]) -> Figure:
    """Draw which share of incidents is seen by when; None is missed and never counts as seen."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.6, 3.5), facecolor=PAPER)
    axes = figure.add_axes((0.09, 0.14, 0.66, 0.70))
    dressed(axes)
    known = [lag for lags in curves.values() for lag in lags if lag is not None]
    low, high = min(known, default=HOUR_US), max(known, default=WEEK_US)
    low, high = max(low / 2, 30 * SECOND_US), max(high * 1.6, 4 * low)
    ends = []
    for place, (name, lags) in enumerate(curves.items()):
        seen = np.sort([max(lag, low) for lag in lags if lag is not None])
        share = np.arange(1, len(seen) + 1) / max(1, len(lags))
        x, y = np.concatenate([[low], seen, [high]]), np.concatenate([[0.0], share, share[-1:]])
        if len(x) != len(y):
            y = np.zeros(len(x))
        colour = SERIES[place % len(SERIES)]
        axes.step(x, y, where="post", color=colour, linewidth=1.8)
        ends.append((float(y[-1]), name, colour))
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(-0.02, 1.03)
    ticks = [step for step in _STEPS_US if low <= step <= high]
    axes.set_xticks(ticks, [duration(step) for step in ticks])
    axes.minorticks_off()
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0], ["0", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel("time since the onset", fontsize=SMALL, color=INK)
    spread(axes, ends, room_pt=5.6 * 72 * 0.24)
    say(figure, 0.02, 0.94, title, fontsize=10, fontweight="bold", va="center")
    return figure
