"""A slow simulator written a second time, record by record: equal in every number.

It shares with the engine nothing but the records themselves; the order of things, labels,
the detector, trainings, deployment and answers are its own.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pytest
from river import drift
from sklearn.linear_model import LogisticRegression

from sim.actions import Action, Everything, Promote, Retrain, SinceAlarm
from sim.clock import NEVER, us
from sim.concepts import Linear
from sim.drift import ConceptDrift, CovariateShift
from sim.facts import Alarm, Built, Routed, TrainingBegun, TrainingFailed
from sim.faults import Drop, NullBurst, UnitChange
from sim.labels import Constant, Labels, LogNormal
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training, batch
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors

TRAINING_US, DEPLOY_US, LAST = us("5h 20m"), us("2h 10m"), 300
SINCE_US = us("2d")
"""how long before its evidence an alarm makes the window begin: labels are late"""


@dataclass(frozen=True)
class AtAlarm:
    """Retrains on the last labels at every alarm, one training at a time, and serves the result."""

    monitors: tuple[Any, ...]
    window: Any = LAST
    heartbeat: str = "0"

    def decide(self, view: View) -> list[Action]:
        if view.reason == "candidate":
            return [Promote(view.candidate)]
        if view.reason == "alarm" and not view.jobs:
            since = SinceAlarm(at_us=view.alarms[-1].evidence_us - SINCE_US)
            return [Retrain(since if self.window == "since" else self.window)]
        return []


@dataclass
class Told:
    """What the slow simulator has to say."""

    alarms: list[tuple[int, float, int, int]] = field(default_factory=list)
    begun: list[tuple[int, int]] = field(default_factory=list)
    built: list[tuple[int, str, float]] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    routed: list[tuple[int, str]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    label_loss: float = 0.0


LABEL, JOB, REQUEST, LATE = range(4)
"""What comes first at one instant."""


class Filled:
    """Logistic regression that fills gaps with the means of what it was fitted on."""

    def __init__(self, x: list[Any], y: list[float]) -> None:
        rows = np.array(x)
        self.means = np.nan_to_num(np.nanmean(rows, axis=0))
        line = LogisticRegression().fit(np.where(np.isnan(rows), self.means, rows), y)
        self.weights, self.constant = line.coef_[0], line.intercept_[0]

    def answer(self, row: Any) -> float:
        filled = np.where(np.isnan(row), self.means, row)
        return float(self.weights @ filled + self.constant > 0)


def chosen(
    window: Any, labelled: list[int], times: list[int], now_us: int, shown: int
) -> list[int]:
    """Return the labelled records of a window, oldest first."""
    if isinstance(window, int):
        return sorted(labelled)[-window:]
    from_us = shown if window == "since" else -us("100y")
    if window not in ("since", "all"):
        from_us = now_us - us(window)
    return [i for i in sorted(labelled) if times[i] >= from_us]


@cache
def play_slowly(name: str, window: Any, seed: int) -> Told:
    """Play one event after the other from a heap."""
    scenario = WORLDS[name]
    feed, launch_us, end_us = source_of(scenario, seed), -us(scenario.launch.window), us("30d")
    numbers = range(feed.grid.page_at(launch_us), feed.grid.page_at(end_us - 1) + 1)
    times, served, x, y, label, due = [], [], [], [], [], []
    for page in (feed.page(number, {}) for number in numbers):
        for i in range(len(page)):
            if launch_us <= (at_us := int(page.truth.times_us[i])) < end_us:
                times.append(at_us)
                served.append(int(page.served_us[i]))
                x.append(page.wire.x[i])
                y.append(float(page.truth.y[i]))
                label.append(float(page.label[i]))
                due.append(None if page.due[i] == NEVER else int(page.due[i]) // 8)
    told, detector = Told(), drift.ADWIN()
    labelled = [i for i, at_us in enumerate(times) if at_us < 0]
    kept = labelled[: len(labelled) - int(0.2 * len(labelled))]
    models = [Filled([x[i] for i in kept], [label[i] for i in kept])]
    naive = float(sum(label[i] for i in labelled) > len(labelled) / 2)
    strict = scenario.service.contract == "strict"
    champion, busy, count, orders, newest_us = 0, False, 0, 0, 0
    answer: dict[int, float] = {}
    heap: list[tuple[int, int, int, str]] = [
        (served[i], REQUEST, i, "") for i, at_us in enumerate(times) if at_us >= 0
    ]
    heapq.heapify(heap)
    snapshot: list[int] = []
    while heap:
        now_us, _, i, what = heapq.heappop(heap)
        if now_us >= end_us:
            break
        if what == "trained":
            busy = False
            fit = snapshot[: len(snapshot) - int(0.2 * len(snapshot))]
            try:
                model = Filled([x[k] for k in fit], [label[k] for k in fit])
            except ValueError:
                told.failed.append(now_us)
                continue
            rest = snapshot[len(fit) :]
            models.append(model)
            wrong = [float(model.answer(x[k]) != label[k]) for k in rest or fit]
            told.built.append((now_us, f"v{len(models) - 1}", sum(wrong) / len(wrong)))
            orders += 1
            heapq.heappush(heap, (now_us + DEPLOY_US, JOB, len(models) - 1, f"serve {orders}"))
        elif what.startswith("serve"):
            if what == f"serve {orders}":
                champion = i
                told.routed.append((now_us, f"v{i}"))
        elif what == "label":
            labelled.append(i)
            loss = float(answer[i] != label[i])
            told.label_loss += loss
            if strict and np.isnan(x[i]).any():
                continue
            detector.update(loss)
            newest_us = max(newest_us, served[i])
            if detector.drift_detected:
                told.alarms.append((now_us, loss, newest_us, count))
                if not busy:
                    busy = True
                    snapshot = chosen(window, labelled, times, now_us, newest_us - SINCE_US)
                    told.begun.append((now_us, len(snapshot)))
                    heapq.heappush(heap, (now_us + TRAINING_US, JOB, 0, "trained"))
        else:
            count += 1
            turned_away = strict and np.isnan(x[i]).any()
            answer[i] = naive if turned_away else models[champion].answer(x[i])
            told.losses.append(float(answer[i] != y[i]))
            if (known_us := due[i]) is not None:
                heapq.heappush(heap, (known_us, LATE if known_us == now_us else LABEL, i, "label"))
    return told


def world(**more: Any) -> Scenario:
    drifts = (
        ConceptDrift(at="8d", name="turn", to=Linear(columns=3, angle=120.0, noise=0.05)),
        CovariateShift(at="14d", width="2d", shape="gradual", columns=("x1",), shift=1.0),
        ConceptDrift(at="20d", name="back", to=Linear(columns=3, noise=0.15)),
    )
    given: dict[str, Any] = {
        "stream": Stream(
            concept=Linear(columns=3, noise=0.05),
            traffic=Traffic(rate="6/h", arrivals="even"),
            drifts=drifts,
        ),
        "labels": Labels(delay=Constant(delay="7h")),
        "training": Training(fixed="5h 20m"),
        "service": Service(deploy="2h 10m"),
        "launch": Launch(window="30d"),
        "horizon": "30d",
        **more,
    }
    return Scenario(name="twice", **given)


SPOILT: dict[str, Any] = {
    "faults": (
        NullBurst(at="5d", columns=("x0",), share=0.4),
        Drop(at="9d", until="22d", width="3d", columns=("x2",), share=0.7),
        UnitChange(at="12d", columns=("x1",), factor=-2.0, share=0.3),
    )
}
WORLDS = {
    "even feed, constant delay": world(),
    "labels at once": world(labels=Labels(delay=Constant(delay="0s"))),
    "labels at the instant of other requests": world(labels=Labels(delay=Constant(delay="6h"))),
    "noisy labels, some of which never come": world(
        labels=Labels(delay=Constant(delay="7h"), coverage=0.6, noise=0.1)
    ),
    "labels out of order": world(labels=Labels(delay=LogNormal(median="9h", sigma=1.2))),
    "faults, gaps filled": world(**SPOILT),
    "faults, a strict contract": world(
        **SPOILT, service=Service(deploy="2h 10m", contract="strict")
    ),
    "nightly batches": world(
        service=batch(every="1d", deploy="2h 10m"), labels=Labels(delay=LogNormal(median="9h"))
    ),
    "labels before the batch": world(
        service=batch(every="6h", deploy="2h 10m"), labels=Labels(delay=Constant(delay="2h"))
    ),
}
WINDOWS = {"labels out of order": ["5d", "since", "all"], "nightly batches": ["5d"]}


@pytest.mark.parametrize("block", [None, 7])
@pytest.mark.parametrize("detector", [drift.ADWIN(), ADWIN()], ids=["River's", "compiled"])
@pytest.mark.parametrize(
    ("name", "window"),
    [(name, window) for name in WORLDS for window in [LAST, *WINDOWS.get(name, [])]],
)
def test_the_engine_says_what_the_slow_simulator_says(
    name: str, window: Any, detector: Any, block: int | None
) -> None:
    scenario, seed = WORLDS[name], 2
    slow = play_slowly(name, window, seed)
    monitors = (OnErrors(detector=detector),)
    strategy = AtAlarm(monitors=monitors, window=Everything() if window == "all" else window)
    ledger = run(scenario, strategy, seed=seed, outcomes=True, block=block)
    assert not ledger.stopped
    alarms = ledger.of(Alarm)
    assert [(a.at_us, a.value, a.evidence_us, a.records) for a in alarms] == slow.alarms
    assert len(slow.alarms) >= 2
    assert [(fact.at_us, fact.rows) for fact in ledger.of(TrainingBegun)] == slow.begun
    assert [fact.at_us for fact in ledger.of(TrainingFailed)] == slow.failed
    built = [(fact.at_us, fact.version, fact.claim) for fact in ledger.of(Built)[1:]]
    assert built == slow.built
    assert len(built) >= 2
    assert [(fact.at_us, fact.champion) for fact in ledger.of(Routed)[1:]] == slow.routed
    assert ledger.outcomes is not None
    assert ledger.outcomes.loss.tolist() == slow.losses
    assert ledger.timeline.label_loss.sum() == slow.label_loss
