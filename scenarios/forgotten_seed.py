"""The best of twenty runs, chosen on one test set."""

from __future__ import annotations

from sklearn.tree import DecisionTreeClassifier

from sim.artifacts import Learned
from sim.concepts import Linear
from sim.faults import ForgottenSeed
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training, batch
from sim.stream import Stream
from sim.traffic import Traffic


def forgotten_seed(
    *,
    at: str = "1d",
    leaf: int = 4,
    rate: str = "12/h",
    delay: str = "14d",
    horizon: str = "16w",
) -> Scenario:
    """Nobody sets the seed: the same data give another model each time, and one keeps the luckiest.

    From *at* on every training draws its own seed for trees with *leaf* records in a leaf.
    Whether a patient came back is known *delay* after the nightly list.
    """
    return Scenario(
        name="forgotten-seed",
        domain="hospital readmission",
        story=(
            "Each night a list says which patients are likely to come back within two weeks.\n"
            "A team trains until the number is good, keeps that run, and cannot repeat it."
        ),
        cause=(
            "The seed was lost in a rewrite. Of twenty runs on one snapshot the best was lucky on "
            "the few hundred patients of the hold-out, and its luck stays there."
        ),
        expect=(
            "Chosen every week from twenty runs, versions live to 2 to 4 points more error than "
            "they claim; one run a week lives to what it claims. No champion can be built again: "
            "the same snapshot gives another."
        ),
        lesson=(
            "Choosing by a number uses the number up: measure the winner on data that did not "
            "choose it. Write the seed down, and rebuild before you promote."
        ),
        seam="training",
        stream=Stream(
            concept=Linear(columns=8, rule="comes back", threshold=0.4, noise=0.1),
            traffic=Traffic(rate=rate, daily=0.4, weekend=0.8, entities=9_000),
        ),
        faults=(ForgottenSeed(name="seed not set", at=at),),
        artifact=Learned(
            estimator=DecisionTreeClassifier(splitter="random", min_samples_leaf=leaf)
        ),
        labels=Labels(delay=Constant(delay=delay)),
        service=batch(every="1d"),
        training=Training(fixed="500ms", cost=10.0),
        horizon=horizon,
    )
