"""Cost against loss: who is beaten by nobody on both."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    PAPER,
    RULE,
    SMALL,
    dressed,
    fitted,
    say,
    width_pt,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.comparison.pareto import Point

WIDTH_IN, HEIGHT_IN = 5.6, 4.0


def draw(points: Sequence[Point], *, corner: Point | None = None) -> Figure:
    """Return the figure; *corner* is the best that was possible. Call it inside `styled()`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), facecolor=PAPER)
    axes = figure.add_axes((0.13, 0.13, 0.84, 0.72))
    dressed(axes)
    shown = [one for one in points if isfinite(one.loss.value) and isfinite(one.effort.value)]
    every = [*shown, *([corner] if corner else [])]
    for one in every:
        colour = INK if one is corner else FAINT if one.dominated else BLUE
        x, y = one.effort, one.loss
        if y.known:
            axes.plot([x.value, x.value], [y.low, y.high], color=colour, linewidth=1, alpha=0.7)
        if x.known:
            axes.plot([x.low, x.high], [y.value, y.value], color=colour, linewidth=1, alpha=0.7)
        mark = "*" if one is corner else "o"
        face = PAPER if one.dominated else colour
        axes.plot(x.value, y.value, mark, color=colour, markerfacecolor=face, zorder=4,
                  markersize=11 if one is corner else 6.5)  # fmt: skip
    best = sorted((one for one in shown if not one.dominated), key=lambda one: one.effort.value)
    if len(best) > 1:
        xs, ys = [one.effort.value for one in best], [one.loss.value for one in best]
        axes.step(xs, ys, where="post", color=BLUE, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    if every:
        _limits(axes, every)
        _names(axes, every)
        axes.set_xlabel(f"{every[0].unit} a year", fontsize=SMALL, color=INK)
    axes.set_ylabel("loss a request", fontsize=SMALL, color=INK)
    say(figure, 0.02, 0.945, "What it takes, and what is lost", fontsize=10, fontweight="bold",
        va="center")  # fmt: skip
    say(figure, 0.98, 0.945, "hollow: another is better on both", fontsize=SMALL, color=FAINT,
        va="center", ha="right")  # fmt: skip
    return figure


def _limits(axes: Axes, every: Sequence[Point]) -> None:
    for values, set_lim in (
        ([one.effort.value for one in every], axes.set_xlim),
        ([v for one in every for v in _reach(one)], axes.set_ylim),
    ):
        low, high = min(values), max(values)
        room = (high - low) or abs(high) * 0.2 or 1.0
        set_lim(low - 0.10 * room, high + (0.16 if set_lim == axes.set_xlim else 0.14) * room)


def _reach(one: Point) -> list[float]:
    return [one.loss.low, one.loss.high] if one.loss.known else [one.loss.value]


def _names(axes: Axes, every: Sequence[Point]) -> None:
    """Name each point beside it, where no name stands yet."""
    wide_pt, high_pt = 0.84 * WIDTH_IN * 72, 0.72 * HEIGHT_IN * 72
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    taken: list[tuple[float, float, float]] = []
    for one in sorted(every, key=lambda point: -point.loss.value):
        name = fitted(one.strategy, 0.45 * wide_pt, SMALL)
        x = (one.effort.value - x0) / (x1 - x0) * wide_pt
        y = (one.loss.value - y0) / (y1 - y0) * high_pt
        long = width_pt(name, SMALL)
        right = x + 9 + long < wide_pt
        start = x + 8 if right else x - 8 - long
        at = y + 7
        while any(abs(at - other) < 11 and start < end and start + long > begin
                  for begin, end, other in taken):  # fmt: skip
            at -= 3
        taken.append((start, start + long, at))
        axes.annotate(
            name, (one.effort.value, one.loss.value), (start - x, at - y),
            textcoords="offset points", fontsize=SMALL, va="center",
            color=FAINT if one.dominated else INK, annotation_clip=False,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4, "alpha": 0.75},
            arrowprops={"arrowstyle": "-", "color": RULE, "linewidth": 0.6}
            if abs(at - y) > 14 else None,
        )  # fmt: skip
