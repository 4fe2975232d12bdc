"""The data set is quietly collected again, and half of the patients are not in it any more."""

from __future__ import annotations

from sklearn.tree import DecisionTreeClassifier

from sim.artifacts import Learned
from sim.concepts import GaussianMixture
from sim.faults import Recollected
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def collected_again(
    *,
    at: str = "10w",
    high: float = 0.5,
    rate: str = "20/h",
    delay: str = "7d",
    horizon: str = "26w",
) -> Scenario:
    """Trainings read a table that was filled anew by another query; it holds the easy cases.

    From *at* on a snapshot keeps only records whose first column lies below *high*, old ones as
    well. A diagnosis is confirmed *delay* later.
    """
    return Scenario(
        name="collected-again",
        domain="medical triage",
        story=(
            "A triage model is trained every fortnight on confirmed diagnoses, and goes well.\n"
            "After the table was moved it is surer than ever; the wards call it careless."
        ),
        cause=(
            "When the table was moved its query was written again, from memory. It leaves out all "
            "patients above a limit of age, those of last year too."
        ),
        expect=(
            "Claims get better, for the hold-out lacks the same patients; lived error rises by 4 "
            "points and more. The first to see it is the input layer, within three days of the "
            "release: measured against the new baseline, those who come are not those who were "
            "learned."
        ),
        lesson=(
            "A data set has a version. Compare what a snapshot holds with what comes in before "
            "anything that was learned from it goes out."
        ),
        seam="data",
        stream=Stream(
            concept=GaussianMixture(
                classes=2, clouds=6, columns=3, rule="beds", distance=2.0, noise=0.05
            ),
            traffic=Traffic(rate=rate, daily=0.3, weekend=0.9, entities=30_000, sources=10),
        ),
        faults=(Recollected(name="query rewritten", at=at, column="x0", high=high),),
        artifact=Learned(estimator=DecisionTreeClassifier(max_depth=8, min_samples_leaf=40)),
        labels=Labels(delay=Constant(delay=delay), coverage=0.9),
        training=Training(fixed="4h", cost=150.0),
        horizon=horizon,
    )
