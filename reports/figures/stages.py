"""What was measured stage by stage, beside the calm world: where to look first."""

from __future__ import annotations

from collections.abc import Sequence
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
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from reports.measures import Signal

WIDTH_IN, LEFT_IN, RIGHT_IN, ROW_IN, TOP_IN, BOTTOM_IN = 5.6, 1.75, 1.15, 0.40, 0.5, 0.35


def draw(signals: Sequence[Signal]) -> Figure:
    """Draw for each stage the calm mean, the lived mean, and the span of weeks, in `styled()`."""
    figure, axes, height_in = rows(
        len(signals), wide_in=WIDTH_IN, left_in=LEFT_IN, right_in=RIGHT_IN, row_in=ROW_IN,
        top_in=TOP_IN, bottom_in=BOTTOM_IN,
    )  # fmt: skip
    known = [
        value for one in signals for value in (one.calm, one.lived, one.lowest, one.highest)
        if value is not None
    ]  # fmt: skip
    low, high = min(known, default=0.0), max(known, default=1.0)
    room = (high - low) or 1.0
    axes.set_xlim(low - 0.05 * room, high + 0.05 * room)
    gaps = [abs((one.lived or 0.0) - (one.calm or 0.0)) for one in signals]
    for row, (one, gap) in enumerate(zip(signals, gaps, strict=True)):
        worst = gap == max(gaps) and gap > 0
        axes.annotate(fitted(one.name, (LEFT_IN - 0.2) * 72), (-0.03, row), ha="right",
                      xycoords=("axes fraction", "data"), va="center", fontsize=NORMAL, color=INK,
                      fontweight="bold" if worst else "normal", annotation_clip=False)  # fmt: skip
        axes.plot(axes.get_xlim(), [row, row], color=RULE, linewidth=0.6, zorder=0)
        if one.lived is None:
            continue
        if one.lowest is not None and one.highest is not None:
            axes.plot([one.lowest, one.highest], [row, row], color=BLUE, linewidth=5, alpha=0.22,
                      solid_capstyle="butt")  # fmt: skip
        colour = RED if worst else BLUE
        if one.calm is not None:
            axes.plot([one.calm, one.lived], [row, row], color=colour, linewidth=1.6)
            axes.plot(one.calm, row, "|", color=FAINT, markersize=13, markeredgewidth=2)
        axes.plot(one.lived, row, "o", color=colour, markersize=6)
        said = f"{one.lived:.3f}" + (f" of {one.calm:.3f}" if one.calm is not None else "")
        axes.annotate(
            said, (1.03, row), xycoords=("axes fraction", "data"), va="center", fontsize=NORMAL,
            color=colour if worst else INK, annotation_clip=False,
        )  # fmt: skip
    top = 1 - 0.2 / height_in
    say(figure, 0.02, top, "Stage by stage", fontsize=10, va="center", fontweight="bold")
    note = "dot: lived; bar: the calm world; pale: from the lowest to the highest week"
    say(figure, 0.02, 0.14 / height_in, note, fontsize=SMALL, color=FAINT, va="center")
    return figure
