"""Law 2, one luck: what happens is a function of seed, name and thing, never of who looked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import SGDClassifier

import sim.source
from sim.actions import Action, Everything, Fallback, PageOwner, Retrain
from sim.artifacts import Learned
from sim.chance import Luck
from sim.facts import Acted, Alarm, Answered, Ended, Onset, TrainingFailed
from sim.faults import Drop
from sim.run import run
from sim.scenario import Training
from sim.setting import source_of
from tests.sim.laws.operators import Restless, Silent, ticking, watch, watch_of
from tests.sim.laws.worlds import EVEN, deep, pages_of, quick, scenarios, world

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.ledger import Ledger
    from sim.scenario import Scenario
    from sim.source import Page
    from sim.view import View


def arrays_of(page: Page) -> list[Any]:
    """Return everything that is drawn on a page."""
    drawn = [
        page.truth.times_us,
        page.truth.x,
        page.truth.y,
        page.truth.best,
        page.truth.ids,
        page.wire.x,
        page.wire.state,
        page.stored.x,
        page.stored.state,
        page.wire.copies,
        page.stored.kept_us,
        page.stored.stamp_us,
        page.served_us,
        page.due,
        page.label,
        page.ideal,
        page.archive.label,
        page.archive.corrected,
        page.archive.corrected_us,
    ]
    return drawn + [part for added in page.wire.added for part in (added.rows, added.values)]


def same(one: Page, other: Page) -> bool:
    """Say whether two pages are equal to the last bit."""
    for a, b in zip(arrays_of(one), arrays_of(other), strict=True):
        if (a is None) != (b is None) or (a is not None and a.tobytes() != b.tobytes()):
            return False
    return True


@quick(20)
@given(
    scenarios(),
    st.lists(st.integers(-3, 12), min_size=3, max_size=20),
    st.sampled_from((0, 30_000, 10**9)),
)
def test_pages_are_the_same_in_whatever_order_they_are_drawn(
    scenario: Scenario, order: list[int], kept_bytes: int
) -> None:
    with pages_of(200), pytest.MonkeyPatch.context() as patch:
        alone = {n: source_of(scenario, 5).page(n, {}) for n in set(order)}
        patch.setattr(sim.source, "_KEPT_BYTES", kept_bytes)
        source = source_of(scenario, 5)
        for number in order:
            repaired = {f.label: source.grid.bounds_us(number)[0] + 7 for f in scenario.faults}
            if number % 2:
                source.page(number, repaired)
            assert same(source.page(number, {}), alone[number])


def test_a_source_that_remembers_its_last_draw_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutation: a generator that goes on where it stopped."""
    fresh = Luck.page

    def goes_on(self: Luck, name: str, *identity: int | str) -> np.random.Generator:
        return self._generators.get(name) or fresh(self, name, *identity)

    monkeypatch.setattr(Luck, "page", goes_on)
    forward, backward = source_of(world(), 5), source_of(world(), 5)
    pages = {n: forward.page(n, {}) for n in (0, 1, 2)}
    assert not all(same(backward.page(n, {}), pages[n]) for n in (2, 1, 0))


def world_of(ledger: Ledger) -> dict[str, Any]:
    """Return what must not depend on the strategy in an open loop."""
    assert ledger.outcomes is not None
    return {
        "requests": ledger.timeline.count.sum(axis=1).tolist(),
        "labels": ledger.timeline.labels.sum(axis=1).tolist(),
        "served": ledger.outcomes.served_us.tobytes(),
        "fates": ledger.labels,
        "truth": [f for f in ledger.facts if isinstance(f, Onset | Ended)],
    }


@quick(10)
@given(scenarios(closed=False, batch=False), st.integers(0, 99), st.integers(0, 99))
def test_in_an_open_loop_any_two_strategies_meet_the_same_world(
    scenario: Scenario, one: int, other: int
) -> None:
    monitors = watch_of(scenario) + ticking()
    strategies = (Silent(), Restless(salt=one, monitors=monitors), Restless(salt=other + 100))
    assert not scenario.closed_loop
    with pages_of(300):
        ledgers = [run(scenario, s, seed=3, outcomes=True) for s in strategies]
    assert all(world_of(ledger) == world_of(ledgers[0]) for ledger in ledgers)
    for ledger in ledgers:
        ideal = ledger.timeline.ideal.sum(axis=1)
        np.testing.assert_allclose(ideal, ledgers[0].timeline.ideal.sum(axis=1), rtol=1e-12)


@dataclass(frozen=True, kw_only=True)
class Late:
    """Does as *first* until *until_us*, then as *then*."""

    first: Any
    then: Any
    until_us: int
    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> Iterable[Action]:
        """Ask whoever is in charge."""
        now: Iterable[Action] = (self.first if view.now_us < self.until_us else self.then).decide(
            view
        )
        return now


def up_to(ledger: Ledger, until_us: int) -> tuple[Any, ...]:
    """Return what a ledger holds before *until_us*."""
    ticks = until_us // ledger.timeline.tick_us
    arrays = [array[:ticks].tolist() for array in ledger.timeline.arrays.values()]
    assert ledger.outcomes is not None
    served = int(ledger.outcomes.served_us.searchsorted(until_us))
    kept = [array for array in vars(ledger.outcomes).values() if array is not None]
    outcomes = [array[:served].tobytes() for array in kept]
    return [f for f in ledger.facts if f.at_us < until_us], arrays, outcomes


@quick(8)
@given(scenarios(batch=False), st.integers(0, 99), st.sampled_from((0.2, 0.5, 0.9)))
def test_equal_effects_up_to_a_moment_give_equal_ledgers_up_to_it(
    scenario: Scenario, salt: int, share: float
) -> None:
    monitors = watch_of(scenario) + ticking()
    tick_us = 1 if not scenario.tick else int(scenario.tick.removesuffix("us"))
    until_us = int(share * int(scenario.horizon.removesuffix("us")) / tick_us) * tick_us
    first = Restless(salt=salt)
    with pages_of(300):
        one, other = (
            run(
                scenario,
                Late(first=first, then=then, until_us=until_us, monitors=monitors),
                seed=2,
                outcomes=True,
            )
            for then in (Restless(salt=salt + 1), Silent())
        )
    assert up_to(one, until_us) == up_to(other, until_us)


@dataclass(frozen=True, kw_only=True)
class Recorder:
    """Does as *inner* and notes what was done at which asking."""

    inner: Restless
    log: list[tuple[Action, ...]]

    @property
    def monitors(self) -> tuple[Any, ...]:
        """Those of *inner*."""
        return self.inner.monitors

    def __repr__(self) -> str:
        return "somebody"

    def decide(self, view: View) -> tuple[Action, ...]:
        """Do and note."""
        self.log.append(tuple(self.inner.decide(view)))
        return self.log[-1]


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """Does what the *log* says, asking after asking."""

    log: list[tuple[Action, ...]]
    monitors: tuple[Any, ...]

    def __repr__(self) -> str:
        return "somebody"

    def decide(self, view: View) -> tuple[Action, ...]:
        """Do what was done then."""
        return self.log.pop(0)


@quick(8)
@given(scenarios(batch=False), st.integers(0, 99))
def test_a_recorded_log_of_actions_makes_the_same_world_again(
    scenario: Scenario, salt: int
) -> None:
    monitors = watch_of(scenario) + ticking()
    with pages_of(300):
        recorder = Recorder(inner=Restless(salt=salt, monitors=monitors), log=[])
        ledger = run(scenario, recorder, seed=4)
        again = run(scenario, Scripted(log=list(recorder.log), monitors=monitors), seed=4)
    assert ledger.of(Acted)
    assert again.digest() == ledger.digest()


@pytest.mark.deep
@deep(150)
@given(scenarios(batch=False), st.integers(0, 9_999))
def test_many_recorded_logs_make_the_same_worlds_again(scenario: Scenario, salt: int) -> None:
    monitors = watch_of(scenario) + ticking()
    with pages_of(300):
        recorder = Recorder(inner=Restless(salt=salt, monitors=monitors), log=[])
        ledger = run(scenario, recorder, seed=4)
        again = run(scenario, Scripted(log=list(recorder.log), monitors=monitors), seed=4)
    assert again.digest() == ledger.digest()


@dataclass(frozen=True, kw_only=True)
class At:
    """Does *actions* by the hour."""

    actions: tuple[tuple[int, Action], ...]

    def decide(self, view: View) -> list[Action]:
        """Do what is due."""
        if view.reason != "heartbeat":
            return []
        return [action for hour, action in self.actions if hour * 3_600_000_000 == view.now_us]


def test_a_repair_changes_the_wire_and_nothing_else() -> None:
    faults = (Drop(at="5h", columns=("x1",), fixed_by="data"),)
    scenario = world(EVEN, faults=faults)
    paged = At(actions=((7, PageOwner("data")),))
    left, mended = (run(scenario, s, seed=1, outcomes=True) for s in (Silent(), paged))
    assert mended.of(Answered)
    assert [f.why for f in mended.of(Ended)] == ["repaired by data"]
    assert left.outcomes is not None
    assert mended.outcomes is not None
    assert (left.outcomes.served_us == mended.outcomes.served_us).all()
    assert (left.timeline.ideal == mended.timeline.ideal).all()
    assert (left.timeline.loss != mended.timeline.loss).any()


def test_the_luck_of_a_training_does_not_depend_on_the_trainings_before_it() -> None:
    """Jobs are keyed by their hour and their number in it."""
    scenario = world(EVEN, training=Training(fixed="10m", failure=0.5))
    train = Retrain(window=Everything())
    for hour in range(12, 30):
        alone = run(scenario, At(actions=((hour, train),)), seed=1)
        after = run(scenario, At(actions=((3, train), (5, train), (hour, train))), seed=1)
        at_us = hour * 3_600_000_000
        failed = [[f.at_us > at_us for f in ledger.of(TrainingFailed)] for ledger in (alone, after)]
        assert any(failed[0]) == any(failed[1]), f"the training of hour {hour}"


def test_the_luck_of_an_owner_does_not_depend_on_whom_else_was_called() -> None:
    scenario = world(EVEN)
    both = ((3, PageOwner("model")), (3, PageOwner("data")))
    answers = [
        [f.at_us for f in run(scenario, At(actions=a), seed=1).of(Answered) if f.owner == "data"]
        for a in (both[1:], both)
    ]
    assert answers[0] == answers[1]


def test_a_fit_that_tosses_coins_is_the_calm_one_until_the_first_onset() -> None:
    """What has not happened yet leaves no trace, not even in the random state of a fit."""
    scenario = world(
        EVEN,
        artifact=Learned(estimator=SGDClassifier()),
        drifts=(),
        faults=(Drop(at="20h", columns=("x1",)),),
    )
    strategy = Restless(salt=3, heartbeat="1h")
    ledger, calm = (run(part, strategy, seed=0) for part in (scenario, scenario.calm()))
    assert any(fact.action == "retrain" for fact in ledger.of(Acted))
    assert np.array_equal(ledger.timeline.loss[:20], calm.timeline.loss[:20])
    assert not np.array_equal(ledger.timeline.loss, calm.timeline.loss)


def test_another_seed_is_another_world() -> None:
    ledgers = [run(world(), Silent(), seed=seed) for seed in range(3)]
    assert len({ledger.checksum for ledger in ledgers}) == 3


def test_a_source_of_another_seed_is_refused() -> None:
    """The ledger would name a seed that is not the one of its luck."""
    with pytest.raises(ValueError, match="seed"):
        run(world(), Silent(), seed=1, source=source_of(world(), 2))


def test_users_who_were_chosen_stay_chosen_while_the_share_grows() -> None:
    source = source_of(world(), 1)
    page = source.page(0, {})
    small, large = (source.assigned(page, 1, share) for share in (0.2, 0.5))
    assert small.any()
    assert not (small & ~large).any()
    assert (source.assigned(page, 2, 0.2) != small).any()


def test_alarms_of_silent_monitors_do_not_depend_on_other_monitors() -> None:
    """Watching changes nothing: each monitor alarms as it would alone."""
    together = run(world(), Silent(monitors=watch(classes=2)), seed=1)
    for monitor in watch(classes=2):
        alone = run(world(), Silent(monitors=(monitor,)), seed=1)
        of_both = [
            [(a.at_us, a.value, a.records) for a in ledger.of(Alarm) if a.monitor == monitor.name]
            for ledger in (alone, together)
        ]
        assert of_both[0] == of_both[1]


def test_the_fallback_spoils_no_luck() -> None:
    on = At(actions=((3, Fallback(True)), (9, Fallback(False))))
    ledgers = [run(world(), s, seed=1, outcomes=True) for s in (Silent(), on)]
    a, b = (ledger.outcomes for ledger in ledgers)
    assert a is not None
    assert b is not None
    late = a.served_us >= 9 * 3_600_000_000
    assert (a.loss[late] == b.loss[late]).all()
    assert replace(a, loss=b.loss) is not a
