"""A scenario as a picture, before anything is run: what changes when, and how far."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    LARGE,
    NORMAL,
    PAPER,
    PLUM,
    RED,
    RULE,
    SMALL,
    bare,
    fitted,
    png,
    say,
    styled,
    svg,
)
from reports.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.lanes import Lane, Outline

WIDTH_IN, LEFT_IN, RIGHT_IN, LANE_IN, GAP_IN = 10.0, 1.7, 1.5, 0.5, 0.14
LINE_IN = 0.21
COLOURS = {"incident": RED, "rhythm": PLUM, "season": AMBER, "labels": BLUE}
SUFFIXES = (".png", ".svg")


def save(outline: Outline, path: Path) -> None:
    """Write the figure; the same outline gives the same bytes."""
    with styled():
        figure = draw(outline)
        path.write_bytes(svg(figure).encode() if path.suffix == ".svg" else png(figure))


def draw(outline: Outline) -> Figure:
    """Return the figure; call it inside `styled()`."""
    from matplotlib.figure import Figure

    told = [line for part in outline.story.split("\n") for line in wrap(part, 118)]
    hoped = wrap(f"Expected: {outline.expect}", 132) if outline.expect else []
    top_in = 0.68 + LINE_IN * len(told)
    bottom_in = 0.75 + LINE_IN * len(hoped)
    lanes_in = len(outline.lanes) * (LANE_IN + GAP_IN)
    height_in = top_in + lanes_in + bottom_in
    figure = Figure(figsize=(WIDTH_IN, height_in), facecolor=PAPER)
    left = 0.3 / WIDTH_IN
    at_in = height_in - 0.34
    say(figure, left, at_in / height_in, fitted(outline.name, (WIDTH_IN - 0.6) * 72, LARGE),
        fontsize=LARGE, fontweight="bold", va="center")  # fmt: skip
    loop = "closed loop" if outline.closed_loop else "open loop"
    if outline.worlds > 1:
        loop += f"; means over {outline.worlds} years"
    say(figure, 1 - left, at_in / height_in, loop, fontsize=SMALL, color=FAINT, ha="right",
        va="center")  # fmt: skip
    for line in told:
        at_in -= LINE_IN + (0.09 if line is told[0] else 0)
        say(figure, left, at_in / height_in, line, va="center")
    at_in = height_in - top_in
    for i, lane in enumerate(outline.lanes):
        at_in -= LANE_IN + GAP_IN
        box = (LEFT_IN / WIDTH_IN, at_in / height_in,
               (WIDTH_IN - LEFT_IN - RIGHT_IN) / WIDTH_IN, LANE_IN / height_in)  # fmt: skip
        axes = figure.add_axes(box)
        _lane(axes, lane, outline, last=i + 1 == len(outline.lanes))
    for i, line in enumerate(hoped):
        y = (0.22 + LINE_IN * (len(hoped) - 1 - i)) / height_in
        say(figure, left, y, line, fontsize=SMALL, color=GREEN, va="center")
    return figure


def _lane(axes: Axes, lane: Lane, outline: Outline, *, last: bool) -> None:
    """Draw how far one change has gone as a filled curve."""
    bare(axes)
    colour = COLOURS[lane.sort]
    edges = np.linspace(0, outline.horizon_us, len(lane.level) + 1)
    axes.set_xlim(0, outline.horizon_us)
    axes.set_ylim(0, 1.02)
    axes.axhline(0, color=RULE, linewidth=0.8, zorder=0)
    axes.stairs(lane.level, edges, fill=True, color=colour, alpha=0.25, linewidth=0)
    axes.stairs(lane.level, edges, baseline=None, color=colour, linewidth=1.3)
    for at_us in outline.marks_us:
        axes.axvline(at_us, color=RULE, linewidth=0.6, zorder=0)
    name = fitted(lane.name, (LEFT_IN - 0.45) * 72, NORMAL)
    axes.annotate(name, (-0.012, 0.35), xycoords="axes fraction", ha="right", va="center",
                  fontsize=NORMAL, color=INK, annotation_clip=False)  # fmt: skip
    axes.annotate(fitted(lane.note, (RIGHT_IN - 0.25) * 72, SMALL), (1.012, 0.35),
                  xycoords="axes fraction", ha="left", va="center", fontsize=SMALL, color=FAINT,
                  annotation_clip=False)  # fmt: skip
    if last:
        axes.set_xticks(outline.marks_us)
        axes.set_xticklabels([duration(at_us) if at_us else "launch" for at_us in outline.marks_us])
        axes.tick_params(axis="x", labelbottom=True, labelsize=SMALL, labelcolor=INK, length=3,
                         color=FAINT)  # fmt: skip
