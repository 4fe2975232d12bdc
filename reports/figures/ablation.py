"""What each control is worth: a bar with its interval, beside what the control itself costs."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from reports.figures.rows import rows
from reports.figures.style import (
    BLUE,
    FAINT,
    INK,
    NORMAL,
    RED,
    RULE,
    SMALL,
    fitted,
    say,
    width_pt,
)
from reports.words import amount

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reports.comparison import Ablation

WIDE_IN, RIGHT_IN, ROW_IN, TOP_IN, BOTTOM_IN = 9.0, 2.6, 0.42, 0.72, 0.4
COLOURS = {"earns its keep": BLUE, "does harm": RED}


def draw(found: Ablation) -> Figure:
    """Return the figure; call it inside `styled()`."""
    left_in = min(2.8, max([1.0, *(width_pt(one.control) / 72 + 0.3 for one in found.removals)]))
    figure, axes, high_in = rows(
        max(1, len(found.removals)), wide_in=WIDE_IN, left_in=left_in, right_in=RIGHT_IN,
        row_in=ROW_IN, top_in=TOP_IN, bottom_in=BOTTOM_IN,
    )  # fmt: skip
    ends = [
        value
        for one in found.removals
        for value in (one.worth.value, one.worth.low, one.worth.high)
        if isfinite(value)
    ]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    axes.set_xlim(low, high if high > low else low + 1)
    axes.axvline(0, color=RULE, linewidth=1)
    for row, one in enumerate(found.removals):
        colour = COLOURS.get(one.verdict, FAINT)
        axes.annotate(fitted(one.control, (left_in - 0.2) * 72), (-0.02, row), ha="right",
                      xycoords=("axes fraction", "data"), va="center", fontsize=NORMAL, color=INK,
                      annotation_clip=False)  # fmt: skip
        if isfinite(one.worth.value):
            axes.barh(row, one.worth.value, 0.55, color=colour, alpha=0.75, linewidth=0)
        if one.worth.known:
            axes.plot([one.worth.low, one.worth.high], [row, row], color=INK, linewidth=1.1)
        worth = amount(one.worth.value) if isfinite(one.worth.value) else "unknown"
        words = f"{worth}: {one.verdict}"
        if isfinite(one.price.value) and one.price.value:
            words += f"; costs {amount(one.price.value)} {one.price_unit}"
        axes.annotate(fitted(words, RIGHT_IN * 72 - 16, SMALL), (1.02, row), va="center",
                      xycoords=("axes fraction", "data"), fontsize=SMALL, color=colour,
                      annotation_clip=False)  # fmt: skip
    title = fitted(f"What each control of {found.strategy} is worth in {found.scenario}", 600, 10)
    say(figure, 0.015, 1 - 0.22 / high_in, title, fontsize=10, fontweight="bold", va="center")
    unit = found.removals[0].unit if found.removals else "loss in a year"
    lost = (
        "what a year loses more" if unit == "loss in a year" else f"{unit} that a year costs more"
    )
    note = f"{lost} without it, {found.seeds:,} seeds, with 95 % intervals"
    say(figure, 0.015, 1 - 0.45 / high_in, note, fontsize=SMALL, color=FAINT, va="center")
    say(figure, 0.015, 0.16 / high_in, "one control taken away at a time: the bars do not add up",
        fontsize=SMALL, color=FAINT, va="center")  # fmt: skip
    return figure
