"""Who answers what, and when a change of routing acts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression

from sim.actions import Action, Archive, Fallback, Promote, Release, Retrain, Rollback, Shadow
from sim.artifacts import Learned
from sim.clock import DAY_US, Phase, moment, us
from sim.concepts import SEA, Linear, LinearRegression
from sim.facts import Routed
from sim.faults import Drop, Fault, NullBurst, Rename, UnitChange
from sim.labels import Constant, Labels, LogNormal
from sim.ledger import Ledger, Outcomes
from sim.losses import ZeroOne
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training, batch
from sim.setting import source_of
from sim.stream import Stream
from sim.timeline import CHALLENGER, CHAMPION, ERROR, FALLBACK
from sim.traffic import Traffic
from sim.view import View
from tests.sim.laws.operators import released

LIMIT = 4.5
SEED = 8
ENTITIES = 400
Floats = NDArray[np.float64]

V1 = ("2d", Retrain("1d"))
"""The order whose version, v1, is ready at 2d 1h."""
V1B = ("2d", Retrain("2d"))
"""The same for nightly batches: at 2d the labels of the second day are not there yet."""


@dataclass(frozen=True)
class Script:
    """Does what it is told at the times it is told."""

    plan: tuple[tuple[str, Action], ...] = ()
    heartbeat: str = "1h"

    def decide(self, view: View) -> list[Action]:
        if view.reason != "heartbeat":
            return []
        return [action for at, action in self.plan if us(at) == view.now_us]


def world(**more: Any) -> Scenario:
    given: dict[str, Any] = {
        "stream": Stream(
            concept=Linear(columns=4, noise=0.2), traffic=Traffic(rate="60/h", entities=ENTITIES)
        ),
        "labels": Labels(delay=Constant(delay="3h")),
        "training": Training(fixed="1h"),
        "launch": Launch(window="2d"),
        "service": Service(deploy="2h 7m", rollback="11m", flag="13s"),
        "horizon": "6d",
        **more,
    }
    return Scenario(name="service", **given)


def play(*plan: tuple[str, Action], scenario: Scenario | None = None) -> Ledger:
    ledger = run(scenario or world(), Script(plan), seed=SEED, outcomes=True)
    assert not ledger.stopped, ledger.stopped
    return ledger


def told(ledger: Ledger) -> Outcomes:
    assert ledger.outcomes is not None
    return ledger.outcomes


@pytest.fixture(scope="module")
def old() -> Outcomes:
    """What v0 does to everybody."""
    return told(play())


@pytest.fixture(scope="module")
def new() -> Outcomes:
    """What v1 does to everybody from 2d 3h 7m + 1 h on."""
    return told(play(V1, ("2d 1h", Promote("v1"))))


def entities(scenario: Scenario) -> NDArray[np.int64]:
    feed = source_of(scenario, SEED)
    drawn = []
    for number in range(feed.grid.page_at(us(scenario.horizon) - 1) + 1):
        page = feed.page(number, {})
        users = feed.luck.page("entity", number).integers(0, ENTITIES, len(page))
        drawn.append(users[page.served_us < us(scenario.horizon)])
    return np.concatenate(drawn)


def since(ledger: Outcomes, at: str) -> NDArray[np.bool_]:
    return np.asarray(ledger.served_us >= us(at))


# -- delays ----------------------------------------------------------------------------------


def test_a_new_version_serves_from_the_end_of_its_deployment_to_the_microsecond(
    old: Outcomes, new: Outcomes
) -> None:
    ledger = play(V1, ("2d 12h", Promote("v1")))
    at = "2d 14h 7m"
    assert [fact.at_us for fact in ledger.of(Routed)] == [0, us(at)]
    expected = np.where(since(old, at), new.loss, old.loss)
    assert np.array_equal(told(ledger).loss, expected)
    assert not np.array_equal(expected, old.loss)


def test_a_rollback_goes_back_to_the_kept_champion_in_minutes(old: Outcomes, new: Outcomes) -> None:
    ledger = play(V1, ("2d 12h", Promote("v1")), ("4d", Rollback()))
    serving = since(old, "2d 14h 7m") & ~since(old, "4d 11m")
    assert np.array_equal(told(ledger).loss, np.where(serving, new.loss, old.loss))
    assert [fact.champion for fact in ledger.of(Routed)] == ["v0", "v1", "v0"]


def test_promoting_the_previous_champion_is_a_rollback_too(old: Outcomes, new: Outcomes) -> None:
    ledger = play(V1, ("2d 12h", Promote("v1")), ("4d", Promote("v0")))
    serving = since(old, "2d 14h 7m") & ~since(old, "4d 11m")
    assert np.array_equal(told(ledger).loss, np.where(serving, new.loss, old.loss))


def test_a_version_that_is_loaded_already_is_promoted_by_a_flag(
    old: Outcomes, new: Outcomes
) -> None:
    for loaded in (Shadow("v1"), released("v1", 0.5)):
        ledger = play(V1, ("2d 1h", loaded), ("4d", Promote("v1")))
        assert ledger.of(Routed)[-1].at_us == us("4d 13s")
        late = since(old, "4d 13s")
        assert np.array_equal(told(ledger).loss[late], new.loss[late])


def test_the_newest_order_counts(old: Outcomes, new: Outcomes) -> None:
    ledger = play(V1, ("3d", Promote("v1")), ("3d 1h", released("v1", 1.0)))
    assert [(fact.at_us, fact.champion) for fact in ledger.of(Routed)] == [
        (0, "v0"),
        (us("3d 3h 7m"), "v0"),
    ]
    late = since(old, "3d 3h 7m")
    assert np.array_equal(told(ledger).loss, np.where(late, new.loss, old.loss))


@dataclass(frozen=True)
class Impatient(Script):
    """Repeats its order every hour until v1 serves."""

    def decide(self, view: View) -> list[Action]:
        if len(view.versions) > 1 and view.champion.name == "v0":
            return [Promote("v1", why="still waiting")]
        return super().decide(view)


def test_an_order_that_is_repeated_is_under_way_already() -> None:
    ledger = run(world(), Impatient((V1,)), seed=SEED)
    assert [fact.champion for fact in ledger.of(Routed)] == ["v0", "v1"]
    assert ledger.of(Routed)[-1].at_us == us("2d 3h 7m")


def test_a_rollback_withdraws_a_release_that_is_still_on_its_way() -> None:
    ledger = play(
        V1,
        ("2d 1h", Promote("v1")),
        ("3d", Retrain("1d")),
        ("4d", released("v2", 0.1)),
        ("4d 1h", Rollback()),
    )
    assert ledger.of(Routed)[-1].champion == "v1"
    assert ledger.of(Routed)[-1].challenger == ""


# -- shares ----------------------------------------------------------------------------------


def test_a_challenger_meets_its_share_of_users_and_each_of_them_always(
    old: Outcomes, new: Outcomes
) -> None:
    outcomes = told(play(V1, ("2d 1h", released("v1", 0.3))))
    late, users = since(old, "2d 3h 7m"), entities(world())
    assert (outcomes.arm[~late] == CHAMPION).all()
    met = outcomes.arm == CHALLENGER
    chosen = set(users[late & met].tolist())
    assert not chosen & set(users[late & ~met].tolist())
    assert abs(len(chosen) - 0.3 * ENTITIES) < LIMIT * sqrt(ENTITIES * 0.21)
    assert np.array_equal(outcomes.loss, np.where(met, new.loss, old.loss))


def test_whoever_met_the_challenger_keeps_meeting_it_as_its_share_grows() -> None:
    steps = [("2d 1h", 0.05), ("3d", 0.25), ("4d", 0.5), ("5d", 1.0)]
    outcomes = told(play(V1, *((at, released("v1", share)) for at, share in steps)))
    users = entities(world())
    bounds = ["2d 3h 7m", "3d 13s", "4d 13s", "5d 13s", "6d"]
    before: set[int] = set()
    for (_, share), start, stop in zip(steps, bounds[:-1], bounds[1:], strict=True):
        rows = since(outcomes, start) & ~since(outcomes, stop)
        chosen = set(users[rows & (outcomes.arm == CHALLENGER)].tolist())
        spared = set(users[rows & (outcomes.arm == CHAMPION)].tolist())
        assert not chosen & spared
        assert not before & spared
        seen = len(chosen) + len(spared)
        assert abs(len(chosen) - share * seen) <= LIMIT * sqrt(seen * share * (1 - share))
        before = chosen


def test_the_next_release_chooses_anew() -> None:
    plan = (
        V1,
        ("2d 1h", released("v1", 0.5)),
        ("3d 1h", Retrain("1d")),
        ("4d", released("v2", 0.5)),
    )
    outcomes, users = told(play(*plan)), entities(world())
    first = since(outcomes, "2d 3h 7m") & ~since(outcomes, "4d 2h 7m")
    met = outcomes.arm == CHALLENGER
    one, two = (set(users[rows & met].tolist()) for rows in (first, since(outcomes, "4d 2h 7m")))
    both = len(one & two)
    assert abs(both - ENTITIES / 4) < LIMIT * sqrt(ENTITIES * 3 / 16)


def test_a_rollback_withdraws_the_challenger_first(old: Outcomes) -> None:
    ledger = play(V1, ("2d 1h", released("v1", 0.5)), ("4d", Rollback()))
    outcomes = told(ledger)
    late = since(old, "4d 11m")
    assert (outcomes.arm[late] == CHAMPION).all()
    assert np.array_equal(outcomes.loss[late], old.loss[late])
    assert ledger.of(Routed)[-1].champion == "v0"


def test_a_shadow_changes_nothing_that_a_user_meets(old: Outcomes) -> None:
    ledger, alone = play(V1, ("2d 1h", Shadow("v1")), ("4d", Shadow(""))), play(V1)
    assert [fact.shadow for fact in ledger.of(Routed)] == ["", "v1", ""]
    for name in ("served_us", "arm", "loss"):
        assert np.array_equal(getattr(told(ledger), name), getattr(old, name))
    for name in ("count", "loss", "ideal", "labels", "label_loss"):
        assert np.array_equal(getattr(ledger.timeline, name), getattr(alone.timeline, name))
    assert ledger.checksum == alone.checksum


# -- fallback and contract -------------------------------------------------------------------


def naive(scenario: Scenario) -> float:
    """Return the commonest label of the launch window."""
    feed, start_us = source_of(scenario, SEED), -us(scenario.launch.window)
    pages = [feed.page(n, {}) for n in range(feed.grid.page_at(start_us), 0)]
    labels = np.concatenate([p.label[p.truth.times_us >= start_us] for p in pages])
    return float(labels.mean() > 0.5)


def truth(scenario: Scenario) -> Floats:
    feed = source_of(scenario, SEED)
    pages = [feed.page(n, {}) for n in range(feed.grid.page_at(us(scenario.horizon) - 1) + 1)]
    return np.concatenate([p.truth.y[p.served_us < us(scenario.horizon)] for p in pages])


def broken(scenario: Scenario) -> NDArray[np.bool_]:
    feed = source_of(scenario, SEED)
    pages = [feed.page(n, {}) for n in range(feed.grid.page_at(us(scenario.horizon) - 1) + 1)]
    cells = np.concatenate([p.wire.x[p.served_us < us(scenario.horizon)] for p in pages])
    return np.asarray(np.isnan(cells).any(axis=1))


def test_the_fallback_answers_everybody_while_its_flag_is_on(old: Outcomes) -> None:
    outcomes = told(play(("2d", Fallback(True)), ("4d", Fallback(False))))
    on = since(old, "2d 13s") & ~since(old, "4d 13s")
    assert np.array_equal(outcomes.arm, np.where(on, FALLBACK, CHAMPION))
    expected = (truth(world()) != naive(world())).astype(float)
    assert np.array_equal(outcomes.loss, np.where(on, expected, old.loss))


@pytest.mark.parametrize("kind", [Drop, Rename, NullBurst])
def test_a_strict_contract_turns_away_exactly_the_broken_records(
    kind: type[Fault], old: Outcomes
) -> None:
    fault = kind(at="2d", until="5d", columns=("x1", "x2"), share=0.3)
    scenario = world(faults=(fault,))
    strict = replace(scenario, service=replace(scenario.service, contract="strict"))
    outcomes, hit = told(play(scenario=strict)), broken(scenario)
    assert 0.1 < hit.mean() < 0.2
    assert np.array_equal(outcomes.arm, np.where(hit, FALLBACK, CHAMPION))
    expected = np.where(hit, truth(scenario) != naive(scenario), old.loss)
    assert np.array_equal(outcomes.loss, expected)
    lenient = told(play(scenario=scenario))
    assert (lenient.arm == CHAMPION).all()
    assert np.array_equal(lenient.loss[~hit], old.loss[~hit])


def test_a_strict_contract_turns_away_what_is_out_of_range() -> None:
    """SEA's columns are agreed to lie between 0 and 10."""
    fault = UnitChange(at="2d", columns=("x0",), factor=100.0)
    stream = Stream(concept=SEA(), traffic=Traffic(rate="60/h"))
    scenario = world(stream=stream, faults=(fault,), service=Service(contract="strict"))
    outcomes = told(play(scenario=scenario))
    assert (outcomes.arm[since(outcomes, "2d")] == FALLBACK).mean() > 0.8


class Shy(BaseEstimator):  # type: ignore[misc] # scikit-learn has no types
    """Answers nothing where x0 is large."""

    def fit(self, x: Floats, y: Floats) -> Shy:
        self.mean_ = float(y.mean()) + 0.0 * float(x[0, 0])
        return self

    def predict(self, x: Floats) -> Floats:
        return np.where(x[:, 0] > 1.0, np.nan, self.mean_)


def test_no_answer_is_an_error_and_costs_what_the_scenario_says() -> None:
    scenario = world(
        stream=Stream(concept=LinearRegression(columns=2), traffic=Traffic(rate="60/h")),
        artifact=Learned(estimator=Shy()),
        training=Training(holdout=0.0),
        service=Service(no_answer_loss=17.0),
    )
    feed = source_of(scenario, SEED)
    outcomes = told(play(scenario=scenario))
    pages = [feed.page(n, {}) for n in range(feed.grid.page_at(us("6d") - 1) + 1)]
    x = np.concatenate([p.truth.x[p.truth.times_us < us("6d"), 0] for p in pages])
    assert np.array_equal(outcomes.arm, np.where(x > 1, ERROR, CHAMPION))
    assert (outcomes.loss[x > 1] == 17.0).all()


# -- batches ---------------------------------------------------------------------------------


def test_a_batch_is_answered_at_its_instant_by_the_version_that_serves_then() -> None:
    scenario = world(service=batch(every="1d", deploy="2h"), labels=Labels(delay=LogNormal()))
    quiet, busy = (
        told(play(scenario=scenario)),
        play(V1B, ("2d 1h", Promote("v1")), scenario=scenario),
    )
    assert set((quiet.served_us % DAY_US).tolist()) == {0}
    assert set((quiet.served_us // DAY_US).tolist()) == {1, 2, 3, 4, 5}
    assert busy.of(Routed)[-1].at_us == us("2d 3h")
    outcomes = told(busy)
    early = outcomes.served_us < us("3d")
    assert np.array_equal(outcomes.loss[early], quiet.loss[early])

    feed = source_of(scenario, SEED)
    pages = [feed.page(n, {}) for n in range(-2, feed.grid.page_at(us("6d")) + 1)]
    times_us, due, x, label, y = (
        np.concatenate(part)
        for part in zip(
            *((p.truth.times_us, p.due, p.wire.x, p.label, p.truth.y) for p in pages), strict=True
        )
    )
    window = (times_us >= 0) & (times_us < us("2d")) & (due < moment(us("2d"), Phase.TICK))
    rows = np.flatnonzero(window)
    rows = rows[: len(rows) - int(0.2 * len(rows))]
    model = LogisticRegression().fit(x[rows], label[rows])
    served = (times_us >= us("2d")) & (times_us < us("5d"))
    expected = ZeroOne().of(model.predict(x[served]), y[served])
    assert np.array_equal(outcomes.loss[~early], expected)


def test_a_version_deployed_at_the_very_instant_of_a_batch_answers_it() -> None:
    """At one instant jobs and routing come before requests."""
    scenario = world(service=batch(every="1d", deploy="2h", flag="1h"))
    early = told(play(V1B, ("2d 1h", Promote("v1")), scenario=scenario))
    just, late = (
        told(play(V1B, (at, Promote("v1")), scenario=scenario)) for at in ("2d 22h", "2d 23h")
    )
    assert np.array_equal(just.loss, early.loss)
    day_3 = just.served_us == us("3d")
    assert not np.array_equal(late.loss[day_3], just.loss[day_3])
    assert np.array_equal(late.loss[~day_3], just.loss[~day_3])


# -- what is impossible ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Promote("v7"), "promote.version is 'v7': known are v0"),
        (Promote("v0"), "promote.version is 'v0': it is the champion already"),
        (Release("v0", 0.5), "release.version is 'v0'"),
        (Release("v9", 0.5), "release.version is 'v9'"),
        (Rollback(), "rollback: there is no challenger"),
        (Shadow("v0"), "shadow.version is 'v0'"),
        (Archive("v0"), "archive.version is 'v0'"),
        (Retrain("soon"), "window.span is 'soon'"),
        (Retrain(-5), "window.records is -5"),
    ],
)
def test_the_impossible_ends_the_run_with_a_verdict(action: Action, words: str) -> None:
    ledger = run(world(horizon="2d"), Script((("1d", action),)), seed=SEED)
    assert words in ledger.stopped
    assert "1d after the launch" in ledger.stopped
    assert ledger.requests["total"] == pytest.approx(24 * 60, abs=LIMIT * sqrt(24 * 60))


@pytest.mark.parametrize("share", [-0.1, 1.4, float("nan"), True, "half"])
def test_an_impossible_share_ends_the_run_with_a_verdict(share: Any) -> None:
    plan = (("1d", Retrain("1d")), ("1d 2h", released("v1", share)))
    ledger = run(world(horizon="2d"), Script(plan), seed=SEED)
    assert f"release.share is {share!r}: give a share from 0 (switched off) to 1" in ledger.stopped
