"""Code that fails in service: the platform takes it back by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from river import linear_model

from sim.actions import Promote, Retrain, Shadow
from sim.artifacts import Answers, Examples, Learned, Model, Online
from sim.clock import us
from sim.facts import Acted, Crashed, Routed, Tried
from sim.faults import CodeCrash, NullBurst
from sim.ledger import Ledger
from sim.losses import Loss
from sim.run import run
from sim.scenario import Service
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


def test_a_version_that_serves_everybody_and_fails_goes_back_to_the_one_before() -> None:
    ledger, _ = play(("2d", Promote("v1")), faults=BAD)
    served_us, arm = outcomes_of(ledger)
    failures = served_us[arm == ERROR]
    (crash,) = ledger.of(Crashed)
    assert failures[0] >= us("2d 2h")  # no test sees it before
    assert (crash.version, crash.at_us) == ("v1", failures[2])
    back_us = crash.at_us + us("2m")
    assert [(f.at_us, f.champion) for f in ledger.of(Routed)][-1] == (back_us, "v0")
    assert (arm[(served_us >= us("2d 2h")) & (served_us < back_us)] == ERROR).all()
    assert not (arm[served_us >= back_us] == ERROR).any()


def test_to_take_back_a_version_that_crashes_is_no_false_rollback() -> None:
    """Its answers would be as good as those of the one before, if only it gave any."""
    ledger, _ = play(("2d", Promote("v1")), faults=BAD)
    (away,) = [tried for tried in ledger.of(Tried) if tried.withdrawn]
    assert (away.version, away.rival) == ("v1", "v0")
    assert away.loss == away.requests > away.rival_loss


def test_what_the_code_of_a_release_fails_on_counts_against_it() -> None:
    """One in fifty requests gets no answer: hardly ever three in a row."""
    sound, _ = play(("2d", Promote("v1")))
    frail, _ = play(("2d", Promote("v1")), faults=(CodeCrash(at="12h", requests=0.02),))
    good, bad = (
        next(one for one in ledger.of(Tried) if not one.withdrawn) for ledger in (sound, frail)
    )
    assert (good.requests, good.rival_loss) == (bad.requests, bad.rival_loss)
    assert frail.outcomes is not None
    failed = int((frail.outcomes.arm == ERROR).sum())
    assert failed > 50
    assert good.loss < bad.loss <= good.loss + failed


def test_an_exception_in_the_code_of_a_champion_goes_back_as_well() -> None:
    ledger, _ = play(("2d", Promote("v1")), artifact=BreaksLater())
    (crash,) = ledger.of(Crashed)
    served_us, arm = outcomes_of(ledger)
    assert not (arm[served_us >= crash.at_us + us("2m")] == ERROR).any()
    assert (arm == ERROR).sum() >= 3


def test_there_is_no_way_back_to_a_version_that_failed_itself() -> None:
    """v1 fails and is left; v2 fails too: back to v0, and never to v1."""
    plan = (("2d", Promote("v1")), ("2d 6h", Retrain("1d")), ("3d", Promote("v2")))
    ledger, _ = play(*plan, faults=BAD)
    assert [fact.version for fact in ledger.of(Crashed)] == ["v1", "v2"]
    assert [f.champion for f in ledger.of(Routed)] == ["v0", "v1", "v0", "v2", "v0"]


@dataclass(frozen=True)
class FailsOnGaps:
    """Builds lines that give no answer where a column is missing."""

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        """Build one."""
        return Picky(Learned().build(examples, random_state=random_state, warm=warm))


@dataclass(frozen=True)
class Picky:
    """A model that cannot do without any column."""

    whole: Model

    def answers(self, page: Page) -> Answers:
        """Answer whole records only."""
        found = self.whole.answers(page)
        gaps = np.isnan(page.wire.x).any(axis=1)
        return Answers(np.where(gaps, np.nan, found.score), np.where(gaps, np.nan, found.answer))

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        """Look well."""
        return self.whole.loss_on(examples, loss)


def test_nobody_goes_back_where_the_version_before_would_not_answer_either() -> None:
    feed = (NullBurst(at="3d", until="4d", columns=("x0",), share=1.0),)
    ledger, _ = play(("2d", Promote("v1")), artifact=FailsOnGaps(), faults=feed,
                     service=Service(contract="lenient"))  # fmt: skip
    assert (outcomes_of(ledger)[1] == ERROR).sum() > 100
    assert not ledger.of(Crashed)
    assert [f.champion for f in ledger.of(Routed)] == ["v0", "v1"]


def test_a_failing_shadow_hurts_nobody_and_is_switched_off() -> None:
    ledger, _ = play(("2d", Shadow("v1")), faults=BAD)
    served_us, arm = outcomes_of(ledger)
    assert not (arm == ERROR).any()
    assert ledger.timeline.shadow[:, 0].sum() == 0
    (crash,) = ledger.of(Crashed)
    assert crash.at_us == served_us[served_us >= us("2d 2h")][2]
    assert [(f.at_us, f.shadow) for f in ledger.of(Routed)][1:] == [
        (us("2d 2h"), "v1"),
        (crash.at_us + us("5s"), ""),
    ]


# -- models that learn from every label ------------------------------------------------------

RIVER = Online(model=linear_model.LogisticRegression())
RELEASED, PROMOTED, SHADOWED = released("v1", 0.3), Promote("v1"), Shadow("v1")


@pytest.mark.parametrize("action", [RELEASED, PROMOTED, SHADOWED], ids=lambda a: str(a.verb))
def test_a_model_that_learns_all_the_time_is_taken_back_at_its_third_failure(action: Any) -> None:
    ledger, _ = play(("2d", action), faults=BAD, artifact=RIVER)
    served_us, arm = outcomes_of(ledger)
    (crash,) = ledger.of(Crashed)
    last = ledger.of(Routed)[-1]
    assert (last.champion, last.challenger, last.shadow) == ("v0", "", "")
    assert last.at_us == crash.at_us + us("5s" if action is SHADOWED else "2m")
    assert not (arm[served_us >= last.at_us] == ERROR).any()
    failures = served_us[arm == ERROR]
    if action is SHADOWED:
        assert not len(failures)
        assert crash.at_us == served_us[served_us >= us("2d 2h")][2]
    else:
        assert crash.at_us == failures[2]
    assert not (arm == CHALLENGER).any()


@pytest.mark.parametrize("block", [1, 7, 50])
def test_how_far_is_looked_ahead_and_where_pages_end_changes_nothing(block: int) -> None:
    plan = (("1d", Retrain("1d")), ("2d", released("v1", 0.3)), ("4d 2h", released("v1", 0.9)))
    half = (CodeCrash(at="12h", requests=0.6),)
    scenario = world(faults=half)
    with pages_of(60):
        whole = run(scenario, Looking(plan), seed=SEED)
        assert whole.of(Crashed)
        assert run(scenario, Looking(plan), seed=SEED, block=block).digest() == whole.digest()


@pytest.mark.parametrize("block", [1, 50])
def test_record_by_record_it_is_the_same_for_every_block(block: int) -> None:
    plan = (("1d", Retrain("1d")), ("2d", released("v1", 0.3)))
    half = (CodeCrash(at="12h", requests=0.6),)
    scenario = world(faults=half, artifact=RIVER, horizon="3d")
    with pages_of(60):
        whole = run(scenario, Looking(plan), seed=SEED)
        assert whole.of(Crashed)
        assert run(scenario, Looking(plan), seed=SEED, block=block).digest() == whole.digest()
