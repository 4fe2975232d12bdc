"""Strategies that misbehave: the run ends with a verdict, the ledger is kept, accounts close."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from sim.actions import (
    Action,
    Fallback,
    Last,
    PageOwner,
    Promote,
    Release,
    Retrain,
    Rollback,
    Shadow,
)
from sim.clock import us
from sim.facts import Stopped
from sim.run import run
from strategies.detectors.above import Above
from tests.sim.laws.operators import OnLosses
from tests.sim.laws.worlds import EVEN, pages_of, world

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.ledger import Ledger
    from sim.view import View


@dataclass(frozen=True, kw_only=True)
class Misbehaving:
    """Is good for seven hours, then is not."""

    how: Callable[[View], Any] = field(repr=False)
    monitors: tuple[Any, ...] = ()

    def decide(self, view: View) -> Any:
        """Misbehave in time."""
        return [] if view.now_us < us("7h") else self.how(view)


def ended(strategy: Any, **rest: Any) -> Ledger:
    """Run it, and check all that holds however a run ends early."""
    with pages_of(300):
        ledger = run(world(EVEN), strategy, seed=1, outcomes=True, **rest)
    stop = ledger.of(Stopped)
    assert len(stop) == 1
    assert ledger.facts[-1] is stop[0]
    assert stop[0].at_us == us("7h")
    assert "Misbehaving" in ledger.stopped
    assert "7h" in ledger.stopped
    assert "\n" not in ledger.stopped
    assert ledger.requests["total"] == 7 * 60 == sum(ledger.labels.values())
    assert ledger.labels["arrived"] == ledger.timeline.labels.sum() > 0
    assert ledger.outcomes is not None
    assert len(ledger.outcomes.loss) == 7 * 60
    return ledger


def _raises(_: View) -> Any:
    raise KeyError("a thing that is not there")


def _raises_midway(_: View) -> Any:
    yield Fallback(True, why="first this")
    raise ZeroDivisionError


def _yields_a_word(_: View) -> Any:
    yield "retrain"


def _without_end(_: View) -> Any:
    return (Fallback(bool(i % 2)) for i in itertools.count())


def _leaves(_: View) -> Any:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (_raises, "KeyError"),
        (_raises_midway, "ZeroDivisionError"),
        (_yields_a_word, "retrain"),
        (lambda _: 42, "int"),
        (lambda _: [None], "None"),
        (lambda _: [Promote], "Promote"),
        (lambda _: [Action()], "Action"),
        (lambda _: [Fallback(True)] * 1_001, "1,000"),
        (_without_end, "1,000"),
        (lambda _: [Promote("v99")], "v99"),
        (lambda _: [Promote("")], "''"),
        (lambda _: [Promote(["v0"])], "TypeError"),  # type: ignore[arg-type]
        (lambda _: [Promote("v0")], "champion already"),
        (lambda _: [Release("v0", 0.5)], "champion already"),
        (lambda _: [Release("v7", 0.5)], "v7"),
        (lambda _: [Release("v0", 1.4)], "1.4"),
        (lambda _: [Release("v0", float("nan"))], "nan"),
        (lambda _: [Release("v0", "half")], "half"),  # type: ignore[arg-type]
        (lambda _: [Rollback()], "rollback"),
        (lambda _: [Shadow("v3")], "v3"),
        (lambda _: [Retrain(window="soon")], "soon"),
        (lambda _: [Retrain(window=-3)], "-3"),
        (lambda _: [Retrain(window=None)], "None"),  # type: ignore[arg-type]
        (lambda _: [Retrain(window=Last(records=0))], "window"),
        (lambda _: [Retrain(why=object())], "TypeError"),  # type: ignore[arg-type]
        (lambda _: [PageOwner("nobody")], "nobody"),
        (_leaves, "SystemExit"),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)).strip("<>"),
)
def test_a_strategy_that_misbehaves_ends_its_run_with_a_verdict(
    how: Callable[[View], Any], says: str
) -> None:
    assert says in ended(Misbehaving(how=how)).stopped


def test_it_ends_the_same_way_every_time() -> None:
    ledgers = [ended(Misbehaving(how=how)) for how in (_without_end, _without_end)]
    assert ledgers[0].digest() == ledgers[1].digest()


def _forever(_: View) -> Any:
    while True:
        pass


def _forever_between(_: View) -> Any:
    while True:
        yield from ()


@pytest.mark.parametrize("how", [_forever, _forever_between], ids=["loop", "generator"])
def test_a_decision_without_end_is_stopped_by_the_clock(how: Callable[[View], Any]) -> None:
    assert "stopped by the clock" in ended(Misbehaving(how=how), patience=0.3).stopped


def test_a_strategy_that_asks_again_for_ever_at_one_moment_is_stopped() -> None:
    """With trainings that take no time, time can stand still."""
    asked: list[int] = []

    def again(view: View) -> Any:
        asked.append(view.now_us)
        if len(asked) > 3_000:
            raise RuntimeError("nobody stopped me")
        yield Fallback(not view.route.fallback, why="again")

    assert "nobody stopped me" not in ended(Misbehaving(how=again)).stopped


@pytest.mark.parametrize("kind", ["raises", "short", "text", "detector"])
def test_a_monitor_that_misbehaves_ends_the_run_with_a_verdict_that_names_it(kind: str) -> None:
    class Moody:
        drift_detected = False

        def __init__(self) -> None:
            self.count = 0

        def update(self, x: float) -> None:
            self.count += 1
            if self.count > 300:
                raise OverflowError("too much")

    @dataclass(frozen=True, kw_only=True)
    class Reading(OnLosses):
        def read(self, seen: Any) -> Any:
            if kind == "raises":
                raise LookupError("no such thing")
            if kind == "short":
                return seen.loss[:-1]
            if kind == "text":
                return ["a"] * len(seen.loss)
            return seen.loss

    detector = Moody() if kind == "detector" else Above(limit=2.0)
    strategy = Misbehaving(how=lambda _: [], monitors=(Reading(name="moody", detector=detector),))
    with pages_of(300):
        ledger = run(world(EVEN), strategy, seed=1)
    assert "moody" in ledger.stopped
    assert sum(ledger.labels.values()) == ledger.requests["total"]


def test_a_seed_or_a_block_that_makes_no_sense_is_refused() -> None:
    for seed in (-1, 1.5, "7", None, True):
        with pytest.raises(ValueError, match="seed"):
            run(world(EVEN), Misbehaving(how=_raises), seed=seed)  # type: ignore[arg-type]
    for block in (0, -1, 2.5):
        with pytest.raises(ValueError, match="block"):
            run(world(EVEN), Misbehaving(how=_raises), seed=1, block=block)  # type: ignore[arg-type]
