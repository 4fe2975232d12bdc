"""Figures for slides, drawn from theory and from small years: python -m reports.site.pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    NORMAL,
    PAPER,
    RED,
    dressed,
    say,
    styled,
    svg,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE, HIGH = 9.0, 4.6
Drawn = Callable[["Axes"], str]


def slides() -> dict[str, Callable[[], str]]:
    """Return what draws each slide as SVG, by its name."""
    return {name: partial(_slide, draw) for name, draw in _DRAWN.items()}


def _slide(draw: Drawn) -> str:
    from matplotlib.figure import Figure

    with styled():
        figure = Figure(figsize=(WIDE, HIGH), facecolor=PAPER)
        axes = figure.add_axes((0.09, 0.15, 0.68, 0.68))
        dressed(axes)
        say(figure, 0.02, 0.93, draw(axes), fontsize=14, fontweight="bold")
        return svg(figure)


def _line(
    axes: Axes, x: Any, y: Any, name: str, colour: str, *, lower: float = 0.0, **how: Any
) -> None:
    axes.plot(x, y, color=colour, linewidth=2, **how)
    axes.annotate(
        name, (x[-1], y[-1]), xytext=(6, -lower), textcoords="offset points", color=colour,
        fontsize=NORMAL, va="center", annotation_clip=False,
    )  # fmt: skip


def _staleness(axes: Axes) -> str:
    cost, rot = 100.0, 0.096
    periods = np.linspace(8, 150, 200)
    build, stale = cost / periods, rot * periods / 2
    best = float(np.sqrt(2 * cost / rot))
    _line(axes, periods, build, "building, K/T", BLUE)
    _line(axes, periods, stale, "being stale, c·T/2", AMBER)
    _line(axes, periods, build + stale, "both", INK)
    axes.plot([best], [np.sqrt(2 * cost * rot)], "o", color=RED, markersize=8)
    axes.annotate(
        f"T = √(2K/c) = {best:.0f} days", (best, np.sqrt(2 * cost * rot)), xytext=(4, 14),
        textcoords="offset points", color=RED, fontsize=NORMAL,
    )  # fmt: skip
    axes.set_xlabel("days between rebuilds (K = 100, c = 0.096 a day)", color=INK)
    axes.set_ylabel("cost a day", color=INK)
    axes.set_ylim(0, 14)
    axes.set_xlim(0, 150)
    return "Staleness against building: flat at the bottom, steep far away"


def _canary(axes: Axes) -> str:
    from statistics import NormalDist

    from strategies.judges.fixed_sample import needed

    normal = NormalDist()
    days = np.linspace(0.25, 28, 120)
    for share, colour in ((0.01, RED), (0.05, AMBER), (0.5, BLUE)):
        seen = [_power(normal, 1_440 * day, share) for day in days]
        _line(axes, days, seen, f"{share:.0%} of traffic", colour)
    axes.axhline(0.8, color=FAINT, linewidth=1, linestyle="--")
    axes.set_xlabel("days of 1,440 requests (one-sided test at 5 %, 80 % right before)", color=INK)
    axes.set_ylabel("chance to see a drop of 3 points", color=INK)
    axes.set_ylim(0, 1.02)
    count = 0.01 * needed(0.03, 0.8, share=0.01)
    return f"A small canary sees little: it takes {count:,.0f} requests of its own"


def _power(normal: Any, requests: float, share: float) -> float:
    usual, fallen = 0.8 * 0.2, 0.77 * 0.23
    null = (usual / (requests * share) + usual / (requests * (1 - share))) ** 0.5
    real = (fallen / (requests * share) + usual / (requests * (1 - share))) ** 0.5
    return float(normal.cdf((0.03 - normal.inv_cdf(0.95) * null) / real))


def _best_of(axes: Axes) -> str:
    from scipy.stats import binom  # type: ignore[import-untyped]

    tried = np.array([1, 2, 4, 8, 16, 32, 64, 128])
    for records, colour in ((200, RED), (1_000, AMBER), (10_000, BLUE)):
        x = np.arange(records)
        falls = [0.1 - float((binom.sf(x, records, 0.1) ** k).sum()) / records for k in tried]
        _line(axes, tried, 100 * np.array(falls), f"{records:,} records", colour, marker="o")
    axes.set_xscale("log", base=2)
    axes.set_xticks(tried, [str(k) for k in tried])
    axes.set_xlabel("candidates tried, all equally good (10 % wrong), best one kept", color=INK)
    axes.set_ylabel("points by which its claim is too good", color=INK)
    return "The best of many on one test set is mostly lucky"


def _delays(axes: Axes) -> str:
    from scenarios import catalogue
    from sim.facts import Alarm, Onset
    from sim.labels import Constant
    from sim.run import run
    from strategies import presets

    year = catalogue()["gradual-drift"](at="3w", width="1h", horizon="9w", rate="10/h")
    late = [0, 2, 5, 10, 15, 21]
    lags = []
    for days in late:
        labels = replace(year.labels, delay=Constant(delay=f"{max(1, 24 * days)}h"))
        ledger = run(replace(year, labels=labels), presets.drift(), seed=1)
        onset = ledger.of(Onset)[0].at_us
        first = next(alarm.at_us for alarm in ledger.of(Alarm) if alarm.evidence_us >= onset)
        lags.append((first - onset) / 86_400e6)
    _line(axes, late, lags, "first alarm", RED, marker="o")
    _line(axes, late, late, "labels", FAINT, lower=8, linestyle="--")
    axes.set_xlabel("days until a label comes", color=INK)
    axes.set_ylabel("days from the drift to the alarm", color=INK)
    return "A detector of errors is as late as its labels"


def _leak(axes: Axes) -> str:
    from reports.measures import lived
    from scenarios import catalogue
    from sim.facts import Built
    from sim.run import run
    from strategies import presets

    ledger = run(catalogue()["leak-that-passes"](), presets.weekly(), seed=1)
    claims = {built.version: built.claim for built in ledger.of(Built)}
    told = [life for life in lived(ledger) if life.requests and life.version in claims]
    weeks = list(range(len(told)))
    _line(axes, weeks, [100 * (1 - claims[one.version]) for one in told], "claimed offline", BLUE)
    _line(axes, weeks, [100 * (1 - (one.loss or 0.0)) for one in told], "lived to", RED)
    axes.set_xlabel("version, one a week", color=INK)
    axes.set_ylabel("% right", color=INK)
    axes.set_ylim(40, 102)
    return "The best model that ever passed the gate had seen the answers"


def _trust(axes: Axes) -> str:
    from scenarios import catalogue
    from sim.run import run
    from strategies import presets

    line = run(catalogue()["eroding-trust"](), presets.never(), seed=1).timeline
    completed = line.of_vital("completed").sum(axis=1)
    count = np.maximum(line.count.sum(axis=1), 1)
    weeks = len(count) // (24 * 7)
    whole = slice(0, weeks * 24 * 7)
    share = completed[whole].reshape(weeks, -1).sum(axis=1) / count[whole].reshape(weeks, -1).sum(
        axis=1
    )
    survey = (
        line.business[whole, line.told.business.index("survey")].reshape(weeks, -1).mean(axis=1)
    )
    at = np.arange(weeks) + 0.5
    _line(axes, at, 100 * share / share[:7].mean(), "tasks completed", BLUE)
    _line(axes, at, 100 * survey / survey[:7].mean(), "survey: trust", RED)
    axes.set_xlabel("weeks since the launch (ten bad days from week 8 on)", color=INK)
    axes.set_ylabel("% of what it was before", color=INK)
    axes.set_ylim(60, 110)
    return "Quality is back in a day, trust in months"


_DRAWN: dict[str, Drawn] = {
    "staleness": _staleness,
    "late-labels": _delays,
    "small-canary": _canary,
    "best-of-many": _best_of,
    "leak": _leak,
    "trust": _trust,
}
