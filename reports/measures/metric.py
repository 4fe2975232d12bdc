"""A metric that is no mean of losses, from the sums that a ledger keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.scoring import F1, SCORES, f1, pr_auc

if TYPE_CHECKING:
    from sim.ledger import Ledger

COUNTS = frozenset((*F1, *SCORES))
"""Signals that are counted for a metric, and mean nothing by themselves."""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """A *value* under a *name*; *low* and *high* bound it where scores are known in bins only.

    *better* is 'higher' or 'lower'; a value is NaN where nothing was judged.
    """

    name: str
    value: float
    better: str
    low: float | None = None
    high: float | None = None


def metric(run: Ledger, *, start_us: int = 0, stop_us: int | None = None) -> Quality:
    """Return F1 or PR-AUC if the ledger counts what they need, else the mean loss.

    Only whole ticks between *start_us* and *stop_us* count.
    """
    tick_us = run.timeline.tick_us
    ticks = slice(-(-start_us // tick_us), None if stop_us is None else stop_us // tick_us)
    names = run.timeline.signals
    if names in (F1, SCORES):
        sums = np.array([run.timeline.of_signal(name)[1][ticks].sum() for name in names])
        if names == F1:
            return Quality(name="F1", value=f1(sums), better="higher")
        value, low, high = pr_auc(sums)
        return Quality(name="PR-AUC", value=value, better="higher", low=low, high=high)
    count = int(run.timeline.count[ticks].sum())
    mean = float(run.timeline.loss[ticks].sum()) / count if count else float("nan")
    loss = str(run.scenario["loss"])
    if loss.startswith("ZeroOne"):
        return Quality(name="accuracy", value=1.0 - mean, better="higher")
    name = {"LogLoss": "log loss", "Absolute": "MAE", "Squared": "MSE", "Costs": "cost"}
    return Quality(name=name.get(loss.partition("(")[0], "mean loss"), value=mean, better="lower")
