"""A figure of rows, one under the other, as high as it has rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.style import PAPER, bare

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def rows(
    count: int,
    *,
    wide_in: float,
    left_in: float,
    right_in: float,
    row_in: float,
    top_in: float,
    bottom_in: float,
) -> tuple[Figure, Axes, float]:
    """Return a figure, its axes with *count* rows (0 is the top one) and its height in inches.

    The margins hold what is written around the rows. Call it inside `styled()`.
    """
    from matplotlib.figure import Figure

    high_in = top_in + row_in * count + bottom_in
    figure = Figure(figsize=(wide_in, high_in), facecolor=PAPER)
    axes = figure.add_axes(
        (
            left_in / wide_in,
            bottom_in / high_in,
            (wide_in - left_in - right_in) / wide_in,
            row_in * count / high_in,
        )
    )
    bare(axes)
    axes.set_ylim(count - 0.5, -0.5)
    return figure, axes, high_in
