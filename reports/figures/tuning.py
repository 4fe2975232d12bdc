"""What a parameter does: the curve with its optimum, and the map of who wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    NORMAL,
    PAPER,
    SERIES,
    SMALL,
    dressed,
    fitted,
    say,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reports.comparison import Curve, Territory


def curve(found: Curve) -> Figure:
    """Draw the objective over the values, the optimum and its interval, in `styled()`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.2), facecolor=PAPER)
    axes = figure.add_axes((0.11, 0.14, 0.85, 0.68))
    dressed(axes)
    xs = range(len(found.places))
    ys = [one.objective.value for one in found.places]
    names = [one.value for one in found.places]
    if found.low in names and found.high in names:
        low, high = names.index(found.low) - 0.5, names.index(found.high) + 0.5
        axes.axvspan(low, high, color=AMBER, alpha=0.14, linewidth=0, zorder=0)
    for x, one in zip(xs, found.places, strict=True):
        if one.objective.known:
            axes.plot([x, x], [one.objective.low, one.objective.high], color=BLUE, linewidth=1,
                      alpha=0.6)  # fmt: skip
    axes.plot(xs, ys, "o-", color=BLUE, linewidth=1.5, markersize=4)
    if len(found.theory_rates) == len(ys):
        axes.plot(xs, found.theory_rates, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
        axes.annotate("closed form", (len(ys) - 1, found.theory_rates[-1]), (-4, 6), ha="right",
                      textcoords="offset points", fontsize=SMALL, color=INK)  # fmt: skip
    axes.plot(found.best, ys[found.best], "o", color=BLUE, markersize=10, markerfacecolor=PAPER,
              markeredgewidth=2, zorder=5)  # fmt: skip
    axes.annotate(f"best: {found.optimum.value}", (found.best, ys[found.best]), (0, 12),
                  textcoords="offset points", ha="center", fontsize=NORMAL, color=BLUE,
                  fontweight="bold", bbox={"facecolor": PAPER, "edgecolor": "none"})  # fmt: skip
    step = max(1, -(-len(names) // 12))
    axes.set_xticks(list(xs)[::step], names[::step])
    axes.set_xlabel(found.parameter, fontsize=SMALL, color=INK)
    axes.set_ylabel(found.objective, fontsize=SMALL, color=INK)
    title = f"{found.parameter} of {found.strategy} in {found.scenario}"
    say(figure, 0.02, 0.95, fitted(title, 480, 10), fontsize=10, fontweight="bold", va="center")
    span = f"between {found.low} and {found.high} in 95 % of resamples (shaded)"
    note = f"{span}; at the edge of what was tried" if found.at_edge else span
    say(figure, 0.02, 0.885, f"{found.seeds:,} seeds; {note}", fontsize=SMALL, color=FAINT,
        va="center")  # fmt: skip
    return figure


def territory(found: Territory) -> Figure:
    """Draw who wins where: coloured and named, pale where it is not sure, in `styled()`."""
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    wide_in = max(5.6, 1.3 + 0.95 * len(found.x_values))
    high_in = 1.6 + 0.5 * len(found.y_values)
    figure = Figure(figsize=(wide_in, high_in), facecolor=PAPER)
    axes = figure.add_axes(
        (1.15 / wide_in, 0.6 / high_in, (wide_in - 1.3) / wide_in,
         0.5 * len(found.y_values) / high_in)
    )  # fmt: skip
    dressed(axes)
    axes.grid(visible=False)
    axes.set_xlim(0, len(found.x_values))
    axes.set_ylim(0, len(found.y_values))
    room_pt = (wide_in - 1.3) * 72 / len(found.x_values) - 6
    for x, x_value in enumerate(found.x_values):
        for y, y_value in enumerate(found.y_values):
            spot = found.at(x_value, y_value)
            colour = SERIES[found.strategies.index(spot.winner) % len(SERIES)]
            box = Rectangle((x + 0.03, y + 0.05), 0.94, 0.9, facecolor=colour, linewidth=0,
                            alpha=0.85 if spot.sure else 0.22)  # fmt: skip
            axes.add_patch(box)
            name, ink = fitted(spot.winner, room_pt, SMALL), PAPER if spot.sure else INK
            axes.annotate(name, (x + 0.5, y + 0.5), ha="center", va="center", fontsize=SMALL,
                          color=ink)  # fmt: skip
    axes.set_xticks([x + 0.5 for x in range(len(found.x_values))], found.x_values)
    axes.set_yticks([y + 0.5 for y in range(len(found.y_values))], found.y_values)
    axes.set_xlabel(found.x, fontsize=SMALL, color=INK)
    axes.set_ylabel(found.y, fontsize=SMALL, color=INK)
    say(figure, 0.02, 1 - 0.22 / high_in, fitted(f"Who wins in {found.scenario}", 380, 10),
        fontsize=10, fontweight="bold", va="center")  # fmt: skip
    note = f"least {found.objective}, {found.seeds:,} seeds; pale: not sure"
    say(figure, 0.02, 1 - 0.45 / high_in, note, fontsize=SMALL, color=FAINT, va="center")
    return figure
