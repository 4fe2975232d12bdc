"""What would have been: a version beside its rival, against runs in which the rival stayed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from river import linear_model

from sim.actions import Action, Promote, Release, Retrain, Rollback, RolloutNote
from sim.artifacts import Artifact, Learned, Online
from sim.clock import us
from sim.concepts import Linear
from sim.drift import ConceptDrift
from sim.facts import Tried
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Launch, Scenario, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View

HORIZON = "12d"
NOTE = RolloutNote(
    release="v1",
    success="fewer errors",
    blast_radius="a fifth",
    stop_rules="none",
    fallback="v0",
    conditions_to_widen="none",
    owner="platform",
)


@dataclass(frozen=True)
class Script:
    """Does what is planned for each heartbeat (a day and an hour)."""

    plan: tuple[tuple[str, Action], ...]

    def decide(self, view: View) -> list[Action]:
        if view.reason != "heartbeat":
            return []
        return [action for at, action in self.plan if us(at) == view.now_us]


def play(
    *plan: tuple[str, Action],
    rate: str = "60/h",
    block: int | None = None,
    artifact: Artifact | None = None,
) -> Ledger:
    scenario = Scenario(
        name="trial",
        stream=Stream(
            concept=Linear(columns=3),
            traffic=Traffic(rate=rate),
            drifts=(ConceptDrift(at="4d", to=Linear(columns=3, rule="after")),),
        ),
        labels=Labels(delay=Constant(delay="1h")),
        artifact=artifact or Learned(),
        training=Training(fixed="1h"),
        launch=Launch(window="2d"),
        horizon=HORIZON,
    )
    ledger = run(scenario, Script(plan), seed=4, outcomes=artifact is None, block=block)
    assert not ledger.stopped
    return ledger


BAD = (("1d", Retrain("1d")), ("2d", Promote("v1")))
MEND = (*BAD, ("6d", Retrain("1d")), ("7d", Promote("v2")))


def losses(ledger: Ledger, start_us: int, requests: int) -> float:
    assert ledger.outcomes is not None
    first = int(ledger.outcomes.served_us.searchsorted(start_us))
    return float(ledger.outcomes.loss[first : first + requests].sum())


def test_a_version_and_its_rival_lose_what_they_do_in_runs_of_their_own() -> None:
    (first, second), kept, old = play(*MEND).of(Tried), play(*MEND), play(*BAD)
    assert (first.version, first.rival) == ("v1", "v0")
    assert (second.version, second.rival, second.withdrawn) == ("v2", "v1", False)
    # 60 requests an hour: 5,000 take longer than a day.
    assert second.whole
    assert second.requests == 5_000
    assert second.loss == losses(kept, second.from_us, 5_000)
    assert second.rival_loss == losses(old, second.from_us, 5_000)
    assert second.loss < 0.5 * second.rival_loss  # the world has turned, and v2 knows it


def test_a_day_is_the_least_window() -> None:
    (tried,) = play(*BAD, rate="600/h").of(Tried)
    assert tried.whole
    ledger = play(*BAD, rate="600/h")
    assert ledger.outcomes is not None
    day = ledger.outcomes.served_us.searchsorted([tried.from_us, tried.from_us + us("1d")])
    assert tried.requests == day[1] - day[0]


def test_one_that_does_worse_is_followed_until_it_goes() -> None:
    good = (("6d", Retrain("1d")), ("7d", Promote("v1")))
    bad = play(*good, ("8d", Promote("v0")), ("11d", Promote("v1")))
    worse = next(tried for tried in bad.of(Tried) if tried.version == "v0")
    assert bad.outcomes is not None
    assert not worse.withdrawn
    stint = bad.outcomes.served_us.searchsorted([worse.from_us, us("11d 2m")])
    assert worse.answered == stint[1] - stint[0]
    assert worse.answered_loss == losses(bad, worse.from_us, worse.answered)
    assert worse.rival_answered_loss == losses(play(*good), worse.from_us, worse.answered)


def test_a_version_that_is_withdrawn_is_judged_by_what_it_would_have_done() -> None:
    plan = (("6d", Retrain("1d")), ("7d", Release("v1", 0.2, note=NOTE)), ("8d", Rollback()))
    canary = play(*plan)
    (tried,) = canary.of(Tried)
    assert (tried.version, tried.rival, tried.withdrawn) == ("v1", "v0", True)
    instead = play(*plan[:1], ("7d", Promote("v1")))
    assert tried.loss == losses(instead, tried.from_us, tried.requests)
    assert tried.rival_loss == losses(canary, tried.from_us, tried.requests)
    assert tried.answered == 0


def test_a_trial_that_the_end_cuts_short_is_not_whole() -> None:
    (tried,) = play(("6d", Retrain("1d")), ("10d", Promote("v1"))).of(Tried)
    assert not tried.whole
    assert 0 < tried.requests < 5_000


@pytest.mark.parametrize("block", [1, 700])
def test_blocks_are_invisible_to_trials(block: int) -> None:
    assert play(*MEND, block=block).of(Tried) == play(*MEND).of(Tried)


def test_facts_stay_in_order() -> None:
    times = [fact.at_us for fact in play(*MEND).facts]
    assert np.all(np.diff(times) >= 0)


def test_models_that_go_on_learning_are_not_tried() -> None:
    online = Online(model=linear_model.LogisticRegression())
    assert play(*BAD, artifact=online).of(Tried) == []
