"""Comparisons of equals: what a stopping rule makes of differences that are luck alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reports.comparison import Decided, Rule, Stein
from reports.comparison.stopping import PILOT

Floats = NDArray[np.float64]


def settles(rule: Rule, apart: Floats, alpha: float, level: float = 1.0) -> bool:
    """Say whether *rule* calls two strategies different, from as many of *apart* as it asks for.

    *level* is the mean of the measure, of which a width may be a share.
    """
    if isinstance(rule, Decided):
        seeds = PILOT
        while not _differ(rule, apart[:seeds], alpha) and seeds < min(rule.most, len(apart)):
            seeds = min(rule.next(seeds), len(apart))
        return _differ(rule, apart[:seeds], alpha)
    seeds = rule.pilot
    if isinstance(rule, Stein):
        seeds = min(rule.wanted(apart[:PILOT], alpha, level), len(apart))
    return _differ(rule, apart[:seeds], alpha)


def _differ(rule: Rule, apart: Floats, alpha: float) -> bool:
    told = rule.interval(apart, alpha)
    return told.low > 0 or told.high < 0
