"""Law 3, blocks are invisible: how far the engine looks ahead changes nothing.

The suite keeps three deliberate mutations, as a test that cannot fail proves nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agenda import Agenda
from sim.artifacts import Answers, Learned, Online
from sim.clock import Phase
from sim.facts import Alarm
from sim.faults import Drop, NullBurst, Surge
from sim.flight import Flight
from sim.labels import Constant, LogNormal
from sim.run import run
from sim.scenario import Service, Training
from sim.sheet import Sheet
from sim.watchers import Watcher
from tests.sim.laws.operators import Restless, Silent, Switching, always, ticking, watch, watch_of
from tests.sim.laws.worlds import (
    CROWDED,
    EVEN,
    PACES,
    POISSON,
    Pace,
    deep,
    pages_of,
    quick,
    scenarios,
    span,
    world,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.artifacts import Model
    from sim.labels import Delay
    from sim.scenario import Scenario


BLOCKS = (None, 1, 7, 1_000, 65_536)


def digests(scenario: Scenario, strategy: Any, *, seed: int = 1, blocks: Any = BLOCKS) -> set[str]:
    """Return the digests of one year under several block sizes."""
    ledgers = [run(scenario, strategy, seed=seed, block=block) for block in blocks]
    assert not any(ledger.stopped for ledger in ledgers), ledgers[0].stopped
    return {ledger.digest() for ledger in ledgers}


def holds_for(scenario: Scenario, salt: int, seed: int, records: int) -> None:
    """Check the law in one world under operators who keep changing who answers."""
    restless = Restless(salt=salt, monitors=watch_of(scenario) + ticking())
    names = scenario.stream.concept.schema.names
    strategy = Switching(monitors=always(*names)) if salt % 3 == 0 else restless
    with pages_of(records):
        assert len(digests(scenario, strategy, seed=seed)) == 1


@quick(6)
@given(
    scenarios(batch=False), st.integers(0, 99), st.integers(0, 99), st.sampled_from((64, 400, 4096))
)
def test_a_year_is_the_same_for_every_block_size(
    scenario: Scenario, salt: int, seed: int, records: int
) -> None:
    holds_for(scenario, salt, seed, records)


@pytest.mark.deep
@deep(100)
@given(scenarios(), st.integers(0, 9999), st.integers(0, 99), st.sampled_from((30, 150, 700, 4096)))
def test_a_hundred_years_are_the_same_for_every_block_size(
    scenario: Scenario, salt: int, seed: int, records: int
) -> None:
    holds_for(scenario, salt, seed, records)


@pytest.mark.parametrize("pace", PACES, ids=lambda pace: pace.rate)
@pytest.mark.parametrize("delay", ["0", "tick", "spread"])
def test_alarms_that_switch_who_answers_are_cut_at_their_exact_value(
    pace: Pace, delay: str
) -> None:
    labels: dict[str, Delay] = {
        "0": Constant(delay="0"),
        "tick": Constant(delay=span(pace.tick_us)),
        "spread": LogNormal(median=span(pace.tick_us // 3), sigma=2.0),
    }
    with pages_of(300):
        for monitors, blocks in ((watch(classes=2), (None, 1, 7)), (always(), (None, 7))):
            strategy = Switching(monitors=monitors)
            assert len(digests(world(pace, delay=labels[delay]), strategy, blocks=blocks)) == 1


def test_requests_of_one_microsecond_are_cut_between_them() -> None:
    """Three records share each microsecond; an alarm at one of them is not one at the others."""
    with pages_of(300):
        scenario = world(CROWDED, delay=Constant(delay="0"))
        ledger = run(scenario, Switching(monitors=always()[3:4]), seed=3, outcomes=True)
        assert ledger.outcomes is not None
        served_us, arm = ledger.outcomes.served_us, ledger.outcomes.arm
        together = served_us[1:] == served_us[:-1]
        assert (together & (arm[1:] != arm[:-1])).any(), "no instant was cut: nothing is tested"
        assert len(digests(scenario, Switching(monitors=always()[3:4]), seed=3)) == 1


@pytest.mark.parametrize("contract", ["strict", "lenient"])
def test_repairs_that_change_the_wire_in_mid_page_are_cut_too(contract: str) -> None:
    faults = (
        Drop(at="5h", columns=("x1",), share=0.6, fixed_by="data"),
        NullBurst(at="7h", columns=("x2",), width="3h", fixed_by="data"),
    )
    scenario = world(POISSON, faults=faults, service=Service(contract=contract, deploy="10m"))
    scenario = replace(scenario, horizon="20h")
    for salt in range(2):
        strategy = Restless(salt=salt, monitors=watch_of(scenario) + ticking())
        with pages_of(2_000):
            assert len(digests(scenario, strategy)) == 1


@quick(3)
@given(scenarios(among=(EVEN, POISSON)), st.integers(0, 99))
def test_a_year_in_batches_is_the_same_for_every_block_size(scenario: Scenario, salt: int) -> None:
    faults = tuple(fault for fault in scenario.faults if not isinstance(fault, Surge))
    service = replace(scenario.service, mode="batch", queue=None)
    holds_for(replace(scenario, service=service, faults=faults), salt, 1, 400)


def test_a_batch_is_the_same_for_every_block_size() -> None:
    service = Service(mode="batch", every="4h", deploy="0", rollback="0", flag="0")
    scenario = world(EVEN, service=service, delay=LogNormal(median="3h", sigma=1.0))
    with pages_of(500):
        assert len(digests(scenario, Switching(monitors=always()), blocks=(None, 1, 7))) == 1


@pytest.mark.parametrize("delay", [Constant(delay="0"), LogNormal(median="40m", sigma=1.5)])
def test_a_model_that_learns_every_label_is_the_same_for_every_block_size(delay: Any) -> None:
    from river import linear_model

    scenario = world(
        replace(EVEN, ticks=12),
        delay=delay,
        artifact=Online(model=linear_model.LogisticRegression()),
    )
    monitors = (*watch(classes=2)[:3], *watch(classes=2)[4:], *always()[:3])
    with pages_of(200):
        assert len(digests(scenario, Switching(monitors=monitors))) == 1
        assert len(digests(scenario, Restless(monitors=watch(classes=2)[:2]))) == 1


def test_a_model_that_learns_every_label_can_be_watched_at_its_inputs() -> None:
    from river import linear_model

    scenario = world(
        replace(EVEN, ticks=12), artifact=Online(model=linear_model.LogisticRegression())
    )
    with pages_of(200):
        assert len(digests(scenario, Switching(monitors=watch(classes=2)))) == 1


# -- the mutations ---------------------------------------------------------------------------


def test_predicting_blocks_that_are_not_canonical_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each version answers only what can be reached, not the whole page."""

    reach: dict[Sheet, slice] = {}

    def answers_in_reach(self: Sheet, model: Model, _: object) -> Answers:
        rows = reach[self]
        part = replace(self.page, wire=replace(self.page.wire, cells=self.page.wire.x[rows]))
        given = model.answers(part)
        known = Answers(*(np.zeros(len(self.page)) for _ in range(2)))
        for whole, piece in zip(known[:2], given[:2], strict=True):
            whole[rows] = piece
        return known

    def answer_more(self: Flight) -> None:
        extend(self)
        reach[self.sheet] = slice(self.row, max(self._stop_row, self.row + 1))
        if hasattr(self, "routing"):
            self.sheet.fill(slice(self.row, None), self.routing)

    extend = Flight._extend
    scenario = world(POISSON, drifts=())
    with pages_of(500):
        truth = digests(scenario, Silent())
        monkeypatch.setattr(Sheet, "_predict", answers_in_reach)
        monkeypatch.setattr(Flight, "_extend", answer_more)
        mutated = digests(scenario, Silent(), blocks=(1, 7, 65_536))
    assert len(truth) == 1
    assert len(mutated | truth) > 1


def test_one_priority_for_everything_at_an_instant_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Requests, labels, ends of trainings and ticks coincide; insertion decides."""
    scenario = world(
        EVEN,
        delay=Constant(delay=span(EVEN.tick_us)),
        training=Training(fixed=span(EVEN.tick_us)),
        service=Service(deploy=span(EVEN.tick_us), rollback="0", flag="0"),
    )
    # Desk monitors would only stop a run whose ticks come before their pages.
    monitors = (*watch(classes=2), *ticking()[:3])
    strategy = Switching(monitors=monitors, heartbeat=span(EVEN.tick_us))
    truth = digests(scenario, strategy)
    at = Agenda.at

    def at_no_phase(self: Agenda, time_us: int, _phase: Phase, call: Callable[[], None]) -> None:
        at(self, time_us, Phase.WORLD, call)

    monkeypatch.setattr(Agenda, "at", at_no_phase)
    assert len(truth) == 1
    assert len(digests(scenario, strategy, blocks=(None, 1, 7)) | truth) > 1


def test_detectors_that_are_not_taken_back_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that had read beyond a cut keeps what it read under the old routing."""
    scenario = world(replace(EVEN, ticks=20), delay=Constant(delay="30m"))
    strategy = Switching(monitors=always()[:3])

    def forget_to_restore(self: Watcher, stop: int) -> None:
        if not self.locked and self.at > stop:
            self.at, self.alarm = stop, None

    with pages_of(500):
        truth = digests(scenario, strategy, blocks=(None, 1, 7))
        monkeypatch.setattr(Watcher, "rewind", forget_to_restore)
        mutated = digests(scenario, strategy, blocks=(None, 1, 7))
    assert len(truth) == 1
    assert len(mutated) > 1


def test_the_worlds_of_these_tests_have_alarms_of_every_monitor() -> None:
    """A monitor that never alarms would test nothing."""
    with pages_of(400):
        for monitors in (watch(classes=2), always()):
            ledger = run(world(EVEN), Silent(monitors=monitors), seed=1)
            assert {alarm.monitor for alarm in ledger.of(Alarm)} == {m.name for m in monitors}
        faults = (Drop(at="9h", columns=("x1",)),)
        ledger = run(world(EVEN, faults=faults), Silent(monitors=ticking()), seed=1)
        assert {alarm.monitor for alarm in ledger.of(Alarm)} == {m.name for m in ticking()}
    assert isinstance(world().artifact, Learned)
