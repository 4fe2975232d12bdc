"""Regret over the year: what was spent above the best schedule of builds, so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reports.figures.style import BLUE, FAINT, INK, NORMAL, RULE, SMALL, bare
from reports.words import amount
from sim.clock import WEEK_US

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reports.result import Result

MOST_POINTS = 1_500


def draw(axes: Axes, result: Result) -> None:
    """Draw it as a strip of the timeline."""
    bare(axes)
    regret = result.regret
    if regret is None or not len(regret.over_time):
        return
    ticks = len(regret.over_time)
    places = np.unique(np.linspace(0, ticks - 1, MOST_POINTS).astype(np.int64))
    weeks = (places + 1) * (result.run.timeline.tick_us / WEEK_US)
    values = regret.over_time[places]
    axes.axhline(0, color=RULE, linewidth=0.8)
    axes.fill_between(weeks, values, 0, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(weeks, values, color=BLUE, linewidth=1.4)
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = (high - low) or 1.0
    axes.set_ylim(low - 0.08 * room, high + 0.08 * room)
    axes.annotate(
        "regret", (-0.008, 0.5), xycoords="axes fraction", ha="right", va="center",
        fontsize=NORMAL, color=INK, annotation_clip=False,
    )  # fmt: skip
    side = "below" if regret.value < 0 else "above"
    axes.annotate(
        f"{amount(round(abs(regret.value)))} {side}\nthe best schedule", (1.012, 0.5), va="center",
        xycoords="axes fraction", fontsize=SMALL, color=FAINT, annotation_clip=False,
    )  # fmt: skip
