"""Whether chances mean what they say: over the year, and chance by chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    PAPER,
    RED,
    SMALL,
    dressed,
    say,
    spread,
)
from reports.measures.calibration import CAME, COUNT, SAID, Calibrated
from reports.measures.pairing import ended_us
from sim.clock import WEEK_US

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from reports.measures.calibration import Calibration
    from reports.result import Result

    Floats = NDArray[np.float64]

WIDTH_IN, HEIGHT_IN = 5.6, 4.6
LEFT, WIDE = 0.11, 0.69
WELL = (0, (5, 2))
"""How the calm world is dashed."""


def over_time(result: Result, found: Calibration, calm: Calibration | None) -> Figure:
    """Draw what was said and what came true, and how far apart they are, in `styled()`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), facecolor=PAPER)
    said, error = (
        figure.add_axes((LEFT, 0.55, WIDE, 0.31)),
        figure.add_axes((LEFT, 0.11, WIDE, 0.31)),
    )
    for axes in (said, error):
        dressed(axes)
        axes.set_xlim(0, ended_us(result.run) / WEEK_US)
        _incidents(axes, result)
    weeks = _weeks(found.stretches)
    means = np.array([[one.said, one.came] for one in found.stretches])
    said.fill_between(weeks, means[:, 0], means[:, 1], color=RED, alpha=0.16, linewidth=0)
    said.plot(weeks, means[:, 1], color=INK, linewidth=1.3)
    said.plot(weeks, means[:, 0], color=BLUE, linewidth=1.8)
    low, high = float(means.min()), float(means.max())
    middle, room = (low + high) / 2, max(high - low, 0.05)
    said.set_ylim(middle - 0.65 * room, middle + 0.65 * room)
    ends = [(float(means[-1, 1]), "came true", INK), (float(means[-1, 0]), "said", BLUE)]
    spread(said, ends, room_pt=(1 - LEFT - WIDE) * WIDTH_IN * 72)
    _errors(error, found, calm)
    error.set_xlabel("weeks since the launch", fontsize=SMALL, color=INK)
    _title(figure, "Chances of outcome 1 over the year", "shaded: incidents that did harm")
    say(figure, 0.02, 0.885, "mean chance, and how often it came true", fontsize=SMALL, va="center")
    say(figure, 0.02, 0.445, "how far chances are off, bin by bin", fontsize=SMALL, va="center")
    return figure


def _errors(axes: Axes, found: Calibration, calm: Calibration | None) -> None:
    weeks = _weeks(found.stretches)
    errors = [one.error for one in found.stretches]
    chance = [one.by_chance for one in found.stretches]
    axes.fill_between(weeks, 0, chance, color=FAINT, alpha=0.25, linewidth=0)
    ends = [(errors[-1], "live", BLUE), (chance[-1] / 2, "by chance", FAINT)]
    top = max(*errors, *chance)
    if calm is not None and calm.whole.answers:
        other = [one.error for one in calm.stretches]
        axes.plot(_weeks(calm.stretches), other, color=FAINT, linewidth=1.3, linestyle=WELL)
        top = max(top, *other)
        if other != errors:
            ends.append((other[-1], "calm world", FAINT))
    axes.plot(weeks, errors, color=BLUE, linewidth=1.8)
    axes.set_ylim(0, 1.12 * top or 1.0)
    spread(axes, ends, room_pt=(1 - LEFT - WIDE) * WIDTH_IN * 72)


def reliability(found: Calibration, calm: Calibration | None) -> Figure:
    """Draw how often each chance came true, over the whole year, in `styled()`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), facecolor=PAPER)
    axes = figure.add_axes((0.13, 0.11, 0.72, 0.75))
    dressed(axes)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=0.9, linestyle=(0, (1, 1.6)))
    axes.annotate("exactly right", (0.66, 0.63), ha="left",
                  va="top", fontsize=SMALL, color=FAINT)  # fmt: skip
    if calm is not None and calm.whole.answers:
        said, came, _ = _curve(calm.whole)
        axes.plot(said, came, color=FAINT, linewidth=1.3, linestyle=WELL)
    said, came, share = _curve(found.whole)
    axes.plot(said, came, color=BLUE, linewidth=1.8)
    axes.scatter(said, came, s=12 + 260 * share, color=BLUE, alpha=0.75, linewidths=0, zorder=4)
    axes.set_xlabel("chance of outcome 1", fontsize=SMALL, color=INK)
    axes.set_ylabel("how often it came true", fontsize=SMALL, color=INK)
    _title(figure, "What a chance was worth", "size: how many answers; dashed: calm world")
    return figure


def _curve(one: Calibrated) -> tuple[Floats, Floats, Floats]:
    """Return the mean chance, the frequency and the share of answers of each bin that has some."""
    some = one.sums[COUNT] > 0
    count, said, came = one.sums[COUNT][some], one.sums[SAID][some], one.sums[CAME][some]
    return said / count, came / count, count / count.sum()


def _weeks(stretches: Sequence[Calibrated]) -> Floats:
    """Return the middle of each stretch in weeks (shape stretches)."""
    return np.array([(one.start_us + one.stop_us) / 2 / WEEK_US for one in stretches])


def _incidents(axes: Axes, result: Result) -> None:
    for one in result.incidents:
        start, stop = one.onset_us, one.recovered_us or ended_us(result.run)
        if not one.harmless:
            axes.axvspan(start / WEEK_US, stop / WEEK_US, color=AMBER, alpha=0.10, linewidth=0)


def _title(figure: Figure, title: str, note: str) -> None:
    say(figure, 0.02, 0.955, title, fontsize=10, fontweight="bold", va="center")
    say(figure, 0.98, 0.955, note, fontsize=SMALL, color=FAINT, va="center", ha="right")
