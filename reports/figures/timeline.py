"""The year as a picture: quality, what went wrong, who saw it, what was done about it."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.figures import lanes
from reports.figures.series import Lines, lines
from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    HATCH,
    INK,
    LARGE,
    NORMAL,
    PAPER,
    RED,
    RULE,
    SMALL,
    bare,
    fitted,
    say,
    styled,
    width_pt,
)
from reports.figures.style import (
    save as save_figure,
)
from reports.measures.pairing import ended_us
from reports.words import called, duration, one_line
from sim.clock import WEEK_US

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.result import Result

WIDTH_IN = 12.0
LEFT_IN, RIGHT_IN, TOP_IN, BOTTOM_IN = 1.6, 1.5, 0.95, 0.85
QUALITY_IN, GAP_IN = 3.3, 0.14


def save(result: Result, folder: Path) -> None:
    """Write timeline.png and timeline.svg."""
    with styled():
        save_figure(draw(result), folder, "timeline")


def draw(result: Result) -> Figure:
    """Return the figure; call it inside `styled()`."""
    from matplotlib.figure import Figure

    weeks = result.run.scenario["horizon_us"] / WEEK_US
    strips = lanes.strips(result)
    above = [strip for strip in strips if strip.above]
    below = [strip for strip in strips if not strip.above]
    panels = [s.height_in for s in above] + [QUALITY_IN] + [s.height_in for s in below]
    height_in = TOP_IN + sum(panels) + GAP_IN * (len(panels) - 1) + BOTTOM_IN
    figure = Figure(figsize=(WIDTH_IN, height_in), facecolor=PAPER)
    top_in = height_in - TOP_IN
    axes: list[Axes] = []
    for panel_in in panels:
        box = (
            LEFT_IN / WIDTH_IN,
            (top_in - panel_in) / height_in,
            (WIDTH_IN - LEFT_IN - RIGHT_IN) / WIDTH_IN,
            panel_in / height_in,
        )
        one: Axes = figure.add_axes(box)
        one.set_xlim(0, weeks)
        axes.append(one)
        top_in -= panel_in + GAP_IN
    quality = axes[len(above)]
    _quality(quality, result)
    for strip, one in zip(above, axes[: len(above)], strict=True):
        strip.draw(one, result)
    for strip, one in zip(below, axes[len(above) + 1 :], strict=True):
        strip.draw(one, result)
    _bands(quality, result)
    for one in axes[len(above) + 1 : -1]:
        _onsets(one, result, alpha=0.3)
    for one in axes:
        _cut_off(one, result, named=one is quality)
    _time(axes[-1], weeks)
    _words(figure, result, height_in)
    return figure


def _quality(axes: Axes, result: Result) -> None:
    bare(axes)
    found = lines(result)
    axes.spines["left"].set_visible(True)
    axes.spines["left"].set_color(RULE)
    low, high = _limits(found)
    axes.set_ylim(low, high)
    axes.tick_params(labelleft=True, labelsize=NORMAL, labelcolor=INK)
    axes.yaxis.set_major_locator(_locator(found.as_share))
    axes.yaxis.set_major_formatter(_percent if found.as_share else _plain)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    what = "right answers" if found.as_share else "mean loss"
    axes.set_ylabel(f"{what}\n({found.window})", fontsize=NORMAL, color=INK)
    worse = found.live < found.calm if found.as_share else found.live > found.calm
    axes.fill_between(
        found.weeks, found.live, found.calm, where=worse, color=RED, alpha=0.16, linewidth=0
    )
    axes.plot(found.weeks, found.ideal, color=FAINT, linewidth=0.9, linestyle=(0, (1, 1.6)))
    axes.plot(found.weeks, found.calm, color=FAINT, linewidth=1.4, linestyle=(0, (5, 2)))
    axes.plot(found.weeks, found.live, color=BLUE, linewidth=2.0)
    if np.isfinite(found.live).sum() > 1:
        _names(axes, found, low, high)


def _names(axes: Axes, found: Lines, low: float, high: float) -> None:
    """Name each line at its right end, apart from each other."""
    names = ["live service", "calm world", "best possible"]
    if np.array_equal(found.live, found.calm, equal_nan=True):
        names[:2] = ["live, as calm", ""]
    ends: list[tuple[float, str, str]] = []
    named = zip(names, (BLUE, FAINT, FAINT), found.rows(), strict=True)
    for name, colour, values in named:
        known = np.flatnonzero(np.isfinite(values))
        if len(known) and name:
            ends.append((float(values[known[-1]]), name, colour))
    ends.sort()
    least = (high - low) * 0.062
    places: list[float] = []
    for value, _, _ in ends:
        places.append(max(value, places[-1] + least) if places else value)
    over = max(0.0, places[-1] - (high - least / 2)) if places else 0.0
    for place, (_, name, colour) in zip(places, ends, strict=True):
        axes.annotate(
            name, (1.012, place - over), xycoords=("axes fraction", "data"), color=colour,
            fontsize=NORMAL, fontweight="bold" if colour == BLUE else "normal", va="center",
            annotation_clip=False,
        )  # fmt: skip


def _limits(found: Lines) -> tuple[float, float]:
    known = np.concatenate([row[np.isfinite(row)] for row in found.rows()])
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    room = max(high - low, 0.02 if found.as_share else 0.05 * abs(high) or 0.05)
    middle = (low + high) / 2
    low, high = min(low, middle - room / 2), max(high, middle + room / 2)
    low, high = low - 0.08 * room, high + 0.08 * room
    return (max(low, 0.0), min(high, 1.0)) if found.as_share else (low, high)


def _bands(axes: Axes, result: Result) -> None:
    """Shade the time of each harmful incident."""
    for incident in result.incidents:
        if not incident.harmless:
            start_us, stop_us = incident.onset_us, incident.recovered_us or ended_us(result.run)
            axes.axvspan(
                start_us / WEEK_US, stop_us / WEEK_US, color=AMBER, alpha=0.10, linewidth=0,
                zorder=0,
            )  # fmt: skip
    _onsets(axes, result, alpha=0.75)


def _onsets(axes: Axes, result: Result, *, alpha: float) -> None:
    for incident in result.incidents:
        axes.axvline(incident.onset_us / WEEK_US, color=RED, linewidth=0.9, alpha=alpha, zorder=1)


def _cut_off(axes: Axes, result: Result, *, named: bool) -> None:
    """Hatch what was left of the year when the run was stopped."""
    stop_us, end_us = ended_us(result.run), result.run.scenario["horizon_us"]
    if stop_us >= end_us:
        return
    axes.axvspan(
        stop_us / WEEK_US, end_us / WEEK_US, facecolor=HATCH, edgecolor=RULE, hatch="////",
        linewidth=0, zorder=0,
    )  # fmt: skip
    if named:
        middle, where = (stop_us + end_us) / 2 / WEEK_US, axes.get_xaxis_transform()
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 3}
        words = f"stopped after {duration(stop_us)}"
        say(axes, middle, 0.5, words, transform=where, ha="center", va="center", bbox=box)


def _time(axes: Axes, weeks: float) -> None:
    step = max(1, ceil(weeks / 26))
    step = step if step in (1, 2) else ceil(step / 4) * 4
    axes.set_xticks(np.arange(0, weeks + 1e-9, step))
    axes.tick_params(
        axis="x", labelbottom=True, labelsize=NORMAL, labelcolor=INK, length=3, color=FAINT
    )
    axes.set_xlabel("weeks since the launch", fontsize=NORMAL, color=INK, labelpad=4)


def _words(figure: Figure, result: Result, height_in: float) -> None:
    """Write title, finding and, below, the full names and the digest."""
    run = result.run
    left, room_pt = 0.3 / WIDTH_IN, (WIDTH_IN - 0.6) * 72
    name = called(run.strategy)
    title = f"{run.scenario['name']} under {name}, seed {run.seed}"
    title = fitted(title, room_pt, LARGE)
    finding = result.finding[:1].upper() + result.finding[1:] + "."
    top = 1 - 0.36 / height_in
    say(figure, left, top, title, fontsize=LARGE, fontweight="bold", va="center")
    say(figure, left, top - 0.31 / height_in, fitted(finding, room_pt, 11.0), fontsize=11.0,
        va="center", color=RED if result.stopped else INK)  # fmt: skip
    digest = f"digest {run.digest()[:12]}"
    strategy = fitted(one_line(run.strategy), room_pt - width_pt(digest, SMALL) - 20, SMALL)
    bottom = 0.2 / height_in
    say(figure, left, bottom, strategy, fontsize=SMALL, color=FAINT, va="center")
    say(figure, 1 - left, bottom, digest, fontsize=SMALL, color=FAINT, va="center", ha="right")


def _locator(as_share: bool) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(6, steps=[1, 2, 2.5, 5, 10] if not as_share else [1, 2, 5, 10])


def _percent(value: float, _: float) -> str:
    shown = f"{100 * value:.1f}".removesuffix(".0")
    return f"{shown} %"


def _plain(value: float, _: float) -> str:
    return f"{value:.4g}"
