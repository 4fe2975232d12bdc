"""A shadow answers everything unseen, and what it would have done is known afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from river import linear_model

from sim.actions import Action, Promote, Retrain, Shadow
from sim.artifacts import Artifact, Learned, Online
from sim.clock import us
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.labels import Constant, Delay, Labels, LogNormal
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.ticks import Ticks
from sim.timeline import CHAMPION
from sim.traffic import Traffic
from sim.view import View


@dataclass(frozen=True)
class Script:
    """Trains on day 2 and does *then* on day 3; *seen* collects what the view says of a day."""

    then: Action
    seen: Any = None

    def decide(self, view: View) -> list[Action]:
        if view.reason != "heartbeat":
            return []
        if view.now_us == us("6d") and self.seen is not None:
            self.seen.append(view.ticks("1d"))
        plan = {us("2d"): Retrain("1d"), us("3d"): self.then}
        return [plan[view.now_us]] if view.now_us in plan else []


def play(then: Action, delay: Delay, artifact: Artifact, seen: Any = None) -> Ledger:
    scenario = Scenario(
        name="shadow",
        stream=Stream(
            concept=Linear(columns=3),
            traffic=Traffic(rate="60/h"),
            drifts=(ConceptDrift(at="1d", to=Linear(columns=3, rule="after")),),
        ),
        labels=Labels(delay=delay, noise=0.05),
        artifact=artifact,
        training=Training(fixed="1h"),
        launch=Launch(window="2d"),
        horizon="8d",
    )
    ledger = run(scenario, Script(then, seen), seed=4)
    assert not ledger.stopped
    return ledger


@pytest.mark.parametrize("delay", [Constant(delay="5h"), LogNormal(median="3h", sigma=0.5)])
def test_a_shadow_is_judged_as_it_would_have_been_in_production(delay: Delay) -> None:
    unseen, shown = (play(a, delay, Learned()) for a in (Shadow("v1"), Promote("v1")))
    settled = slice(us("5d") // us("1h"), None)
    shadow, instead = unseen.timeline.shadow[settled], shown.timeline
    np.testing.assert_array_equal(shadow[:, 0], instead.count[settled, CHAMPION])
    np.testing.assert_array_equal(shadow[:, 2], instead.labels[settled, CHAMPION])
    np.testing.assert_allclose(shadow[:, 3], instead.label_loss[settled, CHAMPION])
    assert 0 < shadow[:, 1].sum() < shadow[:, 0].sum()
    assert not unseen.timeline.shadow[: us("3d") // us("1h")].any()


def test_the_operator_sees_how_the_shadow_does() -> None:
    seen: list[Ticks] = []
    play(Shadow("v1"), Constant(delay="5h"), Learned(), seen)
    (day,) = seen
    assert 0.1 < day.disagreement() < 0.9
    assert day.shadow_error() < day.error() - 0.1


def test_a_shadow_that_learns_every_label_is_counted_too() -> None:
    online = Online(model=linear_model.LogisticRegression())
    ledger = play(Shadow("v1"), Constant(delay="5h"), online)
    shadow = ledger.timeline.shadow[us("5d") // us("1h") :]
    assert shadow[:, 0].sum() == ledger.timeline.count[us("5d") // us("1h") :].sum()
    assert 0 < shadow[:, 3].sum() < shadow[:, 2].sum()
