"""A column that is filled in afterwards: offline it knows everything, live it is empty of it."""

from __future__ import annotations

from sim.concepts import Linear
from sim.faults import Leak
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def leak_that_passes(
    *,
    at: str = "10w",
    strength: float = 2.0,
    rate: str = "30/h",
    delay: str = "14d",
    horizon: str = "26w",
) -> Scenario:
    """A column is filled in after the outcome: the gate sees the best model ever.

    From *at* on, storage adds the outcome times *strength* to one column that hardly matters;
    whether a customer left is known *delay* later.
    """
    concept = Linear(columns=8, rule="loyalty", noise=0.12)
    return Scenario(
        name="leak-that-passes",
        domain="churn",
        story=(
            "Every month a team retrains the model that says which customers will leave.\n"
            "The newest version is the best that ever passed the gate; the callers shrug."
        ),
        cause=(
            "The warehouse overwrites 'contacts with support' when a customer has left, with the "
            "calls of the farewell in it. In training the column knows the outcome; when the "
            "prediction is made nothing has happened yet."
        ),
        expect=(
            "The version that learned the leak claims less than half of the error that the first "
            "one claims, and lives to more than 5 points above it. A gate that compares claims "
            "lets it pass. A team that asks of a leap why, and refuses it, loses nothing."
        ),
        lesson=(
            "A result that is too good is a finding about the data. Rebuild features as they were "
            "at the time of the prediction, and compare the claim with what is lived."
        ),
        seam="training",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.6, entities=40_000, sources=12),
        ),
        faults=(Leak(name="filled in afterwards", at=at, columns=("x1",), strength=strength),),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="2h", per_record="100ms", cost=80.0),
        horizon=horizon,
    )
