"""The picture of the bench of judges: error against time to a decision, for each rollout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.bench.judges.playing import ONCE, PEEKING
from reports.bench.judges.scores import EQUAL, WORSE, Scores
from reports.bench.judges.tables import PROMISE
from reports.bench.judges.worlds import DAYS, FULL
from reports.bench.picture import COLOURS, MARKS
from reports.figures.style import FAINT, INK, LARGE, PAPER, RED, SMALL, dressed, say, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from reports.bench.judges.worlds import Family

WIDE, HIGH = 12.5, 9.6


def draw(scores: Scores) -> Figure:
    """Return the picture: a panel for each rollout, labels at once, everybody comes once."""
    from matplotlib.figure import Figure as Canvas

    families = [f for f in scores.families if not f.late and f.visits == 1 and f.rollout != FULL]
    families = families or [scores.families[0]]
    rows = (len(families) + 1) // 2
    high = 1.5 + (HIGH - 1.5) / 2 * rows
    with styled():
        figure = Canvas(figsize=(WIDE, high), facecolor=PAPER)
        shown = [
            label
            for place, label in enumerate(scores.labels)
            if not any(_alike(scores, families, label, other) for other in scores.labels[:place])
        ]
        say(figure, 0.02, 1 - 0.34 / high, "Who errs, and how long it takes", fontsize=LARGE)
        told = (
            f"Error: the larger of 'an equal version rolled back' and 'one 3 points worse "
            f"promoted', in {scores.worlds:,} worlds each, 95 % intervals. Days: until the end of "
            "the rollout of an equal or a worse one."
        )
        say(figure, 0.02, 1 - 0.62 / high, told, color=FAINT)
        _key(figure, shown, 1 - 0.98 / high)
        for number, family in enumerate(families):
            row, column = divmod(number, 2)
            bottom = (high - 1.35 - (HIGH - 1.5) / 2 * (row + 1) + 0.75) / high
            box = (0.06 + 0.49 * column, bottom, 0.42, ((HIGH - 1.5) / 2 - 1.15) / high)
            _panel(figure.add_axes(box), scores, family, shown)
        return figure


def _alike(scores: Scores, families: list[Family], one: str, other: str) -> bool:
    """Say whether two judges decided the same everywhere: then one mark is enough."""
    at, beside = scores.labels.index(one), scores.labels.index(other)
    return all((scores.decided[f][:, at] == scores.decided[f][:, beside]).all() for f in families)


def _key(figure: Figure, labels: list[str], y: float) -> None:
    """Name the judges, and what filled and hollow marks mean."""
    from matplotlib.lines import Line2D

    from reports.figures.style import width_pt

    x = 0.02
    for number, label in enumerate([*labels, f"filled: {PEEKING}; hollow: {ONCE}"]):
        if number < len(labels):
            colour, mark = COLOURS[number % len(COLOURS)], MARKS[number % len(MARKS)]
            figure.add_artist(
                Line2D([x + 0.005], [y + 0.006], marker=mark, color=colour, markersize=6)
            )
            say(figure, x + 0.014, y, label, color=colour)
        else:
            say(figure, x + 0.014, y, label, color=FAINT)
        x += 0.03 + width_pt(label) / (72 * WIDE)


def _panel(axes: Axes, scores: Scores, family: Family, labels: list[str]) -> None:
    """Draw one rollout."""
    dressed(axes, f"{family.rollout.name}: {_plan(family)}")
    highest = 0.1
    for number, label in enumerate(labels):
        colour, mark = COLOURS[number % len(COLOURS)], MARKS[number % len(MARKS)]
        points = []
        for way in (PEEKING, ONCE):
            days = scores.days(family, way, label, EQUAL, WORSE)
            error = scores.error(family, way, label)
            points.append((days.value, error.value))
            highest = max(highest, error.high)
            axes.errorbar(
                [days.value], [error.value],
                [[error.value - error.low], [error.high - error.value]],
                fmt=mark, color=colour, markersize=7, elinewidth=1.2,
                markerfacecolor=colour if way == PEEKING else PAPER, zorder=3,
            )  # fmt: skip
        axes.plot(*zip(*points, strict=True), color=colour, linewidth=0.8, alpha=0.5)
    axes.axhline(PROMISE, color=RED, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.annotate(
        "promised: 5 %", (0.0, PROMISE), (4, 3), textcoords="offset points",
        xycoords=("axes fraction", "data"), fontsize=7, color=RED, va="bottom",
    )  # fmt: skip
    axes.set_xlim(0, DAYS + 0.7)
    axes.set_ylim(-0.02, min(1.02, 1.1 * highest))
    low, high = axes.get_ylim()
    ticks = [t for t in (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0) if low <= t <= high]
    if high > 0.5:
        ticks.remove(0.05)
    axes.set_yticks(ticks, [f"{100 * tick:g} %" for tick in ticks])
    axes.set_xlabel("mean days to a decision", fontsize=SMALL, color=INK)
    axes.set_ylabel("error", fontsize=SMALL, color=INK)


def _plan(family: Family) -> str:
    stages = family.rollout.stages
    if family.rollout.unseen:
        return "every request answered unseen until a judge decides"
    shares = " → ".join(f"{100 * stage.share:g} %" for stage in stages)
    if family.rollout.by_calendar:
        return f"{shares}, then to everybody by the calendar"
    return f"{shares} of people until a judge decides"
