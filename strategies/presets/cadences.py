"""Cadences: policies that differ in when they rebuild."""

from __future__ import annotations

from strategies.detectors import ADWIN
from strategies.gates import BeatsChampion, KeepsContract, ReleaseReady
from strategies.monitors import Contract, OnErrors
from strategies.policy import Policy
from strategies.responses import PageOwners
from strategies.triggers import (
    AnyOf,
    Cooldown,
    CumulativeLoss,
    DataVolume,
    Emergency,
    OnDrift,
    OnSchedule,
    Performance,
)
from strategies.windows import LastSpan, SinceTheAlarm, TrainingWindow, read

LOSS = "the loss that labels show"


def never() -> Policy:
    """Launch and leave: nothing is watched, nothing is ever rebuilt.

    All others are compared with it.
    """
    return Policy(name="never", story="It was good on the day of the launch.", heartbeat="0")


def scheduled(*, every: str = "7d", window: TrainingWindow | str | int = "30d") -> Policy:
    """Rebuild by the calendar and serve what is ready, drift or no drift.

    Every *every* it trains on *window*: a span such as '30d', or a number of labels. A training
    that fails waits for the next turn; a turn that meets a training under way waits for its end.
    """
    return Policy(
        name="scheduled",
        story="The calendar decides.",
        trigger=OnSchedule(every=every),
        window=read(window),
        heartbeat=every,
    )


def always(*, window: str = "30d") -> Policy:
    """Rebuild every day and serve whatever comes out.

    Nothing is ever stale for longer than a day and a training. It pays for a training a day,
    needed or not, asks no version whether it is any good, and learns a broken feed by the next
    morning.
    """
    return Policy(
        name="always",
        story="Fresh every day, needed or not.",
        trigger=OnSchedule(every="1d"),
        window=LastSpan(span=window),
    )


def weekly(*, window: str = "30d") -> Policy:
    """Rebuild every seven days, as fast domains do.

    A change costs half a week of waiting on average, and then stays in the window for as long as
    the window is.
    """
    return Policy(
        name="weekly",
        story="The calendar decides. Fast domains do it weekly.",
        trigger=OnSchedule(every="7d"),
        window=LastSpan(span=window),
    )


def monthly(*, window: str = "90d") -> Policy:
    """Rebuild every thirty days, as slow domains do.

    Cheap where little moves. An abrupt change waits two weeks on average for its turn.
    """
    return Policy(
        name="monthly",
        story="The calendar decides. Slow domains do it monthly.",
        trigger=OnSchedule(every="30d"),
        window=LastSpan(span=window),
    )


def performance(
    *, worse_by: float = 0.03, last: str = "7d", rest: str = "7d", window: str = "30d"
) -> Policy:
    """Rebuild when the loss over *last* is above the champion's claim by more than *worse_by*.

    Nothing is trained while answers are as good as promised. It is blind until labels come, and
    it cannot tell a broken feed from a changed world.
    """
    return Policy(
        name="performance",
        story="Nobody rebuilds what works: labels say when it does not.",
        metric=LOSS,
        trigger=Cooldown(of=Performance(worse_by=worse_by, last=last), rest=rest),
        window=LastSpan(span=window),
    )


def data(*, records: int = 10_000, window: str = "30d") -> Policy:
    """Rebuild whenever *records* new labels are there.

    It rebuilds often where there is much traffic, whether anything changed or not, and slows down
    with the labels: when they stop coming, so does it.
    """
    return Policy(
        name="data",
        story="Enough new labels are a reason to learn.",
        trigger=DataVolume(records=records),
        window=LastSpan(span=window),
    )


def drift(*, wait_for: int = 500, rest: str = "3d") -> Policy:
    """Rebuild when a detector on the champion's errors alarms, on what came since.

    Quick after abrupt changes and idle otherwise. It waits for *wait_for* labels of the new world,
    for right after the alarm nearly all labels still show the old one.
    """
    return Policy(
        name="drift",
        story="A detector on the errors says when the world has changed.",
        metric=LOSS,
        monitors=(OnErrors(detector=ADWIN()),),
        trigger=Cooldown(of=OnDrift(monitors=("errors",)), rest=rest),
        window=SinceTheAlarm(wait_for=wait_for, monitors=("errors",)),
    )


def hybrid(*, every: str = "30d", worse_by: float = 0.03, window: str = "30d") -> Policy:
    """Rebuild by the calendar, when performance falls, or when somebody says so.

    The three cover each other: slow drift, a sudden drop, and what no number shows. Somebody may
    be wrong, so a version has to hold its own against the champion.
    """
    return Policy(
        name="hybrid",
        story="A schedule, a performance trigger and a button that any engineer may press.",
        metric=LOSS,
        monitors=(Contract(),),
        trigger=Cooldown(
            of=AnyOf(of=(OnSchedule(every=every), Performance(worse_by=worse_by), Emergency())),
            rest="3d",
        ),
        window=LastSpan(span=window),
        gates=(KeepsContract(), BeatsChampion(margin=-0.02), ReleaseReady()),
        responses=(PageOwners(layer="input"),),
    )


def cost_aware(*, cost: float = 50.0, price: float = 1.0, window: str = "30d") -> Policy:
    """Rebuild when the loss since the champion serves has cost as much as a training does.

    The break-even: rebuilding sooner pays for trainings, later for errors. *cost* is a training
    with all that hangs on it, *price* one unit of loss.
    """
    return Policy(
        name="cost-aware",
        story="Staying is paid for in errors, rebuilding in money: whichever is cheaper.",
        metric=LOSS,
        trigger=CumulativeLoss(cost=cost, price=price),
        window=LastSpan(span=window),
    )
