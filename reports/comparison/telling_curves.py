"""Tuned curves and maps in words that fit a terminal."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from reports.table import paragraph, table
from reports.words import amount, count, duration
from sim.clock import SECOND_US

if TYPE_CHECKING:
    from reports.comparison.curve import Curve, Territory
    from reports.intervals import Figure

LOSS = "loss a request"
WIDTH = 24
"""Signs of the longest bar."""
MARKS = "ABCDEFGH"


def tell_curve(curve: Curve) -> str:
    """Return the curve as a table with bars, and what follows from it."""
    most = max((p.objective.value for p in curve.places), default=0.0)
    least = min((p.objective.value for p in curve.places), default=0.0)
    priced = curve.objective != LOSS
    head = [curve.parameter, curve.objective, "", *([LOSS] if priced else []), "trainings"]
    rows = []
    for place, one in enumerate(curve.places):
        share = (one.objective.value - least) / (most - least) if most > least else 0.0
        bar = "█" * round(1 + share * (WIDTH - 1)) + (" ◂ best" if place == curve.best else "")
        told = [one.value, figure(one.objective), bar]
        told += [f"{one.loss.value:.4g}"] if priced else []
        rows.append([*told, amount(round(one.trainings.value, 1))])
    if curve.theory_rates:
        head.append("theory")
        for row, rate in zip(rows, curve.theory_rates, strict=True):
            row.append(amount(rate))
    title = f"{curve.strategy} in {curve.scenario}, {count(curve.seeds, 'seed')}"
    lines = [title, "", *table(head, rows), ""]
    for said in findings(curve):
        lines += paragraph(said)
    return "\n".join([*lines, ""])


def findings(curve: Curve) -> list[str]:
    """Return what the curve says, in sentences."""
    best = curve.optimum
    if curve.seeds < 2:
        return [f"Best of all is {best.value}, as far as {count(curve.seeds, 'seed')} can tell."]
    span = (
        "in every resample of the seeds"
        if curve.low == curve.high
        else f"between {curve.low} and {curve.high} in 95 % of resamples of the seeds"
    )
    said = [f"Best of all is {curve.parameter} = {best.value}: {span}."]
    if curve.at_edge and len(curve.places) > 1:
        said.append("That is the end of the range: the best may lie beyond it.")
    if curve.fresh is not None and isfinite(curve.fresh.value):
        said.append(
            f"On {count(curve.seeds, 'fresh seed')} it comes to {figure(curve.fresh)}; on those "
            f"that chose it, to {figure(best.objective)}."
        )
    if curve.theory is not None:
        told = duration(round(curve.theory * SECOND_US)) if curve.seconds else amount(curve.theory)
        said.append(f"Theory (even decay, a calendar): {told} is best.")
    return said


def won(found: Territory) -> str:
    """Return who wins in how many fields of a map, in a sentence."""
    counts = [
        (name, [spot for spot in found.spots if spot.winner == name]) for name in found.strategies
    ]
    fields = count(len(found.spots), "field")
    if len(found.strategies) == 1:
        return f"{found.strategies[0]} alone, in {fields}: {_least(found)}."
    told = [
        f"{name} has the least {found.objective} in {len(mine)} of {fields}, surely in "
        f"{sum(spot.sure for spot in mine)}"
        for name, mine in counts
        if mine
    ]
    return "; ".join(told) + "."


def tell_map(found: Territory) -> str:
    """Return who wins where, a letter a field; small where it is not sure."""
    mark = {name: MARKS[place % len(MARKS)] for place, name in enumerate(found.strategies)}
    rows = []
    for y in reversed(found.y_values):
        spots = [found.at(x, y) for x in found.x_values]
        told = [mark[s.winner] if s.sure else mark[s.winner].lower() for s in spots]
        if len(found.strategies) == 1:
            told = [_short(s.objective[s.winner].value) for s in spots]
        rows.append([y, *told])
    corner = f"{found.y} \\ {found.x}" if found.y else found.x
    lines = [f"{found.scenario}, {count(found.seeds, 'seed')}: least {found.objective}", ""]
    lines += table([corner, *found.x_values], rows)
    lines.append("")
    if len(found.strategies) > 1:
        lines += [f"{sign}  {name}" for name, sign in mark.items()]
        lines.append("capital: surely less than each other; small: not settled")
    lines.append(f"least of all: {_least(found)}")
    return "\n".join([*lines, ""])


def _least(found: Territory) -> str:
    best = min(found.spots, key=lambda s: s.objective[s.winner].value)
    at = ", ".join(f"{n} = {v}" for n, v in ((found.x, best.x), (found.y, best.y)) if n)
    return f"{best.winner} at {at}, {figure(best.objective[best.winner])}"


def figure(one: Figure) -> str:
    """Return a number with half its interval."""
    text = _short(one.value)
    return f"{text} ± {(one.high - one.low) / 2:.2g}" if one.known else text


def _short(value: float) -> str:
    return amount(value) if abs(value) >= 100 else f"{value:.4g}"
