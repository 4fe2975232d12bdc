"""Live features are computed otherwise than training features."""

from __future__ import annotations

from sim.concepts import Linear
from sim.faults import UnitChange
from sim.labels import Labels, LogNormal
from sim.people import People
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def training_serving_skew(
    *,
    at: str = "6w 10h",
    factor: float = 60.0,
    rate: str = "40/h",
    labels: str = "3d",
    horizon: str = "20w",
) -> Scenario:
    """The service computes a feature anew, in minutes for hours; storage goes on as before.

    From *at* on one column is served multiplied by *factor*. A parcel is known to be late, or
    not, a median of *labels* later.
    """
    concept = Linear(columns=8, rule="late parcels", noise=0.1)
    return Scenario(
        name="training-serving-skew",
        domain="logistics",
        story=(
            "A parcel service says which parcels will be late, and retrains every week.\n"
            "Since the summer it says so of the wrong ones; every evaluation report is fine."
        ),
        cause=(
            "The service was given a faster library for its features, which counts the time since "
            "the last scan in minutes. Training reads the warehouse, which counts in hours."
        ),
        expect=(
            "A contract checked where requests come in sees it within six hours and the platform "
            "owner repairs it within three days. Errors see it days later, with the labels. "
            "Retraining is no repair: claims stay as good as they were, and live error more than "
            "15 points above them."
        ),
        lesson=(
            "One definition of a feature, one code that computes it: what is evaluated has to be "
            "what is served."
        ),
        seam="release",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.7, weekend=0.4, entities=30_000, sources=8),
        ),
        faults=(
            UnitChange(
                name="minutes for hours",
                at=at,
                columns=concept.heaviest(1),
                factor=factor,
                reach="service",
                fixed_by="platform",
            ),
        ),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.4), coverage=0.95),
        training=Training(fixed="1h", per_record="50ms", cost=20.0),
        people=People(platform="6h"),
        horizon=horizon,
    )
