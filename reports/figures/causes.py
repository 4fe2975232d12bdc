"""Where the loss went: a bar for each cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.rows import rows
from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    NORMAL,
    PLUM,
    RED,
    RULE,
    SMALL,
    say,
)
from reports.measures.split import WORDS
from reports.words import amount

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reports.measures import Split

WIDTH_IN, LEFT_IN, RIGHT_IN, ROW_IN, TOP_IN, BOTTOM_IN = 5.6, 1.75, 1.0, 0.34, 0.5, 0.35
COLOURS = {
    "detection": RED,
    "labels": AMBER,
    "people": PLUM,
    "training": GREEN,
    "rollout": BLUE,
    "aftermath": FAINT,
}


def draw(split: Split) -> Figure:
    """Return the figure; call it inside `styled()`."""
    parts = {name: split.parts[name] for name in COLOURS}
    figure, axes, height_in = rows(
        len(parts), wide_in=WIDTH_IN, left_in=LEFT_IN, right_in=RIGHT_IN, row_in=ROW_IN,
        top_in=TOP_IN, bottom_in=BOTTOM_IN,
    )  # fmt: skip
    low, high = min(0.0, *parts.values()), max(0.0, *parts.values())
    axes.set_xlim(low, high if high > low else low + 1)
    axes.axvline(0, color=RULE, linewidth=1)
    for row, (name, value) in enumerate(parts.items()):
        axes.barh(row, value, 0.62, color=COLOURS[name], linewidth=0)
        axes.annotate(WORDS[name], (-0.03, row), xycoords=("axes fraction", "data"), ha="right",
                      va="center", fontsize=NORMAL, color=INK, annotation_clip=False)  # fmt: skip
        axes.annotate(_signed(value), (max(value, 0.0), row), (5, 0), textcoords="offset points",
                      va="center", fontsize=NORMAL, color=INK if value else FAINT,
                      annotation_clip=False)  # fmt: skip
    top = 1 - 0.2 / height_in
    say(figure, 0.02, top, f"{_signed(split.excess)} lost to incidents, by cause", fontsize=10,
        va="center", fontweight="bold")  # fmt: skip
    rest = f"besides: irreducible {amount(split.irreducible)}, standing {amount(split.standing)}"
    say(figure, 0.02, 0.14 / height_in, rest, fontsize=SMALL, color=FAINT, va="center")
    return figure


def _signed(value: float) -> str:
    rounded = float(f"{value:.3g}") if abs(value) < 100 else round(value)
    return amount(rounded).replace("-", "−") if rounded else "0"
