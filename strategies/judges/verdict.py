"""What a judge says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from strategies.judges.evidence import Comparison

PROMOTE, ROLL_BACK, INCONCLUSIVE = "promote", "roll back", "inconclusive"
FEWEST = 100
"""Judges that rest on large numbers wait for so many entities in each arm."""


@dataclass(frozen=True)
class Verdict:
    """What a judge says: *answer*, the difference it saw with its bounds, and why.

    *source* and *purpose* are those of the evidence: a proxy's verdict is known as one, and one
    about health says nothing about an effect.
    """

    answer: str
    difference: float
    low: float
    high: float
    entities: int
    why: str
    source: str = "labels"
    purpose: str = "health"


def said(
    answer: str, evidence: Comparison, bounds: tuple[float, float, float], why: str
) -> Verdict:
    """Return a verdict on *evidence*; *bounds* are the difference and its interval."""
    where = f" ({evidence.source})" if evidence.source != "labels" else ""
    return Verdict(answer, *bounds, evidence.fewest, why + where, evidence.source, evidence.purpose)


def decided(evidence: Comparison, reach: float, margin: float) -> Verdict:
    """Promote what is surely not worse by *margin*, roll back what is surely worse, else wait."""
    difference = evidence.difference
    low, high = difference - reach, difference + reach
    told = f"{difference:+.2%} ({low:+.2%} to {high:+.2%})"
    bounds = difference, low, high
    if high < 0.0:
        return said(ROLL_BACK, evidence, bounds, f"worse: {told}")
    if low > -margin:
        return said(PROMOTE, evidence, bounds, f"not worse by {margin:.2%}: {told}")
    return said(INCONCLUSIVE, evidence, bounds, f"too early to say: {told}")


def too_few(evidence: Comparison, needed: int) -> Verdict | None:
    """Say nothing if fewer than *needed* entities have come in an arm."""
    if evidence.fewest >= needed:
        return None
    bounds = evidence.difference, -float("inf"), float("inf")
    why = f"{evidence.fewest:,} of {needed:,} entities have come"
    return said(INCONCLUSIVE, evidence, bounds, why)


@cache
def quantile(share: float) -> float:
    """Return what a standard normal number stays below with so large a chance."""
    return NormalDist().inv_cdf(share)
