"""The strips above and below the quality: incidents, alarms, trainings, releases, arms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.figures import regret
from reports.figures.series import shares
from reports.figures.style import (
    AMBER,
    BLUE,
    FAINT,
    GREEN,
    INK,
    NORMAL,
    PAPER,
    PLUM,
    RED,
    RULE,
    SMALL,
    bare,
    fitted,
    say,
    width_pt,
)
from reports.measures.alarms import DETECTION, FALSE, NEEDLESS, UNJUDGED
from reports.measures.pairing import ended_us
from reports.words import duration
from sim.clock import WEEK_US
from sim.facts import Answered, Built, Routed, TrainingBegun, TrainingFailed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reports.measures import Incident, Judged
    from reports.result import Result

LAYERS = {"input": "v", "output": "s", "performance": "o", "business": "D", "review": "P"}
MOST_INCIDENTS = 8
LANE_IN, INCIDENT_IN, ARMS_IN, REGRET_IN = 0.27, 0.42, 0.42, 0.7
MOST_MARKS = 130
CLOSE_PT = 14.0
Mark = tuple[int, str, str]
"""when, in words, in which colour"""
ARMS = (("champion", BLUE), ("challenger", PLUM), ("fallback", AMBER), ("error", INK))


@dataclass(frozen=True)
class Strip:
    """One strip: how high it is, whether it stands above the quality, and what draws it."""

    height_in: float
    draw: Callable[[Axes, Result], None]
    above: bool = False


def strips(result: Result) -> list[Strip]:
    """Return the strips that this result needs, from the top down."""
    found = []
    shown = min(len(result.incidents), MOST_INCIDENTS)
    if shown:
        found.append(Strip(INCIDENT_IN * shown, _incidents, above=True))
    for layer in LAYERS:
        mine = [judged for judged in result.alarms if judged.alarm.layer == layer]
        if mine:
            found.append(Strip(LANE_IN, _alarm_lane(layer, mine)))
    found.append(Strip(LANE_IN, _trainings))
    found.append(Strip(LANE_IN, _changes))
    if result.regret is not None:
        found.append(Strip(REGRET_IN, regret.draw))
    found.append(Strip(ARMS_IN, _arms))
    return found


def name(axes: Axes, words: str) -> None:
    """Name a strip at its left."""
    axes.annotate(
        words, (-0.008, 0.5), xycoords="axes fraction", ha="right", va="center",
        fontsize=NORMAL, color=INK, annotation_clip=False,
    )  # fmt: skip


def note(axes: Axes, words: str, y: float = 0.5, colour: str = FAINT) -> None:
    """Say something at a strip's right."""
    axes.annotate(
        words, (1.012, y), xycoords="axes fraction", ha="left", va="center",
        fontsize=SMALL, color=colour, annotation_clip=False,
    )  # fmt: skip


def _line(axes: Axes) -> None:
    bare(axes)
    axes.set_ylim(0, 1)
    axes.axhline(0.5, color=RULE, linewidth=0.6, zorder=0)


def points_per_week(axes: Axes) -> float:
    """Return how wide a week is, in points."""
    low, high = axes.get_xlim()
    figure = axes.get_figure()
    assert figure is not None
    return float(axes.get_position().width * figure.get_figwidth() * 72 / (high - low))  # type: ignore[union-attr]


# -- incidents -------------------------------------------------------------------------------


def _incidents(axes: Axes, result: Result) -> None:
    """Draw each incident as a bar: dark while nobody had seen it, light until it was over."""
    bare(axes)
    shown = result.incidents[:MOST_INCIDENTS]
    axes.set_ylim(len(shown), 0)
    for row, incident in enumerate(shown):
        _incident(axes, incident, row, ended_us(result.run))
    hidden = len(result.incidents) - len(shown)
    title = "incidents" if len(result.incidents) > 1 else "incident"
    name(axes, title)
    note(axes, f"dark: not yet seen\n+{hidden} more" if hidden else "dark: not yet seen")


def _incident(axes: Axes, incident: Incident, row: int, end_us: int) -> None:
    start = incident.onset_us / WEEK_US
    stop_us = incident.recovered_us or end_us
    if incident.harmless:
        stop_us = min(end_us, incident.ended_us or end_us)
    seen_us = incident.first.at_us if incident.first is not None else None
    dark_us = min(stop_us, seen_us if seen_us is not None else stop_us)
    long = stop_us / WEEK_US - start
    axes.barh(row + 0.74, long, 0.3, left=start, color=RED, alpha=0.28, linewidth=0)
    axes.barh(row + 0.74, dark_us / WEEK_US - start, 0.3, left=start, color=RED, linewidth=0)
    kind = f" ({incident.kind})" if incident.kind != incident.name else ""
    words = f"{incident.name}{kind}{_fate(incident)}"
    scale, (low, high) = points_per_week(axes), axes.get_xlim()
    words = fitted(words, (high - low) * scale)
    at = max(low, min(start, high - width_pt(words) / scale))
    say(axes, at, row + 0.28, words, va="center")


def _fate(incident: Incident) -> str:
    first = incident.first
    found = "never seen"
    if first is not None and first.lag_us is not None:
        found = f"seen after {duration(first.lag_us)}"
    if incident.harmless:
        return f", {found}, {'too late to tell the harm' if incident.censored else 'no harm'}"
    if incident.recovered_us is None:
        return f", {found}, not over by the end"
    return f", {found}, over after {duration(incident.recovered_us - incident.onset_us)}"


# -- alarms ----------------------------------------------------------------------------------


def _alarm_lane(layer: str, mine: list[Judged]) -> Callable[[Axes, Result], None]:
    def draw(axes: Axes, result: Result) -> None:
        _line(axes)
        name(axes, f"{layer} alarms")
        false = sum(judged.verdict == FALSE for judged in mine)
        unjudged = sum(judged.verdict == UNJUDGED for judged in mine)
        true = len(mine) - false - unjudged
        parts = [f"{true:,} true"] if true else []
        parts += [f"{false:,} false (hollow)"] if false else []
        parts += [f"{unjudged:,} unjudged"] if unjudged else []
        note(axes, ", ".join(parts))
        for judged in _apart(mine, result.run.scenario["horizon_us"]):
            _alarm(axes, judged, LAYERS[layer])

    return draw


def _apart(mine: list[Judged], horizon_us: int) -> list[Judged]:
    """Leave out alarms that would hide each other."""
    step_us = max(1, horizon_us // MOST_MARKS)
    last = {(judged.alarm.at_us // step_us, judged.verdict): judged for judged in reversed(mine)}
    return list(last.values())


def _alarm(axes: Axes, judged: Judged, shape: str) -> None:
    verdict = judged.verdict
    face = {DETECTION: RED, NEEDLESS: FAINT, UNJUDGED: FAINT, FALSE: PAPER}.get(verdict, RED)
    first = verdict in (DETECTION, NEEDLESS)
    axes.scatter(
        [judged.alarm.at_us / WEEK_US], [0.5], s=52 if first else 24, marker=shape,
        facecolor=face, edgecolor=FAINT if verdict in (NEEDLESS, UNJUDGED, FALSE) else RED,
        linewidth=1.1, alpha=1.0 if first or verdict == FALSE else 0.6,
        zorder=4 if first else 3, clip_on=False,
    )  # fmt: skip


# -- trainings -------------------------------------------------------------------------------


def _trainings(axes: Axes, result: Result) -> None:
    """Draw each training as a bar from begin to end, crossed where it failed."""
    _line(axes)
    name(axes, "trainings")
    run = result.run
    begun = {fact.job: fact for fact in run.of(TrainingBegun)}
    failed = run.of(TrainingFailed)
    ends = {done.job: done.at_us for done in run.of(Built)}
    ends |= {fail.job: fail.at_us for fail in failed}
    least = 2.5 / points_per_week(axes)
    for job, fact in begun.items():
        start = fact.at_us / WEEK_US
        long = max(ends.get(job, ended_us(run)) / WEEK_US - start, least)
        axes.barh(0.5, long, 0.56, left=start, color=GREEN, linewidth=0)
    for fail in failed:
        axes.scatter(
            [fail.at_us / WEEK_US], [0.5], marker="x", s=34, color=RED, linewidth=1.6,
            zorder=4, clip_on=False,
        )  # fmt: skip
    parts = [f"{len(begun):,}"] if begun else ["none"]
    parts += [f"{len(failed):,} failed (×)"] if failed else []
    note(axes, ", ".join(parts))


# -- changes of routing ----------------------------------------------------------------------


def _changes(axes: Axes, result: Result) -> None:
    """Draw each change of routing as a tick with its words, where there is room for them."""
    _line(axes)
    name(axes, "changes")
    marks = [(r.at_us, _change(r.cause), _colour(r.cause)) for r in result.run.of(Routed)[1:]]
    marks += [(a.at_us, f"{a.owner} answers", FAINT) for a in result.run.of(Answered)]
    marks.sort(key=lambda mark: mark[0])
    scale, high = points_per_week(axes), axes.get_xlim()[1]
    for at_us, _, colour in marks:
        axes.vlines(at_us / WEEK_US, 0.08, 0.92, color=colour, linewidth=1.6, zorder=3)
    clusters = _clusters(marks, CLOSE_PT / scale)
    for i, cluster in enumerate(clusters):
        start = cluster[-1][0] / WEEK_US + 3 / scale
        last = i + 1 == len(clusters)
        stop = high if last else clusters[i + 1][0][0] / WEEK_US - 2 / scale
        words = ", ".join(words for _, words, _ in cluster)
        if width_pt(words, SMALL) / scale > stop - start:
            words = cluster[-1][1]
        if width_pt(words, SMALL) / scale <= stop - start:
            box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}
            say(axes, start, 0.5, words, fontsize=SMALL, va="center", bbox=box, zorder=2)
    note(axes, f"{len(marks):,}" if marks else "none")


def _clusters(marks: list[Mark], gap_weeks: float) -> list[list[Mark]]:
    """Put marks that stand too close for words of their own together."""
    found: list[list[Mark]] = []
    for mark in marks:
        if found and (mark[0] - found[-1][-1][0]) / WEEK_US < gap_weeks:
            found[-1].append(mark)
        else:
            found.append([mark])
    return found


def _change(cause: str) -> str:
    return cause.removeprefix("promote ").removeprefix("release ")


def _colour(cause: str) -> str:
    if cause.startswith("roll back"):
        return RED
    return AMBER if cause.startswith("fall back") else BLUE


# -- arms ------------------------------------------------------------------------------------


def _arms(axes: Axes, result: Result) -> None:
    """Draw who answered, as shares of the requests, with the champion's versions named."""
    bare(axes)
    axes.set_ylim(0, 1)
    edges, share = shares(result.run)
    base = np.zeros(share.shape[1])
    parts = []
    for (arm, colour), row in zip(ARMS, share, strict=True):
        if row.any():
            axes.stairs(base + row, edges, baseline=base, fill=True, color=colour, linewidth=0,
                        alpha=0.85 if arm != "champion" else 0.30)  # fmt: skip
            parts.append(arm)
        base = base + row
    name(axes, "answered by")
    for i, part in enumerate(reversed(parts)):
        colour = dict(ARMS)[part]
        y = 0.5 + (len(parts) - 1) * 0.16 - i * 0.32
        note(axes, f"■ {part}", y, colour)
    _versions(axes, result, 0.5 if len(parts) == 1 else 0.2)


def _versions(axes: Axes, result: Result, height: float) -> None:
    """Name each champion in its stretch of the strip, where there is room."""
    routes, end_us = result.run.of(Routed), ended_us(result.run)
    scale = points_per_week(axes)
    i = 0
    while i < len(routes):
        last = i
        while last + 1 < len(routes) and routes[last + 1].champion == routes[i].champion:
            last += 1
        stop_us = routes[last + 1].at_us if last + 1 < len(routes) else end_us
        start, stop = routes[i].at_us / WEEK_US, stop_us / WEEK_US
        if i:
            axes.axvline(start, color=PAPER, linewidth=1.4)
        version = routes[i].champion
        if width_pt(version, SMALL) + 4 <= (stop - start) * scale:
            say(axes, (start + stop) / 2, height, version, fontsize=SMALL, ha="center", va="center")
        i = last + 1
