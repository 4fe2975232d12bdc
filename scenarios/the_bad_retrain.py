"""A week like no other, and a model that learned it by heart."""

from __future__ import annotations

from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def the_bad_retrain(
    *,
    at: str = "10w",
    lasts: str = "9d",
    angle: float = 90.0,
    rate: str = "35/h",
    delay: str = "3d",
    horizon: str = "20w",
) -> Scenario:
    """A sale turns everything round for a week; whoever retrains on it keeps the sale for longer.

    From *at* on and for as long as it *lasts*, what sells out follows a rule *angle* degrees
    away. Whether something sold out is known *delay* later.
    """
    concept = Linear(columns=8, rule="sells out", noise=0.08)
    sale = Linear(columns=8, rule="sells out", angle=angle, noise=0.08)
    return Scenario(
        name="the-bad-retrain",
        domain="commerce",
        story=(
            "A shop predicts what will sell out; in the week of the great sale it is all wrong.\n"
            "The model is retrained in a hurry, and when the sale is over it is wrong again."
        ),
        cause=(
            "For nine days people bought what they never buy. The alarm was right and the "
            "training was quick, but its data are of a week that does not come again."
        ),
        expect=(
            "Nothing has to be done but to wait: the first version is right again on the day "
            "after. A weekly training on one week loses more over the year than one that never "
            "happens, and in the week after the sale its error is 10 points above."
        ),
        lesson=(
            "Ask whether the change will stay before learning it. A retraining is a change like "
            "any other: it can be the incident."
        ),
        seam="training",
        stream=Stream(
            concept=concept,
            traffic=Traffic(rate=rate, daily=0.8, weekend=1.3, entities=50_000, sources=20),
            drifts=(ConceptDrift(name="great sale", at=at, shape="blip", lasts=lasts, to=sale),),
        ),
        labels=Labels(delay=Constant(delay=delay)),
        training=Training(fixed="3h", cost=40.0),
        horizon=horizon,
    )
