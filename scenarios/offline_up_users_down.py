"""The number by which a team is judged goes up, and its users go away."""

from __future__ import annotations

from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier

from sim.artifacts import Learned
from sim.concepts import GaussianClasses
from sim.faults import Upgrade
from sim.labels import Constant, Labels
from sim.scenario import Scenario, Training
from sim.selection import Selective
from sim.stream import Stream
from sim.traffic import Traffic
from sim.users import Users


def offline_up_users_down(
    *,
    at: str = "7w",
    bar: float = 0.85,
    audit: float = 0.02,
    rate: str = "40/h",
    horizon: str = "24w",
) -> Scenario:
    """A search shows results only where it is sure: what it shows is better, users find less.

    A version trained from *at* on shows a result only where its chance to be good is above *bar*,
    and no longer above one half. Clicks are known for what was shown, and for a share *audit* of
    the rest.
    """
    return Scenario(
        name="offline-up-users-down",
        domain="search",
        story=(
            "A search team is judged by how many of the results that it shows are good.\n"
            "Since the spring the number has never been better; users come less and less."
        ),
        cause=(
            f"A new setting shows only what is good with a chance above {bar:.0%}. What is not "
            "shown gets no click and no label: queries that find nothing now are in no report."
        ),
        expect=(
            "With the first training under the new setting the error that labels show falls by a "
            "third and more, while the share of completed tasks falls by 3 points and more. A team "
            "that rolls back by the users' rule gets all of it back within ten days of the "
            "release."
        ),
        lesson=(
            "A proxy is good until it is a target. Judge a release by what users complete, and "
            "write down before what fall of it ends the release."
        ),
        seam="release",
        stream=Stream(
            concept=GaussianClasses(columns=5, rule="relevant", distance=2.0, prior=0.5),
            traffic=Traffic(rate=rate, daily=0.6, weekend=0.8, entities=25_000),
        ),
        faults=(
            Upgrade(
                name="a stricter setting",
                at=at,
                defaults=(("threshold", bar),),
            ),
        ),
        artifact=Learned(estimator=FixedThresholdClassifier(LogisticRegression(), threshold=0.5)),
        labels=Labels(delay=Constant(delay="1h"), selection=Selective(answers=(1,), share=audit)),
        users=Users(completes=0.9, completes_bad=0.45, leaves="8w", season=0.05, noise=0.03),
        training=Training(fixed="3h", cost=100.0),
        horizon=horizon,
    )
