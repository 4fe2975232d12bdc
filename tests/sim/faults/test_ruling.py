"""New rules: columns that may no longer be used, sign-offs that are asked for; and quarantine."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from sim.actions import Action, Fallback, Promote, Quarantine, Retrain
from sim.artifacts import Online
from sim.clock import DAY_US, HOUR_US, us
from sim.concepts import Linear
from sim.errors import Mistake
from sim.facts import Acted, Announced, Built, Onset, Routed, TrainingBegun
from sim.faults import Ban, Drop, SignOffRule
from sim.labels import Constant, Labels
from sim.people import People
from sim.run import run
from sim.scenario import Scenario, Service, Training
from sim.stream import Stream
from sim.timeline import CHAMPION, FALLBACK
from sim.traffic import Traffic
from sim.view import View
from strategies import presets
from tests.sim.laws.operators import released
from tests.sim.laws.worlds import POISSON, pages_of, world


def year(*faults: Any, **rest: Any) -> Scenario:
    service = Service(deploy="1h", rollback="1m", flag="0", **rest)
    return Scenario(
        name="rules",
        stream=Stream(concept=Linear(columns=4, noise=0.05), traffic=Traffic(rate="30/h")),
        labels=Labels(delay=Constant(delay="6h")),
        training=Training(fixed="2h"),
        service=service,
        people=People(office=False),
        faults=faults,
        horizon="8w",
    )


BAN = Ban(at="4w", columns=("x1",), notice="10d")


@dataclass(frozen=True)
class Prepared:
    """Obeys an announced ban in time: quarantine, training, promotion."""

    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> Iterator[Action]:
        rules = [fact for fact in view.news if isinstance(fact, Announced)]
        if rules:
            yield Quarantine(rules[0].columns, why=rules[0].text)
            yield Retrain(window="14d", why=rules[0].text)
        elif view.candidate and not view.changing:
            yield Promote(view.candidate, why="it does without")


def test_a_ban_is_announced_and_then_nobody_answers_with_what_holds_the_column() -> None:
    ledger = run(year(BAN), presets.never(), seed=1)
    assert [fact.at_us for fact in ledger.of(Announced)] == [us("18d")]
    assert "x1" in ledger.of(Announced)[0].text
    last = ledger.of(Routed)[-1]
    assert (last.at_us, last.fallback, last.cause) == (us("4w"), True, "the ban")
    count = ledger.timeline.count
    assert count[: 28 * 24, FALLBACK].sum() == 0
    assert count[28 * 24 :, CHAMPION].sum() == 0
    assert ledger.of(Onset)[0].columns == ("x1",)


def test_whoever_is_prepared_loses_only_what_the_column_knew() -> None:
    ledger = run(year(BAN), Prepared(), seed=1)
    assert ledger.stopped == ""
    assert ledger.timeline.count[:, FALLBACK].sum() == 0
    never = run(year(BAN), presets.never(), seed=1)
    late = slice(29 * 24, None)
    assert ledger.timeline.loss[late].sum() < 0.8 * never.timeline.loss[late].sum()


def test_a_training_after_the_ban_is_lawful_and_ends_the_fallback() -> None:
    ledger = run(year(BAN), presets.scheduled(every="7d", window="28d"), seed=1)
    routes = [route for route in ledger.of(Routed) if route.at_us >= us("4w")]
    assert routes[0].fallback
    assert not routes[-1].fallback
    first = next(route for route in routes if not route.fallback)
    assert first.at_us < us("5w") + DAY_US


@dataclass(frozen=True)
class Plain:
    """Promotes whatever is ready, as the shortest strategies do, and builds a week before a ban."""

    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> Iterator[Action]:
        if view.candidate:
            yield Promote(view.candidate, why="ready")
        elif view.now in (27.875, 30.0):
            yield Retrain(window="14d", why="it is time")


def test_a_version_that_the_law_forbids_is_no_candidate() -> None:
    """Its training began before the ban and ended after it: who promotes it would be refused."""
    scenario = replace(year(BAN), training=Training(fixed="6h"))
    ledger = run(scenario, Plain(), seed=1)
    assert ledger.stopped == ""
    promoted = [fact.detail for fact in ledger.of(Acted) if fact.action == "promote"]
    assert [fact.version for fact in ledger.of(Built)] == ["v0", "v1", "v2"]
    assert promoted == ["version=v2"]


@dataclass(frozen=True)
class Stubborn:
    """Wants the old champion back after the ban."""

    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> Iterator[Action]:
        if view.now == 30.0:
            yield Fallback(False, why="we want it back")


def test_the_fallback_stays_on_as_long_as_nothing_lawful_answers() -> None:
    ledger = run(year(BAN), Stubborn(), seed=1)
    assert ledger.of(Routed)[-1].fallback
    assert ledger.timeline.count[30 * 24 :, CHAMPION].sum() == 0


@dataclass(frozen=True)
class Rebuilds:
    """Trains at the first heartbeat of a day and releases what comes of it."""

    on: float
    how: str = "promote"
    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> Iterator[Action]:
        if view.candidate and not view.changing:
            if self.how == "promote":
                yield Promote(view.candidate, why="ready")
            else:
                yield released(view.candidate, 0.1, why="ready")
        elif view.now == self.on and not view.jobs:
            yield Retrain(window="14d", why="the day has come")


@pytest.mark.parametrize("how", ["promote", "release"])
def test_a_sign_off_is_waited_for_from_the_next_office_hour_on(how: str) -> None:
    rule = SignOffRule(at="2w", takes="5d")
    before = run(year(rule), Rebuilds(8.0, how), seed=1).of(Routed)[1]
    after = run(year(rule), Rebuilds(22.0, how), seed=1).of(Routed)[1]
    assert before.at_us == 8 * DAY_US + 3 * HOUR_US
    # ready at two in the morning of a Tuesday; somebody comes at nine
    assert after.at_us == 22 * DAY_US + 9 * HOUR_US + 5 * DAY_US + HOUR_US
    assert run(year(rule), presets.never(), seed=1).of(Announced)[0].at_us == us("2w")


@dataclass(frozen=True)
class Isolates:
    """Puts a column into quarantine for a while."""

    column: str = "x1"
    start: float = 10.0
    stop: float = 20.0
    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> Iterator[Action]:
        if view.now == self.start:
            yield Quarantine((self.column,), why="it looks odd")
        elif view.now == self.stop:
            yield Quarantine((), why="it looks well")


def test_a_column_in_quarantine_is_as_good_as_dropped() -> None:
    quarantined = run(year(), Isolates(), seed=1)
    dropped = run(year(Drop(at="10d", until="20d", columns=("x1",))), presets.never(), seed=1)
    assert np.array_equal(quarantined.timeline.loss, dropped.timeline.loss)
    assert [r.quarantined for r in quarantined.of(Routed)] == [(), ("x1",), ()]


def test_a_strict_contract_does_not_mind_a_column_in_quarantine() -> None:
    drop = Drop(at="5d", columns=("x1",))
    left = run(year(drop, contract="strict"), presets.never(), seed=1).timeline
    isolated = run(year(drop, contract="strict"), Isolates(stop=-1.0), seed=1).timeline
    assert left.count[5 * 24 :, CHAMPION].sum() == 0
    assert isolated.count[10 * 24 :, FALLBACK].sum() == 0


def test_what_is_built_in_quarantine_does_without_the_column() -> None:
    @dataclass(frozen=True)
    class Both:
        monitors: tuple[Any, ...] = ()

        def decide(self, view: View) -> Iterator[Action]:
            if view.now == 9.0:
                yield Quarantine(("x1",), why="it looks odd")
            elif view.now == 10.0:
                yield Retrain(window="14d", why="without it")

    ledger = run(year(), Both(), seed=1)
    plain = run(year(), Rebuilds(10.0), seed=1)
    assert ledger.of(TrainingBegun)[0].rows == plain.of(TrainingBegun)[0].rows
    assert ledger.of(TrainingBegun)[0].snapshot != plain.of(TrainingBegun)[0].snapshot


@pytest.mark.parametrize("online", [False, True])
@pytest.mark.parametrize("block", [1, 9])
def test_blocks_are_invisible_in_quarantine_and_under_a_ban(block: int, online: bool) -> None:
    from river.linear_model import LogisticRegression

    ban = Ban(at="5h", columns=("x3",), notice="2h")
    scenario = world(POISSON, faults=(ban, Drop(at="1h", columns=("x0",), share=0.5)))
    scenario = replace(scenario, service=Service(deploy="0", flag="7m", contract="strict"))
    if online:
        scenario = replace(scenario, artifact=Online(model=LogisticRegression()))
    strategy = Isolates(column="x0", start=2 / 24, stop=4 / 24)
    with pages_of(150):
        whole = run(scenario, strategy, seed=3)
        assert whole.stopped == ""
        assert run(scenario, strategy, seed=3, block=block).digest() == whole.digest()


def test_what_cannot_be_is_said_in_one_line() -> None:
    with pytest.raises(Mistake, match="a rule holds for everybody"):
        Ban(at="4w", columns=("x1",), share=0.5)

    @dataclass(frozen=True)
    class Wrong:
        columns: Any
        monitors: tuple[Any, ...] = ()

        def decide(self, view: View) -> Iterator[Action]:
            yield Quarantine(self.columns)

    assert "did you mean" in run(year(), Wrong(("x11",)), seed=0).stopped
    assert "give names" in run(year(), Wrong("x1"), seed=0).stopped
