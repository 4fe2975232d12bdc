"""Whether chances held what they said, against a count record by record."""

from __future__ import annotations

from math import isclose, pi, sqrt
from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.linear_model import Ridge

from reports.measures import calibration
from reports.measures.calibration import Calibrated, add_up
from reports.result import Result
from sim.actions import Promote, Retrain
from sim.artifacts import Learned
from sim.clock import DAY_US, WEEK_US, us
from sim.concepts import Linear, LinearRegression
from sim.facts import Routed
from sim.faults import Drop
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.losses import Squared
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.setting import source_of
from sim.stream import Stream
from sim.timeline import CHALLENGER, CHAMPION
from sim.traffic import Traffic
from tests.sim.laws.operators import released
from tests.sim.test_service import Script

SEED = 3


class Rule(BaseEstimator):  # type: ignore[misc]
    """Says one known chance per record: learned from nothing but how many records there were."""

    def fit(self, x: Any, y: Any) -> Rule:
        self.classes_ = np.array([0.0, 1.0])
        self.tilt_ = 0.5 + (len(y) % 7) / 7
        return self

    def predict(self, x: Any) -> Any:
        return (self.predict_proba(x)[:, 1] > 0.5).astype(float)

    def predict_proba(self, x: Any) -> Any:
        chance = 1 / (1 + np.exp(-self.tilt_ * x[:, 0]))
        return np.column_stack([1 - chance, chance])


def world(**more: Any) -> Scenario:
    given: dict[str, Any] = {
        "stream": Stream(concept=Linear(columns=3), traffic=Traffic(rate="40/h", entities=50)),
        "labels": Labels(delay=Constant(delay="3h")),
        "launch": Launch(window="2d"),
        "training": Training(fixed="1h"),
        "artifact": Learned(estimator=Rule()),
        "horizon": "10d",
        **more,
    }
    return Scenario(name="chances", **given)


def played(scenario: Scenario, *plan: Any) -> Ledger:
    ledger = run(scenario, Script(plan), seed=SEED, outcomes=True)
    assert not ledger.stopped, ledger.stopped
    return ledger


def arrived(scenario: Scenario) -> tuple[Any, Any]:
    """Return the first feature of every record served, as it arrived, and its true outcome."""
    source = source_of(scenario, SEED)
    x, y = [], []
    for number in range(source.grid.page_at(us(scenario.horizon) - 1) + 1):
        page = source.page(number, {})
        served = page.served_us < us(scenario.horizon)
        first = page.wire.x[:, 0]
        if page.wire.state is not None:
            first = np.where(page.wire.state[:, 0] > 0, np.nan, first)
        x.append(first[served].copy())
        y.append(page.truth.y[served].copy())
    return np.concatenate(x), np.concatenate(y)


def by_hand(chance: Any, happened: Any, served_us: Any, start_us: int, stop_us: int) -> Any:
    """Go through the records one by one: error, by chance, Brier, mean chance, frequency."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, y, at_us in zip(chance.tolist(), happened.tolist(), served_us.tolist(), strict=True):
        if start_us <= at_us < stop_us and p == p:
            bins.setdefault(min(9, int(10 * p)), []).append((p, y))
    every = [pair for pairs in bins.values() for pair in pairs]
    n = len(every)
    return (
        sum(abs(sum(p - y for p, y in pairs)) for pairs in bins.values()) / n,
        sum(sqrt(2 / pi * sum(p * (1 - p) for p, _ in pairs)) for pairs in bins.values()) / n,
        sum((p - y) ** 2 for p, y in every) / n,
        sum(p for p, _ in every) / n,
        sum(y for _, y in every) / n,
    )


def told(one: Calibrated) -> tuple[float, ...]:
    return one.error, one.by_chance, one.brier, one.said, one.came


def test_each_day_is_what_a_count_record_by_record_gives() -> None:
    scenario = world()
    ledger = played(scenario, ("3d", Retrain("2d")), ("4d", Promote("v1")))
    found, kept = calibration(ledger), ledger.outcomes
    assert found is not None
    assert kept is not None
    x, y = arrived(scenario)
    live_us = ledger.of(Routed)[-1].at_us
    assert live_us > us("4d")
    assert kept.chance is not None
    early = kept.served_us < live_us
    tilts = np.log(kept.chance.astype(float) / (1 - kept.chance.astype(float))) / x
    clear = np.abs(x) > 0.1  # where a float32 tells the tilt of a version
    assert np.ptp(tilts[early & clear]) < 1e-4
    assert np.ptp(tilts[~early & clear]) < 1e-4
    assert abs(tilts[early & clear][0] - tilts[~early & clear][0]) > 0.01
    assert len(found.stretches) == 10
    for day, stretch in enumerate(found.stretches):
        span = day * DAY_US, (day + 1) * DAY_US
        assert (stretch.start_us, stretch.stop_us) == span
        mine = by_hand(kept.chance, y > 0.5, kept.served_us, *span)
        assert all(isclose(a, b, rel_tol=1e-9) for a, b in zip(told(stretch), mine, strict=True))
    mine = by_hand(kept.chance, y > 0.5, kept.served_us, 0, 10 * DAY_US)
    assert all(isclose(a, b, rel_tol=1e-9) for a, b in zip(told(found.whole), mine, strict=True))


def test_each_arm_says_its_own_chance() -> None:
    plan = ("3d", Retrain("2d")), ("4d", released("v1", 0.4))
    alone, both = played(world()).outcomes, played(world(), *plan).outcomes
    new = played(world(), ("3d", Retrain("2d")), ("4d", Promote("v1"))).outcomes
    assert alone
    assert both
    assert new
    assert both.chance is not None
    met = both.arm == CHALLENGER
    assert 0.2 < met[both.served_us > us("7d")].mean() < 0.6
    assert np.array_equal(both.chance[~met], alone.chance[~met])  # type: ignore[index]
    late = both.served_us > us("7d")
    assert np.array_equal(both.chance[met & late], new.chance[met & late])  # type: ignore[index]
    assert not np.array_equal(both.chance[met], alone.chance[met])  # type: ignore[index]


def test_an_answer_that_no_version_gave_stands_for_no_chance() -> None:
    scenario = world(
        faults=(Drop(at="5d", columns=("x0",), share=0.5),), service=Service(contract="strict")
    )
    ledger = played(scenario)
    kept, found = ledger.outcomes, calibration(ledger)
    assert kept
    assert found
    assert kept.chance is not None
    lost = kept.arm != CHAMPION
    assert lost.any()
    assert np.isnan(kept.chance[lost]).all()
    assert not np.isnan(kept.chance[~lost]).any()
    assert found.whole.answers == int((~lost).sum())


def test_chances_that_are_right_are_as_far_off_as_chance_makes_them() -> None:
    """Drawn from the very chances that were said: error / by chance is 1 on average."""
    ratios = []
    for seed in range(60):
        luck = np.random.default_rng(seed)
        chance = luck.uniform(size=4_000)
        sums = np.zeros((5, 10))
        happened = luck.uniform(size=4_000) < chance
        add_up(np.array([0, 4_000]), chance.astype(np.float32), happened, sums[None])
        one = Calibrated(0, 1, sums)
        ratios.append(one.error / one.by_chance)
    mean, error = float(np.mean(ratios)), float(np.std(ratios, ddof=1)) / sqrt(60)
    assert abs(mean - 1) < 4.5 * error


def test_numbers_and_years_without_outcomes_have_no_chances() -> None:
    numbers = world(
        stream=Stream(concept=LinearRegression(columns=3), traffic=Traffic(rate="40/h")),
        artifact=Learned(estimator=Ridge()),
        loss=Squared(),
    )
    ledger = played(numbers)
    assert ledger.outcomes is not None
    assert ledger.outcomes.chance is None
    assert calibration(ledger) is None
    assert calibration(run(world(), Script(), seed=SEED)) is None


def test_a_long_year_is_told_week_by_week_and_written_whole(tmp_path: Any) -> None:
    ledger = played(world(horizon="60d"))
    found = calibration(ledger)
    assert found is not None
    assert [one.start_us for one in found.stretches] == [k * WEEK_US for k in range(9)]
    assert found.stretches[-1].stop_us == us("60d")
    ledger.write(tmp_path)
    again = calibration(Ledger.read(tmp_path))
    assert again is not None
    assert told(again.whole) == told(found.whole)


def test_what_is_kept_changes_nothing_else() -> None:
    plan = ("3d", Retrain("2d")), ("4d", released("v1", 0.4))
    kept, bare = played(world(), *plan), run(world(), Script(plan), seed=SEED)
    assert kept.digest() == bare.digest()


def test_a_notebook_shows_it_and_says_when_there_is_none() -> None:
    ledger = played(world())
    picture = Result(ledger, ledger).plot.calibration()
    assert "came true" in picture.says
    bare = run(world(), Script(), seed=SEED)
    with pytest.raises(ValueError, match="outcomes=True"):
        Result(bare, bare).plot.calibration()
