"""Code that fails in service: the platform takes it back by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sim.actions import Promote, Retrain, Shadow
from sim.artifacts import Answers, Examples, Learned, Model
from sim.clock import us
from sim.facts import Acted, Crashed, Routed
from sim.faults import CodeCrash
from sim.ledger import Ledger
from sim.losses import Loss
from sim.run import run
from sim.source import Page
from sim.timeline import CHALLENGER, ERROR
from tests.sim.laws.operators import released
from tests.sim.laws.worlds import pages_of
from tests.sim.test_evidence import SEED, Looking, play, world

BAD = (CodeCrash(at="12h", until="3d 20h"),)


def outcomes_of(ledger: Ledger) -> tuple[np.ndarray, np.ndarray]:
    assert ledger.outcomes is not None
    return ledger.outcomes.served_us, ledger.outcomes.arm


def test_a_challenger_whose_code_fails_is_gone_two_minutes_after_its_third_failure() -> None:
    ledger, _ = play(("2d", released("v1", 0.3)), faults=BAD)
    served_us, arm = outcomes_of(ledger)
    failures = served_us[arm == ERROR]
    (crash,) = ledger.of(Crashed)
    assert (crash.version, crash.at_us) == ("v1", failures[2])
    back_us = crash.at_us + us("2m")
    assert [f.at_us for f in ledger.of(Routed)] == [0, us("2d 2h"), back_us]
    assert not (arm == CHALLENGER).any()
    assert not (arm[served_us >= back_us] == ERROR).any()
    assert [f.action for f in ledger.of(Acted)] == ["retrain", "release"]  # nobody had to


def test_code_that_fails_now_and_then_counts_against_the_challenger_and_stays() -> None:
    """Every fiftieth request: three in a row are a chance of eight in a million a request."""
    seldom = (CodeCrash(at="12h", requests=0.02),)
    ledger, looking = play(("2d", released("v1", 0.5)), metric="errors", faults=seldom)
    assert not ledger.of(Crashed)
    served_us, arm = outcomes_of(ledger)
    seen = looking.seen["5d"]
    failed = (arm == ERROR) & (served_us >= seen.since_us) & (served_us < seen.until_us)
    assert (seen.source, seen.challenger.total.sum(), seen.champion.total.sum()) == (
        "proxy",
        failed.sum(),
        0,
    )
    limit = 4.5 * (0.02 * 0.98 / seen.challenger.requests) ** 0.5
    assert abs(seen.challenger.mean - 0.02) < limit


@dataclass(frozen=True)
class Breaking:
    """A model whose code raises as soon as it serves."""

    whole: Model

    def answers(self, page: Page) -> Answers:
        """Break."""
        raise KeyError("a column that was renamed in the code alone")

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Look well."""
        return self.whole.loss_on(examples, loss)


@dataclass(frozen=True)
class BreaksLater:
    """Builds a sound version for the launch and breaking ones after it."""

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build a line; break it unless it is the first."""
        built = Learned().build(examples, random_state=random_state, warm=warm)
        return built if examples.built_us <= 0 else Breaking(built)


def test_an_exception_in_the_code_of_a_challenger_is_a_crash_and_no_end_of_the_run() -> None:
    ledger, _ = play(("2d", released("v1", 0.3)), artifact=BreaksLater())
    (crash,) = ledger.of(Crashed)
    served_us, arm = outcomes_of(ledger)
    assert (served_us[arm == ERROR] < crash.at_us + us("2m")).all()
    assert (arm == ERROR).sum() >= 3


def test_no_test_sees_a_crash_and_everybody_meets_it_after_a_promotion() -> None:
    ledger, _ = play(("2d", Promote("v1")), faults=BAD)
    served_us, arm = outcomes_of(ledger)
    assert (arm[served_us >= us("2d 2h")] == ERROR).all()


def test_a_failing_shadow_hurts_nobody() -> None:
    ledger, _ = play(("2d", Shadow("v1")), faults=BAD)
    assert not (outcomes_of(ledger)[1] == ERROR).any()
    assert ledger.timeline.shadow[:, 0].sum() == 0


@pytest.mark.parametrize("block", [1, 7, 50])
def test_how_far_is_looked_ahead_and_where_pages_end_changes_nothing(block: int) -> None:
    plan = (("1d", Retrain("1d")), ("2d", released("v1", 0.3)), ("4d 2h", released("v1", 0.9)))
    half = (CodeCrash(at="12h", requests=0.6),)
    scenario = world(faults=half)
    with pages_of(60):
        whole = run(scenario, Looking(plan), seed=SEED)
        assert whole.of(Crashed)
        assert run(scenario, Looking(plan), seed=SEED, block=block).digest() == whole.digest()
