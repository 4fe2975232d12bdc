"""What a stage can see: how many requests and labels it has, and the smallest drop that shows."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.clock import us
from sim.errors import within

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from strategies.rollouts.stage import Stage
    from strategies.rollouts.staged import Staged

ALPHA, POWER = 0.05, 0.8


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A *stage* in a scenario: about how many *requests* meet the version, and how many *labels*.

    *drop* is the smallest fall of quality that a one-sided test at 5 % finds four times in five;
    NaN if none does. Labels that come later than the stage lasts are none: with a shadow half of
    them count as soon as they usually come, else only requests old enough for 95 % of them do.
    A stage waits for its minimum, however late. *visits* is how often one user is among the
    outcomes, on average.
    """

    stage: Stage
    requests: float
    labels: float
    drop: float
    visits: float = 1.0


def smallest_drop(challenger: float, champion: float, base: float) -> float:
    """Return the smallest drop from *base* that shows with so many outcomes in each arm.

    One-sided at 5 % with a power of 80 %, each outcome from a user of its own; NaN if not even a
    fall to nothing would show, or with fewer than ten outcomes.

    >>> round(smallest_drop(1_100, 20_000, 0.8), 3)
    0.031
    """
    within("smallest_drop.base", base, 1e-9, 1)
    if min(challenger, champion) < 10:
        return float("nan")
    usual, normal = base * (1.0 - base), NormalDist()

    def reach(drop: float) -> float:
        worse = base - drop
        fallen = worse * (1.0 - worse)
        sure = normal.inv_cdf(1.0 - ALPHA) * sqrt(usual * (1.0 / challenger + 1.0 / champion))
        return sure + normal.inv_cdf(POWER) * sqrt(fallen / challenger + usual / champion)

    low, high = 0.0, base
    if reach(high) > high:
        return float("nan")
    for _ in range(60):
        middle = (low + high) / 2.0
        low, high = (low, middle) if reach(middle) <= middle else (middle, high)
    return high


def sights(
    plan: Staged, scenario: Scenario, *, base: float = 0.8, likeness: float = 0.0
) -> list[Sight]:
    """Return what each stage of *plan* can see in *scenario*, from *base* quality.

    Requests of one user are as alike as *likeness* says, their intra-class correlation: if they
    come c times, on average, outcomes tell as much as 1 / (1 + likeness c) as many of strangers.
    """
    within("likeness", likeness, 0, 1)
    return [_sight(plan, stage, scenario, base, likeness) for stage in plan.stages]


def _sight(plan: Staged, stage: Stage, scenario: Scenario, base: float, likeness: float) -> Sight:
    traffic, segments = scenario.stream.traffic, scenario.stream.segments
    per_us = float(traffic.per_us) * (5.0 + 2.0 * traffic.weekend) / 7.0
    all_per_us = per_us
    if stage.segments and segments is not None:
        known = dict(zip(segments.names, segments.shares, strict=True))
        per_us *= sum(known.get(name, 0.0) for name in stage.segments)
    share = 1.0 if stage.unseen else stage.share
    requests = per_us * share * us(stage.hold)
    seen_us, comes = float(us(stage.hold)), 1.0
    if plan.metric in ("quality", *getattr(scenario.artifact, "signals", ())):
        late_us = scenario.labels.delay.quantile_us(0.5 if stage.unseen else 0.95)
        seen_us = max(0.0, seen_us - late_us)
        comes = scenario.labels.coverage
    known_of = per_us * comes * seen_us
    if share and comes and known_of * share < stage.minimum:  # it waits for them
        known_of = stage.minimum / share
        seen_us = known_of / (per_us * comes)
    champion = known_of if stage.unseen else known_of * (1.0 - share)
    # Σc² / Σc - 1 of people who come at random is how often they come on average
    visits = all_per_us * seen_us * comes / traffic.entities
    told = 1.0 / (1.0 + likeness * visits)
    drop = smallest_drop(known_of * share * told, champion * told, base)
    labels = known_of * share
    return Sight(stage=stage, requests=requests, labels=labels, drop=drop, visits=visits)
