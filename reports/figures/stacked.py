"""Where the loss went, strategy by strategy: what was lost to incidents, by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reports.figures.causes import COLOURS
from reports.figures.rows import rows
from reports.figures.style import (
    FAINT,
    INK,
    NORMAL,
    PAPER,
    RULE,
    SMALL,
    fitted,
    say,
    width_pt,
)
from reports.measures.split import WORDS
from reports.words import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE_IN, RIGHT_IN, ROW_IN, TOP_IN, BOTTOM_IN = 11.0, 1.0, 0.36, 0.86, 0.36


def draw(splits: Mapping[str, Mapping[str, float]], *, seeds: int) -> Figure:
    """Return the figure: a bar a strategy, in means over *seeds*. Call it inside `styled()`."""
    left_in = min(2.6, max([1.0, *(width_pt(name) / 72 + 0.3 for name in splits)]))
    figure, axes, high_in = rows(
        len(splits), wide_in=WIDE_IN, left_in=left_in, right_in=RIGHT_IN, row_in=ROW_IN,
        top_in=TOP_IN, bottom_in=BOTTOM_IN,
    )  # fmt: skip
    ups = [sum(v for v in parts.values() if v > 0) for parts in splits.values()]
    downs = [sum(v for v in parts.values() if v < 0) for parts in splits.values()]
    axes.set_xlim(min([0.0, *downs]), max([1e-9, *ups]))
    axes.axvline(0, color=RULE, linewidth=1)
    room_pt = (WIDE_IN - left_in - RIGHT_IN) * 72 / (axes.get_xlim()[1] - axes.get_xlim()[0])
    for row, (name, parts) in enumerate(splits.items()):
        axes.annotate(fitted(name, (left_in - 0.2) * 72), (-0.008, row), ha="right", va="center",
                      xycoords=("axes fraction", "data"), fontsize=NORMAL, color=INK,
                      annotation_clip=False)  # fmt: skip
        _bar(axes, row, parts, room_pt)
        axes.annotate(amount(_whole(sum(parts.values()))).replace("-", "−"), (ups[row], row),
                      (6, 0), textcoords="offset points", va="center", fontsize=NORMAL,
                      color=INK, annotation_clip=False)  # fmt: skip
    title = f"Lost to incidents in a year, by cause (means over {seeds:,} seeds)"
    say(figure, 0.015, 1 - 0.2 / high_in, title, fontsize=10, fontweight="bold", va="center")
    _key(figure, high_in, [name for name in COLOURS if any(p[name] for p in splits.values())])
    say(figure, 0.015, 0.14 / high_in, "left of the line: better than the calm world; the number "
        "is the sum", fontsize=SMALL, color=FAINT, va="center")  # fmt: skip
    return figure


def _bar(axes: Axes, row: int, parts: Mapping[str, float], room_pt: float) -> None:
    ahead, behind = 0.0, 0.0
    for name, colour in COLOURS.items():
        value = parts[name]
        start = ahead if value > 0 else behind
        axes.barh(row, value, 0.62, left=start, color=colour, linewidth=0)
        words = WORDS[name].split()[-1]
        if abs(value) * room_pt > width_pt(words, SMALL) + 8:
            axes.annotate(words, (start + value / 2, row), ha="center", va="center",
                          fontsize=SMALL, color=PAPER)  # fmt: skip
        if value > 0:
            ahead += value
        else:
            behind += value


def _key(figure: Figure, high_in: float, names: Sequence[str]) -> None:
    """Name the colours in the order of the bars; wide parts carry their names themselves."""
    at = 0.015
    for name in names:
        words = f"■ {WORDS[name]}"
        say(figure, at, 1 - 0.5 / high_in, words, fontsize=SMALL, color=COLOURS[name], va="center")
        at += (width_pt(words, SMALL) + 14) / (WIDE_IN * 72)


def _whole(value: float) -> float:
    return round(value) if abs(value) >= 10 else float(f"{value:.3g}")
