"""Code and content: staleness in closed form, regressions by the job's own luck, one strategy."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scenarios.content_fatigue import content_fatigue
from scenarios.gradual_drift import gradual_drift
from scenarios.technical_debt import technical_debt
from sim.actions import Action, Promote, Retrain
from sim.artifacts import Parametric
from sim.clock import DAY_US, us
from sim.concepts import Moving
from sim.errors import Mistake
from sim.facts import Acted, Built, Lineage
from sim.labels import Constant, Labels
from sim.ledger import Ledger
from sim.losses import Expected
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.setting import source_of
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View
from sim.workshop import Fits
from strategies import presets


@dataclass(frozen=True)
class Every:
    """Builds a version every *period* days; serves it at once, if it *accepts* the claim."""

    period: int
    accepts: float = 1.0
    heartbeat: str = "1d"

    def decide(self, view: View) -> list[Action]:
        newest = view.versions[-1]
        if view.candidate and view.reason == "candidate" and newest.claim <= self.accepts:
            return [Promote(view.candidate)]
        if view.reason == "heartbeat" and view.now_us % (self.period * DAY_US) == 0:
            return [Retrain(1)]
        return []


def world(artifact: Parametric, days: int, **more: Any) -> Scenario:
    """One request a day, trainings and releases take no time: DEFINITIONS, 'Parametric'."""
    given: dict[str, Any] = {
        "stream": Stream(
            concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
        ),
        "artifact": artifact,
        "loss": Expected(),
        "labels": Labels(delay=Constant(delay="0s")),
        "training": Training(fixed="0s"),
        "service": Service(deploy="0s", rollback="0s", flag="0s"),
        "launch": Launch(window="5d"),
        "horizon": f"{days}d",
        "tick": "1d",
        **more,
    }
    return Scenario(name="staleness", **given)


def played(scenario: Scenario, strategy: Any, *, seed: int = 1) -> Ledger:
    ledger = run(scenario, strategy, seed=seed, outcomes=True)
    assert not ledger.stopped
    return ledger


# -- closed forms --------------------------------------------------------------------------------


@pytest.mark.parametrize("half_life", [3.0, 20.0])
def test_fatigue_costs_what_the_geometric_series_says_and_the_best_period_is_exact(
    half_life: float,
) -> None:
    """The sum of a period is T·worst − (worst − base)·(1 − q^T)/(1 − q) with q = 2^(−1/h)."""
    base, worst, price = 0.6, 0.95, 1.5
    q = 2.0 ** (-1 / half_life)
    artifact = Parametric(base=base, slope=-np.log(q), worst=worst, shape="exponential")
    rates, formula = {}, {}
    for period in range(1, 41):
        ledger = played(world(artifact, 2 * period), Every(period))
        rates[period] = (ledger.timeline.loss.sum() + 2 * price) / (2 * period)
        series = (1 - q**period) / (1 - q)
        formula[period] = (price + period * worst - (worst - base) * series) / period
    assert rates == pytest.approx(formula, abs=1e-9)
    assert min(rates, key=rates.__getitem__) == min(formula, key=formula.__getitem__)


def test_the_scenarios_hold_the_ground_truth_of_economics() -> None:
    """Technical debt at one request a day is the linear staleness of tests/data/economics.json."""
    truth = json.loads((Path(__file__).parents[2] / "data" / "economics.json").read_text())
    for case in truth["linear_staleness"]["cases"]:
        best, price = case["best_T"], case["K"]
        debt = technical_debt(
            speed=1.0,
            slope=case["c"],
            base=0.0,
            refactor="0s",
            regress=0.0,
            rate="1/d",
            horizon=f"{3 * best}d",
        )
        stream = replace(debt.stream, traffic=Traffic(rate="1/d", arrivals="even"))
        instant = Service(deploy="0s", rollback="0s", flag="0s")
        exact = replace(
            debt,
            stream=stream,
            loss=Expected(),
            service=instant,
            tick="1d",
            launch=Launch(window="5d"),
        )
        loss = played(exact, Every(best)).timeline.loss.sum()
        assert (loss + 3 * price) / (3 * best) == pytest.approx(case["rate"], abs=1e-9)


def test_fatigue_by_exposures_is_the_mean_over_users_who_have_met_it_so_often() -> None:
    """Counted user by user: each exposure leaves a share *keep* of what lies in between."""
    keep, fresh, tired = 0.8, 0.4, 0.05
    scenario = content_fatigue(
        by="exposures", keep=keep, fresh=fresh, tired=tired, rate="40/h", entities=300
    )
    source = source_of(scenario, 4)
    met = np.zeros(300, dtype=np.int64)
    days, engaged = [], []
    for number in range(source.grid.page_at(us("21d") - 1) + 1):
        page = source.page(number, {})
        users = scenario.stream.users(source.luck, number, len(page))
        for user, time_us in zip(users.tolist(), page.truth.times_us.tolist(), strict=True):
            days.append(time_us // DAY_US)
            engaged.append(tired + (fresh - tired) * keep ** met[user])
            met[user] += 1
    assert isinstance(scenario.artifact, Parametric)
    for day in (0, 3, 10, 20):
        mine = np.array(engaged)[np.array(days) == day]
        # The formula holds for a day's beginning; the day's own exposures come on top.
        starts = np.array([day, day + 1]) * 40 * 24 / 300
        high, low = tired + (fresh - tired) * np.exp(-(1 - keep) * starts)
        places = np.array([day * 40 * 24 / 300])
        assert 1 - scenario.artifact.fails(places) == pytest.approx([high], abs=1e-12)
        error = 4.5 * mine.std() / sqrt(len(mine) / 20)  # the visits of a user hang together
        assert low - error < mine.mean() < high + error


def test_engagement_halves_in_its_half_life() -> None:
    scenario = content_fatigue(fresh=0.5, tired=0.1, half_life="14d")
    assert isinstance(scenario.artifact, Parametric)
    engaged = 1 - scenario.artifact.fails(np.array([0.0, 14.0, 28.0, 1e6]))
    assert engaged == pytest.approx([0.5, 0.3, 0.2, 0.1], abs=1e-12)


# -- regressions ---------------------------------------------------------------------------------

CODE = Parametric(base=0.1, slope=0.0, worst=1.0, regress=0.4, regression=0.2, misses=0.3)


def kinds(ledger: Ledger) -> dict[int, tuple[float, float]]:
    """Return claim and lived loss of the version that was built on each day."""
    assert ledger.outcomes is not None
    days = ledger.outcomes.served_us // DAY_US
    found = {}
    for built in ledger.of(Built)[1:]:
        mine = ledger.outcomes.loss[days == built.at_us // DAY_US]
        found[built.at_us // DAY_US] = (round(built.claim, 9), round(float(mine[0]), 9))
    return found


def test_regressions_come_as_often_as_they_should_and_the_test_misses_its_share() -> None:
    year = kinds(played(world(CODE, 1_500), Every(1)))
    assert set(year.values()) == {(0.1, 0.1), (0.3, 0.3), (0.1, 0.3)}
    worse = [claim for claim, lived in year.values() if lived > 0.2]
    n = len(year)
    assert abs(len(worse) / n - 0.4) < 4.5 * sqrt(0.4 * 0.6 / n)
    missed = worse.count(0.1)
    assert abs(missed / len(worse) - 0.3) < 4.5 * sqrt(0.3 * 0.7 / len(worse))


def test_whether_a_build_regresses_is_its_own_luck_and_not_that_of_those_before_it() -> None:
    often, seldom = (kinds(played(world(CODE, 600), Every(period))) for period in (1, 5))
    assert len(set(seldom.values())) == 3
    assert all(often[day] == fate for day, fate in seldom.items())


def test_remembered_fits_do_not_lend_one_job_the_luck_of_another() -> None:
    scenario, fits = world(CODE, 60), Fits()
    alone = run(scenario, Every(2), seed=3).digest()
    assert run(scenario, Every(2), seed=3, fits=fits).digest() == alone
    assert run(scenario, Every(2), seed=3, fits=fits).digest() == alone


def test_a_gate_on_the_integration_test_keeps_out_what_it_finds_and_no_more() -> None:
    """With a gate a regression goes out only if the test misses it: p·m / (1 − p·(1 − m))."""
    gated = played(world(CODE, 1_500), Every(1, accepts=0.2))
    assert gated.outcomes is not None
    promoted = [fact for fact in gated.of(Acted) if fact.action == "promote"]
    claims = {built.version: built.claim for built in gated.of(Built)}
    assert all(claims[fact.detail.removeprefix("version=")] == 0.1 for fact in promoted)
    fates = kinds(played(world(CODE, 1_500), Every(1)))
    passed = [lived for claim, lived in fates.values() if claim < 0.2]
    assert len(promoted) == len(passed)
    expected = 0.4 * 0.3 / (1 - 0.4 * 0.7)
    share = sum(lived > 0.2 for lived in passed) / len(passed)
    assert abs(share - expected) < 4.5 * sqrt(expected * (1 - expected) / len(passed))


def test_the_evaluation_report_says_what_the_integration_test_found() -> None:
    ledger = played(world(CODE, 40), Every(1))
    reports = [fact for fact in ledger.of(Lineage) if fact.stage == "evaluation report"]
    claims = {built.version: built.claim for built in ledger.of(Built)}
    for report in reports:
        found = "found a regression" in json.loads(report.content)["regression suite"]
        assert found == (claims[report.version] > 0.2)


def test_mistakes_are_named() -> None:
    with pytest.raises(Mistake, match=r"parametric\.worst"):
        Parametric(shape="exponential")
    with pytest.raises(Mistake, match=r"parametric\.shape"):
        Parametric(shape="cubic")
    with pytest.raises(Mistake, match=r"content_fatigue\.by"):
        content_fatigue(by="weeks")


# -- one strategy for all ------------------------------------------------------------------------


def test_one_strategy_object_mends_a_model_code_and_content() -> None:
    """The very same object, unmodified: build, measure, learn, rebuild."""
    scheduled = presets.scheduled(every="30d", window="30d")
    alarmed = presets.on_alarm()
    for strategy in (scheduled, alarmed):
        for scenario in (gradual_drift(), technical_debt(), content_fatigue()):
            left, mended = (run(scenario, s, seed=0).timeline for s in (presets.never(), strategy))
            lost = [(t.loss - t.ideal).sum() for t in (left, mended)]
            assert lost[1] < 0.8 * lost[0], (strategy, scenario.name)


def test_content_tires_along_its_curve_and_a_revision_restores_it() -> None:
    scenario = content_fatigue(worse=0.0)
    timeline = run(scenario, presets.never(), seed=0).timeline
    day = (np.arange(len(timeline)) + 0.5) / 24
    chance = 0.95 - 0.35 * np.exp(-np.log(2) * day / 21)
    expected = (timeline.count.sum(axis=1) * chance).sum()
    error = sqrt((timeline.count.sum(axis=1) * chance * (1 - chance)).sum())
    assert abs(timeline.loss.sum() - expected) < 4.5 * error
    built = run(scenario, Every(10), seed=0)
    served = built.timeline.loss.sum() / built.timeline.count.sum()
    # each version serves from the age of 2 days (its making) and 2 hours to that of 12
    ages = np.linspace(2, 12, 100)
    mean = float(np.mean(0.95 - 0.35 * np.exp(-np.log(2) * ages / 21)))
    assert abs(served - mean) < 0.01
