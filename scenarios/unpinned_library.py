"""A library has a new version, and with it another default."""

from __future__ import annotations

from sklearn.linear_model import LogisticRegression

from sim.artifacts import Learned
from sim.concepts import Linear
from sim.faults import Upgrade
from sim.labels import Labels, LogNormal
from sim.scenario import Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic


def unpinned_library(
    *,
    at: str = "9w",
    strength: float = 0.0005,
    rate: str = "40/h",
    labels: str = "4d",
    horizon: str = "22w",
) -> Scenario:
    """Trainings go on as before, on a library whose default has changed.

    From *at* on the inverse strength C of the regularisation is *strength* and no longer 1.
    Whether an offer was taken is known a median of *labels* later.
    """
    return Scenario(
        name="unpinned-library",
        domain="marketing",
        story=(
            "Offers are chosen by a model that is trained anew every week, by the same script.\n"
            "Nobody changed a line; since a week in spring it offers far too little."
        ),
        cause=(
            "The image of the training job is built every night from the newest packages. One of "
            "them regularises more by default now; no error is thrown."
        ),
        expect=(
            "The claim tells at once: it is worse by 5 points and more. Whoever promotes by the "
            "calendar loses as much from then on; whoever compares with the "
            "champion first loses nothing, and reads in the lineage what else has changed."
        ),
        lesson=(
            "A training run is its code, data, seed and environment. Pin all four, and compare "
            "each version with the one that serves before it goes out."
        ),
        seam="training",
        stream=Stream(
            concept=Linear(columns=8, rule="offers", threshold=0.8, noise=0.07),
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.9, entities=50_000),
        ),
        faults=(Upgrade(name="new default", at=at, defaults=(("C", strength),)),),
        artifact=Learned(estimator=LogisticRegression()),
        labels=Labels(delay=LogNormal(median=labels, sigma=0.5), coverage=0.9),
        training=Training(fixed="2h", cost=25.0),
        horizon=horizon,
    )
