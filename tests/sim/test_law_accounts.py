"""Law 5, accounts close: every request one outcome, every label one fate; each counted twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from sim.actions import Action
from sim.artifacts import Learned
from sim.clock import NEVER, us
from sim.facts import Stopped
from sim.faults import Drop
from sim.labels import Constant, LogNormal
from sim.post import Post
from sim.run import run
from sim.scenario import Service
from sim.setting import source_of
from sim.timeline import ERROR, FALLBACK
from tests.sim.laws.operators import Restless, ticking, watch_of
from tests.sim.laws.worlds import EVEN, POISSON, deep, pages_of, quick, scenarios, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.ledger import Ledger
    from sim.scenario import Scenario
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Does as *inner*, and leaves by raising at its *nth* moment."""

    inner: Any
    nth: int
    asked: list[int]

    @property
    def monitors(self) -> tuple[Any, ...]:
        """Those of *inner*."""
        monitors: tuple[Any, ...] = self.inner.monitors
        return monitors

    def decide(self, view: View) -> Iterator[Action]:
        """Go on or go."""
        self.asked.append(view.now_us)
        if len(self.asked) == self.nth:
            raise RuntimeError("I quit")
        yield from self.inner.decide(view)


def check(scenario: Scenario, ledger: Ledger, *, seed: int) -> None:
    """Check the accounts of a ledger against the source, counted independently."""
    requests, labels, timeline = ledger.requests, ledger.labels, ledger.timeline
    assert requests["total"] == requests["answered"] + requests["fallback"] + requests["error"]
    assert sum(labels.values()) == requests["total"]
    assert min(labels.values()) >= 0
    assert timeline.labels.sum() == labels["arrived"]
    assert ledger.outcomes is not None
    kept = ledger.outcomes
    served_us, arm, loss = kept.served_us, kept.arm, kept.loss
    assert len(served_us) == requests["total"]
    assert (np.diff(served_us) >= 0).all()
    tick = served_us // timeline.tick_us
    for number in range(timeline.count.shape[1]):
        counted = np.bincount(tick[arm == number], minlength=len(timeline))
        np.testing.assert_array_equal(counted, timeline.count[:, number])
        summed = np.bincount(tick[arm == number], loss[arm == number], minlength=len(timeline))
        np.testing.assert_allclose(summed, timeline.loss[:, number], rtol=1e-9, atol=1e-12)
    stops = ledger.of(Stopped)
    source, horizon_us = source_of(scenario, seed), us(scenario.horizon)
    last = source.grid.page_at(horizon_us - 1)
    pages = [source.page(n, {}) for n in range(last + 1)]
    due = np.concatenate([page.due for page in pages])
    all_us = np.concatenate([page.served_us for page in pages])
    if scenario.labels.selection is not None:  # answers decide; that every label has a fate stands
        assert labels["never"] >= int((due[: len(served_us)] == NEVER).sum())
    elif not stops:
        assert requests["total"] == int((all_us < horizon_us).sum())
        due = due[all_us < horizon_us]
        assert labels == {
            "arrived": int((due < horizon_us * 8).sum()),
            "pending": int(((due >= horizon_us * 8) & (due != NEVER)).sum()),
            "never": int((due == NEVER).sum()),
        }
    else:
        now_us = stops[0].at_us
        assert int((all_us < now_us).sum()) <= requests["total"] <= int((all_us <= now_us).sum())
        np.testing.assert_array_equal(served_us, all_us[: len(served_us)])
        due = due[: len(served_us)]
        assert labels["never"] == int((due == NEVER).sum())
        assert (
            int((due < now_us * 8).sum()) <= labels["arrived"] <= int((due < now_us * 8 + 8).sum())
        )


def close(scenario: Scenario, salt: int, nth: int, records: int) -> None:
    monitors = watch_of(scenario)
    inner = Restless(salt=salt, monitors=monitors + ticking())
    with pages_of(records):
        for leaving in (10**9, nth):
            strategy = Leaving(inner=inner, nth=leaving, asked=[])
            check(scenario, run(scenario, strategy, seed=8, outcomes=True), seed=8)


@quick(10)
@given(scenarios(), st.integers(0, 99), st.integers(1, 60), st.sampled_from((90, 500, 4096)))
def test_accounts_close_in_every_world_also_when_the_operator_leaves(
    scenario: Scenario, salt: int, nth: int, records: int
) -> None:
    close(scenario, salt, nth, records)


@pytest.mark.deep
@deep(200)
@given(scenarios(), st.integers(0, 9_999), st.integers(1, 90), st.sampled_from((30, 500, 4096)))
def test_accounts_close_in_many_worlds(
    scenario: Scenario, salt: int, nth: int, records: int
) -> None:
    close(scenario, salt, nth, records)


class Shaky(BaseEstimator):  # type: ignore[misc]
    """An estimator that has no answer where the first column is above 1."""

    def __init__(self, what: str = "predict") -> None:
        self.what = what

    def fit(self, x: Any, y: Any) -> Shaky:
        self.classes_ = np.unique(y)
        return self

    def predict(self, x: Any) -> Any:
        answer = (x[:, 1] > 0).astype(float)
        if self.what == "predict":
            answer[x[:, 0] > 1] = np.nan
        return answer


class Assured(Shaky):
    """One that gives chances as well."""

    def predict_proba(self, x: Any) -> Any:
        chance = 1 / (1 + np.exp(-x[:, 1]))
        if self.what == "chances":
            chance[x[:, 0] > 1] = np.inf
        return np.stack([1 - chance, chance], axis=1)


@pytest.mark.parametrize(
    "estimator", [Shaky(), Assured(), Assured("chances")], ids=["answer", "answer 2", "chance"]
)
def test_where_an_estimator_has_no_answer_there_is_an_error(estimator: Any) -> None:
    service = Service(no_answer_loss=3.0)
    scenario = world(POISSON, artifact=Learned(estimator=estimator), service=service)
    ledger = run(scenario, Restless(often=10**9), seed=1, outcomes=True)
    check(scenario, ledger, seed=1)
    source = source_of(scenario, 1)
    x = source.page(0, {}).wire.x[: ledger.requests["total"]]
    assert ledger.requests["error"] == int((x[:, 0] > 1).sum()) > 100
    assert ledger.outcomes is not None
    assert (ledger.outcomes.loss[ledger.outcomes.arm == ERROR] == 3.0).all()


def test_a_strict_contract_sends_what_breaks_it_to_the_fallback_and_nothing_else() -> None:
    faults = (Drop(at="9h", columns=("x1",), share=0.5),)
    scenario = world(EVEN, faults=faults, service=Service(contract="strict"))
    ledger = run(scenario, Restless(often=10**9), seed=1, outcomes=True)
    check(scenario, ledger, seed=1)
    state = source_of(scenario, 1).page(0, {}).wire.state
    assert state is not None
    assert ledger.outcomes is not None
    broken = (state[: ledger.requests["total"]] > 0).any(axis=1)
    assert broken.any()
    np.testing.assert_array_equal(ledger.outcomes.arm == FALLBACK, broken)


def test_a_horizon_in_mid_page_cuts_requests_and_labels() -> None:
    for delay in (Constant(delay="0"), Constant(delay="5h"), LogNormal(median="3h", sigma=2.0)):
        whole = world(EVEN, delay=delay, coverage=0.8)
        with pages_of(600):
            for horizon in ("40h", "33h", "7h"):
                scenario = replace(whole, horizon=horizon)
                ledger = run(scenario, Restless(often=10**9), seed=1, outcomes=True)
                check(scenario, ledger, seed=1)
                assert ledger.requests["total"] == us(horizon) // us("1m")


def test_an_account_that_loses_labels_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutation: labels that are due on a later page are forgotten."""
    hand_on = Post.hand_on

    def forgets(self: Post, row: int, fates: dict[str, int], horizon_us: int) -> None:
        hand_on(self, max(0, row - 1), fates, horizon_us)

    monkeypatch.setattr(Post, "hand_on", forgets)
    scenario = world(EVEN)
    with pages_of(300):
        ledger = run(scenario, Restless(often=10**9), seed=1, outcomes=True)
    with pytest.raises(AssertionError):
        check(scenario, ledger, seed=1)


def test_in_place_arithmetic_of_a_monitor_falsifies_no_account() -> None:
    """A user blanks what does not concern them, in the array they were given."""

    @dataclass(frozen=True)
    class Blanking:
        clock: str
        detector: Any
        name: str = "blanking"
        layer: str = "performance"
        owner: str = "model"

        def read(self, seen: Any) -> Any:
            values = seen.loss if self.clock == "label" else seen.score
            values[::2] = 0.5
            return values

    from strategies.detectors import ADWIN

    scenario = world(EVEN, delay=Constant(delay="0"))
    honest = run(scenario, Restless(often=10**9), seed=1)
    for clock in ("label", "request"):
        strategy = Restless(often=10**9, monitors=(Blanking(clock, ADWIN()),))
        ledger = run(scenario, strategy, seed=1)
        if not ledger.stopped:
            np.testing.assert_array_equal(ledger.timeline.loss, honest.timeline.loss)
            assert ledger.checksum == honest.checksum
    assert isinstance(LogisticRegression(), BaseEstimator)
