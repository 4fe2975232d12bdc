"""A campaign brings other people, and the model is as right about them."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import CovariateShift
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def virtual_drift(
    *,
    at: str = "5w",
    shift: float = 1.2,
    rate: str = "40/h",
    labels: str = "2d",
    horizon: str = "20w",
) -> Scenario:
    """Features move by more than a deviation and nobody is harmed: a trap for input alarms.

    From *at* on three of eight columns lie *shift* higher, within three days; what follows from
    them stays. *labels* is the median of a lognormal delay.
    """
    return Scenario(
        name="virtual-drift",
        domain="advertising",
        story=(
            "A model picks the advert that somebody will click on. Marketing goes on television.\n"
            "A week later half of the visitors are of a kind that the model has hardly met."
        ),
        cause="The campaign reached a younger audience. What makes people click did not change.",
        expect=(
            "An input monitor alarms within four days, rightly: the columns moved. Errors stay "
            "where they were and the incident harms nobody, so the alarm is needless; a training "
            "for it changes the errors by less than half a point."
        ),
        lesson="An input alarm is a question, not an order: ask what the outcomes say.",
        seam="feedback",
        stream=Stream(
            concept=Linear(columns=8, rule="clicks", noise=0.12),
            traffic=Traffic(rate=rate, daily=0.6, weekend=1.2, entities=50_000),
            drifts=(
                CovariateShift(
                    name="new audience",
                    at=at,
                    width="3d",
                    shape="gradual",
                    columns=("x1", "x4", "x6"),
                    shift=shift,
                ),
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.7), coverage=0.9),
        training=Training(fixed="2h", cost=40.0),
        horizon=horizon,
    )
