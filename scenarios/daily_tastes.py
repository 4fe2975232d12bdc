"""What people want to watch is another thing every day."""

from __future__ import annotations

from sim.clock import text, us
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def daily_tastes(
    *,
    at: str = "2w",
    turns: int = 4,
    every: str = "3w",
    angle: float = 60.0,
    rate: str = "35/h",
    horizon: str = "16w",
) -> Scenario:
    """Tastes turn a few degrees a day, every day: what was learned last month is out of fashion.

    From *at* on the rule turns by *angle* degrees in *every* span, *turns* times over. Whether
    somebody watched is known within the hour.
    """
    start = Linear(columns=8, rule="tastes", noise=0.1)
    drifts = tuple(
        ConceptDrift(
            name=f"turn {turn + 1}",
            at=text(us(at) + turn * us(every)),
            width=every,
            shape="incremental",
            to=Linear(columns=8, rule="tastes", angle=angle * (turn + 1), noise=0.1),
        )
        for turn in range(turns)
    )
    return Scenario(
        name="daily-tastes",
        domain="personalisation",
        story=(
            "A video service recommends what people will watch to the end.\n"
            "Nothing ever breaks; last month's model is a little worse every morning."
        ),
        cause=f"Tastes turn by {angle / (us(every) / us('1d')):.2g} degrees a day, all the time.",
        expect=(
            "A training a day on the last five days stays within 5 points of the calm world. One a "
            "month on thirty days loses more than three times as much, and is hardly better than "
            "chance by the time it is out."
        ),
        lesson=(
            "Where tastes change daily, the cadence is the quality: short windows, trainings that "
            "nobody has to sign, and yesterday's labels today."
        ),
        seam="training",
        stream=Stream(
            concept=start,
            traffic=Traffic(rate=rate, daily=0.7, weekend=1.5, entities=20_000),
            drifts=drifts,
        ),
        labels=Labels(delay=LogNormal(median="30m", sigma=0.5), coverage=0.8),
        training=Training(fixed="30m", cost=5.0),
        horizon=horizon,
    )
