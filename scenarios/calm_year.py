"""A year in which nothing happens."""

from __future__ import annotations

from sim.concepts import Linear
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Season, Stream
from sim.traffic import Traffic


def calm_year(
    *,
    season: float = 0.02,
    rate: str = "60/h",
    labels: str = "1d",
    coverage: float = 0.9,
    horizon: str = "52w",
) -> Scenario:
    """Nothing goes wrong: every alarm is false, every training waste.

    Noise swings by *season* over the year. *labels* is the median of a lognormal delay,
    *coverage* the share of labels that ever come.
    """
    return Scenario(
        name="calm-year",
        domain="any",
        story=(
            "A model is launched into a world that stays as it is, but for the seasons.\n"
            "Whatever is done about it is done for nothing."
        ),
        cause="There is none.",
        expect=(
            "A good team raises no alarm and pages nobody. What it spends on trainings is the "
            "price of its insurance, and each of them can make things worse."
        ),
        lesson="False alarms are not free: they wear out those who answer them.",
        seam="feedback",
        stream=Stream(
            concept=Linear(columns=8, rule="calm", noise=0.1),
            traffic=Traffic(rate=rate, daily=0.5, weekend=0.7, entities=20_000),
            season=Season(amplitude=season, period="52w", peak="20w"),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.8), coverage=coverage),
        training=Training(fixed="3h", cost=50.0),
        horizon=horizon,
    )
