"""Summer guests: everything moves as in a drift, and comes back by itself."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import CovariateShift
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Season, Stream
from sim.traffic import Traffic


def season_like_drift(
    *,
    season: float = 0.06,
    shift: float = 1.0,
    rate: str = "16/h",
    labels: str = "3d",
    horizon: str = "52w",
) -> Scenario:
    """Errors and features swing with the year: every alarm is false, every training waste.

    Noise swings by *season* around its mean, two columns by *shift* of their deviation, highest
    in the middle of the year. *labels* is the median of a lognormal delay.
    """
    return Scenario(
        name="season-like-drift",
        domain="travel",
        story=(
            "A portal foresees which bookings will be cancelled. In June it is wrong more often,\n"
            "and its guests are other people than in March: one monitor after another says so."
        ),
        cause="It is summer. Plans are made and dropped by the weather, as in every year.",
        expect=(
            "Errors alarm three times at least, inputs too, and each alarm is false. Who trains on "
            "the few days since an alarm ends a point or more worse than who does nothing; fifty "
            "weekly trainings gain less than half a point. A good team knows its year and pages "
            "nobody."
        ),
        lesson="Compare with the same weeks of last year before you call it a drift.",
        seam="feedback",
        stream=Stream(
            concept=Linear(columns=6, rule="bookings", noise=0.12),
            traffic=Traffic(rate=rate, daily=0.6, weekend=1.2, entities=40_000),
            season=Season(amplitude=season, period="52w", peak="26w"),
            rhythms=(
                CovariateShift(
                    name="summer guests",
                    at="0d",
                    shape="seasonal",
                    every="52w",
                    columns=("x1", "x3"),
                    shift=shift,
                ),
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.6), coverage=0.95),
        training=Training(fixed="3h", cost=80.0),
        horizon=horizon,
    )
