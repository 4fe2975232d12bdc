"""Maturity: policies that differ in how long it takes people to act, and what they rely on."""

from __future__ import annotations

from strategies.detectors import ADWIN
from strategies.gates import (
    BeatsChampion,
    BeatsNaive,
    KeepsContract,
    LineageComplete,
    ReleaseReady,
    SignOff,
)
from strategies.judges import Threshold
from strategies.monitors import Contract, OnErrors
from strategies.policy import Policy
from strategies.presets.cadences import LOSS
from strategies.responses import PageOwners
from strategies.rollouts import AfterMeeting, Beyond, Canary, Stage, Staged, Worse
from strategies.triggers import AnyOf, Cooldown, Emergency, OnDrift, OnSchedule, Performance
from strategies.windows import LastSpan


def when_needed(*, window: str = "30d") -> Policy:
    """Rebuild when we need to: that is, when somebody complains.

    No cadence, no threshold, nobody who looks: 'when we need to' is filled by a crisis. It acts
    when somebody raises the matter or a business monitor alarms, and a week late.
    """
    return Policy(
        name="when-needed",
        story="'When we need to' is not a cadence: it is filled by a crisis.",
        trigger=Cooldown(of=AnyOf(of=(Emergency(), OnDrift(layer="business"))), rest="30d"),
        window=LastSpan(span=window),
        gates=(SignOff(owner="product", takes="5d"),),
    )


def unwritten(*, worse_by: float = 0.03, meeting: str = "5d", window: str = "30d") -> Policy:
    """A canary whose stop rules everybody knows and nobody wrote down: a meeting comes first.

    The same numbers, agreed on afterwards, cost *meeting* each time, and the version serves
    meanwhile: `meeting="0s"` is what a rule written in advance is worth.
    """
    rules = (Worse(points=0.03, minimum=200, sure=0.95), Beyond())
    return Policy(
        name="unwritten",
        story="Everybody knows the rule, nobody wrote it down: a meeting comes first.",
        metric=LOSS,
        trigger=Cooldown(of=Performance(worse_by=worse_by), rest="7d"),
        window=LastSpan(span=window),
        rollout=Canary(
            hold="14d",
            stops=tuple(AfterMeeting(of=rule, takes=meeting) for rule in rules),
            owner="product",
        ),
        heartbeat="6h",
    )


def level_0(*, takes: str = "21d", window: str = "90d") -> Policy:
    """Maturity level 0: by hand, in weeks, when an engineer has time.

    Somebody asks for it, a notebook is run, and *takes* goes by until it is deployed. What is
    released has learned a world that is as old as the wait.
    """
    return Policy(
        name="level-0",
        story="By hand: it depends on who is available.",
        trigger=Cooldown(
            of=AnyOf(of=(Emergency(), Performance(worse_by=0.1, last="30d"))), rest="60d"
        ),
        window=LastSpan(span=window),
        gates=(SignOff(owner="model", takes=takes),),
    )


def level_1(*, every: str = "30d", takes: str = "3d", window: str = "60d") -> Policy:
    """Maturity level 1: a pipeline by the calendar, with sign-offs, in days.

    The training is automatic, the release is not: *takes* goes by for people to agree.
    """
    return Policy(
        name="level-1",
        story="A pipeline runs by the calendar; people sign what it brings.",
        metric=LOSS,
        monitors=(Contract(),),
        trigger=OnSchedule(every=every),
        window=LastSpan(span=window),
        gates=(BeatsNaive(), SignOff(owner="product", takes=takes)),
        responses=(PageOwners(),),
    )


def level_2(*, worse_by: float = 0.03, hold: str = "12h", window: str = "14d") -> Policy:
    """Maturity level 2: a drop triggers the training, gates compare, a shadow and a canary prove.

    People are called for exceptions only: a broken contract, a version that is refused.
    """
    return Policy(
        name="level-2",
        story="A drop rebuilds, gates compare, people look at exceptions.",
        metric=LOSS,
        monitors=(Contract(), OnErrors(detector=ADWIN())),
        trigger=Cooldown(
            of=AnyOf(
                of=(
                    OnDrift(monitors=("errors",)),
                    Performance(worse_by=worse_by, last="3d"),
                    OnSchedule(every="30d"),
                )
            ),
            rest="2d",
        ),
        window=LastSpan(span=window),
        gates=(KeepsContract(), LineageComplete(), ReleaseReady(), BeatsChampion(margin=-0.01)),
        rollout=Staged(
            stages=(
                Stage(
                    share=0.0,
                    unseen=True,
                    hold=hold,
                    minimum=200,
                    judge=Threshold(points=0.02),
                ),
                Stage(share=0.05, hold=hold),
            ),
            patience="7d",
            stops=(Worse(points=0.03, minimum=200, sure=0.95), Beyond()),
            owner="model",
        ),
        responses=(PageOwners(layer="input"),),
        heartbeat="6h",
    )
