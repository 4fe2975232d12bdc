"""When triggers fire, through runs of small worlds."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from sim.artifacts import Parametric
from sim.clock import DAY_US
from sim.concepts import Moving
from sim.errors import Mistake
from sim.facts import Alarm, Built
from sim.faults import Ban
from sim.labels import Constant, Labels
from sim.losses import Expected
from sim.people import SOMEBODY, People, Suspicion
from sim.run import run
from sim.scenario import Launch, Scenario, Service, Training
from sim.stream import Stream
from sim.traffic import Traffic
from sim.view import View
from strategies.check import check_strategy
from strategies.detectors import ADWIN
from strategies.monitors import OnErrors
from strategies.policy import Policy
from strategies.rollouts import Canary, Review
from strategies.triggers import (
    AllOf,
    AnyOf,
    AtLeast,
    Budget,
    ChangeLands,
    Cooldown,
    CumulativeLoss,
    DataVolume,
    Emergency,
    Hysteresis,
    OnDrift,
    OnSchedule,
    Performance,
    Quiet,
    WarmUp,
)
from strategies.verdict import NO, UNKNOWN, YES, Verdict
from tests.strategies.worlds import days, log, played

ERRORS = (OnErrors(detector=ADWIN()),)
CASES = json.loads((Path(__file__).parents[2] / "data" / "economics.json").read_text())
EVERY = (
    AllOf(of=(OnSchedule(), OnDrift())),
    AnyOf(of=(OnSchedule(), OnDrift())),
    AtLeast(count=2, of=(OnSchedule(), OnDrift(), Emergency())),
    Budget(of=OnSchedule(every="1d")),
    ChangeLands(),
    Cooldown(of=OnDrift()),
    CumulativeLoss(cost=100.0),
    DataVolume(records=1_000),
    Emergency(),
    Hysteresis(of=OnDrift()),
    OnDrift(layer="performance"),
    OnSchedule(),
    Performance(above=0.2),
    Quiet(),
    WarmUp(of=OnSchedule(every="1d"), labels=100),
)


@dataclass(frozen=True, kw_only=True)
class OnDays:
    """Says yes as some days begin, no else."""

    yes: tuple[int, ...]

    @property
    def words(self) -> str:
        """On which."""
        return f"on days {self.yes}"

    def fires(self, view: View) -> Verdict:
        """Yes on those."""
        answer = YES if view.now in self.yes else NO
        return Verdict(self.words, answer, "by the day")


def policy(trigger: Any, **more: Any) -> Policy:
    return Policy(trigger=trigger, **more)


@pytest.mark.parametrize("trigger", EVERY, ids=lambda trigger: type(trigger).__name__)
def test_every_trigger_is_sound_and_says_in_words_what_it_does(trigger: Any) -> None:
    assert check_strategy(policy(trigger, monitors=ERRORS)) == []
    assert trigger.words


def test_performance_fires_when_the_loss_is_above_the_claim_and_not_before_the_drift() -> None:
    ledger = played(policy(Performance(worse_by=0.1, last="2d")))
    assert 14.5 < days(ledger, "retrain")[0] < 17.5
    yes = next(f for f in log(ledger, "the champion's loss") if f.answer == YES)
    assert yes.value is not None
    assert yes.threshold is not None
    assert yes.value > yes.threshold
    assert yes.records >= 200


class _Asked:
    """Plays a policy, and asks a trigger every day what it holds the loss against."""

    heartbeat = "1d"

    def __init__(self, plays: Policy, trigger: Performance) -> None:
        self.policy, self.trigger = plays, trigger
        self.limits: dict[str, list[float | None]] = {}

    def decide(self, view: View) -> Any:
        """Ask, then do what the policy does."""
        limit = self.trigger.fires(view).threshold
        self.limits.setdefault(view.champion.name, []).append(limit)
        yield from self.policy.decide(view)


def test_performance_is_held_against_the_baseline_once_a_review_has_fixed_it() -> None:
    review = Review(after="4d", settled="2d", worse_by=0.05)
    rollout = Canary(share=0.2, hold="1d", stops=(), review=review)
    asked = _Asked(
        policy(OnSchedule(every="10d"), rollout=rollout),
        Performance(worse_by=0.1, usual="baseline"),
    )
    ledger = played(asked, drift="", horizon="20d")
    claims = {fact.version: fact.claim for fact in ledger.of(Built)}
    (fixed,) = [fact for fact in log(ledger, "baseline") if fact.about == "v1"]
    assert set(asked.limits["v0"]) == {claims["v0"] + 0.1}  # nobody has looked at it
    first, *_, last = asked.limits["v1"]
    assert fixed.value is not None
    assert (first, last) == (claims["v1"] + 0.1, fixed.value + 0.1)
    assert first != last
    assert "above its baseline" in asked.trigger.words
    with pytest.raises(Mistake, match=r"performance.usual is 'baseline': give worse_by"):
        Performance(above=0.2, usual="baseline")


def test_performance_says_nothing_on_fewer_labels_than_its_minimum() -> None:
    ledger = played(policy(Performance(above=0.0, last="1d", minimum=10**6)))
    assert {f.answer for f in log(ledger, "the champion's loss")} == {UNKNOWN}
    assert days(ledger, "retrain") == []


def test_data_volume_fires_at_every_so_many_labels() -> None:
    """100 an hour, half a day late: the first 10,000 are there after 4.67 days."""
    ledger = played(policy(DataVolume(), heartbeat="1h"), drift="")
    gaps = [b - a for a, b in pairwise([0.5, *days(ledger, "retrain")])]
    assert gaps == pytest.approx([10_000 / 2_400] * len(gaps), abs=0.2)
    assert all(fact.records >= 10_000 for fact in log(ledger, "every 10,000") if fact.answer == YES)


def test_drift_fires_on_open_alarms_of_those_that_it_names() -> None:
    named, other = OnDrift(monitors=("errors",)), OnDrift(layer="input")
    ledger = played(policy(named, monitors=ERRORS))
    assert days(ledger, "retrain")[0] == ledger.of(Alarm)[0].at_us / DAY_US
    assert days(played(policy(other, monitors=ERRORS)), "retrain") == []


def test_an_emergency_is_somebody_raising_the_matter_rightly_or_wrongly() -> None:
    calm = People(suspicion=Suspicion(false_per_year=100))
    ledger = played(policy(Emergency()), drift="", people=calm)
    raised = [alarm for alarm in ledger.of(Alarm) if alarm.monitor == SOMEBODY]
    assert raised
    assert days(ledger, "retrain")[0] == raised[0].at_us / DAY_US


def test_a_rule_that_is_announced_is_a_change_that_lands_once() -> None:
    ban = Ban(at="20d", notice="10d", columns=("x3",))
    ledger = played(policy(ChangeLands()), drift="", faults=(ban,))
    assert days(ledger, "retrain") == [10.0]


@pytest.mark.parametrize("case", CASES["linear_staleness"]["cases"], ids=lambda c: f"K={c['K']}")
def test_cumulative_loss_rebuilds_at_the_age_that_costs_least(case: dict[str, float]) -> None:
    """The closed form: (K + c·T·(T−1)/2) / T a day; its best T is where the sum comes to K."""
    best, horizon = int(case["best_T"]), 200
    ledger = run(
        Scenario(
            name="staleness",
            stream=Stream(
                concept=Moving(speed=1.0, step="1d"), traffic=Traffic(rate="1/d", arrivals="even")
            ),
            artifact=Parametric(slope=case["c"]),
            loss=Expected(),
            labels=Labels(delay=Constant(delay="0s")),
            training=Training(fixed="0s", cost=case["K"]),
            service=Service(deploy="0s", rollback="0s", flag="0s"),
            launch=Launch(window="5d"),
            horizon=f"{horizon}d",
            tick="1d",
        ),
        policy(CumulativeLoss(cost=case["K"], minimum=1)),
        seed=1,
    )
    built = [fact.at_us / DAY_US for fact in ledger.of(Built)]
    periods = {b - a for a, b in pairwise(built)}
    breaks_even = next(T for T in range(1, 99) if case["c"] * T * (T - 1) / 2 >= case["K"])
    assert periods == {breaks_even}
    assert breaks_even - best in (0, 1)
    assert breaks_even == pytest.approx(sqrt(2 * case["K"] / case["c"]), abs=1.5)
    cycles = horizon // breaks_even
    loss = float(ledger.timeline.loss[: cycles * breaks_even].sum()) / (cycles * breaks_even)
    assert loss + case["K"] / breaks_even == pytest.approx(case["rate"], rel=0.02)


def test_any_all_and_at_least_count_those_that_say_yes() -> None:
    """On day 3 one says yes, on day 5 two, on day 7 all three."""
    three = (OnDays(yes=(3, 5, 7)), OnDays(yes=(5, 7)), OnDays(yes=(7,)))
    triggers = AnyOf(of=three), AtLeast(count=2, of=three), AllOf(of=three)
    asked = [days(played(policy(trigger), drift=""), "retrain") for trigger in triggers]
    assert asked == [[3.0, 5.0, 7.0], [5.0, 7.0], [7.0]]


def test_what_a_combination_rests_on_is_written_down_too() -> None:
    ledger = played(policy(AllOf(of=(OnDays(yes=(3,)), OnDays(yes=(4,))))), drift="")
    assert [(f.at_us / DAY_US, f.answer) for f in log(ledger) if f.part == "on days (3,)"] == [
        (1.0, NO),
        (3.0, YES),
        (4.0, NO),
    ]
    assert days(ledger, "retrain") == []


def test_a_warm_up_keeps_quiet_in_the_beginning() -> None:
    daily = OnSchedule(every="1d")
    ledger = played(policy(WarmUp(of=daily, until="9d")), drift="")
    assert days(ledger, "retrain")[:2] == [9.0, 10.0]
    labels = played(policy(WarmUp(of=daily, until="0", labels=24_000)), drift="")
    assert days(labels, "retrain")[0] == pytest.approx(10.5, abs=0.6)


def test_a_cooldown_rests_after_each_build_and_not_before_the_first() -> None:
    always = OnDays(yes=tuple(range(100)))
    ledger = played(policy(Cooldown(of=always, rest="4d")), drift="")
    assert days(ledger, "retrain")[:3] == pytest.approx([1.0, 5.0, 9.0])


def test_a_budget_is_never_overdrawn() -> None:
    always = OnDays(yes=tuple(range(100)))
    asked = days(played(policy(Budget(of=always, most=3, per="10d")), drift=""), "retrain")
    assert asked == [1, 2, 3, 12, 13, 14, 23, 24, 25, 34]
    for at in asked:
        assert sum(at - 10 < other <= at for other in asked) <= 3


def test_hysteresis_fires_again_only_after_calm() -> None:
    """Yes on days 2–4 and 6–7 (two days of calm between), then on 12 (four days of calm)."""
    swinging = OnDays(yes=(2, 3, 4, 6, 7, 12))
    ledger = played(policy(Hysteresis(of=swinging, calm="3d")), drift="")
    assert days(ledger, "retrain") == [2.0, 12.0]


def test_hysteresis_that_has_fired_stays_so_until_something_is_built() -> None:
    """A training under way when it fires: the firing is not lost."""
    both = AllOf(of=(Hysteresis(of=OnDays(yes=(2, 3)), calm="3d"), OnDays(yes=(3,))))
    assert days(played(policy(both), drift=""), "retrain") == [3.0]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Performance(), "give either above or worse_by"),
        (lambda: Performance(above=0.1, worse_by=0.1), "give either above or worse_by"),
        (lambda: OnSchedule(every="0s"), r"on_schedule\.every is '0s'"),
        (lambda: DataVolume(records=0), r"data_volume\.records is 0"),
        (lambda: OnDrift(layer="inputs"), r"on_drift\.layer is 'inputs': did you mean 'input'"),
        (lambda: CumulativeLoss(cost=0.0), r"cumulative_loss\.cost is 0\.0"),
        (lambda: AnyOf(of=()), r"any_of\.of is \(\)"),
        (lambda: AtLeast(count=2, of=(Quiet(),)), r"at_least\.count is 2"),
        (lambda: Budget(of=Quiet(), most=0), r"budget\.most is 0"),
        (lambda: Cooldown(of=3, rest="1d"), r"cooldown\.of is 3"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused(make: Any, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        make()


def test_triggers_are_values_that_can_be_changed_by_replacing_a_part() -> None:
    trigger = Budget(of=OnSchedule(every="1d"), most=2)
    assert replace(trigger, most=4).words == "every 1d (at most 4 in 30d)"
