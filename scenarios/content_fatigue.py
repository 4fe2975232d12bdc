"""People tire of what they have seen."""

from __future__ import annotations

from math import log

from scenarios.wearing import wearing
from sim.artifacts import Parametric
from sim.clock import DAY_US, positive_us
from sim.clock import rate as rate_of
from sim.errors import one_of, within
from sim.scenario import Scenario
from sim.traffic import Traffic


def content_fatigue(
    *,
    fresh: float = 0.4,
    tired: float = 0.05,
    by: str = "time",
    half_life: str = "3w",
    keep: float = 0.9,
    revision: str = "2d",
    cost: float = 300.0,
    worse: float = 0.25,
    worse_by: float = 0.05,
    misses: float = 0.5,
    rate: str = "60/h",
    entities: int = 2_000,
    horizon: str = "52w",
) -> Scenario:
    """Content that engages less every day until somebody revises it.

    A share *fresh* of the visitors engages on the first day, *tired* in the end. With *by* 'time'
    what lies between halves every *half_life*. With 'exposures' each time that a user has met it
    leaves *keep* of what lies between: users meet it at random, so that the mean over them falls
    exponentially too, by 1 - *keep* for each exposure that a user has had on average. A
    *revision* takes that long at that *cost*; a share *worse* of them engages less, by *worse_by*,
    and the check before the release *misses* that share of these.
    """
    one_of("content_fatigue.by", by, ("time", "exposures"))
    within("content_fatigue.keep", keep, 0, 1)
    within("content_fatigue.tired", tired, 0, fresh)

    if by == "time":
        speed, slope = 1.0, log(2.0) * DAY_US / positive_us(half_life, "content_fatigue.half_life")
    else:
        speed, slope = float(rate_of(rate, "content_fatigue.rate") * DAY_US) / entities, 1.0 - keep
    return wearing(
        name="content-fatigue",
        domain="content",
        story=(
            "A piece of content is new, and people like it. They see it again, and again.\n"
            "Nothing about it changes, and every week fewer of them care."
        ),
        cause="Novelty wears off, fast at first: that is how attention works.",
        expect=(
            "Engagement falls by the same share in equal times, so errors see it soon after every "
            "revision. Revising pays at the period at which what it costs and what it wins are "
            "equal; some revisions are worse, and only an A/B test would tell."
        ),
        lesson="What was best is taken for what is best: an offline check knows no novelty.",
        drift="novelty wears off",
        speed=speed,
        artifact=Parametric(
            base=1.0 - fresh,
            slope=slope,
            worst=1.0 - tired,
            shape="exponential",
            regress=worse,
            regression=worse_by,
            misses=misses,
        ),
        traffic=Traffic(rate=rate, entities=entities),
        label_delay="1d",
        rebuild=revision,
        cost=cost,
        horizon=horizon,
    )
