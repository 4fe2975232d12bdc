"""The picture of a bench: operating curves with the optimum, and delays with their intervals."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.bench.plan import MATCHED
from reports.bench.roster import DUMMY, ORACLE
from reports.bench.tables import counted, words_of
from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    LARGE,
    PAPER,
    PLUM,
    RED,
    SMALL,
    dressed,
    say,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.bench.scores import Scores

COLOURS = (
    BLUE, GREEN, AMBER, RED, PLUM, "#56b4e9", "#7f7f00", "#8c564b", "#4d4d9f", "#d98cb3",
    "#2a9d8f", "#9a9a9a",
)  # fmt: skip
MARKS = "osD^vP<>Xp"


def draw(scores: Scores) -> Figure | None:
    """Return the picture: a row for each kind of values that changes at once."""
    from matplotlib.figure import Figure as Canvas

    streams = [s for s in scores.drifting if s.name in scores.plan.curved] or scores.drifting[:1]
    if not streams:
        return None
    with styled():
        figure = Canvas(figsize=(12.5, 5.6 * len(streams) + 0.9), facecolor=PAPER)
        high = 5.6 * len(streams) + 0.9
        say(figure, 0.02, 1 - 0.36 / high, "Who hears it first, at what price", fontsize=LARGE)
        told = (
            f"Delay is in label arrivals; false alarms per {scores.plan.period:,} values without "
            "change; bars are 95 % intervals, the calibration's error included."
        )
        say(figure, 0.02, 1 - 0.66 / high, told, color=FAINT)
        for number, stream in enumerate(streams):
            bottom = (high - 0.9 - 5.6 * (number + 1) + 0.75) / high
            left = figure.add_axes((0.06, bottom, 0.36, 4.3 / high))
            right = figure.add_axes((0.62, bottom, 0.36, 4.3 / high))
            colours = _colours(scores)
            _curves(left, scores, stream, colours)
            _delays(right, scores, stream, colours)
        return figure


def _colours(scores: Scores) -> dict[str, tuple[str, str]]:
    plain = [e.label for e in scores.plan.entries if e.told != DUMMY and e.label != ORACLE]
    return {
        label: (COLOURS[i % len(COLOURS)], MARKS[(i + i // len(COLOURS)) % len(MARKS)])
        for i, label in enumerate(plain)
    }


def _curves(axes: Axes, scores: Scores, stream: Any, colours: dict[str, tuple[str, str]]) -> None:
    """Draw mean delay against false alarms, both on logarithmic scales."""
    dressed(axes, f"{words_of(stream)}: operating curves")
    ends: list[tuple[float, str, str]] = []
    for label, (colour, mark) in colours.items():
        points = [(x, y) for x, y in scores.curve(stream, label) if y.known and y.value > 0]
        if not points:
            continue
        xs, ys = [x for x, _ in points], [y.value for _, y in points]
        axes.plot(xs, ys, color=colour, marker=mark, markersize=4, linewidth=1.3)
        low = [max(1e-9, y.value - y.low) for _, y in points]
        axes.errorbar(
            xs, ys, [low, [y.high - y.value for _, y in points]],
            fmt="none", ecolor=colour, elinewidth=0.8, alpha=0.6,
        )  # fmt: skip
        ends.append((ys[-1], label, colour))
    best = [(x, y.value) for x, y in scores.curve(stream, ORACLE) if y.value > 0]
    if best:
        axes.plot(*zip(*best, strict=True), color=INK, linewidth=2)
        ends.append((best[-1][1], ORACLE, INK))
    optima = sorted((x, o.delay) for x, o in scores.optima.get(stream.name, {}).items())
    if optima:
        xs, ys = [x for x, _ in optima], [y for _, y in optima]
        axes.plot(xs, ys, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
        ends.append((ys[-1], "Lorden's optimum", INK))
    axes.set_xscale("log")
    axes.set_yscale("log")
    heights = [y for curve in axes.lines for y in np.ravel(curve.get_ydata()) if y > 0]
    if heights:  # long bars may leave the picture
        axes.set_ylim(0.75 * min(heights), 1.35 * max(heights))
    targets = scores.plan.targets(stream)
    axes.set_xticks(targets, [f"{target:g}" for target in targets])
    axes.minorticks_off()
    bottom, top = axes.get_ylim()
    ticks = [t for t in (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if bottom <= t <= top]
    axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_xlabel("false alarms per period", fontsize=SMALL, color=INK)
    axes.set_ylabel("mean delay, in labels", fontsize=SMALL, color=INK)
    _name(axes, ends)


def _name(axes: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Write names at the right ends of curves, none over another."""
    if not ends:
        return
    low, high = axes.get_ylim()
    from math import log

    places = [
        ((log(y) - log(low)) / (log(high) - log(low)), label, colour) for y, label, colour in ends
    ]
    places.sort()
    step, last = 0.042, -1.0
    set_at = []
    for place, label, colour in places:
        last = max(place, last + step)
        set_at.append((last, place, label, colour))
    over = max(0.0, set_at[-1][0] - 1.0)
    for at, place, label, colour in set_at:
        shown = at - over
        axes.annotate(
            label, (1.0, place), (1.04, shown), xycoords="axes fraction",
            textcoords="axes fraction", fontsize=SMALL, color=colour, va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.5},
        )  # fmt: skip


def _delays(axes: Axes, scores: Scores, stream: Any, colours: dict[str, tuple[str, str]]) -> None:
    """Draw each detector's mean delay at the matched rate, the fastest on top."""
    amount = f"{counted(scores.plan.target)} per {scores.plan.period:,}"
    dressed(axes, f"mean delay at {amount}")
    found = [
        (scores.mean_delay(stream, label), label)
        for label in scores.labels
        if scores.of(stream.name, label, MATCHED) is not None
    ]
    found = sorted((f for f in found if isfinite(f[0].value)), key=lambda pair: -pair[0].value)
    for row, (delay, label) in enumerate(found):
        colour, mark = colours.get(label, (INK if label == ORACLE else FAINT, "o"))
        if delay.known:
            axes.plot([delay.low, delay.high], [row, row], color=colour, linewidth=2.2)
        axes.plot(delay.value, row, mark, color=colour, markersize=6)
        score = scores.of(stream.name, label)
        assert score is not None
        missed, efficiency = score.missed.value, scores.efficiency(stream, label).value
        words = f"{delay.value:,.0f}"
        if label != ORACLE:
            words += f" · {100 * efficiency:.0f} % of the oracle's speed"
        words += f" · {100 * missed:.2g} % missed" if missed > 0.0005 else ""
        right = delay.value < 0.35 * max(f[0].value for f in found)
        axes.annotate(
            words, (delay.value, row), (8 if right else -8, 8), textcoords="offset points",
            fontsize=7, color=FAINT, ha="left" if right else "right", va="center",
        )  # fmt: skip
    optimum = scores.optima.get(stream.name, {}).get(scores.plan.target)
    if optimum is not None:
        axes.axvline(optimum.delay, color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
        axes.annotate(
            f"Lorden's optimum {optimum.delay:,.0f}", (optimum.delay, len(found) - 0.45),
            (4, 0), textcoords="offset points", fontsize=7, color=INK, va="bottom",
        )  # fmt: skip
    axes.set_yticks(range(len(found)), [label for _, label in found])
    axes.set_ylim(-0.7, len(found) + 0.1)
    axes.set_xlim(0, None)
    axes.set_xlabel("mean delay, in labels", fontsize=SMALL, color=INK)
