"""Signals: what else is measured of each answer, seen by operators when its label arrives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.actions import Action, Fallback, Retrain
from sim.artifacts import Answers, Examples, Learned, Model
from sim.clock import HOUR_US
from sim.facts import Alarm
from sim.labels import Constant, LogNormal
from sim.ledger import Ledger
from sim.run import run
from sim.scenario import Service
from sim.timeline import CHALLENGER, CHAMPION, FALLBACK
from strategies import presets
from strategies.detectors import Shewhart
from tests.sim.laws.operators import released
from tests.sim.laws.worlds import POISSON, pages_of, world

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.losses import Loss
    from sim.monitoring import LabelsSeen
    from sim.source import Page
    from sim.view import View

NAMES = ("one", "first column", "gap")


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A learned model whose answers come with three signals; the last is measured of few."""

    signals = NAMES

    def build(self, examples: Examples, *, random_state: int, warm: Model | None) -> Model:
        return Working(Learned().build(examples, random_state=random_state, warm=warm))


@dataclass(frozen=True)
class Working:
    model: Model

    def answers(self, page: Page) -> Answers:
        given = self.model.answers(page)
        first = page.wire.x[:, 0]
        table = np.column_stack([np.ones(len(page)), first, np.where(first > 1, first, np.nan)])
        return given._replace(signals=table)

    def loss_on(self, examples: Examples, loss: Loss) -> tuple[float, float]:
        return self.model.loss_on(examples, loss)


@dataclass(frozen=True)
class Canary:
    """Lets a second version answer a third of the users, after a while."""

    heartbeat: str = "1h"
    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> list[Action]:
        if view.candidate:
            return [released(view.candidate, 0.3)]
        due = view.reason == "heartbeat" and view.now_us == 2 * HOUR_US
        return [Retrain()] if due else []


@dataclass(frozen=True)
class OnSignal:
    of: str
    detector: Any
    name: str = "signal"
    layer: str = "performance"
    owner: str = "model"
    clock: str = "label"

    def read(self, seen: LabelsSeen) -> NDArray[np.float64]:
        return seen.signal(self.of)


def year(strategy: Any = Canary(), **more: Any) -> Ledger:
    with pages_of(300):
        scenario = world(POISSON, artifact=Measured(), **more)
        ledger = run(scenario, strategy, seed=2)
    assert not ledger.stopped
    return ledger


def test_a_signal_of_every_answer_counts_requests_and_labels_by_arm() -> None:
    timeline = year().timeline
    count, total = timeline.of_signal("one")
    assert timeline.count[:, CHALLENGER].sum() > 100
    assert np.array_equal(count, timeline.count)
    assert np.array_equal(total, timeline.count)
    assert np.array_equal(timeline.signal_labels[:, :4], timeline.labels)
    assert np.array_equal(timeline.signal_label_sum[:, :4], timeline.labels)


def test_what_was_not_measured_is_not_counted() -> None:
    timeline = year().timeline
    count, total = timeline.of_signal("gap")
    assert 0 < count.sum() < 0.3 * timeline.count.sum()
    assert np.all(total >= count), "each value is above 1"


def test_the_fallback_has_no_signals() -> None:
    @dataclass(frozen=True)
    class FallBack:
        heartbeat: str = "1h"

        def decide(self, view: View) -> list[Action]:
            return [] if view.route.fallback or view.changing else [Fallback(on=True)]

    timeline = year(FallBack()).timeline
    assert timeline.count[:, FALLBACK].sum() > 0
    count, _ = timeline.of_signal("one")
    assert count[:, FALLBACK].sum() == 0
    assert count[:, CHAMPION].sum() == timeline.count[:, CHAMPION].sum()


def test_operators_see_signals_with_the_labels_and_not_before() -> None:
    seen: list[tuple[float, float]] = []

    @dataclass(frozen=True)
    class Looking:
        heartbeat: str = "1h"

        def decide(self, view: View) -> list[Action]:
            ticks = view.ticks("8h")
            assert view.signals == NAMES
            labels, measured = ticks.labels.sum(), ticks.signals["one"][0].sum()
            seen.append((float(labels), float(measured)))
            return []

    year(Looking(), delay=Constant(delay="90m"))
    assert seen[0] == (0.0, 0.0)
    assert all(labels == measured for labels, measured in seen)
    assert seen[-1][0] > 0


@pytest.mark.parametrize("delay", [Constant(delay="0"), LogNormal(median="40m", sigma=1.5)])
def test_a_year_with_signals_is_the_same_for_every_block(delay: Any) -> None:
    monitor = OnSignal("gap", Shewhart(mean=1.5, width=1.5))
    strategy = Canary(monitors=(monitor,))
    with pages_of(300):
        scenario = world(POISSON, artifact=Measured(), delay=delay, service=Service(deploy="10m"))
        ledgers = [run(scenario, strategy, seed=1, block=block) for block in (None, 1, 7, 1000)]
    assert ledgers[0].of(Alarm)
    assert len({ledger.digest() for ledger in ledgers}) == 1


def test_a_ledger_keeps_its_signals_when_written_and_read(tmp_path: Path) -> None:
    ledger = year()
    ledger.write(tmp_path)
    ledger.write_jsonl(tmp_path / "ledger.jsonl")
    for again in (Ledger.read(tmp_path), Ledger.read_jsonl(tmp_path / "ledger.jsonl")):
        assert again.timeline.signals == NAMES
        assert again.digest() == ledger.digest()


def test_an_artifact_without_signals_has_none() -> None:
    ledger = run(world(POISSON), presets.never(), seed=0)
    assert ledger.timeline.signals == ()
    assert ledger.timeline.signal_count.shape == (len(ledger.timeline), 0)
