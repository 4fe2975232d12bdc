"""Where a version comes from: its chain of artifacts, and the versions before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    PAPER,
    PLUM,
    SMALL,
    bare,
    fitted,
    say,
)
from reports.papers.chain import chain
from reports.words import duration
from sim.lineage import OWNER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.facts import Lineage
    from sim.ledger import Ledger

WIDE_IN, ROW_IN, TOP_IN = 12.0, 0.82, 0.72
COLOURS = {"data": GREEN, "model": BLUE, "platform": PLUM, "product": AMBER}
MOST_ROWS = 6


def draw(run: Ledger, version: str) -> Figure:
    """Return the chain of *version*, a row a generation, the oldest on top, in `styled()`."""
    from matplotlib.figure import Figure

    rows = chain(run, version)
    hidden, rows = len(rows) - MOST_ROWS, rows[-MOST_ROWS:]
    high_in = TOP_IN + ROW_IN * len(rows) + 0.1
    figure = Figure(figsize=(WIDE_IN, high_in), facecolor=PAPER)
    axes = figure.add_axes((0.01, 0.1 / high_in, 0.98, ROW_IN * len(rows) / high_in))
    bare(axes)
    axes.set_xlim(0, len(OWNER))
    axes.set_ylim(len(rows), 0)
    places = {stage: place for place, stage in enumerate(OWNER)}
    at: dict[str, tuple[int, int]] = {}
    for y, row in enumerate(rows):
        for link in row:
            at[link.digest] = (places[link.stage], y)
            _box(axes, places[link.stage], y, link)
    for row in rows:
        for link in row:
            for parent in link.parents:
                if parent in at:
                    _arrow(axes, at[parent], at[link.digest])
    title = f"What {version} was made of" + (f" (the last {MOST_ROWS} builds)" * (hidden > 0))
    say(figure, 0.015, 1 - 0.22 / high_in, title, fontsize=10, fontweight="bold", va="center")
    for place, (stage, owner) in enumerate(OWNER.items()):
        x = 0.01 + 0.98 * (place + 0.5) / len(OWNER)
        say(figure, x, 1 - 0.52 / high_in, stage, fontsize=SMALL, va="center", ha="center")
        say(figure, x, 1 - 0.70 / high_in, owner, fontsize=SMALL, va="center", ha="center",
            color=COLOURS[owner], fontweight="bold")  # fmt: skip
    return figure


def _box(axes: Axes, x: int, y: int, link: Lineage) -> None:
    from matplotlib.patches import FancyBboxPatch

    colour = COLOURS[link.owner]
    axes.add_patch(
        FancyBboxPatch((x + 0.1, y + 0.2), 0.8, 0.6, boxstyle="round,pad=0,rounding_size=0.04",
                       facecolor=colour, alpha=0.13, edgecolor="none", mutation_aspect=1.0)
    )  # fmt: skip
    when = duration(link.at_us) if link.at_us else "launch"
    axes.text(x + 0.5, y + 0.38, fitted(f"{link.version}, {when}", 88, SMALL), fontsize=SMALL,
              color=INK, ha="center", va="center")  # fmt: skip
    axes.text(x + 0.5, y + 0.64, link.digest[:8], fontsize=7, color=FAINT, ha="center",
              va="center", family="DejaVu Sans Mono")  # fmt: skip


def _arrow(axes: Axes, start: tuple[int, int], stop: tuple[int, int]) -> None:
    (x0, y0), (x1, y1) = start, stop
    how = {"arrowstyle": "-|>", "color": FAINT, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0}
    if y0 == y1:
        axes.annotate("", (x1 + 0.1, y1 + 0.5), (x0 + 0.9, y0 + 0.5), arrowprops=how)
        return
    how["connectionstyle"] = "angle,angleA=180,angleB=90,rad=0"
    axes.annotate("", (x1 + 0.5, y1 + 0.19), (x0 + 0.5, y0 + 0.81), arrowprops=how)
