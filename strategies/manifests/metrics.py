"""What a manifest's metrics are called here, and in which unit their limits are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from strategies.manifests.conditions import Limits
from strategies.rollouts.stops import Beyond, Worse

QUALITY, ERRORS, LATENCY = "quality", "errors", "latency"
OURS = (
    QUALITY, ERRORS, "fallbacks", "accepted", "completed", "complained", "escalated",
)  # fmt: skip
"""Names that mean here what they say."""
BESIDE = "-beside-champion"
"""Ends the name of a metric that is a difference: the new version's less the champion's."""
_SLOW = re.compile(r"latency|duration|response.?time|\bp9\d")
_WELL = re.compile(r"success|availab|uptime")
_ILL = re.compile(r"error|fail|5xx|5\.\.|fault")


@dataclass(frozen=True)
class Meaning:
    """Which *metric* of ours is meant; *turned*: what is counted is its opposite."""

    metric: str
    turned: bool = False


def meaning(name: str, query: str, given: Mapping[str, str]) -> Meaning | None:
    """Return what a metric means: as *given*, by its name, or by its query.

    >>> meaning("success-rate", "", {}), meaning("5xx", "", {}), meaning("cpu", "", {})
    (Meaning(metric='errors', turned=True), Meaning(metric='errors', turned=False), None)
    """
    if name in given:
        return Meaning(given[name])
    if name in OURS or name == LATENCY:
        return Meaning(name)
    if name.endswith(BESIDE) and name.removesuffix(BESIDE) in OURS:
        return Meaning(name)
    for said in (name.lower(), query.lower()):
        if _SLOW.search(said):
            return Meaning(LATENCY)
        if _WELL.search(said):
            return Meaning(ERRORS, turned=True)
        if _ILL.search(said):
            return Meaning(ERRORS)
    return None


def limit(name: str, meant: Meaning, limits: Limits) -> Beyond | Worse | None:
    """Return the limits as ours; None if they cannot be: a share above 100 %, a gap upwards.

    >>> limit("success-rate", Meaning("errors", turned=True), Limits(least=99.0)).most
    0.01
    """
    metric = meant.metric
    if metric.endswith(BESIDE):
        if limits.least is None or limits.least > 0:
            return None
        return Worse(points=-limits.least, metric=metric.removesuffix(BESIDE), minimum=1)
    if metric == LATENCY:
        scale = 1.0 if name == LATENCY else _latency_us(limits)
        least, most = (None if x is None else x * scale for x in limits)
        return Beyond(metric=metric, least=least, most=most, minimum=1)
    highest = max(x for x in limits if x is not None)
    least, most = limits
    if highest > 1.0:
        if highest > 100.0 or name in OURS:
            return None
        least, most = (None if x is None else x / 100 for x in limits)
    if meant.turned:
        least, most = (None if x is None else round(1.0 - x, 12) for x in (most, least))
    return Beyond(metric=metric, least=least, most=most, minimum=1)


def _latency_us(limits: Limits) -> float:
    """Guess the unit: Prometheus counts seconds, dashboards milliseconds; nobody allows 30 s."""
    highest = max(x for x in limits if x is not None)
    return 1e6 if highest <= 30 else 1e3
